// SPDX-License-Identifier: Apache-2.0
/* TRUNCATE, OPTIMIZE and the partition commands of ALTER. */
#include <stdio.h>
#include <stdlib.h>
#include "engine/mergetree_impl.h"

enum status mergetree_truncate(struct table *t, struct txn *txn, struct error *err)
{
	struct part_change *c;
	if (mergetree_parts(t, txn) == NULL)
		return OK;
	TRY(mergetree_change(t, txn, &c, err));
	part_change_remove_all(c);
	return txn_add_change(txn, part_change_base(c), err);
}

enum status mergetree_partition(struct table *t, struct txn *txn, const struct partition_command *c, struct error *err)
{
	(void)t, (void)txn, (void)c;
	return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: partition commands");
}

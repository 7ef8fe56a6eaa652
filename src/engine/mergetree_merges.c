// SPDX-License-Identifier: Apache-2.0
/* Background merges. */
#include "engine/mergetree_impl.h"

void mergetree_wake_merges(void)
{
}

enum status mergetree_merges_start(struct instance *i, struct error *err)
{
	(void)i, (void)err;
	return OK;
}

void mergetree_merges_stop(void)
{
}

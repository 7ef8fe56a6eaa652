// SPDX-License-Identifier: Apache-2.0
/* Rows by their number: locking and deleting them. */
#include "engine/mergetree_impl.h"
#include "storage/marks.h"

enum status mergetree_lock_rows(struct table *t, struct txn *txn, struct row_set *ids, int mode,
                                const struct lock_terms *w, bool *changed, struct error *err)
{
	struct mark_list list;
	*changed = false;
	TRY(mark_list_new(mergetree_parts(t, txn), ids, &list, err));
	enum status st = marks_lock(txn, t->def->slot, &list, (enum lock_mode)mode, w, changed, err);
	mark_list_fini(&list);
	return st;
}

enum status mergetree_lock_free_row(struct table *t, struct txn *txn, struct row_set *id, int mode, bool *taken,
                                    struct error *err)
{
	struct mark_list list;
	TRY(mark_list_new(mergetree_parts(t, txn), id, &list, err));
	enum status st = marks_lock_free(txn, t->def->slot, &list, (enum lock_mode)mode, err);
	*taken = st == OK && list.items[0].rows->count == 1;
	mark_list_fini(&list);
	return st;
}

enum status mergetree_delete_rows(struct table *t, struct txn *txn, const struct row_set *ids, struct error *err)
{
	struct mark_list list;
	struct table_place *place;
	TRY(mergetree_place(t, txn, &place, err));
	enum status st = mark_list_new(mergetree_parts(t, txn), ids, &list, err);
	if (st == OK)
		st = marks_add(txn, t->def->slot, place, &list, err);
	table_place_unref(place);
	return st;
}

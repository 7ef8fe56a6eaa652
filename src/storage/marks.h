// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_MARKS_H
#define STORAGE_MARKS_H
/*
 * Delete marks: rows of parts that are deleted, as row sets beside the parts in the part set. A change that adds marks
 * is one record of the commit log, with the rows in it, so a small DELETE costs one sync; the MANIFEST has them all.
 * Files of parts are not touched: a merge leaves marked rows out.
 *
 * A row is known by a number that holds for one part set: its part's index, and its row there. Scans give it as the
 * virtual column __row_id.
 *
 *     row id = part index << 40 | row
 */
#include "storage/part_set.h"
#include "txn/locks.h"

enum { ROW_ID_PART_SHIFT = 40, ROW_ID_CHUNK_SHIFT = ROW_ID_PART_SHIFT - 16 };

/* Rows of one part. */
struct marked_rows {
	struct part *part;
	struct row_set *rows;
};

struct mark_list {
	struct marked_rows *items;
	uint32_t count;
};

/* Splits row ids by part; the parts are those of the set. */
enum status mark_list_new(const struct part_set *set, const struct row_set *ids, struct mark_list *out,
                          struct error *err) MUST_CHECK;
void mark_list_fini(struct mark_list *l);
/*
 * Locks rows that a statement has found in `set`, its transaction's view. *changed: some of them are not what they were
 * in the newest root (deleted or updated by another transaction since).
 */
enum status marks_lock(struct txn *t, uint32_t slot, struct mark_list *l, enum lock_mode mode,
                       const struct lock_terms *w, bool *changed, struct error *err) MUST_CHECK;
/* SKIP LOCKED: leaves only rows in the list that could be locked and are still there. */
enum status marks_lock_free(struct txn *t, uint32_t slot, struct mark_list *l, enum lock_mode mode,
                            struct error *err) MUST_CHECK;
/* Deletes them in this transaction. Takes the list over. */
enum status marks_add(struct txn *t, uint32_t slot, struct table_place *place, struct mark_list *l,
                      struct error *err) MUST_CHECK;

/* For part_set.c: redo of a record that encode() wrote, behind its first byte. */
enum status marks_redo(struct str bytes, const struct part_set *base, struct version **out,
                       struct error *err) MUST_CHECK;

#endif

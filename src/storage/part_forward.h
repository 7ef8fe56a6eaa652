// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_PART_FORWARD_H
#define STORAGE_PART_FORWARD_H
/*
 * Part forward: where a merge has brought the rows of its sources. It is the merge's sequence of rows (merge_rows.h),
 * kept as long as somebody still holds a source: a transaction that marks or locks a row of a part that was merged
 * meanwhile finds it in the new part.
 *
 *     source part -> forward -> new part -> forward of the next merge -> ...
 */
#include "storage/merge_rows.h"
#include "storage/part_set.h"

struct forward_source {
	struct part_identity *identity; /* not referenced: it holds this */
	struct row_set *consumed;   /* marks that the merge has seen; NULL: none */
	struct buffer *order;       /* uint32_t per row: of a delta, which row the merge read there; NULL: as they are */
};

struct part_forward {
	_Atomic uint32_t references;
	struct merge_rows rows;     /* owned */
	bool folds;                 /* rows were folded or chosen among: marks that came later need the merge anew */
	struct part *target;        /* NULL: no row is left */
	uint32_t count;
	struct forward_source sources[];
};

/* Takes rows over. NULL: no memory. */
struct part_forward *part_forward_new(struct merge_rows *rows, bool folds, uint32_t sources);
void part_forward_unref(struct part_forward *f); /* NULL is allowed */
/* The forward of a part, a reference; NULL: it was not merged. Any thread. */
struct part_forward *part_forward_of(struct part *p);
/* From now on the sources lead to the target; row locks of theirs are taken along. */
enum status part_forward_publish(struct part_forward *f, struct error *err) MUST_CHECK;
/* The merge was not committed after all. */
void part_forward_withdraw(struct part_forward *f);
/* Rows of source number i as rows of the target; those that the merge dropped are left out. *folded: some have become
 * part of another row. */
enum status part_forward_rows(const struct part_forward *f, uint32_t source, const struct row_set *rows,
                              struct row_set **out, bool *folded, struct error *err) MUST_CHECK;
/* One merge further. *part, which the forward is of, becomes its target, or NULL; references in and out. */
enum status part_forward_step(const struct part_forward *f, struct part **part, struct row_set **rows,
                              struct error *err) MUST_CHECK;
/*
 * Rows of a part where they are in the set `upto`, or (NULL) where no merge has taken them yet. *part becomes NULL
 * where nothing is left of them; a part that was dropped stays what it is.
 */
enum status part_forward_follow(struct part **part, struct row_set **rows, const struct part_set *upto,
                                struct error *err) MUST_CHECK;

#endif

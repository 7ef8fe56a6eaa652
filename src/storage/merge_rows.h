// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_MERGE_ROWS_H
#define STORAGE_MERGE_ROWS_H
/*
 * Merge rows: in which order the rows of several sorted inputs go, and what becomes of each. The first half of every
 * merge, and of reading with FINAL; the columns follow (merge_column.h).
 *
 * The result has an entry per input row in merged order: the input it comes from, and whether it begins an output row,
 * is folded into the one before it (Summing, Aggregating), or is dropped (replaced, collapsed, expired).
 */
#include "storage/merge_source.h"

enum merge_op { MERGE_START, MERGE_FOLD, MERGE_DROP };
enum { MERGE_INPUTS_MAX = 1 << 14 };

struct merge_rows {
	struct buffer *ops;     /* uint16_t per input row: input << 2 | enum merge_op */
	uint64_t count, output; /* input rows; those that begin an output row */
};

struct merge_options {
	bool fold;              /* false: keep all rows, in order only */
	bool drop_deleted;      /* Replacing with is_deleted: FINAL, CLEANUP */
	bool positive_only;     /* Collapsing: rows that only cancel are left out: FINAL */
	bool ttl;               /* drop rows that expired */
	bool distinct;          /* drop rows that equal an earlier one … */
	const uint32_t *by;     /* … in these stored columns; by_count 0: in all */
	uint32_t by_count;
	int64_t now;            /* seconds, for TTL */
};

enum status merge_rows_make(const struct merge_env *env, const struct merge_input *inputs, uint32_t input_count,
                            const struct merge_options *o, struct merge_rows *out, struct error *err) MUST_CHECK;
void merge_rows_fini(struct merge_rows *m);

static inline uint32_t merge_op_input(uint16_t op)
{
	return op >> 2;
}

static inline enum merge_op merge_op_kind(uint16_t op)
{
	return (enum merge_op)(op & 3);
}

/* Stored positions of the columns that `exprs` need, appended to `columns` (room for all) where they are missing. */
void needed_columns(const struct table_keys *k, struct expr *const *exprs, uint32_t count, uint32_t *columns,
                    uint32_t *column_count);

#endif

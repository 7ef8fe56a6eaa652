// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_MERGE_SOURCE_H
#define STORAGE_MERGE_SOURCE_H
/*
 * Merge source: some columns of some granules of a part, batch by batch, from the first to the last. Merging reads the
 * same rows several times, once for the keys and once per column, so all sources over one input give the same rows in
 * the same order. The rows of a delta come in sort order: their numbers are those in delta_order().
 */
#include "storage/part_source.h"
#include "storage/scan_ranges.h"

/* What is merged: part i of n; its granules, ascending. */
struct merge_input {
	struct part *part;
	const struct granule_range *ranges;
	uint32_t range_count;
	const struct row_set *marks;   /* deleted rows; NULL: none */
};

/* What all sources of a merge share. */
struct merge_env {
	const struct table_keys *keys;
	const struct part_set *set;
	struct cache *cache;
	const struct eval_session *session;
	struct memtrack *track;
	const _Atomic bool *cancelled;
};

struct merge_source {
	const struct merge_input *input;
	struct part_source *source;
	struct eval eval;
	struct arena scratch;
	uint32_t column_count, range;
	uint64_t row, end;         /* of the range */
	struct part_meta *meta;
	uint32_t count, at;        /* rows of the batch; the next one */
	struct vector **columns;   /* of the batch; NULL before the first */
	struct vector **sorted;    /* of a delta: all of its rows in sort order; NULL: as they are */
};

enum status merge_source_open(struct merge_source *s, const struct merge_env *env, const struct merge_input *input,
                              const uint32_t *columns, uint32_t column_count, struct error *err) MUST_CHECK;
void merge_source_close(struct merge_source *s);
/* The next batch of up to BATCH_ROWS_MAX rows to s->columns; s->count 0 at the end. */
enum status merge_source_next(struct merge_source *s, struct error *err) MUST_CHECK;
/* All granules of a part as one range, in an arena; without marks. */
enum status merge_input_whole(struct part *p, uint32_t number, struct arena *a, struct merge_input *out,
                              struct error *err) MUST_CHECK;
uint64_t merge_input_rows(const struct merge_input *i);

#endif

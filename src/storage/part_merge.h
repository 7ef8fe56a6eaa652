// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_PART_MERGE_H
#define STORAGE_PART_MERGE_H
/*
 * Part merge: several parts of one partition become one, vertically: first the order of rows by the keys, then column
 * by column, so that memory does not grow with the number of columns. A small result is written compact, granule by
 * granule.
 */
#include "storage/merge_column.h"
#include "storage/part_writer.h"

struct merge_target {
	struct table_place *place;
	struct part_name name;       /* of the result */
	_Atomic uint64_t *rows_done; /* progress; may be NULL */
	struct merge_rows *rows;     /* receives the order of rows, the caller's to free; may be NULL */
};

/*
 * *out: the new part under a temporary name, or NULL where no row is left. env->set has all inputs.
 */
enum status part_merge(const struct merge_env *env, const struct merge_input *inputs, uint32_t input_count,
                       const struct merge_options *o, const struct merge_target *target, struct part **out,
                       struct error *err) MUST_CHECK;

/* Summing: groups whose sums are all zero are dropped. */
enum status merge_drop_zero_sums(const struct merge_env *env, const struct merge_input *inputs, uint32_t input_count,
                                 struct merge_rows *rows, struct error *err) MUST_CHECK;

/* OPTIMIZE … DEDUPLICATE: rows of the output that equal an earlier one are dropped. */
enum status merge_drop_duplicates(const struct merge_env *env, const struct merge_input *inputs, uint32_t input_count,
                                  const struct merge_options *o, struct merge_rows *rows, struct error *err) MUST_CHECK;
/* Drops the output rows whose bit in `keep` is clear. */
void merge_keep_rows(struct merge_rows *rows, const uint64_t *keep);

/* What a new part keeps beside its columns, gathered granule by granule: keys, minmax, skip indexes, TTL. */
struct part_extras;
enum status part_extras_new(const struct table_keys *k, const struct eval_session *session, struct memtrack *track,
                            struct part_extras **out, struct error *err) MUST_CHECK;
void part_extras_free(struct part_extras *x);
/* Stored positions that it looks at. */
const uint32_t *part_extras_columns(const struct part_extras *x, uint32_t *count);
enum status part_extras_granule(struct part_extras *x, struct part_writer *w, struct vector *const *stored,
                                uint32_t rows, bool last, struct error *err) MUST_CHECK;
enum status part_extras_finish(struct part_extras *x, struct part_writer *w, struct error *err) MUST_CHECK;

#endif

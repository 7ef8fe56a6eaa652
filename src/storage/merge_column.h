// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_MERGE_COLUMN_H
#define STORAGE_MERGE_COLUMN_H
/*
 * Merge column: one column of a merge's output, in pieces, put together from its inputs as merge_rows says. A column
 * that is summed or merged (Summing, Aggregating) folds rows into the output row before them; any other takes the row
 * that begins it.
 */
#include "storage/merge_rows.h"

struct merge_column;

enum status merge_column_new(const struct merge_env *env, const struct merge_input *inputs, uint32_t input_count,
                             const struct merge_rows *rows, uint32_t stored, const struct merge_options *o,
                             struct merge_column **out, struct error *err) MUST_CHECK;
void merge_column_free(struct merge_column *c); /* NULL is allowed */
/* The next `count` output rows, which there are. */
enum status merge_column_read(struct merge_column *c, uint32_t count, struct vector **out,
                              struct error *err) MUST_CHECK;

/* Adds a number of a physical type to another, without a look at its size. */
void merge_add_number(enum physical p, void *to, const void *from);

#endif

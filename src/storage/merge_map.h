// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_MERGE_MAP_H
#define STORAGE_MERGE_MAP_H
/*
 * Nested columns that SummingMergeTree adds up as a map (their name ends in Map): values of equal keys are summed, keys
 * whose sums are all zero go, the rest stands in the order of the keys. One column of the map at a time.
 */
#include "storage/table_keys.h"

struct map_fold;

/* For the map's column `stored`; NULL is what free takes besides. */
enum status map_fold_new(const struct table_keys *k, const struct summed_map *map, uint32_t stored,
                         struct memtrack *track, struct map_fold **out, struct error *err) MUST_CHECK;
void map_fold_free(struct map_fold *f);
/* One more row of the group; columns[i] is the map's column i. */
enum status map_fold_add(struct map_fold *f, struct vector *const *columns, uint32_t row, struct error *err) MUST_CHECK;
/* Appends the group's row, where there is a group, and begins the next. */
enum status map_fold_finish(struct map_fold *f, struct builder *to, struct error *err) MUST_CHECK;

#endif

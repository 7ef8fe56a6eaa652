// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_MERGE_CHOICE_H
#define STORAGE_MERGE_CHOICE_H
/*
 * Merge choice: which adjacent parts of a partition to merge next. As MergeTree's simple selector does it: many parts
 * of similar size, small ones first; the older they are, the less similar they need to be.
 */
#include "storage/part_set.h"
#include "storage/table_keys.h"

/* Parts [from, from + count) of the set; count 0: nothing is worth it. */
struct merge_choice {
	uint32_t from, count;
};

struct merge_choice merge_choose(const struct part_set *set, const struct merge_settings *s, uint64_t bytes_max,
                                 int64_t now_us);
/* The end of the partition that begins at part `from`. */
uint32_t part_set_partition_end(const struct part_set *set, uint32_t from);

#endif

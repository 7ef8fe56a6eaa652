// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_COLUMN_RANGE_H
#define STORAGE_COLUMN_RANGE_H
/*
 * The least and the greatest value of a column, without reading it where that is known: parts never change, so each
 * keeps what was once found. For integers and what is kept as such, without NULLs.
 */
#include "storage/part_set.h"
#include "storage/table_keys.h"

struct column_range;

bool column_range_fits(const struct type *t);
/*
 * Of the column at `position` in the definition, as the set has it. *known false: it has no rows, or rows that are
 * deleted or in memory or written with another definition, or more than a scan's worker should read first.
 */
enum status column_range_of(const struct part_set *set, const struct table_keys *keys, struct cache *cache,
                            struct eval *e, uint32_t position, uint64_t range[2], bool *known,
                            struct error *err) MUST_CHECK;
void column_ranges_free(struct column_range *r); /* a part's; NULL is allowed */

#endif

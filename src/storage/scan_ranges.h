// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_SCAN_RANGES_H
#define STORAGE_SCAN_RANGES_H
/*
 * Scan ranges: which granules of which parts a scan has to read; and their cut into morsels.
 */
#include "storage/part_set.h"
#include "storage/table_keys.h"

/* Granules [from, to) of part number `part` of the set. */
struct granule_range {
	uint32_t part, from, to;
};

struct scan_ranges {
	struct granule_range *ranges;
	size_t count, capacity;
	const struct part_set *set;
	uint64_t parts, granules, granules_total, rows;
};

struct morsel {
	uint32_t part, from, to;
	uint64_t first_row, end_row;
};

/* By partition, primary key and skip indexes, as far as the request's filters say. */
enum status scan_ranges_select(const struct part_set *set, const struct table_keys *k, struct cache *cache,
                               const struct scan_request *r, struct arena *a, struct scan_ranges *out,
                               struct error *err) MUST_CHECK;
void scan_ranges_cut(const struct scan_ranges *r, uint64_t morsel_rows, struct arena *a, struct morsel **out,
                     uint32_t *count);

#endif

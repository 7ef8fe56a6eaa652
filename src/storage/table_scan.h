// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_TABLE_SCAN_H
#define STORAGE_TABLE_SCAN_H
/*
 * Table scan: the parts of a snapshot as batches, by many workers at once. Partitions and granules that cannot satisfy
 * the filters are left out first (by partition values, minmax, primary key, skip indexes); PREWHERE filters are applied
 * to their own columns before the others are read.
 *
 * A morsel is a range of granules of one part; a worker takes the next one when it has finished its own.
 */
#include "storage/part_set.h"
#include "storage/table_keys.h"

/* Virtual columns, by their number in a request. */
enum {
	VIRTUAL_PART, VIRTUAL_PARTITION_ID, VIRTUAL_PART_INDEX, VIRTUAL_PART_OFFSET, VIRTUAL_BLOCK_NUMBER, VIRTUAL_TABLE,
	VIRTUAL_DATABASE, VIRTUAL_ROW_ID /* marks.h */, VIRTUAL_COUNT
};
extern const struct virtual_column table_virtual_columns[VIRTUAL_COUNT];

/* set NULL: no rows. Takes references of set and keys. */
enum status table_scan_new(const struct part_set *set, struct table_keys *keys, struct cache *cache,
                           const struct scan_request *r, struct scan **out, struct error *err) MUST_CHECK;

#endif

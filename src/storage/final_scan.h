// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_FINAL_SCAN_H
#define STORAGE_FINAL_SCAN_H
/*
 * Scan with FINAL: rows as they will be when all merges are done. Parts that may share keys are merged while they are
 * read: those of one partition where the partition follows from the sort key, else all of them. A worker takes a whole
 * group; a group of one part that a merge made is only read.
 */
#include "storage/table_scan.h"

/* Whether FINAL changes anything for this table. */
bool final_scan_needed(const struct table_keys *k);
enum status final_scan_new(const struct part_set *set, struct table_keys *keys, struct cache *cache,
                           const struct scan_request *r, struct scan **out, struct error *err) MUST_CHECK;

#endif

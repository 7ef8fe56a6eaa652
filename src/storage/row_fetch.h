// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_ROW_FETCH_H
#define STORAGE_ROW_FETCH_H
/*
 * Row fetch: some columns of single rows, by row id (marks.h), for queries that know late which rows they want.
 */
#include "storage/part_set.h"
#include "storage/table_keys.h"

struct row_fetch {
	const struct part_set *set;
	struct table_keys *keys;
	struct cache *cache;
	struct eval *eval;
	const uint32_t *stored;        /* positions among the stored columns */
	uint32_t count;
};

/* Rows ids[0..count) of the set, as one batch in that order. */
enum status row_fetch(const struct row_fetch *f, const uint64_t *ids, uint32_t count, struct batch **out,
                      struct error *err) MUST_CHECK;

#endif

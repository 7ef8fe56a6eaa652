// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_PART_SOURCE_H
#define STORAGE_PART_SOURCE_H
/*
 * Part source: a part as if it had been written with the table's definition of today. Columns are found by permanent
 * number through the schema version the part was written with; columns it lacks read as their default, columns of
 * another type are cast.
 */
#include "storage/part_reader.h"
#include "storage/part_set.h"
#include "storage/table_keys.h"

struct part_source;

/*
 * `columns`: stored positions, with COLUMN_SIZES for the lengths of a String column's values (UInt64). The part must be
 * in `set`; both must stay. e serves the casts and defaults too, and must stay.
 */
enum status part_source_new(const struct table_keys *k, const struct part_set *set, struct part *p,
                            const uint32_t *columns, uint32_t count, struct cache *cache, struct eval *e,
                            struct part_source **out, struct error *err) MUST_CHECK;
void part_source_free(struct part_source *s); /* NULL is allowed */
enum status part_source_seek(struct part_source *s, uint32_t granule, uint32_t end, struct error *err) MUST_CHECK;
/* The next `count` > 0 rows: a reference per column. */
enum status part_source_read(struct part_source *s, uint32_t count, struct vector **outs, struct error *err) MUST_CHECK;
enum status part_source_skip(struct part_source *s, uint64_t count, struct error *err) MUST_CHECK;
uint64_t part_source_bytes(const struct part_source *s);
/* The part's column for a stored position; UINT32_MAX: it has none. */
uint32_t part_source_find(const struct table_keys *k, const struct part_set *set, const struct part *p,
                          const struct part_meta *m, uint32_t stored);

#endif

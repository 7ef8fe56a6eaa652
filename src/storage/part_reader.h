// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_PART_READER_H
#define STORAGE_PART_READER_H
/*
 * Part reader: rows of some columns of a part, from any granule on, as vectors whose memory is that of the decompressed
 * blocks. One thread; many readers may read one part.
 *
 *     new -> seek(granule) -> read | skip ... -> seek ...  -> free
 */
#include "catalog/table.h"
#include "storage/part.h"

struct part_reader;

/* Whether the lengths of a String column can be read without the strings. */
bool part_reader_has_lengths(const struct part *p, const struct part_meta *m, uint32_t column);
/*
 * `columns` are positions in the part's meta, or with COLUMN_SIZES the lengths of one's strings (UInt64). The part and
 * its meta must stay. `cache` may be NULL. Vectors are charged to eval->track, cached blocks to the cache.
 */
enum status part_reader_new(struct part *p, struct part_meta *m, const uint32_t *columns, uint32_t count,
                            struct cache *cache, struct eval *eval, struct part_reader **out,
                            	struct error *err) MUST_CHECK;
void part_reader_free(struct part_reader *r); /* NULL is allowed */
/* The next row is the first of `granule`; rows up to granule `end` will be asked for, at a guess. */
enum status part_reader_seek(struct part_reader *r, uint32_t granule, uint32_t end, struct error *err) MUST_CHECK;
/* The next `count` > 0 rows, which the part has: one new reference per column to outs. */
enum status part_reader_read(struct part_reader *r, uint32_t count, struct vector **outs, struct error *err) MUST_CHECK;
/* Passes over rows: by marks where it can. */
enum status part_reader_skip(struct part_reader *r, uint64_t count, struct error *err) MUST_CHECK;
/* The number of the next row. */
uint64_t part_reader_row(const struct part_reader *r);
/* Bytes read from files so far: cache misses. */
uint64_t part_reader_bytes(const struct part_reader *r);

#endif

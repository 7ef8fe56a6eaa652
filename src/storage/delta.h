// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_DELTA_H
#define STORAGE_DELTA_H
/*
 * Delta: the rows of small inserts, in memory until they are flushed into a part on disk; the log has them.
 *
 * A delta belongs to a struct part (part->delta), one that has no directory and is of type InMemory. So a version names
 * its delta as it names its parts, and whoever reads parts reads it: by part_source, in the order of the inserts, each
 * sorted by itself. It is immutable: an insert makes a larger one that shares all blocks but the last few, with the
 * same name up to max_block and the same row numbers. Every row carries the block number of its commit.
 *
 *     blocks   [8192][8190]...[8192] | [512][512][64][8][8][1][1]
 *               closed: one granule each   open: one granule; eight of a size become one
 *
 * A sealed delta does not grow any more: the next insert of its partition begins another. So a flush is a merge of one
 * part, and merges take only sealed ones.
 */
#include "storage/part.h"

enum { DELTA_CHUNK_ROWS = 8192, DELTA_ROWS_MAX = 1 << 20, DELTA_FAN = 8 };
enum { DELTA_BYTES_MAX = 64 << 20 };

/* The stored columns of one version of a table's definition, which the types of blocks belong to. */
struct delta_schema {
	_Atomic uint32_t references;
	uint64_t schema_version;
	struct arena arena;
	struct part_columns columns;
};

struct delta_block {
	_Atomic uint32_t references;
	uint32_t rows;
	uint64_t bytes;
	struct delta_schema *schema;
	struct vector *columns[];     /* FLAT; then the block number of each row */
};

struct delta {
	struct delta_schema *schema;
	bool sealed;
	int64_t born_us;              /* when its first row came */
	uint64_t rows, bytes;
	struct str partition;         /* as in partition.dat */
	_Atomic(struct buffer *) order; /* uint32_t per row: row numbers in sort order; made when first needed */
	uint32_t closed, count;
	struct delta_block *blocks[];
};

/* What all deltas of the process hold. */
extern struct memtrack delta_track;

struct delta_schema *delta_schema_new(uint64_t schema_version, const struct part_column *columns, uint32_t count);
struct delta_schema *delta_schema_ref(struct delta_schema *s);
void delta_schema_unref(struct delta_schema *s); /* NULL is allowed */
struct cursor;
void delta_schema_encode(const struct delta_schema *s, struct strbuf *to);
enum status delta_schema_decode(struct cursor *c, struct delta_schema **out, struct error *err) MUST_CHECK;

/* Copies rows of `columns` (of the schema, any form): all, or rows[0..count). */
enum status delta_block_new(struct delta_schema *schema, struct vector *const *columns, const uint32_t *rows,
                            uint32_t count, struct delta_block **out, struct error *err) MUST_CHECK;
/* Of such copies. */
enum status delta_block_of(struct delta_schema *schema, struct vector *const *columns, uint32_t rows,
                           struct delta_block **out, struct error *err) MUST_CHECK;
struct delta_block *delta_block_ref(struct delta_block *b);
void delta_block_unref(struct delta_block *b); /* NULL is allowed */
/* The rows as they stand in the log, and back. */
void delta_block_encode(const struct delta_block *b, struct strbuf *to);
enum status delta_block_decode(struct delta_schema *schema, struct str bytes, struct delta_block **out,
                               struct error *err) MUST_CHECK;

/* A new part InMemory with one block; `partition` as in partition.dat. */
enum status delta_part_new(struct str partition_id, struct str partition, const char *table_dir,
                           struct delta_block *b, uint64_t block_number, struct part **out,
                           struct error *err) MUST_CHECK;
/* Whether a block of this schema version and size may be appended. */
bool delta_part_takes(const struct part *p, const struct delta_block *b);
/* p and the block. */
enum status delta_part_append(const struct part *p, struct delta_block *b, uint64_t block_number, struct part **out,
                              struct error *err) MUST_CHECK;
enum status delta_part_sealed(const struct part *p, struct part **out, struct error *err) MUST_CHECK;
/* For the MANIFEST. */
void delta_part_encode(const struct part *p, struct strbuf *to);
enum status delta_part_decode(struct part *p, struct cursor *c, struct error *err) MUST_CHECK;
void delta_free(struct delta *d); /* part_unref()'s */

/* ---- reading ---- */
/* The meta of such a part: columns and granules. */
enum status delta_meta(const struct delta *d, struct part_meta *m, struct error *err) MUST_CHECK;
/* Rows [row, row + count) of a column of the schema; of the block numbers where column is schema->columns.count. */
enum status delta_read(const struct delta *d, uint32_t column, uint64_t row, uint32_t count, struct memtrack *track,
                       struct vector **out, struct error *err) MUST_CHECK;
/* How many values of a column are the type's default. */
uint64_t delta_count_defaults(const struct delta *d, uint32_t column);
/* Row numbers in sort order; NULL: not known yet, or as they are. Borrowed. */
const uint32_t *delta_order(const struct delta *d);
/* Takes the reference; the first one wins. */
void delta_set_order(struct delta *d, struct buffer *order);

#endif

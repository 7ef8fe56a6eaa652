// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_BLOCK_PART_H
#define STORAGE_BLOCK_PART_H
/*
 * Block to parts: rows in memory become sorted parts on disk, one per partition. Also the small files that any new part
 * gets, whoever writes it.
 */
#include "storage/block_source.h"
#include "storage/delta.h"
#include "storage/part_set.h"
#include "storage/part_writer.h"
#include "storage/table_keys.h"

struct block_target {
	const struct table_keys *keys;
	struct table_place *place;
	const struct eval_session *session;
	struct memtrack *track;
	bool fold;                      /* what a merge would fold within the block is folded at once */
	struct delta_schema *schema;    /* small pieces stay in memory; NULL: all become parts */
	struct block_list list;         /* where it has blocks, columns that are no keys may be NULL in `stored`: they are
	                                 * taken from here; only without a schema */
	uint64_t plain_bytes;           /* vector_plain_bytes() of all, where it is known */
};

/*
 * Sorts, splits and writes the rows of `stored` (keys->stored_count columns of one length, any form). *parts: new parts
 * with temporary names, one reference each, in an arena array; none where folding leaves no row.
 */
enum status block_to_parts(const struct block_target *t, struct vector *const *stored, struct arena *a,
                           struct part ***parts, uint32_t *count, struct error *err) MUST_CHECK;

/* Rows for a partition's delta. */
struct delta_piece {
	struct str partition_id, partition; /* the second as in partition.dat */
	struct delta_block *block;
};

struct block_pieces {
	struct part **parts;            /* references, in the arena given; part_count of them */
	struct delta_piece *deltas;
	uint32_t part_count, delta_count;
};

/* The same with pieces that stay in memory. */
enum status block_to_pieces(const struct block_target *t, struct vector *const *stored, struct arena *a,
                            struct block_pieces *out, struct error *err) MUST_CHECK;

/* A hash of all rows in their order. */
enum status block_hash(struct delta_schema *schema, struct vector *const *stored, struct memtrack *track,
                       struct hash128 *out, struct error *err) MUST_CHECK;

/* Bytes of the values as they stand in streams before compression. */
uint64_t vector_plain_bytes(const struct vector *v);
/* Evaluates keys->program over any number of rows: sort_count + partition_count new references. */
enum status table_keys_run(const struct table_keys *k, const struct eval_session *session, struct memtrack *track,
                           struct vector *const *stored, uint32_t rows, struct vector **outs,
                           	struct error *err) MUST_CHECK;
/* The sort columns alone: sort_count new references. */
enum status table_sort_keys_run(const struct table_keys *k, const struct eval_session *session, struct memtrack *track,
                                struct vector *const *stored, uint32_t rows, struct vector **outs, struct error *err)
	MUST_CHECK;
/* The first primary_count of them; the partition columns alone. */
enum status table_primary_keys_run(const struct table_keys *k, const struct eval_session *session,
                                   struct memtrack *track,
                                   struct vector *const *stored, uint32_t rows, struct vector **outs, struct error *err)
	MUST_CHECK;
enum status table_partition_run(const struct table_keys *k, const struct eval_session *session, struct memtrack *track,
                                struct vector *const *stored, uint32_t rows, struct vector **outs, struct error *err)
	MUST_CHECK;
/* The same for any program over def's columns. */
enum status table_program_run(const struct table_keys *k, const struct program *p, uint32_t outputs,
                              const struct eval_session *session, struct memtrack *track, struct vector *const *stored,
                              uint32_t rows, struct vector **outs, struct error *err) MUST_CHECK;
/* Rows of a granule when a row has so many bytes. */
uint32_t granule_rows(const struct merge_settings *s, uint64_t rows, uint64_t bytes);
/* A name for a directory in the making: tmp_<what>_<number>. */
void temporary_name(const char *what, char *to, size_t size);
/* What to write for column c (stored position): its sparse kind by these counts; NULL where none is kept. */
struct sparse_kind *sparse_kind_for(struct arena *a, const struct table_keys *k, const struct type *t, uint64_t rows,
                                    uint64_t defaults);
/* Columns, codecs and settings of a part of this table, in an arena; sparse kinds are the caller's. */
void part_spec_for(struct arena *a, const struct table_keys *k, struct part_spec *out);

/* Least and greatest value of each minmax column, as one-row vectors 2 * i and 2 * i + 1. */
struct minmax {
	uint32_t count;
	struct vector **values; /* owned */
};
enum status minmax_of(const struct table_keys *k, struct vector *const *stored, const uint32_t *rows, uint32_t count,
                      struct memtrack *track, struct arena *a, struct minmax *out, struct error *err) MUST_CHECK;
/* The wider of both, into a. */
void minmax_join(struct minmax *a, const struct minmax *b);
void minmax_free(struct minmax *m);
/* partition.dat and minmax_*.idx. */
enum status part_write_partition(struct part_writer *w, const struct table_keys *k, const struct vector *const *values,
                                 uint32_t row, const struct minmax *m, struct error *err) MUST_CHECK;

#endif

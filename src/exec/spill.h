// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_SPILL_H
#define EXEC_SPILL_H
/*
 * Spilling: what the operators that may go to disk share: when to go, files of batches, partitions by hash.
 *
 *     spill_due        an operator asks after every batch; it is due past the kind's own limit
 *                      (max_bytes_before_external_…) and when a memory limit above the query is used beyond the kind's
 *                      share (max_bytes_ratio_before_external_…)
 *     spill_set        one temporary file with SPILL_PARTS streams for each worker, rows divided by hash; what does not
 *                      fit in memory when it is read again is divided into a further set, by other bits (`level`)
 *     spill_part       one partition of a set: work for one worker, taken from a list
 *
 * Memory that spilling itself takes is small and not charged: it has to work when nothing is left.
 */
#include <pthread.h>

#include "column/vector_bytes.h"
#include "exec/operator.h"

/* The policy of the statement that q belongs to; NULL: nothing may go to disk. */
struct spill_policy *spill_policy_of(struct query *q);
/* Whether settings let the kind go to disk at all. */
bool spill_allowed(struct query *q, enum spill_kind kind);
/*
 * Whether an operator that holds about `own` bytes of the query's memory has to put them on disk, when its next step
 * takes `extra` bytes more. `limits_only`: what is read back is measured by memory limits alone.
 */
bool spill_due(struct query *q, enum spill_kind kind, uint64_t own, uint64_t extra, bool limits_only);
/* Bytes that the query holds beyond `before`: what an operator measures itself by. */
uint64_t spill_own(struct query *q, uint64_t before);

/* ---- streams of batches ---- */

/* Blocks of rows one after the other in a file. */
struct spill_stream {
	struct temp_block *blocks;
	uint32_t count, capacity;
	uint64_t rows, plain_bytes;
};
void spill_stream_free(struct spill_stream *s);

/* One worker's buffers. */
struct spill_buffers {
	struct strbuf plain, scratch;
};
void spill_buffers_init(struct spill_buffers *b);
void spill_buffers_fini(struct spill_buffers *b);

enum status spill_file_open(struct query *q, enum spill_kind kind, struct temp_file **out,
                            struct error *err) MUST_CHECK;
/* Puts b->plain, which is emptied, as one block of `rows` rows. */
enum status spill_put(struct temp_file *f, struct spill_stream *s, struct spill_buffers *b, uint32_t rows,
                      struct error *err) MUST_CHECK;
/* Rows rows[0..n) of the columns (NULL: all n) as one block. */
enum status spill_put_rows(struct temp_file *f, struct spill_stream *s, struct spill_buffers *b,
                           struct vector *const *columns, uint32_t column_count, const uint32_t *rows, uint32_t n,
                           struct error *err) MUST_CHECK;
/* Block number `i` as a batch. */
enum status spill_get_batch(struct temp_file *f, const struct spill_stream *s, uint32_t i,
                            const struct type *const *types, uint32_t column_count, struct memtrack *track,
                            struct batch **out, struct error *err) MUST_CHECK;
/* The first four bytes of a block: its rows; the rest is to be read from *from, whose owner the caller releases. */
enum status spill_get_block(struct temp_file *f, const struct spill_stream *s, uint32_t i, struct memtrack *track,
                            struct vector_bytes *from, uint32_t *rows, struct error *err) MUST_CHECK;

/* ---- partitions ---- */

enum { SPILL_PART_BITS = 6, SPILL_PARTS = 1 << SPILL_PART_BITS, SPILL_LEVELS_MAX = 5, SPILL_CHUNK_ROWS = 1 << 16 };

/* Which partition a hash belongs to; other bits at every level. */
static inline unsigned spill_part_of(uint64_t hash, unsigned level)
{
	uint64_t factor = 0x9e3779b97f4a7c15u + 2 * (uint64_t)level * 0x85157af5u;
	return (unsigned)((hash + level) * factor >> (64 - SPILL_PART_BITS));
}

struct spill_set {
	_Atomic uint32_t references;   /* its parts, and who fills it */
	struct temp_file *file;
	unsigned level, sides, threads;
	struct spill_stream *streams;  /* by side, worker, part */
};

/* A set of `sides` files' worth of streams (joins have two); one reference for the caller. */
enum status spill_set_new(struct query *q, enum spill_kind kind, unsigned level, unsigned sides, unsigned threads,
                          struct spill_set **out, struct error *err) MUST_CHECK;
void spill_set_unref(struct spill_set *s); /* NULL is allowed */
static inline struct spill_stream *spill_set_stream(const struct spill_set *s, unsigned side, unsigned worker,
                                                    unsigned part)
{
	return &s->streams[((size_t)side * s->threads + worker) * SPILL_PARTS + part];
}
uint64_t spill_set_rows(const struct spill_set *s, unsigned side, unsigned part);
/*
 * Order of n hashes by partition: order[starts[p]..starts[p + 1]) are those of part p, ascending. starts has
 * SPILL_PARTS + 1 entries, order n.
 */
void spill_divide(const uint64_t *hashes, uint32_t n, unsigned level, uint32_t *order, uint32_t *starts);
/* Rows of the columns, divided by their hashes, into the worker's streams of one side. */
enum status spill_set_put(struct spill_set *s, unsigned side, unsigned worker, struct spill_buffers *b,
                          struct vector *const *columns, uint32_t column_count, const uint64_t *hashes, uint32_t n,
                          struct worker *w) MUST_CHECK;

struct spill_part {
	struct spill_part *next;
	struct spill_set *set;
	unsigned number;
	bool whole;                    /* cannot be divided further */
};

/* Parts that wait for a worker. */
struct spill_list {
	pthread_mutex_t lock;
	struct spill_part *first;
};
void spill_list_init(struct spill_list *l);
void spill_list_fini(struct spill_list *l);
/* All parts of the set that have rows on any side; `whole` for those that have all rows of the last side. */
enum status spill_list_add(struct spill_list *l, struct spill_set *s, struct error *err) MUST_CHECK;
/* The caller's to free with spill_part_free(); NULL: none is waiting. */
struct spill_part *spill_list_take(struct spill_list *l);
void spill_part_free(struct spill_part *p); /* NULL is allowed */

#endif

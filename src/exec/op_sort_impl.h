// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_OP_SORT_IMPL_H
#define EXEC_OP_SORT_IMPL_H
/* ORDER BY: op_sort.c sorts in memory, op_sort_spill.c puts sorted runs on disk and merges runs row by row. */
#include <pthread.h>

#include "exec/op_impl.h"
#include "exec/op_sort_key.h"
#include "exec/spill.h"

struct sort_worker {
	struct op_batches batches;     /* the input's columns, then those of the order that are none of them */
	struct batch *run;             /* sorted: the columns in one piece */
	struct sort_item *items;       /* its order */
	uint32_t count;
	bool bounded;                  /* `bound` is the last row that is needed */
	struct sort_item bound;
	uint64_t kept_until;           /* rows held after the last cut */
	struct spill_buffers buffers;
};

struct sort_operator {
	struct operator base;
	struct arena arena;
	struct program *program;       /* the order's expressions that are no plain columns */
	uint32_t extra_count;
	struct sort_order order;
	uint32_t *order_column;        /* where each stands in a kept batch */
	const struct type **types;     /* of a kept batch */
	uint32_t column_count;         /* of a kept batch */
	uint64_t limit;
	bool with_ties;
	unsigned threads;
	struct sort_worker *workers;
	struct sort_worker result;
	uint32_t given;
	struct scan_bound scan_bound;
	_Atomic uint64_t first_bound;  /* the greatest key of the first column that is needed; while `bounded` */
	_Atomic bool bounded;
	_Atomic int64_t before;        /* bytes of the query when the first rows came; -1: none did */
	pthread_mutex_t lock;          /* guards file while it is made, and the list of runs */
	struct temp_file *file;        /* NULL: nothing is on disk */
	struct spill_stream *streams;  /* sorted runs */
	uint32_t stream_count, stream_capacity;
	struct sort_merge *merge;      /* puts out what is in several runs; NULL: `result` is all */
};

/* ---- op_sort.c ---- */
/* Makes the worker's run of its batches, which go. */
enum status sort_make_run(struct sort_operator *o, struct worker *w, struct sort_worker *s) MUST_CHECK;
void sort_worker_clear(struct sort_worker *s, struct memtrack *track);
enum status sort_new_items(struct worker *w, uint32_t count, struct sort_item **out) MUST_CHECK;
void sort_free_items(struct memtrack *track, struct sort_item *items, uint32_t count);
/* The columns of the order among those of a kept batch. */
void sort_order_columns(const struct sort_operator *o, struct vector *const *columns, struct vector **out);
/* How many of the sorted items the limit leaves, those that tie with the last one included when asked for. */
uint32_t sort_kept_count(const struct sort_operator *o, struct vector *const *columns, const struct sort_item *items,
                         uint32_t count);

/* ---- op_sort_spill.c ---- */
/* After a batch: puts what the worker holds on disk, sorted, when it has to go. */
enum status sort_spill_check(struct sort_operator *o, struct worker *w, struct sort_worker *s) MUST_CHECK;
/* All workers have drained: whether the runs are to be merged row by row; then o->merge is ready. */
enum status sort_spill_finish(struct sort_operator *o, struct worker *w, bool *merged) MUST_CHECK;
enum status sort_spill_next(struct sort_operator *o, struct worker *w, struct batch **out) MUST_CHECK;
void sort_spill_free(struct sort_operator *o);

#endif

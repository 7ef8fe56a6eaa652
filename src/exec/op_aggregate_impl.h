// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_OP_AGGREGATE_IMPL_H
#define EXEC_OP_AGGREGATE_IMPL_H
/* The aggregation's parts: op_aggregate.c, op_aggregate_spill.c for what does not fit in memory, and op_totals.c. */
#include <pthread.h>

#include "exec/op_group.h"
#include "exec/op_impl.h"
#include "exec/op_top.h"
#include "exec/spill.h"

enum {
	NO_VALUE = UINT32_MAX,
	SPLIT_GROUPS = 16384,   /* a worker's table with more groups is merged in parallel */
	LIMIT_MAX = 1 << 20     /* more groups than these are not cut short: they might have to go to disk */
};

struct agg_item {
	const struct aggregator *aggregator;
	uint32_t offset;        /* of its state in a row */
	uint32_t args, filter;  /* places among the program's values */
};

struct agg_worker {
	struct group_table table;
	struct group_keys keys;
	char *one;              /* without keys: the only row */
	struct group_cursor at; /* of the part being put out */
	struct top_worker top;
	struct spill_buffers buffers;
	struct spill_part *part; /* whose groups the table holds, while it is put out */
	unsigned table_part;    /* of the table, being put out */
};

struct agg_operator {
	struct operator base;
	struct arena arena;
	struct program *program;
	uint32_t value_count;   /* keys first */
	uint32_t plan_keys;     /* keys of the plan; with grouping sets one more follows */
	uint32_t key_count;
	struct group_layout layout;
	struct agg_item *items;
	uint32_t item_count;
	uint64_t *sets;
	uint32_t set_count;
	bool one_row_when_empty, split, totals;
	uint64_t limit;         /* groups; keys beyond them are left out */
	struct top top;         /* only the groups that come first by one item are put out */
	uint32_t top_item;
	unsigned threads;
	struct agg_worker *workers;
	_Atomic bool given;
	_Atomic unsigned next_part;
	bool can_spill;
	_Atomic int64_t before; /* bytes of the query when the first rows came; -1: none did */
	_Atomic bool spilled;
	pthread_mutex_t lock;   /* guards set while it is made */
	struct spill_set *set;  /* until all rows have come */
	struct spill_list parts;
};

void agg_init_rows(const struct agg_operator *g, char *const *rows, uint32_t n);
/* Leaves the states zeroed. */
void agg_destroy_rows(const struct agg_operator *g, char *const *rows, uint32_t n);
/* The results of one aggregate for these rows. */
enum status agg_item_column(const struct agg_item *item, struct worker *w, char *const *rows, uint32_t n,
                            struct vector **out) MUST_CHECK;

enum status agg_merge_items(struct agg_operator *g, struct worker *w, char *const *to, char *const *from,
                            uint32_t n) MUST_CHECK;
enum status agg_output(struct agg_operator *g, struct worker *w, char *const *rows, uint32_t n,
                       struct batch **out) MUST_CHECK;
/* Destroys the states and empties the table. */
void agg_reset_table(const struct agg_operator *g, struct group_table *t);

/* ---- op_aggregate_spill.c ---- */
/* After a batch: puts the worker's table on disk when it has to go. */
enum status agg_spill_check(struct agg_operator *g, struct agg_worker *me, struct worker *w) MUST_CHECK;
/* A look-up found no memory: puts the table on disk, clears the error and says OK; or gives the error back. */
enum status agg_spill_retry(struct agg_operator *g, struct agg_worker *me, struct worker *w,
                            enum status failure) MUST_CHECK;
/* The worker's table goes where others have gone. */
enum status agg_spill_table(struct agg_operator *g, struct agg_worker *me, struct worker *w) MUST_CHECK;
enum status agg_spill_finish(struct agg_operator *g, struct worker *w) MUST_CHECK;
enum status agg_spill_next(struct agg_operator *g, struct worker *w, struct batch **out) MUST_CHECK;

#endif

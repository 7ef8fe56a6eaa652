// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_OP_AGGREGATE_IMPL_H
#define EXEC_OP_AGGREGATE_IMPL_H
/* The aggregation's state, which op_totals.c reads too. */
#include "exec/op_group.h"
#include "exec/op_impl.h"
#include "exec/op_top.h"

enum {
	NO_VALUE = UINT32_MAX,
	SPLIT_GROUPS = 16384    /* a worker's table with more groups is merged in parallel */
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
};

void agg_init_rows(const struct agg_operator *g, char *const *rows, uint32_t n);
/* Leaves the states zeroed. */
void agg_destroy_rows(const struct agg_operator *g, char *const *rows, uint32_t n);
/* The results of one aggregate for these rows. */
enum status agg_item_column(const struct agg_item *item, struct worker *w, char *const *rows, uint32_t n,
                            struct vector **out) MUST_CHECK;

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef PLAN_BIND_SELECT_IMPL_H
#define PLAN_BIND_SELECT_IMPL_H
/* One SELECT while it is being bound: what bind_select.c, bind_group.c and bind_fill.c share. */
#include "plan/binder_impl.h"

struct selecting {
	struct binder *b;
	struct scope *s;
	const struct ast_select *q;
	struct aggregate_list aggregates;
	struct window_list windows;
	struct grouping grouping;
	struct row_list rows;        /* set-returning calls */
	struct star_item *items;     /* output columns */
	size_t item_count, item_capacity;
	struct plan_order *order;
	uint32_t order_count;
	struct expr *having, *qualify;
	struct expr **limit_by;
	uint32_t limit_by_count;
	struct expr **distinct_on;
	uint32_t distinct_on_count;
};

/* ---- bind_select.c ---- */
/* A bare positive integer, as GROUP BY 1 and ORDER BY 2 have it. */
bool select_position(const struct ast *x, uint64_t *out);
enum status select_bad_position(struct binder *b, const char *clause, uint64_t n, int position);
/* The select item an ORDER BY or GROUP BY name means in PostgreSQL: an output column of that name. */
const struct ast *select_output_item(const struct selecting *sel, const struct ast *x);
bool select_names_column(const struct scope *s, const struct ast *x);
struct plan *select_filter(struct binder *b, struct plan *input, struct expr *predicate);

/* ---- bind_limit.c ---- */
/* LIMIT and OFFSET on top of the scope's plan. */
enum status select_limit(struct binder *b, struct scope *s, const struct ast_select *q) MUST_CHECK;
/* LIMIT BY, or DISTINCT ON, on top of *plan. */
enum status select_limit_by(struct selecting *sel, struct plan **plan, struct expr **keys, uint32_t n,
                            bool distinct_on) MUST_CHECK;

/* ---- bind_group.c ---- */
enum status select_group_by(struct selecting *sel) MUST_CHECK;
/* GROUP BY ALL: every item without an aggregate. */
void select_group_by_all(struct selecting *sel);
/* Puts the aggregate node and HAVING on top, and turns every later expression into one over their output. */
enum status select_aggregate_nodes(struct selecting *sel) MUST_CHECK;

/* ---- bind_totals.c ---- */
/* Puts the node that makes the totals on s->plan, which is `aggregate` or a filter of it. */
void select_totals_node(struct selecting *sel, struct plan *aggregate);
/* s->totals becomes the row of the select list. */
enum status select_totals_items(struct selecting *sel) MUST_CHECK;

/* ---- bind_fill.c ---- */
/* WITH FILL and INTERPOLATE over the sorted output; order_at: the columns of ORDER BY. */
enum status select_fill(struct selecting *sel, const uint32_t *order_at, struct plan **plan) MUST_CHECK;

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef PLAN_BIND_GROUP_IMPL_H
#define PLAN_BIND_GROUP_IMPL_H
/* Aggregates, groups and windows of one SELECT while it is being bound. */
#include "plan/plan.h"

struct binder;
struct scope;

struct aggregate_list {
	struct plan_aggregate *items;
	size_t count, capacity;
	bool allowed;               /* in this clause */
	const char *clause;         /* for the message where they are not */
	bool inside;                /* binding the arguments of one */
	int nested;                 /* 1 + where among them another one stands; 0: nowhere */
	struct str nested_name;
};

/* GROUP BY. */
struct grouping {
	const struct scope *scope;  /* whose columns are grouped */
	struct expr **keys;
	size_t key_count, key_capacity;
	bool has_sets;              /* ROLLUP, CUBE, GROUPING SETS */
	uint64_t *sets;             /* as plan's aggregate.sets */
	uint32_t set_count;
	bool empty;                 /* GROUP BY () */
};

/* PARTITION BY and ORDER BY of a window. */
struct window_spec {
	struct expr **partition;
	uint32_t partition_count;
	struct plan_order *order;
	uint32_t order_count;
};

struct window_item {
	struct window_spec spec;
	struct plan_window call;
};

struct window_list {
	struct window_item *items;
	size_t count, capacity;
	const struct ast_list *definitions; /* WINDOW w AS (…) */
	bool allowed;               /* in this clause */
	bool inside;                /* binding what belongs to one */
};

/* bind_aggregate.c */
enum status bind_aggregate_call(struct binder *b, struct scope *s, const struct ast_call *c, struct str name,
                                struct expr **out) MUST_CHECK;
bool bind_is_aggregate(struct binder *b, const struct ast_call *c, struct str *name);
/* Replaces group keys and aggregates in x by columns of the aggregate node. */
enum status bind_regroup(struct binder *b, struct expr *x, const struct grouping *g, uint32_t aggregate_count,
                         struct expr **out) MUST_CHECK;

/* Binds f(args) with FILTER and DISTINCT into a; aggregates inside are the caller's matter. */
enum status bind_aggregate_parts(struct binder *b, struct scope *s, const struct ast_call *c, struct str name,
                                 struct plan_aggregate *a) MUST_CHECK;
bool bind_same_aggregate(const struct plan_aggregate *a, const struct plan_aggregate *c);
/* ORDER BY inside a call or a window. */
enum status bind_inner_order(struct binder *b, struct scope *s, const struct ast_list *list,
                             struct plan_order **out) MUST_CHECK;

/* bind_group.c */
enum status bind_grouping_call(struct binder *b, struct scope *s, const struct ast_call *c,
                               struct expr **out) MUST_CHECK;

/* bind_window.c */
bool bind_is_window_only(const struct ast_call *c, enum dialect dialect);
enum status bind_window_call(struct binder *b, struct scope *s, const struct ast_call *c, struct expr **out) MUST_CHECK;
/* Applies f to every expression of the windows: regrouping. */
enum status bind_window_each(struct window_list *w, enum status (*f)(void *arg, struct expr **x),
                             void *arg) MUST_CHECK;
/* Puts the nodes of all windows on top of s->plan; columns[i] becomes item i's column. */
void bind_window_nodes(struct binder *b, struct scope *s, const struct window_list *w, uint32_t *columns);
/* x with window functions replaced by their columns. */
struct expr *bind_window_place(struct binder *b, struct expr *x, const uint32_t *columns);

#endif

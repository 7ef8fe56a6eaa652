// SPDX-License-Identifier: Apache-2.0
#ifndef PLAN_PLAN_WALK_H
#define PLAN_PLAN_WALK_H
/* What passes over plans share: every expression of a node, copies of trees. */
#include "plan/plan.h"

typedef bool (*plan_expr_fn)(struct expr **x, void *arg);

/* Every expression of the node itself, each in its place; false as soon as fn says so. */
bool plan_node_exprs(struct plan *p, plan_expr_fn fn, void *arg);
/* The same of the whole tree; false too where a node is of a kind that hides what it reads. */
bool plan_tree_exprs(struct plan *p, plan_expr_fn fn, void *arg);
/* A tree of its own that reads the same tables; NULL where a node of it cannot be had twice. */
struct plan *plan_copy(struct arena *a, const struct plan *p);

#endif

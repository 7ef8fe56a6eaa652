// SPDX-License-Identifier: Apache-2.0
#include "plan/plan_walk.h"

static bool each(struct expr **list, uint32_t n, plan_expr_fn fn, void *arg)
{
	for (uint32_t i = 0; i < n; i++)
		if (list[i] != NULL && !fn(&list[i], arg))
			return false;
	return true;
}

static bool each_order(struct plan_order *list, uint32_t n, plan_expr_fn fn, void *arg)
{
	for (uint32_t i = 0; i < n; i++)
		if (!fn(&list[i].expr, arg))
			return false;
	return true;
}

static bool aggregate_exprs(struct plan_aggregate *a, plan_expr_fn fn, void *arg)
{
	return each(a->args, a->aggregator->arg_count, fn, arg) && each(&a->filter, 1, fn, arg) &&
	       each_order(a->order, a->order_count, fn, arg);
}

static bool window_exprs(struct plan *p, plan_expr_fn fn, void *arg)
{
	for (uint32_t i = 0; i < p->u.window.function_count; i++) {
		struct plan_window *f = &p->u.window.functions[i];
		struct expr **frame[] = {&f->frame.from_offset, &f->frame.to_offset, &f->frame.key, &f->frame.from_key,
		                         &f->frame.to_key};
		if (!each(f->args, f->arg_count, fn, arg) ||
		    (f->function == WINDOW_AGGREGATE && !aggregate_exprs(&f->aggregate, fn, arg)))
			return false;
		for (size_t k = 0; k < ARRAY_COUNT(frame); k++)
			if (!each(frame[k], 1, fn, arg))
				return false;
	}
	return each(p->u.window.partition, p->u.window.partition_count, fn, arg) &&
	       each_order(p->u.window.order, p->u.window.order_count, fn, arg);
}

static bool join_exprs(struct plan *p, plan_expr_fn fn, void *arg)
{
	return each(p->u.join.left_keys, p->u.join.key_count, fn, arg) &&
	       each(p->u.join.right_keys, p->u.join.key_count, fn, arg) && each(&p->u.join.residual, 1, fn, arg) &&
	       each(&p->u.join.asof_left, 1, fn, arg) && each(&p->u.join.asof_right, 1, fn, arg);
}

bool plan_node_exprs(struct plan *p, plan_expr_fn fn, void *arg)
{
	switch (p->kind) {
	case PLAN_SCAN:
		return each(p->u.scan.filters, p->u.scan.filter_count, fn, arg);
	case PLAN_VALUES:
		return each(p->u.values.exprs, p->u.values.row_count * p->column_count, fn, arg);
	case PLAN_SERIES:
		return each(&p->u.series.start, 1, fn, arg) && each(&p->u.series.stop, 1, fn, arg) &&
		       each(&p->u.series.step, 1, fn, arg);
	case PLAN_FILTER:
		return fn(&p->u.filter.predicate, arg);
	case PLAN_PROJECT:
		return each(p->u.project.exprs, p->column_count, fn, arg);
	case PLAN_AGGREGATE:
		for (uint32_t i = 0; i < p->u.aggregate.aggregate_count; i++)
			if (!aggregate_exprs(&p->u.aggregate.aggregates[i], fn, arg))
				return false;
		return each(p->u.aggregate.keys, p->u.aggregate.key_count, fn, arg);
	case PLAN_JOIN:
		return join_exprs(p, fn, arg);
	case PLAN_SORT:
		return each_order(p->u.sort.order, p->u.sort.order_count, fn, arg);
	case PLAN_LIMIT:
		return each(&p->u.limit.limit, 1, fn, arg) && each(&p->u.limit.offset, 1, fn, arg) &&
		       each(p->u.limit.order, p->u.limit.order_count, fn, arg);
	case PLAN_LIMIT_BY:
		return each(p->u.limit_by.keys, p->u.limit_by.key_count, fn, arg);
	case PLAN_UNNEST:
		return each(p->u.unnest.arrays, p->u.unnest.array_count, fn, arg);
	case PLAN_WINDOW:
		return window_exprs(p, fn, arg);
	case PLAN_APPLY:
		return each(&p->u.apply.on, 1, fn, arg);
	default:
		return true;
	}
}

static bool is_open_kind(enum plan_kind k)
{
	return k <= PLAN_APPLY || k == PLAN_WINDOW;
}

bool plan_tree_exprs(struct plan *p, plan_expr_fn fn, void *arg)
{
	if (!is_open_kind(p->kind) || !plan_node_exprs(p, fn, arg))
		return false;
	for (uint32_t i = 0; i < p->input_count; i++)
		if (!plan_tree_exprs(p->inputs[i], fn, arg))
			return false;
	return p->kind != PLAN_APPLY || plan_tree_exprs(p->u.apply.right, fn, arg);
}

#define COPY_ARRAY(a, list, n) ((list) = (list) == NULL ? NULL : arena_copy(a, list, (n) * sizeof *(list)))

static void copy_lists(struct arena *a, struct plan *p)
{
	switch (p->kind) {
	case PLAN_SCAN:
		COPY_ARRAY(a, p->u.scan.columns, p->column_count);
		COPY_ARRAY(a, p->u.scan.filters, p->u.scan.filter_count);
		break;
	case PLAN_PROJECT:
		COPY_ARRAY(a, p->u.project.exprs, p->column_count);
		break;
	case PLAN_AGGREGATE:
		COPY_ARRAY(a, p->u.aggregate.keys, p->u.aggregate.key_count);
		COPY_ARRAY(a, p->u.aggregate.aggregates, p->u.aggregate.aggregate_count);
		for (uint32_t i = 0; i < p->u.aggregate.aggregate_count; i++) {
			struct plan_aggregate *g = &p->u.aggregate.aggregates[i];
			COPY_ARRAY(a, g->args, g->aggregator->arg_count);
			COPY_ARRAY(a, g->order, g->order_count);
		}
		break;
	case PLAN_JOIN:
		COPY_ARRAY(a, p->u.join.left_keys, p->u.join.key_count);
		COPY_ARRAY(a, p->u.join.right_keys, p->u.join.key_count);
		COPY_ARRAY(a, p->u.join.null_safe, p->u.join.key_count);
		break;
	case PLAN_SORT:
		COPY_ARRAY(a, p->u.sort.order, p->u.sort.order_count);
		break;
	case PLAN_LIMIT:
		COPY_ARRAY(a, p->u.limit.order, p->u.limit.order_count);
		break;
	case PLAN_LIMIT_BY:
		COPY_ARRAY(a, p->u.limit_by.keys, p->u.limit_by.key_count);
		break;
	case PLAN_UNNEST:
		COPY_ARRAY(a, p->u.unnest.arrays, p->u.unnest.array_count);
		break;
	default:
		break;
	}
}

struct plan *plan_copy(struct arena *a, const struct plan *p)
{
	if (!is_open_kind(p->kind) || p->kind == PLAN_APPLY || p->kind == PLAN_WINDOW)
		return NULL;
	struct plan *c = arena_copy(a, p, sizeof *p);
	COPY_ARRAY(a, c->types, c->column_count + 1);
	COPY_ARRAY(a, c->names, c->column_count + 1);
	COPY_ARRAY(a, c->inputs, c->input_count);
	copy_lists(a, c);
	for (uint32_t i = 0; i < c->input_count; i++)
		if ((c->inputs[i] = plan_copy(a, p->inputs[i])) == NULL)
			return NULL;
	return c;
}

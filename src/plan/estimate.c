// SPDX-License-Identifier: Apache-2.0
#include "plan/estimate.h"

#include <math.h>

static double table_rows(struct binder *b, const struct plan *scan)
{
	struct table *t = scan->u.scan.table;
	struct table_size size = {0};
	struct error ignored;
	uint64_t rows = 0;
	error_init(&ignored);
	if (t->ops->row_count != NULL && b->config->txn != NULL && t->ops->row_count(t, b->config->txn, &rows))
		return (double)rows;
	if (t->ops->size != NULL && b->config->txn != NULL && t->ops->size(t, b->config->txn, &size, &ignored) == OK)
		return (double)size.rows;
	return 1000;
}

static double share_of_list(const struct expr *x, bool all)
{
	double kept = 1, lost = 1;
	for (uint32_t i = 0; i < x->arg_count; i++) {
		double s = estimate_share(x->args[i]);
		kept *= s;
		lost *= 1 - s;
	}
	return all ? kept : 1 - lost;
}

static double share_of_set(const struct expr *x)
{
	const struct vector *set = x->arg_count == 2 && x->args[1]->kind == EXPR_CONSTANT ? x->args[1]->constant : NULL;
	double members = 10;
	if (set != NULL && set->type->id == TYPE_ARRAY && !vector_is_null(set, 0))
		members = (double)(((const uint64_t *)set->data)[0]);
	return fmin(0.03 * fmax(members, 1), 0.5);
}

double estimate_share(const struct expr *x)
{
	static const struct {
		const char *name;
		double share;
	} known[] = {{"equals", 0.03}, {"notEquals", 0.95}, {"less", 0.4}, {"greater", 0.4}, {"lessOrEquals", 0.4},
	             {"greaterOrEquals", 0.4}, {"like", 0.05}, {"notLike", 0.95}, {"isNull", 0.05}, {"isNotNull", 0.95},
	             {"ilike", 0.05}, {"startsWith", 0.05}};
	const char *f = x->kind == EXPR_CALL && x->call->function != NULL ? x->call->function->name : "";
	if (strcmp(f, "and") == 0 || strcmp(f, "or") == 0)
		return share_of_list(x, f[0] == 'a');
	if (strcmp(f, "not") == 0)
		return 1 - estimate_share(x->args[0]);
	if (strcmp(f, "in") == 0)
		return share_of_set(x);
	if (strcmp(f, "notIn") == 0)
		return 1 - share_of_set(x);
	for (size_t i = 0; i < ARRAY_COUNT(known); i++)
		if (strcmp(f, known[i].name) == 0)
			return known[i].share;
	return 0.5;
}

static double constant_rows(const struct expr *x)
{
	int64_t v = 1000;
	if (x == NULL || x->kind != EXPR_CONSTANT)
		return INFINITY;
	memcpy(&v, x->constant->data, sizeof v);
	return v < 0 ? INFINITY : (double)v;
}

static double rows_of(struct binder *b, const struct plan *p, bool filtered);

static double join_rows(struct binder *b, const struct plan *p, bool filtered)
{
	double l = rows_of(b, p->inputs[0], filtered), r = rows_of(b, p->inputs[1], filtered);
	double each = fmin(rows_of(b, p->inputs[0], false), rows_of(b, p->inputs[1], false));
	double inner = p->u.join.key_count == 0 ? l * r : l * r / fmax(each, 1);
	switch (p->u.join.kind) {
	case PLAN_JOIN_SEMI:
	case PLAN_JOIN_ANTI:
		return filtered ? l / 2 : l;
	case PLAN_JOIN_MARK:
		return l;
	case PLAN_JOIN_LEFT:
		return fmax(l, inner);
	case PLAN_JOIN_RIGHT:
		return fmax(r, inner);
	case PLAN_JOIN_FULL:
		return fmax(l + r, inner);
	default:
		return inner;
	}
}

static double rows_of(struct binder *b, const struct plan *p, bool filtered)
{
	double rows;
	switch (p->kind) {
	case PLAN_SCAN:
		rows = table_rows(b, p);
		for (uint32_t i = 0; filtered && i < p->u.scan.prewhere_count; i++)
			rows *= estimate_share(p->u.scan.filters[i]);
		return fmax(rows, 1);
	case PLAN_VALUES:
		return p->u.values.row_count;
	case PLAN_SERIES:
		return fmin(constant_rows(p->u.series.stop), 1e9);
	case PLAN_FILTER:
		rows = rows_of(b, p->inputs[0], filtered);
		return fmax(filtered ? rows * estimate_share(p->u.filter.predicate) : rows, 1);
	case PLAN_AGGREGATE:
		rows = rows_of(b, p->inputs[0], filtered);
		return p->u.aggregate.key_count == 0 ? 1 : fmax(rows / 4, 1);
	case PLAN_LIMIT:
		return fmin(rows_of(b, p->inputs[0], filtered), constant_rows(p->u.limit.limit));
	case PLAN_JOIN:
		return join_rows(b, p, filtered);
	case PLAN_UNION:
		rows = 0;
		for (uint32_t i = 0; i < p->input_count; i++)
			rows += rows_of(b, p->inputs[i], filtered);
		return rows;
	case PLAN_COUNT_ROWS:
		return 1;
	default:
		return p->input_count == 0 ? 1000 : rows_of(b, p->inputs[0], filtered);
	}
}

double estimate_rows(struct binder *b, const struct plan *p)
{
	return rows_of(b, p, true);
}

double estimate_base(struct binder *b, const struct plan *p)
{
	return rows_of(b, p, false);
}

// SPDX-License-Identifier: Apache-2.0
/*
 * Aggregations that need not compute all that they say: keys that follow from other keys, or are constant, are computed
 * from the groups; sums of x + c are sum(x) + c * count(x), so that many of them cost one.
 */
#include <stdlib.h>

#include "func/date_part.h"
#include "plan/rewrite_impl.h"

/* The leaner node under construction, and what gives each output column of the old one. */
struct leaner {
	struct plan *old;
	struct expr **keys;
	uint32_t key_count;
	uint32_t *key_at;                  /* per old key: its place, or KEY_GONE */
	struct expr **bare;                /* per old key: what is grouped by in its place; NULL: itself */
	struct plan_aggregate *aggregates;
	size_t aggregate_count, aggregate_capacity;
	struct expr **exprs;               /* per old output column, over the new node; aggregates from AGGREGATE_BASE on */
	bool changed;
};

enum { KEY_GONE = UINT32_MAX };

/* ---- keys ---- */

/* Calls that may look at more than their arguments stay where they are. */
static bool is_pure(const struct expr *x)
{
	if (x->kind == EXPR_LAMBDA || x->is_volatile)
		return false;
	if (x->kind == EXPR_CALL && x->call->function != NULL && x->call->function->volatility != FUNCTION_IMMUTABLE)
		return false;
	for (uint32_t i = 0; i < x->arg_count; i++)
		if (!is_pure(x->args[i]))
			return false;
	return true;
}

static uint32_t column_key(const struct plan *p, uint32_t column)
{
	for (uint32_t i = 0; i < p->u.aggregate.key_count; i++)
		if (p->u.aggregate.keys[i]->kind == EXPR_COLUMN && p->u.aggregate.keys[i]->column == column)
			return i;
	return KEY_GONE;
}

/* Equal keys have equal bytes, so that whatever is computed of them is equal, too. */
static bool is_one_of_a_kind(const struct type *t)
{
	return type_is_integer(t) || t->id == TYPE_STRING || t->id == TYPE_DATE || t->id == TYPE_DATE32 ||
	       t->id == TYPE_DATETIME || t->id == TYPE_DATETIME64 || t->id == TYPE_UUID || t->id == TYPE_BOOL;
}

static bool follows(const struct plan *p, const struct expr *x)
{
	if (x->kind == EXPR_COLUMN)
		return is_one_of_a_kind(x->type) && column_key(p, x->column) != KEY_GONE;
	for (uint32_t i = 0; i < x->arg_count; i++)
		if (!follows(p, x->args[i]))
			return false;
	return true;
}

/*
 * PostgreSQL's extract() of a whole number: date_part() gives the same in double precision, which has a fixed width;
 * the numeric is made of the groups'.
 */
static enum status bare_key(struct binder *b, const struct expr *x, struct expr **out)
{
	*out = NULL;
	if (!b->config->options.bare_keys || x->kind != EXPR_CALL || x->call->function == NULL || x->is_volatile ||
	    !date_part_is_whole(x->call) || type_not_nullable(b->arena, x->type)->id != TYPE_NUMERIC)
		return OK;
	return bind_function(b, STR("date_part"), x->args, x->arg_count, x->position, out);
}

static enum status keep_keys(struct binder *b, struct leaner *l)
{
	const struct plan *p = l->old;
	uint32_t n = p->u.aggregate.key_count, kept = 0;
	for (uint32_t i = 0; i < n; i++) {
		const struct expr *x = p->u.aggregate.keys[i];
		bool gone = b->config->options.lean_keys && x->kind != EXPR_COLUMN && is_pure(x) && follows(p, x);
		l->key_at[i] = gone ? KEY_GONE : kept++;
	}
	if (kept == 0 && n != 0) /* constants alone: one of them tells whether there was a row */
		l->key_at[0] = kept++;
	l->key_count = kept;
	l->keys = ARENA_ARRAY(b->arena, struct expr *, kept + 1);
	l->bare = ARENA_ARRAY(b->arena, struct expr *, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		if (l->key_at[i] == KEY_GONE)
			continue;
		TRY(bare_key(b, p->u.aggregate.keys[i], &l->bare[i]));
		l->keys[l->key_at[i]] = l->bare[i] == NULL ? p->u.aggregate.keys[i] : l->bare[i];
		l->changed |= l->bare[i] != NULL;
	}
	l->changed |= kept != n;
	return OK;
}

/* A key over the input, as one over the groups. */
static struct expr *over_groups(struct binder *b, const struct leaner *l, const struct expr *x)
{
	uint32_t width = l->old->inputs[0]->column_count, *map = ARENA_ARRAY(b->arena, uint32_t, width + 1);
	for (uint32_t c = 0; c < width; c++) {
		uint32_t key = column_key(l->old, c);
		map[c] = key == KEY_GONE ? 0 : l->key_at[key];
	}
	return expr_remap(b->arena, x, map);
}

/* ---- sums ---- */

/* In PostgreSQL with what makes it NULL over no rows around it, which bears no name. */
static bool is_plain_sum(const struct binder *b, const struct plan_aggregate *a)
{
	bool plain = a->aggregator->nested == NULL || b->dialect == DIALECT_POSTGRESQL;
	return a->aggregator->aggregate != NULL && plain && str_eq(a->aggregator->name, STR("sum")) &&
	       a->aggregator->arg_count == 1 && !a->distinct && a->order_count == 0;
}

static bool is_small_integer(const struct type *t)
{
	return type_is_integer(t) && physical_size(type_physical(t)) <= 8;
}

/*
 * x + c, x - c or c + x in integers: *base is x, *constant c. ClickHouse's sums and additions are modulo 2^64 once they
 * are 64 bits wide, and narrower additions cannot overflow; PostgreSQL's fail when they do, so there x must be narrower
 * than the addition, and c small.
 */
static bool is_shifted(const struct binder *b, struct expr *x, struct expr **base, struct expr **constant, bool *minus)
{
	if (x->kind != EXPR_CALL || x->call->function == NULL || x->arg_count != 2 || !is_small_integer(x->type))
		return false;
	bool plus = strcmp(x->call->function->name, "plus") == 0;
	*minus = strcmp(x->call->function->name, "minus") == 0;
	unsigned c = x->args[0]->kind == EXPR_CONSTANT && plus ? 0 : 1;
	*base = x->args[1 - c];
	*constant = x->args[c];
	if ((!plus && !*minus) || (*constant)->kind != EXPR_CONSTANT || (*base)->kind == EXPR_CONSTANT ||
	    (*base)->is_volatile || !is_small_integer((*base)->type) || !is_small_integer((*constant)->type) ||
	    vector_is_null((*constant)->constant, 0))
		return false;
	if (b->dialect == DIALECT_CLICKHOUSE)
		return true;
	const struct type *narrow = (*base)->type;
	if ((*base)->kind == EXPR_CALL && (*base)->call->function == NULL && (*base)->arg_count == 1)
		narrow = (*base)->args[0]->type;
	return type_physical(x->type) == PHYS_I32 && type_is_integer(narrow) &&
	       physical_size(type_physical(narrow)) <= 2 && type_physical((*constant)->type) == PHYS_I32 &&
	       llabs(*(const int32_t *)(*constant)->constant->data) < 1 << 30;
}

static bool same_filter(const struct expr *a, const struct expr *c)
{
	return (a == NULL) == (c == NULL) && (a == NULL || expr_equal(a, c));
}

/* f(arg) among the new aggregates, added where it is missing; a column of the project above. */
static enum status aggregate_of(struct binder *b, struct leaner *l, const char *name, struct expr *arg,
                                struct expr *filter, struct expr **out)
{
	struct plan_aggregate a = {.filter = filter, .args = ARENA_ARRAY(b->arena, struct expr *, 1)};
	TRY(aggregate_bind(&b->env, str_of(name), NULL, 0, &arg->type, 1, false, &a.aggregator));
	a.args[0] = arg;
	if (a.aggregator->arg_count == 1)
		TRY(expr_cast(&b->env, arg, a.aggregator->arg_types[0], CAST_IMPLICIT, &a.args[0]));
	size_t i = 0;
	for (; i < l->aggregate_count; i++) {
		const struct plan_aggregate *c = &l->aggregates[i];
		if (str_eq(c->aggregator->name, a.aggregator->name) && c->aggregator->arg_count == a.aggregator->arg_count &&
		    !c->distinct && c->order_count == 0 && same_filter(c->filter, filter) &&
		    (a.aggregator->arg_count == 0 || expr_equal(c->args[0], a.args[0])))
			break;
	}
	if (i == l->aggregate_count)
		ARENA_PUSH(b->arena, l->aggregates, l->aggregate_count, l->aggregate_capacity, a);
	*out = expr_column(b->arena, AGGREGATE_BASE + (uint32_t)i, l->aggregates[i].aggregator->result, STR(""));
	return OK;
}

/* How many sums of the node shift the same x under the same filter. */
static uint32_t count_alike(const struct binder *b, const struct plan *p, const struct expr *base,
                            const struct expr *filter)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < p->u.aggregate.aggregate_count; i++) {
		const struct plan_aggregate *a = &p->u.aggregate.aggregates[i];
		struct expr *x, *c;
		bool minus;
		n += is_plain_sum(b, a) && is_shifted(b, a->args[0], &x, &c, &minus) && expr_equal(x, base) &&
			same_filter(a->filter, filter);
	}
	return n;
}

static enum status split_sum(struct binder *b, struct leaner *l, const struct plan_aggregate *a, struct expr **out)
{
	struct expr *base, *constant, *sum, *count, *shift;
	const struct type *result = a->aggregator->result, *plain = type_not_nullable(b->arena, result);
	bool minus;
	enum cast_mode mode = b->dialect == DIALECT_CLICKHOUSE ? CAST_CH : CAST_PG;
	*out = NULL;
	if (!b->config->options.lean_sums || !is_plain_sum(b, a) || !is_small_integer(plain) ||
	    !is_shifted(b, a->args[0], &base, &constant, &minus) ||
	    count_alike(b, l->old, base, a->filter) < 2)
		return OK;
	TRY(aggregate_of(b, l, "sum", base, a->filter, &sum));
	TRY(aggregate_of(b, l, "count", base, a->filter, &count));
	TRY(expr_cast(&b->env, sum, result, mode, &sum));
	TRY(expr_cast(&b->env, count, plain, mode, &count));
	TRY(expr_cast(&b->env, constant, plain, mode, &constant));
	TRY(bind_function(b, STR("multiply"), (struct expr *[]){constant, count}, 2, 0, &shift));
	TRY(bind_function(b, minus ? STR("minus") : STR("plus"), (struct expr *[]){sum, shift}, 2, 0, &sum));
	TRY(expr_cast(&b->env, sum, result, mode, out));
	l->changed = true;
	return OK;
}

/* ---- the node ---- */

static struct expr *settle(struct binder *b, const struct leaner *l, const struct expr *x)
{
	if (x->kind == EXPR_COLUMN && x->column >= AGGREGATE_BASE)
		return expr_column(b->arena, l->key_count + (x->column - AGGREGATE_BASE), x->type, x->name);
	if (x->arg_count == 0)
		return (struct expr *)x;
	struct expr **args = ARENA_ARRAY(b->arena, struct expr *, x->arg_count);
	for (uint32_t i = 0; i < x->arg_count; i++)
		args[i] = settle(b, l, x->args[i]);
	struct expr *y = expr_call(b->arena, x->call, args);
	y->type = x->type;
	return y;
}

static struct plan *make_node(struct binder *b, struct leaner *l)
{
	struct plan *p = l->old, *fresh = plan_new(b->arena, PLAN_AGGREGATE, l->key_count + (uint32_t)l->aggregate_count);
	fresh->inputs = p->inputs;
	fresh->input_count = p->input_count;
	fresh->u.aggregate = p->u.aggregate;
	fresh->u.aggregate.keys = l->keys;
	fresh->u.aggregate.key_count = l->key_count;
	fresh->u.aggregate.aggregates = l->aggregates;
	fresh->u.aggregate.aggregate_count = (uint32_t)l->aggregate_count;
	for (uint32_t i = 0; i < fresh->column_count; i++) {
		bool key = i < l->key_count;
		fresh->types[i] = key ? l->keys[i]->type : l->aggregates[i - l->key_count].aggregator->result;
		fresh->names[i] = key ? l->keys[i]->name : l->aggregates[i - l->key_count].aggregator->name;
	}
	struct expr **exprs = ARENA_ARRAY(b->arena, struct expr *, p->column_count + 1);
	for (uint32_t i = 0; i < p->column_count; i++)
		exprs[i] = settle(b, l, l->exprs[i]);
	return plan_project(b->arena, fresh, exprs, p->names, p->column_count);
}

/* ---- ranges of columns ---- */

/* The scan below plain projections, and which of its columns input column `column` is; NULL: it is none. */
static const struct plan *trace(const struct plan *p, uint32_t *column)
{
	for (; p->kind == PLAN_PROJECT; p = p->inputs[0]) {
		const struct expr *x = p->u.project.exprs[*column];
		if (x->kind != EXPR_COLUMN)
			return NULL;
		*column = x->column;
	}
	return p->kind == PLAN_SCAN ? p : NULL;
}

static bool is_range(const struct plan *p, const struct plan_aggregate *a, uint32_t *column, bool *greatest)
{
	const struct str name = a->aggregator->name;
	*greatest = str_eq(name, STR("max"));
	if (a->filter != NULL || a->order_count != 0 || a->aggregator->arg_count != 1 || a->args[0]->kind != EXPR_COLUMN ||
	    !(*greatest || str_eq(name, STR("min"))) || a->args[0]->type->nullable ||
	    type_physical(a->aggregator->result) != type_physical(a->args[0]->type))
		return false;
	uint32_t at = a->args[0]->column;
	const struct plan *scan = trace(p->inputs[0], &at);
	*column = scan == NULL ? UINT32_MAX : scan->u.scan.columns[at];
	return (*column & (COLUMN_VIRTUAL | COLUMN_SIZES)) == 0;
}

static struct plan *rewrite_ranges(const struct binder *b, struct plan *p)
{
	const struct plan *scan = p->inputs[0];
	uint32_t n = p->u.aggregate.aggregate_count;
	bool some = false;
	while (scan->kind == PLAN_PROJECT)
		scan = scan->inputs[0];
	if (!b->config->options.ranges || p->u.aggregate.key_count != 0 || p->u.aggregate.set_count != 0 ||
	    p->u.aggregate.totals || n != p->column_count || scan->kind != PLAN_SCAN || scan->u.scan.filter_count != 0 ||
	    scan->u.scan.final || scan->u.scan.table->ops->column_range == NULL)
		return NULL;
	struct plan *out = plan_new(b->arena, PLAN_RANGES, n);
	out->u.ranges.table = scan->u.scan.table;
	out->u.ranges.columns = ARENA_ARRAY(b->arena, uint32_t, n + 1);
	out->u.ranges.greatest = ARENA_ARRAY(b->arena, bool, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		const struct plan_aggregate *a = &p->u.aggregate.aggregates[i];
		out->types[i] = p->types[i];
		out->names[i] = p->names[i];
		if (str_eq(a->aggregator->name, STR("count")) && a->aggregator->arg_count == 0 && a->filter == NULL) {
			out->u.ranges.columns[i] = UINT32_MAX;
			continue;
		}
		if (!is_range(p, a, &out->u.ranges.columns[i], &out->u.ranges.greatest[i]))
			return NULL;
		some = true;
	}
	out->inputs = ARENA_ARRAY(b->arena, struct plan *, 1);
	out->inputs[0] = p;
	out->input_count = 1;
	return some ? out : NULL;
}

enum status rewrite_aggregate(struct binder *b, struct plan **p)
{
	struct plan *old = *p;
	uint32_t keys = old->u.aggregate.key_count;
	struct leaner l = {.old = old, .key_at = ARENA_ARRAY(b->arena, uint32_t, keys + 1),
	                   .exprs = ARENA_ARRAY(b->arena, struct expr *, old->column_count + 1)};
	struct plan *ranges = rewrite_ranges(b, old);
	if (ranges != NULL) {
		*p = ranges;
		return OK;
	}
	if (old->u.aggregate.set_count != 0 || old->u.aggregate.totals || old->u.aggregate.input_sorted ||
	    old->column_count != keys + old->u.aggregate.aggregate_count)
		return OK;
	TRY(keep_keys(b, &l));
	for (uint32_t i = 0; i < keys; i++) {
		const struct type *t = l.bare[i] == NULL ? old->types[i] : l.bare[i]->type;
		l.exprs[i] = l.key_at[i] != KEY_GONE ? expr_column(b->arena, l.key_at[i], t, old->names[i])
		                                     : over_groups(b, &l, old->u.aggregate.keys[i]);
		if (l.bare[i] != NULL)
			TRY(expr_cast(&b->env, l.exprs[i], old->types[i], CAST_PG, &l.exprs[i]));
	}
	for (uint32_t i = 0; i < old->u.aggregate.aggregate_count; i++) {
		struct plan_aggregate *a = &old->u.aggregate.aggregates[i];
		struct expr **out = &l.exprs[keys + i];
		TRY(split_sum(b, &l, a, out));
		if (*out != NULL)
			continue;
		*out = expr_column(b->arena, AGGREGATE_BASE + (uint32_t)l.aggregate_count, a->aggregator->result,
		                   old->names[keys + i]);
		ARENA_PUSH(b->arena, l.aggregates, l.aggregate_count, l.aggregate_capacity, *a);
	}
	if (l.changed)
		*p = make_node(b, &l);
	return OK;
}

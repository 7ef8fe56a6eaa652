// SPDX-License-Identifier: Apache-2.0
/*
 * Rewrites of a bound plan: filters move down to the scans, cross joins with equalities become hash joins, columns that
 * nobody reads go, limits move into sorts and scans, count() of a table comes from its metadata.
 *
 * Each pass takes a tree and gives a tree with the same output columns in the same order, so passes can be left out.
 */
#include "plan/rewrite_impl.h"

/* ---- filters ---- */

struct conjuncts {
	struct expr **items;
	size_t count, capacity;
};

static enum status push_filters(struct binder *b, struct plan *p, struct conjuncts *filters, struct plan **out);
static enum status take_conjuncts(struct binder *b, struct expr *x, struct conjuncts *to);
static enum status one_side(struct binder *b, const struct expr *x, uint32_t from, uint32_t to, struct expr **out);

static enum status wrap_filters(struct binder *b, struct plan *p, struct conjuncts *filters, struct plan **out)
{
	*out = p;
	if (filters->count == 0)
		return OK;
	struct plan *f = plan_unary(b->arena, PLAN_FILTER, p);
	f->u.filter.predicate = filters->items[0];
	if (filters->count > 1)
		TRY(bind_function(b, STR("and"), filters->items, (uint32_t)filters->count, 0, &f->u.filter.predicate));
	*out = f;
	return OK;
}

/* x with every column replaced by the expression that computes it; NULL when that would repeat or reorder volatile
 * work. */
static struct expr *substitute(struct binder *b, struct expr *x, struct expr *const *by)
{
	if (x->kind == EXPR_COLUMN)
		return by[x->column]->is_volatile ? NULL : by[x->column];
	if (x->arg_count == 0)
		return x;
	struct expr **args = ARENA_ARRAY(b->arena, struct expr *, x->arg_count);
	for (uint32_t i = 0; i < x->arg_count; i++)
		if ((args[i] = substitute(b, x->args[i], by)) == NULL)
			return NULL;
	struct expr *y = x->kind == EXPR_LAMBDA ? expr_lambda(b->arena, x->lambda, args) : expr_call(b->arena, x->call, args);
	y->type = x->type;
	y->position = x->position;
	return y;
}

static bool reads_below(const struct expr *x, uint32_t from, uint32_t to)
{
	if (x->kind == EXPR_COLUMN)
		return x->column >= from && x->column < to;
	for (uint32_t i = 0; i < x->arg_count; i++)
		if (!reads_below(x->args[i], from, to))
			return false;
	return true;
}

static struct expr *moved(struct binder *b, const struct expr *x, uint32_t columns, uint32_t from)
{
	uint32_t *map = ARENA_ARRAY(b->arena, uint32_t, columns + 1);
	for (uint32_t i = from; i < columns; i++)
		map[i] = i - from;
	return expr_remap(b->arena, x, map);
}

static void take(struct binder *b, struct conjuncts *to, struct expr *x)
{
	ARENA_PUSH(b->arena, to->items, to->count, to->capacity, x);
}

static enum status through_project(struct binder *b, struct plan *p, struct conjuncts *filters, struct plan **out)
{
	struct conjuncts below = {0}, stay = {0};
	for (size_t i = 0; i < filters->count; i++) {
		struct expr *y = filters->items[i]->is_volatile ? NULL : substitute(b, filters->items[i], p->u.project.exprs);
		take(b, y != NULL ? &below : &stay, y != NULL ? y : filters->items[i]);
	}
	TRY(push_filters(b, p->inputs[0], &below, &p->inputs[0]));
	return wrap_filters(b, p, &stay, out);
}

/* Conditions on group keys alone filter the rows before they are grouped. */
static enum status through_aggregate(struct binder *b, struct plan *p, struct conjuncts *filters, struct plan **out)
{
	struct conjuncts below = {0}, stay = {0}, none = {0};
	for (size_t i = 0; i < filters->count; i++) {
		struct expr *x = filters->items[i];
		bool keys_only = p->u.aggregate.key_count != 0 && !x->is_volatile && p->u.aggregate.set_count == 0 &&
			!p->u.aggregate.totals && reads_below(x, 0, p->u.aggregate.key_count);
		struct expr *y = keys_only ? substitute(b, x, p->u.aggregate.keys) : NULL;
		take(b, y != NULL ? &below : &stay, y != NULL ? y : x);
	}
	TRY(push_filters(b, p->inputs[0], below.count != 0 ? &below : &none, &p->inputs[0]));
	return wrap_filters(b, p, &stay, out);
}

/* Below a join, an equality of both sides is a key, a condition of one side a filter there. */
static enum status into_join(struct binder *b, struct plan *p, struct conjuncts *filters, struct plan **out)
{
	uint32_t left = p->inputs[0]->column_count, all = left + p->inputs[1]->column_count;
	enum plan_join_kind kind = p->u.join.kind;
	bool inner = (kind == PLAN_JOIN_INNER || kind == PLAN_JOIN_CROSS) && !p->u.join.any && p->u.join.asof == 0;
	bool left_ok = inner || kind == PLAN_JOIN_LEFT || kind == PLAN_JOIN_SEMI || kind == PLAN_JOIN_ANTI ||
		kind == PLAN_JOIN_MARK || (kind == PLAN_JOIN_INNER && !p->u.join.once);
	bool right_ok = inner || kind == PLAN_JOIN_RIGHT;
	struct conjuncts lefts = {0}, rights = {0}, stay = {0};
	size_t keys = p->u.join.key_count, key_capacity = 0;
	struct expr **left_keys = NULL, **right_keys = NULL;
	bool *safe = NULL;
	for (size_t i = 0; i < filters->count; i++) {
		struct expr *x = filters->items[i];
		if (x->is_volatile) {
			take(b, &stay, x);
		} else if (left_ok && reads_below(x, 0, left)) {
			take(b, &lefts, x);
		} else if (right_ok && reads_below(x, left, all)) {
			take(b, &rights, moved(b, x, all, left));
		} else if (inner && x->kind == EXPR_CALL && x->call->function != NULL &&
		           strcmp(x->call->function->name, "equals") == 0 &&
		           type_equal_physical(type_plain(b->arena, x->args[0]->type), type_plain(b->arena, x->args[1]->type)) &&
		           ((reads_below(x->args[0], 0, left) && reads_below(x->args[1], left, all)) ||
		            (reads_below(x->args[1], 0, left) && reads_below(x->args[0], left, all)))) {
			unsigned l = reads_below(x->args[0], 0, left) ? 0 : 1;
			if (key_capacity == 0) {
				key_capacity = keys + filters->count;
				left_keys = ARENA_ARRAY(b->arena, struct expr *, key_capacity);
				right_keys = ARENA_ARRAY(b->arena, struct expr *, key_capacity);
				safe = ARENA_ARRAY(b->arena, bool, key_capacity);
				for (size_t k = 0; k < keys; k++) {
					left_keys[k] = p->u.join.left_keys[k];
					right_keys[k] = p->u.join.right_keys[k];
					safe[k] = p->u.join.null_safe != NULL && p->u.join.null_safe[k];
				}
			}
			left_keys[keys] = x->args[l];
			right_keys[keys++] = moved(b, x->args[1 - l], all, left);
		} else {
			struct expr *l = NULL, *r = NULL;
			if (inner)
				TRY(one_side(b, x, 0, left, &l));
			if (inner)
				TRY(one_side(b, x, left, all, &r));
			if (l != NULL)
				take(b, &lefts, l);
			if (r != NULL)
				take(b, &rights, moved(b, r, all, left));
			take(b, &stay, x);
		}
	}
	if (key_capacity != 0) {
		p->u.join.left_keys = left_keys;
		p->u.join.right_keys = right_keys;
		p->u.join.null_safe = safe;
		p->u.join.key_count = (uint32_t)keys;
		p->u.join.kind = kind == PLAN_JOIN_CROSS ? PLAN_JOIN_INNER : kind;
	}
	TRY(push_filters(b, p->inputs[0], &lefts, &p->inputs[0]));
	TRY(push_filters(b, p->inputs[1], &rights, &p->inputs[1]));
	return wrap_filters(b, p, &stay, out);
}

static enum status into_scan(struct binder *b, struct plan *p, struct conjuncts *filters, struct plan **out)
{
	struct conjuncts stay = {0};
	if (!(p->u.scan.table->ops->features & TABLE_APPLIES_PREWHERE) || p->u.scan.final) {
		/* the engine may still prune by them; FINAL must see all versions of a row before its columns are looked at */
		p->u.scan.filters = filters->items;
		p->u.scan.filter_count = (uint32_t)filters->count;
		p->u.scan.prewhere_count = 0;
		return wrap_filters(b, p, filters, out);
	}
	struct conjuncts pre = {0};
	for (size_t i = 0; i < filters->count; i++)
		take(b, filters->items[i]->is_volatile ? &stay : &pre, filters->items[i]);
	p->u.scan.filters = pre.items;
	p->u.scan.filter_count = p->u.scan.prewhere_count = (uint32_t)pre.count;
	return wrap_filters(b, p, &stay, out);
}

static enum status into_inputs(struct binder *b, struct plan *p, struct conjuncts *filters, struct plan **out)
{
	struct conjuncts none = {0};
	for (uint32_t i = 0; i < p->input_count; i++) {
		none.count = 0;
		TRY(push_filters(b, p->inputs[i], &none, &p->inputs[i]));
	}
	if (p->kind == PLAN_APPLY)
		TRY(push_filters(b, p->u.apply.right, &none, &p->u.apply.right));
	return wrap_filters(b, p, filters, out);
}

static enum status into_union(struct binder *b, struct plan *p, struct conjuncts *filters, struct plan **out)
{
	for (uint32_t i = 0; i < p->input_count; i++) {
		struct conjuncts copy = {0};
		for (size_t k = 0; k < filters->count; k++)
			take(b, &copy, filters->items[k]);
		TRY(push_filters(b, p->inputs[i], &copy, &p->inputs[i]));
	}
	*out = p;
	return OK;
}

/* Conditions on the columns in front of the unnested ones hold before unnesting, too. */
static enum status through_unnest(struct binder *b, struct plan *p, struct conjuncts *filters, struct plan **out)
{
	struct conjuncts below = {0}, stay = {0};
	for (size_t i = 0; i < filters->count; i++) {
		struct expr *x = filters->items[i];
		take(b, !x->is_volatile && reads_below(x, 0, p->inputs[0]->column_count) ? &below : &stay, x);
	}
	TRY(push_filters(b, p->inputs[0], &below, &p->inputs[0]));
	return wrap_filters(b, p, &stay, out);
}

/* What is asked of the keys holds for the groups that are summed up, too. */
static enum status into_totals(struct binder *b, struct plan *p, struct conjuncts *filters, struct plan **out)
{
	struct conjuncts below = {0}, stay = {0};
	for (size_t i = 0; i < filters->count; i++) {
		struct expr *x = filters->items[i];
		bool keys = !x->is_volatile && reads_below(x, 0, p->u.totals.aggregate->u.aggregate.key_count);
		take(b, keys && !b->config->options.totals_before_having ? &below : &stay, x);
	}
	TRY(push_filters(b, p->inputs[0], &below, &p->inputs[0]));
	return wrap_filters(b, p, &stay, out);
}

static bool has_equal(const struct conjuncts *list, const struct expr *x)
{
	for (size_t i = 0; i < list->count; i++)
		if (expr_equal(list->items[i], x))
			return true;
	return false;
}

static enum status conjunction(struct binder *b, const struct conjuncts *list, const char *name, struct expr **out)
{
	*out = list->count == 1 ? list->items[0] : NULL;
	return list->count == 1 ? OK : bind_function(b, str_of(name), list->items, (uint32_t)list->count, 0, out);
}

/* a AND x OR a AND y is a AND (x OR y): what all arms demand stands alone. */
static enum status take_disjunction(struct binder *b, struct expr *x, struct conjuncts *to)
{
	uint32_t n = x->arg_count;
	struct conjuncts *arms = ARENA_ARRAY(b->arena, struct conjuncts, n + 1), shared = {0}, rest = {0};
	for (uint32_t i = 0; i < n; i++)
		bind_conjuncts(b, x->args[i], &arms[i].items, &arms[i].count, &arms[i].capacity);
	for (size_t k = 0; k < arms[0].count; k++) {
		bool everywhere = !has_equal(&shared, arms[0].items[k]);
		for (uint32_t i = 1; i < n && everywhere; i++)
			everywhere = has_equal(&arms[i], arms[0].items[k]);
		if (everywhere)
			take(b, &shared, arms[0].items[k]);
	}
	for (size_t k = 0; k < shared.count; k++)
		take(b, to, shared.items[k]);
	for (uint32_t i = 0; i < n && shared.count != 0; i++) {
		struct conjuncts arm = {0};
		struct expr *one;
		for (size_t k = 0; k < arms[i].count; k++)
			if (!has_equal(&shared, arms[i].items[k]))
				take(b, &arm, arms[i].items[k]);
		if (arm.count == 0) /* this arm demands nothing else */
			return OK;
		TRY(conjunction(b, &arm, "and", &one));
		take(b, &rest, one);
	}
	if (shared.count != 0)
		TRY(conjunction(b, &rest, "or", &x));
	take(b, to, x);
	return OK;
}

static enum status take_conjuncts(struct binder *b, struct expr *x, struct conjuncts *to)
{
	struct conjuncts parts = {0};
	bind_conjuncts(b, x, &parts.items, &parts.count, &parts.capacity);
	for (size_t i = 0; i < parts.count; i++) {
		struct expr *p = parts.items[i];
		bool either = p->kind == EXPR_CALL && p->call->function != NULL && strcmp(p->call->function->name, "or") == 0;
		if (either && !p->is_volatile && p->arg_count > 1)
			TRY(take_disjunction(b, p, to));
		else
			take(b, to, p);
	}
	return OK;
}

/* Of arms that each demand something of columns [from, to) alone, these demands, as one more condition. */
static enum status one_side(struct binder *b, const struct expr *x, uint32_t from, uint32_t to, struct expr **out)
{
	struct conjuncts sides = {0};
	*out = NULL;
	if (x->kind != EXPR_CALL || x->call->function == NULL || strcmp(x->call->function->name, "or") != 0 || x->is_volatile)
		return OK;
	for (uint32_t i = 0; i < x->arg_count; i++) {
		struct conjuncts arm = {0}, mine = {0};
		struct expr *one;
		bind_conjuncts(b, x->args[i], &arm.items, &arm.count, &arm.capacity);
		for (size_t k = 0; k < arm.count; k++)
			if (reads_below(arm.items[k], from, to) && arm.items[k]->kind != EXPR_CONSTANT)
				take(b, &mine, arm.items[k]);
		if (mine.count == 0)
			return OK;
		TRY(conjunction(b, &mine, "and", &one));
		take(b, &sides, one);
	}
	return conjunction(b, &sides, "or", out);
}

static enum status push_filters(struct binder *b, struct plan *p, struct conjuncts *filters, struct plan **out)
{
	switch (p->kind) {
	case PLAN_FILTER:
		TRY(take_conjuncts(b, p->u.filter.predicate, filters));
		return push_filters(b, p->inputs[0], filters, out);
	case PLAN_PROJECT:
		return through_project(b, p, filters, out);
	case PLAN_AGGREGATE:
		return through_aggregate(b, p, filters, out);
	case PLAN_JOIN:
		return into_join(b, p, filters, out);
	case PLAN_SCAN:
		return into_scan(b, p, filters, out);
	case PLAN_UNNEST:
		return through_unnest(b, p, filters, out);
	case PLAN_TOTALS:
		return into_totals(b, p, filters, out);
	case PLAN_UNION:
		return into_union(b, p, filters, out);
	case PLAN_SORT:
	case PLAN_DISTINCT: {
		if (p->kind == PLAN_SORT && p->u.sort.with_ties)
			return into_inputs(b, p, filters, out);
		struct conjuncts stay = {0}, below = {0};
		for (size_t i = 0; i < filters->count; i++)
			take(b, filters->items[i]->is_volatile ? &stay : &below, filters->items[i]);
		TRY(push_filters(b, p->inputs[0], &below, &p->inputs[0]));
		return wrap_filters(b, p, &stay, out);
	}
	default:
		return into_inputs(b, p, filters, out);
	}
}

/* ---- columns ---- */

/*
 * Rebuilds p with the columns of `needed` only (at least one, where it must carry a row count) and tells where each old
 * column went. The order is kept.
 */
static struct plan *prune(struct binder *b, struct plan *p, const bool *needed, uint32_t *map);

static void mark(const struct expr *x, bool *used)
{
	if (x != NULL)
		expr_columns(x, used);
}

static struct expr *remap(struct binder *b, const struct expr *x, const uint32_t *map)
{
	return x == NULL ? NULL : expr_remap(b->arena, x, map);
}

/* Output columns that stay: fills map and returns their number. */
static uint32_t number_kept(const struct plan *p, const bool *needed, uint32_t *map)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < p->column_count; i++)
		map[i] = needed[i] ? n++ : 0;
	return n;
}

static void keep_columns(struct plan *p, const bool *needed)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < p->column_count; i++)
		if (needed[i]) {
			p->types[n] = p->types[i];
			p->names[n++] = p->names[i];
		}
	p->column_count = n;
}

static struct plan *prune_scan(struct binder *b, struct plan *p, const bool *needed, uint32_t *map)
{
	bool *used = ARENA_ARRAY(b->arena, bool, p->column_count + 1);
	memcpy(used, needed, p->column_count);
	for (uint32_t i = 0; i < p->u.scan.filter_count; i++)
		mark(p->u.scan.filters[i], used);
	number_kept(p, used, map);
	struct expr **filters = ARENA_ARRAY(b->arena, struct expr *, p->u.scan.filter_count + 1);
	for (uint32_t i = 0; i < p->u.scan.filter_count; i++)
		filters[i] = remap(b, p->u.scan.filters[i], map);
	uint32_t at = 0;
	for (uint32_t i = 0; i < p->column_count; i++)
		if (used[i])
			p->u.scan.columns[at++] = p->u.scan.columns[i];
	keep_columns(p, used);
	p->u.scan.filters = filters;
	return p;
}

static struct plan *prune_project(struct binder *b, struct plan *p, const bool *needed, uint32_t *map)
{
	struct plan *input = p->inputs[0];
	bool *used = ARENA_ARRAY(b->arena, bool, input->column_count + 1);
	uint32_t *inner = ARENA_ARRAY(b->arena, uint32_t, input->column_count + 1);
	for (uint32_t i = 0; i < p->column_count; i++)
		if (needed[i])
			mark(p->u.project.exprs[i], used);
	p->inputs[0] = prune(b, input, used, inner);
	number_kept(p, needed, map);
	uint32_t n = 0;
	struct expr **exprs = ARENA_ARRAY(b->arena, struct expr *, p->column_count + 1);
	for (uint32_t i = 0; i < p->column_count; i++)
		if (needed[i])
			exprs[n++] = remap(b, p->u.project.exprs[i], inner);
	keep_columns(p, needed);
	p->u.project.exprs = exprs;
	return p;
}

static struct plan *prune_aggregate(struct binder *b, struct plan *p, const bool *needed, uint32_t *map)
{
	struct plan *input = p->inputs[0];
	uint32_t keys = p->u.aggregate.key_count;
	bool *used = ARENA_ARRAY(b->arena, bool, input->column_count + 1);
	uint32_t *inner = ARENA_ARRAY(b->arena, uint32_t, input->column_count + 1);
	bool *kept = ARENA_ARRAY(b->arena, bool, p->column_count + 1);
	for (uint32_t i = 0; i < p->column_count; i++) /* keys make the groups and stay */
		kept[i] = i < keys || needed[i] || p->u.aggregate.totals ||
			(p->u.aggregate.set_count != 0 && i == p->column_count - 1);
	for (uint32_t i = 0; i < keys; i++)
		mark(p->u.aggregate.keys[i], used);
	for (uint32_t i = 0; i < p->u.aggregate.aggregate_count; i++) {
		struct plan_aggregate *a = &p->u.aggregate.aggregates[i];
		if (!kept[keys + i])
			continue;
		for (uint32_t k = 0; k < a->aggregator->arg_count; k++)
			mark(a->args[k], used);
		mark(a->filter, used);
		for (uint32_t k = 0; k < a->order_count; k++)
			mark(a->order[k].expr, used);
	}
	p->inputs[0] = prune(b, input, used, inner);
	for (uint32_t i = 0; i < keys; i++)
		p->u.aggregate.keys[i] = remap(b, p->u.aggregate.keys[i], inner);
	uint32_t n = 0;
	for (uint32_t i = 0; i < p->u.aggregate.aggregate_count; i++) {
		struct plan_aggregate a = p->u.aggregate.aggregates[i];
		if (!kept[keys + i])
			continue;
		struct expr **args = ARENA_ARRAY(b->arena, struct expr *, a.aggregator->arg_count + 1);
		for (uint32_t k = 0; k < a.aggregator->arg_count; k++)
			args[k] = remap(b, a.args[k], inner);
		a.args = args;
		a.filter = remap(b, a.filter, inner);
		for (uint32_t k = 0; k < a.order_count; k++)
			a.order[k].expr = remap(b, a.order[k].expr, inner);
		p->u.aggregate.aggregates[n++] = a;
	}
	p->u.aggregate.aggregate_count = n;
	number_kept(p, kept, map);
	keep_columns(p, kept);
	return p;
}

static struct plan *prune_join(struct binder *b, struct plan *p, const bool *needed, uint32_t *map)
{
	struct plan *l = p->inputs[0], *r = p->inputs[1];
	uint32_t left = l->column_count, all = left + r->column_count;
	bool *used = ARENA_ARRAY(b->arena, bool, all + 2);
	uint32_t *both = ARENA_ARRAY(b->arena, uint32_t, all + 2);
	memcpy(used, needed, p->column_count < all ? p->column_count : all);
	mark(p->u.join.residual, used);
	mark(p->u.join.asof_left, used);
	if (p->u.join.asof_right != NULL)
		expr_columns(p->u.join.asof_right, used + left);
	for (uint32_t i = 0; i < p->u.join.key_count; i++) {
		mark(p->u.join.left_keys[i], used);
		expr_columns(p->u.join.right_keys[i], used + left);
	}
	bool *output = ARENA_ARRAY(b->arena, bool, p->column_count + 1);
	for (uint32_t i = 0; i < p->column_count; i++)
		output[i] = i < all ? used[i] : true;
	p->inputs[0] = prune(b, l, used, both);
	p->inputs[1] = prune(b, r, used + left, both + left);
	for (uint32_t i = 0; i < p->u.join.key_count; i++) {
		p->u.join.left_keys[i] = remap(b, p->u.join.left_keys[i], both);
		p->u.join.right_keys[i] = remap(b, p->u.join.right_keys[i], both + left);
	}
	p->u.join.asof_left = remap(b, p->u.join.asof_left, both);
	p->u.join.asof_right = remap(b, p->u.join.asof_right, both + left);
	/* a side may keep more than was asked for: number the output by what is there now */
	for (uint32_t i = left; i < all; i++)
		both[i] += p->inputs[0]->column_count;
	p->u.join.residual = remap(b, p->u.join.residual, both);
	uint32_t new_left = p->inputs[0]->column_count, new_all = new_left + p->inputs[1]->column_count;
	bool left_only = p->u.join.kind == PLAN_JOIN_SEMI || p->u.join.kind == PLAN_JOIN_ANTI,
		has_mark = p->u.join.kind == PLAN_JOIN_MARK;
	struct plan *fresh = plan_new(b->arena, PLAN_JOIN, left_only ? new_left : has_mark ? new_left + 1 : new_all);
	bool *known = ARENA_ARRAY(b->arena, bool, fresh->column_count + 1);
	for (uint32_t i = 0; i < p->column_count; i++) {
		uint32_t at = has_mark && i == left ? new_left : both[i];
		map[i] = at;
		if (at < fresh->column_count && (output[i] || (has_mark && i == left))) {
			fresh->types[at] = p->types[i];
			fresh->names[at] = p->names[i];
			known[at] = true;
		}
	}
	bool null_left = p->u.join.use_nulls && (p->u.join.kind == PLAN_JOIN_RIGHT || p->u.join.kind == PLAN_JOIN_FULL);
	bool null_right = p->u.join.use_nulls && (p->u.join.kind == PLAN_JOIN_LEFT || p->u.join.kind == PLAN_JOIN_FULL);
	for (uint32_t i = 0; i < fresh->column_count; i++) {
		if (known[i])
			continue;
		const struct plan *side = i < new_left ? p->inputs[0] : p->inputs[1];
		const struct type *t = side->types[i < new_left ? i : i - new_left];
		bool composite = t->id == TYPE_ARRAY || t->id == TYPE_MAP || t->id == TYPE_TUPLE || t->id == TYPE_AGGSTATE;
		fresh->types[i] = (i < new_left ? null_left : null_right) && !composite ? type_nullable(b->arena, t) : t;
		fresh->names[i] = side->names[i < new_left ? i : i - new_left];
	}
	fresh->inputs = p->inputs;
	fresh->input_count = 2;
	fresh->u.join = p->u.join;
	return fresh;
}

static void mark_window(const struct plan_window *f, bool *used)
{
	for (uint32_t i = 0; i < f->arg_count; i++)
		mark(f->args[i], used);
	for (uint32_t i = 0; f->function == WINDOW_AGGREGATE && i < f->aggregate.aggregator->arg_count; i++)
		mark(f->aggregate.args[i], used);
	mark(f->aggregate.filter, used);
	mark(f->frame.key, used);
	mark(f->frame.from_key, used);
	mark(f->frame.to_key, used);
}

static void remap_window(struct binder *b, struct plan_window *f, const uint32_t *map)
{
	for (uint32_t i = 0; i < f->arg_count; i++)
		f->args[i] = remap(b, f->args[i], map);
	for (uint32_t i = 0; f->function == WINDOW_AGGREGATE && i < f->aggregate.aggregator->arg_count; i++)
		f->aggregate.args[i] = remap(b, f->aggregate.args[i], map);
	f->aggregate.filter = remap(b, f->aggregate.filter, map);
	f->frame.key = remap(b, f->frame.key, map);
	f->frame.from_key = remap(b, f->frame.from_key, map);
	f->frame.to_key = remap(b, f->frame.to_key, map);
}

static struct plan *prune_window(struct binder *b, struct plan *p, const bool *needed, uint32_t *map)
{
	struct plan *input = p->inputs[0];
	uint32_t width = input->column_count, partitions = p->u.window.partition_count, orders = p->u.window.order_count;
	bool *used = ARENA_ARRAY(b->arena, bool, width + 1);
	uint32_t *inner = ARENA_ARRAY(b->arena, uint32_t, width + 1);
	struct expr **partition = ARENA_ARRAY(b->arena, struct expr *, partitions + 1);
	struct plan_order *order = ARENA_ARRAY(b->arena, struct plan_order, orders + 1);
	struct plan_window *functions = ARENA_ARRAY(b->arena, struct plan_window, p->u.window.function_count + 1);
	uint32_t kept = 0;
	memcpy(used, needed, width);
	for (uint32_t i = 0; i < partitions; i++)
		mark(p->u.window.partition[i], used);
	for (uint32_t i = 0; i < orders; i++)
		mark(p->u.window.order[i].expr, used);
	for (uint32_t i = 0; i < p->u.window.function_count; i++) {
		map[width + i] = kept;
		if (!needed[width + i])
			continue;
		functions[kept++] = p->u.window.functions[i];
		mark_window(&functions[kept - 1], used);
	}
	input = p->inputs[0] = prune(b, input, used, inner);
	for (uint32_t i = 0; i < partitions; i++)
		partition[i] = remap(b, p->u.window.partition[i], inner);
	for (uint32_t i = 0; i < orders; i++) {
		order[i] = p->u.window.order[i];
		order[i].expr = remap(b, order[i].expr, inner);
	}
	struct plan *fresh = plan_new(b->arena, PLAN_WINDOW, input->column_count + kept);
	memcpy(fresh->types, input->types, input->column_count * sizeof *fresh->types);
	memcpy(fresh->names, input->names, input->column_count * sizeof *fresh->names);
	for (uint32_t i = 0; i < kept; i++) {
		remap_window(b, &functions[i], inner);
		fresh->types[input->column_count + i] = functions[i].type;
	}
	for (uint32_t i = 0; i < p->column_count; i++)
		map[i] = i < width ? inner[i] : input->column_count + map[i];
	fresh->inputs = p->inputs;
	fresh->input_count = 1;
	fresh->u.window = p->u.window;
	fresh->u.window.partition = partition;
	fresh->u.window.order = order;
	fresh->u.window.functions = functions;
	fresh->u.window.function_count = kept;
	return fresh;
}

static struct plan *prune_unnest(struct binder *b, struct plan *p, const bool *needed, uint32_t *map)
{
	struct plan *input = p->inputs[0];
	uint32_t width = input->column_count;
	bool *used = ARENA_ARRAY(b->arena, bool, width + 1);
	uint32_t *inner = ARENA_ARRAY(b->arena, uint32_t, width + 1);
	memcpy(used, needed, width);
	for (uint32_t i = 0; i < p->u.unnest.array_count; i++)
		mark(p->u.unnest.arrays[i], used);
	p->inputs[0] = prune(b, input, used, inner);
	for (uint32_t i = 0; i < p->u.unnest.array_count; i++)
		p->u.unnest.arrays[i] = remap(b, p->u.unnest.arrays[i], inner);
	uint32_t now = p->inputs[0]->column_count, extra = p->column_count - width;
	struct plan *fresh = plan_new(b->arena, PLAN_UNNEST, now + extra);
	for (uint32_t i = 0; i < now; i++) {
		fresh->types[i] = p->inputs[0]->types[i];
		fresh->names[i] = p->inputs[0]->names[i];
	}
	for (uint32_t i = 0; i < extra; i++) {
		fresh->types[now + i] = p->types[width + i];
		fresh->names[now + i] = p->names[width + i];
	}
	for (uint32_t i = 0; i < p->column_count; i++)
		map[i] = i < width ? inner[i] : now + (i - width);
	fresh->inputs = p->inputs;
	fresh->input_count = 1;
	fresh->u.unnest = p->u.unnest;
	return fresh;
}

/* Nodes that pass their input's columns through and read some of them. */
static struct plan *prune_through(struct binder *b, struct plan *p, const bool *needed, uint32_t *map)
{
	struct plan *input = p->inputs[0];
	bool *used = ARENA_ARRAY(b->arena, bool, input->column_count + 1);
	memcpy(used, needed, input->column_count);
	if (p->kind == PLAN_FILTER)
		mark(p->u.filter.predicate, used);
	for (uint32_t i = 0; p->kind == PLAN_SORT && i < p->u.sort.order_count; i++)
		mark(p->u.sort.order[i].expr, used);
	for (uint32_t i = 0; p->kind == PLAN_LIMIT_BY && i < p->u.limit_by.key_count; i++)
		mark(p->u.limit_by.keys[i], used);
	for (uint32_t i = 0; p->kind == PLAN_LIMIT && i < p->u.limit.order_count; i++)
		mark(p->u.limit.order[i], used);
	p->inputs[0] = input = prune(b, input, used, map);
	if (p->kind == PLAN_FILTER)
		p->u.filter.predicate = remap(b, p->u.filter.predicate, map);
	for (uint32_t i = 0; p->kind == PLAN_SORT && i < p->u.sort.order_count; i++)
		p->u.sort.order[i].expr = remap(b, p->u.sort.order[i].expr, map);
	for (uint32_t i = 0; p->kind == PLAN_LIMIT_BY && i < p->u.limit_by.key_count; i++)
		p->u.limit_by.keys[i] = remap(b, p->u.limit_by.keys[i], map);
	for (uint32_t i = 0; p->kind == PLAN_LIMIT && i < p->u.limit.order_count; i++)
		p->u.limit.order[i] = remap(b, p->u.limit.order[i], map);
	p->column_count = input->column_count;
	for (uint32_t i = 0; i < input->column_count; i++) {
		p->types[i] = input->types[i];
		p->names[i] = input->names[i];
	}
	return p;
}

/* All columns of an input, unchanged: where rows as a whole matter. */
static void prune_input_whole(struct binder *b, struct plan **input)
{
	uint32_t n = (*input)->column_count;
	bool *all = ARENA_ARRAY(b->arena, bool, n + 1);
	uint32_t *map = ARENA_ARRAY(b->arena, uint32_t, n + 1);
	memset(all, 1, n);
	struct plan *pruned = prune(b, *input, all, map);
	bool same = pruned->column_count == n;
	for (uint32_t i = 0; i < n; i++)
		same &= map[i] == i;
	if (!same) { /* put them back in order */
		struct expr **exprs = ARENA_ARRAY(b->arena, struct expr *, n + 1);
		struct str *names = ARENA_ARRAY(b->arena, struct str, n + 1);
		for (uint32_t i = 0; i < n; i++) {
			exprs[i] = expr_column(b->arena, map[i], pruned->types[map[i]], pruned->names[map[i]]);
			names[i] = pruned->names[map[i]];
		}
		pruned = plan_project(b->arena, pruned, exprs, names, n);
	}
	*input = pruned;
}

static struct plan *prune(struct binder *b, struct plan *p, const bool *needed, uint32_t *map)
{
	switch (p->kind) {
	case PLAN_SCAN:
		return prune_scan(b, p, needed, map);
	case PLAN_PROJECT:
		return prune_project(b, p, needed, map);
	case PLAN_AGGREGATE:
		return prune_aggregate(b, p, needed, map);
	case PLAN_JOIN:
		return prune_join(b, p, needed, map);
	case PLAN_UNNEST:
		return prune_unnest(b, p, needed, map);
	case PLAN_WINDOW:
		return prune_window(b, p, needed, map);
	case PLAN_FILTER:
	case PLAN_SORT:
	case PLAN_LIMIT:
	case PLAN_LIMIT_BY:
		return prune_through(b, p, needed, map);
	default:
		for (uint32_t i = 0; i < p->input_count; i++)
			prune_input_whole(b, &p->inputs[i]);
		if (p->kind == PLAN_APPLY)
			prune_input_whole(b, &p->u.apply.right);
		for (uint32_t i = 0; i < p->column_count; i++)
			map[i] = i;
		return p;
	}
}

/* ---- limits and counts ---- */

static uint64_t constant_or_none(const struct expr *x, uint64_t none)
{
	int64_t v;
	if (x == NULL)
		return none;
	if (x->kind != EXPR_CONSTANT)
		return UINT64_MAX;
	memcpy(&v, x->constant->data, sizeof v);
	return (uint64_t)v;
}

static void limit_below(struct plan *p, uint64_t rows)
{
	switch (p->kind) {
	case PLAN_PROJECT:
		limit_below(p->inputs[0], rows);
		break;
	case PLAN_SORT:
		if (!p->u.sort.with_ties) /* that one has a limit of its own */
			p->u.sort.limit = rows;
		break;
	case PLAN_SCAN:
		if (p->u.scan.filter_count == p->u.scan.prewhere_count)
			p->u.scan.limit_hint = rows;
		break;
	case PLAN_UNION:
		for (uint32_t i = 0; i < p->input_count; i++)
			limit_below(p->inputs[i], rows);
		break;
	default:
		break;
	}
}

/* ORDER BY count() DESC LIMIT 10: the aggregation need not put out the groups that cannot come first. */
static void top_below(const struct binder *b, const struct plan *sort)
{
	enum { TOP_MAX = 65536 };
	struct plan *p = sort->inputs[0];
	struct plan_order first = sort->u.sort.order[0];
	struct expr *x = first.expr;
	if (sort->u.sort.limit == 0 || sort->u.sort.limit > TOP_MAX || sort->u.sort.with_ties ||
	    b->config->options.top_bound_limit == 0)
		return;
	for (; p->kind == PLAN_PROJECT && x->kind == EXPR_COLUMN; p = p->inputs[0])
		x = p->u.project.exprs[x->column];
	if (p->kind != PLAN_AGGREGATE || x->kind != EXPR_COLUMN || x->column < p->u.aggregate.key_count ||
	    p->u.aggregate.key_count == 0 || p->u.aggregate.set_count != 0 || p->u.aggregate.totals)
		return;
	p->u.aggregate.top_limit = sort->u.sort.limit;
	p->u.aggregate.top_alone = sort->u.sort.order_count == 1;
	p->u.aggregate.top = (struct plan_order){x, first.descending, first.nulls_first};
}

/* SELECT count() FROM t: the engine knows. */
static bool is_bare_count(const struct plan *p)
{
	if (p->kind != PLAN_AGGREGATE || p->u.aggregate.key_count != 0 || p->u.aggregate.aggregate_count != 1 ||
	    p->u.aggregate.totals)
		return false;
	const struct plan_aggregate *a = &p->u.aggregate.aggregates[0];
	const struct plan *scan = p->inputs[0];
	while (scan->kind == PLAN_PROJECT)
		scan = scan->inputs[0];
	return str_eq(a->aggregator->name, STR("count")) && a->aggregator->arg_count == 0 && a->filter == NULL &&
		!a->distinct &&
	       scan->kind == PLAN_SCAN && scan->u.scan.filter_count == 0 && !scan->u.scan.final &&
	       scan->u.scan.table->ops->row_count != NULL;
}

/* An order that nobody sees: below an aggregation whose results do not depend on it. */
static void drop_sort(struct plan *p)
{
	struct plan **input = &p->inputs[0];
	for (uint32_t i = 0; i < p->u.aggregate.aggregate_count; i++) {
		const struct plan_aggregate *a = &p->u.aggregate.aggregates[i];
		if (a->order_count == 0 && !str_eq(a->aggregator->name, STR("count")) &&
		    !str_eq(a->aggregator->name, STR("sum")) && !str_eq(a->aggregator->name, STR("min")) &&
		    !str_eq(a->aggregator->name, STR("max")) && !str_eq(a->aggregator->name, STR("uniqExact")))
			return;
	}
	while ((*input)->kind == PLAN_PROJECT || (*input)->kind == PLAN_FILTER)
		input = &(*input)->inputs[0];
	if ((*input)->kind == PLAN_SORT && (*input)->u.sort.limit == 0)
		*input = (*input)->inputs[0];
}

static enum status finish_tree(struct binder *b, struct plan **p)
{
	struct plan *node = *p;
	TRY(binder_enter(b, 0));
	if (node->kind == PLAN_LIMIT && !plan_limit_waits(node)) {
		uint64_t limit = constant_or_none(node->u.limit.limit, UINT64_MAX),
			offset = constant_or_none(node->u.limit.offset, 0);
		if (limit != UINT64_MAX && offset < UINT64_MAX - limit && limit + offset != 0)
			limit_below(node->inputs[0], limit + offset);
	}
	if (node->kind == PLAN_AGGREGATE)
		drop_sort(node);
	for (uint32_t i = 0; i < node->input_count; i++)
		TRY(finish_tree(b, &node->inputs[i]));
	if (node->kind == PLAN_APPLY)
		TRY(finish_tree(b, &node->u.apply.right));
	if ((node->kind == PLAN_PROJECT || node->kind == PLAN_AGGREGATE) && node->inputs[0]->kind == PLAN_SCAN)
		TRY(rewrite_lengths(b, node));
	if (node->kind == PLAN_SORT && node->u.sort.order_count != 0) {
		top_below(b, node);
		struct plan *sort;
		TRY(rewrite_fetch(b, p, &sort));
		rewrite_bound(b, sort);
	}
	if (is_bare_count(node)) {
		struct plan *scan = node->inputs[0];
		while (scan->kind == PLAN_PROJECT)
			scan = scan->inputs[0];
		struct plan *count = plan_new(b->arena, PLAN_COUNT_ROWS, 1);
		count->types[0] = node->types[0];
		count->names[0] = node->names[0];
		count->u.count_rows.table = scan->u.scan.table;
		*p = count;
	} else if (node->kind == PLAN_AGGREGATE) {
		TRY(rewrite_aggregate(b, p));
	}
	binder_leave(b);
	return OK;
}

static void number_nodes(struct plan *p, uint32_t *id)
{
	p->id = (*id)++;
	for (uint32_t i = 0; i < p->input_count; i++)
		number_nodes(p->inputs[i], id);
}

static enum status rewrite_tree(struct binder *b, struct plan **p)
{
	struct conjuncts none = {0};
	TRY(rewrite_correlated(b, p));
	TRY(push_filters(b, *p, &none, p));
	TRY(rewrite_join_order(b, p));
	prune_input_whole(b, p);
	return finish_tree(b, p);
}

static enum status rewrite_subqueries(struct binder *b, struct expr *x);

static enum status rewrite_in_window(struct binder *b, struct plan_window *f)
{
	for (uint32_t i = 0; i < f->arg_count; i++)
		TRY(rewrite_subqueries(b, f->args[i]));
	for (uint32_t i = 0; f->function == WINDOW_AGGREGATE && i < f->aggregate.aggregator->arg_count; i++)
		TRY(rewrite_subqueries(b, f->aggregate.args[i]));
	return f->aggregate.filter == NULL ? OK : rewrite_subqueries(b, f->aggregate.filter);
}

/* Correlated subqueries hang off calls: their plans are rewritten where they are. */
static enum status rewrite_in_plan(struct binder *b, struct plan *p)
{
	struct expr **lists[4] = {NULL};
	uint32_t counts[4] = {0};
	switch (p->kind) {
	case PLAN_PROJECT:
		lists[0] = p->u.project.exprs;
		counts[0] = p->column_count;
		break;
	case PLAN_FILTER:
		lists[0] = &p->u.filter.predicate;
		counts[0] = 1;
		break;
	case PLAN_SCAN:
		lists[0] = p->u.scan.filters;
		counts[0] = p->u.scan.filter_count;
		break;
	case PLAN_AGGREGATE:
		lists[0] = p->u.aggregate.keys;
		counts[0] = p->u.aggregate.key_count;
		for (uint32_t i = 0; i < p->u.aggregate.aggregate_count; i++)
			for (uint32_t k = 0; k < p->u.aggregate.aggregates[i].aggregator->arg_count; k++)
				TRY(rewrite_subqueries(b, p->u.aggregate.aggregates[i].args[k]));
		break;
	case PLAN_WINDOW:
		lists[0] = p->u.window.partition;
		counts[0] = p->u.window.partition_count;
		for (uint32_t i = 0; i < p->u.window.order_count; i++)
			TRY(rewrite_subqueries(b, p->u.window.order[i].expr));
		for (uint32_t i = 0; i < p->u.window.function_count; i++)
			TRY(rewrite_in_window(b, &p->u.window.functions[i]));
		break;
	case PLAN_SORT:
		for (uint32_t i = 0; i < p->u.sort.order_count; i++)
			TRY(rewrite_subqueries(b, p->u.sort.order[i].expr));
		break;
	case PLAN_LIMIT_BY:
		lists[0] = p->u.limit_by.keys;
		counts[0] = p->u.limit_by.key_count;
		break;
	case PLAN_UNNEST:
		lists[0] = p->u.unnest.arrays;
		counts[0] = p->u.unnest.array_count;
		break;
	case PLAN_JOIN:
		lists[0] = p->u.join.left_keys;
		lists[1] = p->u.join.right_keys;
		counts[0] = counts[1] = p->u.join.key_count;
		if (p->u.join.residual != NULL) {
			lists[2] = &p->u.join.residual;
			counts[2] = 1;
		}
		break;
	default:
		break;
	}
	for (unsigned l = 0; l < 4; l++)
		for (uint32_t i = 0; i < counts[l]; i++)
			TRY(rewrite_subqueries(b, lists[l][i]));
	for (uint32_t i = 0; i < p->input_count; i++)
		TRY(rewrite_in_plan(b, p->inputs[i]));
	return p->kind == PLAN_APPLY ? rewrite_in_plan(b, p->u.apply.right) : OK;
}

static enum status rewrite_subqueries(struct binder *b, struct expr *x)
{
	const struct call *c = x->kind == EXPR_CALL && x->call->function != NULL ? x->call : NULL;
	if (c != NULL && strcmp(c->function->name, "recursion") == 0)
		c = ((const struct recursion *)c->state)->step;
	if (c != NULL && strcmp(c->function->name, "subquery") == 0) {
		struct plan_subquery *q = c->state;
		if (!q->rewritten) {
			q->rewritten = true;
			TRY(rewrite_tree(b, &q->plan));
			TRY(rewrite_in_plan(b, q->plan));
		}
	}
	for (uint32_t i = 0; i < x->arg_count; i++)
		TRY(rewrite_subqueries(b, x->args[i]));
	return OK;
}

/* Values that rewriting asked for come before all others. */
static enum status take_early(struct binder *b, struct query_plan *q)
{
	size_t n = b->early_count;
	if (n == 0)
		return OK;
	struct plan_init *all = ARENA_ARRAY(b->arena, struct plan_init, n + q->init_count);
	for (size_t i = 0; i < n; i++) {
		TRY(rewrite_tree(b, &b->early[i].plan));
		all[i] = b->early[i];
	}
	for (uint32_t i = 0; i < q->init_count; i++)
		all[n + i] = q->inits[i];
	q->inits = all;
	q->init_count += (uint32_t)n;
	return OK;
}

enum status plan_rewrite(struct binder *b, struct query_plan *q)
{
	uint32_t id = 0;
	TRY(rewrite_tree(b, &q->root));
	TRY(rewrite_in_plan(b, q->root));
	for (uint32_t i = 0; i < q->init_count; i++) {
		TRY(rewrite_tree(b, &q->inits[i].plan));
		TRY(rewrite_in_plan(b, q->inits[i].plan));
	}
	if (q->totals != NULL) {
		TRY(rewrite_tree(b, &q->totals));
		TRY(rewrite_in_plan(b, q->totals));
	}
	TRY(take_early(b, q));
	number_nodes(q->root, &id);
	return OK;
}

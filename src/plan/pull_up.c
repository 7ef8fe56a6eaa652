// SPDX-License-Identifier: Apache-2.0
#include "plan/pull_up.h"
#include "plan/plan_walk.h"

/* ---- expressions ---- */

bool pull_reads(const struct pull *u, const struct expr *x)
{
	for (uint32_t i = 0; x->kind == EXPR_SLOT && i < u->slot_count; i++)
		if (x->column == u->slots[i])
			return true;
	for (uint32_t i = 0; i < x->arg_count; i++)
		if (pull_reads(u, x->args[i]))
			return true;
	return false;
}

static bool reads_columns(const struct expr *x)
{
	bool found = x->kind == EXPR_COLUMN;
	for (uint32_t i = 0; i < x->arg_count && !found; i++)
		found = reads_columns(x->args[i]);
	return found;
}

struct expr *pull_rebuilt(struct binder *b, const struct expr *x, struct expr **args)
{
	struct expr *y = x->kind == EXPR_LAMBDA ? expr_lambda(b->arena, x->lambda, args) : expr_call(b->arena, x->call, args);
	y->type = x->type;
	y->position = x->position;
	y->name = x->name;
	return y;
}

bool pull_equality(const struct pull *u, const struct expr *c, struct expr **x, struct expr **y)
{
	if (c->kind != EXPR_CALL || c->call->function == NULL || strcmp(c->call->function->name, "equals") != 0 ||
	    c->arg_count != 2 || c->is_volatile)
		return false;
	unsigned inner = pull_reads(u, c->args[0]) ? 1 : 0;
	*x = c->args[inner];
	*y = c->args[1 - inner];
	return !pull_reads(u, *x) && reads_columns(*x) && !reads_columns(*y);
}

static bool reads_in(struct expr **x, void *arg)
{
	return !pull_reads(arg, *x);
}

/* Of values that are equal all bytes are. */
static bool is_exact(const struct type *t)
{
	return type_is_integer(t) || type_is_string(t) || type_is_temporal(t) || t->id == TYPE_UUID || t->id == TYPE_BOOL;
}

/* ---- nodes ---- */

static struct expr *take_column(struct pull *u, const struct plan *p, uint32_t c)
{
	return expr_column(u->b->arena, c, p->types[c], p->names[c]);
}

/* Adds to the n expressions over `input` the columns that conditions read, which are over the projection then. */
static uint32_t carry(struct pull *u, const struct plan *input, struct expr **exprs, struct str *names, uint32_t n)
{
	bool *used = ARENA_ARRAY(u->b->arena, bool, input->column_count + 1);
	uint32_t *at = ARENA_ARRAY(u->b->arena, uint32_t, input->column_count + 1);
	for (size_t i = 0; i < u->count; i++)
		expr_columns(u->conditions[i], used);
	for (uint32_t c = 0; c < input->column_count; c++) {
		uint32_t k = 0;
		if (!used[c])
			continue;
		while (k < n && !(exprs[k]->kind == EXPR_COLUMN && exprs[k]->column == c))
			k++;
		at[c] = k;
		if (k < n)
			continue;
		exprs[n] = take_column(u, input, c);
		names[n++] = input->names[c];
	}
	for (size_t i = 0; i < u->count; i++)
		u->conditions[i] = expr_remap(u->b->arena, u->conditions[i], at);
	return n;
}

static bool pull_project(struct pull *u, struct plan **p, uint32_t *map)
{
	struct plan *old = *p, *input = old->inputs[0];
	struct arena *a = u->b->arena;
	uint32_t n = old->column_count, *in = ARENA_ARRAY(a, uint32_t, input->column_count + 1);
	if (!pull_up(u, &input, in))
		return false;
	struct expr **exprs = ARENA_ARRAY(a, struct expr *, n + input->column_count + 1);
	struct str *names = ARENA_ARRAY(a, struct str, n + input->column_count + 1);
	for (uint32_t i = 0; i < n; i++) {
		if (pull_reads(u, old->u.project.exprs[i]))
			return false;
		exprs[i] = expr_remap(a, old->u.project.exprs[i], in);
		names[i] = old->names[i];
		map[i] = i;
	}
	n = carry(u, input, exprs, names, n);
	*p = plan_project(a, input, exprs, names, n);
	return true;
}

static bool pull_filter(struct pull *u, struct plan **p, uint32_t *map)
{
	struct plan *input = (*p)->inputs[0];
	struct expr *predicate = (*p)->u.filter.predicate, **parts = NULL;
	size_t n = 0, capacity = 0, kept = 0;
	if (!pull_up(u, &input, map) || u->lost_row) /* the lost row might pass */
		return false;
	bind_conjuncts(u->b, expr_remap(u->b->arena, predicate, map), &parts, &n, &capacity);
	for (size_t i = 0; i < n; i++) {
		if (!pull_reads(u, parts[i])) {
			parts[kept++] = parts[i];
			continue;
		}
		ARENA_PUSH(u->b->arena, u->conditions, u->count, u->capacity, parts[i]);
	}
	*p = input;
	for (size_t i = 0; i < kept; i++) {
		*p = plan_unary(u->b->arena, PLAN_FILTER, *p);
		(*p)->u.filter.predicate = parts[i];
	}
	return true;
}

/*
 * Puts a projection on *p that has its columns map[0..n), and for each condition, which must be an equality, the value
 * that is compared; keys[0..u->count) are these columns.
 */
static bool equalities(struct pull *u, struct plan **p, uint32_t *map, uint32_t n, struct expr **keys)
{
	struct arena *a = u->b->arena;
	struct expr **exprs = ARENA_ARRAY(a, struct expr *, n + u->count + 1);
	struct str *names = ARENA_ARRAY(a, struct str, n + u->count + 1);
	for (uint32_t i = 0; i < n; i++) {
		exprs[i] = take_column(u, *p, map[i]);
		names[i] = exprs[i]->name;
		map[i] = i;
	}
	for (size_t i = 0; i < u->count; i++) {
		struct expr *x, *y, **args = ARENA_ARRAY(a, struct expr *, 2);
		if (!pull_equality(u, u->conditions[i], &x, &y) || !is_exact(type_plain(a, x->type)))
			return false;
		exprs[n + i] = x;
		names[n + i] = x->name;
		keys[i] = expr_column(a, n + (uint32_t)i, x->type, x->name);
		bool first = u->conditions[i]->args[0] == x;
		args[0] = first ? keys[i] : y;
		args[1] = first ? y : keys[i];
		u->conditions[i] = pull_rebuilt(u->b, u->conditions[i], args);
	}
	*p = plan_project(a, *p, exprs, names, n + (uint32_t)u->count);
	return true;
}

/* The values that conditions compare are further keys. */
static bool group_by_more(struct pull *u, struct plan *old, struct plan *input, struct plan **out)
{
	struct arena *a = u->b->arena;
	uint32_t keys = old->u.aggregate.key_count, more = (uint32_t)u->count, width = input->column_count;
	uint32_t *same = ARENA_ARRAY(a, uint32_t, width + 1);
	struct expr **added = ARENA_ARRAY(a, struct expr *, more + 1);
	for (uint32_t i = 0; i < width; i++)
		same[i] = i;
	if (!equalities(u, &input, same, width, added))
		return false;
	struct plan *p = plan_new(a, PLAN_AGGREGATE, old->column_count + more);
	p->inputs = ARENA_ARRAY(a, struct plan *, 1);
	p->inputs[0] = input;
	p->input_count = 1;
	p->u.aggregate = old->u.aggregate;
	p->u.aggregate.keys = ARENA_ARRAY(a, struct expr *, keys + more + 1);
	p->u.aggregate.key_count = keys + more;
	uint32_t *to = ARENA_ARRAY(a, uint32_t, width + more + 1);
	for (uint32_t i = 0; i < p->column_count; i++) {
		bool fresh = i >= keys && i < keys + more;
		uint32_t from = i < keys ? i : i - more;
		p->types[i] = fresh ? added[i - keys]->type : old->types[from];
		p->names[i] = fresh ? added[i - keys]->name : old->names[from];
		if (i < keys + more)
			p->u.aggregate.keys[i] = fresh ? added[i - keys] : old->u.aggregate.keys[i];
	}
	for (uint32_t i = 0; i < more; i++) {
		to[width + i] = keys + i;
		u->conditions[i] = expr_remap(a, u->conditions[i], to);
	}
	p->u.aggregate.one_row_when_empty = false;
	u->lost_row = old->u.aggregate.one_row_when_empty;
	u->one_row = keys == 0;
	*out = p;
	return true;
}

static bool remap_in(struct expr **x, void *arg)
{
	const struct {
		struct arena *arena;
		const uint32_t *map;
	} *m = arg;
	*x = expr_remap(m->arena, *x, m->map);
	return true;
}

static bool pull_aggregate(struct pull *u, struct plan **p, uint32_t *map)
{
	struct plan *old = *p, *input = old->inputs[0];
	uint32_t keys = old->u.aggregate.key_count;
	struct {
		struct arena *arena;
		uint32_t *map;
	} in = {u->b->arena, ARENA_ARRAY(u->b->arena, uint32_t, input->column_count + 1)};
	if (!plan_node_exprs(old, reads_in, u) || !pull_up(u, &input, in.map) || u->lost_row || u->one_row)
		return false;
	plan_node_exprs(old, remap_in, &in);
	old->inputs[0] = input;
	uint32_t more = (uint32_t)u->count;
	for (uint32_t i = 0; i < old->column_count; i++)
		map[i] = i < keys ? i : i + more;
	if (more == 0)
		return true;
	return old->u.aggregate.set_count == 0 && !old->u.aggregate.totals && !old->u.aggregate.input_sorted &&
	       group_by_more(u, old, input, p);
}

/* DISTINCT, LIMIT n and LIMIT n BY: for each combination of the values that conditions compare. */
static bool pull_per_value(struct pull *u, struct plan **p, uint32_t *map)
{
	struct plan *old = *p, *input = old->inputs[0];
	struct arena *a = u->b->arena;
	uint32_t n = old->column_count, keys = old->kind == PLAN_LIMIT_BY ? old->u.limit_by.key_count : 0;
	if (!plan_node_exprs(old, reads_in, u) || !pull_up(u, &input, map))
		return false;
	struct expr **all = ARENA_ARRAY(a, struct expr *, u->count + keys + 1);
	for (uint32_t i = 0; i < keys; i++)
		all[i] = expr_remap(a, old->u.limit_by.keys[i], map);
	if (u->count == 0 && !u->lost_row) {
		old->inputs[0] = input;
		return input->column_count == n;
	}
	if (u->lost_row || (keys != 0 && input->column_count != n))
		return false;
	if (!equalities(u, &input, map, n, all + keys))
		return false;
	*p = plan_unary(a, old->kind == PLAN_DISTINCT ? PLAN_DISTINCT : PLAN_LIMIT_BY, input);
	if (old->kind == PLAN_DISTINCT)
		return true;
	if (old->kind == PLAN_LIMIT_BY) {
		(*p)->u.limit_by = old->u.limit_by;
	} else {
		int64_t limit, offset = 0;
		const struct expr *l = old->u.limit.limit, *o = old->u.limit.offset;
		if (plan_limit_waits(old) || l == NULL || l->kind != EXPR_CONSTANT || (o != NULL && o->kind != EXPR_CONSTANT))
			return false;
		memcpy(&limit, l->constant->data, sizeof limit);
		if (o != NULL)
			memcpy(&offset, o->constant->data, sizeof offset);
		(*p)->u.limit_by.limit = (uint64_t)limit;
		(*p)->u.limit_by.offset = (uint64_t)offset;
		u->one_row = limit == 1;
		if (limit <= 0 || offset < 0)
			return false;
	}
	(*p)->u.limit_by.keys = all;
	(*p)->u.limit_by.key_count = keys + (uint32_t)u->count;
	return true;
}

static bool pull_sort(struct pull *u, struct plan **p, uint32_t *map)
{
	struct plan *old = *p, *input = old->inputs[0];
	if (!plan_node_exprs(old, reads_in, u) || !pull_up(u, &input, map))
		return false;
	struct plan *sort = plan_unary(u->b->arena, PLAN_SORT, input);
	sort->u.sort = old->u.sort;
	for (uint32_t i = 0; i < sort->u.sort.order_count; i++)
		sort->u.sort.order[i].expr = expr_remap(u->b->arena, sort->u.sort.order[i].expr, map);
	*p = sort;
	return true;
}

/* ---- joins ---- */

/* The two sides' conditions as they stand after it; what it says about outer values itself becomes one of them. */
static bool join_conditions(struct pull *u, struct plan *p, const struct pull *right, uint32_t *both, uint32_t left,
                            uint32_t all)
{
	struct binder *b = u->b;
	uint32_t *shift = ARENA_ARRAY(b->arena, uint32_t, all + 1), kept = 0;
	struct expr **parts = NULL;
	size_t n = 0, capacity = 0;
	for (uint32_t i = 0; i < all; i++)
		shift[i] = i + left;
	for (size_t i = 0; i < right->count; i++)
		ARENA_PUSH(b->arena, u->conditions, u->count, u->capacity, expr_remap(b->arena, right->conditions[i], shift));
	for (uint32_t i = 0; i < p->u.join.key_count; i++)
		if (pull_reads(u, p->u.join.left_keys[i]) || pull_reads(u, p->u.join.right_keys[i]))
			return false;
	if (p->u.join.residual == NULL)
		return true;
	bind_conjuncts(b, expr_remap(b->arena, p->u.join.residual, both), &parts, &n, &capacity);
	p->u.join.residual = NULL;
	for (size_t i = 0; i < n; i++) {
		if (!pull_reads(u, parts[i]))
			parts[kept++] = parts[i];
		else if (p->u.join.kind != PLAN_JOIN_INNER)
			return false;
		else
			ARENA_PUSH(b->arena, u->conditions, u->count, u->capacity, parts[i]);
	}
	if (kept == 1)
		p->u.join.residual = parts[0];
	if (kept > 1 && bind_function(b, STR("and"), parts, kept, 0, &p->u.join.residual) != OK)
		return false;
	if (p->u.join.key_count == 0 && p->u.join.residual == NULL && p->u.join.kind == PLAN_JOIN_INNER)
		p->u.join.kind = PLAN_JOIN_CROSS;
	return true;
}

static bool pull_join(struct pull *u, struct plan **p, uint32_t *map)
{
	struct plan *old = *p, *l = old->inputs[0], *r = old->inputs[1];
	struct arena *a = u->b->arena;
	struct pull right = {.b = u->b, .slots = u->slots, .slot_count = u->slot_count};
	enum plan_join_kind kind = old->u.join.kind;
	bool inner = (kind == PLAN_JOIN_INNER || kind == PLAN_JOIN_CROSS) && !old->u.join.any,
		left_only = kind == PLAN_JOIN_SEMI || kind == PLAN_JOIN_ANTI;
	uint32_t old_left = l->column_count, n = old_left + r->column_count;
	uint32_t *both = ARENA_ARRAY(a, uint32_t, n + 1);
	if (old->u.join.asof != 0 || !(inner || left_only || kind == PLAN_JOIN_LEFT || kind == PLAN_JOIN_MARK))
		return false;
	if (!pull_up(u, &l, both) || !pull_up(&right, &r, both + old_left))
		return false;
	if (u->lost_row || right.lost_row || (!inner && right.count != 0))
		return false;
	u->one_row = false;
	uint32_t left = l->column_count, all = left + r->column_count;
	for (uint32_t i = 0; i < old->u.join.key_count; i++) {
		old->u.join.left_keys[i] = expr_remap(a, old->u.join.left_keys[i], both);
		old->u.join.right_keys[i] = expr_remap(a, old->u.join.right_keys[i], both + old_left);
	}
	for (uint32_t i = old_left; i < n; i++)
		both[i] += left;
	struct plan *fresh = plan_new(a, PLAN_JOIN, left_only ? left : kind == PLAN_JOIN_MARK ? left + 1 : all);
	fresh->u.join = old->u.join;
	fresh->inputs = ARENA_ARRAY(a, struct plan *, 2);
	fresh->inputs[0] = l;
	fresh->inputs[1] = r;
	fresh->input_count = 2;
	if (!join_conditions(u, fresh, &right, both, left, all))
		return false;
	for (uint32_t i = 0; i < fresh->column_count; i++) {
		fresh->types[i] = i < left ? l->types[i] : inner ? r->types[i - left] : old->types[old_left + i - left];
		fresh->names[i] = i < left ? l->names[i] : kind == PLAN_JOIN_MARK ? STR("") : r->names[i - left];
	}
	for (uint32_t i = 0; i < old->column_count; i++)
		map[i] = i < old_left || kind != PLAN_JOIN_MARK ? both[i] : left;
	*p = fresh;
	return true;
}

bool pull_up(struct pull *u, struct plan **p, uint32_t *map)
{
	switch ((*p)->kind) {
	case PLAN_PROJECT:
		return pull_project(u, p, map);
	case PLAN_FILTER:
		return pull_filter(u, p, map);
	case PLAN_AGGREGATE:
		return pull_aggregate(u, p, map);
	case PLAN_JOIN:
		return pull_join(u, p, map);
	case PLAN_SORT:
		return pull_sort(u, p, map);
	case PLAN_DISTINCT:
	case PLAN_LIMIT:
	case PLAN_LIMIT_BY:
		return pull_per_value(u, p, map);
	default:
		for (uint32_t i = 0; i < (*p)->column_count; i++)
			map[i] = i;
		return plan_tree_exprs(*p, reads_in, u);
	}
}

// SPDX-License-Identifier: Apache-2.0
/* GROUP BY: keys, grouping sets, grouping(), and the aggregate node. */
#include "plan/bind_select_impl.h"
#include "plan/bind_star_impl.h"

enum { SETS_MAX = 4096, SET_KEYS_MAX = 32 };

/* ---- keys ---- */

static void add_key(struct selecting *sel, struct expr *key, uint64_t *mask)
{
	struct grouping *g = &sel->grouping;
	size_t i = 0;
	while (i < g->key_count && !expr_equal(g->keys[i], key))
		i++;
	if (i == g->key_count)
		ARENA_PUSH(sel->b->arena, g->keys, g->key_count, g->key_capacity, key);
	if (i < 64)
		*mask |= (uint64_t)1 << i;
}

/* The item that position n means: an AST, or an expression where it is one of the columns of *. */
static enum status item_at(struct selecting *sel, uint64_t n, int position, const struct ast **item, struct expr **key)
{
	uint64_t at = 0;
	*key = NULL;
	AST_EACH(&sel->q->items, x) {
		struct star_item *columns;
		uint32_t count = 1;
		if (bind_is_spread(sel->b, x))
			TRY(bind_spread(sel->b, sel->s, x, &columns, &count));
		if (n > at && n <= at + count) {
			*item = x;
			if (bind_is_spread(sel->b, x))
				*key = columns[n - at - 1].expr;
			return OK;
		}
		at += count;
	}
	return select_bad_position(sel->b, "GROUP BY", n, position);
}

/* Binds x as a key, or several where it is a tuple; their bits go to *mask. */
static enum status bind_key(struct selecting *sel, const struct ast *x, uint64_t *mask)
{
	struct binder *b = sel->b;
	struct grouping *g = &sel->grouping;
	uint64_t n;
	const struct ast *item;
	struct expr *key;
	if (select_position(x, &n)) {
		TRY(item_at(sel, n, x->position, &x, &key));
		if (key != NULL) {
			add_key(sel, key, mask);
			return OK;
		}
	} else if ((item = select_output_item(sel, x)) != NULL && !select_names_column(sel->s, x)) {
		x = item;
	}
	bool parens = x->kind == AST_CALL && ((const struct ast_call *)x)->form == CALL_PARENS;
	if (parens && (b->dialect == DIALECT_CLICKHOUSE || g->has_sets)) {
		AST_EACH(&((const struct ast_call *)x)->args, inner)
			TRY(bind_key(sel, inner, mask));
		return OK;
	}
	TRY(bind_expr(b, sel->s, x, &key));
	TRY(bind_settle(b, &key));
	add_key(sel, key, mask);
	return OK;
}

static bool has_aggregate_column(const struct expr *x)
{
	if (x->kind == EXPR_COLUMN && x->column >= AGGREGATE_BASE && x->column < ROWS_BASE)
		return true;
	for (uint32_t i = 0; i < x->arg_count; i++)
		if (has_aggregate_column(x->args[i]))
			return true;
	return false;
}

void select_group_by_all(struct selecting *sel)
{
	for (size_t i = 0; i < sel->item_count; i++)
		if (!has_aggregate_column(sel->items[i].expr))
			ARENA_PUSH(sel->b->arena, sel->grouping.keys, sel->grouping.key_count, sel->grouping.key_capacity,
			           sel->items[i].expr);
}

/* ---- grouping sets ---- */

struct sets {
	uint64_t *items;
	size_t count, capacity;
};

static enum status add_set(struct selecting *sel, struct sets *to, uint64_t mask)
{
	if (to->count >= SETS_MAX)
		return ERR(sel->b->err, E_TOO_MANY_ROWS, "too many grouping sets present (maximum %d)", SETS_MAX);
	ARENA_PUSH(sel->b->arena, to->items, to->count, to->capacity, mask);
	return OK;
}

static enum status sets_of(struct selecting *sel, const struct ast *x, struct sets *out);

/* ROLLUP and CUBE of these elements. */
static enum status sets_of_list(struct selecting *sel, const struct ast_list *list, bool cube, struct sets *out)
{
	uint32_t n = list->count;
	uint64_t *masks = ARENA_ARRAY(sel->b->arena, uint64_t, n + 1);
	if (cube && n > 12)
		return ERR(sel->b->err, E_TOO_MANY_ROWS, "CUBE is limited to 12 elements");
	for (uint32_t i = 0; i < n; i++)
		TRY(bind_key(sel, list->items[i], &masks[i]));
	if (!cube) {
		for (uint32_t keep = n + 1; keep-- != 0;) {
			uint64_t mask = 0;
			for (uint32_t i = 0; i < keep; i++)
				mask |= masks[i];
			TRY(add_set(sel, out, mask));
		}
		return OK;
	}
	for (uint32_t chosen = 1u << n; chosen-- != 0;) {
		uint64_t mask = 0;
		for (uint32_t i = 0; i < n; i++)
			mask |= chosen >> i & 1 ? masks[i] : 0;
		TRY(add_set(sel, out, mask));
	}
	return OK;
}

static enum status sets_of(struct selecting *sel, const struct ast *x, struct sets *out)
{
	uint64_t mask = 0;
	if (x->kind != AST_GROUPING) {
		TRY(bind_key(sel, x, &mask));
		return add_set(sel, out, mask);
	}
	const struct ast_grouping *g = (const struct ast_grouping *)x;
	if (g->form != GROUPING_SETS)
		return sets_of_list(sel, &g->items, g->form == GROUPING_CUBE, out);
	AST_EACH(&g->items, item)
		TRY(sets_of(sel, item, out));
	return OK;
}

/* GROUP BY x, ROLLUP (y), CUBE (z): every combination of their sets. */
static enum status product(struct selecting *sel, struct sets *all, const struct sets *more)
{
	struct sets made = {0};
	for (size_t i = 0; i < all->count; i++)
		for (size_t k = 0; k < more->count; k++)
			TRY(add_set(sel, &made, all->items[i] | more->items[k]));
	*all = made;
	return OK;
}

/* Equal sets give rows of their own: they are told apart by a number above the keys' bits. */
static void number_equal_sets(struct sets *s, bool distinct)
{
	size_t kept = 0;
	for (size_t i = 0; i < s->count; i++) {
		uint64_t same = 0;
		for (size_t k = 0; k < kept; k++)
			same += (s->items[k] & UINT32_MAX) == s->items[i];
		if (same == 0 || !distinct)
			s->items[kept++] = s->items[i] | same << 32;
	}
	s->count = kept;
}

static enum status bind_sets(struct selecting *sel)
{
	const struct ast_select *q = sel->q;
	struct grouping *g = &sel->grouping;
	struct sets all = {0};
	if (q->group_mode == GROUP_ROLLUP || q->group_mode == GROUP_CUBE) {
		TRY(sets_of_list(sel, &q->group_by, q->group_mode == GROUP_CUBE, &all));
	} else {
		TRY(add_set(sel, &all, 0));
		AST_EACH(&q->group_by, x) {
			struct sets more = {0};
			TRY(sets_of(sel, x, &more));
			TRY(product(sel, &all, &more));
		}
	}
	if (g->key_count > SET_KEYS_MAX)
		return ERR(sel->b->err, E_NOT_IMPLEMENTED, "not supported yet: grouping sets of more than %d keys", SET_KEYS_MAX);
	number_equal_sets(&all, q->group_distinct);
	if (g->key_count == 0) {
		/* only empty sets: over a key that is the same for all rows */
		if (all.count == 1) {
			g->empty = true;
			return OK;
		}
		struct expr *same = bind_u64(sel->b, 0);
		ARENA_PUSH(sel->b->arena, g->keys, g->key_count, g->key_capacity, same);
	}
	g->sets = all.items;
	g->set_count = (uint32_t)all.count;
	return OK;
}

/* Where a key that a set leaves out is NULL, the columns that keys are made of have to be Nullable. */
static enum status nullable_columns(struct selecting *sel)
{
	struct binder *b = sel->b;
	struct plan *input = sel->s->plan;
	uint32_t n = input->column_count;
	struct expr **exprs = ARENA_ARRAY(b->arena, struct expr *, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		const struct type *t = input->types[i];
		bool composite = t->id == TYPE_ARRAY || t->id == TYPE_MAP || t->id == TYPE_TUPLE || t->id == TYPE_AGGSTATE;
		exprs[i] = expr_column(b->arena, i, t, input->names[i]);
		if (!t->nullable && !composite)
			TRY(expr_cast(&b->env, exprs[i], type_nullable(b->arena, t), CAST_IMPLICIT, &exprs[i]));
	}
	sel->s->plan = plan_project(b->arena, input, exprs, input->names, n);
	return bind_make_nullable(b, sel->s, 0, sel->s->column_count);
}

static bool has_sets(const struct ast_select *q)
{
	AST_EACH(&q->group_by, x)
		if (x->kind == AST_GROUPING)
			return true;
	return q->group_mode == GROUP_ROLLUP || q->group_mode == GROUP_CUBE;
}

enum status select_group_by(struct selecting *sel)
{
	const struct ast_select *q = sel->q;
	struct grouping *g = &sel->grouping;
	uint64_t mask = 0;
	sel->aggregates.allowed = false;
	sel->aggregates.clause = "GROUP BY";
	g->has_sets = has_sets(q);
	if (g->has_sets) {
		if (sel->b->dialect == DIALECT_POSTGRESQL || sel->b->config->options.group_by_use_nulls)
			TRY(nullable_columns(sel));
		return bind_sets(sel);
	}
	AST_EACH(&q->group_by, x) {
		bool none = x->kind == AST_CALL && ((const struct ast_call *)x)->form == CALL_PARENS &&
			((const struct ast_call *)x)->args.count == 0;
		if (none)
			g->empty = true;
		else
			TRY(bind_key(sel, x, &mask));
	}
	return OK;
}

/* ---- grouping() ---- */

/* Bit `key` of the grouping column at bit `to`. */
static enum status grouping_bit(struct binder *b, struct expr *column, size_t key, uint32_t to, struct expr **out)
{
	struct expr *args[2] = {column, bind_u64(b, key)};
	TRY(bind_function(b, STR("bitShiftRight"), args, 2, 0, &args[0]));
	args[1] = bind_u64(b, 1);
	TRY(bind_function(b, STR("bitAnd"), args, 2, 0, &args[0]));
	args[1] = bind_u64(b, to);
	return bind_function(b, STR("bitShiftLeft"), args, 2, 0, out);
}

enum status bind_grouping_call(struct binder *b, struct scope *s, const struct ast_call *c, struct expr **out)
{
	bool pg = b->dialect == DIALECT_POSTGRESQL;
	const struct type *u64 = type_simple(TYPE_UINT64), *type = pg ? type_simple(TYPE_INT32) : u64;
	struct grouping *g = s->grouping;
	struct aggregate_list *list = s->aggregates;
	if (g == NULL || list == NULL || !list->allowed || list->inside || c->args.count == 0 || g->key_count == 0)
		return ERR(b->err, pg ? E_AGGREGATE_MISUSE : E_BAD_ARGUMENTS, "grouping() may not stand here");
	struct expr *column = expr_column(b->arena, GROUPING_COLUMN, u64, STR("grouping")), *sum = NULL;
	for (uint32_t i = 0; i < c->args.count; i++) {
		struct expr *x, *bit;
		size_t k = 0;
		TRY(bind_expr(b, s, c->args.items[i], &x));
		while (k < g->key_count && !expr_equal(g->keys[k], x))
			k++;
		if (k == g->key_count) {
			ERR(b->err, pg ? E_AGGREGATE_MISUSE : E_BAD_ARGUMENTS, pg
			    ? "arguments to GROUPING must be grouping expressions of the associated query level"
			    : "Argument of GROUPING function %.*s is not a part of GROUP BY clause",
			    STR_ARG(bind_item_name(b, c->args.items[i])));
			return error_at(b->err, c->args.items[i]->position);
		}
		TRY(grouping_bit(b, column, k, c->args.count - 1 - i, &bit));
		struct expr *both[2] = {sum, bit};
		if (sum == NULL)
			sum = bit;
		else
			TRY(bind_function(b, STR("bitOr"), both, 2, c->ast.position, &sum));
	}
	if (g->set_count == 0)
		return expr_cast(&b->env, bind_u64(b, 0), type, CAST_CH, out);
	TRY(expr_cast(&b->env, sum, type, CAST_CH, out));
	return bind_capture(b, *out, out);
}

/* ---- nodes ---- */

static enum status regroup_one(void *arg, struct expr **x)
{
	struct selecting *sel = arg;
	return *x == NULL ? OK : bind_regroup(sel->b, *x, &sel->grouping, (uint32_t)sel->aggregates.count, x);
}

static enum status regroup_all(struct selecting *sel)
{
	for (size_t i = 0; i < sel->item_count; i++)
		TRY(regroup_one(sel, &sel->items[i].expr));
	for (uint32_t i = 0; i < sel->order_count; i++)
		TRY(regroup_one(sel, &sel->order[i].expr));
	for (uint32_t i = 0; i < sel->limit_by_count; i++)
		TRY(regroup_one(sel, &sel->limit_by[i]));
	for (uint32_t i = 0; i < sel->distinct_on_count; i++)
		TRY(regroup_one(sel, &sel->distinct_on[i]));
	for (size_t i = 0; i < sel->rows.count; i++)
		TRY(regroup_one(sel, &sel->rows.arrays[i]));
	TRY(bind_window_each(&sel->windows, regroup_one, sel));
	TRY(regroup_one(sel, &sel->qualify));
	return regroup_one(sel, &sel->having);
}

static struct plan *aggregate_node(struct selecting *sel, struct plan *input, struct expr **keys, uint32_t key_count,
                                   const struct plan_aggregate *items, uint32_t n)
{
	struct binder *b = sel->b;
	const struct grouping *g = &sel->grouping;
	bool sets = key_count != 0 && g->set_count != 0, totals = sel->q->with_totals;
	struct plan *p = plan_new(b->arena, PLAN_AGGREGATE, key_count + n + sets + totals);
	p->inputs = ARENA_ARRAY(b->arena, struct plan *, 1);
	p->inputs[0] = input;
	p->input_count = 1;
	p->u.aggregate.keys = keys;
	p->u.aggregate.key_count = key_count;
	p->u.aggregate.aggregates = ARENA_ARRAY(b->arena, struct plan_aggregate, n + 1);
	for (uint32_t i = 0; i < n; i++)
		p->u.aggregate.aggregates[i] = items[i];
	p->u.aggregate.aggregate_count = n;
	for (uint32_t i = 0; i < key_count; i++) {
		p->types[i] = keys[i]->type;
		p->names[i] = keys[i]->name;
	}
	for (uint32_t i = 0; i < n; i++) {
		p->types[key_count + i] = items[i].aggregator->result;
		p->names[key_count + i] = items[i].aggregator->name;
	}
	if (sets) {
		p->u.aggregate.sets = g->sets;
		p->u.aggregate.set_count = g->set_count;
		p->types[key_count + n] = type_simple(TYPE_UINT64);
		p->names[key_count + n] = STR("grouping");
	}
	if (totals) {
		p->u.aggregate.totals = true;
		p->types[key_count + n + sets] = type_simple(TYPE_UINT64);
		p->names[key_count + n + sets] = STR("states");
	}
	return p;
}

enum status select_aggregate_nodes(struct selecting *sel)
{
	struct binder *b = sel->b;
	const struct grouping *g = &sel->grouping;
	bool grouped = g->key_count != 0 || g->empty || sel->aggregates.count != 0 ||
		(sel->q->having != NULL && b->dialect == DIALECT_POSTGRESQL);
	bool totals = sel->q->with_totals;
	struct plan *p = NULL;
	if (totals && !grouped)
		return ERR(b->err, E_NOT_IMPLEMENTED, "WITH TOTALS, ROLLUP or CUBE are not supported without aggregation");
	if (totals && sel->q->group_mode != GROUP_ROLLUP && sel->q->group_mode != GROUP_CUBE && g->set_count != 0)
		return ERR(b->err, E_NOT_IMPLEMENTED, "WITH TOTALS and GROUPING SETS are not supported together");
	if (grouped)
		TRY(regroup_all(sel));
	if (grouped) {
		sel->s->totals = NULL;
		p = aggregate_node(sel, sel->s->plan, g->keys, (uint32_t)g->key_count, sel->aggregates.items,
		                                (uint32_t)sel->aggregates.count);
		bool empty_set = false;
		for (uint32_t i = 0; i < g->set_count; i++)
			empty_set |= g->sets[i] == 0;
		p->u.aggregate.one_row_when_empty = b->dialect == DIALECT_POSTGRESQL ? g->key_count == 0 || empty_set
			: g->key_count == 0 && !g->empty;
		sel->s->plan = p;
	}
	bool before = b->config->options.totals_before_having;
	if (totals && before)
		select_totals_node(sel, p);
	if (sel->having != NULL)
		sel->s->plan = select_filter(b, sel->s->plan, sel->having);
	if (totals && !before)
		select_totals_node(sel, p);
	return OK;
}

// SPDX-License-Identifier: Apache-2.0
/*
 * Correlated subqueries as joins. A condition EXISTS or IN is a semi join, its opposite an anti join; elsewhere it is a
 * column that tells whether there is a match. A value is a left join, with the rows of the subquery grouped by what its
 * conditions compare. LATERAL is a join. What cannot be pulled out of its subquery (pull_up.h), or might fail for rows
 * that nobody asks for, stays and is run for each distinct row of outer values.
 */
#include "plan/plan_walk.h"
#include "plan/pull_up.h"
#include "plan/rewrite_impl.h"

/* A node whose expressions hold subqueries, over `input`, which grows by their columns. */
struct site {
	struct binder *b;
	struct plan *input;
	struct {
		const struct call *call;
		struct expr *value;
	} done[16];
	unsigned done_count;
	bool changed;
};

enum wanted { WANT_MATCH, WANT_NO_MATCH, WANT_VALUE };

static struct plan_subquery *subquery_of(const struct expr *x)
{
	bool is = x->kind == EXPR_CALL && x->call->function != NULL && strcmp(x->call->function->name, "subquery") == 0;
	return is ? x->call->state : NULL;
}

static bool has_subquery(const struct expr *x)
{
	if (subquery_of(x) != NULL)
		return true;
	for (uint32_t i = 0; i < x->arg_count; i++)
		if (has_subquery(x->args[i]))
			return true;
	return false;
}

/* f(xs), or NULL where that cannot be. */
static struct expr *call_of(struct binder *b, const char *name, struct expr **xs, uint32_t n)
{
	struct error ignored, *err = b->err;
	struct expr *out;
	error_init(&ignored);
	b->err = b->env.err = &ignored;
	enum status s = bind_function(b, str_of(name), xs, n, 0, &out);
	b->err = b->env.err = err;
	return s == OK ? out : NULL;
}

/* ---- what may fail ---- */

static bool is_nonzero(const struct expr *x)
{
	const unsigned char *p = x->kind == EXPR_CONSTANT && !vector_is_null(x->constant, 0) ? x->constant->data : NULL;
	bool found = false;
	for (size_t i = 0; p != NULL && i < physical_size(type_physical(x->type)); i++)
		found |= p[i] != 0;
	return found;
}

static bool cannot_fail(struct expr **at, void *arg)
{
	const struct binder *b = arg;
	const struct expr *x = *at;
	const char *f = x->kind == EXPR_CALL && x->call->function != NULL ? x->call->function->name : "";
	bool divides = strcmp(f, "intDiv") == 0 || strcmp(f, "modulo") == 0 ||
		(strcmp(f, "divide") == 0 && b->dialect == DIALECT_POSTGRESQL);
	if (divides && x->arg_count == 2 && !is_nonzero(x->args[1]))
		return false;
	if (x->kind == EXPR_CALL && x->call->function == NULL && x->arg_count == 1 && type_is_string(x->args[0]->type) &&
	    !type_is_string(x->type))
		return false;
	if (strcmp(f, "throwIf") == 0 || strcmp(f, "recursion") == 0) /* the latter reads slots that cannot be seen here */
		return false;
	const struct plan_subquery *q = subquery_of(x);
	if (q != NULL && (q->slot_count == 0 || !plan_tree_exprs(q->plan, cannot_fail, arg)))
		return false;
	for (uint32_t i = 0; i < x->arg_count; i++)
		if (!cannot_fail(&x->args[i], arg))
			return false;
	return true;
}

/* ---- conditions ---- */

/* A condition over the subquery's rows (columns from `width` on) and the outer row's values. */
static struct expr *placed(struct binder *b, const struct pull *u, const struct expr *x, struct expr *const *values,
                           uint32_t width)
{
	if (x->kind == EXPR_COLUMN)
		return expr_column(b->arena, x->column + width, x->type, x->name);
	for (uint32_t i = 0; x->kind == EXPR_SLOT && i < u->slot_count; i++)
		if (x->column == u->slots[i])
			return values[i];
	if (x->arg_count == 0)
		return (struct expr *)x;
	struct expr **args = ARENA_ARRAY(b->arena, struct expr *, x->arg_count);
	for (uint32_t i = 0; i < x->arg_count; i++)
		args[i] = placed(b, u, x->args[i], values, width);
	return pull_rebuilt(b, x, args);
}

/* x = y as a pair of keys, where their bytes can be compared. */
static bool add_pair(struct binder *b, struct plan *join, struct expr *left, struct expr *right)
{
	struct expr *pair[2] = {left, right};
	for (unsigned i = 0; i < 2; i++)
		if (expr_cast(&b->env, pair[i], type_low_cardinality(b->arena, pair[i]->type, false), CAST_IMPLICIT, &pair[i]) != OK)
			return false;
	if (has_subquery(left) ||
	    !type_equal_physical(type_plain(b->arena, pair[0]->type), type_plain(b->arena, pair[1]->type)))
		return false;
	join->u.join.left_keys[join->u.join.key_count] = pair[0];
	join->u.join.right_keys[join->u.join.key_count++] = pair[1];
	return true;
}

/* Join of site's input with `right`, not yet with columns; false where its conditions cannot be put. */
static bool join_on(struct binder *b, struct plan *left, struct plan *right, const struct pull *u,
                    struct expr *const *values, struct expr *more, struct plan *join)
{
	struct expr **rest = ARENA_ARRAY(b->arena, struct expr *, u->count + 2);
	uint32_t n = 0;
	join->inputs = ARENA_ARRAY(b->arena, struct plan *, 2);
	join->inputs[0] = left;
	join->inputs[1] = right;
	join->input_count = 2;
	join->u.join.left_keys = ARENA_ARRAY(b->arena, struct expr *, u->count + 2);
	join->u.join.right_keys = ARENA_ARRAY(b->arena, struct expr *, u->count + 2);
	for (size_t i = 0; i < u->count; i++) {
		struct expr *x, *y;
		if (!pull_equality(u, u->conditions[i], &x, &y) || x->is_volatile ||
		    !add_pair(b, join, placed(b, u, y, values, 0), x))
			rest[n++] = placed(b, u, u->conditions[i], values, left->column_count);
	}
	if (more != NULL)
		rest[n++] = more;
	if (n != 0)
		join->u.join.residual = n == 1 ? rest[0] : call_of(b, "and", rest, n);
	return n == 0 || join->u.join.residual != NULL;
}

static void set_columns(struct binder *b, struct plan *join, bool nullable)
{
	const struct plan *l = join->inputs[0], *r = join->inputs[1];
	for (uint32_t i = 0; i < join->column_count; i++) {
		const struct plan *side = i < l->column_count ? l : r;
		const struct type *t = side->types[i < l->column_count ? i : i - l->column_count];
		bool composite = t->id == TYPE_ARRAY || t->id == TYPE_MAP || t->id == TYPE_TUPLE || t->id == TYPE_AGGSTATE;
		join->types[i] = side == r && nullable && !composite ? type_nullable(b->arena, t) : t;
		join->names[i] = side->names[i < l->column_count ? i : i - l->column_count];
	}
}

/* ---- EXISTS and IN ---- */

/* What does not change whether there is a row. */
static struct plan *bare(struct plan *p)
{
	for (;; p = p->inputs[0]) {
		if (p->kind == PLAN_PROJECT || p->kind == PLAN_SORT || p->kind == PLAN_DISTINCT)
			continue;
		if (p->kind != PLAN_LIMIT || plan_limit_waits(p) || p->u.limit.offset != NULL || p->u.limit.limit == NULL ||
		    !is_nonzero(p->u.limit.limit))
			return p;
	}
}

/* sought = the subquery's column, or not known to be different: of a NOT IN that must hold. */
static struct expr *not_different(struct binder *b, struct expr *sought, struct expr *found)
{
	struct expr *pair[2] = {sought, found}, *known[2];
	known[0] = call_of(b, "equals", pair, 2);
	known[1] = bind_bool(b, true);
	return known[0] == NULL ? NULL : call_of(b, "ifNull", known, 2);
}

static bool match(struct site *s, const struct expr *call, struct plan_subquery *q, enum wanted wanted,
                  struct expr **out)
{
	struct binder *b = s->b;
	struct pull u = {.b = b, .slots = q->slots, .slot_count = q->slot_count};
	bool contains = q->what == SUBQUERY_CONTAINS;
	struct plan *right = plan_copy(b->arena, contains ? q->plan : bare(q->plan)), *left = s->input;
	if (right == NULL)
		return false;
	uint32_t *map = ARENA_ARRAY(b->arena, uint32_t, right->column_count + 1), width = left->column_count;
	if (!pull_up(&u, &right, map) || u.lost_row)
		return false;
	struct plan *join = plan_new(b->arena, PLAN_JOIN, width + (wanted == WANT_VALUE));
	struct expr *more = NULL, *found = NULL;
	if (contains) {
		found = expr_column(b->arena, map[0], right->types[map[0]], right->names[map[0]]);
		bool nulls = call->args[0]->type->nullable || found->type->nullable;
		if (has_subquery(call->args[0]) || (wanted == WANT_VALUE && nulls))
			return false;
		if (wanted == WANT_NO_MATCH && nulls) {
			found = expr_column(b->arena, width + map[0], found->type, found->name);
			if ((more = not_different(b, call->args[0], found)) == NULL)
				return false;
			found = NULL;
		}
	}
	if (!join_on(b, left, right, &u, call->args + contains, more, join))
		return false;
	if (found != NULL && !add_pair(b, join, call->args[0], found))
		return false;
	join->u.join.kind = wanted == WANT_MATCH ? PLAN_JOIN_SEMI : wanted == WANT_NO_MATCH ? PLAN_JOIN_ANTI : PLAN_JOIN_MARK;
	set_columns(b, join, false);
	if (wanted == WANT_VALUE) {
		const struct type *t = type_not_nullable(b->arena, call->type);
		join->types[width] = t;
		join->names[width] = STR("");
		*out = expr_column(b->arena, width, t, STR(""));
		if (expr_cast(&b->env, *out, call->type, CAST_IMPLICIT, out) != OK)
			return false;
	}
	s->input = join;
	return true;
}

/* ---- values ---- */

/* Of a projection over an aggregation of no rows: surely NULL. */
static bool null_of_nothing(const struct plan *p, const struct expr *x)
{
	static const char *const strict[] = {"plus", "minus", "multiply", "divide", "negate"};
	static const char *const null[] = {"sum", "min", "max", "avg"};
	if (x->kind == EXPR_COLUMN && p->kind == PLAN_PROJECT)
		return null_of_nothing(p->inputs[0], p->u.project.exprs[x->column]);
	if (x->kind == EXPR_COLUMN && p->kind == PLAN_AGGREGATE && x->column >= p->u.aggregate.key_count && x->type->nullable)
		for (size_t i = 0; i < ARRAY_COUNT(null); i++) {
			uint32_t at = x->column - p->u.aggregate.key_count;
			if (at < p->u.aggregate.aggregate_count &&
			    str_eq(p->u.aggregate.aggregates[at].aggregator->name, str_of(null[i])))
				return true;
		}
	bool propagates = x->kind == EXPR_CALL && x->call->function == NULL;
	for (size_t i = 0; x->kind == EXPR_CALL && x->call->function != NULL && i < ARRAY_COUNT(strict); i++)
		propagates |= strcmp(x->call->function->name, strict[i]) == 0;
	for (uint32_t i = 0; propagates && i < x->arg_count; i++)
		if (null_of_nothing(p, x->args[i]))
			return true;
	return false;
}

static bool reads_slot(const struct expr *x)
{
	bool found = x->kind == EXPR_SLOT;
	for (uint32_t i = 0; i < x->arg_count && !found; i++)
		found = reads_slot(x->args[i]);
	return found;
}

static bool is_slotless(struct expr **x, void *arg)
{
	(void)arg;
	return !reads_slot(*x) && !has_subquery(*x);
}

/* The subquery's value where no row meets its conditions, in a slot; NULL where it cannot be had. */
static struct expr *value_of_nothing(struct binder *b, const struct plan_subquery *q, const struct type *type)
{
	struct plan *root = plan_copy(b->arena, q->plan), **p = &root;
	while (*p != NULL && ((*p)->kind == PLAN_PROJECT || (*p)->kind == PLAN_SORT)) {
		if (!plan_node_exprs(*p, is_slotless, NULL))
			return NULL;
		p = &(*p)->inputs[0];
	}
	if (*p == NULL || (*p)->kind != PLAN_AGGREGATE || !plan_node_exprs(*p, is_slotless, NULL))
		return NULL;
	struct plan *input = (*p)->inputs[0], *none = plan_new(b->arena, PLAN_VALUES, input->column_count);
	memcpy(none->types, input->types, input->column_count * sizeof *none->types);
	memcpy(none->names, input->names, input->column_count * sizeof *none->names);
	(*p)->inputs[0] = none;
	uint32_t slot = binder_slot(b, type, NULL);
	struct plan_init init = {.plan = root, .slot = slot, .scalar_error = true};
	ARENA_PUSH(b->arena, b->early, b->early_count, b->early_capacity, init);
	return expr_slot(b->arena, slot, type);
}

/* A column behind those of p that is 1 in all its rows. */
static struct plan *marked(struct binder *b, struct plan *p)
{
	uint32_t n = p->column_count;
	struct expr **exprs = ARENA_ARRAY(b->arena, struct expr *, n + 1);
	struct str *names = ARENA_ARRAY(b->arena, struct str, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		exprs[i] = expr_column(b->arena, i, p->types[i], p->names[i]);
		names[i] = p->names[i];
	}
	exprs[n] = bind_bool(b, true);
	return plan_project(b->arena, p, exprs, names, n + 1);
}

static bool value(struct site *s, const struct expr *call, struct plan_subquery *q, bool conditional,
                  struct expr **out)
{
	struct binder *b = s->b;
	struct pull u = {.b = b, .slots = q->slots, .slot_count = q->slot_count};
	struct plan *right = plan_copy(b->arena, q->plan), *left = s->input;
	if (right == NULL)
		return false;
	uint32_t *map = ARENA_ARRAY(b->arena, uint32_t, right->column_count + 1), width = left->column_count;
	if (!pull_up(&u, &right, map) || (!u.one_row && conditional))
		return false;
	bool flag = u.lost_row && !null_of_nothing(q->plan, expr_column(b->arena, 0, q->plan->types[0], STR("")));
	struct expr *empty = NULL;
	if (flag && (empty = value_of_nothing(b, q, call->type)) == NULL)
		return false;
	if (flag)
		right = marked(b, right);
	struct plan *join = plan_new(b->arena, PLAN_JOIN, width + right->column_count);
	if (!join_on(b, left, right, &u, call->args, NULL, join))
		return false;
	join->u.join.kind = PLAN_JOIN_LEFT;
	join->u.join.use_nulls = true;
	join->u.join.single = !u.one_row;
	set_columns(b, join, true);
	*out = expr_column(b->arena, width + map[0], join->types[width + map[0]], STR(""));
	if (expr_cast(&b->env, *out, call->type, CAST_IMPLICIT, out) != OK)
		return false;
	if (flag) {
		uint32_t last = join->column_count - 1;
		struct expr *there = expr_column(b->arena, last, join->types[last], STR("")), *choice[3] = {NULL, empty, *out};
		choice[0] = call_of(b, "isNull", &there, 1);
		if (choice[0] == NULL || (*out = call_of(b, "if", choice, 3)) == NULL || !type_equal((*out)->type, call->type))
			return false;
	}
	s->input = join;
	return true;
}

/* ---- sites ---- */

static enum status decorrelate(struct binder *b, struct plan **p);

static enum status convert(struct site *s, struct expr *x, enum wanted wanted, bool conditional, bool *done,
                           struct expr **out)
{
	struct plan_subquery *q = subquery_of(x);
	*done = false;
	if (!q->rewritten && !q->tried)
		TRY(decorrelate(s->b, &q->plan));
	q->tried = true;
	for (uint32_t i = 0; i < x->arg_count; i++)
		if (has_subquery(x->args[i]))
			return OK;
	if (q->what == SUBQUERY_ARRAY_OF || q->rewritten || !plan_tree_exprs(q->plan, cannot_fail, s->b))
		return OK;
	*done = q->what == SUBQUERY_VALUE ? value(s, x, q, conditional, out) : match(s, x, q, wanted, out);
	s->changed |= *done;
	return OK;
}

/* Puts columns in the place of subqueries. */
static enum status replace(struct site *s, struct expr *x, bool conditional, struct expr **out)
{
	*out = x;
	if (!has_subquery(x) || x->kind == EXPR_LAMBDA)
		return OK;
	for (unsigned i = 0; i < s->done_count; i++)
		if (s->done[i].call == x->call) {
			*out = s->done[i].value;
			return OK;
		}
	if (subquery_of(x) != NULL) {
		bool done;
		TRY(convert(s, x, WANT_VALUE, conditional, &done, out));
		if (!done)
			*out = x;
		else if (s->done_count < ARRAY_COUNT(s->done)) {
			s->done[s->done_count].call = x->call;
			s->done[s->done_count++].value = *out;
		}
		return OK;
	}
	bool chooses = x->call->function != NULL && (x->call->function->flags & FUNCTION_SHORT_CIRCUIT) != 0;
	struct expr **args = ARENA_ARRAY(s->b->arena, struct expr *, x->arg_count);
	for (uint32_t i = 0; i < x->arg_count; i++)
		TRY(replace(s, x->args[i], conditional || chooses, &args[i]));
	*out = pull_rebuilt(s->b, x, args);
	return OK;
}

/* The first `width` columns of p. */
static struct plan *narrowed(struct binder *b, struct plan *p, uint32_t width)
{
	struct expr **exprs = ARENA_ARRAY(b->arena, struct expr *, width + 1);
	for (uint32_t i = 0; i < width; i++)
		exprs[i] = expr_column(b->arena, i, p->types[i], p->names[i]);
	return p->column_count == width ? p : plan_project(b->arena, p, exprs, p->names, width);
}

static enum status at_filter(struct binder *b, struct plan **p)
{
	struct plan *node = *p;
	struct site s = {.b = b, .input = node->inputs[0]};
	struct expr **parts = NULL;
	size_t n = 0, capacity = 0, kept = 0;
	uint32_t width = node->column_count;
	if (!has_subquery(node->u.filter.predicate))
		return OK;
	bind_conjuncts(b, node->u.filter.predicate, &parts, &n, &capacity);
	for (size_t i = 0; i < n; i++) {
		struct expr *x = parts[i], *out = NULL;
		bool negated = x->kind == EXPR_CALL && x->call->function != NULL && strcmp(x->call->function->name, "not") == 0;
		struct expr *call = negated ? x->args[0] : x;
		const struct plan_subquery *q = subquery_of(call);
		bool done = false;
		if (q != NULL && (q->what == SUBQUERY_HAS_ROWS || q->what == SUBQUERY_CONTAINS))
			TRY(convert(&s, call, negated ? WANT_NO_MATCH : WANT_MATCH, false, &done, &out));
		if (done)
			continue;
		TRY(replace(&s, x, false, &out));
		parts[kept++] = out;
	}
	if (!s.changed)
		return OK;
	struct plan *top = s.input;
	for (size_t i = 0; i < kept; i++) {
		top = plan_unary(b->arena, PLAN_FILTER, top);
		top->u.filter.predicate = parts[i];
	}
	*p = narrowed(b, top, width);
	return OK;
}

static enum status at_list(struct site *s, struct expr **list, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (list[i] != NULL)
			TRY(replace(s, list[i], false, &list[i]));
	return OK;
}

static enum status at_node(struct binder *b, struct plan *p)
{
	struct site s = {.b = b, .input = p->inputs[0]};
	if (p->kind == PLAN_PROJECT) {
		TRY(at_list(&s, p->u.project.exprs, p->column_count));
	} else {
		TRY(at_list(&s, p->u.aggregate.keys, p->u.aggregate.key_count));
		for (uint32_t i = 0; i < p->u.aggregate.aggregate_count; i++) {
			struct plan_aggregate *a = &p->u.aggregate.aggregates[i];
			TRY(at_list(&s, a->args, a->aggregator->arg_count));
			TRY(at_list(&s, &a->filter, 1));
		}
	}
	p->inputs[0] = s.input;
	return OK;
}

/* LATERAL. */
static void at_apply(struct binder *b, struct plan **p)
{
	struct plan *old = *p, *left = old->inputs[0], *right = plan_copy(b->arena, old->u.apply.right);
	struct pull u = {.b = b, .slots = old->u.apply.slots, .slot_count = old->u.apply.slot_count};
	if (right == NULL || !plan_tree_exprs(right, cannot_fail, b))
		return;
	uint32_t width = left->column_count, n = right->column_count, *map = ARENA_ARRAY(b->arena, uint32_t, n + 1);
	if (!pull_up(&u, &right, map) || u.lost_row)
		return;
	struct expr **values = ARENA_ARRAY(b->arena, struct expr *, u.slot_count + 1), *on = old->u.apply.on;
	for (uint32_t i = 0; i < u.slot_count; i++) {
		uint32_t c = old->u.apply.columns[i];
		values[i] = expr_column(b->arena, c, left->types[c], left->names[c]);
	}
	struct plan *join = plan_new(b->arena, PLAN_JOIN, width + right->column_count);
	if (on != NULL) {
		uint32_t *both = ARENA_ARRAY(b->arena, uint32_t, width + n + 1);
		for (uint32_t i = 0; i < width + n; i++)
			both[i] = i < width ? i : width + map[i - width];
		on = has_subquery(on) ? NULL : expr_remap(b->arena, on, both);
		if (on == NULL)
			return;
	}
	if (!join_on(b, left, right, &u, values, on, join))
		return;
	bool outer = old->u.apply.kind == PLAN_JOIN_LEFT, bare_cross = join->u.join.key_count == 0 &&
		join->u.join.residual == NULL;
	join->u.join.kind = outer ? PLAN_JOIN_LEFT : bare_cross ? PLAN_JOIN_CROSS : PLAN_JOIN_INNER;
	join->u.join.use_nulls = outer;
	set_columns(b, join, outer);
	struct expr **exprs = ARENA_ARRAY(b->arena, struct expr *, width + n + 1);
	for (uint32_t i = 0; i < width + n; i++) {
		uint32_t c = i < width ? i : width + map[i - width];
		exprs[i] = expr_column(b->arena, c, join->types[c], old->names[i]);
		if (!type_equal(exprs[i]->type, old->types[i]))
			return;
	}
	*p = plan_project(b->arena, join, exprs, old->names, width + n);
}

static enum status decorrelate(struct binder *b, struct plan **p)
{
	TRY(binder_enter(b, 0));
	for (uint32_t i = 0; i < (*p)->input_count; i++)
		TRY(decorrelate(b, &(*p)->inputs[i]));
	if ((*p)->kind == PLAN_APPLY) {
		TRY(decorrelate(b, &(*p)->u.apply.right));
		at_apply(b, p);
	} else if ((*p)->kind == PLAN_FILTER) {
		TRY(at_filter(b, p));
	} else if ((*p)->kind == PLAN_PROJECT || (*p)->kind == PLAN_AGGREGATE) {
		TRY(at_node(b, *p));
	}
	binder_leave(b);
	return OK;
}

enum status rewrite_correlated(struct binder *b, struct plan **p)
{
	return b->config->options.decorrelate ? decorrelate(b, p) : OK;
}

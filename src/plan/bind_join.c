// SPDX-License-Identifier: Apache-2.0
/* Joins: both sides' columns in one scope, ON and USING split into equal keys and the rest. */
#include <stdlib.h>

#include "plan/binder_impl.h"

void bind_conjuncts(struct binder *b, struct expr *x, struct expr ***out, size_t *count, size_t *capacity)
{
	if (x->kind == EXPR_CALL && x->call->function != NULL && strcmp(x->call->function->name, "and") == 0) {
		for (uint32_t i = 0; i < x->arg_count; i++)
			bind_conjuncts(b, x->args[i], out, count, capacity);
		return;
	}
	ARENA_PUSH(b->arena, *out, *count, *capacity, x);
}

struct joining {
	struct binder *b;
	struct plan *left, *right;
	struct scope *both;
	struct expr **left_keys, **right_keys;
	bool *null_safe;
	size_t key_count, left_capacity, right_capacity, safe_capacity;
	struct expr **rest;
	size_t rest_count, rest_capacity;
	int asof;                   /* as plan's join.asof */
	struct expr *asof_left, *asof_right; /* over both inputs' columns */
};

/* 1: reads left columns only, 2: right only, 3: both, 0: none. */
static int sides_of(const struct expr *x, uint32_t left_count)
{
	int sides = x->kind != EXPR_COLUMN ? 0 : x->column < left_count ? 1 : 2;
	for (uint32_t i = 0; i < x->arg_count; i++)
		sides |= sides_of(x->args[i], left_count);
	return sides;
}

static struct expr *shifted(struct binder *b, const struct expr *x, uint32_t columns, int64_t by)
{
	uint32_t *map = ARENA_ARRAY(b->arena, uint32_t, columns + 1);
	for (uint32_t i = 0; i < columns; i++)
		map[i] = (uint32_t)((int64_t)i + by);
	return expr_remap(b->arena, x, map);
}

static enum status add_key(struct joining *j, struct expr *left, struct expr *right, bool null_safe, bool *added)
{
	struct binder *b = j->b;
	struct expr *pair[2] = {left, right};
	const struct type *common;
	struct error ignored, *err = b->err;
	error_init(&ignored);
	b->err = b->env.err = &ignored;
	enum status s = bind_common_type(b, pair, 2, &common);
	/* keys are compared by bytes: dictionaries go, nullability is kept apart */
	for (unsigned i = 0; i < 2 && s == OK; i++)
		s = expr_cast(&b->env, pair[i], type_low_cardinality(b->arena, pair[i]->type, false), CAST_IMPLICIT, &pair[i]);
	b->err = b->env.err = err;
	*added = s == OK && type_equal_physical(type_plain(b->arena, pair[0]->type), type_plain(b->arena, pair[1]->type));
	if (!*added)
		return OK;
	size_t same = j->key_count, third = j->key_count;
	ARENA_PUSH(b->arena, j->left_keys, same, j->left_capacity, pair[0]);
	ARENA_PUSH(b->arena, j->null_safe, third, j->safe_capacity, null_safe);
	pair[1] = shifted(b, pair[1], j->left->column_count + j->right->column_count, -(int64_t)j->left->column_count);
	ARENA_PUSH(b->arena, j->right_keys, j->key_count, j->right_capacity, pair[1]);
	return OK;
}

/* The inequality of an ASOF join: which it is as seen from the left, 0: none. */
static int asof_of(const char *function, bool swapped)
{
	static const struct {
		const char *name;
		int asof;
	} kinds[] = {{"greaterOrEquals", 1}, {"greater", 2}, {"lessOrEquals", -1}, {"less", -2}};
	for (size_t i = 0; i < ARRAY_COUNT(kinds); i++)
		if (strcmp(function, kinds[i].name) == 0)
			return swapped ? -kinds[i].asof : kinds[i].asof;
	return 0;
}

static enum status set_asof(struct joining *j, struct expr *left, struct expr *right, int asof)
{
	struct expr *pair[2] = {left, right};
	const struct type *common;
	if (j->asof != 0)
		return ERR(j->b->err, E_NOT_IMPLEMENTED, "ASOF join requires exactly one inequality in the ON section");
	TRY(bind_common_type(j->b, pair, 2, &common));
	if (!type_is_number(common) && !type_is_temporal(common))
		return ERR(j->b->err, E_BAD_TYPE_OF_FIELD, "ASOF join not supported for type: %.*s",
		           STR_ARG(type_name(j->b->arena, common)));
	j->asof = asof;
	j->asof_left = pair[0];
	j->asof_right = pair[1];
	return OK;
}

static enum status split_condition(struct joining *j, struct expr *on, bool is_asof)
{
	struct expr **parts = NULL;
	size_t n = 0, capacity = 0;
	bind_conjuncts(j->b, on, &parts, &n, &capacity);
	for (size_t i = 0; i < n; i++) {
		struct expr *x = parts[i];
		bool added = false;
		const char *f = x->kind == EXPR_CALL && x->call->function != NULL ? x->call->function->name : "";
		int a_side = x->arg_count == 2 ? sides_of(x->args[0], j->left->column_count) : 0;
		int asof = is_asof ? asof_of(f, a_side == 2) : 0;
		if (asof != 0 && a_side + sides_of(x->args[1], j->left->column_count) == 3 && a_side != 3) {
			TRY(set_asof(j, x->args[a_side == 2], x->args[a_side == 1], asof));
			continue;
		}
		bool equals = strcmp(f, "equals") == 0, safe = strcmp(f, "isNotDistinctFrom") == 0;
		if ((equals || safe) && x->arg_count == 2) {
			int a = sides_of(x->args[0], j->left->column_count), c = sides_of(x->args[1], j->left->column_count);
			if (a == 1 && c == 2)
				TRY(add_key(j, x->args[0], x->args[1], safe, &added));
			else if (a == 2 && c == 1)
				TRY(add_key(j, x->args[1], x->args[0], safe, &added));
		}
		if (!added)
			ARENA_PUSH(j->b->arena, j->rest, j->rest_count, j->rest_capacity, x);
	}
	return OK;
}

/* A condition that only one side can see filters that side before the join, where the join's kind allows it. */
static void push_sides(struct joining *j, enum plan_join_kind kind)
{
	struct binder *b = j->b;
	size_t kept = 0;
	for (size_t i = 0; i < j->rest_count; i++) {
		struct expr *x = j->rest[i];
		int sides = sides_of(x, j->left->column_count);
		bool left_ok = kind == PLAN_JOIN_INNER || kind == PLAN_JOIN_RIGHT || kind == PLAN_JOIN_SEMI;
		bool right_ok = kind == PLAN_JOIN_INNER || kind == PLAN_JOIN_LEFT || kind == PLAN_JOIN_SEMI || kind == PLAN_JOIN_ANTI;
		if (sides == 1 && left_ok) {
			struct plan *f = plan_unary(b->arena, PLAN_FILTER, j->left);
			f->u.filter.predicate = x;
			j->left = f;
		} else if (sides == 2 && right_ok) {
			struct plan *f = plan_unary(b->arena, PLAN_FILTER, j->right);
			f->u.filter.predicate = shifted(b, x, j->left->column_count + j->right->column_count,
			                                -(int64_t)j->left->column_count);
			j->right = f;
		} else {
			j->rest[kept++] = x;
		}
	}
	j->rest_count = kept;
}

enum status bind_make_nullable(struct binder *b, struct scope *s, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		struct scope_column *c = &s->columns[i];
		const struct type *t = c->expr->type;
		if (c->is_alias || t->nullable || t->id == TYPE_ARRAY || t->id == TYPE_MAP || t->id == TYPE_TUPLE ||
		    t->id == TYPE_AGGSTATE)
			continue;
		if (c->expr->kind == EXPR_COLUMN) {
			c->expr = expr_column(b->arena, c->expr->column, type_nullable(b->arena, t), c->expr->name);
		} else if (c->expr->kind == EXPR_CALL && c->expr->arg_count == 1 && c->expr->args[0]->kind == EXPR_COLUMN) {
			/* the cast of a face, over the column that is nullable now */
			struct expr *in = c->expr->args[0];
			struct expr *column = expr_column(b->arena, in->column, type_nullable(b->arena, in->type), in->name);
			if (c->expr->call->function != NULL)
				TRY(bind_function(b, c->expr->call->name, &column, 1, 0, &c->expr));
			else
				TRY(expr_cast(&b->env, column, type_nullable(b->arena, t), CAST_IMPLICIT, &c->expr));
			c->expr->name = c->name;
		}
		c->type = c->expr->type;
	}
	return OK;
}

static struct plan *join_node(struct joining *j, enum plan_join_kind kind, bool use_nulls)
{
	struct binder *b = j->b;
	bool left_only = kind == PLAN_JOIN_SEMI || kind == PLAN_JOIN_ANTI;
	uint32_t left = j->left->column_count, right = j->right->column_count;
	struct plan *p = plan_new(b->arena, PLAN_JOIN, left_only ? left : left + right);
	bool null_left = use_nulls && (kind == PLAN_JOIN_RIGHT || kind == PLAN_JOIN_FULL);
	bool null_right = use_nulls && (kind == PLAN_JOIN_LEFT || kind == PLAN_JOIN_FULL);
	for (uint32_t i = 0; i < p->column_count; i++) {
		const struct plan *side = i < left ? j->left : j->right;
		const struct type *t = side->types[i < left ? i : i - left];
		bool composite = t->id == TYPE_ARRAY || t->id == TYPE_MAP || t->id == TYPE_TUPLE || t->id == TYPE_AGGSTATE;
		p->types[i] = (i < left ? null_left : null_right) && !composite ? type_nullable(b->arena, t) : t;
		p->names[i] = side->names[i < left ? i : i - left];
	}
	p->inputs = ARENA_ARRAY(b->arena, struct plan *, 2);
	p->inputs[0] = j->left;
	p->inputs[1] = j->right;
	p->input_count = 2;
	p->u.join.kind = kind;
	p->u.join.use_nulls = use_nulls;
	p->u.join.left_keys = j->left_keys;
	p->u.join.right_keys = j->right_keys;
	p->u.join.null_safe = j->null_safe;
	p->u.join.key_count = (uint32_t)j->key_count;
	if (p->u.join.key_count == 0 && kind == PLAN_JOIN_INNER && j->rest_count == 0)
		p->u.join.kind = PLAN_JOIN_CROSS;
	return p;
}

static enum status set_residual(struct joining *j, struct plan *p)
{
	if (j->rest_count == 0)
		return OK;
	if (j->rest_count == 1) {
		p->u.join.residual = j->rest[0];
		return OK;
	}
	return bind_function(j->b, STR("and"), j->rest, (uint32_t)j->rest_count, 0, &p->u.join.residual);
}

/* The columns of `right` behind those already in s. */
void bind_append_scope(struct binder *b, struct scope *s, const struct scope *right, uint32_t left_columns)
{
	size_t base = s->column_count;
	for (size_t i = 0; i < right->column_count; i++) {
		const struct scope_column *c = &right->columns[i];
		struct expr *x = shifted(b, c->expr, right->plan->column_count, left_columns);
		x->name = c->expr->name;
		struct scope_column *copy = scope_add(b, s, x, c->relation, c->name);
		*copy = *c;
		copy->expr = x;
		copy->relation_first += (uint32_t)base;
	}
}

static bool is_lateral(const struct ast *x, const struct binder *b)
{
	if (x->kind != AST_TABLE)
		return false;
	const struct ast_table *t = (const struct ast_table *)x;
	/* a function in FROM may always refer to what stands before it */
	return t->lateral || (t->form == TABLE_FUNCTION && b->dialect == DIALECT_POSTGRESQL);
}

static enum status apply_node(struct binder *b, struct scope *s, struct scope *right, const struct correlation *c,
                              enum plan_join_kind kind, const struct ast *on)
{
	struct plan *left = s->plan;
	struct plan *p = plan_new(b->arena, PLAN_APPLY, left->column_count + right->plan->column_count);
	uint32_t *columns = ARENA_ARRAY(b->arena, uint32_t, c->count + 1);
	/* outer values that are more than columns are projected behind the left columns first */
	struct expr **exprs = ARENA_ARRAY(b->arena, struct expr *, left->column_count + c->count + 1);
	uint32_t width = left->column_count;
	for (uint32_t i = 0; i < left->column_count; i++)
		exprs[i] = expr_column(b->arena, i, left->types[i], left->names[i]);
	for (size_t i = 0; i < c->count; i++) {
		if (c->exprs[i]->kind == EXPR_COLUMN) {
			columns[i] = c->exprs[i]->column;
		} else {
			columns[i] = width;
			exprs[width++] = c->exprs[i];
		}
	}
	if (width != left->column_count) {
		left = plan_project(b->arena, left, exprs, NULL, width);
		p = plan_new(b->arena, PLAN_APPLY, width + right->plan->column_count);
	}
	for (uint32_t i = 0; i < p->column_count; i++) {
		const struct plan *side = i < width ? left : right->plan;
		p->types[i] = side->types[i < width ? i : i - width];
		p->names[i] = side->names[i < width ? i : i - width];
		if (i >= width && kind == PLAN_JOIN_LEFT && p->types[i]->id != TYPE_ARRAY && p->types[i]->id != TYPE_MAP &&
		    p->types[i]->id != TYPE_TUPLE)
			p->types[i] = type_nullable(b->arena, p->types[i]);
	}
	p->inputs = ARENA_ARRAY(b->arena, struct plan *, 1);
	p->inputs[0] = left;
	p->input_count = 1;
	p->u.apply.right = right->plan;
	p->u.apply.slots = c->slots;
	p->u.apply.columns = columns;
	p->u.apply.slot_count = (uint32_t)c->count;
	p->u.apply.kind = kind;
	size_t from = s->column_count;
	bind_append_scope(b, s, right, width);
	s->plan = p;
	s->totals = NULL;
	if (kind == PLAN_JOIN_LEFT)
		TRY(bind_make_nullable(b, s, from, s->column_count));
	if (on != NULL)
		TRY(bind_condition(b, s, on, "JOIN/ON", &p->u.apply.on));
	return OK;
}

/* The right side of a join in a scope of its own; *correlated when it read left columns. */
static enum status bind_right(struct binder *b, struct scope *s, const struct ast *x, struct correlation *c,
                              struct scope **out)
{
	struct scope *right = ARENA_NEW(b->arena, struct scope);
	bool lateral = is_lateral(x, b);
	right->parent = lateral ? s : s->parent;
	right->correlation = lateral ? c : s->correlation;
	right->ctes = s->ctes;
	*out = right;
	if (lateral && ((const struct ast_table *)x)->form == TABLE_SUBQUERY) {
		/* its query's scope must see s: one more level whose parent is s */
		struct scope *outer = ARENA_NEW(b->arena, struct scope);
		outer->parent = s;
		outer->correlation = c;
		outer->ctes = s->ctes;
		*out = outer;
		return bind_from_item(b, outer, x);
	}
	return bind_from_item(b, right, x);
}

/* A name stands for one table of FROM only; tables of several schemas may share theirs. */
static enum status names_differ(struct binder *b, const struct scope *s, const struct scope *right)
{
	const struct scope_column *last = NULL;
	for (size_t i = 0; i < right->column_count && b->dialect == DIALECT_POSTGRESQL; i++) {
		const struct scope_column *c = &right->columns[i];
		if (c->relation.size == 0 || (last != NULL && str_eq(last->relation, c->relation)))
			continue;
		last = c;
		for (size_t k = 0; k < s->column_count; k++) {
			const struct scope_column *other = &s->columns[k];
			bool own_names = str_eq(c->table, c->relation) && str_eq(other->table, other->relation);
			if (!str_eq(other->relation, c->relation) || (own_names && !str_eq(other->schema, c->schema)))
				continue;
			ERR(b->err, E_DUPLICATE_ALIAS, "table name \"%.*s\" specified more than once", STR_ARG(c->relation));
			return error_at(b->err, NO_POSITION);
		}
	}
	return OK;
}

enum status bind_comma(struct binder *b, struct scope *s, const struct ast *x)
{
	struct correlation c = {0};
	struct scope *right;
	TRY(bind_right(b, s, x, &c, &right));
	TRY(names_differ(b, s, right));
	if (c.count != 0)
		return apply_node(b, s, right, &c, PLAN_JOIN_CROSS, NULL);
	struct joining j = {.b = b, .left = s->plan, .right = right->plan};
	struct plan *p = join_node(&j, PLAN_JOIN_CROSS, false);
	struct plan *left = s->plan;
	bind_append_scope(b, s, right, left->column_count);
	s->plan = p;
	return bind_join_totals(b, s, s->totals, left, right->totals, right->plan);
}

/* ---- USING ---- */

static struct scope_column *using_side(struct scope *s, size_t from, size_t to, struct str name)
{
	for (size_t i = from; i < to; i++)
		if (!s->columns[i].hidden && !s->columns[i].merged && str_eq(s->columns[i].name, name))
			return &s->columns[i];
	return NULL;
}

/* The one column that a USING name means: the side that is always there, or the one that is there. */
static enum status merged_value(struct binder *b, struct scope *s, size_t left, size_t right, enum plan_join_kind kind,
                                bool use_nulls)
{
	struct expr *l = s->columns[left].expr, *r = s->columns[right].expr, *value = l;
	struct str name = s->columns[left].name;
	if (kind == PLAN_JOIN_RIGHT) {
		value = r;
	} else if (kind == PLAN_JOIN_FULL && use_nulls) {
		struct expr *both[2] = {l, r};
		TRY(bind_function(b, STR("coalesce"), both, 2, 0, &value));
	} else if (kind == PLAN_JOIN_FULL) {
		/* an unmatched left side holds the default; a matched one with that value has an equal right side */
		struct vector *zero = NULL;
		TRY(vector_default_constant(NULL, l->type, 1, &zero, b->err));
		struct expr *args[3] = {NULL, r, l}, *pair[2] = {l, expr_constant(b->arena, zero)};
		TRY(bind_function(b, STR("equals"), pair, 2, 0, &args[0]));
		TRY(bind_function(b, STR("if"), args, 3, 0, &value));
	}
	value->name = name;
	s->columns[right].merged = true;
	s->columns[left].expr = value;
	s->columns[left].type = value->type;
	return OK;
}

static enum status using_names(struct binder *b, struct scope *s, const struct ast_join *j, size_t split,
                               struct str **out, uint32_t *count)
{
	*out = ARENA_ARRAY(b->arena, struct str, j->natural ? split + 1 : j->using_columns.count + 1);
	*count = 0;
	if (!j->natural) {
		AST_EACH(&j->using_columns, x) {
			if (x->kind != AST_IDENTIFIER)
				return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: expressions in USING");
			(*out)[(*count)++] = name_last(&((struct ast_identifier *)x)->name);
		}
		return OK;
	}
	for (size_t i = 0; i < split; i++)
		if (!s->columns[i].hidden && !s->columns[i].merged && using_side(s, split, s->column_count, s->columns[i].name) !=
		    NULL)
			(*out)[(*count)++] = s->columns[i].name;
	return OK;
}

static enum status bind_using(struct joining *g, const struct ast_join *j, size_t split, size_t **merged,
                              uint32_t *count)
{
	struct binder *b = g->b;
	struct scope *s = g->both;
	struct str *names;
	uint32_t n;
	TRY(using_names(b, s, j, split, &names, &n));
	*merged = ARENA_ARRAY(b->arena, size_t, 2 * n + 1);
	*count = n;
	for (uint32_t i = 0; i < n; i++) {
		struct scope_column *l = using_side(s, 0, split, names[i]), *r = using_side(s, split, s->column_count, names[i]);
		bool added;
		if (l == NULL || r == NULL) {
			ERR(b->err, E_UNKNOWN_COLUMN, "column \"%.*s\" specified in USING clause does not exist in %s table",
			    STR_ARG(names[i]), l == NULL ? "left" : "right");
			return error_at(b->err, b->dialect == DIALECT_POSTGRESQL ? NO_POSITION : j->ast.position);
		}
		TRY(add_key(g, l->expr, r->expr, false, &added));
		if (!added)
			return ERR(b->err, E_TYPE_MISMATCH, "USING column \"%.*s\" has types that cannot be compared", STR_ARG(names[i]));
		(*merged)[2 * i] = (size_t)(l - s->columns);
		(*merged)[2 * i + 1] = (size_t)(r - s->columns);
	}
	return OK;
}

/* ---- JOIN ---- */

static enum status kind_of(struct binder *b, const struct ast_join *j, enum plan_join_kind *kind, bool *any)
{
	static const enum plan_join_kind kinds[] = {[JOIN_INNER] = PLAN_JOIN_INNER, [JOIN_LEFT] = PLAN_JOIN_LEFT,
		[JOIN_RIGHT] = PLAN_JOIN_RIGHT, [JOIN_FULL] = PLAN_JOIN_FULL, [JOIN_CROSS] = PLAN_JOIN_CROSS,
		[JOIN_PASTE] = PLAN_JOIN_CROSS};
	*any = false;
	*kind = kinds[j->type];
	bool single = j->strictness == STRICT_ANY || j->strictness == STRICT_SEMI || j->strictness == STRICT_ANTI;
	if (single && j->type == JOIN_FULL)
		return ERR(b->err, E_NOT_IMPLEMENTED, "ANY FULL JOINs are not implemented.");
	if (j->strictness == STRICT_ASOF && j->type != JOIN_INNER && j->type != JOIN_LEFT)
		return ERR(b->err, E_NOT_IMPLEMENTED, "ASOF join is only INNER or LEFT");
	if (single && j->type == JOIN_RIGHT) /* the sides change places */
		*kind = PLAN_JOIN_LEFT;
	if (j->strictness == STRICT_SEMI || j->strictness == STRICT_ANTI) {
		*any = true; /* ClickHouse's SEMI and ANTI show the right columns of the (one) match */
		if (j->strictness == STRICT_SEMI)
			*kind = PLAN_JOIN_INNER;
		else
			*kind = PLAN_JOIN_LEFT;
	}
	if (j->strictness == STRICT_ANY)
		*any = true;
	return OK;
}

/* LEFT ANTI JOIN: the left rows without a match, the right columns at their defaults. */
static enum status anti_join(struct joining *g, struct scope *s, struct plan *p)
{
	struct binder *b = g->b;
	p->u.join.kind = PLAN_JOIN_ANTI;
	uint32_t left = p->inputs[0]->column_count, total = p->column_count;
	struct plan *anti = plan_new(b->arena, PLAN_JOIN, left);
	anti->inputs = p->inputs;
	anti->input_count = 2;
	anti->u.join = p->u.join;
	struct expr **exprs = ARENA_ARRAY(b->arena, struct expr *, total + 1);
	for (uint32_t i = 0; i < total; i++) {
		if (i < left) {
			anti->types[i] = p->types[i];
			anti->names[i] = p->names[i];
			exprs[i] = expr_column(b->arena, i, p->types[i], p->names[i]);
			continue;
		}
		struct vector *zero = NULL;
		TRY(vector_default_constant(NULL, p->types[i], 1, &zero, b->err));
		exprs[i] = expr_constant(b->arena, zero);
		exprs[i]->name = p->names[i];
	}
	s->plan = plan_project(b->arena, anti, exprs, p->names, total);
	return OK;
}

/* The join with its sides changed: what is right of `p` stands left in the result, as the scope has it. */
static struct plan *restore_sides(struct binder *b, struct plan *p, uint32_t first)
{
	uint32_t n = p->column_count;
	struct expr **exprs = ARENA_ARRAY(b->arena, struct expr *, n + 1);
	struct str *names = ARENA_ARRAY(b->arena, struct str, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t at = (i + first) % n;
		exprs[i] = expr_column(b->arena, at, p->types[at], p->names[at]);
		names[i] = p->names[at];
	}
	return plan_project(b->arena, p, exprs, names, n);
}

/* RIGHT ANY, SEMI and ANTI JOIN are the LEFT ones of the exchanged inputs. */
static void exchange_sides(struct joining *j)
{
	struct binder *b = j->b;
	uint32_t left = j->left->column_count, right = j->right->column_count;
	uint32_t *map = ARENA_ARRAY(b->arena, uint32_t, left + right + 1);
	for (uint32_t i = 0; i < left + right; i++)
		map[i] = i < left ? i + right : i - left;
	for (size_t i = 0; i < j->rest_count; i++)
		j->rest[i] = expr_remap(b->arena, j->rest[i], map);
	struct plan *p = j->left;
	struct expr **keys = j->left_keys;
	j->left = j->right;
	j->right = p;
	j->left_keys = j->right_keys;
	j->right_keys = keys;
}

/* PASTE JOIN: rows with the same number, as they come. */
static struct plan *numbered(struct binder *b, struct plan *input)
{
	struct plan *sort = plan_unary(b->arena, PLAN_SORT, input);
	struct plan *p = plan_new(b->arena, PLAN_WINDOW, input->column_count + 1);
	memcpy(p->types, input->types, input->column_count * sizeof *p->types);
	memcpy(p->names, input->names, input->column_count * sizeof *p->names);
	p->types[input->column_count] = type_simple(TYPE_UINT64);
	p->inputs = ARENA_ARRAY(b->arena, struct plan *, 1);
	p->inputs[0] = sort;
	p->input_count = 1;
	p->u.window.functions = ARENA_ARRAY(b->arena, struct plan_window, 1);
	p->u.window.function_count = 1;
	p->u.window.functions[0] = (struct plan_window){.function = WINDOW_ROW_NUMBER, .type = type_simple(TYPE_UINT64),
		.frame = {.unit = FRAME_ROWS, .from = BOUND_UNBOUNDED_PRECEDING, .to = BOUND_UNBOUNDED_FOLLOWING}};
	return p;
}

static enum status paste_join(struct binder *b, struct scope *s, struct scope *right)
{
	struct joining j = {.b = b, .both = s, .left = numbered(b, s->plan), .right = numbered(b, right->plan)};
	uint32_t l = j.left->column_count, r = j.right->column_count;
	const struct type *u64 = type_simple(TYPE_UINT64);
	bool added;
	right->plan = j.right;
	bind_append_scope(b, s, right, l);
	TRY(add_key(&j, expr_column(b->arena, l - 1, u64, STR("")), expr_column(b->arena, l + r - 1, u64, STR("")), false,
	            &added));
	s->plan = join_node(&j, PLAN_JOIN_INNER, false);
	s->totals = NULL;
	return OK;
}

/* The last column of USING is the one that is compared. */
static enum status asof_of_using(struct joining *j)
{
	if (j->key_count < 2)
		return OK;
	size_t last = --j->key_count;
	uint32_t left = j->left->column_count;
	return set_asof(j, j->left_keys[last], shifted(j->b, j->right_keys[last], j->right->column_count, left), 1);
}

static enum status finish_asof(struct joining *j, const struct ast_join *x, struct plan *p)
{
	if (x->strictness != STRICT_ASOF)
		return OK;
	if (j->key_count == 0 || j->asof == 0 || j->rest_count != 0)
		return ERR(j->b->err, E_NOT_IMPLEMENTED, "ASOF join needs at least one equi-join column and one inequality");
	p->u.join.asof = j->asof;
	p->u.join.asof_left = j->asof_left;
	p->u.join.asof_right = shifted(j->b, j->asof_right, j->left->column_count + j->right->column_count,
	                               -(int64_t)j->left->column_count);
	return OK;
}

enum status bind_join(struct binder *b, struct scope *s, const struct ast_join *x)
{
	struct joining j = {.b = b, .both = s};
	struct correlation c = {0};
	struct scope *right;
	enum plan_join_kind kind;
	bool any, use_nulls = b->dialect == DIALECT_POSTGRESQL || b->config->options.join_use_nulls;
	size_t *merged = NULL;
	uint32_t merged_count = 0;
	TRY(kind_of(b, x, &kind, &any));
	TRY(bind_from_item(b, s, x->left));
	TRY(bind_right(b, s, x->right, &c, &right));
	TRY(names_differ(b, s, right));
	if (c.count != 0 && x->type == JOIN_PASTE)
		return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: PASTE JOIN of a correlated side");
	if (c.count != 0)
		return apply_node(b, s, right, &c, kind, x->on);
	if (x->type == JOIN_PASTE)
		return paste_join(b, s, right);
	size_t split = s->column_count;
	bool exchanged = x->type == JOIN_RIGHT && any;
	j.left = s->plan;
	j.right = right->plan;
	bind_append_scope(b, s, right, j.left->column_count);
	s->plan = join_node(&j, PLAN_JOIN_CROSS, false); /* ON sees both sides before anything is missing */
	if (x->natural || x->using_columns.count != 0) {
		TRY(bind_using(&j, x, split, &merged, &merged_count));
		if (x->strictness == STRICT_ASOF)
			TRY(asof_of_using(&j));
	} else if (x->on != NULL) {
		struct expr *on;
		TRY(bind_condition(b, s, x->on, "JOIN/ON", &on));
		TRY(split_condition(&j, on, x->strictness == STRICT_ASOF));
		if (exchanged)
			exchange_sides(&j);
		push_sides(&j, x->strictness == STRICT_ANTI ? PLAN_JOIN_ANTI : kind);
	}
	if (exchanged && x->on == NULL)
		exchange_sides(&j);
	s->plan = join_node(&j, kind, use_nulls);
	s->plan->u.join.any = any;
	s->plan->u.join.once = x->strictness == STRICT_ANY && x->type == JOIN_INNER;
	TRY(set_residual(&j, s->plan));
	TRY(finish_asof(&j, x, s->plan));
	if (x->strictness == STRICT_ANTI)
		TRY(anti_join(&j, s, s->plan));
	if (exchanged) {
		s->plan = restore_sides(b, s->plan, j.left->column_count);
		kind = x->strictness == STRICT_SEMI ? PLAN_JOIN_INNER : PLAN_JOIN_RIGHT;
	}
	if (use_nulls && (kind == PLAN_JOIN_RIGHT || kind == PLAN_JOIN_FULL))
		TRY(bind_make_nullable(b, s, 0, split));
	if (use_nulls && (kind == PLAN_JOIN_LEFT || kind == PLAN_JOIN_FULL))
		TRY(bind_make_nullable(b, s, split, s->column_count));
	TRY(bind_join_totals(b, s, s->totals, exchanged ? j.right : j.left, right->totals, right->plan));
	for (uint32_t i = 0; i < merged_count; i++)
		TRY(merged_value(b, s, merged[2 * i], merged[2 * i + 1], kind, use_nulls));
	if (x->ast.alias != NULL)
		for (size_t i = 0; i < s->column_count; i++)
			s->columns[i].relation = x->ast.alias->text;
	return OK;
}

/* ---- ARRAY JOIN ---- */

static bool scope_has(const struct scope *s, struct str name)
{
	for (size_t i = 0; i < s->column_count; i++)
		if (str_eq(s->columns[i].name, name))
			return true;
	return false;
}

/* n.k, which is one column, by its whole name. */
static struct ast *undotted(struct binder *b, const struct scope *s, struct ast *x)
{
	const struct ast_identifier *id = (const struct ast_identifier *)x;
	if (x->kind != AST_IDENTIFIER || id->name.count != 2)
		return x;
	struct str whole = arena_strf(b->arena, "%.*s.%.*s", STR_ARG(id->name.parts[0].text),
	                              STR_ARG(id->name.parts[1].text));
	if (!scope_has(s, whole))
		return x;
	struct ast_identifier *one = ARENA_NEW(b->arena, struct ast_identifier);
	struct name_part *part = ARENA_NEW(b->arena, struct name_part);
	*one = *id;
	part->text = whole;
	one->name = (struct name){part, 1};
	return &one->ast;
}

/* ARRAY JOIN n, or n AS m, where the table has n.a and n.b, joins both, as n.a and n.b or as m.a and m.b. */
static void expand_nested(struct binder *b, const struct scope *s, const struct ast_list *items, struct ast_list *out)
{
	AST_EACH(items, item) {
		const struct ast_identifier *id = (const struct ast_identifier *)item;
		struct str prefix = STR("");
		uint32_t before = out->count;
		if (item->kind == AST_IDENTIFIER && id->name.count == 1 && !scope_has(s, id->name.parts[0].text))
			prefix = arena_strf(b->arena, "%.*s.", STR_ARG(id->name.parts[0].text));
		for (size_t i = 0; prefix.size != 0 && i < s->column_count; i++) {
			const struct scope_column *c = &s->columns[i];
			if (!str_starts_with(c->name, prefix) || c->type->id != TYPE_ARRAY)
				continue;
			struct ast_identifier *one = ARENA_NEW(b->arena, struct ast_identifier);
			struct name_part *part = ARENA_NEW(b->arena, struct name_part);
			*one = *id;
			part->text = c->name;
			one->name = (struct name){part, 1};
			if (item->alias != NULL) {
				struct name_part *alias = arena_copy(b->arena, item->alias, sizeof *item->alias);
				alias->text = arena_strf(b->arena, "%.*s.%.*s", STR_ARG(item->alias->text),
				                         STR_ARG(str_make(c->name.data + prefix.size, c->name.size - prefix.size)));
				one->ast.alias = alias;
			}
			ast_list_push(b->arena, out, &one->ast);
		}
		if (out->count == before)
			ast_list_push(b->arena, out, undotted(b, s, item));
	}
}

enum status bind_array_join(struct binder *b, struct scope *s, const struct ast_array_join *x)
{
	if (x->source != NULL)
		TRY(bind_from_item(b, s, x->source));
	struct ast_list items = {0};
	expand_nested(b, s, &x->items, &items);
	uint32_t n = items.count;
	struct expr **arrays;
	TRY(bind_exprs(b, s, &items, &arrays));
	struct plan *input = s->plan, *p = plan_new(b->arena, PLAN_UNNEST, input->column_count + n);
	for (uint32_t i = 0; i < input->column_count; i++) {
		p->types[i] = input->types[i];
		p->names[i] = input->names[i];
	}
	p->inputs = ARENA_ARRAY(b->arena, struct plan *, 1);
	p->inputs[0] = input;
	p->input_count = 1;
	p->u.unnest.arrays = arrays;
	p->u.unnest.array_count = n;
	p->u.unnest.left = x->left;
	for (uint32_t i = 0; i < n; i++) {
		const struct type *t = arrays[i]->type;
		struct str name = bind_item_name(b, items.items[i]);
		if (t->id != TYPE_ARRAY && t->id != TYPE_MAP) {
			ERR(b->err, E_TYPE_MISMATCH, "ARRAY JOIN requires array or map argument, got %.*s", STR_ARG(type_name(b->arena, t)));
			return error_at(b->err, items.items[i]->position);
		}
		uint32_t at = input->column_count + i;
		p->types[at] = t->id == TYPE_ARRAY ? t->children[0] : type_tuple(b->arena, t->children, NULL, 2);
		p->names[at] = name;
		struct expr *element = expr_column(b->arena, at, p->types[at], name);
		/* without an alias the name now means the element */
		if (items.items[i]->alias == NULL)
			for (size_t k = 0; k < s->column_count; k++)
				if (str_eq(s->columns[k].name, name)) {
					s->columns[k].expr = element;
					s->columns[k].type = element->type;
				}
		if (items.items[i]->alias != NULL || arrays[i]->kind != EXPR_COLUMN) {
			struct scope_column *c = scope_add(b, s, element, STR(""), name);
			c->hidden = true;
		}
	}
	s->plan = p;
	s->totals = NULL;
	return OK;
}

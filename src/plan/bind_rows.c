// SPDX-License-Identifier: Apache-2.0
/*
 * Set-returning functions. A call gives an array, which a PLAN_UNNEST turns into rows.
 *
 * In the clickhouse dialect (arrayJoin) each call is unnested at once, below the expression that holds it: two calls
 * give all pairs. In the postgresql dialect the calls of a select list come after grouping, side by side, the shorter
 * ones padded with NULL: while the list is bound, a call is a column numbered from ROWS_BASE; bind_rows_nodes() then
 * puts one PLAN_UNNEST for each level of nesting on top of the plan, and bind_rows_replace() gives the columns their
 * places.
 */
#include <assert.h>

#include "plan/binder_impl.h"

static struct plan *unnest_node(struct binder *b, struct plan *input, struct expr *const *arrays, uint32_t n)
{
	struct plan *p = plan_new(b->arena, PLAN_UNNEST, input->column_count + n);
	for (uint32_t i = 0; i < input->column_count; i++) {
		p->types[i] = input->types[i];
		p->names[i] = input->names[i];
	}
	p->inputs = ARENA_ARRAY(b->arena, struct plan *, 1);
	p->inputs[0] = input;
	p->input_count = 1;
	p->u.unnest.arrays = ARENA_ARRAY(b->arena, struct expr *, n);
	p->u.unnest.array_count = n;
	p->u.unnest.pad = b->dialect == DIALECT_POSTGRESQL;
	for (uint32_t i = 0; i < n; i++) {
		p->u.unnest.arrays[i] = arrays[i];
		p->types[input->column_count + i] = bind_rows_type(b, arrays[i]->type);
		p->names[input->column_count + i] = arrays[i]->name;
	}
	return p;
}

/* PostgreSQL pads with NULL. */
const struct type *bind_rows_type(struct binder *b, const struct type *array)
{
	const struct type *t = array->children[0];
	bool composite = t->id == TYPE_ARRAY || t->id == TYPE_MAP || t->id == TYPE_TUPLE;
	return b->dialect == DIALECT_POSTGRESQL && !composite ? type_nullable(b->arena, t) : t;
}

static enum status not_allowed(struct binder *b, const struct scope *s)
{
	if (s->aggregates->inside)
		return ERR(b->err, E_NOT_IMPLEMENTED, "aggregate function calls cannot contain set-returning function calls");
	return ERR(b->err, E_NOT_IMPLEMENTED, "set-returning functions are not allowed in %s", s->aggregates->clause);
}

enum status bind_rows_value(struct binder *b, struct scope *s, struct expr *array, struct expr **out)
{
	if (s == NULL || b->lambda != NULL)
		return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: a set-returning function here");
	for (struct plan *p = s->plan; p != NULL && p->kind == PLAN_UNNEST; p = p->inputs[0])
		for (uint32_t i = 0; i < p->u.unnest.array_count; i++)
			if (expr_equal(p->u.unnest.arrays[i], array)) {
				uint32_t column = p->inputs[0]->column_count + i;
				*out = expr_column(b->arena, column, p->types[column], p->names[column]);
				return OK;
			}
	bool pg = b->dialect == DIALECT_POSTGRESQL;
	if (pg && s->aggregates != NULL && (s->aggregates->inside ||
	    (s->rows == NULL && strcmp(s->aggregates->clause, "GROUP BY") != 0)))
		return not_allowed(b, s);
	if (pg && s->rows != NULL) {
		size_t i = 0;
		while (i < s->rows->count && (array->is_volatile || !expr_equal(s->rows->arrays[i], array)))
			i++;
		if (i == s->rows->count)
			ARENA_PUSH(b->arena, s->rows->arrays, s->rows->count, s->rows->capacity, array);
		*out = expr_column(b->arena, ROWS_BASE + (uint32_t)i, bind_rows_type(b, array->type), array->name);
		return OK;
	}
	s->plan = unnest_node(b, s->plan, &array, 1);
	uint32_t column = s->plan->column_count - 1;
	*out = expr_column(b->arena, column, s->plan->types[column], array->name);
	return OK;
}

/* ---- placing them ---- */

static uint32_t level_of(const struct row_list *rows, const struct expr *x)
{
	uint32_t level = 0;
	if (x->kind == EXPR_COLUMN)
		return x->column >= ROWS_BASE ? rows->levels[x->column - ROWS_BASE] : 0;
	for (uint32_t i = 0; i < x->arg_count; i++) {
		uint32_t inner = level_of(rows, x->args[i]);
		level = inner > level ? inner : level;
	}
	return level;
}

enum status bind_rows_replace(struct binder *b, const struct row_list *rows, struct expr **x)
{
	struct expr *old = *x;
	if (rows->count == 0 || level_of(rows, old) == 0)
		return OK;
	if (old->kind == EXPR_COLUMN) {
		*x = expr_column(b->arena, rows->columns[old->column - ROWS_BASE], old->type, old->name);
		return OK;
	}
	struct expr **args = ARENA_ARRAY(b->arena, struct expr *, old->arg_count + 1);
	for (uint32_t i = 0; i < old->arg_count; i++) {
		args[i] = old->args[i];
		TRY(bind_rows_replace(b, rows, &args[i]));
	}
	*x = old->kind == EXPR_LAMBDA ? expr_lambda(b->arena, old->lambda, args) : expr_call(b->arena, old->call, args);
	(*x)->type = old->type;
	(*x)->name = old->name;
	(*x)->position = old->position;
	return OK;
}

enum status bind_rows_nodes(struct binder *b, struct scope *s, struct row_list *rows)
{
	uint32_t deepest = 0, n = (uint32_t)rows->count;
	rows->levels = ARENA_ARRAY(b->arena, uint32_t, n + 1);
	rows->columns = ARENA_ARRAY(b->arena, uint32_t, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		rows->levels[i] = level_of(rows, rows->arrays[i]) + 1;
		deepest = rows->levels[i] > deepest ? rows->levels[i] : deepest;
	}
	struct expr **of_level = ARENA_ARRAY(b->arena, struct expr *, n + 1);
	for (uint32_t level = 1; level <= deepest; level++) {
		uint32_t m = 0;
		for (uint32_t i = 0; i < n; i++) {
			if (rows->levels[i] != level)
				continue;
			TRY(bind_rows_replace(b, rows, &rows->arrays[i]));
			rows->columns[i] = s->plan->column_count + m;
			of_level[m++] = rows->arrays[i];
		}
		s->plan = unnest_node(b, s->plan, of_level, m);
	}
	return OK;
}

/* ---- in FROM ---- */

static struct plan *one_row(struct binder *b)
{
	struct plan *p = plan_new(b->arena, PLAN_VALUES, 0);
	p->u.values.row_count = 1;
	return p;
}

static struct str name_at(const struct ast_table *t, uint32_t i, struct str otherwise)
{
	if (i < t->columns.count && t->columns.items[i]->kind == AST_IDENTIFIER)
		return name_last(&((struct ast_identifier *)t->columns.items[i])->name);
	return otherwise;
}

/* The calls side by side: ROWS FROM (f(), g()), and unnest(a, b), which means the same. */
static struct ast_list calls_of(struct binder *b, const struct ast_table *t)
{
	struct ast_list calls = {0};
	if (t->form == TABLE_ROWS_FROM)
		return t->functions;
	if (!name_is(&t->function->name, "unnest") || t->function->args.count < 2) {
		ast_list_push(b->arena, &calls, &t->function->ast);
		return calls;
	}
	AST_EACH(&t->function->args, array) {
		struct ast_call *one = ARENA_NEW(b->arena, struct ast_call);
		*one = *t->function;
		one->args = (struct ast_list){0};
		ast_list_push(b->arena, &one->args, array);
		ast_list_push(b->arena, &calls, &one->ast);
	}
	return calls;
}

struct from_rows {
	struct binder *b;
	struct scope *s;
	const struct ast_table *t;
	struct str relation;
	uint32_t column;    /* output columns so far */
	size_t first;
};

static void add_column(struct from_rows *f, struct expr *x, struct str name)
{
	struct scope_column *c = scope_add(f->b, f->s, x, f->relation, name_at(f->t, f->column++, name));
	c->relation_first = (uint32_t)f->first;
}

/* Functions whose one output column has a name of its own; the alias means the value as well. */
static bool names_value(struct str function)
{
	static const char *const names[] = {"json_array_elements", "jsonb_array_elements", "json_array_elements_text",
	                                    "jsonb_array_elements_text"};
	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		if (str_eq_nocase(function, str_of(names[i])))
			return true;
	return false;
}

static enum status add_value(struct from_rows *f, struct expr *x, struct str name, struct str function)
{
	const struct type *t = x->type;
	if (names_value(function)) {
		add_column(f, x, STR("value"));
		if (f->t->ast.alias != NULL && f->t->columns.count == 0)
			scope_add(f->b, f->s, x, f->relation, f->relation)->hidden = true;
		return OK;
	}
	if (t->id != TYPE_TUPLE || t->names == NULL) {
		add_column(f, x, name);
		return OK;
	}
	for (uint32_t i = 0; i < t->child_count; i++) { /* a function of several output columns */
		struct expr *args[2] = {x, bind_u64(f->b, i + 1)}, *field;
		TRY(bind_function(f->b, STR("tupleElement"), args, 2, 0, &field));
		field->name = t->names[i];
		add_column(f, field, t->names[i]);
	}
	return OK;
}

/* The rows are numbered by the node that makes them. */
static enum status number_rows(struct binder *b, struct plan **plan, struct expr **out)
{
	const struct type *t = type_simple(TYPE_INT64);
	struct plan *p = *plan;
	if (p->kind != PLAN_UNNEST) {
		struct expr *one = bind_u64(b, 1);
		return expr_cast(&b->env, one, t, CAST_CH, out);
	}
	if (p->inputs[0]->kind == PLAN_UNNEST)
		return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: WITH ORDINALITY of nested set-returning functions");
	struct plan *wide = unnest_node(b, p->inputs[0], p->u.unnest.arrays, p->u.unnest.array_count);
	uint32_t n = wide->column_count++;
	const struct type **types = ARENA_ARRAY(b->arena, const struct type *, n + 2);
	struct str *names = ARENA_ARRAY(b->arena, struct str, n + 2);
	memcpy(types, wide->types, n * sizeof *types);
	memcpy(names, wide->names, n * sizeof *names);
	types[n] = t;
	names[n] = STR("ordinality");
	wide->types = types;
	wide->names = names;
	wide->u.unnest.ordinality = true;
	*plan = wide;
	*out = expr_column(b->arena, n, t, names[n]);
	return OK;
}

/* generate_series() of constant integers going up: a source that needs no array. */
static enum status constant_series(struct binder *b, struct scope *inner, const struct ast_call *call,
                                   struct expr **out)
{
	int64_t v[3] = {0, 0, 1};
	struct expr *args[3];
	bool wide = false;
	*out = NULL;
	if (!name_is(&call->name, "generate_series") || call->args.count < 2 || call->args.count > 3)
		return OK;
	for (unsigned i = 0; i < call->args.count; i++)
		if (call->args.items[i]->kind != AST_LITERAL)
			return OK;
	for (unsigned i = 0; i < call->args.count; i++) {
		TRY(bind_expr(b, inner, call->args.items[i], &args[i]));
		const struct type *t = args[i]->type;
		if (args[i]->kind != EXPR_CONSTANT || !type_is_integer(t) || physical_size(type_physical(t)) > 8 ||
		    t->id == TYPE_UINT64 || vector_is_null(args[i]->constant, 0))
			return OK;
		wide |= t->id == TYPE_INT64 || t->id == TYPE_UINT32;
		TRY(expr_cast(&b->env, args[i], type_simple(TYPE_INT64), CAST_CH, &args[i]));
		memcpy(&v[i], args[i]->constant->data, sizeof v[i]);
	}
	if (v[2] <= 0 || v[1] < v[0] || (uint64_t)v[1] - (uint64_t)v[0] == UINT64_MAX)
		return OK;
	const struct type *u64 = type_simple(TYPE_UINT64);
	struct plan *p = plan_new(b->arena, PLAN_SERIES, 1);
	p->types[0] = u64;
	p->names[0] = STR("generate_series");
	TRY(expr_cast(&b->env, bind_u64(b, (uint64_t)v[0]), u64, CAST_CH, &p->u.series.start));
	TRY(expr_cast(&b->env, bind_u64(b, (uint64_t)v[1] - (uint64_t)v[0] + 1), u64, CAST_CH, &p->u.series.stop));
	TRY(expr_cast(&b->env, bind_u64(b, (uint64_t)v[2]), u64, CAST_CH, &p->u.series.step));
	inner->plan = p;
	return expr_cast(&b->env, expr_column(b->arena, 0, u64, p->names[0]), type_simple(wide ? TYPE_INT64 : TYPE_INT32),
	                 CAST_CH, out);
}

/* One call; beside others, what is no set is a set of one. */
static enum status bind_one(struct binder *b, struct scope *inner, const struct ast *call, bool alone,
                            struct expr **out)
{
	struct expr *array;
	size_t before = inner->rows->count;
	TRY(bind_expr(b, inner, call, out));
	TRY(bind_settle(b, out));
	bool is_rows = (*out)->kind == EXPR_COLUMN && (*out)->column >= ROWS_BASE;
	if (alone || is_rows || b->dialect != DIALECT_POSTGRESQL || inner->rows->count != before)
		return OK;
	TRY(bind_function(b, STR("array"), out, 1, call->position, &array));
	return bind_rows_value(b, inner, array, out);
}

static enum status check_names(struct binder *b, const struct from_rows *f)
{
	if (f->t->columns.count <= f->column)
		return OK;
	ERR(b->err, E_INVALID_COLUMN_REFERENCE, "table \"%.*s\" has %u columns available but %u columns specified",
	    STR_ARG(f->relation), f->column, f->t->columns.count);
	return error_at(b->err, f->t->ast.position);
}

enum status bind_rows_from(struct binder *b, struct scope *s, const struct ast_table *t)
{
	struct scope *inner = ARENA_NEW(b->arena, struct scope);
	struct row_list rows = {0};
	struct ast_list calls = calls_of(b, t);
	struct expr **xs = ARENA_ARRAY(b->arena, struct expr *, calls.count + 1), *series = NULL;
	inner->parent = s->parent;
	inner->correlation = s->correlation;
	inner->ctes = s->ctes;
	inner->plan = one_row(b);
	inner->rows = &rows;
	if (calls.count == 1 && !t->ordinality)
		TRY(constant_series(b, inner, (const struct ast_call *)calls.items[0], &series));
	xs[0] = series;
	for (unsigned i = 0; i < calls.count && series == NULL; i++)
		TRY(bind_one(b, inner, calls.items[i], calls.count == 1, &xs[i]));
	TRY(bind_rows_nodes(b, inner, &rows));
	struct expr *ordinality = NULL;
	if (t->ordinality)
		TRY(number_rows(b, &inner->plan, &ordinality));
	s->plan = inner->plan;
	struct str own = name_last(&((const struct ast_call *)calls.items[0])->name);
	struct from_rows f = {.b = b, .s = s, .t = t, .first = s->column_count};
	f.relation = t->ast.alias != NULL ? t->ast.alias->text : own;
	for (unsigned i = 0; i < calls.count; i++) {
		struct str name = name_last(&((const struct ast_call *)calls.items[i])->name);
		TRY(bind_rows_replace(b, &rows, &xs[i]));
		TRY(add_value(&f, xs[i], calls.count == 1 && t->ast.alias != NULL ? t->ast.alias->text : name, name));
	}
	if (ordinality != NULL)
		add_column(&f, ordinality, STR("ordinality"));
	return check_names(b, &f);
}

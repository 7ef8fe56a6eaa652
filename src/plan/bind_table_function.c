// SPDX-License-Identifier: Apache-2.0
/* Functions in FROM: numbers, values, view, unnest, generate_series, and those that engines register. */
#include "catalog/table_function.h"
#include "parse/parser.h"
#include "plan/binder_impl.h"

static struct plan *one_row(struct binder *b)
{
	struct plan *p = plan_new(b->arena, PLAN_VALUES, 0);
	p->u.values.row_count = 1;
	return p;
}

/* The alias names the relation and, where it is the only column, the column too. */
static struct str column_alias(const struct ast_table *t, uint32_t i, uint32_t count, struct str otherwise)
{
	if (i < t->columns.count && t->columns.items[i]->kind == AST_IDENTIFIER)
		return name_last(&((struct ast_identifier *)t->columns.items[i])->name);
	if (i == 0 && count == 1 && t->ast.alias != NULL)
		return t->ast.alias->text;
	return otherwise;
}

static struct str relation_alias(const struct ast_table *t)
{
	return t->ast.alias != NULL ? t->ast.alias->text : name_last(&t->function->name);
}

/* numbers(n), numbers(from, n), numbers(from, n, step), numbers_mt, zeros. */
static enum status bind_numbers(struct binder *b, struct scope *s, const struct ast_table *t, struct expr **args,
                                uint32_t n)
{
	const struct type *u64 = type_simple(TYPE_UINT64);
	struct expr *bounds[3] = {bind_u64(b, 0), bind_u64(b, UINT64_MAX), bind_u64(b, 1)};
	if (n == 1)
		bounds[1] = args[0];
	else if (n >= 2)
		bounds[0] = args[0], bounds[1] = args[1];
	if (n == 3)
		bounds[2] = args[2];
	if (n > 3)
		return ERR(b->err, E_NUMBER_OF_ARGUMENTS, "Table function 'numbers' takes at most 3 arguments");
	for (unsigned i = 0; i < 3; i++) {
		TRY(expr_cast(&b->env, bounds[i], u64, CAST_CH, &bounds[i]));
		if (!expr_is_constant(bounds[i]))
			return ERR(b->err, E_BAD_ARGUMENTS, "Table function 'numbers' takes constants");
	}
	struct plan *p = plan_new(b->arena, PLAN_SERIES, 1);
	p->types[0] = u64;
	p->names[0] = STR("number");
	p->u.series.start = bounds[0];
	p->u.series.stop = bounds[1];
	p->u.series.step = bounds[2];
	s->plan = p;
	struct scope_column *c = scope_add(b, s, expr_column(b->arena, 0, u64, p->names[0]), relation_alias(t), p->names[0]);
	if (t->columns.count == 1)
		c->name = column_alias(t, 0, 1, c->name);
	return OK;
}

/* zeros(n): rows of 0. */
static enum status bind_zeros(struct binder *b, struct scope *s, const struct ast_table *t, struct expr **args,
                              uint32_t n)
{
	struct scope *inner = ARENA_NEW(b->arena, struct scope);
	struct expr *zero = NULL;
	struct str name = STR("zero");
	if (n > 1)
		return ERR(b->err, E_NUMBER_OF_ARGUMENTS, "Table function 'zeros' takes at most 1 argument");
	TRY(bind_numbers(b, inner, t, args, n));
	TRY(expr_cast(&b->env, bind_u64(b, 0), type_simple(TYPE_UINT8), CAST_CH, &zero));
	struct expr **exprs = ARENA_ARRAY(b->arena, struct expr *, 1);
	exprs[0] = zero;
	s->plan = plan_project(b->arena, inner->plan, exprs, &name, 1);
	scope_add(b, s, expr_column(b->arena, 0, zero->type, name), relation_alias(t), column_alias(t, 0, 2, name));
	return OK;
}

/* generate_series(from, to[, step]) of the clickhouse dialect: a range of UInt64, both ends included. */
static enum status bind_generate_series(struct binder *b, struct scope *s, const struct ast_table *t,
                                        struct expr **args, uint32_t n)
{
	uint64_t bounds[3] = {0, 0, 1}, count;
	struct str name = STR("generate_series");
	if (n != 2 && n != 3)
		return ERR(b->err, E_NUMBER_OF_ARGUMENTS, "Table function 'generate_series' takes 2 or 3 arguments");
	for (uint32_t i = 0; i < n; i++) {
		TRY(expr_cast(&b->env, args[i], type_simple(TYPE_UINT64), CAST_CH, &args[i]));
		if (args[i]->kind != EXPR_CONSTANT)
			return ERR(b->err, E_BAD_ARGUMENTS, "Table function 'generate_series' takes constants");
		memcpy(&bounds[i], args[i]->constant->data, sizeof bounds[i]);
	}
	if (bounds[2] == 0)
		return ERR(b->err, E_BAD_ARGUMENTS, "Table function 'generate_series' requires step to be a positive number");
	count = bounds[0] > bounds[1] ? 0 : bounds[1] - bounds[0] + 1;
	struct expr *numbers[3] = {bind_u64(b, bounds[0]), bind_u64(b, count), bind_u64(b, bounds[2])};
	TRY(bind_numbers(b, s, t, numbers, 3));
	s->plan->names[0] = name;
	s->columns[s->column_count - 1].name = column_alias(t, 0, 2, name);
	return OK;
}

/* values('a UInt8, b String', (1, 'x'), …): also without a structure. */
static enum status bind_values_function(struct binder *b, struct scope *s, const struct ast_table *t)
{
	const struct ast_list *args = &t->function->args;
	struct ast_select *q = ARENA_NEW(b->arena, struct ast_select);
	const struct ast_literal *structure = args->count == 0 ? NULL : (const struct ast_literal *)args->items[0];
	bool has_structure = structure != NULL && structure->ast.kind == AST_LITERAL && structure->type == LITERAL_STRING &&
		args->count > 1;
	q->ast = (struct ast){.kind = AST_SELECT, .position = t->ast.position};
	q->form = SELECT_VALUES;
	for (unsigned i = has_structure; i < args->count; i++) {
		struct ast *row = args->items[i];
		bool tuple = row->kind == AST_CALL && ((struct ast_call *)row)->form == CALL_PARENS;
		if (!tuple) {
			struct ast_call *one = ARENA_NEW(b->arena, struct ast_call);
			one->ast = (struct ast){.kind = AST_CALL, .position = row->position};
			one->form = CALL_PARENS;
			ast_list_push(b->arena, &one->args, row);
			row = &one->ast;
		}
		ast_list_push(b->arena, &q->rows, row);
	}
	struct scope *inner;
	TRY(bind_select(b, s->parent, q, s->correlation, s->ctes, &inner));
	struct plan *p = inner->plan;
	if (has_structure) {
		const struct type *row;
		TRY(type_parse(b->arena, arena_strf(b->arena, "Tuple(%.*s)", STR_ARG(structure->text)), &row, b->err));
		if (row->child_count != p->column_count || row->names == NULL)
			return ERR(b->err, E_BAD_ARGUMENTS, "values(): the structure has %u columns, the rows have %u", row->child_count,
			           p->column_count);
		struct expr **exprs = ARENA_ARRAY(b->arena, struct expr *, p->column_count + 1);
		for (uint32_t i = 0; i < p->column_count; i++)
			TRY(expr_cast(&b->env, expr_column(b->arena, i, p->types[i], p->names[i]), row->children[i], CAST_CH, &exprs[i]));
		p = plan_project(b->arena, p, exprs, row->names, p->column_count);
	}
	s->plan = p;
	for (uint32_t i = 0; i < p->column_count; i++)
		scope_add(b, s, expr_column(b->arena, i, p->types[i], p->names[i]), relation_alias(t),
		          column_alias(t, i, 2, p->names[i]));
	return OK;
}

/* Arguments, of which a lone name is the name of a format. */
static enum status bind_function_args(struct binder *b, struct scope *s, const struct ast_list *list,
                                      struct expr ***args)
{
	struct ast_list texts = {0};
	AST_EACH(list, x) {
		const struct ast_identifier *name = (const struct ast_identifier *)x;
		if (x->kind != AST_IDENTIFIER || name->name.count != 1) {
			ast_list_push(b->arena, &texts, x);
			continue;
		}
		struct ast_literal *text = ARENA_NEW(b->arena, struct ast_literal);
		text->ast = (struct ast){.kind = AST_LITERAL, .position = x->position};
		text->type = LITERAL_STRING;
		text->text = name_last(&name->name);
		ast_list_push(b->arena, &texts, &text->ast);
	}
	return bind_exprs(b, s, &texts, args);
}

static enum status call_registered(struct binder *b, const struct table_function *f, struct expr **args, uint32_t n,
                                   struct table_function_call **out)
{
	struct table_function_call *c = ARENA_NEW(b->arena, struct table_function_call);
	const struct vector **values = ARENA_ARRAY(b->arena, const struct vector *, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		TRY(bind_settle(b, &args[i]));
		if (args[i]->kind != EXPR_CONSTANT)
			return ERR(b->err, E_BAD_ARGUMENTS, "Table function '%s' takes constants", f->name);
		values[i] = args[i]->constant;
	}
	c->arena = b->arena;
	c->session = b->session;
	c->arg_count = n;
	c->args = values;
	*out = c;
	return f->bind(c, b->err);
}

static enum status bind_registered(struct binder *b, struct scope *s, const struct ast_table *t,
                                   const struct table_function *f, struct expr **args, uint32_t n)
{
	struct table_function_call *c;
	TRY(call_registered(b, f, args, n, &c));
	struct plan *p = plan_new(b->arena, PLAN_FUNCTION, c->column_count);
	for (uint32_t i = 0; i < c->column_count; i++) {
		p->types[i] = c->types[i];
		p->names[i] = c->names[i];
		struct str name = column_alias(t, i, c->column_count, c->names[i]);
		scope_add(b, s, expr_column(b->arena, i, c->types[i], name), relation_alias(t), name);
	}
	p->u.function.open = c->open;
	p->u.function.arg = c->arg;
	p->u.function.name = str_of(f->name);
	s->plan = p;
	return OK;
}

static enum status refuse_later(struct binder *b, struct str name)
{
	static const char *const later[] = {"azureBlobStorage", "cluster", "clusterAllReplicas", "dictionary", "executable",
	                                    "gcs", "hdfs", "input", "jdbc", "kafka", "loop", "merge", "mergeTreeIndex",
	                                    "mongodb", "mysql", "odbc", "postgresql", "redis", "remote", "remoteSecure", "s3",
	                                    "sqlite", "url"};
	for (size_t i = 0; i < ARRAY_COUNT(later); i++)
		if (str_eq_nocase(name, str_of(later[i])))
			return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: table function %s()", later[i]);
	return OK;
}

enum status bind_insert_function(struct bind_config *c, const struct ast_call *call, struct table_function_call **out)
{
	struct binder *b = ARENA_NEW(c->arena, struct binder);
	struct scope *s = ARENA_NEW(c->arena, struct scope);
	struct expr **args;
	struct str name = name_last(&call->name);
	binder_init(b, c, c->session->dialect);
	const struct table_function *f = table_function_find(name);
	static const char *const only_read[] = {"generateSeries", "generate_series", "numbers", "numbers_mt", "values",
	                                        "view", "zeros", "zeros_mt"};
	TRY(refuse_later(b, name));
	for (size_t i = 0; i < ARRAY_COUNT(only_read); i++)
		if (str_eq_nocase(name, str_of(only_read[i])))
			return ERR(b->err, E_NOT_IMPLEMENTED, "Table function '%s' does not support INSERT", only_read[i]);
	if (f == NULL) {
		ERR(b->err, E_UNKNOWN_FUNCTION, "Unknown table function %.*s", STR_ARG(name));
		return error_at(b->err, call->ast.position);
	}
	s->plan = one_row(b);
	TRY(bind_function_args(b, s, &call->args, &args));
	TRY(call_registered(b, f, args, call->args.count, out));
	return (*out)->insert != NULL ? OK : ERR(b->err, E_NOT_IMPLEMENTED, "Table function '%s' does not support INSERT",
	                                         f->name);
}

enum status bind_table_function(struct binder *b, struct scope *s, const struct ast_table *t)
{
	if (t->form == TABLE_ROWS_FROM)
		return bind_rows_from(b, s, t);
	if (t->sample != NULL || t->tablesample != NULL)
		return ERR(b->err, E_SAMPLING_NOT_SUPPORTED, "Table function %.*s doesn't support sampling",
		           STR_ARG(name_last(&t->function->name)));
	bool done;
	TRY(bind_record_rows(b, s, t, &done));
	if (done)
		return OK;
	struct str name = name_last(&t->function->name);
	static const char *const counters[] = {"numbers", "numbers_mt", "system.numbers"};
	TRY(refuse_later(b, name));
	if (str_eq(name, STR("view")) && t->function->args.count == 1 && t->function->args.items[0]->kind == AST_SELECT) {
		struct ast_table *sub = ARENA_NEW(b->arena, struct ast_table);
		*sub = *t;
		sub->form = TABLE_SUBQUERY;
		sub->query = t->function->args.items[0];
		return bind_from_item(b, s, &sub->ast);
	}
	if (str_eq_nocase(name, STR("values")))
		return bind_values_function(b, s, t);
	struct scope *inner = ARENA_NEW(b->arena, struct scope);
	struct expr **args = NULL;
	inner->parent = s->parent;
	inner->correlation = s->correlation;
	inner->ctes = s->ctes;
	inner->plan = one_row(b);
	const struct table_function *f = table_function_find(name);
	bool counter = false;
	for (size_t i = 0; i < ARRAY_COUNT(counters); i++)
		counter |= str_eq_nocase(name, str_of(counters[i]));
	if (f != NULL || counter) {
		TRY(counter ? bind_exprs(b, inner, &t->function->args, &args)
		            : bind_function_args(b, inner, &t->function->args, &args));
		return counter ? bind_numbers(b, s, t, args, t->function->args.count)
		               : bind_registered(b, s, t, f, args, t->function->args.count);
	}
	bool zeros = str_eq_nocase(name, STR("zeros")) || str_eq_nocase(name, STR("zeros_mt"));
	bool series = b->dialect == DIALECT_CLICKHOUSE &&
		(str_eq_nocase(name, STR("generate_series")) || str_eq_nocase(name, STR("generateSeries")));
	if (zeros || series) {
		TRY(bind_exprs(b, inner, &t->function->args, &args));
		return zeros ? bind_zeros(b, s, t, args, t->function->args.count)
			: bind_generate_series(b, s, t, args, t->function->args.count);
	}
	bool is_view;
	TRY(bind_view_call(b, s, t, &is_view));
	if (is_view)
		return OK;
	const struct function *const *rows;
	if (function_find(name, b->dialect, &rows) != 0)
		return bind_rows_from(b, s, t);
	ERR(b->err, E_UNKNOWN_FUNCTION, b->dialect == DIALECT_POSTGRESQL ? "function %.*s does not exist"
	    : "Unknown table function %.*s", STR_ARG(name));
	return error_at(b->err, t->ast.position);
}

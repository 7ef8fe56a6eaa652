// SPDX-License-Identifier: Apache-2.0
#include "plan/rewrite_impl.h"

#include <assert.h>

#include "parse/parser.h"

void binder_init(struct binder *b, struct bind_config *c, enum dialect dialect)
{
	memset(b, 0, sizeof *b);
	b->config = c;
	b->arena = c->arena;
	b->err = c->err;
	b->dialect = dialect;
	b->own_session = *c->session;
	b->own_session.dialect = dialect;
	b->session = &b->own_session;
	b->env = (struct bind_env){
		.arena = c->arena,
		.session = b->session,
		.err = c->err,
		.bind_lambda = bind_lambda_hook,
		.binder = b,
	};
	b->query = ARENA_NEW(c->arena, struct query_plan);
	for (uint32_t i = 0; i < c->param_capacity; i++) /* parameter $n is slot n - 1 */
		binder_slot(b, NULL, NULL);
}

uint32_t binder_slot(struct binder *b, const struct type *type, struct vector *value)
{
	struct query_plan *q = b->query;
	size_t count = q->slot_count, same = q->slot_count;
	ARENA_PUSH(b->arena, q->slot_types, count, b->type_capacity, type);
	ARENA_PUSH(b->arena, q->slots, same, b->vector_capacity, value);
	return q->slot_count++;
}

enum status binder_enter(struct binder *b, int position)
{
	if (++b->depth <= BIND_DEPTH_MAX)
		return OK;
	ERR(b->err, E_AST_TOO_DEEP, "Expression or query is nested too deeply");
	return error_at(b->err, position);
}

void binder_leave(struct binder *b)
{
	b->depth--;
}

/* The columns of a bound top-level query become result columns. */
static void describe_result(struct binder *b, struct scope *s)
{
	struct query_plan *q = b->query;
	q->root = s->plan;
	q->totals = s->totals;
	q->visible_columns = s->plan->column_count;
	q->column_table_oids = ARENA_ARRAY(b->arena, uint32_t, s->plan->column_count + 1);
	q->column_attnums = ARENA_ARRAY(b->arena, int16_t, s->plan->column_count + 1);
	for (uint32_t i = 0; i < s->plan->column_count && i < s->column_count; i++) {
		q->column_table_oids[i] = s->columns[i].table_oid;
		q->column_attnums[i] = s->columns[i].attnum;
	}
}

enum status binder_finish(struct binder *b, struct scope *s, struct query_plan **out)
{
	describe_result(b, s);
	if (!b->config->options.no_rewrite)
		TRY(plan_rewrite(b, b->query));
	*out = b->query;
	return OK;
}

/* The settings limit and offset: over the rows of the whole query. */
static enum status limit_result(struct binder *b, struct scope *s)
{
	const struct bind_options *o = &b->config->options;
	if (o->limit == 0 && o->offset == 0)
		return OK;
	struct plan *p = plan_unary(b->arena, PLAN_LIMIT, s->plan);
	const struct type *i64 = type_simple(TYPE_INT64);
	if (o->limit != 0 && o->limit <= INT64_MAX)
		TRY(expr_cast(&b->env, bind_u64(b, o->limit), i64, CAST_CH, &p->u.limit.limit));
	if (o->offset != 0 && o->offset <= INT64_MAX)
		TRY(expr_cast(&b->env, bind_u64(b, o->offset), i64, CAST_CH, &p->u.limit.offset));
	s->plan = p;
	return OK;
}

enum status bind_query(struct bind_config *c, const struct ast *query, struct query_plan **out)
{
	struct binder *b = ARENA_NEW(c->arena, struct binder);
	struct scope *s;
	binder_init(b, c, c->session->dialect);
	TRY(bind_select(b, NULL, (const struct ast_select *)query, NULL, NULL, &s));
	TRY(limit_result(b, s));
	return binder_finish(b, s, out);
}

static enum status parse_stored(struct bind_config *c, const struct stored_sql *sql, bool query, struct ast **out)
{
	struct parse_options options = {.dialect = sql->dialect};
	return query ? parse_statement(c->arena, sql->text, &options, out, c->err)
	             : parse_expression(c->arena, sql->text, &options, out, c->err);
}

/* Stored SQL is bound as it was written: its dialect, its database. */
static struct binder *stored_binder(struct bind_config *c, const struct stored_sql *sql)
{
	struct binder *b = ARENA_NEW(c->arena, struct binder);
	binder_init(b, c, sql->dialect);
	if (sql->database.size != 0)
		b->own_session.database = sql->database;
	if (sql->search_path.size != 0)
		b->own_session.search_path = sql->search_path;
	return b;
}

/* f(…) AS x becomes fState(…) AS x where column x of the target holds states. */
static void take_states(struct binder *b, struct ast_select *q, const struct table_def *target)
{
	if (q->form != SELECT_PLAIN || target == NULL)
		return;
	AST_EACH(&q->items, x) {
		struct ast_call *call = (struct ast_call *)x;
		const struct column_def *d = table_def_column(target, bind_item_name(b, x));
		if (x->kind != AST_CALL || d == NULL || d->type->id != TYPE_AGGSTATE || call->form != CALL_PLAIN)
			continue;
		struct name_part *part = &call->name.parts[call->name.count - 1];
		if (aggregate_exists(part->text, b->dialect) && !aggregate_gives_state(part->text, b->dialect))
			part->text = arena_strf(b->arena, "%.*sState", STR_ARG(part->text));
	}
}

enum status bind_view(struct bind_config *c, const struct stored_sql *sql, const struct table_def *source,
                      const struct table_def *target,
                      enum status (*open)(void *, const struct scan_request *, struct scan **, struct error *),
                      void *open_arg, struct query_plan **out)
{
	struct binder *b = stored_binder(c, sql);
	struct ast *ast;
	struct scope *s;
	TRY(parse_stored(c, sql, true, &ast));
	if (ast->kind == AST_SELECT)
		take_states(b, (struct ast_select *)ast, target);
	b->block_table = source;
	b->block_open = open;
	b->block_arg = open_arg;
	TRY(bind_select(b, NULL, (const struct ast_select *)ast, NULL, NULL, &s));
	return binder_finish(b, s, out);
}

/* A scope whose plan has these input columns and nothing else. */
static struct scope *input_scope(struct binder *b, const struct str *names, const struct type *const *types, uint32_t n)
{
	struct scope *s = ARENA_NEW(b->arena, struct scope);
	s->plan = plan_new(b->arena, PLAN_VALUES, n);
	for (uint32_t i = 0; i < n; i++) {
		s->plan->types[i] = types[i];
		s->plan->names[i] = names[i];
		scope_add(b, s, expr_column(b->arena, i, types[i], names[i]), STR(""), names[i]);
	}
	return s;
}

enum status bind_over(struct bind_config *c, const struct ast *x, const struct str *names,
                      const struct type *const *types, uint32_t count, struct expr **out)
{
	struct binder *b = ARENA_NEW(c->arena, struct binder);
	binder_init(b, c, c->session->dialect);
	TRY(bind_expr(b, input_scope(b, names, types, count), x, out));
	return bind_settle(b, out);
}

/* "a, f(b)" parsed as the arguments of a tuple. */
static enum status parse_list(struct bind_config *c, const struct stored_sql *sql, struct ast_list *out)
{
	struct stored_sql wrapped = *sql;
	struct ast *ast;
	wrapped.text = arena_strf(c->arena, "tuple(%.*s)", STR_ARG(sql->text));
	TRY(parse_stored(c, &wrapped, false, &ast));
	*out = ((struct ast_call *)ast)->args;
	if (out->count == 1 && out->items[0]->kind == AST_CALL) {
		struct ast_call *inner = (struct ast_call *)out->items[0];
		if (name_is(&inner->name, "tuple") && inner->ast.alias == NULL)
			*out = inner->args;
	}
	return OK;
}

enum status bind_stored(struct bind_config *c, const struct stored_sql *sql, const struct table_def *def, bool as_list,
                        struct expr ***out, uint32_t *count)
{
	struct binder *b = stored_binder(c, sql);
	struct scope *s = ARENA_NEW(b->arena, struct scope);
	struct ast_list list = {0};
	s->plan = plan_new(b->arena, PLAN_VALUES, def->column_count);
	for (uint32_t i = 0; i < def->column_count; i++) {
		const struct column_def *d = &def->columns[i];
		s->plan->types[i] = d->type;
		s->plan->names[i] = d->name;
		struct scope_column *column = scope_add(b, s, expr_column(b->arena, i, d->type, d->name), def->name, d->name);
		if (d->default_kind == COLUMN_ALIAS) {
			column->def = def;
			column->alias_column = d;
			column->is_alias = true;
		}
	}
	if (as_list) {
		TRY(parse_list(c, sql, &list));
	} else {
		struct ast *ast;
		TRY(parse_stored(c, sql, false, &ast));
		ast_list_push(b->arena, &list, ast);
	}
	*out = ARENA_ARRAY(b->arena, struct expr *, list.count + 1);
	*count = list.count;
	for (uint32_t i = 0; i < list.count; i++) {
		TRY(bind_expr(b, s, list.items[i], &(*out)[i]));
		TRY(bind_settle(b, &(*out)[i]));
	}
	if (s->plan->kind != PLAN_VALUES)
		return ERR(c->err, E_ILLEGAL_COLUMN, "An expression of a table may not make several rows of one (arrayJoin)");
	if (b->query->slot_count != 0)
		return ERR(c->err, E_BAD_ARGUMENTS, "An expression of a table may not hold a subquery or a parameter");
	return OK;
}

enum status bind_assignment(struct bind_config *c, const struct type *from, const struct type *to, struct str column,
                            int position)
{
	if (cast_is_assignment(from, to))
		return OK;
	struct str have = type_pg_base_name(c->arena, from), want = type_pg_base_name(c->arena, to);
	const struct eval_services *services = c->session == NULL ? NULL : c->session->services;
	if (to->face == FACE_ENUM && services != NULL)
		TRY(services->name_of(c->session->services_arg, FACE_REGTYPE, (uint32_t)to->typmod, c->arena, &want, c->err));
	if (column.size == 0)
		ERR(c->err, E_TYPE_MISMATCH, "a parameter of type %.*s cannot be coerced to the expected type %.*s", STR_ARG(have),
		    STR_ARG(want));
	else
		ERR(c->err, E_TYPE_MISMATCH, "column \"%.*s\" is of type %.*s but expression is of type %.*s", STR_ARG(column),
		    STR_ARG(want), STR_ARG(have));
	error_hint(c->err, "You will need to rewrite or cast the expression.");
	return error_at(c->err, position);
}

enum status bind_constant(struct bind_config *c, const struct ast *x, const struct type *type, struct str column,
                          struct vector **out)
{
	struct binder *b = ARENA_NEW(c->arena, struct binder);
	struct expr *e;
	binder_init(b, c, c->session->dialect);
	struct scope *nothing = input_scope(b, NULL, NULL, 0);
	TRY(bind_expr(b, nothing, x, &e));
	if (nothing->plan->kind != PLAN_VALUES)
		return ERR(c->err, E_BAD_ARGUMENTS, "A constant expression may not make several rows of one (arrayJoin)");
	if (type != NULL) {
		TRY(bind_coerce_unknown(b, &e, type));
		if (b->dialect == DIALECT_POSTGRESQL)
			TRY(bind_assignment(c, e->type, type, column, x->position));
		TRY(expr_cast(&b->env, e, type, b->dialect == DIALECT_POSTGRESQL ? CAST_INSERT : CAST_CH, &e));
	}
	TRY(bind_settle(b, &e));
	if (e->kind == EXPR_CONSTANT) {
		*out = e->constant;
		return OK;
	}
	if (!expr_is_constant(e) && !e->is_volatile)
		return ERR(c->err, E_BAD_ARGUMENTS, "A constant expression is expected");
	for (uint32_t i = 0; i < b->query->slot_count; i++)
		if (b->query->slots[i] == NULL)
			return ERR(c->err, E_NOT_IMPLEMENTED, "not supported yet: a subquery in a constant expression");
	/* it did not fold: it is volatile, or folding failed and the failure is wanted now */
	struct program *p;
	struct arena scratch;
	struct vector *v = NULL, *constant = NULL;
	arena_init(&scratch, NULL);
	struct eval eval = {.session = b->session, .scratch = &scratch, .err = c->err, .random = b->session->random_seed};
	enum status s = program_compile(&scratch, &e, 1, &p, c->err);
	if (s == OK)
		s = program_run(p, &eval, NULL, b->query->slots, 1, &v);
	if (s == OK)
		s = vector_constant(NULL, v, 0, 1, &constant, c->err);
	vector_unref(v);
	arena_fini(&scratch);
	TRY(s);
	struct expr *kept = expr_constant(c->arena, constant);
	constant->type = e->type;
	*out = kept->constant;
	return OK;
}

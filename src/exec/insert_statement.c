// SPDX-License-Identifier: Apache-2.0
/* INSERT and COPY: where the rows come from (VALUES, SELECT, bytes in a format) and where they go. */
#include <stdio.h>

#include "base/timezone.h"
#include "catalog/column_note.h"
#include "exec/change.h"
#include "exec/copy.h"
#include "exec/ddl_impl.h"
#include "func/aggregate.h"
#include "parse/ast_command.h"
#include "parse/parser.h"

/* ---- the target ---- */

struct target {
	struct table *table;
	struct str *names;
	const struct type **types;
	uint32_t count;
};

static void release(void *t)
{
	table_release(t);
}

/* Rows for a materialized view go into the table that it fills. */
static enum status open_view_target(struct statement *st, struct arena *a, struct target *t, struct error *err)
{
	const struct table_def *view = t->table->def;
	struct str name = view->to_table.size != 0 ? view->to_table : arena_strf(a, ".inner.%.*s", STR_ARG(view->name));
	struct str database = view->to_database.size != 0 ? view->to_database : view->database;
	TRY(catalog_find_table(st->session->instance->catalog, st->session->txn, database, STR(""), name, &t->table, err));
	arena_defer(a, release, t->table);
	return OK;
}

/* The table and the columns that the statement names; the reference goes with `a`. */
static enum status open_target(struct statement *st, struct arena *a, const struct name *n,
                               const struct ast_list *columns, struct target *t, struct error *err)
{
	struct ddl_context c = st->session->services;
	c.arena = a;
	c.txn = st->session->txn;
	c.named = st->named;
	TRY(ddl_find_table(&c, n, false, &t->table, err));
	if (t->table->def->kind == TABLE_MATERIALIZED_VIEW)
		TRY(open_view_target(st, a, t, err));
	if (t->table->def->kind == TABLE_VIEW)
		return ERR(err, E_NOT_IMPLEMENTED, "Method write is not supported by storage View");
	return insert_columns(t->table, columns, st->session->dialect, a, &t->names, &t->types, &t->count, err);
}

/* What the bytes that follow have to fill. */
static void describe_target(struct statement *st, const struct target *t)
{
	struct result_column *columns = ARENA_ARRAY(&st->arena, struct result_column, t->count + 1);
	for (uint32_t i = 0; i < t->count; i++) {
		const struct column_def *d = table_def_column(t->table->def, t->names[i]);
		columns[i] = (struct result_column){.name = t->names[i], .type = t->types[i]};
		if (d != NULL && d->default_kind == COLUMN_DEFAULT)
			columns[i].default_text = d->default_expr.text;
	}
	st->info.columns = columns;
	st->info.column_count = t->count;
}

/* Whether every row of VALUES says DEFAULT for column `at`, or ends before it. */
static bool all_default(const struct ast_insert *q, uint32_t at)
{
	const struct ast_select *values = (const struct ast_select *)q->query;
	if (q->query == NULL)
		return true;
	if (q->query->kind != AST_SELECT || values->rows.count == 0)
		return false;
	AST_EACH(&values->rows, x) {
		const struct ast_call *row = (const struct ast_call *)x;
		if (row->args.count > at && row->args.items[at]->kind != AST_DEFAULT)
			return false;
	}
	return true;
}

/* GENERATED ALWAYS AS IDENTITY takes values only where the statement insists. */
static enum status check_identities(const struct statement *st, const struct ast_insert *q, const struct target *t,
                                    struct error *err)
{
	if (st->session->dialect != DIALECT_POSTGRESQL || q->overriding_system || q->default_values)
		return OK;
	for (uint32_t i = 0; i < t->count; i++) {
		const struct column_def *d = table_def_column(t->table->def, t->names[i]);
		if (d == NULL || !table_def_always_identity(t->table->def, d) || all_default(q, i))
			continue;
		ERR(err, E_ILLEGAL_COLUMN, "cannot insert a non-DEFAULT value into column \"%.*s\"", STR_ARG(d->name));
		error_detail(err, "Column \"%.*s\" is an identity column defined as GENERATED ALWAYS.", STR_ARG(d->name));
		return error_hint(err, "Use OVERRIDING SYSTEM VALUE to override.");
	}
	return OK;
}

static enum status open_insert(struct statement *st, struct arena *a, const struct ast_insert *q, struct target *t,
                               struct error *err)
{
	if (q->function == NULL) {
		TRY(open_target(st, a, &q->table, &q->columns, t, err));
		return check_identities(st, q, t, err);
	}
	TRY(insert_function_table(st->session, a, q->function, &t->table, err));
	return insert_columns(t->table, &q->columns, st->session->dialect, a, &t->names, &t->types, &t->count, err);
}

static enum status open_inserter(struct statement *st, const struct target *t, const struct type *const *types,
                                 uint32_t count, struct error *err)
{
	struct insert_source source = {.names = t->names, .count = count, .types = types};
	struct session *s = st->session;
	const struct ast *query = st->ast->kind == AST_INSERT ? ((const struct ast_insert *)st->ast)->query : NULL;
	source.is_query = query != NULL
	                  && !(query->kind == AST_SELECT && ((const struct ast_select *)query)->form == SELECT_VALUES);
	st->query.session = &s->eval;
	st->query.txn = s->txn;
	st->query.pool = s->instance->pool;
	TRY(inserter_open(s, &st->query, t->table, &source, 0, &st->inserter, err));
	if (st->ast->kind != AST_INSERT)
		return OK;
	TRY(upsert_watch(st, t->table, err));
	return returning_watch(st, t->table, err);
}

/* ---- INSERT … SELECT and VALUES ---- */

/* The first expression that is too much, or the first column that has none. */
static int mismatch_position(const struct ast_insert *q, uint32_t have, uint32_t want)
{
	const struct ast_select *query = (const struct ast_select *)q->query;
	const struct ast_list *list = &query->items;
	if (have < want)
		return q->columns.count > have ? q->columns.items[have]->position : NO_POSITION;
	if (query->form == SELECT_VALUES && query->rows.count != 0)
		list = &((const struct ast_call *)query->rows.items[0])->args;
	return list->count > want ? list->items[want]->position : NO_POSITION;
}

static enum status width_mismatch(struct statement *st, uint32_t have, uint32_t want, struct error *err)
{
	if (st->session->dialect == DIALECT_POSTGRESQL) {
		ERR(err, E_SYNTAX, have > want ? "INSERT has more expressions than target columns"
		                               : "INSERT has more target columns than expressions");
		return error_at(err, mismatch_position((const struct ast_insert *)st->ast, have, want));
	}
	return ERR(err, E_NUMBER_OF_COLUMNS, "Number of columns doesn't match (source: %u and result: %u)", have, want);
}

static enum status run_query(struct statement *st, const struct target *t, struct error *err)
{
	struct batch *b;
	enum status s;
	uint32_t width = st->plan->visible_columns;
	bool fewer_ok = st->session->dialect == DIALECT_POSTGRESQL && ((const struct ast_insert *)st->ast)->columns.count == 0;
	if (width > t->count || (width < t->count && !fewer_ok))
		return width_mismatch(st, width, t->count, err);
	for (uint32_t i = 0; i < width && st->session->dialect == DIALECT_POSTGRESQL; i++) {
		struct bind_config c = {.arena = &st->plan_arena, .session = &st->session->eval, .err = err};
		const struct ast_select *q = (const struct ast_select *)((const struct ast_insert *)st->ast)->query;
		const struct ast *item = q->form == SELECT_PLAIN && i < q->items.count ? q->items.items[i] : NULL;
		int position = item != NULL ? item->position : NO_POSITION;
		if (item != NULL && item->kind == AST_LITERAL && ((const struct ast_literal *)item)->type == LITERAL_STRING)
			continue; /* of an unknown type: it becomes what the column is */
		TRY(bind_assignment(&c, st->plan->root->types[i], t->types[i], t->names[i], position));
	}
	TRY(open_inserter(st, t, NULL, width, err));
	TRY(statement_query_begin(st, err));
	while ((s = query_next(&st->query, &b, err)) == OK && b != NULL) {
		s = inserter_block(st->inserter, b, NULL, err);
		batch_free(b);
		TRY(s);
	}
	return s;
}

static bool find_query(struct ast *x, void *arg)
{
	bool *found = arg;
	*found = *found || x->kind == AST_SUBQUERY || x->kind == AST_SELECT;
	return !*found;
}

/* Whether a value has a query in it, which has to run. */
static bool has_query(const struct ast *x)
{
	bool found = false;
	ast_walk((struct ast *)(uintptr_t)x, find_query, &found);
	return found;
}

/* The one value of SELECT x; the arena's. */
static enum status queried_value(struct statement *st, struct bind_config *config, const struct ast *x,
                                 struct vector **out, struct error *err)
{
	struct ast_select *q = ARENA_NEW(config->arena, struct ast_select);
	struct query query = {.session = &st->session->eval, .txn = st->session->txn, .limits = st->query.limits,
		.parent = &st->query};
	struct batch *b = NULL;
	q->ast = (struct ast){.kind = AST_SELECT, .position = x->position};
	ast_list_push(config->arena, &q->items, (struct ast *)(uintptr_t)x);
	TRY(bind_query(config, &q->ast, &query.plan));
	memtrack_init(&query.track, &st->query.track, "subquery", 0);
	query.limits.max_threads = 1;
	enum status s = query_start(&query, err);
	if (s == OK)
		s = query_next(&query, &b, err);
	struct vector *v = NULL;
	if (s == OK && (b == NULL || b->count != 1))
		s = ERR(err, E_NOT_IMPLEMENTED, "not supported yet: a set-returning function beside a subquery in VALUES");
	if (s == OK)
		s = vector_constant(NULL, b->columns[0], 0, 1, &v, err);
	if (s == OK) {
		const struct type *type = v->type;
		*out = expr_constant(config->arena, v)->constant;
		(*out)->type = type;
	}
	batch_free(b);
	query_end(&query);
	return s;
}

/*
 * VALUES in PostgreSQL: DEFAULT may stand for a value, and unknown literals take the column's type. Rows are bound one
 * by one over no columns and appended.
 */
static enum status run_values(struct statement *st, const struct target *t, const struct ast_select *q,
                              struct vector *const *params, struct error *err)
{
	struct session *s = st->session;
	uint32_t rows = q->rows.count, width = rows == 0 ? 0 : ((const struct ast_call *)q->rows.items[0])->args.count;
	struct builder **builders = ARENA_ARRAY(&st->plan_arena, struct builder *, width + 1);
	uint64_t **missing = ARENA_ARRAY(&st->plan_arena, uint64_t *, width + 1);
	struct batch *block = NULL;
	enum status status = OK;
	if (width > t->count || (width < t->count && ((const struct ast_insert *)st->ast)->columns.count != 0))
		return width_mismatch(st, width, t->count, err);
	TRY(open_inserter(st, t, NULL, width, err));
	for (uint32_t c = 0; c < width && status == OK; c++)
		status = builder_new(&st->query.track, type_nullable(&st->plan_arena, t->types[c]), &builders[c], err);
	struct arena row_arena;
	arena_init(&row_arena, &st->query.track);
	for (uint32_t r = 0; r < rows && status == OK; r++) {
		const struct ast_call *row = (const struct ast_call *)q->rows.items[r];
		if (row->args.count != width)
			status = ERR(err, E_SYNTAX, "VALUES lists must all be the same length");
		for (uint32_t c = 0; c < width && status == OK; c++) {
			const struct ast *x = row->args.items[c];
			if (x->kind == AST_DEFAULT) {
				if (missing[c] == NULL)
					missing[c] = ARENA_ARRAY(&st->plan_arena, uint64_t, rows / 64 + 1);
				bit_set(missing[c], r);
				status = builder_default(builders[c], err);
				continue;
			}
			struct bind_config config;
			struct vector *v = NULL;
			session_bind_config(s, &row_arena, err, &config);
			config.params = params;
			config.param_types = st->param_types;
			config.param_capacity = st->param_capacity;
			config.named = st->named;
			const struct type *to = builders[c]->type;
			status = has_query(x) ? queried_value(st, &config, x, &v, err)
				: bind_constant(&config, x, s->dialect == DIALECT_POSTGRESQL ? to : NULL, t->names[c], &v);
			struct vector *cast = NULL;
			struct eval e = {.session = &s->eval, .track = &st->query.track, .scratch = &row_arena, .err = err};
			if (status == OK && !type_equal(v->type, to))
				status = cast_vector(&e, &row_arena, v, to, CAST_INSERT, &cast);
			if (status == OK)
				status = builder_row(builders[c], cast != NULL ? cast : v, 0, err);
			vector_unref(cast);
		}
		arena_reset(&row_arena);
	}
	arena_fini(&row_arena);
	if (status == OK)
		status = batch_new(width, &block, err);
	for (uint32_t c = 0; c < width && status == OK; c++)
		status = builder_finish(builders[c], &block->columns[c], err);
	if (status == OK) {
		block->count = rows;
		status = inserter_block(st->inserter, block, missing, err);
	}
	batch_free(block);
	for (uint32_t c = 0; c < width; c++)
		builder_free(builders[c]);
	return status;
}

/* ---- bytes in a format ---- */

/* What the reader is given, and what an expression among VALUES needs besides. */
struct reading_options {
	struct format_options base;  /* first: the reader gives it back */
	struct statement *statement;
	struct arena arena;          /* one expression */
};

/* One expression of VALUES data: bound over no columns, computed, cast to its column. */
static enum status values_expression(struct builder *to, struct str text, const struct format_options *options,
                                     struct error *err)
{
	struct reading_options *r = (struct reading_options *)options;
	struct statement *st = r->statement;
	struct parse_options parsing = {.dialect = st->session->dialect};
	struct bind_config config;
	struct ast *ast;
	struct vector *v = NULL, *cast = NULL;
	arena_reset(&r->arena);
	TRY(parse_expression(&r->arena, text, &parsing, &ast, err));
	session_bind_config(st->session, &r->arena, err, &config);
	config.named = st->named;
	TRY(bind_constant(&config, ast, NULL, STR(""), &v));
	struct eval e = {.session = &st->session->eval, .track = &st->query.track, .scratch = &r->arena, .err = err};
	if (vector_is_null(v, 0) && !to->type->nullable)
		return options->null_as_default ? builder_default(to, err)
		                                : ERR(err, E_NOT_NULL_VIOLATION,
		                                      "Cannot insert NULL value into a column of type %.*s",
		                                      STR_ARG(type_name(&r->arena, to->type)));
	if (!type_equal(v->type, to->type))
		TRY(cast_vector(&e, &r->arena, v, to->type, CAST_INSERT, &cast));
	/* its text may lie in the arena of this one expression: the column keeps a copy */
	struct vector *own = cast != NULL ? cast : vector_ref(v);
	enum status s = vector_compact(&st->query.track, &own, err);
	if (s == OK)
		s = builder_row(to, own, 0, err);
	vector_unref(own);
	return s;
}

/* A type whose states were met. */
struct known_state {
	const struct type *type;
	struct aggregator *aggregator;
	struct known_state *next;
};

static enum status known_state_of(struct known_state **known, struct bind_env *env, const struct type *t,
                                  struct known_state **out)
{
	for (*out = *known; *out != NULL; *out = (*out)->next)
		if (type_equal((*out)->type, t))
			return OK;
	struct known_state *k = ARENA_NEW(env->arena, struct known_state);
	k->type = type_copy(env->arena, t);
	TRY(aggregate_of_type(env, k->type, &k->aggregator));
	k->next = *known;
	*known = *out = k;
	return OK;
}

static enum status state_size(void **known, struct arena *a, const struct type *t, struct str from, size_t *size,
                              struct error *err)
{
	struct eval_session session = {.dialect = DIALECT_CLICKHOUSE, .tz = timezone_utc(), .text = &value_options_default};
	struct bind_env env = {.arena = a, .session = &session, .err = err};
	struct known_state *k;
	struct arena scratch;
	TRY(known_state_of((struct known_state **)known, &env, t, &k));
	arena_init(&scratch, NULL);
	struct eval e = {.session = &session, .scratch = &scratch, .err = err};
	enum status s = aggregate_state_size(k->aggregator, &e, from, size);
	arena_fini(&scratch);
	return s;
}

void insert_register(void)
{
	format_state_size = state_size;
	format_values_expression = values_expression;
}

/* Inline data first, then what the client sends. */
static enum status read_input(void *arg, struct str *chunk, struct error *err)
{
	struct statement *st = arg;
	if (!st->inline_given) {
		st->inline_given = true;
		if (st->inline_data.size != 0) {
			*chunk = st->inline_data;
			return OK;
		}
	}
	if (st->input == NULL) {
		*chunk = STR("");
		return OK;
	}
	return st->input->read(st->input->arg, chunk, err);
}

static enum status read_blocks(struct statement *st, struct copy_filter *filter, struct error *err)
{
	for (;;) {
		struct format_block block = {0};
		TRY(format_read(st->reader, &block, err));
		uint32_t rows = block.batch.count;
		enum status s = rows == 0 || filter == NULL ? OK : copy_filter_block(filter, &block.batch, err);
		if (s == OK && block.batch.count != 0)
			s = inserter_block(st->inserter, &block.batch, block.missing, err);
		format_block_fini(&block);
		TRY(s);
		if (rows == 0)
			return OK;
	}
}

static enum status run_format(struct statement *st, const struct target *t, struct str format,
                              const struct format_options *options, struct copy_filter *filter, struct error *err)
{
	struct reading_options reading = {.base = *options, .statement = st};
	struct format_column *columns = ARENA_ARRAY(&st->plan_arena, struct format_column, t->count + 1);
	struct copy_latin1 latin1 = {.read = read_input, .arg = st};
	struct format_input input = {options->copy_latin1 ? copy_read_latin1 : read_input,
		options->copy_latin1 ? (void *)&latin1 : st};
	strbuf_init(&latin1.text, &st->query.track);
	for (uint32_t c = 0; c < t->count; c++)
		columns[c] = (struct format_column){t->names[c], t->types[c]};
	TRY(open_inserter(st, t, NULL, t->count, err));
	arena_init(&reading.arena, &st->query.track);
	enum status s = format_reader_new(format, columns, t->count, &reading.base, &input, t->table->def->name,
	                                  &st->query.track, &st->reader, err);
	if (s == OK)
		s = read_blocks(st, filter, err);
	strbuf_fini(&latin1.text);
	format_reader_free(st->reader); /* before the options it looks at go */
	st->reader = NULL;
	arena_fini(&reading.arena);
	return s;
}

/* WITH in front of INSERT serves its query. */
static const struct ast *query_of(struct arena *a, const struct ast_insert *q)
{
	struct ast_select *with;
	if (q->with.count == 0)
		return q->query;
	with = arena_copy(a, q->query, sizeof *with);
	with->with = q->with;
	with->with_recursive = q->with_recursive;
	AST_EACH(&((const struct ast_select *)q->query)->with, x)
		ast_list_push(a, &with->with, x);
	return &with->ast;
}

/* Where the rows come from: parameters get their types. */
static enum status prepare_source(struct statement *st, const struct ast_insert *q, const struct target *t,
                                  struct error *err)
{
	if (q->query == NULL)
		return OK;
	const struct ast_select *values = (const struct ast_select *)q->query;
	if (values->form == SELECT_VALUES) {
		/* $n takes its column's type */
		AST_EACH(&values->rows, row)
			for (unsigned c = 0; c < ((struct ast_call *)row)->args.count && c < t->count; c++) {
				const struct ast_parameter *p = (const struct ast_parameter *)((struct ast_call *)row)->args.items[c];
				if (p->ast.kind == AST_PARAMETER && p->name.data == NULL && st->param_types[p->number - 1] == NULL)
					st->param_types[p->number - 1] = type_not_nullable(&st->arena, t->types[c]);
			}
		return OK;
	}
	return statement_bind(st, query_of(&st->arena, q), NULL, err);
}

enum status insert_prepare(struct statement *st, struct error *err)
{
	const struct ast_insert *q = (const struct ast_insert *)st->ast;
	struct target t;
	st->kind = STATEMENT_INSERT;
	st->info.command = "INSERT";
	if (q->infile != NULL)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: FROM INFILE");
	TRY(open_insert(st, &st->arena, q, &t, err));
	st->info.format = q->format;
	st->info.takes_input = q->query == NULL && !q->default_values;
	if (q->has_data && q->data_offset < st->text.size)
		st->inline_data = str_make(st->text.data + q->data_offset, st->text.size - q->data_offset);
	st->info.has_inline_data = st->inline_data.size != 0;
	if (st->info.takes_input)
		describe_target(st, &t);
	TRY(prepare_source(st, q, &t, err));
	TRY(upsert_prepare(st, t.table, err));
	return returning_describe(st, t.table, err);
}

static enum status run_insert(struct statement *st, const struct ast_insert *q, struct error *err)
{
	struct target t;
	struct session *s = st->session;
	const struct ast_select *query = (const struct ast_select *)q->query;
	if (query == NULL || query->form == SELECT_VALUES) {
		arena_reset(&st->plan_arena);
		TRY(open_insert(st, &st->plan_arena, q, &t, err));
		if (query != NULL)
			return run_values(st, &t, query, st->run_params, err);
		if (q->default_values) {
			struct batch one = {.count = 1};
			TRY(open_inserter(st, &t, NULL, 0, err));
			return inserter_block(st->inserter, &one, NULL, err);
		}
		struct format_options options;
		session_format_options(s, &options);
		if (st->input != NULL && st->input->format != NULL) {
			options.native_revision = st->input->native_revision;
			return run_format(st, &t, str_of(st->input->format), &options, NULL, err);
		}
		return run_format(st, &t, q->format.size != 0 ? q->format : STR("Values"), &options, NULL, err);
	}
	TRY(statement_bind(st, query_of(&st->arena, q), st->run_params, err));
	TRY(open_insert(st, &st->plan_arena, q, &t, err));
	return run_query(st, &t, err);
}

enum status insert_fill(struct statement *st, struct table *t, const struct ast *query, struct error *err)
{
	struct target target = {.table = t};
	struct ast_list none = {0};
	struct batch *b;
	enum status s;
	TRY(txn_statement_begin(st->session->txn, err));
	TRY(statement_bind(st, query, NULL, err));
	TRY(insert_columns(t, &none, st->session->dialect, &st->plan_arena, &target.names, &target.types, &target.count, err));
	TRY(open_inserter(st, &target, NULL, st->plan->visible_columns < target.count ? st->plan->visible_columns
	                  : target.count, err));
	TRY(statement_query_begin(st, err));
	while ((s = query_next(&st->query, &b, err)) == OK && b != NULL) {
		s = inserter_block(st->inserter, b, NULL, err);
		batch_free(b);
		TRY(s);
	}
	TRY(s);
	TRY(inserter_finish(st->inserter, err));
	st->rows = inserter_rows(st->inserter);
	inserter_free(st->inserter);
	st->inserter = NULL;
	query_end(&st->query);
	st->query_started = false;
	return OK;
}

/* ---- COPY ---- */

enum status copy_prepare(struct statement *st, struct error *err)
{
	const struct ast_copy *c = (const struct ast_copy *)st->ast;
	struct target t;
	TRY(copy_options(st, c, err));
	if (!c->from) {
		st->inner_ast = copy_query(st, c);
		if (st->inner_ast->kind != AST_SELECT)
			return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: COPY of a query that changes rows");
		TRY(statement_bind(st, st->inner_ast, NULL, err));
		statement_describe(st);
		st->info.returns_rows = false;
		st->plan_is_fresh = st->param_capacity == 0;
		struct str *names = ARENA_ARRAY(&st->arena, struct str, st->info.column_count + 1);
		for (uint32_t i = 0; i < st->info.column_count; i++)
			names[i] = st->info.columns[i].name;
		return copy_columns_options(st, c, names, st->info.column_count, err);
	}
	TRY(open_target(st, &st->arena, &c->table, &c->columns, &t, err));
	describe_target(st, &t);
	return copy_columns_options(st, c, t.names, t.count, err);
}

/*
 * async_insert in ClickHouse gathers rows in memory; here a small insert costs a record of the log, so what is left of
 * it is whether the client waits for the disk.
 */
static void choose_durability(struct session *s)
{
	if (settings_bool(s->local, SET_async_insert) && !settings_bool(s->local, SET_wait_for_async_insert))
		txn_set_synchronous(s->txn, false);
}

enum status insert_run(struct statement *st, struct error *err)
{
	choose_durability(st->session);
	if (st->ast->kind == AST_INSERT) {
		TRY(run_insert(st, (const struct ast_insert *)st->ast, err));
	} else {
		const struct ast_copy *c = (const struct ast_copy *)st->ast;
		struct target t;
		arena_reset(&st->plan_arena);
		TRY(open_target(st, &st->plan_arena, &c->table, &c->columns, &t, err));
		struct copy_filter filter;
		enum status s = copy_filter_open(st, c, t.names, t.types, t.count, &filter, err);
		if (s == OK)
			s = run_format(st, &t, st->info.format, st->copy_options, c->where == NULL ? NULL : &filter, err);
		copy_filter_close(&filter);
		TRY(s);
	}
	TRY(inserter_finish(st->inserter, err));
	st->rows = inserter_rows(st->inserter);
	TRY(upsert_finish(st, err));
	atomic_store(&st->query.progress.written_bytes, inserter_bytes(st->inserter));
	return OK;
}

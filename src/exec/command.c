// SPDX-License-Identifier: Apache-2.0
/* Statements that neither query nor change data: settings, SHOW, EXPLAIN, KILL, USE, and what is accepted without
 * effect. */
#include <stdio.h>

#include "exec/instance.h"
#include "exec/session_impl.h"
#include "parse/ast_admin.h"
#include "parse/ast_command.h"
#include "parse/parser.h"
#include "parse/print.h"

/* ---- answers of text ---- */

enum status statement_text_answer(struct statement *st, const char *const *names, uint32_t columns,
                                  const struct str *cells, uint32_t rows, struct error *err)
{
	struct result_column *described = ARENA_ARRAY(&st->arena, struct result_column, columns + 1);
	struct batch *b = NULL;
	TRY(batch_new(columns, &b, err));
	b->count = rows;
	enum status s = OK;
	for (uint32_t c = 0; c < columns && s == OK; c++) {
		struct builder *builder = NULL;
		described[c] = (struct result_column){.name = str_of(names[c]), .type = type_simple(TYPE_STRING)};
		s = builder_new(&st->query.track, type_simple(TYPE_STRING), &builder, err);
		for (uint32_t r = 0; r < rows && s == OK; r++)
			s = builder_string(builder, cells[(size_t)r * columns + c].data, cells[(size_t)r * columns + c].size, err);
		if (s == OK)
			s = builder_finish(builder, &b->columns[c], err);
		builder_free(builder);
	}
	if (s != OK) {
		batch_free(b);
		return s;
	}
	batch_free(st->pending);
	st->pending = b;
	st->info.returns_rows = true;
	st->info.columns = described;
	st->info.column_count = columns;
	return OK;
}

/* ---- SET, RESET, USE, SHOW name ---- */

/* SET x TO a, b and SET x = 'a': the text of the value. */
static void value_text(struct strbuf *to, const struct ast *x)
{
	if (x->kind == AST_LITERAL) {
		const struct ast_literal *l = (const struct ast_literal *)x;
		if (l->type == LITERAL_STRING)
			strbuf_puts(to, l->text);
		else if (l->type == LITERAL_BOOL)
			strbuf_putz(to, l->boolean ? "true" : "false");
		else
			ast_print(to, x, &(struct print_options){.dialect = DIALECT_CLICKHOUSE});
	} else if (x->kind == AST_IDENTIFIER) {
		strbuf_puts(to, name_last(&((const struct ast_identifier *)x)->name));
	} else if (x->kind == AST_CALL && ((const struct ast_call *)x)->form == CALL_PARENS) {
		const struct ast_call *list = (const struct ast_call *)x;
		for (unsigned i = 0; i < list->args.count; i++) {
			if (i != 0)
				strbuf_putz(to, ", ");
			value_text(to, list->args.items[i]);
		}
	} else {
		ast_print(to, x, &(struct print_options){.dialect = DIALECT_CLICKHOUSE});
	}
}

static struct str dotted(struct arena *a, const struct name *n)
{
	struct str s = n->count == 0 ? STR("") : n->parts[0].text;
	for (unsigned i = 1; i < n->count; i++)
		s = arena_strf(a, "%.*s.%.*s", STR_ARG(s), STR_ARG(n->parts[i].text));
	return s;
}

static enum status run_set(struct statement *st, struct error *err)
{
	const struct ast_set *set = (const struct ast_set *)st->ast;
	struct session *s = st->session;
	struct settings *layer = set->scope == SET_LOCAL ? s->local : s->settings;
	st->tag = STR("SET");
	AST_EACH(&set->settings, x) {
		const struct ast_setting *one = (const struct ast_setting *)x;
		struct str name = dotted(&st->arena, &one->name);
		if (one->is_default || one->value == NULL) {
			TRY(settings_reset(layer, s->dialect, name, err));
			session_sync(s);
			continue;
		}
		struct strbuf value;
		strbuf_init(&value, NULL);
		value_text(&value, one->value);
		enum status status = session_set_one(s, layer, name, strbuf_str(&value), err);
		strbuf_fini(&value);
		TRY(status);
	}
	return OK;
}

static enum status run_reset(struct statement *st, struct error *err)
{
	const struct ast_reset *r = (const struct ast_reset *)st->ast;
	struct session *s = st->session;
	st->tag = STR("RESET");
	if (r->name.count == 0) {
		bool pg = s->dialect == DIALECT_POSTGRESQL;
		settings_clear(s->settings);
		TRY(settings_set(s->settings, s->dialect, STR("dialect"), pg ? STR("postgresql") : STR("clickhouse"), err));
	} else {
		TRY(settings_reset(s->settings, s->dialect, dotted(&st->arena, &r->name), err));
	}
	session_sync(s);
	return OK;
}

static enum status run_use(struct statement *st, struct error *err)
{
	struct session *s = st->session;
	struct str name = ((const struct ast_use *)st->ast)->name.text;
	st->tag = STR("USE");
	if (!catalog_has_database(s->instance->catalog, s->txn, name))
		return ERR(err, E_UNKNOWN_DATABASE, "Database %.*s does not exist", STR_ARG(name));
	s->database = arena_str(&s->arena, name);
	session_sync(s);
	return OK;
}

/* A query text that answers a SHOW: bound and described here, run like any query. */
static enum status prepare_text_query(struct statement *st, const struct ddl_result *r, struct error *err)
{
	struct session *s = st->session;
	struct parse_options options = {.dialect = r->query_pg ? DIALECT_POSTGRESQL : DIALECT_CLICKHOUSE};
	struct ast *ast;
	TRY(parse_statement(&st->arena, r->query, &options, &ast, err));
	enum dialect dialect = s->eval.dialect;
	s->eval.dialect = options.dialect;
	st->inner_ast = ast;
	enum status status = statement_bind(st, ast, NULL, err);
	s->eval.dialect = dialect;
	TRY(status);
	statement_describe(st);
	st->kind = STATEMENT_TEXT;
	st->info.is_read_only = true;
	return OK;
}

static struct str format_of(const struct ast *x)
{
	switch (x->kind) {
	case AST_SHOW:
		return ((const struct ast_show *)x)->format;
	case AST_DESCRIBE:
		return ((const struct ast_describe *)x)->format;
	case AST_EXISTS:
		return ((const struct ast_exists *)x)->format;
	case AST_EXPLAIN:
		/* FORMAT Null is the explained query's alone */
		return str_eq_nocase(((const struct ast_explain *)x)->format, STR("Null")) ? STR("")
			: ((const struct ast_explain *)x)->format;
	case AST_CHECK:
		return ((const struct ast_check *)x)->format;
	default:
		return STR("");
	}
}

static bool is_accepted(const struct ast *x, const char **tag)
{
	switch (x->kind) {
	case AST_NOTIFY:
		*tag = ((const struct ast_notify *)x)->type == NOTIFY_LISTEN ? "LISTEN" : ((const struct ast_notify *)x)->type ==
			NOTIFY_UNLISTEN ? "UNLISTEN" : "NOTIFY";
		return true;
	case AST_LOCK:
		*tag = "LOCK TABLE";
		return true;
	case AST_SET_ROLE:
		*tag = "SET";
		return true;
	default:
		return false;
	}
}

/* The view's query runs under the dialect it was written in. */
static enum status run_refresh(struct statement *st, const struct ast_maintenance *m, struct error *err)
{
	struct session *s = st->session;
	struct ddl_context c = s->services;
	struct table *to;
	struct ast *query;
	c.arena = &st->arena;
	c.txn = s->txn;
	st->tag = m->command;
	TRY(ddl_refresh(&c, &((const struct ast_table *)m->tables.items[0])->name, &to, &query, err));
	return m->no_data ? OK : insert_fill(st, to, query, err);
}

/* VACUUM, ANALYZE and the like ask for what happens here by itself. */
static enum status run_maintenance(struct statement *st, struct error *err)
{
	const struct ast_maintenance *m = (const struct ast_maintenance *)st->ast;
	if (str_eq(m->command, STR("REFRESH MATERIALIZED VIEW")))
		return run_refresh(st, m, err);
	st->tag = m->command;
	return str_eq(m->command, STR("CHECKPOINT")) ? txn_checkpoint(st->session->instance->txns, err) : OK;
}

static enum status run_discard(struct statement *st, struct error *err)
{
	struct session *s = st->session;
	struct str what = ((const struct ast_discard *)st->ast)->what;
	st->tag = arena_strf(&st->arena, "DISCARD %.*s", STR_ARG(what));
	char *upper = (char *)st->tag.data; /* the arena's own copy */
	for (size_t i = 0; i < st->tag.size; i++)
		upper[i] = ascii_upper(upper[i]);
	bool temporary = str_eq_nocase(what, STR("temp")) || str_eq_nocase(what, STR("temporary"));
	if (temporary)
		return ddl_drop_temporary(&s->services, err);
	if (!str_eq_nocase(what, STR("all")))
		return OK;
	if (s->status != TRANSACTION_IDLE)
		return ERR(err, E_TRANSACTION_ACTIVE, "DISCARD ALL cannot run inside a transaction block");
	cursor_close_all(s, true);
	TRY(ddl_drop_temporary(&s->services, err));
	bool pg = s->dialect == DIALECT_POSTGRESQL;
	settings_clear(s->settings);
	TRY(settings_set(s->settings, s->dialect, STR("dialect"), pg ? STR("postgresql") : STR("clickhouse"), err));
	session_sync(s);
	return OK;
}

/* ---- KILL QUERY WHERE query_id = 'x' ---- */

static bool kill_condition(const struct ast *x, struct str *query_id)
{
	const struct ast_call *c = (const struct ast_call *)x;
	if (x == NULL || x->kind != AST_CALL || !name_is(&c->name, "equals") || c->args.count != 2)
		return false;
	const struct ast *l = c->args.items[0], *r = c->args.items[1];
	if (l->kind != AST_IDENTIFIER || r->kind != AST_LITERAL || !name_is(&((struct ast_identifier *)l)->name, "query_id"))
		return false;
	*query_id = ((struct ast_literal *)r)->text;
	return true;
}

static enum status run_kill(struct statement *st, struct error *err)
{
	const struct ast_kill *k = (const struct ast_kill *)st->ast;
	static const char *const names[] = {"kill_status", "query_id", "user", "query"};
	static const char *const of_mutation[] = {"kill_status", "database", "table", "mutation_id", "command"};
	struct str id;
	if (k->type == KILL_MUTATION) { /* they have ended when their statement answers */
		st->tag = STR("KILL");
		return statement_text_answer(st, of_mutation, ARRAY_COUNT(of_mutation), NULL, 0, err);
	}
	if (k->type != KILL_QUERY || !kill_condition(k->where, &id))
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: KILL with a condition other than query_id = '…'");
	st->tag = STR("KILL");
	bool found = process_cancel(st->session->instance, id, 0, E_CANCELLED);
	struct str cells[4] = {STR("waiting"), id, st->session->user, STR("")};
	return statement_text_answer(st, names, 4, cells, found ? 1 : 0, err);
}

/* ---- dispatch ---- */

static enum status prepare_show(struct statement *st, bool *is_show, struct error *err)
{
	struct ddl_result r = {0};
	struct ddl_context c = st->session->services;
	c.arena = &st->arena;
	c.txn = st->session->txn;
	TRY(ddl_show(&c, st->ast, &r, err));
	*is_show = r.query.size != 0;
	if (!*is_show)
		return OK;
	st->info.command = r.tag != NULL ? r.tag : "SHOW";
	return prepare_text_query(st, &r, err);
}

static const char *command_word(const struct ast *x)
{
	switch (x->kind) {
	case AST_SET:
		return "SET";
	case AST_RESET:
		return "RESET";
	case AST_USE:
		return "USE";
	case AST_EXPLAIN:
		return "EXPLAIN";
	case AST_KILL:
		return "KILL";
	case AST_DISCARD:
		return "DISCARD";
	case AST_DO:
		return "DO";
	default:
		return "";
	}
}

enum status command_prepare(struct statement *st, struct error *err)
{
	const struct ast *x = st->ast;
	const char *tag;
	bool is_show = false;
	st->kind = STATEMENT_COMMAND;
	st->info.command = command_word(x);
	st->info.format = format_of(x);
	st->info.is_read_only = true;
	st->info.is_transaction_control = x->kind == AST_TRANSACTION;
	if (is_accepted(x, &tag)) {
		st->info.command = tag;
		return OK;
	}
	switch (x->kind) {
	case AST_TRANSACTION:
	case AST_SET:
	case AST_RESET:
	case AST_USE:
	case AST_MAINTENANCE:
	case AST_DISCARD:
		return OK;
	case AST_EXPLAIN: {
		static const struct result_column plan = {.name = {"QUERY PLAN", 10}}, explain = {.name = {"explain", 7}};
		struct result_column *c = ARENA_NEW(&st->arena, struct result_column);
		*c = st->session->dialect == DIALECT_POSTGRESQL ? plan : explain;
		c->type = type_simple(TYPE_STRING);
		st->info.returns_rows = true;
		st->info.columns = c;
		st->info.column_count = 1;
		return OK;
	}
	case AST_KILL:
		st->info.returns_rows = true;
		return OK;
	default:
		break;
	}
	TRY(prepare_show(st, &is_show, err));
	if (is_show)
		return OK;
	return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: this statement (%s)", ast_kind_name(x->kind));
}

static enum status run_text(struct statement *st, struct error *err)
{
	struct session *s = st->session;
	struct ddl_result r = {0};
	struct ddl_context c = s->services;
	c.arena = &st->arena;
	c.txn = s->txn;
	if (st->plan_csn != txn_csn(s->txn) || st->plan == NULL) {
		TRY(ddl_show(&c, st->ast, &r, err));
		TRY(prepare_text_query(st, &r, err));
	}
	st->tag = st->info.returns_rows && s->dialect == DIALECT_POSTGRESQL &&
		st->ast->kind == AST_SHOW ? STR("SHOW") : STR("");
	return statement_query_begin(st, err);
}

enum status command_run(struct statement *st, struct error *err)
{
	const struct ast *x = st->ast;
	const char *tag;
	if (is_accepted(x, &tag)) {
		st->tag = str_of(tag);
		return OK;
	}
	if (st->kind == STATEMENT_TEXT)
		return run_text(st, err);
	switch (x->kind) {
	case AST_TRANSACTION:
		return transaction_run(st, err);
	case AST_SET:
		return run_set(st, err);
	case AST_RESET:
		return run_reset(st, err);
	case AST_USE:
		return run_use(st, err);
	case AST_MAINTENANCE:
		return run_maintenance(st, err);
	case AST_DISCARD:
		return run_discard(st, err);
	case AST_EXPLAIN:
		return explain_run(st, err);
	case AST_KILL:
		return run_kill(st, err);
	default:
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: this statement (%s)", ast_kind_name(x->kind));
	}
}

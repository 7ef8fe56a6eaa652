// SPDX-License-Identifier: Apache-2.0
/* One query: what comes with it (settings, parameters, tables), the statement, its rows or its data. */
#include "base/clock.h"
#include "parse/ast_change.h"
#include "parse/ast_expr.h"
#include "parse/parser.h"
#include "parse/print.h"
#include "wire/native/native_impl.h"

enum { OUT_FLUSH = 1 << 16, QUERY_DEFAULT_MAX = 262144, WITH_WRITTEN_ROWS = 54420 };

struct query_state {
	struct nativeconn *conn;
	struct session *session;
	struct str id, text;
	struct native_settings settings, parameters; /* copies, in the arena */
	struct strmap named;
	struct strbuf tables;        /* DROP statements of the tables that came along, one a line */
	struct native_source source;
};

static struct native_settings keep(struct arena *a, struct native_settings s)
{
	return (struct native_settings){.at = arena_copy(a, s.at, s.left), .left = s.left};
}

/* ---- what comes with the query ---- */

/* A setting that this server does not know is an error only where the client says that it matters. */
static enum status apply_settings(struct query_state *q, struct error *err)
{
	struct native_settings s = q->settings;
	struct str name, value;
	uint64_t flags;
	while (native_setting_next(&s, &name, &flags, &value)) {
		struct error why;
		error_init(&why);
		enum status status = session_set_local(q->session, name, value, &why);
		if (status == OK || (status == E_UNKNOWN_SETTING && (flags & NATIVE_SETTING_IMPORTANT) == 0)) {
			error_clear(&why);
			continue;
		}
		*err = why;
		return status;
	}
	return OK;
}

/* Values come as quoted literals. */
static enum status read_parameters(struct query_state *q, struct error *err)
{
	struct native_settings s = q->parameters;
	struct parse_options options = {.dialect = DIALECT_CLICKHOUSE};
	struct arena *a = &q->conn->arena;
	struct str name, value;
	uint64_t flags;
	strmap_init(&q->named, a, false);
	while (native_setting_next(&s, &name, &flags, &value)) {
		struct ast *x;
		struct str *text = ARENA_NEW(a, struct str);
		*text = value;
		if (value.size != 0 && value.data[0] == '\'') {
			TRY(parse_expression(a, value, &options, &x, err));
			if (x->kind == AST_LITERAL && ((struct ast_literal *)x)->type == LITERAL_STRING)
				*text = ((struct ast_literal *)x)->text;
		}
		strmap_set(&q->named, name, text);
	}
	return OK;
}

/* The first block of an external table makes it; each is inserted. */
static enum status take_table_block(struct query_state *q, struct str block, const struct native_scan *scan,
                                    struct strmap *known, struct error *err)
{
	struct nativeconn *c = q->conn;
	struct str name = q->source.table;
	struct strbuf text;
	enum status s = OK;
	strbuf_init(&text, c->config.track);
	if (strmap_get(known, name) == NULL) {
		strmap_set(known, name, q);
		strbuf_putz(&text, "CREATE TEMPORARY TABLE ");
		ident_quote(&text, name, DIALECT_CLICKHOUSE);
		for (uint64_t i = 0; i < scan->columns; i++) {
			strbuf_putz(&text, i == 0 ? " (" : ", ");
			ident_quote(&text, scan->list[i].name, DIALECT_CLICKHOUSE);
			strbuf_putc(&text, ' ');
			strbuf_puts(&text, type_name(&c->arena, scan->list[i].type));
		}
		strbuf_putz(&text, ") ENGINE = Memory");
		s = strbuf_status(&text, err);
		if (s == OK)
			s = session_run(q->session, &c->arena, arena_str(&c->arena, strbuf_str(&text)), NULL, err);
		if (s == OK) {
			strbuf_putz(&q->tables, "DROP TEMPORARY TABLE IF EXISTS ");
			ident_quote(&q->tables, name, DIALECT_CLICKHOUSE);
			strbuf_putc(&q->tables, '\n');
		}
	}
	struct native_block_input one = {.block = block};
	struct statement_input input = {.read = native_block_read, .arg = &one, .format = "Native",
	                                .native_revision = c->revision};
	strbuf_clear(&text);
	strbuf_putz(&text, "INSERT INTO ");
	ident_quote(&text, name, DIALECT_CLICKHOUSE);
	strbuf_putz(&text, " FORMAT Native");
	if (s == OK && scan->rows != 0 && (s = strbuf_status(&text, err)) == OK)
		s = session_run(q->session, &c->arena, arena_str(&c->arena, strbuf_str(&text)), &input, err);
	strbuf_fini(&text);
	return s;
}

/* Tables that the query may name, up to the empty block. All are read, also behind a failure. */
static enum status read_tables(struct query_state *q, enum status *failed, struct error *why, struct error *err)
{
	struct strmap known;
	struct str block;
	*failed = OK;
	strmap_init(&known, &q->conn->arena, false);
	for (;;) {
		TRY(native_source_next(&q->source, &block, err));
		if (block.size == 0)
			return OK;
		if (*failed == OK)
			*failed = take_table_block(q, block, &q->source.scan, &known, why);
	}
}

static void drop_tables(struct query_state *q)
{
	struct str list = strbuf_str(&q->tables);
	while (list.size != 0) {
		ptrdiff_t end = str_find_char(list, '\n');
		struct error ignored;
		error_init(&ignored);
		if (session_run(q->session, &q->conn->arena, arena_str(&q->conn->arena, str_make(list.data, (size_t)end)), NULL,
		                &ignored) != OK)
			error_clear(&ignored);
		list = str_make(list.data + end + 1, list.size - (size_t)end - 1);
	}
}

/* ---- the statement ---- */

static enum status parse(struct query_state *q, struct ast **ast, struct error *err)
{
	struct strbuf text;
	struct parser p;
	struct ast *second = NULL;
	uint64_t max = QUERY_DEFAULT_MAX;
	strbuf_init(&text, NULL);
	if (session_setting(q->session, STR("max_query_size"), &text, NULL) == OK && !str_to_u64(strbuf_str(&text), &max))
		max = QUERY_DEFAULT_MAX;
	strbuf_fini(&text);
	struct parse_options options = {.dialect = session_dialect(q->session), .values_as_data = true,
	                                .max_query_size = (size_t)max};
	parser_init(&p, &q->conn->arena, q->text, &options);
	TRY(parser_next(&p, ast, err));
	if (*ast == NULL)
		return ERR(err, E_SYNTAX, "Syntax error: failed at position 1 (end of query): Empty query");
	if ((*ast)->kind == AST_INSERT && ((struct ast_insert *)*ast)->has_data)
		return OK;
	TRY(parser_next(&p, &second, err));
	if (second != NULL)
		return ERR(err, E_SYNTAX, "Syntax error (Multi-statements are not allowed): failed at position %zu (end of query)",
		           p.begin + 1);
	return OK;
}

static enum status writer_new(struct query_state *q, const struct statement_info *info,
                              struct format_options *options, struct format_writer **w, struct error *err)
{
	struct arena *a = &q->conn->arena;
	struct format_column *columns = ARENA_ARRAY(a, struct format_column, info->column_count + 1);
	for (uint32_t i = 0; i < info->column_count; i++)
		columns[i] = (struct format_column){info->columns[i].name, info->columns[i].type};
	session_format_options(q->session, options);
	options->native_revision = q->conn->revision;
	return format_writer_new(STR("Native"), columns, info->column_count, options, q->conn->config.track, w, err);
}

/* The row of WITH TOTALS, the two of extremes, where the statement has them. */
static enum status send_extra(struct query_state *q, struct statement *st, struct format_writer *w,
                              enum format_extra what, uint64_t packet, struct error *err)
{
	struct batch *b;
	TRY(statement_extra(st, what, &b, err));
	enum status s = b == NULL ? OK : native_put_block(q->conn, packet, w, b, err);
	batch_free(b);
	return s;
}

static enum status send_rows(struct query_state *q, struct statement *st, struct error *err)
{
	struct nativeconn *c = q->conn;
	struct format_options options;
	struct format_writer *w = NULL;
	struct batch *b = NULL;
	uint64_t rows = 0, blocks = 0;
	TRY(writer_new(q, statement_info(st), &options, &w, err));
	enum status s = native_put_block(c, NATIVE_SERVER_DATA, w, NULL, err);
	while (s == OK && (s = statement_next(st, &b, err)) == OK && b != NULL) {
		rows += b->count;
		blocks++;
		if (b->count != 0)
			s = native_put_block(c, NATIVE_SERVER_DATA, w, b, err);
		batch_free(b);
		b = NULL;
		if (s == OK && c->out.size >= OUT_FLUSH)
			s = nativeconn_flush(c, err);
	}
	if (s == OK)
		s = send_extra(q, st, w, FORMAT_TOTALS, NATIVE_TOTALS, err);
	if (s == OK)
		s = send_extra(q, st, w, FORMAT_EXTREMES, NATIVE_EXTREMES, err);
	format_writer_free(w);
	TRY(s);
	struct native_profile profile = {.rows = rows, .blocks = blocks, .rows_before_limit = rows,
		.calculated_rows_before_limit = true, .bytes = atomic_load(&statement_progress(st)->result_bytes)};
	native_put_profile_info(&c->out, &profile);
	native_put_progress_since(c);
	return native_put_empty_block(c, err);
}

static void put_escaped(struct strbuf *to, struct str s, char quote)
{
	for (size_t i = 0; i < s.size; i++) {
		char c = s.data[i];
		if (c == '\\' || c == quote)
			strbuf_putc(to, '\\');
		strbuf_putz(to, c == '\t' ? "\\t" : c == '\n' ? "\\n" : (char[]){c, '\0'});
	}
}

/* One line for each column, which has its DEFAULT so that the client computes it for fields that are left out. */
static void put_columns(struct strbuf *to, const struct statement_info *info, struct arena *a)
{
	strbuf_printf(to, "columns format version: 1\n%u columns:\n", info->column_count);
	for (uint32_t i = 0; i < info->column_count; i++) {
		const struct result_column *c = &info->columns[i];
		strbuf_putc(to, '`');
		put_escaped(to, c->name, '`');
		strbuf_putz(to, "` ");
		put_escaped(to, type_name(a, c->type), '\\');
		if (c->default_text.size != 0) {
			strbuf_putz(to, "\tDEFAULT\t");
			put_escaped(to, c->default_text, '\\');
		}
		strbuf_putc(to, '\n');
	}
}

/* What a client has to know that makes blocks of what its user gave it. */
static enum status ask_for_data(struct query_state *q, struct statement *st, struct error *err)
{
	const struct statement_info *info = statement_info(st);
	struct nativeconn *c = q->conn;
	struct format_options options;
	struct format_writer *w = NULL;
	struct strbuf text;
	strbuf_init(&text, c->config.track);
	put_columns(&text, info, &c->arena);
	native_put_table_columns(&c->out, STR(""), strbuf_str(&text));
	enum status s = strbuf_status(&text, err);
	strbuf_fini(&text);
	TRY(s);
	TRY(writer_new(q, info, &options, &w, err));
	s = native_put_block(c, NATIVE_SERVER_DATA, w, NULL, err);
	format_writer_free(w);
	return s == OK ? nativeconn_flush(c, err) : s;
}

static enum status run_statement(struct query_state *q, struct error *err)
{
	struct nativeconn *c = q->conn;
	struct ast *ast;
	struct statement *st = NULL;
	TRY(apply_settings(q, err));
	TRY(read_parameters(q, err));
	TRY(parse(q, &ast, err));
	TRY(statement_prepare(q->session, ast, q->text, NULL, 0, &q->named, &st, err));
	const struct statement_info *info = statement_info(st);
	struct statement_input input = {.read = native_source_read, .arg = &q->source, .format = "Native",
	                                .native_revision = c->revision};
	bool takes_data = info->takes_input && !info->has_inline_data;
	enum status s = OK;
	statement_set_query_id(st, q->id);
	statement_on_tick(st, native_tick, c);
	c->running = st;
	c->told_us = clock_mono_us();
	c->answering = info->returns_rows;
	if (takes_data) {
		q->source.ended = false;
		s = ask_for_data(q, st, err);
	}
	if (s == OK)
		s = statement_start(st, NULL, takes_data ? &input : NULL, err);
	if (s == OK && info->returns_rows)
		s = send_rows(q, st, err);
	c->answering = false;
	enum status ended = statement_finish(st, s != OK, err);
	s = s != OK ? s : ended;
	/* older ones know of no progress behind data they have sent */
	if (s == OK && !info->returns_rows && c->revision >= WITH_WRITTEN_ROWS)
		native_put_progress_since(c);
	c->running = NULL;
	statement_free(st);
	return s;
}

/* Data that the client had sent before it heard of the failure. */
static enum status skip_data(struct query_state *q, struct error *err)
{
	struct nativeconn *c = q->conn;
	struct str block;
	while (!q->source.ended) {
		sock_consume(c->sock, q->source.given);
		q->source.given = 0;
		if (sock_buffered(c->sock).size == 0) {
			TRY(nativeconn_flush(c, err));
			TRY(sock_fill(c->sock, err));
		}
		if (sock_buffered(c->sock).size == 0 || sock_buffered(c->sock).data[0] != NATIVE_DATA)
			return OK;
		TRY(native_source_next(&q->source, &block, err));
	}
	return OK;
}

enum status native_query_run(struct nativeconn *c, const struct native_query *query, struct error *err)
{
	struct arena *a = &c->arena;
	struct query_state q = {.conn = c, .session = atomic_load(&c->session), .id = arena_str(a, query->id),
		.text = arena_str(a, query->text), .settings = keep(a, query->settings),
		.parameters = keep(a, query->parameters)};
	struct error why;
	enum status failed = OK;
	error_init(&why);
	c->compression = query->compression;
	c->told = (struct native_progress){0};
	c->cancelled = false;
	if (q.id.size == 0)
		q.id = query_id_new(a);
	strbuf_init(&q.tables, c->config.track);
	native_source_init(&q.source, c);
	enum status s = read_tables(&q, &failed, &why, err);
	if (s == OK && failed == OK)
		failed = run_statement(&q, &why);
	session_clear_local(q.session);
	if (failed == OK)
		native_put_end_of_stream(&c->out);
	else if (!c->cancelled)
		native_put_exception(&c->out, &why);
	else
		native_put_end_of_stream(&c->out); /* whoever cancels has no use for an error */
	if (s == OK && failed != OK && !q.source.cancelled)
		s = skip_data(&q, err);
	native_source_fini(&q.source);
	drop_tables(&q);
	strbuf_fini(&q.tables);
	return s != OK ? s : nativeconn_flush(c, err);
}

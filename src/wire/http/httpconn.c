// SPDX-License-Identifier: Apache-2.0
/* Requests: what is asked (URL, headers, forms), the session it runs in, the statement, the rows. */
#include "wire/http/httpconn.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "parse/ast_change.h"
#include "parse/parser.h"
#include "proto/native.h"
#include "wire/http/http_impl.h"

enum { HEAD_TIMEOUT_US = 30 * 1000000, TEXT_MAX = 256 << 20, QUERY_DEFAULT_MAX = 262144, OUT_FLUSH = 1 << 16,
      TEXT_STEP = 1 << 20 };

/* ---- parameters ---- */

static bool is_reserved(struct str name)
{
	static const char *const names[] = {"query", "user", "password", "quota_key", "query_id", "session_id",
	                                    "session_timeout",
		"session_check", "compress", "decompress", "buffer_size", "wait_end_of_query", "stacktrace", "role",
		"client_protocol_version", "default_format", "database"};
	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		if (str_eq(name, str_of(names[i])))
			return true;
	return str_starts_with(name, STR("param_"));
}

static const struct str *param(const struct exchange *x, const char *name)
{
	for (size_t i = 0; i < x->param_count; i++)
		if (str_eq(x->params[i].name, str_of(name)))
			return &x->params[i].value;
	return NULL;
}

static struct str param_or(const struct exchange *x, const char *name, struct str otherwise)
{
	const struct str *v = param(x, name);
	return v == NULL ? otherwise : *v;
}

static bool param_on(const struct exchange *x, const char *name)
{
	struct str v = param_or(x, name, STR("0"));
	return !str_eq(v, STR("0")) && !str_eq(v, STR("false")) && v.size != 0;
}

static void add_param(struct exchange *x, struct http_pair p)
{
	ARENA_PUSH(&x->conn->arena, x->params, x->param_count, x->param_capacity, p);
}

static struct str header_or(const struct exchange *x, const char *name, struct str otherwise)
{
	const struct str *v = http_header(&x->request.head, name);
	return v == NULL ? otherwise : *v;
}

/* The whole body as text, up to a limit: forms. */
static enum status read_all(struct exchange *x, struct strbuf *to, struct error *err)
{
	struct str piece;
	do {
		TRY(exchange_read(x, &piece, err));
		strbuf_puts(to, piece);
		if (to->size > TEXT_MAX)
			return ERR(err, E_TOO_MANY_BYTES, "The request body is too large");
	} while (piece.size != 0);
	return strbuf_status(to, err);
}

static enum status read_multipart(struct exchange *x, struct str type, struct error *err)
{
	struct multipart m;
	struct strbuf body, value;
	enum status s = multipart_init(&m, &x->conn->arena, type, err);
	strbuf_init(&body, x->conn->config.track);
	strbuf_init(&value, x->conn->config.track);
	if (s == OK)
		s = read_all(x, &body, err);
	struct str in = strbuf_str(&body);
	while (s == OK) {
		enum multipart_event event;
		size_t consumed;
		struct str data;
		s = multipart_next(&m, in, &consumed, &event, &data, err);
		if (s != OK)
			break;
		in = str_make(in.data + consumed, in.size - consumed);
		if (event == MULTIPART_PART)
			strbuf_clear(&value);
		else if (event == MULTIPART_DATA)
			strbuf_puts(&value, data);
		else if (event == MULTIPART_PART_END)
			add_param(x, (struct http_pair){arena_str(&x->conn->arena, m.name), arena_str(&x->conn->arena, strbuf_str(&value))});
		else if (event == MULTIPART_END || (consumed == 0 && in.size == 0))
			break;
	}
	if (s == OK)
		s = multipart_closed(&m, err);
	strbuf_fini(&value);
	strbuf_fini(&body);
	return s;
}

/* ---- what the request says ---- */

static enum status credentials(struct exchange *x, struct error *err)
{
	struct arena *a = &x->conn->arena;
	struct str header = header_or(x, "Authorization", STR(""));
	x->user = header_or(x, "X-ClickHouse-User", param_or(x, "user", STR("default")));
	x->password = header_or(x, "X-ClickHouse-Key", param_or(x, "password", STR("")));
	if (header.size != 0 && !http_basic(a, header, &x->user, &x->password))
		return ERR(err, E_AUTHENTICATION_FAILED, "Authorization with this scheme is not supported");
	if (x->user.size == 0)
		x->user = STR("default");
	x->database = header_or(x, "X-ClickHouse-Database", param_or(x, "database", STR("")));
	return x->conn->config.accounts.check(x->conn->config.accounts.self, x->user, x->password,
	                                      str_of(x->conn->config.sock->peer), err);
}

static enum status open_session(struct exchange *x, struct error *err)
{
	struct httpconn *c = x->conn;
	struct session_config config = {.dialect = DIALECT_CLICKHOUSE, .user = x->user, .database = x->database,
		.client_address = str_of(c->config.sock->peer), .application_name = header_or(x, "User-Agent", STR("")),
			.interface = "http"};
	const struct str *id = param(x, "session_id");
	if (id == NULL || id->size == 0)
		return session_open(c->config.instance, &config, &x->session, err);
	uint64_t timeout = 60;
	if (param(x, "session_timeout") != NULL && (!str_to_u64(*param(x, "session_timeout"), &timeout) || timeout > 3600))
		return ERR(err, E_BAD_ARGUMENTS, "Invalid session timeout: it may be at most 3600 seconds");
	x->session_timeout = (unsigned)timeout;
	x->named_session = true;
	TRY(http_sessions_take(c->config.sessions, c->config.instance, &config, *id, param_on(x, "session_check"),
	                       &x->session, err));
	/* one that was there already follows the address, too */
	if (x->database.size != 0 && !str_eq(x->database, session_database(x->session)))
		return session_use(x->session, x->database, err);
	return OK;
}

/* Settings of the address hold for this request: in a named session they must not stay behind. */
static enum status apply_settings(struct exchange *x, struct error *err)
{
	for (size_t i = 0; i < x->param_count; i++) {
		const struct http_pair *p = &x->params[i];
		if (is_reserved(p->name) || p->name.size == 0 || exchange_is_external(x, p->name))
			continue;
		TRY(x->named_session ? session_set_local(x->session, p->name, p->value, err)
		                     : session_set(x->session, p->name, p->value, err));
	}
	return OK;
}

static void name_params(struct exchange *x)
{
	strmap_init(&x->named, &x->conn->arena, false);
	for (size_t i = 0; i < x->param_count; i++) {
		const struct http_pair *p = &x->params[i];
		if (str_starts_with(p->name, STR("param_"))) {
			struct str *text = ARENA_NEW(&x->conn->arena, struct str);
			*text = p->value;
			strmap_set(&x->named, str_make(p->name.data + 6, p->name.size - 6), text);
		}
	}
}

/* A setting of the session and the statement as it stands. */
static uint64_t setting_u64(struct exchange *x, struct str name, uint64_t otherwise)
{
	struct strbuf text;
	uint64_t v = otherwise;
	strbuf_init(&text, NULL);
	if (session_setting(x->session, name, &text, NULL) == OK && !str_to_u64(strbuf_str(&text), &v))
		v = otherwise;
	strbuf_fini(&text);
	return v;
}

static bool setting_on(struct exchange *x, struct str name)
{
	return setting_u64(x, name, 0) != 0;
}

static enum status body_decoder(struct exchange *x, struct error *err)
{
	enum coding coding;
	struct str name = header_or(x, "Content-Encoding", STR(""));
	if (!coding_by_name(name, &coding))
		return ERR(err, E_NOT_IMPLEMENTED, "Unknown content encoding '%.*s'", STR_ARG(name));
	if (coding != CODING_IDENTITY)
		TRY(decoder_new(coding, &x->decoder, err));
	x->decompress = param_on(x, "decompress");
	return OK;
}

/* ---- the statement's text ---- */

/*
 * With `query` in the URL the body is its data, or its second half; without, the body is the statement, whose inline
 * data may go on beyond what is read here.
 */
static enum status read_text(struct exchange *x, struct error *err)
{
	const struct str *query = param(x, "query");
	struct str piece;
	if (query != NULL)
		strbuf_puts(&x->text, *query);
	if (query != NULL && query->size != 0)
		strbuf_putc(&x->text, '\n');
	x->body_text_at = x->text.size;
	while (x->text.size < TEXT_STEP) {
		TRY(exchange_read(x, &piece, err));
		if (piece.size == 0)
			break;
		strbuf_puts(&x->text, piece);
	}
	x->query = strbuf_str(&x->text);
	return strbuf_status(&x->text, err);
}

/* A statement longer than the first step, which carries no data: all of it is read. */
static enum status read_long_text(struct exchange *x, uint64_t max, struct error *err)
{
	struct str piece;
	for (;;) {
		TRY(exchange_read(x, &piece, err));
		if (piece.size == 0)
			break;
		strbuf_puts(&x->text, piece);
		if (x->text.size > max)
			return ERR(err, E_SYNTAX, "Max query size exceeded: the query is longer than %llu bytes (max_query_size)",
			           (unsigned long long)max);
	}
	x->query = strbuf_str(&x->text);
	return strbuf_status(&x->text, err);
}

static enum status parse(struct exchange *x, struct ast **ast, struct error *err)
{
	uint64_t max = setting_u64(x, STR("max_query_size"), QUERY_DEFAULT_MAX);
	struct parse_options options = {.dialect = session_dialect(x->session), .values_as_data = true,
	                                .max_query_size = (size_t)max};
	for (int attempt = 0;; attempt++) {
		struct parser p;
		struct ast *second = NULL;
		struct error local;
		error_init(&local);
		parser_init(&p, &x->conn->arena, x->query, &options);
		enum status s = parser_next(&p, ast, &local);
		bool has_data = s == OK && *ast != NULL && (*ast)->kind == AST_INSERT && ((struct ast_insert *)*ast)->has_data;
		if (has_data)
			return OK;
		if (!x->body_ended && attempt == 0 && x->text.size >= TEXT_STEP) {
			TRY(read_long_text(x, max, err));
			continue;
		}
		if (s == OK && *ast != NULL)
			s = parser_next(&p, &second, &local);
		if (s == OK && second != NULL)
			s = ERR(&local, E_SYNTAX, "Syntax error (Multi-statements are not allowed): failed at position %zu (end of query)",
			        p.begin + 1);
		if (s != OK && err != NULL && !error_is_set(err))
			*err = local;
		return s;
	}
}

/* ---- rows ---- */

static struct str output_format(const struct exchange *x, const struct statement_info *info)
{
	if (info->format.size != 0 && !info->takes_input)
		return info->format;
	struct str f = header_or(x, "X-ClickHouse-Format", STR(""));
	return f.size != 0 ? f : param_or(x, "default_format", STR("TabSeparated"));
}

/* A failure behind the first rows, told in the format's own way where the client asked for that. */
static void write_exception(struct exchange *x, struct format_writer *w, const struct error *e)
{
	struct strbuf text;
	struct error ignored;
	error_init(&ignored);
	strbuf_init(&text, NULL);
	error_text(e, &text);
	format_write_exception(w, str_trim(strbuf_str(&text)), &x->out);
	if (answer_flush(x, true, &ignored) != OK)
		x->conn->close = true;
	strbuf_fini(&text);
}

static enum status write_rows(struct exchange *x, struct statement *st, struct format_writer *w, struct error *err)
{
	struct batch *b = NULL;
	uint64_t rows = 0;
	/* the first rows before the head: a query that fails at once gets its proper status */
	enum status s = statement_next(st, &b, err);
	if (s == OK)
		s = format_write_begin(w, &x->out, err);
	while (s == OK && b != NULL) {
		rows += b->count;
		s = format_write_batch(w, b, &x->out, err);
		batch_free(b);
		b = NULL;
		if (s == OK && !x->wait_end && x->out.size >= OUT_FLUSH) {
			if (!x->head_sent)
				s = answer_begin(x, st, err);
			if (s == OK)
				s = answer_flush(x, false, err);
		}
		if (s == OK)
			s = statement_next(st, &b, err);
	}
	batch_free(b);
	if (s != OK)
		return s;
	TRY(statement_write_extras(st, w, &x->out, err));
	const struct query_progress *p = statement_progress(st);
	struct format_summary summary = {.rows = rows, .rows_before_limit = rows, .rows_read = atomic_load(&p->read_rows),
		.bytes_read = atomic_load(&p->read_bytes), .elapsed_seconds = (double)statement_elapsed_ns(st) / 1e9};
	return format_write_end(w, &summary, &x->out, err);
}

static enum status send_rows(struct exchange *x, struct statement *st, struct error *err)
{
	const struct statement_info *info = statement_info(st);
	struct format_writer *w = NULL;
	struct format_column *columns = ARENA_ARRAY(&x->conn->arena, struct format_column, info->column_count + 1);
	for (uint32_t i = 0; i < info->column_count; i++)
		columns[i] = (struct format_column){info->columns[i].name, info->columns[i].type};
	TRY(format_writer_new(x->format, columns, info->column_count, &x->options, x->conn->config.track, &w, err));
	enum status s = write_rows(x, st, w, err);
	if (s == OK && !x->head_sent)
		s = answer_begin(x, st, err);
	if (s != OK && x->head_sent && setting_on(x, STR("http_write_exception_in_output_format"))) {
		write_exception(x, w, err);
		x->answered = true;
	}
	format_writer_free(w);
	return s;
}

/* What the statement's own SETTINGS may have changed as well: they are in force by now. */
static enum status choose_format(struct exchange *x, struct statement *st, struct error *err)
{
	x->format = output_format(x, statement_info(st));
	const struct format_info *f = format_find(x->format);
	if (f == NULL)
		return format_unknown(x->format, err);
	x->format = str_of(f->name);
	x->content_type = statement_info(st)->returns_rows ? f->content_type : "text/plain; charset=UTF-8";
	session_format_options(x->session, &x->options);
	uint64_t revision;
	if (str_to_u64(param_or(x, "client_protocol_version", STR("0")), &revision))
		x->options.native_revision = (uint32_t)(revision > NATIVE_REVISION ? NATIVE_REVISION : revision);
	x->wait_end |= setting_on(x, STR("wait_end_of_query")) || setting_on(x, STR("http_wait_end_of_query"));
	x->cors |= setting_on(x, STR("add_http_cors_header"));
	if (setting_on(x, STR("enable_http_compression")) && !x->compress)
		x->coding = coding_accept(header_or(x, "Accept-Encoding", STR("")));
	if (setting_on(x, STR("send_progress_in_http_headers")) && !x->is_head) {
		x->progress_interval_us = (int64_t)setting_u64(x, STR("http_headers_progress_interval_ms"), 100) * 1000;
		x->progress_last_us = clock_mono_us();
	}
	return OK;
}

static enum status run_statement(struct exchange *x, struct error *err)
{
	struct httpconn *c = x->conn;
	struct ast *ast = NULL;
	struct statement *st = NULL;
	TRY(parse(x, &ast, err));
	if (ast == NULL)
		return ERR(err, E_SYNTAX, "Syntax error: failed at position 1 (end of query): Empty query");
	struct statement_input input = {exchange_read, x};
	TRY(statement_prepare(x->session, ast, x->query, NULL, 0, &x->named, &st, err));
	statement_set_query_id(st, x->query_id);
	const struct statement_info *info = statement_info(st);
	enum status s = OK;
	if (x->request.method == HTTP_GET && !info->is_read_only)
		s = ERR(err, E_READONLY, "Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly. "
		                         "You should "
		                         "use method POST for modifying queries");
	/* a format nobody knows is an error before anything has run */
	if (s == OK && info->returns_rows)
		s = choose_format(x, st, err);
	x->running = st;
	statement_on_tick(st, answer_progress, x);
	atomic_store(&c->running, info->is_read_only ? x->session : NULL);
	if (s == OK)
		s = statement_start(st, NULL, &input, err);
	if (s == OK)
		s = choose_format(x, st, err);
	if (s == OK && info->returns_rows)
		s = send_rows(x, st, err);
	atomic_store(&c->running, NULL);
	enum status ended = statement_finish(st, s != OK, err);
	s = s != OK ? s : ended;
	if (s == OK && !x->head_sent)
		s = answer_begin(x, st, err);
	if (s == OK)
		s = answer_flush(x, true, err);
	statement_free(st);
	return s;
}

/* ---- one request ---- */

static enum status serve_query(struct exchange *x, struct error *err)
{
	struct str type = header_or(x, "Content-Type", STR(""));
	bool form = http_is_type(type, "application/x-www-form-urlencoded") && param(x, "query") == NULL;
	for (size_t i = 0; i < x->request.param_count; i++)
		add_param(x, x->request.params[i]);
	x->form_from = x->param_count;
	TRY(body_decoder(x, err));
	if (http_is_type(type, "multipart/form-data")) {
		TRY(read_multipart(x, type, err));
	} else if (form) {
		/* curl -d sends statements under this type, too: only a body that begins like a form is one */
		TRY(read_text(x, err));
		if (str_starts_with(x->query, STR("query=")) || str_starts_with(x->query, STR("param_"))) {
			struct http_pair *pairs;
			size_t n;
			TRY(read_long_text(x, TEXT_MAX, err));
			/* the pairs may point into it, and the buffer is used again */
			TRY(http_pairs_parse(&x->conn->arena, arena_str(&x->conn->arena, x->query), 10000, &pairs, &n, err));
			for (size_t i = 0; i < n; i++)
				add_param(x, pairs[i]);
			strbuf_clear(&x->text);
			x->query = STR("");
		}
	}
	x->query_id = header_or(x, "X-ClickHouse-Query-Id", param_or(x, "query_id", STR("")));
	if (x->query_id.size == 0)
		x->query_id = query_id_new(&x->conn->arena);
	x->compress = param_on(x, "compress");
	x->wait_end = param_on(x, "wait_end_of_query");
	TRY(credentials(x, err));
	TRY(open_session(x, err));
	name_params(x);
	TRY(apply_settings(x, err));
	TRY(exchange_external(x, err));
	if (x->named_session) /* the tables' statements have ended what was local to them */
		TRY(apply_settings(x, err));
	if (x->query.size == 0)
		TRY(read_text(x, err));
	return run_statement(x, err);
}

static void exchange_fini(struct exchange *x)
{
	if (x->session != NULL && x->named_session) {
		session_clear_local(x->session);
		http_sessions_give_back(x->conn->config.sessions, x->session, x->session_timeout);
	} else {
		session_close(x->session);
	}
	decoder_free(x->decoder);
	encoder_free(x->encoder);
	buffer_unref(x->frame_block);
	strbuf_fini(&x->text);
	strbuf_fini(&x->decoded);
	strbuf_fini(&x->frame_in);
	strbuf_fini(&x->out);
	strbuf_fini(&x->coded);
	strbuf_fini(&x->framed);
}

/* What is left of the body goes, so that the next request begins where it should; a long rest ends the connection. */
static void skip_body(struct exchange *x)
{
	struct error ignored;
	struct str data;
	struct sock *s = x->conn->config.sock;
	error_init(&ignored);
	size_t skipped = 0;
	while (!x->body.done && skipped < TEXT_STEP) {
		size_t consumed;
		if (http_body_next(&x->body, sock_buffered(s), &consumed, &data, &ignored) != OK)
			break;
		sock_consume(s, consumed);
		skipped += consumed;
		if (consumed == 0 && (s->eof || sock_fill(s, &ignored) != OK))
			break;
	}
	if (!x->body.done)
		x->conn->close = true;
}

static enum status serve(struct exchange *x, struct error *err)
{
	const struct http_request *r = &x->request;
	if (r->method == HTTP_OPTIONS)
		return answer_simple(x, 204, STR(""), err);
	if (str_eq(r->path, STR("/ping")) || str_eq(r->path, STR("/replicas_status")))
		return answer_simple(x, 200, STR("Ok.\n"), err);
	if (str_eq(r->path, STR("/")) && r->param_count == 0 && (r->method == HTTP_GET || r->method == HTTP_HEAD))
		return answer_simple(x, 200, STR("Ok.\n"), err);
	if (!str_eq(r->path, STR("/")) && !str_eq(r->path, STR("/query")))
		return answer_simple(x, 404, STR("There is no handle for this path.\n\nUse / or /ping for health checks.\n"
		                                 "Send queries from your program with POST method or GET /?query=...\n"), err);
	if (r->method != HTTP_GET && r->method != HTTP_POST && r->method != HTTP_HEAD && r->method != HTTP_PUT)
		return answer_simple(x, 405, STR("Only GET, HEAD and POST are understood here\n"), err);
	return serve_query(x, err);
}

static void answer_request(struct httpconn *c, struct http_request *request)
{
	struct exchange x = {.conn = c, .request = *request};
	struct error err;
	error_init(&err);
	struct strbuf *buffers[] = {&x.text, &x.decoded, &x.frame_in, &x.out, &x.coded, &x.framed};
	for (size_t i = 0; i < ARRAY_COUNT(buffers); i++)
		strbuf_init(buffers[i], c->config.track);
	x.is_head = request->method == HTTP_HEAD;
	x.cors = http_header(&request->head, "Origin") != NULL;
	c->close = !request->head.keep_alive;
	http_body_init(&x.body, &request->head, 0);
	if (request->expect_continue) {
		struct strbuf b;
		strbuf_init(&b, NULL);
		http_put_continue(&b);
		if (sock_put(c->config.sock, b.data, b.size, &err) != OK || sock_flush(c->config.sock, &err) != OK)
			c->close = true;
		strbuf_fini(&b);
		error_clear(&err);
	}
	if (serve(&x, &err) != OK && !x.answered)
		answer_error(&x, &err);
	skip_body(&x);
	exchange_fini(&x);
}

/* A head that cannot be read: answered, then the connection ends, since nobody knows where the next one begins. */
static void refuse(struct httpconn *c, struct http_request *request, const struct error *e)
{
	struct exchange x = {.conn = c, .request = *request};
	c->close = true;
	if (request->refuse == 0)
		x.request.refuse = 400;
	answer_error(&x, e);
}

enum httpconn_state httpconn_run(struct httpconn *c)
{
	struct sock *s = c->config.sock;
	struct error err;
	while (!c->close) {
		struct http_request request;
		size_t consumed = 0;
		arena_reset(&c->arena);
		error_init(&err);
		http_request_init(&request);
		if (!sock_has_unread(s) && !sock_wait_readable(s, 5)) {
			sock_trim(s);
			return HTTPCONN_PARKED;
		}
		s->read_deadline_us = clock_mono_us() + HEAD_TIMEOUT_US;
		while (consumed == 0) {
			enum status status = http_request_parse(&request, &c->arena, sock_buffered(s), &http_limits_default, &consumed,
			                                        &err);
			if (status != OK) {
				refuse(c, &request, &err);
				return HTTPCONN_CLOSED;
			}
			if (consumed == 0 && (s->eof || sock_fill(s, &err) != OK))
				return HTTPCONN_CLOSED;
			if (consumed == 0 && s->eof)
				return HTTPCONN_CLOSED;
		}
		sock_consume(s, consumed);
		s->read_deadline_us = 0;
		answer_request(c, &request);
	}
	return HTTPCONN_CLOSED;
}

void httpconn_hangup(struct httpconn *c)
{
	struct session *s = atomic_load(&c->running);
	if (s != NULL)
		session_cancel(s, E_QUERY_CANCELLED_BY_CLIENT);
}

enum status httpconn_new(const struct httpconn_config *config, struct httpconn **out, struct error *err)
{
	struct httpconn *c = calloc(1, sizeof *c);
	if (c == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a connection");
	c->config = *config;
	arena_init(&c->arena, config->track);
	*out = c;
	return OK;
}

void httpconn_free(struct httpconn *c)
{
	if (c == NULL)
		return;
	arena_fini(&c->arena);
	free(c);
}

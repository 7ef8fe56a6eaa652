// SPDX-License-Identifier: Apache-2.0
/* The answer: head, body through the encoders, errors in ClickHouse's form. */
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/timezone.h"
#include "exec/processes.h"
#include "io/frame.h"
#include "wire/http/http_impl.h"

static unsigned status_of(enum status s)
{
	switch (s) {
	case E_REQUIRED_PASSWORD:
		return 401;
	case E_AUTHENTICATION_FAILED:
	case E_WRONG_PASSWORD:
	case E_UNKNOWN_USER:
	case E_ACCESS_DENIED:
		return 403;
	case E_UNKNOWN_TABLE:
	case E_UNKNOWN_FUNCTION:
	case E_UNKNOWN_COLUMN:
	case E_UNKNOWN_TYPE:
	case E_UNKNOWN_STORAGE:
	case E_UNKNOWN_DATABASE:
	case E_UNKNOWN_SETTING:
	case E_UNKNOWN_FORMAT:
	case E_UNKNOWN_AGGREGATE:
	case E_SESSION_NOT_FOUND:
		return 404;
	case E_TOO_MANY_BYTES:
		return 413;
	case E_NOT_IMPLEMENTED:
		return 501;
	case E_TOO_MANY_CONNECTIONS:
	case E_TOO_MANY_QUERIES:
		return 503;
	default:
		break;
	}
	const char *sqlstate = status_sqlstate(s);
	/* syntax, types and data are the client's fault */
	return (sqlstate[0] == '2' && sqlstate[1] == '2') || strncmp(sqlstate, "42", 2) == 0 || s == E_AST_TOO_BIG ||
		s == E_AST_TOO_DEEP || s == E_UNDEFINED_PARAMETER ? 400 : 500;
}

static void put_counters(struct strbuf *b, const char *header, struct statement *st, bool final)
{
	const struct query_progress *p = statement_progress(st);
	struct strbuf json;
	uint64_t total = atomic_load(&p->total_rows), read = atomic_load(&p->read_rows);
	strbuf_init(&json, NULL);
	strbuf_printf(&json,
	              "{\"read_rows\":\"%llu\",\"read_bytes\":\"%llu\",\"written_rows\":\"%llu\",\"written_bytes\":\"%llu\","
	              "\"total_rows_to_read\":\"%llu\",\"result_rows\":\"%llu\",\"result_bytes\":\"%llu\","
	              "\"elapsed_ns\":\"%lld\",\"memory_usage\":\"%llu\"",
	              (unsigned long long)read, (unsigned long long)atomic_load(&p->read_bytes),
	              (unsigned long long)atomic_load(&p->written_rows), (unsigned long long)atomic_load(&p->written_bytes),
	              (unsigned long long)(total > read ? total : read), (unsigned long long)atomic_load(&p->result_rows),
	              (unsigned long long)atomic_load(&p->result_bytes), (long long)statement_elapsed_ns(st),
	              (unsigned long long)statement_peak_memory(st));
	if (final)
		strbuf_printf(&json, ",\"real_time_microseconds\":\"%lld\"", (long long)statement_elapsed_ns(st) / 1000);
	strbuf_putc(&json, '}');
	http_put_header(b, header, strbuf_str(&json));
	strbuf_fini(&json);
}

/* The machine's name, asked once. */
static struct str display_name(void)
{
	static char name[256];
	if (name[0] == '\0' && gethostname(name, sizeof name - 1) != 0)
		snprintf(name, sizeof name, "localhost");
	return str_of(name);
}

static void put_common(struct exchange *x, struct strbuf *head)
{
	struct httpconn *c = x->conn;
	http_put_date(head, clock_wall_us() / 1000000);
	http_put_header(head, "Connection", c->close ? STR("close") : STR("Keep-Alive"));
	if (!c->close && c->config.keep_alive_seconds != 0) {
		char text[48];
		int n = snprintf(text, sizeof text, "timeout=%u", c->config.keep_alive_seconds);
		http_put_header(head, "Keep-Alive", str_make(text, (size_t)n));
	}
	if (x->cors)
		http_put_header(head, "Access-Control-Allow-Origin", STR("*"));
	http_put_header(head, "X-ClickHouse-Server-Display-Name", display_name());
}

/* Sixteen letters that nobody can guess from the data. */
static void make_tag(struct exchange *x)
{
	uint64_t bits = hash_u64((uint64_t)clock_wall_ns() ^ (uint64_t)(uintptr_t)x);
	for (unsigned i = 0; i < sizeof x->tag - 1; i++) {
		x->tag[i] = (char)('a' + bits % 26);
		bits = i == 7 ? hash_u64(bits ^ (uint64_t)clock_mono_ns()) : bits / 26;
	}
}

/* Status and everything that is known before the statement has ended. */
static void open_head(struct exchange *x, struct strbuf *head)
{
	http_put_status(head, 200);
	put_common(x, head);
	http_put_header(head, "Content-Type", str_of(x->content_type));
	http_put_header(head, "X-ClickHouse-Query-Id", x->query_id);
	if (x->format.size != 0)
		http_put_header(head, "X-ClickHouse-Format", x->format);
	if (x->session != NULL)
		http_put_header(head, "X-ClickHouse-Timezone", timezone_name(session_text_options(x->session)->tz));
	if (x->coding != CODING_IDENTITY)
		http_put_header(head, "Content-Encoding", str_of(coding_name(x->coding)));
	http_put_header(head, "Transfer-Encoding", STR("chunked"));
	make_tag(x);
	http_put_header(head, "X-ClickHouse-Exception-Tag", str_of(x->tag));
	x->head_open = true;
}

static enum status send_head(struct exchange *x, struct strbuf *head, bool flush, struct error *err)
{
	struct sock *s = x->conn->config.sock;
	enum status result = strbuf_status(head, err);
	if (result == OK)
		result = sock_put(s, head->data, head->size, err);
	if (result == OK && flush)
		result = sock_flush(s, err);
	strbuf_fini(head);
	return result;
}

enum status answer_begin(struct exchange *x, struct statement *st, struct error *err)
{
	struct strbuf head;
	strbuf_init(&head, x->conn->config.track);
	if (!x->head_open)
		open_head(x, &head);
	if (st != NULL)
		put_counters(&head, "X-ClickHouse-Summary", st, true);
	http_put_head_end(&head);
	x->head_sent = true;
	return send_head(x, &head, false, err);
}

void answer_progress(void *exchange)
{
	struct exchange *x = exchange;
	struct strbuf head;
	struct error err;
	int64_t now = clock_mono_us();
	if (x->progress_interval_us == 0 || x->head_sent || now - x->progress_last_us < x->progress_interval_us)
		return;
	x->progress_last_us = now;
	error_init(&err);
	strbuf_init(&head, x->conn->config.track);
	if (!x->head_open)
		open_head(x, &head);
	put_counters(&head, "X-ClickHouse-Progress", x->running, false);
	if (send_head(x, &head, true, &err) != OK)
		session_cancel(x->session, E_QUERY_CANCELLED_BY_CLIENT);
}

static enum status put_chunk(struct exchange *x, const struct strbuf *body, struct error *err)
{
	struct sock *s = x->conn->config.sock;
	char size[32];
	if (body->size == 0)
		return OK;
	int n = snprintf(size, sizeof size, "%zx\r\n", body->size);
	TRY(sock_put(s, size, (size_t)n, err));
	TRY(sock_put(s, body->data, body->size, err));
	return sock_put(s, "\r\n", 2, err);
}

/* Frames of compress=1, then Content-Encoding, then chunks. */
enum status answer_flush(struct exchange *x, bool end, struct error *err)
{
	struct strbuf *body = &x->out;
	struct sock *s = x->conn->config.sock;
	TRY(strbuf_status(body, err));
	if (x->compress) {
		strbuf_clear(&x->framed);
		for (size_t at = 0; at < body->size; at += FRAME_BLOCK_MAX) {
			size_t n = body->size - at < FRAME_BLOCK_MAX ? body->size - at : FRAME_BLOCK_MAX;
			TRY(frame_encode(&codec_chain_lz4, body->data + at, n, &x->framed, err));
		}
		body = &x->framed;
	}
	if (x->coding != CODING_IDENTITY) {
		strbuf_clear(&x->coded);
		if (x->encoder == NULL)
			TRY(encoder_new(x->coding, 0, &x->encoder, err));
		TRY(encoder_push(x->encoder, strbuf_str(body), &x->coded, err));
		if (end)
			TRY(encoder_finish(x->encoder, &x->coded, err));
		body = &x->coded;
	}
	if (!x->is_head)
		TRY(put_chunk(x, body, err));
	if (end && !x->is_head)
		TRY(sock_put(s, "0\r\n\r\n", 5, err));
	strbuf_clear(&x->out);
	return end ? sock_flush(s, err) : OK;
}

enum status answer_simple(struct exchange *x, unsigned status, struct str text, struct error *err)
{
	struct strbuf b;
	struct sock *s = x->conn->config.sock;
	strbuf_init(&b, NULL);
	http_put_status(&b, status);
	put_common(x, &b);
	http_put_header(&b, "Content-Type", STR("text/html; charset=UTF-8"));
	if (x->request.method == HTTP_OPTIONS) { /* browsers ask before they send */
		http_put_header(&b, "Access-Control-Allow-Headers",
		                STR("origin, x-requested-with, x-clickhouse-format, x-clickhouse-user, x-clickhouse-key, "
		                    "x-clickhouse-database, content-type, authorization"));
		http_put_header(&b, "Access-Control-Allow-Methods", STR("POST, GET, OPTIONS"));
		http_put_header(&b, "Access-Control-Max-Age", STR("86400"));
	}
	http_put_header_u64(&b, "Content-Length", text.size);
	http_put_head_end(&b);
	if (!x->is_head)
		strbuf_puts(&b, text);
	enum status result = sock_put(s, b.data, b.size, err);
	if (result == OK)
		result = sock_flush(s, err);
	strbuf_fini(&b);
	x->head_sent = true;
	return result;
}

void error_text(const struct error *e, struct strbuf *to)
{
	strbuf_printf(to, "Code: %d. DB::Exception: %s", status_ch_code(e->status), e->message);
	if (e->context[0] != '\0')
		strbuf_printf(to, ": %s", e->context);
	if (e->hint[0] != '\0')
		strbuf_printf(to, ". %s", e->hint);
	strbuf_printf(to, ". (%s) (version %s)\n", status_ch_name(e->status), HTTP_VERSION_TEXT);
}

/*
 * Rows have gone out: the error stands behind them in a block that the tag marks, and the body has no end, so that
 * nobody takes it for complete.
 */
static void late_error(struct exchange *x, struct str text, struct error *err)
{
	enum { BLOCK_TEXT_MAX = 15 << 10 };
	struct sock *s = x->conn->config.sock;
	if (text.size > BLOCK_TEXT_MAX)
		text.size = BLOCK_TEXT_MAX;
	strbuf_clear(&x->out);
	strbuf_printf(&x->out, "\r\n__exception__\r\n%s\r\n%.*s%zu %s\r\n__exception__\r\n", x->tag, STR_ARG(text), text.size,
	              x->tag);
	x->conn->close = true;
	if (answer_flush(x, false, err) == OK && x->encoder != NULL && !x->is_head) {
		strbuf_clear(&x->coded);
		if (encoder_finish(x->encoder, &x->coded, err) == OK)
			put_chunk(x, &x->coded, err);
	}
	if (sock_flush(s, err) != OK)
		error_clear(err);
}

/* Before any row, or behind progress headers that have already said 200. */
static void early_error(struct exchange *x, const struct error *e, struct str text, struct error *err)
{
	struct sock *s = x->conn->config.sock;
	struct strbuf head;
	strbuf_init(&head, NULL);
	if (!x->head_open) {
		http_put_status(&head, x->request.refuse != 0 ? x->request.refuse : status_of(e->status));
		put_common(x, &head);
		http_put_header(&head, "Content-Type", STR("text/plain; charset=UTF-8"));
		if (x->query_id.size != 0)
			http_put_header(&head, "X-ClickHouse-Query-Id", x->query_id);
		if (x->session != NULL)
			http_put_header(&head, "X-ClickHouse-Timezone", timezone_name(session_text_options(x->session)->tz));
		http_put_header_u64(&head, "Content-Length", text.size);
	}
	http_put_header_u64(&head, "X-ClickHouse-Exception-Code", (uint64_t)status_ch_code(e->status));
	http_put_head_end(&head);
	if (!x->is_head && !x->head_open)
		strbuf_puts(&head, text);
	x->head_sent = true;
	if (send_head(x, &head, !x->head_open, err) == OK && x->head_open) {
		strbuf_clear(&x->out);
		strbuf_puts(&x->out, text);
		if (answer_flush(x, true, err) != OK || sock_flush(s, err) != OK)
			x->conn->close = true;
	}
}

void answer_error(struct exchange *x, const struct error *e)
{
	struct strbuf text;
	struct error ignored;
	error_init(&ignored);
	strbuf_init(&text, NULL);
	error_text(e, &text);
	error_counts_add(e, x->query_id);
	if (x->head_sent)
		late_error(x, strbuf_str(&text), &ignored);
	else
		early_error(x, e, strbuf_str(&text), &ignored);
	strbuf_fini(&text);
}

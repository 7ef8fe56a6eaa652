// SPDX-License-Identifier: Apache-2.0
/* The answer: head, body through the encoders, errors in ClickHouse's form. */
#include <stdio.h>

#include "base/clock.h"
#include "base/timezone.h"
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

static void put_summary(struct strbuf *b, struct statement *st)
{
	const struct query_progress *p = statement_progress(st);
	struct strbuf json;
	strbuf_init(&json, NULL);
	strbuf_printf(&json,
	              "{\"read_rows\":\"%llu\",\"read_bytes\":\"%llu\",\"written_rows\":\"%llu\",\"written_bytes\":\"%llu\","
	              "\"total_rows_to_read\":\"%llu\",\"result_rows\":\"%llu\",\"result_bytes\":\"%llu\","
	              "\"elapsed_ns\":\"%lld\",\"memory_usage\":\"%llu\"}",
	              (unsigned long long)atomic_load(&p->read_rows), (unsigned long long)atomic_load(&p->read_bytes),
	              (unsigned long long)atomic_load(&p->written_rows), (unsigned long long)atomic_load(&p->written_bytes),
	              (unsigned long long)atomic_load(&p->total_rows), (unsigned long long)atomic_load(&p->result_rows),
	              (unsigned long long)atomic_load(&p->result_bytes), (long long)statement_elapsed_ns(st),
	              (unsigned long long)statement_peak_memory(st));
	http_put_header(b, "X-ClickHouse-Summary", strbuf_str(&json));
	strbuf_fini(&json);
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
	http_put_header(head, "Access-Control-Allow-Origin", STR("*"));
	http_put_header(head, "X-ClickHouse-Server-Display-Name", STR("hanzo-datastore"));
}

enum status answer_begin(struct exchange *x, unsigned status, const char *content_type, struct statement *st,
                         struct error *err)
{
	struct strbuf head;
	struct sock *s = x->conn->config.sock;
	strbuf_init(&head, x->conn->config.track);
	http_put_status(&head, status);
	put_common(x, &head);
	http_put_header(&head, "Content-Type", str_of(content_type));
	http_put_header(&head, "X-ClickHouse-Query-Id", x->query_id);
	if (x->format.size != 0)
		http_put_header(&head, "X-ClickHouse-Format", x->format);
	if (x->session != NULL)
		http_put_header(&head, "X-ClickHouse-Timezone", timezone_name(session_text_options(x->session)->tz));
	if (x->coding != CODING_IDENTITY)
		http_put_header(&head, "Content-Encoding", str_of(coding_name(x->coding)));
	http_put_header(&head, "Transfer-Encoding", STR("chunked"));
	if (st != NULL)
		put_summary(&head, st);
	http_put_head_end(&head);
	enum status result = strbuf_status(&head, err);
	if (result == OK)
		result = sock_put(s, head.data, head.size, err);
	strbuf_fini(&head);
	x->head_sent = true;
	return result;
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
	if (!x->is_head && body->size != 0) {
		char size[32];
		int n = snprintf(size, sizeof size, "%zx\r\n", body->size);
		TRY(sock_put(s, size, (size_t)n, err));
		TRY(sock_put(s, body->data, body->size, err));
		TRY(sock_put(s, "\r\n", 2, err));
	}
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

void answer_error(struct exchange *x, const struct error *e)
{
	struct strbuf text, b;
	struct error ignored;
	struct sock *s = x->conn->config.sock;
	error_init(&ignored);
	strbuf_init(&text, NULL);
	strbuf_init(&b, NULL);
	strbuf_printf(&text, "Code: %d. DB::Exception: %s", status_ch_code(e->status), e->message);
	if (e->context[0] != '\0')
		strbuf_printf(&text, ": %s", e->context);
	if (e->hint[0] != '\0')
		strbuf_printf(&text, ". %s", e->hint);
	strbuf_printf(&text, ". (%s) (version %s)\n", status_ch_name(e->status), HTTP_VERSION_TEXT);
	/* rows have gone out: say it behind them, and end the connection so that nobody takes it for complete */
	if (x->head_sent) {
		x->conn->close = true;
		strbuf_clear(&x->out);
		strbuf_puts(&x->out, strbuf_str(&text));
		if (answer_flush(x, false, &ignored) == OK && sock_flush(s, &ignored) != OK)
			error_clear(&ignored);
	} else {
		unsigned status = status_of(e->status);
		if (x->request.refuse != 0)
			status = x->request.refuse;
		http_put_status(&b, status);
		put_common(x, &b);
		http_put_header(&b, "Content-Type", STR("text/plain; charset=UTF-8"));
		if (x->query_id.size != 0)
			http_put_header(&b, "X-ClickHouse-Query-Id", x->query_id);
		http_put_header_u64(&b, "X-ClickHouse-Exception-Code", (uint64_t)status_ch_code(e->status));
		http_put_header_u64(&b, "Content-Length", text.size);
		http_put_head_end(&b);
		if (!x->is_head)
			strbuf_puts(&b, strbuf_str(&text));
		if (sock_put(s, b.data, b.size, &ignored) == OK && sock_flush(s, &ignored) != OK)
			error_clear(&ignored);
	}
	strbuf_fini(&text);
	strbuf_fini(&b);
}

// SPDX-License-Identifier: Apache-2.0
/* One statement as one HTTP request: its text, inline or streamed data, and the answer as it comes. */
#include <string.h>

#include "base/clock.h"
#include "client/client_impl.h"
#include "proto/http.h"

enum { CONNECT_TIMEOUT_US = 10 * 1000000, TAIL_KEPT = 17 << 10, TAIL_MAX = 1 << 20 };

static enum status connect_server(struct client *c, struct error *err)
{
	if (c->connected)
		return OK;
	TRY(sock_connect(&c->sock, c->host, c->port, clock_mono_us() + CONNECT_TIMEOUT_US, NULL, err));
	c->connected = true;
	return OK;
}

void client_disconnect(struct client *c)
{
	if (c->connected)
		sock_fini(&c->sock);
	c->connected = false;
}

static enum status put_chunk(struct client *c, struct str data, struct error *err)
{
	struct strbuf chunk;
	strbuf_init(&chunk, NULL);
	if (data.size != 0)
		http_put_chunk(&chunk, data);
	else
		http_put_last_chunk(&chunk);
	enum status s = strbuf_status(&chunk, err);
	if (s == OK)
		s = sock_put(&c->sock, chunk.data, chunk.size, err);
	strbuf_fini(&chunk);
	return s;
}

static enum status send_data(struct client *c, struct str text, client_data_fn data, struct error *err)
{
	const char *piece;
	size_t n;
	TRY(put_chunk(c, text, err));
	TRY(put_chunk(c, STR("\n"), err));
	while ((n = data(&piece)) != 0)
		TRY(put_chunk(c, str_make(piece, n), err));
	TRY(put_chunk(c, STR(""), err));
	return sock_flush(&c->sock, err);
}

static void put_head(struct client *c, struct str text, bool streamed, struct strbuf *head)
{
	struct strbuf target;
	strbuf_init(&target, NULL);
	strbuf_putz(&target, "/?database=");
	http_put_encoded(&target, strbuf_str(&c->database));
	strbuf_putz(&target, "&default_format=");
	http_put_encoded(&target, str_of(c->format));
	strbuf_putz(&target, "&session_id=");
	http_put_encoded(&target, strbuf_str(&c->session_id));
	if (c->interactive)
		strbuf_putz(&target, "&session_timeout=3600");
	strbuf_puts(&target, strbuf_str(&c->params));
	http_put_request(head, "POST", strbuf_str(&target), str_of(c->host));
	http_put_basic(head, str_of(c->user), str_of(c->password));
	http_put_header(head, "User-Agent", STR("hanzo-datastore-client"));
	if (streamed)
		http_put_header(head, "Transfer-Encoding", STR("chunked"));
	else
		http_put_header_u64(head, "Content-Length", text.size);
	http_put_head_end(head);
	strbuf_fini(&target);
}

static enum status send_request(struct client *c, struct str text, client_data_fn data, struct error *err)
{
	struct strbuf head;
	strbuf_init(&head, NULL);
	put_head(c, text, data != NULL, &head);
	enum status s = strbuf_status(&head, err);
	if (s == OK)
		s = sock_put(&c->sock, head.data, head.size, err);
	strbuf_fini(&head);
	if (s != OK)
		return s;
	if (data != NULL)
		return send_data(c, text, data, err);
	TRY(sock_put(&c->sock, text.data, text.size, err));
	return sock_flush(&c->sock, err);
}

static enum status read_head(struct client *c, struct arena *a, struct http_response *r, struct error *err)
{
	size_t consumed = 0;
	http_response_init(r);
	while (consumed == 0) {
		TRY(http_response_parse(r, a, HTTP_POST, sock_buffered(&c->sock), &http_limits_default, &consumed, err));
		if (consumed != 0)
			break;
		if (c->sock.eof)
			return ERR(err, E_NETWORK, "the server closed the connection");
		TRY(sock_fill(&c->sock, err));
	}
	sock_consume(&c->sock, consumed);
	return OK;
}

/* The body in pieces; the last TAIL_KEPT bytes are held back, since a late error may stand in them. */
static enum status read_body(struct client *c, const struct http_response *r, FILE *to, struct strbuf *tail,
                             struct error *err)
{
	struct http_body body;
	http_body_init(&body, &r->head, 0);
	while (!body.done) {
		size_t consumed;
		struct str data;
		TRY(http_body_next(&body, sock_buffered(&c->sock), &consumed, &data, err));
		strbuf_puts(tail, data);
		sock_consume(&c->sock, consumed);
		TRY(strbuf_status(tail, err));
		if (tail->size > TAIL_MAX) {
			size_t n = tail->size - TAIL_KEPT;
			fwrite(tail->data, 1, n, to);
			memmove(tail->data, tail->data + n, TAIL_KEPT);
			tail->size = TAIL_KEPT;
		}
		if (consumed != 0 || body.done)
			continue;
		if (c->sock.eof)
			return http_body_closed(&body, err);
		TRY(sock_fill(&c->sock, err));
	}
	return OK;
}

/* The message of an exception block at the end of the body; the body ends before it. */
static bool take_exception(const struct http_response *r, struct str *body, struct str *message)
{
	static const struct str mark = {"\r\n__exception__\r\n", 17};
	const struct str *tag = http_header(&r->head, "X-ClickHouse-Exception-Tag");
	ptrdiff_t at = str_find(*body, mark);
	if (tag == NULL || at < 0)
		return false;
	struct str rest = str_make(body->data + at + mark.size, body->size - (size_t)at - mark.size);
	if (!str_starts_with(rest, *tag) || rest.size < tag->size + 2)
		return false;
	rest = str_make(rest.data + tag->size + 2, rest.size - tag->size - 2);
	ptrdiff_t end = str_find_char(rest, '\n');
	*message = end < 0 ? rest : str_make(rest.data, (size_t)end + 1);
	body->size = (size_t)at;
	return true;
}

static void put_out(struct str s, FILE *to)
{
	if (s.size != 0)
		fwrite(s.data, 1, s.size, to);
	fflush(to);
}

static enum status exchange(struct client *c, struct str text, client_data_fn data, FILE *to, bool quiet, bool *good,
                            struct error *err)
{
	struct arena arena;
	struct http_response r;
	struct strbuf tail;
	arena_init(&arena, NULL);
	strbuf_init(&tail, NULL);
	enum status s = connect_server(c, err);
	if (s == OK)
		s = send_request(c, text, data, err);
	if (s == OK)
		s = read_head(c, &arena, &r, err);
	if (s == OK) {
		bool failed = r.status != 200 || http_header(&r.head, "X-ClickHouse-Exception-Code") != NULL;
		struct str message = STR("");
		s = read_body(c, &r, failed && !quiet ? stderr : to, &tail, err);
		struct str body = strbuf_str(&tail);
		if (!failed && take_exception(&r, &body, &message)) {
			failed = true;
			s = OK;
			put_out(body, to);
			body = message;
			client_disconnect(c);
		}
		if (!failed || !quiet)
			put_out(body, failed ? stderr : to);
		*good = s == OK && !failed;
		if (c->connected && !r.head.keep_alive)
			client_disconnect(c);
	}
	strbuf_fini(&tail);
	arena_fini(&arena);
	return s;
}

bool client_request(struct client *c, struct str text, client_data_fn data, FILE *to, bool quiet)
{
	struct error err;
	bool good = false;
	error_init(&err);
	int64_t start = clock_mono_us();
	bool reused = c->connected;
	enum status s = exchange(c, text, data, to, quiet, &good, &err);
	if (s == E_NETWORK && reused && data == NULL && c->sock.eof) {
		/* the server had closed the idle connection before it saw anything of this */
		client_disconnect(c);
		error_clear(&err);
		s = exchange(c, text, data, to, quiet, &good, &err);
	}
	double elapsed = (double)(clock_mono_us() - start) / 1e6;
	if (s != OK) {
		if (!quiet)
			fprintf(stderr, "hanzo-datastore client: %s\n", err.message);
		client_disconnect(c);
	} else if (c->interactive && !quiet) {
		printf("\nElapsed: %.3f s\n\n", elapsed);
	} else if (c->show_time && !quiet) {
		fprintf(stderr, "%.3f\n", elapsed);
	}
	return good;
}

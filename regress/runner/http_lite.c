// SPDX-License-Identifier: Apache-2.0
#include "regress/runner/http_lite.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int64_t clock_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void http_lite_init(struct http_lite *h, const char *host, int port)
{
	*h = (struct http_lite){.host = host, .port = port, .fd = -1};
}

void http_lite_fini(struct http_lite *h)
{
	if (h->fd >= 0)
		close(h->fd);
	h->fd = -1;
}

static bool dial(struct http_lite *h)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)h->port)};
	int one = 1;
	if (inet_pton(AF_INET, h->host, &to.sin_addr) != 1)
		return false;
	h->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (h->fd < 0)
		return false;
	setsockopt(h->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (connect(h->fd, (struct sockaddr *)&to, sizeof to) == 0)
		return true;
	http_lite_fini(h);
	return false;
}

static bool wait_for(struct http_lite *h, short events)
{
	int64_t left = h->deadline_ms - clock_ms();
	struct pollfd p = {.fd = h->fd, .events = events};
	return left > 0 && poll(&p, 1, (int)left) > 0;
}

static bool send_all(struct http_lite *h, struct str s)
{
	while (s.size > 0) {
		if (!wait_for(h, POLLOUT))
			return false;
		ssize_t n = send(h->fd, s.data, s.size, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno != EAGAIN)
			return false;
		if (n > 0)
			s = str_make(s.data + n, s.size - (size_t)n);
	}
	return true;
}

/* Reads some bytes behind what `in` has: their number, 0 at the end of the stream, -1 on error or deadline. */
static ssize_t read_some(struct http_lite *h, struct strbuf *in)
{
	if (!wait_for(h, POLLIN) || !strbuf_reserve(in, 65536))
		return -1;
	ssize_t n = recv(h->fd, in->data + in->size, 65536, 0);
	if (n > 0)
		in->size += (size_t)n;
	return n;
}

static bool read_until(struct http_lite *h, struct strbuf *in, size_t size)
{
	while (in->size < size)
		if (read_some(h, in) <= 0)
			return false;
	return true;
}

/* The chunked body that begins at `at`. */
static bool read_chunks(struct http_lite *h, struct strbuf *in, size_t at, struct strbuf *body)
{
	for (;;) {
		ptrdiff_t lf;
		while ((lf = str_find_char(str_make(in->data + at, in->size - at), '\n')) < 0)
			if (read_some(h, in) <= 0)
				return false;
		size_t size = strtoul(in->data + at, NULL, 16);
		at += (size_t)lf + 1;
		if (!read_until(h, in, at + size + 2))
			return false;
		strbuf_put(body, in->data + at, size);
		at += size + 2;
		if (size == 0)
			return true;
	}
}

struct str http_answer_header(const struct http_answer *a, const char *name)
{
	struct str head = strbuf_str(&a->head), want = str_of(name);
	while (head.size > 0) {
		ptrdiff_t lf = str_find_char(head, '\n');
		struct str line = str_make(head.data, lf < 0 ? head.size : (size_t)lf);
		if (line.size > want.size && line.data[want.size] == ':' && str_starts_with_nocase(line, want))
			return str_trim(str_make(line.data + want.size + 1, line.size - want.size - 1));
		if (lf < 0)
			break;
		head = str_make(head.data + lf + 1, head.size - (size_t)lf - 1);
	}
	return STR("");
}

/* Header and body into `out`; *keep tells whether the connection may be used again. */
static bool read_answer(struct http_lite *h, struct strbuf *in, struct http_answer *out, bool *keep)
{
	ptrdiff_t end;
	while ((end = str_find(strbuf_str(in), STR("\r\n\r\n"))) < 0)
		if (read_some(h, in) <= 0)
			return false;
	size_t at = (size_t)end + 4;
	strbuf_put(&out->head, in->data, at);
	if (in->size < 12 || !str_starts_with(strbuf_str(in), STR("HTTP/1.1 ")))
		return false;
	out->status = (int)strtol(in->data + 9, NULL, 10);
	*keep = !str_eq_nocase(http_answer_header(out, "Connection"), STR("close"));
	struct str length = http_answer_header(out, "Content-Length");
	uint64_t size = 0;
	if (str_eq_nocase(http_answer_header(out, "Transfer-Encoding"), STR("chunked")))
		return read_chunks(h, in, at, &out->body);
	if (str_to_u64(length, &size)) {
		if (!read_until(h, in, at + size))
			return false;
		strbuf_put(&out->body, in->data + at, size);
		return true;
	}
	*keep = false;
	ssize_t n;
	while ((n = read_some(h, in)) > 0)
		;
	strbuf_put(&out->body, in->data + at, in->size - at);
	return n == 0;
}

static bool post_once(struct http_lite *h, struct str request, struct str body, struct http_answer *out)
{
	struct strbuf in;
	bool keep = false;
	strbuf_init(&in, NULL);
	out->status = 0;
	strbuf_clear(&out->head);
	strbuf_clear(&out->body);
	bool good = send_all(h, request) && send_all(h, body) && read_answer(h, &in, out, &keep);
	strbuf_fini(&in);
	if (!good || !keep)
		http_lite_fini(h);
	return good;
}

bool http_lite_post(struct http_lite *h, const char *path, struct str body, struct http_answer *out, const char **why)
{
	bool kept = h->fd >= 0, good = false;
	struct strbuf request;
	*why = "cannot connect";
	if (!kept && !dial(h))
		return false;
	strbuf_init(&request, NULL);
	strbuf_printf(&request, "POST %s HTTP/1.1\r\nHost: %s:%d\r\nContent-Length: %zu\r\n\r\n", path, h->host, h->port,
	              body.size);
	good = post_once(h, strbuf_str(&request), body, out);
	/* A kept connection may have been closed in between; nothing of the answer has come, so asking again is safe. */
	if (!good && kept && out->head.size == 0 && clock_ms() < h->deadline_ms && dial(h))
		good = post_once(h, strbuf_str(&request), body, out);
	strbuf_fini(&request);
	*why = clock_ms() >= h->deadline_ms ? "no answer in time" : "connection lost";
	return good;
}

void url_encode(struct strbuf *out, struct str s)
{
	for (size_t i = 0; i < s.size; i++) {
		unsigned char c = (unsigned char)s.data[i];
		bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
		if (letter || (c >= '0' && c <= '9') || (c != 0 && strchr("-_.~", c) != NULL))
			strbuf_putc(out, (char)c);
		else
			strbuf_printf(out, "%%%02X", c);
	}
}

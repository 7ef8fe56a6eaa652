// SPDX-License-Identifier: Apache-2.0
#include "proto/http.h"

#include <assert.h>

#include "proto/base64.h"
#include "proto/httpform.h"
#include "proto/httphead_impl.h"

const struct http_limits http_limits_default = {
	.head_bytes = 2 << 20, .target_bytes = 1 << 20, .value_bytes = 128 << 10, .headers = 1000, .params = 10000,
};

enum { METHOD_BYTES_MAX = 32, EMPTY_LINES_MAX = 4 };

static const char *const methods[] = {
	[HTTP_GET] = "GET", [HTTP_HEAD] = "HEAD", [HTTP_POST] = "POST", [HTTP_PUT] = "PUT", [HTTP_DELETE] = "DELETE",
	[HTTP_OPTIONS] = "OPTIONS", [HTTP_PATCH] = "PATCH",
};

/* Remembers the answer's status and returns the error. */
#define REFUSE(refuse, code, err, status, ...) (*(refuse) = (code), ERR((err), (status), __VA_ARGS__))

static bool is_token_char(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
		|| (c != 0 && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

bool http_is_token(struct str s)
{
	for (size_t i = 0; i < s.size; i++)
		if (!is_token_char((uint8_t)s.data[i]))
			return false;
	return s.size != 0;
}

bool http_is_value(struct str s)
{
	for (size_t i = 0; i < s.size; i++)
		if (((uint8_t)s.data[i] < 0x20 && s.data[i] != '\t') || s.data[i] == 0x7f)
			return false;
	return true;
}

struct str http_line(struct str *s)
{
	ptrdiff_t at = str_find(*s, STR("\r\n"));
	assert(at >= 0);
	struct str line = str_make(s->data, (size_t)at);
	*s = str_make(s->data + at + 2, s->size - (size_t)at - 2);
	return line;
}

static struct str trim_blanks(struct str s)
{
	while (s.size != 0 && (s.data[0] == ' ' || s.data[0] == '\t'))
		s = str_make(s.data + 1, s.size - 1);
	while (s.size != 0 && (s.data[s.size - 1] == ' ' || s.data[s.size - 1] == '\t'))
		s.size--;
	return s;
}

bool http_headers_split(struct arena *a, struct str block, const struct http_limits *limits, struct http_pair **headers,
	size_t *count, bool *too_big)
{
	size_t capacity = 0;
	*headers = NULL;
	*count = 0;
	*too_big = false;
	while (block.size != 0) {
		struct str line = http_line(&block);
		ptrdiff_t colon = str_find_char(line, ':');
		if (colon <= 0)
			return false;
		struct http_pair p = {str_make(line.data, (size_t)colon),
			trim_blanks(str_make(line.data + colon + 1, line.size - (size_t)colon - 1))};
		if (!http_is_token(p.name) || !http_is_value(p.value))
			return false;
		if (p.value.size > limits->value_bytes || *count >= limits->headers) {
			*too_big = true;
			return false;
		}
		ARENA_PUSH(a, *headers, *count, capacity, p);
	}
	return true;
}

/*
 * Finds the empty line that ends a head. *size: with it; 0 when it has not come yet. *scanned is where the line begins
 * that is not complete. False on a line that does not end in CRLF.
 */
static bool find_end(struct str s, size_t *scanned, size_t *size)
{
	*size = 0;
	while (*scanned < s.size) {
		const char *line = s.data + *scanned;
		size_t left = s.size - *scanned;
		const char *lf = memchr(line, '\n', left);
		size_t text = lf == NULL ? left : (size_t)(lf - line);
		const char *cr = memchr(line, '\r', text);
		/* a CR may stand nowhere but before the LF, or at the end of what has come */
		if (cr != NULL && cr + 1 != line + text)
			return false;
		if (lf == NULL)
			return true;
		if (cr == NULL)
			return false;
		*scanned += text + 1;
		if (text == 1) {
			*size = *scanned;
			return true;
		}
	}
	return true;
}

/* Content-Length and Transfer-Encoding: where the body ends. One reading only, or none. */
static enum status head_body(struct http_head *h, unsigned *refuse, struct error *err)
{
	unsigned lengths = 0, codings = 0;
	for (size_t i = 0; i < h->header_count; i++) {
		struct http_pair p = h->headers[i];
		if (str_eq_nocase(p.name, STR("Content-Length"))) {
			if (lengths++ != 0)
				return REFUSE(refuse, 400, err, E_PROTOCOL, "more than one Content-Length");
			if (!str_to_u64(p.value, &h->content_length) || h->content_length > INT64_MAX)
				return REFUSE(refuse, 400, err, E_PROTOCOL, "invalid Content-Length");
		} else if (str_eq_nocase(p.name, STR("Transfer-Encoding"))) {
			if (codings++ != 0)
				return REFUSE(refuse, 400, err, E_PROTOCOL, "more than one Transfer-Encoding");
			if (!str_eq_nocase(p.value, STR("chunked")))
				return REFUSE(refuse, 501, err, E_NOT_IMPLEMENTED, "not supported yet: Transfer-Encoding %.*s",
					(int)(p.value.size < 100 ? p.value.size : 100), p.value.data);
		}
	}
	if (codings != 0 && (lengths != 0 || h->minor == 0))
		return REFUSE(refuse, 400, err, E_PROTOCOL, "Transfer-Encoding together with %s",
			lengths != 0 ? "Content-Length" : "HTTP/1.0");
	h->body = codings != 0 ? HTTP_BODY_CHUNKED : h->content_length != 0 ? HTTP_BODY_LENGTH : HTTP_BODY_NONE;
	return OK;
}

/* Every Connection header counts. */
static void head_connection(struct http_head *h)
{
	h->keep_alive = h->minor >= 1;
	for (size_t i = 0; i < h->header_count; i++) {
		if (!str_eq_nocase(h->headers[i].name, STR("Connection")))
			continue;
		if (http_has_token(h->headers[i].value, STR("close"))) {
			h->keep_alive = false;
			return;
		}
		if (http_has_token(h->headers[i].value, STR("keep-alive")))
			h->keep_alive = true;
	}
}

static bool parse_version(struct str s, int *minor)
{
	if (s.size != 8 || !str_starts_with(s, STR("HTTP/1.")) || s.data[7] < '0' || s.data[7] > '9')
		return false;
	*minor = s.data[7] == '0' ? 0 : 1;
	return true;
}

void http_request_init(struct http_request *r)
{
	memset(r, 0, sizeof *r);
}

/* A request begins with a method: anything else is refused before its first line has come. */
static bool is_request_start(struct str s)
{
	size_t i = 0;
	while (i < s.size && i <= METHOD_BYTES_MAX && is_token_char((uint8_t)s.data[i]))
		i++;
	return i <= METHOD_BYTES_MAX && (i == s.size || (s.data[i] == ' ' && i != 0));
}

/* The head is not complete: whether it may still become one. */
static enum status check_incomplete(struct http_request *r, struct str s, const struct http_limits *limits,
	struct error *err)
{
	if (r->scanned == 0 && s.size > limits->target_bytes + METHOD_BYTES_MAX + sizeof " HTTP/1.1\r\n")
		return REFUSE(&r->refuse, 414, err, E_TOO_MANY_BYTES, "request line longer than %zu bytes",
			limits->target_bytes);
	if (s.size > limits->head_bytes)
		return REFUSE(&r->refuse, 431, err, E_TOO_MANY_BYTES, "request head longer than %zu bytes", limits->head_bytes);
	return OK;
}

/* Path and parameters of origin-form, absolute-form and "*". */
static enum status parse_target(struct http_request *r, struct arena *a, const struct http_limits *limits,
	struct error *err)
{
	struct str t = r->target;
	for (size_t i = 0; i < t.size; i++)
		if ((uint8_t)t.data[i] <= ' ' || t.data[i] == 0x7f || t.data[i] == '#')
			return REFUSE(&r->refuse, 400, err, E_PROTOCOL, "invalid character in the request target");
	if (str_eq(t, STR("*")) && r->method == HTTP_OPTIONS) {
		r->path = t;
		return OK;
	}
	if (str_starts_with_nocase(t, STR("http://")) || str_starts_with_nocase(t, STR("https://"))) {
		size_t at = (size_t)str_find(t, STR("//")) + 2;
		while (at < t.size && t.data[at] != '/' && t.data[at] != '?')
			at++;
		t = str_make(t.data + at, t.size - at);
	}
	ptrdiff_t mark = str_find_char(t, '?');
	struct str path = mark < 0 ? t : str_make(t.data, (size_t)mark);
	r->query = mark < 0 ? STR("") : str_make(t.data + mark + 1, t.size - (size_t)mark - 1);
	if (path.size == 0 && t.data != r->target.data)
		path = STR("/");
	if (path.size == 0 || path.data[0] != '/' || !http_decode(a, path, false, &r->path)
		|| str_find_char(r->path, '\0') >= 0)
		return REFUSE(&r->refuse, 400, err, E_PROTOCOL, "invalid request target");
	enum status st = http_pairs_parse(a, r->query, limits->params, &r->params, &r->param_count, err);
	if (st != OK)
		r->refuse = 400;
	return st;
}

static enum status parse_request_line(struct http_request *r, struct arena *a, struct str line,
	const struct http_limits *limits, struct error *err)
{
	ptrdiff_t first = str_find_char(line, ' ');
	ptrdiff_t second = first < 0 ? -1 : str_find_char(str_make(line.data + first + 1, line.size - (size_t)first - 1),
		' ');
	if (second <= 0)
		return REFUSE(&r->refuse, 400, err, E_PROTOCOL, "malformed request line");
	r->method_text = str_make(line.data, (size_t)first);
	r->target = str_make(line.data + first + 1, (size_t)second);
	struct str version = str_make(r->target.data + second + 1, line.size - (size_t)first - (size_t)second - 2);
	if (!http_is_token(r->method_text))
		return REFUSE(&r->refuse, 400, err, E_PROTOCOL, "malformed request line");
	if (!parse_version(version, &r->head.minor)) {
		bool other = str_starts_with(version, STR("HTTP/")) && version.size <= 8 && http_is_value(version);
		return REFUSE(&r->refuse, other ? 505 : 400, err, E_PROTOCOL, "%s",
			other ? "HTTP version not supported" : "malformed request line");
	}
	if (r->target.size > limits->target_bytes)
		return REFUSE(&r->refuse, 414, err, E_TOO_MANY_BYTES, "request target longer than %zu bytes",
			limits->target_bytes);
	r->method = HTTP_OTHER;
	for (unsigned i = 0; i < ARRAY_COUNT(methods); i++)
		if (str_eq(r->method_text, str_of(methods[i])))
			r->method = (enum http_method)i;
	return parse_target(r, a, limits, err);
}

/* Host exactly once in 1.1; Expect knows one value. */
static enum status check_request_headers(struct http_request *r, struct error *err)
{
	unsigned hosts = 0;
	for (size_t i = 0; i < r->head.header_count; i++) {
		struct http_pair p = r->head.headers[i];
		hosts += str_eq_nocase(p.name, STR("Host"));
		if (!str_eq_nocase(p.name, STR("Expect")) || r->head.minor == 0)
			continue;
		if (!str_eq_nocase(p.value, STR("100-continue")))
			return REFUSE(&r->refuse, 417, err, E_PROTOCOL, "unknown expectation");
		r->expect_continue = r->head.body != HTTP_BODY_NONE;
	}
	if (hosts > 1 || (hosts == 0 && r->head.minor >= 1))
		return REFUSE(&r->refuse, 400, err, E_PROTOCOL, "an HTTP/1.1 request has exactly one Host header");
	return OK;
}

static enum status parse_request_head(struct http_request *r, struct arena *a, struct str head,
	const struct http_limits *limits, struct error *err)
{
	bool too_big;
	struct str line = http_line(&head);
	TRY(parse_request_line(r, a, line, limits, err));
	if (!http_headers_split(a, head, limits, &r->head.headers, &r->head.header_count, &too_big))
		return too_big ? REFUSE(&r->refuse, 431, err, E_TOO_MANY_BYTES, "too many or too long request headers")
			: REFUSE(&r->refuse, 400, err, E_PROTOCOL, "malformed request header");
	TRY(head_body(&r->head, &r->refuse, err));
	head_connection(&r->head);
	return check_request_headers(r, err);
}

enum status http_request_parse(struct http_request *r, struct arena *a, struct str buffered,
	const struct http_limits *limits, size_t *consumed, struct error *err)
{
	size_t size, skip = 0;
	*consumed = 0;
	/* RFC 9112, 2.2: empty lines before a request are ignored */
	while (skip < 2 * EMPTY_LINES_MAX && buffered.size - skip >= 2 && memcmp(buffered.data + skip, "\r\n", 2) == 0)
		skip += 2;
	if (buffered.size - skip == 0 || (buffered.size - skip == 1 && buffered.data[skip] == '\r'))
		return OK;
	struct str s = str_make(buffered.data + skip, buffered.size - skip);
	if (!is_request_start(s))
		return REFUSE(&r->refuse, 400, err, E_PROTOCOL, "this is the HTTP port and the request is not HTTP");
	if (!find_end(s, &r->scanned, &size))
		return REFUSE(&r->refuse, 400, err, E_PROTOCOL, "a line of the request does not end in CR LF");
	if (size == 0 || size > limits->head_bytes)
		return check_incomplete(r, str_make(s.data, size == 0 ? s.size : size), limits, err);
	/* the copy outlives the input; without the empty line */
	struct str head = arena_str(a, str_make(s.data, size - 2));
	TRY(parse_request_head(r, a, head, limits, err));
	*consumed = skip + size;
	return OK;
}

const struct str *http_header(const struct http_head *h, const char *name)
{
	for (size_t i = 0; i < h->header_count; i++)
		if (str_eq_nocase(h->headers[i].name, str_of(name)))
			return &h->headers[i].value;
	return NULL;
}

const struct str *http_param(const struct http_request *r, const char *name)
{
	for (size_t i = 0; i < r->param_count; i++)
		if (str_eq(r->params[i].name, str_of(name)))
			return &r->params[i].value;
	return NULL;
}

/* The next element of a comma-separated list: its token and its parameters. */
static bool list_next(struct str *list, struct str *token, struct str *parameters)
{
	if (list->size == 0)
		return false;
	ptrdiff_t comma = str_find_char(*list, ',');
	struct str e = comma < 0 ? *list : str_make(list->data, (size_t)comma);
	*list = str_make(list->data + e.size + (comma >= 0), list->size - e.size - (comma >= 0));
	ptrdiff_t semicolon = str_find_char(e, ';');
	*token = trim_blanks(semicolon < 0 ? e : str_make(e.data, (size_t)semicolon));
	*parameters = semicolon < 0 ? STR("") : str_make(e.data + semicolon + 1, e.size - (size_t)semicolon - 1);
	return true;
}

bool http_has_token(struct str list, struct str token)
{
	struct str t, parameters;
	while (list_next(&list, &t, &parameters))
		if (str_eq_nocase(t, token))
			return true;
	return false;
}

/* "q=0.25" as 250; anything else about it as 1000. */
static unsigned parse_quality(struct str parameters)
{
	struct str p = trim_blanks(parameters);
	if (!str_starts_with_nocase(p, STR("q=")) || p.size < 3 || p.data[2] != '0')
		return 1000;
	unsigned v = 0, scale = 100;
	for (size_t i = 4; i < p.size && p.data[i] >= '0' && p.data[i] <= '9'; i++, scale /= 10)
		v += (unsigned)(p.data[i] - '0') * scale;
	return v;
}

unsigned http_quality(struct str list, struct str name)
{
	struct str t, parameters;
	unsigned any = 0;
	while (list_next(&list, &t, &parameters)) {
		if (str_eq_nocase(t, name))
			return parse_quality(parameters);
		if (str_eq(t, STR("*")))
			any = parse_quality(parameters);
	}
	return any;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool http_decode(struct arena *a, struct str in, bool plus, struct str *out)
{
	if (str_find_char(in, '%') < 0 && (!plus || str_find_char(in, '+') < 0)) {
		*out = in;
		return true;
	}
	char *p = arena_alloc(a, in.size + 1), *to = p;
	for (size_t i = 0; i < in.size; i++) {
		if (in.data[i] != '%') {
			*to++ = plus && in.data[i] == '+' ? ' ' : in.data[i];
			continue;
		}
		int high = i + 2 < in.size ? hex_value(in.data[i + 1]) : -1, low = high < 0 ? -1 : hex_value(in.data[i + 2]);
		if (low < 0)
			return false;
		*to++ = (char)(high << 4 | low);
		i += 2;
	}
	*out = str_make(p, (size_t)(to - p));
	return true;
}

/* The credentials behind a scheme's name. */
static bool credentials(struct str value, struct str scheme, struct str *out)
{
	if (!str_starts_with_nocase(value, scheme) || value.size == scheme.size || value.data[scheme.size] != ' ')
		return false;
	*out = trim_blanks(str_make(value.data + scheme.size, value.size - scheme.size));
	return out->size != 0;
}

bool http_bearer(struct str value, struct str *token)
{
	return credentials(value, STR("Bearer"), token);
}

bool http_basic(struct arena *a, struct str value, struct str *user, struct str *password)
{
	struct str encoded;
	size_t size;
	if (!credentials(value, STR("Basic"), &encoded))
		return false;
	uint8_t *room = arena_alloc(a, base64_decoded_max(encoded.size) + 1);
	if (!base64_decode(encoded, room, &size))
		return false;
	struct str both = str_make((const char *)room, size);
	ptrdiff_t colon = str_find_char(both, ':');
	if (colon < 0 || str_find_char(both, '\0') >= 0)
		return false;
	*user = str_make(both.data, (size_t)colon);
	*password = str_make(both.data + colon + 1, size - (size_t)colon - 1);
	return true;
}

void http_response_init(struct http_response *r)
{
	memset(r, 0, sizeof *r);
}

static enum status parse_status_line(struct http_response *r, struct str line, struct error *err)
{
	uint64_t status;
	if (line.size < 12 || line.data[8] != ' ' || !parse_version(str_make(line.data, 8), &r->head.minor)
		|| !str_to_u64(str_make(line.data + 9, 3), &status) || status < 100 || status > 599
		|| (line.size > 12 && line.data[12] != ' '))
		return ERR(err, E_NETWORK, "malformed status line from the server");
	r->status = (unsigned)status;
	r->reason = line.size > 13 ? str_make(line.data + 13, line.size - 13) : STR("");
	return OK;
}

enum status http_response_parse(struct http_response *r, struct arena *a, enum http_method to, struct str buffered,
	const struct http_limits *limits, size_t *consumed, struct error *err)
{
	size_t size;
	bool too_big;
	unsigned refuse;
	struct error inner;
	*consumed = 0;
	if (!find_end(buffered, &r->scanned, &size))
		return ERR(err, E_NETWORK, "a line of the server's answer does not end in CR LF");
	if ((size == 0 ? buffered.size : size) > limits->head_bytes)
		return ERR(err, E_NETWORK, "the head of the server's answer is longer than %zu bytes", limits->head_bytes);
	if (size == 0)
		return OK;
	if (size == 2)
		return ERR(err, E_NETWORK, "malformed status line from the server");
	struct str head = arena_str(a, str_make(buffered.data, size - 2));
	struct str line = http_line(&head);
	TRY(parse_status_line(r, line, err));
	if (!http_headers_split(a, head, limits, &r->head.headers, &r->head.header_count, &too_big))
		return ERR(err, E_NETWORK, "malformed header in the server's answer");
	error_init(&inner);
	if (head_body(&r->head, &refuse, &inner) != OK)
		return ERR(err, E_NETWORK, "%s in the server's answer", inner.message);
	head_connection(&r->head);
	if (to == HTTP_HEAD || r->status < 200 || r->status == 204 || r->status == 304) {
		r->head.body = HTTP_BODY_NONE;
	} else if (r->head.body == HTTP_BODY_NONE && http_header(&r->head, "Content-Length") == NULL) {
		r->head.body = HTTP_BODY_UNTIL_CLOSE;
		r->head.keep_alive = false;
	}
	*consumed = size;
	return OK;
}

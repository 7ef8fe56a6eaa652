// SPDX-License-Identifier: Apache-2.0
/* HTTP heads and bodies: one reading or none, in pieces or whole; what is written is read back. */
#include "proto/http.h"
#include "regress/unit/proto/mutate.h"
#include "regress/unit/tap.h"

static struct arena arena;
static struct strbuf out;
static struct error err;
static struct http_request req;

static enum status parse(struct str s, size_t *consumed)
{
	error_clear(&err);
	http_request_init(&req);
	return http_request_parse(&req, &arena, s, &http_limits_default, consumed, &err);
}

static void test_request(void)
{
	static const char text[] =
		"POST /a%20b/?query=SELECT+1%2B1&param_x=a%3D%00b&flag&&database=d HTTP/1.1\r\n"
		"host: x:8123\r\nX-A:  two words \t\r\n"
		"Content-Length: 5\r\nConnection: Keep-Alive, x\r\nX-Empty:\r\nExpect: 100-continue\r\n\r\nhello";
	struct str s = str_make(text, sizeof text - 1);
	size_t consumed, head = s.size - 5;
	bool more = true;
	http_request_init(&req);
	for (size_t i = 0; i < head; i++) {
		struct str cut = mutate_copy(str_make(s.data, i));
		more = more && http_request_parse(&req, &arena, cut, &http_limits_default, &consumed, &err) == OK
			&& consumed == 0;
		mutate_drop(cut);
	}
	ok(more, "a head in pieces asks for more");
	ok(http_request_parse(&req, &arena, s, &http_limits_default, &consumed, &err) == OK
		&& consumed == head, "then it is read");
	ok(req.method == HTTP_POST && req.head.minor == 1 && req.head.keep_alive && req.expect_continue, "line and flags");
	is_str(req.path, "/a b/", "the path is decoded");
	is_int(req.param_count, 4, "parameters");
	is_str(*http_param(&req, "query"), "SELECT 1+1", "decoded");
	ok(str_eq(*http_param(&req, "param_x"), STR("a=\0b")), "with a NUL in a value");
	ok(http_param(&req, "flag")->size == 0 && http_param(&req, "absent") == NULL, "one without a value, one absent");
	is_int(req.head.header_count, 6, "headers");
	is_str(*http_header(&req.head, "x-a"), "two words", "a header's value is trimmed");
	is_str(*http_header(&req.head, "X-EMPTY"), "", "an empty header");
	ok(req.head.body == HTTP_BODY_LENGTH && req.head.content_length == 5, "a body of 5 bytes");
	ok(parse(STR("GET /ping HTTP/1.0\r\n\r\n"), &consumed) == OK && !req.head.keep_alive
		&& req.head.body == HTTP_BODY_NONE,
		"HTTP/1.0 closes");
	ok(parse(STR("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), &consumed) == OK && req.head.keep_alive,
		"unless it asks");
	ok(parse(STR("GET / HTTP/1.1\r\nHost:\r\nConnection: x\r\nConnection: close\r\n\r\n"), &consumed) == OK
		&& !req.head.keep_alive, "HTTP/1.1 closes on request");
	ok(parse(STR("\r\n\r\nGET http://h:1/p?q=1 HTTP/1.1\r\nHost: h\r\n\r\n"), &consumed) == OK && consumed == 46
		&& str_eq(req.path, STR("/p")) && req.param_count == 1, "empty lines before, absolute form");
	ok(parse(STR("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"), &consumed) == OK && str_eq(req.path, STR("*")), "OPTIONS *");
	ok(parse(STR("GET http://h HTTP/1.1\r\nHost: h\r\n\r\n"), &consumed) == OK
		&& str_eq(req.path, STR("/")), "no path");
	ok(parse(STR("BREW / HTTP/1.1\r\nHost: h\r\n\r\n"), &consumed) == OK && req.method == HTTP_OTHER, "another method");
	ok(parse(STR("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n"), &consumed) == OK
		&& req.head.body == HTTP_BODY_CHUNKED, "chunked");
}

#define H "Host: h\r\n"

static void test_refused(void)
{
	static const struct {
		struct str head;
		unsigned refuse;
		const char *what;
	} bad[] = {
		{STR("GET / HTTP/1.1\nHost: h\n\n"), 400, "bare LF"},
		{STR("GET / HTTP/1.1\r\nHost: h\n\r\n"), 400, "bare LF after a header"},
		{STR("GET / HTTP/1.1\r\nHost: h\rX: y\r\n\r\n"), 400, "bare CR"},
		{STR("GET / HTTP/1.1\r\n" H "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"), 400, "CL and TE"},
		{STR("GET / HTTP/1.1\r\n" H "Content-Length: 5\r\nContent-Length: 5\r\n\r\n"), 400, "CL twice"},
		{STR("GET / HTTP/1.1\r\n" H "Content-Length: 5, 5\r\n\r\n"), 400, "a list as CL"},
		{STR("GET / HTTP/1.1\r\n" H "Content-Length: +5\r\n\r\n"), 400, "a sign in CL"},
		{STR("GET / HTTP/1.1\r\n" H "Content-Length: -1\r\n\r\n"), 400, "a negative CL"},
		{STR("GET / HTTP/1.1\r\n" H "Content-Length: 0x5\r\n\r\n"), 400, "a hexadecimal CL"},
		{STR("GET / HTTP/1.1\r\n" H "Content-Length:\r\n\r\n"), 400, "an empty CL"},
		{STR("GET / HTTP/1.1\r\n" H "Content-Length: 18446744073709551616\r\n\r\n"), 400, "CL overflows"},
		{STR("GET / HTTP/1.1\r\n" H "Content-Length: 9223372036854775808\r\n\r\n"), 400, "CL of 2^63"},
		{STR("GET / HTTP/1.1\r\n" H "Transfer-Encoding: gzip, chunked\r\n\r\n"), 501, "another TE"},
		{STR("GET / HTTP/1.1\r\n" H "Transfer-Encoding: identity\r\n\r\n"), 501, "TE identity"},
		{STR("GET / HTTP/1.1\r\n" H "Transfer-Encoding: xchunked\r\n\r\n"), 501, "nearly chunked"},
		{STR("GET / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"), 400,
		"TE twice"},
		{STR("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400, "TE in 1.0"},
		{STR("GET / HTTP/1.1\r\n" H "Transfer-Encoding : chunked\r\n\r\n"), 400, "space before the colon"},
		{STR("GET / HTTP/1.1\r\n" H " folded: x\r\n\r\n"), 400, "folding"},
		{STR("GET / HTTP/1.1\r\n" H "X: a\0b\r\n\r\n"), 400, "NUL in a value"},
		{STR("GET / HTTP/1.1\r\n" H ": x\r\n\r\n"), 400, "no header name"},
		{STR("GET / HTTP/1.1\r\n" H "X y: x\r\n\r\n"), 400, "a blank in a header name"},
		{STR("GET / HTTP/1.1\r\n" H "no colon\r\n\r\n"), 400, "no colon"},
		{STR("GET / HTTP/1.1\r\n" H H "\r\n"), 400, "Host twice"},
		{STR("GET / HTTP/1.1\r\n\r\n"), 400, "no Host"},
		{STR("GET  / HTTP/1.1\r\n" H "\r\n"), 400, "two blanks"},
		{STR("GET / HTTP/1.1 \r\n" H "\r\n"), 400, "a blank at the end"},
		{STR("GET /\r\n\r\n"), 400, "HTTP/0.9"},
		{STR("GET x HTTP/1.1\r\n" H "\r\n"), 400, "a target without slash"},
		{STR("CONNECT h:1 HTTP/1.1\r\n" H "\r\n"), 400, "CONNECT"},
		{STR("GET * HTTP/1.1\r\n" H "\r\n"), 400, "GET *"},
		{STR("GET /#f HTTP/1.1\r\n" H "\r\n"), 400, "a fragment"},
		{STR("GET /%4 HTTP/1.1\r\n" H "\r\n"), 400, "half an escape"},
		{STR("GET /%00 HTTP/1.1\r\n" H "\r\n"), 400, "NUL in the path"},
		{STR("GET /?a=%zz HTTP/1.1\r\n" H "\r\n"), 400, "a bad escape in the query"},
		{STR("GET / HTTP/2.0\r\n" H "\r\n"), 505, "HTTP/2"},
		{STR("PRI * HTTP/2.0\r\n\r\n"), 505, "an HTTP/2 preface"},
		{STR("GET / HTTPS/1.1\r\n" H "\r\n"), 400, "no version"},
		{STR("GET / HTTP/1.1\r\n" H "Content-Length: 1\r\nExpect: tea\r\n\r\n"), 417, "another expectation"},
		{STR("\26\3\1\2\0\1\0\1\374\3\3"), 400, "a TLS hello"},
		{STR("\0\0\0\10\4\322\026\57"), 400, "PostgreSQL's SSLRequest"},
		{STR("G\x01"), 400, "garbage"},
		{STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), 400, "a method without end"},
		{STR("\r\n\r\n\r\n\r\n\r\n"), 400, "empty lines only"},
	};
	for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
		size_t consumed;
		struct str exact = mutate_copy(bad[i].head);
		enum status st = parse(exact, &consumed);
		ok(st != OK && consumed == 0 && req.refuse == bad[i].refuse, "refused with %u: %s", bad[i].refuse, bad[i].what);
		mutate_drop(exact);
	}
}

static void test_limits(void)
{
	struct http_limits l = {.head_bytes = 1000, .target_bytes = 100, .value_bytes = 50, .headers = 5, .params = 3};
	static const struct {
		const char *start, *repeat, *end;
		unsigned count, refuse;
		const char *what;
	} cases[] = {
		{"GET /", "a", "", 200, 414, "a request line that does not end"},
		{"GET /", "a", " HTTP/1.1\r\nHost: h\r\n\r\n", 120, 414, "a long target"},
		{"GET / HTTP/1.1\r\nHost: h\r\nX: ", "a", "\r\n\r\n", 60, 431, "a long value"},
		{"GET / HTTP/1.1\r\nHost: h\r\nX: ", "a", "", 1000, 431, "a head that does not end"},
		{"GET / HTTP/1.1\r\nHost: h\r\n", "X: a\r\n", "\r\n", 5, 431, "many headers"},
		{"GET /?", "a&", " HTTP/1.1\r\nHost: h\r\n\r\n", 4, 400, "many parameters"},
		{"GET / HTTP/1.1\r\nHost: h\r\n\r\n", "a", "", 5000, 0, "a long body is not the head's matter"},
	};
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		size_t consumed;
		strbuf_clear(&out);
		strbuf_putz(&out, cases[i].start);
		for (unsigned n = 0; n < cases[i].count; n++)
			strbuf_putz(&out, cases[i].repeat);
		strbuf_putz(&out, cases[i].end);
		http_request_init(&req);
		error_clear(&err);
		enum status st = http_request_parse(&req, &arena, strbuf_str(&out), &l, &consumed, &err);
		ok(req.refuse == cases[i].refuse && (st == OK) == (cases[i].refuse == 0), "limit: %s", cases[i].what);
	}
}

/* Reads a body fed `step` bytes at a time into `out`; returns the first failure. *left: bytes behind the body. */
static enum status read_body(struct http_head h, struct str s, size_t step, uint64_t limit, size_t *left, bool *done)
{
	struct http_body b;
	size_t at = 0, given = 0, consumed;
	struct str data;
	strbuf_clear(&out);
	error_clear(&err);
	http_body_init(&b, &h, limit);
	while (!b.done) {
		struct str piece = mutate_copy(str_make(s.data + at, given - at));
		enum status st = http_body_next(&b, piece, &consumed, &data, &err);
		if (st == OK)
			strbuf_puts(&out, data);
		mutate_drop(piece);
		TRY(st);
		at += consumed;
		if (consumed == 0 && given == s.size)
			break;
		if (consumed == 0 || at == given)
			given = given + step < s.size ? given + step : s.size;
		if (at == s.size && consumed == 0)
			break;
	}
	*left = s.size - at;
	*done = b.done;
	return b.done ? OK : http_body_closed(&b, &err);
}

static void test_body(void)
{
	struct http_head length = {.body = HTTP_BODY_LENGTH, .content_length = 5}, chunked = {.body = HTTP_BODY_CHUNKED};
	struct http_head until_close = {.body = HTTP_BODY_UNTIL_CLOSE}, none = {.body = HTTP_BODY_NONE};
	static const char chunks[] =
		"5;ext=\"v\"\r\nhello\r\n0001\r\n \r\nA\r\nwide world\r\n0\r\nTrailer: x\r\nT2:\r\n\r\nNEXT";
	size_t left;
	bool done, same = true;
	for (size_t step = 1; step < sizeof chunks; step++)
		same = same && read_body(chunked, str_of(chunks), step, 0, &left, &done) == OK && done
			&& str_eq(strbuf_str(&out), STR("hello wide world")) && left == 4;
	ok(same, "a chunked body in pieces of every size");
	same = true;
	for (size_t cut = 0; cut < sizeof chunks - 5; cut++)
		same = same && read_body(chunked, str_make(chunks, cut), 1000, 0, &left, &done) == E_NETWORK && !done;
	ok(same, "cut anywhere it is not complete");
	ok(read_body(length, STR("helloX"), 2, 0, &left, &done) == OK && left <= 1
		&& str_eq(strbuf_str(&out), STR("hello")),
		"a body of a known length");
	ok(read_body(length, STR("hell"), 2, 0, &left, &done) == E_NETWORK, "cut");
	ok(read_body(until_close, STR("hello"), 2, 0, &left, &done) == OK && str_eq(strbuf_str(&out), STR("hello")),
		"a body until the close");
	ok(read_body(none, STR("x"), 1, 0, &left, &done) == OK && left == 1 && done, "no body");
	ok(read_body(length, STR("hello"), 2, 4, &left, &done) == E_TOO_MANY_BYTES, "a limit on a length");
	ok(read_body(until_close, STR("hello"), 2, 4, &left, &done) == E_TOO_MANY_BYTES, "a limit until the close");
	ok(read_body(chunked, STR("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), 9, 4, &left, &done) == E_TOO_MANY_BYTES,
		"a limit on chunks");
	ok(read_body(chunked, STR("7fffffffffffffff\r\nabc"), 9, 4, &left, &done) == E_TOO_MANY_BYTES, "a huge chunk");
	static const struct {
		struct str body;
		const char *what;
	} bad[] = {
		{STR("\r\nabc"), "no size"}, {STR("g\r\n"), "no hexadecimal"}, {STR("3\nabc\r\n"), "bare LF behind the size"},
		{STR("3\r\nabcd\r\n"), "a chunk longer than its size"}, {STR("3\r\nabc\n0\r\n\r\n"), "bare LF behind the data"},
		{STR("3 \r\nabc\r\n"), "a blank behind the size"}, {STR(" 3\r\nabc\r\n"), "a blank before the size"},
		{STR("-3\r\nabc\r\n"), "a sign"}, {STR("0x3\r\nabc\r\n"), "0x"}, {STR("10000000000000000\r\n"), "17 digits"},
		{STR("ffffffffffffffff\r\n"), "more than 2^63"}, {STR("3;a\nb\r\nabc"), "bare LF in an extension"},
		{STR("0\r\nX: y\n\r\n"), "bare LF in the trailer"}, {STR("0\r\n\rX"), "bare CR at the end"},
		{STR(";x\r\n"), "an extension alone"}, {STR("0\r\nab\rc\r\n"), "bare CR in the trailer"},
	};
	for (size_t i = 0; i < ARRAY_COUNT(bad); i++)
		ok(read_body(chunked, bad[i].body, 1, 0, &left, &done) == E_PROTOCOL, "malformed chunks: %s", bad[i].what);
}

static void test_fields(void)
{
	struct str user, password, token;
	ok(http_basic(&arena, STR("Basic dXNlcjpwYTpzcw=="), &user, &password) && str_eq(user, STR("user"))
		&& str_eq(password, STR("pa:ss")), "Basic credentials");
	ok(http_basic(&arena, STR("basic ZGVmYXVsdDo="), &user, &password) && str_eq(user, STR("default"))
		&& password.size == 0, "with an empty password");
	ok(!http_basic(&arena, STR("Basic dXNlcg=="), &user, &password)
		&& !http_basic(&arena, STR("Basic ???"), &user, &password)
		&& !http_basic(&arena, STR("Bearer x"), &user, &password)
		&& !http_basic(&arena, STR("Basic"), &user, &password),
		"malformed ones");
	ok(http_bearer(STR("Bearer a.b.c"), &token) && str_eq(token, STR("a.b.c")), "a bearer token");
	ok(http_has_token(STR("a, B;q=1 ,c"), STR("b")) && !http_has_token(STR("ab"), STR("a")), "tokens of a list");
	is_int(http_quality(STR("gzip;q=0.5, br , *;q=0.125"), STR("gzip")), 500, "a quality");
	is_int(http_quality(STR("gzip;q=0.5, br , *;q=0.125"), STR("br")), 1000, "the default quality");
	is_int(http_quality(STR("gzip;q=0.5, br , *;q=0.125"), STR("zstd")), 125, "the quality of the rest");
	is_int(http_quality(STR("gzip;q=0"), STR("gzip")), 0, "a refusal");
}

static void test_write(void)
{
	struct http_response res;
	size_t consumed, left;
	bool done;
	strbuf_clear(&out);
	http_put_continue(&out);
	is_str(strbuf_str(&out), "HTTP/1.1 100 Continue\r\n\r\n", "100 Continue");
	strbuf_clear(&out);
	http_put_status(&out, 200);
	http_put_header(&out, "X-Split", STR("a\r\nX-Evil: b\1"));
	http_put_header_u64(&out, "X-Number", 18446744073709551615u);
	http_put_date(&out, 784111777);
	http_put_header(&out, "Transfer-Encoding", STR("chunked"));
	http_put_head_end(&out);
	size_t head = out.size;
	http_put_chunk(&out, STR("hello "));
	http_put_chunk(&out, STR(""));
	size_t at = http_chunk_begin(&out);
	strbuf_putz(&out, "world");
	http_chunk_end(&out, at);
	at = http_chunk_begin(&out);
	http_chunk_end(&out, at);
	http_put_last_chunk(&out);
	http_response_init(&res);
	struct str whole = mutate_copy(strbuf_str(&out));
	bool more = true;
	for (size_t i = 0; i < head; i++) {
		struct str cut = mutate_copy(str_make(whole.data, i));
		more = more && http_response_parse(&res, &arena, HTTP_GET, cut, &http_limits_default, &consumed, &err) == OK
			&& consumed == 0;
		mutate_drop(cut);
	}
	ok(more && http_response_parse(&res, &arena, HTTP_GET, whole, &http_limits_default, &consumed, &err) == OK
		&& consumed == head, "an answer is read back, whole or in pieces");
	ok(res.status == 200 && str_eq(res.reason, STR("OK")) && res.head.keep_alive, "its status line");
	is_str(*http_header(&res.head, "x-split"), "a  X-Evil: b", "a value cannot start another header");
	is_str(*http_header(&res.head, "Date"), "Sun, 06 Nov 1994 08:49:37 GMT", "a date");
	is_str(*http_header(&res.head, "X-Number"), "18446744073709551615", "a number");
	ok(read_body(res.head, str_make(whole.data + head, whole.size - head), 3, 0, &left, &done) == OK && left == 0
		&& str_eq(strbuf_str(&out), STR("hello world")), "and its chunks");
	mutate_drop(whole);

	strbuf_clear(&out);
	strbuf_putz(&out, "/?query=");
	http_put_encoded(&out, STR("SELECT 'a b' + 1&\xc3\xbc"));
	is_str(strbuf_str(&out), "/?query=SELECT%20%27a%20b%27%20%2B%201%26%C3%BC", "an encoded target");
	struct str target = mutate_copy(strbuf_str(&out));
	strbuf_clear(&out);
	http_put_request(&out, "POST", target, STR("h:8123"));
	http_put_basic(&out, STR("user"), STR("pass"));
	http_put_header_u64(&out, "Content-Length", 0);
	http_put_head_end(&out);
	ok(parse(strbuf_str(&out), &consumed) == OK && consumed == out.size, "a request is read back");
	is_str(*http_param(&req, "query"), "SELECT 'a b' + 1&\xc3\xbc", "with its parameter");
	is_str(*http_header(&req.head, "authorization"), "Basic dXNlcjpwYXNz", "and credentials");
	mutate_drop(target);
}

static void test_response(void)
{
	static const struct {
		struct str head;
		enum http_method to;
		int body; /* -1: refused */
		const char *what;
	} cases[] = {
		{STR("HTTP/1.1 200 OK\r\n\r\n"), HTTP_GET, HTTP_BODY_UNTIL_CLOSE, "no length: until the close"},
		{STR("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), HTTP_GET, HTTP_BODY_NONE, "length 0"},
		{STR("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"), HTTP_HEAD, HTTP_BODY_NONE, "the answer to HEAD"},
		{STR("HTTP/1.1 204 No Content\r\n\r\n"), HTTP_GET, HTTP_BODY_NONE, "204"},
		{STR("HTTP/1.1 100 \r\n\r\n"), HTTP_GET, HTTP_BODY_NONE, "100 with an empty reason"},
		{STR("HTTP/1.0 500\r\nContent-Length: 3\r\n\r\n"), HTTP_GET, HTTP_BODY_LENGTH, "no reason"},
		{STR("HTTP/1.1 20 OK\r\n\r\n"), HTTP_GET, -1, "two digits"},
		{STR("HTTP/1.1 2000 OK\r\n\r\n"), HTTP_GET, -1, "four digits"},
		{STR("HTTP/1.1 200 OK\nX: y\r\n\r\n"), HTTP_GET, -1, "bare LF"},
		{STR("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"), HTTP_GET, -1, "CL and TE"},
		{STR("SSH-2.0-OpenSSH_9.2p1\r\n\r\n"), HTTP_GET, -1, "another protocol"},
		{STR("\r\n"), HTTP_GET, -1, "an empty head"},
	};
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		struct http_response res;
		size_t consumed;
		http_response_init(&res);
		error_clear(&err);
		enum status st =
			http_response_parse(&res, &arena, cases[i].to, cases[i].head, &http_limits_default, &consumed, &err);
		ok(cases[i].body < 0 ? st == E_NETWORK : st == OK && consumed != 0 && (int)res.head.body == cases[i].body,
			"answer: %s", cases[i].what);
	}
}

static void check_mutation(struct str s)
{
	struct http_request r;
	struct http_response res;
	struct http_body b;
	size_t consumed;
	struct str data, u, p;
	arena_reset(&arena);
	http_request_init(&r);
	/* in two pieces, so that the scan goes on where it stopped */
	struct str half = mutate_copy(str_make(s.data, s.size / 2));
	enum status st = http_request_parse(&r, &arena, half, &http_limits_default, &consumed, NULL);
	mutate_drop(half);
	if (st == OK && consumed == 0)
		st = http_request_parse(&r, &arena, s, &http_limits_default, &consumed, NULL);
	if (st == OK && consumed != 0) {
		for (size_t i = 0; i < r.head.header_count; i++)
			(void)http_basic(&arena, r.head.headers[i].value, &u, &p);
		http_body_init(&b, &r.head, 1 << 20);
		for (size_t at = consumed; !b.done; at += consumed)
			if (http_body_next(&b, str_make(s.data + at, s.size - at), &consumed, &data, NULL) != OK || consumed == 0)
				break;
	}
	http_response_init(&res);
	(void)!http_response_parse(&res, &arena, HTTP_GET, s, &http_limits_default, &consumed, NULL);
	http_body_init(&b, &(struct http_head){.body = HTTP_BODY_CHUNKED}, 1 << 20);
	for (size_t at = 0; !b.done; at += consumed)
		if (http_body_next(&b, str_make(s.data + at, s.size - at), &consumed, &data, NULL) != OK || consumed == 0)
			break;
}

static void test_mutations(void)
{
	struct str seeds[] = {
		STR("POST /?query=SELECT+1%2B1&a=%00 HTTP/1.1\r\nHost: x\r\n"
			"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
		STR("GET /a HTTP/1.1\r\nHost: x\r\nAuthorization: Basic dXNlcjpwYTpzcw==\r\nContent-Length: 3\r\n\r\nabc"),
		STR("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"),
		STR("5;x=y\r\nhello\r\n1\r\n \r\nA\r\nwide world\r\n0\r\nX: y\r\n\r\n"),
	};
	unsigned long runs = mutate_run(seeds, ARRAY_COUNT(seeds), 1.5, check_mutation);
	ok(runs > 0, "%lu mutations are read within their bounds", runs);
}

int main(void)
{
	arena_init(&arena, NULL);
	strbuf_init(&out, NULL);
	error_init(&err);
	test_request();
	test_refused();
	test_limits();
	test_body();
	test_fields();
	test_write();
	test_response();
	test_mutations();
	strbuf_fini(&out);
	arena_fini(&arena);
	return tap_done();
}

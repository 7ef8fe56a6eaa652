// SPDX-License-Identifier: Apache-2.0
#ifndef PROTO_HTTP_H
#define PROTO_HTTP_H
/*
 * HTTP/1.1 messages (RFC 9110, 9112), both ends: heads are parsed, bodies are unframed, heads and chunks are written.
 *
 * Bytes only: no socket. A head is parsed in one go once its empty line has arrived, into an arena, so the input may be
 * dropped afterwards; body data borrows the input. Forms and multipart bodies are in httpform.h, Content-Encoding in
 * httpenc.h.
 *
 * Strict where two readers could disagree about where a message ends: lines end in CRLF only; no folding; no space
 * before the colon; one Content-Length of digits only; Transfer-Encoding is exactly one "chunked", never together with
 * Content-Length and never in 1.0. What breaks these is refused with the status in `refuse`, and the connection closes.
 *
 *   parse head -> body of kind NONE, LENGTH, CHUNKED or (responses) UNTIL_CLOSE -> http_body_next until done -> next
 */
#include "base/arena.h"
#include "base/strbuf.h"

struct http_pair {
	struct str name, value;
};

struct http_limits {
	size_t head_bytes;   /* request line and headers; beyond: 431 */
	size_t target_bytes; /* beyond: 414 */
	size_t value_bytes;  /* of one header; beyond: 431 */
	unsigned headers;    /* how many; beyond: 431 */
	unsigned params;     /* pairs in the query string; beyond: 400 */
};
/* 2 MiB heads, 1 MiB targets, 128 KiB header values, 1,000 headers, 10,000 parameters. */
extern const struct http_limits http_limits_default;

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_DELETE, HTTP_OPTIONS, HTTP_PATCH, HTTP_OTHER };
enum http_body_kind { HTTP_BODY_NONE, HTTP_BODY_LENGTH, HTTP_BODY_CHUNKED, HTTP_BODY_UNTIL_CLOSE };

/* What requests and responses share. */
struct http_head {
	struct http_pair *headers;  /* in order, names as sent, values trimmed */
	size_t header_count;
	int minor;                  /* 0 or 1 of HTTP/1.x */
	bool keep_alive;            /* by version and Connection: whether the peer lets the connection live on */
	enum http_body_kind body;
	uint64_t content_length;    /* for LENGTH */
};

struct http_request {
	struct http_head head;
	enum http_method method;
	struct str method_text;
	struct str target;          /* as sent */
	struct str path;            /* percent-decoded, without the query; "*" for OPTIONS * */
	struct str query;           /* as sent, without '?' */
	struct http_pair *params;   /* of the query, decoded ('+' is a space), in order, doubles kept */
	size_t param_count;
	bool expect_continue;       /* write http_put_continue before reading the body */
	unsigned refuse;            /* on error: the status to answer with */
	size_t scanned;             /* between calls: bytes known not to complete the head */
};

/*
 * Parses the head at the start of `buffered`, in which the request must lie from its first byte at every call.
 *   OK, *consumed > 0: filled. OK, *consumed == 0: incomplete. Error: r->refuse is the answer's status; close after it.
 * Call http_request_init before the first call for a message.
 */
void http_request_init(struct http_request *r);
enum status http_request_parse(struct http_request *r, struct arena *a, struct str buffered,
	const struct http_limits *limits, size_t *consumed, struct error *err) MUST_CHECK;

/* The first header or parameter of that name; NULL when absent. Header names are compared without case. */
const struct str *http_header(const struct http_head *h, const char *name);
const struct str *http_param(const struct http_request *r, const char *name);
/* Whether a comma-separated header holds `token` (without case, parameters after ';' cut off). */
bool http_has_token(struct str list, struct str token);
/* The name's quality in an Accept-Encoding list, 0 to 1000; `*` counts; 0 when absent. */
unsigned http_quality(struct str list, struct str name);
/* Decodes %XX and, where `plus`, '+' as a space. False on a malformed escape. The result may hold NULs. */
bool http_decode(struct arena *a, struct str in, bool plus, struct str *out);
/* `Authorization: Basic`: false when the value is not that or malformed. Bearer tokens likewise. */
bool http_basic(struct arena *a, struct str value, struct str *user, struct str *password);
bool http_bearer(struct str value, struct str *token);

/*
 * Body: takes the framing off. Each call looks at `in`, eats *consumed bytes of it and gives the data among them,
 * borrowed, possibly empty. Call again while something was consumed; then, unless `done`, bring more input.
 */
enum { HTTP_BODY_CHUNK_LINE_MAX = 4096, HTTP_BODY_TRAILER_MAX = 65536 };
struct http_body {
	enum http_body_kind kind;
	uint8_t state;
	bool done;            /* the message has ended; what follows in the input is the next one */
	uint64_t left;        /* of the body (LENGTH) or of the chunk */
	uint64_t data_bytes;  /* delivered so far */
	uint64_t limit_bytes; /* of data; 0: none; beyond: E_TOO_MANY_BYTES (status 413) */
	unsigned line_bytes;  /* of the chunk line or the trailer section so far */
	unsigned digits;
};
void http_body_init(struct http_body *b, const struct http_head *h, uint64_t limit_bytes);
enum status http_body_next(struct http_body *b, struct str in, size_t *consumed, struct str *data, struct error *err)
	MUST_CHECK;
/* The peer closed: E_NETWORK unless the body was complete (UNTIL_CLOSE is, by that). */
enum status http_body_closed(struct http_body *b, struct error *err) MUST_CHECK;

/*
 * Writing a response: status, headers, http_put_head_end, then a body of Content-Length bytes or chunks. Header values
 * are put on one line: control characters become spaces, so that no value can start another header.
 */
const char *http_reason(unsigned status);
void http_put_status(struct strbuf *b, unsigned status);
void http_put_header(struct strbuf *b, const char *name, struct str value);
void http_put_header_u64(struct strbuf *b, const char *name, uint64_t value);
/* Date: in IMF-fixdate; seconds since 1970. */
void http_put_date(struct strbuf *b, int64_t unix_seconds);
void http_put_head_end(struct strbuf *b);
void http_put_continue(struct strbuf *b);
/* One chunk; empty data writes nothing (it would end the body). */
void http_put_chunk(struct strbuf *b, struct str data);
/* The same in place: begin leaves room for the size, what is appended until end is the chunk. */
size_t http_chunk_begin(struct strbuf *b);
void http_chunk_end(struct strbuf *b, size_t at);
void http_put_last_chunk(struct strbuf *b);

/* Writing a request: the line, Host, then as above. The target is written as it is: encode its parts first. */
void http_put_request(struct strbuf *b, const char *method, struct str target, struct str host);
/* Percent-encodes all but the unreserved characters. */
void http_put_encoded(struct strbuf *b, struct str s);
void http_put_basic(struct strbuf *b, struct str user, struct str password);

struct http_response {
	struct http_head head;
	unsigned status;      /* 100 to 599; 1xx (but 101) is followed by another head */
	struct str reason;
	size_t scanned;       /* as in the request */
};
void http_response_init(struct http_response *r);
/* As http_request_parse. `to` is the request's method: answers to HEAD have no body. Errors are E_NETWORK. */
enum status http_response_parse(struct http_response *r, struct arena *a, enum http_method to, struct str buffered,
	const struct http_limits *limits, size_t *consumed, struct error *err) MUST_CHECK;

#endif

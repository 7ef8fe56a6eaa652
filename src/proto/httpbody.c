// SPDX-License-Identifier: Apache-2.0
/* Taking the framing off a body: RFC 9112, 6 and 7. */
#include <assert.h>

#include "proto/http.h"

enum chunk_state { AT_SIZE, IN_EXTENSION, AT_SIZE_LF, IN_DATA, AT_DATA_CR, AT_DATA_LF, AT_TRAILER, IN_TRAILER,
	AT_TRAILER_LF, AT_END_LF };

enum { SIZE_DIGITS_MAX = 16 };

void http_body_init(struct http_body *b, const struct http_head *h, uint64_t limit_bytes)
{
	memset(b, 0, sizeof *b);
	b->kind = h->body;
	b->limit_bytes = limit_bytes;
	b->left = h->body == HTTP_BODY_LENGTH ? h->content_length : 0;
	b->done = h->body == HTTP_BODY_NONE || (h->body == HTTP_BODY_LENGTH && b->left == 0);
	b->state = AT_SIZE;
}

static enum status too_long(const struct http_body *b, struct error *err)
{
	return ERR(err, E_TOO_MANY_BYTES, "the body is longer than %llu bytes", (unsigned long long)b->limit_bytes);
}

/* Whether `more` bytes would pass the limit. */
static bool over_limit(const struct http_body *b, uint64_t more)
{
	return b->limit_bytes != 0 && (more > b->limit_bytes || b->data_bytes > b->limit_bytes - more);
}

/* Hands out what there is of the current run of data. */
static struct str take_data(struct http_body *b, struct str in)
{
	size_t n = in.size < b->left ? in.size : (size_t)b->left;
	b->left -= n;
	b->data_bytes += n;
	return str_make(in.data, n);
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A character of the size line before its LF; false when it cannot stand there. */
static bool step_size(struct http_body *b, char c)
{
	int v = b->state == AT_SIZE ? hex_value(c) : -1;
	if (++b->line_bytes > HTTP_BODY_CHUNK_LINE_MAX)
		return false;
	if (v >= 0) {
		b->left = b->left << 4 | (unsigned)v;
		return ++b->digits <= SIZE_DIGITS_MAX && b->left <= INT64_MAX;
	}
	if (c == '\r') {
		b->state = AT_SIZE_LF;
		return b->digits != 0;
	}
	if (b->state == AT_SIZE) {
		b->state = IN_EXTENSION;
		return c == ';' && b->digits != 0;
	}
	return (uint8_t)c >= 0x20 || c == '\t';
}

/* A character of the trailer section, which is dropped. */
static bool step_trailer(struct http_body *b, char c)
{
	if (++b->line_bytes > HTTP_BODY_TRAILER_MAX)
		return false;
	if (c == '\r')
		b->state = b->state == AT_TRAILER ? AT_END_LF : AT_TRAILER_LF;
	else
		b->state = IN_TRAILER;
	return c != '\n' && c != '\0';
}

/* One byte of framing. */
static bool step(struct http_body *b, char c)
{
	switch ((enum chunk_state)b->state) {
	case AT_SIZE:
	case IN_EXTENSION:
		return step_size(b, c);
	case AT_SIZE_LF:
		b->state = b->left == 0 ? AT_TRAILER : IN_DATA;
		b->line_bytes = b->digits = 0;
		return c == '\n';
	case AT_DATA_CR:
		b->state = AT_DATA_LF;
		return c == '\r';
	case AT_DATA_LF:
		b->state = AT_SIZE;
		return c == '\n';
	case AT_TRAILER:
	case IN_TRAILER:
		return step_trailer(b, c);
	case AT_TRAILER_LF:
		b->state = AT_TRAILER;
		return c == '\n';
	case AT_END_LF:
		b->done = true;
		return c == '\n';
	case IN_DATA:
		break;
	}
	assert(!"data is not framing");
	return false;
}

static enum status next_chunked(struct http_body *b, struct str in, size_t *consumed, struct str *data,
	struct error *err)
{
	size_t i = 0;
	while (i < in.size && !b->done && b->state != IN_DATA) {
		if (!step(b, in.data[i++]))
			return ERR(err, E_PROTOCOL, "malformed chunked body");
		if (b->state == IN_DATA && over_limit(b, b->left))
			return too_long(b, err);
	}
	if (b->state == IN_DATA && i < in.size) {
		*data = take_data(b, str_make(in.data + i, in.size - i));
		i += data->size;
		if (b->left == 0)
			b->state = AT_DATA_CR;
	}
	*consumed = i;
	return OK;
}

enum status http_body_next(struct http_body *b, struct str in, size_t *consumed, struct str *data, struct error *err)
{
	*consumed = 0;
	*data = str_make(in.data, 0);
	if (b->done || in.size == 0)
		return OK;
	switch (b->kind) {
	case HTTP_BODY_CHUNKED:
		return next_chunked(b, in, consumed, data, err);
	case HTTP_BODY_LENGTH:
		if (over_limit(b, b->left))
			return too_long(b, err);
		*data = take_data(b, in);
		b->done = b->left == 0;
		break;
	case HTTP_BODY_UNTIL_CLOSE:
		if (over_limit(b, in.size))
			return too_long(b, err);
		b->left = in.size;
		*data = take_data(b, in);
		break;
	case HTTP_BODY_NONE:
		break;
	}
	*consumed = data->size;
	return OK;
}

enum status http_body_closed(struct http_body *b, struct error *err)
{
	if (b->kind == HTTP_BODY_UNTIL_CLOSE)
		b->done = true;
	return b->done ? OK : ERR(err, E_NETWORK, "the connection was closed in the middle of a body");
}

// SPDX-License-Identifier: Apache-2.0
#ifndef PROTO_HTTPHEAD_IMPL_H
#define PROTO_HTTPHEAD_IMPL_H
/* What the readers of requests, responses and multipart parts share: characters, lines, header blocks. */
#include "proto/http.h"

/* RFC 9110's token characters: methods and header names. */
bool http_is_token(struct str s);
/* No control characters but the tab: header values. */
bool http_is_value(struct str s);
/*
 * Splits a block of complete lines, each ended by CRLF, into headers that borrow it. False on a malformed line;
 * *too_big tells which of the limits it was, if one.
 */
bool http_headers_split(struct arena *a, struct str block, const struct http_limits *limits, struct http_pair **headers,
	size_t *count, bool *too_big);
/* Cuts the line at the start of *s, without its CRLF. The line is known to be complete. */
struct str http_line(struct str *s);

#endif

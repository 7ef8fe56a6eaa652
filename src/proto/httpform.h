// SPDX-License-Identifier: Apache-2.0
#ifndef PROTO_HTTPFORM_H
#define PROTO_HTTPFORM_H
/*
 * HTTP forms: `application/x-www-form-urlencoded` pairs, which are also the query string's, and `multipart/form-data`
 * (RFC 7578), read incrementally so that a part may be larger than memory.
 */
#include "proto/http.h"

/* Whether a Content-Type is `type` ("text/plain"), whatever its parameters. */
bool http_is_type(struct str content_type, const char *type);
/* The value of a parameter of a header like Content-Type, unquoted; false when absent. */
bool http_parameter(struct arena *a, struct str header, const char *name, struct str *value);

/* name=value&…: decoded, in order, doubles kept, empty pieces skipped. E_PROTOCOL on a bad escape, a NUL in a name or
 * more than `pairs_max` pairs. */
enum status http_pairs_parse(struct arena *a, struct str text, unsigned pairs_max, struct http_pair **pairs,
	size_t *count, struct error *err) MUST_CHECK;

/*
 * Multipart. Feed the body in pieces; bytes that were not consumed come again, followed by more:
 *
 *   MULTIPART_MORE      nothing to say before there is more input
 *   MULTIPART_PART      a part begins: name, filename, type are set
 *   MULTIPART_DATA      `data`: the part's next bytes, borrowed from the input
 *   MULTIPART_PART_END  the part has ended
 *   MULTIPART_END       the last part has ended; the rest of the body means nothing
 */
enum multipart_event { MULTIPART_MORE, MULTIPART_PART, MULTIPART_DATA, MULTIPART_PART_END, MULTIPART_END };

enum { MULTIPART_BOUNDARY_MAX = 70, MULTIPART_HEAD_MAX = 16384, MULTIPART_PREAMBLE_MAX = 65536,
	MULTIPART_PARTS_MAX = 10000 };

struct multipart {
	struct arena *arena;         /* for names; bounded by the limits above */
	char delimiter[MULTIPART_BOUNDARY_MAX + 4]; /* CR LF - - boundary */
	unsigned delimiter_size;
	uint8_t state;
	unsigned parts, preamble_bytes, padding_bytes;
	struct str name;             /* of the current part; empty when it has none */
	struct str filename;         /* data is NULL when it is no file */
	struct str type;             /* Content-Type, empty when absent */
};

/* Takes the boundary from the Content-Type; E_PROTOCOL when that is not multipart/form-data with a proper boundary. */
enum status multipart_init(struct multipart *m, struct arena *a, struct str content_type, struct error *err) MUST_CHECK;
enum status multipart_next(struct multipart *m, struct str in, size_t *consumed, enum multipart_event *event,
	struct str *data, struct error *err) MUST_CHECK;
/* The body has ended: E_PROTOCOL unless the last part had. */
enum status multipart_closed(const struct multipart *m, struct error *err) MUST_CHECK;

#endif

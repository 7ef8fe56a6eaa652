// SPDX-License-Identifier: Apache-2.0
#ifndef PROTO_BASE64_H
#define PROTO_BASE64_H
/* Base64 (RFC 4648), the standard alphabet with padding; decoding accepts the canonical form alone. */
#include "base/strbuf.h"

void base64_put(struct strbuf *b, const void *data, size_t size);

/* Bytes that `size` characters of base64 decode to, at most. */
static inline size_t base64_decoded_max(size_t size)
{
	return size / 4 * 3;
}

/* Writes to `out`, which has room for base64_decoded_max(s.size) bytes; false when s is not canonical base64. */
bool base64_decode(struct str s, uint8_t *out, size_t *out_size);

#endif

// SPDX-License-Identifier: Apache-2.0
#include "proto/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_put(struct strbuf *b, const void *data, size_t size)
{
	const uint8_t *p = data;
	if (size == 0 || !strbuf_reserve(b, (size + 2) / 3 * 4))
		return;
	char *to = b->data + b->size;
	for (size_t i = 0; i < size; i += 3) {
		unsigned n = size - i < 3 ? (unsigned)(size - i) : 3;
		uint32_t v = (uint32_t)p[i] << 16 | (n > 1 ? (uint32_t)p[i + 1] << 8 : 0) | (n > 2 ? p[i + 2] : 0);
		*to++ = alphabet[v >> 18];
		*to++ = alphabet[v >> 12 & 63];
		*to++ = n > 1 ? alphabet[v >> 6 & 63] : '=';
		*to++ = n > 2 ? alphabet[v & 63] : '=';
	}
	b->size = (size_t)(to - b->data);
}

/* 0 to 63, or -1. */
static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool base64_decode(struct str s, uint8_t *out, size_t *out_size)
{
	uint8_t *to = out;
	*out_size = 0;
	if (s.size % 4 != 0)
		return false;
	for (size_t i = 0; i < s.size; i += 4) {
		const char *c = s.data + i;
		unsigned n = i + 4 < s.size || c[3] != '=' ? 3 : c[2] != '=' ? 2 : 1;
		int v0 = value_of(c[0]), v1 = value_of(c[1]), v2 = n > 1 ? value_of(c[2]) : 0, v3 = n > 2 ? value_of(c[3]) : 0;
		if ((v0 | v1 | v2 | v3) < 0)
			return false;
		uint32_t v = (uint32_t)v0 << 18 | (uint32_t)v1 << 12 | (uint32_t)v2 << 6 | (uint32_t)v3;
		/* bits that the padding cuts off must be zero, or two texts would mean the same bytes */
		if ((n == 1 && (v & 0xffff) != 0) || (n == 2 && (v & 0xff) != 0))
			return false;
		*to++ = (uint8_t)(v >> 16);
		if (n > 1)
			*to++ = (uint8_t)(v >> 8);
		if (n > 2)
			*to++ = (uint8_t)v;
	}
	*out_size = (size_t)(to - out);
	return true;
}

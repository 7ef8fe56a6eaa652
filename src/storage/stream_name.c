// SPDX-License-Identifier: Apache-2.0
#include "storage/stream_name.h"

#include "base/hash.h"
#include "base/strbuf.h"

static bool plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = ascii_upper(c);
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void stream_name_escape(struct strbuf *to, struct str text)
{
	static const char hex[] = "0123456789ABCDEF";
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = (uint8_t)text.data[i];
		if (plain((char)c)) {
			strbuf_putc(to, (char)c);
		} else {
			strbuf_putc(to, '%');
			strbuf_putc(to, hex[c >> 4]);
			strbuf_putc(to, hex[c & 15]);
		}
	}
}

struct str stream_name_unescape(struct arena *a, struct str name)
{
	char *to = arena_alloc(a, name.size + 1);
	size_t n = 0;
	for (size_t i = 0; i < name.size; i++) {
		int high = i + 2 < name.size && name.data[i] == '%' ? hex_value(name.data[i + 1]) : -1;
		int low = high >= 0 ? hex_value(name.data[i + 2]) : -1;
		if (low >= 0) {
			to[n++] = (char)(high * 16 + low);
			i += 2;
		} else {
			to[n++] = name.data[i];
		}
	}
	return (struct str){to, n};
}

struct str stream_name_file(struct arena *a, struct str stream)
{
	if (stream.size <= STREAM_NAME_MAX)
		return stream;
	struct hash128 h = siphash128(stream.data, stream.size, 0, 0);
	uint8_t bytes[16];
	char *hex = arena_alloc(a, 33);
	memcpy(bytes, &h.low, 8);
	memcpy(bytes + 8, &h.high, 8);
	for (int i = 0; i < 16; i++) {
		hex[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
	}
	return (struct str){hex, 32};
}

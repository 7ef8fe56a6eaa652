// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

#include <string.h>

static bool continuation(char c)
{
	return ((uint8_t)c & 0xC0) == 0x80;
}

unsigned utf8_decode(const char *s, size_t size, uint32_t *code_point)
{
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	uint8_t c = (uint8_t)s[0];
	unsigned n = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC2 ? 2 : 0;
	*code_point = 0xFFFD;
	if (n == 1) {
		*code_point = c;
		return 1;
	}
	if (n == 0 || c > 0xF4 || n > size)
		return 1;
	uint32_t v = c & (0x7Fu >> n);
	for (unsigned i = 1; i < n; i++) {
		if (!continuation(s[i]))
			return 1;
		v = v << 6 | ((uint8_t)s[i] & 0x3F);
	}
	if (v < least[n] || v > 0x10FFFF || (v >= 0xD800 && v <= 0xDFFF))
		return 1;
	*code_point = v;
	return n;
}

size_t utf8_valid_prefix(const char *s, size_t size)
{
	size_t i = 0;
	while (i < size) {
		uint64_t w;
		if (i + 8 <= size && (memcpy(&w, s + i, 8), (w & 0x8080808080808080u) == 0)) {
			i += 8;
			continue;
		}
		uint32_t cp;
		unsigned n = utf8_decode(s + i, size - i, &cp);
		if (n == 1 && ((uint8_t)s[i] & 0x80) != 0)
			return i;
		i += n;
	}
	return size;
}

bool utf8_valid(const char *s, size_t size)
{
	return utf8_valid_prefix(s, size) == size;
}

/* Sixteen bytes at once: each lane counts for itself, and is added up before it can overflow. */
typedef int8_t lanes __attribute__((vector_size(16)));
typedef uint8_t counters __attribute__((vector_size(16)));

static size_t count_lanes(const char *s, size_t blocks)
{
	enum { ROUNDS_MAX = 255 };
	const uint64_t odd = 0x00ff00ff00ff00ff;
	size_t n = 0;
	while (blocks != 0) {
		size_t rounds = blocks < ROUNDS_MAX ? blocks : ROUNDS_MAX;
		counters sum = {0};
		lanes v;
		for (size_t i = 0; i < rounds; i++, s += sizeof v) {
			memcpy(&v, s, sizeof v);
			sum -= (counters)(v > -65); /* 0x80 to 0xBF are -128 to -65 */
		}
		uint64_t half[2];
		memcpy(half, &sum, sizeof half);
		for (int k = 0; k < 2; k++)
			n += ((half[k] & odd) + (half[k] >> 8 & odd)) * 0x0001000100010001 >> 48;
		blocks -= rounds;
	}
	return n;
}

size_t utf8_count(const char *s, size_t size)
{
	size_t i = size / sizeof(lanes) * sizeof(lanes), n = count_lanes(s, size / sizeof(lanes));
	uint64_t x;
	if (size - i >= sizeof x) {
		memcpy(&x, s + i, sizeof x);
		i += sizeof x;
		n += sizeof x - (unsigned)__builtin_popcountll(x >> 7 & ~(x >> 6) & 0x0101010101010101);
	}
	for (; i < size; i++)
		n += !continuation(s[i]);
	return n;
}

size_t utf8_prefix_size(const char *s, size_t size)
{
	size_t i = size;
	while (i > 0 && size - i < 4 && continuation(s[i - 1]))
		i--;
	if (i == 0)
		return size;
	uint8_t c = (uint8_t)s[i - 1];
	unsigned n = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
	return i - 1 + n <= size ? size : i - 1;
}

size_t utf8_offset(const char *s, size_t size, size_t index)
{
	for (size_t i = 0; i < size; i++)
		if (!continuation(s[i]) && index-- == 0)
			return i;
	return size;
}

unsigned utf8_encode(uint32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

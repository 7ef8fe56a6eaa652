// SPDX-License-Identifier: Apache-2.0
#ifndef COLUMN_DIGITS_H
#define COLUMN_DIGITS_H
/* Decimal digits of machine integers, two at a time, and the inverse eight at a time. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static const char digit_pairs[201] =
	"0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"
	"5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

static inline char *put2(char *to, unsigned v)
{
	memcpy(to, digit_pairs + v * 2, 2);
	return to + 2;
}

static inline char *put4(char *to, unsigned v)
{
	put2(to, v / 100);
	return put2(to + 2, v % 100);
}

static inline unsigned count_digits(uint64_t v)
{
	unsigned n = 1;
	for (;;) {
		if (v < 10)
			return n;
		if (v < 100)
			return n + 1;
		if (v < 1000)
			return n + 2;
		if (v < 10000)
			return n + 3;
		v /= 10000;
		n += 4;
	}
}

/* Returns the end. */
static inline char *put_u64(char *to, uint64_t v)
{
	unsigned n = count_digits(v);
	char *p = to + n;
	while (v >= 100) {
		uint64_t q = v / 100;
		p -= 2;
		memcpy(p, digit_pairs + (v - q * 100) * 2, 2);
		v = q;
	}
	if (v >= 10)
		memcpy(p - 2, digit_pairs + v * 2, 2);
	else
		p[-1] = (char)('0' + v);
	return to + n;
}

static inline char *put_i64(char *to, int64_t v)
{
	if (v < 0) {
		*to++ = '-';
		return put_u64(to, -(uint64_t)v);
	}
	return put_u64(to, (uint64_t)v);
}

/* Exactly `digits` digits. */
static inline char *put_padded(char *to, uint64_t v, unsigned digits)
{
	for (unsigned i = digits; i > 0; i--) {
		to[i - 1] = (char)('0' + v % 10);
		v /= 10;
	}
	return to + digits;
}

static inline bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

/* Whether the eight bytes are all digits: each byte has a high nibble of 3, also after adding 6. */
static inline bool all_digits8(uint64_t w)
{
	return ((w & 0xf0f0f0f0f0f0f0f0) | ((w + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0) >> 4) == 0x3333333333333333;
}

/* The number that eight digit bytes spell, first byte first. */
static inline uint32_t parse_digits8(uint64_t w)
{
	w = (w & 0x0f0f0f0f0f0f0f0f) * 2561 >> 8;
	w = (w & 0x00ff00ff00ff00ff) * 6553601 >> 16;
	return (uint32_t)((w & 0x0000ffff0000ffff) * 42949672960001 >> 32);
}

/* 1 when both are digits, as an int to be combined without branches. */
static inline int two_digits(const char *s, unsigned *out)
{
	unsigned a = (unsigned char)(s[0] - '0'), b = (unsigned char)(s[1] - '0');
	*out = a * 10 + b;
	return (a < 10) & (b < 10);
}

#endif

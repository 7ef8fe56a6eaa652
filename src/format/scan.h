// SPDX-License-Identifier: Apache-2.0
#ifndef FORMAT_SCAN_H
#define FORMAT_SCAN_H
/*
 * Finding bytes in text, 16 at a time. All functions stay inside [p, end) in what they report, but read up to 15 bytes
 * behind it: the text stands in a buffer with BUFFER_PAD. FORMAT_SCALAR builds the twins without vectors.
 */
#include <stdint.h>
#include "base/bits.h"

#if defined(__SSE2__) && !defined(FORMAT_SCALAR)
#include <emmintrin.h>

/* Bit i set where p[i] is one of the four. */
static inline uint32_t match4(const char *p, char a, char b, char c, char d)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i ab = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(a)), _mm_cmpeq_epi8(v, _mm_set1_epi8(b)));
	__m128i cd = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(c)), _mm_cmpeq_epi8(v, _mm_set1_epi8(d)));
	return (uint32_t)_mm_movemask_epi8(_mm_or_si128(ab, cd));
}
#else
static inline uint32_t match4(const char *p, char a, char b, char c, char d)
{
	uint32_t bits = 0;
	for (unsigned i = 0; i < 16; i++)
		bits |= (uint32_t)(p[i] == a || p[i] == b || p[i] == c || p[i] == d) << i;
	return bits;
}
#endif

/* The first of the four bytes in [p, end), or end. Repeat one where fewer are wanted. */
static inline const char *scan4(const char *p, const char *end, char a, char b, char c, char d)
{
	for (; p < end; p += 16) {
		uint32_t bits = match4(p, a, b, c, d);
		if (bits != 0) {
			p += ctz32(bits);
			return p < end ? p : end;
		}
	}
	return end;
}

static inline const char *scan2(const char *p, const char *end, char a, char b)
{
	return scan4(p, end, a, b, a, b);
}

#endif

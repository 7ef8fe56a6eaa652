// SPDX-License-Identifier: Apache-2.0
/*
 * GCD: values divided by the greatest common divisor of the block. Behind the prefix: the divisor, then the quotients;
 * divisor 0 (all values are 0) and 1 mean values as they are.
 *
 * An exact division by g = 2^k * o is a multiplication by the inverse of o modulo the word, rotated by k; and v is
 * divisible by g just when that product is at most MAX / g. So no loop here divides (Granlund, Montgomery 1994).
 */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3") /* its -O2 leaves loops of unknown length as they are */
#endif
#include <assert.h>

#include "base/wide.h"
#include "io/codec_impl.h"

struct divisor {
	uint64_t g, inverse, quotient_max;
	unsigned shift;
};

static struct divisor divisor_of(uint64_t g)
{
	struct divisor d = {.g = g, .quotient_max = UINT64_MAX / g, .shift = (unsigned)__builtin_ctzll(g)};
	uint64_t odd = g >> d.shift;
	d.inverse = odd; /* right in 3 bits; each step doubles them */
	for (int i = 0; i < 5; i++)
		d.inverse *= 2 - odd * d.inverse;
	assert(d.inverse * odd == 1);
	return d;
}

/* v / g where it is exact; more than quotient_max where it is not. */
static inline uint64_t divide(const struct divisor *d, uint64_t v)
{
	uint64_t p = v * d->inverse;
	return p >> d->shift | p << (-d->shift & 63);
}

static uint64_t gcd_u64(uint64_t a, uint64_t b)
{
	while (b != 0) {
		uint64_t r = a % b;
		a = b;
		b = r;
	}
	return a;
}

#define T uint8_t
#define NAME(x) x##_1
#include "io/codec_gcd_tmpl.h"
#undef T
#undef NAME
#define T uint16_t
#define NAME(x) x##_2
#include "io/codec_gcd_tmpl.h"
#undef T
#undef NAME
#define T uint32_t
#define NAME(x) x##_4
#include "io/codec_gcd_tmpl.h"
#undef T
#undef NAME
#define T uint64_t
#define NAME(x) x##_8
#include "io/codec_gcd_tmpl.h"
#undef T
#undef NAME

/* Wide values are rare; they are read as 256 bits and divided plainly. */
static u256 load_wide(const uint8_t *p, unsigned width)
{
	u256 v = u256_from_u64(0);
	memcpy(&v, p, width);
	return v;
}

static bool wide_at_most_one(u256 v)
{
	return (v.limb[1] | v.limb[2] | v.limb[3]) == 0 && v.limb[0] <= 1;
}

static void gcd_encode_wide(unsigned width, const uint8_t *src, size_t n, uint8_t *to)
{
	u256 g = u256_from_u64(0), one = u256_from_u64(1);
	for (size_t i = 0; i < n && u256_compare(g, one) != 0; i++) {
		u256 v = load_wide(src + i * width, width);
		while (u256_compare(v, u256_from_u64(0)) != 0) {
			u256 q, r;
			u256_divmod(g, v, &q, &r);
			g = v;
			v = r;
		}
	}
	memcpy(to, &g, width);
	to += width;
	if (wide_at_most_one(g)) {
		memcpy(to, src, n * width);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		u256 q, r;
		u256_divmod(load_wide(src + i * width, width), g, &q, &r);
		memcpy(to + i * width, &q, width);
	}
}

static void gcd_decode_wide(unsigned width, const uint8_t *src, size_t n, uint8_t *to)
{
	u256 g = load_wide(src, width);
	src += width;
	if (wide_at_most_one(g)) {
		memcpy(to, src, n * width);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		u256 v = u256_mul(load_wide(src + i * width, width), g);
		memcpy(to + i * width, &v, width);
	}
}

size_t codec_gcd_encode(unsigned width, const uint8_t *src, size_t size, uint8_t *to)
{
	size_t skip = codec_put_prefix(width, src, size, to);
	size_t n = size / width;
	src += skip;
	to += 2 + skip;
	switch (width) {
	case 1:
		gcd_encode_1(src, n, to);
		break;
	case 2:
		gcd_encode_2(src, n, to);
		break;
	case 4:
		gcd_encode_4(src, n, to);
		break;
	case 8:
		gcd_encode_8(src, n, to);
		break;
	default:
		assert(width == 16 || width == 32);
		gcd_encode_wide(width, src, n, to);
	}
	return 2 + width + size;
}

bool codec_gcd_decode(const uint8_t *src, size_t src_size, uint8_t *to, size_t size)
{
	unsigned width;
	size_t skip;
	if (!codec_take_prefix(src, src_size, to, size, true, &width, &skip) || src_size != 2 + width + size)
		return false;
	size_t n = size / width;
	src += 2 + skip;
	to += skip;
	switch (width) {
	case 1:
		gcd_decode_1(src, n, to);
		break;
	case 2:
		gcd_decode_2(src, n, to);
		break;
	case 4:
		gcd_decode_4(src, n, to);
		break;
	case 8:
		gcd_decode_8(src, n, to);
		break;
	default:
		gcd_decode_wide(width, src, n, to);
	}
	return true;
}

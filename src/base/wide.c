// SPDX-License-Identifier: Apache-2.0
#include "base/wide.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { CHUNK = 19 }; /* decimal digits that a limb holds */

static const uint64_t powers_u64[20] = {
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
	1000000000000, 10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000,
	1000000000000000000, 10000000000000000000u,
};
static i128 powers_i128[39];
static i256 powers_i256[77];

__attribute__((constructor)) static void fill_powers(void)
{
	u256 v = u256_from_u64(1);
	for (unsigned n = 0; n < 77; n++) {
		powers_i256[n] = v;
		if (n < 39)
			powers_i128[n] = (i128)((u128)v.limb[1] << 64 | v.limb[0]);
		v = u256_mul(v, u256_from_u64(10));
	}
}

uint64_t pow10_u64(unsigned n)
{
	assert(n <= 19);
	return powers_u64[n];
}

i128 pow10_i128(unsigned n)
{
	assert(n <= 38);
	return powers_i128[n];
}

i256 pow10_i256(unsigned n)
{
	assert(n <= 76);
	return powers_i256[n];
}

static inline u128 low128(u256 a)
{
	return (u128)a.limb[1] << 64 | a.limb[0];
}

bool i256_to_i128(i256 a, i128 *out)
{
	*out = (i128)low128(a);
	uint64_t sign = a.limb[1] >> 63 ? ~(uint64_t)0 : 0;
	return a.limb[2] != sign || a.limb[3] != sign;
}

bool i256_to_i64(i256 a, int64_t *out)
{
	*out = (int64_t)a.limb[0];
	uint64_t sign = a.limb[0] >> 63 ? ~(uint64_t)0 : 0;
	return a.limb[1] != sign || a.limb[2] != sign || a.limb[3] != sign;
}

bool i256_add_overflow(i256 a, i256 b, i256 *out)
{
	*out = u256_add(a, b);
	return i256_negative(a) == i256_negative(b) && i256_negative(*out) != i256_negative(a);
}

bool i256_sub_overflow(i256 a, i256 b, i256 *out)
{
	*out = u256_sub(a, b);
	return i256_negative(a) != i256_negative(b) && i256_negative(*out) != i256_negative(a);
}

static inline u256 magnitude(i256 a)
{
	return i256_negative(a) ? u256_negate(a) : a;
}

/* Schoolbook; tells whether the product of the unsigned values passes 256 bits. */
static bool mul_overflow(u256 a, u256 b, u256 *out)
{
	uint64_t r[8] = {0};
	for (unsigned i = 0; i < 4; i++) {
		uint64_t carry = 0;
		for (unsigned k = 0; k < 4; k++) {
			u128 t = (u128)a.limb[i] * b.limb[k] + r[i + k] + carry;
			r[i + k] = (uint64_t)t;
			carry = (uint64_t)(t >> 64);
		}
		r[i + 4] = carry;
	}
	memcpy(out->limb, r, sizeof out->limb);
	return (r[4] | r[5] | r[6] | r[7]) != 0;
}

bool u256_mul_overflow(u256 a, u256 b, u256 *out)
{
	return mul_overflow(a, b, out);
}

bool i256_mul_overflow(i256 a, i256 b, i256 *out)
{
	bool negative = i256_negative(a) != i256_negative(b);
	u256 m;
	bool over = mul_overflow(magnitude(a), magnitude(b), &m);
	*out = negative ? u256_negate(m) : m;
	/* The magnitude 2^255 fits when negative; its negation is negative again, which the comparison below accepts. */
	return over || (i256_negative(*out) != negative && !u256_is_zero(m));
}

/* ---- division ---- */

/* (high:low) / d, high < d. */
static inline uint64_t divide_limb(uint64_t high, uint64_t low, uint64_t d, uint64_t *remainder)
{
#if defined(__x86_64__)
	uint64_t q;
	__asm__("divq %4" : "=a"(q), "=d"(*remainder) : "0"(low), "1"(high), "r"(d) : "cc");
	return q;
#else
	u128 n = (u128)high << 64 | low;
	*remainder = (uint64_t)(n % d);
	return (uint64_t)(n / d);
#endif
}

static inline uint64_t divide_small(u256 *a, uint64_t d)
{
	uint64_t r = 0;
	for (int i = 3; i >= 0; i--)
		a->limb[i] = divide_limb(r, a->limb[i], d, &r);
	return r;
}

static unsigned limbs_used(u256 a)
{
	unsigned n = 4;
	while (n > 0 && a.limb[n - 1] == 0)
		n--;
	return n;
}

/* One digit of the quotient: u[0..n] -= q * v[0..n-1] for the right q (Knuth, volume 2, 4.3.1, algorithm D). */
static uint64_t divide_step(uint64_t *u, const uint64_t *v, unsigned n)
{
	uint64_t q = ~(uint64_t)0, r;
	if (u[n] < v[n - 1]) {
		q = divide_limb(u[n], u[n - 1], v[n - 1], &r);
		while ((u128)q * v[n - 2] > ((u128)r << 64 | u[n - 2])) {
			q--;
			if (__builtin_add_overflow(r, v[n - 1], &r))
				break;
		}
	}
	uint64_t borrow = 0;
	for (unsigned i = 0; i < n; i++) {
		u128 t = (u128)q * v[i] + borrow;
		borrow = (uint64_t)(t >> 64) + (u[i] < (uint64_t)t);
		u[i] -= (uint64_t)t;
	}
	bool negative = u[n] < borrow;
	u[n] -= borrow;
	while (negative) { /* q was one or two too large */
		uint64_t carry = 0;
		q--;
		for (unsigned i = 0; i < n; i++) {
			u128 t = (u128)u[i] + v[i] + carry;
			u[i] = (uint64_t)t;
			carry = (uint64_t)(t >> 64);
		}
		negative = !__builtin_add_overflow(u[n], carry, &u[n]);
	}
	return q;
}

void u256_divmod(u256 a, u256 b, u256 *quotient, u256 *remainder)
{
	unsigned n = limbs_used(b), m = limbs_used(a);
	assert(n > 0);
	if (m <= 2 && n <= 2) {
		u128 x = low128(a), y = low128(b);
		*quotient = u256_from_u128(x / y);
		*remainder = u256_from_u128(x % y);
		return;
	}
	if (n == 1) {
		uint64_t r = divide_small(&a, b.limb[0]);
		*quotient = a;
		*remainder = u256_from_u64(r);
		return;
	}
	*quotient = u256_from_u64(0);
	if (m < n) {
		*remainder = a;
		return;
	}
	unsigned shift = (unsigned)__builtin_clzll(b.limb[n - 1]);
	uint64_t u[5];
	u256 v = u256_shl(b, shift), low = u256_shl(a, shift);
	memcpy(u, low.limb, sizeof low.limb);
	u[4] = shift == 0 ? 0 : a.limb[3] >> (64 - shift);
	for (unsigned i = m - n + 1; i-- > 0;)
		quotient->limb[i] = divide_step(u + i, v.limb, n);
	memcpy(remainder->limb, u, sizeof remainder->limb);
	*remainder = u256_shr(*remainder, shift);
}

void i256_divmod(i256 a, i256 b, i256 *quotient, i256 *remainder)
{
	u256 q, r;
	u256_divmod(magnitude(a), magnitude(b), &q, &r);
	*quotient = i256_negative(a) != i256_negative(b) ? u256_negate(q) : q;
	*remainder = i256_negative(a) ? u256_negate(r) : r;
}

/* ---- floating point ---- */

/* From the 64 highest bits, with the lowest of them set when any lower bit is: correctly rounded. */
double u256_to_double(u256 a)
{
	unsigned n = limbs_used(a);
	if (n <= 1)
		return (double)a.limb[0];
	unsigned shift = n * 64 - 64 - (unsigned)__builtin_clzll(a.limb[n - 1]);
	u256 top = u256_shr(a, shift), back = u256_shl(top, shift);
	return ldexp((double)(top.limb[0] | (u256_compare(back, a) != 0)), (int)shift);
}

double i256_to_double(i256 a)
{
	return i256_negative(a) ? -u256_to_double(u256_negate(a)) : u256_to_double(a);
}

i256 i256_from_double(double v)
{
	int exponent;
	double fraction = frexp(fabs(v), &exponent);
	assert(fraction == 0 || exponent <= 255);
	u256 m = u256_from_u64((uint64_t)ldexp(fraction, 53));
	m = exponent >= 53 ? u256_shl(m, (unsigned)exponent - 53) : u256_shr(m, (unsigned)(53 - exponent));
	return v < 0 ? u256_negate(m) : m;
}

/* ---- text ---- */

/* Writes exactly `digits` digits. */
static void put_digits(char *out, uint64_t v, unsigned digits)
{
	while (digits-- > 0) {
		out[digits] = (char)('0' + v % 10);
		v /= 10;
	}
}

static unsigned decimal_digits(uint64_t v)
{
	/* 1233 / 4096 is a little over log10(2). */
	unsigned guess = (64 - (unsigned)__builtin_clzll(v | 1)) * 1233 >> 12;
	return guess + (v >= powers_u64[guess]) + (v == 0);
}

unsigned u256_format(u256 v, char *out)
{
	uint64_t chunk[5];
	unsigned n = 0;
	while ((v.limb[1] | v.limb[2] | v.limb[3]) != 0 || v.limb[0] >= powers_u64[CHUNK])
		chunk[n++] = divide_small(&v, powers_u64[CHUNK]);
	unsigned size = decimal_digits(v.limb[0]);
	put_digits(out, v.limb[0], size);
	while (n-- > 0) {
		put_digits(out + size, chunk[n], CHUNK);
		size += CHUNK;
	}
	return size;
}

unsigned i256_format(i256 v, char *out)
{
	if (!i256_negative(v))
		return u256_format(v, out);
	out[0] = '-';
	return 1 + u256_format(u256_negate(v), out + 1);
}

unsigned u128_format(u128 v, char *out)
{
	return u256_format(u256_from_u128(v), out);
}

unsigned i128_format(i128 v, char *out)
{
	return i256_format(i256_from_i128(v), out);
}

/* Digits alone, to a magnitude. */
static bool parse_digits(struct str s, u256 *out)
{
	u256 v = u256_from_u64(0);
	if (s.size == 0)
		return false;
	for (size_t at = 0; at < s.size;) {
		uint64_t chunk = 0;
		unsigned n = 0;
		for (; n < CHUNK && at < s.size; n++, at++) {
			unsigned d = (unsigned)(s.data[at] - '0');
			if (d > 9)
				return false;
			chunk = chunk * 10 + d;
		}
		u128 carry = chunk;
		for (unsigned i = 0; i < 4; i++) {
			carry += (u128)v.limb[i] * powers_u64[n];
			v.limb[i] = (uint64_t)carry;
			carry >>= 64;
		}
		if (carry != 0)
			return false;
	}
	*out = v;
	return true;
}

static bool take_sign(struct str *s)
{
	bool negative = s->size != 0 && s->data[0] == '-';
	if (negative || (s->size != 0 && s->data[0] == '+')) {
		s->data++;
		s->size--;
	}
	return negative;
}

bool u256_parse(struct str s, u256 *out)
{
	bool negative = take_sign(&s);
	return parse_digits(s, out) && !(negative && !u256_is_zero(*out));
}

bool i256_parse(struct str s, i256 *out)
{
	bool negative = take_sign(&s);
	u256 m;
	if (!parse_digits(s, &m))
		return false;
	*out = negative ? u256_negate(m) : m;
	return i256_negative(*out) == negative || u256_is_zero(m);
}

bool u128_parse(struct str s, u128 *out)
{
	u256 v;
	if (!u256_parse(s, &v) || (v.limb[2] | v.limb[3]) != 0)
		return false;
	*out = low128(v);
	return true;
}

bool i128_parse(struct str s, i128 *out)
{
	i256 v;
	return i256_parse(s, &v) && !i256_to_i128(v, out);
}

// SPDX-License-Identifier: Apache-2.0
/* Numeric from and to machine numbers. */
#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "base/fpconv.h"
#include "column/numeric_impl.h"

enum { DEC_DIGITS = 4 };

/* A magnitude below 10^35, so that the padding to whole base-10000 digits cannot overflow. */
static enum status from_small(struct numeric *n, u128 v, unsigned scale, struct error *err)
{
	static const uint16_t pads[DEC_DIGITS] = {1, 1000, 100, 10};
	int16_t reversed[16];
	int32_t count = 0;
	v *= pads[scale % DEC_DIGITS];
	while (v >> 64 != 0) {
		reversed[count++] = (int16_t)(v % NUMERIC_BASE);
		v /= NUMERIC_BASE;
	}
	for (uint64_t low = (uint64_t)v; low != 0; low /= NUMERIC_BASE)
		reversed[count++] = (int16_t)(low % NUMERIC_BASE);
	TRY(numeric_reserve(n, count, err));
	for (int32_t i = 0; i < count; i++)
		n->digits[i] = reversed[count - 1 - i];
	n->ndigits = count;
	n->weight = count - 1 - (int32_t)((scale + DEC_DIGITS - 1) / DEC_DIGITS);
	n->sign = NUMERIC_POSITIVE;
	n->dscale = (int32_t)scale;
	numeric_strip(n);
	return OK;
}

enum status numeric_from_i128(struct numeric *n, i128 v, unsigned scale, struct error *err)
{
	u128 magnitude = v < 0 ? -(u128)v : (u128)v;
	if (magnitude >= (u128)pow10_i128(35))
		return numeric_from_i256(n, i256_from_i128(v), scale, err);
	TRY(from_small(n, magnitude, scale, err));
	if (v < 0)
		numeric_negate(n);
	return OK;
}

enum status numeric_from_i256(struct numeric *n, i256 v, unsigned scale, struct error *err)
{
	char text[96];
	unsigned size = i256_format(v, text);
	bool negative = text[0] == '-';
	TRY(numeric_from_digits(n, text + negative, size - negative, scale, err));
	if (negative)
		numeric_negate(n);
	return OK;
}

enum status numeric_from_u256(struct numeric *n, u256 v, struct error *err)
{
	char text[96];
	return numeric_from_digits(n, text, u256_format(v, text), 0, err);
}

static enum status from_float(struct numeric *n, double v, int digits, struct error *err)
{
	char text[64];
	if (isnan(v) || isinf(v)) {
		numeric_set_special(n, isnan(v) ? NUMERIC_NAN : v > 0 ? NUMERIC_PLUS_INFINITY : NUMERIC_MINUS_INFINITY);
		return OK;
	}
	int size = snprintf(text, sizeof text, "%.*g", digits, v);
	return numeric_parse(n, str_make(text, (size_t)size), err);
}

enum status numeric_from_double(struct numeric *n, double v, struct error *err)
{
	return from_float(n, v, 15, err);
}

enum status numeric_from_float(struct numeric *n, float v, struct error *err)
{
	return from_float(n, (double)v, 6, err);
}

/* v * by + d; true on overflow. */
static bool append_digit(u256 *v, uint64_t by, uint64_t d)
{
	if (u256_mul_overflow(*v, u256_from_u64(by), v))
		return true;
	*v = u256_add(*v, u256_from_u64(d));
	return u256_compare(*v, u256_from_u64(d)) < 0;
}

/* The digits as one unsigned number times 10^scale, rounded. */
static bool magnitude(const struct numeric *from, unsigned scale, u256 *out)
{
	struct numeric n;
	bool fits = false;
	u256 v = u256_from_u64(0);
	if (numeric_is_special(from))
		return false;
	numeric_init(&n);
	if (numeric_copy(&n, from, NULL) != OK || numeric_round(&n, (int)scale, NULL) != OK)
		goto out;
	int32_t shift = (int32_t)(scale + DEC_DIGITS - 1) / DEC_DIGITS;
	int32_t low = n.ndigits == 0 ? 0 : n.weight - n.ndigits + 1;
	assert(n.ndigits == 0 || low >= -shift);
	if (n.weight + shift >= 22) /* 88 digits and more */
		goto out;
	static const uint16_t pads[DEC_DIGITS] = {1, 1000, 100, 10};
	unsigned part = scale % DEC_DIGITS;
	int32_t w = n.weight, last = part == 0 ? -shift : 1 - shift;
	u128 small = 0;
	for (; w >= last && w > n.weight - 8 && n.ndigits != 0; w--)
		small = small * NUMERIC_BASE + (u128)(n.weight - w < n.ndigits ? n.digits[n.weight - w] : 0);
	v = u256_from_u128(small);
	for (; w >= last && n.ndigits != 0; w--) {
		int16_t d = n.weight - w < n.ndigits ? n.digits[n.weight - w] : 0;
		if (append_digit(&v, NUMERIC_BASE, (uint64_t)d))
			goto out;
	}
	if (part != 0) { /* the last base-10000 digit reaches further than the scale */
		int16_t d = n.weight + shift >= 0 && n.weight + shift < n.ndigits ? n.digits[n.weight + shift] : 0;
		if (append_digit(&v, pads[DEC_DIGITS - part], (uint64_t)(d / pads[part])))
			goto out;
	}
	*out = v;
	fits = true;
out:
	numeric_fini(&n);
	return fits;
}

bool numeric_to_u256(const struct numeric *n, u256 *out)
{
	return magnitude(n, 0, out) && (n->sign == NUMERIC_POSITIVE || u256_is_zero(*out));
}

bool numeric_to_i256(const struct numeric *n, unsigned scale, i256 *out)
{
	u256 v;
	if (!magnitude(n, scale, &v))
		return false;
	bool negative = n->sign == NUMERIC_NEGATIVE;
	*out = negative ? u256_negate(v) : v;
	return u256_is_zero(v) || i256_negative(*out) == negative;
}

bool numeric_to_i128(const struct numeric *n, i128 *out)
{
	i256 v;
	return numeric_to_i256(n, 0, &v) && !i256_to_i128(v, out);
}

bool numeric_to_i64(const struct numeric *n, int64_t *out)
{
	i256 v;
	return numeric_to_i256(n, 0, &v) && !i256_to_i64(v, out);
}

double numeric_to_double(const struct numeric *n)
{
	if (numeric_is_special(n))
		return n->sign == NUMERIC_NAN ? (double)NAN : n->sign == NUMERIC_PLUS_INFINITY ? (double)INFINITY : -(double)INFINITY;
	struct strbuf b;
	double v = 0;
	strbuf_init(&b, NULL);
	numeric_format(n, &b);
	fp_parse64(strbuf_str(&b), &v);
	strbuf_fini(&b);
	return v;
}

/* 10^76 - 1 - below */
static i256 special_value(uint64_t below)
{
	return u256_sub(pow10_i256(76), u256_from_u64(1 + below));
}

i256 decimal_special(enum numeric_sign sign)
{
	assert(sign >= NUMERIC_NAN);
	return sign == NUMERIC_NAN ? special_value(0)
	     : sign == NUMERIC_PLUS_INFINITY ? special_value(1) : u256_negate(special_value(1));
}

bool decimal_is_special(i256 v, enum numeric_sign *sign)
{
	static const uint16_t signs[] = {NUMERIC_NAN, NUMERIC_PLUS_INFINITY, NUMERIC_MINUS_INFINITY};
	if (!decimal_is_reserved(v))
		return false;
	for (size_t i = 0; i < 3; i++) {
		if (u256_compare(v, decimal_special(signs[i])) == 0) {
			*sign = signs[i];
			return true;
		}
	}
	return false;
}

bool decimal_is_reserved(i256 v)
{
	u256 m = i256_negative(v) ? u256_negate(v) : v;
	return u256_compare(m, pow10_i256(75)) >= 0;
}

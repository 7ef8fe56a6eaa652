// SPDX-License-Identifier: Apache-2.0
/*
 * Computed in fixed point: an integer of GMP stands for itself over 10^digits. Each function works with enough digits
 * behind the point that rounding to the display scale is the only rounding that shows.
 */
#include "column/numeric_math.h"

#include <assert.h>
#include <gmp.h>
#include <math.h>
#include <stdlib.h>

enum { GUARD = 24, SCALE_MAX = 1000, RESULT_SCALE_MAX = 2000, DEC_DIGITS = 4, EXACT_DIGITS_MAX = 2000000,
       SERIES_DIGITS_MAX = 20000, WEIGHT_DIGITS_MAX = 131072 };

/* ---- numeric to fixed point and back ---- */

static enum status to_fixed(mpz_t to, const struct numeric *a, long digits, struct error *err)
{
	struct strbuf text;
	strbuf_init(&text, NULL);
	numeric_format(a, &text);
	const char *s = strbuf_cstr(&text);
	size_t n = 0;
	char *plain = malloc(text.size + 1);
	if (plain == NULL) {
		strbuf_fini(&text);
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a number");
	}
	for (; *s != '\0'; s++)
		if (*s != '.')
			plain[n++] = *s;
	plain[n] = '\0';
	mpz_set_str(to, plain, 10);
	free(plain);
	strbuf_fini(&text);
	mpz_t power;
	mpz_init(power);
	long shift = digits - a->dscale;
	mpz_ui_pow_ui(power, 10, (unsigned long)(shift < 0 ? -shift : shift));
	if (shift >= 0)
		mpz_mul(to, to, power);
	else
		mpz_tdiv_q(to, to, power);
	mpz_clear(power);
	return OK;
}

/* Rounds half away from zero to `scale` digits behind the point. */
static enum status from_fixed(const mpz_t from, long digits, int scale, struct numeric *out, struct error *err)
{
	mpz_t v, power;
	mpz_init(v);
	mpz_init(power);
	bool negative = mpz_sgn(from) < 0;
	mpz_abs(v, from);
	long shift = digits - scale;
	mpz_ui_pow_ui(power, 10, (unsigned long)(shift < 0 ? -shift : shift));
	if (shift > 0) {
		mpz_t half;
		mpz_init(half);
		mpz_tdiv_q_2exp(half, power, 1);
		mpz_add(v, v, half);
		mpz_tdiv_q(v, v, power);
		mpz_clear(half);
	} else {
		mpz_mul(v, v, power);
	}
	char *text = mpz_get_str(NULL, 10, v);
	mpz_clear(v);
	mpz_clear(power);
	struct strbuf b;
	size_t n = strlen(text), whole = n > (size_t)scale ? n - (size_t)scale : 0;
	strbuf_init(&b, NULL);
	if (negative)
		strbuf_putc(&b, '-');
	strbuf_put(&b, text, whole);
	if (whole == 0)
		strbuf_putc(&b, '0');
	if (scale > 0)
		strbuf_putc(&b, '.');
	for (size_t i = n; i < (size_t)scale; i++)
		strbuf_putc(&b, '0');
	strbuf_put(&b, text + whole, n - whole);
	free(text);
	enum status s = strbuf_status(&b, err);
	if (s == OK)
		s = numeric_parse(out, strbuf_str(&b), err);
	strbuf_fini(&b);
	return s;
}

/* ---- series ---- */

/* 2 atanh(p / q) = ln((q + p) / (q - p)) */
static void log_series(mpz_t out, const mpz_t p, const mpz_t q, const mpz_t one)
{
	mpz_t y, square, term, part;
	mpz_inits(y, square, term, part, NULL);
	mpz_mul(y, p, one);
	mpz_tdiv_q(y, y, q);
	mpz_mul(square, y, y);
	mpz_tdiv_q(square, square, one);
	mpz_set(term, y);
	mpz_set(out, y);
	for (unsigned long i = 3; mpz_sgn(term) != 0; i += 2) {
		mpz_mul(term, term, square);
		mpz_tdiv_q(term, term, one);
		mpz_tdiv_q_ui(part, term, i);
		mpz_add(out, out, part);
	}
	mpz_mul_2exp(out, out, 1);
	mpz_clears(y, square, term, part, NULL);
}

/* ln(x), x > 0: x = m 2^k with m near 1. */
static void fixed_ln(mpz_t out, const mpz_t x, const mpz_t one)
{
	mpz_t m, p, q, two;
	mpz_inits(m, p, q, two, NULL);
	long k = (long)mpz_sizeinbase(x, 2) - (long)mpz_sizeinbase(one, 2);
	if (k > 0)
		mpz_tdiv_q_2exp(m, x, (unsigned long)k);
	else
		mpz_mul_2exp(m, x, (unsigned long)-k);
	mpz_sub(p, m, one);
	mpz_add(q, m, one);
	log_series(out, p, q, one);
	mpz_set_ui(p, 1);
	mpz_set_ui(q, 3);
	log_series(two, p, q, one); /* ln 2 */
	if (k >= 0)
		mpz_addmul_ui(out, two, (unsigned long)k);
	else
		mpz_submul_ui(out, two, (unsigned long)-k);
	mpz_clears(m, p, q, two, NULL);
}

/* e^x: x is halved until it is small, the sum squared as often. */
static void fixed_exp(mpz_t out, const mpz_t x, const mpz_t one)
{
	enum { SMALL_BITS = 12 };
	mpz_t r, term;
	mpz_inits(r, term, NULL);
	long bits = (long)mpz_sizeinbase(x, 2) - (long)mpz_sizeinbase(one, 2) + SMALL_BITS;
	unsigned long halvings = bits > 0 ? (unsigned long)bits : 0;
	mpz_tdiv_q_2exp(r, x, halvings);
	mpz_set(out, one);
	mpz_set(term, one);
	for (unsigned long i = 1; mpz_sgn(term) != 0; i++) {
		mpz_mul(term, term, r);
		mpz_tdiv_q(term, term, one);
		mpz_tdiv_q_ui(term, term, i);
		mpz_add(out, out, term);
	}
	for (unsigned long i = 0; i < halvings; i++) {
		mpz_mul(out, out, out);
		mpz_tdiv_q(out, out, one);
	}
	mpz_clears(r, term, NULL);
}

/* ---- scales ---- */

static int bounded(long scale, int a, int b)
{
	scale = scale < a ? a : scale;
	scale = scale < b ? b : scale;
	return scale < 0 ? 0 : scale > SCALE_MAX ? SCALE_MAX : (int)scale;
}

/* Decimal weight of |ln(a)|, from its leading digits. */
static int log_weight(const struct numeric *a, struct error *err)
{
	struct numeric one, difference;
	double d = numeric_to_double(a), e;
	int weight = 0;
	if (d >= 0.9 && d <= 1.1) {
		numeric_init(&one);
		numeric_init(&difference);
		if (numeric_from_i128(&one, 1, 0, err) == OK && numeric_sub(a, &one, &difference, err) == OK &&
		    difference.ndigits != 0)
			weight = difference.weight * DEC_DIGITS + (int)log10(difference.digits[0]);
		numeric_fini(&one);
		numeric_fini(&difference);
		return weight;
	}
	double digits = a->digits[0];
	int at = a->weight * DEC_DIGITS;
	if (a->ndigits > 1) {
		digits = digits * NUMERIC_BASE + a->digits[1];
		at -= DEC_DIGITS;
	}
	e = log(digits) + at * 2.302585092994046;
	return (int)log10(fabs(e));
}

static long integer_digits(const struct numeric *a)
{
	long n = ((long)a->weight + 1) * DEC_DIGITS;
	return n < 0 ? -n : n;
}

static enum status overflow(struct error *err)
{
	return ERR(err, E_OUT_OF_RANGE, "value overflows numeric format");
}

static enum status zero_of_scale(struct numeric *out, int scale, struct error *err)
{
	TRY(numeric_from_i128(out, 0, 0, err));
	out->dscale = scale;
	return OK;
}

/* ---- the functions ---- */

enum status numeric_sqrt(const struct numeric *a, struct numeric *out, struct error *err)
{
	if (numeric_is_nan(a) || a->sign == NUMERIC_PLUS_INFINITY)
		return numeric_copy(out, a, err);
	if (a->sign == NUMERIC_NEGATIVE || a->sign == NUMERIC_MINUS_INFINITY)
		return ERR(err, E_INVALID_POWER, "cannot take square root of a negative number");
	int weight = a->ndigits == 0 ? 0 : a->weight;
	int scale = bounded(NUMERIC_MIN_SIG_DIGITS - ((weight + 1) * DEC_DIGITS / 2 - 1), a->dscale, 0);
	mpz_t x;
	mpz_init(x);
	enum status s = to_fixed(x, a, 2 * ((long)scale + 1), err);
	if (s == OK) {
		mpz_sqrt(x, x);
		s = from_fixed(x, scale + 1, scale, out, err);
	}
	mpz_clear(x);
	return s;
}

/* e^x for a fixed-point x of `digits` digits, rounded to `scale`. */
static enum status exp_of(mpz_t x, long digits, int scale, struct numeric *out, struct error *err)
{
	mpz_t one, y;
	mpz_inits(one, y, NULL);
	mpz_ui_pow_ui(one, 10, (unsigned long)digits);
	fixed_exp(y, x, one);
	enum status s = from_fixed(y, digits, scale, out, err);
	mpz_clears(one, y, NULL);
	return s;
}

enum status numeric_exp(const struct numeric *a, struct numeric *out, struct error *err)
{
	if (numeric_is_nan(a) || a->sign == NUMERIC_PLUS_INFINITY)
		return numeric_copy(out, a, err);
	if (a->sign == NUMERIC_MINUS_INFINITY)
		return zero_of_scale(out, 0, err);
	double v = numeric_to_double(a), weight = v * 0.434294481903252;
	weight = fmax(-RESULT_SCALE_MAX, fmin(RESULT_SCALE_MAX, weight));
	int scale = bounded(NUMERIC_MIN_SIG_DIGITS - (long)weight, a->dscale, 0);
	if (fabs(v) >= RESULT_SCALE_MAX * 3)
		return v > 0 ? overflow(err) : zero_of_scale(out, scale, err);
	long digits = scale + (long)fabs(v * 0.4343) + GUARD;
	mpz_t x;
	mpz_init(x);
	enum status s = to_fixed(x, a, digits, err);
	if (s == OK)
		s = exp_of(x, digits, scale, out, err);
	mpz_clear(x);
	return s;
}

static enum status check_logarithm(const struct numeric *a, struct error *err)
{
	if (numeric_is_nan(a))
		return OK;
	if (a->sign == NUMERIC_NEGATIVE || a->sign == NUMERIC_MINUS_INFINITY)
		return ERR(err, E_INVALID_LOGARITHM, "cannot take logarithm of a negative number");
	return numeric_is_zero(a) ? ERR(err, E_INVALID_LOGARITHM, "cannot take logarithm of zero") : OK;
}

/* ln(a) in fixed point. */
static enum status ln_of(mpz_t out, const struct numeric *a, long digits, struct error *err)
{
	mpz_t one, x;
	mpz_inits(one, x, NULL);
	mpz_ui_pow_ui(one, 10, (unsigned long)digits);
	enum status s = to_fixed(x, a, digits, err);
	if (s == OK)
		fixed_ln(out, x, one);
	mpz_clears(one, x, NULL);
	return s;
}

enum status numeric_ln(const struct numeric *a, struct numeric *out, struct error *err)
{
	TRY(check_logarithm(a, err));
	if (numeric_is_special(a))
		return numeric_copy(out, a, err);
	int scale = bounded(NUMERIC_MIN_SIG_DIGITS - log_weight(a, err), a->dscale, 0);
	long digits = scale + integer_digits(a) + a->dscale + GUARD;
	mpz_t y;
	mpz_init(y);
	enum status s = ln_of(y, a, digits, err);
	if (s == OK)
		s = from_fixed(y, digits, scale, out, err);
	mpz_clear(y);
	return s;
}

enum status numeric_log(const struct numeric *base, const struct numeric *a, struct numeric *out, struct error *err)
{
	TRY(check_logarithm(base, err));
	TRY(check_logarithm(a, err));
	if (numeric_is_special(base) || numeric_is_special(a)) {
		double v = log(numeric_to_double(a)) / log(numeric_to_double(base));
		return numeric_from_double(out, v, err);
	}
	int scale = bounded(NUMERIC_MIN_SIG_DIGITS - (log_weight(a, err) - log_weight(base, err)), base->dscale, a->dscale);
	long digits = scale + integer_digits(a) + a->dscale + integer_digits(base) + base->dscale + GUARD;
	mpz_t x, y, one;
	mpz_inits(x, y, one, NULL);
	mpz_ui_pow_ui(one, 10, (unsigned long)digits);
	enum status s = ln_of(x, a, digits, err);
	if (s == OK)
		s = ln_of(y, base, digits, err);
	if (s == OK && mpz_sgn(y) == 0)
		s = ERR(err, E_DIVISION_BY_ZERO, "division by zero");
	if (s == OK) {
		mpz_mul(x, x, one);
		mpz_tdiv_q(x, x, y);
		s = from_fixed(x, digits, scale, out, err);
	}
	mpz_clears(x, y, one, NULL);
	return s;
}

static double log10_of(const struct numeric *a)
{
	double digits = a->digits[0];
	int at = a->weight * DEC_DIGITS;
	for (int i = 1; i < a->ndigits && i < 4; i++) {
		digits = digits * NUMERIC_BASE + a->digits[i];
		at -= DEC_DIGITS;
	}
	return log10(digits) + at;
}

/* base^n exactly, then one over it where n is negative. */
static enum status power_exact(const struct numeric *base, int64_t n, int scale, struct numeric *out,
                               struct error *err)
{
	unsigned long times = (unsigned long)(n < 0 ? -n : n);
	long behind = (long)base->dscale * (long)times, digits = (long)scale + 2;
	mpz_t x, over;
	mpz_inits(x, over, NULL);
	enum status s = to_fixed(x, base, base->dscale, err);
	if (s == OK) {
		mpz_pow_ui(x, x, times);
		if (n < 0) {
			mpz_ui_pow_ui(over, 10, (unsigned long)(digits + behind));
			mpz_tdiv_q(x, over, x);
			behind = digits;
		}
		s = from_fixed(x, behind, scale, out, err);
	}
	mpz_clears(x, over, NULL);
	return s;
}

/* e^(exponent ln |base|) */
static enum status power_series(const struct numeric *base, const struct numeric *exponent, double weight, int scale,
                                struct numeric *out, struct error *err)
{
	long digits = scale + (long)fabs(weight) + integer_digits(base) + base->dscale + 2 * integer_digits(exponent) + GUARD;
	if (digits > SERIES_DIGITS_MAX)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: a power of more than %d digits", SERIES_DIGITS_MAX);
	struct numeric positive;
	mpz_t x, y, one;
	numeric_init(&positive);
	mpz_inits(x, y, one, NULL);
	mpz_ui_pow_ui(one, 10, (unsigned long)digits);
	enum status s = numeric_copy(&positive, base, err);
	numeric_abs(&positive);
	if (s == OK)
		s = ln_of(x, &positive, digits, err);
	if (s == OK)
		s = to_fixed(y, exponent, digits, err);
	if (s == OK) {
		mpz_mul(x, x, y);
		mpz_tdiv_q(x, x, one);
		s = exp_of(x, digits, scale, out, err);
	}
	mpz_clears(x, y, one, NULL);
	numeric_fini(&positive);
	return s;
}

static enum status power_integer(const struct numeric *base, const struct numeric *exponent, int64_t n,
                                 struct numeric *out, struct error *err)
{
	int scale = bounded(NUMERIC_MIN_SIG_DIGITS, base->dscale, 0);
	if (numeric_is_zero(base) && n != 0)
		return zero_of_scale(out, scale, err);
	double weight = n == 0 ? 0 : (double)n * log10_of(base);
	if (weight > WEIGHT_DIGITS_MAX)
		return overflow(err);
	if (weight + 1 < -scale)
		return zero_of_scale(out, scale, err);
	bool odd = n % 2 != 0 && base->sign == NUMERIC_NEGATIVE;
	double size = fabs((double)n) * (base->ndigits * DEC_DIGITS + base->dscale);
	if (size <= EXACT_DIGITS_MAX)
		return power_exact(base, n, scale, out, err);
	TRY(power_series(base, exponent, weight, scale, out, err));
	if (odd)
		numeric_negate(out);
	return OK;
}

enum status numeric_power(const struct numeric *base, const struct numeric *exponent, struct numeric *out,
                          struct error *err)
{
	int64_t n = 0;
	if (numeric_is_special(base) || numeric_is_special(exponent)) {
		double v = pow(numeric_to_double(base), numeric_to_double(exponent));
		if (isinf(v) || isnan(v)) {
			numeric_set_special(out, isnan(v) ? NUMERIC_NAN : v > 0 ? NUMERIC_PLUS_INFINITY : NUMERIC_MINUS_INFINITY);
			return OK;
		}
		return numeric_from_double(out, v, err);
	}
	bool whole = exponent->ndigits <= exponent->weight + 1 || exponent->ndigits == 0;
	if (numeric_is_zero(base) && exponent->sign == NUMERIC_NEGATIVE)
		return ERR(err, E_INVALID_POWER, "zero raised to a negative power is undefined");
	if (whole && numeric_to_i64(exponent, &n) && n >= INT32_MIN && n <= INT32_MAX)
		return power_integer(base, exponent, n, out, err);
	if (numeric_is_zero(base))
		return zero_of_scale(out, NUMERIC_MIN_SIG_DIGITS, err);
	if (base->sign == NUMERIC_NEGATIVE && !whole)
		return ERR(err, E_INVALID_POWER, "a negative number raised to a non-integer power yields a complex result");
	double weight = numeric_to_double(exponent) * log10_of(base);
	int scale = bounded(NUMERIC_MIN_SIG_DIGITS - (long)fmax(-RESULT_SCALE_MAX, fmin(RESULT_SCALE_MAX, weight)),
	                    base->dscale, exponent->dscale);
	if (fabs(weight) * 2.302585 > RESULT_SCALE_MAX * 3.01)
		return weight > 0 ? overflow(err) : zero_of_scale(out, scale, err);
	return power_series(base, exponent, weight, scale, out, err);
}

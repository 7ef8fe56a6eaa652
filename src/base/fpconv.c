// SPDX-License-Identifier: Apache-2.0
#include "base/fpconv.h"

#include <assert.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bits.h"
#include "base/status.h"
#include "base/wide.h"

/* ---- powers of ten ---- */

enum { POWER_MIN = -342, POWER_MAX = 324, POWER_EXACT_MAX = 55 };

/*
 * 10^n = p * 2^(log2_of_power(n) - 127), 2^127 <= p < 2^128: here is p rounded down, as high and low half. It is exact
 * for 0 <= n <= POWER_EXACT_MAX. Computed at start with 256-bit mantissas, whose errors (under 2^-245 in all) stay
 * below the distance of every p from an integer; the unit test knows a checksum of the exact table.
 */
static struct power {
	uint64_t high, low;
} powers[POWER_MAX - POWER_MIN + 1];

static locale_t c_locale;

static inline struct power power_of(int n)
{
	assert(n >= POWER_MIN && n <= POWER_MAX);
	return powers[n - POWER_MIN];
}

static inline bool power_is_exact(int n)
{
	return n >= 0 && n <= POWER_EXACT_MAX;
}

/* floor(log2(10^n)), |n| <= 1233 */
static inline int log2_of_power(int n)
{
	return (n * 1741647) >> 19;
}

/* m * 5 or m * 8 / 5, brought back to 256 bits. */
static u256 step_power(u256 m, bool up)
{
	uint64_t r[5];
	u128 t = 0;
	if (up) {
		for (int i = 0; i < 4; i++) {
			t += (u128)m.limb[i] * 5;
			r[i] = (uint64_t)t;
			t >>= 64;
		}
		r[4] = (uint64_t)t;
	} else {
		t = m.limb[3] >> 61;
		r[4] = 0;
		for (int i = 3; i >= 0; i--) {
			uint64_t digit = m.limb[i] << 3 | (i > 0 ? m.limb[i - 1] >> 61 : 0);
			t = t << 64 | digit;
			if (i == 3)
				r[4] = (uint64_t)(t / 5 >> 64);
			r[i] = (uint64_t)(t / 5);
			t %= 5;
		}
	}
	unsigned shift = bit_width64(r[4]);
	for (int i = 0; i < 4; i++)
		m.limb[i] = shift == 0 ? r[i] : r[i] >> shift | r[i + 1] << (64 - shift);
	return m;
}

__attribute__((constructor)) static void fill_powers(void)
{
	const u256 one = {{0, 0, 0, (uint64_t)1 << 63}};
	u256 m = one;
	for (int n = 0; n <= POWER_MAX; n++, m = step_power(m, true))
		powers[n - POWER_MIN] = (struct power){m.limb[3], m.limb[2]};
	m = step_power(one, false);
	for (int n = -1; n >= POWER_MIN; n--, m = step_power(m, false))
		powers[n - POWER_MIN] = (struct power){m.limb[3], m.limb[2]};
	c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

uint64_t fp_powers_checksum(void)
{
	uint64_t h = 0;
	for (int n = POWER_MIN; n <= POWER_MAX; n++) {
		h = (h ^ power_of(n).high) * 0x9e3779b97f4a7c15u;
		h = (h ^ power_of(n).low) * 0x9e3779b97f4a7c15u;
	}
	return h;
}

/* ---- shortest digits ---- */

/* What tells the two widths apart; mantissa_bits counts the hidden bit. */
struct format {
	int mantissa_bits, exponent_bias; /* value = mantissa * 2^(biased - exponent_bias) */
	int min_exponent, max_exponent;   /* of normal numbers' highest bit */
};

static const struct format binary64 = {53, 1075, -1022, 1023}, binary32 = {24, 150, -126, 127};

static struct fp_decimal strip_zeros(uint64_t digits, int exponent, bool negative)
{
	if (digits == 0)
		return (struct fp_decimal){0, 0, negative};
	while (digits % 100 == 0) {
		digits /= 100;
		exponent += 2;
	}
	if (digits % 10 == 0) {
		digits /= 10;
		exponent++;
	}
	return (struct fp_decimal){digits, exponent, negative};
}

/* floor(p * factor / 2^128) with the lowest bit set when anything was lost ("round to odd"). */
static inline uint64_t scale_odd(struct power p, uint64_t factor)
{
	u128 high = (u128)p.high * factor + (uint64_t)((u128)p.low * factor >> 64);
	return (uint64_t)(high >> 64) | ((uint64_t)high > 1);
}

/*
 * Schubfach: scaled by the power of ten that makes the rounding interval between one and ten wide, one of the two
 * integers of the next coarser grid or one of the two next to the value is in it. With `closed` the interval has its
 * ends where the mantissa is even, since reading rounds to even.
 */
static struct fp_decimal shortest(uint64_t fraction, unsigned biased, const struct format *f, bool closed,
                                  bool negative)
{
	uint64_t hidden = (uint64_t)1 << (f->mantissa_bits - 1);
	uint64_t c = biased == 0 ? fraction : fraction | hidden;
	int q = (int)(biased == 0 ? 1 : biased) - f->exponent_bias;
	if (c == 0)
		return (struct fp_decimal){0, 0, negative};
	/* An integer below the precision is its own shortest. */
	if (q <= 0 && q > -f->mantissa_bits && (c & low_mask64((unsigned)-q)) == 0)
		return strip_zeros(c >> -q, 0, negative);

	bool closer = fraction == 0 && biased > 1; /* the lower neighbour is nearer at a power of two */
	bool open = !closed || c % 2 != 0;
	int k = (q * 1262611 - (closer ? 524031 : 0)) >> 22; /* floor(log10(2^q)), or of 3/4 of it */
	int h = q + log2_of_power(-k) + 1;
	struct power p = power_of(-k);
	if (!power_is_exact(-k)) /* rounded up here */
		p.high += ++p.low == 0;
	uint64_t lower = scale_odd(p, (4 * c - 2 + closer) << h) + open;
	uint64_t value = scale_odd(p, 4 * c << h);
	uint64_t upper = scale_odd(p, (4 * c + 2) << h) - open;

	uint64_t s = value / 4, tens = s / 10;
	if (s >= 10) {
		bool below = lower <= 40 * tens, above = 40 * tens + 40 <= upper;
		if (below != above)
			return strip_zeros(tens + above, k + 1, negative);
	}
	bool below = lower <= 4 * s, above = 4 * s + 4 <= upper;
	if (below != above)
		return strip_zeros(s + above, k, negative);
	uint64_t middle = 4 * s + 2;
	return strip_zeros(s + (value > middle || (value == middle && s % 2 != 0)), k, negative);
}

static struct fp_decimal shortest64(double v, bool closed)
{
	uint64_t bits;
	memcpy(&bits, &v, 8);
	assert((bits >> 52 & 0x7ff) != 0x7ff);
	return shortest(bits & low_mask64(52), bits >> 52 & 0x7ff, &binary64, closed, bits >> 63);
}

static struct fp_decimal shortest32(float v, bool closed)
{
	uint32_t bits;
	memcpy(&bits, &v, 4);
	assert((bits >> 23 & 0xff) != 0xff);
	return shortest(bits & low_mask64(23), bits >> 23 & 0xff, &binary32, closed, bits >> 31);
}

struct fp_decimal fp_shortest64(double v)
{
	return shortest64(v, true);
}

struct fp_decimal fp_shortest32(float v)
{
	return shortest32(v, true);
}

/* ---- spelling ---- */

/* Plain notation while the highest digit stands for 10^e with plain_from <= e < plain_until. */
struct spelling {
	int plain_from, plain_until;
	bool long_exponent; /* e+15 and e-05, not e15 and e-5 */
};

static const struct spelling ch = {-6, 21, false}, pg64 = {-4, 15, true}, pg32 = {-4, 6, true};

static unsigned spell(struct fp_decimal d, const struct spelling *how, char *out)
{
	char digits[20], *p = out;
	int n = 0, highest;
	for (uint64_t v = d.digits; v != 0 || n == 0; v /= 10)
		digits[19 - n++] = (char)('0' + v % 10);
	const char *text = digits + 20 - n;
	highest = d.exponent + n - 1;
	if (d.negative)
		*p++ = '-';
	if (highest < how->plain_from || highest >= how->plain_until) {
		*p++ = text[0];
		if (n > 1) {
			*p++ = '.';
			memcpy(p, text + 1, (size_t)n - 1);
			p += n - 1;
		}
		unsigned e = (unsigned)abs(highest);
		*p++ = 'e';
		if (highest < 0 || how->long_exponent)
			*p++ = highest < 0 ? '-' : '+';
		if (e >= 100)
			*p++ = (char)('0' + e / 100);
		if (e >= 10 || how->long_exponent)
			*p++ = (char)('0' + e / 10 % 10);
		*p++ = (char)('0' + e % 10);
	} else if (highest < 0) {
		int zeros = -highest - 1;
		*p++ = '0';
		*p++ = '.';
		memset(p, '0', (size_t)zeros);
		memcpy(p + zeros, text, (size_t)n);
		p += zeros + n;
	} else if (d.exponent >= 0) {
		memcpy(p, text, (size_t)n);
		memset(p + n, '0', (size_t)d.exponent);
		p += n + d.exponent;
	} else {
		memcpy(p, text, (size_t)highest + 1);
		p += highest + 1;
		*p++ = '.';
		memcpy(p, text + highest + 1, (size_t)(n - highest - 1));
		p += n - highest - 1;
	}
	assert(p - out <= FP_TEXT_MAX);
	return (unsigned)(p - out);
}

static unsigned put(char *out, const char *text)
{
	size_t n = strlen(text);
	memcpy(out, text, n);
	return (unsigned)n;
}

unsigned fp_format64_ch(double v, char out[FP_TEXT_MAX])
{
	if (isfinite(v))
		return spell(shortest64(v, true), &ch, out);
	return put(out, isnan(v) ? "nan" : v < 0 ? "-inf" : "inf");
}

unsigned fp_format32_ch(float v, char out[FP_TEXT_MAX])
{
	return isfinite(v) ? spell(shortest32(v, true), &ch, out) : fp_format64_ch(v, out);
}

unsigned fp_format64_pg(double v, char out[FP_TEXT_MAX])
{
	if (isfinite(v))
		return spell(shortest64(v, false), &pg64, out);
	return put(out, isnan(v) ? "NaN" : v < 0 ? "-Infinity" : "Infinity");
}

unsigned fp_format32_pg(float v, char out[FP_TEXT_MAX])
{
	return isfinite(v) ? spell(shortest32(v, false), &pg32, out) : fp_format64_pg(v, out);
}

/* ---- reading ---- */

enum { DIGITS_MAX = 19, EXACT_DIGITS_MAX = 800, EXPONENT_LIMIT = 1000000 };

struct scan {
	uint64_t digits;      /* the first 19 significant ones */
	int64_t exponent;     /* value = digits * 10^exponent, when not cut */
	const char *first;    /* significant digit */
	size_t significant;   /* digits from it on */
	size_t consumed;      /* up to the end of the number */
	const char *mantissa_end;
	bool negative, cut;   /* a digit behind the 19th is not zero */
};

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void scan_exponent(struct str s, size_t at, struct scan *n)
{
	bool minus = false;
	int64_t e = 0;
	if (at >= s.size || (s.data[at] != 'e' && s.data[at] != 'E'))
		return;
	at++;
	if (at < s.size && (s.data[at] == '+' || s.data[at] == '-'))
		minus = s.data[at++] == '-';
	if (at >= s.size || !is_digit(s.data[at]))
		return;
	for (; at < s.size && is_digit(s.data[at]); at++)
		e = e > EXPONENT_LIMIT ? e : e * 10 + (s.data[at] - '0');
	n->exponent += minus ? -e : e;
	n->consumed = at;
}

/* false when s begins with no number. */
static bool scan_number(struct str s, struct scan *n)
{
	size_t at = 0, digits = 0;
	bool fraction = false;
	memset(n, 0, sizeof *n);
	if (s.size != 0 && (s.data[0] == '-' || s.data[0] == '+'))
		n->negative = s.data[at++] == '-';
	for (; at < s.size; at++) {
		char c = s.data[at];
		if (c == '.' && !fraction) {
			fraction = true;
			continue;
		}
		if (!is_digit(c))
			break;
		digits++;
		n->exponent -= fraction;
		if (n->significant == 0 && c == '0')
			continue;
		if (n->significant++ == 0)
			n->first = s.data + at;
		if (n->significant <= DIGITS_MAX) {
			n->digits = n->digits * 10 + (uint64_t)(c - '0');
		} else {
			n->exponent++;
			n->cut |= c != '0';
		}
	}
	if (digits == 0)
		return false;
	n->consumed = at;
	n->mantissa_end = s.data + at;
	scan_exponent(s, at, n);
	return true;
}

/* Rounds product * 2^(exponent - 128), a little more when `more`, to nearest, ties to even. */
static uint64_t round_product(u128 product, bool more, int exponent, const struct format *f)
{
	int zeros = (int)clz64((uint64_t)(product >> 64));
	int highest = exponent - 1 - zeros; /* the value is in [2^highest, 2^(highest + 1)) */
	int top = f->mantissa_bits - 1;
	assert(zeros <= 1);
	if (highest > f->max_exponent)
		return (uint64_t)(f->max_exponent * 2 + 1) << top;
	bool normal = highest >= f->min_exponent;
	int precision = normal ? f->mantissa_bits : f->mantissa_bits - (f->min_exponent - highest);
	if (precision < 0)
		return 0;
	int below = 127 - zeros - precision; /* the bit worth half a unit */
	u128 half = (u128)1 << below;
	u128 m = product >> 1 >> below;
	u128 rest = product & (half * 2 - 1);
	m += rest > half || (rest == half && (more || (m & 1) != 0));
	uint64_t mantissa = (uint64_t)m;
	/* Where rounding carries into a bit more, the sum is the next binade, or infinity. */
	return normal ? ((uint64_t)(highest + f->max_exponent) << top) + mantissa - ((uint64_t)1 << top) : mantissa;
}

/*
 * The bits of digits * 10^power, correctly rounded, where that can be told from the 128 bits of the power (Lemire,
 * after Eisel; but instead of a proof about which products can mislead, both ends of the product's error are rounded
 * and compared). false when they differ.
 */
static bool product_bits(uint64_t digits, int64_t power, const struct format *f, uint64_t *out)
{
	int top = f->mantissa_bits - 1;
	if (digits == 0 || power < POWER_MIN) {
		*out = 0;
		return true;
	}
	if (power > 308) {
		*out = (uint64_t)(f->max_exponent * 2 + 1) << top;
		return true;
	}
	int n = (int)power, zeros = (int)clz64(digits);
	uint64_t w = digits << zeros;
	struct power p = power_of(n);
	u128 low = (u128)p.low * w;
	u128 high = (u128)p.high * w + (uint64_t)(low >> 64);
	int exponent = log2_of_power(n) + 65 - zeros; /* of the bit above the product */
	if (power_is_exact(n)) {
		*out = round_product(high, (uint64_t)low != 0, exponent, f);
		return true;
	}
	/* The true product is more than this and less than this + w. */
	*out = round_product(high, true, exponent, f);
	if ((uint64_t)low + w >= w)
		return true;
	return *out == round_product(high + 1, false, exponent, f) && *out == round_product(high + 1, true, exponent, f);
}

/*
 * The C library's conversion is exact but slow and wants a terminated text: it gets the digits that can matter (no
 * tie between two doubles has more than 767), and a 1 for what follows them.
 */
static void exact_text(const struct scan *n, char out[EXACT_DIGITS_MAX + 40])
{
	size_t size = 0, seen = 0;
	bool rest = false;
	for (const char *p = n->first; p != n->mantissa_end; p++) {
		if (!is_digit(*p))
			continue;
		if (seen++ < EXACT_DIGITS_MAX)
			out[size++] = *p;
		else
			rest |= *p != '0';
	}
	int64_t exponent = n->exponent + (int64_t)(seen > DIGITS_MAX ? DIGITS_MAX : seen) - (int64_t)size;
	if (rest) {
		out[size++] = '1';
		exponent--;
	}
	snprintf(out + size, 32, "e%lld", (long long)exponent);
}

/* The bits of a number, sign apart; false when only exact arithmetic tells. */
static bool fast_bits(const struct scan *n, const struct format *f, uint64_t *out)
{
	uint64_t next;
	if (!product_bits(n->digits, n->exponent, f, out))
		return false;
	return !n->cut || (product_bits(n->digits + 1, n->exponent, f, &next) && next == *out);
}

/* inf, infinity, nan; the bytes consumed with the sign. */
static size_t scan_special(struct str s, double *out)
{
	if (s.size == 0)
		return 0;
	size_t sign = s.data[0] == '-' || s.data[0] == '+';
	struct str rest = str_make(s.data + sign, s.size - sign);
	size_t n = 0;
	if (str_starts_with_nocase(rest, STR("infinity")))
		n = 8;
	else if (str_starts_with_nocase(rest, STR("inf")) || str_starts_with_nocase(rest, STR("nan")))
		n = 3;
	if (n == 0)
		return 0;
	bool nan = ascii_lower(rest.data[0]) == 'n';
	*out = nan ? (double)NAN : (double)INFINITY;
	if (!nan && sign != 0 && s.data[0] == '-')
		*out = -*out;
	return sign + n;
}

size_t fp_parse64(struct str s, double *out)
{
	static const double small_powers[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
	                                        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
	struct scan n;
	if (!scan_number(s, &n))
		return scan_special(s, out);
	uint64_t bits;
	double v;
	if (likely(n.digits <= (uint64_t)1 << 53 && !n.cut && n.exponent >= -22 && n.exponent <= 22)) {
		/* Both factors are exact, so one rounding is made (Clinger). */
		v = n.exponent < 0 ? (double)n.digits / small_powers[-n.exponent] : (double)n.digits * small_powers[n.exponent];
	} else if (fast_bits(&n, &binary64, &bits)) {
		memcpy(&v, &bits, 8);
	} else {
		char text[EXACT_DIGITS_MAX + 40];
		exact_text(&n, text);
		v = strtod_l(text, NULL, c_locale);
	}
	*out = n.negative ? -v : v;
	return n.consumed;
}

size_t fp_parse32(struct str s, float *out)
{
	struct scan n;
	if (!scan_number(s, &n)) {
		double special;
		size_t consumed = scan_special(s, &special);
		if (consumed != 0)
			*out = (float)special;
		return consumed;
	}
	uint64_t bits;
	float v;
	if (fast_bits(&n, &binary32, &bits)) {
		uint32_t narrow = (uint32_t)bits;
		memcpy(&v, &narrow, 4);
	} else {
		char text[EXACT_DIGITS_MAX + 40];
		exact_text(&n, text);
		v = strtof_l(text, NULL, c_locale);
	}
	*out = n.negative ? -v : v;
	return n.consumed;
}

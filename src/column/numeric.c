// SPDX-License-Identifier: Apache-2.0
/* Arithmetic on base-10000 digits: schoolbook add and multiply, Knuth's algorithm D for division. */
#include "column/numeric_impl.h"

#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"

enum { DEC_DIGITS = 4, HALF_BASE = NUMERIC_BASE / 2, DISPLAY_SCALE_MAX = 1000, RESULT_SCALE_MAX = 2000 };
enum { INFINITY_DSCALE = 0x20 }; /* what PostgreSQL sends; it means nothing */

void numeric_init(struct numeric *n)
{
	n->ndigits = n->weight = n->dscale = 0;
	n->sign = NUMERIC_POSITIVE;
	n->capacity = NUMERIC_INLINE;
	n->digits = n->inlined;
}

void numeric_fini(struct numeric *n)
{
	if (n->digits != n->inlined)
		free(n->digits);
	numeric_init(n);
}

/* Room for `digits` digits, the present ones kept. */
enum status numeric_reserve(struct numeric *n, int32_t digits, struct error *err)
{
	if (digits <= n->capacity)
		return OK;
	int16_t *p = malloc((size_t)digits * sizeof *p);
	if (p == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a number of %d digits", digits * DEC_DIGITS);
	memcpy(p, n->digits, (size_t)n->ndigits * sizeof *p);
	if (n->digits != n->inlined)
		free(n->digits);
	n->digits = p;
	n->capacity = digits;
	return OK;
}

static void set_zero(struct numeric *n)
{
	n->ndigits = 0;
	n->weight = 0;
	n->sign = NUMERIC_POSITIVE;
}

void numeric_set_special(struct numeric *n, enum numeric_sign sign)
{
	set_zero(n);
	n->sign = (uint16_t)sign;
	n->dscale = 0;
}

enum status numeric_copy(struct numeric *to, const struct numeric *from, struct error *err)
{
	if (to == from)
		return OK;
	TRY(numeric_reserve(to, from->ndigits, err));
	memcpy(to->digits, from->digits, (size_t)from->ndigits * sizeof *to->digits);
	to->ndigits = from->ndigits;
	to->weight = from->weight;
	to->sign = from->sign;
	to->dscale = from->dscale;
	return OK;
}

/* Moves a result out of a temporary, which is empty afterwards. */
static void move(struct numeric *to, struct numeric *from)
{
	if (from->digits != from->inlined) {
		if (to->digits != to->inlined)
			free(to->digits);
		to->digits = from->digits;
		to->capacity = from->capacity;
	} else { /* `to` has room for the inline digits in any case */
		memcpy(to->digits, from->digits, (size_t)from->ndigits * sizeof *to->digits);
	}
	to->ndigits = from->ndigits;
	to->weight = from->weight;
	to->sign = from->sign;
	to->dscale = from->dscale;
	numeric_init(from);
}

void numeric_strip(struct numeric *n)
{
	int32_t lead = 0;
	while (lead < n->ndigits && n->digits[lead] == 0)
		lead++;
	while (n->ndigits > lead && n->digits[n->ndigits - 1] == 0)
		n->ndigits--;
	if (lead == n->ndigits) {
		set_zero(n);
	} else if (lead != 0) {
		memmove(n->digits, n->digits + lead, (size_t)(n->ndigits - lead) * sizeof *n->digits);
		n->ndigits -= lead;
		n->weight -= lead;
	}
}

/* The format's limits, checked on every result that grew. */
enum status numeric_check(const struct numeric *n, struct error *err)
{
	if (n->weight > NUMERIC_WEIGHT_MAX || n->dscale > NUMERIC_DSCALE_MAX)
		return ERR(err, E_OUT_OF_RANGE, "value overflows numeric format");
	return OK;
}

/* ---- wire ---- */

static uint16_t be16(const char *p)
{
	return (uint16_t)((uint8_t)p[0] << 8 | (uint8_t)p[1]);
}

enum status numeric_decode(struct numeric *n, struct str wire, struct error *err)
{
	if (wire.size < NUMERIC_HEADER || wire.size != NUMERIC_HEADER + 2 * (size_t)be16(wire.data))
		return ERR(err, E_INCORRECT_DATA, "invalid length of a binary numeric");
	uint16_t sign = be16(wire.data + 4), dscale = be16(wire.data + 6);
	int32_t ndigits = be16(wire.data);
	bool special = sign == NUMERIC_NAN || sign == NUMERIC_PLUS_INFINITY || sign == NUMERIC_MINUS_INFINITY;
	if (!special && sign != NUMERIC_POSITIVE && sign != NUMERIC_NEGATIVE)
		return ERR(err, E_INCORRECT_DATA, "invalid sign in a binary numeric");
	if (dscale > NUMERIC_DSCALE_MAX)
		return ERR(err, E_INCORRECT_DATA, "invalid scale in a binary numeric");
	if (special) {
		numeric_set_special(n, sign);
		return OK;
	}
	TRY(numeric_reserve(n, ndigits, err));
	bool bad = false;
	for (int32_t i = 0; i < ndigits; i++) {
		n->digits[i] = (int16_t)be16(wire.data + NUMERIC_HEADER + 2 * i);
		bad |= (uint16_t)n->digits[i] >= NUMERIC_BASE;
	}
	n->ndigits = bad ? 0 : ndigits;
	if (bad)
		return ERR(err, E_INCORRECT_DATA, "invalid digit in a binary numeric");
	n->weight = (int16_t)be16(wire.data + 2);
	n->sign = sign;
	n->dscale = dscale;
	numeric_strip(n);
	return OK;
}

void numeric_encode(const struct numeric *n, struct strbuf *to)
{
	size_t size = NUMERIC_HEADER + 2 * (size_t)n->ndigits;
	if (!strbuf_reserve(to, size))
		return;
	bool infinite = n->sign == NUMERIC_PLUS_INFINITY || n->sign == NUMERIC_MINUS_INFINITY;
	uint16_t dscale = infinite ? INFINITY_DSCALE : (uint16_t)n->dscale;
	uint16_t head[4] = {(uint16_t)n->ndigits, (uint16_t)n->weight, n->sign, dscale};
	char *p = to->data + to->size;
	for (int i = 0; i < 4; i++) {
		*p++ = (char)(head[i] >> 8);
		*p++ = (char)head[i];
	}
	for (int32_t i = 0; i < n->ndigits; i++) {
		*p++ = (char)(n->digits[i] >> 8);
		*p++ = (char)n->digits[i];
	}
	to->size += size;
}

/* Order of the kinds: -Infinity, numbers, Infinity, NaN. */
static int kind_rank(uint16_t sign)
{
	return sign == NUMERIC_MINUS_INFINITY ? 0 : sign == NUMERIC_PLUS_INFINITY ? 2 : sign == NUMERIC_NAN ? 3 : 1;
}

int numeric_compare_wire(struct str a, struct str b)
{
	assert(a.size >= NUMERIC_HEADER && b.size >= NUMERIC_HEADER);
	uint16_t sign_a = be16(a.data + 4), sign_b = be16(b.data + 4);
	int rank_a = kind_rank(sign_a), rank_b = kind_rank(sign_b);
	if (rank_a != rank_b || rank_a != 1)
		return (rank_a > rank_b) - (rank_a < rank_b);
	size_t n_a = a.size - NUMERIC_HEADER, n_b = b.size - NUMERIC_HEADER;
	if (n_a == 0 || n_b == 0) { /* zero */
		int s_a = n_a == 0 ? 0 : sign_a == NUMERIC_NEGATIVE ? -1 : 1;
		int s_b = n_b == 0 ? 0 : sign_b == NUMERIC_NEGATIVE ? -1 : 1;
		return (s_a > s_b) - (s_a < s_b);
	}
	if (sign_a != sign_b)
		return sign_a == NUMERIC_NEGATIVE ? -1 : 1;
	int16_t w_a = (int16_t)be16(a.data + 2), w_b = (int16_t)be16(b.data + 2);
	int c = (w_a > w_b) - (w_a < w_b);
	if (c == 0) /* big-endian digits compare as bytes, a proper prefix is less */
		c = str_compare(str_make(a.data + NUMERIC_HEADER, n_a), str_make(b.data + NUMERIC_HEADER, n_b));
	c = (c > 0) - (c < 0);
	return sign_a == NUMERIC_NEGATIVE ? -c : c;
}

uint64_t numeric_hash_wire(struct str a)
{
	assert(a.size >= NUMERIC_HEADER);
	uint64_t seed = (uint64_t)be16(a.data + 2) << 16 | be16(a.data + 4);
	return hash_bytes(a.data + NUMERIC_HEADER, a.size - NUMERIC_HEADER, seed);
}

/* ---- comparison and sums ---- */

static int compare_abs(const struct numeric *a, const struct numeric *b)
{
	if (a->ndigits == 0 || b->ndigits == 0)
		return (a->ndigits != 0) - (b->ndigits != 0);
	if (a->weight != b->weight)
		return a->weight > b->weight ? 1 : -1;
	for (int32_t i = 0; i < a->ndigits && i < b->ndigits; i++)
		if (a->digits[i] != b->digits[i])
			return a->digits[i] > b->digits[i] ? 1 : -1;
	return (a->ndigits > b->ndigits) - (a->ndigits < b->ndigits);
}

int numeric_compare(const struct numeric *a, const struct numeric *b)
{
	int rank_a = kind_rank(a->sign), rank_b = kind_rank(b->sign);
	if (rank_a != rank_b || rank_a != 1)
		return (rank_a > rank_b) - (rank_a < rank_b);
	if (a->sign != b->sign) /* zero is positive */
		return a->sign == NUMERIC_NEGATIVE ? -1 : 1;
	int c = compare_abs(a, b);
	return a->sign == NUMERIC_NEGATIVE ? -c : c;
}

static inline int digit_at(const struct numeric *n, int32_t weight)
{
	int32_t i = n->weight - weight;
	return i < 0 || i >= n->ndigits ? 0 : n->digits[i];
}

/* |a| + |b|, or |a| - |b| when |a| >= |b|. */
static enum status combine_abs(const struct numeric *a, const struct numeric *b, bool subtract, struct numeric *out,
                               struct error *err)
{
	struct numeric r;
	numeric_init(&r);
	int32_t low_a = a->weight - a->ndigits + 1, low_b = b->weight - b->ndigits + 1;
	int32_t low = low_a < low_b ? low_a : low_b;
	int32_t high = (a->weight > b->weight ? a->weight : b->weight) + 1;
	TRY(numeric_reserve(&r, high - low + 1, err));
	int carry = 0;
	for (int32_t w = low; w <= high; w++) {
		int d = digit_at(a, w) + (subtract ? -digit_at(b, w) : digit_at(b, w)) + carry;
		carry = d >= NUMERIC_BASE ? 1 : d < 0 ? -1 : 0;
		r.digits[high - w] = (int16_t)(d - carry * NUMERIC_BASE);
	}
	assert(carry == 0);
	r.ndigits = high - low + 1;
	r.weight = high;
	r.dscale = a->dscale > b->dscale ? a->dscale : b->dscale;
	numeric_strip(&r);
	move(out, &r);
	return numeric_check(out, err);
}

/* a + b, with b's sign given apart so that the difference is the same thing. */
static enum status add_signed(const struct numeric *a, const struct numeric *b, uint16_t sign_b, struct numeric *out,
                              struct error *err)
{
	uint16_t sign_a = a->sign;
	if (numeric_is_special(a) || numeric_is_special(b)) {
		bool nan = numeric_is_nan(a) || numeric_is_nan(b);
		nan |= numeric_is_special(a) && numeric_is_special(b) && sign_a != sign_b;
		numeric_set_special(out, nan ? NUMERIC_NAN : numeric_is_special(a) ? sign_a : sign_b);
		return OK;
	}
	if (sign_a == sign_b) {
		TRY(combine_abs(a, b, false, out, err));
		out->sign = out->ndigits == 0 ? NUMERIC_POSITIVE : sign_a;
		return OK;
	}
	bool a_larger = compare_abs(a, b) >= 0;
	TRY(combine_abs(a_larger ? a : b, a_larger ? b : a, true, out, err));
	out->sign = out->ndigits == 0 ? NUMERIC_POSITIVE : a_larger ? sign_a : sign_b;
	return OK;
}

static uint16_t opposite(uint16_t sign)
{
	switch (sign) {
	case NUMERIC_POSITIVE: return NUMERIC_NEGATIVE;
	case NUMERIC_NEGATIVE: return NUMERIC_POSITIVE;
	case NUMERIC_PLUS_INFINITY: return NUMERIC_MINUS_INFINITY;
	case NUMERIC_MINUS_INFINITY: return NUMERIC_PLUS_INFINITY;
	default: return sign;
	}
}

enum status numeric_add(const struct numeric *a, const struct numeric *b, struct numeric *out, struct error *err)
{
	return add_signed(a, b, b->sign, out, err);
}

enum status numeric_sub(const struct numeric *a, const struct numeric *b, struct numeric *out, struct error *err)
{
	return add_signed(a, b, opposite(b->sign), out, err);
}

void numeric_negate(struct numeric *n)
{
	if (n->ndigits != 0 || numeric_is_special(n))
		n->sign = opposite(n->sign);
}

void numeric_abs(struct numeric *n)
{
	if (n->sign == NUMERIC_NEGATIVE || n->sign == NUMERIC_MINUS_INFINITY)
		n->sign = opposite(n->sign);
}

/* ---- products and quotients ---- */

/* -1, 0, 1; infinities count. */
static int sign_of(const struct numeric *n)
{
	return numeric_is_zero(n) ? 0 : n->sign == NUMERIC_NEGATIVE || n->sign == NUMERIC_MINUS_INFINITY ? -1 : 1;
}

enum status numeric_mul(const struct numeric *a, const struct numeric *b, struct numeric *out, struct error *err)
{
	if (numeric_is_special(a) || numeric_is_special(b)) {
		int s = sign_of(a) * sign_of(b);
		bool nan = numeric_is_nan(a) || numeric_is_nan(b) || s == 0;
		numeric_set_special(out, nan ? NUMERIC_NAN : s > 0 ? NUMERIC_PLUS_INFINITY : NUMERIC_MINUS_INFINITY);
		return OK;
	}
	struct numeric r;
	numeric_init(&r);
	int32_t n = a->ndigits + b->ndigits;
	TRY(numeric_reserve(&r, n, err));
	memset(r.digits, 0, (size_t)n * sizeof *r.digits);
	for (int32_t i = a->ndigits - 1; i >= 0; i--) {
		int32_t carry = 0;
		for (int32_t k = b->ndigits - 1; k >= 0; k--) {
			int32_t t = a->digits[i] * b->digits[k] + r.digits[i + k + 1] + carry;
			carry = t / NUMERIC_BASE;
			r.digits[i + k + 1] = (int16_t)(t - carry * NUMERIC_BASE);
		}
		if (b->ndigits != 0)
			r.digits[i] = (int16_t)carry;
	}
	r.ndigits = n;
	r.weight = a->weight + b->weight + 1;
	r.sign = a->sign == b->sign ? NUMERIC_POSITIVE : NUMERIC_NEGATIVE;
	r.dscale = a->dscale + b->dscale;
	numeric_strip(&r);
	enum status s = r.dscale > NUMERIC_DSCALE_MAX ? numeric_round(&r, NUMERIC_DSCALE_MAX, err) : OK;
	move(out, &r);
	return s == OK ? numeric_check(out, err) : s;
}

/*
 * Knuth, The Art of Computer Programming 4.3.1, algorithm D: u has m + n + 1 digits of which u[0] is zero, v has n;
 * the m + 1 quotient digits go to q. Both are scaled so that v's first digit is at least half the base.
 */
static void divide_digits(int32_t *u, int32_t *v, int32_t m, int32_t n, int16_t *q)
{
	int32_t d = NUMERIC_BASE / (v[0] + 1);
	for (int32_t i = m + n, carry = 0; i >= 0; i--) {
		carry += u[i] * d;
		u[i] = carry % NUMERIC_BASE;
		carry /= NUMERIC_BASE;
	}
	for (int32_t i = n - 1, carry = 0; i >= 0; i--) {
		carry += v[i] * d;
		v[i] = carry % NUMERIC_BASE;
		carry /= NUMERIC_BASE;
	}
	int32_t second = n > 1 ? v[1] : 0;
	for (int32_t j = 0; j <= m; j++) {
		int32_t head = u[j] * NUMERIC_BASE + u[j + 1];
		int32_t guess = head / v[0], rest = head % v[0];
		int32_t third = n > 1 ? u[j + 2] : 0;
		while (rest < NUMERIC_BASE &&
		       (guess >= NUMERIC_BASE || (int64_t)guess * second > (int64_t)rest * NUMERIC_BASE + third)) {
			guess--;
			rest += v[0];
		}
		int32_t borrow = 0;
		for (int32_t i = n - 1; i >= 0; i--) {
			int32_t t = u[j + i + 1] - guess * v[i] + borrow;
			borrow = t < 0 ? -((-t + NUMERIC_BASE - 1) / NUMERIC_BASE) : 0;
			u[j + i + 1] = t - borrow * NUMERIC_BASE;
		}
		u[j] += borrow;
		if (u[j] < 0) { /* the guess was one too large */
			guess--;
			int32_t carry = 0;
			for (int32_t i = n - 1; i >= 0; i--) {
				int32_t t = u[j + i + 1] + v[i] + carry;
				carry = t >= NUMERIC_BASE;
				u[j + i + 1] = t - carry * NUMERIC_BASE;
			}
			u[j] += carry;
		}
		assert(u[j] == 0 && guess >= 0 && guess < NUMERIC_BASE);
		q[j] = (int16_t)guess;
	}
}

/* Both finite, b not zero. */
static enum status divide_finite(const struct numeric *a, const struct numeric *b, int rscale, bool round,
                                 struct numeric *out, struct error *err)
{
	enum { STACK_DIGITS = 256 };
	int32_t stack[STACK_DIGITS];
	struct numeric r;
	numeric_init(&r);
	uint16_t sign = a->sign == b->sign ? NUMERIC_POSITIVE : NUMERIC_NEGATIVE;
	/* digits up to rscale, and one more that decides the rounding */
	int32_t n = b->ndigits, weight = a->weight - b->weight;
	int32_t count = weight + 1 + (rscale + DEC_DIGITS - 1) / DEC_DIGITS + 1;
	if (count < 1)
		count = 1;
	int32_t m = count - 1; /* the first of the m + 1 digits has weight `weight` */
	size_t need = (size_t)m + (size_t)n * 2 + 1;
	int32_t *work = need <= STACK_DIGITS ? stack : malloc(need * sizeof *work);
	if (work == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a number of %zu digits", need);
	enum status s = numeric_reserve(&r, count + 1, err);
	if (s == OK) {
		int32_t *u = work, *v = work + m + n + 1;
		u[0] = 0;
		for (int32_t i = 0; i < m + n; i++)
			u[i + 1] = i < a->ndigits ? a->digits[i] : 0;
		for (int32_t i = 0; i < n; i++)
			v[i] = b->digits[i];
		divide_digits(u, v, m, n, r.digits);
		r.ndigits = count;
		r.weight = weight;
		r.sign = sign;
		r.dscale = rscale;
		numeric_strip(&r);
		if (round)
			s = numeric_round(&r, rscale, err);
		else
			numeric_trunc(&r, rscale);
	}
	if (work != stack)
		free(work);
	move(out, &r);
	return s == OK ? numeric_check(out, err) : s;
}

enum status numeric_div_scale(const struct numeric *a, const struct numeric *b, int rscale, bool round,
                              struct numeric *out, struct error *err)
{
	if (numeric_is_nan(a) || numeric_is_nan(b)) {
		numeric_set_special(out, NUMERIC_NAN);
		return OK;
	}
	if (numeric_is_zero(b))
		return ERR(err, E_DIVISION_BY_ZERO, "division by zero");
	if (numeric_is_special(a)) {
		bool nan = numeric_is_special(b), negative = sign_of(a) * sign_of(b) < 0;
		numeric_set_special(out, nan ? NUMERIC_NAN : negative ? NUMERIC_MINUS_INFINITY : NUMERIC_PLUS_INFINITY);
		return OK;
	}
	if (numeric_is_special(b) || a->ndigits == 0) {
		set_zero(out);
		out->dscale = numeric_is_special(b) ? 0 : rscale;
		return OK;
	}
	return divide_finite(a, b, rscale, round, out, err);
}

int numeric_select_div_scale(const struct numeric *a, const struct numeric *b)
{
	int weight_a = a->ndigits == 0 ? 0 : a->weight, weight_b = b->ndigits == 0 ? 0 : b->weight;
	int first_a = a->ndigits == 0 ? 0 : a->digits[0], first_b = b->ndigits == 0 ? 0 : b->digits[0];
	int weight = weight_a - weight_b - (first_a <= first_b);
	int rscale = NUMERIC_MIN_SIG_DIGITS - weight * DEC_DIGITS;
	rscale = rscale < a->dscale ? a->dscale : rscale;
	rscale = rscale < b->dscale ? b->dscale : rscale;
	return rscale < 0 ? 0 : rscale > DISPLAY_SCALE_MAX ? DISPLAY_SCALE_MAX : rscale;
}

enum status numeric_div(const struct numeric *a, const struct numeric *b, struct numeric *out, struct error *err)
{
	return numeric_div_scale(a, b, numeric_select_div_scale(a, b), true, out, err);
}

enum status numeric_div_trunc(const struct numeric *a, const struct numeric *b, struct numeric *out, struct error *err)
{
	return numeric_div_scale(a, b, 0, false, out, err);
}

enum status numeric_mod(const struct numeric *a, const struct numeric *b, struct numeric *out, struct error *err)
{
	if (!numeric_is_nan(a) && !numeric_is_nan(b) && numeric_is_special(a) && !numeric_is_zero(b)) {
		numeric_set_special(out, NUMERIC_NAN);
		return OK;
	}
	if (!numeric_is_nan(a) && numeric_is_special(b) && !numeric_is_nan(b))
		return numeric_copy(out, a, err);
	struct numeric q;
	numeric_init(&q);
	enum status s = numeric_div_scale(a, b, 0, false, &q, err);
	if (s == OK && numeric_is_special(&q)) {
		numeric_set_special(out, NUMERIC_NAN);
	} else if (s == OK) {
		s = numeric_mul(&q, b, &q, err);
		if (s == OK)
			s = numeric_sub(a, &q, out, err);
	}
	numeric_fini(&q);
	return s;
}

/* ---- rounding ---- */

/* Cuts to `scale` decimal digits behind the point; tells whether what was cut reaches half a unit of the last. */
static bool cut(struct numeric *n, int scale)
{
	static const int16_t powers[DEC_DIGITS] = {0, 1000, 100, 10};
	int64_t keep_decimals = ((int64_t)n->weight + 1) * DEC_DIGITS + scale;
	n->dscale = scale < 0 ? 0 : scale;
	if (n->ndigits == 0 || keep_decimals >= (int64_t)n->ndigits * DEC_DIGITS)
		return false;
	if (keep_decimals < 0) {
		set_zero(n);
		return false;
	}
	int32_t whole = (int32_t)(keep_decimals / DEC_DIGITS), part = (int32_t)(keep_decimals % DEC_DIGITS);
	bool up;
	if (part == 0) {
		up = n->digits[whole] >= HALF_BASE;
		n->ndigits = whole;
	} else {
		int16_t rest = n->digits[whole] % powers[part];
		up = rest >= powers[part] / 2;
		n->digits[whole] = (int16_t)(n->digits[whole] - rest);
		n->ndigits = whole + 1;
	}
	return up;
}

void numeric_trunc(struct numeric *n, int scale)
{
	if (numeric_is_special(n))
		return;
	cut(n, scale < -RESULT_SCALE_MAX ? -RESULT_SCALE_MAX : scale);
	numeric_strip(n);
}

enum status numeric_round(struct numeric *n, int scale, struct error *err)
{
	static const int16_t units[DEC_DIGITS] = {1, 1000, 100, 10};
	if (numeric_is_special(n))
		return OK;
	int32_t weight = n->weight;
	uint16_t sign = n->sign;
	if (!cut(n, scale)) {
		numeric_strip(n);
		return OK;
	}
	/* add one unit of the last kept decimal digit */
	int64_t keep_decimals = ((int64_t)weight + 1) * DEC_DIGITS + scale;
	int16_t carry = units[keep_decimals % DEC_DIGITS];
	TRY(numeric_reserve(n, n->ndigits + 1, err));
	for (int32_t i = n->ndigits - 1; i >= 0 && carry != 0; i--) {
		int16_t d = (int16_t)(n->digits[i] + carry);
		carry = d >= NUMERIC_BASE;
		n->digits[i] = (int16_t)(d - carry * NUMERIC_BASE);
	}
	if (carry != 0) {
		memmove(n->digits + 1, n->digits, (size_t)n->ndigits * sizeof *n->digits);
		n->digits[0] = carry;
		n->ndigits++;
		n->weight = weight + 1;
	}
	n->sign = sign;
	numeric_strip(n);
	return numeric_check(n, err);
}

/* To the next whole number away from zero where anything was cut and the sign is the given one. */
static enum status whole(struct numeric *n, uint16_t away, struct error *err)
{
	if (numeric_is_special(n))
		return OK;
	struct numeric one;
	numeric_init(&one);
	one.ndigits = 1;
	one.digits[0] = 1;
	one.sign = away;
	bool fraction = n->ndigits > n->weight + 1;
	bool add = fraction && n->sign == away && n->ndigits != 0;
	numeric_trunc(n, 0);
	return add ? numeric_add(n, &one, n, err) : OK;
}

enum status numeric_floor(struct numeric *n, struct error *err)
{
	return whole(n, NUMERIC_NEGATIVE, err);
}

enum status numeric_ceil(struct numeric *n, struct error *err)
{
	return whole(n, NUMERIC_POSITIVE, err);
}

int numeric_min_scale(const struct numeric *n)
{
	if (n->ndigits == 0)
		return 0;
	int scale = (n->ndigits - 1 - n->weight) * DEC_DIGITS;
	for (int16_t d = n->digits[n->ndigits - 1]; scale > 0 && d % 10 == 0; d /= 10)
		scale--;
	return scale < 0 ? 0 : scale;
}

void numeric_trim_scale(struct numeric *n)
{
	if (!numeric_is_special(n))
		n->dscale = numeric_min_scale(n);
}

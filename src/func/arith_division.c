// SPDX-License-Identifier: Apache-2.0
/*
 * Quotients and remainders of integers: intDiv, modulo, positiveModulo and their OrZero, OrNull forms.
 *
 * Up to 64 bits everything is computed in one unsigned 64-bit division of magnitudes. A constant divisor becomes a
 * multiplication (T. Granlund, P. Montgomery, "Division by invariant integers using multiplication", 1994).
 */
#include <assert.h>
#include <math.h>

#include "func/arith_impl.h"

enum { CHUNK = 256 };

struct division {
	bool modulo, positive;
	char zero;            /* what a zero divisor gives: 'e' an error, '0' zero, 'n' NULL */
	bool floats, wide, is_signed;
	enum physical to;     /* the result's */
	const char *overflow; /* PostgreSQL's complaint about the least integer divided by -1 */
};

/* ---- division by a constant ---- */

struct divider {
	uint64_t multiplier;
	unsigned shift1, shift2;
};

static struct divider divider_of(uint64_t d)
{
	assert(d != 0);
	unsigned l = d == 1 ? 0 : bit_width64(d - 1); /* ceil(log2 d) */
	u128 power = l == 64 ? (u128)0 : (u128)1 << l;
	uint64_t gap = (uint64_t)(power - d); /* 2^l - d, modulo 2^64 */
	return (struct divider){(uint64_t)(((u128)gap << 64) / d) + 1, l < 1 ? l : 1, l == 0 ? 0 : l - 1};
}

static inline uint64_t divide_by(const struct divider *v, uint64_t n)
{
	uint64_t t = (uint64_t)((u128)v->multiplier * n >> 64);
	return (t + ((n - t) >> v->shift1)) >> v->shift2;
}

/* ---- errors ---- */

static enum status by_zero(struct eval *e)
{
	bool pg = e->session->dialect == DIALECT_POSTGRESQL;
	return ERR(e->err, E_DIVISION_BY_ZERO, pg ? "division by zero" : "Division by zero");
}

static enum status by_minus_one(const struct division *d, struct eval *e)
{
	if (d->overflow != NULL)
		return ERR(e->err, E_OUT_OF_RANGE, "%s", d->overflow);
	return ERR(e->err, E_DIVISION_BY_ZERO, "Division of minimal signed number by minus one");
}

/* A zero divisor in row i: what the function makes of it. */
static enum status zero_divisor(const struct division *d, struct eval *e, struct vector *v, uint32_t i)
{
	if (d->zero == '0' || eval_skips(e, i))
		return OK;
	if (d->zero == 'e')
		return by_zero(e);
	TRY(vector_make_nulls(v, e->track, e->err));
	bit_set(v->nulls, i);
	return OK;
}

/* ---- up to 64 bits ---- */

static inline uint64_t magnitude(int64_t v)
{
	return v < 0 ? -(uint64_t)v : (uint64_t)v;
}

/* One row from magnitudes and signs. */
static inline int64_t finish_row(const struct division *d, uint64_t quotient, uint64_t rest, bool negative_a,
                                 bool negative_b, uint64_t divisor)
{
	if (!d->modulo)
		return (int64_t)(negative_a != negative_b ? -quotient : quotient);
	if (negative_a && d->positive)
		return (int64_t)(rest == 0 ? 0 : divisor - rest);
	return (int64_t)(negative_a ? -rest : rest);
}

static enum status divide_chunk(const struct division *d, struct eval *e, struct vector *v, const int64_t *a,
                                const int64_t *b, size_t step_b, uint32_t from, uint32_t n, int64_t *out)
{
	for (uint32_t i = 0; i < n; i++) {
		int64_t x = a[i], y = b[i * step_b];
		bool negative_a = d->is_signed && x < 0, negative_b = d->is_signed && y < 0;
		uint64_t p = negative_a ? magnitude(x) : (uint64_t)x, q = negative_b ? magnitude(y) : (uint64_t)y;
		if (unlikely(q == 0)) {
			TRY(zero_divisor(d, e, v, from + i));
			out[i] = 0;
			continue;
		}
		out[i] = finish_row(d, p / q, p % q, negative_a, negative_b, q);
	}
	return OK;
}

static void divide_chunk_constant(const struct division *d, const int64_t *a, int64_t b, uint32_t n, int64_t *out)
{
	bool negative_b = d->is_signed && b < 0;
	uint64_t q = negative_b ? magnitude(b) : (uint64_t)b;
	struct divider v = divider_of(q);
	for (uint32_t i = 0; i < n; i++) {
		bool negative_a = d->is_signed && a[i] < 0;
		uint64_t p = negative_a ? magnitude(a[i]) : (uint64_t)a[i], quotient = divide_by(&v, p);
		out[i] = finish_row(d, quotient, p - quotient * q, negative_a, negative_b, q);
	}
}

/* INT64_MIN / -1, and its like in the narrower dividends. */
static bool overflows(const struct division *d, const struct operand *a, int64_t x, int64_t y)
{
	return !d->modulo && d->is_signed && y == -1 && a->width <= 8 &&
		x == -(int64_t)((uint64_t)1 << (a->width * 8 - 2)) * 2;
}

static enum status check_minus_one(const struct division *d, struct eval *e, const struct operand *a, const int64_t *x,
                                   const int64_t *y, size_t step_b, uint32_t from, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (unlikely(overflows(d, a, x[i], y[i * step_b])) && !eval_skips(e, from + i) && d->zero == 'e')
			return by_minus_one(d, e);
	return OK;
}

static enum status exec_narrow(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	const struct division *d = c->state;
	struct operand a = operand_of(args[0]), b = operand_of(args[1]);
	size_t width = physical_size(d->to), step_b = b.step == 0 ? 0 : 1;
	int64_t x[CHUNK], y[CHUNK], r[CHUNK];
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	enum status s = OK;
	for (uint32_t from = 0; from < count && s == OK; from += CHUNK) {
		uint32_t n = count - from < CHUNK ? count - from : CHUNK;
		kernels()->cast[a.physical][PHYS_I64](x, a.data + from * a.step, a.step == 0 ? 1 : n);
		kernels()->cast[b.physical][PHYS_I64](y, b.data + from * b.step, step_b == 0 ? 1 : n);
		for (uint32_t i = 1; a.step == 0 && i < n; i++)
			x[i] = x[0];
		if (step_b == 0 && y[0] != 0)
			divide_chunk_constant(d, x, y[0], n, r);
		else
			s = divide_chunk(d, e, v, x, y, step_b, from, n, r);
		if (s == OK && d->is_signed && !d->modulo)
			s = check_minus_one(d, e, &a, x, y, step_b, from, n);
		kernels()->cast[PHYS_I64][d->to]((char *)v->data + from * width, r, n);
	}
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

/* ---- 128 and 256 bits ---- */

static enum status exec_wide(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const struct division *d = c->state;
	struct operand a = operand_of(args[0]), b = operand_of(args[1]);
	size_t width = physical_size(d->to);
	static const i256 zero;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		i256 x, y, q = zero, rest = zero;
		kernels()->cast[a.physical][PHYS_I256](&x, a.data + i * a.step, 1);
		kernels()->cast[b.physical][PHYS_I256](&y, b.data + i * b.step, 1);
		if (memcmp(&y, &zero, sizeof y) == 0)
			s = zero_divisor(d, e, v, i);
		else if (d->is_signed)
			i256_divmod(x, y, &q, &rest);
		else
			u256_divmod(x, y, &q, &rest);
		if (d->positive && i256_negative(rest) && d->is_signed)
			rest = i256_negative(y) ? u256_sub(rest, y) : u256_add(rest, y);
		kernels()->cast[PHYS_I256][d->to]((char *)v->data + i * width, d->modulo ? &rest : &q, 1);
	}
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

/* ---- floats ---- */

/* modulo and positiveModulo stay floats; intDiv cuts to Int64. */
static enum status exec_float(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const struct division *d = c->state;
	struct operand a = operand_of(args[0]), b = operand_of(args[1]);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		double x, y;
		kernels()->cast[a.physical][PHYS_F64](&x, a.data + i * a.step, 1);
		kernels()->cast[b.physical][PHYS_F64](&y, b.data + i * b.step, 1);
		if (d->modulo) {
			double r = fmod(x, y);
			if (d->positive && r < 0)
				r += fabs(y);
			((double *)v->data)[i] = r;
			if (y == 0 && d->zero != 'e') {
				((double *)v->data)[i] = 0;
				s = zero_divisor(d, e, v, i);
			}
			continue;
		}
		double q = y == 0 ? 0 : x / y;
		if (y == 0)
			s = zero_divisor(d, e, v, i);
		else if (!(fabs(q) < 9223372036854775808.0) && !eval_skips(e, i) && d->zero == 'e')
			s = ERR(e->err, E_DIVISION_BY_ZERO,
			        "Cannot perform integer division, because it will produce infinite or too large number");
		((int64_t *)v->data)[i] = fabs(q) < 9223372036854775808.0 ? (int64_t)q : 0;
	}
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

enum status arith_bind_division(struct bind_env *env, struct call *c, enum arith_op op, char zero, bool positive)
{
	const struct type *a = c->arg_types[0], *b = c->arg_types[1];
	bool fa = type_is_float(a), fb = type_is_float(b);
	if ((!fa && !arith_is_integer(a)) || (!fb && !arith_is_integer(b)))
		return E_ILLEGAL_TYPE_OF_ARGUMENT;
	struct division *d = ARENA_NEW(env->arena, struct division);
	size_t wa = physical_size(type_physical(a)), wb = physical_size(type_physical(b));
	d->modulo = op == ARITH_MODULO;
	d->positive = positive;
	d->zero = zero;
	d->floats = fa || fb;
	d->wide = wa > 8 || wb > 8;
	d->is_signed = type_is_signed(a) || type_is_signed(b);
	if (d->floats)
		c->result = d->modulo ? type_simple(TYPE_FLOAT64) : type_simple(TYPE_INT64);
	else if (!d->modulo)
		c->result = arith_integer(d->is_signed, wa);
	else if (positive)
		c->result = arith_integer(false, wb);
	else
		c->result = arith_integer(type_is_signed(a), type_is_signed(a) ? arith_next_size(wb) : wb);
	d->to = type_physical(c->result);
	if (zero == 'n')
		c->result = type_nullable(env->arena, c->result);
	c->state = d;
	c->exec = d->floats ? exec_float : d->wide ? exec_wide : exec_narrow;
	return OK;
}

enum status arith_bind_pg_division(struct bind_env *env, struct call *c, enum arith_op op, const struct type *common,
                                   const char *overflow)
{
	struct division *d = ARENA_NEW(env->arena, struct division);
	d->modulo = op == ARITH_MODULO;
	d->zero = 'e';
	d->wide = physical_size(type_physical(common)) > 8;
	d->is_signed = true;
	d->to = type_physical(common);
	d->overflow = overflow;
	c->arg_types[0] = c->arg_types[1] = c->result = common;
	c->state = d;
	c->exec = d->wide ? exec_wide : exec_narrow;
	return OK;
}

// SPDX-License-Identifier: Apache-2.0
/*
 * round, roundBankers, floor, ceil, trunc, in both dialects. ClickHouse rounds floats half to even and everything else
 * half away from zero, and keeps the type; PostgreSQL has them for numeric (half away) and float8 (half to even).
 */
#include <assert.h>
#include <math.h>

#include "column/numeric.h"
#include "func/arith_impl.h"

enum rounding { ROUND_HALF_AWAY, ROUND_HALF_EVEN, ROUND_FLOOR, ROUND_CEIL, ROUND_TRUNC };

enum { DIGITS_MAX = 32767 };

struct round_state {
	enum rounding how;
	int digits;
};

static enum rounding rounding_of(const struct call *c)
{
	switch (c->function->name[0]) {
	case 'f':
		return ROUND_FLOOR;
	case 'c':
		return ROUND_CEIL;
	case 't':
		return ROUND_TRUNC;
	default:
		return c->function->name[5] == '\0' ? ROUND_HALF_AWAY : ROUND_HALF_EVEN;
	}
}

/* ---- floats ---- */

__attribute__((always_inline)) static inline double whole(double x, enum rounding how)
{
	return how == ROUND_FLOOR ? floor(x) : how == ROUND_CEIL ? ceil(x) : how == ROUND_TRUNC ? trunc(x) : rint(x);
}

__attribute__((always_inline)) static inline float whole32(float x, enum rounding how)
{
	return how == ROUND_FLOOR ? floorf(x) : how == ROUND_CEIL ? ceilf(x) : how == ROUND_TRUNC ? truncf(x) : rintf(x);
}

__attribute__((always_inline)) static inline void round_doubles(double *to, const double *in, uint32_t n, int digits,
                                                                enum rounding how)
{
	double scale = pow(10, digits < 0 ? -digits : digits);
	if (digits == 0)
		for (uint32_t i = 0; i < n; i++)
			to[i] = whole(in[i], how);
	else if (digits > 0)
		for (uint32_t i = 0; i < n; i++)
			to[i] = whole(in[i] * scale, how) / scale;
	else
		for (uint32_t i = 0; i < n; i++)
			to[i] = whole(in[i] / scale, how) * scale;
}

__attribute__((always_inline)) static inline void round_singles(float *to, const float *in, uint32_t n, int digits,
                                                                enum rounding how)
{
	float scale = powf(10, (float)(digits < 0 ? -digits : digits));
	if (digits == 0)
		for (uint32_t i = 0; i < n; i++)
			to[i] = whole32(in[i], how);
	else if (digits > 0)
		for (uint32_t i = 0; i < n; i++)
			to[i] = whole32(in[i] * scale, how) / scale;
	else
		for (uint32_t i = 0; i < n; i++)
			to[i] = whole32(in[i] / scale, how) * scale;
}

static enum status exec_float(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const struct round_state *s = c->state;
	bool narrow = type_physical(args[0]->type) == PHYS_F32;
	TRY(call_result(c, e, count, out));
	void *to = (*out)->data;
	const void *in = args[0]->data;
	switch (s->how) { /* each with its rounding as a constant */
	case ROUND_FLOOR:
		if (narrow)
			round_singles(to, in, count, s->digits, ROUND_FLOOR);
		else
			round_doubles(to, in, count, s->digits, ROUND_FLOOR);
		break;
	case ROUND_CEIL:
		if (narrow)
			round_singles(to, in, count, s->digits, ROUND_CEIL);
		else
			round_doubles(to, in, count, s->digits, ROUND_CEIL);
		break;
	case ROUND_TRUNC:
		if (narrow)
			round_singles(to, in, count, s->digits, ROUND_TRUNC);
		else
			round_doubles(to, in, count, s->digits, ROUND_TRUNC);
		break;
	default:
		if (narrow)
			round_singles(to, in, count, s->digits, ROUND_HALF_EVEN);
		else
			round_doubles(to, in, count, s->digits, ROUND_HALF_EVEN);
	}
	return OK;
}

/* ---- integers and decimals: to a multiple of a power of ten ---- */

static i256 to_multiple(i256 v, i256 unit, enum rounding how)
{
	i256 quotient, rest, one = u256_from_u64(1);
	bool negative = i256_negative(v);
	i256_divmod(v, unit, &quotient, &rest);
	bool exact = (rest.limb[0] | rest.limb[1] | rest.limb[2] | rest.limb[3]) == 0;
	i256 magnitude = negative ? u256_negate(rest) : rest, left = u256_sub(unit, magnitude);
	int half = i256_compare(magnitude, left); /* beyond, at, below the middle */
	bool away = false;
	if (how == ROUND_FLOOR)
		away = negative && !exact;
	else if (how == ROUND_CEIL)
		away = !negative && !exact;
	else if (how == ROUND_HALF_AWAY)
		away = half >= 0 && !exact;
	else if (how == ROUND_HALF_EVEN)
		away = half > 0 || (half == 0 && !exact && (quotient.limb[0] & 1));
	if (away)
		quotient = negative ? u256_sub(quotient, one) : u256_add(quotient, one);
	return u256_mul(quotient, unit);
}

static enum status exec_exact(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const struct round_state *s = c->state;
	enum physical p = type_physical(args[0]->type);
	size_t width = physical_size(p);
	unsigned scale = type_is_decimal(args[0]->type) ? args[0]->type->scale : 0;
	int power = (int)scale - s->digits;
	if (power <= 0) {
		*out = vector_ref(args[0]);
		return OK;
	}
	i256 unit = pow10_i256((unsigned)power > 76 ? 76 : (unsigned)power);
	bool narrow = type_is_integer(args[0]->type) && width <= 8 && power <= 18;
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		i256 v;
		kernels()->cast[p][PHYS_I256](&v, (const char *)args[0]->data + i * width, 1);
		if (narrow && (s->how == ROUND_FLOOR) == i256_negative(v) && (s->how == ROUND_FLOOR || s->how == ROUND_CEIL)) {
			/* a result that does not fit is what the type's own wrapping arithmetic makes of it */
			i256 reach = u256_sub(unit, u256_from_u64(1));
			v = s->how == ROUND_FLOOR ? u256_sub(v, reach) : u256_add(v, reach);
			kernels()->cast[PHYS_I256][p]((char *)(*out)->data + i * width, &v, 1);
			kernels()->cast[p][PHYS_I256](&v, (char *)(*out)->data + i * width, 1);
			v = to_multiple(v, unit, ROUND_TRUNC);
		} else {
			v = to_multiple(v, unit, s->how);
		}
		kernels()->cast[PHYS_I256][p]((char *)(*out)->data + i * width, &v, 1);
	}
	return OK;
}

/* Digits that differ by row: each row as a constant of its own. */
static enum status exec_each(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const int64_t *digits = args[1]->data;
	size_t width = physical_size(type_physical(c->result));
	bool floats = type_is_float(args[0]->type), constant = args[0]->form == VECTOR_CONST;
	struct round_state state = *(const struct round_state *)c->state;
	struct call one = *c;
	struct vector *v;
	one.state = &state;
	TRY(call_result(c, e, count, &v));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct vector *row = NULL, *made = NULL;
		int64_t n = digits[args[1]->form == VECTOR_CONST ? 0 : i];
		state.digits = n > DIGITS_MAX ? DIGITS_MAX : n < -DIGITS_MAX ? -DIGITS_MAX : (int)n;
		s = vector_slice(e->track, args[0], constant ? 0 : i, 1, &row, e->err);
		if (s == OK)
			s = (floats ? exec_float : exec_exact)(&one, e, (const struct vector *const *)&row, 1, &made);
		if (s == OK)
			memcpy((char *)v->data + i * width, made->data, width);
		vector_unref(row);
		vector_unref(made);
	}
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status bind_round(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	struct round_state *s = ARENA_NEW(env->arena, struct round_state);
	int64_t digits = 0;
	bool given = c->arg_count == 2, constant = given && call_const_i64(c, 1, &digits);
	if (given && !constant && !type_is_integer(c->arg_types[1]))
		return call_bad_type(env, c, 1);
	if (digits > DIGITS_MAX || digits < -DIGITS_MAX)
		return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "Scale argument for rounding function is too large");
	if (!type_is_number(t) || t->id == TYPE_NUMERIC)
		return call_bad_type(env, c, 0);
	s->digits = (int)digits;
	s->how = rounding_of(c);
	c->result = t->id == TYPE_BOOL ? type_simple(TYPE_UINT8) : t;
	c->state = s;
	c->exec = type_is_float(t) ? exec_float : exec_exact;
	if (given && !constant) {
		c->arg_types[1] = type_simple(TYPE_INT64);
		c->exec = exec_each;
	}
	return OK;
}

/* ---- PostgreSQL ---- */

static enum status round_one(struct numeric *n, enum rounding how, int digits, struct error *err)
{
	switch (how) {
	case ROUND_FLOOR:
		return numeric_floor(n, err);
	case ROUND_CEIL:
		return numeric_ceil(n, err);
	case ROUND_TRUNC:
		numeric_trunc(n, digits);
		return OK;
	default:
		return numeric_round(n, digits, err);
	}
}

static enum status exec_numeric(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	struct str_arg a = str_arg(args[0]);
	uint32_t *ends = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
	const int32_t *digits = c->arg_count == 2 ? args[1]->data : NULL;
	size_t step = digits != NULL && args[1]->form != VECTOR_CONST;
	struct numeric n;
	struct strbuf text;
	enum status s = OK;
	numeric_init(&n);
	strbuf_init(&text, e->track);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		if (!eval_skips(e, i)) {
			int places = digits == NULL ? 0 : digits[i * step];
			places = places > 2000 ? 2000 : places < -2000 ? -2000 : places;
			s = numeric_decode(&n, str_arg_at(&a, i), e->err);
			if (s == OK)
				s = round_one(&n, rounding_of(c), places, e->err);
		}
		numeric_encode(&n, &text);
		ends[i] = (uint32_t)text.size;
	}
	if (s == OK)
		s = call_strings(c, e, &text, ends, count, out);
	strbuf_fini(&text);
	numeric_fini(&n);
	return s;
}

/* round(numeric[, int]); of integers and floats, float8. */
static enum status bind_round_pg(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	bool digits = c->arg_count == 2;
	if (!type_is_number(t) || t->id == TYPE_BOOL)
		return call_bad_type(env, c, 0);
	if (digits && (!type_is_integer(c->arg_types[1]) || type_is_float(t)))
		return call_bad_type(env, c, 0);
	if (digits || t->id == TYPE_NUMERIC || type_is_decimal(t)) {
		c->arg_types[0] = c->result = type_simple(TYPE_NUMERIC);
		if (digits)
			c->arg_types[1] = type_simple(TYPE_INT32);
		c->exec = exec_numeric;
		return OK;
	}
	struct round_state *s = ARENA_NEW(env->arena, struct round_state);
	s->how = rounding_of(c);
	c->arg_types[0] = c->result = type_simple(TYPE_FLOAT64);
	c->state = s;
	c->exec = exec_float;
	return OK;
}

/* scale, min_scale, trim_scale */
static enum status exec_scale(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	struct str_arg a = str_arg(args[0]);
	struct numeric n;
	enum status s = OK;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	numeric_init(&n);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		if (!eval_skips(e, i))
			s = numeric_decode(&n, str_arg_at(&a, i), e->err);
		((int32_t *)v->data)[i] = c->function->name[0] == 's' ? n.dscale : numeric_min_scale(&n);
	}
	numeric_fini(&n);
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status exec_trim_scale(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	struct str_arg a = str_arg(args[0]);
	uint32_t *ends = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
	struct numeric n;
	struct strbuf text;
	enum status s = OK;
	numeric_init(&n);
	strbuf_init(&text, e->track);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		if (!eval_skips(e, i))
			s = numeric_decode(&n, str_arg_at(&a, i), e->err);
		numeric_trim_scale(&n);
		numeric_encode(&n, &text);
		ends[i] = (uint32_t)text.size;
	}
	if (s == OK)
		s = call_strings(c, e, &text, ends, count, out);
	strbuf_fini(&text);
	numeric_fini(&n);
	return s;
}

static enum status bind_scale(struct bind_env *env, struct call *c)
{
	if (!type_is_number(c->arg_types[0]) || type_is_float(c->arg_types[0]))
		return call_bad_type(env, c, 0);
	c->arg_types[0] = type_simple(TYPE_NUMERIC);
	if (c->result == NULL)
		c->result = c->arg_types[0];
	return OK;
}

static enum status bind_factorial(struct bind_env *env, struct call *c)
{
	c->result = type_simple(TYPE_NUMERIC);
	return OK;
}

/* factorial(n) of PostgreSQL: numeric without a limit of 20 */
static enum status exec_factorial(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	enum { FACTORIAL_MAX = 32177 };
	const int64_t *in = args[0]->data;
	uint32_t *ends = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
	struct numeric product, factor;
	struct strbuf text;
	enum status s = OK;
	numeric_init(&product);
	numeric_init(&factor);
	strbuf_init(&text, e->track);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		bool skipped = eval_skips(e, i);
		s = numeric_from_i128(&product, 1, 0, e->err);
		if (!skipped && in[i] < 0)
			s = ERR(e->err, E_OUT_OF_RANGE, "factorial of a negative number is undefined");
		else if (!skipped && in[i] > FACTORIAL_MAX)
			s = ERR(e->err, E_OUT_OF_RANGE, "value overflows numeric format");
		for (int64_t k = 2; k <= in[i] && !skipped && s == OK; k++) {
			s = numeric_from_i128(&factor, k, 0, e->err);
			if (s == OK)
				s = numeric_mul(&product, &factor, &product, e->err);
			if (e->cancelled != NULL && atomic_load_explicit(e->cancelled, memory_order_relaxed) && s == OK)
				s = ERR(e->err, E_CANCELLED, "canceling statement due to user request");
		}
		numeric_encode(&product, &text);
		ends[i] = (uint32_t)text.size;
	}
	if (s == OK)
		s = call_strings(c, e, &text, ends, count, out);
	strbuf_fini(&text);
	numeric_fini(&product);
	numeric_fini(&factor);
	return s;
}

#define ROUNDING(fname, others, flags_, bind_, what, example_, answer) \
	{.name = fname, .aliases = others, .flags = flags_, .args = "**?", .bind = bind_, .description = what, \
	 .example = example_, \
	 .example_result = answer}

static const struct function rows[] = {
	ROUNDING("round", NULL, FUNCTION_CH | FUNCTION_NOCASE, bind_round, "Rounded to n digits.", "round(2.5)", "2"),
	ROUNDING("roundBankers", NULL, FUNCTION_CH, bind_round, "Rounded to n digits, half to even.", "roundBankers(25, -1)",
	         "20"),
	ROUNDING("floor", NULL, FUNCTION_CH | FUNCTION_NOCASE, bind_round, "Rounded down to n digits.", "floor(-2.7)", "-3"),
	ROUNDING("ceil", "~ceiling", FUNCTION_CH | FUNCTION_NOCASE, bind_round, "Rounded up to n digits.", "ceil(2.1)", "3"),
	ROUNDING("trunc", "~truncate", FUNCTION_CH | FUNCTION_NOCASE, bind_round, "Cut to n digits.", "trunc(2.78, 1)", "2.7"),
	ROUNDING("round", NULL, FUNCTION_PG, bind_round_pg, "Rounded to n digits.", "round(2.345, 2)", "2.35"),
	ROUNDING("floor", NULL, FUNCTION_PG, bind_round_pg, "Rounded down.", "floor(-2.7)", "-3"),
	ROUNDING("ceil", "ceiling", FUNCTION_PG, bind_round_pg, "Rounded up.", "ceil(2.1)", "3"),
	ROUNDING("trunc", NULL, FUNCTION_PG, bind_round_pg, "Cut to n digits.", "trunc(2.78, 1)", "2.7"),
	{.name = "scale", .flags = FUNCTION_PG, .args = "*", .result = "Int32", .bind = bind_scale, .exec = exec_scale,
	 .description = "The digits shown behind the point.", .example = "scale(1.50)", .example_result = "2"},
	{.name = "min_scale", .flags = FUNCTION_PG, .args = "*", .result = "Int32", .bind = bind_scale, .exec = exec_scale,
	 .description = "The digits needed behind the point.", .example = "min_scale(1.50)", .example_result = "1"},
	{.name = "trim_scale", .flags = FUNCTION_PG, .args = "*", .bind = bind_scale,
	 .exec = exec_trim_scale, .description = "The number without trailing zeros.", .example = "trim_scale(1.50)",
	 .example_result = "1.5"},
	{.name = "factorial", .flags = FUNCTION_PG, .args = "J", .bind = bind_factorial, .exec = exec_factorial,
	 .description = "n!", .example = "factorial(25)", .example_result = "15511210043330985984000000"},
};

FUNCTION_FAMILY(rounding, "Rounding");

// SPDX-License-Identifier: Apache-2.0
/* Decimals with a scale that is asked for: divideDecimal, multiplyDecimal, and toDecimalString. */
#include <stdio.h>

#include "column/numeric.h"
#include "func/cast.h"
#include "func/str_impl.h"
#include "kernel/kernel.h"

enum { DIGITS_MAX = 76, FLOAT_DIGITS_MAX = 60, INTEGER_DIGITS_MAX = 77 };

struct decimal_op {
	unsigned scale_a, scale_b, scale;
	bool divide;
};

static i256 load(const struct vector *v, uint32_t i)
{
	enum physical p = type_physical(v->type);
	i256 wide;
	kernels()->cast[p][PHYS_I256](&wide, (const char *)v->data + (v->form == VECTOR_CONST ? 0 : i) * physical_size(p), 1);
	return wide;
}

static bool is_zero(i256 v)
{
	return (v.limb[0] | v.limb[1] | v.limb[2] | v.limb[3]) == 0;
}

/* v times 10^up; false when it does not fit. A negative `up` cuts digits off. */
static bool rescale(i256 *v, int up)
{
	i256 rest;
	if (up > DIGITS_MAX)
		return is_zero(*v);
	if (up >= 0)
		return !i256_mul_overflow(*v, pow10_i256((unsigned)up), v);
	if (-up > DIGITS_MAX) {
		*v = i256_from_i64(0);
		return true;
	}
	i256_divmod(*v, pow10_i256((unsigned)-up), v, &rest);
	return true;
}

static bool apply(const struct decimal_op *op, i256 a, i256 b, i256 *out)
{
	i256 rest;
	if (op->divide) {
		/* a / 10^sa / (b / 10^sb) * 10^scale */
		int up = (int)op->scale + (int)op->scale_b - (int)op->scale_a;
		if (up < 0 ? !rescale(&b, -up) : !rescale(&a, up))
			return false;
		i256_divmod(a, b, out, &rest);
		return true;
	}
	return !i256_mul_overflow(a, b, out) && rescale(out, (int)op->scale - (int)op->scale_a - (int)op->scale_b);
}

static enum status exec_decimal(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	const struct decimal_op *op = c->state;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	i256 *to = v->data;
	for (uint32_t i = 0; i < count; i++) {
		i256 a = load(args[0], i), b = load(args[1], i);
		to[i] = i256_from_i64(0);
		if (eval_skips(e, i))
			continue;
		bool zero = op->divide && is_zero(b);
		if (zero || !apply(op, a, b, &to[i])) {
			vector_unref(v);
			return zero ? ERR(e->err, E_DIVISION_BY_ZERO, "Division by zero")
			            : ERR(e->err, E_DECIMAL_OVERFLOW, "Decimal math overflow");
		}
	}
	*out = v;
	return OK;
}

static enum status bind_decimal(struct bind_env *env, struct call *c)
{
	struct decimal_op *op = ARENA_NEW(env->arena, struct decimal_op);
	for (uint32_t i = 0; i < 2; i++)
		if (!type_is_decimal(c->arg_types[i]))
			return call_bad_type(env, c, i);
	op->divide = strcmp(c->function->name, "divideDecimal") == 0;
	op->scale_a = c->arg_types[0]->scale;
	op->scale_b = c->arg_types[1]->scale;
	op->scale = op->scale_a > op->scale_b ? op->scale_a : op->scale_b;
	int64_t scale;
	if (c->arg_count > 2) {
		if (!call_const_i64(c, 2, &scale))
			return call_bad_type(env, c, 2);
		if (scale < 0 || scale > DIGITS_MAX)
			return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "Scale %lld of function %.*s is out of bounds: 0 to %d",
			           (long long)scale, STR_ARG(c->name), DIGITS_MAX);
		op->scale = (unsigned)scale;
	}
	c->result = type_decimal(env->arena, DIGITS_MAX, op->scale);
	c->state = op;
	return OK;
}

/* ---- toDecimalString ---- */

/* A float with n digits behind the point: its exact digits, halves away from zero. */
static void put_float(struct strbuf *to, double d, unsigned n)
{
	enum { MORE = 30, WIDEST = 312 + FLOAT_DIGITS_MAX + MORE + 4 };
	char text[WIDEST];
	if (d != d || d - d != 0) {
		strbuf_putz(to, d != d ? "nan" : d < 0 ? "-inf" : "inf");
		return;
	}
	int size = snprintf(text, sizeof text, "%.*f", (int)n + MORE, d);
	char *cut = text + size - MORE, *p = cut;
	bool up = *cut >= '5';
	while (up && --p >= text) {
		if (*p < '0' || *p > '9')
			continue;
		up = *p == '9';
		*p = up ? '0' : (char)(*p + 1);
	}
	size_t kept = (size_t)(cut - text) - (n == 0); /* the point goes with the digits */
	if (text[0] == '-') {
		strbuf_putc(to, '-');
		kept--;
	}
	if (up)
		strbuf_putc(to, '1');
	strbuf_put(to, text + (text[0] == '-'), kept);
}

/* A number with exactly n digits behind the point. */
static enum status put_fixed(struct strbuf *to, const struct vector *v, uint32_t i, unsigned n, struct error *err)
{
	if (type_is_float(v->type)) {
		uint32_t at = v->form == VECTOR_CONST ? 0 : i;
		put_float(to, v->type->id == TYPE_FLOAT64 ? ((const double *)v->data)[at] : (double)((const float *)v->data)[at], n);
		return OK;
	}
	struct numeric value;
	numeric_init(&value);
	enum status s = numeric_from_i256(&value, load(v, i), type_is_decimal(v->type) ? v->type->scale : 0, err);
	if (s == OK)
		s = numeric_round(&value, (int)n, err);
	if (s == OK)
		numeric_format(&value, to);
	numeric_fini(&value);
	return s;
}

static enum status exec_string(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	struct i64_arg digits = i64_arg(args[1]);
	bool is_float = type_is_float(args[0]->type);
	int64_t most = is_float ? FLOAT_DIGITS_MAX : INTEGER_DIGITS_MAX;
	struct strings o;
	enum status s = OK;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		int64_t n = i64_arg_at(&digits, i);
		if (!eval_skips(e, i) && (n < 0 || n > most))
			s = ERR(e->err, E_CANNOT_PRINT_NUMBER, "Too many digits are requested of function %.*s: %lld, not more than %lld "
			        "are possible", STR_ARG(c->name), (long long)n, (long long)most);
		else if (!eval_skips(e, i))
			s = put_fixed(&o.text, args[0], i, (unsigned)n, e->err);
		strings_end(&o, i);
	}
	enum status finish = strings_finish(&o, c, e, s == OK ? count : 0, out);
	if (s != OK && finish == OK) {
		vector_unref(*out);
		*out = NULL;
	}
	return s != OK ? s : finish;
}

static enum status bind_string(struct bind_env *env, struct call *c)
{
	if (!type_is_number(c->arg_types[0]) || c->arg_types[0]->id == TYPE_NUMERIC)
		return call_bad_type(env, c, 0);
	return OK;
}

static const struct function rows[] = {
	FUNCTION_ROW("divideDecimal", NULL, FUNCTION_CH, "***?", NULL, bind_decimal, exec_decimal,
	             "The quotient of decimals at a scale.", "divideDecimal(toDecimal32('10', 1), toDecimal32('3', 1), 5)",
	             "3.33333"),
	FUNCTION_ROW("multiplyDecimal", NULL, FUNCTION_CH, "***?", NULL, bind_decimal, exec_decimal,
	             "The product of decimals at a scale.", "multiplyDecimal(toDecimal32('1.5', 1), toDecimal32('1.5', 1))",
	             "2.2"),
	FUNCTION_ROW("toDecimalString", NULL, CH_NOCASE, "*J", "String", bind_string, exec_string,
	             "A number with exactly n digits behind the point.", "toDecimalString(2.1456, 2)", "2.15"),
};

FUNCTION_FAMILY(decimal_more, "Decimals of a given scale");

// SPDX-License-Identifier: Apache-2.0
/* Roots, exponentials, logarithms and powers of PostgreSQL's numeric: found before those of double precision. */
#include <assert.h>

#include "column/numeric_math.h"
#include "func/str_impl.h"

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

static enum status compute(const struct call *c, const struct numeric *a, const struct numeric *b,
                           struct numeric *out, struct error *err)
{
	if (named(c, "sqrt"))
		return numeric_sqrt(a, out, err);
	if (named(c, "exp"))
		return numeric_exp(a, out, err);
	if (named(c, "ln"))
		return numeric_ln(a, out, err);
	if (named(c, "power") || named(c, "^"))
		return numeric_power(a, b, out, err);
	if (named(c, "sign")) {
		bool zero = numeric_is_zero(a), negative = a->sign == NUMERIC_NEGATIVE || a->sign == NUMERIC_MINUS_INFINITY;
		return numeric_is_nan(a) ? numeric_copy(out, a, err) : numeric_from_i128(out, zero ? 0 : negative ? -1 : 1, 0, err);
	}
	if (c->arg_count == 2)
		return numeric_log(a, b, out, err);
	struct numeric ten;
	numeric_init(&ten);
	enum status s = numeric_from_i128(&ten, 10, 0, err);
	if (s == OK)
		s = numeric_log(&ten, a, out, err);
	numeric_fini(&ten);
	return s;
}

static enum status exec_math(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	struct str_arg a = str_arg(args[0]), b = str_arg(args[c->arg_count - 1]);
	struct numeric x, y, result;
	struct strings o;
	enum status s = OK;
	numeric_init(&x);
	numeric_init(&y);
	numeric_init(&result);
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		if (!eval_skips(e, i)) {
			s = numeric_decode(&x, str_arg_at(&a, i), e->err);
			if (s == OK)
				s = numeric_decode(&y, str_arg_at(&b, i), e->err);
			if (s == OK)
				s = compute(c, &x, &y, &result, e->err);
			numeric_encode(&result, &o.text);
		}
		strings_end(&o, i);
	}
	numeric_fini(&x);
	numeric_fini(&y);
	numeric_fini(&result);
	if (s != OK) {
		strbuf_fini(&o.text);
		return s;
	}
	return strings_finish(&o, c, e, count, out);
}

/* One argument at least is a numeric, none is a float: integers alone are computed as double precision. */
static enum status bind_math(struct bind_env *env, struct call *c)
{
	bool numeric = false;
	for (uint32_t i = 0; i < c->arg_count; i++) {
		const struct type *t = c->arg_types[i];
		if (!type_is_number(t) || type_is_float(t) || t->id == TYPE_BOOL)
			return call_bad_type(env, c, i);
		numeric |= t->id == TYPE_NUMERIC || type_is_decimal(t) || t->id == TYPE_UINT64 ||
			physical_size(type_physical(t)) > 8;
	}
	if (!numeric)
		return call_bad_type(env, c, 0);
	for (uint32_t i = 0; i < c->arg_count; i++)
		if (c->arg_types[i]->id != TYPE_NUMERIC)
			c->arg_types[i] = type_simple(TYPE_NUMERIC);
	c->result = type_simple(TYPE_NUMERIC);
	return OK;
}

#define MATH(row_name, row_aliases, pattern, text, sample, answer) \
	FUNCTION_ROW(row_name, row_aliases, FUNCTION_PG, pattern, NULL, bind_math, exec_math, text, sample, answer)

static const struct function rows[] = {
	MATH("sqrt", NULL, "*", "The square root.", "sqrt(2.0)", "1.414213562373095"),
	MATH("exp", NULL, "*", "e to that power.", "exp(1.0)", "2.7182818284590452"),
	MATH("ln", NULL, "*", "The natural logarithm.", "ln(10.0)", "2.3025850929940457"),
	MATH("log", "log10", "*", "The decimal logarithm.", "log(100.0)", "2.0000000000000000"),
	MATH("log", NULL, "**", "The logarithm of the second to the base of the first.", "log(2.0, 8.0)",
	     "3.0000000000000000"),
	MATH("power", "pow", "**", "The first to the power of the second.", "power(2.0, 0.5)", "1.4142135623730950"),
	MATH("^", NULL, "**", "The first to the power of the second.", "2.0 ^ 3", "8.0000000000000000"),
	MATH("sign", NULL, "*", "-1, 0 or 1.", "sign(-8.4)", "-1"),
};

FUNCTION_FAMILY(arith_pg_math, "Powers and logarithms of numeric (PostgreSQL)");

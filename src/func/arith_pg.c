// SPDX-License-Identifier: Apache-2.0
/*
 * Arithmetic by PostgreSQL's rules: int2, int4, int8 keep the wider type and check overflow, numeric is exact with its
 * own scale, floats raise overflow, underflow and division by zero.
 *
 * Columns of numeric(p, s) are decimals. Sums and products of them that fit 38 digits stay decimals, since they are
 * exact and have PostgreSQL's scale; everything else is computed as Numeric. Integers wider than int8, which PostgreSQL
 * does not have, are computed in 128 or 256 bits.
 */
#include <assert.h>
#include <math.h>

#include "column/numeric.h"
#include "column/pginterval.h"
#include "func/arith_impl.h"

static size_t width_of(const struct type *t)
{
	return physical_size(type_physical(t));
}

static bool is_numeric(const struct type *t)
{
	return t->id == TYPE_NUMERIC || type_is_decimal(t);
}

static bool is_integer(const struct type *t)
{
	return type_is_integer(t);
}

/* ---- integers ---- */

static const char *out_of_range_text(const struct type *t)
{
	switch (t->id) {
	case TYPE_INT16:
		return "smallint out of range";
	case TYPE_INT32:
		return "integer out of range";
	case TYPE_INT64:
		return "bigint out of range";
	default:
		return "numeric field overflow";
	}
}

/* Bytes of the signed type that holds an integer operand. */
static size_t signed_width(const struct type *t)
{
	size_t w = width_of(t);
	return type_is_signed(t) ? (w < 2 ? 2 : w) : w >= 16 ? 32 : w * 2;
}

static const struct type *common_integer(const struct type *a, const struct type *b)
{
	size_t wa = signed_width(a), wb = signed_width(b);
	return arith_integer(true, wa > wb ? wa : wb);
}

static enum status use_checked(struct bind_env *env, struct call *c, enum kernel_arith op, const char *message)
{
	struct arith_kernel *k = ARENA_NEW(env->arena, struct arith_kernel);
	k->to = type_physical(c->result);
	for (int shape = 0; shape < KERNEL_SHAPES; shape++)
		k->checked[shape] = kernels()->checked[op][k->to][shape];
	k->overflow = E_OUT_OF_RANGE;
	k->message = message;
	c->state = k;
	c->exec = arith_exec_kernel;
	return OK;
}

static enum status bind_integers(struct bind_env *env, struct call *c, enum arith_op op)
{
	static const enum kernel_arith ops[] = {
		[ARITH_PLUS] = KERNEL_ADD, [ARITH_MINUS] = KERNEL_SUB, [ARITH_MULTIPLY] = KERNEL_MUL,
	};
	const struct type *common = common_integer(c->arg_types[0], c->arg_types[1]);
	if (op == ARITH_DIVIDE || op == ARITH_MODULO)
		return arith_bind_pg_division(env, c, op == ARITH_DIVIDE ? ARITH_INTDIV : op, common, out_of_range_text(common));
	c->result = common;
	return use_checked(env, c, ops[op], out_of_range_text(common));
}

/* ---- floats ---- */

struct float_op {
	struct arith_kernel kernel; /* first: arith_exec_kernel reads it */
	enum arith_op op;
};

static double load_double(const struct operand *o, uint32_t i)
{
	double d;
	kernels()->cast[o->physical][PHYS_F64](&d, o->data + i * o->step, 1);
	return d;
}

/* What is wrong with one row's result, or NULL. */
static const char *float_complaint(const struct float_op *f, double a, double b, double r)
{
	if (f->op == ARITH_DIVIDE && b == 0 && !isnan(a))
		return "division by zero";
	if (isinf(r) && !isinf(a) && !isinf(b))
		return "value out of range: overflow";
	if (r == 0 && f->op == ARITH_MULTIPLY && a != 0 && b != 0)
		return "value out of range: underflow";
	if (r == 0 && f->op == ARITH_DIVIDE && a != 0 && !isinf(b))
		return "value out of range: underflow";
	return NULL;
}

static enum status exec_float(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const struct float_op *f = c->state;
	struct operand a = operand_of(args[0]), b = operand_of(args[1]);
	TRY(arith_exec_kernel(c, e, args, count, out));
	struct operand r = operand_of(*out);
	for (uint32_t i = 0; i < count; i++) {
		double z = load_double(&r, i);
		if (likely(isfinite(z) && z != 0))
			continue;
		const char *complaint = float_complaint(f, load_double(&a, i), load_double(&b, i), z);
		if (complaint == NULL || eval_skips(e, i))
			continue;
		vector_unref(*out);
		*out = NULL;
		return ERR(e->err, complaint[0] == 'd' ? E_DIVISION_BY_ZERO : E_OUT_OF_RANGE, "%s", complaint);
	}
	return OK;
}

static enum status bind_floats(struct bind_env *env, struct call *c, enum arith_op op)
{
	static const enum kernel_arith ops[] = {
		[ARITH_PLUS] = KERNEL_ADD, [ARITH_MINUS] = KERNEL_SUB, [ARITH_MULTIPLY] = KERNEL_MUL, [ARITH_DIVIDE] = KERNEL_DIV,
	};
	if (op == ARITH_MODULO)
		return call_bad_type(env, c, 0);
	bool single = c->arg_types[0]->id == TYPE_FLOAT32 && c->arg_types[1]->id == TYPE_FLOAT32;
	struct float_op *f = ARENA_NEW(env->arena, struct float_op);
	c->result = type_simple(single ? TYPE_FLOAT32 : TYPE_FLOAT64);
	for (uint32_t i = 0; i < 2; i++)
		if (is_numeric(c->arg_types[i]))
			c->arg_types[i] = c->result;
	f->op = op;
	f->kernel.to = type_physical(c->result);
	for (int shape = 0; shape < KERNEL_SHAPES; shape++)
		f->kernel.fn[shape] = kernels()->arith[ops[op]][f->kernel.to][shape];
	c->state = f;
	c->exec = exec_float;
	return OK;
}

/* ---- numeric ---- */

typedef enum status (*numeric_op_fn)(const struct numeric *a, const struct numeric *b, struct numeric *out,
                                     struct error *err);

static enum status exec_numeric(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	numeric_op_fn op = *(const numeric_op_fn *)c->state;
	struct str_arg a = str_arg(args[0]), b = str_arg(args[1]);
	uint32_t *ends = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
	struct numeric x, y, z;
	struct strbuf text;
	enum status s = OK;
	numeric_init(&x);
	numeric_init(&y);
	numeric_init(&z);
	strbuf_init(&text, e->track);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		if (!eval_skips(e, i)) {
			if (i == 0 || a.stride != 0)
				s = numeric_decode(&x, str_arg_at(&a, i), e->err);
			if (s == OK && (i == 0 || b.stride != 0))
				s = numeric_decode(&y, str_arg_at(&b, i), e->err);
			if (s == OK)
				s = op(&x, &y, &z, e->err);
		} else if (i == 0 && s == OK) { /* constants are needed by the rows to come */
			if (a.stride == 0)
				s = numeric_decode(&x, str_arg_at(&a, 0), e->err);
			if (s == OK && b.stride == 0)
				s = numeric_decode(&y, str_arg_at(&b, 0), e->err);
		}
		if (s == OK)
			numeric_encode(&z, &text);
		ends[i] = (uint32_t)text.size;
	}
	if (s == OK)
		s = call_strings(c, e, &text, ends, count, out);
	strbuf_fini(&text);
	numeric_fini(&x);
	numeric_fini(&y);
	numeric_fini(&z);
	return s;
}

/* Digits before the point that an operand may have, and behind it; false for a Numeric that is no constant. */
static bool decimal_shape(const struct call *c, uint32_t i, unsigned *whole, unsigned *scale)
{
	const struct type *t = c->arg_types[i];
	struct numeric n;
	*scale = 0;
	if (type_is_integer(t)) {
		*whole = width_of(t) <= 2 ? 5 : width_of(t) == 4 ? 10 : 20;
		return width_of(t) <= 8;
	}
	if (type_is_decimal(t)) {
		*whole = t->precision - t->scale;
		*scale = t->scale;
		return width_of(t) <= 16;
	}
	if (c->constants[i] == NULL || c->constants[i]->type->id != TYPE_NUMERIC || vector_is_null(c->constants[i], 0))
		return false;
	numeric_init(&n);
	bool good = numeric_decode(&n, strview_str(c->constants[i]->data), NULL) == OK && !numeric_is_special(&n) &&
	            n.dscale <= 18 && n.weight < 4;
	*whole = n.weight < 0 ? 1 : (unsigned)(n.weight + 1) * 4;
	*scale = (unsigned)n.dscale;
	numeric_fini(&n);
	return good;
}

/* Sums and products that fit a decimal of 38 digits whatever the values: true when bound. */
static bool bind_decimals(struct bind_env *env, struct call *c, enum arith_op op)
{
	static const enum kernel_arith ops[] = {
		[ARITH_PLUS] = KERNEL_ADD, [ARITH_MINUS] = KERNEL_SUB, [ARITH_MULTIPLY] = KERNEL_MUL,
	};
	unsigned whole[2], scale[2];
	if (op == ARITH_DIVIDE || op == ARITH_MODULO ||
	    (!type_is_decimal(c->arg_types[0]) && !type_is_decimal(c->arg_types[1])))
		return false;
	for (uint32_t i = 0; i < 2; i++)
		if (!decimal_shape(c, i, &whole[i], &scale[i]))
			return false;
	bool product = op == ARITH_MULTIPLY;
	unsigned s = product ? scale[0] + scale[1] : scale[0] > scale[1] ? scale[0] : scale[1];
	unsigned w = product ? whole[0] + whole[1] : (whole[0] > whole[1] ? whole[0] : whole[1]) + 1;
	if (s + w > 38)
		return false;
	for (uint32_t i = 0; i < 2; i++)
		if (c->arg_types[i]->id == TYPE_NUMERIC)
			c->arg_types[i] = type_decimal(env->arena, whole[i] + scale[i], scale[i]);
	c->result = type_decimal(env->arena, s + w, s);
	(void)use_checked(env, c, ops[op], "value overflows numeric format");
	struct arith_kernel *k = c->state;
	if (!product) {
		k->rescales_a = scale[0] < s;
		k->rescales_b = scale[1] < s;
		k->factor_a = pow10_i256(s - scale[0]);
		k->factor_b = pow10_i256(s - scale[1]);
	}
	return true;
}

static enum status bind_numerics(struct bind_env *env, struct call *c, enum arith_op op)
{
	static const numeric_op_fn ops[] = {
		[ARITH_PLUS] = numeric_add, [ARITH_MINUS] = numeric_sub, [ARITH_MULTIPLY] = numeric_mul, [ARITH_DIVIDE] = numeric_div,
		[ARITH_MODULO] = numeric_mod, [ARITH_INTDIV] = numeric_div_trunc,
	};
	if (bind_decimals(env, c, op))
		return OK;
	c->arg_types[0] = c->arg_types[1] = c->result = type_simple(TYPE_NUMERIC);
	c->state = (void *)&ops[op];
	c->exec = exec_numeric;
	return OK;
}

/* ---- operators ---- */

static enum status bind_operator(struct bind_env *env, struct call *c, enum arith_op op)
{
	const struct type *a = c->arg_types[0], *b = c->arg_types[1];
	enum status s = OK;
	bool na = is_numeric(a), nb = is_numeric(b), fa = type_is_float(a), fb = type_is_float(b);
	bool numbers = (na || fa || is_integer(a)) && (nb || fb || is_integer(b));
	if (numbers && (fa || fb))
		return bind_floats(env, c, op);
	if (numbers && (na || nb))
		return bind_numerics(env, c, op);
	if (numbers)
		return bind_integers(env, c, op);
	if (arith_bind_pg_time(env, c, op, &s))
		return s;
	return call_bad_type(env, c, 0);
}

static enum status bind_plus(struct bind_env *env, struct call *c)
{
	return bind_operator(env, c, ARITH_PLUS);
}

static enum status bind_minus(struct bind_env *env, struct call *c)
{
	return bind_operator(env, c, ARITH_MINUS);
}

static enum status bind_multiply(struct bind_env *env, struct call *c)
{
	return bind_operator(env, c, ARITH_MULTIPLY);
}

static enum status bind_divide(struct bind_env *env, struct call *c)
{
	return bind_operator(env, c, ARITH_DIVIDE);
}

static enum status bind_modulo(struct bind_env *env, struct call *c)
{
	return bind_operator(env, c, ARITH_MODULO);
}

/* div(numeric, numeric) */
static enum status bind_div(struct bind_env *env, struct call *c)
{
	for (uint32_t i = 0; i < 2; i++)
		if (!is_numeric(c->arg_types[i]) && !is_integer(c->arg_types[i]))
			return call_bad_type(env, c, i);
	return bind_numerics(env, c, ARITH_INTDIV);
}

/* ---- one operand ---- */

/* -x and |x| of integers: 0 - x, checked; of the least one there is none. */
static enum status exec_sign(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	enum physical p = type_physical(c->result);
	bool absolute = c->function->name[0] == 'a' || c->function->name[0] == '@';
	size_t width = physical_size(p);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		i256 x, r, back;
		kernels()->cast[p][PHYS_I256](&x, (const char *)args[0]->data + i * width, 1);
		r = absolute && !i256_negative(x) ? x : u256_negate(x);
		kernels()->cast[PHYS_I256][p]((char *)v->data + i * width, &r, 1);
		kernels()->cast[p][PHYS_I256](&back, (char *)v->data + i * width, 1);
		if (memcmp(&back, &r, sizeof r) != 0 && !eval_skips(e, i)) {
			vector_unref(v);
			return ERR(e->err, E_OUT_OF_RANGE, "%s", out_of_range_text(c->result));
		}
	}
	*out = v;
	return OK;
}

static enum status exec_sign_float(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	enum physical p = type_physical(c->result);
	bool absolute = c->function->name[0] == 'a' || c->function->name[0] == '@';
	TRY(call_result(c, e, count, out));
	if (!absolute) {
		kernels()->negate[p]((*out)->data, args[0]->data, count);
		return OK;
	}
	for (uint32_t i = 0; i < count; i++) {
		if (p == PHYS_F64)
			((double *)(*out)->data)[i] = fabs(((const double *)args[0]->data)[i]);
		else
			((float *)(*out)->data)[i] = fabsf(((const float *)args[0]->data)[i]);
	}
	return OK;
}

static enum status exec_sign_numeric(const struct call *c, struct eval *e, const struct vector *const *args,
                                     uint32_t count, struct vector **out)
{
	bool absolute = c->function->name[0] == 'a' || c->function->name[0] == '@';
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
		if (absolute)
			numeric_abs(&n);
		else
			numeric_negate(&n);
		numeric_encode(&n, &text);
		ends[i] = (uint32_t)text.size;
	}
	if (s == OK)
		s = call_strings(c, e, &text, ends, count, out);
	strbuf_fini(&text);
	numeric_fini(&n);
	return s;
}

static enum status exec_negate_interval(const struct call *c, struct eval *e, const struct vector *const *args,
                                        uint32_t count, struct vector **out)
{
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		struct pginterval p = pginterval_at(args[0]->data, i);
		if (pginterval_negate(p, &p) && !eval_skips(e, i)) {
			vector_unref(v);
			return ERR(e->err, E_DATETIME_OVERFLOW, "interval out of range");
		}
		pginterval_put(v->data, i, p);
	}
	*out = v;
	return OK;
}

static enum status bind_sign(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	bool negates = c->function->name[0] == 'n';
	if (t->id == TYPE_NOTHING || t->face == FACE_UNKNOWN)
		t = c->arg_types[0] = type_simple(TYPE_FLOAT64);
	if (is_integer(t)) {
		c->result = c->arg_types[0] = arith_integer(true, signed_width(t));
		c->exec = exec_sign;
	} else if (type_is_decimal(t)) {
		c->result = t;
		c->exec = exec_sign;
	} else if (type_is_float(t)) {
		c->result = t;
		c->exec = exec_sign_float;
	} else if (t->id == TYPE_NUMERIC) {
		c->result = t;
		c->exec = exec_sign_numeric;
	} else if (negates && (t->id == TYPE_PGINTERVAL || t->id == TYPE_INTERVAL)) {
		c->result = c->arg_types[0] = type_simple(TYPE_PGINTERVAL);
		c->exec = exec_negate_interval;
	} else {
		return call_bad_type(env, c, 0);
	}
	return OK;
}

static const struct function rows[] = {
	{.name = "plus", .flags = FUNCTION_PG, .args = "**", .bind = bind_plus,
	 .description = "The sum; of a date or time and an interval, a later one.", .example = "1 + 1.50",
	 .example_result = "2.50"},
	{.name = "minus", .flags = FUNCTION_PG, .args = "**", .bind = bind_minus,
	 .description = "The difference; of two dates, days.", .example = "date '2020-01-31' - date '2020-01-01'",
	 .example_result = "30"},
	{.name = "multiply", .flags = FUNCTION_PG, .args = "**", .bind = bind_multiply, .description = "The product.",
	 .example = "1.10 * 2.20", .example_result = "2.4200"},
	{.name = "divide", .flags = FUNCTION_PG, .args = "**", .bind = bind_divide,
	 .description = "The quotient; of integers, cut toward zero.", .example = "-5 / 2", .example_result = "-2"},
	{.name = "modulo", .aliases = "mod", .flags = FUNCTION_PG, .args = "**", .bind = bind_modulo,
	 .description = "The remainder, with the sign of the dividend.", .example = "mod(-7.5, 2)", .example_result = "-1.5"},
	{.name = "div", .flags = FUNCTION_PG, .args = "**", .bind = bind_div,
	 .description = "The quotient of two numerics cut to an integer.", .example = "div(7.5, 2)", .example_result = "3"},
	{.name = "negate", .flags = FUNCTION_PG, .args = "*", .bind = bind_sign,
	 .description = "The value with the other sign.", .example = "- interval '1 day'", .example_result = "-1 days"},
	{.name = "abs", .flags = FUNCTION_PG, .args = "*", .bind = bind_sign, .description = "The value without its sign.",
	 .example = "abs(-5.5)", .example_result = "5.5"},
	{.name = "@", .flags = FUNCTION_PG, .args = "*", .bind = bind_sign, .description = "The value without its sign.",
	 .example = "@ -5", .example_result = "5"},
};

FUNCTION_FAMILY(arith_pg, "Arithmetic (PostgreSQL)");

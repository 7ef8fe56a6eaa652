// SPDX-License-Identifier: Apache-2.0
/*
 * Decimals by ClickHouse's rules: sums at the greater scale, products at the sum of the scales, quotients at the
 * dividend's scale; the widest operand's integer decides the width; overflow is an error. Beside a float they are
 * floats.
 */
#include <assert.h>

#include "func/arith_impl.h"

/* The digits that the integer of a decimal has room for. */
static unsigned digits_of(const struct type *t)
{
	size_t size = type_is_decimal(t) ? physical_size(type_physical(t)) : 4;
	return size == 4 ? 9 : size == 8 ? 18 : size == 16 ? 38 : 76;
}

static unsigned scale_of(const struct type *t)
{
	return type_is_decimal(t) ? t->scale : 0;
}


static enum status bind_exact(struct bind_env *env, struct call *c, enum arith_op op)
{
	static const enum kernel_arith ops[] = {
		[ARITH_PLUS] = KERNEL_ADD, [ARITH_MINUS] = KERNEL_SUB, [ARITH_MULTIPLY] = KERNEL_MUL,
	};
	const struct type *a = c->arg_types[0], *b = c->arg_types[1];
	unsigned digits = digits_of(a) > digits_of(b) ? digits_of(a) : digits_of(b), sa = scale_of(a), sb = scale_of(b);
	unsigned scale = op == ARITH_MULTIPLY ? sa + sb : sa > sb ? sa : sb;
	if (scale > digits)
		return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "Scale %u is out of bounds (precision: %u)", scale, digits);
	c->result = type_decimal(env->arena, digits, scale);
	struct arith_kernel *k = ARENA_NEW(env->arena, struct arith_kernel);
	k->to = type_physical(c->result);
	for (int shape = 0; shape < KERNEL_SHAPES; shape++)
		k->checked[shape] = kernels()->checked[ops[op]][k->to][shape];
	if (op != ARITH_MULTIPLY) {
		k->rescales_a = sa < scale;
		k->rescales_b = sb < scale;
		k->factor_a = pow10_i256(scale - sa);
		k->factor_b = pow10_i256(scale - sb);
	}
	k->overflow = E_DECIMAL_OVERFLOW;
	k->message = "Decimal math overflow";
	c->state = k;
	c->exec = arith_exec_kernel;
	return OK;
}

/* ---- quotients and remainders ---- */

struct decimal_division {
	enum arith_op op;
	unsigned scale_a, scale_b;
};

static bool is_zero(i256 v)
{
	return (v.limb[0] | v.limb[1] | v.limb[2] | v.limb[3]) == 0;
}

/* One row; NULL or the complaint. */
static const char *divide_row(const struct decimal_division *d, i256 a, i256 b, i256 *out)
{
	i256 quotient, rest;
	if (is_zero(b))
		return "Division by zero";
	if (d->op == ARITH_DIVIDE) {
		if (i256_mul_overflow(a, pow10_i256(d->scale_b), &a))
			return "Decimal math overflow";
		i256_divmod(a, b, out, &rest);
		return NULL;
	}
	unsigned scale = d->scale_a > d->scale_b ? d->scale_a : d->scale_b;
	if (i256_mul_overflow(a, pow10_i256(scale - d->scale_a), &a) ||
	    i256_mul_overflow(b, pow10_i256(scale - d->scale_b), &b))
		return "Decimal math overflow";
	i256_divmod(a, b, &quotient, &rest);
	*out = d->op == ARITH_INTDIV ? quotient : rest;
	return NULL;
}

static enum status exec_divide(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	const struct decimal_division *d = c->state;
	struct operand a = operand_of(args[0]), b = operand_of(args[1]);
	enum physical to = type_physical(c->result);
	size_t width = physical_size(to);
	bool narrow = a.width <= 8 && b.width <= 8 && d->op == ARITH_DIVIDE && d->scale_b <= 18;
	i128 factor = pow10_i128(d->scale_b <= 38 ? d->scale_b : 0);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		i256 x, y, r = {{0, 0, 0, 0}}, back;
		const char *complaint = NULL;
		kernels()->cast[a.physical][PHYS_I256](&x, a.data + i * a.step, 1);
		kernels()->cast[b.physical][PHYS_I256](&y, b.data + i * b.step, 1);
		if (narrow && y.limb[0] != 0)
			r = i256_from_i128((int64_t)x.limb[0] * factor / (int64_t)y.limb[0]);
		else
			complaint = divide_row(d, x, y, &r);
		char *place = (char *)v->data + i * width;
		kernels()->cast[PHYS_I256][to](place, &r, 1);
		kernels()->cast[to][PHYS_I256](&back, place, 1);
		if (complaint == NULL && memcmp(&back, &r, sizeof r) != 0)
			complaint = "Decimal math overflow";
		if (unlikely(complaint != NULL) && !eval_skips(e, i)) {
			vector_unref(v);
			return ERR(e->err, is_zero(y) ? E_DIVISION_BY_ZERO : E_DECIMAL_OVERFLOW, "%s", complaint);
		}
	}
	*out = v;
	return OK;
}

static enum status bind_divide(struct bind_env *env, struct call *c, enum arith_op op)
{
	const struct type *a = c->arg_types[0], *b = c->arg_types[1];
	unsigned digits = digits_of(a) > digits_of(b) ? digits_of(a) : digits_of(b), sa = scale_of(a), sb = scale_of(b);
	struct decimal_division *d = ARENA_NEW(env->arena, struct decimal_division);
	*d = (struct decimal_division){op, sa, sb};
	if (op == ARITH_DIVIDE) {
		if (sa < sb && type_is_decimal(a))
			return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "Decimal result's scale is less than argument's one");
		c->result = type_decimal(env->arena, digits, sa);
	} else if (op == ARITH_MODULO) {
		c->result = type_decimal(env->arena, digits, sa > sb ? sa : sb);
	} else {
		c->result = arith_integer(true, digits == 9 ? 4 : digits == 18 ? 8 : digits == 38 ? 16 : 32);
	}
	c->state = d;
	c->exec = exec_divide;
	return OK;
}

/* What the operators' rows are to a call over decimals: it may overflow, so the evaluator runs it only where it must.
 * */
#define EXACT(fname) {.name = fname, .flags = FUNCTION_CH, .args = "**", .family = "arithmetic"}
static const struct function exact_rows[ARITH_OP_COUNT] = {
	[ARITH_PLUS] = EXACT("plus"), [ARITH_MINUS] = EXACT("minus"), [ARITH_MULTIPLY] = EXACT("multiply"),
	[ARITH_DIVIDE] = EXACT("divide"), [ARITH_INTDIV] = EXACT("intDiv"), [ARITH_MODULO] = EXACT("modulo"),
};

enum status arith_bind_decimal(struct bind_env *env, struct call *c, enum arith_op op)
{
	for (uint32_t i = 0; i < 2; i++)
		if (!type_is_decimal(c->arg_types[i]) && !arith_is_integer(c->arg_types[i]) && !type_is_float(c->arg_types[i]))
			return E_ILLEGAL_TYPE_OF_ARGUMENT;
	for (uint32_t i = 0; i < 2; i++) {
		if (!type_is_float(c->arg_types[i]))
			continue;
		c->arg_types[0] = c->arg_types[1] = type_simple(TYPE_FLOAT64);
		return op == ARITH_INTDIV || op == ARITH_MODULO ? arith_bind_division(env, c, op, 'e', false)
		                                                : arith_bind_number(env, c, op);
	}
	c->function = &exact_rows[op];
	if (op == ARITH_DIVIDE || op == ARITH_INTDIV || op == ARITH_MODULO)
		return bind_divide(env, c, op);
	return bind_exact(env, c, op);
}

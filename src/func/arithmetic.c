// SPDX-License-Identifier: Apache-2.0
/*
 * Arithmetic by ClickHouse's rules: types grow so that sums and products of narrow integers fit, 64 bits wrap; decimals
 * are checked. The operators' rows stand here; the files arith_*.c bind the kinds of operands.
 */
#include <assert.h>

#include "func/arith_impl.h"
#include "func/cast.h"

enum { CHUNK = 256, CHUNK_BYTES = CHUNK * 32 };

/* ---- types ---- */

const struct type *arith_integer(bool is_signed, size_t bytes)
{
	static const uint8_t ids[2][6] = {
		{TYPE_UINT8, TYPE_UINT16, TYPE_UINT32, TYPE_UINT64, TYPE_UINT128, TYPE_UINT256},
		{TYPE_INT8, TYPE_INT16, TYPE_INT32, TYPE_INT64, TYPE_INT128, TYPE_INT256},
	};
	return type_simple(ids[is_signed][ctz32((uint32_t)bytes)]);
}

size_t arith_next_size(size_t bytes)
{
	return bytes < 8 ? bytes * 2 : bytes;
}

bool arith_is_integer(const struct type *t)
{
	return type_is_integer(t) || t->id == TYPE_BOOL || t->id == TYPE_IPV4;
}

static bool is_plain_number(const struct type *t)
{
	return arith_is_integer(t) || type_is_float(t);
}

static size_t width_of(const struct type *t)
{
	return physical_size(type_physical(t));
}

static const struct type *sum_type(const struct type *a, const struct type *b, enum arith_op op)
{
	if (type_is_float(a) || type_is_float(b))
		return type_simple(TYPE_FLOAT64);
	size_t wa = width_of(a), wb = width_of(b);
	bool is_signed = type_is_signed(a) || type_is_signed(b) || op == ARITH_MINUS;
	return arith_integer(is_signed, arith_next_size(wa > wb ? wa : wb));
}

/* ---- running kernels over chunks ---- */

/* `n` values of an operand from row `from` on, as `to`: where they are, or cast into `room`. */
static const void *chunk_of(const struct operand *o, uint32_t from, uint32_t n, enum physical to, char *room)
{
	const char *at = o->data + from * o->step;
	if (o->physical == to)
		return at;
	kernels()->cast[o->physical][to](room, at, o->step == 0 ? 1 : n);
	return room;
}

/* The operands of a chunk at the common scale. */
struct chunk {
	const void *a, *b;
	bool over;
	_Alignas(64) char room[4][CHUNK_BYTES];
};

static void load_chunk(const struct arith_kernel *k, struct chunk *c, const struct operand *a, const struct operand *b,
                       uint32_t from, uint32_t n)
{
	kernel_checked_fn multiply = kernels()->checked[KERNEL_MUL][k->to][KERNEL_VC];
	c->a = chunk_of(a, from, n, k->to, c->room[0]);
	c->b = chunk_of(b, from, n, k->to, c->room[1]);
	c->over = false;
	if (k->rescales_a) { /* little endian: the low bytes of the factor are the narrower one */
		c->over |= multiply(c->room[2], c->a, &k->factor_a, a->step == 0 ? 1 : n);
		c->a = c->room[2];
	}
	if (k->rescales_b) {
		c->over |= multiply(c->room[3], c->b, &k->factor_b, b->step == 0 ? 1 : n);
		c->b = c->room[3];
	}
}

/* Whether some row of a chunk that overflowed matters. */
static bool overflow_matters(const struct arith_kernel *k, const struct eval *e, struct chunk *chunk,
                             const struct operand *a, const struct operand *b, uint32_t from, uint32_t n)
{
	_Alignas(32) char result[32];
	for (uint32_t i = from; i < from + n; i++) {
		if (eval_skips(e, i))
			continue;
		load_chunk(k, chunk, a, b, i, 1);
		if (chunk->over || k->checked[KERNEL_VV](result, chunk->a, chunk->b, 1))
			return true;
	}
	return false;
}

enum status arith_exec_kernel(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const struct arith_kernel *k = c->state;
	struct operand a = operand_of(args[0]), b = operand_of(args[1]);
	enum kernel_shape shape = shape_of(&a, &b);
	size_t width = physical_size(type_physical(c->result));
	struct chunk chunk;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t from = 0; from < count; from += CHUNK) {
		uint32_t n = count - from < CHUNK ? count - from : CHUNK;
		char *to = (char *)v->data + from * width;
		load_chunk(k, &chunk, &a, &b, from, n);
		if (k->checked[shape] == NULL) {
			k->fn[shape](to, chunk.a, chunk.b, n);
			continue;
		}
		bool over = k->checked[shape](to, chunk.a, chunk.b, n);
		if (unlikely(over || chunk.over) && overflow_matters(k, e, &chunk, &a, &b, from, n)) {
			vector_unref(v);
			return ERR(e->err, k->overflow, "%s", k->message);
		}
	}
	*out = v;
	return OK;
}

static enum status use_kernel(struct bind_env *env, struct call *c, enum kernel_arith op, const struct type *to)
{
	struct arith_kernel *k = ARENA_NEW(env->arena, struct arith_kernel);
	k->to = type_physical(to);
	for (int shape = 0; shape < KERNEL_SHAPES; shape++)
		k->fn[shape] = kernels()->arith[op][k->to][shape];
	assert(k->fn[0] != NULL);
	c->state = k;
	c->exec = arith_exec_kernel;
	return OK;
}

/* ---- binding ---- */

enum status arith_bind_number(struct bind_env *env, struct call *c, enum arith_op op)
{
	static const enum kernel_arith ops[] = {
		[ARITH_PLUS] = KERNEL_ADD, [ARITH_MINUS] = KERNEL_SUB, [ARITH_MULTIPLY] = KERNEL_MUL, [ARITH_DIVIDE] = KERNEL_DIV,
	};
	const struct type *a = c->arg_types[0], *b = c->arg_types[1];
	if (!is_plain_number(a) || !is_plain_number(b))
		return E_ILLEGAL_TYPE_OF_ARGUMENT;
	c->result = op == ARITH_DIVIDE ? type_simple(TYPE_FLOAT64) : sum_type(a, b, op);
	return use_kernel(env, c, ops[op], c->result);
}

static enum status bad_pair(struct bind_env *env, const struct call *c)
{
	if (env->session->dialect == DIALECT_POSTGRESQL)
		return call_bad_type(env, c, 0);
	return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "Illegal types %.*s and %.*s of arguments of function %.*s",
	           STR_ARG(type_name(env->arena, c->arg_types[0])), STR_ARG(type_name(env->arena, c->arg_types[1])),
	           STR_ARG(c->name));
}

static enum status bind_operator(struct bind_env *env, struct call *c, enum arith_op op)
{
	enum status s = OK;
	const struct type *a = c->arg_types[0], *b = c->arg_types[1];
	if (type_is_decimal(a) || type_is_decimal(b))
		s = arith_bind_decimal(env, c, op);
	else if (op == ARITH_INTDIV || op == ARITH_MODULO)
		s = arith_bind_division(env, c, op, 'e', false);
	else
		s = arith_bind_number(env, c, op);
	if (s == E_ILLEGAL_TYPE_OF_ARGUMENT && !error_is_set(env->err) && !arith_bind_time(env, c, op, &s) &&
	    !arith_bind_nested(env, c, op, &s))
		s = bad_pair(env, c);
	return s;
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

static enum status bind_intdiv(struct bind_env *env, struct call *c)
{
	return bind_operator(env, c, ARITH_INTDIV);
}

static enum status bind_modulo(struct bind_env *env, struct call *c)
{
	return bind_operator(env, c, ARITH_MODULO);
}

/* intDivOrZero, moduloOrZero, intDivOrNull, moduloOrNull, positiveModulo */
static enum status bind_division_variant(struct bind_env *env, struct call *c)
{
	struct str name = str_of(c->function->name);
	enum arith_op op = str_starts_with(name, STR("intDiv")) ? ARITH_INTDIV : ARITH_MODULO;
	char zero = str_ends_with(name, STR("OrZero")) ? '0' : str_ends_with(name, STR("OrNull")) ? 'n' : 'e';
	enum status s = arith_bind_division(env, c, op, zero, str_starts_with(name, STR("positive")));
	return s == E_ILLEGAL_TYPE_OF_ARGUMENT && !error_is_set(env->err) ? bad_pair(env, c) : s;
}

/* divideOrNull: NULL instead of an infinity */
static enum status exec_divide_or_null(const struct call *c, struct eval *e, const struct vector *const *args,
                                       uint32_t count, struct vector **out)
{
	TRY(arith_exec_kernel(c, e, args, count, out));
	struct operand b = operand_of(args[1]);
	uint8_t zero[BATCH_ROWS_MAX];
	for (uint32_t from = 0; from < count; from += BATCH_ROWS_MAX) {
		uint32_t n = count - from < BATCH_ROWS_MAX ? count - from : BATCH_ROWS_MAX;
		kernels()->is_zero[b.physical](zero, b.data + from * b.step, b.step == 0 ? 1 : n);
		for (uint32_t i = 0; i < n; i++) {
			if (!zero[b.step == 0 ? 0 : i])
				continue;
			TRY(vector_make_nulls(*out, e->track, e->err));
			bit_set((*out)->nulls, from + i);
		}
	}
	return OK;
}

static enum status bind_divide_or_null(struct bind_env *env, struct call *c)
{
	enum status s = arith_bind_number(env, c, ARITH_DIVIDE);
	if (s != OK)
		return bad_pair(env, c);
	c->result = type_nullable(env->arena, c->result);
	c->exec = exec_divide_or_null;
	return OK;
}

/* ---- one operand ---- */

static enum status exec_negate(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	enum physical from = type_physical(args[0]->type), to = type_physical(c->result);
	TRY(call_result(c, e, count, out));
	void *data = (*out)->data;
	if (from == to) {
		kernels()->negate[to](data, args[0]->data, count);
		return OK;
	}
	kernels()->cast[from][to](data, args[0]->data, count);
	_Alignas(64) char room[CHUNK_BYTES];
	size_t width = physical_size(to);
	for (uint32_t at = 0; at < count; at += CHUNK) {
		uint32_t n = count - at < CHUNK ? count - at : CHUNK;
		kernels()->negate[to](room, (char *)data + at * width, n);
		memcpy((char *)data + at * width, room, n * width);
	}
	return OK;
}

static enum status bind_negate(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	if (type_is_float(t) || type_is_decimal(t) || t->id == TYPE_INTERVAL)
		c->result = t;
	else if (arith_is_integer(t))
		c->result = type_is_signed(t) ? t : arith_integer(true, arith_next_size(width_of(t)));
	else
		return call_bad_type(env, c, 0);
	return OK;
}

/* |x|: the greater of x and -x, read as unsigned where it is an integer. */
static enum status exec_abs(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	enum physical p = type_physical(args[0]->type);
	size_t width = physical_size(p);
	_Alignas(64) char minus[CHUNK_BYTES];
	TRY(call_result(c, e, count, out));
	for (uint32_t from = 0; from < count; from += CHUNK) {
		uint32_t n = count - from < CHUNK ? count - from : CHUNK;
		const char *in = (const char *)args[0]->data + from * width;
		kernels()->negate[p](minus, in, n);
		kernels()->arith[KERNEL_MAX][p][KERNEL_VV]((char *)(*out)->data + from * width, minus, in, n);
	}
	return OK;
}

static enum status exec_same(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	*out = vector_ref(args[0]);
	return OK;
}

static enum status bind_abs(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	if (!is_plain_number(t) && !type_is_decimal(t))
		return call_bad_type(env, c, 0);
	c->result = t;
	if (arith_is_integer(t) && type_is_signed(t))
		c->result = arith_integer(false, width_of(t));
	else if (arith_is_integer(t))
		c->exec = exec_same;
	return OK;
}

/* ---- greatest common divisor ---- */

static u128 gcd_of(u128 a, u128 b)
{
	while (b != 0) {
		u128 rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

static enum status exec_gcd(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	struct operand a = operand_of(args[0]), b = operand_of(args[1]);
	bool lcm = c->function->name[0] == 'l';
	enum physical to = type_physical(c->result);
	size_t width = physical_size(to);
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		i128 x, y;
		kernels()->cast[a.physical][PHYS_I128](&x, a.data + i * a.step, 1);
		kernels()->cast[b.physical][PHYS_I128](&y, b.data + i * b.step, 1);
		u128 ux = x < 0 ? -(u128)x : (u128)x, uy = y < 0 ? -(u128)y : (u128)y, g = gcd_of(ux, uy);
		i128 r = (i128)(!lcm ? g : g == 0 ? 0 : ux / g * uy);
		kernels()->cast[PHYS_I128][to]((char *)(*out)->data + i * width, &r, 1);
	}
	return OK;
}

static enum status bind_gcd(struct bind_env *env, struct call *c)
{
	for (uint32_t i = 0; i < 2; i++)
		if (!type_is_integer(c->arg_types[i]) || width_of(c->arg_types[i]) > 8)
			return call_bad_type(env, c, i);
	c->result = sum_type(c->arg_types[0], c->arg_types[1], ARITH_PLUS);
	return OK;
}

/* ---- rounding down to powers of two ---- */

static enum status exec_round_exp2(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	enum physical p = type_physical(args[0]->type);
	size_t width = physical_size(p);
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		const char *in = (const char *)args[0]->data + i * width;
		char *to = (char *)(*out)->data + i * width;
		if (p == PHYS_F64 || p == PHYS_F32) { /* the mantissa's bits go */
			memset(to, 0, width);
			if (p == PHYS_F64) {
				uint64_t bits;
				memcpy(&bits, in, 8);
				bits &= ~low_mask64(52);
				memcpy(to, &bits, 8);
			} else {
				uint32_t bits;
				memcpy(&bits, in, 4);
				bits &= ~(uint32_t)low_mask64(23);
				memcpy(to, &bits, 4);
			}
			continue;
		}
		i128 v;
		kernels()->cast[p][PHYS_I128](&v, in, 1);
		uint64_t high = (uint64_t)((u128)v >> 64), low = (uint64_t)v;
		i128 r = v <= 0 ? 0 : high != 0 ? (i128)1 << (64 + bit_width64(high) - 1) : (i128)((u128)1 << (bit_width64(low) - 1));
		kernels()->cast[PHYS_I128][p](to, &r, 1);
	}
	return OK;
}

static enum status bind_round_exp2(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	if (!is_plain_number(t) || width_of(t) > 16)
		return call_bad_type(env, c, 0);
	c->result = t;
	return OK;
}

static const struct function rows[] = {
	{.name = "plus", .flags = FUNCTION_CH | FUNCTION_CHEAP, .args = "**", .bind = bind_plus,
	 .description = "The sum; of a date or time and a number or interval, a later one.", .example = "plus(200, 100)",
	 .example_result = "300"},
	{.name = "minus", .flags = FUNCTION_CH | FUNCTION_CHEAP, .args = "**", .bind = bind_minus,
	 .description = "The difference.", .example = "minus(1, 2)", .example_result = "-1"},
	{.name = "multiply", .flags = FUNCTION_CH | FUNCTION_CHEAP, .args = "**", .bind = bind_multiply,
	 .description = "The product.", .example = "multiply(20, 20)", .example_result = "400"},
	{.name = "divide", .flags = FUNCTION_CH | FUNCTION_CHEAP, .args = "**", .bind = bind_divide,
	 .description = "The quotient as Float64; of decimals, a decimal.", .example = "divide(1, 2)",
	 	.example_result = "0.5"},
	{.name = "divideOrNull", .flags = FUNCTION_CH, .args = "**", .bind = bind_divide_or_null,
	 .description = "The quotient; NULL where the divisor is zero.", .example = "divideOrNull(1, 0)",
	 .example_result = "\\N"},
	{.name = "intDiv", .flags = FUNCTION_CH, .args = "**", .bind = bind_intdiv,
	 .description = "The quotient cut to an integer.", .example = "intDiv(-7, 2)", .example_result = "-3"},
	{.name = "intDivOrZero", .flags = FUNCTION_CH, .args = "**", .bind = bind_division_variant,
	 .description = "The quotient cut to an integer; 0 where the divisor is zero.", .example = "intDivOrZero(1, 0)",
	 .example_result = "0"},
	{.name = "intDivOrNull", .flags = FUNCTION_CH, .args = "**", .bind = bind_division_variant,
	 .description = "The quotient cut to an integer; NULL where the divisor is zero.", .example = "intDivOrNull(1, 0)",
	 .example_result = "\\N"},
	{.name = "modulo", .aliases = "~mod", .flags = FUNCTION_CH, .args = "**", .bind = bind_modulo,
	 .description = "The remainder, with the sign of the dividend.", .example = "modulo(-7, 3)", .example_result = "-1"},
	{.name = "moduloOrZero", .flags = FUNCTION_CH, .args = "**", .bind = bind_division_variant,
	 .description = "The remainder; 0 where the divisor is zero.", .example = "moduloOrZero(5, 0)", .example_result = "0"},
	{.name = "moduloOrNull", .aliases = "modOrNull", .flags = FUNCTION_CH, .args = "**", .bind = bind_division_variant,
	 .description = "The remainder; NULL where the divisor is zero.", .example = "moduloOrNull(1, 0)",
	 .example_result = "\\N"},
	{.name = "positiveModulo", .aliases = "~positive_modulo ~pmod", .flags = FUNCTION_CH, .args = "**",
	 .bind = bind_division_variant, .description = "The remainder, never negative.", .example = "positiveModulo(-1, 3)",
	 .example_result = "2"},
	{.name = "negate", .flags = FUNCTION_CH | FUNCTION_CHEAP, .args = "*", .bind = bind_negate, .exec = exec_negate,
	 .description = "The value with the other sign.", .example = "negate(10)", .example_result = "-10"},
	{.name = "abs", .flags = FUNCTION_CH | FUNCTION_NOCASE | FUNCTION_CHEAP, .args = "*", .bind = bind_abs,
	 .exec = exec_abs, .description = "The value without its sign.", .example = "abs(-5)", .example_result = "5"},
	{.name = "gcd", .flags = FUNCTION_CH, .args = "**", .bind = bind_gcd, .exec = exec_gcd,
	 .description = "The greatest common divisor.", .example = "gcd(12, 18)", .example_result = "6"},
	{.name = "lcm", .flags = FUNCTION_CH, .args = "**", .bind = bind_gcd, .exec = exec_gcd,
	 .description = "The least common multiple.", .example = "lcm(4, 6)", .example_result = "12"},
	{.name = "roundToExp2", .flags = FUNCTION_CH, .args = "*", .bind = bind_round_exp2, .exec = exec_round_exp2,
	 .description = "The power of two at or below the value.", .example = "roundToExp2(100)", .example_result = "64"},
};

FUNCTION_FAMILY(arithmetic, "Arithmetic");

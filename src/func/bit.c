// SPDX-License-Identifier: Apache-2.0
/* Bits of integers: and, or, xor, not, shifts, tests, counts. */
#include <assert.h>

#include "func/arith_impl.h"

static size_t width_of(const struct type *t)
{
	return physical_size(type_physical(t));
}

/* ---- and, or, xor: kernels ---- */

static enum status bind_logic(struct bind_env *env, struct call *c)
{
	const struct type *a = c->arg_types[0], *b = c->arg_types[1];
	const char *name = c->function->name;
	bool is_and = strcmp(name, "bitAnd") == 0 || strcmp(name, "&") == 0;
	bool is_or = strcmp(name, "bitOr") == 0 || strcmp(name, "|") == 0;
	enum kernel_arith op = is_and ? KERNEL_AND : is_or ? KERNEL_OR : KERNEL_XOR;
	for (uint32_t i = 0; i < 2; i++)
		if (!arith_is_integer(c->arg_types[i]))
			return call_bad_type(env, c, i);
	size_t wa = width_of(a), wb = width_of(b);
	c->result = arith_integer(type_is_signed(a) || type_is_signed(b), wa > wb ? wa : wb);
	struct arith_kernel *k = ARENA_NEW(env->arena, struct arith_kernel);
	k->to = type_physical(c->result);
	for (int shape = 0; shape < KERNEL_SHAPES; shape++)
		k->fn[shape] = kernels()->arith[op][k->to][shape];
	c->state = k;
	c->exec = arith_exec_kernel;
	return OK;
}

/* ---- loops over 256-bit copies for the rest: none of them is hot ---- */

static i256 load(const struct operand *o, uint32_t i)
{
	i256 v;
	kernels()->cast[o->physical][PHYS_I256](&v, o->data + i * o->step, 1);
	return v;
}

/* The bits of the value's own width only. */
static u256 load_bits(const struct operand *o, uint32_t i)
{
	u256 v = {{0, 0, 0, 0}};
	memcpy(&v, o->data + i * o->step, o->width);
	return v;
}

static enum status exec_not(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	size_t bytes = width_of(c->result) * count;
	TRY(call_result(c, e, count, out));
	const uint8_t *in = args[0]->data;
	uint8_t *to = (*out)->data;
	for (size_t i = 0; i < bytes; i++)
		to[i] = (uint8_t)~in[i];
	return OK;
}

static enum status bind_integer(struct bind_env *env, struct call *c)
{
	for (uint32_t i = 0; i < c->arg_count; i++)
		if (!arith_is_integer(c->arg_types[i]))
			return call_bad_type(env, c, i);
	if (c->result == NULL)
		c->result = c->arg_types[0]->id == TYPE_BOOL ? type_simple(TYPE_UINT8) : c->arg_types[0];
	return OK;
}

static enum status exec_shift(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	struct operand a = operand_of(args[0]), b = operand_of(args[1]);
	bool left = strcmp(c->function->name, "bitShiftLeft") == 0 || strcmp(c->function->name, "<<") == 0;
	bool is_signed = type_is_signed(args[0]->type);
	enum physical to = type_physical(c->result);
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		int64_t n;
		kernels()->cast[b.physical][PHYS_I64](&n, b.data + i * b.step, 1);
		i256 v = load(&a, i), r = {{0, 0, 0, 0}};
		if (n < 0 && !eval_skips(e, i)) {
			vector_unref(*out);
			return ERR(e->err, E_ARGUMENT_OUT_OF_BOUND, "The number of shift positions needs to be a non-negative value");
		}
		if (n >= 0 && n < 256 && (left || !(is_signed && i256_negative(v))))
			r = left ? u256_shl(v, (unsigned)n) : u256_shr(v, (unsigned)n);
		else if (n >= 0 && !left && is_signed && i256_negative(v)) /* arithmetic: ones come in from above */
			r = n >= 256 ? i256_from_i64(-1)
				: u256_negate(u256_add(u256_shr(u256_sub(u256_negate(v), u256_from_u64(1)), (unsigned)n), u256_from_u64(1)));
		if (n >= (int64_t)a.width * 8)
			r = (i256){{0, 0, 0, 0}};
		kernels()->cast[PHYS_I256][to]((char *)(*out)->data + i * a.width, &r, 1);
	}
	return OK;
}

static enum status exec_rotate(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	struct operand a = operand_of(args[0]), b = operand_of(args[1]);
	bool left = strcmp(c->function->name, "bitRotateLeft") == 0;
	unsigned bits = (unsigned)a.width * 8;
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		uint64_t n;
		kernels()->cast[b.physical][PHYS_U64](&n, b.data + i * b.step, 1);
		unsigned turn = (unsigned)(n % bits);
		if (!left)
			turn = (bits - turn) % bits;
		u256 v = load_bits(&a, i), up = u256_shl(v, turn), down = u256_shr(v, bits - turn);
		for (int k = 0; k < 4; k++)
			up.limb[k] |= turn == 0 ? 0 : down.limb[k];
		memcpy((char *)(*out)->data + i * a.width, &up, a.width);
	}
	return OK;
}

static unsigned ones(u256 v)
{
	return popcount64(v.limb[0]) + popcount64(v.limb[1]) + popcount64(v.limb[2]) + popcount64(v.limb[3]);
}

static enum status exec_count(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	TRY(call_result(c, e, count, out));
	uint16_t *to = (*out)->data;
	uint8_t *to8 = (*out)->data;
	bool narrow = type_physical(c->result) == PHYS_U8;
	struct operand a = operand_of(args[0]);
	for (uint32_t i = 0; i < count; i++) {
		unsigned n = 0;
		if (a.physical == PHYS_STR) {
			struct str s = strview_str((const struct strview *)args[0]->data + i);
			for (size_t k = 0; k < s.size && !eval_skips(e, i); k++)
				n += popcount64((uint8_t)s.data[k]);
		} else {
			n = ones(load_bits(&a, i));
		}
		if (narrow)
			to8[i] = (uint8_t)n;
		else
			to[i] = (uint16_t)n;
	}
	return OK;
}

static enum status bind_count(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	if (!arith_is_integer(t) && !type_is_float(t) && !type_is_string(t) && !type_is_temporal(t))
		return call_bad_type(env, c, 0);
	c->result = type_simple(type_is_string(t) ? TYPE_UINT16 : TYPE_UINT8);
	return OK;
}

static enum status exec_hamming(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	struct operand a = operand_of(args[0]), b = operand_of(args[1]);
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		i256 x = load(&a, i), y = load(&b, i);
		unsigned n = 0;
		for (int k = 0; k < 4; k++)
			n += popcount64(x.limb[k] ^ y.limb[k]);
		((uint8_t *)(*out)->data)[i] = (uint8_t)n;
	}
	return OK;
}

/* bitTest, bitTestAll, bitTestAny: the positions are the arguments behind the first. */
static enum status exec_test(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	struct operand a = operand_of(args[0]);
	bool any = strcmp(c->function->name, "bitTestAny") == 0;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	uint8_t *to = v->data;
	memset(to, any ? 0 : 1, count);
	for (uint32_t k = 1; k < c->arg_count; k++) {
		struct operand b = operand_of(args[k]);
		for (uint32_t i = 0; i < count; i++) {
			uint64_t n;
			kernels()->cast[b.physical][PHYS_U64](&n, b.data + i * b.step, 1);
			if (n >= a.width * 8 && !eval_skips(e, i)) {
				vector_unref(v);
				return ERR(e->err, E_ARGUMENT_OUT_OF_BOUND, "Bit position %llu is out of bounds", (unsigned long long)n);
			}
			u256 bits = load_bits(&a, i);
			bool set = n < 256 && (bits.limb[n / 64] >> (n % 64) & 1);
			to[i] = any ? to[i] | set : to[i] & set;
		}
	}
	*out = v;
	return OK;
}

static const struct function rows[] = {
	{.name = "bitAnd", .flags = FUNCTION_CH | FUNCTION_CHEAP, .args = "**", .bind = bind_logic,
	 .description = "The bits that both have.", .example = "bitAnd(12, 10)", .example_result = "8"},
	{.name = "bitOr", .flags = FUNCTION_CH | FUNCTION_CHEAP, .args = "**", .bind = bind_logic,
	 .description = "The bits that either has.", .example = "bitOr(12, 10)", .example_result = "14"},
	{.name = "bitXor", .flags = FUNCTION_CH | FUNCTION_CHEAP, .args = "**", .bind = bind_logic,
	 .description = "The bits that one of the two has.", .example = "bitXor(12, 10)", .example_result = "6"},
	{.name = "bitNot", .flags = FUNCTION_CH | FUNCTION_CHEAP, .args = "*", .bind = bind_integer, .exec = exec_not,
	 .description = "The value with all bits turned.", .example = "bitNot(1)", .example_result = "254"},
	{.name = "bitShiftLeft", .flags = FUNCTION_CH, .args = "**", .bind = bind_integer, .exec = exec_shift,
	 .description = "The bits moved up by n places.", .example = "bitShiftLeft(99, 2)", .example_result = "140"},
	{.name = "bitShiftRight", .flags = FUNCTION_CH, .args = "**", .bind = bind_integer, .exec = exec_shift,
	 .description = "The bits moved down by n places.", .example = "bitShiftRight(toInt8(-8), 1)", .example_result = "-4"},
	{.name = "bitRotateLeft", .flags = FUNCTION_CH, .args = "**", .bind = bind_integer, .exec = exec_rotate,
	 .description = "The bits turned up by n places.", .example = "bitRotateLeft(toUInt8(200), 1)",
	 	.example_result = "145"},
	{.name = "bitRotateRight", .flags = FUNCTION_CH, .args = "**", .bind = bind_integer, .exec = exec_rotate,
	 .description = "The bits turned down by n places.", .example = "bitRotateRight(toUInt8(145), 1)",
	 .example_result = "200"},
	{.name = "bitCount", .flags = FUNCTION_CH, .args = "*", .bind = bind_count, .exec = exec_count,
	 .description = "How many bits are set.", .example = "bitCount(333)", .example_result = "5"},
	{.name = "bitHammingDistance", .flags = FUNCTION_CH, .args = "**", .result = "UInt8",
	 .bind = bind_integer, .exec = exec_hamming, .description = "How many bits differ.",
	 .example = "bitHammingDistance(111, 121)", .example_result = "3"},
	{.name = "bitTest", .flags = FUNCTION_CH, .args = "**", .result = "UInt8", .bind = bind_integer, .exec = exec_test,
	 .description = "Whether bit n is set.", .example = "bitTest(5, 0)", .example_result = "1"},
	{.name = "bitTestAll", .flags = FUNCTION_CH, .args = "**+", .result = "UInt8", .bind = bind_integer, .exec = exec_test,
	 .description = "Whether all these bits are set.", .example = "bitTestAll(7, 0, 1)", .example_result = "1"},
	{.name = "bitTestAny", .flags = FUNCTION_CH, .args = "**+", .result = "UInt8", .bind = bind_integer, .exec = exec_test,
	 .description = "Whether any of these bits is set.", .example = "bitTestAny(8, 0, 3)", .example_result = "1"},
	{.name = "&", .flags = FUNCTION_PG, .args = "II", .bind = bind_logic, .description = "The bits that both have.",
	 .example = "12 & 10", .example_result = "8"},
	{.name = "|", .flags = FUNCTION_PG, .args = "II", .bind = bind_logic, .description = "The bits that either has.",
	 .example = "12 | 10", .example_result = "14"},
	{.name = "#", .flags = FUNCTION_PG, .args = "II", .bind = bind_logic,
	 .description = "The bits that one of the two has.", .example = "12 # 10", .example_result = "6"},
	{.name = "~", .flags = FUNCTION_PG, .args = "I", .bind = bind_integer, .exec = exec_not,
	 .description = "The value with all bits turned.", .example = "~ 5", .example_result = "-6"},
	{.name = "<<", .flags = FUNCTION_PG, .args = "II", .bind = bind_integer, .exec = exec_shift,
	 .description = "The bits moved up by n places.", .example = "1 << 4", .example_result = "16"},
	{.name = ">>", .flags = FUNCTION_PG, .args = "II", .bind = bind_integer, .exec = exec_shift,
	 .description = "The bits moved down by n places.", .example = "-16 >> 2", .example_result = "-4"},
};

FUNCTION_FAMILY(bit, "Bits");

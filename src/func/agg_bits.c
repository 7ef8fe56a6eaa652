// SPDX-License-Identifier: Apache-2.0
/* groupBitAnd, groupBitOr, groupBitXor, sumWithOverflow: states of the argument's own type. */
#include "func/aggregate_impl.h"

#define MERGE_AND(s, o) (*(s) &= *(o))
#define MERGE_OR(s, o) (*(s) |= *(o))
#define MERGE_XOR(s, o) (*(s) ^= *(o))
#define MERGE_ADD(s, o) (*(s) += *(o))
#define BIT_AND(s, x) (*(s) &= (x))
#define BIT_OR(s, x) (*(s) |= (x))
#define BIT_XOR(s, x) (*(s) ^= (x))
#define BIT_ADD(s, x) (*(s) += (x))

#define FOLD_NAME and_u8
#define FOLD_T uint8_t
#define FOLD_STATE uint64_t
#define FOLD_ADD BIT_AND
#define FOLD_MERGE MERGE_AND
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME or_u8
#define FOLD_T uint8_t
#define FOLD_STATE uint64_t
#define FOLD_ADD BIT_OR
#define FOLD_MERGE MERGE_OR
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME xor_u8
#define FOLD_T uint8_t
#define FOLD_STATE uint64_t
#define FOLD_ADD BIT_XOR
#define FOLD_MERGE MERGE_XOR
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME add_u8
#define FOLD_T uint8_t
#define FOLD_STATE uint64_t
#define FOLD_ADD BIT_ADD
#define FOLD_MERGE MERGE_ADD
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME and_u16
#define FOLD_T uint16_t
#define FOLD_STATE uint64_t
#define FOLD_ADD BIT_AND
#define FOLD_MERGE MERGE_AND
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME or_u16
#define FOLD_T uint16_t
#define FOLD_STATE uint64_t
#define FOLD_ADD BIT_OR
#define FOLD_MERGE MERGE_OR
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME xor_u16
#define FOLD_T uint16_t
#define FOLD_STATE uint64_t
#define FOLD_ADD BIT_XOR
#define FOLD_MERGE MERGE_XOR
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME add_u16
#define FOLD_T uint16_t
#define FOLD_STATE uint64_t
#define FOLD_ADD BIT_ADD
#define FOLD_MERGE MERGE_ADD
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME and_u32
#define FOLD_T uint32_t
#define FOLD_STATE uint64_t
#define FOLD_ADD BIT_AND
#define FOLD_MERGE MERGE_AND
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME or_u32
#define FOLD_T uint32_t
#define FOLD_STATE uint64_t
#define FOLD_ADD BIT_OR
#define FOLD_MERGE MERGE_OR
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME xor_u32
#define FOLD_T uint32_t
#define FOLD_STATE uint64_t
#define FOLD_ADD BIT_XOR
#define FOLD_MERGE MERGE_XOR
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME add_u32
#define FOLD_T uint32_t
#define FOLD_STATE uint64_t
#define FOLD_ADD BIT_ADD
#define FOLD_MERGE MERGE_ADD
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME and_u64
#define FOLD_T uint64_t
#define FOLD_STATE uint64_t
#define FOLD_ADD BIT_AND
#define FOLD_MERGE MERGE_AND
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME or_u64
#define FOLD_T uint64_t
#define FOLD_STATE uint64_t
#define FOLD_ADD BIT_OR
#define FOLD_MERGE MERGE_OR
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME xor_u64
#define FOLD_T uint64_t
#define FOLD_STATE uint64_t
#define FOLD_ADD BIT_XOR
#define FOLD_MERGE MERGE_XOR
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME add_u64
#define FOLD_T uint64_t
#define FOLD_STATE uint64_t
#define FOLD_ADD BIT_ADD
#define FOLD_MERGE MERGE_ADD
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME and_u128
#define FOLD_T u128
#define FOLD_STATE u128_in_state
#define FOLD_ADD BIT_AND
#define FOLD_MERGE MERGE_AND
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME or_u128
#define FOLD_T u128
#define FOLD_STATE u128_in_state
#define FOLD_ADD BIT_OR
#define FOLD_MERGE MERGE_OR
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME xor_u128
#define FOLD_T u128
#define FOLD_STATE u128_in_state
#define FOLD_ADD BIT_XOR
#define FOLD_MERGE MERGE_XOR
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME add_u128
#define FOLD_T u128
#define FOLD_STATE u128_in_state
#define FOLD_ADD BIT_ADD
#define FOLD_MERGE MERGE_ADD
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME add_float
#define FOLD_T float
#define FOLD_STATE float
#define FOLD_ADD BIT_ADD
#define FOLD_MERGE MERGE_ADD
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME add_double
#define FOLD_T double
#define FOLD_STATE double
#define FOLD_ADD BIT_ADD
#define FOLD_MERGE MERGE_ADD
#include "func/agg_fold_tmpl.h"

/* The low bytes of the state, as wide as the result. */
static enum status low_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                              uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++)
		TRY(builder_fixed(to, states[i] + offset, e->err));
	return OK;
}

static enum status low_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	strbuf_put(to, state, physical_size(type_physical(a->arg_types[0])));
	return OK;
}

static enum status low_read(const struct aggregator *a, struct eval *e, char *state, struct str from, size_t *consumed)
{
	struct agg_reader r = agg_reader(from);
	agg_get(&r, state, physical_size(type_physical(a->arg_types[0])));
	return agg_reader_end(&r, e, from, consumed);
}

static void ones_init(const struct aggregator *a, char *state)
{
	memset(state, 0xff, a->state_size);
}

#define BIT_OPS(name, init) \
	static const struct aggregate_ops name##_ops = {init, NULL, name##_add, name##_add_one, name##_merge, \
	                                                low_finish, low_write, low_read}
BIT_OPS(and_u8, ones_init);
BIT_OPS(or_u8, NULL);
BIT_OPS(xor_u8, NULL);
BIT_OPS(add_u8, NULL);
BIT_OPS(and_u16, ones_init);
BIT_OPS(or_u16, NULL);
BIT_OPS(xor_u16, NULL);
BIT_OPS(add_u16, NULL);
BIT_OPS(and_u32, ones_init);
BIT_OPS(or_u32, NULL);
BIT_OPS(xor_u32, NULL);
BIT_OPS(add_u32, NULL);
BIT_OPS(and_u64, ones_init);
BIT_OPS(or_u64, NULL);
BIT_OPS(xor_u64, NULL);
BIT_OPS(add_u64, NULL);
BIT_OPS(and_u128, ones_init);
BIT_OPS(or_u128, NULL);
BIT_OPS(xor_u128, NULL);
BIT_OPS(add_u128, NULL);
BIT_OPS(add_float, NULL);
BIT_OPS(add_double, NULL);

enum bit_kind { KIND_AND, KIND_OR, KIND_XOR, KIND_ADD };

static enum status bind_bits(struct bind_env *env, struct aggregator *a, enum bit_kind kind)
{
	static const struct aggregate_ops *const ops[][5] = {
		{&and_u8_ops, &and_u16_ops, &and_u32_ops, &and_u64_ops, &and_u128_ops},
		{&or_u8_ops, &or_u16_ops, &or_u32_ops, &or_u64_ops, &or_u128_ops},
		{&xor_u8_ops, &xor_u16_ops, &xor_u32_ops, &xor_u64_ops, &xor_u128_ops},
		{&add_u8_ops, &add_u16_ops, &add_u32_ops, &add_u64_ops, &add_u128_ops},
	};
	TRY(agg_arg_count(env, a, 1, 1));
	TRY(agg_param_count(env, a, 0, 0));
	const struct type *t = a->arg_types[0];
	size_t width = physical_size(type_physical(t));
	bool is_float = type_is_float(t) && kind == KIND_ADD;
	if ((!type_is_integer(t) && t->id != TYPE_BOOL && !is_float && !(type_is_decimal(t) && kind == KIND_ADD))
		|| width > 16)
		return agg_bad_type(env, a, 0);
	const struct type *result = t->id == TYPE_BOOL ? type_simple(TYPE_UINT8) : t;
	if (is_float)
		return agg_set(a, width == 4 ? &add_float_ops : &add_double_ops, t, 8);
	return agg_set(a, ops[kind][ctz32((uint32_t)width)], result, width > 8 ? 16 : 8);
}

static enum status bind_and(struct bind_env *env, struct aggregator *a)
{
	return bind_bits(env, a, KIND_AND);
}

static enum status bind_or(struct bind_env *env, struct aggregator *a)
{
	return bind_bits(env, a, KIND_OR);
}

static enum status bind_xor(struct bind_env *env, struct aggregator *a)
{
	return bind_bits(env, a, KIND_XOR);
}

static enum status bind_add(struct bind_env *env, struct aggregator *a)
{
	return bind_bits(env, a, KIND_ADD);
}

static const struct aggregate rows[] = {
	{"groupBitAnd", "~bit_and",
		AGGREGATE_CH | AGGREGATE_PG | AGGREGATE_EMPTY_NULL_PG | AGGREGATE_DUPLICATES_IGNORED, bind_and,
	 "Bitwise AND", "SELECT groupBitAnd(number + 4) FROM numbers(4)", "4", NULL},
	{"groupBitOr", "~bit_or",
		AGGREGATE_CH | AGGREGATE_PG | AGGREGATE_EMPTY_NULL_PG | AGGREGATE_DUPLICATES_IGNORED, bind_or,
	 "Bitwise OR", "SELECT groupBitOr(number) FROM numbers(4)", "3", NULL},
	{"groupBitXor", "~bit_xor", AGGREGATE_CH | AGGREGATE_PG | AGGREGATE_EMPTY_NULL_PG, bind_xor, "Bitwise XOR",
	 "SELECT groupBitXor(number) FROM numbers(3)", "3", NULL},
	{"sumWithOverflow", "", AGGREGATE_CH, bind_add, "Sum in the argument's own type",
		"SELECT sumWithOverflow(toUInt8(200)) FROM numbers(2)",
	 "144", NULL},
};

AGGREGATE_FAMILY(bits, "Bits");

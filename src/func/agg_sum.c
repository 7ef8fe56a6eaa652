// SPDX-License-Identifier: Apache-2.0
/*
 * sum of fixed-width numbers. The accumulator follows from the argument: integers of up to 64 bits add into 64 (they
 * wrap, as ClickHouse's do), floats into double, wider ones and decimals into 128 or 256 bits. PostgreSQL's sums of
 * bigint and numeric are numeric and add into 128 bits or more.
 */
#include <assert.h>

#include "func/agg_sum_impl.h"

#define ADD_INT(s, x) (*(s) += (uint64_t)(int64_t)(x))
#define ADD_FLOAT(s, x) (*(s) += (double)(x))
#define ADD_WIDER(s, x) (*(s) += (u128)(x))
#define MERGE(s, o) (*(s) += *(o))
#define ADD_256(s, x) (*(s) = u256_add(*(s), (x)))
#define MERGE_256(s, o) (*(s) = u256_add(*(s), *(o)))

#define FOLD_NAME sum_i8
#define FOLD_T int8_t
#define FOLD_STATE uint64_t
#define FOLD_ADD ADD_INT
#define FOLD_MERGE MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME sum_i16
#define FOLD_T int16_t
#define FOLD_STATE uint64_t
#define FOLD_ADD ADD_INT
#define FOLD_MERGE MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME sum_i32
#define FOLD_T int32_t
#define FOLD_STATE uint64_t
#define FOLD_ADD ADD_INT
#define FOLD_MERGE MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME sum_i64
#define FOLD_T int64_t
#define FOLD_STATE uint64_t
#define FOLD_ADD ADD_INT
#define FOLD_MERGE MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME sum_u8
#define FOLD_T uint8_t
#define FOLD_STATE uint64_t
#define FOLD_ADD ADD_INT
#define FOLD_MERGE MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME sum_u16
#define FOLD_T uint16_t
#define FOLD_STATE uint64_t
#define FOLD_ADD ADD_INT
#define FOLD_MERGE MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME sum_u32
#define FOLD_T uint32_t
#define FOLD_STATE uint64_t
#define FOLD_ADD ADD_INT
#define FOLD_MERGE MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME sum_u64
#define FOLD_T uint64_t
#define FOLD_STATE uint64_t
#define FOLD_ADD ADD_INT
#define FOLD_MERGE MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME sum_f32
#define FOLD_T float
#define FOLD_STATE double
#define FOLD_ADD ADD_FLOAT
#define FOLD_MERGE MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME sum_f64
#define FOLD_T double
#define FOLD_STATE double
#define FOLD_ADD ADD_FLOAT
#define FOLD_MERGE MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME sum_i32w
#define FOLD_T int32_t
#define FOLD_STATE u128_in_state
#define FOLD_ADD ADD_WIDER
#define FOLD_MERGE MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME sum_i64w
#define FOLD_T int64_t
#define FOLD_STATE u128_in_state
#define FOLD_ADD ADD_WIDER
#define FOLD_MERGE MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME sum_u64w
#define FOLD_T uint64_t
#define FOLD_STATE u128_in_state
#define FOLD_ADD ADD_WIDER
#define FOLD_MERGE MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME sum_x128
#define FOLD_T u128
#define FOLD_STATE u128_in_state
#define FOLD_ADD ADD_WIDER
#define FOLD_MERGE MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME sum_x256
#define FOLD_T u256
#define FOLD_STATE u256
#define FOLD_ADD ADD_256
#define FOLD_MERGE MERGE_256
#include "func/agg_fold_tmpl.h"

/* The functions beside adding follow from the accumulator and the result. */
#define SUM_OPS(name, finish) \
	static const struct aggregate_ops name##_ops = {NULL, NULL, name##_add, name##_add_one, name##_merge, finish, \
	                                                agg_raw_write, agg_raw_read}
SUM_OPS(sum_i8, agg_raw8_finish);
SUM_OPS(sum_i16, agg_raw8_finish);
SUM_OPS(sum_i32, agg_raw8_finish);
SUM_OPS(sum_i64, agg_raw8_finish);
SUM_OPS(sum_u8, agg_raw8_finish);
SUM_OPS(sum_u16, agg_raw8_finish);
SUM_OPS(sum_u32, agg_raw8_finish);
SUM_OPS(sum_u64, agg_raw8_finish);
SUM_OPS(sum_f32, agg_raw8_finish);
SUM_OPS(sum_f64, agg_raw8_finish);
SUM_OPS(sum_i32w, agg_raw16_finish);
SUM_OPS(sum_i64w, agg_raw16_finish);
SUM_OPS(sum_x128, agg_raw16_finish);
SUM_OPS(sum_x256, agg_raw32_finish);

/* ---- results as numeric ---- */

static enum status numeric128_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                     uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++) {
		i128 v = *(const i128_in_state *)(void *)(states[i] + offset);
		TRY(agg_append_decimal(e, to, i256_from_i128(v), a->arg_types[0]->scale));
	}
	return OK;
}

static enum status numeric256_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                     uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++)
		TRY(agg_append_decimal(e, to, *(const i256 *)(void *)(states[i] + offset), a->arg_types[0]->scale));
	return OK;
}

static enum status float_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++) {
		float v = (float)*(const double *)(void *)(states[i] + offset);
		TRY(builder_fixed(to, &v, e->err));
	}
	return OK;
}

static const struct aggregate_ops numeric_i64_ops = {NULL, NULL, sum_i64w_add, sum_i64w_add_one, sum_i64w_merge,
                                                     numeric128_finish, agg_raw_write, agg_raw_read};
static const struct aggregate_ops numeric_u64_ops = {NULL, NULL, sum_u64w_add, sum_u64w_add_one, sum_u64w_merge,
                                                     numeric128_finish, agg_raw_write, agg_raw_read};
static const struct aggregate_ops numeric_i32_ops = {NULL, NULL, sum_i32w_add, sum_i32w_add_one, sum_i32w_merge,
                                                     numeric128_finish, agg_raw_write, agg_raw_read};
static const struct aggregate_ops numeric_x128_ops = {NULL, NULL, sum_x128_add, sum_x128_add_one, sum_x128_merge,
                                                      numeric128_finish, agg_raw_write, agg_raw_read};
static const struct aggregate_ops numeric_x256_ops = {NULL, NULL, sum_x256_add, sum_x256_add_one, sum_x256_merge,
                                                      numeric256_finish, agg_raw_write, agg_raw_read};
static const struct aggregate_ops real_ops = {NULL, NULL, sum_f32_add, sum_f32_add_one, sum_f32_merge,
                                              float_finish, agg_raw_write, agg_raw_read};

static enum status bind_sum_ch(struct bind_env *env, struct aggregator *a)
{
	static const struct aggregate_ops *const ops[PHYS_COUNT] = {
		[PHYS_I8] = &sum_i8_ops, [PHYS_I16] = &sum_i16_ops, [PHYS_I32] = &sum_i32_ops, [PHYS_I64] = &sum_i64_ops,
		[PHYS_U8] = &sum_u8_ops, [PHYS_U16] = &sum_u16_ops, [PHYS_U32] = &sum_u32_ops, [PHYS_U64] = &sum_u64_ops,
		[PHYS_F32] = &sum_f32_ops, [PHYS_F64] = &sum_f64_ops, [PHYS_I128] = &sum_x128_ops,
		[PHYS_U128] = &sum_x128_ops, [PHYS_I256] = &sum_x256_ops, [PHYS_U256] = &sum_x256_ops,
	};
	const struct type *t = a->arg_types[0];
	enum physical p = type_physical(t);
	if (type_is_decimal(t) && p == PHYS_I256)
		return agg_set(a, &sum_x256_ops, type_decimal(env->arena, 76, t->scale), 32);
	if (type_is_decimal(t))
		return agg_set(a, p == PHYS_I32 ? &sum_i32w_ops : p == PHYS_I64 ? &sum_i64w_ops : &sum_x128_ops,
		               type_decimal(env->arena, 38, t->scale), 16);
	if (t->id == TYPE_INTERVAL)
		return agg_set(a, &sum_i64_ops, t, 8);
	if (!type_is_integer(t) && !type_is_float(t) && t->id != TYPE_BOOL)
		return agg_bad_type(env, a, 0);
	size_t width = physical_size(p);
	enum type_id result = type_is_float(t) ? TYPE_FLOAT64 : width > 8 ? (enum type_id)t->id
	                      : type_is_signed(t) ? TYPE_INT64 : TYPE_UINT64;
	return agg_set(a, ops[p], type_simple(result), width > 8 ? width : 8);
}

enum status agg_bind_sum(struct bind_env *env, struct aggregator *a)
{
	TRY(agg_arg_count(env, a, 1, 1));
	TRY(agg_param_count(env, a, 0, 0));
	return bind_sum_ch(env, a);
}

enum status agg_bind_sum_pg(struct bind_env *env, struct aggregator *a)
{
	TRY(agg_arg_count(env, a, 1, 1));
	const struct type *t = a->arg_types[0], *numeric = type_simple(TYPE_NUMERIC);
	switch (t->id) {
	case TYPE_INT8: case TYPE_INT16: case TYPE_INT32: case TYPE_UINT8: case TYPE_UINT16:
		TRY(bind_sum_ch(env, a));
		a->result = type_simple(TYPE_INT64);
		return OK;
	case TYPE_UINT32: case TYPE_UINT64:
		if (t->id == TYPE_UINT32)
			a->arg_types[0] = type_simple(TYPE_UINT64);
		return agg_set(a, &numeric_u64_ops, numeric, 16);
	case TYPE_INT64: return agg_set(a, &numeric_i64_ops, numeric, 16);
	case TYPE_DECIMAL32: return agg_set(a, &numeric_i32_ops, numeric, 16);
	case TYPE_DECIMAL64: return agg_set(a, &numeric_i64_ops, numeric, 16);
	case TYPE_INT128: case TYPE_DECIMAL128: return agg_set(a, &numeric_x128_ops, numeric, 16);
	case TYPE_INT256: case TYPE_UINT128: case TYPE_UINT256:
		a->arg_types[0] = type_simple(TYPE_INT256);
		return agg_set(a, &numeric_x256_ops, numeric, 32);
	case TYPE_DECIMAL256: return agg_set(a, &numeric_x256_ops, numeric, 32);
	case TYPE_FLOAT32: return agg_set(a, &real_ops, t, 8);
	case TYPE_FLOAT64: return agg_set(a, &sum_f64_ops, t, 8);
	case TYPE_NUMERIC: return agg_set_numeric(a, false);
	case TYPE_PGINTERVAL: return agg_set_interval(a, false);
	default: return agg_bad_type(env, a, 0);
	}
}

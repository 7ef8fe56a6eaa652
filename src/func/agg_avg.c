// SPDX-License-Identifier: Apache-2.0
/* avg of fixed-width numbers: a sum as agg_sum.c makes it and a count. */
#include <assert.h>

#include "func/agg_sum_impl.h"

struct avg64 {
	uint64_t sum, count;
};

struct avg_double {
	double sum;
	uint64_t count;
};

struct avg128 {
	u128_in_state sum;
	uint64_t count;
};

struct avg256 {
	u256 sum;
	uint64_t count;
};

#define AVG_INT(s, x) ((s)->sum += (uint64_t)(int64_t)(x), (s)->count++)
#define AVG_FLOAT(s, x) ((s)->sum += (double)(x), (s)->count++)
#define AVG_WIDER(s, x) ((s)->sum += (u128)(x), (s)->count++)
#define AVG_MERGE(s, o) ((s)->sum += (o)->sum, (s)->count += (o)->count)
#define AVG_256(s, x) ((s)->sum = u256_add((s)->sum, (x)), (s)->count++)
#define AVG_MERGE_256(s, o) ((s)->sum = u256_add((s)->sum, (o)->sum), (s)->count += (o)->count)

#define FOLD_NAME avg_i8
#define FOLD_T int8_t
#define FOLD_STATE struct avg64
#define FOLD_ADD AVG_INT
#define FOLD_MERGE AVG_MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME avg_i16
#define FOLD_T int16_t
#define FOLD_STATE struct avg64
#define FOLD_ADD AVG_INT
#define FOLD_MERGE AVG_MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME avg_i32
#define FOLD_T int32_t
#define FOLD_STATE struct avg64
#define FOLD_ADD AVG_INT
#define FOLD_MERGE AVG_MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME avg_i64
#define FOLD_T int64_t
#define FOLD_STATE struct avg64
#define FOLD_ADD AVG_INT
#define FOLD_MERGE AVG_MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME avg_u8
#define FOLD_T uint8_t
#define FOLD_STATE struct avg64
#define FOLD_ADD AVG_INT
#define FOLD_MERGE AVG_MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME avg_u16
#define FOLD_T uint16_t
#define FOLD_STATE struct avg64
#define FOLD_ADD AVG_INT
#define FOLD_MERGE AVG_MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME avg_u32
#define FOLD_T uint32_t
#define FOLD_STATE struct avg64
#define FOLD_ADD AVG_INT
#define FOLD_MERGE AVG_MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME avg_u64
#define FOLD_T uint64_t
#define FOLD_STATE struct avg64
#define FOLD_ADD AVG_INT
#define FOLD_MERGE AVG_MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME avg_f32
#define FOLD_T float
#define FOLD_STATE struct avg_double
#define FOLD_ADD AVG_FLOAT
#define FOLD_MERGE AVG_MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME avg_f64
#define FOLD_T double
#define FOLD_STATE struct avg_double
#define FOLD_ADD AVG_FLOAT
#define FOLD_MERGE AVG_MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME avg_i32w
#define FOLD_T int32_t
#define FOLD_STATE struct avg128
#define FOLD_ADD AVG_WIDER
#define FOLD_MERGE AVG_MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME avg_i64w
#define FOLD_T int64_t
#define FOLD_STATE struct avg128
#define FOLD_ADD AVG_WIDER
#define FOLD_MERGE AVG_MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME avg_u64w
#define FOLD_T uint64_t
#define FOLD_STATE struct avg128
#define FOLD_ADD AVG_WIDER
#define FOLD_MERGE AVG_MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME avg_x128
#define FOLD_T u128
#define FOLD_STATE struct avg128
#define FOLD_ADD AVG_WIDER
#define FOLD_MERGE AVG_MERGE
#include "func/agg_fold_tmpl.h"

#define FOLD_NAME avg_x256
#define FOLD_T u256
#define FOLD_STATE struct avg256
#define FOLD_ADD AVG_256
#define FOLD_MERGE AVG_MERGE_256
#include "func/agg_fold_tmpl.h"

/* ---- results; data of decimals is 10^scale ---- */

static enum status put_double(struct eval *e, const struct aggregator *a, double sum, uint64_t count,
                              struct builder *to)
{
	const double *scale = a->data;
	double v = sum / (double)count;
	if (scale != NULL)
		v = sum / *scale / (double)count;
	return builder_fixed(to, &v, e->err);
}

static enum status avg_i64_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                  uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct avg64 *s = (const void *)(states[i] + offset);
		TRY(put_double(e, a, (double)(int64_t)s->sum, s->count, to));
	}
	return OK;
}

static enum status avg_u64_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                  uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct avg64 *s = (const void *)(states[i] + offset);
		TRY(put_double(e, a, (double)s->sum, s->count, to));
	}
	return OK;
}

static enum status avg_double_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                     uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct avg_double *s = (const void *)(states[i] + offset);
		TRY(put_double(e, a, s->sum, s->count, to));
	}
	return OK;
}

static enum status avg128_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                 uint32_t count, struct builder *to)
{
	bool is_signed = type_is_signed(a->arg_types[0]);
	for (uint32_t i = 0; i < count; i++) {
		const struct avg128 *s = (const void *)(states[i] + offset);
		TRY(put_double(e, a, is_signed ? (double)(i128)s->sum : (double)s->sum, s->count, to));
	}
	return OK;
}

static enum status avg256_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                 uint32_t count, struct builder *to)
{
	bool is_signed = type_is_signed(a->arg_types[0]);
	for (uint32_t i = 0; i < count; i++) {
		const struct avg256 *s = (const void *)(states[i] + offset);
		TRY(put_double(e, a, is_signed ? i256_to_double(s->sum) : u256_to_double(s->sum), s->count, to));
	}
	return OK;
}

/* numeric: the quotient has the display scale that PostgreSQL's division gives it */
static enum status avg_numeric_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                      uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct avg128 *s = (const void *)(states[i] + offset);
		TRY(agg_append_quotient(e, to, i256_from_i128((i128)s->sum), a->arg_types[0]->scale, s->count));
	}
	return OK;
}

static enum status avg_numeric256_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                         uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct avg256 *s = (const void *)(states[i] + offset);
		TRY(agg_append_quotient(e, to, s->sum, a->arg_types[0]->scale, s->count));
	}
	return OK;
}

/* The sum as it is, the count as a varuint. */
static enum status avg_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	uint64_t count;
	size_t width = a->state_size - sizeof count;
	strbuf_put(to, state, width);
	memcpy(&count, state + width, sizeof count);
	strbuf_put_varuint(to, count);
	return OK;
}

static enum status avg_read(const struct aggregator *a, struct eval *e, char *state, struct str from, size_t *consumed)
{
	struct agg_reader r = agg_reader(from);
	size_t width = a->state_size - sizeof(uint64_t);
	agg_get(&r, state, width);
	uint64_t count = agg_get_varuint(&r);
	memcpy(state + width, &count, sizeof count);
	return agg_reader_end(&r, e, from, consumed);
}

#define AVG_OPS(name, loops, finish) \
	static const struct aggregate_ops name##_ops = {NULL, NULL, loops##_add, loops##_add_one, loops##_merge, finish, \
	                                                avg_write, avg_read}
AVG_OPS(avg_i8, avg_i8, avg_i64_finish);
AVG_OPS(avg_i16, avg_i16, avg_i64_finish);
AVG_OPS(avg_i32, avg_i32, avg_i64_finish);
AVG_OPS(avg_i64, avg_i64, avg_i64_finish);
AVG_OPS(avg_u8, avg_u8, avg_u64_finish);
AVG_OPS(avg_u16, avg_u16, avg_u64_finish);
AVG_OPS(avg_u32, avg_u32, avg_u64_finish);
AVG_OPS(avg_u64, avg_u64, avg_u64_finish);
AVG_OPS(avg_f32, avg_f32, avg_double_finish);
AVG_OPS(avg_f64, avg_f64, avg_double_finish);
AVG_OPS(avg_i32w, avg_i32w, avg128_finish);
AVG_OPS(avg_i64w, avg_i64w, avg128_finish);
AVG_OPS(avg_x128, avg_x128, avg128_finish);
AVG_OPS(avg_x256, avg_x256, avg256_finish);
AVG_OPS(numeric_i32w, avg_i32w, avg_numeric_finish);
AVG_OPS(numeric_i64w, avg_i64w, avg_numeric_finish);
AVG_OPS(numeric_u64w, avg_u64w, avg_numeric_finish);
AVG_OPS(numeric_x128, avg_x128, avg_numeric_finish);
AVG_OPS(numeric_x256, avg_x256, avg_numeric256_finish);

enum status agg_bind_avg(struct bind_env *env, struct aggregator *a)
{
	static const struct aggregate_ops *const ops[PHYS_COUNT] = {
		[PHYS_I8] = &avg_i8_ops, [PHYS_I16] = &avg_i16_ops, [PHYS_I32] = &avg_i32_ops, [PHYS_I64] = &avg_i64_ops,
		[PHYS_U8] = &avg_u8_ops, [PHYS_U16] = &avg_u16_ops, [PHYS_U32] = &avg_u32_ops, [PHYS_U64] = &avg_u64_ops,
		[PHYS_F32] = &avg_f32_ops, [PHYS_F64] = &avg_f64_ops, [PHYS_I128] = &avg_x128_ops,
		[PHYS_U128] = &avg_x128_ops, [PHYS_I256] = &avg_x256_ops, [PHYS_U256] = &avg_x256_ops,
	};
	TRY(agg_arg_count(env, a, 1, 1));
	TRY(agg_param_count(env, a, 0, 0));
	const struct type *t = a->arg_types[0], *result = type_simple(TYPE_FLOAT64);
	enum physical p = type_physical(t);
	size_t width = physical_size(p);
	if (type_is_decimal(t)) {
		double *scale = ARENA_NEW(env->arena, double);
		*scale = i256_to_double(pow10_i256(t->scale));
		a->data = scale;
		return agg_set(a, p == PHYS_I32 ? &avg_i32w_ops : p == PHYS_I64 ? &avg_i64w_ops
		               : p == PHYS_I128 ? &avg_x128_ops : &avg_x256_ops, result, (p == PHYS_I256 ? 32 : 16) + 8);
	}
	if (!type_is_integer(t) && !type_is_float(t) && t->id != TYPE_BOOL)
		return agg_bad_type(env, a, 0);
	return agg_set(a, ops[p], result, (width > 8 ? width : 8) + 8);
}

enum status agg_bind_avg_pg(struct bind_env *env, struct aggregator *a)
{
	TRY(agg_arg_count(env, a, 1, 1));
	const struct type *t = a->arg_types[0], *numeric = type_simple(TYPE_NUMERIC);
	switch (t->id) {
	case TYPE_INT8: case TYPE_INT16: case TYPE_UINT8: case TYPE_UINT16:
		a->arg_types[0] = type_simple(TYPE_INT32);
		return agg_set(a, &numeric_i32w_ops, numeric, sizeof(struct avg128));
	case TYPE_UINT32:
		a->arg_types[0] = type_simple(TYPE_UINT64);
		return agg_set(a, &numeric_u64w_ops, numeric, sizeof(struct avg128));
	case TYPE_UINT64: return agg_set(a, &numeric_u64w_ops, numeric, sizeof(struct avg128));
	case TYPE_INT32: case TYPE_DECIMAL32: return agg_set(a, &numeric_i32w_ops, numeric, sizeof(struct avg128));
	case TYPE_INT64: case TYPE_DECIMAL64: return agg_set(a, &numeric_i64w_ops, numeric, sizeof(struct avg128));
	case TYPE_INT128: case TYPE_DECIMAL128: return agg_set(a, &numeric_x128_ops, numeric, sizeof(struct avg128));
	case TYPE_INT256: case TYPE_UINT128: case TYPE_UINT256:
		a->arg_types[0] = type_simple(TYPE_INT256);
		return agg_set(a, &numeric_x256_ops, numeric, sizeof(struct avg256));
	case TYPE_DECIMAL256: return agg_set(a, &numeric_x256_ops, numeric, sizeof(struct avg256));
	case TYPE_FLOAT32: return agg_set(a, &avg_f32_ops, type_simple(TYPE_FLOAT64), sizeof(struct avg_double));
	case TYPE_FLOAT64: return agg_set(a, &avg_f64_ops, t, sizeof(struct avg_double));
	case TYPE_NUMERIC: return agg_set_numeric(a, true);
	case TYPE_PGINTERVAL: return agg_set_interval(a, true);
	default: return agg_bad_type(env, a, 0);
	}
}

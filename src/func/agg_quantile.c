// SPDX-License-Identifier: Apache-2.0
/* The quantile functions' common part: values by type, levels, results. */
#include <assert.h>
#include <math.h>

#include "base/sort.h"
#include "func/agg_quantile_impl.h"

#define LESS(a, b) ((a) < (b))
#define NEVER(x) false
#define IS_NAN(x) ((x) != (x))
#define AS_DOUBLE(x) ((double)(x))
#define LESS_I256(a, b) (i256_compare((a), (b)) < 0)
#define LESS_U256(a, b) (u256_compare((a), (b)) < 0)

/* Out of range values go to the nearest end; NaN to zero. */
static double clamp(double d, double low, double high)
{
	return d != d ? 0 : d < low ? low : d > high ? high : d;
}

#define QV_NAME i8
#define QV_T int8_t
#define QV_LESS LESS
#define QV_NAN NEVER
#define QV_AS_DOUBLE AS_DOUBLE
#define QV_FROM_DOUBLE(d) (int8_t)clamp(d, -128, 127)
#include "func/agg_quantile_tmpl.h"

#define QV_NAME i16
#define QV_T int16_t
#define QV_LESS LESS
#define QV_NAN NEVER
#define QV_AS_DOUBLE AS_DOUBLE
#define QV_FROM_DOUBLE(d) (int16_t)clamp(d, -32768, 32767)
#include "func/agg_quantile_tmpl.h"

#define QV_NAME i32
#define QV_T int32_t
#define QV_LESS LESS
#define QV_NAN NEVER
#define QV_AS_DOUBLE AS_DOUBLE
#define QV_FROM_DOUBLE(d) (int32_t)clamp(d, -2147483648.0, 2147483647.0)
#include "func/agg_quantile_tmpl.h"

#define QV_NAME i64
#define QV_T int64_t
#define QV_LESS LESS
#define QV_NAN NEVER
#define QV_AS_DOUBLE AS_DOUBLE
#define QV_FROM_DOUBLE(d) (int64_t)clamp(d, -9223372036854775808.0, 9223372036854774784.0)
#include "func/agg_quantile_tmpl.h"

#define QV_NAME u8
#define QV_T uint8_t
#define QV_LESS LESS
#define QV_NAN NEVER
#define QV_AS_DOUBLE AS_DOUBLE
#define QV_FROM_DOUBLE(d) (uint8_t)clamp(d, 0, 255)
#include "func/agg_quantile_tmpl.h"

#define QV_NAME u16
#define QV_T uint16_t
#define QV_LESS LESS
#define QV_NAN NEVER
#define QV_AS_DOUBLE AS_DOUBLE
#define QV_FROM_DOUBLE(d) (uint16_t)clamp(d, 0, 65535)
#include "func/agg_quantile_tmpl.h"

#define QV_NAME u32
#define QV_T uint32_t
#define QV_LESS LESS
#define QV_NAN NEVER
#define QV_AS_DOUBLE AS_DOUBLE
#define QV_FROM_DOUBLE(d) (uint32_t)clamp(d, 0, 4294967295.0)
#include "func/agg_quantile_tmpl.h"

#define QV_NAME u64
#define QV_T uint64_t
#define QV_LESS LESS
#define QV_NAN NEVER
#define QV_AS_DOUBLE AS_DOUBLE
#define QV_FROM_DOUBLE(d) (uint64_t)clamp(d, 0, 18446744073709549568.0)
#include "func/agg_quantile_tmpl.h"

#define QV_NAME i128
#define QV_T i128
#define QV_LESS LESS
#define QV_NAN NEVER
#define QV_AS_DOUBLE AS_DOUBLE
#define QV_FROM_DOUBLE(d) (i128)clamp(d, -1e38, 1e38)
#include "func/agg_quantile_tmpl.h"

#define QV_NAME u128
#define QV_T u128
#define QV_LESS LESS
#define QV_NAN NEVER
#define QV_AS_DOUBLE AS_DOUBLE
#define QV_FROM_DOUBLE(d) (u128)clamp(d, 0, 3e38)
#include "func/agg_quantile_tmpl.h"

#define QV_NAME f32
#define QV_T float
#define QV_LESS LESS
#define QV_NAN IS_NAN
#define QV_AS_DOUBLE AS_DOUBLE
#define QV_FROM_DOUBLE(d) (float)(d)
#include "func/agg_quantile_tmpl.h"

#define QV_NAME f64
#define QV_T double
#define QV_LESS LESS
#define QV_NAN IS_NAN
#define QV_AS_DOUBLE AS_DOUBLE
#define QV_FROM_DOUBLE(d) (double)(d)
#include "func/agg_quantile_tmpl.h"

#define QV_NAME wide_i256
#define QV_T u256
#define QV_LESS LESS_I256
#define QV_NAN NEVER
#define QV_AS_DOUBLE i256_to_double
#define QV_FROM_DOUBLE(d) i256_from_double(clamp(d, -5e76, 5e76))
#include "func/agg_quantile_tmpl.h"

#define QV_NAME wide_u256
#define QV_T u256
#define QV_LESS LESS_U256
#define QV_NAN NEVER
#define QV_AS_DOUBLE u256_to_double
#define QV_FROM_DOUBLE(d) i256_from_double(clamp(d, -5e76, 5e76))
#include "func/agg_quantile_tmpl.h"

const struct quantile_values *quantile_values_of(const struct type *t)
{
	static const struct quantile_values *const values[PHYS_COUNT] = {
		[PHYS_I8] = &i8_values,
		[PHYS_I16] = &i16_values,
		[PHYS_I32] = &i32_values,
		[PHYS_I64] = &i64_values,
		[PHYS_I128] = &i128_values,
		[PHYS_I256] = &wide_i256_values,
		[PHYS_U8] = &u8_values,
		[PHYS_U16] = &u16_values,
		[PHYS_U32] = &u32_values,
		[PHYS_U64] = &u64_values,
		[PHYS_U128] = &u128_values,
		[PHYS_U256] = &wide_u256_values,
		[PHYS_F32] = &f32_values,
		[PHYS_F64] = &f64_values,
	};
	bool good = type_is_number(t) || type_is_temporal(t) || t->id == TYPE_INTERVAL || t->id == TYPE_IPV4 ||
	            t->id == TYPE_IPV6 || t->id == TYPE_TIME || t->id == TYPE_TIME64 || t->id == TYPE_ENUM8 ||
	            	t->id == TYPE_ENUM16;
	return good && !t->nullable ? values[type_physical(t)] : NULL;
}

enum status quantile_levels(struct bind_env *env, struct aggregator *a, struct quantile_rule *r, uint32_t skip)
{
	uint32_t n = a->param_count < skip ? 0 : a->param_count - skip;
	r->many = strncmp(a->aggregate->name, "quantiles", strlen("quantiles")) == 0;
	if (!r->many && n > 1)
		return ERR(env->err, E_NUMBER_OF_ARGUMENTS, "Aggregate function %s requires one level parameter or less",
		           a->aggregate->name);
	if (r->many && n == 0)
		return ERR(env->err, E_NUMBER_OF_ARGUMENTS, "Aggregate function %s requires at least one level parameter",
		           a->aggregate->name);
	r->level_count = n == 0 ? 1 : n;
	r->levels = ARENA_ARRAY(env->arena, double, r->level_count);
	r->levels[0] = 0.5;
	for (uint32_t i = 0; i < n; i++) {
		if (!agg_param_f64(a, skip + i, &r->levels[i]))
			return agg_bad_param(env, a, skip + i, "a number");
		if (!(r->levels[i] >= 0 && r->levels[i] <= 1))
			return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "Quantile level is out of range [0..1]");
	}
	return OK;
}

const struct type *quantile_result(struct bind_env *env, const struct quantile_rule *r, const struct type *one)
{
	return r->many ? type_array(env->arena, one) : one;
}

enum status quantile_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                            uint32_t count, struct builder *to)
{
	const struct quantile_rule *r = a->data;
	struct builder *one = r->many ? to->children[0] : to;
	for (uint32_t i = 0; i < count; i++) {
		char *state = states[i] + offset;
		if (r->prepare != NULL)
			TRY(r->prepare(a, e, state));
		for (uint32_t k = 0; k < r->level_count; k++) {
			u128 value[2] = {0};
			TRY(r->get(a, e, state, r->levels[k], value));
			TRY(builder_fixed(one, value, e->err));
		}
		if (r->many)
			TRY(builder_end_array(to, e->err));
	}
	return OK;
}

uint64_t quantile_weight(const struct vector *v, uint32_t row)
{
	const void *d = v->data;
	switch (type_physical(v->type)) {
	case PHYS_U8: return ((const uint8_t *)d)[row];
	case PHYS_U16: return ((const uint16_t *)d)[row];
	case PHYS_U32: return ((const uint32_t *)d)[row];
	case PHYS_I8: return (uint64_t)((const int8_t *)d)[row];
	case PHYS_I16: return (uint64_t)((const int16_t *)d)[row];
	case PHYS_I32: return (uint64_t)((const int32_t *)d)[row];
	case PHYS_U64:
	case PHYS_I64: return ((const uint64_t *)d)[row];
	default: return 0;
	}
}

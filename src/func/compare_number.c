// SPDX-License-Identifier: Apache-2.0
/*
 * Comparing numbers of any two types by value: never wrapped, never rounded, except that a decimal beside a float is
 * compared as a float, as both dialects do.
 *
 * A constant that the other side's type can hold is cast to it when the call is bound, which leaves one kernel call per
 * batch without casts; an integer constant out of the column's range decides the comparison by itself.
 */
#include <assert.h>
#include <math.h>

#include "func/arith_impl.h"
#include "func/cast.h"
#include "func/compare_impl.h"

enum { CHUNK = 256, CHUNK_BYTES = CHUNK * 32 };

struct comparison {
	kernel_binary_fn fn[KERNEL_SHAPES];
	enum physical to;
	enum kernel_compare op;
	bool rescales_a, rescales_b; /* decimals, in 256 bits where they might not fit */
	i256 factor_a, factor_b;
	int known;                   /* exec_known: the answer; -1, 1: order of a and b */
};

/* ---- kernels over chunks ---- */

static const void *chunk_of(const struct operand *o, uint32_t from, uint32_t n, enum physical to, char *room)
{
	const char *at = o->data + from * o->step;
	if (o->physical == to)
		return at;
	kernels()->cast[o->physical][to](room, at, o->step == 0 ? 1 : n);
	return room;
}

static enum status exec_kernel(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	const struct comparison *k = c->state;
	struct operand a = operand_of(args[0]), b = operand_of(args[1]);
	enum kernel_shape shape = shape_of(&a, &b);
	TRY(call_result(c, e, count, out));
	uint8_t *to = (*out)->data;
	if (a.physical == k->to && b.physical == k->to && !k->rescales_a && !k->rescales_b) {
		k->fn[shape](to, a.data, b.data, count);
		return OK;
	}
	_Alignas(64) char room[4][CHUNK_BYTES];
	for (uint32_t from = 0; from < count; from += CHUNK) {
		uint32_t n = count - from < CHUNK ? count - from : CHUNK;
		const void *x = chunk_of(&a, from, n, k->to, room[0]), *y = chunk_of(&b, from, n, k->to, room[1]);
		if (k->rescales_a) {
			kernels()->arith[KERNEL_MUL][k->to][KERNEL_VC](room[2], x, &k->factor_a, a.step == 0 ? 1 : n);
			x = room[2];
		}
		if (k->rescales_b) {
			kernels()->arith[KERNEL_MUL][k->to][KERNEL_VC](room[3], y, &k->factor_b, b.step == 0 ? 1 : n);
			y = room[3];
		}
		k->fn[shape](to + from, x, y, n);
	}
	return OK;
}

static struct comparison *new_comparison(struct bind_env *env, struct call *c, enum kernel_compare op, enum physical to)
{
	struct comparison *k = ARENA_NEW(env->arena, struct comparison);
	bool total = env->session->dialect == DIALECT_POSTGRESQL;
	k->op = op;
	k->to = to;
	for (int shape = 0; shape < KERNEL_SHAPES; shape++)
		k->fn[shape] = total ? kernels()->compare_total[op][to][shape] : kernels()->compare[op][to][shape];
	assert(k->fn[0] != NULL);
	c->state = k;
	c->exec = exec_kernel;
	return k;
}

enum status compare_use_kernel(struct bind_env *env, struct call *c, enum kernel_compare op, enum physical to)
{
	(void)new_comparison(env, c, op, to);
	return OK;
}

/* ---- constants ---- */

static enum status exec_known(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const struct comparison *k = c->state;
	TRY(call_result(c, e, count, out));
	memset((*out)->data, compare_holds(k->op, k->known), count);
	return OK;
}

/* Whether the constant argument is exactly a value of the type. */
static bool constant_fits(struct bind_env *env, const struct call *c, uint32_t arg, const struct type *t)
{
	const struct vector *v = c->constants[arg];
	struct error ignored;
	struct arena a;
	struct vector *cast = NULL;
	if (v == NULL || vector_is_null(v, 0) || v->type->id == TYPE_NOTHING)
		return false;
	error_init(&ignored);
	arena_init(&a, NULL);
	struct eval e = {.session = env->session, .scratch = &a, .err = &ignored};
	/* floats between the widths: only where nothing is lost, which the accurate cast checks */
	bool fits = cast_vector(&e, &a, v, type_nullable(&a, t), CAST_ACCURATE, &cast) == OK && !vector_is_null(cast, 0);
	vector_unref(cast);
	arena_fini(&a);
	return fits;
}

/* Sign of an integer constant of any width, to tell on which side of a column's range it lies. */
static bool constant_is_negative(const struct vector *v)
{
	i256 wide;
	enum physical p = type_physical(v->type);
	kernels()->cast[p][PHYS_I256](&wide, v->data, 1);
	return p <= PHYS_I256 && i256_negative(wide);
}

/* Settles a comparison with a constant: true when bound. */
static bool bind_constant(struct bind_env *env, struct call *c, enum kernel_compare op)
{
	for (uint32_t i = 0; i < 2; i++) {
		const struct type *column = c->arg_types[1 - i], *given = c->arg_types[i];
		if (c->constants[i] == NULL || c->constants[1 - i] != NULL || column->id == TYPE_NUMERIC || column->id == TYPE_BOOL)
			continue;
		if (constant_fits(env, c, i, column)) {
			c->arg_types[i] = column;
			(void)new_comparison(env, c, op, type_physical(column));
			return true;
		}
		bool integers = type_is_integer(column) && (type_is_integer(given) || given->id == TYPE_BOOL);
		if (!integers || vector_is_null(c->constants[i], 0))
			continue;
		struct comparison *k = new_comparison(env, c, op, type_physical(column));
		bool below = constant_is_negative(c->constants[i]); /* the constant is less than every value */
		k->known = below == (i == 1) ? 1 : -1;
		c->exec = exec_known;
		return true;
	}
	return false;
}

/* ---- integers beside floats ---- */

/* 64 bits beside a float, exactly: the wider format holds both where long double has 64 bits of mantissa. */
static enum status exec_exact(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const struct comparison *k = c->state;
	struct operand a = operand_of(args[0]), b = operand_of(args[1]);
	TRY(call_result(c, e, count, out));
	uint8_t *to = (*out)->data;
	for (uint32_t i = 0; i < count; i++) {
		long double v[2];
		for (int s = 0; s < 2; s++) {
			const struct operand *o = s == 0 ? &a : &b;
			const char *at = o->data + i * o->step;
			int64_t i64;
			uint64_t u64;
			double d;
			if (o->physical == PHYS_F32 || o->physical == PHYS_F64) {
				kernels()->cast[o->physical][PHYS_F64](&d, at, 1);
				v[s] = d;
			} else if (o->physical == PHYS_U64) {
				memcpy(&u64, at, sizeof u64);
				v[s] = u64;
			} else {
				memcpy(&i64, at, sizeof i64);
				v[s] = i64;
			}
		}
		bool unordered = isnan(v[0]) || isnan(v[1]);
		to[i] = unordered ? k->op == KERNEL_NE : compare_holds(k->op, (v[0] > v[1]) - (v[0] < v[1]));
	}
	return OK;
}

/* ---- Numeric ---- */

static enum status exec_numeric(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	const struct comparison *k = c->state;
	TRY(call_result(c, e, count, out));
	uint8_t *to = (*out)->data;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t p = args[0]->form == VECTOR_CONST ? 0 : i, q = args[1]->form == VECTOR_CONST ? 0 : i;
		to[i] = eval_skips(e, i) ? 0 : compare_holds(k->op, vector_compare_rows(args[0], p, args[1], q));
	}
	return OK;
}

/* ---- choosing ---- */

static unsigned scale_of(const struct type *t)
{
	return type_is_decimal(t) ? t->scale : 0;
}

static unsigned digits_of(const struct type *t)
{
	size_t size = physical_size(type_physical(t));
	if (type_is_decimal(t))
		return size == 4 ? 10 : size == 8 ? 19 : size == 16 ? 39 : 77;
	return size == 1 ? 3 : size == 2 ? 5 : size == 4 ? 10 : size == 8 ? 20 : size == 16 ? 39 : 78;
}

static void bind_decimals(struct bind_env *env, struct call *c, enum kernel_compare op)
{
	const struct type *a = c->arg_types[0], *b = c->arg_types[1];
	unsigned sa = scale_of(a), sb = scale_of(b), scale = sa > sb ? sa : sb;
	unsigned da = digits_of(a) + scale - sa, db = digits_of(b) + scale - sb, digits = da > db ? da : db;
	bool same = sa == sb && type_physical(a) == type_physical(b);
	enum physical to = same ? type_physical(a) : digits <= 18 ? PHYS_I64 : digits <= 38 ? PHYS_I128 : PHYS_I256;
	struct comparison *k = new_comparison(env, c, op, to);
	k->rescales_a = sa < scale;
	k->rescales_b = sb < scale;
	k->factor_a = pow10_i256(scale - sa);
	k->factor_b = pow10_i256(scale - sb);
}

/* The narrowest integer type that holds the values of both. */
static enum physical common_integer(enum physical a, enum physical b)
{
	bool ua = a >= PHYS_U8, ub = b >= PHYS_U8;
	size_t wa = physical_size(a), wb = physical_size(b), w = wa > wb ? wa : wb;
	if (ua == ub)
		return wa >= wb ? a : b;
	size_t wu = ua ? wa : wb;
	if (wu == w)
		w = w >= 32 ? 32 : w * 2;
	return (enum physical)(PHYS_I8 + ctz32((uint32_t)w));
}

enum status compare_bind_numbers(struct bind_env *env, struct call *c, enum kernel_compare op)
{
	const struct type *a = c->arg_types[0], *b = c->arg_types[1];
	bool fa = type_is_float(a), fb = type_is_float(b), pg = env->session->dialect == DIALECT_POSTGRESQL;
	if (bind_constant(env, c, op))
		return OK;
	if (a->id == TYPE_NUMERIC || b->id == TYPE_NUMERIC) {
		const struct type *to = type_simple(fa || fb ? TYPE_FLOAT64 : TYPE_NUMERIC);
		c->arg_types[0] = c->arg_types[1] = to;
		if (fa || fb)
			return compare_use_kernel(env, c, op, PHYS_F64);
		struct comparison *k = ARENA_NEW(env->arena, struct comparison);
		k->op = op;
		c->state = k;
		c->exec = exec_numeric;
		return OK;
	}
	if (fa && fb)
		return compare_use_kernel(env, c, op, a->id == b->id ? type_physical(a) : PHYS_F64);
	if (fa || fb) {
		const struct type *other = fa ? b : a;
		size_t width = physical_size(type_physical(other));
		if (type_is_decimal(other)) { /* scaled: by its cast */
			c->arg_types[fa ? 1 : 0] = type_simple(TYPE_FLOAT64);
			return compare_use_kernel(env, c, op, PHYS_F64);
		}
		struct comparison *k = new_comparison(env, c, op, PHYS_F64);
		if (width == 8 && !pg)
			c->exec = exec_exact;
		(void)k;
		return OK;
	}
	if (type_is_decimal(a) || type_is_decimal(b)) {
		bind_decimals(env, c, op);
		return OK;
	}
	return compare_use_kernel(env, c, op, common_integer(type_physical(a), type_physical(b)));
}

// SPDX-License-Identifier: Apache-2.0
/*
 * Dates and times in ClickHouse's arithmetic: plus and minus numbers and intervals, differences; intervals among
 * themselves. A number is days of a date and seconds of a time.
 */
#include <assert.h>

#include "func/arith_impl.h"
#include "func/time_add.h"

struct time_op {
	uint32_t time, amount;       /* which argument is which */
	bool minus;
	enum interval_unit unit;
	unsigned from_scale, scale;  /* of the operand and of the result; dates and DateTime have 0 */
	bool from_date;              /* operand counts days */
	bool to_date;
	const struct timezone *tz;   /* NULL: the session's */
};

static bool is_date(const struct type *t)
{
	return t->id == TYPE_DATE || t->id == TYPE_DATE32;
}

static unsigned scale_of(const struct type *t)
{
	return t->id == TYPE_DATETIME64 ? t->scale : 0;
}

static int64_t load_i64(const struct operand *o, uint32_t i)
{
	int64_t v;
	kernels()->cast[o->physical][PHYS_I64](&v, o->data + i * o->step, 1);
	return v;
}

/* One row: the moved time in the result's ticks; false when out of range. */
static bool move(const struct time_op *t, int64_t time, int64_t n, const struct timezone *tz, int64_t *out)
{
	if (t->to_date)
		return !date_add_units(time, n, t->unit, out);
	int64_t ticks = time;
	if (t->from_date) {
		ticks = timezone_is_utc(tz) ? time * 86400 : timezone_to_utc(tz, time * 86400);
		if (__builtin_mul_overflow(ticks, (int64_t)pow10_u64(t->scale), &ticks))
			return false;
	} else if (__builtin_mul_overflow(ticks, (int64_t)pow10_u64(t->scale - t->from_scale), &ticks)) {
		return false;
	}
	return !instant_add_units(ticks, t->scale, n, t->unit, tz, out);
}

static enum status exec_move(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const struct time_op *t = c->state;
	struct operand time = operand_of(args[t->time]), amount = operand_of(args[t->amount]);
	const struct timezone *tz = t->tz != NULL ? t->tz : call_zone(NULL, e->session);
	enum physical to = type_physical(c->result);
	size_t width = physical_size(to);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	/* plain seconds or days: no calendar */
	bool plain = !t->from_date && t->scale == t->from_scale && t->scale == 0 && t->unit == UNIT_SECOND;
	plain |= t->to_date && t->unit == UNIT_DAY;
	for (uint32_t i = 0; i < count; i++) {
		int64_t n = load_i64(&amount, i), moved = load_i64(&time, i);
		if (t->minus)
			n = (int64_t)-(uint64_t)n;
		if (plain)
			moved = (int64_t)((uint64_t)moved + (uint64_t)n);
		else if (unlikely(!move(t, moved, n, tz, &moved))) {
			if (!eval_skips(e, i)) {
				vector_unref(v);
				return ERR(e->err, E_DECIMAL_OVERFLOW, "Date or time is out of range after %.*s", STR_ARG(c->name));
			}
			moved = 0;
		}
		kernels()->cast[PHYS_I64][to]((char *)v->data + i * width, &moved, 1);
	}
	*out = v;
	return OK;
}

/* The type that a time moved by a unit has: hours make a time of a date, fractions a DateTime64. */
static const struct type *moved_type(struct bind_env *env, const struct type *t, enum interval_unit unit)
{
	unsigned need = unit == UNIT_MILLISECOND ? 3 : unit == UNIT_MICROSECOND ? 6 : unit == UNIT_NANOSECOND ? 9 : 0;
	if (unit >= UNIT_DAY)
		return t;
	if (t->id == TYPE_DATE32)
		return type_datetime64(env->arena, need > 3 ? need : 3, NULL);
	if (t->id == TYPE_DATETIME64)
		return need > t->scale ? type_datetime64(env->arena, need, t->tz) : t;
	const struct timezone *tz = t->id == TYPE_DATETIME ? t->tz : NULL;
	return need == 0 ? type_datetime(env->arena, tz) : type_datetime64(env->arena, need, tz);
}

static enum status bind_move(struct bind_env *env, struct call *c, uint32_t time, enum interval_unit unit, bool minus)
{
	struct time_op *t = ARENA_NEW(env->arena, struct time_op);
	const struct type *from = c->arg_types[time];
	c->result = moved_type(env, from, unit);
	*t = (struct time_op){.time = time, .amount = 1 - time, .minus = minus, .unit = unit, .from_scale = scale_of(from),
	                      .scale = scale_of(c->result), .from_date = is_date(from), .to_date = is_date(c->result),
	                      .tz = c->result->tz};
	c->state = t;
	c->exec = exec_move;
	return OK;
}

/* ---- a date plus a tuple of intervals ---- */

struct tuple_move {
	uint32_t time, tuple, n;
	struct call *steps; /* one call for each interval, over (time, interval) */
};

static enum status exec_tuple_move(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	const struct tuple_move *t = c->state;
	struct vector *now = vector_ref(args[t->time]);
	enum status s = OK;
	for (uint32_t k = 0; k < t->n && s == OK; k++) {
		const struct vector *pair[2] = {now, args[t->tuple]->children[k]};
		struct vector *amount = NULL, *next = NULL;
		if (args[t->tuple]->form == VECTOR_CONST)
			s = eval_repeat(e, pair[1], count, &amount);
		pair[1] = amount != NULL ? amount : pair[1];
		if (s == OK)
			s = call_run(&t->steps[k], e, pair, count, &next);
		vector_unref(amount);
		vector_unref(now);
		now = next;
	}
	*out = now;
	return s;
}

static enum status bind_tuple_move(struct bind_env *env, struct call *c, uint32_t time, enum arith_op op)
{
	const struct type *tuple = c->arg_types[1 - time], *now = c->arg_types[time];
	struct tuple_move *t = ARENA_NEW(env->arena, struct tuple_move);
	*t = (struct tuple_move){time, 1 - time, tuple->child_count,
	                         ARENA_ARRAY(env->arena, struct call, tuple->child_count + 1)};
	for (uint32_t k = 0; k < t->n; k++) {
		struct call *step = &t->steps[k];
		if (tuple->children[k]->id != TYPE_INTERVAL)
			return call_bad_type(env, c, 1 - time);
		*step = *c;
		step->arg_count = 2;
		step->arg_types = ARENA_ARRAY(env->arena, const struct type *, 2);
		step->arg_types[0] = now;
		step->arg_types[1] = tuple->children[k];
		TRY(bind_move(env, step, 0, tuple->children[k]->scale, op == ARITH_MINUS));
		now = step->result;
	}
	c->result = now;
	c->state = t;
	c->exec = exec_tuple_move;
	return OK;
}

/* ---- differences ---- */

struct difference {
	unsigned scale_a, scale_b, scale;
};

static enum status exec_difference(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	const struct difference *d = c->state;
	struct operand a = operand_of(args[0]), b = operand_of(args[1]);
	int64_t fa = (int64_t)pow10_u64(d->scale - d->scale_a), fb = (int64_t)pow10_u64(d->scale - d->scale_b);
	enum physical to = type_physical(c->result);
	size_t width = physical_size(to);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		int64_t x, y, r = 0;
		bool over = __builtin_mul_overflow(load_i64(&a, i), fa, &x) || __builtin_mul_overflow(load_i64(&b, i), fb, &y) ||
		            __builtin_sub_overflow(x, y, &r);
		if (over && !eval_skips(e, i)) {
			vector_unref(v);
			return ERR(e->err, E_DECIMAL_OVERFLOW, "Decimal math overflow");
		}
		kernels()->cast[PHYS_I64][to]((char *)v->data + i * width, &r, 1);
	}
	*out = v;
	return OK;
}

static enum status bind_difference(struct bind_env *env, struct call *c)
{
	const struct type *a = c->arg_types[0], *b = c->arg_types[1];
	struct difference *d = ARENA_NEW(env->arena, struct difference);
	bool wide = a->id == TYPE_DATETIME64 || b->id == TYPE_DATETIME64;
	*d = (struct difference){scale_of(a), scale_of(b), scale_of(a) > scale_of(b) ? scale_of(a) : scale_of(b)};
	c->result = wide ? type_decimal(env->arena, 18, d->scale) : type_simple(TYPE_INT32);
	c->state = d;
	c->exec = exec_difference;
	return OK;
}

/* ---- intervals among themselves ---- */

/* Of one unit they add; others become a tuple, which dates take too. */
static enum status exec_pair(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	enum status s = OK;
	for (uint32_t k = 0; k < 2 && s == OK; k++)
		s = vector_flatten(e->track, args[k], &v->children[k], e->err);
	if (s == OK && args[0]->form == VECTOR_CONST && args[1]->form == VECTOR_CONST)
		for (uint32_t k = 0; k < 2 && s == OK; k++) {
			vector_unref(v->children[k]);
			v->children[k] = NULL;
			struct vector *one = NULL;
			s = eval_repeat(e, args[k], count, &one);
			if (s == OK)
				s = vector_flatten(e->track, one, &v->children[k], e->err);
			vector_unref(one);
		}
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status bind_intervals(struct bind_env *env, struct call *c, enum arith_op op)
{
	const struct type *a = c->arg_types[0], *b = c->arg_types[1];
	if (a->scale == b->scale) {
		struct arith_kernel *k = ARENA_NEW(env->arena, struct arith_kernel);
		k->to = PHYS_I64;
		for (int shape = 0; shape < KERNEL_SHAPES; shape++)
			k->fn[shape] = kernels()->arith[op == ARITH_PLUS ? KERNEL_ADD : KERNEL_SUB][PHYS_I64][shape];
		c->result = a;
		c->state = k;
		c->exec = arith_exec_kernel;
		return OK;
	}
	if (op == ARITH_MINUS)
		return call_bad_type(env, c, 1);
	c->result = type_tuple(env->arena, c->arg_types, NULL, 2);
	c->exec = exec_pair;
	return OK;
}

bool arith_bind_time(struct bind_env *env, struct call *c, enum arith_op op, enum status *s)
{
	const struct type *a = c->arg_types[0], *b = c->arg_types[1];
	if (op != ARITH_PLUS && op != ARITH_MINUS)
		return false;
	if (a->id == TYPE_INTERVAL && b->id == TYPE_INTERVAL) {
		*s = bind_intervals(env, c, op);
		return true;
	}
	if (op == ARITH_MINUS && type_is_temporal(a) && type_is_temporal(b) && is_date(a) == is_date(b)) {
		*s = bind_difference(env, c);
		return true;
	}
	uint32_t time = type_is_temporal(a) ? 0 : 1;
	const struct type *other = c->arg_types[1 - time];
	if (!type_is_temporal(c->arg_types[time]) || (time == 1 && op == ARITH_MINUS))
		return false;
	if (other->id == TYPE_INTERVAL) {
		*s = bind_move(env, c, time, other->scale, op == ARITH_MINUS);
	} else if (other->id == TYPE_TUPLE) {
		*s = bind_tuple_move(env, c, time, op);
	} else if (arith_is_integer(other) || type_is_float(other)) {
		*s = bind_move(env, c, time, is_date(c->arg_types[time]) ? UNIT_DAY : UNIT_SECOND, op == ARITH_MINUS);
	} else {
		return false;
	}
	return true;
}

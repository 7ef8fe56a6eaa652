// SPDX-License-Identifier: Apache-2.0
/*
 * Aggregates of a few numbers: deltaSum and deltaSumTimestamp, boundingRatio, sumCount, anyHeavy.
 *
 *     deltaSum           sum, first, last | uint8 seen
 *     deltaSumTimestamp  sum, first, its time, last, its time | uint8 seen
 *     boundingRatio      uint8 empty | x and y of the least x, x and y of the greatest
 *     sumCount           the state of sum | varuint count
 *     anyHeavy           the value as any keeps it | uint64 counter
 */
#include <math.h>

#include "func/agg_holder_impl.h"

/* Of all: one row to one state. */
typedef enum status (*row_fn)(const struct aggregator *a, struct eval *e, char *state,
                              const struct vector *const *args, uint32_t row);

static enum status each_row(const struct aggregator *a, struct eval *e, char *state, const struct vector *const *args,
                            const uint32_t *rows, uint32_t count, row_fn add)
{
	const struct vector *flat[2];
	struct vector *owned[2];
	enum status s = agg_flatten(e, args, a->arg_count, flat, owned);
	for (uint32_t i = 0; i < count && s == OK; i++)
		s = add(a, e, state, flat, rows == NULL ? i : rows[i]);
	agg_unflatten(owned, a->arg_count);
	return s;
}

#define ADD_ONE(name, add) \
	static enum status name(const struct aggregator *a, struct eval *e, char *state, \
	                        const struct vector *const *args, const uint32_t *rows, uint32_t count) \
	{ \
		return each_row(a, e, state, args, rows, count, add); \
	}

/* ---- numbers of any type in 8 bytes: integers extended, floating point as double ---- */

union number {
	int64_t i;
	uint64_t u;
	double f;
};

static union number number_at(const struct vector *v, uint32_t row)
{
	size_t size = physical_size(type_physical(v->type));
	union number n = {.u = 0};
	float narrow;
	memcpy(&n, (const char *)v->data + row * size, size);
	if (type_physical(v->type) == PHYS_F32) {
		memcpy(&narrow, &n, sizeof narrow);
		n.f = (double)narrow;
	} else if (type_is_signed(v->type) && size < 8) {
		n.i = (int64_t)(n.u << (64 - 8 * size)) >> (64 - 8 * size);
	}
	return n;
}

static bool is_less(const struct type *t, union number a, union number b)
{
	return type_is_float(t) ? a.f < b.f : type_is_signed(t) || type_is_decimal(t) ? a.i < b.i : a.u < b.u;
}

static void add_difference(const struct type *t, union number *sum, union number to, union number from)
{
	if (type_is_float(t))
		sum->f += to.f - from.f;
	else
		sum->u += to.u - from.u;
}

static void put_number(const struct type *t, union number n, struct strbuf *to)
{
	float narrow = (float)n.f;
	if (type_physical(t) == PHYS_F32)
		strbuf_put(to, &narrow, sizeof narrow);
	else
		strbuf_put(to, &n, physical_size(type_physical(t)));
}

static union number get_number(const struct type *t, struct agg_reader *from)
{
	uint64_t raw = 0;
	struct vector v = {.form = VECTOR_FLAT, .count = 1, .type = t, .data = &raw};
	agg_get(from, &raw, physical_size(type_physical(t)));
	return number_at(&v, 0);
}

static bool is_short_number(const struct type *t)
{
	bool plain = type_is_integer(t) || type_is_float(t) || t->id == TYPE_DATE || t->id == TYPE_DATETIME ||
		t->id == TYPE_DATETIME64 || t->id == TYPE_BOOL;
	return plain && physical_size(type_physical(t)) <= 8;
}

/* ---- deltaSum, deltaSumTimestamp ---- */

struct delta {
	union number sum, first, last, first_time, last_time;
	bool seen;
};

static enum status delta_row(const struct aggregator *a, struct eval *e, char *state, const struct vector *const *args,
                             uint32_t row)
{
	struct delta *d = (void *)state;
	union number x = number_at(args[0], row), t = a->arg_count > 1 ? number_at(args[1], row) : (union number){.u = 0};
	if (d->seen && is_less(args[0]->type, d->last, x))
		add_difference(args[0]->type, &d->sum, x, d->last);
	d->last = x;
	d->last_time = t;
	if (!d->seen) {
		d->first = x;
		d->first_time = t;
		d->seen = true;
	}
	return OK;
}
ADD_ONE(delta_add_one, delta_row)

static void join_delta(const struct type *t, struct delta *d, const struct delta *later)
{
	if (is_less(t, d->last, later->first))
		add_difference(t, &d->sum, later->first, d->last);
	if (type_is_float(t))
		d->sum.f += later->sum.f;
	else
		d->sum.u += later->sum.u;
	d->last = later->last;
	d->last_time = later->last_time;
}

static enum status delta_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               char *const *others, size_t other_offset, uint32_t count)
{
	const struct type *t = a->arg_types[0], *time = a->arg_types[a->arg_count - 1];
	for (uint32_t i = 0; i < count; i++) {
		struct delta *d = (void *)(states[i] + offset), before;
		const struct delta *o = (const void *)(others[i] + other_offset);
		if (!d->seen) {
			*d = *o;
		} else if (o->seen && a->arg_count > 1 && is_less(time, o->last_time, d->first_time)) {
			before = *o;
			join_delta(t, &before, d);
			*d = before;
		} else if (o->seen) {
			join_delta(t, d, o);
		}
	}
	return OK;
}

static enum status delta_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct delta *d = (const void *)(states[i] + offset);
		float narrow = (float)d->sum.f;
		TRY(builder_fixed(to, to->physical == PHYS_F32 ? (const void *)&narrow : &d->sum, e->err));
	}
	return OK;
}

static enum status delta_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct delta *d = (const void *)state;
	const struct type *t = a->arg_types[0], *time = a->arg_types[a->arg_count - 1];
	put_number(t, d->sum, to);
	put_number(t, d->first, to);
	if (a->arg_count > 1)
		put_number(time, d->first_time, to);
	put_number(t, d->last, to);
	if (a->arg_count > 1)
		put_number(time, d->last_time, to);
	strbuf_putc(to, d->seen);
	return OK;
}

static enum status delta_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                              size_t *consumed)
{
	struct delta *d = (void *)state;
	const struct type *t = a->arg_types[0], *time = a->arg_types[a->arg_count - 1];
	struct agg_reader r = agg_reader(from);
	d->sum = get_number(t, &r);
	d->first = get_number(t, &r);
	if (a->arg_count > 1)
		d->first_time = get_number(time, &r);
	d->last = get_number(t, &r);
	if (a->arg_count > 1)
		d->last_time = get_number(time, &r);
	d->seen = agg_get_u8(&r) != 0;
	return agg_reader_end(&r, e, from, consumed);
}

static const struct aggregate_ops delta_ops = {NULL, NULL, agg_add_runs, delta_add_one, delta_merge, delta_finish,
                                               delta_write, delta_read};

static enum status bind_delta(struct bind_env *env, struct aggregator *a)
{
	uint32_t args = strcmp(a->aggregate->name, "deltaSum") == 0 ? 1 : 2;
	TRY(agg_arg_count(env, a, args, args));
	TRY(agg_param_count(env, a, 0, 0));
	for (uint32_t i = 0; i < args; i++)
		if (!is_short_number(a->arg_types[i]))
			return agg_bad_type(env, a, i);
	return agg_set(a, &delta_ops, a->arg_types[0], sizeof(struct delta));
}

/* ---- boundingRatio ---- */

struct bounds {
	bool there;
	double left[2], right[2];
};

static void widen(struct bounds *b, double x, double y)
{
	if (!b->there || x < b->left[0]) {
		b->left[0] = x;
		b->left[1] = y;
	}
	if (!b->there || x > b->right[0]) {
		b->right[0] = x;
		b->right[1] = y;
	}
	b->there = true;
}

static enum status bounds_row(const struct aggregator *a, struct eval *e, char *state, const struct vector *const *args,
                              uint32_t row)
{
	widen((void *)state, ((const double *)args[0]->data)[row], ((const double *)args[1]->data)[row]);
	return OK;
}
ADD_ONE(bounds_add_one, bounds_row)

static enum status bounds_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct bounds *o = (const void *)(others[i] + other_offset);
		if (o->there) {
			widen((void *)(states[i] + offset), o->left[0], o->left[1]);
			widen((void *)(states[i] + offset), o->right[0], o->right[1]);
		}
	}
	return OK;
}

static enum status bounds_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                 uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct bounds *b = (const void *)(states[i] + offset);
		double ratio = b->there ? (b->right[1] - b->left[1]) / (b->right[0] - b->left[0]) : NAN;
		TRY(builder_fixed(to, &ratio, e->err));
	}
	return OK;
}

static enum status bounds_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct bounds *b = (const void *)state;
	strbuf_putc(to, !b->there);
	if (b->there) {
		strbuf_put(to, b->left, sizeof b->left);
		strbuf_put(to, b->right, sizeof b->right);
	}
	return OK;
}

static enum status bounds_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                               size_t *consumed)
{
	struct bounds *b = (void *)state;
	struct agg_reader r = agg_reader(from);
	b->there = agg_get_u8(&r) == 0;
	if (b->there) {
		agg_get(&r, b->left, sizeof b->left);
		agg_get(&r, b->right, sizeof b->right);
	}
	return agg_reader_end(&r, e, from, consumed);
}

static const struct aggregate_ops bounds_ops = {NULL, NULL, agg_add_runs, bounds_add_one, bounds_merge, bounds_finish,
                                                bounds_write, bounds_read};

static enum status bind_bounds(struct bind_env *env, struct aggregator *a)
{
	TRY(agg_arg_count(env, a, 2, 2));
	TRY(agg_param_count(env, a, 0, 0));
	for (uint32_t i = 0; i < 2; i++) {
		if (!type_is_number(a->arg_types[i]))
			return agg_bad_type(env, a, i);
		a->arg_types[i] = type_simple(TYPE_FLOAT64);
	}
	return agg_set(a, &bounds_ops, type_simple(TYPE_FLOAT64), sizeof(struct bounds));
}

/* ---- sumCount: a count in front of the state of sum ---- */

enum { COUNT_SIZE = 8 };

static void count_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	agg_destroy(a->nested, state + COUNT_SIZE, track);
}

static void count_init(const struct aggregator *a, char *state)
{
	agg_init(a->nested, state + COUNT_SIZE);
}

static enum status count_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		++*(uint64_t *)(void *)(states[i] + offset);
	return a->nested->ops->add(a->nested, e, states, offset + COUNT_SIZE, args, rows, count);
}

static enum status count_add_one(const struct aggregator *a, struct eval *e, char *state,
                                 const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	*(uint64_t *)(void *)state += count;
	return a->nested->ops->add_one(a->nested, e, state + COUNT_SIZE, args, rows, count);
}

static enum status count_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		*(uint64_t *)(void *)(states[i] + offset) += *(const uint64_t *)(void *)(others[i] + other_offset);
	return a->nested->ops->merge(a->nested, e, states, offset + COUNT_SIZE, others, other_offset + COUNT_SIZE, count);
}

static enum status count_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                uint32_t count, struct builder *to)
{
	TRY(a->nested->ops->finish(a->nested, e, states, offset + COUNT_SIZE, count, to->children[0]));
	for (uint32_t i = 0; i < count; i++) {
		TRY(builder_fixed(to->children[1], states[i] + offset, e->err));
		TRY(builder_end_tuple(to, e->err));
	}
	return OK;
}

static enum status count_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	TRY(a->nested->ops->write(a->nested, e, state + COUNT_SIZE, to));
	strbuf_put_varuint(to, *(const uint64_t *)(const void *)state);
	return OK;
}

static enum status count_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                              size_t *consumed)
{
	size_t used;
	TRY(a->nested->ops->read(a->nested, e, state + COUNT_SIZE, from, &used));
	struct agg_reader r = agg_reader(str_make(from.data + used, from.size - used));
	*(uint64_t *)(void *)state = agg_get_varuint(&r);
	TRY(agg_reader_end(&r, e, str_make(from.data + used, from.size - used), consumed));
	*consumed += used;
	return OK;
}

static const struct aggregate_ops count_ops = {count_init, count_destroy, count_add, count_add_one, count_merge,
                                               count_finish, count_write, count_read};

static enum status bind_sum_count(struct bind_env *env, struct aggregator *a)
{
	TRY(agg_arg_count(env, a, 1, 1));
	TRY(agg_param_count(env, a, 0, 0));
	TRY(agg_bind_name(env, STR("sum"), NULL, 0, a->arg_types, 1, 0, &a->nested));
	a->arg_types[0] = a->nested->arg_types[0];
	const struct type *const both[] = {a->nested->result, type_simple(TYPE_UINT64)};
	return agg_set(a, &count_ops, type_tuple(env->arena, both, NULL, 2), COUNT_SIZE + a->nested->state_size);
}

/* ---- anyHeavy: a value that more than half of the rows have is found (R. Boyer, J. Moore) ---- */

enum { COUNTER = 0, HOLDER = 8 };

static enum status heavy_row(const struct aggregator *a, struct eval *e, char *state, const struct vector *const *args,
                             uint32_t row)
{
	uint64_t *counter = (void *)state;
	const struct holder *h = a->data;
	if (holder_has(state + HOLDER) && holder_compare_row(h, state + HOLDER, args[0], row) == 0) {
		++*counter;
	} else if (*counter == 0) {
		*counter = 1;
		return holder_set(h, e, state + HOLDER, args[0], row);
	} else {
		--*counter;
	}
	return OK;
}
ADD_ONE(heavy_add_one, heavy_row)

static void heavy_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	holder_free(a->data, state + HOLDER, track);
}

static enum status heavy_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               char *const *others, size_t other_offset, uint32_t count)
{
	const struct holder *h = a->data;
	for (uint32_t i = 0; i < count; i++) {
		char *s = states[i] + offset;
		const char *o = others[i] + other_offset;
		uint64_t *counter = (void *)s, other = *(const uint64_t *)(const void *)o;
		if (!holder_has(o + HOLDER))
			continue;
		if (holder_has(s + HOLDER) && holder_compare(h, s + HOLDER, o + HOLDER) == 0) {
			*counter += other;
		} else if (!holder_has(s + HOLDER) || *counter < other) {
			*counter = holder_has(s + HOLDER) ? other - *counter : other;
			TRY(holder_copy(h, e, s + HOLDER, o + HOLDER));
		} else {
			*counter -= other;
		}
	}
	return OK;
}

static enum status heavy_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++)
		TRY(holder_append(a->data, e, states[i] + offset + HOLDER, to));
	return OK;
}

static enum status heavy_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	TRY(holder_write(a->data, e, state + HOLDER, to));
	strbuf_put(to, state, sizeof(uint64_t));
	return OK;
}

static enum status heavy_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                              size_t *consumed)
{
	struct agg_reader r = agg_reader(from);
	TRY(holder_read(a->data, e, state + HOLDER, &r));
	agg_get(&r, state, sizeof(uint64_t));
	return agg_reader_end(&r, e, from, consumed);
}

static const struct aggregate_ops heavy_ops = {NULL, heavy_destroy, agg_add_runs, heavy_add_one, heavy_merge,
                                               heavy_finish, heavy_write, heavy_read};

static enum status bind_heavy(struct bind_env *env, struct aggregator *a)
{
	struct holder *h = ARENA_NEW(env->arena, struct holder);
	TRY(agg_arg_count(env, a, 1, 1));
	TRY(agg_param_count(env, a, 0, 0));
	*h = holder_of(a->arg_types[0]);
	a->data = h;
	return agg_set(a, &heavy_ops, a->arg_types[0], HOLDER + h->size);
}

static const struct aggregate rows[] = {
	{"deltaSum", "", AGGREGATE_CH | AGGREGATE_ORDERED, bind_delta, "Sum of the rises from one row to the next",
	 "SELECT deltaSum(number) FROM numbers(5)", "4", NULL},
	{"deltaSumTimestamp", "", AGGREGATE_CH | AGGREGATE_ORDERED, bind_delta,
	 "Sum of the rises, parts being put in the order of their times",
	 "SELECT deltaSumTimestamp(number, number) FROM numbers(5)", "4", NULL},
	{"boundingRatio", "", AGGREGATE_CH, bind_bounds, "Slope between the points of least and of greatest x",
	 "SELECT boundingRatio(number, number * 3) FROM numbers(5)", "3", NULL},
	{"sumCount", "", AGGREGATE_CH, bind_sum_count, "Sum and number of values",
	 "SELECT sumCount(number) FROM numbers(3)", "(3,3)", NULL},
	{"anyHeavy", "", AGGREGATE_CH | AGGREGATE_ORDERED, bind_heavy, "A value that more than half of the rows have",
	 "SELECT anyHeavy(1) FROM numbers(3)", "1", NULL},
};

AGGREGATE_FAMILY(delta, "Aggregates of a few numbers");

// SPDX-License-Identifier: Apache-2.0
/*
 * Arrays of a group in other orders than that of the rows: groupArrayInsertAt, MovingSum, MovingAvg, Sorted and Last.
 groupArrayMovingAvg,
 * groupArraySorted, groupArrayLast.
 *
 *     groupArrayInsertAt    varuint size | uint8 missing, then a value where it is there, in turn
 *     groupArrayMoving…     varuint count | running sums
 *     groupArraySorted      varuint count | values, the greatest first
 *     groupArrayLast        varuint count | values in a ring | uint64 values seen
 */
#include "func/agg_holder_impl.h"
#include "func/cast.h"

enum { ELEMENTS_MAX = 0xffffff };

struct listed_rule {
	struct holder holder;
	uint64_t limit;              /* 0: none */
	bool sorted;
	char *fill;                  /* groupArrayInsertAt: a holder of what stands where nothing was put; NULL: the default */
};

/* Holders side by side. */
struct listed {
	char *data;
	uint32_t count, capacity;
	uint64_t seen;
};

static inline char *item(const struct listed_rule *r, const struct listed *s, uint32_t i)
{
	return s->data + (size_t)i * r->holder.size;
}

static void listed_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	const struct listed_rule *r = a->data;
	struct listed *s = (void *)state;
	for (uint32_t i = 0; i < s->count; i++)
		holder_free(&r->holder, item(r, s, i), track);
	agg_free(track, s->data, (size_t)s->capacity * r->holder.size);
	*s = (struct listed){0};
}

/* Empty holders up to `count`. */
static enum status extend(const struct listed_rule *r, struct eval *e, struct listed *s, uint32_t count)
{
	if (count > s->capacity) {
		uint32_t capacity = count < 8 ? 8 : count + count / 2;
		void *p = s->data;
		TRY(agg_realloc(e, &p, (size_t)s->capacity * r->holder.size, (size_t)capacity * r->holder.size));
		s->data = p;
		s->capacity = capacity;
	}
	memset(item(r, s, s->count), 0, (size_t)(count - s->count) * r->holder.size);
	s->count = count;
	return OK;
}

/* ---- groupArrayInsertAt ---- */

static uint64_t place_at(const struct vector *v, uint32_t row)
{
	uint64_t at = 0;
	size_t size = physical_size(type_physical(v->type));
	memcpy(&at, (const char *)v->data + row * size, size);
	return at;
}

static enum status insert_add_one(const struct aggregator *a, struct eval *e, char *state,
                                  const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct listed_rule *r = a->data;
	struct listed *s = (void *)state;
	const struct vector *flat[2];
	struct vector *owned[2];
	enum status status = agg_flatten(e, args, 2, flat, owned);
	for (uint32_t i = 0; i < count && status == OK; i++) {
		uint32_t row = rows == NULL ? i : rows[i];
		uint64_t at = place_at(flat[1], row);
		if (r->limit != 0 && at >= r->limit)
			continue;
		if (at >= ELEMENTS_MAX) {
			status = ERR(e->err, E_TOO_LARGE_ARRAY_SIZE, "Too large array size: position argument (%llu) is greater or equals "
			             "to limit (%d)", (unsigned long long)at, ELEMENTS_MAX);
			break;
		}
		if (at >= s->count)
			status = extend(r, e, s, (uint32_t)at + 1);
		if (status == OK && !holder_has(item(r, s, (uint32_t)at)))
			status = holder_set(&r->holder, e, item(r, s, (uint32_t)at), flat[0], row);
	}
	agg_unflatten(owned, 2);
	return status;
}

static enum status insert_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                char *const *others, size_t other_offset, uint32_t count)
{
	const struct listed_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++) {
		struct listed *s = (void *)(states[i] + offset);
		const struct listed *o = (const void *)(others[i] + other_offset);
		if (o->count > s->count)
			TRY(extend(r, e, s, o->count));
		for (uint32_t k = 0; k < o->count; k++)
			if (holder_has(item(r, o, k)) && !holder_has(item(r, s, k)))
				TRY(holder_copy(&r->holder, e, item(r, s, k), item(r, o, k)));
	}
	return OK;
}

static enum status insert_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                 uint32_t count, struct builder *to)
{
	const struct listed_rule *r = a->data;
	struct builder *child = to->children[0];
	for (uint32_t i = 0; i < count; i++) {
		const struct listed *s = (const void *)(states[i] + offset);
		uint64_t n = r->limit != 0 ? r->limit : s->count;
		for (uint32_t k = 0; k < n; k++) {
			bool there = k < s->count && holder_has(item(r, s, k));
			if (!there && r->fill == NULL)
				TRY(builder_default(child, e->err));
			else
				TRY(holder_append(&r->holder, e, there ? item(r, s, k) : r->fill, child));
		}
		TRY(builder_end_array(to, e->err));
	}
	return OK;
}

/* A value as it stands in a list of any values: fixed ones bare, strings with their length. */
static enum status put_bare(const struct listed_rule *r, struct eval *e, const char *held, struct strbuf *to)
{
	struct builder *b;
	struct vector *v = NULL;
	TRY(builder_new(e->track, r->holder.type, &b, e->err));
	enum status s = holder_append(&r->holder, e, held, b);
	s = builder_close(b, s, &v, e->err);
	if (s == OK)
		s = agg_value_write(to, v, 0, e->err);
	vector_unref(v);
	return s;
}

static enum status get_bare(const struct listed_rule *r, struct eval *e, char *held, struct agg_reader *from)
{
	struct builder *b;
	struct vector *v = NULL;
	TRY(builder_new(e->track, r->holder.type, &b, e->err));
	enum status s = agg_value_read(b, from, e->err);
	if (s == OK && !from->failed)
		s = builder_finish(b, &v, e->err);
	builder_free(b);
	if (s == OK && v != NULL && v->count == 1)
		s = holder_set(&r->holder, e, held, v, 0);
	vector_unref(v);
	return s;
}

static enum status insert_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct listed_rule *r = a->data;
	const struct listed *s = (const void *)state;
	strbuf_put_varuint(to, s->count);
	for (uint32_t k = 0; k < s->count; k++) {
		bool there = holder_has(item(r, s, k));
		strbuf_putc(to, !there);
		if (there)
			TRY(put_bare(r, e, item(r, s, k), to));
	}
	return OK;
}

static enum status insert_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                               size_t *consumed)
{
	const struct listed_rule *r = a->data;
	struct listed *s = (void *)state;
	struct agg_reader at = agg_reader(from);
	uint32_t n = agg_get_count(&at, 1);
	if (n > ELEMENTS_MAX)
		return ERR(e->err, E_TOO_LARGE_ARRAY_SIZE, "Too large array size (maximum: %d)", ELEMENTS_MAX);
	TRY(extend(r, e, s, n));
	for (uint32_t k = 0; k < n && !at.failed; k++)
		if (agg_get_u8(&at) == 0)
			TRY(get_bare(r, e, item(r, s, k), &at));
	return agg_reader_end(&at, e, from, consumed);
}

static const struct aggregate_ops insert_ops = {NULL, listed_destroy, agg_add_runs, insert_add_one, insert_merge,
                                                insert_finish, insert_write, insert_read};

/* The parameter as a value of the elements' type; it lives in the statement's arena. */
static enum status read_fill(struct bind_env *env, const struct aggregator *a, struct listed_rule *r)
{
	struct eval e = {.session = env->session, .scratch = env->arena, .err = env->err};
	struct vector *v;
	if (type_physical(a->params[0]->type) == PHYS_STR && r->holder.kind != HOLDER_STRING)
		return ERR(env->err, E_TYPE_MISMATCH, "Cannot convert string to type %.*s",
		           STR_ARG(type_name(env->arena, a->arg_types[0])));
	TRY(cast_vector(&e, env->arena, a->params[0], a->arg_types[0], CAST_CH, &v));
	r->fill = arena_alloc(env->arena, r->holder.size);
	memset(r->fill, 0, r->holder.size);
	enum status s = OK;
	if (r->holder.kind == HOLDER_STRING) {
		struct str text = arena_str(env->arena, strview_str(v->data));
		struct agg_string *held = holder_value(r->fill);
		*held = (struct agg_string){.size = (uint32_t)text.size};
		if (text.size <= sizeof held->inlined) {
			memcpy(held->inlined, text.data, text.size);
		} else {
			held->capacity = held->size;
			held->pointer = (char *)(uintptr_t)text.data;
		}
		*r->fill = 1;
	} else if (r->holder.kind == HOLDER_FIXED) {
		s = holder_set(&r->holder, &e, r->fill, v, 0);
	} else {
		s = ERR(env->err, E_NOT_IMPLEMENTED, "not supported yet: a default value of type %.*s in %s",
		        STR_ARG(type_name(env->arena, a->arg_types[0])), a->aggregate->name);
	}
	vector_unref(v);
	return s;
}

static enum status bind_insert(struct bind_env *env, struct aggregator *a)
{
	struct listed_rule *r = ARENA_NEW(env->arena, struct listed_rule);
	TRY(agg_arg_count(env, a, 2, 2));
	TRY(agg_param_count(env, a, 0, 2));
	if (a->param_count > 1 && (!agg_param_u64(a, 1, &r->limit) || r->limit == 0 || r->limit > ELEMENTS_MAX))
		return agg_bad_param(env, a, 1, "a size of at least 1");
	if (!type_is_integer(a->arg_types[1]) || type_is_signed(a->arg_types[1]) ||
	    physical_size(type_physical(a->arg_types[1])) > 8)
		return agg_bad_type(env, a, 1);
	r->holder = holder_of(a->arg_types[0]);
	if (a->param_count > 0)
		TRY(read_fill(env, a, r));
	a->data = r;
	return agg_set(a, &insert_ops, type_array(env->arena, a->arg_types[0]), sizeof(struct listed));
}

/* ---- groupArraySorted(n), groupArrayLast(n) ---- */

/* Puts a value, in a holder that is handed over, where it belongs; the greatest stands first. */
static void sift(const struct listed_rule *r, struct listed *s, uint32_t i, char *room)
{
	for (; i > 0 && holder_compare(&r->holder, item(r, s, i), item(r, s, i - 1)) > 0; i--) {
		memcpy(room, item(r, s, i), r->holder.size);
		memcpy(item(r, s, i), item(r, s, i - 1), r->holder.size);
		memcpy(item(r, s, i - 1), room, r->holder.size);
	}
}

/* The place of a value that comes now, emptied; NULL: it is not wanted. */
static enum status keep_row(const struct listed_rule *r, struct eval *e, struct listed *s, const struct vector *v,
                            uint32_t row)
{
	char *room = arena_alloc(e->scratch, r->holder.size);
	uint64_t at = r->sorted ? s->count : s->seen % r->limit;
	s->seen++;
	if (r->sorted && s->count == r->limit) {
		if (holder_compare_row(&r->holder, item(r, s, 0), v, row) <= 0)
			return OK;
		holder_free(&r->holder, item(r, s, 0), e->track);
		memmove(s->data, item(r, s, 1), (size_t)(s->count - 1) * r->holder.size);
		s->count--;
		at--;
	}
	if (at == s->count)
		TRY(extend(r, e, s, s->count + 1));
	TRY(holder_set(&r->holder, e, item(r, s, (uint32_t)at), v, row));
	if (r->sorted)
		sift(r, s, (uint32_t)at, room);
	return OK;
}

static enum status keep_add_one(const struct aggregator *a, struct eval *e, char *state,
                                const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	struct vector *v;
	TRY(vector_flatten(e->track, args[0], &v, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++)
		s = keep_row(a->data, e, (void *)state, v, rows == NULL ? i : rows[i]);
	vector_unref(v);
	return s;
}

/* The i-th value in the order in which they came. */
static uint32_t in_turn(const struct listed_rule *r, const struct listed *s, uint32_t i)
{
	return r->sorted || s->seen <= r->limit ? i : (uint32_t)((s->seen + i) % r->limit);
}

static enum status keep_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                              char *const *others, size_t other_offset, uint32_t count)
{
	const struct listed_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++) {
		const struct listed *o = (const void *)(others[i] + other_offset);
		struct builder *b;
		struct vector *v = NULL;
		TRY(builder_new(e->track, r->holder.type, &b, e->err));
		enum status s = OK;
		for (uint32_t k = 0; k < o->count && s == OK; k++)
			s = holder_append(&r->holder, e, item(r, o, in_turn(r, o, k)), b);
		if (s == OK)
			s = builder_finish(b, &v, e->err);
		builder_free(b);
		for (uint32_t k = 0; k < o->count && s == OK; k++)
			s = keep_row(r, e, (void *)(states[i] + offset), v, k);
		vector_unref(v);
		TRY(s);
	}
	return OK;
}

static enum status keep_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               uint32_t count, struct builder *to)
{
	const struct listed_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++) {
		const struct listed *s = (const void *)(states[i] + offset);
		for (uint32_t k = 0; k < s->count; k++)
			TRY(holder_append(&r->holder, e, item(r, s, r->sorted ? s->count - 1 - k : k), to->children[0]));
		TRY(builder_end_array(to, e->err));
	}
	return OK;
}

static enum status keep_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct listed_rule *r = a->data;
	const struct listed *s = (const void *)state;
	strbuf_put_varuint(to, s->count);
	for (uint32_t k = 0; k < s->count; k++)
		TRY(put_bare(r, e, item(r, s, k), to));
	if (!r->sorted)
		strbuf_put_le(to, s->seen, 8);
	return OK;
}

static enum status keep_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                             size_t *consumed)
{
	const struct listed_rule *r = a->data;
	struct listed *s = (void *)state;
	struct agg_reader at = agg_reader(from);
	char *room = arena_alloc(e->scratch, r->holder.size);
	uint32_t n = agg_get_count(&at, 1);
	if (n > r->limit)
		at.failed = true;
	for (uint32_t k = 0; k < n && !at.failed; k++) {
		TRY(extend(r, e, s, k + 1));
		TRY(get_bare(r, e, item(r, s, k), &at));
		if (r->sorted && !at.failed)
			sift(r, s, k, room);
	}
	s->seen = n;
	if (!r->sorted)
		agg_get(&at, &s->seen, sizeof s->seen);
	at.failed |= s->seen < n;
	return agg_reader_end(&at, e, from, consumed);
}

static const struct aggregate_ops keep_ops = {NULL, listed_destroy, agg_add_runs, keep_add_one, keep_merge,
                                              keep_finish, keep_write, keep_read};

static enum status bind_keep(struct bind_env *env, struct aggregator *a)
{
	struct listed_rule *r = ARENA_NEW(env->arena, struct listed_rule);
	TRY(agg_arg_count(env, a, 1, 1));
	r->sorted = strcmp(a->aggregate->name, "groupArraySorted") == 0;
	if (a->param_count != 1)
		return ERR(env->err, E_BAD_ARGUMENTS, "Aggregate function %s needs one parameter, the most elements to keep",
			a->aggregate->name);
	if (!agg_param_u64(a, 0, &r->limit) || r->limit == 0 || r->limit > ELEMENTS_MAX)
		return agg_bad_param(env, a, 0, "a positive number");
	if (type_physical(a->arg_types[0]) == PHYS_NONE)
		return agg_bad_type(env, a, 0);
	r->holder = holder_of(a->arg_types[0]);
	a->data = r;
	return agg_set(a, &keep_ops, type_array(env->arena, a->arg_types[0]), sizeof(struct listed));
}

/* ---- groupArrayMovingSum, groupArrayMovingAvg: running sums, from which those of a window are taken ---- */

enum moving_kind { MOVING_I64, MOVING_U64, MOVING_F64, MOVING_I128 };
struct moving_rule {
	enum moving_kind kind;
	uint32_t width;
	uint64_t window;             /* 0: all */
	bool average;
};

union moving {
	int64_t i;
	uint64_t u;
	double f;
	i128_in_state wide;
};

static void moving_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	const struct moving_rule *r = a->data;
	agg_vec_free((struct agg_vec *)(void *)state, track, r->width);
}

static union moving value_at(const struct moving_rule *r, const struct vector *v, uint32_t row)
{
	enum physical p = type_physical(v->type);
	size_t size = physical_size(p);
	union moving m = {.wide = 0};
	memcpy(&m, (const char *)v->data + (size_t)row * size, size);
	if (p == PHYS_F32 || p == PHYS_F64) {
		float narrow;
		memcpy(&narrow, &m, sizeof narrow);
		return (union moving){.f = p == PHYS_F32 ? (double)narrow : m.f};
	}
	bool is_signed = type_is_signed(v->type) || type_is_decimal(v->type);
	if (size < 8 && is_signed)
		m.i = (int64_t)(m.u << (64 - 8 * size)) >> (64 - 8 * size);
	if (r->kind == MOVING_F64)
		m.f = is_signed ? (double)m.i : (double)m.u;
	else if (r->kind == MOVING_I128 && size <= 8)
		m.wide = m.i;
	return m;
}

static union moving sum_of(const struct moving_rule *r, union moving a, union moving b, bool minus)
{
	switch (r->kind) {
	case MOVING_F64: return (union moving){.f = minus ? a.f - b.f : a.f + b.f};
	case MOVING_I128:
		return (union moving){.wide = (i128)(minus ? (u128)a.wide - (u128)b.wide : (u128)a.wide + (u128)b.wide)};
	default: return (union moving){.u = minus ? a.u - b.u : a.u + b.u};
	}
}

static union moving sum_at(const struct moving_rule *r, const struct agg_vec *list, uint32_t i)
{
	union moving m = {.wide = 0};
	memcpy(&m, (const char *)list->data + (size_t)i * r->width, r->width);
	return m;
}

static enum status push_sum(const struct moving_rule *r, struct eval *e, struct agg_vec *list, union moving value)
{
	if (list->count != 0)
		value = sum_of(r, sum_at(r, list, list->count - 1), value, false);
	if (list->count == ELEMENTS_MAX)
		return ERR(e->err, E_TOO_LARGE_ARRAY_SIZE, "Too large array size (maximum: %d)", ELEMENTS_MAX);
	TRY(agg_vec_reserve(e, list, 1, r->width));
	memcpy((char *)list->data + (size_t)list->count++ * r->width, &value, r->width);
	return OK;
}

static enum status moving_add_one(const struct aggregator *a, struct eval *e, char *state,
                                  const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	struct vector *v;
	TRY(vector_flatten(e->track, args[0], &v, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++)
		s = push_sum(a->data, e, (void *)state, value_at(a->data, v, rows == NULL ? i : rows[i]));
	vector_unref(v);
	return s;
}

static enum status moving_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                char *const *others, size_t other_offset, uint32_t count)
{
	const struct moving_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++) {
		const struct agg_vec *o = (const void *)(others[i] + other_offset);
		for (uint32_t k = 0; k < o->count; k++) {
			union moving value = sum_at(r, o, k);
			if (k != 0)
				value = sum_of(r, value, sum_at(r, o, k - 1), true);
			TRY(push_sum(r, e, (void *)(states[i] + offset), value));
		}
	}
	return OK;
}

static enum status moving_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                 uint32_t count, struct builder *to)
{
	const struct moving_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++) {
		const struct agg_vec *list = (const void *)(states[i] + offset);
		uint64_t window = r->window == 0 ? list->count : r->window;
		for (uint32_t k = 0; k < list->count; k++) {
			union moving m = sum_at(r, list, k);
			if (k >= window)
				m = sum_of(r, m, sum_at(r, list, (uint32_t)(k - window)), true);
			if (r->average && r->kind == MOVING_F64)
				m.f /= (double)window;
			else if (r->average)
				m.wide /= (i128)window;
			TRY(builder_fixed(to->children[0], &m, e->err));
		}
		TRY(builder_end_array(to, e->err));
	}
	return OK;
}

static enum status moving_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct moving_rule *r = a->data;
	const struct agg_vec *list = (const void *)state;
	strbuf_put_varuint(to, list->count);
	strbuf_put(to, list->data, (size_t)list->count * r->width);
	return OK;
}

static enum status moving_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                               size_t *consumed)
{
	const struct moving_rule *r = a->data;
	struct agg_vec *list = (void *)state;
	struct agg_reader at = agg_reader(from);
	uint32_t n = agg_get_count(&at, r->width);
	TRY(agg_vec_reserve(e, list, n, r->width));
	agg_get(&at, list->data, (size_t)n * r->width);
	list->count = n;
	return agg_reader_end(&at, e, from, consumed);
}

static const struct aggregate_ops moving_ops = {NULL, moving_destroy, agg_add_runs, moving_add_one, moving_merge,
                                                moving_finish, moving_write, moving_read};

static enum status bind_moving(struct bind_env *env, struct aggregator *a)
{
	struct moving_rule *r = ARENA_NEW(env->arena, struct moving_rule);
	const struct type *t = a->arg_types[0];
	TRY(agg_arg_count(env, a, 1, 1));
	TRY(agg_param_count(env, a, 0, 1));
	if (a->param_count != 0 && (!agg_param_u64(a, 0, &r->window) || r->window == 0))
		return agg_bad_param(env, a, 0, "a positive window");
	bool decimal = type_is_decimal(t);
	if ((!decimal && !type_is_integer(t) && !type_is_float(t)) ||
	    physical_size(type_physical(t)) > (decimal ? 16 : 8))
		return agg_bad_type(env, a, 0);
	r->average = strcmp(a->aggregate->name, "groupArrayMovingAvg") == 0;
	r->kind = decimal ? MOVING_I128 : type_is_float(t) || r->average ? MOVING_F64 : type_is_signed(t) ? MOVING_I64
		: MOVING_U64;
	r->width = decimal ? 16 : 8;
	a->data = r;
	static const enum type_id ids[] = {TYPE_INT64, TYPE_UINT64, TYPE_FLOAT64};
	const struct type *element = decimal ? type_decimal(env->arena, 38, t->scale) : type_simple(ids[r->kind]);
	return agg_set(a, &moving_ops, type_array(env->arena, element), sizeof(struct agg_vec));
}

#define ORDERED_ROW(name, bind, text, example, answer) \
	{name, "", AGGREGATE_CH | AGGREGATE_ORDERED, bind, text, example, answer, NULL}

static const struct aggregate rows[] = {
	ORDERED_ROW("groupArrayInsertAt", bind_insert, "Values as an array, each at its place, from 0",
	            "SELECT groupArrayInsertAt(number, number) FROM numbers(3)", "[0,1,2]"),
	ORDERED_ROW("groupArrayMovingSum", bind_moving, "Sums of the last values, row by row",
	            "SELECT groupArrayMovingSum(2)(number) FROM numbers(4)", "[0,1,3,5]"),
	ORDERED_ROW("groupArrayMovingAvg", bind_moving, "Means of the last values, row by row",
	            "SELECT groupArrayMovingAvg(2)(number) FROM numbers(4)", "[0,0.5,1.5,2.5]"),
	ORDERED_ROW("groupArraySorted", bind_keep, "The least values in order",
	            "SELECT groupArraySorted(2)(-number) FROM numbers(4)", "[-3,-2]"),
	ORDERED_ROW("groupArrayLast", bind_keep, "The last values, in a ring",
	            "SELECT groupArrayLast(2)(number) FROM numbers(4)", "[2,3]"),
};

AGGREGATE_FAMILY(listed, "Arrays in other orders");

// SPDX-License-Identifier: Apache-2.0
/*
 * groupArray and its kin: values in the order in which they come. Fixed-width values are kept as they are; others as
 * their serialised form, a varuint length and the bytes, so that writing a state is copying it.
 */
#include <assert.h>

#include "func/agg_array_impl.h"

enum status agg_list_reserve(struct eval *e, struct agg_list *l, size_t more)
{
	if (likely(l->capacity - l->size >= more))
		return OK;
	size_t capacity = l->capacity == 0 ? 32 : l->capacity * 2;
	if (capacity < l->size + more)
		capacity = l->size + more;
	void *p = l->data;
	TRY(agg_realloc(e, &p, l->capacity, capacity));
	l->data = p;
	l->capacity = capacity;
	return OK;
}

void agg_list_free(struct agg_list *l, struct memtrack *track)
{
	agg_free(track, l->data, l->capacity);
	*l = (struct agg_list){0};
}

static enum status put_bytes(struct eval *e, struct agg_list *l, struct str s)
{
	enum { VARUINT_MAX = 10 };
	TRY(agg_list_reserve(e, l, s.size + VARUINT_MAX));
	uint64_t n = s.size;
	for (; n >= 0x80; n >>= 7)
		l->data[l->size++] = (char)(n | 0x80);
	l->data[l->size++] = (char)n;
	memcpy(l->data + l->size, s.data, s.size);
	l->size += s.size;
	l->count++;
	return OK;
}

static enum status put_generic(struct eval *e, struct agg_list *l, const struct vector *v, const uint32_t *rows,
                               uint32_t from, uint32_t count)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	enum status s = OK;
	for (uint32_t i = from; i < from + count && s == OK; i++) {
		strbuf_clear(&b);
		s = agg_blob_write(&b, v, rows == NULL ? i : rows[i], false, e->err);
		if (s == OK)
			s = strbuf_status(&b, e->err);
		if (s == OK)
			s = put_bytes(e, l, strbuf_str(&b));
	}
	strbuf_fini(&b);
	return s;
}

__attribute__((always_inline)) static inline void put_width(char *to, const char *data, const uint32_t *rows,
                                                            uint32_t from, uint32_t count, size_t width)
{
	for (uint32_t i = 0; i < count; i++)
		memcpy(to + i * width, data + (rows == NULL ? from + i : rows[from + i]) * width, width);
}

enum status agg_list_add(struct eval *e, struct agg_list *l, size_t width, const struct vector *v, const uint32_t *rows,
                         uint32_t from, uint32_t count)
{
	if (width == 0 && type_physical(v->type) == PHYS_STR && !v->type->nullable) {
		const struct strview *views = v->data;
		for (uint32_t i = from; i < from + count; i++)
			TRY(put_bytes(e, l, strview_str(&views[rows == NULL ? i : rows[i]])));
		return OK;
	}
	if (width == 0)
		return put_generic(e, l, v, rows, from, count);
	TRY(agg_list_reserve(e, l, count * width));
	char *to = l->data + l->size;
	switch (width) {
	case 1: put_width(to, v->data, rows, from, count, 1); break;
	case 2: put_width(to, v->data, rows, from, count, 2); break;
	case 4: put_width(to, v->data, rows, from, count, 4); break;
	case 8: put_width(to, v->data, rows, from, count, 8); break;
	case 16: put_width(to, v->data, rows, from, count, 16); break;
	default: put_width(to, v->data, rows, from, count, 32); break;
	}
	l->size += count * width;
	l->count += count;
	return OK;
}

enum status agg_list_next(const struct agg_list *l, struct agg_reader *at, size_t width, struct builder *to,
                          struct error *err)
{
	if (width != 0) {
		TRY(builder_fixed(to, at->at, err));
		at->at += width;
		return OK;
	}
	uint32_t n = agg_get_count(at, 1);
	TRY(agg_blob_read(to, str_make(at->at, n), false, err));
	at->at += n;
	return OK;
}

size_t agg_list_width(const struct type *t)
{
	enum physical p = type_physical(t);
	return t->nullable || p == PHYS_STR ? 0 : physical_size(p);
}

/* ---- groupArray, groupArray(n) ---- */

struct array_rule {
	size_t width;
	bool prefixed; /* written with each value's width before it */
	uint64_t limit;
	bool last; /* the last ones instead of the first */
};

static void array_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	agg_list_free((struct agg_list *)(void *)state, track);
}

static enum status array_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct array_rule *r = a->data;
	struct vector *v;
	TRY(vector_flatten(e->track, args[0], &v, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct agg_list *l = (void *)(states[i] + offset);
		if (l->count < r->limit)
			s = agg_list_add(e, l, r->width, v, rows, i, 1);
	}
	vector_unref(v);
	return s;
}

static enum status array_add_one(const struct aggregator *a, struct eval *e, char *state,
                                 const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct array_rule *r = a->data;
	struct agg_list *l = (void *)state;
	struct vector *v;
	TRY(vector_flatten(e->track, args[0], &v, e->err));
	uint64_t room = r->limit - (l->count < r->limit ? l->count : r->limit);
	enum status s = agg_list_add(e, l, r->width, v, rows, 0, room < count ? (uint32_t)room : count);
	vector_unref(v);
	return s;
}

/* Bytes of the first n elements. */
static size_t prefix_bytes(const struct agg_list *l, size_t width, uint64_t n)
{
	if (width != 0 || n >= l->count)
		return width != 0 ? n * width : l->size;
	struct agg_reader at = agg_reader(str_make(l->data, l->size));
	for (uint64_t i = 0; i < n; i++)
		at.at += agg_get_count(&at, 1);
	return (size_t)(at.at - l->data);
}

static enum status array_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               char *const *others, size_t other_offset, uint32_t count)
{
	const struct array_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++) {
		struct agg_list *l = (void *)(states[i] + offset);
		const struct agg_list *o = (const void *)(others[i] + other_offset);
		uint64_t room = r->limit - (l->count < r->limit ? l->count : r->limit), n = room < o->count ? room : o->count;
		size_t bytes = prefix_bytes(o, r->width, n);
		if (n == 0)
			continue;
		if ((uint64_t)l->count + n > UINT32_MAX)
			return ERR(e->err, E_TOO_MANY_ROWS, "an array cannot hold more than %u values", UINT32_MAX);
		TRY(agg_list_reserve(e, l, bytes));
		memcpy(l->data + l->size, o->data, bytes);
		l->size += bytes;
		l->count += (uint32_t)n;
	}
	return OK;
}

static enum status array_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                uint32_t count, struct builder *to)
{
	const struct array_rule *r = a->data;
	struct builder *child = to->children[0];
	for (uint32_t i = 0; i < count; i++) {
		const struct agg_list *l = (const void *)(states[i] + offset);
		if (r->width != 0 && l->count != 0) {
			TRY(builder_reserve(child, l->count, e->err));
			memcpy(child->data->data + child->count * r->width, l->data, l->count * r->width);
			child->count += l->count;
		} else {
			struct agg_reader at = agg_reader(str_make(l->data, l->size));
			for (uint32_t k = 0; k < l->count; k++)
				TRY(agg_list_next(l, &at, r->width, child, e->err));
		}
		TRY(builder_end_array(to, e->err));
	}
	return OK;
}

static enum status array_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct array_rule *r = a->data;
	const struct agg_list *l = (const void *)state;
	bool reversed = a->arg_types[0]->id == TYPE_IPV6;
	strbuf_put_varuint(to, l->count);
	if (!r->prefixed)
		strbuf_put(to, l->data, l->size);
	for (uint32_t i = 0; i < l->count && r->prefixed; i++) {
		strbuf_put_varuint(to, r->width);
		for (size_t k = 0; k < r->width; k++)
			strbuf_putc(to, l->data[i * r->width + (reversed ? r->width - 1 - k : k)]);
	}
	return OK;
}

enum status agg_list_read(struct eval *e, struct agg_list *l, size_t width, uint32_t count, struct agg_reader *r)
{
	const char *start = r->at;
	if (width != 0)
		r->at += (size_t)count * width;
	for (uint32_t i = 0; i < count && width == 0; i++)
		r->at += agg_get_count(r, 1);
	if (r->failed || r->at > r->end) {
		r->failed = true;
		return OK;
	}
	size_t size = (size_t)(r->at - start);
	TRY(agg_list_reserve(e, l, size));
	if (size != 0)
		memcpy(l->data + l->size, start, size);
	l->size += size;
	l->count += count;
	return OK;
}

static enum status read_prefixed(const struct aggregator *a, struct eval *e, struct agg_list *l, uint32_t n,
                                 struct agg_reader *at)
{
	const struct array_rule *r = a->data;
	bool reversed = a->arg_types[0]->id == TYPE_IPV6;
	TRY(agg_list_reserve(e, l, (size_t)n * r->width));
	for (; l->count < n && !at->failed; l->count++, l->size += r->width) {
		char value[32];
		if (agg_get_u8(at) != r->width)
			at->failed = true;
		agg_get(at, value, r->width);
		for (size_t k = 0; k < r->width; k++)
			l->data[l->size + k] = value[reversed ? r->width - 1 - k : k];
	}
	return OK;
}

static enum status array_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                              size_t *consumed)
{
	const struct array_rule *r = a->data;
	struct agg_reader at = agg_reader(from);
	uint32_t n = agg_get_count(&at, r->width + (r->width == 0 || r->prefixed));
	TRY(r->prefixed ? read_prefixed(a, e, (void *)state, n, &at) : agg_list_read(e, (void *)state, r->width, n, &at));
	return agg_reader_end(&at, e, from, consumed);
}

static const struct aggregate_ops array_ops = {NULL, array_destroy, array_add, array_add_one, array_merge,
                                               array_finish, array_write, array_read};

static enum status bind_array(struct bind_env *env, struct aggregator *a)
{
	TRY(agg_arg_count(env, a, 1, 1));
	TRY(agg_param_count(env, a, 0, 2));
	struct array_rule *r = ARENA_NEW(env->arena, struct array_rule);
	r->width = agg_list_width(a->arg_types[0]);
	r->prefixed = r->width != 0 && agg_is_prefixed(a->arg_types[0]);
	r->limit = UINT64_MAX;
	if (a->param_count != 0 && (!agg_param_u64(a, 0, &r->limit) || r->limit == 0))
		return agg_bad_param(env, a, 0, "a positive number");
	a->data = r;
	const struct type *element = a->arg_types[0];
	if (type_physical(element) == PHYS_NONE)
		return agg_bad_type(env, a, 0);
	return agg_set(a, &array_ops, type_array(env->arena, element), sizeof(struct agg_list));
}

static const struct aggregate rows[] = {
	{"groupArray", "~array_agg", AGGREGATE_CH | AGGREGATE_ORDERED, bind_array,
	 "Values as an array; groupArray(n): the first n", "SELECT groupArray(number) FROM numbers(3)", "[0,1,2]", NULL},
	{"array_agg", "", AGGREGATE_PG | AGGREGATE_ORDERED | AGGREGATE_SEES_NULLS | AGGREGATE_EMPTY_NULL_PG, bind_array,
	 "Values as an array, NULLs among them", "SELECT array_agg(x) FROM (VALUES (1), (2)) AS t(x)", "{1,2}", NULL},
};

AGGREGATE_FAMILY(array, "Arrays of groups");

// SPDX-License-Identifier: Apache-2.0
/* Memory of states, reading of serialised ones, and the slots of wrappers that only pass on. */
#include <assert.h>
#include <stdlib.h>

#include "func/aggregate_impl.h"

enum status agg_realloc(struct eval *e, void **p, size_t old_size, size_t new_size)
{
	if (new_size > old_size)
		TRY(memtrack_charge(e->track, (int64_t)(new_size - old_size), e->err));
	if (new_size == 0) {
		free(*p);
		*p = NULL;
	} else {
		void *moved = realloc(*p, new_size);
		if (moved == NULL) {
			if (new_size > old_size)
				memtrack_release(e->track, (int64_t)(new_size - old_size));
			return ERR(e->err, E_CANNOT_ALLOCATE, "cannot allocate %zu bytes for an aggregate state", new_size);
		}
		*p = moved;
	}
	if (new_size < old_size)
		memtrack_release(e->track, (int64_t)(old_size - new_size));
	return OK;
}

void agg_free(struct memtrack *track, void *p, size_t size)
{
	if (p == NULL)
		return;
	free(p);
	memtrack_release(track, (int64_t)size);
}

enum status agg_vec_grow(struct eval *e, struct agg_vec *v, uint32_t more, size_t width)
{
	enum { FIRST = 4 };
	uint64_t want = (uint64_t)v->count + more, next = v->capacity == 0 ? FIRST : (uint64_t)v->capacity * 2;
	if (next < want)
		next = want;
	if (next > UINT32_MAX)
		return ERR(e->err, E_TOO_MANY_ROWS, "an aggregate state cannot hold %llu values", (unsigned long long)want);
	TRY(agg_realloc(e, &v->data, v->capacity * width, next * width));
	v->capacity = (uint32_t)next;
	return OK;
}

enum status agg_string_set(struct eval *e, struct agg_string *s, const char *data, size_t size)
{
	size_t room = s->capacity == 0 ? sizeof s->inlined : s->capacity;
	if (size > STRING_SIZE_MAX)
		return ERR(e->err, E_STRING_TOO_LONG, "a string of %zu bytes is too long for an aggregate state", size);
	if (unlikely(size > room)) {
		void *p = s->capacity == 0 ? NULL : s->pointer;
		size_t capacity = (size_t)round_up_pow2(size);
		TRY(agg_realloc(e, &p, s->capacity, capacity));
		s->pointer = p;
		s->capacity = (uint32_t)capacity;
	}
	if (size != 0)
		memcpy(s->capacity == 0 ? s->inlined : s->pointer, data, size);
	s->size = (uint32_t)size;
	return OK;
}

uint64_t agg_get_varuint(struct agg_reader *r)
{
	uint64_t v = 0;
	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t b = agg_get_u8(r);
		v |= (uint64_t)(b & 0x7f) << shift;
		if (!(b & 0x80))
			return v;
	}
	r->failed = true;
	return 0;
}

uint32_t agg_get_count(struct agg_reader *r, size_t width)
{
	uint64_t n = agg_get_varuint(r);
	if (n > UINT32_MAX || n * width > (uint64_t)(r->end - r->at)) {
		r->failed = true;
		return 0;
	}
	return (uint32_t)n;
}

enum status agg_reader_end(const struct agg_reader *r, struct eval *e, struct str from, size_t *consumed)
{
	if (r->failed)
		return ERR(e->err, E_INCORRECT_DATA,
		           "Cannot read the state of an aggregate function: its %zu bytes are not a whole one", from.size);
	*consumed = (size_t)(r->at - from.data);
	return OK;
}

bool agg_is_prefixed(const struct type *t)
{
	return type_is_decimal(t) || t->id == TYPE_UUID || t->id == TYPE_IPV6 || t->id == TYPE_DATE32 ||
	       t->id == TYPE_DATETIME64 || t->id == TYPE_TIME || t->id == TYPE_TIME64 || t->id == TYPE_INTERVAL ||
	       t->id == TYPE_PGINTERVAL;
}

/* ---- arguments ---- */

enum status agg_flatten(struct eval *e, const struct vector *const *args, uint32_t n, const struct vector **out,
                        struct vector **owned)
{
	memset(owned, 0, n * sizeof *owned);
	for (uint32_t i = 0; i < n; i++) {
		if (args[i]->form == VECTOR_FLAT) {
			out[i] = args[i];
			continue;
		}
		TRY(vector_flatten(e->track, args[i], &owned[i], e->err));
		out[i] = owned[i];
	}
	return OK;
}

void agg_unflatten(struct vector **owned, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		vector_unref(owned[i]);
}

enum status agg_add_runs(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                         const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct vector **flat = ARENA_ARRAY(e->scratch, const struct vector *, a->arg_count + 1);
	struct vector **owned = ARENA_ARRAY(e->scratch, struct vector *, a->arg_count + 1);
	enum status s = agg_flatten(e, args, a->arg_count, flat, owned);
	for (uint32_t i = 0, n; i < count && s == OK; i += n) {
		uint32_t run[64];
		for (n = 1; n < ARRAY_COUNT(run) && i + n < count && states[i + n] == states[i]; n++)
			;
		for (uint32_t k = 0; k < n; k++)
			run[k] = rows == NULL ? i + k : rows[i + k];
		s = a->ops->add_one(a, e, states[i] + offset, flat, run, n);
	}
	agg_unflatten(owned, a->arg_count);
	return s;
}

/* ---- states of one value ---- */

__attribute__((always_inline)) static inline enum status raw_finish(struct eval *e, char *const *states, size_t offset,
                                                                    uint32_t count, struct builder *to, size_t width)
{
	TRY(builder_reserve(to, count, e->err));
	for (uint32_t i = 0; i < count; i++)
		memcpy(builder_next(to, width), states[i] + offset, width);
	return OK;
}

enum status agg_raw8_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                            uint32_t count, struct builder *to)
{
	return raw_finish(e, states, offset, count, to, 8);
}

enum status agg_raw16_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             uint32_t count, struct builder *to)
{
	return raw_finish(e, states, offset, count, to, 16);
}

enum status agg_raw32_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             uint32_t count, struct builder *to)
{
	return raw_finish(e, states, offset, count, to, 32);
}

enum status agg_raw_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	strbuf_put(to, state, a->state_size);
	return OK;
}

enum status agg_raw_read(const struct aggregator *a, struct eval *e, char *state, struct str from, size_t *consumed)
{
	struct agg_reader r = agg_reader(from);
	agg_get(&r, state, a->state_size);
	return agg_reader_end(&r, e, from, consumed);
}

/* ---- passing on ---- */

void agg_forward_init(const struct aggregator *a, char *state)
{
	agg_init(a->nested, state);
}

void agg_forward_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	agg_destroy(a->nested, state, track);
}

enum status agg_forward_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                            const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return a->nested->ops->add(a->nested, e, states, offset, args, rows, count);
}

enum status agg_forward_add_one(const struct aggregator *a, struct eval *e, char *state,
                                const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return a->nested->ops->add_one(a->nested, e, state, args, rows, count);
}

enum status agg_forward_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                              char *const *others, size_t other_offset, uint32_t count)
{
	return a->nested->ops->merge(a->nested, e, states, offset, others, other_offset, count);
}

enum status agg_forward_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               uint32_t count, struct builder *to)
{
	return a->nested->ops->finish(a->nested, e, states, offset, count, to);
}

enum status agg_forward_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	return a->nested->ops->write(a->nested, e, state, to);
}

enum status agg_forward_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                             size_t *consumed)
{
	return a->nested->ops->read(a->nested, e, state, from, consumed);
}

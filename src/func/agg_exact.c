// SPDX-License-Identifier: Apache-2.0
/*
 * uniqExact: a set of the values, where they are numbers, or of their 128-bit hashes. Serialised as a varuint count and
 * the keys, in no particular order.
 */
#include <assert.h>

#include "base/hash.h"
#include "base/sort.h"
#include "func/agg_uniq_hash_impl.h"

struct keyset {
	void *slots;      /* NULL: none yet */
	uint64_t count;   /* a zero included */
	uint8_t degree;
	bool has_zero;
};

struct keyset_ops {
	size_t width;
	enum status (*insert)(struct eval *e, char *const *states, size_t offset, struct keyset *one, const void *keys,
	                      uint32_t n);
	enum status (*merge)(struct eval *e, struct keyset *s, const struct keyset *o);
	void (*write)(const struct keyset *s, struct strbuf *to, size_t width);
};

#define ZERO_NUMBER(k) ((k) == 0)
#define EQ_NUMBER(a, b) ((a) == (b))
#define HASH_64(k) hash_u64(k)
#define HASH_128(k) hash_u64((uint64_t)(k) ^ hash_u64((uint64_t)((k) >> 64)))
#define HASH_256(k) hash_u64((k).limb[0] ^ hash_u64((k).limb[1] ^ hash_u64((k).limb[2] ^ hash_u64((k).limb[3]))))

#define KS_NAME set32
#define KS_T uint32_t
#define KS_ZERO ZERO_NUMBER
#define KS_EQ EQ_NUMBER
#define KS_HASH HASH_64
#include "func/agg_keyset_tmpl.h"

#define KS_NAME set64
#define KS_T uint64_t
#define KS_ZERO ZERO_NUMBER
#define KS_EQ EQ_NUMBER
#define KS_HASH HASH_64
#include "func/agg_keyset_tmpl.h"

#define KS_NAME set128
#define KS_T u128
#define KS_ZERO ZERO_NUMBER
#define KS_EQ EQ_NUMBER
#define KS_HASH HASH_128
#include "func/agg_keyset_tmpl.h"

#define KS_NAME set256
#define KS_T u256
#define KS_ZERO u256_is_zero
#define KS_EQ u256_equal
#define KS_HASH HASH_256
#include "func/agg_keyset_tmpl.h"

struct exact_rule {
	enum uniq_kind kind;
	const struct keyset_ops *ops;
	size_t width;     /* bytes of a key when written */
	bool hashed;
};

static void exact_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	const struct exact_rule *r = a->data;
	struct keyset *s = (void *)state;
	if (s->slots != NULL)
		agg_free(track, s->slots, r->ops->width << s->degree);
	s->slots = NULL;
}

__attribute__((always_inline)) static inline void widen(void *out, size_t out_width, const char *data, size_t width,
                                                        const uint32_t *rows, uint32_t from, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (out_width != width)
			memset((char *)out + i * out_width, 0, out_width);
		memcpy((char *)out + i * out_width, data + (rows == NULL ? from + i : rows[from + i]) * width, width);
	}
}

static void take_keys(size_t width, const char *data, const uint32_t *rows, uint32_t from, uint32_t n, void *out)
{
	switch (width) {
	case 1: widen(out, 4, data, 1, rows, from, n); return;
	case 2: widen(out, 4, data, 2, rows, from, n); return;
	case 4: widen(out, 4, data, 4, rows, from, n); return;
	case 8: widen(out, 8, data, 8, rows, from, n); return;
	case 16: widen(out, 16, data, 16, rows, from, n); return;
	default: widen(out, 32, data, 32, rows, from, n); return;
	}
}

static enum status exact_rows(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                              char *state, const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct exact_rule *r = a->data;
	const struct vector **flat = ARENA_ARRAY(e->scratch, const struct vector *, a->arg_count);
	struct vector **owned = ARENA_ARRAY(e->scratch, struct vector *, a->arg_count);
	u128 keys[AGG_CHUNK];
	enum status s = agg_flatten(e, args, a->arg_count, flat, owned);
	enum { CHUNK = AGG_CHUNK / 2 }; /* keys of 32 bytes fill the room */
	for (uint32_t from = 0; from < count && s == OK; from += CHUNK) {
		uint32_t n = count - from < CHUNK ? count - from : CHUNK;
		if (r->hashed)
			s = uniq_hash128(r->kind, e, flat, a->arg_count, rows, from, n, keys);
		else
			take_keys(r->width, flat[0]->data, rows, from, n, keys);
		if (s == OK)
			s = r->ops->insert(e, states == NULL ? NULL : states + from, offset, (struct keyset *)(void *)state, keys, n);
	}
	agg_unflatten(owned, a->arg_count);
	return s;
}

static enum status exact_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return count == 0 ? OK : exact_rows(a, e, states, offset, NULL, args, rows, count);
}

static enum status exact_add_one(const struct aggregator *a, struct eval *e, char *state,
                                 const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return exact_rows(a, e, NULL, 0, state, args, rows, count);
}

static enum status exact_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               char *const *others, size_t other_offset, uint32_t count)
{
	const struct exact_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++)
		TRY(r->ops->merge(e, (void *)(states[i] + offset), (const void *)(others[i] + other_offset)));
	return OK;
}

static enum status exact_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                uint32_t count, struct builder *to)
{
	TRY(builder_reserve(to, count, e->err));
	for (uint32_t i = 0; i < count; i++)
		memcpy(builder_next(to, sizeof(uint64_t)), &((const struct keyset *)(void *)(states[i] + offset))->count,
		       sizeof(uint64_t));
	return OK;
}

static enum status exact_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct exact_rule *r = a->data;
	const struct keyset *s = (const void *)state;
	strbuf_put_varuint(to, s->count);
	r->ops->write(s, to, r->width);
	return OK;
}

static enum status exact_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                              size_t *consumed)
{
	const struct exact_rule *r = a->data;
	struct agg_reader at = agg_reader(from);
	uint32_t n = agg_get_count(&at, r->width);
	u128 keys[AGG_CHUNK];
	enum { CHUNK = AGG_CHUNK / 2 };
	for (uint32_t i = 0; i < n; i += CHUNK) {
		uint32_t chunk = n - i < CHUNK ? n - i : CHUNK;
		take_keys(r->width, at.at, NULL, 0, chunk, keys);
		at.at += chunk * r->width;
		TRY(r->ops->insert(e, NULL, 0, (void *)state, keys, chunk));
	}
	return agg_reader_end(&at, e, from, consumed);
}

static const struct aggregate_ops exact_ops = {NULL, exact_destroy, exact_add, exact_add_one, exact_merge,
                                               exact_finish, exact_write, exact_read};

static enum status bind_exact(struct bind_env *env, struct aggregator *a)
{
	TRY(agg_arg_count(env, a, 1, UINT32_MAX));
	TRY(agg_param_count(env, a, 0, 0));
	struct exact_rule *r = ARENA_NEW(env->arena, struct exact_rule);
	const struct type *t = a->arg_types[0];
	r->kind = uniq_kind_of(a->arg_types, a->arg_count);
	r->hashed = r->kind >= UNIQ_STRING;
	r->width = r->hashed ? sizeof(u128) : physical_size(type_physical(t));
	r->ops = r->width <= 4 ? &set32_keyset : r->width == 8 ? &set64_keyset : r->width == 16 ? &set128_keyset
		: &set256_keyset;
	a->data = r;
	return agg_set(a, &exact_ops, type_simple(agg_is_pg(env) ? TYPE_INT64 : TYPE_UINT64), sizeof(struct keyset));
}

static const struct aggregate rows[] = {
	{"uniqExact", "", AGGREGATE_CH | AGGREGATE_NEVER_NULL | AGGREGATE_DUPLICATES_IGNORED, bind_exact,
	 "Number of different values, exact", "SELECT uniqExact(number % 3) FROM numbers(10)", "3", NULL},
};

AGGREGATE_FAMILY(exact, "Exact distinct counts");

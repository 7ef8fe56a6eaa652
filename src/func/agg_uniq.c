// SPDX-License-Identifier: Apache-2.0
/*
 * uniq: ClickHouse's adaptive sample of 32-bit hashes. Once there are more than 65,536 only every 2^skip-th hash value
 * is kept, and the count is estimated from how many there are. Layout, growth and order are the original's, because the
 * serialised form is the table from front to back.
 *
 *     uint8 skip | varuint count | count * uint32 (a zero first)
 */
#include <assert.h>
#include <math.h>

#include "base/hash.h"
#include "func/agg_uniq_hash_impl.h"

enum {
	UNIQ_MAX_DEGREE = 17, UNIQ_MAX = 1 << (UNIQ_MAX_DEGREE - 1), UNIQ_SKIP_BITS = 32 - UNIQ_MAX_DEGREE,
	UNIQ_FIRST_DEGREE = 4
};

struct uniq_state {
	uint32_t *table;  /* NULL: empty */
	uint32_t count;   /* a zero included */
	uint8_t degree, skip;
	bool has_zero;
};

static inline uint32_t place_of(const struct uniq_state *s, uint32_t x)
{
	return (x >> UNIQ_SKIP_BITS) & (((uint32_t)1 << s->degree) - 1);
}

static inline bool is_good(const struct uniq_state *s, uint32_t x)
{
	return x == x >> s->skip << s->skip;
}

static enum status set_table(struct eval *e, struct uniq_state *s, uint8_t degree)
{
	void *p = s->table;
	size_t old = s->table == NULL ? 0 : sizeof(uint32_t) << s->degree, size = sizeof(uint32_t) << degree;
	TRY(agg_realloc(e, &p, old, size));
	s->table = p;
	memset((char *)p + old, 0, size - old);
	s->degree = degree;
	return OK;
}

static void uniq_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	struct uniq_state *s = (void *)state;
	if (s->table != NULL)
		agg_free(track, s->table, sizeof(uint32_t) << s->degree);
	s->table = NULL;
}

/* Without a check whether it is there. */
static void reinsert(struct uniq_state *s, uint32_t x)
{
	uint32_t mask = ((uint32_t)1 << s->degree) - 1, at = place_of(s, x);
	while (s->table[at] != 0)
		at = (at + 1) & mask;
	s->table[at] = x;
}

/* Drops what is no longer good, then moves up what stood behind it. */
static void rehash(struct uniq_state *s)
{
	uint32_t n = (uint32_t)1 << s->degree;
	for (uint32_t i = 0; i < n; i++)
		if (s->table[i] != 0 && !is_good(s, s->table[i])) {
			s->table[i] = 0;
			s->count--;
		}
	for (uint32_t i = 0; i < n; i++) {
		uint32_t x = s->table[i];
		if (x != 0 && i != place_of(s, x)) {
			s->table[i] = 0;
			reinsert(s, x);
		}
	}
}

static enum status grow(struct eval *e, struct uniq_state *s)
{
	uint32_t old = (uint32_t)1 << s->degree;
	TRY(set_table(e, s, (uint8_t)(s->degree + 1)));
	uint32_t mask = ((uint32_t)1 << s->degree) - 1;
	/* elements at the end that had wrapped around follow each other beyond the old end */
	for (uint32_t i = 0; i < old || s->table[i] != 0; i++) {
		uint32_t x = s->table[i];
		if (x == 0)
			continue;
		uint32_t at = place_of(s, x);
		if (at == i)
			continue;
		while (s->table[at] != 0 && s->table[at] != x)
			at = (at + 1) & mask;
		if (s->table[at] == x)
			continue;
		s->table[at] = x;
		s->table[i] = 0;
	}
	return OK;
}

static enum status shrink_if_full(struct eval *e, struct uniq_state *s)
{
	if (likely(s->count <= (uint32_t)1 << (s->degree - 1)))
		return OK;
	if (s->count <= UNIQ_MAX)
		return grow(e, s);
	while (s->count > UNIQ_MAX) {
		s->skip++;
		rehash(s);
	}
	return OK;
}

static inline enum status insert(struct eval *e, struct uniq_state *s, uint32_t x)
{
	if (!is_good(s, x))
		return OK;
	if (unlikely(x == 0)) {
		s->count += !s->has_zero;
		s->has_zero = true;
		return shrink_if_full(e, s);
	}
	uint32_t mask = ((uint32_t)1 << s->degree) - 1, at = place_of(s, x);
	while (s->table[at] != 0 && s->table[at] != x)
		at = (at + 1) & mask;
	if (s->table[at] == x)
		return OK;
	s->table[at] = x;
	s->count++;
	return shrink_if_full(e, s);
}

static inline enum status make_table(struct eval *e, struct uniq_state *s)
{
	return likely(s->table != NULL) ? OK : set_table(e, s, UNIQ_FIRST_DEGREE);
}

/* data of the aggregator: the kind of its arguments */
static enum status uniq_rows(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             char *state, const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const enum uniq_kind *kind = a->data;
	const struct vector **flat = ARENA_ARRAY(e->scratch, const struct vector *, a->arg_count);
	struct vector **owned = ARENA_ARRAY(e->scratch, struct vector *, a->arg_count);
	uint64_t hashes[AGG_CHUNK];
	enum status s = agg_flatten(e, args, a->arg_count, flat, owned);
	for (uint32_t from = 0; from < count && s == OK; from += AGG_CHUNK) {
		uint32_t n = count - from < AGG_CHUNK ? count - from : AGG_CHUNK;
		s = uniq_hash(*kind, e, flat, a->arg_count, rows, from, n, hashes);
		for (uint32_t i = 0; i < n && s == OK; i++) {
			struct uniq_state *u = (void *)(states == NULL ? state : states[from + i] + offset);
			/* rows are hashed already; numbers are hashed here */
			uint32_t x = (uint32_t)(*kind >= UNIQ_ROW ? hashes[i] : hash_u64(hashes[i]));
			s = make_table(e, u);
			if (s == OK)
				s = insert(e, u, x);
		}
	}
	agg_unflatten(owned, a->arg_count);
	return s;
}

static enum status uniq_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                            const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return count == 0 ? OK : uniq_rows(a, e, states, offset, NULL, args, rows, count);
}

static enum status uniq_add_one(const struct aggregator *a, struct eval *e, char *state,
                                const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return uniq_rows(a, e, NULL, 0, state, args, rows, count);
}

static enum status merge_into(struct eval *e, struct uniq_state *s, const struct uniq_state *o)
{
	if (o->table == NULL)
		return OK;
	TRY(make_table(e, s));
	if (o->skip > s->skip) {
		s->skip = o->skip;
		rehash(s);
	}
	if (o->has_zero && !s->has_zero)
		TRY(insert(e, s, 0));
	for (uint32_t i = 0; i < (uint32_t)1 << o->degree; i++)
		if (o->table[i] != 0)
			TRY(insert(e, s, o->table[i]));
	return OK;
}

static enum status uniq_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                              char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		TRY(merge_into(e, (void *)(states[i] + offset), (const void *)(others[i] + other_offset)));
	return OK;
}

/* A remainder that looks like chance, then what 32-bit hashes lose by collisions. */
static uint64_t estimate(const struct uniq_state *s)
{
	if (s->skip == 0)
		return s->count;
	uint64_t n = (uint64_t)s->count << s->skip;
	uint64_t key = s->count;
	n += (uint32_t)~crc32c(0, &key, sizeof key) & (((uint64_t)1 << s->skip) - 1);
	double p32 = 4294967296.0;
	return (uint64_t)round(p32 * (log(p32) - log(p32 - (double)n)));
}

static enum status uniq_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               uint32_t count, struct builder *to)
{
	TRY(builder_reserve(to, count, e->err));
	for (uint32_t i = 0; i < count; i++) {
		uint64_t n = estimate((const void *)(states[i] + offset));
		memcpy(builder_next(to, sizeof n), &n, sizeof n);
	}
	return OK;
}

static enum status uniq_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct uniq_state *s = (const void *)state;
	strbuf_putc(to, (char)s->skip);
	strbuf_put_varuint(to, s->count);
	if (s->has_zero)
		strbuf_put_le(to, 0, 4);
	for (uint32_t i = 0; s->table != NULL && i < (uint32_t)1 << s->degree; i++)
		if (s->table[i] != 0)
			strbuf_put_le(to, s->table[i], 4);
	return OK;
}

static enum status uniq_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                             size_t *consumed)
{
	struct uniq_state *s = (void *)state;
	struct agg_reader r = agg_reader(from);
	s->skip = agg_get_u8(&r);
	uint32_t n = agg_get_count(&r, sizeof(uint32_t));
	if (n > UNIQ_MAX || s->skip > UNIQ_MAX_DEGREE)
		return ERR(e->err, E_INCORRECT_DATA, "Cannot read UniquesHashSet: too large size_degree");
	unsigned degree = n <= 1 ? UNIQ_FIRST_DEGREE : bit_width64(n - 1) + 1;
	if (degree < UNIQ_FIRST_DEGREE)
		degree = UNIQ_FIRST_DEGREE;
	if (n != 0)
		TRY(set_table(e, s, (uint8_t)degree));
	for (uint32_t i = 0; i < n; i++) {
		uint32_t x;
		agg_get(&r, &x, sizeof x);
		s->count++;
		if (x == 0)
			s->has_zero = true;
		else
			reinsert(s, x);
	}
	return agg_reader_end(&r, e, from, consumed);
}

static const struct aggregate_ops uniq_ops = {NULL, uniq_destroy, uniq_add, uniq_add_one, uniq_merge, uniq_finish,
                                              uniq_write, uniq_read};

static enum status bind_uniq(struct bind_env *env, struct aggregator *a)
{
	TRY(agg_arg_count(env, a, 1, UINT32_MAX));
	TRY(agg_param_count(env, a, 0, 0));
	enum uniq_kind *kind = ARENA_NEW(env->arena, enum uniq_kind);
	*kind = uniq_kind_of(a->arg_types, a->arg_count);
	a->data = kind;
	return agg_set(a, &uniq_ops, type_simple(agg_is_pg(env) ? TYPE_INT64 : TYPE_UINT64), sizeof(struct uniq_state));
}

static const struct aggregate rows[] = {
	{"uniq", "", AGGREGATE_CH | AGGREGATE_NEVER_NULL | AGGREGATE_DUPLICATES_IGNORED, bind_uniq,
	 "Number of different values, estimated beyond 65,536 by an adaptive sample",
	 	"SELECT uniq(number % 3) FROM numbers(10)", "3",
	 NULL},
};

AGGREGATE_FAMILY(uniq, "Distinct counts");

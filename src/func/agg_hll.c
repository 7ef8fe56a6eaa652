// SPDX-License-Identifier: Apache-2.0
/*
 * uniqHLL12, uniqCombined, uniqCombined64: few values exactly, many by HyperLogLog (P. Flajolet, É. Fusy, O. Gandouet,
 * F. Meunier, 2007); and uniqUpTo, which counts to a limit. Layouts and thresholds are ClickHouse's.
 *
 *     uniqHLL12       uint8 large | varuint n, n keys          or the registers
 *     uniqCombined    uint8 1, 2 (small, table) | varuint n, n keys   or uint8 3 | the registers
 *     registers       ranks of 5 or 6 bits side by side | uint32 count of each rank | count of zeros, 2 or 4 bytes
 */
#include <assert.h>
#include <math.h>

#include "base/hash.h"
#include "func/agg_uniq_hash_impl.h"

enum { SMALL_MAX = 16, TABLE_FIRST_DEGREE = 8, RANKS_MAX = 65, UPTO_MAX = 100 };

enum hll_form { HLL_SMALL, HLL_TABLE, HLL_LARGE };
struct hll_rule {
	enum uniq_kind kind;
	bool combined;
	uint8_t precision;     /* 2^precision registers */
	uint8_t hash_bits;     /* of what goes into registers: 32 or 64 */
	uint8_t rank_bits, rank_max;
	uint8_t key_size;      /* bytes of a kept key */
	uint32_t table_max;    /* keys kept before registers are */
	uint64_t value_mask;   /* of numbers narrower than 8 bytes */
};

struct hll_state {
	uint64_t *keys;        /* small: in order; table: 2^degree places, 0 is free */
	uint8_t *ranks;        /* large: one byte a register */
	uint32_t count;        /* keys, a zero included */
	uint8_t form, degree;
	bool has_zero;         /* of a table */
};

static inline uint32_t register_count(const struct hll_rule *r)
{
	return (uint32_t)1 << r->precision;
}

static void hll_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	const struct hll_rule *r = a->data;
	struct hll_state *s = (void *)state;
	if (s->keys != NULL)
		agg_free(track, s->keys, sizeof(uint64_t) << s->degree);
	if (s->ranks != NULL)
		agg_free(track, s->ranks, register_count(r));
	s->keys = NULL;
	s->ranks = NULL;
}

/* IntHash32, which uniqHLL12 takes of its keys. */
static inline uint32_t int_hash32(uint64_t key)
{
	key = ~key + (key << 18);
	key ^= key >> 31 | key << 33;
	key *= 21;
	key ^= key >> 11 | key << 53;
	key += key << 6;
	key ^= key >> 22 | key << 42;
	return (uint32_t)key;
}

static inline void put_rank(const struct hll_rule *r, struct hll_state *s, uint64_t key)
{
	uint64_t hash = r->combined ? key : r->kind >= UNIQ_ROW ? (uint32_t)key : int_hash32(key);
	uint64_t rest = hash >> r->precision;
	uint8_t rank = rest == 0 ? r->rank_max : (uint8_t)(__builtin_ctzll(rest) + 1);
	uint8_t *at = &s->ranks[hash & (register_count(r) - 1)];
	if (rank > *at)
		*at = rank;
}

static enum status set_keys(struct eval *e, struct hll_state *s, uint8_t degree)
{
	void *p = s->keys;
	size_t old = s->keys == NULL ? 0 : sizeof(uint64_t) << s->degree, size = sizeof(uint64_t) << degree;
	TRY(agg_realloc(e, &p, old, size));
	s->keys = p;
	memset((char *)p + old, 0, size - old);
	s->degree = degree;
	return OK;
}

/* Puts a key into the table that is not there. */
static void place_key(struct hll_state *s, uint64_t key)
{
	uint64_t mask = ((uint64_t)1 << s->degree) - 1, at = key & mask;
	while (s->keys[at] != 0)
		at = (at + 1) & mask;
	s->keys[at] = key;
}

/* All keys of a table of 2^degree places into another degree. */
static enum status rebuild(struct eval *e, struct hll_state *s, uint8_t degree)
{
	struct hll_state fresh = {0};
	TRY(set_keys(e, &fresh, degree));
	for (uint32_t i = 0; i < (uint32_t)1 << s->degree; i++)
		if (s->keys[i] != 0)
			place_key(&fresh, s->keys[i]);
	agg_free(e->track, s->keys, sizeof(uint64_t) << s->degree);
	s->keys = fresh.keys;
	s->degree = degree;
	return OK;
}

static enum status make_table(struct eval *e, struct hll_state *s)
{
	uint64_t small[SMALL_MAX];
	uint32_t n = s->count;
	memcpy(small, s->keys, n * sizeof *small);
	memset(s->keys, 0, sizeof(uint64_t) << s->degree);
	TRY(set_keys(e, s, TABLE_FIRST_DEGREE));
	s->form = HLL_TABLE;
	for (uint32_t i = 0; i < n; i++) {
		s->has_zero |= small[i] == 0;
		if (small[i] != 0)
			place_key(s, small[i]);
	}
	return OK;
}

static enum status make_large(const struct hll_rule *r, struct eval *e, struct hll_state *s)
{
	void *p = NULL;
	TRY(agg_realloc(e, &p, 0, register_count(r)));
	memset(p, 0, register_count(r));
	s->ranks = p;
	if (s->form == HLL_SMALL)
		for (uint32_t i = 0; i < s->count; i++)
			put_rank(r, s, s->keys[i]);
	for (uint32_t i = 0; s->form == HLL_TABLE && i < (uint32_t)1 << s->degree; i++)
		if (s->keys[i] != 0)
			put_rank(r, s, s->keys[i]);
	if (s->has_zero)
		put_rank(r, s, 0);
	if (s->keys != NULL)
		agg_free(e->track, s->keys, sizeof(uint64_t) << s->degree);
	s->keys = NULL;
	s->form = HLL_LARGE;
	return OK;
}

static bool has_key(const struct hll_state *s, uint64_t key)
{
	if (s->form == HLL_SMALL) {
		for (uint32_t i = 0; i < s->count; i++)
			if (s->keys[i] == key)
				return true;
		return false;
	}
	uint64_t mask = ((uint64_t)1 << s->degree) - 1;
	if (key == 0)
		return s->has_zero;
	for (uint64_t at = key & mask; s->keys[at] != 0; at = (at + 1) & mask)
		if (s->keys[at] == key)
			return true;
	return false;
}

static enum status insert_slow(const struct hll_rule *r, struct eval *e, struct hll_state *s, uint64_t key)
{
	enum { SMALL_DEGREE = 4 };
	if (s->keys == NULL)
		TRY(set_keys(e, s, SMALL_DEGREE));
	if (has_key(s, key))
		return OK;
	if (s->form == HLL_SMALL && s->count < SMALL_MAX) {
		s->keys[s->count++] = key;
		return OK;
	}
	if (s->form == HLL_SMALL && r->combined)
		TRY(make_table(e, s));
	if (!r->combined || s->count == r->table_max) {
		TRY(make_large(r, e, s));
		put_rank(r, s, key);
		return OK;
	}
	s->count++;
	if (key == 0)
		s->has_zero = true;
	else
		place_key(s, key);
	return s->count > (uint32_t)1 << (s->degree - 1) ? rebuild(e, s, (uint8_t)(s->degree + 2)) : OK;
}

static inline enum status insert(const struct hll_rule *r, struct eval *e, struct hll_state *s, uint64_t key)
{
	if (unlikely(s->form != HLL_LARGE))
		return insert_slow(r, e, s, key);
	put_rank(r, s, key);
	return OK;
}

/* uniqHLL12 keeps of a floating-point number the number that its bits make, as such a number again. */
static uint64_t float_key(uint64_t bits, bool narrow)
{
	double d = (double)bits;
	float f = (float)(uint32_t)bits;
	uint64_t key = 0;
	if (narrow)
		memcpy(&key, &f, sizeof f);
	else
		memcpy(&key, &d, sizeof d);
	return key;
}

/* What ClickHouse keeps of a value. */
static inline uint64_t key_of(const struct hll_rule *r, uint64_t value)
{
	if (r->kind <= UNIQ_FLOAT && r->combined)
		value = hash_u64(value);
	else if (r->kind == UNIQ_FLOAT)
		value = float_key(value, r->key_size == 4);
	else if (r->kind == UNIQ_FIXED)
		value &= r->value_mask;
	return r->combined && r->hash_bits == 32 ? (uint32_t)value : value;
}

typedef enum status (*key_fn)(const struct aggregator *a, struct eval *e, char *state, uint64_t value);

static enum status each_hash(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             char *state, const struct vector *const *args, const uint32_t *rows, uint32_t count,
                             enum uniq_kind kind, key_fn put)
{
	const struct vector **flat = ARENA_ARRAY(e->scratch, const struct vector *, a->arg_count);
	struct vector **owned = ARENA_ARRAY(e->scratch, struct vector *, a->arg_count);
	uint64_t hashes[AGG_CHUNK];
	enum status s = agg_flatten(e, args, a->arg_count, flat, owned);
	for (uint32_t from = 0; from < count && s == OK; from += AGG_CHUNK) {
		uint32_t n = count - from < AGG_CHUNK ? count - from : AGG_CHUNK;
		s = uniq_hash(kind, e, flat, a->arg_count, rows, from, n, hashes);
		for (uint32_t i = 0; i < n && s == OK; i++)
			s = put(a, e, states == NULL ? state : states[from + i] + offset, hashes[i]);
	}
	agg_unflatten(owned, a->arg_count);
	return s;
}

static enum status put_hll(const struct aggregator *a, struct eval *e, char *state, uint64_t value)
{
	const struct hll_rule *r = a->data;
	return insert(r, e, (void *)state, key_of(r, value));
}

static enum status hll_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                           const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct hll_rule *r = a->data;
	return count == 0 ? OK : each_hash(a, e, states, offset, NULL, args, rows, count, r->kind, put_hll);
}

static enum status hll_add_one(const struct aggregator *a, struct eval *e, char *state,
                               const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct hll_rule *r = a->data;
	return each_hash(a, e, NULL, 0, state, args, rows, count, r->kind, put_hll);
}

static enum status hll_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             char *const *others, size_t other_offset, uint32_t count)
{
	const struct hll_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++) {
		struct hll_state *s = (void *)(states[i] + offset);
		const struct hll_state *o = (const void *)(others[i] + other_offset);
		if (o->form == HLL_LARGE) {
			if (s->form != HLL_LARGE)
				TRY(make_large(r, e, s));
			for (uint32_t k = 0; k < register_count(r); k++)
				if (o->ranks[k] > s->ranks[k])
					s->ranks[k] = o->ranks[k];
			continue;
		}
		for (uint32_t k = 0; o->form == HLL_SMALL && k < o->count; k++)
			TRY(insert(r, e, s, o->keys[k]));
		for (uint32_t k = 0; o->form == HLL_TABLE && k < (uint32_t)1 << o->degree; k++)
			if (o->keys[k] != 0)
				TRY(insert(r, e, s, o->keys[k]));
		if (o->has_zero)
			TRY(insert(r, e, s, 0));
	}
	return OK;
}

static void count_ranks(const struct hll_rule *r, const struct hll_state *s, uint32_t counts[RANKS_MAX])
{
	memset(counts, 0, RANKS_MAX * sizeof *counts);
	for (uint32_t i = 0; i < register_count(r); i++)
		counts[s->ranks[i]]++;
}

/*
 * How much the mean of 2^17 registers is too high, as found by counting known numbers of values; straight lines between
 * the points.
 */
static const struct {
	uint32_t raw, bias;
} biases[] = {
	{194142, 33172}, {200002, 31234}, {203049, 30326}, {206027, 29499}, {209018, 28723}, {212161, 27834}, {218460,
	26134}, {221606, 25325}, {227920, 23773}, {231180, 23009}, {237618, 21572}, {244223, 20189}, {251060, 18849},
	{258090, 17561}, {265156, 16352}, {272058, 15248}, {278789, 14240}, {286025, 13227}, {293097, 12305}, {300373,
	11419}, {307507, 10613}, {314802, 9842}, {322233, 9112}, {329635, 8433}, {340694, 7510}, {352071, 6661},
	{363440, 5902}, {375108, 5212}, {386470, 4612}, {397749, 4077}, {413057, 3447}, {428809, 2890}, {444630, 2412},
	{459791, 2026}, {476360, 1677}, {496385, 1327}, {523637, 951}, {550407, 689}, {573906, 516}, {613868, 297},
	{653654, 178}, {657724, 0}
};

static double without_bias(double raw)
{
	size_t i = 1, last = ARRAY_COUNT(biases) - 1;
	if (raw >= biases[last].raw)
		return raw;
	while (raw > biases[i].raw)
		i++;
	double x = biases[i - 1].raw, y = biases[i - 1].bias;
	return raw - (y + (biases[i].bias - y) * (raw - x) / (biases[i].raw - x));
}

/* The harmonic mean; linear counting while few registers are taken. */
static uint64_t estimate(const struct hll_rule *r, const struct hll_state *s)
{
	/* up to here the 2^17 registers of uniqCombined are counted linearly */
	static const double linear_max_17 = 159000;
	uint32_t counts[RANKS_MAX];
	double m = register_count(r), sum = 0;
	if (s->form != HLL_LARGE)
		return s->count;
	count_ranks(r, s, counts);
	for (int k = r->rank_max; k >= 0; k--)
		sum = sum / 2 + counts[k];
	double raw = 0.7213 / (1 + 1.079 / m) * m * m / sum;
	double linear = counts[0] == 0 ? raw : m * (log(m) - log(counts[0]));
	bool corrected = r->combined && r->precision == 17 && r->hash_bits == 32;
	if (corrected ? linear < linear_max_17 : raw <= 2.5 * m)
		raw = linear;
	else if (corrected)
		raw = without_bias(raw);
	return (uint64_t)(raw + 0.5);
}

static enum status hll_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                              uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++) {
		uint64_t n = estimate(a->data, (const void *)(states[i] + offset));
		TRY(builder_fixed(to, &n, e->err));
	}
	return OK;
}

static void write_large(const struct hll_rule *r, const struct hll_state *s, struct strbuf *to)
{
	uint32_t counts[RANKS_MAX], held = 0;
	unsigned have = 0;
	for (uint32_t i = 0; i < register_count(r); i++) {
		held |= (uint32_t)s->ranks[i] << have;
		for (have += r->rank_bits; have >= 8; have -= 8, held >>= 8)
			strbuf_putc(to, (char)held);
	}
	count_ranks(r, s, counts);
	for (unsigned k = 0; k <= r->rank_max; k++)
		strbuf_put_le(to, counts[k], 4);
	strbuf_put_le(to, counts[0], r->precision < 16 ? 2 : 4);
}

static enum status hll_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct hll_rule *r = a->data;
	const struct hll_state *s = (const void *)state;
	strbuf_putc(to, (char)(r->combined ? s->form + 1 : s->form == HLL_LARGE));
	if (s->form == HLL_LARGE) {
		write_large(r, s, to);
		return OK;
	}
	strbuf_put_varuint(to, s->count);
	if (s->has_zero)
		strbuf_put_le(to, 0, r->key_size);
	for (uint32_t i = 0; s->form == HLL_SMALL && i < s->count; i++)
		strbuf_put_le(to, s->keys[i], r->key_size);
	for (uint32_t i = 0; s->form == HLL_TABLE && i < (uint32_t)1 << s->degree; i++)
		if (s->keys[i] != 0)
			strbuf_put_le(to, s->keys[i], r->key_size);
	return OK;
}

static void read_large(const struct hll_rule *r, struct hll_state *s, struct agg_reader *at)
{
	uint32_t held = 0;
	unsigned have = 0;
	char rest[4 * RANKS_MAX + 4];
	for (uint32_t i = 0; i < register_count(r); i++) {
		if (have < r->rank_bits) {
			held |= (uint32_t)agg_get_u8(at) << have;
			have += 8;
		}
		uint8_t rank = (uint8_t)(held & ((1u << r->rank_bits) - 1));
		at->failed |= rank > r->rank_max;
		s->ranks[i] = rank > r->rank_max ? 0 : rank;
		held >>= r->rank_bits;
		have -= r->rank_bits;
	}
	agg_get(at, rest, 4 * ((size_t)r->rank_max + 1) + (r->precision < 16 ? 2 : 4));
}

static enum status hll_read(const struct aggregator *a, struct eval *e, char *state, struct str from, size_t *consumed)
{
	const struct hll_rule *r = a->data;
	struct hll_state *s = (void *)state;
	struct agg_reader at = agg_reader(from);
	uint8_t form = agg_get_u8(&at);
	if (form > (r->combined ? 3 : 1) || (r->combined && form == 0))
		return ERR(e->err, E_INCORRECT_DATA, "Cannot read the state of %.*s: unknown form %u", STR_ARG(a->name), form);
	if (form == (r->combined ? 3 : 1)) {
		TRY(make_large(r, e, s));
		read_large(r, s, &at);
		return agg_reader_end(&at, e, from, consumed);
	}
	uint32_t n = agg_get_count(&at, r->key_size);
	for (uint32_t i = 0; i < n && !at.failed; i++) {
		uint64_t key = 0;
		agg_get(&at, &key, r->key_size);
		TRY(insert(r, e, s, key));
	}
	return agg_reader_end(&at, e, from, consumed);
}

static const struct aggregate_ops hll_ops = {NULL, hll_destroy, hll_add, hll_add_one, hll_merge, hll_finish, hll_write,
                                             hll_read};

static enum status bind_hll(struct bind_env *env, struct aggregator *a)
{
	struct hll_rule *r = ARENA_NEW(env->arena, struct hll_rule);
	struct str name = str_of(a->aggregate->name);
	uint64_t precision = 17;
	TRY(agg_arg_count(env, a, 1, UINT32_MAX));
	r->combined = !str_eq(name, STR("uniqHLL12"));
	TRY(agg_param_count(env, a, 0, r->combined));
	if (a->param_count != 0 && (!agg_param_u64(a, 0, &precision) || precision < 12 || precision > 20))
		return agg_bad_param(env, a, 0, "a number of 12 to 20");
	r->kind = uniq_kind_of(a->arg_types, a->arg_count);
	r->precision = r->combined ? (uint8_t)precision : 12;
	size_t width = physical_size(type_physical(a->arg_types[0]));
	bool number = r->kind <= UNIQ_FLOAT;
	r->value_mask = number && width < 8 ? ((uint64_t)1 << (8 * width)) - 1 : UINT64_MAX;
	bool wide_hash = r->combined && (str_eq(name, STR("uniqCombined64")) || r->kind == UNIQ_STRING);
	r->hash_bits = wide_hash ? 64 : 32;
	r->rank_bits = wide_hash ? 6 : 5;
	r->rank_max = (uint8_t)(r->hash_bits - r->precision + 1);
	r->key_size = r->combined ? r->hash_bits / 8 : number ? (uint8_t)width : 8;
	r->table_max = (uint32_t)1 << (r->precision - (wide_hash ? 5 : 4));
	a->data = r;
	return agg_set(a, &hll_ops, type_simple(agg_is_pg(env) ? TYPE_INT64 : TYPE_UINT64), sizeof(struct hll_state));
}

/* ---- uniqUpTo(n): the values themselves, up to n of them; n + 1 says that there are more ---- */

struct upto_rule {
	enum uniq_kind kind;
	uint8_t limit, key_size;
};

struct upto_state {
	struct agg_vec keys;     /* uint64_t */
	bool more;
};

static void upto_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	agg_vec_free(&((struct upto_state *)(void *)state)->keys, track, sizeof(uint64_t));
}

static enum status put_upto(const struct aggregator *a, struct eval *e, char *state, uint64_t value)
{
	const struct upto_rule *r = a->data;
	struct upto_state *s = (void *)state;
	const uint64_t *keys = s->keys.data;
	if (s->more)
		return OK;
	if (r->key_size < 8)
		value &= ((uint64_t)1 << (8 * r->key_size)) - 1;
	for (uint32_t i = 0; i < s->keys.count; i++)
		if (keys[i] == value)
			return OK;
	if (s->keys.count == r->limit) {
		s->more = true;
		return OK;
	}
	TRY(agg_vec_reserve(e, &s->keys, 1, sizeof value));
	((uint64_t *)s->keys.data)[s->keys.count++] = value;
	return OK;
}

static enum status upto_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                            const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct upto_rule *r = a->data;
	return count == 0 ? OK : each_hash(a, e, states, offset, NULL, args, rows, count, r->kind, put_upto);
}

static enum status upto_add_one(const struct aggregator *a, struct eval *e, char *state,
                                const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct upto_rule *r = a->data;
	return each_hash(a, e, NULL, 0, state, args, rows, count, r->kind, put_upto);
}

static enum status upto_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                              char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct upto_state *o = (const void *)(others[i] + other_offset);
		((struct upto_state *)(void *)(states[i] + offset))->more |= o->more;
		for (uint32_t k = 0; k < o->keys.count; k++)
			TRY(put_upto(a, e, states[i] + offset, ((const uint64_t *)o->keys.data)[k]));
	}
	return OK;
}

static uint64_t upto_count(const struct aggregator *a, const struct upto_state *s)
{
	const struct upto_rule *r = a->data;
	return s->more ? (uint64_t)r->limit + 1 : s->keys.count;
}

static enum status upto_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++) {
		uint64_t n = upto_count(a, (const void *)(states[i] + offset));
		TRY(builder_fixed(to, &n, e->err));
	}
	return OK;
}

static enum status upto_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct upto_rule *r = a->data;
	const struct upto_state *s = (const void *)state;
	strbuf_putc(to, (char)upto_count(a, s));
	for (uint32_t i = 0; i < s->keys.count && !s->more; i++)
		strbuf_put_le(to, ((const uint64_t *)s->keys.data)[i], r->key_size);
	return OK;
}

static enum status upto_read(const struct aggregator *a, struct eval *e, char *state, struct str from, size_t *consumed)
{
	const struct upto_rule *r = a->data;
	struct agg_reader at = agg_reader(from);
	uint8_t n = agg_get_u8(&at);
	((struct upto_state *)(void *)state)->more = n > r->limit;
	for (uint8_t i = 0; i < n && n <= r->limit && !at.failed; i++) {
		uint64_t key = 0;
		agg_get(&at, &key, r->key_size);
		TRY(put_upto(a, e, state, key));
	}
	return agg_reader_end(&at, e, from, consumed);
}

static const struct aggregate_ops upto_ops = {NULL, upto_destroy, upto_add, upto_add_one, upto_merge, upto_finish,
                                              upto_write, upto_read};

static enum status bind_upto(struct bind_env *env, struct aggregator *a)
{
	struct upto_rule *r = ARENA_NEW(env->arena, struct upto_rule);
	uint64_t limit = 10;
	TRY(agg_arg_count(env, a, 1, UINT32_MAX));
	TRY(agg_param_count(env, a, 0, 1));
	if (a->param_count != 0 && (!agg_param_u64(a, 0, &limit) || limit == 0 || limit > UPTO_MAX))
		return agg_bad_param(env, a, 0, "a number of 1 to 100");
	r->kind = uniq_kind_of(a->arg_types, a->arg_count);
	r->limit = (uint8_t)limit;
	r->key_size = r->kind <= UNIQ_FLOAT ? (uint8_t)physical_size(type_physical(a->arg_types[0])) : 8;
	a->data = r;
	return agg_set(a, &upto_ops, type_simple(agg_is_pg(env) ? TYPE_INT64 : TYPE_UINT64), sizeof(struct upto_state));
}

#define UNIQ(name, bind, text) \
	{name, "", AGGREGATE_CH | AGGREGATE_NEVER_NULL | AGGREGATE_DUPLICATES_IGNORED, bind, text, \
	 "SELECT " name "(number % 3) FROM numbers(10)", "3", NULL}

static const struct aggregate rows[] = {
	UNIQ("uniqHLL12", bind_hll, "Number of different values by 4096 registers of HyperLogLog"),
	UNIQ("uniqCombined", bind_hll, "Number of different values: a table, then HyperLogLog over 32-bit hashes"),
	UNIQ("uniqCombined64", bind_hll, "Number of different values: a table, then HyperLogLog over 64-bit hashes"),
	UNIQ("uniqUpTo", bind_upto, "Number of different values up to a limit, limit + 1 where there are more"),
};

AGGREGATE_FAMILY(hll, "Distinct counts by registers");

// SPDX-License-Identifier: Apache-2.0
/*
 * quantileDD: DDSketch (C. Masson et al., "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error
 * Guarantees", 2019), bins by logarithm, and quantileDeterministic: a sample chosen by hashes of a second argument.
 */
#include <assert.h>
#include <math.h>

#include "base/hash.h"
#include "func/agg_quantile_impl.h"

/* ---- bins of one sign ---- */

struct bins {
	double *counts;
	int32_t first;             /* index of counts[0] */
	uint32_t size;             /* allocated; a power of two */
	int32_t low, high;         /* indexes used; low > high: none */
	double total;
};

enum { BIN_INDEX_MAX = 1 << 20 };

static enum status bins_add(struct eval *e, struct bins *b, int32_t index, double count)
{
	if (index > BIN_INDEX_MAX || index < -BIN_INDEX_MAX)
		return ERR(e->err, E_INCORRECT_DATA, "a value is out of the range of quantileDD");
	bool none = b->size == 0;
	int32_t low = none || index < b->low ? index : b->low, high = none || index > b->high ? index : b->high;
	uint32_t span = (uint32_t)(high - low) + 1;
	if (none || index < b->first || (uint32_t)(index - b->first) >= b->size) {
		uint32_t size = (uint32_t)round_up_pow2((uint64_t)span * 2);
		int32_t first = low - (int32_t)((size - span) / 2);
		void *p = NULL;
		TRY(agg_realloc(e, &p, 0, size * sizeof(double)));
		memset(p, 0, size * sizeof(double));
		if (!none)
			memcpy((double *)p + (b->low - first), b->counts + (b->low - b->first),
			       ((size_t)(b->high - b->low) + 1) * sizeof(double));
		agg_free(e->track, b->counts, b->size * sizeof(double));
		b->counts = p;
		b->first = first;
		b->size = size;
	}
	b->low = low;
	b->high = high;
	b->counts[index - b->first] += count;
	b->total += count;
	return OK;
}

static int32_t bins_at_rank(const struct bins *b, double rank, bool lower)
{
	double passed = 0;
	for (int32_t i = b->low; i <= b->high; i++) {
		passed += b->counts[i - b->first];
		if (lower ? passed > rank : passed >= rank + 1)
			return i;
	}
	return b->high;
}

static void put_signed(struct strbuf *to, int64_t v)
{
	strbuf_put_varuint(to, (uint64_t)v << 1 ^ (uint64_t)(v >> 63));
}

static int64_t get_signed(struct agg_reader *r)
{
	uint64_t v = agg_get_varuint(r);
	return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

enum { DD_SPARSE = 4, DD_DENSE = 12, DD_POSITIVE = 1, DD_MAPPING = 2, DD_NEGATIVE = 3, DD_ZERO = 4 };

static size_t varuint_size(uint64_t v)
{
	size_t n = 1;
	for (; v >= 0x80; v >>= 7)
		n++;
	return n;
}

static size_t signed_size(int64_t v)
{
	return varuint_size((uint64_t)v << 1 ^ (uint64_t)(v >> 63));
}

/* As (index delta, count) pairs or as a run of counts, whichever is shorter. */
static void bins_write(const struct bins *b, struct strbuf *to)
{
	uint64_t used = 0, span = b->size == 0 ? 0 : (uint64_t)(b->high - b->low) + 1;
	int64_t last = 0;
	size_t sparse = 0;
	for (int32_t i = b->low; b->size != 0 && i <= b->high; i++)
		if (b->counts[i - b->first] != 0) {
			sparse += signed_size(i - last) + sizeof(double);
			last = i;
			used++;
		}
	sparse += varuint_size(used);
	int64_t start = b->size == 0 ? INT32_MAX : b->low;
	size_t dense = varuint_size(span) + signed_size(start) + 1 + span * sizeof(double);
	if (b->size == 0 || dense <= sparse + 1) {
		strbuf_putc(to, DD_DENSE);
		strbuf_put_varuint(to, span);
		put_signed(to, start);
		put_signed(to, 1);
		if (span != 0)
			strbuf_put(to, b->counts + (b->low - b->first), span * sizeof(double));
		return;
	}
	strbuf_putc(to, DD_SPARSE);
	strbuf_put_varuint(to, used);
	last = 0;
	for (int32_t i = b->low; i <= b->high; i++)
		if (b->counts[i - b->first] != 0) {
			put_signed(to, i - last);
			strbuf_put(to, &b->counts[i - b->first], sizeof(double));
			last = i;
		}
}

static enum status bins_read(struct eval *e, struct bins *b, struct agg_reader *r)
{
	uint8_t form = agg_get_u8(r);
	uint64_t n = agg_get_varuint(r);
	int64_t index = form == DD_DENSE ? get_signed(r) : 0, step = form == DD_DENSE ? get_signed(r) : 0;
	r->failed |= (form != DD_DENSE && form != DD_SPARSE) || n > (uint64_t)(r->end - r->at) / sizeof(double);
	for (uint64_t i = 0; i < n && !r->failed; i++) {
		double count;
		if (form == DD_SPARSE)
			index += get_signed(r);
		agg_get(r, &count, sizeof count);
		r->failed |= index > BIN_INDEX_MAX || index < -BIN_INDEX_MAX || !(count >= 0);
		if (!r->failed && count != 0)
			TRY(bins_add(e, b, (int32_t)index, count));
		index += step;
	}
	return OK;
}

/* ---- the sketch ---- */

struct ddsketch {
	struct bins positive, negative;
	double zeros;
};

struct dd_rule {
	struct quantile_rule quantile; /* its accuracy is the relative one */
	double gamma, factor, least;
};

static void dd_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	struct ddsketch *d = (void *)state;
	agg_free(track, d->positive.counts, d->positive.size * sizeof(double));
	agg_free(track, d->negative.counts, d->negative.size * sizeof(double));
	*d = (struct ddsketch){0};
}

static int32_t dd_index(const struct dd_rule *r, double v)
{
	return (int32_t)(log(v) * r->factor);
}

static enum status dd_add_one(const struct aggregator *a, struct eval *e, char *state,
                              const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct dd_rule *r = a->data;
	struct ddsketch *d = (void *)state;
	struct vector *v;
	TRY(vector_flatten(e->track, args[0], &v, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		u128 value[2];
		if (r->quantile.values->copy(value, v->data, rows, i, 1) == 0)
			continue;
		double x = r->quantile.values->as_double(value);
		if (fabs(x) < r->least)
			d->zeros += 1;
		else
			s = bins_add(e, x > 0 ? &d->positive : &d->negative, dd_index(r, fabs(x)), 1);
	}
	vector_unref(v);
	return s;
}

static enum status merge_bins(struct eval *e, struct bins *b, const struct bins *o)
{
	for (int32_t i = o->low; o->size != 0 && i <= o->high; i++)
		if (o->counts[i - o->first] != 0)
			TRY(bins_add(e, b, i, o->counts[i - o->first]));
	return OK;
}

static enum status dd_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                            char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct ddsketch *d = (void *)(states[i] + offset);
		const struct ddsketch *o = (const void *)(others[i] + other_offset);
		TRY(merge_bins(e, &d->positive, &o->positive));
		TRY(merge_bins(e, &d->negative, &o->negative));
		d->zeros += o->zeros;
	}
	return OK;
}

static enum status dd_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct dd_rule *r = a->data;
	const struct ddsketch *d = (const void *)state;
	double offset = 0;
	strbuf_putc(to, DD_MAPPING);
	strbuf_put(to, &r->gamma, sizeof r->gamma);
	strbuf_put(to, &offset, sizeof offset);
	strbuf_putc(to, DD_POSITIVE);
	bins_write(&d->positive, to);
	strbuf_putc(to, DD_NEGATIVE);
	bins_write(&d->negative, to);
	strbuf_putc(to, DD_ZERO);
	strbuf_put(to, &d->zeros, sizeof d->zeros);
	return OK;
}

static enum status dd_read(const struct aggregator *a, struct eval *e, char *state, struct str from, size_t *consumed)
{
	struct ddsketch *d = (void *)state;
	struct agg_reader at = agg_reader(from);
	double gamma, offset;
	at.failed |= agg_get_u8(&at) != DD_MAPPING;
	agg_get(&at, &gamma, sizeof gamma);
	agg_get(&at, &offset, sizeof offset);
	at.failed |= agg_get_u8(&at) != DD_POSITIVE;
	if (!at.failed)
		TRY(bins_read(e, &d->positive, &at));
	at.failed |= agg_get_u8(&at) != DD_NEGATIVE;
	if (!at.failed)
		TRY(bins_read(e, &d->negative, &at));
	at.failed |= agg_get_u8(&at) != DD_ZERO;
	agg_get(&at, &d->zeros, sizeof d->zeros);
	return agg_reader_end(&at, e, from, consumed);
}

static double dd_value(const struct dd_rule *r, int32_t index)
{
	return exp((double)index / r->factor) * (1 + r->quantile.accuracy);
}

static enum status dd_get(const struct aggregator *a, struct eval *e, char *state, double level, void *out)
{
	const struct dd_rule *r = a->data;
	const struct ddsketch *d = (const void *)state;
	double count = d->positive.total + d->negative.total + d->zeros, v = NAN;
	if (count != 0) {
		double rank = level * (count - 1);
		if (rank < d->negative.total)
			v = -dd_value(r, bins_at_rank(&d->negative, d->negative.total - rank - 1, false));
		else if (rank < d->zeros + d->negative.total)
			v = 0;
		else
			v = dd_value(r, bins_at_rank(&d->positive, rank - d->zeros - d->negative.total, true));
	}
	memcpy(out, &v, sizeof v);
	return OK;
}

static const struct aggregate_ops dd_ops = {NULL, dd_destroy, agg_add_runs, dd_add_one, dd_merge, quantile_finish,
                                            dd_write, dd_read};

static enum status bind_dd(struct bind_env *env, struct aggregator *a)
{
	struct dd_rule *r = ARENA_NEW(env->arena, struct dd_rule);
	const struct type *t = a->arg_types[0];
	TRY(agg_arg_count(env, a, 1, 1));
	TRY(agg_param_count(env, a, 1, UINT32_MAX));
	if (!agg_param_f64(a, 0, &r->quantile.accuracy) || !(r->quantile.accuracy > 0 && r->quantile.accuracy < 1))
		return agg_bad_param(env, a, 0, "the relative accuracy, between 0 and 1");
	TRY(quantile_levels(env, a, &r->quantile, 1));
	r->quantile.values = quantile_values_of(t);
	if (r->quantile.values == NULL || !type_is_number(t) || type_is_decimal(t) || physical_size(type_physical(t)) > 8)
		return agg_bad_type(env, a, 0);
	r->gamma = (1 + r->quantile.accuracy) / (1 - r->quantile.accuracy);
	r->factor = 1 / log(r->gamma);
	r->least = 2.2250738585072014e-308 * r->gamma;
	r->quantile.get = dd_get;
	a->data = r;
	return agg_set(a, &dd_ops, quantile_result(env, &r->quantile, type_simple(TYPE_FLOAT64)), sizeof(struct ddsketch));
}

/* ---- quantileDeterministic ---- */

enum { CHOSEN_MAX = 8192 };

struct chosen {
	u128 value;          /* at most 16 bytes of it are used */
	uint32_t hash;
};

struct deterministic {
	struct agg_vec list;
	uint64_t total;
	uint64_t skip;       /* hashes that are multiples of 1 << skip stay */
};

static void deterministic_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	agg_vec_free(&((struct deterministic *)(void *)state)->list, track, sizeof(struct chosen));
}

static enum status choose(struct eval *e, struct deterministic *d, struct chosen c)
{
	if ((c.hash & low_mask64((unsigned)d->skip)) != 0)
		return OK;
	while (d->list.count >= CHOSEN_MAX && d->skip < 32) {
		struct chosen *list = d->list.data;
		uint32_t n = 0;
		d->skip++;
		for (uint32_t i = 0; i < d->list.count; i++)
			if ((list[i].hash & low_mask64((unsigned)d->skip)) == 0)
				list[n++] = list[i];
		d->list.count = n;
	}
	TRY(agg_vec_reserve(e, &d->list, 1, sizeof c));
	((struct chosen *)d->list.data)[d->list.count++] = c;
	return OK;
}

static enum status deterministic_add_one(const struct aggregator *a, struct eval *e, char *state,
                                         const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct quantile_rule *r = a->data;
	struct deterministic *d = (void *)state;
	const struct vector *flat[2];
	struct vector *owned[2];
	enum status s = agg_flatten(e, args, 2, flat, owned);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct chosen c = {0};
		if (r->values->copy(&c.value, flat[0]->data, rows, i, 1) == 0)
			continue;
		c.hash = (uint32_t)hash_u64(quantile_weight(flat[1], rows == NULL ? i : rows[i]));
		d->total++;
		s = choose(e, d, c);
	}
	agg_unflatten(owned, 2);
	return s;
}

static enum status deterministic_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                       char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct deterministic *d = (void *)(states[i] + offset);
		const struct deterministic *o = (const void *)(others[i] + other_offset);
		if (o->skip > d->skip)
			d->skip = o->skip;
		for (uint32_t k = 0; k < o->list.count; k++)
			TRY(choose(e, d, ((const struct chosen *)o->list.data)[k]));
		d->total += o->total;
	}
	return OK;
}

/* Bytes of the value and of the pair, as a C++ pair of it and a uint32 lies in memory. */
static void pair_layout(const struct quantile_rule *r, size_t *hash_at, size_t *size)
{
	size_t align = r->values->width > 4 ? r->values->width : 4;
	align = align > 16 ? 16 : align;
	*hash_at = round_up_to(r->values->width, 4);
	*size = round_up_to(*hash_at + 4, align);
}

static enum status deterministic_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct quantile_rule *r = a->data;
	const struct deterministic *d = (const void *)state;
	size_t hash_at, size;
	pair_layout(r, &hash_at, &size);
	strbuf_put_le(to, d->list.count, 8);
	strbuf_put_le(to, d->total, 8);
	for (uint32_t k = 0; k < d->list.count; k++) {
		const struct chosen *c = &((const struct chosen *)d->list.data)[k];
		char pair[32] = {0};
		memcpy(pair, &c->value, r->values->width);
		memcpy(pair + hash_at, &c->hash, sizeof c->hash);
		strbuf_put(to, pair, size);
	}
	return OK;
}

static enum status deterministic_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                                      size_t *consumed)
{
	const struct quantile_rule *r = a->data;
	struct deterministic *d = (void *)state;
	struct agg_reader at = agg_reader(from);
	size_t hash_at, size;
	uint64_t n;
	pair_layout(r, &hash_at, &size);
	agg_get(&at, &n, sizeof n);
	agg_get(&at, &d->total, sizeof d->total);
	at.failed |= n > (uint64_t)(at.end - at.at) / size;
	for (uint64_t k = 0; k < n && !at.failed; k++) {
		char pair[32];
		struct chosen c = {0};
		agg_get(&at, pair, size);
		memcpy(&c.value, pair, r->values->width);
		memcpy(&c.hash, pair + hash_at, sizeof c.hash);
		TRY(choose(e, d, c));
	}
	return agg_reader_end(&at, e, from, consumed);
}

static enum status deterministic_get(const struct aggregator *a, struct eval *e, char *state, double level, void *out)
{
	const struct quantile_rule *r = a->data;
	const struct deterministic *d = (const void *)state;
	uint32_t n = d->list.count;
	size_t width = r->values->width;
	double v = NAN;
	if (n != 0) {
		void *p = NULL;
		TRY(agg_realloc(e, &p, 0, n * width));
		char *sorted = p;
		for (uint32_t k = 0; k < n; k++)
			memcpy(sorted + k * width, &((const struct chosen *)d->list.data)[k].value, width);
		r->values->sort(sorted, n);
		double index = level * (n - 1);
		size_t left = (size_t)index, right = left + 1;
		v = r->values->as_double(sorted + left * width);
		if (right < n)
			v = v * ((double)right - index) + r->values->as_double(sorted + right * width) * (index - (double)left);
		agg_free(e->track, p, n * width);
	}
	if (r->as_float)
		memcpy(out, &v, sizeof v);
	else
		r->values->from_double(v, out);
	return OK;
}

static const struct aggregate_ops deterministic_ops = {NULL, deterministic_destroy, agg_add_runs, deterministic_add_one,
                                                       deterministic_merge, quantile_finish, deterministic_write,
                                                       deterministic_read};

static enum status bind_deterministic(struct bind_env *env, struct aggregator *a)
{
	struct quantile_rule *r = ARENA_NEW(env->arena, struct quantile_rule);
	TRY(agg_arg_count(env, a, 2, 2));
	TRY(quantile_levels(env, a, r, 0));
	const struct type *t = a->arg_types[0];
	r->values = quantile_values_of(t);
	if (r->values == NULL || r->values->width > 16)
		return agg_bad_type(env, a, 0);
	if (!type_is_integer(a->arg_types[1]) || physical_size(type_physical(a->arg_types[1])) > 8)
		return agg_bad_type(env, a, 1);
	r->as_float = type_is_integer(t) || type_is_float(t) || t->id == TYPE_BOOL;
	r->get = deterministic_get;
	a->data = r;
	const struct type *one = r->as_float ? type_simple(TYPE_FLOAT64) : t;
	return agg_set(a, &deterministic_ops, quantile_result(env, r, one), sizeof(struct deterministic));
}

static const struct aggregate rows[] = {
	{"quantileDD", "medianDD", AGGREGATE_CH, bind_dd, "Quantile by DDSketch with a relative accuracy",
	 "SELECT round(quantileDD(0.01, 0.5)(number + 1)) FROM numbers(3)", "2", NULL},
	{"quantilesDD", "", AGGREGATE_CH | AGGREGATE_NEVER_NULL, bind_dd, "Several quantiles by DDSketch",
	 "SELECT length(quantilesDD(0.01, 0.5)(number + 1)) FROM numbers(3)", "1", NULL},
	{"quantileDeterministic", "medianDeterministic", AGGREGATE_CH, bind_deterministic,
	 "Quantile of a sample chosen by hashes", "SELECT quantileDeterministic(number, number) FROM numbers(3)", "1", NULL},
	{"quantilesDeterministic", "", AGGREGATE_CH | AGGREGATE_NEVER_NULL, bind_deterministic,
	 "Several quantiles of a sample chosen by hashes",
	 	"SELECT quantilesDeterministic(0.5)(number, number) FROM numbers(3)", "[1]",
	 NULL},
};

AGGREGATE_FAMILY(sketch, "Quantile sketches");

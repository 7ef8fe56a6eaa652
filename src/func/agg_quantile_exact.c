// SPDX-License-Identifier: Apache-2.0
/*
 * quantileExact and its variants, which keep all values, and quantile, which keeps a sample of 8,192: a reservoir with
 * ClickHouse's generator, so that the same rows in the same order give the same sample.
 *
 *     exact       varuint count | values
 *     reservoir   uint64 8192 | uint64 rows seen | text of the generator | values
 */
#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "func/agg_array_impl.h"
#include "func/agg_quantile_impl.h"

enum exact_variant { EXACT_PLAIN, EXACT_LOW, EXACT_HIGH, EXACT_INCLUSIVE, EXACT_EXCLUSIVE };

static void exact_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	agg_list_free((struct agg_list *)(void *)state, track);
}

static enum status append(const struct quantile_rule *r, struct eval *e, struct agg_list *l, const char *data,
                          const uint32_t *rows, uint32_t from, uint32_t count)
{
	TRY(agg_list_reserve(e, l, count * r->values->width));
	uint32_t n = r->values->copy(l->data + l->size, data, rows, from, count);
	l->size += n * r->values->width;
	l->count += n;
	return OK;
}

static enum status exact_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	struct vector *v;
	TRY(vector_flatten(e->track, args[0], &v, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++)
		s = append(a->data, e, (void *)(states[i] + offset), v->data, rows, i, 1);
	vector_unref(v);
	return s;
}

static enum status exact_add_one(const struct aggregator *a, struct eval *e, char *state,
                                 const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	struct vector *v;
	TRY(vector_flatten(e->track, args[0], &v, e->err));
	enum status s = append(a->data, e, (void *)state, v->data, rows, 0, count);
	vector_unref(v);
	return s;
}

static enum status exact_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct agg_list *o = (const void *)(others[i] + other_offset);
		if (o->count != 0)
			TRY(append(a->data, e, (void *)(states[i] + offset), o->data, NULL, 0, o->count));
	}
	return OK;
}

static enum status exact_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct agg_list *l = (const void *)state;
	strbuf_put_varuint(to, l->count);
	strbuf_put(to, l->data, l->size);
	return OK;
}

static enum status exact_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                              size_t *consumed)
{
	const struct quantile_rule *r = a->data;
	struct agg_reader at = agg_reader(from);
	uint32_t n = agg_get_count(&at, r->values->width);
	TRY(append(r, e, (void *)state, at.at, NULL, 0, n));
	at.at += n * r->values->width;
	return agg_reader_end(&at, e, from, consumed);
}

static enum status exact_prepare(const struct aggregator *a, struct eval *e, char *state)
{
	const struct quantile_rule *r = a->data;
	struct agg_list *l = (void *)state;
	if (r->level_count > 1 && l->count > 1)
		r->values->sort(l->data, l->count);
	return OK;
}

/* The k-th value; sorted already when several levels are asked for. */
static const void *value_at(const struct quantile_rule *r, struct agg_list *l, size_t k)
{
	assert(k < l->count);
	if (r->level_count == 1)
		r->values->select(l->data, l->count, k);
	return l->data + k * r->values->width;
}

static void nothing(const struct quantile_rule *r, const struct type *result, void *out)
{
	double nan = NAN;
	float nan32 = NAN;
	enum physical p = type_physical(r->many ? result->children[0] : result);
	if (p == PHYS_F64)
		memcpy(out, &nan, sizeof nan);
	else if (p == PHYS_F32)
		memcpy(out, &nan32, sizeof nan32);
}

static enum status exact_get(const struct aggregator *a, struct eval *e, char *state, double level, void *out)
{
	const struct quantile_rule *r = a->data;
	struct agg_list *l = (void *)state;
	size_t n = l->count, k;
	if (n == 0) {
		nothing(r, a->result, out);
		return OK;
	}
	bool middle = level == 0.5 && r->variant != EXACT_PLAIN;
	if (middle)
		k = r->variant == EXACT_LOW && n % 2 == 0 ? n / 2 - 1 : n / 2;
	else
		k = level < 1 ? (size_t)(level * (double)n) : n - 1;
	memcpy(out, value_at(r, l, k >= n ? n - 1 : k), r->values->width);
	return OK;
}

/* Between two values: the level's place in 1 to n (inclusive) or 0 to n + 1. */
static enum status between_get(const struct aggregator *a, struct eval *e, char *state, double level, void *out)
{
	const struct quantile_rule *r = a->data;
	struct agg_list *l = (void *)state;
	size_t n = l->count;
	double v = NAN;
	if (n != 0) {
		double h = r->variant == EXACT_INCLUSIVE ? level * (double)(n - 1) + 1 : level * (double)(n + 1);
		size_t k = (size_t)h;
		if (k < 1) {
			v = r->values->as_double(value_at(r, l, 0));
		} else if (k >= n) {
			v = r->values->as_double(value_at(r, l, n - 1));
		} else {
			double low = r->values->as_double(value_at(r, l, k - 1)), high = r->values->as_double(value_at(r, l, k));
			v = low + (h - (double)k) * (high - low);
		}
	}
	memcpy(out, &v, sizeof v);
	return OK;
}

static const struct aggregate_ops exact_ops = {NULL, exact_destroy, exact_add, exact_add_one, exact_merge,
                                               quantile_finish, exact_write, exact_read};

static enum status bind_exact(struct bind_env *env, struct aggregator *a, enum exact_variant variant)
{
	TRY(agg_arg_count(env, a, 1, 1));
	struct quantile_rule *r = ARENA_NEW(env->arena, struct quantile_rule);
	TRY(quantile_levels(env, a, r, 0));
	r->values = quantile_values_of(a->arg_types[0]);
	if (r->values == NULL)
		return agg_bad_type(env, a, 0);
	bool between = variant == EXACT_INCLUSIVE || variant == EXACT_EXCLUSIVE;
	for (uint32_t i = 0; i < r->level_count && variant == EXACT_EXCLUSIVE; i++)
		if (r->levels[i] == 0 || r->levels[i] == 1)
			return ERR(env->err, E_BAD_ARGUMENTS, "QuantileExactExclusive cannot interpolate for the percentiles 1 and 0");
	r->variant = (int)variant;
	r->prepare = exact_prepare;
	r->get = between ? between_get : exact_get;
	a->data = r;
	const struct type *one = between ? type_simple(TYPE_FLOAT64) : a->arg_types[0];
	return agg_set(a, &exact_ops, quantile_result(env, r, one), sizeof(struct agg_list));
}

static enum status bind_plain(struct bind_env *env, struct aggregator *a)
{
	return bind_exact(env, a, EXACT_PLAIN);
}

static enum status bind_low(struct bind_env *env, struct aggregator *a)
{
	return bind_exact(env, a, EXACT_LOW);
}

static enum status bind_high(struct bind_env *env, struct aggregator *a)
{
	return bind_exact(env, a, EXACT_HIGH);
}

static enum status bind_inclusive(struct bind_env *env, struct aggregator *a)
{
	return bind_exact(env, a, EXACT_INCLUSIVE);
}

static enum status bind_exclusive(struct bind_env *env, struct aggregator *a)
{
	return bind_exact(env, a, EXACT_EXCLUSIVE);
}

/* ---- the reservoir ---- */

enum { SAMPLE_MAX = 8192 };
static const uint64_t generator_factor = 6364136223846793005u, generator_start = 123459;

struct reservoir {
	struct agg_list list;
	uint64_t total;      /* rows seen */
	uint64_t random;     /* 0: the start */
};

/* PCG: multiplicative congruential, output by an xorshift and a random shift of the state before. */
static uint32_t draw32(struct reservoir *s)
{
	uint64_t x = s->random == 0 ? generator_start : s->random;
	s->random = x * generator_factor;
	return (uint32_t)((x ^ x >> 22) >> (22 + (x >> 61)));
}

static uint64_t draw(struct reservoir *s, uint64_t limit)
{
	if (limit <= UINT32_MAX)
		return draw32(s) % limit;
	uint64_t high = draw32(s);
	return (high * ((uint64_t)UINT32_MAX + 1) + draw32(s)) % limit;
}

static enum status reservoir_insert(const struct quantile_rule *r, struct eval *e, struct reservoir *s,
                                    const char *data, const uint32_t *rows, uint32_t from, uint32_t count)
{
	size_t width = r->values->width;
	if (s->list.count + count <= SAMPLE_MAX && s->total == s->list.count) {
		uint32_t before = s->list.count;
		TRY(append(r, e, &s->list, data, rows, from, count));
		s->total += s->list.count - before;
		return OK;
	}
	for (uint32_t i = from; i < from + count; i++) {
		u128 value[2];
		if (r->values->copy(value, data, rows, i, 1) == 0)
			continue;
		s->total++;
		if (s->list.count < SAMPLE_MAX) {
			TRY(append(r, e, &s->list, (const char *)value, NULL, 0, 1));
			continue;
		}
		uint64_t at = draw(s, s->total);
		if (at < SAMPLE_MAX)
			memcpy(s->list.data + at * width, value, width);
	}
	return OK;
}

static enum status reservoir_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                 const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	struct vector *v;
	TRY(vector_flatten(e->track, args[0], &v, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++)
		s = reservoir_insert(a->data, e, (void *)(states[i] + offset), v->data, rows, i, 1);
	vector_unref(v);
	return s;
}

static enum status reservoir_add_one(const struct aggregator *a, struct eval *e, char *state,
                                     const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	struct vector *v;
	TRY(vector_flatten(e->track, args[0], &v, e->err));
	enum status s = reservoir_insert(a->data, e, (void *)state, v->data, rows, 0, count);
	vector_unref(v);
	return s;
}

static enum status merge_into(const struct quantile_rule *r, struct eval *e, struct reservoir *s,
                              const struct reservoir *o)
{
	size_t width = r->values->width;
	if (o->total <= SAMPLE_MAX)
		return o->list.count == 0 ? OK : reservoir_insert(r, e, s, o->list.data, NULL, 0, o->list.count);
	if (s->total <= SAMPLE_MAX) { /* the other one's sample, then our values */
		struct agg_list mine = s->list;
		s->list = (struct agg_list){0};
		s->total = o->total;
		enum status status = append(r, e, &s->list, o->list.data, NULL, 0, o->list.count);
		if (status == OK && mine.count != 0)
			status = reservoir_insert(r, e, s, mine.data, NULL, 0, mine.count);
		agg_list_free(&mine, e->track);
		return status;
	}
	s->total += o->total;
	double step = (double)s->total / (double)o->total;
	if (step * 2 >= SAMPLE_MAX) {
		uint64_t at = draw(s, (uint64_t)step);
		if (at < SAMPLE_MAX)
			memcpy(s->list.data + at * width, o->list.data + at * width, width);
		return OK;
	}
	for (double i = 0; i < SAMPLE_MAX; i += step)
		memcpy(s->list.data + (size_t)i * width, o->list.data + (size_t)i * width, width);
	return OK;
}

static enum status reservoir_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                   char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		TRY(merge_into(a->data, e, (void *)(states[i] + offset), (const void *)(others[i] + other_offset)));
	return OK;
}

static enum status reservoir_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct reservoir *s = (const void *)state;
	char text[64];
	uint64_t random = s->random == 0 ? generator_start : s->random;
	int n = snprintf(text, sizeof text, "%llu 0 %llu", (unsigned long long)generator_factor, (unsigned long long)random);
	strbuf_put_le(to, SAMPLE_MAX, 8);
	strbuf_put_le(to, s->total, 8);
	strbuf_put_varuint(to, (uint64_t)n);
	strbuf_put(to, text, (size_t)n);
	strbuf_put(to, s->list.data, s->list.size);
	return OK;
}

static enum status reservoir_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                                  size_t *consumed)
{
	const struct quantile_rule *r = a->data;
	struct reservoir *s = (void *)state;
	struct agg_reader at = agg_reader(from);
	uint64_t sample;
	agg_get(&at, &sample, sizeof sample);
	agg_get(&at, &s->total, sizeof s->total);
	uint32_t n = agg_get_count(&at, 1);
	struct str text = str_make(at.at, n);
	at.at += n;
	size_t last = text.size;
	while (last > 0 && text.data[last - 1] != ' ')
		last--;
	if (at.failed || sample != SAMPLE_MAX || !str_to_u64(str_make(text.data + last, text.size - last), &s->random))
		return ERR(e->err, E_INCORRECT_DATA, "Cannot read the state of aggregate function %.*s", STR_ARG(a->name));
	uint64_t count = s->total < SAMPLE_MAX ? s->total : SAMPLE_MAX;
	if (count * r->values->width > (uint64_t)(at.end - at.at)) {
		at.failed = true;
		count = 0;
	}
	TRY(append(r, e, &s->list, at.at, NULL, 0, (uint32_t)count));
	at.at += count * r->values->width;
	return agg_reader_end(&at, e, from, consumed);
}

static enum status reservoir_prepare(const struct aggregator *a, struct eval *e, char *state)
{
	const struct quantile_rule *r = a->data;
	struct reservoir *s = (void *)state;
	if (s->list.count > 1)
		r->values->sort(s->list.data, s->list.count);
	return OK;
}

static enum status reservoir_get(const struct aggregator *a, struct eval *e, char *state, double level, void *out)
{
	const struct quantile_rule *r = a->data;
	const struct agg_list *l = &((const struct reservoir *)(const void *)state)->list;
	size_t n = l->count, width = r->values->width;
	if (n == 0) {
		nothing(r, a->result, out);
		return OK;
	}
	double index = level * ((double)n - 1), v;
	size_t left = (size_t)index, right = left + 1;
	double low = r->values->as_double(l->data + left * width);
	if (right == n) {
		v = low;
	} else {
		double high = r->values->as_double(l->data + right * width);
		v = low * ((double)right - index) + high * (index - (double)left);
	}
	if (r->as_float)
		memcpy(out, &v, sizeof v);
	else
		r->values->from_double(v, out);
	return OK;
}

static const struct aggregate_ops reservoir_ops = {NULL, exact_destroy, reservoir_add, reservoir_add_one,
                                                   reservoir_merge, quantile_finish, reservoir_write, reservoir_read};

static enum status bind_reservoir(struct bind_env *env, struct aggregator *a)
{
	TRY(agg_arg_count(env, a, 1, 1));
	struct quantile_rule *r = ARENA_NEW(env->arena, struct quantile_rule);
	const struct type *t = a->arg_types[0];
	TRY(quantile_levels(env, a, r, 0));
	r->values = quantile_values_of(t);
	if (r->values == NULL)
		return agg_bad_type(env, a, 0);
	r->as_float = type_is_integer(t) || type_is_float(t) || t->id == TYPE_BOOL;
	r->prepare = reservoir_prepare;
	r->get = reservoir_get;
	a->data = r;
	return agg_set(a, &reservoir_ops, quantile_result(env, r, r->as_float ? type_simple(TYPE_FLOAT64) : t),
	               sizeof(struct reservoir));
}

static const struct aggregate rows[] = {
	{"quantile", "median", AGGREGATE_CH, bind_reservoir, "Quantile of a sample of up to 8,192 values",
	 "SELECT quantile(0.25)(number) FROM numbers(5)", "1", NULL},
	{"quantiles", "", AGGREGATE_CH | AGGREGATE_NEVER_NULL, bind_reservoir, "Several quantiles of a sample",
	 "SELECT quantiles(0, 1)(number) FROM numbers(5)", "[0,4]", NULL},
	{"quantileExact", "medianExact", AGGREGATE_CH, bind_plain, "Exact quantile",
	 "SELECT quantileExact(0.5)(number) FROM numbers(4)", "2", NULL},
	{"quantilesExact", "", AGGREGATE_CH | AGGREGATE_NEVER_NULL, bind_plain, "Several exact quantiles",
	 "SELECT quantilesExact(0, 1)(number) FROM numbers(4)", "[0,3]", NULL},
	{"quantileExactLow", "medianExactLow", AGGREGATE_CH, bind_low, "Exact quantile, the lower of two medians",
	 "SELECT quantileExactLow(0.5)(number) FROM numbers(4)", "1", NULL},
	{"quantilesExactLow", "", AGGREGATE_CH | AGGREGATE_NEVER_NULL, bind_low,
	 "Several exact quantiles, the lower of two medians",
	 "SELECT quantilesExactLow(0.5)(number) FROM numbers(4)", "[1]", NULL},
	{"quantileExactHigh", "medianExactHigh", AGGREGATE_CH, bind_high, "Exact quantile, the higher of two medians",
	 "SELECT quantileExactHigh(0.5)(number) FROM numbers(4)", "2", NULL},
	{"quantilesExactHigh", "", AGGREGATE_CH | AGGREGATE_NEVER_NULL, bind_high,
	 "Several exact quantiles, the higher of two medians",
	 "SELECT quantilesExactHigh(0.5)(number) FROM numbers(4)", "[2]", NULL},
	{"quantileExactInclusive", "", AGGREGATE_CH, bind_inclusive,
	 "Exact quantile, interpolated, as of the whole population",
	 "SELECT quantileExactInclusive(0.25)(number) FROM numbers(5)", "1", NULL},
	{"quantilesExactInclusive", "", AGGREGATE_CH | AGGREGATE_NEVER_NULL, bind_inclusive,
	 "Several exact quantiles, interpolated, as of the whole population",
	 "SELECT quantilesExactInclusive(0.25)(number) FROM numbers(5)", "[1]", NULL},
	{"quantileExactExclusive", "", AGGREGATE_CH, bind_exclusive, "Exact quantile, interpolated, as of a sample",
	 "SELECT quantileExactExclusive(0.25)(number) FROM numbers(5)", "0.5", NULL},
	{"quantilesExactExclusive", "", AGGREGATE_CH | AGGREGATE_NEVER_NULL, bind_exclusive,
	 "Several exact quantiles, interpolated, as of a sample",
	 "SELECT quantilesExactExclusive(0.25)(number) FROM numbers(5)", "[0.5]", NULL},
};

AGGREGATE_FAMILY(quantile_exact, "Quantiles");

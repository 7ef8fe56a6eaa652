// SPDX-License-Identifier: Apache-2.0
/*
 * quantileTiming: quantiles of page load times in milliseconds, up to 30,000. Few values are kept, many counted: each
 * up to 1,024, then in steps of 16.
 *
 *     1 | uint16 count | uint16 values        2 | uint64 count | uint16 values
 *     3 | uint64 count | the two tables of uint64; or, where most are 0, (uint16 value, uint64 count) …, uint16 30000
 */
#include <assert.h>
#include <math.h>

#include "func/agg_quantile_impl.h"

enum {
	TIMING_TINY = 31, TIMING_SMALL = 1024, TIMING_BIG = 30000, TIMING_STEP = 16,
	TIMING_STEPS = (TIMING_BIG - TIMING_SMALL) / TIMING_STEP,
	TIMING_COUNTERS = TIMING_SMALL + TIMING_STEPS,
	TIMING_MEDIUM = (1 + TIMING_COUNTERS) * 2 /* values that take a quarter of the tables' room */
};

struct timing {
	struct agg_vec values;   /* uint16_t; while there are no tables */
	uint64_t *tables;        /* TIMING_COUNTERS */
	uint64_t count;
};

struct timing_rule {
	struct quantile_rule quantile;
	bool weights;
};

static void timing_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	struct timing *t = (void *)state;
	agg_vec_free(&t->values, track, sizeof(uint16_t));
	agg_free(track, t->tables, TIMING_COUNTERS * sizeof *t->tables);
	t->tables = NULL;
}

static void count_value(struct timing *t, uint32_t v, uint64_t weight)
{
	t->count += weight;
	if (v < TIMING_SMALL)
		t->tables[v] += weight;
	else if (v < TIMING_BIG)
		t->tables[TIMING_SMALL + (v - TIMING_SMALL) / TIMING_STEP] += weight;
}

static enum status make_tables(struct eval *e, struct timing *t)
{
	void *p = NULL;
	if (t->tables != NULL)
		return OK;
	TRY(agg_realloc(e, &p, 0, TIMING_COUNTERS * sizeof *t->tables));
	memset(p, 0, TIMING_COUNTERS * sizeof *t->tables);
	t->tables = p;
	t->count = 0;
	for (uint32_t i = 0; i < t->values.count; i++)
		count_value(t, ((const uint16_t *)t->values.data)[i], 1);
	agg_vec_free(&t->values, e->track, sizeof(uint16_t));
	return OK;
}

static enum status add_value(struct eval *e, struct timing *t, uint32_t v, uint64_t weight)
{
	if (v > TIMING_BIG)
		v = TIMING_BIG;
	bool few = weight == 1 ? t->values.count < TIMING_MEDIUM
	           : weight < TIMING_TINY && t->values.count + weight <= TIMING_TINY;
	if (t->tables != NULL || !few) {
		TRY(make_tables(e, t));
		count_value(t, v, weight);
		return OK;
	}
	TRY(agg_vec_reserve(e, &t->values, (uint32_t)weight, sizeof(uint16_t)));
	for (uint64_t i = 0; i < weight; i++)
		((uint16_t *)t->values.data)[t->values.count++] = (uint16_t)v;
	return OK;
}

static enum status timing_add_one(const struct aggregator *a, struct eval *e, char *state,
                                  const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct timing_rule *r = a->data;
	const struct vector *flat[2];
	struct vector *owned[2];
	enum status s = agg_flatten(e, args, a->arg_count, flat, owned);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		u128 value[2];
		uint64_t weight = r->weights ? quantile_weight(flat[1], rows == NULL ? i : rows[i]) : 1;
		if (weight == 0 || r->quantile.values->copy(value, flat[0]->data, rows, i, 1) == 0)
			continue;
		double v = r->quantile.values->as_double(value);
		if (v >= 0)
			s = add_value(e, (void *)state, v > TIMING_BIG ? TIMING_BIG : (uint32_t)v, weight);
	}
	agg_unflatten(owned, a->arg_count);
	return s;
}

static enum status timing_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct timing *t = (void *)(states[i] + offset);
		const struct timing *o = (const void *)(others[i] + other_offset);
		for (uint32_t k = 0; k < o->values.count; k++)
			TRY(add_value(e, t, ((const uint16_t *)o->values.data)[k], 1));
		if (o->tables == NULL)
			continue;
		TRY(make_tables(e, t));
		for (uint32_t k = 0; k < TIMING_COUNTERS; k++)
			t->tables[k] += o->tables[k];
		t->count += o->count;
	}
	return OK;
}

static enum status timing_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct timing *t = (const void *)state;
	if (t->tables == NULL) {
		bool tiny = t->values.count <= TIMING_TINY;
		strbuf_putc(to, tiny ? 1 : 2);
		strbuf_put_le(to, t->values.count, tiny ? 2 : 8);
		strbuf_put(to, t->values.data, t->values.count * sizeof(uint16_t));
		return OK;
	}
	strbuf_putc(to, 3);
	strbuf_put_le(to, t->count, 8);
	if (t->count * 2 > TIMING_COUNTERS) {
		strbuf_put(to, t->tables, TIMING_COUNTERS * sizeof *t->tables);
		return OK;
	}
	for (uint32_t k = 0; k < TIMING_COUNTERS; k++)
		if (t->tables[k] != 0) {
			strbuf_put_le(to, k, 2);
			strbuf_put_le(to, t->tables[k], 8);
		}
	strbuf_put_le(to, TIMING_BIG, 2);
	return OK;
}

static enum status read_tables(struct eval *e, struct timing *t, struct agg_reader *at)
{
	TRY(make_tables(e, t));
	agg_get(at, &t->count, sizeof t->count);
	if (t->count * 2 > TIMING_COUNTERS) {
		agg_get(at, t->tables, TIMING_COUNTERS * sizeof *t->tables);
		return OK;
	}
	for (;;) {
		uint16_t k;
		agg_get(at, &k, sizeof k);
		if (k == TIMING_BIG || at->failed)
			return OK;
		if (k >= TIMING_COUNTERS) {
			at->failed = true;
			return OK;
		}
		agg_get(at, &t->tables[k], sizeof t->tables[k]);
	}
}

static enum status timing_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                               size_t *consumed)
{
	struct agg_reader at = agg_reader(from);
	uint8_t kind = agg_get_u8(&at);
	if (kind == 3) {
		TRY(read_tables(e, (void *)state, &at));
		return agg_reader_end(&at, e, from, consumed);
	}
	uint64_t n = 0;
	agg_get(&at, &n, kind == 1 ? 2 : 8);
	at.failed |= (kind != 1 && kind != 2) || n > (uint64_t)(at.end - at.at) / sizeof(uint16_t);
	for (uint64_t k = 0; k < n && !at.failed; k++) {
		uint16_t v;
		agg_get(&at, &v, sizeof v);
		TRY(add_value(e, (void *)state, v, 1));
	}
	return agg_reader_end(&at, e, from, consumed);
}

/* A step's value is chosen within it by a hash of its number, so that not all quantiles end alike. */
static uint32_t step_value(uint32_t k)
{
	uint64_t x = k;
	x = ~x + (x << 18);
	x ^= x >> 31 | x << 33;
	x *= 21;
	x ^= x >> 11 | x << 53;
	x += x << 6;
	x ^= x >> 22 | x << 42;
	return k * TIMING_STEP + TIMING_SMALL + ((uint32_t)x % TIMING_STEP - TIMING_STEP / 2);
}

static enum status timing_get(const struct aggregator *a, struct eval *e, char *state, double level, void *out)
{
	struct timing *t = (void *)state;
	float v = NAN;
	uint64_t passed = 0, wanted = (uint64_t)ceil((double)t->count * level);
	if (t->tables == NULL && t->values.count != 0) {
		const struct quantile_values *u16 = quantile_values_of(type_simple(TYPE_UINT16));
		uint32_t n = t->values.count, k = level < 1 ? (uint32_t)(level * n) : n - 1;
		u16->select(t->values.data, n, k);
		v = (float)((const uint16_t *)t->values.data)[k];
	} else if (t->tables != NULL && t->count != 0) {
		uint32_t k = 0;
		for (; k < TIMING_COUNTERS && passed < wanted; k++)
			passed += t->tables[k];
		if (passed < wanted)
			v = TIMING_BIG;
		else
			v = (float)(k == 0 ? 0 : k <= TIMING_SMALL ? k - 1 : step_value(k - 1 - TIMING_SMALL));
	}
	memcpy(out, &v, sizeof v);
	return OK;
}

static const struct aggregate_ops timing_ops = {NULL, timing_destroy, agg_add_runs, timing_add_one, timing_merge,
                                                quantile_finish, timing_write, timing_read};

static enum status bind_timing(struct bind_env *env, struct aggregator *a)
{
	struct timing_rule *r = ARENA_NEW(env->arena, struct timing_rule);
	const struct type *t = a->arg_types[0];
	r->weights = strstr(a->aggregate->name, "Weighted") != NULL;
	TRY(agg_arg_count(env, a, r->weights ? 2 : 1, r->weights ? 2 : 1));
	TRY(quantile_levels(env, a, &r->quantile, 0));
	r->quantile.values = quantile_values_of(t);
	bool number = type_is_integer(t) || type_is_float(t);
	if (r->quantile.values == NULL || !number || physical_size(type_physical(t)) > 8)
		return agg_bad_type(env, a, 0);
	if (r->weights && (!type_is_integer(a->arg_types[1]) || physical_size(type_physical(a->arg_types[1])) > 8))
		return agg_bad_type(env, a, 1);
	r->quantile.get = timing_get;
	a->data = r;
	return agg_set(a, &timing_ops, quantile_result(env, &r->quantile, type_simple(TYPE_FLOAT32)), sizeof(struct timing));
}

static const struct aggregate rows[] = {
	{"quantileTiming", "medianTiming", AGGREGATE_CH, bind_timing, "Quantile of times in milliseconds",
	 "SELECT quantileTiming(number) FROM numbers(3)", "1", NULL},
	{"quantilesTiming", "", AGGREGATE_CH | AGGREGATE_NEVER_NULL, bind_timing, "Several quantiles of times in milliseconds",
	 "SELECT quantilesTiming(0.5)(number) FROM numbers(3)", "[1]", NULL},
	{"quantileTimingWeighted", "medianTimingWeighted", AGGREGATE_CH, bind_timing,
	 "Quantile of weighted times in milliseconds", "SELECT quantileTimingWeighted(number, 1) FROM numbers(3)", "1", NULL},
	{"quantilesTimingWeighted", "", AGGREGATE_CH | AGGREGATE_NEVER_NULL, bind_timing,
	 "Several quantiles of weighted times in milliseconds",
	 	"SELECT quantilesTimingWeighted(0.5)(number, 1) FROM numbers(3)", "[1]",
	 NULL},
};

AGGREGATE_FAMILY(timing, "Quantiles of times");

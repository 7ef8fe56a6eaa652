// SPDX-License-Identifier: Apache-2.0
/*
 * Quantiles of values with weights: each different value once with the sum of its weights. quantileBFloat16 is the same
 * over values cut to 16 bits of their float.
 *
 *     varuint count | value, uint64 weight, in turn
 */
#include <assert.h>
#include <math.h>

#include "func/agg_quantile_impl.h"
#include "func/agg_set_impl.h"

enum weighted_variant { WEIGHTED_EXACT, WEIGHTED_INTERPOLATED, WEIGHTED_BFLOAT };

struct weighted_rule {
	struct quantile_rule quantile; /* first */
	struct agg_set_rule set;
	bool weights;                  /* the second argument */
};

struct weighted_state {
	struct agg_set values;
	struct agg_vec weights;        /* uint64_t, one a value */
	uint64_t total;
};

static void weighted_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	const struct weighted_rule *r = a->data;
	struct weighted_state *s = (void *)state;
	agg_set_free(&r->set, &s->values, track);
	agg_vec_free(&s->weights, track, sizeof(uint64_t));
}

static enum status add_weight(const struct weighted_rule *r, struct eval *e, struct weighted_state *s, struct str value,
                              uint64_t weight)
{
	uint32_t number;
	bool fresh;
	TRY(agg_vec_reserve(e, &s->weights, 1, sizeof(uint64_t)));
	TRY(agg_set_insert_bytes(&r->set, e, &s->values, value, &number, &fresh));
	uint64_t *weights = s->weights.data;
	if (fresh)
		weights[s->weights.count++] = 0;
	weights[number] += weight;
	s->total += weight;
	return OK;
}

static uint16_t bfloat_of(double d)
{
	float f = (float)d;
	uint32_t bits;
	memcpy(&bits, &f, sizeof bits);
	return (uint16_t)(bits >> 16);
}

static double bfloat_value(const char *v)
{
	uint16_t half;
	memcpy(&half, v, sizeof half);
	uint32_t bits = (uint32_t)half << 16;
	float f;
	memcpy(&f, &bits, sizeof f);
	return (double)f;
}

static enum status weighted_add_one(const struct aggregator *a, struct eval *e, char *state,
                                    const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct weighted_rule *r = a->data;
	const struct vector *flat[2];
	struct vector *owned[2];
	enum status s = agg_flatten(e, args, a->arg_count, flat, owned);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		u128 value[2];
		uint32_t row = rows == NULL ? i : rows[i];
		uint64_t weight = r->weights ? quantile_weight(flat[1], row) : 1;
		if (weight == 0 || r->quantile.values->copy(value, flat[0]->data, rows, i, 1) == 0)
			continue;
		if (r->quantile.variant == WEIGHTED_BFLOAT) {
			uint16_t half = bfloat_of(r->quantile.values->as_double(value));
			memcpy(value, &half, sizeof half);
		}
		s = add_weight(r, e, (void *)state, str_make((const char *)value, r->set.width), weight);
	}
	agg_unflatten(owned, a->arg_count);
	return s;
}

static enum status weighted_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                  char *const *others, size_t other_offset, uint32_t count)
{
	const struct weighted_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++) {
		const struct weighted_state *o = (const void *)(others[i] + other_offset);
		for (uint32_t k = 0; k < o->weights.count; k++)
			TRY(add_weight(r, e, (void *)(states[i] + offset), agg_set_value(&r->set, &o->values, k),
			               ((const uint64_t *)o->weights.data)[k]));
	}
	return OK;
}

static enum status weighted_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct weighted_rule *r = a->data;
	const struct weighted_state *s = (const void *)state;
	strbuf_put_varuint(to, s->weights.count);
	for (uint32_t k = 0; k < s->weights.count; k++) {
		strbuf_puts(to, agg_set_value(&r->set, &s->values, k));
		strbuf_put_le(to, ((const uint64_t *)s->weights.data)[k], 8);
	}
	return OK;
}

static enum status weighted_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                                 size_t *consumed)
{
	const struct weighted_rule *r = a->data;
	struct agg_reader at = agg_reader(from);
	uint32_t n = agg_get_count(&at, r->set.width + sizeof(uint64_t));
	for (uint32_t k = 0; k < n; k++) {
		char value[32];
		uint64_t weight;
		agg_get(&at, value, r->set.width);
		agg_get(&at, &weight, sizeof weight);
		TRY(add_weight(r, e, (void *)state, str_make(value, r->set.width), weight));
	}
	return agg_reader_end(&at, e, from, consumed);
}

/* ---- results ---- */

struct weighted_value {
	double order;       /* where that is exact enough; ties are compared by bytes below */
	u128 value[2];
	uint64_t weight;
};

struct value_order {
	const struct weighted_rule *rule;
};

static bool weighted_before(const struct weighted_value *a, const struct weighted_value *b, const struct value_order *o)
{
	if (a->order != b->order)
		return a->order < b->order;
	/* numbers that a double cannot tell apart */
	u128 pair[4];
	size_t width = o->rule->set.width;
	memcpy(pair, a->value, width);
	memcpy((char *)pair + width, b->value, width);
	o->rule->quantile.values->sort(pair, 2);
	return memcmp(pair, a->value, width) == 0 && memcmp(a->value, b->value, width) != 0;
}

#define SORT_NAME sort_weighted
#define SORT_TYPE struct weighted_value
#define SORT_CONTEXT const struct value_order *
#define SORT_LESS(a, b) weighted_before((a), (b), context)
#include "base/sort.h"

static enum status sorted_values(const struct aggregator *a, struct eval *e, const struct weighted_state *s,
                                 struct weighted_value **out)
{
	const struct weighted_rule *r = a->data;
	struct value_order order = {r};
	void *p = NULL;
	TRY(agg_realloc(e, &p, 0, s->weights.count * sizeof **out));
	struct weighted_value *list = p;
	for (uint32_t k = 0; k < s->weights.count; k++) {
		struct str v = agg_set_value(&r->set, &s->values, k);
		memcpy(list[k].value, v.data, v.size);
		list[k].order = r->quantile.variant == WEIGHTED_BFLOAT ? bfloat_value(v.data) : r->quantile.values->as_double(v.data);
		list[k].weight = ((const uint64_t *)s->weights.data)[k];
	}
	sort_weighted(list, s->weights.count, &order);
	*out = list;
	return OK;
}

static void put_value(const struct weighted_rule *r, const struct weighted_value *v, void *out)
{
	if (r->quantile.as_float)
		memcpy(out, &v->order, sizeof v->order);
	else
		memcpy(out, v->value, r->set.width);
}

static void stepwise(const struct weighted_rule *r, const struct weighted_state *s, const struct weighted_value *list,
                     double level, void *out)
{
	uint64_t threshold = (uint64_t)ceil((double)s->total * level), passed = 0;
	uint32_t k = 0;
	for (; k < s->weights.count; k++) {
		passed += list[k].weight;
		if (passed >= threshold)
			break;
	}
	put_value(r, &list[k < s->weights.count ? k : s->weights.count - 1], out);
}

/* Each value stands at the middle of its weight; between two of them the line. */
static void interpolated(const struct weighted_rule *r, const struct weighted_state *s,
                         const struct weighted_value *list, double level, void *out)
{
	double passed = 0, before = 0, total = (double)s->total;
	uint32_t n = s->weights.count, k = 0;
	for (; k < n; k++) {
		passed += (double)list[k].weight;
		double at = (passed - 0.5 * (double)list[k].weight) / total;
		if (at >= level) {
			if (k == 0)
				break;
			double x = list[k - 1].order, y = list[k].order;
			r->quantile.values->from_double(x + (level - before) * (y - x) / (at - before), out);
			return;
		}
		before = at;
	}
	put_value(r, &list[k < n ? k : n - 1], out);
}

static enum status weighted_get(const struct aggregator *a, struct eval *e, char *state, double level, void *out)
{
	const struct weighted_rule *r = a->data;
	const struct weighted_state *s = (const void *)state;
	double nan = NAN;
	if (s->weights.count == 0) {
		if (r->quantile.as_float || type_physical(a->arg_types[0]) == PHYS_F64)
			memcpy(out, &nan, sizeof nan);
		return OK;
	}
	struct weighted_value *list;
	TRY(sorted_values(a, e, s, &list));
	if (r->quantile.variant == WEIGHTED_INTERPOLATED)
		interpolated(r, s, list, level, out);
	else
		stepwise(r, s, list, level, out);
	agg_free(e->track, list, s->weights.count * sizeof *list);
	return OK;
}

static const struct aggregate_ops weighted_ops = {NULL, weighted_destroy, agg_add_runs, weighted_add_one,
                                                  weighted_merge, quantile_finish, weighted_write, weighted_read};

static enum status bind_weighted(struct bind_env *env, struct aggregator *a)
{
	struct weighted_rule *r = ARENA_NEW(env->arena, struct weighted_rule);
	const char *name = a->aggregate->name;
	const struct type *t = a->arg_types[0];
	r->quantile.variant = strstr(name, "Interpolated") != NULL ? WEIGHTED_INTERPOLATED
	                      : strstr(name, "BFloat16") != NULL ? WEIGHTED_BFLOAT : WEIGHTED_EXACT;
	r->weights = strstr(name, "Weighted") != NULL;
	TRY(agg_arg_count(env, a, r->weights ? 2 : 1, r->weights ? 2 : 1));
	TRY(quantile_levels(env, a, &r->quantile, 0));
	r->quantile.values = quantile_values_of(t);
	if (r->quantile.values == NULL)
		return agg_bad_type(env, a, 0);
	if (r->weights && (!type_is_integer(a->arg_types[1]) || physical_size(type_physical(a->arg_types[1])) > 8))
		return agg_bad_type(env, a, 1);
	r->quantile.get = weighted_get;
	const struct type *stored = t;
	if (r->quantile.variant == WEIGHTED_BFLOAT) {
		stored = type_simple(TYPE_UINT16);
		r->quantile.as_float = true;
	}
	agg_set_rule_init(&r->set, &stored, 1, true);
	a->data = r;
	const struct type *one = r->quantile.as_float ? type_simple(TYPE_FLOAT64) : t;
	return agg_set(a, &weighted_ops, quantile_result(env, &r->quantile, one), sizeof(struct weighted_state));
}

#define ONE(name, aliases, example, answer) \
	{name, aliases, AGGREGATE_CH, bind_weighted, "Quantile of weighted values", example, answer, NULL}
#define MANY(name, example, answer) \
	{name, "", AGGREGATE_CH | AGGREGATE_NEVER_NULL, bind_weighted, "Several quantiles of weighted values", example, \
	 answer, NULL}

static const struct aggregate rows[] = {
	ONE("quantileExactWeighted", "medianExactWeighted", "SELECT quantileExactWeighted(number, 1) FROM numbers(3)", "1"),
	MANY("quantilesExactWeighted", "SELECT quantilesExactWeighted(0.5)(number, 1) FROM numbers(3)", "[1]"),
	ONE("quantileInterpolatedWeighted", "medianInterpolatedWeighted",
	    "SELECT quantileInterpolatedWeighted(number, 1) FROM numbers(3)", "1"),
	MANY("quantilesInterpolatedWeighted", "SELECT quantilesInterpolatedWeighted(0.5)(number, 1) FROM numbers(3)", "[1]"),
	ONE("quantileBFloat16", "medianBFloat16", "SELECT quantileBFloat16(number) FROM numbers(3)", "1"),
	MANY("quantilesBFloat16", "SELECT quantilesBFloat16(0.5)(number) FROM numbers(3)", "[1]"),
	ONE("quantileBFloat16Weighted", "medianBFloat16Weighted", "SELECT quantileBFloat16Weighted(number, 1) FROM numbers(3)",
	    "1"),
	MANY("quantilesBFloat16Weighted", "SELECT quantilesBFloat16Weighted(0.5)(number, 1) FROM numbers(3)", "[1]"),
};

AGGREGATE_FAMILY(weighted, "Weighted quantiles");

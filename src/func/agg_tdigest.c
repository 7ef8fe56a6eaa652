// SPDX-License-Identifier: Apache-2.0
/*
 * quantileTDigest: t-digest (T. Dunning, "Computing Extremely Accurate Quantiles Using t-Digests", 2019) as ClickHouse
 * computes it: centroids of float mean and count, compressed when 2,048 have come, with epsilon 0.01.
 *
 *     varuint count | mean, count (both Float32), in turn
 */
#include <assert.h>
#include <math.h>

#include "func/agg_quantile_impl.h"

enum { CENTROIDS_MAX = 2048, UNMERGED_MAX = 2048 };
static const double epsilon = 0.01;

struct centroid {
	float mean, count;
};

struct tdigest {
	struct agg_vec list;
	double count;
	uint64_t unmerged;
};

struct tdigest_rule {
	struct quantile_rule quantile;
	bool weights;
};

/* By mean; equal means keep their order. */
static inline uint32_t mean_key(const struct centroid *c)
{
	uint32_t bits;
	memcpy(&bits, &c->mean, sizeof bits);
	return bits ^ ((uint32_t)((int32_t)bits >> 31) | (uint32_t)1 << 31);
}

struct keyed {
	uint32_t key, place;
	struct centroid c;
};

static bool keyed_before(const struct keyed *a, const struct keyed *b)
{
	return a->key != b->key ? a->key < b->key : a->place < b->place;
}

#define SORT_NAME sort_keyed
#define SORT_TYPE struct keyed
#define SORT_LESS(a, b) keyed_before((a), (b))
#include "base/sort.h"

static enum status sort_centroids(struct eval *e, struct tdigest *d)
{
	struct centroid *list = d->list.data;
	void *p = NULL;
	bool sorted = true;
	for (uint32_t i = 1; i < d->list.count && sorted; i++)
		sorted = mean_key(&list[i - 1]) <= mean_key(&list[i]);
	if (sorted)
		return OK;
	TRY(agg_realloc(e, &p, 0, d->list.count * sizeof(struct keyed)));
	struct keyed *keyed = p;
	for (uint32_t i = 0; i < d->list.count; i++)
		keyed[i] = (struct keyed){mean_key(&list[i]), i, list[i]};
	sort_keyed(keyed, d->list.count);
	for (uint32_t i = 0; i < d->list.count; i++)
		list[i] = keyed[i].c;
	agg_free(e->track, p, d->list.count * sizeof(struct keyed));
	return OK;
}

static bool can_merge(double left, double right)
{
	return left == right || (!isinf(left) && !isinf(right));
}

/* Neighbours become one where that costs little precision; l is the pillar being built, r what it may eat. */
static void merge_neighbours(struct tdigest *d)
{
	struct centroid *list = d->list.data, *l = list, *r = list + 1, *end = list + d->list.count;
	double limit = d->count * epsilon * 4, sum = 0, mean = (double)l->mean, count = (double)l->count;
	for (; r != end; r++) {
		double rc = (double)r->count, ql = (sum + count * 0.5) / d->count, err = ql * (1 - ql);
		double qr = (sum + count + rc * 0.5) / d->count, err2 = qr * (1 - qr);
		double k = limit * (err > err2 ? err2 : err);
		if (count + rc <= k && can_merge(mean, (double)r->mean)) {
			count += rc;
			if ((double)r->mean != mean)
				mean += rc * ((double)r->mean - mean) / count;
			l->mean = (float)mean;
			l->count = (float)count;
			continue;
		}
		sum += (double)l->count;
		l++;
		if (l != r)
			*l = *r;
		mean = (double)l->mean;
		count = (double)l->count;
	}
	d->count = sum + count;
	d->list.count = (uint32_t)(l - list + 1);
}

/* Runs of equal length become one: only where merging neighbours left too many. */
static void merge_batches(struct tdigest *d)
{
	struct centroid *list = d->list.data, *l = list;
	uint32_t n = d->list.count, batch = (n + CENTROIDS_MAX - 1) / CENTROIDS_MAX, place = 0;
	double sum = 0, mean = (double)l->mean, count = (double)l->count;
	if (n <= CENTROIDS_MAX)
		return;
	for (struct centroid *r = list + 1; r != list + n; r++) {
		if (place < batch - 1) {
			count += (double)r->count;
			if ((double)r->mean != mean)
				mean += (double)r->count * ((double)r->mean - mean) / count;
			l->mean = (float)mean;
			l->count = (float)count;
			place++;
			continue;
		}
		if (!isnan(l->mean)) {
			sum += (double)l->count;
			l++;
		}
		*l = *r;
		mean = (double)l->mean;
		count = (double)l->count;
		place = 0;
	}
	bool good = !isnan(l->mean);
	d->count = sum + (good ? count : 0);
	d->list.count = (uint32_t)(l - list) + good;
}

static enum status compress(struct eval *e, struct tdigest *d)
{
	if (d->unmerged > 0 || d->list.count > CENTROIDS_MAX) {
		TRY(sort_centroids(e, d));
		merge_neighbours(d);
		d->unmerged = 0;
	}
	merge_batches(d);
	return OK;
}

static enum status add_centroid(struct eval *e, struct tdigest *d, struct centroid c)
{
	TRY(agg_vec_reserve(e, &d->list, 1, sizeof c));
	((struct centroid *)d->list.data)[d->list.count++] = c;
	d->unmerged++;
	d->count += (double)c.count;
	return d->unmerged > UNMERGED_MAX ? compress(e, d) : OK;
}

static void tdigest_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	agg_vec_free(&((struct tdigest *)(void *)state)->list, track, sizeof(struct centroid));
}

static enum status tdigest_rows(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                char *state, const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct tdigest_rule *r = a->data;
	const struct vector *flat[2];
	struct vector *owned[2];
	enum status s = agg_flatten(e, args, a->arg_count, flat, owned);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		u128 value[2];
		uint32_t row = rows == NULL ? i : rows[i];
		uint64_t weight = r->weights ? quantile_weight(flat[1], row) : 1;
		if (weight == 0 || r->quantile.values->copy(value, flat[0]->data, rows, i, 1) == 0)
			continue;
		struct centroid c = {(float)r->quantile.values->as_double(value), (float)weight};
		s = add_centroid(e, (void *)(states == NULL ? state : states[i] + offset), c);
	}
	agg_unflatten(owned, a->arg_count);
	return s;
}

static enum status tdigest_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return count == 0 ? OK : tdigest_rows(a, e, states, offset, NULL, args, rows, count);
}

static enum status tdigest_add_one(const struct aggregator *a, struct eval *e, char *state,
                                   const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return tdigest_rows(a, e, NULL, 0, state, args, rows, count);
}

static enum status tdigest_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                 char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct tdigest *o = (const void *)(others[i] + other_offset);
		for (uint32_t k = 0; k < o->list.count; k++)
			TRY(add_centroid(e, (void *)(states[i] + offset), ((const struct centroid *)o->list.data)[k]));
	}
	return OK;
}

/* A state is compressed before it is written, which changes nothing that is asked of it. */
static enum status tdigest_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	struct tdigest *d = (void *)(uintptr_t)state;
	if (d->list.count != 0)
		TRY(compress(e, d));
	strbuf_put_varuint(to, d->list.count);
	strbuf_put(to, d->list.data, d->list.count * sizeof(struct centroid));
	return OK;
}

static enum status tdigest_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                                size_t *consumed)
{
	struct tdigest *d = (void *)state;
	struct agg_reader at = agg_reader(from);
	uint32_t n = agg_get_count(&at, sizeof(struct centroid));
	for (uint32_t k = 0; k < n; k++) {
		struct centroid c;
		agg_get(&at, &c, sizeof c);
		if (!(c.count > 0) || isnan(c.mean))
			return ERR(e->err, E_INCORRECT_DATA, "Invalid centroid %f:%f", (double)c.mean, (double)c.count);
		TRY(add_centroid(e, d, c));
	}
	d->unmerged = 0;
	if (n > CENTROIDS_MAX)
		TRY(compress(e, d));
	return agg_reader_end(&at, e, from, consumed);
}

static enum status tdigest_prepare(const struct aggregator *a, struct eval *e, char *state)
{
	struct tdigest *d = (void *)state;
	return d->list.count == 0 ? OK : compress(e, d);
}

static float interpolate(float x, float x1, float y1, float x2, float y2)
{
	double k = (double)((x - x1) / (x2 - x1));
	return (float)((1 - k) * (double)y1 + k * (double)y2);
}

static float quantile_at(const struct tdigest *d, double level)
{
	const struct centroid *list = d->list.data;
	double x = level * d->count, before = 0, sum = 0;
	float mean = list[0].mean, count = list[0].count;
	if (d->list.count == 1)
		return list[0].mean;
	for (uint32_t i = 0; i < d->list.count; i++) {
		const struct centroid *c = &list[i];
		double at = sum + (double)c->count * 0.5;
		if (at >= x) {
			double left = before + 0.5 * (count == 1), right = at - 0.5 * (c->count == 1);
			if (x <= left)
				return mean;
			if (x >= right)
				return c->mean;
			return interpolate((float)x, (float)left, mean, (float)right, c->mean);
		}
		sum = (double)((float)sum + c->count);
		mean = c->mean;
		count = c->count;
		before = at;
	}
	return list[d->list.count - 1].mean;
}

static enum status tdigest_get(const struct aggregator *a, struct eval *e, char *state, double level, void *out)
{
	const struct tdigest_rule *r = a->data;
	const struct tdigest *d = (const void *)state;
	float v = d->list.count == 0 ? NAN : quantile_at(d, level);
	if (r->quantile.as_float)
		memcpy(out, &v, sizeof v);
	else
		r->quantile.values->from_double((double)v, out);
	return OK;
}

static const struct aggregate_ops tdigest_ops = {NULL, tdigest_destroy, tdigest_add, tdigest_add_one, tdigest_merge,
                                                 quantile_finish, tdigest_write, tdigest_read};

static enum status bind_tdigest(struct bind_env *env, struct aggregator *a)
{
	struct tdigest_rule *r = ARENA_NEW(env->arena, struct tdigest_rule);
	const struct type *t = a->arg_types[0];
	r->weights = strstr(a->aggregate->name, "Weighted") != NULL;
	TRY(agg_arg_count(env, a, r->weights ? 2 : 1, r->weights ? 2 : 1));
	TRY(quantile_levels(env, a, &r->quantile, 0));
	r->quantile.values = quantile_values_of(t);
	bool wide = physical_size(type_physical(t)) > 8;
	if (r->quantile.values == NULL || wide || type_is_decimal(t) || t->id == TYPE_DATETIME64)
		return agg_bad_type(env, a, 0);
	if (r->weights && (!type_is_integer(a->arg_types[1]) || physical_size(type_physical(a->arg_types[1])) > 8))
		return agg_bad_type(env, a, 1);
	r->quantile.as_float = type_is_integer(t) || type_is_float(t) || t->id == TYPE_BOOL;
	r->quantile.prepare = tdigest_prepare;
	r->quantile.get = tdigest_get;
	a->data = r;
	const struct type *one = r->quantile.as_float ? type_simple(TYPE_FLOAT32) : t;
	return agg_set(a, &tdigest_ops, quantile_result(env, &r->quantile, one), sizeof(struct tdigest));
}

static const struct aggregate rows[] = {
	{"quantileTDigest", "medianTDigest", AGGREGATE_CH, bind_tdigest, "Quantile by t-digest",
	 "SELECT quantileTDigest(number) FROM numbers(3)", "1", NULL},
	{"quantilesTDigest", "", AGGREGATE_CH | AGGREGATE_NEVER_NULL, bind_tdigest, "Several quantiles by t-digest",
	 "SELECT quantilesTDigest(0.5)(number) FROM numbers(3)", "[1]", NULL},
	{"quantileTDigestWeighted", "medianTDigestWeighted", AGGREGATE_CH, bind_tdigest,
	 "Quantile of weighted values by t-digest", "SELECT quantileTDigestWeighted(number, 1) FROM numbers(3)", "1", NULL},
	{"quantilesTDigestWeighted", "", AGGREGATE_CH | AGGREGATE_NEVER_NULL, bind_tdigest,
	 "Several quantiles of weighted values by t-digest", "SELECT quantilesTDigestWeighted(0.5)(number, 1) FROM numbers(3)",
	 	"[1]",
	 NULL},
};

AGGREGATE_FAMILY(tdigest, "t-digest");

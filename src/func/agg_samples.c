// SPDX-License-Identifier: Apache-2.0
/*
 * histogram, rankCorr, entropy.
 *
 *     histogram   least, greatest | varuint count | mean, weight in turn
 *     rankCorr    varuint count, twice | the x | the y
 *     entropy     varuint count | value (or its 128-bit hash), uint64 count, in turn
 */
#include <math.h>
#include <stdlib.h>

#include "func/agg_set_impl.h"
#include "func/agg_uniq_hash_impl.h"

/* ---- histogram: Y. Ben-Haim and E. Tom-Tov, "A streaming parallel decision tree algorithm", 2010 ---- */

enum { BINS_MAX = 250, POINTS_PER_BIN = 2 };

struct point {
	double mean, weight;
};

struct histogram {
	double least, greatest;
	struct point *points;       /* 2 * bins of them */
	uint32_t n;
};

static uint32_t bins_of(const struct aggregator *a)
{
	return *(const uint32_t *)a->data;
}

static void histogram_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	struct histogram *h = (void *)state;
	if (h->points != NULL)
		agg_free(track, h->points, (bins_of(a) * POINTS_PER_BIN + 1) * sizeof *h->points);
	h->points = NULL;
}

static int compare_means(const void *a, const void *b)
{
	const struct point *x = a, *y = b;
	return (x->mean > y->mean) - (x->mean < y->mean);
}

static struct point joined(struct point a, struct point b)
{
	double weight = a.weight + b.weight;
	return (struct point){(a.mean * a.weight + b.mean * b.weight) / weight, weight};
}

/* Joins the two nearest neighbours until there are no more than `bins` points. */
static void compress(struct histogram *h, uint32_t bins)
{
	uint32_t n = 0;
	qsort(h->points, h->n, sizeof *h->points, compare_means);
	for (uint32_t i = 0; i < h->n; i++) {
		if (n != 0 && h->points[n - 1].mean == h->points[i].mean)
			h->points[n - 1].weight += h->points[i].weight;
		else
			h->points[n++] = h->points[i];
	}
	h->n = n;
	while (h->n > bins) {
		uint32_t best = 0;
		for (uint32_t i = 1; i + 1 < h->n; i++)
			if (h->points[i + 1].mean - h->points[i].mean < h->points[best + 1].mean - h->points[best].mean)
				best = i;
		h->points[best] = joined(h->points[best], h->points[best + 1]);
		memmove(h->points + best + 1, h->points + best + 2, (h->n - best - 2) * sizeof *h->points);
		h->n--;
	}
}

static enum status add_point(const struct aggregator *a, struct eval *e, struct histogram *h, struct point p)
{
	uint32_t bins = bins_of(a);
	if (h->points == NULL) {
		void *room = NULL;
		TRY(agg_realloc(e, &room, 0, (bins * POINTS_PER_BIN + 1) * sizeof *h->points));
		h->points = room;
		h->least = INFINITY;
		h->greatest = -INFINITY;
	}
	h->points[h->n++] = p;
	h->least = fmin(h->least, p.mean);
	h->greatest = fmax(h->greatest, p.mean);
	if (h->n >= bins * POINTS_PER_BIN)
		compress(h, bins);
	return OK;
}

static enum status histogram_add_one(const struct aggregator *a, struct eval *e, char *state,
                                     const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct vector *flat;
	struct vector *owned;
	enum status s = agg_flatten(e, args, 1, &flat, &owned);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		double x = ((const double *)flat->data)[rows == NULL ? i : rows[i]];
		if (isinf(x))
			s = ERR(e->err, E_INCORRECT_DATA, "Invalid value (inf or nan) for aggregation. Only proper values are allowed");
		else if (!isnan(x))
			s = add_point(a, e, (void *)state, (struct point){x, 1});
	}
	agg_unflatten(&owned, 1);
	return s;
}

static enum status histogram_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                   char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct histogram *h = (void *)(states[i] + offset);
		const struct histogram *o = (const void *)(others[i] + other_offset);
		for (uint32_t k = 0; k < o->n; k++)
			TRY(add_point(a, e, h, o->points[k]));
		if (o->n != 0) {
			h->least = fmin(h->least, o->least);
			h->greatest = fmax(h->greatest, o->greatest);
		}
	}
	return OK;
}

/* Half of a bin lies between its mean and the middle of the way to the next one. */
static double half_weight(const struct histogram *h, uint32_t i, uint32_t next)
{
	double w = h->points[i].weight;
	return next >= h->n ? w / 2 : ((w + h->points[next].weight) / 2 + w) / 4;
}

static enum status histogram_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                    uint32_t count, struct builder *to)
{
	struct builder *bin = to->children[0];
	for (uint32_t i = 0; i < count; i++) {
		struct histogram *h = (void *)(states[i] + offset);
		if (h->n != 0)
			compress(h, bins_of(a));
		double from = h->least;
		for (uint32_t k = 0; k < h->n; k++) {
			double until = k + 1 < h->n ? (h->points[k].mean + h->points[k + 1].mean) / 2 : h->greatest;
			double weight = half_weight(h, k, k - 1) + half_weight(h, k, k + 1);
			TRY(builder_fixed(bin->children[0], &from, e->err));
			TRY(builder_fixed(bin->children[1], &until, e->err));
			TRY(builder_fixed(bin->children[2], &weight, e->err));
			TRY(builder_end_tuple(bin, e->err));
			from = until;
		}
		TRY(builder_end_array(to, e->err));
	}
	return OK;
}

static enum status histogram_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	struct histogram *h = (void *)(uintptr_t)state;
	static const double none[2] = {INFINITY, -INFINITY};
	if (h->n != 0)
		compress(h, bins_of(a));
	strbuf_put(to, h->n == 0 ? &none[0] : &h->least, sizeof(double));
	strbuf_put(to, h->n == 0 ? &none[1] : &h->greatest, sizeof(double));
	strbuf_put_varuint(to, h->n);
	strbuf_put(to, h->points, h->n * sizeof *h->points);
	return OK;
}

static enum status histogram_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                                  size_t *consumed)
{
	struct histogram *h = (void *)state;
	struct agg_reader r = agg_reader(from);
	double bounds[2];
	agg_get(&r, bounds, sizeof bounds);
	uint32_t n = agg_get_count(&r, sizeof(struct point));
	r.failed |= n > bins_of(a) * POINTS_PER_BIN;
	for (uint32_t i = 0; i < n && !r.failed; i++) {
		struct point p;
		agg_get(&r, &p, sizeof p);
		if (!r.failed)
			TRY(add_point(a, e, h, p));
	}
	h->least = bounds[0];
	h->greatest = bounds[1];
	return agg_reader_end(&r, e, from, consumed);
}

static const struct aggregate_ops histogram_ops = {NULL, histogram_destroy, agg_add_runs, histogram_add_one,
                                                   histogram_merge, histogram_finish, histogram_write, histogram_read};

static enum status bind_histogram(struct bind_env *env, struct aggregator *a)
{
	uint64_t bins;
	TRY(agg_arg_count(env, a, 1, 1));
	TRY(agg_param_count(env, a, 1, 1));
	if (!type_is_number(a->arg_types[0]))
		return agg_bad_type(env, a, 0);
	if (!agg_param_u64(a, 0, &bins) || bins == 0 || bins > BINS_MAX)
		return agg_bad_param(env, a, 0, "a number of 1 to 250");
	uint32_t *data = ARENA_NEW(env->arena, uint32_t);
	*data = (uint32_t)bins;
	a->data = data;
	const struct type *f = a->arg_types[0] = type_simple(TYPE_FLOAT64);
	const struct type *const parts[] = {f, f, f};
	return agg_set(a, &histogram_ops, type_array(env->arena, type_tuple(env->arena, parts, NULL, 3)),
	               sizeof(struct histogram));
}

/* ---- rankCorr: C. Spearman's coefficient, equal values sharing their ranks ---- */

struct pairs {
	struct agg_vec x, y;        /* double */
};

static void pairs_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	struct pairs *p = (void *)state;
	agg_vec_free(&p->x, track, sizeof(double));
	agg_vec_free(&p->y, track, sizeof(double));
}

static enum status put_pair(struct eval *e, struct pairs *p, double x, double y)
{
	TRY(agg_vec_reserve(e, &p->x, 1, sizeof x));
	TRY(agg_vec_reserve(e, &p->y, 1, sizeof y));
	((double *)p->x.data)[p->x.count++] = x;
	((double *)p->y.data)[p->y.count++] = y;
	return OK;
}

static enum status pairs_add_one(const struct aggregator *a, struct eval *e, char *state,
                                 const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct vector *flat[2];
	struct vector *owned[2];
	enum status s = agg_flatten(e, args, 2, flat, owned);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t row = rows == NULL ? i : rows[i];
		s = put_pair(e, (void *)state, ((const double *)flat[0]->data)[row], ((const double *)flat[1]->data)[row]);
	}
	agg_unflatten(owned, 2);
	return s;
}

static enum status pairs_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct pairs *o = (const void *)(others[i] + other_offset);
		for (uint32_t k = 0; k < o->x.count; k++)
			TRY(put_pair(e, (void *)(states[i] + offset), ((const double *)o->x.data)[k], ((const double *)o->y.data)[k]));
	}
	return OK;
}

static int compare_by(const void *a, const void *b, void *values)
{
	double x = ((const double *)values)[*(const uint32_t *)a], y = ((const double *)values)[*(const uint32_t *)b];
	return (x > y) - (x < y);
}

static double *ranks_of(struct arena *arena, double *values, uint32_t n)
{
	uint32_t *order = ARENA_ARRAY(arena, uint32_t, n + 1);
	double *ranks = ARENA_ARRAY(arena, double, n + 1);
	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	qsort_r(order, n, sizeof *order, compare_by, values);
	for (uint32_t i = 0, k; i < n; i = k) {
		for (k = i + 1; k < n && values[order[k]] == values[order[i]];)
			k++;
		for (uint32_t j = i; j < k; j++)
			ranks[order[j]] = (i + 1 + k) / 2.0;
	}
	return ranks;
}

static enum status pairs_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct pairs *p = (const void *)(states[i] + offset);
		uint32_t n = p->x.count;
		double *x = ranks_of(e->scratch, p->x.data, n), *y = ranks_of(e->scratch, p->y.data, n), sum = 0;
		for (uint32_t k = 0; k < n; k++)
			sum += (x[k] - y[k]) * (x[k] - y[k]);
		double size = n, answer = 1 - 6 * sum / (size * (size * size - 1));
		TRY(builder_fixed(to, &answer, e->err));
	}
	return OK;
}

static enum status pairs_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct pairs *p = (const void *)state;
	strbuf_put_varuint(to, p->x.count);
	strbuf_put_varuint(to, p->y.count);
	strbuf_put(to, p->x.data, p->x.count * sizeof(double));
	strbuf_put(to, p->y.data, p->y.count * sizeof(double));
	return OK;
}

static enum status pairs_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                              size_t *consumed)
{
	struct agg_reader r = agg_reader(from);
	uint32_t n = agg_get_count(&r, sizeof(double)), m = agg_get_count(&r, sizeof(double));
	const char *x = r.at, *y = r.at + (size_t)n * sizeof(double);
	r.failed |= n != m || (size_t)(r.end - r.at) < (size_t)n * 2 * sizeof(double);
	for (uint32_t i = 0; i < n && !r.failed; i++) {
		double pair[2];
		memcpy(&pair[0], x + i * sizeof(double), sizeof(double));
		memcpy(&pair[1], y + i * sizeof(double), sizeof(double));
		TRY(put_pair(e, (void *)state, pair[0], pair[1]));
	}
	r.at += r.failed ? 0 : (size_t)n * 2 * sizeof(double);
	return agg_reader_end(&r, e, from, consumed);
}

static const struct aggregate_ops pairs_ops = {NULL, pairs_destroy, agg_add_runs, pairs_add_one, pairs_merge,
                                               pairs_finish, pairs_write, pairs_read};

static enum status bind_rank_corr(struct bind_env *env, struct aggregator *a)
{
	TRY(agg_arg_count(env, a, 2, 2));
	TRY(agg_param_count(env, a, 0, 0));
	for (uint32_t i = 0; i < 2; i++) {
		if (!type_is_number(a->arg_types[i]))
			return agg_bad_type(env, a, i);
		a->arg_types[i] = type_simple(TYPE_FLOAT64);
	}
	return agg_set(a, &pairs_ops, type_simple(TYPE_FLOAT64), sizeof(struct pairs));
}

/* ---- entropy ---- */

struct entropy_rule {
	enum uniq_kind kind;
	struct agg_set_rule set;     /* of numbers or hashes, 16 bytes at most */
};

struct entropy {
	struct agg_set values;
	struct agg_vec counts;       /* uint64_t, one a value */
};

static void entropy_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	const struct entropy_rule *r = a->data;
	struct entropy *s = (void *)state;
	agg_set_free(&r->set, &s->values, track);
	agg_vec_free(&s->counts, track, sizeof(uint64_t));
}

static enum status count_value(const struct entropy_rule *r, struct eval *e, struct entropy *s, struct str value,
                               uint64_t times)
{
	uint32_t number;
	bool fresh;
	TRY(agg_vec_reserve(e, &s->counts, 1, sizeof times));
	TRY(agg_set_insert_bytes(&r->set, e, &s->values, value, &number, &fresh));
	if (fresh)
		((uint64_t *)s->counts.data)[s->counts.count++] = 0;
	((uint64_t *)s->counts.data)[number] += times;
	return OK;
}

static enum status entropy_add_one(const struct aggregator *a, struct eval *e, char *state,
                                   const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct entropy_rule *r = a->data;
	const struct vector **flat = ARENA_ARRAY(e->scratch, const struct vector *, a->arg_count);
	struct vector **owned = ARENA_ARRAY(e->scratch, struct vector *, a->arg_count);
	enum { CHUNK = 256 };
	u128 hashes[CHUNK];
	enum status s = agg_flatten(e, args, a->arg_count, flat, owned);
	for (uint32_t from = 0; from < count && s == OK; from += CHUNK) {
		uint32_t n = count - from < CHUNK ? count - from : CHUNK;
		bool number = r->set.width < 16;
		if (!number)
			s = uniq_hash128(r->kind, e, flat, a->arg_count, rows, from, n, hashes);
		for (uint32_t i = 0; i < n && s == OK; i++) {
			uint32_t row = rows == NULL ? from + i : rows[from + i];
			const char *at = number ? (const char *)flat[0]->data + (size_t)row * r->set.width : (const char *)&hashes[i];
			s = count_value(r, e, (void *)state, str_make(at, r->set.width), 1);
		}
	}
	agg_unflatten(owned, a->arg_count);
	return s;
}

static enum status entropy_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                 char *const *others, size_t other_offset, uint32_t count)
{
	const struct entropy_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++) {
		const struct entropy *o = (const void *)(others[i] + other_offset);
		for (uint32_t k = 0; k < o->counts.count; k++)
			TRY(count_value(r, e, (void *)(states[i] + offset), agg_set_value(&r->set, &o->values, k),
			                ((const uint64_t *)o->counts.data)[k]));
	}
	return OK;
}

static enum status entropy_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                  uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct entropy *s = (const void *)(states[i] + offset);
		const uint64_t *counts = s->counts.data;
		double total = 0, sum = 0;
		for (uint32_t k = 0; k < s->counts.count; k++)
			total += (double)counts[k];
		for (uint32_t k = 0; k < s->counts.count; k++)
			sum -= (double)counts[k] / total * log2((double)counts[k] / total);
		sum += 0.0; /* no negative zero */
		TRY(builder_fixed(to, &sum, e->err));
	}
	return OK;
}

static enum status entropy_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct entropy_rule *r = a->data;
	const struct entropy *s = (const void *)state;
	strbuf_put_varuint(to, s->counts.count);
	for (uint32_t k = 0; k < s->counts.count; k++) {
		strbuf_puts(to, agg_set_value(&r->set, &s->values, k));
		strbuf_put_le(to, ((const uint64_t *)s->counts.data)[k], 8);
	}
	return OK;
}

static enum status entropy_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                                size_t *consumed)
{
	const struct entropy_rule *r = a->data;
	struct agg_reader at = agg_reader(from);
	uint32_t n = agg_get_count(&at, r->set.width + 8);
	for (uint32_t k = 0; k < n && !at.failed; k++) {
		char value[16];
		uint64_t times;
		agg_get(&at, value, r->set.width);
		agg_get(&at, &times, sizeof times);
		if (!at.failed)
			TRY(count_value(r, e, (void *)state, str_make(value, r->set.width), times));
	}
	return agg_reader_end(&at, e, from, consumed);
}

static const struct aggregate_ops entropy_ops = {NULL, entropy_destroy, agg_add_runs, entropy_add_one, entropy_merge,
                                                 entropy_finish, entropy_write, entropy_read};

static enum status bind_entropy(struct bind_env *env, struct aggregator *a)
{
	struct entropy_rule *r = ARENA_NEW(env->arena, struct entropy_rule);
	TRY(agg_arg_count(env, a, 1, UINT32_MAX));
	TRY(agg_param_count(env, a, 0, 0));
	r->kind = uniq_kind_of(a->arg_types, a->arg_count);
	bool number = r->kind <= UNIQ_FLOAT;
	r->set.columns = 1;
	r->set.type = number ? a->arg_types[0] : type_simple(TYPE_UINT128);
	r->set.width = number ? physical_size(type_physical(a->arg_types[0])) : 16;
	if (!number && r->kind < UNIQ_ROW)
		r->kind = UNIQ_SIP;
	a->data = r;
	return agg_set(a, &entropy_ops, type_simple(TYPE_FLOAT64), sizeof(struct entropy));
}

static const struct aggregate rows[] = {
	{"histogram", "", AGGREGATE_CH, bind_histogram, "Bins of adaptive width: from, to, weight",
	 "SELECT histogram(2)(number) FROM numbers(8)", "[(0,3.5,4),(3.5,7,4)]", NULL},
	{"rankCorr", "", AGGREGATE_CH, bind_rank_corr, "Spearman's rank correlation",
	 "SELECT rankCorr(number, -number) FROM numbers(5)", "-1", NULL},
	{"entropy", "", AGGREGATE_CH, bind_entropy, "Shannon's entropy of the values, in bits",
	 "SELECT entropy(number % 2) FROM numbers(4)", "1", NULL},
};

AGGREGATE_FAMILY(samples, "Distributions");

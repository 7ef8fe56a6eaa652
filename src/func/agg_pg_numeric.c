// SPDX-License-Identifier: Apache-2.0
/*
 * PostgreSQL's statistics. Over exact numbers variance and deviation are numeric, computed from sums in numeric with
 * the display scale of its division; over floating point, and for two arguments, they are double precision.
 */
#include <assert.h>
#include <math.h>

#include "func/agg_sum_impl.h"

/* ---- numeric ---- */

struct moments {
	struct numeric *sums;  /* sum and sum of squares; NULL: no row yet */
	uint64_t count;
};

enum moments_flags { MOMENTS_SAMPLE = 1, MOMENTS_ROOT = 2 };

static enum status make_sums(struct eval *e, struct moments *m)
{
	void *p = NULL;
	if (m->sums != NULL)
		return OK;
	TRY(agg_realloc(e, &p, 0, 2 * sizeof *m->sums));
	m->sums = p;
	numeric_init(&m->sums[0]);
	numeric_init(&m->sums[1]);
	return OK;
}

static void moments_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	struct moments *m = (void *)state;
	if (m->sums == NULL)
		return;
	numeric_fini(&m->sums[0]);
	numeric_fini(&m->sums[1]);
	agg_free(track, m->sums, 2 * sizeof *m->sums);
	m->sums = NULL;
}

static enum status number_at(const struct vector *v, uint32_t row, struct numeric *n, struct error *err)
{
	const void *d = v->data;
	i128 wide = 0;
	u256 wider;
	switch (type_physical(v->type)) {
	case PHYS_I8: wide = ((const int8_t *)d)[row]; break;
	case PHYS_I16: wide = ((const int16_t *)d)[row]; break;
	case PHYS_I32: wide = ((const int32_t *)d)[row]; break;
	case PHYS_I64: wide = ((const int64_t *)d)[row]; break;
	case PHYS_U8: wide = ((const uint8_t *)d)[row]; break;
	case PHYS_U16: wide = ((const uint16_t *)d)[row]; break;
	case PHYS_U32: wide = ((const uint32_t *)d)[row]; break;
	case PHYS_U64: wide = ((const uint64_t *)d)[row]; break;
	case PHYS_I128: memcpy(&wide, (const char *)d + row * sizeof wide, sizeof wide); break;
	case PHYS_I256:
		memcpy(&wider, (const char *)d + row * sizeof wider, sizeof wider);
		return numeric_from_i256(n, wider, v->type->scale, err);
	default: return numeric_decode(n, strview_str((const struct strview *)d + row), err);
	}
	return numeric_from_i128(n, wide, type_is_decimal(v->type) ? v->type->scale : 0, err);
}

static enum status moments_add_one(const struct aggregator *a, struct eval *e, char *state,
                                   const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	struct moments *m = (void *)state;
	struct numeric x;
	struct vector *v;
	TRY(vector_flatten(e->track, args[0], &v, e->err));
	numeric_init(&x);
	enum status s = make_sums(e, m);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		s = number_at(v, rows == NULL ? i : rows[i], &x, e->err);
		if (s == OK)
			s = numeric_add(&m->sums[0], &x, &m->sums[0], e->err);
		if (s == OK)
			s = numeric_mul(&x, &x, &x, e->err);
		if (s == OK)
			s = numeric_add(&m->sums[1], &x, &m->sums[1], e->err);
		m->count++;
	}
	numeric_fini(&x);
	vector_unref(v);
	return s;
}

static enum status moments_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                 char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct moments *m = (void *)(states[i] + offset);
		const struct moments *o = (const void *)(others[i] + other_offset);
		if (o->sums == NULL)
			continue;
		TRY(make_sums(e, m));
		TRY(numeric_add(&m->sums[0], &o->sums[0], &m->sums[0], e->err));
		TRY(numeric_add(&m->sums[1], &o->sums[1], &m->sums[1], e->err));
		m->count += o->count;
	}
	return OK;
}

/* The root to `scale` digits by Newton's iteration from the double nearest. */
static enum status square_root(struct numeric *v, int scale, struct error *err)
{
	enum { ROUNDS_MAX = 200, GUARD = 8 };
	struct numeric x, q, half;
	double guess = sqrt(numeric_to_double(v));
	numeric_init(&x);
	numeric_init(&q);
	numeric_init(&half);
	enum status s = numeric_from_double(&x, guess > 0 && isfinite(guess) ? guess : 1, err);
	if (s == OK)
		s = numeric_from_i128(&half, 5, 1, err);
	for (int round = 0; round < ROUNDS_MAX && s == OK; round++) {
		s = numeric_div_scale(v, &x, scale + GUARD, true, &q, err);
		if (s == OK)
			s = numeric_add(&q, &x, &q, err);
		if (s == OK)
			s = numeric_mul(&q, &half, &q, err);
		if (s == OK)
			s = numeric_round(&q, scale + GUARD, err);
		bool settled = s == OK && numeric_compare(&q, &x) == 0;
		if (s == OK)
			s = numeric_copy(&x, &q, err);
		if (settled)
			break;
	}
	if (s == OK)
		s = numeric_round(&x, scale, err);
	if (s == OK)
		s = numeric_copy(v, &x, err);
	numeric_fini(&x);
	numeric_fini(&q);
	numeric_fini(&half);
	return s;
}

/* (n * sum of squares - sum * sum) / (n * n or n * (n - 1)) */
static enum status spread_of(const struct moments *m, int flags, struct numeric *out, struct error *err)
{
	struct numeric squares, square, n, divisor;
	numeric_init(&squares);
	numeric_init(&square);
	numeric_init(&n);
	numeric_init(&divisor);
	uint64_t other = flags & MOMENTS_SAMPLE ? m->count - 1 : m->count;
	enum status s = numeric_from_i128(&n, (i128)m->count, 0, err);
	if (s == OK)
		s = numeric_from_i128(&divisor, (i128)m->count * (i128)other, 0, err);
	if (s == OK)
		s = numeric_mul(&m->sums[0], &m->sums[0], &square, err);
	if (s == OK)
		s = numeric_mul(&m->sums[1], &n, &squares, err);
	if (s == OK)
		s = numeric_sub(&squares, &square, &squares, err);
	if (s == OK && (numeric_is_zero(&squares) || squares.sign == NUMERIC_NEGATIVE)) {
		s = numeric_from_i128(out, 0, 0, err);
	} else if (s == OK) {
		int scale = numeric_select_div_scale(&squares, &divisor);
		s = numeric_div_scale(&squares, &divisor, scale, true, out, err);
		if (s == OK && flags & MOMENTS_ROOT && !numeric_is_special(out))
			s = square_root(out, scale, err);
	}
	numeric_fini(&squares);
	numeric_fini(&square);
	numeric_fini(&n);
	numeric_fini(&divisor);
	return s;
}

static enum status moments_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                  uint32_t count, struct builder *to)
{
	const int *flags = a->data;
	for (uint32_t i = 0; i < count; i++) {
		const struct moments *m = (const void *)(states[i] + offset);
		struct numeric n;
		if (m->count == 0 || (*flags & MOMENTS_SAMPLE && m->count < 2)) {
			TRY(builder_null(to, e->err));
			continue;
		}
		numeric_init(&n);
		enum status s = spread_of(m, *flags, &n, e->err);
		if (s == OK)
			s = agg_append_numeric(e, to, &n);
		numeric_fini(&n);
		TRY(s);
	}
	return OK;
}

static enum status moments_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct moments *m = (const void *)state;
	strbuf_put_varuint(to, m->count);
	for (int k = 0; k < 2 && m->count != 0; k++) {
		struct strbuf b;
		strbuf_init(&b, NULL);
		numeric_encode(&m->sums[k], &b);
		strbuf_put_varuint(to, b.size);
		strbuf_puts(to, strbuf_str(&b));
		enum status s = strbuf_status(&b, e->err);
		strbuf_fini(&b);
		TRY(s);
	}
	return OK;
}

static enum status moments_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                                size_t *consumed)
{
	struct moments *m = (void *)state;
	struct agg_reader r = agg_reader(from);
	m->count = agg_get_varuint(&r);
	if (m->count != 0)
		TRY(make_sums(e, m));
	for (int k = 0; k < 2 && m->count != 0; k++) {
		uint32_t n = agg_get_count(&r, 1);
		TRY(numeric_decode(&m->sums[k], str_make(r.at, n), e->err));
		r.at += n;
	}
	return agg_reader_end(&r, e, from, consumed);
}

static const struct aggregate_ops moments_ops = {NULL, moments_destroy, agg_add_runs, moments_add_one, moments_merge,
                                                 moments_finish, moments_write, moments_read};

/* ---- double precision ---- */

enum pg_stat {
	PG_VAR_POP, PG_VAR_SAMP, PG_STDDEV_POP, PG_STDDEV_SAMP, PG_COVAR_POP, PG_COVAR_SAMP, PG_CORR, PG_AVGX, PG_AVGY,
	PG_COUNT, PG_INTERCEPT, PG_R2, PG_SLOPE, PG_SXX, PG_SXY, PG_SYY
};

static const struct {
	const char *name;
	enum pg_stat stat;
} stats[] = {
	{"var_pop", PG_VAR_POP}, {"var_samp", PG_VAR_SAMP}, {"stddev_pop", PG_STDDEV_POP}, {"stddev_samp", PG_STDDEV_SAMP},
	{"covar_pop", PG_COVAR_POP}, {"covar_samp", PG_COVAR_SAMP}, {"corr", PG_CORR}, {"regr_avgx", PG_AVGX},
	{"regr_avgy", PG_AVGY}, {"regr_count", PG_COUNT}, {"regr_intercept", PG_INTERCEPT}, {"regr_r2", PG_R2},
	{"regr_slope", PG_SLOPE}, {"regr_sxx", PG_SXX}, {"regr_sxy", PG_SXY}, {"regr_syy", PG_SYY},
};

/* n, mean and sum of squared differences of x and y, sum of products of differences: updated as they come (Youngs,
 * Cramer). */
struct pg_sums {
	double n, x, xx, y, yy, xy;
};

static void sums_add(struct pg_sums *s, double x, double y)
{
	double before = s->n;
	s->n += 1;
	s->x += x;
	s->y += y;
	if (before == 0)
		return;
	double dx = x * s->n - s->x, dy = y * s->n - s->y, scale = 1 / (s->n * before);
	s->xx += dx * dx * scale;
	s->yy += dy * dy * scale;
	s->xy += dx * dy * scale;
}

static void sums_merge(struct pg_sums *s, const struct pg_sums *o)
{
	if (o->n == 0)
		return;
	if (s->n == 0) {
		*s = *o;
		return;
	}
	double n = s->n + o->n, dx = s->x / s->n - o->x / o->n, dy = s->y / s->n - o->y / o->n;
	s->xx += o->xx + s->n * o->n * dx * dx / n;
	s->yy += o->yy + s->n * o->n * dy * dy / n;
	s->xy += o->xy + s->n * o->n * dx * dy / n;
	s->x += o->x;
	s->y += o->y;
	s->n = n;
}

static enum status sums_add_one(const struct aggregator *a, struct eval *e, char *state,
                                const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct vector *flat[2];
	struct vector *owned[2];
	enum status s = agg_flatten(e, args, a->arg_count, flat, owned);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		double v[2] = {0};
		for (uint32_t k = 0; k < a->arg_count; k++)
			memcpy(&v[k], (const char *)flat[k]->data + (rows == NULL ? i : rows[i]) * sizeof(double), sizeof(double));
		/* f(Y, X) */
		sums_add((void *)state, a->arg_count > 1 ? v[1] : v[0], v[0]);
	}
	agg_unflatten(owned, a->arg_count);
	return s;
}

static enum status sums_merge_all(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                  char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		sums_merge((void *)(states[i] + offset), (const void *)(others[i] + other_offset));
	return OK;
}

/* NaN stands for NULL. */
static double stat_of(enum pg_stat stat, const struct pg_sums *s)
{
	double n = s->n;
	switch (stat) {
	case PG_VAR_POP: return n < 1 ? NAN : s->xx / n;
	case PG_VAR_SAMP: return n < 2 ? NAN : s->xx / (n - 1);
	case PG_STDDEV_POP: return n < 1 ? NAN : sqrt(s->xx / n);
	case PG_STDDEV_SAMP: return n < 2 ? NAN : sqrt(s->xx / (n - 1));
	case PG_COVAR_POP: return n < 1 ? NAN : s->xy / n;
	case PG_COVAR_SAMP: return n < 2 ? NAN : s->xy / (n - 1);
	case PG_CORR: return n < 1 || s->xx == 0 || s->yy == 0 ? NAN : s->xy / sqrt(s->xx * s->yy);
	case PG_AVGX: return n < 1 ? NAN : s->x / n;
	case PG_AVGY: return n < 1 ? NAN : s->y / n;
	case PG_COUNT: return n;
	case PG_INTERCEPT: return n < 1 || s->xx == 0 ? NAN : (s->y - s->x * s->xy / s->xx) / n;
	case PG_R2: return n < 1 || s->xx == 0 ? NAN : s->yy == 0 ? 1 : s->xy * s->xy / (s->xx * s->yy);
	case PG_SLOPE: return n < 1 || s->xx == 0 ? NAN : s->xy / s->xx;
	case PG_SXX: return n < 1 ? NAN : s->xx;
	case PG_SXY: return n < 1 ? NAN : s->xy;
	case PG_SYY: return n < 1 ? NAN : s->yy;
	}
	return NAN;
}

static enum status sums_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               uint32_t count, struct builder *to)
{
	const int *stat = a->data;
	for (uint32_t i = 0; i < count; i++) {
		const struct pg_sums *s = (const void *)(states[i] + offset);
		double v = stat_of((enum pg_stat)*stat, s);
		int64_t whole = (int64_t)s->n;
		if (*stat == PG_COUNT)
			TRY(builder_fixed(to, &whole, e->err));
		else if (isnan(v) && !isnan(s->x) && !isnan(s->y))
			TRY(builder_null(to, e->err));
		else
			TRY(builder_fixed(to, &v, e->err));
	}
	return OK;
}

static const struct aggregate_ops sums_ops = {NULL, NULL, agg_add_runs, sums_add_one, sums_merge_all, sums_finish,
                                              agg_raw_write, agg_raw_read};

static enum status bind_pg_stat(struct bind_env *env, struct aggregator *a)
{
	size_t k = 0;
	while (k < ARRAY_COUNT(stats) - 1 && strcmp(stats[k].name, a->aggregate->name) != 0)
		k++;
	enum pg_stat stat = stats[k].stat;
	uint32_t n = stat <= PG_STDDEV_SAMP ? 1 : 2;
	int *data = ARENA_NEW(env->arena, int);
	TRY(agg_arg_count(env, a, n, n));
	bool exact = n == 1;
	for (uint32_t i = 0; i < n; i++) {
		const struct type *t = a->arg_types[i];
		if (!type_is_number(t) || t->id == TYPE_BOOL || t->id == TYPE_UINT128 || t->id == TYPE_UINT256)
			return agg_bad_type(env, a, i);
		exact = exact && !type_is_float(t);
	}
	a->data = data;
	if (exact) {
		*data = (stat == PG_VAR_SAMP || stat == PG_STDDEV_SAMP ? MOMENTS_SAMPLE : 0) |
		        (stat == PG_STDDEV_POP || stat == PG_STDDEV_SAMP ? MOMENTS_ROOT : 0);
		return agg_set(a, &moments_ops, type_nullable(env->arena, type_simple(TYPE_NUMERIC)), sizeof(struct moments));
	}
	*data = (int)stat;
	for (uint32_t i = 0; i < n; i++)
		a->arg_types[i] = type_simple(TYPE_FLOAT64);
	const struct type *f = type_nullable(env->arena, type_simple(TYPE_FLOAT64));
	return agg_set(a, &sums_ops, stat == PG_COUNT ? type_simple(TYPE_INT64) : f, sizeof(struct pg_sums));
}

#define PG_STAT(name, aliases, text, example, answer) \
	{name, aliases, AGGREGATE_PG, bind_pg_stat, text, "SELECT " example " FROM (VALUES (1, 2), (2, 4)) AS t(y, x)", \
	 answer, NULL}

static const struct aggregate rows[] = {
	PG_STAT("var_pop", "", "Population variance", "var_pop(x)", "1.0000000000000000"),
	PG_STAT("var_samp", "variance", "Sample variance", "var_samp(x)", "2.0000000000000000"),
	PG_STAT("stddev_pop", "", "Population standard deviation", "stddev_pop(x)", "1.00000000000000000000"),
	PG_STAT("stddev_samp", "stddev", "Sample standard deviation", "stddev_samp(x)", "1.4142135623730951"),
	PG_STAT("covar_pop", "", "Population covariance", "covar_pop(y, x)", "0.5"),
	PG_STAT("covar_samp", "", "Sample covariance", "covar_samp(y, x)", "1"),
	PG_STAT("corr", "", "Correlation", "corr(y, x)", "1"),
	PG_STAT("regr_avgx", "", "Mean of the second argument", "regr_avgx(y, x)", "3"),
	PG_STAT("regr_avgy", "", "Mean of the first argument", "regr_avgy(y, x)", "1.5"),
	{"regr_count", "", AGGREGATE_PG | AGGREGATE_NEVER_NULL, bind_pg_stat, "Number of pairs",
	 "SELECT regr_count(y, x) FROM (VALUES (1, 2), (2, 4)) AS t(y, x)", "2", NULL},
	PG_STAT("regr_intercept", "", "Intercept of the line through the pairs", "regr_intercept(y, x)", "0"),
	PG_STAT("regr_r2", "", "Square of the correlation", "regr_r2(y, x)", "1"),
	PG_STAT("regr_slope", "", "Slope of the line through the pairs", "regr_slope(y, x)", "0.5"),
	PG_STAT("regr_sxx", "", "Sum of squares of the second argument", "regr_sxx(y, x)", "2"),
	PG_STAT("regr_sxy", "", "Sum of products", "regr_sxy(y, x)", "1"),
	PG_STAT("regr_syy", "", "Sum of squares of the first argument", "regr_syy(y, x)", "0.5"),
};

AGGREGATE_FAMILY(pg_numeric, "PostgreSQL's statistics");

// SPDX-License-Identifier: Apache-2.0
/*
 * Variance, covariance, correlation, skewness, kurtosis, and the like: moments are sums of powers,
 	which merge by adding
 * and are the serialised form. Float32 arguments keep their sums in float, as ClickHouse does.
 */
#include <assert.h>
#include <math.h>

#include "func/agg_sum_impl.h"

enum stats_kind {
	VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP, COVAR_POP, COVAR_SAMP, CORR, SKEW_POP, SKEW_SAMP, KURT_POP, KURT_SAMP,
	REGRESSION, KAHAN, AVG_WEIGHTED, SUM_COUNT_FLOAT
};

/* Room for the most sums that any kind has: n, then sums of powers and products. */
enum { SUMS_MAX = 6 };

struct stats_rule {
	enum stats_kind kind;
	uint32_t sums;
	bool single;        /* Float32: the sums too */
	bool whole;         /* avgWeighted of integers: written as such */
	double scale[2];    /* decimals: what a unit is worth */
};

struct stats_state {
	double m[SUMS_MAX];
};

static const struct {
	const char *name;
	enum stats_kind kind;
	uint32_t args, sums;
} kinds[] = {
	{"varPop", VAR_POP, 1, 3}, {"varSamp", VAR_SAMP, 1, 3}, {"stddevPop", STDDEV_POP, 1, 3},
	{"stddevSamp", STDDEV_SAMP, 1, 3}, {"covarPop", COVAR_POP, 2, 4}, {"covarSamp", COVAR_SAMP, 2, 4},
	{"corr", CORR, 2, 6}, {"skewPop", SKEW_POP, 1, 4}, {"skewSamp", SKEW_SAMP, 1, 4}, {"kurtPop", KURT_POP, 1, 5},
	{"kurtSamp", KURT_SAMP, 1, 5}, {"simpleLinearRegression", REGRESSION, 2, 5}, {"sumKahan", KAHAN, 1, 2},
	{"avgWeighted", AVG_WEIGHTED, 2, 2},
};

#define READ(T) (double)((const T *)d)[row]
static double number_at(const struct vector *v, uint32_t row)
{
	const void *d = v->data;
	i128 wide;
	u256 wider;
	switch (type_physical(v->type)) {
	case PHYS_I8: return READ(int8_t);
	case PHYS_I16: return READ(int16_t);
	case PHYS_I32: return READ(int32_t);
	case PHYS_I64: return READ(int64_t);
	case PHYS_U8: return READ(uint8_t);
	case PHYS_U16: return READ(uint16_t);
	case PHYS_U32: return READ(uint32_t);
	case PHYS_U64: return READ(uint64_t);
	case PHYS_F32: return READ(float);
	case PHYS_F64: return READ(double);
	case PHYS_I128:
	case PHYS_U128:
		memcpy(&wide, (const char *)d + row * sizeof wide, sizeof wide);
		return type_is_signed(v->type) ? (double)wide : (double)(u128)wide;
	case PHYS_I256:
	case PHYS_U256:
		memcpy(&wider, (const char *)d + row * sizeof wider, sizeof wider);
		return type_is_signed(v->type) ? i256_to_double(wider) : u256_to_double(wider);
	default: return 0;
	}
}

/* A float operation is one of double, rounded: 53 bits are enough for that to be the same. */
static inline double keep(const struct stats_rule *r, double v)
{
	return r->single ? (double)(float)v : v;
}

static inline void add_value(const struct stats_rule *r, struct stats_state *s, double x, double y)
{
	double *m = s->m;
	switch (r->kind) {
	case KAHAN: {
		double compensated = x - m[1], sum = m[0] + compensated;
		m[1] = sum - m[0] - compensated;
		m[0] = sum;
		return;
	}
	case AVG_WEIGHTED:
		m[0] += x * y;
		m[1] += y;
		return;
	case COVAR_POP:
	case COVAR_SAMP:
	case CORR:
		m[0] += 1;
		m[1] = keep(r, m[1] + x);
		m[2] = keep(r, m[2] + y);
		m[3] = keep(r, m[3] + keep(r, x * y));
		if (r->kind == CORR) {
			m[4] = keep(r, m[4] + keep(r, x * x));
			m[5] = keep(r, m[5] + keep(r, y * y));
		}
		return;
	case REGRESSION:
		m[0] += 1;
		m[1] += x;
		m[2] += y;
		m[3] += x * x;
		m[4] += x * y;
		return;
	default:
		m[0] += 1;
		m[1] = keep(r, m[1] + x);
		y = keep(r, x * x);
		m[2] = keep(r, m[2] + y);
		if (r->sums > 3)
			m[3] = keep(r, m[3] + (y = keep(r, y * x)));
		if (r->sums > 4)
			m[4] = keep(r, m[4] + keep(r, y * x));
		return;
	}
}

/* Numbers of one chunk as doubles, then added: the type is looked at once a chunk. */
static void load(const struct stats_rule *r, uint32_t which, const struct vector *v, const uint32_t *rows,
	uint32_t from,
                 uint32_t n, double *out)
{
	if (type_physical(v->type) == PHYS_F64) {
		for (uint32_t i = 0; i < n; i++)
			memcpy(&out[i], (const char *)v->data + (rows == NULL ? from + i : rows[from + i]) * sizeof(double), sizeof(double));
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		out[i] = number_at(v, rows == NULL ? from + i : rows[from + i]);
	if (r->scale[which] != 1)
		for (uint32_t i = 0; i < n; i++)
			out[i] /= r->scale[which];
}

static enum status stats_rows(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                              char *state, const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	enum { CHUNK = 512 };
	const struct stats_rule *r = a->data;
	const struct vector *flat[2];
	struct vector *owned[2];
	double x[CHUNK], y[CHUNK] = {0};
	enum status s = agg_flatten(e, args, a->arg_count, flat, owned);
	for (uint32_t from = 0; from < count && s == OK; from += CHUNK) {
		uint32_t n = count - from < CHUNK ? count - from : CHUNK;
		load(r, 0, flat[0], rows, from, n, x);
		if (a->arg_count > 1)
			load(r, 1, flat[1], rows, from, n, y);
		if (states == NULL) {
			struct stats_state local = {{0}};
			memcpy(&local, state, r->sums * sizeof(double));
			for (uint32_t i = 0; i < n; i++)
				add_value(r, &local, x[i], y[i]);
			memcpy(state, &local, r->sums * sizeof(double));
			continue;
		}
		for (uint32_t i = 0; i < n; i++)
			add_value(r, (struct stats_state *)(void *)(states[from + i] + offset), x[i], y[i]);
	}
	agg_unflatten(owned, a->arg_count);
	return s;
}

static enum status stats_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return count == 0 ? OK : stats_rows(a, e, states, offset, NULL, args, rows, count);
}

static enum status stats_add_one(const struct aggregator *a, struct eval *e, char *state,
                                 const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return stats_rows(a, e, NULL, 0, state, args, rows, count);
}

static enum status stats_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               char *const *others, size_t other_offset, uint32_t count)
{
	const struct stats_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++) {
		double *m = (double *)(void *)(states[i] + offset);
		const double *o = (const double *)(void *)(others[i] + other_offset);
		if (r->kind == KAHAN) {
			double raw = m[0] + o[0], left = raw - m[0], right = raw - left;
			double error = (o[0] - left) + (m[0] - right) - m[1] - o[1];
			m[0] = raw + error;
			m[1] = raw - m[0] - error;
			m[1] = m[0] - raw - error;
			continue;
		}
		for (uint32_t k = 0; k < r->sums; k++)
			m[k] = k == 0 ? m[k] + o[k] : keep(r, m[k] + o[k]);
	}
	return OK;
}

/* ---- results ---- */

static double variance(const struct stats_rule *r, const double *m, bool sample)
{
	double n = m[0];
	if (n == 0 || (sample && n <= 1))
		return NAN;
	double v = keep(r, keep(r, m[2] - keep(r, keep(r, m[1] * m[1]) / n)) / (sample ? n - 1 : n));
	return v > 0 ? v : v <= 0 ? 0 : v;
}

/* x * mean, a step of the central moments. */
static inline double times_mean(const struct stats_rule *r, double x, const double *m)
{
	return keep(r, keep(r, x * m[1]) / m[0]);
}

static double central3(const struct stats_rule *r, const double *m)
{
	double inner = keep(r, keep(r, 3 * m[2]) - times_mean(r, keep(r, 2 * m[1]), m));
	return m[0] == 0 ? NAN : keep(r, keep(r, m[3] - times_mean(r, inner, m)) / m[0]);
}

static double central4(const struct stats_rule *r, const double *m)
{
	double inner = keep(r, keep(r, 6 * m[2]) - times_mean(r, keep(r, 3 * m[1]), m));
	inner = keep(r, keep(r, 4 * m[3]) - times_mean(r, inner, m));
	double v = keep(r, keep(r, m[4] - times_mean(r, inner, m)) / m[0]);
	return m[0] == 0 ? NAN : v > 0 ? v : 0;
}

static double covariance(const struct stats_rule *r, const double *m, bool sample)
{
	double n = m[0];
	if (sample ? n <= 1 : n == 0)
		return NAN;
	return keep(r, keep(r, m[3] - keep(r, keep(r, m[1] * m[2]) / n)) / (sample ? n - 1 : n));
}

static double correlation(const struct stats_rule *r, const double *m)
{
	double n = m[0], x = keep(r, keep(r, n * m[4]) - keep(r, m[1] * m[1]));
	double y = keep(r, keep(r, n * m[5]) - keep(r, m[2] * m[2]));
	double both = keep(r, keep(r, n * m[3]) - keep(r, m[1] * m[2]));
	return both / keep(r, sqrt(keep(r, x * y)));
}

static double result_of(const struct stats_rule *r, const double *m)
{
	double v;
	switch (r->kind) {
	case VAR_POP: return variance(r, m, false);
	case VAR_SAMP: return variance(r, m, true);
	case STDDEV_POP: return sqrt(variance(r, m, false));
	case STDDEV_SAMP: return sqrt(variance(r, m, true));
	case COVAR_POP: return covariance(r, m, false);
	case COVAR_SAMP: return covariance(r, m, true);
	case CORR: return correlation(r, m);
	case SKEW_POP:
	case SKEW_SAMP:
		v = variance(r, m, r->kind == SKEW_SAMP);
		return v > 0 ? central3(r, m) / pow(v, 1.5) : NAN;
	case KURT_POP:
	case KURT_SAMP:
		v = variance(r, m, r->kind == KURT_SAMP);
		return v > 0 ? central4(r, m) / (v * v) : NAN;
	case KAHAN: return m[0];
	default: return m[0] / m[1];
	}
}

static enum status stats_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                uint32_t count, struct builder *to)
{
	const struct stats_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++) {
		double v = result_of(r, (const double *)(void *)(states[i] + offset));
		float narrow = (float)v;
		TRY(builder_fixed(to, to->physical == PHYS_F32 ? (const void *)&narrow : &v, e->err));
	}
	return OK;
}

static enum status regression_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                     uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++) {
		const double *m = (const double *)(void *)(states[i] + offset);
		double divisor = m[3] * m[0] - m[1] * m[1], k = NAN, b = NAN;
		if (m[0] != 0 && divisor != 0) {
			k = (m[4] * m[0] - m[1] * m[2]) / divisor;
			b = (m[2] - k * m[1]) / m[0];
		}
		TRY(builder_fixed(to->children[0], &k, e->err));
		TRY(builder_fixed(to->children[1], &b, e->err));
		TRY(builder_end_tuple(to, e->err));
	}
	return OK;
}

static enum status stats_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct stats_rule *r = a->data;
	const double *m = (const double *)(const void *)state;
	if (r->whole) {
		strbuf_put_le(to, m[0] < 0 ? (uint64_t)(int64_t)m[0] : (uint64_t)m[0], 8);
		strbuf_put_varuint(to, (uint64_t)(int64_t)m[1]);
		return OK;
	}
	for (uint32_t k = 0; k < r->sums; k++) {
		float narrow = (float)m[k];
		uint64_t whole = (uint64_t)m[k];
		if (r->kind == REGRESSION && k == 0)
			strbuf_put(to, &whole, sizeof whole);
		else if (r->single)
			strbuf_put(to, &narrow, sizeof narrow);
		else
			strbuf_put(to, &m[k], sizeof m[k]);
	}
	return OK;
}

static enum status stats_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                              size_t *consumed)
{
	const struct stats_rule *r = a->data;
	struct agg_reader at = agg_reader(from);
	double *m = (double *)(void *)state;
	if (r->whole) {
		int64_t sum;
		agg_get(&at, &sum, sizeof sum);
		bool is_signed = type_is_signed(a->arg_types[0]) || type_is_signed(a->arg_types[1]);
		m[0] = is_signed ? (double)sum : (double)(uint64_t)sum;
		m[1] = (double)(int64_t)agg_get_varuint(&at);
		return agg_reader_end(&at, e, from, consumed);
	}
	for (uint32_t k = 0; k < r->sums; k++) {
		float narrow;
		uint64_t whole;
		if (r->kind == REGRESSION && k == 0) {
			agg_get(&at, &whole, sizeof whole);
			m[k] = (double)whole;
		} else if (r->single) {
			agg_get(&at, &narrow, sizeof narrow);
			m[k] = (double)narrow;
		} else {
			agg_get(&at, &m[k], sizeof m[k]);
		}
	}
	return agg_reader_end(&at, e, from, consumed);
}

static const struct aggregate_ops stats_ops = {NULL, NULL, stats_add, stats_add_one, stats_merge, stats_finish,
                                               stats_write, stats_read};
static const struct aggregate_ops regression_ops = {NULL, NULL, stats_add, stats_add_one, stats_merge,
                                                    regression_finish, stats_write, stats_read};

static enum status bind_stats(struct bind_env *env, struct aggregator *a)
{
	struct stats_rule *r = ARENA_NEW(env->arena, struct stats_rule);
	size_t k = 0;
	const char *name = a->aggregate->name;
	while (k < ARRAY_COUNT(kinds) - 1 && strncmp(kinds[k].name, name, strlen(kinds[k].name)) != 0)
		k++;
	r->kind = kinds[k].kind;
	r->sums = kinds[k].sums;
	TRY(agg_arg_count(env, a, kinds[k].args, kinds[k].args));
	TRY(agg_param_count(env, a, 0, 0));
	if (r->kind == KAHAN && type_is_decimal(a->arg_types[0]))
		return agg_bind_sum(env, a);
	r->single = r->whole = true;
	for (uint32_t i = 0; i < a->arg_count; i++) {
		const struct type *t = a->arg_types[i];
		if (!type_is_number(t) || t->id == TYPE_NUMERIC)
			return agg_bad_type(env, a, i);
		r->single = r->single && t->id == TYPE_FLOAT32;
		r->whole = r->whole && type_is_integer(t);
		r->scale[i] = type_is_decimal(t) ? i256_to_double(pow10_i256(t->scale)) : 1;
	}
	bool plain = r->kind == KAHAN || r->kind == AVG_WEIGHTED || r->kind == REGRESSION;
	r->single = r->single && !plain;
	r->whole = r->whole && r->kind == AVG_WEIGHTED;
	a->data = r;
	if (r->kind == REGRESSION) {
		const struct type *f = type_simple(TYPE_FLOAT64);
		const struct str names[] = {STR("k"), STR("b")};
		return agg_set(a, &regression_ops, type_tuple(env->arena, (const struct type *const[]){f, f}, names, 2),
		               r->sums * sizeof(double));
	}
	return agg_set(a, &stats_ops, type_simple(r->single ? TYPE_FLOAT32 : TYPE_FLOAT64), r->sums * sizeof(double));
}

/* PostgreSQL's over floating point; over exact numbers they are numeric (agg_pg_numeric.c). */
#define CH_ROW(name, aliases, text, example, answer) \
	{name, aliases, AGGREGATE_CH, bind_stats, text, example, answer, NULL}

static const struct aggregate rows[] = {
	CH_ROW("varPop", "~var_pop varPopStable", "Population variance", "SELECT varPop(number) FROM numbers(3)",
		"0.6666666666666666"),
	CH_ROW("varSamp", "~var_samp varSampStable", "Sample variance", "SELECT varSamp(number) FROM numbers(3)", "1"),
	CH_ROW("stddevPop", "~stddev_pop ~std stddevPopStable", "Population standard deviation",
		"SELECT stddevPop(number) FROM numbers(1)", "0"),
	CH_ROW("stddevSamp", "~stddev_samp ~stddev stddevSampStable", "Sample standard deviation",
		"SELECT stddevSamp(number) FROM numbers(3)", "1"),
	CH_ROW("covarPop", "~covar_pop covarPopStable", "Population covariance",
		"SELECT covarPop(number, number) FROM numbers(3)", "0.6666666666666666"),
	CH_ROW("covarSamp", "~covar_samp covarSampStable", "Sample covariance",
		"SELECT covarSamp(number, number) FROM numbers(3)", "1"),
	CH_ROW("corr", "corrStable", "Pearson's correlation", "SELECT corr(number, number) FROM numbers(3)", "1"),
	CH_ROW("skewPop", "", "Population skewness", "SELECT skewPop(number) FROM numbers(3)", "0"),
	CH_ROW("skewSamp", "", "Sample skewness", "SELECT skewSamp(number) FROM numbers(3)", "0"),
	CH_ROW("kurtPop", "", "Population kurtosis", "SELECT kurtPop(number) FROM numbers(2)", "1"),
	CH_ROW("kurtSamp", "", "Sample kurtosis", "SELECT kurtSamp(number) FROM numbers(3)", NULL),
	CH_ROW("simpleLinearRegression", "", "Slope and intercept of a line",
		"SELECT simpleLinearRegression(number, number * 2) FROM numbers(3)", "(2,0)"),
	CH_ROW("sumKahan", "", "Sum of floating-point numbers by Kahan's compensation",
		"SELECT sumKahan(0.5) FROM numbers(4)", "2"),
	CH_ROW("avgWeighted", "", "Mean of numbers with weights",
		"SELECT avgWeighted(number, number) FROM numbers(3)", "1.6666666666666667"),
};

AGGREGATE_FAMILY(stats, "Statistics");

// SPDX-License-Identifier: Apache-2.0
/* Numbers about arrays: norms, distances, products, edit distances, and how well scores rank labels. */
#include <math.h>

#include "func/array_impl.h"
#include "func/subcall.h"

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

/* Arguments from `first` on, up to two, as doubles. */
struct numbers {
	struct elements x;
	struct vector *flat[2];
	const double *values[2];
};

static void numbers_close(struct numbers *n)
{
	vector_unref(n->flat[0]);
	vector_unref(n->flat[1]);
	elements_close(&n->x);
}

static enum status numbers_open(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t n,
                                uint32_t count, struct numbers *out)
{
	struct call arrays = {.name = c->name, .arg_count = n};
	*out = (struct numbers){0};
	TRY(elements_open(&arrays, e, args, 0, count, &out->x));
	enum status s = OK;
	for (uint32_t k = 0; k < n && s == OK; k++) {
		struct vector *wide = NULL;
		s = cast_vector(e, e->scratch, out->x.parts[k], type_simple(TYPE_FLOAT64), CAST_CH, &wide);
		if (s == OK)
			s = vector_flatten(e->track, wide, &out->flat[k], e->err);
		vector_unref(wide);
		if (s == OK)
			out->values[k] = out->flat[k]->data;
	}
	if (s != OK)
		numbers_close(out);
	return s;
}

static void store(struct vector *to, uint32_t i, double v)
{
	if (to->type->id == TYPE_FLOAT32)
		((float *)to->data)[i] = (float)v;
	else
		((double *)to->data)[i] = v;
}

static enum status need_numbers(struct bind_env *env, const struct call *c, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct type *t = c->arg_types[i];
		if (t->id != TYPE_ARRAY || !type_is_number(t->children[0]) || t->children[0]->nullable)
			return call_bad_type(env, c, i);
	}
	return OK;
}

/* ---- norms and distances ---- */

enum metric { METRIC_L1, METRIC_L2, METRIC_L2_SQUARED, METRIC_LINF, METRIC_LP, METRIC_COSINE };

struct measure {
	enum metric metric;
	bool distance;
	double power;
};

static double measure_row(const struct measure *m, const double *a, const double *b, uint32_t n)
{
	double sum = 0, aa = 0, bb = 0;
	for (uint32_t k = 0; k < n; k++) {
		double d = b == NULL ? a[k] : a[k] - b[k];
		switch (m->metric) {
		case METRIC_L1: sum += fabs(d); break;
		case METRIC_LINF: sum = fabs(d) > sum ? fabs(d) : sum; break;
		case METRIC_LP: sum += pow(fabs(d), m->power); break;
		case METRIC_COSINE:
			sum += a[k] * b[k];
			aa += a[k] * a[k];
			bb += b[k] * b[k];
			break;
		default: sum += d * d;
		}
	}
	switch (m->metric) {
	case METRIC_L2: return sqrt(sum);
	case METRIC_LP: return pow(sum, 1 / m->power);
	case METRIC_COSINE: return 1 - sum / sqrt(aa * bb);
	default: return sum;
	}
}

static enum status exec_measure(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	const struct measure *m = c->state;
	struct numbers x;
	TRY(numbers_open(c, e, args, 1 + m->distance, count, &x));
	enum status s = call_result(c, e, count, out);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t from = x.x.offsets[i];
		store(*out, i, measure_row(m, x.values[0] + from, m->distance ? x.values[1] + from : NULL,
		                           x.x.offsets[i + 1] - from));
	}
	numbers_close(&x);
	return s;
}

static enum status bind_measure(struct bind_env *env, struct call *c)
{
	struct measure *m = ARENA_NEW(env->arena, struct measure);
	struct str name = str_of(c->function->name);
	m->distance = str_ends_with(name, STR("Distance"));
	m->metric = named(c, "cosineDistance") ? METRIC_COSINE : str_starts_with(name, STR("L1")) ? METRIC_L1
	            : str_starts_with(name, STR("L2Squared")) ? METRIC_L2_SQUARED
	            : str_starts_with(name, STR("L2")) ? METRIC_L2
	            : str_starts_with(name, STR("Linf")) ? METRIC_LINF : METRIC_LP;
	uint32_t n = 1 + m->distance;
	TRY(need_numbers(env, c, n));
	if (m->metric == METRIC_LP) {
		if (!call_const_f64(c, n, &m->power))
			return ERR(env->err, E_ILLEGAL_COLUMN, "The last argument of function %.*s must be a constant number",
			           STR_ARG(c->name));
		if (!(m->power >= 1))
			return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "The power of function %.*s must not be less than one",
			           STR_ARG(c->name));
	}
	bool narrow = true;
	for (uint32_t i = 0; i < n; i++)
		narrow = narrow && c->arg_types[i]->children[0]->id == TYPE_FLOAT32;
	c->result = type_simple(narrow ? TYPE_FLOAT32 : TYPE_FLOAT64);
	c->state = m;
	return OK;
}

/* ---- arrayDotProduct: in the type that a product has, wrapping ---- */

static enum status exec_dot(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	const struct subcall *product = c->state;
	struct elements x;
	struct vector *made = NULL, *wide = NULL, *flat = NULL;
	const uint64_t *skip = e->skip;
	struct call arrays = {.name = c->name, .arg_count = 2};
	TRY(elements_open(&arrays, e, args, 0, count, &x));
	bool floats = type_is_float(c->result);
	e->skip = NULL;
	enum status s = subcall_run(product, e, (const struct vector *const *)x.parts, x.total, &made);
	e->skip = skip;
	if (s == OK)
		s = cast_vector(e, e->scratch, made, type_simple(floats ? TYPE_FLOAT64 : TYPE_INT64), CAST_CH, &wide);
	if (s == OK)
		s = vector_flatten(e->track, wide, &flat, e->err);
	struct vector *sums = NULL;
	if (s == OK)
		s = vector_new(e->track, flat->type, count, &sums, e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		double f = 0;
		uint64_t n = 0;
		for (uint32_t k = x.offsets[i]; k < x.offsets[i + 1]; k++) {
			if (floats)
				f += ((const double *)flat->data)[k];
			else
				n += ((const uint64_t *)flat->data)[k];
		}
		if (floats)
			((double *)sums->data)[i] = f;
		else
			((uint64_t *)sums->data)[i] = n;
	}
	if (s == OK)
		s = cast_vector(e, e->scratch, sums, c->result, CAST_CH, out);
	vector_unref(made);
	vector_unref(wide);
	vector_unref(flat);
	vector_unref(sums);
	elements_close(&x);
	return s;
}

static enum status bind_dot(struct bind_env *env, struct call *c)
{
	struct subcall *product;
	TRY(need_numbers(env, c, 2));
	const struct type *pair[2] = {c->arg_types[0]->children[0], c->arg_types[1]->children[0]};
	TRY(subcall_bind(env, STR("multiply"), pair, NULL, 2, &product));
	c->result = product->call.result;
	if (!type_is_integer(c->result) && !type_is_float(c->result))
		return call_bad_type(env, c, 0);
	c->state = product;
	return OK;
}

/* ---- how well scores rank labels ---- */

struct by_score {
	const double *scores;
	bool ascending;
};
#define SORT_NAME sort_scores
#define SORT_TYPE uint32_t
#define SORT_CONTEXT const struct by_score *
#define SORT_LESS(a, b) (context->ascending ? context->scores[*(a)] < context->scores[*(b)] \
                                            : context->scores[*(a)] > context->scores[*(b)])
#include "base/sort.h"

/* The places of n scores in order. */
static uint32_t *ranked(struct eval *e, const double *scores, uint32_t n, bool ascending)
{
	uint32_t *places = array_room(e, n);
	struct by_score by = {scores, ascending};
	for (uint32_t k = 0; k < n; k++)
		places[k] = k;
	sort_scores(places, n, &by);
	return places;
}

/* The area under the curve of true against false positives. */
static double roc_area(struct eval *e, const double *scores, const double *labels, uint32_t n, bool scale)
{
	const uint32_t *places = ranked(e, scores, n, false);
	double area = 0, hits = 0, misses = 0, hits_before = 0, misses_before = 0;
	for (uint32_t k = 0; k <= n; k++) {
		if (k == n || (k != 0 && scores[places[k]] != scores[places[k - 1]])) {
			area += (misses - misses_before) * (hits + hits_before) / 2;
			hits_before = hits;
			misses_before = misses;
		}
		if (k < n) {
			bool hit = labels[places[k]] > 0;
			hits += hit;
			misses += !hit;
		}
	}
	return scale ? area / (hits * misses) : area;
}

/* The area under the curve of precision against recall. */
static double pr_area(struct eval *e, const double *scores, const double *labels, uint32_t n)
{
	const uint32_t *places = ranked(e, scores, n, false);
	double area = 0, hits = 0, before = 0;
	for (uint32_t k = 0; k <= n; k++) {
		if (k != 0 && (k == n || scores[places[k]] != scores[places[k - 1]])) {
			area += (hits - before) * hits / k;
			before = hits;
		}
		hits += k < n && labels[places[k]] > 0;
	}
	return hits == 0 ? 0 : area / hits;
}

static enum status exec_area(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const bool *scale = c->state;
	bool pr = named(c, "arrayAUCPR");
	struct numbers x;
	TRY(numbers_open(c, e, args, 2, count, &x));
	enum status s = call_result(c, e, count, out);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t from = x.x.offsets[i], n = x.x.offsets[i + 1] - from;
		const double *scores = x.values[0] + from, *labels = x.values[1] + from;
		store(*out, i, pr ? pr_area(e, scores, labels, n) : roc_area(e, scores, labels, n, *scale));
	}
	numbers_close(&x);
	return s;
}

static enum status bind_area(struct bind_env *env, struct call *c)
{
	bool *scale = ARENA_NEW(env->arena, bool);
	int64_t v = 1;
	TRY(need_numbers(env, c, 2));
	if (c->arg_count > 2 && named(c, "arrayAUCPR"))
		return ERR(env->err, E_NOT_IMPLEMENTED, "not supported yet: partial areas of function %.*s", STR_ARG(c->name));
	if (c->arg_count > 3)
		return ERR(env->err, E_NOT_IMPLEMENTED, "not supported yet: partial areas of function %.*s", STR_ARG(c->name));
	if (c->arg_count > 2 && !call_const_i64(c, 2, &v))
		return call_bad_type(env, c, 2);
	*scale = v != 0;
	c->state = scale;
	return OK;
}

static double gini(const double *labels, const uint32_t *places, uint32_t n)
{
	double total = 0, running = 0, area = 0;
	for (uint32_t k = 0; k < n; k++)
		total += labels[k];
	for (uint32_t k = 0; k < n; k++) {
		running += labels[places[k]];
		area += running / total;
	}
	return -(area - (n + 1.0) / 2) / n;
}

static enum status exec_gini(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	struct numbers x;
	struct vector *v = NULL;
	TRY(numbers_open(c, e, args, 2, count, &x));
	enum status s = call_result(c, e, count, &v);
	for (uint32_t k = 0; k < 3 && s == OK; k++)
		s = vector_new(e->track, type_simple(TYPE_FLOAT64), count, &v->children[k], e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t from = x.x.offsets[i], n = x.x.offsets[i + 1] - from;
		const double *scores = x.values[0] + from, *labels = x.values[1] + from;
		double predicted = gini(labels, ranked(e, scores, n, true), n), best = gini(labels, ranked(e, labels, n, true), n);
		store(v->children[0], i, predicted);
		store(v->children[1], i, best);
		store(v->children[2], i, predicted / best);
	}
	numbers_close(&x);
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status bind_gini(struct bind_env *env, struct call *c)
{
	const struct type *f = type_simple(TYPE_FLOAT64), *three[3] = {f, f, f};
	TRY(need_numbers(env, c, 2));
	c->result = type_tuple(env->arena, three, NULL, 3);
	return OK;
}

/* ---- edit distances ---- */

enum { EDIT_CELLS_MAX = 1 << 30 };

/* The least cost of removing and adding elements; a change is both, or 1 where there are no weights. */
static double edit_distance(struct eval *e, const uint32_t *a, uint32_t n, const uint32_t *b, uint32_t m,
                            const double *wa, const double *wb)
{
	double *row = ARENA_ARRAY(e->scratch, double, (size_t)m + 1);
	row[0] = 0;
	for (uint32_t j = 0; j < m; j++)
		row[j + 1] = row[j] + (wb != NULL ? wb[j] : 1);
	for (uint32_t i = 0; i < n; i++) {
		double corner = row[0], remove = wa != NULL ? wa[i] : 1;
		row[0] += remove;
		for (uint32_t j = 0; j < m; j++) {
			double add = wb != NULL ? wb[j] : 1, change = a[i] == b[j] ? 0 : wa != NULL ? remove + add : 1;
			double best = corner + change;
			best = row[j + 1] + remove < best ? row[j + 1] + remove : best;
			best = row[j] + add < best ? row[j] + add : best;
			corner = row[j + 1];
			row[j + 1] = best;
		}
	}
	return row[m];
}

static double total_of(const double *w, uint32_t n)
{
	double sum = 0;
	for (uint32_t k = 0; k < n; k++)
		sum += w[k];
	return sum;
}

static enum status exec_edit(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	bool weighted = c->arg_count == 4, similarity = named(c, "arraySimilarity");
	struct vector *flat[2] = {NULL, NULL};
	struct numbers weights[2] = {{.x = {0}}, {.x = {0}}};
	struct classes k = {0};
	enum status s = OK;
	for (uint32_t m = 0; m < 2 && s == OK; m++)
		s = array_flat(e, args[m], count, &flat[m]);
	if (s == OK) {
		const struct vector *items[2] = {flat[0]->children[0], flat[1]->children[0]};
		s = classes_open(e, items, 2, &k);
	}
	for (uint32_t m = 0; m < 2 && s == OK && weighted; m++)
		s = numbers_open(c, e, args + 2 + m, 1, count, &weights[m]);
	if (s == OK)
		s = call_result(c, e, count, out);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		const uint32_t *x = array_offsets(flat[0]) + i, *y = array_offsets(flat[1]) + i, n = x[1] - x[0], m = y[1] - y[0];
		const double *w[2] = {NULL, NULL};
		for (uint32_t side = 0; side < 2 && weighted; side++) {
			const uint32_t *at = weights[side].x.offsets + i;
			w[side] = weights[side].values[0] + at[0];
			if (at[1] - at[0] != (side == 0 ? n : m) && s == OK)
				s = ERR(e->err, E_SIZES_OF_ARRAYS, "Arrays and weights of function %.*s must have equal sizes", STR_ARG(c->name));
		}
		if (s == OK && (uint64_t)n * m > EDIT_CELLS_MAX)
			s = ERR(e->err, E_TOO_LARGE_ARRAY_SIZE, "Arrays of function %.*s are too long", STR_ARG(c->name));
		if (s != OK)
			break;
		double d = edit_distance(e, k.ids + x[0], n, k.ids + k.starts[1] + y[0], m, w[0], w[1]);
		if (similarity) {
			double all = total_of(w[0], n) + total_of(w[1], m);
			d = all == 0 ? 1 : 1 - d / all;
		}
		if (c->result->id == TYPE_UINT32)
			((uint32_t *)(*out)->data)[i] = (uint32_t)d;
		else
			store(*out, i, d);
	}
	if (s != OK && *out != NULL) {
		vector_unref(*out);
		*out = NULL;
	}
	for (uint32_t m = 0; m < 2; m++) {
		vector_unref(flat[m]);
		numbers_close(&weights[m]);
	}
	classes_close(&k);
	return s;
}

static enum status bind_edit(struct bind_env *env, struct call *c)
{
	const struct type *common;
	for (uint32_t i = 0; i < c->arg_count; i++)
		if (c->arg_types[i]->id != TYPE_ARRAY || (i > 1 && !type_is_number(c->arg_types[i]->children[0])))
			return call_bad_type(env, c, i);
	TRY(call_common_type(env, c->arg_types, 2, &common));
	c->arg_types[0] = c->arg_types[1] = common;
	return OK;
}

#define ROW(row_name, row_aliases, pattern, type, row_bind, row_exec, text, sample, answer) \
	FUNCTION_ROW(row_name, row_aliases, FUNCTION_CH, pattern, type, row_bind, row_exec, text, sample, answer)
#define MEASURE(row_name, row_aliases, pattern, text, sample, answer) \
	ROW(row_name, row_aliases, pattern, NULL, bind_measure, exec_measure, text, sample, answer)

static const struct function rows[] = {
	MEASURE("L1Norm", "~normL1", "A", "The sum of the absolute values.", "L1Norm([3, -4])", "7"),
	MEASURE("L2Norm", "~normL2", "A", "The square root of the sum of squares.", "L2Norm([3, 4])", "5"),
	MEASURE("L2SquaredNorm", "~normL2Squared", "A", "The sum of squares.", "L2SquaredNorm([3, 4])", "25"),
	MEASURE("LinfNorm", "~normLinf", "A", "The greatest absolute value.", "LinfNorm([3, -4])", "4"),
	MEASURE("LpNorm", "~normLp", "A*", "The p-th root of the sum of p-th powers.", "LpNorm([3, 4], 2)", "5"),
	MEASURE("L1Distance", "~distanceL1", "AA", "L1Norm of the difference.", "L1Distance([1, 2], [2, 4])", "3"),
	MEASURE("L2Distance", "~distanceL2", "AA", "L2Norm of the difference.", "L2Distance([1, 1], [4, 5])", "5"),
	MEASURE("L2SquaredDistance", "~distanceL2Squared", "AA", "L2SquaredNorm of the difference.",
	        "L2SquaredDistance([1, 2], [2, 4])", "5"),
	MEASURE("LinfDistance", "~distanceLinf", "AA", "LinfNorm of the difference.", "LinfDistance([1, 2], [2, 4])", "2"),
	MEASURE("LpDistance", "~distanceLp", "AA*", "LpNorm of the difference.", "LpDistance([1, 1], [4, 5], 2)", "5"),
	MEASURE("cosineDistance", "~distanceCosine", "AA", "One minus the cosine of the angle.",
	        "cosineDistance([1, 0], [0, 1])", "1"),
	ROW("arrayDotProduct", NULL, "AA", NULL, bind_dot, exec_dot, "The sum of the products.",
	    "arrayDotProduct([1, 2], [3, 4])", "11"),
	ROW("dotProduct", "~scalarProduct", "AA", NULL, bind_dot, exec_dot, "The sum of the products.",
	    "dotProduct([1, 2], [3, 4])", "11"),
	ROW("arrayROCAUC", "arrayAUC", "AA*?*?", "Float64", bind_area, exec_area,
	    "The area under the ROC curve of scores and labels.", "arrayROCAUC([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])", "0.75"),
	ROW("arrayAUCPR", "arrayPRAUC", "AA*?", "Float64", bind_area, exec_area,
	    "The area under the precision-recall curve of scores and labels.", "arrayAUCPR([1, 1], [0, 1])", "0.5"),
	ROW("arrayNormalizedGini", NULL, "AA", NULL, bind_gini, exec_gini,
	    "Gini coefficients of the labels by score, by themselves, and their ratio.",
	    "arrayNormalizedGini([0.9, 0.3, 0.8, 0.7], [6, 1, 0, 2]).1", "0.18055555555555558"),
	ROW("arrayLevenshteinDistance", NULL, "AA", "UInt32", bind_edit, exec_edit,
	    "How many elements must be added, removed or changed.", "arrayLevenshteinDistance([1, 2], [1, 3])", "1"),
	ROW("arrayLevenshteinDistanceWeighted", NULL, "AAAA", "Float64", bind_edit, exec_edit,
	    "The least weight of elements to add and remove.",
	    "arrayLevenshteinDistanceWeighted(['A', 'B'], ['A', 'C'], [1., 2], [3., 4])", "6"),
	ROW("arraySimilarity", NULL, "AAAA", "Float64", bind_edit, exec_edit, "One minus the share of what differs.",
	    "arraySimilarity(['A', 'B'], ['A', 'C'], [1., 2], [3., 4])", "0.4"),
};

FUNCTION_FAMILY(array_metric, "Norms, distances and rankings of arrays");

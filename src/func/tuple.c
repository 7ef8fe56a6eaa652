// SPDX-License-Identifier: Apache-2.0
/* Tuples as vectors: arithmetic, norms, distances; their names and parts. */
#include <assert.h>

#include "func/array_impl.h"
#include "func/compose.h"

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

static enum status call2(struct bind_env *env, const char *name, struct expr *a, struct expr *b, struct expr **out)
{
	return compose_call(env, name, (struct expr *[]){a, b}, 2, out);
}

static enum status call1(struct bind_env *env, const char *name, struct expr *a, struct expr **out)
{
	return compose_call(env, name, &a, 1, out);
}

static enum status need_tuples(struct bind_env *env, const struct call *c, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (c->arg_types[i]->id != TYPE_TUPLE)
			return call_bad_type(env, c, i);
	if (n == 2 && c->arg_types[0]->child_count != c->arg_types[1]->child_count)
		return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "Expected tuples of the same size as arguments of function %.*s",
		           STR_ARG(c->name));
	return OK;
}

/* ---- element by element ---- */

static const struct {
	const char *name, *op;
	bool by_number;
} elementwise[] = {
	{"tuplePlus", "plus", false}, {"tupleMinus", "minus", false}, {"tupleMultiply", "multiply", false},
	{"tupleDivide", "divide", false}, {"tupleIntDiv", "intDiv", false}, {"tupleIntDivOrZero", "intDivOrZero", false},
	{"tupleModulo", "modulo", false}, {"tupleMultiplyByNumber", "multiply", true},
	{"tupleDivideByNumber", "divide", true}, {"tupleIntDivByNumber", "intDiv", true},
	{"tupleIntDivOrZeroByNumber", "intDivOrZero", true}, {"tupleModuloByNumber", "modulo", true},
	{"tuplePositiveModuloByNumber", "positiveModulo", true}, {"modulo", "modulo", true}, {"intDiv", "intDiv", true},
	{"tupleNegate", "negate", false}, {"negate", "negate", false},
};

static enum status bind_elementwise(struct bind_env *env, struct call *c)
{
	const char *op = NULL;
	bool by_number = false;
	for (size_t i = 0; i < ARRAY_COUNT(elementwise); i++)
		if (named(c, elementwise[i].name)) {
			op = elementwise[i].op;
			by_number = elementwise[i].by_number;
		}
	assert(op != NULL);
	TRY(need_tuples(env, c, by_number ? 1 : c->arg_count));
	if (by_number && !type_is_number(c->arg_types[1]))
		return call_bad_type(env, c, 1);
	uint32_t n = c->arg_types[0]->child_count;
	struct expr *a = compose_arg(env, c, 0), *b = c->arg_count > 1 ? compose_arg(env, c, 1) : NULL, *x;
	struct expr **parts = ARENA_ARRAY(env->arena, struct expr *, n + 1);
	for (uint32_t k = 0; k < n; k++) {
		struct expr *pair[2] = {NULL, b};
		TRY(compose_element(env, a, k, &pair[0]));
		if (b != NULL && !by_number)
			TRY(compose_element(env, b, k, &pair[1]));
		TRY(compose_call(env, op, pair, c->arg_count, &parts[k]));
	}
	TRY(compose_call(env, "tuple", parts, n, &x));
	return compose_finish(env, c, x);
}

/* ---- sums over the elements ---- */

enum norm { NORM_L1, NORM_L2, NORM_L2_SQUARED, NORM_LINF, NORM_LP, NORM_NONE };

static enum norm norm_of(struct str name)
{
	if (str_starts_with(name, STR("L2Squared")))
		return NORM_L2_SQUARED;
	return str_starts_with(name, STR("L1")) ? NORM_L1 : str_starts_with(name, STR("L2")) ? NORM_L2
	       : str_starts_with(name, STR("Linf")) ? NORM_LINF : str_starts_with(name, STR("Lp")) ? NORM_LP : NORM_NONE;
}

/* What one element adds to a norm. */
static enum status term(struct bind_env *env, enum norm norm, struct expr *x, struct expr *p, struct expr **out)
{
	struct expr *magnitude;
	if (norm == NORM_L2 || norm == NORM_L2_SQUARED)
		return call2(env, "multiply", x, x, out);
	TRY(call1(env, "abs", x, &magnitude));
	if (norm == NORM_LINF)
		return call1(env, "toFloat64", magnitude, out);
	if (norm == NORM_LP)
		return call2(env, "pow", magnitude, p, out);
	*out = magnitude;
	return OK;
}

static enum status sum_terms(struct bind_env *env, const char *op, struct expr *const *terms, uint32_t n,
                             struct expr **out)
{
	if (n == 0) {
		struct expr *zero;
		TRY(compose_i64(env, 0, &zero));
		return call1(env, "toUInt8", zero, out);
	}
	*out = terms[0];
	for (uint32_t k = 1; k < n; k++)
		TRY(call2(env, op, *out, terms[k], out));
	return OK;
}

/* The norm of n expressions. */
static enum status norm_expr(struct bind_env *env, const struct call *c, enum norm norm, struct expr *const *xs,
                             uint32_t n, struct expr *p, struct expr **out)
{
	struct expr **terms = ARENA_ARRAY(env->arena, struct expr *, n + 1), *one, *root;
	for (uint32_t k = 0; k < n; k++)
		TRY(term(env, norm, xs[k], p, &terms[k]));
	TRY(sum_terms(env, norm == NORM_LINF ? "greatest" : "plus", terms, n, out));
	if (norm == NORM_L2)
		return call1(env, "sqrt", *out, out);
	if (norm != NORM_LP)
		return OK;
	double power;
	if (p == NULL || !call_const_f64(c, c->arg_count - 1, &power))
		return ERR(env->err, E_ILLEGAL_COLUMN, "The last argument of function %.*s must be a constant number",
		           STR_ARG(c->name));
	if (!(power >= 1))
		return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "The power of function %.*s must not be less than one",
		           STR_ARG(c->name));
	TRY(compose_f64(env, 1, &one));
	TRY(call2(env, "divide", one, p, &root));
	return call2(env, "pow", *out, root, out);
}

static enum status elements_of(struct bind_env *env, struct expr *tuple, struct expr ***out)
{
	uint32_t n = tuple->type->child_count;
	*out = ARENA_ARRAY(env->arena, struct expr *, n + 1);
	for (uint32_t k = 0; k < n; k++)
		TRY(compose_element(env, tuple, k, &(*out)[k]));
	return OK;
}

/* L1Norm, L1Normalize and their fellows. */
static enum status bind_norm(struct bind_env *env, struct call *c)
{
	TRY(need_tuples(env, c, 1));
	uint32_t n = c->arg_types[0]->child_count;
	struct expr *tuple = compose_arg(env, c, 0), *p = c->arg_count > 1 ? compose_arg(env, c, 1) : NULL, **xs, *norm, *x;
	TRY(elements_of(env, tuple, &xs));
	TRY(norm_expr(env, c, norm_of(str_of(c->function->name)), xs, n, p, &norm));
	if (!str_ends_with(str_of(c->function->name), STR("Normalize")))
		return compose_finish(env, c, norm);
	for (uint32_t k = 0; k < n; k++)
		TRY(call2(env, "divide", xs[k], norm, &xs[k]));
	TRY(compose_call(env, "tuple", xs, n, &x));
	return compose_finish(env, c, x);
}

static enum status dot(struct bind_env *env, struct expr *const *a, struct expr *const *b, uint32_t n,
                       struct expr **out)
{
	struct expr **terms = ARENA_ARRAY(env->arena, struct expr *, n + 1);
	for (uint32_t k = 0; k < n; k++)
		TRY(call2(env, "multiply", a[k], b[k], &terms[k]));
	return sum_terms(env, "plus", terms, n, out);
}

/* L1Distance and its fellows, dotProduct, cosineDistance, tupleHammingDistance. */
static enum status bind_distance(struct bind_env *env, struct call *c)
{
	enum norm norm = norm_of(str_of(c->function->name));
	TRY(need_tuples(env, c, 2));
	uint32_t n = c->arg_types[0]->child_count;
	struct expr **a, **b, **d = ARENA_ARRAY(env->arena, struct expr *, n + 1), *x, *y, *z, *one;
	TRY(elements_of(env, compose_arg(env, c, 0), &a));
	TRY(elements_of(env, compose_arg(env, c, 1), &b));
	if (named(c, "dotProduct")) {
		TRY(dot(env, a, b, n, &x));
		return compose_finish(env, c, x);
	}
	if (named(c, "cosineDistance")) {
		TRY(dot(env, a, b, n, &x));
		TRY(norm_expr(env, c, NORM_L2, a, n, NULL, &y));
		TRY(norm_expr(env, c, NORM_L2, b, n, NULL, &z));
		TRY(call2(env, "multiply", y, z, &y));
		TRY(call2(env, "divide", x, y, &x));
		TRY(compose_f64(env, 1, &one));
		TRY(call2(env, "minus", one, x, &x));
		return compose_finish(env, c, x);
	}
	for (uint32_t k = 0; k < n; k++)
		TRY(call2(env, norm == NORM_NONE ? "notEquals" : "minus", a[k], b[k], &d[k]));
	if (norm == NORM_NONE)
		TRY(sum_terms(env, "plus", d, n, &x));
	else
		TRY(norm_expr(env, c, norm, d, n, c->arg_count > 2 ? compose_arg(env, c, 2) : NULL, &x));
	return compose_finish(env, c, x);
}

/* ---- parts and names ---- */

static enum status bind_concat(struct bind_env *env, struct call *c)
{
	uint32_t total = 0, at = 0;
	for (uint32_t i = 0; i < c->arg_count; i++) {
		if (c->arg_types[i]->id != TYPE_TUPLE)
			return call_bad_type(env, c, i);
		total += c->arg_types[i]->child_count;
	}
	struct expr **parts = ARENA_ARRAY(env->arena, struct expr *, total + 1), *x;
	for (uint32_t i = 0; i < c->arg_count; i++) {
		struct expr *tuple = compose_arg(env, c, i);
		for (uint32_t k = 0; k < tuple->type->child_count; k++)
			TRY(compose_element(env, tuple, k, &parts[at++]));
	}
	TRY(compose_call(env, "tuple", parts, total, &x));
	return compose_finish(env, c, x);
}

struct flat_tuple {
	struct expr **parts;
	const struct type **types;
	struct str *names;
	uint32_t count, room;
};

static enum status flatten(struct bind_env *env, struct expr *tuple, struct str prefix, struct flat_tuple *f)
{
	for (uint32_t k = 0; k < tuple->type->child_count; k++) {
		const struct type *t = tuple->type->children[k];
		struct str name = tuple->type->names != NULL ? tuple->type->names[k] : arena_strf(env->arena, "%u", k + 1);
		struct expr *x;
		if (prefix.size != 0)
			name = arena_strf(env->arena, "%.*s.%.*s", STR_ARG(prefix), STR_ARG(name));
		TRY(compose_element(env, tuple, k, &x));
		if (t->id == TYPE_TUPLE && t->names != NULL) {
			TRY(flatten(env, x, name, f));
			continue;
		}
		if (f->count == f->room)
			return ERR(env->err, E_LIMIT_EXCEEDED, "The tuple has more than %u elements", f->room);
		f->parts[f->count] = x;
		f->types[f->count] = t;
		f->names[f->count++] = name;
	}
	return OK;
}

static enum status bind_flatten(struct bind_env *env, struct call *c)
{
	enum { PARTS_MAX = 10000 };
	const struct type *t = c->arg_types[0];
	struct flat_tuple f = {.room = PARTS_MAX};
	struct expr *x;
	if (t->id != TYPE_TUPLE || t->names == NULL)
		return call_bad_type(env, c, 0);
	f.parts = ARENA_ARRAY(env->arena, struct expr *, PARTS_MAX);
	f.types = ARENA_ARRAY(env->arena, const struct type *, PARTS_MAX);
	f.names = ARENA_ARRAY(env->arena, struct str, PARTS_MAX);
	TRY(flatten(env, compose_arg(env, c, 0), STR(""), &f));
	TRY(compose_call(env, "tuple", f.parts, f.count, &x));
	TRY(compose_finish(env, c, x));
	c->result = type_tuple(env->arena, f.types, f.names, f.count);
	return OK;
}

static struct str name_of_element(struct bind_env *env, const struct type *t, uint32_t k)
{
	return t->names != NULL ? t->names[k] : arena_strf(env->arena, "%u", k + 1);
}

/* tupleNames: an array of the names; tupleToNameValuePairs: of pairs with the values. */
static enum status bind_names(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	bool pairs = named(c, "tupleToNameValuePairs");
	TRY(need_tuples(env, c, 1));
	struct expr **items = ARENA_ARRAY(env->arena, struct expr *, t->child_count + 1), *tuple = compose_arg(env, c, 0), *x;
	for (uint32_t k = 0; k < t->child_count; k++) {
		struct expr *pair[2];
		if (pairs && !type_equal(t->children[k], t->children[0]))
			return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT,
			           "The argument tuple for function %.*s must contain just one type", STR_ARG(c->name));
		TRY(compose_text(env, name_of_element(env, t, k), &pair[0]));
		items[k] = pair[0];
		if (!pairs)
			continue;
		TRY(compose_element(env, tuple, k, &pair[1]));
		TRY(compose_call(env, "tuple", pair, 2, &items[k]));
	}
	TRY(compose_call(env, "array", items, t->child_count, &x));
	return compose_finish(env, c, x);
}

#define ROW(row_name, row_aliases, pattern, row_bind, text, sample, answer) \
	FUNCTION_ROW(row_name, row_aliases, FUNCTION_CH, pattern, NULL, row_bind, NULL, text, sample, answer)
#define ELEMENTWISE(row_name, row_aliases, text, sample, answer) \
	ROW(row_name, row_aliases, "**", bind_elementwise, text, sample, answer)

static const struct function rows[] = {
	ELEMENTWISE("tuplePlus", "~vectorSum", "Sums, element by element.", "tuplePlus((1, 2), (3, 4))", "(4,6)"),
	ELEMENTWISE("tupleMinus", "~vectorDifference", "Differences, element by element.", "tupleMinus((5, 5), (1, 2))",
	            "(4,3)"),
	ELEMENTWISE("tupleMultiply", NULL, "Products, element by element.", "tupleMultiply((1, 2), (3, 4))", "(3,8)"),
	ELEMENTWISE("tupleDivide", NULL, "Quotients, element by element.", "tupleDivide((1, 2), (2, 4))", "(0.5,0.5)"),
	ELEMENTWISE("tupleIntDiv", NULL, "Whole quotients, element by element.", "tupleIntDiv((15, 10), (2, 3))", "(7,3)"),
	ELEMENTWISE("tupleIntDivOrZero", NULL, "Whole quotients, 0 where the divisor is 0.",
	            "tupleIntDivOrZero((5, 1), (0, 1))", "(0,1)"),
	ELEMENTWISE("tupleModulo", NULL, "Remainders, element by element.", "tupleModulo((15, 10), (4, 3))", "(3,1)"),
	ELEMENTWISE("tupleMultiplyByNumber", NULL, "Each element times a number.", "tupleMultiplyByNumber((1, 2), 3)",
	            "(3,6)"),
	ELEMENTWISE("tupleDivideByNumber", NULL, "Each element by a number.", "tupleDivideByNumber((1, 2), 2)", "(0.5,1)"),
	ELEMENTWISE("tupleIntDivByNumber", NULL, "Whole quotients by a number.", "tupleIntDivByNumber((15, 10), 4)",
	            "(3,2)"),
	ELEMENTWISE("tupleIntDivOrZeroByNumber", NULL, "Whole quotients by a number, 0 where it is 0.",
	            "tupleIntDivOrZeroByNumber((15, 10), 0)", "(0,0)"),
	ELEMENTWISE("tupleModuloByNumber", NULL, "Remainders by a number.", "tupleModuloByNumber((15, 10), 4)", "(3,2)"),
	ELEMENTWISE("tuplePositiveModuloByNumber", NULL, "Remainders by a number, never negative.",
	            "tuplePositiveModuloByNumber((-15, 10), 4)", "(1,2)"),
	ROW("modulo", NULL, "P*", bind_elementwise, "Remainders of the elements.", "(7, 8) % 3", "(1,2)"),
	ROW("intDiv", NULL, "P*", bind_elementwise, "Whole quotients of the elements.", "intDiv((7, 8), 3)", "(2,2)"),
	ROW("tupleNegate", NULL, "*", bind_elementwise, "Each element negated.", "tupleNegate((1, -2))", "(-1,2)"),
	ROW("negate", NULL, "P", bind_elementwise, "Each element negated.", "-(1, -2)", "(-1,2)"),
	ROW("L1Norm", "~normL1", "P", bind_norm, "The sum of the absolute values.", "L1Norm((3, -4))", "7"),
	ROW("L2Norm", "~normL2", "P", bind_norm, "The square root of the sum of squares.", "L2Norm((3, 4))", "5"),
	ROW("L2SquaredNorm", "~normL2Squared", "P", bind_norm, "The sum of squares.", "L2SquaredNorm((3, 4))", "25"),
	ROW("LinfNorm", "~normLinf", "P", bind_norm, "The greatest absolute value.", "LinfNorm((3, -4))", "4"),
	ROW("LpNorm", "~normLp", "P*", bind_norm, "The p-th root of the sum of p-th powers.", "LpNorm((3, 4), 2)", "5"),
	ROW("L1Normalize", "~normalizeL1", "P", bind_norm, "The unit vector by L1Norm.", "L1Normalize((3, 1))",
	    "(0.75,0.25)"),
	ROW("L2Normalize", "~normalizeL2", "P", bind_norm, "The unit vector by L2Norm.", "L2Normalize((3, 4))", "(0.6,0.8)"),
	ROW("LinfNormalize", "~normalizeLinf", "P", bind_norm, "The unit vector by LinfNorm.", "LinfNormalize((3, 4))",
	    "(0.75,1)"),
	ROW("LpNormalize", "~normalizeLp", "P*", bind_norm, "The unit vector by LpNorm.", "LpNormalize((3, 4), 2)",
	    "(0.6,0.8)"),
	ROW("L1Distance", "~distanceL1", "PP", bind_distance, "L1Norm of the difference.", "L1Distance((1, 2), (2, 4))",
	    "3"),
	ROW("L2Distance", "~distanceL2", "PP", bind_distance, "L2Norm of the difference.", "L2Distance((1, 1), (4, 5))",
	    "5"),
	ROW("L2SquaredDistance", "~distanceL2Squared", "PP", bind_distance, "L2SquaredNorm of the difference.",
	    "L2SquaredDistance((1, 2), (2, 4))", "5"),
	ROW("LinfDistance", "~distanceLinf", "PP", bind_distance, "LinfNorm of the difference.",
	    "LinfDistance((1, 2), (2, 4))", "2"),
	ROW("LpDistance", "~distanceLp", "PP*", bind_distance, "LpNorm of the difference.",
	    "LpDistance((1, 1), (4, 5), 2)", "5"),
	ROW("cosineDistance", "~distanceCosine", "PP", bind_distance, "One minus the cosine of the angle.",
	    "cosineDistance((1, 0), (0, 1))", "1"),
	ROW("dotProduct", "~scalarProduct", "PP", bind_distance, "The sum of the products.", "dotProduct((1, 2), (3, 4))",
	    "11"),
	ROW("tupleHammingDistance", NULL, "PP", bind_distance, "How many elements differ.",
	    "tupleHammingDistance((1, 2), (1, 3))", "1"),
	ROW("tupleConcat", NULL, "P+", bind_concat, "Tuples after each other.", "tupleConcat((1, 2), tuple('a'))",
	    "(1,2,'a')"),
	ROW("flattenTuple", NULL, "P", bind_flatten, "Named tuples in a named tuple as one.",
	    "flattenTuple(((1, 2), 3)::Tuple(t Tuple(a Int8, b Int8), c Int8))", "(1,2,3)"),
	ROW("tupleNames", NULL, "P", bind_names, "The names of the elements.", "tupleNames((1, 2)::Tuple(a Int8, b Int8))",
	    "['a','b']"),
	ROW("tupleToNameValuePairs", NULL, "P", bind_names, "An array of pairs (name, value).",
	    "tupleToNameValuePairs((1, 2)::Tuple(a Int8, b Int8))", "[('a',1),('b',2)]"),
};

FUNCTION_FAMILY(tuple, "Tuples");

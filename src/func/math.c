// SPDX-License-Identifier: Apache-2.0
/* Mathematical functions over Float64, in both dialects: PostgreSQL's complain where ClickHouse's give NaN or infinity.
 * */
#include <assert.h>
#include <math.h>

#include "func/arith_impl.h"
#include "func/select_rows.h"
#include "func/subcall.h"

typedef double (*unary_fn)(double);
typedef double (*binary_fn)(double, double);

static double degrees_of(double x)
{
	return x * (180 / M_PI);
}

static double radians_of(double x)
{
	return x * (M_PI / 180);
}

static double cotangent(double x)
{
	return 1 / tan(x);
}

static double sigmoid(double x)
{
	return 1 / (1 + exp(-x));
}

static double exp10_of(double x)
{
	return pow(10, x);
}

/* Exact at the multiples of 30 and 45 degrees that PostgreSQL's sind() and its like promise. */
static double sine_degrees(double x)
{
	double r = fmod(x, 360);
	if (r == 30 || r == 150 || r == -210 || r == -330)
		return 0.5;
	if (r == 210 || r == 330 || r == -30 || r == -150)
		return -0.5;
	return fmod(r, 180) == 0 ? 0 : sin(radians_of(r));
}

static double cosine_degrees(double x)
{
	return sine_degrees(x + 90);
}

/* To the nearest double, which the C library's misses by one at times. */
static double cube_root(double x)
{
	return (double)cbrtl(x);
}

static double logarithm_to(double base, double x)
{
	return log(x) / log(base);
}

static const struct {
	const char *name;
	unary_fn fn;
} unary[] = {
	{"sqrt", sqrt}, {"|/", sqrt}, {"cbrt", cube_root}, {"||/", cbrt}, {"exp", exp}, {"exp2", exp2}, {"exp10", exp10_of},
	{"log", log}, {"ln", log}, {"log2", log2}, {"log10", log10}, {"sin", sin}, {"cos", cos}, {"tan", tan},
	{"cot", cotangent},
	{"asin", asin}, {"acos", acos}, {"atan", atan}, {"sinh", sinh}, {"cosh", cosh}, {"tanh", tanh}, {"asinh", asinh},
	{"acosh", acosh}, {"atanh", atanh}, {"log1p", log1p}, {"erf", erf}, {"erfc", erfc}, {"lgamma", lgamma},
	{"tgamma", tgamma}, {"degrees", degrees_of}, {"radians", radians_of}, {"sigmoid", sigmoid}, {"sind", sine_degrees},
	{"cosd", cosine_degrees},
};

static const struct {
	const char *name;
	binary_fn fn;
} binary[] = {{"log", logarithm_to}, {"pow", pow}, {"power", pow}, {"^", pow}, {"atan2", atan2}, {"hypot", hypot}};

/* ---- one argument ---- */

static enum status exec_unary(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	unary_fn fn = *(const unary_fn *)c->state;
	const double *in = args[0]->data;
	TRY(call_result(c, e, count, out));
	double *to = (*out)->data;
	if (fn == (unary_fn)sqrt)
		for (uint32_t i = 0; i < count; i++)
			to[i] = __builtin_sqrt(in[i]);
	else
		for (uint32_t i = 0; i < count; i++)
			to[i] = fn(in[i]);
	return OK;
}

static enum status pg_complaint(const struct call *c, struct eval *e, double x, double r)
{
	const char *name = c->function->name;
	bool logarithm = name[0] == 'l';
	if (isnan(x))
		return OK;
	if (logarithm && x <= 0)
		return ERR(e->err, E_INVALID_LOGARITHM,
		           x == 0 ? "cannot take logarithm of zero" : "cannot take logarithm of a negative number");
	if (isnan(r) && (strcmp(name, "sqrt") == 0 || strcmp(name, "|/") == 0))
		return ERR(e->err, E_INVALID_POWER, "cannot take square root of a negative number");
	if (isnan(r))
		return ERR(e->err, E_OUT_OF_RANGE, "input is out of range");
	if (isinf(r) && !isinf(x) && strcmp(name, "cot") != 0)
		return ERR(e->err, E_OUT_OF_RANGE, "value out of range: overflow");
	if (r == 0 && strcmp(name, "exp") == 0 && !isinf(x))
		return ERR(e->err, E_OUT_OF_RANGE, "value out of range: underflow");
	return OK;
}

static enum status exec_unary_pg(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	TRY(exec_unary(c, e, args, count, out));
	const double *in = args[0]->data, *r = (*out)->data;
	for (uint32_t i = 0; i < count; i++) {
		if (likely(isfinite(r[i]) && r[i] != 0) || eval_skips(e, i))
			continue;
		enum status s = pg_complaint(c, e, in[i], r[i]);
		if (s != OK) {
			vector_unref(*out);
			*out = NULL;
			return s;
		}
	}
	return OK;
}

static enum status bind_unary(struct bind_env *env, struct call *c)
{
	const char *name = c->function->name;
	bool pg = c->function->flags == FUNCTION_PG;
	if (pg && strcmp(name, "log") == 0)
		name = "log10";
	if (pg && strcmp(name, "cbrt") == 0) /* as the C library has it */
		name = "||/";
	for (size_t i = 0; i < ARRAY_COUNT(unary); i++)
		if (strcmp(unary[i].name, name) == 0)
			c->state = (void *)&unary[i].fn;
	assert(c->state != NULL);
	c->exec = pg ? exec_unary_pg : exec_unary;
	return OK;
}

/* ---- two arguments ---- */

static enum status exec_binary(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	binary_fn fn = *(const binary_fn *)c->state;
	bool pg = c->function->flags == FUNCTION_PG, power = fn == (binary_fn)pow;
	const double *a = args[0]->data, *b = args[1]->data;
	size_t sa = args[0]->form == VECTOR_CONST ? 0 : 1, sb = args[1]->form == VECTOR_CONST ? 0 : 1;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	double *to = v->data;
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		double x = a[i * sa], y = b[i * sb];
		to[i] = power && y == 2 ? x * x : fn(x, y);
		if (!pg || !power || likely(isfinite(to[i]) && to[i] != 0) || eval_skips(e, i))
			continue;
		if (x == 0 && y < 0)
			s = ERR(e->err, E_INVALID_POWER, "zero raised to a negative power is undefined");
		else if (isnan(to[i]) && !isnan(x) && !isnan(y))
			s = ERR(e->err, E_INVALID_POWER, "a negative number raised to a non-integer power yields a complex result");
		else if (isinf(to[i]) && !isinf(x) && !isinf(y))
			s = ERR(e->err, E_OUT_OF_RANGE, "value out of range: overflow");
		else if (to[i] == 0 && x != 0 && !isinf(x) && !isinf(y))
			s = ERR(e->err, E_OUT_OF_RANGE, "value out of range: underflow");
	}
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status bind_binary(struct bind_env *env, struct call *c)
{
	for (size_t i = 0; i < ARRAY_COUNT(binary); i++)
		if (strcmp(binary[i].name, c->function->name) == 0)
			c->state = (void *)&binary[i].fn;
	assert(c->state != NULL);
	return OK;
}

/* ---- constants ---- */

static enum status exec_constant(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++)
		((double *)(*out)->data)[i] = c->function->name[0] == 'p' ? M_PI : M_E;
	return OK;
}

/* ---- signs and kinds of numbers ---- */

static enum status exec_sign(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	struct operand a = operand_of(args[0]);
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		double d;
		int8_t r;
		if (a.physical == PHYS_F32 || a.physical == PHYS_F64) {
			kernels()->cast[a.physical][PHYS_F64](&d, a.data + i * a.step, 1);
			r = (int8_t)((d > 0) - (d < 0));
		} else {
			i256 v;
			kernels()->cast[a.physical][PHYS_I256](&v, a.data + i * a.step, 1);
			bool zero = (v.limb[0] | v.limb[1] | v.limb[2] | v.limb[3]) == 0;
			r = zero ? 0 : i256_negative(v) && a.physical != PHYS_U256 ? -1 : 1;
		}
		((int8_t *)(*out)->data)[i] = r;
	}
	return OK;
}

static enum status bind_sign(struct bind_env *env, struct call *c)
{
	return c->arg_types[0]->id == TYPE_NUMERIC ? call_bad_type(env, c, 0) : OK;
}

static enum status exec_sign_pg(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	const double *in = args[0]->data;
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++)
		((double *)(*out)->data)[i] = isnan(in[i]) ? in[i] : (in[i] > 0) - (in[i] < 0);
	return OK;
}

/* isNaN, isFinite, isInfinite */
static enum status exec_classify(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	char kind = c->function->name[2];
	struct operand a = operand_of(args[0]);
	bool floats = a.physical == PHYS_F32 || a.physical == PHYS_F64;
	TRY(call_result(c, e, count, out));
	uint8_t *to = (*out)->data;
	for (uint32_t i = 0; i < count; i++) {
		double d = 0;
		if (floats)
			kernels()->cast[a.physical][PHYS_F64](&d, a.data + i * a.step, 1);
		to[i] = kind == 'N' ? isnan(d) : kind == 'F' ? isfinite(d) : isinf(d) != 0;
	}
	return OK;
}

static enum status exec_if_not_finite(const struct call *c, struct eval *e, const struct vector *const *args,
                                      uint32_t count, struct vector **out)
{
	struct operand a = operand_of(args[0]);
	bool floats = a.physical == PHYS_F32 || a.physical == PHYS_F64;
	uint8_t *mask = ARENA_ARRAY(e->scratch, uint8_t, count + 1);
	for (uint32_t i = 0; i < count; i++) {
		double d = 0;
		if (floats)
			kernels()->cast[a.physical][PHYS_F64](&d, a.data + i * a.step, 1);
		mask[i] = isfinite(d) != 0;
	}
	return select_by_mask(e, c->result, mask, args[0], args[1], count, out);
}

/* ---- integers ---- */

static enum status exec_factorial(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	const int64_t *in = args[0]->data;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		uint64_t r = 1;
		if (in[i] > 20 && !eval_skips(e, i)) {
			vector_unref(v);
			return ERR(e->err, E_BAD_ARGUMENTS, "The maximum value for the input argument of function factorial is 20");
		}
		for (int64_t k = 2; k <= in[i] && k <= 20; k++)
			r *= (uint64_t)k;
		((uint64_t *)v->data)[i] = r;
	}
	*out = v;
	return OK;
}

/* intExp2, intExp10: saturating */
static enum status exec_int_exp(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	const double *in = args[0]->data;
	bool two = strcmp(c->function->name, "intExp2") == 0;
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		uint64_t *to = (uint64_t *)(*out)->data + i;
		double x = in[i], limit = two ? 64 : 20;
		if (isnan(x) || x < 0)
			*to = 0;
		else if (x >= limit)
			*to = UINT64_MAX;
		else
			*to = two ? (uint64_t)1 << (unsigned)x : pow10_u64((unsigned)x);
	}
	return OK;
}

/* width_bucket(x, low, high, n): 0 below, n + 1 above */
static enum status exec_width_bucket(const struct call *c, struct eval *e, const struct vector *const *args,
                                     uint32_t count, struct vector **out)
{
	struct operand o[4];
	enum physical to = type_physical(c->result);
	size_t width = physical_size(to);
	bool pg = e->session->dialect == DIALECT_POSTGRESQL;
	struct vector *v;
	for (int k = 0; k < 4; k++)
		o[k] = operand_of(args[k]);
	TRY(call_result(c, e, count, &v));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		double x[3];
		int64_t n, r;
		for (int k = 0; k < 3; k++)
			memcpy(&x[k], o[k].data + i * o[k].step, sizeof x[k]);
		memcpy(&n, o[3].data + i * o[3].step, sizeof n);
		bool skipped = eval_skips(e, i);
		if (!skipped && n <= 0)
			s = ERR(e->err, E_INVALID_WIDTH_BUCKET, "count must be greater than zero");
		else if (!skipped && pg && x[1] == x[2])
			s = ERR(e->err, E_INVALID_WIDTH_BUCKET, "lower bound cannot equal upper bound");
		else if (!skipped && (isnan(x[0]) || !isfinite(x[1]) || !isfinite(x[2])))
			s = ERR(e->err, E_INVALID_WIDTH_BUCKET, "operand, lower bound, and upper bound cannot be NaN");
		double low = x[1], high = x[2], at = x[0];
		if (low < high)
			r = at < low ? 0 : at >= high ? n + 1 : (int64_t)((double)n * ((at - low) / (high - low))) + 1;
		else
			r = at > low ? 0 : at <= high ? n + 1 : (int64_t)((double)n * ((low - at) / (low - high))) + 1;
		kernels()->cast[PHYS_I64][to]((char *)v->data + i * width, &r, 1);
	}
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status bind_width_bucket(struct bind_env *env, struct call *c)
{
	const struct type *n = c->arg_types[3];
	if (env->session->dialect == DIALECT_POSTGRESQL)
		c->result = type_simple(TYPE_INT32);
	else
		c->result = arith_integer(false, arith_next_size(physical_size(type_physical(n))));
	c->arg_types[3] = type_simple(TYPE_INT64);
	return OK;
}

/* ---- clamp ---- */

struct clamp {
	struct subcall *least, *greatest, *ordered;
};

static enum status bind_clamp(struct bind_env *env, struct call *c)
{
	struct clamp *k = ARENA_NEW(env->arena, struct clamp);
	const struct type *common = c->arg_types[0], *pair[2] = {common, common};
	TRY(subcall_bind(env, STR("least"), pair, NULL, 2, &k->least));
	TRY(subcall_bind(env, STR("greatest"), pair, NULL, 2, &k->greatest));
	TRY(subcall_bind(env, STR("lessOrEquals"), pair, NULL, 2, &k->ordered));
	c->state = k;
	return OK;
}

static enum status exec_clamp(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const struct clamp *k = c->state;
	struct vector *ordered = NULL, *flat = NULL, *above = NULL;
	enum status s = subcall_run(k->ordered, e, (const struct vector *[]){args[1], args[2]}, count, &ordered);
	if (s == OK)
		s = vector_flatten(e->track, ordered, &flat, e->err);
	for (uint32_t i = 0; s == OK && i < count; i++)
		if (!((const uint8_t *)flat->data)[i] && !eval_skips(e, i))
			s = ERR(e->err, E_BAD_ARGUMENTS, "The minimum value cannot be greater than the maximum value");
	if (s == OK)
		s = subcall_run(k->greatest, e, (const struct vector *[]){args[0], args[1]}, count, &above);
	if (s == OK)
		s = subcall_run(k->least, e, (const struct vector *[]){above, args[2]}, count, out);
	vector_unref(ordered);
	vector_unref(flat);
	vector_unref(above);
	return s;
}

#define UNARY(fname, flags_, what, value, answer) \
	{.name = fname, .flags = flags_, .args = "F", .result = "Float64", .bind = bind_unary, .description = what, \
	 .example = fname "(" value ")", .example_result = answer}
#define CH_ANY_CASE (FUNCTION_CH | FUNCTION_NOCASE)

static const struct function rows[] = {
	UNARY("sqrt", CH_ANY_CASE, "The square root.", "16", "4"),
	UNARY("sqrt", FUNCTION_PG, "The square root.", "2", "1.4142135623730951"),
	UNARY("cbrt", FUNCTION_CH, "The cube root.", "8", "2"),
	UNARY("cbrt", FUNCTION_PG, "The cube root.", "8", "2"),
	UNARY("exp", CH_ANY_CASE, "e to that power.", "1", "2.718281828459045"),
	UNARY("exp", FUNCTION_PG, "e to that power.", "1", "2.718281828459045"),
	UNARY("exp2", CH_ANY_CASE, "2 to that power.", "3", "8"),
	UNARY("exp10", CH_ANY_CASE, "10 to that power.", "2", "100"),
	UNARY("log", CH_ANY_CASE, "The natural logarithm.", "10", "2.302585092994046"),
	UNARY("log", FUNCTION_PG, "The decimal logarithm.", "100", "2"),
	UNARY("ln", CH_ANY_CASE, "The natural logarithm.", "10", "2.302585092994046"),
	UNARY("ln", FUNCTION_PG, "The natural logarithm.", "10", "2.302585092994046"),
	UNARY("log2", CH_ANY_CASE, "The logarithm to base 2.", "8", "3"),
	UNARY("log10", CH_ANY_CASE, "The decimal logarithm.", "100", "2"),
	UNARY("log10", FUNCTION_PG, "The decimal logarithm.", "100", "2"),
	UNARY("log1p", FUNCTION_CH, "log(1 + x), exact near 0.", "0", "0"),
	UNARY("sin", CH_ANY_CASE, "The sine.", "0", "0"),
	UNARY("cos", CH_ANY_CASE, "The cosine.", "0", "1"),
	UNARY("tan", CH_ANY_CASE, "The tangent.", "0", "0"),
	UNARY("asin", CH_ANY_CASE, "The arc sine.", "0", "0"),
	UNARY("acos", CH_ANY_CASE, "The arc cosine.", "1", "0"),
	UNARY("atan", CH_ANY_CASE, "The arc tangent.", "0", "0"),
	UNARY("sinh", FUNCTION_BOTH, "The hyperbolic sine.", "0", "0"),
	UNARY("cosh", FUNCTION_BOTH, "The hyperbolic cosine.", "0", "1"),
	UNARY("tanh", FUNCTION_BOTH, "The hyperbolic tangent.", "0", "0"),
	UNARY("asinh", FUNCTION_BOTH, "The inverse hyperbolic sine.", "0", "0"),
	UNARY("acosh", FUNCTION_BOTH, "The inverse hyperbolic cosine.", "1", "0"),
	UNARY("atanh", FUNCTION_BOTH, "The inverse hyperbolic tangent.", "0", "0"),
	UNARY("sin", FUNCTION_PG, "The sine.", "0", "0"),
	UNARY("cos", FUNCTION_PG, "The cosine.", "0", "1"),
	UNARY("tan", FUNCTION_PG, "The tangent.", "0", "0"),
	UNARY("cot", FUNCTION_PG, "The cotangent.", "1", "0.6420926159343306"),
	UNARY("asin", FUNCTION_PG, "The arc sine.", "0", "0"),
	UNARY("acos", FUNCTION_PG, "The arc cosine.", "1", "0"),
	UNARY("atan", FUNCTION_PG, "The arc tangent.", "0", "0"),
	UNARY("sind", FUNCTION_PG, "The sine of degrees.", "30", "0.5"),
	UNARY("cosd", FUNCTION_PG, "The cosine of degrees.", "60", "0.5"),
	UNARY("erf", FUNCTION_CH, "The error function.", "0", "0"),
	UNARY("erfc", FUNCTION_CH, "1 - erf(x).", "0", "1"),
	UNARY("lgamma", FUNCTION_CH, "The logarithm of the gamma function.", "1", "0"),
	UNARY("tgamma", FUNCTION_CH, "The gamma function.", "5", "24"),
	UNARY("sigmoid", FUNCTION_CH, "1 / (1 + exp(-x)).", "0", "0.5"),
	UNARY("degrees", FUNCTION_BOTH | FUNCTION_NOCASE, "Radians in degrees.", "pi()", "180"),
	UNARY("radians", FUNCTION_BOTH | FUNCTION_NOCASE, "Degrees in radians.", "180", "3.141592653589793"),
	{.name = "log", .flags = FUNCTION_PG, .args = "FF", .result = "Float64", .bind = bind_binary, .exec = exec_binary,
	 .description = "The logarithm of the second to the base of the first.", .example = "log(2, 8)",
	 	.example_result = "3"},
	{.name = "|/", .flags = FUNCTION_PG, .args = "F", .result = "Float64", .bind = bind_unary,
	 .description = "The square root.", .example = "|/ 16", .example_result = "4"},
	{.name = "||/", .flags = FUNCTION_PG, .args = "F", .result = "Float64", .bind = bind_unary,
	 .description = "The cube root.", .example = "||/ 8", .example_result = "2"},
	{.name = "pow", .aliases = "~power", .flags = CH_ANY_CASE, .args = "FF", .result = "Float64", .bind = bind_binary,
	 .exec = exec_binary, .description = "The first to the power of the second.", .example = "pow(2, 10)",
	 .example_result = "1024"},
	{.name = "power", .aliases = "pow", .flags = FUNCTION_PG, .args = "FF", .result = "Float64", .bind = bind_binary,
	 .exec = exec_binary, .description = "The first to the power of the second.", .example = "power(2, 10)",
	 .example_result = "1024"},
	{.name = "^", .flags = FUNCTION_PG, .args = "FF", .result = "Float64", .bind = bind_binary, .exec = exec_binary,
	 .description = "The first to the power of the second.", .example = "2 ^ 10", .example_result = "1024"},
	{.name = "atan2", .flags = FUNCTION_BOTH, .args = "FF", .result = "Float64", .bind = bind_binary, .exec = exec_binary,
	 .description = "The angle of a point, y first.", .example = "atan2(0, 1)", .example_result = "0"},
	{.name = "hypot", .flags = FUNCTION_CH, .args = "FF", .result = "Float64", .bind = bind_binary, .exec = exec_binary,
	 .description = "The length of the hypotenuse.", .example = "hypot(3, 4)", .example_result = "5"},
	{.name = "pi", .flags = FUNCTION_BOTH | FUNCTION_NOCASE, .args = "", .result = "Float64", .exec = exec_constant,
	 .description = "Pi.", .example = "pi()", .example_result = "3.141592653589793"},
	{.name = "e", .flags = FUNCTION_CH, .args = "", .result = "Float64", .exec = exec_constant,
	 .description = "Euler's number.", .example = "e()", .example_result = "2.718281828459045"},
	{.name = "sign", .flags = CH_ANY_CASE, .args = "N", .result = "Int8", .bind = bind_sign, .exec = exec_sign,
	 .description = "-1, 0 or 1.", .example = "sign(-5)", .example_result = "-1"},
	{.name = "sign", .flags = FUNCTION_PG, .args = "F", .result = "Float64", .exec = exec_sign_pg,
	 .description = "-1, 0 or 1.", .example = "sign(-5)", .example_result = "-1"},
	{.name = "isNaN", .flags = FUNCTION_CH, .args = "N", .result = "UInt8", .exec = exec_classify,
	 .description = "Whether it is no number.", .example = "isNaN(0 / 0)", .example_result = "1"},
	{.name = "isFinite", .flags = FUNCTION_CH, .args = "N", .result = "UInt8", .exec = exec_classify,
	 .description = "Whether it is a finite number.", .example = "isFinite(1 / 0)", .example_result = "0"},
	{.name = "isInfinite", .flags = FUNCTION_CH, .args = "N", .result = "UInt8", .exec = exec_classify,
	 .description = "Whether it is an infinity.", .example = "isInfinite(1 / 0)", .example_result = "1"},
	{.name = "ifNotFinite", .flags = FUNCTION_CH, .args = "XX", .result = "=X", .exec = exec_if_not_finite,
	 .description = "The first where it is finite, else the second.", .example = "ifNotFinite(1 / 0, 42)",
	 .example_result = "42"},
	{.name = "factorial", .flags = CH_ANY_CASE, .args = "J", .result = "UInt64", .exec = exec_factorial,
	 .description = "n!, for n up to 20.", .example = "factorial(5)", .example_result = "120"},
	{.name = "intExp2", .flags = FUNCTION_CH, .args = "F", .result = "UInt64", .exec = exec_int_exp,
	 .description = "2 to that power as an integer.", .example = "intExp2(3)", .example_result = "8"},
	{.name = "intExp10", .flags = FUNCTION_CH, .args = "F", .result = "UInt64", .exec = exec_int_exp,
	 .description = "10 to that power as an integer.", .example = "intExp10(2)", .example_result = "100"},
	{.name = "widthBucket", .aliases = "~width_bucket", .flags = FUNCTION_BOTH, .args = "FFFI", .bind = bind_width_bucket,
	 .exec = exec_width_bucket, .description =
	 	"The number of the bucket, of n between low and high, that a value falls into.",
	 .example = "widthBucket(10.15, -8.6, 23, 10)", .example_result = "6"},
	{.name = "clamp", .flags = FUNCTION_CH, .args = "XXX", .result = "=X", .bind = bind_clamp, .exec = exec_clamp,
	 .description = "The value, or the bound that it passes.", .example = "clamp(5, 1, 3)", .example_result = "3"},
};

FUNCTION_FAMILY(math, "Mathematics");

// SPDX-License-Identifier: Apache-2.0
/*
 * Random numbers, texts and UUIDs. Each task has its generator in struct eval (splitmix64: G. Steele, D. Lea,
 * C. Flood, "Fast splittable pseudorandom number generators", 2014); nothing here is fit for secrets.
 */
#include <assert.h>
#include <math.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "func/function.h"

static uint64_t next_random(struct eval *e)
{
	uint64_t z = e->random += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* [0, 1) */
static double next_unit(struct eval *e)
{
	return (double)(next_random(e) >> 11) * 0x1p-53;
}

static enum status exec_integers(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	TRY(call_result(c, e, count, out));
	if (type_physical(c->result) == PHYS_U64)
		for (uint32_t i = 0; i < count; i++)
			((uint64_t *)(*out)->data)[i] = next_random(e);
	else
		for (uint32_t i = 0; i < count; i++)
			((uint32_t *)(*out)->data)[i] = (uint32_t)(next_random(e) >> 32);
	return OK;
}

/* One number for the whole query. */
static enum status exec_constant(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	struct eval seed = {.random = e->session->random_seed};
	uint32_t v = (uint32_t)next_random(&seed);
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++)
		((uint32_t *)(*out)->data)[i] = v;
	return OK;
}

static enum status exec_units(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++)
		((double *)(*out)->data)[i] = next_unit(e);
	return OK;
}

/* ---- distributions ---- */

/* By G. Box and M. Muller's transform of two units. */
static double next_normal(struct eval *e)
{
	double u = 1 - next_unit(e), v = next_unit(e);
	return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

static double draw(const char *name, struct eval *e, double a, double b)
{
	if (strcmp(name, "randUniform") == 0)
		return a + (b - a) * next_unit(e);
	if (strcmp(name, "randNormal") == 0)
		return a + b * next_normal(e);
	if (strcmp(name, "randLogNormal") == 0)
		return exp(a + b * next_normal(e));
	assert(strcmp(name, "randExponential") == 0);
	return -log(1 - next_unit(e)) / a;
}

static enum status exec_distribution(const struct call *c, struct eval *e, const struct vector *const *args,
                                     uint32_t count, struct vector **out)
{
	double a = *(const double *)args[0]->data, b = c->arg_count > 1 ? *(const double *)args[1]->data : 0;
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++)
		((double *)(*out)->data)[i] = draw(c->function->name, e, a, b);
	return OK;
}

static enum status exec_bernoulli(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	double p = *(const double *)args[0]->data;
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++)
		((uint8_t *)(*out)->data)[i] = next_unit(e) < p;
	return OK;
}

/* One of k with the chance that it has; by adding up waiting times. */
static uint64_t draw_poisson(struct eval *e, double mean)
{
	/* means beyond this are drawn in halves, so that no logarithm of a sum is lost */
	enum { STEP = 500 };
	uint64_t n = 0;
	for (double left = mean; left > 0; left -= STEP) {
		double part = left < STEP ? left : STEP, sum = 0;
		for (sum = -log(1 - next_unit(e)); sum < part; sum -= log(1 - next_unit(e)))
			n++;
	}
	return n;
}

/* G. Marsaglia and W. Tsang, "A simple method for generating gamma variables", 2000. */
static double draw_gamma(struct eval *e, double shape)
{
	if (shape < 1)
		return draw_gamma(e, shape + 1) * pow(1 - next_unit(e), 1 / shape);
	double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
	for (;;) {
		double x = next_normal(e), v = 1 + c * x;
		if (v <= 0)
			continue;
		v = v * v * v;
		if (log(1 - next_unit(e)) < x * x / 2 + d - d * v + d * log(v))
			return d * v;
	}
}

enum { TRIALS_MAX = 100000000 };

static uint64_t draw_count(const char *name, struct eval *e, double a, double b)
{
	uint64_t n = 0;
	if (strcmp(name, "randPoisson") == 0)
		return draw_poisson(e, a);
	if (strcmp(name, "randNegativeBinomial") == 0)
		return b >= 1 ? 0 : draw_poisson(e, draw_gamma(e, a) * (1 - b) / b);
	for (uint64_t i = 0; i < (uint64_t)a; i++)
		n += next_unit(e) < b;
	return n;
}

static enum status exec_count(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	double a = *(const double *)args[0]->data, b = c->arg_count > 1 ? *(const double *)args[1]->data : 0;
	bool chance = c->arg_count > 1;
	if (!(a > 0) || a > TRIALS_MAX || (chance && !(b >= 0 && b <= 1)) ||
	    (b == 0 && strcmp(c->function->name, "randNegativeBinomial") == 0))
		return ERR(e->err, E_BAD_ARGUMENTS, "Arguments of function %.*s are out of their range", STR_ARG(c->name));
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++)
		((uint64_t *)(*out)->data)[i] = draw_count(c->function->name, e, a, b);
	return OK;
}

static double draw_of_gammas(const char *name, struct eval *e, double a, double b)
{
	double square = 2 * draw_gamma(e, a / 2);
	if (strcmp(name, "randChiSquared") == 0)
		return square;
	if (strcmp(name, "randStudentT") == 0)
		return next_normal(e) / sqrt(square / a);
	return square / a / (2 * draw_gamma(e, b / 2) / b);
}

static enum status exec_of_gammas(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	double a = *(const double *)args[0]->data, b = c->arg_count > 1 ? *(const double *)args[1]->data : 1;
	if (!(a > 0) || !(b > 0))
		return ERR(e->err, E_BAD_ARGUMENTS, "Arguments of function %.*s must be greater than 0", STR_ARG(c->name));
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++)
		((double *)(*out)->data)[i] = draw_of_gammas(c->function->name, e, a, b);
	return OK;
}

/* ---- texts ---- */

static enum status exec_fixed_text(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	struct strbuf text;
	uint32_t *ends = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
	strbuf_init(&text, e->track);
	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t k = 0; k < c->result->length; k++)
			strbuf_putc(&text, (char)next_random(e));
		ends[i] = (uint32_t)text.size;
	}
	enum status s = call_strings(c, e, &text, ends, count, out);
	strbuf_fini(&text);
	return s;
}

static enum status bind_fixed_text(struct bind_env *env, struct call *c)
{
	int64_t length;
	if (!type_is_integer(c->arg_types[0]) || type_is_signed(c->arg_types[0]))
		return call_bad_type(env, c, 0);
	if (!call_const_i64(c, 0, &length))
		return ERR(env->err, E_ILLEGAL_COLUMN, "The argument of function %.*s must be a constant", STR_ARG(c->name));
	if (length <= 0)
		return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "FixedString size must be positive");
	if (length > 1 << 24)
		return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "FixedString size is too large");
	c->result = type_fixed_string(env->arena, (uint32_t)length);
	return OK;
}

/* Characters of the whole Unicode but surrogates. */
static void put_random_character(struct eval *e, struct strbuf *to)
{
	char bytes[4];
	uint32_t x;
	do
		x = 1 + (uint32_t)(next_random(e) % 0x10ffff);
	while (x >= 0xd800 && x < 0xe000);
	strbuf_put(to, bytes, utf8_encode(x, bytes));
}

static enum status exec_text(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	bool printable = strcmp(c->function->name, "randomPrintableASCII") == 0;
	bool utf8 = strcmp(c->function->name, "randomStringUTF8") == 0;
	const uint64_t *sizes = args[0]->data;
	size_t step = args[0]->form != VECTOR_CONST;
	uint32_t *ends = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
	struct strbuf text;
	enum status s = OK;
	strbuf_init(&text, e->track);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint64_t size = eval_skips(e, i) ? 0 : sizes[i * step];
		if (size > 1 << 24)
			s = ERR(e->err, E_STRING_TOO_LONG, "Too large string size in function %.*s", STR_ARG(c->name));
		for (uint64_t k = 0; k < size && s == OK; k++) {
			if (utf8) {
				put_random_character(e, &text);
				continue;
			}
			uint64_t r = next_random(e);
			strbuf_putc(&text, printable ? (char)(' ' + r % 95) : (char)r);
		}
		ends[i] = (uint32_t)text.size;
	}
	if (s == OK)
		s = call_strings(c, e, &text, ends, count, out);
	strbuf_fini(&text);
	return s;
}

/* ---- UUIDs: the first eight bytes are the low half of the number, most significant first ---- */

enum { VERSION_SHIFT = 12 };
static const uint64_t variant = (uint64_t)2 << 62;

static enum status exec_uuid4(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		uint64_t half[2] = {next_random(e), next_random(e)};
		half[0] = (half[0] & ~((uint64_t)0xf << VERSION_SHIFT)) | (uint64_t)4 << VERSION_SHIFT;
		half[1] = (half[1] & low_mask64(62)) | variant;
		memcpy((char *)(*out)->data + i * 16, half, 16);
	}
	return OK;
}

/* Milliseconds, then a counter that rises within a block, then random bits. */
static enum status exec_uuid7(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	uint64_t ms = (uint64_t)(clock_wall_us() / 1000), counter = next_random(e) & low_mask64(11);
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++, counter++) {
		if (counter > low_mask64(12)) {
			counter = 0;
			ms++;
		}
		uint64_t half[2] = {ms << 16 | (uint64_t)7 << VERSION_SHIFT | counter, next_random(e)};
		half[1] = (half[1] & low_mask64(62)) | variant;
		memcpy((char *)(*out)->data + i * 16, half, 16);
	}
	return OK;
}

#define RANDOM(fname, others, flags_, args_, type, exec_, what, example_, answer) \
	{.name = fname, .aliases = others, .flags = (flags_) | FUNCTION_NO_DICT, .volatility = FUNCTION_VOLATILE, \
	 .args = args_, \
	 .result = type, .exec = exec_, .description = what, .example = example_, .example_result = answer}

static const struct function rows[] = {
	RANDOM("rand", "~rand32", FUNCTION_CH | FUNCTION_NOCASE, "*&", "UInt32", exec_integers, "A random number.",
	       "rand() >= 0", "1"),
	RANDOM("rand64", NULL, FUNCTION_CH, "*&", "UInt64", exec_integers, "A random number.", "rand64() >= 0", "1"),
	{.name = "randConstant", .flags = FUNCTION_CH, .volatility = FUNCTION_STABLE, .args = "*&", .result = "UInt32",
	 .exec = exec_constant, .description = "A random number, one for the query.",
	 	.example = "randConstant() = randConstant()",
	 .example_result = "1"},
	RANDOM("randCanonical", NULL, FUNCTION_CH, "*&", "Float64", exec_units, "A random number in [0, 1).",
	       "randCanonical() < 1", "1"),
	RANDOM("random", NULL, FUNCTION_PG, "", "Float64", exec_units, "A random number in [0, 1).", "random() < 1", "t"),
	RANDOM("randUniform", NULL, FUNCTION_CH, "ff", "Float64", exec_distribution, "A random number between two bounds.",
	       "randUniform(5, 6) >= 5", "1"),
	RANDOM("randNormal", NULL, FUNCTION_CH, "ff", "Float64", exec_distribution,
	       "A normally distributed number of that mean and deviation.", "isFinite(randNormal(0, 1))", "1"),
	RANDOM("randLogNormal", NULL, FUNCTION_CH, "ff", "Float64", exec_distribution,
	       "A number whose logarithm has that mean and deviation.", "randLogNormal(0, 1) > 0", "1"),
	RANDOM("randExponential", NULL, FUNCTION_CH, "f", "Float64", exec_distribution,
	       "An exponentially distributed number.", "randExponential(1) >= 0", "1"),
	RANDOM("randBernoulli", NULL, FUNCTION_CH, "f", "UInt8", exec_bernoulli, "1 with that probability, else 0.",
	       "randBernoulli(0.5) <= 1", "1"),
	RANDOM("randomString", NULL, FUNCTION_CH, "U*?", "String", exec_text, "Random bytes.", "length(randomString(5))", "5"),
	RANDOM("randomPrintableASCII", NULL, FUNCTION_CH, "U*?", "String", exec_text, "Random printable characters.",
	       "length(randomPrintableASCII(7))", "7"),
	RANDOM("randomStringUTF8", NULL, FUNCTION_CH, "U*?", "String", exec_text, "Random characters.",
	       "lengthUTF8(randomStringUTF8(5))", "5"),
	{.name = "randomFixedString", .flags = FUNCTION_CH | FUNCTION_NO_DICT, .volatility = FUNCTION_VOLATILE, .args = "*",
	 .bind = bind_fixed_text, .exec = exec_fixed_text, .description = "Random bytes of one length.",
	 .example = "toTypeName(randomFixedString(3))", .example_result = "FixedString(3)"},
	RANDOM("randPoisson", NULL, FUNCTION_CH, "f*?", "UInt64", exec_count, "A Poisson-distributed number of that mean.",
	       "randPoisson(3) >= 0", "1"),
	RANDOM("randBinomial", NULL, FUNCTION_CH, "ff*?", "UInt64", exec_count,
	       "How many of so many trials succeed with that probability.", "randBinomial(10, 0.5) <= 10", "1"),
	RANDOM("randNegativeBinomial", NULL, FUNCTION_CH, "ff*?", "UInt64", exec_count,
	       "How many trials fail before so many succeed.", "randNegativeBinomial(10, 0.5) >= 0", "1"),
	RANDOM("randChiSquared", NULL, FUNCTION_CH, "f*?", "Float64", exec_of_gammas,
	       "A chi-square-distributed number of so many degrees of freedom.", "randChiSquared(3) > 0", "1"),
	RANDOM("randStudentT", NULL, FUNCTION_CH, "f*?", "Float64", exec_of_gammas,
	       "A number of Student's distribution.", "isFinite(randStudentT(3))", "1"),
	RANDOM("randFisherF", NULL, FUNCTION_CH, "ff*?", "Float64", exec_of_gammas, "A number of Fisher's distribution.",
	       "randFisherF(3, 4) > 0", "1"),
	RANDOM("generateUUIDv4", NULL, FUNCTION_CH, "*?", "UUID", exec_uuid4, "A random UUID.",
	       "substring(toString(generateUUIDv4()), 15, 1)", "4"),
	RANDOM("generateUUIDv7", NULL, FUNCTION_CH, "*?", "UUID", exec_uuid7, "A UUID that begins with the time.",
	       "substring(toString(generateUUIDv7()), 15, 1)", "7"),
	RANDOM("gen_random_uuid", "uuid_generate_v4", FUNCTION_PG, "", "UUID", exec_uuid4, "A random UUID.",
	       "length(gen_random_uuid()::text)", "36"),
};

FUNCTION_FAMILY(random, "Random values");

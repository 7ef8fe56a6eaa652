// SPDX-License-Identifier: Apache-2.0
/*
 * Random numbers, texts and UUIDs. Each task has its generator in struct eval (splitmix64: G. Steele, D. Lea,
 * C. Flood, "Fast splittable pseudorandom number generators", 2014); nothing here is fit for secrets.
 */
#include <assert.h>
#include <math.h>

#include "base/clock.h"
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

/* ---- texts ---- */

static enum status exec_text(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	bool printable = strcmp(c->function->name, "randomPrintableASCII") == 0;
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
	RANDOM("generateUUIDv4", NULL, FUNCTION_CH, "*?", "UUID", exec_uuid4, "A random UUID.",
	       "substring(toString(generateUUIDv4()), 15, 1)", "4"),
	RANDOM("generateUUIDv7", NULL, FUNCTION_CH, "*?", "UUID", exec_uuid7, "A UUID that begins with the time.",
	       "substring(toString(generateUUIDv7()), 15, 1)", "7"),
	RANDOM("gen_random_uuid", "uuid_generate_v4", FUNCTION_PG, "", "UUID", exec_uuid4, "A random UUID.",
	       "length(gen_random_uuid()::text)", "36"),
};

FUNCTION_FAMILY(random, "Random values");

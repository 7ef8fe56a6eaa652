// SPDX-License-Identifier: Apache-2.0
/* Sizes, quantities and durations for people to read. */
#include <assert.h>
#include <math.h>

#include "func/function.h"

/* The value in the greatest unit of which it has one, with two digits behind the point. */
static void put_scaled(struct strbuf *to, double v, double base, const char *const *units, size_t n)
{
	size_t unit = 0;
	while (unit + 1 < n && fabs(v) >= base) {
		v /= base;
		unit++;
	}
	strbuf_printf(to, "%.2f%s", v, units[unit]);
}

static void put_size(struct strbuf *to, double v)
{
	static const char *const units[] = {" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB", " ZiB", " YiB"};
	put_scaled(to, v, 1024, units, ARRAY_COUNT(units));
}

static void put_decimal_size(struct strbuf *to, double v)
{
	static const char *const units[] = {" B", " KB", " MB", " GB", " TB", " PB", " EB", " ZB", " YB"};
	put_scaled(to, v, 1000, units, ARRAY_COUNT(units));
}

static void put_quantity(struct strbuf *to, double v)
{
	static const char *const units[] = {"", " thousand", " million", " billion", " trillion", " quadrillion",
	                                    " quintillion",
	                                    " sextillion", " septillion", " octillion", " nonillion", " decillion",
	                                    	" undecillion",
	                                    " duodecillion"};
	put_scaled(to, v, 1000, units, ARRAY_COUNT(units));
}

static enum status exec_scaled(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	void (*put)(struct strbuf *to, double v) = *(void (*const *)(struct strbuf *, double))c->state;
	const double *in = args[0]->data;
	uint32_t *ends = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
	struct strbuf text;
	strbuf_init(&text, e->track);
	for (uint32_t i = 0; i < count; i++) {
		put(&text, in[i]);
		ends[i] = (uint32_t)text.size;
	}
	enum status s = call_strings(c, e, &text, ends, count, out);
	strbuf_fini(&text);
	return s;
}

static enum status bind_scaled(struct bind_env *env, struct call *c)
{
	static void (*const puts[])(struct strbuf *to, double v) = {put_size, put_decimal_size, put_quantity};
	const char *name = c->function->name + strlen("formatReadable");
	c->state = (void *)&puts[name[0] == 'S' ? 0 : name[0] == 'D' ? 1 : 2];
	return OK;
}

/* ---- durations ---- */

static const struct {
	const char *singular, *plural;
	double seconds;
} steps[] = {
	/* as ClickHouse counts them: 365 and 30.5 days */
	{"year", "years", 365 * 86400}, {"month", "months", 30.5 * 86400}, {"day", "days", 86400}, {"hour", "hours", 3600},
	{"minute", "minutes", 60}, {"second", "seconds", 1}, {"millisecond", "milliseconds", 1e-3},
	{"microsecond", "microseconds", 1e-6}, {"nanosecond", "nanoseconds", 1e-9},
};
enum { STEP_YEARS = 0, STEP_SECONDS = 5 };

struct duration {
	size_t greatest, least;
};

static void put_duration(struct strbuf *to, double v, const struct duration *d)
{
	struct {
		double n;
		size_t step;
	} parts[ARRAY_COUNT(steps)];
	size_t count = 0;
	if (!isfinite(v)) {
		strbuf_putz(to, isnan(v) ? "nan" : v < 0 ? "-inf" : "inf");
		return;
	}
	if (v < 0) {
		strbuf_putc(to, '-');
		v = -v;
	}
	for (size_t k = d->greatest; k <= d->least; k++) {
		double n = floor(v / steps[k].seconds + (k > STEP_SECONDS ? 1e-6 : 0));
		if (n > 0 || (k == d->least && count == 0)) {
			parts[count].n = n;
			parts[count++].step = k;
		}
		v -= n * steps[k].seconds;
	}
	for (size_t k = 0; k < count; k++) {
		if (k != 0)
			strbuf_putz(to, k + 1 == count ? " and " : ", ");
		strbuf_printf(to, "%.0f %s", parts[k].n,
		              parts[k].n == 1 ? steps[parts[k].step].singular : steps[parts[k].step].plural);
	}
}

static enum status exec_duration(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	const double *in = args[0]->data;
	uint32_t *ends = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
	struct strbuf text;
	strbuf_init(&text, e->track);
	for (uint32_t i = 0; i < count; i++) {
		put_duration(&text, in[i], c->state);
		ends[i] = (uint32_t)text.size;
	}
	enum status s = call_strings(c, e, &text, ends, count, out);
	strbuf_fini(&text);
	return s;
}

static enum status find_step(struct bind_env *env, const struct call *c, uint32_t arg, size_t *out)
{
	struct str name;
	if (arg >= c->arg_count || !call_const_str(c, arg, &name))
		return OK;
	for (size_t k = 0; k < ARRAY_COUNT(steps); k++)
		if (str_eq(name, str_of(steps[k].plural))) {
			*out = k;
			return OK;
		}
	return ERR(env->err, E_BAD_ARGUMENTS, "Unexpected value of unit argument (%.*s) for function %.*s", STR_ARG(name),
	           STR_ARG(c->name));
}

static enum status bind_duration(struct bind_env *env, struct call *c)
{
	struct duration *d = ARENA_NEW(env->arena, struct duration);
	d->greatest = STEP_YEARS;
	d->least = STEP_SECONDS;
	TRY(find_step(env, c, 1, &d->greatest));
	if (d->greatest > d->least)
		d->least = d->greatest;
	TRY(find_step(env, c, 2, &d->least));
	if (d->greatest > d->least)
		return ERR(env->err, E_BAD_ARGUMENTS, "The minimum unit of function %.*s is greater than the maximum one",
		           STR_ARG(c->name));
	c->state = d;
	return OK;
}

static const struct function rows[] = {
	{.name = "formatReadableSize", .aliases = "~FORMAT_BYTES", .flags = FUNCTION_CH, .args = "F", .result = "String",
	 .bind = bind_scaled, .exec = exec_scaled, .description = "Bytes in KiB, MiB, ….",
	 .example = "formatReadableSize(192851925)", .example_result = "183.92 MiB"},
	{.name = "formatReadableDecimalSize", .flags = FUNCTION_CH, .args = "F", .result = "String", .bind = bind_scaled,
	 .exec = exec_scaled, .description = "Bytes in KB, MB, ….", .example = "formatReadableDecimalSize(192851925)",
	 .example_result = "192.85 MB"},
	{.name = "formatReadableQuantity", .flags = FUNCTION_CH, .args = "F", .result = "String", .bind = bind_scaled,
	 .exec = exec_scaled, .description = "A number in thousands, millions, ….",
	 .example = "formatReadableQuantity(1234000)", .example_result = "1.23 million"},
	{.name = "formatReadableTimeDelta", .flags = FUNCTION_CH, .args = "Fs?s?", .result = "String", .bind = bind_duration,
	 .exec = exec_duration, .description = "Seconds as years to seconds, or between the units named.",
	 .example = "formatReadableTimeDelta(3661)", .example_result = "1 hour, 1 minute and 1 second"},
};

FUNCTION_FAMILY(readable, "Readable numbers");

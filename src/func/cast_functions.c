// SPDX-License-Identifier: Apache-2.0
/*
 * Conversion functions: toInt32 … toIPv6 with OrZero, OrNull and OrDefault, CAST, accurateCast, toInterval…, and
 * PostgreSQL's type names as functions. Their binders only choose a cast; cast_exec() runs it.
 */
#include <assert.h>

#include "func/cast_impl.h"
#include "kernel/kernel.h"

/* A cast whose failure means that the argument has a type the function does not take. */
static enum status bind_cast(struct bind_env *env, struct call *c, const struct type *from, const struct type *to,
                             enum cast_mode mode)
{
	struct cast *k;
	enum status s = cast_build(env, from, to, mode, &k);
	if (s == E_CANNOT_COERCE) {
		error_clear(env->err);
		return call_bad_type(env, c, 0);
	}
	TRY(s);
	c->state = k;
	c->exec = cast_exec;
	c->result = to;
	return OK;
}

/* ---- names ---- */

enum suffix { PLAIN, OR_ZERO, OR_NULL, OR_DEFAULT };

/* "toInt32OrZero" is OR_ZERO of "Int32". */
static struct str split_name(const struct call *c, enum suffix *suffix)
{
	static const struct {
		const char *text;
		enum suffix suffix;
	} suffixes[] = {{"OrZero", OR_ZERO}, {"OrNull", OR_NULL}, {"OrDefault", OR_DEFAULT}};
	struct str name = str_of(c->function->name);
	assert(str_starts_with(name, STR("to")));
	name = str_make(name.data + 2, name.size - 2);
	*suffix = PLAIN;
	for (size_t i = 0; i < ARRAY_COUNT(suffixes); i++)
		if (str_ends_with(name, str_of(suffixes[i].text))) {
			*suffix = suffixes[i].suffix;
			name.size -= strlen(suffixes[i].text);
		}
	return name;
}

/* A constant argument in [0, max]. */
static enum status small_constant(struct bind_env *env, const struct call *c, uint32_t arg, const char *what,
                                  unsigned max, unsigned *out)
{
	int64_t v;
	if (arg >= c->arg_count || !call_const_i64(c, arg, &v))
		return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "Function %.*s needs a constant %s as argument %u", STR_ARG(c->name),
		           what, arg + 1);
	if (v < 0 || v > max)
		return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "%s %lld of function %.*s is out of bounds: 0 to %u", what,
		           (long long)v, STR_ARG(c->name), max);
	*out = (unsigned)v;
	return OK;
}

/* The optional time zone at `arg`, which must be the last one. */
static enum status zone_argument(struct bind_env *env, struct call *c, uint32_t arg, const struct timezone **tz)
{
	struct str name;
	*tz = NULL;
	if (arg >= c->arg_count)
		return OK;
	if (arg + 1 != c->arg_count)
		return call_bad_count(env, c, arg == 1 ? "1 or 2" : "2 or 3");
	if (!call_const_str(c, arg, &name))
		return call_bad_type(env, c, arg);
	return timezone_find(name, tz, env->err);
}

static const struct type *in_zone(struct bind_env *env, const struct type *t, const struct timezone *tz)
{
	if (tz == NULL || (t->id != TYPE_DATETIME && t->id != TYPE_DATETIME64))
		return t;
	return t->id == TYPE_DATETIME ? type_datetime(env->arena, tz) : type_datetime64(env->arena, t->scale, tz);
}

/* The type that the function's name and its constant arguments ask for; *used arguments belong to it, the value too. */
static enum status target_type(struct bind_env *env, struct call *c, struct str name, const struct type **to,
                               uint32_t *used)
{
	static const struct {
		const char *name;
		unsigned digits;
	} decimals[] = {{"Decimal32", 9}, {"Decimal64", 18}, {"Decimal128", 38}, {"Decimal256", 76}};
	const struct timezone *tz = NULL;
	unsigned v;
	*used = 1;
	for (size_t i = 0; i < ARRAY_COUNT(decimals); i++)
		if (str_eq(name, str_of(decimals[i].name))) {
			TRY(small_constant(env, c, 1, "scale", decimals[i].digits, &v));
			*to = type_decimal(env->arena, decimals[i].digits, v);
			*used = 2;
			return OK;
		}
	if (str_eq(name, STR("FixedString"))) {
		TRY(small_constant(env, c, 1, "length", FIXED_STRING_MAX, &v));
		if (v == 0)
			return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "FixedString size must be positive");
		*to = type_fixed_string(env->arena, v);
		*used = 2;
	} else if (str_eq(name, STR("Time64"))) {
		TRY(small_constant(env, c, 1, "scale", 9, &v));
		*to = type_time64(env->arena, v);
		*used = 2;
	} else if (str_eq(name, STR("DateTime")) || str_eq(name, STR("DateTime32"))) {
		TRY(zone_argument(env, c, 1, &tz));
		*to = type_datetime(env->arena, tz);
		*used = c->arg_count;
	} else if (str_eq(name, STR("DateTime64"))) {
		TRY(small_constant(env, c, 1, "scale", 9, &v));
		TRY(zone_argument(env, c, 2, &tz));
		*to = type_datetime64(env->arena, v, tz);
		*used = c->arg_count;
	} else {
		TRY(type_parse(env->arena, name, to, env->err));
	}
	return OK;
}

/* ---- OrDefault ---- */

struct or_default {
	struct cast *cast; /* to Nullable */
	const struct type *nullable;
};

/* The default, argument or the type's own, where the cast gave NULL. */
static enum status exec_or_default(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	const struct or_default *d = c->state;
	size_t size = physical_size(type_physical(c->result));
	unsigned log2 = ctz32((uint32_t)size);
	struct vector *tried = NULL, *made = NULL;
	char zeros[32] = {0};
	const int32_t first_date = -25567; /* 1900-01-01, which stands for no date in Date32 */
	const char *fallback = zeros;
	size_t step = 0;
	uint8_t *mask = ARENA_ARRAY(e->scratch, uint8_t, count + 1);
	bool given = c->arg_count > 1 && type_physical(args[c->arg_count - 1]->type) == type_physical(c->result) &&
	             c->arg_types[c->arg_count - 1]->id == c->result->id;
	bool one = args[0]->form == VECTOR_CONST;
	enum status s = cast_apply(d->cast, e, args[0], one ? 1 : count, one ? NULL : e->skip, &tried);
	if (s == OK)
		s = vector_new(e->track, c->result, count, &made, e->err);
	if (s != OK)
		goto out;
	if (c->result->id == TYPE_DATE32)
		memcpy(zeros, &first_date, sizeof first_date);
	if (given) {
		fallback = args[c->arg_count - 1]->data;
		step = args[c->arg_count - 1]->form == VECTOR_CONST ? 0 : 1;
	}
	for (uint32_t i = 0; i < count; i++)
		mask[i] = tried->nulls == NULL || !bit_get(tried->nulls, one ? 0 : i);
	kernels()->choose[log2](made->data, mask, tried->data, !one, fallback, step, count);
	*out = vector_ref(made);
out:
	vector_unref(tried);
	vector_unref(made);
	return s;
}

static enum status bind_or_default(struct bind_env *env, struct call *c, const struct type *to, uint32_t used)
{
	struct or_default *d = ARENA_NEW(env->arena, struct or_default);
	d->nullable = type_nullable(env->arena, to);
	if (physical_size(type_physical(to)) == 0 || type_physical(to) == PHYS_STR)
		return call_bad_type(env, c, 0);
	enum status s = cast_build(env, c->arg_types[0], d->nullable, CAST_ACCURATE_OR_NULL, &d->cast);
	if (s == E_CANNOT_COERCE) {
		error_clear(env->err);
		return call_bad_type(env, c, 0);
	}
	TRY(s);
	if (c->arg_count > used + 1)
		return call_bad_count(env, c, used == 1 ? "1 or 2" : "2 or 3");
	if (c->arg_count == used + 1)
		c->arg_types[used] = to;
	c->state = d;
	c->exec = exec_or_default;
	c->result = to;
	return OK;
}

/* ---- binders ---- */

static enum status bind_to(struct bind_env *env, struct call *c)
{
	enum suffix suffix;
	const struct type *to;
	uint32_t used;
	struct str name = split_name(c, &suffix);
	if (c->arg_count == 0)
		return call_bad_count(env, c, "1");
	TRY(target_type(env, c, name, &to, &used));
	if (suffix == OR_DEFAULT)
		return bind_or_default(env, c, to, used);
	if (c->arg_count > used)
		return call_bad_count(env, c, used == 1 ? "1" : "2");
	const struct type *from = c->arg_types[0];
	if (suffix == PLAIN)
		return bind_cast(env, c, from, to, CAST_CH);
	if (!type_is_string(from))
		return call_bad_type(env, c, 0);
	if (suffix == OR_ZERO)
		return bind_cast(env, c, from, to, CAST_CH_OR_ZERO);
	return bind_cast(env, c, from, type_nullable(env->arena, to), CAST_CH_OR_NULL);
}

/* toString(x[, zone]), toDate(x[, zone]), toDate32(x[, zone]): the zone in which a time is read. */
static enum status bind_in_zone(struct bind_env *env, struct call *c)
{
	const struct timezone *tz;
	enum suffix suffix;
	const struct type *to;
	if (c->arg_count == 0)
		return call_bad_count(env, c, "1 or 2");
	TRY(zone_argument(env, c, 1, &tz));
	TRY(type_parse(env->arena, split_name(c, &suffix), &to, env->err));
	return bind_cast(env, c, in_zone(env, c->arg_types[0], tz), to, CAST_CH);
}

/* CAST(x, 'Type') */
static enum status bind_named(struct bind_env *env, struct call *c)
{
	static const struct {
		const char *name;
		enum cast_mode mode;
	} modes[] = {{"CAST", CAST_CH}, {"accurateCast", CAST_ACCURATE}, {"accurateCastOrNull", CAST_ACCURATE_OR_NULL}};
	struct str text;
	const struct type *to;
	if (!call_const_str(c, 1, &text))
		return call_bad_type(env, c, 1);
	TRY(type_parse(env->arena, text, &to, env->err));
	for (size_t i = 0; i < ARRAY_COUNT(modes); i++) {
		if (strcmp(c->function->name, modes[i].name) != 0)
			continue;
		enum cast_mode mode = modes[i].mode;
		const struct type *result = mode == CAST_ACCURATE_OR_NULL ? type_nullable(env->arena, to) : to;
		struct cast *k;
		TRY(cast_build(env, c->arg_types[0], result, mode, &k));
		c->state = k;
		c->exec = cast_exec;
		c->result = result;
		return OK;
	}
	return bind_or_default(env, c, to, 2);
}

static enum status bind_interval(struct bind_env *env, struct call *c)
{
	struct str unit = str_of(c->function->name);
	unit = str_make(unit.data + strlen("toInterval"), unit.size - strlen("toInterval"));
	for (enum interval_unit u = UNIT_NANOSECOND; u < UNIT_COUNT; u++)
		if (str_eq(interval_unit_name(u), unit))
			return bind_cast(env, c, c->arg_types[0], type_interval(env->arena, u), CAST_CH);
	return ERR(env->err, E_LOGICAL_ERROR, "no interval unit %.*s", STR_ARG(unit));
}

/* int4(x), text(x), date(x): PostgreSQL's types as functions. */
static enum status bind_pg_type(struct bind_env *env, struct call *c)
{
	const struct type *to;
	TRY(type_parse_pg(env->arena, str_of(c->function->name), 6, &to, env->err));
	return bind_cast(env, c, c->arg_types[0], type_of_face(env->arena, to), CAST_PG);
}

/* ---- rows ---- */

/* toT and its three variants: an example argument and its answer. */
#define CONVERSION(type, value, answer, zero) \
	{.name = "to" type, .flags = FUNCTION_CH, .bind = bind_to, .description = "Converts to " type ".", \
	 .example = "to" type "(" value ")", .example_result = answer}, \
	{.name = "to" type "OrZero", .flags = FUNCTION_CH, .bind = bind_to, \
	 .description = "Parses a text as " type "; the default where it is none.", .example = "to" type "OrZero('?')", \
	 .example_result = zero}, \
	{.name = "to" type "OrNull", .flags = FUNCTION_CH, .bind = bind_to, \
	 .description = "Parses a text as " type "; NULL where it is none.", .example = "to" type "OrNull('?')", \
	 .example_result = "\\N"}, \
	{.name = "to" type "OrDefault", .flags = FUNCTION_CH, .bind = bind_to, \
	 .description = "Converts to " type "; the last argument, or the default, where that fails.", \
	 .example = "to" type "OrDefault('?')", .example_result = zero}
#define DECIMAL(type, value, answer) \
	{.name = "to" type, .flags = FUNCTION_CH, .bind = bind_to, .description = "Converts to " type " of the given scale.", \
	 .example = "to" type "(" value ", 2)", .example_result = answer}, \
	{.name = "to" type "OrZero", .flags = FUNCTION_CH, .bind = bind_to, \
	 .description = "Parses a text as " type "; 0 where it is none.", .example = "to" type "OrZero('?', 2)", \
	 .example_result = "0"}, \
	{.name = "to" type "OrNull", .flags = FUNCTION_CH, .bind = bind_to, \
	 .description = "Parses a text as " type "; NULL where it is none.", .example = "to" type "OrNull('?', 2)", \
	 .example_result = "\\N"}, \
	{.name = "to" type "OrDefault", .flags = FUNCTION_CH, .bind = bind_to, \
	 .description = "Converts to " type "; the last argument, or 0, where that fails.", \
	 .example = "to" type "OrDefault('?', 2)", .example_result = "0"}
#define VARIANTS(type, args, zero) \
	{.name = "to" type "OrZero", .flags = FUNCTION_CH, .bind = bind_to, \
	 .description = "Parses a text as " type "; the default where it is none.", \
	 	.example = "to" type "OrZero('?'" args ")", \
	 .example_result = zero}, \
	{.name = "to" type "OrNull", .flags = FUNCTION_CH, .bind = bind_to, \
	 .description = "Parses a text as " type "; NULL where it is none.", .example = "to" type "OrNull('?'" args ")", \
	 .example_result = "\\N"}, \
	{.name = "to" type "OrDefault", .flags = FUNCTION_CH, .bind = bind_to, \
	 .description = "Converts to " type "; the default where that fails.", .example = "to" type "OrDefault('?'" args ")", \
	 .example_result = zero}
#define INTERVAL(unit) \
	{.name = "toInterval" unit, .flags = FUNCTION_CH, .args = "*", .bind = bind_interval, \
	 .description = "An interval of that many units.", .example = "toInterval" unit "(3)", .example_result = "3"}
#define PG_TYPE(type, value, answer) \
	{.name = type, .flags = FUNCTION_PG, .args = "*", .bind = bind_pg_type, .description = "Converts to " type ".", \
	 .example = type "(" value ")", .example_result = answer}

static const struct function rows[] = {
	CONVERSION("Int8", "-1.9", "-1", "0"),
	CONVERSION("Int16", "'-300'", "-300", "0"),
	CONVERSION("Int32", "'12'", "12", "0"),
	CONVERSION("Int64", "toDate('2020-01-01')", "18262", "0"),
	CONVERSION("Int128", "'170141183460469231731687303715884105727'", "170141183460469231731687303715884105727", "0"),
	CONVERSION("Int256", "'123456789012345678901234567890'", "123456789012345678901234567890", "0"),
	CONVERSION("UInt8", "300", "44", "0"),
	CONVERSION("UInt16", "'65535'", "65535", "0"),
	CONVERSION("UInt32", "toIPv4('1.2.3.4')", "16909060", "0"),
	CONVERSION("UInt64", "-5", "18446744073709551611", "0"),
	CONVERSION("UInt128", "'5'", "5", "0"),
	CONVERSION("UInt256", "'5'", "5", "0"),
	CONVERSION("Float32", "'1.1'", "1.1", "0"),
	CONVERSION("Float64", "'1e5'", "100000", "0"),
	CONVERSION("UUID", "'61f0c404-5cb3-11e7-907b-a6006ad3dba0'", "61f0c404-5cb3-11e7-907b-a6006ad3dba0",
	           "00000000-0000-0000-0000-000000000000"),
	CONVERSION("IPv4", "'1.2.3.4'", "1.2.3.4", "0.0.0.0"),
	CONVERSION("IPv6", "'::1'", "::1", "::"),
	DECIMAL("Decimal32", "'1.239'", "1.23"),
	DECIMAL("Decimal64", "1.5", "1.5"),
	DECIMAL("Decimal128", "'1e3'", "1000"),
	DECIMAL("Decimal256", "-7", "-7"),
	{.name = "toBool", .flags = FUNCTION_CH, .bind = bind_to, .description = "Converts to Bool.",
	 .example = "toBool('yes')", .example_result = "true"},
	{.name = "toString", .flags = FUNCTION_CH, .bind = bind_in_zone,
	 .description = "The text of a value, a time in the zone given.", .example = "toString([1, 2])",
	 .example_result = "[1,2]"},
	{.name = "toFixedString", .flags = FUNCTION_CH, .bind = bind_to,
	 .description = "Converts to FixedString(n), adding zero bytes.", .example = "length(toFixedString('ab', 3))",
	 .example_result = "3"},
	{.name = "toDate", .aliases = "~DATE", .flags = FUNCTION_CH, .bind = bind_in_zone,
	 .description = "Converts to Date, a time in the zone given.", .example = "toDate('2020-01-01 10:00:00')",
	 .example_result = "2020-01-01"},
	VARIANTS("Date", "", "1970-01-01"),
	{.name = "toDate32", .flags = FUNCTION_CH, .bind = bind_in_zone, .description = "Converts to Date32.",
	 .example = "toDate32('1955-01-01')", .example_result = "1955-01-01"},
	VARIANTS("Date32", "", "1900-01-01"),
	{.name = "toDateTime", .flags = FUNCTION_CH, .bind = bind_to, .description = "Converts to DateTime in the zone given.",
	 .example = "toDateTime('2020-01-01 10:00:00', 'UTC')", .example_result = "2020-01-01 10:00:00"},
	{.name = "toDateTime32", .flags = FUNCTION_CH, .bind = bind_to,
	 .description = "Converts to DateTime in the zone given.", .example = "toDateTime32('2020-01-01 10:00:00', 'UTC')",
	 .example_result = "2020-01-01 10:00:00"},
	VARIANTS("DateTime", ", 'UTC'", "1970-01-01 00:00:00"),
	{.name = "toTime", .flags = FUNCTION_CH, .bind = bind_to, .description = "Converts to Time.",
	 .example = "toTime('12:34:56')", .example_result = "12:34:56"},
	VARIANTS("Time", "", "00:00:00"),
	{.name = "toTime64", .flags = FUNCTION_CH, .bind = bind_to, .description = "Converts to Time64 of the given scale.",
	 .example = "toTime64('12:34:56.5', 3)", .example_result = "12:34:56.500"},
	VARIANTS("Time64", ", 3", "00:00:00.000"),
	{.name = "toDateTime64", .flags = FUNCTION_CH, .bind = bind_to,
	 .description = "Converts to DateTime64 of the given scale in the zone given.",
	 .example = "toDateTime64('2020-01-01 10:00:00.123456', 3, 'UTC')", .example_result = "2020-01-01 10:00:00.123"},
	VARIANTS("DateTime64", ", 3, 'UTC'", "1970-01-01 00:00:00.000"),
	{.name = "CAST", .aliases = "_CAST", .flags = FUNCTION_CH | FUNCTION_NOCASE, .nulls = FUNCTION_NULL_CUSTOM,
	 .args = "*s",
	 .bind = bind_named, .description = "Converts to the type that is named.", .example = "CAST(1, 'String')",
	 .example_result = "1"},
	{.name = "accurateCast", .flags = FUNCTION_CH, .nulls = FUNCTION_NULL_CUSTOM, .args = "*s", .bind = bind_named,
	 .description = "Converts to the type that is named; an error where the value would change.",
	 .example = "accurateCast('2020-01-01', 'Date')", .example_result = "2020-01-01"},
	{.name = "accurateCastOrNull", .flags = FUNCTION_CH, .nulls = FUNCTION_NULL_CUSTOM, .args = "*s", .bind = bind_named,
	 .description = "Converts to the type that is named; NULL where the value would change.",
	 .example = "accurateCastOrNull(300, 'UInt8')", .example_result = "\\N"},
	{.name = "accurateCastOrDefault", .flags = FUNCTION_CH, .args = "*s*?", .bind = bind_named,
	 .description = "Converts to the type that is named; the default where the value would change.",
	 .example = "accurateCastOrDefault('x', 'UInt8', 5)", .example_result = "5"},
	INTERVAL("Nanosecond"),
	INTERVAL("Microsecond"),
	INTERVAL("Millisecond"),
	INTERVAL("Second"),
	INTERVAL("Minute"),
	INTERVAL("Hour"),
	INTERVAL("Day"),
	INTERVAL("Week"),
	INTERVAL("Month"),
	INTERVAL("Quarter"),
	INTERVAL("Year"),
	PG_TYPE("int2", "'7'", "7"),
	PG_TYPE("int4", "2.5", "3"),
	PG_TYPE("int8", "1.5", "2"),
	PG_TYPE("float4", "1", "1"),
	PG_TYPE("float8", "'1.5'", "1.5"),
	{.name = "numeric", .flags = FUNCTION_PG, .args = "*", .bind = bind_pg_type, .description = "Converts to numeric.",
	 .example = "\"numeric\"(1)", .example_result = "1"},
	PG_TYPE("text", "1.50", "1.50"),
	PG_TYPE("bool", "1", "t"),
	PG_TYPE("date", "'2020-01-05'", "2020-01-05"),
	PG_TYPE("timestamptz", "date '2020-01-05'", "2020-01-05 00:00:00+00"),
};

FUNCTION_FAMILY(cast, "Conversions");

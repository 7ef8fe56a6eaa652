// SPDX-License-Identifier: Apache-2.0
/*
 * Text to values. Integers, floats, decimals, dates and times have loops of their own; everything else goes through the
 * readers of value.h. ClickHouse's toInt8('300') wraps, as it does there; all other ways in are checked.
 */
#include <assert.h>
#include <math.h>

#include "base/fpconv.h"
#include "func/cast_impl.h"
#include "kernel/kernel.h"

static inline struct str text_at(const struct cast_run *r, uint32_t i)
{
	return strview_str((const struct strview *)r->in->data + i);
}

static bool is_padded(const struct cast *k)
{
	return k->from->id == TYPE_FIXEDSTRING;
}

/* FixedString's padding is no part of the text. */
static inline struct str unpadded(struct str s)
{
	while (s.size != 0 && s.data[s.size - 1] == '\0')
		s.size--;
	return s;
}

enum { SHOWN_MAX = 200 };

static struct str shown(struct str s)
{
	return str_make(s.data, s.size > SHOWN_MAX ? SHOWN_MAX : s.size);
}

/* ClickHouse's words for a text that is not wholly a number: `parsed` bytes of it were. */
static enum status not_a_number(const struct cast *k, struct eval *e, struct str s, size_t parsed, bool has_variants)
{
	struct str name = cast_type_name(k, e, k->to);
	struct str note = STR("");
	if (has_variants)
		note = arena_strf(e->scratch, ". Note: there are to%.*sOrZero and to%.*sOrNull functions, which returns zero/NULL "
		                  "instead of throwing exception", STR_ARG(name), STR_ARG(name));
	if (parsed == 0)
		return ERR(e->err, E_CANNOT_PARSE_TEXT, "Cannot parse string '%.*s' as %.*s: syntax error at begin of string%.*s",
		           STR_ARG(shown(s)), STR_ARG(name), STR_ARG(note));
	return ERR(e->err, E_CANNOT_PARSE_TEXT,
	           "Cannot parse string '%.*s' as %.*s: syntax error at position %zu (parsed just '%.*s')%.*s",
	           STR_ARG(shown(s)), STR_ARG(name), parsed, (int)parsed, s.data, STR_ARG(note));
}

/* PostgreSQL's. */
static enum status invalid_syntax(const struct cast *k, struct eval *e, struct str s)
{
	return ERR(e->err, E_CANNOT_PARSE_TEXT, "invalid input syntax for type %.*s: \"%.*s\"",
	           STR_ARG(cast_type_name(k, e, k->to)), STR_ARG(shown(s)));
}

/* ---- integers up to 64 bits ---- */

struct integer_text {
	uint64_t magnitude; /* wraps */
	size_t used;        /* bytes of sign and digits */
	bool negative, digits, over;
};

static inline struct integer_text scan_integer(struct str s)
{
	struct integer_text t = {0};
	size_t i = 0;
	if (s.size != 0 && (s.data[0] == '-' || s.data[0] == '+'))
		t.negative = s.data[i++] == '-';
	size_t start = i;
	for (; i < s.size; i++) {
		unsigned d = (unsigned char)(s.data[i] - '0');
		if (d > 9)
			break;
		if (unlikely(i - start >= 18)) {
			uint64_t tens;
			t.over |= __builtin_mul_overflow(t.magnitude, (uint64_t)10, &tens);
			t.over |= __builtin_add_overflow(tens, (uint64_t)d, &t.magnitude);
		} else {
			t.magnitude = t.magnitude * 10 + d;
		}
	}
	t.digits = i != start;
	t.used = i;
	return t;
}

/* Largest magnitudes of a type. */
static void integer_limits(const struct type *t, uint64_t *most, uint64_t *least)
{
	unsigned bits = (unsigned)physical_size(type_physical(t)) * 8;
	bool is_signed = type_physical(t) <= PHYS_I64;
	*most = is_signed ? ((uint64_t)1 << (bits - 1)) - 1 : bits == 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1;
	*least = is_signed ? *most + 1 : 0;
}

static enum status bad_integer(const struct cast *k, struct eval *e, struct str s, const struct integer_text *t)
{
	struct str name = cast_type_name(k, e, k->to);
	bool whole = t->digits && t->used == s.size;
	if (k->dialect == DIALECT_POSTGRESQL) {
		if (whole)
			return ERR(e->err, E_OUT_OF_RANGE, "value \"%.*s\" is out of range for type %.*s", STR_ARG(shown(s)), STR_ARG(name));
		return invalid_syntax(k, e, s);
	}
	bool is_signed = type_physical(k->to) <= PHYS_I64;
	if (s.size == 0)
		return ERR(e->err, E_UNEXPECTED_EOF,
		           "Attempt to read after eof: Cannot parse %.*s from String, because value is too short", STR_ARG(name));
	if (t->negative && !is_signed)
		return ERR(e->err, E_CANNOT_PARSE_NUMBER, "Unsigned type must not contain '-' symbol: Cannot parse %.*s from String",
		           STR_ARG(name));
	if (whole)
		return ERR(e->err, E_CANNOT_PARSE_TEXT, "Cannot parse string '%.*s' as %.*s: the value is out of range",
		           STR_ARG(shown(s)), STR_ARG(name));
	if (t->used != 0 && !t->digits)
		return ERR(e->err, E_CANNOT_PARSE_NUMBER, s.size > 1 && (s.data[1] == '-' || s.data[1] == '+')
		           ? "Cannot parse number with multiple sign (+/-) characters: Cannot parse %.*s from String"
		           : "Cannot parse number without any digits: Cannot parse %.*s from String", STR_ARG(name));
	return not_a_number(k, e, s, t->used, true);
}

static enum status text_to_integer(const struct cast *k, struct eval *e, struct cast_run *r)
{
	enum physical to = type_physical(k->to);
	size_t size = physical_size(to);
	uint64_t most, least;
	bool trims = k->dialect == DIALECT_POSTGRESQL, is_signed = to <= PHYS_I64, padded = is_padded(k);
	integer_limits(k->to, &most, &least);
	for (uint32_t i = 0; i < r->n; i++) {
		struct str s = text_at(r, i);
		if (padded)
			s = unpadded(s);
		struct integer_text t = scan_integer(trims ? s = str_trim(s) : s);
		bool good = t.digits && t.used == s.size && (is_signed || !t.negative);
		if (good && k->checked)
			good = !t.over && t.magnitude <= (t.negative ? least : most);
		uint64_t v = t.negative ? -t.magnitude : t.magnitude;
		if (unlikely(!good)) {
			if (!cast_forgives(k, e, r, i))
				return bad_integer(k, e, s, &t);
			v = 0;
		}
		memcpy((char *)r->out->data + i * size, &v, size);
	}
	return OK;
}

/* ---- floats ---- */

static enum status bad_float(const struct cast *k, struct eval *e, struct str s, size_t used, bool range)
{
	struct str name = cast_type_name(k, e, k->to);
	if (k->dialect == DIALECT_POSTGRESQL) {
		if (range)
			return ERR(e->err, E_OUT_OF_RANGE, "\"%.*s\" is out of range for type %.*s", STR_ARG(shown(s)), STR_ARG(name));
		return invalid_syntax(k, e, s);
	}
	if (used == 0)
		return ERR(e->err, E_CANNOT_PARSE_NUMBER,
		           "Cannot read floating point value here: %.*s: Cannot parse %.*s from String",
		           STR_ARG(shown(s)), STR_ARG(name));
	return not_a_number(k, e, s, used, true);
}

/* Whether the text names a finite number that is not zero: then infinity and zero are overflow and underflow. */
static bool is_finite_nonzero(struct str s)
{
	for (size_t i = 0; i < s.size && s.data[i] != 'e' && s.data[i] != 'E'; i++)
		if (s.data[i] >= '1' && s.data[i] <= '9')
			return true;
	return false;
}

static enum status text_to_float(const struct cast *k, struct eval *e, struct cast_run *r)
{
	bool narrow = type_physical(k->to) == PHYS_F32, pg = k->dialect == DIALECT_POSTGRESQL, padded = is_padded(k);
	for (uint32_t i = 0; i < r->n; i++) {
		struct str s = text_at(r, i);
		double d = 0;
		float f = 0;
		if (padded)
			s = unpadded(s);
		if (pg)
			s = str_trim(s);
		size_t used = narrow ? fp_parse32(s, &f) : fp_parse64(s, &d);
		double v = narrow ? (double)f : d;
		bool range = pg && used == s.size && (isinf(v) || v == 0) && is_finite_nonzero(s);
		if (unlikely(used == 0 || used != s.size || range)) {
			if (!cast_forgives(k, e, r, i))
				return bad_float(k, e, s, used, range);
			d = 0;
			f = 0;
		}
		if (narrow)
			((float *)r->out->data)[i] = f;
		else
			((double *)r->out->data)[i] = d;
	}
	return OK;
}

/* ---- decimals ---- */

static enum status bad_decimal(const struct cast *k, struct eval *e, struct str s)
{
	double ignored;
	size_t used = fp_parse64(s, &ignored);
	if (used != s.size || s.size == 0)
		return not_a_number(k, e, s, used, false);
	size_t digits = 0;
	while (digits < s.size && s.data[digits] != '.' && s.data[digits] != 'e')
		digits++;
	return ERR(e->err, E_ARGUMENT_OUT_OF_BOUND, "Too many digits (%zu > %u) in decimal value", digits, k->to->precision);
}

static enum status text_to_decimal(const struct cast *k, struct eval *e, struct cast_run *r)
{
	size_t size = physical_size(type_physical(k->to));
	bool loose = k->mode != CAST_INSERT && !k->exact, padded = is_padded(k);
	unsigned precision = !loose ? k->to->precision : size == 4 ? 9 : size == 8 ? 18 : size == 16 ? 38 : 76;
	for (uint32_t i = 0; i < r->n; i++) {
		struct str s = text_at(r, i);
		i256 v;
		if (padded)
			s = unpadded(s);
		if (unlikely(!parse_decimal(s, precision, k->to->scale, &v))) {
			if (!cast_forgives(k, e, r, i))
				return bad_decimal(k, e, s);
			v = (i256){{0, 0, 0, 0}};
		}
		memcpy((char *)r->out->data + i * size, &v, size); /* little endian: the low bytes */
	}
	return OK;
}

/* ---- dates and times, ClickHouse's forms ---- */

static const struct timezone *zone_of(const struct cast *k, const struct eval *e)
{
	if (k->to->tz != NULL)
		return k->to->tz;
	return e->session->tz != NULL ? e->session->tz : timezone_utc();
}

/* A date, or the date of a date and time. */
static bool parse_any_date(struct str s, const struct timezone *tz, int64_t *days)
{
	int32_t d;
	int64_t seconds;
	if (parse_date(s, &d)) {
		*days = d;
		return true;
	}
	if (s.size < 8 || (unsigned char)(s.data[4] - '0') <= 9 || !parse_datetime(s, tz, 0, false, &seconds))
		return false;
	seconds += timezone_offset(tz, seconds);
	*days = floor_div(seconds, 86400);
	return true;
}

static enum status text_to_date(const struct cast *k, struct eval *e, struct cast_run *r)
{
	const struct timezone *tz = zone_of(k, e);
	bool wide = k->to->id == TYPE_DATE32, padded = is_padded(k);
	int64_t least = wide ? -25567 : 0, most = wide ? 120529 : UINT16_MAX;
	for (uint32_t i = 0; i < r->n; i++) {
		struct str s = text_at(r, i);
		int64_t days = 0;
		if (padded)
			s = unpadded(s);
		bool good = parse_any_date(s, tz, &days);
		/* casts clamp, inserts do not */
		bool range = good && (days < least || days > most);
		if (unlikely(!good || (range && k->mode == CAST_INSERT))) {
			if (!cast_forgives(k, e, r, i))
				return ERR(e->err, E_CANNOT_PARSE_DATE, "Cannot parse string '%.*s' as %s", STR_ARG(shown(s)),
				           wide ? "Date32" : "Date");
			days = least; /* the epoch for Date, 1900-01-01 for Date32 */
		} else if (range) {
			days = days < least ? least : most;
		}
		if (wide)
			((int32_t *)r->out->data)[i] = (int32_t)days;
		else
			((uint16_t *)r->out->data)[i] = (uint16_t)days;
	}
	return OK;
}

static enum status text_to_instant(const struct cast *k, struct eval *e, struct cast_run *r)
{
	const struct timezone *tz = zone_of(k, e);
	bool wide = k->to->id == TYPE_DATETIME64, padded = is_padded(k);
	bool best = cast_text_options(e)->datetime_input != 0 && k->mode == CAST_INSERT;
	unsigned scale = wide ? k->to->scale : 0;
	for (uint32_t i = 0; i < r->n; i++) {
		struct str s = text_at(r, i);
		int64_t ticks;
		if (padded)
			s = unpadded(s);
		bool good = parse_datetime(s, tz, scale, best, &ticks);
		bool range = good && !wide && (ticks < 0 || ticks > UINT32_MAX);
		if (unlikely(!good || (range && k->mode == CAST_INSERT))) {
			if (!cast_forgives(k, e, r, i))
				return ERR(e->err, E_CANNOT_PARSE_DATETIME, "Cannot parse string '%.*s' as %.*s", STR_ARG(shown(s)),
				           STR_ARG(cast_type_name(k, e, k->to)));
			ticks = 0;
		} else if (range) {
			ticks = ticks < 0 ? 0 : UINT32_MAX;
		}
		if (wide)
			((int64_t *)r->out->data)[i] = ticks;
		else
			((uint32_t *)r->out->data)[i] = (uint32_t)ticks;
	}
	return OK;
}

/* ---- everything else: the readers of value.h ---- */

static enum status text_to_object(const struct cast *k, struct eval *e, struct cast_run *r)
{
	const struct eval_services *services = e->session->services;
	uint32_t *out = r->out->data;
	for (uint32_t i = 0; i < r->n; i++) {
		struct str s = str_trim(text_at(r, i));
		uint64_t number;
		out[i] = 0;
		if (cast_row_is_dead(r, i) || str_eq(s, STR("-")))
			continue;
		if (str_to_u64(s, &number) && number <= UINT32_MAX) {
			out[i] = (uint32_t)number;
			continue;
		}
		if (services == NULL || services->oid_of == NULL)
			return ERR(e->err, E_NOT_IMPLEMENTED, "not supported yet: object names without a catalog");
		TRY(services->oid_of(e->session->services_arg, (enum face)k->to->face, s, &out[i], e->err));
		if (out[i] != 0)
			continue;
		switch ((enum face)k->to->face) {
		case FACE_REGCLASS:
			return ERR(e->err, E_UNKNOWN_TABLE, "relation \"%.*s\" does not exist", STR_ARG(shown(s)));
		case FACE_REGTYPE:
			return ERR(e->err, E_UNKNOWN_TYPE, "type \"%.*s\" does not exist", STR_ARG(shown(s)));
		case FACE_REGNAMESPACE:
			return ERR(e->err, E_UNKNOWN_SCHEMA, "schema \"%.*s\" does not exist", STR_ARG(shown(s)));
		default:
			return ERR(e->err, E_UNKNOWN_FUNCTION, "function \"%.*s\" does not exist", STR_ARG(shown(s)));
		}
	}
	return OK;
}

static enum status text_to_any(const struct cast *k, struct eval *e, struct cast_run *r)
{
	enum value_style style = k->dialect == DIALECT_POSTGRESQL ? VALUE_PG : VALUE_RAW;
	struct value_options options = *cast_text_options(e);
	struct builder *b = NULL;
	bool padded = is_padded(k);
	options.null_as_default = false;
	if (e->session->tz != NULL)
		options.tz = e->session->tz;
	enum status s = builder_new(e->track, k->to, &b, e->err);
	if (s == OK)
		s = builder_reserve(b, r->n, e->err);
	for (uint32_t i = 0; i < r->n && s == OK; i++) {
		struct str text = text_at(r, i);
		if (cast_row_is_dead(r, i)) {
			s = builder_default(b, e->err);
			continue;
		}
		s = value_parse(b, padded ? unpadded(text) : text, style, &options, e->err);
		if (s != OK && s != E_MEMORY_LIMIT && cast_forgives(k, e, r, i)) {
			if (e->err != NULL)
				error_clear(e->err);
			s = builder_default(b, e->err);
		}
	}
	vector_unref(r->out);
	r->out = NULL;
	if (s == OK)
		s = builder_finish(b, &r->out, e->err);
	builder_free(b);
	return s;
}

cast_fn cast_choose_from_text(const struct type *from, const struct type *to)
{
	(void)from;
	if (type_is_object(to))
		return text_to_object;
	return text_to_any;
}

/* The loop of its own that a type has, by dialect. */
cast_fn cast_faster_from_text(const struct cast *k)
{
	const struct type *to = k->to;
	bool pg = k->dialect == DIALECT_POSTGRESQL;
	size_t size = physical_size(type_physical(to));
	if (k->fn != text_to_any)
		return k->fn;
	if (type_is_integer(to) && size <= 8 && (to->face == FACE_DEFAULT || type_face(to) != FACE_OID))
		return text_to_integer;
	if (type_is_float(to))
		return text_to_float;
	if (pg)
		return k->fn;
	if (type_is_decimal(to) && to->face != FACE_NUMERIC)
		return text_to_decimal;
	if (to->id == TYPE_DATE || to->id == TYPE_DATE32)
		return text_to_date;
	if (to->id == TYPE_DATETIME || to->id == TYPE_DATETIME64)
		return text_to_instant;
	return k->fn;
}

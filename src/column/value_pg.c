// SPDX-License-Identifier: Apache-2.0
/* Values as PostgreSQL's text output functions print them. */
#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "base/fpconv.h"
#include "base/utf8.h"
#include "column/digits.h"
#include "column/numeric.h"
#include "column/value_write_impl.h"

#define US_PER_SECOND INT64_C(1000000)
#define US_PER_DAY (86400 * US_PER_SECOND)

/* ---- stored values as PostgreSQL sees them ---- */

int64_t pg_timestamp_us(const struct type *t, const void *data, uint32_t i)
{
	static const int64_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
	if (t->id == TYPE_DATETIME)
		return (int64_t)((const uint32_t *)data)[i] * US_PER_SECOND;
	int64_t ticks = ((const int64_t *)data)[i], us;
	if (t->face != FACE_DEFAULT && (ticks == INT64_MAX || ticks == INT64_MIN))
		return ticks;
	if (t->scale <= 6)
		return __builtin_mul_overflow(ticks, powers[6 - t->scale], &us) ? (ticks < 0 ? INT64_MIN + 1 : INT64_MAX - 1) : us;
	int64_t by = powers[t->scale - 6];
	return ticks / by - (ticks % by < 0);
}

const struct timezone *pg_timestamp_zone(const struct type *t, const struct timezone *session)
{
	const struct timezone *tz = type_face(t) == FACE_TIMESTAMPTZ || t->tz == NULL ? session : t->tz;
	return tz == NULL ? timezone_utc() : tz;
}

int32_t pg_date_days(const struct type *t, const void *data, uint32_t i)
{
	return t->id == TYPE_DATE ? ((const uint16_t *)data)[i] : ((const int32_t *)data)[i];
}

int64_t pg_time_us(const struct type *t, const void *data, uint32_t i)
{
	static const int64_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
	if (t->id == TYPE_TIME)
		return ((const int32_t *)data)[i] * US_PER_SECOND;
	int64_t ticks = ((const int64_t *)data)[i];
	return t->scale <= 6 ? ticks * powers[6 - t->scale] : ticks / powers[t->scale - 6];
}

static struct pginterval from_unit(enum interval_unit unit, int64_t n)
{
	static const int64_t us[] = {[UNIT_MICROSECOND] = 1, [UNIT_MILLISECOND] = 1000, [UNIT_SECOND] = US_PER_SECOND,
		[UNIT_MINUTE] = 60 * US_PER_SECOND, [UNIT_HOUR] = 3600 * US_PER_SECOND};
	static const int months[] = {[UNIT_MONTH] = 1, [UNIT_QUARTER] = 3, [UNIT_YEAR] = 12};
	struct pginterval v = {0, 0, 0};
	if (unit == UNIT_NANOSECOND) {
		v.us = n / 1000;
	} else if (unit <= UNIT_HOUR) {
		if (__builtin_mul_overflow(n, us[unit], &v.us))
			v.us = n < 0 ? INT64_MIN : INT64_MAX;
	} else {
		int64_t by = unit == UNIT_DAY ? 1 : unit == UNIT_WEEK ? 7 : months[unit], whole;
		if (__builtin_mul_overflow(n, by, &whole) || whole > INT32_MAX || whole < INT32_MIN)
			whole = n < 0 ? INT32_MIN : INT32_MAX;
		*(unit <= UNIT_WEEK ? &v.days : &v.months) = (int32_t)whole;
	}
	return v;
}

static int64_t tuple_integer(const struct vector *v, uint32_t k, uint32_t i)
{
	const struct vector *at;
	i = vector_index(v->children[k], i, &at);
	return type_physical(at->type) == PHYS_I64 ? ((const int64_t *)at->data)[i] : ((const int32_t *)at->data)[i];
}

struct pginterval pg_interval_of(const struct vector *v, uint32_t i)
{
	if (v->type->id == TYPE_PGINTERVAL)
		return pginterval_at(v->data, i);
	if (v->type->id == TYPE_INTERVAL)
		return from_unit(v->type->scale, ((const int64_t *)v->data)[i]);
	assert(v->type->id == TYPE_TUPLE && v->child_count == 3);
	return (struct pginterval){tuple_integer(v, 2, i), (int32_t)tuple_integer(v, 1, i), (int32_t)tuple_integer(v, 0, i)};
}

struct str pg_string_of(const struct vector *v, uint32_t i)
{
	struct str s = strview_str(&((const struct strview *)v->data)[i]);
	if (v->type->id == TYPE_FIXEDSTRING)
		while (s.size != 0 && s.data[s.size - 1] == '\0')
			s.size--;
	return s;
}

/* ---- fixed width ---- */

static char *put_pg_bool(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	*out = ((const uint8_t *)data)[i] != 0 ? 't' : 'f';
	return out + 1;
}

/* extra_float_digits of 0 and less asks for so many significant digits instead of the shortest text. */
static char *put_digits(double v, int digits, char *out)
{
	return out + snprintf(out, PUT_MAX, "%.*g", digits < 1 ? 1 : digits, v);
}

static char *put_pg_float4(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	float v = ((const float *)data)[i];
	if (c->options->extra_float_digits < 1 && isfinite(v))
		return put_digits((double)v, 6 + c->options->extra_float_digits, out);
	return out + fp_format32_pg(v, out);
}

static char *put_pg_float8(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	double v = ((const double *)data)[i];
	if (c->options->extra_float_digits < 1 && isfinite(v))
		return put_digits(v, 15 + c->options->extra_float_digits, out);
	return out + fp_format64_pg(v, out);
}

static char *put_text(char *out, const char *text)
{
	size_t n = strlen(text);
	memcpy(out, text, n);
	return out + n;
}

/* Years before 1 are counted backwards, with BC at the very end. */
static char *put_pg_day(char *p, int64_t days, bool *bc)
{
	struct civil_date d = days_to_civil(days);
	*bc = d.year <= 0;
	unsigned year = (unsigned)(*bc ? 1 - d.year : d.year);
	p = year < 10000 ? put4(p, year) : put_u64(p, year);
	*p++ = '-';
	p = put2(p, d.month);
	*p++ = '-';
	return put2(p, d.day);
}

static char *put_pg_date(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	int32_t days = pg_date_days(c->type, data, i);
	bool bc;
	if (c->type->face != FACE_DEFAULT && (days == INT32_MAX || days == INT32_MIN))
		return put_text(out, days > 0 ? "infinity" : "-infinity");
	out = put_pg_day(out, days, &bc);
	return bc ? put_text(out, " BC") : out;
}

/* Microseconds behind the second, without trailing zeros. */
static char *put_fraction(char *p, uint32_t us)
{
	if (us == 0)
		return p;
	*p++ = '.';
	p = put_padded(p, us, 6);
	while (p[-1] == '0')
		p--;
	return p;
}

static char *put_offset(char *p, int32_t offset)
{
	*p++ = offset < 0 ? '-' : '+';
	unsigned v = (unsigned)(offset < 0 ? -offset : offset);
	p = put2(p, v / 3600);
	if (v % 3600 != 0) {
		*p++ = ':';
		p = put2(p, v / 60 % 60);
	}
	if (v % 60 != 0) {
		*p++ = ':';
		p = put2(p, v % 60);
	}
	return p;
}

static char *put_pg_timestamp(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	int64_t us = pg_timestamp_us(c->type, data, i);
	if (c->type->face != FACE_DEFAULT && (us == INT64_MAX || us == INT64_MIN))
		return put_text(out, us > 0 ? "infinity" : "-infinity");
	const struct timezone *tz = c->tz;
	int64_t seconds = us / US_PER_SECOND, rest = us % US_PER_SECOND;
	if (rest < 0) {
		seconds--;
		rest += US_PER_SECOND;
	}
	int32_t offset = timezone_is_utc(tz) ? 0 : timezone_offset(tz, seconds);
	seconds += offset;
	int64_t day = seconds / 86400, second = seconds % 86400;
	if (second < 0) {
		day--;
		second += 86400;
	}
	bool bc;
	char *p = put_pg_day(out, day, &bc);
	*p++ = ' ';
	p = put_fraction(put_clock(p, (uint32_t)second), (uint32_t)rest);
	if (type_face(c->type) == FACE_TIMESTAMPTZ)
		p = put_offset(p, offset);
	return bc ? put_text(p, " BC") : p;
}

static char *put_pg_time(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	int64_t us = pg_time_us(c->type, data, i);
	if (us < 0) { /* ClickHouse's Time goes below midnight */
		*out++ = '-';
		us = -us;
	}
	uint64_t seconds = (uint64_t)(us / US_PER_SECOND);
	char *p = seconds < 360000 ? put2(out, (unsigned)(seconds / 3600)) : put_u64(out, seconds / 3600);
	*p++ = ':';
	p = put2(p, (unsigned)(seconds / 60 % 60));
	*p++ = ':';
	return put_fraction(put2(p, (unsigned)(seconds % 60)), (uint32_t)(us % US_PER_SECOND));
}

static char *put_pg_interval_unit(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	return out + pginterval_format(from_unit(c->type->scale, ((const int64_t *)data)[i]), out);
}

/* A bare numeric column: trailing zeros go, reserved values are NaN and the infinities. */
static char *put_pg_bare_numeric(const struct put_context *c, const void *data, uint32_t i, char *out)
{
	i256 v;
	enum numeric_sign sign;
	memcpy(&v, (const char *)data + (size_t)i * 32, 32);
	if (decimal_is_special(v, &sign))
		return put_text(out, sign == NUMERIC_NAN ? "NaN" : sign == NUMERIC_PLUS_INFINITY ? "Infinity" : "-Infinity");
	return out + format_decimal(v, c->type->scale, false, out);
}

put_fn put_of_pg(const struct type *t)
{
	switch ((enum type_id)t->id) {
	case TYPE_BOOL: return put_pg_bool;
	case TYPE_FLOAT32: return put_pg_float4;
	case TYPE_FLOAT64: return put_pg_float8;
	case TYPE_DECIMAL256: return t->face == FACE_NUMERIC && t->typmod < 0 ? put_pg_bare_numeric : NULL;
	case TYPE_DATE:
	case TYPE_DATE32: return put_pg_date;
	case TYPE_DATETIME:
	case TYPE_DATETIME64: return put_pg_timestamp;
	case TYPE_TIME:
	case TYPE_TIME64: return put_pg_time;
	case TYPE_INTERVAL: return put_pg_interval_unit;
	default: return NULL;
	}
}

/* ---- strings ---- */

static void write_hex(struct strbuf *to, struct str s)
{
	static const char hex[] = "0123456789abcdef";
	if (!strbuf_reserve(to, 2 + s.size * 2))
		return;
	char *p = to->data + to->size;
	*p++ = '\\';
	*p++ = 'x';
	for (size_t i = 0; i < s.size; i++) {
		*p++ = hex[(unsigned char)s.data[i] >> 4];
		*p++ = hex[s.data[i] & 15];
	}
	to->size = (size_t)(p - to->data);
}

void pg_write_text(struct strbuf *to, struct str s)
{
	static const char hex[] = "0123456789abcdef";
	while (s.size != 0) {
		size_t good = utf8_valid_prefix(s.data, s.size);
		const char *nul = good == 0 ? NULL : memchr(s.data, '\0', good);
		good = nul == NULL ? good : (size_t)(nul - s.data);
		strbuf_put(to, s.data, good);
		s.data += good;
		s.size -= good;
		if (s.size != 0) {
			char text[4] = {'\\', 'x', hex[(unsigned char)*s.data >> 4], hex[*s.data & 15]};
			strbuf_put(to, text, 4);
			s.data++;
			s.size--;
		}
	}
}

/* ---- arrays ---- */

/* Puts what stands behind `start` in double quotes when an array literal needs that. */
static void quote_element(struct strbuf *to, size_t start)
{
	size_t size = to->size - start, escapes = 0;
	struct str text = {to->data + start, size};
	bool quote = size == 0 || str_eq_nocase(text, STR("null"));
	for (size_t i = 0; i < size; i++) {
		char c = text.data[i];
		escapes += c == '"' || c == '\\';
		quote |= c == '"' || c == '\\' || c == '{' || c == '}' || c == ',' || c == ' ' || (c >= '\t' && c <= '\r');
	}
	if (!quote || !strbuf_reserve(to, escapes + 2))
		return;
	size_t at = to->size + escapes + 2;
	to->size = at;
	to->data[--at] = '"';
	for (size_t from = start + size; from > start;) {
		char c = to->data[--from];
		to->data[--at] = c;
		if (c == '"' || c == '\\')
			to->data[--at] = '\\';
	}
	to->data[--at] = '"';
	assert(at == start);
}

static void write_pg_array(struct value_writer *w, const struct vector *v, uint32_t i)
{
	const uint32_t *offsets = v->data;
	const struct vector *elements = v->children[0];
	bool nested = type_face(elements->type) == FACE_ARRAY;
	strbuf_putc(w->to, '{');
	for (uint32_t e = offsets[i]; e < offsets[i + 1]; e++) {
		if (e != offsets[i])
			strbuf_putc(w->to, ',');
		if (vector_is_null(elements, e)) {
			strbuf_put(w->to, "NULL", 4);
			continue;
		}
		size_t start = w->to->size;
		write_cell_pg(w, elements, e, true);
		if (!nested && !w->to->failed)
			quote_element(w->to, start);
	}
	strbuf_putc(w->to, '}');
}

/* Puts what stands behind `start` in double quotes, inner ones doubled, when a row literal needs that. */
static void quote_field(struct strbuf *to, size_t start)
{
	size_t size = to->size - start, escapes = 0;
	bool quote = size == 0;
	for (size_t i = start; i < start + size; i++) {
		char c = to->data[i];
		escapes += c == '"' || c == '\\';
		quote |= c == '"' || c == '\\' || c == '(' || c == ')' || c == ',' || c == ' ' || (c >= '\t' && c <= '\r');
	}
	if (!quote || !strbuf_reserve(to, escapes + 2))
		return;
	size_t at = to->size + escapes + 2;
	to->size = at;
	to->data[--at] = '"';
	for (size_t from = start + size; from > start;) {
		char c = to->data[--from];
		to->data[--at] = c;
		if (c == '"' || c == '\\')
			to->data[--at] = c;
	}
	to->data[--at] = '"';
	assert(at == start);
}

/* (1,"a b",): a row value. */
static void write_pg_record(struct value_writer *w, const struct vector *v, uint32_t i)
{
	strbuf_putc(w->to, '(');
	for (uint32_t c = 0; c < v->child_count; c++) {
		if (c != 0)
			strbuf_putc(w->to, ',');
		if (vector_is_null(v->children[c], i) || v->children[c]->type->id == TYPE_NOTHING)
			continue;
		size_t start = w->to->size;
		write_cell_pg(w, v->children[c], i, true);
		if (!w->to->failed)
			quote_field(w->to, start);
	}
	strbuf_putc(w->to, ')');
}

/* pgvector's [1,2,3]; int2vector and oidvector have blanks and no brackets. */
static void write_plain_array(struct value_writer *w, const struct vector *v, uint32_t i, bool brackets)
{
	const uint32_t *offsets = v->data;
	if (brackets)
		strbuf_putc(w->to, '[');
	for (uint32_t e = offsets[i]; e < offsets[i + 1]; e++) {
		if (e != offsets[i])
			strbuf_putc(w->to, brackets ? ',' : ' ');
		write_cell_pg(w, v->children[0], e, true);
	}
	if (brackets)
		strbuf_putc(w->to, ']');
}

/* ---- one value ---- */

static void write_pg_string(struct value_writer *w, const struct vector *v, uint32_t i)
{
	struct str s = pg_string_of(v, i);
	if (type_face(v->type) == FACE_BYTEA)
		write_hex(w->to, s);
	else
		pg_write_text(w->to, s);
}

static void write_object(struct value_writer *w, const struct type *t, uint32_t oid)
{
	struct arena a;
	struct str name = STR("");
	if (oid == 0) {
		strbuf_putc(w->to, '-');
		return;
	}
	arena_init(&a, NULL);
	if (w->options->object_name != NULL)
		name = w->options->object_name(w->options->object_arg, t->face, oid, &a);
	if (name.size != 0)
		strbuf_puts(w->to, name);
	else
		strbuf_put_u64(w->to, oid);
	arena_fini(&a);
}

void write_cell_pg(struct value_writer *w, const struct vector *v, uint32_t i, bool nested)
{
	const struct vector *at;
	struct put_context c;
	i = vector_index(v, i, &at);
	if (at->nulls != NULL && bit_get(at->nulls, i)) {
		if (nested)
			strbuf_put(w->to, "NULL", 4);
		return;
	}
	const struct type *t = at->type;
	put_fn put = put_of(t, MODE_PG);
	if (put != NULL) {
		if (!strbuf_reserve(w->to, PUT_MAX))
			return;
		put_context_init(&c, w, t, MODE_PG);
		w->to->size = (size_t)(put(&c, at->data, i, w->to->data + w->to->size) - w->to->data);
		return;
	}
	switch ((enum type_id)t->id) {
	case TYPE_UINT32: write_object(w, t, ((const uint32_t *)at->data)[i]); return;
	case TYPE_STRING:
	case TYPE_FIXEDSTRING:
	case TYPE_AGGSTATE: write_pg_string(w, at, i); return;
	case TYPE_ENUM8:
	case TYPE_ENUM16: strbuf_puts(w->to, enum_name(t, at->data, i)); return;
	case TYPE_NUMERIC: write_numeric(w, strview_str(&((const struct strview *)at->data)[i]), MODE_PG); return;
	case TYPE_ARRAY:
		if (type_face(t) == FACE_ARRAY)
			write_pg_array(w, at, i);
		else
			write_plain_array(w, at, i, type_face(t) == FACE_VECTOR);
		return;
	case TYPE_VARIANT: {
		const struct vector *codes;
		uint32_t row = vector_index(at->children[0], i, &codes);
		uint8_t code = ((const uint8_t *)codes->data)[row];
		if (code != 0)
			write_cell_pg(w, at->children[code], i, nested);
		return;
	}
	case TYPE_TUPLE:
	case TYPE_MAP:
		if (type_face(t) == FACE_INTERVAL) {
			char text[PGINTERVAL_TEXT_MAX];
			strbuf_put(w->to, text, pginterval_format(pg_interval_of(at, i), text));
			return;
		}
		if (type_face(t) == FACE_RECORD)
			write_pg_record(w, at, i);
		else
			write_container(w, at, i, MODE_PG_JSON);
		return;
	default: return;
	}
}

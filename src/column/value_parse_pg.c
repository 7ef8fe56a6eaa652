// SPDX-License-Identifier: Apache-2.0
/* Values from PostgreSQL's text: what its input functions take, by face. */
#include <assert.h>
#include <stdlib.h>

#include "base/fpconv.h"
#include "base/utf8.h"
#include "column/digits.h"
#include "column/inet_impl.h"
#include "column/json_text.h"
#include "column/numeric.h"
#include "column/value_parse_impl.h"
#include "column/pg_datetime_impl.h"
#include "column/value_pg_impl.h"

enum { SHOWN_MAX = 200 };
#define PG_EPOCH_US INT64_C(946684800000000) /* 2000-01-01 since 1970 */

static const char *face_shown(enum face f)
{
	return f == FACE_TIMESTAMP ? "timestamp" : f == FACE_TIME ? "time" : f == FACE_ARRAY ? "array" : face_info(f)->sql;
}

static struct str shown(struct str s)
{
	return str_make(s.data, s.size > SHOWN_MAX ? utf8_prefix_size(s.data, SHOWN_MAX) : s.size);
}

static enum status bad_syntax(const struct builder *b, struct str s, enum status status, struct error *err)
{
	return ERR(err, status, "invalid input syntax for type %s: \"%.*s\"", face_shown(type_face(b->type)),
	           STR_ARG(shown(s)));
}

static enum status bad_range(const struct builder *b, struct str s, struct error *err)
{
	return ERR(err, E_OUT_OF_RANGE, "value \"%.*s\" is out of range for type %s", STR_ARG(shown(s)),
	           face_shown(type_face(b->type)));
}

/* ---- scalars ---- */

/* Any unique prefix of true, false, yes, no, on, off, 1, 0. */
static enum status pg_bool(struct builder *b, struct str s, struct error *err)
{
	static const char *const words[] = {"false", "true", "no", "yes", "off", "on", "0", "1"};
	struct str t = str_trim(s);
	for (size_t i = 0; i < ARRAY_COUNT(words) && t.size != 0; i++) {
		bool ambiguous = t.size == 1 && ascii_lower(t.data[0]) == 'o';
		if (!ambiguous && str_starts_with_nocase(str_of(words[i]), t)) {
			uint8_t v = i % 2;
			return builder_fixed(b, &v, err);
		}
	}
	return bad_syntax(b, s, E_CANNOT_PARSE_BOOL, err);
}

bool pg_integer_fits(enum face f, i256 v)
{
	static const int64_t maxima[FACE_COUNT] = {[FACE_INT2] = INT16_MAX, [FACE_INT4] = INT32_MAX, [FACE_INT8] = INT64_MAX};
	int64_t max = maxima[f], small;
	return max == 0 || (!i256_to_i64(v, &small) && small <= max && small >= -max - 1);
}

enum status pg_append_integer(struct builder *b, i256 v, struct str text, struct error *err)
{
	bool is_signed = b->physical >= PHYS_I8 && b->physical <= PHYS_I256;
	unsigned bits = (unsigned)physical_size(b->physical) * 8;
	bool fits;
	if (bits == 256) /* a u256 beyond 2^255 comes as its bits: its caller knows */
		fits = is_signed || !i256_negative(v);
	else if (is_signed)
		fits = i256_compare(v, u256_negate(u256_shl(u256_from_u64(1), bits - 1))) >= 0 &&
		       i256_compare(v, u256_shl(u256_from_u64(1), bits - 1)) < 0;
	else
		fits = !i256_negative(v) && i256_compare(v, u256_shl(u256_from_u64(1), bits)) < 0;
	if (!fits || !pg_integer_fits(type_face(b->type), v))
		return bad_range(b, text, err);
	return builder_fixed(b, &v, err);
}

static enum status pg_integer(struct builder *b, struct str text, struct error *err)
{
	struct str s = str_trim(text);
	bool range = false;
	enum status status = OK;
	i256 v;
	/* the face may be narrower than what is stored */
	bool narrow = !pg_integer_fits(type_face(b->type), i256_from_i64(INT64_MAX)) && physical_size(b->physical) >= 4;
	if (!narrow && b->type->face == FACE_DEFAULT && parse_integer(b, s, &range, &status, err))
		return range ? bad_range(b, text, err) : status;
	bool sign = s.size != 0 && s.data[0] == '+';
	if (i256_parse(str_make(s.data + sign, s.size - sign), &v)) {
		int64_t small; /* OIDs are unsigned, but their text may be the negative of the same bits */
		if (b->type->id == TYPE_UINT32 && b->type->face != FACE_DEFAULT && !i256_to_i64(v, &small) && small < 0 &&
		    small >= INT32_MIN)
			v = u256_from_u64((uint32_t)small);
		return pg_append_integer(b, v, text, err);
	}
	if (type_face(b->type) != FACE_NUMERIC)
		return bad_syntax(b, text, E_CANNOT_PARSE_NUMBER, err);
	/* numeric(20,0) rounds */
	struct numeric n;
	numeric_init(&n);
	status = numeric_parse(&n, s, err);
	if (status == OK)
		status = numeric_to_i256(&n, 0, &v) ? pg_append_integer(b, v, text, err) : bad_range(b, text, err);
	numeric_fini(&n);
	return status;
}

static enum status pg_float(struct builder *b, struct str text, struct error *err)
{
	struct str s = str_trim(text);
	double d = 0;
	float f = 0;
	bool wide = b->physical == PHYS_F64;
	size_t n = wide ? fp_parse64(s, &d) : fp_parse32(s, &f);
	if (n == 0 || n != s.size)
		return bad_syntax(b, text, E_CANNOT_PARSE_NUMBER, err);
	bool letters = false;
	for (size_t i = 0; i < s.size; i++)
		letters |= ascii_lower(s.data[i]) == 'i';
	if (!letters && (wide ? __builtin_isinf(d) : __builtin_isinf(f)))
		return ERR(err, E_OUT_OF_RANGE, "\"%.*s\" is out of range for type %s", STR_ARG(shown(s)),
		           wide ? "double precision" : "real");
	return wide ? builder_fixed(b, &d, err) : builder_fixed(b, &f, err);
}

bool pg_is_bare_numeric(const struct type *t)
{
	return t->id == TYPE_DECIMAL256 && t->face == FACE_NUMERIC && t->typmod < 0;
}

static enum status overflow(const struct type *t, struct error *err)
{
	enum status s = ERR(err, E_OUT_OF_RANGE, "numeric field overflow");
	int digits = t->precision - t->scale;
	if (err != NULL)
		error_detail(err, "A field with precision %u, scale %u must round to an absolute value less than %s%d.", t->precision,
		             t->scale, digits == 0 ? "" : "10^", digits == 0 ? 1 : digits);
	return s;
}

enum status pg_append_numeric(struct builder *b, const struct numeric *n, struct error *err)
{
	const struct type *t = b->type;
	i256 v;
	if (numeric_is_special(n)) {
		if (!pg_is_bare_numeric(t))
			return ERR(err, E_OUT_OF_RANGE,
			           "numeric field overflow: NaN and infinities need a numeric column without precision");
		return append_decimal(b, decimal_special(n->sign), err);
	}
	if (!numeric_to_i256(n, t->scale, &v) || (pg_is_bare_numeric(t) && decimal_is_reserved(v)))
		return overflow(t, err);
	u256 magnitude = i256_negative(v) ? u256_negate(v) : v;
	if (u256_compare(magnitude, pow10_i256(t->precision)) >= 0)
		return overflow(t, err);
	return append_decimal(b, v, err);
}

static enum status pg_numeric(struct builder *b, struct str s, struct error *err)
{
	struct numeric n;
	i256 v;
	if (!pg_is_bare_numeric(b->type) && parse_decimal_rounding(s, b->type->precision, b->type->scale, true, &v))
		return append_decimal(b, v, err);
	numeric_init(&n);
	enum status status = numeric_parse(&n, s, err);
	if (status == OK)
		status = pg_append_numeric(b, &n, err);
	numeric_fini(&n);
	return status;
}

enum status pg_append_wire_numeric(struct builder *b, struct numeric *n, struct error *err)
{
	struct strbuf wire;
	strbuf_init(&wire, b->track);
	enum status status = numeric_apply_typmod(n, b->type->typmod, err);
	if (status == OK) {
		numeric_encode(n, &wire);
		status = strbuf_status(&wire, err);
	}
	if (status == OK)
		status = builder_string(b, wire.data, wire.size, err);
	strbuf_fini(&wire);
	return status;
}

static enum status pg_wire_numeric(struct builder *b, struct str s, struct error *err)
{
	struct numeric n;
	numeric_init(&n);
	enum status status = numeric_parse(&n, s, err);
	if (status == OK)
		status = pg_append_wire_numeric(b, &n, err);
	numeric_fini(&n);
	return status;
}

/* ---- strings ---- */

static enum status check_encoding(struct str s, struct error *err)
{
	size_t good = utf8_valid_prefix(s.data, s.size);
	const char *nul = good == 0 ? NULL : memchr(s.data, '\0', good);
	if (nul != NULL)
		good = (size_t)(nul - s.data);
	if (good == s.size)
		return OK;
	return ERR(err, E_BAD_ENCODING, "invalid byte sequence for encoding \"UTF8\": 0x%02x", (unsigned char)s.data[good]);
}

/* varchar(n) and char(n): only blanks may go beyond n; char is padded to n. */
static enum status limited_text(struct builder *b, struct str s, struct error *err)
{
	bool pads = b->type->face == FACE_BPCHAR;
	size_t limit = (size_t)(b->type->typmod - PG_VARHDRSZ), characters = utf8_count(s.data, s.size);
	if (characters > limit) {
		size_t cut = utf8_offset(s.data, s.size, limit);
		for (size_t i = cut; i < s.size; i++)
			if (s.data[i] != ' ')
				return ERR(err, E_STRING_TOO_LONG, "value too long for type %s(%zu)", face_info(b->type->face)->sql, limit);
		s.size = cut;
		characters = limit;
	}
	if (!pads || characters == limit)
		return builder_string(b, s.data, s.size, err);
	size_t size = s.size + (limit - characters);
	char small[256], *place = small;
	bool direct = size > sizeof small;
	if (direct)
		TRY(builder_string_place(b, size, &place, err));
	if (s.size != 0)
		memcpy(place, s.data, s.size);
	memset(place + s.size, ' ', size - s.size);
	return direct ? builder_view(b, strview_make(place, size), err) : builder_string(b, place, size, err);
}

enum status pg_append_text(struct builder *b, struct str s, struct error *err)
{
	const struct type *t = b->type;
	TRY(check_encoding(s, err));
	if (t->id == TYPE_FIXEDSTRING)
		return append_fixed_string(b, s, err);
	if ((t->face == FACE_VARCHAR || t->face == FACE_BPCHAR) && t->typmod >= PG_VARHDRSZ)
		return limited_text(b, s, err);
	if (t->face == FACE_NAME && s.size > 63)
		s.size = utf8_prefix_size(s.data, 63);
	return builder_string(b, s.data, s.size, err);
}

static int hex_value(char c)
{
	c = ascii_lower(c);
	return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* \x and hex digits (blanks between bytes allowed), or the old escape form. */
static bool decode_bytea(struct str s, char *out, size_t *size)
{
	char *to = out;
	if (s.size >= 2 && s.data[0] == '\\' && s.data[1] == 'x') {
		for (size_t i = 2; i < s.size; i += 2) {
			while (i < s.size && (s.data[i] == ' ' || (s.data[i] >= '\t' && s.data[i] <= '\r')))
				i++;
			if (i == s.size)
				break;
			if (i + 1 == s.size || hex_value(s.data[i]) < 0 || hex_value(s.data[i + 1]) < 0)
				return false;
			*to++ = (char)(hex_value(s.data[i]) << 4 | hex_value(s.data[i + 1]));
		}
	} else {
		for (size_t i = 0; i < s.size; i++) {
			if (s.data[i] != '\\') {
				*to++ = s.data[i];
			} else if (i + 1 < s.size && s.data[i + 1] == '\\') {
				*to++ = s.data[++i];
			} else {
				int v = 0;
				if (i + 3 >= s.size || s.data[i + 1] > '3')
					return false;
				for (size_t k = 1; k <= 3; k++) {
					if (s.data[i + k] < '0' || s.data[i + k] > '7')
						return false;
					v = v * 8 + (s.data[i + k] - '0');
				}
				*to++ = (char)v;
				i += 3;
			}
		}
	}
	*size = (size_t)(to - out);
	return true;
}

static enum status pg_bytea(struct builder *b, struct str s, struct error *err)
{
	char small[256], *place = small;
	size_t size;
	if (s.size > sizeof small)
		TRY(builder_string_place(b, s.size, &place, err));
	bool hex = s.size >= 2 && s.data[0] == '\\' && s.data[1] == 'x';
	if (!decode_bytea(s, place, &size)) {
		if (!hex)
			return bad_syntax(b, s, E_CANNOT_PARSE_TEXT, err);
		size_t digits = 2;
		while (digits < s.size && (hex_value(s.data[digits]) >= 0))
			digits++;
		if (digits == s.size)
			return ERR(err, E_INVALID_PARAMETER_VALUE, "invalid hexadecimal data: odd number of digits");
		return ERR(err, E_INVALID_PARAMETER_VALUE, "invalid hexadecimal digit: \"%.*s\"",
		           (int)utf8_offset(s.data + digits, s.size - digits, 1), s.data + digits);
	}
	return place == small ? builder_string(b, small, size, err) : builder_view(b, strview_make(place, size), err);
}

enum status pg_append_json(struct builder *b, struct str s, struct error *err)
{
	TRY(check_encoding(s, err));
	if (type_face(b->type) == FACE_JSON) {
		TRY(json_check(s, err));
		return builder_string(b, s.data, s.size, err);
	}
	struct strbuf normal;
	strbuf_init(&normal, b->track);
	enum status status = jsonb_normalize(s, &normal, err);
	if (status == OK)
		status = builder_string(b, normal.data, normal.size, err);
	strbuf_fini(&normal);
	return status;
}

static enum status pg_inet(struct builder *b, struct str text, struct error *err)
{
	struct inet_value v;
	bool cidr = type_face(b->type) == FACE_CIDR;
	if (!inet_parse(text, cidr, &v))
		return bad_syntax(b, text, E_CANNOT_PARSE_TEXT, err);
	return pg_append_inet(b, &v, text, err);
}

enum status pg_append_inet(struct builder *b, const struct inet_value *v, struct str text, struct error *err)
{
	char out[INET_TEXT_MAX];
	uint32_t v4 = (uint32_t)v->address;
	u128 v6 = v->address;
	switch ((enum type_id)b->type->id) {
	case TYPE_IPV4:
		if (v->v6 || v->bits != 32)
			return bad_syntax(b, text, E_CANNOT_PARSE_TEXT, err);
		return builder_fixed(b, &v4, err);
	case TYPE_IPV6:
		if (!v->v6 && v->bits == 32)
			v6 |= (u128)0xffff << 32;
		else if (!v->v6 || v->bits != 128)
			return bad_syntax(b, text, E_CANNOT_PARSE_TEXT, err);
		return builder_fixed(b, &v6, err);
	default: return builder_string(b, out, inet_format(v, type_face(b->type) == FACE_CIDR, out), err);
	}
}

/* ---- dates and times ---- */

static enum status bad_datetime(const struct builder *b, struct str s, enum pg_datetime_result r, struct error *err)
{
	if (r == PG_DATETIME_SYNTAX)
		return bad_syntax(b, s, E_CANNOT_PARSE_DATETIME, err);
	if (r == PG_DATETIME_ZONE)
		return ERR(err, E_INVALID_PARAMETER_VALUE, "time zone not recognized: \"%.*s\"", STR_ARG(shown(s)));
	return ERR(err, E_DATETIME_OVERFLOW, "date/time field value out of range: \"%.*s\"", STR_ARG(shown(s)));
}

/* To the type's scale and the precision that the column was declared with, half away from the year 2000. */
static bool us_to_ticks(const struct type *t, int64_t us, int64_t *ticks)
{
	static const int64_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
	unsigned digits = t->scale < 6 ? t->scale : 6;
	if (t->face != FACE_DEFAULT && t->typmod >= 0 && (unsigned)t->typmod < digits)
		digits = (unsigned)t->typmod;
	if (digits < 6) {
		int64_t unit = powers[6 - digits], pg;
		if (__builtin_sub_overflow(us, PG_EPOCH_US, &pg))
			return false;
		pg = pg >= 0 ? (pg + unit / 2) / unit * unit : -((-pg + unit / 2) / unit * unit);
		us = pg + PG_EPOCH_US;
	}
	if (t->scale >= 6)
		return !__builtin_mul_overflow(us, powers[t->scale - 6], ticks);
	*ticks = us / powers[6 - t->scale];
	return true;
}

enum status pg_append_timestamp(struct builder *b, int64_t us, struct str text, struct error *err)
{
	int64_t ticks;
	if (us == INT64_MAX || us == INT64_MIN) {
		if (b->type->face == FACE_DEFAULT || b->type->id != TYPE_DATETIME64)
			return bad_datetime(b, text, PG_DATETIME_RANGE, err);
		return builder_fixed(b, &us, err);
	}
	if (!us_to_ticks(b->type, us, &ticks) || ticks == INT64_MAX || ticks == INT64_MIN)
		return bad_datetime(b, text, PG_DATETIME_RANGE, err);
	return append_ticks(b, ticks, text, err);
}

static enum status pg_timestamp(struct builder *b, struct str s, const struct timezone *session, struct error *err)
{
	struct pg_datetime d;
	int64_t us;
	const struct timezone *tz = pg_timestamp_zone(b->type, session);
	enum pg_datetime_result r = pg_datetime_parse(s, tz, false, &d);
	if (r != PG_DATETIME_OK)
		return bad_datetime(b, s, r, err);
	if (d.infinite != 0)
		return pg_append_timestamp(b, d.infinite > 0 ? INT64_MAX : INT64_MIN, s, err);
	if (!d.has_date)
		return bad_datetime(b, s, PG_DATETIME_SYNTAX, err);
	if (type_face(b->type) == FACE_TIMESTAMP) /* a zone is read and means nothing */
		d.has_offset = false;
	if (!pg_datetime_us(&d, tz, &us))
		return bad_datetime(b, s, PG_DATETIME_RANGE, err);
	return pg_append_timestamp(b, us, s, err);
}

static enum status pg_date(struct builder *b, struct str s, const struct timezone *session, struct error *err)
{
	struct pg_datetime d;
	int32_t days;
	if (parse_date(s, &days) && days != 0)
		return append_days(b, days, s, err);
	enum pg_datetime_result r = pg_datetime_parse(s, session, false, &d);
	if (r != PG_DATETIME_OK || (d.infinite == 0 && !d.has_date))
		return bad_datetime(b, s, r == PG_DATETIME_OK ? PG_DATETIME_SYNTAX : r, err);
	if (d.infinite != 0)
		return append_days(b, d.infinite > 0 ? INT32_MAX : INT32_MIN, s, err);
	return append_days(b, d.days, s, err);
}

enum status pg_append_time(struct builder *b, int64_t us, struct str text, struct error *err)
{
	int64_t ticks;
	if (!us_to_ticks(b->type, us, &ticks))
		return bad_datetime(b, text, PG_DATETIME_RANGE, err);
	return builder_fixed(b, &ticks, err); /* little-endian: Time takes the low half */
}

static enum status pg_time(struct builder *b, struct str s, const struct timezone *session, struct error *err)
{
	struct pg_datetime d;
	enum pg_datetime_result r = pg_datetime_parse(s, session, true, &d);
	if (r != PG_DATETIME_OK || !d.has_time)
		return bad_datetime(b, s, r == PG_DATETIME_OK ? PG_DATETIME_SYNTAX : r, err);
	int64_t us = ((int64_t)d.hour * 3600 + d.minute * 60 + d.second) * 1000000 + d.us;
	return us > INT64_C(86400000000) ? bad_datetime(b, s, PG_DATETIME_RANGE, err) : pg_append_time(b, us, s, err);
}

enum status pg_append_interval(struct builder *b, struct pginterval v, struct error *err)
{
	if (b->type->id == TYPE_PGINTERVAL)
		return builder_fixed(b, &v, err);
	if (b->type->id != TYPE_TUPLE || b->child_count != 3)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: interval text into a ClickHouse interval");
	TRY(builder_fixed(b->children[0], &v.months, err));
	TRY(builder_fixed(b->children[1], &v.days, err));
	TRY(builder_fixed(b->children[2], &v.us, err));
	return builder_end_tuple(b, err);
}

static enum status pg_interval(struct builder *b, struct str s, struct error *err)
{
	struct pginterval v;
	int64_t n;
	if (b->type->id == TYPE_INTERVAL && str_to_i64(s, &n))
		return builder_fixed(b, &n, err);
	TRY(pginterval_parse(s, &v, err));
	return pg_append_interval(b, v, err);
}

/* ---- arrays ---- */

struct array_text {
	const char *p, *end;
	struct str whole;
	const struct value_options *options;
	struct error *err;
};

static enum status malformed(const struct array_text *a, const char *why)
{
	enum status s = ERR(a->err, E_CANNOT_PARSE_TEXT, "malformed array literal: \"%.*s\"", STR_ARG(shown(a->whole)));
	if (a->err != NULL)
		error_detail(a->err, "%s", why);
	return s;
}

static void array_blanks(struct array_text *a)
{
	while (a->p < a->end && (*a->p == ' ' || (*a->p >= '\t' && *a->p <= '\r')))
		a->p++;
}

/* One element's text, quotes and backslashes resolved into out (which has room for the rest); *quoted tells NULL from
 * "NULL". */
static enum status array_element(struct array_text *a, char *out, size_t *size, bool *quoted)
{
	size_t n = 0, keep = 0; /* keep: behind the last character that is no loose blank */
	bool inside = false;
	*quoted = false;
	for (; a->p < a->end; a->p++) {
		char c = *a->p;
		if (c == '\\') {
			if (++a->p == a->end)
				break;
			out[n++] = *a->p;
			keep = n;
		} else if (c == '"') {
			inside = !inside;
			*quoted = true;
			keep = n;
		} else if (inside) {
			out[n++] = c;
			keep = n;
		} else if (c == ',' || c == '}') {
			*size = keep;
			return keep == 0 && !*quoted ? malformed(a, "Unexpected array element.") : OK;
		} else if (c == '{') {
			return malformed(a, "Unexpected \"{\" character: the array is deeper than its type.");
		} else {
			out[n++] = c;
			if (c != ' ' && !(c >= '\t' && c <= '\r'))
				keep = n;
		}
	}
	return malformed(a, "Unexpected end of input.");
}

static enum status array_body(struct builder *b, struct array_text *a, char *scratch)
{
	struct builder *elements = b->children[0];
	bool nested = type_face(elements->type) == FACE_ARRAY;
	array_blanks(a);
	if (a->p == a->end || *a->p != '{')
		return malformed(a, "Array value must start with \"{\" or dimension information.");
	a->p++;
	array_blanks(a);
	if (a->p < a->end && *a->p == '}') {
		a->p++;
		return builder_end_array(b, a->err);
	}
	for (;;) {
		array_blanks(a);
		if (nested) {
			TRY(array_body(elements, a, scratch));
		} else {
			size_t size = 0;
			bool quoted;
			TRY(array_element(a, scratch, &size, &quoted));
			struct str text = {scratch, size};
			if (!quoted && str_eq_nocase(text, STR("null")))
				TRY(parse_null(elements, a->options, a->err));
			else
				TRY(parse_pg_text(elements, text, a->options, a->err));
		}
		array_blanks(a);
		if (a->p == a->end)
			return malformed(a, "Unexpected end of input.");
		char c = *a->p++;
		if (c == '}')
			return builder_end_array(b, a->err);
		if (c != ',')
			return malformed(a, "Unexpected array element.");
	}
}

static enum status pg_array(struct builder *b, struct str s, const struct value_options *options, struct error *err)
{
	char small[512];
	struct array_text a = {s.data, s.data + s.size, s, options, err};
	array_blanks(&a);
	if (a.p < a.end && *a.p == '[') { /* "[1:3]={…}": bounds are not kept */
		while (a.p < a.end && *a.p != '{')
			a.p++;
	}
	char *scratch = s.size <= sizeof small ? small : malloc(s.size);
	if (scratch == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate %zu bytes", s.size);
	enum status status = array_body(b, &a, scratch);
	array_blanks(&a);
	if (status == OK && a.p != a.end)
		status = malformed(&a, "Junk after closing right brace.");
	if (scratch != small)
		free(scratch);
	return status;
}

enum status pg_check_dimensions(const struct builder *b, uint32_t n, struct error *err)
{
	if (b->type->face != FACE_VECTOR || b->type->typmod < 1 || n == (uint32_t)b->type->typmod)
		return OK;
	return ERR(err, E_INCORRECT_DATA, "expected %d dimensions, not %u", b->type->typmod, n);
}

/* "[1,2,3]" of pgvector; "1 2 3" of int2vector and oidvector. */
static enum status pg_vector(struct builder *b, struct str text, const struct value_options *options, struct error *err)
{
	struct str s = str_trim(text);
	bool brackets = type_face(b->type) == FACE_VECTOR;
	uint32_t n = 0;
	if (brackets) {
		if (s.size < 3 || s.data[0] != '[' || s.data[s.size - 1] != ']')
			return bad_syntax(b, text, E_CANNOT_PARSE_TEXT, err);
		s = str_make(s.data + 1, s.size - 2);
	}
	while (s.size != 0) {
		ptrdiff_t at = str_find_char(s, brackets ? ',' : ' ');
		struct str one = str_trim(str_make(s.data, at < 0 ? s.size : (size_t)at));
		if (one.size == 0)
			return bad_syntax(b, text, E_CANNOT_PARSE_TEXT, err);
		TRY(parse_pg_text(b->children[0], one, options, err));
		n++;
		s = at < 0 ? str_make(s.data, 0) : str_make(s.data + at + 1, s.size - (size_t)at - 1);
		if (at >= 0 && s.size == 0)
			return bad_syntax(b, text, E_CANNOT_PARSE_TEXT, err);
	}
	TRY(pg_check_dimensions(b, n, err));
	return builder_end_array(b, err);
}

/* ---- dispatch ---- */

static enum status pg_enum(struct builder *b, struct str s, const struct value_options *options, struct error *err)
{
	int16_t value;
	if (find_enum_value(b->type, s, &value))
		return builder_fixed(b, &value, err);
	struct arena a;
	struct str name = STR("");
	arena_init(&a, NULL);
	if (b->type->face == FACE_ENUM && options->object_name != NULL)
		name = options->object_name(options->object_arg, FACE_REGTYPE, (uint32_t)b->type->typmod, &a);
	enum status status = ERR(err, E_UNKNOWN_ENUM_ELEMENT, "invalid input value for enum%s%.*s: \"%.*s\"",
	                         name.size != 0 ? " " : "", STR_ARG(name), STR_ARG(shown(s)));
	arena_fini(&a);
	return status;
}

static enum status pg_string(struct builder *b, struct str s, struct error *err)
{
	switch (type_face(b->type)) {
	case FACE_BYTEA: return pg_bytea(b, s, err);
	case FACE_JSON:
	case FACE_JSONB: return pg_append_json(b, s, err);
	case FACE_INET:
	case FACE_CIDR: return pg_inet(b, s, err);
	default: return pg_append_text(b, s, err);
	}
}

static enum status pg_composite(struct builder *b, struct str s, const struct value_options *options, struct error *err)
{
	if (type_face(b->type) == FACE_INTERVAL)
		return pg_interval(b, s, err);
	struct literal l = {s.data, s.data + s.size, options, err};
	TRY(parse_json_value(b, &l));
	literal_blanks(&l);
	return l.p == l.end ? OK : bad_syntax(b, s, E_CANNOT_PARSE_TEXT, err);
}

enum status parse_pg_text(struct builder *b, struct str s, const struct value_options *options, struct error *err)
{
	u128 uuid;
	switch ((enum type_id)b->type->id) {
	case TYPE_BOOL: return pg_bool(b, s, err);
	case TYPE_INT8: case TYPE_INT16: case TYPE_INT32: case TYPE_INT64: case TYPE_INT128: case TYPE_INT256:
	case TYPE_UINT8: case TYPE_UINT16: case TYPE_UINT32: case TYPE_UINT64: case TYPE_UINT128: case TYPE_UINT256:
		return pg_integer(b, s, err);
	case TYPE_FLOAT32: case TYPE_FLOAT64: return pg_float(b, s, err);
	case TYPE_DECIMAL32: case TYPE_DECIMAL64: case TYPE_DECIMAL128: case TYPE_DECIMAL256: return pg_numeric(b, s, err);
	case TYPE_NUMERIC: return pg_wire_numeric(b, s, err);
	case TYPE_STRING: case TYPE_FIXEDSTRING: case TYPE_AGGSTATE: return pg_string(b, s, err);
	case TYPE_UUID:
		if (!parse_uuid(s, &uuid))
			return bad_syntax(b, s, E_CANNOT_PARSE_UUID, err);
		return builder_fixed(b, &uuid, err);
	case TYPE_DATE: case TYPE_DATE32: return pg_date(b, s, options->tz, err);
	case TYPE_DATETIME: case TYPE_DATETIME64: return pg_timestamp(b, s, options->tz, err);
	case TYPE_TIME: case TYPE_TIME64: return pg_time(b, s, options->tz, err);
	case TYPE_INTERVAL: case TYPE_PGINTERVAL: return pg_interval(b, s, err);
	case TYPE_ENUM8: case TYPE_ENUM16: return pg_enum(b, s, options, err);
	case TYPE_IPV4: case TYPE_IPV6: return pg_inet(b, s, err);
	case TYPE_ARRAY:
		return type_face(b->type) == FACE_ARRAY ? pg_array(b, s, options, err) : pg_vector(b, s, options, err);
	case TYPE_VARIANT: return parse_variant(b, s, VALUE_PG, options, err);
	case TYPE_TUPLE: case TYPE_MAP: return pg_composite(b, s, options, err);
	default: return bad_syntax(b, s, E_CANNOT_PARSE_TEXT, err);
	}
}

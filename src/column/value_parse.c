// SPDX-License-Identifier: Apache-2.0
/* Values from bare text, and the entry points that choose the reader. */
#include <assert.h>
#include <stdlib.h>

#include "base/fpconv.h"
#include "column/digits.h"
#include "column/numeric.h"
#include "column/value_parse_impl.h"
#include "column/variant.h"
#include "column/pginterval.h"

__attribute__((cold)) enum status parse_failed(const struct type *t, struct str text, enum status s, struct error *err)
{
	enum { SHOWN_MAX = 200 };
	struct arena a;
	if (err == NULL)
		return s;
	arena_init(&a, NULL);
	struct str name = type_name(&a, t);
	bool cut = text.size > SHOWN_MAX;
	if (cut)
		text.size = SHOWN_MAX;
	if (s == E_OUT_OF_RANGE)
		s = ERR(err, s, "Value '%.*s%s' is out of range of type %.*s", STR_ARG(text), cut ? "..." : "", STR_ARG(name));
	else
		s = ERR(err, s, "Cannot parse '%.*s%s' as %.*s", STR_ARG(text), cut ? "..." : "", STR_ARG(name));
	arena_fini(&a);
	return s;
}

enum status parse_null(struct builder *b, const struct value_options *options, struct error *err)
{
	if (b->type->nullable)
		return builder_null(b, err);
	if (options->null_as_default)
		return builder_default(b, err);
	struct arena a;
	arena_init(&a, NULL);
	enum status s = ERR(err, E_NOT_NULL_VIOLATION, "Cannot insert NULL value into a column of type '%.*s'",
	                    STR_ARG(type_name(&a, b->type)));
	arena_fini(&a);
	return s;
}

/* ---- integers ---- */

/* Digits to a number; false on anything else or when there are more than 19. */
static inline bool digits_to_u64(struct str s, uint64_t *out)
{
	const char *p = s.data, *end = p + s.size;
	uint64_t v = 0, w;
	if (unlikely(s.size == 0 || s.size > 19))
		return false;
	while (end - p >= 8) {
		memcpy(&w, p, 8);
		if (!all_digits8(w))
			return false;
		v = v * 100000000 + parse_digits8(w);
		p += 8;
	}
	for (; p != end; p++) {
		unsigned d = (unsigned char)(*p - '0');
		if (d > 9)
			return false;
		v = v * 10 + d;
	}
	*out = v;
	return true;
}

static bool is_integer_text(struct str s)
{
	size_t i = s.size != 0 && (s.data[0] == '-' || s.data[0] == '+');
	if (i == s.size)
		return false;
	for (; i < s.size; i++)
		if (!is_digit(s.data[i]))
			return false;
	return true;
}

/* Wide types, and narrow ones with more digits than fit in 64 bits. */
static bool parse_wide_integer(struct builder *b, struct str s, bool *range, enum status *status, struct error *err)
{
	u256 v;
	if (!is_integer_text(s))
		return false;
	bool negative = s.data[0] == '-', sign = negative || s.data[0] == '+';
	size_t start = sign;
	while (start + 1 < s.size && s.data[start] == '0')
		start++;
	*range = !u256_parse(str_make(s.data + start, s.size - start), &v);
	if (*range)
		return true;
	unsigned bits = (unsigned)physical_size(b->physical) * 8;
	bool is_signed = b->physical >= PHYS_I8 && b->physical <= PHYS_I256;
	u256 limit = is_signed ? u256_shl(u256_from_u64(1), bits - 1) : u256_shl(u256_from_u64(1), bits);
	int c = u256_compare(v, limit);
	if (is_signed) /* the magnitude may reach 2^(bits - 1) when negative */
		*range = c > 0 || (c == 0 && !negative);
	else
		*range = (negative && !u256_is_zero(v)) || (bits < 256 && c >= 0);
	if (*range)
		return true;
	if (negative)
		v = u256_negate(v);
	*status = builder_fixed(b, &v, err); /* little-endian: the low bytes are the narrower value */
	return true;
}

bool parse_integer(struct builder *b, struct str s, bool *range, enum status *status, struct error *err)
{
	static const uint64_t maxima[PHYS_COUNT] = {
		[PHYS_I8] = INT8_MAX, [PHYS_I16] = INT16_MAX, [PHYS_I32] = INT32_MAX, [PHYS_I64] = INT64_MAX,
		[PHYS_U8] = UINT8_MAX, [PHYS_U16] = UINT16_MAX, [PHYS_U32] = UINT32_MAX, [PHYS_U64] = UINT64_MAX,
	};
	*range = false;
	bool negative = s.size != 0 && s.data[0] == '-';
	size_t sign = negative || (s.size != 0 && s.data[0] == '+');
	uint64_t v, max = maxima[b->physical];
	if (max == 0 || !digits_to_u64(str_make(s.data + sign, s.size - sign), &v))
		return parse_wide_integer(b, s, range, status, err);
	if (negative) {
		bool is_signed = b->physical <= PHYS_I64;
		*range = is_signed ? v > max + 1 : v != 0;
		v = -v;
	} else {
		*range = v > max;
	}
	if (!*range)
		*status = builder_fixed(b, &v, err);
	return true;
}

/* ---- strings ---- */

size_t unescape(struct str s, char *out)
{
	static const char letters[] = "bfnrt0av", bytes[] = "\b\f\n\r\t\0\a\v", plain[] = "\\'\"`/=";
	char *to = out;
	for (size_t i = 0; i < s.size; i++) {
		char c = s.data[i];
		if (c != '\\' || i + 1 == s.size) {
			*to++ = c;
			continue;
		}
		c = s.data[++i];
		const char *e = c == '\0' ? NULL : strchr(letters, c);
		if (e != NULL) {
			*to++ = bytes[e - letters];
		} else if (c == 'x' && i + 2 < s.size) {
			char hex[3] = {s.data[i + 1], s.data[i + 2], 0}, *end;
			long v = strtol(hex, &end, 16);
			if (end != hex + 2 || hex[0] == '-' || hex[0] == '+' || hex[0] == ' ')
				v = 0;
			*to++ = (char)v;
			i += 2;
		} else {
			if (c == '\0' || strchr(plain, c) == NULL) /* unknown escapes stay as they are */
				*to++ = '\\';
			*to++ = c;
		}
	}
	return (size_t)(to - out);
}

enum status append_unescaped(struct builder *b, struct str s, struct error *err)
{
	char small[256], *place;
	if (s.size == 0 || memchr(s.data, '\\', s.size) == NULL)
		return builder_string(b, s.data, s.size, err);
	if (s.size <= sizeof small)
		return builder_string(b, small, unescape(s, small), err);
	TRY(builder_string_place(b, s.size, &place, err));
	return builder_view(b, strview_make(place, unescape(s, place)), err);
}

enum status append_fixed_string(struct builder *b, struct str s, struct error *err)
{
	uint32_t n = b->type->length;
	char small[256], *place;
	if (s.size > n) {
		return ERR(err, E_STRING_TOO_LONG, "Too large value for FixedString(%u): '%.*s'", n,
		           (int)(s.size > 200 ? 200 : s.size), s.data);
	}
	if (s.size == n)
		return builder_string(b, s.data, n, err);
	if (n <= sizeof small) {
		if (s.size != 0)
			memcpy(small, s.data, s.size);
		memset(small + s.size, 0, n - s.size);
		return builder_string(b, small, n, err);
	}
	TRY(builder_string_place(b, n, &place, err));
	if (s.size != 0)
		memcpy(place, s.data, s.size);
	memset(place + s.size, 0, n - s.size);
	return builder_view(b, strview_make(place, n), err);
}

/* ---- enums ---- */

bool find_enum_value(const struct type *t, struct str name, int16_t *value)
{
	for (uint32_t i = 0; i < t->value_count; i++) {
		if (str_eq(t->values[i].name, name)) {
			*value = t->values[i].value;
			return true;
		}
	}
	return false;
}

/* By name; where no name fits, by number. */
static enum status parse_enum(struct builder *b, struct str s, struct error *err)
{
	int16_t value;
	int64_t number;
	if (find_enum_value(b->type, s, &value))
		return builder_fixed(b, &value, err);
	if (str_to_i64(s, &number)) {
		for (uint32_t i = 0; i < b->type->value_count; i++) {
			if (b->type->values[i].value == number) {
				value = (int16_t)number;
				return builder_fixed(b, &value, err);
			}
		}
	}
	return ERR(err, E_UNKNOWN_ENUM_ELEMENT, "Unknown element '%.*s' for enum", (int)(s.size > 200 ? 200 : s.size), s.data);
}

/* ---- dates ---- */

enum status append_days(struct builder *b, int64_t days, struct str text, struct error *err)
{
	const struct type *t = b->type;
	bool wide = t->face != FACE_DEFAULT; /* a PostgreSQL column has the integer's whole range */
	if (t->id == TYPE_DATE) {
		uint16_t v = (uint16_t)days;
		return v == days ? builder_fixed(b, &v, err) : parse_failed(t, text, E_OUT_OF_RANGE, err);
	}
	int32_t v = (int32_t)days;
	if (v != days || (!wide && (days < DATE32_MIN || days > DATE32_MAX)))
		return parse_failed(t, text, E_OUT_OF_RANGE, err);
	return builder_fixed(b, &v, err);
}

enum status append_ticks(struct builder *b, int64_t ticks, struct str text, struct error *err)
{
	const struct type *t = b->type;
	if (t->id == TYPE_DATETIME) {
		uint32_t v = (uint32_t)ticks;
		return v == ticks ? builder_fixed(b, &v, err) : parse_failed(t, text, E_OUT_OF_RANGE, err);
	}
	uint32_t fraction;
	int64_t seconds = datetime_split(ticks, t->scale, &fraction);
	bool inside = seconds >= (int64_t)DATE32_MIN * 86400 && seconds < ((int64_t)DATE32_MAX + 1) * 86400;
	if (t->face == FACE_DEFAULT && !inside)
		return parse_failed(t, text, E_OUT_OF_RANGE, err);
	return builder_fixed(b, &ticks, err);
}

static enum status parse_datetime_text(struct builder *b, struct str s, const struct value_options *options,
                                       struct error *err)
{
	const struct type *t = b->type;
	const struct timezone *tz = t->tz != NULL ? t->tz : options->tz;
	int64_t ticks;
	if (unlikely(!parse_datetime(s, tz, t->scale, options->datetime_input != 0, &ticks)))
		return t->face != FACE_DEFAULT ? parse_pg_text(b, s, options, err)
		                               : parse_failed(t, s, E_CANNOT_PARSE_DATETIME, err);
	return append_ticks(b, ticks, s, err);
}

static enum status parse_date_text(struct builder *b, struct str s, enum value_style style,
                                   const struct value_options *options, struct error *err)
{
	int32_t days;
	int64_t seconds;
	if (likely(parse_date(s, &days)))
		return append_days(b, days, s, err);
	/* casts take a date and time too and drop the time */
	bool loose = style == VALUE_RAW || options->datetime_input != 0;
	if (loose && s.size > 8 && !is_digit(s.data[4]) && parse_datetime(s, NULL, 0, options->datetime_input != 0, &seconds))
		return append_days(b, seconds / 86400 - (seconds % 86400 < 0), s, err);
	if (b->type->face != FACE_DEFAULT) /* infinity, years of five digits */
		return parse_pg_text(b, s, options, err);
	return parse_failed(b->type, s, E_CANNOT_PARSE_DATE, err);
}

static enum status parse_time_text(struct builder *b, struct str s, struct error *err)
{
	int64_t ticks;
	if (!parse_time(s, b->type->scale, &ticks))
		return parse_failed(b->type, s, E_CANNOT_PARSE_DATETIME, err);
	return builder_fixed(b, &ticks, err);
}

/* ---- other numbers ---- */

enum status append_decimal(struct builder *b, i256 v, struct error *err)
{
	return builder_fixed(b, &v, err); /* little-endian: the low bytes are the narrower value */
}

/* Up to 18 digits without an exponent, which is what decimals mostly are. */
static bool parse_small_decimal(struct str s, unsigned precision, unsigned scale, int64_t *out)
{
	bool negative = s.size != 0 && s.data[0] == '-', point = false;
	uint64_t v = 0;
	unsigned fraction = 0, digits = 0;
	if (s.size > 19)
		return false;
	for (size_t i = negative; i < s.size; i++) {
		unsigned d = (unsigned char)(s.data[i] - '0');
		if (d <= 9) {
			v = v * 10 + d;
			digits++;
			fraction += point;
		} else if (s.data[i] == '.' && !point) {
			point = true;
		} else {
			return false;
		}
	}
	if (digits == 0 || fraction > scale || digits + scale - fraction > 18)
		return false;
	v *= pow10_u64(scale - fraction);
	if (v >= pow10_u64(precision > 18 ? 18 : precision))
		return false;
	*out = negative ? -(int64_t)v : (int64_t)v;
	return true;
}

static enum status parse_decimal_text(struct builder *b, struct str s, struct error *err)
{
	const struct type *t = b->type;
	int64_t small;
	i256 v;
	if (parse_small_decimal(s, t->precision, t->scale, &small))
		return append_decimal(b, i256_from_i64(small), err);
	if (parse_decimal(s, t->precision, t->scale, &v))
		return append_decimal(b, v, err);
	bool number = parse_decimal(s, 76, 0, &v) || is_integer_text(s);
	return parse_failed(t, s, number ? E_OUT_OF_RANGE : E_CANNOT_PARSE_TEXT, err);
}

static enum status parse_float_text(struct builder *b, struct str s, struct error *err)
{
	double d;
	float f;
	size_t n = b->physical == PHYS_F64 ? fp_parse64(s, &d) : fp_parse32(s, &f);
	if (n == 0 || n != s.size)
		return parse_failed(b->type, s, E_CANNOT_PARSE_TEXT, err);
	return b->physical == PHYS_F64 ? builder_fixed(b, &d, err) : builder_fixed(b, &f, err);
}

static enum status parse_integer_text(struct builder *b, struct str s, struct error *err)
{
	bool range;
	enum status status = OK;
	if (unlikely(b->type->face != FACE_DEFAULT)) /* a serial is an int4 in eight bytes */
		return parse_pg_text(b, s, &value_options_default, err);
	if (unlikely(!parse_integer(b, s, &range, &status, err)))
		return parse_failed(b->type, s, E_CANNOT_PARSE_TEXT, err);
	return unlikely(range) ? parse_failed(b->type, s, E_OUT_OF_RANGE, err) : status;
}

static enum status parse_bool_text(struct builder *b, struct str s, struct error *err)
{
	static const char *const words[2][8] = {
		{"false", "0", "f", "no", "n", "off", "disable", "disabled"},
		{"true", "1", "t", "yes", "y", "on", "enable", "enabled"},
	};
	for (uint8_t v = 0; v < 2; v++)
		for (size_t i = 0; i < ARRAY_COUNT(words[v]); i++)
			if (str_eq_nocase(s, str_of(words[v][i])))
				return builder_fixed(b, &v, err);
	return parse_failed(b->type, s, E_CANNOT_PARSE_BOOL, err);
}

static enum status parse_numeric_text(struct builder *b, struct str s, struct error *err)
{
	struct numeric n;
	struct strbuf wire;
	numeric_init(&n);
	strbuf_init(&wire, b->track);
	enum status status = numeric_parse(&n, s, err);
	if (status == OK) {
		numeric_encode(&n, &wire);
		status = strbuf_status(&wire, err);
	}
	if (status == OK)
		status = builder_string(b, wire.data, wire.size, err);
	strbuf_fini(&wire);
	numeric_fini(&n);
	return status;
}

static enum status parse_address(struct builder *b, struct str s, struct error *err)
{
	u128 v6;
	uint32_t v4;
	if (b->type->id == TYPE_IPV4 ? parse_ipv4(s, &v4) : parse_ipv6(s, &v6))
		return b->type->id == TYPE_IPV4 ? builder_fixed(b, &v4, err) : builder_fixed(b, &v6, err);
	return parse_failed(b->type, s, b->type->id == TYPE_IPV4 ? E_CANNOT_PARSE_IPV4 : E_CANNOT_PARSE_IPV6, err);
}

/* ---- dispatch ---- */

/* A column that PostgreSQL declared keeps its promises in ClickHouse's formats too: lengths, JSON, addresses. */
static enum status parse_faced_string(struct builder *b, struct str s, struct error *err)
{
	switch (b->type->face) {
	case FACE_JSON: case FACE_JSONB: case FACE_INET: case FACE_CIDR: case FACE_VARCHAR: case FACE_BPCHAR:
		return parse_pg_text(b, s, &value_options_default, err);
	default: return builder_string(b, s.data, s.size, err);
	}
}

enum status parse_scalar(struct builder *b, struct str s, enum value_style style, const struct value_options *options,
                         struct error *err)
{
	u128 uuid;
	struct pginterval interval;
	switch ((enum type_id)b->type->id) {
	case TYPE_BOOL: return parse_bool_text(b, s, err);
	case TYPE_INT8: case TYPE_INT16: case TYPE_INT32: case TYPE_INT64: case TYPE_INT128: case TYPE_INT256:
	case TYPE_UINT8: case TYPE_UINT16: case TYPE_UINT32: case TYPE_UINT64: case TYPE_UINT128: case TYPE_UINT256:
	case TYPE_INTERVAL: return parse_integer_text(b, s, err);
	case TYPE_FLOAT32: case TYPE_FLOAT64: return parse_float_text(b, s, err);
	case TYPE_DECIMAL32: case TYPE_DECIMAL64: case TYPE_DECIMAL128: case TYPE_DECIMAL256:
		return parse_decimal_text(b, s, err);
	case TYPE_NUMERIC: return parse_numeric_text(b, s, err);
	case TYPE_STRING:
		if (unlikely(b->type->face != FACE_DEFAULT))
			return parse_faced_string(b, s, err);
		return builder_string(b, s.data, s.size, err);
	case TYPE_AGGSTATE: return builder_string(b, s.data, s.size, err);
	case TYPE_FIXEDSTRING: return append_fixed_string(b, s, err);
	case TYPE_UUID:
		if (!parse_uuid(s, &uuid))
			return parse_failed(b->type, s, E_CANNOT_PARSE_UUID, err);
		return builder_fixed(b, &uuid, err);
	case TYPE_DATE: case TYPE_DATE32: return parse_date_text(b, s, style, options, err);
	case TYPE_DATETIME: case TYPE_DATETIME64: return parse_datetime_text(b, s, options, err);
	case TYPE_TIME: case TYPE_TIME64: return parse_time_text(b, s, err);
	case TYPE_PGINTERVAL:
		TRY(pginterval_parse(s, &interval, err));
		return builder_fixed(b, &interval, err);
	case TYPE_ENUM8: case TYPE_ENUM16: return parse_enum(b, s, err);
	case TYPE_IPV4: case TYPE_IPV6: return parse_address(b, s, err);
	default: return parse_failed(b->type, s, E_CANNOT_PARSE_TEXT, err);
	}
}

static bool is_container(const struct builder *b)
{
	return b->physical == PHYS_ARRAY || b->physical == PHYS_TUPLE || b->physical == PHYS_MAP;
}

/* A TSV field with escapes in it, which only texts can have. */
static enum status parse_escaped(struct builder *b, struct str s, const struct value_options *options,
                                 struct error *err)
{
	char small[256];
	if (b->type->id == TYPE_AGGSTATE || (b->type->id == TYPE_STRING && b->type->face == FACE_DEFAULT))
		return append_unescaped(b, s, err);
	char *plain = s.size <= sizeof small ? small : malloc(s.size);
	if (plain == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate %zu bytes", s.size);
	enum status status = parse_scalar(b, str_make(plain, unescape(s, plain)), VALUE_TSV, options, err);
	if (plain != small)
		free(plain);
	return status;
}

enum status parse_variant(struct builder *b, struct str s, enum value_style style, const struct value_options *options,
                          struct error *err)
{
	uint8_t order[VARIANT_MEMBERS_MAX + 1];
	char quote = style == VALUE_JSON ? '"' : style == VALUE_QUOTED ? '\'' : 0;
	bool quoted = quote != 0 && s.size != 0 && s.data[0] == quote;
	variant_parse_order(b->type, order);
	for (uint32_t i = 0; i + 1 < b->child_count; i++) {
		struct error ignored;
		struct builder *member = b->children[order[i]];
		error_init(&ignored);
		if (quoted && type_is_number(member->type))
			continue;
		enum status status = value_parse(member, s, style, options, &ignored);
		if (status == OK)
			return variant_end(b, order[i], err);
		if (status == E_MEMORY_LIMIT || status == E_CANNOT_ALLOCATE)
			return ERR(err, status, "%s", ignored.message);
	}
	return parse_failed(b->type, s, E_CANNOT_PARSE_INPUT, err);
}

static enum status parse_bare(struct builder *b, struct str s, enum value_style style,
                              const struct value_options *options, struct error *err)
{
	bool marks_null = style == VALUE_TSV || style == VALUE_CSV;
	if (marks_null && s.size == 2 && s.data[0] == '\\' && s.data[1] == 'N' &&
	    (b->type->nullable || options->null_as_default || b->physical != PHYS_STR))
		return parse_null(b, options, err);
	if (b->type->id == TYPE_VARIANT)
		return parse_variant(b, s, style, options, err);
	if (is_container(b)) {
		struct literal l = {s.data, s.data + s.size, options, err};
		TRY(parse_sql_literal(b, &l));
		literal_blanks(&l);
		return l.p == l.end ? OK : parse_failed(b->type, s, E_CANNOT_PARSE_INPUT, err);
	}
	bool texts = b->physical == PHYS_STR || b->type->value_count != 0; /* nothing else can have escapes */
	if (style == VALUE_TSV && texts && s.size != 0 && memchr(s.data, '\\', s.size) != NULL)
		return parse_escaped(b, s, options, err);
	return parse_scalar(b, s, style, options, err);
}

enum status value_parse_prefix(struct builder *to, struct str text, enum value_style style,
                               const struct value_options *options, size_t *consumed, struct error *err)
{
	struct literal l = {text.data, text.data + text.size, options == NULL ? &value_options_default : options, err};
	uint32_t count = to->count;
	enum status s = style == VALUE_JSON ? parse_json_value(to, &l) : parse_sql_literal(to, &l);
	if (s != OK)
		builder_truncate(to, count);
	*consumed = (size_t)(l.p - text.data);
	return s;
}

enum status value_parse(struct builder *to, struct str text, enum value_style style,
                        const struct value_options *options, struct error *err)
{
	uint32_t count = to->count;
	enum status s;
	if (options == NULL)
		options = &value_options_default;
	if (style == VALUE_QUOTED || style == VALUE_JSON) {
		struct literal l = {text.data, text.data + text.size, options, err};
		s = style == VALUE_JSON ? parse_json_value(to, &l) : parse_sql_literal(to, &l);
		if (s == OK) {
			literal_blanks(&l);
			if (l.p != l.end)
				s = parse_failed(to->type, text, E_CANNOT_PARSE_INPUT, err);
		}
	} else if (style == VALUE_PG) {
		s = parse_pg_text(to, text, options, err);
	} else {
		s = parse_bare(to, text, style, options, err);
	}
	if (unlikely(s != OK))
		builder_truncate(to, count);
	assert(s != OK || to->count == count + 1);
	return s;
}

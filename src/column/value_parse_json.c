// SPDX-License-Identifier: Apache-2.0
/* Values from JSON, as lenient as ClickHouse's JSON formats: numbers in quotes, anything as a String. */
#include <stdlib.h>

#include "base/utf8.h"
#include "column/value_parse_impl.h"
#include "column/value_pg_impl.h"

enum { SKIP_DEPTH_MAX = 1000 };

static enum status unexpected(const struct builder *b, const struct literal *l)
{
	return parse_failed(b->type, str_make(l->p, (size_t)(l->end - l->p)), E_CANNOT_PARSE_INPUT, l->err);
}

static bool take(struct literal *l, char c)
{
	literal_blanks(l);
	if (l->p == l->end || *l->p != c)
		return false;
	l->p++;
	return true;
}

/* A JSON string at l->p, without its quotes; false when it does not end. */
static bool take_string(struct literal *l, struct str *out, bool *escaped)
{
	const char *start = ++l->p;
	*escaped = false;
	while (l->p < l->end && *l->p != '"') {
		const char *q = memchr(l->p, '"', (size_t)(l->end - l->p));
		const char *e = memchr(l->p, '\\', (size_t)((q == NULL ? l->end : q) - l->p));
		if (e == NULL) {
			l->p = q == NULL ? l->end : q;
			break;
		}
		*escaped = true;
		l->p = e + 2 <= l->end ? e + 2 : l->end;
	}
	if (l->p >= l->end)
		return false;
	*out = str_make(start, (size_t)(l->p - start));
	l->p++;
	return true;
}

static bool hex4(const char *s, const char *end, unsigned *out)
{
	*out = 0;
	if (end - s < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		char c = ascii_lower(s[i]);
		unsigned v = c >= '0' && c <= '9' ? (unsigned)(c - '0') : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 16;
		if (v == 16)
			return false;
		*out = *out << 4 | v;
	}
	return true;
}

bool json_unescape(struct str s, char *out, size_t *size)
{
	static const char letters[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	const char *p = s.data, *end = s.data + s.size;
	char *to = out;
	while (p < end) {
		const char *e = memchr(p, '\\', (size_t)(end - p));
		size_t run = (size_t)((e == NULL ? end : e) - p);
		memcpy(to, p, run);
		to += run;
		if (e == NULL)
			break;
		p = e + 1;
		if (p == end)
			return false;
		const char *at = *p == '\0' ? NULL : strchr(letters, *p);
		if (at != NULL) {
			*to++ = bytes[at - letters];
			p++;
			continue;
		}
		unsigned code, low;
		if (*p != 'u' || !hex4(p + 1, end, &code))
			return false;
		p += 5;
		if (code >= 0xd800 && code < 0xdc00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u' && hex4(p + 2, end, &low) &&
		    low >= 0xdc00 && low < 0xe000) {
			code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
			p += 6;
		}
		if (code >= 0xd800 && code < 0xe000) /* half a pair */
			code = 0xfffd;
		to += utf8_encode(code, to);
	}
	*size = (size_t)(to - out);
	return true;
}

/* The text of the value at l->p, whatever it is. */
static bool skip_value(struct literal *l, struct str *out)
{
	unsigned depth = 0;
	literal_blanks(l);
	const char *start = l->p;
	do {
		literal_blanks(l);
		if (l->p == l->end)
			return false;
		char c = *l->p;
		struct str ignored;
		bool escaped;
		if (c == '"') {
			if (!take_string(l, &ignored, &escaped))
				return false;
		} else if (c == '[' || c == '{') {
			if (++depth > SKIP_DEPTH_MAX)
				return false;
			l->p++;
			continue;
		} else if (c == ']' || c == '}') {
			if (depth == 0)
				return false;
			depth--;
			l->p++;
		} else if (c == ',' || c == ':') {
			if (depth == 0)
				return false;
			l->p++;
		} else {
			const char *word = l->p;
			while (l->p < l->end && *l->p != '\0' && strchr(",:]}[{\" \t\r\n", *l->p) == NULL)
				l->p++;
			if (l->p == word)
				return false;
		}
	} while (depth != 0);
	*out = str_make(start, (size_t)(l->p - start));
	return out->size != 0;
}

/* A number or word, up to what can follow one. */
static struct str bare_word(const struct literal *l)
{
	const char *p = l->p;
	while (p < l->end && *p != ',' && *p != ']' && *p != '}' && *p != ':' && *p != ' ' && !(*p >= '\t' && *p <= '\r'))
		p++;
	return str_make(l->p, (size_t)(p - l->p));
}

static enum status string_value(struct builder *b, struct literal *l)
{
	char small[256];
	struct str s;
	bool escaped;
	size_t size;
	const char *start = l->p;
	if (!take_string(l, &s, &escaped))
		return ERR(l->err, E_CANNOT_PARSE_INPUT, "Cannot parse a JSON string: expected closing quote");
	if (!escaped)
		return parse_scalar(b, s, VALUE_JSON, l->options, l->err);
	bool direct = b->type->id == TYPE_STRING && b->type->face == FACE_DEFAULT && s.size > sizeof small;
	char *plain = small;
	if (direct)
		TRY(builder_string_place(b, s.size, &plain, l->err));
	else if (s.size > sizeof small && (plain = malloc(s.size)) == NULL)
		return ERR(l->err, E_CANNOT_ALLOCATE, "cannot allocate %zu bytes", s.size);
	enum status status;
	if (!json_unescape(s, plain, &size))
		status = parse_failed(b->type, str_make(start, (size_t)(l->p - start)), E_CANNOT_PARSE_INPUT, l->err);
	else if (direct)
		status = builder_view(b, strview_make(plain, size), l->err);
	else
		status = parse_scalar(b, str_make(plain, size), VALUE_JSON, l->options, l->err);
	if (plain != small && !direct)
		free(plain);
	return status;
}

/* A bare number into a date or time: seconds since the epoch, days for dates, and an integer's DateTime64 its ticks. */
static enum status temporal_number(struct builder *b, struct literal *l, struct str word)
{
	const struct type *t = b->type;
	i256 v;
	int64_t ticks;
	bool scaled = t->id == TYPE_DATETIME64 && str_find_char(word, '.') >= 0;
	if (!parse_decimal(word, 38, scaled ? t->scale : 0, &v) || i256_to_i64(v, &ticks))
		return parse_failed(t, word, E_CANNOT_PARSE_DATETIME, l->err);
	if (t->id == TYPE_DATE || t->id == TYPE_DATE32)
		return append_days(b, ticks, word, l->err);
	return append_ticks(b, ticks, word, l->err);
}

static enum status bare_value(struct builder *b, struct literal *l)
{
	struct str word = bare_word(l);
	enum status s;
	if (word.size == 0)
		return unexpected(b, l);
	bool truth = str_eq(word, STR("true")), lie = str_eq(word, STR("false"));
	if ((truth || lie) && type_is_number(b->type) && b->type->id != TYPE_BOOL)
		s = parse_scalar(b, truth ? STR("1") : STR("0"), VALUE_JSON, l->options, l->err);
	else if (type_is_temporal(b->type) && !truth && !lie)
		s = temporal_number(b, l, word);
	else
		s = parse_scalar(b, word, VALUE_JSON, l->options, l->err);
	l->p += word.size;
	return s;
}

static enum status array_value(struct builder *b, struct literal *l)
{
	uint32_t before = b->children[0]->count;
	if (!take(l, '['))
		return unexpected(b, l);
	if (!take(l, ']')) {
		do
			TRY(parse_json_value(b->children[0], l));
		while (take(l, ','));
		if (!take(l, ']'))
			return unexpected(b, l);
	}
	TRY(pg_check_dimensions(b, b->children[0]->count - before, l->err));
	return builder_end_array(b, l->err);
}

/* Keys are strings; those of other types stand in the quotes. */
static enum status map_value(struct builder *b, struct literal *l)
{
	if (!take(l, '{'))
		return unexpected(b, l);
	if (!take(l, '}')) {
		do {
			literal_blanks(l);
			if (l->p == l->end || *l->p != '"')
				return unexpected(b, l);
			TRY(string_value(b->children[0], l));
			if (!take(l, ':'))
				return unexpected(b, l);
			TRY(parse_json_value(b->children[1], l));
		} while (take(l, ','));
		if (!take(l, '}'))
			return unexpected(b, l);
	}
	return builder_end_array(b, l->err);
}

/* The element that a key names, or child_count. */
static uint32_t element_named(const struct type *t, struct str key, bool escaped)
{
	char plain[256];
	size_t size = key.size;
	if (escaped && key.size <= sizeof plain && json_unescape(key, plain, &size))
		key = str_make(plain, size);
	for (uint32_t k = 0; k < t->child_count; k++)
		if (str_eq(t->names[k], key))
			return k;
	return t->child_count;
}

/* An object into a named tuple, in any order; what is missing becomes its default, what is unknown is skipped. */
static enum status object_value(struct builder *b, struct literal *l)
{
	uint32_t row = b->count;
	if (!take(l, '}')) {
		do {
			struct str key, ignored;
			bool escaped;
			literal_blanks(l);
			if (l->p == l->end || *l->p != '"' || !take_string(l, &key, &escaped) || !take(l, ':'))
				return unexpected(b, l);
			uint32_t k = element_named(b->type, key, escaped);
			if (k == b->child_count) {
				if (!skip_value(l, &ignored))
					return unexpected(b, l);
			} else {
				if (b->children[k]->count != row) /* a second time: the last one counts */
					builder_truncate(b->children[k], row);
				TRY(parse_json_value(b->children[k], l));
			}
		} while (take(l, ','));
		if (!take(l, '}'))
			return unexpected(b, l);
	}
	for (uint32_t k = 0; k < b->child_count; k++)
		if (b->children[k]->count == row)
			TRY(builder_default(b->children[k], l->err));
	return builder_end_tuple(b, l->err);
}

static enum status tuple_value(struct builder *b, struct literal *l)
{
	if (b->type->names != NULL && take(l, '{'))
		return object_value(b, l);
	if (!take(l, '['))
		return unexpected(b, l);
	for (uint32_t k = 0; k < b->child_count; k++) {
		if (k != 0 && !take(l, ','))
			return unexpected(b, l);
		TRY(parse_json_value(b->children[k], l));
	}
	if (!take(l, ']'))
		return unexpected(b, l);
	return builder_end_tuple(b, l->err);
}

enum status parse_json_value(struct builder *b, struct literal *l)
{
	literal_blanks(l);
	if (l->p == l->end)
		return ERR(l->err, E_UNEXPECTED_EOF, "Cannot parse a JSON value: unexpected end of text");
	if (*l->p == 'n' && str_eq(bare_word(l), STR("null"))) {
		l->p += 4;
		return parse_null(b, l->options, l->err);
	}
	if (b->type->id == TYPE_VARIANT) {
		struct str text;
		if (!skip_value(l, &text))
			return unexpected(b, l);
		return parse_variant(b, text, VALUE_JSON, l->options, l->err);
	}
	if (b->physical == PHYS_ARRAY)
		return array_value(b, l);
	if (b->physical == PHYS_MAP)
		return map_value(b, l);
	if (b->physical == PHYS_TUPLE)
		return tuple_value(b, l);
	if (*l->p == '"')
		return string_value(b, l);
	if (b->type->id == TYPE_STRING) { /* a number, bool, array or object as its text */
		struct str text;
		if (!skip_value(l, &text))
			return unexpected(b, l);
		return parse_scalar(b, text, VALUE_JSON, l->options, l->err);
	}
	return bare_value(b, l);
}

// SPDX-License-Identifier: Apache-2.0
/* SQL literals: 'text', 12.5, [1, 2], (1, 'x'), {'k': 1}; what Values has, and what containers hold in TSV and CSV. */
#include <stdlib.h>

#include "column/value_parse_impl.h"
#include "column/value_pg_impl.h"

void literal_blanks(struct literal *l)
{
	while (l->p < l->end && (*l->p == ' ' || (*l->p >= '\t' && *l->p <= '\r')))
		l->p++;
}

static bool take(struct literal *l, char c)
{
	literal_blanks(l);
	if (l->p == l->end || *l->p != c)
		return false;
	l->p++;
	return true;
}

static enum status unexpected(const struct builder *b, const struct literal *l)
{
	return parse_failed(b->type, str_make(l->p, (size_t)(l->end - l->p)), E_CANNOT_PARSE_INPUT, l->err);
}

/* The text between quotes at l->p, still escaped; tells whether it has escapes. */
static bool take_quoted(struct literal *l, struct str *out, bool *escaped)
{
	char quote = *l->p++;
	const char *start = l->p;
	*escaped = false;
	for (; l->p < l->end; l->p++) {
		if (*l->p == '\\') {
			*escaped = true;
			l->p++;
		} else if (*l->p == quote) {
			if (l->p + 1 == l->end || l->p[1] != quote)
				break;
			*escaped = true;
			l->p++;
		}
	}
	if (l->p >= l->end) {
		l->p = l->end;
		return false;
	}
	*out = str_make(start, (size_t)(l->p - start));
	l->p++;
	return true;
}

/* Escapes and doubled quotes resolved. */
static size_t resolve(struct str s, char quote, char *out)
{
	size_t n = 0;
	while (s.size != 0) {
		const char *q = memchr(s.data, quote, s.size);
		size_t part = q == NULL ? s.size : (size_t)(q - s.data) + 1;
		bool escaped = false;
		for (size_t i = part; q != NULL && i >= 2 && s.data[i - 2] == '\\'; i--)
			escaped = !escaped;
		n += unescape(str_make(s.data, part), out + n);
		if (q != NULL && !escaped && part < s.size && s.data[part] == quote)
			part++;
		s.data += part;
		s.size -= part;
	}
	return n;
}

static enum status quoted_value(struct builder *b, struct literal *l)
{
	char small[256], quote = *l->p;
	struct str s;
	bool escaped;
	if (!take_quoted(l, &s, &escaped))
		return ERR(l->err, E_CANNOT_PARSE_INPUT, "Cannot parse a quoted string: expected closing quote");
	if (!escaped)
		return parse_scalar(b, s, VALUE_QUOTED, l->options, l->err);
	if (b->type->id == TYPE_STRING && b->type->face == FACE_DEFAULT && s.size > sizeof small) {
		char *place;
		TRY(builder_string_place(b, s.size, &place, l->err));
		return builder_view(b, strview_make(place, resolve(s, quote, place)), l->err);
	}
	char *plain = s.size <= sizeof small ? small : malloc(s.size);
	if (plain == NULL)
		return ERR(l->err, E_CANNOT_ALLOCATE, "cannot allocate %zu bytes", s.size);
	enum status status = parse_scalar(b, str_make(plain, resolve(s, quote, plain)), VALUE_QUOTED, l->options, l->err);
	if (plain != small)
		free(plain);
	return status;
}

/* A number or word, up to what can follow a value. */
static struct str bare_word(const struct literal *l)
{
	const char *p = l->p;
	while (p < l->end && *p != ',' && *p != ']' && *p != ')' && *p != '}' && *p != ':' && *p != ' ' && *p != ';' &&
	       !(*p >= '\t' && *p <= '\r'))
		p++;
	return str_make(l->p, (size_t)(p - l->p));
}

static enum status array_value(struct builder *b, struct literal *l)
{
	uint32_t before = b->children[0]->count;
	if (!take(l, '['))
		return unexpected(b, l);
	if (!take(l, ']')) {
		do
			TRY(parse_sql_literal(b->children[0], l));
		while (take(l, ','));
		if (!take(l, ']'))
			return unexpected(b, l);
	}
	TRY(pg_check_dimensions(b, b->children[0]->count - before, l->err));
	return builder_end_array(b, l->err);
}

static enum status map_value(struct builder *b, struct literal *l)
{
	if (!take(l, '{'))
		return unexpected(b, l);
	if (!take(l, '}')) {
		do {
			TRY(parse_sql_literal(b->children[0], l));
			if (!take(l, ':'))
				return unexpected(b, l);
			TRY(parse_sql_literal(b->children[1], l));
		} while (take(l, ','));
		if (!take(l, '}'))
			return unexpected(b, l);
	}
	return builder_end_array(b, l->err);
}

static enum status tuple_value(struct builder *b, struct literal *l)
{
	if (!take(l, '('))
		return unexpected(b, l);
	for (uint32_t k = 0; k < b->child_count; k++) {
		if (k != 0 && !take(l, ','))
			return unexpected(b, l);
		TRY(parse_sql_literal(b->children[k], l));
	}
	if (b->child_count == 1)
		take(l, ',');
	if (!take(l, ')'))
		return unexpected(b, l);
	return builder_end_tuple(b, l->err);
}

/* The text of the literal at l->p: a quoted string, brackets with what they hold, or a word. */
static struct str literal_text(const struct literal *l)
{
	unsigned depth = 0;
	const char *p = l->p;
	for (; p < l->end; p++) {
		char c = *p;
		if (c == '\'') {
			for (p++; p < l->end && *p != '\''; p++)
				p += *p == '\\' && p + 1 < l->end;
			if (p == l->end)
				break;
		} else if (c == '[' || c == '(' || c == '{') {
			depth++;
		} else if (depth != 0 && (c == ']' || c == ')' || c == '}')) {
			depth--;
		} else if (depth == 0 && (c == ',' || c == ']' || c == ')' || c == '}' || c == ' ' || c == '\n' || c == '\t')) {
			break;
		}
	}
	return str_make(l->p, (size_t)(p - l->p));
}

static enum status variant_value(struct builder *b, struct literal *l)
{
	struct str text = literal_text(l);
	TRY(parse_variant(b, text, VALUE_QUOTED, l->options, l->err));
	l->p += text.size;
	return OK;
}

enum status parse_sql_literal(struct builder *b, struct literal *l)
{
	literal_blanks(l);
	if (l->p == l->end)
		return ERR(l->err, E_UNEXPECTED_EOF, "Cannot parse a value: unexpected end of text");
	char c = *l->p;
	struct str word = {NULL, 0};
	if (ascii_lower(c) == 'n') {
		word = bare_word(l);
		if (str_eq_nocase(word, STR("null"))) {
			l->p += word.size;
			return parse_null(b, l->options, l->err);
		}
	}
	if (b->type->id == TYPE_VARIANT)
		return variant_value(b, l);
	if (b->physical == PHYS_ARRAY)
		return array_value(b, l);
	if (b->physical == PHYS_MAP)
		return map_value(b, l);
	if (b->physical == PHYS_TUPLE)
		return tuple_value(b, l);
	if (c == '\'' || c == '"')
		return quoted_value(b, l);
	if (b->physical == PHYS_STR && b->type->id != TYPE_NUMERIC)
		return unexpected(b, l);
	word = bare_word(l);
	if (word.size == 0)
		return unexpected(b, l);
	int64_t ticks;
	if (b->type->id == TYPE_DATETIME64 && b->type->face == FACE_DEFAULT && str_to_i64(word, &ticks))
		TRY(append_ticks(b, ticks, word, l->err)); /* an integer, unquoted, is no time in seconds */
	else
		TRY(parse_scalar(b, word, VALUE_QUOTED, l->options, l->err));
	l->p += word.size;
	return OK;
}

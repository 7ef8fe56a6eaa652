// SPDX-License-Identifier: Apache-2.0
/* Values: rows in parentheses up to a semicolon. Literals are read here; expressions go to a hook that another room
 * sets. */
#include "format/cell_fast.h"
#include "format/scan.h"

enum status (*format_values_expression)(struct builder *to, struct str expression, const struct format_options *options,
                                        struct error *err);

static inline const char *blanks(const char *p)
{
	while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')
		p++;
	return p;
}

/* Rows end where the parentheses do, outside of quotes; a semicolon outside of them ends the data. */
static size_t values_cut(struct format_reader *r, const char *data, size_t size)
{
	struct cut_state *k = &r->cut;
	const char *p = data + k->scanned, *end = data + size;
	while (p < end && !k->ended) {
		if (k->quoted) {
			p = scan2(p, end, '\'', '\\');
			if (p == end || (*p == '\\' && p + 1 == end))
				break;
			if (*p == '\\')
				p++;
			else
				k->quoted = false;
		} else {
			p = k->depth == 0 ? scan4(p, end, '\'', '(', ';', ';') : scan4(p, end, '\'', '(', ')', ')');
			if (p == end)
				break;
			if (*p == '\'')
				k->quoted = true;
			else if (*p == '(')
				k->depth++;
			else if (*p == ')' && --k->depth == 0)
				k->boundary = (size_t)(p - data) + 1;
			else if (*p == ';') {
				k->ended = true;
				k->boundary = (size_t)(p - data);
			}
		}
		p++;
	}
	k->scanned = (size_t)(p - data);
	return k->boundary;
}

static enum status bad_values(const char *what, const char *p, const char *end, struct error *err)
{
	enum { SHOWN = 40 };
	if (p >= end)
		return ERR(err, E_UNEXPECTED_EOF, "Cannot parse Values: expected %s, the input ends", what);
	/* a row that does not begin is bad input; within a row it is an expression that is wrong */
	return ERR(err, what[1] == '(' ? E_CANNOT_PARSE_INPUT : E_SYNTAX,
	           "Cannot parse input: expected %s before: '%.*s'", what, (int)(end - p > SHOWN ? SHOWN : end - p), p);
}

/* The text of the expression at p: up to a comma or parenthesis that is its row's. */
static const char *expression_end(const char *p, const char *end)
{
	unsigned depth = 0;
	while (p < end) {
		char c = *p++;
		if (c == '\'' || c == '"' || c == '`') {
			for (; p < end && *p != c; p++)
				p += *p == '\\';
			p++;
		} else if (c == '(' || c == '[' || c == '{') {
			depth++;
		} else if (c == ')' || c == ']' || c == '}') {
			if (depth-- == 0)
				return p - 1;
		} else if (c == ',' && depth == 0) {
			return p - 1;
		}
	}
	return NULL;
}

static enum status expression_value(struct segment *s, uint32_t c, const char **p, struct error *literal,
                                    struct error *err)
{
	const char *stop = expression_end(*p, s->end);
	if (stop == NULL)
		return bad_values("')'", s->end, s->end, err);
	struct str text = str_trim(str_make(*p, (size_t)(stop - *p)));
	*p = stop;
	if (str_eq_nocase(text, STR("DEFAULT")))
		return segment_missing(s, c, err);
	if (format_values_expression != NULL)
		return format_values_expression(s->builders[c], text, s->reader->options, err);
	/* a literal of the wrong kind is that; anything else would have to be computed */
	char f = text.size == 0 ? '\0' : text.data[0];
	char l = text.size == 0 ? '\0' : text.data[text.size - 1];
	bool plain = (f == '\'' && l == '\'') || is_digit(f) || f == '-' || text.size == 0;
	if (plain && literal->status != OK) {
		*err = *literal;
		return err->status;
	}
	return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: expressions in VALUES data: %.*s",
	           (int)(text.size > 100 ? 100 : text.size), text.data);
}

static bool ends_value(const char *p)
{
	p = blanks(p);
	return *p == ',' || *p == ')';
}

static enum status values_value(struct segment *s, uint32_t c, const char **at, struct error *err)
{
	const struct reader_column *column = &s->reader->columns[c];
	struct builder *b = s->builders[c];
	const char *p = *at, *stop;
	bool quoted = *p == '\'';
	if (column->kind == FAST_STRING && quoted) {
		stop = scan2(p + 1, s->end, '\'', '\\');
		if (stop < s->end && *stop == '\'' && stop[1] != '\'' && ends_value(stop + 1)) {
			struct strview v = view_of(p + 1, (size_t)(stop - p - 1));
			if (v.size > STRVIEW_INLINE)
				TRY(segment_keep(s, c, err));
			memcpy(builder_next(b, sizeof v), &v, sizeof v);
			*at = stop + 1;
			return OK;
		}
	} else if (column->kind > FAST_STRING) {
		bool text = column->kind == FAST_DATE || column->kind == FAST_DATETIME || column->kind == FAST_UUID;
		stop = quoted || !text ? fast_value(column, b, p + quoted) : NULL;
		if (stop != NULL && (!quoted || *stop == '\'') && ends_value(stop + quoted)) {
			*at = stop + quoted;
			return OK;
		}
		if (stop != NULL)
			b->count--;
	}
	struct error literal;
	size_t taken;
	uint32_t count = b->count;
	bool null = s->end - p >= 4 && str_eq_nocase(str_make(p, 4), STR("null")) && ends_value(p + 4);
	if (null) {
		*at = p + 4;
		return segment_null(s, c, err);
	}
	error_init(&literal);
	enum status status = value_parse_prefix(b, str_make(p, (size_t)(s->end - p)), VALUE_QUOTED, &s->reader->values, &taken,
	                                        &literal);
	if (status == OK && ends_value(p + taken)) {
		*at = p + taken;
		return OK;
	}
	if (status == E_MEMORY_LIMIT) {
		*err = literal;
		return status;
	}
	builder_truncate(b, count);
	status = expression_value(s, c, at, &literal, err);
	return status == OK ? OK : segment_failed(s, c, (struct str){NULL, 0}, status);
}

static enum status values_rows(struct segment *s, uint32_t max, struct error *err)
{
	struct format_reader *r = s->reader;
	for (uint32_t i = 0; i < max; i++) {
		const char *p = blanks(s->p);
		if (*p == ',' && p < s->end)
			p = blanks(p + 1);
		s->row_start = s->p = p;
		if (p >= s->end) {
			s->p = s->end;
			break;
		}
		if (*p != '(')
			return bad_values("'('", p, s->end, err);
		p++;
		for (uint32_t c = 0; c < r->column_count; c++) {
			p = blanks(p);
			if (c != 0) {
				if (*p != ',' || p >= s->end)
					return bad_values("','", p, s->end, err);
				p = blanks(p + 1);
			}
			if (p >= s->end)
				return bad_values("a value", p, s->end, err);
			TRY(values_value(s, c, &p, err));
		}
		p = blanks(p);
		if (*p == ',' && *blanks(p + 1) == ')') /* a trailing comma */
			p = blanks(p + 1);
		if (*p != ')' || p >= s->end)
			return bad_values("')'", p, s->end, err);
		s->p = p + 1;
		TRY(segment_end_row(s, err));
	}
	return OK;
}

/* The hook belongs to one thread. */
static void values_open(struct format_reader *r)
{
	if (format_values_expression != NULL)
		r->ring_size = 1;
}

const struct reader_class values_reader = {.open = values_open, .cut = values_cut, .rows = values_rows};

// SPDX-License-Identifier: Apache-2.0
/* CSV as ClickHouse reads it: quotes count at the start of a field, blanks around fields are dropped. */
#include <stdlib.h>

#include "format/cell_fast.h"
#include "format/scan.h"

static void csv_open(struct format_reader *r)
{
	r->delimiter = r->options->csv_delimiter;
}

static bool is_quote(const struct format_reader *r, char c)
{
	return (c == '"' && r->options->csv_allow_double_quotes) || (c == '\'' && r->options->csv_allow_single_quotes);
}

/* Line feeds that are not in quotes; a quote opens where a field starts. */
static size_t csv_cut(struct format_reader *r, const char *data, size_t size)
{
	struct cut_state *k = &r->cut;
	const char *p = data + k->scanned, *end = data + size;
	char single = r->options->csv_allow_single_quotes ? '\'' : '"', quote = k->depth == 0 ? '"' : (char)k->depth;
	while (p < end) {
		p = k->quoted ? scan2(p, end, quote, quote) : scan4(p, end, '"', single, '\n', '\n');
		if (p == end)
			break;
		if (k->quoted) {
			if (p + 1 == end)
				break; /* doubled or not, the next byte says */
			if (p[1] == quote)
				p++;
			else
				k->quoted = false;
		} else if (*p == '\n') {
			k->boundary = (size_t)(p - data) + 1;
		} else {
			const char *before = p;
			while (before > data && (before[-1] == ' ' || before[-1] == '\t') && before[-1] != r->delimiter)
				before--;
			k->quoted = is_quote(r, *p) &&
				(before == data || before[-1] == r->delimiter || before[-1] == '\n' || before[-1] == '\r');
			quote = *p;
			k->depth = (unsigned char)quote;
		}
		p++;
	}
	k->scanned = (size_t)(p - data);
	return k->boundary;
}

/* ---- fields ---- */

struct csv_field {
	struct str text;
	bool quoted, doubled; /* doubled: quotes inside are */
};

static inline const char *skip_blanks(const struct format_reader *r, const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t') && *p != r->delimiter)
		p++;
	return p;
}

/* The field at p; the result stands on the delimiter, the line's end or the end. NULL: a quote does not close. */
static const char *take_field(const struct format_reader *r, const char *p, const char *end, struct csv_field *f)
{
	p = skip_blanks(r, p, end);
	*f = (struct csv_field){{p, 0}, false, false};
	if (p < end && is_quote(r, *p)) {
		char quote = *p++;
		f->quoted = true;
		f->text.data = p;
		for (;;) {
			p = scan2(p, end, quote, quote);
			if (p == end)
				return NULL;
			if (p + 1 == end || p[1] != quote)
				break;
			f->doubled = true;
			p += 2;
		}
		f->text.size = (size_t)(p - f->text.data);
		return skip_blanks(r, p + 1, end);
	}
	p = scan4(p, end, r->delimiter, '\n', '\r', '\r');
	f->text.size = (size_t)(p - f->text.data);
	while (f->text.size != 0 && (f->text.data[f->text.size - 1] == ' ' || f->text.data[f->text.size - 1] == '\t'))
		f->text.size--;
	return p;
}

/* Doubled quotes become one, into `to`. */
static size_t undouble(struct str s, char *to)
{
	char quote = s.data[-1];
	size_t n = 0;
	for (size_t i = 0; i < s.size; i++) {
		to[n++] = s.data[i];
		if (s.data[i] == quote)
			i++;
	}
	return n;
}

static enum status doubled_field(struct segment *s, struct builder *b, struct str text, struct error *err)
{
	char small[256], *plain = small;
	if (text.size > sizeof small && (plain = malloc(text.size)) == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate %zu bytes", text.size);
	enum status status = value_parse(b, str_make(plain, undouble(text, plain)), VALUE_RAW, &s->reader->values, err);
	if (plain != small)
		free(plain);
	return status;
}

static enum status csv_field_value(struct segment *s, uint32_t c, struct builder *b, const struct csv_field *f,
                                   struct error *err)
{
	struct format_reader *r = s->reader;
	bool top = b == s->builders[c];
	if (!f->quoted && f->text.size == 2 && memcmp(f->text.data, "\\N", 2) == 0 && top)
		return segment_null(s, c, err);
	if (f->text.size == 0 && !f->quoted && top && (b->physical != PHYS_STR || b->type->nullable))
		return r->options->defaults_for_omitted_fields ? segment_missing(s, c, err) : builder_default(b, err);
	if (f->doubled)
		return doubled_field(s, b, f->text, err);
	if (top && r->columns[c].kind == FAST_STRING) {
		struct strview v = view_of(f->text.data, f->text.size);
		if (v.size > STRVIEW_INLINE)
			TRY(segment_keep(s, c, err));
		memcpy(builder_next(b, sizeof v), &v, sizeof v);
		return OK;
	}
	if (top && fast_cell(&r->columns[c], b, f->text.data, f->text.data + f->text.size))
		return OK;
	return value_parse(b, f->text, f->quoted ? VALUE_RAW : VALUE_CSV, &r->values, err);
}

static enum status bad_row(const char *p, const char *end, const char *what, struct error *err)
{
	enum { SHOWN = 40 };
	size_t n = (size_t)(end - p) > SHOWN ? SHOWN : (size_t)(end - p);
	return ERR(err, E_CANNOT_PARSE_INPUT, "Cannot parse input: expected %s before: '%.*s'", what, (int)n, p);
}

/* One value, which a tuple takes from as many fields as it has elements. */
static enum status csv_value(struct segment *s, uint32_t c, struct builder *b, const char **p, struct error *err)
{
	struct format_reader *r = s->reader;
	struct csv_field f;
	const char *stop = take_field(r, *p, s->end, &f);
	if (stop == NULL)
		return ERR(err, E_CANNOT_PARSE_INPUT, "Cannot parse CSV: a quoted field does not end");
	bool whole = f.quoted && f.text.size != 0 && (f.text.data[0] == '(' || f.text.data[0] == '[' || f.text.data[0] == '{');
	if (b->physical == PHYS_TUPLE && !whole && b->child_count != 0 && !b->type->nullable) {
		for (uint32_t k = 0; k < b->child_count; k++) {
			if (k != 0 && (*p == s->end || **p != r->delimiter))
				return bad_row(*p, s->end, "a delimiter", err);
			if (k != 0)
				(*p)++;
			TRY(csv_value(s, c, b->children[k], p, err));
		}
		return builder_end_tuple(b, err);
	}
	enum status status = csv_field_value(s, c, b, &f, err);
	*p = stop;
	return status == OK ? OK : segment_failed(s, c, f.text, status);
}

static enum status csv_row(struct segment *s, struct error *err)
{
	struct format_reader *r = s->reader;
	const char *p = s->p, *end = s->end;
	for (uint32_t i = 0; i < r->field_count; i++) {
		uint32_t c = r->fields[i];
		if (i != 0) {
			if (p == end || *p != r->delimiter)
				return bad_row(p, end, "a delimiter", err);
			p++;
		}
		if (c != FIELD_SKIP) {
			const char *stop = r->columns[c].kind > FAST_STRING ? fast_value(&r->columns[c], s->builders[c], p) : NULL;
			if (stop != NULL && (*stop == r->delimiter || *stop == '\n' || stop == end)) {
				p = stop;
				continue;
			}
			if (stop != NULL)
				s->builders[c]->count--;
			TRY(csv_value(s, c, s->builders[c], &p, err));
			continue;
		}
		struct csv_field ignored;
		const char *stop = take_field(r, p, end, &ignored);
		if (stop == NULL)
			return ERR(err, E_CANNOT_PARSE_INPUT, "Cannot parse CSV: a quoted field does not end");
		p = stop;
	}
	/* a delimiter behind the last field is allowed */
	if (p < end && *p == r->delimiter && (p + 1 == end || p[1] == '\n' || p[1] == '\r'))
		p++;
	if (p < end && *p == '\r')
		p++;
	if (p < end && *p != '\n')
		return bad_row(p, end, "end of line", err);
	s->p = p < end ? p + 1 : end;
	return segment_end_row(s, err);
}

static enum status csv_rows(struct segment *s, uint32_t max, struct error *err)
{
	for (uint32_t i = 0; i < max && s->p < s->end; i++) {
		s->row_start = s->p;
		/* blank lines at the end are no rows */
		const char *p = s->p;
		while (p < s->end && (*p == '\n' || *p == '\r'))
			p++;
		if (p == s->end && s->is_last) {
			s->p = p;
			break;
		}
		TRY(csv_row(s, err));
	}
	return OK;
}

static void csv_skip(struct segment *s)
{
	const struct format_reader *r = s->reader;
	const char *p = s->row_start, *end = s->end;
	struct csv_field f;
	while (p != NULL && p < end) {
		p = take_field(r, p, end, &f);
		if (p == NULL || p == end)
			break;
		if (*p++ == '\n') {
			s->p = p;
			return;
		}
	}
	s->p = end;
}

static uint32_t leaf_count(const struct type *t)
{
	uint32_t n = 0;
	if (t->id != TYPE_TUPLE || t->child_count == 0 || t->nullable)
		return 1;
	for (uint32_t k = 0; k < t->child_count; k++)
		n += leaf_count(t->children[k]);
	return n;
}

/* The elements of a tuple stand under names of their own, t.1 or t.a: they are one field. */
static size_t fold_tuples(const struct format_reader *r, struct str *names, size_t n)
{
	size_t out = 0;
	for (size_t i = 0; i < n; out++) {
		size_t skip = 1;
		struct str name = names[i];
		for (uint32_t c = 0; c < r->column_count && reader_find(r, names[i]) == FIELD_SKIP; c++) {
			struct str tuple = r->columns[c].name;
			if (r->columns[c].type->id != TYPE_TUPLE || !str_starts_with(names[i], tuple) || names[i].size == tuple.size ||
			    names[i].data[tuple.size] != '.')
				continue;
			name = tuple;
			skip = leaf_count(r->columns[c].type);
			break;
		}
		names[out] = name;
		i += skip;
	}
	return out;
}

static enum status csv_header(struct format_reader *r, const char *data, size_t size, size_t *taken, struct error *err)
{
	uint32_t want = ((r->def->variant & NAMES) != 0) + ((r->def->variant & TYPES) != 0);
	bool detect = want == 0;
	const char *p = data, *end = data + size;
	if (size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	if (detect && !r->options->csv_detect_header) {
		*taken = (size_t)(p - data);
		r->header_done = true;
		return OK;
	}
	for (uint32_t line = 0; line < (detect ? 1 : want); line++) {
		size_t n = 0, capacity = 0;
		struct str *names = NULL;
		for (;;) {
			struct csv_field f;
			const char *stop = take_field(r, p, end, &f);
			if (stop == NULL || (stop == end && !r->input_ended))
				return OK;
			char *name = ARENA_ARRAY(&r->arena, char, f.text.size + 1);
			if (f.doubled)
				f.text = str_make(name, undouble(f.text, name));
			else
				memcpy(name, f.text.data, f.text.size);
			ARENA_PUSH(&r->arena, names, n, capacity, str_make(name, f.text.size));
			p = stop;
			if (p < end && *p == '\r')
				p++;
			if (p == end || *p == '\n')
				break;
			p++;
		}
		p = p < end ? p + 1 : end;
		if (line != 0)
			continue;
		n = fold_tuples(r, names, n);
		if (detect && !reader_is_header(r, names, (uint32_t)n)) {
			r->header_done = true;
			return OK;
		}
		TRY(reader_set_fields(r, names, (uint32_t)n, err));
	}
	*taken = (size_t)(p - data);
	r->header_done = true;
	return OK;
}

const struct reader_class csv_reader = {.open = csv_open, .header = csv_header, .cut = csv_cut, .rows = csv_rows,
                                        .skip = csv_skip};

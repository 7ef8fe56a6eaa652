// SPDX-License-Identifier: Apache-2.0
/*
 * JSON's formats. A row predicts that its keys come as in the row before, so a key costs one comparison; values of
 * common types go straight into their builders.
 */
#include <stdio.h>
#include <stdlib.h>

#include "format/cell_fast.h"
#include "format/scan.h"

enum { DEPTH_MAX = 1000 };

static inline const char *blanks(const char *p)
{
	while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')
		p++;
	return p;
}

/* Behind the string whose quote is at p; NULL where it does not end. */
static const char *string_end(const char *p, const char *end)
{
	for (p++;; p += 2) {
		p = scan2(p, end, '"', '\\');
		if (p >= end)
			return NULL;
		if (*p == '"')
			return p + 1;
	}
}

/* Behind the value at p, whatever it is; NULL where it does not end. */
static const char *value_end(const char *p, const char *end)
{
	unsigned depth = 0;
	do {
		p = blanks(p);
		if (p >= end)
			return NULL;
		if (*p == '"') {
			p = string_end(p, end);
			if (p == NULL)
				return NULL;
		} else if (*p == '{' || *p == '[') {
			if (++depth > DEPTH_MAX)
				return NULL;
			p++;
			continue;
		} else if (*p == '}' || *p == ']') {
			if (depth-- == 0)
				return NULL;
			p++;
		} else if (*p == ',' || *p == ':') {
			if (depth == 0)
				return NULL;
			p++;
		} else {
			const char *word = p;
			while (p < end && *p != '\0' && strchr(",:]}[{\" \t\r\n", *p) == NULL)
				p++;
			if (p == word)
				return NULL;
		}
	} while (depth != 0);
	return p;
}

static enum status bad_json(const char *what, const char *p, const char *end, struct error *err)
{
	enum { SHOWN = 40 };
	if (p >= end)
		return ERR(err, E_UNEXPECTED_EOF, "Cannot parse JSON: expected %s, the input ends", what);
	return ERR(err, E_CANNOT_PARSE_INPUT, "Cannot parse input: expected %s before: '%.*s'", what,
	           (int)(end - p > SHOWN ? SHOWN : end - p), p);
}

/* ---- cutting ---- */

static bool is_compact(const struct format_reader *r)
{
	return (r->def->variant & COMPACT) != 0;
}

/*
 * A closing brace, a line feed and an opening brace can stand together only between two rows: within one a comma would
 * be missing, and in strings line feeds are escaped.
 */
static size_t cut_at_lines(const char *data, size_t size, char open, char close)
{
	for (size_t end = size == 0 ? 0 : size - 1; end > 0;) {
		const char *p = memrchr(data, '\n', end);
		if (p == NULL || p == data)
			return 0;
		const char *before = p[-1] == '\r' && p - data > 1 ? p - 2 : p - 1;
		if (*before == close && p[1] == open)
			return (size_t)(p - data) + 1;
		end = (size_t)(p - data);
	}
	return 0;
}

static size_t json_cut(struct format_reader *r, const char *data, size_t size)
{
	struct cut_state *k = &r->cut;
	char open = is_compact(r) ? '[' : '{', close = is_compact(r) ? ']' : '}';
	if ((r->def->variant & EACH_ROW) != 0 && k->scanned == 0) {
		size_t at = cut_at_lines(data, size, open, close);
		if (at != 0)
			return at;
	}
	const char *p = data + k->scanned, *end = data + size;
	while (p < end) {
		if (k->quoted) {
			p = scan2(p, end, '"', '\\');
			if (p == end || (*p == '\\' && p + 1 == end))
				break;
			if (*p == '\\')
				p++;
			else
				k->quoted = false;
		} else {
			p = scan4(p, end, '"', open, close, close);
			if (p == end)
				break;
			if (*p == '"')
				k->quoted = true;
			else if (*p == open)
				k->depth++;
			else if (k->depth != 0 && --k->depth == 0)
				k->boundary = (size_t)(p - data) + 1;
		}
		p++;
	}
	k->scanned = (size_t)(p - data);
	return k->boundary;
}

/* ---- headers ---- */

struct json_state {
	bool document; /* rows stand in "data" of an object */
	bool listed;   /* rows stand in an array, which may end */
};

static void json_open(struct format_reader *r)
{
	struct json_state *j = ARENA_NEW(&r->arena, struct json_state);
	j->document = (r->def->variant & (EACH_ROW | WHOLE)) == 0;
	if (j->document)
		r->ring_size = 1;
	r->needs_end = j->document;
	r->state = j;
}

/* A JSON text with escapes, into the arena. */
static enum status plain_text(struct format_reader *r, const char *p, const char *end, struct str *out,
                              struct error *err)
{
	struct builder *b;
	struct strview v;
	TRY(builder_new(r->track, type_simple(TYPE_STRING), &b, err));
	enum status status = value_parse(b, str_make(p, (size_t)(end - p)), VALUE_JSON, NULL, err);
	if (status == OK) {
		memcpy(&v, b->data->data, sizeof v);
		*out = arena_str(&r->arena, strview_str(&v));
	}
	builder_free(b);
	return status;
}

/* ["a", "b"]: names; *end_of is NULL when it is not all there. */
static enum status name_list(struct format_reader *r, const char *p, const char *end, struct str **names, uint32_t *n,
                             const char **end_of, struct error *err)
{
	size_t count = 0, capacity = 0;
	*end_of = NULL;
	*names = NULL;
	p = blanks(p);
	if (p >= end)
		return OK;
	if (*p != '[')
		return bad_json("'['", p, end, err);
	p = blanks(p + 1);
	while (p < end && *p != ']') {
		struct str name;
		if (*p != '"')
			return bad_json("a quoted name", p, end, err);
		const char *stop = string_end(p, end);
		if (stop == NULL)
			return OK;
		TRY(plain_text(r, p, stop, &name, err));
		ARENA_PUSH(&r->arena, *names, count, capacity, name);
		p = blanks(stop);
		if (p < end && *p == ',')
			p = blanks(p + 1);
	}
	*n = (uint32_t)count;
	if (p < end)
		*end_of = p + 1;
	return OK;
}

/* "meta": [{"name": "a", "type": "T"}, …]: names in the order of compact rows. */
static enum status meta_names(struct format_reader *r, const char *p, const char *end, struct error *err)
{
	size_t count = 0, capacity = 0;
	struct str *names = NULL;
	for (; p < end; p++) {
		if (*p != '"')
			continue;
		const char *stop = string_end(p, end), *value = stop == NULL ? end : blanks(stop);
		if (stop == NULL)
			break;
		if (*value != ':' || stop - p != 6 || memcmp(p, "\"name\"", 6) != 0) {
			p = stop - 1;
			continue;
		}
		value = blanks(value + 1);
		stop = *value == '"' ? string_end(value, end) : NULL;
		struct str name;
		if (stop == NULL)
			return bad_json("a name", value, end, err);
		TRY(plain_text(r, value, stop, &name, err));
		ARENA_PUSH(&r->arena, names, count, capacity, name);
		p = stop - 1;
	}
	return reader_set_fields(r, names, (uint32_t)count, err);
}

static enum status document_header(struct format_reader *r, const char *data, size_t size, size_t *taken,
                                   struct error *err)
{
	const char *p = blanks(data), *end = data + size;
	if (p >= end)
		return OK;
	if (*p != '{')
		return bad_json("'{'", p, end, err);
	p = blanks(p + 1);
	while (p < end) {
		if (*p != '"')
			return bad_json("a key", p, end, err);
		const char *key = p;
		p = string_end(p, end);
		if (p == NULL)
			return OK;
		struct str name = str_make(key + 1, (size_t)(p - key - 2));
		p = blanks(p);
		if (p >= end)
			return OK;
		if (*p++ != ':')
			return bad_json("':'", p - 1, end, err);
		p = blanks(p);
		if (str_eq(name, STR("data"))) {
			if (p >= end)
				return OK;
			if (*p != '[')
				return bad_json("'['", p, end, err);
			*taken = (size_t)(p + 1 - data);
			r->header_done = true;
			return OK;
		}
		const char *stop = value_end(p, end);
		if (stop == NULL || blanks(stop) >= end)
			return OK;
		if (str_eq(name, STR("meta")) && is_compact(r))
			TRY(meta_names(r, p, stop, err));
		p = blanks(stop);
		if (*p == ',')
			p = blanks(p + 1);
	}
	return OK;
}

static enum status json_header(struct format_reader *r, const char *data, size_t size, size_t *taken, struct error *err)
{
	struct json_state *j = r->state;
	const char *p = data, *end = data + size;
	if (size >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	if (j->document) {
		size_t skipped = (size_t)(p - data);
		TRY(document_header(r, p, size - skipped, taken, err));
		if (*taken != 0)
			*taken += skipped;
		return OK;
	}
	if (is_compact(r)) {
		uint32_t lines = ((r->def->variant & NAMES) != 0) + ((r->def->variant & TYPES) != 0);
		for (uint32_t line = 0; line < lines; line++) {
			struct str *names;
			uint32_t n;
			const char *stop;
			TRY(name_list(r, p, end, &names, &n, &stop, err));
			if (stop == NULL)
				return OK;
			if (line == 0)
				TRY(reader_set_fields(r, names, n, err));
			p = stop;
		}
	} else {
		const char *first = blanks(p);
		if (first >= end && !r->input_ended)
			return OK;
		if (*first == '[') {
			j->listed = true;
			p = first + 1;
		}
	}
	*taken = (size_t)(p - data);
	r->header_done = true;
	return OK;
}

/* ---- values ---- */

static inline bool ends_value(char c)
{
	return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static enum status generic_value(struct segment *s, uint32_t c, const char **p, struct error *err)
{
	size_t taken;
	const char *at = *p;
	if (s->end - at >= 4 && memcmp(at, "null", 4) == 0 && ends_value(at[4])) {
		*p = at + 4;
		return segment_null(s, c, err);
	}
	enum status status = value_parse_prefix(s->builders[c], str_make(at, (size_t)(s->end - at)), VALUE_JSON,
	                                        &s->reader->values, &taken, err);
	*p = at + taken;
	return status == OK ? OK : segment_failed(s, c, (struct str){NULL, 0}, status);
}

/* JSONStrings: any type's text in a JSON string. */
static enum status text_value(struct segment *s, uint32_t c, const char **p, struct error *err)
{
	struct builder *b = s->builders[c];
	const char *stop = **p == '"' ? string_end(*p, s->end) : NULL;
	if (stop == NULL)
		return **p == '"' ? bad_json("closing quote", s->end, s->end, err) : generic_value(s, c, p, err);
	struct str inner = str_make(*p + 1, (size_t)(stop - *p - 2));
	if (b->physical == PHYS_STR && !b->type->nullable)
		return generic_value(s, c, p, err);
	*p = stop;
	if (str_eq(inner, STR("\xe1\xb4\xba\xe1\xb5\x81\xe1\xb4\xb8\xe1\xb4\xb8")) ||
	    (b->type->nullable && str_eq(inner, STR("NULL"))))
		return segment_null(s, c, err);
	struct builder *text;
	struct strview v;
	TRY(builder_new(s->reader->track, type_simple(TYPE_STRING), &text, err));
	enum status status = value_parse(text, str_make(inner.data - 1, inner.size + 2), VALUE_JSON, NULL, err);
	if (status == OK) {
		memcpy(&v, text->data->data, sizeof v);
		status = value_parse(b, strview_str(&v), VALUE_RAW, &s->reader->values, err);
	}
	builder_free(text);
	return status == OK ? OK : segment_failed(s, c, (struct str){NULL, 0}, status);
}

/* A string with escapes other than \u; *taken false: it is not one, and nothing was appended. */
static enum status escaped_string(struct segment *s, uint32_t c, const char **at, bool *taken, struct error *err)
{
	static const char plain[256] = {
		['"'] = '"', ['\\'] = '\\', ['/'] = '/', ['b'] = '\b', ['f'] = '\f', ['n'] = '\n', ['r'] = '\r', ['t'] = '\t',
	};
	const char *p = *at + 1, *stop = string_end(*at, s->end);
	struct builder *b = s->builders[c];
	*taken = false;
	if (stop == NULL || stop - p <= STRVIEW_INLINE)
		return OK;
	char *place, *to;
	TRY(builder_string_place(b, (size_t)(stop - 1 - p) < STRVIEW_INLINE + 1 ? STRVIEW_INLINE + 1 : (size_t)(stop - 1 - p),
	                         &place, err));
	for (to = place;;) {
		const char *e = memchr(p, '\\', (size_t)(stop - 1 - p));
		size_t run = (size_t)((e == NULL ? stop - 1 : e) - p);
		memcpy(to, p, run);
		to += run;
		if (e == NULL)
			break;
		if (plain[(unsigned char)e[1]] == 0)
			return OK; /* the place stays unused */
		*to++ = plain[(unsigned char)e[1]];
		p = e + 2;
	}
	struct strview v = strview_make(place, (size_t)(to - place));
	memcpy(builder_next(b, sizeof v), &v, sizeof v);
	*at = stop;
	*taken = true;
	return OK;
}

static enum status json_value(struct segment *s, uint32_t c, const char **at, struct error *err)
{
	const struct reader_column *column = &s->reader->columns[c];
	struct builder *b = s->builders[c];
	const char *p = *at;
	if (column->kind == FAST_STRING) {
		if (*p == '"') {
			const char *stop = scan2(p + 1, s->end, '"', '\\');
			if (likely(stop < s->end && *stop == '"')) {
				struct strview v = view_of(p + 1, (size_t)(stop - p - 1));
				if (v.size > STRVIEW_INLINE)
					TRY(segment_keep(s, c, err));
				memcpy(builder_next(b, sizeof v), &v, sizeof v);
				*at = stop + 1;
				return OK;
			}
			bool taken;
			TRY(escaped_string(s, c, at, &taken, err));
			if (taken)
				return OK;
		}
	} else if (column->kind != FAST_NONE) {
		bool quoted = *p == '"', text = column->kind == FAST_DATE || column->kind == FAST_DATETIME ||
			column->kind == FAST_UUID;
		const char *stop = quoted || !text ? fast_value(column, b, p + quoted) : NULL;
		if (likely(stop != NULL)) {
			if (likely(quoted ? *stop == '"' : ends_value(*stop))) {
				*at = stop + quoted;
				return OK;
			}
			b->count--;
		}
	}
	return generic_value(s, c, at, err);
}

static inline enum status any_value(struct segment *s, uint32_t c, const char **p, struct error *err)
{
	if (unlikely((s->reader->def->variant & STRINGS) != 0))
		return text_value(s, c, p, err);
	return json_value(s, c, p, err);
}

/* ---- rows ---- */

/* A key that was not predicted. */
enum { FIELD_NESTED = UINT32_MAX - 1 }; /* an object that stands for several columns */

static enum status find_key(struct segment *s, uint32_t i, const char **p, uint32_t *column, struct error *err)
{
	struct format_reader *r = s->reader;
	const char *stop = **p == '"' ? string_end(*p, s->end) : NULL;
	char plain[256];
	if (stop == NULL)
		return bad_json("a quoted key", *p, s->end, err);
	struct str name = str_make(*p + 1, (size_t)(stop - *p - 2));
	struct builder *b = NULL;
	enum status status = OK;
	if (memchr(name.data, '\\', name.size) != NULL && name.size <= sizeof plain) {
		struct strview v;
		TRY(builder_new(r->track, type_simple(TYPE_STRING), &b, err));
		status = value_parse(b, str_make(*p, name.size + 2), VALUE_JSON, NULL, err);
		if (status == OK) {
			memcpy(&v, b->data->data, sizeof v);
			name = str_make(plain, v.size);
			memcpy(plain, strview_data(&v), v.size);
		}
		builder_free(b);
		TRY(status);
	}
	*column = reader_find(r, name);
	const char *behind = blanks(stop);
	if (*column == FIELD_SKIP && r->options->import_nested_json && *behind == ':' && *blanks(behind + 1) == '{') {
		*column = FIELD_NESTED;
		*p = stop;
		return OK;
	}
	if (*column == FIELD_SKIP)
		TRY(reader_unknown(r, name, err));
	else if (s->builders[*column]->count != s->rows)
		return ERR(err, E_INCORRECT_DATA, "Duplicate field found while parsing JSONEachRow format: %.*s", STR_ARG(name));
	if (i < s->order_count)
		s->order[i] = *column;
	*p = stop;
	return OK;
}

/* {"x": [1], "y": {…}} of a Nested column under `prefix`: its arrays are columns called prefix.x. */
static enum status nested_object(struct segment *s, struct str prefix, const char **at, unsigned depth,
                                 struct error *err)
{
	enum { NESTED_DEPTH = 32 };
	struct format_reader *r = s->reader;
	const char *p = blanks(*at + 1), *end = s->end;
	char full[1024];
	if (depth > NESTED_DEPTH)
		return ERR(err, E_INCORRECT_DATA, "objects are nested too deeply");
	while (p < end && *p != '}') {
		const char *stop = *p == '"' ? string_end(p, end) : NULL;
		if (stop == NULL)
			return bad_json("a quoted key", p, end, err);
		int n = snprintf(full, sizeof full, "%.*s.%.*s", STR_ARG(prefix), (int)(stop - p - 2), p + 1);
		if (n >= (int)sizeof full)
			return ERR(err, E_INCORRECT_DATA, "a key is too long");
		struct str name = str_make(full, (size_t)n);
		p = blanks(stop);
		if (p >= end || *p != ':')
			return bad_json("':'", p, end, err);
		p = blanks(p + 1);
		uint32_t c = reader_find(r, name);
		if (c != FIELD_SKIP && s->builders[c]->count != s->rows)
			return ERR(err, E_INCORRECT_DATA, "Duplicate field found while parsing JSONEachRow format: %s", full);
		if (c != FIELD_SKIP) {
			enum status status = any_value(s, c, &p, err);
			if (status != OK)
				return segment_failed(s, c, (struct str){NULL, 0}, status);
		} else if (p < end && *p == '{') {
			TRY(nested_object(s, name, &p, depth + 1, err));
		} else {
			TRY(reader_unknown(r, name, err));
			p = value_end(p, end);
			if (p == NULL)
				return bad_json("a value", end, end, err);
		}
		p = blanks(p);
		if (p < end && *p == ',')
			p = blanks(p + 1);
		else if (p >= end || *p != '}')
			return bad_json("'}'", p, end, err);
	}
	if (p >= end)
		return bad_json("'}'", end, end, err);
	*at = p + 1;
	return OK;
}

static enum status object_row(struct segment *s, const char *p, struct error *err)
{
	struct format_reader *r = s->reader;
	const char *end = s->end;
	if (*p != '{')
		return bad_json("'{'", p, end, err);
	p = blanks(p + 1);
	if (*p == '}' && p < end) {
		s->p = p + 1;
		return segment_end_row(s, err);
	}
	for (uint32_t i = 0;; i++) {
		uint32_t c = i < s->order_count ? s->order[i] : FIELD_SKIP;
		const char *before = p;
		if (likely(c != FIELD_SKIP && (size_t)(end - p) > r->columns[c].key.size &&
		           memcmp(p, r->columns[c].key.data, r->columns[c].key.size) == 0 && s->builders[c]->count == s->rows))
			p += r->columns[c].key.size;
		else
			TRY(find_key(s, i, &p, &c, err));
		struct str key = str_make(before + 1, c == FIELD_NESTED ? (size_t)(p - before - 2) : 0);
		if (*p != ':')
			p = blanks(p);
		if (*p != ':' || p >= end)
			return bad_json("':'", p, end, err);
		p++;
		if (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r')
			p = blanks(p);
		if (c == FIELD_NESTED) {
			TRY(nested_object(s, key, &p, 0, err));
		} else if (likely(c != FIELD_SKIP)) {
			enum status status = any_value(s, c, &p, err);
			if (unlikely(status != OK))
				return segment_failed(s, c, (struct str){NULL, 0}, status);
		} else {
			const char *stop = value_end(p, end);
			if (stop == NULL)
				return bad_json("a value", end, end, err);
			p = stop;
		}
		if (*p != ',')
			p = blanks(p);
		if (p >= end)
			return bad_json("'}'", p, end, err);
		if (*p == '}')
			break;
		if (*p != ',')
			return bad_json("','", p, end, err);
		p++;
		if (*p != '"')
			p = blanks(p);
	}
	s->p = p + 1;
	return segment_end_row(s, err);
}

static enum status array_row(struct segment *s, const char *p, struct error *err)
{
	struct format_reader *r = s->reader;
	const char *end = s->end;
	if (*p != '[')
		return bad_json("'['", p, end, err);
	p = blanks(p + 1);
	for (uint32_t i = 0; i < r->field_count; i++) {
		uint32_t c = r->fields[i];
		if (i != 0) {
			p = blanks(p);
			if (*p != ',' || p >= end)
				return bad_json("','", p, end, err);
			p = blanks(p + 1);
		}
		if (c != FIELD_SKIP) {
			enum status status = any_value(s, c, &p, err);
			if (status != OK)
				return segment_failed(s, c, (struct str){NULL, 0}, status);
		} else {
			p = value_end(p, end);
			if (p == NULL)
				return bad_json("a value", end, end, err);
		}
	}
	p = blanks(p);
	if (*p != ']' || p >= end)
		return bad_json("']'", p, end, err);
	s->p = p + 1;
	return segment_end_row(s, err);
}

static enum status whole_row(struct segment *s, const char *p, struct error *err)
{
	struct format_reader *r = s->reader;
	if (r->column_count != 1 || !type_is_string(r->columns[0].type))
		return ERR(err, E_BAD_ARGUMENTS, "This input format is only suitable for tables with a single column of type String");
	const char *stop = *p == '{' ? value_end(p, s->end) : NULL;
	if (stop == NULL)
		return bad_json("a JSON object", *p == '{' ? s->end : p, s->end, err);
	TRY(value_parse(s->builders[0], str_make(p, (size_t)(stop - p)), VALUE_RAW, &r->values, err));
	s->p = stop;
	return segment_end_row(s, err);
}

static enum status json_rows(struct segment *s, uint32_t max, struct error *err)
{
	struct format_reader *r = s->reader;
	const struct json_state *j = r->state;
	bool compact = is_compact(r), whole = (r->def->variant & WHOLE) != 0;
	for (uint32_t i = 0; i < max; i++) {
		const char *p = blanks(s->p);
		while (p < s->end && (*p == ',' || *p == ';'))
			p = blanks(p + 1);
		if (p < s->end && *p == ']' && (j->document || j->listed)) {
			s->p = s->end;
			s->finished = j->document;
			p = blanks(p + 1);
			if (p < s->end && !j->document)
				return bad_json("end of input", p, s->end, err);
			return OK;
		}
		s->row_start = s->p = p;
		if (p >= s->end) {
			if (j->document && s->is_last)
				return bad_json("']'", p, s->end, err);
			s->p = s->end;
			break;
		}
		TRY(whole ? whole_row(s, p, err) : compact ? array_row(s, p, err) : object_row(s, p, err));
	}
	return OK;
}

/* To the next line that starts a row. */
static void json_skip(struct segment *s)
{
	char open = is_compact(s->reader) ? '[' : '{';
	const char *p = s->row_start;
	while ((p = scan2(p + 1, s->end, '\n', '\n')) < s->end)
		if (p[1] == open)
			break;
	s->p = p;
}

const struct reader_class json_reader = {
	.open = json_open, .header = json_header, .cut = json_cut, .rows = json_rows, .skip = json_skip,
};

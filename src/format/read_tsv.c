// SPDX-License-Identifier: Apache-2.0
/* TabSeparated, TSKV, LineAsString, RawBLOB. */
#include <stdlib.h>

#include "format/cell_fast.h"
#include "format/scan.h"

/* A line feed behind an odd number of backslashes is a part of its field. */
size_t cut_lines(struct format_reader *r, const char *data, size_t size)
{
	bool raw = (r->def->variant & RAW) != 0;
	for (size_t end = size; end > r->cut.scanned;) {
		const char *p = memrchr(data + r->cut.scanned, '\n', end - r->cut.scanned);
		if (p == NULL)
			break;
		size_t at = (size_t)(p - data), slashes = 0;
		while (!raw && slashes < at && data[at - 1 - slashes] == '\\')
			slashes++;
		if (slashes % 2 == 0)
			return at + 1;
		end = at;
	}
	r->cut.scanned = size == 0 ? 0 : size - 1; /* a trailing backslash may belong to what comes */
	return 0;
}

/* The end of the field at p: a tab or line feed that is not escaped, or the end. */
static const char *field_end(const char *p, const char *end, bool raw, bool *escaped)
{
	*escaped = false;
	if (raw)
		return scan2(p, end, '\t', '\n');
	for (;;) {
		p = scan4(p, end, '\t', '\n', '\\', '\\');
		if (p == end || *p != '\\')
			return p;
		*escaped = true;
		p += 2;
		if (p >= end)
			return end;
	}
}

static const char *line_end(const char *p, const char *end, bool raw)
{
	bool escaped;
	while ((p = field_end(p, end, raw, &escaped)) < end && *p == '\t')
		p++;
	return p;
}

/* ---- TabSeparated ---- */

static enum status tsv_header(struct format_reader *r, const char *data, size_t size, size_t *taken, struct error *err)
{
	uint32_t want = ((r->def->variant & NAMES) != 0) + ((r->def->variant & TYPES) != 0);
	bool raw = (r->def->variant & RAW) != 0, detect = want == 0;
	const char *p = data, *end = data + size;
	if (detect && !r->options->tsv_detect_header) {
		r->header_done = true;
		return OK;
	}
	if (size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	for (uint32_t line = 0; line < (detect ? 1 : want); line++) {
		const char *stop = line_end(p, end, raw);
		if (stop == end && !r->input_ended)
			return OK;
		if (stop == end && p == end)
			return OK;
		if (line == 0) {
			size_t n = 0, capacity = 0;
			struct str *names = NULL;
			for (const char *at = p;; at++) {
				bool escaped;
				const char *e = field_end(at, stop, raw, &escaped);
				struct str name = arena_str(&r->arena, str_make(at, (size_t)(e - at)));
				if (e == stop && name.size != 0 && name.data[name.size - 1] == '\r')
					name.size--;
				ARENA_PUSH(&r->arena, names, n, capacity, name);
				at = e;
				if (e == stop)
					break;
			}
			if (detect && !reader_is_header(r, names, (uint32_t)n)) {
				r->header_done = true;
				return OK;
			}
			TRY(reader_set_fields(r, names, (uint32_t)n, err));
		}
		p = stop < end ? stop + 1 : end;
	}
	*taken = (size_t)(p - data);
	r->header_done = true;
	return OK;
}

static enum status string_field(struct segment *s, uint32_t c, const char *p, const char *end, struct error *err)
{
	struct builder *b = s->builders[c];
	struct strview v = view_of(p, (size_t)(end - p));
	if (v.size > STRVIEW_INLINE)
		TRY(segment_keep(s, c, err));
	memcpy(builder_next(b, sizeof v), &v, sizeof v);
	return OK;
}

static bool is_null_mark(const char *p, const char *end)
{
	return end - p == 2 && p[0] == '\\' && p[1] == 'N';
}

/* The field [p, end), not one of the fast kinds' own spellings. */
static enum status tsv_field(struct segment *s, uint32_t c, const char *p, const char *end, bool escaped,
                             struct error *err)
{
	struct format_reader *r = s->reader;
	struct builder *b = s->builders[c];
	struct str text = str_make(p, (size_t)(end - p));
	bool raw = (r->def->variant & RAW) != 0;
	enum status status;
	if (is_null_mark(p, end) && (b->type->nullable || b->physical != PHYS_STR))
		status = segment_null(s, c, err);
	else if (r->columns[c].kind == FAST_STRING && !escaped)
		status = string_field(s, c, p, end, err);
	else
		status = value_parse(b, text, raw ? VALUE_RAW : VALUE_TSV, &r->values, err);
	return status == OK ? OK : segment_failed(s, c, text, status);
}

static enum status expected(char c, const char *p, const char *end, struct error *err)
{
	enum { SHOWN = 40 };
	const char *name = c == '\t' ? "\\t" : "\\n";
	size_t n = (size_t)(end - p) > SHOWN ? SHOWN : (size_t)(end - p);
	return ERR(err, E_CANNOT_PARSE_INPUT, "Cannot parse input: expected '%s' before: '%.*s'", name, (int)n, p);
}

static enum status tsv_row(struct segment *s, struct error *err)
{
	struct format_reader *r = s->reader;
	const char *p = s->p, *end = s->end;
	uint32_t n = r->field_count;
	bool raw = (r->def->variant & RAW) != 0, escaped;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t c = r->fields[i];
		const char *stop = NULL;
		char want = i + 1 == n ? '\n' : '\t';
		if (c != FIELD_SKIP && r->columns[c].kind > FAST_STRING) {
			stop = fast_value(&r->columns[c], s->builders[c], p);
			if (stop != NULL && *stop != want && stop != end) {
				s->builders[c]->count--;
				stop = NULL;
			}
		}
		if (stop == NULL) {
			stop = field_end(p, end, raw, &escaped);
			const char *last = stop;
			if (r->options->tsv_crlf && want == '\n' && last > p && last[-1] == '\r')
				last--;
			if (c != FIELD_SKIP)
				TRY(tsv_field(s, c, p, last, escaped, err));
		}
		p = stop;
		if (i + 1 == n && p == end)
			break;
		if (p == end)
			return segment_failed(s, i + 1 < r->column_count ? i + 1 : i, STR(""), ERR(err, E_CANNOT_PARSE_INPUT,
			       "Cannot parse input: expected '\\t' at end of stream"));
		if (*p != want)
			return expected(want, p, end, err);
		p++;
	}
	s->p = p;
	return segment_end_row(s, err);
}

static enum status tsv_rows(struct segment *s, uint32_t max, struct error *err)
{
	for (uint32_t i = 0; i < max && s->p < s->end; i++) {
		s->row_start = s->p;
		TRY(tsv_row(s, err));
	}
	return OK;
}

static void skip_line(struct segment *s)
{
	const char *p = line_end(s->row_start, s->end, (s->reader->def->variant & RAW) != 0);
	s->p = p < s->end ? p + 1 : s->end;
}

const struct reader_class tsv_reader = {.header = tsv_header, .cut = cut_lines, .rows = tsv_rows, .skip = skip_line};

/* ---- TSKV ---- */

static enum status tskv_row(struct segment *s, struct error *err)
{
	struct format_reader *r = s->reader;
	const char *p = s->p, *end = s->end;
	bool escaped;
	for (;;) {
		const char *stop = field_end(p, end, false, &escaped);
		const char *equals = p;
		for (;;) {
			equals = scan2(equals, stop, '=', '\\');
			if (equals == stop || *equals == '=')
				break;
			equals += 2;
			if (equals > stop)
				equals = stop;
		}
		if (equals == stop) {
			if (stop - p != 4 || memcmp(p, "tskv", 4) != 0)
				return ERR(err, E_INCORRECT_DATA, "Found field without value while parsing TSKV format: %.*s",
				           (int)(stop - p > 200 ? 200 : stop - p), p);
		} else {
			struct str name = str_make(p, (size_t)(equals - p));
			char plain[256];
			if (name.size <= sizeof plain && memchr(name.data, '\\', name.size) != NULL) {
				size_t n = 0;
				for (size_t i = 0; i < name.size; i++) {
					if (name.data[i] == '\\' && i + 1 < name.size)
						i++;
					plain[n++] = name.data[i];
				}
				name = str_make(plain, n);
			}
			uint32_t c = reader_find(r, name);
			if (c == FIELD_SKIP)
				TRY(reader_unknown(r, name, err));
			else if (s->builders[c]->count != s->rows)
				return segment_failed(s, c, name, ERR(err, E_INCORRECT_DATA,
				       "Duplicate field found while parsing TSKV format: %.*s", STR_ARG(name)));
			else
				TRY(tsv_field(s, c, equals + 1, stop, escaped, err));
		}
		p = stop;
		if (p == end)
			break;
		if (*p++ == '\n')
			break;
	}
	s->p = p;
	return segment_end_row(s, err);
}

static enum status tskv_rows(struct segment *s, uint32_t max, struct error *err)
{
	for (uint32_t i = 0; i < max && s->p < s->end; i++) {
		s->row_start = s->p;
		TRY(tskv_row(s, err));
	}
	return OK;
}

const struct reader_class tskv_reader = {.cut = cut_lines, .rows = tskv_rows, .skip = skip_line};

/* ---- LineAsString, RawBLOB: one String column ---- */

static enum status one_string(struct segment *s, const char *what, struct error *err)
{
	const struct format_reader *r = s->reader;
	if (r->column_count == 1 && type_is_string(r->columns[0].type))
		return OK;
	return ERR(err, E_BAD_ARGUMENTS, "This input format is only suitable for tables with a single column of type String, "
	           "%s has %u columns", what, r->column_count);
}

static enum status put_string(struct segment *s, const char *p, const char *end, struct error *err)
{
	if (s->reader->columns[0].kind == FAST_STRING)
		return string_field(s, 0, p, end, err);
	return value_parse(s->builders[0], str_make(p, (size_t)(end - p)), VALUE_RAW, &s->reader->values, err);
}

static enum status line_rows(struct segment *s, uint32_t max, struct error *err)
{
	TRY(one_string(s, "LineAsString", err));
	for (uint32_t i = 0; i < max && s->p < s->end; i++) {
		s->row_start = s->p;
		const char *stop = scan2(s->p, s->end, '\n', '\n');
		TRY(put_string(s, s->p, stop, err));
		s->p = stop < s->end ? stop + 1 : stop;
		TRY(segment_end_row(s, err));
	}
	return OK;
}

const struct reader_class lines_reader = {.cut = cut_lines, .rows = line_rows};

static enum status blob_rows(struct segment *s, uint32_t max, struct error *err)
{
	(void)max;
	TRY(one_string(s, "RawBLOB", err));
	if (!s->is_last)
		return E_UNEXPECTED_EOF;
	TRY(put_string(s, s->p, s->end, err));
	s->p = s->end;
	return segment_end_row(s, err);
}

const struct reader_class blob_reader = {.serial = true, .rows = blob_rows};

// SPDX-License-Identifier: Apache-2.0
/* PostgreSQL's COPY: text, CSV and binary rows. */
#include <stdlib.h>

#include "format/cell_fast.h"
#include "format/scan.h"

/* ---- writing ---- */

static bool is_csv(const struct format_def *d)
{
	return (d->variant & QUOTES) != 0;
}

static struct str null_text(const struct format_options *o, bool csv)
{
	return o->copy_null.data != NULL ? o->copy_null : csv ? STR("") : STR("\\N");
}

/* PostgreSQL's delimiter by format: options name one for COPY, else the format's own. */
static char delimiter_of(const struct format_options *o, bool csv)
{
	if (csv || (o->copy_columns != NULL && o->csv_delimiter != 0)) /* COPY itself says which in either case */
		return o->csv_delimiter != 0 ? o->csv_delimiter : ',';
	return o->csv_delimiter != 0 && o->csv_delimiter != ',' ? o->csv_delimiter : '\t';
}

/* Backslash, the control characters with a letter of their own, and the delimiter are escaped. */
static void put_escaped(struct strbuf *b, struct str v, char delimiter)
{
	static const char letters[] = "btnvfr"; /* of characters 8 to 13 */
	if (!strbuf_reserve(b, v.size * 2))
		return;
	char *to = b->data + b->size;
	for (size_t i = 0; i < v.size; i++) {
		char c = v.data[i];
		if (c >= '\b' && c <= '\r') {
			*to++ = '\\';
			c = letters[c - '\b'];
		} else if (c == '\\' || c == delimiter) {
			*to++ = '\\';
		}
		*to++ = c;
	}
	b->size = (size_t)(to - b->data);
}

static bool has_flag(const struct format_options *o, uint32_t column, uint8_t flag)
{
	return o->copy_columns != NULL && (o->copy_columns[column] & flag) != 0;
}

static bool needs_quotes(const struct format_writer *w, struct str v, bool only)
{
	const struct format_options *o = w->options;
	char delimiter = delimiter_of(o, true), quote = o->copy_quote != 0 ? o->copy_quote : '"';
	/* an unquoted NULL text would be read as NULL, an unquoted \. alone in its line as the end of the data */
	if (str_eq(v, null_text(o, true)) || (only && str_eq(v, STR("\\."))))
		return true;
	for (size_t i = 0; i < v.size; i++)
		if (v.data[i] == delimiter || v.data[i] == quote || v.data[i] == '\n' || v.data[i] == '\r')
			return true;
	return false;
}

static void put_csv(struct strbuf *b, const struct format_writer *w, struct str v, bool forced)
{
	const struct format_options *o = w->options;
	char quote = o->copy_quote != 0 ? o->copy_quote : '"', escape = o->copy_escape != 0 ? o->copy_escape : quote;
	if (!forced && !needs_quotes(w, v, w->column_count == 1)) {
		strbuf_puts(b, v);
		return;
	}
	strbuf_putc(b, quote);
	for (size_t i = 0; i < v.size; i++) {
		if (v.data[i] == quote || v.data[i] == escape)
			strbuf_putc(b, escape);
		strbuf_putc(b, v.data[i]);
	}
	strbuf_putc(b, quote);
}

static enum status binary_cells(const struct vector *v, struct strbuf *to, uint32_t *ends, struct error *err)
{
	for (uint32_t i = 0; i < v->count; i++) {
		if (vector_is_null(v, i)) {
			strbuf_put_be(to, 0xffffffff, 4);
		} else {
			size_t at = to->size;
			strbuf_put_be(to, 0, 4);
			TRY(value_write_pg_binary(to, v, i, err));
			if (to->failed)
				return strbuf_status(to, err);
			uint32_t size = __builtin_bswap32((uint32_t)(to->size - at - 4));
			memcpy(to->data + at, &size, 4);
		}
		ends[i] = (uint32_t)to->size;
	}
	return OK;
}

/* UTF-8 as LATIN1; *out is `b`. */
static enum status to_latin1(struct strbuf *b, struct str v, struct str *out, struct error *err)
{
	strbuf_clear(b);
	for (size_t i = 0; i < v.size; i++) {
		uint8_t c = (uint8_t)v.data[i];
		if (c < 0x80) {
			strbuf_putc(b, (char)c);
		} else if ((c == 0xc2 || c == 0xc3) && i + 1 < v.size) {
			strbuf_putc(b, (char)(c == 0xc2 ? v.data[i + 1] : v.data[i + 1] | 0x40));
			i++;
		} else {
			return ERR(err, E_UNTRANSLATABLE,
			           "character with byte sequence 0x%02x in encoding \"UTF8\" has no equivalent in encoding \"LATIN1\"", c);
		}
	}
	*out = strbuf_str(b);
	return OK;
}

enum status copy_column(struct format_writer *w, const struct vector *v, uint32_t column, struct strbuf *to,
                        uint32_t *ends, struct error *err)
{
	if (w->form == CELL_COPY_BINARY)
		return binary_cells(v, to, ends, err);
	bool csv = w->form == CELL_COPY_CSV;
	enum value_style style = w->options->dialect_pg ? VALUE_PG : VALUE_RAW;
	struct str null = null_text(w->options, csv);
	char delimiter = delimiter_of(w->options, csv);
	bool forced = has_flag(w->options, column, COPY_FORCE_QUOTE);
	uint32_t from = 0;
	strbuf_clear(&w->plain);
	value_write_column(&w->plain, v, style, &w->values, ends);
	for (uint32_t i = 0; i < v->count; i++) {
		struct str text = w->plain.failed ? STR("") : str_make(w->plain.data + from, ends[i] - from);
		from = ends[i];
		if (w->options->copy_latin1 && !vector_is_null(v, i))
			TRY(to_latin1(&w->held, text, &text, err));
		if (vector_is_null(v, i))
			strbuf_puts(to, null);
		else if (csv)
			put_csv(to, w, text, forced);
		else
			put_escaped(to, text, delimiter);
		ends[i] = (uint32_t)to->size;
	}
	to->failed |= w->plain.failed;
	return OK;
}

/* Of a CopyData message, its length left open. */
static const struct str message_head = {"d\0\0\0\0", 5};

static void open_copy(struct format_writer *w)
{
	bool csv = is_csv(w->def);
	char delimiter = delimiter_of(w->options, csv);
	w->form = csv ? CELL_COPY_CSV : CELL_COPY_TEXT;
	w->message = w->options->copy_messages;
	writer_frame(w, STR(""), w->message ? message_head : STR(""), str_make(arena_copy(&w->arena, &delimiter, 1), 1),
	             STR("\n"));
}

/* The length of the message that begins at `at`. */
static void end_message(struct strbuf *to, size_t at)
{
	if (to->failed)
		return;
	uint32_t size = __builtin_bswap32((uint32_t)(to->size - at - 1));
	memcpy(to->data + at + 1, &size, 4);
}

static enum status begin_copy(struct format_writer *w, struct strbuf *to, struct error *err)
{
	size_t at = to->size;
	for (uint32_t c = 0; c < w->column_count && w->options->copy_header; c++) {
		strbuf_puts(to, w->frame.before[c]);
		if (is_csv(w->def))
			put_csv(to, w, w->columns[c].name, false);
		else
			put_escaped(to, w->columns[c].name, delimiter_of(w->options, false));
	}
	if (w->options->copy_header) {
		strbuf_putc(to, '\n');
		if (w->message)
			end_message(to, at);
	}
	return strbuf_status(to, err);
}

const struct writer_class copy_writer = {.open = open_copy, .begin = begin_copy, .batch = writer_rows};

static const char copy_signature[] = "PGCOPY\n\377\r\n";

static void put_signature(struct strbuf *to)
{
	strbuf_put(to, copy_signature, sizeof copy_signature); /* its NUL is the eleventh byte */
	strbuf_put_be(to, 0, 4);
	strbuf_put_be(to, 0, 4);
}

/* In messages the signature shares the first row's: drivers look for it there. */
static void open_binary(struct format_writer *w)
{
	uint16_t n = __builtin_bswap16((uint16_t)w->column_count);
	struct strbuf first;
	strbuf_init(&first, NULL);
	w->form = CELL_COPY_BINARY;
	w->message = w->options->copy_messages;
	if (w->message)
		strbuf_puts(&first, message_head);
	strbuf_put(&first, (const char *)&n, 2);
	writer_frame(w, STR(""), arena_str(&w->arena, strbuf_str(&first)), STR(""), STR(""));
	strbuf_fini(&first);
}

static enum status begin_binary(struct format_writer *w, struct strbuf *to, struct error *err)
{
	if (!w->message)
		put_signature(to);
	return strbuf_status(to, err);
}

static enum status batch_binary(struct format_writer *w, const struct batch *b, struct strbuf *to, struct error *err)
{
	enum { SIGNATURE_SIZE = 19 };
	size_t at = to->size;
	bool first = w->message && w->rows == 0 && b->count != 0;
	TRY(writer_rows(w, b, to, err));
	if (!first)
		return OK;
	/* behind the head of the first row's message, which grows by it */
	if (!strbuf_reserve(to, SIGNATURE_SIZE))
		return strbuf_status(to, err);
	char *head = to->data + at;
	uint32_t size;
	memcpy(&size, head + 1, 4);
	size = __builtin_bswap32(__builtin_bswap32(size) + SIGNATURE_SIZE);
	memmove(head + 5 + SIGNATURE_SIZE, head + 5, to->size - at - 5);
	to->size += SIGNATURE_SIZE;
	memcpy(head + 1, &size, 4);
	struct strbuf signature;
	strbuf_init(&signature, NULL);
	put_signature(&signature);
	if (!signature.failed)
		memcpy(head + 5, signature.data, SIGNATURE_SIZE);
	strbuf_fini(&signature);
	return strbuf_status(to, err);
}

static enum status end_binary(struct format_writer *w, const struct format_summary *s, struct strbuf *to,
                              struct error *err)
{
	size_t at = to->size;
	if (w->message)
		strbuf_puts(to, message_head);
	if (w->message && s->rows == 0)
		put_signature(to);
	strbuf_put_be(to, 0xffff, 2);
	if (w->message)
		end_message(to, at);
	return strbuf_status(to, err);
}

const struct writer_class copy_binary_writer = {.open = open_binary, .begin = begin_binary, .batch = batch_binary,
                                                .end = end_binary};

/* ---- reading text and CSV ---- */

struct copy_state {
	bool csv;
	char quote, escape;
	struct str null;
};

static void copy_open(struct format_reader *r)
{
	struct copy_state *k = ARENA_NEW(&r->arena, struct copy_state);
	const struct format_options *o = r->options;
	k->csv = is_csv(r->def);
	k->quote = o->copy_quote != 0 ? o->copy_quote : '"';
	k->escape = o->copy_escape != 0 ? o->copy_escape : k->quote;
	k->null = null_text(o, k->csv);
	r->delimiter = delimiter_of(o, k->csv);
	r->state = k;
}

/* Quotes may stand anywhere in a CSV field; inside of them the escape takes the next quote or escape with it. */
static size_t cut_csv(struct format_reader *r, const char *data, size_t size)
{
	const struct copy_state *s = r->state;
	struct cut_state *k = &r->cut;
	const char *p = data + k->scanned, *end = data + size;
	while (p < end) {
		p = k->quoted ? scan2(p, end, s->quote, s->escape) : scan2(p, end, s->quote, '\n');
		if (p == end || (k->quoted && *p == s->escape && p + 1 == end))
			break;
		if (k->quoted) {
			if (*p == s->escape && (p[1] == s->quote || p[1] == s->escape))
				p++;
			else if (*p == s->quote)
				k->quoted = false;
		} else if (*p == s->quote) {
			k->quoted = true;
		} else {
			k->boundary = (size_t)(p - data) + 1;
		}
		p++;
	}
	k->scanned = (size_t)(p - data);
	return k->boundary;
}

static size_t copy_cut(struct format_reader *r, const char *data, size_t size)
{
	return ((const struct copy_state *)r->state)->csv ? cut_csv(r, data, size) : cut_lines(r, data, size);
}

/* The end of the raw field at p: delimiter, line feed or end. *plain: neither escapes nor quotes in it. */
static const char *raw_end(const struct format_reader *r, const char *p, const char *end, bool *plain)
{
	const struct copy_state *k = r->state;
	*plain = true;
	if (!k->csv) {
		for (;;) {
			p = scan4(p, end, r->delimiter, '\n', '\\', '\\');
			if (p == end || *p != '\\')
				return p;
			*plain = false;
			p += 2;
			if (p >= end)
				return end;
		}
	}
	for (bool quoted = false;;) {
		p = quoted ? scan2(p, end, k->quote, k->escape) : scan4(p, end, r->delimiter, '\n', k->quote, k->quote);
		if (p == end)
			return quoted ? NULL : p;
		if (quoted) {
			if (*p == k->escape && p + 1 < end && (p[1] == k->quote || p[1] == k->escape))
				p++;
			else if (*p == k->quote)
				quoted = false;
		} else if (*p == k->quote) {
			*plain = false;
			quoted = true;
		} else {
			return p;
		}
		p++;
	}
}

/* Octal and hexadecimal escapes and letters; everything else stands for itself. */
static size_t unescape_text(struct str s, char *to)
{
	static const char letters[] = "bfnrtv", bytes[] = "\b\f\n\r\t\v";
	size_t n = 0;
	for (size_t i = 0; i < s.size; i++) {
		char c = s.data[i];
		if (c != '\\' || i + 1 == s.size) {
			to[n++] = c;
			continue;
		}
		c = s.data[++i];
		const char *e = c == '\0' ? NULL : strchr(letters, c);
		unsigned v = 0, digits = 0;
		if (e != NULL) {
			c = bytes[e - letters];
		} else if (c >= '0' && c <= '7') {
			for (; digits < 3 && i < s.size && s.data[i] >= '0' && s.data[i] <= '7'; digits++, i++)
				v = v * 8 + (unsigned)(s.data[i] - '0');
			i--;
			c = (char)v;
		} else if (c == 'x' && i + 1 < s.size && fast_hex(s.data[i + 1]) >= 0) {
			for (i++; digits < 2 && i < s.size && fast_hex(s.data[i]) >= 0; digits++, i++)
				v = v * 16 + (unsigned)fast_hex(s.data[i]);
			i--;
			c = (char)v;
		}
		to[n++] = c;
	}
	return n;
}

static size_t unquote_csv(const struct copy_state *k, struct str s, char *to)
{
	bool quoted = false;
	size_t n = 0;
	for (size_t i = 0; i < s.size; i++) {
		char c = s.data[i];
		if (quoted && c == k->escape && i + 1 < s.size && (s.data[i + 1] == k->quote || s.data[i + 1] == k->escape))
			to[n++] = s.data[++i];
		else if (c == k->quote)
			quoted = !quoted;
		else
			to[n++] = c;
	}
	return n;
}

static struct str plain_field(const struct copy_state *k, struct str raw, char *to)
{
	return str_make(to, k->csv ? unquote_csv(k, raw, to) : unescape_text(raw, to));
}

static enum status parse_field(struct segment *s, uint32_t c, struct str text, struct error *err)
{
	struct format_reader *r = s->reader;
	return value_parse(s->builders[c], text, r->options->dialect_pg ? VALUE_PG : VALUE_RAW, &r->values, err);
}

static enum status copy_null(struct segment *s, uint32_t c, struct error *err)
{
	if (s->builders[c]->type->nullable)
		return builder_null(s->builders[c], err);
	struct str name = s->reader->columns[c].name;
	return ERR(err, E_NOT_NULL_VIOLATION,
	           "null value in column \"%.*s\" of relation \"%.*s\" violates not-null constraint",
	           STR_ARG(name), STR_ARG(s->reader->table));
}

/* FORCE_NULL: quotes around it do not keep the NULL text from being one. */
static bool is_quoted_null(const struct copy_state *k, struct str raw)
{
	return k->csv && raw.size == k->null.size + 2 && raw.data[0] == k->quote && raw.data[raw.size - 1] == k->quote &&
		str_eq(str_make(raw.data + 1, raw.size - 2), k->null);
}

static enum status copy_field(struct segment *s, uint32_t c, struct str raw, bool plain, struct error *err)
{
	struct format_reader *r = s->reader;
	const struct copy_state *k = r->state;
	struct builder *b = s->builders[c];
	/* a quoted field is never NULL, and text compares before escapes are resolved */
	if (str_eq(raw, k->null) && (plain || !k->csv) && !has_flag(r->options, c, COPY_FORCE_NOT_NULL)) {
		enum status status = copy_null(s, c, err);
		return status == OK ? OK : segment_failed(s, c, (struct str){NULL, 0}, status);
	}
	if (!plain && has_flag(r->options, c, COPY_FORCE_NULL) && is_quoted_null(k, raw)) {
		enum status status = copy_null(s, c, err);
		return status == OK ? OK : segment_failed(s, c, (struct str){NULL, 0}, status);
	}
	if (plain) {
		if (r->columns[c].kind == FAST_STRING) {
			struct strview v = view_of(raw.data, raw.size);
			if (v.size > STRVIEW_INLINE)
				TRY(segment_keep(s, c, err));
			memcpy(builder_next(b, sizeof v), &v, sizeof v);
			return OK;
		}
		enum status status = parse_field(s, c, raw, err);
		return status == OK ? OK : segment_failed(s, c, raw, status);
	}
	char small[256], *to = small;
	if (raw.size > sizeof small && (to = malloc(raw.size)) == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate %zu bytes", raw.size);
	struct str text = plain_field(k, raw, to);
	enum status status = parse_field(s, c, text, err);
	if (status != OK)
		segment_failed(s, c, raw, status);
	if (to != small)
		free(to);
	return status;
}

static struct str line_text(const char *p, const char *end)
{
	const char *stop = scan2(p, end, '\n', '\n');
	return str_make(p, (size_t)(stop - p));
}

static enum status copy_row(struct segment *s, struct error *err)
{
	struct format_reader *r = s->reader;
	const char *p = s->p, *end = s->end;
	uint32_t n = r->field_count;
	bool plain, csv = ((const struct copy_state *)r->state)->csv;
	for (uint32_t c = 0; c < n; c++) {
		char want = c + 1 == n ? '\n' : r->delimiter;
		const char *stop = NULL;
		if (r->columns[c].kind > FAST_STRING) {
			stop = fast_value(&r->columns[c], s->builders[c], p);
			if (stop != NULL && *stop != want && stop != end) {
				s->builders[c]->count--;
				stop = NULL;
			}
		}
		if (stop == NULL) {
			stop = raw_end(r, p, end, &plain);
			if (stop == NULL) {
				s->bad_text = line_text(s->row_start, end);
				return ERR(err, E_BAD_COPY_FORMAT, "unterminated CSV quoted field");
			}
			const char *last = stop;
			if ((stop == end || *stop == '\n') && last > p && last[-1] == '\r' && (csv || last - p < 2 || last[-2] != '\\'))
				last--;
			TRY(copy_field(s, c, str_make(p, (size_t)(last - p)), plain, err));
		}
		p = stop;
		if (c + 1 == n) {
			if (p < end && *p == r->delimiter) {
				s->bad_column = -1;
				s->bad_text = line_text(s->row_start, end);
				return ERR(err, E_BAD_COPY_FORMAT, "extra data after last expected column");
			}
			break;
		}
		if (p == end || *p == '\n') {
			s->bad_text = line_text(s->row_start, end);
			return ERR(err, E_BAD_COPY_FORMAT, "missing data for column \"%.*s\"", STR_ARG(r->columns[r->fields[c + 1]].name));
		}
		p++;
	}
	s->p = p < end ? p + 1 : end;
	return segment_end_row(s, err);
}

/* \. on a line of its own ends the data. */
static bool is_end_mark(const char *p, const char *end)
{
	return end - p >= 2 && p[0] == '\\' && p[1] == '.' &&
		(end - p == 2 || p[2] == '\n' || (p[2] == '\r' && (end - p == 3 || p[3] == '\n')));
}

static enum status copy_rows(struct segment *s, uint32_t max, struct error *err)
{
	for (uint32_t i = 0; i < max && s->p < s->end; i++) {
		s->row_start = s->p;
		if (is_end_mark(s->p, s->end)) {
			s->p = s->end;
			s->finished = true;
			return OK;
		}
		if (s->reader->column_count == 0) {
			if (*s->p != '\n')
				return ERR(err, E_BAD_COPY_FORMAT, "extra data after last expected column");
			s->p++;
			TRY(segment_end_row(s, err));
			continue;
		}
		TRY(copy_row(s, err));
	}
	return OK;
}

static enum status copy_header(struct format_reader *r, const char *data, size_t size, size_t *taken, struct error *err)
{
	const struct copy_state *k = r->state;
	const char *p = data, *end = data + size;
	if (!r->options->copy_header) {
		r->header_done = true;
		return OK;
	}
	for (uint32_t i = 0;; i++) {
		bool plain;
		const char *stop = raw_end(r, p, end, &plain);
		if (stop == NULL || (stop == end && !r->input_ended))
			return OK;
		struct str raw = str_make(p, (size_t)(stop - p));
		bool last = stop == end || *stop == '\n';
		if (last && raw.size != 0 && raw.data[raw.size - 1] == '\r')
			raw.size--;
		if (r->options->copy_header_match) {
			struct str name = plain ? raw : plain_field(k, raw, ARENA_ARRAY(&r->arena, char, raw.size + 1));
			if (i >= r->column_count || (last && i + 1 < r->column_count))
				return ERR(err, E_BAD_COPY_FORMAT, "wrong number of fields in header line: got %u, expected %u", i + 1,
				           r->column_count);
			if (!str_eq(name, r->columns[i].name))
				return ERR(err, E_BAD_COPY_FORMAT, "column name mismatch in header line field %u: got \"%.*s\", expected \"%.*s\"",
				           i + 1, (int)(name.size > 100 ? 100 : name.size), name.data, STR_ARG(r->columns[i].name));
		}
		p = stop < end ? stop + 1 : end;
		if (last)
			break;
	}
	*taken = (size_t)(p - data);
	r->lines++;
	r->header_done = true;
	return OK;
}

const struct reader_class copy_reader = {.open = copy_open, .header = copy_header, .cut = copy_cut, .rows = copy_rows};

/* ---- reading binary ---- */

enum { SIGNATURE_SIZE = 11, HEADER_SIZE = 19 };

static uint32_t load32(const char *p)
{
	uint32_t v;
	memcpy(&v, p, 4);
	return __builtin_bswap32(v);
}

static enum status binary_header(struct format_reader *r, const char *data, size_t size, size_t *taken,
                                 struct error *err)
{
	size_t n = size < SIGNATURE_SIZE ? size : SIGNATURE_SIZE;
	if (memcmp(data, copy_signature, n) != 0 || (n < SIGNATURE_SIZE && r->input_ended))
		return ERR(err, E_BAD_COPY_FORMAT, "COPY file signature not recognized");
	if (size < HEADER_SIZE)
		return r->input_ended ? ERR(err, E_BAD_COPY_FORMAT, "invalid COPY file header (missing length)") : OK;
	uint32_t flags = load32(data + SIGNATURE_SIZE), extension = load32(data + SIGNATURE_SIZE + 4);
	if ((flags & 0x10000) != 0)
		return ERR(err, E_BAD_COPY_FORMAT, "invalid COPY file header (WITH OIDS)");
	if ((flags >> 16) != 0)
		return ERR(err, E_BAD_COPY_FORMAT, "unrecognized critical flags in COPY file header");
	if (extension > INPUT_ROW_MAX)
		return ERR(err, E_BAD_COPY_FORMAT, "invalid COPY file header (wrong length)");
	if (size < HEADER_SIZE + (size_t)extension)
		return r->input_ended ? ERR(err, E_BAD_COPY_FORMAT, "invalid COPY file header (wrong length)") : OK;
	*taken = HEADER_SIZE + extension;
	r->header_done = true;
	return OK;
}

static enum status binary_field(struct segment *s, uint32_t c, const char **p, struct error *err)
{
	if (s->end - *p < 4)
		return E_UNEXPECTED_EOF;
	uint32_t size = load32(*p);
	*p += 4;
	if (size == UINT32_MAX)
		return copy_null(s, c, err);
	if (size > INPUT_ROW_MAX)
		return ERR(err, E_BAD_COPY_FORMAT, "invalid field size");
	if ((size_t)(s->end - *p) < size)
		return E_UNEXPECTED_EOF;
	TRY(value_read_pg_binary(s->builders[c], str_make(*p, size), err));
	*p += size;
	return OK;
}

static enum status binary_rows(struct segment *s, uint32_t max, struct error *err)
{
	uint32_t n = s->reader->column_count;
	for (uint32_t i = 0; i < max && s->p < s->end; i++) {
		const char *p = s->p;
		s->row_start = p;
		if (s->end - p < 2)
			return s->is_last ? ERR(err, E_BAD_COPY_FORMAT, "unexpected EOF in COPY data") : E_UNEXPECTED_EOF;
		uint16_t fields = (uint16_t)(load32(p) >> 16);
		p += 2;
		if (fields == 0xffff) {
			if (p != s->end)
				return ERR(err, E_BAD_COPY_FORMAT, "received copy data after EOF marker");
			s->p = p;
			s->finished = true;
			return OK;
		}
		if (fields != n)
			return ERR(err, E_BAD_COPY_FORMAT, "row field count is %d, expected %u", (int16_t)fields, n);
		for (uint32_t c = 0; c < n; c++) {
			enum status status = binary_field(s, c, &p, err);
			if (status == E_UNEXPECTED_EOF && err->status == OK) {
				if (s->is_last)
					return segment_failed(s, c, (struct str){NULL, 0}, ERR(err, E_BAD_COPY_FORMAT, "unexpected EOF in COPY data"));
				return status;
			}
			if (status != OK)
				return segment_failed(s, c, (struct str){NULL, 0}, status);
		}
		TRY(segment_end_row(s, err));
		s->p = p;
	}
	return OK;
}

const struct reader_class copy_binary_reader = {.serial = true, .header = binary_header, .rows = binary_rows};

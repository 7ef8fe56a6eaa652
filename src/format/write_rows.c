// SPDX-License-Identifier: Apache-2.0
/* Framed formats: each column renders its batch, then rows are stitched by copying. */
#include "format/format_impl.h"

void writer_frame(struct format_writer *w, struct str between, struct str first, struct str comma, struct str last)
{
	w->frame.between = between;
	w->frame.after = last;
	for (uint32_t c = 0; c < w->column_count; c++)
		w->frame.before[c] = c == 0 ? first : comma;
}

/* ---- cells ---- */

static bool is_textual(const struct type *t, enum value_style style)
{
	(void)style;
	return type_physical(t) == PHYS_STR || t->value_count != 0 || t->child_count != 0;
}

/* Bare text into JSON strings; what has no character to escape is copied. */
static void json_string_column(struct format_writer *w, const struct vector *v, struct strbuf *to, uint32_t *ends)
{
	bool escapes = is_textual(v->type, VALUE_PRETTY);
	uint32_t from = 0;
	strbuf_clear(&w->plain);
	value_write_column(&w->plain, v, VALUE_PRETTY, &w->values, ends);
	for (uint32_t i = 0; i < v->count; i++) {
		struct str text = w->plain.failed ? STR("") : str_make(w->plain.data + from, ends[i] - from);
		from = ends[i];
		if (escapes) {
			json_write_string(to, text, w->values.json_escape_slashes);
		} else {
			strbuf_putc(to, '"');
			strbuf_puts(to, text);
			strbuf_putc(to, '"');
		}
		ends[i] = (uint32_t)to->size;
	}
	to->failed |= w->plain.failed;
}

enum status writer_column(struct format_writer *w, const struct format_column *column, const struct vector *v,
                          struct strbuf *to, uint32_t *ends, struct error *err)
{
	switch (w->form) {
	case CELL_STYLE: value_write_column(to, v, w->style, &w->values, ends); break;
	case CELL_JSON_STRING: json_string_column(w, v, to, ends); break;
	case CELL_JSON_PRETTY: json_pretty_column(w, v, to, ends); break;
	case CELL_CSV_TUPLES: csv_tuple_column(w, v, to, ends); break;
	case CELL_ROW_BINARY: row_binary_column(v, to, ends); break;
	case CELL_COPY_TEXT: case CELL_COPY_CSV: case CELL_COPY_BINARY: 
		TRY(copy_column(w, v, (uint32_t)(column - w->columns), to, ends, err));
		break;
	}
	return strbuf_status(to, err);
}

enum status writer_render(struct format_writer *w, const struct batch *b, bool *fits, struct error *err)
{
	size_t need = (size_t)w->column_count * b->count * sizeof(uint32_t);
	if (w->ends == NULL || w->ends->size < need) {
		buffer_unref(w->ends);
		w->ends = NULL;
		TRY(buffer_new(w->track, need, &w->ends, err));
	}
	strbuf_clear(&w->cells);
	*fits = true;
	for (uint32_t c = 0; c < w->column_count; c++) {
		TRY(writer_column(w, &w->columns[c], b->columns[c], &w->cells, (uint32_t *)w->ends->data + (size_t)c * b->count,
		                  err));
		if (w->cells.size > UINT32_MAX || w->plain.size > UINT32_MAX) {
			*fits = false;
			return OK;
		}
	}
	/* the stitching copies 16 bytes at once */
	if (!strbuf_reserve(&w->cells, 32))
		return strbuf_status(&w->cells, err);
	return OK;
}

/* ---- rows ---- */

static inline char *put_short(char *to, const char *from, size_t n)
{
	if (likely(n <= 16)) {
		memcpy(to, from, 16);
		return to + n;
	}
	memcpy(to, from, n);
	return to + n;
}

/* Frames may be shorter than 16 bytes and stand anywhere, so they are copied by their size. */
static inline char *put_frame(char *to, struct str s)
{
	if (s.size == 1) {
		*to = s.data[0];
		return to + 1;
	}
	if (s.size != 0)
		memcpy(to, s.data, s.size);
	return to + s.size;
}

static enum status stitch(struct format_writer *w, uint32_t rows, struct strbuf *to, struct error *err)
{
	const uint32_t *ends = (const uint32_t *)w->ends->data;
	const struct row_frame *f = &w->frame;
	const char *cells = w->cells.data;
	uint32_t n = w->column_count;
	size_t total = w->cells.size + (f->between.size + f->after.size) * (size_t)rows + 32;
	for (uint32_t c = 0; c < n; c++)
		total += f->before[c].size * rows;
	if (!strbuf_reserve(to, total))
		return strbuf_status(to, err);
	char *p = to->data + to->size;
	for (uint32_t i = 0; i < rows; i++) {
		char *begin = p;
		if (w->rows + i != 0)
			p = put_frame(p, f->between);
		for (uint32_t c = 0; c < n; c++) {
			size_t at = (size_t)c * rows + i;
			uint32_t start = at == 0 ? 0 : ends[at - 1];
			p = put_frame(p, f->before[c]);
			p = put_short(p, cells + start, ends[at] - start);
		}
		p = put_frame(p, f->after);
		if (w->message) {
			uint32_t size = __builtin_bswap32((uint32_t)(p - begin - 1));
			memcpy(begin + 1, &size, 4);
		}
	}
	to->size = (size_t)(p - to->data);
	return OK;
}

enum status writer_piece(struct format_writer *w, const struct batch *b, uint32_t from, uint32_t count,
                         struct strbuf *to, struct error *err)
{
	struct batch *part;
	TRY(batch_new(b->column_count, &part, err));
	enum status s = OK;
	for (uint32_t c = 0; c < b->column_count && s == OK; c++)
		s = vector_slice(w->track, b->columns[c], from, count, &part->columns[c], err);
	part->count = count;
	if (s == OK)
		s = writer_rows(w, part, to, err);
	batch_free(part);
	return s;
}

enum status writer_rows(struct format_writer *w, const struct batch *b, struct strbuf *to, struct error *err)
{
	bool fits;
	TRY(writer_render(w, b, &fits, err));
	if (likely(fits))
		return stitch(w, b->count, to, err);
	if (b->count == 1)
		return ERR(err, E_LIMIT_EXCEEDED, "a row of more than 4 GiB cannot be written");
	/* halves, until the offsets fit; `rows` tells the second half that it is not the first */
	uint32_t half = b->count / 2;
	strbuf_fini(&w->cells);
	strbuf_init(&w->cells, w->track);
	TRY(writer_piece(w, b, 0, half, to, err));
	w->rows += half;
	enum status s = writer_piece(w, b, half, b->count - half, to, err);
	w->rows -= half;
	return s;
}

enum status writer_lines_extra(struct format_writer *w, enum format_extra what, const struct batch *b,
                               struct strbuf *to, struct error *err)
{
	uint64_t rows = w->rows;
	(void)what;
	strbuf_puts(to, w->frame.after);
	w->rows = 0;
	enum status s = b->count == 0 ? OK : writer_rows(w, b, to, err);
	w->rows = rows;
	return s;
}

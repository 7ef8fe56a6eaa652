// SPDX-License-Identifier: Apache-2.0
/* TabSeparated, CSV, TSKV, Values, LineAsString, RawBLOB, Null: frames around cells. */
#include "column/vector.h"
#include "format/format_impl.h"

/* As a String constant. */
void writer_header_cell(struct format_writer *w, struct str text, struct strbuf *to)
{
	struct vector v = {.form = VECTOR_FLAT, .count = 1, .type = type_simple(TYPE_STRING)};
	struct strview view = strview_make(text.data, text.size);
	v.data = &view;
	value_write(to, &v, 0, w->style, &w->values);
}

/* Names and types where the variant has them, separated and ended as rows are. */
static enum status write_headers(struct format_writer *w, struct strbuf *to, struct error *err)
{
	for (uint32_t line = 0; line < 2; line++) {
		if ((w->def->variant & (line == 0 ? NAMES : TYPES)) == 0)
			continue;
		for (uint32_t c = 0; c < w->column_count; c++) {
			const struct format_column *column = &w->columns[c];
			strbuf_puts(to, w->frame.before[c]);
			writer_header_cell(w, line == 0 ? column->name : column_type_name(&w->arena, column->type), to);
		}
		strbuf_puts(to, w->frame.after);
	}
	return strbuf_status(to, err);
}

static void open_tsv(struct format_writer *w)
{
	w->style = (w->def->variant & RAW) != 0 ? VALUE_RAW : VALUE_TSV;
	writer_frame(w, STR(""), STR(""), STR("\t"), w->options->tsv_crlf ? STR("\r\n") : STR("\n"));
}

const struct writer_class tsv_writer = {.open = open_tsv, .begin = write_headers, .batch = writer_rows,
                                        .extra = writer_lines_extra};

/* ---- CSV ---- */

static void open_csv(struct format_writer *w)
{
	w->style = VALUE_CSV;
	for (uint32_t c = 0; c < w->column_count; c++)
		if (w->columns[c].type->id == TYPE_TUPLE)
			w->form = CELL_CSV_TUPLES;
	struct str comma = str_make(arena_copy(&w->arena, &w->options->csv_delimiter, 1), 1);
	writer_frame(w, STR(""), STR(""), comma, w->options->csv_crlf ? STR("\r\n") : STR("\n"));
}

static void put_csv_header(struct format_writer *w, struct str name, const struct type *t, bool types, bool *first,
                           struct strbuf *to)
{
	if (t->id == TYPE_TUPLE && t->child_count != 0 && !t->nullable) {
		for (uint32_t k = 0; k < t->child_count; k++) {
			struct str path = t->names != NULL ? arena_strf(&w->arena, "%.*s.%.*s", STR_ARG(name), STR_ARG(t->names[k]))
			                                   : arena_strf(&w->arena, "%.*s.%u", STR_ARG(name), k + 1);
			put_csv_header(w, path, t->children[k], types, first, to);
		}
		return;
	}
	if (!*first)
		strbuf_putc(to, w->options->csv_delimiter);
	*first = false;
	writer_header_cell(w, types ? column_type_name(&w->arena, t) : name, to);
}

static enum status begin_csv(struct format_writer *w, struct strbuf *to, struct error *err)
{
	for (uint32_t line = 0; line < 2; line++) {
		bool first = true;
		if ((w->def->variant & (line == 0 ? NAMES : TYPES)) == 0)
			continue;
		for (uint32_t c = 0; c < w->column_count; c++)
			put_csv_header(w, w->columns[c].name, w->columns[c].type, line == 1, &first, to);
		strbuf_puts(to, w->frame.after);
	}
	return strbuf_status(to, err);
}

static void put_csv_value(struct format_writer *w, const struct vector *v, uint32_t i, bool *first, struct strbuf *to)
{
	const struct vector *at;
	uint32_t row = vector_index(v, i, &at);
	if (at->type->id == TYPE_TUPLE && at->child_count != 0 && !at->type->nullable) {
		for (uint32_t k = 0; k < at->child_count; k++)
			put_csv_value(w, at->children[k], row, first, to);
		return;
	}
	if (!*first)
		strbuf_putc(to, w->options->csv_delimiter);
	*first = false;
	value_write(to, v, i, VALUE_CSV, &w->values);
}

void csv_tuple_column(struct format_writer *w, const struct vector *v, struct strbuf *to, uint32_t *ends)
{
	if (v->type->id != TYPE_TUPLE) {
		value_write_column(to, v, VALUE_CSV, &w->values, ends);
		return;
	}
	for (uint32_t i = 0; i < v->count; i++) {
		bool first = true;
		put_csv_value(w, v, i, &first, to);
		ends[i] = (uint32_t)to->size;
	}
}

const struct writer_class csv_writer = {.open = open_csv, .begin = begin_csv, .batch = writer_rows,
                                        .extra = writer_lines_extra};

/* ---- the others ---- */

static void open_tskv(struct format_writer *w)
{
	struct strbuf b;
	strbuf_init(&b, w->track);
	w->style = VALUE_TSV;
	for (uint32_t c = 0; c < w->column_count; c++) {
		strbuf_clear(&b);
		if (c != 0)
			strbuf_putc(&b, '\t');
		/* '=' would end the name */
		size_t start = b.size;
		writer_header_cell(w, w->columns[c].name, &b);
		for (size_t i = start; i < b.size; i++) {
			if (b.data[i] == '=' && strbuf_reserve(&b, 1)) {
				memmove(b.data + i + 1, b.data + i, b.size - i);
				b.data[i++] = '\\';
				b.size++;
			}
		}
		strbuf_putc(&b, '=');
		w->frame.before[c] = arena_str(&w->arena, strbuf_str(&b));
	}
	w->frame.after = STR("\n");
	strbuf_fini(&b);
}

const struct writer_class tskv_writer = {.open = open_tskv, .batch = writer_rows};

static void open_values(struct format_writer *w)
{
	w->style = VALUE_QUOTED;
	writer_frame(w, STR(","), STR("("), STR(","), STR(")"));
}

const struct writer_class values_writer = {.open = open_values, .batch = writer_rows};

static void open_lines(struct format_writer *w)
{
	w->style = VALUE_RAW;
	writer_frame(w, STR(""), STR(""), STR("\t"), STR("\n"));
}

const struct writer_class lines_writer = {.open = open_lines, .batch = writer_rows};

static void open_blob(struct format_writer *w)
{
	w->style = VALUE_RAW;
}

const struct writer_class blob_writer = {.open = open_blob, .batch = writer_rows};

static enum status drop_batch(struct format_writer *w, const struct batch *b, struct strbuf *to, struct error *err)
{
	(void)w, (void)b, (void)to, (void)err;
	return OK;
}

const struct writer_class null_writer = {.batch = drop_batch};

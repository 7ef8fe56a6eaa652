// SPDX-License-Identifier: Apache-2.0
#ifndef FORMAT_FORMAT_IMPL_H
#define FORMAT_FORMAT_IMPL_H
/* What the files of this room share: the classes behind formats.def and the state of writers. */
#include "format/format.h"

/* ---- one row of formats.def ---- */
enum format_variant {
	ROW_TEXT = 1, BINARY = 2, NAMES = 4, TYPES = 8, RAW = 16, COMPACT = 32, STRINGS = 64, EACH_ROW = 128, PROGRESS = 256,
	WHOLE = 512, MONO = 1024, NO_ESCAPES = 2048, SPACE = 4096, QUOTES = 8192, DEFAULTS = 16384,
	UNREAD = 32768, /* ClickHouse reads it, this does not yet */
};

struct writer_class;
struct reader_class;

struct format_def {
	struct format_info info;
	const struct writer_class *writer; /* empty when it does not write (read) */
	const struct reader_class *reader;
	uint32_t variant;                  /* enum format_variant */
};

/* ---- writing ---- */
/* How the cells of a framed format are rendered. */
enum cell_form {
	CELL_STYLE,       /* by `style` */
	CELL_JSON_STRING, /* bare text in a JSON string */
	CELL_JSON_PRETTY, /* JSON, tuples and maps over several lines */
	CELL_COPY_TEXT, CELL_COPY_CSV, CELL_COPY_BINARY,
	CELL_ROW_BINARY,
	CELL_CSV_TUPLES   /* CSV, tuples spread over several fields */
};

/* The text around cells: `between` stands before every row but the first, before[c] before cell c. */
struct row_frame {
	struct str between, *before, after;
};

struct format_writer {
	const struct format_def *def;
	const struct format_column *columns;
	uint32_t column_count;
	const struct format_options *options;
	struct value_options values;   /* those of the options, with the session's spelling */
	struct memtrack *track;
	struct arena arena;            /* frames, names */
	struct row_frame frame;
	enum cell_form form;
	enum value_style style;
	uint64_t rows;                 /* written so far */
	bool message;                  /* each row is a CopyData message: its frame begins with a head without the length */
	bool data_closed;              /* JSON, XML: the rows' bracket is behind us */
	struct strbuf cells, plain;    /* a batch's cells, column after column; one more for second passes */
	struct strbuf held;            /* Pretty: what waits for the end of a block */
	struct buffer *ends;           /* where each cell ends, column after column */
	void *state;                   /* of the class, in the arena */
};

/* The slots in the order of format_write_*; NULL: nothing to do. */
struct writer_class {
	void (*open)(struct format_writer *w); /* at format_writer_new: the frame */
	enum status (*begin)(struct format_writer *w, struct strbuf *to, struct error *err);
	enum status (*batch)(struct format_writer *w, const struct batch *b, struct strbuf *to, struct error *err);
	enum status (*end)(struct format_writer *w, const struct format_summary *s, struct strbuf *to, struct error *err);
	void (*exception)(struct format_writer *w, struct str message, struct strbuf *to);
	enum status (*extra)(struct format_writer *w, enum format_extra what, const struct batch *b, struct strbuf *to,
	                     struct error *err);
};

/*
 * Renders the columns of a batch into w->cells: cell (c, i) is [ends[c * rows + i - 1], ends[c * rows + i]) with 0
 * before the first. false: the rendered cells passed 4 GiB and the batch has to go in smaller pieces.
 */
enum status writer_render(struct format_writer *w, const struct batch *b, bool *fits, struct error *err) MUST_CHECK;
/* Renders and stitches by w->frame: the batch slot of all framed formats. */
enum status writer_rows(struct format_writer *w, const struct batch *b, struct strbuf *to,
                        struct error *err) MUST_CHECK;
/* Rows [from, from + count) of a batch by w->frame. */
enum status writer_piece(struct format_writer *w, const struct batch *b, uint32_t from, uint32_t count,
                         struct strbuf *to, struct error *err) MUST_CHECK;
/* An empty line, then rows: totals and extremes of line formats. */
enum status writer_lines_extra(struct format_writer *w, enum format_extra what, const struct batch *b,
                               struct strbuf *to, struct error *err) MUST_CHECK;
/* "totals" and "extremes" of JSON documents. */
enum status json_put_extra(struct format_writer *w, enum format_extra what, const struct batch *b, struct strbuf *to,
                           struct error *err) MUST_CHECK;
/* One column's cells in the writer's form appended to `to`; ends as in value_write_column(). */
enum status writer_column(struct format_writer *w, const struct format_column *column, const struct vector *v,
                          struct strbuf *to, uint32_t *ends, struct error *err) MUST_CHECK;
/* before[c] = `first` before the first cell, `comma` before the others; after = `last`. */
void writer_frame(struct format_writer *w, struct str between, struct str first, struct str comma, struct str last);
/* Two-column passes over a rendered column, in write_copy.c, write_json.c and row_binary.c. */
enum status copy_column(struct format_writer *w, const struct vector *v, uint32_t column, struct strbuf *to,
                        uint32_t *ends, struct error *err) MUST_CHECK;
void json_pretty_column(struct format_writer *w, const struct vector *v, struct strbuf *to, uint32_t *ends);
void row_binary_column(const struct vector *v, struct strbuf *to, uint32_t *ends);
/* CSV's fields of one column, tuples flattened, delimiter between them. */
void csv_tuple_column(struct format_writer *w, const struct vector *v, struct strbuf *to, uint32_t *ends);

/* A header cell: text in the writer's style. */
void writer_header_cell(struct format_writer *w, struct str text, struct strbuf *to);
/* "meta" of JSON documents up to its closing bracket, and everything behind the data's. */
void json_put_meta(struct format_writer *w, struct strbuf *to);
void json_put_tail(struct format_writer *w, const struct format_summary *s, struct str message, struct strbuf *to);
/* Whether Pretty tables and Markdown align this type to the right. */
bool pretty_is_right(const struct type *t);

#define FORMAT_WRITER(name) extern const struct writer_class name##_writer;
FORMAT_WRITER(csv) FORMAT_WRITER(copy) FORMAT_WRITER(copy_binary) FORMAT_WRITER(json) FORMAT_WRITER(json_rows)
FORMAT_WRITER(lines) FORMAT_WRITER(native) FORMAT_WRITER(null) FORMAT_WRITER(pretty) FORMAT_WRITER(blob)
FORMAT_WRITER(row_binary) FORMAT_WRITER(tskv) FORMAT_WRITER(tsv) FORMAT_WRITER(values) FORMAT_WRITER(vertical)
FORMAT_WRITER(custom) FORMAT_WRITER(json_columns) FORMAT_WRITER(json_objects) FORMAT_WRITER(markdown)
FORMAT_WRITER(sql_insert) FORMAT_WRITER(xml)
#undef FORMAT_WRITER

/* ---- names ---- */
/* The type as headers and meta spell it. */
struct str column_type_name(struct arena *a, const struct type *t);
const struct format_def *format_def_find(struct str name);

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef FORMAT_FORMAT_H
#define FORMAT_FORMAT_H
/*
 * Formats: batches ⇄ bytes. One file and one row of formats.def each; a format may read, write or both.
 *
 * A writer appends to a strbuf that the caller sends and clears. A reader pulls chunks from its input and gives blocks
 * of the columns it was asked for. Neither does I/O of its own. One thread at a time; a reader may use worker threads
 * of a pool for itself (JSONEachRow, CSV, TSV, COPY text cut their input at row boundaries).
 */
#include "base/strbuf.h"
#include "column/value.h"

struct pool;

/* What the settings say about spelling; filled by the session. */
struct format_options {
	struct value_options values;
	bool skip_unknown_fields;          /* input_format_skip_unknown_fields */
	bool import_nested_json, defaults_for_omitted_fields;
	bool null_as_default;
	char csv_delimiter;                /* , */
	bool csv_allow_single_quotes, csv_allow_double_quotes, csv_crlf;
	bool csv_detect_header;            /* input_format_csv_detect_header */
	uint64_t csv_skip_lines;           /* input_format_csv_skip_first_lines */
	bool tsv_crlf, tsv_detect_header;
	uint64_t tsv_skip_lines;
	bool with_names_use_header;        /* input_format_with_names_use_header */
	uint64_t allow_errors_num;
	double allow_errors_ratio;
	bool json_array_of_rows;           /* output_format_json_array_of_rows */
	bool write_statistics;             /* output_format_write_statistics */
	uint32_t pretty_max_rows, pretty_max_column_width;
	bool pretty_color, pretty_row_numbers, pretty_ascii;
	uint64_t pretty_tip_threshold;     /* a lone number above it is told in words; 0: none */
	/* format_custom_…_delimiter, in the order of their places */
	struct str custom_begin, custom_before, custom_field, custom_after, custom_between, custom_end, custom_rule;
	struct str json_object_name_column; /* format_json_object_each_row_column_for_object_name */
	struct str insert_table;           /* output_format_sql_insert_… */
	uint64_t insert_rows;
	bool insert_names, insert_quotes, insert_replace;
	uint32_t max_block_rows;           /* of a reader's blocks; 0: 65,536 */
	uint32_t native_revision;          /* client_protocol_version of Native; 0 */
	bool low_cardinality_in_native;
	/* COPY */
	struct str copy_null;              /* data NULL: the format's default */
	char copy_quote, copy_escape;
	bool copy_header, copy_header_match;
	const uint8_t *copy_columns;       /* by column: enum format_copy_flags; NULL: none */
	bool copy_messages;                /* writing: each row and the header as a CopyData message of PostgreSQL */
	bool copy_latin1;                  /* the bytes are LATIN1 */
	bool dialect_pg;                   /* values in PostgreSQL's spelling */
	struct pool *pool;                 /* for parallel parsing; NULL: none */
};
enum format_copy_flags { COPY_FORCE_QUOTE = 1, COPY_FORCE_NOT_NULL = 2, COPY_FORCE_NULL = 4 };
extern const struct format_options format_options_default;

/* ---- what there is ---- */
struct format_info {
	const char *name;
	const char *content_type;          /* of HTTP answers */
	bool reads, writes;
	bool is_binary;
	bool is_row_text;                  /* newline separated rows: streams may append */
};
const struct format_info *format_find(struct str name); /* ClickHouse's names, any case; NULL when unknown */
/* The error for a name that format_find does not know. */
enum status format_unknown(struct str name, struct error *err);
uint32_t format_count(void);
const struct format_info *format_at(uint32_t i);

/* The i-th other name and the format it means; NULL behind the last. */
const char *format_alias_at(uint32_t i, const char **of);

/* ---- writing ---- */
struct format_column {
	struct str name;
	const struct type *type;
};

struct format_summary {                /* what the tail of JSON formats says */
	uint64_t rows, rows_before_limit, rows_read, bytes_read;
	double elapsed_seconds;
	bool has_rows_before_limit;
};

struct format_writer;
/* E_UNKNOWN_FORMAT, E_NOT_IMPLEMENTED for formats that only read. Columns and options outlive the writer. */
enum status format_writer_new(struct str name, const struct format_column *columns, uint32_t n,
                              const struct format_options *options, struct memtrack *track, struct format_writer **out,
                              struct error *err) MUST_CHECK;
/* In this order: begin once, any number of batches, end once. */
enum status format_write_begin(struct format_writer *w, struct strbuf *to, struct error *err) MUST_CHECK;
enum status format_write_batch(struct format_writer *w, const struct batch *b, struct strbuf *to,
                               struct error *err) MUST_CHECK;
/* Native alone: a block without rows, which says what the columns are. */
enum status format_write_columns(struct format_writer *w, struct strbuf *to, struct error *err) MUST_CHECK;
/* Between the last batch and end: the row of WITH TOTALS, then minima and maxima. Nothing where there is no place. */
enum format_extra { FORMAT_TOTALS, FORMAT_EXTREMES };
enum status format_write_extra(struct format_writer *w, enum format_extra what, const struct batch *b,
                               struct strbuf *to, struct error *err) MUST_CHECK;
enum status format_write_end(struct format_writer *w, const struct format_summary *summary, struct strbuf *to,
                             struct error *err) MUST_CHECK;
/* Instead of end: the query failed after rows were sent; what the format says of it (JSONEachRow: {"exception": …}). */
void format_write_exception(struct format_writer *w, struct str message, struct strbuf *to);
void format_writer_free(struct format_writer *w);

/* ---- reading ---- */
struct format_input {
	/* The next chunk, valid until the next call; size 0 at the end. */
	enum status (*read)(void *arg, struct str *chunk, struct error *err);
	void *arg;
};

/* Rows of a reader. Columns are in the order asked for. */
struct format_block {
	struct batch batch;                /* columns owned; any number of rows up to max_block_rows */
	uint64_t **missing;                /* per column: bit i set where the input said nothing (DEFAULT); NULL: nowhere */
};
void format_block_fini(struct format_block *b);

struct format_reader;
/*
 * Reads into these columns. Formats with a header or with field names match by name; a column that never comes is
 * missing in all rows. Errors name row and column ("(at row 3) …", CONTEXT `COPY t, line 3, column b: "x"` with table
 * in options).
 */
enum status format_reader_new(struct str name, const struct format_column *columns, uint32_t n,
                              const struct format_options *options, const struct format_input *input,
                              struct str table, struct memtrack *track, struct format_reader **out, struct error *err)
	MUST_CHECK;
/* The next block; rows 0 at the end. */
enum status format_read(struct format_reader *r, struct format_block *out, struct error *err) MUST_CHECK;
/* Bytes of the input that were taken so far: where inline data ends (Values up to the semicolon). */
uint64_t format_reader_consumed(const struct format_reader *r);
void format_reader_free(struct format_reader *r);

/*
 * Values: parses and evaluates one expression that is no literal, appending to the builder. The room that can do it
 * sets it once at start; while it is NULL such values are E_NOT_IMPLEMENTED. Called on the reader's thread with its
 * options.
 */
extern enum status (*format_values_expression)(struct builder *to, struct str expression,
                                               const struct format_options *options, struct error *err);

/*
 * States of aggregate functions stand in binary formats without a length: how many bytes the one at the front of `from`
 * takes. A state that is not all there is an error too. *known and the arena keep what is known of types between calls.
 * Set once at start by the room that knows states; while it is NULL they are E_NOT_IMPLEMENTED.
 */
extern enum status (*format_state_size)(void **known, struct arena *a, const struct type *t, struct str from,
                                        size_t *size, struct error *err);

/* The schema that a self-describing input has (Native, RowBinaryWithNamesAndTypes, …): for file(); arena's. */
enum status format_infer_schema(struct str name, const struct format_input *input, struct arena *a,
                                struct format_column **columns, uint32_t *n, struct error *err) MUST_CHECK;

#endif

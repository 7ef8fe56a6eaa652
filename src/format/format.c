// SPDX-License-Identifier: Apache-2.0
/* The list of formats, and the writers' and readers' front doors. */
#include <stdlib.h>

#include "format/reader_impl.h"

const struct format_options format_options_default = {
	.values = {.json_named_tuples_as_objects = true, .json_escape_slashes = true, .bool_as_text = true,
	           .extra_float_digits = 1, .null_as_default = true},
	.defaults_for_omitted_fields = true,
	.null_as_default = true,
	.csv_delimiter = ',',
	.csv_allow_double_quotes = true,
	.with_names_use_header = true,
	.write_statistics = true,
	.pretty_max_rows = 1000,
	.pretty_max_column_width = 250,
	.pretty_row_numbers = true,
	.custom_field = {"\t", 1},
	.custom_after = {"\n", 1},
	.insert_rows = 65409,
	.insert_names = true,
	.insert_quotes = true,
	.pretty_tip_threshold = 1000000,
	.copy_quote = '"',
	.copy_escape = '"',
	.low_cardinality_in_native = true,
};

enum { FORMAT_BLOCK_ROWS = 65536 };

/* `none` in formats.def is a class that is not there. */
enum {
	HAS_none, HAS_csv = 1, HAS_copy = 1, HAS_copy_binary = 1, HAS_json = 1, HAS_json_rows = 1, HAS_lines = 1,
		HAS_native = 1,
	HAS_custom = 1, HAS_json_columns = 1, HAS_json_objects = 1, HAS_markdown = 1, HAS_sql_insert = 1, HAS_xml = 1,
	HAS_null = 1, HAS_pretty = 1, HAS_blob = 1, HAS_row_binary = 1, HAS_tskv = 1, HAS_tsv = 1, HAS_values = 1,
	HAS_vertical = 1,
};
static const struct writer_class none_writer;
static const struct reader_class none_reader;
static const struct format_def formats[] = {
#define FORMAT_ROW(name, content, w, r, flags) \
	{{name, content, HAS_##r, HAS_##w, ((flags) & BINARY) != 0, ((flags) & ROW_TEXT) != 0}, \
	 &w##_writer, &r##_reader, flags},
#include "format/formats.def"
#undef FORMAT_ROW
};

static const struct {
	const char *name, *of;
} aliases[] = {
#define FORMAT_ROW(name, content, w, r, flags)
#define FORMAT_ALIAS(name, of) {name, of},
#include "format/formats.def"
#undef FORMAT_ROW
#undef FORMAT_ALIAS
};

enum status format_unknown(struct str name, struct error *err)
{
	static const char *const later[] = {
#define FORMAT_ROW(name, content, w, r, flags)
#define FORMAT_LATER(name) name,
#include "format/formats.def"
#undef FORMAT_ROW
#undef FORMAT_LATER
	};
	for (size_t i = 0; i < ARRAY_COUNT(later); i++)
		if (str_eq_nocase(name, str_of(later[i])))
			return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: format %s", later[i]);
	return ERR(err, E_UNKNOWN_FORMAT, "Unknown format %.*s", STR_ARG(name));
}

const struct format_def *format_def_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_COUNT(aliases); i++)
		if (str_eq_nocase(name, str_of(aliases[i].name)))
			name = str_of(aliases[i].of);
	for (size_t i = 0; i < ARRAY_COUNT(formats); i++)
		if (str_eq_nocase(name, str_of(formats[i].info.name)))
			return &formats[i];
	return NULL;
}

const struct format_info *format_find(struct str name)
{
	const struct format_def *d = format_def_find(name);
	return d == NULL ? NULL : &d->info;
}

uint32_t format_count(void)
{
	return ARRAY_COUNT(formats);
}

const char *format_alias_at(uint32_t i, const char **of)
{
	if (i >= ARRAY_COUNT(aliases))
		return NULL;
	*of = aliases[i].of;
	return aliases[i].name;
}

const struct format_info *format_at(uint32_t i)
{
	return i < ARRAY_COUNT(formats) ? &formats[i].info : NULL;
}

struct str column_type_name(struct arena *a, const struct type *t)
{
	return type_name(a, t);
}

/* ---- writers ---- */

enum status format_writer_new(struct str name, const struct format_column *columns, uint32_t n,
                              const struct format_options *options, struct memtrack *track, struct format_writer **out,
                              struct error *err)
{
	const struct format_def *d = format_def_find(name);
	if (d == NULL)
		return format_unknown(name, err);
	if (!d->info.writes)
		return ERR(err, E_FORMAT_NO_OUTPUT, "Format %s is not suitable for output", d->info.name);
	struct format_writer *w = calloc(1, sizeof *w);
	if (w == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a writer");
	w->def = d;
	w->columns = columns;
	w->column_count = n;
	w->options = options == NULL ? &format_options_default : options;
	w->values = w->options->values;
	w->track = track;
	arena_init(&w->arena, track);
	strbuf_init(&w->cells, track);
	strbuf_init(&w->plain, track);
	strbuf_init(&w->held, track);
	w->frame.before = ARENA_ARRAY(&w->arena, struct str, n + 1);
	if (d->writer->open != NULL)
		d->writer->open(w);
	*out = w;
	return OK;
}

enum status format_write_begin(struct format_writer *w, struct strbuf *to, struct error *err)
{
	if (w->def->writer->begin != NULL)
		TRY(w->def->writer->begin(w, to, err));
	return strbuf_status(to, err);
}

enum status format_write_batch(struct format_writer *w, const struct batch *b, struct strbuf *to, struct error *err)
{
	if (b->count == 0)
		return OK;
	TRY(w->def->writer->batch(w, b, to, err));
	w->rows += b->count;
	return strbuf_status(to, err);
}

enum status format_write_columns(struct format_writer *w, struct strbuf *to, struct error *err)
{
	static const struct batch none = {0};
	TRY(w->def->writer->batch(w, &none, to, err));
	return strbuf_status(to, err);
}

enum status format_write_extra(struct format_writer *w, enum format_extra what, const struct batch *b,
                               struct strbuf *to, struct error *err)
{
	if (w->def->writer->extra != NULL)
		TRY(w->def->writer->extra(w, what, b, to, err));
	return strbuf_status(to, err);
}

enum status format_write_end(struct format_writer *w, const struct format_summary *summary, struct strbuf *to,
                             struct error *err)
{
	if (w->def->writer->end != NULL)
		TRY(w->def->writer->end(w, summary, to, err));
	return strbuf_status(to, err);
}

void format_write_exception(struct format_writer *w, struct str message, struct strbuf *to)
{
	if (w->def->writer->exception != NULL)
		w->def->writer->exception(w, message, to);
	else if (!w->def->info.is_binary)
		strbuf_puts(to, message);
}

void format_writer_free(struct format_writer *w)
{
	if (w == NULL)
		return;
	strbuf_fini(&w->cells);
	strbuf_fini(&w->plain);
	strbuf_fini(&w->held);
	buffer_unref(w->ends);
	arena_fini(&w->arena);
	free(w);
}

/* ---- readers ---- */

void format_block_fini(struct format_block *b)
{
	for (uint32_t c = 0; c < b->batch.column_count; c++) {
		vector_unref(b->batch.columns == NULL ? NULL : b->batch.columns[c]);
		if (b->missing != NULL)
			free(b->missing[c]);
	}
	free(b->batch.columns);
	free(b->missing);
	*b = (struct format_block){0};
}

enum status format_reader_new(struct str name, const struct format_column *columns, uint32_t n,
                              const struct format_options *options, const struct format_input *input,
                              struct str table, struct memtrack *track, struct format_reader **out, struct error *err)
{
	const struct format_def *d = format_def_find(name);
	if (d == NULL)
		return format_unknown(name, err);
	if ((d->variant & UNREAD) != 0)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: input in format %s", d->info.name);
	if (!d->info.reads)
		return ERR(err, E_FORMAT_NO_INPUT, "Format %s is not suitable for input", d->info.name);
	struct format_reader *r = calloc(1, sizeof *r);
	if (r == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a reader");
	r->def = d;
	r->options = options == NULL ? &format_options_default : options;
	r->input = *input;
	r->track = track;
	arena_init(&r->arena, track);
	r->column_count = n;
	r->columns = ARENA_ARRAY(&r->arena, struct reader_column, n + 1);
	r->table = arena_str(&r->arena, table);
	r->block_rows = r->options->max_block_rows != 0 ? r->options->max_block_rows : FORMAT_BLOCK_ROWS;
	for (uint32_t c = 0; c < n; c++)
		reader_column_init(r, c, &columns[c]);
	enum status s = reader_open(r, err);
	if (s != OK) {
		format_reader_free(r);
		return s;
	}
	*out = r;
	return OK;
}

uint64_t format_reader_consumed(const struct format_reader *r)
{
	return r->consumed;
}

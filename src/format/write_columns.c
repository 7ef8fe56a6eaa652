// SPDX-License-Identifier: Apache-2.0
/* JSON's column-wise formats, which hold everything until the end, and JSONObjectEachRow. */
#include "format/format_impl.h"

/* ---- JSONColumns, JSONCompactColumns, JSONColumnsWithMetadata ---- */

struct held {
	uint32_t count;
	struct strbuf *columns;      /* the values of each, with commas */
};

static void free_columns(void *arg)
{
	struct held *h = arg;
	for (uint32_t c = 0; c < h->count; c++)
		strbuf_fini(&h->columns[c]);
}

static void open_columns(struct format_writer *w)
{
	struct held *h = ARENA_NEW(&w->arena, struct held);
	h->count = w->column_count;
	h->columns = ARENA_ARRAY(&w->arena, struct strbuf, w->column_count + 1);
	for (uint32_t c = 0; c < w->column_count; c++)
		strbuf_init(&h->columns[c], w->track);
	w->state = h;
	w->style = VALUE_JSON;
	w->form = CELL_STYLE;
	arena_defer(&w->arena, free_columns, h);
}

static enum status hold_columns(struct format_writer *w, const struct batch *b, struct strbuf *to, struct error *err)
{
	struct strbuf *columns = ((struct held *)w->state)->columns;
	(void)to;
	for (uint32_t c = 0; c < w->column_count; c++) {
		for (uint32_t i = 0; i < b->count; i++) {
			if (columns[c].size != 0)
				strbuf_put(&columns[c], ", ", 2);
			value_write(&columns[c], b->columns[c], i, VALUE_JSON, &w->values);
		}
		TRY(strbuf_status(&columns[c], err));
	}
	return OK;
}

static enum status begin_columns(struct format_writer *w, struct strbuf *to, struct error *err)
{
	if ((w->def->variant & TYPES) != 0) {
		json_put_meta(w, to);
		strbuf_putz(to, ",\n\n\t\"data\":\n\t{\n");
	}
	return strbuf_status(to, err);
}

/* The held columns, with the bracket behind them where more follows. */
static void put_columns(struct format_writer *w, struct strbuf *to)
{
	const struct strbuf *columns = ((const struct held *)w->state)->columns;
	bool compact = (w->def->variant & COMPACT) != 0, meta = (w->def->variant & TYPES) != 0;
	if (!meta)
		strbuf_putz(to, compact ? "[\n" : "{\n");
	/* what is empty has no columns, except in JSONColumns */
	uint32_t n = w->rows == 0 && (compact || meta) ? 0 : w->column_count;
	for (uint32_t c = 0; c < n; c++) {
		strbuf_putz(to, c == 0 ? "" : ",\n");
		strbuf_putz(to, meta ? "\t\t" : "\t");
		if (!compact) {
			json_write_string(to, w->columns[c].name, w->values.json_escape_slashes);
			strbuf_put(to, ": ", 2);
		}
		strbuf_putc(to, '[');
		strbuf_puts(to, strbuf_str(&columns[c]));
		strbuf_putc(to, ']');
	}
	if (meta)
		strbuf_putz(to, "\n\t}");
	w->data_closed = true;
}

static enum status extra_columns(struct format_writer *w, enum format_extra what, const struct batch *b,
                                 struct strbuf *to, struct error *err)
{
	if ((w->def->variant & TYPES) == 0)
		return OK;
	if (!w->data_closed)
		put_columns(w, to);
	return json_put_extra(w, what, b, to, err);
}

static enum status end_columns(struct format_writer *w, const struct format_summary *s, struct strbuf *to,
                               struct error *err)
{
	bool compact = (w->def->variant & COMPACT) != 0, meta = (w->def->variant & TYPES) != 0;
	if (!w->data_closed)
		put_columns(w, to);
	if (meta) {
		json_put_tail(w, s, STR(""), to);
	} else {
		strbuf_putz(to, compact ? "\n]\n" : "\n}\n");
	}
	return strbuf_status(to, err);
}

const struct writer_class json_columns_writer = {
	.open = open_columns, .begin = begin_columns, .batch = hold_columns, .end = end_columns, .extra = extra_columns,
};

/* ---- JSONObjectEachRow: {"row_1": {…}, …} ---- */

static void open_objects(struct format_writer *w)
{
	w->style = VALUE_JSON;
	w->form = CELL_STYLE;
}

static enum status begin_objects(struct format_writer *w, struct strbuf *to, struct error *err)
{
	(void)w;
	strbuf_putz(to, "{\n");
	return strbuf_status(to, err);
}

/* The column whose values name the rows; column_count: none. */
static uint32_t naming_column(const struct format_writer *w)
{
	uint32_t c = 0;
	while (c < w->column_count && !str_eq(w->columns[c].name, w->options->json_object_name_column))
		c++;
	return w->options->json_object_name_column.size == 0 ? w->column_count : c;
}

static enum status write_objects(struct format_writer *w, const struct batch *b, struct strbuf *to, struct error *err)
{
	uint32_t naming = naming_column(w);
	for (uint32_t i = 0; i < b->count; i++) {
		bool first = true;
		strbuf_putz(to, w->rows + i == 0 ? "\t" : ",\n\t");
		if (naming == w->column_count) {
			strbuf_printf(to, "\"row_%llu\"", (unsigned long long)(w->rows + i + 1));
		} else {
			strbuf_clear(&w->plain);
			value_write(&w->plain, b->columns[naming], i, VALUE_RAW, &w->values);
			json_write_string(to, strbuf_str(&w->plain), w->values.json_escape_slashes);
		}
		strbuf_putz(to, ": {");
		for (uint32_t c = 0; c < w->column_count; c++) {
			if (c == naming)
				continue;
			if (!first)
				strbuf_putc(to, ',');
			first = false;
			json_write_string(to, w->columns[c].name, w->values.json_escape_slashes);
			strbuf_putc(to, ':');
			value_write(to, b->columns[c], i, VALUE_JSON, &w->values);
		}
		strbuf_putc(to, '}');
	}
	return strbuf_status(to, err);
}

static enum status end_objects(struct format_writer *w, const struct format_summary *s, struct strbuf *to,
                               struct error *err)
{
	(void)w, (void)s;
	strbuf_putz(to, "\n}\n");
	return strbuf_status(to, err);
}

const struct writer_class json_objects_writer = {
	.open = open_objects, .begin = begin_objects, .batch = write_objects, .end = end_objects,
};

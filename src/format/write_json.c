// SPDX-License-Identifier: Apache-2.0
/* JSON's formats: documents with meta and statistics, and rows. */
#include "base/fpconv.h"
#include "format/format_impl.h"

/* ---- cells ---- */

static void put_json(struct format_writer *w, const struct vector *v, uint32_t i, unsigned indent, struct strbuf *to);

static void put_line(struct strbuf *to, unsigned indent)
{
	strbuf_putc(to, '\n');
	while (indent-- > 0)
		strbuf_putc(to, '\t');
}

/* {"k": v} or [v], an element a line; arrays stay on theirs. */
static void put_pretty_tuple(struct format_writer *w, const struct vector *v, uint32_t i, unsigned indent,
                             struct strbuf *to)
{
	bool object = v->type->names != NULL && w->values.json_named_tuples_as_objects;
	strbuf_putc(to, object ? '{' : '[');
	for (uint32_t k = 0; k < v->child_count; k++) {
		if (k != 0)
			strbuf_putc(to, ',');
		put_line(to, indent + 1);
		if (object) {
			json_write_string(to, v->type->names[k], w->values.json_escape_slashes);
			strbuf_put(to, ": ", 2);
		}
		put_json(w, v->children[k], i, indent + 1, to);
	}
	if (v->child_count != 0)
		put_line(to, indent);
	strbuf_putc(to, object ? '}' : ']');
}

static void put_pretty_map(struct format_writer *w, const struct vector *v, uint32_t i, unsigned indent,
                           struct strbuf *to)
{
	const uint32_t *offsets = v->data;
	strbuf_putc(to, '{');
	for (uint32_t e = offsets[i]; e < offsets[i + 1]; e++) {
		if (e != offsets[i])
			strbuf_putc(to, ',');
		put_line(to, indent + 1);
		size_t start = to->size;
		value_write(to, v->children[0], e, VALUE_JSON, &w->values);
		if (to->size != start && to->data[start] != '"' && strbuf_reserve(to, 2)) {
			memmove(to->data + start + 1, to->data + start, to->size - start);
			to->data[start] = '"';
			to->data[to->size + 1] = '"';
			to->size += 2;
		}
		strbuf_put(to, ": ", 2);
		put_json(w, v->children[1], e, indent + 1, to);
	}
	if (offsets[i + 1] != offsets[i])
		put_line(to, indent);
	strbuf_putc(to, '}');
}

static void put_pretty_array(struct format_writer *w, const struct vector *v, uint32_t i, unsigned indent,
                             struct strbuf *to)
{
	const uint32_t *offsets = v->data;
	bool nested = type_physical(v->children[0]->type) >= PHYS_ARRAY;
	if (!nested || offsets[i] == offsets[i + 1]) {
		value_write(to, v, i, VALUE_JSON, &w->values);
		return;
	}
	strbuf_putc(to, '[');
	for (uint32_t e = offsets[i]; e < offsets[i + 1]; e++) {
		if (e != offsets[i])
			strbuf_putc(to, ',');
		put_line(to, indent + 1);
		put_json(w, v->children[0], e, indent + 1, to);
	}
	put_line(to, indent);
	strbuf_putc(to, ']');
}

static void put_json(struct format_writer *w, const struct vector *v, uint32_t i, unsigned indent, struct strbuf *to)
{
	const struct vector *at;
	uint32_t row = vector_index(v, i, &at);
	enum physical p = type_physical(at->type);
	if (p < PHYS_ARRAY || (at->nulls != NULL && bit_get(at->nulls, row)))
		value_write(to, at, row, VALUE_JSON, &w->values);
	else if (p == PHYS_ARRAY)
		put_pretty_array(w, at, row, indent, to);
	else if (p == PHYS_MAP)
		put_pretty_map(w, at, row, indent, to);
	else
		put_pretty_tuple(w, at, row, indent, to);
}

void json_pretty_column(struct format_writer *w, const struct vector *v, struct strbuf *to, uint32_t *ends)
{
	enum { CELL_INDENT = 3 };
	if (type_physical(v->type) < PHYS_ARRAY) {
		value_write_column(to, v, VALUE_JSON, &w->values, ends);
		return;
	}
	for (uint32_t i = 0; i < v->count; i++) {
		put_json(w, v, i, CELL_INDENT, to);
		ends[i] = (uint32_t)to->size;
	}
}

/* ---- frames ---- */

/* `lead` and the quoted name and `colon` before each cell. */
static void name_frame(struct format_writer *w, struct str first, struct str comma, struct str colon)
{
	struct strbuf b;
	strbuf_init(&b, w->track);
	for (uint32_t c = 0; c < w->column_count; c++) {
		strbuf_clear(&b);
		strbuf_puts(&b, c == 0 ? first : comma);
		json_write_string(&b, w->columns[c].name, w->values.json_escape_slashes);
		strbuf_puts(&b, colon);
		w->frame.before[c] = arena_str(&w->arena, strbuf_str(&b));
	}
	strbuf_fini(&b);
}

static void open_json(struct format_writer *w)
{
	uint32_t variant = w->def->variant;
	w->style = VALUE_JSON;
	w->form = (variant & STRINGS) != 0 ? CELL_JSON_STRING : (variant & COMPACT) != 0 ? CELL_STYLE : CELL_JSON_PRETTY;
	if ((variant & COMPACT) != 0) {
		writer_frame(w, STR(",\n"), STR("\t\t["), STR(", "), STR("]"));
		return;
	}
	name_frame(w, STR("\t\t{\n\t\t\t"), STR(",\n\t\t\t"), STR(": "));
	w->frame.between = STR(",\n");
	w->frame.after = STR("\n\t\t}");
}

static void open_json_rows(struct format_writer *w)
{
	uint32_t variant = w->def->variant;
	w->style = VALUE_JSON;
	w->form = (variant & STRINGS) != 0 ? CELL_JSON_STRING : CELL_STYLE;
	if ((variant & COMPACT) != 0) {
		writer_frame(w, STR(""), STR("["), STR(", "), STR("]\n"));
		return;
	}
	bool progress = (variant & PROGRESS) != 0;
	name_frame(w, progress ? STR("{\"row\":{") : STR("{"), STR(","), STR(":"));
	w->frame.after = progress ? STR("}}\n") : STR("}\n");
	if (w->options->json_array_of_rows && !progress) {
		w->frame.between = STR(",\n");
		w->frame.after = STR("}");
	}
}

/* ---- documents ---- */

void json_put_meta(struct format_writer *w, struct strbuf *to)
{
	strbuf_putz(to, "{\n\t\"meta\":\n\t[\n");
	for (uint32_t c = 0; c < w->column_count; c++) {
		if (c != 0)
			strbuf_putz(to, ",\n");
		strbuf_putz(to, "\t\t{\n\t\t\t\"name\": ");
		json_write_string(to, w->columns[c].name, w->values.json_escape_slashes);
		strbuf_putz(to, ",\n\t\t\t\"type\": ");
		json_write_string(to, column_type_name(&w->arena, w->columns[c].type), w->values.json_escape_slashes);
		strbuf_putz(to, "\n\t\t}");
	}
	strbuf_putz(to, "\n\t]");
}

static enum status begin_json(struct format_writer *w, struct strbuf *to, struct error *err)
{
	json_put_meta(w, to);
	strbuf_putz(to, ",\n\n\t\"data\":\n\t[\n");
	return strbuf_status(to, err);
}

void json_put_tail(struct format_writer *w, const struct format_summary *s, struct str message, struct strbuf *to)
{
	strbuf_printf(to, ",\n\n\t\"rows\": %llu", (unsigned long long)w->rows);
	if (s != NULL && s->has_rows_before_limit)
		strbuf_printf(to, ",\n\n\t\"rows_before_limit_at_least\": %llu", (unsigned long long)s->rows_before_limit);
	if (s != NULL && w->options->write_statistics) {
		char elapsed[FP_TEXT_MAX];
		unsigned n = fp_format64_ch(s->elapsed_seconds, elapsed);
		strbuf_putz(to, ",\n\n\t\"statistics\":\n\t{\n\t\t\"elapsed\": ");
		strbuf_put(to, elapsed, n);
		strbuf_printf(to, ",\n\t\t\"rows_read\": %llu,\n\t\t\"bytes_read\": %llu\n\t}",
		              (unsigned long long)s->rows_read, (unsigned long long)s->bytes_read);
	}
	if (message.size != 0) {
		strbuf_putz(to, ",\n\n\t\"exception\": ");
		json_write_string(to, message, w->values.json_escape_slashes);
	}
	strbuf_putz(to, "\n}\n");
}

static void close_data(struct format_writer *w, struct strbuf *to)
{
	if (!w->data_closed)
		strbuf_putz(to, "\n\t]");
	w->data_closed = true;
}

/* One row as an object or, compact, a list. */
static enum status put_one(struct format_writer *w, const struct batch *b, uint32_t row, bool deeper,
                           struct strbuf *to, struct error *err)
{
	struct row_frame saved = w->frame;
	uint64_t rows = w->rows;
	w->frame.before = ARENA_ARRAY(&w->arena, struct str, w->column_count + 1);
	if ((w->def->variant & COMPACT) != 0) {
		writer_frame(w, STR(""), STR(" ["), STR(", "), STR("]"));
	} else {
		name_frame(w, deeper ? STR("\n\t\t{\n\t\t\t") : STR("\n\t{\n\t\t"), deeper ? STR(",\n\t\t\t") : STR(",\n\t\t"),
		           STR(": "));
		w->frame.after = deeper ? STR("\n\t\t}") : STR("\n\t}");
	}
	w->rows = 0;
	enum status s = writer_piece(w, b, row, 1, to, err);
	w->rows = rows;
	w->frame = saved;
	return s;
}

enum status json_put_extra(struct format_writer *w, enum format_extra what, const struct batch *b, struct strbuf *to,
                           struct error *err)
{
	if (b->count == 0)
		return OK;
	if (what == FORMAT_TOTALS) {
		strbuf_putz(to, ",\n\n\t\"totals\":");
		return put_one(w, b, 0, false, to, err);
	}
	strbuf_putz(to, ",\n\n\t\"extremes\":\n\t{\n\t\t\"min\":");
	TRY(put_one(w, b, 0, true, to, err));
	strbuf_putz(to, ",\n\t\t\"max\":");
	TRY(put_one(w, b, 1, true, to, err));
	strbuf_putz(to, "\n\t}");
	return OK;
}

static enum status extra_json(struct format_writer *w, enum format_extra what, const struct batch *b,
                              struct strbuf *to, struct error *err)
{
	close_data(w, to);
	return json_put_extra(w, what, b, to, err);
}

static enum status end_json(struct format_writer *w, const struct format_summary *s, struct strbuf *to,
                            struct error *err)
{
	close_data(w, to);
	json_put_tail(w, s, STR(""), to);
	return strbuf_status(to, err);
}

static void exception_json(struct format_writer *w, struct str message, struct strbuf *to)
{
	close_data(w, to);
	json_put_tail(w, NULL, message, to);
}

const struct writer_class json_writer = {
	.open = open_json, .begin = begin_json, .batch = writer_rows, .end = end_json, .exception = exception_json,
	.extra = extra_json,
};

/* ---- rows ---- */

static void put_list(struct format_writer *w, bool types, struct strbuf *to)
{
	for (uint32_t c = 0; c < w->column_count; c++) {
		strbuf_put(to, c == 0 ? "[" : ", ", c == 0 ? 1 : 2);
		json_write_string(to, types ? column_type_name(&w->arena, w->columns[c].type) : w->columns[c].name,
		                  w->values.json_escape_slashes);
	}
	strbuf_put(to, "]\n", 2);
}

static enum status begin_rows(struct format_writer *w, struct strbuf *to, struct error *err)
{
	uint32_t variant = w->def->variant;
	if ((variant & NAMES) != 0)
		put_list(w, false, to);
	if ((variant & TYPES) != 0)
		put_list(w, true, to);
	if ((variant & PROGRESS) != 0) {
		strbuf_putz(to, "{\"meta\":[");
		for (uint32_t c = 0; c < w->column_count; c++) {
			strbuf_putz(to, c == 0 ? "{\"name\":" : ",{\"name\":");
			json_write_string(to, w->columns[c].name, w->values.json_escape_slashes);
			strbuf_putz(to, ",\"type\":");
			json_write_string(to, column_type_name(&w->arena, w->columns[c].type), w->values.json_escape_slashes);
			strbuf_putc(to, '}');
		}
		strbuf_putz(to, "]}\n");
	}
	if (w->options->json_array_of_rows && (variant & (PROGRESS | COMPACT)) == 0)
		strbuf_putz(to, "[\n");
	return strbuf_status(to, err);
}

static enum status end_rows(struct format_writer *w, const struct format_summary *s, struct strbuf *to,
                            struct error *err)
{
	if ((w->def->variant & PROGRESS) != 0) {
		strbuf_printf(to, "{\"progress\":{\"read_rows\":\"%llu\",\"read_bytes\":\"%llu\",\"total_rows_to_read\":\"%llu\","
		              "\"elapsed_ns\":\"%llu\"}}\n", (unsigned long long)s->rows_read,
		              (unsigned long long)s->bytes_read, (unsigned long long)s->rows_read,
		              (unsigned long long)(s->elapsed_seconds * 1e9));
	}
	if (w->options->json_array_of_rows && (w->def->variant & (PROGRESS | COMPACT)) == 0)
		strbuf_putz(to, "\n]\n");
	return strbuf_status(to, err);
}

static void exception_rows(struct format_writer *w, struct str message, struct strbuf *to)
{
	bool compact = (w->def->variant & COMPACT) != 0;
	strbuf_putz(to, compact ? "[" : "{\"exception\":");
	json_write_string(to, message, w->values.json_escape_slashes);
	strbuf_putz(to, compact ? "]\n" : "}\n");
}

const struct writer_class json_rows_writer = {
	.open = open_json_rows, .begin = begin_rows, .batch = writer_rows, .end = end_rows, .exception = exception_rows,
};

// SPDX-License-Identifier: Apache-2.0
/* XML, Markdown, SQLInsert and CustomSeparated. */
#include "base/bits.h"
#include "base/fpconv.h"
#include "column/vector.h"
#include "format/format_impl.h"

/* ---- Markdown ---- */

static enum status begin_markdown(struct format_writer *w, struct strbuf *to, struct error *err)
{
	strbuf_putz(to, "|");
	for (uint32_t c = 0; c < w->column_count; c++) {
		strbuf_putc(to, ' ');
		strbuf_puts(to, w->columns[c].name);
		strbuf_putz(to, " |");
	}
	strbuf_putz(to, "\n|");
	for (uint32_t c = 0; c < w->column_count; c++)
		strbuf_putz(to, pretty_is_right(w->columns[c].type) ? "-:|" : ":-|");
	strbuf_putc(to, '\n');
	return strbuf_status(to, err);
}

static void open_markdown(struct format_writer *w)
{
	w->style = VALUE_TSV;
	writer_frame(w, STR(""), STR("| "), STR(" | "), STR(" |\n"));
}

const struct writer_class markdown_writer = {.open = open_markdown, .begin = begin_markdown, .batch = writer_rows};

/* ---- SQLInsert ---- */

static void put_insert(struct format_writer *w, struct strbuf *to)
{
	const struct format_options *o = w->options;
	strbuf_putz(to, o->insert_replace ? "REPLACE INTO " : "INSERT INTO ");
	strbuf_puts(to, o->insert_table.size != 0 ? o->insert_table : STR("table"));
	for (uint32_t c = 0; c < w->column_count && o->insert_names; c++) {
		strbuf_putz(to, c == 0 ? " (" : ", ");
		strbuf_putz(to, o->insert_quotes ? "`" : "");
		strbuf_puts(to, w->columns[c].name);
		strbuf_putz(to, o->insert_quotes ? "`" : "");
	}
	strbuf_putz(to, o->insert_names ? ") VALUES " : " VALUES ");
}

static enum status write_insert(struct format_writer *w, const struct batch *b, struct strbuf *to, struct error *err)
{
	uint64_t max = w->options->insert_rows == 0 ? 1 : w->options->insert_rows;
	for (uint32_t i = 0; i < b->count; i++) {
		uint64_t row = w->rows + i;
		if (row % max == 0) {
			strbuf_putz(to, row == 0 ? "" : ";\n");
			put_insert(w, to);
		}
		strbuf_putz(to, row % max == 0 ? "(" : ", (");
		for (uint32_t c = 0; c < w->column_count; c++) {
			strbuf_putz(to, c == 0 ? "" : ", ");
			value_write(to, b->columns[c], i, VALUE_QUOTED, &w->values);
		}
		strbuf_putc(to, ')');
	}
	return strbuf_status(to, err);
}

static enum status end_insert(struct format_writer *w, const struct format_summary *s, struct strbuf *to,
                              struct error *err)
{
	(void)w, (void)s;
	strbuf_putz(to, ";\n");
	return strbuf_status(to, err);
}

const struct writer_class sql_insert_writer = {.batch = write_insert, .end = end_insert};

/* ---- CustomSeparated ---- */

static void open_custom(struct format_writer *w)
{
	static const struct {
		const char *rule;
		enum value_style style;
	} rules[] = {{"Escaped", VALUE_TSV}, {"CSV", VALUE_CSV}, {"Quoted", VALUE_QUOTED}, {"JSON", VALUE_JSON},
	             {"Raw", VALUE_RAW}};
	const struct format_options *o = w->options;
	w->style = VALUE_TSV;
	for (size_t i = 0; i < ARRAY_COUNT(rules); i++)
		if (str_eq(o->custom_rule, str_of(rules[i].rule)))
			w->style = rules[i].style;
	writer_frame(w, o->custom_between, o->custom_before, o->custom_field, o->custom_after);
}

static enum status begin_custom(struct format_writer *w, struct strbuf *to, struct error *err)
{
	strbuf_puts(to, w->options->custom_begin);
	for (uint32_t line = 0; line < 2; line++) {
		if ((w->def->variant & (line == 0 ? NAMES : TYPES)) == 0)
			continue;
		for (uint32_t c = 0; c < w->column_count; c++) {
			strbuf_puts(to, w->frame.before[c]);
			writer_header_cell(w, line == 0 ? w->columns[c].name : column_type_name(&w->arena, w->columns[c].type), to);
		}
		strbuf_puts(to, w->frame.after);
		strbuf_puts(to, w->frame.between);
	}
	return strbuf_status(to, err);
}

static enum status end_custom(struct format_writer *w, const struct format_summary *s, struct strbuf *to,
                              struct error *err)
{
	(void)s;
	strbuf_puts(to, w->options->custom_end);
	return strbuf_status(to, err);
}

const struct writer_class custom_writer = {
	.open = open_custom, .begin = begin_custom, .batch = writer_rows, .end = end_custom,
};

/* ---- XML ---- */

static void put_escaped(struct strbuf *to, struct str s)
{
	for (size_t i = 0; i < s.size; i++) {
		if (s.data[i] == '&')
			strbuf_putz(to, "&amp;");
		else if (s.data[i] == '<')
			strbuf_putz(to, "&lt;");
		else
			strbuf_putc(to, s.data[i]);
	}
}

static void put_element(struct strbuf *to, const char *indent, const char *name, struct str text)
{
	strbuf_printf(to, "%s<%s>", indent, name);
	put_escaped(to, text);
	strbuf_printf(to, "</%s>\n", name);
}

/* Names that are no names of XML elements stand as <field>. */
static struct str element_name(struct str name)
{
	bool good = name.size != 0;
	for (size_t i = 0; i < name.size && good; i++) {
		char c = name.data[i];
		bool letter = (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_';
		good = letter || (i != 0 && ((c >= '0' && c <= '9') || c == '-' || c == '.'));
	}
	return good ? name : STR("field");
}

static enum status begin_xml(struct format_writer *w, struct strbuf *to, struct error *err)
{
	strbuf_putz(to, "<?xml version='1.0' encoding='UTF-8' ?>\n<result>\n\t<meta>\n\t\t<columns>\n");
	for (uint32_t c = 0; c < w->column_count; c++) {
		strbuf_putz(to, "\t\t\t<column>\n");
		put_element(to, "\t\t\t\t", "name", w->columns[c].name);
		put_element(to, "\t\t\t\t", "type", column_type_name(&w->arena, w->columns[c].type));
		strbuf_putz(to, "\t\t\t</column>\n");
	}
	strbuf_putz(to, "\t\t</columns>\n\t</meta>\n\t<data>\n");
	return strbuf_status(to, err);
}

static void put_xml(struct format_writer *w, const struct vector *v, uint32_t i, struct strbuf *to);

static void put_xml_list(struct format_writer *w, const struct vector *v, uint32_t row, struct strbuf *to)
{
	const uint32_t *offsets = v->data;
	bool map = v->type->id == TYPE_MAP;
	strbuf_putz(to, map ? "<map>" : "<array>");
	for (uint32_t e = offsets[row]; e < offsets[row + 1]; e++) {
		strbuf_putz(to, map ? "<elem><key>" : "<elem>");
		put_xml(w, v->children[0], e, to);
		if (map) {
			strbuf_putz(to, "</key><value>");
			put_xml(w, v->children[1], e, to);
		}
		strbuf_putz(to, map ? "</value></elem>" : "</elem>");
	}
	strbuf_putz(to, map ? "</map>" : "</array>");
}

static void put_xml(struct format_writer *w, const struct vector *v, uint32_t i, struct strbuf *to)
{
	const struct vector *at;
	uint32_t row = vector_index(v, i, &at);
	enum physical p = type_physical(at->type);
	bool null = at->nulls != NULL && bit_get(at->nulls, row);
	if (!null && (p == PHYS_ARRAY || p == PHYS_MAP)) {
		put_xml_list(w, at, row, to);
	} else if (!null && p == PHYS_TUPLE) {
		strbuf_putz(to, "<tuple>");
		for (uint32_t k = 0; k < at->child_count; k++) {
			strbuf_putz(to, "<elem>");
			put_xml(w, at->children[k], row, to);
			strbuf_putz(to, "</elem>");
		}
		strbuf_putz(to, "</tuple>");
	} else {
		strbuf_clear(&w->plain);
		value_write(&w->plain, at, row, VALUE_RAW, &w->values);
		put_escaped(to, strbuf_str(&w->plain));
	}
}

static void put_xml_row(struct format_writer *w, const struct batch *b, uint32_t i, const char *element,
                        const char *indent, struct strbuf *to)
{
	strbuf_printf(to, "%s<%s>\n", indent, element);
	for (uint32_t c = 0; c < w->column_count; c++) {
		struct str name = element_name(w->columns[c].name);
		strbuf_printf(to, "%s\t<%.*s>", indent, STR_ARG(name));
		put_xml(w, b->columns[c], i, to);
		strbuf_printf(to, "</%.*s>\n", STR_ARG(name));
	}
	strbuf_printf(to, "%s</%s>\n", indent, element);
}

static enum status write_xml(struct format_writer *w, const struct batch *b, struct strbuf *to, struct error *err)
{
	for (uint32_t i = 0; i < b->count; i++)
		put_xml_row(w, b, i, "row", "\t\t", to);
	return strbuf_status(to, err);
}

static void close_xml_data(struct format_writer *w, struct strbuf *to)
{
	if (!w->data_closed)
		strbuf_putz(to, "\t</data>\n");
	w->data_closed = true;
}

static enum status extra_xml(struct format_writer *w, enum format_extra what, const struct batch *b,
                             struct strbuf *to, struct error *err)
{
	close_xml_data(w, to);
	if (b->count == 0)
		return OK;
	if (what == FORMAT_TOTALS) {
		put_xml_row(w, b, 0, "totals", "\t", to);
	} else {
		strbuf_putz(to, "\t<extremes>\n");
		put_xml_row(w, b, 0, "min", "\t\t", to);
		put_xml_row(w, b, 1, "max", "\t\t", to);
		strbuf_putz(to, "\t</extremes>\n");
	}
	return strbuf_status(to, err);
}

static enum status end_xml(struct format_writer *w, const struct format_summary *s, struct strbuf *to,
                           struct error *err)
{
	close_xml_data(w, to);
	strbuf_printf(to, "\t<rows>%llu</rows>\n", (unsigned long long)w->rows);
	if (s->has_rows_before_limit)
		strbuf_printf(to, "\t<rows_before_limit_at_least>%llu</rows_before_limit_at_least>\n",
		              (unsigned long long)s->rows_before_limit);
	if (w->options->write_statistics) {
		char elapsed[FP_TEXT_MAX];
		unsigned n = fp_format64_ch(s->elapsed_seconds, elapsed);
		strbuf_putz(to, "\t<statistics>\n");
		put_element(to, "\t\t", "elapsed", str_make(elapsed, n));
		strbuf_printf(to, "\t\t<rows_read>%llu</rows_read>\n\t\t<bytes_read>%llu</bytes_read>\n\t</statistics>\n",
		              (unsigned long long)s->rows_read, (unsigned long long)s->bytes_read);
	}
	strbuf_putz(to, "</result>\n");
	return strbuf_status(to, err);
}

const struct writer_class xml_writer = {.begin = begin_xml, .batch = write_xml, .end = end_xml,
                                        .extra = extra_xml};

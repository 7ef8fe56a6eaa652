// SPDX-License-Identifier: Apache-2.0
/*
 * Pretty tables and Vertical: for people. A table needs the width of every cell, so rows are held until the end: all of
 * them up to pretty_max_rows, else the first half and the last half.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/fpconv.h"
#include "base/utf8.h"
#include "format/format_impl.h"

/* ---- large numbers ---- */

/* A large number is also told in words; integers of 64 bits only up to a quintillion, since larger ones are hashes. */
static void put_tip(const struct format_writer *w, const struct type *type, struct str text, struct strbuf *to)
{
	static const char *const words[] = {"thousand", "million", "billion", "trillion", "quadrillion", "quintillion",
		"sextillion", "septillion", "octillion", "nonillion", "decillion", "undecillion", "duodecillion", "tredecillion",
		"quattuordecillion", "quindecillion", "sexdecillion", "septendecillion", "octodecillion", "novemdecillion",
		"vigintillion"};
	double v, threshold = (double)w->options->pretty_tip_threshold;
	if (!type_is_number(type) || type->id == TYPE_BOOL || threshold == 0)
		return;
	if (fp_parse64(text, &v) != text.size || !(v > threshold || v < -threshold) || v - v != 0)
		return;
	if ((type->id == TYPE_UINT64 || type->id == TYPE_INT64) && (v > 1e18 || v < -1e18))
		return;
	size_t word = 0;
	for (v /= 1e3; word + 1 < ARRAY_COUNT(words) && (v >= 1000 || v <= -1000); word++)
		v /= 1000;
	strbuf_printf(to, " -- %.2f %s", v, words[word]);
}

/* ---- Vertical ---- */

/* The names' longest, in characters. */
static size_t name_width(const struct format_writer *w)
{
	size_t width = 0;
	for (uint32_t c = 0; c < w->column_count; c++) {
		size_t n = utf8_count(w->columns[c].name.data, w->columns[c].name.size);
		width = n > width ? n : width;
	}
	return width;
}

/* A title, underlined, and one line a column. */
static void put_vertical_row(const struct format_writer *w, const struct batch *b, uint32_t i, struct str title,
                             size_t width, struct strbuf *to)
{
	strbuf_puts(to, title);
	strbuf_putc(to, '\n');
	for (size_t n = 0; n < title.size; n++)
		strbuf_putz(to, "─");
	strbuf_putc(to, '\n');
	for (uint32_t c = 0; c < w->column_count; c++) {
		struct str name = w->columns[c].name;
		strbuf_puts(to, name);
		strbuf_putc(to, ':');
		for (size_t n = utf8_count(name.data, name.size); n < width + 1; n++)
			strbuf_putc(to, ' ');
		size_t from = to->size;
		value_write(to, b->columns[c], i, VALUE_PRETTY, &w->values);
		if (!to->failed) { /* the text moves when the buffer grows */
			char number[128];
			size_t n = to->size - from < sizeof number ? to->size - from : 0;
			memcpy(number, to->data + from, n);
			put_tip(w, w->columns[c].type, str_make(number, n), to);
		}
		strbuf_putc(to, '\n');
	}
}

static enum status write_vertical(struct format_writer *w, const struct batch *b, struct strbuf *to, struct error *err)
{
	size_t width = name_width(w);
	for (uint32_t i = 0; i < b->count; i++) {
		uint64_t row = w->rows + i;
		char title[40];
		if (w->options->pretty_max_rows != 0 && row >= w->options->pretty_max_rows)
			break;
		if (row != 0)
			strbuf_putc(to, '\n');
		int n = snprintf(title, sizeof title, "Row %llu:", (unsigned long long)row + 1);
		put_vertical_row(w, b, i, str_make(title, (size_t)n), width, to);
	}
	return strbuf_status(to, err);
}

static enum status extra_vertical(struct format_writer *w, enum format_extra what, const struct batch *b,
                                  struct strbuf *to, struct error *err)
{
	size_t width = name_width(w);
	if (!w->data_closed)
		strbuf_putc(to, '\n');
	w->data_closed = true;
	for (uint32_t i = 0; i < b->count; i++) {
		strbuf_putc(to, '\n');
		put_vertical_row(w, b, i, what == FORMAT_TOTALS ? STR("Totals:") : i == 0 ? STR("Min:") : STR("Max:"), width, to);
	}
	return strbuf_status(to, err);
}

static void put_shown(const struct format_writer *w, struct strbuf *to)
{
	uint32_t max = w->options->pretty_max_rows;
	if (max != 0 && w->rows > max)
		strbuf_printf(to, "Showed %u out of %llu rows.\n", max, (unsigned long long)w->rows);
}

static enum status end_vertical(struct format_writer *w, const struct format_summary *s, struct strbuf *to,
                                struct error *err)
{
	(void)s;
	if (w->options->pretty_max_rows != 0 && w->rows > w->options->pretty_max_rows)
		strbuf_putc(to, '\n');
	put_shown(w, to);
	return strbuf_status(to, err);
}

const struct writer_class vertical_writer = {.batch = write_vertical, .end = end_vertical, .extra = extra_vertical};

/* ---- tables ---- */

enum { FOOTER_ROWS = 50 };

/* A held row: its number and where its cells stand in w->held. */
struct pretty_row {
	uint64_t number;
	size_t start;
};

struct pretty {
	struct pretty_row *rows; /* in order */
	size_t count, capacity;
	uint32_t *ends;          /* per held row and column, relative to its start */
	size_t end_capacity;
};

static enum status grow(struct format_writer *w, struct pretty **out, struct error *err)
{
	struct pretty *p = (struct pretty *)w->state;
	if (p->count == p->capacity) {
		size_t capacity = p->capacity == 0 ? 64 : p->capacity * 2;
		void *rows = realloc(p->rows, capacity * sizeof *p->rows);
		if (rows != NULL)
			p->rows = rows;
		void *ends = realloc(p->ends, capacity * (w->column_count + 1) * sizeof *p->ends);
		if (ends != NULL)
			p->ends = ends;
		if (rows == NULL || ends == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate %zu rows", capacity);
		p->capacity = capacity;
	}
	*out = p;
	return OK;
}

/* Forgets the rows between the first and the last half. */
static enum status drop_middle(struct format_writer *w, struct error *err)
{
	struct pretty *p = (struct pretty *)w->state;
	size_t max = w->options->pretty_max_rows, first = (max + 1) / 2, last = max - first;
	if (max == 0 || p->count <= max * 2)
		return OK;
	size_t drop = p->count - max, from = first + drop;
	struct strbuf fresh;
	strbuf_init(&fresh, w->track);
	size_t kept = p->rows[first].start, moved = last == 0 ? w->held.size : p->rows[from].start;
	strbuf_put(&fresh, w->held.data, kept);
	strbuf_put(&fresh, w->held.data + moved, w->held.size - moved);
	enum status status = strbuf_status(&fresh, err);
	if (status != OK) {
		strbuf_fini(&fresh);
		return status;
	}
	for (size_t i = 0; i < last; i++) {
		p->rows[first + i] = p->rows[from + i];
		p->rows[first + i].start -= moved - kept;
	}
	memmove(p->ends + first * w->column_count, p->ends + from * w->column_count, last * w->column_count * sizeof *p->ends);
	p->count = max;
	strbuf_fini(&w->held);
	w->held = fresh;
	return OK;
}

static enum status hold_batch(struct format_writer *w, const struct batch *b, struct strbuf *to, struct error *err)
{
	(void)to;
	for (uint32_t i = 0; i < b->count; i++) {
		struct pretty *p;
		TRY(grow(w, &p, err));
		struct pretty_row *row = &p->rows[p->count];
		*row = (struct pretty_row){w->rows + i, w->held.size};
		for (uint32_t c = 0; c < w->column_count; c++) {
			value_write(&w->held, b->columns[c], i, VALUE_PRETTY, &w->values);
			if (w->held.size - row->start > UINT32_MAX)
				return ERR(err, E_LIMIT_EXCEEDED, "a row of more than 4 GiB cannot be shown");
			p->ends[p->count * w->column_count + c] = (uint32_t)(w->held.size - row->start);
		}
		p->count++;
		TRY(drop_middle(w, err));
	}
	return strbuf_status(&w->held, err);
}

/* The glyphs of one style of table, left to right. */
struct border {
	const char *left, *line, *cross, *right;
};

struct table_style {
	struct border top, head, between, foot, bottom; /* left NULL: no such line */
	const char *wall, *head_wall;
	bool names_in_line; /* PrettyCompact: names stand in the top line */
};

static const struct table_style pretty_style = {
	{"┏", "━", "┳", "┓"}, {"┡", "━", "╇", "┩"}, {"├", "─", "┼", "┤"}, {"┢", "━", "╈", "┪"}, {"└", "─", "┴", "┘"},
	"│", "┃", false,
};
static const struct table_style compact_style = {
	{"┌", "─", "┬", "┐"}, {NULL, NULL, NULL, NULL}, {NULL, NULL, NULL, NULL}, {"└", "─", "┴", "┘"}, {"└", "─", "┴", "┘"},
	"│", "│", true,
};

static const struct table_style ascii_style = {
	{"+", "-", "+", "+"}, {"+", "-", "+", "+"}, {"+", "-", "+", "+"}, {"+", "-", "+", "+"}, {"+", "-", "+", "+"},
	"|", "|", false,
};
static const struct table_style ascii_compact_style = {
	{"+", "-", "+", "+"}, {NULL, NULL, NULL, NULL}, {NULL, NULL, NULL, NULL}, {"+", "-", "+", "+"}, {"+", "-", "+", "+"},
	"|", "|", true,
};

struct table {
	const struct format_writer *w;
	const struct pretty *p;
	struct strbuf *to;
	const struct table_style *style;
	size_t *widths, *starts;
	unsigned number_width; /* of "12. " */
};

bool pretty_is_right(const struct type *t)
{
	return type_is_number(t) ? t->id != TYPE_BOOL : type_is_temporal(t) || t->id == TYPE_INTERVAL;
}

static void put_times(struct strbuf *to, const char *s, size_t n)
{
	while (n-- > 0)
		strbuf_putz(to, s);
}

static struct str cell_of(const struct table *t, size_t row, uint32_t c)
{
	const struct pretty_row *r = &t->p->rows[row];
	const uint32_t *ends = t->p->ends + row * t->w->column_count;
	uint32_t start = c == 0 ? 0 : ends[c - 1];
	return str_make(t->w->held.data + r->start + start, ends[c] - start);
}

/* Line `line` of a cell; *more: another one follows. false: there is none. */
static bool cell_line(struct str cell, size_t line, struct str *out, bool *more)
{
	for (size_t i = 0; i < line; i++) {
		const char *nl = cell.size == 0 ? NULL : memchr(cell.data, '\n', cell.size);
		if (nl == NULL)
			return false;
		cell.size -= (size_t)(nl + 1 - cell.data);
		cell.data = nl + 1;
	}
	const char *nl = cell.size == 0 ? NULL : memchr(cell.data, '\n', cell.size);
	*more = nl != NULL;
	*out = nl == NULL ? cell : str_make(cell.data, (size_t)(nl - cell.data));
	return true;
}

/* Columns that a text takes which starts at column `from`: tabs go to the next multiple of eight. */
static size_t text_width(struct str s, size_t from)
{
	size_t width = 0;
	for (const char *tab; s.size != 0 && (tab = memchr(s.data, '\t', s.size)) != NULL;) {
		size_t n = (size_t)(tab - s.data);
		width += utf8_count(s.data, n);
		width += 8 - (from + width) % 8;
		s = str_make(tab + 1, s.size - n - 1);
	}
	return width + utf8_count(s.data, s.size);
}

static size_t cell_width(struct str cell, size_t from)
{
	size_t width = 0;
	struct str line;
	bool more;
	for (size_t i = 0; cell_line(cell, i, &line, &more); i++) {
		size_t n = text_width(line, from);
		width = n > width ? n : width;
	}
	return width;
}

static void measure(struct table *t)
{
	size_t cap = t->w->options->pretty_max_column_width, from;
	t->number_width = t->w->options->pretty_row_numbers ? 2 : 0;
	for (uint64_t n = t->w->rows; n != 0 && t->w->options->pretty_row_numbers; n /= 10)
		t->number_width++;
	from = t->number_width + 2;
	for (uint32_t c = 0; c < t->w->column_count; c++) {
		struct str name = t->w->columns[c].name;
		t->widths[c] = utf8_count(name.data, name.size);
		for (size_t i = 0; i < t->p->count; i++) {
			size_t n = cell_width(cell_of(t, i, c), from);
			t->widths[c] = n > t->widths[c] ? n : t->widths[c];
		}
		if (cap != 0 && t->widths[c] > cap)
			t->widths[c] = cap;
		t->starts[c] = from;
		from += t->widths[c] + 3;
	}
}

static void put_border(const struct table *t, const struct border *b)
{
	put_times(t->to, " ", t->number_width);
	strbuf_putz(t->to, b->left);
	for (uint32_t c = 0; c < t->w->column_count; c++) {
		if (c != 0)
			strbuf_putz(t->to, b->cross);
		put_times(t->to, b->line, t->widths[c] + 2);
	}
	strbuf_putz(t->to, b->right);
	strbuf_putc(t->to, '\n');
}

static void put_padded(const struct table *t, struct str text, uint32_t c, const char *pad)
{
	size_t n = text_width(text, t->starts[c]);
	size_t gap = t->widths[c] > n ? t->widths[c] - n : 0;
	bool right = pretty_is_right(t->w->columns[c].type);
	if (right)
		put_times(t->to, pad, gap);
	strbuf_puts(t->to, text);
	if (!right)
		put_times(t->to, pad, gap);
}

/* ┌─a─┬─b─┐, names in the line; Pretty's names stand between walls. */
static void put_names(const struct table *t, const struct border *b)
{
	const struct table_style *s = t->style;
	put_times(t->to, " ", t->number_width);
	strbuf_putz(t->to, s->names_in_line ? b->left : s->head_wall);
	for (uint32_t c = 0; c < t->w->column_count; c++) {
		const char *pad = s->names_in_line ? b->line : " ";
		if (c != 0)
			strbuf_putz(t->to, s->names_in_line ? b->cross : s->head_wall);
		strbuf_putz(t->to, pad);
		put_padded(t, t->w->columns[c].name, c, pad);
		strbuf_putz(t->to, pad);
	}
	strbuf_putz(t->to, s->names_in_line ? b->right : s->head_wall);
	strbuf_putc(t->to, '\n');
}

static void put_number(const struct table *t, size_t row)
{
	char text[32];
	if (!t->w->options->pretty_row_numbers)
		return;
	int n = snprintf(text, sizeof text, "%llu. ", (unsigned long long)t->p->rows[row].number + 1);
	put_times(t->to, " ", t->number_width - (unsigned)n);
	strbuf_put(t->to, text, (size_t)n);
}

static void put_row(const struct table *t, size_t row)
{
	bool any = true;
	for (size_t line = 0; any; line++) {
		size_t undo = t->to->size;
		any = false;
		if (line == 0)
			put_number(t, row);
		else
			put_times(t->to, " ", t->number_width);
		strbuf_putz(t->to, t->style->wall);
		for (uint32_t c = 0; c < t->w->column_count; c++) {
			struct str text = {"", 0};
			bool more = false, present = cell_line(cell_of(t, row, c), line, &text, &more);
			any = any || present;
			if (c != 0)
				strbuf_putz(t->to, t->style->wall);
			strbuf_putz(t->to, present && line != 0 ? "↳" : " ");
			put_padded(t, text, c, " ");
			strbuf_putz(t->to, more ? "↴" : " ");
		}
		strbuf_putz(t->to, t->style->wall);
		if (line == 0 && t->w->column_count == 1 && t->w->rows == 1)
			put_tip(t->w, t->w->columns[0].type, cell_of(t, 0, 0), t->to);
		strbuf_putc(t->to, '\n');
		if (!any && t->w->column_count != 0)
			t->to->size = undo;
	}
}

static void put_table(const struct table *t)
{
	const struct table_style *s = t->style;
	if (!s->names_in_line)
		put_border(t, &s->top);
	put_names(t, &s->top);
	if (s->head.left != NULL)
		put_border(t, &s->head);
	for (size_t i = 0; i < t->p->count; i++) {
		if (i != 0 && s->between.left != NULL)
			put_border(t, &s->between);
		put_row(t, i);
	}
	if (t->p->count >= FOOTER_ROWS) {
		if (!s->names_in_line)
			put_border(t, &s->foot);
		put_names(t, &s->foot);
		if (!s->names_in_line)
			put_border(t, &(struct border){"┗", "━", "┻", "┛"});
	} else {
		put_border(t, &s->bottom);
	}
}

/* PrettySpace: blanks only. */
static void put_space_names(const struct table *t)
{
	put_times(t->to, " ", t->number_width);
	for (uint32_t c = 0; c < t->w->column_count; c++) {
		put_times(t->to, " ", c == 0 ? 1 : 3);
		put_padded(t, t->w->columns[c].name, c, " ");
	}
	strbuf_putz(t->to, "\n");
}

static void put_space(const struct table *t)
{
	put_space_names(t);
	strbuf_putc(t->to, '\n');
	for (size_t i = 0; i < t->p->count; i++) {
		put_number(t, i);
		for (uint32_t c = 0; c < t->w->column_count; c++) {
			put_times(t->to, " ", c == 0 ? 0 : 2);
			strbuf_putc(t->to, ' ');
			put_padded(t, cell_of(t, i, c), c, " ");
		}
		strbuf_putz(t->to, " \n");
	}
	if (t->p->count >= FOOTER_ROWS) {
		strbuf_putc(t->to, '\n');
		put_space_names(t);
		strbuf_putc(t->to, '\n');
	}
}

/* Writes the held rows as a table and forgets them. */
static enum status put_held(struct format_writer *w, struct strbuf *to, struct error *err)
{
	struct pretty *p = (struct pretty *)w->state;
	uint32_t variant = w->def->variant, max = w->options->pretty_max_rows;
	if (p->count == 0)
		return OK;
	if (max != 0 && p->count > max) { /* the middle goes, however many there are */
		size_t first = (max + 1) / 2, last = max - first, from = p->count - last;
		memmove(p->rows + first, p->rows + from, last * sizeof *p->rows);
		memmove(p->ends + first * w->column_count, p->ends + from * w->column_count,
		        last * w->column_count * sizeof *p->ends);
		p->count = max;
	}
	struct table t = {w, p, to, (variant & COMPACT) != 0 ? &compact_style : &pretty_style, NULL, NULL, 0};
	if (w->options->pretty_ascii)
		t.style = (variant & COMPACT) != 0 ? &ascii_compact_style : &ascii_style;
	t.widths = ARENA_ARRAY(&w->arena, size_t, w->column_count + 1);
	t.starts = ARENA_ARRAY(&w->arena, size_t, w->column_count + 1);
	measure(&t);
	if ((variant & SPACE) != 0)
		put_space(&t);
	else
		put_table(&t);
	put_shown(w, to);
	p->count = 0;
	strbuf_clear(&w->held);
	return strbuf_status(to, err);
}

static enum status extra_pretty(struct format_writer *w, enum format_extra what, const struct batch *b,
                                struct strbuf *to, struct error *err)
{
	uint64_t rows = w->rows;
	TRY(put_held(w, to, err));
	strbuf_putz(to, what == FORMAT_TOTALS ? "\nTotals:\n" : "\nExtremes:\n");
	w->rows = 0;
	enum status s = hold_batch(w, b, to, err);
	w->rows = b->count;
	if (s == OK)
		s = put_held(w, to, err);
	w->rows = rows;
	return s;
}

static enum status end_pretty(struct format_writer *w, const struct format_summary *s, struct strbuf *to,
                              struct error *err)
{
	(void)s;
	return put_held(w, to, err);
}

static void close_pretty(void *arg)
{
	struct pretty *p = arg;
	free(p->rows);
	free(p->ends);
}

static void open_pretty(struct format_writer *w)
{
	struct pretty *p = ARENA_NEW(&w->arena, struct pretty);
	arena_defer(&w->arena, close_pretty, p);
	w->state = p;
}

const struct writer_class pretty_writer = {.open = open_pretty, .batch = hold_batch, .end = end_pretty,
                                           .extra = extra_pretty};

// SPDX-License-Identifier: Apache-2.0
/* Values as text in ClickHouse's formats; PostgreSQL's own spelling is in value_pg.c. */
#include "column/value.h"

#include <assert.h>

#include "column/numeric.h"
#include "column/value_write_impl.h"

const struct value_options value_options_default = {
	.json_named_tuples_as_objects = true,
	.json_escape_slashes = true,
	.bool_as_text = true,
	.extra_float_digits = 1,
};

static const enum write_mode modes_by_style[] = {
	[VALUE_TSV] = MODE_ESCAPED, [VALUE_RAW] = MODE_RAW, [VALUE_QUOTED] = MODE_QUOTED, [VALUE_CSV] = MODE_CSV,
	[VALUE_JSON] = MODE_JSON, [VALUE_PG] = MODE_PG, [VALUE_PRETTY] = MODE_RAW,
};

static const struct str nulls_by_style[] = {
	[VALUE_TSV] = {"\\N", 2}, [VALUE_RAW] = {"\\N", 2}, [VALUE_QUOTED] = {"NULL", 4}, [VALUE_CSV] = {"\\N", 2},
	[VALUE_JSON] = {"null", 4}, [VALUE_PG] = {"", 0},
		[VALUE_PRETTY] = {"\xe1\xb4\xba\xe1\xb5\x81\xe1\xb4\xb8\xe1\xb4\xb8", 12},
};

static struct str null_text(enum value_style style, const struct value_options *o)
{
	if (o != NULL && style == VALUE_CSV && o->csv_null.data != NULL)
		return o->csv_null;
	if (o != NULL && (style == VALUE_TSV || style == VALUE_RAW) && o->tsv_null.data != NULL)
		return o->tsv_null;
	return nulls_by_style[style];
}

void writer_init(struct value_writer *w, struct strbuf *to, const struct value_options *options)
{
	w->to = to;
	w->options = options == NULL ? &value_options_default : options;
	w->tz = w->options->tz == NULL ? timezone_utc() : w->options->tz;
	w->cache.day = INT64_MIN;
}

/* ---- strings ---- */

static const char escape_letters[256] = {
	['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't', ['\0'] = '0', ['\\'] = '\\', ['\''] = '\'',
};

/* Whether a byte of the word may need an escape: below 0x0e, a quote or a backslash. */
static inline bool escapes8(uint64_t w)
{
	const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
	uint64_t quote = w ^ ones * '\'', back = w ^ ones * '\\';
	return (((w - ones * 0x0e) & ~w) | ((quote - ones) & ~quote) | ((back - ones) & ~back)) & tops;
}

void write_escaped(struct strbuf *to, struct str s)
{
	size_t i = 0;
	while (i < s.size) {
		size_t start = i;
		uint64_t w;
		while (s.size - i >= 8 && (memcpy(&w, s.data + i, 8), !escapes8(w)))
			i += 8;
		while (i < s.size && escape_letters[(unsigned char)s.data[i]] == 0)
			i++;
		strbuf_put(to, s.data + start, i - start);
		while (i < s.size && escape_letters[(unsigned char)s.data[i]] != 0) {
			char pair[2] = {'\\', escape_letters[(unsigned char)s.data[i++]]};
			strbuf_put(to, pair, 2);
		}
	}
}

/* Text in double quotes, those inside doubled. */
static void write_csv(struct strbuf *to, struct str s)
{
	strbuf_putc(to, '"');
	while (s.size != 0) {
		const char *quote = memchr(s.data, '"', s.size);
		size_t n = quote == NULL ? s.size : (size_t)(quote - s.data) + 1;
		strbuf_put(to, s.data, n);
		if (quote != NULL)
			strbuf_putc(to, '"');
		s.data += n;
		s.size -= n;
	}
	strbuf_putc(to, '"');
}

static void write_text(struct value_writer *w, struct str s, enum write_mode mode)
{
	switch (mode) {
	case MODE_ESCAPED:
		write_escaped(w->to, s);
		return;
	case MODE_QUOTED:
		strbuf_putc(w->to, '\'');
		write_escaped(w->to, s);
		strbuf_putc(w->to, '\'');
		return;
	case MODE_CSV:
		write_csv(w->to, s);
		return;
	case MODE_JSON:
		json_write_string(w->to, s, w->options->json_escape_slashes);
		return;
	case MODE_PG_JSON:
		json_write_string(w->to, s, false);
		return;
	default:
		strbuf_puts(w->to, s);
	}
}

struct str enum_name(const struct type *t, const void *data, uint32_t i)
{
	int value = t->id == TYPE_ENUM8 ? ((const int8_t *)data)[i] : ((const int16_t *)data)[i];
	for (uint32_t low = 0, high = t->value_count; low < high;) {
		uint32_t mid = (low + high) / 2;
		if (t->values[mid].value == value)
			return t->values[mid].name;
		if (t->values[mid].value < value)
			low = mid + 1;
		else
			high = mid;
	}
	return (struct str){"", 0};
}

void write_numeric(struct value_writer *w, struct str wire, enum write_mode mode)
{
	struct numeric n;
	numeric_init(&n);
	if (numeric_decode(&n, wire, NULL) == OK) {
		bool quote = mode == MODE_JSON && (numeric_is_special(&n) || w->options->json_quote_decimals);
		quote = quote || (mode == MODE_PG_JSON && numeric_is_special(&n));
		if (quote)
			strbuf_putc(w->to, '"');
		numeric_format(&n, w->to);
		if (quote)
			strbuf_putc(w->to, '"');
	}
	numeric_fini(&n);
}

/* ---- containers ---- */

static void write_separator(struct value_writer *w, enum write_mode mode)
{
	strbuf_put(w->to, ", ", mode == MODE_PG_JSON ? 2 : 1);
}

static void write_array(struct value_writer *w, const struct vector *v, uint32_t i, enum write_mode mode)
{
	const uint32_t *offsets = v->data;
	strbuf_putc(w->to, '[');
	for (uint32_t e = offsets[i]; e < offsets[i + 1]; e++) {
		if (e != offsets[i])
			write_separator(w, mode);
		write_cell(w, v->children[0], e, mode, true);
	}
	strbuf_putc(w->to, ']');
}

/* A JSON key is a string whatever the key's type is. */
static void write_key(struct value_writer *w, const struct vector *keys, uint32_t i, enum write_mode mode)
{
	bool json = mode == MODE_JSON || mode == MODE_PG_JSON;
	size_t start = w->to->size;
	write_cell(w, keys, i, mode, true);
	if (!json || w->to->size == start || w->to->data[start] == '"')
		return;
	if (!strbuf_reserve(w->to, 2))
		return;
	memmove(w->to->data + start + 1, w->to->data + start, w->to->size - start);
	w->to->data[start] = '"';
	w->to->size++;
	strbuf_putc(w->to, '"');
}

static void write_map(struct value_writer *w, const struct vector *v, uint32_t i, enum write_mode mode)
{
	const uint32_t *offsets = v->data;
	strbuf_putc(w->to, '{');
	for (uint32_t e = offsets[i]; e < offsets[i + 1]; e++) {
		if (e != offsets[i])
			write_separator(w, mode);
		write_key(w, v->children[0], e, mode);
		strbuf_put(w->to, ": ", mode == MODE_PG_JSON ? 2 : 1);
		write_cell(w, v->children[1], e, mode, true);
	}
	strbuf_putc(w->to, '}');
}

static void write_tuple(struct value_writer *w, const struct vector *v, uint32_t i, enum write_mode mode)
{
	bool json = mode == MODE_JSON || mode == MODE_PG_JSON;
	bool object = json && v->type->names != NULL && (mode == MODE_PG_JSON || w->options->json_named_tuples_as_objects);
	strbuf_putc(w->to, object ? '{' : json ? '[' : '(');
	for (uint32_t k = 0; k < v->child_count; k++) {
		if (k != 0)
			write_separator(w, mode);
		if (object) {
			json_write_string(w->to, v->type->names[k], mode == MODE_JSON && w->options->json_escape_slashes);
			strbuf_put(w->to, ": ", mode == MODE_PG_JSON ? 2 : 1);
		}
		write_cell(w, v->children[k], i, mode, true);
	}
	strbuf_putc(w->to, object ? '}' : json ? ']' : ')');
}

void write_container(struct value_writer *w, const struct vector *v, uint32_t i, enum write_mode mode)
{
	enum physical p = type_physical(v->type);
	if (p == PHYS_ARRAY)
		write_array(w, v, i, mode);
	else if (p == PHYS_MAP)
		write_map(w, v, i, mode);
	else
		write_tuple(w, v, i, mode);
}

/* A container under CSV: its SQL literal in double quotes, doubled in place behind it. */
static void write_container_csv(struct value_writer *w, const struct vector *v, uint32_t i)
{
	struct strbuf *to = w->to;
	strbuf_putc(to, '"');
	size_t start = to->size, quotes = 0;
	write_container(w, v, i, MODE_QUOTED);
	for (size_t k = start; k < to->size; k++)
		quotes += to->data[k] == '"';
	if (quotes != 0 && strbuf_reserve(to, quotes)) {
		size_t from = to->size, at = to->size + quotes;
		to->size = at;
		while (from > start && at != from) {
			char c = to->data[--from];
			to->data[--at] = c;
			if (c == '"')
				to->data[--at] = c;
		}
	}
	strbuf_putc(to, '"');
}

/* ---- one value ---- */

static void write_fixed(struct value_writer *w, const struct vector *v, uint32_t i, enum write_mode mode, put_fn put)
{
	struct put_context c;
	char quote = put_quote(v->type, mode, w->options);
	if (!strbuf_reserve(w->to, PUT_MAX + 2))
		return;
	put_context_init(&c, w, v->type, mode);
	char *p = w->to->data + w->to->size;
	if (quote != 0)
		*p++ = quote;
	p = put(&c, v->data, i, p);
	if (quote != 0)
		*p++ = quote;
	w->to->size = (size_t)(p - w->to->data);
}

static void write_variant(struct value_writer *w, const struct vector *v, uint32_t i, enum write_mode mode)
{
	const struct vector *codes;
	uint32_t row = vector_index(v->children[0], i, &codes);
	uint8_t code = ((const uint8_t *)codes->data)[row];
	assert(code < v->child_count);
	if (code != 0)
		write_cell(w, v->children[code], i, mode, true);
	else
		strbuf_putz(w->to, mode == MODE_JSON || mode == MODE_PG_JSON ? "null" : mode == MODE_PG ? "" : "NULL");
}

/* FLAT data, not NULL, not under MODE_PG. */
static void write_present(struct value_writer *w, const struct vector *v, uint32_t i, enum write_mode mode)
{
	put_fn put = put_of(v->type, mode);
	if (put != NULL) {
		write_fixed(w, v, i, mode, put);
		return;
	}
	switch ((enum type_id)v->type->id) {
	case TYPE_ENUM8:
	case TYPE_ENUM16:
		write_text(w, enum_name(v->type, v->data, i), mode);
		return;
	case TYPE_NUMERIC:
		write_numeric(w, strview_str(&((const struct strview *)v->data)[i]), mode);
		return;
	case TYPE_STRING:
	case TYPE_FIXEDSTRING:
	case TYPE_AGGSTATE:
		write_text(w, strview_str(&((const struct strview *)v->data)[i]), mode);
		return;
	case TYPE_VARIANT:
		write_variant(w, v, i, mode);
		return;
	case TYPE_ARRAY:
	case TYPE_MAP:
	case TYPE_TUPLE:
		if (mode == MODE_CSV)
			write_container_csv(w, v, i);
		else
			write_container(w, v, i, mode == MODE_ESCAPED || mode == MODE_RAW ? MODE_QUOTED : mode);
		return;
	default:
		return; /* Nothing and Function have no values */
	}
}

void write_cell(struct value_writer *w, const struct vector *v, uint32_t i, enum write_mode mode, bool nested)
{
	const struct vector *at;
	if (mode == MODE_PG) {
		write_cell_pg(w, v, i, nested);
		return;
	}
	i = vector_index(v, i, &at);
	if (at->nulls != NULL && bit_get(at->nulls, i)) {
		assert(nested);
		if (mode == MODE_JSON || mode == MODE_PG_JSON)
			strbuf_put(w->to, "null", 4);
		else
			strbuf_put(w->to, "NULL", 4);
		return;
	}
	write_present(w, at, i, mode);
}

void value_write(struct strbuf *to, const struct vector *v, uint32_t i, enum value_style style,
                 const struct value_options *options)
{
	struct value_writer w;
	writer_init(&w, to, options);
	if (vector_is_null(v, i))
		strbuf_puts(to, null_text(style, options));
	else
		write_cell(&w, v, i, modes_by_style[style], false);
}

/* ---- whole columns ---- */

static void string_column(struct value_writer *w, const struct vector *v, enum write_mode mode, struct str null,
                          uint32_t *ends)
{
	const struct strview *s = v->data;
	for (uint32_t i = 0; i < v->count; i++) {
		if (v->nulls != NULL && bit_get(v->nulls, i))
			strbuf_puts(w->to, null);
		else
			write_text(w, strview_str(&s[i]), mode);
		ends[i] = (uint32_t)w->to->size;
	}
}

static void flat_column(struct value_writer *w, const struct vector *v, enum write_mode mode, struct str null,
                        uint32_t *ends)
{
	const struct type *t = v->type;
	put_fn put = put_of(t, mode);
	if (put != NULL) {
		write_fixed_column(w, v, mode, null, ends, put);
		return;
	}
	if ((t->id == TYPE_STRING || t->id == TYPE_FIXEDSTRING) && mode != MODE_PG) {
		string_column(w, v, mode, null, ends);
		return;
	}
	for (uint32_t i = 0; i < v->count; i++) {
		if (v->nulls != NULL && bit_get(v->nulls, i))
			strbuf_puts(w->to, null);
		else if (mode == MODE_PG)
			write_cell_pg(w, v, i, false);
		else
			write_present(w, v, i, mode);
		ends[i] = (uint32_t)w->to->size;
	}
}

/* Renders each dictionary entry once and copies. */
static void dict_column(struct value_writer *w, const struct vector *v, enum write_mode mode, struct str null,
                        uint32_t *ends)
{
	const struct vector *d = v->children[0];
	const uint32_t *rows = v->data;
	struct strbuf *to = w->to, rendered;
	struct buffer *list = NULL;
	strbuf_init(&rendered, to->track);
	if (buffer_new(to->track, ((size_t)d->count + 1) * sizeof(uint32_t), &list, NULL) != OK) {
		to->failed = true;
		memset(ends, 0, v->count * sizeof *ends);
		return;
	}
	uint32_t *starts = (uint32_t *)list->data;
	starts[0] = 0;
	w->to = &rendered;
	flat_column(w, d, mode, null, starts + 1);
	w->to = to;
	to->failed |= rendered.failed;
	for (uint32_t i = 0; i < v->count; i++) {
		if (!to->failed)
			strbuf_put(to, rendered.data + starts[rows[i]], starts[rows[i] + 1] - starts[rows[i]]);
		ends[i] = (uint32_t)to->size;
	}
	strbuf_fini(&rendered);
	buffer_unref(list);
}

void value_write_column(struct strbuf *to, const struct vector *v, enum value_style style,
                        const struct value_options *options, uint32_t *ends)
{
	struct value_writer w;
	enum write_mode mode = modes_by_style[style];
	struct str null = null_text(style, options);
	writer_init(&w, to, options);
	if (v->form == VECTOR_FLAT) {
		flat_column(&w, v, mode, null, ends);
	} else if (v->form == VECTOR_DICT && v->children[0]->count <= v->count) {
		dict_column(&w, v, mode, null, ends);
	} else if (v->form == VECTOR_CONST && v->count != 0) {
		size_t start = to->size;
		value_write(to, v, 0, style, options);
		ends[0] = (uint32_t)to->size;
		size_t size = to->size - start;
		for (uint32_t i = 1; i < v->count; i++) {
			if (strbuf_reserve(to, size))
				strbuf_put(to, to->data + start, size);
			ends[i] = (uint32_t)to->size;
		}
	} else {
		for (uint32_t i = 0; i < v->count; i++) {
			if (vector_is_null(v, i))
				strbuf_puts(to, null);
			else
				write_cell(&w, v, i, mode, false);
			ends[i] = (uint32_t)to->size;
		}
	}
}

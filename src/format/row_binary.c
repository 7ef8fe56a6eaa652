// SPDX-License-Identifier: Apache-2.0
/* RowBinary: values one after the other, as ClickHouse serialises single values. */
#include "column/variant.h"
#include "format/binary_impl.h"

/* ---- writing ---- */

static void put_reversed(struct strbuf *to, const uint8_t *at)
{
	for (int i = 15; i >= 0; i--)
		strbuf_putc(to, (char)at[i]);
}

void binary_put_string(struct strbuf *to, const struct type *t, struct str s)
{
	if (t->id == TYPE_FIXEDSTRING) {
		strbuf_puts(to, s);
		for (size_t i = s.size; i < t->length; i++)
			strbuf_putc(to, 0);
	} else {
		/* a state has no length of its own: its reader knows where it ends */
		if (t->id != TYPE_AGGSTATE)
			strbuf_put_varuint(to, s.size);
		strbuf_puts(to, s);
	}
}

static void put_value(struct strbuf *to, const struct vector *v, uint32_t row)
{
	const struct vector *at_row;
	row = vector_index(v, row, &at_row);
	v = at_row;
	const struct type *t = v->type;
	enum physical p = type_physical(t);
	if (t->id == TYPE_VARIANT) {
		const struct vector *codes;
		uint32_t at = vector_index(v->children[0], row, &codes);
		uint8_t code = v->nulls != NULL && bit_get(v->nulls, row) ? 0 : ((const uint8_t *)codes->data)[at];
		strbuf_putc(to, (char)(code - 1)); /* 0, NULL, becomes 255 */
		if (code != 0)
			put_value(to, v->children[code], row);
		return;
	}
	if (t->nullable) {
		bool null = v->nulls != NULL && bit_get(v->nulls, row);
		strbuf_putc(to, (char)null);
		if (null)
			return;
	}
	switch (p) {
	case PHYS_STR:
		binary_put_string(to, t, strview_str((const struct strview *)v->data + row));
		return;
	case PHYS_ARRAY:
	case PHYS_MAP: {
		const uint32_t *offset = (const uint32_t *)v->data + row;
		strbuf_put_varuint(to, offset[1] - offset[0]);
		for (uint32_t i = offset[0]; i < offset[1]; i++)
			for (uint32_t k = 0; k < v->child_count; k++)
				put_value(to, v->children[k], i);
		return;
	}
	case PHYS_TUPLE:
		for (uint32_t k = 0; k < v->child_count; k++)
			put_value(to, v->children[k], row);
		return;
	case PHYS_NONE:
		strbuf_putc(to, 0);
		return;
	default: {
		size_t width = physical_size(p);
		const uint8_t *at = (const uint8_t *)v->data + row * width;
		if (t->id == TYPE_IPV6)
			put_reversed(to, at);
		else
			strbuf_put(to, at, width);
	}
	}
}

/* Fixed width, never NULL: one copy. */
static bool put_fixed(const struct vector *v, struct strbuf *to, uint32_t *ends)
{
	enum physical p = type_physical(v->type);
	size_t width = physical_size(p);
	if (v->form != VECTOR_FLAT || v->type->nullable || v->type->id == TYPE_IPV6 || p == PHYS_NONE || p >= PHYS_STR)
		return false;
	uint32_t at = (uint32_t)to->size;
	strbuf_put(to, v->data, width * v->count);
	for (uint32_t i = 0; i < v->count; i++)
		ends[i] = at += (uint32_t)width;
	return true;
}

void row_binary_column(const struct vector *v, struct strbuf *to, uint32_t *ends)
{
	if (put_fixed(v, to, ends))
		return;
	for (uint32_t i = 0; i < v->count; i++) {
		put_value(to, v, i);
		ends[i] = (uint32_t)to->size;
	}
}

static void open_row_binary(struct format_writer *w)
{
	w->form = CELL_ROW_BINARY;
	bool defaults = (w->def->variant & DEFAULTS) != 0; /* a byte before each value: 0, it is no default */
	struct str mark = defaults ? str_make("\0", 1) : STR("");
	writer_frame(w, STR(""), mark, mark, STR(""));
}

static enum status begin_row_binary(struct format_writer *w, struct strbuf *to, struct error *err)
{
	if ((w->def->variant & NAMES) == 0)
		return OK;
	strbuf_put_varuint(to, w->column_count);
	for (uint32_t c = 0; c < w->column_count; c++) {
		strbuf_put_varuint(to, w->columns[c].name.size);
		strbuf_puts(to, w->columns[c].name);
	}
	for (uint32_t c = 0; c < w->column_count && (w->def->variant & TYPES) != 0; c++) {
		struct str type = column_type_name(&w->arena, w->columns[c].type);
		strbuf_put_varuint(to, type.size);
		strbuf_puts(to, type);
	}
	return strbuf_status(to, err);
}

const struct writer_class row_binary_writer = {.open = open_row_binary, .begin = begin_row_binary,
                                               .batch = writer_rows};

/* ---- reading ---- */

bool binary_varuint(struct binary_cursor *k, uint64_t *out)
{
	uint64_t v = 0;
	for (unsigned shift = 0; shift < 64; shift += 7) {
		if (k->p == k->end)
			return false;
		uint8_t byte = (uint8_t)*k->p++;
		v |= (uint64_t)(byte & 0x7f) << shift;
		if ((byte & 0x80) == 0) {
			*out = v;
			return true;
		}
	}
	k->bad = true;
	return false;
}

bool binary_string(struct binary_cursor *k, struct str *out)
{
	uint64_t n;
	if (!binary_varuint(k, &n))
		return false;
	if (n > STRING_SIZE_MAX) {
		k->bad = true;
		return false;
	}
	if (n > (size_t)(k->end - k->p))
		return false;
	*out = str_make(k->p, n);
	k->p += n;
	return true;
}

enum status binary_short(const struct binary_cursor *k, struct error *err)
{
	if (k->bad)
		return ERR(err, E_INCORRECT_DATA, "Cannot read binary data: a length is out of range");
	return E_UNEXPECTED_EOF;
}

enum status binary_put_ipv6(struct builder *b, const char *p, struct error *err)
{
	uint8_t turned[16];
	for (int i = 0; i < 16; i++)
		turned[i] = (uint8_t)p[15 - i];
	return builder_fixed(b, turned, err);
}

enum status (*format_state_size)(void **known, struct arena *a, const struct type *t, struct str from, size_t *size,
                                 struct error *err);

enum status binary_state(struct binary_cursor *k, const struct type *t, struct str *out, struct error *err)
{
	struct error why;
	struct str from = str_make(k->p, (size_t)(k->end - k->p));
	size_t size = 0;
	if (format_state_size == NULL)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: reading states of aggregate functions in this format");
	error_init(&why);
	enum status s = format_state_size(k->states, k->arena, t, from, &size, &why);
	/* half a state looks like a wrong one: more may come */
	if (s == E_INCORRECT_DATA || s == E_UNEXPECTED_EOF)
		return binary_short(k, err);
	if (s != OK) {
		if (err != NULL)
			*err = why;
		return s;
	}
	*out = str_make(from.data, size);
	k->p += size;
	return OK;
}

static enum status read_scalar(struct binary_cursor *k, struct builder *b, struct error *err)
{
	size_t width = physical_size(b->physical);
	struct str s;
	if (b->type->id == TYPE_AGGSTATE) {
		TRY(binary_state(k, b->type, &s, err));
		return builder_string(b, s.data, s.size, err);
	}
	if (b->physical == PHYS_NONE)
		width = 1;
	if (b->physical == PHYS_STR) {
		if (b->type->id == TYPE_FIXEDSTRING) {
			if ((size_t)(k->end - k->p) < b->type->length)
				return binary_short(k, err);
			s = str_make(k->p, b->type->length);
			k->p += b->type->length;
		} else if (!binary_string(k, &s)) {
			return binary_short(k, err);
		}
		return builder_string(b, s.data, s.size, err);
	}
	if ((size_t)(k->end - k->p) < width)
		return binary_short(k, err);
	const char *p = k->p;
	k->p += width;
	if (b->type->id == TYPE_IPV6)
		return binary_put_ipv6(b, p, err);
	return builder_fixed(b, p, err);
}

static enum status read_value(struct binary_cursor *k, struct builder *b, struct error *err)
{
	uint64_t n;
	if (b->type->id == TYPE_VARIANT) {
		if (k->p == k->end)
			return binary_short(k, err);
		uint8_t code = (uint8_t)*k->p++;
		if (code == VARIANT_NULL_CODE)
			return builder_null(b, err);
		if (code + 1u >= b->child_count)
			return ERR(err, E_INCORRECT_DATA, "Discriminator of Variant is out of range");
		TRY(read_value(k, b->children[code + 1], err));
		return variant_end(b, code + 1u, err);
	}
	if (b->type->nullable) {
		if (k->p == k->end)
			return binary_short(k, err);
		if (*k->p++ != 0)
			return builder_null(b, err);
	}
	switch (b->physical) {
	case PHYS_ARRAY:
	case PHYS_MAP:
		if (!binary_varuint(k, &n))
			return binary_short(k, err);
		if (n > STRING_SIZE_MAX)
			return ERR(err, E_INCORRECT_DATA, "Too large array size");
		/* elements without bytes would let a few bytes ask for any amount of memory */
		if (n > (size_t)(k->end - k->p) && n > 1 << 20)
			return binary_short(k, err);
		for (uint64_t i = 0; i < n; i++)
			for (uint32_t c = 0; c < b->child_count; c++)
				TRY(read_value(k, b->children[c], err));
		return builder_end_array(b, err);
	case PHYS_TUPLE:
		for (uint32_t c = 0; c < b->child_count; c++)
			TRY(read_value(k, b->children[c], err));
		return builder_end_tuple(b, err);
	default:
		return read_scalar(k, b, err);
	}
}

enum status binary_value(struct binary_cursor *k, struct builder *b, struct error *err)
{
	return read_value(k, b, err);
}

/* A field into a column: of its type, or of the header's type and then converted. */
static enum status read_field(struct segment *s, uint32_t i, struct binary_cursor *k, struct error *err)
{
	struct format_reader *r = s->reader;
	uint32_t c = r->fields[i];
	const struct type *in = r->field_types == NULL ? NULL : r->field_types[i];
	if ((r->def->variant & DEFAULTS) != 0) {
		if (k->p == k->end)
			return binary_short(k, err);
		if (*k->p++ != 0)
			return segment_missing(s, c, err);
	}
	if (c != FIELD_SKIP && (in == NULL || binary_same(in, r->columns[c].type)))
		return read_value(k, s->builders[c], err);
	struct builder *b;
	struct vector *v = NULL;
	TRY(builder_new(r->track, in, &b, err));
	enum status status = read_value(k, b, err);
	if (status == OK)
		status = builder_finish(b, &v, err);
	if (status == OK && c != FIELD_SKIP)
		status = binary_convert(s, c, v, err);
	builder_free(b);
	vector_unref(v);
	return status;
}

static enum status row_binary_rows(struct segment *s, uint32_t max, struct error *err)
{
	struct format_reader *r = s->reader;
	if (r->field_count == 0)
		return ERR(err, E_INCORRECT_DATA, "Rows without columns in format %s", r->def->info.name);
	for (uint32_t row = 0; row < max && s->p < s->end; row++) {
		struct binary_cursor k = {s->p, s->end, NULL, false, &r->states, &r->arena};
		s->row_start = s->p;
		for (uint32_t i = 0; i < r->field_count; i++) {
			enum status status = read_field(s, i, &k, err);
			if (status == E_UNEXPECTED_EOF && err->status == OK && s->is_last)
				status = ERR(err, E_UNEXPECTED_EOF, "Cannot read all data: the input ends amid a row");
			if (status != OK)
				return r->fields[i] == FIELD_SKIP ? status : segment_failed(s, r->fields[i], (struct str){NULL, 0}, status);
		}
		TRY(segment_end_row(s, err));
		s->p = k.p;
	}
	return OK;
}

static enum status row_binary_header(struct format_reader *r, const char *data, size_t size, size_t *taken,
                                     struct error *err)
{
	struct binary_cursor k = {data, data + size, NULL, false, &r->states, &r->arena};
	uint64_t n;
	if ((r->def->variant & NAMES) == 0) {
		r->header_done = true;
		return OK;
	}
	if (!binary_varuint(&k, &n))
		return k.bad ? binary_short(&k, err) : OK;
	if (n > 100000)
		return ERR(err, E_INCORRECT_DATA, "A header of %llu columns", (unsigned long long)n);
	struct str *names = ARENA_ARRAY(&r->arena, struct str, n + 1);
	const struct type **types = ARENA_ARRAY(&r->arena, const struct type *, n + 1);
	for (uint64_t i = 0; i < n; i++) {
		if (!binary_string(&k, &names[i]))
			return k.bad ? binary_short(&k, err) : OK;
		names[i] = arena_str(&r->arena, names[i]);
	}
	for (uint64_t i = 0; i < n && (r->def->variant & TYPES) != 0; i++) {
		struct str text;
		if (!binary_string(&k, &text))
			return k.bad ? binary_short(&k, err) : OK;
		TRY(type_parse(&r->arena, text, &types[i], err));
	}
	TRY(reader_set_fields(r, names, (uint32_t)n, err));
	if ((r->def->variant & TYPES) != 0)
		r->field_types = types;
	for (uint32_t i = 0; i < r->field_count; i++)
		if (r->fields[i] == FIELD_SKIP && r->field_types == NULL)
			return ERR(err, E_INCORRECT_DATA, "Cannot skip column '%.*s' whose type is not known", STR_ARG(names[i]));
	*taken = (size_t)(k.p - data);
	r->header_done = true;
	return OK;
}

const struct reader_class row_binary_reader = {.serial = true, .header = row_binary_header, .rows = row_binary_rows};

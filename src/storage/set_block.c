// SPDX-License-Identifier: Apache-2.0
#include "storage/set_block.h"

#include "storage/dict_writer.h"
#include "storage/value_binary.h"

/* Flags of LowCardinality values; the low byte is log2 of the indexes' width. */
enum { DICT_VERSION = 1, DICT_OWN_KEYS = 0x200, DICT_UPDATE = 0x400, DEPTH_MAX = 200 };

static bool is_composite(const struct type *t)
{
	enum physical p = type_physical(t);
	return p == PHYS_ARRAY || p == PHYS_MAP || p == PHYS_TUPLE;
}

/* ---- writing ---- */

static void write_prefix(struct strbuf *to, const struct type *t)
{
	if (t->low_cardinality)
		strbuf_put_le(to, DICT_VERSION, 8);
	for (uint32_t i = 0; is_composite(t) && i < t->child_count; i++)
		write_prefix(to, t->children[i]);
}

/* The bytes of a type's zero. */
static void write_zero(struct strbuf *to, const struct type *t)
{
	size_t n = type_physical(t) == PHYS_STR && t->id != TYPE_FIXEDSTRING ? 1
		: t->id == TYPE_FIXEDSTRING ? t->length : physical_size(type_physical(t));
	while (n-- > 0)
		strbuf_putc(to, 0);
}

/* A value without the byte that says it is none. */
static void write_plain(struct strbuf *to, const struct vector *v, const struct type *t, uint32_t row)
{
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at);
	if (vector_is_null(v, row)) {
		write_zero(to, t);
		return;
	}
	size_t before = to->size;
	value_binary_write(to, at, i);
	if (at->type->nullable && to->size > before) {
		memmove(to->data + before, to->data + before + 1, to->size - before - 1);
		to->size--;
	}
}

static enum status write_dict(struct strbuf *to, const struct vector *v, const struct type *t, uint32_t from,
                              uint32_t n, struct error *err)
{
	struct dict_writer d;
	struct strbuf value, places;
	dict_writer_init(&d, NULL);
	strbuf_init(&value, NULL);
	strbuf_init(&places, NULL);
	write_zero(&value, t);
	enum status st = strbuf_status(&value, err);
	if (st == OK)
		st = dict_writer_start(&d, value.data, value.size, t->nullable, err);
	for (uint32_t i = 0; st == OK && i < n; i++) {
		uint32_t place = 0;
		strbuf_clear(&value);
		write_plain(&value, v, t, from + i);
		st = strbuf_status(&value, err);
		if (st == OK && !(t->nullable && vector_is_null(v, from + i)))
			st = dict_writer_put(&d, value.data, value.size, UINT32_MAX, &place, err);
		strbuf_put_le(&places, place, 4);
	}
	unsigned log_width = d.count <= 256 ? 0 : d.count <= 65536 ? 1 : 2;
	if (st == OK)
		st = strbuf_status(&places, err);
	if (st == OK) {
		strbuf_put_le(to, DICT_OWN_KEYS | DICT_UPDATE | log_width, 8);
		strbuf_put_le(to, d.count, 8);
		for (uint32_t i = 0; i < d.count; i++)
			strbuf_puts(to, dict_writer_key(&d, i));
		strbuf_put_le(to, n, 8);
		for (uint32_t i = 0; i < n; i++)
			strbuf_put(to, places.data + (size_t)i * 4, (size_t)1 << log_width);
		st = strbuf_status(to, err);
	}
	strbuf_fini(&value);
	strbuf_fini(&places);
	dict_writer_fini(&d);
	return st;
}

static enum status write_rows(struct strbuf *to, const struct vector *v, const struct type *t, uint32_t from,
                              uint32_t n, struct error *err);

/* What is inside rows [from, from + n) of a flat vector. */
static enum status write_inner(struct strbuf *to, const struct vector *v, const struct type *t, uint32_t from,
                               uint32_t n, struct error *err)
{
	if (type_physical(t) != PHYS_TUPLE) {
		const uint32_t *offset = (const uint32_t *)v->data + from;
		for (uint32_t i = 1; i <= n; i++)
			strbuf_put_le(to, offset[i] - offset[0], 8);
		from = offset[0];
		n = offset[n] - offset[0];
	}
	for (uint32_t k = 0; k < v->child_count; k++)
		TRY(write_rows(to, v->children[k], t->children[k], from, n, err));
	return OK;
}

static enum status write_rows(struct strbuf *to, const struct vector *v, const struct type *t, uint32_t from,
                              uint32_t n, struct error *err)
{
	if (t->low_cardinality)
		return n == 0 ? OK : write_dict(to, v, t, from, n, err);
	for (uint32_t i = 0; t->nullable && i < n; i++)
		strbuf_putc(to, (char)vector_is_null(v, from + i));
	if (is_composite(t)) {
		struct vector *flat;
		TRY(vector_flatten(NULL, v, &flat, err));
		enum status st = write_inner(to, flat, t, from, n, err);
		vector_unref(flat);
		TRY(st);
	} else {
		for (uint32_t i = 0; i < n; i++)
			write_plain(to, v, t, from + i);
	}
	return strbuf_status(to, err);
}

enum status set_block_write(struct strbuf *to, const struct vector *v, const struct type *type, struct error *err)
{
	write_prefix(to, type);
	return write_rows(to, v, type, 0, v->count, err);
}

/* ---- reading ---- */

static enum status cut(struct error *err)
{
	return ERR(err, E_CORRUPTED_DATA, "a set index ends before its end");
}

static enum status read_prefix(struct cursor *c, const struct type *t, struct error *err)
{
	if (t->low_cardinality && cursor_le(c, 8) != DICT_VERSION)
		return cut(err);
	for (uint32_t i = 0; is_composite(t) && i < t->child_count; i++)
		TRY(read_prefix(c, t->children[i], err));
	return OK;
}

static enum status builder_of(const struct type *t, struct arena *a, struct builder **out, struct error *err)
{
	return builder_new(NULL, type_low_cardinality(a, t, false), out, err);
}

/* Values without the bytes of Nullable; null[i] says which are none. */
static enum status read_scalars(struct cursor *c, const struct type *t, uint64_t n, const uint8_t *null,
                                struct builder *to, struct error *err)
{
	for (uint64_t i = 0; i < n; i++) {
		if (null == NULL || null[i] == 0) {
			TRY(value_binary_read_plain(c, to, err));
		} else {
			if (type_physical(t) == PHYS_STR && t->id != TYPE_FIXEDSTRING)
				(void)cursor_str(c);
			else
				(void)cursor_bytes(c, t->id == TYPE_FIXEDSTRING ? t->length : physical_size(type_physical(t)));
			TRY(c->failed ? cut(err) : builder_null(to, err));
		}
	}
	return OK;
}

static enum status read_dict(struct cursor *c, const struct type *t, uint64_t n, struct arena *a, struct builder *to,
                             struct error *err)
{
	uint64_t flags = cursor_le(c, 8), keys = cursor_le(c, 8);
	unsigned width = 1u << (flags & 3);
	struct builder *b;
	struct vector *v = NULL;
	if (c->failed || (flags & 0xff) > 3 || !(flags & DICT_OWN_KEYS) || keys > cursor_left(c))
		return cut(err);
	TRY(builder_of(t, a, &b, err));
	enum status st = read_scalars(c, t, keys, NULL, b, err);
	st = builder_close(b, st, &v, err);
	if (st == OK && cursor_le(c, 8) != n)
		st = cut(err);
	for (uint64_t i = 0; st == OK && i < n; i++) {
		uint64_t key = cursor_le(c, width);
		if (c->failed || key >= keys)
			st = cut(err);
		else if (t->nullable && key == 0)
			st = builder_null(to, err);
		else
			st = builder_row(to, v, (uint32_t)key, err);
	}
	vector_unref(v);
	return st;
}

static enum status read_values(struct cursor *c, const struct type *t, uint64_t n, struct arena *a, struct builder *to,
                               struct error *err)
{
	if (t->low_cardinality)
		return n == 0 ? OK : read_dict(c, t, n, a, to, err);
	const uint8_t *null = t->nullable ? cursor_bytes(c, n) : NULL;
	return c->failed ? cut(err) : read_scalars(c, t, n, null, to, err);
}

/* Composite values are read for their length alone. */
static enum status pass_over(struct cursor *c, const struct type *t, uint64_t n, struct arena *a, unsigned depth,
                             struct error *err)
{
	enum physical p = type_physical(t);
	if (depth > DEPTH_MAX)
		return cut(err);
	if (!is_composite(t)) {
		struct builder *b;
		TRY(builder_of(t, a, &b, err));
		enum status st = read_values(c, t, n, a, b, err);
		builder_free(b);
		return st;
	}
	if (t->nullable)
		(void)cursor_bytes(c, n);
	uint64_t inner = n;
	if (p != PHYS_TUPLE) {
		const uint8_t *ends = n > SIZE_MAX / 8 ? NULL : cursor_bytes(c, n * 8);
		if (ends == NULL)
			return cut(err);
		inner = 0;
		if (n != 0)
			memcpy(&inner, ends + (n - 1) * 8, 8);
	}
	if (inner > UINT32_MAX || c->failed)
		return cut(err);
	for (uint32_t i = 0; i < t->child_count; i++)
		TRY(pass_over(c, t->children[i], inner, a, depth + 1, err));
	return OK;
}

enum status set_block_read(struct cursor *from, const struct type *type, uint32_t rows, struct arena *a,
                           struct vector **out, struct error *err)
{
	struct builder *b;
	*out = NULL;
	TRY(read_prefix(from, type, err));
	if (is_composite(type))
		return pass_over(from, type, rows, a, 0, err);
	TRY(builder_of(type, a, &b, err));
	enum status st = read_values(from, type, rows, a, b, err);
	return builder_close(b, st, out, err);
}

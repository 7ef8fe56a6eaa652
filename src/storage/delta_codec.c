// SPDX-License-Identifier: Apache-2.0
/*
 * The rows of a delta block in the log, version 1: varuint rows, then the columns of the schema one behind the other.
 *
 *     column   nullable types: 1 byte, whether any row is NULL, and then a bit per row; then by physical type
 *     fixed    the values as they stand in memory, little-endian        string   per row varuint size, bytes
 *     array    per row varuint elements; the elements as a column       tuple    its elements as columns
 */
#include <stdlib.h>
#include "column/builder.h"
#include "storage/delta.h"
#include "txn/cursor.h"

static void put_vector(const struct vector *v, uint32_t from, uint32_t count, struct strbuf *to);

static void put_nulls(const struct vector *v, uint32_t from, uint32_t count, struct strbuf *to)
{
	bool any = false;
	for (uint32_t i = 0; v->nulls != NULL && !any && i < count; i++)
		any = bit_get(v->nulls, from + i);
	strbuf_putc(to, any);
	for (uint32_t i = 0; any && i < count; i += 8) {
		uint8_t bits = 0;
		for (uint32_t k = i; k < count && k < i + 8; k++)
			bits |= (uint8_t)(bit_get(v->nulls, from + k) << (k - i));
		strbuf_putc(to, (char)bits);
	}
}

static void put_strings(const struct vector *v, uint32_t from, uint32_t count, struct strbuf *to)
{
	const struct strview *views = v->data;
	for (uint32_t i = from; i < from + count; i++) {
		bool null = v->nulls != NULL && bit_get(v->nulls, i);
		cursor_put_str(to, null ? STR("") : strview_str(&views[i]));
	}
}

static void put_arrays(const struct vector *v, uint32_t from, uint32_t count, struct strbuf *to)
{
	const uint32_t *offsets = v->data;
	for (uint32_t i = from; i < from + count; i++)
		strbuf_put_varuint(to, offsets[i + 1] - offsets[i]);
	for (uint32_t k = 0; k < v->child_count; k++)
		put_vector(v->children[k], offsets[from], offsets[from + count] - offsets[from], to);
}

/* Blocks are built by builders, so all in them is FLAT. */
static void put_vector(const struct vector *v, uint32_t from, uint32_t count, struct strbuf *to)
{
	enum physical p = type_physical(v->type);
	if (v->type->nullable)
		put_nulls(v, from, count, to);
	switch (p) {
	case PHYS_STR:
		put_strings(v, from, count, to);
		break;
	case PHYS_ARRAY:
	case PHYS_MAP:
		put_arrays(v, from, count, to);
		break;
	case PHYS_TUPLE:
		for (uint32_t k = 0; k < v->child_count; k++)
			put_vector(v->children[k], from, count, to);
		break;
	default:
		if (physical_size(p) != 0)
			strbuf_put(to, (const char *)v->data + from * physical_size(p), count * physical_size(p));
	}
}

void delta_block_encode(const struct delta_block *b, struct strbuf *to)
{
	strbuf_put_varuint(to, b->rows);
	for (uint32_t c = 0; c < b->schema->columns.count; c++)
		put_vector(b->columns[c], 0, b->rows, to);
}

/* ---- back ---- */

static enum status get_rows(struct cursor *c, struct builder *b, uint32_t count, struct error *err);

static enum status damaged(struct error *err)
{
	return ERR(err, E_CORRUPTED_DATA, "a record of inserted rows is damaged");
}

/* After the values: the rows of the builder from `first` on that are NULL. */
static enum status set_nulls(struct builder *b, uint32_t first, const uint8_t *bits, uint32_t count, struct error *err)
{
	if (bits == NULL)
		return OK;
	TRY(builder_make_nulls(b, first + count, err));
	for (uint32_t i = 0; i < count; i++)
		if (bits[i / 8] >> (i % 8) & 1)
			bit_set((uint64_t *)b->nulls->data, first + i);
	return OK;
}

static enum status get_arrays(struct cursor *c, struct builder *b, uint32_t count, struct error *err)
{
	struct cursor sizes = *c;
	uint64_t total = 0;
	for (uint32_t i = 0; i < count; i++)
		total += cursor_varuint(c);
	if (c->failed || total > UINT32_MAX)
		return damaged(err);
	/* the children hold all elements before the first row ends, so offsets are written here */
	uint32_t *offsets = (uint32_t *)b->data->data;
	uint32_t at = b->children[0]->count;
	for (uint32_t i = 0; i < count; i++)
		offsets[++b->count] = at += (uint32_t)cursor_varuint(&sizes);
	for (uint32_t k = 0; k < b->child_count; k++)
		TRY(get_rows(c, b->children[k], (uint32_t)total, err));
	return OK;
}

static enum status get_values(struct cursor *c, struct builder *b, uint32_t count, struct error *err)
{
	size_t width = physical_size(b->physical);
	switch (b->physical) {
	case PHYS_STR:
		for (uint32_t i = 0; i < count; i++) {
			struct str s = cursor_str(c);
			TRY(builder_string(b, s.data, s.size, err));
		}
		return OK;
	case PHYS_ARRAY:
	case PHYS_MAP:
		return get_arrays(c, b, count, err);
	case PHYS_TUPLE:
		for (uint32_t k = 0; k < b->child_count; k++)
			TRY(get_rows(c, b->children[k], count, err));
		b->count += count;
		return OK;
	default: {
		const uint8_t *bytes = cursor_bytes(c, (uint64_t)count * width);
		if (bytes != NULL && width != 0)
			memcpy(b->data->data + width * b->count, bytes, count * width);
		b->count += count;
		return OK;
	}
	}
}

static enum status get_rows(struct cursor *c, struct builder *b, uint32_t count, struct error *err)
{
	uint32_t first = b->count;
	const uint8_t *bits = NULL;
	if (b->type->nullable && cursor_le(c, 1) != 0)
		bits = cursor_bytes(c, ((uint64_t)count + 7) / 8);
	if (c->failed)
		return damaged(err);
	TRY(builder_reserve(b, count, err));
	TRY(get_values(c, b, count, err));
	if (c->failed)
		return damaged(err);
	return set_nulls(b, first, bits, count, err);
}

enum status delta_block_decode(struct delta_schema *schema, struct str bytes, struct delta_block **out,
                               struct error *err)
{
	struct cursor c = cursor_of(bytes);
	uint64_t rows = cursor_varuint(&c);
	uint32_t n = schema->columns.count;
	if (c.failed || rows > DELTA_ROWS_MAX * 2)
		return damaged(err);
	struct vector **columns = calloc(n + 1, sizeof *columns);
	enum status st = columns == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
	for (uint32_t i = 0; st == OK && i < n; i++) {
		struct builder *b = NULL;
		st = builder_new(&delta_track, schema->columns.columns[i].type, &b, err);
		if (st == OK)
			st = get_rows(&c, b, (uint32_t)rows, err);
		if (st == OK)
			st = builder_finish(b, &columns[i], err);
		builder_free(b);
	}
	if (st == OK && cursor_left(&c) != 0)
		st = damaged(err);
	if (st == OK)
		st = delta_block_of(schema, columns, (uint32_t)rows, out, err);
	for (uint32_t i = 0; columns != NULL && i < n; i++)
		vector_unref(columns[i]);
	free(columns);
	return st;
}

// SPDX-License-Identifier: Apache-2.0
/*
 * Batches to DataRows. Each column renders its rows into a buffer of its own, then rows are stitched together by
 * copying: no call per value beyond the renderer's inner loop and no allocation per row.
 */
#include <stdlib.h>

#include "column/value.h"
#include "wire/pg/pgconn_impl.h"

/* Ends of rendered values are 32 bits: batches of more bytes than this are cut in half until they fit. */
enum { RENDER_BYTES_MAX = 256 << 20 };

void pg_result_free(struct pg_result *r)
{
	if (r == NULL)
		return;
	for (uint32_t i = 0; i < r->count; i++) {
		strbuf_fini(&r->columns[i].text);
		free(r->columns[i].ends);
	}
	free(r->columns);
	free(r);
}

/* Room to render `count` columns; what is there is kept. */
static enum status make_room(struct pgconn *c, uint32_t count, struct error *err)
{
	if (c->result == NULL)
		c->result = calloc(1, sizeof *c->result);
	struct pg_result *r = c->result;
	if (r != NULL && r->count < count) {
		struct pg_column *grown = realloc(r->columns, count * sizeof *grown);
		if (grown == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "no memory for result columns");
		r->columns = grown;
		for (; r->count < count; r->count++) {
			struct pg_column *k = &r->columns[r->count];
			memset(k, 0, sizeof *k);
			strbuf_init(&k->text, c->config.track);
			k->ends = malloc(BATCH_ROWS_MAX * sizeof *k->ends);
			if (k->ends == NULL)
				return ERR(err, E_CANNOT_ALLOCATE, "no memory for result columns");
		}
	}
	return r == NULL ? ERR(err, E_CANNOT_ALLOCATE, "no memory for result columns") : OK;
}

int16_t pg_format_at(const int16_t *formats, uint16_t format_count, uint32_t column)
{
	return format_count == 0 ? PG_FORMAT_TEXT : formats[format_count == 1 ? 0 : column];
}

enum status pg_check_formats(const int16_t *formats, uint16_t format_count, uint32_t columns, struct error *err)
{
	if (format_count > 1 && format_count != columns)
		return ERR(err, E_PROTOCOL, "bind message has %u result formats but query has %u columns", format_count,
			columns);
	for (unsigned i = 0; i < format_count; i++)
		if (formats[i] != PG_FORMAT_TEXT && formats[i] != PG_FORMAT_BINARY)
			return ERR(err, E_INVALID_PARAMETER_VALUE, "unsupported format code: %d", formats[i]);
	return OK;
}

static int16_t type_length(const struct type *t)
{
	return t->id == TYPE_ARRAY ? -1 : face_info(type_face(t))->length;
}

void pg_put_columns(struct pgconn *c, const struct statement_info *info, const int16_t *formats, uint16_t format_count)
{
	struct pg_field *f = ARENA_ARRAY(&c->request, struct pg_field, info->column_count);
	assert(info->column_count <= UINT16_MAX);
	for (uint32_t i = 0; i < info->column_count; i++) {
		const struct result_column *k = &info->columns[i];
		f[i] = (struct pg_field){.name = k->name, .table_oid = k->table_oid, .attribute = k->attnum,
			.type_oid = type_oid(k->type), .type_size = type_length(k->type), .type_modifier = type_typmod(k->type),
			.format = pg_format_at(formats, format_count, i)};
	}
	pg_put_row_description(&c->out, f, (uint16_t)info->column_count);
}

/* Fixed-width numbers whose face is as wide as they are: bytes swapped, nothing else. */
static size_t swapped_size(const struct type *t)
{
	if (t->id == TYPE_ARRAY)
		return 0;
	enum physical p = type_physical(t);
	switch (type_face(t)) {
	case FACE_INT2:
		return p == PHYS_I16 ? 2 : 0;
	case FACE_INT4:
		return p == PHYS_I32 ? 4 : 0;
	case FACE_INT8:
		return p == PHYS_I64 ? 8 : 0;
	case FACE_FLOAT4:
		return p == PHYS_F32 ? 4 : 0;
	case FACE_FLOAT8:
		return p == PHYS_F64 ? 8 : 0;
	default:
		return 0;
	}
}

static void swap_values(struct pg_column *k, const struct vector *v, size_t size)
{
	if (!strbuf_reserve(&k->text, (size_t)v->count * size))
		return;
	char *to = k->text.data;
	for (uint32_t i = 0; i < v->count; i++, to += size) {
		const struct vector *at;
		uint32_t row = vector_index(v, i, &at);
		const char *from = (const char *)at->data + row * size;
		if (size == 8) {
			uint64_t x;
			memcpy(&x, from, 8);
			x = __builtin_bswap64(x);
			memcpy(to, &x, 8);
		} else if (size == 4) {
			uint32_t x;
			memcpy(&x, from, 4);
			x = __builtin_bswap32(x);
			memcpy(to, &x, 4);
		} else {
			uint16_t x;
			memcpy(&x, from, 2);
			x = __builtin_bswap16(x);
			memcpy(to, &x, 2);
		}
		k->ends[i] = (uint32_t)((i + 1) * size);
	}
	k->text.size = (size_t)v->count * size;
}

static enum status render(struct pgconn *c, struct pg_column *k, const struct vector *v, int16_t format,
	struct error *err)
{
	strbuf_clear(&k->text);
	k->nulls = vector_has_nulls(v);
	k->at = 0;
	if (format == PG_FORMAT_TEXT) {
		value_write_column(&k->text, v, VALUE_PG, session_text_options(c->session), k->ends);
		return strbuf_status(&k->text, err);
	}
	size_t swapped = swapped_size(v->type);
	if (swapped != 0) {
		swap_values(k, v, swapped);
		return strbuf_status(&k->text, err);
	}
	for (uint32_t i = 0; i < v->count; i++) {
		if (!k->nulls || !vector_is_null(v, i))
			TRY(value_write_pg_binary(&k->text, v, i, err));
		k->ends[i] = (uint32_t)k->text.size;
	}
	return strbuf_status(&k->text, err);
}

static enum status stitch(struct pgconn *c, const struct batch *b, void *arg UNUSED, struct error *err)
{
	struct pg_column *columns = c->result->columns;
	size_t bytes = (size_t)b->count * (7 + 4 * (size_t)b->column_count);
	for (uint32_t i = 0; i < b->column_count; i++)
		bytes += columns[i].text.size;
	if (!strbuf_reserve(&c->out, bytes))
		return strbuf_status(&c->out, err);
	for (uint32_t row = 0; row < b->count; row++) {
		size_t at = pg_row_begin(&c->out, (uint16_t)b->column_count);
		for (uint32_t i = 0; i < b->column_count; i++) {
			struct pg_column *k = &columns[i];
			if (k->nulls && vector_is_null(b->columns[i], row))
				pg_put_null(&c->out);
			else
				pg_put_value(&c->out, str_make(k->text.data + k->at, k->ends[row] - k->at));
			k->at = k->ends[row];
		}
		pg_row_end(&c->out, at);
	}
	return pgconn_flush_some(c, err);
}

static enum status put_batch(struct pgconn *c, const struct batch *b, const int16_t *formats, uint16_t format_count,
	pg_stitch_fn put, void *arg, struct error *err)
{
	TRY(make_room(c, b->column_count, err));
	for (uint32_t i = 0; i < b->column_count; i++)
		TRY(render(c, &c->result->columns[i], b->columns[i], pg_format_at(formats, format_count, i), err));
	return put(c, b, arg, err);
}

static bool is_large(const struct batch *b)
{
	size_t bytes = 0;
	for (uint32_t i = 0; i < b->column_count; i++)
		bytes += vector_bytes(b->columns[i]);
	return bytes > RENDER_BYTES_MAX && b->count > 1;
}

/* A batch of slices of b's columns. */
static enum status slice(struct pgconn *c, const struct batch *b, uint32_t from, uint32_t count, struct batch **out,
	struct error *err)
{
	TRY(batch_new(b->column_count, out, err));
	(*out)->count = count;
	for (uint32_t i = 0; i < b->column_count; i++) {
		enum status st = vector_slice(c->config.track, b->columns[i], from, count, &(*out)->columns[i], err);
		if (st != OK) {
			batch_free(*out);
			*out = NULL;
			return st;
		}
	}
	return OK;
}

enum status pg_result_each(struct pgconn *c, const struct batch *b, uint32_t from, uint32_t count,
	const int16_t *formats, uint16_t format_count, pg_stitch_fn put, void *arg, struct error *err)
{
	assert(from <= b->count && count <= b->count - from && b->count <= BATCH_ROWS_MAX);
	struct batch *part;
	enum status st = OK;
	if (count == 0)
		return OK;
	if (count == b->count && !is_large(b))
		return put_batch(c, b, formats, format_count, put, arg, err);
	/* a slice shares its memory, so its size tells nothing: large rows go one by one */
	uint32_t step = is_large(b) ? 1 : count;
	for (uint32_t at = from; st == OK && at < from + count; at += step) {
		TRY(slice(c, b, at, step, &part, err));
		st = put_batch(c, part, formats, format_count, put, arg, err);
		batch_free(part);
	}
	return st;
}

enum status pg_result_put(struct pgconn *c, const struct batch *b, uint32_t from, uint32_t count,
	const int16_t *formats,
	uint16_t format_count, struct error *err)
{
	return pg_result_each(c, b, from, count, formats, format_count, stitch, NULL, err);
}

// SPDX-License-Identifier: Apache-2.0
/*
 * Values as bytes. Two forms of ClickHouse's: the binary form of one value (RowBinary's), which min, any and argMax
 * write, and the form of a value in an arena, which generic sets and arrays write as a string.
 */
#include <assert.h>

#include "func/aggregate_impl.h"

static enum status value_write_form(struct strbuf *to, const struct vector *v, uint32_t row, bool arena,
                                    struct error *err)
{
	const struct vector *at;
	row = vector_index(v, row, &at);
	const struct type *t = at->type;
	bool null = at->nulls != NULL && bit_get(at->nulls, row);
	if (t->nullable) {
		strbuf_putc(to, null);
		if (null)
			return OK;
	}
	enum physical p = type_physical(t);
	switch (p) {
	case PHYS_STR: {
		struct str s = strview_str((const struct strview *)at->data + row);
		if (t->id != TYPE_FIXEDSTRING && arena)
			strbuf_put_le(to, s.size + 1, 8);
		else if (t->id != TYPE_FIXEDSTRING)
			strbuf_put_varuint(to, s.size);
		strbuf_puts(to, s);
		if (t->id != TYPE_FIXEDSTRING && arena)
			strbuf_putc(to, '\0');
		return OK;
	}
	case PHYS_ARRAY:
	case PHYS_MAP: {
		const uint32_t *offsets = at->data;
		uint32_t n = offsets[row + 1] - offsets[row];
		if (arena)
			strbuf_put_le(to, n, 8);
		else
			strbuf_put_varuint(to, n);
		for (uint32_t i = offsets[row]; i < offsets[row + 1]; i++)
			for (uint32_t k = 0; k < at->child_count; k++)
				TRY(value_write_form(to, at->children[k], i, arena, err));
		return OK;
	}
	case PHYS_TUPLE:
		for (uint32_t k = 0; k < at->child_count; k++)
			TRY(value_write_form(to, at->children[k], row, arena, err));
		return OK;
	default: {
		size_t width = physical_size(p);
		const char *value = (const char *)at->data + row * width;
		if (t->id == TYPE_IPV6)
			for (size_t i = width; i-- > 0;)
				strbuf_putc(to, value[i]);
		else if (width != 0)
			strbuf_put(to, value, width);
		return OK;
	}
	}
}

enum status agg_value_write(struct strbuf *to, const struct vector *v, uint32_t row, struct error *err)
{
	return value_write_form(to, v, row, false, err);
}

/* Arrays of what is one stretch of memory stand without their length, which the blob's own gives. */
static bool is_contiguous(const struct type *t)
{
	return t->id == TYPE_ARRAY && !t->nullable && !t->children[0]->nullable &&
	       physical_size(type_physical(t->children[0])) != 0 && type_physical(t->children[0]) != PHYS_STR;
}

enum status agg_blob_write(struct strbuf *to, const struct vector *v, uint32_t row, bool contiguous, struct error *err)
{
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at);
	if (type_physical(v->type) == PHYS_STR && !v->type->nullable) {
		strbuf_puts(to, strview_str((const struct strview *)at->data + i));
		return OK;
	}
	if (contiguous && is_contiguous(v->type)) {
		const uint32_t *offsets = at->data;
		for (uint32_t k = offsets[i]; k < offsets[i + 1]; k++)
			TRY(value_write_form(to, at->children[0], k, true, err));
		return OK;
	}
	return value_write_form(to, v, row, true, err);
}

static uint64_t read_length(struct agg_reader *from, bool arena)
{
	uint64_t n;
	if (!arena)
		return agg_get_varuint(from);
	agg_get(from, &n, sizeof n);
	return n;
}

static enum status corrupted(struct error *err)
{
	return ERR(err, E_INCORRECT_DATA, "Cannot read a value in the state of an aggregate function");
}

static enum status read_string(struct builder *to, struct agg_reader *from, bool arena, struct error *err)
{
	const struct type *t = to->type;
	bool nul = arena && t->id != TYPE_FIXEDSTRING;
	uint64_t n = t->id == TYPE_FIXEDSTRING ? t->length : read_length(from, arena);
	if (from->failed || n > (uint64_t)(from->end - from->at) || (nul && n == 0))
		return corrupted(err);
	TRY(builder_string(to, from->at, n - nul, err));
	from->at += n;
	return OK;
}

static enum status value_read_form(struct builder *to, struct agg_reader *from, bool arena, struct error *err)
{
	const struct type *t = to->type;
	uint64_t n;
	if (t->nullable && agg_get_u8(from) != 0)
		return from->failed ? corrupted(err) : builder_null(to, err);
	switch (to->physical) {
	case PHYS_STR: return read_string(to, from, arena, err);
	case PHYS_ARRAY:
	case PHYS_MAP:
		n = read_length(from, arena);
		if (from->failed || n > (uint64_t)(from->end - from->at) + 1)
			return corrupted(err);
		for (uint64_t i = 0; i < n; i++)
			for (uint32_t k = 0; k < to->child_count; k++)
				TRY(value_read_form(to->children[k], from, arena, err));
		return builder_end_array(to, err);
	case PHYS_TUPLE:
		for (uint32_t k = 0; k < to->child_count; k++)
			TRY(value_read_form(to->children[k], from, arena, err));
		return builder_end_tuple(to, err);
	default: {
		uint8_t value[32], turned[32];
		size_t width = physical_size(to->physical);
		agg_get(from, value, width);
		if (from->failed)
			return corrupted(err);
		for (size_t i = 0; i < width; i++)
			turned[i] = value[t->id == TYPE_IPV6 ? width - 1 - i : i];
		return builder_fixed(to, turned, err);
	}
	}
}

enum status agg_value_read(struct builder *to, struct agg_reader *from, struct error *err)
{
	return value_read_form(to, from, false, err);
}

enum status agg_blob_read(struct builder *to, struct str from, bool contiguous, struct error *err)
{
	struct agg_reader r = agg_reader(from);
	if (to->physical == PHYS_STR && !to->type->nullable)
		return builder_string(to, from.data, from.size, err);
	if (!contiguous || !is_contiguous(to->type))
		return value_read_form(to, &r, true, err);
	while (r.at < r.end)
		TRY(value_read_form(to->children[0], &r, true, err));
	return builder_end_array(to, err);
}

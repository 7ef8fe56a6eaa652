// SPDX-License-Identifier: Apache-2.0
#include "storage/value_binary.h"

#include "column/type.h"

static void write_flat(struct strbuf *to, const struct vector *v, uint32_t row)
{
	const struct type *t = v->type;
	if (t->nullable) {
		bool null = v->nulls != NULL && bit_get(v->nulls, row);
		strbuf_putc(to, (char)null);
		if (null)
			return;
	}
	switch (type_physical(t)) {
	case PHYS_STR: {
		struct str s = strview_str((const struct strview *)v->data + row);
		if (t->id == TYPE_FIXEDSTRING) {
			strbuf_puts(to, s);
			for (size_t i = s.size; i < t->length; i++)
				strbuf_putc(to, 0);
		} else {
			strbuf_put_varuint(to, s.size);
			strbuf_puts(to, s);
		}
		return;
	}
	case PHYS_ARRAY:
	case PHYS_MAP: {
		const uint32_t *offset = (const uint32_t *)v->data + row;
		strbuf_put_varuint(to, offset[1] - offset[0]);
		for (uint32_t i = offset[0]; i < offset[1]; i++)
			for (uint32_t k = 0; k < v->child_count; k++)
				value_binary_write(to, v->children[k], i);
		return;
	}
	case PHYS_TUPLE:
		for (uint32_t k = 0; k < v->child_count; k++)
			value_binary_write(to, v->children[k], row);
		return;
	default: {
		size_t width = physical_size(type_physical(t));
		const uint8_t *at = (const uint8_t *)v->data + row * width;
		if (t->id == TYPE_IPV6)
			for (int i = 15; i >= 0; i--)
				strbuf_putc(to, (char)at[i]);
		else
			strbuf_put(to, at, width);
	}
	}
}

void value_binary_write(struct strbuf *to, const struct vector *v, uint32_t row)
{
	const struct vector *at;
	row = vector_index(v, row, &at);
	write_flat(to, at, row);
}

static enum status cut(struct error *err)
{
	return ERR(err, E_CORRUPTED_DATA, "a value ends before its end");
}

static enum status read_fixed(struct cursor *from, struct builder *to, struct error *err)
{
	size_t width = physical_size(to->physical);
	const uint8_t *p = cursor_bytes(from, width);
	uint8_t turned[32];
	if (p == NULL)
		return cut(err);
	if (to->type->id == TYPE_IPV6) {
		for (int i = 0; i < 16; i++)
			turned[i] = p[15 - i];
		p = turned;
	}
	return builder_fixed(to, p, err);
}

enum status value_binary_read(struct cursor *from, struct builder *to, struct error *err)
{
	if (to->type->nullable) {
		const uint8_t *null = cursor_bytes(from, 1);
		if (null == NULL)
			return cut(err);
		if (*null != 0)
			return builder_null(to, err);
	}
	return value_binary_read_plain(from, to, err);
}

enum status value_binary_read_plain(struct cursor *from, struct builder *to, struct error *err)
{
	const struct type *t = to->type;
	switch (to->physical) {
	case PHYS_STR: {
		struct str s;
		if (t->id == TYPE_FIXEDSTRING)
			s = (struct str){(const char *)cursor_bytes(from, t->length), t->length};
		else
			s = cursor_str(from);
		return from->failed ? cut(err) : builder_string(to, s.data, s.size, err);
	}
	case PHYS_ARRAY:
	case PHYS_MAP: {
		uint64_t n = cursor_varuint(from);
		if (n > cursor_left(from))
			return cut(err);
		for (uint64_t i = 0; i < n; i++)
			for (uint32_t k = 0; k < to->child_count; k++)
				TRY(value_binary_read(from, to->children[k], err));
		return builder_end_array(to, err);
	}
	case PHYS_TUPLE:
		for (uint32_t k = 0; k < to->child_count; k++)
			TRY(value_binary_read(from, to->children[k], err));
		return builder_end_tuple(to, err);
	default:
		return read_fixed(from, to, err);
	}
}

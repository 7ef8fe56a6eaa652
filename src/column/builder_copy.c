// SPDX-License-Identifier: Apache-2.0
/* Rows of vectors appended to builders. */
#include <assert.h>

#include "column/builder.h"

/* Keeps alive what copied views point to. Copying a view is cheap, the heaps behind it may be shared by many. */
static enum status keep_heaps(struct builder *b, const struct vector *v, struct error *err)
{
	for (uint32_t k = 0; k < v->heap_count; k++)
		TRY(builder_keep(b, v->heaps[k], err));
	return OK;
}

static enum status append_nulls(struct builder *b, uint32_t at, const struct vector *v, uint32_t from, uint32_t n,
                                struct error *err)
{
	if (v->nulls == NULL || bits_next_set(v->nulls, from, (size_t)from + n) == (size_t)from + n)
		return OK;
	TRY(builder_make_nulls(b, at + n, err));
	bits_copy((uint64_t *)b->nulls->data, at, v->nulls, from, n);
	return OK;
}

/* Strings that no heap holds are in somebody's arena, which may be gone before the builder: they are copied. */
static enum status copy_strings(struct builder *b, const struct vector *v, uint32_t from, uint32_t n, struct error *err)
{
	const struct strview *views = v->data;
	for (uint32_t i = from; i < from + n; i++) {
		bool null = v->nulls != NULL && bit_get(v->nulls, i);
		if (null || views[i].size <= STRVIEW_INLINE)
			memcpy(builder_next(b, sizeof views[i]), &views[i], sizeof views[i]);
		else
			TRY(builder_string(b, views[i].far.pointer, views[i].size, err));
	}
	return OK;
}

/* Rows [from, from + n) of FLAT data. */
static enum status range_flat(struct builder *b, const struct vector *v, uint32_t from, uint32_t n, struct error *err)
{
	uint32_t at = b->count;
	size_t width = physical_size(b->physical);
	TRY(builder_reserve(b, n, err));
	if (b->physical == PHYS_STR && v->heap_count == 0) {
		TRY(copy_strings(b, v, from, n, err));
		return append_nulls(b, at, v, from, n, err);
	} else if (b->physical == PHYS_STR) {
		TRY(keep_heaps(b, v, err));
	} else if (b->physical == PHYS_ARRAY || b->physical == PHYS_MAP) {
		const uint32_t *in = (const uint32_t *)v->data + from;
		uint32_t *out = (uint32_t *)b->data->data + at;
		uint32_t base = out[0];
		for (uint32_t k = 0; k < b->child_count; k++)
			TRY(builder_range(b->children[k], v->children[k], in[0], in[n] - in[0], err));
		for (uint32_t i = 1; i <= n; i++)
			out[i] = base + (in[i] - in[0]);
	} else if (b->physical == PHYS_TUPLE) {
		for (uint32_t k = 0; k < b->child_count; k++)
			TRY(builder_range(b->children[k], v->children[k], from, n, err));
	}
	TRY(append_nulls(b, at, v, from, n, err));
	if (width != 0)
		memcpy(b->data->data + at * width, (const char *)v->data + from * width, n * width);
	b->count = at + n;
	return OK;
}

enum status builder_range(struct builder *b, const struct vector *v, uint32_t from, uint32_t n, struct error *err)
{
	assert(b->physical == type_physical(v->type) && (uint64_t)from + n <= v->count);
	uint32_t at = b->count;
	enum status s = OK;
	if (n == 0)
		return OK;
	if (v->form == VECTOR_FLAT)
		s = range_flat(b, v, from, n, err);
	else if (v->form == VECTOR_DICT)
		s = builder_rows(b, v->children[0], (const uint32_t *)v->data + from, n, err);
	else
		for (uint32_t i = 0; i < n && s == OK; i++)
			s = range_flat(b, v, 0, 1, err);
	if (s != OK)
		builder_truncate(b, at);
	return s;
}

enum status builder_row(struct builder *b, const struct vector *v, uint32_t i, struct error *err)
{
	const struct vector *at;
	uint32_t count = b->count;
	i = vector_index(v, i, &at);
	enum status s = range_flat(b, at, i, 1, err);
	if (s != OK)
		builder_truncate(b, count);
	return s;
}

/* Inlined with a constant width. */
__attribute__((always_inline)) static inline void scatter_width(char *restrict out, const char *restrict in,
                                                                const uint32_t *restrict rows, uint32_t n, size_t width)
{
	for (uint32_t i = 0; i < n; i++)
		memcpy(out + i * width, in + rows[i] * width, width);
}

static enum status rows_flat(struct builder *b, const struct vector *v, const uint32_t *rows, uint32_t n,
                             struct error *err)
{
	uint32_t at = b->count;
	size_t width = physical_size(b->physical);
	TRY(builder_reserve(b, n, err));
	if (b->physical == PHYS_STR)
		TRY(keep_heaps(b, v, err));
	if (v->nulls != NULL) {
		bool any = false;
		for (uint32_t i = 0; i < n && !any; i++)
			any = bit_get(v->nulls, rows[i]);
		if (any) {
			TRY(builder_make_nulls(b, at + n, err));
			for (uint32_t i = 0; i < n; i++)
				if (bit_get(v->nulls, rows[i]))
					bit_set((uint64_t *)b->nulls->data, at + i);
		}
	}
	char *out = (char *)b->data->data + at * width;
	switch (width) {
	case 1: scatter_width(out, v->data, rows, n, 1); break;
	case 2: scatter_width(out, v->data, rows, n, 2); break;
	case 4: scatter_width(out, v->data, rows, n, 4); break;
	case 8: scatter_width(out, v->data, rows, n, 8); break;
	case 16: scatter_width(out, v->data, rows, n, 16); break;
	default: scatter_width(out, v->data, rows, n, 32); break;
	}
	b->count = at + n;
	return OK;
}

enum status builder_rows(struct builder *b, const struct vector *v, const uint32_t *rows, uint32_t n,
                         struct error *err)
{
	assert(b->physical == type_physical(v->type));
	uint32_t at = b->count;
	enum status s = OK;
	if (n == 0)
		return OK;
	if (v->form == VECTOR_FLAT && physical_size(b->physical) != 0)
		s = rows_flat(b, v, rows, n, err);
	else
		for (uint32_t i = 0; i < n && s == OK; i++)
			s = builder_row(b, v, rows[i], err);
	if (s != OK)
		builder_truncate(b, at);
	return s;
}

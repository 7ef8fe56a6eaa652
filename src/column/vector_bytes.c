// SPDX-License-Identifier: Apache-2.0
#include "column/vector_bytes.h"

/* ---- writing ---- */

static enum status put_flat(struct strbuf *to, const struct vector *v, struct memtrack *track, struct error *err);

static void put_strings(struct strbuf *to, const struct vector *v)
{
	const struct strview *views = v->data;
	size_t bytes = 0;
	if (!strbuf_reserve(to, (size_t)v->count * sizeof(uint32_t)))
		return;
	char *sizes = to->data + to->size;
	for (uint32_t i = 0; i < v->count; i++) {
		bool null = v->nulls != NULL && bit_get(v->nulls, i);
		uint32_t size = null ? 0 : views[i].size;
		memcpy(sizes + (size_t)i * sizeof size, &size, sizeof size);
		bytes += size;
	}
	to->size += (size_t)v->count * sizeof(uint32_t);
	if (!strbuf_reserve(to, bytes))
		return;
	for (uint32_t i = 0; i < v->count; i++)
		if (v->nulls == NULL || !bit_get(v->nulls, i)) {
			memcpy(to->data + to->size, strview_data(&views[i]), views[i].size);
			to->size += views[i].size;
		}
}

static enum status put_elements(struct strbuf *to, const struct vector *v, struct memtrack *track, struct error *err)
{
	const uint32_t *offsets = v->data;
	uint32_t first = offsets[0], total = offsets[v->count] - first;
	for (uint32_t i = 0; i <= v->count; i++) {
		uint32_t at = offsets[i] - first;
		strbuf_put(to, &at, sizeof at);
	}
	for (uint32_t k = 0; k < v->child_count; k++) {
		struct vector *part;
		TRY(vector_slice(track, v->children[k], first, total, &part, err));
		enum status s = vector_bytes_put(to, part, track, err);
		vector_unref(part);
		TRY(s);
	}
	return OK;
}

static enum status put_flat(struct strbuf *to, const struct vector *v, struct memtrack *track, struct error *err)
{
	enum physical p = type_physical(v->type);
	bool nulls = v->nulls != NULL;
	strbuf_putc(to, nulls);
	if (nulls)
		strbuf_put(to, v->nulls, bits_words(v->count) * sizeof *v->nulls);
	switch (p) {
	case PHYS_STR:
		put_strings(to, v);
		return OK;
	case PHYS_ARRAY:
	case PHYS_MAP:
		return put_elements(to, v, track, err);
	case PHYS_TUPLE:
		for (uint32_t k = 0; k < v->child_count; k++)
			TRY(vector_bytes_put(to, v->children[k], track, err));
		return OK;
	default:
		strbuf_put(to, v->data, (size_t)v->count * physical_size(p));
		return OK;
	}
}

enum status vector_bytes_put(struct strbuf *to, const struct vector *v, struct memtrack *track, struct error *err)
{
	struct vector *flat;
	TRY(vector_flatten(track, v, &flat, err));
	enum status s = put_flat(to, flat, track, err);
	vector_unref(flat);
	return s;
}

/* ---- reading ---- */

static enum status damaged(struct error *err)
{
	return ERR(err, E_CORRUPTED_DATA, "a block of a temporary file is damaged");
}

const uint8_t *vector_bytes_take(struct vector_bytes *from, size_t size)
{
	if ((size_t)(from->end - from->at) < size)
		return NULL;
	const uint8_t *at = from->at;
	from->at += size;
	return at;
}

static enum status get_strings(struct vector_bytes *from, struct vector *v, struct error *err)
{
	struct strview *views = v->data;
	const uint8_t *sizes = vector_bytes_take(from, (size_t)v->count * sizeof(uint32_t));
	bool far = false;
	if (sizes == NULL)
		return damaged(err);
	for (uint32_t i = 0; i < v->count; i++) {
		uint32_t size;
		memcpy(&size, sizes + (size_t)i * sizeof size, sizeof size);
		const uint8_t *text = vector_bytes_take(from, size);
		if (text == NULL)
			return damaged(err);
		views[i] = strview_make((const char *)text, size);
		far |= size > STRVIEW_INLINE;
	}
	return far ? vector_add_heap(v, from->owner, err) : OK;
}

static enum status get_elements(struct vector_bytes *from, struct vector *v, struct error *err)
{
	size_t size = ((size_t)v->count + 1) * sizeof(uint32_t);
	const uint8_t *bytes = vector_bytes_take(from, size);
	if (bytes == NULL)
		return damaged(err);
	uint32_t *offsets = v->data;
	memcpy(offsets, bytes, size);
	for (uint32_t i = 0; i < v->count; i++)
		if (offsets[i] > offsets[i + 1])
			return damaged(err);
	for (uint32_t k = 0; k < v->child_count; k++)
		TRY(vector_bytes_get(from, v->type->children[k], offsets[v->count], &v->children[k], err));
	return offsets[0] == 0 ? OK : damaged(err);
}

static enum status get_values(struct vector_bytes *from, struct vector *v, struct error *err)
{
	enum physical p = type_physical(v->type);
	const uint8_t *nulls = vector_bytes_take(from, 1);
	if (nulls == NULL)
		return damaged(err);
	if (*nulls != 0) {
		size_t size = bits_words(v->count) * sizeof *v->nulls;
		const uint8_t *bits = vector_bytes_take(from, size);
		if (bits == NULL)
			return damaged(err);
		TRY(vector_make_nulls(v, from->track, err));
		memcpy(v->nulls, bits, size);
	}
	switch (p) {
	case PHYS_STR:
		return get_strings(from, v, err);
	case PHYS_ARRAY:
	case PHYS_MAP:
		return get_elements(from, v, err);
	case PHYS_TUPLE:
		for (uint32_t k = 0; k < v->child_count; k++)
			TRY(vector_bytes_get(from, v->type->children[k], v->count, &v->children[k], err));
		return OK;
	default: {
		size_t size = (size_t)v->count * physical_size(p);
		const uint8_t *bytes = vector_bytes_take(from, size);
		if (bytes == NULL)
			return damaged(err);
		if (size != 0)
			memcpy(v->data, bytes, size);
		return OK;
	}
	}
}

enum status vector_bytes_get(struct vector_bytes *from, const struct type *type, uint32_t count, struct vector **out,
                             struct error *err)
{
	struct vector *v;
	TRY(vector_new(from->track, type, count, &v, err));
	enum status s = get_values(from, v, err);
	if (s != OK) {
		vector_unref(v);
		return s;
	}
	*out = v;
	return OK;
}

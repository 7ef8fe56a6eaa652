// SPDX-License-Identifier: Apache-2.0
#include "column/builder.h"

#include <assert.h>
#include <stdlib.h>

enum { HEAP_FIRST = 4096, HEAP_MAX = 1 << 20, ROWS_FIRST = 64 };

static bool has_offsets(const struct builder *b)
{
	return b->physical == PHYS_ARRAY || b->physical == PHYS_MAP;
}

enum status builder_new(struct memtrack *track, const struct type *type, struct builder **out, struct error *err)
{
	enum physical p = type_physical(type);
	bool nested = p == PHYS_ARRAY || p == PHYS_MAP || p == PHYS_TUPLE;
	struct builder *b = calloc(1, sizeof *b);
	if (b == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a builder");
	b->type = type;
	b->physical = p;
	b->track = track;
	enum status s = OK;
	if (nested && type->child_count != 0) {
		b->children = calloc(type->child_count, sizeof(struct builder *));
		if (b->children == NULL)
			s = ERR(err, E_CANNOT_ALLOCATE, "cannot allocate %u builders", type->child_count);
		for (; b->child_count < type->child_count && s == OK; b->child_count++)
			s = builder_new(track, type->children[b->child_count], &b->children[b->child_count], err);
	}
	if (s != OK) {
		builder_free(b);
		return s;
	}
	*out = b;
	return OK;
}

static void drop_heaps(struct builder *b)
{
	for (uint32_t k = 0; k < b->heap_count; k++)
		buffer_unref(b->heaps[k]);
	free(b->heaps);
	b->heaps = NULL;
	b->heap_count = b->heap_capacity = 0;
	b->heap_used = 0;
}

void builder_free(struct builder *b)
{
	if (b == NULL)
		return;
	for (uint32_t k = 0; k < b->child_count; k++)
		builder_free(b->children[k]);
	free(b->children);
	drop_heaps(b);
	buffer_unref(b->data);
	buffer_unref(b->nulls);
	free(b);
}

/* Makes the bitmap cover `rows` rows and all that the data has room for, with zeros where it is new. */
static enum status reserve_nulls(struct builder *b, uint64_t rows, struct error *err)
{
	size_t width = has_offsets(b) ? sizeof(uint32_t) : physical_size(b->physical);
	if (b->data != NULL && rows < b->data->size / width)
		rows = b->data->size / width;
	size_t want = bits_words(rows) * sizeof(uint64_t);
	size_t old = b->nulls == NULL ? 0 : b->nulls->size;
	if (old >= want)
		return OK;
	TRY(buffer_reserve(&b->nulls, b->track, want, old, err));
	memset(b->nulls->data + old, 0, b->nulls->size - old);
	return OK;
}

enum status builder_make_nulls(struct builder *b, uint32_t rows, struct error *err)
{
	return reserve_nulls(b, rows, err);
}

__attribute__((cold)) static enum status grow(struct builder *b, uint64_t rows, struct error *err)
{
	if (rows >= UINT32_MAX)
		return ERR(err, E_TOO_MANY_ROWS, "a column in memory cannot hold %llu values", (unsigned long long)rows);
	bool offsets = has_offsets(b);
	size_t width = offsets ? sizeof(uint32_t) : physical_size(b->physical);
	if (rows < ROWS_FIRST)
		rows = ROWS_FIRST;
	if (width != 0) {
		bool fresh = b->data == NULL;
		TRY(buffer_reserve(&b->data, b->track, (rows + offsets) * width, fresh ? 0 : (b->count + offsets) * width, err));
		if (fresh && offsets)
			memset(b->data->data, 0, sizeof(uint32_t));
	}
	return OK;
}

enum status builder_reserve(struct builder *b, uint32_t more, struct error *err)
{
	uint64_t rows = (uint64_t)b->count + more;
	bool offsets = has_offsets(b);
	size_t width = offsets ? sizeof(uint32_t) : physical_size(b->physical);
	if (width != 0 && unlikely(b->data == NULL || b->data->size < (rows + offsets) * width))
		TRY(grow(b, rows, err));
	if (b->nulls != NULL)
		TRY(reserve_nulls(b, rows, err));
	if (b->physical == PHYS_TUPLE)
		for (uint32_t k = 0; k < b->child_count; k++)
			TRY(builder_reserve(b->children[k], more, err));
	return OK;
}

static enum status add_heap(struct builder *b, struct buffer *heap, bool fill, struct error *err)
{
	if (b->heap_count == b->heap_capacity) {
		uint32_t capacity = b->heap_capacity == 0 ? 4 : b->heap_capacity * 2;
		struct buffer **heaps = realloc(b->heaps, capacity * sizeof *heaps);
		if (heaps == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a list of %u heaps", capacity);
		b->heaps = heaps;
		b->heap_capacity = capacity;
	}
	/* the heap being filled stays last */
	if (fill || b->heap_count == 0) {
		b->heaps[b->heap_count++] = heap;
		b->heap_used = fill ? 0 : heap->size;
	} else {
		b->heaps[b->heap_count] = b->heaps[b->heap_count - 1];
		b->heaps[b->heap_count - 1] = heap;
		b->heap_count++;
	}
	return OK;
}

/* A place for `size` bytes of payload. A large one gets a heap of its own. */
__attribute__((noinline)) static enum status new_heap(struct builder *b, size_t size, char **out, struct error *err)
{
	size_t last = b->heap_count == 0 ? 0 : b->heaps[b->heap_count - 1]->size;
	size_t want = last == 0 ? HEAP_FIRST : last * 2 > HEAP_MAX ? HEAP_MAX : last * 2;
	bool own = size > want / 4 && last != 0;
	struct buffer *heap;
	TRY(buffer_new(b->track, own || size > want ? size : want, &heap, err));
	enum status s = add_heap(b, heap, !own, err);
	if (s != OK) {
		buffer_unref(heap);
		return s;
	}
	*out = (char *)heap->data;
	if (!own)
		b->heap_used = size;
	return OK;
}

static inline enum status heap_place(struct builder *b, size_t size, char **out, struct error *err)
{
	if (b->heap_count == 0 || b->heaps[b->heap_count - 1]->size - b->heap_used < size)
		return new_heap(b, size, out, err);
	*out = (char *)b->heaps[b->heap_count - 1]->data + b->heap_used;
	b->heap_used += size;
	return OK;
}

enum status builder_string(struct builder *b, const char *data, size_t size, struct error *err)
{
	assert(b->physical == PHYS_STR);
	if (unlikely(size > STRING_SIZE_MAX))
		return ERR(err, E_STRING_TOO_LONG, "a string of %zu bytes is longer than the limit of %u", size,
		           (unsigned)STRING_SIZE_MAX);
	if (unlikely(b->data == NULL || b->data->size < ((size_t)b->count + 1) * sizeof(struct strview)))
		TRY(builder_reserve(b, 1, err));
	struct strview v;
	if (size <= STRVIEW_INLINE) {
		v = strview_make(data, size);
	} else {
		char *place;
		TRY(heap_place(b, size, &place, err));
		memcpy(place, data, size);
		v = strview_make(place, size);
	}
	memcpy(builder_next(b, sizeof v), &v, sizeof v);
	return OK;
}

enum status builder_string_place(struct builder *b, size_t size, char **out, struct error *err)
{
	assert(b->physical == PHYS_STR && size > STRVIEW_INLINE);
	if (unlikely(size > STRING_SIZE_MAX))
		return ERR(err, E_STRING_TOO_LONG, "a string of %zu bytes is longer than the limit of %u", size,
		           (unsigned)STRING_SIZE_MAX);
	return heap_place(b, size, out, err);
}

enum status builder_view(struct builder *b, struct strview v, struct error *err)
{
	assert(b->physical == PHYS_STR);
	TRY(builder_reserve(b, 1, err));
	memcpy(builder_next(b, sizeof v), &v, sizeof v);
	return OK;
}

enum status builder_keep(struct builder *b, struct buffer *heap, struct error *err)
{
	enum { LOOK_BACK = 8 };
	for (uint32_t k = b->heap_count, n = 0; k > 0 && n < LOOK_BACK; k--, n++)
		if (b->heaps[k - 1] == heap)
			return OK;
	enum status s = add_heap(b, buffer_ref(heap), false, err);
	if (s != OK)
		buffer_unref(heap);
	return s;
}

enum status builder_fixed(struct builder *b, const void *value, struct error *err)
{
	size_t width = physical_size(b->physical);
	/* where the data has room, so has the bitmap */
	if (unlikely(b->data == NULL || b->data->size < ((size_t)b->count + 1) * width))
		TRY(builder_reserve(b, 1, err));
	switch (width) {
	case 1: memcpy(builder_next(b, 1), value, 1); return OK;
	case 2: memcpy(builder_next(b, 2), value, 2); return OK;
	case 4: memcpy(builder_next(b, 4), value, 4); return OK;
	case 8: memcpy(builder_next(b, 8), value, 8); return OK;
	case 16: memcpy(builder_next(b, 16), value, 16); return OK;
	case 32: memcpy(builder_next(b, 32), value, 32); return OK;
	default: b->count++; return OK;
	}
}

/* The default without regard to Nullable. */
static enum status append_default(struct builder *b, struct error *err)
{
	if (b->physical == PHYS_STR) {
		static const char zeros[1024];
		size_t size = type_default_size(b->type);
		if (size <= sizeof zeros)
			return builder_string(b, zeros, size, err);
		TRY(builder_reserve(b, 1, err));
		char *place;
		TRY(builder_string_place(b, size, &place, err));
		memset(place, 0, size);
		return builder_view(b, strview_make(place, size), err);
	}
	if (has_offsets(b))
		return builder_end_array(b, err);
	if (b->physical == PHYS_TUPLE) {
		for (uint32_t k = 0; k < b->child_count; k++) {
			enum status s = builder_default(b->children[k], err);
			if (s != OK) {
				builder_truncate(b, b->count);
				return s;
			}
		}
		return builder_end_tuple(b, err);
	}
	union type_default d = type_default_value(b->type);
	return builder_fixed(b, d.bytes, err);
}

enum status builder_null(struct builder *b, struct error *err)
{
	assert(b->type->nullable);
	TRY(reserve_nulls(b, (uint64_t)b->count + 1, err));
	TRY(append_default(b, err));
	bit_set((uint64_t *)b->nulls->data, b->count - 1);
	return OK;
}

enum status builder_default(struct builder *b, struct error *err)
{
	return b->type->nullable ? builder_null(b, err) : append_default(b, err);
}

enum status builder_end_array(struct builder *b, struct error *err)
{
	assert(has_offsets(b));
	assert(b->physical != PHYS_MAP || b->children[0]->count == b->children[1]->count);
	TRY(builder_reserve(b, 1, err));
	((uint32_t *)b->data->data)[++b->count] = b->children[0]->count;
	return OK;
}

enum status builder_end_tuple(struct builder *b, struct error *err)
{
	assert(b->physical == PHYS_TUPLE);
	if (b->nulls != NULL)
		TRY(reserve_nulls(b, (uint64_t)b->count + 1, err));
	b->count++;
	return OK;
}

void builder_truncate(struct builder *b, uint32_t count)
{
	assert(count <= b->count);
	if (b->nulls != NULL)
		bits_fill((uint64_t *)b->nulls->data, count, b->count, false);
	b->count = count;
	for (uint32_t k = 0; k < b->child_count; k++) {
		uint32_t rows = count;
		if (b->physical != PHYS_TUPLE)
			rows = b->data == NULL ? 0 : ((const uint32_t *)b->data->data)[count];
		builder_truncate(b->children[k], rows);
	}
}

enum status builder_finish(struct builder *b, struct vector **out, struct error *err)
{
	struct vector *v;
	if (b->count == 0) {
		drop_heaps(b);
		return vector_empty(b->track, b->type, out, err);
	}
	TRY(vector_new(b->track, b->type, 0, &v, err));
	enum status s = OK;
	for (uint32_t k = 0; k < b->child_count && s == OK; k++)
		s = builder_finish(b->children[k], &v->children[k], err);
	if (s != OK) {
		vector_unref(v);
		return s;
	}
	v->count = b->count;
	buffer_unref(v->data_buffer);
	v->data_buffer = b->data;
	v->data = b->data == NULL ? NULL : b->data->data;
	v->null_buffer = b->nulls;
	v->nulls = b->nulls == NULL ? NULL : (uint64_t *)b->nulls->data;
	v->heaps = b->heaps;
	v->heap_count = b->heap_count;
	v->heap_capacity = b->heap_capacity;
	b->data = b->nulls = NULL;
	b->heaps = NULL;
	b->heap_count = b->heap_capacity = 0;
	b->heap_used = 0;
	b->count = 0;
	*out = v;
	return OK;
}

enum status builder_close(struct builder *b, enum status filled, struct vector **out, struct error *err)
{
	if (filled == OK)
		filled = builder_finish(b, out, err);
	builder_free(b);
	return filled;
}

// SPDX-License-Identifier: Apache-2.0
/* Vectors made from vectors: constants, slices, gathers, concatenation. */
#include <assert.h>
#include <stdlib.h>

#include "column/vector.h"

/* For constants: `n` times row 0. */
static const uint32_t zero_rows[BATCH_ROWS_MAX];

static enum status gather_flat(struct memtrack *track, const struct vector *v, const uint32_t *rows, uint32_t n,
                               struct vector **out, struct error *err);

/* Inlined with a constant width, so that each call is one loop of loads and stores of that width. */
__attribute__((always_inline)) static inline void gather_width(char *restrict out, const char *restrict in,
                                                               const uint32_t *restrict rows, uint32_t n, size_t width)
{
	for (uint32_t i = 0; i < n; i++)
		memcpy(out + i * width, in + rows[i] * width, width);
}

static void gather_bytes(char *out, const char *in, const uint32_t *rows, uint32_t n, size_t width)
{
	switch (width) {
	case 1: gather_width(out, in, rows, n, 1); return;
	case 2: gather_width(out, in, rows, n, 2); return;
	case 4: gather_width(out, in, rows, n, 4); return;
	case 8: gather_width(out, in, rows, n, 8); return;
	case 16: gather_width(out, in, rows, n, 16); return;
	case 32: gather_width(out, in, rows, n, 32); return;
	default: assert(width == 0); return;
	}
}

static enum status gather_nulls(struct memtrack *track, struct vector *to, const struct vector *v,
                                const uint32_t *rows, uint32_t n, struct error *err)
{
	if (v->nulls == NULL || n == 0)
		return OK;
	TRY(vector_make_nulls(to, track, err));
	for (uint32_t i = 0; i < n; i += 64) {
		uint64_t word = 0;
		uint32_t end = n - i < 64 ? n - i : 64;
		for (uint32_t k = 0; k < end; k++)
			word |= (uint64_t)bit_get(v->nulls, rows[i + k]) << k;
		to->nulls[i / 64] = word;
	}
	return OK;
}

/* Array and Map: new offsets, and the list of the elements' rows for the children. */
static enum status gather_ranges(struct memtrack *track, struct vector *to, const struct vector *v,
                                 const uint32_t *rows, uint32_t n, struct error *err)
{
	const uint32_t *from = v->data;
	uint32_t *offsets = to->data;
	uint64_t total = 0;
	offsets[0] = 0;
	for (uint32_t i = 0; i < n; i++) {
		total += from[rows[i] + 1] - from[rows[i]];
		if (total > UINT32_MAX)
			return ERR(err, E_TOO_MANY_ROWS, "arrays of one batch hold more than %u elements", UINT32_MAX);
		offsets[i + 1] = (uint32_t)total;
	}
	struct buffer *list;
	TRY(buffer_new(track, total * sizeof(uint32_t), &list, err));
	uint32_t *elements = (uint32_t *)list->data;
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t e = from[rows[i]]; e < from[rows[i] + 1]; e++)
			*elements++ = e;
	enum status s = OK;
	for (uint32_t k = 0; k < v->child_count && s == OK; k++)
		s = vector_gather(track, v->children[k], (const uint32_t *)list->data, (uint32_t)total, &to->children[k], err);
	buffer_unref(list);
	return s;
}

/* Rows of v's own data: v is FLAT, or CONST and all rows are 0. */
static enum status gather_flat(struct memtrack *track, const struct vector *v, const uint32_t *rows, uint32_t n,
                               struct vector **out, struct error *err)
{
	struct vector *to;
	TRY(vector_new(track, v->type, n, &to, err));
	enum physical p = type_physical(v->type);
	enum status s = OK;
	if (p == PHYS_ARRAY || p == PHYS_MAP)
		s = gather_ranges(track, to, v, rows, n, err);
	else if (p == PHYS_TUPLE)
		for (uint32_t k = 0; k < v->child_count && s == OK; k++)
			s = vector_gather(track, v->children[k], rows, n, &to->children[k], err);
	else if (n != 0)
		gather_bytes(to->data, v->data, rows, n, physical_size(p));
	if (s == OK && p == PHYS_STR)
		s = vector_share_heaps(to, v, err);
	if (s == OK)
		s = gather_nulls(track, to, v, rows, n, err);
	if (s != OK) {
		vector_unref(to);
		return s;
	}
	*out = to;
	return OK;
}

enum status vector_gather(struct memtrack *track, const struct vector *v, const uint32_t *rows, uint32_t n,
                          struct vector **out, struct error *err)
{
	if (v->form == VECTOR_FLAT)
		return gather_flat(track, v, rows, n, out, err);
	if (v->form == VECTOR_CONST) {
		TRY(vector_share(v, out, err));
		(*out)->count = n;
		return OK;
	}
	TRY(vector_new_dict(track, v->children[0], n, out, err));
	if (n != 0)
		gather_width((*out)->data, v->data, rows, n, sizeof(uint32_t));
	return OK;
}

static enum status flatten_constant(struct memtrack *track, const struct vector *v, struct vector **out,
                                    struct error *err)
{
	if (v->count <= BATCH_ROWS_MAX)
		return gather_flat(track, v, zero_rows, v->count, out, err);
	struct buffer *rows;
	TRY(buffer_new(track, (size_t)v->count * sizeof(uint32_t), &rows, err));
	memset(rows->data, 0, (size_t)v->count * sizeof(uint32_t));
	enum status s = gather_flat(track, v, (const uint32_t *)rows->data, v->count, out, err);
	buffer_unref(rows);
	return s;
}

enum status vector_flatten(struct memtrack *track, const struct vector *v, struct vector **out, struct error *err)
{
	if (v->form == VECTOR_FLAT) {
		*out = vector_ref(v);
		return OK;
	}
	if (v->form == VECTOR_CONST)
		return flatten_constant(track, v, out, err);
	return gather_flat(track, v->children[0], v->data, v->count, out, err);
}

/* Bits [from, from + count) of the nulls; shared where the bitmap's invariants allow it. */
static enum status slice_nulls(struct memtrack *track, struct vector *to, const struct vector *v, uint32_t from,
                               uint32_t count, struct error *err)
{
	if (v->nulls == NULL || count == 0 || bits_next_set(v->nulls, from, (size_t)from + count) == (size_t)from + count)
		return OK;
	if (from % 64 == 0 && from + count == v->count && v->null_buffer != NULL) {
		to->nulls = v->nulls + from / 64;
		to->null_buffer = buffer_ref(v->null_buffer);
		return OK;
	}
	TRY(vector_make_nulls(to, track, err));
	bits_copy(to->nulls, 0, v->nulls, from, count);
	return OK;
}

static enum status slice_flat(struct memtrack *track, const struct vector *v, uint32_t from, uint32_t count,
                              struct vector **out, struct error *err)
{
	struct vector *to;
	enum physical p = type_physical(v->type);
	TRY(vector_share(v, &to, err));
	to->count = count;
	buffer_unref(to->null_buffer);
	to->null_buffer = NULL;
	to->nulls = NULL;
	enum status s = slice_nulls(track, to, v, from, count, err);
	if (p == PHYS_ARRAY || p == PHYS_MAP) {
		to->data = (uint32_t *)v->data + from;
	} else if (p != PHYS_TUPLE) {
		to->data = v->data == NULL ? NULL : (char *)v->data + from * physical_size(p);
	} else {
		for (uint32_t k = 0; k < v->child_count && s == OK; k++) {
			struct vector *child;
			s = vector_slice(track, v->children[k], from, count, &child, err);
			if (s == OK) {
				vector_unref(to->children[k]);
				to->children[k] = child;
			}
		}
	}
	if (s != OK) {
		vector_unref(to);
		return s;
	}
	*out = to;
	return OK;
}

enum status vector_slice(struct memtrack *track, const struct vector *v, uint32_t from, uint32_t count,
                         struct vector **out, struct error *err)
{
	assert((uint64_t)from + count <= v->count);
	if (from == 0 && count == v->count) {
		*out = vector_ref(v);
		return OK;
	}
	if (v->form == VECTOR_FLAT)
		return slice_flat(track, v, from, count, out, err);
	TRY(vector_share(v, out, err));
	(*out)->count = count;
	if (v->form == VECTOR_DICT)
		(*out)->data = (uint32_t *)v->data + from;
	return OK;
}

enum status vector_constant(struct memtrack *track, const struct vector *v, uint32_t row, uint32_t count,
                            struct vector **out, struct error *err)
{
	const struct vector *at;
	assert(row < v->count);
	row = vector_index(v, row, &at);
	if (at->form == VECTOR_CONST) {
		TRY(vector_share(at, out, err));
	} else {
		struct vector *one;
		TRY(slice_flat(track, at, row, 1, &one, err));
		one->form = VECTOR_CONST;
		*out = one;
	}
	(*out)->count = count;
	return OK;
}

/* One FLAT row of the type's default; NULL where nullable. */
static enum status default_row(struct memtrack *track, const struct type *type, struct vector **out,
                               struct error *err)
{
	struct vector *v;
	enum physical p = type_physical(type);
	TRY(vector_new(track, type, 1, &v, err));
	enum status s = OK;
	if (p == PHYS_ARRAY || p == PHYS_MAP)
		((uint32_t *)v->data)[1] = 0;
	else if (p != PHYS_TUPLE && p != PHYS_NONE)
		memcpy(v->data, &(union type_default){0}, physical_size(p));
	for (uint32_t k = 0; k < v->child_count && s == OK; k++)
		s = p == PHYS_TUPLE ? default_row(track, type->children[k], &v->children[k], err)
		                    : vector_empty(track, type->children[k], &v->children[k], err);
	if (s == OK && p == PHYS_STR && type_default_size(type) != 0) {
		char *zeros;
		s = vector_heap(v, track, type_default_size(type), &zeros, err);
		if (s == OK) {
			memset(zeros, 0, type_default_size(type));
			*(struct strview *)v->data = strview_make(zeros, type_default_size(type));
		}
	} else if (s == OK && type->value_count != 0) {
		union type_default d = type_default_value(type);
		memcpy(v->data, &d, physical_size(p));
	}
	if (s == OK && type->nullable) {
		s = vector_make_nulls(v, track, err);
		if (s == OK)
			bit_set(v->nulls, 0);
	}
	if (s != OK) {
		vector_unref(v);
		return s;
	}
	*out = v;
	return OK;
}

enum status vector_default_constant(struct memtrack *track, const struct type *type, uint32_t count,
                                    struct vector **out, struct error *err)
{
	TRY(default_row(track, type, out, err));
	(*out)->form = VECTOR_CONST;
	(*out)->count = count;
	return OK;
}

enum status vector_missing_constant(struct memtrack *track, const struct type *type, uint32_t count,
                                    struct vector **out, struct error *err)
{
	const int32_t first_day = -25567; /* 1900-01-01 */
	TRY(vector_default_constant(track, type, count, out, err));
	if (type->id == TYPE_DATE32 && !type->nullable && type->face == FACE_DEFAULT)
		memcpy((*out)->data, &first_day, sizeof first_day);
	return OK;
}

enum status vector_null_constant(struct memtrack *track, const struct type *type, uint32_t count, struct vector **out,
                                 struct error *err)
{
	return vector_default_constant(track, type, count, out, err);
}

/* Appends the offsets of `v` behind `at` rows of `to`, rebased to the elements that came before. */
static enum status concat_offsets(struct vector *to, uint32_t at, const struct vector *v, uint64_t *base,
                                  struct error *err)
{
	const uint32_t *in = v->data;
	uint32_t *out = (uint32_t *)to->data + at;
	if (*base + (in[v->count] - in[0]) > UINT32_MAX)
		return ERR(err, E_TOO_MANY_ROWS, "arrays of one vector hold more than %u elements", UINT32_MAX);
	for (uint32_t i = 0; i <= v->count; i++)
		out[i] = (uint32_t)(*base + (in[i] - in[0]));
	*base += in[v->count] - in[0];
	return OK;
}

/* Joins child k of all parts; array children are cut to the elements that the offsets reach. */
static enum status concat_child(struct memtrack *track, struct vector *const *parts, uint32_t n, struct vector *to,
                                uint32_t k, struct error *err)
{
	bool tuple = type_physical(to->type) == PHYS_TUPLE;
	struct vector **slices = calloc(n + 1, sizeof *slices);
	if (slices == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a list of %u vectors", n);
	enum status s = OK;
	for (uint32_t i = 0; i < n && s == OK; i++) {
		const uint32_t *offsets = parts[i]->data;
		uint32_t from = tuple ? 0 : offsets[0];
		uint32_t count = tuple ? parts[i]->count : offsets[parts[i]->count] - from;
		s = vector_slice(track, parts[i]->children[k], from, count, &slices[i], err);
	}
	if (s == OK)
		s = vector_concat(track, (const struct vector *const *)slices, n, to->type->children[k], &to->children[k], err);
	for (uint32_t i = 0; i < n; i++)
		vector_unref(slices[i]);
	free(slices);
	return s;
}

/* All parts are FLAT. */
static enum status concat_flat(struct memtrack *track, struct vector *const *parts, uint32_t n, struct vector *to,
                               struct error *err)
{
	enum physical p = type_physical(to->type);
	size_t width = physical_size(p);
	uint32_t at = 0;
	uint64_t base = 0;
	for (uint32_t i = 0; i < n; i++) {
		const struct vector *v = parts[i];
		if (p == PHYS_ARRAY || p == PHYS_MAP)
			TRY(concat_offsets(to, at, v, &base, err));
		else if (width != 0 && v->count != 0)
			memcpy((char *)to->data + at * width, v->data, v->count * width);
		if (p == PHYS_STR)
			TRY(vector_share_heaps(to, v, err));
		if (v->nulls != NULL && v->count != 0) {
			TRY(vector_make_nulls(to, track, err));
			bits_copy(to->nulls, at, v->nulls, 0, v->count);
		}
		at += v->count;
	}
	for (uint32_t k = 0; k < to->child_count; k++)
		TRY(concat_child(track, parts, n, to, k, err));
	return OK;
}

enum status vector_concat(struct memtrack *track, const struct vector *const *vectors, uint32_t n,
                          const struct type *type, struct vector **out, struct error *err)
{
	uint64_t total = 0;
	struct vector *to = NULL;
	struct vector **parts = calloc(n + 1, sizeof *parts);
	if (parts == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a list of %u vectors", n);
	enum status s = OK;
	for (uint32_t i = 0; i < n && s == OK; i++) {
		total += vectors[i]->count;
		assert(type_physical(vectors[i]->type) == type_physical(type));
		s = vector_flatten(track, vectors[i], &parts[i], err);
	}
	if (s == OK && total >= UINT32_MAX)
		s = ERR(err, E_TOO_MANY_ROWS, "a vector cannot hold %llu rows", (unsigned long long)total);
	if (s == OK)
		s = vector_new(track, type, (uint32_t)total, &to, err);
	if (s == OK)
		s = concat_flat(track, parts, n, to, err);
	for (uint32_t i = 0; i < n; i++)
		vector_unref(parts[i]);
	free(parts);
	if (s != OK) {
		vector_unref(to);
		return s;
	}
	*out = to;
	return OK;
}

/* Moves the payloads of a FLAT or CONST string vector into one fresh heap. */
static enum status compact_strings(struct memtrack *track, struct vector *v, struct error *err)
{
	uint32_t n = v->form == VECTOR_CONST ? 1 : v->count;
	struct strview *views = v->data;
	size_t total = 0;
	for (uint32_t i = 0; i < n; i++)
		if (views[i].size > STRVIEW_INLINE && !(v->nulls != NULL && bit_get(v->nulls, i)))
			total += views[i].size;
	struct buffer *heap = NULL;
	if (total != 0)
		TRY(buffer_new(track, total, &heap, err));
	char *at = heap == NULL ? NULL : (char *)heap->data;
	for (uint32_t i = 0; i < n; i++) {
		if (views[i].size <= STRVIEW_INLINE)
			continue;
		if (v->nulls != NULL && bit_get(v->nulls, i)) {
			views[i] = strview_make("", 0);
			continue;
		}
		memcpy(at, views[i].far.pointer, views[i].size);
		views[i].far.pointer = at;
		at += views[i].size;
	}
	for (uint32_t k = 0; k < v->heap_count; k++)
		buffer_unref(v->heaps[k]);
	v->heap_count = 0;
	if (heap == NULL)
		return OK;
	enum status s = vector_add_heap(v, heap, err); /* cannot fail where there was a heap before: the slots are there */
	buffer_unref(heap);
	return s;
}

enum status vector_compact(struct memtrack *track, struct vector **v, struct error *err)
{
	struct vector *old = *v, *to;
	if (old->form == VECTOR_DICT && old->children[0]->count / 4 <= old->count) {
		TRY(vector_new_dict(track, old->children[0], old->count, &to, err));
		memcpy(to->data, old->data, old->count * sizeof(uint32_t));
	} else if (old->form == VECTOR_CONST) {
		TRY(gather_flat(track, old, zero_rows, 1, &to, err));
		to->form = VECTOR_CONST;
		to->count = old->count;
	} else {
		struct buffer *all; /* gathering all rows copies them out of whatever they live in */
		const struct vector *from = old->form == VECTOR_DICT ? old->children[0] : old;
		const uint32_t *rows = old->data;
		TRY(buffer_new(track, (size_t)old->count * sizeof(uint32_t), &all, err));
		if (old->form == VECTOR_FLAT) {
			for (uint32_t i = 0; i < old->count; i++)
				((uint32_t *)all->data)[i] = i;
			rows = (const uint32_t *)all->data;
		}
		enum status s = gather_flat(track, from, rows, old->count, &to, err);
		buffer_unref(all);
		TRY(s);
	}
	enum status s = OK;
	for (uint32_t k = 0; k < to->child_count && s == OK; k++)
		s = vector_compact(track, &to->children[k], err);
	if (s == OK && to->form != VECTOR_DICT && type_physical(to->type) == PHYS_STR)
		s = compact_strings(track, to, err);
	if (s != OK) {
		vector_unref(to);
		return s;
	}
	vector_unref(old);
	*v = to;
	return OK;
}

enum status vector_retype(const struct vector *v, const struct type *type, struct vector **out, struct error *err)
{
	struct vector *to;
	assert(type_physical(v->type) == type_physical(type));
	TRY(vector_share(v, &to, err));
	to->type = type;
	for (uint32_t k = 0; k < to->child_count; k++) {
		struct vector *child;
		const struct type *t = v->form == VECTOR_DICT ? type : type->children[k];
		enum status s = vector_retype(v->children[k], t, &child, err);
		if (s != OK) {
			vector_unref(to);
			return s;
		}
		vector_unref(to->children[k]);
		to->children[k] = child;
	}
	*out = to;
	return OK;
}

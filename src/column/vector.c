// SPDX-License-Identifier: Apache-2.0
#include "column/vector.h"

#include <assert.h>
#include <stdlib.h>

#include "column/numeric.h"
#include "column/pginterval.h"

int strview_compare(const struct strview *a, const struct strview *b)
{
	return str_compare(strview_str(a), strview_str(b));
}

/* Slots of children that a FLAT vector of this type has. */
static uint32_t flat_child_count(const struct type *type)
{
	enum physical p = type_physical(type);
	return p == PHYS_ARRAY || p == PHYS_TUPLE || p == PHYS_MAP ? type->child_count : 0;
}

static enum status header_new(const struct type *type, uint32_t child_count, struct vector **out, struct error *err)
{
	struct vector *v = calloc(1, sizeof *v);
	struct vector **children = child_count == 0 ? NULL : calloc(child_count, sizeof(struct vector *));
	if (v == NULL || (child_count != 0 && children == NULL)) {
		free(v);
		free(children);
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a vector");
	}
	atomic_init(&v->references, 1);
	v->type = type;
	v->child_count = child_count;
	v->children = children;
	*out = v;
	return OK;
}

enum status vector_new(struct memtrack *track, const struct type *type, uint32_t count, struct vector **out,
                       struct error *err)
{
	enum physical p = type_physical(type);
	struct vector *v;
	TRY(header_new(type, flat_child_count(type), &v, err));
	v->form = VECTOR_FLAT;
	v->count = count;
	bool offsets = p == PHYS_ARRAY || p == PHYS_MAP;
	size_t size = offsets ? ((size_t)count + 1) * sizeof(uint32_t) : (size_t)count * physical_size(p);
	if (offsets || physical_size(p) != 0) {
		enum status s = buffer_new(track, size, &v->data_buffer, err);
		if (s != OK) {
			vector_unref(v);
			return s;
		}
		v->data = v->data_buffer->data;
		if (offsets)
			memset(v->data, 0, sizeof(uint32_t));
	}
	*out = v;
	return OK;
}

enum status vector_new_dict(struct memtrack *track, const struct vector *dictionary, uint32_t count,
                            struct vector **out, struct error *err)
{
	struct vector *v;
	assert(dictionary->form == VECTOR_FLAT);
	TRY(header_new(dictionary->type, 1, &v, err));
	v->form = VECTOR_DICT;
	v->count = count;
	v->children[0] = vector_ref(dictionary);
	enum status s = buffer_new(track, (size_t)count * sizeof(uint32_t), &v->data_buffer, err);
	if (s != OK) {
		vector_unref(v);
		return s;
	}
	v->data = v->data_buffer->data;
	*out = v;
	return OK;
}

enum status vector_empty(struct memtrack *track, const struct type *type, struct vector **out, struct error *err)
{
	struct vector *v;
	TRY(vector_new(track, type, 0, &v, err));
	for (uint32_t k = 0; k < v->child_count; k++) {
		enum status s = vector_empty(track, type->children[k], &v->children[k], err);
		if (s != OK) {
			vector_unref(v);
			return s;
		}
	}
	*out = v;
	return OK;
}

enum status vector_share(const struct vector *v, struct vector **out, struct error *err)
{
	struct vector *c;
	TRY(header_new(v->type, v->child_count, &c, err));
	c->form = v->form;
	c->count = v->count;
	c->data = v->data;
	c->nulls = v->nulls;
	c->data_buffer = buffer_ref(v->data_buffer);
	c->null_buffer = buffer_ref(v->null_buffer);
	for (uint32_t k = 0; k < v->child_count; k++)
		c->children[k] = vector_ref(v->children[k]);
	for (uint32_t k = 0; k < v->heap_count; k++) {
		enum status s = vector_add_heap(c, v->heaps[k], err);
		if (s != OK) {
			vector_unref(c);
			return s;
		}
	}
	*out = c;
	return OK;
}

struct vector *vector_ref(const struct vector *v)
{
	struct vector *m = (struct vector *)(uintptr_t)v; /* the count is all that changes */
	if (m != NULL)
		atomic_fetch_add_explicit(&m->references, 1, memory_order_relaxed);
	return m;
}

void vector_unref(struct vector *v)
{
	if (v == NULL || atomic_fetch_sub_explicit(&v->references, 1, memory_order_acq_rel) != 1)
		return;
	for (uint32_t k = 0; k < v->child_count; k++)
		vector_unref(v->children[k]);
	for (uint32_t k = 0; k < v->heap_count; k++)
		buffer_unref(v->heaps[k]);
	buffer_unref(v->data_buffer);
	buffer_unref(v->null_buffer);
	free(v->children);
	free(v->heaps);
	free(v);
}

enum status vector_make_nulls(struct vector *v, struct memtrack *track, struct error *err)
{
	assert(v->form != VECTOR_DICT);
	if (v->nulls != NULL)
		return OK;
	size_t size = bits_words(v->form == VECTOR_CONST ? 1 : v->count) * sizeof(uint64_t);
	TRY(buffer_new(track, size, &v->null_buffer, err));
	v->nulls = (uint64_t *)v->null_buffer->data;
	memset(v->nulls, 0, size);
	return OK;
}

enum status vector_add_heap(struct vector *v, struct buffer *b, struct error *err)
{
	enum { LOOK_BACK = 32 }; /* batches that are joined mostly share their last heaps */
	uint32_t from = v->heap_count > LOOK_BACK ? v->heap_count - LOOK_BACK : 0;
	for (uint32_t k = v->heap_count; k > from; k--)
		if (v->heaps[k - 1] == b)
			return OK;
	if (v->heap_count == v->heap_capacity) {
		uint32_t capacity = v->heap_capacity == 0 ? 4 : v->heap_capacity * 2;
		struct buffer **heaps = realloc(v->heaps, capacity * sizeof *heaps);
		if (heaps == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a list of %u heaps", capacity);
		v->heaps = heaps;
		v->heap_capacity = capacity;
	}
	v->heaps[v->heap_count++] = buffer_ref(b);
	return OK;
}

enum status vector_share_heaps(struct vector *v, const struct vector *from, struct error *err)
{
	for (uint32_t k = 0; k < from->heap_count; k++)
		TRY(vector_add_heap(v, from->heaps[k], err));
	return from->form == VECTOR_DICT ? vector_share_heaps(v, from->children[0], err) : OK;
}

enum status vector_heap(struct vector *v, struct memtrack *track, size_t size, char **out, struct error *err)
{
	struct buffer *b;
	TRY(buffer_new(track, size, &b, err));
	enum status s = vector_add_heap(v, b, err);
	*out = (char *)b->data;
	buffer_unref(b); /* v holds it, or it is gone and so is the caller's interest */
	return s;
}

static int compare_floats(double a, double b)
{
	bool nan_a = a != a, nan_b = b != b;
	if (nan_a || nan_b)
		return (int)nan_a - (int)nan_b;
	return (a > b) - (a < b);
}

static int compare_i128(i128 a, i128 b)
{
	return (a > b) - (a < b);
}

static int compare_u128(u128 a, u128 b)
{
	return (a > b) - (a < b);
}

/* Two values that are not NULL, of FLAT data. */
static int compare_fixed(enum physical p, const void *a, uint32_t i, const void *b, uint32_t j)
{
	i128 x, y;
	u128 ux, uy;
	u256 wx, wy;
	switch (p) {
	case PHYS_I8: return compare_i128(((const int8_t *)a)[i], ((const int8_t *)b)[j]);
	case PHYS_I16: return compare_i128(((const int16_t *)a)[i], ((const int16_t *)b)[j]);
	case PHYS_I32: return compare_i128(((const int32_t *)a)[i], ((const int32_t *)b)[j]);
	case PHYS_I64: return compare_i128(((const int64_t *)a)[i], ((const int64_t *)b)[j]);
	case PHYS_U8: return compare_i128(((const uint8_t *)a)[i], ((const uint8_t *)b)[j]);
	case PHYS_U16: return compare_i128(((const uint16_t *)a)[i], ((const uint16_t *)b)[j]);
	case PHYS_U32: return compare_i128(((const uint32_t *)a)[i], ((const uint32_t *)b)[j]);
	case PHYS_U64: return compare_i128(((const uint64_t *)a)[i], ((const uint64_t *)b)[j]);
	case PHYS_F32: return compare_floats((double)((const float *)a)[i], (double)((const float *)b)[j]);
	case PHYS_F64: return compare_floats(((const double *)a)[i], ((const double *)b)[j]);
	case PHYS_I128:
		memcpy(&x, (const char *)a + (size_t)i * 16, 16);
		memcpy(&y, (const char *)b + (size_t)j * 16, 16);
		return compare_i128(x, y);
	case PHYS_U128:
		memcpy(&ux, (const char *)a + (size_t)i * 16, 16);
		memcpy(&uy, (const char *)b + (size_t)j * 16, 16);
		return compare_u128(ux, uy);
	case PHYS_I256:
	case PHYS_U256:
		memcpy(&wx, (const char *)a + (size_t)i * 32, 32);
		memcpy(&wy, (const char *)b + (size_t)j * 32, 32);
		return p == PHYS_I256 ? i256_compare(wx, wy) : u256_compare(wx, wy);
	default: return 0;
	}
}

/* Row i of a against row j of b, both arrays or maps: element by element, a proper prefix first. */
static int compare_ranges(const struct vector *a, uint32_t i, const struct vector *b, uint32_t j)
{
	const uint32_t *x = a->data, *y = b->data;
	uint32_t n = x[i + 1] - x[i], m = y[j + 1] - y[j];
	for (uint32_t e = 0; e < n && e < m; e++) {
		for (uint32_t k = 0; k < a->child_count; k++) {
			int c = vector_compare_rows(a->children[k], x[i] + e, b->children[k], y[j] + e);
			if (c != 0)
				return c;
		}
	}
	return (n > m) - (n < m);
}

int vector_compare_rows(const struct vector *a, uint32_t i, const struct vector *b, uint32_t j)
{
	const struct vector *x, *y;
	i = vector_index(a, i, &x);
	j = vector_index(b, j, &y);
	bool null_x = x->nulls != NULL && bit_get(x->nulls, i), null_y = y->nulls != NULL && bit_get(y->nulls, j);
	if (null_x || null_y)
		return (int)null_x - (int)null_y;
	enum physical p = type_physical(x->type);
	const struct strview *s = x->data, *t = y->data;
	switch (p) {
	case PHYS_STR:
		if (x->type->id == TYPE_NUMERIC)
			return numeric_compare_wire(strview_str(&s[i]), strview_str(&t[j]));
		return strview_compare(&s[i], &t[j]);
	case PHYS_ARRAY:
	case PHYS_MAP: return compare_ranges(x, i, y, j);
	case PHYS_TUPLE:
		for (uint32_t k = 0; k < x->child_count; k++) {
			int c = vector_compare_rows(x->children[k], i, y->children[k], j);
			if (c != 0)
				return c;
		}
		return 0;
	default:
		if (x->type->id == TYPE_PGINTERVAL)
			return pginterval_compare(pginterval_at(x->data, i), pginterval_at(y->data, j));
		return compare_fixed(p, x->data, i, y->data, j);
	}
}

bool vector_has_nulls(const struct vector *v)
{
	if (v->form == VECTOR_CONST)
		return v->nulls != NULL && bit_get(v->nulls, 0) && v->count != 0;
	if (v->form == VECTOR_FLAT)
		return v->nulls != NULL && !bits_none(v->nulls, v->count);
	const struct vector *d = v->children[0];
	const uint32_t *at = v->data;
	if (d->nulls == NULL)
		return false;
	for (uint32_t i = 0; i < v->count; i++)
		if (bit_get(d->nulls, at[i]))
			return true;
	return false;
}

size_t vector_bytes(const struct vector *v)
{
	size_t n = sizeof *v;
	if (v->data_buffer != NULL)
		n += v->data_buffer->size;
	if (v->null_buffer != NULL)
		n += v->null_buffer->size;
	for (uint32_t k = 0; k < v->heap_count; k++)
		n += v->heaps[k]->size;
	for (uint32_t k = 0; k < v->child_count; k++)
		if (v->children[k] != NULL)
			n += vector_bytes(v->children[k]);
	return n;
}

enum status batch_new(uint32_t column_count, struct batch **out, struct error *err)
{
	struct batch *b = calloc(1, sizeof *b);
	struct vector **columns = calloc(column_count == 0 ? 1 : column_count, sizeof(struct vector *));
	if (b == NULL || columns == NULL) {
		free(b);
		free(columns);
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a batch of %u columns", column_count);
	}
	b->column_count = column_count;
	b->columns = columns;
	*out = b;
	return OK;
}

void batch_free(struct batch *b)
{
	if (b == NULL)
		return;
	for (uint32_t k = 0; k < b->column_count; k++)
		vector_unref(b->columns[k]);
	free(b->columns);
	free(b);
}

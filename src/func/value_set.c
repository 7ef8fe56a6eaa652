// SPDX-License-Identifier: Apache-2.0
/*
 * Three forms. Up to SMALL fixed-width members: one comparison kernel each. One- and two-byte values: a bitmap.
 * Everything else: open addressing over the members' rows, hashes beside them.
 */
#include "func/value_set.h"

#include <assert.h>
#include <stdlib.h>

#include "kernel/kernel.h"

enum { SMALL = 4 };
enum form { FORM_SMALL, FORM_BITMAP, FORM_HASH };

struct slot {
	uint32_t hash; /* high half of the row's hash */
	uint32_t row;  /* + 1; 0: free */
};

struct value_set {
	enum form form;
	struct vector *values;  /* FLAT */
	enum physical physical;
	bool has_null, by_bytes; /* equality is that of the bytes of a fixed width */
	uint32_t count;
	uint32_t small[SMALL];
	struct buffer *memory;  /* bitmap or slots */
	uint32_t slot_mask;
};

/* A tuple with a NULL in it equals nothing. */
static bool holds_null(const struct vector *v, uint32_t i)
{
	const struct vector *at;
	i = vector_index(v, i, &at);
	if (at->nulls != NULL && bit_get(at->nulls, i))
		return true;
	if (type_physical(at->type) != PHYS_TUPLE)
		return false;
	for (uint32_t k = 0; k < at->child_count; k++)
		if (holds_null(at->children[k], i))
			return true;
	return false;
}

static bool same_rows(const struct value_set *s, uint32_t row, const struct vector *v, uint32_t i)
{
	if (s->physical == PHYS_STR && s->values->type->id != TYPE_NUMERIC)
		return strview_equal((const struct strview *)s->values->data + row, (const struct strview *)v->data + i);
	if (s->by_bytes) {
		size_t size = physical_size(s->physical);
		return memcmp((const char *)s->values->data + row * size, (const char *)v->data + i * size, size) == 0;
	}
	return vector_compare_rows(s->values, row, v, i) == 0;
}

static uint32_t *find_slot(const struct value_set *s, uint64_t hash, const struct vector *v, uint32_t i)
{
	struct slot *slots = (struct slot *)s->memory->data;
	uint32_t high = (uint32_t)(hash >> 32);
	for (uint32_t at = (uint32_t)hash & s->slot_mask;; at = (at + 1) & s->slot_mask) {
		struct slot *slot = &slots[at];
		if (slot->row == 0 || (slot->hash == high && same_rows(s, slot->row - 1, v, i)))
			return &slot->row;
	}
}

static enum status build_hash(struct value_set *s, struct memtrack *track, struct error *err)
{
	uint32_t n = s->values->count;
	uint64_t slots = round_up_pow2((uint64_t)n * 2 + 2);
	struct buffer *hashes;
	if (slots > UINT32_MAX)
		return ERR(err, E_TOO_MANY_ROWS, "a set cannot have %u members", n);
	TRY(buffer_new(track, slots * sizeof(struct slot), &s->memory, err));
	memset(s->memory->data, 0, slots * sizeof(struct slot));
	s->slot_mask = (uint32_t)slots - 1;
	TRY(buffer_new(track, (size_t)n * sizeof(uint64_t), &hashes, err));
	enum status status = kernel_hash_column(s->values, (uint64_t *)hashes->data, false, track, err);
	for (uint32_t i = 0; i < n && status == OK; i++) {
		if (holds_null(s->values, i))
			continue;
		uint64_t hash = ((const uint64_t *)hashes->data)[i];
		uint32_t *row = find_slot(s, hash, s->values, i);
		if (*row != 0)
			continue;
		*row = i + 1;
		((struct slot *)((char *)row - offsetof(struct slot, row)))->hash = (uint32_t)(hash >> 32);
		s->count++;
	}
	buffer_unref(hashes);
	return status;
}

static uint32_t narrow_at(const struct vector *v, size_t width, uint32_t i)
{
	uint16_t v16;
	if (width == 1)
		return ((const uint8_t *)v->data)[i];
	memcpy(&v16, (const char *)v->data + i * sizeof v16, sizeof v16);
	return v16;
}

static enum status build_bitmap(struct value_set *s, size_t width, struct memtrack *track, struct error *err)
{
	size_t bits = (size_t)1 << (width * 8);
	TRY(buffer_new(track, bits / 8, &s->memory, err));
	uint64_t *bitmap = (uint64_t *)s->memory->data;
	memset(bitmap, 0, bits / 8);
	for (uint32_t i = 0; i < s->values->count; i++)
		if (!holds_null(s->values, i))
			bit_set(bitmap, narrow_at(s->values, width, i));
	s->count = (uint32_t)bits_count(bitmap, 0, bits);
	return OK;
}

/* Whether the members are few and the kernels compare them. */
static bool take_small(struct value_set *s, size_t width)
{
	if (width < 4 || s->values->count > SMALL || !s->by_bytes || kernels()->compare[KERNEL_EQ][s->physical][0] == NULL)
		return false;
	for (uint32_t i = 0; i < s->values->count; i++)
		if (!holds_null(s->values, i))
			s->small[s->count++] = i;
	return true;
}

enum status value_set_new(const struct vector *values, struct memtrack *track, struct value_set **out,
                          struct error *err)
{
	struct value_set *s = calloc(1, sizeof *s);
	if (s == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a set");
	enum status status = vector_flatten(track, values, &s->values, err);
	if (status == OK) {
		s->physical = type_physical(s->values->type);
		s->has_null = vector_has_nulls(s->values);
		size_t width = s->physical == PHYS_STR ? 0 : physical_size(s->physical);
		s->by_bytes = width != 0 && !type_is_float(s->values->type) && s->values->type->id != TYPE_PGINTERVAL;
		if (take_small(s, width)) {
			s->form = FORM_SMALL;
		} else if (width == 1 || width == 2) {
			s->form = FORM_BITMAP;
			status = build_bitmap(s, width, track, err);
		} else {
			s->form = FORM_HASH;
			status = build_hash(s, track, err);
		}
	}
	if (status != OK) {
		value_set_free(s);
		return status;
	}
	*out = s;
	return OK;
}

void value_set_free(struct value_set *s)
{
	if (s == NULL)
		return;
	vector_unref(s->values);
	buffer_unref(s->memory);
	free(s);
}

bool value_set_has_null(const struct value_set *s)
{
	return s->has_null;
}

uint32_t value_set_count(const struct value_set *s)
{
	return s->count;
}

static void find_small(const struct value_set *s, const struct vector *v, uint32_t n, uint8_t *found)
{
	size_t width = physical_size(s->physical);
	kernel_binary_fn equal = kernels()->compare[KERNEL_EQ][s->physical][KERNEL_VC];
	uint8_t one[1024], both[1024];
	memset(found, 0, n);
	for (uint32_t from = 0; from < n; from += sizeof one) {
		uint32_t count = n - from < sizeof one ? n - from : (uint32_t)sizeof one;
		const char *in = (const char *)v->data + from * width;
		for (uint32_t k = 0; k < s->count; k++) {
			equal(one, in, (const char *)s->values->data + s->small[k] * width, count);
			kernels()->mask_or(both, found + from, one, count);
			memcpy(found + from, both, count);
		}
	}
}

enum status value_set_find(const struct value_set *s, const struct vector *v, uint32_t n, uint8_t *found,
                           struct memtrack *track, struct error *err)
{
	assert(v->form != VECTOR_DICT && type_physical(v->type) == s->physical);
	if (s->form == FORM_SMALL) {
		find_small(s, v, n, found);
		return OK;
	}
	if (s->form == FORM_BITMAP) {
		size_t width = physical_size(s->physical);
		for (uint32_t i = 0; i < n; i++)
			found[i] = bit_get((const uint64_t *)s->memory->data, narrow_at(v, width, i));
		return OK;
	}
	struct buffer *hashes;
	struct vector *rows = NULL;
	bool tuple = s->physical == PHYS_TUPLE;
	TRY(buffer_new(track, (size_t)v->count * sizeof(uint64_t), &hashes, err));
	enum status status = vector_slice(track, v, 0, n, &rows, err);
	if (status == OK)
		status = kernel_hash_column(rows, (uint64_t *)hashes->data, false, track, err);
	for (uint32_t i = 0; i < n && status == OK; i++) {
		bool dead = v->nulls != NULL && bit_get(v->nulls, i);
		if (dead || (tuple && holds_null(v, i)))
			found[i] = 0;
		else
			found[i] = *find_slot(s, ((const uint64_t *)hashes->data)[i], v, i) != 0;
	}
	vector_unref(rows);
	buffer_unref(hashes);
	return status;
}

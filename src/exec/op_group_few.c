// SPDX-License-Identifier: Apache-2.0
#include "exec/op_group_few.h"

#include <string.h>

#include "column/type.h"

/* Combinations for which there is room, so that clearing it costs less than looking up rows. */
static uint32_t room_for(uint32_t count)
{
	return count * 4;
}

static bool may_be_few(const struct vector *v, uint32_t count)
{
	if (v->nulls != NULL)
		return false;
	if (v->form == VECTOR_CONST)
		return true;
	if (v->form == VECTOR_DICT)
		return v->children[0]->count <= count;
	switch (type_physical(v->type)) {
	case PHYS_U8: case PHYS_I8: case PHYS_U16: case PHYS_I16: case PHYS_U32: case PHYS_I32: case PHYS_U64: case PHYS_I64:
		return v->form == VECTOR_FLAT;
	default:
		return false;
	}
}

/* Least value and how many there are up to the greatest, in an order that unsigned numbers have. */
__attribute__((always_inline)) static inline uint64_t find_span(const char *data, uint32_t count, size_t width,
                                                                uint64_t flip, uint64_t *least)
{
	uint64_t low = UINT64_MAX, high = 0;
	for (uint32_t i = 0; i < count; i++) {
		uint64_t v = 0;
		memcpy(&v, data + i * width, width);
		v ^= flip;
		low = v < low ? v : low;
		high = v > high ? v : high;
	}
	*least = low;
	return high - low;
}

__attribute__((always_inline)) static inline void add_steps(uint32_t *number, const char *data, uint32_t count,
                                                            size_t width, uint64_t flip, uint64_t least, uint32_t step)
{
	for (uint32_t i = 0; i < count; i++) {
		uint64_t v = 0;
		memcpy(&v, data + i * width, width);
		number[i] += (uint32_t)((v ^ flip) - least) * step;
	}
}

/* Adds an integer column's values times *step to the numbers; false: they lie too far apart. */
static bool add_integers(uint32_t *number, const struct vector *v, uint32_t count, uint32_t *step)
{
	enum physical p = type_physical(v->type);
	bool is_signed = p == PHYS_I8 || p == PHYS_I16 || p == PHYS_I32 || p == PHYS_I64;
	uint64_t flip = is_signed ? (uint64_t)1 << (physical_size(p) * 8 - 1) : 0, least, span;
	switch (physical_size(p)) {
	case 1: span = find_span(v->data, count, 1, flip, &least); break;
	case 2: span = find_span(v->data, count, 2, flip, &least); break;
	case 4: span = find_span(v->data, count, 4, flip, &least); break;
	default: span = find_span(v->data, count, 8, flip, &least); break;
	}
	if (span >= room_for(count) / *step)
		return false;
	switch (physical_size(p)) {
	case 1: add_steps(number, v->data, count, 1, flip, least, *step); break;
	case 2: add_steps(number, v->data, count, 2, flip, least, *step); break;
	case 4: add_steps(number, v->data, count, 4, flip, least, *step); break;
	default: add_steps(number, v->data, count, 8, flip, least, *step); break;
	}
	*step *= (uint32_t)span + 1;
	return true;
}

static bool add_indexes(uint32_t *number, const struct vector *v, uint32_t count, uint32_t *step)
{
	uint32_t entries = v->children[0]->count;
	const uint32_t *index = v->data;
	if (entries > room_for(count) / *step)
		return false;
	for (uint32_t i = 0; i < count; i++)
		number[i] += index[i] * *step;
	*step *= entries;
	return true;
}

bool few_keys_find(struct arena *scratch, struct vector *const *keys, uint32_t key_count, uint32_t count,
                   struct few_keys *out)
{
	uint32_t step = 1;
	for (uint32_t k = 0; k < key_count; k++)
		if (!may_be_few(keys[k], count))
			return false;
	uint32_t *number = ARENA_ARRAY(scratch, uint32_t, count + 1);
	for (uint32_t k = 0; k < key_count; k++) {
		if (keys[k]->form == VECTOR_CONST)
			continue;
		if (!(keys[k]->form == VECTOR_DICT ? add_indexes(number, keys[k], count, &step)
		                                   : add_integers(number, keys[k], count, &step)))
			return false;
	}
	uint32_t *place = ARENA_ARRAY(scratch, uint32_t, step + 1);
	out->first = ARENA_ARRAY(scratch, uint32_t, (step < count ? step : count) + 1);
	out->count = 0;
	out->number = number;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t *at = &place[number[i]];
		if (*at == 0) {
			out->first[out->count++] = i;
			*at = out->count;
		}
		number[i] = *at - 1;
	}
	return true;
}

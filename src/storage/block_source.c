// SPDX-License-Identifier: Apache-2.0
#include "storage/block_source.h"

#include <assert.h>
#include <stdlib.h>
#include "storage/serial.h"

enum status block_list_join(const struct block_list *l, uint32_t c, struct memtrack *track, struct vector **out,
                            struct error *err)
{
	if (l->count == 1) {
		*out = vector_ref(l->blocks[0]->columns[c]);
		return OK;
	}
	const struct vector **list = calloc(l->count, sizeof *list);
	if (list == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	for (uint32_t i = 0; i < l->count; i++)
		list[i] = l->blocks[i]->columns[c];
	enum status st = vector_concat(track, list, l->count, list[0]->type, out, err);
	free(list);
	return st;
}

void block_list_places(const struct block_list *l, uint32_t *places)
{
	assert(l->count <= BLOCK_SOURCE_BLOCKS);
	for (uint32_t b = 0; b < l->count; b++) {
		assert(l->blocks[b]->count <= BLOCK_SOURCE_ROWS);
		for (uint32_t i = 0; i < l->blocks[b]->count; i++)
			*places++ = b << 16 | i;
	}
}

uint64_t block_source_defaults(const struct block_source *s)
{
	uint64_t n = 0;
	if (s->whole != NULL)
		return vector_count_defaults(s->whole);
	for (uint32_t b = 0; b < s->list->count; b++)
		n += vector_count_defaults(s->list->blocks[b]->columns[s->column]);
	return n;
}

static bool is_simple(const struct vector *v)
{
	return v->form == VECTOR_FLAT && v->child_count == 0 && physical_size(type_physical(v->type)) != 0
	       && type_physical(v->type) <= PHYS_STR;
}

static enum status whole_when_needed(struct block_source *s, struct memtrack *track, struct error *err)
{
	bool simple = true;
	for (uint32_t b = 0; simple && b < s->list->count; b++)
		simple = is_simple(s->list->blocks[b]->columns[s->column]);
	if (simple)
		return OK;
	TRY(block_list_join(s->list, s->column, track, &s->joined, err));
	s->whole = s->joined;
	return OK;
}

/* Inlined with a constant width. */
__attribute__((always_inline)) static inline void take_width(char *restrict out, const struct block_source *s,
                                                             const uint32_t *restrict places, uint32_t n, size_t width)
{
	struct batch *const *blocks = s->list->blocks;
	for (uint32_t i = 0; i < n; i++) {
		const char *from = blocks[places[i] >> 16]->columns[s->column]->data;
		memcpy(out + i * width, from + (places[i] & 0xffff) * width, width);
	}
}

static enum status take_nulls(const struct block_source *s, const uint32_t *places, uint32_t n, struct vector *to,
                              struct memtrack *track, struct error *err)
{
	bool any = false;
	for (uint32_t b = 0; b < s->list->count; b++)
		any = any || s->list->blocks[b]->columns[s->column]->nulls != NULL;
	if (!any)
		return OK;
	TRY(vector_make_nulls(to, track, err));
	for (uint32_t i = 0; i < n; i++) {
		const struct vector *v = s->list->blocks[places[i] >> 16]->columns[s->column];
		if (v->nulls != NULL && bit_get(v->nulls, places[i] & 0xffff))
			bit_set(to->nulls, i);
	}
	return OK;
}

enum status block_source_rows(struct block_source *s, const uint32_t *rows, const uint32_t *places, uint32_t n,
                              struct memtrack *track, struct vector **out, struct error *err)
{
	if (s->whole == NULL)
		TRY(whole_when_needed(s, track, err));
	if (s->whole != NULL)
		return vector_gather(track, s->whole, rows, n, out, err);
	const struct vector *first = s->list->blocks[0]->columns[s->column];
	struct vector *to;
	TRY(vector_new(track, first->type, n, &to, err));
	size_t width = physical_size(type_physical(first->type));
	switch (width) {
	case 1: take_width(to->data, s, places, n, 1); break;
	case 2: take_width(to->data, s, places, n, 2); break;
	case 4: take_width(to->data, s, places, n, 4); break;
	case 8: take_width(to->data, s, places, n, 8); break;
	case 16: take_width(to->data, s, places, n, 16); break;
	default: take_width(to->data, s, places, n, width);
	}
	enum status st = take_nulls(s, places, n, to, track, err);
	if (st != OK) {
		vector_unref(to);
		return st;
	}
	*out = to;
	return OK;
}

void block_source_fini(struct block_source *s)
{
	vector_unref(s->joined);
	s->joined = NULL;
}

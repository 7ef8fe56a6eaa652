// SPDX-License-Identifier: Apache-2.0
#include "storage/column_range.h"

#include <assert.h>
#include <stdlib.h>

#include "storage/part_source.h"

/* What is kept in a part: a list that only grows, so it is read without a lock. */
struct column_range {
	struct column_range *next;
	uint32_t column;        /* of the part */
	uint64_t range[2];      /* least and greatest, as in the column's memory */
};

enum { ROWS_READ_MAX = 1 << 26 };

bool column_range_fits(const struct type *t)
{
	switch (type_physical(t)) {
	case PHYS_U8: case PHYS_I8: case PHYS_U16: case PHYS_I16: case PHYS_U32: case PHYS_I32: case PHYS_U64: case PHYS_I64:
		return !t->nullable && !t->low_cardinality;
	default:
		return false;
	}
}

void column_ranges_free(struct column_range *r)
{
	for (struct column_range *next; r != NULL; r = next) {
		next = r->next;
		free(r);
	}
}

static const struct column_range *find_range(struct part_meta *m, uint32_t column)
{
	const struct column_range *r = atomic_load_explicit(&m->ranges, memory_order_acquire);
	while (r != NULL && r->column != column)
		r = r->next;
	return r;
}

/* Values in an order that unsigned numbers have. */
__attribute__((always_inline)) static inline void widen_range(const char *data, uint32_t count, size_t width,
                                                              uint64_t flip, uint64_t *range)
{
	uint64_t least = range[0], most = range[1];
	for (uint32_t i = 0; i < count; i++) {
		uint64_t v = 0;
		memcpy(&v, data + i * width, width);
		v ^= flip;
		least = v < least ? v : least;
		most = v > most ? v : most;
	}
	range[0] = least;
	range[1] = most;
}

static uint64_t sign_bit(const struct type *t)
{
	enum physical p = type_physical(t);
	bool is_signed = p == PHYS_I8 || p == PHYS_I16 || p == PHYS_I32 || p == PHYS_I64;
	return is_signed ? (uint64_t)1 << (physical_size(p) * 8 - 1) : 0;
}

static enum status add_values(struct eval *e, struct vector *v, uint64_t *range, struct error *err)
{
	struct vector *flat;
	TRY(vector_flatten(e->track, v, &flat, err));
	uint64_t flip = sign_bit(flat->type);
	switch (physical_size(type_physical(flat->type))) {
	case 1: widen_range(flat->data, flat->count, 1, flip, range); break;
	case 2: widen_range(flat->data, flat->count, 2, flip, range); break;
	case 4: widen_range(flat->data, flat->count, 4, flip, range); break;
	default: widen_range(flat->data, flat->count, 8, flip, range); break;
	}
	vector_unref(flat);
	return OK;
}

/* Reads the column of one part; *known false when the query is cancelled meanwhile. */
static enum status read_range(const struct part_set *set, const struct table_keys *keys, struct cache *cache,
                              struct eval *e, struct part *p, uint32_t stored, uint64_t range[2], bool *known,
                              struct error *err)
{
	struct part_source *s;
	uint64_t left = p->rows;
	TRY(part_source_new(keys, set, p, &stored, 1, cache, e, &s, err));
	enum status st = part_source_seek(s, 0, (uint32_t)p->granules, err);
	range[0] = UINT64_MAX;
	range[1] = 0;
	while (left != 0 && st == OK && *known) {
		uint32_t n = left < BATCH_ROWS_MAX ? (uint32_t)left : BATCH_ROWS_MAX;
		struct vector *v;
		*known = e->cancelled == NULL || !atomic_load_explicit(e->cancelled, memory_order_relaxed);
		st = part_source_read(s, n, &v, err);
		if (st == OK) {
			st = add_values(e, v, range, err);
			vector_unref(v);
		}
		left -= n;
	}
	part_source_free(s);
	return st;
}

static void keep_range(struct part_meta *m, uint32_t column, const uint64_t range[2])
{
	struct column_range *r = malloc(sizeof *r);
	if (r == NULL)
		return; /* it is read again */
	r->column = column;
	memcpy(r->range, range, sizeof r->range);
	r->next = atomic_load_explicit(&m->ranges, memory_order_relaxed);
	while (!atomic_compare_exchange_weak(&m->ranges, &r->next, r)) {
	}
}

/* The part's column and meta, where it has the column as it is defined now and all its rows are on disk. */
static enum status usable(const struct part_set *set, const struct table_keys *keys, uint32_t i, uint32_t stored,
                          const struct eval *e, struct part_meta **m, uint32_t *column, bool *known, struct error *err)
{
	struct part *p = set->parts[i];
	*known = p->delta == NULL && (set->marks[i] == NULL || set->marks[i]->count == 0);
	if (!*known)
		return OK;
	TRY(part_load(p, e->session, m, err));
	*column = part_source_find(keys, set, p, *m, stored);
	*known = *column != UINT32_MAX &&
		type_equal((*m)->columns.columns[*column].type, keys->def->columns[keys->stored[stored]].type);
	return OK;
}

enum status column_range_of(const struct part_set *set, const struct table_keys *keys, struct cache *cache,
                            struct eval *e, uint32_t position, uint64_t range[2], bool *known, struct error *err)
{
	uint32_t stored = keys->stored_of[position], column = 0;
	const struct type *t = keys->def->columns[position].type;
	struct part_meta *m = NULL;
	uint64_t unread = 0, own[2];
	*known = set != NULL && set->rows != 0 && stored != UINT32_MAX && column_range_fits(t);
	for (uint32_t i = 0; *known && i < set->count; i++) {
		TRY(usable(set, keys, i, stored, e, &m, &column, known, err));
		if (*known && find_range(m, column) == NULL)
			unread += set->parts[i]->rows;
	}
	*known = *known && unread <= ROWS_READ_MAX;
	range[0] = UINT64_MAX;
	range[1] = 0;
	for (uint32_t i = 0; *known && i < set->count; i++) {
		TRY(usable(set, keys, i, stored, e, &m, &column, known, err));
		const struct column_range *r = find_range(m, column);
		if (r == NULL) {
			TRY(read_range(set, keys, cache, e, set->parts[i], stored, own, known, err));
			if (*known)
				keep_range(m, column, own);
		} else {
			memcpy(own, r->range, sizeof own);
		}
		range[0] = own[0] < range[0] ? own[0] : range[0];
		range[1] = own[1] > range[1] ? own[1] : range[1];
	}
	range[0] ^= sign_bit(t);
	range[1] ^= sign_bit(t);
	return OK;
}

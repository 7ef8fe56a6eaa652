// SPDX-License-Identifier: Apache-2.0
/*
 * Casts of arrays, maps and tuples: the elements of all rows are cast at once, the offsets stay.
 */
#include <assert.h>

#include "column/pginterval.h"
#include "func/cast_impl.h"

/* Casts elements [from, from + count) of a child vector of any form. */
static enum status cast_child(const struct cast *k, struct eval *e, const struct vector *child, uint32_t from,
                              uint32_t count, const uint64_t *dead, struct vector **out)
{
	struct vector *part = NULL, *flat = NULL;
	enum status s = OK;
	if (child->form == VECTOR_CONST && child->count < count) { /* a CONST tuple's child stands for all rows */
		s = eval_repeat(e, child, count, &part);
	} else {
		s = vector_slice(e->track, child, from, count, &part, e->err);
	}
	if (s == OK)
		s = vector_flatten(e->track, part, &flat, e->err);
	if (s == OK)
		s = cast_apply(k, e, flat, count, dead, out);
	vector_unref(part);
	vector_unref(flat);
	return s;
}

/* The dead bits of elements: those of dead rows. */
static const uint64_t *dead_elements(struct eval *e, const struct cast_run *r, const uint32_t *offsets)
{
	uint32_t first = offsets[0], total = offsets[r->n] - first;
	if (r->dead == NULL || bits_none(r->dead, r->n))
		return NULL;
	uint64_t *dead = ARENA_ARRAY(e->scratch, uint64_t, bits_words(total) + 1);
	for (size_t i = bits_next_set(r->dead, 0, r->n); i < r->n; i = bits_next_set(r->dead, i + 1, r->n))
		bits_fill(dead, offsets[i] - first, offsets[i + 1] - first, true);
	return dead;
}

static enum status put_offsets(const struct cast *k, struct eval *e, struct cast_run *r, const uint32_t *offsets)
{
	TRY(vector_new(e->track, k->to, r->n, &r->out, e->err));
	uint32_t *out = r->out->data;
	for (uint32_t i = 0; i <= r->n; i++)
		out[i] = offsets[i] - offsets[0];
	return OK;
}

/* vector(n) of pgvector: every array has n elements. */
static enum status check_dimensions(const struct cast *k, struct eval *e, const struct cast_run *r)
{
	const uint32_t *offsets = r->out->data;
	for (uint32_t i = 0; i < r->n; i++)
		if (offsets[i + 1] - offsets[i] != (uint32_t)k->to->typmod && !cast_row_is_dead(r, i))
			return ERR(e->err, E_INCORRECT_DATA, "expected %d dimensions, not %u", k->to->typmod, offsets[i + 1] - offsets[i]);
	return OK;
}

/* Array to Array, Map to Map: child by child. */
static enum status ranges_to_ranges(const struct cast *k, struct eval *e, struct cast_run *r)
{
	const uint32_t *offsets = r->in->data;
	const uint64_t *dead = dead_elements(e, r, offsets);
	TRY(put_offsets(k, e, r, offsets));
	for (uint32_t c = 0; c < r->in->child_count; c++)
		TRY(cast_child(k->children[c], e, r->in->children[c], offsets[0], offsets[r->n] - offsets[0], dead,
		               &r->out->children[c]));
	return k->to->face == FACE_VECTOR && k->to->typmod > 0 ? check_dimensions(k, e, r) : OK;
}

static enum status tuple_to_tuple(const struct cast *k, struct eval *e, struct cast_run *r)
{
	TRY(vector_new(e->track, k->to, r->n, &r->out, e->err));
	for (uint32_t c = 0; c < r->in->child_count; c++)
		TRY(cast_child(k->children[c], e, r->in->children[c], 0, r->n, r->dead, &r->out->children[c]));
	return OK;
}

/* Array(Tuple(K, V)) to Map(K, V): the tuple's elements become keys and values. */
static enum status pairs_to_map(const struct cast *k, struct eval *e, struct cast_run *r)
{
	const uint32_t *offsets = r->in->data;
	uint32_t first = offsets[0], total = offsets[r->n] - first;
	const uint64_t *dead = dead_elements(e, r, offsets);
	struct vector *pairs = NULL, *part = NULL;
	enum status s = put_offsets(k, e, r, offsets);
	if (s == OK)
		s = vector_slice(e->track, r->in->children[0], first, total, &part, e->err);
	if (s == OK)
		s = vector_flatten(e->track, part, &pairs, e->err);
	for (uint32_t c = 0; c < 2 && s == OK; c++) {
		if (pairs->type->id == TYPE_NOTHING)
			s = vector_empty(e->track, k->to->children[c], &r->out->children[c], e->err);
		else
			s = cast_child(k->children[c], e, pairs->children[c], 0, total, dead, &r->out->children[c]);
	}
	vector_unref(part);
	vector_unref(pairs);
	return s;
}

static enum status map_to_pairs(const struct cast *k, struct eval *e, struct cast_run *r)
{
	const uint32_t *offsets = r->in->data;
	uint32_t first = offsets[0], total = offsets[r->n] - first;
	const uint64_t *dead = dead_elements(e, r, offsets);
	struct vector *pairs;
	TRY(put_offsets(k, e, r, offsets));
	TRY(vector_new(e->track, k->to->children[0], total, &pairs, e->err));
	r->out->children[0] = pairs;
	for (uint32_t c = 0; c < 2; c++)
		TRY(cast_child(k->children[c], e, r->in->children[c], first, total, dead, &pairs->children[c]));
	return OK;
}

/* (keys, values), two arrays of equal length in each row, to Map. */
static enum status arrays_to_map(const struct cast *k, struct eval *e, struct cast_run *r)
{
	struct vector *arrays[2] = {NULL, NULL};
	enum status s = OK;
	for (uint32_t c = 0; c < 2 && s == OK; c++)
		s = vector_flatten(e->track, r->in->children[c], &arrays[c], e->err);
	const uint32_t *keys = s == OK ? arrays[0]->data : NULL, *values = s == OK ? arrays[1]->data : NULL;
	for (uint32_t i = 0; s == OK && i < r->n; i++)
		if (keys[i + 1] - keys[i] != values[i + 1] - values[i])
			s = ERR(e->err, E_SIZES_OF_ARRAYS, "CAST AS Map from tuple requires arrays of equal size");
	if (s == OK)
		s = put_offsets(k, e, r, keys);
	for (uint32_t c = 0; c < 2 && s == OK; c++) {
		const uint32_t *offsets = arrays[c]->data;
		s = cast_child(k->children[c], e, arrays[c]->children[0], offsets[0], offsets[r->n] - offsets[0],
		               dead_elements(e, r, offsets), &r->out->children[c]);
	}
	vector_unref(arrays[0]);
	vector_unref(arrays[1]);
	return s;
}

/* ---- interval columns: (months, days, microseconds) ---- */

static bool is_interval_tuple(const struct type *t)
{
	return t->id == TYPE_TUPLE && t->face == FACE_INTERVAL && t->child_count == 3;
}

static enum status pginterval_to_parts(const struct cast *k, struct eval *e, struct cast_run *r)
{
	TRY(vector_new(e->track, k->to, r->n, &r->out, e->err));
	for (uint32_t c = 0; c < 3; c++)
		TRY(vector_new(e->track, k->to->children[c], r->n, &r->out->children[c], e->err));
	for (uint32_t i = 0; i < r->n; i++) {
		struct pginterval v = pginterval_at(r->in->data, i);
		((int32_t *)r->out->children[0]->data)[i] = v.months;
		((int32_t *)r->out->children[1]->data)[i] = v.days;
		((int64_t *)r->out->children[2]->data)[i] = v.us;
	}
	return OK;
}

static enum status parts_to_pginterval(const struct cast *k, struct eval *e, struct cast_run *r)
{
	struct vector *parts[3] = {NULL, NULL, NULL};
	enum status s = OK;
	for (uint32_t c = 0; c < 3 && s == OK; c++)
		s = vector_flatten(e->track, r->in->children[c], &parts[c], e->err);
	for (uint32_t i = 0; i < r->n && s == OK; i++) {
		struct pginterval v = {.us = 0};
		memcpy(&v.months, (const int32_t *)parts[0]->data + i, sizeof v.months);
		memcpy(&v.days, (const int32_t *)parts[1]->data + i, sizeof v.days);
		memcpy(&v.us, (const int64_t *)parts[2]->data + i, sizeof v.us);
		pginterval_put(r->out->data, i, v);
	}
	for (uint32_t c = 0; c < 3; c++)
		vector_unref(parts[c]);
	return s;
}

cast_fn cast_choose_interval_parts(const struct type *from, const struct type *to)
{
	if (from->id == TYPE_PGINTERVAL && is_interval_tuple(to))
		return pginterval_to_parts;
	return is_interval_tuple(from) && to->id == TYPE_PGINTERVAL ? parts_to_pginterval : NULL;
}

cast_fn cast_choose_nested(const struct type *from, const struct type *to)
{
	if (from->id == to->id)
		return from->id == TYPE_TUPLE ? tuple_to_tuple : ranges_to_ranges;
	if (from->id == TYPE_ARRAY && to->id == TYPE_MAP)
		return pairs_to_map;
	if (from->id == TYPE_MAP && to->id == TYPE_ARRAY)
		return map_to_pairs;
	if (from->id == TYPE_TUPLE && to->id == TYPE_MAP)
		return arrays_to_map;
	return NULL;
}

// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include "storage/part_merge.h"
#include "storage/skip_index.h"
#include "storage/ttl.h"

struct part_extras {
	struct arena arena;
	const struct table_keys *keys;
	const struct eval_session *session;
	struct memtrack *track;
	uint32_t *columns, column_count;
	struct skip_writer *skips;
	struct ttl_bounds *ttls;
	struct minmax minmax;
	struct vector **partition; /* values of the first row */
};

enum status part_extras_new(const struct table_keys *k, const struct eval_session *session, struct memtrack *track,
                            struct part_extras **out, struct error *err)
{
	struct part_extras *x = calloc(1, sizeof *x);
	if (x == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	arena_init(&x->arena, track);
	x->keys = k;
	x->session = session;
	x->track = track;
	x->columns = ARENA_ARRAY(&x->arena, uint32_t, k->stored_count + 1);
	x->ttls = ARENA_ARRAY(&x->arena, struct ttl_bounds, k->ttl_count + 1);
	ttl_bounds_clear(k, x->ttls);
	needed_columns(k, k->sort, k->primary_count, x->columns, &x->column_count);
	needed_columns(k, k->partition, k->partition_count, x->columns, &x->column_count);
	for (uint32_t i = 0; i < k->skip_count; i++)
		needed_columns(k, k->skips[i].exprs, k->skips[i].expr_count, x->columns, &x->column_count);
	for (uint32_t i = 0; i < k->ttl_count; i++) {
		struct expr *both[2] = {k->ttls[i].expires, k->ttls[i].where};
		needed_columns(k, both, 2, x->columns, &x->column_count);
	}
	enum status st = skip_writer_new(k, session, track, &x->skips, err);
	if (st != OK) {
		part_extras_free(x);
		return st;
	}
	*out = x;
	return OK;
}

void part_extras_free(struct part_extras *x)
{
	if (x == NULL)
		return;
	skip_writer_free(x->skips);
	minmax_free(&x->minmax);
	for (uint32_t i = 0; x->partition != NULL && i < x->keys->partition_count; i++)
		vector_unref(x->partition[i]);
	arena_fini(&x->arena);
	free(x);
}

const uint32_t *part_extras_columns(const struct part_extras *x, uint32_t *count)
{
	*count = x->column_count;
	return x->columns;
}

/* Key of one row of the granule. */
static enum status write_key(struct part_extras *x, struct part_writer *w, struct vector *const *stored, uint32_t row,
                             struct error *err)
{
	const struct table_keys *k = x->keys;
	if (k->primary_count == 0)
		return OK;
	struct vector **one = calloc(k->stored_count + 1, sizeof *one);
	struct vector **keys = calloc(k->sort_count + 1, sizeof *keys);
	enum status st = one == NULL || keys == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
	for (uint32_t i = 0; st == OK && i < x->column_count; i++)
		st = vector_gather(x->track, stored[x->columns[i]], &row, 1, &one[x->columns[i]], err);
	if (st == OK)
		st = table_primary_keys_run(k, x->session, x->track, one, 1, keys, err);
	if (st == OK)
		part_writer_key(w, (const struct vector *const *)keys, k->primary_count, 0);
	for (uint32_t i = 0; keys != NULL && i < k->primary_count; i++)
		vector_unref(keys[i]);
	for (uint32_t i = 0; one != NULL && i < k->stored_count; i++)
		vector_unref(one[i]);
	free(one);
	free(keys);
	return st;
}

static enum status note_partition(struct part_extras *x, struct vector *const *stored, uint32_t rows, struct error *err)
{
	const struct table_keys *k = x->keys;
	if (k->partition_count == 0)
		return OK;
	if (x->partition == NULL) {
		struct vector **one = calloc(k->stored_count + 1, sizeof *one);
		uint32_t row = 0;
		x->partition = ARENA_ARRAY(&x->arena, struct vector *, k->partition_count);
		enum status st = one == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
		for (uint32_t i = 0; st == OK && i < x->column_count; i++)
			st = vector_gather(x->track, stored[x->columns[i]], &row, 1, &one[x->columns[i]], err);
		if (st == OK)
			st = table_partition_run(k, x->session, x->track, one, 1, x->partition, err);
		for (uint32_t i = 0; one != NULL && i < k->stored_count; i++)
			vector_unref(one[i]);
		free(one);
		TRY(st);
		return minmax_of(k, stored, NULL, rows, x->track, &x->arena, &x->minmax, err);
	}
	struct minmax here;
	TRY(minmax_of(k, stored, NULL, rows, x->track, &x->arena, &here, err));
	minmax_join(&x->minmax, &here);
	minmax_free(&here);
	return OK;
}

enum status part_extras_granule(struct part_extras *x, struct part_writer *w, struct vector *const *stored,
                                uint32_t rows, bool last, struct error *err)
{
	TRY(write_key(x, w, stored, 0, err));
	if (last)
		TRY(write_key(x, w, stored, rows - 1, err));
	TRY(note_partition(x, stored, rows, err));
	TRY(skip_writer_granule(x->skips, stored, rows, err));
	return ttl_bounds_of(x->keys, x->session, x->track, stored, NULL, rows, x->ttls, err);
}

enum status part_extras_finish(struct part_extras *x, struct part_writer *w, struct error *err)
{
	if (x->partition != NULL)
		TRY(part_write_partition(w, x->keys, (const struct vector *const *)x->partition, 0, &x->minmax, err));
	if (x->skips != NULL)
		TRY(skip_writer_finish(x->skips, w, err));
	return ttl_write(x->keys, x->ttls, w, err);
}

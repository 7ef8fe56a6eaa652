// SPDX-License-Identifier: Apache-2.0
#include "storage/merge_source.h"

#include <assert.h>
#include <stdlib.h>
#include "storage/block_part.h"
#include "storage/delta.h"
#include "storage/merge_rows.h"
#include "storage/sort_rows.h"

enum status merge_input_whole(struct part *p, uint32_t number, struct arena *a, struct merge_input *out,
                              struct error *err)
{
	struct part_meta *m;
	TRY(part_load(p, NULL, &m, err));
	struct granule_range *r = ARENA_NEW(a, struct granule_range);
	*r = (struct granule_range){number, 0, m->granules};
	*out = (struct merge_input){p, r, m->granules == 0 ? 0 : 1, NULL};
	return OK;
}

uint64_t merge_input_rows(const struct merge_input *i)
{
	const struct part_meta *m = i->part->meta;
	uint64_t rows = 0;
	for (uint32_t k = 0; k < i->range_count; k++)
		rows += m->first_row[i->ranges[k].to] - m->first_row[i->ranges[k].from];
	return rows;
}

/* All rows of the part: a reference per column. */
static enum status read_whole(const struct merge_env *env, struct part *p, const uint32_t *columns, uint32_t count,
                              struct eval *e, struct vector **outs, struct error *err)
{
	struct part_source *source;
	TRY(part_source_new(env->keys, env->set, p, columns, count, env->cache, e, &source, err));
	enum status st = part_source_seek(source, 0, (uint32_t)p->granules, err);
	if (st == OK)
		st = part_source_read(source, (uint32_t)p->rows, outs, err);
	part_source_free(source);
	return st;
}

/* The order of the rows of a delta, once for all definitions: a key only grows by columns that it does not have. */
static enum status find_order(const struct merge_env *env, struct part *p, struct eval *e, struct error *err)
{
	const struct table_keys *k = env->keys;
	uint32_t n = (uint32_t)p->rows, count = 0;
	struct vector **stored = calloc(k->stored_count + 1, sizeof *stored);
	struct vector **read = calloc(k->stored_count + 1, sizeof *read);
	struct vector **keys = calloc(k->sort_count + 1, sizeof *keys);
	uint32_t *columns = calloc(k->stored_count + 1, sizeof *columns);
	struct buffer *order = NULL;
	bool sorted;
	enum status st = stored == NULL || read == NULL || keys == NULL || columns == NULL
		? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
	if (st == OK) {
		needed_columns(k, k->sort, k->sort_count, columns, &count);
		if (count != 0)
			st = read_whole(env, p, columns, count, e, read, err);
		for (uint32_t i = 0; st == OK && i < count; i++)
			stored[columns[i]] = read[i];
		if (st == OK)
			st = table_sort_keys_run(k, env->session, env->track, stored, n, keys, err);
		for (uint32_t i = 0; st != OK && i < k->sort_count; i++)
			keys[i] = NULL;
	}
	if (st == OK)
		st = buffer_new(&delta_track, ((size_t)n + 1) * sizeof(uint32_t), &order, err);
	for (uint32_t i = 0; st == OK && i < n; i++)
		((uint32_t *)order->data)[i] = i;
	uint32_t *rows = st == OK ? (uint32_t *)order->data : NULL;
	if (st == OK)
		st = sort_rows((const struct vector *const *)keys, k->sort_count, rows, n, env->track, &sorted, err);
	if (st == OK)
		delta_set_order(p->delta, order);
	else
		buffer_unref(order);
	for (uint32_t i = 0; keys != NULL && i < k->sort_count; i++)
		vector_unref(keys[i]);
	for (uint32_t i = 0; read != NULL && i < count; i++)
		vector_unref(read[i]);
	free(stored);
	free(read);
	free(keys);
	free(columns);
	return st;
}

/* A delta is as small as memory: its columns are sorted as a whole. */
static enum status sort_delta(struct merge_source *s, const struct merge_env *env, const uint32_t *columns,
                              struct error *err)
{
	struct part *p = s->input->part;
	if (delta_order(p->delta) == NULL)
		TRY(find_order(env, p, &s->eval, err));
	s->sorted = calloc(s->column_count + 1, sizeof *s->sorted);
	struct vector **all = calloc(s->column_count + 1, sizeof *all);
	enum status st = s->sorted == NULL || all == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
	if (st == OK)
		st = read_whole(env, p, columns, s->column_count, &s->eval, all, err);
	for (uint32_t i = 0; st == OK && i < s->column_count; i++)
		st = vector_gather(env->track, all[i], delta_order(p->delta), (uint32_t)p->rows, &s->sorted[i], err);
	for (uint32_t i = 0; all != NULL && i < s->column_count; i++)
		vector_unref(all[i]);
	free(all);
	return st;
}

enum status merge_source_open(struct merge_source *s, const struct merge_env *env, const struct merge_input *input,
                              const uint32_t *columns, uint32_t column_count, struct error *err)
{
	memset(s, 0, sizeof *s);
	s->input = input;
	s->column_count = column_count;
	arena_init(&s->scratch, env->track);
	s->eval = (struct eval){.session = env->session, .track = env->track, .scratch = &s->scratch, .err = err,
	                        .cancelled = env->cancelled};
	TRY(part_load(input->part, env->session, &s->meta, err));
	s->columns = calloc(column_count + 1, sizeof *s->columns);
	if (s->columns == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	if (input->part->delta != NULL && env->keys->sort_count != 0)
		return sort_delta(s, env, columns, err);
	return part_source_new(env->keys, env->set, input->part, columns, column_count, env->cache, &s->eval, &s->source, err);
}

static void drop_batch(struct merge_source *s)
{
	for (uint32_t i = 0; s->columns != NULL && i < s->column_count; i++) {
		vector_unref(s->columns[i]);
		s->columns[i] = NULL;
	}
	s->count = s->at = 0;
}

void merge_source_close(struct merge_source *s)
{
	drop_batch(s);
	for (uint32_t i = 0; s->sorted != NULL && i < s->column_count; i++)
		vector_unref(s->sorted[i]);
	free(s->sorted);
	s->sorted = NULL;
	free(s->columns);
	part_source_free(s->source);
	arena_fini(&s->scratch);
	s->columns = NULL;
	s->source = NULL;
}

static enum status next_sorted(struct merge_source *s, uint32_t count, struct error *err)
{
	for (uint32_t i = 0; i < s->column_count; i++) {
		enum status st = vector_slice(s->eval.track, s->sorted[i], (uint32_t)s->row, count, &s->columns[i], err);
		if (st != OK) {
			s->columns[i] = NULL;
			return st;
		}
	}
	return OK;
}

enum status merge_source_next(struct merge_source *s, struct error *err)
{
	drop_batch(s);
	arena_reset(&s->scratch);
	s->eval.err = err;
	if (s->eval.cancelled != NULL && *s->eval.cancelled)
		return ERR(err, E_CANCELLED, "merging was cancelled");
	while (s->row == s->end) {
		if (s->range == s->input->range_count)
			return OK;
		const struct granule_range *g = &s->input->ranges[s->range++];
		s->row = s->meta->first_row[g->from];
		s->end = s->meta->first_row[g->to];
		if (s->sorted == NULL)
			TRY(part_source_seek(s->source, g->from, g->to, err));
	}
	uint32_t n = s->end - s->row < BATCH_ROWS_MAX ? (uint32_t)(s->end - s->row) : BATCH_ROWS_MAX;
	TRY(s->sorted != NULL ? next_sorted(s, n, err) : part_source_read(s->source, n, s->columns, err));
	s->row += n;
	s->count = n;
	return OK;
}

// SPDX-License-Identifier: Apache-2.0
#include "storage/final_scan.h"

#include <assert.h>
#include <stdlib.h>
#include "storage/part_merge.h"
#include "storage/scan_ranges.h"

struct group {
	struct merge_input *inputs;
	uint32_t count;
};

struct final_worker {
	const struct group *group;     /* NULL: none at hand */
	struct merge_rows rows;
	struct merge_column **columns; /* per requested column */
	uint64_t left;                 /* output rows */
};

struct final_scan {
	struct scan base;
	struct arena arena;
	struct part_set *set;
	struct table_keys *keys;
	struct scan_request request;
	struct merge_env env;
	struct merge_options options;
	uint32_t *stored;              /* per requested column */
	struct group *groups;
	uint32_t group_count;
	_Atomic uint32_t next_group;
	struct final_worker *workers;
	unsigned worker_count;
};

bool final_scan_needed(const struct table_keys *k)
{
	return k->mode != MERGE_ORDINARY && k->sort_count != 0;
}

/* Rows with equal keys are in one partition: its columns are sort columns as they are. */
static bool partition_follows_key(const struct table_keys *k)
{
	for (uint32_t i = 0; i < k->minmax_count; i++) {
		bool found = false;
		for (uint32_t s = 0; s < k->sort_count && !found; s++)
			found = k->sort[s]->kind == EXPR_COLUMN && k->stored_of[k->sort[s]->column] == k->minmax[i];
		if (!found)
			return false;
	}
	return true;
}

static int by_block(const void *a, const void *b)
{
	const struct part *x = ((const struct merge_input *)a)->part, *y = ((const struct merge_input *)b)->part;
	return x->name.min_block < y->name.min_block ? -1 : x->name.min_block > y->name.min_block;
}

static enum status make_groups(struct final_scan *s, struct error *err)
{
	struct scan_ranges ranges;
	TRY(scan_ranges_select(s->set, s->keys, s->env.cache, &s->request, &s->arena, &ranges, err));
	bool split = partition_follows_key(s->keys);
	s->groups = ARENA_ARRAY(&s->arena, struct group, ranges.count + 1);
	uint32_t last_part = UINT32_MAX;
	for (size_t i = 0; i < ranges.count; i++) {
		const struct granule_range *g = &ranges.ranges[i];
		struct part *p = s->set->parts[g->part];
		struct group *group = s->group_count == 0 ? NULL : &s->groups[s->group_count - 1];
		if (group != NULL && last_part == g->part) {
			group->inputs[group->count - 1].range_count++;
			continue;
		}
		if (group == NULL || (split && !str_eq(group->inputs[0].part->name.partition, p->name.partition))) {
			group = &s->groups[s->group_count++];
			group->inputs = ARENA_ARRAY(&s->arena, struct merge_input, s->set->count);
		}
		if (group->count == MERGE_INPUTS_MAX)
			return ERR(err, E_LIMIT_EXCEEDED, "too many parts to merge for FINAL, more than %d", MERGE_INPUTS_MAX);
		group->inputs[group->count++] = (struct merge_input){p, g, 1, s->set->marks[g->part]};
		last_part = g->part;
	}
	/* groups of several partitions: equal keys stand in the order of their commits */
	for (uint32_t i = 0; !split && i < s->group_count; i++)
		qsort(s->groups[i].inputs, s->groups[i].count, sizeof *s->groups[i].inputs, by_block);
	s->base.stats.parts = ranges.parts;
	s->base.stats.granules = ranges.granules;
	s->base.stats.granules_total = ranges.granules_total;
	s->base.stats.total_rows_hint = ranges.rows;
	return OK;
}

static enum status resolve(struct final_scan *s, struct error *err)
{
	const struct scan_request *r = &s->request;
	s->stored = ARENA_ARRAY(&s->arena, uint32_t, r->column_count + 1);
	for (uint32_t i = 0; i < r->column_count; i++) {
		if (r->columns[i] & COLUMN_VIRTUAL)
			return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: virtual columns with FINAL");
		s->stored[i] = s->keys->stored_of[r->columns[i]];
		assert(s->stored[i] != UINT32_MAX);
	}
	return OK;
}

static void close_group(struct final_scan *s, struct final_worker *w)
{
	for (uint32_t i = 0; w->columns != NULL && i < s->request.column_count; i++)
		merge_column_free(w->columns[i]);
	free(w->columns);
	w->columns = NULL;
	merge_rows_fini(&w->rows);
	w->group = NULL;
	w->left = 0;
}

static enum status open_group(struct final_scan *s, struct final_worker *w, const struct group *g, struct error *err)
{
	struct merge_options o = s->options;
	/* what a merge made has been folded already, unless deleted or cancelling rows are to go */
	if (g->count == 1 && g->inputs[0].part->name.level > 0 && s->keys->deleted == UINT32_MAX
	    && s->keys->mode != MERGE_COLLAPSING)
		o.fold = false;
	TRY(merge_rows_make(&s->env, g->inputs, g->count, &o, &w->rows, err));
	w->group = g;
	if (o.fold)
		TRY(merge_drop_zero_sums(&s->env, g->inputs, g->count, &w->rows, err));
	w->left = w->rows.output;
	w->columns = calloc(s->request.column_count + 1, sizeof *w->columns);
	if (w->columns == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	for (uint32_t i = 0; i < s->request.column_count; i++)
		TRY(merge_column_new(&s->env, g->inputs, g->count, &w->rows, s->stored[i], &o, &w->columns[i], err));
	atomic_fetch_add_explicit(&s->base.stats.rows, w->rows.count, memory_order_relaxed);
	return OK;
}

static enum status next_batch(struct final_scan *s, struct final_worker *w, struct batch **out, struct error *err)
{
	uint32_t n = w->left < BATCH_ROWS_MAX ? (uint32_t)w->left : BATCH_ROWS_MAX;
	struct batch *b;
	TRY(batch_new(s->request.column_count, &b, err));
	b->count = n;
	for (uint32_t i = 0; i < s->request.column_count; i++) {
		enum status st = merge_column_read(w->columns[i], n, &b->columns[i], err);
		if (st != OK) {
			b->columns[i] = NULL;
			batch_free(b);
			return st;
		}
	}
	w->left -= n;
	*out = b;
	return OK;
}

static enum status final_next(struct scan *base, unsigned worker, struct batch **out, struct error *err)
{
	struct final_scan *s = (struct final_scan *)base;
	struct final_worker *w = &s->workers[worker];
	*out = NULL;
	while (w->left == 0) {
		close_group(s, w);
		uint32_t i = s->next_group < s->group_count ? s->next_group++ : s->group_count;
		if (i >= s->group_count)
			return OK;
		TRY(open_group(s, w, &s->groups[i], err));
	}
	return next_batch(s, w, out, err);
}

static void final_free(struct scan *base)
{
	struct final_scan *s = (struct final_scan *)base;
	for (unsigned i = 0; i < s->worker_count; i++)
		close_group(s, &s->workers[i]);
	free(s->workers);
	if (s->set != NULL)
		version_unref(&s->set->version);
	table_keys_unref(s->keys);
	arena_fini(&s->arena);
	free(s);
}

static const struct scan_ops final_scan_ops = {.next = final_next, .free = final_free};

enum status final_scan_new(const struct part_set *set, struct table_keys *keys, struct cache *cache,
                           const struct scan_request *r, struct scan **out, struct error *err)
{
	struct final_scan *s = calloc(1, sizeof *s);
	unsigned threads = r->threads == 0 ? 1 : r->threads;
	struct final_worker *workers = calloc(threads, sizeof *workers);
	if (s == NULL || workers == NULL) {
		free(s);
		free(workers);
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	}
	s->base.ops = &final_scan_ops;
	arena_init(&s->arena, r->track);
	s->set = set == NULL ? NULL : (struct part_set *)version_ref(&set->version);
	s->keys = table_keys_ref(keys);
	s->request = *r;
	s->workers = workers;
	s->worker_count = threads;
	s->env = (struct merge_env){.keys = keys, .set = s->set, .cache = cache, .session = r->session, .track = r->track,
	                            .cancelled = r->cancelled};
	s->options = (struct merge_options){.fold = true, .drop_deleted = true, .positive_only = true};
	enum status st = resolve(s, err);
	if (st == OK && s->set != NULL)
		st = make_groups(s, err);
	if (st != OK) {
		final_free(&s->base);
		return st;
	}
	*out = &s->base;
	return OK;
}

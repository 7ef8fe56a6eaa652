// SPDX-License-Identifier: Apache-2.0
#include "storage/scan_ranges.h"

#include <assert.h>
#include <stdlib.h>
#include "storage/condition.h"
#include "storage/skip_read.h"

struct selection {
	const struct table_keys *keys;
	struct arena *arena;
	struct condition_set *partition; /* over the minmax columns; NULL: no help */
	struct condition_set *primary;
	struct skip_question *skips;
	struct scan_ranges *out;
};

static void add_range(struct scan_ranges *s, struct arena *a, uint32_t part, uint32_t from, uint32_t to)
{
	struct granule_range g = {part, from, to};
	ARENA_PUSH(a, s->ranges, s->count, s->capacity, g);
}

/* A condition that can say something, or NULL. */
static enum status useful_condition(const struct table_keys *k, const struct scan_request *r, struct expr *const *keys,
                                    uint32_t n, struct condition_set **out, struct error *err)
{
	bool useful = false;
	*out = NULL;
	if (n == 0 || r->filter_count == 0)
		return OK;
	TRY(condition_new(k, r, keys, n, out, &useful, err));
	if (!useful) {
		condition_free(*out);
		*out = NULL;
	}
	return OK;
}

/*
 * With FINAL only what holds for all rows of one key alike may leave rows out: the primary key always, partitions where
 * their columns are in it, indexes never.
 */
static enum status make_conditions(struct selection *s, const struct scan_request *r, bool partitions,
                                   struct error *err)
{
	const struct table_keys *k = s->keys;
	struct expr **columns = ARENA_ARRAY(s->arena, struct expr *, k->minmax_count + 1);
	for (uint32_t i = 0; i < k->minmax_count; i++) {
		const struct column_def *c = &k->def->columns[k->stored[k->minmax[i]]];
		columns[i] = expr_column(s->arena, k->stored[k->minmax[i]], c->type, c->name);
	}
	if (partitions)
		TRY(useful_condition(k, r, columns, k->minmax_count, &s->partition, err));
	TRY(useful_condition(k, r, k->sort, k->primary_count, &s->primary, err));
	return r->final ? OK : skip_questions_new(k, r, s->arena, &s->skips, err);
}

static enum status partition_can_match(struct selection *s, struct part *p, struct part_meta *m, bool *can,
                                       struct error *err)
{
	struct vector **values;
	*can = true;
	if (s->partition == NULL)
		return OK;
	TRY(part_load_minmax(p, m, s->keys, &values, err));
	if (values == NULL)
		return OK;
	TRY(condition_bind(s->partition, values, 2, err));
	*can = condition_check(s->partition, 0, 1, s->keys->minmax_count, false);
	return OK;
}

/* How many leading keys the granule bounds: those behind one that changes in it may have any value. */
static uint32_t bounded_keys(const struct part_meta *m, uint32_t from, uint32_t to)
{
	uint32_t n = 0;
	while (n < m->key_count) {
		const struct vector *v = m->keys[n++];
		if (vector_compare_rows(v, from, v, to) != 0)
			break;
	}
	return n;
}

static enum status select_by_key(struct selection *s, struct part *p, struct part_meta *m, bool *wanted,
                                 struct error *err)
{
	if (s->primary == NULL || p->delta != NULL)
		return OK;
	TRY(part_load_keys(p, m, s->keys->sort_types, s->keys->primary_count, err));
	uint32_t rows = m->keys[0]->count;
	TRY(condition_bind(s->primary, m->keys, rows, err));
	for (uint32_t g = 0; g < m->granules; g++) {
		bool open_end = g + 1 >= rows;
		uint32_t to = open_end ? g : g + 1;
		wanted[g] = condition_check(s->primary, g, to, open_end ? 1 : bounded_keys(m, g, to), open_end);
	}
	return OK;
}

static enum status select_part(struct selection *s, uint32_t number, struct part *p, struct error *err)
{
	struct part_meta *m;
	bool can;
	TRY(part_load(p, storage_session(s->keys->def->dialect), &m, err));
	s->out->granules_total += m->granules;
	TRY(partition_can_match(s, p, m, &can, err));
	if (!can || m->granules == 0)
		return OK;
	bool *wanted = malloc(m->granules * sizeof *wanted);
	if (wanted == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	memset(wanted, 1, m->granules);
	enum status st = select_by_key(s, p, m, wanted, err);
	for (struct skip_question *q = s->skips; st == OK && q != NULL && p->delta == NULL; q = q->next)
		st = skip_question_ask(q, p, m, wanted, err);
	bool any = false;
	for (uint32_t g = 0; st == OK && g < m->granules; g++) {
		if (!wanted[g])
			continue;
		uint32_t end = g + 1;
		while (end < m->granules && wanted[end])
			end++;
		add_range(s->out, s->arena, number, g, end);
		s->out->granules += end - g;
		s->out->rows += m->first_row[end] - m->first_row[g];
		any = true;
		g = end;
	}
	s->out->parts += any;
	free(wanted);
	return st;
}

/* Partition columns that are sort columns as they are: rows of one key are in one partition. */
static bool partition_in_key(const struct table_keys *k)
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

enum status scan_ranges_select(const struct part_set *set, const struct table_keys *k, struct cache *cache,
                               const struct scan_request *r, struct arena *a, struct scan_ranges *out,
                               	struct error *err)
{
	(void)cache;
	*out = (struct scan_ranges){.set = set};
	struct selection s = {.keys = k, .arena = a, .out = out};
	enum status st = make_conditions(&s, r, !r->final || partition_in_key(k), err);
	for (uint32_t i = 0; st == OK && i < set->count; i++) {
		if (r->cancelled != NULL && atomic_load_explicit(r->cancelled, memory_order_relaxed))
			st = ERR(err, E_CANCELLED, "Query was cancelled");
		else
			st = select_part(&s, i, set->parts[i], err);
	}
	condition_free(s.partition);
	condition_free(s.primary);
	skip_questions_free(s.skips);
	return st;
}

void scan_ranges_cut(const struct scan_ranges *r, uint64_t morsel_rows, struct arena *a, struct morsel **out,
                     uint32_t *count)
{
	size_t capacity = 0, n = 0;
	*out = NULL;
	for (size_t i = 0; i < r->count; i++) {
		const struct granule_range *g = &r->ranges[i];
		const struct part_meta *m = r->set->parts[g->part]->meta;
		assert(m != NULL);
		for (uint32_t at = g->from; at < g->to;) {
			uint32_t end = at + 1;
			while (end < g->to && m->first_row[end + 1] - m->first_row[at] <= morsel_rows)
				end++;
			struct morsel x = {g->part, at, end, m->first_row[at], m->first_row[end]};
			ARENA_PUSH(a, *out, n, capacity, x);
			at = end;
		}
	}
	*count = (uint32_t)n;
}

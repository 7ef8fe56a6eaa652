// SPDX-License-Identifier: Apache-2.0
/* ORDER BY inside an aggregate call: rows are kept until the end and then added in order. */
#include <assert.h>
#include <stdlib.h>

#include "func/aggregate_impl.h"

struct ordered {
	uint32_t column_count, arg_count, key_count; /* arguments first */
	bool *descending, *nulls_first;
};

struct ordered_state {
	struct builder **columns; /* NULL: no row yet */
	uint32_t count;
};

static enum status make_columns(const struct aggregator *a, struct eval *e, struct ordered_state *s)
{
	const struct ordered *o = a->data;
	void *p = NULL;
	if (s->columns != NULL)
		return OK;
	TRY(agg_realloc(e, &p, 0, o->column_count * sizeof *s->columns));
	memset(p, 0, o->column_count * sizeof *s->columns);
	s->columns = p;
	for (uint32_t c = 0; c < o->column_count; c++)
		TRY(builder_new(e->track, a->arg_types[c], &s->columns[c], e->err));
	return OK;
}

static void ordered_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	const struct ordered *o = a->data;
	struct ordered_state *s = (void *)state;
	for (uint32_t c = 0; s->columns != NULL && c < o->column_count; c++)
		builder_free(s->columns[c]);
	agg_free(track, s->columns, o->column_count * sizeof *s->columns);
	s->columns = NULL;
}

static enum status ordered_add_one(const struct aggregator *a, struct eval *e, char *state,
                                   const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct ordered *o = a->data;
	struct ordered_state *s = (void *)state;
	if (count == 0)
		return OK;
	TRY(make_columns(a, e, s));
	for (uint32_t c = 0; c < o->column_count; c++) {
		const struct vector *v = args[c];
		if (rows == NULL) {
			TRY(builder_range(s->columns[c], v, 0, count, e->err));
		} else if (v->form == VECTOR_FLAT) {
			TRY(builder_rows(s->columns[c], v, rows, count, e->err));
		} else {
			for (uint32_t i = 0; i < count; i++)
				TRY(builder_row(s->columns[c], v, rows[i], e->err));
		}
	}
	s->count += count;
	return OK;
}

static enum status ordered_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                 char *const *others, size_t other_offset, uint32_t count)
{
	const struct ordered *o = a->data;
	for (uint32_t i = 0; i < count; i++) {
		struct ordered_state *s = (void *)(states[i] + offset), *t = (void *)(others[i] + other_offset);
		if (t->count == 0)
			continue;
		TRY(make_columns(a, e, s));
		for (uint32_t c = 0; c < o->column_count; c++) {
			struct vector *v;
			TRY(builder_finish(t->columns[c], &v, e->err));
			enum status status = builder_range(s->columns[c], v, 0, t->count, e->err);
			vector_unref(v);
			TRY(status);
		}
		s->count += t->count;
		t->count = 0;
	}
	return OK;
}

struct sorting {
	const struct ordered *o;
	struct vector **columns;
};

static bool row_before(uint32_t x, uint32_t y, const struct sorting *s)
{
	for (uint32_t k = 0; k < s->o->key_count; k++) {
		const struct vector *v = s->columns[s->o->arg_count + k];
		bool null_x = vector_is_null(v, x), null_y = vector_is_null(v, y);
		if (null_x != null_y)
			return null_x == s->o->nulls_first[k];
		int c = null_x ? 0 : vector_compare_rows(v, x, v, y);
		if (c != 0)
			return s->o->descending[k] ? c > 0 : c < 0;
	}
	return x < y;
}

#define SORT_NAME sort_rows
#define SORT_TYPE uint32_t
#define SORT_CONTEXT const struct sorting *
#define SORT_LESS(a, b) row_before(*(a), *(b), context)
#include "base/sort.h"

/* The rows in order through a fresh state of the nested aggregate. */
static enum status finish_sorted(const struct aggregator *a, struct eval *e, struct vector **columns, uint32_t count,
                                 struct builder *to)
{
	const struct aggregator *nested = a->nested;
	struct sorting sorting = {a->data, columns};
	size_t bytes = count * sizeof(uint32_t) + nested->state_size;
	void *room = NULL;
	TRY(agg_realloc(e, &room, 0, bytes));
	char *state = room;
	uint32_t *rows = (uint32_t *)(void *)(state + nested->state_size);
	memset(state, 0, nested->state_size);
	for (uint32_t i = 0; i < count; i++)
		rows[i] = i;
	sort_rows(rows, count, &sorting);
	agg_init(nested, state);
	enum status s = OK;
	if (count != 0)
		s = nested->ops->add_one(nested, e, state, (const struct vector *const *)columns, rows, count);
	if (s == OK)
		s = nested->ops->finish(nested, e, &state, 0, 1, to);
	agg_destroy(nested, state, e->track);
	agg_free(e->track, room, bytes);
	return s;
}

static enum status ordered_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                  uint32_t count, struct builder *to)
{
	const struct ordered *o = a->data;
	struct vector **columns = calloc(o->column_count + 1, sizeof *columns);
	if (columns == NULL)
		return ERR(e->err, E_CANNOT_ALLOCATE, "cannot allocate the columns of an ordered aggregate");
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct ordered_state *t = (void *)(states[i] + offset);
		for (uint32_t c = 0; c < o->column_count && s == OK && t->count != 0; c++)
			s = builder_finish(t->columns[c], &columns[c], e->err);
		if (s == OK)
			s = finish_sorted(a, e, columns, t->count, to);
		for (uint32_t c = 0; c < o->column_count; c++) {
			if (s == OK && columns[c] != NULL) /* the state stays as it was */
				s = builder_range(t->columns[c], columns[c], 0, t->count, e->err);
			vector_unref(columns[c]);
			columns[c] = NULL;
		}
	}
	free(columns);
	return s;
}

/* Only spilled: count, then each column's values. */
static enum status ordered_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct ordered *o = a->data;
	const struct ordered_state *s = (const void *)state;
	strbuf_put_varuint(to, s->count);
	for (uint32_t c = 0; c < o->column_count && s->count != 0; c++) {
		struct vector *v;
		TRY(builder_finish(s->columns[c], &v, e->err));
		enum status status = OK;
		for (uint32_t i = 0; i < s->count && status == OK; i++)
			status = agg_value_write(to, v, i, e->err);
		if (status == OK)
			status = builder_range(s->columns[c], v, 0, s->count, e->err);
		vector_unref(v);
		TRY(status);
	}
	return OK;
}

static enum status ordered_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                                size_t *consumed)
{
	const struct ordered *o = a->data;
	struct ordered_state *s = (void *)state;
	struct agg_reader r = agg_reader(from);
	uint32_t n = agg_get_count(&r, 1);
	if (n != 0)
		TRY(make_columns(a, e, s));
	for (uint32_t c = 0; c < o->column_count && n != 0; c++)
		for (uint32_t i = 0; i < n; i++)
			TRY(agg_value_read(s->columns[c], &r, e->err));
	s->count = n;
	return agg_reader_end(&r, e, from, consumed);
}

static const struct aggregate_ops ordered_ops = {NULL, ordered_destroy, agg_add_runs, ordered_add_one, ordered_merge,
                                                 ordered_finish, ordered_write, ordered_read};

struct aggregator *aggregate_ordered(struct arena *arena, const struct aggregator *nested,
                                     const struct type *const *key_types, const bool *descending,
                                     const bool *nulls_first, uint32_t n)
{
	struct aggregator *a = ARENA_NEW(arena, struct aggregator);
	struct ordered *o = ARENA_NEW(arena, struct ordered);
	*a = *nested;
	o->arg_count = nested->arg_count;
	o->key_count = n;
	o->column_count = nested->arg_count + n;
	o->descending = arena_copy(arena, descending, n * sizeof *descending);
	o->nulls_first = arena_copy(arena, nulls_first, n * sizeof *nulls_first);
	a->nested = (struct aggregator *)(uintptr_t)nested;
	a->data = o;
	a->arg_count = o->column_count;
	a->arg_types = ARENA_ARRAY(arena, const struct type *, o->column_count);
	for (uint32_t i = 0; i < o->column_count; i++)
		a->arg_types[i] = i < o->arg_count ? nested->arg_types[i] : key_types[i - o->arg_count];
	agg_set(a, &ordered_ops, nested->result, sizeof(struct ordered_state));
	return a;
}

// SPDX-License-Identifier: Apache-2.0
/*
 * LIMIT and LIMIT BY whose range is known only when all rows have come: counted from the end, a share of all rows, or
 * with ties whose number a parameter says. The rows are kept, in the order of their coming.
 */
#include <math.h>
#include <pthread.h>

#include "exec/op_group.h"
#include "exec/op_impl.h"
#include "exec/run_impl.h"

struct range_operator {
	struct operator base;
	struct arena arena;
	pthread_mutex_t lock;        /* guards what follows while rows come */
	struct op_batches batches;
	uint32_t *groups;            /* LIMIT BY: the group of every row */
	uint64_t group_capacity;
	uint64_t *totals, *seen;     /* LIMIT BY: rows of every group; those given or left out */
	uint64_t total_capacity;
	struct program *program;     /* LIMIT BY: its keys */
	struct group_layout layout;
	struct group_table table;    /* payload: the group's number */
	struct group_keys keys;
	bool grouped;
	uint64_t limit, offset;
	uint32_t at;                 /* output: the next batch */
	uint64_t before, from, to;   /* output: rows of the batches before it; the range */
};

/* ---- the range ---- */

static uint64_t share_of(double share, uint64_t total)
{
	return (uint64_t)ceil(share * (double)total);
}

/* Rows [from, to) of `total`. */
static void range_of(uint64_t total, uint64_t limit, double limit_share, bool limit_from_end, uint64_t offset,
                     double offset_share, bool offset_from_end, uint64_t *from, uint64_t *to)
{
	if (offset_share != 0)
		offset = share_of(offset_share, total);
	if (limit_share != 0)
		limit = share_of(limit_share, total);
	offset = offset < total ? offset : total;
	*from = offset_from_end ? 0 : offset;
	*to = offset_from_end ? total - offset : total;
	if (limit >= *to - *from)
		return;
	if (limit_from_end)
		*from = *to - limit;
	else
		*to = *from + limit;
}

/* The kept batch that row `row` is in, and its place there. */
static const struct batch *batch_of(const struct range_operator *o, uint64_t row, uint32_t *at)
{
	uint32_t i = 0;
	for (; row >= o->batches.items[i]->count; i++)
		row -= o->batches.items[i]->count;
	*at = (uint32_t)row;
	return o->batches.items[i];
}

/* Whether two rows are equal by the order. */
static bool ties(const struct range_operator *o, uint64_t a, uint64_t b)
{
	const struct plan *p = o->base.plan;
	uint32_t i, k;
	const struct batch *x = batch_of(o, a, &i), *y = batch_of(o, b, &k);
	for (uint32_t c = 0; c < p->u.limit.order_count; c++) {
		uint32_t column = p->u.limit.order[c]->column;
		if (vector_compare_rows(x->columns[column], i, y->columns[column], k) != 0)
			return false;
	}
	return true;
}

static void add_ties(struct range_operator *o)
{
	bool forward = !o->base.plan->u.limit.limit_from_end;
	if (o->from >= o->to)
		return;
	while (forward && o->to < o->batches.rows && ties(o, o->to - 1, o->to))
		o->to++;
	while (!forward && o->from > 0 && ties(o, o->from, o->from - 1))
		o->from--;
}

/* ---- input ---- */

static enum status grow(struct range_operator *o, void *array, uint64_t *capacity, uint64_t need, size_t width,
                        struct error *err)
{
	void **list = array;
	uint64_t fresh = *capacity == 0 ? 1024 : *capacity;
	if (need <= *capacity)
		return OK;
	while (fresh < need)
		fresh *= 2;
	TRY(memtrack_charge(&o->base.query->track, (int64_t)((fresh - *capacity) * width), err));
	void *more = realloc(*list, fresh * width);
	if (more == NULL) {
		memtrack_release(&o->base.query->track, (int64_t)((fresh - *capacity) * width));
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate the groups of LIMIT BY");
	}
	memset((char *)more + *capacity * width, 0, (fresh - *capacity) * width);
	*list = more;
	*capacity = fresh;
	return OK;
}

/* Notes the group of every row of a batch. */
static enum status note_groups(struct range_operator *o, struct worker *w, struct vector *const *keys, uint32_t count)
{
	char **rows = ARENA_ARRAY(&w->scratch, char *, count + 1), **fresh = ARENA_ARRAY(&w->scratch, char *, count + 1);
	uint32_t fresh_count;
	uint64_t before = o->table.count, base = o->batches.rows;
	TRY(group_keys_set(&o->keys, &w->eval, keys, count));
	TRY(group_table_insert(&o->table, &o->keys, NULL, count, UINT64_MAX, rows, fresh, &fresh_count, &w->err));
	TRY(grow(o, &o->groups, &o->group_capacity, base + count, sizeof *o->groups, &w->err));
	TRY(grow(o, &o->totals, &o->total_capacity, o->table.count, sizeof *o->totals, &w->err));
	for (uint32_t i = 0; i < fresh_count; i++)
		*(uint64_t *)group_payload(&o->layout, fresh[i]) = before + i;
	for (uint32_t i = 0; i < count; i++) {
		uint64_t group = *(uint64_t *)group_payload(&o->layout, rows[i]);
		o->groups[base + i] = (uint32_t)group;
		o->totals[group]++;
	}
	return OK;
}

static enum status range_push(struct operator *op, struct worker *w, struct batch *in)
{
	struct range_operator *o = (struct range_operator *)op;
	uint32_t key_count = o->grouped ? o->layout.key_count : 0;
	struct vector **keys = ARENA_ARRAY(&w->scratch, struct vector *, key_count + 1);
	enum status s = op_compact(w, in);
	if (s == OK && o->grouped)
		s = program_run(o->program, &w->eval, in->columns, w->query->slots, in->count, keys);
	pthread_mutex_lock(&o->lock);
	if (s == OK && o->grouped)
		s = note_groups(o, w, keys, in->count);
	if (s == OK)
		s = op_batches_add(&o->batches, in, &w->err);
	else
		batch_free(in);
	pthread_mutex_unlock(&o->lock);
	for (uint32_t i = 0; i < key_count; i++)
		vector_unref(keys[i]);
	return s;
}

static enum status range_finish(struct operator *op, struct worker *w)
{
	struct range_operator *o = (struct range_operator *)op;
	const struct plan *p = op->plan;
	uint64_t none = 0;
	if (o->grouped)
		return grow(o, &o->seen, &none, o->table.count + 1, sizeof *o->seen, &w->err);
	range_of(o->batches.rows, o->limit, p->u.limit.limit_share, p->u.limit.limit_from_end, o->offset,
	         p->u.limit.offset_share, p->u.limit.offset_from_end, &o->from, &o->to);
	if (p->u.limit.with_ties)
		add_ties(o);
	return OK;
}

/* ---- output ---- */

static bool is_kept(struct range_operator *o, uint64_t row)
{
	const struct plan *p = o->base.plan;
	if (!o->grouped)
		return row >= o->from && row < o->to;
	uint32_t group = o->groups[row];
	uint64_t from, to, at = o->seen[group]++;
	range_of(o->totals[group], o->limit, 0, p->u.limit_by.limit_from_end, o->offset, 0, p->u.limit_by.offset_from_end,
	         &from, &to);
	return at >= from && at < to;
}

static enum status range_next(struct operator *op, struct worker *w, struct batch **out)
{
	struct range_operator *o = (struct range_operator *)op;
	*out = NULL;
	while (o->at < o->batches.count) {
		struct batch *b = o->batches.items[o->at];
		uint32_t *rows = ARENA_ARRAY(&w->scratch, uint32_t, b->count + 1), n = 0;
		for (uint32_t i = 0; i < b->count; i++)
			if (is_kept(o, o->before + i))
				rows[n++] = i;
		o->before += b->count;
		o->at++;
		if (n == 0)
			continue;
		return op_pick(w, b->columns, b->column_count, n == b->count ? NULL : rows, n, out);
	}
	return OK;
}

static void range_free(struct operator *op)
{
	struct range_operator *o = (struct range_operator *)op;
	uint64_t seen = o->seen == NULL ? 0 : o->table.count + 1, capacity = 1024;
	while (seen != 0 && capacity < seen)
		capacity *= 2;
	memtrack_release(&op->query->track, (int64_t)(o->group_capacity * sizeof *o->groups +
		(o->total_capacity + (seen == 0 ? 0 : capacity)) * sizeof *o->totals));
	op_batches_free(&o->batches);
	free(o->groups);
	free(o->totals);
	free(o->seen);
	if (o->grouped) {
		group_table_fini(&o->table);
		group_keys_fini(&o->keys);
	}
	pthread_mutex_destroy(&o->lock);
	arena_fini(&o->arena);
	free(o);
}

static const struct operator_ops range_ops = {
	.name = "LimitRange", .push = range_push, .finish = range_finish, .next = range_next, .free = range_free,
};

static enum status new_range(struct query *q, const struct plan *p, struct range_operator **out)
{
	TRY(op_new(q, sizeof **out, &range_ops, p, out));
	arena_init(&(*out)->arena, &q->track);
	pthread_mutex_init(&(*out)->lock, NULL);
	return OK;
}

enum status limit_range_operator_new(struct query_run *r, const struct plan *p, struct operator **out,
                                     struct error *err)
{
	struct range_operator *o;
	int64_t limit, offset;
	TRY(run_constant(r, p->u.limit.limit, INT64_MAX, &limit, err));
	TRY(run_constant(r, p->u.limit.offset, 0, &offset, err));
	if (limit < 0 || offset < 0)
		return ERR(err, E_BAD_ARGUMENTS, "%s must not be negative", limit < 0 ? "LIMIT" : "OFFSET");
	TRY(new_range(r->query, p, &o));
	o->limit = (uint64_t)limit;
	o->offset = (uint64_t)offset;
	*out = &o->base;
	return OK;
}

enum status limit_by_range_operator_new(struct query *q, const struct plan *p, struct operator **out)
{
	struct range_operator *o;
	uint32_t n = p->u.limit_by.key_count;
	TRY(new_range(q, p, &o));
	o->grouped = true;
	o->limit = p->u.limit_by.limit;
	o->offset = p->u.limit_by.offset;
	const struct type **types = ARENA_ARRAY(&o->arena, const struct type *, n + 1);
	for (uint32_t i = 0; i < n; i++)
		types[i] = p->u.limit_by.keys[i]->type;
	group_layout_init(&o->layout, &o->arena, types, n, sizeof(uint64_t), q->session->dialect == DIALECT_POSTGRESQL);
	group_table_init(&o->table, &o->layout, &q->track);
	group_keys_init(&o->keys, &o->layout, &q->track);
	enum status s = program_compile(&o->arena, p->u.limit_by.keys, n, &o->program, &q->err);
	if (s != OK) {
		range_free(&o->base);
		return s;
	}
	*out = &o->base;
	return OK;
}

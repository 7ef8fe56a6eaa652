// SPDX-License-Identifier: Apache-2.0
/*
 * Dependent evaluation: correlated subqueries in expressions, and LATERAL. For each distinct row of outer values the
 * inner plan runs on the calling thread, with these values in its slots.
 */
#include <stdlib.h>

#include "exec/run_impl.h"
#include "plan/subquery.h"

enum { MEMO_MAX = 256 };

static struct query *outermost(struct query *q)
{
	while (q->parent != NULL)
		q = q->parent;
	return q;
}

/* One that has ended, or a new one. All of them are taken from the list, since another thread may take some too. */
static struct query *spare_query(struct query *root)
{
	struct query *all = atomic_exchange(&root->spare, NULL), *rest = all == NULL ? NULL : all->next_spare, *last = rest;
	if (all == NULL) {
		struct query *fresh = calloc(1, sizeof *fresh);
		if (fresh != NULL)
			memtrack_init(&fresh->track, &root->track, "subquery", 0);
		return fresh;
	}
	if (rest == NULL)
		return all;
	while (last->next_spare != NULL)
		last = last->next_spare;
	last->next_spare = atomic_load(&root->spare);
	while (!atomic_compare_exchange_weak(&root->spare, &last->next_spare, rest))
		;
	return all;
}

static void inner_query_end(struct query *inner)
{
	struct query *root = outermost(inner);
	for (uint32_t i = 0; inner->slots != NULL && i < inner->plan->slot_count; i++)
		vector_unref(inner->slots[i]);
	free(inner->slots);
	inner->slots = NULL;
	inner->next_spare = atomic_load(&root->spare);
	while (!atomic_compare_exchange_weak(&root->spare, &inner->next_spare, inner))
		;
}

/*
 * A query of its own for the inner plan: its slots are private, its limits the outer query's. What it gives
 * goes on living with the outer query's rows, so it lives as long as the outermost one, to which its memory counts.
 */
static enum status inner_query(struct query *outer, struct query **out, struct error *err)
{
	struct query *inner = *out = spare_query(outermost(outer));
	if (inner == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a subquery");
	inner->parent = outer;
	inner->profile = outer->profile;
	inner->plan = outer->plan;
	inner->session = outer->session;
	inner->txn = outer->txn;
	inner->limits = outer->limits;
	inner->slots = calloc(outer->plan->slot_count + 1, sizeof *inner->slots);
	if (inner->slots == NULL) {
		inner_query_end(inner);
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate slots");
	}
	for (uint32_t i = 0; i < outer->plan->slot_count; i++)
		inner->slots[i] = vector_ref(outer->slots[i]);
	return OK;
}

static enum status set_slot(struct query *q, uint32_t slot, const struct vector *v, uint32_t row, struct error *err)
{
	struct vector *value;
	TRY(vector_constant(&q->track, v, row, 1, &value, err));
	vector_unref(q->slots[slot]);
	q->slots[slot] = value;
	return OK;
}

static void drop_batches(struct batch **batches, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		batch_free(batches[i]);
	free(batches);
}

static bool contains(struct batch *const *batches, uint32_t n, const struct vector *v, uint32_t row, bool *null_seen)
{
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < batches[i]->count; k++) {
			if (vector_is_null(batches[i]->columns[0], k))
				*null_seen = true;
			else if (vector_compare_rows(v, row, batches[i]->columns[0], k) == 0)
				return true;
		}
	return false;
}

/* Appends what the subquery's rows mean as one value. */
static enum status append_value(const struct plan_subquery *s, struct builder *to, struct batch *const *batches,
                                uint32_t n, const struct vector *sought, uint32_t row, struct error *err)
{
	uint64_t rows = 0;
	for (uint32_t i = 0; i < n; i++)
		rows += batches[i]->count;
	uint8_t truth = rows != 0;
	bool null_seen = false;
	switch (s->what) {
	case SUBQUERY_HAS_ROWS:
		return builder_fixed(to, &truth, err);
	case SUBQUERY_CONTAINS:
		if (rows != 0 && vector_is_null(sought, row))
			return builder_null(to, err);
		truth = rows != 0 && contains(batches, n, sought, row, &null_seen);
		return !truth && null_seen ? builder_null(to, err) : builder_fixed(to, &truth, err);
	case SUBQUERY_ARRAY_OF:
		for (uint32_t i = 0; i < n; i++)
			TRY(builder_range(to->children[0], batches[i]->columns[0], 0, batches[i]->count, err));
		return builder_end_array(to, err);
	case SUBQUERY_VALUE:
		break;
	}
	if (rows > 1)
		return ERR(err, E_SUBQUERY_ROWS, "more than one row returned by a subquery used as an expression");
	if (rows == 0)
		return builder_default(to, err);
	uint32_t at = 0;
	while (batches[at]->count == 0)
		at++;
	return builder_row(to, batches[at]->columns[0], 0, err);
}

/* The row before i with the same arguments, among the last MEMO_MAX computed ones. */
static bool find_same(const struct call *c, const struct vector *const *args, uint32_t i, const uint32_t *computed,
                      uint32_t n, uint32_t *same)
{
	uint32_t from = n > MEMO_MAX ? n - MEMO_MAX : 0;
	for (uint32_t k = n; k-- > from;) {
		bool equal = true;
		for (uint32_t a = 0; a < c->arg_count && equal; a++)
			equal = vector_compare_rows(args[a], i, args[a], computed[k]) == 0;
		if (equal) {
			*same = k;
			return true;
		}
	}
	return false;
}

static enum status subquery_exec(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	const struct plan_subquery *s = c->state;
	struct worker *w = e->runner;
	struct query *inner;
	struct builder *values = NULL;
	struct vector *distinct = NULL;
	uint32_t *computed = ARENA_ARRAY(e->scratch, uint32_t, count + 1),
		*rows = ARENA_ARRAY(e->scratch, uint32_t, count + 1), n = 0;
	uint32_t extra = s->what == SUBQUERY_CONTAINS;
	uint64_t limit = s->what == SUBQUERY_HAS_ROWS ? 1 : s->what == SUBQUERY_VALUE ? 2 : 0;
	if (w == NULL)
		return ERR(e->err, E_NOT_IMPLEMENTED, "not supported yet: a correlated subquery here");
	TRY(inner_query(w->query, &inner, e->err));
	enum status status = builder_new(e->track, c->result, &values, e->err);
	for (uint32_t i = 0; i < count && status == OK; i++) {
		if (find_same(c, args, i, computed, n, &rows[i]))
			continue;
		for (uint32_t a = extra; a < c->arg_count && status == OK; a++)
			status = set_slot(inner, s->slots[a - extra], args[a], i, e->err);
		struct batch **batches = NULL;
		uint32_t batch_count = 0;
		if (status == OK)
			status = query_check(w->query, e->err);
		if (status == OK)
			status = query_collect(inner, s->plan, &batches, &batch_count, limit, e->err);
		if (status == OK)
			status = append_value(s, values, batches, batch_count, args[0], i, e->err);
		drop_batches(batches, batch_count);
		computed[n] = i;
		rows[i] = n++;
	}
	if (status == OK)
		status = builder_finish(values, &distinct, e->err);
	if (status == OK)
		status = vector_gather(e->track, distinct, rows, count, out, e->err);
	vector_unref(distinct);
	builder_free(values);
	inner_query_end(inner);
	return status;
}

void apply_register(void)
{
	plan_subquery_exec = subquery_exec;
}

/* ---- LATERAL ---- */

struct apply_operator {
	struct operator base;
	struct program *on;
};

/* The left row beside every row of a right batch. */
static enum status pair_rows(struct worker *w, const struct batch *left, uint32_t row, struct batch *right,
                             const struct plan *p, struct batch **out)
{
	TRY(batch_new(p->column_count, out, &w->err));
	(*out)->count = right->count;
	for (uint32_t c = 0; c < p->column_count; c++) {
		if (c < left->column_count) {
			enum status s = vector_constant(&w->query->track, left->columns[c], row, right->count, &(*out)->columns[c], &w->err);
			if (s != OK) {
				batch_free(*out);
				return s;
			}
		} else {
			(*out)->columns[c] = vector_ref(right->columns[c - left->column_count]);
		}
	}
	return OK;
}

/* A left row without a match, the right columns NULL. */
static enum status pad_row(struct worker *w, const struct batch *left, uint32_t row, const struct plan *p,
                           struct batch **out)
{
	TRY(batch_new(p->column_count, out, &w->err));
	(*out)->count = 1;
	enum status s = OK;
	for (uint32_t c = 0; c < p->column_count && s == OK; c++)
		s = c < left->column_count ? vector_constant(&w->query->track, left->columns[c], row, 1, &(*out)->columns[c], &w->err)
		                           : vector_default_constant(&w->query->track, p->types[c], 1, &(*out)->columns[c], &w->err);
	if (s != OK)
		batch_free(*out);
	return s;
}

/* Keeps the rows of b for which ON holds. */
static enum status apply_on(struct apply_operator *a, struct worker *w, struct batch *b)
{
	struct vector *truth;
	uint32_t *rows = ARENA_ARRAY(&w->scratch, uint32_t, b->count + 1), n = 0;
	TRY(program_run(a->on, &w->eval, b->columns, w->query->slots, b->count, &truth));
	for (uint32_t i = 0; i < b->count; i++) {
		const struct vector *at;
		uint32_t k = vector_index(truth, i, &at);
		if (((const uint8_t *)at->data)[k] != 0 && !vector_is_null(truth, i))
			rows[n++] = i;
	}
	vector_unref(truth);
	for (uint32_t c = 0; c < b->column_count && n != b->count; c++) {
		struct vector *v;
		TRY(vector_gather(&w->query->track, b->columns[c], rows, n, &v, &w->err));
		vector_unref(b->columns[c]);
		b->columns[c] = v;
	}
	b->count = n;
	return OK;
}

static enum status apply_row(struct apply_operator *a, struct worker *w, struct query *inner, const struct batch *in,
                             uint32_t row)
{
	const struct plan *p = a->base.plan;
	struct batch **batches = NULL;
	uint32_t n = 0;
	uint64_t matched = 0;
	TRY(query_check(w->query, &w->err));
	for (uint32_t k = 0; k < p->u.apply.slot_count; k++)
		TRY(set_slot(inner, p->u.apply.slots[k], in->columns[p->u.apply.columns[k]], row, &w->err));
	enum status s = query_collect(inner, p->u.apply.right, &batches, &n, 0, &w->err);
	for (uint32_t i = 0; i < n && s == OK; i++) {
		struct batch *made;
		s = pair_rows(w, in, row, batches[i], p, &made);
		if (s != OK)
			break;
		if (a->on != NULL && (s = apply_on(a, w, made)) != OK) {
			batch_free(made);
			break;
		}
		matched += made->count;
		if (made->count == 0)
			batch_free(made);
		else
			s = operator_push(a->base.next, w, made);
	}
	drop_batches(batches, n);
	if (s == OK && matched == 0 && p->u.apply.kind == PLAN_JOIN_LEFT) {
		struct batch *padded;
		TRY(pad_row(w, in, row, p, &padded));
		s = operator_push(a->base.next, w, padded);
	}
	return s;
}

static enum status apply_push(struct operator *o, struct worker *w, struct batch *in)
{
	struct query *inner;
	enum status s = inner_query(w->query, &inner, &w->err);
	if (s == OK) {
		for (uint32_t i = 0; i < in->count && s == OK; i++)
			s = apply_row((struct apply_operator *)o, w, inner, in, i);
		inner_query_end(inner);
	}
	batch_free(in);
	return s;
}

static void apply_free(struct operator *o)
{
	free(o);
}

static const struct operator_ops apply_ops = {.name = "Apply", .push = apply_push, .free = apply_free};

enum status apply_operator_new(struct query_run *r, const struct plan *p, struct operator **out, struct error *err)
{
	struct apply_operator *a = calloc(1, sizeof *a);
	if (a == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate an operator");
	a->base.ops = &apply_ops;
	a->base.plan = p;
	*out = &a->base;
	if (p->u.apply.on == NULL)
		return OK;
	struct expr *on = p->u.apply.on;
	enum status s = program_compile(&r->arena, &on, 1, &a->on, err);
	if (s != OK)
		free(a);
	return s;
}

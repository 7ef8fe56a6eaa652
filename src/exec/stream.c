// SPDX-License-Identifier: Apache-2.0
/* Operators that pass rows on: filter, project, limit, pass, and the end of the chain. */
#include <stdlib.h>

#include "exec/run_impl.h"

static enum status new_operator(size_t size, const struct operator_ops *ops, const struct plan *p,
                                struct operator **out, struct error *err)
{
	struct operator *o = calloc(1, size);
	if (o == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate an operator");
	o->ops = ops;
	o->plan = p;
	*out = o;
	return OK;
}

static void free_operator(struct operator *o)
{
	free(o);
}

/* ---- filter ---- */

struct program_operator {
	struct operator base;
	struct program *program;
};

/* Rows whose condition is true, in order; returns how many. */
static uint32_t select_rows(const struct vector *v, uint32_t count, uint32_t *rows)
{
	uint32_t n = 0;
	if (v->form == VECTOR_CONST) {
		bool all = !vector_is_null(v, 0) && *(const uint8_t *)v->data != 0;
		for (uint32_t i = 0; all && i < count; i++)
			rows[n++] = i;
		return n;
	}
	if (v->form == VECTOR_DICT) {
		for (uint32_t i = 0; i < count; i++) {
			const struct vector *at;
			uint32_t k = vector_index(v, i, &at);
			rows[n] = i;
			n += ((const uint8_t *)at->data)[k] != 0 && !(at->nulls != NULL && bit_get(at->nulls, k));
		}
		return n;
	}
	const uint8_t *truth = v->data;
	if (v->nulls == NULL) {
		for (uint32_t i = 0; i < count; i++) {
			rows[n] = i;
			n += truth[i] != 0;
		}
		return n;
	}
	for (uint32_t i = 0; i < count; i++) {
		rows[n] = i;
		n += truth[i] != 0 && !bit_get(v->nulls, i);
	}
	return n;
}

static enum status gather_batch(struct worker *w, struct batch *in, const uint32_t *rows, uint32_t n)
{
	for (uint32_t c = 0; c < in->column_count; c++) {
		struct vector *v;
		TRY(vector_gather(&w->query->track, in->columns[c], rows, n, &v, &w->err));
		vector_unref(in->columns[c]);
		in->columns[c] = v;
	}
	in->count = n;
	return OK;
}

static enum status filter_push(struct operator *o, struct worker *w, struct batch *in)
{
	struct program_operator *f = (struct program_operator *)o;
	struct vector *truth = NULL;
	uint32_t *rows = ARENA_RAW(&w->scratch, uint32_t, in->count + 1);
	enum status s = program_run(f->program, &w->eval, in->columns, w->query->slots, in->count, &truth);
	if (s != OK) {
		batch_free(in);
		return s;
	}
	uint32_t n = select_rows(truth, in->count, rows);
	vector_unref(truth);
	if (n == 0) {
		batch_free(in);
		return OK;
	}
	if (n != in->count && (s = gather_batch(w, in, rows, n)) != OK) {
		batch_free(in);
		return s;
	}
	return operator_push(o->next, w, in);
}

static const struct operator_ops filter_ops = {.name = "Filter", .push = filter_push, .free = free_operator};

enum status filter_operator_new(struct query_run *r, const struct plan *p, struct operator **out, struct error *err)
{
	TRY(new_operator(sizeof(struct program_operator), &filter_ops, p, out, err));
	struct expr *predicate = p->u.filter.predicate;
	enum status s = program_compile(&r->arena, &predicate, 1, &((struct program_operator *)*out)->program, err);
	if (s != OK)
		free(*out);
	return s;
}

/* ---- project ---- */

static enum status project_push(struct operator *o, struct worker *w, struct batch *in)
{
	struct program_operator *p = (struct program_operator *)o;
	struct batch *made;
	enum status s = batch_new(o->plan->column_count, &made, &w->err);
	if (s == OK) {
		made->count = in->count;
		s = program_run(p->program, &w->eval, in->columns, w->query->slots, in->count, made->columns);
		if (s != OK) {
			made->column_count = 0;
			batch_free(made);
		}
	}
	batch_free(in);
	TRY(s);
	return operator_push(o->next, w, made);
}

static const struct operator_ops project_ops = {.name = "Expression", .push = project_push, .free = free_operator};

enum status project_operator_new(struct query_run *r, const struct plan *p, struct operator **out, struct error *err)
{
	TRY(new_operator(sizeof(struct program_operator), &project_ops, p, out, err));
	enum status s = program_compile(&r->arena, p->u.project.exprs, p->column_count,
	                                &((struct program_operator *)*out)->program, err);
	if (s != OK)
		free(*out);
	return s;
}

/* ---- limit ---- */

struct limit_operator {
	struct operator base;
	pthread_mutex_t lock;        /* guards the two counts */
	uint64_t skip, left;
};

/* How much of a batch of n rows is skipped and taken. */
static void take_rows(struct limit_operator *l, uint32_t n, uint32_t *from, uint32_t *take, bool *last)
{
	pthread_mutex_lock(&l->lock);
	*from = l->skip < n ? (uint32_t)l->skip : n;
	l->skip -= *from;
	*take = l->left < n - *from ? (uint32_t)l->left : n - *from;
	l->left -= *take;
	*last = l->left == 0;
	pthread_mutex_unlock(&l->lock);
}

static enum status limit_push(struct operator *o, struct worker *w, struct batch *in)
{
	uint32_t from, take;
	bool last;
	enum status s = OK;
	take_rows((struct limit_operator *)o, in->count, &from, &take, &last);
	if (last)
		atomic_store(&w->pipeline->satisfied, true);
	if (take == 0) {
		batch_free(in);
		return OK;
	}
	if (take != in->count) {
		for (uint32_t c = 0; c < in->column_count && s == OK; c++) {
			struct vector *v;
			s = vector_slice(&w->query->track, in->columns[c], from, take, &v, &w->err);
			if (s == OK) {
				vector_unref(in->columns[c]);
				in->columns[c] = v;
			}
		}
		in->count = take;
	}
	if (s != OK) {
		batch_free(in);
		return s;
	}
	return operator_push(o->next, w, in);
}

static void limit_free(struct operator *o)
{
	pthread_mutex_destroy(&((struct limit_operator *)o)->lock);
	free(o);
}

static const struct operator_ops limit_ops = {.name = "Limit", .push = limit_push, .free = limit_free};

enum status limit_operator_new(struct query_run *r, const struct plan *p, struct operator **out, struct error *err)
{
	int64_t limit, offset;
	TRY(run_constant(r, p->u.limit.limit, INT64_MAX, &limit, err));
	TRY(run_constant(r, p->u.limit.offset, 0, &offset, err));
	if (limit < 0 || offset < 0)
		return ERR(err, E_BAD_ARGUMENTS, "%s must not be negative", limit < 0 ? "LIMIT" : "OFFSET");
	TRY(new_operator(sizeof(struct limit_operator), &limit_ops, p, out, err));
	struct limit_operator *l = (struct limit_operator *)*out;
	pthread_mutex_init(&l->lock, NULL);
	l->left = (uint64_t)limit;
	l->skip = (uint64_t)offset;
	return OK;
}

/* ---- where chains join ---- */

static enum status pass_push(struct operator *o, struct worker *w, struct batch *in)
{
	return operator_push(o->next, w, in);
}

static const struct operator_ops pass_ops = {.name = "Concat", .push = pass_push, .free = free_operator};

enum status pass_operator_new(struct query_run *r, const struct plan *p, struct operator **out, struct error *err)
{
	return new_operator(sizeof(struct operator), &pass_ops, p, out, err);
}

/* ---- the result ---- */

struct result_operator {
	struct operator base;
	struct query_run *run;
};

static enum status result_push(struct operator *o, struct worker *w, struct batch *in)
{
	struct query_run *r = ((struct result_operator *)o)->run;
	struct result_queue *q = &r->queue;
	enum status s = OK;
	pthread_mutex_lock(&q->lock);
	if (q->tail == q->capacity) {
		if (q->head != 0) {
			memmove(q->items, q->items + q->head, (q->tail - q->head) * sizeof *q->items);
			q->tail -= q->head;
			q->head = 0;
		} else {
			size_t more = q->capacity == 0 ? 32 : q->capacity * 2;
			struct batch **items = realloc(q->items, more * sizeof *items);
			if (items == NULL) {
				s = ERR(&w->err, E_CANNOT_ALLOCATE, "cannot allocate the result queue");
			} else {
				q->items = items;
				q->capacity = more;
			}
		}
	}
	if (s == OK)
		q->items[q->tail++] = in;
	pthread_cond_broadcast(&q->changed);
	pthread_mutex_unlock(&q->lock);
	if (s != OK)
		batch_free(in);
	return s;
}

static const struct operator_ops result_ops = {.name = "Result", .push = result_push, .free = free_operator};

enum status result_operator_new(struct query_run *r, const struct plan *p, struct operator **out, struct error *err)
{
	TRY(new_operator(sizeof(struct result_operator), &result_ops, p, out, err));
	((struct result_operator *)*out)->run = r;
	return OK;
}

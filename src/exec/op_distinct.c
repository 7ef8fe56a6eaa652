// SPDX-License-Identifier: Apache-2.0
/*
 * DISTINCT and LIMIT BY: rows stream through as they come first. A worker asks its own table before the shared one,
 * whose lock is then seldom taken.
 */
#include <pthread.h>

#include "exec/op_group.h"
#include "exec/op_impl.h"

struct distinct_worker {
	struct group_table table;
	struct group_keys keys;
};

struct distinct_operator {
	struct operator base;
	struct arena arena;
	struct group_layout layout;
	unsigned threads;
	struct distinct_worker *workers;
	pthread_mutex_t lock;       /* guards `shared` */
	struct group_table shared;  /* with several workers */
};

/* The picks whose row is seen first; marks them. */
static enum status first_seen(struct group_table *t, const struct group_keys *k, struct worker *w, uint32_t *picks,
                              uint32_t *count)
{
	char **rows = ARENA_ARRAY(&w->scratch, char *, *count + 1), **fresh = ARENA_ARRAY(&w->scratch, char *, *count + 1);
	uint32_t fresh_count, n = 0;
	TRY(group_table_insert(t, k, picks, *count, UINT64_MAX, rows, fresh, &fresh_count, &w->err));
	for (uint32_t i = 0; i < *count; i++) {
		uint64_t *seen = group_payload(t->layout, rows[i]);
		picks[n] = picks[i];
		n += *seen == 0;
		*seen = 1;
	}
	*count = n;
	return OK;
}

static enum status distinct_push(struct operator *o, struct worker *w, struct batch *in)
{
	struct distinct_operator *d = (struct distinct_operator *)o;
	struct distinct_worker *me = &d->workers[w->number];
	uint32_t *picks = ARENA_RAW(&w->scratch, uint32_t, in->count + 1), n = in->count;
	for (uint32_t i = 0; i < n; i++)
		picks[i] = i;
	enum status s = group_keys_set(&me->keys, &w->eval, in->columns, n);
	if (s == OK)
		s = first_seen(&me->table, &me->keys, w, picks, &n);
	if (s == OK && d->threads > 1 && n != 0) {
		pthread_mutex_lock(&d->lock);
		s = first_seen(&d->shared, &me->keys, w, picks, &n);
		pthread_mutex_unlock(&d->lock);
	}
	if (s == OK && n != 0)
		s = op_gather(w, in, picks, n);
	if (s != OK || n == 0) {
		batch_free(in);
		return s;
	}
	return op_pass(o, w, in);
}

static void distinct_free(struct operator *o)
{
	struct distinct_operator *d = (struct distinct_operator *)o;
	for (unsigned i = 0; d->workers != NULL && i < d->threads; i++) {
		group_table_fini(&d->workers[i].table);
		group_keys_fini(&d->workers[i].keys);
	}
	group_table_fini(&d->shared);
	pthread_mutex_destroy(&d->lock);
	free(d->workers);
	arena_fini(&d->arena);
	free(d);
}

static const struct operator_ops distinct_ops = {.name = "Distinct", .push = distinct_push, .free = distinct_free};

enum status distinct_operator_new(struct query *q, const struct plan *p, unsigned threads, struct operator **out)
{
	struct distinct_operator *d;
	TRY(op_new(q, sizeof *d, &distinct_ops, p, &d));
	arena_init(&d->arena, &q->track);
	pthread_mutex_init(&d->lock, NULL);
	d->threads = threads == 0 ? 1 : threads;
	group_layout_init(&d->layout, &d->arena, p->types, p->column_count, sizeof(uint64_t),
	                  q->session->dialect == DIALECT_POSTGRESQL);
	group_table_init(&d->shared, &d->layout, &q->track);
	d->workers = calloc(d->threads, sizeof *d->workers);
	if (d->workers == NULL) {
		distinct_free(&d->base);
		return ERR(&q->err, E_CANNOT_ALLOCATE, "cannot allocate an operator");
	}
	for (unsigned i = 0; i < d->threads; i++) {
		group_table_init(&d->workers[i].table, &d->layout, &q->track);
		group_keys_init(&d->workers[i].keys, &d->layout, &q->track);
	}
	*out = &d->base;
	return OK;
}

/* ---- LIMIT BY ---- */

struct limit_by_operator {
	struct operator base;
	struct arena arena;
	struct program *program;
	struct group_layout layout;
	pthread_mutex_t lock;       /* guards table and keys */
	struct group_table table;   /* payload: rows seen */
	struct group_keys keys;
	uint64_t limit, offset;
};

static enum status count_rows(struct limit_by_operator *l, struct worker *w, struct vector *const *keys,
                              uint32_t count, uint32_t *picks, uint32_t *kept)
{
	char **rows = ARENA_ARRAY(&w->scratch, char *, count + 1), **fresh = ARENA_ARRAY(&w->scratch, char *, count + 1);
	uint32_t fresh_count, n = 0;
	TRY(group_keys_set(&l->keys, &w->eval, keys, count));
	TRY(group_table_insert(&l->table, &l->keys, NULL, count, UINT64_MAX, rows, fresh, &fresh_count, &w->err));
	for (uint32_t i = 0; i < count; i++) {
		uint64_t *seen = group_payload(&l->layout, rows[i]), before = (*seen)++;
		picks[n] = i;
		n += before >= l->offset && before - l->offset < l->limit;
	}
	*kept = n;
	return OK;
}

static enum status limit_by_push(struct operator *o, struct worker *w, struct batch *in)
{
	struct limit_by_operator *l = (struct limit_by_operator *)o;
	uint32_t n = 0, key_count = l->layout.key_count;
	uint32_t *picks = ARENA_RAW(&w->scratch, uint32_t, in->count + 1);
	struct vector **keys = ARENA_ARRAY(&w->scratch, struct vector *, key_count + 1);
	enum status s = program_run(l->program, &w->eval, in->columns, w->query->slots, in->count, keys);
	if (s == OK) {
		pthread_mutex_lock(&l->lock);
		s = count_rows(l, w, keys, in->count, picks, &n);
		pthread_mutex_unlock(&l->lock);
	}
	for (uint32_t i = 0; i < key_count; i++)
		vector_unref(keys[i]);
	if (s == OK && n != 0)
		s = op_gather(w, in, picks, n);
	if (s != OK || n == 0) {
		batch_free(in);
		return s;
	}
	return op_pass(o, w, in);
}

static void limit_by_free(struct operator *o)
{
	struct limit_by_operator *l = (struct limit_by_operator *)o;
	group_table_fini(&l->table);
	group_keys_fini(&l->keys);
	pthread_mutex_destroy(&l->lock);
	arena_fini(&l->arena);
	free(l);
}

static const struct operator_ops limit_by_ops = {.name = "LimitBy", .push = limit_by_push, .free = limit_by_free};

enum status limit_by_operator_new(struct query *q, const struct plan *p, struct operator **out)
{
	struct limit_by_operator *l;
	uint32_t n = p->u.limit_by.key_count;
	TRY(op_new(q, sizeof *l, &limit_by_ops, p, &l));
	arena_init(&l->arena, &q->track);
	pthread_mutex_init(&l->lock, NULL);
	l->limit = p->u.limit_by.limit;
	l->offset = p->u.limit_by.offset;
	const struct type **types = ARENA_ARRAY(&l->arena, const struct type *, n + 1);
	for (uint32_t i = 0; i < n; i++)
		types[i] = p->u.limit_by.keys[i]->type;
	group_layout_init(&l->layout, &l->arena, types, n, sizeof(uint64_t), q->session->dialect == DIALECT_POSTGRESQL);
	group_table_init(&l->table, &l->layout, &q->track);
	group_keys_init(&l->keys, &l->layout, &q->track);
	enum status s = program_compile(&l->arena, p->u.limit_by.keys, n, &l->program, &q->err);
	if (s != OK) {
		limit_by_free(&l->base);
		return s;
	}
	*out = &l->base;
	return OK;
}

// SPDX-License-Identifier: Apache-2.0
/*
 * INTERSECT and EXCEPT, with or without ALL: one table counts how often a row comes on either side. The right side is
 * read first, so that INTERSECT keeps nothing of the left one that cannot come out.
 */
#include <pthread.h>

#include "exec/op_group.h"
#include "exec/op_impl.h"

struct set_counts {
	uint64_t left, right;
};

struct set_state {
	const struct plan *plan;
	struct arena arena;
	struct group_layout layout;
	pthread_mutex_t lock;     /* guards table */
	struct group_table table;
	struct group_keys *keys;  /* per worker */
	struct memtrack *track;
	unsigned threads, references;
	struct group_cursor at;   /* of the output */
	uint64_t repeat;          /* times that the row at hand still comes out */
	char *row;
	bool started;
};

struct set_operator {
	struct operator base;
	struct set_state *set;
	bool is_right;
};

static enum status take_columns(struct set_state *t, struct worker *w, struct batch *in)
{
	for (uint32_t c = 0; c < in->column_count; c++)
		TRY(op_retype(w, &in->columns[c], t->plan->types[c]));
	return group_keys_set(&t->keys[w->number], &w->eval, in->columns, in->count);
}

static enum status count_rows(struct set_state *t, struct worker *w, uint32_t count, bool is_right)
{
	char **rows = ARENA_ARRAY(&w->scratch, char *, count + 1), **fresh = ARENA_ARRAY(&w->scratch, char *, count + 1);
	uint32_t fresh_count;
	const struct group_keys *k = &t->keys[w->number];
	if (!is_right && !t->plan->u.set.except)
		group_table_find(&t->table, k, NULL, count, rows);
	else
		TRY(group_table_insert(&t->table, k, NULL, count, UINT64_MAX, rows, fresh, &fresh_count, &w->err));
	for (uint32_t i = 0; i < count; i++) {
		struct set_counts *c = rows[i] == NULL ? NULL : group_payload(&t->layout, rows[i]);
		if (c != NULL)
			*(is_right ? &c->right : &c->left) += 1;
	}
	return OK;
}

static enum status set_push(struct operator *o, struct worker *w, struct batch *in)
{
	struct set_operator *s = (struct set_operator *)o;
	enum status status = take_columns(s->set, w, in);
	if (status == OK) {
		pthread_mutex_lock(&s->set->lock);
		status = count_rows(s->set, w, in->count, s->is_right);
		pthread_mutex_unlock(&s->set->lock);
	}
	batch_free(in);
	return status;
}

static uint64_t times(const struct set_state *t, char *row)
{
	const struct set_counts *c = group_payload(&t->layout, row);
	if (!t->plan->u.set.all)
		return c->left != 0 && (c->right != 0) != t->plan->u.set.except;
	if (t->plan->u.set.except)
		return c->left > c->right ? c->left - c->right : 0;
	return c->left < c->right ? c->left : c->right;
}

static enum status set_next(struct operator *o, struct worker *w, struct batch **out)
{
	struct set_state *t = ((struct set_operator *)o)->set;
	char **rows = ARENA_ARRAY(&w->scratch, char *, BATCH_ROWS_MAX);
	uint32_t n = 0;
	*out = NULL;
	if (!t->started && t->table.parts != NULL)
		t->at = (struct group_cursor){t->table.parts[0].first, 0};
	t->started = true;
	while (n < BATCH_ROWS_MAX) {
		if (t->repeat == 0) {
			if (t->table.parts == NULL || group_part_rows(&t->table, &t->at, &t->row, 1) == 0)
				break;
			t->repeat = times(t, t->row);
			continue;
		}
		rows[n++] = t->row;
		t->repeat--;
	}
	if (n == 0)
		return OK;
	struct batch *b;
	TRY(batch_new(t->layout.key_count, &b, &w->err));
	b->count = n;
	enum status s = group_key_columns(&t->layout, rows, n, w->eval.track, b->columns, &w->err);
	if (s != OK) {
		batch_free(b);
		return s;
	}
	*out = b;
	return OK;
}

static void set_release(struct set_state *t)
{
	if (--t->references != 0)
		return;
	group_table_fini(&t->table);
	for (unsigned i = 0; t->keys != NULL && i < t->threads; i++)
		group_keys_fini(&t->keys[i]);
	free(t->keys);
	pthread_mutex_destroy(&t->lock);
	arena_fini(&t->arena);
	free(t);
}

static void set_free(struct operator *o)
{
	set_release(((struct set_operator *)o)->set);
	free(o);
}

static const struct operator_ops set_left_ops = {.name = "IntersectOrExcept", .push = set_push, .next = set_next,
	.free = set_free};
static const struct operator_ops set_right_ops = {.name = "IntersectOrExceptRight", .push = set_push, .free = set_free};

static enum status new_side(struct query *q, struct set_state *t, const struct operator_ops *ops, bool is_right,
                            struct operator **out)
{
	struct set_operator *s;
	TRY(op_new(q, sizeof *s, ops, t->plan, &s));
	s->set = t;
	s->is_right = is_right;
	t->references++;
	*out = &s->base;
	return OK;
}

enum status set_operator_new(struct query *q, const struct plan *p, unsigned threads, struct operator **left_sink,
                             struct operator **right_sink, struct operator **source)
{
	struct set_state *t = calloc(1, sizeof *t);
	*left_sink = *right_sink = *source = NULL;
	if (t == NULL)
		return ERR(&q->err, E_CANNOT_ALLOCATE, "cannot allocate an operator");
	arena_init(&t->arena, &q->track);
	pthread_mutex_init(&t->lock, NULL);
	t->plan = p;
	t->track = &q->track;
	t->references = 1;
	t->threads = threads == 0 ? 1 : threads;
	group_layout_init(&t->layout, &t->arena, p->types, p->column_count, sizeof(struct set_counts),
	                  q->session->dialect == DIALECT_POSTGRESQL);
	group_table_init(&t->table, &t->layout, &q->track);
	t->keys = calloc(t->threads, sizeof *t->keys);
	enum status s = t->keys == NULL ? ERR(&q->err, E_CANNOT_ALLOCATE, "cannot allocate an operator") : OK;
	for (unsigned i = 0; s == OK && i < t->threads; i++)
		group_keys_init(&t->keys[i], &t->layout, &q->track);
	if (s == OK)
		s = new_side(q, t, &set_left_ops, false, left_sink);
	if (s == OK)
		s = new_side(q, t, &set_right_ops, true, right_sink);
	if (s != OK && *left_sink != NULL)
		set_free(*left_sink);
	if (s != OK)
		*left_sink = *right_sink = NULL;
	*source = *left_sink;
	set_release(t);
	return s;
}

// SPDX-License-Identifier: Apache-2.0
/* The probe side of a hash join, and the right rows that found no match. */
#include "exec/op_join_impl.h"

#include <assert.h>

/* What becomes of one left batch. */
struct probing {
	struct operator *o;
	struct join *j;
	struct join_table *t;
	struct worker *w;
	struct batch *in;
	char **groups;            /* per left row its key's row, or NULL */
	uint32_t *left, *right;   /* pairs to put out */
	uint32_t count;
	bool null_keys, no_right; /* of all right rows: whether one has a NULL in its key; whether there is none */
	uint64_t *found;          /* left rows with a match, where the residual decides */
};

/* ---- output ---- */

static enum status put_pairs(struct probing *x, const uint32_t *left, const uint32_t *right, uint32_t n)
{
	struct join *j = x->j;
	struct batch *b;
	if (n == 0)
		return OK;
	TRY(batch_new(j->left_columns + j->right_columns, &b, &x->w->err));
	b->count = n;
	enum status s = OK;
	for (uint32_t c = 0; c < j->left_columns && s == OK; c++) {
		s = vector_gather(x->w->eval.track, x->in->columns[c], left, n, &b->columns[c], &x->w->err);
		if (s == OK)
			s = op_retype(x->w, &b->columns[c], x->o->plan->types[c]);
	}
	for (uint32_t c = 0; c < j->right_columns && s == OK; c++)
		s = vector_gather(x->w->eval.track, x->t->right[c], right, n, &b->columns[j->left_columns + c], &x->w->err);
	if (s != OK) {
		batch_free(b);
		return s;
	}
	return op_pass_many(x->o, x->w, b);
}

/* The pairs for which the residual condition holds stay. */
static enum status apply_residual(struct probing *x)
{
	struct join *j = x->j;
	struct worker *w = x->w;
	uint32_t columns = j->left_columns + j->right_columns;
	struct batch *b;
	struct vector *truth = NULL;
	if (x->count == 0)
		return OK;
	struct arena outer = w->scratch;
	TRY(batch_new(columns, &b, &w->err));
	arena_init(&w->scratch, outer.track);
	enum status s = OK;
	for (uint32_t c = 0; c < columns && s == OK; c++) {
		bool is_left = c < j->left_columns;
		struct vector *v = is_left ? x->in->columns[c] : x->t->right[c - j->left_columns];
		s = vector_gather(w->eval.track, v, is_left ? x->left : x->right, x->count, &b->columns[c], &w->err);
		if (s == OK && !is_left) /* as the right input has it, without NULLs that only the join brings */
			s = op_retype(w, &b->columns[c], x->o->plan->inputs[1]->types[c - j->left_columns]);
	}
	if (s == OK)
		s = program_run(j->residual, &w->eval, b->columns, w->query->slots, x->count, &truth);
	if (s == OK) {
		uint32_t *rows = ARENA_ARRAY(&w->scratch, uint32_t, x->count + 1);
		uint32_t n = op_select(truth, NULL, x->count, rows);
		for (uint32_t i = 0; i < n; i++) {
			x->left[i] = x->left[rows[i]];
			x->right[i] = x->right[rows[i]];
		}
		x->count = n;
	}
	vector_unref(truth);
	batch_free(b);
	arena_fini(&w->scratch);
	w->scratch = outer;
	return s;
}

/* At most one match a left row: the first. Pairs stand in order of their left rows. */
static void keep_first(struct probing *x)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < x->count; i++) {
		if (bit_get(x->found, x->left[i]))
			continue;
		bit_set(x->found, x->left[i]);
		x->left[n] = x->left[i];
		x->right[n++] = x->right[i];
	}
	x->count = n;
}

static enum status too_many(struct probing *x)
{
	return ERR(&x->w->err, E_SUBQUERY_ROWS, "more than one row returned by a subquery used as an expression");
}

/* Candidates are complete up to here: what holds of them goes out. */
static enum status flush(struct probing *x)
{
	struct join *j = x->j;
	if (j->residual != NULL)
		TRY(apply_residual(x));
	if (j->any || j->left_only)
		keep_first(x);
	else if (x->found != NULL)
		for (uint32_t i = 0; i < x->count; i++) {
			if (j->single && bit_get(x->found, x->left[i]))
				return too_many(x);
			bit_set(x->found, x->left[i]);
		}
	if (x->t->matched != NULL)
		for (uint32_t i = 0; i < x->count; i++)
			atomic_store_explicit(&x->t->matched[x->right[i]], 1, memory_order_relaxed);
	enum status s = j->left_only ? OK : put_pairs(x, x->left, x->right, x->count);
	x->count = 0;
	return s;
}

static inline enum status add_pair(struct probing *x, uint32_t left, uint32_t right)
{
	x->left[x->count] = left;
	x->right[x->count++] = right;
	return unlikely(x->count == BATCH_ROWS_MAX) ? flush(x) : OK;
}

/* Left rows that nothing was found for, joined with the blank row. */
static enum status put_unmatched(struct probing *x)
{
	for (uint32_t i = 0; i < x->in->count; i++) {
		if (bit_get(x->found, i))
			continue;
		x->left[x->count] = i;
		x->right[x->count++] = x->t->right_count;
		if (x->count == BATCH_ROWS_MAX) {
			TRY(put_pairs(x, x->left, x->right, x->count));
			x->count = 0;
		}
	}
	TRY(put_pairs(x, x->left, x->right, x->count));
	x->count = 0;
	return OK;
}

/* ---- kinds ---- */

/* Without a residual every candidate holds, and left rows come out where they stand. */
static enum status probe_plain(struct probing *x)
{
	struct join *j = x->j;
	bool first_only = j->any;
	for (uint32_t i = 0; i < x->in->count; i++) {
		char *group = x->groups[i];
		if (group == NULL) {
			if (j->keep_left) {
				x->left[x->count] = i;
				x->right[x->count++] = x->t->right_count;
				if (x->count == BATCH_ROWS_MAX) {
					TRY(put_pairs(x, x->left, x->right, x->count));
					x->count = 0;
				}
			}
			continue;
		}
		struct join_list *l = group_payload(&j->layout, group);
		if (j->once && atomic_exchange_explicit(&l->taken, true, memory_order_relaxed))
			continue;
		if (j->single && x->t->next[l->first] != NO_ROW)
			return too_many(x);
		for (uint32_t r = l->first; r != NO_ROW; r = first_only ? NO_ROW : x->t->next[r]) {
			if (x->t->matched != NULL)
				atomic_store_explicit(&x->t->matched[r], 1, memory_order_relaxed);
			x->left[x->count] = i;
			x->right[x->count++] = r;
			if (x->count == BATCH_ROWS_MAX) {
				TRY(put_pairs(x, x->left, x->right, x->count));
				x->count = 0;
			}
		}
	}
	TRY(put_pairs(x, x->left, x->right, x->count));
	x->count = 0;
	return OK;
}

/* Of the rows of a key the nearest one that the inequality lets in; NO_ROW: none. */
static uint32_t nearest(const struct join *j, const struct join_table *t, const struct join_list *l,
                        const struct vector *value, uint32_t row)
{
	uint32_t low = l->first, high = l->last;
	bool after = j->asof == 1 || j->asof == -2; /* equal ones stand before the border */
	if (vector_is_null(value, row))
		return NO_ROW;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = vector_compare_rows(t->asof_right, t->asof_rows[middle], value, row);
		if (order < 0 || (after && order == 0))
			low = middle + 1;
		else
			high = middle;
	}
	if (j->asof > 0)
		return low == l->first ? NO_ROW : t->asof_rows[low - 1];
	return low == l->last ? NO_ROW : t->asof_rows[low];
}

/* Every left row with the nearest of its matches. */
static enum status probe_nearest(struct probing *x, const struct vector *value)
{
	struct join *j = x->j;
	for (uint32_t i = 0; i < x->in->count; i++) {
		uint32_t r = NO_ROW;
		if (x->groups[i] != NULL)
			r = nearest(j, x->t, group_payload(&j->layout, x->groups[i]), value, i);
		if (r == NO_ROW && !j->keep_left)
			continue;
		x->left[x->count] = i;
		x->right[x->count++] = r == NO_ROW ? x->t->right_count : r;
		if (x->count == BATCH_ROWS_MAX) {
			TRY(put_pairs(x, x->left, x->right, x->count));
			x->count = 0;
		}
	}
	TRY(put_pairs(x, x->left, x->right, x->count));
	x->count = 0;
	return OK;
}

/* Candidates of every left row through the residual; `found` tells which left rows had one that held. */
static enum status probe_candidates(struct probing *x)
{
	struct join *j = x->j;
	for (uint32_t i = 0; i < x->in->count; i++) {
		if (!j->keyed) {
			for (uint32_t r = 0; r < x->t->right_count; r++)
				TRY(add_pair(x, i, r));
			TRY(query_check(x->w->query, &x->w->err));
			continue;
		}
		if (x->groups[i] == NULL)
			continue;
		const struct join_list *l = group_payload(&j->layout, x->groups[i]);
		for (uint32_t r = l->first; r != NO_ROW; r = x->t->next[r])
			TRY(add_pair(x, i, r));
	}
	return flush(x);
}

/* MARK: whether each left row has a match; NULL where a NULL stands in the way of knowing. */
static enum status put_marks(struct probing *x, struct vector *const *keys)
{
	struct join *j = x->j;
	struct worker *w = x->w;
	const struct plan *p = x->o->plan;
	uint32_t n = x->in->count;
	struct vector *mark;
	struct batch *b;
	TRY(vector_new(w->eval.track, p->types[j->left_columns], n, &mark, &w->err));
	uint8_t *values = mark->data;
	enum status s = OK;
	for (uint32_t i = 0; i < n && s == OK; i++) {
		values[i] = bit_get(x->found, i);
		if (values[i] || !p->u.join.mark_null_aware || x->no_right)
			continue;
		bool null = x->null_keys;
		for (uint32_t k = 0; k < j->key_count && !null; k++)
			null = vector_is_null(keys[k], i);
		if (!null)
			continue;
		s = vector_make_nulls(mark, w->eval.track, &w->err);
		if (s == OK)
			bit_set(mark->nulls, i);
	}
	if (s == OK)
		s = batch_new(j->left_columns + 1, &b, &w->err);
	if (s != OK) {
		vector_unref(mark);
		return s;
	}
	b->count = n;
	for (uint32_t c = 0; c < j->left_columns; c++)
		b->columns[c] = vector_ref(x->in->columns[c]);
	b->columns[j->left_columns] = mark;
	return op_pass(x->o, w, b);
}

static enum status put_left_only(struct probing *x, struct vector *const *keys)
{
	uint32_t n = 0;
	if (x->j->kind == PLAN_JOIN_MARK)
		return put_marks(x, keys);
	bool wanted = x->j->kind == PLAN_JOIN_SEMI;
	for (uint32_t i = 0; i < x->in->count; i++) {
		x->left[n] = i;
		n += bit_get(x->found, i) == wanted;
	}
	struct batch *b;
	if (n == 0)
		return OK;
	TRY(op_pick(x->w, x->in->columns, x->j->left_columns, n == x->in->count ? NULL : x->left, n, &b));
	return op_pass(x->o, x->w, b);
}

static enum status probe_batch(struct probing *x, struct vector *const *keys)
{
	struct join *j = x->j;
	bool plain = j->residual == NULL && j->keyed;
	if (j->asof != 0)
		return probe_nearest(x, keys[j->key_count]);
	if (plain && !j->left_only)
		return probe_plain(x);
	x->found = ARENA_ARRAY(&x->w->scratch, uint64_t, bits_words(x->in->count) + 1);
	if (plain) {
		for (uint32_t i = 0; i < x->in->count; i++)
			if (x->groups[i] != NULL)
				bit_set(x->found, i);
	} else if (j->left_only && j->residual == NULL) { /* EXISTS without a condition */
		if (x->t->right_count != 0)
			bits_fill(x->found, 0, x->in->count, true);
	} else {
		TRY(probe_candidates(x));
	}
	if (j->left_only)
		return put_left_only(x, keys);
	return j->keep_left ? put_unmatched(x) : OK;
}

static enum status find_groups(struct probing *x, struct vector *const *keys)
{
	struct join *j = x->j;
	struct group_keys *k = &j->probe[x->w->number].keys;
	uint32_t n = x->in->count;
	uint32_t *picks = ARENA_ARRAY(&x->w->scratch, uint32_t, n + 1);
	x->groups = ARENA_ARRAY(&x->w->scratch, char *, n + 1);
	uint32_t m = join_keyed_rows(j, keys, n, picks);
	TRY(group_keys_set(k, &x->w->eval, keys, n));
	if (m == n) {
		group_table_find(&x->t->groups, k, NULL, n, x->groups);
		return OK;
	}
	char **found = ARENA_ARRAY(&x->w->scratch, char *, m + 1);
	group_table_find(&x->t->groups, k, picks, m, found);
	for (uint32_t i = 0; i < m; i++)
		x->groups[picks[i]] = found[i];
	return OK;
}

enum status join_probe(struct operator *o, struct worker *w, struct join_table *t, struct batch *in)
{
	struct join *j = ((struct join_operator *)o)->join;
	bool spilled = atomic_load_explicit(&j->spilled, memory_order_relaxed);
	struct probing x = {.o = o, .j = j, .t = t, .w = w, .in = in,
		.null_keys = spilled ? atomic_load(&j->spilled_null) : t->null_keys,
		.no_right = spilled ? atomic_load(&j->spilled_right) == 0 : t->right_count == 0};
	struct vector **keys = ARENA_ARRAY(&w->scratch, struct vector *, j->key_count + 2);
	assert(t->built);
	uint32_t room = in->count > BATCH_ROWS_MAX ? in->count : BATCH_ROWS_MAX;
	x.left = ARENA_ARRAY(&w->scratch, uint32_t, room);
	x.right = ARENA_ARRAY(&w->scratch, uint32_t, room);
	enum status s = join_keys(j, j->left_program, w, in, keys);
	if (s == OK && j->keyed)
		s = find_groups(&x, keys);
	if (s == OK)
		s = probe_batch(&x, keys);
	for (uint32_t i = 0; i < j->key_count + (j->asof != 0); i++)
		vector_unref(keys[i]);
	return s;
}

static enum status probe_push(struct operator *o, struct worker *w, struct batch *in)
{
	struct join *j = ((struct join_operator *)o)->join;
	j->probe[w->number].used = true;
	if (atomic_load_explicit(&j->spilled, memory_order_relaxed))
		return join_spill_left(j, w, in);
	enum status s = join_probe(o, w, &j->table, in);
	batch_free(in);
	return s;
}

static enum status probe_drain(struct operator *o, struct worker *w)
{
	struct join *j = ((struct join_operator *)o)->join;
	return atomic_load(&j->spilled) ? join_spill_drain(j, w) : OK;
}

static enum status probe_finish(struct operator *o, struct worker *w)
{
	struct join *j = ((struct join_operator *)o)->join;
	return atomic_load(&j->spilled) ? join_spill_finish(j, w) : OK;
}

static void part_free(struct operator *o)
{
	join_release(((struct join_operator *)o)->join);
	free(o);
}

const struct operator_ops join_probe_ops = {.name = "JoiningTransform", .push = probe_push, .drain = probe_drain,
	.finish = probe_finish, .free = part_free};

/* ---- right rows without a match ---- */

static enum status rest_batch(struct join *j, struct join_table *t, struct operator *o, struct worker *w,
                              const uint32_t *rows, uint32_t n, struct batch **out)
{
	struct batch *b;
	TRY(batch_new(j->left_columns + j->right_columns, &b, &w->err));
	b->count = n;
	enum status s = OK;
	for (uint32_t c = 0; c < b->column_count && s == OK; c++) {
		const struct type *type = o->plan->types[c];
		if (c >= j->left_columns)
			s = vector_gather(w->eval.track, t->right[c - j->left_columns], rows, n, &b->columns[c], &w->err);
		else if (type->nullable)
			s = vector_null_constant(w->eval.track, type, n, &b->columns[c], &w->err);
		else
			s = vector_default_constant(w->eval.track, type, n, &b->columns[c], &w->err);
	}
	if (s != OK) {
		batch_free(b);
		return s;
	}
	*out = b;
	return OK;
}

enum status join_rest(struct join *j, struct join_table *t, struct operator *o, struct worker *w, struct batch **out)
{
	uint32_t *rows = ARENA_ARRAY(&w->scratch, uint32_t, BATCH_ROWS_MAX), n = 0;
	*out = NULL;
	while (n == 0) {
		uint32_t from = atomic_load(&t->rest_at), to;
		do {
			if (from >= t->right_count)
				return OK;
			to = t->right_count - from < BATCH_ROWS_MAX ? t->right_count : from + BATCH_ROWS_MAX;
		} while (!atomic_compare_exchange_weak(&t->rest_at, &from, to));
		for (uint32_t r = from; r < to; r++) {
			rows[n] = r;
			n += atomic_load_explicit(&t->matched[r], memory_order_relaxed) == 0;
		}
	}
	return rest_batch(j, t, o, w, rows, n, out);
}

static enum status rest_next(struct operator *o, struct worker *w, struct batch **out)
{
	struct join *j = ((struct join_operator *)o)->join;
	return join_rest(j, &j->table, o, w, out);
}

static unsigned rest_parallelism(struct operator *o)
{
	struct join *j = ((struct join_operator *)o)->join;
	return j->table.right_count > 8 * BATCH_ROWS_MAX ? j->threads : 1;
}

const struct operator_ops join_rest_ops = {
	.name = "NonJoined", .next = rest_next, .parallelism = rest_parallelism, .free = part_free,
};

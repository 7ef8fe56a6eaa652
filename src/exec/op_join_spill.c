// SPDX-License-Identifier: Apache-2.0
/*
 * A hash join beyond memory (grace hash join). When the right rows do not fit, all of them go to disk, divided by the
 * hashes of their keys, and all left rows after them, divided likewise; what can match is then in parts of one number.
 * When the left rows have come to their end, each part is joined by itself: its right rows become a table, its left
 * rows are a source whose batches go through the same probe, and then come its right rows without a match. A part whose
 * right rows do not fit is divided again by other bits of the hash.
 */
#include "exec/op_join_impl.h"

static bool due(struct join *j, struct worker *w, uint64_t rows, bool limits_only)
{
	/* a column once more, lists, slots and rows of the table while it grows */
	uint64_t own = spill_own(w->query, (uint64_t)atomic_load(&j->before));
	uint64_t extra = own / 4 + rows * (3 * sizeof(uint64_t) + j->layout.row_size);
	return spill_due(w->query, SPILL_JOIN, own, extra, limits_only);
}

static enum status make_set(struct join *j, struct worker *w)
{
	enum status s = OK;
	pthread_mutex_lock(&j->lock);
	if (j->set == NULL)
		s = spill_set_new(w->query, SPILL_JOIN, 0, 2, j->threads, &j->set, &w->err);
	pthread_mutex_unlock(&j->lock);
	if (s == OK)
		atomic_store(&j->spilled, true);
	return s;
}

/* ---- right rows ---- */

/* Notes whether a key has a NULL: what matches nothing, but decides about NOT IN. */
static void note_nulls(struct join *j, struct worker *w, struct vector *const *keys, uint32_t n)
{
	uint32_t *picks = ARENA_RAW(&w->scratch, uint32_t, n + 1);
	if (join_keyed_rows(j, keys, n, picks) != n)
		atomic_store(&j->spilled_null, true);
}

/* Some batches of right rows, in one piece. */
static enum status put_right(struct join *j, struct worker *w, struct spill_set *set, unsigned worker,
                             struct spill_buffers *buffers, const struct op_batches *list)
{
	uint32_t columns = j->right_columns + j->key_count + (j->asof != 0), made = 0;
	struct vector **v = ARENA_ARRAY(&w->scratch, struct vector *, columns + 1);
	struct group_keys keys;
	enum status s = OK;
	group_keys_init(&keys, &j->layout, NULL);
	for (; made < columns && s == OK; made++)
		s = op_batches_concat(w, &list, 1, made, j->spill_types[made], NULL, &v[made]);
	if (s == OK) {
		note_nulls(j, w, v + j->right_columns, (uint32_t)list->rows);
		s = group_keys_set(&keys, &w->eval, v + j->right_columns, (uint32_t)list->rows);
	}
	if (s == OK)
		s = spill_set_put(set, 1, worker, buffers, v, columns, keys.hashes, (uint32_t)list->rows, w);
	for (uint32_t c = 0; c < made; c++)
		vector_unref(v[c]);
	group_keys_fini(&keys);
	return s;
}

/* All of a list, some ten thousand rows at a time; it is empty afterwards. */
static enum status put_right_list(struct join *j, struct worker *w, struct spill_set *set, unsigned worker,
                                  struct spill_buffers *buffers, struct op_batches *list)
{
	struct arena outer = w->scratch; /* it holds no address of its own */
	struct memtrack *track = w->eval.track;
	enum status s = OK;
	arena_init(&w->scratch, NULL);
	w->eval.track = NULL;
	for (uint32_t at = 0, n; at < list->count && s == OK; at += n) {
		struct op_batches some = {.items = list->items + at};
		for (n = 0; at + n < list->count && (n == 0 || some.rows + list->items[at + n]->count <= SPILL_CHUNK_ROWS); n++)
			some.rows += list->items[at + n]->count;
		some.count = n;
		s = put_right(j, w, set, worker, buffers, &some);
		for (uint32_t i = 0; i < n; i++) {
			batch_free(list->items[at + i]);
			list->items[at + i] = NULL;
		}
		arena_reuse(&w->scratch);
	}
	w->eval.track = track;
	arena_fini(&w->scratch);
	w->scratch = outer;
	op_batches_free(list);
	return s;
}

static enum status put_build(struct join *j, struct worker *w, unsigned worker)
{
	struct join_build_worker *me = &j->build[worker];
	TRY(make_set(j, w));
	atomic_fetch_add(&j->spilled_right, me->batches.rows);
	return put_right_list(j, w, j->set, worker, &me->buffers, &me->batches);
}

enum status join_spill_build(struct join *j, struct worker *w)
{
	struct join_build_worker *me = &j->build[w->number];
	if (me->batches.rows == 0)
		return OK;
	if (atomic_load_explicit(&j->spilled, memory_order_relaxed))
		return me->batches.rows >= SPILL_CHUNK_ROWS || due(j, w, me->batches.rows, true) ? put_build(j, w, w->number) : OK;
	return due(j, w, me->batches.rows * j->threads, false) ? put_build(j, w, w->number) : OK;
}

enum status join_spill_built(struct join *j, struct worker *w)
{
	uint64_t rows = 0;
	for (unsigned i = 0; i < j->threads; i++)
		rows += j->build[i].batches.rows;
	if (!atomic_load(&j->spilled) && (rows == 0 || !due(j, w, rows, false)))
		return OK;
	for (unsigned i = 0; i < j->threads; i++)
		if (j->build[i].batches.rows != 0)
			TRY(put_build(j, w, i));
	return OK;
}

/* ---- left rows ---- */

static enum status hash_left(struct join *j, struct worker *w, struct batch *in)
{
	struct join_probe_worker *me = &j->probe[w->number];
	struct vector **keys = ARENA_ARRAY(&w->scratch, struct vector *, j->key_count + 2);
	uint64_t n = me->held.rows + in->count;
	if (n > me->hash_capacity) {
		uint64_t capacity = n < 2 * SPILL_CHUNK_ROWS ? 2 * SPILL_CHUNK_ROWS : n;
		uint64_t *hashes = realloc(me->hashes, capacity * sizeof *hashes);
		if (hashes == NULL)
			return ERR(&w->err, E_CANNOT_ALLOCATE, "cannot allocate %llu hashes", (unsigned long long)capacity);
		me->hashes = hashes;
		me->hash_capacity = (uint32_t)capacity;
	}
	TRY(join_keys(j, j->left_program, w, in, keys));
	enum status s = group_keys_set(&me->keys, &w->eval, keys, in->count);
	if (s == OK)
		memcpy(me->hashes + me->held.rows, me->keys.hashes, in->count * sizeof *me->hashes);
	for (uint32_t i = 0; i < j->key_count + (j->asof != 0); i++)
		vector_unref(keys[i]);
	return s;
}

static enum status put_left(struct join *j, struct worker *w, struct spill_set *set, unsigned worker)
{
	struct join_probe_worker *me = &j->probe[w->number];
	const struct op_batches *list = &me->held;
	struct memtrack *track = w->eval.track;
	uint32_t columns = j->left_columns, made = 0;
	struct vector **v = ARENA_ARRAY(&w->scratch, struct vector *, columns + 1);
	enum status s = OK;
	if (list->rows == 0)
		return OK;
	w->eval.track = NULL;
	for (; made < columns && s == OK; made++)
		s = op_batches_concat(w, &list, 1, made, j->plan->inputs[0]->types[made], NULL, &v[made]);
	if (s == OK)
		s = spill_set_put(set, 0, worker, &me->buffers, v, columns, me->hashes, (uint32_t)list->rows, w);
	for (uint32_t c = 0; c < made; c++)
		vector_unref(v[c]);
	w->eval.track = track;
	op_batches_free(&me->held);
	return s;
}

/* Takes the batch over. */
static enum status hold_left(struct join *j, struct worker *w, struct spill_set *set, unsigned worker, struct batch *in)
{
	struct join_probe_worker *me = &j->probe[w->number];
	enum status s = op_compact(w, in);
	if (s == OK)
		s = hash_left(j, w, in);
	if (s != OK) {
		batch_free(in);
		return s;
	}
	TRY(op_batches_add(&me->held, in, &w->err));
	return me->held.rows >= SPILL_CHUNK_ROWS || due(j, w, 0, true) ? put_left(j, w, set, worker) : OK;
}

enum status join_spill_left(struct join *j, struct worker *w, struct batch *in)
{
	if (in->count == 0) {
		batch_free(in);
		return OK;
	}
	return hold_left(j, w, j->set, w->number, in);
}

enum status join_spill_drain(struct join *j, struct worker *w)
{
	return put_left(j, w, j->set, w->number);
}

enum status join_spill_finish(struct join *j, struct worker *w)
{
	atomic_store(&j->before, memtrack_used(&w->query->track));
	TRY(spill_list_add(&j->parts, j->set, &w->err));
	spill_set_unref(j->set);
	j->set = NULL;
	return OK;
}

/* ---- parts ---- */

static enum status get_right(struct join *j, struct worker *w, const struct spill_set *set,
                             const struct spill_stream *s, uint32_t block, struct op_batches *to)
{
	struct batch *b;
	uint32_t columns = j->right_columns + j->key_count + (j->asof != 0);
	TRY(query_check(w->query, &w->err));
	TRY(spill_get_batch(set->file, s, block, j->spill_types, columns, w->eval.track, &b, &w->err));
	return op_batches_add(to, b, &w->err);
}

static enum status get_left(struct join *j, struct worker *w, const struct spill_set *set, const struct spill_stream *s,
                            uint32_t block, struct batch **out)
{
	TRY(query_check(w->query, &w->err));
	const struct type *const *types = j->plan->inputs[0]->types;
	return spill_get_batch(set->file, s, block, types, j->left_columns, w->eval.track, out, &w->err);
}

/* The part's left rows and the rest of its right ones, `held` first, into a set of smaller parts. */
static enum status divide(struct join *j, struct worker *w, struct op_batches *held, unsigned stream, uint32_t block)
{
	struct join_probe_worker *me = &j->probe[w->number];
	const struct spill_part *p = me->part;
	struct spill_set *set;
	struct batch *b;
	TRY(spill_set_new(w->query, SPILL_JOIN, p->set->level + 1, 2, 1, &set, &w->err));
	enum status s = put_right_list(j, w, set, 0, &me->buffers, held);
	for (; stream < p->set->threads && s == OK; stream++, block = 0) {
		const struct spill_stream *from = spill_set_stream(p->set, 1, stream, p->number);
		for (; block < from->count && s == OK; block++) {
			s = get_right(j, w, p->set, from, block, held);
			if (s == OK && (held->rows >= SPILL_CHUNK_ROWS || block + 1 == from->count))
				s = put_right_list(j, w, set, 0, &me->buffers, held);
		}
	}
	struct arena outer = w->scratch; /* it holds no address of its own */
	arena_init(&w->scratch, outer.track);
	for (unsigned i = 0; i < p->set->threads && s == OK; i++) {
		const struct spill_stream *from = spill_set_stream(p->set, 0, i, p->number);
		for (uint32_t k = 0; k < from->count && s == OK; k++) {
			s = get_left(j, w, p->set, from, k, &b);
			if (s == OK)
				s = hold_left(j, w, set, 0, b);
			arena_reuse(&w->scratch);
		}
	}
	if (s == OK)
		s = put_left(j, w, set, 0);
	arena_fini(&w->scratch);
	w->scratch = outer;
	if (s == OK)
		s = spill_list_add(&j->parts, set, &w->err);
	spill_set_unref(set);
	return s;
}

/* Builds the table of the worker's part; *divided: it did not fit and is in parts now. */
static enum status load(struct join *j, struct worker *w, bool *divided)
{
	struct join_probe_worker *me = &j->probe[w->number];
	const struct spill_part *p = me->part;
	struct op_batches held = {0};
	enum status s = OK;
	*divided = false;
	for (unsigned i = 0; i < p->set->threads && s == OK && !*divided; i++) {
		const struct spill_stream *from = spill_set_stream(p->set, 1, i, p->number);
		for (uint32_t k = 0; k < from->count && s == OK && !*divided; k++) {
			s = get_right(j, w, p->set, from, k, &held);
			*divided = s == OK && !p->whole && due(j, w, held.rows, true);
			if (*divided)
				s = divide(j, w, &held, i, k + 1);
		}
	}
	if (s == OK && !*divided) {
		const struct op_batches *list = &held;
		join_table_init(&me->table, j);
		s = join_table_build(j, &me->table, w, &list, 1);
	}
	op_batches_free(&held);
	me->stream = me->block = 0;
	me->rest = false;
	return s;
}

static void end_part(struct join *j, struct join_probe_worker *me)
{
	if (me->table.right != NULL)
		join_table_fini(&me->table, j);
	spill_part_free(me->part);
	me->part = NULL;
}

/* Left rows of the worker's part, then its right rows without a match; NULL: that was all. */
static enum status next_of_part(struct join *j, struct operator *o, struct worker *w, struct batch **out)
{
	struct join_probe_worker *me = &j->probe[w->number];
	const struct spill_part *p = me->part;
	*out = NULL;
	for (; me->stream < p->set->threads; me->stream++, me->block = 0) {
		const struct spill_stream *from = spill_set_stream(p->set, 0, me->stream, p->number);
		if (me->block < from->count)
			return get_left(j, w, p->set, from, me->block++, out);
	}
	me->rest = true;
	return j->keep_right ? join_rest(j, &me->table, o, w, out) : OK;
}

static enum status part_next(struct operator *o, struct worker *w, struct batch **out)
{
	struct join *j = ((struct join_operator *)o)->join;
	struct join_probe_worker *me = &j->probe[w->number];
	*out = NULL;
	for (;;) {
		bool divided = false;
		if (me->part == NULL) {
			me->part = spill_list_take(&j->parts);
			if (me->part == NULL)
				return OK;
			TRY(load(j, w, &divided));
		}
		if (!divided)
			TRY(next_of_part(j, o, w, out));
		if (*out != NULL)
			return OK;
		end_part(j, me);
	}
}

static unsigned part_parallelism(struct operator *o)
{
	/* also when nothing is on disk: what follows is drained by as many workers as filled it */
	struct join *j = ((struct join_operator *)o)->join;
	unsigned used = 1;
	for (unsigned i = 1; i < j->threads; i++)
		if (j->probe[i].used)
			used = i + 1;
	return atomic_load(&j->spilled) ? j->threads : used;
}

static enum status part_push(struct operator *o, struct worker *w, struct batch *in)
{
	struct join *j = ((struct join_operator *)o)->join;
	struct join_probe_worker *me = &j->probe[w->number];
	if (me->rest) /* counted by the source */
		return operator_push(o->next, w, in);
	enum status s = join_probe(o, w, &me->table, in);
	batch_free(in);
	return s;
}

static void part_free(struct operator *o)
{
	join_release(((struct join_operator *)o)->join);
	free(o);
}

const struct operator_ops join_part_source_ops = {
	.name = "JoiningSpilled", .next = part_next, .parallelism = part_parallelism, .free = part_free,
};
const struct operator_ops join_part_probe_ops = {.name = "JoiningTransform", .push = part_push, .free = part_free};

void join_spill_free(struct join *j)
{
	for (unsigned i = 0; i < j->threads; i++) {
		if (j->build != NULL)
			spill_buffers_fini(&j->build[i].buffers);
		if (j->probe == NULL)
			continue;
		struct join_probe_worker *me = &j->probe[i];
		op_batches_free(&me->held);
		free(me->hashes);
		spill_buffers_fini(&me->buffers);
		end_part(j, me);
	}
	spill_list_fini(&j->parts);
	spill_set_unref(j->set);
	pthread_mutex_destroy(&j->lock);
}

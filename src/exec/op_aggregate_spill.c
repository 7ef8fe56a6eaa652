// SPDX-License-Identifier: Apache-2.0
/*
 * GROUP BY beyond memory. A worker whose table has to go writes all of it, keys and states, divided by hash into the
 * parts of a spill set, and begins anew; the same key may so be written many times. When all rows have come each part
 * is read into a table, where the states of equal keys are merged in the order in which they were written. A part that
 * does not fit either is written once more, divided by other bits of the hash.
 *
 * A block: rows (u32), the key columns, then of each aggregate the states: as they stand in memory where nothing hangs
 * off them, else in their serialised form one after the other.
 */
#include "exec/op_aggregate_impl.h"

#include <assert.h>

/* ---- writing ---- */

static enum status put_states(const struct agg_item *item, struct worker *w, struct strbuf *to, char *const *rows,
                              uint32_t n)
{
	const struct aggregator *a = item->aggregator;
	if (a->ops->destroy == NULL) {
		for (uint32_t i = 0; i < n; i++)
			strbuf_put(to, rows[i] + item->offset, a->state_size);
		return OK;
	}
	for (uint32_t i = 0; i < n; i++)
		TRY(a->ops->write(a, &w->eval, rows[i] + item->offset, to));
	return OK;
}

static enum status put_block(struct agg_operator *g, struct worker *w, struct spill_buffers *b, struct temp_file *f,
                             struct spill_stream *s, char *const *rows, uint32_t n)
{
	struct vector **keys = ARENA_ARRAY(&w->scratch, struct vector *, g->key_count);
	struct strbuf *to = &b->plain;
	strbuf_clear(to);
	strbuf_put(to, &n, sizeof n);
	TRY(group_key_columns(&g->layout, rows, n, NULL, keys, &w->err));
	enum status status = OK;
	for (uint32_t k = 0; k < g->key_count; k++) {
		if (status == OK)
			status = vector_bytes_put(to, keys[k], NULL, &w->err);
		vector_unref(keys[k]);
	}
	for (uint32_t k = 0; k < g->item_count && status == OK; k++)
		status = put_states(&g->items[k], w, to, rows, n);
	return status == OK ? spill_put(f, s, b, n, &w->err) : status;
}

/* The next rows of a table, up to max. */
static uint32_t next_rows(const struct group_table *t, unsigned *part, struct group_cursor *at, char **rows,
                          uint32_t max)
{
	uint32_t n = 0;
	while (n < max) {
		n += group_part_rows(t, at, rows + n, max - n);
		if (n == max || *part >= t->part_count)
			break;
		*at = (struct group_cursor){t->parts[(*part)++].first, 0};
	}
	return n;
}

static enum status put_chunk(struct agg_operator *g, struct worker *w, struct spill_buffers *b, struct spill_set *set,
                             unsigned worker, char *const *rows, uint32_t n)
{
	uint32_t starts[SPILL_PARTS + 1], *order = ARENA_RAW(&w->scratch, uint32_t, n);
	uint64_t *hashes = ARENA_RAW(&w->scratch, uint64_t, n);
	char **sorted = ARENA_RAW(&w->scratch, char *, n);
	for (uint32_t i = 0; i < n; i++)
		hashes[i] = group_row_hash(&g->layout, rows[i]);
	spill_divide(hashes, n, set->level, order, starts);
	for (uint32_t i = 0; i < n; i++)
		sorted[i] = rows[order[i]];
	for (unsigned p = 0; p < SPILL_PARTS; p++)
		for (uint32_t from = starts[p]; from < starts[p + 1]; from += BATCH_ROWS_MAX) {
			uint32_t count = starts[p + 1] - from < BATCH_ROWS_MAX ? starts[p + 1] - from : BATCH_ROWS_MAX;
			TRY(put_block(g, w, b, set->file, spill_set_stream(set, 0, worker, p), sorted + from, count));
			agg_destroy_rows(g, sorted + from, count);
		}
	return query_check(w->query, &w->err);
}

/* All of a table, which is empty afterwards. */
static enum status put_table(struct agg_operator *g, struct worker *w, struct spill_buffers *b, struct spill_set *set,
                             unsigned worker, struct group_table *t)
{
	struct arena outer = w->scratch; /* it holds no address of its own */
	struct memtrack *track = w->eval.track;
	struct group_cursor at = {NULL, 0};
	unsigned part = 0;
	enum status s = OK;
	char **rows = malloc(SPILL_CHUNK_ROWS * sizeof *rows);
	if (rows == NULL)
		return ERR(&w->err, E_CANNOT_ALLOCATE, "cannot allocate a list of rows");
	for (uint32_t n; s == OK && (n = next_rows(t, &part, &at, rows, SPILL_CHUNK_ROWS)) != 0;) {
		arena_init(&w->scratch, NULL);
		w->eval.track = NULL;
		s = put_chunk(g, w, b, set, worker, rows, n);
		w->eval.track = track;
		arena_fini(&w->scratch);
	}
	w->scratch = outer;
	free(rows);
	if (s == OK)
		agg_reset_table(g, t);
	return s;
}

static enum status make_set(struct agg_operator *g, struct worker *w)
{
	enum status s = OK;
	pthread_mutex_lock(&g->lock);
	if (g->set == NULL)
		s = spill_set_new(w->query, SPILL_GROUP, 0, 1, g->threads, &g->set, &w->err);
	pthread_mutex_unlock(&g->lock);
	if (s == OK)
		atomic_store(&g->spilled, true);
	return s;
}

enum status agg_spill_table(struct agg_operator *g, struct agg_worker *me, struct worker *w)
{
	TRY(make_set(g, w));
	return put_table(g, w, &me->buffers, g->set, (unsigned)(me - g->workers), &me->table);
}

static bool due(struct agg_operator *g, struct worker *w, bool limits_only)
{
	uint64_t own = spill_own(w->query, (uint64_t)atomic_load(&g->before));
	return spill_due(w->query, SPILL_GROUP, own, 0, limits_only);
}

enum status agg_spill_check(struct agg_operator *g, struct agg_worker *me, struct worker *w)
{
	return me->table.count != 0 && due(g, w, false) ? agg_spill_table(g, me, w) : OK;
}

enum status agg_spill_retry(struct agg_operator *g, struct agg_worker *me, struct worker *w, enum status failure)
{
	if (failure != E_MEMORY_LIMIT || !g->can_spill || me->table.count == 0)
		return failure;
	error_clear(&w->err);
	return agg_spill_table(g, me, w);
}

enum status agg_spill_finish(struct agg_operator *g, struct worker *w)
{
	for (unsigned i = 0; i < g->threads; i++)
		if (g->workers[i].table.count != 0)
			TRY(put_table(g, w, &g->workers[i].buffers, g->set, i, &g->workers[i].table));
	atomic_store(&g->before, memtrack_used(&w->query->track));
	TRY(spill_list_add(&g->parts, g->set, &w->err));
	spill_set_unref(g->set);
	g->set = NULL;
	return OK;
}

/* ---- reading ---- */

/* A part that is being read. */
struct loading {
	struct agg_operator *g;
	struct agg_worker *me;
	struct worker *w;
	struct spill_set *set;      /* of the smaller parts that it is divided into; NULL: it fits so far */
};

static enum status divide(struct loading *x)
{
	struct agg_operator *g = x->g;
	if (x->set == NULL)
		TRY(spill_set_new(x->w->query, SPILL_GROUP, x->me->part->set->level + 1, 1, 1, &x->set, &x->w->err));
	return put_table(g, x->w, &x->me->buffers, x->set, 0, &x->me->table);
}

static enum status get_states(const struct agg_item *item, struct worker *w, struct vector_bytes *from,
                              char *const *rows, uint32_t n)
{
	const struct aggregator *a = item->aggregator;
	for (uint32_t i = 0; i < n; i++) {
		char *state = rows[i] + item->offset;
		if (a->ops->destroy == NULL) {
			const uint8_t *bytes = vector_bytes_take(from, a->state_size);
			if (bytes == NULL)
				return ERR(&w->err, E_CORRUPTED_DATA, "a block of a temporary file is damaged");
			memcpy(state, bytes, a->state_size);
			continue;
		}
		size_t used = 0;
		struct str rest = {(const char *)from->at, (size_t)(from->end - from->at)};
		if (a->ops->init != NULL)
			a->ops->init(a, state);
		TRY(a->ops->read(a, &w->eval, state, rest, &used));
		if (vector_bytes_take(from, used) == NULL)
			return ERR(&w->err, E_CORRUPTED_DATA, "a block of a temporary file is damaged");
	}
	return OK;
}

static enum status find_rows(struct loading *x, struct vector *const *keys, uint32_t n, char **groups, char **fresh,
                             uint32_t *fresh_count)
{
	struct agg_worker *me = x->me;
	struct worker *w = x->w;
	TRY(group_keys_set(&me->keys, &w->eval, keys, n));
	enum status s = group_table_insert(&me->table, &me->keys, NULL, n, UINT64_MAX, groups, fresh, fresh_count, &w->err);
	if (s != E_MEMORY_LIMIT || me->part->whole || me->table.count == 0)
		return s;
	agg_init_rows(x->g, fresh, *fresh_count);
	error_clear(&w->err);
	TRY(divide(x));
	return group_table_insert(&me->table, &me->keys, NULL, n, UINT64_MAX, groups, fresh, fresh_count, &w->err);
}

/* States that were read into rows of their own, into the table. */
static enum status add_rows(struct loading *x, struct vector *const *keys, char **rows, uint32_t n)
{
	struct agg_operator *g = x->g;
	struct worker *w = x->w;
	size_t at = g->layout.payload_at, size = g->layout.row_size - at;
	uint32_t fresh_count = 0, pairs = 0;
	char **groups = ARENA_ARRAY(&w->scratch, char *, n + 1), **fresh = ARENA_ARRAY(&w->scratch, char *, n + 1);
	char **others = ARENA_ARRAY(&w->scratch, char *, n + 1);
	TRY(find_rows(x, keys, n, groups, fresh, &fresh_count));
	/* keys of a block are all different, so new rows stand in its order */
	for (uint32_t i = 0, k = 0; i < n; i++) {
		if (k < fresh_count && fresh[k] == groups[i]) {
			memcpy(groups[i] + at, rows[i] + at, size);
			memset(rows[i] + at, 0, size);
			k++;
			continue;
		}
		groups[pairs] = groups[i];
		others[pairs++] = rows[i];
	}
	return agg_merge_items(g, w, groups, others, pairs);
}

static enum status add_block(struct loading *x, struct vector_bytes *from, uint32_t n)
{
	struct agg_operator *g = x->g;
	struct worker *w = x->w;
	struct vector **keys = ARENA_ARRAY(&w->scratch, struct vector *, g->key_count);
	char *space = ARENA_ARRAY(&w->scratch, char, (size_t)n * g->layout.row_size + 1);
	char **rows = ARENA_ARRAY(&w->scratch, char *, n + 1);
	enum status s = OK;
	for (uint32_t i = 0; i < n; i++)
		rows[i] = space + (size_t)i * g->layout.row_size;
	for (uint32_t k = 0; k < g->key_count && s == OK; k++)
		s = vector_bytes_get(from, g->layout.types[k], n, &keys[k], &w->err);
	for (uint32_t k = 0; k < g->item_count && s == OK; k++)
		s = get_states(&g->items[k], w, from, rows, n);
	if (s == OK)
		s = add_rows(x, keys, rows, n);
	agg_destroy_rows(g, rows, n);
	for (uint32_t k = 0; k < g->key_count; k++)
		vector_unref(keys[k]);
	return s;
}

static enum status load_stream(struct loading *x, const struct spill_stream *s)
{
	struct worker *w = x->w;
	struct arena outer = w->scratch; /* it holds no address of its own */
	enum status status = OK;
	arena_init(&w->scratch, outer.track);
	for (uint32_t i = 0; i < s->count && status == OK; i++) {
		struct vector_bytes from;
		uint32_t n;
		arena_reuse(&w->scratch);
		status = query_check(w->query, &w->err);
		if (status == OK)
			status = spill_get_block(x->me->part->set->file, s, i, NULL, &from, &n, &w->err);
		if (status != OK)
			break;
		from.track = w->eval.track;
		status = add_block(x, &from, n);
		buffer_unref(from.owner);
		if (status == OK && !x->me->part->whole && x->me->table.count != 0 && due(x->g, w, true))
			status = divide(x);
	}
	arena_fini(&w->scratch);
	w->scratch = outer;
	return status;
}

/* Reads the worker's part into its table; if it does not fit, into parts for later. */
static enum status load_part(struct agg_operator *g, struct agg_worker *me, struct worker *w)
{
	struct loading x = {.g = g, .me = me, .w = w};
	enum status s = OK;
	for (unsigned i = 0; i < me->part->set->threads && s == OK; i++)
		s = load_stream(&x, spill_set_stream(me->part->set, 0, i, me->part->number));
	if (s == OK && x.set != NULL) {
		s = put_table(g, w, &me->buffers, x.set, 0, &me->table);
		if (s == OK)
			s = spill_list_add(&g->parts, x.set, &w->err);
	}
	spill_set_unref(x.set);
	me->at = (struct group_cursor){NULL, 0};
	me->table_part = 0;
	return s;
}

enum status agg_spill_next(struct agg_operator *g, struct worker *w, struct batch **out)
{
	struct agg_worker *me = &g->workers[w->number];
	char **rows = ARENA_ARRAY(&w->scratch, char *, BATCH_ROWS_MAX);
	for (;;) {
		if (me->part != NULL) {
			uint32_t n = next_rows(&me->table, &me->table_part, &me->at, rows, BATCH_ROWS_MAX);
			if (n != 0)
				return agg_output(g, w, rows, n, out);
			agg_reset_table(g, &me->table);
			spill_part_free(me->part);
		}
		me->part = spill_list_take(&g->parts);
		if (me->part == NULL)
			return OK;
		TRY(load_part(g, me, w));
	}
}

// SPDX-License-Identifier: Apache-2.0
/*
 * ORDER BY beyond memory. A worker that holds too much sorts it and writes the run to a temporary file, in blocks of
 * some hundred KB. When all rows have come, the runs, those still in memory too, are merged row by row: every run shows
 * one block, a heap says whose row is next, and the rows of a batch are gathered run by run and then put in order. Of
 * more than FAN_MAX runs the first ones are merged into one of the file before.
 */
#include "exec/op_sort_impl.h"

#include <assert.h>

enum { FAN_MAX = 64, BLOCK_BYTES = 256 * 1024, BLOCK_ROWS_MIN = 64 };

/* ---- writing ---- */

static enum status add_stream(struct sort_operator *o, const struct spill_stream *s, struct error *err)
{
	enum status status = OK;
	pthread_mutex_lock(&o->lock);
	if (o->stream_count == o->stream_capacity) {
		uint32_t capacity = o->stream_capacity == 0 ? 16 : o->stream_capacity * 2;
		struct spill_stream *streams = realloc(o->streams, capacity * sizeof *streams);
		if (streams == NULL) {
			status = ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a list of %u runs", capacity);
		} else {
			o->streams = streams;
			o->stream_capacity = capacity;
		}
	}
	if (status == OK)
		o->streams[o->stream_count++] = *s;
	pthread_mutex_unlock(&o->lock);
	return status;
}

static enum status make_file(struct sort_operator *o, struct worker *w)
{
	enum status s = OK;
	pthread_mutex_lock(&o->lock);
	if (o->file == NULL)
		s = spill_file_open(w->query, SPILL_SORT, &o->file, &w->err);
	pthread_mutex_unlock(&o->lock);
	return s;
}

/* Rows of a block: such that it has about BLOCK_BYTES. */
static uint32_t block_rows(const struct batch *b)
{
	size_t bytes = 0;
	for (uint32_t c = 0; c < b->column_count; c++)
		bytes += vector_bytes(b->columns[c]);
	uint64_t rows = bytes == 0 ? BATCH_ROWS_MAX : (uint64_t)b->count * BLOCK_BYTES / bytes;
	return rows > BATCH_ROWS_MAX ? BATCH_ROWS_MAX : rows < BLOCK_ROWS_MIN ? BLOCK_ROWS_MIN : (uint32_t)rows;
}

static enum status put_run(struct sort_operator *o, struct worker *w, struct sort_worker *s, struct spill_stream *to)
{
	struct vector **order = ARENA_ARRAY(&w->scratch, struct vector *, o->order.count + 1);
	uint32_t rows[BATCH_ROWS_MAX], step = block_rows(s->run);
	sort_order_columns(o, s->run->columns, order);
	uint32_t count = sort_kept_count(o, order, s->items, s->count);
	for (uint32_t at = 0; at < count; at += step) {
		uint32_t n = count - at < step ? count - at : step;
		for (uint32_t i = 0; i < n; i++)
			rows[i] = s->items[at + i].row;
		TRY(query_check(w->query, &w->err));
		TRY(spill_put_rows(o->file, to, &s->buffers, s->run->columns, o->column_count, rows, n, &w->err));
	}
	return OK;
}

static enum status spill_run(struct sort_operator *o, struct worker *w, struct sort_worker *s)
{
	struct spill_stream run = {0};
	TRY(make_file(o, w));
	TRY(sort_make_run(o, w, s));
	enum status status = put_run(o, w, s, &run);
	if (status == OK)
		status = add_stream(o, &run, &w->err);
	if (status != OK) {
		spill_stream_free(&run);
		return status;
	}
	sort_worker_clear(s, w->eval.track);
	s->kept_until = 0;
	return OK;
}

enum status sort_spill_check(struct sort_operator *o, struct worker *w, struct sort_worker *s)
{
	if (s->batches.rows == 0)
		return OK;
	/* sorting takes as much again: the columns one by one in one piece, and two arrays of keys */
	uint64_t own = spill_own(w->query, (uint64_t)atomic_load(&o->before));
	uint64_t extra = own / (o->threads + 1) + s->batches.rows * 2 * sizeof(struct sort_item);
	return spill_due(w->query, SPILL_SORT, own, extra, false) ? spill_run(o, w, s) : OK;
}

/* ---- merging ---- */

/* A run that is being merged: its block in sight. */
struct source {
	struct batch *block;          /* NULL: the run has ended */
	struct sort_item *items;      /* of its rows, in order */
	struct vector **order;
	uint32_t at, count;
	uint32_t piece;               /* among those of the batch being made */
	bool held;                    /* the block and the items are a worker's */
	const struct spill_stream *stream;
	uint32_t next;                /* its block to come */
};

/* Rows of one block in the batch being made. */
struct piece {
	struct batch *block;
	bool own;                     /* freed with the batch being made */
	uint32_t rows;
};

struct sort_merge {
	struct sort_operator *o;
	struct source *sources;
	uint32_t *heap;               /* sources, the one with the least row first */
	uint32_t count, heap_count;
	uint32_t column_count;        /* of what comes out */
	struct piece *pieces;
	uint32_t piece_count, piece_capacity;
	uint64_t given;
	struct batch *tie;            /* WITH TIES, after the limit: the order's columns of its last row */
	struct sort_item tie_item;
	struct spill_buffers buffers;
};

static bool is_less(const struct sort_merge *m, uint32_t x, uint32_t y)
{
	const struct source *a = &m->sources[x], *b = &m->sources[y];
	const struct sort_item *i = &a->items[a->at], *k = &b->items[b->at];
	if (i->high != k->high)
		return i->high < k->high;
	if (i->low != k->low)
		return i->low < k->low;
	int order = sort_order_compare(&m->o->order, m->o->order.exact, a->order, i->row, b->order, k->row);
	return order != 0 ? order < 0 : x < y;
}

static void sift_down(struct sort_merge *m)
{
	uint32_t at = 0, moving = m->heap[0];
	for (;;) {
		uint32_t child = 2 * at + 1;
		if (child >= m->heap_count)
			break;
		if (child + 1 < m->heap_count && is_less(m, m->heap[child + 1], m->heap[child]))
			child++;
		if (!is_less(m, m->heap[child], moving))
			break;
		m->heap[at] = m->heap[child];
		at = child;
	}
	m->heap[at] = moving;
}

static void push(struct sort_merge *m, uint32_t source)
{
	uint32_t at = m->heap_count++;
	while (at != 0 && is_less(m, source, m->heap[(at - 1) / 2])) {
		m->heap[at] = m->heap[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	m->heap[at] = source;
}

static enum status add_piece(struct sort_merge *m, struct source *s, struct error *err)
{
	if (m->piece_count == m->piece_capacity) {
		uint32_t capacity = m->piece_capacity == 0 ? 64 : m->piece_capacity * 2;
		struct piece *pieces = realloc(m->pieces, capacity * sizeof *pieces);
		if (pieces == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a list of blocks");
		m->pieces = pieces;
		m->piece_capacity = capacity;
	}
	s->piece = m->piece_count;
	m->pieces[m->piece_count++] = (struct piece){s->block, false, 0};
	return OK;
}

/* The run's next block; s->block NULL: there is none. */
static enum status next_block(struct sort_merge *m, struct worker *w, struct source *s)
{
	struct sort_operator *o = m->o;
	s->block = NULL;
	s->at = s->count = 0;
	if (s->stream == NULL || s->next == s->stream->count)
		return OK;
	TRY(query_check(w->query, &w->err));
	TRY(spill_get_batch(o->file, s->stream, s->next++, o->types, o->column_count, w->eval.track, &s->block, &w->err));
	if (s->block->count > BATCH_ROWS_MAX)
		return ERR(&w->err, E_CORRUPTED_DATA, "a block of a temporary file is damaged");
	s->count = s->block->count;
	sort_order_columns(o, s->block->columns, s->order);
	sort_order_keys(&o->order, s->order, s->count, 0, s->items);
	return OK;
}

static void merge_free(struct sort_merge *m, struct memtrack *track)
{
	if (m == NULL)
		return;
	for (uint32_t i = 0; i < m->piece_count; i++)
		if (m->pieces[i].own)
			batch_free(m->pieces[i].block);
	for (uint32_t i = 0; i < m->count; i++) {
		struct source *s = &m->sources[i];
		if (!s->held) {
			batch_free(s->block);
			sort_free_items(track, s->items, BATCH_ROWS_MAX);
		}
		free(s->order);
	}
	batch_free(m->tie);
	spill_buffers_fini(&m->buffers);
	free(m->sources);
	free(m->heap);
	free(m->pieces);
	free(m);
}

static enum status new_merge(struct sort_operator *o, struct worker *w, uint32_t sources, uint32_t column_count,
                             struct sort_merge **out)
{
	struct sort_merge *m = calloc(1, sizeof *m);
	*out = m;
	if (m == NULL)
		return ERR(&w->err, E_CANNOT_ALLOCATE, "cannot allocate a merge");
	spill_buffers_init(&m->buffers);
	m->o = o;
	m->column_count = column_count;
	m->sources = calloc(sources + 1, sizeof *m->sources);
	m->heap = calloc(sources + 1, sizeof *m->heap);
	return m->sources == NULL || m->heap == NULL ? ERR(&w->err, E_CANNOT_ALLOCATE, "cannot allocate a merge") : OK;
}

/* A run of the file, or a worker's in memory. */
static enum status add_source(struct sort_merge *m, struct worker *w, const struct spill_stream *stream,
                              struct sort_worker *held)
{
	uint32_t number = m->count++;
	struct source *s = &m->sources[number];
	s->held = held != NULL;
	s->stream = stream;
	s->order = calloc(m->o->order.count + 1, sizeof *s->order);
	if (s->order == NULL)
		return ERR(&w->err, E_CANNOT_ALLOCATE, "cannot allocate a merge");
	if (held != NULL) {
		s->block = held->run;
		s->items = held->items;
		s->count = held->count;
		sort_order_columns(m->o, s->block->columns, s->order);
	} else {
		TRY(sort_new_items(w, BATCH_ROWS_MAX, &s->items));
		TRY(next_block(m, w, s));
	}
	if (s->block != NULL)
		push(m, number);
	return OK;
}

/* The batch's columns: the rows of every piece one after the other, and then in order. */
static enum status gather(struct sort_merge *m, struct worker *w, const uint32_t *piece, const uint32_t *row,
                          uint32_t n, struct batch **out)
{
	struct batch *b;
	uint32_t *starts = ARENA_ARRAY(&w->scratch, uint32_t, m->piece_count + 1), total = 0;
	uint32_t *place = ARENA_RAW(&w->scratch, uint32_t, n + 1), *rows = ARENA_RAW(&w->scratch, uint32_t, n + 1);
	for (uint32_t p = 0; p < m->piece_count; p++) {
		starts[p] = total;
		total += m->pieces[p].rows;
		m->pieces[p].rows = 0;
	}
	for (uint32_t i = 0; i < n; i++) {
		struct piece *p = &m->pieces[piece[i]];
		place[i] = starts[piece[i]] + p->rows++;
		rows[place[i]] = row[i];
	}
	TRY(batch_new(m->column_count, &b, &w->err));
	b->count = n;
	enum status s = OK;
	for (uint32_t c = 0; c < m->column_count && s == OK; c++) {
		struct builder *to;
		struct vector *v = NULL;
		s = builder_new(w->eval.track, m->o->types[c], &to, &w->err);
		if (s != OK)
			break;
		for (uint32_t p = 0; p < m->piece_count && s == OK; p++)
			if (m->pieces[p].rows != 0)
				s = builder_rows(to, m->pieces[p].block->columns[c], rows + starts[p], m->pieces[p].rows, &w->err);
		if (s == OK)
			s = builder_finish(to, &v, &w->err);
		builder_free(to);
		if (s == OK)
			s = vector_gather(w->eval.track, v, place, n, &b->columns[c], &w->err);
		vector_unref(v);
	}
	if (s != OK) {
		batch_free(b);
		return s;
	}
	*out = b;
	return OK;
}

static enum status keep_tie(struct sort_merge *m, struct worker *w, const struct source *s)
{
	m->tie_item = s->items[s->at];
	return op_pick(w, s->order, m->o->order.count, &m->tie_item.row, 1, &m->tie);
}

static bool ties(const struct sort_merge *m, const struct source *s)
{
	const struct sort_item *i = &s->items[s->at];
	return i->high == m->tie_item.high && i->low == m->tie_item.low &&
		sort_order_compare(&m->o->order, m->o->order.exact, s->order, i->row, m->tie->columns, 0) == 0;
}

/* Whether the least row is none of the limit's. */
static bool is_beyond(const struct sort_merge *m, uint64_t limit)
{
	if (limit == 0 || m->given < limit)
		return false;
	return m->tie == NULL || !ties(m, &m->sources[m->heap[0]]);
}

/* The least row goes to the batch being made. */
static enum status take_row(struct sort_merge *m, struct worker *w, uint64_t limit, uint32_t *piece, uint32_t *row)
{
	struct source *s = &m->sources[m->heap[0]];
	*piece = s->piece;
	*row = s->items[s->at].row;
	m->pieces[s->piece].rows++;
	if (++m->given == limit && m->o->with_ties)
		TRY(keep_tie(m, w, s));
	if (++s->at == s->count) {
		if (!s->held)
			m->pieces[s->piece].own = true;
		TRY(next_block(m, w, s));
		if (s->block != NULL)
			TRY(add_piece(m, s, &w->err));
		else
			m->heap[0] = m->heap[--m->heap_count];
	}
	if (m->heap_count != 0)
		sift_down(m);
	return OK;
}

/* The next batch of up to `max` rows; NULL: all are out. */
static enum status merge_next(struct sort_merge *m, struct worker *w, uint64_t limit, uint32_t max, struct batch **out)
{
	uint32_t *piece = ARENA_RAW(&w->scratch, uint32_t, max), *row = ARENA_RAW(&w->scratch, uint32_t, max), n = 0;
	*out = NULL;
	for (uint32_t i = 0; i < m->heap_count; i++)
		TRY(add_piece(m, &m->sources[m->heap[i]], &w->err));
	while (n < max && m->heap_count != 0 && !is_beyond(m, limit)) {
		TRY(take_row(m, w, limit, &piece[n], &row[n]));
		n++;
	}
	enum status s = n == 0 ? OK : gather(m, w, piece, row, n, out);
	for (uint32_t i = 0; i < m->piece_count; i++)
		if (m->pieces[i].own)
			batch_free(m->pieces[i].block);
	m->piece_count = 0;
	return s;
}

/* ---- runs ---- */

/* All rows of a merge as one run of the file. */
static enum status put_merged(struct sort_merge *m, struct worker *w, uint32_t step, struct spill_stream *to)
{
	struct arena outer = w->scratch; /* it holds no address of its own */
	struct batch *b;
	enum status s;
	arena_init(&w->scratch, outer.track);
	do {
		arena_reuse(&w->scratch);
		s = merge_next(m, w, 0, step, &b);
		if (s == OK && b != NULL)
			s = spill_put_rows(m->o->file, to, &m->buffers, b->columns, b->column_count, NULL, b->count, &w->err);
		if (s == OK && b == NULL)
			break;
		batch_free(b);
	} while (s == OK);
	arena_fini(&w->scratch);
	w->scratch = outer;
	return s;
}

/* The first FAN_MAX runs become one, the last of the list. */
static enum status merge_some(struct sort_operator *o, struct worker *w)
{
	struct sort_merge *m;
	struct spill_stream run = {0};
	uint64_t rows = 0, blocks = 0;
	enum status s = new_merge(o, w, FAN_MAX, o->column_count, &m);
	for (uint32_t i = 0; i < FAN_MAX && s == OK; i++) {
		s = add_source(m, w, &o->streams[i], NULL);
		rows += o->streams[i].rows;
		blocks += o->streams[i].count;
	}
	uint64_t step = blocks == 0 ? 1 : (rows + blocks - 1) / blocks;
	if (s == OK)
		s = put_merged(m, w, step > BATCH_ROWS_MAX ? BATCH_ROWS_MAX : (uint32_t)step, &run);
	merge_free(m, w->eval.track);
	if (s != OK) {
		spill_stream_free(&run);
		return s;
	}
	for (uint32_t i = 0; i < FAN_MAX; i++)
		spill_stream_free(&o->streams[i]);
	o->stream_count -= FAN_MAX;
	memmove(o->streams, o->streams + FAN_MAX, o->stream_count * sizeof *o->streams);
	o->streams[o->stream_count++] = run;
	return OK;
}

enum status sort_spill_finish(struct sort_operator *o, struct worker *w, bool *merged)
{
	uint32_t held = 0;
	uint64_t rows = 0;
	for (unsigned i = 0; i < o->threads; i++) {
		held += o->workers[i].run != NULL;
		rows += o->workers[i].count;
	}
	/* in one piece the runs would need their items twice more, and a column */
	uint64_t own = spill_own(w->query, (uint64_t)atomic_load(&o->before));
	bool tight = held > 1 && (rows >= UINT32_MAX ||
		spill_due(w->query, SPILL_SORT, own, rows * 2 * sizeof(struct sort_item) + own / 4, true));
	*merged = o->stream_count != 0 || tight;
	if (!*merged)
		return OK;
	while (o->stream_count > FAN_MAX)
		TRY(merge_some(o, w));
	TRY(new_merge(o, w, o->stream_count + held, o->base.plan->column_count, &o->merge));
	for (uint32_t i = 0; i < o->stream_count; i++)
		TRY(add_source(o->merge, w, &o->streams[i], NULL));
	for (unsigned i = 0; i < o->threads; i++)
		if (o->workers[i].run != NULL)
			TRY(add_source(o->merge, w, NULL, &o->workers[i]));
	return OK;
}

enum status sort_spill_next(struct sort_operator *o, struct worker *w, struct batch **out)
{
	TRY(merge_next(o->merge, w, o->limit, BATCH_ROWS_MAX, out));
	if (*out != NULL)
		atomic_fetch_add_explicit(&o->base.rows_out, (*out)->count, memory_order_relaxed);
	return OK;
}

void sort_spill_free(struct sort_operator *o)
{
	merge_free(o->merge, &o->base.query->track);
	o->merge = NULL;
	for (uint32_t i = 0; i < o->stream_count; i++)
		spill_stream_free(&o->streams[i]);
	free(o->streams);
	temp_file_close(o->file);
}

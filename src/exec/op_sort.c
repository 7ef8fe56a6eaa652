// SPDX-License-Identifier: Apache-2.0
/*
 * ORDER BY. Each worker keeps its batches and sorts them when it has drained; finish() merges the workers' runs. With a
 * limit a worker cuts what it holds down to the limit now and then, and rows beyond the last one kept are not taken any
 * more.
 */
#include <assert.h>

#include "exec/op_sort_impl.h"

enum { CUT_ROWS_MIN = 2048, LIMIT_MAX = 1 << 24 };

enum status sort_new_items(struct worker *w, uint32_t count, struct sort_item **out)
{
	size_t bytes = ((size_t)count + 1) * sizeof **out;
	TRY(memtrack_charge(w->eval.track, (int64_t)bytes, &w->err));
	*out = malloc(bytes);
	if (*out == NULL) {
		memtrack_release(w->eval.track, (int64_t)bytes);
		return ERR(&w->err, E_CANNOT_ALLOCATE, "cannot allocate %zu bytes to sort", bytes);
	}
	return OK;
}

void sort_free_items(struct memtrack *track, struct sort_item *items, uint32_t count)
{
	if (items == NULL)
		return;
	free(items);
	memtrack_release(track, (int64_t)(((size_t)count + 1) * sizeof *items));
}

void sort_worker_clear(struct sort_worker *s, struct memtrack *track)
{
	op_batches_free(&s->batches);
	batch_free(s->run);
	sort_free_items(track, s->items, s->count);
	s->run = NULL;
	s->items = NULL;
	s->count = 0;
}

/* The columns of the order among those of a kept batch. */
void sort_order_columns(const struct sort_operator *o, struct vector *const *columns, struct vector **out)
{
	for (uint32_t i = 0; i < o->order.count; i++)
		out[i] = columns[o->order_column[i]];
}

/* ---- runs ---- */

static void drop_column(const struct op_batches *l, uint32_t c)
{
	for (uint32_t i = 0; i < l->count; i++) {
		vector_unref(l->items[i]->columns[c]);
		l->items[i]->columns[c] = NULL;
	}
}

/* All kept rows as one batch; the lists lose their columns one by one, so that memory holds only one of them twice. */
static enum status join_batches(struct sort_operator *o, struct worker *w, const struct op_batches *const *lists,
                                unsigned n, struct batch **out)
{
	struct batch *b;
	uint64_t rows = 0;
	for (unsigned i = 0; i < n; i++)
		rows += lists[i]->rows;
	if (rows >= UINT32_MAX)
		return ERR(&w->err, E_TOO_MANY_ROWS, "not supported yet: sorting %llu rows in memory", (unsigned long long)rows);
	TRY(batch_new(o->column_count, &b, &w->err));
	b->count = (uint32_t)rows;
	for (uint32_t c = 0; c < o->column_count; c++) {
		enum status s = op_batches_concat(w, lists, n, c, o->types[c], NULL, &b->columns[c]);
		if (s != OK) {
			batch_free(b);
			return s;
		}
		for (unsigned i = 0; i < n; i++)
			drop_column(lists[i], c);
	}
	*out = b;
	return OK;
}

/* Makes the worker's run of its batches, which go. */
enum status sort_make_run(struct sort_operator *o, struct worker *w, struct sort_worker *s)
{
	const struct op_batches *list = &s->batches;
	struct vector **columns = ARENA_ARRAY(&w->scratch, struct vector *, o->order.count + 1);
	struct sort_item *tmp = NULL;
	assert(s->run == NULL);
	TRY(join_batches(o, w, &list, 1, &s->run));
	op_batches_free(&s->batches);
	uint32_t n = s->run->count;
	TRY(sort_new_items(w, n, &s->items));
	s->count = n;
	sort_order_columns(o, s->run->columns, columns);
	sort_order_keys(&o->order, columns, n, 0, s->items);
	TRY(sort_new_items(w, n, &tmp));
	sort_order_sort(&o->order, columns, s->items, n, tmp);
	sort_free_items(w->eval.track, tmp, n);
	return OK;
}

/* How many of the sorted items the limit leaves, those that tie with the last one included when asked for. */
uint32_t sort_kept_count(const struct sort_operator *o, struct vector *const *columns, const struct sort_item *items,
                           uint32_t count)
{
	if (o->limit == 0 || o->limit >= count)
		return count;
	uint32_t n = (uint32_t)o->limit;
	while (o->with_ties && n < count && items[n].high == items[n - 1].high && items[n].low == items[n - 1].low &&
	       sort_order_compare(&o->order, o->order.exact, columns, items[n].row, columns, items[n - 1].row) == 0)
		n++;
	return n;
}

/* ---- input ---- */

/* ---- the bound, for the scan ---- */

static unsigned first_bits(const struct sort_operator *o)
{
	return (unsigned)physical_size(type_physical(o->order.types[0])) * 8;
}

static void share_bound(struct sort_operator *o, const struct sort_item *last)
{
	uint64_t key = last->high >> (64 - first_bits(o)), known = atomic_load(&o->first_bound);
	while (key < known && !atomic_compare_exchange_weak(&o->first_bound, &known, key))
		;
	atomic_store(&o->bounded, true);
}

__attribute__((always_inline)) static inline void mark_bounded(const void *data, size_t width, uint64_t flip,
                                                               uint64_t bound, uint32_t count, uint8_t *mask)
{
	enum { BLOCK = 16 }; /* a fixed number, which the compiler makes vectors of */
	const uint8_t *at = data;
	uint32_t i = 0;
	for (; i + BLOCK <= count; i += BLOCK) {
		for (uint32_t k = 0; k < BLOCK; k++) {
			uint64_t v = 0;
			memcpy(&v, at + (size_t)(i + k) * width, width);
			mask[i + k] = (v ^ flip) <= bound;
		}
	}
	for (; i < count; i++) {
		uint64_t v = 0;
		memcpy(&v, at + (size_t)i * width, width);
		mask[i] = (v ^ flip) <= bound;
	}
}

static uint32_t pick_bounded(void *arg, const struct vector *column, uint32_t count, uint32_t *rows)
{
	struct sort_operator *o = arg;
	if (!atomic_load_explicit(&o->bounded, memory_order_relaxed))
		return count;
	uint64_t bound = atomic_load_explicit(&o->first_bound, memory_order_relaxed), flip;
	enum physical p = type_physical(column->type);
	unsigned bits = first_bits(o);
	bool is_signed = p == PHYS_I8 || p == PHYS_I16 || p == PHYS_I32 || p == PHYS_I64;
	uint8_t mask[BATCH_ROWS_MAX];
	assert(count <= BATCH_ROWS_MAX);
	flip = is_signed ? (uint64_t)1 << (bits - 1) : 0;
	if (o->order.descending[0])
		flip ^= UINT64_MAX >> (64 - bits);
	switch (bits) {
	case 8: mark_bounded(column->data, 1, flip, bound, count, mask); break;
	case 16: mark_bounded(column->data, 2, flip, bound, count, mask); break;
	case 32: mark_bounded(column->data, 4, flip, bound, count, mask); break;
	default: mark_bounded(column->data, 8, flip, bound, count, mask); break;
	}
	return (uint32_t)bytes_to_indexes(rows, mask, count);
}

const struct scan_bound *sort_operator_bound(struct operator *op)
{
	return &((struct sort_operator *)op)->scan_bound;
}

/* Sorts what the worker holds and forgets the rows beyond the limit. */
static enum status cut(struct sort_operator *o, struct worker *w, struct sort_worker *s)
{
	struct vector **columns = ARENA_ARRAY(&w->scratch, struct vector *, o->order.count + 1);
	TRY(sort_make_run(o, w, s));
	sort_order_columns(o, s->run->columns, columns);
	uint32_t n = sort_kept_count(o, columns, s->items, s->count);
	uint32_t *rows = ARENA_ARRAY(&w->scratch, uint32_t, n + 1);
	for (uint32_t i = 0; i < n; i++)
		rows[i] = s->items[i].row;
	s->bound = s->items[n - 1];
	s->bounded = n >= o->limit;
	if (s->bounded && o->scan_bound.pick != NULL)
		share_bound(o, &s->bound);
	struct batch *b;
	TRY(op_pick(w, s->run->columns, o->column_count, rows, n, &b));
	enum status status = op_compact(w, b);
	sort_worker_clear(s, w->eval.track);
	if (status != OK) {
		batch_free(b);
		return status;
	}
	s->kept_until = n;
	return op_batches_add(&s->batches, b, &w->err);
}

/* Of a batch with a bound: only the rows that may still be needed. */
static enum status drop_beyond(struct sort_operator *o, struct worker *w, struct sort_worker *s, struct batch *b)
{
	struct vector **columns = ARENA_ARRAY(&w->scratch, struct vector *, o->order.count + 1);
	struct sort_item *items = ARENA_RAW(&w->scratch, struct sort_item, b->count + 1);
	uint32_t *rows = ARENA_RAW(&w->scratch, uint32_t, b->count + 1), n = 0;
	sort_order_columns(o, b->columns, columns);
	sort_order_keys(&o->order, columns, b->count, 0, items);
	/* of rows equal to the last one kept, none is needed when the numbers say all */
	bool ties = o->with_ties || !sort_order_is_exact(&o->order);
	for (uint32_t i = 0; i < b->count; i++) {
		bool less = items[i].high != s->bound.high ? items[i].high < s->bound.high : items[i].low < s->bound.low;
		bool equal = items[i].high == s->bound.high && items[i].low == s->bound.low;
		rows[n] = i;
		n += less || (ties && equal);
	}
	return op_gather(w, b, rows, n);
}

/* The batch as it is kept: with the order's columns, these FLAT. */
static enum status extend(struct sort_operator *o, struct worker *w, struct batch *in, struct batch **out)
{
	struct batch *b;
	uint32_t n = in->column_count;
	TRY(batch_new(o->column_count, &b, &w->err));
	b->count = in->count;
	memcpy(b->columns, in->columns, n * sizeof *b->columns);
	in->column_count = 0;
	enum status s = OK;
	if (o->extra_count != 0)
		s = program_run(o->program, &w->eval, b->columns, w->query->slots, b->count, &b->columns[n]);
	for (uint32_t i = 0; i < o->order.count && s == OK; i++) {
		struct vector **v = &b->columns[o->order_column[i]], *flat;
		s = vector_flatten(w->eval.track, *v, &flat, &w->err);
		if (s == OK) {
			vector_unref(*v);
			*v = flat;
		}
	}
	if (s != OK) {
		batch_free(b);
		return s;
	}
	*out = b;
	return OK;
}

static enum status sort_push(struct operator *op, struct worker *w, struct batch *in)
{
	struct sort_operator *o = (struct sort_operator *)op;
	struct sort_worker *s = &o->workers[w->number];
	struct batch *b = NULL;
	enum status status = extend(o, w, in, &b);
	batch_free(in);
	TRY(status);
	if (s->bounded)
		status = drop_beyond(o, w, s, b);
	if (status == OK && b->count != 0)
		status = op_compact(w, b);
	if (status != OK || b->count == 0) {
		batch_free(b);
		return status;
	}
	if (unlikely(atomic_load_explicit(&o->before, memory_order_relaxed) < 0))
		atomic_store(&o->before, memtrack_used(&w->query->track));
	TRY(op_batches_add(&s->batches, b, &w->err));
	if (o->limit == 0 || o->limit > LIMIT_MAX)
		return sort_spill_check(o, w, s);
	uint64_t most = s->kept_until * 4 > CUT_ROWS_MIN ? s->kept_until * 4 : CUT_ROWS_MIN;
	if (s->batches.rows >= most && s->batches.rows > o->limit)
		TRY(cut(o, w, s));
	return sort_spill_check(o, w, s);
}

static enum status sort_drain(struct operator *op, struct worker *w)
{
	struct sort_operator *o = (struct sort_operator *)op;
	struct sort_worker *s = &o->workers[w->number];
	return s->batches.count == 0 || s->run != NULL ? OK : sort_make_run(o, w, s);
}

/* ---- merging ---- */

/* The runs' items, with rows as in the joined batch, merged two by two. */
static enum status merge_items(struct sort_operator *o, struct worker *w, struct sort_worker *const *runs, unsigned n,
                               uint32_t total)
{
	struct vector **columns = ARENA_ARRAY(&w->scratch, struct vector *, o->order.count + 1);
	struct sort_item *a, *b = NULL;
	uint32_t *ends = ARENA_ARRAY(&w->scratch, uint32_t, n + 2), at = 0;
	sort_order_columns(o, o->result.run->columns, columns);
	TRY(sort_new_items(w, total, &a));
	enum status s = sort_new_items(w, total, &b);
	if (s != OK) {
		sort_free_items(w->eval.track, a, total);
		return s;
	}
	for (unsigned i = 0; i < n; i++) {
		for (uint32_t k = 0; k < runs[i]->count; k++) {
			a[at + k] = runs[i]->items[k];
			a[at + k].row += at;
		}
		at += runs[i]->count;
		ends[i + 1] = at;
	}
	for (; n > 1; n = (n + 1) / 2) {
		for (unsigned i = 0; i < n; i += 2) {
			uint32_t from = ends[i], middle = ends[i + 1], to = i + 1 < n ? ends[i + 2] : middle;
			sort_order_merge(&o->order, columns, a + from, middle - from, a + middle, to - middle, b + from);
			ends[i / 2 + 1] = to;
		}
		struct sort_item *swap = a;
		a = b;
		b = swap;
	}
	sort_free_items(w->eval.track, b, total);
	o->result.items = a;
	o->result.count = total;
	return OK;
}

static enum status sort_finish(struct operator *op, struct worker *w)
{
	struct sort_operator *o = (struct sort_operator *)op;
	struct sort_worker **runs = ARENA_ARRAY(&w->scratch, struct sort_worker *, o->threads + 1);
	const struct op_batches **lists = ARENA_ARRAY(&w->scratch, const struct op_batches *, o->threads + 1);
	unsigned n = 0;
	uint32_t total = 0;
	bool merged;
	TRY(sort_spill_finish(o, w, &merged));
	if (merged)
		return OK;
	for (unsigned i = 0; i < o->threads; i++)
		if (o->workers[i].run != NULL)
			runs[n++] = &o->workers[i];
	if (n == 0)
		return OK;
	if (n == 1) {
		o->result = *runs[0];
		memset(runs[0], 0, sizeof *runs[0]);
		return OK;
	}
	struct op_batches *one = ARENA_ARRAY(&w->scratch, struct op_batches, n);
	for (unsigned i = 0; i < n; i++) {
		one[i] = (struct op_batches){.items = &runs[i]->run, .count = 1, .rows = runs[i]->run->count};
		lists[i] = &one[i];
		total += runs[i]->count;
	}
	TRY(join_batches(o, w, lists, n, &o->result.run));
	TRY(merge_items(o, w, runs, n, total));
	for (unsigned i = 0; i < n; i++)
		sort_worker_clear(runs[i], w->eval.track);
	return OK;
}

/* ---- output ---- */

static enum status sort_next(struct operator *op, struct worker *w, struct batch **out)
{
	struct sort_operator *o = (struct sort_operator *)op;
	struct sort_worker *r = &o->result;
	*out = NULL;
	if (o->merge != NULL)
		return sort_spill_next(o, w, out);
	if (r->run == NULL)
		return OK;
	if (o->given == 0) {
		struct vector **columns = ARENA_ARRAY(&w->scratch, struct vector *, o->order.count + 1);
		sort_order_columns(o, r->run->columns, columns);
		o->limit = sort_kept_count(o, columns, r->items, r->count);
	}
	uint32_t n = (uint32_t)o->limit - o->given;
	n = n > BATCH_ROWS_MAX ? BATCH_ROWS_MAX : n;
	if (n == 0)
		return OK;
	uint32_t *rows = ARENA_ARRAY(&w->scratch, uint32_t, n);
	for (uint32_t i = 0; i < n; i++)
		rows[i] = r->items[o->given + i].row;
	TRY(op_pick(w, r->run->columns, op->plan->column_count, rows, n, out));
	o->given += n;
	return OK;
}

static void sort_free(struct operator *op)
{
	struct sort_operator *o = (struct sort_operator *)op;
	sort_spill_free(o);
	for (unsigned i = 0; o->workers != NULL && i < o->threads; i++) {
		sort_worker_clear(&o->workers[i], &op->query->track);
		spill_buffers_fini(&o->workers[i].buffers);
	}
	pthread_mutex_destroy(&o->lock);
	sort_worker_clear(&o->result, &op->query->track);
	free(o->workers);
	arena_fini(&o->arena);
	free(o);
}

static const struct operator_ops sort_ops = {
	.name = "Sorting", .push = sort_push, .drain = sort_drain, .finish = sort_finish, .next = sort_next,
	.free = sort_free,
};

static enum status make(struct sort_operator *o, struct query *q, const struct plan *p)
{
	uint32_t n = p->u.sort.order_count;
	struct expr **extra = ARENA_ARRAY(&o->arena, struct expr *, n + 1);
	sort_order_init(&o->order, &o->arena, p->u.sort.order, n, q->session->dialect == DIALECT_POSTGRESQL);
	o->order_column = ARENA_ARRAY(&o->arena, uint32_t, n + 1);
	o->types = ARENA_ARRAY(&o->arena, const struct type *, p->column_count + n + 1);
	memcpy(o->types, p->types, p->column_count * sizeof *o->types);
	for (uint32_t i = 0; i < n; i++) {
		struct expr *x = p->u.sort.order[i].expr;
		if (x->kind == EXPR_COLUMN) {
			o->order_column[i] = x->column;
			continue;
		}
		o->order_column[i] = p->column_count + o->extra_count;
		o->types[o->order_column[i]] = x->type;
		extra[o->extra_count++] = x;
	}
	o->column_count = p->column_count + o->extra_count;
	return program_compile(&o->arena, extra, o->extra_count, &o->program, &q->err);
}

enum status sort_operator_new(struct query *q, const struct plan *p, unsigned threads, struct operator **out)
{
	struct sort_operator *o;
	TRY(op_new(q, sizeof *o, &sort_ops, p, &o));
	arena_init(&o->arena, &q->track);
	pthread_mutex_init(&o->lock, NULL);
	atomic_store(&o->before, -1);
	o->threads = threads == 0 ? 1 : threads;
	o->limit = p->u.sort.limit;
	o->with_ties = p->u.sort.with_ties;
	atomic_store(&o->first_bound, UINT64_MAX);
	if (p->u.sort.bound != NULL)
		o->scan_bound = (struct scan_bound){p->u.sort.bound_column, pick_bounded, o};
	o->workers = calloc(o->threads, sizeof *o->workers);
	enum status s = o->workers == NULL ? ERR(&q->err, E_CANNOT_ALLOCATE, "cannot allocate an operator") : make(o, q, p);
	if (s != OK) {
		sort_free(&o->base);
		return s;
	}
	*out = &o->base;
	return OK;
}

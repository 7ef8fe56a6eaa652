// SPDX-License-Identifier: Apache-2.0
/* Sources: table scans, constant rows, series of numbers, row counts. */
#include <stdlib.h>

#include "exec/run_impl.h"

static void free_operator(struct operator *o)
{
	free(o);
}

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

enum status run_constant(struct query_run *r, const struct expr *x, int64_t none, int64_t *out, struct error *err)
{
	*out = none;
	if (x == NULL)
		return OK;
	struct program *p;
	struct arena scratch;
	struct vector *v = NULL;
	struct error *own = err;
	arena_init(&scratch, NULL);
	struct eval e = {.session = r->query->session, .scratch = &scratch, .track = &r->query->track, .err = own};
	struct expr *one = (struct expr *)x;
	enum status s = program_compile(&scratch, &one, 1, &p, err);
	if (s == OK)
		s = program_run(p, &e, NULL, r->query->slots, 1, &v);
	if (s == OK && !vector_is_null(v, 0)) {
		const struct vector *at;
		uint32_t i = vector_index(v, 0, &at);
		memcpy(out, (const char *)at->data + 8 * (size_t)i, 8); /* Int64 or UInt64 */
	}
	vector_unref(v);
	arena_fini(&scratch);
	return s;
}

/* ---- tables ---- */

struct scan_source {
	struct operator base;
	struct scan *scan;
	unsigned threads;
};

static enum status scan_next(struct operator *o, struct worker *w, struct batch **out)
{
	struct scan_source *s = (struct scan_source *)o;
	TRY(s->scan->ops->next(s->scan, w->number, out, &w->err));
	const struct query_limits *l = &w->query->limits;
	if (*out != NULL && l->max_rows_to_read != 0 && !l->read_overflow_break &&
	    atomic_load_explicit(&s->scan->stats.rows, memory_order_relaxed) > l->max_rows_to_read) {
		batch_free(*out);
		*out = NULL;
		return ERR(&w->err, E_TOO_MANY_ROWS, "Limit for rows to read exceeded: max rows: %llu",
		           (unsigned long long)l->max_rows_to_read);
	}
	return OK;
}

static unsigned scan_parallelism(struct operator *o)
{
	return ((struct scan_source *)o)->threads;
}

static void scan_free(struct operator *o)
{
	struct scan_source *s = (struct scan_source *)o;
	if (s->scan != NULL)
		s->scan->ops->free(s->scan);
	free(s);
}

static const struct operator_ops scan_ops = {
	.name = "Scan", .next = scan_next, .parallelism = scan_parallelism, .free = scan_free,
};

static void fill_request(struct query_run *r, const struct plan *p, struct scan_request *q)
{
	*q = (struct scan_request){
		.slots = r->query->slots,
		.threads = r->threads,
		.session = r->query->session,
		.track = &r->query->track,
		.cancelled = query_cancel_flag(r->query),
		.max_rows_to_read = r->query->limits.max_rows_to_read,
	};
	if (p->kind != PLAN_SCAN)
		return;
	q->columns = p->u.scan.columns;
	q->column_count = p->column_count;
	q->filters = p->u.scan.filters;
	q->filter_count = p->u.scan.filter_count;
	q->prewhere_count = p->u.scan.prewhere_count;
	q->final = p->u.scan.final;
	q->order_prefix = p->u.scan.order_prefix;
	q->order_descending = p->u.scan.order_descending;
	q->limit_hint = p->u.scan.limit_hint;
	q->bound = p == r->bound_plan ? r->bound : NULL;
}

enum status scan_source_new(struct query_run *r, const struct plan *p, struct operator **out, struct error *err)
{
	struct scan_source *s;
	struct scan_request request;
	TRY(new_operator(sizeof *s, &scan_ops, p, out, err));
	s = (struct scan_source *)*out;
	fill_request(r, p, &request);
	enum status status;
	if (p->kind == PLAN_FUNCTION) {
		request.threads = 1;
		status = p->u.function.open(p->u.function.arg, &request, &s->scan, err);
		s->threads = 1;
	} else {
		struct table *t = p->u.scan.table;
		if (t->ops->scan == NULL)
			status = ERR(err, E_NOT_IMPLEMENTED, "Storage %s doesn't support reads", t->ops->engine);
		else
			status = t->ops->scan(t, r->query->txn, &request, &s->scan, err);
		s->threads = r->threads;
	}
	if (status != OK) {
		free(s);
		*out = NULL;
		return status;
	}
	ARENA_PUSH(&r->arena, r->scan_plans, r->scan_plan_count, r->scan_plan_capacity, p);
	ARENA_PUSH(&r->arena, r->scans, r->scan_count, r->scan_capacity, s->scan);
	return OK;
}

/* ---- VALUES ---- */

struct values_source {
	struct operator base;
	uint32_t row;
	struct query_run *run;
};

/* One batch of rows: each value is evaluated by itself, then appended to its column. */
static enum status values_next(struct operator *o, struct worker *w, struct batch **out)
{
	struct values_source *s = (struct values_source *)o;
	const struct plan *p = o->plan;
	uint32_t width = p->column_count, left = p->u.values.row_count - s->row,
		n = left < BATCH_ROWS_MAX ? left : BATCH_ROWS_MAX;
	enum status status;
	*out = NULL;
	if (n == 0)
		return OK;
	TRY(batch_new(width, out, &w->err));
	(*out)->count = n;
	for (uint32_t c = 0; c < width; c++) {
		struct builder *b = NULL;
		status = builder_new(&w->query->track, p->types[c], &b, &w->err);
		for (uint32_t i = 0; i < n && status == OK; i++) {
			struct expr *x = p->u.values.exprs[(size_t)(s->row + i) * width + c];
			const struct vector *v = x->constant;
			struct vector *made = NULL;
			if (x->kind != EXPR_CONSTANT) {
				struct program *one;
				status = program_compile(&w->scratch, &x, 1, &one, &w->err);
				if (status == OK)
					status = program_run(one, &w->eval, NULL, w->query->slots, 1, &made);
				v = made;
			}
			if (status == OK)
				status = builder_row(b, v, 0, &w->err);
			vector_unref(made);
		}
		if (status == OK)
			status = builder_finish(b, &(*out)->columns[c], &w->err);
		builder_free(b);
		if (status != OK) {
			batch_free(*out);
			*out = NULL;
			return status;
		}
	}
	s->row += n;
	return OK;
}

static const struct operator_ops values_ops = {.name = "Values", .next = values_next, .free = free_operator};

enum status values_source_new(struct query_run *r, const struct plan *p, struct operator **out, struct error *err)
{
	TRY(new_operator(sizeof(struct values_source), &values_ops, p, out, err));
	((struct values_source *)*out)->run = r;
	return OK;
}

/* ---- numbers ---- */

enum { SERIES_MORSEL_ROWS = 1 << 16 };

struct series_source {
	struct operator base;
	uint64_t start, count, step;
	struct query_run *run;
	_Atomic uint64_t next, read;  /* morsels are handed out by position; rows given out */
	uint64_t at[WORKERS_MAX], end[WORKERS_MAX]; /* the morsel of each worker; its own thread's */
};

static enum status series_next(struct operator *o, struct worker *w, struct batch **out)
{
	struct series_source *s = (struct series_source *)o;
	unsigned n = w->number;
	*out = NULL;
	if (s->at[n] == s->end[n]) {
		uint64_t from = atomic_fetch_add(&s->next, SERIES_MORSEL_ROWS);
		if (from >= s->count)
			return OK;
		s->at[n] = from;
		s->end[n] = s->count - from < SERIES_MORSEL_ROWS ? s->count : from + SERIES_MORSEL_ROWS;
	}
	uint64_t rows = s->end[n] - s->at[n];
	if (rows > BATCH_ROWS_MAX)
		rows = BATCH_ROWS_MAX;
	TRY(batch_new(o->plan->column_count, out, &w->err));
	(*out)->count = (uint32_t)rows;
	if (o->plan->column_count != 0) {
		enum status status = vector_new(&w->query->track, o->plan->types[0], (uint32_t)rows, &(*out)->columns[0], &w->err);
		if (status != OK) {
			batch_free(*out);
			*out = NULL;
			return status;
		}
		uint64_t *data = (*out)->columns[0]->data, v = s->start + s->at[n] * s->step;
		for (uint64_t i = 0; i < rows; i++, v += s->step)
			data[i] = v;
	}
	s->at[n] += rows;
	uint64_t read = atomic_fetch_add_explicit(&s->read, rows, memory_order_relaxed) + rows;
	atomic_fetch_add_explicit(&s->run->made_rows, rows, memory_order_relaxed);
	atomic_fetch_add_explicit(&s->run->made_bytes, rows * sizeof(uint64_t), memory_order_relaxed);
	const struct query_limits *l = &w->query->limits;
	if (likely(l->max_rows_to_read == 0 || read <= l->max_rows_to_read))
		return OK;
	if (l->read_overflow_break) {
		atomic_store(&w->pipeline->satisfied, true);
		return OK;
	}
	batch_free(*out);
	*out = NULL;
	return ERR(&w->err, E_TOO_MANY_ROWS, "Limit for rows (controlled by 'max_rows_to_read' setting) exceeded, max rows: "
	           "%llu, current rows: %llu", (unsigned long long)l->max_rows_to_read, (unsigned long long)s->count);
}

static unsigned series_parallelism(struct operator *o)
{
	struct series_source *s = (struct series_source *)o;
	uint64_t morsels = s->count / SERIES_MORSEL_ROWS + 1;
	return morsels > WORKERS_MAX ? WORKERS_MAX : (unsigned)morsels;
}

static const struct operator_ops series_ops = {
	.name = "Numbers", .next = series_next, .parallelism = series_parallelism, .free = free_operator,
};

enum status series_source_new(struct query_run *r, const struct plan *p, struct operator **out, struct error *err)
{
	struct series_source *s;
	int64_t start, count, step;
	TRY(run_constant(r, p->u.series.start, 0, &start, err));
	TRY(run_constant(r, p->u.series.stop, 0, &count, err));
	TRY(run_constant(r, p->u.series.step, 1, &step, err));
	if (step == 0)
		return ERR(err, E_BAD_ARGUMENTS, "Table function 'numbers': the step must not be zero");
	TRY(new_operator(sizeof *s, &series_ops, p, out, err));
	s = (struct series_source *)*out;
	s->run = r;
	s->start = (uint64_t)start;
	s->step = (uint64_t)step;
	s->count = (uint64_t)count / (uint64_t)step + ((uint64_t)count % (uint64_t)step != 0);
	return OK;
}

/* ---- count() from metadata ---- */

struct count_source {
	struct operator base;
	bool given;
	uint64_t rows;
};

static enum status count_next(struct operator *o, struct worker *w, struct batch **out)
{
	struct count_source *s = (struct count_source *)o;
	*out = NULL;
	if (s->given)
		return OK;
	s->given = true;
	TRY(batch_new(1, out, &w->err));
	(*out)->count = 1;
	enum status status = vector_new(&w->query->track, o->plan->types[0], 1, &(*out)->columns[0], &w->err);
	if (status != OK) {
		batch_free(*out);
		*out = NULL;
		return status;
	}
	*(uint64_t *)(*out)->columns[0]->data = s->rows;
	return OK;
}

static const struct operator_ops count_ops = {.name = "CountRows", .next = count_next, .free = free_operator};

/* Where the engine cannot tell after all, the rows are counted. */
static enum status count_by_scan(struct query_run *r, struct table *t, uint64_t *rows, struct error *err)
{
	struct scan_request request = {.threads = 1, .session = r->query->session, .track = &r->query->track,
		.slots = r->query->slots, .cancelled = query_cancel_flag(r->query)};
	struct scan *scan;
	struct batch *b;
	enum status s;
	TRY(t->ops->scan(t, r->query->txn, &request, &scan, err));
	while ((s = scan->ops->next(scan, 0, &b, err)) == OK && b != NULL) {
		*rows += b->count;
		batch_free(b);
	}
	scan->ops->free(scan);
	return s;
}

enum status count_source_new(struct query_run *r, const struct plan *p, struct operator **out, struct error *err)
{
	struct table *t = p->u.count_rows.table;
	uint64_t rows = 0;
	if (!t->ops->row_count(t, r->query->txn, &rows)) {
		rows = 0;
		TRY(count_by_scan(r, t, &rows, err));
	}
	TRY(new_operator(sizeof(struct count_source), &count_ops, p, out, err));
	((struct count_source *)*out)->rows = rows;
	return OK;
}

/* ---- min() and max() from what is known of parts ---- */

struct ranges_source {
	struct operator base;
	bool given;
	uint64_t values[];
};

static enum status ranges_next(struct operator *o, struct worker *w, struct batch **out)
{
	struct ranges_source *s = (struct ranges_source *)o;
	const struct plan *p = o->plan;
	*out = NULL;
	if (s->given)
		return OK;
	s->given = true;
	TRY(batch_new(p->column_count, out, &w->err));
	(*out)->count = 1;
	for (uint32_t i = 0; i < p->column_count; i++) {
		enum status status = vector_new(&w->query->track, p->types[i], 1, &(*out)->columns[i], &w->err);
		if (status != OK) {
			batch_free(*out);
			*out = NULL;
			return status;
		}
		memcpy((*out)->columns[i]->data, &s->values[i], physical_size(type_physical(p->types[i])));
	}
	return OK;
}

static const struct operator_ops ranges_ops = {.name = "ColumnRanges", .next = ranges_next, .free = free_operator};

enum status ranges_source_new(struct query_run *r, const struct plan *p, struct operator **out, struct error *err)
{
	struct table *t = p->u.ranges.table;
	struct query *q = r->query;
	struct arena scratch;
	bool known = true;
	uint64_t range[2], rows = 0;
	TRY(new_operator(sizeof(struct ranges_source) + p->column_count * sizeof(uint64_t), &ranges_ops, p, out, err));
	struct ranges_source *s = (struct ranges_source *)*out;
	arena_init(&scratch, &q->track);
	struct eval e = {.session = q->session, .scratch = &scratch, .track = &q->track, .err = err,
	                 .cancelled = query_cancel_flag(q)};
	enum status status = OK;
	known = t->ops->row_count(t, q->txn, &rows);
	for (uint32_t i = 0; i < p->column_count && known && status == OK; i++) {
		uint32_t column = p->u.ranges.columns[i];
		if (column == UINT32_MAX)
			s->values[i] = rows;
		else
			status = t->ops->column_range(t, q->txn, column, &e, range, &known, err);
		if (column != UINT32_MAX && status == OK && known)
			s->values[i] = range[p->u.ranges.greatest[i]];
	}
	arena_fini(&scratch);
	if (status != OK || !known) {
		free(s);
		*out = NULL;
	}
	return status;
}

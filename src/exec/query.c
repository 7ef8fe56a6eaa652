// SPDX-License-Identifier: Apache-2.0
/*
 * The driver. Pipelines run one after the other; the session thread is worker 0 of each, further workers are tasks of
 * the compute pool. Result batches go through a queue: a pool worker that finds it full parks and is woken when the
 * session thread has taken one, so a slow reader stops its own query and nobody else's.
 */
#include <assert.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "exec/profile.h"
#include "exec/run_impl.h"

enum { TICK_NS = 50000000 };

const _Atomic bool *query_cancel_flag(const struct query *q)
{
	while (q->parent != NULL)
		q = q->parent;
	return &q->cancelled;
}

enum status query_check(struct query *q, struct error *err)
{
	while (q->parent != NULL)
		q = q->parent;
	if (unlikely(atomic_load_explicit(&q->cancelled, memory_order_relaxed))) {
		enum status reason = (enum status)atomic_load(&q->cancel_reason);
		if (q->session->dialect == DIALECT_POSTGRESQL)
			return ERR(err, reason == OK ? E_CANCELLED : reason, "canceling statement due to %s",
			           reason == E_TIMEOUT ? "statement timeout" : "user request");
		return ERR(err, reason == OK ? E_CANCELLED : reason, "Query was cancelled");
	}
	if (unlikely(q->limits.deadline_us != 0 && clock_mono_us() > q->limits.deadline_us)) {
		query_cancel(q, E_TIMEOUT);
		if (q->session->dialect == DIALECT_POSTGRESQL)
			return ERR(err, E_TIMEOUT, "canceling statement due to statement timeout");
		return ERR(err, E_TIMEOUT, "Timeout exceeded: the query ran longer than max_execution_time");
	}
	return OK;
}

void query_cancel(struct query *q, enum status reason)
{
	int none = OK;
	atomic_compare_exchange_strong(&q->cancel_reason, &none, (int)reason);
	atomic_store(&q->cancelled, true);
}

/* ---- workers ---- */

static void worker_init(struct worker_task *t, struct query_run *r, unsigned number)
{
	struct query *q = r->query;
	struct worker *w = &t->worker;
	t->run = r;
	w->number = number;
	w->query = q;
	arena_init(&w->scratch, &q->track);
	error_init(&w->err);
	w->eval = (struct eval){
		.session = q->session,
		.track = &q->track,
		.scratch = &w->scratch,
		.err = &w->err,
		.random = q->session->random_seed + 0x9e3779b97f4a7c15u * (number + 1),
		.runner = w,
		.cancelled = query_cancel_flag(q),
	};
}

static void fail(struct query_run *r, const struct error *e)
{
	pthread_mutex_lock(&r->queue.lock);
	if (!error_is_set(&r->err))
		r->err = *e;
	atomic_store(&r->failed, true);
	pthread_cond_broadcast(&r->queue.changed);
	pthread_mutex_unlock(&r->queue.lock);
}

/* Operators of this pipeline that this worker drains, or that are finished now: up to where sharing begins. */
static bool is_own(const struct pipeline *p, const struct operator *o)
{
	return o != p->shared_from;
}

static enum status drain(struct worker *w)
{
	for (struct operator *o = w->pipeline->first; o != NULL && is_own(w->pipeline, o); o = o->next) {
		arena_reuse(&w->scratch);
		TRY(operator_drain(o, w));
	}
	return OK;
}

/* One source batch through the chain. *ended: this worker has run dry and is drained. */
static enum status step(struct query_run *r, struct worker *w, bool *ended)
{
	struct pipeline *p = w->pipeline;
	struct batch *b = NULL;
	*ended = false;
	arena_reuse(&w->scratch);
	TRY(query_check(r->query, &w->err));
	if (!atomic_load_explicit(&p->satisfied, memory_order_relaxed))
		TRY(operator_next(p->source, w, &b));
	if (b == NULL) {
		*ended = true;
		return drain(w);
	}
	uint32_t rows = b->count;
	enum status s = operator_push(p->first, w, b);
	w->eval.row_base += rows;
	return s;
}

static void end_worker(struct query_run *r, struct worker_task *t)
{
	pthread_mutex_lock(&r->queue.lock);
	t->active = false;
	r->active--;
	pthread_cond_broadcast(&r->queue.changed);
	pthread_mutex_unlock(&r->queue.lock);
}

/* Whether this pool worker has to wait for room in the queue; then it is on the waiting list. */
static bool must_wait(struct query_run *r, struct worker_task *t)
{
	bool full = false;
	pthread_mutex_lock(&r->queue.lock);
	if (r->queue.tail - r->queue.head >= RESULT_QUEUE_MAX && !atomic_load(&r->failed)) {
		full = true;
		t->next_waiting = r->queue.waiting;
		r->queue.waiting = t;
	}
	pthread_mutex_unlock(&r->queue.lock);
	return full;
}

static enum task_result run_task(struct task *task)
{
	struct worker_task *t = (struct worker_task *)task; /* its first member */
	struct query_run *r = t->run;
	for (int turns = 0; turns < 8; turns++) {
		bool ended = true;
		if (!atomic_load(&r->failed) && step(r, &t->worker, &ended) != OK) {
			fail(r, &t->worker.err);
			ended = true;
		}
		if (ended) {
			end_worker(r, t);
			return TASK_DONE;
		}
		if (t->worker.pipeline->delivers && must_wait(r, t))
			return TASK_PARKED;
	}
	return TASK_AGAIN;
}

/* ---- pipelines ---- */

static void start_pipeline(struct query_run *r)
{
	struct pipeline *p = r->current;
	unsigned n = 1;
	if (r->threads > 1 && r->query->pool != NULL && p->source->ops->parallelism != NULL) {
		n = p->source->ops->parallelism(p->source);
		n = n < 1 ? 1 : n > r->threads ? r->threads : n;
	}
	r->started = true;
	r->first_ended = false;
	r->active = r->ran = n;
	for (unsigned i = 0; i < n; i++) {
		struct worker_task *t = &r->workers[i];
		t->worker.pipeline = p;
		t->worker.eval.row_base = 0;
		t->active = true;
		t->task.run = run_task;
		t->task.done = NULL;
	}
	if (n > 1 && !r->group_open) {
		task_group_init(&r->group, r->query->pool, 0);
		r->group_open = true;
	}
	for (unsigned i = 1; i < n; i++)
		task_submit(&r->group, &r->workers[i].task);
}

static void wake_waiting(struct query_run *r)
{
	pthread_mutex_lock(&r->queue.lock);
	struct worker_task *t = r->queue.waiting;
	r->queue.waiting = NULL;
	pthread_mutex_unlock(&r->queue.lock);
	while (t != NULL) {
		struct worker_task *next = t->next_waiting;
		task_wake(&t->task);
		t = next;
	}
}

/*
 * Workers that this pipeline does not run may hold rows of an earlier one in operators that the two share: they are
 * drained here, by the one thread that is left.
 */
static enum status drain_others(struct query_run *r, struct error *err)
{
	for (unsigned i = r->ran; i < r->shared; i++) {
		struct worker *w = &r->workers[i].worker;
		w->pipeline = r->current;
		if (drain(w) != OK) {
			if (err != NULL && !error_is_set(err))
				*err = w->err;
			return w->err.status;
		}
	}
	if (r->current->shared_from != NULL && r->ran > r->shared)
		r->shared = r->ran;
	return OK;
}

/* All workers have ended: completes the sinks and moves on. */
static enum status finish_pipeline(struct query_run *r, struct error *err)
{
	struct pipeline *p = r->current;
	struct worker *w = &r->workers[0].worker;
	if (r->group_open)
		task_group_wait(&r->group);
	TRY(drain_others(r, err));
	for (struct operator *o = p->first; o != NULL && is_own(p, o); o = o->next) {
		arena_reuse(&w->scratch);
		if (operator_finish(o, w) != OK) {
			if (err != NULL && !error_is_set(err))
				*err = w->err;
			return w->err.status;
		}
	}
	r->current = p->next;
	r->started = false;
	r->done = r->current == NULL;
	return OK;
}

static struct batch *pop(struct query_run *r)
{
	struct batch *b = NULL;
	bool had_waiters;
	pthread_mutex_lock(&r->queue.lock);
	if (r->queue.head != r->queue.tail) {
		b = r->queue.items[r->queue.head++];
		if (r->queue.head == r->queue.tail)
			r->queue.head = r->queue.tail = 0;
	}
	had_waiters = r->queue.waiting != NULL && r->queue.tail - r->queue.head < RESULT_QUEUE_MAX / 2;
	pthread_mutex_unlock(&r->queue.lock);
	if (had_waiters)
		wake_waiting(r);
	return b;
}

/* What a run has read so far, of tables and of what sources make up. */
static void count_read(const struct query_run *r, uint64_t *rows, uint64_t *bytes, uint64_t *total)
{
	*rows += atomic_load_explicit(&r->made_rows, memory_order_relaxed);
	*bytes += atomic_load_explicit(&r->made_bytes, memory_order_relaxed);
	for (size_t i = 0; i < r->scan_count; i++) {
		*rows += atomic_load_explicit(&r->scans[i]->stats.rows, memory_order_relaxed);
		*bytes += atomic_load_explicit(&r->scans[i]->stats.bytes, memory_order_relaxed);
		*total += atomic_load_explicit(&r->scans[i]->stats.total_rows_hint, memory_order_relaxed);
	}
}

static void update_progress(struct query *q)
{
	uint64_t rows = atomic_load(&q->inner_rows), bytes = atomic_load(&q->inner_bytes), total = 0;
	count_read(q->run, &rows, &bytes, &total);
	atomic_store(&q->progress.read_rows, rows);
	atomic_store(&q->progress.read_bytes, bytes);
	atomic_store(&q->progress.total_rows, total);
}

static void tick(struct query_run *r)
{
	/* a run inside another query's expression is not what the client waits for */
	if (r->query->tick == NULL || r->query->run != r)
		return;
	update_progress(r->query);
	r->query->tick(r->query->tick_arg);
}

/* Worker 0 has nothing to do: waits for a batch or for the others' end. */
static void wait_for_workers(struct query_run *r)
{
	wake_waiting(r);
	pthread_mutex_lock(&r->queue.lock);
	while (r->queue.head == r->queue.tail && r->active != 0 && !atomic_load(&r->failed)) {
		if (r->query->tick == NULL) {
			pthread_cond_wait(&r->queue.changed, &r->queue.lock);
			continue;
		}
		struct timespec until;
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += TICK_NS;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		if (pthread_cond_timedwait(&r->queue.changed, &r->queue.lock, &until) != 0) {
			pthread_mutex_unlock(&r->queue.lock);
			tick(r);
			pthread_mutex_lock(&r->queue.lock);
		}
	}
	pthread_mutex_unlock(&r->queue.lock);
}

static enum status failure(struct query_run *r, struct error *err)
{
	pthread_mutex_lock(&r->queue.lock);
	struct error first = r->err;
	pthread_mutex_unlock(&r->queue.lock);
	if (err != NULL && !error_is_set(err))
		*err = first;
	return first.status;
}

enum status run_next(struct query_run *r, struct batch **out, struct error *err)
{
	*out = NULL;
	for (;;) {
		if (atomic_load(&r->failed))
			return failure(r, err);
		tick(r);
		if ((*out = pop(r)) != NULL)
			return OK;
		if (r->done)
			return OK;
		if (!r->started)
			start_pipeline(r);
		if (!r->first_ended) {
			bool ended;
			if (step(r, &r->workers[0].worker, &ended) != OK) {
				fail(r, &r->workers[0].worker.err);
				ended = true;
			}
			if (ended) {
				r->first_ended = true;
				end_worker(r, &r->workers[0]);
			}
			continue;
		}
		pthread_mutex_lock(&r->queue.lock);
		bool idle = r->active == 0;
		pthread_mutex_unlock(&r->queue.lock);
		if (!idle)
			wait_for_workers(r);
		else if (!atomic_load(&r->failed) && r->queue.head == r->queue.tail)
			TRY(finish_pipeline(r, err));
	}
}

enum status run_new(struct query *q, const struct plan *p, unsigned threads, struct query_run **out, struct error *err)
{
	struct query_run *r = calloc(1, sizeof *r);
	if (r == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a query run");
	arena_init(&r->arena, &q->track);
	error_init(&r->err);
	pthread_mutex_init(&r->queue.lock, NULL);
	pthread_cond_init(&r->queue.changed, NULL);
	r->query = q;
	r->threads = threads < 1 ? 1 : threads > WORKERS_MAX ? WORKERS_MAX : threads;
	r->last_pipeline = &r->pipelines;
	r->workers = ARENA_ARRAY(&r->arena, struct worker_task, r->threads);
	for (unsigned i = 0; i < r->threads; i++)
		worker_init(&r->workers[i], r, i);
	*out = r;
	TRY(run_build(r, p, err));
	r->current = r->pipelines;
	return OK;
}

void run_free(struct query_run *r)
{
	if (r == NULL)
		return;
	if (r->group_open) {
		atomic_store(&r->failed, true);
		wake_waiting(r);
		task_group_wait(&r->group);
		task_group_fini(&r->group);
	}
	if (r->query->profile != NULL)
		profile_add_run(r->query->profile, r);
	for (size_t i = r->queue.head; i < r->queue.tail; i++)
		batch_free(r->queue.items[i]);
	free(r->queue.items);
	for (size_t i = r->operator_count; i-- != 0;)
		r->operators[i]->ops->free(r->operators[i]);
	for (unsigned i = 0; i < r->threads; i++)
		arena_fini(&r->workers[i].worker.scratch);
	pthread_cond_destroy(&r->queue.changed);
	pthread_mutex_destroy(&r->queue.lock);
	arena_fini(&r->arena);
	free(r);
}

/* ---- queries ---- */

static void drop_batches(struct batch **batches, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		batch_free(batches[i]);
	free(batches);
}

static enum status collect(struct query *q, const struct plan *p, unsigned threads, struct batch ***batches,
                           uint32_t *count, uint64_t row_limit, struct error *err)
{
	struct query_run *r = NULL;
	struct batch *b = NULL;
	uint32_t capacity = 0;
	uint64_t rows = 0;
	*batches = NULL;
	*count = 0;
	enum status s = run_new(q, p, threads, &r, err);
	while (s == OK && (row_limit == 0 || rows < row_limit) && (s = run_next(r, &b, err)) == OK && b != NULL) {
		if (*count == capacity) {
			capacity = capacity == 0 ? 8 : capacity * 2;
			struct batch **more = realloc(*batches, capacity * sizeof *more);
			if (more == NULL) {
				batch_free(b);
				s = ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a result list");
				break;
			}
			*batches = more;
		}
		rows += b->count;
		(*batches)[(*count)++] = b;
	}
	if (r != NULL) {
		uint64_t read_rows = 0, read_bytes = 0, total = 0;
		count_read(r, &read_rows, &read_bytes, &total);
		atomic_fetch_add(&q->inner_rows, read_rows);
		atomic_fetch_add(&q->inner_bytes, read_bytes);
	}
	run_free(r);
	if (s != OK) {
		drop_batches(*batches, *count);
		*batches = NULL;
		*count = 0;
	}
	return s;
}

enum status query_collect(struct query *q, const struct plan *p, struct batch ***batches, uint32_t *count,
                          uint64_t row_limit, struct error *err)
{
	return collect(q, p, 1, batches, count, row_limit, err);
}

/* All rows of the first column as one Array value. */
static enum status array_value(struct query *q, struct batch *const *batches, uint32_t n, const struct type *type,
                               struct vector **out, struct error *err)
{
	struct builder *b = NULL;
	struct vector *v = NULL;
	enum status s = builder_new(&q->track, type, &b, err);
	for (uint32_t i = 0; i < n && s == OK; i++)
		s = builder_range(b->children[0], batches[i]->columns[0], 0, batches[i]->count, err);
	if (s == OK)
		s = builder_end_array(b, err);
	if (s == OK)
		s = builder_finish(b, &v, err);
	if (s == OK)
		s = vector_constant(&q->track, v, 0, 1, out, err);
	vector_unref(v);
	builder_free(b);
	return s;
}

static enum status truth_value(struct query *q, const struct type *type, bool truth, struct vector **out,
                               struct error *err)
{
	TRY(vector_new(&q->track, type, 1, out, err));
	(*out)->form = VECTOR_CONST;
	*(uint8_t *)(*out)->data = truth;
	return OK;
}

/* Runs one subquery of the statement and leaves its value in its slot. */
static enum status run_init(struct query *q, const struct plan_init *init, struct error *err)
{
	struct batch **batches;
	uint32_t n;
	uint64_t rows = 0;
	const struct type *type = q->plan->slot_types[init->slot];
	uint64_t limit = init->exists ? 1 : init->scalar_error ? 2 : 0;
	struct vector **slot = &q->slots[init->slot];
	TRY(collect(q, init->plan, q->limits.max_threads, &batches, &n, limit, err));
	for (uint32_t i = 0; i < n; i++)
		rows += batches[i]->count;
	enum status s;
	if (init->exists)
		s = truth_value(q, type, rows != 0, slot, err);
	else if (init->array)
		s = array_value(q, batches, n, type, slot, err);
	else if (rows > 1)
		s = ERR(err, E_SUBQUERY_ROWS,
		        q->session->dialect == DIALECT_POSTGRESQL ? "more than one row returned by a subquery used as an expression"
		                                                                        : "Scalar subquery returned more than one "
		                                                                        	"row");
	else if (rows == 0)
		s = vector_default_constant(&q->track, type, 1, slot, err);
	else {
		uint32_t at = 0;
		while (batches[at]->count == 0)
			at++;
		s = vector_constant(&q->track, batches[at]->columns[0], 0, 1, slot, err);
	}
	if (s == OK)
		(*slot)->type = type;
	drop_batches(batches, n);
	return s;
}

enum status query_start(struct query *q, struct error *err)
{
	const struct query_plan *p = q->plan;
	error_init(&q->err);
	q->slots = calloc(p->slot_count + 1, sizeof *q->slots);
	if (q->slots == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate slots");
	for (uint32_t i = 0; i < p->slot_count; i++)
		q->slots[i] = vector_ref(p->slots[i]);
	if (p->totals_count != 0 && (q->totals = calloc(p->totals_count, sizeof *q->totals)) == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate totals");
	for (uint32_t i = 0; i < p->init_count; i++)
		TRY(run_init(q, &p->inits[i], err));
	return run_new(q, p->root, q->limits.max_threads, &q->run, err);
}

enum status query_next(struct query *q, struct batch **out, struct error *err)
{
	enum status s = run_next(q->run, out, err);
	update_progress(q);
	if (s != OK || *out == NULL)
		return s;
	uint64_t rows = atomic_fetch_add(&q->progress.result_rows, (*out)->count) + (*out)->count;
	if (q->limits.max_result_rows == 0 || rows <= q->limits.max_result_rows)
		return OK;
	if (q->limits.result_overflow_break)
		return OK; /* the block that passes the limit is still given; the caller sees the count */
	batch_free(*out);
	*out = NULL;
	return ERR(err, E_TOO_MANY_ROWS_OR_BYTES, "Limit for result exceeded, max rows: %llu, current rows: %llu",
	           (unsigned long long)q->limits.max_result_rows, (unsigned long long)rows);
}

void query_drop_spare(struct query *q)
{
	for (struct query *spare = atomic_exchange(&q->spare, NULL), *next; spare != NULL; spare = next) {
		next = spare->next_spare;
		free(spare);
	}
}

enum status query_totals(struct query *q, struct batch **out, struct error *err)
{
	struct batch **batches;
	uint32_t n;
	*out = NULL;
	if (q->plan == NULL || q->plan->totals == NULL || q->totals == NULL)
		return OK;
	TRY(query_collect(q, q->plan->totals, &batches, &n, 1, err));
	if (n != 0) {
		*out = batches[0];
		batches[0] = NULL;
	}
	drop_batches(batches, n);
	return OK;
}

void query_end(struct query *q)
{
	run_free(q->run);
	q->run = NULL;
	for (uint32_t i = 0; q->totals != NULL && i < q->plan->totals_count; i++)
		batch_free(q->totals[i]);
	free(q->totals);
	q->totals = NULL;
	if (q->slots != NULL)
		for (uint32_t i = 0; i < q->plan->slot_count; i++)
			vector_unref(q->slots[i]);
	free(q->slots);
	q->slots = NULL;
	query_drop_spare(q);
}

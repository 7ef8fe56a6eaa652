// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_RUN_IMPL_H
#define EXEC_RUN_IMPL_H
/* What the driver (query.c), the builder of pipelines (build.c) and the simple operators share. */
#include <pthread.h>

#include "exec/operator.h"
#include "io/pool.h"

enum { RESULT_QUEUE_MAX = 16 };

/* Result batches on their way to the session thread. */
struct result_queue {
	pthread_mutex_t lock;        /* guards all of it */
	pthread_cond_t changed;      /* a batch came, or a worker ended */
	struct batch **items;        /* a growing ring is not needed: pushed at tail, popped at head, moved down when empty */
	size_t head, tail, capacity;
	struct worker_task *waiting; /* workers that found it full */
};

struct worker_task {
	struct task task;
	struct worker worker;
	struct query_run *run;
	struct worker_task *next_waiting;
	bool parked;
	bool active;                 /* started and not ended; under the queue's lock */
};

/* One run of a plan: made by run_new, driven by run_next. */
struct query_run {
	struct query *query;
	struct arena arena;          /* pipelines, small operators' states, programs */
	struct pipeline *pipelines, **last_pipeline;
	struct operator **operators; /* all, for freeing */
	size_t operator_count, operator_capacity;
	struct scan **scans;         /* all, for progress */
	const struct plan **scan_plans; /* whose they are */
	size_t scan_plan_count, scan_plan_capacity;
	const struct plan *bound_plan; /* the scan that is to get `bound`: set while its pipeline is built */
	const struct scan_bound *bound;
	size_t scan_count, scan_capacity;
	_Atomic uint64_t made_rows, made_bytes; /* by sources that are no table's: progress too */
	unsigned threads;
	struct pipeline *current;
	bool started;                /* workers of the current pipeline run */
	bool first_ended;            /* worker 0 has run dry */
	unsigned ran;               /* workers of the current pipeline */
	unsigned shared;            /* most workers of one that ended before operators it shares with a later one */
	unsigned active;             /* workers of the current pipeline that have not ended; under queue.lock */
	struct worker_task *workers; /* `threads` of them */
	struct task_group group;
	bool group_open;
	struct result_queue queue;
	_Atomic bool failed;
	bool done;
	struct error err;            /* the first worker's failure; under queue.lock */
};

enum status run_new(struct query *q, const struct plan *p, unsigned threads, struct query_run **out,
                    struct error *err) MUST_CHECK;
enum status run_next(struct query_run *r, struct batch **out, struct error *err) MUST_CHECK;
void run_free(struct query_run *r);

/* build.c: pipelines of a plan, ending in the run's result. */
enum status run_build(struct query_run *r, const struct plan *p, struct error *err) MUST_CHECK;
enum status run_own(struct query_run *r, struct operator *o); /* the run frees it */
/* The value of an expression without columns, as Int64; `none` where it is NULL or absent. */
enum status run_constant(struct query_run *r, const struct expr *x, int64_t none, int64_t *out,
                         struct error *err) MUST_CHECK;

/* Simple operators. */
enum status scan_source_new(struct query_run *r, const struct plan *p, struct operator **out,
                            struct error *err) MUST_CHECK;
enum status values_source_new(struct query_run *r, const struct plan *p, struct operator **out,
                              struct error *err) MUST_CHECK;
enum status series_source_new(struct query_run *r, const struct plan *p, struct operator **out,
                              struct error *err) MUST_CHECK;
/* *out NULL: the engine does not know. */
enum status ranges_source_new(struct query_run *r, const struct plan *p, struct operator **out,
                              struct error *err) MUST_CHECK;
enum status count_source_new(struct query_run *r, const struct plan *p, struct operator **out,
                             struct error *err) MUST_CHECK;
/* The columns of u.fetch, from the scan that runs u.fetch.scan. */
enum status fetch_operator_new(struct query_run *r, const struct plan *p, struct operator **out,
                               struct error *err) MUST_CHECK;
enum status filter_operator_new(struct query_run *r, const struct plan *p, struct operator **out,
                                struct error *err) MUST_CHECK;
enum status project_operator_new(struct query_run *r, const struct plan *p, struct operator **out,
                                 struct error *err) MUST_CHECK;
enum status totals_operator_new(struct query_run *r, const struct plan *p, struct operator **out,
                                struct error *err) MUST_CHECK;
enum status totals_row_source_new(struct query_run *r, const struct plan *p, struct operator **out,
                                  struct error *err) MUST_CHECK;
enum status limit_range_operator_new(struct query_run *r, const struct plan *p, struct operator **out,
                                     struct error *err) MUST_CHECK;
enum status limit_operator_new(struct query_run *r, const struct plan *p, struct operator **out,
                               struct error *err) MUST_CHECK;
/* p NULL: it stands for no node of the plan. */
enum status pass_operator_new(struct query_run *r, const struct plan *p, struct operator **out,
                              struct error *err) MUST_CHECK;
enum status result_operator_new(struct query_run *r, const struct plan *p, struct operator **out,
                                struct error *err) MUST_CHECK;
enum status apply_operator_new(struct query_run *r, const struct plan *p, struct operator **out,
                               struct error *err) MUST_CHECK;

/* apply.c: sets plan_subquery_exec; once, at start. */
void apply_register(void);

/* The number of live rows: cancel and deadline of this query and its parents. */
const _Atomic bool *query_cancel_flag(const struct query *q);

#endif

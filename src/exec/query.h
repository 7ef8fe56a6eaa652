// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_QUERY_H
#define EXEC_QUERY_H
/*
 * A running query: its plan, memory, limits, progress and result.
 *
 * The session thread owns it: starts it, pulls result batches with query_next() and ends it. The session thread itself
 * is worker 0; further workers come from the compute pool when the source has work for them. query_cancel() may come
 * from any thread.
 */
#include "func/eval.h"
#include "plan/plan.h"
#include "io/temp_file.h"

struct profile;
struct txn;
struct pool;

struct query_limits {
	uint64_t max_rows_to_read, max_bytes_to_read, max_result_rows, max_result_bytes, max_rows_to_group_by;
	bool read_overflow_break, result_overflow_break, group_by_overflow_any, group_by_overflow_break;
	int64_t deadline_us;                /* clock_mono_us(); 0: none */
	unsigned max_threads;
	uint32_t max_block_size;
};

/* What may go to disk, and when. */
enum spill_kind { SPILL_GROUP, SPILL_SORT, SPILL_JOIN, SPILL_DISTINCT, SPILL_KINDS };

struct spill_policy {
	struct temp_area *area;             /* NULL: nothing goes to disk */
	struct temp_quota quota;
	uint64_t limit_bytes[SPILL_KINDS];  /* 0: none */
	double ratio[SPILL_KINDS];          /* of memory limits; 0: they do not matter */
};

struct query_progress {
	_Atomic uint64_t read_rows, read_bytes, total_rows, written_rows, written_bytes, result_rows, result_bytes;
};

struct query {
	struct query *parent;               /* of a correlated subquery's run: its limits and cancel flag count; else NULL */
	/* of a query without parent: the ended runs of its subqueries, for the next ones; what they gave is charged to them */
	struct query *_Atomic spare;
	struct query *next_spare;
	struct memtrack track;              /* "query": child of the user's */
	struct query_plan *plan;
	struct eval_session *session;       /* read-only while running */
	struct txn *txn;
	struct query_limits limits;
	struct query_progress progress;
	struct spill_policy spill;          /* of the statement: of a query without parent */
	_Atomic uint64_t inner_rows, inner_bytes; /* read by the runs of subqueries that have ended */
	struct pool *pool;                  /* compute pool; NULL: everything runs on the calling thread */
	_Atomic bool cancelled;             /* polled at every batch */
	_Atomic int cancel_reason;          /* enum status: E_CANCELLED, E_TIMEOUT, … */
	struct vector **slots;              /* plan->slot_count values */
	struct error err;                   /* of the query as a whole */
	struct query_run *run;              /* pipelines, operators, result queue */
	struct profile *profile;            /* what each node did is wanted (EXPLAIN ANALYZE); NULL: it is not */
	struct batch **totals;              /* plan->totals_count rows that PLAN_TOTALS left; NULL: nobody wants them */
	void (*tick)(void *arg);            /* called now and then by the session thread while it runs; NULL: none */
	void *tick_arg;
};

/* Fills the fields above from the session; exec/statement.c does this for statements. */
enum status query_start(struct query *q, struct error *err) MUST_CHECK;
/* The next result batch, owned by the caller; NULL at the end. Runs the query as far as needed. */
enum status query_next(struct query *q, struct batch **out, struct error *err) MUST_CHECK;
/* When all rows have been given: the row of WITH TOTALS, owned by the caller; NULL: there is none. */
enum status query_totals(struct query *q, struct batch **out, struct error *err) MUST_CHECK;
/* Stops workers and frees everything of the run; afterwards q->track reads zero. */
void query_end(struct query *q);
/* Frees what ended subqueries left; for a query that only stood above others and was never started. */
void query_drop_spare(struct query *q);
/* Any thread: makes the query fail with `reason` at its next batch. */
void query_cancel(struct query *q, enum status reason);
/* Polled by operators in long loops: OK, or why the query has to stop. */
enum status query_check(struct query *q, struct error *err) MUST_CHECK;

/*
 * Runs a plan to its end on the calling thread and hands over all its rows: scalar subqueries, set building, apply.
 * The slots must be filled. Batches are the caller's.
 */
enum status query_collect(struct query *q, const struct plan *p, struct batch ***batches, uint32_t *count,
                          uint64_t row_limit, struct error *err) MUST_CHECK;

#endif

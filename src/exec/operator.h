// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_OPERATOR_H
#define EXEC_OPERATOR_H
/*
 * Operators and pipelines: how a plan runs.
 *
 * A pipeline is a source and a chain of operators that ends in a sink. Several workers run the same pipeline at once:
 * each pulls batches from the source (which hands out morsels) and pushes them down the chain; operators keep what they
 * need per worker in slots of their own, indexed by worker->number. When every worker has run dry, finish() of each
 * operator is called once, by one thread, in chain order; a sink (aggregate, sort, join build) then becomes the source
 * of a later pipeline.
 *
 *     source.next ─► push(filter) ─► push(project) ─► push(probe) ─► push(aggregate)         workers 0 … n-1
 *                                                                     finish(): merge          one thread
 *                                                    aggregate as source ─► push(sort) …       next pipeline
 *
 * A pushed batch belongs to the callee, which frees it or passes it on. An operator that needs no more input sets
 * pipeline->satisfied; workers then stop pulling. Every failure goes to the worker's error; the first one stops all.
 */
#include "exec/query.h"
#include "plan/plan.h"

enum { WORKERS_MAX = 64 };

struct pipeline;
struct operator;

/* One thread of one pipeline run. */
struct worker {
	unsigned number;
	struct query *query;
	struct pipeline *pipeline;
	struct eval eval;           /* scratch is reset after every source batch */
	struct arena scratch;
	struct error err;
	/* with a profile: the operator that is working, and the time spent in those that it has called */
	struct operator *inside;
	int64_t inner_ns;
};

struct operator_ops {
	const char *name;           /* as EXPLAIN PIPELINE prints it */
	/* Takes one batch. NULL for pure sources. */
	enum status (*push)(struct operator *o, struct worker *w, struct batch *in);
	/* This worker has pushed its last batch: pass on what is held back for it. May be NULL. */
	enum status (*drain)(struct operator *o, struct worker *w);
	/* All workers have drained: once, by one thread. A sink completes its result. May be NULL. */
	enum status (*finish)(struct operator *o, struct worker *w);
	/* As a source: the next batch for this worker, NULL when there is none. Called by many workers at once. */
	enum status (*next)(struct operator *o, struct worker *w, struct batch **out);
	/* As a source: how many workers are worth starting. May be NULL (1). */
	unsigned (*parallelism)(struct operator *o);
	void (*free)(struct operator *o);
};

struct operator {
	const struct operator_ops *ops;
	struct operator *next;      /* where push() goes on; NULL at the end of a chain */
	const struct plan *plan;
	struct query *query;
	/* with a profile: rows handed on; time without the operators it pushes to, of all threads; a bit per worker */
	_Atomic uint64_t rows_out, worked;
	_Atomic int64_t busy_ns;
};

/* profile.c: with a profile they count rows and measure time. */
enum status operator_push_timed(struct operator *o, struct worker *w, struct batch *b) MUST_CHECK;
enum status operator_next(struct operator *o, struct worker *w, struct batch **out) MUST_CHECK;
/* OK where there is nothing to do. */
enum status operator_drain(struct operator *o, struct worker *w) MUST_CHECK;
enum status operator_finish(struct operator *o, struct worker *w) MUST_CHECK;

static inline enum status operator_push(struct operator *o, struct worker *w, struct batch *b)
{
	return likely(w->query->profile == NULL) ? o->ops->push(o, w, b) : operator_push_timed(o, w, b);
}

struct pipeline {
	struct operator *source;
	struct operator *first;     /* of the chain; its last operator is the sink */
	_Atomic bool satisfied;     /* nobody needs more rows */
	struct pipeline *next;      /* pipelines run one after the other in this order */
	struct operator *shared_from; /* a later pipeline goes on through the chain from here (UNION ALL): drain and finish
	                               * these operators only after that one; NULL: none is shared */
	bool delivers;              /* the chain ends in the query's result */
};

/*
 * Constructors of the operators that stand in files of their own. Each takes the plan node; `threads` is the most
 * workers that will run. An operator that is sink and source at once is the same object in both pipelines.
 */
enum status aggregate_operator_new(struct query *q, const struct plan *p, unsigned threads,
                                   struct operator **out) MUST_CHECK;
enum status distinct_operator_new(struct query *q, const struct plan *p, unsigned threads,
                                  struct operator **out) MUST_CHECK;
enum status sort_operator_new(struct query *q, const struct plan *p, unsigned threads,
                              struct operator **out) MUST_CHECK;
/* What it needs of its first column, for the scan below. */
const struct scan_bound *sort_operator_bound(struct operator *sort);
enum status limit_by_operator_new(struct query *q, const struct plan *p, struct operator **out) MUST_CHECK;
enum status limit_by_range_operator_new(struct query *q, const struct plan *p, struct operator **out) MUST_CHECK;
enum status set_operator_new(struct query *q, const struct plan *p, unsigned threads, struct operator **left_sink,
                             struct operator **right_sink, struct operator **source) MUST_CHECK;
enum status window_operator_new(struct query *q, const struct plan *p, struct operator **out) MUST_CHECK;
enum status fill_operator_new(struct query *q, const struct plan *p, struct operator **out) MUST_CHECK;
enum status unnest_operator_new(struct query *q, const struct plan *p, struct operator **out) MUST_CHECK;
/*
 * A hash join: `build` is the sink of the right input's pipeline; `probe` is an operator in the left input's pipeline;
 * `rest` is NULL, or the source that puts out unmatched right rows (RIGHT, FULL) into what follows the probe. The last
 * two are NULL, or a source and its operator that join what went to disk, after all left rows, into what follows.
 */
enum status join_operators_new(struct query *q, const struct plan *p, unsigned threads, struct operator **build,
                               struct operator **probe, struct operator **rest, struct operator **part_source,
                               struct operator **part_probe) MUST_CHECK;

#endif

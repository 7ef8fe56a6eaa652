// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_PROFILE_H
#define EXEC_PROFILE_H
/*
 * What each node of a plan did while the query ran, for EXPLAIN ANALYZE.
 *
 * Where the query has a profile, operators' rows are counted and the time spent in them, without that of the operators
 * they push to. Every run (of the query, of its subqueries) adds its counts when it is freed; a plan that ran several
 * times has as many loops. Any thread may add.
 */
#include <pthread.h>

#include "plan/plan.h"

struct query_run;

struct profile_node {
	const struct plan *plan;    /* NULL: a free slot */
	uint64_t rows, loops;
	int64_t busy_ns;            /* of all loops, by the longest-working thread's share of each */
	uint64_t read_rows, read_bytes, parts, granules, granules_total; /* of scans */
};

struct profile {
	pthread_mutex_t lock;       /* guards the table */
	struct profile_node *nodes; /* open addressing by plan */
	size_t count, capacity;
	bool no_memory;             /* some run is missing */
};

void profile_init(struct profile *p);
void profile_fini(struct profile *p);
void profile_add_run(struct profile *p, const struct query_run *r);
/* NULL: it never ran. */
const struct profile_node *profile_of(const struct profile *p, const struct plan *plan);

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef IO_POOL_H
#define IO_POOL_H
/*
 * Pool: a fixed number of threads that run short pieces of many queries' work, fairly.
 *
 * A task is a struct in its owner's memory with a run function; a task group is one query (or one merge). Each group
 * has its own queue of ready tasks, and the groups with ready tasks take turns, so that a hundred queries share the
 * threads whatever the number of their tasks. A group runs at most `parallel_max` tasks at once.
 *
 *            submit               AGAIN, or woken while running
 *    (new) --------> READY <-------------------------------+
 *                      |  a thread takes it                |
 *                      v                                   |
 *                   RUNNING ------ PARKED ----> PARKED ----+ task_wake
 *                      |
 *                      +---------- DONE ----> the owner's again
 *
 * A task never blocks on a queue, a lock, a socket or a disk: it returns TASK_PARKED and whoever it waits for calls
 * task_wake() once. A wake that comes before the task has parked is not lost. It should give its thread back every few
 * milliseconds (TASK_AGAIN), and look at its query's cancelled flag before each piece.
 *
 * Locks: one mutex per pool, never held while a task runs.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/error.h"

enum task_result { TASK_DONE, TASK_AGAIN, TASK_PARKED };
enum task_state { TASK_IDLE, TASK_READY, TASK_RUNNING, TASK_RUNNING_WOKEN, TASK_WAITING };

struct pool;
struct task_group;

struct task {
	enum task_result (*run)(struct task *t);
	/* Called once after TASK_DONE, without locks, before the group counts it as finished; may free the task. Or NULL. */
	void (*done)(struct task *t);
	/* the pool's, under its mutex */
	struct task_group *group;
	struct task *next;               /* in the group's ready queue */
	struct task *previous_in_group, *next_in_group; /* tasks that are not done */
	enum task_state state;
};

struct task_group {
	struct pool *pool;
	unsigned parallel_max;           /* 0: as many as the pool has threads */
	_Atomic bool cancelled;          /* read freely */
	/* the pool's, under its mutex */
	unsigned unfinished, running;
	struct task *ready_first, *ready_last;
	struct task *tasks;
	struct task_group *next;         /* in the pool's ring of groups with work */
	bool queued;
	pthread_cond_t finished;
};

struct pool_config {
	const char *name;                /* of the threads; at most 11 bytes show */
	unsigned threads;                /* at least 1 */
	int nice;                        /* 0 for queries, up to 19 for work that gives way */
};

struct pool_stats {
	unsigned threads, busy, ready_tasks, groups;
	uint64_t runs;                   /* calls of task functions */
	uint64_t busy_us;                /* sum over threads */
};

enum status pool_new(struct pool **out, const struct pool_config *config, struct error *err) MUST_CHECK;
/* All groups are finished; threads end and are joined. */
void pool_free(struct pool *p);
unsigned pool_threads(const struct pool *p);
void pool_stats(struct pool *p, struct pool_stats *out);

void task_group_init(struct task_group *g, struct pool *p, unsigned parallel_max);
/* No task of it is unfinished. */
void task_group_fini(struct task_group *g);
/* Makes the task, whose run and done are set, ready; it belongs to the pool until it is done. May be called from a task
 * of the same group. */
void task_submit(struct task_group *g, struct task *t);
/* Sleeps until every task of the group is done; not from a task. */
void task_group_wait(struct task_group *g);
/* As above, until the deadline on clock_mono_us(); false when tasks are left. */
bool task_group_wait_until(struct task_group *g, int64_t deadline_us);
/* Sets the flag and wakes every parked task; does not wait. Safe from any thread while the group lives. */
void task_group_cancel(struct task_group *g);

static inline bool task_group_cancelled(struct task_group *g)
{
	return atomic_load_explicit(&g->cancelled, memory_order_relaxed);
}

/* Makes a parked task ready; a running one runs once more; no effect on a ready one. The task must not be done, which
 * the one who holds it in a waiting list knows. */
void task_wake(struct task *t);

#endif

// SPDX-License-Identifier: Apache-2.0
#include "io/pool.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "io/latch.h"

struct pool {
	pthread_mutex_t mutex;           /* guards everything here, and the pool's fields of groups and tasks */
	pthread_cond_t work;             /* a group was queued, or the pool stops */
	struct task_group *first, *last; /* groups that have a ready task and a free place, in turn */
	unsigned thread_count, idle, ready_tasks, live_groups;
	bool stopping;
	uint64_t runs, busy_us;
	struct pool_config config;
	pthread_t threads[];
};

/* ---- queues, under the mutex ---- */

static bool group_may_run(const struct task_group *g)
{
	return g->ready_first != NULL && (g->parallel_max == 0 || g->running < g->parallel_max);
}

/* Gives the group its turn at the end of the ring, where it has one to take. */
static void queue_group(struct pool *p, struct task_group *g)
{
	if (g->queued || !group_may_run(g))
		return;
	g->queued = true;
	g->next = NULL;
	if (p->last != NULL)
		p->last->next = g;
	else
		p->first = g;
	p->last = g;
	if (p->idle > 0)
		pthread_cond_signal(&p->work);
}

static void push_ready(struct pool *p, struct task *t)
{
	struct task_group *g = t->group;
	t->state = TASK_READY;
	t->next = NULL;
	if (g->ready_last != NULL)
		g->ready_last->next = t;
	else
		g->ready_first = t;
	g->ready_last = t;
	p->ready_tasks++;
	/* a group that is queued already has one thread coming; this task may want another */
	if (g->queued && p->idle > 0)
		pthread_cond_signal(&p->work);
	queue_group(p, g);
}

static struct task *pop_ready(struct pool *p)
{
	struct task_group *g = p->first;
	p->first = g->next;
	if (p->first == NULL)
		p->last = NULL;
	g->queued = false;
	assert(group_may_run(g));
	struct task *t = g->ready_first;
	g->ready_first = t->next;
	if (g->ready_first == NULL)
		g->ready_last = NULL;
	p->ready_tasks--;
	g->running++;
	t->state = TASK_RUNNING;
	queue_group(p, g);
	return t;
}

static void unlink_task(struct task *t)
{
	struct task_group *g = t->group;
	if (t->previous_in_group != NULL)
		t->previous_in_group->next_in_group = t->next_in_group;
	else
		g->tasks = t->next_in_group;
	if (t->next_in_group != NULL)
		t->next_in_group->previous_in_group = t->previous_in_group;
	t->state = TASK_IDLE;
}

/* ---- threads ---- */

/* The mutex is held at entry and exit. */
static void run_task(struct pool *p, struct task *t)
{
	struct task_group *g = t->group;
	pthread_mutex_unlock(&p->mutex);
	int64_t from = clock_mono_us();
	enum task_result result = t->run(t);
	int64_t took = clock_mono_us() - from;
	pthread_mutex_lock(&p->mutex);
	p->runs++;
	p->busy_us += (uint64_t)took;

	if (result == TASK_DONE) {
		void (*done)(struct task *) = t->done;
		unlink_task(t);
		if (done != NULL) {
			pthread_mutex_unlock(&p->mutex);
			done(t);
			pthread_mutex_lock(&p->mutex);
		}
		g->running--;
		queue_group(p, g);
		/* the group may go as soon as the mutex does */
		if (--g->unfinished == 0)
			pthread_cond_broadcast(&g->finished);
		return;
	}
	g->running--;
	if (result == TASK_AGAIN || t->state == TASK_RUNNING_WOKEN) {
		push_ready(p, t);
	} else {
		t->state = TASK_WAITING;
		queue_group(p, g);
	}
}

static void *worker(void *arg)
{
	struct pool *p = arg;
	if (p->config.nice != 0 && setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), p->config.nice) != 0)
		LOG(LOG_WARNING, "io", "cannot lower the priority of pool '%s'", p->config.name);
	pthread_mutex_lock(&p->mutex);
	for (;;) {
		while (p->first == NULL && !p->stopping) {
			p->idle++;
			pthread_cond_wait(&p->work, &p->mutex);
			p->idle--;
		}
		if (p->first == NULL)
			break;
		run_task(p, pop_ready(p));
	}
	pthread_mutex_unlock(&p->mutex);
	return NULL;
}

enum status pool_new(struct pool **out, const struct pool_config *config, struct error *err)
{
	assert(config->threads > 0);
	*out = NULL;
	struct pool *p = calloc(1, sizeof *p + config->threads * sizeof p->threads[0]);
	if (p == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate thread pool '%s'", config->name);
	p->config = *config;
	pthread_mutex_init(&p->mutex, NULL);
	pthread_cond_init(&p->work, NULL);
	for (; p->thread_count < config->threads; p->thread_count++) {
		pthread_t *t = &p->threads[p->thread_count];
		if (pthread_create(t, NULL, worker, p) != 0) {
			enum status s = ERR(err, E_CANNOT_ALLOCATE, "cannot start thread %u of pool '%s'", p->thread_count + 1,
			                    config->name);
			pool_free(p);
			return s;
		}
		char name[16];
		snprintf(name, sizeof name, "%.11s-%u", config->name, p->thread_count % 1000);
		pthread_setname_np(*t, name);
	}
	*out = p;
	return OK;
}

void pool_free(struct pool *p)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->mutex);
	assert(p->live_groups == 0);
	p->stopping = true;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->mutex);
	for (unsigned i = 0; i < p->thread_count; i++)
		pthread_join(p->threads[i], NULL);
	pthread_cond_destroy(&p->work);
	pthread_mutex_destroy(&p->mutex);
	free(p);
}

unsigned pool_threads(const struct pool *p)
{
	return p->config.threads;
}

void pool_stats(struct pool *p, struct pool_stats *out)
{
	pthread_mutex_lock(&p->mutex);
	*out = (struct pool_stats){
		.threads = p->thread_count,
		.busy = p->thread_count - p->idle,
		.ready_tasks = p->ready_tasks,
		.groups = p->live_groups,
		.runs = p->runs,
		.busy_us = p->busy_us,
	};
	pthread_mutex_unlock(&p->mutex);
}

/* ---- groups and tasks ---- */

void task_group_init(struct task_group *g, struct pool *p, unsigned parallel_max)
{
	*g = (struct task_group){.pool = p, .parallel_max = parallel_max};
	cond_init(&g->finished);
	pthread_mutex_lock(&p->mutex);
	p->live_groups++;
	pthread_mutex_unlock(&p->mutex);
}

void task_group_fini(struct task_group *g)
{
	pthread_mutex_lock(&g->pool->mutex);
	assert(g->unfinished == 0 && g->running == 0 && !g->queued);
	g->pool->live_groups--;
	pthread_mutex_unlock(&g->pool->mutex);
	pthread_cond_destroy(&g->finished);
}

void task_submit(struct task_group *g, struct task *t)
{
	struct pool *p = g->pool;
	assert(t->run != NULL);
	t->group = g;
	t->previous_in_group = NULL;
	pthread_mutex_lock(&p->mutex);
	t->next_in_group = g->tasks;
	if (g->tasks != NULL)
		g->tasks->previous_in_group = t;
	g->tasks = t;
	g->unfinished++;
	push_ready(p, t);
	pthread_mutex_unlock(&p->mutex);
}

void task_group_wait(struct task_group *g)
{
	struct pool *p = g->pool;
	pthread_mutex_lock(&p->mutex);
	while (g->unfinished > 0)
		pthread_cond_wait(&g->finished, &p->mutex);
	pthread_mutex_unlock(&p->mutex);
}

bool task_group_wait_until(struct task_group *g, int64_t deadline_us)
{
	struct pool *p = g->pool;
	pthread_mutex_lock(&p->mutex);
	while (g->unfinished > 0 && cond_wait_until(&g->finished, &p->mutex, deadline_us))
		;
	bool finished = g->unfinished == 0;
	pthread_mutex_unlock(&p->mutex);
	return finished;
}

static void wake_locked(struct pool *p, struct task *t)
{
	if (t->state == TASK_WAITING)
		push_ready(p, t);
	else if (t->state == TASK_RUNNING)
		t->state = TASK_RUNNING_WOKEN;
}

void task_wake(struct task *t)
{
	struct pool *p = t->group->pool;
	pthread_mutex_lock(&p->mutex);
	assert(t->state != TASK_IDLE);
	wake_locked(p, t);
	pthread_mutex_unlock(&p->mutex);
}

void task_group_cancel(struct task_group *g)
{
	struct pool *p = g->pool;
	atomic_store(&g->cancelled, true);
	pthread_mutex_lock(&p->mutex);
	for (struct task *t = g->tasks; t != NULL; t = t->next_in_group)
		wake_locked(p, t);
	pthread_mutex_unlock(&p->mutex);
}

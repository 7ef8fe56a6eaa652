// SPDX-License-Identifier: Apache-2.0
/* Pools: tasks run to their end, wakes are not lost, groups share the threads, cancelling wakes, threads come and
 * go. */
#include <unistd.h>

#include "base/clock.h"
#include "io/elastic.h"
#include "io/latch.h"
#include "io/pool.h"
#include "regress/unit/tap.h"

struct counter {
	struct task task;
	int left;
	_Atomic int *sum;
};

static enum task_result count_down(struct task *t)
{
	struct counter *c = (struct counter *)t;
	atomic_fetch_add(c->sum, 1);
	return --c->left > 0 ? TASK_AGAIN : TASK_DONE;
}

static void test_many(struct pool *p)
{
	enum { GROUPS = 50, TASKS = 20, ROUNDS = 30 };
	static struct task_group groups[GROUPS];
	static struct counter tasks[GROUPS][TASKS];
	_Atomic int sum = 0;
	for (int g = 0; g < GROUPS; g++) {
		task_group_init(&groups[g], p, (unsigned)g % 3);
		for (int i = 0; i < TASKS; i++) {
			tasks[g][i] = (struct counter){.task.run = count_down, .left = ROUNDS, .sum = &sum};
			task_submit(&groups[g], &tasks[g][i].task);
		}
	}
	for (int g = 0; g < GROUPS; g++) {
		task_group_wait(&groups[g]);
		task_group_fini(&groups[g]);
	}
	is_int(sum, GROUPS * TASKS * ROUNDS, "every task ran to its end");
}

/* Two tasks hand a ball to each other; each parks until it has it. */
struct player {
	struct task task;
	struct player *other;
	_Atomic bool ball;
	int left;
};

static enum task_result play(struct task *t)
{
	struct player *self = (struct player *)t;
	if (!atomic_exchange(&self->ball, false))
		return TASK_PARKED;
	bool last = --self->left == 0;
	/* the second player's last turn is the end of the match: nobody is left to wake */
	if (!(last && self->other->left == 0)) {
		atomic_store(&self->other->ball, true);
		task_wake(&self->other->task);
	}
	return last ? TASK_DONE : TASK_PARKED;
}

static void test_wake(struct pool *p)
{
	struct task_group g;
	struct player a = {.task.run = play, .left = 20000}, b = {.task.run = play, .left = 20000};
	a.other = &b;
	b.other = &a;
	task_group_init(&g, p, 0);
	task_submit(&g, &b.task);
	atomic_store(&a.ball, true);
	task_submit(&g, &a.task);
	task_group_wait(&g);
	ok(a.left == 0 && b.left == 0, "40,000 wakes, none lost");
	task_group_fini(&g);
}

/* A short query beside one with a thousand tasks. */
struct turn {
	struct task task;
	_Atomic int *clock;
	int at;
};

static enum task_result take_turn(struct task *t)
{
	struct turn *self = (struct turn *)t;
	self->at = atomic_fetch_add(self->clock, 1);
	return TASK_DONE;
}

static enum task_result hold(struct task *t)
{
	usleep(20000);
	return TASK_DONE;
}

static void test_fair(void)
{
	enum { MANY = 1000 };
	static struct turn many[MANY], one;
	struct task holder = {.run = hold};
	struct pool *p;
	struct task_group big, small;
	_Atomic int clock = 0;
	ok(pool_new(&p, &(struct pool_config){"fair", 1, 5}, NULL) == OK, "a pool of one thread");
	task_group_init(&big, p, 0);
	task_group_init(&small, p, 0);
	task_submit(&big, &holder); /* keeps the thread while the rest queue up */
	for (int i = 0; i < MANY; i++) {
		many[i] = (struct turn){.task.run = take_turn, .clock = &clock};
		task_submit(&big, &many[i].task);
	}
	one = (struct turn){.task.run = take_turn, .clock = &clock};
	task_submit(&small, &one.task);
	task_group_wait(&small);
	task_group_wait(&big);
	ok(one.at <= 2, "the later group had its turn at %d of %d", one.at, MANY);
	task_group_fini(&big);
	task_group_fini(&small);
	pool_free(p);
}

static _Atomic int done_calls;

static enum task_result until_cancelled(struct task *t)
{
	return task_group_cancelled(t->group) ? TASK_DONE : TASK_PARKED;
}

static void note_done(struct task *t)
{
	done_calls++;
}

static void test_cancel(struct pool *p)
{
	struct task_group g;
	struct task t[5];
	struct pool_stats stats;
	task_group_init(&g, p, 2);
	for (int i = 0; i < 5; i++) {
		t[i] = (struct task){.run = until_cancelled, .done = note_done};
		task_submit(&g, &t[i]);
	}
	ok(!task_group_wait_until(&g, clock_mono_us() + 20000), "parked tasks wait");
	task_group_cancel(&g);
	task_group_wait(&g);
	is_int(done_calls, 5, "cancelling wakes them all");
	task_group_fini(&g);
	pool_stats(p, &stats);
	ok(stats.groups == 0 && stats.ready_tasks == 0 && stats.threads == 4, "nothing is left");
}

struct job {
	struct elastic_job job;
	struct latch *latch, *gate;
};

static void run_job(struct elastic_job *j)
{
	struct job *self = (struct job *)j;
	latch_wait(self->gate);
	latch_done(self->latch);
}

static void test_elastic(void)
{
	struct elastic *p;
	struct latch latch, gate;
	struct job jobs[8];
	struct elastic_stats stats;
	struct error e;
	error_init(&e);
	latch_init(&latch, 4);
	latch_init(&gate, 1);
	ok(elastic_new(&p, &(struct elastic_config){.name = "session", .threads_max = 3, .idle_ms = 30}, &e) == OK,
	   "elastic pool");
	bool good = true;
	for (int i = 0; i < 8; i++)
		jobs[i] = (struct job){{.run = run_job}, &latch, &gate};
	for (int i = 0; i < 3; i++)
		good = good && elastic_run(p, &jobs[i].job, &e) == OK;
	ok(good, "three jobs get a thread each");
	ok(elastic_run(p, &jobs[3].job, &e) == E_TOO_MANY_CONNECTIONS, "the fourth is refused");
	error_clear(&e);
	ok(elastic_queue(p, &jobs[3].job, &e) == OK, "or waits in line");
	ok(!elastic_drain(p, clock_mono_us() + 10000), "they are at work");
	latch_done(&gate);
	latch_wait(&latch);
	ok(elastic_drain(p, clock_mono_us() + 5000000), "all done");
	int64_t deadline = clock_mono_us() + 5000000;
	do
		elastic_stats(p, &stats);
	while (stats.threads > 0 && clock_mono_us() < deadline);
	is_int(stats.threads, 0, "idle threads end");
	is_int(stats.started, 3, "three were started");
	latch_add(&latch, 4);
	for (int i = 4; i < 8; i++)
		good = good && elastic_queue(p, &jobs[i].job, &e) == OK;
	elastic_free(p);
	ok(good && latch_wait_until(&latch, clock_mono_us()), "freeing it runs what was in line");
	latch_fini(&latch);
	latch_fini(&gate);
}

int main(void)
{
	struct pool *p;
	ok(pool_new(&p, &(struct pool_config){"compute", 4, 0}, NULL) == OK, "a pool of four threads");
	test_many(p);
	test_wake(p);
	test_cancel(p);
	pool_free(p);
	test_fair();
	test_elastic();
	return tap_done();
}

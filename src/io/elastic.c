// SPDX-License-Identifier: Apache-2.0
#include "io/elastic.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "io/latch.h"

struct elastic_thread {
	pthread_t thread;
	struct elastic *pool;
	pthread_cond_t wake;             /* a job was handed over, or the pool stops */
	struct elastic_job *job;         /* handed over, not yet taken */
	struct elastic_thread *next;     /* in the idle stack, or among the dead */
};

struct elastic {
	pthread_mutex_t mutex;           /* guards everything here and in the threads */
	pthread_cond_t quiet;            /* a job ended and no other runs or waits, or a thread ended */
	struct elastic_config config;
	struct elastic_thread *idle;     /* newest first */
	struct elastic_thread *dead;     /* have ended and want to be joined */
	struct elastic_job *first, *last; /* waiting for a thread */
	unsigned threads, idle_count, waiting, running;
	uint64_t started;
	bool stopping;
};

enum status elastic_new(struct elastic **out, const struct elastic_config *config, struct error *err)
{
	assert(config->threads_max > 0);
	*out = NULL;
	struct elastic *p = calloc(1, sizeof *p);
	if (p == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate thread pool '%s'", config->name);
	p->config = *config;
	if (p->config.stack_bytes == 0)
		p->config.stack_bytes = 8 << 20;
	pthread_mutex_init(&p->mutex, NULL);
	cond_init(&p->quiet);
	*out = p;
	return OK;
}

/* Joins threads that have ended; the mutex is given up meanwhile. */
static void reap(struct elastic *p)
{
	while (p->dead != NULL) {
		struct elastic_thread *t = p->dead;
		p->dead = t->next;
		pthread_mutex_unlock(&p->mutex);
		pthread_join(t->thread, NULL);
		pthread_cond_destroy(&t->wake);
		free(t);
		pthread_mutex_lock(&p->mutex);
	}
}

void elastic_free(struct elastic *p)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->mutex);
	p->stopping = true;
	for (struct elastic_thread *t = p->idle; t != NULL; t = t->next)
		pthread_cond_signal(&t->wake);
	while (p->threads > 0) {
		reap(p);
		if (p->threads > 0)
			pthread_cond_wait(&p->quiet, &p->mutex);
	}
	reap(p);
	assert(p->waiting == 0 && p->running == 0);
	pthread_mutex_unlock(&p->mutex);
	pthread_cond_destroy(&p->quiet);
	pthread_mutex_destroy(&p->mutex);
	free(p);
}

static struct elastic_job *pop_waiting(struct elastic *p)
{
	struct elastic_job *j = p->first;
	if (j == NULL)
		return NULL;
	p->first = j->next;
	if (p->first == NULL)
		p->last = NULL;
	p->waiting--;
	return j;
}

static void remove_idle(struct elastic *p, struct elastic_thread *gone)
{
	struct elastic_thread **t = &p->idle;
	while (*t != gone)
		t = &(*t)->next;
	*t = gone->next;
	p->idle_count--;
}

/* Sleeps on the idle stack until a job comes; NULL when the thread shall end. The mutex is held. */
static struct elastic_job *wait_for_job(struct elastic *p, struct elastic_thread *self)
{
	if (p->stopping)
		return NULL;
	self->next = p->idle;
	p->idle = self;
	p->idle_count++;
	int64_t deadline = clock_mono_us() + (int64_t)p->config.idle_ms * 1000;
	bool in_time = true;
	while (self->job == NULL && !p->stopping && in_time)
		in_time = cond_wait_until(&self->wake, &p->mutex, deadline);
	if (self->job == NULL) {
		remove_idle(p, self);
		return NULL;
	}
	/* who handed the job over took us off the stack */
	struct elastic_job *j = self->job;
	self->job = NULL;
	return j;
}

static void *session(void *arg)
{
	struct elastic_thread *self = arg;
	struct elastic *p = self->pool;
	pthread_mutex_lock(&p->mutex);
	struct elastic_job *j = self->job;
	self->job = NULL;
	while (j != NULL) {
		pthread_mutex_unlock(&p->mutex);
		j->run(j);
		pthread_mutex_lock(&p->mutex);
		p->running--;
		j = pop_waiting(p);
		if (j != NULL) {
			p->running++;
			continue;
		}
		if (p->running == 0)
			pthread_cond_broadcast(&p->quiet);
		j = wait_for_job(p, self);
	}
	p->threads--;
	self->next = p->dead;
	p->dead = self;
	pthread_cond_broadcast(&p->quiet);
	pthread_mutex_unlock(&p->mutex);
	return NULL;
}

/* A new thread with its first job; the mutex is held. */
static bool start_thread(struct elastic *p, struct elastic_job *job)
{
	struct elastic_thread *t = calloc(1, sizeof *t);
	pthread_attr_t attr;
	if (t == NULL)
		return false;
	t->pool = p;
	t->job = job;
	cond_init(&t->wake);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, p->config.stack_bytes);
	/* the new thread waits for the mutex, so its handle is set before it can end */
	int rc = pthread_create(&t->thread, &attr, session, t);
	pthread_attr_destroy(&attr);
	if (rc != 0) {
		pthread_cond_destroy(&t->wake);
		free(t);
		return false;
	}
	pthread_setname_np(t->thread, p->config.name);
	p->threads++;
	p->started++;
	return true;
}

/* True: a thread has it. */
static bool hand_over(struct elastic *p, struct elastic_job *job)
{
	struct elastic_thread *t = p->idle;
	if (t != NULL) {
		p->idle = t->next;
		p->idle_count--;
		t->job = job;
		pthread_cond_signal(&t->wake);
	} else if (p->threads >= p->config.threads_max || !start_thread(p, job)) {
		return false;
	}
	p->running++;
	return true;
}

static enum status give(struct elastic *p, struct elastic_job *job, bool may_wait, struct error *err)
{
	enum status s = OK;
	pthread_mutex_lock(&p->mutex);
	reap(p);
	assert(!p->stopping);
	if (!hand_over(p, job)) {
		if (may_wait && p->threads > 0) {
			job->next = NULL;
			if (p->last != NULL)
				p->last->next = job;
			else
				p->first = job;
			p->last = job;
			p->waiting++;
		} else if (p->threads >= p->config.threads_max) {
			s = ERR(err, E_TOO_MANY_CONNECTIONS, "all %u threads of pool '%s' are at work", p->threads, p->config.name);
		} else {
			s = ERR(err, E_CANNOT_ALLOCATE, "cannot start a thread of pool '%s'", p->config.name);
		}
	}
	pthread_mutex_unlock(&p->mutex);
	return s;
}

enum status elastic_run(struct elastic *p, struct elastic_job *job, struct error *err)
{
	return give(p, job, false, err);
}

enum status elastic_queue(struct elastic *p, struct elastic_job *job, struct error *err)
{
	return give(p, job, true, err);
}

bool elastic_drain(struct elastic *p, int64_t deadline_us)
{
	pthread_mutex_lock(&p->mutex);
	while (p->running + p->waiting > 0 && cond_wait_until(&p->quiet, &p->mutex, deadline_us))
		;
	bool quiet = p->running + p->waiting == 0;
	pthread_mutex_unlock(&p->mutex);
	return quiet;
}

void elastic_stats(struct elastic *p, struct elastic_stats *out)
{
	pthread_mutex_lock(&p->mutex);
	*out = (struct elastic_stats){p->threads, p->idle_count, p->waiting, p->started};
	pthread_mutex_unlock(&p->mutex);
}

// SPDX-License-Identifier: Apache-2.0
#include "io/latch.h"

#include <assert.h>
#include <errno.h>
#include <time.h>

void cond_init(pthread_cond_t *c)
{
	pthread_condattr_t a;
	pthread_condattr_init(&a);
	pthread_condattr_setclock(&a, CLOCK_MONOTONIC);
	pthread_cond_init(c, &a);
	pthread_condattr_destroy(&a);
}

bool cond_wait_until(pthread_cond_t *c, pthread_mutex_t *m, int64_t deadline_us)
{
	struct timespec t = {.tv_sec = deadline_us / 1000000, .tv_nsec = deadline_us % 1000000 * 1000};
	return pthread_cond_timedwait(c, m, &t) != ETIMEDOUT;
}

void latch_init(struct latch *l, unsigned count)
{
	pthread_mutex_init(&l->mutex, NULL);
	cond_init(&l->zero);
	l->count = count;
}

void latch_fini(struct latch *l)
{
	/* whoever counted down last may still be inside latch_done; its mutex says when it is out */
	pthread_mutex_lock(&l->mutex);
	assert(l->count == 0);
	pthread_mutex_unlock(&l->mutex);
	pthread_cond_destroy(&l->zero);
	pthread_mutex_destroy(&l->mutex);
}

void latch_add(struct latch *l, unsigned n)
{
	pthread_mutex_lock(&l->mutex);
	l->count += n;
	pthread_mutex_unlock(&l->mutex);
}

void latch_done(struct latch *l)
{
	pthread_mutex_lock(&l->mutex);
	assert(l->count > 0);
	if (--l->count == 0)
		pthread_cond_broadcast(&l->zero);
	pthread_mutex_unlock(&l->mutex);
}

void latch_wait(struct latch *l)
{
	pthread_mutex_lock(&l->mutex);
	while (l->count > 0)
		pthread_cond_wait(&l->zero, &l->mutex);
	pthread_mutex_unlock(&l->mutex);
}

bool latch_wait_until(struct latch *l, int64_t deadline_us)
{
	pthread_mutex_lock(&l->mutex);
	while (l->count > 0 && cond_wait_until(&l->zero, &l->mutex, deadline_us))
		;
	bool zero = l->count == 0;
	pthread_mutex_unlock(&l->mutex);
	return zero;
}

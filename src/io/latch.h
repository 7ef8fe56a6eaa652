// SPDX-License-Identifier: Apache-2.0
#ifndef IO_LATCH_H
#define IO_LATCH_H
/* Latch: a count of things that are not finished; one or more threads sleep until it is zero. */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct latch {
	pthread_mutex_t mutex; /* guards count */
	pthread_cond_t zero;
	unsigned count;
};

void latch_init(struct latch *l, unsigned count);
/* Count is zero, and nobody waits any more. */
void latch_fini(struct latch *l);
void latch_add(struct latch *l, unsigned n);
void latch_done(struct latch *l);
void latch_wait(struct latch *l);
/* False when it is not zero at the deadline (clock_mono_us). */
bool latch_wait_until(struct latch *l, int64_t deadline_us);

/* A condition on the monotonic clock, and a wait on it with a deadline of clock_mono_us; false when the time is up. */
void cond_init(pthread_cond_t *c);
bool cond_wait_until(pthread_cond_t *c, pthread_mutex_t *m, int64_t deadline_us);

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef IO_ELASTIC_H
#define IO_ELASTIC_H
/*
 * Elastic pool: threads for work that blocks, such as a session's request or a cold read.
 *
 * A job gets a thread at once: an idle one, or a new one while there are fewer than the maximum. Beyond that, jobs
 * either wait in line (elastic_queue) or are refused (elastic_run), as the caller chooses. A thread that was idle
 * for idle_ms ends. The last thread to become idle is the first to be used, so that caches stay warm and the others
 * can end.
 */
#include <stdbool.h>
#include <stdint.h>
#include "base/error.h"

struct elastic;

struct elastic_job {
	/* The job's memory may be freed or used again inside run. */
	void (*run)(struct elastic_job *job);
	struct elastic_job *next; /* the pool's */
};

struct elastic_config {
	const char *name;         /* of the threads */
	unsigned threads_max;
	unsigned idle_ms;
	size_t stack_bytes;       /* 0: 8 MiB, of which only what is used takes memory */
};

struct elastic_stats {
	unsigned threads, idle, waiting_jobs;
	uint64_t started;         /* threads ever */
};

enum status elastic_new(struct elastic **out, const struct elastic_config *config, struct error *err) MUST_CHECK;
/* Runs what is in line, waits for all jobs, joins all threads. Jobs that block on sockets must have been told to
 * end. */
void elastic_free(struct elastic *p);
/* E_TOO_MANY_CONNECTIONS when all threads are at work; the job was not taken. */
enum status elastic_run(struct elastic *p, struct elastic_job *job, struct error *err) MUST_CHECK;
/* Waits in line when all threads are at work. Fails only where no thread at all could be started. */
enum status elastic_queue(struct elastic *p, struct elastic_job *job, struct error *err) MUST_CHECK;
/* True once no job is running or waiting; false at the deadline (clock_mono_us). */
bool elastic_drain(struct elastic *p, int64_t deadline_us);
void elastic_stats(struct elastic *p, struct elastic_stats *out);

#endif

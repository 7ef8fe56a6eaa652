// SPDX-License-Identifier: Apache-2.0
/* The ring of finished statements behind system.query_log. */
#include <pthread.h>
#include <stdlib.h>

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "exec/processes.h"

static struct {
	pthread_mutex_t lock;        /* guards all of it */
	struct query_log_entry *entries;
	size_t count, next;
} query_log = {.lock = PTHREAD_MUTEX_INITIALIZER};

void query_log_add(const struct query_log_entry *e)
{
	pthread_mutex_lock(&query_log.lock);
	if (query_log.entries == NULL) /* pages are touched as the log fills */
		query_log.entries = malloc(QUERY_LOG_ENTRIES * sizeof *query_log.entries);
	if (query_log.entries != NULL) {
		query_log.entries[query_log.next] = *e;
		query_log.next = (query_log.next + 1) % QUERY_LOG_ENTRIES;
		if (query_log.count < QUERY_LOG_ENTRIES)
			query_log.count++;
	}
	pthread_mutex_unlock(&query_log.lock);
}

void query_log_each(void (*fn)(void *arg, const struct query_log_entry *e), void *arg)
{
	pthread_mutex_lock(&query_log.lock);
	size_t first = query_log.count < QUERY_LOG_ENTRIES ? 0 : query_log.next;
	for (size_t i = 0; i < query_log.count; i++)
		fn(arg, &query_log.entries[(first + i) % QUERY_LOG_ENTRIES]);
	pthread_mutex_unlock(&query_log.lock);
}

/* ---- counters ---- */

static struct {
	pthread_mutex_t lock;        /* guards all of it */
	struct query_counts counts;
	struct error_count errors[STATUS_COUNT];
} counters = {.lock = PTHREAD_MUTEX_INITIALIZER};

void query_counts_add(const struct query_log_entry *e)
{
	bool select = strcmp(e->kind, "Select") == 0, insert = strcmp(e->kind, "Insert") == 0;
	bool failed = e->type == QUERY_EXCEPTION;
	struct query_counts *c = &counters.counts;
	pthread_mutex_lock(&counters.lock);
	c->queries++;
	c->selects += select;
	c->inserts += insert;
	c->failed += failed;
	c->failed_selects += failed && select;
	c->failed_inserts += failed && insert;
	c->microseconds += (uint64_t)e->duration_us;
	c->read_rows += e->read_rows;
	c->read_bytes += e->read_bytes;
	c->written_rows += e->written_rows;
	c->written_bytes += e->written_bytes;
	pthread_mutex_unlock(&counters.lock);
}

void query_counts_read(struct query_counts *out)
{
	pthread_mutex_lock(&counters.lock);
	*out = counters.counts;
	pthread_mutex_unlock(&counters.lock);
}

void error_counts_add(const struct error *e, struct str query_id)
{
	if (e->status == OK || (unsigned)e->status >= STATUS_COUNT)
		return;
	pthread_mutex_lock(&counters.lock);
	struct error_count *n = &counters.errors[e->status];
	n->status = e->status;
	n->count++;
	n->last_us = clock_wall_us();
	snprintf(n->message, sizeof n->message, "%.255s", e->message);
	snprintf(n->query_id, sizeof n->query_id, "%.*s", (int)(query_id.size > 63 ? 63 : query_id.size), query_id.data);
	pthread_mutex_unlock(&counters.lock);
}

void error_counts_each(void (*fn)(void *arg, const struct error_count *e), void *arg)
{
	for (unsigned i = 0; i < STATUS_COUNT; i++) {
		pthread_mutex_lock(&counters.lock);
		struct error_count copy = counters.errors[i];
		pthread_mutex_unlock(&counters.lock);
		if (copy.count != 0)
			fn(arg, &copy);
	}
}

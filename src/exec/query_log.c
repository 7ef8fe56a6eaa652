// SPDX-License-Identifier: Apache-2.0
/* The ring of finished statements behind system.query_log. */
#include <pthread.h>
#include <stdlib.h>

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

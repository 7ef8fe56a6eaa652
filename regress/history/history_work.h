// SPDX-License-Identifier: Apache-2.0
#ifndef REGRESS_HISTORY_WORK_H
#define REGRESS_HISTORY_WORK_H
/*
 * Clients that make a history: each a thread with a connection of its own, and dice of its own. A connection that is
 * lost is made again until the time is over, so the server may be killed meanwhile.
 */
#include <libpq-fe.h>
#include "history.h"

enum { LIST_TABLES = 2, LISTS = 3000, ACCOUNTS = 12, TOKENS = 20, REGISTERS = 4, BALANCE = 100 };

struct history_plan {
	const char *conninfo;
	uint64_t seed;
	unsigned clients, seconds;
	const char *weaken;      /* the level in which all run, whatever the history says: the checker must notice */
	const char *only;        /* a workload by name; NULL: all */
};

/* Numbers of what was done, for the last line. */
struct history_counts {
	unsigned committed, aborted, unknown, timeouts, connections, problems;
};

/* False where the tables cannot be made. */
bool history_prepare(const struct history_plan *p);
/* Runs all clients to the end, then one that reads all: what is still there. */
void history_work(const struct history_plan *p, struct history *out, struct history_counts *counts);
/* Histories that are known to be broken or good: TAP, and its exit status. */
int history_broken_test(void);

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_MEMTRACK_H
#define BASE_MEMTRACK_H
/*
 * Memory tracker: a tree of counters, operator -> query -> user -> server.
 *
 * A charge goes to a node and all its parents, or to none: where one would pass its limit the whole charge fails. A
 * parent outlives its children. After a query has ended its node reads zero, which tests assert. Thread safe.
 */
#include <stdatomic.h>
#include <stdint.h>
#include "base/error.h"

struct memtrack {
	struct memtrack *parent;     /* NULL for the server */
	const char *name;            /* "query", "aggregate"; static storage, appears in errors */
	_Atomic int64_t used_bytes;
	_Atomic int64_t peak_bytes;
	_Atomic int64_t limit_bytes; /* 0: no limit of its own */
};

/* The root: every tracker's last parent. */
extern struct memtrack memtrack_server;

void memtrack_init(struct memtrack *m, struct memtrack *parent, const char *name, int64_t limit_bytes);

/* Charges `bytes`; E_MEMORY_LIMIT names the limit that refused. m may be NULL (nothing is counted). */
enum status memtrack_charge(struct memtrack *m, int64_t bytes, struct error *err) MUST_CHECK;
void memtrack_release(struct memtrack *m, int64_t bytes);

/* Charges without a limit check: for control-plane memory that has a bound of its own. */
void memtrack_force(struct memtrack *m, int64_t bytes);

/*
 * A cache below the server's tracker that gives way: where a charge would pass the server's limit it is asked to free
 * bytes first. Set once, at start; shrink() may be called by any thread that charges memory.
 */
void memtrack_set_reserve(struct memtrack *cache, void (*shrink)(uint64_t bytes));
/* Of what m has in use, the bytes that would give way. */
int64_t memtrack_can_reclaim(const struct memtrack *m);

static inline int64_t memtrack_used(struct memtrack *m)
{
	return atomic_load_explicit(&m->used_bytes, memory_order_relaxed);
}

#endif

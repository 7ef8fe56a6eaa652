// SPDX-License-Identifier: Apache-2.0
#include "base/memtrack.h"

#include <assert.h>

struct memtrack memtrack_server = {.name = "server"};

static struct {
	struct memtrack *_Atomic cache;
	void (*_Atomic shrink)(uint64_t bytes);
} reserve;

void memtrack_set_reserve(struct memtrack *cache, void (*shrink)(uint64_t bytes))
{
	atomic_store(&reserve.shrink, shrink);
	atomic_store(&reserve.cache, cache);
}

int64_t memtrack_can_reclaim(const struct memtrack *m)
{
	struct memtrack *cache = atomic_load(&reserve.cache);
	return m == &memtrack_server && cache != NULL ? memtrack_used(cache) : 0;
}

/* Past a limit: whether it holds again, since what could give way did. The charge stands meanwhile. */
__attribute__((noinline)) static bool reclaim(struct memtrack *m, int64_t limit)
{
	void (*shrink)(uint64_t) = atomic_load(&reserve.shrink);
	int64_t over = memtrack_used(m) - limit;
	if (m != &memtrack_server || shrink == NULL)
		return false;
	if (over > 0)
		shrink((uint64_t)over);
	return memtrack_used(m) <= limit;
}

void memtrack_init(struct memtrack *m, struct memtrack *parent, const char *name, int64_t limit_bytes)
{
	m->parent = parent;
	m->name = name;
	atomic_init(&m->used_bytes, 0);
	atomic_init(&m->peak_bytes, 0);
	atomic_init(&m->limit_bytes, limit_bytes);
}

static void raise_peak(struct memtrack *m, int64_t used)
{
	int64_t peak = atomic_load_explicit(&m->peak_bytes, memory_order_relaxed);
	while (used > peak && !atomic_compare_exchange_weak_explicit(&m->peak_bytes, &peak, used, memory_order_relaxed,
	                                                             memory_order_relaxed))
		;
}

static void release_below(struct memtrack *m, const struct memtrack *end, int64_t bytes)
{
	for (; m != end; m = m->parent)
		atomic_fetch_sub_explicit(&m->used_bytes, bytes, memory_order_relaxed);
}

enum status memtrack_charge(struct memtrack *m, int64_t bytes, struct error *err)
{
	assert(bytes >= 0);
	for (struct memtrack *n = m; n != NULL; n = n->parent) {
		int64_t used = atomic_fetch_add_explicit(&n->used_bytes, bytes, memory_order_relaxed) + bytes;
		int64_t limit = atomic_load_explicit(&n->limit_bytes, memory_order_relaxed);
		if (unlikely(limit != 0 && used > limit) && !reclaim(n, limit)) {
			release_below(m, n->parent, bytes);
			return ERR(err, E_MEMORY_LIMIT,
			           "Memory limit (%s) exceeded: would use %lld bytes (attempt to allocate %lld bytes for %s), "
			           "maximum: %lld bytes",
			           n->name, (long long)used, (long long)bytes, m->name, (long long)limit);
		}
		raise_peak(n, used);
	}
	return OK;
}

void memtrack_force(struct memtrack *m, int64_t bytes)
{
	for (; m != NULL; m = m->parent)
		raise_peak(m, atomic_fetch_add_explicit(&m->used_bytes, bytes, memory_order_relaxed) + bytes);
}

void memtrack_release(struct memtrack *m, int64_t bytes)
{
	release_below(m, NULL, bytes);
}

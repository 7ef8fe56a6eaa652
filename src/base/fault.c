// SPDX-License-Identifier: Apache-2.0
#include "base/fault.h"

#include <stdatomic.h>

static struct {
	_Atomic long hits, at;
	_Atomic bool sticky;
} points[FAULT_COUNT];

void fault_arm(enum fault_point point, long n, bool sticky)
{
	atomic_store(&points[point].at, 0);
	atomic_store(&points[point].hits, 0);
	atomic_store(&points[point].sticky, sticky);
	atomic_store(&points[point].at, n);
}

long fault_hits(enum fault_point point)
{
	return atomic_load(&points[point].hits);
}

bool fault_hit(enum fault_point point)
{
	long n = atomic_fetch_add(&points[point].hits, 1) + 1;
	long at = atomic_load(&points[point].at);
	return at != 0 && (n == at || (n > at && atomic_load(&points[point].sticky)));
}

// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_FAULT_H
#define BASE_FAULT_H
/*
 * Fault points: places where a test makes the system fail. Each is a row of faults.def; FAULT_HIT(point) is true on the
 * call that was armed. Compiled in with --enable-debug only; elsewhere it is constant false and costs nothing.
 */
#include <stdbool.h>

enum fault_point {
#define FAULT_ROW(name) FAULT_##name,
#include "base/faults.def"
#undef FAULT_ROW
	FAULT_COUNT
};

/* Arms a point: its n-th hit from now (1 is the next) and, when `sticky`, every later one fails. n = 0 disarms. */
void fault_arm(enum fault_point point, long n, bool sticky);
/* Hits since it was armed or disarmed. */
long fault_hits(enum fault_point point);
bool fault_hit(enum fault_point point);

#ifdef WITH_FAULTS
#define FAULT_HIT(name) fault_hit(FAULT_##name)
#else
#define FAULT_HIT(name) false
#endif

#endif

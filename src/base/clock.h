// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H
/* Clocks. Wall time in UTC since 1970; the monotonic clock for durations and deadlines. */
#include <stdint.h>

int64_t clock_wall_us(void);
int64_t clock_wall_ns(void);
int64_t clock_mono_us(void);
int64_t clock_mono_ns(void);
/* CPU time of the calling thread. */
int64_t clock_thread_cpu_us(void);

#endif

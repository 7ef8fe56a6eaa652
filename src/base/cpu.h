// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_CPU_H
#define BASE_CPU_H
/* What the processor and its cgroup offer, found once at start. */
#include <stdint.h>

enum cpu_level { CPU_BASELINE, CPU_AVX2, CPU_AVX512, CPU_LEVEL_COUNT };

/* The highest level that this processor runs; AVX2 means BMI, BMI2, POPCNT and FMA too, AVX-512 means F, BW, DQ, VL. */
enum cpu_level cpu_level_detect(void);
const char *cpu_level_name(enum cpu_level level);
/* Threads worth starting: the affinity mask, cut by the cgroup's quota; at least 1. */
unsigned cpu_count(void);
/* Bytes this process may use: the least of RAM and the cgroup's limits (v1 and v2). */
uint64_t memory_available_bytes(void);

#endif

// SPDX-License-Identifier: Apache-2.0
#include "base/cpu.h"

#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"

enum { PATH_BYTES = 4096 };

enum cpu_level cpu_level_detect(void)
{
#if defined(__x86_64__)
	__builtin_cpu_init();
	bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
	            __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("fma");
	bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
	              __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
	if (avx2)
		return avx512 ? CPU_AVX512 : CPU_AVX2;
#endif
	return CPU_BASELINE;
}

const char *cpu_level_name(enum cpu_level level)
{
	static const char *const names[CPU_LEVEL_COUNT] = {"baseline", "avx2", "avx512"};
	return (unsigned)level < CPU_LEVEL_COUNT ? names[level] : "unknown";
}

/* The first line of a small file, without its newline. */
static bool read_line(const char *path, char *line, size_t size)
{
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return false;
	bool got = fgets(line, (int)size, f) != NULL;
	fclose(f);
	if (got)
		line[strcspn(line, "\n")] = 0;
	return got;
}

static uint64_t as_number(const char *text)
{
	uint64_t v;
	return str_to_u64(str_of(text), &v) ? v : UINT64_MAX; /* "max" and "-1" too */
}

/* ---- control groups ---- */

/*
 * The path of this process in the hierarchy of a controller: "" for version 2, whose line is "0::/path". In a container
 * the path may lead outside of what is mounted; the files at the mount's root then speak for it.
 */
static bool group_path(const char *controller, char *path, size_t size)
{
	char line[PATH_BYTES];
	bool found = false;
	FILE *f = fopen("/proc/self/cgroup", "re");
	if (f == NULL)
		return false;
	while (!found && fgets(line, sizeof line, f) != NULL) {
		char *names = strchr(line, ':'), *at = names == NULL ? NULL : strchr(names + 1, ':');
		if (at == NULL)
			continue;
		*at++ = 0;
		at[strcspn(at, "\n")] = 0;
		struct str list = str_of(names + 1);
		bool mine = *controller == 0 && list.size == 0;
		while (*controller != 0 && list.size != 0 && !mine) {
			size_t n = strcspn(list.data, ",");
			mine = str_eq(str_make(list.data, n), str_of(controller));
			n += list.data[n] == ',';
			list = str_make(list.data + n, list.size - n);
		}
		if (mine)
			found = snprintf(path, size, "%s", at) < (int)size;
	}
	fclose(f);
	return found;
}

/* The least value that `value` gives for a group and those above it. */
static uint64_t least_of_groups(const char *mount, const char *controller, uint64_t (*value)(const char *directory))
{
	char path[PATH_BYTES], directory[2 * PATH_BYTES];
	uint64_t least = UINT64_MAX;
	if (!group_path(controller, path, sizeof path))
		return least;
	for (;;) {
		if (snprintf(directory, sizeof directory, "%s%s", mount, path) < (int)sizeof directory) {
			uint64_t v = value(directory);
			least = v < least ? v : least;
		}
		char *slash = strrchr(path, '/');
		if (slash == NULL)
			return least;
		*slash = 0;
	}
}

static bool read_in(const char *directory, const char *file, char *line, size_t size)
{
	char path[2 * PATH_BYTES + 64];
	return snprintf(path, sizeof path, "%s/%s", directory, file) < (int)sizeof path && read_line(path, line, size);
}

/* Processors that a quota amounts to, rounded up. */
static uint64_t quota_of(uint64_t quota, uint64_t period)
{
	if (quota == UINT64_MAX || period == UINT64_MAX || period == 0)
		return UINT64_MAX;
	return quota / period + (quota % period != 0);
}

static uint64_t cpus_v2(const char *directory)
{
	char line[128];
	if (!read_in(directory, "cpu.max", line, sizeof line))
		return UINT64_MAX;
	char *space = strchr(line, ' ');
	if (space == NULL)
		return UINT64_MAX;
	*space = 0;
	return quota_of(as_number(line), as_number(space + 1));
}

static uint64_t cpus_v1(const char *directory)
{
	char quota[64], period[64];
	if (!read_in(directory, "cpu.cfs_quota_us", quota, sizeof quota) ||
	    !read_in(directory, "cpu.cfs_period_us", period, sizeof period))
		return UINT64_MAX;
	return quota_of(as_number(quota), as_number(period));
}

static uint64_t memory_v2(const char *directory)
{
	char line[64];
	return read_in(directory, "memory.max", line, sizeof line) ? as_number(line) : UINT64_MAX;
}

static uint64_t memory_v1(const char *directory)
{
	char line[64];
	return read_in(directory, "memory.limit_in_bytes", line, sizeof line) ? as_number(line) : UINT64_MAX;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* The affinity mask of any machine: it is asked for with more room until it fits. */
static uint64_t affinity_count(void)
{
	for (int cpus = 1024; cpus <= 1 << 20; cpus *= 2) {
		cpu_set_t *set = CPU_ALLOC(cpus);
		if (set == NULL)
			break;
		size_t size = CPU_ALLOC_SIZE(cpus);
		int n = sched_getaffinity(0, size, set) == 0 ? CPU_COUNT_S(size, set) : 0;
		CPU_FREE(set);
		if (n > 0)
			return (uint64_t)n;
	}
	long online = sysconf(_SC_NPROCESSORS_ONLN);
	return online > 0 ? (uint64_t)online : 1;
}

unsigned cpu_count(void)
{
	uint64_t n = affinity_count();
	n = least(n, least_of_groups("/sys/fs/cgroup", "", cpus_v2));
	n = least(n, least_of_groups("/sys/fs/cgroup/cpu", "cpu", cpus_v1));
	return n == 0 ? 1 : (unsigned)n;
}

uint64_t memory_available_bytes(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
	uint64_t n = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : (uint64_t)1 << 30;
	n = least(n, least_of_groups("/sys/fs/cgroup", "", memory_v2));
	return least(n, least_of_groups("/sys/fs/cgroup/memory", "memory", memory_v1));
}

// SPDX-License-Identifier: Apache-2.0
#ifndef REGRESS_UNIT_PROTO_MUTATE_H
#define REGRESS_UNIT_PROTO_MUTATE_H
/*
 * Hostile input for decoders: every prefix of a message, and random mutations of messages for a bounded time. Inputs
 * are copied to allocations of exactly their size, so that the sanitizer sees a read past the end.
 */
#include <stdlib.h>
#include <time.h>

#include "base/str.h"

static inline uint64_t mutate_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static inline struct str mutate_copy(struct str s)
{
	char *p = malloc(s.size == 0 ? 1 : s.size);
	if (p == NULL)
		abort();
	if (s.size != 0)
		memcpy(p, s.data, s.size);
	return str_make(p, s.size);
}

static inline void mutate_drop(struct str s)
{
	free((char *)(uintptr_t)s.data);
}

static inline double mutate_seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Changes some bytes, cuts or repeats a piece. */
static inline struct str mutate_once(struct str s, uint64_t *state)
{
	static const uint8_t nice[] = {0, 1, 4, 0x7f, 0x80, 0xff, '\r', '\n', '-', ':', ',', '=', '%', ' ', '0', 'f'};
	struct str m = mutate_copy(s);
	char *p = (char *)(uintptr_t)m.data;
	for (uint64_t n = 1 + mutate_random(state) % 4; n != 0 && m.size != 0; n--) {
		uint64_t r = mutate_random(state), at = mutate_random(state) % m.size;
		if (r % 8 < 3)
			p[at] = (char)(r >> 8);
		else if (r % 8 < 6)
			p[at] = (char)nice[(r >> 8) % sizeof nice];
		else if (r % 8 == 6)
			m.size = at;
		else
			memmove(p + at, p + (r >> 8) % m.size, m.size - (at > (r >> 8) % m.size ? at : (r >> 8) % m.size));
	}
	struct str exact = mutate_copy(m);
	mutate_drop(m);
	return exact;
}

/* Calls check() on mutations of the seeds for `seconds`; returns how many. */
static inline unsigned long mutate_run(const struct str *seeds, size_t count, double seconds, void (*check)(struct str))
{
	uint64_t state = 0x9e3779b97f4a7c15u;
	unsigned long n = 0;
	for (double end = mutate_seconds() + seconds; mutate_seconds() < end;) {
		for (unsigned i = 0; i < 100; i++, n++) {
			struct str m = mutate_once(seeds[mutate_random(&state) % count], &state);
			check(m);
			mutate_drop(m);
		}
	}
	return n;
}

#endif

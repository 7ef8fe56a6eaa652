// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_KEY_RUNS_H
#define EXEC_KEY_RUNS_H
/*
 * Key runs: the keys of the rows of one statement, as sorted runs of hashes, each more than twice as long as the next.
 * A block's keys are looked for in every run, become one, and runs of like length are merged; so it costs eight or
 * sixteen bytes a row and no random access.
 */
#include "base/buffer.h"
#include "storage/key_hash.h"

enum { KEY_RUNS_MAX = 40 };

struct key_run {
	size_t count;
	struct buffer *low, *high;       /* uint64_t, ascending by low; high NULL: low says all */
};

struct key_runs {
	struct key_run runs[KEY_RUNS_MAX];
	uint32_t count;
	bool exact;                      /* key_hash_is_exact() */
};

void key_runs_fini(struct key_runs *r);
/* Whether a key is there: sets met[i] of the i-th hash, `low` ascending; high[i] is not looked at where exact. */
void key_runs_find(const struct key_runs *r, const uint64_t *low, const uint64_t *high, uint32_t count, uint8_t *met);
/* Adds keys that are not there. */
enum status key_runs_add(struct key_runs *r, const uint64_t *low, const uint64_t *high, uint32_t count,
                         struct memtrack *track, struct error *err) MUST_CHECK;

#endif

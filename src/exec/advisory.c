// SPDX-License-Identifier: Apache-2.0
#include "exec/advisory.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"

enum { LOCKS_MAX = 100000 };

struct advisory_lock {
	uint64_t database, key;
	uint32_t session, count;
	unsigned kind;      /* ADVISORY_SHARED | ADVISORY_TRANSACTION | ADVISORY_PAIR */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards what follows */
static struct advisory_lock *held;
static size_t held_count, held_capacity;

static bool same_key(const struct advisory_lock *a, const struct advisory_lock *b)
{
	return a->database == b->database && a->key == b->key && ((a->kind ^ b->kind) & ADVISORY_PAIR) == 0;
}

/* The place of this session's lock of that kind; held_count: it has none. *taken: another session stands against it. */
static size_t find(const struct advisory_lock *want, bool *taken)
{
	size_t own = held_count;
	*taken = false;
	for (size_t i = 0; i < held_count; i++) {
		const struct advisory_lock *a = &held[i];
		if (!same_key(a, want))
			continue;
		if (a->session != want->session)
			*taken |= !(a->kind & want->kind & ADVISORY_SHARED);
		else if (a->kind == want->kind)
			own = i;
	}
	return own;
}

static enum status take(const struct advisory_lock *want, size_t at, struct error *err)
{
	if (at < held_count) {
		held[at].count++;
		return OK;
	}
	if (held_count == LOCKS_MAX)
		return ERR(err, E_CANNOT_ALLOCATE, "too many advisory locks, the maximum is %d", LOCKS_MAX);
	if (held_count == held_capacity) {
		size_t capacity = held_capacity == 0 ? 16 : held_capacity * 2;
		struct advisory_lock *more = realloc(held, capacity * sizeof *more);
		if (more == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate an advisory lock");
		held = more;
		held_capacity = capacity;
	}
	held[held_count++] = *want;
	return OK;
}

enum status advisory_change(uint32_t session, struct str database, unsigned what, uint64_t key, bool *done,
                            struct error *err)
{
	struct advisory_lock want = {.database = hash_bytes(database.data, database.size, 0), .key = key, .session = session,
	                        .count = 1, .kind = what & (ADVISORY_SHARED | ADVISORY_TRANSACTION | ADVISORY_PAIR)};
	enum status s = OK;
	bool taken;
	pthread_mutex_lock(&lock);
	size_t at = find(&want, &taken);
	if (what & ADVISORY_RELEASE) {
		*done = at < held_count;
		if (*done && --held[at].count == 0)
			held[at] = held[--held_count];
	} else {
		*done = !taken;
		if (!taken)
			s = take(&want, at, err);
	}
	pthread_mutex_unlock(&lock);
	return s;
}

void advisory_release_all(uint32_t session, bool transaction_only)
{
	pthread_mutex_lock(&lock);
	for (size_t i = held_count; i-- != 0;)
		if (held[i].session == session && !(held[i].kind & ADVISORY_TRANSACTION) == !transaction_only)
			held[i] = held[--held_count];
	pthread_mutex_unlock(&lock);
}

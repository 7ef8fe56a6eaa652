// SPDX-License-Identifier: Apache-2.0
#ifndef TXN_LOCKS_H
#define TXN_LOCKS_H
/*
 * Locks: which transaction holds which rows and keys until it ends. An object is a part's rows or a constraint's keys,
 * known by a number; what is held of it is a set of rows or a list of key hashes, so that a DELETE of millions is one
 * entry. Two transactions that hold the same hash by chance wait for nothing, and no more than that.
 *
 * Who finds a lock taken waits for its holder's end; then the caller looks again at what it locked, which may be gone.
 * A wait that closes a circle is E_DEADLOCK at once, for the one that closes it.
 *
 * One mutex guards all of it; it is held for some instructions and is the innermost.
 */
#include "txn/row_set.h"
#include "txn/txn.h"

enum lock_mode { LOCK_SHARE, LOCK_EXCLUSIVE };

struct lock_terms {
	int64_t timeout_us;             /* 0: as long as it takes */
	bool nowait;                    /* E_LOCK_TIMEOUT at once */
	const _Atomic bool *cancelled;  /* may be NULL */
	const char *what;               /* the relation, for messages; may be NULL */
};

/* Objects of constraints have this bit; those of parts have not. */
static const uint64_t lock_object_keys = (uint64_t)1 << 63;

/* *waited: another transaction held some of them and has ended. Takes references of its own. */
enum status locks_rows(struct txn *t, uint64_t object, struct row_set *rows, enum lock_mode mode,
                       const struct lock_terms *w, bool *waited, struct error *err) MUST_CHECK;
/* The rows of `rows` that are free or its own: locks those. FOR UPDATE SKIP LOCKED. */
enum status locks_free_rows(struct txn *t, uint64_t object, const struct row_set *rows, enum lock_mode mode,
                            struct row_set **got, struct error *err) MUST_CHECK;
/* `keys` ascending, copied. Exclusive. */
enum status locks_keys(struct txn *t, uint64_t object, const uint64_t *keys, size_t count, const struct lock_terms *w,
                       bool *waited, struct error *err) MUST_CHECK;
/* What was taken behind a position goes back: ROLLBACK TO. The end of the transaction releases the rest. */
uint64_t locks_position(struct txn *t);
void locks_release_after(struct txn *t, uint64_t position);
/* Holders of rows of `from` hold them in `to` as well, where translate says they are. */
enum status locks_move(uint64_t from, uint64_t to,
                       enum status (*translate)(void *arg, const struct row_set *rows, struct row_set **out,
                                                struct error *err),
                       void *arg, struct error *err) MUST_CHECK;

#endif

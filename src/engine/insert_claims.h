// SPDX-License-Identifier: Apache-2.0
#ifndef ENGINE_INSERT_CLAIMS_H
#define ENGINE_INSERT_CLAIMS_H
/*
 * Insert claims: the tokens of a table's inserts that are not committed yet. A second insert with a token waits for the
 * first one's outcome: after a commit the table's list knows it, after a rollback the second one has it.
 *
 *     claim -> part_change_token -> commit or rollback frees the change -> claims_end, waiters look again
 */
#include "base/hash.h"
#include "storage/part_set.h"

struct insert_claims;

struct insert_claims *insert_claims_new(void); /* one reference */
struct insert_claims *insert_claims_ref(struct insert_claims *c);
void insert_claims_unref(struct insert_claims *c); /* NULL is allowed */

struct claim_request {
	struct txn *txn;
	uint32_t slot;
	struct hash128 hash;
	int64_t since_s;              /* older ones are forgotten */
	int64_t timeout_us;
};

/*
 * *known: a committed insert has it, or one of this very transaction. Otherwise it is `owner`'s until
 * insert_claims_end(). E_LOCK_TIMEOUT.
 */
enum status insert_claims_take(struct insert_claims *c, const void *owner, const struct claim_request *r, bool *known,
                               struct error *err) MUST_CHECK;
/* Gives back all of the owner's. */
void insert_claims_end(struct insert_claims *c, const void *owner);

#endif

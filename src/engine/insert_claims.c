// SPDX-License-Identifier: Apache-2.0
#include "engine/insert_claims.h"

#include <stdlib.h>
#include "base/clock.h"
#include "io/latch.h"

struct claim {
	struct claim *next;
	struct hash128 hash;
	const void *owner;
	uint64_t txn_id;
};

struct insert_claims {
	_Atomic uint32_t references;
	pthread_mutex_t mutex; /* guards the list */
	pthread_cond_t ended;
	struct claim *first;
};

struct insert_claims *insert_claims_new(void)
{
	struct insert_claims *c = calloc(1, sizeof *c);
	if (c == NULL)
		return NULL;
	c->references = 1;
	pthread_mutex_init(&c->mutex, NULL);
	cond_init(&c->ended);
	return c;
}

struct insert_claims *insert_claims_ref(struct insert_claims *c)
{
	c->references++;
	return c;
}

void insert_claims_unref(struct insert_claims *c)
{
	if (c == NULL || --c->references != 0)
		return;
	pthread_mutex_destroy(&c->mutex);
	pthread_cond_destroy(&c->ended);
	free(c);
}

/* What is committed, whatever the transaction's own snapshot says. */
static bool is_committed(const struct claim_request *r)
{
	struct part_set *set = (struct part_set *)txn_newest_version(txn_manager_of(r->txn), r->slot);
	bool has = set != NULL && token_list_has(set->tokens, r->hash, r->since_s);
	if (set != NULL)
		version_unref(&set->version);
	return has;
}

static struct claim *find(struct insert_claims *c, struct hash128 hash)
{
	for (struct claim *x = c->first; x != NULL; x = x->next)
		if (x->hash.low == hash.low && x->hash.high == hash.high)
			return x;
	return NULL;
}

enum status insert_claims_take(struct insert_claims *c, const void *owner, const struct claim_request *r, bool *known,
                               struct error *err)
{
	enum status st = OK;
	struct claim *mine = malloc(sizeof *mine), *other;
	int64_t deadline = clock_mono_us() + r->timeout_us;
	*known = false;
	if (mine == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	pthread_mutex_lock(&c->mutex);
	while (st == OK && (other = find(c, r->hash)) != NULL && other->txn_id != txn_id(r->txn))
		if (!cond_wait_until(&c->ended, &c->mutex, deadline))
			st = ERR(err, E_LOCK_TIMEOUT, "another insert with the same deduplication token has not ended in time");
	*known = st == OK && (find(c, r->hash) != NULL || is_committed(r));
	if (st == OK && !*known) {
		*mine = (struct claim){c->first, r->hash, owner, txn_id(r->txn)};
		c->first = mine;
		mine = NULL;
	}
	pthread_mutex_unlock(&c->mutex);
	free(mine);
	return st;
}

void insert_claims_end(struct insert_claims *c, const void *owner)
{
	pthread_mutex_lock(&c->mutex);
	for (struct claim **link = &c->first; *link != NULL;) {
		struct claim *x = *link;
		if (x->owner == owner) {
			*link = x->next;
			free(x);
		} else {
			link = &x->next;
		}
	}
	pthread_cond_broadcast(&c->ended);
	pthread_mutex_unlock(&c->mutex);
}

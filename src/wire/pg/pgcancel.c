// SPDX-License-Identifier: Apache-2.0
#include "wire/pg/pgcancel.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdlib.h>

#include "exec/session.h"

enum { SLOTS = 1024 };

struct entry {
	struct entry *next;
	struct session *session;
	int32_t process_id;
	uint8_t key[PG_CANCEL_KEY_BYTES];
};

struct pg_cancels {
	pthread_mutex_t mutex;       /* guards the chains and all entries */
	struct entry *chains[SLOTS]; /* by process id: the sessions that are connected */
};

enum status pg_cancels_new(struct pg_cancels **out, struct error *err)
{
	struct pg_cancels *t = calloc(1, sizeof *t);
	*out = t;
	if (t == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "no memory for the table of sessions");
	pthread_mutex_init(&t->mutex, NULL);
	return OK;
}

void pg_cancels_free(struct pg_cancels *t)
{
	if (t == NULL)
		return;
	for (unsigned i = 0; i < SLOTS; i++)
		assert(t->chains[i] == NULL);
	pthread_mutex_destroy(&t->mutex);
	free(t);
}

static struct entry **chain(struct pg_cancels *t, int32_t process_id)
{
	return &t->chains[(uint32_t)process_id % SLOTS];
}

enum status pg_cancels_add(struct pg_cancels *t, int32_t process_id, struct session *s,
	uint8_t key[PG_CANCEL_KEY_BYTES], struct error *err)
{
	struct entry *e = calloc(1, sizeof *e);
	if (e == NULL || RAND_bytes(key, PG_CANCEL_KEY_BYTES) != 1) {
		free(e);
		return ERR(err, E_CANNOT_ALLOCATE, "no memory or no random bytes for a cancel key");
	}
	e->session = s;
	e->process_id = process_id;
	memcpy(e->key, key, sizeof e->key);
	pthread_mutex_lock(&t->mutex);
	e->next = *chain(t, process_id);
	*chain(t, process_id) = e;
	pthread_mutex_unlock(&t->mutex);
	return OK;
}

void pg_cancels_remove(struct pg_cancels *t, struct session *s)
{
	struct entry *gone = NULL;
	pthread_mutex_lock(&t->mutex);
	for (unsigned i = 0; i < SLOTS && gone == NULL; i++) {
		for (struct entry **at = &t->chains[i]; *at != NULL; at = &(*at)->next) {
			if ((*at)->session == s) {
				gone = *at;
				*at = gone->next;
				break;
			}
		}
	}
	pthread_mutex_unlock(&t->mutex);
	free(gone);
}

bool pg_cancels_request(struct pg_cancels *t, int32_t process_id, struct str key)
{
	bool found = false;
	pthread_mutex_lock(&t->mutex);
	for (struct entry *e = *chain(t, process_id); e != NULL && !found; e = e->next) {
		if (e->process_id == process_id && key.size == sizeof e->key
			&& CRYPTO_memcmp(e->key, key.data, sizeof e->key) == 0) {
			session_cancel(e->session, E_CANCELLED);
			found = true;
		}
	}
	pthread_mutex_unlock(&t->mutex);
	return found;
}

// SPDX-License-Identifier: Apache-2.0
/* Named sessions: kept between requests until their timeout, used by one request at a time. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "wire/http/http_impl.h"

enum { SESSIONS_MAX = 10000 };

struct named_session {
	struct named_session *next;
	char *key;                 /* user, NUL, session_id */
	size_t key_size;
	struct session *session;
	int64_t expires_us;
	bool busy;
};

struct http_sessions {
	pthread_mutex_t lock;      /* guards the list and its entries */
	struct named_session *first;
	unsigned count;
};

enum status http_sessions_new(struct http_sessions **out, struct error *err)
{
	*out = calloc(1, sizeof **out);
	if (*out == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate the session table");
	pthread_mutex_init(&(*out)->lock, NULL);
	return OK;
}

static void drop(struct named_session *n)
{
	session_close(n->session);
	free(n->key);
	free(n);
}

void http_sessions_free(struct http_sessions *t)
{
	if (t == NULL)
		return;
	while (t->first != NULL) {
		struct named_session *n = t->first;
		t->first = n->next;
		drop(n);
	}
	pthread_mutex_destroy(&t->lock);
	free(t);
}

/* Takes expired sessions off the list; they are closed outside the lock. */
static struct named_session *take_expired(struct http_sessions *t, int64_t now)
{
	struct named_session *expired = NULL;
	for (struct named_session **at = &t->first; *at != NULL;) {
		struct named_session *n = *at;
		if (!n->busy && n->expires_us < now) {
			*at = n->next;
			n->next = expired;
			expired = n;
			t->count--;
		} else {
			at = &n->next;
		}
	}
	return expired;
}

static bool same(const struct named_session *n, struct str user, struct str id)
{
	return n->key_size == user.size + 1 + id.size && memcmp(n->key, user.data, user.size) == 0 &&
		n->key[user.size] == '\0' && memcmp(n->key + user.size + 1, id.data, id.size) == 0;
}

enum status http_sessions_take(struct http_sessions *t, struct instance *i, const struct session_config *config,
                               struct str id, bool must_exist, struct session **out, struct error *err)
{
	enum status s = OK;
	pthread_mutex_lock(&t->lock);
	struct named_session *expired = take_expired(t, clock_mono_us()), *n = t->first;
	while (n != NULL && !same(n, config->user, id))
		n = n->next;
	if (n != NULL && n->busy) {
		s = ERR(err, E_SESSION_IS_LOCKED, "Session %.*s is locked by a concurrent client", STR_ARG(id));
	} else if (n == NULL && must_exist) {
		s = ERR(err, E_SESSION_NOT_FOUND, "Session %.*s not found", STR_ARG(id));
	} else if (n == NULL && t->count >= SESSIONS_MAX) {
		s = ERR(err, E_TOO_MANY_CONNECTIONS, "Too many sessions");
	} else if (n == NULL) {
		n = calloc(1, sizeof *n);
		char *key = malloc(config->user.size + 1 + id.size + 1);
		if (n == NULL || key == NULL) {
			free(n);
			free(key);
			s = ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a session");
		} else {
			memcpy(key, config->user.data, config->user.size);
			key[config->user.size] = '\0';
			memcpy(key + config->user.size + 1, id.data, id.size);
			n->key = key;
			n->key_size = config->user.size + 1 + id.size;
			s = session_open(i, config, &n->session, err);
			if (s != OK) {
				free(key);
				free(n);
			} else {
				n->next = t->first;
				t->first = n;
				t->count++;
			}
		}
	}
	if (s == OK) {
		n->busy = true;
		*out = n->session;
	}
	pthread_mutex_unlock(&t->lock);
	while (expired != NULL) {
		struct named_session *next = expired->next;
		drop(expired);
		expired = next;
	}
	return s;
}

void http_sessions_give_back(struct http_sessions *t, struct session *s, unsigned timeout_seconds)
{
	pthread_mutex_lock(&t->lock);
	for (struct named_session *n = t->first; n != NULL; n = n->next)
		if (n->session == s) {
			n->busy = false;
			n->expires_us = clock_mono_us() + (int64_t)timeout_seconds * 1000000;
		}
	pthread_mutex_unlock(&t->lock);
}

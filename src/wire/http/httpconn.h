// SPDX-License-Identifier: Apache-2.0
#ifndef WIRE_HTTP_HTTPCONN_H
#define WIRE_HTTP_HTTPCONN_H
/*
 * A ClickHouse HTTP client's connection: requests one after the other over a socket that the server has accepted. Each
 * request is one statement in a session of its own, or in a named one (session_id) that lives between requests.
 *
 *     httpconn_new ─► httpconn_run … httpconn_run ─► httpconn_free
 *
 * httpconn_run reads and writes blocking on whatever thread calls it and returns when no received byte is unread
 * (PARKED) or the connection is over. One thread at a time.
 */
#include "exec/session.h"
#include "io/sock.h"

/* Named sessions of all connections. Thread safe. */
struct http_sessions;
enum status http_sessions_new(struct http_sessions **out, struct error *err) MUST_CHECK;
/* No request is running. */
void http_sessions_free(struct http_sessions *t);

struct http_accounts {
	/* E_AUTHENTICATION_FAILED for an unknown user and a wrong password alike. */
	enum status (*check)(void *self, struct str user, struct str password, struct str client_address, struct error *err);
	void *self;
};

struct httpconn_config {
	struct instance *instance;
	struct sock *sock;               /* outlives the connection */
	struct http_accounts accounts;
	struct http_sessions *sessions;
	struct memtrack *track;
	unsigned keep_alive_seconds;     /* told to the client; the server closes parked connections after it */
};

enum httpconn_state { HTTPCONN_PARKED, HTTPCONN_CLOSED };

struct httpconn;

enum status httpconn_new(const struct httpconn_config *config, struct httpconn **out, struct error *err) MUST_CHECK;
enum httpconn_state httpconn_run(struct httpconn *c);
/* The peer went away: cancels the running statement when it only reads. From any thread while the connection lives. */
void httpconn_hangup(struct httpconn *c);
void httpconn_free(struct httpconn *c);

#endif

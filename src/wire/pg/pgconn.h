// SPDX-License-Identifier: Apache-2.0
#ifndef WIRE_PG_PGCONN_H
#define WIRE_PG_PGCONN_H
/*
 * A PostgreSQL client's connection, from its first byte to its last: startup, authentication, simple and extended
 * queries, COPY, cancel. It drives one session (exec/session.h) with the codecs of proto/pgproto.h over a socket that
 * the server has accepted.
 *
 *     pgconn_new ─► pgconn_run … pgconn_run ─► pgconn_free
 *                     │  ▲
 *                     ▼  │ bytes have arrived
 *                   parked: no thread, a few KB
 *
 * pgconn_run reads and writes blocking, on whatever thread calls it, and returns when no received byte is unread, or
 * when the connection is over. A pipeline between its first message and Sync may be parked too. One thread at a time.
 */
#include "exec/session.h"
#include "io/sock.h"
#include "proto/scram.h"
#include "wire/pg/pgcancel.h"

/* How a user proves who he is. */
enum pg_login_how { PG_LOGIN_TRUST, PG_LOGIN_CLEARTEXT, PG_LOGIN_SCRAM };

struct pg_login {
	enum pg_login_how how;
	struct scram_verifier verifier;   /* SCRAM; a mock one for unknown users, so that nobody learns who exists */
};

/* Both must give the same answer whether the user is unknown or only the password is wrong. */
struct pg_accounts {
	enum status (*login)(void *self, struct str user, struct str database, struct str client_address, bool tls,
		struct pg_login *out, struct error *err);
	/* CLEARTEXT: the password, for accounts that keep no verifier. E_AUTHENTICATION_FAILED when it is wrong. */
	enum status (*check)(void *self, struct str user, struct str password, struct error *err);
	void *self;
};

struct pgconn_config {
	struct instance *instance;
	struct sock *sock;                /* outlives the connection; its read_max bounds messages */
	struct tls_context *tls;          /* NULL: TLS is not offered */
	struct pg_accounts accounts;
	struct pg_cancels *cancels;       /* shared by all connections of the server */
	struct memtrack *track;           /* charged with buffers; may be NULL */
	unsigned login_timeout_ms;        /* from the first byte to ReadyForQuery; 0: no limit */
	unsigned statements_max;          /* named statements and portals, each; 0: 10,000 */
};

enum pgconn_state { PGCONN_PARKED, PGCONN_CLOSED };

struct pgconn;

enum status pgconn_new(const struct pgconn_config *config, struct pgconn **out, struct error *err) MUST_CHECK;
/* Call when bytes have arrived. CLOSED: all was said that can be said; free it and end the socket. */
enum pgconn_state pgconn_run(struct pgconn *c);
/* Tells the client why (57P01 and the like) when it is between requests; then free it. */
void pgconn_terminate(struct pgconn *c, const char *sqlstate, const char *message);
/* NULL before the startup is done. session_cancel() on it from other threads only through pgcancel.h. */
struct session *pgconn_session(struct pgconn *c);
void pgconn_free(struct pgconn *c);

#endif

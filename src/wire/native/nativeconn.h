// SPDX-License-Identifier: Apache-2.0
#ifndef WIRE_NATIVE_NATIVECONN_H
#define WIRE_NATIVE_NATIVECONN_H
/*
 * A connection of ClickHouse's native protocol (proto/native.h), from its hello to its end. It drives one session:
 * temporary tables and SET live as long as the connection, settings that come with a query as long as the query.
 *
 *     nativeconn_new ─► nativeconn_run … nativeconn_run ─► nativeconn_free
 *
 * nativeconn_run reads and writes blocking on whatever thread calls it and returns when no received byte is unread
 * (PARKED) or the connection is over. One thread at a time.
 */
#include "exec/session.h"
#include "io/sock.h"

struct native_accounts {
	/* E_AUTHENTICATION_FAILED for an unknown user and a wrong password alike. */
	enum status (*check)(void *self, struct str user, struct str password, struct str client_address, struct error *err);
	void *self;
};

struct nativeconn_config {
	struct instance *instance;
	struct sock *sock;               /* outlives the connection; its read_max bounds one block of columns */
	struct native_accounts accounts;
	struct memtrack *track;
	unsigned login_timeout_ms;       /* from the first byte to the end of the hello; 0: no limit */
};

enum nativeconn_state { NATIVECONN_PARKED, NATIVECONN_CLOSED };

struct nativeconn;

enum status nativeconn_new(const struct nativeconn_config *config, struct nativeconn **out, struct error *err)
	MUST_CHECK;
enum nativeconn_state nativeconn_run(struct nativeconn *c);
/* Cancels what runs: the server is stopping. From any thread while the connection lives. */
void nativeconn_stop(struct nativeconn *c);
void nativeconn_free(struct nativeconn *c);

#endif

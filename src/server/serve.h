// SPDX-License-Identifier: Apache-2.0
#ifndef SERVER_SERVE_H
#define SERVER_SERVE_H
/*
 * The running server: listeners, one event loop, an elastic pool of session threads.
 *
 * A connection is parked in the loop while nothing arrives; when bytes come, a session thread takes it, runs its
 * protocol until nothing is unread, and parks it again.
 */
#include "exec/session.h"

struct server;

struct server_config {
	struct instance *instance;
	const char *const *listen;   /* addresses; all but the first may be out of reach */
	unsigned listen_count;
	int pg_port, http_port, native_port; /* 0: off; -1: any free one */
	bool native_optional;        /* its port may be somebody else's: a warning says so */
	unsigned connections_max;
	unsigned idle_seconds;       /* parked HTTP connections end after it */
};

enum status server_start(const struct server_config *config, struct server **out, struct error *err) MUST_CHECK;
/* The ports that were bound. */
unsigned server_pg_port(const struct server *s);
unsigned server_http_port(const struct server *s);
unsigned server_native_port(const struct server *s);
/* Ends all connections and frees. */
void server_stop(struct server *s);

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef CLIENT_CLIENT_IMPL_H
#define CLIENT_CLIENT_IMPL_H
/* What the client's files share. */
#include <stdio.h>

#include "base/strbuf.h"
#include "io/sock.h"

struct client {
	const char *host, *user, *password, *format;
	struct strbuf database;      /* follows USE */
	struct strbuf params;        /* "&name=value…": settings and parameters of the command line */
	struct strbuf session_id;
	unsigned port;
	struct sock sock;
	bool connected;
	bool interactive, data_from_stdin, show_time, ignore_errors, echo;
};

/* Data of an INSERT behind its text: the next piece into a buffer of the callee, size 0 at the end; NULL: none. */
typedef size_t (*client_data_fn)(const char **piece);

/*
 * One statement to the server; its answer goes to `to`, errors to standard error. False when it failed. `quiet`: no
 * word about failures, for completion.
 */
bool client_request(struct client *c, struct str text, client_data_fn data, FILE *to, bool quiet);
void client_disconnect(struct client *c);
/* All statements of a text; stops at the first failure unless ignore_errors. */
bool client_run_text(struct client *c, struct str text);
/* Reads statements from the terminal until ^D, exit or quit. */
void client_interactive(struct client *c);

#endif

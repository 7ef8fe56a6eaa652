// SPDX-License-Identifier: Apache-2.0
#ifndef WIRE_PG_PGCANCEL_H
#define WIRE_PG_PGCANCEL_H
/*
 * Who may be cancelled: the sessions of all connections by process id, each with the secret that BackendKeyData gave
 * its client. A CancelRequest comes on a connection of its own. Thread safe: the table's mutex is held while a session
 * is told, so a session that was removed is never touched.
 */
#include "base/error.h"
#include "base/str.h"

struct session;
struct pg_cancels;

enum { PG_CANCEL_KEY_BYTES = 4 };

enum status pg_cancels_new(struct pg_cancels **out, struct error *err) MUST_CHECK;
/* No session is left in it. */
void pg_cancels_free(struct pg_cancels *t);
/* Adds a session under its process id and draws its key. */
enum status pg_cancels_add(struct pg_cancels *t, int32_t process_id, struct session *s,
	uint8_t key[PG_CANCEL_KEY_BYTES], struct error *err) MUST_CHECK;
void pg_cancels_remove(struct pg_cancels *t, struct session *s);
/* Cancels what that session is running; false when there is no such session or the key is another's. */
bool pg_cancels_request(struct pg_cancels *t, int32_t process_id, struct str key);

#endif

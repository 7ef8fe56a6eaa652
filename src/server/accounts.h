// SPDX-License-Identifier: Apache-2.0
#ifndef SERVER_ACCOUNTS_H
#define SERVER_ACCOUNTS_H
/* Who may log in, as the wires ask it: the catalog's roles, with or without passwords. Thread safe. */
#include "wire/http/httpconn.h"
#include "wire/native/nativeconn.h"
#include "wire/pg/pgconn.h"

struct pg_accounts accounts_pg(struct instance *i);
struct http_accounts accounts_http(struct instance *i);
struct native_accounts accounts_native(struct instance *i);

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef REGRESS_SQL_RUN_H
#define REGRESS_SQL_RUN_H
/* The server in this process, on the directory /data of whatever file system is in use: statements in, text out. */
#include "exec/session.h"
#include "format/format.h"

struct sql_server {
	struct instance *instance;
	struct session *session;     /* the first; more with sql_session() */
};

enum status sql_open(struct sql_server *s, const struct instance_config *config, struct error *err) MUST_CHECK;
void sql_close(struct sql_server *s);
struct session *sql_session(struct sql_server *s);
/* One statement; its rows as TabSeparated to `out`, which may be NULL. */
enum status sql_run(struct session *s, const char *text, struct strbuf *out, struct error *err) MUST_CHECK;

#endif

// SPDX-License-Identifier: Apache-2.0
#include "regress/runner/case_run.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdlib.h>

enum { BINDS_MAX = 32 };

static void quiet(void *arg, const char *message)
{
}

static bool wait_socket(PGconn *conn, const struct case_target *t, short events)
{
	int64_t left = t->deadline_ms - clock_ms();
	struct pollfd p = {.fd = PQsocket(conn), .events = events};
	return left > 0 && poll(&p, 1, (int)left) > 0;
}

static PGconn *dial(const struct case_target *t, const char *database, struct arena *a, const char **why)
{
	const char *info = arena_strf(a, "%s dbname=%s connect_timeout=10", t->conninfo, database).data;
	PGconn *conn = PQconnectdb(info);
	PQsetNoticeProcessor(conn, quiet, NULL);
	if (PQstatus(conn) == CONNECTION_OK)
		return conn;
	*why = arena_strdup(a, PQerrorMessage(conn));
	PQfinish(conn);
	return NULL;
}

static bool simple(PGconn *conn, const char *sql, struct arena *a, const char **why)
{
	PGresult *r = PQexec(conn, sql);
	bool good = PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK;
	if (!good)
		*why = arena_strf(a, "%s: %s", sql, PQerrorMessage(conn)).data;
	PQclear(r);
	return good;
}

static void put_value(struct strbuf *out, const PGresult *r, int row, int column, bool binary)
{
	const char *v = PQgetvalue(r, row, column);
	if (PQgetisnull(r, row, column))
		strbuf_putz(out, "\\N");
	else if (!binary)
		strbuf_putz(out, v);
	else
		for (int i = 0; i < PQgetlength(r, row, column); i++)
			strbuf_printf(out, "%02x", (unsigned char)v[i]);
}

static void put_rows(struct strbuf *out, const PGresult *r, const struct case_stmt *s)
{
	int columns = PQnfields(r);
	for (int c = 0; s->names && c < columns; c++)
		strbuf_printf(out, "%s%s", PQfname(r, c), c + 1 < columns ? "|" : "\n");
	size_t from = out->size;
	for (int row = 0; row < PQntuples(r); row++) {
		for (int c = 0; c < columns; c++) {
			if (c > 0)
				strbuf_putc(out, '|');
			put_value(out, r, row, c, s->binary);
		}
		strbuf_putc(out, '\n');
	}
	if (s->sort)
		case_sort_lines(out, from);
}

static void put_error(struct strbuf *out, const PGresult *r, const struct case_stmt *s)
{
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE), *text = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
	strbuf_printf(out, "ERROR: %s", state == NULL ? "?" : state);
	if (s->message)
		strbuf_printf(out, " %s", text == NULL ? "" : text);
	strbuf_putc(out, '\n');
}

static bool copy_out(PGconn *conn, const struct case_target *t, struct strbuf *out)
{
	for (;;) {
		char *row = NULL;
		int n = PQgetCopyData(conn, &row, 1);
		if (n > 0)
			strbuf_put(out, row, (size_t)n);
		PQfreemem(row);
		if (n < 0)
			return n == -1 || n == -2;
		if (n == 0 && (!wait_socket(conn, t, POLLIN) || PQconsumeInput(conn) == 0))
			return false;
	}
}

static bool put_result(PGconn *conn, const struct case_target *t, PGresult *r, const struct case_stmt *s,
                       struct strbuf *out)
{
	switch (PQresultStatus(r)) {
	case PGRES_TUPLES_OK:
	case PGRES_SINGLE_TUPLE:
		put_rows(out, r, s);
		return true;
	case PGRES_COMMAND_OK:
		strbuf_printf(out, "%s\n", PQcmdStatus(r));
		return true;
	case PGRES_COPY_IN:
		return PQputCopyData(conn, s->data == NULL ? "" : s->data, (int)s->data_size) == 1 && PQputCopyEnd(conn, NULL) == 1;
	case PGRES_COPY_OUT:
		return copy_out(conn, t, out);
	case PGRES_EMPTY_QUERY:
		return true;
	default:
		put_error(out, r, s);
		return true;
	}
}

static bool send_statement(PGconn *conn, const struct case_stmt *s, struct arena *a)
{
	const char *values[BINDS_MAX];
	int count = 0;
	if (s->bind == NULL && !s->binary)
		return PQsendQuery(conn, s->text) == 1;
	char *rest = s->bind == NULL ? NULL : arena_strdup(a, s->bind), *v;
	while (rest != NULL && count < BINDS_MAX && (v = strsep(&rest, "|")) != NULL)
		values[count++] = strcmp(v, "\\N") == 0 ? NULL : v;
	return PQsendQueryParams(conn, s->text, count, NULL, values, NULL, NULL, s->binary) == 1;
}

static void cancel(PGconn *conn)
{
	char ignored[256];
	PGcancel *c = PQgetCancel(conn);
	PQcancel(c, ignored, sizeof ignored);
	PQfreeCancel(c);
}

static bool run_one(PGconn *conn, const struct case_target *t, const struct case_stmt *s, struct arena *a,
                    struct strbuf *out, const char **why)
{
	bool sent = send_statement(conn, s, a);
	case_echo(out, s);
	for (;;) {
		while (sent && PQisBusy(conn)) {
			if (!wait_socket(conn, t, POLLIN)) {
				*why = "no answer in time";
				cancel(conn);
				return false;
			}
			sent = PQconsumeInput(conn) == 1;
		}
		PGresult *r = sent ? PQgetResult(conn) : NULL;
		bool copying = PQresultStatus(r) == PGRES_COPY_IN || PQresultStatus(r) == PGRES_COPY_OUT;
		if (r != NULL)
			sent = put_result(conn, t, r, s, out) && (!copying || PQstatus(conn) == CONNECTION_OK);
		PQclear(r);
		if (!sent || PQstatus(conn) != CONNECTION_OK) {
			*why = arena_strf(a, "connection lost: %s", PQerrorMessage(conn)).data;
			return false;
		}
		if (r == NULL)
			return true;
	}
}

bool case_run_pg(const struct case_file *c, const struct case_target *t, struct arena *a, struct strbuf *out,
                 const char **why)
{
	const char *database = case_database(c, a);
	PGconn *admin = dial(t, t->admin_db, a, why), *conn = NULL;
	if (admin == NULL)
		return false;
	bool good = simple(admin, arena_strf(a, "DROP DATABASE IF EXISTS %s", database).data, a, why) &&
	            simple(admin, arena_strf(a, "CREATE DATABASE %s", database).data, a, why) &&
	            (conn = dial(t, database, a, why)) != NULL;
	if (good && c->dialect != NULL)
		good = simple(conn, arena_strf(a, "SET dialect = %s", c->dialect).data, a, why);
	for (size_t i = 0; good && i < c->count; i++)
		good = run_one(conn, t, &c->stmts[i], a, out, why);
	PQfinish(conn);
	const char *ignored;
	simple(admin, arena_strf(a, "DROP DATABASE IF EXISTS %s", database).data, a, good ? why : &ignored);
	PQfinish(admin);
	return good;
}

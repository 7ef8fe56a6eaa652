// SPDX-License-Identifier: Apache-2.0
#ifndef REGRESS_RUNNER_CASE_RUN_H
#define REGRESS_RUNNER_CASE_RUN_H
/*
 * Running a case's statements over one port and writing down what came, in a form that does not change from run to
 * run: before each result a line `--` with the statement's beginning; PostgreSQL rows as a|b with \N for NULL and the
 * command tag where there are no rows; HTTP bodies as they come, bytes that are not text as \xHH; errors as
 * `ERROR: <SQLSTATE>` and `Code: <number>. (<NAME>)`, with the text where the statement asks for it.
 */
#include "regress/runner/case_file.h"
#include "regress/runner/http_lite.h"

struct case_target {
	const char *conninfo;       /* libpq's, without dbname; NULL: no PostgreSQL port here */
	const char *admin_db;       /* the database from which the case's own is created */
	const char *host;
	int http_port;              /* 0: no HTTP port here */
	int64_t deadline_ms;
};

/* False, with a reason, where the case could not be run to its end (connection lost, deadline). */
bool case_run_pg(const struct case_file *c, const struct case_target *t, struct arena *a, struct strbuf *out,
                 const char **why);
bool case_run_http(const struct case_file *c, const struct case_target *t, struct arena *a, struct strbuf *out,
                   const char **why);

/* Shared by both: the line before a result; rows in byte order. */
void case_echo(struct strbuf *out, const struct case_stmt *s);
void case_sort_lines(struct strbuf *out, size_t from);
/* The case's own database: "c_func_array". */
const char *case_database(const struct case_file *c, struct arena *a);

#endif

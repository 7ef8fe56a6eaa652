// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_DDL_H
#define EXEC_DDL_H
/*
 * Statements that change or show definitions. statement.c hands them over; they run inside the session's transaction
 * and add catalog changes to it, so they become visible and durable with its commit.
 */
#include "catalog/catalog.h"
#include "catalog/settings.h"
#include "exec/session.h"

struct ddl_context {
	struct catalog *catalog;
	struct txn *txn;
	struct settings *settings;
	struct eval_session *session;
	struct arena *arena;             /* the statement's */
	struct memtrack *track;
	struct str user;
	session_notice_fn notice;        /* may be NULL */
	void *notice_arg;
	const struct strmap *named;      /* {name:T} */
	/* what currval() and lastval() of this session answer: the sequences used last */
	struct sequence_use {
		uint32_t oid;
		int64_t value;
	} used[8];
	uint32_t used_count;             /* ever */
};

/* The `operation` of eval_services.sequence. */
enum sequence_operation {
	SEQUENCE_NEXTVAL, SEQUENCE_CURRVAL, SEQUENCE_SETVAL, SEQUENCE_SETVAL_NOT_CALLED, SEQUENCE_LASTVAL
};

struct ddl_result {
	const char *tag;                 /* "CREATE TABLE" */
	struct str query;                /* the answer is this query's rows (SHOW …, ON CLUSTER), in the clickhouse dialect
	                                  * unless query_pg; empty: no rows */
	bool query_pg;
	/* CREATE TABLE … AS SELECT, POPULATE, ALTER … that must move rows: run `INSERT INTO fill_table fill_query` in this
	 * transaction. fill_query is the AST of the SELECT. */
	struct table *fill_table;
	const struct ast *fill_query;
};

/* Whether this kind of statement is run by ddl_run(). */
bool ddl_handles(const struct ast *ast);
/* The command tag before it runs, for Describe. */
const char *ddl_tag(const struct ast *ast);
enum status ddl_run(struct ddl_context *c, const struct ast *ast, struct str text, struct ddl_result *out,
                    struct error *err)
	MUST_CHECK;

/* All rows of a table, or of what a materialized view keeps. */
enum status ddl_truncate_one(struct ddl_context *c, struct table *t, struct error *err) MUST_CHECK;
/* REFRESH MATERIALIZED VIEW: the view's rows are gone, *to and *query say what brings them again. */
enum status ddl_refresh(struct ddl_context *c, const struct name *view, struct table **to, struct ast **query,
                        struct error *err) MUST_CHECK;
/*
 * At the end of a session, or DISCARD, in a transaction: its temporary tables. They live in schema
 * pg_temp_<process id> of the database they were made in, where names are looked up first.
 */
struct str ddl_temporary_schema(struct ddl_context *c);
enum status ddl_drop_temporary(struct ddl_context *c, struct error *err) MUST_CHECK;
/* When an instance opens: temporary tables of sessions that ended with the server. */
enum status ddl_drop_all_temporary(struct catalog *c, struct txn *t, struct error *err) MUST_CHECK;

/* SHOW, DESCRIBE, EXISTS: the SELECT that answers them. *out empty: not such a statement. */
enum status ddl_show(struct ddl_context *c, const struct ast *ast, struct ddl_result *out,
                     struct error *err) MUST_CHECK;

/* CREATE statement of a table in canonical form; multi-line as SHOW CREATE shows it. */
enum status table_create_query(const struct table_def *def, bool multiline, struct strbuf *out,
                               struct error *err) MUST_CHECK;
/* system.tables.engine_full: the engine and its clauses. */
enum status table_engine_full(const struct table_def *def, struct strbuf *out, struct error *err) MUST_CHECK;

/* The answers of eval_services (func/eval.h) for a session; `arg` is a struct ddl_context. */
extern const struct eval_services catalog_services;

#endif

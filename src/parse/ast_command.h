// SPDX-License-Identifier: Apache-2.0
#ifndef PARSE_AST_COMMAND_H
#define PARSE_AST_COMMAND_H
/* Commands that neither query nor define: transactions, cursors, prepared statements, COPY, DO … */
#include "parse/ast_change.h"

/* ---- transactions ---- */

enum transaction_type {
	TRANSACTION_BEGIN, TRANSACTION_COMMIT, TRANSACTION_ROLLBACK, TRANSACTION_SAVEPOINT, TRANSACTION_RELEASE,
	TRANSACTION_ROLLBACK_TO, TRANSACTION_PREPARE, TRANSACTION_COMMIT_PREPARED, TRANSACTION_ROLLBACK_PREPARED,
	TRANSACTION_SET,          /* SET TRANSACTION … */
	TRANSACTION_SET_SESSION,  /* SET SESSION CHARACTERISTICS AS TRANSACTION … */
	TRANSACTION_SET_SNAPSHOT  /* SET TRANSACTION SNAPSHOT 'id', ClickHouse's SET TRANSACTION SNAPSHOT n */
};

enum isolation { ISOLATION_UNSAID, READ_UNCOMMITTED, READ_COMMITTED, REPEATABLE_READ, SERIALIZABLE };
enum tristate { UNSAID, NO, YES };

struct ast_transaction {
	struct ast ast;
	enum transaction_type type;
	enum isolation isolation;
	enum tristate read_only, deferrable;
	bool start;               /* written START TRANSACTION: another command tag */
	bool chain;
	struct str name;          /* savepoint, prepared transaction or snapshot */
};

struct ast_lock {
	struct ast ast;
	struct ast_list tables;   /* of struct ast_table */
	struct str mode;          /* "ACCESS SHARE" …, upper case; absent: ACCESS EXCLUSIVE */
	bool nowait;
};

/* ---- cursors and prepared statements ---- */

struct ast_declare {
	struct ast ast;
	struct str name;
	bool binary, insensitive, scroll, no_scroll, hold;
	struct ast *query;
};

enum fetch_direction {
	FETCH_NEXT, FETCH_PRIOR, FETCH_FIRST, FETCH_LAST, FETCH_ABSOLUTE, FETCH_RELATIVE, FETCH_FORWARD, FETCH_BACKWARD
};

struct ast_fetch {
	struct ast ast;
	bool move;                /* MOVE */
	enum fetch_direction direction;
	bool all;
	int64_t count;            /* 1 when not said */
	struct str name;
};

struct ast_close {
	struct ast ast;
	struct str name;          /* absent: ALL */
};

struct ast_prepare {
	struct ast ast;
	struct str name;
	struct ast_list types;    /* of struct ast_type */
	struct ast *statement;
	uint64_t begin, end;      /* byte offsets of the statement in the text */
};

struct ast_execute {
	struct ast ast;
	struct str name;
	struct ast_list args;
};

struct ast_deallocate {
	struct ast ast;
	struct str name;          /* absent: ALL */
};

/* ---- COPY, DO, CALL, NOTIFY … ---- */

struct ast_copy {
	struct ast ast;
	struct name table;
	struct ast_list columns;
	struct ast *query;        /* COPY (query) TO */
	bool from;                /* FROM; else TO */
	bool program, standard;   /* PROGRAM 'x'; STDIN or STDOUT */
	struct str file;
	struct ast_list options;  /* struct ast_setting with lower-case names as in the parenthesised form; column lists as
	                           * tuples, `*` as an asterisk */
	struct ast *where;
};

struct ast_do {
	struct ast ast;
	struct str language, body;
};

struct ast_command_call {
	struct ast ast;
	struct ast_call *call;    /* CALL f(x) */
};

enum notify_type { NOTIFY_NOTIFY, NOTIFY_LISTEN, NOTIFY_UNLISTEN };

struct ast_notify {
	struct ast ast;
	enum notify_type type;
	struct str channel;       /* absent: * */
	struct str payload;
};

struct ast_discard {
	struct ast ast;
	struct str what;          /* all, plans, sequences, temp */
};

/* VACUUM, ANALYZE, CLUSTER, REINDEX, CHECKPOINT, REFRESH MATERIALIZED VIEW, SECURITY LABEL, LOAD. */
struct ast_maintenance {
	struct ast ast;
	struct str command;       /* upper case: "VACUUM" */
	struct ast_list options;  /* struct ast_setting */
	struct ast_list tables;   /* of struct ast_table, columns in its alias list */
	bool no_data;
};

#endif

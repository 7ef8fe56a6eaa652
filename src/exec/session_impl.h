// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_SESSION_IMPL_H
#define EXEC_SESSION_IMPL_H
/* What the files of sessions and statements share. */
#include <pthread.h>

#include "catalog/catalog.h"
#include "catalog/settings.h"
#include "exec/ddl.h"
#include "exec/processes.h"
#include "exec/query.h"
#include "exec/session.h"
#include "format/format.h"
#include "io/pool.h"
#include "plan/binder.h"

struct instance {
	struct txn_manager *txns;
	struct catalog *catalog;
	struct pool *pool;
	struct memtrack track;       /* everything of this instance's queries */
	struct temp_area temp;       /* what they put on disk */
	const struct config *config; /* NULL: none */
	pthread_mutex_t lock;        /* guards the session list */
	struct session *sessions;
	uint32_t next_session;
};

struct savepoint {
	struct savepoint *next;
	struct str name;
	uint64_t position, locks;
};

/* A statement PREPAREd by SQL. */
struct prepared {
	struct arena arena;
	struct str text;
	const struct ast *ast;
	uint32_t *types, type_count; /* declared OIDs */
};

/* A cursor of DECLARE: its rows are computed when it is opened and kept. */
struct cursor {
	struct batch **batches;
	uint32_t batch_count;
	uint64_t rows, position;     /* position: rows before the cursor */
	struct arena arena;
	struct result_column *columns;
	uint32_t column_count;
	bool hold;
};

struct session {
	struct instance *instance;
	struct session *next, **previous; /* in the instance's list */
	uint32_t id;
	enum dialect dialect;
	struct arena arena;          /* names that live as long as the session */
	struct arena txn_arena;      /* savepoints; reset at the end of a transaction */
	struct str user, database, client_address, application_name;
	struct temp_quota *temp_user; /* of the user's temporary files; NULL: not asked for yet */
	const char *interface;
	struct settings *settings, *local; /* local: SET LOCAL, over settings */
	struct memtrack track;
	struct eval_session eval;
	struct value_options text;
	bool has_temporary;          /* there are temporary tables, or there were */
	struct ddl_context services; /* argument of eval.services */
	struct txn *txn;             /* NULL between transactions */
	enum transaction_status status;
	bool grouped;                /* an implicit transaction spans several statements */
	int64_t transaction_us;
	struct savepoint *savepoints;
	struct strmap prepared, cursors;
	session_notice_fn notice;
	void *notice_arg;
	session_report_fn report;
	void *report_arg;
	pthread_mutex_t lock;        /* guards `running` against cancel */
	struct statement *running;
	struct process process;      /* what system.processes shows */
};

enum statement_kind {
	STATEMENT_EMPTY, STATEMENT_QUERY, STATEMENT_INSERT, STATEMENT_DDL, STATEMENT_TEXT, STATEMENT_COMMAND,
		STATEMENT_COPY_IN,
	STATEMENT_COPY_OUT, STATEMENT_EXECUTE, STATEMENT_FETCH, STATEMENT_CHANGE,
	STATEMENT_LOCK_ROWS, STATEMENT_MUTATION
};

struct inserter;
struct upsert;
struct extremes;

/* extremes.c */
struct extremes *extremes_new(uint32_t column_count); /* NULL: no memory */
enum status extremes_add(struct extremes *e, const struct batch *b, struct memtrack *track, struct error *err)
	MUST_CHECK;
void extremes_free(struct extremes *e);

struct statement {
	struct session *session;
	enum statement_kind kind;
	struct arena arena;          /* as long as the statement */
	struct arena plan_arena;     /* the plan in hand; reset for each binding */
	const struct ast *ast;       /* the caller's; outlives the statement */
	struct str text;
	const struct strmap *named;
	uint32_t param_capacity;
	const struct type **param_types; /* as declared or inferred */
	struct statement_info info;
	struct query_plan *plan;
	bool plan_is_fresh;          /* bound in the transaction that is open, not run yet */
	uint64_t plan_csn;
	/* a run */
	bool started, done;
	struct query query;
	bool query_started;
	struct extremes *extremes;   /* setting extremes; NULL: off */
	struct settings *settings;   /* the statement's own SETTINGS clause, over the session's; NULL: none */
	struct inserter *inserter;
	struct format_reader *reader;
	struct format_options *copy_options;
	struct vector *const *run_params; /* of the run in hand */
	const struct statement_input *input;
	struct str inline_data;      /* behind INSERT … FORMAT in the text */
	bool inline_given;
	struct batch *pending;       /* one batch of a STATEMENT_TEXT's answer */
	struct statement *inner;     /* EXECUTE, SHOW, EXPLAIN ANALYZE: the statement that really runs */
	struct arena inner_arena;
	const struct ast *inner_ast;
	struct upsert *upsert;       /* of INSERT … ON CONFLICT; NULL: it has none */
	struct batch **returned;     /* rows of RETURNING, given out after the run; from returned_at on */
	size_t returned_count, returned_capacity, returned_at;
	uint64_t rows;
	int64_t started_ns, elapsed_ns;
	uint64_t peak_bytes;
	struct str tag, query_id;
	struct query_progress progress; /* of statements without a query */
};

/* transaction.c */
/* opens one when there is none */
enum status session_txn_open(struct session *s, struct error *err) MUST_CHECK;
/* and takes a snapshot for a statement */
enum status session_txn(struct session *s, struct error *err) MUST_CHECK;
enum status session_end_txn(struct session *s, bool commit, struct error *err) MUST_CHECK;
enum status transaction_run(struct statement *st, struct error *err) MUST_CHECK;

/* session.c */
void session_sync(struct session *s); /* eval facts and text options from the settings */
void session_say(struct session *s, const char *severity, enum status status, const char *fmt, ...) PRINTF_LIKE(4, 5);
enum status session_set_one(struct session *s, struct settings *layer, struct str name, struct str value,
                            struct error *err) MUST_CHECK;
struct settings *session_layer(struct session *s);
void session_bind_config(struct session *s, struct arena *a, struct error *err, struct bind_config *out);

/* command.c */
enum status command_prepare(struct statement *st, struct error *err) MUST_CHECK;
enum status command_run(struct statement *st, struct error *err) MUST_CHECK;
enum status statement_text_answer(struct statement *st, const char *const *names, uint32_t columns,
                                  const struct str *cells, uint32_t rows, struct error *err) MUST_CHECK;

/* insert.c */
struct insert_source {
	/* columns of the blocks that will come, by name of the target's columns; count 0: all insertable ones */
	const struct str *names;
	uint32_t count;
	const struct type *const *types; /* of the blocks; NULL: the target columns' own */
	bool without_views;              /* UPDATE: materialized views are not fired, keys are checked at the end */
	const bool *changed;             /* by columns of the definition: those that may bring new keys; NULL: all */
	bool is_query;                   /* INSERT … SELECT */
};
enum status inserter_open(struct session *s, struct query *q, struct table *t, const struct insert_source *source,
                          unsigned depth, struct inserter **out, struct error *err) MUST_CHECK;
/* What INSERT INTO FUNCTION writes to, as a table that lives in the arena. */
enum status insert_function_table(struct session *s, struct arena *a, const struct ast_call *call, struct table **out,
                                  struct error *err) MUST_CHECK;
/* Columns that an INSERT without a list takes, or that a list names: names and types for readers. Arena's. */
enum status insert_columns(struct table *t, const struct ast_list *list, enum dialect dialect, struct arena *a,
                           struct str **names,
                           const struct type ***types, uint32_t *count, struct error *err) MUST_CHECK;
enum status inserter_block(struct inserter *i, const struct batch *b, uint64_t *const *missing,
                           struct error *err) MUST_CHECK;
/* fn sees each block as it is stored: columns in the definition's order, without ALIAS and EPHEMERAL. */
void inserter_on_block(struct inserter *i, enum status (*fn)(void *arg, const struct batch *stored, struct error *err),
                       void *arg);
/* ON CONFLICT: fn gets each block and gives back the rows that are to be inserted. */
struct unique;
typedef enum status (*conflict_fn)(void *arg, struct unique *u, const struct batch *stored, struct batch **out,
                                   struct error *err);
void inserter_on_conflict(struct inserter *i, conflict_fn fn, void *arg);
struct unique *inserter_unique(struct inserter *i); /* NULL: nothing is to be unique */
/* A block as the rows of its table, for bind_over_block() and bind_view(). ops NULL: it has all columns. */
struct block_source {
	const struct batch *block;
	const struct table_ops *ops;
};
enum status block_source_open(void *source, const struct scan_request *r, struct scan **out,
                              struct error *err) MUST_CHECK;
enum status inserter_finish(struct inserter *i, struct error *err) MUST_CHECK;
uint64_t inserter_rows(const struct inserter *i);
uint64_t inserter_bytes(const struct inserter *i);
void inserter_free(struct inserter *i);

/* insert_statement.c */
void insert_register(void); /* once, at start: expressions in VALUES data */
enum status insert_prepare(struct statement *st, struct error *err) MUST_CHECK;
enum status insert_run(struct statement *st, struct error *err) MUST_CHECK;
enum status copy_prepare(struct statement *st, struct error *err) MUST_CHECK;
/* INSERT INTO table query, inside the statement: CREATE TABLE AS, POPULATE. */
enum status insert_fill(struct statement *st, struct table *t, const struct ast *query, struct error *err) MUST_CHECK;

/* explain.c */
enum status explain_run(struct statement *st, struct error *err) MUST_CHECK;

/* statement.c */
enum status statement_bind(struct statement *st, const struct ast *query, struct vector *const *params,
                           struct error *err) MUST_CHECK;
void statement_describe(struct statement *st);
void statement_drop_run(struct statement *st); /* frees what a run has made */
enum status statement_query_begin(struct statement *st, struct error *err) MUST_CHECK;

/* The statements of AST kind EXECUTE, DECLARE, FETCH …: cursor.c */
enum status cursor_run(struct statement *st, struct error *err) MUST_CHECK;
enum status cursor_prepare(struct statement *st, struct error *err) MUST_CHECK;
void cursor_close_all(struct session *s, bool held_too);

/* spill_policy.c: what the session's settings say of temporary files. */
void spill_policy_set(struct spill_policy *p, struct session *s);

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef WIRE_PG_PGCONN_IMPL_H
#define WIRE_PG_PGCONN_IMPL_H
/*
 * The inside of a connection, shared by the files of this room.
 *
 * Prepared statements and portals have names in one table each; the unnamed one has the empty name. SQL's PREPARE and
 * DECLARE use the same tables, as in PostgreSQL. A portal holds a reference to its prepared statement, so either may be
 * closed first. Who runs a request returns a status; the loop turns a failure into an ErrorResponse, once.
 */
#include "parse/ast.h"
#include "parse/parser.h"
#include "proto/pgproto.h"
#include "wire/pg/pgconn.h"

enum { PG_NAME_SLOTS = 64, PG_FLUSH_BYTES = 64 << 10, PG_KEEP_BYTES = 1 << 20 };

/* ---- names ---- */
struct pg_named {
	struct pg_named *next;     /* in its chain */
	struct str name;           /* owned */
};

struct pg_names {
	struct pg_named *chains[PG_NAME_SLOTS];
	unsigned count;
};

struct pg_named *pg_names_get(const struct pg_names *t, struct str name);
/* The name is copied; it must not be there. */
enum status pg_names_add(struct pg_names *t, struct pg_named *n, struct str name, unsigned most, struct error *err)
	MUST_CHECK;
/* Unlinks it and frees the copied name. */
void pg_names_remove(struct pg_names *t, struct pg_named *n);

/* ---- prepared statements ---- */
struct pg_prepared {
	struct pg_named named;
	unsigned references;            /* its name's and its portals' */
	struct arena arena;             /* of text, ast and declared types */
	struct str text;
	struct ast *ast;                /* NULL: the empty statement */
	bool local;                     /* run here (FETCH, EXECUTE …), not by the session */
	struct statement *statement;    /* NULL when empty or local */
	bool lent;                      /* a portal uses `statement`; the next one prepares its own */
	uint32_t *declared;
	uint32_t declared_count;
};

/* ---- portals ---- */
struct pg_portal {
	struct pg_named named;
	struct pg_prepared *prepared;   /* a reference */
	struct statement *statement;    /* NULL when empty or local */
	bool lent;                      /* it is prepared->statement */
	bool started, done;             /* done: finished, its rows are over */
	bool suspended;                 /* a row limit has stopped it before */
	struct arena arena;             /* of the parameters' types */
	struct vector **params;
	uint32_t param_count;
	int16_t *formats;               /* of results, as Bind gave them */
	uint16_t format_count;
	struct batch *batch;            /* being sent, from `row` on */
	uint32_t row;
	/* SQL cursors */
	bool cursor, hold, scroll, binary;
	struct batch **kept;            /* scroll: all batches so far */
	uint64_t *kept_first;           /* number of each one's first row, from 1 */
	uint32_t kept_count, kept_capacity;
	uint64_t position;              /* of the current row; 0: before the first; one more than the last: behind */
};

struct pgconn {
	struct pgconn_config config;
	struct session *session;
	struct sock *sock;
	struct strbuf out;              /* gathered answers, on their way to the socket */
	struct strbuf held;             /* a long query's text while it runs: COPY goes on reading the socket */
	struct arena startup;           /* of the connection's life: user, address */
	struct arena request;           /* of one request */
	struct str user;
	bool ready;                     /* startup is done */
	bool closed;                    /* to be closed once `out` is sent */
	bool broken;                    /* the socket failed: nothing more can be said */
	bool skip_to_sync;              /* a message of this pipeline failed */
	bool in_block;                  /* several statements in one Query: as good as BEGIN for DECLARE */
	bool in_copy_in;                /* the client has not said CopyDone or CopyFail yet */
	struct error err;               /* of the current request */
	struct pg_names prepared, portals;
	struct pg_result *result;       /* made when first needed */
};

/* ---- pgconn.c: bytes ---- */
/* Sends what is in `out`; a failure marks the connection broken. */
enum status pgconn_flush(struct pgconn *c, struct error *err) MUST_CHECK;
/* The same once much has gathered: called between rows. */
enum status pgconn_flush_some(struct pgconn *c, struct error *err) MUST_CHECK;
/* Waits until `need` bytes are in the socket's buffer, having said what was to be said. What borrows it is moved. */
enum status pgconn_fill(struct pgconn *c, size_t need, struct error *err) MUST_CHECK;
/* The next message, waiting for it. */
enum status pgconn_message(struct pgconn *c, struct pg_message *out, struct error *err) MUST_CHECK;
/* Says the error to the client and forgets it. */
void pgconn_error(struct pgconn *c, enum pg_severity severity, struct error *e);
/* The session's callbacks; arg is the connection. */
void pgconn_on_notice(void *arg, const char *severity, const struct error *notice);
void pgconn_on_report(void *arg, struct str name, struct str value);
/* E_BAD_ENCODING unless the text is UTF-8. */
enum status pgconn_check_text(struct str text, struct error *err) MUST_CHECK;

/* ---- pgstartup.c ---- */
/* Startup packets up to the first ReadyForQuery; a failure was said to the client and ends the connection. */
enum status pgconn_startup(struct pgconn *c) MUST_CHECK;

/* ---- pgquery.c ---- */
void pgconn_query(struct pgconn *c, struct str text);
/* Prepares (text, ast) as a statement of the session, with types declared for its parameters. */
enum status pgconn_prepare(struct pgconn *c, const struct ast *ast, struct str text, const uint32_t *declared,
	uint32_t declared_count, struct statement **out, struct error *err) MUST_CHECK;
/* Starts a portal's statement, with COPY's input where it takes any. It has to be finished even if that fails. */
enum status pgconn_start(struct pgconn *c, struct pg_portal *p, struct error *err) MUST_CHECK;
/* Starts a portal and sends all its rows; *tag is valid until the request ends. */
enum status pgconn_run_portal(struct pgconn *c, struct pg_portal *p, bool describe, struct str *tag, struct error *err)
	MUST_CHECK;
/* What has to be let go before such a statement runs: portals at the end of a transaction, everything at DISCARD. */
void pgconn_before(struct pgconn *c, const struct ast *ast, const struct pg_portal *current);
/* Outside a transaction block only cursors WITH HOLD live on. */
void pgconn_transaction_over(struct pgconn *c);

/* ---- pgextended.c ---- */
enum status pgconn_extended(struct pgconn *c, const struct pg_message *m, struct error *err) MUST_CHECK;
void pgconn_sync(struct pgconn *c);

/* ---- pgportal.c ---- */
/* Parses one statement; E_SYNTAX when there are several. */
enum status pg_prepared_new(struct pgconn *c, struct str text, const uint32_t *declared, uint32_t declared_count,
	struct pg_prepared **out, struct error *err) MUST_CHECK;
/* The same from a part of a statement that was parsed already. */
enum status pg_prepared_clone(struct pgconn *c, const struct ast *ast, struct str text, const uint32_t *declared,
	uint32_t declared_count, struct pg_prepared **out, struct error *err) MUST_CHECK;
void pg_prepared_unref(struct pg_prepared *p);
struct pg_prepared *pg_prepared_find(struct pgconn *c, struct str name, struct error *err);
/* Puts it under a name; the unnamed one replaces its predecessor. Takes the reference, also on failure. */
enum status pg_prepared_name(struct pgconn *c, struct pg_prepared *p, struct str name, struct error *err) MUST_CHECK;
void pg_prepared_drop(struct pgconn *c, struct pg_prepared *p);
void pg_prepared_drop_all(struct pgconn *c);
/* A portal over a prepared statement, with its own statement where that one is in use. */
enum status pg_portal_new(struct pgconn *c, struct pg_prepared *p, struct pg_portal **out,
	struct error *err) MUST_CHECK;
enum status pg_portal_name(struct pgconn *c, struct pg_portal *p, struct str name, struct error *err) MUST_CHECK;
struct pg_portal *pg_portal_find(struct pgconn *c, struct str name, struct error *err);
/* Ends what it runs and frees it, named or not. `failed`: its statement did. */
void pg_portal_free(struct pgconn *c, struct pg_portal *p, bool failed);
/* All of them, or all but those WITH HOLD that are complete; never `but`. */
void pg_portal_free_all(struct pgconn *c, bool held_too, bool failed, const struct pg_portal *but);
/* The next batch into p->batch, freeing the one there; NULL at the end. Not for cursors with SCROLL. */
enum status pg_portal_batch(struct pg_portal *p, struct error *err) MUST_CHECK;
/* The next rows: p->batch from p->row on; p->batch NULL when there are none left, then it is finished and done. */
enum status pg_portal_fetch(struct pgconn *c, struct pg_portal *p, struct error *err) MUST_CHECK;
/* Finishes the statement. */
enum status pg_portal_finish(struct pgconn *c, struct pg_portal *p, bool failed, struct error *err) MUST_CHECK;

/* ---- pgcursor.c: SQL statements that run here ---- */
bool pg_local_is(const struct ast *ast);
/* Runs it; `formats` are those of results, RowDescription comes only with `describe`. *tag as above. */
enum status pg_local_run(struct pgconn *c, const struct ast *ast, struct str text, const int16_t *formats,
	uint16_t format_count, bool describe, struct str *tag, struct error *err) MUST_CHECK;
/* The statement whose columns a FETCH or EXECUTE returns; NULL when it returns none. */
const struct statement *pg_local_rows(struct pgconn *c, const struct ast *ast);

/* ---- pgparam.c ---- */
/* CONST vectors of the statement's parameter types from Bind's values; *out has info->param_count of them. */
enum status pg_params_read(struct pgconn *c, struct arena *a, const struct statement_info *info,
	struct pg_formats formats,
	struct pg_walk values, struct vector ***out, struct error *err) MUST_CHECK;
/* One of them from a text; NULL data is NULL. */
enum status pg_param_text(struct pgconn *c, struct arena *a, const struct type *type, struct str text,
	struct vector **out,
	struct error *err) MUST_CHECK;
void pg_params_free(struct vector **params, uint32_t count);

/* ---- pgresult.c ---- */
void pg_put_columns(struct pgconn *c, const struct statement_info *info, const int16_t *formats, uint16_t format_count);
/* Checks that formats are 0 or 1 and none, one or one for each column. */
enum status pg_check_formats(const int16_t *formats, uint16_t format_count, uint32_t columns, struct error *err)
	MUST_CHECK;
int16_t pg_format_at(const int16_t *formats, uint16_t format_count, uint32_t column);

/* A column of the batch being sent, rendered. */
struct pg_column {
	struct strbuf text;             /* values after each other */
	uint32_t *ends;                 /* BATCH_ROWS_MAX of them */
	uint32_t at;                    /* while rows are stitched: the current value's start */
	bool nulls;                     /* some row is NULL; its text means nothing */
};

struct pg_result {
	struct pg_column *columns;
	uint32_t count;
};

/* Renders rows [from, from + count) of a batch, in pieces where they are large, and has `put` stitch each piece. */
typedef enum status (*pg_stitch_fn)(struct pgconn *c, const struct batch *b, void *arg, struct error *err);
enum status pg_result_each(struct pgconn *c, const struct batch *b, uint32_t from, uint32_t count,
	const int16_t *formats, uint16_t format_count, pg_stitch_fn put, void *arg, struct error *err) MUST_CHECK;
/* The same as DataRows. */
enum status pg_result_put(struct pgconn *c, const struct batch *b, uint32_t from, uint32_t count,
	const int16_t *formats,
	uint16_t format_count, struct error *err) MUST_CHECK;
void pg_result_free(struct pg_result *r);

/* ---- pgcopy.c ---- */
/* COPY FROM STDIN: tells the client, and an input that reads CopyData until CopyDone. */
void pg_copy_in_begin(struct pgconn *c, const struct statement_info *info);
struct statement_input pg_copy_input(struct pgconn *c);
/* The statement has read all it wants: reads on to CopyDone. */
enum status pg_copy_in_end(struct pgconn *c, struct error *err) MUST_CHECK;
/* COPY TO STDOUT: the started statement's rows as CopyData. */
enum status pg_copy_out(struct pgconn *c, struct pg_portal *p, struct error *err) MUST_CHECK;

#endif

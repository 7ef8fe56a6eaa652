// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_SESSION_H
#define EXEC_SESSION_H
/*
 * Sessions and statements: what the wire protocols, the client and the tests call to get SQL done.
 *
 *     instance_open ─► session_open ─► statement_prepare ─► statement_start ─► statement_next … ─► statement_finish
 *                                         (describe)          (feed input)        (batches)          (tag, counts)
 *
 * An instance is one data directory with its catalog, log, pools and caches. A session belongs to one thread at a time;
 * only session_cancel() may come from another. A failing statement leaves the session usable; whether it aborts the
 * transaction follows the dialect (PostgreSQL: yes, inside BEGIN).
 */
#include "base/arena.h"
#include "base/strmap.h"
#include "exec/query.h"
#include "format/format.h"
#include "parse/ast.h"

struct instance;
struct catalog;
struct config;
struct settings;
struct statement;
struct format_writer;
struct session;
struct format_options;

struct instance_config {
	const char *path;            /* data directory; NULL: in memory */
	unsigned threads;            /* of the compute pool; 0: cores */
	uint64_t memory_limit_bytes; /* B of execution.md; 0: found */
	uint64_t recover_to;         /* LSN; 0: off */
	const struct config *config; /* users, profiles, macros; NULL: none. Outlives the instance */
	bool background;             /* merges and TTL run */
	uint32_t log_segment_bytes;  /* of the commit log's files at most; 0: 64 MiB */
};

enum status instance_open(const struct instance_config *config, struct instance **out, struct error *err) MUST_CHECK;
void instance_close(struct instance *i);
struct catalog *instance_catalog(struct instance *i);

/* ---- session ---- */
enum transaction_status { TRANSACTION_IDLE = 'I', TRANSACTION_OPEN = 'T', TRANSACTION_FAILED = 'E' };

struct session_config {
	enum dialect dialect;
	/* database empty: the role's, or `default` */
	struct str user, database;       /* checked: 28000/192, 3D000/81. Authentication is the wire's. */
	struct str client_address, application_name;
	const char *interface;           /* "postgresql", "http", "native", "local" */
};

/* A notice for the client: PostgreSQL NOTICE/WARNING; HTTP drops it. */
typedef void (*session_notice_fn)(void *arg, const char *severity, const struct error *notice);
/* A setting changed that PostgreSQL reports (ParameterStatus). */
typedef void (*session_report_fn)(void *arg, struct str name, struct str value);

enum status session_open(struct instance *i, const struct session_config *config, struct session **out,
                         struct error *err) MUST_CHECK;
void session_close(struct session *s); /* rolls back what is open */
void session_on_notice(struct session *s, session_notice_fn fn, void *arg);
void session_on_report(struct session *s, session_report_fn fn, void *arg);
uint32_t session_id(const struct session *s);       /* pg_backend_pid() */
enum dialect session_dialect(const struct session *s); /* SET dialect may change it */
enum transaction_status session_transaction(const struct session *s);
struct str session_database(const struct session *s);
/* Makes another database the current one: USE. E_UNKNOWN_DATABASE. */
enum status session_use(struct session *s, struct str database, struct error *err) MUST_CHECK;
struct str session_user(const struct session *s);
/* Any thread: cancels the running statement of this session, if one runs. */
void session_cancel(struct session *s, enum status reason);
/* One setting as text, NULL-terminated into `out`; E_UNKNOWN_SETTING. Both protocols' start-up and URL parameters. */
enum status session_setting(struct session *s, struct str name, struct strbuf *out, struct error *err) MUST_CHECK;
enum status session_set(struct session *s, struct str name, struct str value, struct error *err) MUST_CHECK;
/* The same until the transaction ends (SET LOCAL); outside of one, until session_clear_local. */
enum status session_set_local(struct session *s, struct str name, struct str value, struct error *err) MUST_CHECK;
void session_clear_local(struct session *s);
/* How values are to be written for this session (zone, quoting, float digits …). */
const struct value_options *session_text_options(struct session *s);
/* The same for whole formats (format/format.h). */
void session_format_options(struct session *s, struct format_options *out);
/* Calls fn for each setting that PostgreSQL reports at start (13 names). */
void session_reported(struct session *s, session_report_fn fn, void *arg);
/* After a protocol-level error inside a transaction block: it is failed now. */
void session_fail_transaction(struct session *s);
/* The implicit transaction that groups a simple Query string or a pipeline up to Sync: begin is lazy. */
void session_implicit_begin(struct session *s);
enum status session_implicit_end(struct session *s, bool commit, struct error *err) MUST_CHECK;

/* ---- statement ---- */
struct result_column {
	struct str name;
	const struct type *type;
	uint32_t table_oid;
	int16_t attnum;
	struct str default_text;         /* INSERT's target: the DEFAULT's expression; empty: none */
};

/* What a statement is, known after prepare. */
struct statement_info {
	const char *command;         /* "SELECT", "INSERT", "CREATE TABLE": the command tag's words */
	bool returns_rows;
	uint32_t column_count;
	const struct result_column *columns;
	uint32_t param_count;        /* $1 … $n */
	const struct type *const *param_types; /* inferred where not declared; String with face text when nothing says more */
	bool takes_input;            /* COPY FROM STDIN, INSERT … FORMAT x: data follows; columns: what it fills */
	bool has_inline_data;        /* some of INSERT's data stands behind the statement */
	bool is_copy_in, is_copy_out;
	/* of input or COPY output: format name ("CSV", "CopyText" …), else FORMAT clause or empty */
	struct str format;
	const struct format_options *copy_options; /* COPY: what its options say; else NULL */
	bool is_read_only;           /* may run under readonly */
	bool is_transaction_control; /* BEGIN, COMMIT, ROLLBACK, SAVEPOINT … */
	bool is_empty;               /* no statement at all */
	struct str outfile;          /* INTO OUTFILE */
};

/* Bytes of INSERT data: reads the next chunk, valid until the next call; size 0 at the end. */
struct statement_input {
	enum status (*read)(void *arg, struct str *chunk, struct error *err);
	void *arg;
	const char *format;          /* what the bytes are, whatever the statement says; NULL: what it says */
	uint32_t native_revision;    /* of the format Native */
};

/*
 * Binds one parsed statement. `text` is the whole query text that positions refer to; inline data of INSERT … FORMAT
 * starts at the AST's data_offset in it. declared[i] (or NULL) are OIDs of $i+1; named maps {name:T} to its text.
 */
enum status statement_prepare(struct session *s, const struct ast *ast, struct str text, const uint32_t *declared,
                              uint32_t declared_count, const struct strmap *named, struct statement **out,
                              struct error *err) MUST_CHECK;
const struct statement_info *statement_info(const struct statement *st);
/*
 * Starts it with these parameter values (CONST vectors of info->param_types; NULL when there are none). May be started
 * again after finish. `input` serves statements that take input; inline data is read first.
 */
enum status statement_start(struct statement *st, struct vector *const *params, const struct statement_input *input,
                            struct error *err) MUST_CHECK;
/* The next batch of result rows, owned by the caller; NULL at the end. */
enum status statement_next(struct statement *st, struct batch **out, struct error *err) MUST_CHECK;
/* When the rows have come: what stands beside them, owned by the caller; NULL: nothing. */
enum status statement_extra(struct statement *st, enum format_extra what, struct batch **out,
                            struct error *err) MUST_CHECK;
/* The same as notices, for clients whose protocol has no place for them: "totals: (…)". */
enum status statement_say_extras(struct statement *st, struct error *err) MUST_CHECK;
/* When the rows have come: the row of WITH TOTALS, and minima and maxima with extremes = 1, where w has a place. */
enum status statement_write_extras(struct statement *st, struct format_writer *w, struct strbuf *to,
                                   struct error *err) MUST_CHECK;
/* Ends it, complete or not: commits an implicit transaction of its own unless `failed`. Must follow every start. */
enum status statement_finish(struct statement *st, bool failed, struct error *err) MUST_CHECK;
/* "SELECT 5", "INSERT 0 1", "CREATE TABLE": valid after finish, until free. */
struct str statement_tag(const struct statement *st);
uint64_t statement_rows(const struct statement *st);           /* rows affected or returned */
const struct query_progress *statement_progress(const struct statement *st); /* live, readable from any thread */
int64_t statement_elapsed_ns(const struct statement *st);
uint64_t statement_peak_memory(const struct statement *st);
void statement_free(struct statement *st);
/* Before start: fn is called now and then on the thread that runs the statement, for progress. */
void statement_on_tick(struct statement *st, void (*fn)(void *arg), void *arg);
/* The statement's text as query_log has it, and its id; set before start. */
void statement_set_query_id(struct statement *st, struct str query_id);
/* An id for a client that gave none: a random UUID. */
struct str query_id_new(struct arena *a);

/* Runs one statement that nobody waits for rows of. `input` may be NULL. */
enum status session_run(struct session *s, struct arena *a, struct str text, const struct statement_input *input,
                        struct error *err) MUST_CHECK;

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef CATALOG_TABLE_H
#define CATALOG_TABLE_H
/*
 * Tables as the catalog knows them: definitions, and the interface that every table engine implements.
 *
 * A table_def is immutable and reference counted: ALTER makes a new one with a higher schema_version. Columns keep
 * their permanent `number` through renames; numbers are never used again. Expressions are kept as text with the dialect
 * they were written in (dialects.md, "Stored expressions keep their dialect") and bound by whoever runs them.
 * Engines implement struct table_ops; the catalog declares it and the server registers the implementations, so that the
 * catalog need not know storage.
 */
#include "catalog/partition_command.h"
#include "column/vector.h"
#include "func/expr.h"
#include "catalog/scan_request.h"
#include "parse/dialect.h"
struct txn;   /* txn/txn.h: a transaction with its snapshot and private writes */
struct table;
struct version;
struct row_set;   /* txn/row_set.h */
struct lock_terms; /* txn/locks.h */

enum column_default { COLUMN_PLAIN, COLUMN_DEFAULT, COLUMN_MATERIALIZED, COLUMN_ALIAS, COLUMN_EPHEMERAL };

/* An expression or query as it was written. Empty text: none. */
struct stored_sql {
	struct str text;       /* printed form (parse/print.h) in `dialect` */
	enum dialect dialect;
	struct str database;   /* current database and search path at creation */
	struct str search_path;
};

struct column_def {
	struct str name;
	const struct type *type;
	uint32_t number;            /* permanent, from 1 */
	int16_t attnum;             /* pg_attribute.attnum */
	enum column_default default_kind;
	struct stored_sql default_expr;
	struct str codec;           /* "CODEC(...)" argument text, empty: the table's default */
	struct stored_sql ttl;
	struct str comment;
	bool hidden;                /* __null_c companions: not in * of either dialect */
	bool not_null;              /* declared NOT NULL in PostgreSQL's sense */
	struct str identity;        /* sequence name of serial/identity columns, else empty */
};

struct index_def {
	struct str name;
	struct stored_sql expr;     /* one expression, or a tuple */
	struct str type;            /* "minmax", "set(100)", "bloom_filter(0.01)", "tokenbf_v1(512, 3, 0)", … */
	uint32_t granularity;
	struct str pg_definition;   /* CREATE INDEX of PostgreSQL: its indexdef; type is empty where it is only recorded */
	bool unique;
	uint32_t oid;
};

struct constraint_def {
	struct str name;
	char kind;                  /* 'c' check, 'p' primary key, 'u' unique, 'f' foreign key (recorded), 'a' assume */
	struct stored_sql expr;     /* check, assume */
	struct str columns;         /* p, u, f: comma-separated quoted names */
	struct str definition;      /* pg_get_constraintdef text */
	uint32_t oid;
};

struct projection_def {
	struct str name;
	struct stored_sql query;
};

struct setting_def {
	struct str name, value;     /* value as text without quotes */
};

enum table_kind { TABLE_TABLE, TABLE_VIEW, TABLE_MATERIALIZED_VIEW, TABLE_DICTIONARY, TABLE_SYSTEM };

struct table_def {
	_Atomic uint32_t references;
	struct arena arena;         /* owns everything below */
	struct memtrack *track;
	uint8_t uuid[16];           /* as text in store/<uuid>/ */
	uint32_t oid;               /* stable over restarts */
	uint32_t slot;              /* its place in a root (txn/) */
	uint64_t schema_version;
	enum table_kind kind;
	enum dialect dialect;       /* of the CREATE statement */
	struct str database, schema, name; /* schema "public" unless created in another one */
	struct str engine;          /* "MergeTree", as the user wrote it ("ReplicatedMergeTree") */
	struct str engine_args;     /* text between the parentheses, printed */
	uint32_t column_count;
	struct column_def *columns;
	uint32_t next_column_number;
	struct stored_sql partition_by, order_by, primary_key, sample_by, ttl;
	uint32_t index_count;
	struct index_def *indexes;
	uint32_t constraint_count;
	struct constraint_def *constraints;
	uint32_t projection_count;
	struct projection_def *projections;
	uint32_t setting_count;
	struct setting_def *settings;
	struct str comment;
	struct stored_sql as_select;           /* views */
	struct str to_database, to_table;      /* materialized view TO; else the inner table ".inner.<name>" */
	/* materialized view: whose inserts fire it; from_table is name or schema.name */
	struct str from_database, from_table;
	struct str owner;
	int64_t modified_us;        /* metadata_modification_time */
	bool temporary;
};

struct table_def *table_def_ref(const struct table_def *d);
void table_def_unref(struct table_def *d);
const struct column_def *table_def_column(const struct table_def *d, struct str name); /* exact name; NULL */
/* The hidden column that says where a column of arrays, maps or tuples is NULL; NULL when it has none. */
const struct column_def *table_def_null_column(const struct table_def *d, const struct column_def *c);
const char *table_def_setting(const struct table_def *d, const char *name);            /* NULL when not set */

struct insert_sink {
	const struct insert_sink_ops *ops;
	bool repeated; /* finish: an earlier insert has brought all of this; nothing of it was taken */
};

struct insert_sink_ops {
	/* Takes a block with all stored columns in def order (no ALIAS, no EPHEMERAL), defaults filled in, any number of rows.
	 * Takes its own references. Blocks become visible when the transaction commits. */
	enum status (*write)(struct insert_sink *s, const struct batch *block, struct error *err);
	/* All blocks were given; after OK the rows belong to the transaction. */
	enum status (*finish)(struct insert_sink *s, struct error *err);
	/* First, by an INSERT itself: what an earlier one brought is left out; *known: all, by its token. May be NULL. */
	enum status (*deduplicate)(struct insert_sink *s, bool by_rows, bool *known, struct error *err);
	/* Frees; without a finish before, nothing of it remains. */
	void (*free)(struct insert_sink *s);
};

struct virtual_column {
	const char *name;
	const char *type;
};

struct table_size {
	uint64_t rows, bytes_on_disk, bytes_uncompressed, parts;
};

enum table_feature {
	TABLE_APPLIES_PREWHERE = 1, TABLE_SORTED = 2, TABLE_PARTITIONED = 4, TABLE_FINAL = 8, TABLE_SAMPLE = 16,
	TABLE_INSERT = 32, TABLE_DURABLE = 64, TABLE_TTL = 128, TABLE_INDEXES = 256, TABLE_SETTINGS = 512,
	TABLE_ROW_IDS = 1024 /* scans have the virtual column __row_id, lengths of strings, and fetch() */
};

/* One engine. Slots that are NULL answer "not supported by storage X" (E_NOT_IMPLEMENTED). */
/* Kinds of background work. */
enum { BACKGROUND_MERGES = 1, BACKGROUND_TTL = 2 };

struct table_ops {
	const char *engine;              /* "MergeTree"; one ops per spelling */
	uint32_t features;               /* enum table_feature */
	const struct virtual_column *virtual_columns;
	uint32_t virtual_column_count;
	/* Checks a definition before it is created or altered (arguments, keys, settings); may fill defaults into def. */
	enum status (*check)(struct table_def *def, struct arena *scratch, struct error *err);
	/* Makes the engine's state for a table that exists: at start, and in the transaction that creates it. */
	enum status (*open)(struct table *t, struct error *err);
	void (*close)(struct table *t);
	enum status (*scan)(struct table *t, struct txn *txn, const struct scan_request *r, struct scan **out,
	                    struct error *err);
	enum status (*insert)(struct table *t, struct txn *txn, const struct eval_session *session,
	                      struct memtrack *track, struct insert_sink **out, struct error *err);
	enum status (*truncate)(struct table *t, struct txn *txn, struct error *err);
	enum status (*partition)(struct table *t, struct txn *txn, const struct partition_command *c, struct error *err);
	/* Background work that is stopped until it is started again or the server is; NULL: has none. Safe at any time. */
	void (*background)(struct table *t, unsigned works, bool run);
	/* The data side of ALTER: def changes from t->def to `to` in this transaction. */
	enum status (*alter)(struct table *t, struct txn *txn, struct table_def *to, struct error *err);
	/* CHECK TABLE: reads all that c->partition_id or c->part names; each() hears of every piece, why NULL: whole. */
	enum status (*verify)(struct table *t, struct txn *txn, const struct partition_command *c,
	                      void (*each)(void *arg, struct str piece, const struct error *why), void *arg,
	                      struct error *err);
	/*
	 * Rows of the transaction's view, by the numbers that a scan gave as virtual column __row_id. lock_rows waits for
	 * other transactions that hold them (mode: enum lock_mode of txn/locks.h); *changed: another one has changed some
	 * since. What delete_rows is given was locked before, with no change of the table in between.
	 */
	enum status (*lock_rows)(struct table *t, struct txn *txn, struct row_set *ids, int mode,
	                         const struct lock_terms *w, bool *changed, struct error *err);
	/*
	 * Rows of a version of its slot that the caller holds (NULL: it is empty) whose key hashes alike, in no order; the
	 * arena's. And columns of rows by number, as one batch in that order.
	 */
	enum status (*find_keys)(struct table *t, const struct version *v, const struct key_request *r, struct arena *a,
	                         struct key_match **out, size_t *count, struct error *err);
	enum status (*fetch_rows)(struct table *t, const struct version *v, const struct scan_request *r,
	                          const uint64_t *ids, uint32_t count, struct batch **out, struct error *err);
	/* FOR UPDATE SKIP LOCKED of one row: *taken false where another transaction has it, or has changed it. */
	enum status (*lock_free_row)(struct table *t, struct txn *txn, struct row_set *id, int mode, bool *taken,
	                             struct error *err);
	enum status (*delete_rows)(struct table *t, struct txn *txn, const struct row_set *ids, struct error *err);
	/* Exact rows and sizes at the transaction's snapshot; false from row_count means "ask a scan". */
	bool (*row_count)(struct table *t, struct txn *txn, uint64_t *rows);
	enum status (*size)(struct table *t, struct txn *txn, struct table_size *out, struct error *err);
	/* The least and the greatest value of the column there, as its type keeps them, or *known false: ask a scan. */
	enum status (*column_range)(struct table *t, struct txn *txn, uint32_t column, struct eval *e, uint64_t range[2],
	                            bool *known, struct error *err);
};

/* A table that is open: one per table for the life of the server, shared by all definitions it goes through. */
struct table {
	const struct table_ops *ops;
	struct table_def *def;           /* as of the snapshot it was looked up in */
	void *state;                     /* the engine's */
};

void table_engine_register(const struct table_ops *ops); /* at start, before any table is opened */
/* NULL when unknown. Names are exact ("ReplicatedMergeTree" has its own ops). */
const struct table_ops *table_engine_find(struct str name);
uint32_t table_engine_count(void);
const struct table_ops *table_engine_at(uint32_t i);

#endif

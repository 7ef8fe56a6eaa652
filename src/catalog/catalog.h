// SPDX-License-Identifier: Apache-2.0
#ifndef CATALOG_CATALOG_H
#define CATALOG_CATALOG_H
/*
 * Catalog: what exists. Databases, schemas, tables and views, sequences, types, functions by SQL, roles and grants.
 *
 * The catalog is one version in slot 0 of the root (txn/): immutable, copy-on-write, so a snapshot of it is free and
 * DDL is transactional like everything else. Lookups go through a transaction and see its own changes. Each change here
 * adds one change to the transaction; nothing is visible to others before commit. OIDs are given once and are stable.
 *
 * A database is a PostgreSQL database and a ClickHouse database; inside it live the PostgreSQL schemas, `public` first.
 * ClickHouse's two-part name d.t is database d, schema public; a two-part name in the postgresql dialect is
 * schema.table of the current database where such a schema exists, else d.t. Databases `default`, `postgres`, `system`,
 * `information_schema` (and INFORMATION_SCHEMA) exist from the start; schema `pg_catalog` is in every database.
 */
#include "catalog/table.h"
#include "txn/txn.h"

struct catalog;

/* ---- life ---- */
/* Registers the catalog's version kind; before txn_manager_open(). */
void catalog_register(void);
/* Opens all tables that the newest root names, through their engines; makes the first databases in a new instance. */
enum status catalog_open(struct txn_manager *m, struct memtrack *track, struct catalog **out, struct error *err)
	MUST_CHECK;
void catalog_close(struct catalog *c);
struct txn_manager *catalog_txn_manager(struct catalog *c);

/* ---- finding ---- */
bool catalog_has_database(struct catalog *c, struct txn *t, struct str database);
bool catalog_has_schema(struct catalog *c, struct txn *t, struct str database, struct str schema);
/*
 * A table, view or system table by exact name; schema empty means public. *out is a reference (table_release) whose def
 * is the one of the transaction's snapshot. E_UNKNOWN_DATABASE, E_UNKNOWN_TABLE with "maybe you meant".
 */
enum status catalog_find_table(struct catalog *c, struct txn *t, struct str database, struct str schema,
                               struct str name, struct table **out, struct error *err) MUST_CHECK;
/* The single table whose name differs in ASCII case only, for unquoted names in the postgresql dialect; NULL if none or
 * several. */
struct table *catalog_find_table_nocase(struct catalog *c, struct txn *t, struct str database, struct str schema,
                                        struct str name);
struct table *catalog_find_table_oid(struct catalog *c, struct txn *t, uint32_t oid);
struct table *table_ref(struct table *t);
void table_release(struct table *t); /* NULL is allowed */
/*
 * The definition that is committed now, a reference, for background work; NULL when the table is gone. The def of the
 * struct table that an engine was opened with stays the one of that moment.
 */
struct table_def *catalog_newest_def(struct catalog *c, uint32_t oid);
/* All tables that are committed now, system tables aside. Without a transaction; the table is borrowed. */
enum status catalog_each_newest_table(struct catalog *c, enum status (*fn)(void *arg, struct table *table), void *arg);
/* Materialized views that read from this table: fired by its inserts. The arena owns array and references. */
enum status catalog_views_of(struct catalog *c, struct txn *t, const struct table *source, struct arena *a,
                             struct table ***views, uint32_t *count, struct error *err) MUST_CHECK;

/* ---- walking, for system.* and pg_catalog ---- */
struct database_def {
	struct str name;
	uint32_t oid;
	struct str engine;    /* "Atomic", "Memory" for system ones */
	struct str comment;
	bool is_system;
};
struct schema_def {
	struct str database, name;
	uint32_t oid;
	struct str owner, comment;
};
enum status catalog_each_database(struct catalog *c, struct txn *t,
                                  enum status (*fn)(void *arg, const struct database_def *d), void *arg);
enum status catalog_each_schema(struct catalog *c, struct txn *t,
                                enum status (*fn)(void *arg, const struct schema_def *d), void *arg);
/*
 * All tables of a database (empty: of all), system tables included. The table is borrowed. Those of pg_catalog may have
 * no database: they are in all of them, and come once.
 */
enum status catalog_each_table(struct catalog *c, struct txn *t, struct str database,
                               enum status (*fn)(void *arg, struct table *table), void *arg);

/* ---- changing: each is one change of the transaction ---- */
enum status catalog_create_database(struct catalog *c, struct txn *t, const struct database_def *d,
                                    struct error *err) MUST_CHECK;
enum status catalog_drop_database(struct catalog *c, struct txn *t, struct str name, struct error *err) MUST_CHECK;
enum status catalog_rename_database(struct catalog *c, struct txn *t, struct str from, struct str to,
                                    struct error *err) MUST_CHECK;
enum status catalog_create_schema(struct catalog *c, struct txn *t, const struct schema_def *d,
                                  struct error *err) MUST_CHECK;
enum status catalog_drop_schema(struct catalog *c, struct txn *t, struct str database, struct str schema,
                                struct error *err) MUST_CHECK;
/*
 * Takes over `def` (a fresh one from table_def_new; uuid, oid, slot and numbers are filled in here), after its engine's
 * check(). Opens it. E_TABLE_EXISTS.
 */
enum status catalog_create_table(struct catalog *c, struct txn *t, struct table_def *def, struct error *err) MUST_CHECK;
/* ALTER: `to` is a changed copy of the current definition (table_def_clone) with the same uuid, oid and slot. */
enum status catalog_alter_table(struct catalog *c, struct txn *t, struct table_def *to, struct error *err) MUST_CHECK;
enum status catalog_drop_table(struct catalog *c, struct txn *t, struct table *table, struct error *err) MUST_CHECK;
/* Also moves between databases. With `exchange`, both exist and swap names. */
enum status catalog_rename_table(struct catalog *c, struct txn *t, struct table *table, struct str database,
                                 struct str schema, struct str name, bool exchange, struct error *err) MUST_CHECK;
/* DETACH: the definition stays aside and can be attached again. */
enum status catalog_detach_table(struct catalog *c, struct txn *t, struct table *table, bool permanently,
                                 struct error *err) MUST_CHECK;
enum status catalog_attach_table(struct catalog *c, struct txn *t, struct str database, struct str name,
                                 struct error *err) MUST_CHECK;

enum status catalog_each_detached(struct catalog *c, struct txn *t, struct str database,
                                  enum status (*fn)(void *arg, const struct table_def *d, bool permanently), void *arg);
enum status catalog_comment_database(struct catalog *c, struct txn *t, struct str name, struct str comment,
                                     struct error *err) MUST_CHECK;
/* ALTER SCHEMA name: to d->name, owner and comment; its tables go with it. */
enum status catalog_replace_schema(struct catalog *c, struct txn *t, struct str name, const struct schema_def *d,
                                   struct error *err) MUST_CHECK;

/* An empty definition with its own arena; a deep copy of one. One reference. */
struct table_def *table_def_new(struct memtrack *track);
struct table_def *table_def_clone(const struct table_def *d, struct memtrack *track);

/* ---- sequences (serial, identity, CREATE SEQUENCE): not rolled back, durable before use ---- */
struct sequence_def {
	struct str database, schema, name;
	uint32_t oid;
	int64_t start, increment, min_value, max_value, cache;
	bool cycle;
	struct str owned_by;   /* "schema.table.column", empty: nobody */
	struct str type;       /* "smallint", "integer", "bigint"; empty: bigint */
};
enum status catalog_create_sequence(struct catalog *c, struct txn *t, const struct sequence_def *d,
                                    struct error *err) MUST_CHECK;
enum status catalog_drop_sequence(struct catalog *c, struct txn *t, struct str database, struct str schema,
                                  struct str name, struct error *err) MUST_CHECK;
enum status catalog_sequence_next(struct catalog *c, struct txn *t, struct str database, struct str schema,
                                  struct str name, int64_t *out, struct error *err) MUST_CHECK;
enum status catalog_sequence_set(struct catalog *c, struct txn *t, struct str database, struct str schema,
                                 struct str name, int64_t value, bool is_called, struct error *err) MUST_CHECK;

/* Registers the system tables of a database or schema ("system", "pg_catalog"): rows made by engine/system/. */
enum status catalog_register_system_table(struct catalog *c, struct table_def *def, const struct table_ops *ops,
                                          struct error *err) MUST_CHECK;
/* A view over them, its text compiled in from sql/. */
enum status catalog_register_system_view(struct catalog *c, struct str database, struct str schema, struct str name,
                                         struct str query, enum dialect dialect, struct error *err) MUST_CHECK;
/* At start, before sessions: whoever can bind fills in the columns of system views. */
enum status catalog_each_system_view(struct catalog *c, enum status (*fn)(void *arg, struct table_def *def), void *arg);

#endif

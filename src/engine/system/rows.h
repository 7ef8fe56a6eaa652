// SPDX-License-Identifier: Apache-2.0
#ifndef ENGINE_SYSTEM_ROWS_H
#define ENGINE_SYSTEM_ROWS_H
/*
 * System tables: a list of columns and a function that puts all rows. A scan calls it when it opens, so the rows are
 * one moment's; they are few.
 *
 * The function puts the cells of a row in column order and ends the row. A number goes into any numeric column; a text
 * into strings; rows_default() into whatever comes.
 */
#include "catalog/catalog.h"
#include "exec/instance.h"

struct system_column {
	const char *name, *type;     /* ClickHouse's type, or "@name" for a PostgreSQL type by its face */
};

struct system_rows {
	struct instance *instance;
	struct catalog *catalog;
	struct txn *txn;
	const struct eval_session *session;
	struct error *err;
	struct arena *arena;         /* as long as the scan */
	struct builder **columns;
	uint32_t column_count, at;
	enum status status;          /* the first failure; later puts do nothing */
};

struct system_def {
	const char *name;
	const struct system_column *columns;
	uint32_t column_count;
	void (*fill)(struct system_rows *r); /* NULL: no rows */
};

void rows_text(struct system_rows *r, struct str s);
void rows_textz(struct system_rows *r, const char *s);
void rows_u64(struct system_rows *r, uint64_t v);
void rows_i64(struct system_rows *r, int64_t v);
void rows_bool(struct system_rows *r, bool v);
void rows_f64(struct system_rows *r, double v); /* into a Float64 */
void rows_null(struct system_rows *r);     /* NULL, or the default where the column has none */
void rows_default(struct system_rows *r);
void rows_defaults(struct system_rows *r, uint32_t n);
/* An Array of texts, or of numbers. */
void rows_texts(struct system_rows *r, const struct str *items, uint32_t n);
void rows_numbers(struct system_rows *r, const int64_t *items, uint32_t n);
void rows_end(struct system_rows *r);

/* Registers the tables of one list in database (ClickHouse's) or schema (PostgreSQL's) `space`. */
enum status system_register(struct catalog *c, const char *space, const struct system_def *defs, uint32_t n,
                            struct error *err) MUST_CHECK;

/* The lists. */
enum status system_tables_register(struct catalog *c, struct error *err) MUST_CHECK; /* system.* */
enum status storage_tables_register(struct catalog *c, struct error *err) MUST_CHECK; /* system.parts … */
enum status pg_tables_register(struct catalog *c, struct error *err) MUST_CHECK;     /* pg_catalog.* */
uint32_t pg_relation_oid(const char *relation); /* 0: any */

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef CATALOG_TABLE_FUNCTION_H
#define CATALOG_TABLE_FUNCTION_H
/*
 * Table functions that are not part of the language (numbers, values, unnest and view are): file(), generateRandom(),
 * merge(), … Engines register them; the planner binds their constant arguments to columns and a reader.
 */
#include "catalog/table.h"

struct table_function_call {
	struct arena *arena;                    /* the statement's */
	const struct eval_session *session;
	uint32_t arg_count;
	const struct vector *const *args;       /* CONST */
	/* filled by bind */
	uint32_t column_count;
	const struct type **types;
	struct str *names;
	enum status (*open)(void *arg, const struct scan_request *r, struct scan **out, struct error *err);
	void *arg;
	/* INSERT INTO FUNCTION: NULL where the function only reads */
	enum status (*insert)(void *arg, const struct eval_session *session, struct memtrack *track,
	                      struct insert_sink **out, struct error *err);
};

struct table_function {
	const char *name;
	const char *description;
	enum status (*bind)(struct table_function_call *c, struct error *err);
};

void table_function_register(const struct table_function *f);
const struct table_function *table_function_find(struct str name); /* NULL when unknown; exact, then nocase */
uint32_t table_function_count(void);
const struct table_function *table_function_at(uint32_t i);

#endif

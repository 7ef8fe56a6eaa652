// SPDX-License-Identifier: Apache-2.0
#ifndef PLAN_BIND_CHANGE_H
#define PLAN_BIND_CHANGE_H
/*
 * UPDATE and DELETE as queries: which rows of the target are meant, what becomes of them, and what RETURNING says of
 * each. The plan's columns are the row's number (__row_id), then the new value of each column in `columns`, then
 * RETURNING's. A row may come more than once (USING, FROM): the first one counts.
 */
#include "parse/ast_change.h"
#include "plan/binder.h"

struct change_query {
	struct query_plan *plan;
	uint32_t *columns;          /* UPDATE: positions in the definition, of all columns that take values */
	uint32_t column_count;
	bool *changed;              /* UPDATE: by position in the definition, those in SET */
	uint32_t returning;         /* the first of RETURNING's columns */
};

/* `target` is what the statement's table names. */
enum status bind_delete(struct bind_config *c, struct table *target, const struct ast_delete *d,
                        struct change_query *out) MUST_CHECK;
enum status bind_update(struct bind_config *c, struct table *target, const struct ast_update *u,
                        struct change_query *out) MUST_CHECK;
/*
 * ON CONFLICT DO UPDATE over pairs of rows that `open` gives: of the target, then those that were to be inserted; both
 * with stored columns in order, then virtual ones.
 */
enum status bind_upsert(struct bind_config *c, struct table *target, const struct ast_insert *q,
                        enum status (*open)(void *, const struct scan_request *, struct scan **, struct error *),
                        void *open_arg, struct change_query *out) MUST_CHECK;
/*
 * RETURNING's items over rows of `table`; reads of `source`, which it names, take the rows of `open`: stored columns in
 * order, then virtual ones.
 */
enum status bind_over_block(struct bind_config *c, const struct ast_table *table, const struct ast_list *items,
                            const struct table_def *source,
                            enum status (*open)(void *, const struct scan_request *, struct scan **, struct error *),
                            void *open_arg, struct query_plan **out) MUST_CHECK;

#endif

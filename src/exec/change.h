// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_CHANGE_H
#define EXEC_CHANGE_H
/* UPDATE and DELETE, and what other statements that change rows share with them. */
#include "base/clock.h"
#include "exec/session_impl.h"
#include "plan/bind_change.h"

struct lock_terms;

enum status change_prepare(struct statement *st, struct error *err) MUST_CHECK;
/* The same for an UPDATE or DELETE that stands for a part of the statement: bound only; run. *def: the table's. */
enum status change_check(struct statement *st, const struct ast *ast, struct error *err) MUST_CHECK;
enum status change_run_one(struct statement *st, const struct ast *ast, const struct table_def **def,
                           struct error *err) MUST_CHECK;
enum status change_run(struct statement *st, struct error *err) MUST_CHECK;
/* Rows were changed by others since the snapshot: a new one, or the failure that REPEATABLE READ has. */
enum status change_retry(struct statement *st, struct error *err) MUST_CHECK;

/* lock_select.c: SELECT … FOR UPDATE */
enum status lock_select_run(struct statement *st, struct error *err) MUST_CHECK;
/* Result rows that are given out after the statement has run; takes the batch. */
void statement_keep(struct statement *st, struct batch *b);
void statement_drop_kept(struct statement *st);
void statement_describe_from(struct statement *st, const struct query_plan *q, uint32_t first);
/* The session's, with the statement's parameters, into plan_arena. */
void statement_bind_config(struct statement *st, struct vector *const *params, struct error *err,
                           struct bind_config *c);
/* RETURNING of INSERT: its columns; and its rows, as the statement's inserter stores blocks. */
enum status returning_describe(struct statement *st, struct table *t, struct error *err) MUST_CHECK;
enum status returning_watch(struct statement *st, struct table *t, struct error *err) MUST_CHECK;
/* upsert.c: ON CONFLICT */
enum status upsert_prepare(struct statement *st, struct table *t, struct error *err) MUST_CHECK;
enum status upsert_watch(struct statement *st, struct table *t, struct error *err) MUST_CHECK;
enum status upsert_finish(struct statement *st, struct error *err) MUST_CHECK;
void upsert_drop(struct statement *st);
struct lock_terms statement_lock_terms(struct statement *st, const struct table *t);

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef PLAN_BIND_FROM_IMPL_H
#define PLAN_BIND_FROM_IMPL_H
/* FROM: what its files share and what the clauses behind it use. */
#include "plan/binder_impl.h"

/* bind_from.c */
/* A stored column's value under the type that the dialect sees. */
enum status bind_face(struct binder *b, struct expr *column, struct expr **out) MUST_CHECK;
enum status bind_from(struct binder *b, struct scope *s, const struct ast_list *from) MUST_CHECK;
enum status bind_from_item(struct binder *b, struct scope *s, const struct ast *x) MUST_CHECK;
enum status bind_table_columns(struct binder *b, struct scope *s, struct table *t, struct str alias) MUST_CHECK;

/* A call in FROM of a view that has parameters. */
enum status bind_view_call(struct binder *b, struct scope *s, const struct ast_table *t, bool *found) MUST_CHECK;

/* bind_totals.c */
/* Totals of a join whose left side's were `left`; s->plan is the join. */
enum status bind_join_totals(struct binder *b, struct scope *s, struct plan *left, const struct plan *left_plan,
                             struct plan *right, const struct plan *right_plan) MUST_CHECK;

/* bind_sample.c */
/* SAMPLE and TABLESAMPLE of a table whose columns start at `first`; its _sample_factor. */
enum status bind_sample(struct binder *b, struct scope *s, const struct ast_table *t, struct table *table,
                        struct str alias, size_t first) MUST_CHECK;

/* bind_table_function.c */
enum status bind_table_function(struct binder *b, struct scope *s, const struct ast_table *t) MUST_CHECK;

/* bind_from.c */
enum status bind_find_table(struct binder *b, const struct name *n, int position, struct table **out) MUST_CHECK;

/* bind_records.c */
/* json_to_record() and its kin; *done false: it is none of them. */
enum status bind_record_rows(struct binder *b, struct scope *s, const struct ast_table *t, bool *done) MUST_CHECK;

/* bind_join.c */
enum status bind_join(struct binder *b, struct scope *s, const struct ast_join *j) MUST_CHECK;
/* Columns [from, to) of a side that may be missing become Nullable, where missing means NULL. */
enum status bind_make_nullable(struct binder *b, struct scope *s, size_t from, size_t to) MUST_CHECK;
enum status bind_array_join(struct binder *b, struct scope *s, const struct ast_array_join *j) MUST_CHECK;
/* Adds the columns of `right`, whose plan's stand behind left_columns others. */
void bind_append_scope(struct binder *b, struct scope *s, const struct scope *right, uint32_t left_columns);
/* FROM a, b: b may be LATERAL. */
enum status bind_comma(struct binder *b, struct scope *s, const struct ast *right) MUST_CHECK;
/* Splits a AND b AND … into conjuncts. */
void bind_conjuncts(struct binder *b, struct expr *x, struct expr ***out, size_t *count, size_t *capacity);

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef PLAN_REWRITE_IMPL_H
#define PLAN_REWRITE_IMPL_H
/* The passes over a bound plan. Each takes a tree and gives one with the same output columns in the same order. */
#include "plan/binder_impl.h"

/* rewrite.c */
enum status plan_rewrite(struct binder *b, struct query_plan *q) MUST_CHECK;

/* rewrite_scan.c: what of the columns below a limited sort is read when; p: a projection or aggregation over a scan. */
void rewrite_bound(const struct binder *b, struct plan *sort);
/* *out: the sort, which may be another one now, below what is put in its place. */
enum status rewrite_fetch(struct binder *b, struct plan **sort, struct plan **out) MUST_CHECK;
enum status rewrite_lengths(struct binder *b, struct plan *p) MUST_CHECK;

/* decorrelate.c: correlated subqueries as joins, before filters move. */
enum status rewrite_correlated(struct binder *b, struct plan **p) MUST_CHECK;

/* rewrite_aggregate.c: an aggregation as a leaner one with a projection above, where there is one. */
enum status rewrite_aggregate(struct binder *b, struct plan **p) MUST_CHECK;

/* join_order.c: which of neighbouring inner joins comes first, once filters are where they belong. */
enum status rewrite_join_order(struct binder *b, struct plan **p) MUST_CHECK;

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_AGG_SUM_IMPL_H
#define FUNC_AGG_SUM_IMPL_H
/* What sum, avg and the aggregates over numeric share. */
#include "column/numeric.h"
#include "func/aggregate_impl.h"

enum status agg_bind_sum(struct bind_env *env, struct aggregator *a) MUST_CHECK;
enum status agg_bind_sum_pg(struct bind_env *env, struct aggregator *a) MUST_CHECK;
enum status agg_bind_avg(struct bind_env *env, struct aggregator *a) MUST_CHECK;
enum status agg_bind_avg_pg(struct bind_env *env, struct aggregator *a) MUST_CHECK;
/* sum (avg) over values of type Numeric and PgInterval. */
enum status agg_set_numeric(struct aggregator *a, bool average);
enum status agg_set_interval(struct aggregator *a, bool average);
/* Appends a number to a builder of type Numeric. */
enum status agg_append_numeric(struct eval *e, struct builder *to, const struct numeric *n) MUST_CHECK;
enum status agg_append_decimal(struct eval *e, struct builder *to, i256 v, unsigned scale) MUST_CHECK;
/* v / 10^scale / count with PostgreSQL's display scale. */
enum status agg_append_quotient(struct eval *e, struct builder *to, i256 v, unsigned scale, uint64_t count) MUST_CHECK;

#endif

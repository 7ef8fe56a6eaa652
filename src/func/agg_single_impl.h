// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_AGG_SINGLE_IMPL_H
#define FUNC_AGG_SINGLE_IMPL_H
/* Bind functions of the aggregates that keep one value. */
#include "func/aggregate_impl.h"

enum status agg_bind_min(struct bind_env *env, struct aggregator *a) MUST_CHECK;
enum status agg_bind_max(struct bind_env *env, struct aggregator *a) MUST_CHECK;
enum status agg_bind_argmin(struct bind_env *env, struct aggregator *a) MUST_CHECK;
enum status agg_bind_argmax(struct bind_env *env, struct aggregator *a) MUST_CHECK;

#endif

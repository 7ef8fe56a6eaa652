// SPDX-License-Identifier: Apache-2.0
#ifndef PLAN_ESTIMATE_H
#define PLAN_ESTIMATE_H
/* How many rows plans give, at a guess: tables' row counts, and shares that conditions of a kind usually let pass. */
#include "plan/binder_impl.h"

double estimate_rows(struct binder *b, const struct plan *p);
/* As if it had no conditions: what bounds the number of different values of its columns. */
double estimate_base(struct binder *b, const struct plan *p);
/* The share of rows for which a condition holds. */
double estimate_share(const struct expr *x);

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef PLAN_SUBQUERY_H
#define PLAN_SUBQUERY_H
/*
 * The one call upward of plan/: correlated subqueries run in exec/, which sets this before the first query is bound.
 * The call's state is a struct plan_subquery; its arguments are the outer values (after the value looked for,
 * CONTAINS).
 */
#include "plan/plan.h"

extern function_exec_fn plan_subquery_exec;

#endif

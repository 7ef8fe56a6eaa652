// SPDX-License-Identifier: Apache-2.0
#ifndef PLAN_PULL_UP_H
#define PLAN_PULL_UP_H
/*
 * Pulling up: a plan that reads an outer row's values from slots becomes one that does not, and conditions over its
 * rows and those slots. A row of the old plan for given values is a row of the new one for which the conditions hold.
 */
#include "plan/binder_impl.h"

struct pull {
	struct binder *b;
	const uint32_t *slots;      /* of the outer values */
	uint32_t slot_count;
	struct expr **conditions;   /* over the new plan's columns, and the slots */
	size_t count, capacity;
	/* an aggregation without keys stood there: the old plan had one row for values for which the new one has none */
	bool lost_row;
	bool one_row;               /* for given values there is at most one row */
};

/* The old columns are at map[] in the new plan. *p is changed in place, and void where this fails. */
bool pull_up(struct pull *u, struct plan **p, uint32_t *map);
/* Whether x reads an outer value, also of subqueries within it. */
bool pull_reads(const struct pull *u, const struct expr *x);
/* x = y, where x is over columns alone and y over slots alone. */
bool pull_equality(const struct pull *u, const struct expr *condition, struct expr **x, struct expr **y);
/* x with another list of arguments. */
struct expr *pull_rebuilt(struct binder *b, const struct expr *x, struct expr **args);

#endif

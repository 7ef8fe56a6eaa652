// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_OP_TOP_H
#define EXEC_OP_TOP_H
/*
 * Top: which rows may be among the first `limit` of an order, told by the order's first column alone, so that the rest
 * of a row need not be made when it cannot. Each worker has a bound of its own: the limit-th best value it has seen.
 * Rows that tie with the bound stay where more columns may order them; what follows sorts them all.
 */
#include "base/arena.h"
#include "exec/op_sort_key.h"

struct top {
	struct sort_order order;   /* of one column */
	uint32_t limit;            /* 0: everything stays */
	bool drops_ties;           /* nothing else orders the rows: of those that tie with the bound any will do */
};

/* One worker's. */
struct top_worker {
	uint64_t *keys;            /* room for top_room() of them */
	uint32_t count;
	uint64_t bound;            /* the greatest key that may be needed */
	bool bounded;              /* as many rows up to it were put out as are needed */
};

enum { TOP_LIMIT_MAX = 65536 };

void top_init(struct top *t, struct arena *a, const struct plan_order *order, uint64_t limit, bool alone,
              bool pg);
void top_worker_init(struct top_worker *w, const struct top *t, struct arena *a);
/* Of rows 0 to count of a FLAT column, those that may be needed, ascending, to picks; returns how many. `items` has
 * room for count. */
uint32_t top_pick(const struct top *t, struct top_worker *w, struct vector *column, uint32_t count,
                  struct sort_item *items, uint32_t *picks);

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_OP_SORT_KEY_H
#define EXEC_OP_SORT_KEY_H
/*
 * Sort keys: an order of several columns as one 128-bit number per row, most significant column first, so that most
 * comparisons are one of integers. Fixed-width columns go in whole, with a bit for NULL; of a string the first bytes.
 * What does not fit is compared in the columns (sort_order_compare) where the numbers are equal.
 */
#include "plan/plan.h"

struct sort_order {
	uint32_t count;
	const struct type **types;
	bool *descending, *nulls_first;
	bool pg;             /* NaN is the greatest number; else it stands by the NULLs */
	uint32_t exact;      /* columns that the number holds whole; beyond them it may hold a prefix */
	unsigned bits;       /* used */
};

struct sort_item {
	uint64_t high, low;
	uint32_t row;
};

void sort_order_init(struct sort_order *o, struct arena *a, const struct plan_order *order, uint32_t n, bool pg);
/* Whether items that compare equal are equal rows. */
static inline bool sort_order_is_exact(const struct sort_order *o)
{
	return o->exact == o->count;
}
/* Fills items[0..count) from rows 0 to count of the FLAT columns; .row is base + i. */
void sort_order_keys(const struct sort_order *o, struct vector *const *columns, uint32_t count, uint32_t base,
                     struct sort_item *items);
/* Order of two rows by the columns from `from` on. */
int sort_order_compare(const struct sort_order *o, uint32_t from, struct vector *const *x, uint32_t i,
                       struct vector *const *y, uint32_t j);
/* Sorts; ties by row. tmp has room for as many. */
void sort_order_sort(const struct sort_order *o, struct vector *const *columns, struct sort_item *items, uint32_t count,
                     struct sort_item *tmp);
/* Merges two sorted runs into out. */
void sort_order_merge(const struct sort_order *o, struct vector *const *columns, const struct sort_item *a, uint32_t n,
                      const struct sort_item *b, uint32_t m, struct sort_item *out);

#endif

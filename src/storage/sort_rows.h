// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_SORT_ROWS_H
#define STORAGE_SORT_ROWS_H
/*
 * Sorting of a block by its key columns: a stable permutation, by ClickHouse's order (NULLs last, NaN last, -0.0 equal
 * to 0.0, strings as bytes).
 *
 * Every key column is turned into 64-bit normalised keys (a prefix, for strings and wide integers) that radix sort puts
 * in order; where keys are equal the remaining bytes, then the next column decide. A block that is in order already
 * costs one pass.
 */
#include "column/vector.h"

/*
 * perm[0..n) are row numbers and get reordered. keys: key_count columns of any form. *sorted tells that nothing moved.
 */
enum status sort_rows(const struct vector *const *keys, uint32_t key_count, uint32_t *perm, uint32_t n,
                      struct memtrack *track, bool *sorted, struct error *err) MUST_CHECK;
/* <0, 0, >0 of row i of a against row j of b, key by key. */
int compare_key_rows(const struct vector *const *a, uint32_t i, const struct vector *const *b, uint32_t j,
                     uint32_t key_count);
/* One value against another of the same type, in that order. */
int compare_values(const struct vector *a, uint32_t i, const struct vector *b, uint32_t j);

#endif

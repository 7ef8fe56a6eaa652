// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_SELECT_ROWS_H
#define FUNC_SELECT_ROWS_H
/*
 * Merging several vectors into one: row i of the result is row i of the branch that from[i] names. What if, multiIf,
 * coalesce, greatest, transform are made of.
 */
#include "func/function.h"

enum { BRANCH_NULL = UINT32_MAX }; /* in from[]: the row is NULL */

/* branches are FLAT or CONST, of type `type` but for Nullable; entries may be NULL where no row names them. */
enum status select_rows(struct eval *e, const struct type *type, const struct vector *const *branches, uint32_t n,
                        const uint32_t *from, uint32_t count, struct vector **out) MUST_CHECK;
/* The same for two by a byte map: a where mask[i], else b. */
enum status select_by_mask(struct eval *e, const struct type *type, const uint8_t *mask, const struct vector *a,
                           const struct vector *b, uint32_t count, struct vector **out) MUST_CHECK;

#endif

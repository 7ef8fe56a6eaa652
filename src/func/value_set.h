// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_VALUE_SET_H
#define FUNC_VALUE_SET_H
/*
 * Value set: the distinct rows of a vector, to look others up in. What IN is made of. Read-only once built; any number
 * of threads may look up. NULL rows are not members; the set only remembers that there were some. Tuples with a NULL
 * element are not members either.
 */
#include "column/vector.h"

struct value_set;

/* Takes a reference to `values`. Memory beside that is charged to track. */
enum status value_set_new(const struct vector *values, struct memtrack *track, struct value_set **out,
                          struct error *err) MUST_CHECK;
void value_set_free(struct value_set *s); /* NULL is allowed */
bool value_set_has_null(const struct value_set *s);
uint32_t value_set_count(const struct value_set *s); /* members, duplicates once */
/*
 * found[i] = 1 where row i of v (FLAT, or CONST and n is 1) is a member. v has the set's physical type. Rows that are
 * NULL give any value.
 */
enum status value_set_find(const struct value_set *s, const struct vector *v, uint32_t n, uint8_t *found,
                           struct memtrack *track, struct error *err) MUST_CHECK;

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef COLUMN_VARIANT_H
#define COLUMN_VARIANT_H
/*
 * Variant(T1, …, Tn): a value of one of several types, or NULL.
 *
 * As a type it has n + 1 children: UInt8, the code, and the members, ascending by name. As a vector it is a tuple of
 * them: the code is 0 for NULL and k for a value of member k, whose column children[k] holds it; the other members hold
 * their defaults in that row. So rows are copied, sliced and compared (by member, then by value) as tuples are. A
 * Variant is always nullable, and its bitmap has a bit where the code is 0; members are not. In parts and Native a
 * member is dense, its rows alone, and the code is k - 1, or 255 for NULL.
 */
#include "column/builder.h"

enum { VARIANT_MEMBERS_MAX = 254, VARIANT_NULL_CODE = 255 };

/* Of members in any order; Variants among them give theirs, equal ones count once, Nullable is dropped. */
const struct type *type_variant(struct arena *a, const struct type *const *members, uint32_t n);
/* The code of the member that is that type, whatever its faces; 0: there is none. */
uint32_t variant_code(const struct type *variant, const struct type *member);
/*
 * As type_common(); where there is no such type, or one of them is a Variant, the Variant of all of them: what
 * ClickHouse gives branches and operands of UNION.
 */
enum status type_common_or_variant(struct arena *a, const struct type *const *types, uint32_t n,
                                   const struct type **out, struct error *err) MUST_CHECK;

/* The codes of a FLAT vector's rows, as bytes of a FLAT UInt8 vector; a reference. */
enum status variant_codes(struct memtrack *track, const struct vector *v, struct vector **out,
                          struct error *err) MUST_CHECK;
/* The rows of a FLAT vector that have this code, dense. */
enum status variant_member(struct memtrack *track, const struct vector *v, uint32_t code, struct vector **out,
                           struct error *err) MUST_CHECK;
/* Appends a row: row `row` of `member`, which is of the member type with this code. */
enum status variant_append(struct builder *b, uint32_t code, const struct vector *member, uint32_t row,
                           struct error *err) MUST_CHECK;
/* Appends n rows of codes 0 to n; dense[code - 1] holds the rows of each member in order. */
enum status variant_scatter(struct builder *b, const uint8_t *codes, uint32_t n, struct vector *const *dense,
                            struct error *err) MUST_CHECK;
/*
 * Ends a row of which one member's value has been appended already, as value_parse() does when it tries one after the
 * other; code 0: none.
 */
enum status variant_end(struct builder *b, uint32_t code, struct error *err) MUST_CHECK;
/* Members in the order in which a text is tried: numbers, times, addresses, containers, and strings last. Codes. */
void variant_parse_order(const struct type *t, uint8_t *codes);

#endif

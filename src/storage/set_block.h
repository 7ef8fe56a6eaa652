// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_SET_BLOCK_H
#define STORAGE_SET_BLOCK_H
/*
 * The values of one expression in a granule of a set index, one behind the other in a single stream, as ClickHouse
 * writes them:
 *
 *     Nullable         a byte a row, then the values, zero where NULL
 *     Array, Map       u64 ends of the rows, then the elements
 *     Tuple            the elements' columns
 *     LowCardinality   u64 version 1 (in front of the whole column); u64 flags, u64 count and keys, u64 rows, indexes
 *
 * Strings have a varuint length in front.
 */
#include "column/builder.h"
#include "txn/cursor.h"

/* Rows of v, of any form, as values of its type. */
enum status set_block_write(struct strbuf *to, const struct vector *v, const struct type *type, struct error *err)
	MUST_CHECK;
/*
 * The next `rows` values of a type; *out NULL where the type is composite: its values are only passed over. `a` keeps
 * the vector's type.
 */
enum status set_block_read(struct cursor *from, const struct type *type, uint32_t rows, struct arena *a,
                           struct vector **out, struct error *err) MUST_CHECK;

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_VALUE_BINARY_H
#define STORAGE_VALUE_BINARY_H
/*
 * Single values in ClickHouse's binary form, as they stand in primary.idx, partition.dat, minmax_*.idx and skip
 * indexes: fixed width as in memory, strings with a varuint length, Nullable with a byte (1: NULL) in front.
 */
#include "column/builder.h"
#include "txn/cursor.h"

void value_binary_write(struct strbuf *to, const struct vector *v, uint32_t row);
/* E_CORRUPTED_DATA where the bytes end. */
enum status value_binary_read(struct cursor *from, struct builder *to, struct error *err) MUST_CHECK;
/* Without the byte of a Nullable: a value that is none. */
enum status value_binary_read_plain(struct cursor *from, struct builder *to, struct error *err) MUST_CHECK;

#endif

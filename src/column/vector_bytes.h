// SPDX-License-Identifier: Apache-2.0
#ifndef COLUMN_VECTOR_BYTES_H
#define COLUMN_VECTOR_BYTES_H
/*
 * Vector bytes: a column as one run of bytes and back, for temporary files of this process. No other process reads
 * them, so there is no version and numbers stand as they do in memory.
 *
 *     any      u8 whether rows are NULL; then bits_words(count) words of bits
 *     fixed    count values               string   count u32 sizes, the texts one after the other
 *     array    count + 1 u32 offsets from 0, the children's columns         tuple   the elements' columns
 *
 * The count is not among them: who reads knows it.
 */
#include "base/strbuf.h"
#include "column/vector.h"

/* Appends the rows of a vector of any form. Memory that it takes meanwhile is charged to `track`, which may be NULL. */
enum status vector_bytes_put(struct strbuf *to, const struct vector *v, struct memtrack *track,
                             struct error *err) MUST_CHECK;

/* Bytes being read. Strings point into `owner`, which the vectors keep alive. */
struct vector_bytes {
	const uint8_t *at, *end;
	struct buffer *owner;
	struct memtrack *track;
};

/* The next column, FLAT; E_CORRUPTED_DATA where the bytes do not hold it. */
enum status vector_bytes_get(struct vector_bytes *from, const struct type *type, uint32_t count, struct vector **out,
                             struct error *err) MUST_CHECK;
/* The next `size` bytes, or NULL where there are fewer. */
const uint8_t *vector_bytes_take(struct vector_bytes *from, size_t size);

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H
/*
 * Buffer: reference-counted bytes of the data plane, and buffer_view, a borrowed range of one.
 *
 * A buffer's data is 64-byte aligned and followed by BUFFER_PAD readable bytes, so that vector loops may read past the
 * end. It is written by its only holder and immutable once shared. Its bytes stay charged to the tracker it was made
 * under until the last reference goes. References may be taken and dropped by any thread.
 */
#include <stdatomic.h>
#include <stdint.h>
#include "base/memtrack.h"

enum { BUFFER_ALIGN = 64, BUFFER_PAD = 64 };

struct buffer {
	uint8_t *data;
	size_t size;                 /* bytes usable, without the pad */
	_Atomic uint32_t references;
	struct memtrack *track;      /* may be NULL; outlives the buffer */
	void (*release)(struct buffer *b); /* for foreign memory: called instead of freeing */
	void *owner;                 /* of foreign memory */
};

struct buffer_view {
	const uint8_t *data;
	size_t size;
};

/* A buffer of `size` bytes, not initialised, with one reference. */
enum status buffer_new(struct memtrack *track, size_t size, struct buffer **out, struct error *err) MUST_CHECK;
/* Takes a reference and returns b; NULL passes through. */
struct buffer *buffer_ref(struct buffer *b);
/* Drops a reference; NULL is allowed. */
void buffer_unref(struct buffer *b);
/* Grows to at least `size` bytes, keeping the first `keep`; the caller is the only holder; *b may move. */
enum status buffer_reserve(struct buffer **b, struct memtrack *track, size_t size, size_t keep, struct error *err)
	MUST_CHECK;

static inline bool buffer_is_shared(const struct buffer *b)
{
	return atomic_load_explicit(&b->references, memory_order_acquire) > 1;
}

#endif

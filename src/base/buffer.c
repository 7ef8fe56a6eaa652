// SPDX-License-Identifier: Apache-2.0
#include "base/buffer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"

enum status buffer_new(struct memtrack *track, size_t size, struct buffer **out, struct error *err)
{
	if (size > SIZE_MAX / 2)
		return ERR(err, E_MEMORY_LIMIT, "buffer of %zu bytes is too large", size);
	/* one allocation: the header takes the first aligned slot, the data follows */
	static_assert(sizeof(struct buffer) <= BUFFER_ALIGN, "the header fits in one slot");
	size_t total = BUFFER_ALIGN + ((size + BUFFER_PAD + BUFFER_ALIGN - 1) & ~(size_t)(BUFFER_ALIGN - 1));
	TRY(memtrack_charge(track, (int64_t)total, err));
	/* small and charged to nobody: constants of a plan, which count on it as on an arena */
	bool control = track == NULL && size <= 256;
	uint8_t *p = !control && FAULT_HIT(alloc) ? NULL : aligned_alloc(BUFFER_ALIGN, total);
	if (p == NULL) {
		memtrack_release(track, (int64_t)total);
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate %zu bytes", total);
	}
	struct buffer *b = (struct buffer *)p;
	b->data = p + BUFFER_ALIGN;
	b->size = total - BUFFER_ALIGN - BUFFER_PAD;
	atomic_init(&b->references, 1);
	b->track = track;
	b->release = NULL;
	b->owner = NULL;
	memset(b->data + b->size, 0, BUFFER_PAD);
	*out = b;
	return OK;
}

struct buffer *buffer_ref(struct buffer *b)
{
	if (b != NULL)
		atomic_fetch_add_explicit(&b->references, 1, memory_order_relaxed);
	return b;
}

void buffer_unref(struct buffer *b)
{
	if (b == NULL || atomic_fetch_sub_explicit(&b->references, 1, memory_order_acq_rel) != 1)
		return;
	if (b->release != NULL) {
		b->release(b);
		return;
	}
	memtrack_release(b->track, (int64_t)(b->size + BUFFER_ALIGN + BUFFER_PAD));
	free(b);
}

enum status buffer_reserve(struct buffer **b, struct memtrack *track, size_t size, size_t keep, struct error *err)
{
	if (*b != NULL && (*b)->size >= size)
		return OK;
	size_t grown = *b == NULL ? 0 : (*b)->size * 2;
	struct buffer *fresh;
	TRY(buffer_new(track, size > grown ? size : grown, &fresh, err));
	if (keep != 0)
		memcpy(fresh->data, (*b)->data, keep);
	buffer_unref(*b);
	*b = fresh;
	return OK;
}

// SPDX-License-Identifier: Apache-2.0
#include "io/stream_hash.h"

#include "base/hash_seeded.h"

#include <string.h>

void stream_hash_init(struct stream_hash *h)
{
	h->state = (struct hash128){0, 0};
	h->fill = 0;
}

void stream_hash_update(struct stream_hash *h, const void *data, size_t size)
{
	const uint8_t *p = data;
	while (size > 0) {
		if (h->fill == 0 && size >= STREAM_HASH_BLOCK) { /* where it lies */
			h->state = cityhash128_seeded(p, STREAM_HASH_BLOCK, h->state);
			p += STREAM_HASH_BLOCK;
			size -= STREAM_HASH_BLOCK;
			continue;
		}
		size_t n = STREAM_HASH_BLOCK - h->fill;
		n = n < size ? n : size;
		memcpy(h->pending + h->fill, p, n);
		h->fill += n;
		p += n;
		size -= n;
		if (h->fill == STREAM_HASH_BLOCK) {
			h->state = cityhash128_seeded(h->pending, STREAM_HASH_BLOCK, h->state);
			h->fill = 0;
		}
	}
}

struct hash128 stream_hash_value(const struct stream_hash *h)
{
	return h->fill == 0 ? h->state : cityhash128_seeded(h->pending, h->fill, h->state);
}

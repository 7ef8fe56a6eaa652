// SPDX-License-Identifier: Apache-2.0
#include "io/stream_hash.h"

#include <string.h>

/* CityHash128 of 16 bytes and more takes its seed from the first 16 (the low half mixed with this prime) and hashes the
 * rest with it; so a seeded hash is that of the seed's bytes followed by the data. */
static const uint64_t city_k3 = 0xc949d7c7509e6557u;

static struct hash128 hash_block(uint8_t *block, size_t size, struct hash128 seed)
{
	uint64_t low = seed.low ^ city_k3;
	memcpy(block, &low, 8);
	memcpy(block + 8, &seed.high, 8);
	return cityhash128(block, 16 + size);
}

void stream_hash_init(struct stream_hash *h)
{
	h->state = (struct hash128){0, 0};
	h->fill = 0;
}

void stream_hash_update(struct stream_hash *h, const void *data, size_t size)
{
	const uint8_t *p = data;
	while (size > 0) {
		size_t n = STREAM_HASH_BLOCK - h->fill;
		n = n < size ? n : size;
		memcpy(h->pending + 16 + h->fill, p, n);
		h->fill += n;
		p += n;
		size -= n;
		if (h->fill == STREAM_HASH_BLOCK) {
			h->state = hash_block(h->pending, STREAM_HASH_BLOCK, h->state);
			h->fill = 0;
		}
	}
}

struct hash128 stream_hash_value(const struct stream_hash *h)
{
	if (h->fill == 0)
		return h->state;
	uint8_t last[sizeof h->pending];
	memcpy(last + 16, h->pending + 16, h->fill);
	return hash_block(last, h->fill, h->state);
}

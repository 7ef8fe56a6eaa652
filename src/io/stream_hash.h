// SPDX-License-Identifier: Apache-2.0
#ifndef IO_STREAM_HASH_H
#define IO_STREAM_HASH_H
/*
 * Stream hash: the running hash of a file's bytes that ClickHouse keeps in checksums.txt.
 *
 * Version 1. The stream is cut into blocks of 2048 bytes; state = CityHash128(block, seeded with state), from (0, 0);
 * a last block may be shorter. How the bytes were split into updates does not matter.
 */
#include "base/hash.h"

enum { STREAM_HASH_BLOCK = 2048 };

struct stream_hash {
	struct hash128 state;
	size_t fill;                     /* of pending */
	uint8_t pending[STREAM_HASH_BLOCK];
};

void stream_hash_init(struct stream_hash *h);
void stream_hash_update(struct stream_hash *h, const void *data, size_t size);
/* The hash of everything so far; updates may go on. */
struct hash128 stream_hash_value(const struct stream_hash *h);

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef IO_CACHE_H
#define IO_CACHE_H
/*
 * Block cache: decompressed blocks of hot columns, shared by reference with running queries.
 *
 * A key is (file id, offset of the frame in the file); a file id is never used twice, so entries of a removed file can
 * do no harm and only wait for their eviction. Eviction is S3-FIFO (Yang et al., 2023): a small queue for newcomers, a
 * main queue for what was asked for again, a ghost of remembered keys. Striped: one mutex guards one shard.
 *
 * Blocks are allocated by the reader under cache_track(), a child of the server's tracker, so what is cached is charged
 * there once. A block that was evicted while a query holds it stays charged until that query lets it go; stats show it.
 */
#include <stdbool.h>
#include <stdint.h>
#include "base/buffer.h"

/* A decoded frame. Whoever holds one owns a reference to its buffer. */
struct frame_block {
	struct buffer *buffer; /* NULL: none */
	size_t size;           /* decoded bytes; the buffer may be larger */
	uint64_t offset;       /* of the frame in its file */
	size_t frame_size;     /* checksum and header included: the next frame starts at offset + frame_size */
};

struct cache_stats {
	uint64_t hits, misses, inserts, evictions;
	uint64_t blocks, bytes;      /* in the cache now */
	uint64_t capacity_bytes;
	uint64_t held_bytes;         /* evicted, and still held by someone */
};

struct cache;

enum status cache_new(struct cache **out, uint64_t capacity_bytes, struct memtrack *parent,
                      struct error *err) MUST_CHECK;
/* Nobody uses it any more; blocks that are still held must be released before the parent tracker goes. */
void cache_free(struct cache *c);
/* Where blocks for this cache are charged. */
struct memtrack *cache_track(struct cache *c);

/* True: *out holds a reference of the caller's. */
bool cache_get(struct cache *c, uint64_t file, uint64_t offset, struct frame_block *out);
/* Keeps a reference of its own. Where the key is there already, or the block is larger than a quarter of a shard, it
 * does nothing. */
void cache_put(struct cache *c, uint64_t file, const struct frame_block *block);
/* Forgets all blocks of a file that is gone; walks the whole cache, so not for hot paths. */
void cache_forget(struct cache *c, uint64_t file);
/* Gives way: evicts at least `bytes`, or all there is; returns what it evicted. */
uint64_t cache_shrink(struct cache *c, uint64_t bytes);
/* 0 turns it off. */
void cache_set_capacity(struct cache *c, uint64_t capacity_bytes);
void cache_clear(struct cache *c);
void cache_stats(struct cache *c, struct cache_stats *out);

#endif

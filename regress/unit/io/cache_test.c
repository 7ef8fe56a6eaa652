// SPDX-License-Identifier: Apache-2.0
/* The block cache: keeps its capacity, survives a scan, gives way, and returns its memory. */
#include <pthread.h>

#include "io/cache.h"
#include "regress/unit/tap.h"

enum { BLOCK = 16 * 1024 - 1024 };

static bool put(struct cache *c, uint64_t file, uint64_t offset)
{
	struct frame_block b = {.size = BLOCK, .offset = offset, .frame_size = 100};
	if (buffer_new(cache_track(c), BLOCK, &b.buffer, NULL) != OK)
		return false;
	memcpy(b.buffer->data, &offset, sizeof offset);
	cache_put(c, file, &b);
	buffer_unref(b.buffer);
	return true;
}

static bool get(struct cache *c, uint64_t file, uint64_t offset)
{
	struct frame_block b;
	if (!cache_get(c, file, offset, &b))
		return false;
	bool good = memcmp(b.buffer->data, &offset, sizeof offset) == 0 && b.offset == offset && b.frame_size == 100;
	buffer_unref(b.buffer);
	return good;
}

static void test_scan(void)
{
	struct memtrack track;
	struct cache *c;
	struct cache_stats stats;
	memtrack_init(&track, NULL, "test", 0);
	ok(cache_new(&c, 4 << 20, &track, NULL) == OK, "a cache of 4 MiB");
	int hot = 0;
	/* a working set of half the cache, used again and again, and a scan of ten times the cache beside it */
	for (uint64_t i = 0; i < 128; i++)
		put(c, 1, i * 1000);
	for (int round = 0; round < 4; round++)
		for (uint64_t i = 0; i < 128; i++)
			get(c, 1, i * 1000);
	for (uint64_t i = 0; i < 2560; i++)
		if (!get(c, 2, i * 1000))
			put(c, 2, i * 1000);
	for (uint64_t i = 0; i < 128; i++)
		hot += get(c, 1, i * 1000);
	is_int(hot, 128, "a scan does not wash out what is used");
	cache_stats(c, &stats);
	ok(stats.bytes <= stats.capacity_bytes && stats.bytes > stats.capacity_bytes * 9 / 10, "it is full, not more");
	ok(memtrack_used(&track) <= 4 << 20, "so says the tracker");
	struct frame_block held;
	ok(cache_get(c, 1, 0, &held), "a held block");
	uint64_t gone = cache_shrink(c, 1 << 20);
	ok(gone >= 1 << 20 && gone < (1 << 20) + 65536, "it gives way");
	cache_forget(c, 1);
	ok(!get(c, 1, 127000), "a file is forgotten");
	cache_stats(c, &stats);
	ok(stats.held_bytes > BLOCK && stats.held_bytes < BLOCK + 4096, "what is evicted and held is told");
	ok(memcmp(held.buffer->data, "\0\0\0\0", 4) == 0, "and still readable");
	buffer_unref(held.buffer);
	cache_set_capacity(c, 0);
	put(c, 3, 0);
	ok(!get(c, 3, 0), "off");
	cache_set_capacity(c, 4 << 20);
	put(c, 3, 0);
	put(c, 3, 0);
	ok(get(c, 3, 0), "on again");
	is_int(memtrack_used(&track) > 0, 1, "something is charged");
	cache_free(c);
	is_int(memtrack_used(&track), 0, "and returned");
}

static void test_ghost(void)
{
	struct memtrack track;
	struct cache *c;
	memtrack_init(&track, NULL, "test", 0);
	if (!ok(cache_new(&c, 1 << 20, &track, NULL) == OK, "a cache of 64 blocks"))
		return;
	for (uint64_t i = 0; i < 80; i++)
		put(c, 1, i);
	ok(!get(c, 1, 0), "the first newcomer is gone");
	put(c, 1, 0);
	for (uint64_t i = 1000; i < 1200; i++)
		put(c, 1, i);
	ok(get(c, 1, 0), "but is remembered: its second stay is in the main queue");
	cache_free(c);
}

static void *hammer(void *arg)
{
	struct cache *c = arg;
	uint64_t x = (uint64_t)(uintptr_t)&c;
	for (int i = 0; i < 20000; i++) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		uint64_t offset = x >> 33 & 1023;
		if (!get(c, 7, offset))
			put(c, 7, offset);
		if (i % 5000 == 0)
			cache_shrink(c, 100000);
	}
	return NULL;
}

static void test_threads(void)
{
	struct memtrack track;
	struct cache *c;
	pthread_t t[4];
	struct cache_stats stats;
	memtrack_init(&track, NULL, "test", 0);
	if (!ok(cache_new(&c, 64 << 20, &track, NULL) == OK, "a cache of several shards"))
		return;
	cache_set_capacity(c, 8 << 20);
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, hammer, c);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	cache_stats(c, &stats);
	ok(stats.hits + stats.misses == 80000 && stats.bytes <= 8 << 20 && stats.held_bytes == 0, "four threads agree");
	cache_free(c);
	is_int(memtrack_used(&track), 0, "all returned");
}

int main(void)
{
	test_scan();
	test_ghost();
	test_threads();
	return tap_done();
}

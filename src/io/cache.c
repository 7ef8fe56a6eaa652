// SPDX-License-Identifier: Apache-2.0
/*
 * S3-FIFO (Yang, Zhang, Qiu, Yue, Vinayak: "FIFO queues are all you need for cache eviction", 2023) per shard.
 *
 * A newcomer enters the small queue, a tenth of the shard; what was asked for more than once there moves on to the main
 * queue, the rest leaves and is remembered in the ghost; what comes back while it is remembered enters the main
 * queue at once. The main queue gives what was asked for another round per ask, three at most. So a scan that
 * touches everything once washes through a tenth of the cache and leaves the rest alone.
 */
#include "io/cache.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum {
	SHARDS_MAX = 64,
	ASKED_MAX = 3,
	GHOST_SLOTS = 4096,          /* of a shard; a power of two */
	BUCKETS_MIN = 256,
	SHARD_BYTES = 16 << 20,      /* a shard is not made smaller than this */
};

enum queue_name { SMALL, MAIN };

struct entry {
	struct entry *bucket_next;
	struct entry *older, *newer; /* in its queue */
	uint64_t file;
	struct frame_block block;
	size_t charge;               /* bytes that count against the capacity */
	uint8_t asked;
	uint8_t queue;
};

struct queue {
	struct entry *oldest, *newest;
	uint64_t bytes;
};

/* A remembered key: it counts for as many ghost entries as the shard has blocks. */
struct ghost_slot {
	uint32_t mark, clock;
};

struct shard {
	pthread_mutex_t mutex;       /* guards everything here */
	struct queue queues[2];
	struct entry **buckets;
	size_t bucket_count, entries;
	struct ghost_slot *ghosts;
	uint32_t ghost_clock;
	uint64_t capacity, bytes;
	uint64_t hits, misses, inserts, evictions;
} __attribute__((aligned(64)));

struct cache {
	struct memtrack track;
	unsigned shard_count;        /* a power of two */
	_Atomic unsigned next_victim; /* shard that cache_shrink begins with */
	struct shard shards[];
};

static uint64_t key_hash(uint64_t file, uint64_t offset)
{
	return hash_combine(file, offset);
}

/* The table inside a shard uses the low bits, the choice of shard the high ones. */
static struct shard *shard_of(struct cache *c, uint64_t hash)
{
	return &c->shards[(hash >> 48) & (c->shard_count - 1)];
}

static enum status shard_init(struct shard *s, struct error *err)
{
	pthread_mutex_init(&s->mutex, NULL);
	s->bucket_count = BUCKETS_MIN;
	s->buckets = calloc(s->bucket_count, sizeof(struct entry *));
	s->ghosts = calloc(GHOST_SLOTS, sizeof(struct ghost_slot));
	s->ghost_clock = UINT32_MAX / 2; /* empty slots are far in the past */
	if (s->buckets == NULL || s->ghosts == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate the block cache");
	return OK;
}

enum status cache_new(struct cache **out, uint64_t capacity_bytes, struct memtrack *parent, struct error *err)
{
	unsigned shards = 1;
	while (shards < SHARDS_MAX && capacity_bytes / (shards * 2) >= SHARD_BYTES)
		shards *= 2;
	*out = NULL;
	size_t bytes = (sizeof(struct cache) + shards * sizeof(struct shard) + 63) & ~(size_t)63;
	struct cache *c = aligned_alloc(64, bytes);
	if (c == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate the block cache");
	memset(c, 0, bytes);
	memtrack_init(&c->track, parent, "block cache", 0);
	c->shard_count = shards;
	for (unsigned i = 0; i < shards; i++) {
		enum status s = shard_init(&c->shards[i], err);
		if (s != OK) {
			c->shard_count = i + 1;
			cache_free(c);
			return s;
		}
	}
	cache_set_capacity(c, capacity_bytes);
	*out = c;
	return OK;
}

void cache_free(struct cache *c)
{
	if (c == NULL)
		return;
	cache_clear(c);
	for (unsigned i = 0; i < c->shard_count; i++) {
		free(c->shards[i].buckets);
		free(c->shards[i].ghosts);
		pthread_mutex_destroy(&c->shards[i].mutex);
	}
	free(c);
}

struct memtrack *cache_track(struct cache *c)
{
	return &c->track;
}

/* ---- inside a shard, its mutex held ---- */

static struct entry **find(struct shard *s, uint64_t hash, uint64_t file, uint64_t offset)
{
	struct entry **e = &s->buckets[hash & (s->bucket_count - 1)];
	while (*e != NULL && ((*e)->file != file || (*e)->block.offset != offset))
		e = &(*e)->bucket_next;
	return e;
}

static void queue_push(struct shard *s, struct entry *e, enum queue_name name)
{
	struct queue *q = &s->queues[name];
	e->queue = (uint8_t)name;
	e->newer = NULL;
	e->older = q->newest;
	if (q->newest != NULL)
		q->newest->newer = e;
	else
		q->oldest = e;
	q->newest = e;
	q->bytes += e->charge;
}

static void queue_remove(struct shard *s, struct entry *e)
{
	struct queue *q = &s->queues[e->queue];
	if (e->older != NULL)
		e->older->newer = e->newer;
	else
		q->oldest = e->newer;
	if (e->newer != NULL)
		e->newer->older = e->older;
	else
		q->newest = e->older;
	q->bytes -= e->charge;
}

static struct ghost_slot *ghost_slot(struct shard *s, uint64_t hash)
{
	return &s->ghosts[(hash >> 16) & (GHOST_SLOTS - 1)];
}

static bool ghost_has(struct shard *s, uint64_t hash)
{
	const struct ghost_slot *g = ghost_slot(s, hash);
	return g->mark == (uint32_t)hash && s->ghost_clock - g->clock <= s->entries;
}

/* Takes an entry out of the shard and links it to the list of those to be freed without the mutex. */
static void take_out(struct shard *s, struct entry *e, struct entry **dead)
{
	uint64_t hash = key_hash(e->file, e->block.offset);
	struct entry **at = find(s, hash, e->file, e->block.offset);
	assert(*at == e);
	*at = e->bucket_next;
	queue_remove(s, e);
	s->bytes -= e->charge;
	s->entries--;
	e->bucket_next = *dead;
	*dead = e;
}

static void free_dead(struct entry *dead)
{
	while (dead != NULL) {
		struct entry *next = dead->bucket_next;
		buffer_unref(dead->block.buffer);
		free(dead);
		dead = next;
	}
}

static bool evict_from_small(struct shard *s, struct entry **dead)
{
	struct entry *e;
	while ((e = s->queues[SMALL].oldest) != NULL) {
		if (e->asked > 1) {
			queue_remove(s, e);
			e->asked = 0;
			queue_push(s, e, MAIN);
			continue;
		}
		uint64_t hash = key_hash(e->file, e->block.offset);
		*ghost_slot(s, hash) = (struct ghost_slot){(uint32_t)hash, ++s->ghost_clock};
		take_out(s, e, dead);
		return true;
	}
	return false;
}

static bool evict_from_main(struct shard *s, struct entry **dead)
{
	struct entry *e;
	while ((e = s->queues[MAIN].oldest) != NULL) {
		if (e->asked == 0) {
			take_out(s, e, dead);
			return true;
		}
		e->asked--;
		queue_remove(s, e);
		queue_push(s, e, MAIN);
	}
	return false;
}

/* One block less; false when there is none. */
static bool evict_one(struct shard *s, struct entry **dead)
{
	bool small_first = s->queues[SMALL].bytes > s->capacity / 10;
	bool done = !small_first && evict_from_main(s, dead);
	/* the small queue may move all it has to the main one */
	done = done || evict_from_small(s, dead) || evict_from_main(s, dead);
	s->evictions += done;
	return done;
}

static void grow_buckets(struct shard *s)
{
	size_t count = s->bucket_count * 2;
	struct entry **fresh = calloc(count, sizeof *fresh);
	if (fresh == NULL) /* longer chains still work */
		return;
	for (size_t i = 0; i < s->bucket_count; i++)
		while (s->buckets[i] != NULL) {
			struct entry *e = s->buckets[i];
			s->buckets[i] = e->bucket_next;
			struct entry **to = &fresh[key_hash(e->file, e->block.offset) & (count - 1)];
			e->bucket_next = *to;
			*to = e;
		}
	free(s->buckets);
	s->buckets = fresh;
	s->bucket_count = count;
}

/* ---- the calls ---- */

bool cache_get(struct cache *c, uint64_t file, uint64_t offset, struct frame_block *out)
{
	uint64_t hash = key_hash(file, offset);
	struct shard *s = shard_of(c, hash);
	pthread_mutex_lock(&s->mutex);
	struct entry *e = *find(s, hash, file, offset);
	if (e != NULL) {
		e->asked += e->asked < ASKED_MAX;
		*out = e->block;
		buffer_ref(out->buffer);
		s->hits++;
	} else {
		s->misses++;
	}
	pthread_mutex_unlock(&s->mutex);
	return e != NULL;
}

void cache_put(struct cache *c, uint64_t file, const struct frame_block *block)
{
	uint64_t hash = key_hash(file, block->offset);
	struct shard *s = shard_of(c, hash);
	struct entry *dead = NULL;
	struct entry *e = malloc(sizeof *e);
	if (e == NULL)
		return;
	size_t charge = block->buffer->size + BUFFER_ALIGN + BUFFER_PAD + sizeof *e;
	*e = (struct entry){.file = file, .block = *block, .charge = charge};
	pthread_mutex_lock(&s->mutex);
	if (e->charge > s->capacity / 4 || *find(s, hash, file, block->offset) != NULL) {
		pthread_mutex_unlock(&s->mutex);
		free(e);
		return;
	}
	while (s->bytes + e->charge > s->capacity && evict_one(s, &dead))
		;
	buffer_ref(e->block.buffer);
	if (s->entries >= s->bucket_count)
		grow_buckets(s);
	struct entry **at = &s->buckets[hash & (s->bucket_count - 1)];
	e->bucket_next = *at;
	*at = e;
	queue_push(s, e, ghost_has(s, hash) ? MAIN : SMALL);
	s->bytes += e->charge;
	s->entries++;
	s->inserts++;
	assert(s->bytes <= s->capacity);
	pthread_mutex_unlock(&s->mutex);
	free_dead(dead);
}

void cache_forget(struct cache *c, uint64_t file)
{
	for (unsigned i = 0; i < c->shard_count; i++) {
		struct shard *s = &c->shards[i];
		struct entry *dead = NULL;
		pthread_mutex_lock(&s->mutex);
		for (int q = 0; q < 2; q++)
			for (struct entry *e = s->queues[q].oldest, *next; e != NULL; e = next) {
				next = e->newer;
				if (e->file == file)
					take_out(s, e, &dead);
			}
		pthread_mutex_unlock(&s->mutex);
		free_dead(dead);
	}
}

/* Down to at most `target` bytes in this shard; returns what went. */
static uint64_t shard_shrink(struct shard *s, uint64_t target)
{
	struct entry *dead = NULL;
	pthread_mutex_lock(&s->mutex);
	uint64_t before = s->bytes;
	while (s->bytes > target && evict_one(s, &dead))
		;
	uint64_t gone = before - s->bytes;
	pthread_mutex_unlock(&s->mutex);
	free_dead(dead);
	return gone;
}

uint64_t cache_shrink(struct cache *c, uint64_t bytes)
{
	uint64_t gone = 0;
	unsigned first = atomic_fetch_add(&c->next_victim, 1);
	/* an equal share of each shard, then whatever is left of it anywhere */
	for (int round = 0; round < 2 && gone < bytes; round++)
		for (unsigned i = 0; i < c->shard_count && gone < bytes; i++) {
			struct shard *s = &c->shards[(first + i) & (c->shard_count - 1)];
			uint64_t share = round == 0 ? bytes / c->shard_count + 1 : bytes - gone;
			pthread_mutex_lock(&s->mutex);
			uint64_t now = s->bytes;
			pthread_mutex_unlock(&s->mutex);
			gone += shard_shrink(s, now > share ? now - share : 0);
		}
	return gone;
}

void cache_set_capacity(struct cache *c, uint64_t capacity_bytes)
{
	uint64_t each = capacity_bytes / c->shard_count;
	for (unsigned i = 0; i < c->shard_count; i++) {
		struct shard *s = &c->shards[i];
		pthread_mutex_lock(&s->mutex);
		s->capacity = each;
		pthread_mutex_unlock(&s->mutex);
		shard_shrink(s, each);
	}
}

void cache_clear(struct cache *c)
{
	for (unsigned i = 0; i < c->shard_count; i++)
		shard_shrink(&c->shards[i], 0);
}

void cache_stats(struct cache *c, struct cache_stats *out)
{
	*out = (struct cache_stats){0};
	uint64_t overhead = 0;
	for (unsigned i = 0; i < c->shard_count; i++) {
		struct shard *s = &c->shards[i];
		pthread_mutex_lock(&s->mutex);
		out->hits += s->hits;
		out->misses += s->misses;
		out->inserts += s->inserts;
		out->evictions += s->evictions;
		out->blocks += s->entries;
		out->bytes += s->bytes;
		out->capacity_bytes += s->capacity;
		overhead += s->entries * sizeof(struct entry);
		pthread_mutex_unlock(&s->mutex);
	}
	int64_t held = memtrack_used(&c->track) - (int64_t)(out->bytes - overhead);
	out->held_bytes = held > 0 ? (uint64_t)held : 0;
}

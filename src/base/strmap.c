// SPDX-License-Identifier: Apache-2.0
#include "base/strmap.h"

#include <assert.h>

void strmap_init(struct strmap *m, struct arena *arena, bool nocase)
{
	memset(m, 0, sizeof *m);
	m->arena = arena;
	m->nocase = nocase;
}

/* FNV-1a over the (folded) bytes: names are short. */
static uint64_t hash_key(const struct strmap *m, struct str key)
{
	uint64_t h = 0xcbf29ce484222325u;
	for (size_t i = 0; i < key.size; i++)
		h = (h ^ (uint8_t)(m->nocase ? ascii_lower(key.data[i]) : key.data[i])) * 0x100000001b3u;
	return h ^ h >> 29;
}

static bool same_key(const struct strmap *m, struct str a, struct str b)
{
	return m->nocase ? str_eq_nocase(a, b) : str_eq(a, b);
}

/* The entry of a key, or NULL. Removed entries stay in their slot, so a probe never ends early. */
static struct strmap_entry *find(const struct strmap *m, struct str key, uint64_t hash)
{
	if (m->slot_count == 0)
		return NULL;
	for (size_t i = hash & (m->slot_count - 1); m->slots[i] != 0; i = (i + 1) & (m->slot_count - 1)) {
		struct strmap_entry *e = &m->entries[m->slots[i] - 1];
		if (e->hash == hash && e->key.data != NULL && same_key(m, e->key, key))
			return e;
	}
	return NULL;
}

static void place(struct strmap *m, uint32_t index)
{
	size_t i = m->entries[index].hash & (m->slot_count - 1);
	while (m->slots[i] != 0)
		i = (i + 1) & (m->slot_count - 1);
	m->slots[i] = index + 1;
}

static void grow(struct strmap *m)
{
	m->slot_count = m->slot_count == 0 ? 16 : m->slot_count * 2;
	m->slots = ARENA_ARRAY(m->arena, uint32_t, m->slot_count);
	for (size_t i = 0; i < m->count; i++)
		place(m, (uint32_t)i);
}

void *strmap_get(const struct strmap *m, struct str key)
{
	struct strmap_entry *e = find(m, key, hash_key(m, key));
	return e == NULL ? NULL : e->value;
}

bool strmap_has(const struct strmap *m, struct str key)
{
	return find(m, key, hash_key(m, key)) != NULL;
}

void *strmap_set(struct strmap *m, struct str key, void *value)
{
	uint64_t hash = hash_key(m, key);
	struct strmap_entry *e = find(m, key, hash);
	if (e != NULL) {
		void *old = e->value;
		e->value = value;
		return old;
	}
	if ((m->count + 1) * 2 > m->slot_count)
		grow(m);
	struct strmap_entry fresh = {arena_str(m->arena, key), value, hash};
	ARENA_PUSH(m->arena, m->entries, m->count, m->capacity, fresh);
	place(m, (uint32_t)(m->count - 1));
	return NULL;
}

void *strmap_remove(struct strmap *m, struct str key)
{
	struct strmap_entry *e = find(m, key, hash_key(m, key));
	if (e == NULL)
		return NULL;
	void *old = e->value;
	e->key.data = NULL;
	e->value = NULL;
	return old;
}

struct str strmap_nearest(const struct strmap *m, struct str key)
{
	unsigned best = key.size < 4 ? 1 : key.size < 8 ? 2 : 3;
	struct str nearest = {NULL, 0};
	for (size_t i = 0; i < m->count; i++) {
		if (m->entries[i].key.data == NULL)
			continue;
		unsigned d = str_distance_nocase(m->entries[i].key, key, best);
		if (d <= best && (nearest.data == NULL || d < best)) {
			best = d;
			nearest = m->entries[i].key;
		}
	}
	return nearest;
}

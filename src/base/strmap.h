// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_STRMAP_H
#define BASE_STRMAP_H
/*
 * String map: text to pointer, for names in the control plane. Keys and table live in the map's arena; values belong to
 * the caller. Insertion order is kept and can be walked. One thread at a time; readers of a map that no longer changes
 * may share it.
 */
#include "base/arena.h"

struct strmap_entry {
	struct str key;
	void *value;
	uint64_t hash;
};

struct strmap {
	struct arena *arena;
	struct strmap_entry *entries; /* in insertion order; a removed one has key.data NULL */
	uint32_t *slots;              /* index + 1, 0 free; a power of two */
	size_t count, capacity, slot_count;
	bool nocase;                  /* ASCII case is folded */
};

void strmap_init(struct strmap *m, struct arena *arena, bool nocase);
/* NULL when absent. */
void *strmap_get(const struct strmap *m, struct str key);
bool strmap_has(const struct strmap *m, struct str key);
/* Sets, copying the key; returns the value it replaced, or NULL. */
void *strmap_set(struct strmap *m, struct str key, void *value);
/* Returns the value that was there, or NULL. */
void *strmap_remove(struct strmap *m, struct str key);
/* The key nearest in spelling, for "maybe you meant"; an empty str when none is near. */
struct str strmap_nearest(const struct strmap *m, struct str key);

#define STRMAP_EACH(m, e) \
	for (struct strmap_entry *e = (m)->entries; e != (m)->entries + (m)->count; e++) \
		if (e->key.data != NULL)

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_KEY_LOOKUP_H
#define STORAGE_KEY_LOOKUP_H
/*
 * Key lookup: which rows of a table's parts may have one of many keys. Parts and granules that the filters exclude are
 * not looked at (ascending keys meet no older part); of the others, large ones are asked through their key map, and
 * small ones, or few granules, are read.
 */
#include "storage/part_set.h"
#include "storage/table_keys.h"

/* `set` may be NULL: no parts. */
enum status key_lookup(const struct part_set *set, struct table_keys *keys, struct cache *cache,
                       const struct key_request *r, struct arena *a, struct key_match **out, size_t *count,
                       struct error *err) MUST_CHECK;

#endif

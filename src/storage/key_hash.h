// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_KEY_HASH_H
#define STORAGE_KEY_HASH_H
/*
 * Key hash: what the columns of a PRIMARY KEY or UNIQUE are known by in locks, key maps and among the rows of a
 * statement. The low half is on disk (key_map.h): version KEY_HASH_VERSION of it never changes. Of a single integer of
 * up to 8 bytes it is a permutation, so that equal hashes are equal keys; of others, equal keys have equal hashes.
 */
#include "column/vector.h"

enum { KEY_HASH_VERSION = 1 };

/* Keys that agree in both are compared by value where values are at hand, else taken as equal. */
struct key_hash {
	uint64_t low, high;
};

/* Whether equal low halves are equal keys. */
bool key_hash_is_exact(const struct type *const *types, uint32_t count);
/* Of `count` rows; skip[r]: there is a NULL in its key. */
void key_hash_rows(struct vector *const *columns, uint32_t column_count, uint32_t count, struct key_hash *hashes,
                   uint8_t *skip);

#endif

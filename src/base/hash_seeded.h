// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_HASH_SEEDED_H
#define BASE_HASH_SEEDED_H
/* CityHash128 (hash.h) as it goes on from a state: of any number of bytes, behind 16 that made the seed. */
#include "base/hash.h"

struct hash128 cityhash128_seeded(const void *data, size_t size, struct hash128 seed);

#endif

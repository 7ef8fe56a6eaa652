// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_SKIP_FILTER_H
#define STORAGE_SKIP_FILTER_H
/*
 * Bloom filters of skip indexes: sets of 64-bit hashes of values, words or n-grams. Version 1,
 	on disk: k positions of a
 * hash h in a filter of m bits are (h + i * (h >> 32 | h << 32 | 1)) mod m. The hash is CityHash64 of the value's
 * bytes.
 */
#include "base/hash.h"
#include "storage/table_keys.h"

/* Distinct hashes, gathered. */
struct hash_list {
	uint64_t *hashes;
	size_t count, capacity;
	bool failed;       /* no memory */
};

void hash_list_add(struct hash_list *l, uint64_t hash);
/* Sorts and drops duplicates. */
void hash_list_unique(struct hash_list *l);
void hash_list_free(struct hash_list *l);

/* Bits per value and hash functions for a rate of false positives. */
void bloom_shape(double rate, uint32_t *bits, uint32_t *functions);
void bloom_add(uint8_t *filter, size_t size, uint32_t functions, uint64_t hash);
bool bloom_has(const uint8_t *filter, size_t size, uint32_t functions, uint64_t hash);
/* Hash of row i of a vector of any form; NULL gives false. */
bool bloom_value_hash(const struct vector *v, uint32_t row, struct strbuf *scratch, uint64_t *hash);
/* Hashes of the words, or of the n-grams (n > 0, code points), of a text. */
void bloom_text_hashes(struct str text, uint64_t n, struct hash_list *to);

#endif

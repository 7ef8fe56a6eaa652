// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_SKIP_FILTER_H
#define STORAGE_SKIP_FILTER_H
/*
 * Bloom filters of skip indexes, as ClickHouse computes them: sets of values, words or n-grams in m bytes.
 *
 *     bloom_filter     a value's hash h: a number's bits, in 64 by xor, through MurmurHash3's finaliser, a text's
 *                      CityHash64; function i's bit is the pair hash of (h, seed i) mod 8m
 *     text             a token's CityHash64, as of a value
 *     tokenbf_v1, ngrambf_v1   two CityHash64 of the text with seeds made of the index's; function i's bit is
 *                      (h1 + i * h2 + i * i) mod 8m
 *
 * Bit b is bit b % 8 of byte b / 8. A NULL is in the set as its type's zero.
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
/* Of values, by their hashes. */
void bloom_add(uint8_t *filter, size_t size, uint32_t functions, uint64_t hash);
bool bloom_has(const uint8_t *filter, size_t size, uint32_t functions, uint64_t hash);
/* Whether values of a type have a hash: the elements of an Array count. */
bool bloom_type_allowed(const struct type *t);
/* Hash of row i of a vector of any form; false where there is no memory. */
bool bloom_value_hash(const struct vector *v, uint32_t row, struct strbuf *scratch, uint64_t *hash);

/* What a text is cut into: words, n-grams of so many code points, nothing. */
#define TOKENS_WORDS 0
#define TOKENS_WHOLE UINT64_MAX

/* The hashes of a text's tokens, and whether a filter of such may have all of them. */
void hash_list_add_text(struct hash_list *l, struct str text, uint64_t n);
bool bloom_has_text(const uint8_t *filter, size_t size, uint32_t functions, struct str text, uint64_t n);

/* Of texts. */
struct bloom_text {
	uint8_t *filter;
	size_t size;
	uint64_t hashes, seed, n;   /* n: TOKENS_… */
};

void bloom_text_add(const struct bloom_text *f, struct str text);
/* Whether all words, or n-grams, of the text may be in it. */
bool bloom_text_has(const struct bloom_text *f, struct str text);
/* Part of a word, for who cuts texts. */
static inline bool bloom_word_char(uint8_t c)
{
	return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

#endif

// SPDX-License-Identifier: Apache-2.0
#include "storage/skip_filter.h"

#include <math.h>
#include <stdlib.h>
#include "base/utf8.h"
#include "storage/value_binary.h"

enum { BITS_MAX = 20, FUNCTIONS_MAX = 15 };

void hash_list_add(struct hash_list *l, uint64_t hash)
{
	if (l->count == l->capacity) {
		size_t n = l->capacity == 0 ? 256 : l->capacity * 2;
		uint64_t *more = realloc(l->hashes, n * sizeof *more);
		if (more == NULL) {
			l->failed = true;
			return;
		}
		l->hashes = more;
		l->capacity = n;
	}
	l->hashes[l->count++] = hash;
	/* many equal values: keep the list short */
	if (l->count == l->capacity && l->count >= (1u << 16)) {
		hash_list_unique(l);
	}
}

static int by_hash(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

void hash_list_unique(struct hash_list *l)
{
	size_t n = 0;
	if (l->count == 0)
		return;
	qsort(l->hashes, l->count, sizeof *l->hashes, by_hash);
	for (size_t i = 0; i < l->count; i++)
		if (n == 0 || l->hashes[n - 1] != l->hashes[i])
			l->hashes[n++] = l->hashes[i];
	l->count = n;
}

void hash_list_free(struct hash_list *l)
{
	free(l->hashes);
	*l = (struct hash_list){0};
}

/* The rate of k functions at b bits a value is (1 - e^(-k/b))^k: the fewest bits, then the fewest functions, that do.
 * */
void bloom_shape(double rate, uint32_t *bits, uint32_t *functions)
{
	for (*bits = 1; *bits < BITS_MAX; (*bits)++)
		for (*functions = 1; *functions <= FUNCTIONS_MAX; (*functions)++)
			if (pow(1 - exp(-(double)*functions / *bits), *functions) <= rate)
				return;
	*functions = 13;
}

void bloom_add(uint8_t *filter, size_t size, uint32_t functions, uint64_t hash)
{
	uint64_t step = (hash >> 32 | hash << 32) | 1, m = (uint64_t)size * 8;
	for (uint32_t i = 0; i < functions; i++, hash += step)
		filter[hash % m / 8] |= (uint8_t)(1 << hash % m % 8);
}

bool bloom_has(const uint8_t *filter, size_t size, uint32_t functions, uint64_t hash)
{
	uint64_t step = (hash >> 32 | hash << 32) | 1, m = (uint64_t)size * 8;
	if (size == 0)
		return false;
	for (uint32_t i = 0; i < functions; i++, hash += step)
		if (!(filter[hash % m / 8] >> hash % m % 8 & 1))
			return false;
	return true;
}

bool bloom_value_hash(const struct vector *v, uint32_t row, struct strbuf *scratch, uint64_t *hash)
{
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at);
	if (at->nulls != NULL && bit_get(at->nulls, i))
		return false;
	if (type_physical(at->type) == PHYS_STR) {
		struct str s = strview_str((const struct strview *)at->data + i);
		*hash = cityhash64(s.data, s.size);
		return true;
	}
	strbuf_clear(scratch);
	value_binary_write(scratch, at, i);
	size_t skip = at->type->nullable ? 1 : 0;
	*hash = cityhash64(scratch->data + skip, scratch->size - skip);
	return !scratch->failed;
}

static bool word_char(uint8_t c)
{
	return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void bloom_text_hashes(struct str text, uint64_t n, struct hash_list *to)
{
	size_t from = 0;
	if (n == 0) {
		for (size_t i = 0; i <= text.size; i++) {
			if (i < text.size && word_char((uint8_t)text.data[i]))
				continue;
			if (i > from)
				hash_list_add(to, cityhash64(text.data + from, i - from));
			from = i + 1;
		}
		return;
	}
	while (from < text.size) {
		size_t length = utf8_offset(text.data + from, text.size - from, n);
		if (utf8_count(text.data + from, length) < n)
			return;
		hash_list_add(to, cityhash64(text.data + from, length));
		from += utf8_offset(text.data + from, text.size - from, 1);
	}
}

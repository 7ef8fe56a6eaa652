// SPDX-License-Identifier: Apache-2.0
#include "storage/skip_filter.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "storage/value_binary.h"


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

/* ---- shape ---- */

enum { BITS_MAX = 19, FUNCTIONS_MAX = 15 };

/*
 * The rate of k functions at b bits a value, (1 - e^(-k/b))^k, as it stands in the table of Fan, Cao, Almeida and
 * Broder: three digits.
 */
static double bloom_rate(uint32_t bits, uint32_t functions)
{
	char text[32];
	double rate = pow(1 - exp(-(double)functions / bits), functions);
	snprintf(text, sizeof text, bits <= 5 ? "%.3f" : "%.3g", rate);
	return strtod(text, NULL);
}

/* The number of functions that is best for so many bits a value. */
static uint32_t best_functions(uint32_t bits)
{
	uint32_t best = 1;
	for (uint32_t k = 2; bits > 1 && k < FUNCTIONS_MAX; k++)
		if (bloom_rate(bits, k) < bloom_rate(bits, best))
			best = k;
	return best;
}

/* The fewest bits that do, and of those the fewest functions; where one function is enough already, more bits. */
void bloom_shape(double rate, uint32_t *bits, uint32_t *functions)
{
	*bits = *functions = 2;
	if (rate >= 0.283)
		return;
	for (*bits = 2; *bits <= BITS_MAX; (*bits)++) {
		uint32_t best = best_functions(*bits);
		if (bloom_rate(*bits, best) > rate)
			continue;
		for (uint32_t k = best; k > 0; k--)
			if (bloom_rate(*bits, k) > rate) {
				*functions = k + 1;
				return;
			}
	}
	*bits = BITS_MAX;
	*functions = best_functions(BITS_MAX);
}

/* ---- values ---- */

static const uint64_t function_seeds[FUNCTIONS_MAX] = {
	13635471485423070496u, 10336109063487487899u, 17779957404565211594u, 8988612159822229247u, 4954614162757618085u,
	12980113590177089081u, 9263883436177860930u, 3656772712723269762u, 10362091744962961274u, 7582936617938287249u,
	15033938188484401405u, 18286745649494826751u, 6852245486148412312u, 8886056245089344681u, 10151472371158292780u,
};

void bloom_add(uint8_t *filter, size_t size, uint32_t functions, uint64_t hash)
{
	for (uint32_t i = 0; i < functions && i < FUNCTIONS_MAX; i++) {
		uint64_t bit = cityhash64_pair(hash, function_seeds[i]) % ((uint64_t)size * 8);
		filter[bit / 8] |= (uint8_t)(1 << bit % 8);
	}
}

bool bloom_has(const uint8_t *filter, size_t size, uint32_t functions, uint64_t hash)
{
	if (size == 0)
		return false;
	for (uint32_t i = 0; i < functions && i < FUNCTIONS_MAX; i++) {
		uint64_t bit = cityhash64_pair(hash, function_seeds[i]) % ((uint64_t)size * 8);
		if (!(filter[bit / 8] >> bit % 8 & 1))
			return false;
	}
	return true;
}

bool bloom_type_allowed(const struct type *t)
{
	if (t->id == TYPE_ARRAY)
		return !t->children[0]->nullable && t->children[0]->id != TYPE_ARRAY && bloom_type_allowed(t->children[0]);
	return type_is_integer(t) || type_is_float(t) || type_is_string(t) || t->id == TYPE_DATE || t->id == TYPE_DATETIME
	       || t->id == TYPE_DATETIME64 || t->id == TYPE_BOOL || t->id == TYPE_ENUM8 || t->id == TYPE_ENUM16
	       || t->id == TYPE_UUID || t->id == TYPE_IPV4
	       || t->id == TYPE_IPV6;
}

/* MurmurHash3's finaliser. */
static uint64_t number_hash(uint64_t x)
{
	x = (x ^ x >> 33) * 0xff51afd7ed558ccdu;
	x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53u;
	return x ^ x >> 33;
}

bool bloom_value_hash(const struct vector *v, uint32_t row, struct strbuf *scratch, uint64_t *hash)
{
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at);
	bool null = at->nulls != NULL && bit_get(at->nulls, i);
	bool text = type_physical(at->type) == PHYS_STR;
	strbuf_clear(scratch);
	if (text && !null)
		strbuf_puts(scratch, strview_str((const struct strview *)at->data + i));
	else if (!null)
		value_binary_write(scratch, at, i);
	if (text) {
		while (at->type->id == TYPE_FIXEDSTRING && scratch->size < at->type->length && !scratch->failed)
			strbuf_putc(scratch, 0);
		*hash = cityhash64(scratch->data, scratch->size);
		return !scratch->failed;
	}
	size_t from = at->type->nullable ? 1 : 0;
	uint64_t bits = 0;
	if (!null && type_physical(at->type) == PHYS_F32) {
		double d = (double)((const float *)at->data)[i];
		memcpy(&bits, &d, sizeof bits);
	} else {
		for (; from < scratch->size; from += 8) {
			uint64_t word = 0;
			memcpy(&word, scratch->data + from, scratch->size - from < 8 ? scratch->size - from : 8);
			bits ^= word;
		}
	}
	*hash = number_hash(bits);
	return !scratch->failed;
}

/* ---- texts ---- */

static uint64_t text_bit(const struct bloom_text *f, uint64_t h1, uint64_t h2, uint64_t i)
{
	return (h1 + i * h2 + i * i) % ((uint64_t)f->size * 8);
}

/* Told a token; false stops. */
typedef bool (*token_fn)(void *arg, const char *data, size_t size);

static bool add_piece(void *arg, const char *data, size_t size)
{
	const struct bloom_text *f = arg;
	uint64_t h1 = cityhash64_seeded(data, size, f->seed);
	uint64_t h2 = cityhash64_seeded(data, size, 845897321 * f->seed + 217728422);
	for (uint64_t i = 0; i < f->hashes; i++) {
		uint64_t bit = text_bit(f, h1, h2, i);
		f->filter[bit / 8] |= (uint8_t)(1 << bit % 8);
	}
	return true;
}

static bool has_piece(void *arg, const char *data, size_t size)
{
	const struct bloom_text *f = arg;
	uint64_t h1 = cityhash64_seeded(data, size, f->seed);
	uint64_t h2 = cityhash64_seeded(data, size, 845897321 * f->seed + 217728422);
	for (uint64_t i = 0; i < f->hashes; i++) {
		uint64_t bit = text_bit(f, h1, h2, i);
		if (!(f->filter[bit / 8] >> bit % 8 & 1))
			return false;
	}
	return true;
}

static bool each_word(struct str text, token_fn fn, void *arg)
{
	size_t from = 0;
	for (size_t i = 0; i <= text.size; i++) {
		if (i < text.size && bloom_word_char((uint8_t)text.data[i]))
			continue;
		if (i > from && !fn(arg, text.data + from, i - from))
			return false;
		from = i + 1;
	}
	return true;
}

/* Bytes of the code point that begins with `c`; whatever begins none is one byte. */
static size_t code_point_bytes(uint8_t c)
{
	return c < 0xc0 || c >= 0xf8 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

static bool each_ngram(struct str text, uint64_t n, token_fn fn, void *arg)
{
	size_t from = 0, to = 0;
	for (uint64_t points = 0; to < text.size;) {
		to += code_point_bytes((uint8_t)text.data[to]);
		if (to > text.size)
			to = text.size;
		if (++points < n)
			continue;
		if (!fn(arg, text.data + from, to - from))
			return false;
		from += code_point_bytes((uint8_t)text.data[from]);
		points = n - 1;
	}
	return true;
}

static bool each_token(struct str text, uint64_t n, token_fn fn, void *arg)
{
	if (n == TOKENS_WHOLE)
		return fn(arg, text.data, text.size);
	return n == 0 ? each_word(text, fn, arg) : each_ngram(text, n, fn, arg);
}

void bloom_text_add(const struct bloom_text *f, struct str text)
{
	(void)each_token(text, f->n, add_piece, (void *)(uintptr_t)f);
}

bool bloom_text_has(const struct bloom_text *f, struct str text)
{
	return each_token(text, f->n, has_piece, (void *)(uintptr_t)f);
}

/* ---- texts, by their tokens' hashes ---- */

static bool add_token(void *arg, const char *data, size_t size)
{
	hash_list_add(arg, cityhash64(data, size));
	return true;
}

void hash_list_add_text(struct hash_list *l, struct str text, uint64_t n)
{
	(void)each_token(text, n, add_token, l);
}

struct asked_filter {
	const uint8_t *filter;
	size_t size;
	uint32_t functions;
};

static bool has_token(void *arg, const char *data, size_t size)
{
	const struct asked_filter *f = arg;
	return bloom_has(f->filter, f->size, f->functions, cityhash64(data, size));
}

bool bloom_has_text(const uint8_t *filter, size_t size, uint32_t functions, struct str text, uint64_t n)
{
	struct asked_filter f = {filter, size, functions};
	return each_token(text, n, has_token, &f);
}

// SPDX-License-Identifier: Apache-2.0
#include "func/roaring.h"

#include <assert.h>

enum {
	ARRAY_MAX = 4096, CONTAINER_BITS = 65536, CONTAINER_WORDS = CONTAINER_BITS / 64,
	CONTAINER_BYTES = CONTAINER_BITS / 8, ARRAY_FIRST = 8,
	/* of the portable format */
	COOKIE_PLAIN = 12346, COOKIE_RUNS = 12347, OFFSETS_FROM = 4
};

struct roaring_rule roaring_rule_of(const struct type *t)
{
	uint8_t width = (uint8_t)physical_size(type_physical(t));
	return (struct roaring_rule){t, width, type_is_signed(t), width == 8};
}

bool roaring_takes(const struct type *t)
{
	return type_is_integer(t) && physical_size(type_physical(t)) <= 8 && !t->nullable;
}

/* ---- containers ---- */

static void container_free(struct roaring_container *c, struct memtrack *track)
{
	agg_free(track, c->array, c->capacity == 0 ? CONTAINER_BYTES : c->capacity * sizeof *c->array);
	c->array = NULL;
}

static enum status container_to_bits(struct eval *e, struct roaring_container *c)
{
	void *p = NULL;
	TRY(agg_realloc(e, &p, 0, CONTAINER_BYTES));
	memset(p, 0, CONTAINER_BYTES);
	for (uint32_t i = 0; i < c->count; i++)
		bit_set(p, c->array[i]);
	agg_free(e->track, c->array, c->capacity * sizeof *c->array);
	c->capacity = 0;
	c->bits = p;
	return OK;
}

/* The place of the first low half that is not less. */
static uint32_t array_place(const struct roaring_container *c, uint16_t low)
{
	uint32_t from = 0, to = c->count;
	while (from < to) {
		uint32_t middle = (from + to) / 2;
		if (c->array[middle] < low)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static enum status container_add(struct eval *e, struct roaring_container *c, uint16_t low)
{
	if (c->capacity == 0) {
		c->count += !bit_get(c->bits, low);
		bit_set(c->bits, low);
		return OK;
	}
	uint32_t at = c->count != 0 && c->array[c->count - 1] < low ? c->count : array_place(c, low);
	if (at < c->count && c->array[at] == low)
		return OK;
	if (c->count == ARRAY_MAX) {
		TRY(container_to_bits(e, c));
		return container_add(e, c, low);
	}
	if (c->count == c->capacity) {
		void *p = c->array;
		TRY(agg_realloc(e, &p, c->capacity * sizeof *c->array, c->capacity * 2 * sizeof *c->array));
		c->array = p;
		c->capacity *= 2;
	}
	memmove(c->array + at + 1, c->array + at, (c->count - at) * sizeof *c->array);
	c->array[at] = low;
	c->count++;
	return OK;
}

static bool container_has(const struct roaring_container *c, uint16_t low)
{
	if (c->capacity == 0)
		return bit_get(c->bits, low);
	uint32_t at = array_place(c, low);
	return at < c->count && c->array[at] == low;
}

static void container_words(const struct roaring_container *c, uint64_t *words)
{
	if (c != NULL && c->capacity == 0) {
		memcpy(words, c->bits, CONTAINER_BYTES);
		return;
	}
	memset(words, 0, CONTAINER_BYTES);
	for (uint32_t i = 0; c != NULL && i < c->count; i++)
		bit_set(words, c->array[i]);
}

/* A container of these bits: an array where they are few. */
static enum status container_make(struct eval *e, uint64_t key, const uint64_t *words, struct roaring_container *out)
{
	void *p = NULL;
	*out = (struct roaring_container){.key = key, .count = (uint32_t)bits_count(words, 0, CONTAINER_BITS)};
	if (out->count > ARRAY_MAX) {
		TRY(agg_realloc(e, &p, 0, CONTAINER_BYTES));
		memcpy(p, words, CONTAINER_BYTES);
		out->bits = p;
		return OK;
	}
	uint32_t capacity = out->count < ARRAY_FIRST ? ARRAY_FIRST : out->count, n = 0;
	TRY(agg_realloc(e, &p, 0, capacity * sizeof *out->array));
	out->array = p;
	out->capacity = capacity;
	for (size_t i = bits_next_set(words, 0, CONTAINER_BITS); i < CONTAINER_BITS;
	     i = bits_next_set(words, i + 1, CONTAINER_BITS))
		out->array[n++] = (uint16_t)i;
	return OK;
}

/* ---- sets ---- */

static struct roaring_container *containers(const struct roaring *r)
{
	return r->containers.data;
}

void roaring_free(struct roaring *r, struct memtrack *track)
{
	for (uint32_t i = 0; i < r->containers.count; i++)
		container_free(&containers(r)[i], track);
	agg_vec_free(&r->containers, track, sizeof(struct roaring_container));
	if (r->small != NULL)
		agg_free(track, r->small, ROARING_SMALL_MAX * sizeof *r->small);
	*r = (struct roaring){0};
}

/* The place of the first container whose key is not less. */
static uint32_t container_place(const struct roaring *r, uint64_t key)
{
	uint32_t from = 0, to = r->containers.count;
	if (to != 0 && containers(r)[to - 1].key < key)
		return to;
	while (from < to) {
		uint32_t middle = (from + to) / 2;
		if (containers(r)[middle].key < key)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static enum status container_insert(struct eval *e, struct roaring *r, uint32_t at, const struct roaring_container *c)
{
	TRY(agg_vec_reserve(e, &r->containers, 1, sizeof *c));
	memmove(containers(r) + at + 1, containers(r) + at, (r->containers.count - at) * sizeof *c);
	containers(r)[at] = *c;
	r->containers.count++;
	return OK;
}

static enum status add_large(struct eval *e, struct roaring *r, uint64_t value)
{
	uint64_t key = value >> 16;
	uint32_t at = container_place(r, key);
	if (at == r->containers.count || containers(r)[at].key != key) {
		struct roaring_container fresh = {.key = key, .capacity = ARRAY_FIRST};
		void *p = NULL;
		TRY(agg_realloc(e, &p, 0, ARRAY_FIRST * sizeof *fresh.array));
		fresh.array = p;
		enum status s = container_insert(e, r, at, &fresh);
		if (s != OK) {
			container_free(&fresh, e->track);
			return s;
		}
	}
	return container_add(e, &containers(r)[at], (uint16_t)value);
}

/* Small sets hold values as wide as their type, containers 32 or 64 bits of them. */
static uint64_t in_small(const struct roaring_rule *u, uint64_t value)
{
	return u->width == 8 ? value : value & low_mask64(8u * u->width);
}

static uint64_t in_large(const struct roaring_rule *u, uint64_t value)
{
	unsigned shift = 64 - 8u * u->width;
	if (u->is_signed)
		value = (uint64_t)((int64_t)(value << shift) >> shift);
	return u->wide ? value : (uint32_t)value;
}

static enum status make_large(const struct roaring_rule *u, struct eval *e, struct roaring *r)
{
	if (r->large)
		return OK;
	for (uint32_t i = 0; i < r->small_count; i++)
		TRY(add_large(e, r, in_large(u, r->small[i])));
	r->small_count = 0;
	r->large = true;
	return OK;
}

static bool has_small(const struct roaring *r, uint64_t value)
{
	for (uint32_t i = 0; i < r->small_count; i++)
		if (r->small[i] == value)
			return true;
	return false;
}

static enum status small_room(struct eval *e, struct roaring *r)
{
	void *p = NULL;
	if (r->small != NULL)
		return OK;
	TRY(agg_realloc(e, &p, 0, ROARING_SMALL_MAX * sizeof *r->small));
	r->small = p;
	return OK;
}

enum status roaring_add(const struct roaring_rule *u, struct eval *e, struct roaring *r, uint64_t value)
{
	if (r->large)
		return add_large(e, r, in_large(u, value));
	if (has_small(r, in_small(u, value)))
		return OK;
	if (r->small_count == ROARING_SMALL_MAX) {
		TRY(make_large(u, e, r));
		return add_large(e, r, in_large(u, value));
	}
	TRY(small_room(e, r));
	r->small[r->small_count++] = in_small(u, value);
	return OK;
}

uint64_t roaring_count(const struct roaring *r)
{
	uint64_t n = r->small_count;
	for (uint32_t i = 0; i < r->containers.count; i++)
		n += containers(r)[i].count;
	return n;
}

bool roaring_has(const struct roaring_rule *u, const struct roaring *r, uint64_t value)
{
	if (!r->large)
		return has_small(r, in_small(u, value));
	value = in_large(u, value);
	uint32_t at = container_place(r, value >> 16);
	return at < r->containers.count && containers(r)[at].key == value >> 16 &&
	       container_has(&containers(r)[at], (uint16_t)value);
}

void roaring_values(const struct roaring *r, uint64_t *out)
{
	if (r->small_count != 0)
		memcpy(out, r->small, r->small_count * sizeof *out);
	for (uint32_t i = 0; i < r->containers.count; i++) {
		const struct roaring_container *c = &containers(r)[i];
		if (c->capacity != 0) {
			for (uint32_t k = 0; k < c->count; k++)
				*out++ = c->key << 16 | c->array[k];
			continue;
		}
		for (size_t k = bits_next_set(c->bits, 0, CONTAINER_BITS); k < CONTAINER_BITS;
		     k = bits_next_set(c->bits, k + 1, CONTAINER_BITS))
			*out++ = c->key << 16 | k;
	}
}

/* ---- operations ---- */

/* What is in the small set and passes stays; ANDNOT keeps what the other has not. */
static void keep_small(const struct roaring_rule *u, struct roaring *r, const struct roaring *other, bool have)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < r->small_count; i++)
		if (roaring_has(u, other, r->small[i]) == have)
			r->small[n++] = r->small[i];
	r->small_count = n;
}

/* A large set AND a small one: the small one's values. */
static enum status and_with_small(const struct roaring_rule *u, struct eval *e, struct roaring *r,
                                  const struct roaring *other)
{
	struct roaring kept = {0};
	for (uint32_t i = 0; i < other->small_count; i++)
		if (roaring_has(u, r, other->small[i])) {
			enum status s = roaring_add(u, e, &kept, other->small[i]);
			if (s != OK) {
				roaring_free(&kept, e->track);
				return s;
			}
		}
	roaring_free(r, e->track);
	*r = kept;
	return OK;
}

static enum status combine_small(const struct roaring_rule *u, struct eval *e, struct roaring *r,
                                 enum roaring_operation operation, const struct roaring *other)
{
	struct roaring copy = {0};
	enum status s = OK;
	if (operation == ROARING_AND || operation == ROARING_ANDNOT) {
		keep_small(u, r, other, operation == ROARING_AND);
		return OK;
	}
	if (operation == ROARING_OR) {
		for (uint32_t i = 0; i < other->small_count; i++)
			TRY(roaring_add(u, e, r, other->small[i]));
		return OK;
	}
	for (uint32_t i = 0; i < r->small_count && s == OK; i++)
		if (!has_small(other, r->small[i]))
			s = roaring_add(u, e, &copy, r->small[i]);
	for (uint32_t i = 0; i < other->small_count && s == OK; i++)
		if (!has_small(r, other->small[i]))
			s = roaring_add(u, e, &copy, other->small[i]);
	if (s != OK) {
		roaring_free(&copy, e->track);
		return s;
	}
	roaring_free(r, e->track);
	*r = copy;
	return OK;
}

static enum status combine_one(struct eval *e, const struct roaring_container *a, const struct roaring_container *b,
                               enum roaring_operation operation, struct roaring *to)
{
	uint64_t x[CONTAINER_WORDS], y[CONTAINER_WORDS];
	struct roaring_container c;
	container_words(a, x);
	container_words(b, y);
	for (uint32_t i = 0; i < CONTAINER_WORDS; i++)
		switch (operation) {
		case ROARING_AND: x[i] &= y[i]; break;
		case ROARING_OR: x[i] |= y[i]; break;
		case ROARING_XOR: x[i] ^= y[i]; break;
		case ROARING_ANDNOT: x[i] &= ~y[i]; break;
		}
	if (bits_none(x, CONTAINER_BITS))
		return OK;
	TRY(container_make(e, a != NULL ? a->key : b->key, x, &c));
	enum status s = container_insert(e, to, to->containers.count, &c);
	if (s != OK)
		container_free(&c, e->track);
	return s;
}

static enum status combine_large(struct eval *e, struct roaring *r, enum roaring_operation operation,
                                 const struct roaring *other)
{
	struct roaring made = {.large = true};
	uint32_t i = 0, k = 0, n = r->containers.count, m = other->containers.count;
	bool left_alone = operation != ROARING_AND, right_alone = operation == ROARING_OR || operation == ROARING_XOR;
	enum status s = OK;
	while ((i < n || k < m) && s == OK) {
		const struct roaring_container *a = i < n ? &containers(r)[i] : NULL;
		const struct roaring_container *b = k < m ? &containers(other)[k] : NULL;
		if (a != NULL && b != NULL && a->key != b->key) {
			if (a->key < b->key)
				b = NULL;
			else
				a = NULL;
		}
		i += a != NULL;
		k += b != NULL;
		if ((b != NULL || left_alone) && (a != NULL || right_alone))
			s = combine_one(e, a, b, operation, &made);
	}
	if (s != OK) {
		roaring_free(&made, e->track);
		return s;
	}
	roaring_free(r, e->track);
	*r = made;
	return OK;
}

enum status roaring_combine(const struct roaring_rule *u, struct eval *e, struct roaring *r,
                            enum roaring_operation operation, const struct roaring *other)
{
	if (!r->large && (!other->large || operation == ROARING_AND || operation == ROARING_ANDNOT))
		return combine_small(u, e, r, operation, other);
	if (operation == ROARING_AND && !other->large)
		return and_with_small(u, e, r, other);
	TRY(make_large(u, e, r));
	if (other->large)
		return combine_large(e, r, operation, other);
	struct roaring large = {0};
	enum status s = OK;
	for (uint32_t i = 0; i < other->small_count && s == OK; i++)
		s = add_large(e, &large, in_large(u, other->small[i]));
	if (s == OK)
		s = combine_large(e, r, operation, &large);
	roaring_free(&large, e->track);
	return s;
}

/* ---- serialised ---- */

static bool container_bit(const struct roaring_container *c, uint32_t i)
{
	return i < CONTAINER_BITS && bit_get(c->bits, i);
}

static uint32_t count_runs(const struct roaring_container *c)
{
	uint32_t n = 0;
	if (c->capacity != 0) {
		for (uint32_t i = 0; i < c->count; i++)
			n += i == 0 || c->array[i] != c->array[i - 1] + 1;
		return n;
	}
	for (uint32_t i = 0; i < CONTAINER_BITS; i++)
		n += container_bit(c, i) && !container_bit(c, i + 1);
	return n;
}

/* Runs of following values where they take less: 4 bytes each. */
static bool wants_runs(const struct roaring_container *c, uint32_t runs)
{
	return 2 + 4 * runs < (c->capacity == 0 ? CONTAINER_BYTES : 2 + 2 * c->count);
}

static void write_runs(const struct roaring_container *c, uint32_t runs, struct strbuf *to)
{
	strbuf_put_le(to, runs, 2);
	uint32_t start = 0;
	if (c->capacity != 0) {
		for (uint32_t i = 1; i <= c->count; i++)
			if (i == c->count || c->array[i] != c->array[i - 1] + 1) {
				strbuf_put_le(to, c->array[start], 2);
				strbuf_put_le(to, (uint64_t)c->array[i - 1] - c->array[start], 2);
				start = i;
			}
		return;
	}
	for (uint32_t i = 0; i < CONTAINER_BITS; i++) {
		if (!container_bit(c, i))
			continue;
		start = i;
		while (container_bit(c, i + 1))
			i++;
		strbuf_put_le(to, start, 2);
		strbuf_put_le(to, i - start, 2);
	}
}

static void write_container(const struct roaring_container *c, uint32_t runs, struct strbuf *to)
{
	if (wants_runs(c, runs)) {
		write_runs(c, runs, to);
	} else if (c->capacity == 0) {
		strbuf_put(to, c->bits, CONTAINER_BYTES);
	} else {
		strbuf_put(to, c->array, c->count * sizeof *c->array);
	}
}

/* Roaring's portable format of n containers, the low 32 bits of their values. */
static void write_portable(const struct roaring_container *c, uint32_t n, struct strbuf *to)
{
	bool any_runs = false;
	size_t start = to->size;
	for (uint32_t i = 0; i < n && !any_runs; i++)
		any_runs = wants_runs(&c[i], count_runs(&c[i]));
	if (any_runs) {
		strbuf_put_le(to, COOKIE_RUNS | (uint64_t)(n - 1) << 16, 4);
		for (uint32_t i = 0; i < n; i += 8) {
			uint8_t flags = 0;
			for (uint32_t k = i; k < n && k < i + 8; k++)
				flags |= (uint8_t)(wants_runs(&c[k], count_runs(&c[k])) << (k - i));
			strbuf_putc(to, (char)flags);
		}
	} else {
		strbuf_put_le(to, COOKIE_PLAIN, 4);
		strbuf_put_le(to, n, 4);
	}
	for (uint32_t i = 0; i < n; i++) {
		strbuf_put_le(to, c[i].key & 0xffff, 2);
		strbuf_put_le(to, c[i].count - 1, 2);
	}
	bool offsets = !any_runs || n >= OFFSETS_FROM;
	uint64_t at = to->size - start + (offsets ? 4 * (uint64_t)n : 0);
	for (uint32_t i = 0; i < n && offsets; i++) {
		uint32_t runs = count_runs(&c[i]);
		strbuf_put_le(to, at, 4);
		at += wants_runs(&c[i], runs) ? 2 + 4 * runs : c[i].capacity == 0 ? CONTAINER_BYTES : 2 * c[i].count;
	}
	for (uint32_t i = 0; i < n; i++)
		write_container(&c[i], count_runs(&c[i]), to);
}

static void write_large(const struct roaring_rule *u, const struct roaring *r, struct strbuf *to)
{
	const struct roaring_container *c = containers(r);
	uint32_t n = r->containers.count;
	uint64_t maps = 0;
	if (!u->wide) {
		write_portable(c, n, to);
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		maps += i == 0 || c[i].key >> 16 != c[i - 1].key >> 16;
	strbuf_put_le(to, maps, 8);
	for (uint32_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && c[end].key >> 16 == c[i].key >> 16; end++)
			;
		strbuf_put_le(to, c[i].key >> 16, 4);
		write_portable(c + i, end - i, to);
	}
}

void roaring_write(const struct roaring_rule *u, const struct roaring *r, struct strbuf *to)
{
	struct strbuf large;
	strbuf_putc(to, r->large);
	if (!r->large) {
		strbuf_put_varuint(to, r->small_count);
		for (uint32_t i = 0; i < r->small_count; i++)
			strbuf_put_le(to, r->small[i], u->width);
		return;
	}
	strbuf_init(&large, to->track);
	write_large(u, r, &large);
	to->failed |= large.failed;
	strbuf_put_varuint(to, large.size);
	strbuf_puts(to, strbuf_str(&large));
	strbuf_fini(&large);
}

static uint64_t get_le(struct agg_reader *at, unsigned bytes)
{
	uint64_t v = 0;
	agg_get(at, &v, bytes);
	return v;
}

static enum status read_container(struct eval *e, struct roaring *r, uint64_t key, uint32_t count, bool runs,
                                  struct agg_reader *at)
{
	uint64_t words[CONTAINER_WORDS] = {0};
	struct roaring_container c;
	if (runs) {
		uint32_t n = (uint32_t)get_le(at, 2);
		for (uint32_t i = 0; i < n && !at->failed; i++) {
			uint32_t from = (uint32_t)get_le(at, 2), more = (uint32_t)get_le(at, 2);
			for (uint32_t k = from; k <= from + more && k < CONTAINER_BITS; k++)
				bit_set(words, k);
		}
	} else if (count <= ARRAY_MAX) {
		for (uint32_t i = 0; i < count && !at->failed; i++)
			bit_set(words, get_le(at, 2));
	} else {
		agg_get(at, words, CONTAINER_BYTES);
	}
	uint32_t place = container_place(r, key);
	at->failed |= bits_none(words, CONTAINER_BITS) || place != r->containers.count;
	if (at->failed)
		return OK;
	TRY(container_make(e, key, words, &c));
	enum status s = container_insert(e, r, place, &c);
	if (s != OK)
		container_free(&c, e->track);
	return s;
}

static enum status read_portable(struct eval *e, struct roaring *r, uint64_t high, struct agg_reader *at)
{
	uint32_t cookie = (uint32_t)get_le(at, 4), n;
	bool has_runs = (cookie & 0xffff) == COOKIE_RUNS;
	const uint8_t *flags = NULL;
	n = has_runs ? (cookie >> 16) + 1 : (uint32_t)get_le(at, 4);
	if ((!has_runs && cookie != COOKIE_PLAIN) || n > CONTAINER_BITS) {
		at->failed = true;
		return OK;
	}
	size_t flag_bytes = has_runs ? (n + 7) / 8 : 0, heads = 4 * (size_t)n;
	size_t skipped = !has_runs || n >= OFFSETS_FROM ? heads : 0;
	if ((size_t)(at->end - at->at) < flag_bytes + heads + skipped) {
		at->failed = true;
		return OK;
	}
	flags = (const uint8_t *)at->at;
	struct agg_reader head = {at->at + flag_bytes, at->end, false};
	at->at += flag_bytes + heads + skipped;
	for (uint32_t i = 0; i < n && !at->failed; i++) {
		uint64_t key = high << 16 | get_le(&head, 2);
		uint32_t count = (uint32_t)get_le(&head, 2) + 1;
		TRY(read_container(e, r, key, count, has_runs && (flags[i / 8] >> (i % 8) & 1), at));
	}
	return OK;
}

enum status roaring_read(const struct roaring_rule *u, struct eval *e, struct roaring *r, struct str from,
                         size_t *consumed)
{
	struct agg_reader at = agg_reader(from);
	uint8_t form = agg_get_u8(&at);
	at.failed |= form > 1;
	if (form == 0) {
		uint32_t n = agg_get_count(&at, u->width);
		for (uint32_t i = 0; i < n && !at.failed; i++)
			TRY(roaring_add(u, e, r, get_le(&at, u->width)));
		return agg_reader_end(&at, e, from, consumed);
	}
	r->large = true;
	uint64_t size = agg_get_varuint(&at);
	at.failed |= size > (size_t)(at.end - at.at);
	if (!at.failed) {
		at.end = at.at + size;
		uint64_t maps = u->wide ? get_le(&at, 8) : 1;
		for (uint64_t i = 0; i < maps && !at.failed; i++) {
			uint64_t high = u->wide ? get_le(&at, 4) : 0;
			TRY(read_portable(e, r, high, &at));
		}
		at.failed |= at.at != at.end;
	}
	return agg_reader_end(&at, e, from, consumed);
}

// SPDX-License-Identifier: Apache-2.0
#include "txn/row_set.h"

#include <assert.h>
#include <stdlib.h>
#include "base/bits.h"
#include "txn/cursor.h"

enum { LIST_MAX = 4096 };

static enum status no_memory(struct error *err)
{
	return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
}

static void chunk_unref(struct row_chunk *c)
{
	if (--c->references == 0)
		free(c);
}

static struct row_chunk *chunk_new(const struct row_chunk *from)
{
	struct row_chunk *c = calloc(1, sizeof *c);
	if (c == NULL)
		return NULL;
	if (from != NULL) {
		memcpy(c->bits, from->bits, sizeof c->bits);
		c->count = from->count;
	}
	c->references = 1;
	return c;
}

struct row_set *row_set_new(void)
{
	struct row_set *s = calloc(1, sizeof *s);
	if (s != NULL)
		s->references = 1;
	return s;
}

struct row_set *row_set_ref(const struct row_set *s)
{
	struct row_set *mine = (struct row_set *)(uintptr_t)s;
	if (mine != NULL)
		mine->references++;
	return mine;
}

void row_set_unref(struct row_set *s)
{
	if (s == NULL || --s->references != 0)
		return;
	for (uint32_t i = 0; i < s->chunk_count; i++)
		chunk_unref(s->chunks[i].chunk);
	free(s->chunks);
	free(s);
}

/* The first chunk whose number is not below `number`. */
static uint32_t find(const struct row_set *s, uint64_t number)
{
	uint32_t low = 0, high = s->chunk_count;
	/* rows mostly come in order */
	if (high != 0 && s->chunks[high - 1].number < number)
		return high;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (s->chunks[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static enum status insert_entry(struct row_set *s, uint32_t at, struct row_set_entry e, struct error *err)
{
	if (s->chunk_count == s->capacity) {
		uint32_t n = s->capacity == 0 ? 4 : s->capacity * 2;
		struct row_set_entry *more = realloc(s->chunks, n * sizeof *more);
		if (more == NULL)
			return no_memory(err);
		s->chunks = more;
		s->capacity = n;
	}
	memmove(s->chunks + at + 1, s->chunks + at, (s->chunk_count - at) * sizeof *s->chunks);
	s->chunks[at] = e;
	s->chunk_count++;
	return OK;
}

/* The chunk of this number, one that may be written to. */
static enum status own_chunk(struct row_set *s, uint64_t number, struct row_chunk **out, struct error *err)
{
	uint32_t at = find(s, number);
	bool there = at < s->chunk_count && s->chunks[at].number == number;
	if (there && s->chunks[at].chunk->references == 1) {
		*out = s->chunks[at].chunk;
		return OK;
	}
	struct row_chunk *c = chunk_new(there ? s->chunks[at].chunk : NULL);
	if (c == NULL)
		return no_memory(err);
	*out = c;
	if (there) {
		chunk_unref(s->chunks[at].chunk);
		s->chunks[at].chunk = c;
		return OK;
	}
	enum status st = insert_entry(s, at, (struct row_set_entry){number, c}, err);
	if (st != OK)
		free(c);
	return st;
}

enum status row_set_add(struct row_set *s, uint64_t row, bool *fresh, struct error *err)
{
	struct row_chunk *c;
	assert(s->references == 1);
	TRY(own_chunk(s, row / ROW_CHUNK_ROWS, &c, err));
	*fresh = !bit_get(c->bits, row % ROW_CHUNK_ROWS);
	bit_set(c->bits, row % ROW_CHUNK_ROWS);
	c->count += *fresh;
	s->count += *fresh;
	return OK;
}

enum status row_set_push_chunk(struct row_set *s, uint64_t number, struct row_chunk *chunk, struct error *err)
{
	assert(s->chunk_count == 0 || s->chunks[s->chunk_count - 1].number < number);
	TRY(insert_entry(s, s->chunk_count, (struct row_set_entry){number, chunk}, err));
	chunk->references++;
	s->count += chunk->count;
	return OK;
}

enum status row_set_add_all(struct row_set *s, const struct row_set *other, struct error *err)
{
	for (uint32_t i = 0; other != NULL && i < other->chunk_count; i++) {
		const struct row_set_entry *e = &other->chunks[i];
		uint32_t at = find(s, e->number);
		if (at == s->chunk_count || s->chunks[at].number != e->number) {
			TRY(insert_entry(s, at, *e, err));
			e->chunk->references++;
			s->count += e->chunk->count;
			continue;
		}
		struct row_chunk *c;
		TRY(own_chunk(s, e->number, &c, err));
		s->count -= c->count;
		bits_or(c->bits, c->bits, e->chunk->bits, ROW_CHUNK_ROWS);
		c->count = (uint32_t)bits_count(c->bits, 0, ROW_CHUNK_ROWS);
		s->count += c->count;
	}
	return OK;
}

enum status row_set_union(const struct row_set *a, const struct row_set *b, struct row_set **out, struct error *err)
{
	struct row_set *s = row_set_new();
	*out = NULL;
	if (s == NULL)
		return no_memory(err);
	enum status st = row_set_add_all(s, a, err);
	if (st == OK)
		st = row_set_add_all(s, b, err);
	if (st != OK) {
		row_set_unref(s);
		return st;
	}
	*out = s;
	return OK;
}

static const struct row_chunk *chunk_of(const struct row_set *s, uint64_t number)
{
	uint32_t at = s == NULL ? 0 : find(s, number);
	return s != NULL && at < s->chunk_count && s->chunks[at].number == number ? s->chunks[at].chunk : NULL;
}

bool row_set_has(const struct row_set *s, uint64_t row)
{
	const struct row_chunk *c = chunk_of(s, row / ROW_CHUNK_ROWS);
	return c != NULL && bit_get(c->bits, row % ROW_CHUNK_ROWS);
}

bool row_set_meets(const struct row_set *a, const struct row_set *b)
{
	for (uint32_t i = 0; a != NULL && i < a->chunk_count; i++) {
		const struct row_chunk *x = a->chunks[i].chunk, *y = chunk_of(b, a->chunks[i].number);
		for (size_t w = 0; y != NULL && w < ARRAY_COUNT(x->bits); w++)
			if ((x->bits[w] & y->bits[w]) != 0)
				return true;
	}
	return false;
}

bool row_set_within(const struct row_set *a, const struct row_set *b)
{
	for (uint32_t i = 0; a != NULL && i < a->chunk_count; i++) {
		const struct row_chunk *x = a->chunks[i].chunk, *y = chunk_of(b, a->chunks[i].number);
		if (y == NULL)
			return false;
		for (size_t w = 0; x != y && w < ARRAY_COUNT(x->bits); w++)
			if ((x->bits[w] & ~y->bits[w]) != 0)
				return false;
	}
	return true;
}

uint64_t row_set_count(const struct row_set *s, uint64_t from, uint64_t to)
{
	uint64_t n = 0;
	if (s == NULL || from >= to)
		return 0;
	for (uint32_t i = find(s, from / ROW_CHUNK_ROWS); i < s->chunk_count; i++) {
		uint64_t first = s->chunks[i].number * ROW_CHUNK_ROWS;
		if (first >= to)
			break;
		size_t low = from > first ? (size_t)(from - first) : 0;
		size_t high = to - first < ROW_CHUNK_ROWS ? (size_t)(to - first) : ROW_CHUNK_ROWS;
		n += low == 0 && high == ROW_CHUNK_ROWS ? s->chunks[i].chunk->count
		                                        : bits_count(s->chunks[i].chunk->bits, low, high);
	}
	return n;
}

uint32_t row_set_bits(const struct row_set *s, uint64_t from, uint32_t n, uint64_t *bits)
{
	uint32_t set = 0;
	memset(bits, 0, bits_words(n) * 8);
	for (uint32_t done = 0; done < n;) {
		uint64_t row = from + done, low = row % ROW_CHUNK_ROWS;
		uint32_t take = n - done < ROW_CHUNK_ROWS - low ? n - done : (uint32_t)(ROW_CHUNK_ROWS - low);
		const struct row_chunk *c = chunk_of(s, row / ROW_CHUNK_ROWS);
		if (c != NULL) {
			bits_copy(bits, done, c->bits, (size_t)low, take);
			set += (uint32_t)bits_count(c->bits, (size_t)low, (size_t)low + take);
		}
		done += take;
	}
	return set;
}

uint64_t row_set_next(const struct row_set *s, uint64_t from)
{
	for (uint32_t i = s == NULL ? 0 : find(s, from / ROW_CHUNK_ROWS); s != NULL && i < s->chunk_count; i++) {
		uint64_t first = s->chunks[i].number * ROW_CHUNK_ROWS;
		size_t at = bits_next_set(s->chunks[i].chunk->bits, from > first ? (size_t)(from - first) : 0, ROW_CHUNK_ROWS);
		if (at < ROW_CHUNK_ROWS)
			return first + at;
	}
	return UINT64_MAX;
}

/* ---- bytes ---- */

void row_set_encode(const struct row_set *s, struct strbuf *out)
{
	uint64_t before = 0;
	strbuf_put_varuint(out, s == NULL ? 0 : s->chunk_count);
	for (uint32_t i = 0; s != NULL && i < s->chunk_count; i++) {
		const struct row_chunk *c = s->chunks[i].chunk;
		strbuf_put_varuint(out, s->chunks[i].number - before);
		strbuf_put_varuint(out, c->count);
		before = s->chunks[i].number;
		if (c->count == ROW_CHUNK_ROWS)
			continue;
		if (c->count > LIST_MAX) {
			strbuf_put(out, (const char *)c->bits, sizeof c->bits);
			continue;
		}
		for (size_t at = bits_next_set(c->bits, 0, ROW_CHUNK_ROWS); at < ROW_CHUNK_ROWS;
		     at = bits_next_set(c->bits, at + 1, ROW_CHUNK_ROWS))
			strbuf_put_le(out, at, 2);
	}
}

static enum status damaged(struct error *err)
{
	return ERR(err, E_CORRUPTED_DATA, "a set of rows is damaged");
}

static enum status decode_chunk(struct cursor *c, struct row_chunk *chunk, uint64_t count, struct error *err)
{
	if (count == ROW_CHUNK_ROWS) {
		memset(chunk->bits, 0xff, sizeof chunk->bits);
	} else if (count > LIST_MAX) {
		const uint8_t *bytes = cursor_bytes(c, sizeof chunk->bits);
		if (bytes != NULL)
			memcpy(chunk->bits, bytes, sizeof chunk->bits);
	} else {
		for (uint64_t i = 0; i < count && !c->failed; i++)
			bit_set(chunk->bits, cursor_le(c, 2));
	}
	chunk->count = (uint32_t)bits_count(chunk->bits, 0, ROW_CHUNK_ROWS);
	return c->failed || chunk->count != count || count == 0 ? damaged(err) : OK;
}

enum status row_set_decode(struct cursor *c, struct row_set **out, struct error *err)
{
	uint64_t chunks = cursor_varuint(c), number = 0;
	*out = NULL;
	if (c->failed || chunks > cursor_left(c))
		return damaged(err);
	struct row_set *s = row_set_new();
	enum status st = s == NULL ? no_memory(err) : OK;
	for (uint64_t i = 0; st == OK && i < chunks; i++) {
		uint64_t step = cursor_varuint(c), count = cursor_varuint(c);
		struct row_chunk *chunk;
		if (c->failed || (i != 0 && step == 0) || step > UINT64_MAX / ROW_CHUNK_ROWS - number || count > ROW_CHUNK_ROWS) {
			st = damaged(err);
			break;
		}
		number += step;
		chunk = chunk_new(NULL);
		st = chunk == NULL ? no_memory(err) : decode_chunk(c, chunk, count, err);
		if (st == OK)
			st = row_set_push_chunk(s, number, chunk, err);
		if (chunk != NULL)
			chunk_unref(chunk);
	}
	if (st != OK) {
		row_set_unref(s);
		return st;
	}
	*out = s;
	return OK;
}

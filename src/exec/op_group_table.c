// SPDX-License-Identifier: Apache-2.0
/* The table of op_group.h: slots, blocks of rows, parts. */
#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"
#include "exec/op_group.h"

enum {
	SLOTS_FIRST = 256, BLOCK_BYTES_FIRST = 4096, BLOCK_BYTES_MAX = 1 << 18, HEAP_BYTES = 1 << 18,
	SLOTS_SMALL = 1 << 14,    /* up to this many grow fourfold */
	FETCH_GROUPS = 1 << 13,   /* from this many on, look-ups fetch ahead, */
	FETCH_ROWS = 12,          /* slots by twice as many keys as rows */
	DIRECT_SLOTS = 65536 + 1
};
#define ADDRESS_MASK (((uint64_t)1 << 48) - 1)

struct group_heap {
	struct group_heap *next;
	size_t size;
	char bytes[];
};

static inline char *slot_row(uint64_t slot)
{
	return (char *)(uintptr_t)(slot & ADDRESS_MASK);
}

static inline uint64_t slot_make(uint64_t hash, const char *row)
{
	return (hash & ~ADDRESS_MASK) | (uint64_t)(uintptr_t)row;
}

/* The bits between those of the slot's place and its tag. */
static inline unsigned part_of(uint64_t hash)
{
	return hash >> (48 - GROUP_PART_BITS) & (GROUP_PARTS - 1);
}

static void *get_memory(struct group_table *t, size_t bytes, struct error *err)
{
	if (memtrack_charge(t->track, (int64_t)bytes, err) != OK)
		return NULL;
	void *p = malloc(bytes);
	if (p == NULL) {
		memtrack_release(t->track, (int64_t)bytes);
		ERR(err, E_CANNOT_ALLOCATE, "cannot allocate %zu bytes for a hash table", bytes);
	}
	return p;
}

static void put_memory(struct group_table *t, void *p, size_t bytes)
{
	if (p == NULL)
		return;
	free(p);
	memtrack_release(t->track, (int64_t)bytes);
}

void group_table_init(struct group_table *t, const struct group_layout *l, struct memtrack *track)
{
	memset(t, 0, sizeof *t);
	t->layout = l;
	t->track = track;
}

static size_t block_bytes(const struct group_table *t, const struct group_block *b)
{
	return sizeof *b + (size_t)b->capacity * t->layout->row_size;
}

static void part_free_slots(struct group_table *t, struct group_part *p)
{
	put_memory(t, p->slots, (p->mask + 1) * sizeof *p->slots);
	put_memory(t, p->direct, DIRECT_SLOTS * sizeof *p->direct);
	p->slots = NULL;
	p->direct = NULL;
}

static void part_free(struct group_table *t, struct group_part *p)
{
	part_free_slots(t, p);
	for (struct group_block *b = p->first, *next; b != NULL; b = next) {
		next = b->next;
		put_memory(t, b, block_bytes(t, b));
	}
	memset(p, 0, sizeof *p);
}

void group_table_fini(struct group_table *t)
{
	for (unsigned i = 0; i < t->part_count; i++)
		part_free(t, &t->parts[i]);
	free(t->parts);
	for (struct group_heap *h = t->heap, *next; h != NULL; h = next) {
		next = h->next;
		put_memory(t, h, sizeof *h + h->size);
	}
	t->parts = NULL;
	t->part_count = 0;
	t->heap = NULL;
	t->count = 0;
}

static enum status make_parts(struct group_table *t, unsigned n, struct error *err)
{
	t->parts = calloc(n, sizeof *t->parts);
	if (t->parts == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a hash table");
	t->part_count = n;
	return OK;
}

/* ---- rows ---- */

static enum status add_block(struct group_table *t, struct group_part *p, struct error *err)
{
	size_t row = t->layout->row_size, bytes = BLOCK_BYTES_FIRST;
	if (p->last != NULL) {
		bytes = block_bytes(t, p->last) * 2;
		bytes = bytes > BLOCK_BYTES_MAX ? BLOCK_BYTES_MAX : bytes;
	}
	size_t rows = bytes / row == 0 ? 1 : bytes / row;
	struct group_block *b = get_memory(t, sizeof *b + rows * row, err);
	if (b == NULL)
		return err == NULL ? E_MEMORY_LIMIT : err->status;
	b->next = NULL;
	b->used = 0;
	b->capacity = (uint32_t)rows;
	if (p->last == NULL)
		p->first = b;
	else
		p->last->next = b;
	p->last = b;
	return OK;
}

static inline enum status new_row(struct group_table *t, struct group_part *p, char **out, struct error *err)
{
	if (p->last == NULL || p->last->used == p->last->capacity)
		TRY(add_block(t, p, err));
	*out = p->last->rows + (size_t)p->last->used++ * t->layout->row_size;
	p->count++;
	return OK;
}

/* A copy of a view's text (and tail) that lives as long as the table. */
static enum status keep_text(struct group_table *t, struct strview *v, uint32_t tail, struct error *err)
{
	if (v->size <= STRVIEW_INLINE || v->size == UINT32_MAX)
		return OK;
	size_t size = (size_t)v->size + tail;
	if (t->heap == NULL || t->heap->size - t->heap_used < size) {
		size_t room = size > HEAP_BYTES / 4 ? size : HEAP_BYTES;
		struct group_heap *h = get_memory(t, sizeof *h + room, err);
		if (h == NULL)
			return err == NULL ? E_MEMORY_LIMIT : err->status;
		h->size = room;
		if (room == size && t->heap != NULL) { /* of its own; the one being filled stays first */
			h->next = t->heap->next;
			t->heap->next = h;
			memcpy(h->bytes, v->far.pointer, size);
			v->far.pointer = h->bytes;
			return OK;
		}
		h->next = t->heap;
		t->heap = h;
		t->heap_used = 0;
	}
	char *to = t->heap->bytes + t->heap_used;
	memcpy(to, v->far.pointer, size);
	v->far.pointer = to;
	t->heap_used += size;
	return OK;
}

/* ---- hashes of rows ---- */

static inline uint64_t hash_row(const struct group_layout *l, const char *row)
{
	uint64_t h, w;
	if (l->kind == GROUP_VIEW) {
		memcpy(&h, row, 8);
		return h;
	}
	memcpy(&w, row, 8);
	h = hash_u64(w);
	for (uint32_t i = 1; i < l->words; i++) {
		memcpy(&w, row + i * 8, 8);
		h = hash_u64(h ^ (w + 0x9e3779b97f4a7c15u));
	}
	return h;
}

uint64_t group_row_hash(const struct group_layout *l, const char *row)
{
	return hash_row(l, row);
}

/* Doubles the slots (or makes the first), reading rows in their order in memory. */
__attribute__((noinline)) static enum status grow(struct group_table *t, struct group_part *p, struct error *err)
{
	uint64_t old = p->slots == NULL ? 0 : p->mask + 1, n = old == 0 ? SLOTS_FIRST : old * (old < SLOTS_SMALL ? 4 : 2);
	uint64_t *slots = get_memory(t, n * sizeof *slots, err);
	if (slots == NULL)
		return err == NULL ? E_MEMORY_LIMIT : err->status;
	memset(slots, 0, n * sizeof *slots);
	uint64_t mask = n - 1;
	for (struct group_block *b = p->first; b != NULL; b = b->next)
		for (uint32_t i = 0; i < b->used; i++) {
			char *row = b->rows + (size_t)i * t->layout->row_size;
			uint64_t h = hash_row(t->layout, row), at = h & mask;
			while (slots[at] != 0)
				at = (at + 1) & mask;
			slots[at] = slot_make(h, row);
		}
	put_memory(t, p->slots, old * sizeof *slots);
	p->slots = slots;
	p->mask = mask;
	return OK;
}

/* ---- look-ups ---- */

__attribute__((always_inline)) static inline bool words_equal(const char *row, const uint64_t *key, uint32_t words)
{
	for (uint32_t w = 0; w < words; w++) {
		uint64_t x;
		memcpy(&x, row + w * 8, 8);
		if (x != key[w])
			return false;
	}
	return true;
}

__attribute__((always_inline)) static inline bool view_equal(const char *row, const struct strview *key)
{
	uint64_t a, b, x, y;
	const struct strview *v = (const struct strview *)(const void *)(row + 8);
	memcpy(&a, row + 8, 8);
	memcpy(&b, key, 8);
	if (a != b)
		return false;
	memcpy(&x, row + 16, 8);
	memcpy(&y, (const char *)key + 8, 8);
	if (x == y)
		return true;
	return v->size > STRVIEW_INLINE && v->size != UINT32_MAX && memcmp(v->far.pointer, key->far.pointer, v->size) == 0;
}

__attribute__((always_inline)) static inline bool key_equal(const char *row, const struct group_keys *k, uint32_t i,
                                                            uint32_t words)
{
	return words != 0 ? words_equal(row, k->words + (size_t)i * words, words) : view_equal(row, &k->views[i]);
}

/* words: 0 for views. Finds or leaves *place at the free slot. */
__attribute__((always_inline)) static inline char *probe(const struct group_part *p, const struct group_keys *k,
                                                         uint32_t i, uint64_t hash, uint32_t words, uint64_t *place)
{
	uint64_t at = hash & p->mask, slot;
	while ((slot = p->slots[at]) != 0) {
		if (((slot ^ hash) & ~ADDRESS_MASK) == 0 && key_equal(slot_row(slot), k, i, words))
			return slot_row(slot);
		at = (at + 1) & p->mask;
	}
	*place = at;
	return NULL;
}

/* What inserting needs beside the keys. */
struct insertion {
	struct group_table *t;
	const struct group_keys *k;
	uint64_t limit;
	char **fresh;
	uint32_t fresh_count;
	struct error *err;
};

__attribute__((noinline)) static enum status insert_new(struct insertion *in, struct group_part *p, uint32_t i,
                                                        uint64_t hash, uint64_t place, char **out)
{
	struct group_table *t = in->t;
	const struct group_layout *l = t->layout;
	char *row;
	*out = NULL;
	if (t->count >= in->limit)
		return OK;
	struct strview view = {0};
	if (l->kind == GROUP_VIEW) {
		view = in->k->views[i];
		TRY(keep_text(t, &view, in->k->tails[i], in->err));
	}
	TRY(new_row(t, p, &row, in->err));
	if (l->kind == GROUP_VIEW) {
		memcpy(row, &hash, 8);
		memcpy(row + 8, &view, sizeof view);
	} else {
		memcpy(row, in->k->words + (size_t)i * l->words, l->words * 8);
	}
	memset(row + l->payload_at, 0, l->row_size - l->payload_at);
	p->slots[place] = slot_make(hash, row);
	t->count++;
	in->fresh[in->fresh_count++] = row;
	*out = row;
	return p->count * 2 > p->mask ? grow(t, p, in->err) : OK;
}

static inline struct group_part *part_for(const struct group_table *t, uint64_t hash)
{
	return t->part_count == 1 ? t->parts : &t->parts[part_of(hash)];
}

static inline uint64_t picked_hash(const struct group_keys *k, const uint32_t *picks, uint32_t n)
{
	return k->hashes[picks == NULL ? n : picks[n]];
}

__attribute__((always_inline)) static inline void fetch_slot(const struct group_table *t, uint64_t hash)
{
	const struct group_part *p = part_for(t, hash);
	__builtin_prefetch(&p->slots[hash & p->mask]); /* of a part without slots: an address that is not looked at */
}

__attribute__((always_inline)) static inline void fetch_row(const struct group_table *t, uint64_t hash)
{
	const struct group_part *p = part_for(t, hash);
	if (likely(p->slots != NULL))
		__builtin_prefetch(slot_row(p->slots[hash & p->mask]));
}

/* In front of key n: the slot of a later key is fetched, then the row of one whose slot has come. */
__attribute__((always_inline)) static inline void fetch_ahead(const struct group_table *t, const struct group_keys *k,
                                                              const uint32_t *picks, uint32_t n, uint32_t count)
{
	if (unlikely(n == 0))
		for (uint32_t i = 0; i < 2 * FETCH_ROWS && i < count; i++)
			fetch_slot(t, picked_hash(k, picks, i));
	if (unlikely(n == 0))
		for (uint32_t i = 0; i < FETCH_ROWS && i < count; i++)
			fetch_row(t, picked_hash(k, picks, i));
	if (likely(n + 2 * FETCH_ROWS < count))
		fetch_slot(t, picked_hash(k, picks, n + 2 * FETCH_ROWS));
	if (likely(n + FETCH_ROWS < count))
		fetch_row(t, picked_hash(k, picks, n + FETCH_ROWS));
}

__attribute__((always_inline)) static inline enum status insert_keys(struct insertion *in, const uint32_t *picks,
                                                                     uint32_t count, char **out, uint32_t words)
{
	struct group_table *t = in->t;
	const struct group_keys *k = in->k;
	bool large = t->count >= FETCH_GROUPS;
	for (uint32_t n = 0; n < count; n++) {
		uint32_t i = picks == NULL ? n : picks[n];
		uint64_t hash = k->hashes[i], place = 0;
		if (large)
			fetch_ahead(t, k, picks, n, count);
		struct group_part *p = part_for(t, hash);
		if (unlikely(p->slots == NULL))
			TRY(grow(t, p, in->err));
		out[n] = probe(p, k, i, hash, words, &place);
		if (unlikely(out[n] == NULL))
			TRY(insert_new(in, p, i, hash, place, &out[n]));
	}
	return OK;
}

static inline uint32_t direct_index(const struct group_layout *l, uint64_t word)
{
	bool null = l->nullable && word >> (l->nulls_at * 8) != 0;
	return null ? DIRECT_SLOTS - 1 : (uint32_t)(word & 0xffff);
}

static enum status insert_direct(struct insertion *in, const uint32_t *picks, uint32_t count, char **out)
{
	struct group_table *t = in->t;
	const struct group_layout *l = t->layout;
	struct group_part *p = t->parts;
	if (p->direct == NULL) {
		p->direct = get_memory(t, DIRECT_SLOTS * sizeof *p->direct, in->err);
		if (p->direct == NULL)
			return in->err == NULL ? E_MEMORY_LIMIT : in->err->status;
		memset(p->direct, 0, DIRECT_SLOTS * sizeof *p->direct);
	}
	for (uint32_t n = 0; n < count; n++) {
		uint64_t word = in->k->words[picks == NULL ? n : picks[n]];
		char **slot = &p->direct[direct_index(l, word)];
		if (unlikely(*slot == NULL) && t->count < in->limit) {
			char *row;
			TRY(new_row(t, p, &row, in->err));
			memcpy(row, &word, 8);
			memset(row + l->payload_at, 0, l->row_size - l->payload_at);
			t->count++;
			in->fresh[in->fresh_count++] = row;
			*slot = row;
		}
		out[n] = *slot;
	}
	return OK;
}

enum status group_table_insert(struct group_table *t, const struct group_keys *k, const uint32_t *picks, uint32_t count,
                               uint64_t limit, char **out, char **fresh, uint32_t *fresh_count, struct error *err)
{
	struct insertion in = {.t = t, .k = k, .limit = limit, .fresh = fresh, .err = err};
	const struct group_layout *l = t->layout;
	if (t->parts == NULL)
		TRY(make_parts(t, 1, err));
	enum status s;
	if (l->direct)
		s = insert_direct(&in, picks, count, out);
	else if (l->kind == GROUP_VIEW)
		s = insert_keys(&in, picks, count, out, 0);
	else if (l->words == 1)
		s = insert_keys(&in, picks, count, out, 1);
	else if (l->words == 2)
		s = insert_keys(&in, picks, count, out, 2);
	else
		s = insert_keys(&in, picks, count, out, l->words);
	*fresh_count = in.fresh_count;
	return s;
}

__attribute__((always_inline)) static inline void find_keys(const struct group_table *t, const struct group_keys *k,
                                                            const uint32_t *picks, uint32_t count, char **out,
                                                            uint32_t words)
{
	bool large = t->count >= FETCH_GROUPS;
	uint64_t place;
	for (uint32_t n = 0; n < count; n++) {
		uint32_t i = picks == NULL ? n : picks[n];
		if (large)
			fetch_ahead(t, k, picks, n, count);
		const struct group_part *p = part_for(t, k->hashes[i]);
		out[n] = p->slots == NULL ? NULL : probe(p, k, i, k->hashes[i], words, &place);
	}
}

void group_table_find(const struct group_table *t, const struct group_keys *k, const uint32_t *picks, uint32_t count,
                      char **out)
{
	const struct group_layout *l = t->layout;
	if (t->count == 0) {
		memset(out, 0, count * sizeof *out);
	} else if (l->direct) {
		for (uint32_t n = 0; n < count; n++)
			out[n] = t->parts->direct[direct_index(l, k->words[picks == NULL ? n : picks[n]])];
	} else if (l->kind == GROUP_VIEW) {
		find_keys(t, k, picks, count, out, 0);
	} else if (l->words == 1) {
		find_keys(t, k, picks, count, out, 1);
	} else if (l->words == 2) {
		find_keys(t, k, picks, count, out, 2);
	} else {
		find_keys(t, k, picks, count, out, l->words);
	}
}

/* ---- parts ---- */

/* Puts a row that no equal one is known of; where it fails, the row has not moved. */
static enum status place_row(struct group_table *t, struct group_part *p, const char *from, uint64_t hash,
                             struct error *err)
{
	char *row;
	if (p->slots == NULL || (p->count + 1) * 2 > p->mask)
		TRY(grow(t, p, err));
	TRY(new_row(t, p, &row, err));
	memcpy(row, from, t->layout->row_size);
	uint64_t at = hash & p->mask;
	while (p->slots[at] != 0)
		at = (at + 1) & p->mask;
	p->slots[at] = slot_make(hash, row);
	return OK;
}

/* Rows of a block into the parts they belong to; those that moved are none of the block's any more. */
static enum status split_block(struct group_table *t, struct group_block *b, struct error *err)
{
	const struct group_layout *l = t->layout;
	enum status s = OK;
	uint32_t i = 0;
	for (; i < b->used && s == OK; i++) {
		const char *row = b->rows + (size_t)i * l->row_size;
		uint64_t hash = hash_row(l, row);
		s = place_row(t, &t->parts[part_of(hash)], row, hash, err);
	}
	if (s != OK) {
		i--;
		memmove(b->rows, b->rows + (size_t)i * l->row_size, (size_t)(b->used - i) * l->row_size);
	}
	b->used -= i;
	return s;
}

enum status group_table_split(struct group_table *t, struct error *err)
{
	assert(t->part_count <= 1 && !t->layout->direct);
	struct group_part *old = t->parts, *first;
	unsigned old_count = t->part_count;
	enum status s = make_parts(t, GROUP_PARTS, err);
	if (s != OK) {
		t->parts = old;
		return s;
	}
	if (old_count == 0)
		return OK;
	part_free_slots(t, old);
	while (s == OK && old->first != NULL) {
		struct group_block *b = old->first;
		s = split_block(t, b, err);
		if (s != OK)
			break;
		old->first = b->next;
		put_memory(t, b, block_bytes(t, b));
	}
	if (s != OK) { /* the rows that are left stay with the table, where no look-up finds them */
		first = &t->parts[0];
		old->last->next = first->first;
		first->first = old->first;
		first->last = first->last == NULL ? old->last : first->last;
	}
	free(old);
	return s;
}

static inline bool rows_equal(const struct group_layout *l, const char *a, const char *b)
{
	if (l->kind == GROUP_WORDS)
		return memcmp(a, b, l->words * 8) == 0;
	return view_equal(a, (const struct strview *)(const void *)(b + 8));
}

static enum status merge_direct(struct group_table *t, char *from, char **target, struct error *err)
{
	uint64_t word;
	char *row;
	struct group_part *p = t->parts;
	memcpy(&word, from, 8);
	char **slot = &p->direct[direct_index(t->layout, word)];
	*target = *slot;
	if (*slot != NULL)
		return OK;
	TRY(new_row(t, p, &row, err));
	memcpy(row, from, t->layout->row_size);
	*slot = row;
	return OK;
}

/* The equal row of t, or NULL once `from` was moved there. */
static enum status merge_row(struct group_table *t, struct group_part *p, char *from, char **target, struct error *err)
{
	const struct group_layout *l = t->layout;
	if (l->direct)
		return merge_direct(t, from, target, err);
	if (p->slots == NULL)
		TRY(grow(t, p, err));
	uint64_t hash = hash_row(l, from), slot;
	*target = NULL;
	for (uint64_t at = hash & p->mask; (slot = p->slots[at]) != 0; at = (at + 1) & p->mask)
		if (((slot ^ hash) & ~ADDRESS_MASK) == 0 && rows_equal(l, slot_row(slot), from)) {
			*target = slot_row(slot);
			return OK;
		}
	return place_row(t, p, from, hash, err);
}

enum status group_part_merge(struct group_table *t, struct group_table *from, unsigned n, struct group_cursor *at,
                             char **targets, char **sources, uint32_t max, uint32_t *pairs, bool *more,
                             struct error *err)
{
	const struct group_layout *l = t->layout;
	struct group_part *p = &t->parts[n];
	assert(t->part_count == from->part_count && n < t->part_count);
	*pairs = 0;
	*more = false;
	for (; at->block != NULL; at->block = at->block->next, at->row = 0)
		for (; at->row < at->block->used; at->row++) {
			char *row = at->block->rows + (size_t)at->row * l->row_size, *target;
			if (*pairs == max) {
				*more = true;
				return OK;
			}
			TRY(merge_row(t, p, row, &target, err));
			if (target != NULL) {
				targets[*pairs] = target;
				sources[(*pairs)++] = row;
			} else { /* what it owned is the moved row's now */
				memset(row + l->payload_at, 0, l->row_size - l->payload_at);
			}
		}
	return OK;
}

uint32_t group_part_rows(const struct group_table *t, struct group_cursor *at, char **rows, uint32_t max)
{
	uint32_t n = 0;
	for (; at->block != NULL; at->block = at->block->next, at->row = 0)
		for (; at->row < at->block->used; at->row++) {
			if (n == max)
				return n;
			rows[n++] = at->block->rows + (size_t)at->row * t->layout->row_size;
		}
	return n;
}

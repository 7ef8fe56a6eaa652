// SPDX-License-Identifier: Apache-2.0
#include "storage/key_hash.h"

#include "base/hash.h"
#include "column/value.h"

static const uint64_t second = 0x5bf03635d1c2b9a7u;

static bool is_word(const struct type *t)
{
	enum physical p = type_physical(t);
	return p != PHYS_STR && !type_is_float(t) && t->child_count == 0 && physical_size(p) != 0 && physical_size(p) <= 8;
}

bool key_hash_is_exact(const struct type *const *types, uint32_t count)
{
	return count == 1 && is_word(types[0]);
}

static uint64_t word_at(const char *data, size_t width, uint32_t row)
{
	uint64_t x = 0;
	switch (width) {
	case 8:
		memcpy(&x, data + 8 * (size_t)row, 8);
		return x;
	case 4:
		memcpy(&x, data + 4 * (size_t)row, 4);
		return x;
	default:
		memcpy(&x, data + width * row, width);
		return x;
	}
}

static void add(struct key_hash *h, bool only, struct key_hash more)
{
	h->low = only ? more.low : hash_combine(h->low, more.low);
	h->high = only ? more.high : hash_combine(h->high, more.high);
}

static struct key_hash hash_word(uint64_t x, bool only)
{
	return (struct key_hash){hash_u64(x), only ? 0 : hash_u64(x ^ second)};
}

static struct key_hash hash_text(const char *data, size_t size)
{
	return (struct key_hash){cityhash64(data, size), hash_bytes(data, size, 2)};
}

/* A value of any form and type. */
static struct key_hash hash_cell(const struct vector *v, uint32_t row, bool only, struct strbuf *text)
{
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at);
	enum physical p = type_physical(at->type);
	size_t width = physical_size(p);
	if (p == PHYS_STR) {
		struct str s = strview_str(&((const struct strview *)at->data)[i]);
		return hash_text(s.data, s.size);
	}
	if (is_word(at->type))
		return hash_word(word_at(at->data, width, i), only);
	if (width != 0 && !type_is_float(at->type) && at->child_count == 0)
		return hash_text((const char *)at->data + i * width, width);
	strbuf_clear(text);
	value_write(text, v, row, VALUE_QUOTED, &value_options_default);
	return hash_text(text->data, text->size);
}

static void hash_flat(const struct vector *v, uint32_t count, bool only, struct key_hash *hashes)
{
	const char *data = v->data;
	size_t width = physical_size(type_physical(v->type));
	if (type_physical(v->type) == PHYS_STR)
		for (uint32_t r = 0; r < count; r++) {
			struct str s = strview_str(&((const struct strview *)v->data)[r]);
			add(&hashes[r], only, hash_text(s.data, s.size));
		}
	else if (only)
		for (uint32_t r = 0; r < count; r++)
			hashes[r] = hash_word(word_at(data, width, r), true);
	else
		for (uint32_t r = 0; r < count; r++)
			add(&hashes[r], false, hash_word(word_at(data, width, r), false));
}

void key_hash_rows(struct vector *const *columns, uint32_t column_count, uint32_t count, struct key_hash *hashes,
                   uint8_t *skip)
{
	struct strbuf text;
	bool only = column_count == 1;
	strbuf_init(&text, NULL);
	memset(hashes, 0, count * sizeof *hashes);
	memset(skip, 0, count);
	for (uint32_t c = 0; c < column_count; c++) {
		const struct vector *v = columns[c];
		bool plain = type_physical(v->type) == PHYS_STR || is_word(v->type);
		if (vector_has_nulls(v))
			for (uint32_t r = 0; r < count; r++)
				skip[r] |= vector_is_null(v, r);
		if (v->form == VECTOR_FLAT && plain)
			hash_flat(v, count, only, hashes);
		else
			for (uint32_t r = 0; r < count; r++)
				add(&hashes[r], only, hash_cell(v, r, only, &text));
	}
	strbuf_fini(&text);
}

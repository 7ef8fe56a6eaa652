// SPDX-License-Identifier: Apache-2.0
/* Keys of a batch as words or views, and back to columns. */
#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"
#include "column/builder.h"
#include "column/numeric.h"
#include "column/pginterval.h"
#include "exec/op_group.h"

enum { TAIL_PAD = STRVIEW_INLINE + 1 };

/* Equal values of these have different bytes. */
static bool has_tail(const struct type *t)
{
	if (t->id == TYPE_NUMERIC || t->id == TYPE_PGINTERVAL)
		return true;
	if (t->id == TYPE_AGGSTATE)
		return false;
	for (uint32_t i = 0; i < t->child_count; i++)
		if (has_tail(t->children[i]))
			return true;
	return false;
}

void group_layout_init(struct group_layout *l, struct arena *a, const struct type *const *types, uint32_t n,
                       uint32_t payload_size, bool pg)
{
	memset(l, 0, sizeof *l);
	l->key_count = n;
	l->types = arena_copy(a, types, n * sizeof *types);
	l->at = ARENA_ARRAY(a, uint32_t, n + 1);
	l->fold_zero = pg;
	uint32_t bytes = 0;
	bool fixed = true;
	for (uint32_t i = 0; i < n; i++) {
		enum physical p = type_physical(types[i]);
		uint32_t width = (uint32_t)physical_size(p);
		l->at[i] = bytes;
		bytes += width;
		l->nullable |= types[i]->nullable;
		l->has_tail |= has_tail(types[i]);
		fixed &= p != PHYS_STR && (width != 0 || p == PHYS_NONE) && types[i]->id != TYPE_PGINTERVAL;
	}
	l->nulls_at = bytes;
	if (l->nullable)
		bytes += (n + 7) / 8;
	if (fixed && bytes <= GROUP_WORDS_MAX * 8) {
		l->kind = GROUP_WORDS;
		l->words = bytes <= 8 ? 1 : (bytes + 7) / 8;
		l->direct = n == 1 && l->nulls_at <= 2;
		l->payload_at = l->words * 8;
	} else {
		l->kind = GROUP_VIEW;
		l->one_string = n == 1 && type_physical(types[0]) == PHYS_STR && !l->has_tail;
		l->payload_at = 8 + sizeof(struct strview);
	}
	l->row_size = l->payload_at + (uint32_t)round_up_to(payload_size, 8);
}

void group_keys_init(struct group_keys *k, const struct group_layout *l, struct memtrack *track)
{
	memset(k, 0, sizeof *k);
	k->layout = l;
	k->track = track;
	strbuf_init(&k->text, track);
}

static size_t bytes_per_key(const struct group_layout *l)
{
	size_t key = l->kind == GROUP_WORDS ? l->words * sizeof(uint64_t) : sizeof(struct strview) + sizeof(uint32_t);
	return key + sizeof(uint64_t);
}

static void drop_arrays(struct group_keys *k)
{
	free(k->words);
	free(k->views);
	free(k->tails);
	free(k->hashes);
	k->words = NULL;
	k->views = NULL;
	k->tails = NULL;
	k->hashes = NULL;
	memtrack_release(k->track, (int64_t)(k->capacity * bytes_per_key(k->layout)));
	k->capacity = 0;
}

void group_keys_fini(struct group_keys *k)
{
	if (k->layout == NULL)
		return;
	drop_arrays(k);
	strbuf_fini(&k->text);
}

static enum status reserve(struct group_keys *k, uint32_t count, struct error *err)
{
	const struct group_layout *l = k->layout;
	if (count <= k->capacity)
		return OK;
	drop_arrays(k);
	size_t n = round_up_pow2(count);
	TRY(memtrack_charge(k->track, (int64_t)(n * bytes_per_key(l)), err));
	k->capacity = (uint32_t)n;
	if (l->kind == GROUP_WORDS) {
		k->words = malloc(n * l->words * sizeof(uint64_t));
	} else {
		k->views = malloc(n * sizeof *k->views);
		k->tails = malloc(n * sizeof *k->tails);
	}
	k->hashes = malloc(n * sizeof *k->hashes);
	if (k->hashes == NULL || (l->kind == GROUP_WORDS ? k->words == NULL : k->views == NULL || k->tails == NULL)) {
		drop_arrays(k);
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate the keys of %u rows", count);
	}
	return OK;
}

/* ---- packing ---- */

__attribute__((always_inline)) static inline void pack_width(char *out, const char *in, uint32_t count, size_t stride,
                                                             size_t width)
{
	for (uint32_t i = 0; i < count; i++)
		memcpy(out + i * stride, in + i * width, width);
}

static void pack_column(char *out, const struct vector *v, uint32_t count, size_t stride)
{
	switch (physical_size(type_physical(v->type))) {
	case 1: pack_width(out, v->data, count, stride, 1); return;
	case 2: pack_width(out, v->data, count, stride, 2); return;
	case 4: pack_width(out, v->data, count, stride, 4); return;
	case 8: pack_width(out, v->data, count, stride, 8); return;
	case 16: pack_width(out, v->data, count, stride, 16); return;
	case 32: pack_width(out, v->data, count, stride, 32); return;
	default: return;
	}
}

/* One column that fills the word alone. */
static void widen_column(uint64_t *out, const struct vector *v, uint32_t count)
{
	const void *d = v->data;
	switch (physical_size(type_physical(v->type))) {
	case 1:
		for (uint32_t i = 0; i < count; i++)
			out[i] = ((const uint8_t *)d)[i];
		return;
	case 2:
		for (uint32_t i = 0; i < count; i++)
			out[i] = ((const uint16_t *)d)[i];
		return;
	case 4:
		for (uint32_t i = 0; i < count; i++)
			out[i] = ((const uint32_t *)d)[i];
		return;
	case 8: memcpy(out, d, count * sizeof *out); return;
	default: memset(out, 0, count * sizeof *out); return;
	}
}

/* -0.0 becomes 0.0 in the packed bytes. */
static void fold_zeros(char *out, const struct type *t, uint32_t count, size_t stride)
{
	size_t width = t->id == TYPE_FLOAT32 ? 4 : 8;
	if (!type_is_float(t))
		return;
	for (uint32_t i = 0; i < count; i++, out += stride) {
		uint64_t bits = 0;
		memcpy(&bits, out, width);
		if (bits == (uint64_t)1 << (width * 8 - 1))
			memset(out, 0, width);
	}
}

static void pack_nulls(const struct group_layout *l, char *out, const struct vector *v, uint32_t key, uint32_t count,
                       size_t stride)
{
	if (v->nulls == NULL && v->type->id != TYPE_NOTHING)
		return;
	size_t width = physical_size(type_physical(v->type));
	for (uint32_t i = 0; i < count; i++) {
		if (v->nulls != NULL && !bit_get(v->nulls, i))
			continue;
		char *row = out + i * stride;
		if (width != 0)
			memset(row + l->at[key], 0, width);
		if (l->nullable)
			row[l->nulls_at + key / 8] |= (char)(1 << key % 8);
	}
}

static void pack(struct group_keys *k, const struct vector *const *columns, uint32_t count)
{
	const struct group_layout *l = k->layout;
	char *out = (char *)k->words;
	size_t stride = l->words * sizeof(uint64_t);
	bool alone = l->key_count == 1 && l->words == 1;
	if (alone)
		widen_column(k->words, columns[0], count);
	else
		memset(out, 0, count * stride);
	for (uint32_t c = 0; c < l->key_count; c++) {
		if (!alone)
			pack_column(out + l->at[c], columns[c], count, stride);
		if (l->fold_zero)
			fold_zeros(out + l->at[c], l->types[c], count, stride);
		pack_nulls(l, out, columns[c], c, count, stride);
	}
}

__attribute__((always_inline)) static inline void hash_words(uint64_t *hashes, const uint64_t *words, uint32_t count,
                                                             uint32_t n)
{
	for (uint32_t i = 0; i < count; i++) {
		uint64_t h = hash_u64(words[(size_t)i * n]);
		for (uint32_t w = 1; w < n; w++)
			h = hash_u64(h ^ (words[(size_t)i * n + w] + 0x9e3779b97f4a7c15u));
		hashes[i] = h;
	}
}

/* ---- serialised keys ---- */

static void put_serial(struct strbuf *to, struct strbuf *tail, const struct group_layout *l, const struct vector *v,
                       uint32_t row);

static void put_value(struct strbuf *to, struct strbuf *tail, const struct group_layout *l, const struct vector *v,
                      uint32_t row)
{
	const struct type *t = v->type;
	enum physical p = type_physical(t);
	size_t width = physical_size(p);
	if (p == PHYS_STR) {
		struct str s = strview_str((const struct strview *)v->data + row);
		strbuf_put_le(to, s.size, 4);
		size_t at = to->size;
		strbuf_puts(to, s);
		if (t->id == TYPE_NUMERIC && s.size >= NUMERIC_HEADER && !to->failed) {
			strbuf_put(tail, to->data + at + 6, 2); /* the display scale */
			memset(to->data + at + 6, 0, 2);
		}
	} else if (p == PHYS_ARRAY || p == PHYS_MAP) {
		const uint32_t *offsets = v->data;
		strbuf_put_le(to, offsets[row + 1] - offsets[row], 4);
		for (uint32_t i = offsets[row]; i < offsets[row + 1]; i++)
			for (uint32_t c = 0; c < v->child_count; c++)
				put_serial(to, tail, l, v->children[c], i);
	} else if (p == PHYS_TUPLE) {
		for (uint32_t c = 0; c < v->child_count; c++)
			put_serial(to, tail, l, v->children[c], row);
	} else if (t->id == TYPE_PGINTERVAL) {
		struct pginterval x = pginterval_at(v->data, row);
		i128 span = pginterval_span(x);
		strbuf_put(to, &span, sizeof span);
		strbuf_put(tail, &x, sizeof x);
	} else if (width != 0) {
		size_t at = to->size;
		strbuf_put(to, (const char *)v->data + row * width, width);
		if (l->fold_zero && !to->failed)
			fold_zeros(to->data + at, t, 1, 0);
	}
}

static void put_serial(struct strbuf *to, struct strbuf *tail, const struct group_layout *l, const struct vector *v,
                       uint32_t row)
{
	const struct vector *at;
	row = vector_index(v, row, &at);
	bool null = (at->nulls != NULL && bit_get(at->nulls, row)) || at->type->id == TYPE_NOTHING;
	if (at->type->nullable)
		strbuf_putc(to, null);
	if (!null)
		put_value(to, tail, l, at, row);
}

static enum status serialise(struct group_keys *k, struct eval *e, const struct vector *const *columns, uint32_t count)
{
	const struct group_layout *l = k->layout;
	static const char pad[TAIL_PAD];
	uint64_t *ends = ARENA_ARRAY(e->scratch, uint64_t, count + 1);
	struct strbuf tail;
	strbuf_init(&tail, NULL);
	strbuf_clear(&k->text);
	for (uint32_t i = 0; i < count && !k->text.failed; i++) {
		if (l->has_tail)
			strbuf_put(&k->text, pad, sizeof pad);
		for (uint32_t c = 0; c < l->key_count; c++)
			put_serial(&k->text, &tail, l, columns[c], i);
		k->tails[i] = (uint32_t)tail.size;
		strbuf_puts(&k->text, strbuf_str(&tail));
		strbuf_clear(&tail);
		ends[i] = k->text.size;
	}
	enum status s = strbuf_status(&k->text, e->err);
	if (s == OK)
		s = strbuf_status(&tail, e->err);
	strbuf_fini(&tail);
	for (uint64_t i = 0, from = 0; i < count && s == OK; from = ends[i++]) {
		uint64_t size = ends[i] - from;
		if (size > STRING_SIZE_MAX)
			s = ERR(e->err, E_STRING_TOO_LONG, "a key of %llu bytes is too long", (unsigned long long)size);
		else
			k->views[i] = strview_make(k->text.data + from, size - k->tails[i]);
	}
	return s;
}

static void view_strings(struct group_keys *k, const struct vector *v, uint32_t count)
{
	memcpy(k->views, v->data, count * sizeof *k->views);
	memset(k->tails, 0, count * sizeof *k->tails);
	if (v->nulls == NULL)
		return;
	for (uint32_t i = 0; i < count; i++)
		if (bit_get(v->nulls, i)) {
			memset(&k->views[i], 0, sizeof *k->views);
			k->views[i].size = UINT32_MAX;
		}
}

static void hash_views(struct group_keys *k, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct strview *v = &k->views[i];
		uint64_t x, y;
		if (v->size <= STRVIEW_INLINE || v->size == UINT32_MAX) {
			memcpy(&x, v, 8);
			memcpy(&y, (const char *)v + 8, 8);
			k->hashes[i] = hash_u64(hash_u64(x) ^ (y + 0x9e3779b97f4a7c15u));
		} else {
			k->hashes[i] = hash_bytes(v->far.pointer, v->size, 0);
		}
	}
}

enum status group_keys_set(struct group_keys *k, struct eval *e, struct vector *const *columns, uint32_t count)
{
	const struct group_layout *l = k->layout;
	const struct vector **flat = ARENA_ARRAY(e->scratch, const struct vector *, l->key_count + 1);
	struct vector **owned = ARENA_ARRAY(e->scratch, struct vector *, l->key_count + 1);
	TRY(reserve(k, count, e->err));
	k->count = count;
	enum status s = OK;
	for (uint32_t c = 0; c < l->key_count && s == OK; c++) {
		flat[c] = columns[c];
		/* serialising looks through any form; a view of a constant string may die with its vector */
		if (columns[c]->form == VECTOR_FLAT || (l->kind == GROUP_VIEW && !l->one_string))
			continue;
		s = vector_flatten(e->track, columns[c], &owned[c], e->err);
		flat[c] = owned[c];
	}
	if (s == OK && l->kind == GROUP_WORDS) {
		pack(k, flat, count);
		if (l->words == 1)
			hash_words(k->hashes, k->words, count, 1);
		else if (l->words == 2)
			hash_words(k->hashes, k->words, count, 2);
		else
			hash_words(k->hashes, k->words, count, l->words);
	} else if (s == OK) {
		if (l->one_string)
			view_strings(k, flat[0], count);
		else
			s = serialise(k, e, flat, count);
		if (s == OK)
			hash_views(k, count);
	}
	for (uint32_t c = 0; c < l->key_count; c++)
		vector_unref(owned[c]); /* payloads of strings are in heaps that the original holds */
	return s;
}

/* ---- back to columns ---- */

__attribute__((always_inline)) static inline void unpack_width(char *out, char *const *rows, uint32_t count,
                                                               uint32_t at, size_t width)
{
	for (uint32_t i = 0; i < count; i++)
		memcpy(out + i * width, rows[i] + at, width);
}

static enum status unpack_column(const struct group_layout *l, char *const *rows, uint32_t count, uint32_t key,
                                 struct memtrack *track, struct vector **out, struct error *err)
{
	const struct type *t = l->types[key];
	struct vector *v;
	TRY(vector_new(track, t, count, &v, err));
	uint32_t at = l->at[key];
	switch (physical_size(type_physical(t))) {
	case 1: unpack_width(v->data, rows, count, at, 1); break;
	case 2: unpack_width(v->data, rows, count, at, 2); break;
	case 4: unpack_width(v->data, rows, count, at, 4); break;
	case 8: unpack_width(v->data, rows, count, at, 8); break;
	case 16: unpack_width(v->data, rows, count, at, 16); break;
	case 32: unpack_width(v->data, rows, count, at, 32); break;
	default: break;
	}
	enum status s = OK;
	for (uint32_t i = 0; t->nullable && i < count && s == OK; i++)
		if (rows[i][l->nulls_at + key / 8] >> key % 8 & 1) {
			s = vector_make_nulls(v, track, err);
			if (s == OK)
				bit_set(v->nulls, i);
		}
	if (s != OK) {
		vector_unref(v);
		return s;
	}
	*out = v;
	return OK;
}

static inline const struct strview *row_view(const char *row)
{
	return (const struct strview *)(const void *)(row + 8);
}

/* Texts are copied into one heap of the result. */
static enum status string_column(const struct group_layout *l, char *const *rows, uint32_t count,
                                 struct memtrack *track, struct vector **out, struct error *err)
{
	struct vector *v;
	size_t total = 0;
	char *to = NULL;
	bool nulls = false;
	TRY(vector_new(track, l->types[0], count, &v, err));
	struct strview *views = v->data;
	for (uint32_t i = 0; i < count; i++) {
		views[i] = *row_view(rows[i]);
		if (views[i].size == UINT32_MAX)
			nulls = true;
		else if (views[i].size > STRVIEW_INLINE)
			total += views[i].size;
	}
	enum status s = total == 0 ? OK : vector_heap(v, track, total, &to, err);
	if (s == OK && nulls)
		s = vector_make_nulls(v, track, err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		if (views[i].size == UINT32_MAX) {
			memset(&views[i], 0, sizeof views[i]);
			bit_set(v->nulls, i);
		} else if (views[i].size > STRVIEW_INLINE) {
			memcpy(to, views[i].far.pointer, views[i].size);
			views[i].far.pointer = to;
			to += views[i].size;
		}
	}
	if (s != OK) {
		vector_unref(v);
		return s;
	}
	*out = v;
	return OK;
}

/* What is left of a serialised key and of its tail. */
struct serial {
	const char *at, *tail;
};

static uint32_t get_u32(struct serial *from)
{
	uint32_t n;
	memcpy(&n, from->at, sizeof n);
	from->at += sizeof n;
	return n;
}

static enum status get_numeric(struct serial *from, uint32_t size, struct builder *to, struct error *err)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	strbuf_put(&b, from->at, size);
	enum status s = strbuf_status(&b, err);
	if (s == OK && size >= NUMERIC_HEADER) {
		memcpy(b.data + 6, from->tail, 2);
		from->tail += 2;
	}
	if (s == OK)
		s = builder_string(to, b.data, b.size, err);
	strbuf_fini(&b);
	return s;
}

static enum status get_serial(struct serial *from, struct builder *to, struct error *err)
{
	const struct type *t = to->type;
	if (t->nullable && *from->at++ != 0)
		return builder_null(to, err);
	uint32_t n;
	switch (to->physical) {
	case PHYS_STR:
		n = get_u32(from);
		TRY(t->id == TYPE_NUMERIC ? get_numeric(from, n, to, err) : builder_string(to, from->at, n, err));
		from->at += n;
		return OK;
	case PHYS_ARRAY:
	case PHYS_MAP:
		n = get_u32(from);
		for (uint32_t i = 0; i < n; i++)
			for (uint32_t c = 0; c < to->child_count; c++)
				TRY(get_serial(from, to->children[c], err));
		return builder_end_array(to, err);
	case PHYS_TUPLE:
		for (uint32_t c = 0; c < to->child_count; c++)
			TRY(get_serial(from, to->children[c], err));
		return builder_end_tuple(to, err);
	case PHYS_NONE: return builder_default(to, err);
	default:
		if (t->id == TYPE_PGINTERVAL) {
			TRY(builder_fixed(to, from->tail, err));
			from->at += sizeof(i128);
			from->tail += sizeof(struct pginterval);
			return OK;
		}
		TRY(builder_fixed(to, from->at, err));
		from->at += physical_size(to->physical);
		return OK;
	}
}

static enum status serial_columns(const struct group_layout *l, char *const *rows, uint32_t count,
                                  struct memtrack *track, struct vector **out, struct error *err)
{
	struct builder **b = calloc(l->key_count, sizeof *b);
	if (b == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate %u builders", l->key_count);
	enum status s = OK;
	for (uint32_t c = 0; c < l->key_count && s == OK; c++) {
		s = builder_new(track, l->types[c], &b[c], err);
		if (s == OK)
			s = builder_reserve(b[c], count, err);
	}
	for (uint32_t i = 0; i < count && s == OK; i++) {
		const struct strview *v = row_view(rows[i]);
		struct serial from = {strview_data(v), strview_data(v) + v->size};
		if (l->has_tail)
			from.at += TAIL_PAD;
		for (uint32_t c = 0; c < l->key_count && s == OK; c++)
			s = get_serial(&from, b[c], err);
	}
	for (uint32_t c = 0; c < l->key_count && s == OK; c++)
		s = builder_finish(b[c], &out[c], err);
	for (uint32_t c = 0; c < l->key_count; c++)
		builder_free(b[c]);
	free(b);
	return s;
}

enum status group_key_columns(const struct group_layout *l, char *const *rows, uint32_t count, struct memtrack *track,
                              struct vector **out, struct error *err)
{
	for (uint32_t c = 0; c < l->key_count; c++)
		out[c] = NULL;
	enum status s = OK;
	if (l->kind == GROUP_VIEW)
		s = l->one_string ? string_column(l, rows, count, track, &out[0], err)
		                  : serial_columns(l, rows, count, track, out, err);
	for (uint32_t c = 0; l->kind == GROUP_WORDS && c < l->key_count && s == OK; c++)
		s = unpack_column(l, rows, count, c, track, &out[c], err);
	for (uint32_t c = 0; c < l->key_count && s != OK; c++) {
		vector_unref(out[c]);
		out[c] = NULL;
	}
	return s;
}

// SPDX-License-Identifier: Apache-2.0
#include "func/agg_uniq_hash_impl.h"

#include <assert.h>

#include "base/hash.h"
#include "column/numeric.h"
#include "column/pginterval.h"

/* Whether the other server has a value as one piece of memory. */
static bool is_contiguous(const struct type *t)
{
	size_t width = physical_size(type_physical(t));
	if (t->nullable || t->id == TYPE_NUMERIC || t->id == TYPE_PGINTERVAL)
		return false;
	if (t->id != TYPE_ARRAY)
		return width != 0;
	const struct type *element = t->children[0];
	return element->id != TYPE_STRING && element->id != TYPE_ARRAY && is_contiguous(element);
}

static enum uniq_kind row_kind(const struct type *const *types, uint32_t n)
{
	if (n == 1 && types[0]->id == TYPE_TUPLE && !types[0]->nullable)
		return row_kind(types[0]->children, types[0]->child_count);
	for (uint32_t i = 0; i < n; i++)
		if (!is_contiguous(types[i]))
			return UNIQ_SIP;
	return UNIQ_ROW;
}

enum uniq_kind uniq_kind_of(const struct type *const *types, uint32_t n)
{
	enum physical p = n == 0 ? PHYS_NONE : type_physical(types[0]);
	size_t width = physical_size(p);
	if (n != 1 || types[0]->nullable || width == 0)
		return row_kind(types, n);
	switch (types[0]->id) {
	case TYPE_NUMERIC:
	case TYPE_PGINTERVAL: return UNIQ_SIP; /* equal values may differ in bytes */
	case TYPE_DECIMAL32: case TYPE_DECIMAL64: case TYPE_DECIMAL128: case TYPE_DECIMAL256:
	case TYPE_DATETIME64: case TYPE_TIME64: case TYPE_INTERVAL: return UNIQ_ROW;
	case TYPE_IPV6: return UNIQ_ADDRESS;
	default: break;
	}
	if (p == PHYS_STR)
		return UNIQ_STRING;
	if (p == PHYS_F32 || p == PHYS_F64)
		return UNIQ_FLOAT;
	return width <= 8 ? UNIQ_FIXED : UNIQ_WIDE;
}

static inline uint32_t row_at(const uint32_t *rows, uint32_t i)
{
	return rows == NULL ? i : rows[i];
}

#define EACH_VALUE(T, expression)                                       \
	for (uint32_t i = 0; i < count; i++) {                              \
		T x;                                                            \
		memcpy(&x, data + row_at(rows, from + i) * sizeof x, sizeof x); \
		out[i] = (expression);                                          \
	}                                                                   \
	return

static void hash_fixed(enum physical p, const char *data, const uint32_t *rows, uint32_t from, uint32_t count,
                       uint64_t *out)
{
	switch (p) {
	case PHYS_I8: EACH_VALUE(int8_t, (uint64_t)(int64_t)x);
	case PHYS_I16: EACH_VALUE(int16_t, (uint64_t)(int64_t)x);
	case PHYS_I32: EACH_VALUE(int32_t, (uint64_t)(int64_t)x);
	case PHYS_I64: EACH_VALUE(int64_t, (uint64_t)x);
	case PHYS_U8: EACH_VALUE(uint8_t, x);
	case PHYS_U16: EACH_VALUE(uint16_t, x);
	case PHYS_U32: EACH_VALUE(uint32_t, x);
	case PHYS_F32: EACH_VALUE(uint32_t, x);
	default: EACH_VALUE(uint64_t, x);
	}
}

/* 16 and 32 bytes: the words folded into one, but for the highest of four. */
static void hash_wide(const struct type *t, const char *data, const uint32_t *rows, uint32_t from, uint32_t count,
                      uint64_t *out)
{
	size_t width = physical_size(type_physical(t));
	for (uint32_t i = 0; i < count; i++) {
		uint64_t w[4] = {0};
		memcpy(w, data + row_at(rows, from + i) * width, width);
		out[i] = hash_u64(w[0] ^ w[1] ^ w[2]);
	}
}

/* A value's bytes in one piece: in place where they are, else in `b`. */
static enum status value_bytes(const struct vector *v, uint32_t row, struct strbuf *b, struct str *out,
                               struct error *err)
{
	size_t width = physical_size(type_physical(v->type));
	if (type_physical(v->type) == PHYS_STR) {
		*out = strview_str((const struct strview *)v->data + row);
		return OK;
	}
	if (width != 0 && v->type->id != TYPE_IPV6) {
		*out = str_make((const char *)v->data + row * width, width);
		return OK;
	}
	strbuf_clear(b);
	TRY(agg_blob_write(b, v, row, true, err));
	*out = strbuf_str(b);
	return strbuf_status(b, err);
}

/* CityHash's own combination of two hashes. */
static inline uint64_t city_combine(uint64_t low, uint64_t high)
{
	const uint64_t m = 0x9ddfea08eb382d69;
	uint64_t a = (low ^ high) * m;
	a ^= a >> 47;
	uint64_t b = (high ^ a) * m;
	b ^= b >> 47;
	return b * m;
}

/* Columns of a row, tuples opened. */
static enum status hash_row(const struct vector *v, uint32_t row, struct strbuf *b, uint64_t *hash, bool *first,
                            struct error *err)
{
	if (type_physical(v->type) == PHYS_TUPLE) {
		for (uint32_t k = 0; k < v->child_count; k++) {
			const struct vector *at;
			uint32_t i = vector_index(v->children[k], row, &at);
			TRY(hash_row(at, i, b, hash, first, err));
		}
		return OK;
	}
	struct str s;
	TRY(value_bytes(v, row, b, &s, err));
	uint64_t h = cityhash64(s.data, s.size);
	*hash = *first ? h : city_combine(h, *hash);
	*first = false;
	return OK;
}

static void sip_update(struct siphash *h, const struct vector *v, uint32_t row)
{
	const struct vector *at;
	row = vector_index(v, row, &at);
	const struct type *t = at->type;
	enum physical p = type_physical(t);
	if (t->nullable) {
		uint8_t null = at->nulls != NULL && bit_get(at->nulls, row);
		siphash_update(h, &null, 1);
		if (null)
			return;
	}
	if (p == PHYS_STR) {
		struct str s = strview_str((const struct strview *)at->data + row);
		uint64_t size = s.size + 1; /* with the NUL */
		if (t->id != TYPE_FIXEDSTRING)
			siphash_update(h, &size, sizeof size);
		if (t->id == TYPE_NUMERIC && s.size >= NUMERIC_HEADER) { /* not the display scale */
			siphash_update(h, s.data, 6);
			s = str_make(s.data + NUMERIC_HEADER, s.size - NUMERIC_HEADER);
		}
		siphash_update(h, s.data, s.size);
		if (t->id != TYPE_FIXEDSTRING)
			siphash_update(h, "", 1);
	} else if (t->id == TYPE_PGINTERVAL) {
		i128 span = pginterval_span(pginterval_at(at->data, row));
		siphash_update(h, &span, sizeof span);
	} else if (p == PHYS_ARRAY || p == PHYS_MAP) {
		const uint32_t *offsets = at->data;
		uint64_t size = offsets[row + 1] - offsets[row];
		siphash_update(h, &size, sizeof size);
		for (uint32_t i = offsets[row]; i < offsets[row + 1]; i++)
			for (uint32_t k = 0; k < at->child_count; k++)
				sip_update(h, at->children[k], i);
	} else if (p == PHYS_TUPLE) {
		for (uint32_t k = 0; k < at->child_count; k++)
			sip_update(h, at->children[k], row);
	} else {
		uint8_t bytes[32];
		size_t width = physical_size(p);
		for (size_t i = 0; i < width; i++)
			bytes[i] = ((const uint8_t *)at->data)[row * width + (t->id == TYPE_IPV6 ? width - 1 - i : i)];
		siphash_update(h, bytes, width);
	}
}

enum status uniq_hash(enum uniq_kind kind, struct eval *e, const struct vector *const *args, uint32_t n,
                      const uint32_t *rows, uint32_t from, uint32_t count, uint64_t *out)
{
	const struct vector *v = args[0];
	struct strbuf b;
	enum status s = OK;
	switch (kind) {
	case UNIQ_FIXED:
	case UNIQ_FLOAT: hash_fixed(type_physical(v->type), v->data, rows, from, count, out); return OK;
	case UNIQ_WIDE: hash_wide(v->type, v->data, rows, from, count, out); return OK;
	case UNIQ_STRING:
		for (uint32_t i = 0; i < count; i++) {
			struct str text = strview_str((const struct strview *)v->data + row_at(rows, from + i));
			out[i] = cityhash64(text.data, text.size);
		}
		return OK;
	case UNIQ_ADDRESS:
		for (uint32_t i = 0; i < count; i++) {
			uint64_t w[2], turned[2];
			memcpy(w, (const char *)v->data + row_at(rows, from + i) * sizeof w, sizeof w);
			turned[0] = __builtin_bswap64(w[1]);
			turned[1] = __builtin_bswap64(w[0]);
			out[i] = cityhash64(turned, sizeof turned);
		}
		return OK;
	case UNIQ_SIP:
		for (uint32_t i = 0; i < count; i++) {
			struct siphash h;
			siphash_init(&h, 0, 0);
			for (uint32_t k = 0; k < n; k++)
				sip_update(&h, args[k], row_at(rows, from + i));
			out[i] = siphash_final128(&h).low;
		}
		return OK;
	case UNIQ_ROW:
		strbuf_init(&b, NULL);
		for (uint32_t i = 0; i < count && s == OK; i++) {
			bool first = true;
			out[i] = 0;
			for (uint32_t k = 0; k < n && s == OK; k++)
				s = hash_row(args[k], row_at(rows, from + i), &b, &out[i], &first, e->err);
		}
		strbuf_fini(&b);
		return s;
	}
	return OK;
}

enum status uniq_hash128(enum uniq_kind kind, struct eval *e, const struct vector *const *args, uint32_t n,
                         const uint32_t *rows, uint32_t from, uint32_t count, u128 *out)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t row = row_at(rows, from + i);
		struct hash128 x;
		if (kind == UNIQ_STRING) {
			struct str s = strview_str((const struct strview *)args[0]->data + row);
			x = siphash128(s.data, s.size, 0, 0);
		} else {
			struct siphash h;
			siphash_init(&h, 0, 0);
			for (uint32_t k = 0; k < n; k++)
				sip_update(&h, args[k], row);
			x = siphash_final128(&h);
		}
		out[i] = (u128)x.high << 64 | x.low;
	}
	return OK;
}

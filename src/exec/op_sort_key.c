// SPDX-License-Identifier: Apache-2.0
#include "exec/op_sort_key.h"

#include <assert.h>

#include "base/sort.h"

enum { KEY_BITS = 128 };

/* Bits of a column's value in the number; 0: it does not go in. Strings take what is left. */
static unsigned value_bits(const struct type *t)
{
	enum physical p = type_physical(t);
	if (p == PHYS_STR || t->id == TYPE_PGINTERVAL || p == PHYS_I256 || p == PHYS_U256)
		return 0;
	return (unsigned)physical_size(p) * 8;
}

void sort_order_init(struct sort_order *o, struct arena *a, const struct plan_order *order, uint32_t n, bool pg)
{
	memset(o, 0, sizeof *o);
	o->count = n;
	o->pg = pg;
	o->types = ARENA_ARRAY(a, const struct type *, n + 1);
	o->descending = ARENA_ARRAY(a, bool, n + 1);
	o->nulls_first = ARENA_ARRAY(a, bool, n + 1);
	bool open = true;
	for (uint32_t i = 0; i < n; i++) {
		const struct type *t = order[i].expr->type;
		o->types[i] = t;
		o->descending[i] = order[i].descending;
		o->nulls_first[i] = order[i].nulls_first;
		unsigned bits = value_bits(t) + t->nullable;
		bool fits = value_bits(t) != 0 && o->bits + bits <= KEY_BITS;
		if (open && fits) {
			o->bits += bits;
			o->exact++;
		}
		open = open && fits;
	}
}

/* ---- values as numbers in their order ---- */

/* NaN: by the NULLs, or the greatest number. -0.0 is 0.0. */
static inline uint64_t double_key(const struct sort_order *o, uint32_t c, double v)
{
	if (v != v) {
		bool top = o->pg ? true : o->nulls_first[c] == o->descending[c];
		return top ? UINT64_MAX : 0;
	}
	return sort_key_of_double(v + 0.0);
}

static inline uint32_t float_key(const struct sort_order *o, uint32_t c, float v)
{
	if (v != v) {
		bool top = o->pg ? true : o->nulls_first[c] == o->descending[c];
		return top ? UINT32_MAX : 0;
	}
	return sort_key_of_float(v + 0.0f);
}

static inline u128 fixed_key(const struct sort_order *o, uint32_t c, enum physical p, const char *at)
{
	union {
		uint8_t u8;
		uint16_t u16;
		uint32_t u32;
		uint64_t u64;
		float f32;
		double f64;
	} v;
	u128 wide;
	memcpy(&v, at, physical_size(p) > 8 ? 8 : physical_size(p));
	switch (p) {
	case PHYS_U8: return v.u8;
	case PHYS_I8: return v.u8 ^ 0x80u;
	case PHYS_U16: return v.u16;
	case PHYS_I16: return v.u16 ^ 0x8000u;
	case PHYS_U32: return v.u32;
	case PHYS_I32: return v.u32 ^ 0x80000000u;
	case PHYS_U64: return v.u64;
	case PHYS_I64: return v.u64 ^ (uint64_t)1 << 63;
	case PHYS_F32: return float_key(o, c, v.f32);
	case PHYS_F64: return double_key(o, c, v.f64);
	case PHYS_I128:
	case PHYS_U128:
		memcpy(&wide, at, sizeof wide);
		return p == PHYS_I128 ? wide ^ (u128)1 << 127 : wide;
	default: return 0;
	}
}

static inline u128 string_key(const struct strview *s, unsigned bytes)
{
	const char *data = strview_data(s);
	u128 v = 0;
	for (unsigned i = 0; i < bytes; i++)
		v = v << 8 | (i < s->size ? (uint8_t)data[i] : 0);
	return v;
}

static inline void add_bits(struct sort_item *item, u128 v, unsigned shift)
{
	u128 key = ((u128)item->high << 64 | item->low) | v << shift;
	item->high = (uint64_t)(key >> 64);
	item->low = (uint64_t)key;
}

__attribute__((always_inline)) static inline void fixed_column(const struct sort_order *o, uint32_t c,
                                                               const struct vector *v, uint32_t count,
                                                               struct sort_item *items, unsigned shift,
                                                               enum physical p, unsigned bits)
{
	u128 mask = bits == KEY_BITS ? ~(u128)0 : ((u128)1 << bits) - 1;
	u128 flip = o->descending[c] ? mask : 0;
	const char *data = v->data;
	size_t width = bits / 8;
	for (uint32_t i = 0; i < count; i++) {
		bool null = v->nulls != NULL && bit_get(v->nulls, i);
		u128 key = null ? 0 : fixed_key(o, c, p, data + i * width) ^ flip;
		if (o->types[c]->nullable)
			key |= (u128)(null != o->nulls_first[c]) << bits;
		add_bits(&items[i], key, shift);
	}
}

static void put_fixed(const struct sort_order *o, uint32_t c, const struct vector *v, uint32_t count,
                      struct sort_item *items, unsigned shift)
{
	switch (type_physical(o->types[c])) {
	case PHYS_U8: fixed_column(o, c, v, count, items, shift, PHYS_U8, 8); return;
	case PHYS_I8: fixed_column(o, c, v, count, items, shift, PHYS_I8, 8); return;
	case PHYS_U16: fixed_column(o, c, v, count, items, shift, PHYS_U16, 16); return;
	case PHYS_I16: fixed_column(o, c, v, count, items, shift, PHYS_I16, 16); return;
	case PHYS_U32: fixed_column(o, c, v, count, items, shift, PHYS_U32, 32); return;
	case PHYS_I32: fixed_column(o, c, v, count, items, shift, PHYS_I32, 32); return;
	case PHYS_U64: fixed_column(o, c, v, count, items, shift, PHYS_U64, 64); return;
	case PHYS_I64: fixed_column(o, c, v, count, items, shift, PHYS_I64, 64); return;
	case PHYS_F32: fixed_column(o, c, v, count, items, shift, PHYS_F32, 32); return;
	case PHYS_F64: fixed_column(o, c, v, count, items, shift, PHYS_F64, 64); return;
	case PHYS_I128: fixed_column(o, c, v, count, items, shift, PHYS_I128, 128); return;
	case PHYS_U128: fixed_column(o, c, v, count, items, shift, PHYS_U128, 128); return;
	default: return;
	}
}

/* The first bytes of the column behind the exact ones, where it is a string or too wide. */
static void put_prefix(const struct sort_order *o, struct vector *const *columns, uint32_t count,
                       struct sort_item *items)
{
	uint32_t c = o->exact;
	const struct type *t = o->types[c];
	const struct vector *v = columns[c];
	unsigned left = KEY_BITS - o->bits, null_bits = t->nullable;
	if (!type_is_string(t) || left < 8 + null_bits)
		return;
	unsigned bytes = (left - null_bits) / 8, shift = left - null_bits - bytes * 8;
	u128 mask = bytes * 8 == KEY_BITS ? ~(u128)0 : ((u128)1 << bytes * 8) - 1, flip = o->descending[c] ? mask : 0;
	const struct strview *s = v->data;
	for (uint32_t i = 0; i < count; i++) {
		bool null = v->nulls != NULL && bit_get(v->nulls, i);
		u128 key = null ? 0 : string_key(&s[i], bytes) ^ flip;
		if (t->nullable)
			key |= (u128)(null != o->nulls_first[c]) << bytes * 8;
		add_bits(&items[i], key, shift);
	}
}

void sort_order_keys(const struct sort_order *o, struct vector *const *columns, uint32_t count, uint32_t base,
                     struct sort_item *items)
{
	unsigned used = 0;
	for (uint32_t i = 0; i < count; i++)
		items[i] = (struct sort_item){0, 0, base + i};
	for (uint32_t c = 0; c < o->exact; c++) {
		used += value_bits(o->types[c]) + o->types[c]->nullable;
		put_fixed(o, c, columns[c], count, items, KEY_BITS - used);
	}
	assert(used == o->bits);
	if (!sort_order_is_exact(o))
		put_prefix(o, columns, count, items);
}

/* ---- comparing ---- */

static bool is_nan(const struct vector *v, uint32_t i)
{
	if (v->type->id == TYPE_FLOAT64)
		return ((const double *)v->data)[i] != ((const double *)v->data)[i];
	return v->type->id == TYPE_FLOAT32 && ((const float *)v->data)[i] != ((const float *)v->data)[i];
}

int sort_order_compare(const struct sort_order *o, uint32_t from, struct vector *const *x, uint32_t i,
                       struct vector *const *y, uint32_t j)
{
	for (uint32_t c = from; c < o->count; c++) {
		const struct vector *a = x[c], *b = y[c];
		bool null_a = a->nulls != NULL && bit_get(a->nulls, i), null_b = b->nulls != NULL && bit_get(b->nulls, j);
		if (null_a || null_b) {
			if (null_a == null_b)
				continue;
			return null_a == o->nulls_first[c] ? -1 : 1;
		}
		if (!o->pg && type_is_float(o->types[c])) {
			bool nan_a = is_nan(a, i), nan_b = is_nan(b, j);
			if (nan_a && nan_b)
				continue;
			if (nan_a || nan_b)
				return nan_a == o->nulls_first[c] ? -1 : 1;
		}
		int order = vector_compare_rows(a, i, b, j);
		if (order != 0)
			return o->descending[c] ? -order : order;
	}
	return 0;
}

struct sort_context {
	const struct sort_order *order;
	struct vector *const *columns;
};

static inline bool item_before(const struct sort_item *a, const struct sort_item *b, const struct sort_context *x)
{
	if (a->high != b->high)
		return a->high < b->high;
	if (a->low != b->low)
		return a->low < b->low;
	if (!sort_order_is_exact(x->order)) {
		int c = sort_order_compare(x->order, x->order->exact, x->columns, a->row, x->columns, b->row);
		if (c != 0)
			return c < 0;
	}
	return a->row < b->row;
}

static inline bool exact_before(const struct sort_item *a, const struct sort_item *b)
{
	if (a->high != b->high)
		return a->high < b->high;
	return a->low != b->low ? a->low < b->low : a->row < b->row;
}

#define SORT_NAME sort_items
#define SORT_TYPE struct sort_item
#define SORT_CONTEXT const struct sort_context *
#define SORT_LESS(a, b) item_before((a), (b), context)
#include "base/sort.h"

#define SORT_NAME sort_exact
#define SORT_TYPE struct sort_item
#define SORT_LESS(a, b) exact_before((a), (b))
#include "base/sort.h"

/* All of the order is in `high`: by bytes, which keeps ties in place. The key and row fit into half an item's room. */
static void sort_radix(struct sort_item *items, uint32_t count, struct sort_item *tmp)
{
	_Static_assert(sizeof(struct key_index) <= sizeof(struct sort_item), "keys fit into the room for items");
	struct key_index *a = (struct key_index *)(void *)items, *b = (struct key_index *)(void *)tmp;
	for (uint32_t i = 0; i < count; i++) {
		struct sort_item x = items[i];
		a[i] = (struct key_index){x.high, x.row};
	}
	struct key_index *sorted = radix_sort_u64(a, b, count);
	if (sorted == b)
		memcpy(a, b, count * sizeof *a);
	for (uint32_t i = count; i-- > 0;) {
		struct key_index k = a[i];
		items[i] = (struct sort_item){k.key, 0, k.index};
	}
}

void sort_order_sort(const struct sort_order *o, struct vector *const *columns, struct sort_item *items, uint32_t count,
                     struct sort_item *tmp)
{
	enum { RADIX_MIN = 256 };
	struct sort_context x = {o, columns};
	if (!sort_order_is_exact(o))
		sort_items(items, count, &x);
	else if (o->bits <= 64 && count >= RADIX_MIN)
		sort_radix(items, count, tmp);
	else
		sort_exact(items, count);
}

void sort_order_merge(const struct sort_order *o, struct vector *const *columns, const struct sort_item *a, uint32_t n,
                      const struct sort_item *b, uint32_t m, struct sort_item *out)
{
	struct sort_context x = {o, columns};
	uint32_t i = 0, k = 0;
	while (i < n && k < m)
		*out++ = item_before(&b[k], &a[i], &x) ? b[k++] : a[i++];
	while (i < n)
		*out++ = a[i++];
	while (k < m)
		*out++ = b[k++];
}

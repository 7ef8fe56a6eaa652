// SPDX-License-Identifier: Apache-2.0
#include "storage/sort_rows.h"

#include <assert.h>
#include "base/sort.h"

/* Runs shorter than this are sorted by comparing rows. */
enum { RUN_SHORT = 16 };

/* Rows perm[from, to) are equal in all key columns before `key`, and in the first `offset` bytes of that. */
struct run {
	uint32_t from, to, key, offset;
};

struct sorter {
	const struct vector *const *keys;
	uint32_t key_count;
	uint32_t *perm;
	struct key_index *a, *tmp;
	struct run *runs; /* a stack; runs do not overlap and have at least two rows */
	uint32_t run_count;
};

/* -0.0 is 0.0, and NULL is greater than everything; the rest is vector_compare_rows's order. */
int compare_values(const struct vector *a, uint32_t i, const struct vector *b, uint32_t j)
{
	const struct vector *x, *y;
	i = vector_index(a, i, &x);
	j = vector_index(b, j, &y);
	enum physical p = type_physical(x->type);
	if (p == PHYS_F64 || p == PHYS_F32) {
		bool null_x = x->nulls != NULL && bit_get(x->nulls, i), null_y = y->nulls != NULL && bit_get(y->nulls, j);
		if (!null_x && !null_y) {
			double u = p == PHYS_F64 ? ((const double *)x->data)[i] : (double)((const float *)x->data)[i];
			double v = p == PHYS_F64 ? ((const double *)y->data)[j] : (double)((const float *)y->data)[j];
			if (u == v)
				return 0;
		}
	}
	return vector_compare_rows(x, i, y, j);
}

int compare_key_rows(const struct vector *const *a, uint32_t i, const struct vector *const *b, uint32_t j,
                     uint32_t key_count)
{
	for (uint32_t k = 0; k < key_count; k++) {
		int c = compare_values(a[k], i, b[k], j);
		if (c != 0)
			return c;
	}
	return 0;
}

static inline uint64_t key_of_f64(double d)
{
	if (d != d)
		return UINT64_MAX;
	return sort_key_of_double(d == 0 ? 0.0 : d);
}

/* The 8 bytes from `offset` on, zeros behind the end. */
static inline uint64_t string_key(const struct strview *s, uint32_t offset)
{
	uint64_t v = 0;
	if (s->size > offset)
		memcpy(&v, strview_data(s) + offset, s->size - offset < 8 ? s->size - offset : 8);
	return __builtin_bswap64(v);
}

/* Normalised key of FLAT row i, which is not NULL. Only a string's may be equal for different values. */
static uint64_t normal_key(const struct vector *v, uint32_t i, uint32_t offset)
{
	switch (type_physical(v->type)) {
	case PHYS_I8:
		return sort_key_of_i64(((const int8_t *)v->data)[i]);
	case PHYS_I16:
		return sort_key_of_i64(((const int16_t *)v->data)[i]);
	case PHYS_I32:
		return sort_key_of_i64(((const int32_t *)v->data)[i]);
	case PHYS_I64:
		return sort_key_of_i64(((const int64_t *)v->data)[i]);
	case PHYS_U8:
		return ((const uint8_t *)v->data)[i];
	case PHYS_U16:
		return ((const uint16_t *)v->data)[i];
	case PHYS_U32:
		return ((const uint32_t *)v->data)[i];
	case PHYS_U64:
		return ((const uint64_t *)v->data)[i];
	case PHYS_F32:
		return key_of_f64((double)((const float *)v->data)[i]);
	case PHYS_F64:
		return key_of_f64(((const double *)v->data)[i]);
	case PHYS_STR:
		return string_key((const struct strview *)v->data + i, offset);
	default:
		assert(false);
		return 0;
	}
}

/* Whether normal_key() knows the type. UUIDs and wide integers are compared. */
static bool has_normal_key(const struct vector *v)
{
	enum physical p = type_physical(v->type);
	return p == PHYS_STR || (p >= PHYS_I8 && p <= PHYS_I64) || (p >= PHYS_U8 && p <= PHYS_U64) || p == PHYS_F32
	       || p == PHYS_F64;
}

struct comparing {
	const struct vector *const *keys;
	uint32_t from, to; /* key columns */
};

/* Stable by taking the row number last: rows come in ascending. */
static inline bool less_rows(const struct comparing *c, uint32_t x, uint32_t y)
{
	for (uint32_t k = c->from; k < c->to; k++) {
		int r = compare_values(c->keys[k], x, c->keys[k], y);
		if (r != 0)
			return r < 0;
	}
	return x < y;
}

#define SORT_NAME sort_by_comparing
#define SORT_TYPE uint32_t
#define SORT_LESS(x, y) less_rows(context, *(x), *(y))
#define SORT_CONTEXT const struct comparing *
#include "base/sort.h"

static void push(struct sorter *s, uint32_t from, uint32_t to, uint32_t key, uint32_t offset)
{
	if (to - from > 1 && key < s->key_count)
		s->runs[s->run_count++] = (struct run){from, to, key, offset};
}

/* Sorts a run by all that is left of its keys. */
static void finish_run(struct sorter *s, const struct run *r)
{
	struct comparing c = {s->keys, r->key, s->key_count};
	sort_by_comparing(s->perm + r->from, r->to - r->from, &c);
}

/* Bytes that all strings of the run share. *equal: they are one string. */
static uint32_t common_prefix(const struct sorter *s, const struct run *r, bool *equal)
{
	const struct vector *v = s->keys[r->key], *at;
	uint32_t row = vector_index(v, s->perm[r->from], &at);
	struct str first = strview_str((const struct strview *)at->data + row);
	size_t common = first.size;
	*equal = true;
	for (uint32_t i = r->from + 1; i < r->to; i++) {
		row = vector_index(v, s->perm[i], &at);
		struct str other = strview_str((const struct strview *)at->data + row);
		size_t n = common < other.size ? common : other.size, k = r->offset < n ? r->offset : n;
		while (k < n && first.data[k] == other.data[k])
			k++;
		if (k < common || other.size != first.size)
			*equal = false;
		common = k < common ? k : common;
	}
	return (uint32_t)common;
}

/* Keys of the run's rows to s->a, the least subtracted; NULL rows move behind in s->perm. Returns how many have keys.
 * */
static uint32_t gather_keys(struct sorter *s, const struct run *r, uint32_t offset)
{
	const struct vector *v = s->keys[r->key];
	uint32_t *nulls = (uint32_t *)(void *)s->tmp, null_count = 0, n = 0;
	uint64_t least = UINT64_MAX;
	for (uint32_t i = r->from; i < r->to; i++) {
		const struct vector *at;
		uint32_t row = vector_index(v, s->perm[i], &at);
		if (at->nulls != NULL && bit_get(at->nulls, row)) {
			nulls[null_count++] = s->perm[i];
			continue;
		}
		uint64_t k = normal_key(at, row, offset);
		least = k < least ? k : least;
		s->a[n++] = (struct key_index){k, s->perm[i]};
	}
	if (null_count != 0)
		memcpy(s->perm + r->from + n, nulls, null_count * sizeof *nulls);
	for (uint32_t i = 0; i < n; i++)
		s->a[i].key -= least;
	return n;
}

static void sort_run(struct sorter *s, struct run r)
{
	const struct vector *v = s->keys[r.key];
	if (v->form == VECTOR_CONST) {
		push(s, r.from, r.to, r.key + 1, 0);
		return;
	}
	if (r.to - r.from < RUN_SHORT || !has_normal_key(v)) {
		finish_run(s, &r);
		return;
	}
	uint32_t offset = 0;
	bool strings = type_physical(v->type) == PHYS_STR;
	if (strings && !v->type->nullable) {
		bool equal;
		offset = common_prefix(s, &r, &equal);
		if (equal) {
			push(s, r.from, r.to, r.key + 1, 0);
			return;
		}
	}
	uint32_t n = gather_keys(s, &r, offset);
	const struct key_index *sorted = radix_sort_u64(s->a, s->tmp, n);
	if (strings && n == r.to - r.from && sorted[0].key == sorted[n - 1].key) {
		finish_run(s, &r); /* they differ in zeros at the end, or where NULLs forbade to look for what they share */
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		s->perm[r.from + i] = sorted[i].index;
	for (uint32_t i = 0; i < n;) {
		uint32_t end = i + 1;
		while (end < n && sorted[end].key == sorted[i].key)
			end++;
		push(s, r.from + i, r.from + end, strings ? r.key : r.key + 1, offset);
		i = end;
	}
	push(s, r.from + n, r.to, r.key + 1, 0); /* NULLs are equal */
}

static bool in_order(const struct sorter *s, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++)
		if (compare_key_rows(s->keys, s->perm[i - 1], s->keys, s->perm[i], s->key_count) > 0)
			return false;
	return true;
}

enum status sort_rows(const struct vector *const *keys, uint32_t key_count, uint32_t *perm, uint32_t n,
                      struct memtrack *track, bool *sorted, struct error *err)
{
	struct sorter s = {.keys = keys, .key_count = key_count, .perm = perm};
	*sorted = n < 2 || key_count == 0 || in_order(&s, n);
	if (*sorted)
		return OK;
	struct buffer *a = NULL, *tmp = NULL, *runs = NULL;
	enum status st = buffer_new(track, (size_t)n * sizeof(struct key_index), &a, err);
	if (st == OK)
		st = buffer_new(track, (size_t)n * sizeof(struct key_index), &tmp, err);
	if (st == OK)
		st = buffer_new(track, ((size_t)n / 2 + 1) * sizeof(struct run), &runs, err);
	if (st == OK) {
		s.a = (struct key_index *)a->data;
		s.tmp = (struct key_index *)tmp->data;
		s.runs = (struct run *)runs->data;
		push(&s, 0, n, 0, 0);
		while (s.run_count > 0)
			sort_run(&s, s.runs[--s.run_count]);
	}
	buffer_unref(a);
	buffer_unref(tmp);
	buffer_unref(runs);
	return st;
}

// SPDX-License-Identifier: Apache-2.0
#include "exec/op_impl.h"

__attribute__((always_inline)) static inline uint32_t select_width(const struct vector *v, const uint32_t *map,
                                                                   const uint32_t *picks, uint32_t count,
                                                                   uint32_t *rows, size_t width)
{
	uint32_t n = 0;
	for (uint32_t k = 0; k < count; k++) {
		uint32_t i = picks == NULL ? k : picks[k], at = map == NULL ? i : map[i];
		uint64_t x = 0;
		memcpy(&x, (const char *)v->data + at * width, width);
		rows[n] = i;
		n += x != 0 && !(v->nulls != NULL && bit_get(v->nulls, at));
	}
	return n;
}

uint32_t op_select(const struct vector *v, const uint32_t *picks, uint32_t count, uint32_t *rows)
{
	if (v->form == VECTOR_CONST) {
		uint32_t zero = 0, one;
		uint32_t n = count == 0 || select_width(v, NULL, &zero, 1, &one, physical_size(type_physical(v->type))) == 0 ? 0
			: count;
		for (uint32_t k = 0; k < n; k++)
			rows[k] = picks == NULL ? k : picks[k];
		return n;
	}
	const struct vector *data = v->form == VECTOR_DICT ? v->children[0] : v;
	const uint32_t *map = v->form == VECTOR_DICT ? v->data : NULL;
	switch (physical_size(type_physical(v->type))) {
	case 1: return select_width(data, map, picks, count, rows, 1);
	case 2: return select_width(data, map, picks, count, rows, 2);
	case 4: return select_width(data, map, picks, count, rows, 4);
	case 8: return select_width(data, map, picks, count, rows, 8);
	default: return 0;
	}
}

enum status op_new(struct query *q, size_t size, const struct operator_ops *ops, const struct plan *p, void *out)
{
	struct operator *o = calloc(1, size);
	if (o == NULL)
		return ERR(&q->err, E_CANNOT_ALLOCATE, "cannot allocate an operator");
	o->ops = ops;
	o->plan = p;
	o->query = q;
	*(struct operator **)out = o;
	return OK;
}

enum status op_pass(struct operator *o, struct worker *w, struct batch *b)
{
	if (b->count == 0) {
		batch_free(b);
		return OK;
	}
	return operator_push(o->next, w, b);
}

enum status op_pass_many(struct operator *o, struct worker *w, struct batch *b)
{
	struct arena mine = w->scratch; /* it holds no address of its own */
	arena_init(&w->scratch, mine.track);
	enum status s = op_pass(o, w, b);
	arena_fini(&w->scratch);
	w->scratch = mine;
	return s;
}

enum status op_gather(struct worker *w, struct batch *b, const uint32_t *rows, uint32_t n)
{
	if (n == b->count)
		return OK;
	for (uint32_t c = 0; c < b->column_count; c++) {
		struct vector *v;
		TRY(vector_gather(&w->query->track, b->columns[c], rows, n, &v, &w->err));
		vector_unref(b->columns[c]);
		b->columns[c] = v;
	}
	b->count = n;
	return OK;
}

/* Bytes that views point to, and bytes that they keep alive. */
static bool wastes_heaps(const struct vector *v)
{
	enum { SHARE = 16, SMALL = 1 << 16 };
	size_t used = 0, held = 0;
	if (v->form != VECTOR_FLAT || type_physical(v->type) != PHYS_STR)
		return false;
	for (uint32_t k = 0; k < v->heap_count; k++)
		held += v->heaps[k]->size;
	if (held <= SMALL)
		return false;
	const struct strview *views = v->data;
	for (uint32_t i = 0; i < v->count; i++)
		used += views[i].size > STRVIEW_INLINE ? views[i].size : 0;
	return used * SHARE < held;
}

enum status op_compact(struct worker *w, struct batch *b)
{
	for (uint32_t c = 0; c < b->column_count; c++)
		if (wastes_heaps(b->columns[c]))
			TRY(vector_compact(w->eval.track, &b->columns[c], &w->err));
	return OK;
}

enum status op_pick(struct worker *w, struct vector *const *columns, uint32_t count, const uint32_t *rows, uint32_t n,
                    struct batch **out)
{
	struct batch *b;
	TRY(batch_new(count, &b, &w->err));
	b->count = n;
	for (uint32_t c = 0; c < count; c++) {
		enum status s = OK;
		if (rows == NULL)
			b->columns[c] = vector_ref(columns[c]);
		else
			s = vector_gather(w->eval.track, columns[c], rows, n, &b->columns[c], &w->err);
		if (s != OK) {
			batch_free(b);
			return s;
		}
	}
	*out = b;
	return OK;
}

enum status op_retype(struct worker *w, struct vector **v, const struct type *t)
{
	struct vector *made;
	if ((*v)->type == t)
		return OK;
	TRY(vector_retype(*v, t, &made, &w->err));
	vector_unref(*v);
	*v = made;
	return OK;
}

enum status op_batches_add(struct op_batches *l, struct batch *b, struct error *err)
{
	if (l->count == l->capacity) {
		uint32_t capacity = l->capacity == 0 ? 16 : l->capacity * 2;
		struct batch **items = realloc(l->items, capacity * sizeof *items);
		if (items == NULL) {
			batch_free(b);
			return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a list of %u batches", capacity);
		}
		l->items = items;
		l->capacity = capacity;
	}
	l->items[l->count++] = b;
	l->rows += b->count;
	return OK;
}

void op_batches_free(struct op_batches *l)
{
	for (uint32_t i = 0; i < l->count; i++)
		batch_free(l->items[i]);
	free(l->items);
	memset(l, 0, sizeof *l);
}

enum status op_batches_concat(struct worker *w, const struct op_batches *const *lists, unsigned list_count, uint32_t c,
                              const struct type *t, struct vector *extra, struct vector **out)
{
	uint32_t n = 0, at = 0;
	for (unsigned i = 0; i < list_count; i++)
		n += lists[i]->count;
	const struct vector **all = malloc((n + 1) * sizeof *all);
	if (all == NULL)
		return ERR(&w->err, E_CANNOT_ALLOCATE, "cannot allocate a list of %u vectors", n);
	for (unsigned i = 0; i < list_count; i++)
		for (uint32_t k = 0; k < lists[i]->count; k++)
			all[at++] = lists[i]->items[k]->columns[c];
	if (extra != NULL)
		all[at++] = extra;
	enum status s;
	if (at == 1 && all[0]->form == VECTOR_FLAT && type_equal(all[0]->type, t)) {
		*out = vector_ref(all[0]);
		s = OK;
	} else {
		s = vector_concat(w->eval.track, all, at, t, out, &w->err);
	}
	free(all);
	return s;
}

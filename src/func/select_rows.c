// SPDX-License-Identifier: Apache-2.0
#include "func/select_rows.h"

#include <assert.h>

#include "kernel/kernel.h"

static bool is_null(const struct vector *v, uint32_t i)
{
	if (v->type->id == TYPE_NOTHING)
		return true;
	return v->nulls != NULL && bit_get(v->nulls, v->form == VECTOR_CONST ? 0 : i);
}

/* Arrays, maps, tuples: all branches after each other, then a gather. */
static enum status select_nested(struct eval *e, const struct type *type, const struct vector *const *branches,
                                 uint32_t n, const uint32_t *from, uint32_t count, struct vector **out)
{
	struct vector **parts = ARENA_ARRAY(e->scratch, struct vector *, n + 1), *all = NULL;
	uint32_t *start = ARENA_ARRAY(e->scratch, uint32_t, n + 1), *rows = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
	uint32_t used = 0, total = 0;
	enum status s = OK;
	for (uint32_t k = 0; k <= n && s == OK; k++) {
		struct vector *spare = NULL;
		start[k] = total;
		if (k == n) /* one default row, for NULL */
			s = vector_default_constant(e->track, type, 1, &spare, e->err);
		else if (branches[k] == NULL || branches[k]->type->id == TYPE_NOTHING)
			continue;
		else if (branches[k]->form == VECTOR_CONST)
			s = eval_repeat(e, branches[k], 1, &spare);
		else
			spare = vector_ref(branches[k]);
		if (s == OK)
			total += spare->count;
		parts[used] = spare;
		used += s == OK;
	}
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t k = from[i];
		if (k == BRANCH_NULL || branches[k]->type->id == TYPE_NOTHING)
			rows[i] = start[n];
		else
			rows[i] = start[k] + (branches[k]->form == VECTOR_CONST ? 0 : i);
	}
	if (s == OK)
		s = vector_concat(e->track, (const struct vector *const *)parts, used, type, &all, e->err);
	if (s == OK)
		s = vector_gather(e->track, all, rows, count, out, e->err);
	for (uint32_t k = 0; k < used; k++)
		vector_unref(parts[k]);
	vector_unref(all);
	return s;
}

/* Copies the rows of one branch; inlined with a constant width. */
__attribute__((always_inline)) static inline void copy_rows(char *to, const struct vector *v, const uint32_t *from,
                                                            uint32_t k, uint32_t count, size_t width)
{
	const char *in = v->data;
	size_t step = v->form == VECTOR_CONST ? 0 : width;
	for (uint32_t i = 0; i < count; i++)
		if (from[i] == k)
			memcpy(to + i * width, in + i * step, width);
}

static void copy_branch(char *to, const struct vector *v, const uint32_t *from, uint32_t k, uint32_t count,
                        size_t width)
{
	switch (width) {
	case 1: copy_rows(to, v, from, k, count, 1); return;
	case 2: copy_rows(to, v, from, k, count, 2); return;
	case 4: copy_rows(to, v, from, k, count, 4); return;
	case 8: copy_rows(to, v, from, k, count, 8); return;
	case 16: copy_rows(to, v, from, k, count, 16); return;
	default: copy_rows(to, v, from, k, count, 32); return;
	}
}

static enum status set_nulls(struct eval *e, struct vector *v, const struct vector *const *branches, uint32_t n,
                             const uint32_t *from, uint32_t count)
{
	size_t width = physical_size(type_physical(v->type));
	bool possible = v->type->nullable;
	for (uint32_t i = 0; possible && i < count; i++) {
		if (from[i] != BRANCH_NULL && !is_null(branches[from[i]], i))
			continue;
		TRY(vector_make_nulls(v, e->track, e->err));
		bit_set(v->nulls, i);
		memset((char *)v->data + i * width, 0, width); /* whatever is read there is a value */
	}
	return OK;
}

enum status select_rows(struct eval *e, const struct type *type, const struct vector *const *branches, uint32_t n,
                        const uint32_t *from, uint32_t count, struct vector **out)
{
	size_t width = physical_size(type_physical(type));
	struct vector *v;
	if (width == 0)
		return select_nested(e, type, branches, n, from, count, out);
	TRY(vector_new(e->track, type, count, &v, e->err));
	enum status s = OK;
	for (uint32_t k = 0; k < n && s == OK; k++) {
		if (branches[k] == NULL || branches[k]->type->id == TYPE_NOTHING)
			continue;
		assert(branches[k]->form != VECTOR_DICT && type_physical(branches[k]->type) == type_physical(type));
		copy_branch(v->data, branches[k], from, k, count, width);
		s = vector_share_heaps(v, branches[k], e->err);
	}
	if (s == OK)
		s = set_nulls(e, v, branches, n, from, count);
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

enum status select_by_mask(struct eval *e, const struct type *type, const uint8_t *mask, const struct vector *a,
                           const struct vector *b, uint32_t count, struct vector **out)
{
	size_t width = physical_size(type_physical(type));
	bool plain = width != 0 && a->type->id != TYPE_NOTHING && b->type->id != TYPE_NOTHING && a->nulls == NULL &&
		b->nulls == NULL;
	if (!plain) {
		const struct vector *branches[2] = {a, b};
		uint32_t *from = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
		for (uint32_t i = 0; i < count; i++)
			from[i] = mask[i] == 0;
		return select_rows(e, type, branches, 2, from, count, out);
	}
	struct vector *v;
	TRY(vector_new(e->track, type, count, &v, e->err));
	kernels()->choose[ctz32((uint32_t)width)](v->data, mask, a->data, a->form == VECTOR_CONST ? 0 : 1, b->data,
	                                         b->form == VECTOR_CONST ? 0 : 1, count);
	enum status s = vector_share_heaps(v, a, e->err);
	if (s == OK)
		s = vector_share_heaps(v, b, e->err);
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

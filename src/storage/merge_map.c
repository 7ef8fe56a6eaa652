// SPDX-License-Identifier: Apache-2.0
#include "storage/merge_map.h"

#include <stdlib.h>
#include "base/wide.h"
#include "storage/merge_column.h"
#include "storage/sort_rows.h"

struct map_fold {
	const struct summed_map *map;
	uint32_t mine;              /* the column that is wanted */
	uint32_t rows;              /* of the group so far */
	struct arena arena;
	struct memtrack *track;
	struct builder **elements;  /* per column: of all rows of the group */
	struct vector **values;     /* the same, finished */
};

static enum status start_group(struct map_fold *f, const struct table_keys *k, struct error *err)
{
	for (uint32_t i = 0; i < f->map->count; i++) {
		const struct type *t = k->def->columns[k->stored[f->map->columns[i]]].type->children[0];
		TRY(builder_new(f->track, type_low_cardinality(&f->arena, t, false), &f->elements[i], err));
	}
	return OK;
}

enum status map_fold_new(const struct table_keys *k, const struct summed_map *map, uint32_t stored,
                         struct memtrack *track, struct map_fold **out, struct error *err)
{
	struct map_fold *f = calloc(1, sizeof *f);
	if (f == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	arena_init(&f->arena, track);
	f->map = map;
	f->track = track;
	f->elements = ARENA_ARRAY(&f->arena, struct builder *, map->count);
	f->values = ARENA_ARRAY(&f->arena, struct vector *, map->count);
	while (map->columns[f->mine] != stored)
		f->mine++;
	enum status st = start_group(f, k, err);
	if (st != OK) {
		map_fold_free(f);
		return st;
	}
	*out = f;
	return OK;
}

void map_fold_free(struct map_fold *f)
{
	if (f == NULL)
		return;
	for (uint32_t i = 0; i < f->map->count; i++) {
		builder_free(f->elements[i]);
		vector_unref(f->values[i]);
	}
	arena_fini(&f->arena);
	free(f);
}

enum status map_fold_add(struct map_fold *f, struct vector *const *columns, uint32_t row, struct error *err)
{
	f->rows++;
	for (uint32_t i = 0; i < f->map->count; i++) {
		const struct vector *at;
		uint32_t r = vector_index(columns[i], row, &at);
		const uint32_t *offset = (const uint32_t *)at->data + r;
		for (uint32_t e = offset[0]; e < offset[1]; e++)
			TRY(builder_row(f->elements[i], at->children[0], e, err));
	}
	return OK;
}

static int by_keys(const void *x, const void *y, void *arg)
{
	const struct map_fold *f = arg;
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
	for (uint32_t k = 0; k < f->map->key_count; k++) {
		int order = compare_values(f->values[k], a, f->values[k], b);
		if (order != 0)
			return order;
	}
	return a < b ? -1 : a > b;
}

static bool same_keys(const struct map_fold *f, uint32_t a, uint32_t b)
{
	for (uint32_t k = 0; k < f->map->key_count; k++)
		if (compare_values(f->values[k], a, f->values[k], b) != 0)
			return false;
	return true;
}

/* The sum of one column over elements at[0 .. n). */
static bool sum_elements(const struct vector *v, const uint32_t *at, uint32_t n, uint8_t sum[32])
{
	size_t width = physical_size(type_physical(v->type));
	bool zero = true;
	memset(sum, 0, 32);
	for (uint32_t i = 0; i < n; i++)
		merge_add_number(type_physical(v->type), sum, (const uint8_t *)v->data + at[i] * width);
	for (size_t i = 0; i < width; i++)
		zero &= sum[i] == 0;
	return zero;
}

static enum status put_sums(struct map_fold *f, const uint32_t *order, uint32_t count, struct builder *to,
                            struct error *err)
{
	uint32_t n;
	for (uint32_t from = 0; from < count; from += n) {
		uint8_t sum[32], wanted[32] = {0};
		bool zero = true;
		for (n = 1; from + n < count && same_keys(f, order[from], order[from + n]);)
			n++;
		for (uint32_t i = f->map->key_count; i < f->map->count; i++) {
			zero &= sum_elements(f->values[i], order + from, n, sum);
			if (i == f->mine)
				memcpy(wanted, sum, sizeof wanted);
		}
		if (zero)
			continue;
		if (f->mine < f->map->key_count)
			TRY(builder_row(to, f->values[f->mine], order[from], err));
		else
			TRY(builder_fixed(to, wanted, err));
	}
	return OK;
}

static enum status put_group(struct map_fold *f, struct builder *to, struct error *err)
{
	uint32_t count = UINT32_MAX;
	for (uint32_t i = 0; i < f->map->count; i++)
		count = f->values[i]->count < count ? f->values[i]->count : count;
	/* a map with several keys that met no other stays as it is */
	if (f->rows == 1 && f->map->key_count > 1)
		return builder_range(to, f->values[f->mine], 0, count, err);
	uint32_t *order = malloc((count + (size_t)1) * sizeof *order);
	if (order == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	for (uint32_t i = 0; i < count; i++)
		order[i] = i;
	qsort_r(order, count, sizeof *order, by_keys, f);
	enum status st = put_sums(f, order, count, to, err);
	free(order);
	return st;
}

enum status map_fold_finish(struct map_fold *f, struct builder *to, struct error *err)
{
	enum status st = OK;
	if (f->rows == 0)
		return OK;
	for (uint32_t i = 0; st == OK && i < f->map->count; i++)
		st = builder_finish(f->elements[i], &f->values[i], err);
	if (st == OK)
		st = put_group(f, to->children[0], err);
	if (st == OK)
		st = builder_end_array(to, err);
	for (uint32_t i = 0; i < f->map->count; i++) {
		vector_unref(f->values[i]);
		f->values[i] = NULL;
	}
	f->rows = 0;
	return st;
}

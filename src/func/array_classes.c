// SPDX-License-Identifier: Apache-2.0
/*
 * Numbers for elements: equal ones have the same. One hash table over all elements of a batch, so that functions which
 * ask what is equal to what stay linear however long an array is.
 */
#include "func/array_impl.h"
#include "kernel/kernel.h"

enum status classes_open(struct eval *e, const struct vector *const *items, uint32_t n, struct classes *out)
{
	const struct type *type = items[0]->type;
	uint32_t total = 0;
	*out = (struct classes){.starts = array_room(e, n)};
	for (uint32_t k = 0; k < n; k++) {
		out->starts[k] = total;
		if (items[k]->type->nullable)
			type = items[k]->type;
		if (__builtin_add_overflow(total, items[k]->count, &total) || total > UINT32_MAX / 4)
			return ERR(e->err, E_TOO_LARGE_ARRAY_SIZE, "Too many elements of arrays in one batch");
	}
	if (n == 1)
		out->all = vector_ref(items[0]);
	else
		TRY(vector_concat(e->track, items, n, type, &out->all, e->err));
	uint32_t size = 16;
	while (size < 2 * total)
		size *= 2;
	uint64_t *hashes = ARENA_ARRAY(e->scratch, uint64_t, total + 1);
	uint32_t *table = ARENA_ARRAY(e->scratch, uint32_t, size); /* element + 1, 0: free */
	out->ids = array_room(e, total);
	enum status s = total == 0 ? OK : kernel_hash_column(out->all, hashes, false, e->track, e->err);
	for (uint32_t i = 0; i < total && s == OK; i++) {
		uint32_t at = (uint32_t)hashes[i] & (size - 1);
		while (table[at] != 0 && (hashes[table[at] - 1] != hashes[i] ||
		                          vector_compare_rows(out->all, table[at] - 1, out->all, i) != 0))
			at = (at + 1) & (size - 1);
		if (table[at] == 0) {
			table[at] = i + 1;
			out->ids[i] = out->count++;
		} else {
			out->ids[i] = out->ids[table[at] - 1];
		}
	}
	out->stamps = array_room(e, out->count);
	out->counts = array_room(e, out->count);
	if (s != OK)
		classes_close(out);
	return s;
}

void classes_close(struct classes *c)
{
	vector_unref(c->all);
	c->all = NULL;
}

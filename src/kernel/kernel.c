// SPDX-License-Identifier: Apache-2.0
#include "kernel/kernel.h"

#include <stdlib.h>

#include "base/hash.h"
#include "column/numeric.h"
#include "column/pginterval.h"
#include "kernel/kernel_impl.h"

const struct kernel_table *kernel_current = &kernel_table_baseline;

const struct kernel_table *kernel_of_level(enum cpu_level level)
{
	switch (level) {
	case CPU_BASELINE:
		return &kernel_table_baseline;
#ifdef HAVE_X86_LEVELS
	case CPU_AVX2:
		return &kernel_table_avx2;
	case CPU_AVX512:
		return &kernel_table_avx512;
#endif
	default:
		return NULL;
	}
}

void kernel_init(enum cpu_level level)
{
	enum cpu_level best = cpu_level_detect();
	if (level > best)
		level = best;
	while (kernel_of_level(level) == NULL)
		level--;
	kernel_current = kernel_of_level(level);
}

/* ---- hashes of columns ---- */

enum { NULL_HASH = 0x6e756c6c };

static void put_hash(uint64_t *hashes, size_t i, uint64_t h, bool combine)
{
	hashes[i] = combine ? hash_combine(hashes[i], h) : h;
}

static void hash_strings(const struct vector *v, uint32_t n, uint64_t *hashes, bool combine)
{
	const struct strview *views = v->data;
	bool numeric = v->type->id == TYPE_NUMERIC;
	for (uint32_t i = 0; i < n; i++) {
		struct str s = strview_str(&views[i]);
		uint64_t h;
		if (!numeric)
			h = hash_bytes(s.data, s.size, 0);
		else if (v->nulls != NULL && bit_get(v->nulls, i))
			continue; /* no number there */
		else
			h = numeric_hash_wire(s);
		put_hash(hashes, i, h, combine);
	}
}

static void hash_intervals(const struct vector *v, uint32_t n, uint64_t *hashes, bool combine)
{
	for (uint32_t i = 0; i < n; i++) {
		i128 span = pginterval_span(pginterval_at(v->data, i));
		put_hash(hashes, i, hash_combine((uint64_t)span, (uint64_t)((u128)span >> 64)), combine);
	}
}

/* Arrays and maps: the hashes of a row's elements in order, and their number. */
static enum status hash_ranges(const struct vector *v, uint32_t n, uint64_t *hashes, bool combine,
                               struct memtrack *track, struct error *err)
{
	const uint32_t *offsets = v->data;
	uint32_t from = offsets[0], count = offsets[n] - from;
	struct buffer *b;
	TRY(buffer_new(track, (size_t)count * sizeof(uint64_t), &b, err));
	uint64_t *elements = (uint64_t *)b->data;
	enum status s = OK;
	for (uint32_t k = 0; k < v->child_count && s == OK; k++) {
		struct vector *part = NULL;
		s = vector_slice(track, v->children[k], from, count, &part, err);
		if (s == OK)
			s = kernel_hash_column(part, elements, k != 0, track, err);
		vector_unref(part);
	}
	for (uint32_t i = 0; i < n && s == OK; i++) {
		uint64_t h = offsets[i + 1] - offsets[i];
		for (uint32_t e = offsets[i]; e < offsets[i + 1]; e++)
			h = hash_combine(h, elements[e - from]);
		put_hash(hashes, i, h, combine);
	}
	buffer_unref(b);
	return s;
}

/* The null rows' hashes are put right afterwards: the loops above them do not branch. */
static enum status hash_values(const struct vector *v, uint32_t n, uint64_t *hashes, bool combine,
                               struct memtrack *track, struct error *err)
{
	enum physical p = type_physical(v->type);
	switch (p) {
	case PHYS_NONE:
		for (uint32_t i = 0; i < n; i++)
			put_hash(hashes, i, NULL_HASH, combine);
		return OK;
	case PHYS_STR:
		hash_strings(v, n, hashes, combine);
		return OK;
	case PHYS_ARRAY:
	case PHYS_MAP:
		return hash_ranges(v, n, hashes, combine, track, err);
	case PHYS_TUPLE:
		for (uint32_t i = 0; i < n && v->child_count == 0; i++)
			put_hash(hashes, i, 0, combine);
		for (uint32_t k = 0; k < v->child_count; k++)
			TRY(kernel_hash_column(v->children[k], hashes, combine || k != 0, track, err));
		return OK;
	default:
		if (v->type->id == TYPE_PGINTERVAL)
			hash_intervals(v, n, hashes, combine);
		else
			kernels()->hash[p](hashes, v->data, n, combine);
		return OK;
	}
}

static enum status hash_flat(const struct vector *v, uint32_t n, uint64_t *hashes, bool combine,
                             struct memtrack *track, struct error *err)
{
	if (v->nulls == NULL || bits_none(v->nulls, n))
		return hash_values(v, n, hashes, combine, track, err);
	struct buffer *b = NULL;
	uint64_t *before = NULL;
	if (combine) {
		TRY(buffer_new(track, n * sizeof(uint64_t), &b, err));
		before = memcpy(b->data, hashes, n * sizeof(uint64_t));
	}
	enum status s = hash_values(v, n, hashes, combine, track, err);
	for (size_t i = bits_next_set(v->nulls, 0, n); i < n && s == OK; i = bits_next_set(v->nulls, i + 1, n))
		hashes[i] = combine ? hash_combine(before[i], NULL_HASH) : NULL_HASH;
	buffer_unref(b);
	return s;
}

enum status kernel_hash_column(const struct vector *v, uint64_t *hashes, bool combine, struct memtrack *track,
                               struct error *err)
{
	uint32_t n = v->count;
	if (n == 0)
		return OK;
	if (v->form == VECTOR_FLAT)
		return hash_flat(v, n, hashes, combine, track, err);
	if (v->form == VECTOR_CONST) {
		uint64_t one;
		struct vector *row;
		TRY(vector_slice(track, v, 0, 1, &row, err));
		enum status s = hash_flat(row, 1, &one, false, track, err);
		vector_unref(row);
		for (uint32_t i = 0; i < n && s == OK; i++)
			put_hash(hashes, i, one, combine);
		return s;
	}
	const struct vector *dictionary = v->children[0];
	const uint32_t *rows = v->data;
	if (dictionary->count > n) {
		struct vector *flat;
		TRY(vector_flatten(track, v, &flat, err));
		enum status s = hash_flat(flat, n, hashes, combine, track, err);
		vector_unref(flat);
		return s;
	}
	struct buffer *b;
	TRY(buffer_new(track, dictionary->count * sizeof(uint64_t), &b, err));
	uint64_t *entries = (uint64_t *)b->data;
	enum status s = kernel_hash_column(dictionary, entries, false, track, err);
	for (uint32_t i = 0; i < n && s == OK; i++)
		put_hash(hashes, i, entries[rows[i]], combine);
	buffer_unref(b);
	return s;
}

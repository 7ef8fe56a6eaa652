// SPDX-License-Identifier: Apache-2.0
/*
 * OPTIMIZE … DEDUPLICATE. Rows are told apart by a 128-bit hash of their values' text, gathered column by column as a
 * vertical merge reads them, so that memory is 16 bytes a row whatever the row's width.
 */
#include <stdlib.h>
#include "base/hash.h"
#include "storage/part_merge.h"

struct fold_hash {
	uint64_t low, high;
};

static void hash_row(struct fold_hash *h, const struct vector *v, uint32_t row, struct strbuf *text)
{
	struct siphash state;
	strbuf_clear(text);
	value_write(text, v, row, VALUE_QUOTED, &value_options_default);
	siphash_init(&state, h->low, h->high);
	siphash_update(&state, text->data, text->size);
	struct hash128 x = siphash_final128(&state);
	*h = (struct fold_hash){x.low, x.high};
}

static enum status hash_column(const struct merge_env *env, const struct merge_input *inputs, uint32_t input_count,
                               const struct merge_options *o, const struct merge_rows *rows, uint32_t stored,
                               struct fold_hash *hashes, struct error *err)
{
	struct merge_column *column;
	struct strbuf text;
	TRY(merge_column_new(env, inputs, input_count, rows, stored, o, &column, err));
	strbuf_init(&text, NULL);
	enum status st = OK;
	for (uint64_t at = 0; st == OK && at < rows->output;) {
		uint32_t n = rows->output - at < BATCH_ROWS_MAX ? (uint32_t)(rows->output - at) : BATCH_ROWS_MAX;
		struct vector *v;
		st = merge_column_read(column, n, &v, err);
		for (uint32_t i = 0; st == OK && i < n; i++)
			hash_row(&hashes[at + i], v, i, &text);
		if (st == OK)
			vector_unref(v);
		at += n;
	}
	strbuf_fini(&text);
	merge_column_free(column);
	return st;
}

/* Sets the bit of each row whose hash no earlier row has. An open-addressing table of row numbers + 1. */
static enum status keep_first(const struct fold_hash *hashes, uint64_t count, uint64_t *keep, struct error *err)
{
	uint64_t size = 16;
	while (size < count * 2)
		size *= 2;
	uint64_t *slots = calloc(size, sizeof *slots);
	if (slots == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	for (uint64_t i = 0; i < count; i++) {
		uint64_t at = hashes[i].low & (size - 1);
		while (slots[at] != 0 && (hashes[slots[at] - 1].low != hashes[i].low || hashes[slots[at] - 1].high != hashes[i].high))
			at = (at + 1) & (size - 1);
		if (slots[at] != 0)
			continue;
		slots[at] = i + 1;
		bit_set(keep, i);
	}
	free(slots);
	return OK;
}

enum status merge_drop_duplicates(const struct merge_env *env, const struct merge_input *inputs, uint32_t input_count,
                                  const struct merge_options *o, struct merge_rows *rows, struct error *err)
{
	struct buffer *hashes = NULL, *bits = NULL;
	if (rows->output < 2)
		return OK;
	TRY(buffer_new(env->track, rows->output * sizeof(struct fold_hash), &hashes, err));
	memset(hashes->data, 0, rows->output * sizeof(struct fold_hash));
	enum status st = buffer_new(env->track, bits_words(rows->output) * 8, &bits, err);
	uint32_t count = o->by_count != 0 ? o->by_count : env->keys->stored_count;
	for (uint32_t c = 0; st == OK && c < count; c++)
		st = hash_column(env, inputs, input_count, o, rows, o->by_count != 0 ? o->by[c] : c,
		                 (struct fold_hash *)hashes->data, err);
	if (st == OK) {
		memset(bits->data, 0, bits_words(rows->output) * 8);
		st = keep_first((const struct fold_hash *)hashes->data, rows->output, (uint64_t *)bits->data, err);
	}
	if (st == OK)
		merge_keep_rows(rows, (const uint64_t *)bits->data);
	buffer_unref(hashes);
	if (bits != NULL)
		buffer_unref(bits);
	return st;
}

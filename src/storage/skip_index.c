// SPDX-License-Identifier: Apache-2.0
/*
 * Writing skip indexes, in ClickHouse's files: skp_idx_<name>.idx2 (minmax) or .idx, in LZ4 frames, and marks: where
 * each index granule begins. A granule is
 *
 *     minmax       least and greatest value of each expression
 *     set          u64 values (0: too many), then the values of each expression (set_block.h)
 *     bloom_filter varuint values, then a filter of so many times the bits per value for each expression
 *     tokenbf_v1, ngrambf_v1   the filter
 *
 * text(tokenizer = …) is our own: skp_idx_<name>.tokens, the granules as of bloom_filter, over the tokens; ClickHouse's
 * files of that name are not read, and ours not by it.
 */
#include "storage/skip_index.h"

#include <stdio.h>
#include <stdlib.h>
#include "base/strmap.h"
#include "storage/set_block.h"
#include "storage/skip_filter.h"
#include "storage/sort_rows.h"
#include "storage/stream_name.h"
#include "storage/value_binary.h"

struct index_state {
	const struct skip_index *index;
	uint32_t granules;            /* gathered in the open index granule */
	bool any;
	struct vector **least, **greatest; /* one row each */
	struct builder **distinct;    /* set: one per expression */
	struct arena row_arena;       /* set: the rows that are in it */
	struct strmap rows;
	struct hash_list *lists;      /* bloom_filter, text: per expression */
	struct strbuf texts;          /* tokenbf_v1, ngrambf_v1: the filter */
	bool overflow;
	struct strbuf out, framed, marks; /* plain bytes of the frame being gathered; frames; marks */
};

struct skip_writer {
	struct arena arena;
	const struct table_keys *keys;
	const struct eval_session *session;
	struct memtrack *track;
	struct index_state *states;
	uint32_t count;
	struct strbuf scratch;
};

static enum status start_granule(struct skip_writer *w, struct index_state *s, struct error *err)
{
	s->granules = 0;
	s->any = s->overflow = false;
	strbuf_clear(&s->texts);
	if (s->index->kind == SKIP_TOKEN || s->index->kind == SKIP_NGRAM) {
		if (!strbuf_reserve(&s->texts, s->index->bytes))
			return strbuf_status(&s->texts, err);
		memset(s->texts.data, 0, s->index->bytes);
		s->texts.size = s->index->bytes;
	}
	arena_reset(&s->row_arena);
	strmap_init(&s->rows, &s->row_arena, false);
	for (uint32_t i = 0; i < s->index->expr_count; i++) {
		vector_unref(s->least[i]);
		vector_unref(s->greatest[i]);
		s->least[i] = s->greatest[i] = NULL;
		s->lists[i].count = 0;
		builder_free(s->distinct[i]);
		s->distinct[i] = NULL;
		if (s->index->kind == SKIP_SET)
			TRY(builder_new(w->track, type_low_cardinality(&w->arena, s->index->exprs[i]->type, false), &s->distinct[i], err));
	}
	return OK;
}

enum status skip_writer_new(const struct table_keys *k, const struct eval_session *session, struct memtrack *track,
                            struct skip_writer **out, struct error *err)
{
	*out = NULL;
	if (k->skip_count == 0)
		return OK;
	struct skip_writer *w = calloc(1, sizeof *w);
	if (w == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	arena_init(&w->arena, track);
	strbuf_init(&w->scratch, track);
	w->keys = k;
	w->session = session;
	w->track = track;
	w->states = ARENA_ARRAY(&w->arena, struct index_state, k->skip_count);
	enum status st = OK;
	for (; st == OK && w->count < k->skip_count; w->count++) {
		struct index_state *s = &w->states[w->count];
		uint32_t n = k->skips[w->count].expr_count;
		s->index = &k->skips[w->count];
		s->least = ARENA_ARRAY(&w->arena, struct vector *, n);
		s->greatest = ARENA_ARRAY(&w->arena, struct vector *, n);
		s->distinct = ARENA_ARRAY(&w->arena, struct builder *, n);
		s->lists = ARENA_ARRAY(&w->arena, struct hash_list, n);
		arena_init(&s->row_arena, track);
		strbuf_init(&s->texts, track);
		strbuf_init(&s->out, track);
		strbuf_init(&s->framed, track);
		strbuf_init(&s->marks, track);
		st = start_granule(w, s, err);
	}
	if (st != OK) {
		skip_writer_free(w);
		return st;
	}
	*out = w;
	return OK;
}

void skip_writer_free(struct skip_writer *w)
{
	if (w == NULL)
		return;
	for (uint32_t i = 0; i < w->count; i++) {
		struct index_state *s = &w->states[i];
		for (uint32_t k = 0; k < s->index->expr_count; k++) {
			vector_unref(s->least[k]);
			vector_unref(s->greatest[k]);
			builder_free(s->distinct[k]);
			hash_list_free(&s->lists[k]);
		}
		strbuf_fini(&s->texts);
		strbuf_fini(&s->out);
		strbuf_fini(&s->framed);
		strbuf_fini(&s->marks);
		arena_fini(&s->row_arena);
	}
	strbuf_fini(&w->scratch);
	arena_fini(&w->arena);
	free(w);
}

/* ---- gathering ---- */

static enum status add_minmax(struct skip_writer *w, struct index_state *s, struct vector *const *values, uint32_t rows,
                              struct error *err)
{
	for (uint32_t e = 0; e < s->index->expr_count; e++) {
		const struct vector *v = values[e];
		uint32_t least = 0, greatest = 0;
		for (uint32_t i = 1; v->form != VECTOR_CONST && i < rows; i++) {
			if (compare_values(v, i, v, least) < 0)
				least = i;
			else if (compare_values(v, i, v, greatest) > 0)
				greatest = i;
		}
		if (s->least[e] == NULL || compare_values(v, least, s->least[e], 0) < 0) {
			vector_unref(s->least[e]);
			s->least[e] = NULL;
			TRY(vector_gather(w->track, v, &least, 1, &s->least[e], err));
		}
		if (s->greatest[e] == NULL || compare_values(v, greatest, s->greatest[e], 0) > 0) {
			vector_unref(s->greatest[e]);
			s->greatest[e] = NULL;
			TRY(vector_gather(w->track, v, &greatest, 1, &s->greatest[e], err));
		}
	}
	return OK;
}

static enum status add_set(struct skip_writer *w, struct index_state *s, struct vector *const *values, uint32_t rows,
                           struct error *err)
{
	uint32_t n = s->index->expr_count;
	for (uint32_t i = 0; !s->overflow && i < rows; i++) {
		strbuf_clear(&w->scratch);
		for (uint32_t e = 0; e < n; e++)
			value_binary_write(&w->scratch, values[e], i);
		TRY(strbuf_status(&w->scratch, err));
		struct str row = strbuf_str(&w->scratch);
		if (strmap_has(&s->rows, row))
			continue;
		if (s->index->set_max != 0 && s->distinct[0]->count >= s->index->set_max) {
			s->overflow = true;
			break;
		}
		(void)strmap_set(&s->rows, row, s);
		for (uint32_t e = 0; e < n; e++)
			TRY(builder_row(s->distinct[e], values[e], i, err));
	}
	return OK;
}

static void add_text(struct index_state *s, const struct vector *v, uint32_t row)
{
	struct bloom_text f = {(uint8_t *)s->texts.data, s->texts.size, s->index->hashes, s->index->seed, s->index->n};
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at);
	if (at->nulls != NULL && bit_get(at->nulls, i))
		return;
	struct str text = strview_str((const struct strview *)at->data + i);
	if (s->index->kind == SKIP_TEXT)
		hash_list_add_text(&s->lists[0], text, s->index->n);
	else
		bloom_text_add(&f, text);
}

/* Arrays by their elements. */
static bool add_value(struct skip_writer *w, struct index_state *s, uint32_t expr, const struct vector *v, uint32_t row)
{
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at);
	uint64_t hash;
	if (type_physical(at->type) == PHYS_ARRAY) {
		const uint32_t *offset = (const uint32_t *)at->data + i;
		for (uint32_t k = offset[0]; k < offset[1]; k++)
			(void)add_value(w, s, expr, at->children[0], k);
		return offset[0] != offset[1];
	}
	if (s->index->kind != SKIP_BLOOM)
		add_text(s, at, i);
	else if (bloom_value_hash(at, i, &w->scratch, &hash))
		hash_list_add(&s->lists[expr], hash);
	return true;
}

/* A dictionary's entries once. Rows without any element are one value, whose hash is 0. */
static void add_column(struct skip_writer *w, struct index_state *s, uint32_t expr, const struct vector *v,
                       uint32_t rows)
{
	bool any = false;
	if (v->form == VECTOR_DICT && v->children[0]->count < rows) {
		const uint32_t *place = v->data;
		bool *seen = calloc(v->children[0]->count + 1, sizeof *seen);
		for (uint32_t i = 0; seen != NULL && i < rows; i++) {
			if (!seen[place[i]])
				any |= add_value(w, s, expr, v->children[0], place[i]);
			seen[place[i]] = true;
		}
		s->lists[expr].failed |= seen == NULL;
		free(seen);
	} else {
		for (uint32_t i = 0; i < (v->form == VECTOR_CONST ? 1 : rows); i++)
			any |= add_value(w, s, expr, v, i);
	}
	if (!any && s->index->kind == SKIP_BLOOM)
		hash_list_add(&s->lists[expr], 0);
}

/* ---- index granules ---- */

static enum status put_minmax(struct index_state *s, struct error *err)
{
	for (uint32_t e = 0; e < s->index->expr_count; e++) {
		value_binary_write(&s->out, s->least[e], 0);
		value_binary_write(&s->out, s->greatest[e], 0);
	}
	return strbuf_status(&s->out, err);
}

static enum status put_set(struct index_state *s, struct error *err)
{
	strbuf_put_le(&s->out, s->overflow ? 0 : s->distinct[0]->count, 8);
	for (uint32_t e = 0; !s->overflow && e < s->index->expr_count; e++) {
		struct vector *v;
		TRY(builder_finish(s->distinct[e], &v, err));
		enum status st = set_block_write(&s->out, v, s->index->exprs[e]->type, err);
		vector_unref(v);
		TRY(st);
	}
	return strbuf_status(&s->out, err);
}

static enum status put_bloom(struct index_state *s, struct error *err)
{
	const struct skip_index *x = s->index;
	uint32_t bits, functions;
	size_t most = 0;
	bloom_shape(x->bloom_rate, &bits, &functions);
	for (uint32_t e = 0; e < x->expr_count; e++) {
		hash_list_unique(&s->lists[e]);
		if (s->lists[e].failed)
			return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
		most = s->lists[e].count > most ? s->lists[e].count : most;
	}
	size_t size = (most * bits + 7) / 8;
	strbuf_put_varuint(&s->out, most);
	for (uint32_t e = 0; e < x->expr_count; e++) {
		if (!strbuf_reserve(&s->out, size))
			break;
		uint8_t *filter = (uint8_t *)s->out.data + s->out.size;
		memset(filter, 0, size);
		for (size_t i = 0; i < s->lists[e].count; i++)
			bloom_add(filter, size, functions, s->lists[e].hashes[i]);
		s->out.size += size;
	}
	return strbuf_status(&s->out, err);
}

static enum status flush_frames(struct index_state *s, struct error *err)
{
	for (size_t at = 0; at < s->out.size; at += FRAME_BLOCK_MAX) {
		size_t left = s->out.size - at;
		TRY(frame_encode(&codec_chain_lz4, s->out.data + at, left < FRAME_BLOCK_MAX ? left : FRAME_BLOCK_MAX, &s->framed,
		                 err));
	}
	strbuf_clear(&s->out);
	return OK;
}

static enum status end_granule(struct skip_writer *w, struct index_state *s, struct error *err)
{
	if (s->out.size >= FRAME_BLOCK_MAX)
		TRY(flush_frames(s, err));
	strbuf_put_le(&s->marks, s->framed.size, 8);
	strbuf_put_le(&s->marks, s->out.size, 8);
	strbuf_put_le(&s->marks, 1, 8);
	TRY(strbuf_status(&s->marks, err));
	switch (s->index->kind) {
	case SKIP_MINMAX:
		TRY(put_minmax(s, err));
		break;
	case SKIP_SET:
		TRY(put_set(s, err));
		break;
	case SKIP_BLOOM:
	case SKIP_TEXT:
		TRY(put_bloom(s, err));
		break;
	case SKIP_TOKEN:
	case SKIP_NGRAM:
		strbuf_puts(&s->out, strbuf_str(&s->texts));
		TRY(strbuf_status(&s->out, err));
		break;
	}
	return start_granule(w, s, err);
}

enum status skip_writer_granule(struct skip_writer *w, struct vector *const *stored, uint32_t rows, struct error *err)
{
	for (uint32_t i = 0; w != NULL && i < w->count; i++) {
		struct index_state *s = &w->states[i];
		const struct skip_index *x = s->index;
		struct vector **values = calloc(x->expr_count, sizeof *values);
		if (values == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
		enum status st = table_program_run(w->keys, x->program, x->expr_count, w->session, w->track, stored,
			rows, values, err);
		if (st == OK && x->kind == SKIP_MINMAX)
			st = add_minmax(w, s, values, rows, err);
		else if (st == OK && x->kind == SKIP_SET)
			st = add_set(w, s, values, rows, err);
		else if (st == OK)
			for (uint32_t e = 0; e < x->expr_count; e++)
				add_column(w, s, e, values[e], rows);
		for (uint32_t e = 0; e < x->expr_count; e++)
			vector_unref(values[e]);
		free(values);
		TRY(st);
		s->any = true;
		if (++s->granules == x->granularity)
			TRY(end_granule(w, s, err));
	}
	return OK;
}

static enum status write_files(struct index_state *s, struct part_writer *to, struct error *err)
{
	struct strbuf name, framed;
	bool in_frames;
	const char *marks_suffix = part_writer_marks_suffix(to, &in_frames);
	strbuf_init(&name, NULL);
	strbuf_init(&framed, NULL);
	strbuf_putz(&name, "skp_idx_");
	stream_name_escape(&name, s->index->name);
	size_t stem = name.size;
	strbuf_putz(&name, skip_index_suffix(s->index));
	enum status st = flush_frames(s, err);
	if (st == OK)
		st = part_writer_add_file(to, strbuf_cstr(&name), strbuf_str(&s->framed), err);
	name.size = stem;
	strbuf_putz(&name, marks_suffix);
	struct codec_chain zstd = codec_chain_zstd(3);
	bool with_marks = s->index->kind != SKIP_TEXT;
	if (st == OK && in_frames && with_marks)
		st = frame_encode(&zstd, s->marks.data, s->marks.size, &framed, err);
	if (st == OK && with_marks)
		st = part_writer_add_file(to, strbuf_cstr(&name), strbuf_str(in_frames ? &framed : &s->marks), err);
	strbuf_fini(&name);
	strbuf_fini(&framed);
	return st;
}

enum status skip_writer_finish(struct skip_writer *w, struct part_writer *to, struct error *err)
{
	for (uint32_t i = 0; i < w->count; i++) {
		if (w->states[i].any && w->states[i].granules != 0)
			TRY(end_granule(w, &w->states[i], err));
		if (w->states[i].marks.size != 0)
			TRY(write_files(&w->states[i], to, err));
	}
	return OK;
}

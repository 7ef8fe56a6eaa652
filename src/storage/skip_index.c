// SPDX-License-Identifier: Apache-2.0
/*
 * Writing skip indexes. minmax is ClickHouse's, file and marks: skp_idx_<name>.idx2 holds per index granule the least
 * and the greatest value of each expression. The others are ours, skp_idx_<name>.hdx, in LZ4 frames, version 1: per
 * index granule a varuint length and
 *
 *     set          varuint values (0: too many), then the values of each expression, row by row
 *     the filters  per expression a varuint length and the filter
 */
#include "storage/skip_index.h"

#include <stdio.h>
#include <stdlib.h>
#include "base/strmap.h"
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
	struct hash_list *lists;      /* filters: per expression */
	bool overflow;
	struct strbuf out, marks;
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
		strbuf_init(&s->out, track);
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
		strbuf_fini(&s->out);
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

static void add_texts(const struct skip_index *index, const struct vector *v, uint32_t row, struct hash_list *to)
{
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at);
	if (type_physical(at->type) == PHYS_STR && !(at->nulls != NULL && bit_get(at->nulls, i)))
		bloom_text_hashes(strview_str((const struct strview *)at->data + i), index->kind == SKIP_NGRAM ? index->n : 0, to);
}

/* Arrays and maps by their elements (of a map, its keys). */
static void add_hashes(struct skip_writer *w, const struct skip_index *index, const struct vector *v, uint32_t row,
                       struct hash_list *to)
{
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at);
	enum physical p = type_physical(at->type);
	uint64_t hash;
	if (p == PHYS_ARRAY || p == PHYS_MAP) {
		const uint32_t *offset = (const uint32_t *)at->data + i;
		for (uint32_t k = offset[0]; k < offset[1]; k++)
			add_hashes(w, index, at->children[0], k, to);
	} else if (p == PHYS_TUPLE) {
		for (uint32_t k = 0; k < at->child_count; k++)
			add_hashes(w, index, at->children[k], i, to);
	} else if (index->kind != SKIP_BLOOM) {
		add_texts(index, at, i, to);
	} else if (bloom_value_hash(at, i, &w->scratch, &hash)) {
		hash_list_add(to, hash);
	}
}

/* A dictionary's entries once. */
static void add_column(struct skip_writer *w, const struct skip_index *index, const struct vector *v, uint32_t rows,
                       struct hash_list *to)
{
	if (v->form == VECTOR_DICT && v->children[0]->count < rows) {
		const uint32_t *place = v->data;
		bool *seen = calloc(v->children[0]->count + 1, sizeof *seen);
		for (uint32_t i = 0; seen != NULL && i < rows; i++) {
			if (!seen[place[i]])
				add_hashes(w, index, v->children[0], place[i], to);
			seen[place[i]] = true;
		}
		to->failed |= seen == NULL;
		free(seen);
		return;
	}
	for (uint32_t i = 0; i < (v->form == VECTOR_CONST ? 1 : rows); i++)
		add_hashes(w, index, v, i, to);
}

/* ---- index granules ---- */

static enum status put_minmax(struct index_state *s, struct error *err)
{
	strbuf_put_le(&s->marks, 0, 8);
	strbuf_put_le(&s->marks, s->out.size, 8);
	strbuf_put_le(&s->marks, 1, 8);
	for (uint32_t e = 0; e < s->index->expr_count; e++) {
		value_binary_write(&s->out, s->least[e], 0);
		value_binary_write(&s->out, s->greatest[e], 0);
	}
	return strbuf_status(&s->out, err);
}

static enum status put_set(struct index_state *s, struct strbuf *to, struct error *err)
{
	uint32_t n = s->overflow ? 0 : s->distinct[0]->count;
	strbuf_put_varuint(to, n);
	for (uint32_t e = 0; e < s->index->expr_count; e++) {
		struct vector *v;
		TRY(builder_finish(s->distinct[e], &v, err));
		for (uint32_t i = 0; i < n; i++)
			value_binary_write(to, v, i);
		vector_unref(v);
	}
	return strbuf_status(to, err);
}

static enum status put_filters(struct index_state *s, struct strbuf *to, struct error *err)
{
	const struct skip_index *x = s->index;
	uint32_t bits = 0, functions = (uint32_t)x->hashes;
	if (x->kind == SKIP_BLOOM)
		bloom_shape(x->bloom_rate, &bits, &functions);
	for (uint32_t e = 0; e < x->expr_count; e++) {
		struct hash_list *l = &s->lists[e];
		hash_list_unique(l);
		if (l->failed)
			return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
		size_t size = x->kind == SKIP_BLOOM ? (l->count * bits + 7) / 8 : x->bytes;
		strbuf_put_varuint(to, size);
		if (!strbuf_reserve(to, size))
			return strbuf_status(to, err);
		uint8_t *filter = (uint8_t *)to->data + to->size;
		memset(filter, 0, size);
		for (size_t i = 0; i < l->count; i++)
			bloom_add(filter, size, functions, l->hashes[i]);
		to->size += size;
	}
	return strbuf_status(to, err);
}

static enum status end_granule(struct skip_writer *w, struct index_state *s, struct error *err)
{
	if (s->index->kind == SKIP_MINMAX) {
		TRY(put_minmax(s, err));
	} else {
		struct strbuf body;
		strbuf_init(&body, w->track);
		enum status st = s->index->kind == SKIP_SET ? put_set(s, &body, err) : put_filters(s, &body, err);
		strbuf_put_varuint(&s->out, body.size);
		strbuf_puts(&s->out, strbuf_str(&body));
		strbuf_fini(&body);
		TRY(st);
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
				add_column(w, x, values[e], rows, &s->lists[e]);
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
	strbuf_init(&name, NULL);
	strbuf_init(&framed, NULL);
	strbuf_putz(&name, "skp_idx_");
	stream_name_escape(&name, s->index->name);
	size_t stem = name.size;
	bool minmax = s->index->kind == SKIP_MINMAX;
	strbuf_putz(&name, minmax ? ".idx2" : ".hdx");
	enum status st = OK;
	size_t step = minmax ? s->out.size : (size_t)FRAME_BLOCK_MAX; /* marks count on one frame */
	for (size_t at = 0; st == OK && at < s->out.size; at += step)
		st = frame_encode(&codec_chain_lz4, s->out.data + at, s->out.size - at < step ? s->out.size - at : step,
			&framed, err);
	if (st == OK)
		st = part_writer_add_file(to, strbuf_cstr(&name), strbuf_str(&framed), err);
	if (st == OK && minmax) {
		struct codec_chain zstd = codec_chain_zstd(3);
		strbuf_clear(&framed);
		name.size = stem;
		strbuf_putz(&name, ".cmrk2");
		st = frame_encode(&zstd, s->marks.data, s->marks.size, &framed, err);
		if (st == OK)
			st = part_writer_add_file(to, strbuf_cstr(&name), strbuf_str(&framed), err);
	}
	strbuf_fini(&name);
	strbuf_fini(&framed);
	return st;
}

enum status skip_writer_finish(struct skip_writer *w, struct part_writer *to, struct error *err)
{
	for (uint32_t i = 0; i < w->count; i++) {
		if (w->states[i].any && w->states[i].granules != 0)
			TRY(end_granule(w, &w->states[i], err));
		if (w->states[i].out.size != 0)
			TRY(write_files(&w->states[i], to, err));
	}
	return OK;
}

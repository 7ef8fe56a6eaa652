// SPDX-License-Identifier: Apache-2.0
#include "storage/row_fetch.h"

#include <assert.h>
#include <stdlib.h>
#include "base/sort.h"
#include "storage/marks.h"
#include "storage/part_source.h"

enum { SPAN_ROWS = 256 }; /* between two rows that are read as one */

struct fetch {
	const struct row_fetch *f;
	struct arena arena;
	struct key_index *order;     /* ids ascending, and where each stood */
	struct builder **rows;       /* per column, those that were read, one after the other */
	uint32_t read;               /* rows: equal ids are read once */
	uint32_t *piece_of;          /* per asked row */
	struct part_source *source;  /* of part `part` */
	uint32_t part;
	uint64_t next;               /* row that it stands at; UINT64_MAX: nowhere yet */
};

static enum status open_part(struct fetch *x, uint32_t part, struct error *err)
{
	const struct row_fetch *f = x->f;
	assert(part < f->set->count);
	part_source_free(x->source);
	x->source = NULL;
	x->part = part;
	x->next = UINT64_MAX;
	return part_source_new(f->keys, f->set, f->set->parts[part], f->stored, f->count, f->cache, f->eval, &x->source, err);
}

static enum status read_piece(struct fetch *x, uint32_t rows, struct vector **read, struct error *err)
{
	TRY(part_source_read(x->source, rows, read, err));
	x->next += rows;
	return OK;
}

/* Rows that lie close are read as one and gathered. */
static enum status read_close(struct fetch *x, const struct key_index *ids, uint32_t count, struct vector **read,
                              struct error *err)
{
	uint32_t *rows = ARENA_ARRAY(&x->arena, uint32_t, count), n = 0;
	for (uint32_t i = 0; i < count; i++)
		if (i == 0 || ids[i].key != ids[i - 1].key)
			rows[n++] = (uint32_t)(ids[i].key - ids[0].key);
	struct vector **span = ARENA_ARRAY(&x->arena, struct vector *, x->f->count + 1);
	TRY(read_piece(x, rows[n - 1] + 1, span, err));
	enum status st = OK;
	for (uint32_t c = 0; c < x->f->count; c++) {
		if (st == OK)
			st = vector_gather(x->f->eval->track, span[c], rows, n, &read[c], err);
		vector_unref(span[c]);
	}
	for (uint32_t c = 0; st != OK && c < x->f->count; c++)
		vector_unref(read[c]);
	return st;
}

/* How many of the ids, all of one granule, are worth one read. */
static uint32_t close_ids(const struct key_index *ids, uint32_t count, uint64_t end)
{
	uint32_t n = 1;
	while (n < count && ids[n].key < end && ids[n].key - ids[n - 1].key <= SPAN_ROWS
	       && ids[n].key - ids[0].key < BATCH_ROWS_MAX)
		n++;
	return n;
}

/* *took ids, the first ones. */
static enum status read_rows_at(struct fetch *x, const struct key_index *ids, uint32_t count, uint32_t *took,
                                struct error *err)
{
	uint64_t id = ids[0].key, row = id & (((uint64_t)1 << ROW_ID_PART_SHIFT) - 1);
	uint32_t part = (uint32_t)(id >> ROW_ID_PART_SHIFT);
	struct part_meta *m;
	if (x->source == NULL || x->part != part)
		TRY(open_part(x, part, err));
	TRY(part_load(x->f->set->parts[part], x->f->eval->session, &m, err));
	assert(row < m->rows);
	uint32_t granule = part_meta_granule(m, row);
	if (x->next > row || x->next < m->first_row[granule]) {
		TRY(part_source_seek(x->source, granule, granule + 1, err));
		x->next = m->first_row[granule];
	}
	if (row != x->next)
		TRY(part_source_skip(x->source, row - x->next, err));
	x->next = row;
	struct vector **read = ARENA_ARRAY(&x->arena, struct vector *, x->f->count + 1);
	*took = close_ids(ids, count, id - row + m->first_row[granule + 1]);
	TRY(*took == 1 ? read_piece(x, 1, read, err) : read_close(x, ids, *took, read, err));
	enum status st = OK;
	for (uint32_t c = 0; c < x->f->count; c++) {
		if (st == OK)
			st = builder_range(x->rows[c], read[c], 0, read[c]->count, err);
		vector_unref(read[c]);
	}
	return st;
}

/* One column in the order that was asked for. */
static enum status join(struct fetch *x, uint32_t c, uint32_t count, struct vector **out, struct error *err)
{
	struct vector *all;
	TRY(builder_finish(x->rows[c], &all, err));
	enum status st = vector_gather(x->f->eval->track, all, x->piece_of, count, out, err);
	vector_unref(all);
	return st;
}

static enum status read_rows(struct fetch *x, const uint64_t *ids, uint32_t count, struct error *err)
{
	struct key_index *other = ARENA_ARRAY(&x->arena, struct key_index, count + 1), *sorted;
	for (uint32_t i = 0; i < count; i++)
		x->order[i] = (struct key_index){ids[i], i};
	sorted = radix_sort_u64(x->order, other, count);
	enum status st = OK;
	for (uint32_t i = 0, took; st == OK && i < count; i += took) {
		took = 1;
		if (i == 0 || sorted[i].key != sorted[i - 1].key)
			st = read_rows_at(x, sorted + i, count - i, &took, err);
		for (uint32_t k = i; st == OK && k < i + took; k++) {
			x->read += k == 0 || sorted[k].key != sorted[k - 1].key;
			x->piece_of[sorted[k].index] = x->read - 1;
		}
	}
	return st;
}

enum status row_fetch(const struct row_fetch *f, const uint64_t *ids, uint32_t count, struct batch **out,
                      struct error *err)
{
	struct fetch x = {.f = f};
	struct batch *b;
	assert(count != 0);
	TRY(batch_new(f->count, &b, err));
	arena_init(&x.arena, f->eval->track);
	x.order = ARENA_ARRAY(&x.arena, struct key_index, count + 1);
	x.piece_of = ARENA_ARRAY(&x.arena, uint32_t, count + 1);
	x.rows = ARENA_ARRAY(&x.arena, struct builder *, f->count + 1);
	b->count = count;
	enum status st = OK;
	for (uint32_t c = 0; st == OK && c < f->count; c++)
		st = builder_new(f->eval->track, f->keys->def->columns[f->keys->stored[f->stored[c]]].type, &x.rows[c], err);
	if (st == OK)
		st = read_rows(&x, ids, count, err);
	for (uint32_t c = 0; st == OK && c < f->count; c++)
		st = join(&x, c, count, &b->columns[c], err);
	for (uint32_t c = 0; c < f->count; c++)
		builder_free(x.rows[c]);
	part_source_free(x.source);
	arena_fini(&x.arena);
	if (st != OK) {
		batch_free(b);
		return st;
	}
	*out = b;
	return OK;
}

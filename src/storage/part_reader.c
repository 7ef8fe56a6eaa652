// SPDX-License-Identifier: Apache-2.0
#include "storage/part_reader.h"

#include <assert.h>
#include <stdlib.h>
#include "storage/delta.h"

struct reader_column {
	uint32_t column;               /* in the part */
	bool lengths;                  /* of strings, not the strings */
	const struct column_layout *layout;
	struct frame_reader *readers;  /* per stream; joined streams use the first */
	struct frame_reader **streams;
	struct serial_reader *serial;
	struct vector *held;           /* joined streams: the whole granule, as only that can be read */
};

struct part_reader {
	struct part *part;
	struct part_meta *meta;
	struct eval *eval;
	struct reader_column *columns;
	uint32_t count;
	uint64_t row;                  /* the next one */
	uint32_t granule, end;         /* where `row` is; the end of the range that was announced */
	bool positioned;
};

bool part_reader_has_lengths(const struct part *p, const struct part_meta *m, uint32_t column)
{
	return p->delta == NULL && !m->data_streams_joined && serial_has_lengths(m->layouts[column]);
}

/* Whether stream k of the column is read at all. */
static bool is_read(const struct reader_column *c, uint32_t k)
{
	return !c->lengths || c->layout->streams[k].kind != STREAM_VALUES;
}

static enum status open_column(struct part_reader *r, struct reader_column *c, struct cache *cache, struct error *err)
{
	struct part_meta *m = r->meta;
	if (r->part->delta != NULL)
		return OK;
	c->layout = m->layouts[c->column];
	uint32_t n = c->layout->stream_count;
	c->readers = calloc(n, sizeof *c->readers);
	c->streams = calloc(n, sizeof *c->streams);
	if (c->readers == NULL || c->streams == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	for (uint32_t k = 0; k < n; k++) {
		if (!is_read(c, k))
			continue;
		TRY(part_load_stream(r->part, m, c->column, k, err));
		const struct part_stream *s = m->compact ? &m->data : &m->streams[c->column][k];
		frame_reader_init(&c->readers[k], s->file, s->size, cache, r->eval->track);
		c->streams[k] = &c->readers[m->data_streams_joined ? 0 : k];
	}
	return serial_reader_new(c->layout, c->streams, c->lengths, r->eval, &c->serial, err);
}

enum status part_reader_new(struct part *p, struct part_meta *m, const uint32_t *columns, uint32_t count,
                            struct cache *cache, struct eval *eval, struct part_reader **out, struct error *err)
{
	struct part_reader *r = calloc(1, sizeof *r);
	struct reader_column *c = calloc(count + 1, sizeof *c);
	if (r == NULL || c == NULL) {
		free(r);
		free(c);
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	}
	*r = (struct part_reader){.part = p, .meta = m, .eval = eval, .columns = c};
	enum status st = OK;
	for (; st == OK && r->count < count; r->count++) {
		c[r->count].column = columns[r->count] & ~(uint32_t)COLUMN_SIZES;
		c[r->count].lengths = (columns[r->count] & COLUMN_SIZES) != 0;
		st = open_column(r, &c[r->count], cache, err);
	}
	if (st != OK) {
		part_reader_free(r);
		return st;
	}
	*out = r;
	return OK;
}

void part_reader_free(struct part_reader *r)
{
	if (r == NULL)
		return;
	for (uint32_t i = 0; i < r->count; i++) {
		struct reader_column *c = &r->columns[i];
		serial_reader_free(c->serial);
		vector_unref(c->held);
		for (uint32_t k = 0; c->readers != NULL && c->layout != NULL && k < c->layout->stream_count; k++)
			if (c->streams[k] != NULL)
				frame_reader_fini(&c->readers[k]);
		free(c->readers);
		free(c->streams);
	}
	free(r->columns);
	free(r);
}

/* Sets the streams of one column to the beginning of the granule. */
static enum status seek_column(struct part_reader *r, struct reader_column *c, struct error *err)
{
	const struct part_meta *m = r->meta;
	for (uint32_t k = 0; k < c->layout->stream_count; k++) {
		const struct frame_mark *marks = m->streams[c->column][k].marks;
		if (c->streams[k] != &c->readers[k])
			continue; /* not read, or with the first one */
		if (m->compact)
			frame_reader_hint(&c->readers[k], 1);
		else
			frame_reader_hint(&c->readers[k], r->end > r->granule && r->end < m->granules
			                                      ? (size_t)(marks[r->end].frame_offset - marks[r->granule].frame_offset)
			                                      : 0);
		TRY(frame_reader_seek_mark(&c->readers[k], marks[r->granule], err));
	}
	serial_reader_at_granule(c->serial);
	return OK;
}

static enum status seek_here(struct part_reader *r, struct error *err)
{
	for (uint32_t i = 0; i < r->count; i++)
		TRY(seek_column(r, &r->columns[i], err));
	r->positioned = true;
	return OK;
}

enum status part_reader_seek(struct part_reader *r, uint32_t granule, uint32_t end, struct error *err)
{
	(void)err;
	assert(granule <= r->meta->granules);
	/* where reading is to go on is where it is: the streams stand there already */
	if (!r->positioned || r->row != r->meta->first_row[granule])
		r->positioned = false;
	r->granule = granule;
	r->end = end;
	r->row = r->meta->first_row[granule];
	return OK;
}

uint64_t part_reader_row(const struct part_reader *r)
{
	return r->row;
}

uint64_t part_reader_bytes(const struct part_reader *r)
{
	uint64_t n = 0;
	for (uint32_t i = 0; i < r->count; i++)
		for (uint32_t k = 0; r->part->delta == NULL && k < r->columns[i].layout->stream_count; k++)
			n += r->columns[i].readers[k].bytes_read;
	return n;
}

/* Rows of the granule at hand from c->held, which is read when a granule begins or was jumped into. */
static enum status read_joined(struct part_reader *r, struct reader_column *c, uint32_t count, struct vector **out,
                               struct error *err)
{
	uint64_t first = r->meta->first_row[r->granule];
	if (r->row == first) {
		vector_unref(c->held);
		c->held = NULL;
		TRY(serial_read(c->serial, (uint32_t)(r->meta->first_row[r->granule + 1] - first), &c->held, err));
	}
	return vector_slice(r->eval->track, c->held, (uint32_t)(r->row - first), count, out, err);
}

/* `count` rows that are in one run of the streams: within a granule of a compact part, anywhere in a wide one. */
static enum status read_run(struct part_reader *r, uint32_t count, struct vector **outs, struct error *err)
{
	const struct part_meta *m = r->meta;
	bool begins = r->row == m->first_row[r->granule];
	if (!r->positioned || (m->compact && begins))
		TRY(seek_here(r, err));
	for (uint32_t i = 0; i < r->count; i++) {
		struct reader_column *c = &r->columns[i];
		enum status st = m->data_streams_joined ? read_joined(r, c, count, &outs[i], err)
		                                        : serial_read(c->serial, count, &outs[i], err);
		if (st != OK) {
			while (i > 0)
				vector_unref(outs[--i]);
			error_context(err, "part %s", r->part->name_text);
			return st;
		}
	}
	r->row += count;
	while (r->granule < m->granules && r->row >= m->first_row[r->granule + 1])
		r->granule++;
	return OK;
}

static enum status join(struct part_reader *r, struct vector **outs, struct vector **more, struct error *err)
{
	enum status st = OK;
	for (uint32_t i = 0; i < r->count; i++) {
		struct vector *both = NULL;
		const struct vector *two[2] = {outs[i], more[i]};
		if (st == OK)
			st = vector_concat(r->eval->track, two, 2, outs[i]->type, &both, err);
		vector_unref(more[i]);
		if (st == OK) {
			vector_unref(outs[i]);
			outs[i] = both;
		}
	}
	if (st != OK)
		for (uint32_t i = 0; i < r->count; i++)
			vector_unref(outs[i]);
	return st;
}

/* Rows that are in memory. */
static enum status read_delta(struct part_reader *r, uint32_t count, struct vector **outs, struct error *err)
{
	for (uint32_t i = 0; i < r->count; i++) {
		enum status st = delta_read(r->part->delta, r->columns[i].column, r->row, count, r->eval->track, &outs[i], err);
		if (st != OK) {
			while (i > 0)
				vector_unref(outs[--i]);
			return st;
		}
	}
	r->row += count;
	return OK;
}

enum status part_reader_read(struct part_reader *r, uint32_t count, struct vector **outs, struct error *err)
{
	const struct part_meta *m = r->meta;
	assert(r->row + count <= m->rows);
	assert(count != 0);
	if (r->part->delta != NULL)
		return read_delta(r, count, outs, err);
	if (!m->compact)
		return read_run(r, count, outs, err);
	uint32_t done = 0;
	struct vector **more = calloc(r->count + 1, sizeof *more);
	enum status st = more == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
	while (st == OK && done < count) {
		uint64_t left = m->first_row[r->granule + 1] - r->row;
		uint32_t n = left < count - done ? (uint32_t)left : count - done;
		st = read_run(r, n, done == 0 ? outs : more, err);
		if (st == OK && done != 0)
			st = join(r, outs, more, err);
		else if (st != OK && done != 0)
			for (uint32_t i = 0; i < r->count; i++)
				vector_unref(outs[i]);
		done += n;
	}
	free(more);
	return st;
}

enum status part_reader_skip(struct part_reader *r, uint64_t count, struct error *err)
{
	const struct part_meta *m = r->meta;
	uint64_t to = r->row + count;
	assert(to <= m->rows);
	if (count == 0)
		return OK;
	if (r->part->delta != NULL) {
		r->row = to;
		return OK;
	}
	uint32_t granule = to == m->rows ? m->granules : part_meta_granule(m, to);
	if (granule != r->granule) /* jump there, then read over what is left */
		TRY(part_reader_seek(r, granule, r->end, err));
	struct vector **outs = calloc(r->count + 1, sizeof *outs);
	enum status st = outs == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
	while (st == OK && r->row < to) {
		uint32_t n = to - r->row < BATCH_ROWS_MAX ? (uint32_t)(to - r->row) : BATCH_ROWS_MAX;
		st = part_reader_read(r, n, outs, err);
		for (uint32_t i = 0; st == OK && i < r->count; i++)
			vector_unref(outs[i]);
	}
	free(outs);
	return st;
}

// SPDX-License-Identifier: Apache-2.0
#include "exec/spill.h"

#include <assert.h>
#include <stdlib.h>

#include "column/vector_bytes.h"

enum {
	OWN_SHARE = 32,          /* less than this part of a limit is not worth going to disk for */
	BLOCK_BYTES = 256 * 1024
};

/* ---- when ---- */

struct spill_policy *spill_policy_of(struct query *q)
{
	while (q->parent != NULL)
		q = q->parent;
	return q->spill.area == NULL ? NULL : &q->spill;
}

bool spill_allowed(struct query *q, enum spill_kind kind)
{
	const struct spill_policy *p = spill_policy_of(q);
	return p != NULL && (p->limit_bytes[kind] != 0 || p->ratio[kind] > 0);
}

uint64_t spill_own(struct query *q, uint64_t before)
{
	int64_t used = memtrack_used(&q->track);
	return used > (int64_t)before ? (uint64_t)used - before : 0;
}

bool spill_due(struct query *q, enum spill_kind kind, uint64_t own, uint64_t extra, bool limits_only)
{
	const struct spill_policy *p = spill_policy_of(q);
	if (p == NULL)
		return false;
	if (!limits_only && p->limit_bytes[kind] != 0 && own > p->limit_bytes[kind])
		return true;
	if (p->ratio[kind] <= 0)
		return false;
	for (struct memtrack *m = &q->track; m != NULL; m = m->parent) {
		int64_t limit = atomic_load_explicit(&m->limit_bytes, memory_order_relaxed);
		if (limit == 0 || own < (uint64_t)limit / OWN_SHARE)
			continue;
		int64_t used = memtrack_used(m) - memtrack_can_reclaim(m) + (int64_t)extra;
		if ((double)used > p->ratio[kind] * (double)limit)
			return true;
	}
	return false;
}

/* ---- streams ---- */

void spill_stream_free(struct spill_stream *s)
{
	free(s->blocks);
	memset(s, 0, sizeof *s);
}

void spill_buffers_init(struct spill_buffers *b)
{
	strbuf_init(&b->plain, NULL);
	strbuf_init(&b->scratch, NULL);
}

void spill_buffers_fini(struct spill_buffers *b)
{
	strbuf_fini(&b->plain);
	strbuf_fini(&b->scratch);
}

enum status spill_file_open(struct query *q, enum spill_kind kind, struct temp_file **out, struct error *err)
{
	static const enum temp_purpose purposes[] = {
		[SPILL_GROUP] = TEMP_AGGREGATION, [SPILL_SORT] = TEMP_SORT, [SPILL_JOIN] = TEMP_JOIN, [SPILL_DISTINCT] = TEMP_UNKNOWN,
	};
	struct spill_policy *p = spill_policy_of(q);
	assert(p != NULL);
	return temp_file_open(p->area, &p->quota, purposes[kind], out, err);
}

enum status spill_put(struct temp_file *f, struct spill_stream *s, struct spill_buffers *b, uint32_t rows,
                      struct error *err)
{
	struct temp_block block;
	TRY(strbuf_status(&b->plain, err));
	if (s->count == s->capacity) {
		uint32_t capacity = s->capacity == 0 ? 8 : s->capacity * 2;
		struct temp_block *blocks = realloc(s->blocks, capacity * sizeof *blocks);
		if (blocks == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a list of %u blocks", capacity);
		s->blocks = blocks;
		s->capacity = capacity;
	}
	TRY(temp_file_put(f, b->plain.data, b->plain.size, &b->scratch, &block, err));
	s->blocks[s->count++] = block;
	s->rows += rows;
	s->plain_bytes += b->plain.size;
	strbuf_clear(&b->plain);
	return OK;
}

enum status spill_put_rows(struct temp_file *f, struct spill_stream *s, struct spill_buffers *b,
                           struct vector *const *columns, uint32_t column_count, const uint32_t *rows, uint32_t n,
                           struct error *err)
{
	strbuf_clear(&b->plain);
	strbuf_put(&b->plain, &n, sizeof n);
	for (uint32_t c = 0; c < column_count; c++) {
		struct vector *v;
		if (rows == NULL)
			v = vector_ref(columns[c]);
		else
			TRY(vector_gather(NULL, columns[c], rows, n, &v, err));
		enum status status = vector_bytes_put(&b->plain, v, NULL, err);
		vector_unref(v);
		TRY(status);
	}
	return spill_put(f, s, b, n, err);
}

enum status spill_get_block(struct temp_file *f, const struct spill_stream *s, uint32_t i, struct memtrack *track,
                            struct vector_bytes *from, uint32_t *rows, struct error *err)
{
	struct frame_block block;
	assert(i < s->count);
	TRY(temp_file_get(f, &s->blocks[i], track, &block, err));
	*from = (struct vector_bytes){block.buffer->data, block.buffer->data + block.size, block.buffer, track};
	const uint8_t *n = vector_bytes_take(from, sizeof *rows);
	if (n == NULL) {
		buffer_unref(block.buffer);
		return ERR(err, E_CORRUPTED_DATA, "a block of a temporary file is damaged");
	}
	memcpy(rows, n, sizeof *rows);
	return OK;
}

enum status spill_get_batch(struct temp_file *f, const struct spill_stream *s, uint32_t i,
                            const struct type *const *types, uint32_t column_count, struct memtrack *track,
                            struct batch **out, struct error *err)
{
	struct vector_bytes from;
	struct batch *b = NULL;
	uint32_t rows;
	TRY(spill_get_block(f, s, i, track, &from, &rows, err));
	enum status status = batch_new(column_count, &b, err);
	if (status == OK)
		b->count = rows;
	for (uint32_t c = 0; c < column_count && status == OK; c++)
		status = vector_bytes_get(&from, types[c], rows, &b->columns[c], err);
	buffer_unref(from.owner);
	if (status != OK) {
		batch_free(b);
		return status;
	}
	*out = b;
	return OK;
}

/* ---- partitions ---- */

enum status spill_set_new(struct query *q, enum spill_kind kind, unsigned level, unsigned sides, unsigned threads,
                          struct spill_set **out, struct error *err)
{
	struct spill_set *s = calloc(1, sizeof *s);
	struct spill_stream *streams = calloc((size_t)sides * threads * SPILL_PARTS, sizeof *streams);
	enum status status = OK;
	if (s == NULL || streams == NULL)
		status = ERR(err, E_CANNOT_ALLOCATE, "cannot allocate partitions");
	else
		status = spill_file_open(q, kind, &s->file, err);
	if (status != OK) {
		free(s);
		free(streams);
		return status;
	}
	atomic_store(&s->references, 1);
	s->level = level;
	s->sides = sides;
	s->threads = threads;
	s->streams = streams;
	*out = s;
	return OK;
}

void spill_set_unref(struct spill_set *s)
{
	if (s == NULL || atomic_fetch_sub(&s->references, 1) != 1)
		return;
	for (size_t i = 0; i < (size_t)s->sides * s->threads * SPILL_PARTS; i++)
		spill_stream_free(&s->streams[i]);
	temp_file_close(s->file);
	free(s->streams);
	free(s);
}

uint64_t spill_set_rows(const struct spill_set *s, unsigned side, unsigned part)
{
	uint64_t rows = 0;
	for (unsigned i = 0; i < s->threads; i++)
		rows += spill_set_stream(s, side, i, part)->rows;
	return rows;
}

void spill_divide(const uint64_t *hashes, uint32_t n, unsigned level, uint32_t *order, uint32_t *starts)
{
	uint32_t at[SPILL_PARTS] = {0};
	for (uint32_t i = 0; i < n; i++)
		at[spill_part_of(hashes[i], level)]++;
	for (unsigned p = 0, sum = 0; p < SPILL_PARTS; p++) {
		starts[p] = sum;
		sum += at[p];
		at[p] = starts[p];
	}
	starts[SPILL_PARTS] = n;
	for (uint32_t i = 0; i < n; i++)
		order[at[spill_part_of(hashes[i], level)]++] = i;
}

enum status spill_set_put(struct spill_set *s, unsigned side, unsigned worker, struct spill_buffers *b,
                          struct vector *const *columns, uint32_t column_count, const uint64_t *hashes, uint32_t n,
                          struct worker *w)
{
	uint32_t starts[SPILL_PARTS + 1];
	uint32_t *order = ARENA_RAW(&w->scratch, uint32_t, n + 1);
	spill_divide(hashes, n, s->level, order, starts);
	for (unsigned p = 0; p < SPILL_PARTS; p++)
		for (uint32_t from = starts[p]; from < starts[p + 1]; from += BATCH_ROWS_MAX) {
			uint32_t count = starts[p + 1] - from < BATCH_ROWS_MAX ? starts[p + 1] - from : BATCH_ROWS_MAX;
			TRY(spill_put_rows(s->file, spill_set_stream(s, side, worker, p), b, columns, column_count, order + from, count,
			                   &w->err));
		}
	return query_check(w->query, &w->err);
}

void spill_list_init(struct spill_list *l)
{
	pthread_mutex_init(&l->lock, NULL);
	l->first = NULL;
}

void spill_list_fini(struct spill_list *l)
{
	struct spill_part *p;
	while ((p = spill_list_take(l)) != NULL)
		spill_part_free(p);
	pthread_mutex_destroy(&l->lock);
}

enum status spill_list_add(struct spill_list *l, struct spill_set *s, struct error *err)
{
	struct spill_part *made = NULL, **end = &made, *p;
	enum status status = OK;
	uint64_t total = 0;
	for (unsigned i = 0; i < SPILL_PARTS; i++)
		total += spill_set_rows(s, s->sides - 1, i);
	for (unsigned i = 0; i < SPILL_PARTS && status == OK; i++) {
		uint64_t rows = spill_set_rows(s, s->sides - 1, i), others = s->sides > 1 ? spill_set_rows(s, 0, i) : 0;
		if (rows == 0 && others == 0)
			continue;
		if ((p = calloc(1, sizeof *p)) == NULL) {
			status = ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a partition");
			break;
		}
		*p = (struct spill_part){.set = s, .number = i, .whole = rows == total || s->level + 1 >= SPILL_LEVELS_MAX};
		atomic_fetch_add(&s->references, 1);
		*end = p;
		end = &p->next;
	}
	pthread_mutex_lock(&l->lock);
	*end = l->first;
	l->first = made;
	pthread_mutex_unlock(&l->lock);
	return status;
}

struct spill_part *spill_list_take(struct spill_list *l)
{
	pthread_mutex_lock(&l->lock);
	struct spill_part *p = l->first;
	if (p != NULL)
		l->first = p->next;
	pthread_mutex_unlock(&l->lock);
	return p;
}

void spill_part_free(struct spill_part *p)
{
	if (p == NULL)
		return;
	spill_set_unref(p->set);
	free(p);
}

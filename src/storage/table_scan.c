// SPDX-License-Identifier: Apache-2.0
#include "storage/table_scan.h"

#include <assert.h>
#include <stdlib.h>
#include "storage/block_part.h"
#include "storage/marks.h"
#include "storage/part_source.h"
#include "storage/row_fetch.h"
#include "storage/scan_ranges.h"

enum { MORSEL_ROWS = 8 * BATCH_ROWS_MAX };

const struct virtual_column table_virtual_columns[VIRTUAL_COUNT] = {
	[VIRTUAL_PART] = {"_part", "LowCardinality(String)"},
	[VIRTUAL_PARTITION_ID] = {"_partition_id", "LowCardinality(String)"},
	[VIRTUAL_PART_INDEX] = {"_part_index", "UInt64"},
	[VIRTUAL_PART_OFFSET] = {"_part_offset", "UInt64"},
	[VIRTUAL_BLOCK_NUMBER] = {"_block_number", "UInt64"},
	[VIRTUAL_TABLE] = {"_table", "LowCardinality(String)"},
	[VIRTUAL_DATABASE] = {"_database", "LowCardinality(String)"},
	[VIRTUAL_ROW_ID] = {"__row_id", "UInt64"},
};

/* The columns of a batch are read in turns, each only where the ones before have left rows. */
enum stage { STAGE_BOUND, STAGE_FILTER, STAGE_REST, STAGE_COUNT };

/* A column of the request: read from the part, or made here. */
struct scan_column {
	bool is_virtual;
	uint32_t number;          /* VIRTUAL_*, or stored position */
	const struct type *type;
	enum stage stage;
	uint32_t at;              /* among its source's columns */
};

struct worker {
	struct part_source *sources[STAGE_COUNT];
	uint64_t behind[STAGE_COUNT]; /* rows that the source has not been moved over yet */
	struct eval eval;
	struct arena scratch;
	struct error error;
	uint32_t part;
	uint64_t row, end;        /* of the morsel, rows of the part */
	bool busy;
};

struct table_scan {
	struct scan base;
	struct arena arena;
	struct part_set *set;
	struct table_keys *keys;
	struct cache *cache;
	struct scan_request request;
	struct scan_column *columns;
	uint32_t column_count;
	uint32_t stored_count[STAGE_COUNT];
	uint32_t *stored[STAGE_COUNT];
	struct program *prewhere;
	uint32_t prewhere_count;
	struct scan_ranges ranges;
	struct morsel *morsels;
	uint32_t morsel_count;
	_Atomic uint32_t next_morsel;
	struct worker *workers;
	unsigned worker_count;
};

/* ---- setting up ---- */

static enum status resolve_columns(struct table_scan *s, struct error *err)
{
	const struct scan_request *r = &s->request;
	bool *used = ARENA_ARRAY(&s->arena, bool, r->column_count + 1);
	for (uint32_t i = 0; i < r->prewhere_count; i++)
		expr_columns(r->filters[i], used);
	s->column_count = r->column_count;
	s->columns = ARENA_ARRAY(&s->arena, struct scan_column, r->column_count + 1);
	for (unsigned k = 0; k < STAGE_COUNT; k++)
		s->stored[k] = ARENA_ARRAY(&s->arena, uint32_t, r->column_count + 1);
	for (uint32_t i = 0; i < r->column_count; i++) {
		struct scan_column *c = &s->columns[i];
		c->stage = used[i] ? STAGE_FILTER : STAGE_REST;
		if (r->bound != NULL && r->bound->column == i)
			c->stage = STAGE_BOUND;
		if (r->columns[i] & COLUMN_VIRTUAL) {
			c->is_virtual = true;
			c->number = r->columns[i] & ~(uint32_t)COLUMN_VIRTUAL;
			assert(c->number < VIRTUAL_COUNT);
			TRY(type_parse(&s->arena, str_of(table_virtual_columns[c->number].type), &c->type, err));
			continue;
		}
		uint32_t column = r->columns[i] & ~(uint32_t)COLUMN_SIZES;
		bool sizes = column != r->columns[i];
		c->number = s->keys->stored_of[column];
		c->type = s->keys->def->columns[column].type;
		if (c->number == UINT32_MAX)
			return ERR(err, E_LOGICAL_ERROR, "column %.*s is not stored", STR_ARG(s->keys->def->columns[column].name));
		c->at = s->stored_count[c->stage]++;
		s->stored[c->stage][c->at] = c->number | (sizes ? COLUMN_SIZES : 0);
	}
	return OK;
}

static enum status compile_prewhere(struct table_scan *s, struct error *err)
{
	s->prewhere_count = s->request.prewhere_count;
	if (s->prewhere_count == 0)
		return OK;
	return program_compile(&s->arena, s->request.filters, s->prewhere_count, &s->prewhere, err);
}

static enum status check_limit(const struct table_scan *s, uint64_t rows, struct error *err)
{
	if (s->request.max_rows_to_read == 0 || rows <= s->request.max_rows_to_read)
		return OK;
	return ERR(err, E_TOO_MANY_ROWS, "Limit for rows (controlled by 'max_rows_to_read' setting) exceeded, max rows: %llu, "
	           "current rows: %llu", (unsigned long long)s->request.max_rows_to_read, (unsigned long long)rows);
}

static enum status prepare(struct table_scan *s, struct error *err)
{
	TRY(resolve_columns(s, err));
	TRY(compile_prewhere(s, err));
	if (s->set == NULL)
		return OK;
	TRY(scan_ranges_select(s->set, s->keys, s->cache, &s->request, &s->arena, &s->ranges, err));
	scan_ranges_cut(&s->ranges, MORSEL_ROWS, &s->arena, &s->morsels, &s->morsel_count);
	TRY(check_limit(s, s->ranges.rows, err));
	s->base.stats.parts = s->ranges.parts;
	s->base.stats.granules = s->ranges.granules;
	s->base.stats.granules_total = s->ranges.granules_total;
	s->base.stats.total_rows_hint = s->ranges.rows;
	return OK;
}

/* ---- workers ---- */

static void close_sources(struct worker *w)
{
	for (unsigned k = 0; k < STAGE_COUNT; k++) {
		part_source_free(w->sources[k]);
		w->sources[k] = NULL;
	}
}

static enum status open_sources(struct table_scan *s, struct worker *w, struct part *p, struct error *err)
{
	close_sources(w);
	for (unsigned k = 0; k < STAGE_COUNT; k++)
		if (s->stored_count[k] != 0)
			TRY(part_source_new(s->keys, s->set, p, s->stored[k], s->stored_count[k], s->cache, &w->eval, &w->sources[k], err));
	return OK;
}

/* *more false: there is no morsel left. */
static enum status next_morsel(struct table_scan *s, struct worker *w, bool *more, struct error *err)
{
	uint32_t i = s->next_morsel < s->morsel_count ? s->next_morsel++ : s->morsel_count;
	*more = i < s->morsel_count;
	if (!*more) {
		close_sources(w);
		return OK;
	}
	const struct morsel *m = &s->morsels[i];
	struct part *p = s->set->parts[m->part];
	if (!w->busy || w->part != m->part)
		TRY(open_sources(s, w, p, err));
	w->busy = true;
	w->part = m->part;
	if (s->stored_count[STAGE_BOUND] + s->stored_count[STAGE_FILTER] + s->stored_count[STAGE_REST] != 0) {
		struct part_meta *meta;
		TRY(part_load(p, s->request.session, &meta, err));
		w->row = meta->first_row[m->from];
		w->end = meta->first_row[m->to];
	} else {
		w->row = m->first_row;
		w->end = m->end_row;
	}
	for (unsigned k = 0; k < STAGE_COUNT; k++) {
		w->behind[k] = 0;
		if (w->sources[k] != NULL)
			TRY(part_source_seek(w->sources[k], m->from, m->to, err));
	}
	return OK;
}

static enum status text_constant(struct table_scan *s, const struct type *t, struct str text, uint32_t count,
                                 struct vector **out, struct error *err)
{
	struct builder *b;
	struct vector *one = NULL;
	TRY(builder_new(s->request.track, t, &b, err));
	enum status st = builder_string(b, text.data, text.size, err);
	st = builder_close(b, st, &one, err);
	if (st == OK)
		st = vector_constant(s->request.track, one, 0, count, out, err);
	vector_unref(one);
	return st;
}

static enum status number_column(struct table_scan *s, const struct type *t, uint64_t first, uint64_t step,
                                 uint32_t count, struct vector **out, struct error *err)
{
	TRY(vector_new(s->request.track, t, count, out, err));
	uint64_t *v = (*out)->data;
	for (uint32_t i = 0; i < count; i++)
		v[i] = first + step * i;
	return OK;
}

static enum status virtual_column(struct table_scan *s, const struct worker *w, const struct scan_column *c,
                                  uint32_t count, struct vector **out, struct error *err)
{
	const struct part *p = s->set->parts[w->part];
	switch (c->number) {
	case VIRTUAL_PART:
		return text_constant(s, c->type, str_of(p->name_text), count, out, err);
	case VIRTUAL_PARTITION_ID:
		return text_constant(s, c->type, p->name.partition, count, out, err);
	case VIRTUAL_TABLE:
		return text_constant(s, c->type, s->keys->def->name, count, out, err);
	case VIRTUAL_DATABASE:
		return text_constant(s, c->type, s->keys->def->database, count, out, err);
	case VIRTUAL_PART_INDEX:
		return number_column(s, c->type, w->part, 0, count, out, err);
	case VIRTUAL_ROW_ID:
		return number_column(s, c->type, (uint64_t)w->part << ROW_ID_PART_SHIFT | w->row, 1, count, out, err);
	case VIRTUAL_BLOCK_NUMBER:
		return number_column(s, c->type, p->name.min_block, 0, count, out, err);
	default:
		return number_column(s, c->type, w->row, 1, count, out, err);
	}
}

/* Puts the columns of one stage at their places. */
static enum status fill(struct table_scan *s, struct worker *w, enum stage k, uint32_t count, struct vector **columns,
                        struct error *err)
{
	struct part_source *source = w->sources[k];
	struct vector **read = arena_alloc(&w->scratch, (s->stored_count[k] + 1) * sizeof *read);
	if (source != NULL && w->behind[k] != 0)
		TRY(part_source_skip(source, w->behind[k], err));
	w->behind[k] = 0;
	if (source != NULL)
		TRY(part_source_read(source, count, read, err));
	for (uint32_t i = 0; i < s->column_count; i++) {
		const struct scan_column *c = &s->columns[i];
		if (c->stage == k && !c->is_virtual)
			columns[i] = read[c->at];
	}
	for (uint32_t i = 0; i < s->column_count; i++)
		if (s->columns[i].stage == k && s->columns[i].is_virtual)
			TRY(virtual_column(s, w, &s->columns[i], count, &columns[i], err));
	return OK;
}

/* ---- PREWHERE ---- */

/* mask[i] &= bytes[i] != 0 */
static void and_bytes(uint8_t *mask, const uint8_t *bytes, uint32_t count)
{
	typedef uint8_t lanes __attribute__((vector_size(16)));
	uint32_t i = 0;
	for (; i + sizeof(lanes) <= count; i += sizeof(lanes)) {
		lanes m, b;
		memcpy(&m, mask + i, sizeof m);
		memcpy(&b, bytes + i, sizeof b);
		m &= (lanes)(b != 0);
		memcpy(mask + i, &m, sizeof m);
	}
	for (; i < count; i++)
		mask[i] &= bytes[i] != 0;
}

/* mask[i] &= whether row i of the condition is true. */
static enum status and_condition(struct table_scan *s, const struct vector *v, uint8_t *mask, uint32_t count,
                                 struct error *err)
{
	struct vector *flat;
	if (v->form == VECTOR_CONST) {
		bool null = v->nulls != NULL && bit_get(v->nulls, 0), holds = false;
		for (size_t i = 0; !null && i < physical_size(type_physical(v->type)); i++)
			holds = holds || ((const uint8_t *)v->data)[i] != 0;
		if (!holds)
			memset(mask, 0, count);
		return OK;
	}
	TRY(vector_flatten(s->request.track, v, &flat, err));
	size_t width = physical_size(type_physical(flat->type));
	const uint8_t *data = flat->data;
	if (width == 1) {
		and_bytes(mask, data, count);
	} else {
		for (uint32_t i = 0; i < count; i++) {
			uint8_t any = 0;
			for (size_t k = 0; k < width; k++)
				any |= data[i * width + k];
			mask[i] &= any != 0;
		}
	}
	if (flat->nulls != NULL)
		for (uint32_t i = 0; i < count; i++)
			mask[i] &= !bit_get(flat->nulls, i);
	vector_unref(flat);
	return OK;
}

/* The rows that are left, to rows; *left of them. */
static enum status run_prewhere(struct table_scan *s, struct worker *w, struct vector *const *columns, uint32_t count,
                                uint32_t *rows, uint32_t *left, struct error *err)
{
	struct vector **results = arena_alloc(&w->scratch, s->prewhere_count * sizeof *results);
	uint8_t *mask = arena_raw(&w->scratch, count);
	memset(mask, 1, count);
	w->eval.err = err;
	TRY(program_run(s->prewhere, &w->eval, columns, s->request.slots, count, results));
	enum status st = OK;
	for (uint32_t i = 0; i < s->prewhere_count; i++) {
		if (st == OK)
			st = and_condition(s, results[i], mask, count, err);
		vector_unref(results[i]);
	}
	if (st == OK)
		*left = (uint32_t)bytes_to_indexes(rows, mask, count);
	return st;
}

/* Rows of the batch that are left: `rows`, ascending, or all `count` where that is NULL. */
struct left {
	uint32_t *rows;
	uint32_t count;
};

static enum status gather_stage(struct table_scan *s, struct batch *b, enum stage k, const struct left *l,
                                struct error *err)
{
	for (uint32_t i = 0; i < s->column_count; i++) {
		struct vector *v;
		if (s->columns[i].stage != k || l->rows == NULL)
			continue;
		TRY(vector_gather(s->request.track, b->columns[i], l->rows, l->count, &v, err));
		vector_unref(b->columns[i]);
		b->columns[i] = v;
	}
	return OK;
}

/* Of the rows left, `more` of them stay; stages up to `last` are gathered already. */
static enum status narrow(struct table_scan *s, struct batch *b, enum stage last, struct left *l, struct left more,
                          struct error *err)
{
	if (more.count == l->count)
		return OK;
	for (unsigned k = 0; more.count != 0 && k <= last; k++)
		TRY(gather_stage(s, b, k, &more, err));
	for (uint32_t i = 0; l->rows != NULL && i < more.count; i++)
		more.rows[i] = l->rows[more.rows[i]];
	*l = more;
	return OK;
}

static enum status apply_bound(struct table_scan *s, struct worker *w, struct batch *b, uint32_t count, struct left *l,
                               struct error *err)
{
	const struct scan_bound *bound = s->request.bound;
	struct vector *flat;
	TRY(fill(s, w, STAGE_BOUND, count, b->columns, err));
	TRY(gather_stage(s, b, STAGE_BOUND, l, err));
	TRY(vector_flatten(s->request.track, b->columns[bound->column], &flat, err));
	struct left more = {arena_raw(&w->scratch, (l->count + 8) * sizeof(uint32_t)), 0};
	more.count = bound->pick(bound->arg, flat, l->count, more.rows);
	vector_unref(flat);
	return narrow(s, b, STAGE_BOUND, l, more, err);
}

static enum status apply_filters(struct table_scan *s, struct worker *w, struct batch *b, uint32_t count,
                                 struct left *l, struct error *err)
{
	TRY(fill(s, w, STAGE_FILTER, count, b->columns, err));
	TRY(gather_stage(s, b, STAGE_FILTER, l, err));
	struct left more = {arena_raw(&w->scratch, (l->count + 8) * sizeof(uint32_t)), 0};
	TRY(run_prewhere(s, w, b->columns, l->count, more.rows, &more.count, err));
	return narrow(s, b, STAGE_FILTER, l, more, err);
}

/* The rows that are not deleted. */
static void apply_marks(struct table_scan *s, struct worker *w, uint32_t count, struct left *l)
{
	const struct row_set *marks = s->set->marks[w->part];
	if (row_set_next(marks, w->row) >= w->row + count)
		return;
	uint64_t *bits = arena_alloc(&w->scratch, bits_words(count) * 8);
	l->rows = arena_raw(&w->scratch, (count + 8) * sizeof *l->rows);
	l->count = count - row_set_bits(marks, w->row, count, bits);
	bits_not(bits, bits, count);
	(void)bits_to_indexes(l->rows, bits, count);
}

/* One batch of the morsel at hand; b->count may come out 0. */
static enum status read_batch(struct table_scan *s, struct worker *w, struct batch *b, struct error *err)
{
	uint32_t count = w->end - w->row < BATCH_ROWS_MAX ? (uint32_t)(w->end - w->row) : BATCH_ROWS_MAX;
	struct left l = {NULL, count};
	unsigned filled = 0; /* stages */
	b->count = 0;
	apply_marks(s, w, count, &l);
	if (l.count != 0 && s->request.bound != NULL) {
		filled = STAGE_BOUND + 1;
		TRY(apply_bound(s, w, b, count, &l, err));
	}
	if (l.count != 0 && s->prewhere_count != 0) {
		filled = STAGE_FILTER + 1;
		TRY(apply_filters(s, w, b, count, &l, err));
	}
	if (l.count != 0) {
		filled = STAGE_REST + 1;
		TRY(fill(s, w, STAGE_REST, count, b->columns, err));
		TRY(gather_stage(s, b, STAGE_REST, &l, err));
	}
	for (unsigned k = filled; k < STAGE_COUNT; k++)
		w->behind[k] += count;
	w->row += count;
	b->count = l.count;
	return OK;
}

static void count_read(struct table_scan *s, struct worker *w, uint64_t rows, uint64_t bytes)
{
	(void)w;
	atomic_fetch_add_explicit(&s->base.stats.rows, rows, memory_order_relaxed);
	atomic_fetch_add_explicit(&s->base.stats.bytes, bytes, memory_order_relaxed);
}

static uint64_t batch_bytes(const struct batch *b)
{
	uint64_t bytes = 0;
	for (uint32_t i = 0; i < b->column_count; i++)
		if (b->columns[i] != NULL)
			bytes += vector_plain_bytes(b->columns[i]);
	return bytes;
}

static void empty_batch(struct batch *b)
{
	for (uint32_t i = 0; i < b->column_count; i++) {
		vector_unref(b->columns[i]);
		b->columns[i] = NULL;
	}
}

static enum status scan_next(struct scan *base, unsigned worker, struct batch **out, struct error *err)
{
	struct table_scan *s = (struct table_scan *)base;
	struct worker *w = &s->workers[worker];
	*out = NULL;
	assert(worker < s->worker_count);
	w->eval.err = err;
	struct batch *b = NULL;
	enum status st = OK;
	while (st == OK) {
		if (s->request.cancelled != NULL && atomic_load_explicit(s->request.cancelled, memory_order_relaxed)) {
			st = ERR(err, E_CANCELLED, "Query was cancelled");
			break;
		}
		if (w->row == w->end) {
			bool more;
			st = next_morsel(s, w, &more, err);
			if (st == OK && !more)
				break;
			continue;
		}
		if (b == NULL)
			st = batch_new(s->column_count, &b, err);
		uint64_t before = w->row;
		if (st == OK)
			st = read_batch(s, w, b, err);
		arena_reuse(&w->scratch);
		if (st != OK)
			break;
		count_read(s, w, w->row - before, batch_bytes(b));
		if (b->count != 0) {
			*out = b;
			return OK;
		}
		empty_batch(b);
	}
	batch_free(b);
	return st;
}

static enum status scan_fetch(struct scan *base, const uint32_t *columns, uint32_t column_count, const uint64_t *ids,
                              uint32_t count, struct batch **out, struct error *err)
{
	struct table_scan *s = (struct table_scan *)base;
	uint32_t *stored = ARENA_ARRAY(&s->arena, uint32_t, column_count + 1);
	for (uint32_t i = 0; i < column_count; i++)
		stored[i] = s->keys->stored_of[columns[i]];
	const struct row_fetch f = {s->set, s->keys, s->cache, &s->workers[0].eval, stored, column_count};
	s->workers[0].eval.err = err;
	return row_fetch(&f, ids, count, out, err);
}

static void scan_free(struct scan *base)
{
	struct table_scan *s = (struct table_scan *)base;
	for (unsigned i = 0; i < s->worker_count; i++) {
		close_sources(&s->workers[i]);
		arena_fini(&s->workers[i].scratch);
	}
	free(s->workers);
	if (s->set != NULL)
		version_unref(&s->set->version);
	table_keys_unref(s->keys);
	arena_fini(&s->arena);
	free(s);
}

static const struct scan_ops table_scan_ops = {.next = scan_next, .fetch = scan_fetch, .free = scan_free};

enum status table_scan_new(const struct part_set *set, struct table_keys *keys, struct cache *cache,
                           const struct scan_request *r, struct scan **out, struct error *err)
{
	struct table_scan *s = calloc(1, sizeof *s);
	unsigned threads = r->threads == 0 ? 1 : r->threads;
	struct worker *workers = calloc(threads, sizeof *workers);
	if (s == NULL || workers == NULL) {
		free(s);
		free(workers);
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	}
	s->base.ops = &table_scan_ops;
	arena_init(&s->arena, r->track);
	s->set = set == NULL ? NULL : (struct part_set *)version_ref(&set->version);
	s->keys = table_keys_ref(keys);
	s->cache = cache;
	s->request = *r;
	s->workers = workers;
	s->worker_count = threads;
	for (unsigned i = 0; i < threads; i++) {
		arena_init(&workers[i].scratch, r->track);
		workers[i].eval = (struct eval){.session = r->session, .track = r->track, .scratch = &workers[i].scratch,
		                                .cancelled = r->cancelled};
	}
	enum status st = prepare(s, err);
	if (st != OK) {
		scan_free(&s->base);
		return st;
	}
	*out = &s->base;
	return OK;
}

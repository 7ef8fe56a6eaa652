// SPDX-License-Identifier: Apache-2.0
/*
 * Memory: the table's version is an immutable list of blocks. An INSERT is one change that appends its blocks, TRUNCATE
 * one that empties the list; so both are transactional, and a scan reads the snapshot it began with.
 */
#include "engine/memory.h"

#include <stdlib.h>

#include "catalog/catalog.h"

enum { MEMORY_VERSION_KIND = 3 };

/* A block that inserts made; shared by versions. */
struct memory_block {
	_Atomic uint32_t references;
	struct batch *batch;
	struct table_def *def;           /* a reference: the columns' types live in it */
};

struct memory_version {
	struct version base;
	uint64_t rows, bytes;
	size_t count;
	struct memory_block *blocks[];
};

struct memory_change {
	struct change base;
	bool truncate;
	size_t count, capacity;
	struct memory_block **blocks;
};

static void block_unref(struct memory_block *b)
{
	if (b == NULL || atomic_fetch_sub(&b->references, 1) != 1)
		return;
	batch_free(b->batch);
	table_def_unref(b->def);
	free(b);
}

static void version_destroy(struct version *v)
{
	struct memory_version *m = (struct memory_version *)v;
	for (size_t i = 0; i < m->count; i++)
		block_unref(m->blocks[i]);
	free(m);
}

static const struct version_kind memory_kind = {.id = MEMORY_VERSION_KIND, .name = "Memory table",
                                                .destroy = version_destroy};

/* ---- changes ---- */

static enum status change_apply(struct change *c, const struct version *base, uint64_t csn, struct version **out,
                                struct error *err)
{
	const struct memory_change *m = (const struct memory_change *)c;
	const struct memory_version *old = (const struct memory_version *)base;
	size_t kept = m->truncate || old == NULL ? 0 : old->count;
	struct memory_version *v = calloc(1, sizeof *v + (kept + m->count) * sizeof(struct memory_block *));
	if (v == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a table version");
	version_init(&v->base, &memory_kind);
	for (size_t i = 0; i < kept; i++)
		v->blocks[v->count++] = old->blocks[i];
	for (size_t i = 0; i < m->count; i++)
		v->blocks[v->count++] = m->blocks[i];
	for (size_t i = 0; i < v->count; i++) {
		atomic_fetch_add(&v->blocks[i]->references, 1);
		v->rows += v->blocks[i]->batch->count;
		for (uint32_t k = 0; k < v->blocks[i]->batch->column_count; k++)
			v->bytes += vector_bytes(v->blocks[i]->batch->columns[k]);
	}
	*out = &v->base;
	return OK;
}

static void change_free(struct change *c)
{
	struct memory_change *m = (struct memory_change *)c;
	for (size_t i = 0; i < m->count; i++)
		block_unref(m->blocks[i]);
	free(m->blocks);
	free(m);
}

static const struct change_ops memory_change_ops = {.kind = &memory_kind, .apply = change_apply, .free = change_free};

static struct memory_change *change_new(const struct table *t)
{
	struct memory_change *c = calloc(1, sizeof *c);
	if (c == NULL)
		return NULL;
	c->base.ops = &memory_change_ops;
	c->base.slot = t->def->slot;
	return c;
}

/* ---- inserting ---- */

struct memory_sink {
	struct insert_sink base;
	struct txn *txn;
	struct memory_change *change;
	struct memtrack *track;
	struct table_def *def;           /* of the statement's snapshot; borrowed */
};

/* The block outlives the query, so it is copied under the table's tracker. */
static enum status sink_write(struct insert_sink *s, const struct batch *block, struct error *err)
{
	struct memory_sink *m = (struct memory_sink *)s;
	struct memory_change *c = m->change;
	if (c->count == c->capacity) {
		size_t more = c->capacity == 0 ? 4 : c->capacity * 2;
		struct memory_block **blocks = realloc(c->blocks, more * sizeof *blocks);
		if (blocks == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a block list");
		c->blocks = blocks;
		c->capacity = more;
	}
	struct memory_block *b = calloc(1, sizeof *b);
	if (b == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a block");
	enum status status = batch_new(block->column_count, &b->batch, err);
	if (status == OK)
		b->batch->count = block->count;
	for (uint32_t i = 0; i < block->column_count && status == OK; i++) {
		const struct vector *one = block->columns[i];
		status = vector_flatten(m->track, one, &b->batch->columns[i], err);
		if (status == OK)
			status = vector_compact(m->track, &b->batch->columns[i], err);
	}
	if (status != OK) {
		batch_free(b->batch);
		free(b);
		return status;
	}
	atomic_init(&b->references, 1);
	b->def = table_def_ref(m->def);
	c->blocks[c->count++] = b;
	return OK;
}

static enum status sink_finish(struct insert_sink *s, struct error *err)
{
	struct memory_sink *m = (struct memory_sink *)s;
	struct change *c = &m->change->base;
	m->change = NULL;
	return txn_add_change(m->txn, c, err);
}

static void sink_free(struct insert_sink *s)
{
	struct memory_sink *m = (struct memory_sink *)s;
	if (m->change != NULL)
		change_free(&m->change->base);
	free(m);
}

static const struct insert_sink_ops sink_ops = {.write = sink_write, .finish = sink_finish, .free = sink_free};

static enum status memory_insert(struct table *t, struct txn *txn, const struct eval_session *session,
                                 struct memtrack *track, struct insert_sink **out, struct error *err)
{
	struct memory_sink *s = calloc(1, sizeof *s);
	struct memory_change *c = change_new(t);
	if (s == NULL || c == NULL) {
		free(s);
		free(c);
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate an insert");
	}
	s->base.ops = &sink_ops;
	s->txn = txn;
	s->change = c;
	s->track = &memtrack_server;
	s->def = t->def;
	*out = &s->base;
	return OK;
}

static enum status memory_truncate(struct table *t, struct txn *txn, struct error *err)
{
	struct memory_change *c = change_new(t);
	if (c == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a change");
	c->truncate = true;
	return txn_add_change(txn, &c->base, err);
}

/* ---- reading ---- */

struct memory_scan {
	struct scan base;
	struct memory_version *version;  /* a reference; NULL: empty */
	struct arena arena;
	uint32_t *columns;               /* positions among stored columns */
	uint32_t column_count;
	_Atomic size_t next;             /* block handed out next */
	struct {
		size_t block;
		uint32_t at;
		bool open;
	} workers[64];
	struct memtrack *track;
};

static enum status scan_next(struct scan *s, unsigned worker, struct batch **out, struct error *err)
{
	struct memory_scan *m = (struct memory_scan *)s;
	*out = NULL;
	for (;;) {
		if (m->version == NULL)
			return OK;
		if (!m->workers[worker].open) {
			m->workers[worker].block = atomic_fetch_add(&m->next, 1);
			m->workers[worker].at = 0;
			m->workers[worker].open = true;
		}
		if (m->workers[worker].block >= m->version->count)
			return OK;
		const struct batch *b = m->version->blocks[m->workers[worker].block]->batch;
		uint32_t at = m->workers[worker].at, n = b->count - at < BATCH_ROWS_MAX ? b->count - at : BATCH_ROWS_MAX;
		if (n == 0) {
			m->workers[worker].open = false;
			continue;
		}
		TRY(batch_new(m->column_count, out, err));
		(*out)->count = n;
		enum status status = OK;
		for (uint32_t c = 0; c < m->column_count && status == OK; c++)
			status = vector_slice(m->track, b->columns[m->columns[c]], at, n, &(*out)->columns[c], err);
		if (status != OK) {
			batch_free(*out);
			*out = NULL;
			return status;
		}
		m->workers[worker].at += n;
		atomic_fetch_add_explicit(&s->stats.rows, n, memory_order_relaxed);
		return OK;
	}
}

static void scan_free(struct scan *s)
{
	struct memory_scan *m = (struct memory_scan *)s;
	if (m->version != NULL)
		version_unref(&m->version->base);
	arena_fini(&m->arena);
	free(m);
}

static const struct scan_ops memory_scan_ops = {.next = scan_next, .free = scan_free};

static enum status memory_scan(struct table *t, struct txn *txn, const struct scan_request *r, struct scan **out,
                               struct error *err)
{
	struct memory_scan *s = calloc(1, sizeof *s);
	if (s == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a scan");
	s->base.ops = &memory_scan_ops;
	s->version = (struct memory_version *)version_ref(txn_version(txn, t->def->slot));
	s->track = r->track;
	arena_init(&s->arena, r->track);
	s->columns = ARENA_ARRAY(&s->arena, uint32_t, r->column_count + 1);
	s->column_count = r->column_count;
	for (uint32_t i = 0; i < r->column_count; i++)
		for (uint32_t k = 0; k < r->columns[i]; k++) {
			enum column_default kind = t->def->columns[k].default_kind;
			s->columns[i] += kind != COLUMN_ALIAS && kind != COLUMN_EPHEMERAL;
		}
	*out = &s->base;
	return OK;
}

static bool memory_row_count(struct table *t, struct txn *txn, uint64_t *rows)
{
	const struct memory_version *v = (const struct memory_version *)txn_version(txn, t->def->slot);
	*rows = v == NULL ? 0 : v->rows;
	return true;
}

static enum status memory_size(struct table *t, struct txn *txn, struct table_size *out, struct error *err)
{
	const struct memory_version *v = (const struct memory_version *)txn_version(txn, t->def->slot);
	*out = (struct table_size){.rows = v == NULL ? 0 : v->rows, .bytes_uncompressed = v == NULL ? 0 : v->bytes};
	return OK;
}

static enum status no_open(struct table *t, struct error *err)
{
	return OK;
}

static void no_close(struct table *t)
{
}

static const struct table_ops memory_ops = {
	.engine = "Memory",
	.features = TABLE_INSERT | TABLE_SETTINGS,
	.open = no_open,
	.close = no_close,
	.scan = memory_scan,
	.insert = memory_insert,
	.truncate = memory_truncate,
	.row_count = memory_row_count,
	.size = memory_size,
};

/* ---- Null ---- */

static enum status null_write(struct insert_sink *s, const struct batch *block, struct error *err)
{
	return OK;
}

static enum status null_finish(struct insert_sink *s, struct error *err)
{
	return OK;
}

static void null_free(struct insert_sink *s)
{
	free(s);
}

static const struct insert_sink_ops null_sink_ops = {.write = null_write, .finish = null_finish, .free = null_free};

static enum status null_insert(struct table *t, struct txn *txn, const struct eval_session *session,
                               struct memtrack *track, struct insert_sink **out, struct error *err)
{
	*out = calloc(1, sizeof **out);
	if (*out == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate an insert");
	(*out)->ops = &null_sink_ops;
	return OK;
}

static enum status null_truncate(struct table *t, struct txn *txn, struct error *err)
{
	return OK;
}

/* Its slot stays empty, so a Memory scan of it has no rows. */
static const struct table_ops null_ops = {
	.engine = "Null",
	.features = TABLE_INSERT | TABLE_SETTINGS,
	.open = no_open,
	.close = no_close,
	.scan = memory_scan,
	.insert = null_insert,
	.truncate = null_truncate,
	.row_count = memory_row_count,
	.size = memory_size,
};

void memory_register(void)
{
	txn_kind_register(&memory_kind);
	table_engine_register(&memory_ops);
	table_engine_register(&null_ops);
}

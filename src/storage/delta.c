// SPDX-License-Identifier: Apache-2.0
#include "storage/delta.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "column/builder.h"
#include "storage/block_part.h"
#include "txn/cursor.h"

struct memtrack delta_track = {.parent = &memtrack_server, .name = "delta"};

static enum status no_memory(struct error *err)
{
	return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
}

/* ---- schemas ---- */

struct delta_schema *delta_schema_new(uint64_t schema_version, const struct part_column *columns, uint32_t count)
{
	struct delta_schema *s = calloc(1, sizeof *s);
	if (s == NULL)
		return NULL;
	s->references = 1;
	s->schema_version = schema_version;
	arena_init(&s->arena, NULL);
	s->columns.count = count;
	s->columns.columns = ARENA_ARRAY(&s->arena, struct part_column, count + 1);
	for (uint32_t i = 0; i < count; i++) {
		s->columns.columns[i].name = arena_str(&s->arena, columns[i].name);
		s->columns.columns[i].type = type_copy(&s->arena, columns[i].type);
	}
	return s;
}

struct delta_schema *delta_schema_ref(struct delta_schema *s)
{
	s->references++;
	return s;
}

void delta_schema_unref(struct delta_schema *s)
{
	if (s == NULL || --s->references != 0)
		return;
	arena_fini(&s->arena);
	free(s);
}

void delta_schema_encode(const struct delta_schema *s, struct strbuf *to)
{
	struct arena a;
	arena_init(&a, NULL);
	strbuf_put_varuint(to, s->schema_version);
	strbuf_put_varuint(to, s->columns.count);
	for (uint32_t i = 0; i < s->columns.count; i++) {
		cursor_put_str(to, s->columns.columns[i].name);
		cursor_put_str(to, type_name(&a, s->columns.columns[i].type));
	}
	arena_fini(&a);
}

enum status delta_schema_decode(struct cursor *c, struct delta_schema **out, struct error *err)
{
	struct arena a;
	arena_init(&a, NULL);
	uint64_t version = cursor_varuint(c), count = cursor_varuint(c);
	enum status st = c->failed || count > cursor_left(c) ? ERR(err, E_CORRUPTED_DATA, "a record of columns is damaged")
	                                                     : OK;
	struct part_column *columns = st == OK ? ARENA_ARRAY(&a, struct part_column, count + 1) : NULL;
	for (uint64_t i = 0; st == OK && i < count; i++) {
		columns[i].name = cursor_str(c);
		st = type_parse(&a, cursor_str(c), &columns[i].type, err);
	}
	*out = NULL;
	if (st == OK && c->failed)
		st = ERR(err, E_CORRUPTED_DATA, "a record of columns is damaged");
	if (st == OK && (*out = delta_schema_new(version, columns, (uint32_t)count)) == NULL)
		st = no_memory(err);
	arena_fini(&a);
	return st;
}

/* ---- blocks ---- */

static struct delta_block *block_alloc(struct delta_schema *schema, uint32_t rows)
{
	struct delta_block *b = calloc(1, sizeof *b + (schema->columns.count + 1) * sizeof b->columns[0]);
	if (b == NULL)
		return NULL;
	b->references = 1;
	b->rows = rows;
	b->schema = delta_schema_ref(schema);
	return b;
}

struct delta_block *delta_block_ref(struct delta_block *b)
{
	b->references++;
	return b;
}

void delta_block_unref(struct delta_block *b)
{
	if (b == NULL || --b->references != 0)
		return;
	for (uint32_t i = 0; i <= b->schema->columns.count; i++)
		vector_unref(b->columns[i]);
	delta_schema_unref(b->schema);
	free(b);
}

enum status delta_block_of(struct delta_schema *schema, struct vector *const *columns, uint32_t rows,
                           struct delta_block **out, struct error *err)
{
	struct delta_block *b = block_alloc(schema, rows);
	if (b == NULL)
		return no_memory(err);
	for (uint32_t i = 0; i < schema->columns.count; i++) {
		b->columns[i] = vector_ref(columns[i]);
		b->bytes += vector_plain_bytes(columns[i]);
	}
	*out = b;
	return OK;
}

/* Moves the strings of a fresh vector to one heap of its own: builders only borrow them. */
static enum status own_strings(struct vector *v, struct error *err)
{
	for (uint32_t k = 0; k < v->child_count; k++)
		TRY(own_strings(v->children[k], err));
	if (type_physical(v->type) != PHYS_STR)
		return OK;
	struct strview *views = v->data;
	size_t total = 0;
	for (uint32_t i = 0; i < v->count; i++) {
		if (v->nulls != NULL && bit_get(v->nulls, i))
			views[i] = strview_make("", 0);
		total += views[i].size > STRVIEW_INLINE ? views[i].size : 0;
	}
	struct vector old = {.heaps = v->heaps, .heap_count = v->heap_count};
	char *at = NULL;
	v->heaps = NULL;
	v->heap_count = v->heap_capacity = 0;
	enum status st = total == 0 ? OK : vector_heap(v, &delta_track, total, &at, err);
	for (uint32_t i = 0; st == OK && total != 0 && i < v->count; i++) {
		if (views[i].size <= STRVIEW_INLINE)
			continue;
		memcpy(at, views[i].far.pointer, views[i].size);
		views[i].far.pointer = at;
		at += views[i].size;
	}
	for (uint32_t k = 0; k < old.heap_count; k++)
		buffer_unref(old.heaps[k]);
	free(old.heaps);
	return st;
}

/* One column of several blocks, copied into memory of its own. */
static enum status copy_column(const struct type *type, const struct vector *const *from, uint32_t n,
                               const uint32_t *rows, uint32_t count, struct vector **out, struct error *err)
{
	struct builder *b = NULL;
	TRY(builder_new(&delta_track, type, &b, err));
	enum status st = builder_reserve(b, count, err);
	for (uint32_t i = 0; st == OK && i < n; i++)
		st = rows != NULL ? builder_rows(b, from[i], rows, count, err) : builder_range(b, from[i], 0, from[i]->count, err);
	st = builder_close(b, st, out, err);
	if (st == OK && (st = own_strings(*out, err)) != OK) {
		vector_unref(*out);
		*out = NULL;
	}
	return st;
}

enum status delta_block_new(struct delta_schema *schema, struct vector *const *columns, const uint32_t *rows,
                            uint32_t count, struct delta_block **out, struct error *err)
{
	struct delta_block *b = block_alloc(schema, count);
	if (b == NULL)
		return no_memory(err);
	enum status st = OK;
	for (uint32_t i = 0; st == OK && i < schema->columns.count; i++) {
		const struct vector *from = columns[i];
		st = copy_column(schema->columns.columns[i].type, &from, 1, rows, count, &b->columns[i], err);
		if (st == OK)
			b->bytes += vector_plain_bytes(b->columns[i]);
	}
	if (st != OK) {
		delta_block_unref(b);
		return st;
	}
	*out = b;
	return OK;
}

/* The same rows with the number of their commit. */
static enum status block_numbered(const struct delta_block *b, uint64_t number, struct delta_block **out,
                                  struct error *err)
{
	struct delta_block *to = block_alloc(b->schema, b->rows);
	struct vector *v = NULL;
	if (to == NULL)
		return no_memory(err);
	to->bytes = b->bytes;
	for (uint32_t i = 0; i < b->schema->columns.count; i++)
		to->columns[i] = vector_ref(b->columns[i]);
	enum status st = OK;
	if (b->columns[b->schema->columns.count] != NULL)
		v = vector_ref(b->columns[b->schema->columns.count]);
	else if ((st = vector_new(&delta_track, type_simple(TYPE_UINT64), 1, &v, err)) == OK) {
		*(uint64_t *)v->data = number;
		v->form = VECTOR_CONST;
		v->count = b->rows;
	}
	to->columns[b->schema->columns.count] = v;
	if (st != OK) {
		delta_block_unref(to);
		return st;
	}
	*out = to;
	return OK;
}

static enum status blocks_join(struct delta_schema *schema, struct delta_block *const *blocks, uint32_t n,
                               struct delta_block **out, struct error *err)
{
	uint32_t rows = 0, columns = schema->columns.count;
	const struct vector **list = calloc(n + 1, sizeof *list);
	if (list == NULL)
		return no_memory(err);
	for (uint32_t i = 0; i < n; i++)
		rows += blocks[i]->rows;
	struct delta_block *b = block_alloc(schema, rows);
	enum status st = b == NULL ? no_memory(err) : OK;
	for (uint32_t c = 0; st == OK && c <= columns; c++) {
		const struct type *t = c < columns ? schema->columns.columns[c].type : type_simple(TYPE_UINT64);
		for (uint32_t i = 0; i < n; i++)
			list[i] = blocks[i]->columns[c];
		st = copy_column(t, list, n, NULL, rows, &b->columns[c], err);
	}
	for (uint32_t i = 0; st == OK && i < n; i++)
		b->bytes += blocks[i]->bytes;
	free(list);
	if (st != OK) {
		delta_block_unref(b);
		return st;
	}
	*out = b;
	return OK;
}

/* ---- deltas ---- */

static struct delta *delta_new(struct delta_schema *schema, struct str partition, uint32_t capacity)
{
	struct delta *d = calloc(1, sizeof *d + capacity * sizeof d->blocks[0] + partition.size);
	if (d == NULL)
		return NULL;
	char *text = (char *)(d->blocks + capacity);
	if (partition.size != 0)
		memcpy(text, partition.data, partition.size);
	d->partition = (struct str){text, partition.size};
	d->schema = delta_schema_ref(schema);
	return d;
}

void delta_free(struct delta *d)
{
	if (d == NULL)
		return;
	for (uint32_t i = 0; i < d->count; i++)
		delta_block_unref(d->blocks[i]);
	buffer_unref(d->order);
	delta_schema_unref(d->schema);
	free(d);
}

static unsigned size_class(uint32_t rows)
{
	unsigned c = 0;
	for (; rows >= DELTA_FAN; rows /= DELTA_FAN)
		c++;
	return c;
}

static uint32_t open_rows(const struct delta *d)
{
	uint32_t rows = 0;
	for (uint32_t i = d->closed; i < d->count; i++)
		rows += d->blocks[i]->rows;
	return rows;
}

/* Replaces the blocks from `from` on by one. */
static enum status join_from(struct delta *d, uint32_t from, struct error *err)
{
	struct delta_block *one;
	if (d->count - from < 2)
		return OK;
	TRY(blocks_join(d->schema, d->blocks + from, d->count - from, &one, err));
	while (d->count > from)
		delta_block_unref(d->blocks[--d->count]);
	d->blocks[d->count++] = one;
	return OK;
}

/* There is room for one more; takes the reference. */
static enum status delta_push(struct delta *d, struct delta_block *b, struct error *err)
{
	uint32_t rows = open_rows(d);
	enum status st = OK;
	bool large = b->rows >= DELTA_CHUNK_ROWS / 2;
	if (rows != 0 && (large || rows + b->rows > DELTA_CHUNK_ROWS)) {
		st = join_from(d, d->closed, err);
		if (st == OK)
			d->closed = d->count;
	}
	if (st != OK) {
		delta_block_unref(b);
		return st;
	}
	d->blocks[d->count++] = b;
	d->rows += b->rows;
	d->bytes += b->bytes;
	if (large) {
		d->closed = d->count;
		return OK;
	}
	while (true) {
		unsigned class = size_class(d->blocks[d->count - 1]->rows);
		uint32_t from = d->count;
		while (from > d->closed && size_class(d->blocks[from - 1]->rows) <= class)
			from--;
		if (d->count - from < DELTA_FAN)
			return OK;
		TRY(join_from(d, from, err));
	}
}

/* ---- parts ---- */

/* A part of these facts that owns d. */
static enum status part_around(struct delta *d, const struct part_name *name, const char *table_dir, struct part **out,
                               struct error *err)
{
	struct strbuf text;
	strbuf_init(&text, NULL);
	part_name_print(name, &text);
	enum status st = strbuf_status(&text, err);
	if (st == OK)
		st = part_new(strbuf_str(&text), table_dir, "", out, err);
	strbuf_fini(&text);
	if (st != OK) {
		delta_free(d);
		return st;
	}
	struct part *p = *out;
	p->delta = d;
	p->rows = d->rows;
	p->bytes_plain = d->bytes;
	p->schema_version = d->schema->schema_version;
	p->modified_us = clock_wall_us();
	return OK;
}

enum status delta_part_new(struct str partition_id, struct str partition, const char *table_dir, struct delta_block *b,
                           uint64_t block_number, struct part **out, struct error *err)
{
	struct part_name name = {.partition = partition_id, .min_block = block_number, .max_block = block_number};
	struct delta *d = delta_new(b->schema, partition, 1);
	struct delta_block *mine;
	if (d == NULL)
		return no_memory(err);
	enum status st = block_numbered(b, block_number, &mine, err);
	if (st == OK)
		st = delta_push(d, mine, err);
	if (st != OK) {
		delta_free(d);
		return st;
	}
	d->born_us = clock_wall_us();
	return part_around(d, &name, table_dir, out, err);
}

bool delta_part_takes(const struct part *p, const struct delta_block *b)
{
	const struct delta *d = p->delta;
	return d != NULL && !d->sealed && d->schema->schema_version == b->schema->schema_version
	       && d->rows + b->rows <= DELTA_ROWS_MAX && d->bytes + b->bytes <= DELTA_BYTES_MAX;
}

static struct delta *delta_copy(const struct delta *from, uint32_t more)
{
	struct delta *d = delta_new(from->schema, from->partition, from->count + more);
	if (d == NULL)
		return NULL;
	d->born_us = from->born_us;
	d->sealed = from->sealed;
	d->rows = from->rows;
	d->bytes = from->bytes;
	d->closed = from->closed;
	for (; d->count < from->count; d->count++)
		d->blocks[d->count] = delta_block_ref(from->blocks[d->count]);
	return d;
}

enum status delta_part_append(const struct part *p, struct delta_block *b, uint64_t block_number, struct part **out,
                              struct error *err)
{
	struct delta *d = delta_copy(p->delta, 1);
	struct delta_block *mine;
	if (d == NULL)
		return no_memory(err);
	enum status st = block_numbered(b, block_number, &mine, err);
	if (st == OK)
		st = delta_push(d, mine, err);
	if (st != OK) {
		delta_free(d);
		return st;
	}
	struct part_name name = p->name;
	name.max_block = block_number;
	TRY(part_around(d, &name, p->table_dir, out, err));
	part_identify(*out, p->identity);
	return OK;
}

enum status delta_part_sealed(const struct part *p, struct part **out, struct error *err)
{
	struct delta *d = delta_copy(p->delta, 0);
	if (d == NULL)
		return no_memory(err);
	d->sealed = true;
	TRY(part_around(d, &p->name, p->table_dir, out, err));
	part_identify(*out, p->identity);
	(*out)->csn = p->csn;
	(*out)->modified_us = p->modified_us;
	return OK;
}

/* ---- MANIFEST: schema, partition, when it began, and per block its rows and their numbers ---- */

void delta_part_encode(const struct part *p, struct strbuf *to)
{
	const struct delta *d = p->delta;
	struct strbuf one;
	strbuf_init(&one, NULL);
	delta_schema_encode(d->schema, to);
	cursor_put_str(to, d->partition);
	strbuf_put_varuint(to, (uint64_t)d->born_us);
	strbuf_put_varuint(to, d->closed);
	strbuf_put_varuint(to, d->count);
	for (uint32_t i = 0; i < d->count; i++) {
		const struct delta_block *b = d->blocks[i];
		const struct vector *numbers = b->columns[b->schema->columns.count];
		uint64_t last = 0;
		strbuf_clear(&one);
		delta_block_encode(b, &one);
		cursor_put_str(to, strbuf_str(&one));
		for (uint32_t r = 0; r < b->rows; r++) {
			const struct vector *at;
			uint32_t row = vector_index(numbers, r, &at);
			uint64_t n = ((const uint64_t *)at->data)[row];
			strbuf_put_varuint(to, n - last);
			last = n;
		}
	}
	if (one.failed)
		to->failed = true;
	strbuf_fini(&one);
}

static enum status damaged(struct error *err)
{
	return ERR(err, E_CORRUPTED_DATA, "the MANIFEST has a damaged delta");
}

static enum status decode_numbers(struct cursor *c, struct delta_block *b, struct error *err)
{
	struct vector **to = &b->columns[b->schema->columns.count];
	uint64_t last = 0;
	TRY(vector_new(&delta_track, type_simple(TYPE_UINT64), b->rows, to, err));
	for (uint32_t r = 0; r < b->rows; r++)
		((uint64_t *)(*to)->data)[r] = last += cursor_varuint(c);
	return OK;
}

static enum status decode_blocks(struct cursor *c, struct delta *d, uint32_t count, struct error *err)
{
	for (uint32_t i = 0; i < count; i++) {
		TRY(delta_block_decode(d->schema, cursor_str(c), &d->blocks[d->count], err));
		struct delta_block *b = d->blocks[d->count++];
		TRY(decode_numbers(c, b, err));
		d->rows += b->rows;
		d->bytes += b->bytes;
	}
	return c->failed ? damaged(err) : OK;
}

enum status delta_part_decode(struct part *p, struct cursor *c, struct error *err)
{
	struct delta_schema *schema;
	TRY(delta_schema_decode(c, &schema, err));
	struct str partition = cursor_str(c);
	int64_t born_us = (int64_t)cursor_varuint(c);
	uint64_t closed = cursor_varuint(c), count = cursor_varuint(c);
	struct delta *d = NULL;
	enum status st = c->failed || count > cursor_left(c) || closed > count ? damaged(err) : OK;
	if (st == OK && (d = delta_new(schema, partition, (uint32_t)count)) == NULL)
		st = no_memory(err);
	delta_schema_unref(schema);
	if (st == OK)
		st = decode_blocks(c, d, (uint32_t)count, err);
	if (st != OK) {
		delta_free(d);
		return st;
	}
	d->born_us = born_us;
	d->closed = (uint32_t)closed;
	p->delta = d;
	p->rows = d->rows;
	p->bytes_plain = d->bytes;
	return OK;
}

/* ---- reading ---- */

enum status delta_meta(const struct delta *d, struct part_meta *m, struct error *err)
{
	uint32_t n = 0, most = (uint32_t)(d->rows / DELTA_CHUNK_ROWS) + d->count + 1;
	(void)err;
	m->columns = d->schema->columns;
	m->rows = d->rows;
	m->partition = d->partition;
	m->first_row = ARENA_ARRAY(&m->arena, uint64_t, most + 1);
	uint64_t row = 0;
	for (uint32_t i = 0; i < d->closed; i++)
		for (uint32_t done = 0; done < d->blocks[i]->rows;) {
			uint32_t left = d->blocks[i]->rows - done;
			uint32_t step = left < DELTA_CHUNK_ROWS ? left : DELTA_CHUNK_ROWS;
			m->first_row[n++] = row;
			row += step;
			done += step;
		}
	if (row < d->rows)
		m->first_row[n++] = row;
	m->first_row[n] = d->rows;
	m->granules = n;
	assert(n <= most);
	return OK;
}

enum status delta_read(const struct delta *d, uint32_t column, uint64_t row, uint32_t count, struct memtrack *track,
                       struct vector **out, struct error *err)
{
	uint32_t i = 0, n = 0;
	assert(row + count <= d->rows);
	while (row >= d->blocks[i]->rows)
		row -= d->blocks[i++]->rows;
	if (row + count <= d->blocks[i]->rows)
		return vector_slice(track, d->blocks[i]->columns[column], (uint32_t)row, count, out, err);
	struct vector **pieces = calloc(d->count, sizeof *pieces);
	if (pieces == NULL)
		return no_memory(err);
	enum status st = OK;
	for (; st == OK && count > 0; i++) {
		uint32_t left = d->blocks[i]->rows - (uint32_t)row, step = left < count ? left : count;
		st = vector_slice(track, d->blocks[i]->columns[column], (uint32_t)row, step, &pieces[n], err);
		n += st == OK;
		count -= step;
		row = 0;
	}
	const struct type *t = d->blocks[0]->columns[column]->type;
	if (st == OK)
		st = vector_concat(track, (const struct vector *const *)pieces, n, t, out, err);
	while (n > 0)
		vector_unref(pieces[--n]);
	free(pieces);
	return st;
}

uint64_t delta_count_defaults(const struct delta *d, uint32_t column)
{
	uint64_t n = 0;
	for (uint32_t i = 0; i < d->count; i++)
		n += vector_count_defaults(d->blocks[i]->columns[column]);
	return n;
}

const uint32_t *delta_order(const struct delta *d)
{
	struct buffer *b = d->order;
	return b == NULL ? NULL : (const uint32_t *)b->data;
}

void delta_set_order(struct delta *d, struct buffer *order)
{
	struct buffer *none = NULL;
	if (!atomic_compare_exchange_strong(&d->order, &none, order))
		buffer_unref(order);
}

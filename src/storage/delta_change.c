// SPDX-License-Identifier: Apache-2.0
#include "storage/delta_change.h"

#include "txn/cursor.h"

enum status delta_appends_add(struct delta_appends *x, struct arena *a, struct str partition_id, struct str partition,
                              struct delta_block *b, struct error *err)
{
	struct delta_append one = {.partition_id = arena_str(a, partition_id), .partition = arena_str(a, partition),
	                           .block = b};
	strbuf_init(&one.rows, &delta_track);
	delta_block_encode(b, &one.rows);
	enum status st = strbuf_status(&one.rows, err);
	if (st != OK) {
		strbuf_fini(&one.rows);
		return st;
	}
	ARENA_PUSH(a, x->list, x->count, x->capacity, one);
	return OK;
}

void delta_appends_fini(struct delta_appends *x)
{
	for (size_t i = 0; i < x->count; i++) {
		delta_block_unref(x->list[i].block);
		strbuf_fini(&x->list[i].rows);
		part_identity_unref(x->list[i].own);
		part_identity_unref(x->list[i].stands_in);
	}
	x->count = 0;
}

/* The last part of the partition, in the order of blocks; UINT32_MAX: there is none. */
static uint32_t last_of(const struct part_set *s, struct str partition_id, uint64_t csn)
{
	uint32_t last = UINT32_MAX;
	for (uint32_t i = 0; i < s->count; i++) {
		const struct part *p = s->parts[i];
		if (!str_eq(p->name.partition, partition_id) || (csn == TXN_CSN_PRIVATE && p->csn != csn))
			continue;
		if (last == UINT32_MAX || p->name.max_block > s->parts[last]->name.max_block)
			last = i;
	}
	return last;
}

static uint32_t delta_at(const struct part_set *s, struct str partition_id, uint64_t first)
{
	for (uint32_t i = 0; i < s->count; i++)
		if (s->parts[i]->delta != NULL && s->parts[i]->name.min_block == first
		    && str_eq(s->parts[i]->name.partition, partition_id))
			return i;
	return UINT32_MAX;
}

/* Rows of a private delta are known by its identity, which is the same in every view that is built. */
static enum status note_private(struct delta_append *a, struct part *p, bool begins, struct error *err)
{
	if (begins && a->own == NULL && (a->own = part_identity_new()) == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	if (begins)
		part_identify(p, a->own);
	part_identity_unref(a->stands_in);
	a->stands_in = part_identity_ref(p->identity);
	a->row = p->rows - a->block->rows;
	return OK;
}

static enum status apply_one(struct delta_appends *x, struct delta_append *a, struct part_set *s, uint64_t csn,
                             struct error *err)
{
	uint32_t at = x->redo ? delta_at(s, a->partition_id, a->first) : last_of(s, a->partition_id, csn);
	struct part *p;
	bool grows = at != UINT32_MAX && (x->redo || delta_part_takes(s->parts[at], a->block));
	if (grows) {
		TRY(delta_part_append(s->parts[at], a->block, a->number, &p, err));
		part_unref(s->parts[at]);
		s->parts[at] = p;
	} else {
		TRY(delta_part_new(a->partition_id, a->partition, s->place->dir, a->block, a->number, &p, err));
		s->parts[s->count++] = p;
	}
	p->csn = csn;
	a->first = p->name.min_block;
	if (csn == TXN_CSN_PRIVATE)
		return note_private(a, p, !grows, err);
	if (a->stands_in == NULL)
		return OK;
	struct part_landing l = {.from = a->row, .count = a->block->rows, .to = p->rows - a->block->rows, .part = p};
	return part_identity_land(a->stands_in, &l, err);
}

static enum status seal(const struct delta_appends *x, struct part_set *s, struct error *err)
{
	for (uint32_t i = 0; i < s->count; i++) {
		struct part *p = s->parts[i], *sealed;
		bool meant = x->seal_partition.size == 0 || str_eq(x->seal_partition, p->name.partition);
		if (p->delta == NULL || p->delta->sealed || !meant || p->csn == TXN_CSN_PRIVATE)
			continue;
		TRY(delta_part_sealed(p, &sealed, err));
		part_unref(p);
		s->parts[i] = sealed;
	}
	return OK;
}

enum status delta_appends_apply(struct delta_appends *x, struct part_set *s, uint64_t *next_block, uint64_t csn,
                                struct error *err)
{
	if (x->seal)
		TRY(seal(x, s, err));
	if (x->count == 0)
		return OK;
	struct delta_schema *schema = x->list[0].block->schema;
	x->new_schema = s->delta_schema == NULL || s->delta_schema->schema_version != schema->schema_version;
	if (x->new_schema) {
		delta_schema_unref(s->delta_schema);
		s->delta_schema = delta_schema_ref(schema);
	}
	for (size_t i = 0; i < x->count; i++) {
		if (!x->redo)
			x->list[i].number = (*next_block)++;
		TRY(apply_one(x, &x->list[i], s, csn, err));
	}
	return OK;
}

void delta_appends_encode(const struct delta_appends *x, struct strbuf *to)
{
	strbuf_putc(to, x->new_schema);
	if (x->new_schema)
		delta_schema_encode(x->list[0].block->schema, to);
	strbuf_put_varuint(to, x->count);
	for (size_t i = 0; i < x->count; i++) {
		const struct delta_append *a = &x->list[i];
		cursor_put_str(to, a->partition_id);
		strbuf_put_varuint(to, a->number);
		strbuf_put_varuint(to, a->first);
		if (a->first == a->number)
			cursor_put_str(to, a->partition);
		cursor_put_str(to, strbuf_str(&a->rows));
	}
}

static enum status decode_one(struct delta_appends *x, struct arena *a, struct cursor *c, struct delta_schema *schema,
                              struct error *err)
{
	struct delta_append one = {.partition_id = arena_str(a, cursor_str(c)), .number = cursor_varuint(c),
	                           .first = cursor_varuint(c)};
	strbuf_init(&one.rows, NULL);
	if (one.first == one.number)
		one.partition = arena_str(a, cursor_str(c));
	struct str rows = cursor_str(c);
	if (c->failed)
		return ERR(err, E_CORRUPTED_DATA, "a record of inserted rows is damaged");
	TRY(delta_block_decode(schema, rows, &one.block, err));
	ARENA_PUSH(a, x->list, x->count, x->capacity, one);
	return OK;
}

enum status delta_appends_decode(struct delta_appends *x, struct arena *a, struct cursor *c,
                                 struct delta_schema *known, struct error *err)
{
	struct delta_schema *own = NULL;
	x->redo = true;
	if (cursor_le(c, 1) != 0)
		TRY(delta_schema_decode(c, &own, err));
	struct delta_schema *schema = own != NULL ? own : known;
	uint64_t count = cursor_varuint(c);
	enum status st = c->failed || schema == NULL ? ERR(err, E_CORRUPTED_DATA, "a record of inserted rows is damaged") : OK;
	for (uint64_t i = 0; st == OK && i < count; i++)
		st = decode_one(x, a, c, schema, err);
	delta_schema_unref(own);
	return st;
}

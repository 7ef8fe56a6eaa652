// SPDX-License-Identifier: Apache-2.0
#include "storage/marks.h"

#include <assert.h>
#include <stdlib.h>
#include "storage/part_forward.h"
#include "txn/cursor.h"

static enum status no_memory(struct error *err)
{
	return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
}

/* ---- lists ---- */

void mark_list_fini(struct mark_list *l)
{
	for (uint32_t i = 0; i < l->count; i++) {
		part_unref(l->items[i].part);
		row_set_unref(l->items[i].rows);
	}
	free(l->items);
	*l = (struct mark_list){0};
}

enum status mark_list_new(const struct part_set *set, const struct row_set *ids, struct mark_list *out,
                          struct error *err)
{
	*out = (struct mark_list){.items = calloc(set->count + 1, sizeof *out->items)};
	if (out->items == NULL)
		return no_memory(err);
	enum status st = OK;
	uint64_t last = UINT64_MAX;
	for (uint32_t i = 0; st == OK && i < ids->chunk_count; i++) {
		uint64_t number = ids->chunks[i].number, part = number >> ROW_ID_CHUNK_SHIFT;
		assert(part < set->count);
		if (part != last) {
			struct row_set *rows = row_set_new();
			if (rows == NULL) {
				st = no_memory(err);
				break;
			}
			out->items[out->count++] = (struct marked_rows){part_ref(set->parts[part]), rows};
			last = part;
		}
		st = row_set_push_chunk(out->items[out->count - 1].rows, number & (((uint64_t)1 << ROW_ID_CHUNK_SHIFT) - 1),
		                        ids->chunks[i].chunk, err);
	}
	if (st != OK)
		mark_list_fini(out);
	return st;
}

/* ---- locking ---- */

/* Also where merges have brought them meanwhile; merges that come later take the lock along. */
static enum status lock_one(struct txn *t, const struct marked_rows *m, enum lock_mode mode, const struct lock_terms *w,
                            bool *waited, struct error *err)
{
	struct part *p = part_ref(m->part);
	struct row_set *rows = row_set_ref(m->rows);
	enum status st = OK;
	while (st == OK && p != NULL) {
		st = locks_rows(t, p->identity->id, rows, mode, w, waited, err);
		struct part *before = p;
		if (st == OK)
			st = part_forward_follow(&p, &rows, NULL, err);
		if (p == before)
			break;
	}
	part_unref(p);
	row_set_unref(rows);
	return st;
}

/* Whether all of them are still there in the newest root. */
static enum status still_there(const struct part_set *newest, const struct marked_rows *m, bool *there,
                               struct error *err)
{
	struct part *p = part_ref(m->part);
	struct row_set *rows = row_set_ref(m->rows);
	uint64_t count = rows->count;
	enum status st = newest == NULL ? OK : part_forward_follow(&p, &rows, newest, err);
	uint32_t i = st == OK && p != NULL && newest != NULL ? part_set_index(newest, p) : UINT32_MAX;
	*there = i != UINT32_MAX && rows->count == count && !row_set_meets(rows, newest->marks[i]);
	part_unref(p);
	row_set_unref(rows);
	return st;
}

enum status marks_lock(struct txn *t, uint32_t slot, struct mark_list *l, enum lock_mode mode,
                       const struct lock_terms *w, bool *changed, struct error *err)
{
	bool waited = false;
	enum status st = OK;
	for (uint32_t i = 0; st == OK && i < l->count; i++)
		if (l->items[i].part->csn != TXN_CSN_PRIVATE)
			st = lock_one(t, &l->items[i], mode, w, &waited, err);
	*changed = false;
	struct version *v = st == OK ? txn_newest_version(txn_manager_of(t), slot) : NULL;
	for (uint32_t i = 0; st == OK && !*changed && i < l->count; i++) {
		bool there = true;
		if (l->items[i].part->csn != TXN_CSN_PRIVATE)
			st = still_there((const struct part_set *)v, &l->items[i], &there, err);
		*changed = !there;
	}
	version_unref(v);
	return st;
}

enum status marks_lock_free(struct txn *t, uint32_t slot, struct mark_list *l, enum lock_mode mode, struct error *err)
{
	struct version *v = txn_newest_version(txn_manager_of(t), slot);
	const struct part_set *newest = (const struct part_set *)v;
	enum status st = OK;
	for (uint32_t i = 0; st == OK && i < l->count; i++) {
		struct marked_rows *m = &l->items[i];
		struct row_set *got, *left;
		if (m->part->csn == TXN_CSN_PRIVATE)
			continue;
		st = locks_free_rows(t, m->part->identity->id, m->rows, mode, &got, err);
		if (st != OK)
			break;
		uint32_t at = newest == NULL ? UINT32_MAX : part_set_index(newest, m->part);
		left = row_set_new();
		if (left == NULL)
			st = no_memory(err);
		for (uint64_t row = row_set_next(got, 0); st == OK && at != UINT32_MAX && row != UINT64_MAX;
		     row = row_set_next(got, row + 1)) {
			bool fresh;
			if (!row_set_has(newest->marks[at], row))
				st = row_set_add(left, row, &fresh, err);
		}
		row_set_unref(got);
		row_set_unref(m->rows);
		m->rows = left;
	}
	version_unref(v);
	return st;
}

/* ---- the change ---- */

struct mark_change {
	struct change base;
	struct table_place *place;
	struct mark_list list;
	struct mark_list resolved; /* as the last apply found the parts */
};

static const struct change_ops mark_change_ops;

static enum status conflict(struct error *err)
{
	return ERR(err, E_SERIALIZATION_FAILURE, "could not serialize access due to concurrent update");
}

static enum status push(struct mark_list *l, struct part *part, struct row_set *rows, struct error *err)
{
	struct marked_rows *more = realloc(l->items, (l->count + 1) * sizeof *more);
	if (more == NULL)
		return no_memory(err);
	l->items = more;
	l->items[l->count++] = (struct marked_rows){part_ref(part), row_set_ref(rows)};
	return OK;
}

/* Rows that were in memory for the transaction alone, where this commit has put them. */
static enum status resolve_landed(struct mark_change *c, const struct marked_rows *m, struct error *err)
{
	const struct part_identity *identity = m->part->identity;
	for (uint32_t i = 0; i < identity->landing_count; i++) {
		const struct part_landing *l = &identity->landings[i];
		struct row_set *rows = row_set_new();
		bool fresh;
		enum status st = rows == NULL ? no_memory(err) : OK;
		for (uint64_t row = row_set_next(m->rows, l->from); st == OK && row < l->from + l->count;
		     row = row_set_next(m->rows, row + 1))
			st = row_set_add(rows, row - l->from + l->to, &fresh, err);
		if (st == OK && rows->count != 0)
			st = push(&c->resolved, l->part, rows, err);
		row_set_unref(rows);
		TRY(st);
	}
	return OK;
}

static enum status resolve_merged(struct mark_change *c, const struct marked_rows *m, const struct part_set *base,
                                  struct error *err)
{
	struct part *part = part_ref(m->part);
	struct row_set *rows = row_set_ref(m->rows);
	enum status st = part_forward_follow(&part, &rows, base, err);
	if (st == OK && part != NULL && part_set_index(base, part) == UINT32_MAX)
		st = conflict(err); /* dropped */
	if (st == OK && part != NULL && rows->count != 0)
		st = push(&c->resolved, part, rows, err);
	part_unref(part);
	row_set_unref(rows);
	return st;
}

/* Where the rows of each item are in `base`. */
static enum status resolve(struct mark_change *c, const struct part_set *base, struct error *err)
{
	mark_list_fini(&c->resolved);
	for (uint32_t i = 0; i < c->list.count; i++) {
		const struct marked_rows *m = &c->list.items[i];
		bool landed = part_set_index(base, m->part) == UINT32_MAX && m->part->identity->landing_count != 0;
		TRY(landed ? resolve_landed(c, m, err) : resolve_merged(c, m, base, err));
	}
	return OK;
}

static enum status mark_apply(struct change *x, const struct version *v, uint64_t csn, struct version **out,
                              struct error *err)
{
	(void)csn;
	struct mark_change *c = (struct mark_change *)x;
	const struct part_set *base = (const struct part_set *)v;
	if (base == NULL)
		return ERR(err, E_SERIALIZATION_FAILURE, "the table was dropped by another transaction");
	TRY(resolve(c, base, err));
	struct row_set **marks = calloc(base->count + 1, sizeof *marks);
	if (marks == NULL)
		return no_memory(err);
	for (uint32_t i = 0; i < base->count; i++)
		marks[i] = row_set_ref(base->marks[i]);
	enum status st = OK;
	for (uint32_t i = 0; st == OK && i < c->resolved.count; i++) {
		struct marked_rows *m = &c->resolved.items[i];
		uint32_t at = part_set_index(base, m->part);
		struct row_set *both = NULL;
		if (at == UINT32_MAX) {
			st = conflict(err);
			break;
		}
		/* under the name that it has now */
		part_unref(m->part);
		m->part = part_ref(base->parts[at]);
		st = row_set_meets(marks[at], m->rows) ? conflict(err) : row_set_union(marks[at], m->rows, &both, err);
		if (st == OK) {
			row_set_unref(marks[at]);
			marks[at] = both;
		}
	}
	struct part_set *set = NULL;
	if (st == OK)
		st = part_set_with_marks(base, marks, &set, err);
	for (uint32_t i = 0; i < base->count; i++)
		row_set_unref(marks[i]);
	free(marks);
	if (st == OK)
		*out = &set->version;
	return st;
}

/* Version 1: varuint parts, then per part its name and the rows (row_set.h). */
static enum status mark_encode(struct change *x, struct strbuf *out, struct error *err)
{
	(void)err;
	const struct mark_change *c = (const struct mark_change *)x;
	strbuf_putc(out, PART_SET_FORMAT_MARKS);
	strbuf_put_varuint(out, c->resolved.count);
	for (uint32_t i = 0; i < c->resolved.count; i++) {
		const struct marked_rows *m = &c->resolved.items[i];
		cursor_put_str(out, str_of(m->part->name_text));
		row_set_encode(m->rows, out);
	}
	return OK;
}

enum status marks_redo(struct str bytes, const struct part_set *base, struct version **out, struct error *err)
{
	struct cursor c = cursor_of(bytes);
	uint64_t count = cursor_varuint(&c);
	if (base == NULL || c.failed)
		return ERR(err, E_CORRUPTED_DATA, "a record of deleted rows is damaged");
	struct row_set **marks = calloc(base->count + 1, sizeof *marks);
	if (marks == NULL)
		return no_memory(err);
	for (uint32_t i = 0; i < base->count; i++)
		marks[i] = row_set_ref(base->marks[i]);
	enum status st = OK;
	for (uint64_t i = 0; st == OK && i < count; i++) {
		struct str name = cursor_str(&c);
		struct part *p = part_set_find(base, name);
		struct row_set *rows = NULL, *both = NULL;
		st = row_set_decode(&c, &rows, err);
		uint32_t at = p == NULL ? UINT32_MAX : part_set_index(base, p);
		if (st == OK && at != UINT32_MAX)
			st = row_set_union(marks[at], rows, &both, err);
		if (st == OK && at != UINT32_MAX) {
			row_set_unref(marks[at]);
			marks[at] = both;
		}
		row_set_unref(rows);
	}
	struct part_set *set = NULL;
	if (st == OK)
		st = part_set_with_marks(base, marks, &set, err);
	for (uint32_t i = 0; i < base->count; i++)
		row_set_unref(marks[i]);
	free(marks);
	if (st == OK)
		*out = &set->version;
	return st;
}

static void mark_free(struct change *x)
{
	struct mark_change *c = (struct mark_change *)x;
	mark_list_fini(&c->list);
	mark_list_fini(&c->resolved);
	table_place_unref(c->place);
	free(c);
}

enum status marks_add(struct txn *t, uint32_t slot, struct table_place *place, struct mark_list *l, struct error *err)
{
	struct mark_change *c = calloc(1, sizeof *c);
	if (c == NULL) {
		mark_list_fini(l);
		return no_memory(err);
	}
	c->base.ops = &mark_change_ops;
	c->base.slot = slot;
	c->place = table_place_ref(place);
	c->list = *l;
	*l = (struct mark_list){0};
	return txn_add_change(t, &c->base, err);
}

static const struct change_ops mark_change_ops = {
	.kind = &part_set_kind,
	.apply = mark_apply,
	.encode = mark_encode,
	.free = mark_free,
};

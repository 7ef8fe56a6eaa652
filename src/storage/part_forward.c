// SPDX-License-Identifier: Apache-2.0
#include "storage/part_forward.h"

#include <assert.h>
#include <stdlib.h>
#include "txn/locks.h"

struct part_forward *part_forward_new(struct merge_rows *rows, bool folds, uint32_t sources)
{
	struct part_forward *f = calloc(1, sizeof *f + sources * sizeof f->sources[0]);
	if (f == NULL)
		return NULL;
	f->references = 1;
	f->rows = *rows;
	*rows = (struct merge_rows){0};
	f->folds = folds;
	return f;
}

void part_forward_unref(struct part_forward *f)
{
	if (f == NULL || --f->references != 0)
		return;
	merge_rows_fini(&f->rows);
	for (uint32_t i = 0; i < f->count; i++) {
		row_set_unref(f->sources[i].consumed);
		if (f->sources[i].order != NULL)
			buffer_unref(f->sources[i].order);
	}
	part_unref(f->target);
	free(f);
}

struct part_forward *part_forward_of(struct part *p)
{
	struct part_identity *i = p->identity;
	pthread_mutex_lock(&i->mutex);
	struct part_forward *f = i->forward;
	if (f != NULL)
		f->references++;
	pthread_mutex_unlock(&i->mutex);
	return f;
}

static void set_forward(struct part_identity *i, struct part_forward *f)
{
	pthread_mutex_lock(&i->mutex);
	struct part_forward *old = i->forward;
	i->forward = f;
	if (f != NULL)
		f->references++;
	pthread_mutex_unlock(&i->mutex);
	part_forward_unref(old);
}

struct moving {
	const struct part_forward *f;
	uint32_t source;
};

static enum status move_rows(void *arg, const struct row_set *rows, struct row_set **out, struct error *err)
{
	const struct moving *m = arg;
	bool folded;
	return part_forward_rows(m->f, m->source, rows, out, &folded, err);
}

enum status part_forward_publish(struct part_forward *f, struct error *err)
{
	for (uint32_t i = 0; i < f->count; i++) {
		struct moving m = {f, i};
		set_forward(f->sources[i].identity, f);
		if (f->target != NULL)
			TRY(locks_move(f->sources[i].identity->id, f->target->identity->id, move_rows, &m, err));
	}
	return OK;
}

void part_forward_withdraw(struct part_forward *f)
{
	for (uint32_t i = 0; i < f->count; i++)
		set_forward(f->sources[i].identity, NULL);
}

enum status part_forward_rows(const struct part_forward *f, uint32_t source, const struct row_set *rows,
                              struct row_set **out, bool *folded, struct error *err)
{
	const uint16_t *ops = (const uint16_t *)f->rows.ops->data;
	const struct buffer *sorted = f->sources[source].order;
	const uint32_t *order = sorted == NULL ? NULL : (const uint32_t *)sorted->data;
	uint64_t left = rows == NULL ? 0 : rows->count, row = 0, output = 0;
	bool begun = false; /* the output row at hand began with one of them */
	*folded = false;
	struct row_set *s = row_set_new();
	if (s == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	enum status st = OK;
	for (uint64_t i = 0; i < f->rows.count && st == OK && (left != 0 || begun); i++) {
		enum merge_op kind = merge_op_kind(ops[i]);
		bool mine = merge_op_input(ops[i]) == source;
		bool wanted = mine && left != 0 && row_set_has(rows, order == NULL ? row : order[row]);
		if (kind == MERGE_START)
			begun = wanted;
		else if (kind == MERGE_FOLD)
			*folded |= begun || wanted;
		if (wanted) {
			bool fresh;
			if (kind == MERGE_START)
				st = row_set_add(s, output, &fresh, err);
			left--;
		}
		row += mine;
		output += kind == MERGE_START;
	}
	if (st != OK) {
		row_set_unref(s);
		return st;
	}
	*out = s;
	return OK;
}

enum status part_forward_step(const struct part_forward *f, struct part **part, struct row_set **rows,
                              struct error *err)
{
	uint32_t i = 0;
	struct row_set *moved = NULL;
	bool folded = false;
	while (i < f->count && f->sources[i].identity != (*part)->identity)
		i++;
	assert(i < f->count);
	if (f->target != NULL)
		TRY(part_forward_rows(f, i, *rows, &moved, &folded, err));
	if (folded) {
		row_set_unref(moved);
		return ERR(err, E_SERIALIZATION_FAILURE, "could not serialize access due to a merge of the rows");
	}
	struct part *to = f->target == NULL ? NULL : part_ref(f->target);
	part_unref(*part);
	row_set_unref(*rows);
	*part = to;
	*rows = moved;
	return OK;
}

enum status part_forward_follow(struct part **part, struct row_set **rows, const struct part_set *upto,
                                struct error *err)
{
	enum status st = OK;
	while (st == OK && *part != NULL && (upto == NULL || part_set_index(upto, *part) == UINT32_MAX)) {
		struct part_forward *f = part_forward_of(*part);
		if (f == NULL)
			return OK;
		st = part_forward_step(f, part, rows, err);
		part_forward_unref(f);
	}
	return st;
}

// SPDX-License-Identifier: Apache-2.0
#include "storage/merge_rows.h"

#include <assert.h>
#include <stdlib.h>
#include "storage/block_part.h"
#include "storage/delta.h"
#include "storage/sort_rows.h"
#include "storage/ttl.h"

/* One input with its keys. */
struct head {
	struct merge_source source;
	struct vector **keys;      /* sort columns of the batch */
	struct vector *version, *sign, *deleted; /* of the batch, borrowed; may be NULL */
	uint8_t *expired;          /* per row of the batch, deleted ones too; NULL: none is */
	bool done;
};

struct merger {
	const struct merge_env *env;
	const struct merge_options *options;
	struct arena arena;
	uint32_t *columns, column_count;
	struct head *heads;
	uint32_t head_count;
	uint32_t *heap, heap_count; /* inputs by their next row */
	uint16_t *ops;
	uint64_t count;
	/* the group of equal keys that is open: its ops are [group, count) */
	struct vector **group_keys; /* held batch columns, and the row in them */
	uint32_t group_row;
	uint64_t group;             /* UINT64_MAX: none */
	uint64_t best;              /* Replacing: the row to keep */
	struct vector *best_version; /* held, and the row in it */
	uint32_t best_row;
	bool best_deleted;
	uint64_t first_negative, last_positive, positive, negative; /* Collapsing; UINT64_MAX: none */
	bool last_is_positive;
	uint64_t *stack;            /* VersionedCollapsing: rows that found no partner */
	size_t stack_count, stack_capacity;
	bool stack_positive;
};

void needed_columns(const struct table_keys *k, struct expr *const *exprs, uint32_t count, uint32_t *columns,
                    uint32_t *column_count)
{
	bool *used = calloc(k->def->column_count + 1, sizeof *used);
	if (used == NULL)
		return;
	for (uint32_t i = 0; i < count; i++)
		if (exprs[i] != NULL)
			expr_columns(exprs[i], used);
	for (uint32_t i = 0; i < k->def->column_count; i++) {
		bool there = false;
		for (uint32_t c = 0; c < *column_count; c++)
			there = there || columns[c] == k->stored_of[i];
		if (used[i] && !there && k->stored_of[i] != UINT32_MAX)
			columns[(*column_count)++] = k->stored_of[i];
	}
	free(used);
}

static void need_column(struct merger *m, uint32_t stored)
{
	if (stored == UINT32_MAX)
		return;
	for (uint32_t i = 0; i < m->column_count; i++)
		if (m->columns[i] == stored)
			return;
	m->columns[m->column_count++] = stored;
}

static void choose_columns(struct merger *m)
{
	const struct table_keys *k = m->env->keys;
	m->columns = ARENA_ARRAY(&m->arena, uint32_t, k->stored_count + 1);
	needed_columns(k, k->sort, k->sort_count, m->columns, &m->column_count);
	if (m->options->fold) {
		need_column(m, k->version);
		need_column(m, k->sign);
		need_column(m, k->deleted);
	}
	for (uint32_t i = 0; m->options->ttl && i < k->ttl_count; i++) {
		struct expr *both[2] = {k->ttls[i].expires, k->ttls[i].where};
		if (k->ttls[i].column == UINT32_MAX && k->ttls[i].rule == TTL_RULE_DELETE)
			needed_columns(k, both, 2, m->columns, &m->column_count);
	}
	if (m->column_count == 0) /* something has to tell how many rows there are */
		m->columns[m->column_count++] = 0;
}

/* ---- heads ---- */

static void drop_keys(struct merger *m, struct head *h)
{
	for (uint32_t i = 0; h->keys != NULL && i < m->env->keys->sort_count; i++) {
		vector_unref(h->keys[i]);
		h->keys[i] = NULL;
	}
}

static struct vector *column_of(const struct merger *m, const struct head *h, uint32_t stored)
{
	for (uint32_t i = 0; stored != UINT32_MAX && i < m->column_count; i++)
		if (m->columns[i] == stored)
			return h->source.columns[i];
	return NULL;
}

/* Deleted rows go the way of expired ones. */
static enum status leave_out_marked(struct head *h, struct error *err)
{
	const struct merge_source *s = &h->source;
	const struct row_set *marks = s->input->marks;
	uint64_t first = s->row - s->count, row = row_set_next(marks, s->sorted != NULL ? 0 : first);
	if (row == UINT64_MAX || (s->sorted == NULL && row >= s->row))
		return OK;
	if (h->expired == NULL && (h->expired = calloc(s->count, 1)) == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	if (s->sorted != NULL) { /* marks know rows as they came */
		const uint32_t *order = delta_order(s->input->part->delta);
		for (uint32_t i = 0; i < s->count; i++)
			h->expired[i] |= row_set_has(marks, order == NULL ? first + i : order[first + i]);
		return OK;
	}
	for (; row < s->row; row = row_set_next(marks, row + 1))
		h->expired[row - first] = 1;
	return OK;
}

static enum status next_batch(struct merger *m, struct head *h, struct error *err)
{
	const struct table_keys *k = m->env->keys;
	drop_keys(m, h);
	free(h->expired);
	h->expired = NULL;
	TRY(merge_source_next(&h->source, err));
	h->done = h->source.count == 0;
	if (h->done)
		return OK;
	struct vector **stored = calloc(k->stored_count + 1, sizeof *stored);
	struct vector **outs = calloc(k->sort_count + k->partition_count + 1, sizeof *outs);
	enum status st = stored == NULL || outs == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
	for (uint32_t i = 0; st == OK && i < m->column_count; i++)
		stored[m->columns[i]] = h->source.columns[i];
	if (st == OK && k->sort_count != 0)
		st = table_sort_keys_run(k, m->env->session, m->env->track, stored, h->source.count, outs, err);
	for (uint32_t i = 0; st == OK && i < k->sort_count; i++)
		h->keys[i] = outs[i];
	if (st == OK && m->options->ttl)
		st = ttl_expired_rows(k, m->env->session, m->env->track, stored, h->source.count, m->options->now, &h->expired, err);
	if (st == OK)
		st = leave_out_marked(h, err);
	free(stored);
	free(outs);
	h->version = column_of(m, h, k->version);
	h->sign = column_of(m, h, k->sign);
	h->deleted = column_of(m, h, k->deleted);
	return st;
}

/* ---- the heap: the least next row first, of equal ones that of the earlier input ---- */

static bool goes_before(const struct merger *m, uint32_t x, uint32_t y)
{
	const struct head *a = &m->heads[x], *b = &m->heads[y];
	int c = compare_key_rows((const struct vector *const *)a->keys, a->source.at, (const struct vector *const *)b->keys,
	                         b->source.at, m->env->keys->sort_count);
	return c != 0 ? c < 0 : x < y;
}

static void sift_down(struct merger *m, uint32_t at)
{
	while (true) {
		uint32_t child = 2 * at + 1;
		if (child >= m->heap_count)
			return;
		if (child + 1 < m->heap_count && goes_before(m, m->heap[child + 1], m->heap[child]))
			child++;
		if (!goes_before(m, m->heap[child], m->heap[at]))
			return;
		uint32_t x = m->heap[at];
		m->heap[at] = m->heap[child];
		m->heap[child] = x;
		at = child;
	}
}

/* Rows of the first input that all go before the next row of every other one: found by doubling steps. */
static uint32_t run_length(const struct merger *m)
{
	const struct head *h = &m->heads[m->heap[0]];
	uint32_t left = h->source.count - h->source.at;
	if (m->heap_count == 1)
		return left;
	uint32_t second = m->heap[1];
	if (m->heap_count > 2 && goes_before(m, m->heap[2], second))
		second = m->heap[2];
	const struct head *o = &m->heads[second];
	bool wins_ties = m->heap[0] < second;
	uint32_t low = 1, high = 1, step = 1;
	while (high < left) {
		int c = compare_key_rows((const struct vector *const *)h->keys, h->source.at + high,
		                         (const struct vector *const *)o->keys, o->source.at, m->env->keys->sort_count);
		if (c > 0 || (c == 0 && !wins_ties))
			break;
		low = high + 1;
		high += step;
		step *= 2;
	}
	if (high > left)
		high = left;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int c = compare_key_rows((const struct vector *const *)h->keys, h->source.at + middle,
		                         (const struct vector *const *)o->keys, o->source.at, m->env->keys->sort_count);
		if (c > 0 || (c == 0 && !wins_ties))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* ---- groups ---- */

/* Takes a reference only where another batch has begun. */
static void hold(struct vector **slot, struct vector *v)
{
	if (*slot == v)
		return;
	vector_unref(*slot);
	*slot = vector_ref(v);
}

static void set_op(struct merger *m, uint64_t row, enum merge_op op)
{
	m->ops[row] = (uint16_t)((m->ops[row] & ~3u) | op);
}

static void close_group(struct merger *m)
{
	switch (m->env->keys->mode) {
	case MERGE_REPLACING:
		if (m->best != UINT64_MAX && !(m->best_deleted && m->options->drop_deleted))
			set_op(m, m->best, MERGE_START);
		break;
	case MERGE_COLLAPSING:
		if (m->last_is_positive || m->positive != m->negative) {
			if (m->positive <= m->negative && m->first_negative != UINT64_MAX && !m->options->positive_only)
				set_op(m, m->first_negative, MERGE_START);
			if (m->positive >= m->negative && m->last_positive != UINT64_MAX)
				set_op(m, m->last_positive, MERGE_START);
		}
		break;
	case MERGE_VERSIONED_COLLAPSING:
		for (size_t i = 0; i < m->stack_count; i++)
			set_op(m, m->stack[i], MERGE_START);
		break;
	default:
		break;
	}
	m->best = m->first_negative = m->last_positive = UINT64_MAX;
	m->positive = m->negative = 0;
	m->last_is_positive = m->best_deleted = false;
	m->stack_count = 0;
}

static void open_group(struct merger *m, const struct head *h, uint32_t row)
{
	for (uint32_t i = 0; i < m->env->keys->sort_count; i++)
		hold(&m->group_keys[i], h->keys[i]);
	m->group_row = row;
	m->group = m->count;
}

static bool same_group(const struct merger *m, const struct head *h, uint32_t row)
{
	if (m->group == UINT64_MAX)
		return false;
	return compare_key_rows((const struct vector *const *)m->group_keys, m->group_row,
	                        (const struct vector *const *)h->keys, row, m->env->keys->sort_count) == 0;
}

static int64_t small_int(const struct vector *v, uint32_t row)
{
	const struct vector *at;
	row = vector_index(v, row, &at);
	return type_physical(at->type) == PHYS_I8 ? ((const int8_t *)at->data)[row] : ((const uint8_t *)at->data)[row];
}

/* The row is in the open group; its op is DROP at first, or what its mode says at once. */
static void add_to_group(struct merger *m, struct head *h, uint32_t row)
{
	uint64_t at = m->count - 1;
	switch (m->env->keys->mode) {
	case MERGE_REPLACING:
		if (h->version != NULL && m->best != UINT64_MAX
		    && compare_values(h->version, row, m->best_version, m->best_row) < 0)
			return;
		m->best = at;
		m->best_deleted = h->deleted != NULL && small_int(h->deleted, row) != 0;
		m->best_row = row;
		hold(&m->best_version, h->version);
		return;
	case MERGE_COLLAPSING: {
		bool positive = small_int(h->sign, row) > 0;
		m->last_is_positive = positive;
		if (positive) {
			m->positive++;
			m->last_positive = at;
		} else {
			m->negative++;
			if (m->first_negative == UINT64_MAX)
				m->first_negative = at;
		}
		return;
	}
	case MERGE_VERSIONED_COLLAPSING: {
		bool positive = small_int(h->sign, row) > 0;
		if (m->stack_count > 0 && positive != m->stack_positive) {
			m->stack_count--;
			return;
		}
		m->stack_positive = positive;
		ARENA_PUSH(&m->arena, m->stack, m->stack_count, m->stack_capacity, at);
		return;
	}
	default:
		set_op(m, at, at == m->group ? MERGE_START : MERGE_FOLD);
	}
}

static void emit(struct merger *m, uint32_t input, uint32_t n)
{
	struct head *h = &m->heads[input];
	bool folds = m->options->fold && m->env->keys->mode != MERGE_ORDINARY && m->env->keys->sort_count != 0;
	uint16_t start = (uint16_t)(input << 2 | MERGE_START), drop = (uint16_t)(input << 2 | MERGE_DROP);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t row = h->source.at + i;
		if (h->expired != NULL && h->expired[row]) {
			m->ops[m->count++] = drop;
			continue;
		}
		if (!folds) {
			m->ops[m->count++] = start;
			continue;
		}
		if (!same_group(m, h, row)) {
			close_group(m);
			open_group(m, h, row);
		}
		m->ops[m->count++] = drop;
		add_to_group(m, h, row);
	}
	h->source.at += n;
}

static enum status run(struct merger *m, struct error *err)
{
	for (uint32_t i = 0; i < m->head_count; i++) {
		TRY(next_batch(m, &m->heads[i], err));
		if (!m->heads[i].done)
			m->heap[m->heap_count++] = i;
	}
	for (uint32_t i = m->heap_count / 2; i > 0; i--)
		sift_down(m, i - 1);
	while (m->heap_count > 0) {
		uint32_t input = m->heap[0];
		struct head *h = &m->heads[input];
		emit(m, input, run_length(m));
		if (h->source.at == h->source.count)
			TRY(next_batch(m, h, err));
		if (h->done)
			m->heap[0] = m->heap[--m->heap_count];
		sift_down(m, 0);
	}
	close_group(m);
	return OK;
}

static void merger_fini(struct merger *m)
{
	for (uint32_t i = 0; i < m->head_count; i++) {
		drop_keys(m, &m->heads[i]);
		free(m->heads[i].expired);
		merge_source_close(&m->heads[i].source);
	}
	for (uint32_t i = 0; m->group_keys != NULL && i < m->env->keys->sort_count; i++)
		vector_unref(m->group_keys[i]);
	vector_unref(m->best_version);
	arena_fini(&m->arena);
}

enum status merge_rows_make(const struct merge_env *env, const struct merge_input *inputs, uint32_t input_count,
                            const struct merge_options *o, struct merge_rows *out, struct error *err)
{
	struct merger m = {.env = env, .options = o, .group = UINT64_MAX, .best = UINT64_MAX, .first_negative = UINT64_MAX,
	                   .last_positive = UINT64_MAX};
	*out = (struct merge_rows){0};
	assert(input_count <= MERGE_INPUTS_MAX);
	for (uint32_t i = 0; i < input_count; i++) {
		struct part_meta *meta;
		TRY(part_load(inputs[i].part, env->session, &meta, err));
		out->count += merge_input_rows(&inputs[i]);
	}
	TRY(buffer_new(env->track, out->count * sizeof(uint16_t), &out->ops, err));
	arena_init(&m.arena, env->track);
	m.ops = (uint16_t *)out->ops->data;
	choose_columns(&m);
	m.heads = ARENA_ARRAY(&m.arena, struct head, input_count + 1);
	m.heap = ARENA_ARRAY(&m.arena, uint32_t, input_count + 1);
	m.group_keys = ARENA_ARRAY(&m.arena, struct vector *, env->keys->sort_count + 1);
	enum status st = OK;
	for (; st == OK && m.head_count < input_count; m.head_count++) {
		struct head *h = &m.heads[m.head_count];
		h->keys = ARENA_ARRAY(&m.arena, struct vector *, env->keys->sort_count + 1);
		st = merge_source_open(&h->source, env, &inputs[m.head_count], m.columns, m.column_count, err);
	}
	if (st == OK)
		st = run(&m, err);
	merger_fini(&m);
	if (st != OK) {
		merge_rows_fini(out);
		return st;
	}
	assert(m.count == out->count);
	for (uint64_t i = 0; i < out->count; i++)
		out->output += merge_op_kind(m.ops[i]) == MERGE_START;
	return OK;
}

void merge_rows_fini(struct merge_rows *m)
{
	buffer_unref(m->ops);
	m->ops = NULL;
}

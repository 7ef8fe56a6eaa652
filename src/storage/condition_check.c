// SPDX-License-Identifier: Apache-2.0
/* Asking conditions about ranges. */
#include <assert.h>
#include "storage/condition.h"
#include "storage/sort_rows.h"

/* Can the condition be true, can it be false, for some row of the range? */
struct mask {
	bool yes, no;
};

static const struct mask unknown = {true, true};

/* In batches: functions count on them. */
static enum status run_batches(const struct program *p, struct eval *e, const struct vector *v, uint32_t rows,
                               struct arena *a, struct vector **out, struct error *err)
{
	uint32_t batches = (rows + BATCH_ROWS_MAX - 1) / BATCH_ROWS_MAX, done = 0;
	const struct vector **parts = ARENA_ARRAY(a, const struct vector *, batches + 1);
	enum status st = OK;
	for (; st == OK && done < batches; done++) {
		uint32_t from = done * BATCH_ROWS_MAX, n = rows - from < BATCH_ROWS_MAX ? rows - from : BATCH_ROWS_MAX;
		struct vector *slice, *result;
		st = vector_slice(e->track, v, from, n, &slice, err);
		if (st != OK)
			break;
		st = program_run(p, e, &slice, NULL, n, &result);
		vector_unref(slice);
		if (st != OK)
			break;
		parts[done] = result;
	}
	if (st == OK)
		st = vector_concat(e->track, parts, batches, parts[0]->type, out, err);
	for (uint32_t i = 0; i < done; i++)
		vector_unref((struct vector *)(uintptr_t)parts[i]);
	return st;
}

enum status condition_bind(struct condition_set *c, struct vector *const *keys, uint32_t rows, struct error *err)
{
	struct arena scratch;
	enum status st = OK;
	arena_init(&scratch, c->track);
	for (size_t i = 0; st == OK && i < c->atom_count; i++) {
		struct atom *a = c->atoms[i];
		vector_unref(a->values);
		a->values = NULL;
		if (keys[a->key] == NULL || a->op >= ATOM_LIKE || rows == 0)
			continue;
		if (a->plain) {
			st = vector_flatten(c->track, keys[a->key], &a->values, err);
			continue;
		}
		struct vector *typed = NULL;
		struct error failed; /* a function that cannot be computed for some key value says nothing */
		error_init(&failed);
		struct eval e = {.session = c->session, .track = c->track, .scratch = &scratch, .err = &failed};
		const struct expr *x = a->function;
		while (x->kind != EXPR_COLUMN) {
			uint32_t k = 0;
			while (x->args[k]->kind == EXPR_CONSTANT)
				k++;
			x = x->args[k];
		}
		st = vector_retype(keys[a->key], x->type, &typed, err);
		if (st == OK && run_batches(a->program, &e, typed, rows, &scratch, &a->values, &failed) != OK)
			a->values = NULL;
		vector_unref(typed);
	}
	arena_fini(&scratch);
	return st;
}

/* ---- ranges ---- */

struct range {
	const struct vector *v;
	uint32_t from, to;
	bool open_end;          /* nothing bounds it above (below, where the function decreases) */
	bool decreasing;
};

/* Least value against constant row i; an open or NULL end is beyond everything. */
static int low_against(const struct range *r, const struct vector *constant, uint32_t i)
{
	uint32_t row = r->decreasing ? r->to : r->from;
	if (r->decreasing && r->open_end)
		return -1;
	if (vector_is_null(r->v, row))
		return -1;
	return compare_values(r->v, row, constant, i);
}

static int high_against(const struct range *r, const struct vector *constant, uint32_t i)
{
	uint32_t row = r->decreasing ? r->from : r->to;
	if (!r->decreasing && r->open_end)
		return 1;
	if (vector_is_null(r->v, row))
		return 1;
	return compare_values(r->v, row, constant, i);
}

/* Some element of the ascending constant is in the range. */
static bool meets_set(const struct range *r, const struct vector *set)
{
	uint32_t low = 0, high = set->count;
	while (low < high) { /* the first element that is not below the range */
		uint32_t middle = low + (high - low) / 2;
		if (low_against(r, set, middle) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < set->count && high_against(r, set, low) >= 0;
}

static bool is_point(const struct range *r)
{
	return !r->open_end && !vector_is_null(r->v, r->from) && !vector_is_null(r->v, r->to)
	       && compare_values(r->v, r->from, r->v, r->to) == 0;
}

static struct str text_at(const struct vector *v, uint32_t row)
{
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at);
	return strview_str((const struct strview *)at->data + i);
}

static struct mask check_prefix(const struct range *r, const struct vector *constant)
{
	struct str prefix = text_at(constant, 0);
	if (high_against(r, constant, 0) < 0)
		return (struct mask){false, true};
	uint32_t low = r->decreasing ? r->to : r->from;
	if (!(r->decreasing && r->open_end) && !vector_is_null(r->v, low)) {
		struct str least = text_at(r->v, low);
		/* beyond everything that begins so */
		if (str_compare(least, prefix) > 0 && !str_starts_with(least, prefix))
			return (struct mask){false, true};
	}
	return unknown;
}

static struct mask check_atom(const struct atom *a, uint32_t from, uint32_t to, uint32_t bounded, bool open_end)
{
	if (a->values == NULL || a->key >= bounded)
		return unknown;
	struct range r = {a->values, from, to, open_end, a->decreasing};
	const struct vector *c = a->constant;
	switch (a->op) {
	case ATOM_EQ:
	case ATOM_NE: {
		struct mask m = {low_against(&r, c, 0) <= 0 && high_against(&r, c, 0) >= 0, true};
		if (m.yes && is_point(&r))
			m.no = false;
		return a->op == ATOM_EQ ? m : (struct mask){m.no, m.yes};
	}
	case ATOM_LT:
		return (struct mask){low_against(&r, c, 0) < 0, high_against(&r, c, 0) >= 0};
	case ATOM_LE:
		return (struct mask){low_against(&r, c, 0) <= 0, high_against(&r, c, 0) > 0};
	case ATOM_GT:
		return (struct mask){high_against(&r, c, 0) > 0, low_against(&r, c, 0) <= 0};
	case ATOM_GE:
		return (struct mask){high_against(&r, c, 0) >= 0, low_against(&r, c, 0) < 0};
	case ATOM_IN: {
		struct mask m = {meets_set(&r, c), true};
		if (m.yes && is_point(&r))
			m.no = false;
		return m;
	}
	case ATOM_PREFIX:
		return check_prefix(&r, c);
	default:
		return unknown;
	}
}

struct question {
	uint32_t from, to, bounded;
	bool open_end;
	bool (*can_be_true)(void *arg, const struct atom *a);
	void *arg;
};

static struct mask check(const struct condition *c, const struct question *q)
{
	struct mask m;
	switch (c->kind) {
	case CONDITION_AND:
		m = (struct mask){true, false};
		for (uint32_t i = 0; i < c->child_count && m.yes; i++) {
			struct mask x = check(c->children[i], q);
			m.yes = m.yes && x.yes;
			m.no = m.no || x.no;
		}
		if (!m.yes)
			m.no = true;
		return m;
	case CONDITION_OR:
		m = (struct mask){false, true};
		for (uint32_t i = 0; i < c->child_count; i++) {
			struct mask x = check(c->children[i], q);
			m.yes = m.yes || x.yes;
			m.no = m.no && x.no;
		}
		return m;
	case CONDITION_NOT:
		m = check(c->children[0], q);
		return (struct mask){m.no, m.yes};
	case CONDITION_ATOM:
		if (q->can_be_true != NULL)
			return (struct mask){q->can_be_true(q->arg, c->atom), true};
		return check_atom(c->atom, q->from, q->to, q->bounded, q->open_end);
	case CONDITION_PERHAPS:
		break;
	}
	return unknown;
}

bool condition_check(const struct condition_set *c, uint32_t from, uint32_t to, uint32_t bounded, bool open_end)
{
	struct question q = {.from = from, .to = to, .bounded = bounded, .open_end = open_end};
	return check(c->root, &q).yes;
}

bool condition_check_by(const struct condition_set *c, bool (*can_be_true)(void *arg, const struct atom *a), void *arg)
{
	struct question q = {.can_be_true = can_be_true, .arg = arg};
	return check(c->root, &q).yes;
}

void like_pieces(struct str pattern, void (*fn)(void *arg, struct str piece, bool starts, bool ends), void *arg)
{
	char *piece = NULL;
	struct arena a;
	size_t n = 0;
	bool starts = true;
	arena_init(&a, NULL);
	piece = arena_alloc(&a, pattern.size + 1);
	for (size_t i = 0; i <= pattern.size; i++) {
		bool wild = i < pattern.size && (pattern.data[i] == '%' || pattern.data[i] == '_');
		if (i < pattern.size && !wild) {
			if (pattern.data[i] == '\\' && i + 1 < pattern.size)
				i++;
			piece[n++] = pattern.data[i];
			continue;
		}
		if (n != 0)
			fn(arg, (struct str){piece, n}, starts, i == pattern.size);
		n = 0;
		starts = false;
	}
	arena_fini(&a);
}

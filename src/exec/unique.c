// SPDX-License-Identifier: Apache-2.0
#include "exec/unique.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/sort.h"
#include "exec/change.h"
#include "exec/run_impl.h"
#include "func/compose.h"
#include "storage/sort_rows.h"
#include "storage/table_keys.h"
#include "txn/locks.h"

enum { EQUALS_MAX = 48, FETCH_ROWS = 1 << 17 };

/* ---- constraints ---- */

/* One that `changed` columns (NULL: all) concern. */
static void take_key(struct unique *u, struct unique_key *k, const bool *changed)
{
	bool concerned = changed == NULL;
	for (uint32_t c = 0; c < k->count; c++)
		concerned = concerned || changed[k->columns[c]];
	if (!concerned)
		return;
	k->object = hash_combine((uint64_t)(uintptr_t)txn_manager_of(u->session->txn),
	                         hash_bytes(k->name.data, k->name.size, u->table->def->slot));
	u->keys[u->key_count++] = *k;
}

enum status unique_open(struct session *s, struct query *q, struct table *t, const bool *changed, struct arena *a,
                        struct unique **out, struct error *err)
{
	const struct table_def *def = t->def;
	(void)err;
	*out = NULL;
	if (def->dialect != DIALECT_POSTGRESQL || t->ops->lock_rows == NULL || t->ops->find_keys == NULL
	    || !settings_bool(s->local, SET_enforce_primary_key))
		return OK;
	struct unique *u = ARENA_NEW(a, struct unique);
	*u = (struct unique){.session = s, .query = q, .table = t, .arena = a};
	u->keys = ARENA_ARRAY(a, struct unique_key, def->constraint_count + def->index_count + 1);
	for (uint32_t i = 0; i < def->constraint_count; i++) {
		const struct constraint_def *d = &def->constraints[i];
		struct unique_key k = {.name = d->name};
		if ((d->kind == 'p' || d->kind == 'u') && unique_key_columns(&k, def, d->columns, a))
			take_key(u, &k, changed);
	}
	for (uint32_t i = 0; i < def->index_count; i++) {
		struct unique_key k = {.name = def->indexes[i].name};
		if (unique_index_columns(&k, def, &def->indexes[i], a))
			take_key(u, &k, changed);
	}
	if (u->key_count != 0)
		*out = u;
	return OK;
}

void unique_close(struct unique *u)
{
	for (uint32_t i = 0; u != NULL && i < u->key_count; i++)
		key_runs_fini(&u->keys[i].seen);
}

enum status unique_lock(struct unique *u, const struct unique_key *k, const struct key_block *b, struct error *err)
{
	struct lock_terms terms = {.timeout_us = (int64_t)settings_u64(u->session->local, SET_lock_timeout),
	                           .cancelled = query_cancel_flag(u->query)};
	bool waited;
	return locks_keys(u->session->txn, k->object, b->sorted, b->count, &terms, &waited, err);
}

/* ---- looking into the table ---- */

struct probe {
	struct unique *u;
	const struct unique_key *key;
	const struct batch *stored;
	const struct key_block *keys;
	struct arena arena;
	uint32_t *columns, column_count; /* that are fetched */
	uint32_t *key_at;                /* key columns among them */
	struct expr *filter;
	struct pair {
		uint32_t row;            /* of the block */
		uint64_t id;             /* of the table */
	} *pairs;
	size_t count, capacity;
};

static enum status compare_with(struct probe *p, struct bind_env *env, const char *op, uint32_t row, struct expr **out)
{
	const struct vector *v = p->stored->columns[p->key->stored[0]];
	const struct column_def *d = &p->u->table->def->columns[p->key->columns[0]];
	struct vector *one;
	TRY(vector_constant(NULL, v, row, 1, &one, env->err));
	struct expr *args[2] = {expr_column(&p->arena, 0, d->type, d->name), expr_constant(&p->arena, one)};
	return compose_call(env, op, args, 2, out);
}

/* What lets the table leave out most of its parts: few keys by equality, many by their range. */
static enum status make_filter(struct probe *p, struct error *err)
{
	struct bind_env env = {.arena = &p->arena, .session = storage_session(DIALECT_CLICKHOUSE), .err = err};
	const struct vector *v = p->stored->columns[p->key->stored[0]];
	const uint32_t *order = p->keys->order;
	uint32_t n = p->keys->count, least = order[0], greatest = order[0];
	struct expr *bounds[2];
	if (n > EQUALS_MAX) {
		for (uint32_t r = 0; r < p->stored->count; r++) {
			if (p->keys->skip[r])
				continue;
			if (compare_values(v, r, v, least) < 0)
				least = r;
			else if (compare_values(v, r, v, greatest) > 0)
				greatest = r;
		}
		TRY(compare_with(p, &env, "greaterOrEquals", least, &bounds[0]));
		TRY(compare_with(p, &env, "lessOrEquals", greatest, &bounds[1]));
		return compose_call(&env, "and", bounds, 2, &p->filter);
	}
	for (uint32_t i = 0; i < n; i++) {
		TRY(compare_with(p, &env, "equals", order[i], &bounds[1]));
		if (p->filter == NULL) {
			p->filter = bounds[1];
			continue;
		}
		bounds[0] = p->filter;
		TRY(compose_call(&env, "or", bounds, 2, &p->filter));
	}
	return OK;
}

static void choose_columns(struct probe *p, bool whole)
{
	const struct table *t = p->u->table;
	const struct unique_key *k = p->key;
	p->columns = ARENA_ARRAY(&p->arena, uint32_t, t->def->column_count + 1);
	p->key_at = ARENA_ARRAY(&p->arena, uint32_t, k->count + 1);
	for (uint32_t i = 0; whole && i < t->def->column_count; i++)
		if (t->def->columns[i].default_kind != COLUMN_ALIAS && t->def->columns[i].default_kind != COLUMN_EPHEMERAL)
			p->columns[p->column_count++] = i;
	for (uint32_t i = 0; i < k->count; i++) {
		p->key_at[i] = whole ? k->stored[i] : p->column_count;
		if (!whole)
			p->columns[p->column_count++] = k->columns[i];
	}
}

static bool same_key(const struct probe *p, uint32_t row, struct vector *const *columns, uint32_t at)
{
	for (uint32_t c = 0; c < p->key->count; c++)
		if (compare_values(p->stored->columns[p->key->stored[c]], row, columns[p->key_at[c]], at) != 0)
			return false;
	return true;
}

#define SORT_NAME sort_pairs
#define SORT_TYPE struct pair
#define SORT_LESS(a, b) ((a)->row != (b)->row ? (a)->row < (b)->row : (a)->id < (b)->id)
#include "base/sort.h"

static enum status find_pairs(struct probe *p, const struct version *at, struct error *err)
{
	const struct key_block *b = p->keys;
	struct key_request r = {.columns = p->key->columns, .column_count = p->key->count, .hashes = b->sorted,
		.count = b->count, .filters = &p->filter, .filter_count = 1, .track = &p->u->query->track,
		.cancelled = query_cancel_flag(p->u->query)};
	struct key_match *matches;
	size_t count;
	TRY(p->u->table->ops->find_keys(p->u->table, at, &r, &p->arena, &matches, &count, err));
	for (size_t i = 0; i < count; i++)
		for (uint32_t k = matches[i].at; k < b->count && b->sorted[k] == b->sorted[matches[i].at]; k++) {
			struct pair x = {b->order[k], matches[i].row};
			ARENA_PUSH(&p->arena, p->pairs, p->count, p->capacity, x);
		}
	sort_pairs(p->pairs, p->count);
	return OK;
}

/* The rows of some pairs, with their numbers as the last column. */
static enum status fetch_pairs(struct probe *p, const struct version *at, const struct pair *pairs, uint32_t count,
                               struct batch **out, struct error *err)
{
	struct memtrack *track = &p->u->query->track;
	struct scan_request r = {.columns = p->columns, .column_count = p->column_count, .track = track,
		.session = storage_session(DIALECT_CLICKHOUSE), .cancelled = query_cancel_flag(p->u->query)};
	struct batch *rows;
	struct vector *ids;
	TRY(vector_new(track, type_simple(TYPE_UINT64), count, &ids, err));
	for (uint32_t i = 0; i < count; i++)
		((uint64_t *)ids->data)[i] = pairs[i].id;
	enum status s = p->u->table->ops->fetch_rows(p->u->table, at, &r, ids->data, count, &rows, err);
	if (s != OK) {
		vector_unref(ids);
		return s;
	}
	s = batch_new(p->column_count + 1, out, err);
	if (s == OK) {
		(*out)->count = count;
		for (uint32_t c = 0; c < p->column_count; c++)
			(*out)->columns[c] = vector_ref(rows->columns[c]);
		(*out)->columns[p->column_count] = vector_ref(ids);
	}
	vector_unref(ids);
	batch_free(rows);
	return s;
}

static enum status run_probe(struct probe *p, const struct version *at, unique_found_fn fn, void *arg,
                             struct error *err)
{
	enum status s = find_pairs(p, at, err);
	for (size_t from = 0; s == OK && from < p->count; from += FETCH_ROWS) {
		uint32_t n = p->count - from < FETCH_ROWS ? (uint32_t)(p->count - from) : FETCH_ROWS;
		struct batch *b;
		TRY(fetch_pairs(p, at, p->pairs + from, n, &b, err));
		for (uint32_t i = 0; s == OK && i < n; i++)
			if (same_key(p, p->pairs[from + i].row, b->columns, i))
				s = fn(arg, p->pairs[from + i].row, b, i, err);
		batch_free(b);
	}
	return s;
}

enum status unique_find(struct unique *u, const struct unique_key *k, const struct batch *stored,
                        const struct key_block *keys, bool whole, bool newest, unique_found_fn fn, void *arg,
                        struct error *err)
{
	struct probe p = {.u = u, .key = k, .stored = stored, .keys = keys};
	struct version *at = NULL;
	enum status s = OK;
	if (keys->count == 0)
		return OK;
	if (newest)
		TRY(txn_newest_view(u->session->txn, u->table->def->slot, &at, err));
	else
		at = version_ref(txn_version(u->session->txn, u->table->def->slot));
	arena_init(&p.arena, &u->query->track);
	if (at != NULL) {
		choose_columns(&p, whole);
		s = make_filter(&p, err);
		if (s == OK)
			s = run_probe(&p, at, fn, arg, err);
	}
	version_unref(at);
	arena_fini(&p.arena);
	return s;
}

/* ---- checking ---- */

static enum status violated(struct unique *u, const struct unique_key *k, const struct batch *stored, uint32_t row,
                            struct error *err)
{
	struct strbuf names, values;
	const struct table_def *def = u->table->def;
	strbuf_init(&names, NULL);
	strbuf_init(&values, NULL);
	for (uint32_t c = 0; c < k->count; c++) {
		strbuf_printf(&names, "%s%.*s", c == 0 ? "" : ", ", STR_ARG(def->columns[k->columns[c]].name));
		strbuf_puts(&values, c == 0 ? STR("") : STR(", "));
		value_write(&values, stored->columns[k->stored[c]], row, VALUE_PG, session_text_options(u->session));
	}
	ERR(err, E_UNIQUE_VIOLATION, "duplicate key value violates unique constraint \"%.*s\"", STR_ARG(k->name));
	error_detail(err, "Key (%s)=(%s) already exists.", strbuf_cstr(&names), strbuf_cstr(&values));
	strbuf_fini(&names);
	strbuf_fini(&values);
	if (err != NULL) {
		snprintf(err->constraint, sizeof err->constraint, "%.*s", STR_ARG(k->name));
		snprintf(err->table, sizeof err->table, "%.*s", STR_ARG(def->name));
		snprintf(err->schema, sizeof err->schema, "%s", "public");
	}
	return E_UNIQUE_VIOLATION;
}

/* The first row that meets one of the table's. */
struct checking {
	uint32_t row;
};

static enum status found(void *arg, uint32_t row, const struct batch *b, uint32_t at, struct error *err)
{
	struct checking *c = arg;
	(void)b, (void)at, (void)err;
	c->row = row < c->row ? row : c->row;
	return OK;
}

static enum status check_key(struct unique *u, struct unique_key *k, const struct batch *stored, struct arena *a,
                             struct error *err)
{
	struct checking c = {UINT32_MAX};
	struct key_block b;
	TRY(unique_hash(k, stored, a, &b, err));
	uint8_t *twice = arena_alloc(a, stored->count + 1);
	TRY(unique_meet(k, &b, twice, &u->query->track, err));
	TRY(unique_lock(u, k, &b, err));
	TRY(unique_find(u, k, stored, &b, false, true, found, &c, err));
	const uint8_t *first = memchr(twice, 1, stored->count);
	if (first != NULL && (uint32_t)(first - twice) < c.row)
		c.row = (uint32_t)(first - twice);
	return c.row == UINT32_MAX ? OK : violated(u, k, stored, c.row, err);
}

enum status unique_check(struct unique *u, const struct unique_key *but, const struct batch *stored, struct error *err)
{
	struct arena a;
	enum status s = OK;
	arena_init(&a, &u->query->track);
	for (uint32_t i = 0; s == OK && i < u->key_count && stored->count != 0; i++)
		if (&u->keys[i] != but)
			s = check_key(u, &u->keys[i], stored, &a, err);
	arena_fini(&a);
	return s;
}

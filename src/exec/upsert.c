// SPDX-License-Identifier: Apache-2.0
/*
 * INSERT … ON CONFLICT. The keys of a block are locked and looked for; rows that meet one of the table's are left out,
 * or become an UPDATE of that row: a query over pairs of rows, the table's and the one that was to be inserted. The old
 * row is marked as deleted at once, the new one comes with an inserter of its own at the end.
 */
#include <stdlib.h>

#include "exec/change.h"
#include "exec/run_impl.h"
#include "exec/unique.h"
#include "txn/locks.h"

/* What a block has met. */
struct meeting {
	struct upsert *u;
	uint32_t *with;                  /* per row of the block: the pair it is in; UINT32_MAX: none */
	struct met_rows {                /* the table's rows, whole, as they were fetched */
		struct vector **columns;
		uint32_t count;
	} *fetched;
	size_t fetched_count, fetched_capacity;
	uint32_t *at, fetched_rows;      /* per pair: its row among all that were fetched */
	uint64_t *ids;
	uint32_t *rows;                  /* of the block, per pair */
	size_t count, capacity, row_capacity, at_capacity;
	uint64_t met;                    /* also rows that had met one */
	struct arena arena;
};

struct upsert {
	struct statement *st;
	struct table *table;
	const struct ast_insert *query;
	struct unique_key *arbiter;      /* NULL: all keys */
	struct inserter *updates;        /* NULL before the first */
	uint64_t updated;
};

/* ---- which key ---- */

static bool names_key(const struct table_def *def, const struct unique_key *k, const struct ast_list *targets)
{
	if (targets->count != k->count)
		return false;
	AST_EACH(targets, x) {
		bool found = false;
		if (x->kind != AST_IDENTIFIER)
			return false;
		struct str name = name_last(&((const struct ast_identifier *)x)->name);
		for (uint32_t c = 0; c < k->count; c++)
			found = found || str_eq(def->columns[k->columns[c]].name, name);
		if (!found)
			return false;
	}
	return true;
}

static enum status find_arbiter(struct unique *u, const struct table *t, const struct ast_conflict *x,
                                struct unique_key **out, struct error *err)
{
	*out = NULL;
	if (x->targets.count == 0 && x->constraint.size == 0)
		return x->update ? ERR(err, E_SYNTAX, "ON CONFLICT DO UPDATE requires inference specification or constraint name")
		                 : OK;
	AST_EACH(&x->targets, item)
		if (item->kind == AST_IDENTIFIER
		    && table_def_column(t->def, name_last(&((const struct ast_identifier *)item)->name)) == NULL) {
			ERR(err, E_UNKNOWN_COLUMN, "column \"%.*s\" does not exist",
			    STR_ARG(name_last(&((const struct ast_identifier *)item)->name)));
			return error_at(err, item->position);
		}
	for (uint32_t i = 0; u != NULL && i < u->key_count; i++)
		if (x->constraint.size != 0 ? str_eq(u->keys[i].name, x->constraint) : names_key(t->def, &u->keys[i], &x->targets)) {
			*out = &u->keys[i];
			return OK;
		}
	if (x->constraint.size != 0)
		return ERR(err, E_UNKNOWN_OBJECT, "constraint \"%.*s\" for table \"%.*s\" does not exist", STR_ARG(x->constraint),
		           STR_ARG(t->def->name));
	return ERR(err, E_INVALID_COLUMN_REFERENCE,
	           "there is no unique or exclusion constraint matching the ON CONFLICT specification");
}

enum status upsert_prepare(struct statement *st, struct table *t, struct error *err)
{
	const struct ast_insert *q = (const struct ast_insert *)st->ast;
	struct unique *u;
	struct unique_key *arbiter;
	struct bind_config c;
	struct change_query change;
	if (q->conflict == NULL)
		return OK;
	TRY(unique_open(st->session, &st->query, t, NULL, &st->plan_arena, &u, err));
	TRY(find_arbiter(u, t, q->conflict, &arbiter, err));
	if (!q->conflict->update)
		return OK;
	statement_bind_config(st, NULL, err, &c);
	return bind_upsert(&c, t, q, NULL, NULL, &change);
}

/* ---- meeting ---- */

/* The columns of a batch, once: the last one is known by its first column. */
static void keep_fetched(struct meeting *m, const struct batch *b)
{
	if (m->fetched_count != 0 && m->fetched[m->fetched_count - 1].columns[0] == b->columns[0])
		return;
	struct met_rows r = {ARENA_ARRAY(&m->arena, struct vector *, b->column_count), b->count};
	for (uint32_t c = 0; c + 1 < b->column_count; c++)
		r.columns[c] = vector_ref(b->columns[c]);
	ARENA_PUSH(&m->arena, m->fetched, m->fetched_count, m->fetched_capacity, r);
	m->fetched_rows += b->count;
}

static enum status meet(void *arg, uint32_t row, const struct batch *b, uint32_t at, struct error *err)
{
	struct meeting *m = arg;
	const struct vector *v;
	m->met++;
	if (m->with[row] != UINT32_MAX)
		return OK;
	m->with[row] = (uint32_t)m->count;
	bool whole = m->u->query->conflict->update;
	if (whole)
		keep_fetched(m, b);
	uint32_t i = vector_index(b->columns[b->column_count - 1], at, &v);
	size_t same = m->count, also = m->count;
	if (whole)
		ARENA_PUSH(&m->arena, m->at, also, m->at_capacity, m->fetched_rows - b->count + at);
	ARENA_PUSH(&m->arena, m->rows, same, m->row_capacity, row);
	ARENA_PUSH(&m->arena, m->ids, m->count, m->capacity, ((const uint64_t *)v->data)[i]);
	return OK;
}

static void meeting_fini(struct meeting *m, uint32_t columns)
{
	for (size_t i = 0; i < m->fetched_count; i++)
		for (uint32_t c = 0; c < columns; c++)
			vector_unref(m->fetched[i].columns[c]);
	arena_fini(&m->arena);
}

static enum status meeting_init(struct meeting *m, struct upsert *u, const struct batch *stored, struct error *err)
{
	(void)err;
	*m = (struct meeting){.u = u};
	arena_init(&m->arena, &u->st->query.track);
	m->with = ARENA_ARRAY(&m->arena, uint32_t, stored->count + 1);
	memset(m->with, 0xff, stored->count * sizeof *m->with);
	return OK;
}

static enum status count_found(void *arg, uint32_t row, const struct batch *b, uint32_t at, struct error *err)
{
	(void)row, (void)b, (void)at, (void)err;
	++*(uint64_t *)arg;
	return OK;
}

/* In the transaction's view; in REPEATABLE READ a row that is not in it, but met, is a conflict. */
static enum status look(struct upsert *u, struct unique *unique, const struct unique_key *k, const struct batch *stored,
                        struct meeting *m, struct error *err)
{
	struct key_block keys;
	uint64_t before = m->met;
	TRY(unique_hash(k, stored, &m->arena, &keys, err));
	TRY(unique_find(unique, k, stored, &keys, u->query->conflict->update, false, meet, m, err));
	if (txn_isolation(u->st->session->txn) != TXN_REPEATABLE_READ)
		return OK;
	uint64_t newest = 0;
	TRY(unique_find(unique, k, stored, &keys, false, true, count_found, &newest, err));
	if (newest != m->met - before)
		return ERR(err, E_SERIALIZATION_FAILURE, "could not serialize access due to concurrent update");
	return OK;
}

static enum status lock_keys(struct unique *unique, const struct unique_key *k, const struct batch *stored,
                             struct arena *a, struct error *err)
{
	struct key_block keys;
	TRY(unique_hash(k, stored, a, &keys, err));
	return unique_lock(unique, k, &keys, err);
}

/* Rows whose key an earlier row of the statement has: left out, or one update too many. keep: bytes. */
static enum status meet_each_other(struct upsert *u, struct unique_key *k, const struct batch *stored,
                                   const struct meeting *m, uint8_t *keep, struct arena *a, struct error *err)
{
	struct key_block keys;
	uint32_t n = 0;
	bool update = u->query->conflict->update;
	uint8_t *twice = arena_alloc(a, stored->count + 1);
	TRY(unique_hash(k, stored, a, &keys, err));
	/* what was left out already brings no key */
	for (uint32_t i = 0; i < keys.count; i++) {
		uint32_t r = keys.order[i];
		bool out = !keep[r] || m->with[r] != UINT32_MAX;
		if (out && !update)
			continue;
		keys.order[n] = r;
		keys.sorted[n++] = keys.sorted[i];
	}
	keys.count = n;
	TRY(unique_meet(k, &keys, twice, &u->st->query.track, err));
	for (uint32_t r = 0; r < stored->count; r++) {
		keep[r] &= (uint8_t)(m->with[r] == UINT32_MAX && !twice[r]);
		if (!twice[r] || !update)
			continue;
		ERR(err, E_SUBQUERY_ROWS, "ON CONFLICT DO UPDATE command cannot affect row a second time");
		return error_hint(err, "Ensure that no rows proposed for insertion within the same command have duplicate "
		                  "constrained values.");
	}
	return OK;
}

/* ---- updating ---- */

/* A column of the table's rows, in the order of pairs. */
static enum status met_column(struct upsert *u, const struct meeting *m, uint32_t c, struct vector **out,
                              struct error *err)
{
	struct memtrack *track = &u->st->query.track;
	struct arena a;
	struct vector *all;
	arena_init(&a, track);
	const struct vector **list = ARENA_ARRAY(&a, const struct vector *, m->fetched_count + 1);
	for (size_t i = 0; i < m->fetched_count; i++)
		list[i] = m->fetched[i].columns[c];
	enum status s = vector_concat(track, list, (uint32_t)m->fetched_count, list[0]->type, &all, err);
	arena_fini(&a);
	TRY(s);
	s = vector_gather(track, all, m->at, (uint32_t)m->count, out, err);
	vector_unref(all);
	return s;
}

/* Pairs of rows as a block: the table's with their numbers, then the statement's. */
static enum status pair_block(struct upsert *u, struct meeting *m, const struct batch *stored, struct batch **out,
                              struct error *err)
{
	const struct table_ops *ops = u->table->ops;
	uint32_t n = stored->column_count, width = n + ops->virtual_column_count, count = (uint32_t)m->count;
	struct memtrack *track = &u->st->query.track;
	TRY(batch_new(2 * width, out, err));
	(*out)->count = count;
	struct vector **to = (*out)->columns;
	for (uint32_t c = 0; c < n; c++) {
		TRY(met_column(u, m, c, &to[c], err));
		TRY(vector_gather(track, stored->columns[c], m->rows, count, &to[width + c], err));
	}
	for (uint32_t v = 0; v < ops->virtual_column_count; v++) {
		const struct type *t;
		TRY(type_parse(&u->st->plan_arena, str_of(ops->virtual_columns[v].type), &t, err));
		TRY(vector_default_constant(track, t, count, &to[width + n + v], err));
		if (strcmp(ops->virtual_columns[v].name, "__row_id") != 0) {
			TRY(vector_default_constant(track, t, count, &to[n + v], err));
			continue;
		}
		TRY(vector_new(track, t, count, &to[n + v], err));
		memcpy(to[n + v]->data, m->ids, count * sizeof *m->ids);
	}
	return OK;
}

static enum status open_updates(struct upsert *u, const struct change_query *q, struct error *err)
{
	struct statement *st = u->st;
	if (u->updates != NULL)
		return OK;
	struct str *names = ARENA_ARRAY(&st->plan_arena, struct str, q->column_count + 1);
	for (uint32_t i = 0; i < q->column_count; i++)
		names[i] = u->table->def->columns[q->columns[i]].name;
	struct insert_source source = {.names = names, .count = q->column_count, .without_views = true,
	                               .changed = q->changed};
	return inserter_open(st->session, &st->query, u->table, &source, 0, &u->updates, err);
}

/* Columns [from, to) of a batch, sharing them. */
static enum status columns_of(const struct batch *b, uint32_t from, uint32_t to, struct batch **out, struct error *err)
{
	TRY(batch_new(to - from, out, err));
	(*out)->count = b->count;
	for (uint32_t i = from; i < to; i++)
		(*out)->columns[i - from] = vector_ref(b->columns[i]);
	return OK;
}

static enum status take_updated(struct upsert *u, const struct change_query *q, const struct batch *b,
                                struct row_set *ids, struct error *err)
{
	struct batch *part = NULL;
	struct vector *flat;
	enum status s = OK;
	TRY(vector_flatten(&u->st->query.track, b->columns[0], &flat, err));
	for (uint32_t i = 0; s == OK && i < b->count; i++) {
		bool fresh;
		s = row_set_add(ids, ((const uint64_t *)flat->data)[i], &fresh, err);
	}
	vector_unref(flat);
	u->updated += b->count;
	if (s == OK)
		s = columns_of(b, 1, q->returning, &part, err);
	if (s == OK)
		s = inserter_block(u->updates, part, NULL, err);
	batch_free(part);
	if (s == OK && b->column_count > q->returning) {
		s = columns_of(b, q->returning, b->column_count, &part, err);
		if (s == OK)
			statement_keep(u->st, part);
	}
	return s;
}

static enum status update_pairs(struct upsert *u, const struct batch *pairs, struct error *err)
{
	struct statement *st = u->st;
	struct block_source source = {.block = pairs};
	struct query *q = ARENA_NEW(&st->plan_arena, struct query);
	struct change_query change;
	struct bind_config c;
	struct batch *b;
	struct row_set *ids = row_set_new();
	if (ids == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	*q = (struct query){.parent = &st->query, .session = &st->session->eval, .txn = st->session->txn,
		.limits = st->query.limits};
	q->limits.max_threads = 1;
	memtrack_init(&q->track, &st->query.track, "on conflict", 0);
	statement_bind_config(st, st->run_params, err, &c);
	enum status s = bind_upsert(&c, u->table, u->query, block_source_open, &source, &change);
	if (s == OK)
		s = open_updates(u, &change, err);
	if (s == OK) {
		q->plan = change.plan;
		s = query_start(q, err);
	}
	while (s == OK && (s = query_next(q, &b, err)) == OK && b != NULL) {
		s = take_updated(u, &change, b, ids, err);
		batch_free(b);
	}
	if (q->plan != NULL)
		query_end(q);
	if (s == OK && ids->count != 0)
		s = u->table->ops->delete_rows(u->table, st->session->txn, ids, err);
	row_set_unref(ids);
	return s;
}

static enum status lock_pairs(struct upsert *u, const struct meeting *m, bool *changed, struct error *err)
{
	struct lock_terms terms = statement_lock_terms(u->st, u->table);
	struct row_set *ids = row_set_new();
	enum status s = ids == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
	for (size_t i = 0; s == OK && i < m->count; i++) {
		bool fresh;
		s = row_set_add(ids, m->ids[i], &fresh, err);
	}
	if (s == OK && ids->count != 0)
		s = u->table->ops->lock_rows(u->table, u->st->session->txn, ids, LOCK_EXCLUSIVE, &terms, changed, err);
	row_set_unref(ids);
	return s;
}

/* ---- a block ---- */

static enum status look_all(struct upsert *u, struct unique *unique, const struct batch *stored, struct meeting *m,
                            struct error *err)
{
	for (uint32_t i = 0; i < unique->key_count; i++)
		if (u->arbiter == NULL || u->arbiter == &unique->keys[i])
			TRY(look(u, unique, &unique->keys[i], stored, m, err));
	return OK;
}

static enum status settle(struct upsert *u, struct unique *unique, const struct batch *stored, struct meeting *m,
                          struct error *err)
{
	bool changed = true;
	for (uint32_t i = 0; i < unique->key_count; i++)
		if (u->arbiter == NULL || u->arbiter == &unique->keys[i])
			TRY(lock_keys(unique, &unique->keys[i], stored, &m->arena, err));
	while (changed) {
		struct txn *t = u->st->session->txn;
		changed = false;
		if (txn_isolation(t) == TXN_READ_COMMITTED)
			TRY(txn_statement_begin(t, err));
		TRY(look_all(u, unique, stored, m, err));
		if (!u->query->conflict->update)
			return OK;
		TRY(lock_pairs(u, m, &changed, err));
		if (changed) {
			if (txn_isolation(t) == TXN_REPEATABLE_READ)
				return change_retry(u->st, err);
			meeting_fini(m, stored->column_count);
			TRY(meeting_init(m, u, stored, err));
		}
	}
	return OK;
}

static enum status kept_rows(struct upsert *u, const struct batch *stored, const uint8_t *keep, struct arena *a,
                             struct batch **out, struct error *err)
{
	uint32_t *rows = ARENA_ARRAY(a, uint32_t, stored->count + 1);
	uint32_t n = (uint32_t)bytes_to_indexes(rows, keep, stored->count);
	TRY(batch_new(stored->column_count, out, err));
	(*out)->count = n;
	enum status s = OK;
	for (uint32_t c = 0; s == OK && c < stored->column_count; c++)
		s = vector_gather(&u->st->query.track, stored->columns[c], rows, n, &(*out)->columns[c], err);
	return s;
}

static enum status take_block(void *arg, struct unique *unique, const struct batch *stored, struct batch **out,
                              struct error *err)
{
	struct upsert *u = arg;
	struct meeting m;
	struct batch *pairs = NULL;
	struct arena a;
	arena_init(&a, &u->st->query.track);
	uint8_t *keep = arena_alloc(&a, stored->count + 8);
	memset(keep, 1, stored->count);
	enum status s = meeting_init(&m, u, stored, err);
	if (s == OK && unique != NULL)
		s = settle(u, unique, stored, &m, err);
	for (uint32_t i = 0; s == OK && unique != NULL && i < unique->key_count; i++)
		if (u->arbiter == NULL || u->arbiter == &unique->keys[i])
			s = meet_each_other(u, &unique->keys[i], stored, &m, keep, &a, err);
	if (s == OK)
		s = kept_rows(u, stored, keep, &a, out, err);
	if (s == OK && u->arbiter != NULL)
		s = unique_check(unique, u->arbiter, *out, err);
	if (s == OK && u->query->conflict->update && m.count != 0) {
		s = pair_block(u, &m, stored, &pairs, err);
		if (s == OK)
			s = update_pairs(u, pairs, err);
		batch_free(pairs);
	}
	meeting_fini(&m, stored->column_count);
	arena_fini(&a);
	return s;
}

enum status upsert_watch(struct statement *st, struct table *t, struct error *err)
{
	const struct ast_insert *q = (const struct ast_insert *)st->ast;
	if (q->conflict == NULL)
		return OK;
	struct upsert *u = ARENA_NEW(&st->plan_arena, struct upsert);
	*u = (struct upsert){.st = st, .table = t, .query = q};
	TRY(find_arbiter(inserter_unique(st->inserter), t, q->conflict, &u->arbiter, err));
	inserter_on_conflict(st->inserter, take_block, u);
	st->upsert = u;
	return OK;
}

enum status upsert_finish(struct statement *st, struct error *err)
{
	struct upsert *u = st->upsert;
	if (u == NULL)
		return OK;
	if (u->updates != NULL)
		TRY(inserter_finish(u->updates, err));
	st->rows += u->updated;
	return OK;
}

void upsert_drop(struct statement *st)
{
	if (st->upsert != NULL)
		inserter_free(st->upsert->updates);
	st->upsert = NULL;
}

// SPDX-License-Identifier: Apache-2.0
/*
 * UPDATE and DELETE: a query finds the rows by number, with their new values; they are locked, marked as deleted, and
 * the new ones inserted, all in the transaction of the statement. Where another one has changed some of them since the
 * snapshot, the statement begins again on a new one (READ COMMITTED), or fails (REPEATABLE READ).
 */
#include "exec/change.h"

#include <stdlib.h>

#include "exec/ddl_impl.h"
#include "exec/run_impl.h"
#include "txn/locks.h"

/* One run of an UPDATE or DELETE. */
struct changing {
	struct statement *st;
	const struct ast *ast;       /* the UPDATE or DELETE */
	struct table *table;
	struct change_query query;
	struct row_set *ids;         /* that were found */
	struct insert_source source; /* UPDATE's new rows */
	bool returns;
};

struct lock_terms statement_lock_terms(struct statement *st, const struct table *t)
{
	struct lock_terms w = {.cancelled = query_cancel_flag(&st->query), .what = t->def->name.data};
	w.timeout_us = (int64_t)settings_u64(st->session->local, SET_lock_timeout);
	w.what = arena_strf(&st->arena, "%.*s", STR_ARG(t->def->name)).data;
	return w;
}

void statement_keep(struct statement *st, struct batch *b)
{
	ARENA_PUSH(&st->plan_arena, st->returned, st->returned_count, st->returned_capacity, b);
}

void statement_drop_kept(struct statement *st)
{
	for (size_t i = st->returned_at; i < st->returned_count; i++)
		batch_free(st->returned[i]);
	st->returned = NULL;
	st->returned_at = st->returned_count = st->returned_capacity = 0;
}

/* The columns of a plan from `first` on are the statement's rows. */
void statement_describe_from(struct statement *st, const struct query_plan *q, uint32_t first)
{
	uint32_t n = q->root->column_count - first;
	struct result_column *columns = ARENA_ARRAY(&st->arena, struct result_column, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		columns[i].name = arena_str(&st->arena, q->root->names[first + i]);
		columns[i].type = type_copy(&st->arena, q->root->types[first + i]);
	}
	st->info.returns_rows = true;
	st->info.columns = columns;
	st->info.column_count = n;
}

void statement_bind_config(struct statement *st, struct vector *const *params, struct error *err,
                           struct bind_config *c)
{
	struct session *s = st->session;
	s->eval.now_ns = clock_wall_ns();
	s->eval.query_id = st->query_id;
	session_bind_config(s, &st->plan_arena, err, c);
	c->options.limit = c->options.offset = 0;
	c->params = params;
	c->param_types = st->param_types;
	c->param_capacity = st->param_capacity;
	c->named = st->named;
}

/* ---- binding ---- */

static enum status find_target(struct statement *st, const struct ast_table *name, struct table **out,
                               struct error *err)
{
	struct ddl_context c = st->session->services;
	c.arena = &st->plan_arena;
	c.txn = st->session->txn;
	c.named = st->named;
	TRY(ddl_find_table(&c, &name->name, false, out, err));
	struct table *t = *out;
	if (t->def->kind != TABLE_TABLE || t->ops->delete_rows == NULL)
		return ERR(err, t->def->kind == TABLE_VIEW && st->session->dialect == DIALECT_POSTGRESQL ? E_WRONG_OBJECT_TYPE
		                                                                                        : E_NOT_IMPLEMENTED,
		           "rows of %.*s cannot be changed: %s does not support it", STR_ARG(t->def->name), t->ops->engine);
	return OK;
}

static enum status bind_change(struct changing *c, struct vector *const *params, struct error *err)
{
	struct statement *st = c->st;
	struct bind_config config;
	const struct ast *x = c->ast;
	bool update = x->kind == AST_UPDATE;
	const struct ast_update *u = (const struct ast_update *)x;
	const struct ast_delete *d = (const struct ast_delete *)x;
	if ((update ? u->cursor : d->cursor).size != 0)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: WHERE CURRENT OF");
	if ((update ? u->partition : d->partition) != NULL)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: IN PARTITION");
	arena_reset(&st->plan_arena);
	st->plan = NULL;
	TRY(find_target(st, update ? u->table : d->table, &c->table, err));
	statement_bind_config(st, params, err, &config);
	TRY(update ? bind_update(&config, c->table, u, &c->query) : bind_delete(&config, c->table, d, &c->query));
	st->plan = c->query.plan;
	c->returns = (update ? u->returning : d->returning).count != 0;
	if (!update)
		return OK;
	struct str *names = ARENA_ARRAY(&st->plan_arena, struct str, c->query.column_count + 1);
	for (uint32_t i = 0; i < c->query.column_count; i++)
		names[i] = c->table->def->columns[c->query.columns[i]].name;
	c->source = (struct insert_source){.names = names, .count = c->query.column_count, .without_views = true,
		.changed = c->query.changed};
	return OK;
}

enum status change_prepare(struct statement *st, struct error *err)
{
	struct changing c = {.st = st, .ast = st->ast};
	st->kind = STATEMENT_CHANGE;
	st->info.command = st->ast->kind == AST_UPDATE ? "UPDATE" : "DELETE";
	TRY(bind_change(&c, NULL, err));
	if (c.returns)
		statement_describe_from(st, st->plan, c.query.returning);
	return OK;
}

/* ---- running ---- */

/* Columns [from, to) of some rows of a batch. rows NULL: all. */
static enum status part_of(struct changing *c, const struct batch *b, uint32_t from, uint32_t to, const uint32_t *rows,
                           uint32_t count, struct batch **out, struct error *err)
{
	TRY(batch_new(to - from, out, err));
	(*out)->count = count;
	enum status st = OK;
	for (uint32_t i = from; st == OK && i < to; i++)
		if (rows == NULL)
			(*out)->columns[i - from] = vector_ref(b->columns[i]);
		else
			st = vector_gather(&c->st->query.track, b->columns[i], rows, count, &(*out)->columns[i - from], err);
	if (st != OK) {
		batch_free(*out);
		*out = NULL;
	}
	return st;
}

/* Notes the rows of a batch; *count of them are new, at `rows`. */
static enum status note_rows(struct changing *c, const struct batch *b, uint32_t *rows, uint32_t *count,
                             struct error *err)
{
	struct vector *flat;
	TRY(vector_flatten(&c->st->query.track, b->columns[0], &flat, err));
	const uint64_t *ids = flat->data;
	enum status st = OK;
	*count = 0;
	for (uint32_t i = 0; st == OK && i < b->count; i++) {
		bool fresh;
		st = row_set_add(c->ids, ids[i], &fresh, err);
		if (fresh)
			rows[(*count)++] = i;
	}
	vector_unref(flat);
	return st;
}

static enum status take_batch(struct changing *c, const struct batch *b, struct error *err)
{
	struct statement *st = c->st;
	struct batch *part = NULL;
	uint32_t count, *rows = malloc((b->count + 1) * sizeof *rows);
	if (rows == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	enum status s = note_rows(c, b, rows, &count, err);
	const uint32_t *some = count == b->count ? NULL : rows;
	if (s == OK && count != 0 && st->inserter != NULL) {
		s = part_of(c, b, 1, c->query.returning, some, count, &part, err);
		if (s == OK)
			s = inserter_block(st->inserter, part, NULL, err);
		batch_free(part);
	}
	if (s == OK && count != 0 && c->returns) {
		s = part_of(c, b, c->query.returning, b->column_count, some, count, &part, err);
		if (s == OK)
			statement_keep(st, part);
	}
	free(rows);
	return s;
}

static enum status collect(struct changing *c, struct error *err)
{
	struct statement *st = c->st;
	struct batch *b;
	enum status s = OK;
	if (c->ids == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	if (c->query.column_count != 0) {
		st->query.session = &st->session->eval;
		st->query.txn = st->session->txn;
		st->query.pool = st->session->instance->pool;
		TRY(inserter_open(st->session, &st->query, c->table, &c->source, 0, &st->inserter, err));
	}
	TRY(statement_query_begin(st, err));
	while ((s = query_next(&st->query, &b, err)) == OK && b != NULL) {
		s = take_batch(c, b, err);
		batch_free(b);
		TRY(s);
	}
	return s;
}

static void drop_attempt(struct changing *c)
{
	struct statement *st = c->st;
	row_set_unref(c->ids);
	c->ids = NULL;
	statement_drop_kept(st);
	inserter_free(st->inserter);
	st->inserter = NULL;
	if (st->query_started)
		query_end(&st->query);
	st->query_started = false;
}

static enum status attempt(struct changing *c, struct vector *const *params, bool *changed, struct error *err)
{
	struct statement *st = c->st;
	struct txn *txn = st->session->txn;
	*changed = false;
	TRY(bind_change(c, params, err));
	c->ids = row_set_new();
	TRY(collect(c, err));
	query_end(&st->query);
	st->query_started = false;
	if (c->ids->count != 0) {
		struct lock_terms w = statement_lock_terms(st, c->table);
		TRY(c->table->ops->lock_rows(c->table, txn, c->ids, LOCK_EXCLUSIVE, &w, changed, err));
		if (*changed)
			return OK;
		TRY(c->table->ops->delete_rows(c->table, txn, c->ids, err));
	}
	if (st->inserter != NULL)
		TRY(inserter_finish(st->inserter, err));
	st->rows = c->ids->count;
	return OK;
}

enum status change_retry(struct statement *st, struct error *err)
{
	struct txn *txn = st->session->txn;
	if (txn_isolation(txn) == TXN_REPEATABLE_READ)
		return ERR(err, E_SERIALIZATION_FAILURE, "could not serialize access due to concurrent update");
	return txn_statement_begin(txn, err);
}

static enum status run(struct changing *c, struct error *err)
{
	bool changed = true;
	enum status s = OK;
	while (s == OK && changed) {
		s = attempt(c, c->st->run_params, &changed, err);
		if (s != OK || changed)
			drop_attempt(c);
		if (s == OK && changed)
			s = change_retry(c->st, err);
	}
	row_set_unref(c->ids);
	return s;
}

enum status change_run(struct statement *st, struct error *err)
{
	struct changing c = {.st = st, .ast = st->ast};
	return run(&c, err);
}

enum status change_check(struct statement *st, const struct ast *ast, struct error *err)
{
	struct changing c = {.st = st, .ast = ast};
	return bind_change(&c, NULL, err);
}

enum status change_run_one(struct statement *st, const struct ast *ast, const struct table_def **def,
                           struct error *err)
{
	struct changing c = {.st = st, .ast = ast};
	TRY(run(&c, err));
	*def = c.table->def;
	inserter_free(st->inserter);
	st->inserter = NULL;
	return OK;
}

// SPDX-License-Identifier: Apache-2.0
/*
 * SELECT … FOR UPDATE and FOR SHARE: the query with the number of each table's row behind its columns. The rows that it
 * gives are locked before the client sees them; what others have changed meanwhile makes it begin anew, as UPDATE does.
 * LIMIT counts rows that were locked, so that SKIP LOCKED passes on to the next.
 */
#include <stdlib.h>

#include "exec/change.h"
#include "exec/ddl_impl.h"
#include "txn/locks.h"

enum { TABLES_MAX = 32 };

struct locking {
	struct statement *st;
	const struct ast_select *query; /* as written */
	const struct ast_lock_rows *how;
	struct ast_select *with_ids;
	struct table *tables[TABLES_MAX];
	struct row_set *ids[TABLES_MAX];
	uint32_t table_count;
	uint64_t limit, offset;         /* rows; UINT64_MAX: all */
	enum lock_mode mode;
};

static struct str called(const struct ast_table *t)
{
	return t->ast.alias != NULL ? t->ast.alias->text : name_last(&t->name);
}

static bool is_meant(const struct ast_lock_rows *how, struct str name)
{
	AST_EACH(&how->tables, x) {
		const struct name *n = x->kind == AST_TABLE ? &((const struct ast_table *)x)->name
		                                            : &((const struct ast_identifier *)x)->name;
		if (str_eq(name_last(n), name))
			return true;
	}
	return how->tables.count == 0;
}

static enum status add_table(struct locking *l, const struct ast_table *t, struct error *err)
{
	struct statement *st = l->st;
	struct arena *a = &st->plan_arena;
	struct ddl_context c = st->session->services;
	struct table *table;
	if (t->form != TABLE_NAME || !is_meant(l->how, called(t)))
		return OK;
	c.arena = a;
	c.txn = st->session->txn;
	c.named = st->named;
	TRY(ddl_find_table(&c, &t->name, true, &table, err));
	if (table == NULL || table->ops->lock_rows == NULL || l->table_count == TABLES_MAX)
		return OK;
	struct ast_identifier *id = ARENA_NEW(a, struct ast_identifier);
	id->ast = (struct ast){.kind = AST_IDENTIFIER, .position = t->ast.position, .depth = 1};
	id->name.parts = ARENA_ARRAY(a, struct name_part, 2);
	id->name.count = 2;
	id->name.parts[0] = (struct name_part){.text = called(t), .quoted = true};
	id->name.parts[1] = (struct name_part){.text = STR("__row_id"), .quoted = true};
	ast_list_push(a, &l->with_ids->items, &id->ast);
	l->tables[l->table_count++] = table;
	return OK;
}

static enum status add_tables(struct locking *l, const struct ast *x, struct error *err)
{
	if (x->kind == AST_TABLE)
		return add_table(l, (const struct ast_table *)x, err);
	if (x->kind != AST_JOIN)
		return OK;
	TRY(add_tables(l, ((const struct ast_join *)x)->left, err));
	return add_tables(l, ((const struct ast_join *)x)->right, err);
}

static enum status row_limit(struct locking *l, const struct ast *x, uint64_t none, uint64_t *out, struct error *err)
{
	struct bind_config c;
	struct vector *v;
	*out = none;
	if (x == NULL)
		return OK;
	statement_bind_config(l->st, l->st->run_params, err, &c);
	TRY(bind_constant(&c, x, type_nullable(&l->st->plan_arena, type_simple(TYPE_INT64)), STR(""), &v));
	if (vector_is_null(v, 0))
		return OK;
	int64_t n = *(const int64_t *)v->data;
	if (n < 0)
		return ERR(err, E_INVALID_LIMIT, "LIMIT must not be negative");
	*out = (uint64_t)n;
	return OK;
}

/* What PostgreSQL refuses, as rows of the result are none of a table's. */
static enum status check_form(const struct ast_select *q, struct error *err)
{
	const char *clause = q->form != SELECT_PLAIN ? "UNION/INTERSECT/EXCEPT" : q->distinct || q->distinct_on.count != 0
		? "DISTINCT clause" : q->group_mode != GROUP_NONE ? "GROUP BY clause" : q->having != NULL ? "HAVING clause" : NULL;
	if (clause != NULL)
		return ERR(err, E_NOT_IMPLEMENTED, "FOR UPDATE is not allowed with %s", clause);
	return OK;
}

static enum status bind_locking(struct locking *l, struct error *err)
{
	struct statement *st = l->st;
	struct bind_config c;
	arena_reset(&st->plan_arena);
	st->plan = NULL;
	l->table_count = 0;
	TRY(check_form(l->query, err));
	l->with_ids = arena_copy(&st->plan_arena, l->query, sizeof *l->query);
	l->with_ids->items = (struct ast_list){0};
	AST_EACH(&l->query->items, x)
		ast_list_push(&st->plan_arena, &l->with_ids->items, x);
	l->with_ids->limit = l->with_ids->offset = NULL;
	AST_EACH(&l->query->from, x)
		TRY(add_tables(l, x, err));
	TRY(row_limit(l, l->query->limit, UINT64_MAX, &l->limit, err));
	TRY(row_limit(l, l->query->offset, 0, &l->offset, err));
	statement_bind_config(st, st->run_params, err, &c);
	TRY(bind_query(&c, &l->with_ids->ast, &st->plan));
	if (l->how->wait == LOCK_SKIP && l->table_count > 1)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: SKIP LOCKED over several tables");
	return OK;
}

/* The numbers of row i, to the sets. *taken: it may be given out. */
static enum status take_row(struct locking *l, struct vector *const *numbers, uint32_t i, bool *taken,
                            struct error *err)
{
	struct txn *txn = l->st->session->txn;
	*taken = true;
	for (uint32_t t = 0; t < l->table_count && *taken; t++) {
		bool fresh;
		const struct vector *at;
		uint32_t k = vector_index(numbers[t], i, &at);
		if (vector_is_null(numbers[t], i))
			continue; /* the missing side of an outer join */
		uint64_t id = ((const uint64_t *)at->data)[k];
		if (l->how->wait != LOCK_SKIP) {
			TRY(row_set_add(l->ids[t], id, &fresh, err));
			continue;
		}
		struct row_set *one = row_set_new();
		enum status s = one == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : row_set_add(one, id, &fresh, err);
		if (s == OK)
			s = l->tables[t]->ops->lock_free_row(l->tables[t], txn, one, l->mode, taken, err);
		row_set_unref(one);
		TRY(s);
	}
	return OK;
}

static enum status take_batch(struct locking *l, const struct batch *b, uint64_t *left, struct error *err)
{
	struct statement *st = l->st;
	uint32_t width = b->column_count - l->table_count, count = 0;
	uint32_t *rows = malloc((b->count + 1) * sizeof *rows);
	struct batch *out = NULL;
	enum status s = rows == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
	for (uint32_t i = 0; s == OK && i < b->count && *left != 0; i++) {
		bool taken;
		s = take_row(l, b->columns + width, i, &taken, err);
		if (s != OK || !taken)
			continue;
		if (l->offset != 0) {
			l->offset--;
			continue;
		}
		--*left;
		rows[count++] = i;
	}
	if (s == OK)
		s = batch_new(width, &out, err);
	for (uint32_t c = 0; s == OK && c < width; c++)
		s = vector_gather(&st->query.track, b->columns[c], rows, count, &out->columns[c], err);
	free(rows);
	if (s != OK || count == 0) {
		batch_free(out);
		return s;
	}
	out->count = count;
	st->rows += count;
	statement_keep(st, out);
	return OK;
}

static enum status attempt(struct locking *l, bool *changed, struct error *err)
{
	struct statement *st = l->st;
	struct batch *b;
	enum status s;
	TRY(bind_locking(l, err));
	for (uint32_t t = 0; t < l->table_count; t++)
		if ((l->ids[t] = row_set_new()) == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	uint64_t left = l->limit;
	TRY(statement_query_begin(st, err));
	while (left != 0 && (s = query_next(&st->query, &b, err)) == OK && b != NULL) {
		s = take_batch(l, b, &left, err);
		batch_free(b);
		TRY(s);
	}
	if (left != 0)
		TRY(s);
	query_end(&st->query);
	st->query_started = false;
	for (uint32_t t = 0; t < l->table_count && !*changed; t++) {
		struct lock_terms terms = statement_lock_terms(st, l->tables[t]);
		terms.nowait = l->how->wait == LOCK_NOWAIT;
		if (l->ids[t]->count != 0)
			TRY(l->tables[t]->ops->lock_rows(l->tables[t], st->session->txn, l->ids[t], l->mode, &terms, changed, err));
	}
	return OK;
}

enum status lock_select_run(struct statement *st, struct error *err)
{
	struct locking l = {.st = st, .query = (const struct ast_select *)st->ast};
	bool changed = true;
	enum status s = OK;
	l.how = (const struct ast_lock_rows *)l.query->locks.items[0];
	l.mode = l.how->strength >= LOCK_ROWS_NO_KEY_UPDATE ? LOCK_EXCLUSIVE : LOCK_SHARE;
	while (s == OK && changed) {
		changed = false;
		st->rows = 0;
		s = attempt(&l, &changed, err);
		for (uint32_t t = 0; t < TABLES_MAX; t++) {
			row_set_unref(l.ids[t]);
			l.ids[t] = NULL;
		}
		if (s != OK || changed)
			statement_drop_run(st);
		if (s == OK && changed)
			s = change_retry(st, err);
	}
	return s;
}

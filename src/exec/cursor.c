// SPDX-License-Identifier: Apache-2.0
/*
 * Statements and rows kept by name: PREPARE, EXECUTE, DEALLOCATE; DECLARE, FETCH, MOVE, CLOSE. A cursor's rows are
 * computed when it is declared, so it sees one snapshot and can move both ways.
 */
#include <stdlib.h>

#include "exec/session_impl.h"
#include "parse/ast_command.h"
#include "parse/parser.h"

/* ---- cursors ---- */

static void cursor_free(struct cursor *c)
{
	if (c == NULL)
		return;
	for (uint32_t i = 0; i < c->batch_count; i++)
		batch_free(c->batches[i]);
	free(c->batches);
	arena_fini(&c->arena);
	free(c);
}

void cursor_close_all(struct session *s, bool held_too)
{
	STRMAP_EACH(&s->cursors, e) {
		struct cursor *c = e->value;
		if (c != NULL && (held_too || !c->hold)) {
			cursor_free(c);
			e->value = NULL;
		}
	}
}

static enum status declare(struct statement *st, struct error *err)
{
	const struct ast_declare *d = (const struct ast_declare *)st->ast;
	struct session *s = st->session;
	st->tag = STR("DECLARE CURSOR");
	if (s->status == TRANSACTION_IDLE && !d->hold && !s->grouped)
		return ERR(err, E_NO_ACTIVE_TRANSACTION, "DECLARE CURSOR can only be used in transaction blocks");
	if (strmap_get(&s->cursors, d->name) != NULL)
		return ERR(err, E_DUPLICATE_CURSOR, "cursor \"%.*s\" already exists", STR_ARG(d->name));
	TRY(statement_bind(st, d->query, st->run_params, err));
	struct cursor *c = calloc(1, sizeof *c);
	if (c == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a cursor");
	arena_init(&c->arena, &s->track);
	c->hold = d->hold;
	c->column_count = st->plan->visible_columns;
	c->columns = ARENA_ARRAY(&c->arena, struct result_column, c->column_count + 1);
	for (uint32_t i = 0; i < c->column_count; i++)
		c->columns[i] = (struct result_column){arena_str(&c->arena, st->plan->root->names[i]),
			type_copy(&c->arena, st->plan->root->types[i]), st->plan->column_table_oids[i], st->plan->column_attnums[i]};
	uint32_t capacity = 0;
	struct batch *b = NULL;
	enum status status = statement_query_begin(st, err);
	while (status == OK && (status = query_next(&st->query, &b, err)) == OK && b != NULL) {
		if (c->batch_count == capacity) {
			capacity = capacity == 0 ? 8 : capacity * 2;
			struct batch **more = realloc(c->batches, capacity * sizeof *more);
			if (more == NULL) {
				batch_free(b);
				status = ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a cursor");
				break;
			}
			c->batches = more;
		}
		/* the cursor outlives the statement's plan and tracker: it keeps flat copies under its own */
		for (uint32_t i = 0; i < b->column_count && status == OK; i++) {
			struct vector *copy = NULL;
			const struct vector *one = b->columns[i];
			status = vector_concat(&s->track, &one, 1, c->columns[i].type, &copy, err);
			if (status == OK) {
				vector_unref(b->columns[i]);
				b->columns[i] = copy;
			}
		}
		c->rows += b->count;
		c->batches[c->batch_count++] = b;
	}
	if (status != OK) {
		cursor_free(c);
		return status;
	}
	strmap_set(&s->cursors, d->name, c);
	return OK;
}

/* Where a FETCH goes: rows [from, from + n), and where the cursor stands afterwards. */
static void fetch_range(const struct ast_fetch *f, const struct cursor *c, uint64_t *from, uint64_t *n, uint64_t *after,
                        bool *backward)
{
	int64_t at = (int64_t)c->position, rows = (int64_t)c->rows, count = f->all ? rows : f->count, target;
	*backward = false;
	*n = 0;
	switch (f->direction) {
	case FETCH_FIRST:
		target = 1;
		break;
	case FETCH_LAST:
		target = rows;
		break;
	case FETCH_ABSOLUTE:
		target = f->count >= 0 ? f->count : rows + 1 + f->count;
		break;
	case FETCH_RELATIVE:
		target = at + f->count;
		break;
	case FETCH_PRIOR:
		target = at - 1;
		break;
	case FETCH_BACKWARD: {
		int64_t take = at - 1 < count ? (at - 1 < 0 ? 0 : at - 1) : count;
		*backward = true;
		*from = (uint64_t)(at - 1 - take);
		*n = (uint64_t)take;
		*after = take < count ? 0 : (uint64_t)(at - take);
		return;
	}
	default: { /* NEXT, FORWARD */
		int64_t take = rows - at < count ? (rows - at < 0 ? 0 : rows - at) : count;
		*from = (uint64_t)at;
		*n = (uint64_t)take;
		*after = take < count ? (uint64_t)rows + 1 : (uint64_t)(at + take);
		if (*after > (uint64_t)rows && take == count)
			*after = (uint64_t)rows;
		return;
	}
	}
	if (target < 1 || target > rows) {
		*from = 0;
		*after = target < 1 ? 0 : (uint64_t)rows + 1;
		return;
	}
	*from = (uint64_t)target - 1;
	*n = 1;
	*after = (uint64_t)target;
}

static enum status take_rows(struct statement *st, struct cursor *c, uint64_t from, uint64_t n, bool backward,
                             struct error *err)
{
	struct batch *out = NULL;
	struct builder **builders = ARENA_ARRAY(&st->arena, struct builder *, c->column_count + 1);
	enum status s = batch_new(c->column_count, &out, err);
	for (uint32_t i = 0; i < c->column_count && s == OK; i++)
		s = builder_new(&st->session->track, c->columns[i].type, &builders[i], err);
	for (uint64_t k = 0; k < n && s == OK; k++) {
		uint64_t row = backward ? from + n - 1 - k : from + k;
		uint32_t b = 0;
		while (row >= c->batches[b]->count)
			row -= c->batches[b++]->count;
		for (uint32_t i = 0; i < c->column_count && s == OK; i++)
			s = builder_row(builders[i], c->batches[b]->columns[i], (uint32_t)row, err);
	}
	for (uint32_t i = 0; i < c->column_count && s == OK; i++)
		s = builder_finish(builders[i], &out->columns[i], err);
	for (uint32_t i = 0; i < c->column_count; i++)
		builder_free(builders[i]);
	if (s != OK) {
		batch_free(out);
		return s;
	}
	out->count = (uint32_t)n;
	st->pending = out;
	return OK;
}

static enum status find_cursor(struct session *s, struct str name, struct cursor **out, struct error *err)
{
	*out = strmap_get(&s->cursors, name);
	if (*out == NULL)
		return ERR(err, E_BAD_CURSOR, "cursor \"%.*s\" does not exist", STR_ARG(name));
	return OK;
}

static enum status fetch(struct statement *st, struct error *err)
{
	const struct ast_fetch *f = (const struct ast_fetch *)st->ast;
	struct cursor *c;
	uint64_t from = 0, n, after;
	bool backward;
	TRY(find_cursor(st->session, f->name, &c, err));
	fetch_range(f, c, &from, &n, &after, &backward);
	if (n > UINT32_MAX)
		return ERR(err, E_LIMIT_EXCEEDED, "FETCH of more than 4294967295 rows");
	c->position = after;
	st->tag = arena_strf(&st->arena, "%s %llu", f->move ? "MOVE" : "FETCH", (unsigned long long)n);
	return f->move ? OK : take_rows(st, c, from, n, backward, err);
}

static enum status close_cursor(struct statement *st, struct error *err)
{
	const struct ast_close *x = (const struct ast_close *)st->ast;
	struct session *s = st->session;
	struct cursor *c;
	if (x->name.data == NULL) {
		cursor_close_all(s, true);
		st->tag = STR("CLOSE CURSOR ALL");
		return OK;
	}
	TRY(find_cursor(s, x->name, &c, err));
	strmap_remove(&s->cursors, x->name);
	cursor_free(c);
	st->tag = STR("CLOSE CURSOR");
	return OK;
}

/* ---- PREPARE, EXECUTE, DEALLOCATE ---- */

static void prepared_free(struct prepared *p)
{
	if (p == NULL)
		return;
	arena_fini(&p->arena);
	free(p);
}

static enum status prepare(struct statement *st, struct error *err)
{
	const struct ast_prepare *x = (const struct ast_prepare *)st->ast;
	struct session *s = st->session;
	st->tag = STR("PREPARE");
	if (strmap_get(&s->prepared, x->name) != NULL)
		return ERR(err, E_DUPLICATE_STATEMENT_NAME, "prepared statement \"%.*s\" already exists", STR_ARG(x->name));
	struct prepared *p = calloc(1, sizeof *p);
	if (p == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a prepared statement");
	arena_init(&p->arena, &s->track);
	p->text = arena_str(&p->arena, str_make(st->text.data + x->begin, x->end - x->begin));
	p->ast = ast_clone(&p->arena, x->statement);
	p->types = ARENA_ARRAY(&p->arena, uint32_t, x->types.count + 1);
	p->type_count = x->types.count;
	for (uint32_t i = 0; i < x->types.count; i++) {
		const struct type *t;
		enum status status = bind_type(&p->arena, (const struct ast_type *)x->types.items[i], s->dialect, &t, err);
		if (status != OK) {
			prepared_free(p);
			return status;
		}
		p->types[i] = type_oid(t);
	}
	/* errors in it are said now, as PostgreSQL does */
	struct statement *probe;
	enum status status = statement_prepare(s, p->ast, p->text, p->types, p->type_count, NULL, &probe, err);
	if (status != OK) {
		prepared_free(p);
		return status;
	}
	statement_free(probe);
	strmap_set(&s->prepared, x->name, p);
	return OK;
}

static enum status execute_values(struct statement *st, const struct ast_execute *x, struct vector ***out,
                                  struct error *err)
{
	const struct statement_info *info = statement_info(st->inner);
	if (x->args.count != info->param_count)
		return ERR(err, E_SYNTAX, "wrong number of parameters for prepared statement \"%.*s\"", STR_ARG(x->name));
	*out = ARENA_ARRAY(&st->inner_arena, struct vector *, info->param_count + 1);
	for (uint32_t i = 0; i < info->param_count; i++) {
		struct bind_config c;
		session_bind_config(st->session, &st->inner_arena, err, &c);
		TRY(bind_constant(&c, x->args.items[i], type_nullable(&st->inner_arena, info->param_types[i]),
		                  STR(""), &(*out)[i]));
	}
	return OK;
}

static enum status execute(struct statement *st, struct error *err)
{
	const struct ast_execute *x = (const struct ast_execute *)st->ast;
	struct session *s = st->session;
	struct prepared *p = strmap_get(&s->prepared, x->name);
	struct vector **values = NULL;
	if (p == NULL)
		return ERR(err, E_BAD_STATEMENT_NAME, "prepared statement \"%.*s\" does not exist", STR_ARG(x->name));
	if (st->inner == NULL)
		TRY(statement_prepare(s, p->ast, p->text, p->types, p->type_count, NULL, &st->inner, err));
	TRY(execute_values(st, x, &values, err));
	return statement_start(st->inner, values, st->input, err);
}

static enum status deallocate(struct statement *st, struct error *err)
{
	const struct ast_deallocate *x = (const struct ast_deallocate *)st->ast;
	struct session *s = st->session;
	if (x->name.data == NULL) {
		STRMAP_EACH(&s->prepared, e) {
			prepared_free(e->value);
			e->value = NULL;
		}
		st->tag = STR("DEALLOCATE ALL");
		return OK;
	}
	struct prepared *p = strmap_remove(&s->prepared, x->name);
	st->tag = STR("DEALLOCATE");
	if (p == NULL)
		return ERR(err, E_BAD_STATEMENT_NAME, "prepared statement \"%.*s\" does not exist", STR_ARG(x->name));
	prepared_free(p);
	return OK;
}

/* ---- both ---- */

enum status cursor_prepare(struct statement *st, struct error *err)
{
	const struct ast *x = st->ast;
	struct session *s = st->session;
	st->kind = x->kind == AST_EXECUTE ? STATEMENT_EXECUTE : STATEMENT_FETCH;
	st->info.is_read_only = true;
	if (x->kind == AST_FETCH) {
		const struct ast_fetch *f = (const struct ast_fetch *)x;
		struct cursor *c;
		st->info.command = f->move ? "MOVE" : "FETCH";
		TRY(find_cursor(s, f->name, &c, err));
		st->info.returns_rows = !f->move;
		st->info.columns = arena_copy(&st->arena, c->columns, c->column_count * sizeof *c->columns);
		st->info.column_count = c->column_count;
	} else if (x->kind == AST_EXECUTE) {
		struct prepared *p = strmap_get(&s->prepared, ((const struct ast_execute *)x)->name);
		st->info.command = "EXECUTE";
		if (p == NULL)
			return ERR(err, E_BAD_STATEMENT_NAME, "prepared statement \"%.*s\" does not exist",
			           STR_ARG(((const struct ast_execute *)x)->name));
		TRY(statement_prepare(s, p->ast, p->text, p->types, p->type_count, NULL, &st->inner, err));
		const struct statement_info *info = statement_info(st->inner);
		st->info.returns_rows = info->returns_rows;
		st->info.columns = info->columns;
		st->info.column_count = info->column_count;
		st->info.format = info->format;
	} else {
		st->info.command = x->kind == AST_DECLARE ? "DECLARE CURSOR" : x->kind == AST_CLOSE ? "CLOSE CURSOR" :
		                   x->kind == AST_PREPARE ? "PREPARE" : "DEALLOCATE";
	}
	return OK;
}

enum status cursor_run(struct statement *st, struct error *err)
{
	switch (st->ast->kind) {
	case AST_DECLARE:
		return declare(st, err);
	case AST_FETCH:
		return fetch(st, err);
	case AST_CLOSE:
		return close_cursor(st, err);
	case AST_PREPARE:
		return prepare(st, err);
	case AST_EXECUTE:
		return execute(st, err);
	default:
		return deallocate(st, err);
	}
}

// SPDX-License-Identifier: Apache-2.0
/*
 * SQL statements about the connection's own things: PREPARE, EXECUTE, DEALLOCATE, DECLARE, FETCH, MOVE, CLOSE. They
 * share names with the protocol's prepared statements and portals.
 *
 * A cursor's position is that of its current row: 0 before the first, one more than the last behind it. A SCROLL cursor
 * keeps its batches and goes anywhere; another goes forward only, and back to its start by running again.
 */
#include <stdlib.h>

#include "column/value.h"
#include "parse/ast_command.h"
#include "parse/print.h"
#include "wire/pg/pgconn_impl.h"

bool pg_local_is(const struct ast *ast)
{
	switch (ast->kind) {
	case AST_PREPARE:
	case AST_EXECUTE:
	case AST_DEALLOCATE:
	case AST_DECLARE:
	case AST_FETCH:
	case AST_CLOSE:
		return true;
	default:
		return false;
	}
}

const struct statement *pg_local_rows(struct pgconn *c, const struct ast *ast)
{
	const struct pg_prepared *p = NULL;
	if (ast->kind == AST_FETCH && !((const struct ast_fetch *)ast)->move) {
		struct pg_portal *cursor =
			(struct pg_portal *)pg_names_get(&c->portals, ((const struct ast_fetch *)ast)->name);
		return cursor == NULL ? NULL : cursor->statement;
	}
	if (ast->kind == AST_EXECUTE)
		p = (struct pg_prepared *)pg_names_get(&c->prepared, ((const struct ast_execute *)ast)->name);
	return p == NULL ? NULL : p->statement;
}

/* ---- PREPARE, EXECUTE, DEALLOCATE ---- */

static enum status do_prepare(struct pgconn *c, const struct ast_prepare *a, struct str text, struct str *tag,
	struct error *err)
{
	struct print_options options = {.dialect = session_dialect(c->session)};
	struct pg_prepared *p;
	uint32_t *oids = ARENA_ARRAY(&c->request, uint32_t, a->types.count);
	for (unsigned i = 0; i < a->types.count; i++) {
		struct strbuf name;
		const struct type *type;
		strbuf_init(&name, c->config.track);
		ast_print_type(&name, (const struct ast_type *)a->types.items[i], &options);
		enum status st = strbuf_status(&name, err);
		if (st == OK)
			st = type_parse_pg(&c->request, strbuf_str(&name), 6, &type, err);
		strbuf_fini(&name);
		TRY(st);
		oids[i] = type_oid(type);
	}
	if (pg_names_get(&c->prepared, a->name) != NULL)
		return ERR(err, E_DUPLICATE_STATEMENT_NAME, "prepared statement \"%.*s\" already exists", STR_ARG(a->name));
	TRY(pg_prepared_clone(c, a->statement, text, oids, a->types.count, &p, err));
	TRY(pg_prepared_name(c, p, a->name, err));
	*tag = STR("PREPARE");
	return OK;
}

static enum status convert_args(struct pgconn *c, struct pg_portal *p, const struct batch *values, struct error *err)
{
	const struct statement_info *info = statement_info(p->statement);
	struct strbuf text;
	enum status st = OK;
	p->params = calloc(info->param_count, sizeof *p->params);
	if (p->params == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "no memory for parameters");
	p->param_count = info->param_count;
	strbuf_init(&text, c->config.track);
	for (uint32_t i = 0; st == OK && i < info->param_count; i++) {
		const struct vector *v = values->columns[i];
		strbuf_clear(&text);
		bool null = vector_is_null(v, 0);
		if (!null)
			value_write(&text, v, 0, VALUE_PG, session_text_options(c->session));
		st = strbuf_status(&text, err);
		struct str s = null ? (struct str){NULL, 0} : text.size == 0 ? STR("") : strbuf_str(&text);
		if (st == OK)
			st = pg_param_text(c, &p->arena, info->param_types[i], s, &p->params[i], err);
	}
	strbuf_fini(&text);
	return st;
}

/* Starts `select`, hands its one row over, and ends it: the row lives no longer than the statement runs. */
static enum status evaluate(struct pgconn *c, struct statement *select, struct pg_portal *p, struct error *err)
{
	struct batch *values = NULL;
	enum status st = statement_start(select, NULL, NULL, err);
	if (st == OK)
		st = statement_next(select, &values, err);
	if (st == OK && (values == NULL || values->count != 1))
		st = ERR(err, E_SYNTAX, "EXECUTE arguments must be plain values");
	if (st == OK)
		st = convert_args(c, p, values, err);
	batch_free(values);
	enum status end = statement_finish(select, st != OK, st == OK ? err : NULL);
	return st == OK ? end : st;
}

/* EXECUTE's arguments are expressions: a SELECT of them is run, and its values read as the parameters' types. */
static enum status bind_args(struct pgconn *c, const struct ast_execute *a, struct pg_portal *p, struct error *err)
{
	struct parse_options options = {.dialect = session_dialect(c->session)};
	struct statement *select = NULL;
	struct strbuf text;
	struct ast *ast;
	uint32_t wanted = statement_info(p->statement)->param_count;
	if (a->args.count != wanted) {
		ERR(err, E_SYNTAX, "wrong number of parameters for prepared statement \"%.*s\"", STR_ARG(a->name));
		error_detail(err, "Expected %u parameters but got %u.", wanted, a->args.count);
		return E_SYNTAX;
	}
	if (wanted == 0)
		return OK;
	strbuf_init(&text, c->config.track);
	for (unsigned i = 0; i < a->args.count; i++) {
		strbuf_putz(&text, i == 0 ? "SELECT " : ", ");
		strbuf_puts(&text, ast_text(&c->request, a->args.items[i], options.dialect));
	}
	enum status st = strbuf_status(&text, err);
	if (st == OK)
		st = parse_statement(&c->request, strbuf_str(&text), &options, &ast, err);
	if (st == OK)
		st = pgconn_prepare(c, ast, strbuf_str(&text), NULL, 0, &select, err);
	if (st == OK)
		st = evaluate(c, select, p, err);
	if (select != NULL)
		statement_free(select);
	strbuf_fini(&text);
	return st;
}

static enum status do_execute(struct pgconn *c, const struct ast_execute *a, const int16_t *formats,
	uint16_t format_count, bool describe, struct str *tag, struct error *err)
{
	struct pg_portal *p;
	struct pg_prepared *prepared = pg_prepared_find(c, a->name, err);
	if (prepared == NULL)
		return E_BAD_STATEMENT_NAME;
	if (prepared->statement == NULL)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: EXECUTE of this kind of statement");
	TRY(pg_portal_new(c, prepared, &p, err));
	if (format_count != 0) {
		p->formats = malloc(format_count * sizeof *formats);
		if (p->formats != NULL) {
			memcpy(p->formats, formats, format_count * sizeof *formats);
			p->format_count = format_count;
		}
	}
	enum status st = format_count != p->format_count ? ERR(err, E_CANNOT_ALLOCATE, "no memory for result formats") : OK;
	if (st == OK)
		st = bind_args(c, a, p, err);
	if (st == OK) {
		pgconn_before(c, prepared->ast, p);
		st = pgconn_run_portal(c, p, describe, tag, err);
	}
	pg_portal_free(c, p, st != OK);
	return st;
}

static enum status do_deallocate(struct pgconn *c, const struct ast_deallocate *a, struct str *tag, struct error *err)
{
	if (a->name.data == NULL) {
		pg_prepared_drop_all(c);
		*tag = STR("DEALLOCATE ALL");
		return OK;
	}
	struct pg_prepared *p = pg_prepared_find(c, a->name, err);
	if (p == NULL)
		return E_BAD_STATEMENT_NAME;
	pg_prepared_drop(c, p);
	*tag = STR("DEALLOCATE");
	return OK;
}

/* ---- DECLARE, CLOSE ---- */

/* A portal of the protocol is a cursor too. */
static struct pg_portal *find_cursor(struct pgconn *c, struct str name, struct error *err)
{
	struct pg_portal *p = (struct pg_portal *)pg_names_get(&c->portals, name);
	bool rows = p != NULL && p->statement != NULL && (p->cursor || statement_info(p->statement)->returns_rows);
	if (!rows) {
		ERR(err, E_BAD_CURSOR, "cursor \"%.*s\" does not exist", STR_ARG(name));
		return NULL;
	}
	return p;
}

/* All rows into p->kept, and the statement's end. */
static enum status keep_all(struct pgconn *c, struct pg_portal *p, struct error *err)
{
	while (!p->done) {
		if (p->batch != NULL)
			p->row = p->batch->count;
		TRY(pg_portal_fetch(c, p, err));
	}
	return OK;
}

static enum status start_cursor(struct pgconn *c, struct pg_portal *p, struct error *err)
{
	const struct statement_info *info = statement_info(p->statement);
	if (!info->returns_rows || info->is_copy_out)
		return ERR(err, E_SYNTAX, "a cursor is of a query that returns rows");
	if (info->param_count != 0)
		return ERR(err, E_UNDEFINED_PARAMETER, "there is no parameter $1");
	TRY(pgconn_start(c, p, err));
	return p->hold ? keep_all(c, p, err) : OK;
}

static enum status do_declare(struct pgconn *c, const struct ast_declare *a, struct str text, struct str *tag,
	struct error *err)
{
	struct pg_prepared *prepared;
	struct pg_portal *p;
	if (!a->hold && !c->in_block && session_transaction(c->session) == TRANSACTION_IDLE)
		return ERR(err, E_NO_ACTIVE_TRANSACTION, "DECLARE CURSOR can only be used in transaction blocks");
	if (pg_names_get(&c->portals, a->name) != NULL)
		return ERR(err, E_BAD_CURSOR, "cursor \"%.*s\" already exists", STR_ARG(a->name));
	TRY(pg_prepared_clone(c, a->query, text, NULL, 0, &prepared, err));
	enum status st = prepared->statement == NULL ? ERR(err, E_SYNTAX, "a cursor is of a query") : OK;
	if (st == OK)
		st = pg_portal_new(c, prepared, &p, err);
	pg_prepared_unref(prepared); /* the portal has its own reference */
	TRY(st);
	p->cursor = true;
	p->hold = a->hold;
	p->scroll = a->scroll || a->hold;
	p->binary = a->binary;
	st = start_cursor(c, p, err);
	if (st == OK)
		st = pg_portal_name(c, p, a->name, err);
	if (st != OK)
		pg_portal_free(c, p, true);
	*tag = STR("DECLARE CURSOR");
	return st;
}

static enum status do_close(struct pgconn *c, const struct ast_close *a, struct str *tag, struct error *err)
{
	if (a->name.data == NULL) {
		pg_portal_free_all(c, true, false, NULL);
		*tag = STR("CLOSE CURSOR ALL");
		return OK;
	}
	struct pg_portal *p = find_cursor(c, a->name, err);
	if (p == NULL)
		return E_BAD_CURSOR;
	pg_portal_free(c, p, false);
	*tag = STR("CLOSE CURSOR");
	return OK;
}

/* ---- FETCH, MOVE ---- */

/* One movement: where its rows go and how many there were. */
struct movement {
	struct pg_portal *p;
	bool emit;
	const int16_t *formats;
	uint16_t format_count;
	uint64_t rows;
};

static enum status emit(struct pgconn *c, struct movement *m, const struct batch *b, uint32_t from, uint32_t count,
	struct error *err)
{
	m->rows += count;
	return m->emit ? pg_result_put(c, b, from, count, m->formats, m->format_count, err) : OK;
}

static uint64_t kept_rows(const struct pg_portal *p)
{
	uint32_t n = p->kept_count;
	return n == 0 ? 0 : p->kept_first[n - 1] + p->kept[n - 1]->count - 1;
}

/* The kept batch that holds row `row`, reading on until there is one; NULL behind the last row. */
static enum status find_row(struct pgconn *c, struct pg_portal *p, uint64_t row, struct batch **out, uint32_t *at,
	struct error *err)
{
	*out = NULL;
	while (!p->done && kept_rows(p) < row) {
		if (p->batch != NULL)
			p->row = p->batch->count;
		TRY(pg_portal_fetch(c, p, err));
	}
	if (kept_rows(p) < row)
		return OK;
	uint32_t low = 0, high = p->kept_count - 1;
	while (low < high) {
		uint32_t middle = (low + high + 1) / 2;
		if (p->kept_first[middle] <= row)
			low = middle;
		else
			high = middle - 1;
	}
	*out = p->kept[low];
	*at = (uint32_t)(row - p->kept_first[low]);
	return OK;
}

/* The rows behind the position: kept ones, or what the statement gives next. */
static enum status next_rows(struct pgconn *c, struct pg_portal *p, struct batch **out, uint32_t *at, struct error *err)
{
	if (p->scroll)
		return find_row(c, p, p->position + 1, out, at, err);
	TRY(pg_portal_fetch(c, p, err));
	*out = p->batch;
	*at = p->row;
	return OK;
}

static enum status forward(struct pgconn *c, struct movement *m, uint64_t count, struct error *err)
{
	struct pg_portal *p = m->p;
	struct batch *b;
	uint32_t at;
	if (p->done && p->suspended)
		return OK; /* behind the last row already */
	for (uint64_t left = count; left != 0;) {
		TRY(next_rows(c, p, &b, &at, err));
		if (b == NULL) {
			p->position++;
			p->suspended = true;
			return OK;
		}
		uint32_t n = b->count - at < left ? b->count - at : (uint32_t)left;
		TRY(emit(c, m, b, at, n, err));
		p->position += n;
		left -= n;
		if (!p->scroll)
			p->row += n;
	}
	return OK;
}

static enum status forward_only(struct error *err)
{
	ERR(err, E_WRONG_STATE, "cursor can only scan forward");
	return err == NULL ? E_WRONG_STATE : error_hint(err, "Declare it with SCROLL option to enable backward scan.");
}

/* Back to before the first row. */
static enum status rewind_cursor(struct pgconn *c, struct pg_portal *p, struct error *err)
{
	p->suspended = false;
	if (!p->scroll && p->position != 0) {
		TRY(pg_portal_finish(c, p, false, err));
		p->started = p->done = false;
		TRY(pgconn_start(c, p, err));
	}
	p->position = 0;
	return OK;
}

static enum status backward(struct pgconn *c, struct movement *m, uint64_t count, struct error *err)
{
	struct pg_portal *p = m->p;
	struct batch *b;
	uint32_t at;
	if (!p->scroll) {
		if (p->position > 1 && (m->emit || count < p->position))
			return forward_only(err);
		m->rows = p->position > 0 ? p->position - 1 : 0;
		return rewind_cursor(c, p, err);
	}
	p->suspended = false;
	for (; count != 0 && p->position != 0; count--) {
		if (--p->position == 0)
			break;
		TRY(find_row(c, p, p->position, &b, &at, err));
		assert(b != NULL);
		TRY(emit(c, m, b, at, 1, err));
	}
	return OK;
}

/* The current row again. */
static enum status again(struct pgconn *c, struct movement *m, struct error *err)
{
	struct pg_portal *p = m->p;
	struct batch *b = p->batch;
	uint32_t at = p->row - 1;
	if (p->position == 0 || p->suspended)
		return OK;
	if (p->scroll)
		TRY(find_row(c, p, p->position, &b, &at, err));
	else if (b == NULL || p->row == 0)
		return forward_only(err);
	return emit(c, m, b, at, 1, err);
}

/* Steps without rows, then one row: ABSOLUTE and RELATIVE. */
static enum status skip_forward(struct pgconn *c, struct movement *m, uint64_t count, struct error *err)
{
	struct movement silent = *m;
	silent.emit = false;
	TRY(forward(c, &silent, count - 1, err));
	return forward(c, m, 1, err);
}

static enum status skip_backward(struct pgconn *c, struct movement *m, uint64_t count, struct error *err)
{
	struct movement silent = *m;
	silent.emit = false;
	TRY(backward(c, &silent, count - 1, err));
	return backward(c, m, 1, err);
}

static enum status absolute(struct pgconn *c, struct movement *m, int64_t row, struct error *err)
{
	struct pg_portal *p = m->p;
	if (row < 0) {
		if (!p->scroll)
			return forward_only(err);
		TRY(keep_all(c, p, err));
		p->position = kept_rows(p) + 1;
		p->suspended = true;
		return skip_backward(c, m, 0 - (uint64_t)row, err);
	}
	if (p->scroll || (uint64_t)row <= p->position)
		TRY(rewind_cursor(c, p, err));
	return row == 0 ? OK : skip_forward(c, m, (uint64_t)row - p->position, err);
}

static enum status move(struct pgconn *c, struct movement *m, const struct ast_fetch *a, struct error *err)
{
	int64_t n = a->all ? INT64_MAX : a->count;
	uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
	switch (a->direction) {
	case FETCH_NEXT:
		return forward(c, m, 1, err);
	case FETCH_PRIOR:
		return backward(c, m, 1, err);
	case FETCH_FIRST:
		return absolute(c, m, 1, err);
	case FETCH_LAST:
		return absolute(c, m, -1, err);
	case FETCH_ABSOLUTE:
		return absolute(c, m, n, err);
	case FETCH_RELATIVE:
		if (n == 0)
			return again(c, m, err);
		return n > 0 ? skip_forward(c, m, size, err) : skip_backward(c, m, size, err);
	case FETCH_FORWARD:
	case FETCH_BACKWARD:
		if (n == 0)
			return again(c, m, err);
		return (n > 0) == (a->direction == FETCH_FORWARD) ? forward(c, m, size, err) : backward(c, m, size, err);
	}
	return OK;
}

static enum status do_fetch(struct pgconn *c, const struct ast_fetch *a, const int16_t *formats, uint16_t format_count,
	bool describe, struct str *tag, struct error *err)
{
	static const int16_t binary = PG_FORMAT_BINARY;
	struct pg_portal *p = find_cursor(c, a->name, err);
	if (p == NULL)
		return E_BAD_CURSOR;
	if (!p->started)
		TRY(pgconn_start(c, p, err));
	struct movement m = {.p = p, .emit = !a->move, .formats = formats, .format_count = format_count};
	if (p->binary && format_count == 0) {
		m.formats = &binary;
		m.format_count = 1;
	}
	if (describe && !a->move)
		pg_put_columns(c, statement_info(p->statement), m.formats, m.format_count);
	enum status st = move(c, &m, a, err);
	/* a statement that failed is over */
	if (st != OK && st != E_WRONG_STATE)
		(void)!pg_portal_finish(c, p, true, NULL);
	*tag = arena_strf(&c->request, "%s %llu", a->move ? "MOVE" : "FETCH", (unsigned long long)m.rows);
	return st;
}

enum status pg_local_run(struct pgconn *c, const struct ast *ast, struct str text, const int16_t *formats,
	uint16_t format_count, bool describe, struct str *tag, struct error *err)
{
	bool may = ast->kind == AST_DEALLOCATE || ast->kind == AST_EXECUTE; /* EXECUTE of ROLLBACK: the session judges */
	if (!may && session_transaction(c->session) == TRANSACTION_FAILED)
		return ERR(err, E_TRANSACTION_ABORTED,
			"current transaction is aborted, commands ignored until end of transaction block");
	switch (ast->kind) {
	case AST_PREPARE:
		return do_prepare(c, (const struct ast_prepare *)ast, text, tag, err);
	case AST_EXECUTE:
		return do_execute(c, (const struct ast_execute *)ast, formats, format_count, describe, tag, err);
	case AST_DEALLOCATE:
		return do_deallocate(c, (const struct ast_deallocate *)ast, tag, err);
	case AST_DECLARE:
		return do_declare(c, (const struct ast_declare *)ast, text, tag, err);
	case AST_FETCH:
		return do_fetch(c, (const struct ast_fetch *)ast, formats, format_count, describe, tag, err);
	case AST_CLOSE:
		return do_close(c, (const struct ast_close *)ast, tag, err);
	default:
		return ERR(err, E_LOGICAL_ERROR, "no statement of the connection");
	}
}

// SPDX-License-Identifier: Apache-2.0
/* Simple queries, and how any statement is run to its end. */
#include "parse/ast_command.h"
#include "wire/pg/pgconn_impl.h"

enum status pgconn_prepare(struct pgconn *c, const struct ast *ast, struct str text, const uint32_t *declared,
	uint32_t declared_count, struct statement **out, struct error *err)
{
	*out = NULL;
	TRY(statement_prepare(c->session, ast, text, declared, declared_count, NULL, out, err));
	const struct statement_info *info = statement_info(*out);
	if (info->column_count > UINT16_MAX || info->param_count > UINT16_MAX) {
		statement_free(*out);
		*out = NULL;
		return ERR(err, E_LIMIT_EXCEEDED, "more than %u columns or parameters", UINT16_MAX);
	}
	return OK;
}

static enum status read_nothing(void *arg UNUSED, struct str *chunk, struct error *err UNUSED)
{
	*chunk = STR("");
	return OK;
}

enum status pgconn_start(struct pgconn *c, struct pg_portal *p, struct error *err)
{
	assert(!p->started);
	const struct statement_info *info = statement_info(p->statement);
	struct statement_input input = {.read = read_nothing};
	if (info->is_copy_in) {
		pg_copy_in_begin(c, info);
		input = pg_copy_input(c);
	}
	p->started = true;
	return statement_start(p->statement, p->params, info->takes_input ? &input : NULL, err);
}

/* The rows of a started portal, to the end; `said`: the client knows their columns. */
static enum status send_rows(struct pgconn *c, struct pg_portal *p, bool said, struct error *err)
{
	const struct statement_info *info = statement_info(p->statement);
	if (info->is_copy_out)
		return pg_copy_out(c, p, err);
	do {
		TRY(pg_portal_batch(p, err));
		if (p->batch != NULL && said)
			TRY(pg_result_put(c, p->batch, 0, p->batch->count, p->formats, p->format_count, err));
	} while (p->batch != NULL);
	return info->is_copy_in ? pg_copy_in_end(c, err) : OK;
}

enum status pgconn_run_portal(struct pgconn *c, struct pg_portal *p, bool describe, struct str *tag, struct error *err)
{
	const struct statement_info *info = statement_info(p->statement);
	bool said = info->returns_rows;
	TRY(pgconn_start(c, p, err));
	/* some statements know their columns only now */
	if (describe && info->returns_rows && !info->is_copy_out) {
		pg_put_columns(c, info, p->formats, p->format_count);
		said = true;
	}
	TRY(send_rows(c, p, said, err));
	TRY(pg_portal_finish(c, p, false, err));
	*tag = arena_str(&c->request, statement_tag(p->statement));
	return OK;
}

void pgconn_before(struct pgconn *c, const struct ast *ast, const struct pg_portal *current)
{
	if (ast->kind == AST_TRANSACTION) {
		const struct ast_transaction *t = (const struct ast_transaction *)ast;
		if (t->type == TRANSACTION_COMMIT || t->type == TRANSACTION_ROLLBACK || t->type == TRANSACTION_PREPARE)
			pg_portal_free_all(c, false, false, current);
	} else if (ast->kind == AST_DISCARD && str_eq_nocase(((const struct ast_discard *)ast)->what, STR("all"))) {
		pg_portal_free_all(c, true, false, current);
		pg_prepared_drop_all(c);
	}
}

void pgconn_transaction_over(struct pgconn *c)
{
	if (session_transaction(c->session) == TRANSACTION_IDLE)
		pg_portal_free_all(c, false, false, NULL);
}

static enum status run_statement(struct pgconn *c, const struct ast *ast, struct str text, struct str *tag,
	struct error *err)
{
	struct pg_prepared once = {.references = 2, .text = text, .ast = (struct ast *)(uintptr_t)ast};
	struct pg_portal *p;
	if (pg_local_is(ast))
		return pg_local_run(c, ast, text, NULL, 0, true, tag, err);
	pgconn_before(c, ast, NULL);
	TRY(pgconn_prepare(c, ast, text, NULL, 0, &once.statement, err));
	enum status st = OK;
	if (statement_info(once.statement)->param_count != 0)
		st = ERR(err, E_UNDEFINED_PARAMETER, "there is no parameter $1");
	if (st == OK)
		st = pg_portal_new(c, &once, &p, err);
	if (st == OK) {
		st = pgconn_run_portal(c, p, true, tag, err);
		pg_portal_free(c, p, st != OK);
	}
	statement_free(once.statement);
	return st;
}

/* Runs all statements; the last one's tag is left to be sent when its transaction is committed. */
static enum status run_all(struct pgconn *c, struct str text, struct ast *const *list, size_t count, struct str *tag,
	struct error *err)
{
	c->in_block = count > 1;
	for (size_t i = 0; i < count; i++) {
		if (i != 0)
			pg_put_command_complete(&c->out, *tag);
		session_implicit_begin(c->session);
		TRY(run_statement(c, list[i], text, tag, err));
		TRY(pgconn_flush_some(c, err));
	}
	return OK;
}

/* All statements of the text, before any of them runs: a syntax error in the last stops the first. */
static enum status parse_all(struct pgconn *c, struct str text, struct ast ***list, size_t *count, struct error *err)
{
	struct parser parser;
	struct parse_options options = {.dialect = session_dialect(c->session)};
	struct ast *ast;
	size_t capacity = 0;
	*list = NULL;
	*count = 0;
	TRY(pgconn_check_text(text, err));
	parser_init(&parser, &c->request, text, &options);
	for (;;) {
		TRY(parser_next(&parser, &ast, err));
		if (ast == NULL)
			return OK;
		ARENA_PUSH(&c->request, *list, *count, capacity, ast);
	}
}

void pgconn_query(struct pgconn *c, struct str text)
{
	struct ast **list;
	size_t count;
	struct str tag = STR("");
	struct pg_prepared *unnamed = (struct pg_prepared *)pg_names_get(&c->prepared, STR(""));
	if (unnamed != NULL)
		pg_prepared_drop(c, unnamed);
	session_implicit_begin(c->session);
	enum status st = parse_all(c, text, &list, &count, &c->err);
	if (st == OK)
		st = run_all(c, text, list, count, &tag, &c->err);
	c->in_block = c->in_copy_in = false;
	if (st != OK)
		session_fail_transaction(c->session);
	enum status end = session_implicit_end(c->session, st == OK, st == OK ? &c->err : NULL);
	if (st != OK || end != OK)
		pgconn_error(c, PG_ERROR, &c->err);
	else if (count == 0)
		pg_put_empty_query(&c->out);
	else
		pg_put_command_complete(&c->out, tag);
	pgconn_transaction_over(c);
	pg_put_ready(&c->out, (enum pg_transaction)session_transaction(c->session));
}

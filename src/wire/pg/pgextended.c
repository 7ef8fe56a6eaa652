// SPDX-License-Identifier: Apache-2.0
/* The extended protocol: Parse, Bind, Describe, Execute, Close, Sync. */
#include <stdlib.h>

#include "wire/pg/pgconn_impl.h"

static enum status do_parse(struct pgconn *c, const struct pg_message *m, struct error *err)
{
	struct pg_prepared *p, *unnamed = (struct pg_prepared *)pg_names_get(&c->prepared, STR(""));
	struct pg_walk types = m->parse.types;
	uint32_t *oids = ARENA_ARRAY(&c->request, uint32_t, types.left), count = 0;
	while (pg_oid_next(&types, &oids[count]))
		count++;
	TRY(pgconn_check_text(m->parse.statement, err));
	TRY(pgconn_check_text(m->parse.query, err));
	if (m->parse.statement.size == 0 && unnamed != NULL)
		pg_prepared_drop(c, unnamed);
	TRY(pg_prepared_new(c, m->parse.query, oids, count, &p, err));
	TRY(pg_prepared_name(c, p, m->parse.statement, err));
	pg_put_parse_complete(&c->out);
	return OK;
}

/* The statement whose rows a portal or prepared statement returns; NULL when it returns none. */
static const struct statement *rows_of(struct pgconn *c, const struct pg_prepared *p, const struct statement *own)
{
	const struct statement *st = p->local ? pg_local_rows(c, p->ast) : own;
	if (st == NULL)
		return NULL;
	const struct statement_info *info = statement_info(st);
	return info->returns_rows && !info->is_copy_out ? st : NULL;
}

static enum status copy_formats(struct pgconn *c, struct pg_portal *p, struct pg_formats f, struct error *err)
{
	const struct statement *rows = rows_of(c, p->prepared, p->statement);
	p->format_count = f.count;
	if (f.count == 0)
		return OK;
	p->formats = malloc(f.count * sizeof *p->formats);
	if (p->formats == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "no memory for result formats");
	for (unsigned i = 0; i < f.count; i++)
		p->formats[i] = pg_format_of(f, i);
	if (rows == NULL)
		return OK;
	return pg_check_formats(p->formats, p->format_count, statement_info(rows)->column_count, err);
}

static enum status do_bind(struct pgconn *c, const struct pg_message *m, struct error *err)
{
	static const struct statement_info none;
	struct pg_portal *portal;
	TRY(pgconn_check_text(m->bind.portal, err));
	struct pg_prepared *p = pg_prepared_find(c, m->bind.statement, err);
	if (p == NULL)
		return E_BAD_STATEMENT_NAME;
	TRY(pg_portal_new(c, p, &portal, err));
	const struct statement_info *info = portal->statement == NULL ? &none : statement_info(portal->statement);
	portal->param_count = info->param_count;
	enum status st =
		pg_params_read(c, &portal->arena, info, m->bind.formats, m->bind.values, &portal->params, err);
	if (st == OK)
		st = copy_formats(c, portal, m->bind.results, err);
	if (st == OK)
		st = pg_portal_name(c, portal, m->bind.portal, err);
	if (st == OK)
		pg_put_bind_complete(&c->out);
	else
		pg_portal_free(c, portal, false);
	return st;
}

static void put_rows(struct pgconn *c, const struct statement *rows, const int16_t *formats, uint16_t count)
{
	if (rows == NULL)
		pg_put_no_data(&c->out);
	else
		pg_put_columns(c, statement_info(rows), formats, count);
}

static enum status describe_statement(struct pgconn *c, struct str name, struct error *err)
{
	struct pg_prepared *p = pg_prepared_find(c, name, err);
	if (p == NULL)
		return E_BAD_STATEMENT_NAME;
	uint32_t count = p->statement == NULL ? 0 : statement_info(p->statement)->param_count;
	uint32_t *oids = ARENA_ARRAY(&c->request, uint32_t, count);
	for (uint32_t i = 0; i < count; i++) {
		bool declared = i < p->declared_count && p->declared[i] != 0;
		oids[i] = declared ? p->declared[i] : type_oid(statement_info(p->statement)->param_types[i]);
	}
	pg_put_parameter_description(&c->out, oids, (uint16_t)count);
	put_rows(c, rows_of(c, p, p->statement), NULL, 0);
	return OK;
}

static enum status describe_portal(struct pgconn *c, struct str name, struct error *err)
{
	struct pg_portal *p = pg_portal_find(c, name, err);
	if (p == NULL)
		return E_BAD_CURSOR;
	put_rows(c, rows_of(c, p->prepared, p->statement), p->formats, p->format_count);
	return OK;
}

/* Rows up to a limit; *sent of them. */
static enum status send_some(struct pgconn *c, struct pg_portal *p, uint64_t limit, uint64_t *sent, struct error *err)
{
	*sent = 0;
	while (*sent < limit) {
		TRY(pg_portal_fetch(c, p, err));
		if (p->batch == NULL)
			return OK;
		uint64_t left = limit - *sent;
		uint32_t n = p->batch->count - p->row;
		if (n > left)
			n = (uint32_t)left;
		TRY(pg_result_put(c, p->batch, p->row, n, p->formats, p->format_count, err));
		p->row += n;
		*sent += n;
	}
	return OK;
}

/* A portal that returns rows: it may stop at the limit and go on later. Its tag counts the rows of this Execute. */
static enum status execute_rows(struct pgconn *c, struct pg_portal *p, uint32_t limit, struct str *tag,
	struct error *err)
{
	const struct statement_info *info = statement_info(p->statement);
	uint64_t sent = 0;
	if (!p->started)
		TRY(pgconn_start(c, p, err));
	TRY(send_some(c, p, limit == 0 ? UINT64_MAX : limit, &sent, err));
	if (!p->done) {
		p->suspended = true;
		return OK;
	}
	*tag = p->suspended ? arena_strf(&c->request, "%s %llu", info->command, (unsigned long long)sent)
		: arena_str(&c->request, statement_tag(p->statement));
	p->suspended = true;
	return OK;
}

static enum status execute(struct pgconn *c, struct pg_portal *p, uint32_t limit, struct str *tag, struct error *err)
{
	struct pg_prepared *prepared = p->prepared;
	if (prepared->local)
		return pg_local_run(c, prepared->ast, prepared->text, p->formats, p->format_count, false, tag, err);
	const struct statement_info *info = statement_info(p->statement);
	if (info->returns_rows && !info->is_copy_out)
		return execute_rows(c, p, limit, tag, err);
	if (p->started)
		return ERR(err, E_BAD_CURSOR, "portal \"%.*s\" cannot be run", STR_ARG(p->named.name));
	pgconn_before(c, prepared->ast, p);
	return pgconn_run_portal(c, p, false, tag, err);
}

static enum status do_execute(struct pgconn *c, const struct pg_message *m, struct error *err)
{
	struct str tag = {NULL, 0};
	struct pg_portal *p = pg_portal_find(c, m->execute.portal, err);
	if (p == NULL)
		return E_BAD_CURSOR;
	if (p->cursor)
		return ERR(err, E_BAD_CURSOR, "portal \"%.*s\" is a cursor: FETCH reads it", STR_ARG(p->named.name));
	if (p->prepared->ast == NULL) {
		pg_put_empty_query(&c->out);
		return OK;
	}
	enum status st = execute(c, p, m->execute.row_limit, &tag, err);
	c->in_copy_in = false;
	if (st != OK) {
		(void)!pg_portal_finish(c, p, true, NULL);
		return st;
	}
	if (tag.data == NULL)
		pg_put_portal_suspended(&c->out);
	else
		pg_put_command_complete(&c->out, tag);
	return pgconn_flush_some(c, err);
}

static void do_close(struct pgconn *c, const struct pg_message *m)
{
	if (m->target.what == 'S') {
		struct pg_prepared *p = (struct pg_prepared *)pg_names_get(&c->prepared, m->target.name);
		if (p != NULL)
			pg_prepared_drop(c, p);
	} else {
		struct pg_portal *p = (struct pg_portal *)pg_names_get(&c->portals, m->target.name);
		if (p != NULL)
			pg_portal_free(c, p, false);
	}
	pg_put_close_complete(&c->out);
}

enum status pgconn_extended(struct pgconn *c, const struct pg_message *m, struct error *err)
{
	session_implicit_begin(c->session);
	switch (m->type) {
	case PG_PARSE:
		return do_parse(c, m, err);
	case PG_BIND:
		return do_bind(c, m, err);
	case PG_DESCRIBE:
		return m->target.what == 'S' ? describe_statement(c, m->target.name, err)
			: describe_portal(c, m->target.name, err);
	case PG_EXECUTE:
		return do_execute(c, m, err);
	case PG_CLOSE:
		do_close(c, m);
		return OK;
	default:
		return ERR(err, E_PROTOCOL, "unexpected message type \"%c\"", (char)m->type);
	}
}

void pgconn_sync(struct pgconn *c)
{
	bool failed = c->skip_to_sync;
	c->skip_to_sync = false;
	/* what still runs ends before its transaction does */
	if (session_transaction(c->session) == TRANSACTION_IDLE)
		pg_portal_free_all(c, false, failed, NULL);
	if (session_implicit_end(c->session, !failed, failed ? NULL : &c->err) != OK && !failed)
		pgconn_error(c, PG_ERROR, &c->err);
	pgconn_transaction_over(c);
	pg_put_ready(&c->out, (enum pg_transaction)session_transaction(c->session));
}

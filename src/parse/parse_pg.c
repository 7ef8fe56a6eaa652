// SPDX-License-Identifier: Apache-2.0
/* PostgreSQL's commands: transactions, cursors, prepared statements, COPY, LOCK, DO, maintenance. */
#include "parse/parse_impl.h"

/* ---- transactions ---- */

bool parse_transaction_modes(struct parser *p, struct ast_transaction *t)
{
	for (;;) {
		if (kw2(p, KW_ISOLATION, KW_LEVEL)) {
			if (kw(p, KW_SERIALIZABLE))
				t->isolation = SERIALIZABLE;
			else if (kw2(p, KW_REPEATABLE, KW_READ))
				t->isolation = REPEATABLE_READ;
			else if (kw2(p, KW_READ, KW_COMMITTED))
				t->isolation = READ_COMMITTED;
			else if (kw2(p, KW_READ, KW_UNCOMMITTED))
				t->isolation = READ_UNCOMMITTED;
			else
				return fail(p) != NULL;
		} else if (kw2(p, KW_READ, KW_ONLY)) {
			t->read_only = YES;
		} else if (kw2(p, KW_READ, KW_WRITE)) {
			t->read_only = NO;
		} else if (kw(p, KW_DEFERRABLE)) {
			t->deferrable = YES;
		} else if (kw2(p, KW_NOT, KW_DEFERRABLE)) {
			t->deferrable = NO;
		} else {
			return true;
		}
		(void)accept(p, T_COMMA);
	}
}

static struct ast *transaction(struct parser *p, enum transaction_type type)
{
	struct ast_transaction *t = NEW(p, TRANSACTION, transaction);
	t->type = type;
	return seal(p, t);
}

static struct ast *parse_begin(struct parser *p, bool start)
{
	struct ast_transaction *t = (struct ast_transaction *)transaction(p, TRANSACTION_BEGIN);
	p->at++;
	if (start ? !need_kw(p, KW_TRANSACTION) : (kw_or(p, KW_WORK, KW_TRANSACTION) && false))
		return NULL;
	t->start = start;
	return parse_transaction_modes(p, t) ? &t->ast : NULL;
}

/* COMMIT, END, ROLLBACK, ABORT with what may follow. */
static struct ast *parse_end(struct parser *p, bool commit)
{
	struct ast_transaction *t = (struct ast_transaction *)transaction(p,
		commit ? TRANSACTION_COMMIT : TRANSACTION_ROLLBACK);
	p->at++;
	if (kw(p, KW_PREPARED)) {
		t->type = commit ? TRANSACTION_COMMIT_PREPARED : TRANSACTION_ROLLBACK_PREPARED;
		return parse_string(p, &t->name) ? &t->ast : NULL;
	}
	(void)kw_or(p, KW_WORK, KW_TRANSACTION);
	if (!commit && kw(p, KW_TO)) {
		(void)kw(p, KW_SAVEPOINT);
		t->type = TRANSACTION_ROLLBACK_TO;
		return parse_ident(p, &t->name) ? &t->ast : NULL;
	}
	if (kw(p, KW_AND)) {
		t->chain = !kw(p, KW_NO);
		return need_kw(p, KW_CHAIN) ? &t->ast : NULL;
	}
	return p->failed == OK ? &t->ast : NULL;
}

static struct ast *parse_savepoint(struct parser *p, enum transaction_type type)
{
	struct ast_transaction *t = (struct ast_transaction *)transaction(p, type);
	p->at++;
	if (type == TRANSACTION_RELEASE)
		(void)kw(p, KW_SAVEPOINT);
	return parse_ident(p, &t->name) ? &t->ast : NULL;
}

static struct ast *parse_lock(struct parser *p)
{
	struct ast_lock *l = NEW(p, LOCK, lock);
	p->at++;
	(void)kw(p, KW_TABLE);
	do {
		struct ast_table *t = parse_table_name(p);
		if (t == NULL)
			return NULL;
		push(p, &l->tables, seal(p, t));
	} while (accept(p, T_COMMA));
	if (kw(p, KW_IN)) {
		size_t from = p->at;
		while (at_kind(p, 0, T_WORD) && !at_kw(p, 0, KW_MODE))
			p->at++;
		struct str mode = source_between(p, from, p->at);
		l->mode = upper_copy(p, mode);
		if (mode.size == 0 || !need_kw(p, KW_MODE))
			return fail(p);
	}
	l->nowait = kw(p, KW_NOWAIT);
	return seal(p, l);
}

/* ---- cursors ---- */

static struct ast *parse_declare(struct parser *p)
{
	struct ast_declare *d = NEW(p, DECLARE, declare);
	p->at++;
	if (!parse_ident(p, &d->name))
		return NULL;
	while (!kw(p, KW_CURSOR)) {
		if (kw(p, KW_BINARY))
			d->binary = true;
		else if (kw(p, KW_INSENSITIVE))
			d->insensitive = true;
		else if (kw2(p, KW_NO, KW_SCROLL))
			d->no_scroll = true;
		else if (kw(p, KW_SCROLL))
			d->scroll = true;
		else if (!kw(p, KW_ASENSITIVE))
			return fail(p);
	}
	if (kw2(p, KW_WITH, KW_HOLD))
		d->hold = true;
	else
		(void)kw2(p, KW_WITHOUT, KW_HOLD);
	if (!need_kw(p, KW_FOR) || (d->query = parse_query(p)) == NULL)
		return NULL;
	return seal(p, d);
}

static bool parse_count(struct parser *p, struct ast_fetch *f)
{
	bool negative = accept_op(p, OP_MINUS);
	uint64_t n;
	(void)(!negative && accept_op(p, OP_PLUS));
	if (!parse_uint(p, &n) || n > INT64_MAX)
		return fail(p) != NULL;
	f->count = negative ? -(int64_t)n : (int64_t)n;
	return true;
}

static struct ast *parse_fetch(struct parser *p, bool move)
{
	struct ast_fetch *f = NEW(p, FETCH, fetch);
	f->move = move;
	f->count = 1;
	f->direction = FETCH_FORWARD;
	p->at++;
	bool counted = false;
	if (kw(p, KW_NEXT)) {
		f->direction = FETCH_NEXT;
	} else if (kw(p, KW_PRIOR)) {
		f->direction = FETCH_PRIOR;
	} else if (kw(p, KW_FIRST)) {
		f->direction = FETCH_FIRST;
	} else if (kw(p, KW_LAST)) {
		f->direction = FETCH_LAST;
	} else if (kw(p, KW_ABSOLUTE)) {
		f->direction = FETCH_ABSOLUTE;
		counted = true;
	} else if (kw(p, KW_RELATIVE)) {
		f->direction = FETCH_RELATIVE;
		counted = true;
	} else {
		if (kw(p, KW_BACKWARD))
			f->direction = FETCH_BACKWARD;
		else
			(void)kw(p, KW_FORWARD);
		f->all = kw(p, KW_ALL);
		counted = at_kind(p, 0, T_NUMBER) || at_op(p, 0, OP_MINUS) || at_op(p, 0, OP_PLUS);
	}
	if (counted && !parse_count(p, f))
		return NULL;
	(void)kw_or(p, KW_FROM, KW_IN);
	return parse_ident(p, &f->name) ? seal(p, f) : NULL;
}

static struct ast *parse_close(struct parser *p)
{
	struct ast_close *c = NEW(p, CLOSE, close);
	p->at++;
	return kw(p, KW_ALL) || parse_ident(p, &c->name) ? seal(p, c) : NULL;
}

/* ---- prepared statements ---- */

static struct ast *parse_prepare(struct parser *p)
{
	struct ast_prepare *s = NEW(p, PREPARE, prepare);
	p->at++;
	if (kw(p, KW_TRANSACTION)) {
		struct ast_transaction *t = (struct ast_transaction *)transaction(p, TRANSACTION_PREPARE);
		return parse_string(p, &t->name) ? &t->ast : NULL;
	}
	if (!parse_ident(p, &s->name))
		return NULL;
	if (accept(p, T_LPAREN)) {
		do {
			struct ast_type *t = parse_type_node(p);
			if (t == NULL)
				return NULL;
			push(p, &s->types, t);
		} while (accept(p, T_COMMA));
		if (!need(p, T_RPAREN))
			return NULL;
	}
	if (!need_kw(p, KW_AS))
		return NULL;
	s->begin = peek(p)->offset;
	if ((s->statement = parse_any_statement(p)) == NULL)
		return NULL;
	s->end = (uint64_t)p->tokens[p->at - 1].offset + p->tokens[p->at - 1].size;
	return seal(p, s);
}

static struct ast *parse_execute(struct parser *p)
{
	struct ast_execute *e = NEW(p, EXECUTE, execute);
	p->at++;
	if (!parse_ident(p, &e->name) || (at_kind(p, 0, T_LPAREN) && !parse_expr_parens(p, &e->args)))
		return NULL;
	return seal(p, e);
}

static struct ast *parse_deallocate(struct parser *p)
{
	struct ast_deallocate *d = NEW(p, DEALLOCATE, deallocate);
	p->at++;
	(void)kw(p, KW_PREPARE);
	return kw(p, KW_ALL) || parse_ident(p, &d->name) ? seal(p, d) : NULL;
}

/* ---- COPY ---- */

static struct ast_setting *copy_option(struct parser *p, const char *name, struct ast *value)
{
	struct ast_setting *s = NEW(p, SETTING, setting);
	s->name = new_name(p, str_of(name));
	s->value = value;
	return seal(p, s);
}

static struct ast *column_tuple(struct parser *p, bool parens)
{
	if (at_op(p, 0, OP_STAR))
		return parse_asterisk(p, (struct name){NULL, 0}, NULL);
	struct ast_call *c = new_call(p, "tuple", CALL_PARENS, here(p));
	return (parens ? parse_ident_parens(p, &c->args) : parse_ident_list(p, &c->args)) ? seal(p, c) : NULL;
}

/* (FORMAT csv, HEADER, FORCE_QUOTE (a, b)) */
static bool parse_copy_options(struct parser *p, struct ast_copy *c)
{
	p->at++;
	do {
		struct name_part part;
		struct ast *value = NULL;
		if (!parse_label(p, &part))
			return false;
		struct str lower = lower_copy(p, part.text);
		int position = here(p);
		if (at_kind(p, 0, T_LPAREN) || at_op(p, 0, OP_STAR))
			value = column_tuple(p, true);
		else if (at_kind(p, 0, T_NUMBER))
			value = parse_number(p, false);
		else if (at_kind(p, 0, T_WORD) && parse_label(p, &part))
			value = &new_string(p, part.text, position)->ast;
		else if (!at_kind(p, 0, T_COMMA) && !at_kind(p, 0, T_RPAREN))
			value = parse_string_node(p);
		if (p->failed != OK)
			return false;
		push(p, &c->options, copy_option(p, lower.data, value));
	} while (accept(p, T_COMMA));
	return need(p, T_RPAREN);
}

/* [AS] 'x' */
static struct ast *copy_string(struct parser *p)
{
	(void)kw(p, KW_AS);
	return parse_string_node(p);
}

/* The options of old: BINARY, CSV HEADER, DELIMITER ',', NULL AS '' … */
static bool parse_old_copy_option(struct parser *p, struct ast_copy *c, bool *more)
{
	struct ast_setting *s = NULL;
	if (kw(p, KW_BINARY))
		s = copy_option(p, "format", &new_string(p, STR("binary"), here(p))->ast);
	else if (kw(p, KW_CSV))
		s = copy_option(p, "format", &new_string(p, STR("csv"), here(p))->ast);
	else if (kw(p, KW_HEADER))
		s = copy_option(p, "header", NULL);
	else if (kw(p, KW_FREEZE))
		s = copy_option(p, "freeze", NULL);
	else if (kw(p, KW_DELIMITER) || kw(p, KW_DELIMITERS))
		s = copy_option(p, "delimiter", copy_string(p));
	else if (kw(p, KW_NULL))
		s = copy_option(p, "null", copy_string(p));
	else if (kw(p, KW_QUOTE))
		s = copy_option(p, "quote", copy_string(p));
	else if (kw(p, KW_ESCAPE))
		s = copy_option(p, "escape", copy_string(p));
	else if (kw(p, KW_ENCODING))
		s = copy_option(p, "encoding", parse_string_node(p));
	else if (kw2(p, KW_FORCE, KW_QUOTE))
		s = copy_option(p, "force_quote", column_tuple(p, false));
	else if (kw3(p, KW_FORCE, KW_NOT, KW_NULL))
		s = copy_option(p, "force_not_null", column_tuple(p, false));
	else if (kw2(p, KW_FORCE, KW_NULL))
		s = copy_option(p, "force_null", column_tuple(p, false));
	else
		*more = false;
	if (s != NULL)
		push(p, &c->options, s);
	return p->failed == OK;
}

static struct ast *parse_copy(struct parser *p)
{
	struct ast_copy *c = NEW(p, COPY, copy);
	p->at++;
	if (kw(p, KW_BINARY))
		push(p, &c->options, copy_option(p, "format", &new_string(p, STR("binary"), here(p))->ast));
	if (at_kind(p, 0, T_LPAREN)) {
		p->at++;
		if ((c->query = parse_any_statement(p)) == NULL || !need(p, T_RPAREN))
			return NULL;
	} else {
		if (!parse_path(p, &c->table) || (at_kind(p, 0, T_LPAREN) && !parse_ident_parens(p, &c->columns)))
			return NULL;
	}
	c->from = kw(p, KW_FROM);
	if (!c->from && !need_kw(p, KW_TO))
		return NULL;
	c->program = kw(p, KW_PROGRAM);
	if (!c->program && kw_or(p, KW_STDIN, KW_STDOUT))
		c->standard = true;
	else if (!parse_string(p, &c->file))
		return NULL;
	(void)(kw(p, KW_USING) || kw(p, KW_WITH));
	if (at_kind(p, 0, T_LPAREN)) {
		if (!parse_copy_options(p, c))
			return NULL;
	} else {
		for (bool more = true; more;)
			if (!parse_old_copy_option(p, c, &more))
				return NULL;
	}
	if (c->from && kw(p, KW_WHERE) && (c->where = parse_expr(p)) == NULL)
		return NULL;
	return seal(p, c);
}

/* ---- DO, CALL, LISTEN, DISCARD ---- */

static struct ast *parse_do(struct parser *p)
{
	struct ast_do *d = NEW(p, DO, do);
	p->at++;
	while (at_kw(p, 0, KW_LANGUAGE) || d->body.data == NULL) {
		if (kw(p, KW_LANGUAGE) ? !parse_ident_or_string(p, &d->language) : !parse_string(p, &d->body))
			return NULL;
	}
	return seal(p, d);
}

static struct ast *parse_call_command(struct parser *p)
{
	struct ast_command_call *c = NEW(p, COMMAND_CALL, command_call);
	struct name name;
	p->at++;
	int position = here(p);
	if (!parse_path(p, &name) || !at_kind(p, 0, T_LPAREN))
		return fail(p);
	c->call = (struct ast_call *)parse_call_after_name(p, name, position);
	return c->call == NULL ? NULL : seal(p, c);
}

static struct ast *parse_notify(struct parser *p, enum notify_type type)
{
	struct ast_notify *n = NEW(p, NOTIFY, notify);
	n->type = type;
	p->at++;
	if (type == NOTIFY_UNLISTEN && accept_op(p, OP_STAR))
		return seal(p, n);
	if (!parse_ident(p, &n->channel))
		return NULL;
	if (type == NOTIFY_NOTIFY && accept(p, T_COMMA) && !parse_string(p, &n->payload))
		return NULL;
	return seal(p, n);
}

static struct ast *parse_discard(struct parser *p)
{
	struct ast_discard *d = NEW(p, DISCARD, discard);
	p->at++;
	if (kw(p, KW_ALL))
		d->what = STR("all");
	else if (kw(p, KW_PLANS))
		d->what = STR("plans");
	else if (kw(p, KW_SEQUENCES))
		d->what = STR("sequences");
	else if (kw_or(p, KW_TEMP, KW_TEMPORARY))
		d->what = STR("temp");
	else
		return fail(p);
	return seal(p, d);
}

/* ---- maintenance ---- */

static bool parse_maintained_tables(struct parser *p, struct ast_maintenance *m)
{
	if (!at_ident(p, 0))
		return true;
	do {
		struct ast_table *t = parse_table_name(p);
		if (t == NULL || (at_kind(p, 0, T_LPAREN) && !parse_ident_parens(p, &t->columns)))
			return false;
		push(p, &m->tables, seal(p, t));
	} while (accept(p, T_COMMA));
	return true;
}

static struct ast *parse_maintenance(struct parser *p, const char *command)
{
	struct ast_maintenance *m = NEW(p, MAINTENANCE, maintenance);
	static const enum keyword words[] = {KW_FULL, KW_FREEZE, KW_VERBOSE, KW_ANALYZE, KW_ANALYSE, KW_CONCURRENTLY};
	m->command = str_of(command);
	p->at++;
	if (at_kind(p, 0, T_LPAREN)) {
		struct ast_copy options = {.options = {NULL, 0, 0}};
		if (!parse_copy_options(p, &options))
			return NULL;
		m->options = options.options;
	}
	for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
		struct name_part part;
		if (at_kw(p, 0, words[i]) && parse_label(p, &part))
			push(p, &m->options, copy_option(p, lower_copy(p, part.text).data, NULL));
	}
	if (strcmp(command, "REINDEX") == 0) {
		if (!kw(p, KW_INDEX) && !kw(p, KW_TABLE) && !kw(p, KW_SCHEMA) && !kw(p, KW_DATABASE) && !need_kw(p, KW_SYSTEM))
			return NULL;
		(void)kw(p, KW_CONCURRENTLY);
	}
	if (!parse_maintained_tables(p, m))
		return NULL;
	struct str index;
	if (kw_or(p, KW_USING, KW_ON) && !parse_ident(p, &index))
		return NULL;
	return seal(p, m);
}

static struct ast *parse_refresh_view(struct parser *p)
{
	struct ast_maintenance *m = NEW(p, MAINTENANCE, maintenance);
	m->command = STR("REFRESH MATERIALIZED VIEW");
	p->at += 3;
	if (kw(p, KW_CONCURRENTLY))
		push(p, &m->options, copy_option(p, "concurrently", NULL));
	if (!parse_maintained_tables(p, m) || m->tables.count == 0)
		return fail(p);
	if (kw3(p, KW_WITH, KW_NO, KW_DATA))
		m->no_data = true;
	else
		(void)kw2(p, KW_WITH, KW_DATA);
	return seal(p, m);
}

/* Commands whose words are only kept: SECURITY LABEL, LOAD, REASSIGN OWNED, IMPORT FOREIGN SCHEMA. */
static struct ast *parse_kept(struct parser *p, const char *tag, unsigned words)
{
	struct ast_recorded *r = NEW(p, RECORDED, recorded);
	size_t start = p->at;
	p->at += words;
	r->tag = str_of(tag);
	r->text = rest_of_statement(p, start);
	return seal(p, r);
}

struct ast *parse_postgresql_command(struct parser *p, bool *taken)
{
	*taken = true;
	switch (peek(p)->code) {
	case KW_BEGIN: return parse_begin(p, false);
	case KW_START: return parse_begin(p, true);
	case KW_COMMIT: case KW_END: return parse_end(p, true);
	case KW_ROLLBACK: case KW_ABORT: return parse_end(p, false);
	case KW_SAVEPOINT: return parse_savepoint(p, TRANSACTION_SAVEPOINT);
	case KW_RELEASE: return parse_savepoint(p, TRANSACTION_RELEASE);
	case KW_LOCK: return parse_lock(p);
	case KW_DECLARE: return parse_declare(p);
	case KW_FETCH: return parse_fetch(p, false);
	case KW_MOVE: return parse_fetch(p, true);
	case KW_CLOSE: return parse_close(p);
	case KW_PREPARE: return parse_prepare(p);
	case KW_EXECUTE: return parse_execute(p);
	case KW_DEALLOCATE: return parse_deallocate(p);
	case KW_COPY: return parse_copy(p);
	case KW_DO: return parse_do(p);
	case KW_CALL: return parse_call_command(p);
	case KW_NOTIFY: return parse_notify(p, NOTIFY_NOTIFY);
	case KW_LISTEN: return parse_notify(p, NOTIFY_LISTEN);
	case KW_UNLISTEN: return parse_notify(p, NOTIFY_UNLISTEN);
	case KW_DISCARD: return parse_discard(p);
	case KW_VACUUM: return parse_maintenance(p, "VACUUM");
	case KW_ANALYZE: case KW_ANALYSE: return parse_maintenance(p, "ANALYZE");
	case KW_CLUSTER: return parse_maintenance(p, "CLUSTER");
	case KW_REINDEX: return parse_maintenance(p, "REINDEX");
	case KW_CHECKPOINT: return parse_maintenance(p, "CHECKPOINT");
	case KW_REFRESH:
		if (at_kw(p, 1, KW_MATERIALIZED) && at_kw(p, 2, KW_VIEW))
			return parse_refresh_view(p);
		break;
	case KW_SECURITY:
		if (at_kw(p, 1, KW_LABEL))
			return parse_kept(p, "SECURITY LABEL", 2);
		break;
	case KW_LOAD: return parse_kept(p, "LOAD", 1);
	case KW_REASSIGN: return parse_kept(p, "REASSIGN OWNED", 2);
	case KW_IMPORT: return parse_kept(p, "IMPORT FOREIGN SCHEMA", 3);
	default: break;
	}
	*taken = false;
	return NULL;
}

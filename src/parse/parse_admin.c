// SPDX-License-Identifier: Apache-2.0
/* Commands that look at things or keep them in order: USE, DESCRIBE, EXISTS, OPTIMIZE, CHECK, SYSTEM, KILL, BACKUP. */
#include "parse/parse_impl.h"

static struct ast *parse_use(struct parser *p)
{
	struct ast_use *u = NEW(p, USE, use);
	p->at++;
	(void)(at_kw(p, 0, KW_DATABASE) && at_ident(p, 1) && kw(p, KW_DATABASE));
	return parse_part(p, &u->name) ? seal(p, u) : NULL;
}

static struct ast *parse_reset(struct parser *p)
{
	struct ast_reset *r = NEW(p, RESET, reset);
	p->at++;
	if (kw(p, KW_ALL))
		return seal(p, r);
	if (kw2(p, KW_TIME, KW_ZONE))
		r->name = new_name(p, STR("timezone"));
	else if (kw3(p, KW_TRANSACTION, KW_ISOLATION, KW_LEVEL))
		r->name = new_name(p, STR("transaction_isolation"));
	else if (kw2(p, KW_SESSION, KW_AUTHORIZATION))
		r->name = new_name(p, STR("session_authorization"));
	else if (!parse_path(p, &r->name))
		return NULL;
	return seal(p, r);
}

/* ---- DESCRIBE and EXISTS ---- */

static struct ast *parse_describe(struct parser *p)
{
	struct ast_describe *d = NEW(p, DESCRIBE, describe);
	struct ast_list tables = {NULL, 0, 0};
	p->at++;
	(void)((at_ident(p, 1) || at_kind(p, 1, T_LPAREN)) && kw(p, KW_TABLE));
	/* a bare SELECT without parentheses too */
	if (at_query(p, 0)) {
		struct ast_table *t = NEW(p, TABLE, table);
		t->form = TABLE_SUBQUERY;
		if ((t->query = parse_query(p)) == NULL)
			return NULL;
		d->table = seal(p, t);
	} else {
		if (!parse_from_list(p, &tables) || tables.count != 1 || tables.items[0]->kind != AST_TABLE)
			return fail(p);
		d->table = (struct ast_table *)tables.items[0];
	}
	if (!accept_settings(p, &d->settings) || !accept_outfile(p, &d->outfile) || !accept_format(p, &d->format))
		return NULL;
	return accept_settings(p, &d->settings) ? seal(p, d) : NULL;
}

static struct ast *parse_exists(struct parser *p)
{
	struct ast_exists *e = NEW(p, EXISTS, exists);
	p->at++;
	e->temporary = kw(p, KW_TEMPORARY);
	e->object = OBJECT_TABLE;
	if (at_ident(p, 1) && kw(p, KW_VIEW))
		e->object = OBJECT_VIEW;
	else if (at_ident(p, 1) && kw(p, KW_DATABASE))
		e->object = OBJECT_DATABASE;
	else if (at_ident(p, 1) && kw(p, KW_DICTIONARY))
		e->object = OBJECT_DICTIONARY;
	else
		(void)(at_ident(p, 1) && kw(p, KW_TABLE));
	return parse_path(p, &e->name) && accept_format(p, &e->format) ? seal(p, e) : NULL;
}

/* ---- OPTIMIZE and CHECK ---- */

static bool accept_partition(struct parser *p, struct ast **partition, bool *part)
{
	if (at_kw(p, 0, KW_PART) && at_string(p, 1)) {
		p->at++;
		*part = true;
		return (*partition = parse_string_node(p)) != NULL;
	}
	return !kw(p, KW_PARTITION) || (*partition = parse_partition(p)) != NULL;
}

static struct ast *parse_optimize(struct parser *p)
{
	struct ast_optimize *o = NEW(p, OPTIMIZE, optimize);
	p->at++;
	(void)kw(p, KW_TABLE);
	if (!parse_path(p, &o->table) || !accept_on_cluster(p, &o->cluster)
		|| !accept_partition(p, &o->partition, &o->part))
		return NULL;
	o->dry_run = word_is(p, 0, "DRY") && word_is(p, 1, "RUN");
	p->at += o->dry_run ? 2 : 0;
	o->final = kw_or(p, KW_FINAL, KW_FORCE);
	if (kw(p, KW_DEDUPLICATE)) {
		o->deduplicate = true;
		if (kw(p, KW_BY) && !parse_select_items(p, &o->deduplicate_by))
			return NULL;
	}
	o->cleanup = kw(p, KW_CLEANUP);
	return accept_settings(p, &o->settings) ? seal(p, o) : NULL;
}

static struct ast *parse_check(struct parser *p)
{
	struct ast_check *c = NEW(p, CHECK, check);
	p->at++;
	if (kw2(p, KW_ALL, KW_TABLES))
		return accept_format(p, &c->format) && accept_settings(p, &c->settings) ? seal(p, c) : NULL;
	if (!need_kw(p, KW_TABLE) || !parse_path(p, &c->table) || !accept_partition(p, &c->partition, &c->part))
		return NULL;
	if (!accept_format(p, &c->format) || !accept_settings(p, &c->settings) || !accept_format(p, &c->format))
		return NULL;
	return seal(p, c);
}

/* ---- KILL ---- */

static struct ast *parse_kill(struct parser *p)
{
	struct ast_kill *k = NEW(p, KILL, kill);
	p->at++;
	if (kw(p, KW_QUERY))
		k->type = KILL_QUERY;
	else if (kw(p, KW_MUTATION))
		k->type = KILL_MUTATION;
	else if (word(p, "PART_MOVE_TO_SHARD"))
		k->type = KILL_PART_MOVE;
	else if (kw(p, KW_TRANSACTION))
		k->type = KILL_TRANSACTION;
	else
		return fail(p);
	if (!accept_on_cluster(p, &k->cluster) || !need_kw(p, KW_WHERE) || (k->where = parse_expr(p)) == NULL)
		return NULL;
	k->sync = kw(p, KW_SYNC);
	if (!k->sync && !kw(p, KW_ASYNC))
		k->test = kw(p, KW_TEST);
	return accept_format(p, &k->format) ? seal(p, k) : NULL;
}

/* ---- SYSTEM ---- */

/* How many of the next words belong to the command, by the longest known beginning. */
static size_t system_words(struct parser *p)
{
	static const char *const commands[] = {
#define SYSTEM_COMMAND(words) words,
#include "parse/system_command.def"
#undef SYSTEM_COMMAND
	};
	size_t best = 0;
	for (size_t i = 0; i < ARRAY_COUNT(commands); i++) {
		const char *w = commands[i];
		size_t n = 0;
		while (*w != '\0') {
			size_t length = strcspn(w, " ");
			const struct token *t = peek_at(p, n);
			if (t->kind != T_WORD || !str_eq_nocase(token_source(p, t), str_make(w, length)))
				break;
			n++;
			w += length + (w[length] == ' ');
		}
		if (*w == '\0' && n > best)
			best = n;
	}
	return best;
}

static struct ast *parse_system(struct parser *p)
{
	struct ast_system *s = NEW(p, SYSTEM, system);
	p->at++;
	size_t words = system_words(p);
	if (words == 0)
		return fail(p);
	struct strbuf b;
	strbuf_init(&b, NULL);
	for (size_t i = 0; i < words; i++) {
		if (i != 0)
			strbuf_putc(&b, ' ');
		strbuf_puts(&b, token_source(p, peek_at(p, i)));
	}
	s->command = upper_copy(p, strbuf_str(&b));
	strbuf_fini(&b);
	p->at += words;
	if (!accept_on_cluster(p, &s->cluster))
		return NULL;
	if (at_ident(p, 0) && !at_kw(p, 0, KW_SETTINGS) && !at_kw(p, 0, KW_WITH) && !at_kw(p, 0, KW_FOR) &&
	    !at_kw(p, 0, KW_FROM)
		&& !parse_path(p, &s->name))
		return NULL;
	if (!accept_on_cluster(p, &s->cluster))
		return NULL;
	(void)(s->name.count != 0 && accept(p, T_COMMA)); /* FLUSH LOGS a, b */
	/* what follows is words, names and strings in each command's own order */
	while (!at_kind(p, 0, T_END) && !at_kind(p, 0, T_SEMICOLON) && !at_kw(p, 0, KW_SETTINGS)) {
		int position = here(p);
		struct name name;
		struct ast *arg;
		if (at_kind(p, 0, T_WORD) || at_ident(p, 0)) {
			if (!parse_path(p, &name))
				return NULL;
			arg = &new_identifier(p, name, position)->ast;
		} else if (at_kind(p, 0, T_NUMBER)) {
			arg = parse_number(p, false);
		} else {
			arg = parse_string_node(p);
		}
		if (arg == NULL)
			return NULL;
		push(p, &s->args, arg);
		(void)accept(p, T_COMMA);
	}
	return accept_settings(p, &s->settings) ? seal(p, s) : NULL;
}

/* ---- BACKUP and RESTORE ---- */

static struct ast *parse_backup_element(struct parser *p)
{
	struct ast_recorded *r = NEW(p, RECORDED, recorded);
	(void)kw(p, KW_TEMPORARY);
	if (kw(p, KW_ALL)) {
		(void)kw(p, KW_TABLES);
		r->tag = STR("ALL");
	} else if (!accept_object_type(p, &r->object) || !parse_path(p, &r->name)) {
		return fail(p);
	}
	size_t from = p->at;
	unsigned parens = 0;
	while (!at_kind(p, 0, T_END) && !at_kind(p, 0, T_SEMICOLON) && !at_kw(p, 0, KW_TO) && !at_kw(p, 0, KW_FROM) &&
	       !at_kw(p, 0, KW_ON)) {
		enum object_type next;
		struct attempt a = attempt_begin(p);
		if (at_kind(p, 0, T_COMMA) && parens == 0) {
			p->at++;
			bool begins = at_kw(p, 0, KW_ALL) || at_kw(p, 0, KW_TEMPORARY) || accept_object_type(p, &next);
			attempt_undo(p, a);
			if (begins)
				break;
		}
		parens += at_kind(p, 0, T_LPAREN);
		parens -= at_kind(p, 0, T_RPAREN) && parens != 0;
		p->at++;
	}
	r->text = source_between(p, from, p->at);
	return seal(p, r);
}

static struct ast *parse_backup(struct parser *p, bool restore)
{
	struct ast_backup *b = NEW(p, BACKUP, backup);
	b->restore = restore;
	p->at++;
	do {
		struct ast *e = parse_backup_element(p);
		if (e == NULL)
			return NULL;
		push(p, &b->elements, e);
	} while (accept(p, T_COMMA));
	if (!accept_on_cluster(p, &b->cluster) || !need_kw(p, restore ? KW_FROM : KW_TO))
		return NULL;
	if ((b->location = parse_engine_call(p)) == NULL || !accept_settings(p, &b->settings))
		return NULL;
	b->async = kw(p, KW_ASYNC);
	if (!b->async)
		(void)kw(p, KW_SYNC);
	return accept_format(p, &b->format) ? seal(p, b) : NULL;
}

struct ast *parse_admin_command(struct parser *p, bool *taken)
{
	*taken = true;
	switch (peek(p)->code) {
	case KW_SET: p->at++; return parse_set(p);
	case KW_SHOW: p->at++; return parse_show(p);
	case KW_RESET: return parse_reset(p);
	case KW_USE: return parse_use(p);
	case KW_DESCRIBE: case KW_DESC: return parse_describe(p);
	case KW_EXISTS: return parse_exists(p);
	case KW_OPTIMIZE: return parse_optimize(p);
	case KW_CHECK: return parse_check(p);
	case KW_KILL: return parse_kill(p);
	case KW_SYSTEM: return parse_system(p);
	case KW_BACKUP: return parse_backup(p, false);
	case KW_RESTORE: return parse_backup(p, true);
	default: break;
	}
	*taken = false;
	return NULL;
}

// SPDX-License-Identifier: Apache-2.0
/* DROP, DETACH, UNDROP, RENAME, EXCHANGE, TRUNCATE, COMMENT ON. */
#include "parse/parse_impl.h"

/* ---- DROP and DETACH ---- */

static struct ast *parse_dropped_name(struct parser *p, enum object_type type)
{
	struct name name;
	int position = here(p);
	if (type == OBJECT_USER || type == OBJECT_ROLE || type == OBJECT_GROUP) {
		struct name_part *part = ARENA_NEW(p->arena, struct name_part);
		part->quoted = at_string(p, 0);
		if (part->quoted ? !parse_string(p, &part->text) : !parse_label(p, part))
			return NULL;
		return &new_identifier(p, (struct name){part, 1}, position)->ast;
	}
	if (!parse_path(p, &name))
		return NULL;
	if (at_kind(p, 0, T_LPAREN)) {
		struct ast_call *f = NEW_AT(p, CALL, call, position);
		f->name = name;
		return parse_function_args(p, &f->args) ? seal(p, f) : NULL;
	}
	return &new_identifier(p, name, position)->ast;
}

static bool parse_drop_tail(struct parser *p, struct ast_drop *d)
{
	for (;;) {
		if (kw(p, KW_CASCADE))
			d->cascade = true;
		else if (kw(p, KW_PERMANENTLY))
			d->permanently = true;
		else if (kw(p, KW_SYNC) || (word_is(p, 0, "NO") && word_is(p, 1, "DELAY"))) {
			if (word_is(p, 0, "NO"))
				p->at += 2;
			d->sync = true;
		} else if (at_kw(p, 0, KW_ON) && at_kw(p, 1, KW_CLUSTER)) {
			if (!accept_on_cluster(p, &d->cluster))
				return false;
		} else if (!kw(p, KW_RESTRICT)) {
			return accept_settings(p, &d->settings);
		}
	}
}

struct ast *parse_drop(struct parser *p, bool detach)
{
	struct ast_drop *d = NEW(p, DROP, drop);
	size_t start = p->at - 1;
	d->detach = detach;
	d->temporary = kw_or(p, KW_TEMPORARY, KW_TEMP);
	(void)(kw(p, KW_TRUSTED) || kw(p, KW_PROCEDURAL));
	if (word_is(p, 0, "OWNED") && !detach)
		return parse_recorded(p, "DROP", OBJECT_NONE, start);
	if (!accept_object_type(p, &d->object)) {
		if (!detach)
			return fail(p);
		d->object = OBJECT_TABLE;
	}
	switch (d->object) {
	case OBJECT_CAST: case OBJECT_OPERATOR: case OBJECT_OPERATOR_CLASS: case OBJECT_OPERATOR_FAMILY:
	case OBJECT_TRANSFORM: case OBJECT_USER_MAPPING:
		return parse_recorded(p, "DROP", d->object, start);
	default: break;
	}
	d->concurrently = kw(p, KW_CONCURRENTLY);
	d->if_exists = accept_if_exists(p);
	d->if_empty = !d->if_exists && kw2(p, KW_IF, KW_EMPTY);
	do {
		struct ast *n = parse_dropped_name(p, d->object);
		if (n == NULL)
			return NULL;
		push(p, &d->names, n);
	} while (accept(p, T_COMMA));
	if (at_kw(p, 0, KW_ON) && !at_kw(p, 1, KW_CLUSTER)) {
		p->at++;
		if (at_op(p, 0, OP_STAR)) /* ROW POLICY p ON * */
			p->at++;
		else if (!parse_path(p, &d->on))
			return NULL;
	}
	return parse_drop_tail(p, d) ? seal(p, d) : NULL;
}

struct ast *parse_undrop(struct parser *p)
{
	struct ast_undrop *u = NEW(p, UNDROP, undrop);
	if (!need_kw(p, KW_TABLE) || !parse_path(p, &u->name))
		return NULL;
	if (at_kw(p, 0, KW_UUID) && at_string(p, 1)) {
		p->at++;
		u->uuid = parse_string_node(p);
	}
	return accept_on_cluster(p, &u->cluster) ? seal(p, u) : NULL;
}

/* ---- RENAME and EXCHANGE ---- */

struct ast *parse_rename(struct parser *p, bool exchange)
{
	struct ast_rename *r = NEW(p, RENAME, rename);
	r->exchange = exchange;
	r->object = OBJECT_TABLE;
	if (exchange) {
		if (kw(p, KW_DICTIONARIES))
			r->object = OBJECT_DICTIONARY;
		else if (!need_kw(p, KW_TABLES))
			return NULL;
	} else if (kw(p, KW_DATABASE)) {
		r->object = OBJECT_DATABASE;
	} else if (kw(p, KW_DICTIONARY)) {
		r->object = OBJECT_DICTIONARY;
	} else if (kw(p, KW_VIEW)) {
		r->object = OBJECT_VIEW;
	} else {
		(void)kw(p, KW_TABLE);
	}
	r->if_exists = accept_if_exists(p);
	do {
		struct ast_rename_pair *pair = NEW(p, RENAME_PAIR, rename_pair);
		if (!parse_path(p, &pair->from) || !need_kw(p, exchange ? KW_AND : KW_TO) || !parse_path(p, &pair->to))
			return NULL;
		push(p, &r->pairs, seal(p, pair));
	} while (accept(p, T_COMMA));
	return accept_on_cluster(p, &r->cluster) && accept_settings(p, &r->settings) ? seal(p, r) : NULL;
}

/* ---- TRUNCATE ---- */

static struct ast *parse_truncate_all(struct parser *p, struct ast_truncate *t)
{
	t->all_tables = true;
	if (!kw(p, KW_FROM) && !need_kw(p, KW_IN))
		return NULL;
	struct ast_table *db = parse_table_name(p);
	if (db == NULL)
		return NULL;
	push(p, &t->tables, seal(p, db));
	t->not_like = at_kw(p, 0, KW_NOT) && kw(p, KW_NOT);
	t->case_insensitive = kw(p, KW_ILIKE);
	if ((t->case_insensitive || kw(p, KW_LIKE)) && (t->like = parse_string_node(p)) == NULL)
		return NULL;
	return accept_on_cluster(p, &t->cluster) && accept_settings(p, &t->settings) ? seal(p, t) : NULL;
}

struct ast *parse_truncate(struct parser *p)
{
	struct ast_truncate *t = NEW(p, TRUNCATE, truncate);
	t->object = OBJECT_TABLE;
	if (at_kw(p, 0, KW_ALL) && at_kw(p, 1, KW_TABLES)) {
		p->at += 2;
		t->all_word = true;
		return parse_truncate_all(p, t);
	}
	if (at_kw(p, 0, KW_TABLES) && (at_kw(p, 1, KW_FROM) || at_kw(p, 1, KW_IN))) {
		p->at++;
		return parse_truncate_all(p, t);
	}
	t->temporary = kw(p, KW_TEMPORARY);
	if (at_kw(p, 0, KW_DATABASE) && at_ident(p, 1) && kw(p, KW_DATABASE))
		t->object = OBJECT_DATABASE;
	else
		(void)kw(p, KW_TABLE);
	t->if_exists = accept_if_exists(p);
	t->if_empty = !t->if_exists && kw2(p, KW_IF, KW_EMPTY);
	do {
		struct ast_table *table = parse_table_name(p);
		if (table == NULL)
			return NULL;
		push(p, &t->tables, seal(p, table));
	} while (accept(p, T_COMMA));
	if (!accept_on_cluster(p, &t->cluster))
		return NULL;
	if (kw2(p, KW_RESTART, KW_IDENTITY))
		t->restart_identity = true;
	else
		(void)kw2(p, KW_CONTINUE, KW_IDENTITY);
	t->cascade = kw(p, KW_CASCADE);
	if (!t->cascade)
		(void)kw(p, KW_RESTRICT);
	t->sync = kw(p, KW_SYNC);
	return accept_settings(p, &t->settings) ? seal(p, t) : NULL;
}

/* ---- COMMENT ON ---- */

struct ast *parse_comment(struct parser *p)
{
	struct ast_comment *c = NEW(p, COMMENT, comment);
	size_t start = p->at - 1;
	if (!need_kw(p, KW_ON) || !accept_object_type(p, &c->object))
		return fail(p);
	switch (c->object) {
	case OBJECT_CAST: case OBJECT_OPERATOR: case OBJECT_OPERATOR_CLASS: case OBJECT_OPERATOR_FAMILY:
	case OBJECT_LARGE_OBJECT:
	case OBJECT_TRANSFORM: {
		struct ast_recorded *r = NEW(p, RECORDED, recorded);
		r->tag = STR("COMMENT");
		r->object = c->object;
		r->text = rest_of_statement(p, start);
		return seal(p, r);
	}
	default: break;
	}
	if (!parse_path(p, &c->name))
		return NULL;
	if (at_kind(p, 0, T_LPAREN) && !parse_function_args(p, &c->args))
		return NULL;
	if (kw(p, KW_ON)) {
		(void)kw(p, KW_DOMAIN);
		if (!parse_path(p, &c->on))
			return NULL;
	} else if (kw(p, KW_USING) && !parse_path(p, &c->on)) {
		return NULL;
	}
	if (!need_kw(p, KW_IS))
		return NULL;
	if (kw(p, KW_NULL)) {
		struct ast_literal *l = NEW(p, LITERAL, literal);
		l->ast.depth = 1;
		c->text = &l->ast;
	} else if ((c->text = parse_string_node(p)) == NULL) {
		return NULL;
	}
	return seal(p, c);
}

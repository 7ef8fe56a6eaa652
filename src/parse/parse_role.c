// SPDX-License-Identifier: Apache-2.0
/* Users, roles, GRANT and REVOKE of both languages. */
#include "parse/parse_impl.h"

/* ---- lists of roles ---- */

static bool parse_role_name(struct parser *p, struct ast_list *out)
{
	struct name_part *part = ARENA_NEW(p->arena, struct name_part);
	int position = here(p);
	if (at_string(p, 0)) {
		part->quoted = true;
		if (!parse_string(p, &part->text))
			return false;
	} else if (!parse_label(p, part)) {
		return false;
	}
	/* user@host */
	if (at_op(p, 0, OP_OTHER) && str_eq(token_source(p, peek(p)), STR("@"))) {
		struct str host;
		p->at++;
		if (!parse_ident_or_string(p, &host))
			return false;
		part->text = arena_strf(p->arena, "%.*s@%.*s", STR_ARG(part->text), STR_ARG(host));
		part->quoted = true;
	}
	push(p, out, new_identifier(p, (struct name){part, 1}, position));
	return true;
}

struct ast_principals *parse_principals(struct parser *p)
{
	struct ast_principals *r = NEW(p, PRINCIPALS, principals);
	if (kw(p, KW_NONE)) {
		r->none = true;
		return seal(p, r);
	}
	if (kw_or(p, KW_ALL, KW_ANY)) {
		r->all = true;
	} else {
		do {
			(void)(!is_clickhouse(p) && at_kw(p, 0, KW_GROUP) && at_ident(p, 1) && kw(p, KW_GROUP));
			if (!parse_role_name(p, &r->names))
				return NULL;
		} while (accept(p, T_COMMA));
	}
	if (kw(p, KW_EXCEPT))
		do
			if (!parse_role_name(p, &r->except))
				return NULL;
		while (accept(p, T_COMMA));
	return seal(p, r);
}

/* ---- CREATE and ALTER USER, ROLE ---- */

static void add_setting(struct parser *p, struct ast_list *out, const char *name, struct ast *value)
{
	struct ast_setting *s = NEW(p, SETTING, setting);
	s->name = new_name(p, str_of(name));
	s->value = value;
	push(p, out, seal(p, s));
}

static bool parse_identified(struct parser *p, struct ast_role *r)
{
	if (kw(p, KW_WITH)) {
		if (at_string(p, 0) ? !parse_string(p, &r->auth_method) : !parse_ident(p, &r->auth_method))
			return false;
		r->auth_method = lower_copy(p, r->auth_method);
	}
	if (kw(p, KW_BY)) {
		if ((r->auth_value = parse_string_node(p)) == NULL)
			return false;
	}
	/* SALT '…', SERVER '…', CN '…', REALM '…' and the like */
	while (at_string(p, 1) && (word_is(p, 0, "SALT") || word_is(p, 0, "SERVER") || word_is(p, 0, "CN")
		|| word_is(p, 0, "SAN") || word_is(p, 0, "REALM") || word_is(p, 0, "SCHEME"))) {
		struct str name = lower_copy(p, token_source(p, peek(p)));
		p->at++;
		struct ast *value = parse_string_node(p);
		if (value == NULL)
			return false;
		add_setting(p, &r->options, name.data, value);
	}
	return true;
}

static bool parse_host(struct parser *p, struct ast_role *r)
{
	r->host_clause = true;
	do {
		if (kw(p, KW_ANY)) {
			add_setting(p, &r->hosts, "any", NULL);
		} else if (kw(p, KW_LOCAL)) {
			add_setting(p, &r->hosts, "local", NULL);
		} else if (kw(p, KW_NONE)) {
			add_setting(p, &r->hosts, "none", NULL);
		} else if (at_kind(p, 0, T_WORD) && at_string(p, 1)) {
			struct str kind = lower_copy(p, token_source(p, peek(p)));
			p->at++;
			do
				add_setting(p, &r->hosts, kind.data, parse_string_node(p));
			while (at_string(p, 1) && accept(p, T_COMMA));
		} else {
			return fail(p) != NULL;
		}
	} while (accept(p, T_COMMA));
	return p->failed == OK;
}

/* name [= value] [MIN v] [MAX v] [READONLY|CONST|WRITABLE], PROFILE 'x': bounds become settings named a.min, a.max … */
static bool parse_profile_setting(struct parser *p, struct ast_role *r)
{
	struct ast_setting *s = NEW(p, SETTING, setting);
	if (at_kw(p, 0, KW_PROFILE) || word_is(p, 0, "INHERIT")) {
		struct str profile;
		p->at++;
		int position = here(p);
		if (!parse_ident_or_string(p, &profile))
			return false;
		add_setting(p, &r->settings, "profile", &new_string(p, profile, position)->ast);
		return true;
	}
	if (!parse_path(p, &s->name))
		return false;
	if (accept_op(p, OP_EQ) && (s->value = parse_expr_above(p, PREC_RANGE)) == NULL)
		return false;
	push(p, &r->settings, seal(p, s));
	for (;;) {
		static const char *const words[] = {"MIN", "MAX", "READONLY", "CONST", "WRITABLE", "CHANGEABLE_IN_READONLY"};
		size_t i = 0;
		while (i < ARRAY_COUNT(words) && !word_is(p, 0, words[i]))
			i++;
		if (i == ARRAY_COUNT(words))
			return true;
		p->at++;
		struct ast *value = NULL;
		(void)(i < 2 && accept_op(p, OP_EQ));
		if (i < 2 && (value = parse_expr_above(p, PREC_RANGE)) == NULL)
			return false;
		struct name_part *parts = ARENA_ARRAY(p->arena, struct name_part, 2);
		struct ast_setting *bound = NEW(p, SETTING, setting);
		parts[0] = s->name.parts[0];
		parts[1].text = lower_copy(p, str_of(words[i]));
		bound->name = (struct name){parts, 2};
		bound->value = value;
		push(p, &r->settings, seal(p, bound));
	}
}

/* SUPERUSER, NOLOGIN, PASSWORD 'x', CONNECTION LIMIT 5, VALID UNTIL '…', IN ROLE a … */
static bool parse_role_option(struct parser *p, struct ast_role *r, bool *more)
{
	if (kw(p, KW_ENCRYPTED) || at_kw(p, 0, KW_PASSWORD)) {
		if (!need_kw(p, KW_PASSWORD))
			return false;
		if (kw(p, KW_NULL)) {
			r->not_identified = true;
			return true;
		}
		r->auth_method = STR("password");
		return (r->auth_value = parse_string_node(p)) != NULL;
	}
	if (kw2(p, KW_CONNECTION, KW_LIMIT)) {
		add_setting(p, &r->options, "connection limit", parse_expr_above(p, PREC_UNARY));
		return p->failed == OK;
	}
	if (kw2(p, KW_VALID, KW_UNTIL)) {
		add_setting(p, &r->options, "valid until", parse_string_node(p));
		return p->failed == OK;
	}
	bool in = at_kw(p, 0, KW_IN) && (at_kw(p, 1, KW_ROLE) || at_kw(p, 1, KW_GROUP));
	if (in || at_kw(p, 0, KW_ROLE) || at_kw(p, 0, KW_ADMIN) || at_kw(p, 0, KW_USER)) {
		const char *name = in ? "in role" : at_kw(p, 0, KW_ADMIN) ? "admin" : "role";
		p->at += in ? 2 : 1;
		struct ast_call *list = new_call(p, "tuple", CALL_PARENS, here(p));
		if (!parse_ident_list(p, &list->args))
			return false;
		add_setting(p, &r->options, name, seal(p, list));
		return true;
	}
	static const char *const words[] = {
		"SUPERUSER", "NOSUPERUSER", "CREATEDB", "NOCREATEDB", "CREATEROLE", "NOCREATEROLE", "INHERIT", "NOINHERIT",
			"LOGIN",
			"NOLOGIN",
		"REPLICATION", "NOREPLICATION", "BYPASSRLS", "NOBYPASSRLS", "CREATEUSER", "NOCREATEUSER",
	};
	for (size_t i = 0; i < ARRAY_COUNT(words); i++)
		if (word(p, words[i])) {
			add_setting(p, &r->options, lower_copy(p, str_of(words[i])).data, NULL);
			return true;
		}
	*more = false;
	return p->failed == OK;
}

static bool parse_role_clause(struct parser *p, struct ast_role *r, bool *more)
{
	struct str text;
	if (kw2(p, KW_NOT, KW_IDENTIFIED)) {
		r->not_identified = true;
		return true;
	}
	if (kw(p, KW_IDENTIFIED))
		return parse_identified(p, r);
	if (kw(p, KW_HOST))
		return parse_host(p, r);
	if (kw2(p, KW_DEFAULT, KW_ROLE))
		return (r->default_roles = (struct ast *)parse_principals(p)) != NULL;
	if (kw2(p, KW_DEFAULT, KW_DATABASE)) {
		if (kw(p, KW_NONE))
			return true;
		return parse_ident_or_string(p, &r->default_database);
	}
	if (kw(p, KW_GRANTEES))
		return (r->grantees = (struct ast *)parse_principals(p)) != NULL;
	if (kw(p, KW_SETTINGS)) {
		if (kw(p, KW_NONE))
			return true;
		do
			if (!parse_profile_setting(p, r))
				return false;
		while (accept(p, T_COMMA));
		return true;
	}
	if (r->alter && kw2(p, KW_RENAME, KW_TO))
		return parse_path(p, &r->rename);
	if (r->alter && at_kw(p, 0, KW_SET)) {
		p->at++;
		struct ast *set = parse_set(p);
		if (set == NULL || set->kind != AST_SET)
			return fail(p) != NULL;
		r->settings = ((struct ast_set *)set)->settings;
		return true;
	}
	if (r->alter && kw(p, KW_RESET)) {
		struct name name = {NULL, 0};
		if (!kw(p, KW_ALL) && !parse_path(p, &name))
			return false;
		struct ast_setting *s = NEW(p, SETTING, setting);
		s->name = name.count == 0 ? new_name(p, STR("all")) : name;
		s->is_default = true;
		push(p, &r->settings, seal(p, s));
		return true;
	}
	if (is_clickhouse(p) && kw(p, KW_IN))
		return parse_ident_or_string(p, &text);
	if (r->alter && kw2(p, KW_IN, KW_DATABASE))
		return parse_path(p, &r->in_database);
	(void)(!is_clickhouse(p) && kw(p, KW_WITH));
	return parse_role_option(p, r, more);
}

struct ast *parse_role(struct parser *p, enum object_type type, bool alter, bool or_replace)
{
	struct ast_role *r = NEW(p, ROLE, role);
	r->object = type;
	r->alter = alter;
	r->or_replace = or_replace;
	if (alter)
		r->if_exists = accept_if_exists(p);
	else {
		r->if_not_exists = accept_if_not_exists(p);
		r->or_replace |= kw2(p, KW_OR, KW_REPLACE);
	}
	do
		if (!parse_role_name(p, &r->names))
			return NULL;
	while (accept(p, T_COMMA));
	if (!accept_on_cluster(p, &r->cluster))
		return NULL;
	for (bool more = true; more;)
		if (!parse_role_clause(p, r, &more))
			return NULL;
	return seal(p, r);
}

/* ---- GRANT and REVOKE ---- */

/* Words up to a comma, a parenthesis, ON, TO or FROM: a privilege or a role. */
static struct ast *parse_privilege(struct parser *p, bool revoke)
{
	struct ast_privilege *g = NEW(p, PRIVILEGE, privilege);
	size_t from = p->at;
	while ((at_kind(p, 0, T_WORD) || at_ident(p, 0)) && !at_kw(p, 0, KW_ON) && !at_kw(p, 0, KW_TO) &&
	       !(revoke && at_kw(p, 0, KW_FROM)))
		p->at++;
	if (p->at == from)
		return fail(p);
	/* a quoted or single word may be a role: its own spelling is kept by the caller */
	struct strbuf b;
	strbuf_init(&b, NULL);
	for (size_t i = from; i < p->at; i++) {
		if (i != from)
			strbuf_putc(&b, ' ');
		strbuf_puts(&b, token_source(p, &p->tokens[i]));
	}
	g->name = upper_copy(p, strbuf_str(&b));
	strbuf_fini(&b);
	if (at_kind(p, 0, T_LPAREN) && !parse_ident_parens(p, &g->columns))
		return NULL;
	return seal(p, g);
}

/* *.*, db.*, *, db.t, t */
static struct ast *parse_grant_object(struct parser *p)
{
	int position = here(p);
	struct name name = {NULL, 0};
	if (at_op(p, 0, OP_STAR)) {
		struct ast_asterisk *a = NEW(p, ASTERISK, asterisk);
		p->at++;
		if (accept(p, T_DOT)) {
			if (!accept_op(p, OP_STAR))
				return fail(p);
			a->qualifier = new_name(p, STR("*"));
		}
		return seal(p, a);
	}
	size_t count = 0, capacity = 0;
	struct name_part part;
	do {
		if (count != 0 && at_op(p, 0, OP_STAR)) {
			struct ast_asterisk *a = NEW_AT(p, ASTERISK, asterisk, position);
			p->at++;
			name.count = (unsigned)count;
			a->qualifier = name;
			return seal(p, a);
		}
		if (!parse_label(p, &part))
			return NULL;
		ARENA_PUSH(p->arena, name.parts, count, capacity, part);
	} while (accept(p, T_DOT));
	name.count = (unsigned)count;
	if (at_kind(p, 0, T_LPAREN)) {
		struct ast_call *f = NEW_AT(p, CALL, call, position);
		f->name = name;
		return parse_function_args(p, &f->args) ? seal(p, f) : NULL;
	}
	return &new_identifier(p, name, position)->ast;
}

static bool parse_grant_target(struct parser *p, struct ast_grant *g)
{
	if (kw(p, KW_ALL)) {
		/* ALL TABLES IN SCHEMA a, b */
		g->all_in_schema = true;
		if (kw(p, KW_TABLES))
			g->object = OBJECT_TABLE;
		else if (kw(p, KW_SEQUENCES))
			g->object = OBJECT_SEQUENCE;
		else if (kw(p, KW_FUNCTIONS) || kw(p, KW_ROUTINES))
			g->object = OBJECT_FUNCTION;
		else if (kw(p, KW_PROCEDURES))
			g->object = OBJECT_PROCEDURE;
		else
			return fail(p) != NULL;
		return need_kw(p, KW_IN) && need_kw(p, KW_SCHEMA) && parse_path_list(p, &g->objects);
	}
	enum object_type type = OBJECT_TABLE;
	struct attempt a = attempt_begin(p);
	if (accept_object_type(p, &type) && !at_ident(p, 0) && !at_kind(p, 0, T_NUMBER)) {
		attempt_undo(p, a);
		type = OBJECT_TABLE;
	}
	g->object = type;
	do {
		struct ast *o;
		if (at_kind(p, 0, T_NUMBER))
			o = parse_number(p, false); /* LARGE OBJECT 5 */
		else
			o = parse_grant_object(p);
		if (o == NULL)
			return false;
		push(p, &g->objects, o);
	} while (accept(p, T_COMMA));
	return true;
}

/* The items were roles, not privileges: give them their own spelling back. */
static bool privileges_to_roles(struct parser *p, struct ast_grant *g, size_t from)
{
	size_t end = p->at;
	g->privileges = (struct ast_list){NULL, 0, 0};
	g->is_role = true;
	p->at = from;
	do
		if (!parse_role_name(p, &g->privileges))
			return false;
	while (accept(p, T_COMMA));
	return p->at == end || fail(p) != NULL;
}

struct ast *parse_grant(struct parser *p, bool revoke)
{
	struct ast_grant *g = NEW(p, GRANT, grant);
	g->revoke = revoke;
	if (!accept_on_cluster(p, &g->cluster))
		return NULL;
	if (revoke && (kw2(p, KW_GRANT, KW_OPTION) || kw2(p, KW_ADMIN, KW_OPTION))) {
		g->option_only = true;
		if (!need_kw(p, KW_FOR))
			return NULL;
	}
	g->current_grants = kw2(p, KW_CURRENT, KW_GRANTS);
	if (g->current_grants && !at_kind(p, 0, T_LPAREN) && !at_kw(p, 0, KW_ON) && !at_kw(p, 0, KW_TO))
		return fail(p);
	size_t from = p->at;
	if (!g->current_grants)
		do {
			struct ast *item = parse_privilege(p, revoke);
			if (item == NULL)
				return NULL;
			push(p, &g->privileges, item);
		} while (accept(p, T_COMMA));
	if (kw(p, KW_ON)) {
		if (!parse_grant_target(p, g))
			return NULL;
	} else if (!g->current_grants && !privileges_to_roles(p, g, from)) {
		return NULL;
	}
	if (!need_kw(p, revoke ? KW_FROM : KW_TO) || (g->to = parse_principals(p)) == NULL)
		return NULL;
	for (bool more = true; more;) {
		if (kw3(p, KW_WITH, KW_GRANT, KW_OPTION) || kw3(p, KW_WITH, KW_ADMIN, KW_OPTION))
			g->with_option = true;
		else if (kw3(p, KW_WITH, KW_REPLACE, KW_OPTION))
			g->replace = true;
		else if (kw(p, KW_CASCADE))
			g->cascade = true;
		else if (kw2(p, KW_GRANTED, KW_BY)) {
			struct ast_list by = {NULL, 0, 0};
			if (!parse_role_name(p, &by))
				return NULL;
			g->granted_by = name_last(&((struct ast_identifier *)by.items[0])->name);
		} else
			more = kw(p, KW_RESTRICT);
	}
	return p->failed == OK ? seal(p, g) : NULL;
}

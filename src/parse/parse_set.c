// SPDX-License-Identifier: Apache-2.0
/* SET, RESET and SHOW of both languages. */
#include "parse/parse_impl.h"

/* ---- values ---- */

/* Words may stand bare as values in PostgreSQL: SET x TO on, SET search_path TO a, "B". */
static struct ast *parse_set_value(struct parser *p)
{
	bool bare = at_kind(p, 0, T_WORD) && !at_kind(p, 1, T_LPAREN) && !at_kind(p, 1, T_DOT) && !at_string(p, 1)
		&& !at_kw(p, 0, KW_TRUE) && !at_kw(p, 0, KW_FALSE) && !at_kw(p, 0, KW_NULL);
	if (!is_clickhouse(p) && bare) {
		struct name_part *part = ARENA_NEW(p->arena, struct name_part);
		int position = here(p);
		if (!parse_label(p, part))
			return NULL;
		return &new_identifier(p, (struct name){part, 1}, position)->ast;
	}
	return parse_expr_above(p, PREC_RANGE);
}

/* a [, b]: one value, or a tuple of them */
static bool parse_set_values(struct parser *p, struct ast_setting *s)
{
	if (at_kw(p, 0, KW_DEFAULT) && !at_kind(p, 1, T_LPAREN)) {
		p->at++;
		s->is_default = true;
		return true;
	}
	int position = here(p);
	if ((s->value = parse_set_value(p)) == NULL)
		return false;
	if (!at_kind(p, 0, T_COMMA) || is_clickhouse(p) || (at_ident(p, 1) && (at_op(p, 2, OP_EQ) || at_kw(p, 2, KW_TO))))
		return true;
	struct ast_call *list = new_call(p, "tuple", CALL_PARENS, position);
	push(p, &list->args, s->value);
	while (accept(p, T_COMMA)) {
		struct ast *v = parse_set_value(p);
		if (v == NULL)
			return false;
		push(p, &list->args, v);
	}
	s->value = seal(p, list);
	return p->failed == OK;
}

static struct ast *one_setting(struct parser *p, enum set_scope scope, const char *name, struct ast *value)
{
	struct ast_set *set = NEW(p, SET, set);
	struct ast_setting *s = NEW(p, SETTING, setting);
	set->scope = scope;
	s->name = new_name(p, str_of(name));
	s->value = value;
	s->is_default = value == NULL;
	push(p, &set->settings, seal(p, s));
	return p->failed == OK ? seal(p, set) : NULL;
}

/* ---- SET ---- */

static struct ast *parse_time_zone(struct parser *p, enum set_scope scope)
{
	struct ast *value = NULL;
	if (!kw(p, KW_LOCAL) && !kw(p, KW_DEFAULT) && (value = parse_set_value(p)) == NULL)
		return NULL;
	return one_setting(p, scope, "timezone", value);
}

static struct ast *parse_set_transaction(struct parser *p, enum transaction_type type)
{
	struct ast_transaction *t = NEW(p, TRANSACTION, transaction);
	if (type == TRANSACTION_SET && kw(p, KW_SNAPSHOT)) {
		t->type = TRANSACTION_SET_SNAPSHOT;
		if (at_kind(p, 0, T_NUMBER)) {
			t->name = arena_str(p->arena, token_source(p, peek(p)));
			p->at++;
			return seal(p, t);
		}
		return parse_string(p, &t->name) ? seal(p, t) : NULL;
	}
	t->type = type;
	return parse_transaction_modes(p, t) ? seal(p, t) : NULL;
}

static struct ast *parse_set_role(struct parser *p, bool is_default)
{
	struct ast_set_role *r = NEW(p, SET_ROLE, set_role);
	r->is_default = is_default;
	if (!is_default && kw(p, KW_DEFAULT)) {
		r->is_default = true;
		return seal(p, r);
	}
	if ((r->roles = (struct ast *)parse_principals(p)) == NULL)
		return NULL;
	if (is_default && (!need_kw(p, KW_TO) || !parse_ident_list(p, &r->to)))
		return NULL;
	return seal(p, r);
}

static struct ast *parse_constraints_mode(struct parser *p)
{
	struct ast_set *set = NEW(p, SET, set);
	struct ast_setting *s = NEW(p, SETTING, setting);
	struct ast_list names = {NULL, 0, 0};
	if (!kw(p, KW_ALL) && !parse_path_list(p, &names))
		return NULL;
	s->name = new_name(p, STR("constraints"));
	int position = here(p);
	struct str mode = kw(p, KW_DEFERRED) ? STR("deferred") : STR("immediate");
	if (mode.data[0] == 'i' && !need_kw(p, KW_IMMEDIATE))
		return NULL;
	s->value = &new_string(p, mode, position)->ast;
	push(p, &set->settings, seal(p, s));
	return seal(p, set);
}

/* Behind SET [SESSION|LOCAL]. */
static struct ast *parse_set_scoped(struct parser *p, enum set_scope scope)
{
	if (kw2(p, KW_TIME, KW_ZONE))
		return parse_time_zone(p, scope);
	if (at_kw(p, 0, KW_ROLE) && !at_op(p, 1, OP_EQ) && !at_kw(p, 1, KW_TO) && kw(p, KW_ROLE))
		return parse_set_role(p, false);
	if (kw2(p, KW_SESSION, KW_AUTHORIZATION)) {
		struct ast *value = kw(p, KW_DEFAULT) ? NULL : parse_set_value(p);
		return p->failed == OK ? one_setting(p, scope, "session_authorization", value) : NULL;
	}
	if (at_kw(p, 0, KW_NAMES) && !at_op(p, 1, OP_EQ) && kw(p, KW_NAMES)) {
		struct ast *value = kw(p, KW_DEFAULT) || at_kind(p, 0, T_END) ||
			at_kind(p, 0, T_SEMICOLON) ? NULL : parse_set_value(p);
		return p->failed == OK ? one_setting(p, scope, "client_encoding", value) : NULL;
	}
	if (at_kw(p, 0, KW_SCHEMA) && at_string(p, 1) && kw(p, KW_SCHEMA))
		return one_setting(p, scope, "search_path", parse_string_node(p));
	if (kw2(p, KW_XML, KW_OPTION)) {
		struct name_part part;
		int position = here(p);
		return parse_label(p, &part) ? one_setting(p, scope, "xmloption",
			&new_string(p, part.text, position)->ast) : NULL;
	}
	struct ast_set *set = NEW(p, SET, set);
	set->scope = scope;
	do {
		struct ast_setting *s = NEW(p, SETTING, setting);
		if (!parse_path(p, &s->name))
			return NULL;
		if (!accept_op(p, OP_EQ) && !need_kw(p, KW_TO))
			return NULL;
		if (!parse_set_values(p, s))
			return NULL;
		push(p, &set->settings, seal(p, s));
	} while (accept(p, T_COMMA));
	return p->failed == OK ? seal(p, set) : NULL;
}

struct ast *parse_set(struct parser *p)
{
	if (kw(p, KW_TRANSACTION))
		return parse_set_transaction(p, TRANSACTION_SET);
	if (at_kw(p, 0, KW_SESSION) && at_kw(p, 1, KW_CHARACTERISTICS)) {
		p->at += 2;
		if (!need_kw(p, KW_AS) || !need_kw(p, KW_TRANSACTION))
			return NULL;
		return parse_set_transaction(p, TRANSACTION_SET_SESSION);
	}
	if (at_kw(p, 0, KW_CONSTRAINTS) && !at_op(p, 1, OP_EQ)) {
		p->at++;
		return parse_constraints_mode(p);
	}
	if (kw2(p, KW_DEFAULT, KW_ROLE))
		return parse_set_role(p, true);
	enum set_scope scope = SET_SESSION;
	if (at_kw(p, 0, KW_LOCAL) && at_kind(p, 1, T_WORD) && kw(p, KW_LOCAL))
		scope = SET_LOCAL;
	else if (at_kw(p, 0, KW_SESSION) && at_kind(p, 1, T_WORD) && !at_kw(p, 1, KW_AUTHORIZATION) && !at_kw(p, 1, KW_TO))
		p->at++;
	return parse_set_scoped(p, scope);
}

/* ---- SHOW ---- */

/* LIKE, WHERE, LIMIT, FORMAT behind most of them. */
static struct ast *parse_show_tail(struct parser *p, struct ast_show *s)
{
	bool no = at_kw(p, 0, KW_NOT) && (at_kw(p, 1, KW_LIKE) || at_kw(p, 1, KW_ILIKE)) && kw(p, KW_NOT);
	bool ilike = kw(p, KW_ILIKE);
	if (ilike || kw(p, KW_LIKE)) {
		s->has_like = true;
		s->not_like = no;
		s->case_insensitive = ilike;
		if ((s->like = parse_string_node(p)) == NULL)
			return NULL;
	} else if (kw(p, KW_WHERE) && (s->where = parse_expr(p)) == NULL) {
		return NULL;
	}
	if (kw(p, KW_LIMIT) && (s->limit = parse_expr(p)) == NULL)
		return NULL;
	if (!accept_outfile(p, &s->outfile) || !accept_format(p, &s->format) || !accept_settings(p, &s->settings))
		return NULL;
	return seal(p, s);
}

static bool accept_from(struct parser *p, struct name *out)
{
	return !kw_or(p, KW_FROM, KW_IN) || parse_path(p, out);
}

static struct ast *parse_show_create(struct parser *p, struct ast_show *s)
{
	s->type = SHOW_CREATE;
	s->temporary = kw(p, KW_TEMPORARY);
	enum object_type type = OBJECT_NONE;
	struct attempt a = attempt_begin(p);
	/* a table may be called `user`: the words count only when a name follows */
	if (accept_object_type(p, &type) && !at_ident(p, 0) && type != OBJECT_USER && type != OBJECT_POLICY) {
		attempt_undo(p, a);
		type = OBJECT_NONE;
	}
	s->object = type == OBJECT_NONE ? OBJECT_TABLE : type;
	s->implicit = type == OBJECT_NONE;
	if (s->object == OBJECT_USER || s->object == OBJECT_ROLE) {
		if (at_ident(p, 0) && !at_kw(p, 0, KW_FORMAT) && !parse_path_list(p, &s->items))
			return NULL;
		return parse_show_tail(p, s);
	}
	if (!parse_path(p, &s->name))
		return NULL;
	if (kw(p, KW_ON) && !parse_path(p, &s->from))
		return NULL;
	return parse_show_tail(p, s);
}

static struct ast *parse_show_columns(struct parser *p, struct ast_show *s, enum show_type type)
{
	s->type = type;
	if (!kw_or(p, KW_FROM, KW_IN))
		return fail(p);
	if (!parse_path(p, &s->name) || !accept_from(p, &s->from))
		return NULL;
	return parse_show_tail(p, s);
}

static struct ast *parse_show_grants(struct parser *p, struct ast_show *s)
{
	s->type = SHOW_GRANTS;
	if (kw(p, KW_FOR) && !parse_path_list(p, &s->items))
		return NULL;
	return parse_show_tail(p, s);
}

/* Lists without more than a filter. */
static bool accept_show_list(struct parser *p, struct ast_show *s)
{
	static const struct {
		const char *first, *second;
		enum show_type type;
	} lists[] = {
		{"TABLES", NULL, SHOW_TABLES}, {"VIEWS", NULL, SHOW_VIEWS}, {"DICTIONARIES", NULL, SHOW_DICTIONARIES},
		{"DATABASES", NULL, SHOW_DATABASES}, {"SCHEMAS", NULL, SHOW_DATABASES}, {"CLUSTERS", NULL, SHOW_CLUSTERS},
		{"FUNCTIONS", NULL, SHOW_FUNCTIONS}, {"ENGINES", NULL, SHOW_ENGINES}, {"PROCESSLIST", NULL, SHOW_PROCESSLIST},
		{"MERGES", NULL, SHOW_MERGES}, {"FILESYSTEM", "CACHES", SHOW_FILESYSTEM_CACHES}, {"USERS", NULL, SHOW_USERS},
		{"ROLES", NULL, SHOW_ROLES}, {"CURRENT", "ROLES", SHOW_CURRENT_ROLES}, {"ENABLED", "ROLES", SHOW_ENABLED_ROLES},
		{"ACCESS", NULL, SHOW_ACCESS}, {"PRIVILEGES", NULL, SHOW_PRIVILEGES}, {"POLICIES", NULL, SHOW_POLICIES},
		{"PROFILES", NULL, SHOW_PROFILES}, {"QUOTAS", NULL, SHOW_QUOTAS}, {"QUOTA", NULL, SHOW_QUOTA},
		{"SETTINGS", NULL, SHOW_SETTINGS},
	};
	for (size_t i = 0; i < ARRAY_COUNT(lists); i++) {
		bool two = lists[i].second != NULL;
		if (word_is(p, 0, lists[i].first) && (!two || word_is(p, 1, lists[i].second))) {
			p->at += two ? 2 : 1;
			s->type = lists[i].type;
			return true;
		}
	}
	return false;
}

/* PostgreSQL: SHOW name, ALL, TIME ZONE, TRANSACTION ISOLATION LEVEL, SESSION AUTHORIZATION. */
static struct ast *parse_show_setting(struct parser *p, struct ast_show *s)
{
	s->type = SHOW_SETTING;
	if (kw(p, KW_ALL))
		return seal(p, s);
	if (kw2(p, KW_TIME, KW_ZONE))
		s->name = new_name(p, STR("timezone"));
	else if (kw3(p, KW_TRANSACTION, KW_ISOLATION, KW_LEVEL))
		s->name = new_name(p, STR("transaction_isolation"));
	else if (kw2(p, KW_SESSION, KW_AUTHORIZATION))
		s->name = new_name(p, STR("session_authorization"));
	else if (!parse_path(p, &s->name))
		return NULL;
	return seal(p, s);
}

/* Words before the list's name: FULL, EXTENDED, CHANGED, TEMPORARY, ROW, SETTINGS. */
static void accept_show_adjectives(struct parser *p, struct ast_show *s)
{
	bool more = true;
	while (more && at_kind(p, 1, T_WORD)) {
		if (word_is(p, 0, "FULL"))
			s->full = true;
		else if (word_is(p, 0, "EXTENDED"))
			s->extended = true;
		else if (word_is(p, 0, "CHANGED"))
			s->changed = true;
		else if (word_is(p, 0, "TEMPORARY"))
			s->temporary = true;
		else if (!(word_is(p, 0, "ROW") && word_is(p, 1, "POLICIES")) &&
		         !(word_is(p, 0, "SETTINGS") && word_is(p, 1, "PROFILES")))
			more = false;
		p->at += more;
	}
}

struct ast *parse_show(struct parser *p)
{
	struct ast_show *s = NEW(p, SHOW, show);
	accept_show_adjectives(p, s);
	if (kw(p, KW_CREATE))
		return parse_show_create(p, s);
	if (accept_show_list(p, s)) {
		/* SHOW POLICIES ON table */
		if (s->type == SHOW_POLICIES && kw(p, KW_ON) && !parse_path(p, &s->name))
			return NULL;
		return accept_from(p, &s->from) ? parse_show_tail(p, s) : NULL;
	}
	if (word_is(p, 0, "COLUMNS") || word_is(p, 0, "FIELDS")) {
		p->at++;
		return parse_show_columns(p, s, SHOW_COLUMNS);
	}
	if (word_is(p, 0, "INDEX") || word_is(p, 0, "INDEXES") || word_is(p, 0, "INDICES") || word_is(p, 0, "KEYS")) {
		p->at++;
		return parse_show_columns(p, s, SHOW_INDEXES);
	}
	if (kw(p, KW_GRANTS))
		return parse_show_grants(p, s);
	if (word_is(p, 0, "SETTING") && at_ident(p, 1)) {
		p->at++;
		s->type = SHOW_SETTING_VALUE;
		return parse_path(p, &s->name) ? parse_show_tail(p, s) : NULL;
	}
	if (word_is(p, 0, "CLUSTER") && (at_ident(p, 1) || at_string(p, 1))) {
		struct str name;
		p->at++;
		s->type = SHOW_CLUSTER;
		if (!parse_ident_or_string(p, &name))
			return NULL;
		s->name = new_name(p, name);
		return parse_show_tail(p, s);
	}
	/* SHOW TABLE t is SHOW CREATE TABLE t */
	if ((at_kw(p, 0, KW_TABLE) || at_kw(p, 0, KW_DATABASE) || at_kw(p, 0, KW_DICTIONARY)) && at_ident(p, 1) &&
	    is_clickhouse(p))
		return parse_show_create(p, s);
	return parse_show_setting(p, s);
}

// SPDX-License-Identifier: Apache-2.0
/* CREATE of smaller objects: dictionaries, functions, types, sequences, extensions; and of what is only recorded. */
#include "parse/parse_impl.h"

/* ---- dictionaries ---- */

static struct ast_pair *parse_pairs(struct parser *p, struct str name);

/* HOST 'h', PORT 9000, TABLE 't', or STRUCTURE(…) and HEADERS(HEADER(NAME 'a' VALUE 'b')) */
static struct ast_pair *parse_pair(struct parser *p)
{
	struct name_part name;
	if (!parse_label(p, &name))
		return NULL;
	if (at_kind(p, 0, T_LPAREN))
		return parse_pairs(p, name.text);
	struct ast_pair *pair = NEW(p, PAIR, pair);
	pair->name = name.text;
	int position = here(p);
	if (at_ident(p, 0) && !at_kind(p, 1, T_LPAREN)) {
		struct name path;
		if (!parse_path(p, &path))
			return NULL;
		pair->value = &new_identifier(p, path, position)->ast;
	} else if (at_op(p, 0, OP_MINUS) && at_kind(p, 1, T_NUMBER)) {
		p->at++;
		pair->value = parse_number(p, true);
	} else {
		pair->value = parse_primary(p);
	}
	return pair->value == NULL ? NULL : seal(p, pair);
}

/* At the parenthesis. */
static struct ast_pair *parse_pairs(struct parser *p, struct str name)
{
	struct ast_pair *group = NEW(p, PAIR, pair);
	group->name = name;
	group->is_group = true;
	if (!enter(p) || !need(p, T_LPAREN))
		return NULL;
	while (!at_kind(p, 0, T_RPAREN)) {
		struct ast_pair *pair = parse_pair(p);
		if (pair == NULL)
			return NULL;
		push(p, &group->items, pair);
		(void)accept(p, T_COMMA);
	}
	leave(p);
	return need(p, T_RPAREN) ? seal(p, group) : NULL;
}

/* SOURCE(…) and LAYOUT(…) hold one named group. */
static struct ast_pair *parse_one_pair(struct parser *p)
{
	struct name_part name;
	if (!need(p, T_LPAREN) || !parse_label(p, &name))
		return NULL;
	struct ast_pair *pair;
	if (at_kind(p, 0, T_LPAREN)) {
		pair = parse_pairs(p, name.text);
	} else {
		pair = NEW(p, PAIR, pair);
		pair->name = name.text;
		pair->is_group = true;
		pair = seal(p, pair);
	}
	return pair != NULL && need(p, T_RPAREN) ? pair : NULL;
}

/* LIFETIME(300), LIFETIME(MIN 1 MAX 2), RANGE(MIN a MAX b) */
static struct ast_pair *parse_bounds(struct parser *p)
{
	if (!at_kind(p, 1, T_NUMBER))
		return parse_pairs(p, STR(""));
	struct ast_pair *group = NEW(p, PAIR, pair), *low = NEW(p, PAIR, pair), *high = NEW(p, PAIR, pair);
	group->is_group = true;
	group->name = STR("");
	p->at++;
	low->name = STR("min");
	low->value = &new_uint(p, 0, here(p))->ast;
	high->name = STR("max");
	high->value = parse_number(p, false);
	push(p, &group->items, seal(p, low));
	push(p, &group->items, seal(p, high));
	return need(p, T_RPAREN) ? seal(p, group) : NULL;
}

static struct ast *parse_dictionary_attribute(struct parser *p)
{
	struct ast_dictionary_attribute *a = NEW(p, DICTIONARY_ATTRIBUTE, dictionary_attribute);
	if (!parse_path(p, &a->name) || (a->type = parse_type_node(p)) == NULL)
		return NULL;
	for (;;) {
		if (kw(p, KW_DEFAULT)) {
			if ((a->default_value = parse_expr(p)) == NULL)
				return NULL;
		} else if (kw(p, KW_EXPRESSION)) {
			if ((a->expression = parse_expr(p)) == NULL)
				return NULL;
		} else if (kw(p, KW_HIERARCHICAL)) {
			a->hierarchical = true;
		} else if (kw(p, KW_BIDIRECTIONAL)) {
			a->bidirectional = true;
		} else if (kw(p, KW_INJECTIVE)) {
			a->injective = true;
		} else if (kw(p, KW_IS_OBJECT_ID)) {
			a->is_object_id = true;
		} else {
			return seal(p, a);
		}
	}
}

static bool parse_dictionary_clause(struct parser *p, struct ast_create_dictionary *d)
{
	if (kw2(p, KW_PRIMARY, KW_KEY)) {
		bool parens = accept(p, T_LPAREN);
		return parse_path_list(p, &d->primary_key) && (!parens || need(p, T_RPAREN));
	}
	if (kw(p, KW_SOURCE))
		return (d->source = parse_one_pair(p)) != NULL;
	if (kw(p, KW_LAYOUT))
		return (d->layout = parse_one_pair(p)) != NULL;
	if (kw(p, KW_LIFETIME))
		return (d->lifetime = parse_bounds(p)) != NULL;
	if (kw(p, KW_RANGE))
		return (d->range = parse_bounds(p)) != NULL;
	if (kw(p, KW_SETTINGS)) {
		bool parens = accept(p, T_LPAREN);
		return parse_settings(p, &d->settings) && (!parens || need(p, T_RPAREN));
	}
	if (kw(p, KW_COMMENT))
		return (d->comment = parse_string_node(p)) != NULL;
	return true;
}

struct ast *parse_create_dictionary(struct parser *p, bool attach, bool or_replace)
{
	struct ast_create_dictionary *d = NEW(p, CREATE_DICTIONARY, create_dictionary);
	d->attach = attach;
	d->or_replace = or_replace;
	d->if_not_exists = accept_if_not_exists(p);
	if (!parse_path(p, &d->name))
		return NULL;
	if (at_kw(p, 0, KW_UUID) && at_string(p, 1)) {
		p->at++;
		d->uuid = parse_string_node(p);
	}
	if (!accept_on_cluster(p, &d->cluster))
		return NULL;
	if (accept(p, T_LPAREN)) {
		while (!at_kind(p, 0, T_RPAREN)) {
			struct ast *a = parse_dictionary_attribute(p);
			if (a == NULL)
				return NULL;
			push(p, &d->attributes, a);
			if (!accept(p, T_COMMA))
				break;
		}
		if (!need(p, T_RPAREN))
			return NULL;
	}
	size_t before;
	do {
		before = p->at;
		if (!parse_dictionary_clause(p, d))
			return NULL;
	} while (p->at != before);
	return seal(p, d);
}

/* ---- functions ---- */

static bool parse_function_arg(struct parser *p, struct ast_list *out)
{
	static const enum keyword modes[] = {KW_IN, KW_OUT, KW_INOUT, KW_VARIADIC};
	struct ast_function_arg *a = NEW(p, FUNCTION_ARG, function_arg);
	for (size_t i = 0; i < ARRAY_COUNT(modes); i++)
		if (at_kw(p, 0, modes[i]) && !at_kind(p, 1, T_COMMA) && !at_kind(p, 1, T_RPAREN) && kw(p, modes[i]))
			a->mode = lower_copy(p, str_of(keywords[modes[i]].text));
	if (at_op(p, 0, OP_STAR)) { /* count(*) */
		p->at++;
		a->name = STR("*");
		push(p, out, seal(p, a));
		return true;
	}
	if (at_named_type(p) && !parse_ident(p, &a->name))
		return false;
	if ((a->type = parse_type_node(p)) == NULL)
		return false;
	if ((kw(p, KW_DEFAULT) || accept_op(p, OP_EQ) || accept(p, T_ASSIGN)) && (a->default_value = parse_expr(p)) == NULL)
		return false;
	push(p, out, seal(p, a));
	return p->failed == OK;
}

bool parse_function_args(struct parser *p, struct ast_list *out)
{
	if (!need(p, T_LPAREN))
		return false;
	while (!at_kind(p, 0, T_RPAREN)) {
		if (!parse_function_arg(p, out))
			return false;
		if (!accept(p, T_COMMA) && !kw2(p, KW_ORDER, KW_BY)) /* ordered-set aggregates */
			break;
	}
	return need(p, T_RPAREN);
}

static void add_option(struct parser *p, struct ast_list *out, const char *name, struct ast *value)
{
	struct ast_setting *s = NEW(p, SETTING, setting);
	s->name = new_name(p, str_of(name));
	s->value = value;
	push(p, out, seal(p, s));
}

/* LEAKPROOF, STRICT, SECURITY DEFINER, PARALLEL SAFE, COST n, SET x TO y …; *more false when none stands here. */
static bool parse_function_option(struct parser *p, struct ast_create_function *f, bool *more)
{
	static const struct {
		enum keyword a, b, c;
		const char *name;
	} words[] = {
		{KW_IMMUTABLE, 0, 0, "immutable"}, {KW_STABLE, 0, 0, "stable"}, {KW_VOLATILE, 0, 0, "volatile"},
		{KW_STRICT, 0, 0, "strict"}, {KW_WINDOW, 0, 0, "window"}, {KW_LEAKPROOF, 0, 0, "leakproof"},
		{KW_NOT, KW_LEAKPROOF, 0, "not leakproof"}, {KW_SECURITY, KW_DEFINER, 0, "security definer"},
		{KW_SECURITY, KW_INVOKER, 0, "security invoker"},
	};
	for (size_t i = 0; i < ARRAY_COUNT(words); i++)
		if (words[i].b == 0 ? kw(p, words[i].a) : kw2(p, words[i].a, words[i].b)) {
			add_option(p, &f->options, words[i].name, NULL);
			return true;
		}
	if (kw(p, KW_EXTERNAL))
		return true;
	if (kw3(p, KW_CALLED, KW_ON, KW_NULL) ||
	    (at_kw(p, 0, KW_RETURNS) && at_kw(p, 1, KW_NULL) && kw3(p, KW_RETURNS, KW_NULL, KW_ON))) {
		bool strict = p->tokens[p->at - 1].code == KW_ON;
		if (strict && !need_kw(p, KW_NULL))
			return false;
		add_option(p, &f->options, strict ? "strict" : "called on null input", NULL);
		return need_kw(p, KW_INPUT);
	}
	if (kw(p, KW_COST) || kw(p, KW_ROWS)) {
		const char *name = p->tokens[p->at - 1].code == KW_COST ? "cost" : "rows";
		add_option(p, &f->options, name, parse_expr_above(p, PREC_UNARY));
		return p->failed == OK;
	}
	if (kw(p, KW_PARALLEL) || kw(p, KW_SUPPORT)) {
		const char *name = p->tokens[p->at - 1].code == KW_PARALLEL ? "parallel" : "support";
		struct name path;
		int position = here(p);
		if (!parse_path(p, &path))
			return false;
		add_option(p, &f->options, name, &new_identifier(p, path, position)->ast);
		return true;
	}
	if (kw(p, KW_SET)) {
		struct name path;
		if (!parse_path(p, &path))
			return false;
		if (kw2(p, KW_FROM, KW_CURRENT))
			return true;
		p->at -= path.count * 2 - 1;
		struct ast *set = parse_set(p);
		if (set == NULL)
			return false;
		AST_EACH(&((struct ast_set *)set)->settings, s)
			push(p, &f->options, s);
		return true;
	}
	*more = false;
	return p->failed == OK;
}

static bool parse_function_body(struct parser *p, struct ast_create_function *f)
{
	if (!parse_string(p, &f->body))
		return false;
	if (accept(p, T_COMMA)) {
		f->link_symbol = f->body;
		return parse_string(p, &f->link_symbol);
	}
	return true;
}

static bool parse_atomic_body(struct parser *p, struct ast_create_function *f)
{
	while (!kw(p, KW_END)) {
		struct ast *s;
		if (kw(p, KW_RETURN))
			s = parse_expr(p);
		else
			s = parse_any_statement(p);
		if (s == NULL || !need(p, T_SEMICOLON))
			return false;
		push(p, &f->sql_body, s);
	}
	return true;
}

static bool parse_function_clause(struct parser *p, struct ast_create_function *f, bool *more)
{
	if (at_kw(p, 0, KW_RETURNS) && !at_kw(p, 1, KW_NULL)) {
		p->at++;
		if (!kw(p, KW_TABLE))
			return (f->returns = parse_type_node(p)) != NULL;
		return parse_function_args(p, &f->returns_table);
	}
	if (kw(p, KW_LANGUAGE))
		return parse_ident_or_string(p, &f->language);
	if (kw(p, KW_AS))
		return parse_function_body(p, f);
	if (kw(p, KW_RETURN))
		return (f->sql_return = parse_expr(p)) != NULL;
	if (kw2(p, KW_BEGIN, KW_ATOMIC))
		return parse_atomic_body(p, f);
	return parse_function_option(p, f, more);
}

struct ast *parse_create_function(struct parser *p, bool or_replace, bool procedure)
{
	struct ast_create_function *f = NEW(p, CREATE_FUNCTION, create_function);
	f->or_replace = or_replace;
	f->procedure = procedure;
	f->if_not_exists = accept_if_not_exists(p);
	if (!parse_path(p, &f->name) || !accept_on_cluster(p, &f->cluster))
		return NULL;
	if (at_kw(p, 0, KW_AS)) {
		p->at++;
		p->higher_order = true;
		f->lambda = parse_expr(p);
		p->higher_order = false;
		return f->lambda == NULL ? NULL : seal(p, f);
	}
	if (!parse_function_args(p, &f->args))
		return NULL;
	for (bool more = true; more;)
		if (!parse_function_clause(p, f, &more))
			return NULL;
	return seal(p, f);
}

/* ---- types, sequences, extensions ---- */

static struct ast *parse_create_type(struct parser *p)
{
	struct ast_create_type *t = NEW(p, CREATE_TYPE, create_type);
	if (!parse_path(p, &t->name))
		return NULL;
	if (!kw(p, KW_AS)) {
		t->form = at_kind(p, 0, T_LPAREN) ? TYPE_BASE : TYPE_SHELL;
		return t->form == TYPE_SHELL || parse_options(p, &t->options) ? seal(p, t) : NULL;
	}
	if (kw(p, KW_ENUM)) {
		t->form = TYPE_ENUM;
		return parse_expr_parens(p, &t->labels) ? seal(p, t) : NULL;
	}
	if (kw(p, KW_RANGE)) {
		t->form = TYPE_RANGE;
		return parse_options(p, &t->options) ? seal(p, t) : NULL;
	}
	t->form = TYPE_COMPOSITE;
	if (!need(p, T_LPAREN))
		return NULL;
	while (!at_kind(p, 0, T_RPAREN)) {
		struct ast_column_def *c = parse_column_def(p, true);
		if (c == NULL)
			return NULL;
		push(p, &t->columns, c);
		if (!accept(p, T_COMMA))
			break;
	}
	return need(p, T_RPAREN) ? seal(p, t) : NULL;
}

static struct ast *parse_create_domain(struct parser *p)
{
	struct ast_create_type *t = NEW(p, CREATE_TYPE, create_type);
	struct ast_column_def *c = NEW(p, COLUMN_DEF, column_def);
	t->form = TYPE_DOMAIN;
	if (!parse_path(p, &t->name))
		return NULL;
	(void)kw(p, KW_AS);
	if ((c->type = parse_type_node(p)) == NULL)
		return NULL;
	for (;;) {
		if (kw(p, KW_COLLATE)) {
			if (!parse_path(p, &c->collation))
				return NULL;
		} else if (kw(p, KW_DEFAULT)) {
			c->default_type = DEFAULT_VALUE;
			if ((c->default_value = parse_expr(p)) == NULL)
				return NULL;
		} else if (at_constraint(p)) {
			struct ast_constraint *k = parse_constraint(p);
			if (k == NULL)
				return NULL;
			push(p, &c->constraints, k);
		} else {
			t->domain = seal(p, c);
			return seal(p, t);
		}
	}
}

static struct ast *parse_create_sequence(struct parser *p, bool temporary)
{
	struct ast_create_sequence *s = NEW(p, CREATE_SEQUENCE, create_sequence);
	s->temporary = temporary;
	s->if_not_exists = accept_if_not_exists(p);
	if (!parse_path(p, &s->name) || (s->options = parse_sequence_options(p)) == NULL)
		return NULL;
	return seal(p, s);
}

static struct ast *parse_create_extension(struct parser *p)
{
	struct ast_create_extension *e = NEW(p, CREATE_EXTENSION, create_extension);
	struct str ignored;
	e->if_not_exists = accept_if_not_exists(p);
	if (!parse_ident(p, &e->name))
		return NULL;
	(void)kw(p, KW_WITH);
	for (;;) {
		if (kw(p, KW_SCHEMA)) {
			if (!parse_ident(p, &e->schema))
				return NULL;
		} else if (kw(p, KW_VERSION)) {
			if (!parse_ident_or_string(p, &e->version))
				return NULL;
		} else if (kw(p, KW_FROM)) {
			if (!parse_ident_or_string(p, &ignored))
				return NULL;
		} else if (kw(p, KW_CASCADE)) {
			e->cascade = true;
		} else {
			return seal(p, e);
		}
	}
}

/* ---- what is recorded ---- */

struct ast *parse_recorded(struct parser *p, const char *verb, enum object_type type, size_t start)
{
	struct ast_recorded *r = NEW_AT(p, RECORDED, recorded, (int)p->tokens[start].position);
	unsigned parens = 0;
	enum keyword before_table = type == OBJECT_RULE ? KW_TO : KW_ON;
	r->object = type;
	r->tag = arena_strf(p->arena, "%s %s", verb, object_type_words(type));
	(void)(accept_if_not_exists(p) || accept_if_exists(p));
	if (at_ident(p, 0) && type != OBJECT_CAST && type != OBJECT_OPERATOR && type != OBJECT_DEFAULT_PRIVILEGES &&
	    !parse_path(p, &r->name))
		return NULL;
	/* the table of a trigger, rule or policy stands behind its ON or TO */
	for (; !at_kind(p, 0, T_END) && (parens != 0 || !at_kind(p, 0, T_SEMICOLON)); p->at++) {
		if (peek(p)->kind >= T_BAD_STRING)
			return fail(p);
		parens += at_kind(p, 0, T_LPAREN);
		parens -= at_kind(p, 0, T_RPAREN) && parens != 0;
		if (parens == 0 && r->on.count == 0 && at_kw(p, 0, before_table) && at_ident(p, 1)
			&& !at_kw(p, 1, KW_CLUSTER)) {
			p->at++;
			(void)(at_kw(p, 0, KW_TABLE) && kw(p, KW_TABLE));
			if (!parse_path(p, &r->on))
				return NULL;
			p->at--;
		}
	}
	if (parens != 0)
		return fail(p);
	r->text = source_between(p, start, p->at);
	return seal(p, r);
}

struct ast *parse_create_object(struct parser *p, enum object_type type, bool or_replace, bool temporary, size_t start)
{
	switch (type) {
	case OBJECT_FUNCTION: return parse_create_function(p, or_replace, false);
	case OBJECT_PROCEDURE: return parse_create_function(p, or_replace, true);
	case OBJECT_TYPE: return parse_create_type(p);
	case OBJECT_DOMAIN: return parse_create_domain(p);
	case OBJECT_SEQUENCE: return parse_create_sequence(p, temporary);
	case OBJECT_EXTENSION: return parse_create_extension(p);
	case OBJECT_USER: case OBJECT_ROLE: case OBJECT_GROUP:
		if (type == OBJECT_USER && at_kw(p, 0, KW_MAPPING))
			break;
		return parse_role(p, type, false, or_replace);
	case OBJECT_NONE: case OBJECT_COLUMN: case OBJECT_LARGE_OBJECT: case OBJECT_SYSTEM: case OBJECT_PARAMETER:
	case OBJECT_DEFAULT_PRIVILEGES: case OBJECT_ROUTINE:
		return fail(p);
	default: break;
	}
	return parse_recorded(p, "CREATE", type, start);
}

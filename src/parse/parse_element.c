// SPDX-License-Identifier: Apache-2.0
/* The parts of table definitions: columns, constraints, indexes, projections, engines, TTL, keys. */
#include "parse/parse_impl.h"

/* ---- small lists ---- */

/* CODEC(Delta(8), ZSTD) and STATISTICS(tdigest, uniq), at the parenthesis. */
bool parse_codec(struct parser *p, struct ast_list *out)
{
	if (!need(p, T_LPAREN))
		return false;
	do {
		struct ast_call *c = parse_engine_call(p);
		if (c == NULL)
			return false;
		push(p, out, c);
	} while (accept(p, T_COMMA));
	return need(p, T_RPAREN);
}

bool parse_options(struct parser *p, struct ast_list *out)
{
	if (!need(p, T_LPAREN))
		return false;
	while (!at_kind(p, 0, T_RPAREN)) {
		struct ast_setting *s = NEW(p, SETTING, setting);
		if (!at_kind(p, 0, T_WORD) && !at_ident(p, 0))
			return fail(p) != NULL;
		struct name_part part;
		size_t count = 0, capacity = 0;
		do {
			if (!parse_label(p, &part))
				return false;
			ARENA_PUSH(p->arena, s->name.parts, count, capacity, part);
		} while (accept(p, T_DOT));
		s->name.count = (unsigned)count;
		if (accept_op(p, OP_EQ)) {
			/* what is no expression may stand here too: STYPE = double precision */
			size_t from = p->at;
			struct attempt a = attempt_begin(p);
			s->value = parse_expr(p);
			if (s->value == NULL || !(at_kind(p, 0, T_COMMA) || at_kind(p, 0, T_RPAREN))) {
				attempt_undo(p, a);
				while (p->failed == OK && !at_kind(p, 0, T_COMMA) && !at_kind(p, 0, T_RPAREN) && !at_kind(p, 0, T_END))
					p->at++;
				s->value = &new_string(p, source_between(p, from, p->at), here(p))->ast;
			}
		}
		push(p, out, seal(p, s));
		if (!accept(p, T_COMMA))
			break;
	}
	return need(p, T_RPAREN);
}

/* ---- columns ---- */

static bool at_column_attribute(struct parser *p)
{
	switch (peek(p)->kind) {
	case T_COMMA: case T_RPAREN: case T_END: case T_SEMICOLON: return true;
	case T_WORD: break;
	default: return false;
	}
	switch (peek(p)->code) {
	case KW_DEFAULT: case KW_MATERIALIZED: case KW_ALIAS: case KW_EPHEMERAL: case KW_CODEC: case KW_TTL:
	case KW_COMMENT:
	case KW_NOT: case KW_NULL: case KW_STATISTICS: case KW_REMOVE: case KW_MODIFY: case KW_RESET: case KW_PRIMARY:
	case KW_AFTER: case KW_FIRST: case KW_SETTINGS: case KW_COLLATE:
		return true;
	default: return false;
	}
}

static bool parse_generated(struct parser *p, struct ast_column_def *c)
{
	bool by_default = kw2(p, KW_BY, KW_DEFAULT);
	if ((!by_default && !need_kw(p, KW_ALWAYS)) || !need_kw(p, KW_AS))
		return false;
	if (kw(p, KW_IDENTITY)) {
		c->default_type = by_default ? DEFAULT_IDENTITY_BY_DEFAULT : DEFAULT_IDENTITY_ALWAYS;
		if (!accept(p, T_LPAREN))
			return true;
		return (c->identity = parse_sequence_options(p)) != NULL && need(p, T_RPAREN);
	}
	c->default_type = DEFAULT_GENERATED_STORED;
	if (!need(p, T_LPAREN) || (c->default_value = parse_expr(p)) == NULL || !need(p, T_RPAREN))
		return false;
	return need_kw(p, KW_STORED);
}

static bool parse_default(struct parser *p, struct ast_column_def *c, enum default_type type)
{
	c->default_type = type;
	p->at++;
	if (type == DEFAULT_AUTO_INCREMENT || (type == DEFAULT_EPHEMERAL && at_column_attribute(p)))
		return true;
	return (c->default_value = parse_expr(p)) != NULL;
}

/* One attribute; *more is false when none stands here. */
static bool parse_column_attribute(struct parser *p, struct ast_column_def *c, bool *more)
{
	struct name_part *part;
	if (at_constraint(p) && !(is_clickhouse(p) && at_kw(p, 0, KW_PRIMARY))) {
		struct ast_constraint *k = parse_constraint(p);
		if (k == NULL)
			return false;
		if (k->type == CONSTRAINT_NOT_NULL)
			c->nullability = NULLABILITY_NOT_NULL;
		else if (k->type == CONSTRAINT_NULL)
			c->nullability = NULLABILITY_NULL;
		else
			push(p, &c->constraints, k);
		return true;
	}
	switch (peek(p)->kind == T_WORD ? peek(p)->code : NOT_KEYWORD) {
	case KW_DEFAULT: return parse_default(p, c, DEFAULT_VALUE);
	case KW_MATERIALIZED: return parse_default(p, c, DEFAULT_MATERIALIZED);
	case KW_ALIAS: return parse_default(p, c, DEFAULT_ALIAS);
	case KW_EPHEMERAL: return parse_default(p, c, DEFAULT_EPHEMERAL);
	case KW_AUTO_INCREMENT: return parse_default(p, c, DEFAULT_AUTO_INCREMENT);
	case KW_GENERATED: p->at++; return parse_generated(p, c);
	case KW_COMMENT: p->at++; return (c->comment = parse_string_node(p)) != NULL;
	case KW_CODEC: p->at++; return parse_codec(p, &c->codecs);
	case KW_STATISTICS: p->at++; return parse_codec(p, &c->statistics);
	case KW_TTL: p->at++; return (c->ttl = parse_expr(p)) != NULL;
	case KW_COLLATE: p->at++; return parse_path(p, &c->collation);
	case KW_STORAGE: case KW_COMPRESSION: p->at++; part = ARENA_NEW(p->arena, struct name_part);
		return parse_label(p, part);
	case KW_PRIMARY: p->at++; c->primary_key = true; return need_kw(p, KW_KEY);
	case KW_SETTINGS:
		if (!at_kind(p, 1, T_LPAREN))
			break;
		p->at += 2;
		return parse_settings(p, &c->settings) && need(p, T_RPAREN);
	default: break;
	}
	*more = false;
	if (unlikely(p->expected != NULL)) {
		static const char *const what[] = {"DEFAULT", "MATERIALIZED", "ALIAS", "EPHEMERAL", "CODEC", "TTL", "COMMENT",
		                                   "NOT NULL"};
		for (size_t i = 0; i < ARRAY_COUNT(what); i++)
			parser_expected(p, what[i]);
	}
	return true;
}

struct ast_column_def *parse_column_def(struct parser *p, bool need_type)
{
	struct ast_column_def *c = NEW(p, COLUMN_DEF, column_def);
	bool more = true;
	if (is_clickhouse(p) ? !parse_path(p, &c->name) : !parse_part(p, (c->name = new_name(p, STR(""))).parts))
		return NULL;
	(void)(!is_clickhouse(p) && kw2(p, KW_WITH, KW_OPTIONS)); /* CREATE TABLE t OF type (a WITH OPTIONS …) */
	(void)(!need_type && kw(p, KW_TYPE)); /* ALTER COLUMN c TYPE T of ClickHouse */
	if (!at_column_attribute(p)) {
		c->type = parse_type_node(p);
		if (c->type == NULL)
			return NULL;
	}
	while (more)
		if (!parse_column_attribute(p, c, &more))
			return NULL;
	if (need_type && is_clickhouse(p) && c->type == NULL && c->default_type == DEFAULT_NONE)
		return fail(p);
	return seal(p, c);
}

/* ---- constraints ---- */

bool at_constraint(struct parser *p)
{
	if (!at_kind(p, 0, T_WORD))
		return false;
	switch (peek(p)->code) {
	case KW_CONSTRAINT: return at_ident(p, 1);
	case KW_NULL: return true;
	case KW_NOT: return at_kw(p, 1, KW_NULL);
	case KW_CHECK: return !is_clickhouse(p) || at_kind(p, 1, T_LPAREN);
	case KW_PRIMARY: return at_kw(p, 1, KW_KEY);
	case KW_UNIQUE: return !is_clickhouse(p) || at_kind(p, 1, T_LPAREN) || at_kind(p, 1, T_COMMA) ||
		at_kind(p, 1, T_RPAREN);
	case KW_REFERENCES: return true;
	case KW_FOREIGN: return at_kw(p, 1, KW_KEY);
	case KW_EXCLUDE: return !is_clickhouse(p) && (at_kw(p, 1, KW_USING) || at_kind(p, 1, T_LPAREN));
	default: return false;
	}
}

static bool parse_reference_action(struct parser *p, enum reference_action *out)
{
	struct ast_list columns = {NULL, 0, 0};
	if (kw2(p, KW_NO, KW_ACTION))
		*out = REFERENCE_NO_ACTION;
	else if (kw(p, KW_RESTRICT))
		*out = REFERENCE_RESTRICT;
	else if (kw(p, KW_CASCADE))
		*out = REFERENCE_CASCADE;
	else if (kw2(p, KW_SET, KW_NULL))
		*out = REFERENCE_SET_NULL;
	else if (kw2(p, KW_SET, KW_DEFAULT))
		*out = REFERENCE_SET_DEFAULT;
	else
		return fail(p) != NULL;
	return !at_kind(p, 0, T_LPAREN) || parse_ident_parens(p, &columns);
}

/* Behind REFERENCES. */
static bool parse_references(struct parser *p, struct ast_constraint *c)
{
	if (!parse_path(p, &c->references) || (at_kind(p, 0, T_LPAREN) && !parse_ident_parens(p, &c->referenced)))
		return false;
	for (;;) {
		if (kw(p, KW_MATCH)) {
			c->match_full = kw(p, KW_FULL);
			if (!c->match_full && !word(p, "SIMPLE") && !need_kw(p, KW_PARTIAL))
				return false;
		} else if (kw2(p, KW_ON, KW_DELETE)) {
			if (!parse_reference_action(p, &c->on_delete))
				return false;
		} else if (kw2(p, KW_ON, KW_UPDATE)) {
			if (!parse_reference_action(p, &c->on_update))
				return false;
		} else {
			return true;
		}
	}
}

static bool parse_exclude(struct parser *p, struct ast_constraint *c)
{
	if (kw(p, KW_USING) && !parse_ident(p, &c->method))
		return false;
	if (!need(p, T_LPAREN))
		return false;
	do {
		struct ast_index_element *e = parse_index_element(p);
		if (e == NULL || !need_kw(p, KW_WITH))
			return false;
		push(p, &c->columns, e);
		bool spelt = kw(p, KW_OPERATOR);
		if (spelt && !need(p, T_LPAREN))
			return false;
		while (at_ident(p, 0) && at_kind(p, 1, T_DOT))
			p->at += 2;
		if (!at_kind(p, 0, T_OPERATOR))
			return fail(p) != NULL;
		struct str symbol = arena_str(p->arena, token_source(p, peek(p)));
		push(p, &c->operators, new_identifier(p, new_name(p, symbol), here(p)));
		p->at++;
		if (spelt && !need(p, T_RPAREN))
			return false;
	} while (accept(p, T_COMMA));
	return need(p, T_RPAREN);
}

/* Columns of a key: PostgreSQL's list of names, ClickHouse's expression. */
static bool parse_key_columns(struct parser *p, struct ast_constraint *c)
{
	if (kw2(p, KW_USING, KW_INDEX))
		return parse_ident(p, &c->index);
	if (is_clickhouse(p) && c->type == CONSTRAINT_PRIMARY_KEY && !at_kind(p, 0, T_COMMA) && !at_kind(p, 0, T_RPAREN)) {
		struct ast *key = parse_expr(p);
		if (key == NULL)
			return false;
		push(p, &c->columns, key);
		return true;
	}
	return !at_kind(p, 0, T_LPAREN) || parse_ident_parens(p, &c->columns);
}

static bool parse_constraint_kind(struct parser *p, struct ast_constraint *c)
{
	bool assume = kw(p, KW_ASSUME);
	if (assume || kw(p, KW_CHECK)) {
		c->type = assume ? CONSTRAINT_ASSUME : CONSTRAINT_CHECK;
		return (c->check = is_clickhouse(p) ? parse_expr(p) : parse_expr_above(p, PREC_POSTFIX)) != NULL;
	}
	if (kw2(p, KW_NOT, KW_NULL)) {
		c->type = CONSTRAINT_NOT_NULL;
		return true;
	}
	if (kw(p, KW_NULL)) {
		c->type = CONSTRAINT_NULL;
		return true;
	}
	if (kw2(p, KW_PRIMARY, KW_KEY)) {
		c->type = CONSTRAINT_PRIMARY_KEY;
		return parse_key_columns(p, c);
	}
	if (kw(p, KW_UNIQUE)) {
		c->type = CONSTRAINT_UNIQUE;
		if (kw2(p, KW_NULLS, KW_NOT) && need_kw(p, KW_DISTINCT))
			c->nulls_not_distinct = true;
		else
			(void)kw2(p, KW_NULLS, KW_DISTINCT);
		return parse_key_columns(p, c);
	}
	if (kw2(p, KW_FOREIGN, KW_KEY)) {
		c->type = CONSTRAINT_FOREIGN_KEY;
		return parse_ident_parens(p, &c->columns) && need_kw(p, KW_REFERENCES) && parse_references(p, c);
	}
	if (kw(p, KW_REFERENCES)) {
		c->type = CONSTRAINT_FOREIGN_KEY;
		return parse_references(p, c);
	}
	if (kw(p, KW_EXCLUDE)) {
		c->type = CONSTRAINT_EXCLUDE;
		return parse_exclude(p, c);
	}
	return fail(p) != NULL;
}

struct ast_constraint *parse_constraint(struct parser *p)
{
	struct ast_constraint *c = NEW(p, CONSTRAINT, constraint);
	if (kw(p, KW_CONSTRAINT) && !parse_ident(p, &c->name))
		return NULL;
	if (!parse_constraint_kind(p, c))
		return NULL;
	for (bool more = !is_clickhouse(p); more;) {
		if (kw(p, KW_INCLUDE) && !parse_ident_parens(p, &c->include))
			return NULL;
		if (at_kw(p, 0, KW_WITH) && at_kind(p, 1, T_LPAREN)) {
			p->at++;
			if (!parse_options(p, &c->options))
				return NULL;
		}
		struct str ignored;
		if (kw3(p, KW_USING, KW_INDEX, KW_TABLESPACE) && !parse_ident(p, &ignored))
			return NULL;
		if (c->type == CONSTRAINT_EXCLUDE && kw(p, KW_WHERE) && (c->where = parse_expr_above(p, PREC_POSTFIX)) == NULL)
			return NULL;
		if (kw(p, KW_DEFERRABLE))
			c->deferrable = true;
		else if (kw2(p, KW_NOT, KW_DEFERRABLE))
			c->deferrable = false;
		else if (kw2(p, KW_INITIALLY, KW_DEFERRED))
			c->initially_deferred = true;
		else if (kw2(p, KW_NOT, KW_VALID))
			c->not_valid = true;
		else if (kw2(p, KW_NO, KW_INHERIT))
			c->no_inherit = true;
		else
			more = kw2(p, KW_INITIALLY, KW_IMMEDIATE);
	}
	return seal(p, c);
}

/* ---- indexes and projections ---- */

/* name expr [TYPE type] [GRANULARITY n], behind INDEX. */
struct ast_index_def *parse_index_def(struct parser *p)
{
	struct ast_index_def *d = NEW(p, INDEX_DEF, index_def);
	if (!parse_ident(p, &d->name) || (d->value = parse_expr(p)) == NULL)
		return NULL;
	if (!need_kw(p, KW_TYPE) || (d->type = parse_engine_call(p)) == NULL)
		return NULL;
	if (kw(p, KW_GRANULARITY) && (d->granularity = parse_expr_above(p, PREC_POSTFIX)) == NULL)
		return NULL;
	return seal(p, d);
}

struct ast_projection_def *parse_projection_def(struct parser *p)
{
	struct ast_projection_def *d = NEW(p, PROJECTION_DEF, projection_def);
	if (!parse_ident(p, &d->name))
		return NULL;
	if (kw(p, KW_INDEX)) {
		if ((d->index = parse_expr(p)) == NULL || !need_kw(p, KW_TYPE)
			|| (d->index_type = parse_engine_call(p)) == NULL)
			return NULL;
	} else if ((d->query = parse_query_parens(p)) == NULL) {
		return NULL;
	}
	if (kw2(p, KW_WITH, KW_SETTINGS) && (!need(p, T_LPAREN) || !parse_settings(p, &d->settings) || !need(p, T_RPAREN)))
		return NULL;
	return seal(p, d);
}

struct ast_index_element *parse_index_element(struct parser *p)
{
	struct ast_index_element *e = NEW(p, INDEX_ELEMENT, index_element);
	e->value = is_clickhouse(p) ? parse_expr(p) : parse_expr_above(p, PREC_UNARY);
	if (e->value == NULL || (kw(p, KW_COLLATE) && !parse_path(p, &e->collation)))
		return NULL;
	if (at_ident(p, 0) && !at_kw(p, 0, KW_ASC) && !at_kw(p, 0, KW_DESC) && !at_kw(p, 0, KW_NULLS)
		&& !at_kw(p, 0, KW_WITH)
		&& !is_clickhouse(p)) {
		if (!parse_path(p, &e->opclass) || (at_kind(p, 0, T_LPAREN) && !parse_options(p, &e->opclass_options)))
			return NULL;
	}
	e->direction = kw(p, KW_ASC) ? ORDER_ASC : kw(p, KW_DESC) ? ORDER_DESC : ORDER_UNSAID;
	if (kw2(p, KW_NULLS, KW_FIRST))
		e->nulls = ORDER_NULLS_FIRST;
	else if (kw2(p, KW_NULLS, KW_LAST))
		e->nulls = ORDER_NULLS_LAST;
	return seal(p, e);
}

bool parse_index_elements(struct parser *p, struct ast_list *out)
{
	if (!need(p, T_LPAREN))
		return false;
	do {
		struct ast_index_element *e = parse_index_element(p);
		if (e == NULL)
			return false;
		push(p, out, e);
	} while (accept(p, T_COMMA));
	return need(p, T_RPAREN);
}

/* ---- the list of a table's elements ---- */

static struct ast *parse_like_clause(struct parser *p)
{
	struct ast_like_clause *l = NEW(p, LIKE_CLAUSE, like_clause);
	p->at++;
	if (!parse_path(p, &l->source))
		return NULL;
	size_t from = p->at;
	while (kw(p, KW_INCLUDING) || kw(p, KW_EXCLUDING)) {
		struct name_part what;
		if (!parse_label(p, &what))
			return NULL;
	}
	l->options = p->at == from ? STR("") : source_between(p, from, p->at);
	return seal(p, l);
}

static struct ast *parse_element(struct parser *p)
{
	if (at_constraint(p)) {
		struct ast_constraint *c = parse_constraint(p);
		bool key = c != NULL && (c->type == CONSTRAINT_PRIMARY_KEY || c->type == CONSTRAINT_UNIQUE);
		/* only behind a column may the columns of a key be left out */
		if (c == NULL || (key && c->columns.count == 0 && c->index.data == NULL) || c->type == CONSTRAINT_NOT_NULL
			|| c->type == CONSTRAINT_NULL)
			return fail(p);
		return &c->ast;
	}
	if (at_kw(p, 0, KW_CHECK) && is_clickhouse(p) && !at_kind(p, 1, T_WORD))
		return (struct ast *)parse_constraint(p);
	if (at_kw(p, 0, KW_INDEX) && at_ident(p, 1)) {
		/* unless it is a column of that name */
		struct attempt a = attempt_begin(p);
		p->at++;
		struct ast_index_def *d = parse_index_def(p);
		if (d != NULL)
			return &d->ast;
		attempt_undo(p, a);
	} else if (at_kw(p, 0, KW_PROJECTION) && at_ident(p, 1) &&
	           (at_kw(p, 2, KW_INDEX) || (at_kind(p, 2, T_LPAREN) && at_query(p, 3)))) {
		p->at++;
		return (struct ast *)parse_projection_def(p);
	} else if (at_kw(p, 0, KW_LIKE)) {
		return parse_like_clause(p);
	}
	return (struct ast *)parse_column_def(p, true);
}

bool parse_table_elements(struct parser *p, struct ast_list *out)
{
	if (!need(p, T_LPAREN))
		return false;
	while (!at_kind(p, 0, T_RPAREN)) {
		struct ast *e = parse_element(p);
		if (e == NULL)
			return false;
		push(p, out, e);
		if (!accept(p, T_COMMA))
			break;
		if (at_kind(p, 0, T_RPAREN) && !is_clickhouse(p))
			return fail(p) != NULL;
	}
	return need(p, T_RPAREN);
}

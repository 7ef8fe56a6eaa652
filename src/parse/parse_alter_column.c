// SPDX-License-Identifier: Apache-2.0
/* ALTER: commands on one column, and ALTER of objects other than tables. */
#include "parse/parse_impl.h"

static struct ast_alter_command *command(struct parser *p, enum alter_type type, const struct name *column)
{
	struct ast_alter_command *c = NEW(p, ALTER_COMMAND, alter_command);
	c->type = type;
	if (column != NULL)
		c->name = *column;
	return c;
}

/* ---- ClickHouse ---- */

static bool parse_column_settings(struct parser *p, struct ast_alter_command *c)
{
	do {
		struct ast_setting *s = parse_setting(p);
		if (s == NULL)
			return false;
		push(p, &c->items, s);
	} while (at_kind(p, 0, T_COMMA) && at_op(p, 2, OP_EQ) && accept(p, T_COMMA));
	return true;
}

/* name REMOVE what | MODIFY SETTING … | RESET SETTING … | definition, behind MODIFY COLUMN. */
struct ast *parse_modify_column(struct parser *p)
{
	bool if_exists = accept_if_exists(p);
	struct attempt start = attempt_begin(p);
	struct name name;
	struct ast_alter_command *c;
	if (!parse_path(p, &name))
		return NULL;
	if (at_kw(p, 0, KW_REMOVE)) {
		c = command(p, ALTER_REMOVE_PROPERTY, &name);
		p->at++;
		struct name_part what;
		if (!parse_label(p, &what))
			return NULL;
		c->text = upper_copy(p, what.text);
	} else if (kw2(p, KW_MODIFY, KW_SETTING)) {
		c = command(p, ALTER_COLUMN_MODIFY_SETTING, &name);
		if (!parse_column_settings(p, c))
			return NULL;
	} else if (kw2(p, KW_RESET, KW_SETTING)) {
		c = command(p, ALTER_COLUMN_RESET_SETTING, &name);
		if (!parse_alter_names(p, &c->items))
			return NULL;
	} else {
		attempt_undo(p, start);
		c = command(p, ALTER_MODIFY_COLUMN, NULL);
		if ((c->definition = (struct ast *)parse_column_def(p, false)) == NULL)
			return NULL;
		if (kw(p, KW_FIRST))
			c->first = true;
		else if (kw(p, KW_AFTER) && !parse_path(p, &c->target))
			return NULL;
	}
	c->if_exists = if_exists;
	return seal(p, c);
}

struct ast *parse_comment_column(struct parser *p)
{
	struct ast_alter_command *c = command(p, ALTER_COMMENT_COLUMN, NULL);
	if (!need_kw(p, KW_COLUMN))
		return NULL;
	c->if_exists = accept_if_exists(p);
	if (!parse_path(p, &c->name) || (c->value = parse_string_node(p)) == NULL)
		return NULL;
	return seal(p, c);
}

/* ---- PostgreSQL ---- */

static struct ast *parse_column_type(struct parser *p, const struct name *column)
{
	struct ast_alter_command *c = command(p, ALTER_COLUMN_TYPE, column);
	if ((c->type_name = parse_type_node(p)) == NULL)
		return NULL;
	if (kw(p, KW_COLLATE)) {
		struct name collation;
		int position = here(p);
		if (!parse_path(p, &collation))
			return NULL;
		push(p, &c->items, new_identifier(p, collation, position));
	}
	if (kw(p, KW_USING) && (c->value = parse_expr(p)) == NULL)
		return NULL;
	(void)kw_or(p, KW_CASCADE, KW_RESTRICT);
	return seal(p, c);
}

static struct ast *parse_identity(struct parser *p, const struct name *column, enum alter_type type)
{
	struct ast_alter_command *c = command(p, type, column);
	if (kw(p, KW_GENERATED)) {
		c->text = kw2(p, KW_BY, KW_DEFAULT) ? STR("by default") : STR("always");
		if (c->text.data[0] == 'a' && !need_kw(p, KW_ALWAYS))
			return NULL;
	}
	if (type == ALTER_COLUMN_ADD_IDENTITY) {
		if (!need_kw(p, KW_AS) || !need_kw(p, KW_IDENTITY))
			return NULL;
		if (accept(p, T_LPAREN) && ((c->definition = (struct ast *)parse_sequence_options(p)) == NULL
			|| !need(p, T_RPAREN)))
			return NULL;
	} else if ((c->definition = (struct ast *)parse_sequence_options(p)) == NULL) {
		return NULL;
	}
	return seal(p, c);
}

static struct ast *parse_column_set(struct parser *p, const struct name *column)
{
	struct ast_alter_command *c;
	struct name_part part;
	if (kw2(p, KW_DATA, KW_TYPE))
		return parse_column_type(p, column);
	if (kw(p, KW_DEFAULT)) {
		c = command(p, ALTER_COLUMN_SET_DEFAULT, column);
		return (c->value = parse_expr(p)) == NULL ? NULL : seal(p, c);
	}
	if (kw2(p, KW_NOT, KW_NULL))
		return seal(p, command(p, ALTER_COLUMN_SET_NOT_NULL, column));
	if (kw(p, KW_STATISTICS)) {
		c = command(p, ALTER_COLUMN_SET_STATISTICS, column);
		return (c->value = parse_expr_above(p, PREC_UNARY)) == NULL ? NULL : seal(p, c);
	}
	if (kw_or(p, KW_STORAGE, KW_COMPRESSION)) {
		bool storage = p->tokens[p->at - 1].code == KW_STORAGE;
		c = command(p, storage ? ALTER_COLUMN_SET_STORAGE : ALTER_COLUMN_SET_COMPRESSION, column);
		if (!parse_label(p, &part))
			return NULL;
		c->text = part.text;
		return seal(p, c);
	}
	if (at_kind(p, 0, T_LPAREN)) {
		c = command(p, ALTER_COLUMN_SET_OPTIONS, column);
		return parse_options(p, &c->items) ? seal(p, c) : NULL;
	}
	return parse_identity(p, column, ALTER_COLUMN_SET_IDENTITY);
}

/* Behind ALTER [COLUMN]. */
struct ast *parse_alter_column(struct parser *p)
{
	struct attempt start = attempt_begin(p);
	bool if_exists = accept_if_exists(p);
	struct name column;
	if (!parse_path(p, &column))
		return NULL;
	if (!is_clickhouse(p) && (kw(p, KW_TYPE)))
		return parse_column_type(p, &column);
	if (kw(p, KW_SET))
		return parse_column_set(p, &column);
	if (at_kw(p, 0, KW_DROP)) {
		p->at++;
		if (kw(p, KW_DEFAULT))
			return seal(p, command(p, ALTER_COLUMN_DROP_DEFAULT, &column));
		if (kw2(p, KW_NOT, KW_NULL))
			return seal(p, command(p, ALTER_COLUMN_DROP_NOT_NULL, &column));
		enum alter_type type = kw(p, KW_IDENTITY) ? ALTER_COLUMN_DROP_IDENTITY : ALTER_COLUMN_DROP_EXPRESSION;
		if (type == ALTER_COLUMN_DROP_EXPRESSION && !need_kw(p, KW_EXPRESSION))
			return NULL;
		struct ast_alter_command *c = command(p, type, &column);
		c->if_exists = accept_if_exists(p);
		return seal(p, c);
	}
	if (kw(p, KW_ADD))
		return parse_identity(p, &column, ALTER_COLUMN_ADD_IDENTITY);
	if (at_kw(p, 0, KW_RESTART))
		return parse_identity(p, &column, ALTER_COLUMN_SET_IDENTITY);
	if (at_kw(p, 0, KW_RESET) && at_kind(p, 1, T_LPAREN)) {
		p->at++;
		struct ast_alter_command *c = command(p, ALTER_COLUMN_RESET_OPTIONS, &column);
		return parse_options(p, &c->items) ? seal(p, c) : NULL;
	}
	/* ClickHouse's ALTER COLUMN is MODIFY COLUMN */
	attempt_undo(p, start);
	(void)if_exists;
	return parse_modify_column(p);
}

/* ---- other objects ---- */

/* ADD VALUE [IF NOT EXISTS] 'x' [BEFORE|AFTER 'y'] */
static struct ast *parse_add_value(struct parser *p)
{
	struct ast_alter_command *c = command(p, ALTER_ADD_VALUE, NULL);
	p->at += 2;
	c->if_not_exists = accept_if_not_exists(p);
	if ((c->value = parse_string_node(p)) == NULL)
		return NULL;
	c->first = kw(p, KW_BEFORE);
	if ((c->first || kw(p, KW_AFTER)) && (c->destination = parse_string_node(p)) == NULL)
		return NULL;
	return seal(p, c);
}

static bool at_sequence_option(struct parser *p)
{
	switch (peek(p)->code) {
	case KW_AS: case KW_INCREMENT: case KW_MINVALUE: case KW_MAXVALUE: case KW_START: case KW_CACHE: case KW_RESTART:
	case KW_CYCLE:
	case KW_OWNED: case KW_NO:
		return at_kind(p, 0, T_WORD);
	default: return false;
	}
}

static struct ast *parse_object_command(struct parser *p, enum object_type object)
{
	struct ast_alter_command *c;
	if (at_kw(p, 0, KW_ADD) && at_kw(p, 1, KW_VALUE) && object == OBJECT_TYPE)
		return parse_add_value(p);
	if (object == OBJECT_SEQUENCE && at_sequence_option(p)) {
		c = command(p, ALTER_SEQUENCE_OPTIONS, NULL);
		return (c->definition = (struct ast *)parse_sequence_options(p)) == NULL ? NULL : seal(p, c);
	}
	if (object == OBJECT_INDEX && at_kw(p, 0, KW_ATTACH)) {
		c = command(p, ALTER_ATTACH_INDEX, NULL);
		p->at++;
		return need_kw(p, KW_PARTITION) && parse_path(p, &c->target) ? seal(p, c) : NULL;
	}
	if (object == OBJECT_DOMAIN && at_kw(p, 0, KW_DROP) && (at_kw(p, 1, KW_DEFAULT) || at_kw(p, 1, KW_NOT))) {
		bool is_default = at_kw(p, 1, KW_DEFAULT);
		p->at += is_default ? 2 : 3;
		return seal(p, command(p, is_default ? ALTER_DROP_DEFAULT : ALTER_DROP_NOT_NULL, NULL));
	}
	static const enum keyword known[] = {
		KW_ADD, KW_DROP, KW_MODIFY, KW_RENAME, KW_OWNER, KW_SET, KW_RESET, KW_ALTER, KW_VALIDATE, KW_ENABLE, KW_DISABLE,
			KW_INHERIT,
	};
	for (size_t i = 0; i < ARRAY_COUNT(known); i++)
		if (at_kw(p, 0, known[i]))
			return parse_alter_command(p, object);
	bool other = object == OBJECT_FUNCTION || object == OBJECT_PROCEDURE || object == OBJECT_ROUTINE ||
		object == OBJECT_DATABASE
		|| object == OBJECT_EXTENSION || object == OBJECT_AGGREGATE || object == OBJECT_LANGUAGE;
	if (is_clickhouse(p) || !other)
		return fail(p);
	/* volatility of functions, options of databases: kept as written */
	c = command(p, ALTER_OTHER, NULL);
	size_t from = p->at;
	c->text = rest_of_statement(p, from);
	return p->at == from ? fail(p) : seal(p, c);
}

static bool is_table_like(enum object_type object)
{
	return object == OBJECT_TABLE || object == OBJECT_VIEW || object == OBJECT_MATERIALIZED_VIEW ||
		object == OBJECT_FOREIGN_TABLE
		|| object == OBJECT_DATABASE;
}

/* cmd, cmd or ClickHouse's (cmd), (cmd) */
static bool parse_commands(struct parser *p, struct ast_alter *a)
{
	do {
		bool parens = at_kind(p, 0, T_LPAREN) && accept(p, T_LPAREN);
		struct ast *c = is_table_like(a->object) && !(a->object == OBJECT_DATABASE && !at_kw(p, 0, KW_MODIFY))
			? parse_alter_command(p, a->object) : parse_object_command(p, a->object);
		if (c == NULL || (parens && !need(p, T_RPAREN)))
			return false;
		push(p, &a->commands, c);
	} while (accept(p, T_COMMA));
	return true;
}

/* Behind ALTER; `start` is the token of ALTER itself. */
struct ast *parse_alter(struct parser *p, size_t start)
{
	struct ast_alter *a = NEW(p, ALTER, alter);
	a->temporary = kw(p, KW_TEMPORARY);
	if (kw2(p, KW_DEFAULT, KW_PRIVILEGES))
		return parse_recorded(p, "ALTER", OBJECT_DEFAULT_PRIVILEGES, start);
	if (!accept_object_type(p, &a->object))
		return fail(p);
	switch (a->object) {
	case OBJECT_USER: case OBJECT_ROLE: case OBJECT_GROUP: return parse_role(p, a->object, true, false);
	case OBJECT_TABLE: case OBJECT_VIEW: case OBJECT_MATERIALIZED_VIEW: case OBJECT_FOREIGN_TABLE: case OBJECT_INDEX:
	case OBJECT_SEQUENCE: case OBJECT_TYPE: case OBJECT_DOMAIN: case OBJECT_DATABASE: case OBJECT_SCHEMA:
	case OBJECT_FUNCTION:
	case OBJECT_PROCEDURE: case OBJECT_ROUTINE: case OBJECT_AGGREGATE: case OBJECT_EXTENSION: case OBJECT_LANGUAGE:
		break;
	default: return parse_recorded(p, "ALTER", a->object, start);
	}
	a->if_exists = accept_if_exists(p);
	a->only = !is_clickhouse(p) && kw(p, KW_ONLY);
	if (!parse_path(p, &a->name))
		return NULL;
	a->star = !is_clickhouse(p) && accept_op(p, OP_STAR);
	if (at_kind(p, 0, T_LPAREN) &&
	    (a->object == OBJECT_FUNCTION || a->object == OBJECT_PROCEDURE || a->object == OBJECT_ROUTINE
		|| a->object == OBJECT_AGGREGATE) && !parse_function_args(p, &a->args))
		return NULL;
	if (!accept_on_cluster(p, &a->cluster) || !parse_commands(p, a) || !accept_settings(p, &a->settings))
		return NULL;
	return seal(p, a);
}

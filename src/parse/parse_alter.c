// SPDX-License-Identifier: Apache-2.0
/* ALTER: the commands on tables of both languages. Those on single columns are in parse_alter_column.c. */
#include "parse/parse_impl.h"

static struct ast_alter_command *command(struct parser *p, enum alter_type type)
{
	struct ast_alter_command *c = NEW(p, ALTER_COMMAND, alter_command);
	c->type = type;
	return c;
}

/* ---- lists whose comma may also begin the next command ---- */

static bool at_command(struct parser *p, size_t ahead)
{
	static const enum keyword verbs[] = {
		KW_ADD, KW_DROP, KW_MODIFY, KW_CLEAR, KW_COMMENT, KW_RENAME, KW_MATERIALIZE, KW_REMOVE, KW_RESET, KW_UPDATE,
			KW_DELETE,
		KW_APPLY, KW_ATTACH, KW_DETACH, KW_REPLACE, KW_MOVE, KW_FETCH, KW_FREEZE, KW_UNFREEZE, KW_FORGET, KW_ALTER,
	};
	if (!at_kind(p, ahead + 1, T_WORD))
		return false;
	for (size_t i = 0; i < ARRAY_COUNT(verbs); i++)
		if (at_kw(p, ahead, verbs[i]))
			return true;
	return false;
}

static bool more_settings(struct parser *p)
{
	if (!at_kind(p, 0, T_COMMA) || !at_ident(p, 1) || !at_op(p, 2, OP_EQ))
		return false;
	p->at++;
	return true;
}

static bool more_names(struct parser *p)
{
	if (!at_kind(p, 0, T_COMMA) || at_command(p, 1))
		return false;
	p->at++;
	return true;
}

static bool parse_alter_settings(struct parser *p, struct ast_list *out)
{
	do {
		struct ast_setting *s = parse_setting(p);
		if (s == NULL)
			return false;
		push(p, out, s);
	} while (more_settings(p));
	return true;
}

bool parse_alter_names(struct parser *p, struct ast_list *out)
{
	do {
		struct name name;
		int position = here(p);
		if (!parse_path(p, &name))
			return false;
		push(p, out, new_identifier(p, name, position));
	} while (more_names(p));
	return true;
}

/* One TTL after the other, until a comma is followed by a command. */
static bool parse_alter_ttl(struct parser *p, struct ast_list *out)
{
	do {
		struct ast_list one = {NULL, 0, 0};
		size_t end = p->at;
		/* parse_ttl_list() stops at what no TTL begins with; a command's verb would be read as a name */
		while (!at_kind(p, end - p->at, T_END) && !(at_kind(p, end - p->at, T_COMMA) && at_command(p, end - p->at + 1)))
			end++;
		bool cut = at_kind(p, end - p->at, T_COMMA);
		uint8_t kind = 0;
		if (cut) {
			kind = p->tokens[end].kind;
			p->tokens[end].kind = T_SEMICOLON;
		}
		bool good = parse_ttl_list(p, &one);
		if (cut)
			p->tokens[end].kind = kind;
		if (!good)
			return false;
		AST_EACH(&one, t)
			push(p, out, t);
	} while (more_names(p));
	return true;
}

/* ---- names with IF [NOT] EXISTS, positions, partitions ---- */

static bool parse_place(struct parser *p, struct ast_alter_command *c)
{
	if (kw(p, KW_FIRST))
		c->first = true;
	else if (kw(p, KW_AFTER))
		return parse_path(p, &c->target);
	return p->failed == OK;
}

static struct ast *named(struct parser *p, enum alter_type type)
{
	struct ast_alter_command *c = command(p, type);
	c->if_exists = accept_if_exists(p);
	if (!parse_path(p, &c->name))
		return NULL;
	if (kw2(p, KW_IN, KW_PARTITION) && (c->partition = parse_partition(p)) == NULL)
		return NULL;
	c->cascade = kw(p, KW_CASCADE);
	if (!c->cascade)
		(void)kw(p, KW_RESTRICT);
	return seal(p, c);
}

/* Behind ADD, DROP … the four things that a table has lists of. */
static enum keyword accept_part_word(struct parser *p)
{
	static const enum keyword words[] = {KW_COLUMN, KW_INDEX, KW_PROJECTION, KW_CONSTRAINT, KW_STATISTICS};
	for (size_t i = 0; i < ARRAY_COUNT(words); i++)
		if (kw(p, words[i]))
			return words[i];
	return NOT_KEYWORD;
}

/* columns TYPE kinds */
static struct ast *parse_statistics(struct parser *p, enum alter_type type)
{
	struct ast_alter_command *c = command(p, type);
	c->if_not_exists = accept_if_not_exists(p);
	c->if_exists = accept_if_exists(p);
	if (type == ALTER_MATERIALIZE_STATISTICS && kw(p, KW_ALL))
		return seal(p, c);
	if (!parse_alter_names(p, &c->items))
		return NULL;
	if (type == ALTER_ADD_STATISTICS || type == ALTER_MODIFY_STATISTICS) {
		struct ast_call *kinds = new_call(p, "tuple", CALL_PARENS, here(p));
		if (!need_kw(p, KW_TYPE))
			return NULL;
		do {
			struct ast_call *k = parse_engine_call(p);
			if (k == NULL)
				return NULL;
			push(p, &kinds->args, k);
		} while (more_names(p));
		c->value = seal(p, kinds);
	}
	return seal(p, c);
}

/* ---- ADD, DROP, CLEAR, MATERIALIZE ---- */

static struct ast *parse_add(struct parser *p)
{
	/* PostgreSQL: ADD CONSTRAINT …, ADD PRIMARY KEY …, and columns without the word */
	if (at_constraint(p) && !(is_clickhouse(p) && at_kw(p, 0, KW_CONSTRAINT))) {
		struct ast_alter_command *c = command(p, ALTER_ADD_CONSTRAINT);
		return (c->definition = (struct ast *)parse_constraint(p)) == NULL ? NULL : seal(p, c);
	}
	enum keyword what = accept_part_word(p);
	if (what == KW_STATISTICS)
		return parse_statistics(p, ALTER_ADD_STATISTICS);
	struct ast_alter_command *c = command(p, ALTER_ADD_COLUMN);
	c->if_not_exists = accept_if_not_exists(p);
	switch (what) {
	case KW_INDEX:
		c->type = ALTER_ADD_INDEX;
		c->definition = (struct ast *)parse_index_def(p);
		break;
	case KW_PROJECTION:
		c->type = ALTER_ADD_PROJECTION;
		c->definition = (struct ast *)parse_projection_def(p);
		break;
	case KW_CONSTRAINT: {
		/* the constraint's own grammar wants the word in front */
		c->type = ALTER_ADD_CONSTRAINT;
		if (!c->if_not_exists)
			p->at--;
		struct str name = {NULL, 0};
		if (c->if_not_exists && !parse_ident(p, &name))
			return NULL;
		struct ast_constraint *k = parse_constraint(p);
		if (k != NULL && c->if_not_exists)
			k->name = name;
		c->definition = (struct ast *)k;
		break;
	}
	default: c->definition = (struct ast *)parse_column_def(p, true); break;
	}
	if (c->definition == NULL || !parse_place(p, c))
		return NULL;
	return seal(p, c);
}

static struct ast *parse_partition_command(struct parser *p, enum alter_type type);

static struct ast *parse_drop_part(struct parser *p)
{
	if (at_kw(p, 0, KW_DETACHED)) {
		p->at++;
		struct ast_alter_command *c = (struct ast_alter_command *)parse_partition_command(p, ALTER_DROP_PARTITION);
		if (c != NULL)
			c->detached = true;
		return (struct ast *)c;
	}
	if (at_kw(p, 0, KW_PARTITION) || (at_kw(p, 0, KW_PART) && at_string(p, 1)))
		return parse_partition_command(p, ALTER_DROP_PARTITION);
	switch (accept_part_word(p)) {
	case KW_INDEX: return named(p, ALTER_DROP_INDEX);
	case KW_PROJECTION: return named(p, ALTER_DROP_PROJECTION);
	case KW_CONSTRAINT: return named(p, ALTER_DROP_CONSTRAINT);
	case KW_STATISTICS: return parse_statistics(p, ALTER_DROP_STATISTICS);
	default: return named(p, ALTER_DROP_COLUMN);
	}
}

static struct ast *parse_clear(struct parser *p)
{
	switch (accept_part_word(p)) {
	case KW_INDEX: return named(p, ALTER_CLEAR_INDEX);
	case KW_PROJECTION: return named(p, ALTER_CLEAR_PROJECTION);
	case KW_STATISTICS: return parse_statistics(p, ALTER_CLEAR_STATISTICS);
	case KW_COLUMN: return named(p, ALTER_CLEAR_COLUMN);
	default: return fail(p);
	}
}

static struct ast *parse_materialize(struct parser *p)
{
	if (kw(p, KW_TTL)) {
		struct ast_alter_command *c = command(p, ALTER_MATERIALIZE_TTL);
		if (kw2(p, KW_IN, KW_PARTITION) && (c->partition = parse_partition(p)) == NULL)
			return NULL;
		return seal(p, c);
	}
	switch (accept_part_word(p)) {
	case KW_INDEX: return named(p, ALTER_MATERIALIZE_INDEX);
	case KW_PROJECTION: return named(p, ALTER_MATERIALIZE_PROJECTION);
	case KW_STATISTICS: return parse_statistics(p, ALTER_MATERIALIZE_STATISTICS);
	case KW_COLUMN: return named(p, ALTER_MATERIALIZE_COLUMN);
	default: return fail(p);
	}
}

/* ---- MODIFY, REMOVE, RESET of the table ---- */

static struct ast *parse_modify(struct parser *p)
{
	struct ast_alter_command *c;
	struct name definer = {NULL, 0};
	struct str security = {NULL, 0};
	if (kw2(p, KW_ORDER, KW_BY)) {
		c = command(p, ALTER_MODIFY_ORDER_BY);
		c->value = parse_expr(p);
	} else if (kw2(p, KW_SAMPLE, KW_BY)) {
		c = command(p, ALTER_MODIFY_SAMPLE_BY);
		c->value = parse_expr(p);
	} else if (at_kw(p, 0, KW_TTL) && !at_kw(p, 1, KW_TTL) && kw(p, KW_TTL)) {
		c = command(p, ALTER_MODIFY_TTL);
		return parse_alter_ttl(p, &c->items) ? seal(p, c) : NULL;
	} else if (kw(p, KW_SETTING)) {
		c = command(p, ALTER_MODIFY_SETTING);
		return parse_alter_settings(p, &c->items) ? seal(p, c) : NULL;
	} else if (kw(p, KW_QUERY)) {
		c = command(p, ALTER_MODIFY_QUERY);
		return (c->definition = parse_query(p)) == NULL ? NULL : seal(p, c);
	} else if (kw(p, KW_REFRESH)) {
		c = command(p, ALTER_MODIFY_REFRESH);
		return (c->definition = (struct ast *)parse_refresh(p)) == NULL ? NULL : seal(p, c);
	} else if (at_kw(p, 0, KW_COMMENT) && at_string(p, 1)) {
		p->at++;
		c = command(p, ALTER_MODIFY_COMMENT);
		c->value = parse_string_node(p);
	} else if (kw(p, KW_STATISTICS)) {
		return parse_statistics(p, ALTER_MODIFY_STATISTICS);
	} else if (accept_definer(p, &definer, &security)) {
		c = command(p, ALTER_MODIFY_SQL_SECURITY);
		while (accept_definer(p, &definer, &security))
			;
		c->name = definer;
		c->text = security;
		return seal(p, c);
	} else {
		(void)kw(p, KW_COLUMN);
		return parse_modify_column(p);
	}
	return c->value == NULL ? NULL : seal(p, c);
}

static struct ast *parse_remove(struct parser *p)
{
	if (kw(p, KW_TTL))
		return seal(p, command(p, ALTER_REMOVE_TTL));
	if (kw2(p, KW_SAMPLE, KW_BY))
		return seal(p, command(p, ALTER_REMOVE_SAMPLE_BY));
	return fail(p);
}

static struct ast *parse_reset_command(struct parser *p)
{
	struct ast_alter_command *c;
	if (at_kind(p, 0, T_LPAREN)) {
		c = command(p, ALTER_RESET_OPTIONS);
		return parse_options(p, &c->items) ? seal(p, c) : NULL;
	}
	if (!kw(p, KW_SETTING)) {
		/* ALTER DATABASE d RESET name */
		c = command(p, ALTER_RESET_SETTING);
		if (kw(p, KW_ALL))
			return seal(p, c);
		return parse_alter_names(p, &c->items) ? seal(p, c) : NULL;
	}
	c = command(p, ALTER_RESET_SETTING);
	return parse_alter_names(p, &c->items) ? seal(p, c) : NULL;
}

/* ---- data ---- */

static bool parse_mutation_scope(struct parser *p, struct ast_alter_command *c)
{
	if (kw2(p, KW_IN, KW_PARTITION) && (c->partition = parse_partition(p)) == NULL)
		return false;
	return need_kw(p, KW_WHERE) && (c->value = parse_expr(p)) != NULL;
}

static struct ast *parse_update_command(struct parser *p)
{
	struct ast_alter_command *c = command(p, ALTER_UPDATE);
	return parse_assignments(p, &c->items) && parse_mutation_scope(p, c) ? seal(p, c) : NULL;
}

static struct ast *parse_delete_command(struct parser *p)
{
	struct ast_alter_command *c = command(p, ALTER_DELETE);
	return parse_mutation_scope(p, c) ? seal(p, c) : NULL;
}

static struct ast *parse_apply_command(struct parser *p)
{
	struct ast_alter_command *c = command(p, ALTER_APPLY_DELETED_MASK);
	if (kw(p, KW_PATCHES))
		c->type = ALTER_APPLY_PATCHES;
	else if (!need_kw(p, KW_DELETED) || !word(p, "MASK"))
		return fail(p);
	if (kw2(p, KW_IN, KW_PARTITION) && (c->partition = parse_partition(p)) == NULL)
		return NULL;
	return seal(p, c);
}

/* ---- partitions ---- */

static bool parse_destination(struct parser *p, struct ast_alter_command *c)
{
	struct str name;
	if (kw(p, KW_TABLE)) {
		c->text = STR("TABLE");
		return parse_path(p, &c->target);
	}
	if (kw(p, KW_DISK))
		c->text = STR("DISK");
	else if (kw(p, KW_VOLUME))
		c->text = STR("VOLUME");
	else if (kw(p, KW_SHARD))
		c->text = STR("SHARD");
	else
		return fail(p) != NULL;
	int position = here(p);
	if (!parse_string(p, &name))
		return false;
	c->destination = &new_string(p, name, position)->ast;
	return true;
}

/* PARTITION p or PART 'x', then what the command has behind it. */
static struct ast *parse_partition_command(struct parser *p, enum alter_type type)
{
	struct ast_alter_command *c = command(p, type);
	c->part = at_kw(p, 0, KW_PART) && kw(p, KW_PART);
	if (!c->part && !need_kw(p, KW_PARTITION))
		return NULL;
	/* PostgreSQL: ATTACH PARTITION table FOR VALUES …, DETACH PARTITION table */
	if (!is_clickhouse(p) && (type == ALTER_ATTACH_PARTITION || type == ALTER_DETACH_PARTITION) && at_ident(p, 0)) {
		if (!parse_path(p, &c->target))
			return NULL;
		if (type == ALTER_ATTACH_PARTITION && (at_kw(p, 0, KW_FOR) || at_kw(p, 0, KW_DEFAULT)))
			return (c->definition = (struct ast *)parse_partition_bound(p)) == NULL ? NULL : seal(p, c);
		(void)(kw(p, KW_CONCURRENTLY) || kw(p, KW_FINALIZE));
		return seal(p, c);
	}
	c->partition = c->part ? parse_string_node(p) : parse_partition(p);
	if (c->partition == NULL)
		return NULL;
	switch (type) {
	case ALTER_ATTACH_PARTITION:
		if (kw(p, KW_FROM) && !parse_path(p, &c->target))
			return NULL;
		break;
	case ALTER_REPLACE_PARTITION:
		if (!need_kw(p, KW_FROM) || !parse_path(p, &c->target))
			return NULL;
		break;
	case ALTER_MOVE_PARTITION:
		if (!need_kw(p, KW_TO) || !parse_destination(p, c))
			return NULL;
		break;
	case ALTER_FETCH_PARTITION:
		if (!need_kw(p, KW_FROM) || (c->destination = parse_string_node(p)) == NULL)
			return NULL;
		break;
	default: break;
	}
	return seal(p, c);
}

static struct ast *parse_freeze(struct parser *p, enum alter_type type)
{
	struct ast_alter_command *c = command(p, type);
	if (kw(p, KW_PARTITION) && (c->partition = parse_partition(p)) == NULL)
		return NULL;
	if (kw2(p, KW_WITH, KW_NAME) && !parse_string(p, &c->text))
		return NULL;
	return seal(p, c);
}

/* ---- RENAME, OWNER, SET, and switches ---- */

static struct ast *parse_rename_command(struct parser *p)
{
	struct ast_alter_command *c = command(p, ALTER_RENAME);
	if (kw(p, KW_TO))
		return parse_path(p, &c->target) ? seal(p, c) : NULL;
	if (at_kw(p, 0, KW_VALUE) && at_string(p, 1)) {
		p->at++;
		c->type = ALTER_RENAME_VALUE;
		if ((c->value = parse_string_node(p)) == NULL || !need_kw(p, KW_TO) ||
		    (c->destination = parse_string_node(p)) == NULL)
			return NULL;
		return seal(p, c);
	}
	c->type = kw(p, KW_CONSTRAINT) ? ALTER_RENAME_CONSTRAINT : ALTER_RENAME_COLUMN;
	if (c->type == ALTER_RENAME_COLUMN)
		(void)(kw(p, KW_COLUMN) || kw(p, KW_ATTRIBUTE));
	c->if_exists = accept_if_exists(p);
	if (!parse_path(p, &c->name) || !need_kw(p, KW_TO) || !parse_path(p, &c->target))
		return NULL;
	c->cascade = kw(p, KW_CASCADE);
	return seal(p, c);
}

/* Up to the next comma outside parentheses: words that mean nothing here. */
static struct ast *parse_switch(struct parser *p, enum alter_type type, size_t from)
{
	struct ast_alter_command *c = command(p, type);
	unsigned parens = 0;
	while (!at_kind(p, 0, T_END) && !at_kind(p, 0, T_SEMICOLON) && (parens != 0 || !at_kind(p, 0, T_COMMA))) {
		if (peek(p)->kind >= T_BAD_STRING || (at_kind(p, 0, T_RPAREN) && parens == 0))
			break;
		parens += at_kind(p, 0, T_LPAREN);
		parens -= at_kind(p, 0, T_RPAREN);
		p->at++;
	}
	c->text = source_between(p, from, p->at);
	return p->at == from || parens != 0 ? fail(p) : seal(p, c);
}

static struct ast *parse_set_command(struct parser *p, enum object_type object)
{
	struct ast_alter_command *c;
	size_t from = p->at - 1;
	if (at_kind(p, 0, T_LPAREN)) {
		c = command(p, ALTER_SET_OPTIONS);
		return parse_options(p, &c->items) ? seal(p, c) : NULL;
	}
	if (kw(p, KW_SCHEMA)) {
		c = command(p, ALTER_SET_SCHEMA);
		return parse_path(p, &c->target) ? seal(p, c) : NULL;
	}
	if (kw(p, KW_TABLESPACE)) {
		c = command(p, ALTER_SET_TABLESPACE);
		return parse_path(p, &c->name) ? seal(p, c) : NULL;
	}
	if (kw2(p, KW_NOT, KW_NULL))
		return seal(p, command(p, ALTER_SET_NOT_NULL));
	if (object == OBJECT_DOMAIN && kw(p, KW_DEFAULT)) {
		c = command(p, ALTER_SET_DEFAULT);
		return (c->value = parse_expr(p)) == NULL ? NULL : seal(p, c);
	}
	if (object == OBJECT_DATABASE || object == OBJECT_FUNCTION || object == OBJECT_PROCEDURE) {
		struct ast *set = parse_set(p);
		if (set == NULL || set->kind != AST_SET)
			return fail(p);
		c = command(p, ALTER_CONFIGURE);
		c->items = ((struct ast_set *)set)->settings;
		return seal(p, c);
	}
	return parse_switch(p, ALTER_TABLE_SWITCH, from);
}

static struct ast *parse_inherit(struct parser *p, enum alter_type type)
{
	struct ast_alter_command *c = command(p, type);
	return parse_path(p, &c->target) ? seal(p, c) : NULL;
}

static struct ast *parse_owner(struct parser *p)
{
	struct ast_alter_command *c = command(p, ALTER_OWNER);
	struct name_part *part = ARENA_NEW(p->arena, struct name_part);
	if (!need_kw(p, KW_TO) || !parse_label(p, part))
		return NULL;
	c->name = (struct name){part, 1};
	return seal(p, c);
}

static struct ast *parse_table_command_word(struct parser *p, enum object_type object)
{
	size_t from = p->at;
	p->at++;
	if (object == OBJECT_TYPE)
		(void)kw(p, KW_ATTRIBUTE); /* a type's columns */
	switch (p->tokens[from].code) {
	case KW_ADD: return parse_add(p);
	case KW_DROP: return parse_drop_part(p);
	case KW_CLEAR: return parse_clear(p);
	case KW_MATERIALIZE: return parse_materialize(p);
	case KW_MODIFY: return parse_modify(p);
	case KW_REMOVE: return parse_remove(p);
	case KW_RESET: return parse_reset_command(p);
	case KW_UPDATE: return parse_update_command(p);
	case KW_DELETE: return parse_delete_command(p);
	case KW_APPLY: return parse_apply_command(p);
	case KW_COMMENT: return parse_comment_column(p);
	case KW_RENAME: return parse_rename_command(p);
	case KW_ALTER:
		if (at_kw(p, 0, KW_CONSTRAINT)) {
			struct name name;
			p->at++;
			if (!parse_path(p, &name))
				return NULL;
			struct ast_alter_command *c = (struct ast_alter_command *)parse_switch(p, ALTER_ALTER_CONSTRAINT, p->at);
			if (c != NULL)
				c->name = name;
			return (struct ast *)c;
		}
		(void)(kw(p, KW_COLUMN) || kw(p, KW_ATTRIBUTE));
		return parse_alter_column(p);
	case KW_ATTACH: return parse_partition_command(p, ALTER_ATTACH_PARTITION);
	case KW_DETACH: return parse_partition_command(p, ALTER_DETACH_PARTITION);
	case KW_REPLACE: return parse_partition_command(p, ALTER_REPLACE_PARTITION);
	case KW_MOVE: return parse_partition_command(p, ALTER_MOVE_PARTITION);
	case KW_FETCH: return parse_partition_command(p, ALTER_FETCH_PARTITION);
	case KW_FORGET: return parse_partition_command(p, ALTER_FORGET_PARTITION);
	case KW_FREEZE: return parse_freeze(p, ALTER_FREEZE_PARTITION);
	case KW_UNFREEZE: return parse_freeze(p, ALTER_UNFREEZE_PARTITION);
	case KW_REWRITE: {
		struct ast_alter_command *c = command(p, ALTER_REWRITE_PARTS);
		if (!need_kw(p, KW_PARTS) || (kw2(p, KW_IN, KW_PARTITION) && (c->partition = parse_partition(p)) == NULL))
			return NULL;
		return seal(p, c);
	}
	case KW_OWNER: return parse_owner(p);
	case KW_SET: return parse_set_command(p, object);
	case KW_INHERIT: return parse_inherit(p, ALTER_INHERIT);
	case KW_NO:
		if (kw(p, KW_INHERIT))
			return parse_inherit(p, ALTER_NO_INHERIT);
		return parse_switch(p, ALTER_TABLE_SWITCH, from);
	case KW_VALIDATE: return need_kw(p, KW_CONSTRAINT) ? named(p, ALTER_VALIDATE_CONSTRAINT) : NULL;
	case KW_ENABLE: case KW_DISABLE: case KW_FORCE: case KW_REPLICA: case KW_CLUSTER: case KW_OF: case KW_NOT:
	case KW_OPTIONS:
		return parse_switch(p, ALTER_TABLE_SWITCH, from);
	default:
		p->at = from;
		return fail(p);
	}
}

struct ast *parse_alter_command(struct parser *p, enum object_type object)
{
	if (!at_kind(p, 0, T_WORD)) {
		if (unlikely(p->expected != NULL)) {
			static const char *const what[] = {"ADD", "DROP", "MODIFY", "RENAME", "ALTER", "UPDATE", "DELETE", "ATTACH",
			                                   "DETACH"};
			for (size_t i = 0; i < ARRAY_COUNT(what); i++)
				parser_expected(p, what[i]);
		}
		return fail(p);
	}
	return parse_table_command_word(p, object);
}

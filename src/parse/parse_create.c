// SPDX-License-Identifier: Apache-2.0
/* CREATE and ATTACH of tables, views, databases, schemas, indexes. */
#include "parse/parse_impl.h"

static bool accept_uuid(struct parser *p, struct ast **uuid)
{
	if (!at_kw(p, 0, KW_UUID) || !at_string(p, 1))
		return true;
	p->at++;
	*uuid = parse_string_node(p);
	return *uuid != NULL;
}

static bool accept_comment(struct parser *p, struct ast **comment)
{
	if (*comment != NULL || !at_kw(p, 0, KW_COMMENT) || !at_string(p, 1))
		return p->failed == OK;
	p->at++;
	*comment = parse_string_node(p);
	return *comment != NULL;
}

/* ---- tables ---- */

/* CREATE TABLE t (a, b) AS SELECT of PostgreSQL: the elements were only names. */
static void elements_to_columns(struct parser *p, struct ast_create_table *t)
{
	AST_EACH(&t->elements, e)
		if (e->kind != AST_COLUMN_DEF || ((struct ast_column_def *)e)->type != NULL)
			return;
	AST_EACH(&t->elements, e)
		push(p, &t->as_columns, new_identifier(p, ((struct ast_column_def *)e)->name, e->position));
	t->elements = (struct ast_list){NULL, 0, 0};
	t->has_elements = false;
}

static bool parse_as(struct parser *p, struct ast_create_table *t)
{
	if (at_query(p, 0) || at_kind(p, 0, T_LPAREN)) {
		if (is_clickhouse(p) || t->as_query == NULL)
			t->as_query = parse_query(p);
		if (t->as_query == NULL)
			return false;
		if (!is_clickhouse(p))
			elements_to_columns(p, t);
		if (kw3(p, KW_WITH, KW_NO, KW_DATA))
			t->no_data = true;
		else
			(void)kw2(p, KW_WITH, KW_DATA);
		return true;
	}
	if (!is_clickhouse(p) && at_kw(p, 0, KW_EXECUTE) && at_ident(p, 1))
		return (t->as_query = parse_any_statement(p)) != NULL;
	int position = here(p);
	struct name name;
	if (!parse_path(p, &name))
		return false;
	if (at_kind(p, 0, T_LPAREN))
		return (t->as_function = (struct ast_call *)parse_call_after_name(p, name, position)) != NULL;
	t->as_table = name;
	return true;
}

static bool parse_on_commit(struct parser *p, struct ast_create_table *t)
{
	if (kw(p, KW_DROP))
		t->on_commit = STR("drop");
	else if (kw2(p, KW_DELETE, KW_ROWS))
		t->on_commit = STR("delete rows");
	else if (kw2(p, KW_PRESERVE, KW_ROWS))
		t->on_commit = STR("preserve rows");
	else
		return fail(p) != NULL;
	return true;
}

/* PostgreSQL's PARTITION BY RANGE (…). */
static bool accept_partition_spec(struct parser *p, struct ast_create_table *t)
{
	if (is_clickhouse(p) || !at_kw(p, 0, KW_PARTITION) || !at_kw(p, 1, KW_BY) || !at_kind(p, 3, T_LPAREN))
		return false;
	if (!at_kw(p, 2, KW_RANGE) && !word_is(p, 2, "LIST") && !at_kw(p, 2, KW_HASH))
		return false;
	struct ast_partition_spec *s = NEW(p, PARTITION_SPEC, partition_spec);
	p->at += 2;
	if (!parse_ident(p, &s->strategy) || !parse_index_elements(p, &s->elements))
		return false;
	t->partition_spec = seal(p, s);
	return true;
}

/* The clauses behind the elements, in any order; what was taken moves p->at. */
static bool parse_table_clause(struct parser *p, struct ast_create_table *t)
{
	if (accept_partition_spec(p, t) || p->failed != OK)
		return p->failed == OK;
	if (accept_storage_clause(p, &t->storage) || p->failed != OK)
		return p->failed == OK;
	if (!accept_comment(p, &t->comment))
		return false;
	if (at_kw(p, 0, KW_EMPTY) && at_kw(p, 1, KW_AS)) {
		p->at++;
		t->empty = true;
	}
	if (kw2(p, KW_CLONE, KW_AS)) {
		t->clone = true;
		return parse_as(p, t);
	}
	if (at_kw(p, 0, KW_AS) && t->as_query == NULL && t->as_table.count == 0 && t->as_function == NULL && kw(p, KW_AS))
		return parse_as(p, t);
	if (!is_clickhouse(p) && kw(p, KW_INHERITS))
		return need(p, T_LPAREN) && parse_path_list(p, &t->inherits) && need(p, T_RPAREN);
	if (!is_clickhouse(p) && kw2(p, KW_ON, KW_COMMIT))
		return parse_on_commit(p, t);
	return true;
}

static struct ast *parse_create_table(struct parser *p, struct ast_create_table *t)
{
	t->if_not_exists = accept_if_not_exists(p);
	if (!parse_path(p, &t->name) || !accept_uuid(p, &t->uuid))
		return NULL;
	if (t->attach && kw(p, KW_FROM) && (t->attach_from = parse_string_node(p)) == NULL)
		return NULL;
	if (!accept_on_cluster(p, &t->cluster))
		return NULL;
	if (!is_clickhouse(p) && kw2(p, KW_PARTITION, KW_OF)) {
		if (!parse_path(p, &t->partition_of))
			return NULL;
		if (at_kind(p, 0, T_LPAREN) && !parse_table_elements(p, &t->elements))
			return NULL;
		if ((t->bound = parse_partition_bound(p)) == NULL)
			return NULL;
	} else if (!is_clickhouse(p) && kw(p, KW_OF)) {
		if (!parse_path(p, &t->of_type) || (at_kind(p, 0, T_LPAREN) && !parse_table_elements(p, &t->elements)))
			return NULL;
	} else if (at_kind(p, 0, T_LPAREN) && !at_query(p, 1)) {
		t->has_elements = true;
		if (!parse_table_elements(p, &t->elements))
			return NULL;
	}
	size_t before;
	do {
		before = p->at;
		if (!parse_table_clause(p, t))
			return NULL;
	} while (p->at != before);
	if (t->empty && t->as_query == NULL)
		return fail(p);
	/* a column without a type only where a query gives it */
	if (!is_clickhouse(p))
		AST_EACH(&t->elements, e)
			if (e->kind == AST_COLUMN_DEF && ((struct ast_column_def *)e)->type == NULL && t->partition_of.count == 0
				&& t->of_type.count == 0)
				return fail(p);
	return seal(p, t);
}

/* ---- views ---- */

static bool parse_view_columns(struct parser *p, struct ast_create_view *v)
{
	if (at_kind(p, 1, T_RPAREN) || at_kind(p, 2, T_COMMA) || at_kind(p, 2, T_RPAREN))
		return parse_ident_parens(p, &v->columns);
	return parse_table_elements(p, &v->columns);
}

static bool parse_view_target(struct parser *p, struct ast_create_view *v)
{
	p->at++;
	if (word_is(p, 0, "INNER") && at_kw(p, 1, KW_UUID)) {
		p->at += 2;
		return (v->to_inner_uuid = parse_string_node(p)) != NULL;
	}
	return parse_path(p, &v->to);
}

static bool parse_view_clause(struct parser *p, struct ast_create_view *v)
{
	if (at_kind(p, 0, T_LPAREN) && v->columns.count == 0)
		return parse_view_columns(p, v);
	if (at_kw(p, 0, KW_TO) && v->to.count == 0 && v->to_inner_uuid == NULL)
		return parse_view_target(p, v);
	if (at_kw(p, 0, KW_REFRESH) && v->refresh == NULL) {
		p->at++;
		return (v->refresh = parse_refresh(p)) != NULL;
	}
	if (!is_clickhouse(p) && at_kw(p, 0, KW_WITH) && at_kind(p, 1, T_LPAREN) && !v->materialized) {
		p->at++;
		return parse_options(p, &v->options);
	}
	if (accept_definer(p, &v->definer, &v->sql_security) || p->failed != OK)
		return p->failed == OK;
	if (accept_storage_clause(p, &v->storage) || p->failed != OK)
		return p->failed == OK;
	if (kw(p, KW_POPULATE))
		v->populate = true;
	else if (at_kw(p, 0, KW_EMPTY) && kw(p, KW_EMPTY))
		v->empty = true;
	return accept_comment(p, &v->comment);
}

static bool parse_view_tail(struct parser *p, struct ast_create_view *v)
{
	if (kw3(p, KW_WITH, KW_NO, KW_DATA))
		v->no_data = true;
	else if (kw2(p, KW_WITH, KW_DATA))
		v->no_data = false;
	else if (kw3(p, KW_WITH, KW_CASCADED, KW_CHECK) || kw2(p, KW_WITH, KW_CHECK)) {
		v->check_option = STR("cascaded");
		return need_kw(p, KW_OPTION);
	} else if (kw3(p, KW_WITH, KW_LOCAL, KW_CHECK)) {
		v->check_option = STR("local");
		return need_kw(p, KW_OPTION);
	}
	return accept_comment(p, &v->comment);
}

static struct ast *parse_create_view(struct parser *p, struct ast_create_view *v)
{
	v->if_not_exists = accept_if_not_exists(p);
	if (!parse_path(p, &v->name) || !accept_uuid(p, &v->uuid) || !accept_on_cluster(p, &v->cluster))
		return NULL;
	size_t before;
	do {
		before = p->at;
		if (!parse_view_clause(p, v))
			return NULL;
	} while (p->at != before);
	if (v->attach && !at_kw(p, 0, KW_AS))
		return seal(p, v);
	if (!need_kw(p, KW_AS) || (v->query = parse_query(p)) == NULL || !parse_view_tail(p, v))
		return NULL;
	return seal(p, v);
}

/* ---- databases and schemas ---- */

static bool parse_database_option(struct parser *p, struct ast_create_database *d)
{
	struct ast_setting *s = NEW(p, SETTING, setting);
	struct name_part *part = ARENA_NEW(p->arena, struct name_part);
	if (!parse_label(p, part))
		return false;
	if (str_eq(part->text, STR("connection")) && word(p, "LIMIT"))
		part->text = STR("connection_limit");
	s->name = (struct name){part, 1};
	(void)accept_op(p, OP_EQ);
	if (kw(p, KW_DEFAULT))
		s->is_default = true;
	else if ((s->value = parse_expr_above(p, PREC_UNARY)) == NULL)
		return false;
	push(p, &d->options, seal(p, s));
	return true;
}

static struct ast *parse_create_schema(struct parser *p)
{
	struct ast_create_database *d = NEW(p, CREATE_DATABASE, create_database);
	d->schema = true;
	d->if_not_exists = accept_if_not_exists(p);
	if (!at_kw(p, 0, KW_AUTHORIZATION) && !parse_path(p, &d->name))
		return NULL;
	if (kw(p, KW_AUTHORIZATION) && !parse_ident_or_string(p, &d->authorization))
		return NULL;
	while (at_kw(p, 0, KW_CREATE) || at_kw(p, 0, KW_GRANT)) {
		struct ast *e = parse_any_statement(p);
		if (e == NULL)
			return NULL;
		push(p, &d->elements, e);
	}
	return seal(p, d);
}

static struct ast *parse_create_database(struct parser *p, bool attach)
{
	struct ast_create_database *d = NEW(p, CREATE_DATABASE, create_database);
	d->attach = attach;
	d->if_not_exists = accept_if_not_exists(p);
	if (!parse_path(p, &d->name) || !accept_uuid(p, &d->uuid) || !accept_on_cluster(p, &d->cluster))
		return NULL;
	for (size_t before = 0; before != p->at;) {
		before = p->at;
		if (accept_storage_clause(p, &d->storage) || p->failed != OK)
			continue;
		if (!accept_comment(p, &d->comment))
			return NULL;
	}
	if (!is_clickhouse(p)) {
		(void)kw(p, KW_WITH);
		while (at_kind(p, 0, T_WORD))
			if (!parse_database_option(p, d))
				return NULL;
	}
	return p->failed == OK ? seal(p, d) : NULL;
}

/* ---- indexes ---- */

static struct ast *parse_create_index(struct parser *p, bool unique)
{
	struct ast_create_index *i = NEW(p, CREATE_INDEX, create_index);
	i->unique = unique;
	i->concurrently = kw(p, KW_CONCURRENTLY);
	i->if_not_exists = accept_if_not_exists(p);
	if (!at_kw(p, 0, KW_ON) && !parse_path(p, &i->name))
		return NULL;
	if (!need_kw(p, KW_ON))
		return NULL;
	i->only = kw(p, KW_ONLY);
	if (!parse_path(p, &i->table) || !accept_on_cluster(p, &i->cluster))
		return NULL;
	if (kw(p, KW_USING) && !parse_ident(p, &i->method))
		return NULL;
	if (at_kind(p, 0, T_LPAREN)) {
		if (!parse_index_elements(p, &i->elements))
			return NULL;
	} else {
		struct ast_index_element *e = parse_index_element(p);
		if (e == NULL)
			return NULL;
		push(p, &i->elements, e);
	}
	if (kw(p, KW_TYPE) && (i->type = parse_engine_call(p)) == NULL)
		return NULL;
	if (kw(p, KW_GRANULARITY) && (i->granularity = parse_expr_above(p, PREC_POSTFIX)) == NULL)
		return NULL;
	if (kw(p, KW_INCLUDE) && !parse_ident_parens(p, &i->include))
		return NULL;
	if (kw3(p, KW_NULLS, KW_NOT, KW_DISTINCT))
		i->nulls_not_distinct = true;
	else
		(void)kw2(p, KW_NULLS, KW_DISTINCT);
	if (kw(p, KW_WITH) && !parse_options(p, &i->options))
		return NULL;
	if (kw(p, KW_TABLESPACE) && !parse_ident(p, &i->tablespace))
		return NULL;
	if (kw(p, KW_WHERE) && (i->where = parse_expr(p)) == NULL)
		return NULL;
	return seal(p, i);
}

/* ---- the verb ---- */

static struct ast *parse_create_view_of(struct parser *p, bool attach, bool or_replace, bool temporary,
                                        bool materialized, bool live)
{
	struct ast_create_view *v = NEW(p, CREATE_VIEW, create_view);
	v->attach = attach;
	v->or_replace = or_replace;
	v->temporary = temporary;
	v->materialized = materialized;
	v->live = live;
	return parse_create_view(p, v);
}

struct ast *parse_create(struct parser *p, size_t start, bool attach)
{
	bool or_replace = !attach && kw2(p, KW_OR, KW_REPLACE);
	if (at_kw(p, 0, KW_GLOBAL) || (at_kw(p, 0, KW_LOCAL) && !at_kw(p, 1, KW_VIEW)))
		p->at += at_kw(p, 1, KW_TEMPORARY) || at_kw(p, 1, KW_TEMP);
	bool temporary = kw_or(p, KW_TEMPORARY, KW_TEMP);
	bool unlogged = !temporary && kw(p, KW_UNLOGGED);
	if (kw(p, KW_TABLE)) {
		struct ast_create_table *t = NEW(p, CREATE_TABLE, create_table);
		t->attach = attach;
		t->or_replace = or_replace;
		t->temporary = temporary;
		t->unlogged = unlogged;
		return parse_create_table(p, t);
	}
	if (kw(p, KW_VIEW))
		return parse_create_view_of(p, attach, or_replace, temporary, false, false);
	if (kw2(p, KW_MATERIALIZED, KW_VIEW))
		return parse_create_view_of(p, attach, or_replace, temporary, true, false);
	if (word_is(p, 0, "LIVE") && at_kw(p, 1, KW_VIEW)) {
		p->at += 2;
		return parse_create_view_of(p, attach, or_replace, temporary, false, true);
	}
	if (kw2(p, KW_RECURSIVE, KW_VIEW)) {
		struct ast_create_view *v = (struct ast_create_view *)parse_create_view_of(p, attach, or_replace, temporary,
			false,
			false);
		if (v != NULL)
			v->recursive = true;
		return (struct ast *)v;
	}
	if (at_kw(p, 0, KW_WINDOW) && at_kw(p, 1, KW_VIEW))
		return fail_with(p, E_NOT_IMPLEMENTED, here(p), "not supported yet: WINDOW VIEW");
	if (kw(p, KW_DATABASE))
		return parse_create_database(p, attach);
	if (!attach && kw(p, KW_SCHEMA))
		return parse_create_schema(p);
	if (kw(p, KW_DICTIONARY))
		return parse_create_dictionary(p, attach, or_replace);
	if (attach) {
		/* ATTACH t: the word TABLE may be left out */
		struct ast_create_table *t = NEW(p, CREATE_TABLE, create_table);
		t->attach = true;
		return parse_create_table(p, t);
	}
	if (kw(p, KW_INDEX))
		return parse_create_index(p, false);
	if (kw2(p, KW_UNIQUE, KW_INDEX))
		return parse_create_index(p, true);
	enum object_type type;
	(void)(kw(p, KW_TRUSTED) || kw(p, KW_PROCEDURAL) || kw(p, KW_CONSTRAINT) || kw(p, KW_DEFAULT));
	if (!accept_object_type(p, &type)) {
		if (unlikely(p->expected != NULL)) {
			static const char *const what[] = {"FUNCTION", "USER", "ROLE", "TYPE", "SEQUENCE", "EXTENSION"};
			for (size_t i = 0; i < ARRAY_COUNT(what); i++)
				parser_expected(p, what[i]);
		}
		return fail(p);
	}
	return parse_create_object(p, type, or_replace, temporary, start);
}

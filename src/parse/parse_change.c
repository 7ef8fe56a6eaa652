// SPDX-License-Identifier: Apache-2.0
/* INSERT, UPDATE, DELETE. */
#include "parse/parse_impl.h"

/* ---- assignments ---- */

/* a, a.b, a[1], a[1:2], a.b[2].c */
static bool is_target(const struct ast *e)
{
	for (;;) {
		if (e->kind == AST_SLICE)
			e = ((const struct ast_slice *)e)->value;
		else if (e->kind == AST_CALL &&
		         (((const struct ast_call *)e)->form == CALL_SUBSCRIPT
			|| ((const struct ast_call *)e)->form == CALL_DOT))
			e = ((const struct ast_call *)e)->args.items[0];
		else
			return e->kind == AST_IDENTIFIER && !e->parens;
	}
}

static struct ast *parse_target(struct parser *p)
{
	if (!at_ident(p, 0))
		return fail(p);
	struct ast *e = parse_primary(p);
	return e != NULL && is_target(e) ? e : fail(p);
}

static struct ast *parse_assigned_value(struct parser *p)
{
	if (at_kw(p, 0, KW_DEFAULT) && !at_kind(p, 1, T_DOT) && !at_kind(p, 1, T_LPAREN)) {
		struct ast_default *d = NEW(p, DEFAULT, default);
		p->at++;
		return seal(p, d);
	}
	return parse_expr(p);
}

struct ast *parse_assignment(struct parser *p)
{
	struct ast_assignment *a = NEW(p, ASSIGNMENT, assignment);
	a->row = accept(p, T_LPAREN);
	do {
		struct ast *t = parse_target(p);
		if (t == NULL)
			return NULL;
		push(p, &a->targets, t);
	} while (a->row && accept(p, T_COMMA));
	if ((a->row && !need(p, T_RPAREN)) || !need_op(p, OP_EQ))
		return NULL;
	bool values = a->row && at_kind(p, 0, T_LPAREN) && !at_query(p, 1);
	a->value = values ? parse_row(p) : parse_assigned_value(p);
	return a->value == NULL ? NULL : seal(p, a);
}

bool parse_assignments(struct parser *p, struct ast_list *out)
{
	do {
		struct ast *a = parse_assignment(p);
		if (a == NULL)
			return false;
		push(p, out, a);
	} while (accept(p, T_COMMA));
	return p->failed == OK;
}

static bool accept_returning(struct parser *p, struct ast_list *out)
{
	return !kw(p, KW_RETURNING) || parse_select_items(p, out);
}

/* ---- INSERT ---- */

static bool parse_conflict(struct parser *p, struct ast_insert *in)
{
	struct ast_conflict *c = NEW(p, CONFLICT, conflict);
	if (kw2(p, KW_ON, KW_CONSTRAINT)) {
		if (!parse_ident(p, &c->constraint))
			return false;
	} else if (accept(p, T_LPAREN)) {
		do {
			struct ast *e = parse_expr(p);
			struct name_part opclass;
			if (e == NULL || (at_ident(p, 0) && !parse_part(p, &opclass)))
				return false;
			push(p, &c->targets, e);
		} while (accept(p, T_COMMA));
		if (!need(p, T_RPAREN) || (kw(p, KW_WHERE) && (c->target_where = parse_expr(p)) == NULL))
			return false;
	}
	if (!need_kw(p, KW_DO))
		return false;
	if (kw(p, KW_UPDATE)) {
		c->update = true;
		if (!need_kw(p, KW_SET) || !parse_assignments(p, &c->assignments))
			return false;
		if (kw(p, KW_WHERE) && (c->where = parse_expr(p)) == NULL)
			return false;
	} else if (!need_kw(p, KW_NOTHING)) {
		return false;
	}
	in->conflict = seal(p, c);
	return true;
}

/* (a, b), (* EXCEPT (c)), (t.*) — unless the parenthesis begins the query. */
static bool parse_insert_columns(struct parser *p, struct ast_insert *in)
{
	if (!at_kind(p, 0, T_LPAREN) || at_query(p, 1) || at_kind(p, 1, T_LPAREN))
		return true;
	p->at++;
	while (!at_kind(p, 0, T_RPAREN)) {
		struct ast *c = at_op(p, 0, OP_STAR) || at_kw(p, 0, KW_COLUMNS) ? parse_expr(p) : parse_target(p);
		if (c == NULL)
			return false;
		push(p, &in->columns, c);
		if (!accept(p, T_COMMA))
			break;
	}
	return need(p, T_RPAREN);
}

/* The first byte of inline data: behind the blanks and at most one line break that follow the word. */
static size_t data_begins(const struct parser *p)
{
	const struct token *t = &p->tokens[p->at - 1];
	size_t i = (size_t)t->offset + t->size;
	while (i < p->text.size && (p->text.data[i] == ' ' || p->text.data[i] == '\t' || p->text.data[i] == '\r'))
		i++;
	if (i < p->text.size && p->text.data[i] == '\n')
		i++;
	return i;
}

static void data_follows(struct parser *p, struct ast_insert *in)
{
	in->has_data = true;
	in->data_offset = data_begins(p);
	p->data_offset = in->data_offset;
	/* tokens behind it are none */
	p->token_count = p->at;
}

static bool parse_insert_values(struct parser *p, struct ast_insert *in)
{
	in->format = STR("Values");
	if (p->options.values_as_data && !at_kind(p, 0, T_END)) {
		data_follows(p, in);
		return true;
	}
	in->data_offset = data_begins(p);
	if (is_clickhouse(p) && (at_kind(p, 0, T_END) || at_kind(p, 0, T_SEMICOLON))) {
		/* data comes by another way */
		in->has_data = true;
		in->data_offset = at_kind(p, 0, T_END) ? p->text.size : peek(p)->offset;
		return true;
	}
	in->query = parse_values_rows(p);
	return in->query != NULL;
}

static bool parse_insert_format(struct parser *p, struct ast_insert *in)
{
	if (!parse_spelling(p, &in->format))
		return false;
	if (in->infile != NULL || in->query != NULL)
		return true;
	/* a setting list may follow the format, then the data */
	if (!accept_settings(p, &in->settings))
		return false;
	if (str_eq_nocase(in->format, STR("Values")))
		in->format = STR("Values");
	if (str_eq(in->format, STR("Values")) && !p->options.values_as_data)
		return parse_insert_values(p, in);
	data_follows(p, in);
	return true;
}

static bool parse_insert_target(struct parser *p, struct ast_insert *in)
{
	bool function = at_kw(p, 0, KW_FUNCTION) || (at_kw(p, 0, KW_TABLE) && at_kw(p, 1, KW_FUNCTION));
	if (function) {
		p->at += at_kw(p, 0, KW_TABLE);
		p->at++;
		struct name name;
		int position = here(p);
		if (!parse_path(p, &name) || !at_kind(p, 0, T_LPAREN))
			return fail(p) != NULL;
		in->function = parse_simple_call(p, name, position);
		if (in->function == NULL)
			return false;
		return !kw2(p, KW_PARTITION, KW_BY) || (in->partition_by = parse_expr(p)) != NULL;
	}
	(void)(at_kw(p, 0, KW_TABLE) && kw(p, KW_TABLE));
	if (!parse_path(p, &in->table))
		return false;
	if (at_kw(p, 0, KW_AS) && at_ident(p, 1)) {
		struct name_part part;
		p->at++;
		if (!parse_part(p, &part))
			return false;
		in->ast.alias = arena_copy(p->arena, &part, sizeof part);
	}
	return true;
}

static bool parse_infile(struct parser *p, struct ast_insert *in)
{
	if (!kw2(p, KW_FROM, KW_INFILE))
		return true;
	return (in->infile = parse_string_node(p)) != NULL
		&& (!kw(p, KW_COMPRESSION) || parse_string(p, &in->infile_compression));
}

static bool parse_insert_source(struct parser *p, struct ast_insert *in)
{
	if (kw2(p, KW_DEFAULT, KW_VALUES)) {
		in->default_values = true;
		return true;
	}
	if (at_kw(p, 0, KW_VALUES) && kw(p, KW_VALUES))
		return parse_insert_values(p, in);
	if (at_kw(p, 0, KW_FORMAT) && kw(p, KW_FORMAT))
		return parse_insert_format(p, in);
	if (in->infile != NULL)
		return true;
	if (at_query(p, 0) || at_kind(p, 0, T_LPAREN)) {
		in->query = parse_query(p);
		if (in->query == NULL)
			return false;
		return !(at_kw(p, 0, KW_FORMAT) && kw(p, KW_FORMAT)) || parse_insert_format(p, in);
	}
	if (unlikely(p->expected != NULL)) {
		parser_expected(p, "VALUES");
		parser_expected(p, "FORMAT");
		parser_expected(p, "SELECT");
	}
	return fail(p) != NULL;
}

/* Behind INSERT. */
struct ast *parse_insert(struct parser *p, struct ast_list with, bool recursive)
{
	struct ast_insert *in = NEW(p, INSERT, insert);
	in->with = with;
	in->with_recursive = recursive;
	if (!kw(p, KW_INTO) && !is_clickhouse(p))
		return fail(p);
	if (!parse_insert_target(p, in) || !parse_insert_columns(p, in))
		return NULL;
	if (kw(p, KW_OVERRIDING)) {
		in->overriding_system = kw(p, KW_SYSTEM);
		in->overriding_user = !in->overriding_system && kw(p, KW_USER);
		if (!need_kw(p, KW_VALUE))
			return NULL;
	}
	if (!parse_infile(p, in) || !accept_settings(p, &in->settings) || !parse_insert_source(p, in))
		return NULL;
	if (kw2(p, KW_ON, KW_CONFLICT) && !parse_conflict(p, in))
		return NULL;
	if (!accept_returning(p, &in->returning) || (p->data_offset == 0 && !accept_settings(p, &in->settings)))
		return NULL;
	return seal(p, in);
}

/* ---- UPDATE and DELETE ---- */

static bool parse_partition_scope(struct parser *p, struct ast **partition)
{
	if (!kw2(p, KW_IN, KW_PARTITION))
		return true;
	*partition = parse_partition(p);
	return *partition != NULL;
}

/* WHERE expr, or WHERE CURRENT OF cursor. */
static bool parse_where(struct parser *p, struct ast **where, struct str *cursor)
{
	if (!kw(p, KW_WHERE))
		return true;
	if (at_kw(p, 0, KW_CURRENT) && at_kw(p, 1, KW_OF)) {
		p->at += 2;
		return parse_ident(p, cursor);
	}
	return (*where = parse_expr(p)) != NULL;
}

static struct ast_table *parse_changed_table(struct parser *p, struct name *cluster)
{
	struct ast_table *t = parse_table_name(p);
	if (t == NULL || !accept_on_cluster(p, cluster))
		return NULL;
	bool as = kw(p, KW_AS);
	bool implicit = at_ident(p, 0) && !at_kw(p, 0, KW_SET) && !at_kw(p, 0, KW_WHERE) && !at_kw(p, 0, KW_USING)
		&& !at_kw(p, 0, KW_IN) && !at_kw(p, 0, KW_ON) && !at_kw(p, 0, KW_SETTINGS) && !at_kw(p, 0, KW_RETURNING);
	if (as || implicit) {
		struct name_part part;
		if (!parse_part(p, &part))
			return NULL;
		t->ast.alias = arena_copy(p->arena, &part, sizeof part);
	}
	return seal(p, t);
}

struct ast *parse_update(struct parser *p, struct ast_list with, bool recursive)
{
	struct ast_update *u = NEW(p, UPDATE, update);
	u->with = with;
	u->with_recursive = recursive;
	if ((u->table = parse_changed_table(p, &u->cluster)) == NULL || !need_kw(p, KW_SET) ||
	    !parse_assignments(p, &u->assignments))
		return NULL;
	if (kw(p, KW_FROM) && !parse_from_list(p, &u->from))
		return NULL;
	if (!parse_partition_scope(p, &u->partition) || !parse_where(p, &u->where, &u->cursor))
		return NULL;
	if (!accept_returning(p, &u->returning) || !accept_settings(p, &u->settings))
		return NULL;
	return seal(p, u);
}

struct ast *parse_delete(struct parser *p, struct ast_list with, bool recursive)
{
	struct ast_delete *d = NEW(p, DELETE, delete);
	d->with = with;
	d->with_recursive = recursive;
	if (!need_kw(p, KW_FROM) || (d->table = parse_changed_table(p, &d->cluster)) == NULL)
		return NULL;
	if (kw(p, KW_USING) && !parse_from_list(p, &d->using_tables))
		return NULL;
	if (!parse_partition_scope(p, &d->partition) || !parse_where(p, &d->where, &d->cursor))
		return NULL;
	if (!accept_returning(p, &d->returning) || !accept_settings(p, &d->settings))
		return NULL;
	return seal(p, d);
}

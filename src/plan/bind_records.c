// SPDX-License-Identifier: Apache-2.0
/*
 * json_to_record(), json_to_recordset(), json_populate_record(), json_populate_recordset() and their jsonb forms in
 * FROM: each is the subquery that reads its columns out of the elements,
 *
 *     json_to_recordset(j) AS t(a int, b json)
 *     LATERAL (SELECT (e ->> 'a')::int AS a, (e -> 'b')::json AS b FROM json_array_elements(j) AS r(e)) AS t
 */
#include "parse/ast_ddl.h"
#include "parse/parser.h"
#include "parse/print.h"
#include "plan/bind_from_impl.h"
#include "plan/binder_impl.h"

struct record_call {
	struct binder *b;
	const struct ast_call *call;
	struct str name;            /* without json_ or jsonb_ */
	bool jsonb, populate, set;
	struct strbuf text;         /* the subquery */
	uint32_t columns;
};

static bool is_record_call(const struct ast_call *call, struct record_call *r)
{
	struct str name = name_last(&call->name), rest;
	r->jsonb = str_starts_with_nocase(name, STR("jsonb_"));
	if (!r->jsonb && !str_starts_with_nocase(name, STR("json_")))
		return false;
	rest = str_make(name.data + (r->jsonb ? 6 : 5), name.size - (r->jsonb ? 6 : 5));
	r->set = str_eq_nocase(rest, STR("to_recordset")) || str_eq_nocase(rest, STR("populate_recordset"));
	r->populate = str_starts_with_nocase(rest, STR("populate_record"));
	return r->set || str_eq_nocase(rest, STR("to_record")) || str_eq_nocase(rest, STR("populate_record"));
}

static void put_ident(struct record_call *r, struct str name)
{
	strbuf_putc(&r->text, '"');
	for (size_t i = 0; i < name.size; i++) {
		if (name.data[i] == '"')
			strbuf_putc(&r->text, '"');
		strbuf_putc(&r->text, name.data[i]);
	}
	strbuf_putc(&r->text, '"');
}

static void put_literal(struct record_call *r, struct str s)
{
	strbuf_putc(&r->text, '\'');
	for (size_t i = 0; i < s.size; i++) {
		if (s.data[i] == '\'')
			strbuf_putc(&r->text, '\'');
		strbuf_putc(&r->text, s.data[i]);
	}
	strbuf_putc(&r->text, '\'');
}

/* One column: json stays json, arrays are made of the elements, the rest is read as text. */
static void put_column(struct record_call *r, struct str name, struct str type)
{
	const char *prefix = r->jsonb ? "jsonb" : "json";
	bool array = str_ends_with(type, STR("[]"));
	bool json = str_eq_nocase(type, STR("json")) || str_eq_nocase(type, STR("jsonb"));
	strbuf_putz(&r->text, r->columns++ == 0 ? "" : ", ");
	if (array) {
		struct str element = str_make(type.data, type.size - 2);
		bool raw = str_eq_nocase(element, STR("json")) || str_eq_nocase(element, STR("jsonb"));
		strbuf_printf(&r->text, "CASE WHEN %s_typeof(e -> ", prefix);
		put_literal(r, name);
		strbuf_printf(&r->text, ") = 'array' THEN ARRAY(SELECT CAST(x AS %.*s) FROM %s_array_elements%s(e -> ",
		              STR_ARG(element), prefix, raw ? "" : "_text");
		put_literal(r, name);
		strbuf_putz(&r->text, ") AS q(x)) ELSE CAST(e ->> ");
		put_literal(r, name);
		strbuf_printf(&r->text, " AS %.*s) END AS ", STR_ARG(type));
	} else {
		strbuf_printf(&r->text, "CAST(e %s ", json ? "->" : "->>");
		put_literal(r, name);
		strbuf_printf(&r->text, " AS %.*s) AS ", STR_ARG(type));
	}
	put_ident(r, name);
}

static enum status put_defined(struct record_call *r, const struct ast_table *t)
{
	struct binder *b = r->b;
	AST_EACH(&t->columns, x) {
		struct strbuf type;
		if (x->kind != AST_COLUMN_DEF) {
			ERR(b->err, E_SYNTAX, "a column definition list is required for functions returning \"record\"");
			return error_at(b->err, t->ast.position);
		}
		const struct ast_column_def *d = (const struct ast_column_def *)x;
		strbuf_init(&type, NULL);
		ast_print_type(&type, d->type, &(struct print_options){.dialect = DIALECT_POSTGRESQL});
		put_column(r, name_last(&d->name), arena_str(b->arena, strbuf_str(&type)));
		strbuf_fini(&type);
	}
	if (r->columns != 0)
		return OK;
	ERR(b->err, E_SYNTAX, "a column definition list is required for functions returning \"record\"");
	return error_at(b->err, t->ast.position);
}

/* NULL::table gives the columns. */
static enum status put_row_type(struct record_call *r)
{
	struct binder *b = r->b;
	const struct ast *base = r->call->args.items[0];
	const struct ast_cast *cast = (const struct ast_cast *)base;
	bool null = base->kind == AST_CAST && cast->value->kind == AST_LITERAL &&
		((const struct ast_literal *)cast->value)->type == LITERAL_NULL && cast->type->dimensions == 0;
	struct table *table;
	if (!null)
		return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: %.*s of a row that is not NULL::table",
		           STR_ARG(name_last(&r->call->name)));
	TRY(bind_find_table(b, &cast->type->name, base->position, &table));
	for (uint32_t i = 0; i < table->def->column_count; i++) {
		const struct column_def *d = &table->def->columns[i];
		if (!d->hidden)
			put_column(r, d->name, type_pg_name(b->arena, type_not_nullable(b->arena, d->type)));
	}
	return OK;
}

static enum status build(struct record_call *r, const struct ast_table *t)
{
	struct binder *b = r->b;
	unsigned wanted = r->populate ? 2 : 1;
	if (r->call->args.count != wanted) {
		ERR(b->err, E_UNKNOWN_FUNCTION, "function %.*s with %u arguments does not exist",
		    STR_ARG(name_last(&r->call->name)), r->call->args.count);
		return error_at(b->err, t->ast.position);
	}
	struct str json = ast_text(b->arena, r->call->args.items[wanted - 1], DIALECT_POSTGRESQL);
	const char *type = r->jsonb ? "jsonb" : "json";
	strbuf_putz(&r->text, "SELECT ");
	TRY(r->populate ? put_row_type(r) : put_defined(r, t));
	if (r->set)
		strbuf_printf(&r->text, " FROM %s_array_elements(CAST(%.*s AS %s)) AS r(e)", type, STR_ARG(json), type);
	else
		strbuf_printf(&r->text, " FROM (SELECT CAST(%.*s AS %s) AS e) AS r", STR_ARG(json), type);
	return strbuf_status(&r->text, b->err);
}

enum status bind_record_rows(struct binder *b, struct scope *s, const struct ast_table *t, bool *done)
{
	struct record_call r = {.b = b, .call = t->function};
	struct parse_options options = {.dialect = DIALECT_POSTGRESQL};
	struct ast *query;
	*done = b->dialect == DIALECT_POSTGRESQL && is_record_call(t->function, &r);
	if (!*done)
		return OK;
	strbuf_init(&r.text, NULL);
	enum status status = build(&r, t);
	if (status == OK)
		status = parse_statement(b->arena, arena_str(b->arena, strbuf_str(&r.text)), &options, &query, b->err);
	strbuf_fini(&r.text);
	TRY(status);
	struct ast_table *sub = arena_copy(b->arena, t, sizeof *sub);
	struct name_part *alias = ARENA_NEW(b->arena, struct name_part);
	alias->text = name_last(&t->function->name);
	sub->form = TABLE_SUBQUERY;
	sub->query = query;
	sub->lateral = true;
	sub->function = NULL;
	if (sub->ast.alias == NULL)
		sub->ast.alias = alias;
	if (!r.populate)
		sub->columns = (struct ast_list){0};
	return bind_from_item(b, s, &sub->ast);
}

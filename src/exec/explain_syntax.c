// SPDX-License-Identifier: Apache-2.0
/* EXPLAIN SYNTAX: a query as ClickHouse's analyzer gives it back before any name is looked up. */
#include "exec/change.h"
#include "exec/explain_text.h"
#include "parse/functional.h"
#include "parse/print.h"

struct rewriting {
	struct statement *st;
	struct arena *arena;
	enum status status;
	struct error *err;
};

/* Literals whose type their text does not tell carry it: _CAST([1, 2], 'Array(UInt8)'). */
static struct ast *typed_literal(struct rewriting *r, struct ast *x)
{
	struct bind_config c;
	struct vector *v = NULL;
	if (r->status != OK)
		return x;
	statement_bind_config(r->st, NULL, r->err, &c);
	r->status = bind_constant(&c, x, NULL, STR(""), &v);
	if (r->status != OK)
		return x;
	struct ast *inner = ast_clone(r->arena, x);
	inner->alias = NULL;
	struct ast *args[] = {inner, ast_string(r->arena, type_name(r->arena, v->type))};
	struct ast_call *cast = ast_call_of(r->arena, "_CAST", args, 2);
	cast->ast.alias = x->alias;
	return &cast->ast;
}

static bool is_in(const struct ast *x)
{
	static const char *const names[] = {"in", "notIn", "globalIn", "globalNotIn"};
	for (size_t i = 0; x->kind == AST_CALL && i < ARRAY_COUNT(names); i++)
		if (name_is(&((const struct ast_call *)x)->name, names[i]))
			return true;
	return false;
}

static void type_literals(struct ast **x, void *arg)
{
	struct rewriting *r = arg;
	struct ast *e = *x;
	const struct ast_literal *l = (const struct ast_literal *)e;
	if (ast_is_literal(e)) {
		if (e->kind == AST_CALL || l->type == LITERAL_NULL)
			*x = typed_literal(r, e);
		return;
	}
	if (e->kind == AST_SETTING || e->kind == AST_WINDOW)
		return;
	struct ast_call *c = (struct ast_call *)e;
	if (is_in(e) && c->args.count == 2 && c->args.items[1]->kind == AST_CALL
		&& ((const struct ast_call *)c->args.items[1])->form == CALL_PARENS) {
		type_literals(&c->args.items[0], r); /* the right side is a list */
		return;
	}
	ast_children(e, type_literals, r);
}

/* What was left unsaid: FROM system.one, ALL joins; WITH of a set operation stands in its operands. */
static void complete(struct ast **x, void *arg)
{
	struct arena *a = arg;
	struct ast_select *s = (struct ast_select *)*x;
	if ((*x)->kind == AST_JOIN) {
		struct ast_join *j = (struct ast_join *)*x;
		if (j->strictness == STRICT_UNSAID && j->type != JOIN_CROSS && j->type != JOIN_PASTE)
			j->strictness = STRICT_ALL;
	}
	if ((*x)->kind == AST_SELECT && s->form == SELECT_PLAIN && s->from.count == 0) {
		struct ast_table *t = ARENA_NEW(a, struct ast_table);
		t->ast.kind = AST_TABLE;
		t->name.parts = ARENA_ARRAY(a, struct name_part, 2);
		t->name.parts[0].text = STR("system");
		t->name.parts[1].text = STR("one");
		t->name.count = 2;
		ast_list_push(a, &s->from, &t->ast);
	} else if ((*x)->kind == AST_SELECT && s->form >= SELECT_UNION) {
		if (s->mode == SET_UNSAID && s->form != SELECT_UNION)
			s->mode = SET_ALL;
		AST_EACH(&s->operands, o)
			for (unsigned i = 0; i < s->with.count; i++)
				ast_list_push(a, &((struct ast_select *)o)->with, ast_clone(a, s->with.items[i]));
		s->with.count = 0;
	}
	ast_children(*x, complete, a);
}

enum status explain_syntax(struct statement *st, const struct ast_explain *x, struct strbuf *out, struct error *err)
{
	struct print_options options = {.dialect = st->session->dialect, .multiline = !explain_option(x, "oneline")};
	if (explain_option(x, "run_query_tree_passes"))
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: EXPLAIN SYNTAX with run_query_tree_passes");
	if (options.dialect == DIALECT_POSTGRESQL) {
		ast_print(out, x->statement, &options);
		return OK;
	}
	struct ast *shown = ast_functional(&st->arena, x->statement);
	if (shown->kind == AST_SELECT) {
		struct rewriting r = {st, &st->arena, OK, err};
		type_literals(&shown, &r);
		TRY(r.status);
		complete(&shown, &st->arena);
		((struct ast_select *)shown)->format = (struct str){0};
		options.operand_parens = true;
	}
	ast_print(out, shown, &options);
	return OK;
}

// SPDX-License-Identifier: Apache-2.0
#ifndef REGRESS_UNIT_EVAL_TEXT_H
#define REGRESS_UNIT_EVAL_TEXT_H
/* Evaluates the text of one expression without tables, as a SELECT of it would: parsed, bound, compiled, run. */
#include "func/aggregate.h"
#include "func/expr.h"
#include "parse/parser.h"
#include "plan/binder.h"
#include "regress/unit/func/func_test.h"

/* The value as text (TSV in clickhouse, psql's in postgresql); false with t->err set. */
__attribute__((unused)) static bool eval_text(struct func_test *t, struct str text, struct str *out)
{
	struct parse_options options = {.dialect = t->session.dialect};
	struct bind_config config = {.arena = &t->arena, .session = &t->session, .err = &t->err};
	struct ast *ast;
	struct expr *x = NULL;
	struct program *p;
	struct vector *v = NULL;
	struct strbuf b;
	error_clear(&t->err);
	enum status s = parse_expression(&t->arena, text, &options, &ast, &t->err);
	if (s == OK)
		s = bind_over(&config, ast, NULL, NULL, 0, &x);
	if (s == OK)
		s = program_compile(&t->arena, &x, 1, &p, &t->err);
	if (s == OK)
		s = program_run(p, &t->eval, NULL, NULL, 1, &v);
	if (s != OK)
		return false;
	strbuf_init(&b, NULL);
	if (t->session.dialect == DIALECT_CLICKHOUSE)
		value_write(&b, v, 0, VALUE_TSV, t->session.text);
	else if (!vector_is_null(v, 0))
		value_write(&b, v, 0, VALUE_PG, t->session.text);
	*out = arena_str(&t->arena, strbuf_str(&b));
	strbuf_fini(&b);
	vector_unref(v);
	return true;
}

#endif

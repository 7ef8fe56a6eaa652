// SPDX-License-Identifier: Apache-2.0
/* The parser's promises in one place: limits, errors, and iteration over statements. */
#include "parse/ast_admin.h"
#include "parse/ast_command.h"
#include "parse/parser.h"
#include "regress/unit/tap.h"

static struct arena arena;

static void test_statements(void)
{
	struct parser p;
	struct ast *ast;
	struct error e;
	struct parse_options o = {.dialect = DIALECT_POSTGRESQL};
	error_init(&e);
	struct str text = STR(" ; select 1; /* x */ ;select 2 ;");
	parser_init(&p, &arena, text, &o);
	ok(parser_next(&p, &ast, &e) == OK && ast != NULL && ast->kind == AST_SELECT, "the first statement");
	is_int(p.begin, 3, "begins behind the blanks");
	is_int(p.end, 11, "ends in front of the semicolon");
	ok(parser_next(&p, &ast, &e) == OK && ast != NULL, "the second statement");
	is_int(p.begin, 22, "begins behind the empty one");
	ok(parser_next(&p, &ast, &e) == OK && ast == NULL, "no third");
}

int main(void)
{
	arena_init(&arena, NULL);
	test_statements();
	arena_fini(&arena);
	return tap_done();
}

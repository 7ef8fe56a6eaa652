// SPDX-License-Identifier: Apache-2.0
#ifndef PARSE_FUNCTIONAL_H
#define PARSE_FUNCTIONAL_H
/*
 * The functional form of a tree: every operator and every piece of sugar is a call of the function that it stands for,
 * as EXPLAIN AST and EXPLAIN SYNTAX show it: plus(a, 1), and(a, b), CAST(x, 'T'), lambda(tuple(x), x), sumIf(x, c).
 * Arrays and tuples of constants stay literals: CALL_BRACKETS and CALL_PARENS.
 */
#include "parse/ast_expr.h"

/* A copy in that form; aliases stay, parentheses that were written go. */
struct ast *ast_functional(struct arena *a, const struct ast *ast);
/* A literal, or brackets or parentheses around literals only. */
bool ast_is_literal(const struct ast *x);
/* A call of `name` over `args`, at no position. */
struct ast_call *ast_call_of(struct arena *a, const char *name, struct ast *const *args, unsigned n);
struct ast *ast_string(struct arena *a, struct str text);

#endif

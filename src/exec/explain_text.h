// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_EXPLAIN_TEXT_H
#define EXEC_EXPLAIN_TEXT_H
/* EXPLAIN as ClickHouse spells it: each function appends lines to `out`. */
#include "base/strbuf.h"
#include "exec/session_impl.h"
#include "parse/ast_admin.h"

/* Whether an option of EXPLAIN is there and not 0. */
bool explain_option(const struct ast_explain *x, const char *name);

/* EXPLAIN SYNTAX: the statement again, operators as functions. */
enum status explain_syntax(struct statement *st, const struct ast_explain *x, struct strbuf *out,
                           struct error *err) MUST_CHECK;
/* EXPLAIN AST: one line a node. */
void explain_ast(struct arena *a, const struct ast *statement, struct strbuf *out);
/* EXPLAIN QUERY TREE: what the names mean and the types are. */
enum status explain_query_tree(struct statement *st, const struct ast *query, struct strbuf *out,
                               struct error *err) MUST_CHECK;
/* A constant as both show it: UInt64_1, 'a', Array_[UInt64_1]; x is a literal or brackets of literals. */
void explain_literal(struct strbuf *out, const struct ast *x);

/* EXPLAIN PLAN and PIPELINE of a bound query. */
void explain_plan(struct arena *a, const struct plan *root, struct strbuf *out);
void explain_pipeline(const struct plan *root, struct strbuf *out);

#endif

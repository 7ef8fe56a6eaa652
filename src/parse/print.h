// SPDX-License-Identifier: Apache-2.0
#ifndef PARSE_PRINT_H
#define PARSE_PRINT_H
/*
 * AST to text. In the clickhouse dialect the text is canonical: what formatQuery(), SHOW CREATE and system.tables show.
 * In the postgresql dialect it is what pg_get_viewdef() and pg_get_expr() show. Parsing the text again in the same
 * dialect gives an equal tree.
 */
#include "base/strbuf.h"
#include "parse/ast.h"
#include "parse/dialect.h"

struct ast_type;

struct print_options {
	enum dialect dialect;
	bool multiline;        /* indented, one item per line; else one line */
	bool operand_parens;   /* clickhouse: every operand of a set operation in parentheses */
	bool hide_secrets;     /* passwords and keys become [HIDDEN] */
	unsigned indent;       /* levels the first line stands at */
};

void ast_print(struct strbuf *b, const struct ast *ast, const struct print_options *options);
void ast_print_type(struct strbuf *b, const struct ast_type *type, const struct print_options *options);
void name_print(struct strbuf *b, const struct name *name, enum dialect dialect);
/* One-line text of a tree in an arena. */
struct str ast_text(struct arena *a, const struct ast *ast, enum dialect dialect);

/* Whether an identifier must be quoted to be read back as it is, and the identifier, quoted if so. */
bool ident_needs_quote(struct str name, enum dialect dialect);
void ident_quote(struct strbuf *b, struct str name, enum dialect dialect);
/* A string literal, escaped for the dialect. */
void string_quote(struct strbuf *b, struct str text, enum dialect dialect);

#endif

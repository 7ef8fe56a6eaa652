// SPDX-License-Identifier: Apache-2.0
#ifndef PARSE_PARSER_H
#define PARSE_PARSER_H
/*
 * Parser: text of one or more statements to ASTs.
 *
 *     struct parser p;
 *     parser_init(&p, arena, text, &options);
 *     while ((s = parser_next(&p, &ast, err)) == OK && ast != NULL)
 *             … text[p.begin .. p.end) is the statement …
 *
 * The text must outlive the parser; nodes hold copies in the arena and may refer to the text only by offset. Tokens
 * live in the arena as well. An empty statement (`;;`, comments only) is skipped; `p.only_empty` tells that nothing
 * else was there, for PostgreSQL's EmptyQueryResponse.
 *
 * Inline data: behind `INSERT … FORMAT x` (and VALUES, with options.values_as_data) the parser stops at data_offset. It
 * takes the rest of the text for data: the next parser_next() finds the end, unless the caller, who reads the data,
 * says by parser_resume() where it ended.
 *
 * Errors: E_SYNTAX, E_AST_TOO_DEEP, E_AST_TOO_BIG, E_NOT_IMPLEMENTED for what the grammar knows and nobody can mean
 * here, with the 1-based position of the offending character. After an error the parser is at its end.
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "parse/ast.h"
#include "parse/dialect.h"

struct parse_options {
	enum dialect dialect;
	bool values_as_data;       /* leave INSERT … VALUES data unparsed */
	unsigned max_depth;        /* of nesting and of the tree; 0: 1,000 */
	unsigned max_elements;     /* nodes of one statement, 64 literals or parameters counting one; 0: 50,000 */
	size_t max_query_size;     /* bytes of one statement without inline data; 0: no limit */
	/* of the parser's own recursion; 0: 256 bytes for each level of max_depth, 256 KiB at least */
	size_t max_stack_bytes;
};

struct token;
struct lexer;
struct expected;

struct parser {
	struct arena *arena;
	struct str text;
	struct parse_options options;
	size_t begin, end;         /* byte offsets of the statement returned last, without the semicolon */
	bool only_empty;           /* no statement so far */

	/* private */
	struct lexer *lexer;
	struct token *tokens;
	size_t token_count, token_capacity, at, failed_at;
	unsigned depth;
	uint64_t elements;
	const char *stack_base;
	struct error *err;
	enum status failed;
	bool done;
	bool higher_order;         /* in the arguments of a function that takes lambdas */
	size_t data_offset;        /* of an INSERT with inline data; 0: none */
	struct expected *expected; /* collects, when set */
};

void parser_init(struct parser *p, struct arena *arena, struct str text, const struct parse_options *options);
/* The next statement; *out is NULL at the end of the text. */
enum status parser_next(struct parser *p, struct ast **out, struct error *err) MUST_CHECK;
/* Goes on behind inline data; offset is in bytes from the start of the text. */
void parser_resume(struct parser *p, size_t offset);

/* A text that is one statement, one expression, one type or one (dotted) name, and nothing else. */
enum status parse_statement(struct arena *arena, struct str text, const struct parse_options *options, struct ast **out,
	struct error *err) MUST_CHECK;
enum status parse_expression(struct arena *arena, struct str text, const struct parse_options *options,
                             struct ast **out, struct error *err) MUST_CHECK;
struct ast_type;
enum status parse_type(struct arena *arena, struct str text, const struct parse_options *options, struct ast_type **out,
	struct error *err) MUST_CHECK;
enum status parse_name(struct arena *arena, struct str text, const struct parse_options *options, struct name *out,
	struct error *err) MUST_CHECK;

#endif

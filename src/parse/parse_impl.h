// SPDX-License-Identifier: Apache-2.0
#ifndef PARSE_PARSE_IMPL_H
#define PARSE_PARSE_IMPL_H
/*
 * What the grammar files share.
 *
 * Conventions: a function named parse_… reads one thing that must be there and returns its node, or NULL after fail().
 * One named accept… or kw… tries: it returns false without consuming where the thing is not there. After fail() every
 * peek sees the end of the text, so loops end by themselves and only the top looks at p->failed.
 *
 * What was tried is not noted on the way: a statement that fails is parsed once more with p->expected set, and the
 * accept functions then collect what would have been taken at the furthest token.
 */
#include <assert.h>

#include "parse/ast_admin.h"
#include "parse/ast_command.h"
#include "parse/lexer.h"
#include "parse/parser.h"

/* p->elements counts in these: a literal or a parameter counts one, any other node so much. */
enum { ELEMENT_WEIGHT = 64 };

enum { EXPECTED_MAX = 48 };

struct expected {
	const char *what[EXPECTED_MAX];
	unsigned count;
	size_t at; /* token */
};

/* ---- tokens ---- */

const struct token *parser_lex(struct parser *p, size_t index);
void parser_expected(struct parser *p, const char *what);

static inline const struct token *peek_at(struct parser *p, size_t ahead)
{
	return likely(p->at + ahead < p->token_count) ? &p->tokens[p->at + ahead] : parser_lex(p, p->at + ahead);
}

static inline const struct token *peek(struct parser *p)
{
	return peek_at(p, 0);
}

static inline bool is_clickhouse(const struct parser *p)
{
	return p->options.dialect == DIALECT_CLICKHOUSE;
}

static inline bool at_kw(struct parser *p, size_t ahead, enum keyword k)
{
	const struct token *t = peek_at(p, ahead);
	return t->kind == T_WORD && t->code == k;
}

static inline bool at_kind(struct parser *p, size_t ahead, enum token_kind kind)
{
	return peek_at(p, ahead)->kind == kind;
}

static inline bool at_op(struct parser *p, size_t ahead, enum operator op)
{
	const struct token *t = peek_at(p, ahead);
	return t->kind == T_OPERATOR && t->code == op;
}

/* Take one, two or three keywords, a token, an operator, if they stand next. */
bool kw(struct parser *p, enum keyword k);
bool kw2(struct parser *p, enum keyword a, enum keyword b);
bool kw3(struct parser *p, enum keyword a, enum keyword b, enum keyword c);
bool accept(struct parser *p, enum token_kind kind);
bool accept_op(struct parser *p, enum operator op);
/* One of two synonyms. */
static inline bool kw_or(struct parser *p, enum keyword a, enum keyword b)
{
	return kw(p, a) || kw(p, b);
}
/* A word that is no keyword, by its (lower-case) text. */
bool word_is(struct parser *p, size_t ahead, const char *text);
bool word(struct parser *p, const char *text);

/* The same, but a failure when they do not. */
bool need_kw(struct parser *p, enum keyword k);
bool need(struct parser *p, enum token_kind kind);
bool need_op(struct parser *p, enum operator op);

/* Syntax error at the next token; returns NULL. */
void *fail(struct parser *p);
/* Another error at a token or position. */
void *fail_with(struct parser *p, enum status s, int position, const char *fmt, ...) PRINTF_LIKE(4, 5);

/* Text of a token as written. */
struct str token_source(const struct parser *p, const struct token *t);
/* Copies in the arena, NUL-terminated. */
struct str lower_copy(struct parser *p, struct str s);
struct str upper_copy(struct parser *p, struct str s);
/* The source between two token indexes, without blanks at its ends. */
struct str source_between(const struct parser *p, size_t from, size_t to);
static inline int here(struct parser *p)
{
	return (int)peek(p)->position;
}

/* Tries a rule: begin before it, and undo when it failed or did not fit. */
struct attempt {
	size_t at;
	unsigned depth;
	uint64_t elements;
};
struct attempt attempt_begin(struct parser *p);
void attempt_undo(struct parser *p, struct attempt a);

/* ---- nodes ---- */

void *node_new(struct parser *p, enum ast_kind kind, size_t size, int position);
#define NEW(p, KIND, name) ((struct ast_##name *)node_new((p), AST_##KIND, sizeof(struct ast_##name), here(p)))
#define NEW_AT(p, KIND, name, position) \
	((struct ast_##name *)node_new((p), AST_##KIND, sizeof(struct ast_##name), (position)))
static inline void push(struct parser *p, struct ast_list *list, void *node)
{
	ast_list_push(p->arena, list, node);
}
/* Sets the depth of a finished node and checks the limit; returns it, or NULL after failure (also for NULL). */
void *seal(struct parser *p, void *node);

/* Around every recursion: false after failing with E_AST_TOO_DEEP. leave() belongs to a successful enter(). */
bool enter(struct parser *p);
static inline void leave(struct parser *p)
{
	p->depth--;
}

struct ast_literal *new_string(struct parser *p, struct str text, int position);
struct ast_literal *new_uint(struct parser *p, uint64_t v, int position);
struct ast_identifier *new_identifier(struct parser *p, struct name name, int position);
struct ast_call *new_call(struct parser *p, const char *name, enum call_form form, int position);
struct name new_name(struct parser *p, struct str part);

/* ---- names and small things: parse_core.c ---- */

/* Any identifier that may name a table, column or the like. */
bool at_ident(struct parser *p, size_t ahead);
bool parse_part(struct parser *p, struct name_part *out);
/* Behind AS or a dot any word will do. */
bool parse_label(struct parser *p, struct name_part *out);
bool parse_path(struct parser *p, struct name *out);
bool parse_ident(struct parser *p, struct str *out);
/* The same without folding: names of formats. */
bool parse_spelling(struct parser *p, struct str *out);
/* ClickHouse accepts a string where a cluster, user or the like is named. */
bool parse_ident_or_string(struct parser *p, struct str *out);
/* A string literal of any form. */
bool at_string(struct parser *p, size_t ahead);
bool accept_string(struct parser *p, struct str *out);
bool parse_string(struct parser *p, struct str *out);
struct ast *parse_string_node(struct parser *p);
/* A list of identifiers in parentheses, or without them. */
bool parse_ident_list(struct parser *p, struct ast_list *out);
bool parse_ident_parens(struct parser *p, struct ast_list *out);
bool parse_path_list(struct parser *p, struct ast_list *out);
bool parse_uint(struct parser *p, uint64_t *out);
bool accept_if_exists(struct parser *p);
bool accept_if_not_exists(struct parser *p);
bool accept_on_cluster(struct parser *p, struct name *cluster);
/* Skips to the end of the statement and returns its text from token `from`. */
struct str rest_of_statement(struct parser *p, size_t from);

/* ---- expressions: parse_expr.c, parse_primary.c, parse_call.c ---- */

enum precedence {
	PREC_ANY = 1, PREC_LAMBDA = 1, PREC_TERNARY, PREC_OR, PREC_AND, PREC_NOT, PREC_IS, PREC_COMPARE, PREC_RANGE,
		PREC_OTHER,
	PREC_ADD, PREC_MUL, PREC_POWER, PREC_ZONE, PREC_COLLATE, PREC_UNARY, PREC_POSTFIX
};

struct ast *parse_expr(struct parser *p);
/* An expression of at least this precedence (without looser operators). */
struct ast *parse_expr_above(struct parser *p, enum precedence least);
struct ast *parse_primary(struct parser *p);
struct ast *parse_postfix(struct parser *p, struct ast *left);
/* With an alias: `expr AS x`, and `expr x` when implicit ones are allowed there. */
struct ast *parse_aliased(struct parser *p, bool implicit);
bool accept_alias(struct parser *p, struct ast *node, bool implicit);
bool parse_expr_list(struct parser *p, struct ast_list *out);
bool parse_expr_parens(struct parser *p, struct ast_list *out);
struct ast *parse_word_primary(struct parser *p);
struct ast *parse_number(struct parser *p, bool negative);
struct ast *parse_string_literal(struct parser *p);
struct ast *parse_interval(struct parser *p);
struct ast *parse_case(struct parser *p);
struct ast *parse_parameter(struct parser *p);
struct ast *parse_asterisk(struct parser *p, struct name qualifier, struct ast *row);
bool accept_transforms(struct parser *p, struct ast_list *out);
struct ast *parse_call(struct parser *p, struct name name, int position);
struct ast_call *parse_simple_call(struct parser *p, struct name name, int position);
struct ast *parse_call_after_name(struct parser *p, struct name name, int position);
struct ast *parse_special_call(struct parser *p, bool *taken);
struct ast *parse_call_or_name(struct parser *p);
/* name, or name(args): engines, codecs, index types. */
struct ast_call *parse_engine_call(struct parser *p);
bool accept_interval_unit(struct parser *p, enum interval_unit *out);
struct ast_window *parse_window_spec(struct parser *p);
bool parse_order_by_list(struct parser *p, struct ast_list *out);
struct ast *parse_assignment(struct parser *p);
bool parse_assignments(struct parser *p, struct ast_list *out);

/* ---- types: parse_type.c ---- */

struct ast_type *parse_type_node(struct parser *p);
/* `name Type` stands next, rather than a type alone. */
bool at_named_type(struct parser *p);
/* Whether a type of several words or a typed literal begins here is decided by its first word. */
bool at_typed_literal(struct parser *p);

/* ---- queries: parse_select.c, parse_table.c ---- */

bool at_query(struct parser *p, size_t ahead);
struct ast *parse_query(struct parser *p);
/* Goes on behind a first operand that is already read, with set operators and the tail. */
struct ast *parse_query_rest(struct parser *p, struct ast *first);
bool at_set_operator(struct parser *p);
/* ( query ), as the body of a subquery. */
struct ast *parse_query_parens(struct parser *p);
bool parse_with_clause(struct parser *p, struct ast_list *with, bool *recursive);
bool parse_select_items(struct parser *p, struct ast_list *out);
bool parse_from_list(struct parser *p, struct ast_list *out);
struct ast_table *parse_table_name(struct parser *p);
struct ast *parse_values_rows(struct parser *p);
struct ast *parse_row(struct parser *p);
bool parse_settings(struct parser *p, struct ast_list *out);
struct ast_setting *parse_setting(struct parser *p);
bool accept_settings(struct parser *p, struct ast_list *out);
bool accept_format(struct parser *p, struct str *format);
bool accept_outfile(struct parser *p, struct ast **outfile);
bool at_clickhouse_clause(struct parser *p);
bool at_string_comment(struct parser *p);
bool at_lock_clause(struct parser *p);

#include "parse/parse_statement_impl.h"

#endif

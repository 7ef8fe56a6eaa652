// SPDX-License-Identifier: Apache-2.0
/* The parser's frame: tokens, limits, errors, and the walk over statements. */
#include "parse/parser.h"

#include <stdio.h>

#include "base/utf8.h"
#include "parse/parse_impl.h"

enum { DEPTH_DEFAULT = 1000, ELEMENTS_DEFAULT = 50000, STACK_PER_LEVEL = 256, STACK_LEAST = 256 << 10,
      SNIPPET_MAX = 160 };

void parser_init(struct parser *p, struct arena *arena, struct str text, const struct parse_options *options)
{
	memset(p, 0, sizeof *p);
	p->arena = arena;
	p->text = text;
	p->options = *options;
	p->only_empty = true;
	if (p->options.max_depth == 0)
		p->options.max_depth = DEPTH_DEFAULT;
	if (p->options.max_elements == 0)
		p->options.max_elements = ELEMENTS_DEFAULT;
	if (p->options.max_stack_bytes == 0) {
		p->options.max_stack_bytes = (size_t)p->options.max_depth * STACK_PER_LEVEL;
		if (p->options.max_stack_bytes < STACK_LEAST)
			p->options.max_stack_bytes = STACK_LEAST;
	}
	p->lexer = ARENA_NEW(arena, struct lexer);
	if (text.size < UINT32_MAX)
		lexer_init(p->lexer, text, options->dialect);
}

void parser_resume(struct parser *p, size_t offset)
{
	assert(offset <= p->text.size);
	p->token_count = p->at = 0;
	p->done = false;
	lexer_seek(p->lexer, offset);
}

/* Token number `index`; after a failure or behind the end always a T_END. */
const struct token *parser_lex(struct parser *p, size_t index)
{
	while (p->token_count <= index) {
		if (p->token_count != 0 && p->tokens[p->token_count - 1].kind == T_END)
			return &p->tokens[p->token_count - 1];
		ARENA_PUSH(p->arena, p->tokens, p->token_count, p->token_capacity, lexer_next(p->lexer));
	}
	return &p->tokens[index];
}

/* ---- errors ---- */

static struct str first_characters(struct str s, size_t characters)
{
	return str_make(s.data, utf8_offset(s.data, s.size, characters));
}

static const char *unclosed(enum token_kind kind, bool clickhouse)
{
	switch (kind) {
	case T_BAD_STRING: return clickhouse ? "Single quoted string is not closed" : "unterminated quoted string";
	case T_BAD_QUOTED: return clickhouse ? "Quoted identifier is not closed" : "unterminated quoted identifier";
	case T_BAD_DOLLAR: return clickhouse ? "Dollar quoted string is not closed" : "unterminated dollar-quoted string";
	case T_BAD_COMMENT: return clickhouse ? "Multiline comment is not closed" : "unterminated /* comment";
	case T_BAD_BITS: return clickhouse ? "Bit string is not closed" : "unterminated bit string literal";
	case T_BAD_NUMBER: return clickhouse ? "Wrong number" : "trailing junk after numeric literal";
	default: return NULL;
	}
}

static void write_postgresql_error(struct parser *p, const struct token *t)
{
	const char *what = unclosed((enum token_kind)t->kind, false);
	struct str source = first_characters(token_source(p, t), SNIPPET_MAX);
	if (t->kind == T_END)
		(void)ERR(p->err, E_SYNTAX, "syntax error at end of input");
	else
		(void)ERR(p->err, E_SYNTAX, "%s at or near \"%.*s\"", what == NULL ? "syntax error" : what, STR_ARG(source));
}

static void write_clickhouse_error(struct parser *p, const struct token *t, const struct expected *expected)
{
	struct strbuf b;
	const char *what = unclosed((enum token_kind)t->kind, true);
	struct str source = first_characters(token_source(p, t), SNIPPET_MAX);
	struct str rest = str_make(p->text.data + t->offset, p->text.size - t->offset);
	strbuf_init(&b, NULL);
	if (what != NULL)
		strbuf_printf(&b, "%s: ", what);
	strbuf_printf(&b, "Syntax error: failed at position %u (", t->position);
	if (t->kind == T_END)
		strbuf_putz(&b, "end of query)");
	else
		strbuf_printf(&b, "'%.*s')", STR_ARG(source));
	if (memchr(p->text.data == NULL ? "" : p->text.data, '\n', p->text.size) != NULL) {
		size_t line = 1, start = 0;
		for (size_t i = 0; i < t->offset; i++)
			if (p->text.data[i] == '\n') {
				line++;
				start = i + 1;
			}
		strbuf_printf(&b, " (line %zu, col %zu)", line, utf8_count(p->text.data + start, t->offset - start) + 1);
	}
	strbuf_putz(&b, ": ");
	if (t->kind != T_END)
		strbuf_puts(&b, first_characters(rest, SNIPPET_MAX));
	for (unsigned i = 0; expected != NULL && what == NULL && i < expected->count; i++)
		strbuf_printf(&b, "%s%s", i == 0 ? ". Expected one of: " : ", ", expected->what[i]);
	(void)ERR(p->err, E_SYNTAX, "%.*s", STR_ARG(strbuf_str(&b)));
	strbuf_fini(&b);
}

/* Makes all further tokens the end of the text. */
static void stop(struct parser *p, enum status s)
{
	struct token end = {.kind = T_END, .offset = (uint32_t)p->text.size, .position = (uint32_t)here(p)};
	p->failed = s;
	p->failed_at = p->at;
	if (p->token_count == 0 || p->tokens[p->token_count - 1].kind != T_END)
		ARENA_PUSH(p->arena, p->tokens, p->token_count, p->token_capacity, end);
	p->at = p->token_count - 1;
}

void *fail(struct parser *p)
{
	if (p->failed == OK)
		stop(p, E_SYNTAX);
	return NULL;
}

void *fail_with(struct parser *p, enum status s, int position, const char *fmt, ...)
{
	if (p->failed != OK)
		return NULL;
	if (p->err != NULL && !error_is_set(p->err)) {
		va_list ap;
		va_start(ap, fmt);
		struct str text = arena_vstrf(p->arena, fmt, ap);
		va_end(ap);
		(void)ERR(p->err, s, "%.*s", STR_ARG(text));
		(void)error_at(p->err, position);
	}
	stop(p, s);
	return NULL;
}

void parser_expected(struct parser *p, const char *what)
{
	struct expected *e = p->expected;
	if (p->failed != OK || p->at < e->at)
		return;
	if (p->at > e->at) {
		e->at = p->at;
		e->count = 0;
	}
	for (unsigned i = 0; i < e->count; i++)
		if (strcmp(e->what[i], what) == 0)
			return;
	if (e->count < EXPECTED_MAX)
		e->what[e->count++] = what;
}

struct attempt attempt_begin(struct parser *p)
{
	return (struct attempt){p->at, p->depth, p->elements};
}

void attempt_undo(struct parser *p, struct attempt a)
{
	/* a syntax error in a rule that was only tried is none; a limit is */
	if (p->failed != OK && p->failed != E_SYNTAX)
		return;
	if (p->failed == E_SYNTAX) {
		if (p->err != NULL)
			error_clear(p->err);
		/* the end that stop() put there goes; the lexer stands behind the tokens read so far */
		if (p->tokens[p->token_count - 1].kind == T_END)
			p->token_count--;
		if (p->lexer->at >= p->text.size)
			(void)parser_lex(p, p->token_count);
	}
	p->failed = OK;
	p->at = a.at;
	p->depth = a.depth;
	p->elements = a.elements;
}

/* ---- nodes ---- */

void *node_new(struct parser *p, enum ast_kind kind, size_t size, int position)
{
	struct ast *n = arena_alloc(p->arena, size);
	n->kind = kind;
	n->position = position;
	p->elements += kind == AST_LITERAL || kind == AST_PARAMETER ? 1 : ELEMENT_WEIGHT;
	if (unlikely(p->elements > (uint64_t)p->options.max_elements * ELEMENT_WEIGHT))
		(void)fail_with(p, E_AST_TOO_BIG, position, "AST is too big. Maximum: %u", p->options.max_elements);
	return n;
}

bool enter(struct parser *p)
{
	const char *frame = __builtin_frame_address(0);
	if (unlikely(p->depth >= p->options.max_depth || (size_t)(p->stack_base - frame) > p->options.max_stack_bytes)) {
		(void)fail_with(p, E_AST_TOO_DEEP, here(p), "AST is too deep. Maximum: %u", p->options.max_depth);
		return false;
	}
	p->depth++;
	return p->failed == OK;
}

struct depth_check {
	struct parser *p;
	int deepest;
};

static void child_depth(struct ast **child, void *context)
{
	struct depth_check *c = context;
	if ((*child)->depth > c->deepest)
		c->deepest = (*child)->depth;
}

void *seal(struct parser *p, void *node)
{
	struct depth_check c = {p, 0};
	struct ast *ast = node;
	if (ast == NULL || p->failed != OK)
		return NULL;
	ast_children(ast, child_depth, &c);
	ast->depth = c.deepest + 1;
	if (unlikely((unsigned)ast->depth > p->options.max_depth))
		return fail_with(p, E_AST_TOO_DEEP, ast->position, "AST is too deep. Maximum: %u", p->options.max_depth);
	return ast;
}

/* ---- statements ---- */

static void begin_statement(struct parser *p)
{
	p->failed = OK;
	p->depth = p->elements = 0;
	p->higher_order = false;
}

/* One statement and the end behind it. */
static struct ast *whole_statement(struct parser *p)
{
	begin_statement(p);
	struct ast *ast = parse_any_statement(p);
	if (ast == NULL || p->failed != OK)
		return fail(p);
	if (p->data_offset != 0 || at_kind(p, 0, T_SEMICOLON) || at_kind(p, 0, T_END))
		return ast;
	if (at_kw(p, 0, KW_PARALLEL) && at_kw(p, 1, KW_WITH))
		return fail_with(p, E_NOT_IMPLEMENTED, here(p), "not supported yet: PARALLEL WITH");
	if (p->expected != NULL)
		parser_expected(p, "end of query");
	return fail(p);
}

/* Describes a syntax error: what would have been read at the furthest place is found by parsing once more. */
static enum status report(struct parser *p, size_t first, struct ast *(*rule)(struct parser *))
{
	struct expected expected = {.at = p->failed_at};
	if (p->failed != E_SYNTAX) {
		p->done = true;
		return p->failed;
	}
	size_t failed_at = p->failed_at;
	if (is_clickhouse(p)) {
		p->expected = &expected;
		p->token_count--;
		p->at = first;
		if (p->lexer->at >= p->text.size)
			(void)parser_lex(p, p->token_count);
		(void)rule(p);
		p->expected = NULL;
		failed_at = expected.at;
	}
	const struct token *t = &p->tokens[failed_at];
	if (p->err != NULL && !error_is_set(p->err)) {
		if (is_clickhouse(p))
			write_clickhouse_error(p, t, &expected);
		else
			write_postgresql_error(p, t);
		(void)error_at(p->err, (int)t->position);
	}
	p->failed = E_SYNTAX;
	p->done = true;
	return E_SYNTAX;
}

static enum status check_size(struct parser *p, size_t end)
{
	if (p->options.max_query_size == 0 || end - p->begin <= p->options.max_query_size)
		return OK;
	p->done = true;
	return ERR(p->err, E_SYNTAX, "Max query size exceeded: the statement has %zu bytes, the maximum is %zu "
	                             "(max_query_size)", end - p->begin, p->options.max_query_size);
}

static size_t end_of_previous_token(const struct parser *p)
{
	const struct token *t = &p->tokens[p->at - 1];
	assert(p->at > 0);
	return (size_t)t->offset + t->size;
}

static enum status begin_parsing(struct parser *p, struct error *err)
{
	p->err = err;
	p->data_offset = 0;
	p->stack_base = __builtin_frame_address(0);
	if (p->text.size < UINT32_MAX)
		return OK;
	p->done = true;
	return ERR(err, E_AST_TOO_BIG, "The text of %zu bytes is too large for the parser", p->text.size);
}

enum status parser_next(struct parser *p, struct ast **out, struct error *err)
{
	*out = NULL;
	if (p->done)
		return OK;
	TRY(begin_parsing(p, err));
	/* tokens of earlier statements are not needed any more */
	if (p->at != 0) {
		size_t left = p->token_count - p->at;
		memmove(p->tokens, p->tokens + p->at, left * sizeof *p->tokens);
		p->token_count = left;
		p->at = 0;
	}
	while (peek(p)->kind == T_SEMICOLON)
		p->at++;
	if (peek(p)->kind == T_END) {
		p->done = true;
		return OK;
	}
	size_t first = p->at;
	p->begin = peek(p)->offset;
	struct ast *ast = whole_statement(p);
	if (ast == NULL)
		return report(p, first, whole_statement);
	p->end = end_of_previous_token(p);
	p->only_empty = false;
	TRY(check_size(p, p->end));
	if (p->data_offset != 0)
		p->done = true;
	*out = ast;
	return OK;
}

/* ---- fragments ---- */

static enum status parse_fragment(struct arena *arena, struct str text, const struct parse_options *options,
	struct ast *(*rule)(struct parser *), struct ast **out, struct error *err)
{
	struct parser p;
	parser_init(&p, arena, text, options);
	*out = NULL;
	TRY(begin_parsing(&p, err));
	begin_statement(&p);
	struct ast *ast = rule(&p);
	if (ast == NULL)
		return report(&p, 0, rule);
	*out = ast;
	return OK;
}

static struct ast *only(struct parser *p, struct ast *ast)
{
	if (ast == NULL || p->failed != OK)
		return fail(p);
	return at_kind(p, 0, T_END) ? ast : fail(p);
}

static struct ast *one_statement(struct parser *p)
{
	struct ast *ast = whole_statement(p);
	while (ast != NULL && p->data_offset == 0 && accept(p, T_SEMICOLON))
		;
	return p->data_offset != 0 ? ast : only(p, ast);
}

static struct ast *one_expression(struct parser *p)
{
	begin_statement(p);
	return only(p, parse_aliased(p, false));
}

static struct ast *one_type(struct parser *p)
{
	begin_statement(p);
	return only(p, (struct ast *)parse_type_node(p));
}

static struct ast *one_name(struct parser *p)
{
	struct name name;
	begin_statement(p);
	int position = here(p);
	if (!parse_path(p, &name))
		return NULL;
	return only(p, (struct ast *)new_identifier(p, name, position));
}

enum status parse_statement(struct arena *arena, struct str text, const struct parse_options *options, struct ast **out,
	struct error *err)
{
	return parse_fragment(arena, text, options, one_statement, out, err);
}

enum status parse_expression(struct arena *arena, struct str text, const struct parse_options *options,
                             struct ast **out, struct error *err)
{
	return parse_fragment(arena, text, options, one_expression, out, err);
}

enum status parse_type(struct arena *arena, struct str text, const struct parse_options *options, struct ast_type **out,
	struct error *err)
{
	struct ast *ast;
	enum status s = parse_fragment(arena, text, options, one_type, &ast, err);
	*out = (struct ast_type *)ast;
	return s;
}

enum status parse_name(struct arena *arena, struct str text, const struct parse_options *options, struct name *out,
	struct error *err)
{
	struct ast *ast;
	TRY(parse_fragment(arena, text, options, one_name, &ast, err));
	*out = ((struct ast_identifier *)ast)->name;
	return OK;
}

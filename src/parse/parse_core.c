// SPDX-License-Identifier: Apache-2.0
/* What every grammar file uses: taking tokens, identifiers, names, strings and lists of them. */
#include "parse/parse_impl.h"

/* ---- tokens ---- */

static const char *const kind_texts[] = {
	[T_END] = "end of query", [T_WORD] = "identifier", [T_QUOTED] = "identifier", [T_STRING] = "string literal",
	[T_NUMBER] = "number", [T_LPAREN] = "opening round bracket", [T_RPAREN] = "closing round bracket",
	[T_LBRACKET] = "opening square bracket", [T_RBRACKET] = "closing square bracket",
		[T_LBRACE] = "opening curly brace",
	[T_RBRACE] = "closing curly brace", [T_COMMA] = "Comma", [T_SEMICOLON] = "semicolon", [T_DOT] = "Dot",
	[T_COLON] = "Colon", [T_COLONS] = "DoubleColon", [T_QUESTION] = "QuestionMark",
};

static const char *const op_texts[] = {
	[OP_PLUS] = "Plus", [OP_MINUS] = "Minus", [OP_STAR] = "Asterisk", [OP_SLASH] = "Slash", [OP_PERCENT] = "Percent",
	[OP_EQ] = "Equals", [OP_ARROW] = "Arrow",
};

static void note_kind(struct parser *p, enum token_kind kind)
{
	if ((size_t)kind < ARRAY_COUNT(kind_texts) && kind_texts[kind] != NULL)
		parser_expected(p, kind_texts[kind]);
}

bool kw(struct parser *p, enum keyword k)
{
	if (at_kw(p, 0, k)) {
		p->at++;
		return true;
	}
	if (unlikely(p->expected != NULL))
		parser_expected(p, keywords[k].text);
	return false;
}

bool kw2(struct parser *p, enum keyword a, enum keyword b)
{
	if (at_kw(p, 0, a) && at_kw(p, 1, b)) {
		p->at += 2;
		return true;
	}
	if (unlikely(p->expected != NULL))
		parser_expected(p, arena_strf(p->arena, "%s %s", keywords[a].text, keywords[b].text).data);
	return false;
}

bool kw3(struct parser *p, enum keyword a, enum keyword b, enum keyword c)
{
	if (at_kw(p, 0, a) && at_kw(p, 1, b) && at_kw(p, 2, c)) {
		p->at += 3;
		return true;
	}
	if (unlikely(p->expected != NULL))
		parser_expected(p, arena_strf(p->arena, "%s %s %s", keywords[a].text, keywords[b].text, keywords[c].text).data);
	return false;
}

bool accept(struct parser *p, enum token_kind kind)
{
	if (at_kind(p, 0, kind)) {
		p->at++;
		return true;
	}
	if (unlikely(p->expected != NULL))
		note_kind(p, kind);
	return false;
}

bool accept_op(struct parser *p, enum operator op)
{
	if (at_op(p, 0, op)) {
		p->at++;
		return true;
	}
	if (unlikely(p->expected != NULL) && (size_t)op < ARRAY_COUNT(op_texts) && op_texts[op] != NULL)
		parser_expected(p, op_texts[op]);
	return false;
}

bool word_is(struct parser *p, size_t ahead, const char *text)
{
	const struct token *t = peek_at(p, ahead);
	return t->kind == T_WORD && str_eq_nocase(token_source(p, t), str_of(text));
}

bool word(struct parser *p, const char *text)
{
	if (word_is(p, 0, text)) {
		p->at++;
		return true;
	}
	if (unlikely(p->expected != NULL))
		parser_expected(p, text);
	return false;
}

bool need_kw(struct parser *p, enum keyword k)
{
	return kw(p, k) || fail(p) != NULL;
}

bool need(struct parser *p, enum token_kind kind)
{
	return accept(p, kind) || fail(p) != NULL;
}

bool need_op(struct parser *p, enum operator op)
{
	return accept_op(p, op) || fail(p) != NULL;
}

struct str token_source(const struct parser *p, const struct token *t)
{
	return str_make(p->text.data + t->offset, t->size);
}

struct str source_between(const struct parser *p, size_t from, size_t to)
{
	if (to <= from)
		return STR("");
	const struct token *a = &p->tokens[from], *b = &p->tokens[to - 1];
	return arena_str(p->arena, str_make(p->text.data + a->offset, (size_t)b->offset + b->size - a->offset));
}

struct str lower_copy(struct parser *p, struct str s)
{
	char *copy = arena_strndup(p->arena, s.data, s.size);
	for (size_t i = 0; i < s.size; i++)
		copy[i] = ascii_lower(copy[i]);
	return str_make(copy, s.size);
}

struct str upper_copy(struct parser *p, struct str s)
{
	char *copy = arena_strndup(p->arena, s.data, s.size);
	for (size_t i = 0; i < s.size; i++)
		copy[i] = ascii_upper(copy[i]);
	return str_make(copy, s.size);
}

struct str rest_of_statement(struct parser *p, size_t from)
{
	unsigned parens = 0;
	while (!at_kind(p, 0, T_END) && (parens != 0 || !at_kind(p, 0, T_SEMICOLON))) {
		if (peek(p)->kind >= T_BAD_STRING) {
			(void)fail(p);
			return STR("");
		}
		parens += at_kind(p, 0, T_LPAREN);
		parens -= at_kind(p, 0, T_RPAREN) && parens != 0;
		p->at++;
	}
	return source_between(p, from, p->at);
}

/* ---- nodes ---- */

struct ast_literal *new_string(struct parser *p, struct str text, int position)
{
	struct ast_literal *l = NEW_AT(p, LITERAL, literal, position);
	l->type = LITERAL_STRING;
	l->text = text;
	l->ast.depth = 1;
	return l;
}

struct ast_literal *new_uint(struct parser *p, uint64_t v, int position)
{
	struct ast_literal *l = NEW_AT(p, LITERAL, literal, position);
	l->type = LITERAL_UINT;
	l->u = v;
	l->ast.depth = 1;
	return l;
}

struct ast_identifier *new_identifier(struct parser *p, struct name name, int position)
{
	struct ast_identifier *i = NEW_AT(p, IDENTIFIER, identifier, position);
	i->name = name;
	i->ast.depth = 1;
	return i;
}

struct name new_name(struct parser *p, struct str part)
{
	struct name_part *n = ARENA_NEW(p->arena, struct name_part);
	n->text = part;
	return (struct name){n, 1};
}

struct ast_call *new_call(struct parser *p, const char *name, enum call_form form, int position)
{
	struct ast_call *c = NEW_AT(p, CALL, call, position);
	c->name = new_name(p, str_of(name));
	c->form = form;
	return c;
}

/* ---- identifiers ---- */

bool at_ident(struct parser *p, size_t ahead)
{
	const struct token *t = peek_at(p, ahead);
	if (t->kind == T_QUOTED || t->kind == T_UQUOTED)
		return true;
	if (t->kind == T_LBRACE)
		return peek_at(p, ahead + 1)->kind == T_WORD && peek_at(p, ahead + 2)->kind == T_COLON
			&& word_is(p, ahead + 3, "Identifier") && peek_at(p, ahead + 4)->kind == T_RBRACE;
	if (t->kind != T_WORD)
		return false;
	return is_clickhouse(p) || keywords[t->code].class != KEYWORD_RESERVED;
}

/* U&"…" and U&'…' may name their own escape character. */
static char accept_uescape(struct parser *p)
{
	if (!at_kw(p, 0, KW_UESCAPE) || !at_kind(p, 1, T_STRING) || peek_at(p, 1)->size != 3)
		return '\\';
	char c = p->text.data[peek_at(p, 1)->offset + 1];
	p->at += 2;
	return c;
}

static bool take_text(struct parser *p, struct str *out)
{
	const struct token *t = peek(p);
	p->at++;
	char escape = t->kind == T_USTRING || t->kind == T_UQUOTED ? accept_uescape(p) : '\\';
	enum status s = token_text(t, p->text, p->options.dialect, escape, p->arena, out, p->err);
	if (s == OK)
		return true;
	p->at--;
	/* the error is written already, as one that is not a matter of grammar */
	if (p->err != NULL && error_is_set(p->err))
		(void)fail_with(p, s, (int)t->position, "%s", p->err->message);
	else
		(void)fail_with(p, s, (int)t->position, "malformed escape sequence");
	return false;
}

static bool take_part(struct parser *p, struct name_part *out)
{
	*out = (struct name_part){.quoted = peek(p)->kind != T_WORD};
	if (at_kind(p, 0, T_LBRACE)) {
		out->parameter = true;
		out->text = arena_str(p->arena, token_source(p, peek_at(p, 1)));
		p->at += 5;
		return true;
	}
	return take_text(p, &out->text);
}

bool parse_part(struct parser *p, struct name_part *out)
{
	if (!at_ident(p, 0)) {
		if (p->expected != NULL)
			note_kind(p, T_WORD);
		return fail(p) != NULL;
	}
	return take_part(p, out);
}

bool parse_label(struct parser *p, struct name_part *out)
{
	if (!at_kind(p, 0, T_WORD) && !at_ident(p, 0)) {
		if (p->expected != NULL)
			note_kind(p, T_WORD);
		return fail(p) != NULL;
	}
	return take_part(p, out);
}

bool parse_path(struct parser *p, struct name *out)
{
	size_t capacity = 0, count = 0;
	struct name_part part;
	*out = (struct name){NULL, 0};
	if (!parse_part(p, &part))
		return false;
	ARENA_PUSH(p->arena, out->parts, count, capacity, part);
	while (at_kind(p, 0, T_DOT)) {
		p->at++;
		if (!parse_label(p, &part))
			return false;
		ARENA_PUSH(p->arena, out->parts, count, capacity, part);
	}
	out->count = (unsigned)count;
	return true;
}

bool parse_ident(struct parser *p, struct str *out)
{
	struct name_part part;
	if (!parse_part(p, &part))
		return false;
	*out = part.text;
	return true;
}

bool at_string(struct parser *p, size_t ahead)
{
	uint8_t k = peek_at(p, ahead)->kind;
	return k == T_STRING || k == T_ESTRING || k == T_USTRING || k == T_DOLLAR;
}

bool accept_string(struct parser *p, struct str *out)
{
	if (!at_string(p, 0)) {
		if (unlikely(p->expected != NULL))
			note_kind(p, T_STRING);
		return false;
	}
	if (!take_text(p, out))
		return false;
	/* SQL: strings separated by a line break are one */
	while (p->options.dialect == DIALECT_POSTGRESQL && at_kind(p, 0, T_STRING) && peek(p)->newline) {
		struct str more;
		if (!take_text(p, &more))
			return false;
		*out = arena_strf(p->arena, "%.*s%.*s", STR_ARG(*out), STR_ARG(more));
	}
	return true;
}

bool parse_string(struct parser *p, struct str *out)
{
	return accept_string(p, out) || fail(p) != NULL;
}

struct ast *parse_string_node(struct parser *p)
{
	struct str text;
	int position = here(p);
	return parse_string(p, &text) ? &new_string(p, text, position)->ast : NULL;
}

bool parse_spelling(struct parser *p, struct str *out)
{
	if (!at_kind(p, 0, T_WORD))
		return parse_ident(p, out);
	*out = arena_str(p->arena, token_source(p, peek(p)));
	p->at++;
	return true;
}

bool parse_ident_or_string(struct parser *p, struct str *out)
{
	return accept_string(p, out) || (p->failed == OK && parse_ident(p, out));
}

bool parse_ident_list(struct parser *p, struct ast_list *out)
{
	do {
		struct name_part *part = ARENA_NEW(p->arena, struct name_part);
		int position = here(p);
		if (!parse_part(p, part))
			return false;
		push(p, out, new_identifier(p, (struct name){part, 1}, position));
	} while (accept(p, T_COMMA));
	return p->failed == OK;
}

bool parse_ident_parens(struct parser *p, struct ast_list *out)
{
	if (!need(p, T_LPAREN))
		return false;
	if (accept(p, T_RPAREN))
		return true;
	return parse_ident_list(p, out) && need(p, T_RPAREN);
}

bool parse_path_list(struct parser *p, struct ast_list *out)
{
	do {
		struct name name;
		int position = here(p);
		if (!parse_path(p, &name))
			return false;
		push(p, out, new_identifier(p, name, position));
	} while (accept(p, T_COMMA));
	return p->failed == OK;
}

bool parse_uint(struct parser *p, uint64_t *out)
{
	if (!at_kind(p, 0, T_NUMBER) || !str_to_u64(token_source(p, peek(p)), out))
		return fail(p) != NULL;
	p->at++;
	return true;
}

bool accept_if_exists(struct parser *p)
{
	return kw2(p, KW_IF, KW_EXISTS);
}

bool accept_if_not_exists(struct parser *p)
{
	return kw3(p, KW_IF, KW_NOT, KW_EXISTS);
}

bool accept_on_cluster(struct parser *p, struct name *cluster)
{
	struct name_part *part;
	if (!kw2(p, KW_ON, KW_CLUSTER))
		return true;
	part = ARENA_NEW(p->arena, struct name_part);
	part->quoted = !at_kind(p, 0, T_WORD);
	*cluster = (struct name){part, 1};
	return parse_ident_or_string(p, &part->text);
}

// SPDX-License-Identifier: Apache-2.0
/* Primaries: literals, parentheses, arrays, parameters, asterisks, CASE, INTERVAL; and what stands behind a primary. */
#include <stdlib.h>

#include "parse/parse_impl.h"

/* ---- literals ---- */

/* The digits without separators. */
static struct str plain_digits(struct parser *p, const struct token *t)
{
	struct str s = token_source(p, t);
	char *out = arena_alloc(p->arena, s.size + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.size; i++)
		if (s.data[i] != '_')
			out[n++] = s.data[i];
	return str_make(out, n);
}

static unsigned base_of(struct str s)
{
	if (s.size < 3 || s.data[0] != '0')
		return 10;
	switch (ascii_lower(s.data[1])) {
	case 'x': return 16;
	case 'b': return 2;
	case 'o': return 8;
	default: return 10;
	}
}

/* Digits of another base; false when they do not fit. */
static bool digits_to_u64(struct str s, unsigned base, uint64_t *out)
{
	uint64_t v = 0;
	for (size_t i = 2; i < s.size; i++) {
		char c = ascii_lower(s.data[i]);
		unsigned d = c >= 'a' ? (unsigned)(c - 'a') + 10 : (unsigned)(c - '0');
		if (d >= base || __builtin_mul_overflow(v, (uint64_t)base, &v) || __builtin_add_overflow(v, (uint64_t)d, &v))
			return false;
	}
	*out = v;
	return true;
}

static bool is_integer_text(struct str s, unsigned base)
{
	for (size_t i = 0; i < s.size; i++) {
		char c = ascii_lower(s.data[i]);
		if (c == '.' || (base == 10 && c == 'e') || (base == 16 && c == 'p'))
			return false;
	}
	return true;
}

struct ast *parse_number(struct parser *p, bool negative)
{
	struct ast_literal *l = NEW(p, LITERAL, literal);
	struct str s = plain_digits(p, peek(p));
	unsigned base = base_of(s);
	bool integer = is_integer_text(s, base);
	bool fits = integer && (base == 10 ? str_to_u64(s, &l->u) : digits_to_u64(s, base, &l->u));
	p->at++;
	l->ast.depth = 1;
	if (fits && (!negative || l->u <= (uint64_t)INT64_MAX + 1)) {
		/* -0 is 0 */
		l->type = negative && l->u != 0 ? LITERAL_INT : LITERAL_UINT;
		if (l->type == LITERAL_INT) {
			l->i = (int64_t)(0 - l->u);
			l->u = 0;
		}
		return p->failed == OK ? &l->ast : NULL;
	}
	char *text = arena_alloc(p->arena, s.size + 2);
	memcpy(text + negative, s.data, s.size);
	if (negative)
		text[0] = '-';
	l->text = str_make(text, s.size + negative);
	l->type = integer && base == 10 && !is_clickhouse(p) ? LITERAL_BIG : LITERAL_FLOAT;
	if (integer && base != 10) {
		/* beyond 64 bits in another base: as a floating-point value */
		for (size_t i = 2; i < s.size; i++) {
			char c = ascii_lower(s.data[i]);
			l->f = l->f * base + (c >= 'a' ? c - 'a' + 10 : c - '0');
		}
		l->text = arena_strf(p->arena, "%.17g", negative ? -l->f : l->f);
		l->f = negative ? -l->f : l->f;
		l->type = LITERAL_FLOAT;
	} else {
		l->f = strtod(text, NULL);
	}
	return p->failed == OK ? &l->ast : NULL;
}

struct ast *parse_string_literal(struct parser *p)
{
	const struct token *t = peek(p);
	struct str text;
	if (t->kind != T_BITS && t->kind != T_HEX)
		return parse_string_node(p);
	struct ast_literal *l = NEW(p, LITERAL, literal);
	enum status s = token_text(t, p->text, p->options.dialect, '\\', p->arena, &text, p->err);
	if (s != OK)
		return fail_with(p, s, (int)t->position, "malformed bit string");
	p->at++;
	l->type = is_clickhouse(p) ? LITERAL_STRING : LITERAL_BITS;
	l->text = text;
	l->ast.depth = 1;
	return &l->ast;
}

static struct ast *constant(struct parser *p, enum literal_type type, bool boolean)
{
	struct ast_literal *l = NEW(p, LITERAL, literal);
	p->at++;
	l->type = type;
	l->boolean = boolean;
	l->ast.depth = 1;
	return &l->ast;
}

/* ---- parameters and braces ---- */

static struct ast *parse_dollar_parameter(struct parser *p)
{
	struct ast_parameter *a = NEW(p, PARAMETER, parameter);
	struct str s = token_source(p, peek(p));
	uint64_t n;
	if (!str_to_u64(str_make(s.data + 1, s.size - 1), &n) || n == 0 || n > UINT16_MAX)
		return fail_with(p, E_UNDEFINED_PARAMETER, here(p), "there is no parameter %.*s", STR_ARG(s));
	p->at++;
	a->number = (unsigned)n;
	a->ast.depth = 1;
	return p->failed == OK ? &a->ast : NULL;
}

struct ast *parse_parameter(struct parser *p)
{
	struct ast_parameter *a = NEW(p, PARAMETER, parameter);
	p->at++;
	a->name = arena_str(p->arena, token_source(p, peek(p)));
	if (!need(p, T_WORD) || !need(p, T_COLON))
		return NULL;
	a->type = parse_type_node(p);
	return a->type != NULL && need(p, T_RBRACE) ? seal(p, a) : NULL;
}

/* {'a': 1, 'b': 2} */
static struct ast *parse_map(struct parser *p)
{
	struct ast_call *c = new_call(p, "map", CALL_BRACES, here(p));
	p->at++;
	while (!at_kind(p, 0, T_RBRACE)) {
		struct ast *key = parse_expr_above(p, PREC_OR);
		if (key == NULL || !need(p, T_COLON))
			return NULL;
		struct ast *value = parse_expr(p);
		if (value == NULL)
			return NULL;
		push(p, &c->args, key);
		push(p, &c->args, value);
		if (!accept(p, T_COMMA))
			break;
	}
	return need(p, T_RBRACE) ? seal(p, c) : NULL;
}

/* ---- brackets and parentheses ---- */

static struct ast *parse_brackets(struct parser *p, enum call_form form)
{
	struct ast_call *c = new_call(p, "array", form, here(p));
	p->at++;
	while (!at_kind(p, 0, T_RBRACKET)) {
		struct ast *e = parse_aliased(p, false);
		if (e == NULL)
			return NULL;
		push(p, &c->args, e);
		if (!accept(p, T_COMMA))
			break;
	}
	return need(p, T_RBRACKET) ? seal(p, c) : NULL;
}

static struct ast *subquery(struct parser *p, struct ast *query, enum subquery_form form, int position)
{
	if (query == NULL)
		return NULL;
	struct ast_subquery *s = NEW_AT(p, SUBQUERY, subquery, position);
	s->form = form;
	s->query = query;
	s->ast.parens = true;
	return seal(p, s);
}

/* The rest of (a, b, c) behind its first element. */
static struct ast *parse_tuple_rest(struct parser *p, struct ast *first, int position)
{
	struct ast_call *c = new_call(p, "tuple", CALL_PARENS, position);
	if (first != NULL)
		push(p, &c->args, first);
	while (first != NULL && accept(p, T_COMMA) && !at_kind(p, 0, T_RPAREN)) {
		struct ast *e = parse_aliased(p, false);
		if (e == NULL)
			return NULL;
		push(p, &c->args, e);
	}
	return need(p, T_RPAREN) ? seal(p, c) : NULL;
}

static struct ast *parse_parens(struct parser *p)
{
	int position = here(p);
	if (at_query(p, 1)) {
		struct ast *q = parse_query_parens(p);
		return subquery(p, q, SUBQUERY_SCALAR, position);
	}
	p->at++;
	if (at_kind(p, 0, T_RPAREN))
		return parse_tuple_rest(p, NULL, position);
	struct ast *e = parse_aliased(p, false);
	if (e == NULL)
		return NULL;
	/* ((SELECT 1) UNION SELECT 2): the inner parentheses held an operand, not a value */
	if (e->kind == AST_SUBQUERY && e->alias == NULL && ((struct ast_subquery *)e)->form == SUBQUERY_SCALAR &&
	    at_set_operator(p)) {
		struct ast *query = ((struct ast_subquery *)e)->query;
		query->parens = true;
		query = parse_query_rest(p, query);
		return query != NULL && need(p, T_RPAREN) ? subquery(p, query, SUBQUERY_SCALAR, position) : NULL;
	}
	if (at_kind(p, 0, T_COMMA))
		return parse_tuple_rest(p, e, position);
	e->parens = true;
	return need(p, T_RPAREN) ? e : NULL;
}

/* ---- asterisks ---- */

static bool parse_except(struct parser *p, struct ast_transform *t)
{
	t->type = TRANSFORM_EXCEPT;
	t->strict = kw(p, KW_STRICT);
	bool parens = accept(p, T_LPAREN);
	struct str pattern;
	if (accept_string(p, &pattern))
		t->pattern = pattern;
	else if (p->failed != OK || !(parens ? parse_path_list(p, &t->items) : at_ident(p, 0)))
		return fail(p) != NULL;
	else if (!parens) {
		struct name name;
		int position = here(p);
		if (!parse_path(p, &name))
			return false;
		push(p, &t->items, new_identifier(p, name, position));
	}
	return !parens || need(p, T_RPAREN);
}

static bool parse_replacement(struct parser *p, struct ast_transform *t)
{
	struct ast *e = parse_expr(p);
	if (e == NULL || !at_kw(p, 0, KW_AS) || !accept_alias(p, e, false))
		return fail(p) != NULL;
	push(p, &t->items, e);
	return true;
}

static bool parse_replace(struct parser *p, struct ast_transform *t)
{
	t->type = TRANSFORM_REPLACE;
	t->strict = kw(p, KW_STRICT);
	if (!accept(p, T_LPAREN))
		return parse_replacement(p, t);
	do
		if (!parse_replacement(p, t))
			return false;
	while (accept(p, T_COMMA));
	return need(p, T_RPAREN);
}

static bool parse_apply(struct parser *p, struct ast_transform *t)
{
	t->type = TRANSFORM_APPLY;
	bool parens = accept(p, T_LPAREN);
	bool outer = p->higher_order;
	p->higher_order = true;
	struct ast *e = parse_expr_above(p, PREC_LAMBDA);
	p->higher_order = outer;
	if (e == NULL)
		return false;
	if (e->kind == AST_IDENTIFIER) {
		struct ast_call *c = NEW_AT(p, CALL, call, e->position);
		c->name = ((struct ast_identifier *)e)->name;
		e = seal(p, c);
	} else if (e->kind == AST_CALL && ((struct ast_call *)e)->form == CALL_PLAIN
		&& !((struct ast_call *)e)->has_params) {
		/* APPLY quantile(0.9): what looks like arguments are parameters */
		struct ast_call *c = (struct ast_call *)e;
		c->has_params = true;
		c->params = c->args;
		c->args = (struct ast_list){NULL, 0, 0};
	} else if (e->kind != AST_LAMBDA) {
		return fail(p) != NULL;
	}
	e->parens = false;
	t->function = e;
	if (parens && accept(p, T_COMMA) && !parse_string(p, &t->prefix))
		return false;
	return !parens || need(p, T_RPAREN);
}

/* EXCEPT behind an asterisk may be the set operator. */
static bool at_except_transform(struct parser *p)
{
	if (!at_kw(p, 0, KW_EXCEPT))
		return false;
	size_t n = 1;
	while (at_kind(p, n, T_LPAREN))
		n++;
	if (at_query(p, n) || at_kw(p, n, KW_ALL) || at_kw(p, n, KW_DISTINCT))
		return false;
	return at_kind(p, 1, T_LPAREN) || at_ident(p, 1) || at_string(p, 1);
}

bool accept_transforms(struct parser *p, struct ast_list *out)
{
	for (;;) {
		struct ast_transform *t;
		bool good;
		size_t not_word = at_kw(p, 0, KW_NOT) ? 1 : 0;
		if (at_except_transform(p)) {
			t = NEW(p, TRANSFORM, transform);
			p->at++;
			good = parse_except(p, t);
		} else if (at_kw(p, 0, KW_REPLACE) && (at_kind(p, 1, T_LPAREN) || is_clickhouse(p))) {
			t = NEW(p, TRANSFORM, transform);
			p->at++;
			good = parse_replace(p, t);
		} else if (at_kw(p, 0, KW_APPLY)) {
			t = NEW(p, TRANSFORM, transform);
			p->at++;
			good = parse_apply(p, t);
		} else if ((at_kw(p, not_word, KW_LIKE) || at_kw(p, not_word, KW_ILIKE)) && at_string(p, not_word + 1)) {
			t = NEW(p, TRANSFORM, transform);
			t->negated = not_word == 1;
			t->type = at_kw(p, not_word, KW_LIKE) ? TRANSFORM_LIKE : TRANSFORM_ILIKE;
			p->at += not_word + 1;
			good = parse_string(p, &t->pattern);
		} else {
			return p->failed == OK;
		}
		if (!good || seal(p, t) == NULL)
			return false;
		push(p, out, t);
	}
}

/* At `*` or at COLUMNS(. */
struct ast *parse_asterisk(struct parser *p, struct name qualifier, struct ast *row)
{
	struct ast_asterisk *a = NEW(p, ASTERISK, asterisk);
	a->qualifier = qualifier;
	a->row = row;
	if (!accept_op(p, OP_STAR)) {
		p->at++;
		if (!need(p, T_LPAREN))
			return NULL;
		if (!accept_string(p, &a->pattern) && (p->failed != OK || !parse_path_list(p, &a->columns)))
			return NULL;
		if (!need(p, T_RPAREN))
			return NULL;
	}
	return accept_transforms(p, &a->transforms) ? seal(p, a) : NULL;
}

/* ---- CASE and INTERVAL ---- */

struct ast *parse_case(struct parser *p)
{
	struct ast_case *c = NEW(p, CASE, case);
	p->at++;
	if (!at_kw(p, 0, KW_WHEN) && (c->operand = parse_expr(p)) == NULL)
		return NULL;
	while (kw(p, KW_WHEN)) {
		struct ast_when *w = NEW(p, WHEN, when);
		if ((w->condition = parse_expr(p)) == NULL || !need_kw(p, KW_THEN) || (w->result = parse_expr(p)) == NULL)
			return NULL;
		push(p, &c->whens, seal(p, w));
	}
	if (c->whens.count == 0)
		return fail(p);
	if (kw(p, KW_ELSE) && (c->otherwise = parse_expr(p)) == NULL)
		return NULL;
	return need_kw(p, KW_END) ? seal(p, c) : NULL;
}

enum interval_unit interval_unit_of(struct str word)
{
	static const struct {
		const char *text;
		enum interval_unit unit;
	} units[] = {
		{"nanosecond", UNIT_NANOSECOND}, {"ns", UNIT_NANOSECOND}, {"microsecond", UNIT_MICROSECOND}, {"us",
			UNIT_MICROSECOND},
		{"mcs", UNIT_MICROSECOND}, {"millisecond", UNIT_MILLISECOND}, {"ms", UNIT_MILLISECOND}, {"second", UNIT_SECOND},
		{"ss", UNIT_SECOND}, {"s", UNIT_SECOND}, {"minute", UNIT_MINUTE}, {"mi", UNIT_MINUTE}, {"n", UNIT_MINUTE},
		{"hour", UNIT_HOUR}, {"hh", UNIT_HOUR}, {"h", UNIT_HOUR}, {"day", UNIT_DAY}, {"dd", UNIT_DAY}, {"d", UNIT_DAY},
		{"week", UNIT_WEEK}, {"wk", UNIT_WEEK}, {"ww", UNIT_WEEK}, {"w", UNIT_WEEK}, {"month", UNIT_MONTH},
		{"mm", UNIT_MONTH},
		{"m", UNIT_MONTH}, {"quarter", UNIT_QUARTER}, {"qq", UNIT_QUARTER}, {"q", UNIT_QUARTER}, {"year", UNIT_YEAR},
		{"yyyy", UNIT_YEAR}, {"yy", UNIT_YEAR},
	};
	static const char sql[] = "sql_tsi_";
	if (str_starts_with_nocase(word, str_of(sql)))
		word = str_make(word.data + sizeof sql - 1, word.size - (sizeof sql - 1));
	for (size_t i = 0; i < ARRAY_COUNT(units); i++) {
		struct str name = str_of(units[i].text);
		bool plural = name.size >= 3 && word.size == name.size + 1 && ascii_lower(word.data[name.size]) == 's';
		if (str_eq_nocase(str_make(word.data, word.size - plural), name))
			return units[i].unit;
	}
	return UNIT_NONE;
}

bool accept_interval_unit(struct parser *p, enum interval_unit *out)
{
	if (!at_kind(p, 0, T_WORD))
		return false;
	*out = interval_unit_of(token_source(p, peek(p)));
	if (*out == UNIT_NONE)
		return false;
	p->at++;
	return true;
}

static bool parse_interval_precision(struct parser *p, struct ast_interval *i)
{
	uint64_t n;
	if (!at_kind(p, 0, T_LPAREN) || !at_kind(p, 1, T_NUMBER) || !at_kind(p, 2, T_RPAREN))
		return true;
	p->at++;
	if (!parse_uint(p, &n) || n > 9)
		return fail(p) != NULL;
	i->precision = (int)n;
	p->at++;
	return true;
}

/* NULL without failure when INTERVAL is an ordinary name here. */
struct ast *parse_interval(struct parser *p)
{
	struct attempt a = attempt_begin(p);
	struct ast_interval *i = NEW(p, INTERVAL, interval);
	i->precision = -1;
	p->at++;
	bool good = parse_interval_precision(p, i);
	bool string = at_string(p, 0);
	bool parens = at_kind(p, 0, T_LPAREN);
	if (good && string)
		good = (i->value = parse_string_node(p)) != NULL;
	else if (good)
		good = (i->value = parse_expr_above(p, PREC_IS)) != NULL;
	if (good && accept_interval_unit(p, &i->unit)) {
		good = parse_interval_precision(p, i);
		if (good && at_kw(p, 0, KW_TO) && at_kind(p, 1, T_WORD) &&
		    interval_unit_of(token_source(p, peek_at(p, 1))) != UNIT_NONE) {
			p->at++;
			good = accept_interval_unit(p, &i->to) && parse_interval_precision(p, i);
		}
		return good ? seal(p, i) : fail(p);
	}
	if (string)
		return good ? seal(p, i) : fail(p);
	if (good && parens && (i->value->parens || i->value->kind == AST_CALL)) {
		/* a function of that name */
		struct ast_call *c = new_call(p, "interval", CALL_PLAIN, i->ast.position);
		struct ast_call *tuple = (struct ast_call *)i->value;
		if (i->value->kind == AST_CALL && tuple->form == CALL_PARENS)
			c->args = tuple->args;
		else
			push(p, &c->args, i->value);
		return seal(p, c);
	}
	/* a name; never tried again, so that nesting does not multiply the work */
	attempt_undo(p, a);
	p->tokens[a.at].code = NOT_KEYWORD;
	return NULL;
}

/* ---- behind a primary ---- */

static struct ast *element(struct parser *p, struct ast *left, struct ast *key, const char *name, enum call_form form,
                           int position)
{
	struct ast_call *c = new_call(p, name, form, position);
	push(p, &c->args, left);
	push(p, &c->args, key);
	return key == NULL ? NULL : seal(p, c);
}

static struct ast *parse_subscript(struct parser *p, struct ast *left)
{
	int position = here(p);
	struct ast *lower = NULL;
	p->at++;
	if (!at_kind(p, 0, T_COLON) && (lower = parse_expr(p)) == NULL)
		return NULL;
	if (!accept(p, T_COLON))
		return need(p, T_RBRACKET) ? element(p, left, lower, "arrayElement", CALL_SUBSCRIPT, position) : NULL;
	struct ast_slice *s = NEW_AT(p, SLICE, slice, position);
	s->value = left;
	s->lower = lower;
	if (!at_kind(p, 0, T_RBRACKET) && (s->upper = parse_expr(p)) == NULL)
		return NULL;
	return need(p, T_RBRACKET) ? seal(p, s) : NULL;
}

static struct ast *parse_dot(struct parser *p, struct ast *left)
{
	int position = here(p);
	uint64_t n;
	if (left->kind == AST_LITERAL && !left->parens && ((struct ast_literal *)left)->type != LITERAL_STRING)
		return fail(p);
	p->at++;
	if (at_op(p, 0, OP_STAR))
		return parse_asterisk(p, (struct name){NULL, 0}, left);
	bool negative = at_op(p, 0, OP_MINUS) && at_kind(p, 1, T_NUMBER);
	p->at += negative;
	if (at_kind(p, 0, T_NUMBER)) {
		if (!parse_uint(p, &n) || n > INT32_MAX)
			return fail(p);
		struct ast_literal *l = new_uint(p, negative ? 0 : n, position);
		l->type = negative ? LITERAL_INT : LITERAL_UINT;
		l->i = negative ? -(int64_t)n : 0;
		return element(p, left, &l->ast, "tupleElement", CALL_DOT, position);
	}
	struct name_part part;
	if (!parse_label(p, &part))
		return NULL;
	return element(p, left, &new_string(p, part.text, position)->ast, "tupleElement", CALL_DOT, position);
}

/* A number, a string, or arrays and tuples of them: what ClickHouse converts from its source text. */
static bool is_collection(const struct ast *e)
{
	if (e->alias != NULL || e->parens)
		return false;
	if (e->kind == AST_LITERAL) {
		enum literal_type t = ((const struct ast_literal *)e)->type;
		return t != LITERAL_NULL && t != LITERAL_BOOL;
	}
	if (e->kind != AST_CALL)
		return false;
	const struct ast_call *c = (const struct ast_call *)e;
	if ((c->form != CALL_BRACKETS && c->form != CALL_PARENS) || e->depth > 16)
		return false;
	AST_EACH(&c->args, arg)
		if (!is_collection(arg))
			return false;
	return true;
}

static struct ast *parse_colons(struct parser *p, struct ast *left, size_t start)
{
	struct ast_cast *c = NEW(p, CAST, cast);
	if (is_clickhouse(p) && is_collection(left))
		c->source = left->kind == AST_LITERAL && ((struct ast_literal *)left)->type == LITERAL_STRING
			? ((struct ast_literal *)left)->text : source_between(p, start, p->at);
	p->at++;
	c->value = left;
	c->form = CAST_COLONS;
	c->type = parse_type_node(p);
	return c->type == NULL ? NULL : seal(p, c);
}

/* `start` is the first token of the primary. */
static struct ast *postfix_from(struct parser *p, struct ast *left, size_t start)
{
	while (left != NULL && left->kind != AST_ASTERISK) {
		switch (peek(p)->kind) {
		case T_COLONS: left = parse_colons(p, left, start); break;
		case T_LBRACKET: left = parse_subscript(p, left); break;
		case T_DOT: left = parse_dot(p, left); break;
		default: return left;
		}
	}
	return left;
}

struct ast *parse_postfix(struct parser *p, struct ast *left)
{
	/* only called where the primary is one literal token, with or without a sign, or no literal at all */
	size_t start = p->at - 1;
	if (left->kind == AST_LITERAL && start > 0 && p->tokens[start].kind == T_NUMBER &&
	    p->tokens[start].position != (uint32_t)left->position)
		start--;
	return postfix_from(p, left, start);
}

/* ---- all of them ---- */

static struct ast *parse_at_at(struct parser *p)
{
	struct name name;
	struct ast_call *c = new_call(p, "globalVariable", CALL_PLAIN, here(p));
	p->at++;
	if (!parse_path(p, &name))
		return NULL;
	push(p, &c->args, new_string(p, name_last(&name), c->ast.position));
	c->ast.alias = ARENA_NEW(p->arena, struct name_part);
	c->ast.alias->text = arena_strf(p->arena, "@@%.*s", STR_ARG(name_last(&name)));
	c->ast.alias->quoted = true;
	return seal(p, c);
}

static struct ast *parse_array_word(struct parser *p)
{
	int position = here(p);
	p->at++;
	if (at_kind(p, 0, T_LBRACKET))
		return parse_brackets(p, CALL_ARRAY);
	return subquery(p, parse_query_parens(p), SUBQUERY_ARRAY, position);
}

static bool reserved_here(struct parser *p)
{
	const struct token *t = peek(p);
	uint8_t next = peek_at(p, 1)->kind;
	bool call = next == T_LPAREN;
	if (!is_clickhouse(p)) {
		uint8_t class = keywords[t->code].class;
		if (class == KEYWORD_RESERVED && call)
			return t->code != KW_ANY && t->code != KW_SOME && t->code != KW_ALL && t->code != KW_AND && t->code != KW_OR
				&& t->code != KW_IN && t->code != KW_ARRAY && t->code != KW_USER;
		return class == KEYWORD_RESERVED || (class == KEYWORD_TYPE_FUNC && next != T_DOT && !call);
	}
	if (call)
		return t->code == KW_SELECT || t->code == KW_FROM || t->code == KW_WHERE || t->code == KW_AS || t->code == KW_ON
			|| t->code == KW_WITH;
	if (next == T_DOT || next == T_COMMA || next == T_RPAREN || next == T_END || next == T_SEMICOLON)
		return false;
	switch (t->code) {
	case KW_FROM: case KW_SELECT: case KW_WHERE: case KW_AND: case KW_OR: case KW_AS: case KW_THEN: case KW_ON:
	case KW_USING:
	case KW_UNION: case KW_HAVING: case KW_PREWHERE: case KW_NOT: case KW_DISTINCT: case KW_ALL: case KW_WHEN:
	case KW_BETWEEN:
		return true;
	default: return false;
	}
}

struct ast *parse_word_primary(struct parser *p)
{
	uint8_t next = peek_at(p, 1)->kind;
	bool alone = next != T_LPAREN && next != T_DOT;
	int position = here(p);
	struct ast *node;
	bool taken = false;
	switch (peek(p)->code) {
	case NOT_KEYWORD: break;
	case KW_NULL: if (alone) return constant(p, LITERAL_NULL, false); break;
	case KW_TRUE: if (alone) return constant(p, LITERAL_BOOL, true); break;
	case KW_FALSE: if (alone) return constant(p, LITERAL_BOOL, false); break;
	case KW_CASE:
		if (next != T_DOT && next != T_COMMA && next != T_RPAREN && next != T_END)
			return parse_case(p);
		break;
	case KW_EXISTS:
		if (next == T_LPAREN && at_query(p, 2)) {
			p->at++;
			return subquery(p, parse_query_parens(p), SUBQUERY_EXISTS, position);
		}
		break;
	case KW_ARRAY:
		if (next == T_LBRACKET || (next == T_LPAREN && at_query(p, 2)))
			return parse_array_word(p);
		break;
	case KW_COLUMNS:
		if (next == T_LPAREN)
			return parse_asterisk(p, (struct name){NULL, 0}, NULL);
		break;
	case KW_INTERVAL:
		if (next != T_DOT && next != T_COMMA && next != T_RPAREN && next != T_END && next != T_SEMICOLON
			&& ((node = parse_interval(p)) != NULL || p->failed != OK))
			return node;
		break;
	default: break;
	}
	if ((node = parse_special_call(p, &taken)) != NULL || taken || p->failed != OK)
		return node;
	if (reserved_here(p))
		return fail(p);
	return parse_call_or_name(p);
}

static struct ast *parse_primary_token(struct parser *p)
{
	switch (peek(p)->kind) {
	case T_NUMBER: return parse_number(p, false);
	case T_STRING: case T_ESTRING: case T_USTRING: case T_DOLLAR: case T_BITS: case T_HEX:
		return parse_string_literal(p);
	case T_PARAM: return parse_dollar_parameter(p);
	case T_LPAREN: return parse_parens(p);
	case T_LBRACKET: return parse_brackets(p, CALL_BRACKETS);
	case T_LBRACE:
		if (!at_kind(p, 1, T_WORD))
			return parse_map(p);
		return at_ident(p, 0) ? parse_call_or_name(p) : parse_parameter(p);
	case T_WORD: return parse_word_primary(p);
	case T_QUOTED: case T_UQUOTED: return parse_call_or_name(p);
	case T_OPERATOR:
		if (peek(p)->code == OP_STAR)
			return parse_asterisk(p, (struct name){NULL, 0}, NULL);
		break;
	case T_AT_AT: return parse_at_at(p);
	default: break;
	}
	if (unlikely(p->expected != NULL)) {
		static const char *const what[] = {"expression", "number", "literal", "string literal", "identifier",
			"function"};
		for (size_t i = 0; i < ARRAY_COUNT(what); i++)
			parser_expected(p, what[i]);
	}
	return fail(p);
}

struct ast *parse_primary(struct parser *p)
{
	size_t start = p->at;
	struct ast *e = parse_primary_token(p);
	return e == NULL ? NULL : postfix_from(p, e, start);
}

// SPDX-License-Identifier: Apache-2.0
/* Types of both languages: Array(Nullable(T)), Tuple(a T), Enum8('a' = 1), varchar(20), timestamp(3) with time zone,
 * T[]. */
#include "parse/parse_impl.h"

/* ---- arguments ---- */

bool at_named_type(struct parser *p)
{
	/* two things that both can begin a name; `double precision` is one type */
	if (!at_ident(p, 0) || at_kind(p, 0, T_LBRACE))
		return false;
	if (at_kw(p, 0, KW_DOUBLE) && at_kw(p, 1, KW_PRECISION))
		return false;
	size_t n = 1;
	while (at_kind(p, n, T_DOT))
		n += 2;
	if (at_kw(p, n, KW_VARYING) || at_kw(p, n, KW_WITH) || at_kw(p, n, KW_WITHOUT) || at_kw(p, n, KW_DEFAULT))
		return false;
	return at_ident(p, n) && !at_kind(p, n, T_LBRACE);
}

static struct ast *parse_signed(struct parser *p)
{
	bool negative = accept_op(p, OP_MINUS);
	(void)(!negative && accept_op(p, OP_PLUS));
	if (!at_kind(p, 0, T_NUMBER))
		return fail(p);
	return parse_number(p, negative);
}

static bool parse_type_argument(struct parser *p, struct ast_type_arg *a)
{
	if (at_kw(p, 0, KW_SKIP) && (at_kind(p, 1, T_WORD) || at_kind(p, 1, T_QUOTED))) {
		p->at++;
		a->skip = true;
		a->regexp = kw(p, KW_REGEXP);
		return a->regexp ? (a->value = parse_string_node(p)) != NULL : parse_path(p, &a->name);
	}
	if (at_string(p, 0)) {
		if ((a->value = parse_string_node(p)) == NULL)
			return false;
		return !accept_op(p, OP_EQ) || (a->number = parse_signed(p)) != NULL;
	}
	if (at_kind(p, 0, T_NUMBER) || at_op(p, 0, OP_MINUS))
		return (a->value = parse_signed(p)) != NULL;
	if (at_kw(p, 0, KW_NULL)) {
		struct ast_literal *l = NEW(p, LITERAL, literal);
		p->at++;
		l->ast.depth = 1;
		a->value = &l->ast;
		return true;
	}
	if (at_kind(p, 0, T_WORD) && at_op(p, 1, OP_EQ)) {
		if (!parse_path(p, &a->name))
			return false;
		p->at++;
		return (a->value = at_string(p, 0) ? parse_string_node(p) : parse_signed(p)) != NULL;
	}
	if (at_named_type(p) && !parse_path(p, &a->name))
		return false;
	return (a->type = parse_type_node(p)) != NULL;
}

static bool parse_type_arguments(struct parser *p, struct ast_type *t)
{
	if (!accept(p, T_LPAREN))
		return true;
	t->has_args = true;
	while (!at_kind(p, 0, T_RPAREN)) {
		struct ast_type_arg *a = NEW(p, TYPE_ARG, type_arg);
		if (!parse_type_argument(p, a) || seal(p, a) == NULL)
			return false;
		push(p, &t->args, a);
		if (!accept(p, T_COMMA))
			break;
	}
	if (!need(p, T_RPAREN))
		return false;
	/* AggregateFunction(quantiles(0.5)(…))? no such thing; a second pair belongs to no type */
	return true;
}

/* ---- PostgreSQL's types of several words ---- */

static void set_words(struct parser *p, struct ast_type *t, const char *words)
{
	t->name = new_name(p, str_of(words));
}

/* [WITH|WITHOUT TIME ZONE] behind timestamp or time and its precision. */
static void accept_zone_words(struct parser *p, struct ast_type *t, bool timestamp)
{
	if (at_kw(p, 0, KW_WITH) && at_kw(p, 1, KW_TIME) && at_kw(p, 2, KW_ZONE)) {
		p->at += 3;
		set_words(p, t, timestamp ? "timestamp with time zone" : "time with time zone");
	} else if (kw3(p, KW_WITHOUT, KW_TIME, KW_ZONE)) {
		set_words(p, t, timestamp ? "timestamp without time zone" : "time without time zone");
	}
}

static bool parse_interval_fields(struct parser *p, struct ast_type *t)
{
	if (accept_interval_unit(p, &t->from) && kw(p, KW_TO) && !accept_interval_unit(p, &t->to))
		return fail(p) != NULL;
	return parse_type_arguments(p, t);
}

/* Words that make one type together; *taken tells whether something was read. */
static bool parse_worded_type(struct parser *p, struct ast_type *t, bool *taken)
{
	static const struct {
		enum keyword first, second;
		const char *words;
	} pairs[] = {
		{KW_DOUBLE, KW_PRECISION, "double precision"}, {KW_CHARACTER, KW_VARYING, "character varying"},
		{KW_CHAR, KW_VARYING, "character varying"}, {KW_BIT, KW_VARYING, "bit varying"},
	};
	*taken = true;
	for (size_t i = 0; i < ARRAY_COUNT(pairs); i++)
		if (kw2(p, pairs[i].first, pairs[i].second)) {
			set_words(p, t, pairs[i].words);
			return parse_type_arguments(p, t);
		}
	if (at_kw(p, 0, KW_NATIONAL) && (at_kw(p, 1, KW_CHARACTER) || at_kw(p, 1, KW_CHAR))) {
		p->at += 2;
		set_words(p, t, kw(p, KW_VARYING) ? "character varying" : "character");
		return parse_type_arguments(p, t);
	}
	bool timestamp = at_kw(p, 0, KW_TIMESTAMP);
	if ((timestamp || at_kw(p, 0, KW_TIME)) && !at_kind(p, 1, T_DOT)) {
		if (!parse_path(p, &t->name) || !parse_type_arguments(p, t))
			return false;
		accept_zone_words(p, t, timestamp);
		return true;
	}
	if (at_kw(p, 0, KW_INTERVAL)) {
		return parse_path(p, &t->name) && parse_interval_fields(p, t);
	}
	if (!is_clickhouse(p) && at_kw(p, 0, KW_ARRAY) && at_kind(p, 1, T_LPAREN)) {
		p->at++;
		set_words(p, t, "array"); /* Array(T), though the word is PostgreSQL's own */
		return parse_type_arguments(p, t);
	}
	*taken = false;
	return true;
}

static void fold_sql_sign(struct parser *p, struct ast_type *t)
{
	/* MySQL spellings that ClickHouse reads: INT UNSIGNED, INT SIGNED */
	if (!is_clickhouse(p) || t->name.count != 1)
		return;
	if (word(p, "UNSIGNED"))
		t->name.parts[0].text = arena_strf(p->arena, "%.*s UNSIGNED", STR_ARG(t->name.parts[0].text));
	else
		(void)word(p, "SIGNED");
}

static bool parse_dimensions(struct parser *p, struct ast_type *t)
{
	uint64_t ignored;
	if (kw(p, KW_ARRAY)) {
		t->dimensions = 1;
		return !accept(p, T_LBRACKET) || ((!at_kind(p, 0, T_NUMBER) || parse_uint(p, &ignored)) && need(p, T_RBRACKET));
	}
	while (at_kind(p, 0, T_LBRACKET) &&
	       (at_kind(p, 1, T_RBRACKET) || (at_kind(p, 1, T_NUMBER) && at_kind(p, 2, T_RBRACKET)))) {
		/* ClickHouse: x::Array(Int8)[1] takes an element */
		if (is_clickhouse(p) && at_kind(p, 1, T_NUMBER))
			break;
		p->at += at_kind(p, 1, T_RBRACKET) ? 2 : 3;
		t->dimensions++;
	}
	return true;
}

struct ast_type *parse_type_node(struct parser *p)
{
	struct ast_type *t = NEW(p, TYPE, type);
	bool taken = false, good;
	if (!enter(p))
		return NULL;
	if (!is_clickhouse(p) && at_kw(p, 0, KW_SETOF)) {
		p->at++;
		t->setof = true;
	}
	good = parse_worded_type(p, t, &taken);
	if (good && !taken) {
		/* ClickHouse's Array(T) also where ARRAY is a reserved word */
		bool array = !is_clickhouse(p) && at_kw(p, 0, KW_ARRAY) && at_kind(p, 1, T_LPAREN);
		if (array) {
			p->at++;
			set_words(p, t, "Array");
		} else {
			good = at_kind(p, 0, T_WORD) || at_ident(p, 0) ? parse_path(p, &t->name) : fail(p) != NULL;
		}
		good = good && parse_type_arguments(p, t);
		if (good)
			fold_sql_sign(p, t);
	}
	if (good && at_op(p, 0, OP_PERCENT) && at_kw(p, 1, KW_TYPE)) {
		p->at += 2;
		t->percent_type = true;
	}
	good = good && (at_kw(p, 0, KW_ARRAY) && at_kw(p, 1, KW_JOIN) ? true : parse_dimensions(p, t));
	leave(p);
	return good ? seal(p, t) : NULL;
}

/* ---- typed literals ---- */

/* DATE '…' in both dialects; in PostgreSQL any type in front of a string. */
bool at_typed_literal(struct parser *p)
{
	const struct token *t = peek(p);
	size_t n = 1;
	if (t->kind != T_WORD || t->code == KW_INTERVAL)
		return false;
	if (is_clickhouse(p))
		return (t->code == KW_DATE || t->code == KW_TIMESTAMP) && at_string(p, 1);
	if (keywords[t->code].class == KEYWORD_RESERVED)
		return false;
	switch (t->code) {
	case KW_DOUBLE: n += at_kw(p, 1, KW_PRECISION); break;
	case KW_CHARACTER: case KW_CHAR: case KW_BIT: n += at_kw(p, 1, KW_VARYING); break;
	default:
		while (at_kind(p, n, T_DOT) && at_kind(p, n + 1, T_WORD))
			n += 2;
		break;
	}
	if (at_kind(p, n, T_LPAREN) && at_kind(p, n + 1, T_NUMBER)) {
		n += 2;
		while (at_kind(p, n, T_COMMA) && at_kind(p, n + 1, T_NUMBER))
			n += 2;
		if (!at_kind(p, n, T_RPAREN))
			return false;
		n++;
	}
	if ((at_kw(p, n, KW_WITH) || at_kw(p, n, KW_WITHOUT)) && at_kw(p, n + 1, KW_TIME) && at_kw(p, n + 2, KW_ZONE))
		n += 3;
	return at_string(p, n);
}

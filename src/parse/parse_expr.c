// SPDX-License-Identifier: Apache-2.0
/*
 * Operators, by precedence climbing: parse_expr_above() reads a prefix and a primary, then loops over the infix and
 * postfix operators that bind at least as tightly as asked. A chain of operators of one level is a loop, never a
 * recursion.
 */
#include "parse/parse_impl.h"

enum infix_kind {
	INFIX_CALL,     /* a op b: a call under ClickHouse's name */
	INFIX_FLAT,     /* the same, collecting more operands */
	INFIX_SYMBOL,   /* AST_OPERATOR */
	INFIX_NAMED,    /* OPERATOR(schema.symbol) */
	INFIX_LAMBDA, INFIX_TERNARY, INFIX_LIKE, INFIX_IN, INFIX_BETWEEN, INFIX_IS, INFIX_NULL_TEST, INFIX_COLLATE,
		INFIX_ZONE
};

struct infix {
	enum infix_kind kind;
	enum precedence precedence;
	const char *name;
	unsigned tokens;  /* to take before the right operand */
	bool negated, global;
};

/* ---- which operator stands next ---- */

static bool is_lambda_head(const struct ast *left)
{
	if (left->alias != NULL)
		return false;
	if (left->kind == AST_IDENTIFIER)
		return ((const struct ast_identifier *)left)->name.count == 1;
	if (left->kind != AST_CALL)
		return false;
	const struct ast_call *c = (const struct ast_call *)left;
	if ((c->form != CALL_PARENS && c->form != CALL_PLAIN) || !name_is(&c->name, "tuple") || c->distinct || c->has_over)
		return false;
	AST_EACH(&c->args, arg)
		if (arg->kind != AST_IDENTIFIER || ((const struct ast_identifier *)arg)->name.count != 1)
			return false;
	return true;
}

/* x -> … is a lambda where one can be meant, else PostgreSQL's field access. */
static bool arrow_is_lambda(struct parser *p, const struct ast *left)
{
	if (!is_lambda_head(left))
		return false;
	if (p->higher_order)
		return true;
	uint8_t next = peek_at(p, 1)->kind;
	return is_clickhouse(p) && next != T_STRING && next != T_NUMBER;
}

static bool find_operator(struct parser *p, const struct ast *left, struct infix *op)
{
	static const struct infix fixed[] = {
		[OP_PLUS] = {INFIX_CALL, PREC_ADD, "plus", 1, false, false},
		[OP_MINUS] = {INFIX_CALL, PREC_ADD, "minus", 1, false, false},
		[OP_STAR] = {INFIX_CALL, PREC_MUL, "multiply", 1, false, false},
		[OP_SLASH] = {INFIX_CALL, PREC_MUL, "divide", 1, false, false},
		[OP_PERCENT] = {INFIX_CALL, PREC_MUL, "modulo", 1, false, false},
		[OP_CARET] = {INFIX_SYMBOL, PREC_POWER, NULL, 1, false, false},
		[OP_EQ] = {INFIX_CALL, PREC_COMPARE, "equals", 1, false, false},
		[OP_NE] = {INFIX_CALL, PREC_COMPARE, "notEquals", 1, false, false},
		[OP_LT] = {INFIX_CALL, PREC_COMPARE, "less", 1, false, false},
		[OP_LE] = {INFIX_CALL, PREC_COMPARE, "lessOrEquals", 1, false, false},
		[OP_GT] = {INFIX_CALL, PREC_COMPARE, "greater", 1, false, false},
		[OP_GE] = {INFIX_CALL, PREC_COMPARE, "greaterOrEquals", 1, false, false},
		[OP_CONCAT] = {INFIX_FLAT, PREC_OTHER, "concat", 1, false, false},
		[OP_ARROW] = {INFIX_SYMBOL, PREC_OTHER, NULL, 1, false, false},
		[OP_NULL_SAFE] = {INFIX_SYMBOL, PREC_OTHER, NULL, 1, false, false},
		[OP_PIPE] = {INFIX_SYMBOL, PREC_OTHER, NULL, 1, false, false},
		[OP_OTHER] = {INFIX_SYMBOL, PREC_OTHER, NULL, 1, false, false},
	};
	enum operator code = (enum operator)peek(p)->code;
	if (code == OP_FAT_ARROW)
		return false;
	*op = fixed[code];
	if (code == OP_ARROW && arrow_is_lambda(p, left))
		*op = (struct infix){INFIX_LAMBDA, PREC_LAMBDA, NULL, 1, false, false};
	else if (code == OP_NULL_SAFE && is_clickhouse(p))
		*op = (struct infix){INFIX_CALL, PREC_COMPARE, "isNotDistinctFrom", 1, false, false};
	return true;
}

/* LIKE, ILIKE, SIMILAR TO, REGEXP, IN, BETWEEN, `ahead` tokens on (behind NOT or GLOBAL). */
static bool find_range_word(struct parser *p, size_t ahead, bool negated, struct infix *op)
{
	bool ch = is_clickhouse(p);
	enum precedence level = ch ? PREC_COMPARE : PREC_RANGE;
	unsigned n = (unsigned)ahead + 1;
	const struct token *t = peek_at(p, ahead);
	if (t->kind != T_WORD)
		return false;
	switch (t->code) {
	case KW_LIKE: *op = (struct infix){INFIX_LIKE, level, negated ? "notLike" : "like", n, negated, false}; return true;
	case KW_ILIKE: *op = (struct infix){INFIX_LIKE, level, negated ? "notILike" : "ilike", n, negated,
		false}; return true;
	case KW_REGEXP:
		*op = (struct infix){INFIX_LIKE, level, "match", n, negated, false};
		return ch;
	case KW_SIMILAR:
		*op = (struct infix){INFIX_LIKE, level, negated ? "notSimilarTo" : "similarTo", n + 1, negated, false};
		return at_kw(p, ahead + 1, KW_TO);
	case KW_IN:
		*op = (struct infix){INFIX_IN, level, negated ? "notIn" : "in", n, negated, false};
		return !at_kw(p, ahead + 1, KW_PARTITION); /* ALTER … UPDATE a = 1 IN PARTITION p */
	case KW_BETWEEN:
		level = ch ? PREC_IS : PREC_RANGE;
		*op = (struct infix){INFIX_BETWEEN, level, negated ? "notBetween" : "between", n, negated, false};
		return true;
	default: return false;
	}
}

static bool find_global(struct parser *p, struct infix *op)
{
	bool negated = at_kw(p, 1, KW_NOT);
	if (!at_kw(p, negated ? 2 : 1, KW_IN))
		return false;
	*op = (struct infix){INFIX_IN, is_clickhouse(p) ? PREC_COMPARE : PREC_RANGE, negated ? "globalNotIn" : "globalIn",
		negated ? 3 : 2, negated, true};
	return true;
}

static bool find_word(struct parser *p, struct infix *op)
{
	bool ch = is_clickhouse(p);
	switch (peek(p)->code) {
	case KW_AND: *op = (struct infix){INFIX_FLAT, PREC_AND, "and", 1, false, false}; return true;
	case KW_OR: *op = (struct infix){INFIX_FLAT, PREC_OR, "or", 1, false, false}; return true;
	case KW_NOT: return find_range_word(p, 1, true, op);
	case KW_GLOBAL: return find_global(p, op);
	case KW_IS: *op = (struct infix){INFIX_IS, PREC_IS, NULL, 1, false, false}; return true;
	case KW_ISNULL: *op = (struct infix){INFIX_NULL_TEST, PREC_IS, "isNull", 1, false, false}; return !ch;
	case KW_NOTNULL: *op = (struct infix){INFIX_NULL_TEST, PREC_IS, "isNotNull", 1, false, false}; return !ch;
	case KW_DIV: *op = (struct infix){INFIX_CALL, PREC_MUL, "intDiv", 1, false, false}; return ch;
	case KW_MOD: *op = (struct infix){INFIX_CALL, PREC_MUL, "modulo", 1, false, false}; return ch;
	case KW_COLLATE:
		*op = (struct infix){INFIX_COLLATE, PREC_COLLATE, NULL, 1, false, false};
		return !at_string(p, 1);
	case KW_AT:
		*op = (struct infix){INFIX_ZONE, PREC_ZONE, NULL, 3, false, false};
		return at_kw(p, 1, KW_TIME) && at_kw(p, 2, KW_ZONE);
	case KW_OVERLAPS: *op = (struct infix){INFIX_CALL, PREC_RANGE, "overlaps", 1, false, false}; return !ch;
	case KW_OPERATOR:
		*op = (struct infix){INFIX_NAMED, PREC_OTHER, NULL, 1, false, false};
		return at_kind(p, 1, T_LPAREN);
	default: return find_range_word(p, 0, false, op);
	}
}

static bool find_infix(struct parser *p, const struct ast *left, struct infix *op)
{
	switch (peek(p)->kind) {
	case T_OPERATOR: return find_operator(p, left, op);
	case T_WORD: return peek(p)->code != NOT_KEYWORD && find_word(p, op);
	case T_QUESTION: *op = (struct infix){INFIX_TERNARY, PREC_TERNARY, NULL, 1, false, false}; return true;
	default: return false;
	}
}

/* ---- building ---- */

static struct ast *binary(struct parser *p, const char *name, struct ast *left, struct ast *right, int position)
{
	if (left == NULL || right == NULL)
		return NULL;
	struct ast_call *c = new_call(p, name, CALL_OPERATOR, position);
	push(p, &c->args, left);
	push(p, &c->args, right);
	return seal(p, c);
}

/* OPERATOR(schema.symbol), behind the word. */
static bool parse_operator_name(struct parser *p, struct name *out)
{
	size_t count = 0, capacity = 0;
	struct name_part part;
	out->parts = NULL;
	if (!need(p, T_LPAREN))
		return false;
	while (at_ident(p, 0)) {
		if (!parse_part(p, &part) || !need(p, T_DOT))
			return false;
		ARENA_PUSH(p->arena, out->parts, count, capacity, part);
	}
	if (!at_kind(p, 0, T_OPERATOR) && !at_kind(p, 0, T_QUESTION))
		return fail(p) != NULL;
	part = (struct name_part){.text = arena_str(p->arena, token_source(p, peek(p)))};
	p->at++;
	ARENA_PUSH(p->arena, out->parts, count, capacity, part);
	out->count = (unsigned)count;
	return need(p, T_RPAREN);
}

/* The internal name of a plain operator symbol written as OPERATOR(…), or NULL. */
static const char *call_of_symbol(struct str s)
{
	static const char *const table[][2] = {
		{"+", "plus"}, {"-", "minus"}, {"*", "multiply"}, {"/", "divide"}, {"%", "modulo"}, {"=", "equals"},
		{"<>", "notEquals"}, {"!=", "notEquals"}, {"<", "less"}, {"<=", "lessOrEquals"}, {">", "greater"},
		{">=", "greaterOrEquals"}, {"||", "concat"}, {"~~", "like"}, {"!~~", "notLike"}, {"~~*", "ilike"},
		{"!~~*", "notILike"},
	};
	for (size_t i = 0; i < ARRAY_COUNT(table); i++)
		if (str_eq(s, str_of(table[i][0])))
			return table[i][1];
	return NULL;
}

static bool at_quantifier(struct parser *p)
{
	if ((!at_kw(p, 0, KW_ANY) && !at_kw(p, 0, KW_ALL) && !at_kw(p, 0, KW_SOME)) || !at_kind(p, 1, T_LPAREN))
		return false;
	return !is_clickhouse(p) || at_query(p, 2);
}

/* left op ANY (…) */
static struct ast *parse_quantified(struct parser *p, struct name op, struct ast *left, int position)
{
	struct ast_quantified *q = NEW_AT(p, QUANTIFIED, quantified, position);
	q->op = op;
	q->left = left;
	q->all = kw(p, KW_ALL);
	p->at += !q->all;
	if (at_query(p, 1)) {
		struct ast_subquery *s = NEW(p, SUBQUERY, subquery);
		s->query = parse_query_parens(p);
		q->right = seal(p, s);
	} else if (need(p, T_LPAREN)) {
		q->right = parse_expr(p);
		(void)need(p, T_RPAREN);
	}
	return seal(p, q);
}

static struct ast *parse_symbol(struct parser *p, const struct infix *op, struct ast *left, int position)
{
	struct name name;
	if (op->kind == INFIX_NAMED) {
		if (!parse_operator_name(p, &name))
			return NULL;
	} else {
		const struct token *t = &p->tokens[p->at - 1];
		name = new_name(p, arena_str(p->arena, token_source(p, t)));
	}
	struct str symbol = name_last(&name);
	const char *call = call_of_symbol(symbol);
	if (at_quantifier(p))
		return parse_quantified(p, call == NULL ? name : new_name(p, str_of(call)), left, position);
	struct ast *right = parse_expr_above(p, op->precedence + 1);
	if (call != NULL)
		return binary(p, call, left, right, position);
	struct ast_operator *o = NEW_AT(p, OPERATOR, operator, position);
	o->name = name;
	o->left = left;
	o->right = right;
	return right == NULL ? NULL : seal(p, o);
}

/* a AND b AND c: operands are added to the call that is already there. */
static struct ast *parse_flat(struct parser *p, const struct infix *op, struct ast *left, int position)
{
	if (op->precedence == PREC_OTHER && at_quantifier(p))
		return parse_quantified(p, new_name(p, str_of(op->name)), left, position);
	struct ast *right = parse_expr_above(p, op->precedence + 1);
	if (right == NULL)
		return NULL;
	struct ast_call *c = (struct ast_call *)left;
	if (left->kind != AST_CALL || left->parens || c->form != CALL_OPERATOR || left->alias != NULL ||
	    !name_is(&c->name, op->name))
		return binary(p, op->name, left, right, position);
	push(p, &c->args, right);
	if (right->depth >= c->ast.depth)
		return seal(p, c);
	return left;
}

static struct ast *parse_lambda(struct parser *p, struct ast *left)
{
	struct ast_lambda *l = NEW_AT(p, LAMBDA, lambda, left->position);
	bool outer = p->higher_order;
	left->parens = false;
	if (left->kind == AST_IDENTIFIER)
		push(p, &l->params, left);
	else
		l->params = ((struct ast_call *)left)->args;
	if (!is_clickhouse(p))
		p->higher_order = false;
	l->body = parse_expr_above(p, PREC_LAMBDA);
	p->higher_order = outer;
	return l->body == NULL ? NULL : seal(p, l);
}

static struct ast *parse_ternary(struct parser *p, struct ast *left, int position)
{
	struct ast_call *c = new_call(p, "if", CALL_PLAIN, position);
	push(p, &c->args, left);
	struct ast *yes = parse_expr_above(p, PREC_TERNARY + 1);
	if (yes == NULL || !need(p, T_COLON))
		return NULL;
	struct ast *no = parse_expr_above(p, PREC_TERNARY);
	if (no == NULL)
		return NULL;
	push(p, &c->args, yes);
	push(p, &c->args, no);
	return seal(p, c);
}

static struct ast *parse_like(struct parser *p, const struct infix *op, struct ast *left, int position)
{
	if (at_quantifier(p))
		return parse_quantified(p, new_name(p, str_of(op->name)), left, position);
	struct ast *right = parse_expr_above(p, PREC_OTHER);
	struct ast_call *c = (struct ast_call *)binary(p, op->name, left, right, position);
	if (c == NULL)
		return NULL;
	if (strcmp(op->name, "match") == 0) {
		c->form = CALL_PLAIN;
		if (op->negated) {
			struct ast_call *no = new_call(p, "not", CALL_OPERATOR, position);
			push(p, &no->args, c);
			return seal(p, no);
		}
	} else if (kw(p, KW_ESCAPE)) {
		struct ast *escape = parse_expr_above(p, PREC_OTHER);
		if (escape == NULL)
			return NULL;
		push(p, &c->args, escape);
		return seal(p, c);
	}
	return &c->ast;
}

/* The parenthesised list behind IN, kept a list even when it has one element. */
static struct ast *parse_in_list(struct parser *p)
{
	struct ast_call *c = new_call(p, "tuple", CALL_PARENS, here(p));
	p->at++;
	while (!at_kind(p, 0, T_RPAREN)) {
		struct ast *e = parse_aliased(p, false);
		if (e == NULL)
			return NULL;
		push(p, &c->args, e);
		if (!accept(p, T_COMMA))
			break;
	}
	if (!need(p, T_RPAREN))
		return NULL;
	/* ClickHouse: a single name may be a table */
	if (is_clickhouse(p) && c->args.count == 1 && c->args.items[0]->kind == AST_IDENTIFIER &&
	    c->args.items[0]->alias == NULL) {
		c->args.items[0]->parens = true;
		return c->args.items[0];
	}
	return seal(p, c);
}

/* Whether, from '(' on, the parentheses before a query are only parentheses: IN ((SELECT 1)). */
static size_t parens_before_query(struct parser *p)
{
	size_t n = 0;
	while (at_kind(p, n, T_LPAREN))
		n++;
	return at_query(p, n) ? n : 0;
}

static struct ast *parse_in(struct parser *p, const struct infix *op, struct ast *left, int position)
{
	struct ast *right;
	if (at_kind(p, 0, T_LPAREN) && parens_before_query(p) == 1) {
		struct ast_subquery *s = NEW(p, SUBQUERY, subquery);
		s->query = parse_query_parens(p);
		right = seal(p, s);
	} else if (at_kind(p, 0, T_LPAREN)) {
		right = parse_in_list(p);
		if (right != NULL && right->kind == AST_CALL) {
			/* IN ((SELECT …)) */
			struct ast_call *list = (struct ast_call *)right;
			if (list->args.count == 1 && list->args.items[0]->kind == AST_SUBQUERY && is_clickhouse(p))
				right = list->args.items[0];
		}
		/* (a, b).1 or (1, 2)[1] behind IN would be odd, but `IN (…)::T` is not */
		right = right == NULL ? NULL : parse_postfix(p, right);
	} else {
		right = parse_expr_above(p, op->precedence + 1);
	}
	return binary(p, op->name, left, right, position);
}

static struct ast *parse_between(struct parser *p, const struct infix *op, struct ast *left, int position)
{
	bool ch = is_clickhouse(p);
	const char *name = op->name;
	if (kw(p, KW_SYMMETRIC))
		name = op->negated ? "notBetweenSymmetric" : "betweenSymmetric";
	else
		(void)(!ch && kw(p, KW_ASYMMETRIC));
	struct ast *low = parse_expr_above(p, ch ? PREC_COMPARE : PREC_OTHER);
	if (low == NULL || !need_kw(p, KW_AND))
		return NULL;
	struct ast *high = parse_expr_above(p, ch ? PREC_COMPARE : PREC_OTHER);
	struct ast_call *c = (struct ast_call *)binary(p, name, left, low, position);
	if (c == NULL || high == NULL)
		return NULL;
	push(p, &c->args, high);
	return seal(p, c);
}

static struct ast *unary(struct parser *p, const char *name, struct ast *operand, int position)
{
	if (operand == NULL)
		return NULL;
	struct ast_call *c = new_call(p, name, CALL_OPERATOR, position);
	push(p, &c->args, operand);
	return seal(p, c);
}

static struct ast *parse_is(struct parser *p, struct ast *left, int position)
{
	bool no = kw(p, KW_NOT);
	if (kw(p, KW_NULL))
		return unary(p, no ? "isNotNull" : "isNull", left, position);
	if (kw(p, KW_TRUE))
		return unary(p, no ? "isNotTrue" : "isTrue", left, position);
	if (kw(p, KW_FALSE))
		return unary(p, no ? "isNotFalse" : "isFalse", left, position);
	if (kw(p, KW_UNKNOWN))
		return unary(p, no ? "isNotUnknown" : "isUnknown", left, position);
	if (kw2(p, KW_DISTINCT, KW_FROM))
		return binary(p, no ? "isNotDistinctFrom" : "isDistinctFrom", left, parse_expr_above(p, PREC_IS + 1), position);
	if (kw(p, KW_NORMALIZED))
		return unary(p, no ? "isNotNormalized" : "isNormalized", left, position);
	return fail(p);
}

static struct ast *parse_collate(struct parser *p, struct ast *left, int position)
{
	struct ast_collate *c = NEW_AT(p, COLLATE, collate, position);
	c->value = left;
	return parse_path(p, &c->collation) ? seal(p, c) : NULL;
}

static struct ast *parse_zone(struct parser *p, struct ast *left, int position)
{
	struct ast *zone = parse_expr_above(p, PREC_ZONE + 1);
	if (zone == NULL)
		return NULL;
	struct ast_call *c = new_call(p, "timezone", CALL_AT_TIME_ZONE, position);
	push(p, &c->args, zone);
	push(p, &c->args, left);
	return seal(p, c);
}

static struct ast *parse_infix(struct parser *p, const struct infix *op, struct ast *left)
{
	int position = here(p);
	p->at += op->tokens;
	switch (op->kind) {
	case INFIX_CALL: {
		if (op->precedence == PREC_COMPARE && at_quantifier(p))
			return parse_quantified(p, new_name(p, str_of(op->name)), left, position);
		struct ast *c = binary(p, op->name, left, parse_expr_above(p, op->precedence + 1), position);
		if (c != NULL && op->name[0] == 'i' && op->name[1] == 'n')
			((struct ast_call *)c)->form = CALL_PLAIN; /* DIV is written intDiv(a, b) */
		return c;
	}
	case INFIX_FLAT: return parse_flat(p, op, left, position);
	case INFIX_SYMBOL: case INFIX_NAMED: return parse_symbol(p, op, left, position);
	case INFIX_LAMBDA: return parse_lambda(p, left);
	case INFIX_TERNARY: return parse_ternary(p, left, position);
	case INFIX_LIKE: return parse_like(p, op, left, position);
	case INFIX_IN: return parse_in(p, op, left, position);
	case INFIX_BETWEEN: return parse_between(p, op, left, position);
	case INFIX_IS: return parse_is(p, left, position);
	case INFIX_NULL_TEST: return unary(p, op->name, left, position);
	case INFIX_COLLATE: return parse_collate(p, left, position);
	case INFIX_ZONE: return parse_zone(p, left, position);
	}
	return fail(p);
}

/* ---- prefixes ---- */

/* Turns a positive number into its negative in place; false for anything else. */
static bool negate_literal(struct parser *p, struct ast *operand)
{
	struct ast_literal *l = (struct ast_literal *)operand;
	if (operand->kind != AST_LITERAL || operand->parens)
		return false;
	if (l->type == LITERAL_UINT && l->u != 0 && l->u <= (uint64_t)INT64_MAX + 1) {
		l->type = LITERAL_INT;
		l->i = (int64_t)(0 - l->u);
		l->u = 0;
		return true;
	}
	bool text = l->type == LITERAL_FLOAT || l->type == LITERAL_BIG || (l->type == LITERAL_UINT && l->u != 0);
	if (!text || (l->text.size != 0 && l->text.data[0] == '-'))
		return false;
	if (l->type == LITERAL_UINT) {
		l->text = arena_strf(p->arena, "%llu", (unsigned long long)l->u);
		l->f = (double)l->u;
		l->u = 0;
		l->type = LITERAL_BIG;
	}
	l->f = -l->f;
	l->text = arena_strf(p->arena, "-%.*s", STR_ARG(l->text));
	return true;
}

static struct ast *parse_minus(struct parser *p)
{
	int position = here(p);
	p->at++;
	/* ClickHouse: -1 is a literal, so that -1::Int8 converts the text "-1" */
	if (at_kind(p, 0, T_NUMBER) && is_clickhouse(p)) {
		struct ast *l = parse_number(p, true);
		if (l == NULL)
			return NULL;
		l->position = position;
		return parse_postfix(p, l);
	}
	struct ast *operand = parse_expr_above(p, PREC_UNARY);
	if (operand == NULL)
		return NULL;
	if (!is_clickhouse(p) && negate_literal(p, operand)) {
		operand->position = position;
		return operand;
	}
	return unary(p, "negate", operand, position);
}

static struct ast *parse_prefix_symbol(struct parser *p)
{
	struct ast_operator *o = NEW(p, OPERATOR, operator);
	if (kw(p, KW_OPERATOR)) {
		if (!parse_operator_name(p, &o->name))
			return NULL;
	} else {
		o->name = new_name(p, arena_str(p->arena, token_source(p, peek(p))));
		p->at++;
	}
	o->right = parse_expr_above(p, PREC_ADD);
	return o->right == NULL ? NULL : seal(p, o);
}

static struct ast *parse_prefixed(struct parser *p)
{
	const struct token *t = peek(p);
	int position = (int)t->position;
	if (t->kind == T_OPERATOR) {
		switch (t->code) {
		case OP_MINUS: return parse_minus(p);
		case OP_PLUS:
			p->at++;
			return parse_expr_above(p, PREC_UNARY);
		case OP_OTHER: return parse_prefix_symbol(p);
		default: break;
		}
	} else if (t->kind == T_WORD && t->code == KW_NOT &&
	           !(at_kind(p, 1, T_COMMA) || at_kind(p, 1, T_RPAREN) || at_kind(p, 1, T_END))) {
		p->at++;
		return unary(p, "not", parse_expr_above(p, PREC_NOT), position);
	} else if (t->kind == T_WORD && t->code == KW_OPERATOR && at_kind(p, 1, T_LPAREN)) {
		return parse_prefix_symbol(p);
	}
	return parse_primary(p);
}

struct ast *parse_expr_above(struct parser *p, enum precedence least)
{
	struct infix op;
	if (!enter(p))
		return NULL;
	struct ast *left = parse_prefixed(p);
	while (left != NULL && left->kind != AST_ASTERISK && find_infix(p, left, &op) && op.precedence >= least)
		left = parse_infix(p, &op, left);
	if (unlikely(p->expected != NULL)) {
		static const char *const words[] = {"OR", "AND", "IS NULL", "IS NOT NULL", "BETWEEN", "LIKE", "ILIKE", "IN",
		                                    "NOT IN"};
		for (size_t i = 0; i < ARRAY_COUNT(words); i++)
			parser_expected(p, words[i]);
	}
	leave(p);
	return p->failed == OK ? left : NULL;
}

struct ast *parse_expr(struct parser *p)
{
	return parse_expr_above(p, PREC_ANY);
}

/* ---- aliases and lists ---- */

/* A clause of ClickHouse that PostgreSQL would take for an alias; told by what follows. */
bool at_clickhouse_clause(struct parser *p)
{
	switch (peek(p)->code) {
	case KW_FINAL: case KW_PREWHERE: case KW_QUALIFY: return true;
	case KW_SAMPLE: return at_kind(p, 1, T_NUMBER);
	case KW_SETTINGS: return (at_kind(p, 1, T_WORD) || at_kind(p, 1, T_QUOTED)) && at_op(p, 2, OP_EQ);
	case KW_FORMAT:
		return (at_kind(p, 1, T_WORD) || at_kind(p, 1, T_QUOTED))
			&& (at_kind(p, 2, T_END) || at_kind(p, 2, T_SEMICOLON));
	case KW_ARRAY: return at_kw(p, 1, KW_JOIN);
	case KW_ANY: case KW_ALL: case KW_ASOF: case KW_SEMI: case KW_ANTI: case KW_GLOBAL: case KW_LOCAL: case KW_PASTE:
	{
		uint16_t next = peek_at(p, 1)->kind == T_WORD ? peek_at(p, 1)->code : NOT_KEYWORD;
		return next == KW_JOIN || next == KW_LEFT || next == KW_RIGHT || next == KW_INNER || next == KW_FULL
			|| next == KW_ANY
			|| next == KW_ALL || next == KW_ASOF || next == KW_SEMI || next == KW_ANTI || next == KW_CROSS;
	}
	default: return false;
	}
}

/* COMMENT 'x' behind the query of a view. */
bool at_string_comment(struct parser *p)
{
	return at_kw(p, 0, KW_COMMENT) && at_string(p, 1);
}

/* FOR UPDATE, FOR SHARE, FOR KEY SHARE, FOR NO KEY UPDATE */
bool at_lock_clause(struct parser *p)
{
	return at_kw(p, 0, KW_FOR) &&
		(at_kw(p, 1, KW_UPDATE) || at_kw(p, 1, KW_SHARE) || at_kw(p, 1, KW_KEY) || at_kw(p, 1, KW_NO));
}

static bool at_implicit_alias(struct parser *p)
{
	const struct token *t = peek(p);
	if (t->kind == T_QUOTED || t->kind == T_UQUOTED)
		return true;
	if (t->kind != T_WORD || at_string_comment(p) || at_lock_clause(p))
		return false;
	if (is_clickhouse(p))
		return (keywords[t->code].flags & KW_A) == 0;
	return (keywords[t->code].flags & KW_L) == 0 && !at_clickhouse_clause(p);
}

bool accept_alias(struct parser *p, struct ast *node, bool implicit)
{
	struct name_part part;
	if (kw(p, KW_AS)) {
		if (!parse_label(p, &part))
			return false;
	} else if (implicit && at_implicit_alias(p)) {
		if (!parse_label(p, &part))
			return false;
	} else {
		if (unlikely(p->expected != NULL) && implicit)
			parser_expected(p, "alias");
		return p->failed == OK;
	}
	node->alias = arena_copy(p->arena, &part, sizeof part);
	return true;
}

struct ast *parse_aliased(struct parser *p, bool implicit)
{
	struct ast *e = parse_expr(p);
	if (e == NULL || !accept_alias(p, e, implicit))
		return NULL;
	/* (expr AS x) + 1 inside parentheses is read there; here x::T cannot follow */
	return e;
}

bool parse_expr_list(struct parser *p, struct ast_list *out)
{
	do {
		struct ast *e = parse_aliased(p, false);
		if (e == NULL)
			return false;
		push(p, out, e);
	} while (accept(p, T_COMMA));
	return p->failed == OK;
}

bool parse_expr_parens(struct parser *p, struct ast_list *out)
{
	if (!need(p, T_LPAREN))
		return false;
	if (accept(p, T_RPAREN))
		return true;
	return parse_expr_list(p, out) && need(p, T_RPAREN);
}

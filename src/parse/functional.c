// SPDX-License-Identifier: Apache-2.0
/* Operators and sugar to calls, children first. Depth is bounded by the parser. */
#include "parse/functional.h"

#include "parse/ast_query.h"
#include "parse/print.h"

bool ast_is_literal(const struct ast *x)
{
	const struct ast_call *c = (const struct ast_call *)x;
	if (x->kind == AST_LITERAL)
		return true;
	if (x->kind != AST_CALL || (c->form != CALL_BRACKETS && c->form != CALL_PARENS))
		return false;
	AST_EACH(&c->args, arg)
		if (!ast_is_literal(arg) || arg->alias != NULL)
			return false;
	return c->form == CALL_BRACKETS || c->args.count > 1;
}

struct ast_call *ast_call_of(struct arena *a, const char *name, struct ast *const *args, unsigned n)
{
	struct ast_call *c = ARENA_NEW(a, struct ast_call);
	c->ast.kind = AST_CALL;
	c->name.parts = ARENA_NEW(a, struct name_part);
	c->name.parts[0].text = arena_str(a, str_of(name));
	c->name.count = 1;
	for (unsigned i = 0; i < n; i++)
		ast_list_push(a, &c->args, args[i]);
	return c;
}

struct ast *ast_string(struct arena *a, struct str text)
{
	struct ast_literal *l = ARENA_NEW(a, struct ast_literal);
	l->ast.kind = AST_LITERAL;
	l->type = LITERAL_STRING;
	l->text = text;
	return &l->ast;
}

static struct ast *null_literal(struct arena *a)
{
	struct ast_literal *l = ARENA_NEW(a, struct ast_literal);
	l->ast.kind = AST_LITERAL;
	l->type = LITERAL_NULL;
	return &l->ast;
}

static struct ast *between(struct arena *a, const struct ast_call *c, bool negated)
{
	struct ast *x = c->args.items[0];
	struct ast *low[] = {x, c->args.items[1]}, *high[] = {ast_clone(a, x), c->args.items[2]};
	struct ast *both[] = {&ast_call_of(a, negated ? "less" : "greaterOrEquals", low, 2)->ast,
	                      &ast_call_of(a, negated ? "greater" : "lessOrEquals", high, 2)->ast};
	return &ast_call_of(a, negated ? "or" : "and", both, 2)->ast;
}

/* f(DISTINCT x) is fDistinct(x), FILTER is the combinator If. */
static void combine(struct arena *a, struct ast_call *c)
{
	struct str name = name_last(&c->name);
	if (c->distinct)
		name = arena_strf(a, "%.*sDistinct", STR_ARG(name));
	if (c->filter != NULL) {
		name = arena_strf(a, "%.*sIf", STR_ARG(name));
		if (c->args.count == 1 && c->args.items[0]->kind == AST_ASTERISK)
			c->args.count = 0;
		ast_list_push(a, &c->args, c->filter);
	}
	if (c->distinct || c->filter != NULL)
		c->name.parts[c->name.count - 1].text = name;
	c->distinct = false;
	c->filter = NULL;
}

static struct ast *convert_call(struct arena *a, struct ast_call *c)
{
	switch (c->form) {
	case CALL_BRACKETS: case CALL_PARENS:
		if (ast_is_literal(&c->ast))
			return &c->ast;
		break;
	case CALL_OPERATOR:
		if (name_is(&c->name, "between") || name_is(&c->name, "notBetween"))
			return between(a, c, name_is(&c->name, "notBetween"));
		break;
	case CALL_AT_TIME_ZONE: {
		struct ast *swapped[] = {c->args.items[1], c->args.items[0]};
		return &ast_call_of(a, "toTimeZone", swapped, 2)->ast;
	}
	case CALL_KEYWORD_ARGS: {
		static const char *const units[][2] = {
			{"year", "toYear"}, {"quarter", "toQuarter"}, {"month", "toMonth"}, {"day", "toDayOfMonth"}, {"hour", "toHour"},
			{"minute", "toMinute"}, {"second", "toSecond"}, {"epoch", "toUnixTimestamp"},
		};
		for (size_t i = 0; name_is(&c->name, "extract") && i < ARRAY_COUNT(units); i++)
			if (str_eq(((const struct ast_literal *)c->args.items[0])->text, str_of(units[i][0])))
				return &ast_call_of(a, units[i][1], &c->args.items[1], 1)->ast;
		return &c->ast;
	}
	case CALL_KEYWORD: return &c->ast;
	case CALL_PLAIN: case CALL_ROW: case CALL_ARRAY: case CALL_BRACES: case CALL_SUBSCRIPT: case CALL_DOT: break;
	}
	AST_EACH(&c->args, x)
		if (x->kind == AST_LITERAL)
			x->parens = false;
	c->form = CALL_PLAIN;
	combine(a, c);
	return &c->ast;
}

static struct ast *convert_case(struct arena *a, const struct ast_case *c)
{
	struct ast_call *call = ast_call_of(a, c->operand != NULL ? "caseWithExpression" : "multiIf", &c->operand,
	                                    c->operand != NULL);
	AST_EACH(&c->whens, w) {
		ast_list_push(a, &call->args, ((const struct ast_when *)w)->condition);
		ast_list_push(a, &call->args, ((const struct ast_when *)w)->result);
	}
	ast_list_push(a, &call->args, c->otherwise != NULL ? c->otherwise : null_literal(a));
	return &call->ast;
}

static struct ast *convert_cast(struct arena *a, const struct ast_cast *c)
{
	struct strbuf type;
	struct str name = name_last(&c->type->name);
	bool date = str_eq_nocase(name, STR("date"));
	struct ast *args[2] = {c->value, NULL};
	if (c->form == CAST_TYPED_LITERAL && (date || str_eq_nocase(name, STR("timestamp"))) && c->type->args.count == 0)
		return &ast_call_of(a, date ? "toDate" : "toDateTime", args, 1)->ast;
	strbuf_init(&type, NULL);
	if (c->form == CAST_COMMA)
		strbuf_puts(&type, c->source);
	else
		ast_print_type(&type, c->type, &(struct print_options){.dialect = DIALECT_CLICKHOUSE});
	args[1] = ast_string(a, arena_str(a, strbuf_str(&type)));
	strbuf_fini(&type);
	if (c->form == CAST_COLONS && c->source.data != NULL)
		args[0] = ast_string(a, c->source);
	return &ast_call_of(a, "CAST", args, 2)->ast;
}

static struct ast *convert_interval(struct arena *a, const struct ast_interval *i)
{
	if (i->unit == UNIT_NONE || i->to != UNIT_NONE || i->precision >= 0)
		return (struct ast *)(uintptr_t)&i->ast;
	struct strbuf name;
	strbuf_init(&name, NULL);
	ast_print(&name, &i->ast, &(struct print_options){.dialect = DIALECT_CLICKHOUSE});
	ptrdiff_t n = str_find_char(strbuf_str(&name), '(');
	struct str function = arena_str(a, str_make(strbuf_str(&name).data, n < 0 ? 0 : (size_t)n));
	strbuf_fini(&name);
	struct ast *value = i->value;
	struct ast_call *c = ast_call_of(a, "", &value, 1);
	c->name.parts[0].text = function;
	return &c->ast;
}

static struct ast *convert_lambda(struct arena *a, const struct ast_lambda *l)
{
	struct ast *args[] = {&ast_call_of(a, "tuple", l->params.items, l->params.count)->ast, l->body};
	return &ast_call_of(a, "lambda", args, 2)->ast;
}

static struct ast *convert_subquery(struct arena *a, struct ast_subquery *s)
{
	s->ast.parens = true;
	if (s->form != SUBQUERY_EXISTS)
		return &s->ast;
	s->form = SUBQUERY_SCALAR;
	struct ast *inner = &s->ast;
	return &ast_call_of(a, "exists", &inner, 1)->ast;
}

static void convert(struct ast **x, void *arg);

/* A grouping set is a list, not a tuple. */
static void convert_sets(struct ast **x, void *arg)
{
	const struct ast_call *c = (const struct ast_call *)*x;
	if ((*x)->kind == AST_CALL && c->form == CALL_PARENS)
		ast_children(*x, convert, arg);
	else
		convert(x, arg);
}

/* x IN (1): the parentheses are no tuple. */
static void unwrap_list(struct ast_call *c)
{
	struct ast_call *right = c->args.count == 2 ? (struct ast_call *)c->args.items[1] : NULL;
	if (right != NULL && c->form == CALL_OPERATOR && right->ast.kind == AST_CALL && right->form == CALL_PARENS
		&& right->args.count == 1 && (name_is(&c->name, "in") || name_is(&c->name, "notIn")))
		c->args.items[1] = right->args.items[0];
}

static void convert(struct ast **x, void *arg)
{
	struct arena *a = arg;
	struct ast *old = *x;
	if (old->kind == AST_CALL)
		unwrap_list((struct ast_call *)old);
	ast_children(old, old->kind == AST_GROUPING ? convert_sets : convert, a);
	switch (old->kind) {
	case AST_CALL: *x = convert_call(a, (struct ast_call *)old); break;
	case AST_CASE: *x = convert_case(a, (const struct ast_case *)old); break;
	case AST_CAST: *x = convert_cast(a, (const struct ast_cast *)old); break;
	case AST_INTERVAL: *x = convert_interval(a, (const struct ast_interval *)old); break;
	case AST_LAMBDA: *x = convert_lambda(a, (const struct ast_lambda *)old); break;
	case AST_SUBQUERY: *x = convert_subquery(a, (struct ast_subquery *)old); break;
	default: return;
	}
	if (*x != old) {
		(*x)->alias = old->alias;
		(*x)->position = old->position;
	} else if (old->kind == AST_CALL) {
		old->parens = false;
	}
}

struct ast *ast_functional(struct arena *a, const struct ast *ast)
{
	struct ast *copy = ast_clone(a, ast);
	convert(&copy, a);
	return copy;
}

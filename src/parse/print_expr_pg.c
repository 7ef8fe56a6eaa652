// SPDX-License-Identifier: Apache-2.0
/*
 * Expressions as PostgreSQL shows stored ones: every operator in parentheses, casts with colons, arrays and rows with
 * their words. Parentheses that were written are not kept.
 */
#include "parse/lexer.h"
#include "parse/print_impl.h"

static void pg(struct printer *pr, const struct ast *e)
{
	print_expr(pr, e);
}

static void pg_list(struct printer *pr, const struct ast_list *list)
{
	print_list(pr, list);
}

static void print_query_parens(struct printer *pr, const struct ast *query)
{
	/* PostgreSQL leaves a blank behind the parenthesis */
	put(pr, "( ");
	pr->indent += 2;
	print_query(pr, query);
	pr->indent -= 2;
	put(pr, ")");
}

/* ---- calls ---- */

/* Functions are found without regard to case, so only other characters need quotes. */
static void print_function_name(struct printer *pr, const struct name *name)
{
	static const char *const upper[] = {"coalesce", "greatest", "least", "nullif", "grouping"};
	for (unsigned i = 0; i < name->count; i++) {
		struct str s = name->parts[i].text;
		put_if(pr, i != 0, ".");
		if (name->count == 1)
			for (size_t k = 0; k < ARRAY_COUNT(upper); k++)
				if (str_eq(s, str_of(upper[k]))) {
					put_upper(pr, s);
					return;
				}
		bool word = s.size != 0 && !(s.data[0] >= '0' && s.data[0] <= '9');
		for (size_t k = 0; k < s.size; k++)
			word &= s.data[k] == '_' || (s.data[k] >= '0' && s.data[k] <= '9')
				|| (ascii_lower(s.data[k]) >= 'a' && ascii_lower(s.data[k]) <= 'z');
		/* VALUES in front of a parenthesis would begin a query */
		bool taken = (name->parts[i].quoted && keyword_find(s) != NOT_KEYWORD) || keyword_find(s) == KW_VALUES;
		if (word && !taken && i + 1 == name->count)
			puts_str(pr, s);
		else
			put_ident(pr, s);
	}
}

static void print_arguments(struct printer *pr, const struct ast_call *c)
{
	struct ast_call shown = *c;
	if (c->has_params) {
		put(pr, "(");
		pg_list(pr, &c->params);
		put(pr, ")");
		shown.has_params = false;
	}
	if (c->distinct) {
		put(pr, "(DISTINCT ");
		struct ast_list none = {NULL, 0, 0};
		pg_list(pr, &c->args);
		if (c->order_by.count != 0) {
			shown.args = none;
			put(pr, " ORDER BY ");
			for (unsigned i = 0; i < c->order_by.count; i++) {
				put_if(pr, i != 0, ", ");
				print_order(pr, (const struct ast_order *)c->order_by.items[i]);
			}
		}
		put(pr, ")");
		return;
	}
	print_call_arguments(pr, &shown);
}

static void print_plain(struct printer *pr, const struct ast_call *c)
{
	print_function_name(pr, &c->name);
	print_arguments(pr, c);
	if (c->within.count != 0) {
		put(pr, " WITHIN GROUP (ORDER BY ");
		for (unsigned i = 0; i < c->within.count; i++) {
			put_if(pr, i != 0, ", ");
			print_order(pr, (const struct ast_order *)c->within.items[i]);
		}
		put(pr, ")");
	}
	if (c->filter != NULL) {
		put(pr, " FILTER (WHERE ");
		pg(pr, c->filter);
		put(pr, ")");
	}
	print_over(pr, c);
}

static void print_keyword_args(struct printer *pr, const struct ast_call *c)
{
	const struct ast_list *a = &c->args;
	struct str name = name_last(&c->name);
	if (name_is(&c->name, "extract")) {
		put(pr, "EXTRACT(");
		puts_str(pr, ((const struct ast_literal *)a->items[0])->text);
		put(pr, " FROM ");
		pg(pr, a->items[1]);
	} else if (name_is(&c->name, "position")) {
		put(pr, "POSITION((");
		pg(pr, a->items[1]);
		put(pr, ") IN (");
		pg(pr, a->items[0]);
		put(pr, ")");
	} else if (str_starts_with(name, STR("trim"))) {
		put(pr, "TRIM(");
		put(pr, str_eq(name, STR("trimLeft")) ? "LEADING " : str_eq(name, STR("trimRight")) ? "TRAILING " : "BOTH ");
		if (a->count > 1) {
			pg(pr, a->items[1]);
			put(pr, " ");
		}
		put(pr, "FROM ");
		pg(pr, a->items[0]);
	} else {
		bool overlay = name_is(&c->name, "overlay");
		put_upper(pr, name);
		put(pr, "(");
		pg(pr, a->items[0]);
		if (overlay) {
			put(pr, " PLACING ");
			pg(pr, a->items[1]);
		}
		unsigned i = overlay ? 2 : 1;
		if (i < a->count) {
			put(pr, " FROM ");
			pg(pr, a->items[i]);
		}
		if (i + 1 < a->count) {
			put(pr, " FOR ");
			pg(pr, a->items[i + 1]);
		}
	}
	put(pr, ")");
}

/* (a, b) behind IN, and rows of VALUES */
static void print_parens(struct printer *pr, const struct ast_call *c)
{
	put(pr, "(");
	pg_list(pr, &c->args);
	put(pr, ")");
}

static void print_between(struct printer *pr, const struct ast_call *c)
{
	bool negated = c->name.parts[0].text.data[0] == 'n';
	if (str_ends_with(c->name.parts[0].text, STR("Symmetric"))) {
		put(pr, "(");
		pg(pr, c->args.items[0]);
		put(pr, negated ? " NOT BETWEEN SYMMETRIC " : " BETWEEN SYMMETRIC ");
		pg(pr, c->args.items[1]);
		put(pr, " AND ");
		pg(pr, c->args.items[2]);
		put(pr, ")");
		return;
	}
	put(pr, "((");
	pg(pr, c->args.items[0]);
	put(pr, negated ? " < " : " >= ");
	pg(pr, c->args.items[1]);
	put(pr, negated ? ") OR (" : ") AND (");
	pg(pr, c->args.items[0]);
	put(pr, negated ? " > " : " <= ");
	pg(pr, c->args.items[2]);
	put(pr, "))");
}

static bool is_in(const struct ast_call *c)
{
	return name_is(&c->name, "in") || name_is(&c->name, "notIn") || name_is(&c->name, "globalIn") ||
		name_is(&c->name, "globalNotIn");
}

static void print_in_right(struct printer *pr, const struct ast *right)
{
	if (right->kind == AST_CALL && ((const struct ast_call *)right)->form == CALL_PARENS) {
		print_parens(pr, (const struct ast_call *)right);
	} else if (right->kind == AST_SUBQUERY) {
		print_query_parens(pr, ((const struct ast_subquery *)right)->query);
	} else {
		put(pr, "(");
		pg(pr, right);
		put(pr, ")");
	}
}

static void print_infix(struct printer *pr, const struct ast_call *c, const char *symbol)
{
	if (strcmp(symbol, "!=") == 0)
		symbol = "<>";
	bool escapes = strstr(symbol, "LIKE") != NULL || strstr(symbol, "SIMILAR") != NULL;
	put(pr, "(");
	for (unsigned i = 0; i < c->args.count; i++) {
		if (i != 0) {
			put(pr, " ");
			put(pr, escapes && i == 2 ? "ESCAPE" : symbol);
			put(pr, " ");
		}
		if (i == 1 && is_in(c))
			print_in_right(pr, c->args.items[i]);
		else
			pg(pr, c->args.items[i]);
	}
	put(pr, ")");
}

static void print_operator_call(struct printer *pr, const struct ast_call *c)
{
	static const char *const postfix[][2] = {
		{"isNull", " IS NULL)"}, {"isNotNull", " IS NOT NULL)"}, {"isTrue", " IS TRUE)"}, {"isNotTrue",
			" IS NOT TRUE)"},
		{"isFalse", " IS FALSE)"}, {"isNotFalse", " IS NOT FALSE)"}, {"isUnknown", " IS UNKNOWN)"},
		{"isNotUnknown", " IS NOT UNKNOWN)"}, {"isNormalized", " IS NORMALIZED)"}, {"isNotNormalized",
			" IS NOT NORMALIZED)"},
	};
	const char *symbol = operator_symbol(c);
	if (symbol != NULL) {
		print_infix(pr, c, symbol);
		return;
	}
	for (size_t i = 0; i < ARRAY_COUNT(postfix); i++)
		if (name_is(&c->name, postfix[i][0])) {
			put(pr, "(");
			pg(pr, c->args.items[0]);
			put(pr, postfix[i][1]);
			return;
		}
	if (name_is(&c->name, "not") || name_is(&c->name, "negate")) {
		const struct ast *x = c->args.items[0];
		/* minus and a bare number would be read as one literal */
		bool number = name_is(&c->name, "negate") && x->kind == AST_LITERAL &&
			((const struct ast_literal *)x)->type != LITERAL_STRING;
		put(pr, name_is(&c->name, "not") ? "(NOT " : "(- ");
		put_if(pr, number, "(");
		pg(pr, x);
		put(pr, number ? "))" : ")");
		return;
	}
	print_between(pr, c);
}

/* What may stand in front of [ or . without parentheses. */
static bool is_simple(const struct ast *e)
{
	if (e->kind == AST_IDENTIFIER)
		return true;
	return e->kind == AST_CALL && ((const struct ast_call *)e)->form == CALL_SUBSCRIPT;
}

static void print_base(struct printer *pr, const struct ast *e, bool always)
{
	bool wrap = always || !is_simple(e);
	put_if(pr, wrap, "(");
	pg(pr, e);
	put_if(pr, wrap, ")");
}

static void print_call(struct printer *pr, const struct ast_call *c)
{
	switch (c->form) {
	case CALL_OPERATOR: print_operator_call(pr, c); return;
	case CALL_BRACKETS: case CALL_ARRAY:
		put(pr, "ARRAY[");
		pg_list(pr, &c->args);
		put(pr, "]");
		return;
	case CALL_PARENS: case CALL_ROW:
		put(pr, "ROW");
		print_parens(pr, c);
		return;
	case CALL_BRACES:
		put(pr, "{");
		for (unsigned i = 0; i < c->args.count; i++) {
			put(pr, i == 0 ? "" : i % 2 == 1 ? ": " : ", ");
			pg(pr, c->args.items[i]);
		}
		put(pr, "}");
		return;
	case CALL_SUBSCRIPT:
		print_base(pr, c->args.items[0], false);
		put(pr, "[");
		pg(pr, c->args.items[1]);
		put(pr, "]");
		return;
	case CALL_DOT: {
		const struct ast_literal *key = (const struct ast_literal *)c->args.items[1];
		print_base(pr, c->args.items[0], true);
		put(pr, ".");
		if (key->type == LITERAL_STRING)
			put_ident(pr, key->text);
		else
			print_literal(pr, key);
		return;
	}
	case CALL_KEYWORD:
		put_upper(pr, name_last(&c->name));
		if (c->args.count != 0)
			print_parens(pr, c);
		return;
	case CALL_KEYWORD_ARGS: print_keyword_args(pr, c); return;
	case CALL_AT_TIME_ZONE:
		put(pr, "(");
		pg(pr, c->args.items[1]);
		put(pr, " AT TIME ZONE ");
		pg(pr, c->args.items[0]);
		put(pr, ")");
		return;
	case CALL_PLAIN: break;
	}
	print_plain(pr, c);
}

/* ---- other nodes ---- */

static void print_case(struct printer *pr, const struct ast_case *c)
{
	put(pr, "CASE");
	if (c->operand != NULL) {
		put(pr, " ");
		pg(pr, c->operand);
	}
	pr->indent++;
	AST_EACH(&c->whens, w) {
		new_line(pr);
		put(pr, "WHEN ");
		pg(pr, ((const struct ast_when *)w)->condition);
		put(pr, " THEN ");
		pg(pr, ((const struct ast_when *)w)->result);
	}
	if (c->otherwise != NULL) {
		new_line(pr);
		put(pr, "ELSE ");
		pg(pr, c->otherwise);
	}
	pr->indent--;
	new_line(pr);
	put(pr, "END");
}

static void print_cast(struct printer *pr, const struct ast_cast *c)
{
	bool plain = c->value->kind == AST_LITERAL || c->value->kind == AST_PARAMETER;
	if (plain && c->value->kind == AST_LITERAL) {
		const struct ast_literal *l = (const struct ast_literal *)c->value;
		plain = l->type != LITERAL_INT && !(l->text.size != 0 && l->text.data[0] == '-' && l->type != LITERAL_STRING);
	}
	put_if(pr, !plain, "(");
	pg(pr, c->value);
	put_if(pr, !plain, ")");
	put(pr, "::");
	print_type(pr, c->type);
}

static void print_interval(struct printer *pr, const struct ast_interval *i)
{
	put(pr, "INTERVAL ");
	if (i->unit == UNIT_NONE && i->precision >= 0)
		strbuf_printf(pr->b, "(%d) ", i->precision);
	bool wrap = i->value->kind == AST_CAST;
	put_if(pr, wrap, "(");
	pg(pr, i->value);
	put_if(pr, wrap, ")");
	if (i->unit != UNIT_NONE) {
		put(pr, " ");
		put_upper(pr, str_of(unit_word(i->unit)));
	}
	if (i->to != UNIT_NONE) {
		put(pr, " TO ");
		put_upper(pr, str_of(unit_word(i->to)));
	}
	if (i->unit != UNIT_NONE && i->precision >= 0)
		strbuf_printf(pr->b, "(%d)", i->precision);
}

static void print_operator(struct printer *pr, const struct ast_operator *o)
{
	put(pr, "(");
	if (o->left != NULL) {
		pg(pr, o->left);
		put(pr, " ");
	}
	if (o->name.count > 1) {
		put(pr, "OPERATOR(");
		for (unsigned i = 0; i + 1 < o->name.count; i++) {
			put_part(pr, &o->name.parts[i]);
			put(pr, ".");
		}
		puts_str(pr, name_last(&o->name));
		put(pr, ")");
	} else {
		puts_str(pr, name_last(&o->name));
	}
	put(pr, " ");
	pg(pr, o->right);
	put(pr, ")");
}

static void print_quantified(struct printer *pr, const struct ast_quantified *q)
{
	struct ast_call call = {.name = q->op, .form = CALL_OPERATOR};
	const char *symbol = operator_symbol(&call);
	put(pr, "(");
	pg(pr, q->left);
	put(pr, " ");
	if (symbol == NULL && q->op.count > 1) {
		put(pr, "OPERATOR(");
		put_part(pr, &q->op.parts[0]);
		put(pr, ".");
		puts_str(pr, name_last(&q->op));
		put(pr, ")");
	} else if (symbol == NULL) {
		puts_str(pr, name_last(&q->op));
	} else {
		put(pr, strcmp(symbol, "!=") == 0 ? "<>" : symbol);
	}
	put(pr, q->all ? " ALL " : " ANY ");
	if (q->right->kind == AST_SUBQUERY && ((const struct ast_subquery *)q->right)->form == SUBQUERY_SCALAR) {
		print_query_parens(pr, ((const struct ast_subquery *)q->right)->query);
	} else {
		put(pr, "(");
		pg(pr, q->right);
		put(pr, ")");
	}
	put(pr, ")");
}

static void print_subquery_of(struct printer *pr, const struct ast_subquery *s)
{
	put_if(pr, s->form == SUBQUERY_EXISTS, "(EXISTS ");
	put_if(pr, s->form == SUBQUERY_ARRAY, "ARRAY");
	print_query_parens(pr, s->query);
	put_if(pr, s->form == SUBQUERY_EXISTS, ")");
}

static void print_slice(struct printer *pr, const struct ast_slice *s)
{
	print_base(pr, s->value, false);
	put(pr, "[");
	if (s->lower != NULL)
		pg(pr, s->lower);
	put(pr, ":");
	if (s->upper != NULL)
		pg(pr, s->upper);
	put(pr, "]");
}

static void print_negative(struct printer *pr, const struct ast_literal *l)
{
	bool negative = l->type == LITERAL_INT || ((l->type == LITERAL_BIG || l->type == LITERAL_FLOAT) && l->text.size != 0
		&& l->text.data[0] == '-');
	put_if(pr, negative, "(");
	print_literal(pr, l);
	put_if(pr, negative, ")");
}

void print_expr_postgresql(struct printer *pr, const struct ast *e)
{
	switch (e->kind) {
	case AST_LITERAL: print_negative(pr, (const struct ast_literal *)e); break;
	case AST_INTERVAL: print_interval(pr, (const struct ast_interval *)e); break;
	case AST_IDENTIFIER: put_name(pr, &((const struct ast_identifier *)e)->name); break;
	case AST_ASTERISK: print_asterisk(pr, (const struct ast_asterisk *)e); break;
	case AST_CALL: print_call(pr, (const struct ast_call *)e); break;
	case AST_NAMED_ARGUMENT:
		put_ident(pr, ((const struct ast_named_argument *)e)->name);
		put(pr, " => ");
		pg(pr, ((const struct ast_named_argument *)e)->value);
		break;
	case AST_OPERATOR: print_operator(pr, (const struct ast_operator *)e); break;
	case AST_CASE: print_case(pr, (const struct ast_case *)e); break;
	case AST_CAST: print_cast(pr, (const struct ast_cast *)e); break;
	case AST_LAMBDA: {
		const struct ast_lambda *l = (const struct ast_lambda *)e;
		put_if(pr, l->params.count != 1, "(");
		pg_list(pr, &l->params);
		put(pr, l->params.count != 1 ? ") -> " : " -> ");
		pg(pr, l->body);
		break;
	}
	case AST_SUBQUERY: print_subquery_of(pr, (const struct ast_subquery *)e); break;
	case AST_QUANTIFIED: print_quantified(pr, (const struct ast_quantified *)e); break;
	case AST_PARAMETER: print_parameter(pr, (const struct ast_parameter *)e); break;
	case AST_SLICE: print_slice(pr, (const struct ast_slice *)e); break;
	case AST_COLLATE:
		put(pr, "(");
		pg(pr, ((const struct ast_collate *)e)->value);
		put(pr, " COLLATE ");
		put_name(pr, &((const struct ast_collate *)e)->collation);
		put(pr, ")");
		break;
	case AST_DEFAULT: put(pr, "DEFAULT"); break;
	case AST_ORDER: print_order(pr, (const struct ast_order *)e); break;
	case AST_WINDOW: print_window(pr, (const struct ast_window *)e); break;
	case AST_SETTING: print_setting(pr, (const struct ast_setting *)e); break;
	case AST_SELECT: print_query(pr, e); break;
	default: print_element(pr, e); break;
	}
}

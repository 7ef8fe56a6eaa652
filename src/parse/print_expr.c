// SPDX-License-Identifier: Apache-2.0
/*
 * Expressions as ClickHouse prints them, and what both dialects print alike. Sugar is printed as the functions it
 * stands for: BETWEEN as two comparisons, CASE as multiIf, INTERVAL 1 DAY as toIntervalDay(1), x::T as CAST(x, 'T').
 */
#include "base/fpconv.h"
#include "parse/print_impl.h"

/* ---- tables of names ---- */

const char *operator_symbol(const struct ast_call *c)
{
	static const char *const table[][2] = {
		{"plus", "+"}, {"minus", "-"}, {"multiply", "*"}, {"divide", "/"}, {"modulo", "%"}, {"equals", "="},
		{"notEquals", "!="},
		{"less", "<"}, {"lessOrEquals", "<="}, {"greater", ">"}, {"greaterOrEquals", ">="}, {"like", "LIKE"},
		{"notLike", "NOT LIKE"}, {"ilike", "ILIKE"}, {"notILike", "NOT ILIKE"}, {"in", "IN"}, {"notIn", "NOT IN"},
		{"globalIn", "GLOBAL IN"}, {"globalNotIn", "GLOBAL NOT IN"}, {"and", "AND"}, {"or", "OR"}, {"overlaps",
			"OVERLAPS"},
		{"similarTo", "SIMILAR TO"}, {"notSimilarTo", "NOT SIMILAR TO"}, {"isDistinctFrom", "IS DISTINCT FROM"},
		{"isNotDistinctFrom", "IS NOT DISTINCT FROM"}, {"concat", "||"},
	};
	if (c->form != CALL_OPERATOR || c->name.count != 1)
		return NULL;
	for (size_t i = 0; i < ARRAY_COUNT(table); i++)
		if (str_eq(c->name.parts[0].text, str_of(table[i][0])))
			return table[i][1];
	return NULL;
}

static const char *postfix_words(const struct ast_call *c)
{
	static const char *const table[][2] = {
		{"isNull", "IS NULL"}, {"isNotNull", "IS NOT NULL"}, {"isTrue", "IS TRUE"}, {"isNotTrue", "IS NOT TRUE"},
		{"isFalse", "IS FALSE"}, {"isNotFalse", "IS NOT FALSE"}, {"isUnknown", "IS UNKNOWN"},
		{"isNotUnknown", "IS NOT UNKNOWN"},
		{"isNormalized", "IS NORMALIZED"}, {"isNotNormalized", "IS NOT NORMALIZED"},
	};
	if (c->form != CALL_OPERATOR || c->name.count != 1)
		return NULL;
	for (size_t i = 0; i < ARRAY_COUNT(table); i++)
		if (str_eq(c->name.parts[0].text, str_of(table[i][0])))
			return table[i][1];
	return NULL;
}

const char *unit_word(enum interval_unit unit)
{
	static const char *const words[] = {
		[UNIT_NONE] = "", [UNIT_NANOSECOND] = "nanosecond", [UNIT_MICROSECOND] = "microsecond",
		[UNIT_MILLISECOND] = "millisecond", [UNIT_SECOND] = "second", [UNIT_MINUTE] = "minute", [UNIT_HOUR] = "hour",
		[UNIT_DAY] = "day", [UNIT_WEEK] = "week", [UNIT_MONTH] = "month", [UNIT_QUARTER] = "quarter",
			[UNIT_YEAR] = "year",
	};
	return words[unit];
}

/* ---- literals ---- */

static void put_float(struct printer *pr, const struct ast_literal *l)
{
	char text[FP_TEXT_MAX];
	if (!in_clickhouse(pr)) {
		puts_str(pr, l->text);
		return;
	}
	unsigned n = fp_format64_ch(l->f, text);
	bool integral = true;
	for (unsigned i = 0; i < n; i++)
		integral &= (text[i] >= '0' && text[i] <= '9') || text[i] == '-';
	strbuf_put(pr->b, text, n);
	put_if(pr, integral, ".");
}

void print_literal(struct printer *pr, const struct ast_literal *l)
{
	switch (l->type) {
	case LITERAL_NULL: put(pr, "NULL"); break;
	case LITERAL_BOOL: put(pr, l->boolean ? "true" : "false"); break;
	case LITERAL_UINT: strbuf_put_u64(pr->b, l->u); break;
	case LITERAL_INT: strbuf_put_i64(pr->b, l->i); break;
	case LITERAL_BIG: puts_str(pr, l->text); break;
	case LITERAL_FLOAT: put_float(pr, l); break;
	case LITERAL_STRING: put_string(pr, l->text); break;
	case LITERAL_BITS: strbuf_printf(pr->b, "B'%.*s'", STR_ARG(l->text)); break;
	}
}

void print_parameter(struct printer *pr, const struct ast_parameter *p)
{
	if (p->type == NULL) {
		strbuf_printf(pr->b, "$%u", p->number);
		return;
	}
	strbuf_printf(pr->b, "{%.*s:", STR_ARG(p->name));
	bool multiline = pr->multiline;
	pr->multiline = false;
	print_type(pr, p->type);
	pr->multiline = multiline;
	put(pr, "}");
}

static void print_unit_call(struct printer *pr, enum interval_unit unit)
{
	const char *word = unit_word(unit);
	strbuf_printf(pr->b, "toInterval%c%s(", ascii_upper(word[0]), word + 1);
}

/* '1 day 2 hours' as one or several calls; false when the text is anything else. */
static bool print_interval_text(struct printer *pr, struct str s)
{
	enum { PIECES_MAX = 8 };
	struct {
		struct str number;
		enum interval_unit unit;
	} pieces[PIECES_MAX];
	unsigned n = 0;
	for (s = str_trim(s); s.size != 0; s = str_trim(s), n++) {
		size_t i = s.data[0] == '-';
		while (i < s.size && s.data[i] >= '0' && s.data[i] <= '9')
			i++;
		if (n == PIECES_MAX || i == 0 || i == s.size || s.data[i] != ' ')
			return false;
		pieces[n].number = str_make(s.data, i);
		s = str_trim(str_make(s.data + i, s.size - i));
		for (i = 0; i < s.size && s.data[i] != ' '; i++)
			;
		pieces[n].unit = interval_unit_of(str_make(s.data, i));
		if (pieces[n].unit == UNIT_NONE)
			return false;
		s = str_make(s.data + i, s.size - i);
	}
	if (n == 0)
		return false;
	put_if(pr, n > 1, "(");
	for (unsigned k = 0; k < n; k++) {
		put_if(pr, k != 0, ", ");
		print_unit_call(pr, pieces[k].unit);
		puts_str(pr, pieces[k].number);
		put(pr, ")");
	}
	put_if(pr, n > 1, ")");
	return true;
}

static void print_interval(struct printer *pr, const struct ast_interval *i)
{
	const struct ast_literal *text = (const struct ast_literal *)i->value;
	if (i->unit == UNIT_NONE || i->to != UNIT_NONE || i->precision >= 0) {
		if (i->unit == UNIT_NONE && i->precision < 0 && print_interval_text(pr, text->text))
			return;
		put(pr, "INTERVAL ");
		if (i->unit == UNIT_NONE && i->precision >= 0)
			strbuf_printf(pr->b, "(%d) ", i->precision);
		print_operand(pr, i->value);
		if (i->unit != UNIT_NONE) {
			put(pr, " ");
			put_upper(pr, str_of(unit_word(i->unit)));
			if (i->to == UNIT_NONE && i->precision >= 0)
				strbuf_printf(pr->b, "(%d)", i->precision);
		}
		if (i->to != UNIT_NONE) {
			put(pr, " TO ");
			put_upper(pr, str_of(unit_word(i->to)));
			if (i->precision >= 0)
				strbuf_printf(pr->b, "(%d)", i->precision);
		}
		return;
	}
	print_unit_call(pr, i->unit);
	print_aliased(pr, i->value);
	put(pr, ")");
}

/* ---- lists ---- */

void print_alias(struct printer *pr, const struct ast *e)
{
	if (e->alias == NULL)
		return;
	put(pr, " AS ");
	put_part(pr, e->alias);
}

void print_aliased(struct printer *pr, const struct ast *e)
{
	print_unaliased(pr, e);
	print_alias(pr, e);
}

void print_list(struct printer *pr, const struct ast_list *list)
{
	for (unsigned i = 0; i < list->count; i++) {
		put_if(pr, i != 0, ", ");
		print_aliased(pr, list->items[i]);
	}
}

void print_items(struct printer *pr, const struct ast_list *list)
{
	if (list->count == 1 || !pr->multiline) {
		put_if(pr, list->count != 0, " ");
		print_list(pr, list);
		return;
	}
	pr->indent++;
	for (unsigned i = 0; i < list->count; i++) {
		put_if(pr, i != 0, ",");
		new_line(pr);
		print_aliased(pr, list->items[i]);
	}
	pr->indent--;
}

void print_subquery(struct printer *pr, const struct ast *query)
{
	put(pr, "(");
	pr->indent++;
	soft_line(pr);
	print_query(pr, query);
	pr->indent--;
	soft_line(pr);
	put(pr, ")");
}

/* ---- windows and orders ---- */

void print_order(struct printer *pr, const struct ast_order *o)
{
	bool ch = in_clickhouse(pr);
	if (o->value == NULL) {
		put(pr, "ALL");
	} else {
		print_aliased(pr, o->value);
	}
	if (o->using_operator.count != 0) {
		put(pr, " USING ");
		puts_str(pr, name_last(&o->using_operator));
	} else if (o->direction == ORDER_DESC) {
		put(pr, " DESC");
	} else {
		put_if(pr, ch, " ASC");
	}
	put_if(pr, o->nulls == ORDER_NULLS_FIRST, " NULLS FIRST");
	put_if(pr, o->nulls == ORDER_NULLS_LAST, " NULLS LAST");
	if (o->collation.count != 0) {
		put(pr, " COLLATE ");
		put_string(pr, name_last(&o->collation));
	}
	put_if(pr, o->fill, " WITH FILL");
	const struct {
		const char *word;
		const struct ast *value;
	} fills[] = {{" FROM ", o->fill_from}, {" TO ", o->fill_to}, {" STEP ", o->fill_step},
	             {" STALENESS ", o->fill_staleness}};
	for (size_t i = 0; i < ARRAY_COUNT(fills); i++)
		if (fills[i].value != NULL) {
			put(pr, fills[i].word);
			print_expr(pr, fills[i].value);
		}
}

static void print_orders(struct printer *pr, const struct ast_list *list)
{
	for (unsigned i = 0; i < list->count; i++) {
		put_if(pr, i != 0, ", ");
		print_order(pr, (const struct ast_order *)list->items[i]);
	}
}

static void print_bound_of(struct printer *pr, enum frame_bound bound, const struct ast *value)
{
	static const char *const words[] = {
		[BOUND_CURRENT_ROW] = "CURRENT ROW", [BOUND_UNBOUNDED_PRECEDING] = "UNBOUNDED PRECEDING",
			[BOUND_PRECEDING] = " PRECEDING",
		[BOUND_FOLLOWING] = " FOLLOWING", [BOUND_UNBOUNDED_FOLLOWING] = "UNBOUNDED FOLLOWING",
	};
	if (bound == BOUND_PRECEDING || bound == BOUND_FOLLOWING)
		print_expr(pr, value);
	put(pr, words[bound]);
}

static void print_frame(struct printer *pr, const struct ast_window *w)
{
	static const char *const units[] = {"", "ROWS", "RANGE", "GROUPS"};
	static const char *const excludes[] = {"", " EXCLUDE CURRENT ROW", " EXCLUDE GROUP", " EXCLUDE TIES"};
	put(pr, units[w->unit]);
	put(pr, " BETWEEN ");
	print_bound_of(pr, w->from, w->from_value);
	put(pr, " AND ");
	print_bound_of(pr, w->to, w->to_value);
	put(pr, excludes[w->exclude]);
}

void print_window(struct printer *pr, const struct ast_window *w)
{
	const char *blank = "";
	put(pr, "(");
	if (w->base.data != NULL) {
		put_ident(pr, w->base);
		blank = " ";
	}
	if (w->partition_by.count != 0) {
		put(pr, blank);
		put(pr, "PARTITION BY ");
		print_list(pr, &w->partition_by);
		blank = " ";
	}
	if (w->order_by.count != 0) {
		put(pr, blank);
		put(pr, "ORDER BY ");
		print_orders(pr, &w->order_by);
		blank = " ";
	}
	if (w->unit != FRAME_NONE) {
		put(pr, blank);
		print_frame(pr, w);
	}
	put(pr, ")");
}

void print_over(struct printer *pr, const struct ast_call *c)
{
	put_if(pr, c->nulls == NULLS_IGNORE, " IGNORE NULLS");
	put_if(pr, c->nulls == NULLS_RESPECT, " RESPECT NULLS");
	if (!c->has_over)
		return;
	put(pr, " OVER ");
	if (c->over->name.data != NULL)
		put_ident(pr, c->over->name);
	else
		print_window(pr, c->over);
}

/* ---- asterisks ---- */

static void print_transform_items(struct printer *pr, const struct ast_transform *t)
{
	bool parens = t->items.count != 1 || t->type == TRANSFORM_REPLACE;
	put_if(pr, parens, "(");
	print_list(pr, &t->items);
	put_if(pr, parens, ")");
}

static void print_transform(struct printer *pr, const struct ast_transform *t)
{
	static const char *const words[] = {" EXCEPT ", " REPLACE ", " APPLY ", "LIKE ", "ILIKE "};
	if (t->type == TRANSFORM_LIKE || t->type == TRANSFORM_ILIKE)
		put(pr, t->negated ? " NOT " : " ");
	put(pr, words[t->type]);
	put_if(pr, t->strict, "STRICT ");
	switch (t->type) {
	case TRANSFORM_APPLY: {
		const struct ast_call *c = (const struct ast_call *)t->function;
		put_if(pr, t->prefix.data != NULL, "(");
		if (t->function->kind == AST_LAMBDA) {
			print_expr(pr, t->function);
		} else {
			put_name(pr, &c->name);
			if (c->has_params) {
				put(pr, "(");
				print_list(pr, &c->params);
				put(pr, ")");
			}
		}
		if (t->prefix.data != NULL) {
			put(pr, ", ");
			put_string(pr, t->prefix);
			put(pr, ")");
		}
		break;
	}
	case TRANSFORM_EXCEPT: case TRANSFORM_REPLACE:
		if (t->pattern.data == NULL) {
			print_transform_items(pr, t);
			break;
		}
		/* fall through */
	case TRANSFORM_LIKE: case TRANSFORM_ILIKE: put_string(pr, t->pattern); break;
	}
}

void print_asterisk(struct printer *pr, const struct ast_asterisk *a)
{
	if (a->row != NULL) {
		bool wrap = !in_clickhouse(pr) || (!a->row->parens && a->row->alias == NULL);
		put_if(pr, wrap, "(");
		print_expr(pr, a->row);
		put(pr, wrap ? ")." : ".");
	} else if (a->qualifier.count != 0) {
		put_name(pr, &a->qualifier);
		put(pr, ".");
	}
	if (a->pattern.data != NULL) {
		put(pr, "COLUMNS(");
		put_string(pr, a->pattern);
		put(pr, ")");
	} else if (a->columns.count != 0) {
		put(pr, "COLUMNS(");
		print_list(pr, &a->columns);
		put(pr, ")");
	} else {
		put(pr, "*");
	}
	AST_EACH(&a->transforms, t)
		print_transform(pr, (const struct ast_transform *)t);
}

/* ---- calls ---- */

void print_call_arguments(struct printer *pr, const struct ast_call *c)
{
	if (c->has_params) {
		put(pr, "(");
		print_list(pr, &c->params);
		put(pr, ")");
	}
	put(pr, "(");
	for (unsigned i = 0; i < c->args.count; i++) {
		const struct ast *a = c->args.items[i];
		put_if(pr, i != 0, ", ");
		put_if(pr, c->variadic && i + 1 == c->args.count, "VARIADIC ");
		if (a->kind == AST_SUBQUERY && !a->parens && ((const struct ast_subquery *)a)->form == SUBQUERY_SCALAR) {
			/* view(SELECT …) */
			pr->indent++;
			soft_line(pr);
			print_query(pr, ((const struct ast_subquery *)a)->query);
			pr->indent--;
			soft_line(pr);
		} else {
			print_aliased(pr, a);
		}
	}
	if (c->order_by.count != 0) {
		put(pr, " ORDER BY ");
		print_orders(pr, &c->order_by);
	}
	put(pr, ")");
}

static void print_within(struct printer *pr, const struct ast_call *c)
{
	if (c->within.count == 0)
		return;
	put(pr, " WITHIN GROUP (ORDER BY ");
	print_orders(pr, &c->within);
	put(pr, ")");
}

/* f(DISTINCT x) is fDistinct(x), FILTER is the combinator If. */
static void print_plain_call(struct printer *pr, const struct ast_call *c)
{
	struct ast_call shown = *c;
	struct name name = c->name;
	bool filter = c->filter != NULL;
	for (unsigned i = 0; i + 1 < name.count; i++) {
		put_part(pr, &name.parts[i]);
		put(pr, ".");
	}
	struct strbuf full;
	strbuf_init(&full, NULL);
	strbuf_puts(&full, name_last(&name));
	if (c->distinct)
		strbuf_putz(&full, "Distinct");
	if (filter)
		strbuf_putz(&full, "If");
	put_ident(pr, strbuf_str(&full));
	strbuf_fini(&full);
	struct ast *items[1];
	if (filter) {
		/* count(*) FILTER (WHERE x) is countIf(x) */
		bool star = c->args.count == 1 && c->args.items[0]->kind == AST_ASTERISK;
		if (c->args.count == 0 || star) {
			items[0] = c->filter;
			shown.args = (struct ast_list){items, 1, 1};
			print_call_arguments(pr, &shown);
		} else {
			if (c->has_params) {
				put(pr, "(");
				print_list(pr, &c->params);
				put(pr, ")");
			}
			put(pr, "(");
			print_list(pr, &c->args);
			put(pr, ", ");
			print_aliased(pr, c->filter);
			put(pr, ")");
		}
	} else {
		print_call_arguments(pr, &shown);
	}
	print_within(pr, c);
	print_over(pr, c);
}

/* ---- ClickHouse's operators ---- */

static void print_bare(struct printer *pr, const struct ast *e);

static bool is_operator_like(const struct ast *e)
{
	switch (e->kind) {
	case AST_CALL: {
		const struct ast_call *c = (const struct ast_call *)e;
		if (c->form == CALL_OPERATOR)
			return !name_is(&c->name, "concat");
		return c->form == CALL_SUBSCRIPT || c->form == CALL_DOT;
	}
	case AST_OPERATOR: case AST_LAMBDA: case AST_QUANTIFIED: case AST_SLICE: case AST_COLLATE: return true;
	default: return false;
	}
}

void print_operand(struct printer *pr, const struct ast *e)
{
	bool wrap = in_clickhouse(pr) && e->alias == NULL && !e->parens && is_operator_like(e);
	put_if(pr, wrap, "(");
	print_expr(pr, e);
	put_if(pr, wrap, ")");
}

static void print_in_right(struct printer *pr, const struct ast *right)
{
	const struct ast_call *c = (const struct ast_call *)right;
	if (right->kind == AST_SUBQUERY && ((const struct ast_subquery *)right)->form == SUBQUERY_SCALAR) {
		print_subquery(pr, ((const struct ast_subquery *)right)->query);
	} else if (right->kind == AST_IDENTIFIER) {
		put(pr, "(");
		put_name(pr, &((const struct ast_identifier *)right)->name);
		put(pr, ")");
	} else if (right->kind == AST_CALL && c->form == CALL_PARENS) {
		put(pr, "(");
		print_list(pr, &c->args);
		put(pr, ")");
	} else {
		print_operand(pr, right);
	}
}

/* x BETWEEN a AND b */
static void print_between(struct printer *pr, const struct ast_call *c)
{
	bool negated = c->name.parts[0].text.data[0] == 'n';
	bool symmetric = str_ends_with(c->name.parts[0].text, STR("Symmetric"));
	const struct ast *x = c->args.items[0], *low = c->args.items[1], *high = c->args.items[2];
	if (symmetric) {
		print_operand(pr, x);
		put(pr, negated ? " NOT BETWEEN SYMMETRIC " : " BETWEEN SYMMETRIC ");
		print_operand(pr, low);
		put(pr, " AND ");
		print_operand(pr, high);
		return;
	}
	put(pr, "(");
	print_operand(pr, x);
	put(pr, negated ? " < " : " >= ");
	print_operand(pr, low);
	put(pr, negated ? ") OR (" : ") AND (");
	print_operand(pr, x);
	put(pr, negated ? " > " : " <= ");
	print_operand(pr, high);
	put(pr, ")");
}

static void print_operator_call(struct printer *pr, const struct ast_call *c)
{
	const char *symbol = operator_symbol(c), *postfix = postfix_words(c);
	if (postfix != NULL) {
		print_operand(pr, c->args.items[0]);
		put(pr, " ");
		put(pr, postfix);
	} else if (name_is(&c->name, "not")) {
		put(pr, "NOT ");
		print_operand(pr, c->args.items[0]);
	} else if (name_is(&c->name, "negate")) {
		const struct ast *x = c->args.items[0];
		bool negative = x->kind == AST_LITERAL && !x->parens && (((const struct ast_literal *)x)->type == LITERAL_INT
			|| (((const struct ast_literal *)x)->type == LITERAL_FLOAT && ((const struct ast_literal *)x)->f < 0));
		put(pr, negative ? "-(" : "-");
		print_operand(pr, x);
		put_if(pr, negative, ")");
	} else if (symbol == NULL) {
		print_between(pr, c);
	} else if (name_is(&c->name, "concat")) {
		put(pr, "concat(");
		print_list(pr, &c->args);
		put(pr, ")");
	} else {
		bool in = str_ends_with(str_of(symbol), STR("IN"));
		if (name_is(&c->name, "isNotDistinctFrom"))
			symbol = "<=>";
		for (unsigned i = 0; i < c->args.count; i++) {
			if (i != 0) {
				put(pr, " ");
				put(pr, i == 2 && strstr(symbol, "LIKE") != NULL ? "ESCAPE" : i == 2 &&
				    strstr(symbol, "SIMILAR") ? "ESCAPE" : symbol);
				put(pr, " ");
			}
			if (in && i == 1)
				print_in_right(pr, c->args.items[i]);
			else
				print_operand(pr, c->args.items[i]);
		}
	}
}

/* EXTRACT(unit FROM x): the function of that unit where ClickHouse has one. */
static bool print_extract(struct printer *pr, const struct ast_call *c)
{
	static const char *const functions[][3] = {
		{"year", "toYear(", ")"}, {"quarter", "toQuarter(", ")"}, {"month", "toMonth(", ")"}, {"day",
			"toDayOfMonth(", ")"},
		{"hour", "toHour(", ")"}, {"minute", "toMinute(", ")"}, {"second", "toSecond(", ")"},
		{"epoch", "toUnixTimestamp(", ")"},
		{"dow", "toDayOfWeek(", ", 2)"},
	};
	struct str unit = ((const struct ast_literal *)c->args.items[0])->text;
	for (size_t i = 0; i < ARRAY_COUNT(functions); i++)
		if (str_eq(unit, str_of(functions[i][0]))) {
			put(pr, functions[i][1]);
			print_aliased(pr, c->args.items[1]);
			put(pr, functions[i][2]);
			return true;
		}
	put(pr, "EXTRACT(");
	puts_str(pr, unit);
	put(pr, " FROM ");
	print_expr(pr, c->args.items[1]);
	put(pr, ")");
	return true;
}

static void print_dot(struct printer *pr, const struct ast_call *c)
{
	const struct ast *left = c->args.items[0];
	const struct ast_literal *key = (const struct ast_literal *)c->args.items[1];
	const struct ast_call *call = (const struct ast_call *)left;
	/* a call in front of a dot gets parentheses, a tuple does not */
	bool wrap = !left->parens && left->kind == AST_CALL && call->form == CALL_PLAIN && !name_is(&call->name, "tuple");
	put_if(pr, wrap, "(");
	print_operand(pr, left);
	put_if(pr, wrap, ")");
	put(pr, ".");
	if (key->type == LITERAL_STRING)
		put_ident(pr, key->text);
	else
		print_literal(pr, key);
}

static void print_clickhouse_call(struct printer *pr, const struct ast_call *c)
{
	switch (c->form) {
	case CALL_OPERATOR: print_operator_call(pr, c); return;
	case CALL_BRACKETS: case CALL_ARRAY:
		put(pr, "[");
		print_list(pr, &c->args);
		put(pr, "]");
		return;
	case CALL_PARENS: case CALL_ROW:
		put(pr, c->args.count < 2 || c->form == CALL_ROW ? "tuple(" : "(");
		print_list(pr, &c->args);
		put(pr, ")");
		return;
	case CALL_BRACES:
		put(pr, "{");
		for (unsigned i = 0; i < c->args.count; i++) {
			put(pr, i == 0 ? "" : i % 2 == 1 ? " : " : ", ");
			print_operand(pr, c->args.items[i]);
		}
		put(pr, "}");
		return;
	case CALL_SUBSCRIPT:
		print_operand(pr, c->args.items[0]);
		put(pr, "[");
		print_aliased(pr, c->args.items[1]);
		put(pr, "]");
		return;
	case CALL_DOT: print_dot(pr, c); return;
	case CALL_AT_TIME_ZONE:
		put(pr, "toTimeZone(");
		print_aliased(pr, c->args.items[1]);
		put(pr, ", ");
		print_aliased(pr, c->args.items[0]);
		put(pr, ")");
		return;
	case CALL_KEYWORD_ARGS:
		if (name_is(&c->name, "extract") && print_extract(pr, c))
			return;
		break;
	case CALL_KEYWORD:
		put_name(pr, &c->name);
		if (c->args.count != 0)
			print_call_arguments(pr, c);
		return;
	case CALL_PLAIN: break;
	}
	print_plain_call(pr, c);
}

/* ---- other nodes ---- */

static void print_case(struct printer *pr, const struct ast_case *c)
{
	put(pr, c->operand == NULL ? "multiIf(" : "caseWithExpression(");
	if (c->operand != NULL) {
		print_aliased(pr, c->operand);
		put(pr, ", ");
	}
	AST_EACH(&c->whens, w) {
		print_aliased(pr, ((const struct ast_when *)w)->condition);
		put(pr, ", ");
		print_aliased(pr, ((const struct ast_when *)w)->result);
		put(pr, ", ");
	}
	if (c->otherwise != NULL)
		print_aliased(pr, c->otherwise);
	else
		put(pr, "NULL");
	put(pr, ")");
}

static void print_cast(struct printer *pr, const struct ast_cast *c)
{
	const struct ast_literal *value = (const struct ast_literal *)c->value;
	struct strbuf type;
	struct str type_name = name_last(&c->type->name);
	bool date = str_eq_nocase(type_name, STR("date"));
	if (c->form == CAST_TYPED_LITERAL && (date || str_eq_nocase(type_name, STR("timestamp"))) &&
	    c->type->args.count == 0) {
		put(pr, date ? "toDate(" : "toDateTime(");
		print_literal(pr, value);
		put(pr, ")");
		return;
	}
	strbuf_init(&type, NULL);
	struct printer one = {.b = &type, .dialect = pr->dialect};
	if (c->form == CAST_COMMA)
		strbuf_puts(&type, c->source);
	else
		print_type(&one, c->type);
	put(pr, "CAST(");
	if (c->form == CAST_COLONS && c->source.data != NULL)
		put_string(pr, c->source);
	else
		print_aliased(pr, c->value);
	put(pr, ", ");
	put_string(pr, strbuf_str(&type));
	put(pr, ")");
	strbuf_fini(&type);
}

static void print_lambda(struct printer *pr, const struct ast_lambda *l)
{
	put_if(pr, l->params.count != 1, "(");
	print_list(pr, &l->params);
	put_if(pr, l->params.count != 1, ")");
	put(pr, " -> ");
	print_operand(pr, l->body);
}

/* Symbols that ClickHouse's own grammar reads in another way are spelt OPERATOR(…). */
static void print_symbol(struct printer *pr, const struct ast_operator *o)
{
	static const char *const taken[] = {"->", "<=>", "?", "?|", "?&", "@@", "@@@", "#", "^", "|"};
	struct str symbol = name_last(&o->name);
	bool spell = o->name.count > 1;
	for (size_t i = 0; i < ARRAY_COUNT(taken); i++)
		spell |= in_clickhouse(pr) && str_eq(symbol, str_of(taken[i]));
	if (o->left != NULL) {
		print_operand(pr, o->left);
		put(pr, " ");
	}
	if (spell) {
		put(pr, "OPERATOR(");
		for (unsigned i = 0; i + 1 < o->name.count; i++) {
			put_part(pr, &o->name.parts[i]);
			put(pr, ".");
		}
		puts_str(pr, symbol);
		put(pr, ")");
	} else {
		puts_str(pr, symbol);
	}
	put_if(pr, o->left != NULL || spell, " ");
	print_operand(pr, o->right);
}

static void print_quantified(struct printer *pr, const struct ast_quantified *q)
{
	struct ast_call call = {.name = q->op, .form = CALL_OPERATOR};
	const char *symbol = operator_symbol(&call);
	bool query = q->right->kind == AST_SUBQUERY;
	print_operand(pr, q->left);
	if (query && !q->all && name_is(&q->op, "equals")) {
		put(pr, " IN ");
	} else if (query && q->all && name_is(&q->op, "notEquals")) {
		put(pr, " NOT IN ");
	} else {
		put(pr, " ");
		if (symbol != NULL)
			put(pr, symbol);
		else
			puts_str(pr, name_last(&q->op));
		put(pr, q->all ? " ALL " : " ANY ");
	}
	if (query) {
		print_subquery(pr, ((const struct ast_subquery *)q->right)->query);
		return;
	}
	put(pr, "(");
	print_expr(pr, q->right);
	put(pr, ")");
}

static void print_subquery_expr(struct printer *pr, const struct ast_subquery *s)
{
	switch (s->form) {
	case SUBQUERY_SCALAR: print_subquery(pr, s->query); break;
	case SUBQUERY_EXISTS:
		put(pr, "exists(");
		print_subquery(pr, s->query);
		put(pr, ")");
		break;
	case SUBQUERY_ARRAY:
		put(pr, "ARRAY");
		print_subquery(pr, s->query);
		break;
	}
}

static void print_slice(struct printer *pr, const struct ast_slice *s)
{
	print_operand(pr, s->value);
	put(pr, "[");
	if (s->lower != NULL)
		print_expr(pr, s->lower);
	put(pr, ":");
	if (s->upper != NULL)
		print_expr(pr, s->upper);
	put(pr, "]");
}

/* Without its alias. */
static void print_bare(struct printer *pr, const struct ast *e)
{
	switch (e->kind) {
	case AST_LITERAL: print_literal(pr, (const struct ast_literal *)e); break;
	case AST_INTERVAL: print_interval(pr, (const struct ast_interval *)e); break;
	case AST_IDENTIFIER: put_name(pr, &((const struct ast_identifier *)e)->name); break;
	case AST_ASTERISK: print_asterisk(pr, (const struct ast_asterisk *)e); break;
	case AST_CALL: print_clickhouse_call(pr, (const struct ast_call *)e); break;
	case AST_NAMED_ARGUMENT:
		put_ident(pr, ((const struct ast_named_argument *)e)->name);
		put(pr, " => ");
		print_expr(pr, ((const struct ast_named_argument *)e)->value);
		break;
	case AST_OPERATOR: print_symbol(pr, (const struct ast_operator *)e); break;
	case AST_CASE: print_case(pr, (const struct ast_case *)e); break;
	case AST_CAST: print_cast(pr, (const struct ast_cast *)e); break;
	case AST_LAMBDA: print_lambda(pr, (const struct ast_lambda *)e); break;
	case AST_SUBQUERY: print_subquery_expr(pr, (const struct ast_subquery *)e); break;
	case AST_QUANTIFIED: print_quantified(pr, (const struct ast_quantified *)e); break;
	case AST_PARAMETER: print_parameter(pr, (const struct ast_parameter *)e); break;
	case AST_SLICE: print_slice(pr, (const struct ast_slice *)e); break;
	case AST_COLLATE:
		print_operand(pr, ((const struct ast_collate *)e)->value);
		put(pr, " COLLATE ");
		put_name(pr, &((const struct ast_collate *)e)->collation);
		break;
	case AST_DEFAULT: put(pr, "DEFAULT"); break;
	case AST_ORDER: print_order(pr, (const struct ast_order *)e); break;
	case AST_WINDOW: print_window(pr, (const struct ast_window *)e); break;
	case AST_SETTING: print_setting(pr, (const struct ast_setting *)e); break;
	case AST_SELECT: print_query(pr, e); break;
	default: print_element(pr, e); break;
	}
}

void print_unaliased(struct printer *pr, const struct ast *e)
{
	if (!in_clickhouse(pr)) {
		print_expr_postgresql(pr, e);
		return;
	}
	/* parentheses that were written are kept; queries and tuples have their own */
	const struct ast_call *c = (const struct ast_call *)e;
	bool own = e->kind == AST_SUBQUERY || e->kind == AST_SELECT;
	own |= e->kind == AST_CALL && (c->form == CALL_PARENS && c->args.count > 1);
	bool wrap = e->parens && !own;
	put_if(pr, wrap, "(");
	print_bare(pr, e);
	put_if(pr, wrap, ")");
}

void print_expr(struct printer *pr, const struct ast *e)
{
	if (e->alias == NULL) {
		print_unaliased(pr, e);
		return;
	}
	/* (a AS b) + 1; (a) AS b becomes (a AS b), which is the same */
	put(pr, "(");
	if (in_clickhouse(pr))
		print_bare(pr, e);
	else
		print_expr_postgresql(pr, e);
	print_alias(pr, e);
	put(pr, ")");
}

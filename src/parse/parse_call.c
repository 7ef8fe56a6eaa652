// SPDX-License-Identifier: Apache-2.0
/* Names and calls: a.b.c, f(p)(x) with all that may stand around it, and the calls with a grammar of their own. */
#include "parse/parse_impl.h"

/* ---- OVER ---- */

static bool parse_frame_bound(struct parser *p, enum frame_bound *bound, struct ast **value)
{
	if (kw2(p, KW_CURRENT, KW_ROW)) {
		*bound = BOUND_CURRENT_ROW;
		return true;
	}
	bool unbounded = kw(p, KW_UNBOUNDED);
	if (!unbounded && (*value = parse_expr_above(p, PREC_IS)) == NULL)
		return false;
	if (kw(p, KW_PRECEDING))
		*bound = unbounded ? BOUND_UNBOUNDED_PRECEDING : BOUND_PRECEDING;
	else if (kw(p, KW_FOLLOWING))
		*bound = unbounded ? BOUND_UNBOUNDED_FOLLOWING : BOUND_FOLLOWING;
	else
		return fail(p) != NULL;
	return true;
}

static bool parse_frame(struct parser *p, struct ast_window *w)
{
	if (kw(p, KW_ROWS))
		w->unit = FRAME_ROWS;
	else if (kw(p, KW_RANGE))
		w->unit = FRAME_RANGE;
	else if (kw(p, KW_GROUPS))
		w->unit = FRAME_GROUPS;
	else
		return true;
	w->between = kw(p, KW_BETWEEN);
	w->to = BOUND_CURRENT_ROW;
	if (!parse_frame_bound(p, &w->from, &w->from_value))
		return false;
	if (w->between && (!need_kw(p, KW_AND) || !parse_frame_bound(p, &w->to, &w->to_value)))
		return false;
	if (!kw(p, KW_EXCLUDE))
		return true;
	if (kw2(p, KW_CURRENT, KW_ROW))
		w->exclude = EXCLUDE_CURRENT_ROW;
	else if (kw(p, KW_GROUP))
		w->exclude = EXCLUDE_GROUP;
	else if (kw(p, KW_TIES))
		w->exclude = EXCLUDE_TIES;
	else if (!kw2(p, KW_NO, KW_OTHERS))
		return fail(p) != NULL;
	return true;
}

/* ( [base] [PARTITION BY …] [ORDER BY …] [frame] ) */
struct ast_window *parse_window_spec(struct parser *p)
{
	struct ast_window *w = NEW(p, WINDOW, window);
	if (!need(p, T_LPAREN))
		return NULL;
	bool frame = (at_kw(p, 0, KW_ROWS) || at_kw(p, 0, KW_RANGE) || at_kw(p, 0, KW_GROUPS)) && !at_kind(p, 1, T_RPAREN);
	if (at_ident(p, 0) && !at_kw(p, 0, KW_PARTITION) && !at_kw(p, 0, KW_ORDER) && !frame && !parse_ident(p, &w->base))
		return NULL;
	if (kw2(p, KW_PARTITION, KW_BY) && !parse_expr_list(p, &w->partition_by))
		return NULL;
	if (kw2(p, KW_ORDER, KW_BY) && !parse_order_by_list(p, &w->order_by))
		return NULL;
	if (!parse_frame(p, w) || !need(p, T_RPAREN))
		return NULL;
	return seal(p, w);
}

static bool parse_over(struct parser *p, struct ast_call *c)
{
	c->has_over = true;
	if (at_kind(p, 0, T_LPAREN)) {
		c->over = parse_window_spec(p);
	} else {
		c->over = NEW(p, WINDOW, window);
		if (!parse_ident(p, &c->over->name))
			return false;
		c->over = seal(p, c->over);
	}
	return c->over != NULL;
}

/* ---- arguments ---- */

static struct ast *parse_named_argument(struct parser *p)
{
	struct ast_named_argument *a = NEW(p, NAMED_ARGUMENT, named_argument);
	if (!parse_ident(p, &a->name))
		return NULL;
	p->at++;
	a->value = parse_expr(p);
	return a->value == NULL ? NULL : seal(p, a);
}

static struct ast *parse_argument(struct parser *p)
{
	if (at_query(p, 0)) {
		struct ast_subquery *s = NEW(p, SUBQUERY, subquery);
		s->query = parse_query(p);
		return s->query == NULL ? NULL : seal(p, s);
	}
	if (at_ident(p, 0) && (at_op(p, 1, OP_FAT_ARROW) || at_kind(p, 1, T_ASSIGN)))
		return parse_named_argument(p);
	return parse_aliased(p, false);
}

/* Functions whose arguments may be lambdas; only asked in the postgresql dialect, where -> is an operator. */
static bool takes_lambdas(const struct name *name)
{
	struct str s = name_last(name);
	if (name->count != 1 || str_find_char(s, '_') >= 0)
		return false;
	return (str_starts_with_nocase(s, STR("array")) && s.size > 5) ||
		(str_starts_with_nocase(s, STR("map")) && s.size > 3);
}

static bool parse_arguments(struct parser *p, struct ast_call *c)
{
	bool outer = p->higher_order, good = true;
	p->higher_order = is_clickhouse(p) || takes_lambdas(&c->name);
	p->at++;
	if (at_kw(p, 0, KW_DISTINCT) && !at_kind(p, 1, T_COMMA) && !at_kind(p, 1, T_RPAREN))
		c->distinct = kw(p, KW_DISTINCT);
	else if (at_kw(p, 0, KW_ALL) && !at_kind(p, 1, T_COMMA) && !at_kind(p, 1, T_RPAREN) && !at_kind(p, 1, T_LPAREN))
		p->at++;
	while (good && !at_kind(p, 0, T_RPAREN)) {
		c->variadic |= !is_clickhouse(p) && kw(p, KW_VARIADIC);
		struct ast *a = parse_argument(p);
		good = a != NULL;
		if (good)
			push(p, &c->args, a);
		if (good && !accept(p, T_COMMA))
			break;
		/* no trailing comma */
		good = good && !at_kind(p, 0, T_RPAREN);
	}
	if (good && kw2(p, KW_ORDER, KW_BY))
		good = parse_order_by_list(p, &c->order_by);
	p->higher_order = outer;
	return good && need(p, T_RPAREN);
}

static bool accept_nulls(struct parser *p, struct ast_call *c)
{
	if (kw2(p, KW_IGNORE, KW_NULLS))
		c->nulls = NULLS_IGNORE;
	else if (kw2(p, KW_RESPECT, KW_NULLS))
		c->nulls = NULLS_RESPECT;
	return true;
}

/* Behind the closing parenthesis. */
static struct ast *parse_call_tail(struct parser *p, struct ast_call *c)
{
	(void)accept_nulls(p, c);
	if (at_kw(p, 0, KW_WITHIN) && at_kw(p, 1, KW_GROUP)) {
		p->at += 2;
		if (!need(p, T_LPAREN) || !kw2(p, KW_ORDER, KW_BY) || !parse_order_by_list(p, &c->within) || !need(p, T_RPAREN))
			return fail(p);
	}
	if (at_kw(p, 0, KW_FILTER) && at_kind(p, 1, T_LPAREN)) {
		p->at += 2;
		if (!need_kw(p, KW_WHERE) || (c->filter = parse_expr(p)) == NULL || !need(p, T_RPAREN))
			return NULL;
	}
	(void)accept_nulls(p, c);
	if (at_kw(p, 0, KW_OVER) && (at_kind(p, 1, T_LPAREN) || at_ident(p, 1))) {
		p->at++;
		if (!parse_over(p, c))
			return NULL;
	}
	return seal(p, c);
}

/* f(a) and nothing behind it: a table function that a column list may follow. */
struct ast_call *parse_simple_call(struct parser *p, struct name name, int position)
{
	struct ast_call *c = NEW_AT(p, CALL, call, position);
	c->name = name;
	return parse_arguments(p, c) ? seal(p, c) : NULL;
}

/* At the opening parenthesis behind a name. */
struct ast *parse_call_after_name(struct parser *p, struct name name, int position)
{
	struct ast_call *c = NEW_AT(p, CALL, call, position);
	c->name = name;
	if (!parse_arguments(p, c))
		return NULL;
	if (at_kind(p, 0, T_LPAREN)) {
		if (c->distinct || c->order_by.count != 0)
			return fail(p);
		c->has_params = true;
		c->params = c->args;
		c->args = (struct ast_list){NULL, 0, 0};
		if (!parse_arguments(p, c))
			return NULL;
	}
	return parse_call_tail(p, c);
}

/* ---- names ---- */

static struct name_part special_part(struct str text)
{
	return (struct name_part){.text = text, .quoted = true};
}

/* Behind a dot: .:Type and .^sub of JSON columns; false when it is neither. */
static bool accept_json_part(struct parser *p, struct name_part *out)
{
	if (at_kind(p, 0, T_COLON)) {
		struct name_part part;
		p->at++;
		if (!parse_label(p, &part))
			return false;
		*out = special_part(arena_strf(p->arena, ":`%.*s`", STR_ARG(part.text)));
		return true;
	}
	if (at_op(p, 0, OP_CARET)) {
		struct name_part part;
		p->at++;
		if (!parse_label(p, &part))
			return false;
		*out = special_part(arena_strf(p->arena, "^`%.*s`", STR_ARG(part.text)));
		return true;
	}
	return false;
}

struct ast *parse_call_or_name(struct parser *p)
{
	size_t count = 0, capacity = 0;
	int position = here(p);
	struct name name = {NULL, 0};
	struct name_part part;
	if (!parse_label(p, &part))
		return NULL;
	ARENA_PUSH(p->arena, name.parts, count, capacity, part);
	while (at_kind(p, 0, T_DOT)) {
		uint8_t next = peek_at(p, 1)->kind;
		if (next == T_NUMBER || (next == T_OPERATOR && at_op(p, 1, OP_MINUS)))
			break;
		p->at++;
		name.count = (unsigned)count;
		if (at_op(p, 0, OP_STAR))
			return parse_asterisk(p, name, NULL);
		if (at_kw(p, 0, KW_COLUMNS) && at_kind(p, 1, T_LPAREN))
			return parse_asterisk(p, name, NULL);
		if (!accept_json_part(p, &part) && (p->failed != OK || !parse_label(p, &part)))
			return NULL;
		ARENA_PUSH(p->arena, name.parts, count, capacity, part);
		while (is_clickhouse(p) && at_kind(p, 0, T_LBRACKET) && at_kind(p, 1, T_RBRACKET)) {
			p->at += 2;
			part = special_part(STR(":`Array(JSON)`"));
			ARENA_PUSH(p->arena, name.parts, count, capacity, part);
		}
	}
	name.count = (unsigned)count;
	if (at_kind(p, 0, T_LPAREN) && !name.parts[count - 1].parameter)
		return parse_call_after_name(p, name, position);
	struct ast_identifier *i = new_identifier(p, name, position);
	return p->failed == OK ? &i->ast : NULL;
}

struct ast_call *parse_engine_call(struct parser *p)
{
	struct ast_call *c = NEW(p, CALL, call);
	struct str source = token_source(p, peek(p));
	bool word = at_kind(p, 0, T_WORD);
	if (!parse_path(p, &c->name))
		return NULL;
	/* engines, codecs and kinds of index keep their spelling: PostgreSQL would fold what it does not know */
	if (word && c->name.count == 1)
		c->name.parts[0].text = arena_str(p->arena, source);
	if (at_kind(p, 0, T_LPAREN)) {
		if (!parse_arguments(p, c))
			return NULL;
	} else {
		c->form = CALL_KEYWORD; /* without parentheses */
	}
	return seal(p, c);
}

/* ---- calls with a grammar of their own ---- */

static struct ast *parse_cast(struct parser *p)
{
	struct ast_cast *c = NEW(p, CAST, cast);
	struct name name = new_name(p, STR("CAST"));
	p->at += 2;
	c->value = parse_expr(p);
	if (c->value == NULL)
		return NULL;
	if (at_kw(p, 0, KW_AS)) {
		/* CAST(x AS T); in ClickHouse also CAST(x AS alias, 'T') */
		struct attempt a = attempt_begin(p);
		p->at++;
		if ((c->type = parse_type_node(p)) != NULL && accept(p, T_RPAREN))
			return seal(p, c);
		if (!is_clickhouse(p))
			return fail(p);
		attempt_undo(p, a);
		if (!accept_alias(p, c->value, false))
			return NULL;
	}
	if (!need(p, T_COMMA))
		return NULL;
	struct ast *type = parse_expr(p);
	if (type == NULL || !need(p, T_RPAREN))
		return NULL;
	struct ast_call *call = NEW_AT(p, CALL, call, c->ast.position);
	call->name = name;
	push(p, &call->args, c->value);
	push(p, &call->args, type);
	/* a literal type is parsed, so that no one else has to; what is no type stays a call and fails where it is bound */
	struct ast_literal *text = (struct ast_literal *)type;
	if (type->kind == AST_LITERAL && text->type == LITERAL_STRING) {
		if (parse_type(p->arena, text->text, &p->options, &c->type, NULL) == OK) {
			c->form = CAST_COMMA;
			c->source = text->text;
			return seal(p, c);
		}
	}
	return seal(p, call);
}

/* An ordinary call after all, whose first argument is already read: reading it again would double the work per level.
 * */
static struct ast *parse_ordinary_rest(struct parser *p, struct str name, struct ast *first, int position)
{
	struct ast_call *c = NEW_AT(p, CALL, call, position);
	c->name = new_name(p, name);
	if (first == NULL)
		return NULL;
	push(p, &c->args, first);
	while (accept(p, T_COMMA)) {
		struct ast *a = parse_argument(p);
		if (a == NULL)
			return NULL;
		push(p, &c->args, a);
	}
	return need(p, T_RPAREN) ? parse_call_tail(p, c) : NULL;
}

/* The word as a function's name: folded as the dialect says. */
static struct str call_word(struct parser *p)
{
	struct str text = STR("");
	enum status s = token_text(peek(p), p->text, p->options.dialect, '\\', p->arena, &text, p->err);
	assert(s == OK && peek(p)->kind == T_WORD);
	(void)s;
	return text;
}

/* EXTRACT(unit FROM x); NULL untaken for ClickHouse's extract(text, regexp). */
static struct ast *parse_extract(struct parser *p, bool *taken)
{
	struct str unit;
	if (!(at_kind(p, 2, T_WORD) || at_string(p, 2)) || !at_kw(p, 3, KW_FROM))
		return NULL;
	*taken = true;
	struct ast_call *c = new_call(p, "extract", CALL_KEYWORD_ARGS, here(p));
	p->at += 2;
	int position = here(p);
	if (at_string(p, 0)) {
		if (!parse_string(p, &unit))
			return NULL;
	} else {
		unit = lower_copy(p, token_source(p, peek(p)));
		p->at++;
	}
	p->at++;
	push(p, &c->args, new_string(p, unit, position));
	struct ast *x = parse_expr(p);
	if (x == NULL || !need(p, T_RPAREN))
		return NULL;
	push(p, &c->args, x);
	return seal(p, c);
}

/* SUBSTRING(x FROM a FOR b), SUBSTRING(x FOR b), SUBSTRING(x SIMILAR p ESCAPE e), OVERLAY(x PLACING y FROM a FOR b),
 * POSITION(a IN b); a list with commas is an ordinary call. */
static struct ast *parse_keyword_args(struct parser *p, const char *name, bool *taken)
{
	struct str word = call_word(p);
	bool is_position = name[0] == 'p';
	if (at_kind(p, 2, T_RPAREN))
		return NULL;
	*taken = true;
	struct ast_call *c = new_call(p, name, CALL_KEYWORD_ARGS, here(p));
	p->at += 2;
	struct ast *first = is_position ? parse_expr_above(p, PREC_OTHER) : parse_aliased(p, false);
	if (first == NULL || at_kind(p, 0, T_COMMA) || at_kind(p, 0, T_RPAREN))
		return parse_ordinary_rest(p, word, first, c->ast.position);
	if (is_position && !at_kw(p, 0, KW_IN))
		return fail(p);
	push(p, &c->args, first);
	if (is_position ? kw(p, KW_IN) : kw(p, KW_PLACING)) {
		struct ast *second = parse_expr(p);
		if (second == NULL)
			return NULL;
		push(p, &c->args, second);
		if (is_position) {
			/* POSITION(needle IN haystack) is position(haystack, needle) */
			c->args.items[0] = second;
			c->args.items[1] = first;
		}
	} else if (at_kw(p, 0, KW_FOR)) {
		push(p, &c->args, new_uint(p, 1, here(p)));
	} else if (kw(p, KW_SIMILAR)) {
		struct ast *pattern = parse_expr(p), *escape = NULL;
		if (pattern == NULL || !need_kw(p, KW_ESCAPE) || (escape = parse_expr(p)) == NULL || !need(p, T_RPAREN))
			return NULL;
		push(p, &c->args, pattern);
		push(p, &c->args, escape);
		return seal(p, c);
	}
	if (kw(p, KW_FROM)) {
		struct ast *from = parse_expr(p);
		if (from == NULL)
			return NULL;
		push(p, &c->args, from);
	}
	if (kw(p, KW_FOR)) {
		struct ast *length = parse_expr(p);
		if (length == NULL)
			return NULL;
		push(p, &c->args, length);
		/* SUBSTRING(x FOR n FROM m) is allowed too */
		if (c->args.count == 3 && kw(p, KW_FROM)) {
			struct ast *from = parse_expr(p);
			if (from == NULL)
				return NULL;
			c->args.items[1] = from;
		}
	}
	return need(p, T_RPAREN) ? seal(p, c) : NULL;
}

/* TRIM([BOTH|LEADING|TRAILING] [chars] FROM x): trimBoth(x, chars) and its two siblings. */
static struct ast *parse_trim(struct parser *p, bool *taken)
{
	struct str word = call_word(p);
	if (at_kind(p, 2, T_RPAREN))
		return NULL;
	*taken = true;
	struct ast_call *c = new_call(p, "trimBoth", CALL_KEYWORD_ARGS, here(p));
	p->at += 2;
	bool side = true;
	if (kw(p, KW_LEADING))
		c->name = new_name(p, STR("trimLeft"));
	else if (kw(p, KW_TRAILING))
		c->name = new_name(p, STR("trimRight"));
	else
		side = kw(p, KW_BOTH);
	struct ast *first = at_kw(p, 0, KW_FROM) ? NULL : parse_expr(p);
	if (!side && !at_kw(p, 0, KW_FROM))
		return parse_ordinary_rest(p, is_clickhouse(p) ? STR("trimBoth") : word, first, c->ast.position);
	if (kw(p, KW_FROM)) {
		struct ast *x = parse_expr(p);
		if (x == NULL)
			return NULL;
		push(p, &c->args, x);
		/* TRIM(BOTH FROM x, chars) */
		if (first == NULL && accept(p, T_COMMA) && (first = parse_expr(p)) == NULL)
			return NULL;
	}
	if (first != NULL)
		push(p, &c->args, first);
	return c->args.count != 0 && need(p, T_RPAREN) ? seal(p, c) : fail(p);
}

/* date_add(unit, n, x) and its kin; `name` is "plus", "minus" or "dateDiff". */
static struct ast *parse_date_call(struct parser *p, const char *name, bool *taken)
{
	struct str function = call_word(p);
	enum interval_unit unit = UNIT_NONE;
	bool diff = name[0] == 'd';
	struct str word = token_source(p, peek_at(p, 2));
	if (at_kind(p, 2, T_WORD) && at_kind(p, 3, T_COMMA))
		unit = interval_unit_of(word);
	if (at_kind(p, 2, T_RPAREN) || (diff && !at_kind(p, 2, T_WORD) && !at_string(p, 2)))
		return NULL;
	*taken = true;
	if (diff && (is_clickhouse(p) || at_string(p, 2)))
		function = STR("dateDiff");
	struct ast_call *c = new_call(p, name, CALL_PLAIN, here(p));
	p->at += 2;
	int position = here(p);
	if (unit == UNIT_NONE) {
		/* date_add(x, INTERVAL 1 DAY) */
		struct ast *x = parse_aliased(p, false);
		if (x == NULL || diff || !at_kind(p, 0, T_COMMA) || !at_kw(p, 1, KW_INTERVAL))
			return parse_ordinary_rest(p, function, x, c->ast.position);
		p->at++;
		struct ast *i = parse_expr(p);
		if (i == NULL)
			return NULL;
		push(p, &c->args, x);
		push(p, &c->args, i);
		return need(p, T_RPAREN) ? seal(p, c) : NULL;
	}
	p->at += 2;
	struct ast *a = parse_expr(p), *b = NULL;
	if (a == NULL || !need(p, T_COMMA) || (b = parse_expr(p)) == NULL)
		return NULL;
	if (diff) {
		push(p, &c->args, new_string(p, lower_copy(p, word), position));
		push(p, &c->args, a);
		push(p, &c->args, b);
		struct ast *zone = NULL;
		if (accept(p, T_COMMA) && (zone = parse_expr(p)) == NULL)
			return NULL;
		if (zone != NULL)
			push(p, &c->args, zone);
	} else {
		struct ast_interval *i = NEW_AT(p, INTERVAL, interval, a->position);
		i->value = a;
		i->unit = unit;
		i->precision = -1;
		push(p, &c->args, b);
		push(p, &c->args, seal(p, i));
	}
	return need(p, T_RPAREN) ? seal(p, c) : NULL;
}

/* CURRENT_DATE, CURRENT_TIMESTAMP(3), SESSION_USER …: PostgreSQL's functions without parentheses. */
static struct ast *parse_keyword_value(struct parser *p)
{
	static const enum keyword values[] = {
		KW_CURRENT_DATE, KW_CURRENT_TIME, KW_CURRENT_TIMESTAMP, KW_LOCALTIME, KW_LOCALTIMESTAMP, KW_CURRENT_USER,
			KW_CURRENT_ROLE,
		KW_SESSION_USER, KW_USER, KW_CURRENT_CATALOG, KW_CURRENT_SCHEMA,
	};
	uint64_t precision;
	enum keyword k = (enum keyword)peek(p)->code;
	size_t i = 0;
	while (i < ARRAY_COUNT(values) && values[i] != k)
		i++;
	bool has_precision = k == KW_CURRENT_TIME || k == KW_CURRENT_TIMESTAMP || k == KW_LOCALTIME
		|| k == KW_LOCALTIMESTAMP;
	if (i == ARRAY_COUNT(values) || at_kind(p, 1, T_DOT) ||
	    (at_kind(p, 1, T_LPAREN) && !(has_precision && at_kind(p, 2, T_NUMBER))))
		return NULL;
	struct ast_call *c = NEW(p, CALL, call);
	c->name = new_name(p, lower_copy(p, str_of(keywords[k].text)));
	c->form = CALL_KEYWORD;
	p->at++;
	if (accept(p, T_LPAREN)) {
		int position = here(p);
		if (!parse_uint(p, &precision) || !need(p, T_RPAREN))
			return NULL;
		push(p, &c->args, new_uint(p, precision, position));
	}
	return seal(p, c);
}

static struct ast *parse_row_word(struct parser *p)
{
	struct ast_call *c = new_call(p, "tuple", CALL_ROW, here(p));
	p->at++;
	return parse_expr_parens(p, &c->args) ? seal(p, c) : NULL;
}

/* Date arithmetic with a unit as its first word, under all its names. */
static const char *date_call_of(struct str s)
{
	static const char *const table[][2] = {
		{"date_add", "plus"}, {"dateadd", "plus"}, {"timestamp_add", "plus"}, {"timestampadd", "plus"},
		{"date_sub", "minus"}, {"datesub", "minus"}, {"timestamp_sub", "minus"}, {"timestampsub", "minus"},
		{"date_diff", "dateDiff"}, {"datediff", "dateDiff"}, {"timestamp_diff", "dateDiff"}, {"timestampdiff",
			"dateDiff"},
	};
	if (s.size < 7 || (ascii_lower(s.data[0]) != 'd' && ascii_lower(s.data[0]) != 't'))
		return NULL;
	for (size_t i = 0; i < ARRAY_COUNT(table); i++)
		if (str_eq_nocase(s, str_of(table[i][0])))
			return table[i][1];
	return NULL;
}

/* NULL with *taken false when an ordinary call or name stands there. */
struct ast *parse_special_call(struct parser *p, bool *taken)
{
	struct ast *node;
	if (!is_clickhouse(p) && (node = parse_keyword_value(p)) != NULL)
		return node;
	if (at_typed_literal(p)) {
		struct ast_cast *c = NEW(p, CAST, cast);
		*taken = true;
		c->form = CAST_TYPED_LITERAL;
		if ((c->type = parse_type_node(p)) == NULL || (c->value = parse_string_node(p)) == NULL)
			return NULL;
		return seal(p, c);
	}
	if (!at_kind(p, 1, T_LPAREN))
		return NULL;
	switch (peek(p)->code) {
	case KW_CAST: *taken = true; return parse_cast(p);
	case KW_EXTRACT: return parse_extract(p, taken);
	case KW_SUBSTRING: return parse_keyword_args(p, "substring", taken);
	case KW_OVERLAY: return parse_keyword_args(p, "overlay", taken);
	case KW_POSITION: return parse_keyword_args(p, "position", taken);
	case KW_TRIM: return parse_trim(p, taken);
	case KW_ROW: *taken = true; return parse_row_word(p);
	default: break;
	}
	if (is_clickhouse(p) && (word_is(p, 0, "ltrim") || word_is(p, 0, "rtrim"))) {
		*taken = true;
		bool left = ascii_lower(token_source(p, peek(p)).data[0]) == 'l';
		int position = here(p);
		p->at++;
		return parse_call_after_name(p, new_name(p, left ? STR("trimLeft") : STR("trimRight")), position);
	}
	const char *date = date_call_of(token_source(p, peek(p)));
	return date == NULL ? NULL : parse_date_call(p, date, taken);
}

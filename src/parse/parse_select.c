// SPDX-License-Identifier: Apache-2.0
/* Queries: WITH, SELECT and its clauses, VALUES, set operations. FROM is in parse_table.c. */
#include "parse/parse_impl.h"

/* ---- where a query begins ---- */

bool at_query(struct parser *p, size_t ahead)
{
	const struct token *t = peek_at(p, ahead);
	if (t->kind != T_WORD)
		return false;
	const struct token *next = peek_at(p, ahead + 1);
	bool followed = next->kind != T_DOT && next->kind != T_COMMA && next->kind != T_RPAREN && next->kind != T_OPERATOR;
	switch (t->code) {
	case KW_SELECT: return followed || next->kind == T_OPERATOR || (next->kind == T_RPAREN && !is_clickhouse(p));
	case KW_WITH: return followed && next->kind != T_END;
	case KW_VALUES: return next->kind == T_LPAREN;
	case KW_TABLE: return !is_clickhouse(p) && (next->kind == T_QUOTED || next->kind == T_WORD);
	case KW_FROM: return is_clickhouse(p) && (next->kind == T_QUOTED || next->kind == T_WORD || next->kind == T_LPAREN);
	default: return false;
	}
}

bool at_set_operator(struct parser *p)
{
	const struct token *t = peek(p);
	if (t->kind != T_WORD)
		return false;
	switch (t->code) {
	case KW_UNION: case KW_EXCEPT: case KW_INTERSECT: return true;
	case KW_ORDER: case KW_LIMIT: case KW_OFFSET: case KW_FETCH: return !is_clickhouse(p);
	default: return false;
	}
}

struct ast *parse_query_parens(struct parser *p)
{
	if (!need(p, T_LPAREN))
		return NULL;
	struct ast *q = parse_query(p);
	return q != NULL && need(p, T_RPAREN) ? q : NULL;
}

/* ---- WITH ---- */

/* name AS (…), name(a, b) AS [NOT] MATERIALIZED (…) */
static bool at_cte(struct parser *p)
{
	size_t n = 1;
	if (!at_ident(p, 0))
		return false;
	if (at_kind(p, n, T_LPAREN)) {
		while (at_ident(p, n + 1) && (at_kind(p, n + 2, T_COMMA) || at_kind(p, n + 2, T_RPAREN)))
			n += 2;
		if (!at_kind(p, n, T_RPAREN))
			return false;
		n++;
	}
	if (!at_kw(p, n++, KW_AS))
		return false;
	if (at_kw(p, n, KW_NOT) && at_kw(p, n + 1, KW_MATERIALIZED))
		n++;
	n += at_kw(p, n, KW_MATERIALIZED);
	while (at_kind(p, n, T_LPAREN) && at_kind(p, n + 1, T_LPAREN))
		n++;
	return at_kind(p, n, T_LPAREN)
		&& (at_query(p, n + 1) || at_kw(p, n + 1, KW_INSERT) || at_kw(p, n + 1, KW_UPDATE)
			|| at_kw(p, n + 1, KW_DELETE));
}

static struct ast *parse_cte_body(struct parser *p)
{
	struct ast_list none = {NULL, 0, 0};
	struct ast *body;
	if (!need(p, T_LPAREN))
		return NULL;
	if (kw(p, KW_INSERT))
		body = parse_insert(p, none, false);
	else if (kw(p, KW_UPDATE))
		body = parse_update(p, none, false);
	else if (kw(p, KW_DELETE))
		body = parse_delete(p, none, false);
	else
		body = parse_query(p);
	return body != NULL && need(p, T_RPAREN) ? body : NULL;
}

static struct ast *parse_with_item(struct parser *p)
{
	struct ast_with *w = NEW(p, WITH, with);
	if (at_cte(p)) {
		if (!parse_part(p, &w->name) || (at_kind(p, 0, T_LPAREN) && !parse_ident_parens(p, &w->columns)) ||
		    !need_kw(p, KW_AS))
			return NULL;
		if (kw2(p, KW_NOT, KW_MATERIALIZED))
			w->materialized = CTE_NOT_MATERIALIZED;
		else if (kw(p, KW_MATERIALIZED))
			w->materialized = CTE_MATERIALIZED;
		w->query = parse_cte_body(p);
		return w->query == NULL ? NULL : seal(p, w);
	}
	bool outer = p->higher_order;
	p->higher_order = true; /* WITH (x) -> x + 1 AS f */
	w->scalar = parse_expr(p);
	p->higher_order = outer;
	if (w->scalar == NULL || !need_kw(p, KW_AS) || !parse_label(p, &w->name))
		return NULL;
	return seal(p, w);
}

bool parse_with_clause(struct parser *p, struct ast_list *with, bool *recursive)
{
	if (!kw(p, KW_WITH))
		return true;
	*recursive = kw(p, KW_RECURSIVE);
	do {
		struct ast *w = parse_with_item(p);
		if (w == NULL)
			return false;
		push(p, with, w);
	} while (accept(p, T_COMMA));
	return p->failed == OK;
}

/* ---- clauses ---- */

static bool at_items_end(struct parser *p)
{
	switch (peek(p)->kind) {
	case T_END: case T_SEMICOLON: case T_RPAREN: return true;
	case T_WORD: break;
	default: return false;
	}
	switch (peek(p)->code) {
	case KW_FROM: return true;
	case KW_WHERE: case KW_UNION: case KW_EXCEPT: case KW_INTERSECT: case KW_LIMIT: case KW_ORDER: case KW_GROUP:
	case KW_HAVING:
	case KW_INTO: case KW_OFFSET: case KW_FETCH: case KW_FOR: case KW_WINDOW: return !is_clickhouse(p);
	default: return false;
	}
}

bool parse_select_items(struct parser *p, struct ast_list *out)
{
	if (!is_clickhouse(p) && at_items_end(p))
		return true;
	do {
		if (out->count != 0 && is_clickhouse(p) && at_kw(p, 0, KW_FROM))
			break;
		struct ast *e = parse_aliased(p, true);
		if (e == NULL)
			return false;
		push(p, out, e);
	} while (accept(p, T_COMMA));
	return p->failed == OK;
}

static bool parse_fill(struct parser *p, struct ast_order *o)
{
	o->fill = true;
	if (kw(p, KW_FROM) && (o->fill_from = parse_expr(p)) == NULL)
		return false;
	if (kw(p, KW_TO) && (o->fill_to = parse_expr(p)) == NULL)
		return false;
	if (word(p, "STEP") && (o->fill_step = parse_expr(p)) == NULL)
		return false;
	return !word(p, "STALENESS") || (o->fill_staleness = parse_expr(p)) != NULL;
}

static bool parse_order_tail(struct parser *p, struct ast_order *o)
{
	struct str collation;
	if (kw_or(p, KW_ASC, KW_ASCENDING))
		o->direction = ORDER_ASC;
	else if (kw_or(p, KW_DESC, KW_DESCENDING))
		o->direction = ORDER_DESC;
	else if (at_kw(p, 0, KW_USING) && (at_kind(p, 1, T_OPERATOR) || at_kw(p, 1, KW_OPERATOR))) {
		p->at++;
		o->using_operator = new_name(p, arena_str(p->arena, token_source(p, peek(p))));
		p->at++;
	}
	for (int i = 0; i < 2; i++) {
		if (kw2(p, KW_NULLS, KW_FIRST)) {
			o->nulls = ORDER_NULLS_FIRST;
		} else if (kw2(p, KW_NULLS, KW_LAST)) {
			o->nulls = ORDER_NULLS_LAST;
		} else if (at_kw(p, 0, KW_COLLATE) && at_string(p, 1)) {
			p->at++;
			if (!parse_string(p, &collation))
				return false;
			o->collation = new_name(p, collation);
			o->collation.parts[0].quoted = true;
		}
	}
	return !kw2(p, KW_WITH, KW_FILL) || parse_fill(p, o);
}

bool parse_order_by_list(struct parser *p, struct ast_list *out)
{
	do {
		struct ast_order *o = NEW(p, ORDER, order);
		if ((o->value = parse_aliased(p, false)) == NULL || !parse_order_tail(p, o) || seal(p, o) == NULL)
			return false;
		push(p, out, o);
	} while (accept(p, T_COMMA));
	return p->failed == OK;
}

static bool parse_interpolate(struct parser *p, struct ast_select *s)
{
	s->interpolate = true;
	if (!accept(p, T_LPAREN) || accept(p, T_RPAREN))
		return p->failed == OK;
	do {
		struct name_part *column = ARENA_NEW(p->arena, struct name_part);
		int position = here(p);
		if (!parse_part(p, column))
			return false;
		struct ast *e = kw(p, KW_AS) ? parse_expr(p) : &new_identifier(p, (struct name){column, 1}, position)->ast;
		if (e == NULL)
			return false;
		e->alias = column;
		push(p, &s->interpolations, e);
	} while (accept(p, T_COMMA));
	return need(p, T_RPAREN);
}

static bool parse_order_by(struct parser *p, struct ast_select *s)
{
	if (at_kw(p, 0, KW_ALL) && !at_kind(p, 1, T_DOT) && !at_kind(p, 1, T_COMMA) && !at_kind(p, 1, T_LPAREN)) {
		struct ast_order *o = NEW(p, ORDER, order);
		p->at++;
		s->order_by_all = true;
		if (!parse_order_tail(p, o) || seal(p, o) == NULL)
			return false;
		push(p, &s->order_by, o);
	} else if (!parse_order_by_list(p, &s->order_by)) {
		return false;
	}
	return !kw(p, KW_INTERPOLATE) || parse_interpolate(p, s);
}

static struct ast *parse_grouping(struct parser *p)
{
	struct ast_grouping *g = NEW(p, GROUPING, grouping);
	if (!enter(p))
		return NULL;
	if (at_kw(p, 0, KW_GROUPING)) {
		g->form = GROUPING_SETS;
		p->at += 2;
	} else {
		g->form = at_kw(p, 0, KW_CUBE) ? GROUPING_CUBE : GROUPING_ROLLUP;
		p->at++;
	}
	bool good = need(p, T_LPAREN);
	while (good) {
		bool nested = at_kw(p, 0, KW_GROUPING) && at_kw(p, 1, KW_SETS);
		nested |= (at_kw(p, 0, KW_ROLLUP) || at_kw(p, 0, KW_CUBE)) && at_kind(p, 1, T_LPAREN)
			&& g->form == GROUPING_SETS;
		struct ast *e = nested ? parse_grouping(p) : parse_aliased(p, false);
		good = e != NULL;
		if (good)
			push(p, &g->items, e);
		if (good && !accept(p, T_COMMA))
			break;
	}
	leave(p);
	return good && need(p, T_RPAREN) ? seal(p, g) : NULL;
}

static bool parse_group_by(struct parser *p, struct ast_select *s)
{
	s->group_mode = GROUP_LIST;
	s->group_distinct = !is_clickhouse(p) && kw(p, KW_DISTINCT);
	if (at_kw(p, 0, KW_ALL) && !at_kind(p, 1, T_DOT) && !at_kind(p, 1, T_LPAREN)) {
		p->at++;
		s->group_mode = GROUP_ALL;
	} else {
		do {
			bool grouping = at_kw(p, 0, KW_GROUPING) && at_kw(p, 1, KW_SETS);
			grouping |= (at_kw(p, 0, KW_ROLLUP) || at_kw(p, 0, KW_CUBE)) && at_kind(p, 1, T_LPAREN);
			struct ast *e = grouping ? parse_grouping(p) : parse_aliased(p, false);
			if (e == NULL)
				return false;
			push(p, &s->group_by, e);
		} while (accept(p, T_COMMA));
	}
	if (kw2(p, KW_WITH, KW_ROLLUP))
		s->group_mode = GROUP_ROLLUP;
	else if (kw2(p, KW_WITH, KW_CUBE))
		s->group_mode = GROUP_CUBE;
	return true;
}

static bool parse_windows(struct parser *p, struct ast_select *s)
{
	do {
		struct str name;
		if (!parse_ident(p, &name) || !need_kw(p, KW_AS))
			return false;
		struct ast_window *w = parse_window_spec(p);
		if (w == NULL)
			return false;
		w->name = name;
		push(p, &s->windows, w);
	} while (accept(p, T_COMMA));
	return true;
}

/* LIMIT n [, m | OFFSET m] [BY …] */
static bool parse_limit(struct parser *p, struct ast_select *s)
{
	struct ast *first = NULL, *offset = NULL;
	if (at_kw(p, 0, KW_ALL) && !at_kind(p, 1, T_DOT) && !at_kind(p, 1, T_LPAREN))
		p->at++;
	else if ((first = parse_expr(p)) == NULL)
		return false;
	else if (accept(p, T_COMMA)) {
		offset = first;
		if ((first = parse_expr(p)) == NULL)
			return false;
	} else if (at_kw(p, 0, KW_OFFSET)) {
		p->at++;
		if ((offset = parse_expr(p)) == NULL)
			return false;
		(void)(kw(p, KW_ROW) || kw(p, KW_ROWS));
	}
	if (kw(p, KW_BY)) {
		if (s->limit_by_limit != NULL)
			return fail(p) != NULL;
		s->limit_by_limit = first;
		s->limit_by_offset = offset;
		if (at_kw(p, 0, KW_ALL) && !at_kind(p, 1, T_DOT) && !at_kind(p, 1, T_COMMA)) {
			p->at++;
			s->limit_by_all = true;
			return true;
		}
		return parse_expr_list(p, &s->limit_by);
	}
	if (s->limit != NULL)
		return fail(p) != NULL;
	s->limit = first;
	if (offset != NULL)
		s->offset = offset;
	s->with_ties |= kw2(p, KW_WITH, KW_TIES);
	return true;
}

/* FETCH FIRST|NEXT [n] ROW|ROWS ONLY|WITH TIES */
static bool parse_fetch_clause(struct parser *p, struct ast_select *s)
{
	if (!kw(p, KW_FIRST) && !need_kw(p, KW_NEXT))
		return false;
	if (at_kw(p, 0, KW_ROW) || at_kw(p, 0, KW_ROWS))
		s->limit = &new_uint(p, 1, here(p))->ast;
	else if ((s->limit = parse_expr_above(p, PREC_OTHER)) == NULL)
		return false;
	if (!kw(p, KW_ROW) && !need_kw(p, KW_ROWS))
		return false;
	s->with_ties = kw2(p, KW_WITH, KW_TIES);
	return s->with_ties || need_kw(p, KW_ONLY);
}

static bool parse_lock_rows(struct parser *p, struct ast_select *s)
{
	struct ast_lock_rows *l = NEW(p, LOCK_ROWS, lock_rows);
	if (kw(p, KW_UPDATE))
		l->strength = LOCK_ROWS_UPDATE;
	else if (kw3(p, KW_NO, KW_KEY, KW_UPDATE))
		l->strength = LOCK_ROWS_NO_KEY_UPDATE;
	else if (kw2(p, KW_KEY, KW_SHARE))
		l->strength = LOCK_ROWS_KEY_SHARE;
	else if (kw(p, KW_SHARE))
		l->strength = LOCK_ROWS_SHARE;
	else
		return fail(p) != NULL;
	if (kw(p, KW_OF) && !parse_path_list(p, &l->tables))
		return false;
	if (kw(p, KW_NOWAIT))
		l->wait = LOCK_NOWAIT;
	else if (kw2(p, KW_SKIP, KW_LOCKED))
		l->wait = LOCK_SKIP;
	push(p, &s->locks, seal(p, l));
	return true;
}

/* ORDER BY, LIMIT and so on, of a plain select (clickhouse) or of the whole (postgresql). */
static bool parse_tail(struct parser *p, struct ast_select *s)
{
	bool good = true, more = true;
	while (good && more) {
		if (at_kw(p, 0, KW_ORDER) && s->order_by.count == 0 && kw2(p, KW_ORDER, KW_BY))
			good = parse_order_by(p, s);
		else if (kw(p, KW_LIMIT))
			good = parse_limit(p, s);
		else if (s->offset == NULL && kw(p, KW_OFFSET)) {
			good = (s->offset = parse_expr(p)) != NULL;
			(void)(kw(p, KW_ROW) || kw(p, KW_ROWS));
		} else if (s->limit == NULL && kw(p, KW_FETCH))
			good = parse_fetch_clause(p, s);
		else if (at_lock_clause(p) && kw(p, KW_FOR))
			good = parse_lock_rows(p, s);
		else
			more = false;
	}
	return good && accept_settings(p, &s->settings);
}

/* ---- settings and output ---- */

struct ast_setting *parse_setting(struct parser *p)
{
	struct ast_setting *s = NEW(p, SETTING, setting);
	if (!parse_path(p, &s->name))
		return NULL;
	if (!accept_op(p, OP_EQ) && !kw(p, KW_TO))
		return fail(p);
	if (at_kw(p, 0, KW_DEFAULT) && !at_kind(p, 1, T_LPAREN)) {
		p->at++;
		s->is_default = true;
	} else if ((s->value = parse_expr_above(p, PREC_RANGE)) == NULL) {
		return NULL;
	}
	return seal(p, s);
}

bool parse_settings(struct parser *p, struct ast_list *out)
{
	do {
		struct ast_setting *s = parse_setting(p);
		if (s == NULL)
			return false;
		push(p, out, s);
	} while (accept(p, T_COMMA));
	return p->failed == OK;
}

bool accept_settings(struct parser *p, struct ast_list *out)
{
	if (at_kw(p, 0, KW_SETTINGS) && (at_kind(p, 1, T_WORD) || at_kind(p, 1, T_QUOTED)) && kw(p, KW_SETTINGS))
		return parse_settings(p, out);
	if (unlikely(p->expected != NULL))
		parser_expected(p, "SETTINGS");
	return p->failed == OK;
}

bool accept_format(struct parser *p, struct str *format)
{
	if (at_kw(p, 0, KW_FORMAT) && at_ident(p, 1) && kw(p, KW_FORMAT))
		return parse_spelling(p, format);
	if (unlikely(p->expected != NULL))
		parser_expected(p, "FORMAT");
	return p->failed == OK;
}

bool accept_outfile(struct parser *p, struct ast **outfile)
{
	return !kw2(p, KW_INTO, KW_OUTFILE) || (*outfile = parse_string_node(p)) != NULL;
}

/* ---- operands ---- */

static bool parse_distinct(struct parser *p, struct ast_select *s)
{
	if (at_kw(p, 0, KW_ALL) && !at_kind(p, 1, T_COMMA) && !at_kind(p, 1, T_DOT) && kw(p, KW_ALL))
		return true;
	if (!kw(p, KW_DISTINCT))
		return true;
	if (at_kw(p, 0, KW_ON) && at_kind(p, 1, T_LPAREN)) {
		p->at++;
		return parse_expr_parens(p, &s->distinct_on);
	}
	s->distinct = true;
	return true;
}

static bool parse_top(struct parser *p, struct ast_select *s)
{
	if (!is_clickhouse(p) || !word_is(p, 0, "TOP") || !(at_kind(p, 1, T_NUMBER) || at_kind(p, 1, T_LPAREN)))
		return true;
	p->at++;
	s->limit = at_kind(p, 0, T_NUMBER) ? parse_number(p, false) : parse_expr_above(p, PREC_POSTFIX);
	s->with_ties = kw2(p, KW_WITH, KW_TIES);
	return s->limit != NULL;
}

static bool parse_into(struct parser *p, struct ast_select *s)
{
	if (is_clickhouse(p) || !at_kw(p, 0, KW_INTO) || at_kw(p, 1, KW_OUTFILE))
		return true;
	p->at++;
	s->into_temporary = kw(p, KW_TEMP) || kw(p, KW_TEMPORARY);
	(void)kw(p, KW_UNLOGGED);
	(void)kw(p, KW_TABLE);
	struct ast_table *t = parse_table_name(p);
	if (t == NULL)
		return false;
	push(p, &s->into, t);
	return true;
}

static bool parse_conditions(struct parser *p, struct ast_select *s)
{
	if (kw(p, KW_PREWHERE) && (s->prewhere = parse_expr(p)) == NULL)
		return false;
	if (kw(p, KW_WHERE) && (s->where = parse_expr(p)) == NULL)
		return false;
	if (kw2(p, KW_GROUP, KW_BY) && !parse_group_by(p, s))
		return false;
	s->with_totals = kw2(p, KW_WITH, KW_TOTALS);
	if (kw(p, KW_HAVING) && (s->having = parse_expr(p)) == NULL)
		return false;
	if (at_kw(p, 0, KW_WINDOW) && at_ident(p, 1) && kw(p, KW_WINDOW) && !parse_windows(p, s))
		return false;
	return !kw(p, KW_QUALIFY) || (s->qualify = parse_expr(p)) != NULL;
}

/* SELECT … [FROM …] up to QUALIFY, or FROM … SELECT …. */
static struct ast_select *parse_plain_select(struct parser *p)
{
	struct ast_select *s = NEW(p, SELECT, select);
	bool from_first = kw(p, KW_FROM);
	if (from_first && !parse_from_list(p, &s->from))
		return NULL;
	if (!need_kw(p, KW_SELECT) || !parse_distinct(p, s) || !parse_top(p, s) || !parse_select_items(p, &s->items))
		return NULL;
	if (!parse_into(p, s) || (!from_first && kw(p, KW_FROM) && !parse_from_list(p, &s->from)))
		return NULL;
	return parse_conditions(p, s) ? s : NULL;
}

static struct ast *parse_row_value(struct parser *p)
{
	if (at_kw(p, 0, KW_DEFAULT) && (at_kind(p, 1, T_COMMA) || at_kind(p, 1, T_RPAREN))) {
		struct ast_default *d = NEW(p, DEFAULT, default);
		p->at++;
		return seal(p, d);
	}
	return parse_aliased(p, false);
}

/* (a, DEFAULT, b) */
struct ast *parse_row(struct parser *p)
{
	struct ast_call *row = new_call(p, "tuple", CALL_PARENS, here(p));
	if (!need(p, T_LPAREN))
		return NULL;
	while (!at_kind(p, 0, T_RPAREN)) {
		struct ast *e = parse_row_value(p);
		if (e == NULL)
			return NULL;
		push(p, &row->args, e);
		if (!accept(p, T_COMMA))
			break;
	}
	return need(p, T_RPAREN) ? seal(p, row) : NULL;
}

/* (…), (…): behind VALUES. In ClickHouse a row of one value may stand without parentheses. */
struct ast *parse_values_rows(struct parser *p)
{
	struct ast_select *s = NEW(p, SELECT, select);
	s->form = SELECT_VALUES;
	do {
		if (is_clickhouse(p) && s->rows.count != 0 && !at_kind(p, 0, T_LPAREN))
			break;
		struct ast *row = parse_row(p);
		if (row == NULL)
			return NULL;
		/* rows count as their values do: little */
		p->elements -= ELEMENT_WEIGHT - 1;
		push(p, &s->rows, row);
	} while (accept(p, T_COMMA) || (is_clickhouse(p) && at_kind(p, 0, T_LPAREN)));
	return seal(p, s);
}

/* TABLE t is SELECT * FROM t. */
static struct ast_select *parse_table_command(struct parser *p)
{
	struct ast_select *s = NEW(p, SELECT, select);
	struct ast_asterisk *a = NEW(p, ASTERISK, asterisk);
	p->at++;
	push(p, &s->items, seal(p, a));
	struct ast_table *t = parse_table_name(p);
	if (t == NULL)
		return NULL;
	push(p, &s->from, seal(p, t));
	return s;
}

static struct ast *parse_operand(struct parser *p)
{
	struct ast_select *s;
	if (at_kind(p, 0, T_LPAREN)) {
		struct ast *q = parse_query_parens(p);
		if (q != NULL)
			q->parens = true;
		return q;
	}
	/* an operand may have its own WITH in ClickHouse */
	if (at_kw(p, 0, KW_WITH) && is_clickhouse(p))
		return parse_query(p);
	if (kw(p, KW_VALUES))
		s = (struct ast_select *)parse_values_rows(p);
	else if (at_kw(p, 0, KW_TABLE))
		s = parse_table_command(p);
	else
		s = parse_plain_select(p);
	if (s != NULL && is_clickhouse(p) && !parse_tail(p, s))
		return NULL;
	return s == NULL ? NULL : seal(p, s);
}

/* ---- set operations ---- */

static bool accept_set_operator(struct parser *p, bool intersect, enum select_form *form, enum set_mode *mode)
{
	if (intersect) {
		if (!kw(p, KW_INTERSECT))
			return false;
		*form = SELECT_INTERSECT;
	} else if (kw(p, KW_UNION)) {
		*form = SELECT_UNION;
	} else if (kw(p, KW_EXCEPT)) {
		*form = SELECT_EXCEPT;
	} else {
		return false;
	}
	*mode = kw(p, KW_ALL) ? SET_ALL : kw(p, KW_DISTINCT) ? SET_DISTINCT : SET_UNSAID;
	return true;
}

static bool same_chain(const struct ast *left, enum select_form form, enum set_mode mode)
{
	const struct ast_select *s = (const struct ast_select *)left;
	return left->kind == AST_SELECT && !left->parens && s->form == form && s->mode == mode && s->with.count == 0
		&& s->settings.count == 0;
}

static struct ast *parse_set_chain(struct parser *p, struct ast *left, bool intersect)
{
	enum select_form form;
	enum set_mode mode;
	if (left == NULL)
		left = intersect ? parse_operand(p) : parse_set_chain(p, NULL, true);
	else if (!intersect)
		left = parse_set_chain(p, left, true);
	while (left != NULL && accept_set_operator(p, intersect, &form, &mode)) {
		struct ast *right = intersect ? parse_operand(p) : parse_set_chain(p, NULL, true);
		if (right == NULL)
			return NULL;
		if (same_chain(left, form, mode)) {
			push(p, &((struct ast_select *)left)->operands, right);
			if (right->depth < left->depth)
				continue;
		} else {
			struct ast_select *s = NEW_AT(p, SELECT, select, left->position);
			s->form = form;
			s->mode = mode;
			push(p, &s->operands, left);
			push(p, &s->operands, right);
			left = &s->ast;
		}
		left = seal(p, left);
	}
	return left;
}

/* ClickHouse: SETTINGS behind the last operand serve the whole. */
static void lift_settings(struct ast_select *s)
{
	if (s->form < SELECT_UNION || s->settings.count != 0)
		return;
	struct ast *last = s->operands.items[s->operands.count - 1];
	if (last->kind != AST_SELECT || last->parens)
		return;
	struct ast_select *l = (struct ast_select *)last;
	if (l->form >= SELECT_UNION)
		lift_settings(l);
	s->settings = l->settings;
	l->settings = (struct ast_list){NULL, 0, 0};
}

struct ast *parse_query_rest(struct parser *p, struct ast *first)
{
	struct ast *q = parse_set_chain(p, first, false);
	if (q == NULL || q->kind != AST_SELECT)
		return q == NULL ? NULL : fail(p);
	struct ast_select *s = (struct ast_select *)q;
	if (is_clickhouse(p))
		lift_settings(s);
	/* a tail behind parentheses belongs to a query around them */
	if (q->parens && (at_kw(p, 0, KW_ORDER) || at_kw(p, 0, KW_LIMIT) || at_kw(p, 0, KW_OFFSET) || at_kw(p, 0, KW_FETCH)
		|| at_lock_clause(p))) {
		bool taken = s->order_by.count != 0 || s->limit != NULL || s->offset != NULL || s->limit_by_limit != NULL;
		if (taken) {
			/* (SELECT … LIMIT 5) LIMIT 3: a select from the first */
			struct ast_select *outer = NEW_AT(p, SELECT, select, q->position);
			struct ast_asterisk *all = NEW_AT(p, ASTERISK, asterisk, q->position);
			struct ast_table *t = NEW_AT(p, TABLE, table, q->position);
			t->form = TABLE_SUBQUERY;
			t->query = q;
			push(p, &outer->items, seal(p, all));
			push(p, &outer->from, seal(p, t));
			s = outer;
		} else {
			q->parens = false;
		}
	}
	return parse_tail(p, s) ? seal(p, s) : NULL;
}

struct ast *parse_query(struct parser *p)
{
	struct ast_list with = {NULL, 0, 0};
	bool recursive = false;
	if (!enter(p))
		return NULL;
	bool outer = p->higher_order;
	p->higher_order = false;
	struct ast *q = NULL;
	if (parse_with_clause(p, &with, &recursive)) {
		q = parse_query_rest(p, NULL);
		if (q != NULL && with.count != 0) {
			struct ast_select *s = (struct ast_select *)q;
			if (s->with.count != 0) {
				q = fail(p);
			} else {
				s->with = with;
				s->with_recursive = recursive;
				q = seal(p, s);
			}
		}
	}
	p->higher_order = outer;
	leave(p);
	return q;
}

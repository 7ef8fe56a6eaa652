// SPDX-License-Identifier: Apache-2.0
/* What stands in FROM: tables, functions, subqueries, joins, ARRAY JOIN. */
#include "parse/parse_impl.h"

/* ---- names and aliases ---- */

struct ast_table *parse_table_name(struct parser *p)
{
	struct ast_table *t = NEW(p, TABLE, table);
	t->form = TABLE_NAME;
	t->only = at_kw(p, 0, KW_ONLY) && !is_clickhouse(p) && kw(p, KW_ONLY);
	bool parens = t->only && accept(p, T_LPAREN);
	if (is_clickhouse(p) && at_string(p, 0)) {
		struct str text;
		if (!parse_string(p, &text))
			return NULL;
		t->name = new_name(p, text);
		t->name.parts[0].quoted = true;
	} else if (!parse_path(p, &t->name)) {
		return NULL;
	}
	if (parens && !need(p, T_RPAREN))
		return NULL;
	t->star = !is_clickhouse(p) && at_op(p, 0, OP_STAR) && accept_op(p, OP_STAR);
	return t;
}

static bool at_table_alias(struct parser *p)
{
	const struct token *t = peek(p);
	if (t->kind == T_QUOTED || t->kind == T_UQUOTED)
		return true;
	if (t->kind != T_WORD || t->code == KW_SET || t->code == KW_SELECT || at_string_comment(p) || at_lock_clause(p))
		return false;
	if (is_clickhouse(p))
		return (keywords[t->code].flags & KW_A) == 0 && t->code != KW_PARALLEL;
	return keywords[t->code].class != KEYWORD_RESERVED && keywords[t->code].class != KEYWORD_TYPE_FUNC &&
		!at_clickhouse_clause(p);
}

/* (a, b) or, of functions that return records, (a int, b text). */
static bool parse_column_aliases(struct parser *p, struct ast_list *out)
{
	bool typed = at_ident(p, 1) && !at_kind(p, 2, T_COMMA) && !at_kind(p, 2, T_RPAREN);
	if (!typed)
		return parse_ident_parens(p, out);
	p->at++;
	do {
		struct ast_column_def *c = NEW(p, COLUMN_DEF, column_def);
		struct name_part *part = ARENA_NEW(p->arena, struct name_part);
		if (!parse_part(p, part))
			return false;
		c->name = (struct name){part, 1};
		if ((c->type = parse_type_node(p)) == NULL || (kw(p, KW_COLLATE) && !parse_path(p, &c->collation)))
			return false;
		push(p, out, seal(p, c));
	} while (accept(p, T_COMMA));
	return need(p, T_RPAREN);
}

static bool accept_table_alias(struct parser *p, struct ast *node, struct ast_list *columns)
{
	struct name_part part;
	bool as = kw(p, KW_AS);
	if (as && at_kind(p, 0, T_LPAREN))
		return columns != NULL && parse_column_aliases(p, columns);
	if (!as && !at_table_alias(p)) {
		if (unlikely(p->expected != NULL))
			parser_expected(p, "alias");
		return p->failed == OK;
	}
	if (!(as ? parse_label(p, &part) : parse_part(p, &part)))
		return false;
	node->alias = arena_copy(p->arena, &part, sizeof part);
	return columns == NULL || !at_kind(p, 0, T_LPAREN) || parse_column_aliases(p, columns);
}

/* ---- modifiers ---- */

/* SAMPLE 0.1, 1/10, 10000 [OFFSET …] */
static struct ast *parse_ratio(struct parser *p)
{
	int position = here(p);
	if (!at_kind(p, 0, T_NUMBER))
		return at_kind(p, 0, T_LBRACE) ? parse_parameter(p) : fail(p);
	struct ast *a = parse_number(p, false);
	if (a == NULL || !accept_op(p, OP_SLASH))
		return a;
	if (!at_kind(p, 0, T_NUMBER))
		return fail(p);
	struct ast_call *c = new_call(p, "divide", CALL_OPERATOR, position);
	push(p, &c->args, a);
	push(p, &c->args, parse_number(p, false));
	return seal(p, c);
}

static bool parse_tablesample(struct parser *p, struct ast_table *t)
{
	struct name name;
	int position = here(p);
	if (!parse_path(p, &name) || !at_kind(p, 0, T_LPAREN))
		return fail(p) != NULL;
	t->tablesample = (struct ast_call *)parse_call_after_name(p, name, position);
	if (t->tablesample == NULL)
		return false;
	if (kw(p, KW_REPEATABLE) && (!need(p, T_LPAREN) || (t->repeatable = parse_expr(p)) == NULL || !need(p, T_RPAREN)))
		return false;
	return true;
}

/* WITH ORDINALITY, alias, FINAL, SAMPLE, TABLESAMPLE: in the order of either language. */
static struct ast *parse_table_tail(struct parser *p, struct ast_table *t)
{
	t->ordinality = kw2(p, KW_WITH, KW_ORDINALITY);
	for (int i = 0; i < 3; i++) {
		if (t->ast.alias == NULL && t->columns.count == 0 && !accept_table_alias(p, &t->ast, &t->columns))
			return NULL;
		if (!t->final && kw(p, KW_FINAL))
			t->final = true;
		if (t->sample == NULL && at_kw(p, 0, KW_SAMPLE) && (at_kind(p, 1, T_NUMBER) || at_kind(p, 1, T_LBRACE))) {
			p->at++;
			if ((t->sample = parse_ratio(p)) == NULL)
				return NULL;
			if (at_kw(p, 0, KW_OFFSET)) {
				p->at++;
				if ((t->sample_offset = parse_ratio(p)) == NULL)
					return NULL;
			}
		}
		if (at_kw(p, 0, KW_TABLESAMPLE) && kw(p, KW_TABLESAMPLE) && !parse_tablesample(p, t))
			return NULL;
	}
	return seal(p, t);
}

/* ---- one source ---- */

static struct ast *parse_joined(struct parser *p);

static struct ast *parse_rows_from(struct parser *p, struct ast_table *t)
{
	t->form = TABLE_ROWS_FROM;
	if (!need(p, T_LPAREN))
		return NULL;
	do {
		struct name name;
		int position = here(p);
		if (!parse_path(p, &name) || !at_kind(p, 0, T_LPAREN))
			return fail(p);
		struct ast *f = parse_call_after_name(p, name, position);
		if (f == NULL)
			return NULL;
		push(p, &t->functions, f);
	} while (accept(p, T_COMMA));
	return need(p, T_RPAREN) ? parse_table_tail(p, t) : NULL;
}

static struct ast *subquery_table(struct parser *p, struct ast *query, bool lateral, int position)
{
	struct ast_table *t = NEW_AT(p, TABLE, table, position);
	t->form = TABLE_SUBQUERY;
	t->lateral = lateral;
	t->query = query;
	return query == NULL ? NULL : parse_table_tail(p, t);
}

static bool is_bare_subquery(const struct ast *e)
{
	const struct ast_table *t = (const struct ast_table *)e;
	return e->kind == AST_TABLE && t->form == TABLE_SUBQUERY && e->alias == NULL && t->columns.count == 0 && !t->final
		&& t->sample == NULL && !t->lateral;
}

/* ( query ), ( a JOIN b ), ((query) UNION query). */
static struct ast *parse_parens_table(struct parser *p, bool lateral)
{
	int position = here(p);
	if (at_query(p, 1))
		return subquery_table(p, parse_query_parens(p), lateral, position);
	p->at++;
	if (at_kw(p, 0, KW_EXPLAIN) && is_clickhouse(p)) {
		struct ast *explained = parse_any_statement(p);
		return explained != NULL && need(p, T_RPAREN) ? subquery_table(p, explained, lateral, position) : NULL;
	}
	struct ast *inner = parse_joined(p);
	if (inner == NULL)
		return NULL;
	if (is_bare_subquery(inner)) {
		struct ast *query = ((struct ast_table *)inner)->query;
		if (at_set_operator(p)) {
			query->parens = true;
			query = parse_query_rest(p, query);
		}
		return query != NULL && need(p, T_RPAREN) ? subquery_table(p, query, lateral, position) : NULL;
	}
	if (!need(p, T_RPAREN))
		return NULL;
	inner->parens = true;
	/* (a JOIN b) AS x; a single table in parentheses may be sampled and so on behind them */
	if (inner->kind == AST_TABLE)
		return parse_table_tail(p, (struct ast_table *)inner);
	return accept_table_alias(p, inner, NULL) ? inner : NULL;
}

static struct ast *parse_table_primary(struct parser *p)
{
	bool lateral = at_kw(p, 0, KW_LATERAL) && (at_kind(p, 1, T_LPAREN) || at_ident(p, 1)) && kw(p, KW_LATERAL);
	int position = here(p);
	if (at_kind(p, 0, T_LPAREN)) {
		if (!enter(p))
			return NULL;
		struct ast *t = parse_parens_table(p, lateral);
		leave(p);
		return t;
	}
	if (at_kw(p, 0, KW_ROWS) && at_kw(p, 1, KW_FROM) && at_kind(p, 2, T_LPAREN)) {
		p->at += 2;
		struct ast_table *t = NEW_AT(p, TABLE, table, position);
		t->lateral = lateral;
		return parse_rows_from(p, t);
	}
	/* functions may be spelt with words that no table may */
	struct ast_table *t;
	if (at_kind(p, 0, T_WORD) && at_kind(p, 1, T_LPAREN) && !at_kw(p, 0, KW_ONLY)) {
		struct name_part part;
		t = NEW(p, TABLE, table);
		if (!parse_label(p, &part))
			return NULL;
		t->name = (struct name){arena_copy(p->arena, &part, sizeof part), 1};
	} else if ((t = parse_table_name(p)) == NULL) {
		return NULL;
	}
	t->lateral = lateral;
	if (!t->only && at_kind(p, 0, T_LPAREN)) {
		t->form = TABLE_FUNCTION;
		t->function = (struct ast_call *)parse_call_after_name(p, t->name, position);
		t->name = (struct name){NULL, 0};
		if (t->function == NULL)
			return NULL;
	}
	return parse_table_tail(p, t);
}

/* ---- joins ---- */

static bool accept_strictness(struct parser *p, size_t *n, enum join_strictness *out)
{
	static const struct {
		enum keyword keyword;
		enum join_strictness strictness;
	} table[] = {
		{KW_ALL, STRICT_ALL}, {KW_ANY, STRICT_ANY}, {KW_ASOF, STRICT_ASOF}, {KW_SEMI, STRICT_SEMI}, {KW_ANTI,
			STRICT_ANTI},
	};
	for (size_t i = 0; i < ARRAY_COUNT(table); i++)
		if (*out == STRICT_UNSAID && at_kw(p, *n, table[i].keyword)) {
			*out = table[i].strictness;
			++*n;
			return true;
		}
	return false;
}

/* Takes the words up to JOIN into the join; false (and nothing taken) when no join stands here. */
static bool accept_join_words(struct parser *p, struct ast_join *j)
{
	size_t n = 0;
	if (at_kw(p, n, KW_NATURAL)) {
		j->natural = true;
		n++;
	}
	if (at_kw(p, n, KW_GLOBAL) || at_kw(p, n, KW_LOCAL))
		j->locality = at_kw(p, n++, KW_GLOBAL) ? LOCALITY_GLOBAL : LOCALITY_LOCAL;
	(void)accept_strictness(p, &n, &j->strictness);
	j->type = JOIN_INNER;
	if (at_kw(p, n, KW_INNER)) {
		n++;
	} else if (at_kw(p, n, KW_CROSS)) {
		j->type = JOIN_CROSS;
		n++;
	} else if (at_kw(p, n, KW_PASTE)) {
		j->type = JOIN_PASTE;
		n++;
	} else if (at_kw(p, n, KW_LEFT) || at_kw(p, n, KW_RIGHT) || at_kw(p, n, KW_FULL)) {
		j->type = at_kw(p, n, KW_LEFT) ? JOIN_LEFT : at_kw(p, n, KW_RIGHT) ? JOIN_RIGHT : JOIN_FULL;
		n++;
		n += at_kw(p, n, KW_OUTER);
	} else if (j->strictness == STRICT_SEMI || j->strictness == STRICT_ANTI) {
		j->type = JOIN_LEFT;
	}
	(void)accept_strictness(p, &n, &j->strictness);
	if (!at_kw(p, n, KW_JOIN)) {
		if (unlikely(p->expected != NULL))
			parser_expected(p, "JOIN");
		return false;
	}
	p->at += n + 1;
	return true;
}

static bool parse_using(struct parser *p, struct ast_join *j)
{
	if (at_kind(p, 0, T_LPAREN)) {
		if (!parse_expr_parens(p, &j->using_columns))
			return false;
	} else if (!is_clickhouse(p)) {
		return fail(p) != NULL;
	} else if (at_op(p, 0, OP_STAR)) {
		struct ast *all = parse_asterisk(p, (struct name){NULL, 0}, NULL);
		if (all == NULL)
			return false;
		push(p, &j->using_columns, all);
	} else if (!parse_expr_list(p, &j->using_columns)) {
		return false;
	}
	if (!is_clickhouse(p) && kw(p, KW_AS)) {
		j->using_alias = ARENA_NEW(p->arena, struct name_part);
		return parse_part(p, j->using_alias);
	}
	return true;
}

static struct ast *parse_array_join(struct parser *p, struct ast *source, bool left)
{
	struct ast_array_join *a = NEW(p, ARRAY_JOIN, array_join);
	a->source = source;
	a->left = left;
	do {
		struct ast *e = parse_aliased(p, true);
		if (e == NULL)
			return NULL;
		push(p, &a->items, e);
	} while (accept(p, T_COMMA));
	return seal(p, a);
}

static bool accept_array_join(struct parser *p, bool *left)
{
	*left = false;
	if (kw2(p, KW_ARRAY, KW_JOIN) || kw3(p, KW_INNER, KW_ARRAY, KW_JOIN))
		return true;
	*left = kw3(p, KW_LEFT, KW_ARRAY, KW_JOIN);
	return *left;
}

/* The joins behind `left`. `qualified`: the caller waits for its own ON, so stop in front of one. */
static struct ast *parse_joins(struct parser *p, struct ast *left, bool once)
{
	while (left != NULL) {
		struct ast_join try = {.ast = {.position = here(p)}};
		bool left_array;
		if (accept_array_join(p, &left_array)) {
			left = parse_array_join(p, left, left_array);
			continue;
		}
		if (!accept_join_words(p, &try))
			return left;
		struct ast_join *j = NEW_AT(p, JOIN, join, try.ast.position);
		try.ast = j->ast;
		*j = try;
		j->left = left;
		j->right = parse_table_primary(p);
		bool wants = j->type != JOIN_CROSS && j->type != JOIN_PASTE && !j->natural;
		/* a JOIN b JOIN c ON … ON …: the inner join takes the first ON */
		if (wants && !is_clickhouse(p) && j->right != NULL && !at_kw(p, 0, KW_ON) && !at_kw(p, 0, KW_USING)) {
			if (!enter(p))
				return NULL;
			j->right = parse_joins(p, j->right, true);
			leave(p);
		}
		if (j->right == NULL)
			return NULL;
		if (wants && kw(p, KW_ON)) {
			if ((j->on = parse_expr(p)) == NULL)
				return NULL;
		} else if (wants && kw(p, KW_USING)) {
			if (!parse_using(p, j))
				return NULL;
		} else if (wants && !is_clickhouse(p)) {
			return fail(p);
		}
		left = seal(p, j);
		if (once && (at_kw(p, 0, KW_ON) || at_kw(p, 0, KW_USING)))
			return left;
	}
	return NULL;
}

static struct ast *parse_joined(struct parser *p)
{
	return parse_joins(p, parse_table_primary(p), false);
}

bool parse_from_list(struct parser *p, struct ast_list *out)
{
	do {
		struct ast *t = parse_joined(p);
		if (t == NULL)
			return false;
		push(p, out, t);
	} while (accept(p, T_COMMA));
	return p->failed == OK;
}

// SPDX-License-Identifier: Apache-2.0
/* Queries, what stands in FROM, INSERT, UPDATE and DELETE. */
#include "parse/lexer.h"
#include "parse/print_impl.h"

/* The beginning of a clause: a line of its own. PostgreSQL sets some of them in by a few blanks. */
static void clause(struct printer *pr, const char *postgresql_blanks, const char *words)
{
	new_line(pr);
	put_if(pr, pr->multiline && !in_clickhouse(pr), postgresql_blanks);
	put(pr, words);
}

/* ---- WITH ---- */

static void print_with_item(struct printer *pr, const struct ast_with *w)
{
	if (w->query == NULL) {
		print_expr(pr, w->scalar);
		put(pr, " AS ");
		put_part(pr, &w->name);
		return;
	}
	put_part(pr, &w->name);
	if (w->columns.count != 0) {
		put(pr, "(");
		print_list(pr, &w->columns);
		put(pr, ")");
	}
	put(pr, " AS");
	put_if(pr, w->materialized == CTE_MATERIALIZED, " MATERIALIZED");
	put_if(pr, w->materialized == CTE_NOT_MATERIALIZED, " NOT MATERIALIZED");
	if (in_clickhouse(pr)) {
		new_line(pr);
		print_subquery(pr, w->query);
		return;
	}
	put(pr, " (");
	pr->indent += 2;
	soft_line(pr);
	print_any(pr, w->query);
	soft_line(pr);
	put(pr, ")");
	pr->indent -= 2;
}

void print_with(struct printer *pr, const struct ast_list *with, bool recursive)
{
	bool lines = in_clickhouse(pr);
	if (with->count == 0)
		return;
	put(pr, recursive ? "WITH RECURSIVE" : "WITH");
	pr->indent += lines;
	for (unsigned i = 0; i < with->count; i++) {
		put_if(pr, i != 0, ",");
		if (lines)
			new_line(pr);
		else
			put(pr, " ");
		print_with_item(pr, (const struct ast_with *)with->items[i]);
	}
	pr->indent -= lines;
	new_line(pr);
}

/* ---- FROM ---- */

static void print_column_aliases(struct printer *pr, const struct ast_table *t)
{
	put(pr, t->ast.alias == NULL ? " AS (" : "(");
	for (unsigned i = 0; i < t->columns.count; i++) {
		const struct ast *c = t->columns.items[i];
		put_if(pr, i != 0, ", ");
		if (c->kind == AST_COLUMN_DEF) {
			put_name(pr, &((const struct ast_column_def *)c)->name);
			put(pr, " ");
			print_type(pr, ((const struct ast_column_def *)c)->type);
		} else {
			print_expr(pr, c);
		}
	}
	put(pr, ")");
}

static void print_ratio(struct printer *pr, const struct ast *ratio)
{
	const struct ast_literal *l = (const struct ast_literal *)ratio;
	/* 0.1 is shown as 1 / 10 */
	if (in_clickhouse(pr) && ratio->kind == AST_LITERAL && l->type == LITERAL_FLOAT) {
		uint64_t numerator = 0, denominator = 1;
		bool fraction = false, exact = true;
		for (size_t i = 0; i < l->text.size; i++) {
			char c = l->text.data[i];
			if (c == '.') {
				fraction = true;
				continue;
			}
			exact &= c >= '0' && c <= '9' && denominator < UINT64_MAX / 100 && numerator < UINT64_MAX / 100;
			numerator = numerator * 10 + (uint64_t)(c - '0');
			denominator *= fraction ? 10 : 1;
		}
		if (exact) {
			put_u64(pr, numerator);
			put(pr, " / ");
			put_u64(pr, denominator);
			return;
		}
	}
	const struct ast_call *c = (const struct ast_call *)ratio;
	if (ratio->kind == AST_CALL && c->args.count == 2) {
		print_expr(pr, c->args.items[0]);
		put(pr, " / ");
		print_expr(pr, c->args.items[1]);
		return;
	}
	print_expr(pr, ratio);
}

static void print_source(struct printer *pr, const struct ast_table *t)
{
	put_if(pr, t->lateral, "LATERAL ");
	put_if(pr, t->only, "ONLY ");
	switch (t->form) {
	case TABLE_NAME: put_name(pr, &t->name); break;
	case TABLE_FUNCTION: print_expr(pr, &t->function->ast); break;
	case TABLE_SUBQUERY:
		if (in_clickhouse(pr)) {
			print_subquery(pr, t->query);
			break;
		}
		put(pr, "( ");
		pr->indent += 2;
		print_query(pr, t->query);
		pr->indent -= 2;
		put(pr, ")");
		break;
	case TABLE_ROWS_FROM:
		put(pr, "ROWS FROM (");
		print_list(pr, &t->functions);
		put(pr, ")");
		break;
	}
	put_if(pr, t->star, " *");
}

static void print_table(struct printer *pr, const struct ast_table *t)
{
	print_source(pr, t);
	put_if(pr, t->ordinality, " WITH ORDINALITY");
	if (t->ast.alias != NULL) {
		/* an alias spelt like a clause of ClickHouse needs its AS */
		enum keyword k = keyword_find(t->ast.alias->text);
		bool clause_word = k != NOT_KEYWORD && keywords[k].class == KEYWORD_NONE;
		put(pr, in_clickhouse(pr) || t->ordinality || clause_word ? " AS " : " ");
		put_part(pr, t->ast.alias);
	}
	if (t->columns.count != 0)
		print_column_aliases(pr, t);
	if (t->tablesample != NULL) {
		put(pr, " TABLESAMPLE ");
		print_expr(pr, &t->tablesample->ast);
		if (t->repeatable != NULL) {
			put(pr, " REPEATABLE (");
			print_expr(pr, t->repeatable);
			put(pr, ")");
		}
	}
	if (t->final)
		clause(pr, "  ", "FINAL");
	if (t->sample != NULL) {
		clause(pr, "  ", "SAMPLE ");
		print_ratio(pr, t->sample);
		if (t->sample_offset != NULL) {
			put(pr, " OFFSET ");
			print_ratio(pr, t->sample_offset);
		}
	}
}

/* A subquery begins on a line of its own in ClickHouse. */
static void print_on_line(struct printer *pr, const struct ast *t)
{
	bool query = t->kind == AST_TABLE && ((const struct ast_table *)t)->form == TABLE_SUBQUERY;
	bool nested = t->kind != AST_TABLE;
	if (in_clickhouse(pr) && query && pr->multiline)
		new_line(pr);
	else
		put(pr, " ");
	/* a join as the right side of another */
	bool wrap = nested && !t->parens && t->alias == NULL;
	put_if(pr, wrap, "(");
	print_table_expr(pr, t);
	put_if(pr, wrap, ")");
}

static void print_join_words(struct printer *pr, const struct ast_join *j)
{
	static const char *const strictness[] = {"", "ALL ", "ANY ", "ASOF ", "SEMI ", "ANTI "};
	static const char *const types[] = {"INNER JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL OUTER JOIN", "CROSS JOIN",
	                                    "PASTE JOIN"};
	static const char *const postgresql_types[] = {"JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN",
	                                               "PASTE JOIN"};
	put_if(pr, j->locality == LOCALITY_GLOBAL, "GLOBAL ");
	put_if(pr, j->locality == LOCALITY_LOCAL, "LOCAL ");
	put_if(pr, j->natural, "NATURAL ");
	put(pr, strictness[j->strictness]);
	put(pr, in_clickhouse(pr) ? types[j->type] : postgresql_types[j->type]);
}

static void print_join(struct printer *pr, const struct ast_join *j)
{
	print_table_expr(pr, j->left);
	clause(pr, "     ", "");
	print_join_words(pr, j);
	print_on_line(pr, j->right);
	if (j->on != NULL) {
		put(pr, " ON ");
		/* PostgreSQL's grammar ends an ON at the next join, ClickHouse shows the condition bare */
		print_expr(pr, j->on);
	} else if (j->using_columns.count != 0) {
		put(pr, " USING (");
		print_list(pr, &j->using_columns);
		put(pr, ")");
		if (j->using_alias != NULL) {
			put(pr, " AS ");
			put_part(pr, j->using_alias);
		}
	}
}

void print_table_expr(struct printer *pr, const struct ast *t)
{
	if (t->kind == AST_TABLE) {
		print_table(pr, (const struct ast_table *)t);
		return;
	}
	if (t->kind == AST_JOIN) {
		bool wrap = t->parens || t->alias != NULL;
		put_if(pr, wrap, "(");
		print_join(pr, (const struct ast_join *)t);
		put_if(pr, wrap, ")");
		print_alias(pr, t);
		return;
	}
	assert(t->kind == AST_ARRAY_JOIN);
	const struct ast_array_join *a = (const struct ast_array_join *)t;
	print_table_expr(pr, a->source);
	clause(pr, "     ", a->left ? "LEFT ARRAY JOIN" : "ARRAY JOIN");
	print_items(pr, &a->items);
}

static void print_from(struct printer *pr, const struct ast_list *from)
{
	clause(pr, "   ", "FROM");
	for (unsigned i = 0; i < from->count; i++) {
		const struct ast *t = from->items[i];
		const struct ast *first = t;
		while (first->kind != AST_TABLE)
			first = first->kind == AST_JOIN ? ((const struct ast_join *)first)->left
				: ((const struct ast_array_join *)first)->source;
		bool query = ((const struct ast_table *)first)->form == TABLE_SUBQUERY;
		put_if(pr, i != 0, ",");
		if (in_clickhouse(pr) && query && pr->multiline && !t->parens)
			new_line(pr);
		else if (i != 0 && !in_clickhouse(pr) && pr->multiline)
			clause(pr, "    ", "");
		else
			put(pr, " ");
		print_table_expr(pr, t);
	}
}

/* ---- the clauses of SELECT ---- */

static void print_condition(struct printer *pr, const char *blanks, const char *words, const struct ast *condition)
{
	if (condition == NULL)
		return;
	clause(pr, blanks, words);
	print_expr(pr, condition);
}

static void print_set_of(struct printer *pr, const struct ast *e)
{
	/* a grouping set is a list, whatever the dialect makes of tuples */
	const struct ast_call *c = (const struct ast_call *)e;
	bool tuple = e->kind == AST_CALL && c->form == CALL_PARENS;
	if (e->kind == AST_GROUPING) {
		print_expr(pr, e);
		return;
	}
	if (!tuple) {
		print_expr(pr, e);
		return;
	}
	put(pr, "(");
	print_list(pr, &c->args);
	put(pr, ")");
}

static void print_grouping(struct printer *pr, const struct ast_grouping *g)
{
	static const char *const postgresql[] = {"ROLLUP(", "CUBE(", "GROUPING SETS ("};
	static const char *const clickhouse[] = {"rollup(", "cube(", "GROUPING SETS ("};
	bool lines = in_clickhouse(pr) && pr->multiline && g->form == GROUPING_SETS;
	put(pr, in_clickhouse(pr) ? clickhouse[g->form] : postgresql[g->form]);
	pr->indent++;
	for (unsigned i = 0; i < g->items.count; i++) {
		put_if(pr, i != 0, lines ? "," : ", ");
		if (lines)
			new_line(pr);
		if (g->items.items[i]->kind == AST_GROUPING)
			print_grouping(pr, (const struct ast_grouping *)g->items.items[i]);
		else
			print_set_of(pr, g->items.items[i]);
	}
	pr->indent--;
	put(pr, ")");
}

static void print_group_items(struct printer *pr, const struct ast_list *list)
{
	bool lines = in_clickhouse(pr) && pr->multiline
		&& (list->count > 1 || (list->count == 1 && list->items[0]->kind == AST_GROUPING));
	pr->indent += lines;
	for (unsigned i = 0; i < list->count; i++) {
		put_if(pr, i != 0, ",");
		if (lines)
			new_line(pr);
		else
			put(pr, " ");
		if (list->items[i]->kind == AST_GROUPING) {
			print_grouping(pr, (const struct ast_grouping *)list->items[i]);
		} else {
			print_aliased(pr, list->items[i]);
		}
	}
	pr->indent -= lines;
}

static void print_with_words(struct printer *pr, const char *words)
{
	pr->indent++;
	new_line(pr);
	put(pr, words);
	pr->indent--;
}

static void print_group_by(struct printer *pr, const struct ast_select *s)
{
	if (s->group_mode != GROUP_NONE) {
		const struct ast_grouping *only = NULL;
		if (s->group_by.count == 1 && s->group_by.items[0]->kind == AST_GROUPING)
			only = (const struct ast_grouping *)s->group_by.items[0];
		clause(pr, "  ", s->group_distinct ? "GROUP BY DISTINCT" : "GROUP BY");
		put_if(pr, s->group_mode == GROUP_ALL, " ALL");
		if (in_clickhouse(pr) && only != NULL && only->form != GROUPING_SETS) {
			print_group_items(pr, &only->items);
			print_with_words(pr, only->form == GROUPING_ROLLUP ? "WITH ROLLUP" : "WITH CUBE");
		} else {
			print_group_items(pr, &s->group_by);
		}
		if (s->group_mode == GROUP_ROLLUP)
			print_with_words(pr, "WITH ROLLUP");
		if (s->group_mode == GROUP_CUBE)
			print_with_words(pr, "WITH CUBE");
	}
	if (s->with_totals)
		print_with_words(pr, "WITH TOTALS");
}

static void print_windows(struct printer *pr, const struct ast_list *windows)
{
	bool lines = windows->count > 1 && pr->multiline && in_clickhouse(pr);
	if (windows->count == 0)
		return;
	clause(pr, "  ", "WINDOW");
	pr->indent += lines;
	for (unsigned i = 0; i < windows->count; i++) {
		const struct ast_window *w = (const struct ast_window *)windows->items[i];
		put_if(pr, i != 0, ",");
		if (lines)
			new_line(pr);
		else
			put(pr, " ");
		put_ident(pr, w->name);
		put(pr, " AS ");
		print_window(pr, w);
	}
	pr->indent -= lines;
}

static void print_order_by(struct printer *pr, const struct ast_select *s)
{
	if (s->order_by.count != 0) {
		clause(pr, "  ", "ORDER BY");
		if (in_clickhouse(pr))
			print_items(pr, &s->order_by);
		else {
			put(pr, " ");
			print_list(pr, &s->order_by);
		}
	}
	if (!s->interpolate)
		return;
	clause(pr, "  ", "INTERPOLATE");
	if (s->interpolations.count == 0)
		return;
	put(pr, " (");
	for (unsigned i = 0; i < s->interpolations.count; i++) {
		const struct ast *e = s->interpolations.items[i];
		struct name column = {e->alias, 1};
		put_if(pr, i != 0, ", ");
		put_column_name(pr, &column);
		put(pr, " AS ");
		print_unaliased(pr, e);
	}
	put(pr, ")");
}

static void print_limit_by(struct printer *pr, const struct ast_select *s)
{
	if (s->limit_by_limit == NULL)
		return;
	clause(pr, " ", "LIMIT ");
	if (s->limit_by_offset != NULL) {
		print_expr(pr, s->limit_by_offset);
		put(pr, ", ");
	}
	print_expr(pr, s->limit_by_limit);
	put(pr, s->limit_by_all ? " BY ALL" : " BY");
	print_items(pr, &s->limit_by);
}

static void print_limit(struct printer *pr, const struct ast_select *s)
{
	if (!in_clickhouse(pr)) {
		if (s->offset != NULL) {
			clause(pr, " ", "OFFSET ");
			print_expr(pr, s->offset);
		}
		if (s->limit != NULL && s->with_ties) {
			clause(pr, " ", "FETCH FIRST ");
			print_expr(pr, s->limit);
			put(pr, " ROWS WITH TIES");
		} else if (s->limit != NULL) {
			clause(pr, " ", "LIMIT ");
			print_expr(pr, s->limit);
		}
		return;
	}
	if (s->limit != NULL) {
		clause(pr, "", "LIMIT ");
		if (s->offset != NULL) {
			print_expr(pr, s->offset);
			put(pr, ", ");
		}
		print_expr(pr, s->limit);
		if (s->with_ties) {
			soft_line(pr);
			put(pr, pr->multiline ? " WITH TIES" : "  WITH TIES");
		}
	} else if (s->offset != NULL) {
		clause(pr, "", "OFFSET ");
		print_expr(pr, s->offset);
	}
}

static void print_locks(struct printer *pr, const struct ast_list *locks)
{
	static const char *const strengths[] = {"", "FOR KEY SHARE", "FOR SHARE", "FOR NO KEY UPDATE", "FOR UPDATE"};
	AST_EACH(locks, node) {
		const struct ast_lock_rows *l = (const struct ast_lock_rows *)node;
		clause(pr, "  ", strengths[l->strength]);
		if (l->tables.count != 0) {
			put(pr, " OF ");
			print_list(pr, &l->tables);
		}
		put_if(pr, l->wait == LOCK_NOWAIT, " NOWAIT");
		put_if(pr, l->wait == LOCK_SKIP, " SKIP LOCKED");
	}
}

static void print_output(struct printer *pr, const struct ast_select *s)
{
	if (s->outfile != NULL) {
		clause(pr, "", "INTO OUTFILE ");
		print_expr(pr, s->outfile);
		put_if(pr, s->outfile_append, " APPEND");
		put_if(pr, s->outfile_truncate, " TRUNCATE");
		put_if(pr, s->outfile_and_stdout, " AND STDOUT");
		if (s->outfile_compression.data != NULL) {
			put(pr, " COMPRESSION ");
			put_string(pr, s->outfile_compression);
			if (s->outfile_level != 0)
				strbuf_printf(pr->b, " LEVEL %u", s->outfile_level);
		}
	}
	if (s->format.data != NULL) {
		clause(pr, "", "FORMAT ");
		put_format(pr, s->format);
	}
}

static void print_select_list(struct printer *pr, const struct ast_select *s)
{
	put(pr, "SELECT");
	put_if(pr, s->distinct, " DISTINCT");
	if (s->distinct_on.count != 0 && !in_clickhouse(pr)) {
		put(pr, " DISTINCT ON (");
		print_list(pr, &s->distinct_on);
		put(pr, ")");
	}
	if (in_clickhouse(pr) || !pr->multiline) {
		print_items(pr, &s->items);
	} else {
		for (unsigned i = 0; i < s->items.count; i++) {
			put_if(pr, i != 0, ",");
			if (i == 0)
				put(pr, " ");
			else
				clause(pr, "    ", "");
			print_aliased(pr, s->items.items[i]);
		}
	}
	if (s->into.count != 0) {
		put(pr, s->into_temporary ? " INTO TEMPORARY " : " INTO ");
		print_table_expr(pr, s->into.items[0]);
	}
}

static void print_plain_select(struct printer *pr, const struct ast_select *s)
{
	print_select_list(pr, s);
	if (s->from.count != 0)
		print_from(pr, &s->from);
	print_condition(pr, "  ", "PREWHERE ", s->prewhere);
	print_condition(pr, "  ", "WHERE ", s->where);
	print_group_by(pr, s);
	print_condition(pr, " ", "HAVING ", s->having);
	print_windows(pr, &s->windows);
	print_condition(pr, " ", "QUALIFY ", s->qualify);
}

/* ---- VALUES and set operations ---- */

static void print_rows(struct printer *pr, const struct ast_list *rows)
{
	put(pr, "VALUES ");
	for (unsigned i = 0; i < rows->count; i++) {
		put_if(pr, i != 0, ", ");
		put(pr, "(");
		print_list(pr, &((const struct ast_call *)rows->items[i])->args);
		put(pr, ")");
	}
}

static bool operand_needs_parens(const struct printer *pr, const struct ast *operand)
{
	const struct ast_select *s = (const struct ast_select *)operand;
	bool tail = s->order_by.count != 0 || s->limit != NULL || s->offset != NULL || s->limit_by_limit != NULL;
	if (pr->operand_parens)
		return true;
	if (s->form >= SELECT_UNION)
		return operand->parens || tail;
	if (s->with.count != 0)
		return true;
	/* ClickHouse: a trailing ORDER BY belongs to the operand; elsewhere it would be taken for the whole's */
	return tail && !in_clickhouse(pr);
}

static void print_operand_query(struct printer *pr, const struct ast *operand, bool wrap)
{
	if (!wrap)
		print_query(pr, operand);
	else if (in_clickhouse(pr))
		print_subquery(pr, operand);
	else {
		put(pr, "(");
		print_query(pr, operand);
		put(pr, ")");
	}
}

static void print_set_operation(struct printer *pr, const struct ast_select *s)
{
	static const char *const words[] = {[SELECT_UNION] = "UNION", [SELECT_INTERSECT] = "INTERSECT",
	                                    [SELECT_EXCEPT] = "EXCEPT"};
	for (unsigned i = 0; i < s->operands.count; i++) {
		const struct ast *o = s->operands.items[i];
		bool wrap = operand_needs_parens(pr, o);
		/* as ClickHouse shows EXCEPT */
		wrap |= in_clickhouse(pr) && s->form == SELECT_EXCEPT && ((const struct ast_select *)o)->form == SELECT_PLAIN;
		/* a chain on the left binds as it was read only without parentheses of its own */
		if (i != 0 && ((const struct ast_select *)o)->form >= SELECT_UNION)
			wrap |= s->form == SELECT_INTERSECT || ((const struct ast_select *)o)->form != SELECT_INTERSECT;
		if (i != 0) {
			new_line(pr);
			put(pr, words[s->form]);
			put_if(pr, s->mode == SET_ALL, " ALL");
			put_if(pr, s->mode == SET_DISTINCT, " DISTINCT");
			new_line(pr);
		}
		print_operand_query(pr, o, wrap);
	}
}

void print_query(struct printer *pr, const struct ast *query)
{
	if (query->kind != AST_SELECT) {
		print_any(pr, query);
		return;
	}
	const struct ast_select *s = (const struct ast_select *)query;
	print_with(pr, &s->with, s->with_recursive);
	switch (s->form) {
	case SELECT_PLAIN: print_plain_select(pr, s); break;
	case SELECT_VALUES: print_rows(pr, &s->rows); break;
	case SELECT_UNION: case SELECT_INTERSECT: case SELECT_EXCEPT: print_set_operation(pr, s); break;
	}
	print_order_by(pr, s);
	print_limit_by(pr, s);
	if (s->distinct_on.count != 0 && in_clickhouse(pr)) {
		clause(pr, "", "LIMIT 1 BY");
		print_items(pr, &s->distinct_on);
	}
	print_limit(pr, s);
	print_locks(pr, &s->locks);
	/* canonical is SETTINGS first, unless a file is written: there they stand last */
	if (s->outfile != NULL)
		print_output(pr, s);
	print_settings_clause(pr, &s->settings);
	if (s->outfile == NULL)
		print_output(pr, s);
}

/* ---- settings ---- */

void print_setting(struct printer *pr, const struct ast_setting *s)
{
	put_name(pr, &s->name);
	if (s->is_default)
		put(pr, " = DEFAULT");
	else if (s->value != NULL) {
		put(pr, " = ");
		print_expr(pr, s->value);
	}
}

void print_settings(struct printer *pr, const struct ast_list *list)
{
	for (unsigned i = 0; i < list->count; i++) {
		put_if(pr, i != 0, ", ");
		print_setting(pr, (const struct ast_setting *)list->items[i]);
	}
}

void print_settings_clause(struct printer *pr, const struct ast_list *list)
{
	if (list->count == 0)
		return;
	clause(pr, "", "SETTINGS ");
	print_settings(pr, list);
}

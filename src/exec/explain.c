// SPDX-License-Identifier: Apache-2.0
/* EXPLAIN: the stages of a query as text. AST, SYNTAX, PLAN, PIPELINE, ESTIMATE; ANALYZE runs it. */
#include <stdio.h>

#include "base/clock.h"
#include "exec/explain_text.h"
#include "parse/ast_change.h"

struct lines {
	struct arena *arena;
	struct str *items;
	size_t count, capacity;
};

static void add_line(struct lines *l, struct str s)
{
	ARENA_PUSH(l->arena, l->items, l->count, l->capacity, s);
}

static void add_text(struct lines *l, struct str text)
{
	while (text.size != 0) {
		ptrdiff_t n = str_find_char(text, '\n');
		struct str line = n < 0 ? text : str_make(text.data, (size_t)n);
		add_line(l, arena_str(l->arena, line));
		text = n < 0 ? STR("") : str_make(text.data + n + 1, text.size - (size_t)n - 1);
	}
}

static const char *node_name(const struct plan *p)
{
	static const char *const names[PLAN_KIND_COUNT] = {
		[PLAN_SCAN] = "Seq Scan", [PLAN_VALUES] = "Result", [PLAN_SERIES] = "Function Scan", [PLAN_FILTER] = "Filter",
		[PLAN_PROJECT] = "Projection", [PLAN_AGGREGATE] = "HashAggregate", [PLAN_DISTINCT] = "Unique",
			[PLAN_JOIN] = "Hash Join",
		[PLAN_SORT] = "Sort", [PLAN_LIMIT] = "Limit", [PLAN_LIMIT_BY] = "Unique", [PLAN_UNNEST] = "ProjectSet",
			[PLAN_UNION] = "Append",
		[PLAN_SET] = "SetOp", [PLAN_APPLY] = "Nested Loop", [PLAN_FUNCTION] = "Function Scan", [PLAN_COUNT_ROWS] = "Result",
		[PLAN_WINDOW] = "WindowAgg", [PLAN_FILL] = "Filling", [PLAN_CTE] = "CTE Scan", [PLAN_TOTALS] = "Totals",
		[PLAN_TOTALS_ROW] = "Result",
		[PLAN_FETCH] = "Fetch Columns",
	};
	return names[p->kind];
}

static void describe(struct lines *l, const struct plan *p, unsigned depth)
{
	struct str what = STR("");
	if (p->kind == PLAN_SCAN)
		what = arena_strf(l->arena, " on %.*s", STR_ARG(p->u.scan.table->def->name));
	else if (p->kind == PLAN_SORT && p->u.sort.limit != 0)
		what = arena_strf(l->arena, " (top %llu)", (unsigned long long)p->u.sort.limit);
	add_line(l, arena_strf(l->arena, "%*s%s%s%.*s  (cost=0.00..%.2f rows=%.0f width=%u)",
	                       depth == 0 ? 0 : (int)depth * 6 - 4, "",
	                       depth == 0 ? "" : "->  ", node_name(p), STR_ARG(what),
	                       p->estimated_rows < 0 ? 1000.0 : p->estimated_rows,
	                       p->estimated_rows < 0 ? 1000.0 : p->estimated_rows,
	                       p->column_count * 8));
	if (p->kind == PLAN_SCAN && p->u.scan.prewhere_count != 0)
		add_line(l, arena_strf(l->arena, "%*sPrewhere: %u conditions", (int)depth * 6 + 2, "",
		                       p->u.scan.prewhere_count));
	for (uint32_t i = 0; i < p->input_count; i++)
		describe(l, p->inputs[i], depth + 1);
	if (p->kind == PLAN_APPLY)
		describe(l, p->u.apply.right, depth + 1);
}

bool explain_option(const struct ast_explain *x, const char *name)
{
	AST_EACH(&x->options, o) {
		const struct ast_setting *s = (const struct ast_setting *)o;
		const struct ast_literal *l = (const struct ast_literal *)s->value;
		if (name_is(&s->name, name) && l != NULL && l->ast.kind == AST_LITERAL)
			return l->type == LITERAL_BOOL ? l->boolean : l->type != LITERAL_UINT || l->u != 0;
	}
	return false;
}

static enum status run_analyze(struct statement *st, struct lines *l, struct error *err)
{
	struct batch *b;
	enum status s;
	int64_t start = clock_mono_ns();
	uint64_t rows = 0;
	TRY(statement_query_begin(st, err));
	while ((s = query_next(&st->query, &b, err)) == OK && b != NULL) {
		rows += b->count;
		batch_free(b);
	}
	query_end(&st->query);
	st->query_started = false;
	TRY(s);
	add_line(l, arena_strf(l->arena, "Rows: %llu", (unsigned long long)rows));
	add_line(l, arena_strf(l->arena, "Execution Time: %.3f ms", (double)(clock_mono_ns() - start) / 1e6));
	return OK;
}

static void collect_scans(const struct plan *p, const struct plan **scans, uint32_t *n, uint32_t max)
{
	if (p->kind == PLAN_SCAN && *n < max)
		scans[(*n)++] = p;
	for (uint32_t i = 0; i < p->input_count; i++)
		collect_scans(p->inputs[i], scans, n, max);
}

/* database, table, parts, rows, marks of each table read. */
static enum status run_estimate(struct statement *st, struct error *err)
{
	static const char *const names[] = {"database", "table", "parts", "rows", "marks"};
	const struct plan *scans[64];
	uint32_t n = 0;
	collect_scans(st->plan->root, scans, &n, ARRAY_COUNT(scans));
	struct str *cells = ARENA_ARRAY(&st->arena, struct str, 5 * n + 1);
	for (uint32_t i = 0; i < n; i++) {
		struct table *t = scans[i]->u.scan.table;
		struct table_size size = {0};
		if (t->ops->size != NULL)
			TRY(t->ops->size(t, st->session->txn, &size, err));
		cells[5 * i] = t->def->database;
		cells[5 * i + 1] = t->def->name;
		cells[5 * i + 2] = arena_strf(&st->arena, "%llu", (unsigned long long)size.parts);
		cells[5 * i + 3] = arena_strf(&st->arena, "%llu", (unsigned long long)size.rows);
		cells[5 * i + 4] = arena_strf(&st->arena, "%llu", (unsigned long long)((size.rows + 8191) / 8192));
	}
	return statement_text_answer(st, names, 5, cells, n, err);
}

enum status explain_run(struct statement *st, struct error *err)
{
	const struct ast_explain *x = (const struct ast_explain *)st->ast;
	bool pg = st->session->dialect == DIALECT_POSTGRESQL;
	struct lines l = {.arena = &st->arena};
	const char *name = pg ? "QUERY PLAN" : "explain";
	st->tag = STR("EXPLAIN");
	if (x->statement == NULL)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: this form of EXPLAIN");
	if (x->type == EXPLAIN_SYNTAX || x->type == EXPLAIN_AST || x->type == EXPLAIN_QUERY_TREE) {
		struct strbuf text;
		enum status s = OK;
		strbuf_init(&text, NULL);
		if (x->type == EXPLAIN_SYNTAX)
			s = explain_syntax(st, x, &text, err);
		else if (x->type == EXPLAIN_AST)
			explain_ast(&st->arena, x->statement, &text);
		else
			s = explain_query_tree(st, x->statement, &text, err);
		add_text(&l, strbuf_str(&text));
		strbuf_fini(&text);
		TRY(s);
		return statement_text_answer(st, &name, 1, l.items, (uint32_t)l.count, err);
	}
	const struct ast *query = x->statement;
	if (query->kind == AST_INSERT && ((const struct ast_insert *)query)->query != NULL)
		query = ((const struct ast_insert *)query)->query;
	if (query->kind != AST_SELECT)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: EXPLAIN of this statement");
	TRY(statement_bind(st, query, NULL, err));
	if (x->type == EXPLAIN_ESTIMATE)
		return run_estimate(st, err);
	if (pg) {
		describe(&l, st->plan->root, 0);
	} else {
		struct strbuf text;
		strbuf_init(&text, NULL);
		if (x->type == EXPLAIN_PIPELINE)
			explain_pipeline(st->plan->root, &text);
		else
			explain_plan(&st->arena, st->plan->root, &text);
		add_text(&l, strbuf_str(&text));
		strbuf_fini(&text);
	}
	if (x->analyze)
		TRY(run_analyze(st, &l, err));
	return statement_text_answer(st, &name, 1, l.items, (uint32_t)l.count, err);
}

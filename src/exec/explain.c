// SPDX-License-Identifier: Apache-2.0
/* EXPLAIN: the stages of a query as text. AST, SYNTAX, PLAN, PIPELINE, ESTIMATE; ANALYZE runs it. */
#include <stdio.h>

#include "base/clock.h"
#include "exec/change.h"
#include "exec/explain_impl.h"
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

static enum status run_analyze(struct statement *st, struct profile *profile, uint64_t *rows, double *ms,
                               struct error *err)
{
	struct batch *b;
	int64_t start = clock_mono_ns();
	st->query.profile = profile;
	enum status s = statement_query_begin(st, err);
	while (s == OK && (s = query_next(&st->query, &b, err)) == OK && b != NULL) {
		*rows += b->count;
		batch_free(b);
	}
	query_end(&st->query);
	st->query_started = false;
	st->query.profile = NULL;
	*ms = (double)(clock_mono_ns() - start) / 1e6;
	return s;
}

/* ---- PostgreSQL's layout ---- */

/* The query that a statement runs, bound; what it does with the rows, or NULL. */
static enum status bind_explained(struct statement *st, const struct ast *x, const char **change, struct str *table,
                                  struct error *err)
{
	*change = NULL;
	if (x->kind == AST_INSERT) {
		const struct ast_insert *i = (const struct ast_insert *)x;
		*change = "Insert";
		*table = name_last(&i->table);
		x = i->query;
	} else if (x->kind == AST_UPDATE || x->kind == AST_DELETE) {
		bool update = x->kind == AST_UPDATE;
		*change = update ? "Update" : "Delete";
		*table = name_last(&(update ? ((const struct ast_update *)x)->table : ((const struct ast_delete *)x)->table)->name);
		return change_check(st, x, err);
	}
	if (x == NULL || x->kind != AST_SELECT)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: EXPLAIN of this statement");
	return statement_bind(st, x, NULL, err);
}

static enum status explain_pg(struct statement *st, const struct ast_explain *ast, struct lines *l, struct error *err)
{
	struct explainer x = {.arena = &st->arena, .text = &st->session->text};
	struct profile profile;
	const char *change;
	struct str table;
	uint64_t rows = 0;
	TRY(explain_pg_options(ast, &x.options, err));
	int64_t start = clock_mono_ns();
	TRY(bind_explained(st, ast->statement, &change, &table, err));
	if (change != NULL && x.options.analyze)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: EXPLAIN ANALYZE of a statement that changes rows");
	x.planning_ms = (double)(clock_mono_ns() - start) / 1e6;
	x.query = st->plan;
	profile_init(&profile);
	enum status s = x.options.analyze ? run_analyze(st, &profile, &rows, &x.execution_ms, err) : OK;
	if (s == OK && profile.no_memory)
		s = ERR(err, E_CANNOT_ALLOCATE, "no memory for the profile");
	if (s == OK) {
		struct strbuf text;
		strbuf_init(&text, NULL);
		x.profile = x.options.analyze ? &profile : NULL;
		struct explain_node *root = explain_pg_tree(&x);
		explain_pg_write(&x, change == NULL ? root : explain_pg_change(&x, root, change, table), &text);
		if (x.options.form == EXPLAIN_AS_TEXT)
			add_text(l, strbuf_str(&text));
		else
			add_line(l, arena_str(l->arena, strbuf_str(&text)));
		s = strbuf_status(&text, err);
		strbuf_fini(&text);
	}
	profile_fini(&profile);
	return s;
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
	if (pg && x->type == EXPLAIN_UNSAID) {
		TRY(explain_pg(st, x, &l, err));
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
	struct strbuf text;
	strbuf_init(&text, NULL);
	if (x->type == EXPLAIN_PIPELINE)
		explain_pipeline(st->plan->root, &text);
	else
		explain_plan(&st->arena, st->plan->root, &text);
	add_text(&l, strbuf_str(&text));
	strbuf_fini(&text);
	if (x->analyze) {
		uint64_t rows = 0;
		double ms;
		TRY(run_analyze(st, NULL, &rows, &ms, err));
		add_line(&l, arena_strf(l.arena, "Rows: %llu", (unsigned long long)rows));
		add_line(&l, arena_strf(l.arena, "Execution Time: %.3f ms", ms));
	}
	return statement_text_answer(st, &name, 1, l.items, (uint32_t)l.count, err);
}

// SPDX-License-Identifier: Apache-2.0
/*
 * EXPLAIN QUERY TREE: a query with its names resolved, in ClickHouse's layout. The type of a node is asked of the
 * binder, as that of the only item of a query over the same source.
 */
#include "exec/change.h"
#include "exec/explain_text.h"
#include "func/aggregate.h"
#include "parse/functional.h"
#include "parse/print.h"

struct tree {
	struct statement *st;
	struct strbuf *out;
	struct error *err;
	uint32_t ids, tables;
};

/* A query whose nodes are printed: its source and the columns that it has shown. */
struct shown_query {
	const struct ast_select *query;
	uint32_t source_id;
	struct {
		struct str name;
		uint32_t id;
	} *columns;
	size_t column_count, column_capacity;
	unsigned alias_depth;
};

enum { ALIAS_DEPTH_MAX = 32 };

static enum status show_query(struct tree *t, const struct ast_select *q, unsigned indent, uint32_t id,
                              const char *extra) MUST_CHECK;
static enum status show_node(struct tree *t, struct shown_query *q, const struct ast *x, unsigned indent) MUST_CHECK;

static void line(struct tree *t, unsigned indent, const char *fmt, ...) PRINTF_LIKE(3, 4);
static void line(struct tree *t, unsigned indent, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	struct str s = arena_vstrf(&t->st->arena, fmt, ap);
	va_end(ap);
	strbuf_printf(t->out, "%*s%.*s\n", (int)indent * 2, "", STR_ARG(s));
}

static enum status unsupported(struct tree *t, const char *what)
{
	return ERR(t->err, E_NOT_IMPLEMENTED, "not supported yet: EXPLAIN QUERY TREE of %s", what);
}

/* Names and types of a query's result. */
static enum status describe(struct tree *t, const struct ast_select *q, struct str **names, struct str **types,
                            uint32_t *n)
{
	struct arena *a = &t->st->arena;
	TRY(statement_bind(t->st, &q->ast, NULL, t->err));
	*n = t->st->plan->visible_columns;
	*names = ARENA_ARRAY(a, struct str, *n + 1);
	*types = ARENA_ARRAY(a, struct str, *n + 1);
	for (uint32_t i = 0; i < *n; i++) {
		(*names)[i] = arena_str(a, t->st->plan->root->names[i]);
		(*types)[i] = type_name(a, t->st->plan->root->types[i]);
	}
	return OK;
}

static enum status type_of(struct tree *t, const struct shown_query *q, const struct ast *x, struct str *out)
{
	struct str *names, *types;
	uint32_t n;
	struct arena *a = &t->st->arena;
	struct ast_select *one = (struct ast_select *)ast_clone(a, &q->query->ast);
	one->where = one->prewhere = one->having = one->qualify = one->limit = one->offset = NULL;
	one->group_mode = GROUP_NONE;
	one->with_totals = false;
	one->group_by.count = one->order_by.count = one->limit_by.count = 0;
	one->limit_by_limit = one->limit_by_offset = NULL;
	/* the other items stay visible by their aliases */
	for (unsigned i = 0; i < q->query->items.count; i++) {
		const struct ast *item = q->query->items.items[i];
		if (item->alias != NULL && item != x) {
			struct ast_with *w = ARENA_NEW(a, struct ast_with);
			w->ast.kind = AST_WITH;
			w->name = *item->alias;
			w->scalar = ast_clone(a, item);
			w->scalar->alias = NULL;
			ast_list_push(a, &one->with, &w->ast);
		}
	}
	one->items = (struct ast_list){0};
	ast_list_push(a, &one->items, ast_clone(a, x));
	TRY(describe(t, one, &names, &types, &n));
	if (n != 1)
		return unsupported(t, "an asterisk");
	*out = types[0];
	return OK;
}

static const struct ast *find_alias(const struct ast_select *q, struct str name)
{
	AST_EACH(&q->items, x)
		if (x->alias != NULL && str_eq(x->alias->text, name))
			return x;
	AST_EACH(&q->with, w)
		if (((const struct ast_with *)w)->scalar != NULL && str_eq(((const struct ast_with *)w)->name.text, name))
			return ((const struct ast_with *)w)->scalar;
	return NULL;
}

static enum status show_list(struct tree *t, struct shown_query *q, const struct ast_list *list, unsigned indent)
{
	line(t, indent, "LIST id: %u, nodes: %u", t->ids++, list->count);
	AST_EACH(list, x)
		TRY(show_node(t, q, x, indent + 1));
	return OK;
}

static enum status show_column(struct tree *t, struct shown_query *q, const struct ast_identifier *x, unsigned indent)
{
	struct str type, name = name_last(&x->name);
	const struct ast *alias = x->name.count == 1 ? find_alias(q->query, name) : NULL;
	if (alias != NULL && alias != &x->ast) {
		if (q->alias_depth >= ALIAS_DEPTH_MAX)
			return ERR(t->err, E_CYCLIC_ALIAS, "Cyclic aliases");
		q->alias_depth++;
		TRY(show_node(t, q, alias, indent));
		q->alias_depth--;
		return OK;
	}
	TRY(type_of(t, q, &x->ast, &type));
	size_t i = 0;
	while (i < q->column_count && !str_eq(q->columns[i].name, name))
		i++;
	if (i == q->column_count) {
		q->columns = arena_grow(&t->st->arena, q->columns, i, &q->column_capacity, sizeof *q->columns);
		q->columns[i].name = name;
		q->columns[i].id = t->ids++;
		q->column_count++;
	}
	if (q->source_id == 0)
		q->source_id = t->ids++;
	line(t, indent, "COLUMN id: %u, column_name: %.*s, result_type: %.*s, source_id: %u", q->columns[i].id, STR_ARG(name),
	     STR_ARG(type), q->source_id);
	return OK;
}

static enum status show_call(struct tree *t, struct shown_query *q, const struct ast_call *c, unsigned indent)
{
	struct str type, name = name_last(&c->name);
	struct ast *bare = ast_clone(&t->st->arena, &c->ast);
	bare->alias = NULL;
	if (c->has_over)
		return unsupported(t, "window functions");
	AST_EACH(&c->args, x)
		if (x->kind == AST_CALL && name_is(&((const struct ast_call *)x)->name, "lambda"))
			return unsupported(t, "lambdas");
	TRY(type_of(t, q, bare, &type));
	line(t, indent, "FUNCTION id: %u, function_name: %.*s, function_type: %s, result_type: %.*s", t->ids++, STR_ARG(name),
	     aggregate_exists(name, DIALECT_CLICKHOUSE) ? "aggregate" : "ordinary", STR_ARG(type));
	if (c->params.count != 0) {
		line(t, indent + 1, "PARAMETERS");
		TRY(show_list(t, q, &c->params, indent + 2));
	}
	struct ast_list args = c->args;
	if (args.count == 1 && args.items[0]->kind == AST_ASTERISK)
		args.count = 0; /* count(*) */
	if (args.count == 0)
		return OK;
	line(t, indent + 1, "ARGUMENTS");
	return show_list(t, q, &args, indent + 2);
}

static enum status show_constant(struct tree *t, struct shown_query *q, const struct ast *x, unsigned indent)
{
	struct str type;
	struct ast *bare = ast_clone(&t->st->arena, x);
	bare->alias = NULL;
	TRY(type_of(t, q, bare, &type));
	struct strbuf value;
	strbuf_init(&value, NULL);
	explain_literal(&value, x);
	line(t, indent, "CONSTANT id: %u, constant_value: %.*s, constant_value_type: %.*s", t->ids++,
	     STR_ARG(strbuf_str(&value)), STR_ARG(type));
	strbuf_fini(&value);
	return OK;
}

static enum status show_node(struct tree *t, struct shown_query *q, const struct ast *x, unsigned indent)
{
	if (ast_is_literal(x))
		return show_constant(t, q, x, indent);
	switch (x->kind) {
	case AST_IDENTIFIER: return show_column(t, q, (const struct ast_identifier *)x, indent);
	case AST_CALL: return show_call(t, q, (const struct ast_call *)x, indent);
	case AST_SUBQUERY: {
		const struct ast *inner = ((const struct ast_subquery *)x)->query;
		if (inner->kind != AST_SELECT)
			return unsupported(t, ast_kind_name(inner->kind));
		return show_query(t, (const struct ast_select *)inner, indent, t->ids++, ", is_subquery: 1");
	}
	case AST_ORDER: {
		const struct ast_order *o = (const struct ast_order *)x;
		if (o->value == NULL || o->fill)
			return unsupported(t, "ORDER BY ALL and WITH FILL");
		line(t, indent, "SORT id: %u, sort_direction: %s, with_fill: 0", t->ids++,
		     o->direction == ORDER_DESC ? "DESCENDING" : "ASCENDING");
		strbuf_printf(t->out, "%*sEXPRESSION", (int)(indent + 1) * 2, "");
		if (o->value->kind == AST_IDENTIFIER)
			strbuf_printf(t->out, " %.*s", STR_ARG(name_last(&((const struct ast_identifier *)o->value)->name)));
		strbuf_putz(t->out, "\n");
		return show_node(t, q, o->value, indent + 2);
	}
	default: return unsupported(t, ast_kind_name(x->kind));
	}
}

/* ---- queries ---- */

static enum status show_source(struct tree *t, struct shown_query *q, unsigned indent)
{
	const struct ast_select *s = q->query;
	uint32_t alias = t->tables; /* numbered in the order of the sources */
	if (q->source_id == 0)
		q->source_id = t->ids++;
	line(t, indent, "JOIN TREE");
	if (s->from.count == 0) {
		line(t, indent + 1, "TABLE id: %u, alias: __table%u, table_name: system.one", q->source_id, ++t->tables);
		return OK;
	}
	const struct ast_table *from = (const struct ast_table *)s->from.items[0];
	if (s->from.count != 1 || from->ast.kind != AST_TABLE || from->final || from->sample != NULL)
		return unsupported(t, "joins, FINAL and SAMPLE");
	t->tables++;
	if (from->form == TABLE_SUBQUERY)
		return show_query(t, (const struct ast_select *)from->query, indent + 1, q->source_id,
		                  arena_strf(&t->st->arena, ", alias: __table%u, is_subquery: 1", alias + 1).data);
	if (from->form == TABLE_FUNCTION) {
		line(t, indent + 1, "TABLE_FUNCTION id: %u, alias: __table%u, table_function_name: %.*s", q->source_id, alias + 1,
		     STR_ARG(name_last(&from->function->name)));
		if (from->function->args.count == 0)
			return OK;
		line(t, indent + 2, "ARGUMENTS");
		struct shown_query none = {.query = ARENA_NEW(&t->st->arena, struct ast_select), .source_id = q->source_id};
		((struct ast_select *)(uintptr_t)none.query)->ast.kind = AST_SELECT;
		return show_list(t, &none, &from->function->args, indent + 3);
	}
	struct str database = from->name.count > 1 ? from->name.parts[0].text : t->st->session->database;
	line(t, indent + 1, "TABLE id: %u, alias: __table%u, table_name: %.*s.%.*s", q->source_id, alias + 1,
	     STR_ARG(database), STR_ARG(name_last(&from->name)));
	return OK;
}

static enum status show_clause(struct tree *t, struct shown_query *q, const char *word, const struct ast *x,
                               unsigned indent)
{
	if (x == NULL)
		return OK;
	line(t, indent, "%s", word);
	return show_node(t, q, x, indent + 1);
}

static enum status show_limit(struct tree *t, const char *word, const struct ast *x, unsigned indent)
{
	if (x == NULL)
		return OK;
	if (x->kind != AST_LITERAL || ((const struct ast_literal *)x)->type != LITERAL_UINT)
		return unsupported(t, "this LIMIT");
	line(t, indent, "%s", word);
	line(t, indent + 1, "CONSTANT id: %u, constant_value: UInt64_%llu, constant_value_type: UInt64", t->ids++,
	     (unsigned long long)((const struct ast_literal *)x)->u);
	return OK;
}

static enum status show_plain(struct tree *t, const struct ast_select *s, unsigned indent)
{
	struct shown_query q = {.query = s};
	struct str *names, *types;
	uint32_t n;
	if (s->windows.count != 0 || s->distinct_on.count != 0 || s->limit_by_limit != NULL || s->interpolate)
		return unsupported(t, "these clauses");
	TRY(describe(t, s, &names, &types, &n));
	line(t, indent + 1, "PROJECTION COLUMNS");
	for (uint32_t i = 0; i < n; i++)
		line(t, indent + 2, "%.*s %.*s", STR_ARG(names[i]), STR_ARG(types[i]));
	line(t, indent + 1, "PROJECTION");
	TRY(show_list(t, &q, &s->items, indent + 2));
	TRY(show_source(t, &q, indent + 1));
	TRY(show_clause(t, &q, "PREWHERE", s->prewhere, indent + 1));
	TRY(show_clause(t, &q, "WHERE", s->where, indent + 1));
	if (s->group_by.count != 0) {
		line(t, indent + 1, "GROUP BY");
		TRY(show_list(t, &q, &s->group_by, indent + 2));
	}
	TRY(show_clause(t, &q, "HAVING", s->having, indent + 1));
	TRY(show_clause(t, &q, "QUALIFY", s->qualify, indent + 1));
	if (s->order_by.count != 0) {
		line(t, indent + 1, "ORDER BY");
		TRY(show_list(t, &q, &s->order_by, indent + 2));
	}
	TRY(show_limit(t, "LIMIT", s->limit, indent + 1));
	return show_limit(t, "OFFSET", s->offset, indent + 1);
}

static enum status show_query(struct tree *t, const struct ast_select *q, unsigned indent, uint32_t id,
                              const char *extra)
{
	if (q->form == SELECT_PLAIN) {
		line(t, indent, "QUERY id: %u%s%s%s", id, extra, q->distinct ? ", is_distinct: 1" : "",
		     q->with_totals ? ", is_group_by_with_totals: 1" : "");
		return show_plain(t, q, indent);
	}
	if (q->form != SELECT_UNION || q->mode == SET_UNSAID)
		return unsupported(t, "this set operation");
	line(t, indent, "UNION id: %u%s, union_mode: %s", id, extra, q->mode == SET_ALL ? "UNION_ALL" : "UNION_DISTINCT");
	line(t, indent + 1, "QUERIES");
	line(t, indent + 2, "LIST id: %u, nodes: %u", t->ids++, q->operands.count);
	AST_EACH(&q->operands, o) {
		if (o->kind != AST_SELECT)
			return unsupported(t, ast_kind_name(o->kind));
		struct str alias = arena_strf(&t->st->arena, ", alias: __table%u", ++t->tables);
		uint32_t own = t->ids++;
		TRY(show_query(t, (const struct ast_select *)o, indent + 3, own, alias.data));
	}
	return OK;
}

enum status explain_query_tree(struct statement *st, const struct ast *query, struct strbuf *out, struct error *err)
{
	struct tree t = {st, out, err, 1, 0};
	const struct ast_select *q = (const struct ast_select *)ast_functional(&st->arena, query);
	if (query->kind != AST_SELECT)
		return unsupported(&t, "this statement");
	return show_query(&t, q, 0, 0, "");
}

// SPDX-License-Identifier: Apache-2.0
/* EXPLAIN AST: queries and INSERT in ClickHouse's nodes, other statements in ours. */
#include "base/fpconv.h"
#include "exec/explain_text.h"
#include "parse/ast_change.h"
#include "parse/functional.h"
#include "parse/print.h"

/* A line and what stands under it. */
struct shown {
	struct str text;
	struct shown **items;
	size_t count, capacity;
};

static struct shown *shown_new(struct arena *a, struct str text)
{
	struct shown *s = ARENA_NEW(a, struct shown);
	s->text = text;
	return s;
}

static void add(struct arena *a, struct shown *to, struct shown *item)
{
	ARENA_PUSH(a, to->items, to->count, to->capacity, item);
}

static struct shown *show_query(struct arena *a, const struct ast *q);
static struct shown *show_expr(struct arena *a, const struct ast *x);

/* ---- literals ---- */

static void put_scalar(struct strbuf *out, const struct ast_literal *l)
{
	char text[FP_TEXT_MAX];
	switch (l->type) {
	case LITERAL_NULL: strbuf_putz(out, "NULL"); break;
	case LITERAL_BOOL: strbuf_printf(out, "Bool_%d", l->boolean); break;
	case LITERAL_UINT: strbuf_printf(out, "UInt64_%llu", (unsigned long long)l->u); break;
	case LITERAL_INT: strbuf_printf(out, "Int64_%lld", (long long)l->i); break;
	case LITERAL_BIG:
		strbuf_printf(out, "%s_%.*s", l->text.data[0] == '-' ? "Int128" : "UInt128", STR_ARG(l->text));
		break;
	case LITERAL_FLOAT:
		strbuf_putz(out, "Float64_");
		strbuf_put(out, text, fp_format64_ch(l->f, text));
		break;
	case LITERAL_STRING: case LITERAL_BITS: string_quote(out, l->text, DIALECT_CLICKHOUSE); break;
	}
}

void explain_literal(struct strbuf *out, const struct ast *x)
{
	const struct ast_call *c = (const struct ast_call *)x;
	if (x->kind == AST_LITERAL) {
		put_scalar(out, (const struct ast_literal *)x);
		return;
	}
	strbuf_putz(out, c->form == CALL_BRACKETS ? "Array_[" : "Tuple_(");
	for (unsigned i = 0; i < c->args.count; i++) {
		if (i != 0)
			strbuf_putz(out, ", ");
		explain_literal(out, c->args.items[i]);
	}
	strbuf_putz(out, c->form == CALL_BRACKETS ? "]" : ")");
}

/* ---- expressions ---- */

static struct str name_text(struct arena *a, const struct name *name)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	for (unsigned i = 0; i < name->count; i++)
		strbuf_printf(&b, "%s%.*s", i == 0 ? "" : ".", STR_ARG(name->parts[i].text));
	struct str s = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return s;
}

static struct shown *show_list(struct arena *a, const struct ast_list *list)
{
	struct shown *s = shown_new(a, STR("ExpressionList"));
	AST_EACH(list, x)
		add(a, s, show_expr(a, x));
	return s;
}

static struct shown *show_window(struct arena *a, const struct ast_window *w)
{
	struct shown *s = shown_new(a, STR("WindowDefinition"));
	if (w->partition_by.count != 0)
		add(a, s, show_list(a, &w->partition_by));
	if (w->order_by.count != 0)
		add(a, s, show_list(a, &w->order_by));
	if (w->from_value != NULL)
		add(a, s, show_expr(a, w->from_value));
	if (w->to_value != NULL)
		add(a, s, show_expr(a, w->to_value));
	return s;
}

static struct shown *show_call(struct arena *a, const struct ast_call *c)
{
	struct shown *s = shown_new(a, arena_strf(a, "Function %.*s", STR_ARG(name_text(a, &c->name))));
	add(a, s, show_list(a, &c->args));
	if (c->has_params)
		add(a, s, show_list(a, &c->params));
	if (c->has_over && c->over->name.data == NULL)
		add(a, s, show_window(a, c->over));
	return s;
}

static struct shown *show_transform(struct arena *a, const struct ast_transform *t)
{
	static const char *const names[] = {"ColumnsExceptTransformer", "ColumnsReplaceTransformer", "ColumnsApplyTransformer",
	                                    "ColumnsLikeTransformer", "ColumnsLikeTransformer"};
	struct shown *s = shown_new(a, str_of(names[t->type]));
	AST_EACH(&t->items, x) {
		struct shown *item = t->type == TRANSFORM_REPLACE ? shown_new(a, STR("ColumnsReplaceTransformer::Replacement")) : s;
		struct ast *bare = ast_clone(a, x);
		if (t->type == TRANSFORM_REPLACE)
			bare->alias = NULL;
		add(a, item, show_expr(a, bare));
		if (item != s)
			add(a, s, item);
	}
	return s;
}

static struct shown *show_asterisk(struct arena *a, const struct ast_asterisk *x)
{
	bool qualified = x->qualifier.count != 0;
	const char *name = x->pattern.data != NULL ? "ColumnsRegexpMatcher" : x->columns.count != 0 ? "ColumnsListMatcher"
		: "Asterisk";
	struct shown *s = shown_new(a, arena_strf(a, "%s%s", qualified ? "Qualified" : "", name));
	if (qualified)
		add(a, s, shown_new(a, arena_strf(a, "Identifier %.*s", STR_ARG(name_text(a, &x->qualifier)))));
	if (x->columns.count != 0)
		add(a, s, show_list(a, &x->columns));
	if (x->transforms.count != 0) {
		struct shown *list = shown_new(a, STR("ColumnsTransformerList"));
		AST_EACH(&x->transforms, t)
			add(a, list, show_transform(a, (const struct ast_transform *)t));
		add(a, s, list);
	}
	return s;
}

static struct shown *show_order(struct arena *a, const struct ast_order *o)
{
	struct shown *s = shown_new(a, STR("OrderByElement"));
	const struct ast *values[] = {o->value, o->fill_from, o->fill_to, o->fill_step, o->fill_staleness};
	if (o->value == NULL)
		add(a, s, shown_new(a, STR("Identifier all")));
	for (size_t i = 0; i < ARRAY_COUNT(values); i++)
		if (values[i] != NULL)
			add(a, s, show_expr(a, values[i]));
	return s;
}

static void generic_child(struct ast **x, void *arg);

struct generic {
	struct arena *arena;
	struct shown *to;
};

/* A node that ClickHouse has no name for. */
static struct shown *show_generic(struct arena *a, const struct ast *x)
{
	struct generic g = {a, shown_new(a, str_of(ast_kind_name(x->kind)))};
	ast_children((struct ast *)(uintptr_t)x, generic_child, &g);
	return g.to;
}

static void generic_child(struct ast **x, void *arg)
{
	struct generic *g = arg;
	add(g->arena, g->to, show_expr(g->arena, *x));
}

static struct shown *show_bare(struct arena *a, const struct ast *x)
{
	if (ast_is_literal(x)) {
		struct strbuf b;
		strbuf_init(&b, NULL);
		strbuf_putz(&b, "Literal ");
		explain_literal(&b, x);
		struct shown *s = shown_new(a, arena_str(a, strbuf_str(&b)));
		strbuf_fini(&b);
		return s;
	}
	switch (x->kind) {
	case AST_IDENTIFIER:
		return shown_new(a, arena_strf(a, "Identifier %.*s",
		                               STR_ARG(name_text(a, &((const struct ast_identifier *)x)->name))));
	case AST_CALL: return show_call(a, (const struct ast_call *)x);
	case AST_ASTERISK: return show_asterisk(a, (const struct ast_asterisk *)x);
	case AST_ORDER: return show_order(a, (const struct ast_order *)x);
	case AST_WITH: {
		const struct ast_with *w = (const struct ast_with *)x;
		if (w->scalar != NULL) {
			struct shown *s = show_expr(a, w->scalar);
			s->text = arena_strf(a, "%.*s (alias %.*s)", STR_ARG(s->text), STR_ARG(w->name.text));
			return s;
		}
		struct shown *s = shown_new(a, STR("WithElement")), *query = shown_new(a, STR("Subquery"));
		add(a, query, show_query(a, w->query));
		add(a, s, query);
		return s;
	}
	case AST_WINDOW: {
		struct shown *s = shown_new(a, STR("WindowListElement"));
		add(a, s, show_window(a, (const struct ast_window *)x));
		return s;
	}
	case AST_SUBQUERY: {
		struct shown *s = shown_new(a, STR("Subquery"));
		add(a, s, show_query(a, ((const struct ast_subquery *)x)->query));
		return s;
	}
	case AST_SELECT: return show_query(a, x);
	default: return show_generic(a, x);
	}
}

static struct shown *show_expr(struct arena *a, const struct ast *x)
{
	struct shown *s = show_bare(a, x);
	if (x->alias != NULL)
		s->text = arena_strf(a, "%.*s (alias %.*s)", STR_ARG(s->text), STR_ARG(x->alias->text));
	return s;
}

/* ---- queries ---- */

static struct str ratio_text(struct arena *a, const struct ast *x)
{
	struct strbuf b;
	const struct ast_call *c = (const struct ast_call *)x;
	strbuf_init(&b, NULL);
	strbuf_putz(&b, "SampleRatio ");
	if (x->kind == AST_CALL && c->args.count == 2) {
		ast_print(&b, c->args.items[0], &(struct print_options){.dialect = DIALECT_CLICKHOUSE});
		strbuf_putz(&b, " / ");
		ast_print(&b, c->args.items[1], &(struct print_options){.dialect = DIALECT_CLICKHOUSE});
	} else {
		ast_print(&b, x, &(struct print_options){.dialect = DIALECT_CLICKHOUSE});
	}
	struct str s = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return s;
}

static struct shown *show_table(struct arena *a, const struct ast_table *t)
{
	struct shown *s = shown_new(a, STR("TableExpression")), *source;
	if (t->form == TABLE_SUBQUERY) {
		source = shown_new(a, STR("Subquery"));
		add(a, source, show_query(a, t->query));
	} else if (t->form == TABLE_FUNCTION) {
		source = show_call(a, t->function);
	} else {
		source = shown_new(a, arena_strf(a, "TableIdentifier %.*s", STR_ARG(name_text(a, &t->name))));
	}
	if (t->ast.alias != NULL)
		source->text = arena_strf(a, "%.*s (alias %.*s)", STR_ARG(source->text), STR_ARG(t->ast.alias->text));
	add(a, s, source);
	if (t->sample != NULL)
		add(a, s, shown_new(a, ratio_text(a, t->sample)));
	if (t->sample_offset != NULL)
		add(a, s, shown_new(a, ratio_text(a, t->sample_offset)));
	return s;
}

static struct shown *add_element(struct arena *a, struct shown *to)
{
	struct shown *e = shown_new(a, STR("TablesInSelectQueryElement"));
	add(a, to, e);
	return e;
}

/* Joins are a flat list, each table with the join that brings it in. */
static void add_tables(struct arena *a, struct shown *to, const struct ast *t, struct shown *join)
{
	struct shown *e;
	if (t->kind == AST_JOIN) {
		const struct ast_join *j = (const struct ast_join *)t;
		struct shown *own = shown_new(a, STR("TableJoin"));
		if (j->on != NULL)
			add(a, own, show_expr(a, j->on));
		else if (j->using_columns.count != 0)
			add(a, own, show_list(a, &j->using_columns));
		add_tables(a, to, j->left, join);
		add_tables(a, to, j->right, own);
		return;
	}
	if (t->kind == AST_ARRAY_JOIN) {
		const struct ast_array_join *j = (const struct ast_array_join *)t;
		struct shown *own = shown_new(a, STR("ArrayJoin"));
		add_tables(a, to, j->source, join);
		add(a, own, show_list(a, &j->items));
		add(a, add_element(a, to), own);
		return;
	}
	e = add_element(a, to);
	add(a, e, t->kind == AST_TABLE ? show_table(a, (const struct ast_table *)t) : show_generic(a, t));
	if (join != NULL)
		add(a, e, join);
}

static void add_if(struct arena *a, struct shown *to, const struct ast *x)
{
	if (x != NULL)
		add(a, to, show_expr(a, x));
}

static void add_list_if(struct arena *a, struct shown *to, const struct ast_list *list)
{
	if (list->count != 0)
		add(a, to, show_list(a, list));
}

static struct shown *show_select(struct arena *a, const struct ast_select *q)
{
	struct shown *s = shown_new(a, STR("SelectQuery"));
	add_list_if(a, s, &q->with);
	add(a, s, show_list(a, &q->items));
	if (q->from.count != 0) {
		struct shown *tables = shown_new(a, STR("TablesInSelectQuery"));
		for (unsigned i = 0; i < q->from.count; i++)
			add_tables(a, tables, q->from.items[i], i == 0 ? NULL : shown_new(a, STR("TableJoin")));
		add(a, s, tables);
	}
	add_if(a, s, q->prewhere);
	add_if(a, s, q->where);
	add_list_if(a, s, &q->group_by);
	add_if(a, s, q->having);
	add_list_if(a, s, &q->windows);
	add_if(a, s, q->qualify);
	add_list_if(a, s, &q->order_by);
	add_if(a, s, q->limit_by_offset);
	add_if(a, s, q->limit_by_limit);
	add_list_if(a, s, &q->limit_by);
	add_if(a, s, q->offset);
	add_if(a, s, q->limit);
	if (q->settings.count != 0)
		add(a, s, shown_new(a, STR("Set")));
	return s;
}

static struct shown *show_operand(struct arena *a, const struct ast *x)
{
	const struct ast_select *q = (const struct ast_select *)x;
	if (x->kind != AST_SELECT)
		return show_generic(a, x);
	if (q->form == SELECT_PLAIN)
		return show_select(a, q);
	if (q->form == SELECT_UNION)
		return show_query(a, x);
	if (q->form == SELECT_VALUES)
		return show_generic(a, x);
	struct shown *s = shown_new(a, STR("SelectIntersectExceptQuery"));
	AST_EACH(&q->operands, o)
		add(a, s, show_operand(a, o));
	return s;
}

static struct shown *show_query(struct arena *a, const struct ast *x)
{
	const struct ast_select *q = (const struct ast_select *)x;
	struct shown *s = shown_new(a, STR("SelectWithUnionQuery")), *list = shown_new(a, STR("ExpressionList"));
	if (x->kind != AST_SELECT)
		return show_generic(a, x);
	if (q->form == SELECT_UNION)
		AST_EACH(&q->operands, o)
			add(a, list, show_operand(a, o));
	else
		add(a, list, show_operand(a, x));
	add(a, s, list);
	add_if(a, s, q->outfile);
	if (q->format.data != NULL)
		add(a, s, shown_new(a, arena_strf(a, "Identifier %.*s", STR_ARG(q->format))));
	return s;
}

static struct shown *show_insert(struct arena *a, const struct ast_insert *in)
{
	struct shown *s = shown_new(a, STR("InsertQuery  "));
	for (unsigned i = 0; i < in->table.count; i++)
		add(a, s, shown_new(a, arena_strf(a, "Identifier %.*s", STR_ARG(in->table.parts[i].text))));
	if (in->function != NULL)
		add(a, s, show_call(a, in->function));
	add_list_if(a, s, &in->columns);
	if (in->query != NULL && in->format.data == NULL)
		add(a, s, show_query(a, in->query));
	return s;
}

static void put_tree(struct strbuf *out, const struct shown *s, unsigned depth)
{
	strbuf_printf(out, "%*s%.*s", (int)depth, "", STR_ARG(s->text));
	if (s->count != 0)
		strbuf_printf(out, " (children %zu)", s->count);
	strbuf_putz(out, "\n");
	for (size_t i = 0; i < s->count; i++)
		put_tree(out, s->items[i], depth + 1);
}

void explain_ast(struct arena *a, const struct ast *statement, struct strbuf *out)
{
	struct ast *x = ast_functional(a, statement);
	put_tree(out, x->kind == AST_INSERT ? show_insert(a, (const struct ast_insert *)x) : show_expr(a, x), 0);
}

// SPDX-License-Identifier: Apache-2.0
/* SELECT, VALUES and set operations: clauses in the order of evaluation. */
#include "column/variant.h"
#include "parse/print.h"
#include "plan/bind_star_impl.h"
#include "plan/bind_select_impl.h"

/* ---- WITH and aliases ---- */

bool bind_same_text(const struct ast *x, const struct ast *y)
{
	struct strbuf a, b;
	const struct print_options options = {.dialect = DIALECT_CLICKHOUSE};
	strbuf_init(&a, NULL);
	strbuf_init(&b, NULL);
	ast_print(&a, x, &options);
	ast_print(&b, y, &options);
	bool same = str_eq(strbuf_str(&a), strbuf_str(&b));
	strbuf_fini(&a);
	strbuf_fini(&b);
	return same;
}

static void add_alias(struct binder *b, struct scope *s, struct str name, const struct ast *x)
{
	for (size_t i = 0; i < s->alias_count; i++)
		if (str_eq(s->aliases[i].name, name)) {
			if (s->alias_twice == NULL && s->aliases[i].ast != x && !bind_same_text(s->aliases[i].ast, x))
				s->alias_twice = x;
			return;
		}
	struct select_alias a = {.name = name, .ast = x};
	ARENA_PUSH(b->arena, s->aliases, s->alias_count, s->alias_capacity, a);
}

struct alias_walk {
	struct binder *b;
	struct scope *s;
};

static bool collect_alias(struct ast *x, void *arg)
{
	struct alias_walk *w = arg;
	if (x->kind == AST_SELECT || x->kind == AST_TABLE)
		return false;
	if (x->alias != NULL)
		add_alias(w->b, w->s, x->alias->text, x);
	return x->kind != AST_SUBQUERY;
}

static void collect_aliases(struct binder *b, struct scope *s, const struct ast_select *q)
{
	struct alias_walk w = {b, s};
	if (b->dialect == DIALECT_POSTGRESQL) {
		AST_EACH(&q->items, x)
			if (x->alias != NULL)
				add_alias(b, s, x->alias->text, x);
		return;
	}
	const struct ast_list *lists[] = {&q->items, &q->group_by, &q->order_by, &q->limit_by};
	for (size_t i = 0; i < ARRAY_COUNT(lists); i++)
		AST_EACH(lists[i], x)
			ast_walk(x, collect_alias, &w);
	struct ast *clauses[] = {q->prewhere, q->where, q->having, q->qualify};
	for (size_t i = 0; i < ARRAY_COUNT(clauses); i++)
		if (clauses[i] != NULL)
			ast_walk(clauses[i], collect_alias, &w);
}

enum status bind_with(struct binder *b, struct scope *s, const struct ast_list *with, bool recursive)
{
	AST_EACH(with, x) {
		const struct ast_with *w = (const struct ast_with *)x;
		if (w->scalar != NULL) {
			add_alias(b, s, w->name.text, w->scalar);
			continue;
		}
		for (const struct cte_entry *other = s->ctes; other != NULL && b->dialect == DIALECT_POSTGRESQL; other = other->next)
			if (other->scope == s && str_eq(other->name, w->name.text)) {
				ERR(b->err, E_DUPLICATE_ALIAS, "WITH query name \"%.*s\" specified more than once", STR_ARG(w->name.text));
				return error_at(b->err, w->ast.position);
			}
		struct cte_entry *e = ARENA_NEW(b->arena, struct cte_entry);
		e->name = w->name.text;
		e->with = w;
		e->visible = s->ctes;
		e->may_recurse = recursive;
		e->scope = s;
		e->next = s->ctes;
		s->ctes = e;
	}
	return OK;
}

/* ---- items, keys, order ---- */

static enum status bind_items(struct selecting *sel)
{
	struct binder *b = sel->b;
	AST_EACH(&sel->q->items, x) {
		struct star_item *star = NULL;
		uint32_t n = 1;
		if (bind_is_spread(b, x)) {
			TRY(bind_spread(b, sel->s, x, &star, &n));
		} else {
			star = ARENA_NEW(b->arena, struct star_item);
			TRY(bind_expr(b, sel->s, x, &star->expr));
			star->name = bind_item_name(b, x);
		}
		for (uint32_t i = 0; i < n; i++) {
			/* what stands in an operand of UNION takes the type of the others */
			if (!sel->s->keeps_unknown || star[i].expr->kind != EXPR_CONSTANT)
				TRY(bind_settle(b, &star[i].expr));
			ARENA_PUSH(b->arena, sel->items, sel->item_count, sel->item_capacity, star[i]);
		}
	}
	return OK;
}

bool select_position(const struct ast *x, uint64_t *out)
{
	const struct ast_literal *l = (const struct ast_literal *)x;
	if (x->kind != AST_LITERAL || (l->type != LITERAL_UINT && l->type != LITERAL_INT))
		return false;
	*out = l->type == LITERAL_UINT ? l->u : 0;
	return true;
}

enum status select_bad_position(struct binder *b, const char *clause, uint64_t n, int position)
{
	ERR(b->err, b->dialect == DIALECT_POSTGRESQL ? E_INVALID_COLUMN_REFERENCE : E_BAD_ARGUMENTS,
	    b->dialect == DIALECT_POSTGRESQL ? "%s position %llu is not in select list"
	                                     : "Positional argument of %s out of bounds: %llu", clause, (unsigned long long)n);
	return error_at(b->err, position);
}

const struct ast *select_output_item(const struct selecting *sel, const struct ast *x)
{
	if (sel->b->dialect != DIALECT_POSTGRESQL || x->kind != AST_IDENTIFIER ||
	    ((const struct ast_identifier *)x)->name.count != 1)
		return NULL;
	struct str name = ((const struct ast_identifier *)x)->name.parts[0].text;
	AST_EACH(&sel->q->items, item)
		if (item->alias != NULL && str_eq(item->alias->text, name))
			return item;
	return NULL;
}

bool select_names_column(const struct scope *s, const struct ast *x)
{
	struct str name = ((const struct ast_identifier *)x)->name.parts[0].text;
	for (size_t i = 0; i < s->column_count; i++)
		if (!s->columns[i].hidden && str_eq(s->columns[i].name, name))
			return true;
	return false;
}

static enum status order_expr(struct selecting *sel, const struct ast *x, struct expr **out)
{
	struct binder *b = sel->b;
	uint64_t n;
	const struct ast *item = select_output_item(sel, x);
	if (select_position(x, &n)) {
		if (n == 0 || n > sel->item_count)
			return select_bad_position(b, "ORDER BY", n, x->position);
		*out = sel->items[n - 1].expr;
		return OK;
	}
	if (item == NULL && b->dialect == DIALECT_POSTGRESQL && x->kind == AST_IDENTIFIER) {
		/* an output column without alias: SELECT t.a … ORDER BY a */
		for (size_t i = 0; i < sel->item_count; i++)
			if (((const struct ast_identifier *)x)->name.count == 1 &&
			    str_eq(sel->items[i].name, ((const struct ast_identifier *)x)->name.parts[0].text)) {
				*out = sel->items[i].expr;
				return OK;
			}
	}
	TRY(bind_expr(b, sel->s, item != NULL ? item : x, out));
	return bind_settle(b, out);
}

static bool nulls_come_first(const struct binder *b, const struct ast_order *o)
{
	if (o->nulls != ORDER_NULLS_UNSAID)
		return o->nulls == ORDER_NULLS_FIRST;
	return b->dialect == DIALECT_POSTGRESQL && o->direction == ORDER_DESC;
}

static enum status bind_order_by(struct selecting *sel)
{
	struct binder *b = sel->b;
	const struct ast_select *q = sel->q;
	uint32_t n = q->order_by_all ? (uint32_t)sel->item_count : q->order_by.count;
	sel->order = ARENA_ARRAY(b->arena, struct plan_order, n + 1);
	sel->order_count = n;
	for (uint32_t i = 0; i < n; i++) {
		const struct ast_order *o = q->order_by.count > i ? (const struct ast_order *)q->order_by.items[i] : NULL;
		if (q->order_by_all)
			sel->order[i].expr = sel->items[i].expr;
		else
			TRY(order_expr(sel, o->value, &sel->order[i].expr));
		if (o != NULL) {
			sel->order[i].descending = o->direction == ORDER_DESC || name_is(&o->using_operator, ">");
			sel->order[i].nulls_first = nulls_come_first(b, o);
		}
	}
	return OK;
}

/* ---- plan nodes ---- */

struct plan *select_filter(struct binder *b, struct plan *input, struct expr *predicate)
{
	struct plan *p = plan_unary(b->arena, PLAN_FILTER, input);
	p->u.filter.predicate = predicate;
	return p;
}

static enum status bind_filters(struct selecting *sel)
{
	struct binder *b = sel->b;
	struct expr *x;
	const struct ast *clauses[] = {sel->q->prewhere, sel->q->where};
	for (size_t i = 0; i < ARRAY_COUNT(clauses); i++) {
		if (clauses[i] == NULL)
			continue;
		sel->aggregates.allowed = false;
		sel->aggregates.clause = i == 0 ? "PREWHERE" : "WHERE";
		TRY(bind_condition(b, sel->s, clauses[i], "WHERE", &x));
		sel->s->plan = select_filter(b, sel->s->plan, x);
	}
	return OK;
}

/* Set-returning calls make their rows after grouping. */
static enum status rows_nodes(struct selecting *sel)
{
	struct binder *b = sel->b;
	TRY(bind_rows_nodes(b, sel->s, &sel->rows));
	for (size_t i = 0; i < sel->item_count; i++)
		TRY(bind_rows_replace(b, &sel->rows, &sel->items[i].expr));
	for (uint32_t i = 0; i < sel->order_count; i++)
		TRY(bind_rows_replace(b, &sel->rows, &sel->order[i].expr));
	for (uint32_t i = 0; i < sel->limit_by_count; i++)
		TRY(bind_rows_replace(b, &sel->rows, &sel->limit_by[i]));
	for (uint32_t i = 0; i < sel->distinct_on_count; i++)
		TRY(bind_rows_replace(b, &sel->rows, &sel->distinct_on[i]));
	return OK;
}

/* The column of the projection that holds x; added behind the visible ones where there is none. */
struct projection {
	struct expr **exprs;
	struct str *names;
	size_t count, capacity, name_capacity;
};

static uint32_t projected(struct binder *b, struct projection *p, struct expr *x, struct str name)
{
	for (size_t i = 0; i < p->count; i++)
		if (!x->is_volatile && expr_equal(p->exprs[i], x))
			return (uint32_t)i;
	size_t same = p->count;
	ARENA_PUSH(b->arena, p->names, same, p->name_capacity, name);
	ARENA_PUSH(b->arena, p->exprs, p->count, p->capacity, x);
	return (uint32_t)p->count - 1;
}

static enum status bind_limit_by(struct selecting *sel)
{
	const struct ast_select *q = sel->q;
	if (q->limit_by_limit == NULL)
		return OK;
	if (q->limit_by_all) {
		sel->limit_by_count = (uint32_t)sel->item_count;
		sel->limit_by = ARENA_ARRAY(sel->b->arena, struct expr *, sel->item_count + 1);
		for (size_t i = 0; i < sel->item_count; i++)
			sel->limit_by[i] = sel->items[i].expr;
		return OK;
	}
	sel->limit_by_count = q->limit_by.count;
	sel->limit_by = ARENA_ARRAY(sel->b->arena, struct expr *, q->limit_by.count + 1);
	for (uint32_t i = 0; i < q->limit_by.count; i++)
		TRY(order_expr(sel, q->limit_by.items[i], &sel->limit_by[i]));
	return OK;
}

static enum status sort_node(struct binder *b, struct plan *input, struct plan_order *order, uint32_t n,
                             struct plan **out)
{
	struct plan *p = plan_unary(b->arena, PLAN_SORT, input);
	for (uint32_t i = 0; i < n; i++)
		TRY(bind_order_key(b, order[i].expr, &order[i].expr));
	p->u.sort.order = order;
	p->u.sort.order_count = n;
	*out = p;
	return OK;
}

static struct expr *column_of(struct binder *b, const struct plan *p, uint32_t i)
{
	return expr_column(b->arena, i, p->types[i], p->names[i]);
}

/* DISTINCT on the first n columns: of equal rows the first one, with the columns behind them. */
static enum status first_of_equal(struct binder *b, uint32_t n, struct plan **plan)
{
	struct plan *p = plan_unary(b->arena, PLAN_LIMIT_BY, *plan);
	p->u.limit_by.keys = ARENA_ARRAY(b->arena, struct expr *, n + 1);
	for (uint32_t i = 0; i < n; i++)
		p->u.limit_by.keys[i] = column_of(b, *plan, i);
	p->u.limit_by.key_count = n;
	p->u.limit_by.limit = 1;
	*plan = p;
	return OK;
}

/* Items and sort expressions → DISTINCT → ORDER BY → LIMIT BY → LIMIT → visible items only. */
static enum status output_nodes(struct selecting *sel)
{
	struct binder *b = sel->b;
	struct scope *s = sel->s;
	struct projection out = {0};
	uint32_t visible = (uint32_t)sel->item_count;
	for (uint32_t i = 0; i < visible; i++) {
		size_t same = out.count;
		ARENA_PUSH(b->arena, out.names, same, out.name_capacity, sel->items[i].name);
		ARENA_PUSH(b->arena, out.exprs, out.count, out.capacity, sel->items[i].expr);
	}
	uint32_t *order_at = ARENA_ARRAY(b->arena, uint32_t, sel->order_count + 1);
	uint32_t *by_at = ARENA_ARRAY(b->arena, uint32_t, sel->limit_by_count + 1);
	uint32_t *on_at = ARENA_ARRAY(b->arena, uint32_t, sel->distinct_on_count + 1);
	for (uint32_t i = 0; i < sel->order_count; i++)
		order_at[i] = projected(b, &out, sel->order[i].expr, STR(""));
	for (uint32_t i = 0; i < sel->limit_by_count; i++)
		by_at[i] = projected(b, &out, sel->limit_by[i], STR(""));
	for (uint32_t i = 0; i < sel->distinct_on_count; i++)
		on_at[i] = projected(b, &out, sel->distinct_on[i], STR(""));
	for (uint32_t i = 0; i < sel->order_count && sel->q->distinct && b->dialect == DIALECT_POSTGRESQL; i++)
		if (order_at[i] >= visible) {
			ERR(b->err, E_INVALID_COLUMN_REFERENCE,
			    "for SELECT DISTINCT, ORDER BY expressions must appear in select list");
			return error_at(b->err, sel->order[i].expr->position);
		}
	struct plan *p = plan_project(b->arena, s->plan, out.exprs, out.names, (uint32_t)out.count);
	if (sel->q->distinct) {
		if (out.count > visible)
			TRY(first_of_equal(b, visible, &p));
		else
			p = plan_unary(b->arena, PLAN_DISTINCT, p);
	}
	for (uint32_t i = 0; i < sel->order_count; i++)
		sel->order[i].expr = column_of(b, p, order_at[i]);
	if (sel->order_count != 0)
		TRY(sort_node(b, p, sel->order, sel->order_count, &p));
	for (uint32_t i = 0; i < sel->limit_by_count; i++)
		sel->limit_by[i] = column_of(b, p, by_at[i]);
	for (uint32_t i = 0; i < sel->distinct_on_count; i++)
		sel->distinct_on[i] = column_of(b, p, on_at[i]);
	if (sel->distinct_on_count != 0)
		TRY(select_limit_by(sel, &p, sel->distinct_on, sel->distinct_on_count, true));
	if (sel->limit_by_count != 0)
		TRY(select_limit_by(sel, &p, sel->limit_by, sel->limit_by_count, false));
	TRY(select_fill(sel, order_at, &p));
	s->plan = p;
	TRY(select_limit(b, s, sel->q));
	if (s->plan->column_count > visible) {
		struct expr **columns = ARENA_ARRAY(b->arena, struct expr *, visible + 1);
		for (uint32_t i = 0; i < visible; i++)
			columns[i] = column_of(b, s->plan, i);
		s->plan = plan_project(b->arena, s->plan, columns, NULL, visible);
	}
	return OK;
}

/* What the enclosing query sees: the output columns, with where they came from. */
static void publish_columns(struct selecting *sel)
{
	struct binder *b = sel->b;
	struct scope *s = sel->s;
	struct scope_column *inputs = s->columns;
	size_t input_count = s->column_count;
	struct expr **origin = ARENA_ARRAY(b->arena, struct expr *, sel->item_count + 1);
	for (size_t i = 0; i < sel->item_count; i++)
		origin[i] = sel->items[i].expr;
	s->columns = NULL;
	s->column_count = s->column_capacity = 0;
	for (uint32_t i = 0; i < s->plan->column_count; i++) {
		struct scope_column *c = scope_add(b, s, column_of(b, s->plan, i), STR(""), s->plan->names[i]);
		for (size_t k = 0; k < input_count && sel->grouping.key_count == 0 && sel->aggregates.count == 0; k++)
			if (inputs[k].table_oid != 0 && expr_equal(inputs[k].expr, origin[i])) {
				c->table_oid = inputs[k].table_oid;
				c->attnum = inputs[k].attnum;
				break;
			}
	}
}

/* What is evaluated behind GROUP BY. */
static enum status bind_clauses(struct selecting *sel)
{
	struct binder *b = sel->b;
	const struct ast_select *q = sel->q;
	sel->windows.allowed = true;
	sel->s->rows = &sel->rows;
	TRY(bind_items(sel));
	if (q->having != NULL) {
		sel->windows.allowed = false;
		sel->s->rows = NULL;
		sel->aggregates.clause = "HAVING";
		TRY(bind_condition(b, sel->s, q->having, "HAVING", &sel->having));
		sel->windows.allowed = true;
	}
	sel->s->rows = NULL;
	if (q->qualify != NULL)
		TRY(bind_condition(b, sel->s, q->qualify, "QUALIFY", &sel->qualify));
	sel->s->rows = &sel->rows;
	TRY(bind_order_by(sel));
	TRY(bind_limit_by(sel));
	sel->distinct_on_count = q->distinct_on.count;
	sel->distinct_on = ARENA_ARRAY(b->arena, struct expr *, q->distinct_on.count + 1);
	for (uint32_t i = 0; i < q->distinct_on.count; i++)
		TRY(order_expr(sel, q->distinct_on.items[i], &sel->distinct_on[i]));
	if (q->group_mode == GROUP_ALL)
		select_group_by_all(sel);
	sel->s->rows = NULL;
	return OK;
}

/* The windows' nodes, QUALIFY, and the later expressions over them. */
static void window_nodes(struct selecting *sel)
{
	struct binder *b = sel->b;
	if (sel->windows.count != 0) {
		uint32_t *columns = ARENA_ARRAY(b->arena, uint32_t, sel->windows.count);
		if (sel->s->totals != NULL) { /* that row is a partition of its own */
			struct plan *rows = sel->s->plan;
			sel->s->plan = sel->s->totals;
			bind_window_nodes(b, sel->s, &sel->windows, columns);
			sel->s->totals = sel->s->plan;
			sel->s->plan = rows;
		}
		bind_window_nodes(b, sel->s, &sel->windows, columns);
		for (size_t i = 0; i < sel->item_count; i++)
			sel->items[i].expr = bind_window_place(b, sel->items[i].expr, columns);
		for (uint32_t i = 0; i < sel->order_count; i++)
			sel->order[i].expr = bind_window_place(b, sel->order[i].expr, columns);
		for (uint32_t i = 0; i < sel->limit_by_count; i++)
			sel->limit_by[i] = bind_window_place(b, sel->limit_by[i], columns);
		for (uint32_t i = 0; i < sel->distinct_on_count; i++)
			sel->distinct_on[i] = bind_window_place(b, sel->distinct_on[i], columns);
		for (size_t i = 0; i < sel->rows.count; i++)
			sel->rows.arrays[i] = bind_window_place(b, sel->rows.arrays[i], columns);
		if (sel->qualify != NULL)
			sel->qualify = bind_window_place(b, sel->qualify, columns);
	}
	if (sel->qualify != NULL)
		sel->s->plan = select_filter(b, sel->s->plan, sel->qualify);
}

static enum status bind_plain_select(struct binder *b, struct scope *s, const struct ast_select *q)
{
	struct selecting sel = {.b = b, .s = s, .q = q, .grouping.scope = s};
	if (q->into.count != 0)
		return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: SELECT INTO");
	TRY(bind_from(b, s, &q->from));
	s->aggregates = &sel.aggregates;
	s->windows = &sel.windows;
	s->grouping = &sel.grouping;
	sel.windows.definitions = &q->windows;
	collect_aliases(b, s, q);
	s->aliases_visible = b->dialect == DIALECT_CLICKHOUSE;
	if (s->aliases_visible && s->alias_twice != NULL) {
		ERR(b->err, E_DUPLICATE_ALIAS, "Different expressions with the same alias %.*s",
		    STR_ARG(s->alias_twice->alias != NULL ? s->alias_twice->alias->text : STR("")));
		return error_at(b->err, s->alias_twice->position);
	}
	TRY(bind_filters(&sel));
	b->known_count = 0; /* what was bound below the groups */
	TRY(select_group_by(&sel));
	sel.aggregates.allowed = true;
	for (size_t i = 0; i < s->alias_count; i++) /* what an alias meant in WHERE may not see aggregates; bind anew */
		s->aliases[i].bound = NULL;
	TRY(bind_clauses(&sel));
	sel.aggregates.allowed = sel.windows.allowed = false;
	sel.aggregates.clause = "LIMIT";
	TRY(select_aggregate_nodes(&sel));
	window_nodes(&sel);
	TRY(select_totals_items(&sel));
	TRY(rows_nodes(&sel));
	TRY(output_nodes(&sel));
	publish_columns(&sel);
	return OK;
}

/* ---- VALUES and set operations ---- */

static enum status bind_values(struct binder *b, struct scope *s, const struct ast_select *q)
{
	uint32_t rows = q->rows.count, width = rows == 0 ? 0 : ((struct ast_call *)q->rows.items[0])->args.count;
	struct expr **exprs = ARENA_ARRAY(b->arena, struct expr *, (size_t)rows * width + 1);
	struct expr **column = ARENA_ARRAY(b->arena, struct expr *, rows + 1);
	s->plan = plan_new(b->arena, PLAN_VALUES, 0);
	s->plan->u.values.row_count = 1;
	for (uint32_t r = 0; r < rows; r++) {
		const struct ast_call *row = (const struct ast_call *)q->rows.items[r];
		if (row->args.count != width) {
			ERR(b->err, E_SYNTAX, "VALUES lists must all be the same length");
			return error_at(b->err, row->args.count != 0 ? row->args.items[0]->position : row->ast.position);
		}
		for (uint32_t i = 0; i < width; i++)
			TRY(bind_expr(b, s, row->args.items[i], &exprs[(size_t)r * width + i]));
	}
	if (s->plan->kind == PLAN_UNNEST)
		return ERR(b->err, E_NOT_IMPLEMENTED, "set-returning functions are not allowed in VALUES");
	struct plan *p = plan_new(b->arena, PLAN_VALUES, width);
	for (uint32_t i = 0; i < width; i++) {
		const struct type *common;
		for (uint32_t r = 0; r < rows; r++)
			column[r] = exprs[(size_t)r * width + i];
		TRY(bind_common_type(b, column, rows, &common));
		bool nullable = false;
		for (uint32_t r = 0; r < rows; r++)
			nullable |= column[r]->type->nullable;
		p->types[i] = nullable ? type_nullable(b->arena, common) : common;
		for (uint32_t r = 0; r < rows; r++) {
			TRY(expr_cast(&b->env, column[r], p->types[i], CAST_IMPLICIT, &column[r]));
			exprs[(size_t)r * width + i] = column[r];
		}
		p->names[i] = arena_strf(b->arena, b->dialect == DIALECT_POSTGRESQL ? "column%u" : "c%u", i + 1);
	}
	p->u.values.exprs = exprs;
	p->u.values.row_count = rows;
	s->plan = p;
	for (uint32_t i = 0; i < width; i++)
		scope_add(b, s, column_of(b, p, i), STR(""), p->names[i]);
	return OK;
}

/* Where column c of an operand is written. */
static int item_position(const struct ast *x, uint32_t c)
{
	const struct ast_select *q = (const struct ast_select *)x;
	while (q->operands.count != 0)
		q = (const struct ast_select *)q->operands.items[0];
	if (q->form == SELECT_VALUES && q->rows.count != 0 && ((struct ast_call *)q->rows.items[0])->args.count > c)
		return ((struct ast_call *)q->rows.items[0])->args.items[c]->position;
	return q->items.count > c ? q->items.items[c]->position : x->position;
}

/* Casts the columns of all operands to common types. */
static enum status unify(struct binder *b, struct plan **inputs, const struct ast_list *operands, const char *what)
{
	uint32_t n = operands->count;
	uint32_t width = inputs[0]->column_count;
	const struct type **types = ARENA_ARRAY(b->arena, const struct type *, n), **common;
	common = ARENA_ARRAY(b->arena, const struct type *, width + 1);
	for (uint32_t i = 1; i < n; i++)
		if (inputs[i]->column_count != width) {
			ERR(b->err, b->dialect == DIALECT_POSTGRESQL ? E_SYNTAX : E_UNION_COLUMNS,
			    "each %s query must have the same number of columns", what);
			return error_at(b->err, item_position(operands->items[i], 0));
		}
	for (uint32_t c = 0; c < width; c++) {
		uint32_t known = 0;
		bool nullable = false;
		for (uint32_t i = 0; i < n; i++) {
			const struct type *t = inputs[i]->types[c];
			nullable |= t->nullable;
			if (!(t->id == TYPE_STRING && t->face == FACE_UNKNOWN))
				types[known++] = t;
		}
		if (known == 0)
			types[known++] = type_simple(TYPE_STRING);
		enum status s = b->dialect == DIALECT_POSTGRESQL ? type_common(b->arena, types, known, &common[c], b->err)
			: type_common_or_variant(b->arena, types, known, &common[c], b->err);
		if (s == OK && nullable)
			common[c] = type_nullable(b->arena, common[c]);
		if (s != OK && b->dialect == DIALECT_POSTGRESQL) {
			error_clear(b->err);
			ERR(b->err, E_TYPE_MISMATCH, "%s types %.*s and %.*s cannot be matched", what,
			    STR_ARG(type_pg_base_name(b->arena, types[0])), STR_ARG(type_pg_base_name(b->arena, types[known - 1])));
			return error_at(b->err, item_position(operands->items[n - 1], c));
		}
		TRY(s);
	}
	for (uint32_t i = 0; i < n; i++) {
		bool differs = false;
		struct expr **exprs = ARENA_ARRAY(b->arena, struct expr *, width + 1);
		for (uint32_t c = 0; c < width; c++) {
			exprs[c] = column_of(b, inputs[i], c);
			differs |= !type_equal(exprs[c]->type, common[c]);
			TRY(expr_cast(&b->env, exprs[c], common[c], bind_is_unknown(exprs[c]) ? CAST_PG : CAST_IMPLICIT, &exprs[c]));
		}
		if (differs)
			inputs[i] = plan_project(b->arena, inputs[i], exprs, inputs[0]->names, width);
	}
	return OK;
}

/* The totals of an operand with the types that all operands have. */
static enum status totals_as(struct binder *b, struct scope *s, const struct plan *operand)
{
	uint32_t n = operand->column_count;
	struct expr **exprs = ARENA_ARRAY(b->arena, struct expr *, n + 1);
	for (uint32_t i = 0; i < n; i++)
		TRY(expr_cast(&b->env, column_of(b, s->totals, i), operand->types[i], CAST_IMPLICIT, &exprs[i]));
	s->totals = plan_project(b->arena, s->totals, exprs, operand->names, n);
	return OK;
}

static enum status bind_set_operation(struct binder *b, struct scope *s, const struct ast_select *q)
{
	static const char *const words[] = {[SELECT_UNION] = "UNION", [SELECT_INTERSECT] = "INTERSECT",
	                                    [SELECT_EXCEPT] = "EXCEPT"};
	uint32_t n = q->operands.count;
	struct plan **inputs = ARENA_ARRAY(b->arena, struct plan *, n);
	bool all = q->mode == SET_ALL;
	uint32_t with_totals = 0;
	for (uint32_t i = 0; i < n; i++) {
		struct scope *operand;
		b->in_set_operation = b->dialect == DIALECT_POSTGRESQL;
		TRY(bind_select(b, s->parent, (const struct ast_select *)q->operands.items[i], s->correlation, s->ctes, &operand));
		inputs[i] = operand->plan;
		if (s->totals == NULL && operand->totals != NULL) {
			s->totals = operand->totals;
			with_totals = i;
		}
	}
	if (q->mode == SET_UNSAID && b->dialect == DIALECT_CLICKHOUSE && q->form == SELECT_UNION) {
		if (!b->config->options.union_default_set)
			return ERR(b->err, E_UNION_MODE,
			           "Expected ALL or DISTINCT in SelectWithUnion query; because setting (union_default_mode) is empty");
		all = !b->config->options.union_distinct_default;
	}
	if (q->mode == SET_UNSAID && b->dialect == DIALECT_CLICKHOUSE && q->form != SELECT_UNION)
		all = true;
	TRY(unify(b, inputs, &q->operands, words[q->form]));
	if (s->totals != NULL)
		TRY(totals_as(b, s, inputs[with_totals]));
	struct plan *p = plan_unary(b->arena, q->form == SELECT_UNION ? PLAN_UNION : PLAN_SET, inputs[0]);
	if (q->form == SELECT_UNION) {
		p->inputs = inputs;
		p->input_count = n;
		if (!all)
			p = plan_unary(b->arena, PLAN_DISTINCT, p);
	} else {
		for (uint32_t i = 1; i < n; i++) {
			struct plan **pair = ARENA_ARRAY(b->arena, struct plan *, 2);
			p = plan_unary(b->arena, PLAN_SET, i == 1 ? inputs[0] : p);
			pair[0] = p->inputs[0];
			pair[1] = inputs[i];
			p->inputs = pair;
			p->input_count = 2;
			p->u.set.except = q->form == SELECT_EXCEPT;
			p->u.set.all = all;
		}
	}
	s->plan = p;
	for (uint32_t i = 0; i < p->column_count; i++)
		scope_add(b, s, column_of(b, p, i), STR(""), p->names[i]);
	return OK;
}

/* ORDER BY and LIMIT behind VALUES or a set operation: over the output columns. */
static enum status bind_tail(struct binder *b, struct scope *s, const struct ast_select *q)
{
	if (q->order_by.count != 0) {
		struct plan_order *order = ARENA_ARRAY(b->arena, struct plan_order, q->order_by.count);
		for (uint32_t i = 0; i < q->order_by.count; i++) {
			const struct ast_order *o = (const struct ast_order *)q->order_by.items[i];
			uint64_t n;
			if (select_position(o->value, &n)) {
				if (n == 0 || n > s->plan->column_count)
					return select_bad_position(b, "ORDER BY", n, o->ast.position);
				order[i].expr = column_of(b, s->plan, (uint32_t)n - 1);
			} else {
				TRY(bind_expr(b, s, o->value, &order[i].expr));
			}
			if (o->fill)
				return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: WITH FILL behind a set operation");
			order[i].descending = o->direction == ORDER_DESC;
			order[i].nulls_first = nulls_come_first(b, o);
		}
		struct plan *input = s->plan;
		TRY(sort_node(b, input, order, q->order_by.count, &s->plan));
	}
	return select_limit(b, s, q);
}

enum status bind_select(struct binder *b, struct scope *parent, const struct ast_select *q,
                        struct correlation *correlation, struct cte_entry *ctes, struct scope **out)
{
	struct scope *s = ARENA_NEW(b->arena, struct scope);
	s->parent = parent;
	s->correlation = correlation;
	s->ctes = ctes;
	s->keeps_unknown = b->in_set_operation;
	b->in_set_operation = false;
	TRY(binder_enter(b, q->ast.position));
	enum status status = bind_with(b, s, &q->with, q->with_recursive);
	if (status == OK)
		switch (q->form) {
		case SELECT_PLAIN:
			status = bind_plain_select(b, s, q);
			break;
		case SELECT_VALUES:
			status = bind_values(b, s, q);
			if (status == OK)
				status = bind_tail(b, s, q);
			break;
		default:
			status = bind_set_operation(b, s, q);
			if (status == OK)
				status = bind_tail(b, s, q);
			break;
		}
	binder_leave(b);
	*out = s;
	return status;
}

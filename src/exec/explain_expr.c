// SPDX-License-Identifier: Apache-2.0
/* Bound expressions as SQL, with the names of what they are computed from. */
#include "exec/explain_impl.h"

/* The most nodes that one column is followed through, and that one expression may be deep. */
enum { DEPTH_MAX = 64 };

struct deparser {
	const struct explainer *x;
	struct strbuf *to;
	struct plan *const *inputs;
	uint32_t input_count;
	unsigned depth;
};

static void put_expr(struct deparser *d, const struct expr *e);
static void put_column(struct deparser *d, const struct plan *p, uint32_t column);

/* An expression of `p`, over p's inputs. */
static void put_below(struct deparser *d, const struct plan *p, const struct expr *e)
{
	struct deparser below = {d->x, d->to, p->inputs, p->input_count, d->depth + 1};
	put_expr(&below, e);
}

static void put_list(struct deparser *d, const struct plan *p, struct expr *const *items, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		strbuf_putz(d->to, i == 0 ? "" : ", ");
		put_below(d, p, items[i]);
	}
}

static void put_order(struct deparser *d, const struct plan *p, const struct plan_order *order, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		strbuf_putz(d->to, i == 0 ? "" : ", ");
		put_below(d, p, order[i].expr);
		strbuf_putz(d->to, order[i].descending ? " DESC" : "");
	}
}

static void put_aggregate(struct deparser *d, const struct plan *p, const struct plan_aggregate *a)
{
	struct str name = a->aggregator->function;
	strbuf_printf(d->to, "%.*s(%s", STR_ARG(name), a->distinct ? "DISTINCT " : "");
	if (a->aggregator->arg_count == 0 && str_eq(name, STR("count")))
		strbuf_putc(d->to, '*');
	put_list(d, p, a->args, a->aggregator->arg_count);
	if (a->order_count != 0) {
		strbuf_putz(d->to, " ORDER BY ");
		put_order(d, p, a->order, a->order_count);
	}
	strbuf_putc(d->to, ')');
	if (a->filter != NULL) {
		strbuf_putz(d->to, " FILTER (WHERE ");
		put_below(d, p, a->filter);
		strbuf_putc(d->to, ')');
	}
}

static void put_window(struct deparser *d, const struct plan *p, const struct plan_window *w)
{
	static const char *const names[] = {[WINDOW_ROW_NUMBER] = "row_number", [WINDOW_RANK] = "rank",
		[WINDOW_DENSE_RANK] = "dense_rank", [WINDOW_PERCENT_RANK] = "percent_rank", [WINDOW_CUME_DIST] = "cume_dist",
		[WINDOW_NTILE] = "ntile", [WINDOW_LAG] = "lag", [WINDOW_LEAD] = "lead", [WINDOW_LAG_IN_FRAME] = "lagInFrame",
		[WINDOW_LEAD_IN_FRAME] = "leadInFrame", [WINDOW_FIRST_VALUE] = "first_value", [WINDOW_LAST_VALUE] = "last_value",
		[WINDOW_NTH_VALUE] = "nth_value", [WINDOW_DERIVATIVE] = "nonNegativeDerivative"};
	if (w->function == WINDOW_AGGREGATE) {
		put_aggregate(d, p, &w->aggregate);
	} else {
		strbuf_printf(d->to, "%s(", names[w->function]);
		put_list(d, p, w->args, w->arg_count);
		strbuf_putc(d->to, ')');
	}
	strbuf_putz(d->to, " OVER (?)");
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void put_name(struct deparser *d, struct str name)
{
	bool plain = name.size != 0 && !is_digit(name.data[0]);
	for (size_t i = 0; i < name.size; i++)
		plain = plain && (name.data[i] == '_' || is_digit(name.data[i]) || (name.data[i] >= 'a' && name.data[i] <= 'z'));
	if (plain) {
		strbuf_puts(d->to, name);
		return;
	}
	strbuf_putc(d->to, '"');
	for (size_t i = 0; i < name.size; i++) {
		if (name.data[i] == '"')
			strbuf_putc(d->to, '"');
		strbuf_putc(d->to, name.data[i]);
	}
	strbuf_putc(d->to, '"');
}

static void put_scan_column(struct deparser *d, const struct plan *p, uint32_t column)
{
	struct str table = p->u.scan.alias.size != 0 ? p->u.scan.alias : p->u.scan.table->def->name;
	if (d->x->qualify) {
		put_name(d, table);
		strbuf_putc(d->to, '.');
	}
	put_name(d, p->names[column]);
}

/* Output column of p as what it is computed from. */
static void put_column(struct deparser *d, const struct plan *p, uint32_t column)
{
	struct deparser below = {d->x, d->to, p->inputs, p->input_count, d->depth + 1};
	uint32_t first = p->input_count == 0 ? 0 : p->inputs[0]->column_count;
	if (d->depth > DEPTH_MAX) {
		put_name(d, p->names[column]);
		return;
	}
	switch (p->kind) {
	case PLAN_SCAN:
		put_scan_column(d, p, column);
		return;
	case PLAN_PROJECT:
		put_expr(&below, p->u.project.exprs[column]);
		return;
	case PLAN_AGGREGATE:
		if (column < p->u.aggregate.key_count)
			put_expr(&below, p->u.aggregate.keys[column]);
		else if (column - p->u.aggregate.key_count < p->u.aggregate.aggregate_count)
			put_aggregate(d, p, &p->u.aggregate.aggregates[column - p->u.aggregate.key_count]);
		else
			strbuf_putz(d->to, "GROUPING()");
		return;
	case PLAN_WINDOW:
		if (column >= first)
			put_window(d, p, &p->u.window.functions[column - first]);
		else
			put_column(&below, p->inputs[0], column);
		return;
	case PLAN_JOIN:
		if (column >= first && column - first < p->inputs[1]->column_count && p->u.join.kind != PLAN_JOIN_MARK)
			put_column(&below, p->inputs[1], column - first);
		else if (column < first)
			put_column(&below, p->inputs[0], column);
		else
			put_name(d, p->names[column]);
		return;
	case PLAN_FILTER: case PLAN_SORT: case PLAN_LIMIT: case PLAN_LIMIT_BY: case PLAN_DISTINCT: case PLAN_UNNEST:
	case PLAN_APPLY: case PLAN_FETCH: case PLAN_TOTALS:
		if (column < first) {
			put_column(&below, p->inputs[0], column);
			return;
		}
		if (p->kind == PLAN_UNNEST && column - first < p->u.unnest.array_count) {
			strbuf_putz(d->to, "unnest(");
			put_expr(&below, p->u.unnest.arrays[column - first]);
			strbuf_putc(d->to, ')');
			return;
		}
		break;
	default:
		break;
	}
	put_name(d, p->names[column]);
}

/* ---- expressions ---- */

static const char *operator_of(struct str name)
{
	static const struct {
		const char *name, *operator;
	} known[] = {
		{"plus", "+"}, {"minus", "-"}, {"multiply", "*"}, {"divide", "/"}, {"modulo", "%"}, {"equals", "="},
		{"notEquals", "<>"}, {"less", "<"}, {"lessOrEquals", "<="}, {"greater", ">"}, {"greaterOrEquals", ">="},
		{"and", "AND"}, {"or", "OR"}, {"concat", "||"}, {"like", "~~"}, {"ilike", "~~*"}, {"notLike", "!~~"},
		{"notILike", "!~~*"}, {"in", "IN"}, {"notIn", "NOT IN"}, {"power", "^"},
	};
	for (size_t i = 0; i < ARRAY_COUNT(known); i++)
		if (str_eq(name, str_of(known[i].name)))
			return known[i].operator;
	return NULL;
}

static void put_constant(struct deparser *d, const struct expr *e)
{
	const struct type *t = type_not_nullable(d->x->arena, e->type);
	struct strbuf value;
	if (vector_is_null(e->constant, 0)) {
		strbuf_putz(d->to, "NULL");
		return;
	}
	strbuf_init(&value, NULL);
	value_write(&value, e->constant, 0, VALUE_PG, d->x->text);
	struct str s = strbuf_str(&value);
	if (t->id == TYPE_BOOL) {
		strbuf_putz(d->to, str_eq(s, STR("t")) ? "true" : "false");
	} else if (type_is_integer(t) && s.size != 0 && s.data[0] != '-') {
		strbuf_puts(d->to, s);
	} else {
		strbuf_putc(d->to, '\'');
		for (size_t i = 0; i < s.size && i < 1000; i++) {
			if (s.data[i] == '\'')
				strbuf_putc(d->to, '\'');
			strbuf_putc(d->to, s.data[i]);
		}
		struct str type = type_pg_name(d->x->arena, t);
		strbuf_printf(d->to, "%s'::%.*s", s.size > 1000 ? "..." : "",
		              STR_ARG(str_eq(type, STR("unknown")) ? STR("text") : type));
	}
	strbuf_fini(&value);
}

static bool is_cast(struct str name)
{
	static const char *const casts[] = {"CAST", "cast", "castForInsert", "accurateCast", "castOrNull", "castOrZero"};
	for (size_t i = 0; i < ARRAY_COUNT(casts); i++)
		if (str_eq(name, str_of(casts[i])))
			return true;
	return false;
}

static void put_infix(struct deparser *d, const struct expr *e, const char *operator)
{
	strbuf_putc(d->to, '(');
	for (uint32_t i = 0; i < e->arg_count; i++) {
		if (i != 0)
			strbuf_printf(d->to, " %s ", operator);
		put_expr(d, e->args[i]);
	}
	strbuf_putc(d->to, ')');
}

static void put_around(struct deparser *d, const char *before, const struct expr *e, const char *after)
{
	strbuf_putz(d->to, before);
	put_expr(d, e);
	strbuf_putz(d->to, after);
}

static void put_call(struct deparser *d, const struct expr *e)
{
	struct str name = e->call->name;
	const char *operator = operator_of(name);
	if (operator != NULL && e->arg_count >= 2) {
		put_infix(d, e, operator);
	} else if (e->call->function != NULL && strcmp(e->call->function->name, "subquery") == 0) {
		strbuf_putz(d->to, "(SubPlan)");
	} else if (e->arg_count == 1 && str_eq(name, STR("castImplicit"))) {
		put_expr(d, e->args[0]);
	} else if (e->arg_count == 1 && is_cast(name)) {
		put_around(d, "(", e->args[0], ")");
		strbuf_printf(d->to, "::%.*s", STR_ARG(type_pg_name(d->x->arena, type_not_nullable(d->x->arena, e->type))));
	} else if (e->arg_count == 1 && str_eq(name, STR("not"))) {
		put_around(d, "(NOT ", e->args[0], ")");
	} else if (e->arg_count == 1 && str_eq(name, STR("negate"))) {
		put_around(d, "(- ", e->args[0], ")");
	} else if (e->arg_count == 1 && str_eq(name, STR("isNull"))) {
		put_around(d, "(", e->args[0], " IS NULL)");
	} else if (e->arg_count == 1 && str_eq(name, STR("isNotNull"))) {
		put_around(d, "(", e->args[0], " IS NOT NULL)");
	} else {
		strbuf_printf(d->to, "%.*s(", STR_ARG(name));
		for (uint32_t i = 0; i < e->arg_count; i++) {
			strbuf_putz(d->to, i == 0 ? "" : ", ");
			put_expr(d, e->args[i]);
		}
		strbuf_putc(d->to, ')');
	}
}

static void put_expr(struct deparser *d, const struct expr *e)
{
	uint32_t first = d->input_count == 0 ? 0 : d->inputs[0]->column_count;
	if (d->depth > DEPTH_MAX) {
		strbuf_putz(d->to, "...");
		return;
	}
	d->depth++;
	switch (e->kind) {
	case EXPR_COLUMN:
		if (e->column < first)
			put_column(d, d->inputs[0], e->column);
		else if (d->input_count > 1 && e->column - first < d->inputs[1]->column_count)
			put_column(d, d->inputs[1], e->column - first);
		else
			put_name(d, e->name);
		break;
	case EXPR_CONSTANT:
		put_constant(d, e);
		break;
	case EXPR_CALL:
		put_call(d, e);
		break;
	case EXPR_SLOT:
		strbuf_printf(d->to, "$%u", e->column);
		break;
	case EXPR_LAMBDA:
		strbuf_putz(d->to, "(lambda)");
		break;
	}
	d->depth--;
}

struct str explain_expr(const struct explainer *x, const struct expr *e, struct plan *const *inputs, uint32_t n)
{
	struct strbuf to;
	strbuf_init(&to, NULL);
	struct deparser d = {x, &to, inputs, n, 0};
	put_expr(&d, e);
	struct str s = arena_str(x->arena, strbuf_str(&to));
	strbuf_fini(&to);
	return s;
}

struct str explain_column(const struct explainer *x, const struct plan *p, uint32_t column)
{
	struct strbuf to;
	strbuf_init(&to, NULL);
	struct deparser d = {x, &to, p->inputs, p->input_count, 0};
	put_column(&d, p, column);
	struct str s = arena_str(x->arena, strbuf_str(&to));
	strbuf_fini(&to);
	return s;
}

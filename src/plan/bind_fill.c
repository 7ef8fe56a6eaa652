// SPDX-License-Identifier: Apache-2.0
/* ORDER BY … WITH FILL, and INTERPOLATE. */
#include "plan/bind_select_impl.h"

enum { INTERPOLATIONS_MAX = 64 };

static enum status bad_fill(struct binder *b, const struct ast_order *o, const char *what)
{
	ERR(b->err, E_INVALID_FILL, "%s", what);
	return error_at(b->err, o->ast.position);
}

static bool is_calendar(const struct type *t)
{
	return t->id == TYPE_DATE || t->id == TYPE_DATE32 || t->id == TYPE_DATETIME || t->id == TYPE_DATETIME64;
}

static int64_t power_of_ten(unsigned n)
{
	int64_t x = 1;
	while (n-- != 0)
		x *= 10;
	return x;
}

/* A constant as the column's numbers: FROM and TO. */
static enum status bound_value(struct selecting *sel, const struct ast_order *o, const struct ast *x,
                               const struct type *t, struct fill_number *out)
{
	struct binder *b = sel->b;
	struct expr *e;
	const struct type *number = type_simple(type_is_float(t) ? TYPE_FLOAT64 : TYPE_INT128);
	TRY(bind_expr(b, sel->s, x, &e));
	TRY(bind_settle(b, &e));
	if (e->kind != EXPR_CONSTANT || vector_is_null(e->constant, 0))
		return bad_fill(b, o, "WITH FILL FROM and TO must be constants");
	bool fits = is_calendar(t) ? type_is_integer(e->type) || is_calendar(e->type) : type_is_number(e->type);
	if (!fits)
		return bad_fill(b, o, "Incompatible types of WITH FILL expression values with the column's type");
	if (is_calendar(t)) {
		int64_t ticks = 0;
		TRY(expr_cast(&b->env, e, t, CAST_CH, &e));
		if (e->kind != EXPR_CONSTANT)
			return bad_fill(b, o, "WITH FILL FROM and TO must be constants");
		memcpy(&ticks, e->constant->data, physical_size(type_physical(t)));
		if (t->id == TYPE_DATE32)
			ticks = (int32_t)ticks;
		out->i = ticks;
		return OK;
	}
	TRY(expr_cast(&b->env, e, number, CAST_CH, &e));
	if (e->kind != EXPR_CONSTANT)
		return bad_fill(b, o, "WITH FILL FROM and TO must be constants");
	if (type_is_float(t))
		memcpy(&out->f, e->constant->data, sizeof out->f);
	else
		memcpy(&out->i, e->constant->data, sizeof out->i);
	if (type_is_integer(t) && !type_is_signed(t) && out->i < 0)
		return bad_fill(b, o, "WITH FILL bound values cannot be negative for an unsigned type");
	return OK;
}

/* STEP and STALENESS: a number in the column's units, or an interval. */
static enum status step_value(struct selecting *sel, const struct ast_order *o, const struct ast *x,
                              const struct type *t, struct fill_step *out)
{
	struct binder *b = sel->b;
	struct expr *e;
	TRY(bind_expr(b, sel->s, x, &e));
	if (e->kind != EXPR_CONSTANT || vector_is_null(e->constant, 0))
		return bad_fill(b, o, "WITH FILL STEP must be a constant");
	if (e->type->id == TYPE_INTERVAL) {
		int64_t n;
		if (!is_calendar(t))
			return bad_fill(b, o, "WITH FILL STEP of an interval needs a column of dates or times");
		memcpy(&n, e->constant->data, sizeof n);
		out->number.i = n;
		out->unit = (enum interval_unit)e->type->scale;
		if ((t->id == TYPE_DATE || t->id == TYPE_DATE32) && out->unit < UNIT_DAY)
			return bad_fill(b, o, "Value of step is to low ( < 1 day)");
		return OK;
	}
	if (!type_is_number(e->type))
		return bad_fill(b, o, "STEP expression must be a number or an interval");
	TRY(expr_cast(&b->env, e, type_simple(type_is_float(t) ? TYPE_FLOAT64 : TYPE_INT128), CAST_CH, &e));
	if (e->kind != EXPR_CONSTANT)
		return bad_fill(b, o, "WITH FILL STEP must be a constant");
	if (type_is_float(t))
		memcpy(&out->number.f, e->constant->data, sizeof out->number.f);
	else
		memcpy(&out->number.i, e->constant->data, sizeof out->number.i);
	if (t->id == TYPE_DATETIME64)
		out->number.i *= power_of_ten(t->scale);
	return OK;
}

static bool points_back(const struct plan_fill *f, const struct fill_step *s)
{
	bool negative = f->is_float ? s->number.f < 0 : s->number.i < 0;
	return negative != f->descending;
}

static enum status fill_column(struct selecting *sel, const struct ast_order *o, const struct type *t,
                               struct plan_fill *f)
{
	struct binder *b = sel->b;
	enum physical physical = type_physical(t);
	bool number = (type_is_integer(t) && physical_size(physical) <= 8) || type_is_float(t) || is_calendar(t);
	if (!number || t->low_cardinality || (type_is_float(t) && physical_size(physical) < 4))
		return bad_fill(b, o, "Incompatible types of WITH FILL expression values with the column's type");
	f->is_float = type_is_float(t);
	f->descending = o->direction == ORDER_DESC;
	f->step.number = f->is_float ? (struct fill_number){.f = 1} : (struct fill_number){.i = 1};
	if (t->id == TYPE_DATETIME64)
		f->step.number.i = power_of_ten(t->scale);
	if (f->descending && f->is_float)
		f->step.number.f = -f->step.number.f;
	else if (f->descending)
		f->step.number.i = -f->step.number.i;
	f->has_from = o->fill_from != NULL;
	f->has_to = o->fill_to != NULL;
	f->has_staleness = o->fill_staleness != NULL;
	const struct type *plain = type_plain(b->arena, t);
	if (f->has_from)
		TRY(bound_value(sel, o, o->fill_from, plain, &f->from));
	if (f->has_to)
		TRY(bound_value(sel, o, o->fill_to, plain, &f->to));
	if (o->fill_step != NULL)
		TRY(step_value(sel, o, o->fill_step, plain, &f->step));
	if (f->has_staleness)
		TRY(step_value(sel, o, o->fill_staleness, plain, &f->staleness));
	if (f->has_staleness && f->has_from)
		return bad_fill(b, o, "WITH FILL STALENESS cannot be used together with WITH FILL FROM");
	bool zero = f->is_float ? f->step.number.f == 0 : f->step.number.i == 0;
	if (zero)
		return bad_fill(b, o, "WITH FILL STEP value cannot be zero.");
	if (points_back(f, &f->step) || (f->has_staleness && points_back(f, &f->staleness)))
		return bad_fill(b, o, f->descending
		                ? "WITH FILL STEP value cannot be positive for sorting in descending direction."
		                : "WITH FILL STEP value cannot be negative for sorting in ascending direction.");
	if (f->has_from && f->has_to) {
		bool less = f->is_float ? f->to.f < f->from.f : f->to.i < f->from.i;
		bool more = f->is_float ? f->to.f > f->from.f : f->to.i > f->from.i;
		if (f->descending ? more : less)
			return bad_fill(b, o, "WITH FILL TO value cannot be on the wrong side of FROM for the sorting direction.");
	}
	return OK;
}

/* ---- INTERPOLATE ---- */

static enum status add_interpolation(struct selecting *sel, struct plan *p, uint32_t column, struct expr *x)
{
	struct binder *b = sel->b;
	if (p->u.fill.interpolation_count == INTERPOLATIONS_MAX)
		return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: INTERPOLATE of more than %d columns", INTERPOLATIONS_MAX);
	TRY(expr_cast(&b->env, x, p->types[column], CAST_CH, &x));
	p->u.fill.interpolations[p->u.fill.interpolation_count++] = (struct plan_interpolation){column, x};
	return OK;
}

static bool is_sorted(const struct selecting *sel, uint32_t column, const uint32_t *order_at)
{
	for (uint32_t i = 0; i < sel->order_count; i++)
		if (order_at[i] == column)
			return true;
	return false;
}

static enum status interpolate_one(struct selecting *sel, struct plan *p, struct scope *s, const struct ast *x,
                                   const uint32_t *order_at)
{
	struct binder *b = sel->b;
	bool bare = x->alias == NULL && x->kind == AST_IDENTIFIER;
	struct str name = x->alias != NULL ? x->alias->text : bare ? name_last(&((const struct ast_identifier *)x)->name)
		: STR("");
	uint32_t column = 0;
	struct expr *value;
	while (column < sel->item_count && !str_eq(p->names[column], name))
		column++;
	if (column == sel->item_count) {
		ERR(b->err, E_UNKNOWN_COLUMN, "Missing column '%.*s' as an INTERPOLATE expression target", STR_ARG(name));
		return error_at(b->err, x->position);
	}
	if (is_sorted(sel, column, order_at))
		return ERR(b->err, E_INVALID_FILL, "Column '%.*s' is participating in ORDER BY ... WITH FILL expression and can't be "
		           "INTERPOLATE output", STR_ARG(name));
	TRY(bind_expr(b, s, x, &value));
	TRY(bind_settle(b, &value));
	return add_interpolation(sel, p, column, value);
}

static enum status interpolations(struct selecting *sel, struct plan *p, const uint32_t *order_at)
{
	struct binder *b = sel->b;
	const struct ast_select *q = sel->q;
	struct scope *s = ARENA_NEW(b->arena, struct scope);
	p->u.fill.interpolations = ARENA_ARRAY(b->arena, struct plan_interpolation, INTERPOLATIONS_MAX);
	s->plan = p;
	for (uint32_t c = 0; c < sel->item_count; c++)
		scope_add(b, s, expr_column(b->arena, c, p->types[c], p->names[c]), STR(""), p->names[c]);
	AST_EACH(&q->interpolations, x)
		TRY(interpolate_one(sel, p, s, x, order_at));
	for (uint32_t c = 0; q->interpolate && q->interpolations.count == 0 && c < sel->item_count; c++)
		if (!is_sorted(sel, c, order_at))
			TRY(add_interpolation(sel, p, c, s->columns[c].expr));
	return OK;
}

enum status select_fill(struct selecting *sel, const uint32_t *order_at, struct plan **plan)
{
	struct binder *b = sel->b;
	const struct ast_select *q = sel->q;
	bool any = false;
	AST_EACH(&q->order_by, x)
		any |= ((const struct ast_order *)x)->fill;
	if (!any)
		return OK;
	struct plan *p = plan_unary(b->arena, PLAN_FILL, *plan);
	p->u.fill.columns = ARENA_ARRAY(b->arena, struct plan_fill, sel->order_count);
	p->u.fill.prefix = ARENA_ARRAY(b->arena, uint32_t, sel->order_count);
	for (uint32_t i = 0; i < sel->order_count; i++) {
		const struct ast_order *o = (const struct ast_order *)q->order_by.items[i];
		uint32_t column = order_at[i];
		if (!o->fill && p->u.fill.count == 0)
			p->u.fill.prefix[p->u.fill.prefix_count++] = column;
		if (!o->fill)
			continue;
		for (uint32_t k = 0; k < p->u.fill.count; k++)
			if (p->u.fill.columns[k].column == column)
				return bad_fill(b, o, "Multiple WITH FILL for identical expressions is not supported in ORDER BY.");
		struct plan_fill *f = &p->u.fill.columns[p->u.fill.count++];
		f->column = column;
		TRY(fill_column(sel, o, p->types[column], f));
	}
	TRY(interpolations(sel, p, order_at));
	*plan = p;
	return OK;
}

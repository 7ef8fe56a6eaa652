// SPDX-License-Identifier: Apache-2.0
/*
 * WITH TOTALS: beside the rows of a query goes one more, which ORDER BY, LIMIT and WHERE do not touch. It has a plan of
 * its own, from the row that PLAN_TOTALS leaves through the same expressions as the rows, and through enclosing queries
 * up to one that aggregates.
 */
#include "plan/bind_select_impl.h"

static struct plan *row_like(struct binder *b, const struct plan *p, uint32_t number)
{
	struct plan *row = plan_new(b->arena, PLAN_TOTALS_ROW, p->column_count);
	memcpy(row->types, p->types, p->column_count * sizeof *p->types);
	memcpy(row->names, p->names, p->column_count * sizeof *p->names);
	row->u.totals.number = number;
	return row;
}

void select_totals_node(struct selecting *sel, struct plan *aggregate)
{
	struct binder *b = sel->b;
	struct plan *p = plan_unary(b->arena, PLAN_TOTALS, sel->s->plan);
	p->u.totals.aggregate = aggregate;
	p->u.totals.number = b->query->totals_count++;
	sel->s->plan = p;
	sel->s->totals = row_like(b, p, p->u.totals.number);
}

enum status select_totals_items(struct selecting *sel)
{
	struct binder *b = sel->b;
	struct scope *s = sel->s;
	if (s->totals == NULL)
		return OK;
	if (sel->rows.count != 0 || s->totals->column_count != s->plan->column_count)
		return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: arrayJoin() with WITH TOTALS");
	struct expr **exprs = ARENA_ARRAY(b->arena, struct expr *, sel->item_count + 1);
	struct str *names = ARENA_ARRAY(b->arena, struct str, sel->item_count + 1);
	for (size_t i = 0; i < sel->item_count; i++) {
		exprs[i] = sel->items[i].expr;
		names[i] = sel->items[i].name;
	}
	s->totals = plan_project(b->arena, s->totals, exprs, names, (uint32_t)sel->item_count);
	return OK;
}

/* One row of the columns' defaults, for the side of a join that has no totals. */
static enum status default_row(struct binder *b, const struct plan *like, struct plan **out)
{
	struct plan *p = plan_new(b->arena, PLAN_VALUES, like->column_count);
	p->u.values.row_count = 1;
	p->u.values.exprs = ARENA_ARRAY(b->arena, struct expr *, like->column_count + 1);
	for (uint32_t i = 0; i < like->column_count; i++) {
		struct vector *zero = NULL;
		TRY(vector_default_constant(NULL, like->types[i], 1, &zero, b->err));
		p->types[i] = like->types[i];
		p->names[i] = like->names[i];
		p->u.values.exprs[i] = expr_constant(b->arena, zero);
	}
	*out = p;
	return OK;
}

enum status bind_join_totals(struct binder *b, struct scope *s, struct plan *left, const struct plan *left_plan,
                             struct plan *right, const struct plan *right_plan)
{
	const struct plan *joined = s->plan;
	uint32_t n = left_plan->column_count, all = n + right_plan->column_count;
	s->totals = NULL;
	if ((left == NULL && right == NULL) || joined->column_count != all)
		return OK;
	if (left == NULL)
		TRY(default_row(b, left_plan, &left));
	if (right == NULL)
		TRY(default_row(b, right_plan, &right));
	struct plan *p = plan_new(b->arena, PLAN_JOIN, all);
	struct expr **exprs = ARENA_ARRAY(b->arena, struct expr *, all + 1);
	p->u.join.kind = PLAN_JOIN_CROSS;
	p->inputs = ARENA_ARRAY(b->arena, struct plan *, 2);
	p->inputs[0] = left;
	p->inputs[1] = right;
	p->input_count = 2;
	for (uint32_t i = 0; i < all; i++) {
		const struct plan *side = i < n ? left : right;
		p->types[i] = side->types[i < n ? i : i - n];
		p->names[i] = side->names[i < n ? i : i - n];
		exprs[i] = expr_column(b->arena, i, p->types[i], p->names[i]);
		TRY(expr_cast(&b->env, exprs[i], joined->types[i], CAST_IMPLICIT, &exprs[i]));
	}
	s->totals = plan_project(b->arena, p, exprs, p->names, all);
	s->totals_width = all;
	return OK;
}

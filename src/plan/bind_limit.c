// SPDX-License-Identifier: Apache-2.0
/* LIMIT, OFFSET and LIMIT BY: numbers of rows, from the start or the end, or shares of all rows. */
#include "plan/bind_select_impl.h"

/* What stands behind one of the words. */
struct row_count {
	struct expr *expr;           /* Int64 constant or slot; NULL: nothing, or NULL */
	double share;
	bool from_end;
};

static uint64_t constant_rows(const struct row_count *c)
{
	int64_t v = 0;
	if (c->expr != NULL && c->expr->kind == EXPR_CONSTANT)
		memcpy(&v, c->expr->constant->data, sizeof v);
	return (uint64_t)v;
}

static enum status bad_count(struct binder *b, const struct ast *x, const char *clause)
{
	ERR(b->err, E_INVALID_LIMIT, "The value %.*s of %s expression is not representable as UInt64 or Int64 or Float64 in "
	    "the range (0, 1).", STR_ARG(bind_item_name(b, x)), clause);
	return error_at(b->err, x->position);
}

/* Numbers of ClickHouse: below zero from the end, between zero and one a share. */
static enum status count_of_number(struct binder *b, const struct ast *x, const char *clause, struct row_count *c)
{
	double v;
	struct expr *number;
	const struct type *t = c->expr->type;
	if (t->id == TYPE_NOTHING || c->expr->kind != EXPR_CONSTANT)
		return OK;
	TRY(expr_cast(&b->env, c->expr, type_simple(TYPE_FLOAT64), CAST_CH, &number));
	memcpy(&v, number->constant->data, sizeof v);
	if (type_is_float(t) || t->id == TYPE_DECIMAL32 || t->id == TYPE_DECIMAL64) {
		if (v > 0 && v < 1) {
			c->share = v;
			c->expr = NULL;
			return OK;
		}
		if (!(v > -9e18 && v < 9e18) || v != (double)(int64_t)v)
			return bad_count(b, x, clause);
	}
	if (v >= 9.2233720368547e18) { /* more than there can be */
		c->expr = bind_u64(b, INT64_MAX);
	} else if (v < 0) {
		struct expr *positive;
		c->from_end = true;
		TRY(bind_function(b, STR("negate"), &c->expr, 1, x->position, &positive));
		c->expr = positive;
	}
	return OK;
}

static enum status bind_count(struct binder *b, struct scope *s, const struct ast *x, const char *clause,
                              struct row_count *c)
{
	*c = (struct row_count){0};
	if (x == NULL)
		return OK;
	TRY(bind_expr(b, s, x, &c->expr));
	bool pg = b->dialect == DIALECT_POSTGRESQL, constant = expr_is_constant(c->expr) || c->expr->kind == EXPR_SLOT;
	if (pg)
		TRY(bind_coerce_unknown(b, &c->expr, type_simple(TYPE_INT64)));
	bool number = pg || type_is_number(c->expr->type) || c->expr->type->id == TYPE_NOTHING || bind_is_unknown(c->expr);
	if (!constant || !number) {
		ERR(b->err, pg ? E_AMBIGUOUS_COLUMN : E_INVALID_LIMIT, pg ? "argument of %s must not contain variables"
		    : "%s expression must be constant with numeric type.", clause);
		return error_at(b->err, x->position);
	}
	if (c->expr->kind == EXPR_CONSTANT && vector_is_null(c->expr->constant, 0)) {
		c->expr = NULL;
		return OK;
	}
	if (!pg)
		TRY(count_of_number(b, x, clause, c));
	if (c->expr == NULL)
		return OK;
	const struct type *to = type_simple(TYPE_INT64);
	TRY(expr_cast(&b->env, c->expr, c->expr->type->nullable ? type_nullable(b->arena, to) : to, CAST_PG, &c->expr));
	if (pg && c->expr->kind == EXPR_CONSTANT && (int64_t)constant_rows(c) < 0) {
		ERR(b->err, strcmp(clause, "OFFSET") == 0 ? E_INVALID_OFFSET : E_INVALID_LIMIT, "%s must not be negative", clause);
		return error_at(b->err, NO_POSITION);
	}
	return OK;
}

/* ---- LIMIT ---- */

/* LIMIT n WITH TIES of a constant is the sort's matter: it keeps the rows that are equal to the last one. */
static enum status with_ties(struct binder *b, struct plan *sort, struct row_count *limit,
                             const struct row_count *offset, struct plan *p)
{
	bool constant = limit->expr != NULL && limit->expr->kind == EXPR_CONSTANT && !limit->from_end && !offset->from_end &&
		offset->share == 0 && (offset->expr == NULL || offset->expr->kind == EXPR_CONSTANT);
	if (sort->kind != PLAN_SORT)
		return ERR(b->err, b->dialect == DIALECT_POSTGRESQL ? E_SYNTAX : E_WITH_TIES_WITHOUT_ORDER,
		           "WITH TIES cannot be specified without ORDER BY clause");
	uint64_t rows = constant_rows(limit), skip = constant_rows(offset);
	if (constant && rows != 0) {
		sort->u.sort.with_ties = true;
		sort->u.sort.limit = rows > UINT64_MAX - skip ? 0 : rows + skip;
		limit->expr = NULL;
		return OK;
	}
	if (constant)
		return OK;
	uint32_t n = sort->u.sort.order_count;
	p->u.limit.with_ties = true;
	p->u.limit.order = ARENA_ARRAY(b->arena, struct expr *, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		struct expr *x = sort->u.sort.order[i].expr;
		while (x->kind == EXPR_CALL) /* uuidOrder(column) */
			x = x->args[0];
		p->u.limit.order[i] = x;
	}
	p->u.limit.order_count = n;
	return OK;
}

enum status select_limit(struct binder *b, struct scope *s, const struct ast_select *q)
{
	struct row_count limit, offset;
	TRY(bind_count(b, s, q->limit, "LIMIT", &limit));
	TRY(bind_count(b, s, q->offset, "OFFSET", &offset));
	if (offset.from_end && limit.share != 0)
		return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: a fractional LIMIT with a negative OFFSET");
	if (offset.share != 0 && limit.from_end)
		return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: a negative LIMIT with a fractional OFFSET");
	struct plan *p = plan_unary(b->arena, PLAN_LIMIT, s->plan);
	if (q->with_ties && (limit.expr != NULL || limit.share != 0))
		TRY(with_ties(b, s->plan, &limit, &offset, p));
	if (limit.expr == NULL && offset.expr == NULL && limit.share == 0 && offset.share == 0)
		return OK;
	p->u.limit.limit = limit.expr;
	p->u.limit.limit_share = limit.share;
	p->u.limit.limit_from_end = limit.from_end;
	p->u.limit.offset = offset.expr;
	p->u.limit.offset_share = offset.share;
	p->u.limit.offset_from_end = offset.from_end;
	s->plan = p;
	return OK;
}

/* ---- LIMIT BY ---- */

enum status select_limit_by(struct selecting *sel, struct plan **plan, struct expr **keys, uint32_t n,
                            bool distinct_on)
{
	struct binder *b = sel->b;
	struct plan *p = plan_unary(b->arena, PLAN_LIMIT_BY, *plan);
	struct row_count limit = {0}, offset = {0};
	if (!distinct_on) {
		TRY(bind_count(b, sel->s, sel->q->limit_by_limit, "LIMIT BY", &limit));
		TRY(bind_count(b, sel->s, sel->q->limit_by_offset, "LIMIT BY", &offset));
	}
	if (limit.share != 0 || offset.share != 0)
		return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: a fractional LIMIT BY");
	p->u.limit_by.keys = keys;
	p->u.limit_by.key_count = n;
	p->u.limit_by.limit = distinct_on ? 1 : constant_rows(&limit);
	p->u.limit_by.limit_from_end = limit.from_end;
	p->u.limit_by.offset = constant_rows(&offset);
	p->u.limit_by.offset_from_end = offset.from_end;
	*plan = p;
	return OK;
}

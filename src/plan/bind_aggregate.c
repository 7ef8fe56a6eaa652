// SPDX-License-Identifier: Apache-2.0
/*
 * Aggregate calls. While a SELECT is bound, an aggregate is a column with a number from AGGREGATE_BASE on; once all of
 * the SELECT is known, bind_regroup() replaces group keys and aggregates by columns of the aggregate node, and whatever
 * column is left then was not grouped.
 */
#include "plan/binder_impl.h"

bool bind_is_aggregate(struct binder *b, const struct ast_call *c, struct str *name)
{
	*name = name_last(&c->name);
	if (c->form != CALL_PLAIN && c->form != CALL_KEYWORD_ARGS)
		return false;
	if (c->has_over)
		return false;
	return aggregate_exists(*name, b->dialect);
}

static enum status bad_place(struct binder *b, struct scope *s, struct str name, int position)
{
	const char *clause = s->aggregates == NULL ? "this context" : s->aggregates->clause;
	if (s->aggregates != NULL && s->aggregates->inside)
		ERR(b->err, E_AGGREGATE_MISUSE, b->dialect == DIALECT_POSTGRESQL ? "aggregate function calls cannot be nested"
		    : "Aggregate function %.*s is found inside another aggregate function in query", STR_ARG(name));
	else if (b->dialect == DIALECT_POSTGRESQL)
		ERR(b->err, E_AGGREGATE_MISUSE, "aggregate functions are not allowed in %s", clause);
	else
		ERR(b->err, E_AGGREGATE_MISUSE, "Aggregate function %.*s is found in %s in query", STR_ARG(name), clause);
	return error_at(b->err, position);
}

static enum status bind_params(struct binder *b, struct scope *s, const struct ast_list *list,
                               const struct vector ***out)
{
	*out = ARENA_ARRAY(b->arena, const struct vector *, list->count + 1);
	for (unsigned i = 0; i < list->count; i++) {
		struct expr *x;
		TRY(bind_expr(b, s, list->items[i], &x));
		TRY(bind_settle(b, &x));
		if (x->kind != EXPR_CONSTANT)
			return ERR(b->err, E_BAD_ARGUMENTS, "Parameters of an aggregate function must be constants");
		(*out)[i] = x->constant;
	}
	return OK;
}

enum status bind_inner_order(struct binder *b, struct scope *s, const struct ast_list *list, struct plan_order **out)
{
	struct plan_order *order = *out = ARENA_ARRAY(b->arena, struct plan_order, list->count + 1);
	for (unsigned i = 0; i < list->count; i++) {
		const struct ast_order *o = (const struct ast_order *)list->items[i];
		TRY(bind_expr(b, s, o->value, &order[i].expr));
		TRY(bind_settle(b, &order[i].expr));
		TRY(bind_order_key(b, order[i].expr, &order[i].expr));
		order[i].descending = o->direction == ORDER_DESC || name_is(&o->using_operator, ">");
		order[i].nulls_first = o->nulls == ORDER_NULLS_FIRST ||
			(o->nulls == ORDER_NULLS_UNSAID && order[i].descending && b->dialect == DIALECT_POSTGRESQL);
	}
	return OK;
}

struct agg_args {
	struct expr **args;
	uint32_t count;
	const struct vector **params;
	uint32_t param_count;
};

/* f(x, …), f(p)(x, …), and percentile_cont(p) WITHIN GROUP (ORDER BY x), whose p is a parameter and x an argument. */
static enum status bind_agg_args(struct binder *b, struct scope *s, const struct ast_call *c, struct agg_args *out)
{
	bool star = c->args.count == 1 && c->args.items[0]->kind == AST_ASTERISK;
	out->count = star ? 0 : c->args.count;
	if (c->within.count != 0) {
		TRY(bind_params(b, s, &c->args, &out->params));
		out->param_count = c->args.count;
		out->count = c->within.count;
		out->args = ARENA_ARRAY(b->arena, struct expr *, out->count + 1);
		for (uint32_t i = 0; i < out->count; i++)
			TRY(bind_expr(b, s, ((struct ast_order *)c->within.items[i])->value, &out->args[i]));
	} else {
		TRY(bind_params(b, s, &c->params, &out->params));
		out->param_count = c->params.count;
		out->args = ARENA_ARRAY(b->arena, struct expr *, out->count + 1);
		for (uint32_t i = 0; i < out->count; i++)
			TRY(bind_expr(b, s, c->args.items[i], &out->args[i]));
	}
	for (uint32_t i = 0; i < out->count; i++)
		TRY(bind_settle(b, &out->args[i]));
	return OK;
}

static bool same_inner_order(const struct plan_aggregate *a, const struct plan_aggregate *c)
{
	if (a->order_count != c->order_count)
		return false;
	for (uint32_t i = 0; i < a->order_count; i++)
		if (a->order[i].descending != c->order[i].descending || a->order[i].nulls_first != c->order[i].nulls_first ||
		    !expr_equal(a->order[i].expr, c->order[i].expr))
			return false;
	return true;
}

bool bind_same_aggregate(const struct plan_aggregate *a, const struct plan_aggregate *c)
{
	if (!str_eq(a->aggregator->name, c->aggregator->name) || a->distinct != c->distinct ||
	    a->aggregator->arg_count != c->aggregator->arg_count || (a->filter == NULL) != (c->filter == NULL) ||
	    !same_inner_order(a, c))
		return false;
	if (a->filter != NULL && !expr_equal(a->filter, c->filter))
		return false;
	for (uint32_t i = 0; i < a->aggregator->arg_count; i++)
		if (a->args[i]->is_volatile || !expr_equal(a->args[i], c->args[i]))
			return false;
	return true;
}

/* PostgreSQL sorts what it makes distinct, and what is put together shows it. */
static enum status order_distinct(struct binder *b, struct str name, const struct agg_args *given,
                                  struct plan_aggregate *a)
{
	static const char *const listed[] = {"string_agg", "array_agg", "json_agg", "jsonb_agg"};
	for (size_t i = 0; i < ARRAY_COUNT(listed); i++)
		if (str_eq_nocase(name, str_of(listed[i]))) {
			a->order_count = given->count;
			a->order = ARENA_ARRAY(b->arena, struct plan_order, given->count + 1);
			for (uint32_t k = 0; k < given->count; k++)
				TRY(bind_order_key(b, given->args[k], &a->order[k].expr));
		}
	return OK;
}

/*
 * uniq(f(x)) is uniq(x) where f gives different values for different ones, as the other server has it: estimates are
 * then equal too.
 */
static void skip_injective(struct binder *b, struct str name, struct agg_args *given)
{
	static const char *const counts[] = {"uniq", "uniqExact", "uniqHLL12", "uniqCombined", "uniqCombined64"};
	static const char *const injective[] = {"toString", "negate", "bitNot", "reverse", "reverseUTF8", "hex", "tuple",
	                                        "IPv4NumToString", "IPv6NumToString", "UUIDNumToString"};
	bool counted = false;
	for (size_t i = 0; i < ARRAY_COUNT(counts); i++)
		counted |= b->dialect == DIALECT_CLICKHOUSE && str_eq(name, str_of(counts[i]));
	for (uint32_t i = 0; counted && i < given->count; i++)
		for (bool again = true; again;) {
			const struct expr *x = given->args[i];
			again = false;
			for (size_t k = 0; k < ARRAY_COUNT(injective) && x->kind == EXPR_CALL && x->arg_count == 1; k++)
				again |= x->call->function != NULL && strcmp(x->call->function->name, injective[k]) == 0 &&
					!x->args[0]->type->nullable;
			if (again)
				given->args[i] = x->args[0];
		}
}

enum status bind_aggregate_parts(struct binder *b, struct scope *s, const struct ast_call *c, struct str name,
                                 struct plan_aggregate *a)
{
	struct agg_args given = {0};
	TRY(bind_agg_args(b, s, c, &given));
	if (c->filter != NULL)
		TRY(bind_condition(b, s, c->filter, "FILTER", &a->filter));
	if (c->order_by.count != 0) {
		TRY(bind_inner_order(b, s, &c->order_by, &a->order));
		a->order_count = c->order_by.count;
	}
	a->distinct = c->distinct;
	if (c->distinct && c->order_by.count == 0 && b->dialect == DIALECT_POSTGRESQL)
		TRY(order_distinct(b, name, &given, a));
	skip_injective(b, name, &given);
	const struct type **types = ARENA_ARRAY(b->arena, const struct type *, given.count + 1);
	for (uint32_t i = 0; i < given.count; i++)
		types[i] = given.args[i]->type;
	TRY(aggregate_bind(&b->env, name, given.params, given.param_count, types, given.count, c->distinct, &a->aggregator));
	a->args = given.args;
	for (uint32_t i = 0; i < given.count && i < a->aggregator->arg_count; i++)
		if (!type_equal(given.args[i]->type, a->aggregator->arg_types[i]))
			TRY(expr_cast(&b->env, given.args[i], a->aggregator->arg_types[i], CAST_IMPLICIT, &a->args[i]));
	return OK;
}

/*
 * An aggregate inside another one is an error, but the outer one's own errors go first: it is bound for its type.
 */
static enum status bind_nested(struct binder *b, struct scope *s, const struct ast_call *c, struct str name,
                               struct expr **out)
{
	struct aggregate_list *list = s->aggregates;
	struct plan_aggregate a = {0};
	if (list->nested != 0 || b->dialect == DIALECT_POSTGRESQL)
		return bad_place(b, s, name, c->ast.position);
	list->nested = c->ast.position + 1;
	list->nested_name = name;
	TRY(bind_aggregate_parts(b, s, c, name, &a));
	*out = expr_column(b->arena, AGGREGATE_BASE, a.aggregator->result, bind_item_name(b, &c->ast));
	return OK;
}

enum status bind_aggregate_call(struct binder *b, struct scope *s, const struct ast_call *c, struct str name,
                                struct expr **out)
{
	struct aggregate_list *list = s->aggregates;
	if (list != NULL && list->allowed && list->inside)
		return bind_nested(b, s, c, name, out);
	if (list == NULL || !list->allowed)
		return bad_place(b, s, name, c->ast.position);
	struct plan_aggregate a = {0};
	struct lambda_scope *lambda = b->lambda;
	list->inside = true;
	b->lambda = NULL;
	list->nested = 0;
	enum status status = bind_aggregate_parts(b, s, c, name, &a);
	if (status == OK && list->nested != 0)
		status = bad_place(b, s, list->nested_name, list->nested - 1);
	list->nested = 0;
	list->inside = false;
	b->lambda = lambda;
	if (status != OK) {
		error_at(b->err, c->ast.position);
		return status;
	}
	size_t i = 0;
	while (i < list->count && !bind_same_aggregate(&list->items[i], &a))
		i++;
	if (i == list->count)
		ARENA_PUSH(b->arena, list->items, list->count, list->capacity, a);
	struct expr *x = expr_column(b->arena, AGGREGATE_BASE + (uint32_t)i, a.aggregator->result, bind_item_name(b, &c->ast));
	x->position = c->ast.position;
	return bind_capture(b, x, out);
}

static enum status not_grouped(struct binder *b, const struct expr *x, const struct grouping *g)
{
	struct str relation = STR("");
	for (size_t i = 0; g->scope != NULL && i < g->scope->column_count && relation.size == 0; i++)
		if (expr_equal(g->scope->columns[i].expr, x))
			relation = g->scope->columns[i].relation;
	if (b->dialect == DIALECT_POSTGRESQL)
		ERR(b->err, E_AGGREGATE_MISUSE,
		    "column \"%.*s%s%.*s\" must appear in the GROUP BY clause or be used in an aggregate function",
		    STR_ARG(relation), relation.size != 0 ? "." : "", STR_ARG(x->name));
	else
		ERR(b->err, E_NOT_AN_AGGREGATE, "Column %.*s is not under aggregate function and not in GROUP BY keys",
		    STR_ARG(x->name));
	return error_at(b->err, x->position);
}

enum status bind_regroup(struct binder *b, struct expr *x, const struct grouping *g, uint32_t aggregate_count,
                         struct expr **out)
{
	for (uint32_t i = 0; i < g->key_count; i++)
		if (expr_equal(x, g->keys[i])) {
			*out = expr_column(b->arena, i, x->type, x->name);
			(*out)->position = x->position;
			return OK;
		}
	if (x->kind == EXPR_COLUMN && x->column >= WINDOW_BASE) {
		*out = x;
		return OK;
	}
	if (x->kind == EXPR_COLUMN && x->column == GROUPING_COLUMN) {
		*out = expr_column(b->arena, (uint32_t)g->key_count + aggregate_count, x->type, x->name);
		return OK;
	}
	if (x->kind == EXPR_COLUMN && x->column >= AGGREGATE_BASE) {
		*out = expr_column(b->arena, (uint32_t)g->key_count + (x->column - AGGREGATE_BASE), x->type, x->name);
		return OK;
	}
	if (x->kind == EXPR_COLUMN)
		return not_grouped(b, x, g);
	*out = x;
	if (x->arg_count == 0)
		return OK;
	struct expr **args = ARENA_ARRAY(b->arena, struct expr *, x->arg_count);
	for (uint32_t i = 0; i < x->arg_count; i++)
		TRY(bind_regroup(b, x->args[i], g, aggregate_count, &args[i]));
	*out = x->kind == EXPR_LAMBDA ? expr_lambda(b->arena, x->lambda, args) : expr_call(b->arena, x->call, args);
	(*out)->type = x->type;
	(*out)->name = x->name;
	(*out)->position = x->position;
	return OK;
}

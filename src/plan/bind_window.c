// SPDX-License-Identifier: Apache-2.0
/*
 * Window functions. While a SELECT is bound, one is a column with a number from WINDOW_BASE on. When all of the SELECT
 * is known, each distinct PARTITION BY and ORDER BY becomes a sort and a window node, and the numbers give way to the
 * nodes' columns.
 */
#include "plan/binder_impl.h"

struct window_name {
	const char *ch, *pg;        /* NULL: not in that dialect */
	enum window_function function;
	uint32_t min, max;          /* arguments */
	bool whole_partition;       /* a frame of its own is an error in ClickHouse */
};

static const struct window_name names[] = {
	{"row_number", "row_number", WINDOW_ROW_NUMBER, 0, 0, false},
	{"rank", "rank", WINDOW_RANK, 0, 0, false},
	{"dense_rank", "dense_rank", WINDOW_DENSE_RANK, 0, 0, false},
	{"denseRank", NULL, WINDOW_DENSE_RANK, 0, 0, false},
	{"percent_rank", "percent_rank", WINDOW_PERCENT_RANK, 0, 0, false},
	{"percentRank", NULL, WINDOW_PERCENT_RANK, 0, 0, false},
	{"cume_dist", "cume_dist", WINDOW_CUME_DIST, 0, 0, false},
	{"ntile", "ntile", WINDOW_NTILE, 1, 1, false},
	{"lag", "lag", WINDOW_LAG, 1, 3, true},
	{"lead", "lead", WINDOW_LEAD, 1, 3, true},
	{"lagInFrame", NULL, WINDOW_LAG_IN_FRAME, 1, 3, false},
	{"leadInFrame", NULL, WINDOW_LEAD_IN_FRAME, 1, 3, false},
	{"nth_value", "nth_value", WINDOW_NTH_VALUE, 2, 2, false},
	{NULL, "first_value", WINDOW_FIRST_VALUE, 1, 1, false},
	{NULL, "last_value", WINDOW_LAST_VALUE, 1, 1, false},
	{"nonNegativeDerivative", NULL, WINDOW_DERIVATIVE, 2, 3, false},
};

static const struct window_name *find_name(struct str name, enum dialect dialect)
{
	for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
		const char *n = dialect == DIALECT_POSTGRESQL ? names[i].pg : names[i].ch;
		if (n != NULL && str_eq_nocase(name, str_of(n)))
			return &names[i];
	}
	for (size_t i = 0; dialect == DIALECT_POSTGRESQL && i < ARRAY_COUNT(names); i++)
		if (names[i].ch != NULL && str_eq_nocase(name, str_of(names[i].ch)))
			return &names[i];
	return NULL;
}

bool bind_is_window_only(const struct ast_call *c, enum dialect dialect)
{
	struct str name = name_last(&c->name);
	return c->form == CALL_PLAIN && find_name(name, dialect) != NULL && !aggregate_exists(name, dialect);
}

static enum status bad_place(struct binder *b, struct scope *s, struct str name, int position)
{
	const char *clause = s->aggregates == NULL || s->aggregates->clause == NULL ? "this context" : s->aggregates->clause;
	bool pg = b->dialect == DIALECT_POSTGRESQL;
	if (s->windows != NULL && s->windows->inside)
		ERR(b->err, E_WINDOW_MISUSE, pg ? "window function calls cannot be nested"
		    : "Window function %.*s is found inside another window function in query", STR_ARG(name));
	else if (s->aggregates != NULL && s->aggregates->inside)
		ERR(b->err, pg ? E_AGGREGATE_MISUSE : E_WINDOW_MISUSE,
		    pg ? "aggregate function calls cannot contain window function calls"
		    : "Window function %.*s is found inside an aggregate function in query", STR_ARG(name));
	else if (pg)
		ERR(b->err, E_WINDOW_MISUSE, "window functions are not allowed in %s", clause);
	else
		ERR(b->err, E_WINDOW_MISUSE, "Window function %.*s is found in %s in query", STR_ARG(name), clause);
	return error_at(b->err, position);
}

/* ---- the window ---- */

static enum status find_definition(struct binder *b, struct scope *s, struct str name, int position,
                                   const struct ast_window **out)
{
	AST_EACH(s->windows->definitions, x)
		if (str_eq(((const struct ast_window *)x)->name, name)) {
			*out = (const struct ast_window *)x;
			return OK;
		}
	ERR(b->err, E_UNKNOWN_WINDOW, b->dialect == DIALECT_POSTGRESQL ? "window \"%.*s\" does not exist"
	    : "Window '%.*s' does not exist", STR_ARG(name));
	return error_at(b->err, position);
}

/* The window with what it takes over from the one it names. */
static enum status resolve(struct binder *b, struct scope *s, const struct ast_window *w, bool is_use, unsigned depth,
                           struct ast_window *out)
{
	const struct ast_window *base;
	struct ast_window inner;
	struct str name = is_use && w->name.size != 0 ? w->name : w->base;
	*out = *w;
	if (name.size == 0)
		return OK;
	if (depth > 64)
		return ERR(b->err, E_WINDOW_DEFINITION, "Window '%.*s' is defined by itself", STR_ARG(name));
	TRY(find_definition(b, s, name, w->ast.position, &base));
	TRY(resolve(b, s, base, false, depth + 1, &inner));
	if (is_use && w->name.size != 0) {
		*out = inner;
		return OK;
	}
	if (inner.unit != FRAME_NONE)
		return ERR(b->err, E_WINDOW_DEFINITION, "cannot copy window \"%.*s\" because it has a frame clause", STR_ARG(name));
	if (w->partition_by.count != 0)
		return ERR(b->err, E_WINDOW_DEFINITION, "cannot override PARTITION BY clause of window \"%.*s\"", STR_ARG(name));
	if (w->order_by.count != 0 && inner.order_by.count != 0)
		return ERR(b->err, E_WINDOW_DEFINITION, "cannot override ORDER BY clause of window \"%.*s\"", STR_ARG(name));
	out->partition_by = inner.partition_by;
	if (w->order_by.count == 0)
		out->order_by = inner.order_by;
	return OK;
}

static enum status bind_spec(struct binder *b, struct scope *s, const struct ast_window *w, struct window_spec *spec)
{
	TRY(bind_exprs(b, s, &w->partition_by, &spec->partition));
	spec->partition_count = w->partition_by.count;
	for (uint32_t i = 0; i < spec->partition_count; i++)
		TRY(bind_settle(b, &spec->partition[i]));
	TRY(bind_inner_order(b, s, &w->order_by, &spec->order));
	spec->order_count = w->order_by.count;
	return OK;
}

static int bound_rank(enum frame_bound x)
{
	static const int ranks[] = {[BOUND_UNBOUNDED_PRECEDING] = 0, [BOUND_PRECEDING] = 1, [BOUND_CURRENT_ROW] = 2,
		[BOUND_FOLLOWING] = 3, [BOUND_UNBOUNDED_FOLLOWING] = 4};
	return ranks[x];
}

static enum status bind_offset(struct binder *b, struct scope *s, const struct ast *x, bool count, struct expr **out)
{
	const struct type *type = type_simple(TYPE_INT64);
	TRY(bind_expr(b, s, x, out));
	if (!expr_is_constant(*out) && (*out)->kind != EXPR_SLOT) {
		ERR(b->err, E_WINDOW_DEFINITION, "argument of a window frame must not contain variables");
		return error_at(b->err, x->position);
	}
	if (!count)
		return OK;
	TRY(bind_coerce_unknown(b, out, type));
	bool whole = type_is_integer((*out)->type);
	if (!whole)
		return ERR(b->err, b->dialect == DIALECT_POSTGRESQL ? E_TYPE_MISMATCH : E_BAD_ARGUMENTS,
		           "Frame offset of a window must be a nonnegative integer");
	return expr_cast(&b->env, *out, (*out)->type->nullable ? type_nullable(b->arena, type) : type, CAST_PG, out);
}

static bool is_time(const struct type *t)
{
	return t->id == TYPE_DATE || t->id == TYPE_DATE32 || t->id == TYPE_DATETIME;
}

/* The sort key that a RANGE frame of this row begins or ends with: key - offset or key + offset. */
static enum status range_key(struct binder *b, struct expr *key, struct expr *offset, bool minus, struct expr **out)
{
	struct expr *args[2] = {key, offset};
	return bind_function(b, minus ? STR("minus") : STR("plus"), args, 2, key->position, out);
}

static struct expr *retyped_key(struct binder *b, struct expr *key, const struct type *to, enum status *status)
{
	struct expr *x = key;
	*status = expr_cast(&b->env, key, key->type->nullable ? type_nullable(b->arena, to) : to, CAST_CH, &x);
	return x;
}

/* Integers and floats are widened, so that the sum is in range. */
static enum status bind_range(struct binder *b, const struct window_spec *spec, struct plan_frame *f)
{
	bool pg = b->dialect == DIALECT_POSTGRESQL;
	if (spec->order_count != 1)
		return ERR(b->err, E_WINDOW_DEFINITION,
		           pg ? "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column"
		           : "The RANGE OFFSET window frame requires exactly one ORDER BY column, %u given", spec->order_count);
	struct expr *key = spec->order[0].expr, **offsets[2] = {&f->from_offset, &f->to_offset};
	const struct type *t = key->type, *wide = NULL;
	if (type_is_integer(t) || (!pg && is_time(t)))
		wide = type_simple(TYPE_INT128);
	else if (type_is_float(t))
		wide = type_simple(TYPE_FLOAT64);
	else if (!pg && !type_is_number(t))
		return ERR(b->err, E_NOT_IMPLEMENTED, "The RANGE OFFSET frame for a column of type %.*s is not implemented",
		           STR_ARG(type_name(b->arena, t)));
	if (wide != NULL) {
		enum status s;
		key = retyped_key(b, key, wide, &s);
		TRY(s);
	}
	struct expr *keys[3] = {key, NULL, NULL};
	uint32_t n = 1;
	for (unsigned i = 0; i < 2; i++) {
		if (*offsets[i] == NULL)
			continue;
		enum frame_bound bound = i == 0 ? f->from : f->to;
		TRY(bind_coerce_unknown(b, offsets[i], wide != NULL ? wide : type_is_temporal(t)
		                        ? type_simple(TYPE_PGINTERVAL) : t));
		struct expr *offset = *offsets[i];
		if (wide != NULL) {
			if (!type_is_number(offset->type))
				return ERR(b->err, E_NOT_IMPLEMENTED,
				           "RANGE with offset PRECEDING/FOLLOWING is not supported for column type %.*s and "
				           "offset type %.*s", STR_ARG(type_pg_name(b->arena, t)),
				           STR_ARG(type_pg_name(b->arena, offset->type)));
			TRY(expr_cast(&b->env, offset, wide, CAST_CH, &offset));
		}
		TRY(range_key(b, key, offset, (bound == BOUND_PRECEDING) != spec->order[0].descending, &keys[n++]));
	}
	const struct type *common;
	TRY(bind_common_type(b, keys, n, &common));
	f->key = keys[0];
	n = 1;
	if (f->from_offset != NULL)
		f->from_key = keys[n++];
	if (f->to_offset != NULL)
		f->to_key = keys[n];
	return OK;
}

static enum status bind_frame(struct binder *b, struct scope *s, const struct ast_window *w,
                              const struct window_spec *spec, struct plan_frame *f)
{
	bool count = w->unit == FRAME_ROWS || w->unit == FRAME_GROUPS;
	f->unit = w->unit;
	f->from = w->from;
	f->to = w->between ? w->to : BOUND_CURRENT_ROW;
	f->exclude = w->exclude;
	if (w->unit == FRAME_NONE) {
		f->unit = FRAME_RANGE;
		f->from = BOUND_UNBOUNDED_PRECEDING;
		f->to = BOUND_CURRENT_ROW;
		return OK;
	}
	if (f->from == BOUND_UNBOUNDED_FOLLOWING || f->to == BOUND_UNBOUNDED_PRECEDING ||
	    bound_rank(f->from) > bound_rank(f->to)) {
		ERR(b->err, E_WINDOW_DEFINITION, "Window frame ends before it starts");
		return error_at(b->err, w->ast.position);
	}
	if (f->unit == FRAME_GROUPS && spec->order_count == 0)
		return ERR(b->err, E_WINDOW_DEFINITION, "GROUPS mode requires an ORDER BY clause");
	if (f->from == BOUND_PRECEDING || f->from == BOUND_FOLLOWING)
		TRY(bind_offset(b, s, w->from_value, count, &f->from_offset));
	if (w->between && (f->to == BOUND_PRECEDING || f->to == BOUND_FOLLOWING))
		TRY(bind_offset(b, s, w->to_value, count, &f->to_offset));
	return f->unit == FRAME_RANGE && (f->from_offset != NULL || f->to_offset != NULL) ? bind_range(b, spec, f) : OK;
}

/* ---- the function ---- */

static enum status cast_argument(struct binder *b, struct plan_window *f, uint32_t i, const struct type *to)
{
	TRY(bind_coerce_unknown(b, &f->args[i], to));
	struct expr *x = f->args[i];
	bool bad = !type_is_number(x->type) && x->type->id != TYPE_NOTHING;
	if (bad)
		return ERR(b->err, b->dialect == DIALECT_POSTGRESQL ? E_UNKNOWN_FUNCTION : E_BAD_ARGUMENTS,
		           "Argument %u of a window function must be a number, not %.*s", i + 1,
		           STR_ARG(type_name(b->arena, x->type)));
	return expr_cast(&b->env, x, x->type->nullable ? type_nullable(b->arena, to) : to, CAST_PG, &f->args[i]);
}

/* lag, lead and their kin: value, offset, what stands in for a row that is not there. */
static enum status bind_shift(struct binder *b, struct plan_window *f)
{
	bool pg = b->dialect == DIALECT_POSTGRESQL;
	TRY(bind_settle(b, &f->args[0]));
	if (f->arg_count >= 2)
		TRY(cast_argument(b, f, 1, type_simple(TYPE_INT64)));
	if (f->arg_count == 3) {
		const struct type *common;
		struct expr *pair[2] = {f->args[0], f->args[2]};
		struct error local, *err = b->err;
		error_init(&local);
		b->err = b->env.err = &local;
		enum status s = bind_common_type(b, pair, 2, &common);
		b->err = b->env.err = err;
		if (s != OK)
			return ERR(b->err, pg ? E_UNKNOWN_FUNCTION : E_BAD_ARGUMENTS,
			           "There is no supertype for the argument type '%.*s' and the default value type '%.*s'",
			           STR_ARG(type_name(b->arena, f->args[0]->type)), STR_ARG(type_name(b->arena, f->args[2]->type)));
		if (pg)
			f->args[0] = pair[0];
	}
	f->type = pg ? type_nullable(b->arena, f->args[0]->type) : f->args[0]->type;
	TRY(expr_cast(&b->env, f->args[0], f->type, CAST_IMPLICIT, &f->args[0]));
	return f->arg_count < 3 ? OK : expr_cast(&b->env, f->args[2], f->type, pg ? CAST_PG : CAST_CH, &f->args[2]);
}

static enum status bind_derivative(struct binder *b, struct plan_window *f)
{
	const struct type *f64 = type_simple(TYPE_FLOAT64);
	struct expr *time = f->args[1];
	enum status s;
	if (!type_is_number(f->args[0]->type) || (time->type->id != TYPE_DATETIME && time->type->id != TYPE_DATETIME64))
		return ERR(b->err, E_BAD_ARGUMENTS, "Function nonNegativeDerivative takes a number and a time");
	f->args[0] = retyped_key(b, f->args[0], f64, &s);
	TRY(s);
	const struct type *seconds = time->type->id == TYPE_DATETIME ? f64 : type_decimal(b->arena, 18, time->type->scale);
	f->args[1] = retyped_key(b, time, seconds, &s);
	TRY(s);
	f->args[1] = retyped_key(b, f->args[1], f64, &s);
	TRY(s);
	if (f->arg_count == 3)
		return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: nonNegativeDerivative with an interval");
	f->type = f64;
	return OK;
}

static enum status wrong_count(struct binder *b, struct str name, const struct window_name *n, uint32_t given)
{
	if (b->dialect == DIALECT_POSTGRESQL)
		return ERR(b->err, E_UNKNOWN_FUNCTION, "function %.*s with %u arguments does not exist", STR_ARG(name), given);
	return ERR(b->err, n->max == 3 || n->max == 2 ? E_BAD_ARGUMENTS : E_NUMBER_OF_ARGUMENTS,
	           "Number of arguments for window function %.*s doesn't match: passed %u, should be %u", STR_ARG(name), given,
	           n->min);
}

static enum status bind_named(struct binder *b, struct scope *s, const struct ast_call *c, const struct window_name *n,
                              struct plan_window *f)
{
	bool pg = b->dialect == DIALECT_POSTGRESQL;
	const struct type *i64 = type_simple(TYPE_INT64), *count = pg ? i64 : type_simple(TYPE_UINT64);
	if (c->args.count < n->min || c->args.count > n->max)
		return wrong_count(b, name_last(&c->name), n, c->args.count);
	if (c->distinct || c->filter != NULL || c->order_by.count != 0)
		return ERR(b->err, pg ? E_NOT_IMPLEMENTED : E_BAD_ARGUMENTS,
		           "%s is not implemented for non-aggregate window functions", c->distinct ? "DISTINCT"
		           : c->filter != NULL ? "FILTER" : "ORDER BY");
	f->function = n->function;
	f->arg_count = c->args.count;
	TRY(bind_exprs(b, s, &c->args, &f->args));
	switch (n->function) {
	case WINDOW_PERCENT_RANK:
	case WINDOW_CUME_DIST:
		f->type = type_simple(TYPE_FLOAT64);
		return OK;
	case WINDOW_NTILE:
		f->type = pg ? type_nullable(b->arena, type_simple(TYPE_INT32)) : count;
		return cast_argument(b, f, 0, i64);
	case WINDOW_LAG:
	case WINDOW_LEAD:
	case WINDOW_LAG_IN_FRAME:
	case WINDOW_LEAD_IN_FRAME:
		return bind_shift(b, f);
	case WINDOW_FIRST_VALUE:
	case WINDOW_LAST_VALUE:
	case WINDOW_NTH_VALUE:
		TRY(bind_settle(b, &f->args[0]));
		f->type = pg ? type_nullable(b->arena, f->args[0]->type) : f->args[0]->type;
		TRY(expr_cast(&b->env, f->args[0], f->type, CAST_IMPLICIT, &f->args[0]));
		return n->function == WINDOW_NTH_VALUE ? cast_argument(b, f, 1, i64) : OK;
	case WINDOW_DERIVATIVE:
		return bind_derivative(b, f);
	default:
		f->type = count;
		return OK;
	}
}

static enum status bind_aggregated(struct binder *b, struct scope *s, const struct ast_call *c, struct str name,
                                   struct plan_window *f)
{
	bool pg = b->dialect == DIALECT_POSTGRESQL;
	if (!aggregate_exists(name, b->dialect)) {
		if (!pg) {
			ERR(b->err, E_UNKNOWN_AGGREGATE, "Aggregate function with name '%.*s' does not exist", STR_ARG(name));
		} else {
			const struct function *const *rows;
			bool known = function_find(name, b->dialect, &rows) != 0;
			ERR(b->err, known ? E_WRONG_OBJECT_TYPE : E_UNKNOWN_FUNCTION,
			    known ? "OVER specified, but %.*s is not a window function nor an aggregate function"
			    : "function %.*s does not exist", STR_ARG(name));
		}
		return b->err->status;
	}
	if (pg && (c->distinct || c->order_by.count != 0 || c->within.count != 0))
		return ERR(b->err, E_NOT_IMPLEMENTED, "%s is not implemented for window functions",
		           c->distinct ? "DISTINCT" : "aggregate ORDER BY");
	if (c->order_by.count != 0)
		return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: ORDER BY inside a window function");
	if (c->nulls == NULLS_RESPECT) {
		struct str other = arena_strf(b->arena, "%.*s_respect_nulls", STR_ARG(name));
		if (!aggregate_exists(other, b->dialect))
			return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: RESPECT NULLS of %.*s", STR_ARG(name));
		name = other;
	}
	f->function = WINDOW_AGGREGATE;
	TRY(bind_aggregate_parts(b, s, c, name, &f->aggregate));
	f->type = f->aggregate.aggregator->result;
	return OK;
}

static enum status bind_item(struct binder *b, struct scope *s, const struct ast_call *c, struct window_item *item)
{
	struct str name = name_last(&c->name);
	const struct window_name *n = find_name(name, b->dialect);
	struct ast_window w;
	TRY(resolve(b, s, c->over, true, 0, &w));
	TRY(bind_spec(b, s, &w, &item->spec));
	if (n == NULL)
		TRY(bind_aggregated(b, s, c, name, &item->call));
	else
		TRY(bind_named(b, s, c, n, &item->call));
	if (n != NULL && n->whole_partition && w.unit != FRAME_NONE && b->dialect == DIALECT_CLICKHOUSE)
		return ERR(b->err, E_BAD_ARGUMENTS, "Window function '%.*s' does not expect window frame to be explicitly specified",
		           STR_ARG(name));
	return bind_frame(b, s, &w, &item->spec, &item->call.frame);
}

/* ---- equal calls are computed once ---- */

static bool same_exprs(struct expr *const *a, struct expr *const *c, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (a[i]->is_volatile || !expr_equal(a[i], c[i]))
			return false;
	return true;
}

static bool same_expr(const struct expr *a, const struct expr *c)
{
	return a == NULL || c == NULL ? a == c : expr_equal(a, c);
}

static bool same_spec(const struct window_spec *a, const struct window_spec *c)
{
	if (a->partition_count != c->partition_count || a->order_count != c->order_count ||
	    !same_exprs(a->partition, c->partition, a->partition_count))
		return false;
	for (uint32_t i = 0; i < a->order_count; i++)
		if (a->order[i].descending != c->order[i].descending || a->order[i].nulls_first != c->order[i].nulls_first ||
		    a->order[i].expr->is_volatile || !expr_equal(a->order[i].expr, c->order[i].expr))
			return false;
	return true;
}

static bool same_frame(const struct plan_frame *a, const struct plan_frame *c)
{
	return a->unit == c->unit && a->from == c->from && a->to == c->to && a->exclude == c->exclude &&
		same_expr(a->from_offset, c->from_offset) && same_expr(a->to_offset, c->to_offset);
}

static bool same_item(const struct window_item *a, const struct window_item *c)
{
	if (a->call.function != c->call.function || a->call.arg_count != c->call.arg_count ||
	    !same_spec(&a->spec, &c->spec) || !same_frame(&a->call.frame, &c->call.frame))
		return false;
	if (a->call.function == WINDOW_AGGREGATE)
		return bind_same_aggregate(&a->call.aggregate, &c->call.aggregate);
	return same_exprs(a->call.args, c->call.args, a->call.arg_count);
}

enum status bind_window_call(struct binder *b, struct scope *s, const struct ast_call *c, struct expr **out)
{
	struct window_list *list = s->windows;
	struct window_item item = {0};
	if (list == NULL || !list->allowed || list->inside || (s->aggregates != NULL && s->aggregates->inside))
		return bad_place(b, s, name_last(&c->name), c->ast.position);
	struct lambda_scope *lambda = b->lambda;
	struct row_list *rows = s->rows;
	list->inside = true;
	b->lambda = NULL;
	s->rows = NULL;
	enum status status = bind_item(b, s, c, &item);
	list->inside = false;
	s->rows = rows;
	b->lambda = lambda;
	if (status != OK) {
		error_at(b->err, c->ast.position);
		return status;
	}
	size_t i = 0;
	while (i < list->count && !same_item(&list->items[i], &item))
		i++;
	if (i == list->count)
		ARENA_PUSH(b->arena, list->items, list->count, list->capacity, item);
	struct expr *x = expr_column(b->arena, WINDOW_BASE + (uint32_t)i, item.call.type, bind_item_name(b, &c->ast));
	x->position = c->ast.position;
	return bind_capture(b, x, out);
}

/* ---- nodes ---- */

static enum status each_optional(enum status (*f)(void *arg, struct expr **x), void *arg, struct expr **x)
{
	return *x == NULL ? OK : f(arg, x);
}

static enum status each_of_call(struct plan_window *w, enum status (*f)(void *arg, struct expr **x), void *arg)
{
	for (uint32_t i = 0; i < w->arg_count; i++)
		TRY(f(arg, &w->args[i]));
	if (w->function == WINDOW_AGGREGATE)
		for (uint32_t i = 0; i < w->aggregate.aggregator->arg_count; i++)
			TRY(f(arg, &w->aggregate.args[i]));
	TRY(each_optional(f, arg, &w->aggregate.filter));
	TRY(each_optional(f, arg, &w->frame.key));
	TRY(each_optional(f, arg, &w->frame.from_key));
	return each_optional(f, arg, &w->frame.to_key);
}

enum status bind_window_each(struct window_list *w, enum status (*f)(void *arg, struct expr **x), void *arg)
{
	for (size_t i = 0; i < w->count; i++) {
		struct window_item *item = &w->items[i];
		for (uint32_t k = 0; k < item->spec.partition_count; k++)
			TRY(f(arg, &item->spec.partition[k]));
		for (uint32_t k = 0; k < item->spec.order_count; k++)
			TRY(f(arg, &item->spec.order[k].expr));
		TRY(each_of_call(&item->call, f, arg));
	}
	return OK;
}

static struct plan *sorted(struct binder *b, struct plan *input, const struct window_spec *w)
{
	struct plan *p = plan_unary(b->arena, PLAN_SORT, input);
	uint32_t n = w->partition_count + w->order_count;
	p->u.sort.order = ARENA_ARRAY(b->arena, struct plan_order, n + 1);
	p->u.sort.order_count = n;
	for (uint32_t i = 0; i < w->partition_count; i++)
		p->u.sort.order[i] = (struct plan_order){.expr = w->partition[i]};
	for (uint32_t i = 0; i < w->order_count; i++)
		p->u.sort.order[w->partition_count + i] = w->order[i];
	return p;
}

void bind_window_nodes(struct binder *b, struct scope *s, const struct window_list *w, uint32_t *columns)
{
	bool *done = ARENA_ARRAY(b->arena, bool, w->count + 1);
	for (size_t i = 0; i < w->count; i++) {
		const struct window_spec *spec = &w->items[i].spec;
		uint32_t n = 0;
		if (done[i])
			continue;
		struct plan *input = sorted(b, s->plan, spec);
		for (size_t k = i; k < w->count; k++)
			n += !done[k] && (k == i || same_spec(spec, &w->items[k].spec));
		struct plan *p = plan_new(b->arena, PLAN_WINDOW, input->column_count + n);
		memcpy(p->types, input->types, input->column_count * sizeof *p->types);
		memcpy(p->names, input->names, input->column_count * sizeof *p->names);
		p->inputs = ARENA_ARRAY(b->arena, struct plan *, 1);
		p->inputs[0] = input;
		p->input_count = 1;
		p->u.window.partition = spec->partition;
		p->u.window.partition_count = spec->partition_count;
		p->u.window.order = spec->order;
		p->u.window.order_count = spec->order_count;
		p->u.window.functions = ARENA_ARRAY(b->arena, struct plan_window, n);
		for (size_t k = i; k < w->count; k++) {
			if (done[k] || (k != i && !same_spec(spec, &w->items[k].spec)))
				continue;
			done[k] = true;
			uint32_t at = p->u.window.function_count++;
			p->u.window.functions[at] = w->items[k].call;
			columns[k] = input->column_count + at;
			p->types[columns[k]] = w->items[k].call.type;
		}
		s->plan = p;
	}
}

struct expr *bind_window_place(struct binder *b, struct expr *x, const uint32_t *columns)
{
	if (x->kind == EXPR_COLUMN) {
		if (x->column < WINDOW_BASE || x->column >= ROWS_BASE)
			return x;
		struct expr *y = expr_column(b->arena, columns[x->column - WINDOW_BASE], x->type, x->name);
		y->position = x->position;
		return y;
	}
	if (x->arg_count == 0)
		return x;
	struct expr **args = ARENA_ARRAY(b->arena, struct expr *, x->arg_count);
	bool changed = false;
	for (uint32_t i = 0; i < x->arg_count; i++) {
		args[i] = bind_window_place(b, x->args[i], columns);
		changed |= args[i] != x->args[i];
	}
	if (!changed)
		return x;
	struct expr *y = x->kind == EXPR_LAMBDA ? expr_lambda(b->arena, x->lambda, args) : expr_call(b->arena, x->call, args);
	y->type = x->type;
	y->name = x->name;
	y->position = x->position;
	return y;
}

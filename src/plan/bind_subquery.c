// SPDX-License-Identifier: Apache-2.0
/*
 * Subqueries in expressions. An uncorrelated one runs once before the query and leaves its value in a slot; a
 * correlated one becomes a call of `subquery` over the outer values that it reads.
 */
#include "parse/parser.h"
#include "parse/print.h"
#include "plan/binder_impl.h"
#include "plan/subquery.h"

function_exec_fn plan_subquery_exec;

static const struct function subquery_function = {
	.name = "subquery",
	.flags = FUNCTION_HIDDEN | FUNCTION_NO_DICT,
	.nulls = FUNCTION_NULL_CUSTOM,
	.volatility = FUNCTION_VOLATILE, /* it stays where the binder put it, above the scans */
	.description = "runs a correlated subquery for each distinct row of outer values",
};

/* ---- the same subquery in several clauses: in the select list and in GROUP BY ---- */

static struct expr *find_known(struct binder *b, struct scope *s, const struct ast *query, struct expr *left)
{
	for (size_t i = 0; i < b->known_count && b->lambda == NULL; i++) {
		const struct known_subquery *k = &b->known[i];
		bool same_left = left == k->left || (left != NULL && k->left != NULL && expr_equal(left, k->left));
		if (k->scope == s && same_left && (k->ast == query || (k->repeats && bind_same_text(k->ast, query))))
			return k->value;
	}
	return NULL;
}

static void remember(struct binder *b, struct scope *s, const struct ast *query, struct expr *left, struct expr *value,
                     bool repeats)
{
	struct known_subquery k = {query, s, left, value, repeats};
	if (b->lambda == NULL)
		ARENA_PUSH(b->arena, b->known, b->known_count, b->known_capacity, k);
}

static enum status bind_inner(struct binder *b, struct scope *s, const struct ast *query, struct correlation *c,
                              struct scope **out)
{
	struct lambda_scope *lambda = b->lambda;
	b->lambda = NULL;
	enum status status = binder_enter(b, query->position);
	if (status == OK)
		status = bind_select(b, s, (const struct ast_select *)query, c, s == NULL ? NULL : s->ctes, out);
	binder_leave(b);
	b->lambda = lambda;
	return status;
}

static bool can_be_null(const struct type *t)
{
	return t->id != TYPE_ARRAY && t->id != TYPE_MAP && t->id != TYPE_TUPLE && t->id != TYPE_AGGSTATE;
}

/* One value per row: several columns become a tuple in the clickhouse dialect. */
static enum status single_column(struct binder *b, struct scope *inner, bool row_wanted, int position)
{
	struct plan *p = inner->plan;
	if (p->column_count == 1)
		return OK;
	if ((b->dialect == DIALECT_POSTGRESQL && !row_wanted) || p->column_count == 0) {
		ERR(b->err, E_SUBQUERY_COLUMNS, "subquery must return only one column");
		return error_at(b->err, position);
	}
	struct expr **columns = ARENA_ARRAY(b->arena, struct expr *, p->column_count), *tuple;
	for (uint32_t i = 0; i < p->column_count; i++) {
		columns[i] = expr_column(b->arena, i, p->types[i], p->names[i]);
		if (row_wanted && can_be_null(p->types[i])) /* no row: all fields are NULL */
			TRY(expr_cast(&b->env, columns[i], type_nullable(b->arena, p->types[i]), CAST_IMPLICIT, &columns[i]));
	}
	TRY(bind_function(b, STR("tuple"), columns, p->column_count, position, &tuple));
	struct expr **one = ARENA_ARRAY(b->arena, struct expr *, 1);
	one[0] = tuple;
	inner->plan = plan_project(b->arena, p, one, NULL, 1);
	return OK;
}

static void add_init(struct binder *b, struct plan_init init)
{
	size_t count = b->query->init_count;
	ARENA_PUSH(b->arena, b->query->inits, count, b->init_capacity, init);
	b->query->init_count = (uint32_t)count;
}

/* The call that runs `plan` for the outer values of c; `first` is an argument of its own in front (CONTAINS). */
static struct expr *apply_call(struct binder *b, struct plan *plan, const struct correlation *c, int what,
                               struct expr *first, const struct type *result)
{
	struct plan_subquery *q = ARENA_NEW(b->arena, struct plan_subquery);
	uint32_t extra = first != NULL, n = (uint32_t)c->count + extra;
	struct expr **args = ARENA_ARRAY(b->arena, struct expr *, n + 1);
	struct call *call = ARENA_NEW(b->arena, struct call);
	q->query = b->query;
	q->plan = plan;
	q->slot_count = (uint32_t)c->count;
	q->slots = c->slots;
	q->what = what;
	if (first != NULL)
		args[0] = first;
	call->function = &subquery_function;
	call->name = arena_strf(b->arena, "subquery%p", (void *)plan); /* calls are equal only for one subquery */
	call->arg_count = n;
	call->arg_types = ARENA_ARRAY(b->arena, const struct type *, n + 1);
	call->constants = ARENA_ARRAY(b->arena, const struct vector *, n + 1);
	call->lambdas = ARENA_ARRAY(b->arena, struct lambda *, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		if (i >= extra)
			args[i] = c->exprs[i - extra];
		call->arg_types[i] = args[i]->type;
	}
	call->result = result;
	call->exec = plan_subquery_exec;
	call->state = q;
	return expr_call(b->arena, call, args);
}

enum status bind_array_of(struct binder *b, struct plan *plan, const struct type *array, struct expr **out)
{
	uint32_t slot = binder_slot(b, array, NULL);
	add_init(b, (struct plan_init){.plan = plan, .slot = slot, .array = true});
	return bind_capture(b, expr_slot(b->arena, slot, array), out);
}

enum status bind_rows_of(struct binder *b, struct plan *plan, const struct correlation *c, const struct type *array,
                         struct expr **out)
{
	const struct correlation none = {0};
	if (c == NULL || c->count == 0)
		return bind_array_of(b, plan, array, out);
	*out = apply_call(b, plan, &none, SUBQUERY_ARRAY_OF, NULL, array);
	return OK;
}

struct call *bind_apply_to_slot(struct binder *b, struct plan *plan, uint32_t slot, const struct type *array)
{
	struct correlation c = {.count = 1};
	c.slots = ARENA_ARRAY(b->arena, uint32_t, 1);
	c.exprs = ARENA_ARRAY(b->arena, struct expr *, 1);
	c.slots[0] = slot;
	c.exprs[0] = expr_slot(b->arena, slot, array);
	return apply_call(b, plan, &c, SUBQUERY_ARRAY_OF, NULL, array)->call;
}

static const struct type *truth_type(const struct binder *b)
{
	return type_simple(b->dialect == DIALECT_POSTGRESQL ? TYPE_BOOL : TYPE_UINT8);
}

enum status bind_subquery(struct binder *b, struct scope *s, const struct ast_subquery *q, struct expr **out)
{
	struct correlation c = {0};
	struct scope *inner;
	struct expr *known = find_known(b, s, &q->ast, NULL);
	if (known != NULL) {
		*out = known;
		return OK;
	}
	bool outside = b->met_volatile, row_wanted = b->row_query == &q->ast && b->dialect == DIALECT_POSTGRESQL;
	b->met_volatile = false;
	TRY(bind_inner(b, s, q->query, &c, &inner));
	bool repeats = !b->met_volatile;
	b->met_volatile |= outside;
	if (q->form != SUBQUERY_EXISTS)
		TRY(single_column(b, inner, row_wanted && q->form == SUBQUERY_SCALAR, q->ast.position));
	const struct type *value = inner->plan->column_count == 0 ? truth_type(b) : inner->plan->types[0], *result;
	if (q->form == SUBQUERY_EXISTS)
		result = truth_type(b);
	else if (q->form == SUBQUERY_ARRAY)
		result = type_array(b->arena, value);
	else
		result = can_be_null(value) ? type_nullable(b->arena, value) : value;
	struct expr *x;
	if (c.count != 0) {
		int what = q->form == SUBQUERY_EXISTS ? SUBQUERY_HAS_ROWS : q->form == SUBQUERY_ARRAY ? SUBQUERY_ARRAY_OF
			: SUBQUERY_VALUE;
		x = apply_call(b, inner->plan, &c, what, NULL, result);
	} else {
		uint32_t slot = binder_slot(b, result, NULL);
		add_init(b, (struct plan_init){
			.plan = inner->plan,
			.slot = slot,
			.exists = q->form == SUBQUERY_EXISTS,
			.array = q->form == SUBQUERY_ARRAY,
			.scalar_error = q->form == SUBQUERY_SCALAR,
		});
		x = expr_slot(b->arena, slot, result);
	}
	x->position = q->ast.position;
	remember(b, s, &q->ast, NULL, x, repeats);
	return bind_capture(b, x, out);
}

/* ---- IN ---- */

/* x IN name: a CTE or table stands for its rows, unless the name is a column. */
static const struct ast *set_query(struct binder *b, struct scope *s, const struct ast *right)
{
	if (right->kind == AST_SUBQUERY && ((const struct ast_subquery *)right)->form == SUBQUERY_SCALAR)
		return ((const struct ast_subquery *)right)->query;
	if (right->kind == AST_SELECT)
		return right;
	if (right->kind != AST_IDENTIFIER || b->dialect == DIALECT_POSTGRESQL)
		return NULL;
	struct error ignored, *err = b->err;
	struct expr *x;
	error_init(&ignored);
	b->err = b->env.err = &ignored;
	enum status status = bind_expr(b, s, right, &x);
	b->err = b->env.err = err;
	if (status == OK)
		return NULL;
	struct ast_table *t = ARENA_NEW(b->arena, struct ast_table);
	struct ast_asterisk *star = ARENA_NEW(b->arena, struct ast_asterisk);
	struct ast_select *q = ARENA_NEW(b->arena, struct ast_select);
	t->ast = star->ast = q->ast = *right;
	t->ast.kind = AST_TABLE;
	t->ast.alias = star->ast.alias = q->ast.alias = NULL;
	t->name = ((const struct ast_identifier *)right)->name;
	star->ast.kind = AST_ASTERISK;
	q->ast.kind = AST_SELECT;
	ast_list_push(b->arena, &q->items, &star->ast);
	ast_list_push(b->arena, &q->from, &t->ast);
	return &q->ast;
}

/* Rows of `inner` as one column of `to`'s type (a tuple for several columns). */
static enum status set_column(struct binder *b, struct scope *inner, const struct type *left, const struct type **to)
{
	struct plan *p = inner->plan;
	struct expr *value, **one = ARENA_ARRAY(b->arena, struct expr *, 1);
	if (p->column_count == 1) {
		value = expr_column(b->arena, 0, p->types[0], p->names[0]);
	} else {
		struct expr **columns = ARENA_ARRAY(b->arena, struct expr *, p->column_count);
		for (uint32_t i = 0; i < p->column_count; i++)
			columns[i] = expr_column(b->arena, i, p->types[i], p->names[i]);
		TRY(bind_function(b, STR("tuple"), columns, p->column_count, 0, &value));
	}
	const struct type *both[2] = {left, value->type};
	struct error ignored;
	error_init(&ignored);
	if (type_common(b->arena, both, 2, to, &ignored) != OK)
		*to = value->type->nullable ? type_nullable(b->arena, left) : left;
	*to = type_low_cardinality(b->arena, *to, false);
	if (!type_equal(value->type, *to))
		TRY(expr_cast(&b->env, value, *to, CAST_IMPLICIT, &value));
	one[0] = value;
	inner->plan = plan_project(b->arena, p, one, NULL, 1);
	return OK;
}

/* NOT IN is NOT of IN. */
static enum status negate_if(struct binder *b, struct str name, struct expr *x, int position, struct expr **out)
{
	*out = x;
	return str_find(name, STR("ot")) < 0 ? OK : bind_function(b, STR("not"), &x, 1, position, out);
}

/* in(value, array); with transform_null_in a NULL is in a set that has one. */
static enum status in_set(struct binder *b, struct str name, struct expr **args, int position, struct expr **out)
{
	struct expr *parts[3] = {args[0]}, *both[2] = {args[1], NULL};
	const struct type *element = args[1]->type->id == TYPE_ARRAY ? args[1]->type->children[0] : NULL;
	bool possible = args[0]->type->nullable || args[0]->type->id == TYPE_NOTHING;
	if (!b->config->options.transform_null_in || !possible || element == NULL)
		return bind_function(b, name, args, 2, position, out);
	bool negated = str_find(name, STR("ot")) >= 0;
	if (!element->nullable && element->id != TYPE_NOTHING) {
		parts[1] = bind_u64(b, negated);
	} else {
		if ((both[1] = bind_null(b, element)) == NULL)
			return b->err->status;
		TRY(bind_function(b, STR("has"), both, 2, position, &parts[1]));
		if (negated)
			TRY(bind_function(b, STR("not"), &parts[1], 1, position, &parts[1]));
	}
	TRY(bind_function(b, name, args, 2, position, &parts[2]));
	both[0] = parts[2];
	both[1] = bind_u64(b, negated);
	TRY(bind_function(b, STR("ifNull"), both, 2, position, &parts[2]));
	TRY(bind_function(b, STR("isNull"), parts, 1, position, &parts[0]));
	return bind_function(b, STR("if"), parts, 3, position, out);
}

static enum status in_query(struct binder *b, struct scope *s, struct str name, struct expr *left,
                            const struct ast *query, int position, struct expr **out)
{
	struct correlation c = {0};
	struct scope *inner;
	const struct type *common;
	struct expr *sought = left, *known = find_known(b, s, query, left);
	if (known != NULL) {
		*out = known;
		return negate_if(b, name, known, position, out);
	}
	bool outside = b->met_volatile;
	b->met_volatile = false;
	TRY(bind_inner(b, s, query, &c, &inner));
	bool repeats = !b->met_volatile;
	b->met_volatile |= outside;
	uint32_t width = left->type->id == TYPE_TUPLE ? left->type->child_count : 1;
	if (b->dialect == DIALECT_POSTGRESQL && left->type->id != TYPE_TUPLE && inner->plan->column_count != 1) {
		ERR(b->err, E_SYNTAX, "subquery has too many columns");
		return error_at(b->err, position);
	}
	if (inner->plan->column_count > 1 && inner->plan->column_count != width)
		return ERR(b->err, E_NUMBER_OF_COLUMNS, "Number of columns in section IN doesn't match. %u at left, %u at right.",
		           width, inner->plan->column_count);
	TRY(bind_coerce_unknown(b, &left, inner->plan->types[0]));
	TRY(set_column(b, inner, left->type, &common));
	if (!type_equal(left->type, common)) {
		const struct type *to = left->type->nullable ? type_nullable(b->arena, common) : common;
		if (!left->type->nullable && common->nullable)
			to = type_not_nullable(b->arena, common);
		TRY(expr_cast(&b->env, left, to, CAST_IMPLICIT, &left));
	}
	if (c.count != 0) {
		struct expr *x = apply_call(b, inner->plan, &c, SUBQUERY_CONTAINS, left, type_nullable(b->arena, truth_type(b)));
		remember(b, s, query, sought, x, repeats);
		return negate_if(b, name, x, position, out);
	}
	const struct type *array = type_array(b->arena, common);
	uint32_t slot = binder_slot(b, array, NULL);
	add_init(b, (struct plan_init){.plan = inner->plan, .slot = slot, .array = true});
	struct expr *args[2] = {left, expr_slot(b->arena, slot, array)};
	TRY(bind_capture(b, args[1], &args[1]));
	struct expr *x;
	TRY(in_set(b, STR("in"), args, position, &x));
	remember(b, s, query, sought, x, repeats);
	return negate_if(b, name, x, position, out);
}

/* The members of a written set: (1, 2), [1, 2], 1 or, for a tuple on the left, ((1, 2), (3, 4)) and (1, 2). */
static struct ast_list set_members(const struct expr *left, const struct ast *right)
{
	struct ast_list one = {.items = (struct ast **)&right, .count = 1};
	if (right->kind != AST_CALL)
		return one;
	const struct ast_call *c = (const struct ast_call *)right;
	bool tuple = c->form == CALL_PARENS || name_is(&c->name, "tuple"), array = c->form == CALL_BRACKETS ||
		name_is(&c->name, "array");
	if (array && left->type->id != TYPE_ARRAY)
		return c->args;
	if (!tuple)
		return one;
	if (left->type->id != TYPE_TUPLE)
		return c->args;
	bool nested = c->args.count != 0 && c->args.items[0]->kind == AST_CALL &&
	              (((struct ast_call *)c->args.items[0])->form == CALL_PARENS ||
	               name_is(&((struct ast_call *)c->args.items[0])->name, "tuple"));
	return nested ? c->args : one;
}

/* A list that is not constant: x = a OR x = b OR … */
static enum status in_by_comparison(struct binder *b, struct expr *left, struct expr **members, uint32_t n,
                                    bool negated, int position, struct expr **out)
{
	for (uint32_t i = 0; i < n; i++) {
		struct expr *pair[2] = {left, members[i]};
		TRY(bind_function(b, negated ? STR("notEquals") : STR("equals"), pair, 2, position, &members[i]));
	}
	if (n == 1) {
		*out = members[0];
		return OK;
	}
	return bind_function(b, negated ? STR("and") : STR("or"), members, n, position, out);
}

/* Members take the type of the left side where that is exact, so that dates and enums can be written as text. */
static enum status set_types(struct binder *b, struct expr **left, struct expr **members, uint32_t n)
{
	const struct type **types = ARENA_ARRAY(b->arena, const struct type *, n + 1), *common;
	struct error ignored;
	uint32_t known = 0;
	error_init(&ignored);
	if (bind_is_unknown(*left))
		TRY(bind_settle(b, left));
	types[known++] = type_plain(b->arena, (*left)->type);
	for (uint32_t i = 0; i < n; i++) {
		TRY(bind_coerce_unknown(b, &members[i], (*left)->type));
		if (!(members[i]->kind == EXPR_CONSTANT && vector_is_null(members[i]->constant, 0)))
			types[known++] = type_plain(b->arena, members[i]->type);
	}
	bool same_kind = true;
	for (uint32_t i = 1; i < known; i++)
		same_kind &= type_is_string(types[0]) == type_is_string(types[i]);
	if (!same_kind || type_common(b->arena, types, known, &common, &ignored) != OK)
		common = types[0];
	for (uint32_t i = 0; i < n; i++)
		TRY(expr_cast(&b->env, members[i], type_nullable(b->arena, common), CAST_IMPLICIT, &members[i]));
	if (!type_equal_physical(type_plain(b->arena, (*left)->type), common))
		TRY(expr_cast(&b->env, *left, (*left)->type->nullable ? type_nullable(b->arena, common) : common, CAST_IMPLICIT,
		              left));
	return OK;
}

/* Constant members as one constant Array. */
static enum status constant_set(struct binder *b, struct expr **members, uint32_t n, struct expr **out)
{
	const struct type *common = n == 0 ? type_simple(TYPE_NOTHING) : members[0]->type;
	struct builder *builder = NULL;
	struct vector *v = NULL, *constant = NULL;
	for (uint32_t i = 1; i < n; i++)
		if (!type_equal(members[i]->type, common)) {
			TRY(bind_common_type(b, members, n, &common));
			bool nullable = false;
			for (uint32_t k = 0; k < n; k++)
				nullable |= members[k]->type->nullable;
			common = nullable ? type_nullable(b->arena, common) : common;
			break;
		}
	enum status s = builder_new(NULL, type_array(b->arena, common), &builder, b->err);
	for (uint32_t i = 0; i < n && s == OK; i++) {
		s = expr_cast(&b->env, members[i], common, CAST_IMPLICIT, &members[i]);
		if (s == OK && members[i]->kind != EXPR_CONSTANT)
			s = ERR(b->err, E_TYPE_MISMATCH, "a member of the set cannot be converted to %.*s",
			        STR_ARG(type_name(b->arena, common)));
		if (s == OK)
			s = builder_row(builder->children[0], members[i]->constant, 0, b->err);
	}
	if (s == OK)
		s = builder_end_array(builder, b->err);
	if (s == OK)
		s = builder_finish(builder, &v, b->err);
	if (s == OK)
		s = vector_constant(NULL, v, 0, 1, &constant, b->err);
	if (s == OK)
		*out = expr_constant(b->arena, constant);
	vector_unref(v);
	builder_free(builder);
	return s;
}

static enum status in_list(struct binder *b, struct scope *s, struct str name, struct expr *left,
                           const struct ast *right, int position, struct expr **out)
{
	struct ast_list list = set_members(left, right);
	struct expr **members;
	bool constant = true, negated = str_find(name, STR("ot")) >= 0;
	TRY(bind_exprs(b, s, &list, &members));
	/* a single array value is a set, not a member: $1, {p:Array(T)}, a column */
	if (list.count == 1 && members[0]->type->id == TYPE_ARRAY && left->type->id != TYPE_ARRAY) {
		struct expr *args[2] = {left, members[0]};
		return bind_function(b, name, args, 2, position, out);
	}
	if (list.count == 1 && members[0]->type->id == TYPE_TUPLE && left->type->id != TYPE_TUPLE) {
		struct expr *args[2] = {left, members[0]};
		return bind_function(b, name, args, 2, position, out);
	}
	if (left->type->id != TYPE_TUPLE && left->type->id != TYPE_ARRAY)
		TRY(set_types(b, &left, members, list.count));
	for (uint32_t i = 0; i < list.count; i++)
		constant &= members[i]->kind == EXPR_CONSTANT;
	/* rows with NULLs in them compare to NULL */
	bool rows = b->dialect == DIALECT_POSTGRESQL && left->type->id == TYPE_TUPLE;
	if ((!constant || rows) && b->lambda == NULL && list.count <= 1000)
		return in_by_comparison(b, left, members, list.count, negated, position, out);
	struct expr *args[2] = {left, NULL};
	if (constant)
		TRY(constant_set(b, members, list.count, &args[1]));
	else
		TRY(bind_function(b, STR("array"), members, list.count, position, &args[1]));
	return in_set(b, name, args, position, out);
}

enum status bind_in(struct binder *b, struct scope *s, const struct ast_call *c, bool negated, struct expr **out)
{
	struct str name = name_last(&c->name);
	struct expr *left;
	bool is_not = negated || str_find(name, STR("ot")) >= 0;
	TRY(bind_expr(b, s, c->args.items[0], &left));
	name = is_not ? STR("notIn") : STR("in");
	const struct ast *query = set_query(b, s, c->args.items[1]);
	if (query != NULL)
		return in_query(b, s, name, left, query, c->ast.position, out);
	return in_list(b, s, name, left, c->args.items[1], c->ast.position, out);
}

/* A literal as the dialect's cast of it. */
static enum status typed_literal(struct binder *b, const struct ast_literal *l, const struct type *t,
                                 const struct ast **out)
{
	struct parse_options options = {.dialect = DIALECT_POSTGRESQL, .max_elements = 1000};
	struct strbuf text;
	struct ast *x = NULL;
	strbuf_init(&text, NULL);
	string_quote(&text, l->text, DIALECT_POSTGRESQL);
	strbuf_printf(&text, "::%.*s", STR_ARG(type_pg_name(b->arena, t)));
	struct str sql = arena_str(b->arena, strbuf_str(&text));
	strbuf_fini(&text);
	TRY(parse_expression(b->arena, sql, &options, &x, b->err));
	*out = x;
	return OK;
}

/* left op ANY (array): whether an element e holds left op e, NULL where none does and one is unknown. */
static enum status each_element(struct binder *b, struct scope *s, const struct ast_quantified *q,
                                const struct ast *right, struct expr **out)
{
	struct name_part *part = ARENA_NEW(b->arena, struct name_part);
	struct ast_identifier *param = ARENA_NEW(b->arena, struct ast_identifier);
	struct ast_lambda *lambda = ARENA_NEW(b->arena, struct ast_lambda);
	struct ast_call *body = ARENA_NEW(b->arena, struct ast_call), *call = ARENA_NEW(b->arena, struct ast_call);
	part->text = STR("__element");
	param->ast = (struct ast){.kind = AST_IDENTIFIER, .position = q->ast.position};
	param->name = (struct name){part, 1};
	body->ast = call->ast = (struct ast){.kind = AST_CALL, .position = q->ast.position};
	body->name = q->op;
	body->form = CALL_OPERATOR;
	ast_list_push(b->arena, &body->args, q->left);
	ast_list_push(b->arena, &body->args, &param->ast);
	lambda->ast = (struct ast){.kind = AST_LAMBDA, .position = q->ast.position};
	ast_list_push(b->arena, &lambda->params, &param->ast);
	lambda->body = &body->ast;
	struct name_part *f = ARENA_NEW(b->arena, struct name_part);
	f->text = q->all ? STR("holdsForAll") : STR("holdsForAny");
	call->name = (struct name){f, 1};
	ast_list_push(b->arena, &call->args, &lambda->ast);
	ast_list_push(b->arena, &call->args, (struct ast *)right);
	return bind_expr(b, s, &call->ast, out);
}

/* Over an array; = ANY and <> ALL of a constant one are sets. */
static enum status quantified_array(struct binder *b, struct scope *s, const struct ast_quantified *q,
                                    struct expr **out)
{
	struct str op = name_last(&q->op);
	struct expr *left, *array;
	if (q->right->kind == AST_SUBQUERY)
		return each_element(b, s, q, q->right, out);
	TRY(bind_expr(b, s, q->left, &left));
	TRY(bind_expr(b, s, q->right, &array));
	if (bind_is_unknown(left) && bind_is_unknown(array))
		TRY(bind_settle(b, &left));
	TRY(bind_coerce_unknown(b, &array, type_array(b->arena, type_nullable(b->arena, left->type))));
	if (array->type->id == TYPE_ARRAY)
		TRY(bind_coerce_unknown(b, &left, type_plain(b->arena, array->type->children[0])));
	bool untyped = q->right->kind == AST_LITERAL;
	if (array->kind == EXPR_CONSTANT &&
	    ((str_eq(op, STR("equals")) && !q->all) || (str_eq(op, STR("notEquals")) && q->all))) {
		struct expr *args[2] = {left, array};
		return bind_function(b, q->all ? STR("notIn") : STR("in"), args, 2, q->ast.position, out);
	}
	const struct ast *right = q->right;
	if (untyped)
		TRY(typed_literal(b, (const struct ast_literal *)q->right, array->type, &right));
	return each_element(b, s, q, right, out);
}

enum status bind_quantified(struct binder *b, struct scope *s, const struct ast_quantified *q, struct expr **out)
{
	struct str op = name_last(&q->op);
	if (q->right->kind != AST_SUBQUERY)
		return quantified_array(b, s, q, out);
	bool is_in = str_eq(op, STR("equals")) && !q->all, not_in = str_eq(op, STR("notEquals")) && q->all;
	if (!is_in && !not_in) {
		struct ast_quantified listed = *q;
		struct ast_subquery *rows = ARENA_NEW(b->arena, struct ast_subquery);
		*rows = *(const struct ast_subquery *)q->right;
		rows->form = SUBQUERY_ARRAY;
		listed.right = &rows->ast;
		return quantified_array(b, s, &listed, out);
	}
	struct expr *left;
	TRY(bind_expr(b, s, q->left, &left));
	return in_query(b, s, not_in ? STR("notIn") : STR("in"), left, ((const struct ast_subquery *)q->right)->query,
	                q->ast.position, out);
}

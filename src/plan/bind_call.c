// SPDX-License-Identifier: Apache-2.0
/* Calls: overload resolution, operators' typing rules, lambdas, set-returning functions. */
#include <assert.h>

#include "plan/bind_star_impl.h"
#include "plan/binder_impl.h"

/* ---- one row of the registry at a time ---- */

static struct call *new_call(struct binder *b, struct str name, struct expr *const *args, uint32_t n)
{
	struct call *c = ARENA_NEW(b->arena, struct call);
	c->name = name;
	c->arg_count = n;
	c->arg_types = ARENA_ARRAY(b->arena, const struct type *, n + 1);
	c->constants = ARENA_ARRAY(b->arena, const struct vector *, n + 1);
	c->lambdas = ARENA_ARRAY(b->arena, struct lambda *, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		c->arg_types[i] = args[i]->type;
		c->constants[i] = args[i]->kind == EXPR_CONSTANT ? args[i]->constant : NULL;
	}
	return c;
}

/* The symbol of an operator that the parser made a call of; NULL: it is none. */
static const char *symbol_of(struct str name)
{
	static const struct {
		const char *name, *symbol;
	} known[] = {{"plus", "+"}, {"minus", "-"}, {"multiply", "*"}, {"divide", "/"}, {"modulo", "%"}, {"equals", "="},
		{"notEquals", "<>"}, {"less", "<"}, {"greater", ">"}, {"lessOrEquals", "<="}, {"greaterOrEquals", ">="},
		{"like", "~~"}, {"notLike", "!~~"}, {"ilike", "~~*"}, {"notILike", "!~~*"}, {"negate", "-"},
		{"isDistinctFrom", "="}, {"isNotDistinctFrom", "="}, {"in", "="}, {"notIn", "<>"}};
	for (size_t i = 0; i < ARRAY_COUNT(known); i++)
		if (str_eq(name, str_of(known[i].name)))
			return known[i].symbol;
	return NULL;
}

static struct str operand_name(struct binder *b, const struct expr *x)
{
	return bind_is_unknown(x) ? STR("unknown") : type_pg_base_name(b->arena, x->type);
}

static enum status unknown_operator(struct binder *b, struct str symbol, struct expr *const *args, uint32_t n,
                                    int position)
{
	struct str left = n == 2 ? operand_name(b, args[0]) : STR("");
	ERR(b->err, E_UNKNOWN_FUNCTION, "operator does not exist: %.*s%s%.*s %.*s", STR_ARG(left), n == 2 ? " " : "",
	    STR_ARG(symbol), STR_ARG(operand_name(b, args[n - 1])));
	error_hint(b->err, "No operator matches the given name and argument types. You might need to add explicit type "
	                   "casts.");
	return error_at(b->err, position);
}

static enum status unknown_function(struct binder *b, struct str name, struct expr *const *args, uint32_t n,
                                    int position)
{
	struct str near = function_nearest(name, b->dialect), other = aggregate_nearest(name);
	if (other.data != NULL &&
	    (near.data == NULL || str_distance_nocase(other, name, 16) < str_distance_nocase(near, name, 16)))
		near = other;
	if (b->dialect == DIALECT_CLICKHOUSE) {
		ERR(b->err, E_UNKNOWN_FUNCTION, "Function with name `%.*s` does not exist", STR_ARG(name));
		if (near.data != NULL)
			error_hint(b->err, "Maybe you meant: ['%.*s']", STR_ARG(near));
		return error_at(b->err, position);
	}
	if (symbol_of(name) != NULL && (n == 1 || n == 2))
		return unknown_operator(b, str_of(symbol_of(name)), args, n, position);
	struct strbuf types;
	strbuf_init(&types, NULL);
	for (uint32_t i = 0; i < n; i++) {
		if (i != 0)
			strbuf_putz(&types, ", ");
		strbuf_puts(&types, operand_name(b, args[i]));
	}
	ERR(b->err, E_UNKNOWN_FUNCTION, "function %.*s(%s) does not exist", STR_ARG(name), strbuf_cstr(&types));
	error_hint(b->err, "No function matches the given name and argument types. You might need to add explicit type "
	                   "casts.");
	strbuf_fini(&types);
	return error_at(b->err, position);
}

/* ---- set-returning functions ---- */

static bool is_set_returning(const struct function *f)
{
	return (f->flags & FUNCTION_SET_RETURNING) != 0;
}

/* ---- binding ---- */

static enum status finish_call(struct binder *b, struct call *c, struct expr **args, int position, struct expr **out)
{
	struct expr **cast = ARENA_ARRAY(b->arena, struct expr *, c->arg_count + 1);
	for (uint32_t i = 0; i < c->arg_count; i++) {
		cast[i] = args[i];
		if (args[i]->kind == EXPR_LAMBDA)
			continue;
		/* the null rule strips Nullable from what bind sees: only a changed type asks for a cast */
		const struct type *seen = args[i]->type, *asked = c->arg_types[i];
		if (c->function->nulls == FUNCTION_NULL_DEFAULT && seen->nullable && !asked->nullable)
			asked = type_nullable(b->arena, asked);
		if (!type_equal(seen, asked))
			TRY(expr_cast(&b->env, args[i], asked, CAST_IMPLICIT, &cast[i]));
	}
	*out = expr_call(b->arena, c, cast);
	(*out)->position = position;
	*out = expr_fold(&b->env, *out);
	if (is_set_returning(c->function))
		return bind_rows_value(b, b->scope, *out, out);
	return OK;
}

static enum status bind_overloads(struct binder *b, struct str name, struct expr **args, uint32_t n, int position,
                                  struct expr **out)
{
	const struct function *const *rows;
	uint32_t count = function_find(name, b->dialect, &rows);
	if (count == 0)
		return unknown_function(b, name, args, n, position);
	struct error first, *err = b->err;
	error_init(&first);
	for (uint32_t i = 0; i < count; i++) {
		struct error local;
		struct call *c = new_call(b, name, args, n);
		error_init(&local);
		b->err = b->env.err = &local;
		enum status s = function_bind(&b->env, rows[i], c);
		b->err = b->env.err = err;
		if (s == OK)
			return finish_call(b, c, args, position, out);
		if (first.status == OK || (first.status == E_NUMBER_OF_ARGUMENTS && s == E_ILLEGAL_TYPE_OF_ARGUMENT))
			first = local;
		if (s != E_ILLEGAL_TYPE_OF_ARGUMENT && s != E_NUMBER_OF_ARGUMENTS && s != E_NO_COMMON_TYPE) {
			first = local;
			break;
		}
	}
	if (b->dialect == DIALECT_POSTGRESQL &&
	    (first.status == E_NUMBER_OF_ARGUMENTS || first.status == E_ILLEGAL_TYPE_OF_ARGUMENT))
		return unknown_function(b, name, args, n, position);
	if (err != NULL && !error_is_set(err))
		*err = first;
	/* what a function says of its values is no matter of the text */
	bool data = b->dialect == DIALECT_POSTGRESQL && strncmp(status_sqlstate(first.status), "22", 2) == 0;
	return error_at(err, data ? NO_POSITION : position);
}

void bind_as_record(struct binder *b, struct expr *row, const struct str *names)
{
	const struct type *t = row->type;
	if (names != NULL)
		t = type_tuple(b->arena, t->children, names, t->child_count);
	t = type_with_face(b->arena, t, FACE_RECORD, -1);
	row->type = t;
	if (row->kind == EXPR_CALL)
		row->call->result = t;
	if (row->kind == EXPR_CONSTANT)
		row->constant->type = t;
}

/* row IS NULL: all its fields are; row IS NOT NULL: none is. */
static enum status fields_null(struct binder *b, struct str name, struct expr *row, int position, struct expr **out)
{
	uint32_t n = row->type->child_count;
	struct expr **tests = ARENA_ARRAY(b->arena, struct expr *, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		struct expr *pair[2] = {row, bind_u64(b, i + 1)};
		TRY(bind_function(b, STR("tupleElement"), pair, 2, position, &tests[i]));
		TRY(bind_overloads(b, name, &tests[i], 1, position, &tests[i]));
	}
	*out = tests[0];
	return n == 1 ? OK : bind_function(b, STR("and"), tests, n, position, out);
}

enum status bind_function(struct binder *b, struct str name, struct expr **args, uint32_t n, int position,
                          struct expr **out)
{
	bool test = n == 1 && b->dialect == DIALECT_POSTGRESQL && args[0]->type->id == TYPE_TUPLE &&
		args[0]->type->child_count != 0 && type_face(args[0]->type) == FACE_RECORD;
	if (test && (str_eq(name, STR("isNull")) || str_eq(name, STR("isNotNull"))))
		return fields_null(b, name, args[0], position, out);
	TRY(bind_overloads(b, name, args, n, position, out));
	b->met_volatile |= (*out)->is_volatile;
	if (b->dialect == DIALECT_POSTGRESQL && (*out)->type->id == TYPE_TUPLE && str_eq(name, STR("tuple")))
		bind_as_record(b, *out, NULL);
	return OK;
}

/* ---- lambdas ---- */

/* (x, y) -> … over an array of pairs: the elements of column 0. */
static enum status tuple_elements(struct binder *b, const struct type *t, int position, struct expr ***out)
{
	struct expr **to = *out = ARENA_ARRAY(b->arena, struct expr *, t->child_count);
	for (uint32_t i = 0; i < t->child_count; i++) {
		struct expr *pair[2] = {expr_column(b->arena, 0, t, STR("")), bind_u64(b, i + 1)};
		TRY(bind_function(b, STR("tupleElement"), pair, 2, position, &to[i]));
	}
	return OK;
}

enum status bind_lambda_hook(struct bind_env *env, struct call *c, uint32_t arg, const struct type *const *params,
                             uint32_t n)
{
	struct binder *b = env->binder;
	const struct pending_call *pending = b->lambda_call;
	if (pending == NULL || arg >= pending->args->count || pending->args->items[arg]->kind != AST_LAMBDA)
		return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "Argument %u of function %.*s must be a lambda", arg + 1,
		           STR_ARG(c->name));
	const struct ast_lambda *l = (const struct ast_lambda *)pending->args->items[arg];
	uint32_t count = l->params.count;
	bool takes_apart = n == 1 && count > 1 && params[0]->id == TYPE_TUPLE && params[0]->child_count == count;
	if (count != n && !takes_apart)
		return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "Argument %u of function %.*s must be a lambda of %u arguments, "
		           "found one of %u", arg + 1, STR_ARG(c->name), n, count);
	struct str *names = ARENA_ARRAY(b->arena, struct str, count + 1);
	for (uint32_t i = 0; i < count; i++)
		names[i] = name_last(&((struct ast_identifier *)l->params.items[i])->name);
	struct lambda_scope inner = {.outer = b->lambda, .names = names, .types = params, .count = count, .params = n};
	if (takes_apart)
		TRY(tuple_elements(b, params[0], l->ast.position, &inner.elements));
	struct expr *body = NULL;
	b->lambda = &inner;
	b->lambda_call = NULL;
	enum status s = bind_expr(b, pending->scope, l->body, &body);
	if (s == OK)
		s = bind_settle(b, &body);
	b->lambda = inner.outer;
	b->lambda_call = pending;
	TRY(s);
	struct lambda *made = ARENA_NEW(b->arena, struct lambda);
	made->param_count = n;
	made->capture_count = (uint32_t)inner.capture_count;
	made->result = body->type;
	made->source = body;
	made->is_volatile = body->is_volatile;
	TRY(program_compile(b->arena, &body, 1, &made->body, env->err));
	c->lambdas[arg] = made;
	c->arg_types[arg] = body->type;
	pending->exprs[arg] = expr_lambda(b->arena, made, inner.captures);
	return OK;
}

/* ---- typing rules that look at several arguments ---- */

static bool is_word(struct str name, const char *const *words)
{
	for (; *words != NULL; words++)
		if (str_eq(name, str_of(*words)))
			return true;
	return false;
}

/* An unknown literal beside a typed operand takes that operand's type, as PostgreSQL assumes. */
static enum status coerce_operands(struct binder *b, struct str name, struct expr **args, uint32_t n)
{
	static const char *const same[] = {"equals", "notEquals", "less", "greater", "lessOrEquals", "greaterOrEquals", "plus",
		"minus", "multiply", "divide", "modulo", "isDistinctFrom", "isNotDistinctFrom", "nullIf", "nullif", "mod", NULL};
	static const char *const all[] = {"coalesce", "greatest", "least", "ifNull", "array", NULL};
	const struct type *known = NULL;
	if (is_word(name, all)) {
		const struct type *common;
		return n == 0 ? OK : bind_common_type(b, args, n, &common);
	}
	if (n != 2 || !is_word(name, same))
		return OK;
	if (bind_is_unknown(args[0]) == bind_is_unknown(args[1])) {
		if (!bind_is_unknown(args[0]))
			return OK;
		TRY(bind_settle(b, &args[0]));
		return bind_settle(b, &args[1]);
	}
	known = bind_is_unknown(args[0]) ? args[1]->type : args[0]->type;
	if (type_is_temporal(known) && str_eq(name, STR("plus")))
		known = known->id == TYPE_DATE || known->id == TYPE_DATE32 ? type_simple(TYPE_INT32) : type_simple(TYPE_PGINTERVAL);
	if (known->id == TYPE_STRING && known->face == FACE_JSONB && str_eq(name, STR("minus")))
		known = type_simple(TYPE_STRING); /* a key */
	if (known->id == TYPE_PGINTERVAL && (str_eq(name, STR("multiply")) || str_eq(name, STR("divide"))))
		known = type_simple(TYPE_FLOAT64);
	TRY(bind_coerce_unknown(b, &args[0], known));
	return bind_coerce_unknown(b, &args[1], known);
}

/* PostgreSQL's boolean is no number; ClickHouse's UInt8 serves as either. */
static bool mixes_truth(const struct type *x, const struct type *y)
{
	bool first = x->id == TYPE_BOOL, second = y->id == TYPE_BOOL;
	const struct type *other = first ? y : x;
	return first != second && type_is_number(other) && other->id != TYPE_UINT8;
}

enum status bind_order_key(struct binder *b, struct expr *x, struct expr **out)
{
	const struct type *t = x->type;
	*out = x;
	if (b->dialect != DIALECT_POSTGRESQL)
		return OK;
	if (t->id == TYPE_UUID)
		return bind_function(b, STR("uuidOrder"), &x, 1, x->position, out);
	if (t->id == TYPE_STRING && t->face == FACE_JSONB)
		return bind_function(b, STR("jsonbOrder"), &x, 1, x->position, out);
	return OK;
}

/* UUIDs and jsonb are compared by PostgreSQL's order. */
static enum status order_operands(struct binder *b, struct str name, struct expr **args, uint32_t n)
{
	static const char *const orders[] = {"less", "greater", "lessOrEquals", "greaterOrEquals", NULL};
	static const char *const equal[] = {"equals", "notEquals", "isDistinctFrom", "isNotDistinctFrom", NULL};
	if (n != 2 || args[0]->type->id != args[1]->type->id || args[0]->type->face != args[1]->type->face ||
	    (!is_word(name, orders) && (args[0]->type->id == TYPE_UUID || !is_word(name, equal))))
		return OK;
	for (uint32_t i = 0; i < 2; i++)
		TRY(bind_order_key(b, args[i], &args[i]));
	return OK;
}

enum status bind_common_type(struct binder *b, struct expr **xs, uint32_t n, const struct type **out)
{
	const struct type **types = ARENA_ARRAY(b->arena, const struct type *, n + 1);
	uint32_t known = 0;
	for (uint32_t i = 0; i < n; i++)
		if (!bind_is_unknown(xs[i]) && (b->dialect != DIALECT_POSTGRESQL || xs[i]->type->id != TYPE_NOTHING))
			types[known++] = xs[i]->type;
	if (known == 0)
		types[known++] = type_simple(TYPE_STRING);
	enum status s = type_common(b->arena, types, known, out, b->err);
	if (s != OK && b->dialect == DIALECT_POSTGRESQL) {
		error_clear(b->err);
		return ERR(b->err, E_TYPE_MISMATCH, "types %.*s and %.*s cannot be matched",
		           STR_ARG(type_pg_base_name(b->arena, types[0])), STR_ARG(type_pg_name(b->arena, types[known - 1])));
	}
	TRY(s);
	for (uint32_t i = 0; i < n; i++) {
		TRY(bind_coerce_unknown(b, &xs[i], *out));
		const struct type *to = *out;
		if (xs[i]->type->nullable)
			to = type_nullable(b->arena, to);
		if (!type_equal(xs[i]->type, to))
			TRY(expr_cast(&b->env, xs[i], to, CAST_IMPLICIT, &xs[i]));
	}
	return OK;
}

/* ---- the call itself ---- */

/* normalize(x, NFC), x IS NFC NORMALIZED: a word that is no column. */
static bool is_normal_form(const struct ast_call *c, const struct ast_list *list, unsigned i)
{
	static const char *const forms[] = {"nfc", "nfd", "nfkc", "nfkd", NULL};
	if (i != 1 || list->items[i]->kind != AST_IDENTIFIER || !name_is(&c->name, "normalize"))
		return false;
	struct str word = name_last(&((const struct ast_identifier *)list->items[i])->name);
	for (const char *const *f = forms; *f != NULL; f++)
		if (str_eq_nocase(word, str_of(*f)))
			return true;
	return false;
}

static enum status bind_args(struct binder *b, struct scope *s, const struct ast_call *c, const struct ast_list *list,
                             struct expr **args)
{
	for (unsigned i = 0; i < list->count; i++) {
		const struct ast *x = list->items[i];
		if ((b->dialect == DIALECT_CLICKHOUSE || c->form == CALL_ROW) && bind_is_spread(b, x))
			continue;
		if (x->kind == AST_LAMBDA) {
			struct lambda *none = ARENA_NEW(b->arena, struct lambda);
			none->result = type_simple(TYPE_LAMBDA);
			args[i] = expr_lambda(b->arena, none, NULL);
		} else if (is_normal_form(c, list, i)) {
			args[i] = bind_string(b, name_last(&((const struct ast_identifier *)x)->name));
		} else {
			TRY(bind_expr(b, s, x, &args[i]));
		}
	}
	return OK;
}

/* A lambda that has a name: WITH x -> x * 2 AS twice. */
static const struct ast_lambda *named_lambda(const struct binder *b, const struct scope *s, struct str name)
{
	if (b->dialect != DIALECT_CLICKHOUSE)
		return NULL;
	for (; s != NULL; s = s->parent)
		for (size_t i = 0; i < s->alias_count; i++)
			if (str_eq(s->aliases[i].name, name))
				return s->aliases[i].ast->kind == AST_LAMBDA ? (const struct ast_lambda *)s->aliases[i].ast : NULL;
	return NULL;
}

/* The arguments with names of lambdas replaced by what they stand for. */
static struct ast_list unnamed_lambdas(struct binder *b, const struct scope *s, const struct ast_list *args)
{
	struct ast_list out = {0};
	bool any = false;
	AST_EACH(args, x) {
		const struct ast_lambda *l = NULL;
		if (x->kind == AST_IDENTIFIER && ((const struct ast_identifier *)x)->name.count == 1)
			l = named_lambda(b, s, ((const struct ast_identifier *)x)->name.parts[0].text);
		any |= l != NULL;
		ast_list_push(b->arena, &out, l != NULL ? (struct ast *)(uintptr_t)&l->ast : x);
	}
	return any ? out : *args;
}

/* twice(5): the body with its parameters' values. */
static enum status bind_named_lambda(struct binder *b, struct scope *s, const struct ast_call *c,
                                     const struct ast_lambda *l, struct expr **out)
{
	uint32_t n = l->params.count;
	if (c->args.count != n) {
		ERR(b->err, E_BAD_ARGUMENTS, "The lambda expects %u arguments. Actual: %u", n, c->args.count);
		return error_at(b->err, c->ast.position);
	}
	struct str *params = ARENA_ARRAY(b->arena, struct str, n + 1);
	struct lambda_scope inner = {.outer = b->lambda, .names = params, .count = n};
	TRY(bind_exprs(b, s, &c->args, &inner.values));
	for (uint32_t i = 0; i < n; i++) {
		params[i] = name_last(&((struct ast_identifier *)l->params.items[i])->name);
		TRY(bind_settle(b, &inner.values[i]));
	}
	b->lambda = &inner;
	enum status status = bind_expr(b, s, l->body, out);
	b->lambda = inner.outer;
	return status;
}

/* f(*) of the clickhouse dialect: the columns are the arguments. */
static enum status spread_stars(struct binder *b, struct scope *s, const struct ast_list *list, struct expr ***args,
                                uint32_t *count)
{
	struct expr **out = NULL;
	size_t n = 0, capacity = 0;
	for (uint32_t i = 0; i < list->count; i++) {
		struct star_item *items;
		uint32_t more;
		if (!bind_is_spread(b, list->items[i])) {
			ARENA_PUSH(b->arena, out, n, capacity, (*args)[i]);
			continue;
		}
		TRY(bind_spread(b, s, list->items[i], &items, &more));
		for (uint32_t k = 0; k < more; k++)
			ARENA_PUSH(b->arena, out, n, capacity, items[k].expr);
	}
	*args = out;
	*count = (uint32_t)n;
	return OK;
}

static bool has_star(const struct binder *b, const struct ast_list *list)
{
	AST_EACH(list, x)
		if (bind_is_spread(b, x))
			return true;
	return false;
}

/* j['key'] of jsonb, and a[1][2] of an array that has fewer dimensions: NULL. */
static enum status bind_subscript(struct binder *b, struct scope *s, const struct ast_call *c, struct expr **args,
                                  bool *done, struct expr **out)
{
	const struct type *t = args[0]->type;
	const struct ast *inner = c->args.items[0];
	if (t->id == TYPE_STRING && t->face == FACE_NAME && type_is_integer(args[1]->type)) {
		/* a name is an array of characters, from 0 */
		struct expr *part[3] = {args[0], NULL, bind_u64(b, 1)}, *place[2] = {args[1], bind_u64(b, 1)};
		*done = true;
		TRY(bind_function(b, STR("plus"), place, 2, c->ast.position, &part[1]));
		return bind_function(b, STR("substr"), part, 3, c->ast.position, out);
	}
	*done = t->id == TYPE_STRING && t->face == FACE_JSONB;
	if (*done) {
		struct scope *outer = b->scope;
		b->scope = s;
		enum status status = bind_function(b, STR("->"), args, 2, c->ast.position, out);
		b->scope = outer;
		return status;
	}
	if (inner->kind != AST_CALL || ((const struct ast_call *)inner)->form != CALL_SUBSCRIPT || t->id == TYPE_ARRAY ||
	    t->id == TYPE_MAP || t->id == TYPE_TUPLE || args[0]->kind != EXPR_CALL ||
	    args[0]->args[0]->type->id != TYPE_ARRAY)
		return OK;
	*done = true;
	*out = bind_null(b, t);
	return *out == NULL ? b->err->status : OK;
}

static bool is_row(const struct ast *x)
{
	const struct ast_call *c = (const struct ast_call *)x;
	return x->kind == AST_CALL && (c->form == CALL_ROW || c->form == CALL_PARENS);
}

/* (a, b) = (SELECT x, y): the query gives a row. */
static const struct ast *beside_row(const struct ast_call *c)
{
	if (c->form != CALL_OPERATOR || c->args.count != 2)
		return NULL;
	for (unsigned i = 0; i < 2; i++)
		if (is_row(c->args.items[i]) && c->args.items[1 - i]->kind == AST_SUBQUERY)
			return c->args.items[1 - i];
	return NULL;
}

/* A record IS NULL when all its fields are, IS NOT NULL when none is. */
static enum status record_is_null(struct binder *b, struct scope *s, const struct ast_call *c, struct str name,
                                  struct expr *record, struct expr **out)
{
	uint32_t n = record->type->child_count;
	struct expr **truths = ARENA_ARRAY(b->arena, struct expr *, n + 1), *args[2] = {record, NULL};
	struct scope *outer = b->scope;
	enum status status = OK;
	b->scope = s;
	for (uint32_t i = 0; i < n && status == OK; i++) {
		args[1] = bind_u64(b, i + 1);
		status = bind_function(b, STR("tupleElement"), args, 2, c->ast.position, &truths[i]);
		if (status == OK)
			status = bind_function(b, name, &truths[i], 1, c->ast.position, &truths[i]);
	}
	*out = n == 1 ? truths[0] : bind_bool(b, true);
	if (status == OK && n > 1)
		status = bind_function(b, STR("and"), truths, n, c->ast.position, out);
	b->scope = outer;
	return status;
}

/* Parameters of type void are results that a client's call syntax counts as arguments. */
static uint32_t without_results(struct expr **args, uint32_t n)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < n; i++)
		if (args[i]->kind != EXPR_SLOT || args[i]->type->face != FACE_VOID)
			args[kept++] = args[i];
	return kept;
}

static enum status bind_plain(struct binder *b, struct scope *s, const struct ast_call *c, struct str name,
                              struct expr **out)
{
	struct ast_list list = unnamed_lambdas(b, s, &c->args);
	uint32_t n = list.count;
	struct expr **args = ARENA_ARRAY(b->arena, struct expr *, n + 1);
	struct pending_call pending = {&list, args, s};
	const struct function *const *rows;
	const struct pending_call *outer_call = b->lambda_call;
	struct scope *outer_scope = b->scope;
	if (c->filter != NULL || c->within.count != 0)
		return ERR(b->err, E_WRONG_OBJECT_TYPE, "%s specified, but %.*s is not an aggregate function",
		           c->filter != NULL ? "FILTER" : "WITHIN GROUP", STR_ARG(name));
	if ((b->dialect == DIALECT_CLICKHOUSE || c->form == CALL_ROW) && has_star(b, &list)) {
		if (function_find(name, b->dialect, &rows) == 0)
			return unknown_function(b, name, NULL, 0, c->ast.position);
		TRY(bind_args(b, s, c, &list, args));
		TRY(spread_stars(b, s, &list, &args, &n));
		return bind_function(b, name, args, n, c->ast.position, out);
	}
	const struct ast *row_query = b->row_query;
	b->row_query = beside_row(c);
	TRY(bind_args(b, s, c, &list, args));
	b->row_query = row_query;
	if (b->dialect == DIALECT_POSTGRESQL)
		n = without_results(args, n);
	if (c->form == CALL_SUBSCRIPT && b->dialect == DIALECT_POSTGRESQL && n == 2) {
		bool done;
		TRY(bind_subscript(b, s, c, args, &done, out));
		if (done)
			return OK;
	}
	if (b->dialect == DIALECT_POSTGRESQL) {
		TRY(coerce_operands(b, name, args, n));
		if (n == 1 && args[0]->type->id == TYPE_TUPLE && args[0]->type->face == FACE_RECORD &&
		    (str_eq(name, STR("isNull")) || str_eq(name, STR("isNotNull"))))
			return record_is_null(b, s, c, name, args[0], out);
		if (n == 2 && mixes_truth(args[0]->type, args[1]->type) && symbol_of(name) != NULL)
			return unknown_function(b, name, args, n, c->ast.position);
		TRY(order_operands(b, name, args, n));
	}
	b->lambda_call = &pending;
	b->scope = s;
	enum status status = bind_function(b, name, args, n, c->ast.position, out);
	b->lambda_call = outer_call;
	b->scope = outer_scope;
	return status;
}

/* x BETWEEN a AND b */
static enum status bind_between(struct binder *b, struct scope *s, const struct ast_call *c, bool negated,
                                struct expr **out)
{
	struct expr *x, *low[2], *high[2], *both[2];
	TRY(bind_expr(b, s, c->args.items[0], &x));
	low[0] = high[0] = x;
	TRY(bind_expr(b, s, c->args.items[1], &low[1]));
	TRY(bind_expr(b, s, c->args.items[2], &high[1]));
	if (b->dialect == DIALECT_POSTGRESQL) {
		if (bind_is_unknown(x)) {
			const struct expr *known = !bind_is_unknown(low[1]) ? low[1] : high[1];
			if (!bind_is_unknown(known))
				TRY(bind_coerce_unknown(b, &low[0], type_plain(b->arena, known->type)));
			else
				TRY(bind_settle(b, &low[0]));
			high[0] = low[0];
		}
		TRY(coerce_operands(b, STR("equals"), low, 2));
		TRY(coerce_operands(b, STR("equals"), high, 2));
	}
	TRY(bind_function(b, negated ? STR("less") : STR("greaterOrEquals"), low, 2, c->ast.position, &both[0]));
	TRY(bind_function(b, negated ? STR("greater") : STR("lessOrEquals"), high, 2, c->ast.position, &both[1]));
	return bind_function(b, negated ? STR("or") : STR("and"), both, 2, c->ast.position, out);
}

/* x BETWEEN SYMMETRIC a AND b: between them in either order. */
static enum status bind_symmetric(struct binder *b, struct scope *s, const struct ast_call *c, bool negated,
                                  struct expr **out)
{
	struct ast_call turned = *c;
	struct expr *both[2];
	turned.args = (struct ast_list){0};
	ast_list_push(b->arena, &turned.args, c->args.items[0]);
	ast_list_push(b->arena, &turned.args, c->args.items[2]);
	ast_list_push(b->arena, &turned.args, c->args.items[1]);
	TRY(bind_between(b, s, c, negated, &both[0]));
	TRY(bind_between(b, s, &turned, negated, &both[1]));
	return bind_function(b, negated ? STR("and") : STR("or"), both, 2, c->ast.position, out);
}

/* a AND b AND …: every operand a condition. */
static enum status bind_logic(struct binder *b, struct scope *s, const struct ast_call *c, struct str name,
                              struct expr **out)
{
	struct expr **args = ARENA_ARRAY(b->arena, struct expr *, c->args.count + 1);
	for (unsigned i = 0; i < c->args.count; i++) {
		TRY(bind_expr(b, s, c->args.items[i], &args[i]));
		TRY(bind_coerce_unknown(b, &args[i], type_simple(TYPE_BOOL)));
		const struct type *t = args[i]->type;
		if (b->dialect == DIALECT_POSTGRESQL && t->id != TYPE_BOOL && t->id != TYPE_UINT8 && t->id != TYPE_NOTHING) {
			ERR(b->err, E_TYPE_MISMATCH, "argument of %s must be type boolean, not type %.*s",
			    str_eq(name, STR("not")) ? "NOT" : str_eq(name, STR("and")) ? "AND" : "OR",
			    STR_ARG(type_pg_base_name(b->arena, t)));
			return error_at(b->err, c->args.items[i]->position);
		}
	}
	return bind_function(b, name, args, c->args.count, c->ast.position, out);
}

/* f(b => 2): named arguments in their places, those that are left out being 0. */
static enum status arguments_in_order(struct binder *b, const struct ast_call *c, const struct ast_call **out)
{
	static const struct {
		const char *function;
		const char *names[8];
		bool zeros;
	} known[] = {
		{"make_interval", {"years", "months", "weeks", "days", "hours", "mins", "secs"}, true},
		{"make_date", {"year", "month", "day"}, false},
		{"make_time", {"hour", "min", "sec"}, false},
		{"make_timestamp", {"year", "month", "mday", "hour", "min", "sec"}, false},
		{"make_timestamptz", {"year", "month", "mday", "hour", "min", "sec", "timezone"}, false},
	};
	struct ast *places[8] = {NULL};
	size_t f = 0, last = 0;
	while (f < ARRAY_COUNT(known) && !name_is(&c->name, known[f].function))
		f++;
	for (unsigned i = 0; i < c->args.count; i++) {
		struct ast *x = c->args.items[i];
		const struct ast_named_argument *named = (const struct ast_named_argument *)x;
		size_t k = i;
		if (f == ARRAY_COUNT(known))
			return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: named arguments of %.*s",
			           STR_ARG(name_last(&c->name)));
		for (k = x->kind == AST_NAMED_ARGUMENT ? 0 : i; x->kind == AST_NAMED_ARGUMENT && k < 7; k++)
			if (known[f].names[k] != NULL && str_eq(named->name, str_of(known[f].names[k])))
				break;
		if (k >= 7 || places[k] != NULL || (x->kind == AST_NAMED_ARGUMENT && known[f].names[k] == NULL))
			return ERR(b->err, E_UNKNOWN_FUNCTION, "function %.*s has no such argument, or it is given twice",
			           STR_ARG(name_last(&c->name)));
		places[k] = x->kind == AST_NAMED_ARGUMENT ? named->value : x;
		last = k + 1 > last ? k + 1 : last;
	}
	struct ast_call *made = ARENA_NEW(b->arena, struct ast_call);
	*made = *c;
	made->args = (struct ast_list){0};
	for (size_t k = 0; k < last; k++) {
		struct ast_literal *zero = ARENA_NEW(b->arena, struct ast_literal);
		zero->ast = (struct ast){.kind = AST_LITERAL, .position = c->ast.position};
		zero->type = LITERAL_UINT;
		if (places[k] == NULL && !known[f].zeros)
			return ERR(b->err, E_UNKNOWN_FUNCTION, "function %.*s: the argument %s is missing", STR_ARG(name_last(&c->name)),
			           known[f].names[k]);
		ast_list_push(b->arena, &made->args, places[k] != NULL ? places[k] : &zero->ast);
	}
	*out = made;
	return OK;
}

/* a || b || c: from the left, since a || b may be an array, a jsonb or a text. */
static enum status bind_joined(struct binder *b, struct scope *s, const struct ast_call *c, struct expr **out)
{
	struct scope *outer = b->scope;
	struct expr *pair[2];
	TRY(bind_expr(b, s, c->args.items[0], &pair[0]));
	enum status status = OK;
	for (unsigned i = 1; i < c->args.count && status == OK; i++) {
		TRY(bind_expr(b, s, c->args.items[i], &pair[1]));
		b->scope = s;
		status = bind_function(b, STR("||"), pair, 2, c->ast.position, &pair[0]);
		b->scope = outer;
	}
	*out = pair[0];
	return status;
}

static enum status bind_over_call(struct binder *b, struct scope *s, const struct ast_call *c, struct expr **out)
{
	if (c->has_over)
		return bind_window_call(b, s, c, out);
	struct str name = name_last(&c->name);
	if (b->dialect == DIALECT_POSTGRESQL)
		ERR(b->err, E_WRONG_OBJECT_TYPE, "window function %.*s requires an OVER clause", STR_ARG(name));
	else
		ERR(b->err, E_WINDOW_DEFINITION, "Window function %.*s can only be used with OVER", STR_ARG(name));
	return error_at(b->err, c->ast.position);
}

enum status bind_call(struct binder *b, struct scope *s, const struct ast_call *c, struct expr **out)
{
	struct str name = name_last(&c->name);
	static const char *const sets[] = {"in", "notIn", "globalIn", "globalNotIn", "nullIn", "notNullIn", "globalNullIn",
		"globalNotNullIn", NULL};
	if (is_word(name, sets) && c->args.count == 2)
		return bind_in(b, s, c, false, out);
	if (c->form == CALL_OPERATOR && (str_eq(name, STR("between")) || str_eq(name, STR("notBetween"))) &&
	    c->args.count == 3)
		return bind_between(b, s, c, str_eq(name, STR("notBetween")), out);
	if (str_eq(name, STR("betweenSymmetric")) || str_eq(name, STR("notBetweenSymmetric")))
		return bind_symmetric(b, s, c, name.data[0] == 'n', out);
	if (str_eq(name, STR("and")) || str_eq(name, STR("or")) || str_eq(name, STR("not")))
		return bind_logic(b, s, c, name, out);
	if (c->has_over || bind_is_window_only(c, b->dialect))
		return bind_over_call(b, s, c, out);
	if (c->form == CALL_PLAIN && str_eq_nocase(name, STR("grouping")))
		return bind_grouping_call(b, s, c, out);
	const struct ast_lambda *lambda = c->form == CALL_PLAIN ? named_lambda(b, s, name) : NULL;
	if (lambda != NULL)
		return bind_named_lambda(b, s, c, lambda, out);
	struct str aggregate;
	if (bind_is_aggregate(b, c, &aggregate))
		return bind_aggregate_call(b, s, c, aggregate, out);
	if (c->form == CALL_OPERATOR && b->dialect == DIALECT_POSTGRESQL && str_eq(name, STR("concat")))
		return bind_joined(b, s, c, out); /* concat() skips NULLs there, the operator does not */
	for (unsigned i = 0; i < c->args.count; i++)
		if (c->args.items[i]->kind == AST_NAMED_ARGUMENT) {
			TRY(arguments_in_order(b, c, &c));
			break;
		}
	return bind_plain(b, s, c, name, out);
}

enum status bind_operator(struct binder *b, struct scope *s, const struct ast_operator *o, struct expr **out)
{
	struct expr *args[2];
	uint32_t n = 0;
	struct str symbol = name_last(&o->name);
	if (o->left != NULL)
		TRY(bind_expr(b, s, o->left, &args[n++]));
	if (o->right != NULL)
		TRY(bind_expr(b, s, o->right, &args[n++]));
	/* an untyped literal beside an array or a jsonb is one too */
	static const char *const sets[] = {"@>", "<@", "&&", NULL};
	if (n == 2 && is_word(symbol, sets) && bind_is_unknown(args[0]) != bind_is_unknown(args[1])) {
		bool left = bind_is_unknown(args[0]);
		TRY(bind_coerce_unknown(b, &args[!left], args[left]->type));
	}
	struct scope *outer = b->scope;
	b->scope = s;
	/* PostgreSQL's operators are functions named by their symbols; they resolve in both dialects */
	enum status status = bind_function(b, symbol, args, n, o->ast.position, out);
	b->scope = outer;
	if (status == E_UNKNOWN_FUNCTION) {
		error_clear(b->err);
		unknown_operator(b, symbol, args, n, o->ast.position);
	}
	return status;
}

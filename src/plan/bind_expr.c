// SPDX-License-Identifier: Apache-2.0
/* Expressions: the walk over the AST. Literals, names, calls and subqueries have files of their own. */
#include "parse/print.h"
#include "plan/binder_impl.h"

bool bind_is_unknown(const struct expr *x)
{
	return x->type->id == TYPE_STRING && x->type->face == FACE_UNKNOWN;
}

/* A parameter whose type is now known. */
static struct expr *typed_parameter(struct binder *b, struct expr *x, const struct type *type)
{
	b->config->param_types[x->column] = type_not_nullable(b->arena, type);
	struct expr *typed = expr_slot(b->arena, x->column, type_nullable(b->arena, type));
	typed->is_volatile = true;
	typed->position = x->position;
	return typed;
}

/* The type that a text of unknown type becomes beside one of type t: PostgreSQL's own has no length or precision. */
static const struct type *input_type(struct binder *b, const struct type *t)
{
	t = type_plain(b->arena, t);
	if (t->face == FACE_ENUM || t->face == FACE_RECORD)
		return t;
	if (t->face == FACE_DEFAULT || t->face == FACE_ARRAY)
		return t->id == TYPE_ARRAY && type_face(t) == FACE_ARRAY ? type_of_face(b->arena, t) : t;
	return type_of_face(b->arena, type_with_face(b->arena, t, t->face, -1));
}

static unsigned array_depth(const struct type *t)
{
	unsigned depth = 0;
	for (; type_face(t) == FACE_ARRAY; t = t->children[0])
		depth++;
	return depth;
}

/* integer[] says nothing about dimensions: as many as the text has. */
static const struct type *deepen(struct binder *b, struct str text, const struct type *type)
{
	unsigned depth = 0;
	if (type_face(type) != FACE_ARRAY)
		return type;
	for (size_t i = 0; i < text.size && (text.data[i] == '{' || text.data[i] == ' ') && depth < TYPE_DEPTH_MAX / 2; i++)
		depth += text.data[i] == '{';
	for (unsigned have = array_depth(type); have < depth; have++)
		type = type_array(b->arena, type);
	return type;
}

/* The constant's text read now, so that what is bad about it is said with its position. */
static enum status read_constant(struct binder *b, const struct vector *text, const struct type *type,
                                 struct expr **out)
{
	struct arena scratch;
	struct vector *v = NULL, *constant = NULL;
	arena_init(&scratch, NULL);
	struct eval e = {.session = b->session, .scratch = &scratch, .err = b->err};
	enum status s = cast_vector(&e, b->arena, text, type, CAST_PG, &v);
	if (s == OK)
		s = vector_constant(NULL, v, 0, 1, &constant, b->err);
	if (s == OK)
		constant->type = type;
	if (s == OK)
		*out = expr_constant(b->arena, constant);
	vector_unref(v);
	arena_fini(&scratch);
	return s;
}

enum status bind_coerce_unknown(struct binder *b, struct expr **x, const struct type *type)
{
	if (!bind_is_unknown(*x))
		return OK;
	const struct type *plain = input_type(b, type);
	if ((*x)->kind == EXPR_SLOT && (*x)->column < b->config->param_capacity) {
		*x = typed_parameter(b, *x, plain);
		return OK;
	}
	if ((*x)->kind != EXPR_CONSTANT)
		return expr_cast(&b->env, *x, (*x)->type->nullable ? type_nullable(b->arena, plain) : plain, CAST_PG, x);
	struct expr *typed = NULL;
	int position = (*x)->position;
	enum status s = OK;
	if (!vector_is_null((*x)->constant, 0))
		s = read_constant(b, (*x)->constant, deepen(b, strview_str((*x)->constant->data), type_not_nullable(b->arena, plain)),
		                  &typed);
	else if ((typed = bind_null(b, plain)) == NULL)
		s = b->err->status;
	if (s != OK) {
		error_at(b->err, position);
		return s;
	}
	typed->position = position;
	typed->name = (*x)->name;
	*x = typed;
	return OK;
}

enum status bind_settle(struct binder *b, struct expr **x)
{
	return bind_coerce_unknown(b, x, type_simple(TYPE_STRING));
}

enum status bind_exprs(struct binder *b, struct scope *s, const struct ast_list *list, struct expr ***out)
{
	*out = ARENA_ARRAY(b->arena, struct expr *, list->count + 1);
	for (unsigned i = 0; i < list->count; i++)
		TRY(bind_expr(b, s, list->items[i], &(*out)[i]));
	return OK;
}

enum status bind_condition(struct binder *b, struct scope *s, const struct ast *x, const char *clause,
                           struct expr **out)
{
	TRY(bind_expr(b, s, x, out));
	TRY(bind_coerce_unknown(b, out, type_simple(TYPE_BOOL)));
	const struct type *t = (*out)->type;
	if (b->dialect == DIALECT_POSTGRESQL && t->id != TYPE_BOOL && t->id != TYPE_UINT8 && t->id != TYPE_NOTHING) {
		ERR(b->err, E_TYPE_MISMATCH, "argument of %s must be type boolean, not type %.*s", clause,
		    STR_ARG(type_pg_base_name(b->arena, t)));
		return error_at(b->err, x->position);
	}
	if (t->id == TYPE_UINT8 || t->id == TYPE_BOOL)
		return OK;
	if (!type_is_number(t) && t->id != TYPE_NOTHING) {
		ERR(b->err, E_INVALID_FILTER_TYPE, "Invalid type for filter: %.*s", STR_ARG(type_name(b->arena, t)));
		return error_at(b->err, x->position);
	}
	if (t->id == TYPE_NOTHING) {
		*out = bind_null(b, type_simple(TYPE_UINT8));
		return *out == NULL ? b->err->status : OK;
	}
	/* any number but zero is true */
	struct expr *args[2] = {*out, bind_u64(b, 0)};
	return bind_function(b, STR("notEquals"), args, 2, x->position, out);
}

static enum status bind_case(struct binder *b, struct scope *s, const struct ast_case *c, struct expr **out)
{
	uint32_t n = c->whens.count, results = n + 1;
	struct expr **conditions = ARENA_ARRAY(b->arena, struct expr *, n + 1);
	struct expr **values = ARENA_ARRAY(b->arena, struct expr *, n + 1);
	struct expr *operand = NULL;
	if (c->operand != NULL)
		TRY(bind_expr(b, s, c->operand, &operand));
	for (uint32_t i = 0; i < n; i++) {
		const struct ast_when *w = (const struct ast_when *)c->whens.items[i];
		if (operand == NULL) {
			TRY(bind_condition(b, s, w->condition, "CASE/WHEN", &conditions[i]));
		} else {
			struct expr *pair[2] = {operand, NULL};
			TRY(bind_expr(b, s, w->condition, &pair[1]));
			TRY(bind_coerce_unknown(b, &pair[1], operand->type));
			TRY(bind_function(b, STR("equals"), pair, 2, w->ast.position, &conditions[i]));
		}
		TRY(bind_expr(b, s, w->result, &values[i]));
	}
	if (c->otherwise != NULL)
		TRY(bind_expr(b, s, c->otherwise, &values[n]));
	else if ((values[n] = bind_null(b, b->dialect != DIALECT_POSTGRESQL ? type_simple(TYPE_NOTHING)
	                                : type_with_face(b->arena, type_simple(TYPE_STRING), FACE_UNKNOWN, -1))) == NULL)
		return b->err->status;
	if (b->dialect == DIALECT_POSTGRESQL) {
		const struct type *common;
		TRY(bind_common_type(b, values, results, &common));
	}
	struct expr **args = ARENA_ARRAY(b->arena, struct expr *, 2 * n + 1);
	for (uint32_t i = 0; i < n; i++) {
		args[2 * i] = conditions[i];
		args[2 * i + 1] = values[i];
	}
	args[2 * n] = values[n];
	return bind_function(b, STR("multiIf"), args, 2 * n + 1, c->ast.position, out);
}

static enum status bind_cast(struct binder *b, struct scope *s, const struct ast_cast *c, struct expr **out)
{
	const struct type *to;
	struct expr *x;
	TRY(bind_any_type(b, c->type, &to));
	bool number = c->value->kind == AST_LITERAL && ((struct ast_literal *)c->value)->type != LITERAL_STRING &&
	              ((struct ast_literal *)c->value)->type != LITERAL_NULL;
	if (b->dialect == DIALECT_CLICKHOUSE && number && c->source.data != NULL && c->form == CAST_COLONS)
		x = bind_string(b, c->source); /* 0.1::Decimal(38, 20) is exact */
	else
		TRY(bind_expr(b, s, c->value, &x));
	enum status status;
	if (b->dialect == DIALECT_POSTGRESQL) {
		/* read as the type without a length, then cut to it: an explicit cast never fails for the length */
		to = type_of_face(b->arena, to);
		TRY(bind_coerce_unknown(b, &x, to));
		if (type_face(to) == FACE_ARRAY)
			for (unsigned d = array_depth(to); d < array_depth(x->type); d++)
				to = type_array(b->arena, to);
		to = x->type->nullable ? type_nullable(b->arena, to) : to;
		status = expr_cast(&b->env, x, to, CAST_PG, out);
	} else {
		status = expr_cast(&b->env, x, to, CAST_CH, out);
	}
	if (status != OK)
		error_at(b->err, c->ast.position);
	return status;
}

/* x[a:b] of PostgreSQL: elements a to b, both included. */
static enum status bind_slice(struct binder *b, struct scope *s, const struct ast_slice *x, struct expr **out)
{
	struct expr *args[3], *one = bind_u64(b, 1);
	TRY(bind_expr(b, s, x->value, &args[0]));
	if (x->lower != NULL)
		TRY(bind_expr(b, s, x->lower, &args[1]));
	else
		args[1] = one;
	if (x->upper == NULL)
		return bind_function(b, STR("arraySlice"), args, 2, x->ast.position, out);
	struct expr *upper, *bounds[2];
	TRY(bind_expr(b, s, x->upper, &upper));
	bounds[0] = upper;
	bounds[1] = args[1];
	TRY(bind_function(b, STR("minus"), bounds, 2, x->ast.position, &bounds[0]));
	bounds[1] = one;
	TRY(bind_function(b, STR("plus"), bounds, 2, x->ast.position, &args[2]));
	return bind_function(b, STR("arraySlice"), args, 3, x->ast.position, out);
}

static enum status dispatch(struct binder *b, struct scope *s, const struct ast *x, struct expr **out)
{
	switch (x->kind) {
	case AST_LITERAL:
		return bind_literal(b, (const struct ast_literal *)x, out);
	case AST_INTERVAL:
		return bind_interval(b, s, (const struct ast_interval *)x, out);
	case AST_IDENTIFIER:
		return bind_name(b, s, (const struct ast_identifier *)x, out);
	case AST_CALL:
		return bind_call(b, s, (const struct ast_call *)x, out);
	case AST_OPERATOR:
		return bind_operator(b, s, (const struct ast_operator *)x, out);
	case AST_CASE:
		return bind_case(b, s, (const struct ast_case *)x, out);
	case AST_CAST:
		return bind_cast(b, s, (const struct ast_cast *)x, out);
	case AST_SUBQUERY:
		return bind_subquery(b, s, (const struct ast_subquery *)x, out);
	case AST_QUANTIFIED:
		return bind_quantified(b, s, (const struct ast_quantified *)x, out);
	case AST_PARAMETER:
		return bind_parameter(b, s, (const struct ast_parameter *)x, out);
	case AST_SLICE:
		return bind_slice(b, s, (const struct ast_slice *)x, out);
	case AST_COLLATE:
		return bind_expr(b, s, ((const struct ast_collate *)x)->value, out);
	case AST_NAMED_ARGUMENT:
		return bind_expr(b, s, ((const struct ast_named_argument *)x)->value, out);
	case AST_LAMBDA:
		return ERR(b->err, E_BAD_ARGUMENTS, "A lambda may only stand as an argument of a higher-order function");
	case AST_ASTERISK:
		return ERR(b->err, E_SYNTAX, "* may not stand here");
	default:
		return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: %s in an expression", ast_kind_name(x->kind));
	}
}

enum status bind_expr(struct binder *b, struct scope *s, const struct ast *x, struct expr **out)
{
	TRY(binder_enter(b, x->position));
	/* inside its own expression an alias is the column of that name: min(t) AS t */
	size_t own = s->alias_count;
	if (x->alias != NULL)
		for (own = 0; own < s->alias_count && s->aliases[own].ast != x;)
			own++;
	bool was_busy = own < s->alias_count && s->aliases[own].busy;
	if (own < s->alias_count)
		s->aliases[own].busy = true;
	enum status status = dispatch(b, s, x, out);
	if (own < s->alias_count)
		s->aliases[own].busy = was_busy;
	binder_leave(b);
	if (status != OK) {
		error_at(b->err, x->position);
		return status;
	}
	if ((*out)->position == 0)
		(*out)->position = x->position;
	return OK;
}

/* ---- names of result columns ---- */

static void ch_name(struct strbuf *to, const struct ast *x);

static void ch_names(struct strbuf *to, const struct ast_list *list)
{
	for (unsigned i = 0; i < list->count; i++) {
		if (i != 0)
			strbuf_putz(to, ", ");
		ch_name(to, list->items[i]);
	}
}

static bool only_literals(const struct ast_list *list)
{
	AST_EACH(list, x) {
		bool nested = x->kind == AST_CALL &&
			(((struct ast_call *)x)->form == CALL_BRACKETS || ((struct ast_call *)x)->form == CALL_PARENS);
		if (x->kind != AST_LITERAL && !(nested && only_literals(&((struct ast_call *)x)->args)))
			return false;
	}
	return true;
}

static void ch_call_name(struct strbuf *to, const struct ast_call *c)
{
	if ((c->form == CALL_BRACKETS || c->form == CALL_PARENS) && only_literals(&c->args)) {
		strbuf_putc(to, c->form == CALL_BRACKETS ? '[' : '(');
		ch_names(to, &c->args);
		strbuf_putc(to, c->form == CALL_BRACKETS ? ']' : ')');
		return;
	}
	strbuf_puts(to, name_last(&c->name));
	if (c->has_params) {
		strbuf_putc(to, '(');
		ch_names(to, &c->params);
		strbuf_putc(to, ')');
	}
	strbuf_putc(to, '(');
	if (c->distinct)
		strbuf_putz(to, "DISTINCT ");
	if (c->args.count == 1 && c->args.items[0]->kind == AST_ASTERISK)
		strbuf_putz(to, "");
	else
		ch_names(to, &c->args);
	strbuf_putc(to, ')');
}

/* ClickHouse names a column by its expression in function form: plus(a, 1). */
static void ch_name(struct strbuf *to, const struct ast *x)
{
	struct strbuf type;
	switch (x->kind) {
	case AST_CALL:
		ch_call_name(to, (const struct ast_call *)x);
		break;
	case AST_IDENTIFIER: {
		const struct name *n = &((const struct ast_identifier *)x)->name;
		for (unsigned i = 0; i < n->count; i++) {
			if (i != 0)
				strbuf_putc(to, '.');
			strbuf_puts(to, n->parts[i].text);
		}
		break;
	}
	case AST_CAST: {
		const struct ast_cast *c = (const struct ast_cast *)x;
		strbuf_putz(to, "CAST(");
		if (c->form == CAST_COLONS && c->value->kind == AST_LITERAL && c->source.data != NULL)
			string_quote(to, c->source, DIALECT_CLICKHOUSE);
		else
			ch_name(to, c->value);
		strbuf_putz(to, ", ");
		strbuf_init(&type, NULL);
		ast_print_type(&type, c->type, &(struct print_options){.dialect = DIALECT_CLICKHOUSE});
		string_quote(to, strbuf_str(&type), DIALECT_CLICKHOUSE);
		strbuf_fini(&type);
		strbuf_putc(to, ')');
		break;
	}
	case AST_LAMBDA: {
		const struct ast_lambda *l = (const struct ast_lambda *)x;
		strbuf_putz(to, "lambda(tuple(");
		ch_names(to, &l->params);
		strbuf_putz(to, "), ");
		ch_name(to, l->body);
		strbuf_putc(to, ')');
		break;
	}
	case AST_CASE: {
		const struct ast_case *c = (const struct ast_case *)x;
		strbuf_putz(to, c->operand != NULL ? "caseWithExpression(" : "multiIf(");
		if (c->operand != NULL) {
			ch_name(to, c->operand);
			strbuf_putz(to, ", ");
		}
		AST_EACH(&c->whens, w) {
			ch_name(to, ((struct ast_when *)w)->condition);
			strbuf_putz(to, ", ");
			ch_name(to, ((struct ast_when *)w)->result);
			strbuf_putz(to, ", ");
		}
		if (c->otherwise != NULL)
			ch_name(to, c->otherwise);
		else
			strbuf_putz(to, "NULL");
		strbuf_putc(to, ')');
		break;
	}
	default:
		ast_print(to, x, &(struct print_options){.dialect = DIALECT_CLICKHOUSE});
		break;
	}
}

/* A name that a cast around it replaces by its type's (FigureColname's strength 1). */
static bool has_weak_name(const struct ast *x)
{
	return x->kind == AST_CASE || x->kind == AST_INTERVAL;
}

/* The type's name in pg_type, of an array its elements'. */
static struct str cast_name(const struct type *t)
{
	while (type_face(t) == FACE_ARRAY)
		t = t->children[0];
	return str_of(face_info(type_face(t))->name);
}

/* PostgreSQL names a column by the outermost function, type or column (FigureColname). */
static struct str pg_name(struct binder *b, const struct ast *x)
{
	switch (x->kind) {
	case AST_IDENTIFIER:
		return name_last(&((const struct ast_identifier *)x)->name);
	case AST_CALL: {
		const struct ast_call *c = (const struct ast_call *)x;
		if (c->form == CALL_OPERATOR)
			return STR("?column?");
		if (c->form == CALL_SUBSCRIPT)
			return pg_name(b, c->args.items[0]);
		if (c->form == CALL_ARRAY || c->form == CALL_BRACKETS)
			return STR("array");
		if (c->form == CALL_ROW || c->form == CALL_PARENS)
			return STR("row");
		if (c->form == CALL_AT_TIME_ZONE)
			return STR("timezone");
		if (c->form == CALL_DOT && c->args.items[1]->kind == AST_LITERAL)
			return ((struct ast_literal *)c->args.items[1])->text;
		return name_last(&c->name);
	}
	case AST_CAST: {
		const struct ast_cast *c = (const struct ast_cast *)x;
		const struct type *t;
		struct str inner = c->value->kind == AST_CAST ? STR("?column?") : pg_name(b, c->value);
		if (!str_eq(inner, STR("?column?")) && !has_weak_name(c->value))
			return inner;
		if (bind_type(b->arena, c->type, DIALECT_POSTGRESQL, &t, NULL) == OK)
			return cast_name(t);
		return name_last(&c->type->name);
	}
	case AST_CASE: {
		const struct ast_case *c = (const struct ast_case *)x;
		struct str inner = c->otherwise != NULL ? pg_name(b, c->otherwise) : STR("?column?");
		return str_eq(inner, STR("?column?")) ? STR("case") : inner;
	}
	case AST_COLLATE:
		return pg_name(b, ((const struct ast_collate *)x)->value);
	case AST_SLICE:
		return pg_name(b, ((const struct ast_slice *)x)->value);
	case AST_INTERVAL:
		return STR("interval");
	case AST_SUBQUERY: {
		const struct ast_subquery *q = (const struct ast_subquery *)x;
		if (q->form == SUBQUERY_EXISTS)
			return STR("exists");
		if (q->form == SUBQUERY_ARRAY)
			return STR("array");
		const struct ast_select *query = (const struct ast_select *)q->query;
		return query->items.count != 0 ? bind_item_name(b, query->items.items[0]) : STR("?column?");
	}
	default:
		return STR("?column?");
	}
}

struct str bind_item_name(struct binder *b, const struct ast *x)
{
	if (x->alias != NULL)
		return x->alias->text;
	if (b->dialect == DIALECT_POSTGRESQL)
		return pg_name(b, x);
	struct strbuf text;
	strbuf_init(&text, NULL);
	if (x->kind == AST_IDENTIFIER)
		strbuf_puts(&text, name_last(&((const struct ast_identifier *)x)->name));
	else
		ch_name(&text, x);
	struct str s = arena_str(b->arena, strbuf_str(&text));
	strbuf_fini(&text);
	return s;
}

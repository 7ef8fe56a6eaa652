// SPDX-License-Identifier: Apache-2.0
#include "plan/bind_change.h"

#include "catalog/column_note.h"
#include "plan/bind_from_impl.h"
#include "plan/bind_select_impl.h"
#include "plan/bind_star_impl.h"
#include "parse/parser.h"
#include "parse/print.h"

/* What is put out: expressions and names. */
struct output {
	struct expr **exprs;
	struct str *names;
	size_t count, capacity, name_capacity;
};

static void put(struct binder *b, struct output *o, struct expr *x, struct str name)
{
	size_t same = o->count;
	ARENA_PUSH(b->arena, o->names, same, o->name_capacity, name);
	ARENA_PUSH(b->arena, o->exprs, o->count, o->capacity, x);
}

static struct plan *project(struct binder *b, struct plan *input, const struct output *o)
{
	return plan_project(b->arena, input, o->exprs, o->names, (uint32_t)o->count);
}

/* ---- the target and what stands beside it ---- */

/* FROM target, others. *target_end: the scope's columns before it are the target's. */
static enum status bind_tables(struct binder *b, struct scope *s, struct table *target, const struct ast_table *name,
                               const struct ast_list *others, size_t *target_end)
{
	TRY(bind_from_item(b, s, &name->ast));
	if (s->plan->kind != PLAN_SCAN || s->plan->u.scan.table->def->oid != target->def->oid)
		return ERR(b->err, E_NOT_IMPLEMENTED, "rows of \"%.*s\" cannot be changed", STR_ARG(target->def->name));
	/* each row by itself, as it is stored */
	s->plan->u.scan.final = false;
	*target_end = s->column_count;
	for (unsigned i = 0; i < others->count; i++)
		TRY(bind_comma(b, s, others->items[i]));
	return OK;
}

static enum status row_id(struct binder *b, const struct scope *s, size_t target_end, struct expr **out)
{
	for (size_t i = 0; i < target_end; i++)
		if (s->columns[i].hidden && str_eq(s->columns[i].name, STR("__row_id"))) {
			*out = s->columns[i].expr;
			return OK;
		}
	return ERR(b->err, E_NOT_IMPLEMENTED, "rows of this table have no numbers");
}

static enum status bind_rows_where(struct binder *b, struct scope *s, const struct ast *where)
{
	struct expr *x;
	if (where == NULL)
		return OK;
	TRY(bind_condition(b, s, where, "WHERE", &x));
	s->plan = select_filter(b, s->plan, x);
	return OK;
}

static enum status bind_items(struct binder *b, struct scope *s, const struct ast_list *items, struct output *o)
{
	AST_EACH(items, x) {
		struct star_item *star = NULL;
		uint32_t n = 1;
		if (bind_is_spread(b, x)) {
			TRY(bind_spread(b, s, x, &star, &n));
		} else {
			star = ARENA_NEW(b->arena, struct star_item);
			TRY(bind_expr(b, s, x, &star->expr));
			star->name = bind_item_name(b, x);
		}
		for (uint32_t i = 0; i < n; i++) {
			TRY(bind_settle(b, &star[i].expr));
			put(b, o, star[i].expr, star[i].name);
		}
	}
	return OK;
}

static enum status begin(struct bind_config *c, const struct ast_list *with, bool recursive, struct binder **b,
                         struct scope **s)
{
	*b = ARENA_NEW(c->arena, struct binder);
	binder_init(*b, c, c->session->dialect);
	*s = ARENA_NEW(c->arena, struct scope);
	return bind_with(*b, *s, with, recursive);
}

enum status bind_delete(struct bind_config *c, struct table *target, const struct ast_delete *d,
                        struct change_query *out)
{
	struct binder *b;
	struct scope *s;
	struct output o = {0};
	struct expr *id;
	size_t end;
	*out = (struct change_query){.returning = 1};
	TRY(begin(c, &d->with, d->with_recursive, &b, &s));
	TRY(bind_tables(b, s, target, d->table, &d->using_tables, &end));
	TRY(bind_rows_where(b, s, d->where));
	TRY(row_id(b, s, end, &id));
	put(b, &o, id, STR("__row_id"));
	TRY(bind_items(b, s, &d->returning, &o));
	s->plan = project(b, s->plan, &o);
	return binder_finish(b, s, &out->plan);
}

/* ---- UPDATE ---- */

struct updating {
	struct binder *b;
	struct scope *s;
	const struct table_def *def;
	size_t target_end;
	struct expr **assigned;      /* per column of the definition; NULL: it keeps its value */
};

static enum status no_column(struct updating *u, struct str name, int position)
{
	const struct table_def *d = u->def;
	if (u->b->dialect == DIALECT_POSTGRESQL)
		ERR(u->b->err, E_UNKNOWN_COLUMN, "column \"%.*s\" of relation \"%.*s\" does not exist", STR_ARG(name),
		    STR_ARG(d->name));
	else
		ERR(u->b->err, E_NO_SUCH_COLUMN, "There is no column %.*s in table", STR_ARG(name));
	return error_at(u->b->err, position);
}

static enum status default_of(struct updating *u, const struct column_def *d, struct expr **out)
{
	struct expr **exprs;
	uint32_t n;
	if (d->default_expr.text.size != 0) {
		bool *used = ARENA_ARRAY(u->b->arena, bool, u->def->column_count + 1);
		TRY(bind_stored(u->b->config, &d->default_expr, u->def, false, &exprs, &n));
		expr_columns(exprs[0], used);
		for (uint32_t i = 0; i < u->def->column_count; i++)
			if (used[i])
				return ERR(u->b->err, E_NOT_IMPLEMENTED, "not supported yet: SET %.*s = DEFAULT that looks at columns",
				           STR_ARG(d->name));
		*out = exprs[0];
		return OK;
	}
	bool can_be_null = d->type->nullable || u->b->dialect == DIALECT_POSTGRESQL;
	if (can_be_null) {
		*out = bind_null(u->b, type_nullable(u->b->arena, type_not_nullable(u->b->arena, d->type)));
		return OK;
	}
	struct vector *v;
	TRY(vector_default_constant(NULL, d->type, 1, &v, u->b->err));
	*out = expr_constant(u->b->arena, v);
	return OK;
}

static enum status assign(struct updating *u, const struct ast *target, const struct ast *value)
{
	struct binder *b = u->b;
	if (target->kind != AST_IDENTIFIER)
		return ERR(b->err, E_NOT_IMPLEMENTED, "not supported yet: SET of a part of a column");
	struct str name = name_last(&((const struct ast_identifier *)target)->name);
	const struct column_def *d = table_def_column(u->def, name);
	if (d == NULL || d->hidden)
		return no_column(u, name, target->position);
	bool computed = d->default_kind == COLUMN_ALIAS || d->default_kind == COLUMN_MATERIALIZED;
	if (computed && b->dialect == DIALECT_POSTGRESQL && value->kind == AST_DEFAULT)
		return OK; /* it is computed again anyway */
	if ((computed || table_def_always_identity(u->def, d)) && b->dialect == DIALECT_POSTGRESQL &&
	    value->kind != AST_DEFAULT) {
		ERR(b->err, E_ILLEGAL_COLUMN, "column \"%.*s\" can only be updated to DEFAULT", STR_ARG(name));
		error_detail(b->err, computed ? "Column \"%.*s\" is a generated column."
		             : "Column \"%.*s\" is an identity column defined as GENERATED ALWAYS.", STR_ARG(name));
		return error_at(b->err, target->position);
	}
	if (computed)
		return ERR(b->err, E_ILLEGAL_COLUMN, "Cannot UPDATE column \"%.*s\", as it is computed", STR_ARG(name));
	struct expr **to = &u->assigned[d - u->def->columns], *x;
	if (*to != NULL) {
		ERR(b->err, E_SYNTAX, "multiple assignments to same column \"%.*s\"", STR_ARG(name));
		return error_at(b->err, target->position);
	}
	if (value->kind == AST_DEFAULT)
		TRY(default_of(u, d, &x));
	else
		TRY(bind_expr(b, u->s, value, &x));
	/* as an INSERT would take it; what is NULL and may not be is its matter too */
	const struct type *type = table_def_null_column(u->def, d) != NULL ? type_nullable(b->arena, d->type) : d->type;
	TRY(bind_coerce_unknown(b, &x, type));
	if (b->dialect == DIALECT_POSTGRESQL)
		TRY(bind_assignment(b->config, x->type, type, name, value->position));
	if (x->type->nullable || x->type->id == TYPE_NOTHING)
		type = type_nullable(b->arena, type);
	bool wraps = b->dialect == DIALECT_CLICKHOUSE && type_is_number(x->type);
	TRY(expr_cast(&b->env, x, type, wraps ? CAST_CH : CAST_INSERT, &x));
	*to = x;
	return OK;
}

/* (a, b) = (SELECT x, y …): each target gets its column of the subquery. */
static enum status assign_subquery(struct updating *u, const struct ast_assignment *a)
{
	struct binder *b = u->b;
	const struct ast_subquery *q = (const struct ast_subquery *)a->value;
	struct parse_options options = {.dialect = b->dialect};
	struct str names = STR(""), text = ast_text(b->arena, q->query, b->dialect);
	for (unsigned i = 0; i < a->targets.count; i++)
		names = arena_strf(b->arena, "%.*s%sset_%u", STR_ARG(names), i == 0 ? "" : ", ", i);
	for (unsigned i = 0; i < a->targets.count; i++) {
		struct ast *one;
		TRY(parse_expression(b->arena, arena_strf(b->arena, "(SELECT set_%u FROM (%.*s) AS set_rows(%.*s))", i,
		                     STR_ARG(text), STR_ARG(names)), &options, &one, b->err));
		TRY(assign(u, a->targets.items[i], one));
	}
	return OK;
}

static enum status bind_assignments(struct updating *u, const struct ast_list *list)
{
	u->assigned = ARENA_ARRAY(u->b->arena, struct expr *, u->def->column_count + 1);
	AST_EACH(list, x) {
		const struct ast_assignment *a = (const struct ast_assignment *)x;
		const struct ast_call *row = (const struct ast_call *)a->value;
		bool values = a->row && a->value->kind == AST_CALL && row->form == CALL_ROW;
		if (a->targets.count == 1 && !(values && row->args.count == 1)) {
			TRY(assign(u, a->targets.items[0], a->value));
			continue;
		}
		if (a->value->kind == AST_SUBQUERY && a->targets.count > 1) {
			TRY(assign_subquery(u, a));
			continue;
		}
		if (a->value->kind != AST_CALL)
			return ERR(u->b->err, E_SYNTAX,
			           "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression");
		if (row->args.count != a->targets.count)
			return ERR(u->b->err, E_SYNTAX, "number of columns does not match number of values");
		for (unsigned i = 0; i < a->targets.count; i++)
			TRY(assign(u, a->targets.items[i], row->args.items[i]));
	}
	return OK;
}

/* The value that a column has now. */
static enum status old_value(struct updating *u, uint32_t column, uint32_t at, struct expr **out)
{
	const struct column_def *d = &u->def->columns[column], *mask = table_def_null_column(u->def, d);
	struct binder *b = u->b;
	*out = expr_column(b->arena, at, d->type, d->name);
	if (mask == NULL || d->not_null)
		return OK;
	uint32_t mask_at = 0;
	for (const struct column_def *m = u->def->columns; m != mask; m++)
		mask_at += m->default_kind != COLUMN_ALIAS && m->default_kind != COLUMN_EPHEMERAL;
	struct expr *args[2] = {*out, expr_column(b->arena, mask_at, mask->type, mask->name)};
	return bind_function(b, STR("withNulls"), args, 2, 0, out);
}

/* The row as it will be: what names mean in RETURNING. Its values are put out behind the numbers. */
static enum status new_row(struct updating *u, struct output *o, const uint32_t *value_at, size_t visible,
                           struct scope *after)
{
	struct binder *b = u->b;
	for (size_t i = 0; i < visible; i++) {
		const struct scope_column *from = &u->s->columns[i];
		struct scope_column *c = scope_add(b, after, from->expr, from->relation, from->name);
		*c = *from;
		const struct column_def *d = i < u->target_end && !from->hidden ? table_def_column(u->def, from->name) : NULL;
		uint32_t at = d == NULL || from->is_alias ? UINT32_MAX : value_at[d - u->def->columns];
		if (from->is_alias)
			continue;
		if (at == UINT32_MAX) {
			at = (uint32_t)o->count;
			put(b, o, from->expr, from->name);
			c->expr = expr_column(b->arena, at, from->expr->type, from->name);
		} else {
			TRY(bind_face(b, expr_column(b->arena, at, o->exprs[at]->type, from->name), &c->expr));
			c->type = c->expr->type;
		}
	}
	return OK;
}

/* The number of each row, its values, RETURNING's. RETURNING may see the first `visible` of the columns in scope. */
static enum status put_rows(struct updating *u, const struct ast_list *returning, size_t visible,
                            struct change_query *out)
{
	struct binder *b = u->b;
	struct output o = {0}, top = {0};
	struct expr *x;
	TRY(row_id(b, u->s, u->target_end, &x));
	put(b, &o, x, STR("__row_id"));
	*out = (struct change_query){.columns = ARENA_ARRAY(b->arena, uint32_t, u->def->column_count + 1)};
	out->changed = ARENA_ARRAY(b->arena, bool, u->def->column_count + 1);
	uint32_t *value_at = ARENA_ARRAY(b->arena, uint32_t, u->def->column_count + 1);
	for (uint32_t i = 0, at = 0; i < u->def->column_count; i++) {
		const struct column_def *d = &u->def->columns[i];
		value_at[i] = UINT32_MAX;
		if (d->default_kind == COLUMN_ALIAS || d->default_kind == COLUMN_EPHEMERAL)
			continue;
		if (!d->hidden && d->default_kind != COLUMN_MATERIALIZED) {
			x = u->assigned[i];
			out->changed[i] = x != NULL;
			if (x == NULL)
				TRY(old_value(u, i, at, &x));
			value_at[i] = (uint32_t)o.count;
			out->columns[out->column_count++] = i;
			put(b, &o, x, d->name);
		}
		at++;
	}
	out->returning = out->column_count + 1;
	struct scope *after = ARENA_NEW(b->arena, struct scope);
	*after = (struct scope){.ctes = u->s->ctes};
	if (returning->count != 0)
		TRY(new_row(u, &o, value_at, visible, after));
	after->plan = project(b, u->s->plan, &o);
	if (returning->count != 0) {
		for (uint32_t i = 0; i < out->returning; i++)
			put(b, &top, expr_column(b->arena, i, after->plan->types[i], o.names[i]), o.names[i]);
		TRY(bind_items(b, after, returning, &top));
		after->plan = project(b, after->plan, &top);
	}
	return binder_finish(b, after, &out->plan);
}

enum status bind_update(struct bind_config *c, struct table *target, const struct ast_update *q,
                        struct change_query *out)
{
	struct updating u = {.def = target->def};
	TRY(begin(c, &q->with, q->with_recursive, &u.b, &u.s));
	TRY(bind_tables(u.b, u.s, target, q->table, &q->from, &u.target_end));
	TRY(bind_rows_where(u.b, u.s, q->where));
	TRY(bind_assignments(&u, &q->assignments));
	return put_rows(&u, &q->returning, u.s->column_count, out);
}

enum status bind_upsert(struct bind_config *c, struct table *target, const struct ast_insert *q,
                        enum status (*open)(void *, const struct scan_request *, struct scan **, struct error *),
                        void *open_arg, struct change_query *out)
{
	struct updating u = {.def = target->def};
	struct scope *excluded = ARENA_NEW(c->arena, struct scope);
	static const struct ast_list none;
	TRY(begin(c, &none, false, &u.b, &u.s));
	struct binder *b = u.b;
	struct str alias = q->ast.alias != NULL ? q->ast.alias->text : target->def->name;
	TRY(bind_table_columns(b, u.s, target, alias));
	TRY(bind_table_columns(b, excluded, target, STR("excluded")));
	u.target_end = u.s->column_count;
	uint32_t n = u.s->plan->column_count;
	bind_append_scope(b, u.s, excluded, n);
	struct plan *p = plan_new(b->arena, PLAN_FUNCTION, 2 * n);
	for (uint32_t i = 0; i < 2 * n; i++) {
		p->types[i] = u.s->plan->types[i % n];
		p->names[i] = u.s->plan->names[i % n];
	}
	p->u.function.open = open;
	p->u.function.arg = open_arg;
	p->u.function.name = target->def->name;
	u.s->plan = p;
	TRY(bind_rows_where(b, u.s, q->conflict->where));
	TRY(bind_assignments(&u, &q->conflict->assignments));
	return put_rows(&u, &q->returning, u.target_end, out);
}

enum status bind_over_block(struct bind_config *c, const struct ast_table *table, const struct ast_list *items,
                            const struct table_def *source,
                            enum status (*open)(void *, const struct scan_request *, struct scan **, struct error *),
                            void *open_arg, struct query_plan **out)
{
	struct binder *b = ARENA_NEW(c->arena, struct binder);
	struct scope *s = ARENA_NEW(c->arena, struct scope);
	struct output o = {0};
	binder_init(b, c, c->session->dialect);
	b->block_table = source;
	b->block_open = open;
	b->block_arg = open_arg;
	TRY(bind_from_item(b, s, &table->ast));
	TRY(bind_items(b, s, items, &o));
	s->plan = project(b, s->plan, &o);
	return binder_finish(b, s, out);
}

// SPDX-License-Identifier: Apache-2.0
/*
 * WITH RECURSIVE. The rows of the first term are an array of tuples; the call `recursion` runs the other term over what
 * the last run gave, in a slot, until nothing new comes, and gives all rows as one array, which is unnested.
 */
#include "plan/binder_impl.h"
#include "plan/subquery.h"

/* Tuples seen so far, by their text: UNION without ALL keeps each once. */
struct seen {
	struct strmap map;
	struct strbuf key;
	struct builder *fresh;
};

static enum status add_fresh(struct seen *x, struct eval *e, const struct vector *rows)
{
	const uint32_t *at = rows->data;
	for (uint32_t k = at[0]; k < at[1]; k++) {
		strbuf_clear(&x->key);
		value_write(&x->key, rows->children[0], k, VALUE_QUOTED, &value_options_default);
		TRY(strbuf_status(&x->key, e->err));
		if (strmap_has(&x->map, strbuf_str(&x->key)))
			continue;
		strmap_set(&x->map, strbuf_str(&x->key), x);
		TRY(builder_row(x->fresh->children[0], rows->children[0], k, e->err));
	}
	return builder_end_array(x->fresh, e->err);
}

/* The rows of `rows` that are new, as an array of its type. */
static enum status fresh_rows(struct seen *x, struct eval *e, const struct vector *rows, struct vector **out)
{
	TRY(builder_new(e->track, rows->type, &x->fresh, e->err));
	enum status s = add_fresh(x, e, rows);
	if (s == OK)
		s = builder_finish(x->fresh, out, e->err);
	builder_free(x->fresh);
	x->fresh = NULL;
	return s;
}

static enum status one_step(const struct recursion *r, struct eval *e, struct seen *seen, struct vector **work)
{
	struct vector *next = NULL, *flat = NULL;
	const struct vector *args[1] = {*work};
	enum status s = r->step->exec(r->step, e, args, 1, &next);
	if (s == OK)
		s = vector_flatten(e->track, next, &flat, e->err);
	vector_unref(next);
	vector_unref(*work);
	*work = NULL;
	if (s == OK && r->distinct) {
		s = fresh_rows(seen, e, flat, work);
		vector_unref(flat);
	} else {
		*work = flat;
	}
	return s;
}

static uint32_t row_count(const struct vector *array)
{
	const uint32_t *at = array->data;
	return at[1] - at[0];
}

static enum status append_rows(struct builder *to, const struct vector *work, struct eval *e)
{
	uint32_t n = row_count(work);
	if (n > UINT32_MAX - 1 - to->children[0]->count)
		return ERR(e->err, E_TOO_MANY_ROWS, "a recursive query of more than %u rows", UINT32_MAX);
	return builder_range(to->children[0], work->children[0], ((const uint32_t *)work->data)[0], n, e->err);
}

static enum status run_row(const struct recursion *r, struct eval *e, const struct vector *base, uint32_t row,
                           struct builder *to)
{
	struct vector *work = NULL, *first = NULL;
	struct arena names;
	struct seen seen = {0};
	arena_init(&names, e->track);
	strmap_init(&seen.map, &names, false);
	strbuf_init(&seen.key, e->track);
	enum status s = vector_slice(e->track, base, base->form == VECTOR_CONST ? 0 : row, 1, &first, e->err);
	if (s == OK)
		s = vector_flatten(e->track, first, &work, e->err);
	vector_unref(first);
	if (s == OK && r->distinct) {
		first = work;
		work = NULL;
		s = fresh_rows(&seen, e, first, &work);
		vector_unref(first);
	}
	while (s == OK && row_count(work) != 0) {
		s = append_rows(to, work, e);
		if (s == OK)
			s = one_step(r, e, &seen, &work);
	}
	vector_unref(work);
	strbuf_fini(&seen.key);
	arena_fini(&names);
	return s == OK ? builder_end_array(to, e->err) : s;
}

static enum status exec_recursion(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++)
		s = run_row(c->state, e, args[0], i, b);
	return builder_close(b, s, out, e->err);
}

static const struct function recursion_function = {
	.name = "recursion",
	.flags = FUNCTION_HIDDEN | FUNCTION_NO_DICT,
	.nulls = FUNCTION_NULL_CUSTOM,
	.volatility = FUNCTION_VOLATILE,
	.exec = exec_recursion,
	.description = "runs the recursive term of a query until it gives no new rows",
};

/* ---- binding ---- */

struct finding {
	struct str name;
	bool found;
};

static bool find_name(struct ast *x, void *arg)
{
	struct finding *f = arg;
	const struct ast_table *t = (const struct ast_table *)x;
	if (x->kind == AST_TABLE && t->form == TABLE_NAME && t->name.count == 1 && str_eq(t->name.parts[0].text, f->name))
		f->found = true;
	return !f->found;
}

static bool refers_to(struct ast *x, struct str name)
{
	struct finding f = {name, false};
	ast_walk(x, find_name, &f);
	return f.found;
}

bool bind_is_recursive(const struct cte_entry *e)
{
	return e->may_recurse && e->with->query != NULL && e->with->query->kind == AST_SELECT &&
		refers_to(e->with->query, e->name);
}

/* A query's rows as one column of tuples of these types. */
static enum status rows_as_tuples(struct binder *b, struct plan **plan, const struct type *tuple, struct str name)
{
	struct plan *p = *plan;
	struct expr **columns = ARENA_ARRAY(b->arena, struct expr *, p->column_count + 1), *row;
	if (p->column_count != tuple->child_count)
		return ERR(b->err, E_SYNTAX, "each UNION query must have the same number of columns");
	for (uint32_t i = 0; i < p->column_count; i++) {
		const struct type *have = p->types[i], *want = tuple->children[i];
		columns[i] = expr_column(b->arena, i, have, p->names[i]);
		if (b->dialect == DIALECT_POSTGRESQL && have->id != want->id && have->id != TYPE_NOTHING) {
			ERR(b->err, E_TYPE_MISMATCH, "recursive query \"%.*s\" column %u has type %.*s in non-recursive term but type %.*s "
			    "overall", STR_ARG(name), i + 1, STR_ARG(type_pg_name(b->arena, want)),
			    STR_ARG(type_pg_name(b->arena, have)));
			return error_hint(b->err, "Cast the output of the non-recursive term to the correct type.");
		}
		if (!type_equal(have, want))
			TRY(expr_cast(&b->env, columns[i], want, b->dialect == DIALECT_POSTGRESQL ? CAST_PG : CAST_CH, &columns[i]));
	}
	TRY(bind_function(b, STR("tuple"), columns, p->column_count, 0, &row));
	struct expr **one = ARENA_ARRAY(b->arena, struct expr *, 1);
	one[0] = row;
	*plan = plan_project(b->arena, p, one, NULL, 1);
	return OK;
}

static const struct type *tuple_of(struct binder *b, const struct plan *p)
{
	const struct type **types = ARENA_ARRAY(b->arena, const struct type *, p->column_count + 1);
	for (uint32_t i = 0; i < p->column_count; i++) {
		const struct type *t = p->types[i];
		bool composite = t->id == TYPE_ARRAY || t->id == TYPE_MAP || t->id == TYPE_TUPLE;
		types[i] = b->dialect == DIALECT_POSTGRESQL && !composite ? type_nullable(b->arena, t) : t;
	}
	return type_tuple(b->arena, types, NULL, p->column_count);
}

static struct plan *one_row(struct binder *b)
{
	struct plan *p = plan_new(b->arena, PLAN_VALUES, 0);
	p->u.values.row_count = 1;
	return p;
}

/* One row per tuple of an array, in columns named as the CTE's are. */
static enum status unnest_tuples(struct binder *b, const struct cte_entry *e, struct expr *array, struct plan **out)
{
	const struct type *tuple = array->type->children[0];
	struct plan *p = plan_new(b->arena, PLAN_UNNEST, 1);
	p->types[0] = tuple;
	p->names[0] = e->name;
	p->inputs = ARENA_ARRAY(b->arena, struct plan *, 1);
	p->inputs[0] = one_row(b);
	p->input_count = 1;
	p->u.unnest.arrays = ARENA_ARRAY(b->arena, struct expr *, 1);
	p->u.unnest.arrays[0] = array;
	p->u.unnest.array_count = 1;
	struct expr **columns = ARENA_ARRAY(b->arena, struct expr *, tuple->child_count + 1);
	for (uint32_t i = 0; i < tuple->child_count; i++) {
		struct expr *args[2] = {expr_column(b->arena, 0, tuple, e->name), bind_u64(b, i + 1)};
		TRY(bind_function(b, STR("tupleElement"), args, 2, 0, &columns[i]));
	}
	*out = plan_project(b->arena, p, columns, e->column_names, tuple->child_count);
	return OK;
}

enum status bind_recursive_reference(struct binder *b, const struct scope *s, const struct cte_entry *e,
                                     struct plan **out)
{
	if (s->correlation != e->scope->correlation) {
		ERR(b->err, E_INVALID_RECURSION, "recursive reference to query \"%.*s\" must not appear within a subquery",
		    STR_ARG(e->name));
		return b->err->status;
	}
	return unnest_tuples(b, e, expr_slot(b->arena, e->work_slot, e->work_type), out);
}

/* The operands that refer to the query itself come last; `first` gets the others. */
static enum status split_terms(struct binder *b, const struct cte_entry *e, struct ast_select *first,
                               struct ast_select *step)
{
	const struct ast_select *q = (const struct ast_select *)e->with->query;
	if (q->form != SELECT_UNION || q->order_by.count != 0 || q->limit != NULL || q->offset != NULL || q->with.count != 0)
		return ERR(b->err, q->form != SELECT_UNION ? E_INVALID_RECURSION : E_NOT_IMPLEMENTED,
		           q->form != SELECT_UNION ? "recursive query \"%.*s\" does not have the form non-recursive-term UNION [ALL] "
		           "recursive-term" : q->with.count != 0 ? "not supported yet: WITH in the recursive query \"%.*s\""
		           : q->order_by.count != 0 ? "ORDER BY in a recursive query is not implemented: \"%.*s\""
		           : "LIMIT in a recursive query is not implemented: \"%.*s\"", STR_ARG(e->name));
	*first = *step = *q;
	first->operands = step->operands = (struct ast_list){0};
	AST_EACH(&q->operands, x) {
		bool refers = refers_to(x, e->name);
		ast_list_push(b->arena, refers ? &step->operands : &first->operands, x);
	}
	if (first->operands.count == 0)
		return ERR(b->err, E_INVALID_RECURSION, "recursive reference to query \"%.*s\" must not appear within its "
		           "non-recursive term", STR_ARG(e->name));
	return OK;
}

static const struct ast_select *term_of(const struct ast_select *q)
{
	return q->operands.count == 1 ? (const struct ast_select *)q->operands.items[0] : q;
}

static void name_columns(struct binder *b, struct cte_entry *e, const struct plan *p)
{
	e->column_names = ARENA_ARRAY(b->arena, struct str, p->column_count + 1);
	for (uint32_t i = 0; i < p->column_count; i++)
		e->column_names[i] = i < e->with->columns.count
			? name_last(&((struct ast_identifier *)e->with->columns.items[i])->name) : p->names[i];
}

static struct call *new_call(struct binder *b, const struct function *f, const struct type *arg,
                             const struct type *result, void *state)
{
	struct call *c = ARENA_NEW(b->arena, struct call);
	c->function = f;
	c->name = arena_strf(b->arena, "%s%p", f->name, state);
	c->arg_count = 1;
	c->arg_types = ARENA_ARRAY(b->arena, const struct type *, 1);
	c->arg_types[0] = arg;
	c->constants = ARENA_ARRAY(b->arena, const struct vector *, 1);
	c->lambdas = ARENA_ARRAY(b->arena, struct lambda *, 1);
	c->result = result;
	c->exec = f->exec;
	c->state = state;
	return c;
}

enum status bind_recursive(struct binder *b, struct cte_entry *e, struct plan **out)
{
	struct ast_select *first = ARENA_NEW(b->arena, struct ast_select), *step = ARENA_NEW(b->arena, struct ast_select);
	struct scope *base, *next;
	struct recursion *r = ARENA_NEW(b->arena, struct recursion);
	TRY(split_terms(b, e, first, step));
	r->distinct = first->mode == SET_DISTINCT || (first->mode == SET_UNSAID && b->dialect == DIALECT_POSTGRESQL);
	step->mode = SET_ALL;
	TRY(bind_select(b, e->scope->parent, term_of(first), e->scope->correlation, e->visible, &base));
	name_columns(b, e, base->plan);
	const struct type *tuple = tuple_of(b, base->plan);
	TRY(rows_as_tuples(b, &base->plan, tuple, e->name));
	e->work_type = type_array(b->arena, base->plan->types[0]);
	e->work_slot = binder_slot(b, e->work_type, NULL);
	struct cte_entry *self = ARENA_NEW(b->arena, struct cte_entry);
	*self = *e;
	self->next = e->visible;
	self->busy = true;
	TRY(bind_select(b, e->scope->parent, term_of(step), e->scope->correlation, self, &next));
	TRY(rows_as_tuples(b, &next->plan, tuple, e->name));
	struct expr *rows;
	TRY(bind_rows_of(b, base->plan, e->scope->correlation, e->work_type, &rows));
	r->step = bind_apply_to_slot(b, next->plan, e->work_slot, e->work_type);
	struct expr **args = ARENA_ARRAY(b->arena, struct expr *, 1);
	args[0] = rows;
	return unnest_tuples(b, e, expr_call(b->arena, new_call(b, &recursion_function, e->work_type, e->work_type, r), args),
	                     out);
}

// SPDX-License-Identifier: Apache-2.0
#include "func/expr.h"

#include <assert.h>

#include "base/hash.h"

static struct expr *expr_new(struct arena *a, enum expr_kind kind, const struct type *type)
{
	struct expr *x = ARENA_NEW(a, struct expr);
	x->kind = kind;
	x->type = type;
	x->hash = hash_combine((uint64_t)kind + 1, type->id);
	return x;
}

struct expr *expr_column(struct arena *a, uint32_t column, const struct type *type, struct str name)
{
	struct expr *x = expr_new(a, EXPR_COLUMN, type);
	x->column = column;
	x->name = name;
	x->hash = hash_combine(x->hash, column);
	return x;
}

struct expr *expr_slot(struct arena *a, uint32_t slot, const struct type *type)
{
	struct expr *x = expr_new(a, EXPR_SLOT, type);
	x->column = slot;
	x->hash = hash_combine(x->hash, slot);
	return x;
}

static void drop_vector(void *v)
{
	vector_unref(v);
}

struct expr *expr_constant(struct arena *a, struct vector *constant)
{
	assert(constant->form == VECTOR_CONST);
	struct expr *x = expr_new(a, EXPR_CONSTANT, constant->type);
	x->constant = constant;
	arena_defer(a, drop_vector, constant);
	enum physical p = type_physical(constant->type);
	if (p == PHYS_STR && !vector_is_null(constant, 0)) {
		struct str s = strview_str(constant->data);
		x->hash = hash_combine(x->hash, hash_bytes(s.data, s.size, 0));
	} else if (physical_size(p) != 0 && !vector_is_null(constant, 0)) {
		x->hash = hash_combine(x->hash, hash_bytes(constant->data, physical_size(p), 0));
	}
	return x;
}

struct expr *expr_lambda(struct arena *a, struct lambda *l, struct expr **captures)
{
	struct expr *x = expr_new(a, EXPR_LAMBDA, l->result);
	x->lambda = l;
	x->arg_count = l->capture_count;
	x->args = captures;
	x->hash = hash_combine(x->hash, l->source != NULL ? l->source->hash : (uintptr_t)l);
	x->is_volatile = l->source != NULL && l->source->is_volatile;
	return x;
}

struct expr *expr_call(struct arena *a, struct call *c, struct expr **args)
{
	struct expr *x = expr_new(a, EXPR_CALL, c->result);
	x->call = c;
	x->arg_count = c->arg_count;
	x->args = args;
	x->is_volatile = c->function != NULL && c->function->volatility == FUNCTION_VOLATILE;
	x->hash = hash_combine(x->hash, hash_bytes(c->name.data, c->name.size, 0));
	for (uint32_t i = 0; i < c->arg_count; i++) {
		x->hash = hash_combine(x->hash, args[i]->hash);
		x->is_volatile |= args[i]->is_volatile;
	}
	return x;
}

enum status expr_cast(struct bind_env *env, struct expr *x, const struct type *to, enum cast_mode mode,
                      struct expr **out)
{
	static const char *const names[] = {
		[CAST_CH] = "CAST",
		[CAST_CH_OR_ZERO] = "castOrZero",
		[CAST_CH_OR_NULL] = "castOrNull",
		[CAST_ACCURATE] = "accurateCast",
		[CAST_ACCURATE_OR_NULL] = "accurateCastOrNull",
		[CAST_PG] = "cast",
		[CAST_INSERT] = "castForInsert",
		[CAST_IMPLICIT] = "castImplicit",
	};
	if (type_equal(x->type, to) && mode != CAST_CH_OR_NULL && mode != CAST_ACCURATE_OR_NULL) {
		*out = x;
		return OK;
	}
	struct call *c = ARENA_NEW(env->arena, struct call);
	c->name = str_of(names[mode]);
	c->arg_count = 1;
	c->arg_types = ARENA_ARRAY(env->arena, const struct type *, 1);
	c->arg_types[0] = x->type;
	c->constants = ARENA_ARRAY(env->arena, const struct vector *, 1);
	c->constants[0] = x->kind == EXPR_CONSTANT ? x->constant : NULL;
	c->lambdas = ARENA_ARRAY(env->arena, struct lambda *, 1);
	TRY(cast_bind(env, x->type, to, mode, c));
	struct expr **args = ARENA_ARRAY(env->arena, struct expr *, 1);
	args[0] = x;
	struct expr *call = expr_call(env->arena, c, args);
	call->name = x->name;
	call->position = x->position;
	*out = expr_fold(env, call);
	return OK;
}

/* Whether it can be computed while the statement is being bound. */
static bool foldable(const struct expr *x)
{
	if (x->kind != EXPR_CALL || x->is_volatile)
		return false;
	const struct function *f = x->call->function;
	if (f != NULL && f->volatility != FUNCTION_IMMUTABLE && f->volatility != FUNCTION_STABLE)
		return false;
	if (f != NULL && f->flags & FUNCTION_SET_RETURNING) /* its rows are made while the query runs, charged to it */
		return false;
	for (uint32_t i = 0; i < x->arg_count; i++)
		if (x->args[i]->kind != EXPR_CONSTANT)
			return false;
	return true;
}

struct expr *expr_fold(struct bind_env *env, struct expr *x)
{
	if (!foldable(x))
		return x;
	struct error err;
	struct arena scratch;
	error_init(&err);
	arena_init(&scratch, NULL);
	struct eval e = {.session = env->session, .scratch = &scratch, .err = &err};
	const struct vector **args = ARENA_ARRAY(&scratch, const struct vector *, x->arg_count);
	for (uint32_t i = 0; i < x->arg_count; i++)
		args[i] = x->args[i]->constant;
	struct vector *v = NULL, *constant = NULL;
	struct expr *folded = x;
	/* a failure is left to the run, which may never reach it (CASE), and then says so with its rows */
	if (call_run(x->call, &e, args, 1, &v) == OK && vector_constant(NULL, v, 0, 1, &constant, &err) == OK) {
		folded = expr_constant(env->arena, constant);
		folded->type = x->type;
		folded->name = x->name;
		folded->position = x->position;
	}
	vector_unref(v);
	arena_fini(&scratch);
	return folded;
}

static bool same_constant(const struct vector *a, const struct vector *b)
{
	bool null_a = vector_is_null(a, 0), null_b = vector_is_null(b, 0);
	if (null_a || null_b)
		return null_a && null_b;
	return vector_compare_rows(a, 0, b, 0) == 0;
}

bool expr_equal(const struct expr *a, const struct expr *b)
{
	if (a == b)
		return true;
	if (a->hash != b->hash || a->kind != b->kind || !type_equal(a->type, b->type))
		return false;
	switch (a->kind) {
	case EXPR_COLUMN:
	case EXPR_SLOT:
		return a->column == b->column;
	case EXPR_CONSTANT:
		return same_constant(a->constant, b->constant);
	case EXPR_LAMBDA:
		if (a->lambda == b->lambda)
			break;
		if (a->lambda->source == NULL || b->lambda->source == NULL ||
		    a->lambda->param_count != b->lambda->param_count || !expr_equal(a->lambda->source, b->lambda->source))
			return false;
		break;
	case EXPR_CALL:
		if (a->call->function != b->call->function || !str_eq(a->call->name, b->call->name))
			return false;
		break;
	}
	if (a->arg_count != b->arg_count)
		return false;
	for (uint32_t i = 0; i < a->arg_count; i++)
		if (!expr_equal(a->args[i], b->args[i]))
			return false;
	return true;
}

bool expr_is_constant(const struct expr *x)
{
	if (x->kind == EXPR_COLUMN || x->is_volatile)
		return false;
	for (uint32_t i = 0; i < x->arg_count; i++)
		if (!expr_is_constant(x->args[i]))
			return false;
	return true;
}

void expr_columns(const struct expr *x, bool *used)
{
	if (x->kind == EXPR_COLUMN)
		used[x->column] = true;
	for (uint32_t i = 0; i < x->arg_count; i++)
		expr_columns(x->args[i], used);
}

struct expr *expr_remap(struct arena *a, const struct expr *x, const uint32_t *map)
{
	if (x->kind == EXPR_COLUMN) {
		struct expr *c = expr_column(a, map[x->column], x->type, x->name);
		c->position = x->position;
		return c;
	}
	if (x->arg_count == 0)
		return (struct expr *)x;
	struct expr **args = ARENA_ARRAY(a, struct expr *, x->arg_count);
	for (uint32_t i = 0; i < x->arg_count; i++)
		args[i] = expr_remap(a, x->args[i], map);
	struct expr *y = x->kind == EXPR_LAMBDA ? expr_lambda(a, x->lambda, args) : expr_call(a, x->call, args);
	y->type = x->type;
	y->name = x->name;
	y->position = x->position;
	return y;
}

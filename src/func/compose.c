// SPDX-License-Identifier: Apache-2.0
#include "func/compose.h"

enum status compose_constant(struct bind_env *env, const struct type *type, const void *value, size_t size,
                             struct expr **out)
{
	struct vector *v;
	TRY(vector_new(NULL, type, 1, &v, env->err));
	memcpy(v->data, value, size);
	v->form = VECTOR_CONST;
	*out = expr_constant(env->arena, v);
	return OK;
}

struct expr *compose_arg(struct bind_env *env, const struct call *c, uint32_t i)
{
	const struct vector *v = c->constants[i];
	if (v != NULL && type_equal(v->type, c->arg_types[i]))
		return expr_constant(env->arena, vector_ref(v));
	return expr_column(env->arena, i, c->arg_types[i], STR(""));
}

enum status compose_i64(struct bind_env *env, int64_t value, struct expr **out)
{
	return compose_constant(env, type_simple(TYPE_INT64), &value, sizeof value, out);
}

enum status compose_f64(struct bind_env *env, double value, struct expr **out)
{
	return compose_constant(env, type_simple(TYPE_FLOAT64), &value, sizeof value, out);
}

enum status compose_text(struct bind_env *env, struct str value, struct expr **out)
{
	struct strview view = strview_make(arena_copy(env->arena, value.data, value.size), value.size);
	return compose_constant(env, type_simple(TYPE_STRING), &view, sizeof view, out);
}

enum status compose_element(struct bind_env *env, struct expr *tuple, uint32_t k, struct expr **out)
{
	struct expr *pair[2] = {tuple, NULL};
	TRY(compose_i64(env, (int64_t)k + 1, &pair[1]));
	return compose_call(env, "tupleElement", pair, 2, out);
}

static enum status bind_row(struct bind_env *env, const struct function *f, struct str name, struct expr *const *args,
                            uint32_t n, struct expr **out)
{
	struct arena *a = env->arena;
	struct call *c = ARENA_NEW(a, struct call);
	struct expr **given = ARENA_ARRAY(a, struct expr *, n + 1);
	*c = (struct call){.name = name, .arg_count = n};
	c->arg_types = ARENA_ARRAY(a, const struct type *, n + 1);
	c->constants = ARENA_ARRAY(a, const struct vector *, n + 1);
	c->lambdas = ARENA_ARRAY(a, struct lambda *, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		c->arg_types[i] = args[i]->type;
		c->constants[i] = args[i]->kind == EXPR_CONSTANT ? args[i]->constant : NULL;
	}
	TRY(function_bind(env, f, c));
	for (uint32_t i = 0; i < n; i++)
		TRY(expr_cast(env, args[i], c->arg_types[i], CAST_IMPLICIT, &given[i]));
	*out = expr_call(a, c, given);
	return OK;
}

enum status compose_call(struct bind_env *env, const char *name, struct expr *const *args, uint32_t n,
                         struct expr **out)
{
	const struct function *const *rows;
	uint32_t count = function_find(str_of(name), env->session->dialect, &rows);
	enum status s = OK;
	if (count == 0)
		return ERR(env->err, E_UNKNOWN_FUNCTION, "Function with name `%s` does not exist.", name);
	for (uint32_t k = 0; k < count; k++) {
		s = bind_row(env, rows[k], str_of(name), args, n, out);
		bool other = s == E_ILLEGAL_TYPE_OF_ARGUMENT || s == E_NUMBER_OF_ARGUMENTS || s == E_NO_COMMON_TYPE;
		if (s == OK || !other)
			return s;
		if (k + 1 < count && env->err != NULL)
			error_clear(env->err);
	}
	return s;
}

static enum status exec_composed(const struct call *c, struct eval *e, const struct vector *const *args,
                                 uint32_t count, struct vector **out)
{
	return program_run(c->state, e, (struct vector *const *)(uintptr_t)args, NULL, count, out);
}

enum status compose_finish(struct bind_env *env, struct call *c, struct expr *x)
{
	struct program *p;
	TRY(program_compile(env->arena, &x, 1, &p, env->err));
	c->state = p;
	c->result = x->type;
	c->exec = exec_composed;
	return OK;
}

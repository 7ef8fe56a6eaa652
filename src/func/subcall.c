// SPDX-License-Identifier: Apache-2.0
#include "func/subcall.h"

static enum status bind_row(struct bind_env *env, const struct function *f, struct str name,
                            const struct type *const *types, const struct vector *const *constants, uint32_t n,
                            struct subcall *s)
{
	struct arena *a = env->arena;
	s->call = (struct call){.name = name, .arg_count = n};
	s->call.arg_types = ARENA_ARRAY(a, const struct type *, n + 1);
	s->call.constants = ARENA_ARRAY(a, const struct vector *, n + 1);
	s->call.lambdas = ARENA_ARRAY(a, struct lambda *, n + 1);
	s->casts = ARENA_ARRAY(a, struct call, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		s->call.arg_types[i] = types[i];
		s->call.constants[i] = constants == NULL ? NULL : constants[i];
	}
	TRY(function_bind(env, f, &s->call));
	for (uint32_t i = 0; i < n; i++) {
		if (type_equal(types[i], s->call.arg_types[i]))
			continue;
		s->casts[i] = (struct call){.name = STR("CAST"), .arg_count = 1};
		s->casts[i].arg_types = ARENA_ARRAY(a, const struct type *, 1);
		s->casts[i].arg_types[0] = types[i];
		TRY(cast_bind(env, types[i], s->call.arg_types[i], CAST_IMPLICIT, &s->casts[i]));
	}
	return OK;
}

enum status subcall_bind(struct bind_env *env, struct str name, const struct type *const *types,
                         const struct vector *const *constants, uint32_t n, struct subcall **out)
{
	const struct function *const *rows;
	uint32_t count = function_find(name, env->session->dialect, &rows);
	struct subcall *s = ARENA_NEW(env->arena, struct subcall);
	enum status status = OK;
	if (count == 0)
		return ERR(env->err, E_UNKNOWN_FUNCTION, "Function with name `%.*s` does not exist", STR_ARG(name));
	for (uint32_t k = 0; k < count; k++) {
		status = bind_row(env, rows[k], name, types, constants, n, s);
		if (status == OK) {
			*out = s;
			return OK;
		}
		bool other = status == E_ILLEGAL_TYPE_OF_ARGUMENT || status == E_NUMBER_OF_ARGUMENTS || status == E_NO_COMMON_TYPE;
		if (!other)
			return status;
		if (k + 1 < count && env->err != NULL)
			error_clear(env->err);
	}
	return status;
}

enum status subcall_run(const struct subcall *s, struct eval *e, const struct vector *const *args, uint32_t count,
                        struct vector **out)
{
	uint32_t n = s->call.arg_count;
	const struct vector **given = ARENA_ARRAY(e->scratch, const struct vector *, n + 1);
	struct vector **made = ARENA_ARRAY(e->scratch, struct vector *, n + 1);
	enum status status = OK;
	for (uint32_t i = 0; i < n && status == OK; i++) {
		given[i] = args[i];
		if (s->casts[i].exec == NULL)
			continue;
		status = call_run(&s->casts[i], e, &args[i], count, &made[i]);
		given[i] = made[i];
	}
	if (status == OK)
		status = call_run(&s->call, e, given, count, out);
	for (uint32_t i = 0; i < n; i++)
		vector_unref(made[i]);
	return status;
}

// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_COMPOSE_H
#define FUNC_COMPOSE_H
/*
 * Functions that are an expression of others: bind writes it over the call's arguments, and the call runs it.
 *
 *     struct expr *x = compose_arg(env, c, 0), *y;
 *     TRY(compose_call(env, "multiply", (struct expr *[]){x, x}, 2, &y));
 *     return compose_finish(env, c, y);
 */
#include "func/expr.h"

/* Argument i; a constant where its value is known. */
struct expr *compose_arg(struct bind_env *env, const struct call *c, uint32_t i);
/* Element k of a tuple. */
enum status compose_element(struct bind_env *env, struct expr *tuple, uint32_t k, struct expr **out) MUST_CHECK;
/* A value of `size` bytes of a fixed-width type. */
enum status compose_constant(struct bind_env *env, const struct type *type, const void *value, size_t size,
                             struct expr **out) MUST_CHECK;
enum status compose_i64(struct bind_env *env, int64_t value, struct expr **out) MUST_CHECK;
enum status compose_f64(struct bind_env *env, double value, struct expr **out) MUST_CHECK;
enum status compose_text(struct bind_env *env, struct str value, struct expr **out) MUST_CHECK;
/* A function by name, in the session's dialect, with the casts that it asks for. */
enum status compose_call(struct bind_env *env, const char *name, struct expr *const *args, uint32_t n,
                         struct expr **out) MUST_CHECK;
/* Sets result, state and exec of c; arg_types stay as they are. */
enum status compose_finish(struct bind_env *env, struct call *c, struct expr *x) MUST_CHECK;

#endif

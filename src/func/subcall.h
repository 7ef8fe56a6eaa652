// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_SUBCALL_H
#define FUNC_SUBCALL_H
/*
 * A call that a function makes of another one: resolved by name, bound, with the casts that its binder asked for. Made
 * at bind time, read-only afterwards.
 */
#include "func/cast.h"

struct subcall {
	struct call call;
	struct call *casts;  /* per argument; exec is NULL where none is needed */
};

/* Tries all rows of the name in the session's dialect. constants may be NULL. The first row's error is reported. */
enum status subcall_bind(struct bind_env *env, struct str name, const struct type *const *types,
                         const struct vector *const *constants, uint32_t n, struct subcall **out) MUST_CHECK;
enum status subcall_run(const struct subcall *s, struct eval *e, const struct vector *const *args, uint32_t count,
                        struct vector **out) MUST_CHECK;

#endif

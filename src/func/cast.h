// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_CAST_H
#define FUNC_CAST_H
/*
 * Casts between any two types, by rows of one matrix by source and target kind (never by pairs of types: numbers go
 * through the kernels, text through value.h). The mode says what happens to a value that does not fit.
 */
#include "func/function.h"

enum cast_mode {
	CAST_CH,          /* CAST(x AS T), toT(): integers wrap, text must parse, NULL into non-Nullable is an error */
	CAST_CH_OR_ZERO,  /* toTOrZero: the default where text does not parse */
	CAST_CH_OR_NULL,  /* toTOrNull, accurateCastOrNull (with CAST_ACCURATE) */
	CAST_ACCURATE,    /* out of range is an error */
	CAST_ACCURATE_OR_NULL,
	CAST_PG,          /* ::t of PostgreSQL: range-checked, float -> int rounds half to even, text input functions */
	CAST_INSERT,      /* into a column: range-checked in both dialects, text parsed */
	CAST_IMPLICIT     /* inserted by the binder for function arguments and common types: never loses anything */
};

/* Whether a cast exists at all; values may still fail. */
bool cast_possible(const struct type *from, const struct type *to, enum cast_mode mode);
/* Fills c (exec, state, result) for a one-argument call; E_CANNOT_COERCE when there is none. */
enum status cast_bind(struct bind_env *env, const struct type *from, const struct type *to, enum cast_mode mode,
                      struct call *c) MUST_CHECK;
/* One-off: casts a vector of any form. */
enum status cast_vector(struct eval *e, struct arena *a, const struct vector *v, const struct type *to,
                        enum cast_mode mode, struct vector **out) MUST_CHECK;
/* Whether PostgreSQL stores a value of one type in a column of the other without being asked (assignment casts). */
bool cast_is_assignment(const struct type *from, const struct type *to);

#endif

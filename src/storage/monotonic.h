// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_MONOTONIC_H
#define STORAGE_MONOTONIC_H
/* Monotonic functions: calls whose value never turns back while one argument grows and the others are constant. */
#include "func/expr.h"

/* *at: the argument that varies. A call that may fail or wrap for some value of its type is not monotonic. */
bool monotonic_call(const struct expr *x, uint32_t *at, bool *decreasing);

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_COMPARE_IMPL_H
#define FUNC_COMPARE_IMPL_H
/* What the comparison's files share. */
#include "func/function.h"
#include "kernel/kernel.h"

/* Which of the six comparisons the call's row is. */
enum kernel_compare compare_op(const struct call *c);
/* a op b where compare(a, b) gave `order`. */
static inline bool compare_holds(enum kernel_compare op, int order)
{
	switch (op) {
	case KERNEL_EQ:
		return order == 0;
	case KERNEL_NE:
		return order != 0;
	case KERNEL_LT:
		return order < 0;
	case KERNEL_LE:
		return order <= 0;
	case KERNEL_GT:
		return order > 0;
	default:
		return order >= 0;
	}
}
/* Two numbers of any types: chooses exec, may ask for casts. */
enum status compare_bind_numbers(struct bind_env *env, struct call *c, enum kernel_compare op);
/* Tuples, element by element, with three-valued logic. */
enum status compare_bind_tuples(struct bind_env *env, struct call *c, enum kernel_compare op);
/* Two vectors of the same fixed-width physical type through the kernels. */
enum status compare_use_kernel(struct bind_env *env, struct call *c, enum kernel_compare op, enum physical to);

#endif

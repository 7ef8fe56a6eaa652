// SPDX-License-Identifier: Apache-2.0
#ifndef PLAN_BIND_STAR_IMPL_H
#define PLAN_BIND_STAR_IMPL_H
/* What stands for several expressions in a list of them: * and its forms, untuple(t). */
#include "plan/binder_impl.h"

bool bind_is_spread(const struct binder *b, const struct ast *x);
enum status bind_spread(struct binder *b, struct scope *s, const struct ast *x, struct star_item **out,
                        uint32_t *count) MUST_CHECK;

#endif

// SPDX-License-Identifier: Apache-2.0
#include "plan/binder_impl.h"

struct plan *plan_new(struct arena *a, enum plan_kind kind, uint32_t column_count)
{
	struct plan *p = ARENA_NEW(a, struct plan);
	p->kind = kind;
	p->column_count = column_count;
	p->types = ARENA_ARRAY(a, const struct type *, column_count + 1);
	p->names = ARENA_ARRAY(a, struct str, column_count + 1);
	p->estimated_rows = -1;
	return p;
}

struct plan *plan_unary(struct arena *a, enum plan_kind kind, struct plan *input)
{
	struct plan *p = plan_new(a, kind, input->column_count);
	for (uint32_t i = 0; i < input->column_count; i++) {
		p->types[i] = input->types[i];
		p->names[i] = input->names[i];
	}
	p->inputs = ARENA_ARRAY(a, struct plan *, 1);
	p->inputs[0] = input;
	p->input_count = 1;
	return p;
}

struct plan *plan_project(struct arena *a, struct plan *input, struct expr **exprs, const struct str *names, uint32_t n)
{
	struct plan *p = plan_new(a, PLAN_PROJECT, n);
	p->inputs = ARENA_ARRAY(a, struct plan *, 1);
	p->inputs[0] = input;
	p->input_count = 1;
	p->u.project.exprs = exprs;
	for (uint32_t i = 0; i < n; i++) {
		p->types[i] = exprs[i]->type;
		p->names[i] = names != NULL ? names[i] : exprs[i]->name;
	}
	return p;
}

bool plan_limit_waits(const struct plan *p)
{
	return p->u.limit.limit_share != 0 || p->u.limit.offset_share != 0 || p->u.limit.limit_from_end ||
		p->u.limit.offset_from_end || p->u.limit.with_ties;
}

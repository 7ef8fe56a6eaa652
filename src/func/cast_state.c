// SPDX-License-Identifier: Apache-2.0
/* Casts of states of aggregate functions: to text they are their bytes, and back, checked by reading them. */
#include "func/aggregate.h"
#include "func/cast_impl.h"

static enum status run_bytes(const struct cast *k, struct eval *e, struct cast_run *r)
{
	TRY(vector_share(r->in, &r->out, e->err));
	r->out->count = r->n;
	return OK;
}

static enum status run_check(const struct cast *k, struct eval *e, struct cast_run *r)
{
	const struct aggregator *a = k->table;
	const struct strview *values = r->in->data;
	for (uint32_t i = 0; i < r->n; i++) {
		size_t size = 0;
		if (cast_row_is_dead(r, i))
			continue;
		TRY(aggregate_state_size(a, e, strview_str(&values[i]), &size));
		if (size != values[i].size)
			return ERR(e->err, E_BAD_ARGUMENTS, "AggregateFunction state for `%.*s` has %zu trailing byte(s) after "
			           "deserialization", STR_ARG(a->name), values[i].size - size);
	}
	return run_bytes(k, e, r);
}

cast_fn cast_choose_state(const struct type *from, const struct type *to)
{
	if (from->id == TYPE_AGGSTATE && to->id == TYPE_STRING)
		return run_bytes;
	return from->id == TYPE_STRING && to->id == TYPE_AGGSTATE ? run_check : NULL;
}

enum status cast_prepare_state(struct bind_env *env, struct cast *k)
{
	struct aggregator *a;
	if (k->fn != run_check)
		return OK;
	TRY(aggregate_of_type(env, k->to, &a));
	k->table = a;
	return OK;
}

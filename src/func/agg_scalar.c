// SPDX-License-Identifier: Apache-2.0
/* Aggregates called over single rows: finalizeAggregation of a state, initializeAggregation of values. */
#include "func/aggregate_impl.h"

static char *new_state(const struct aggregator *a, struct eval *e)
{
	char *state = arena_alloc(e->scratch, a->state_size);
	return state;
}

static enum status finalize_row(const struct aggregator *a, struct eval *e, char *state, struct str bytes,
                                struct builder *to)
{
	size_t used;
	memset(state, 0, a->state_size);
	agg_init(a, state);
	enum status s = a->ops->read(a, e, state, bytes, &used);
	if (s == OK)
		s = a->ops->finish(a, e, &state, 0, 1, to);
	agg_destroy(a, state, e->track);
	return s;
}

static enum status exec_finalize(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	const struct aggregator *a = c->state;
	const struct strview *states = args[0]->data;
	char *state = new_state(a, e);
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++)
		s = finalize_row(a, e, state, strview_str(&states[args[0]->form == VECTOR_CONST ? 0 : i]), b);
	return builder_close(b, s, out, e->err);
}

static enum status bind_finalize(struct bind_env *env, struct call *c)
{
	struct aggregator *a;
	if (c->arg_types[0]->id != TYPE_AGGSTATE)
		return call_bad_type(env, c, 0);
	TRY(aggregate_of_type(env, c->arg_types[0], &a));
	c->state = a;
	c->result = a->result;
	return OK;
}

static enum status exec_initialize(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	const struct aggregator *a = c->state;
	char *state = new_state(a, e);
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		memset(state, 0, a->state_size);
		agg_init(a, state);
		s = a->ops->add_one(a, e, state, args + 1, &i, 1);
		if (s == OK)
			s = a->ops->finish(a, e, &state, 0, 1, b);
		agg_destroy(a, state, e->track);
	}
	return builder_close(b, s, out, e->err);
}

static enum status bind_initialize(struct bind_env *env, struct call *c)
{
	struct aggregator *a;
	struct str text, name;
	const struct vector **params;
	uint32_t param_count;
	if (!call_const_str(c, 0, &text))
		return call_bad_type(env, c, 0);
	TRY(agg_parse_name(env, text, &name, &params, &param_count));
	TRY(aggregate_bind(env, name, params, param_count, c->arg_types + 1, c->arg_count - 1, false, &a));
	for (uint32_t i = 0; i < a->arg_count; i++)
		c->arg_types[i + 1] = a->arg_types[i];
	c->state = a;
	c->result = a->result;
	return OK;
}

static const struct function rows[] = {
	{.name = "finalizeAggregation", .flags = FUNCTION_CH | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM, .args = "*",
	 .bind = bind_finalize, .exec = exec_finalize, .description = "The result of an aggregate's state.",
	 .example = "finalizeAggregation(initializeAggregation('sumState', 5))", .example_result = "5"},
	{.name = "initializeAggregation", .flags = FUNCTION_CH | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM,
	 .args = "*+", .bind = bind_initialize, .exec = exec_initialize,
	 .description = "An aggregate of one row's values.", .example = "initializeAggregation('max', 5)",
	 .example_result = "5"},
};

FUNCTION_FAMILY(agg_scalar, "Aggregates of single rows");

// SPDX-License-Identifier: Apache-2.0
/* groupUniqArray, and the combinator -Distinct: the different values, in the order in which they first came. */
#include <assert.h>
#include <stdlib.h>

#include "func/agg_set_impl.h"

struct uniq_array_rule {
	struct agg_set_rule set; /* first: -Distinct shares the functions below */
	uint64_t limit;
};

static void set_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	agg_set_free(a->data, (struct agg_set *)(void *)state, track);
}

static enum status set_rows(const struct aggregator *a, struct eval *e, char *const *states, size_t offset, char *state,
                            const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct uniq_array_rule *r = a->data;
	const struct vector **flat = ARENA_ARRAY(e->scratch, const struct vector *, a->arg_count);
	struct vector **owned = ARENA_ARRAY(e->scratch, struct vector *, a->arg_count);
	struct strbuf scratch;
	uint32_t number;
	bool fresh;
	strbuf_init(&scratch, NULL);
	enum status s = agg_flatten(e, args, a->arg_count, flat, owned);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct agg_set *set = (void *)(states == NULL ? state : states[i] + offset);
		if (set->count < r->limit)
			s = agg_set_insert(&r->set, e, set, flat, rows == NULL ? i : rows[i], &scratch, &number, &fresh);
	}
	strbuf_fini(&scratch);
	agg_unflatten(owned, a->arg_count);
	return s;
}

static enum status set_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                           const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return count == 0 ? OK : set_rows(a, e, states, offset, NULL, args, rows, count);
}

static enum status set_add_one(const struct aggregator *a, struct eval *e, char *state,
                               const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return set_rows(a, e, NULL, 0, state, args, rows, count);
}

static enum status set_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             char *const *others, size_t other_offset, uint32_t count)
{
	const struct uniq_array_rule *r = a->data;
	uint32_t number;
	bool fresh;
	for (uint32_t i = 0; i < count; i++) {
		struct agg_set *s = (void *)(states[i] + offset);
		const struct agg_set *o = (const void *)(others[i] + other_offset);
		for (uint32_t k = 0; k < o->count && s->count < r->limit; k++)
			TRY(agg_set_insert_bytes(&r->set, e, s, agg_set_value(&r->set, o, k), &number, &fresh));
	}
	return OK;
}

static enum status array_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                uint32_t count, struct builder *to)
{
	const struct uniq_array_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++) {
		const struct agg_set *s = (const void *)(states[i] + offset);
		for (uint32_t k = 0; k < s->count; k++)
			TRY(agg_set_append(&r->set, s, k, &to->children[0], e->err));
		TRY(builder_end_array(to, e->err));
	}
	return OK;
}

static enum status set_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	agg_set_write(a->data, (const struct agg_set *)(const void *)state, to);
	return OK;
}

static enum status set_read(const struct aggregator *a, struct eval *e, char *state, struct str from, size_t *consumed)
{
	struct agg_reader r = agg_reader(from);
	TRY(agg_set_read(a->data, e, (struct agg_set *)(void *)state, &r));
	return agg_reader_end(&r, e, from, consumed);
}

static const struct aggregate_ops array_ops = {NULL, set_destroy, set_add, set_add_one, set_merge, array_finish,
                                               set_write, set_read};

static enum status bind_uniq_array(struct bind_env *env, struct aggregator *a)
{
	TRY(agg_arg_count(env, a, 1, 1));
	TRY(agg_param_count(env, a, 0, 1));
	struct uniq_array_rule *r = ARENA_NEW(env->arena, struct uniq_array_rule);
	agg_set_rule_init(&r->set, a->arg_types, 1, false);
	r->limit = UINT64_MAX;
	if (a->param_count != 0 && (!agg_param_u64(a, 0, &r->limit) || r->limit == 0))
		return agg_bad_param(env, a, 0, "a positive number");
	a->data = r;
	return agg_set(a, &array_ops, type_array(env->arena, a->arg_types[0]), sizeof(struct agg_set));
}

/* ---- -Distinct: the nested aggregate gets the set's values at the end ---- */

static enum status finish_values(const struct aggregator *a, struct eval *e, const struct agg_set *s,
                                 struct builder *const *columns, char *state, struct builder *to)
{
	const struct uniq_array_rule *r = a->data;
	const struct aggregator *nested = a->nested;
	struct vector **v = ARENA_ARRAY(e->scratch, struct vector *, a->arg_count);
	enum status status = OK;
	for (uint32_t k = 0; k < s->count && status == OK; k++)
		status = agg_set_append(&r->set, s, k, columns, e->err);
	for (uint32_t c = 0; c < a->arg_count && status == OK; c++)
		status = builder_finish(columns[c], &v[c], e->err);
	if (status == OK && s->count != 0)
		status = nested->ops->add_one(nested, e, state, (const struct vector *const *)v, NULL, s->count);
	if (status == OK)
		status = nested->ops->finish(nested, e, &state, 0, 1, to);
	for (uint32_t c = 0; c < a->arg_count; c++)
		vector_unref(v[c]);
	return status;
}

static enum status distinct_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                   uint32_t count, struct builder *to)
{
	const struct aggregator *nested = a->nested;
	struct builder **columns = ARENA_ARRAY(e->scratch, struct builder *, a->arg_count);
	char *state = arena_alloc(e->scratch, nested->state_size);
	enum status s = OK;
	for (uint32_t c = 0; c < a->arg_count && s == OK; c++)
		s = builder_new(e->track, a->arg_types[c], &columns[c], e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		memset(state, 0, nested->state_size);
		agg_init(nested, state);
		s = finish_values(a, e, (const struct agg_set *)(const void *)(states[i] + offset), columns, state, to);
		agg_destroy(nested, state, e->track);
	}
	for (uint32_t c = 0; c < a->arg_count; c++)
		builder_free(columns[c]);
	return s;
}

static const struct aggregate_ops distinct_ops = {NULL, set_destroy, set_add, set_add_one, set_merge, distinct_finish,
                                                  set_write, set_read};

enum status agg_bind_distinct(struct agg_call *c, struct aggregator **out)
{
	struct aggregator *nested;
	TRY(agg_bind_name(c->env, c->name, c->params, c->param_count, c->types, c->arg_count, c->flags, &nested));
	if (nested->arg_count == 0)
		return ERR(c->env->err, E_NUMBER_OF_ARGUMENTS,
		           "Incorrect number of arguments for aggregate function with Distinct suffix");
	struct uniq_array_rule *r = ARENA_NEW(c->env->arena, struct uniq_array_rule);
	agg_set_rule_init(&r->set, nested->arg_types, nested->arg_count, false);
	r->limit = UINT64_MAX;
	*out = agg_wrap(c->env, nested, "Distinct", &distinct_ops, nested->arg_types, nested->arg_count,
	                sizeof(struct agg_set));
	(*out)->data = r;
	return OK;
}

static const struct aggregate rows[] = {
	{"groupUniqArray", "", AGGREGATE_CH, bind_uniq_array, "Different values as an array; groupUniqArray(n): at most n",
	 "SELECT groupUniqArray(number % 2) FROM numbers(3)", "[0,1]", NULL},
};

AGGREGATE_FAMILY(uniq_array, "Sets of groups");

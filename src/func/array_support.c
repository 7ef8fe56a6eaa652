// SPDX-License-Identifier: Apache-2.0
/* What the array families share. */
#include <assert.h>

#include "func/array_impl.h"

enum status array_flat(struct eval *e, const struct vector *v, uint32_t count, struct vector **out)
{
	struct vector *sized;
	if (v->form == VECTOR_CONST && v->count != count) {
		TRY(vector_share(v, &sized, e->err));
		sized->count = count;
		enum status s = vector_flatten(e->track, sized, out, e->err);
		vector_unref(sized);
		return s;
	}
	return vector_flatten(e->track, v, out, e->err);
}

enum status array_make(const struct call *c, struct eval *e, const uint32_t *offsets, uint32_t count,
                       struct vector *child, struct vector **out)
{
	struct vector *v = NULL, *typed;
	enum status s = vector_new(e->track, c->result, count, &v, e->err);
	if (s == OK && !type_equal(child->type, c->result->children[0])) {
		s = vector_retype(child, c->result->children[0], &typed, e->err);
		if (s == OK) {
			vector_unref(child);
			child = typed;
		}
	}
	if (s != OK) {
		vector_unref(child);
		vector_unref(v);
		return s;
	}
	memcpy(v->data, offsets, (count + 1) * sizeof *offsets);
	v->children[0] = child;
	*out = v;
	return OK;
}

enum status array_pick(const struct call *c, struct eval *e, const uint32_t *offsets, uint32_t count,
                       const struct vector *from, const uint32_t *places, struct vector **out)
{
	struct vector *child;
	TRY(vector_gather(e->track, from, places, offsets[count], &child, e->err));
	return array_make(c, e, offsets, count, child, out);
}

enum status elements_open(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t first,
                          uint32_t count, struct elements *out)
{
	*out = (struct elements){.array_count = c->arg_count - first};
	out->parts = ARENA_ARRAY(e->scratch, struct vector *, out->array_count + 1);
	out->offsets = array_room(e, count + 1);
	enum status s = OK;
	for (uint32_t k = 0; k < out->array_count && s == OK; k++) {
		struct vector *flat;
		s = array_flat(e, args[first + k], count, &flat);
		if (s != OK)
			break;
		const uint32_t *at = flat->data;
		for (uint32_t i = 0; i <= count && k == 0; i++)
			out->offsets[i] = at[i] - at[0];
		for (uint32_t i = 0; i < count && s == OK; i++)
			if (at[i + 1] - at[0] != out->offsets[i + 1])
				s = ERR(e->err, E_SIZES_OF_ARRAYS, "Arrays passed to %.*s must have equal size", STR_ARG(c->name));
		if (s == OK)
			s = vector_slice(e->track, flat->children[0], at[0], at[count] - at[0], &out->parts[k], e->err);
		vector_unref(flat);
	}
	if (s != OK) {
		elements_close(out);
		return s;
	}
	out->total = out->offsets[count];
	out->row_of = array_room(e, out->total);
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t k = out->offsets[i]; k < out->offsets[i + 1]; k++)
			out->row_of[k] = i;
	return OK;
}

void elements_close(struct elements *x)
{
	for (uint32_t k = 0; k < x->array_count; k++)
		vector_unref(x->parts[k]);
	x->array_count = 0;
}

enum status elements_apply(const struct call *c, struct eval *e, const struct elements *x, struct vector **out)
{
	if (!has_lambda(c))
		return vector_flatten(e->track, x->parts[0], out, e->err);
	struct vector *v;
	TRY(lambda_run(c, 0, e, (const struct vector *const *)x->parts, x->row_of, x->total, &v));
	enum status s = vector_flatten(e->track, v, out, e->err);
	vector_unref(v);
	return s;
}

enum status array_bind_lambda_after(struct bind_env *env, struct call *c, uint32_t more, const struct type **element)
{
	bool lambda = c->arg_count != 0 && c->arg_types[0]->id == TYPE_LAMBDA;
	uint32_t first = lambda + more, n = c->arg_count <= first ? 0 : c->arg_count - first;
	if (n == 0)
		return call_bad_count(env, c, first == 0 ? "at least 1" : first == 1 ? "at least 2" : "at least 3");
	const struct type **params = ARENA_ARRAY(env->arena, const struct type *, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		if (c->arg_types[i + first]->id != TYPE_ARRAY)
			return call_bad_type(env, c, i + first);
		params[i] = c->arg_types[i + first]->children[0];
	}
	*element = params[0];
	if (!lambda)
		return n == 1 ? OK : call_bad_count(env, c, more == 0 ? "1" : "2");
	if (env->bind_lambda == NULL)
		return call_bad_type(env, c, 0);
	TRY(env->bind_lambda(env, c, 0, params, n));
	*element = c->lambdas[0]->result;
	return OK;
}

enum status array_bind_lambda(struct bind_env *env, struct call *c, const struct type **element)
{
	return array_bind_lambda_after(env, c, 0, element);
}

enum status array_conditions(struct eval *e, const struct vector *v, uint32_t n, uint8_t **out)
{
	uint8_t *to = *out = ARENA_ARRAY(e->scratch, uint8_t, n + 1);
	size_t size = physical_size(type_physical(v->type));
	const struct vector *in = v;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t row = vector_index(v, i, &in);
		const char *p = (const char *)in->data + row * size;
		bool set = false;
		if (in->nulls == NULL || !bit_get(in->nulls, row))
			for (size_t k = 0; k < size; k++)
				set = set || p[k] != 0;
		to[i] = set;
	}
	return OK;
}

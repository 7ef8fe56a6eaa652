// SPDX-License-Identifier: Apache-2.0
/* Tuples and arrays in arithmetic: element by element; a tuple and a number: the number with each element. */
#include <assert.h>

#include "func/arith_impl.h"
#include "func/subcall.h"

struct nested {
	struct subcall **elements; /* of a tuple, each its own; of an array, one */
	uint32_t n;
	bool split[2];             /* whether that argument is taken apart */
};

/* Element k of a tuple argument, standing for `count` rows; a new reference. */
static enum status element_of(struct eval *e, const struct vector *v, uint32_t k, uint32_t count, struct vector **out)
{
	if (v->form == VECTOR_CONST)
		return eval_repeat(e, v->children[k], count, out);
	*out = vector_ref(v->children[k]);
	return OK;
}

static enum status exec_tuple(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const struct nested *d = c->state;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	enum status s = OK;
	for (uint32_t k = 0; k < d->n && s == OK; k++) {
		const struct vector *pair[2] = {args[0], args[1]};
		struct vector *parts[2] = {NULL, NULL}, *made = NULL;
		for (uint32_t i = 0; i < 2 && s == OK; i++) {
			if (!d->split[i])
				continue;
			s = element_of(e, args[i], k, count, &parts[i]);
			pair[i] = parts[i];
		}
		if (s == OK)
			s = subcall_run(d->elements[k], e, pair, count, &made);
		if (s == OK)
			s = vector_flatten(e->track, made, &v->children[k], e->err);
		vector_unref(made);
		vector_unref(parts[0]);
		vector_unref(parts[1]);
	}
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status bind_tuple(struct bind_env *env, struct call *c)
{
	const struct type *a = c->arg_types[0], *b = c->arg_types[1], *tuple = a->id == TYPE_TUPLE ? a : b;
	struct nested *d = ARENA_NEW(env->arena, struct nested);
	uint32_t n = tuple->child_count;
	const struct type **types = ARENA_ARRAY(env->arena, const struct type *, n + 1);
	if (a->id == TYPE_TUPLE && b->id == TYPE_TUPLE && a->child_count != b->child_count)
		return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "Expected tuples of the same size as arguments of function %.*s",
		           STR_ARG(c->name));
	d->n = n;
	d->elements = ARENA_ARRAY(env->arena, struct subcall *, n + 1);
	d->split[0] = a->id == TYPE_TUPLE;
	d->split[1] = b->id == TYPE_TUPLE;
	for (uint32_t k = 0; k < n; k++) {
		const struct type *pair[2] = {d->split[0] ? a->children[k] : a, d->split[1] ? b->children[k] : b};
		TRY(subcall_bind(env, str_of(c->function->name), pair, NULL, 2, &d->elements[k]));
		types[k] = d->elements[k]->call.result;
	}
	c->result = type_tuple(env->arena, types, NULL, n);
	c->state = d;
	c->exec = exec_tuple;
	return OK;
}

/* Both arrays' elements side by side: their sizes must agree row by row. */
static enum status exec_array(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const struct nested *d = c->state;
	struct vector *flat[2] = {NULL, NULL}, *parts[2] = {NULL, NULL}, *v = NULL, *made = NULL;
	enum status s = OK;
	for (uint32_t i = 0; i < 2 && s == OK; i++) {
		struct vector *all = NULL;
		if (args[i]->form == VECTOR_CONST)
			s = eval_repeat(e, args[i], count, &all);
		if (s == OK)
			s = vector_flatten(e->track, all != NULL ? all : args[i], &flat[i], e->err);
		vector_unref(all);
	}
	if (s != OK)
		goto out;
	const uint32_t *a = flat[0]->data, *b = flat[1]->data;
	for (uint32_t i = 0; i < count && s == OK; i++)
		if (a[i + 1] - a[i] != b[i + 1] - b[i])
			s = ERR(e->err, E_SIZES_OF_ARRAYS, "Function %.*s needs arrays of equal size", STR_ARG(c->name));
	uint32_t total = a[count] - a[0];
	for (uint32_t i = 0; i < 2 && s == OK; i++)
		s = vector_slice(e->track, flat[i]->children[0], ((const uint32_t *)flat[i]->data)[0], total, &parts[i], e->err);
	const uint64_t *skip = e->skip;
	e->skip = NULL;
	if (s == OK)
		s = subcall_run(d->elements[0], e, (const struct vector *const *)parts, total, &made);
	e->skip = skip;
	if (s == OK)
		s = call_result(c, e, count, &v);
	if (s == OK)
		s = vector_flatten(e->track, made, &v->children[0], e->err);
	for (uint32_t i = 0; i <= count && s == OK; i++)
		((uint32_t *)v->data)[i] = a[i] - a[0];
	if (s == OK)
		*out = vector_ref(v);
out:
	for (uint32_t i = 0; i < 2; i++) {
		vector_unref(flat[i]);
		vector_unref(parts[i]);
	}
	vector_unref(made);
	vector_unref(v);
	return s;
}

static enum status bind_array(struct bind_env *env, struct call *c)
{
	struct nested *d = ARENA_NEW(env->arena, struct nested);
	const struct type *pair[2] = {c->arg_types[0]->children[0], c->arg_types[1]->children[0]};
	d->elements = ARENA_ARRAY(env->arena, struct subcall *, 1);
	TRY(subcall_bind(env, str_of(c->function->name), pair, NULL, 2, &d->elements[0]));
	c->result = type_array(env->arena, d->elements[0]->call.result);
	c->state = d;
	c->exec = exec_array;
	return OK;
}

bool arith_bind_nested(struct bind_env *env, struct call *c, enum arith_op op, enum status *s)
{
	const struct type *a = c->arg_types[0], *b = c->arg_types[1];
	bool ta = a->id == TYPE_TUPLE, tb = b->id == TYPE_TUPLE;
	bool scales = op == ARITH_MULTIPLY || (op == ARITH_DIVIDE && ta);
	if ((ta && tb) || (scales && ((ta && type_is_number(b)) || (tb && type_is_number(a))))) {
		*s = bind_tuple(env, c);
		return true;
	}
	if (a->id == TYPE_ARRAY && b->id == TYPE_ARRAY && (op == ARITH_PLUS || op == ARITH_MINUS)) {
		*s = bind_array(env, c);
		return true;
	}
	return false;
}

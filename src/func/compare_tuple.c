// SPDX-License-Identifier: Apache-2.0
/*
 * Comparing tuples: equal when all elements are, less by the first element that differs. Elements may be NULL, and then
 * the answer follows from SQL's three-valued logic: (1, NULL) = (2, 2) is false, (1, NULL) = (1, 2) is NULL.
 */
#include <assert.h>

#include "func/compare_impl.h"
#include "func/subcall.h"

struct tuple_compare {
	enum kernel_compare op;
	uint32_t n;
	struct subcall **equal, **less; /* per element; `less` is the strict one of the direction */
};

/* Three values in a byte each: 0, 1, and UNKNOWN. */
enum { UNKNOWN = 2 };

static enum status element_of(struct eval *e, const struct vector *v, uint32_t k, uint32_t count, struct vector **out)
{
	if (v->form == VECTOR_CONST)
		return eval_repeat(e, v->children[k], count, out);
	*out = vector_ref(v->children[k]);
	return OK;
}

static enum status run_element(const struct subcall *s, struct eval *e, const struct vector *const *args, uint32_t k,
                               uint32_t count, uint8_t *out)
{
	struct vector *pair[2] = {NULL, NULL}, *made = NULL, *flat = NULL;
	enum status status = element_of(e, args[0], k, count, &pair[0]);
	if (status == OK)
		status = element_of(e, args[1], k, count, &pair[1]);
	if (status == OK)
		status = subcall_run(s, e, (const struct vector *const *)pair, count, &made);
	if (status == OK)
		status = vector_flatten(e->track, made, &flat, e->err);
	for (uint32_t i = 0; status == OK && i < count; i++)
		out[i] = flat->type->id == TYPE_NOTHING || (flat->nulls != NULL && bit_get(flat->nulls, i))
		             ? UNKNOWN
		             : ((const uint8_t *)flat->data)[i];
	vector_unref(pair[0]);
	vector_unref(pair[1]);
	vector_unref(made);
	vector_unref(flat);
	return status;
}

static uint8_t and3(uint8_t a, uint8_t b)
{
	return a == 0 || b == 0 ? 0 : a == UNKNOWN || b == UNKNOWN ? UNKNOWN : 1;
}

static uint8_t or3(uint8_t a, uint8_t b)
{
	return a == 1 || b == 1 ? 1 : a == UNKNOWN || b == UNKNOWN ? UNKNOWN : 0;
}

static enum status exec_tuples(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	const struct tuple_compare *t = c->state;
	uint8_t *answer = ARENA_ARRAY(e->scratch, uint8_t, count + 1), *equal = ARENA_ARRAY(e->scratch, uint8_t, count + 1);
	uint8_t *less = ARENA_ARRAY(e->scratch, uint8_t, count + 1);
	bool equality = t->op == KERNEL_EQ || t->op == KERNEL_NE;
	/* from the last element to the first: a < b or (a = b and rest) */
	memset(answer, equality || t->op == KERNEL_LE || t->op == KERNEL_GE, count);
	for (uint32_t k = t->n; k-- > 0;) {
		TRY(run_element(t->equal[k], e, args, k, count, equal));
		if (!equality)
			TRY(run_element(t->less[k], e, args, k, count, less));
		for (uint32_t i = 0; i < count; i++) {
			uint8_t rest = and3(equal[i], answer[i]);
			answer[i] = equality ? rest : or3(less[i], rest);
		}
	}
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	uint8_t *to = v->data;
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		to[i] = answer[i] == 1;
		if (t->op == KERNEL_NE)
			to[i] = !to[i];
		if (answer[i] != UNKNOWN)
			continue;
		to[i] = 0;
		s = vector_make_nulls(v, e->track, e->err);
		if (s == OK)
			bit_set(v->nulls, i);
	}
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

enum status compare_bind_tuples(struct bind_env *env, struct call *c, enum kernel_compare op)
{
	const struct type *a = c->arg_types[0], *b = c->arg_types[1];
	struct tuple_compare *t = ARENA_NEW(env->arena, struct tuple_compare);
	uint32_t n = a->child_count;
	bool nullable = false, less = op == KERNEL_LT || op == KERNEL_LE;
	if (n != b->child_count)
		return ERR(env->err, E_BAD_ARGUMENTS, env->session->dialect == DIALECT_POSTGRESQL
		           ? "unequal number of entries in row expressions" : "Cannot compare tuples of different sizes");
	t->op = op;
	t->n = n;
	t->equal = ARENA_ARRAY(env->arena, struct subcall *, n + 1);
	t->less = ARENA_ARRAY(env->arena, struct subcall *, n + 1);
	for (uint32_t k = 0; k < n; k++) {
		const struct type *pair[2] = {a->children[k], b->children[k]};
		const struct vector *constants[2] = {NULL, NULL};
		for (uint32_t i = 0; i < 2; i++)
			if (c->constants[i] != NULL && c->constants[i]->child_count == n) {
				struct vector *one;
				TRY(vector_constant(NULL, c->constants[i]->children[k], 0, 1, &one, env->err));
				arena_defer(env->arena, (void (*)(void *))vector_unref, one);
				constants[i] = one;
			}
		TRY(subcall_bind(env, STR("equals"), pair, constants, 2, &t->equal[k]));
		TRY(subcall_bind(env, less ? STR("less") : STR("greater"), pair, constants, 2, &t->less[k]));
		nullable |= t->equal[k]->call.result->nullable;
	}
	if (nullable)
		c->result = type_nullable(env->arena, c->result);
	c->state = t;
	c->exec = exec_tuples;
	return OK;
}

// SPDX-License-Identifier: Apache-2.0
/* IS [NOT] TRUE, FALSE and UNKNOWN. */
#include <assert.h>

#include "func/str_impl.h"

struct truth_test {
	bool wanted, unknown, negated;
};

static enum status exec_test(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const struct truth_test *t = c->state;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		bool null = args[0]->type->id == TYPE_NOTHING || vector_is_null(args[0], i);
		bool hold = null ? t->unknown : !t->unknown &&
			(((const uint8_t *)args[0]->data)[args[0]->form == VECTOR_CONST ? 0 : i] != 0) == t->wanted;
		((uint8_t *)v->data)[i] = hold != t->negated;
	}
	*out = v;
	return OK;
}

static enum status bind_test(struct bind_env *env, struct call *c)
{
	struct truth_test *t = ARENA_NEW(env->arena, struct truth_test);
	const char *name = c->function->name;
	const struct type *x = c->arg_types[0];
	t->negated = strncmp(name, "isNot", 5) == 0;
	name += t->negated ? 5 : 2;
	t->wanted = strcmp(name, "True") == 0;
	t->unknown = strcmp(name, "Unknown") == 0;
	bool untyped = x->id == TYPE_NOTHING || (x->id == TYPE_STRING && x->face == FACE_UNKNOWN);
	if (!untyped && x->id != TYPE_BOOL && !(x->id == TYPE_UINT8 && env->session->dialect == DIALECT_CLICKHOUSE))
		return ERR(env->err, E_TYPE_MISMATCH, "argument of IS %s%s must be type boolean, not type %.*s",
		           t->negated ? "NOT " : "", t->unknown ? "UNKNOWN" : t->wanted ? "TRUE" : "FALSE",
		           STR_ARG(type_pg_name(env->arena, x)));
	if (untyped)
		c->arg_types[0] = type_nullable(env->arena, type_simple(TYPE_BOOL));
	c->state = t;
	return OK;
}

#define TEST(row_name, words, sample, answer) \
	{.name = row_name, .flags = FUNCTION_PG | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM, .args = "*", \
	 .result = "Bool", .bind = bind_test, .exec = exec_test, .description = words, .example = sample, \
	 .example_result = answer}

static const struct function rows[] = {
	TEST("isTrue", "Whether it is true.", "NULL IS TRUE", "f"),
	TEST("isNotTrue", "Whether it is false or NULL.", "NULL IS NOT TRUE", "t"),
	TEST("isFalse", "Whether it is false.", "false IS FALSE", "t"),
	TEST("isNotFalse", "Whether it is true or NULL.", "false IS NOT FALSE", "f"),
	TEST("isUnknown", "Whether it is NULL.", "(1 = NULL) IS UNKNOWN", "t"),
	TEST("isNotUnknown", "Whether it is not NULL.", "true IS NOT UNKNOWN", "t"),
};

FUNCTION_FAMILY(pg_bool, "PostgreSQL: truth");

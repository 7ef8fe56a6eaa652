// SPDX-License-Identifier: Apache-2.0
/*
 * and, or, xor, not. Without NULLs they are loops over bytes. With NULLs a truth value is a byte 0 (false), 1 (NULL) or
 * 2 (true), which makes AND the lesser and OR the greater of two.
 */
#include <assert.h>

#include "func/function.h"
#include "kernel/kernel.h"

enum { FALSE3 = 0, NULL3 = 1, TRUE3 = 2 };
enum logic { LOGIC_AND, LOGIC_OR, LOGIC_XOR };

static enum logic logic_of(const struct call *c)
{
	const char *name = c->function->name;
	return name[0] == 'a' ? LOGIC_AND : name[0] == 'o' ? LOGIC_OR : LOGIC_XOR;
}

static bool is_condition(const struct type *t)
{
	return t->id == TYPE_NOTHING || (type_is_number(t) && t->id != TYPE_NUMERIC);
}

static const struct type *result_type(struct bind_env *env, const struct call *c)
{
	bool boolean = env->session->dialect == DIALECT_POSTGRESQL, nullable = false;
	for (uint32_t i = 0; i < c->arg_count; i++) {
		boolean |= c->arg_types[i]->id == TYPE_BOOL;
		nullable |= c->arg_types[i]->nullable;
	}
	const struct type *t = type_simple(boolean ? TYPE_BOOL : TYPE_UINT8);
	return nullable ? type_nullable(env->arena, t) : t;
}

static enum status bind_logic(struct bind_env *env, struct call *c)
{
	bool pg = env->session->dialect == DIALECT_POSTGRESQL;
	for (uint32_t i = 0; i < c->arg_count; i++) {
		const struct type *t = c->arg_types[i];
		if (pg && t->id == TYPE_STRING && t->face == FACE_UNKNOWN) {
			c->arg_types[i] = t->nullable ? type_nullable(env->arena, type_simple(TYPE_BOOL)) : type_simple(TYPE_BOOL);
			continue;
		}
		if (!is_condition(t) && pg)
			return ERR(env->err, E_TYPE_MISMATCH, "argument of %s must be type boolean, not type %.*s",
			           logic_of(c) == LOGIC_AND ? "AND" : logic_of(c) == LOGIC_OR ? "OR" : "NOT",
			           STR_ARG(type_pg_base_name(env->arena, t)));
		if (!is_condition(t))
			return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "Illegal type (%.*s) of %u argument of function %.*s",
			           STR_ARG(type_name(env->arena, t)), i + 1, STR_ARG(c->name));
	}
	c->result = result_type(env, c);
	/* whatever looks at a condition, the evaluator too, then sees bytes */
	for (uint32_t i = 0; i < c->arg_count; i++) {
		const struct type *t = c->arg_types[i], *truth = type_simple(TYPE_BOOL);
		if (t->id != TYPE_BOOL && t->id != TYPE_UINT8 && t->id != TYPE_NOTHING)
			c->arg_types[i] = t->nullable ? type_nullable(env->arena, truth) : truth;
	}
	return OK;
}

/* ---- running ---- */

/* Bytes 0 and 1 of an argument over `count` rows, in `room` where they are not there already. */
static const uint8_t *truth(const struct vector *v, uint32_t count, uint8_t *room)
{
	if (v->type->id == TYPE_NOTHING) {
		memset(room, 0, count);
		return room;
	}
	enum physical p = type_physical(v->type);
	if (v->form == VECTOR_CONST) {
		uint8_t one;
		kernels()->is_nonzero[p](&one, v->data, 1);
		memset(room, one, count);
		return room;
	}
	if (v->type->id == TYPE_BOOL)
		return v->data;
	kernels()->is_nonzero[p](room, v->data, count);
	return room;
}

static bool has_nulls(const struct vector *v)
{
	if (v->type->id == TYPE_NOTHING)
		return true;
	return v->nulls != NULL;
}

/* The argument as bytes FALSE3, NULL3, TRUE3. */
static void truth3(const struct vector *v, uint32_t count, uint8_t *room, uint8_t *out)
{
	const uint8_t *bytes = truth(v, count, room);
	for (uint32_t i = 0; i < count; i++)
		out[i] = (uint8_t)(bytes[i] * 2);
	if (v->type->id == TYPE_NOTHING || (v->form == VECTOR_CONST && v->nulls != NULL && bit_get(v->nulls, 0))) {
		memset(out, NULL3, count);
	} else if (v->form == VECTOR_FLAT && v->nulls != NULL) {
		for (size_t i = bits_next_set(v->nulls, 0, count); i < count; i = bits_next_set(v->nulls, i + 1, count))
			out[i] = NULL3;
	}
}

/* Bytes of three values to a vector's bytes and nulls. */
static enum status from_truth3(struct eval *e, struct vector *v, const uint8_t *three, uint32_t count)
{
	uint8_t *to = v->data, any = 0;
	for (uint32_t i = 0; i < count; i++) {
		to[i] = three[i] == TRUE3;
		any |= three[i] == NULL3;
	}
	if (!any)
		return OK;
	TRY(vector_make_nulls(v, e->track, e->err));
	for (uint32_t i = 0; i < count; i++)
		if (three[i] == NULL3)
			bit_set(v->nulls, i);
	return OK;
}

static void combine3(enum logic op, uint8_t *acc, const uint8_t *with, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		uint8_t a = acc[i], b = with[i];
		if (op == LOGIC_AND)
			acc[i] = a < b ? a : b;
		else if (op == LOGIC_OR)
			acc[i] = a > b ? a : b;
		else
			acc[i] = a == NULL3 || b == NULL3 ? NULL3 : a != b ? TRUE3 : FALSE3;
	}
}

static enum status run3(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                        struct vector *v)
{
	uint8_t *acc = ARENA_ARRAY(e->scratch, uint8_t, count + 1), *next = ARENA_ARRAY(e->scratch, uint8_t, count + 1);
	uint8_t *room = ARENA_ARRAY(e->scratch, uint8_t, count + 1);
	truth3(args[0], count, room, acc);
	for (uint32_t k = 1; k < c->arg_count; k++) {
		truth3(args[k], count, room, next);
		combine3(logic_of(c), acc, next, count);
	}
	return from_truth3(e, v, acc, count);
}

static enum status run2(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                        struct vector *v)
{
	enum logic op = logic_of(c);
	uint8_t *acc = v->data, *room = ARENA_ARRAY(e->scratch, uint8_t, count + 1);
	uint8_t *other = ARENA_ARRAY(e->scratch, uint8_t, count + 1);
	const uint8_t *a = truth(args[0], count, other);
	for (uint32_t k = 1; k < c->arg_count; k++) {
		const uint8_t *b = truth(args[k], count, room);
		uint8_t *to = k + 1 == c->arg_count ? acc : other == a ? ARENA_ARRAY(e->scratch, uint8_t, count + 1) : other;
		if (op == LOGIC_AND)
			kernels()->mask_and(to, a, b, count);
		else if (op == LOGIC_OR)
			kernels()->mask_or(to, a, b, count);
		else
			kernels()->arith[KERNEL_XOR][PHYS_U8][KERNEL_VV](to, a, b, count);
		a = to;
	}
	if (c->arg_count == 1)
		memcpy(acc, a, count);
	return OK;
}

static enum status exec_logic(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	bool nulls = false;
	struct vector *v;
	for (uint32_t i = 0; i < c->arg_count; i++)
		nulls |= has_nulls(args[i]);
	TRY(call_result(c, e, count, &v));
	enum status s = nulls ? run3(c, e, args, count, v) : run2(c, e, args, count, v);
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status exec_not(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	uint8_t *room = ARENA_ARRAY(e->scratch, uint8_t, count + 1);
	TRY(call_result(c, e, count, out));
	kernels()->mask_not((*out)->data, truth(args[0], count, room), count);
	return OK;
}

static enum status bind_not(struct bind_env *env, struct call *c)
{
	return bind_logic(env, c);
}

static const struct function rows[] = {
	{.name = "and", .flags = FUNCTION_BOTH | FUNCTION_NOCASE | FUNCTION_SHORT_CIRCUIT | FUNCTION_CHEAP,
	 .nulls = FUNCTION_NULL_CUSTOM,
	 .args = "*+", .bind = bind_logic, .exec = exec_logic, .description = "Whether all conditions hold.",
	 .example = "NULL AND 1 = 0"},
	{.name = "or", .flags = FUNCTION_BOTH | FUNCTION_NOCASE | FUNCTION_SHORT_CIRCUIT | FUNCTION_CHEAP,
	 .nulls = FUNCTION_NULL_CUSTOM,
	 .args = "*+", .bind = bind_logic, .exec = exec_logic, .description = "Whether any condition holds.",
	 .example = "NULL OR 1 = 1"},
	{.name = "xor", .flags = FUNCTION_BOTH | FUNCTION_NOCASE | FUNCTION_CHEAP, .nulls = FUNCTION_NULL_CUSTOM, .args = "*+",
	 .bind = bind_logic, .exec = exec_logic, .description = "Whether an odd number of conditions holds.",
	 .example = "xor(1 = 1, 1 = 0)"},
	{.name = "not", .flags = FUNCTION_BOTH | FUNCTION_NOCASE | FUNCTION_CHEAP, .args = "*", .bind = bind_not,
	 .exec = exec_not, .description = "Whether the condition does not hold.", .example = "NOT 1 = 0"},
};

FUNCTION_FAMILY(logic, "Logic");

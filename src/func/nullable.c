// SPDX-License-Identifier: Apache-2.0
/* Functions that look at NULL or at the Nullable and LowCardinality of a type. */
#include <assert.h>

#include "func/function.h"
#include "kernel/kernel.h"

static const struct type *truth_type(const struct bind_env *env)
{
	return type_simple(env->session->dialect == DIALECT_POSTGRESQL ? TYPE_BOOL : TYPE_UINT8);
}

static enum status bind_truth(struct bind_env *env, struct call *c)
{
	c->result = truth_type(env);
	return OK;
}

/* isNull, isNotNull: the bitmap as bytes. */
static enum status exec_is_null(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	const struct vector *v = args[0];
	bool negated = strcmp(c->function->name, "isNotNull") == 0;
	TRY(call_result(c, e, count, out));
	uint8_t *to = (*out)->data;
	if (v->type->id == TYPE_NOTHING || v->form == VECTOR_CONST)
		memset(to, (v->type->id == TYPE_NOTHING || vector_is_null(v, 0)) != negated, count);
	else if (v->nulls == NULL)
		memset(to, negated, count);
	else
		bits_to_bytes(to, v->nulls, 0, count);
	if (negated && v->form == VECTOR_FLAT && v->nulls != NULL && v->type->id != TYPE_NOTHING)
		for (uint32_t i = 0; i < count; i++)
			to[i] ^= 1;
	return OK;
}

static enum status exec_is_nullable(const struct call *c, struct eval *e, const struct vector *const *args,
                                    uint32_t count, struct vector **out)
{
	TRY(call_result(c, e, count, out));
	memset((*out)->data, c->arg_types[0]->nullable, count);
	return OK;
}

static enum status exec_is_zero_or_null(const struct call *c, struct eval *e, const struct vector *const *args,
                                        uint32_t count, struct vector **out)
{
	const struct vector *v = args[0];
	TRY(call_result(c, e, count, out));
	uint8_t *to = (*out)->data;
	if (v->type->id == TYPE_NOTHING) {
		memset(to, 1, count);
		return OK;
	}
	kernels()->is_zero[type_physical(v->type)](to, v->data, count);
	for (uint32_t i = 0; v->nulls != NULL && i < count; i++)
		to[i] |= bit_get(v->nulls, i);
	return OK;
}

static enum status bind_zero_or_null(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	if (t->id != TYPE_NOTHING && (!type_is_number(t) || t->id == TYPE_NUMERIC))
		return call_bad_type(env, c, 0);
	c->result = truth_type(env);
	return OK;
}

/* ---- types ---- */

static enum status exec_same(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	if (args[0]->form == VECTOR_CONST)
		return eval_repeat(e, args[0], count, out);
	*out = vector_ref(args[0]);
	return OK;
}

static enum status bind_to_nullable(struct bind_env *env, struct call *c)
{
	c->result = type_nullable(env->arena, c->arg_types[0]);
	return OK;
}

static enum status bind_to_low_cardinality(struct bind_env *env, struct call *c)
{
	c->result = type_low_cardinality(env->arena, c->arg_types[0], true);
	return OK;
}

static enum status bind_assume_not_null(struct bind_env *env, struct call *c)
{
	c->result = type_not_nullable(env->arena, c->arg_types[0]);
	return OK;
}

/* What stands under NULL means nothing: the default takes its place. */
static enum status exec_assume_not_null(const struct call *c, struct eval *e, const struct vector *const *args,
                                        uint32_t count, struct vector **out)
{
	struct vector *v = NULL, *plain = NULL, *one = NULL, *all = NULL;
	if (args[0]->type->id == TYPE_NOTHING)
		return vector_default_constant(e->track, c->result, count, out, e->err);
	TRY(exec_same(c, e, args, count, &v));
	enum status s = vector_share(v, &plain, e->err);
	if (s == OK) {
		plain->type = c->result;
		buffer_unref(plain->null_buffer);
		plain->null_buffer = NULL;
		plain->nulls = NULL;
	}
	if (s != OK || !vector_has_nulls(v)) {
		*out = plain;
		vector_unref(v);
		return s;
	}
	uint32_t *rows = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
	for (uint32_t i = 0; i < count; i++)
		rows[i] = vector_is_null(v, i) ? plain->count : i;
	s = vector_default_constant(e->track, c->result, 1, &one, e->err);
	const struct vector *parts[2] = {plain, one};
	if (s == OK)
		s = vector_concat(e->track, parts, 2, c->result, &all, e->err);
	if (s == OK)
		s = vector_gather(e->track, all, rows, count, out, e->err);
	vector_unref(v);
	vector_unref(plain);
	vector_unref(one);
	vector_unref(all);
	return s;
}

static enum status bind_with_nulls(struct bind_env *env, struct call *c)
{
	if (c->arg_types[1]->id != TYPE_UINT8 || c->arg_types[1]->nullable)
		return call_bad_type(env, c, 1);
	c->result = type_nullable(env->arena, c->arg_types[0]);
	return OK;
}

/* A column of arrays, maps or tuples and the hidden one that says where it is NULL. */
static enum status exec_with_nulls(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	const uint8_t *bytes = args[1]->data;
	struct vector *v, *plain = NULL;
	TRY(exec_same(c, e, args, count, &v));
	enum status s = vector_share(v, &plain, e->err);
	vector_unref(v);
	TRY(s);
	plain->type = c->result;
	bool constant = args[1]->form == VECTOR_CONST;
	if (constant ? bytes[0] != 0 : memchr(bytes, 1, count) != NULL)
		s = vector_make_nulls(plain, e->track, e->err);
	for (uint32_t i = 0; plain->nulls != NULL && s == OK && i < count; i++)
		if (bytes[constant ? 0 : i] != 0)
			bit_set(plain->nulls, i);
	if (s != OK)
		vector_unref(plain);
	else
		*out = plain;
	return s;
}

/* UUIDs compare by their second half, as ClickHouse's do; PostgreSQL's order is that of these. */
static enum status exec_uuid_order(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	const uint64_t *from = args[0]->data;
	TRY(call_result(c, e, count, out));
	uint64_t *to = (*out)->data;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t k = args[0]->form == VECTOR_CONST ? 0 : i;
		to[2 * i] = from[2 * k + 1];
		to[2 * i + 1] = from[2 * k];
	}
	return OK;
}

/* ---- names of types ---- */

struct type_text {
	struct str text;
};

static enum status exec_text(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	return call_text(c, e, ((const struct type_text *)c->state)->text, count, out);
}

static enum status bind_type_name(struct bind_env *env, struct call *c)
{
	struct type_text *t = ARENA_NEW(env->arena, struct type_text);
	t->text = type_pretty_name(env->arena, c->arg_types[0]);
	c->state = t;
	c->result = type_simple(TYPE_STRING);
	return OK;
}

static enum status bind_pg_typeof(struct bind_env *env, struct call *c)
{
	struct type_text *t = ARENA_NEW(env->arena, struct type_text);
	const struct type *arg = type_plain(env->arena, c->arg_types[0]);
	t->text = arg->id == TYPE_NOTHING ? STR("unknown") : arg->id == TYPE_TUPLE ? STR("record")
		: type_pg_base_name(env->arena, arg);
	const struct eval_services *services = env->session->services;
	const struct type *e = arg;
	while (e->id == TYPE_ARRAY)
		e = e->children[0];
	if (e->face == FACE_ENUM && services != NULL) {
		TRY(services->name_of(env->session->services_arg, FACE_REGTYPE, (uint32_t)e->typmod, env->arena, &t->text, env->err));
		if (e != arg)
			t->text = arena_strf(env->arena, "%.*s[]", STR_ARG(t->text));
	}
	c->state = t;
	c->result = type_with_face(env->arena, type_simple(TYPE_STRING), FACE_TEXT, -1);
	return OK;
}

/* With the form: Const(UInt8). */
static enum status exec_column_type(const struct call *c, struct eval *e, const struct vector *const *args,
                                    uint32_t count, struct vector **out)
{
	struct str name = type_name(e->scratch, c->arg_types[0]);
	if (args[0]->form == VECTOR_CONST)
		name = arena_strf(e->scratch, "Const(%.*s)", STR_ARG(name));
	return call_text(c, e, name, count, out);
}

static enum status exec_default(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	return vector_default_constant(e->track, c->result, count, out, e->err);
}

/* defaultValueOfArgumentType(x), defaultValueOfTypeName('T') */
static enum status bind_default(struct bind_env *env, struct call *c)
{
	struct str name;
	if (strcmp(c->function->name, "defaultValueOfArgumentType") == 0) {
		c->result = c->arg_types[0];
		return OK;
	}
	if (!call_const_str(c, 0, &name))
		return call_bad_type(env, c, 0);
	return type_parse(env->arena, name, &c->result, env->err);
}

#define SEES_NULLS .nulls = FUNCTION_NULL_CUSTOM
#define SEES_TYPE .nulls = FUNCTION_NULL_CUSTOM

static const struct function rows[] = {
	{.name = "isNull", .flags = FUNCTION_BOTH | FUNCTION_NOCASE | FUNCTION_CHEAP, SEES_NULLS, .args = "*",
	 .bind = bind_truth, .exec = exec_is_null, .description = "Whether the value is NULL.", .example = "NULL IS NULL"},
	{.name = "isNotNull", .flags = FUNCTION_BOTH | FUNCTION_CHEAP, SEES_NULLS, .args = "*", .bind = bind_truth,
	 .exec = exec_is_null, .description = "Whether the value is not NULL.", .example = "NULL IS NOT NULL"},
	{.name = "isZeroOrNull", .flags = FUNCTION_CH, SEES_NULLS, .args = "*", .bind = bind_zero_or_null,
	 .exec = exec_is_zero_or_null, .description = "Whether the value is 0 or NULL.", .example = "isZeroOrNull(0)",
	 .example_result = "1"},
	{.name = "isNullable", .flags = FUNCTION_CH, SEES_TYPE, .args = "*", .result = "UInt8", .exec = exec_is_nullable,
	 .description = "Whether the value's type is Nullable.", .example = "isNullable(toNullable(1))",
	 	.example_result = "1"},
	{.name = "toNullable", .flags = FUNCTION_CH, SEES_NULLS, .args = "*", .bind = bind_to_nullable, .exec = exec_same,
	 .description = "The value in a Nullable type.", .example = "toTypeName(toNullable(1))",
	 .example_result = "Nullable(UInt8)"},
	{.name = "assumeNotNull", .flags = FUNCTION_CH, SEES_NULLS, .args = "*", .bind = bind_assume_not_null,
	 .exec = exec_assume_not_null, .description = "The value in a type without NULL; the default for NULL.",
	 .example = "toTypeName(assumeNotNull(toNullable(1)))", .example_result = "UInt8"},
	{.name = "withNulls", .flags = FUNCTION_BOTH | FUNCTION_HIDDEN | FUNCTION_NO_DICT | FUNCTION_CHEAP, SEES_NULLS,
	 .args = "**", .bind = bind_with_nulls, .exec = exec_with_nulls,
	 .description = "A column of arrays, maps or tuples with the NULLs that are kept beside it."},
	{.name = "uuidOrder", .flags = FUNCTION_BOTH | FUNCTION_HIDDEN | FUNCTION_CHEAP, .args = "*", .result = "UUID",
	 .exec = exec_uuid_order, .description = "A UUID that sorts as PostgreSQL's do."},
	{.name = "toLowCardinality", .flags = FUNCTION_CH, SEES_NULLS, .args = "*", .bind = bind_to_low_cardinality,
	 .exec = exec_same, .description = "The value in a LowCardinality type.",
	 	.example = "toTypeName(toLowCardinality('a'))",
	 .example_result = "LowCardinality(String)"},
	{.name = "toTypeName", .flags = FUNCTION_CH | FUNCTION_NO_DICT, SEES_TYPE, .args = "*", .bind = bind_type_name,
	 .exec = exec_text, .description = "The name of the value's type.", .example = "toTypeName([1, 300])",
	 .example_result = "Array(UInt16)"},
	{.name = "toColumnTypeName", .flags = FUNCTION_CH | FUNCTION_NO_DICT, SEES_TYPE, .volatility = FUNCTION_VOLATILE,
	 .args = "*", .result = "String", .exec = exec_column_type, .description = "The name of the value's type and form.",
	 .example = "toColumnTypeName(1)", .example_result = "Const(UInt8)"},
	{.name = "pg_typeof", .flags = FUNCTION_PG, SEES_TYPE, .args = "*", .bind = bind_pg_typeof, .exec = exec_text,
	 .description = "The name of the value's type.", .example = "pg_typeof(1 + 1.5)", .example_result = "numeric"},
	{.name = "defaultValueOfArgumentType", .flags = FUNCTION_CH, SEES_TYPE, .args = "*", .bind = bind_default,
	 .exec = exec_default, .description = "The default of the value's type.", .example = "defaultValueOfArgumentType(5)",
	 .example_result = "0"},
	{.name = "defaultValueOfTypeName", .flags = FUNCTION_CH, .args = "s", .bind = bind_default, .exec = exec_default,
	 .description = "The default of the type that is named.", .example = "defaultValueOfTypeName('Date')",
	 .example_result = "1970-01-01"},
};

FUNCTION_FAMILY(nullable, "NULL and types");

// SPDX-License-Identifier: Apache-2.0
/* variantElement(v, 'T'[, default]), variantType(v). */
#include "column/variant.h"
#include "func/cast.h"
#include "func/function.h"

/* A Variant, or arrays of one: what is under the arrays. */
static const struct type *variant_under(const struct type *t)
{
	while (t->id == TYPE_ARRAY)
		t = t->children[0];
	return t->id == TYPE_VARIANT ? t : NULL;
}

static const struct type *wrap(struct arena *a, const struct type *like, const struct type *inner)
{
	return like->id == TYPE_ARRAY ? type_array(a, wrap(a, like->children[0], inner)) : inner;
}

struct element {
	uint32_t code;
	const struct type *result; /* under the arrays */
};

static enum status bind_element(struct bind_env *env, struct call *c)
{
	struct str name;
	const struct type *t, *member;
	if (c->arg_count < 2 || c->arg_count > 3)
		return call_bad_count(env, c, "2 or 3");
	t = variant_under(c->arg_types[0]);
	if (t == NULL)
		return call_bad_type(env, c, 0);
	if (!call_const_str(c, 1, &name))
		return ERR(env->err, E_BAD_ARGUMENTS, "Second argument to variantElement must be a constant String");
	TRY(type_parse(env->arena, name, &member, env->err));
	struct element *x = ARENA_NEW(env->arena, struct element);
	x->code = variant_code(t, member);
	if (x->code == 0 && c->arg_count == 3) {
		c->result = c->arg_types[2];
		c->state = NULL;
		return OK;
	}
	if (x->code == 0)
		return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "%.*s doesn't contain variant with type %.*s",
		           STR_ARG(type_name(env->arena, t)), STR_ARG(name));
	member = t->children[x->code];
	bool composite = type_physical(member) >= PHYS_ARRAY;
	x->result = composite ? member : type_nullable(env->arena, member);
	c->result = wrap(env->arena, c->arg_types[0], x->result);
	c->state = x;
	return OK;
}

static enum status element_of(const struct element *x, struct eval *e, const struct vector *v, struct vector **out)
{
	struct vector *codes;
	struct builder *b = NULL;
	TRY(variant_codes(e->track, v, &codes, e->err));
	enum status s = builder_new(e->track, x->result, &b, e->err);
	for (uint32_t i = 0; i < v->count && s == OK; i++)
		s = ((const uint8_t *)codes->data)[i] == x->code ? builder_row(b, v->children[x->code], i, e->err)
			: builder_default(b, e->err);
	if (s == OK)
		s = builder_finish(b, out, e->err);
	vector_unref(codes);
	builder_free(b);
	return s;
}

/* Through the arrays, whose lengths stay. */
static enum status element_under(const struct element *x, struct eval *e, const struct vector *v,
                                 const struct type *result, struct vector **out)
{
	struct vector *flat, *shared = NULL;
	TRY(vector_flatten(e->track, v, &flat, e->err));
	enum status s;
	if (flat->type->id != TYPE_ARRAY) {
		s = element_of(x, e, flat, out);
	} else {
		struct vector *inner = NULL;
		s = element_under(x, e, flat->children[0], result->children[0], &inner);
		if (s == OK)
			s = vector_share(flat, &shared, e->err);
		if (s == OK) {
			vector_unref(shared->children[0]);
			shared->children[0] = inner;
			shared->type = result;
			*out = shared;
		} else {
			vector_unref(inner);
		}
	}
	vector_unref(flat);
	return s;
}

static enum status exec_element(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	if (c->state == NULL) {
		*out = vector_ref(args[2]);
		return OK;
	}
	return element_under(c->state, e, args[0], c->result, out);
}

static enum status bind_variant_type(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	if (t->id != TYPE_VARIANT)
		return call_bad_type(env, c, 0);
	struct enum_value *values = ARENA_ARRAY(env->arena, struct enum_value, t->child_count);
	values[0] = (struct enum_value){STR("None"), -1};
	for (uint32_t k = 1; k < t->child_count; k++)
		values[k] = (struct enum_value){type_name(env->arena, t->children[k]), (int16_t)(k - 1)};
	c->result = type_enum(env->arena, t->child_count <= 128 ? TYPE_ENUM8 : TYPE_ENUM16, values, t->child_count);
	return OK;
}

static enum status exec_variant_type(const struct call *c, struct eval *e, const struct vector *const *args,
                                     uint32_t count, struct vector **out)
{
	struct vector *flat, *codes = NULL;
	TRY(vector_flatten(e->track, args[0], &flat, e->err));
	enum status s = variant_codes(e->track, flat, &codes, e->err);
	if (s == OK)
		s = vector_new(e->track, c->result, count, out, e->err);
	for (uint32_t i = 0; s == OK && i < count; i++) {
		int code = (int)((const uint8_t *)codes->data)[i] - 1;
		if (c->result->id == TYPE_ENUM8)
			((int8_t *)(*out)->data)[i] = (int8_t)code;
		else
			((int16_t *)(*out)->data)[i] = (int16_t)code;
	}
	vector_unref(codes);
	vector_unref(flat);
	return s;
}

#define SEES_NULLS .nulls = FUNCTION_NULL_CUSTOM
static const struct function rows[] = {
	{.name = "variantElement", .flags = FUNCTION_CH | FUNCTION_NO_DICT, SEES_NULLS, .args = "*s*?", .bind = bind_element,
	 .exec = exec_element, .description = "The value of a Variant where it has that type, else NULL.",
	 .example = "variantElement('a'::Variant(String, UInt64), 'String')", .example_result = "a"},
	{.name = "variantType", .flags = FUNCTION_CH | FUNCTION_NO_DICT, SEES_NULLS, .args = "*", .bind = bind_variant_type,
	 .exec = exec_variant_type, .description = "The name of the type that a Variant's value has.",
	 .example = "variantType(toUInt64(1)::Variant(String, UInt64))", .example_result = "UInt64"},
};

FUNCTION_FAMILY(variant, "NULL and types");

// SPDX-License-Identifier: Apache-2.0
/* Casts into Variant and out of it: member by member, dense, and put together again. */
#include <assert.h>

#include "column/variant.h"
#include "func/cast_impl.h"

/* ---- into a Variant ---- */

/* A member's own type: every row has that code. */
static enum status from_member(const struct cast *k, struct eval *e, struct cast_run *r)
{
	uint32_t code = variant_code(k->to, k->from);
	struct builder *b;
	assert(code != 0);
	TRY(builder_new(e->track, k->to, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < r->n && s == OK; i++)
		s = variant_append(b, cast_row_is_dead(r, i) ? 0 : code, r->in, i, e->err);
	if (s == OK)
		s = builder_finish(b, &r->out, e->err);
	builder_free(b);
	return s;
}

/* The member that holds all values of a type, of an INSERT: UInt8 goes into UInt64. 0: none does. */
static uint32_t wider_member(const struct type *to, const struct type *from)
{
	uint8_t order[VARIANT_MEMBERS_MAX + 1];
	struct arena a;
	uint32_t code = 0;
	arena_init(&a, NULL);
	variant_parse_order(to, order);
	for (uint32_t i = 0; i + 1 < to->child_count && code == 0; i++) {
		const struct type *both[2] = {type_not_nullable(&a, from), to->children[order[i]]}, *common;
		struct error ignored;
		error_init(&ignored);
		if (type_common(&a, both, 2, &common, &ignored) == OK && type_equal_physical(common, both[1]))
			code = order[i];
	}
	arena_fini(&a);
	return code;
}

static enum status from_narrower(const struct cast *k, struct eval *e, struct cast_run *r)
{
	uint32_t code = wider_member(k->to, k->from);
	struct vector *member;
	struct builder *b;
	TRY(cast_apply(k->children[0], e, r->in, r->n, r->dead, &member));
	enum status s = builder_new(e->track, k->to, &b, e->err);
	for (uint32_t i = 0; i < r->n && s == OK; i++)
		s = variant_append(b, cast_row_is_dead(r, i) ? 0 : code, member, i, e->err);
	if (s == OK)
		s = builder_finish(b, &r->out, e->err);
	vector_unref(member);
	builder_free(b);
	return s;
}

static enum status from_text(const struct cast *k, struct eval *e, struct cast_run *r)
{
	const struct strview *texts = r->in->data;
	struct builder *b;
	TRY(builder_new(e->track, k->to, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < r->n && s == OK; i++)
		s = cast_row_is_dead(r, i) ? builder_null(b, e->err)
			: value_parse(b, strview_str(&texts[i]), VALUE_RAW, cast_text_options(e), e->err);
	if (s == OK)
		s = builder_finish(b, &r->out, e->err);
	builder_free(b);
	return s;
}

/* The rows as a FLAT vector; a reference. */
static enum status flat_rows(struct eval *e, const struct cast_run *r, struct vector **out)
{
	if (r->in->form == VECTOR_FLAT) {
		*out = vector_ref(r->in);
		return OK;
	}
	struct vector *constant;
	TRY(vector_constant(e->track, r->in, 0, r->n, &constant, e->err));
	enum status s = vector_flatten(e->track, constant, out, e->err);
	vector_unref(constant);
	return s;
}

/* The members of the one are among those of the other. */
static enum status widen(const struct cast *k, struct eval *e, struct cast_run *r)
{
	uint8_t map[VARIANT_MEMBERS_MAX + 1] = {0};
	struct vector *codes = NULL, *in;
	struct builder *b = NULL;
	for (uint32_t m = 1; m < k->from->child_count; m++)
		map[m] = (uint8_t)variant_code(k->to, k->from->children[m]);
	TRY(flat_rows(e, r, &in));
	enum status s = variant_codes(e->track, in, &codes, e->err);
	if (s == OK)
		s = builder_new(e->track, k->to, &b, e->err);
	for (uint32_t i = 0; i < r->n && s == OK; i++) {
		uint8_t code = cast_row_is_dead(r, i) ? 0 : ((const uint8_t *)codes->data)[i];
		s = variant_append(b, map[code], code == 0 ? NULL : in->children[code], i, e->err);
	}
	if (s == OK)
		s = builder_finish(b, &r->out, e->err);
	vector_unref(codes);
	vector_unref(in);
	builder_free(b);
	return s;
}

/* ---- out of a Variant ---- */

/* Rows of each member are cast by the member's own cast; where there is none such a row fails. */
static enum status to_plain(const struct cast *k, struct eval *e, struct cast_run *r)
{
	struct vector *in, *codes = NULL, *done[VARIANT_MEMBERS_MAX + 1] = {NULL};
	uint32_t at[VARIANT_MEMBERS_MAX + 1] = {0}, members = k->from->child_count - 1;
	struct builder *b = NULL;
	vector_unref(r->out); /* room for values of a fixed size, which the builder takes the place of */
	r->out = NULL;
	TRY(flat_rows(e, r, &in));
	enum status s = variant_codes(e->track, in, &codes, e->err);
	if (s == OK)
		s = builder_new(e->track, k->to, &b, e->err);
	for (uint32_t m = 1; m <= members && s == OK; m++) {
		struct vector *part;
		s = variant_member(e->track, in, m, &part, e->err);
		if (s != OK)
			break;
		if (part->count != 0 && k->children[m - 1] == NULL)
			s = ERR(e->err, E_CANNOT_COERCE, "Conversion from %.*s to %.*s is not supported",
			        STR_ARG(cast_type_name(k, e, k->from->children[m])), STR_ARG(cast_type_name(k, e, k->to)));
		else if (part->count != 0)
			s = cast_apply(k->children[m - 1], e, part, part->count, NULL, &done[m]);
		vector_unref(part);
	}
	for (uint32_t i = 0; i < r->n && s == OK; i++) {
		uint8_t code = ((const uint8_t *)codes->data)[i];
		if (code != 0) {
			s = builder_row(b, done[code], at[code]++, e->err);
		} else if (k->to->nullable || cast_row_is_dead(r, i) || cast_forgives(k, e, r, i)) {
			s = builder_default(b, e->err);
		} else {
			s = ERR(e->err, E_NOT_NULL_VIOLATION, "Cannot convert NULL value to non-Nullable type");
		}
	}
	if (s == OK)
		s = builder_finish(b, &r->out, e->err);
	for (uint32_t m = 1; m <= members; m++)
		vector_unref(done[m]);
	vector_unref(codes);
	vector_unref(in);
	builder_free(b);
	return s;
}

cast_fn cast_choose_variant(const struct type *from, const struct type *to, enum cast_mode mode)
{
	if (from->id == TYPE_VARIANT && to->id == TYPE_VARIANT) {
		for (uint32_t m = 1; m < from->child_count; m++)
			if (variant_code(to, from->children[m]) == 0)
				return NULL;
		return widen;
	}
	if (from->id == TYPE_VARIANT)
		return to_plain;
	if (from->id == TYPE_STRING && mode == CAST_CH) /* a cast that was written reads the text */
		return from_text;
	if (variant_code(to, from) != 0)
		return from_member;
	if (mode == CAST_INSERT && wider_member(to, from) != 0)
		return from_narrower;
	return from->id == TYPE_STRING ? from_text : NULL;
}

enum status cast_prepare_variant(struct bind_env *env, struct cast *k)
{
	if (k->fn == from_narrower) {
		struct cast *child;
		k->children = ARENA_ARRAY(env->arena, const struct cast *, 1);
		TRY(cast_build(env, type_not_nullable(env->arena, k->from), k->to->children[wider_member(k->to, k->from)], k->mode,
		               &child));
		k->children[0] = child;
		return OK;
	}
	if (k->fn != to_plain)
		return OK;
	uint32_t members = k->from->child_count - 1;
	bool any = false;
	const struct cast **children = ARENA_ARRAY(env->arena, const struct cast *, members + 1);
	for (uint32_t m = 0; m < members; m++) {
		struct cast *child;
		struct error ignored;
		struct bind_env inner = *env;
		error_init(&ignored);
		inner.err = &ignored;
		if (cast_build(&inner, k->from->children[m + 1], k->to, k->mode, &child) == OK) {
			children[m] = child;
			any = true;
		}
	}
	k->children = children;
	return any ? OK
	           : ERR(env->err, E_CANNOT_COERCE, "Conversion from %.*s to %.*s is not supported",
	                 STR_ARG(type_name(env->arena, k->from)), STR_ARG(type_name(env->arena, k->to)));
}

enum status cast_no_variant(struct bind_env *env, const struct type *from, const struct type *to)
{
	if (from->id == TYPE_VARIANT && to->id == TYPE_VARIANT)
		return ERR(env->err, E_CANNOT_CONVERT,
		           "Cannot convert type %.*s to %.*s. Conversion between Variant types is allowed only when new Variant "
		           "type is an extension of an initial one", STR_ARG(type_name(env->arena, from)),
		           STR_ARG(type_name(env->arena, to)));
	return ERR(env->err, E_CANNOT_CONVERT,
	           "Cannot convert type %.*s to %.*s. Conversion to Variant allowed only for types from this Variant",
	           STR_ARG(type_name(env->arena, from)), STR_ARG(type_name(env->arena, to)));
}

// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_PG_JSON_IMPL_H
#define FUNC_PG_JSON_IMPL_H
/*
 * Shared by PostgreSQL's json families. Values are texts (column/json_text.h): json as written, jsonb normalised. What
 * a function of jsonb makes is put together as text and normalised at the end.
 */
#include "func/json_impl.h"

static inline bool pg_json_is(const struct type *t)
{
	return type_is_string(t) && (t->face == FACE_JSON || t->face == FACE_JSONB);
}

static inline bool pg_json_untyped(const struct type *t)
{
	return t->id == TYPE_NOTHING || (t->id == TYPE_STRING && t->face == FACE_UNKNOWN);
}

static inline const struct type *pg_json_type(struct arena *a, bool binary)
{
	return type_with_face(a, type_simple(TYPE_STRING), binary ? FACE_JSONB : FACE_JSON, -1);
}

/* Functions are called json_… and jsonb_…. */
static inline bool pg_json_binary(const struct call *c)
{
	return strncmp(c->function->name, "jsonb", 5) == 0 || strcmp(c->function->name, "to_jsonb") == 0;
}

/* Argument `arg` must be json (jsonb where the function is jsonb's); an untyped literal becomes it. */
enum status pg_json_argument(struct bind_env *env, struct call *c, uint32_t arg, bool binary) MUST_CHECK;
/* The member of this name, the last one where there are several. */
bool pg_json_member(struct str object, struct str key, struct strbuf *scratch, struct str *out);
/* Element number `index`, from 0, or from -1 backward. */
bool pg_json_element(struct str array, int64_t index, struct str *out);
/* A step of a path: a member's name or an element's number. */
bool pg_json_step(struct str value, struct str step, struct strbuf *scratch, struct str *out);
/* What ->> gives: strings without quotes; false for null. */
bool pg_json_text(struct str value, struct strbuf *to);
/* Any value of a vector as JSON. */
void pg_json_put(struct strbuf *to, const struct vector *v, uint32_t row, struct eval *e);
/* Appends `made` to `to`, normalised where the result is jsonb. */
enum status pg_json_finish(const struct call *c, struct strbuf *to, const struct strbuf *made, struct error *err)
	MUST_CHECK;

/* A text argument in row i; NULL bytes where it is NULL. */
static inline struct str pg_json_at(const struct vector *v, uint32_t i)
{
	if (v->type->id == TYPE_NOTHING || vector_is_null(v, i))
		return (struct str){NULL, 0};
	struct str_arg a = str_arg(v);
	return str_arg_at(&a, i);
}

#endif

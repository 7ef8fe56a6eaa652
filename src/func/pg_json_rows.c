// SPDX-License-Identifier: Apache-2.0
/* Rows from json: json_each(), json_array_elements(), json_object_keys() and their jsonb and text forms. */
#include <assert.h>

#include "func/array_impl.h"
#include "func/pg_json_impl.h"

enum rows_kind { ROWS_EACH, ROWS_ELEMENTS, ROWS_KEYS };
struct rows_rule {
	enum rows_kind kind;
	bool text;
};

static enum status put_value(struct builder *to, struct str value, bool text, struct strbuf *scratch, struct error *err)
{
	if (!text)
		return builder_string(to, value.data, value.size, err);
	strbuf_clear(scratch);
	if (!pg_json_text(value, scratch))
		return builder_null(to, err);
	TRY(strbuf_status(scratch, err));
	return builder_string(to, scratch->data, scratch->size, err);
}

static enum status put_key(struct builder *to, struct str quoted, struct strbuf *scratch, struct error *err)
{
	strbuf_clear(scratch);
	json_decode(quoted, scratch);
	TRY(strbuf_status(scratch, err));
	return builder_string(to, scratch->data, scratch->size, err);
}

static enum status wrong_kind(const struct call *c, const struct rows_rule *r, char kind, struct error *err)
{
	const char *what = kind == '{' ? "an object" : kind == '[' ? "an array" : "a scalar";
	if (r->kind == ROWS_EACH && pg_json_binary(c))
		return ERR(err, E_INVALID_PARAMETER_VALUE, "cannot call %s on a non-object", c->function->name);
	if (r->kind == ROWS_EACH)
		return ERR(err, E_INVALID_PARAMETER_VALUE, "cannot deconstruct %s", kind == '[' ? "an array as an object" : what);
	if (r->kind == ROWS_ELEMENTS && !pg_json_binary(c))
		return ERR(err, E_INVALID_PARAMETER_VALUE, "cannot call %s on a %s", c->function->name,
		           kind == '{' ? "non-array" : "scalar");
	if (r->kind == ROWS_ELEMENTS)
		return ERR(err, E_INVALID_PARAMETER_VALUE, "cannot extract elements from %s", what);
	return ERR(err, E_INVALID_PARAMETER_VALUE, "cannot call %s on %s", c->function->name, what);
}

static enum status rows_of(const struct call *c, struct builder *to, struct str text, struct strbuf *scratch,
                           struct error *err)
{
	const struct rows_rule *r = c->state;
	struct json_walk w;
	struct str value;
	char kind = json_document(text, &value) ? json_kind(value) : '\0';
	if (kind != (r->kind == ROWS_ELEMENTS ? '[' : '{') || !json_walk_begin(&w, value))
		return wrong_kind(c, r, kind, err);
	while (json_walk_next(&w)) {
		if (r->kind == ROWS_KEYS) {
			TRY(put_key(to, w.key, scratch, err));
		} else if (r->kind == ROWS_ELEMENTS) {
			TRY(put_value(to, w.value, r->text, scratch, err));
		} else {
			TRY(put_key(to->children[0], w.key, scratch, err));
			TRY(put_value(to->children[1], w.value, r->text, scratch, err));
			TRY(builder_end_tuple(to, err));
		}
	}
	return OK;
}

static enum status exec_rows(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	struct builder *b;
	struct strbuf scratch;
	TRY(builder_new(e->track, c->result, &b, e->err));
	strbuf_init(&scratch, e->track);
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		if (!eval_skips(e, i))
			s = rows_of(c, b->children[0], pg_json_at(args[0], i), &scratch, e->err);
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	if (s == OK)
		s = builder_finish(b, out, e->err);
	strbuf_fini(&scratch);
	builder_free(b);
	return s;
}

static enum status bind_rows(struct bind_env *env, struct call *c)
{
	struct rows_rule *r = ARENA_NEW(env->arena, struct rows_rule);
	const char *name = c->function->name;
	bool binary = pg_json_binary(c);
	const struct type *text = type_simple(TYPE_STRING), *value;
	TRY(pg_json_argument(env, c, 0, binary));
	r->kind = strstr(name, "_each") != NULL ? ROWS_EACH : strstr(name, "_keys") != NULL ? ROWS_KEYS : ROWS_ELEMENTS;
	r->text = strstr(name, "_text") != NULL;
	value = r->text ? type_nullable(env->arena, text) : r->kind == ROWS_KEYS ? text : pg_json_type(env->arena, binary);
	if (r->kind == ROWS_EACH) {
		const struct type **both = ARENA_ARRAY(env->arena, const struct type *, 2);
		struct str *names = ARENA_ARRAY(env->arena, struct str, 2);
		both[0] = text;
		both[1] = value;
		names[0] = STR("key");
		names[1] = STR("value");
		value = type_tuple(env->arena, both, names, 2);
	}
	c->state = r;
	c->result = type_array(env->arena, value);
	return OK;
}

#define ROWS(row_name, text, sample) \
	{.name = row_name, .flags = FUNCTION_PG | FUNCTION_SET_RETURNING | FUNCTION_NO_DICT, .args = "*", .bind = bind_rows, \
	 .exec = exec_rows, .description = text, .example = row_name "('" sample "')"}

static const struct function rows[] = {
	ROWS("json_each", "A row for each member: key, value.", "{\"a\":1}"),
	ROWS("jsonb_each", "A row for each member: key, value.", "{\"a\":1}"),
	ROWS("json_each_text", "A row for each member: key, value as text.", "{\"a\":1}"),
	ROWS("jsonb_each_text", "A row for each member: key, value as text.", "{\"a\":1}"),
	ROWS("json_array_elements", "A row for each element.", "[1]"),
	ROWS("jsonb_array_elements", "A row for each element.", "[1]"),
	ROWS("json_array_elements_text", "A row for each element, as text.", "[1]"),
	ROWS("jsonb_array_elements_text", "A row for each element, as text.", "[1]"),
	ROWS("json_object_keys", "A row for each key.", "{\"a\":1}"),
	ROWS("jsonb_object_keys", "A row for each key.", "{\"a\":1}"),
};

FUNCTION_FAMILY(pg_json_rows, "PostgreSQL: rows from json");

// SPDX-License-Identifier: Apache-2.0
/* PostgreSQL's operators of json and jsonb: members, paths, containment; what a value is. */
#include <assert.h>

#include "column/numeric.h"
#include "func/array_impl.h"
#include "func/pg_json_impl.h"

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

enum status pg_json_argument(struct bind_env *env, struct call *c, uint32_t arg, bool binary)
{
	const struct type *t = c->arg_types[arg];
	if (pg_json_untyped(t))
		c->arg_types[arg] = pg_json_type(env->arena, binary);
	else if (!pg_json_is(t) || (binary && t->face != FACE_JSONB))
		return call_bad_type(env, c, arg);
	return OK;
}

bool pg_json_member(struct str object, struct str key, struct strbuf *scratch, struct str *out)
{
	struct json_walk w;
	bool found = false;
	if (json_kind(object) != '{' || !json_walk_begin(&w, object))
		return false;
	while (json_walk_next(&w))
		if (json_key_is(w.key, key, false, scratch)) {
			*out = w.value;
			found = true;
		}
	return found;
}

bool pg_json_element(struct str array, int64_t index, struct str *out)
{
	struct json_walk w;
	if (json_kind(array) != '[')
		return false;
	if (index < 0)
		index += (int64_t)json_length(array);
	if (index < 0 || !json_walk_begin(&w, array))
		return false;
	while (json_walk_next(&w))
		if (index-- == 0) {
			*out = w.value;
			return true;
		}
	return false;
}

bool pg_json_step(struct str value, struct str step, struct strbuf *scratch, struct str *out)
{
	int64_t index;
	if (json_kind(value) == '{')
		return pg_json_member(value, step, scratch, out);
	return json_kind(value) == '[' && str_to_i64(step, &index) && pg_json_element(value, index, out);
}

bool pg_json_text(struct str value, struct strbuf *to)
{
	char kind = json_kind(value);
	if (kind == 'n')
		return false;
	if (kind != '"')
		strbuf_puts(to, value);
	else
		json_decode(value, to);
	return true;
}

/* ---- -> ->> #> #>> ---- */

enum get { GET_KEY, GET_INDEX, GET_PATH, GET_STEPS };
struct getter {
	enum get how;
	bool text;
};

static bool follow_array(struct str value, const struct vector *path, uint32_t row, struct strbuf *scratch,
                         struct str *out)
{
	const struct vector *list;
	uint32_t r = vector_index(path, row, &list);
	const uint32_t *at = list->data;
	*out = value;
	for (uint32_t k = at[r]; k < at[r + 1]; k++) {
		const struct vector *in;
		uint32_t s = vector_index(list->children[0], k, &in);
		if ((in->nulls != NULL && bit_get(in->nulls, s)) ||
		    !pg_json_step(*out, strview_str((const struct strview *)in->data + s), scratch, out))
			return false;
	}
	return true;
}

static bool get_row(const struct getter *g, const struct call *c, const struct vector *const *args, uint32_t i,
                    struct strbuf *scratch, struct str *out)
{
	struct str value;
	if (!json_document(pg_json_at(args[0], i), &value))
		return false;
	if (g->how == GET_PATH)
		return follow_array(value, args[1], i, scratch, out);
	if (g->how == GET_INDEX) {
		struct i64_arg index = i64_arg(args[1]);
		return pg_json_element(value, i64_arg_at(&index, i), out);
	}
	if (g->how == GET_KEY)
		return pg_json_member(value, pg_json_at(args[1], i), scratch, out);
	*out = value;
	for (uint32_t k = 1; k < c->arg_count; k++)
		if (!pg_json_step(*out, pg_json_at(args[k], i), scratch, out))
			return false;
	return true;
}

static enum status exec_get(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	const struct getter *g = c->state;
	struct strings o;
	struct strbuf scratch;
	uint64_t *nulls = ARENA_ARRAY(e->scratch, uint64_t, bits_words(count) + 1);
	strings_begin(&o, e, count);
	strbuf_init(&scratch, e->track);
	for (uint32_t i = 0; i < count; i++) {
		struct str found;
		bool there = !eval_skips(e, i) && get_row(g, c, args, i, &scratch, &found);
		if (there && g->text)
			there = pg_json_text(found, &o.text);
		else if (there)
			strbuf_puts(&o.text, found);
		if (!there)
			bit_set(nulls, i);
		strings_end(&o, i);
	}
	strbuf_fini(&scratch);
	TRY(strings_finish(&o, c, e, count, out));
	TRY(vector_make_nulls(*out, e->track, e->err));
	memcpy((*out)->nulls, nulls, bits_words(count) * sizeof *nulls);
	return OK;
}

static enum status bind_get(struct bind_env *env, struct call *c)
{
	struct getter *g = ARENA_NEW(env->arena, struct getter);
	const char *name = c->function->name;
	bool steps = name[0] == 'j';
	const struct type *text = type_simple(TYPE_STRING);
	if (steps)
		TRY(pg_json_argument(env, c, 0, pg_json_binary(c)));
	else if (!pg_json_is(c->arg_types[0]))
		return call_bad_type(env, c, 0);
	g->text = steps ? strstr(name, "_text") != NULL : strstr(name, ">>") != NULL;
	g->how = steps ? GET_STEPS : name[0] == '#' ? GET_PATH : type_is_integer(c->arg_types[1]) ? GET_INDEX : GET_KEY;
	for (uint32_t i = 1; i < c->arg_count; i++) {
		const struct type *t = c->arg_types[i];
		if (g->how == GET_PATH && !pg_json_untyped(t) && t->id != TYPE_ARRAY)
			return call_bad_type(env, c, i);
		if (g->how != GET_PATH && g->how != GET_INDEX && !pg_json_untyped(t) && !type_is_string(t))
			return call_bad_type(env, c, i);
		c->arg_types[i] = g->how == GET_PATH ? type_array(env->arena, type_nullable(env->arena, text))
		                  : g->how == GET_INDEX ? type_simple(TYPE_INT64) : text;
	}
	c->state = g;
	c->result = type_nullable(env->arena, g->text ? text : pg_json_type(env->arena, c->arg_types[0]->face == FACE_JSONB));
	return OK;
}

/* ---- containment ---- */

static bool same_scalar(struct str a, struct str b)
{
	if (str_eq(a, b) || json_kind(a) != '0' || json_kind(b) != '0')
		return str_eq(a, b);
	struct numeric x, y;
	numeric_init(&x);
	numeric_init(&y);
	bool same = numeric_parse(&x, a, NULL) == OK && numeric_parse(&y, b, NULL) == OK && numeric_compare(&x, &y) == 0;
	numeric_fini(&x);
	numeric_fini(&y);
	return same;
}

static bool contains(struct str a, struct str b, bool top, struct strbuf *scratch)
{
	struct json_walk w, x;
	struct str found;
	char ka = json_kind(a), kb = json_kind(b);
	if (ka == '{' && kb == '{' && json_walk_begin(&w, b)) {
		while (json_walk_next(&w)) {
			struct strbuf key;
			strbuf_init(&key, NULL);
			bool there = json_decode(w.key, &key) && pg_json_member(a, strbuf_str(&key), scratch, &found);
			strbuf_fini(&key);
			if (!there || !contains(found, w.value, false, scratch))
				return false;
		}
		return true;
	}
	bool wrap = top && ka == '[' && kb != '[' && kb != '{';
	if (ka == '[' && (kb == '[' || wrap) && (wrap || json_walk_begin(&w, b))) {
		while (wrap || json_walk_next(&w)) {
			struct str wanted = wrap ? b : w.value;
			bool there = false;
			if (json_walk_begin(&x, a))
				while (!there && json_walk_next(&x))
					there = contains(x.value, wanted, false, scratch);
			if (!there || wrap)
				return there;
		}
		return true;
	}
	return ka == kb && ka != '{' && ka != '[' && same_scalar(a, b);
}

/* jsonb ? text: a member's name, a string among the elements, the string itself. */
static bool has_key(struct str value, struct str key, struct strbuf *scratch)
{
	struct json_walk w;
	struct str ignored;
	char kind = json_kind(value);
	if (kind == '{')
		return pg_json_member(value, key, scratch, &ignored);
	if (kind == '"')
		return json_key_is(value, key, false, scratch);
	if (kind != '[' || !json_walk_begin(&w, value))
		return false;
	while (json_walk_next(&w))
		if (json_kind(w.value) == '"' && json_key_is(w.value, key, false, scratch))
			return true;
	return false;
}

static bool has_keys(struct str value, const struct vector *keys, uint32_t row, bool all, struct strbuf *scratch)
{
	const struct vector *list;
	uint32_t r = vector_index(keys, row, &list);
	const uint32_t *at = list->data;
	for (uint32_t k = at[r]; k < at[r + 1]; k++) {
		const struct vector *in;
		uint32_t s = vector_index(list->children[0], k, &in);
		if (in->nulls != NULL && bit_get(in->nulls, s))
			continue;
		if (has_key(value, strview_str((const struct strview *)in->data + s), scratch) != all)
			return !all;
	}
	return all;
}

static enum status exec_test(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const char *name = c->function->name;
	bool swap = named(c, "<@");
	struct strbuf scratch;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	strbuf_init(&scratch, e->track);
	for (uint32_t i = 0; i < count; i++) {
		struct str a = pg_json_at(args[swap], i), b;
		bool hold;
		if (name[0] == '?' && name[1] != '\0')
			hold = has_keys(a, args[1], i, name[1] == '&', &scratch);
		else if ((b = pg_json_at(args[!swap], i)).data != NULL && name[0] == '?')
			hold = has_key(a, b, &scratch);
		else
			hold = contains(a, b, true, &scratch);
		((uint8_t *)v->data)[i] = hold;
	}
	strbuf_fini(&scratch);
	*out = v;
	return OK;
}

static enum status bind_test(struct bind_env *env, struct call *c)
{
	const char *name = c->function->name;
	const struct type *text = type_simple(TYPE_STRING);
	if (name[0] != '?') {
		if (!pg_json_is(c->arg_types[0]) && !pg_json_is(c->arg_types[1]))
			return call_bad_type(env, c, 0);
		TRY(pg_json_argument(env, c, 0, true));
		return pg_json_argument(env, c, 1, true);
	}
	if (!pg_json_is(c->arg_types[0]) || c->arg_types[0]->face != FACE_JSONB)
		return call_bad_type(env, c, 0);
	bool list = name[1] != '\0';
	const struct type *t = c->arg_types[1];
	if (!pg_json_untyped(t) && (list ? t->id != TYPE_ARRAY : !type_is_string(t)))
		return call_bad_type(env, c, 1);
	c->arg_types[1] = list ? type_array(env->arena, type_nullable(env->arena, text)) : text;
	return OK;
}

/* ---- what a value is ---- */

static enum status exec_typeof(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	struct strings o;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		struct str value;
		char kind = json_document(pg_json_at(args[0], i), &value) ? json_kind(value) : '\0';
		strbuf_putz(&o.text, kind == '{' ? "object" : kind == '[' ? "array" : kind == '"' ? "string" : kind == 'n' ? "null"
		            : kind == 'b' ? "boolean" : "number");
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

static enum status exec_length(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		struct str value;
		char kind = json_document(pg_json_at(args[0], i), &value) ? json_kind(value) : '\0';
		if (kind != '[' && !eval_skips(e, i)) {
			vector_unref(v);
			return ERR(e->err, E_INVALID_PARAMETER_VALUE, "cannot get array length of a %s",
			           kind == '{' ? "non-array" : "scalar");
		}
		((int32_t *)v->data)[i] = kind == '[' ? (int32_t)json_length(value) : 0;
	}
	*out = v;
	return OK;
}

static enum status bind_first(struct bind_env *env, struct call *c)
{
	return pg_json_argument(env, c, 0, pg_json_binary(c));
}

#define GET(row_name, text, sample, answer) \
	FUNCTION_ROW(row_name, NULL, FUNCTION_PG, "**", NULL, bind_get, exec_get, text, sample, answer)
#define TEST(row_name, text, sample, answer) \
	FUNCTION_ROW(row_name, NULL, FUNCTION_PG, "**", "Bool", bind_test, exec_test, text, sample, answer)
#define STEPS(row_name, text) \
	FUNCTION_ROW(row_name, NULL, FUNCTION_PG, "**&", NULL, bind_get, exec_get, text, \
	             row_name "('{\"a\":{\"b\":1}}', 'a', 'b')", "1")
#define FIRST(row_name, result, row_exec, text, sample, answer) \
	FUNCTION_ROW(row_name, NULL, FUNCTION_PG, "*", result, bind_first, row_exec, text, sample, answer)

static const struct function rows[] = {
	GET("->", "A member or an element.", "'{\"a\": {\"b\": 1}}'::json -> 'a'", "{\"b\": 1}"),
	GET("->>", "A member or an element as text.", "'{\"a\": \"x\"}'::json ->> 'a'", "x"),
	GET("#>", "What is at the end of a path.", "'{\"a\": {\"b\": [1, 2]}}'::json #> '{a,b,1}'", "2"),
	GET("#>>", "What is at the end of a path, as text.", "'{\"a\": {\"b\": \"x\"}}'::json #>> '{a,b}'", "x"),
	STEPS("json_extract_path", "What is at the end of a path."),
	STEPS("jsonb_extract_path", "What is at the end of a path."),
	STEPS("json_extract_path_text", "What is at the end of a path, as text."),
	STEPS("jsonb_extract_path_text", "What is at the end of a path, as text."),
	TEST("@>", "Whether it contains another jsonb.", "'{\"a\":1, \"b\":2}'::jsonb @> '{\"b\":2}'::jsonb", "t"),
	TEST("<@", "Whether another jsonb contains it.", "'{\"b\":2}'::jsonb <@ '{\"a\":1, \"b\":2}'::jsonb", "t"),
	TEST("?", "Whether it has a key or a string.", "'[\"a\", \"b\"]'::jsonb ? 'b'", "t"),
	TEST("?|", "Whether it has any of these keys.", "'{\"a\":1}'::jsonb ?| ARRAY['b', 'a']", "t"),
	TEST("?&", "Whether it has all of these keys.", "'[\"a\", \"b\"]'::jsonb ?& ARRAY['a', 'b']", "t"),
	FIRST("json_typeof", "String", exec_typeof, "What a value is.", "json_typeof('-123.4')", "number"),
	FIRST("jsonb_typeof", "String", exec_typeof, "What a value is.", "jsonb_typeof('null')", "null"),
	FIRST("json_array_length", "Int32", exec_length, "The number of elements.", "json_array_length('[1,2,{},5]')", "4"),
	FIRST("jsonb_array_length", "Int32", exec_length, "The number of elements.", "jsonb_array_length('[]')", "0"),
};

FUNCTION_FAMILY(pg_json, "PostgreSQL: json");

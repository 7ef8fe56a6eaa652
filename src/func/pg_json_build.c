// SPDX-License-Identifier: Apache-2.0
/* json made of values: to_json(), json_build_object(), json_build_array(), row_to_json(), json_object(). */
#include <assert.h>

#include "column/json_text.h"
#include "func/array_impl.h"
#include "func/pg_json_impl.h"

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

static bool is_null_at(const struct vector *v, uint32_t row)
{
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at);
	return at->type->id == TYPE_NOTHING || (at->nulls != NULL && bit_get(at->nulls, i));
}

static void put_quoted(struct strbuf *to, const struct vector *v, uint32_t row, struct eval *e)
{
	struct strbuf text;
	strbuf_init(&text, NULL);
	value_write(&text, v, row, VALUE_PG, e->session->text != NULL ? e->session->text : &value_options_default);
	json_write_string(to, strbuf_str(&text), false);
	strbuf_fini(&text);
}

/* ISO 8601: a T between date and time, minutes in the offset. */
static void put_moment(struct strbuf *to, const struct vector *v, uint32_t row, struct eval *e)
{
	struct strbuf text;
	strbuf_init(&text, NULL);
	value_write(&text, v, row, VALUE_PG, e->session->text != NULL ? e->session->text : &value_options_default);
	ptrdiff_t blank = str_find_char(strbuf_str(&text), ' ');
	if (blank > 0 && !text.failed)
		text.data[blank] = 'T';
	bool zoned = type_face(v->type) == FACE_TIMESTAMPTZ && text.size > 3 &&
		(text.data[text.size - 3] == '+' || text.data[text.size - 3] == '-');
	if (zoned)
		strbuf_putz(&text, ":00");
	json_write_string(to, strbuf_str(&text), false);
	strbuf_fini(&text);
}

static void put_array(struct strbuf *to, const struct vector *v, uint32_t row, struct eval *e)
{
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at);
	const uint32_t *offsets = at->data;
	strbuf_putc(to, '[');
	for (uint32_t k = offsets[i]; k < offsets[i + 1]; k++) {
		if (k != offsets[i])
			strbuf_putc(to, ',');
		pg_json_put(to, at->children[0], k, e);
	}
	strbuf_putc(to, ']');
}

static void put_object(struct strbuf *to, const struct vector *v, uint32_t row, struct eval *e)
{
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at);
	const uint32_t *offsets = at->data;
	strbuf_putc(to, '{');
	for (uint32_t k = offsets[i]; k < offsets[i + 1]; k++) {
		if (k != offsets[i])
			strbuf_putc(to, ',');
		put_quoted(to, at->children[0], k, e);
		strbuf_putc(to, ':');
		pg_json_put(to, at->children[1], k, e);
	}
	strbuf_putc(to, '}');
}

static void put_record(struct strbuf *to, const struct vector *v, uint32_t row, struct eval *e)
{
	const struct vector *at;
	uint32_t i = vector_index(v, row, &at);
	const struct type *t = at->type;
	strbuf_putc(to, '{');
	for (uint32_t k = 0; k < t->child_count; k++) {
		if (k != 0)
			strbuf_putc(to, ',');
		if (t->names != NULL)
			json_write_string(to, t->names[k], false);
		else
			strbuf_printf(to, "\"f%u\"", k + 1);
		strbuf_putc(to, ':');
		pg_json_put(to, at->children[k], i, e);
	}
	strbuf_putc(to, '}');
}

void pg_json_put(struct strbuf *to, const struct vector *v, uint32_t row, struct eval *e)
{
	const struct type *t = v->type;
	if (is_null_at(v, row)) {
		strbuf_putz(to, "null");
		return;
	}
	if (pg_json_is(t)) {
		const struct vector *at;
		uint32_t i = vector_index(v, row, &at);
		strbuf_puts(to, strview_str((const struct strview *)at->data + i));
	} else if (t->id == TYPE_ARRAY) {
		put_array(to, v, row, e);
	} else if (t->id == TYPE_MAP) {
		put_object(to, v, row, e);
	} else if (t->id == TYPE_TUPLE) {
		put_record(to, v, row, e);
	} else if (type_is_temporal(t)) {
		put_moment(to, v, row, e);
	} else if (type_is_number(t)) {
		size_t from = to->size;
		if (t->id == TYPE_BOOL) {
			const struct vector *at;
			uint32_t i = vector_index(v, row, &at);
			strbuf_putz(to, ((const uint8_t *)at->data)[i] ? "true" : "false");
			return;
		}
		value_write(to, v, row, VALUE_PG, e->session->text != NULL ? e->session->text : &value_options_default);
		char last = to->size > from ? to->data[to->size - 1] : '0';
		if (last >= '0' && last <= '9')
			return;
		to->size = from; /* NaN, Infinity */
		put_quoted(to, v, row, e);
	} else {
		put_quoted(to, v, row, e);
	}
}

enum status pg_json_finish(const struct call *c, struct strbuf *to, const struct strbuf *made, struct error *err)
{
	TRY(strbuf_status(made, err));
	if (c->result->face == FACE_JSONB)
		return jsonb_normalize(strbuf_str(made), to, err);
	strbuf_puts(to, strbuf_str(made));
	return OK;
}

/* Runs a maker of one row's JSON over all rows. */
typedef enum status (*make_fn)(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                               struct strbuf *made);

static enum status each_row(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            make_fn make, struct vector **out)
{
	struct strings o;
	struct strbuf made;
	enum status s = OK;
	strings_begin(&o, e, count);
	strbuf_init(&made, e->track);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		strbuf_clear(&made);
		if (!eval_skips(e, i)) {
			s = make(c, e, args, i, &made);
			if (s == OK)
				s = pg_json_finish(c, &o.text, &made, e->err);
		}
		strings_end(&o, i);
	}
	strbuf_fini(&made);
	if (s != OK) {
		strbuf_fini(&o.text);
		return s;
	}
	return strings_finish(&o, c, e, count, out);
}

static enum status value_row(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                             struct strbuf *made)
{
	pg_json_put(made, args[0], i, e);
	return OK;
}

static enum status exec_value(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	return each_row(c, e, args, count, value_row, out);
}

static enum status bind_value(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	if (pg_json_untyped(t) && !named(c, "row_to_json"))
		return ERR(env->err, E_UNDETERMINED_TYPE, "could not determine polymorphic type because input has type unknown");
	if (named(c, "array_to_json") && t->id != TYPE_ARRAY)
		return call_bad_type(env, c, 0);
	if (named(c, "row_to_json") && t->id != TYPE_TUPLE)
		return call_bad_type(env, c, 0);
	c->result = pg_json_type(env->arena, pg_json_binary(c));
	return OK;
}

/* ---- json_build_object, json_build_array ---- */

static enum status build_row(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                             struct strbuf *made)
{
	bool object = strstr(c->function->name, "object") != NULL;
	if (object && c->arg_count % 2 != 0) {
		ERR(e->err, E_INVALID_PARAMETER_VALUE, "argument list must have even number of elements");
		return error_hint(e->err, "The arguments of %s() must consist of alternating keys and values.", c->function->name);
	}
	strbuf_putc(made, object ? '{' : '[');
	for (uint32_t k = 0; k < c->arg_count; k++) {
		if (object && k % 2 == 0) {
			if (is_null_at(args[k], i))
				return ERR(e->err, E_INVALID_PARAMETER_VALUE, pg_json_binary(c) ? "argument %u: key must not be null"
				           : "argument %u cannot be null", k + 1);
			if (k != 0)
				strbuf_putz(made, ", ");
			put_quoted(made, args[k], i, e);
			strbuf_putz(made, " : ");
			continue;
		}
		if (!object && k != 0)
			strbuf_putz(made, ", ");
		pg_json_put(made, args[k], i, e);
	}
	strbuf_putc(made, object ? '}' : ']');
	return OK;
}

static enum status exec_build(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	return each_row(c, e, args, count, build_row, out);
}

static enum status bind_build(struct bind_env *env, struct call *c)
{
	c->result = pg_json_type(env->arena, pg_json_binary(c));
	for (uint32_t i = 0; i < c->arg_count; i++)
		if (pg_json_untyped(c->arg_types[i]))
			c->arg_types[i] = type_nullable(env->arena, type_simple(TYPE_STRING));
	return OK;
}

/* ---- json_object of text arrays ---- */

static enum status put_pair(struct strbuf *made, const struct vector *keys, uint32_t k, const struct vector *values,
                            uint32_t v, struct eval *e)
{
	if (is_null_at(keys, k))
		return ERR(e->err, E_NULL_VALUE, "null value not allowed for object key");
	if (made->size > 1)
		strbuf_putz(made, ", ");
	put_quoted(made, keys, k, e);
	strbuf_putz(made, " : ");
	if (is_null_at(values, v))
		strbuf_putz(made, "null");
	else
		put_quoted(made, values, v, e);
	return OK;
}

static enum status object_row(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                              struct strbuf *made)
{
	const struct vector *keys, *values;
	uint32_t r = vector_index(args[0], i, &keys), q = r;
	const uint32_t *at = keys->data;
	uint32_t n = at[r + 1] - at[r];
	strbuf_putc(made, '{');
	if (c->arg_count == 1) {
		if (n % 2 != 0)
			return ERR(e->err, E_SIZES_OF_ARRAYS, "array must have even number of elements");
		for (uint32_t k = 0; k < n; k += 2)
			TRY(put_pair(made, keys->children[0], at[r] + k, keys->children[0], at[r] + k + 1, e));
	} else {
		q = vector_index(args[1], i, &values);
		const uint32_t *to = values->data;
		if (to[q + 1] - to[q] != n)
			return ERR(e->err, E_SIZES_OF_ARRAYS, "mismatched array dimensions");
		for (uint32_t k = 0; k < n; k++)
			TRY(put_pair(made, keys->children[0], at[r] + k, values->children[0], to[q] + k, e));
	}
	strbuf_putc(made, '}');
	return OK;
}

static enum status exec_object(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	return each_row(c, e, args, count, object_row, out);
}

static enum status bind_object(struct bind_env *env, struct call *c)
{
	for (uint32_t i = 0; i < c->arg_count; i++) {
		if (!pg_json_untyped(c->arg_types[i]) && c->arg_types[i]->id != TYPE_ARRAY)
			return call_bad_type(env, c, i);
		c->arg_types[i] = type_array(env->arena, type_nullable(env->arena, type_simple(TYPE_STRING)));
	}
	c->result = pg_json_type(env->arena, pg_json_binary(c));
	return OK;
}

#define VALUE(row_name, text, sample, answer) \
	FUNCTION_ROW(row_name, NULL, FUNCTION_PG, "*", NULL, bind_value, exec_value, text, sample, answer)
#define BUILD(row_name, text, sample, answer) \
	{.name = row_name, .flags = FUNCTION_PG | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM, .args = "*&", \
	 .bind = bind_build, .exec = exec_build, .description = text, .example = sample, .example_result = answer}
#define OBJECT(row_name, sample, answer) \
	FUNCTION_ROW(row_name, NULL, FUNCTION_PG, "**?", NULL, bind_object, exec_object, \
	             "An object of an array of keys and values, or of two arrays.", sample, answer)

static const struct function rows[] = {
	VALUE("to_json", "A value as json.", "to_json('a\"b'::text)", "\"a\\\"b\""),
	VALUE("to_jsonb", "A value as jsonb.", "to_jsonb(ARRAY[1, 2])", "[1, 2]"),
	VALUE("array_to_json", "An array as json.", "array_to_json(ARRAY[1, 2])", "[1,2]"),
	VALUE("row_to_json", "A row as json.", "row_to_json(ROW(1, 'foo'))", "{\"f1\":1,\"f2\":\"foo\"}"),
	BUILD("json_build_object", "An object of keys and values.", "json_build_object('foo', 1, 'bar', 2)",
	      "{\"foo\" : 1, \"bar\" : 2}"),
	BUILD("jsonb_build_object", "An object of keys and values.", "jsonb_build_object('foo', 1, 'bar', 2)",
	      "{\"bar\": 2, \"foo\": 1}"),
	BUILD("json_build_array", "An array of values.", "json_build_array(1, 2, 'foo', 4, 5)", "[1, 2, \"foo\", 4, 5]"),
	BUILD("jsonb_build_array", "An array of values.", "jsonb_build_array(1, 2, 'foo')", "[1, 2, \"foo\"]"),
	OBJECT("json_object", "json_object('{a, 1, b, def}')", "{\"a\" : \"1\", \"b\" : \"def\"}"),
	OBJECT("jsonb_object", "jsonb_object('{a,b}', '{1,2}')", "{\"a\": \"1\", \"b\": \"2\"}"),
};

FUNCTION_FAMILY(pg_json_build, "PostgreSQL: json from values");

// SPDX-License-Identifier: Apache-2.0
/* jsonb changed: ||, -, #-, jsonb_set(), jsonb_insert(), strip_nulls, jsonb_pretty(). */
#include <assert.h>

#include "func/array_impl.h"
#include "func/pg_json_impl.h"

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

/* ---- paths ---- */

enum edit { EDIT_SET, EDIT_INSERT, EDIT_DELETE };
struct editing {
	enum edit what;
	bool create, after;          /* a missing last step is added; an element goes behind the place */
	const struct vector *steps;  /* elements of the path */
	uint32_t from, count;
	struct str value;
	struct strbuf *scratch;
	struct error *err;
};

static struct str step_at(const struct editing *x, uint32_t depth)
{
	const struct vector *in;
	uint32_t s = vector_index(x->steps, x->from + depth, &in);
	return strview_str((const struct strview *)in->data + s);
}

static enum status edit_value(const struct editing *x, struct str value, uint32_t depth, struct strbuf *to);

static void comma(struct strbuf *to, bool *first)
{
	if (!*first)
		strbuf_putc(to, ',');
	*first = false;
}

static enum status edit_object(const struct editing *x, struct str value, uint32_t depth, struct strbuf *to)
{
	struct json_walk w;
	struct str step = step_at(x, depth);
	bool last = depth + 1 == x->count, found = false, first = true;
	strbuf_putc(to, '{');
	for (json_walk_begin(&w, value); json_walk_next(&w);) {
		bool here = json_key_is(w.key, step, false, x->scratch);
		found |= here;
		if (here && last && x->what == EDIT_INSERT) {
			ERR(x->err, E_INVALID_PARAMETER_VALUE, "cannot replace existing key");
			return error_hint(x->err, "Try using the function jsonb_set to replace key value.");
		}
		if (here && last && x->what == EDIT_DELETE)
			continue;
		comma(to, &first);
		strbuf_puts(to, w.key);
		strbuf_putc(to, ':');
		if (!here)
			strbuf_puts(to, w.value);
		else if (last)
			strbuf_puts(to, x->value);
		else
			TRY(edit_value(x, w.value, depth + 1, to));
	}
	if (!found && last && x->create && x->what != EDIT_DELETE) {
		comma(to, &first);
		json_write_string(to, step, false);
		strbuf_putc(to, ':');
		strbuf_puts(to, x->value);
	}
	strbuf_putc(to, '}');
	return OK;
}

static enum status edit_array(const struct editing *x, struct str value, uint32_t depth, struct strbuf *to)
{
	struct json_walk w;
	struct str step = step_at(x, depth);
	int64_t index, n = (int64_t)json_length(value), i = 0;
	bool last = depth + 1 == x->count, first = true;
	if (!str_to_i64(step, &index))
		return ERR(x->err, E_CANNOT_PARSE_TEXT, "path element at position %u is not an integer: \"%.*s\"", depth + 1,
		           STR_ARG(step));
	if (index < 0)
		index += n;
	bool front = index < 0, add = last && x->what != EDIT_DELETE && x->create;
	strbuf_putc(to, '[');
	if (add && front) {
		comma(to, &first);
		strbuf_puts(to, x->value);
	}
	for (json_walk_begin(&w, value); json_walk_next(&w); i++) {
		if (i != index || (!last && x->count == 0)) {
			comma(to, &first);
			strbuf_puts(to, w.value);
			continue;
		}
		if (!last) {
			comma(to, &first);
			TRY(edit_value(x, w.value, depth + 1, to));
			continue;
		}
		if (x->what == EDIT_INSERT && x->after) {
			comma(to, &first);
			strbuf_puts(to, w.value);
		}
		if (x->what != EDIT_DELETE) {
			comma(to, &first);
			strbuf_puts(to, x->value);
		}
		if (x->what == EDIT_INSERT && !x->after) {
			comma(to, &first);
			strbuf_puts(to, w.value);
		}
	}
	if (add && index >= n) {
		comma(to, &first);
		strbuf_puts(to, x->value);
	}
	strbuf_putc(to, ']');
	return OK;
}

static enum status edit_value(const struct editing *x, struct str value, uint32_t depth, struct strbuf *to)
{
	char kind = json_kind(value);
	if (kind == '{')
		return edit_object(x, value, depth, to);
	if (kind == '[')
		return edit_array(x, value, depth, to);
	strbuf_puts(to, value);
	return OK;
}

static enum status edit_row(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                            struct strbuf *scratch, struct strbuf *made)
{
	const struct vector *path;
	uint32_t r = vector_index(args[1], i, &path);
	const uint32_t *at = path->data;
	struct editing x = {.steps = path->children[0], .from = at[r], .count = at[r + 1] - at[r], .scratch = scratch,
		.err = e->err, .create = true};
	struct str value;
	x.what = named(c, "jsonb_set") ? EDIT_SET : named(c, "jsonb_insert") ? EDIT_INSERT : EDIT_DELETE;
	if (c->arg_count > 2)
		x.value = pg_json_at(args[2], i);
	bool option = c->arg_count > 3 && ((const uint8_t *)args[3]->data)[args[3]->form == VECTOR_CONST ? 0 : i];
	if (c->arg_count > 3 && x.what == EDIT_SET)
		x.create = option;
	x.after = option;
	for (uint32_t k = 0; k < x.count; k++)
		if (vector_is_null(x.steps, x.from + k))
			return ERR(e->err, E_NULL_VALUE, "path element at position %u is null", k + 1);
	if (!json_document(pg_json_at(args[0], i), &value))
		return ERR(e->err, E_CANNOT_PARSE_TEXT, "invalid input syntax for type %s", "json");
	char kind = json_kind(value);
	if (kind != '{' && kind != '[')
		return ERR(e->err, E_INVALID_PARAMETER_VALUE, "cannot %s path in scalar", x.what == EDIT_DELETE ? "delete" : "set");
	if (x.count != 0)
		return edit_value(&x, value, 0, made);
	strbuf_puts(made, value);
	return OK;
}

/* ---- || and - ---- */

/* The elements of an array without brackets, anything else as it is. */
static struct str inside(struct str v)
{
	if (json_kind(v) != '[' && json_kind(v) != '{')
		return v;
	return str_trim(str_make(v.data + 1, v.size - 2));
}

static enum status concat_row(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                              struct strbuf *scratch, struct strbuf *made)
{
	struct str a = pg_json_at(args[0], i), b = pg_json_at(args[1], i);
	bool objects = json_kind(a) == '{' && json_kind(b) == '{';
	struct str x = objects || json_kind(a) == '[' ? inside(a) : a, y = objects || json_kind(b) == '[' ? inside(b) : b;
	strbuf_putc(made, objects ? '{' : '[');
	strbuf_puts(made, x);
	if (x.size != 0 && y.size != 0)
		strbuf_putc(made, ',');
	strbuf_puts(made, y);
	strbuf_putc(made, objects ? '}' : ']');
	return OK;
}

static bool is_unwanted(const struct json_walk *w, const struct vector *keys, uint32_t i, struct strbuf *scratch)
{
	struct str name = w->object ? w->key : w->value;
	if (json_kind(name) != '"')
		return false;
	if (keys->type->id != TYPE_ARRAY)
		return json_key_is(name, pg_json_at(keys, i), false, scratch);
	const struct vector *list;
	uint32_t r = vector_index(keys, i, &list);
	const uint32_t *at = list->data;
	for (uint32_t k = at[r]; k < at[r + 1]; k++) {
		const struct vector *in;
		uint32_t s = vector_index(list->children[0], k, &in);
		bool null = in->nulls != NULL && bit_get(in->nulls, s);
		if (!null && json_key_is(name, strview_str((const struct strview *)in->data + s), false, scratch))
			return true;
	}
	return false;
}

static enum status minus_row(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                             struct strbuf *scratch, struct strbuf *made)
{
	struct str value = pg_json_at(args[0], i);
	struct json_walk w;
	bool number = args[1]->type->id == TYPE_INT64, first = true;
	char kind = json_kind(value);
	int64_t index = 0, at = 0;
	if (kind != '{' && kind != '[')
		return ERR(e->err, E_INVALID_PARAMETER_VALUE, "cannot delete from scalar");
	if (number && kind == '{')
		return ERR(e->err, E_INVALID_PARAMETER_VALUE, "cannot delete from object using integer index");
	if (number) {
		struct i64_arg a = i64_arg(args[1]);
		index = i64_arg_at(&a, i);
		index += index < 0 ? (int64_t)json_length(value) : 0;
	}
	strbuf_putc(made, kind);
	for (json_walk_begin(&w, value); json_walk_next(&w); at++) {
		if (number ? at == index : is_unwanted(&w, args[1], i, scratch))
			continue;
		comma(made, &first);
		if (w.object) {
			strbuf_puts(made, w.key);
			strbuf_putc(made, ':');
		}
		strbuf_puts(made, w.value);
	}
	strbuf_putc(made, kind == '{' ? '}' : ']');
	return OK;
}

/* ---- strip_nulls and pretty ---- */

static void strip(struct str value, struct strbuf *to)
{
	struct json_walk w;
	bool first = true;
	char kind = json_kind(value);
	if (kind != '{' && kind != '[') {
		strbuf_puts(to, value);
		return;
	}
	strbuf_putc(to, kind);
	for (json_walk_begin(&w, value); json_walk_next(&w);) {
		if (w.object && json_kind(w.value) == 'n')
			continue;
		comma(to, &first);
		if (w.object) {
			strbuf_puts(to, w.key);
			strbuf_putc(to, ':');
		}
		strip(w.value, to);
	}
	strbuf_putc(to, kind == '{' ? '}' : ']');
}

static void indent(struct strbuf *to, unsigned depth)
{
	strbuf_putc(to, '\n');
	for (unsigned i = 0; i < depth; i++)
		strbuf_putz(to, "    ");
}

static void pretty(struct str value, unsigned depth, struct strbuf *to)
{
	struct json_walk w;
	bool first = true;
	char kind = json_kind(value);
	if (kind != '{' && kind != '[') {
		strbuf_puts(to, value);
		return;
	}
	strbuf_putc(to, kind);
	for (json_walk_begin(&w, value); json_walk_next(&w);) {
		comma(to, &first);
		indent(to, depth + 1);
		if (w.object) {
			strbuf_puts(to, w.key);
			strbuf_putz(to, ": ");
		}
		pretty(w.value, depth + 1, to);
	}
	indent(to, depth);
	strbuf_putc(to, kind == '{' ? '}' : ']');
}

static enum status shape_row(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                             struct strbuf *scratch, struct strbuf *made)
{
	struct str value;
	if (!json_document(pg_json_at(args[0], i), &value))
		return ERR(e->err, E_CANNOT_PARSE_TEXT, "invalid input syntax for type %s", "json");
	if (named(c, "jsonb_pretty"))
		pretty(value, 0, made);
	else
		strip(value, made);
	return OK;
}

/* ---- all of them ---- */

static enum status exec_change(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	const char *name = c->function->name;
	bool shape = strstr(name, "strip") != NULL || strstr(name, "pretty") != NULL;
	struct strings o;
	struct strbuf scratch, made;
	enum status s = OK;
	strings_begin(&o, e, count);
	strbuf_init(&scratch, e->track);
	strbuf_init(&made, e->track);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		strbuf_clear(&made);
		if (!eval_skips(e, i)) {
			s = (shape ? shape_row : named(c, "||") ? concat_row : named(c, "minus") ? minus_row : edit_row)
				(c, e, args, i, &scratch, &made);
			if (s == OK)
				s = pg_json_finish(c, &o.text, &made, e->err);
		}
		strings_end(&o, i);
	}
	strbuf_fini(&made);
	strbuf_fini(&scratch);
	if (s != OK) {
		strbuf_fini(&o.text);
		return s;
	}
	return strings_finish(&o, c, e, count, out);
}

static enum status bind_change(struct bind_env *env, struct call *c)
{
	const char *name = c->function->name;
	const struct type *text = type_simple(TYPE_STRING), *path = type_array(env->arena, type_nullable(env->arena, text));
	bool shape = c->arg_count == 1, binary = !shape || strncmp(name, "jsonb", 5) == 0;
	c->result = named(c, "jsonb_pretty") ? text : pg_json_type(env->arena, binary);
	if (shape)
		return pg_json_argument(env, c, 0, binary);
	bool left = pg_json_is(c->arg_types[0]) && c->arg_types[0]->face == FACE_JSONB;
	bool right = pg_json_is(c->arg_types[1]) && c->arg_types[1]->face == FACE_JSONB;
	if (named(c, "||")) {
		if (!left && !right)
			return call_bad_type(env, c, 0);
		TRY(pg_json_argument(env, c, 0, true));
		return pg_json_argument(env, c, 1, true);
	}
	if (!left && (named(c, "minus") || named(c, "#-")))
		return call_bad_type(env, c, 0);
	TRY(pg_json_argument(env, c, 0, true));
	const struct type *t = c->arg_types[1];
	if (named(c, "minus")) {
		bool list = t->id == TYPE_ARRAY, number = type_is_integer(t);
		if (!list && !number && !type_is_string(t) && !pg_json_untyped(t))
			return call_bad_type(env, c, 1);
		c->arg_types[1] = list ? path : number ? type_simple(TYPE_INT64) : text;
		return OK;
	}
	if (!pg_json_untyped(t) && t->id != TYPE_ARRAY)
		return call_bad_type(env, c, 1);
	c->arg_types[1] = path;
	if (c->arg_count > 2)
		TRY(pg_json_argument(env, c, 2, true));
	if (c->arg_count > 3)
		c->arg_types[3] = type_simple(TYPE_BOOL);
	return OK;
}

#define CHANGE(row_name, pattern, text, sample, answer) \
	FUNCTION_ROW(row_name, NULL, FUNCTION_PG, pattern, NULL, bind_change, exec_change, text, sample, answer)

static const struct function rows[] = {
	CHANGE("||", "**", "Two jsonb joined.", "'[\"a\"]'::jsonb || '[\"b\"]'::jsonb", "[\"a\", \"b\"]"),
	CHANGE("minus", "**", "Without a key or an element.", "'{\"a\": \"b\", \"c\": \"d\"}'::jsonb - 'a'::text",
	       "{\"c\": \"d\"}"),
	CHANGE("#-", "**", "Without what is at the end of a path.", "'[\"a\", {\"b\":1}]'::jsonb #- '{1,b}'", "[\"a\", {}]"),
	CHANGE("jsonb_set", "***B?", "With the end of a path replaced.", "jsonb_set('[{\"f1\":1},2]', '{0,f1}', '[2,3]')",
	       "[{\"f1\": [2, 3]}, 2]"),
	CHANGE("jsonb_insert", "***B?", "With a value put at the end of a path.",
	       "jsonb_insert('{\"a\": [0,1,2]}', '{a, 1}', '\"new\"')", "{\"a\": [0, \"new\", 1, 2]}"),
	CHANGE("json_strip_nulls", "*", "Without members that are null.", "json_strip_nulls('[{\"f1\":1, \"f2\":null}, 2]')",
	       "[{\"f1\":1},2]"),
	CHANGE("jsonb_strip_nulls", "*", "Without members that are null.", "jsonb_strip_nulls('[{\"f1\":1, \"f2\":null}, 2]')",
	       "[{\"f1\": 1}, 2]"),
	CHANGE("jsonb_pretty", "*", "With line breaks and indentation.", "length(jsonb_pretty('[{\"f1\":1}, 2]'))", "38"),
};

FUNCTION_FAMILY(pg_json_change, "PostgreSQL: jsonb changed");

// SPDX-License-Identifier: Apache-2.0
/* JSONExtract… and its kin: a path of keys and places, the default where nothing is there. */
#include <assert.h>

#include "base/fpconv.h"
#include "column/json_text.h"
#include "func/json_impl.h"

/* ---- paths ---- */

/* One argument of the path: a key or a place. */
struct step {
	bool is_key;
	struct str_arg key;
	struct i64_arg index;
};

struct path {
	struct step *steps;
	uint32_t count;
	bool nocase;
	struct strbuf scratch;
};

static void path_begin(struct path *p, const struct call *c, struct eval *e, const struct vector *const *args,
                       uint32_t first, uint32_t until)
{
	p->count = until > first ? until - first : 0;
	p->steps = ARENA_ARRAY(e->scratch, struct step, p->count + 1);
	p->nocase = str_find(str_of(c->function->name), STR("CaseInsensitive")) >= 0;
	strbuf_init(&p->scratch, e->track);
	for (uint32_t i = 0; i < p->count; i++) {
		const struct vector *v = args[first + i];
		p->steps[i].is_key = type_physical(v->type) == PHYS_STR;
		if (p->steps[i].is_key)
			p->steps[i].key = str_arg(v);
		else
			p->steps[i].index = i64_arg(v);
	}
}

/* The value at the path in row i; the last step's key, quoted, when it has one. */
static bool path_find(struct path *p, struct str text, uint32_t i, struct str *key, struct str *value)
{
	bool found;
	if (!json_document(text, value))
		return false;
	for (uint32_t k = 0; k < p->count; k++) {
		const struct step *s = &p->steps[k];
		if (s->is_key) {
			*value = json_find_key(*value, str_arg_at(&s->key, i), p->nocase, &p->scratch, &found);
			if (!found)
				return false;
		} else if (!json_find_index(*value, i64_arg_at(&s->index, i), key, value)) {
			return false;
		}
	}
	return true;
}

static enum status bind_path(struct bind_env *env, struct call *c, uint32_t until)
{
	const struct type *t = c->arg_types[0];
	if (!type_is_string(t))
		return call_bad_type(env, c, 0);
	for (uint32_t i = 1; i < until; i++) {
		if (type_is_string(c->arg_types[i]))
			continue;
		if (!type_is_integer(c->arg_types[i]))
			return call_bad_type(env, c, i);
		c->arg_types[i] = type_simple(TYPE_INT64);
	}
	return OK;
}

/* ---- numbers ---- */

/* Integers that fit exactly; fractions are cut. */
static bool to_i128(struct str v, i128 *out)
{
	double d;
	if (i128_parse(v, out))
		return true;
	if (fp_parse64(v, &d) != v.size || !(d > -1e38 && d < 1e38))
		return false;
	*out = (i128)d;
	return true;
}

/* The text of a number: the number itself, or a string that holds one. */
static bool number_text(struct str v, struct str *out)
{
	char k = json_kind(v);
	*out = v;
	if (k == '"')
		*out = str_make(v.data + 1, v.size - 2);
	return k == '0' || (k == '"' && out->size != 0);
}

enum scalar { SCALAR_INT, SCALAR_UINT, SCALAR_FLOAT, SCALAR_BOOL, SCALAR_HAS, SCALAR_LENGTH, SCALAR_TYPE,
             SCALAR_VALID };

static const struct {
	const char *name;
	enum scalar scalar;
} scalars[] = {
	{"JSONExtractInt", SCALAR_INT}, {"JSONExtractUInt", SCALAR_UINT}, {"JSONExtractFloat", SCALAR_FLOAT},
	{"JSONExtractBool", SCALAR_BOOL}, {"JSONHas", SCALAR_HAS}, {"JSONLength", SCALAR_LENGTH}, {"JSONType", SCALAR_TYPE},
	{"JSONExtractIntCaseInsensitive", SCALAR_INT}, {"JSONExtractUIntCaseInsensitive", SCALAR_UINT},
	{"JSONExtractFloatCaseInsensitive", SCALAR_FLOAT}, {"JSONExtractBoolCaseInsensitive", SCALAR_BOOL},
};

static int8_t type_code(struct str v)
{
	uint64_t u;
	int64_t s;
	switch (json_kind(v)) {
	case '{': return 123;
	case '[': return 91;
	case '"': return 34;
	case 'b': return 98;
	case '0': return str_to_i64(v, &s) ? 105 : str_to_u64(v, &u) ? 117 : 100;
	default: return 0;
	}
}

static void put_scalar(enum scalar what, struct vector *to, uint32_t i, struct str v)
{
	struct str number;
	i128 n = 0;
	double d = 0;
	switch (what) {
	case SCALAR_INT:
		if (number_text(v, &number) && to_i128(number, &n) && n >= INT64_MIN && n <= INT64_MAX)
			((int64_t *)to->data)[i] = (int64_t)n;
		return;
	case SCALAR_UINT:
		if (number_text(v, &number) && to_i128(number, &n) && n >= 0 && n <= UINT64_MAX)
			((uint64_t *)to->data)[i] = (uint64_t)n;
		return;
	case SCALAR_FLOAT:
		if (number_text(v, &number) && fp_parse64(number, &d) == number.size)
			((double *)to->data)[i] = d;
		return;
	case SCALAR_BOOL:
		((uint8_t *)to->data)[i] = str_eq(v, STR("true")) || (json_kind(v) == '0' && i128_parse(v, &n) && n != 0);
		return;
	case SCALAR_HAS:
		((uint8_t *)to->data)[i] = 1;
		return;
	case SCALAR_LENGTH:
		((uint64_t *)to->data)[i] = json_length(v);
		return;
	case SCALAR_TYPE:
		((int8_t *)to->data)[i] = type_code(v);
		return;
	case SCALAR_VALID:
		return;
	}
}

static enum status exec_scalar(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	const enum scalar *what = c->state;
	struct str_arg text = str_arg(args[0]);
	struct path p;
	struct str value;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	memset(v->data, 0, count * physical_size(type_physical(c->result)));
	path_begin(&p, c, e, args, 1, c->arg_count);
	for (uint32_t i = 0; i < count; i++)
		if (path_find(&p, str_arg_at(&text, i), i, NULL, &value))
			put_scalar(*what, v, i, value);
	strbuf_fini(&p.scratch);
	*out = v;
	return OK;
}

static enum status bind_scalar(struct bind_env *env, struct call *c)
{
	enum scalar *what = ARENA_NEW(env->arena, enum scalar);
	for (size_t i = 0; i < ARRAY_COUNT(scalars); i++)
		if (strcmp(scalars[i].name, c->function->name) == 0)
			*what = scalars[i].scalar;
	c->state = what;
	return bind_path(env, c, c->arg_count);
}

static enum status exec_valid(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	struct str_arg text = str_arg(args[0]);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++)
		((uint8_t *)v->data)[i] = json_check(str_arg_at(&text, i), NULL) == OK;
	*out = v;
	return OK;
}

/* ---- texts ---- */

static void put_string(struct strbuf *to, struct str value)
{
	size_t before = to->size;
	char k = json_kind(value);
	if (k == '"') {
		if (!json_decode(value, to))
			to->size = before;
	} else if (k != 'n' && k != '\0') {
		json_minify(value, to);
	}
}

enum text_kind { TEXT_STRING, TEXT_RAW, TEXT_KEY };

static enum status exec_string(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	struct str name = str_of(c->function->name);
	enum text_kind kind = str_starts_with(name, STR("JSONExtractRaw")) ? TEXT_RAW
	                      : str_eq(name, STR("JSONKey")) ? TEXT_KEY : TEXT_STRING;
	struct str_arg text = str_arg(args[0]);
	struct path p;
	struct strings o;
	path_begin(&p, c, e, args, 1, c->arg_count);
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		struct str value, key = STR("");
		if (path_find(&p, str_arg_at(&text, i), i, &key, &value)) {
			if (kind == TEXT_STRING)
				put_string(&o.text, value);
			else if (kind == TEXT_RAW)
				json_minify(value, &o.text);
			else if (key.size >= 2)
				put_string(&o.text, key);
		}
		strings_end(&o, i);
	}
	strbuf_fini(&p.scratch);
	return strings_finish(&o, c, e, count, out);
}

static enum status bind_string(struct bind_env *env, struct call *c)
{
	return bind_path(env, c, c->arg_count);
}

/* ---- any type ---- */

static enum status put_value(struct builder *b, struct str v, struct strbuf *scratch, struct error *err);

static enum status put_integer(struct builder *b, struct str v, struct error *err)
{
	struct str number;
	i128 n = 0;
	bool good = str_eq(v, STR("true")) || str_eq(v, STR("false"));
	if (good)
		n = v.data[0] == 't';
	else
		good = number_text(v, &number) && to_i128(number, &n);
	size_t bits = 8 * physical_size(b->physical);
	if (good && bits < 128) {
		i128 high = type_is_signed(b->type) ? ((i128)1 << (bits - 1)) - 1 : ((i128)1 << bits) - 1;
		good = n <= high && n >= (type_is_signed(b->type) ? -high - 1 : 0);
	}
	i256 wide = i256_from_i128(n);
	return good ? builder_fixed(b, &wide, err) : b->type->nullable ? builder_null(b, err) : builder_default(b, err);
}

/* Everything else is read as its text is: dates, UUIDs, decimals, enums, addresses. */
static enum status put_parsed(struct builder *b, struct str v, struct strbuf *scratch, struct error *err)
{
	struct error ignored;
	char k = json_kind(v);
	error_init(&ignored);
	strbuf_clear(scratch);
	if (k == '"')
		json_decode(v, scratch);
	else
		strbuf_puts(scratch, v);
	uint32_t before = b->count;
	enum status s = k == '{' || k == '[' || k == 'n' ? E_CANNOT_PARSE_TEXT
	                : value_parse(b, strbuf_str(scratch), VALUE_RAW, &value_options_default, &ignored);
	if (s == OK || s == E_MEMORY_LIMIT || s == E_CANNOT_ALLOCATE)
		return s;
	builder_truncate(b, before);
	return b->type->nullable ? builder_null(b, err) : builder_default(b, err);
}

static enum status put_tuple(struct builder *b, struct str v, struct strbuf *scratch, struct error *err)
{
	struct json_walk w;
	bool found, named = b->type->names != NULL, walks = json_walk_begin(&w, v);
	for (uint32_t k = 0; k < b->child_count; k++) {
		struct str value = STR("null");
		if (walks && w.object && named)
			value = json_find_key(v, b->type->names[k], false, scratch, &found);
		else if (walks && json_walk_next(&w))
			value = w.value;
		TRY(put_value(b->children[k], value.size == 0 ? STR("null") : value, scratch, err));
	}
	return builder_end_tuple(b, err);
}

static enum status put_value(struct builder *b, struct str v, struct strbuf *scratch, struct error *err)
{
	struct json_walk w;
	char k = json_kind(v);
	if (b->type->nullable && (k == 'n' || k == '\0'))
		return builder_null(b, err);
	switch (b->type->id) {
	case TYPE_STRING:
		strbuf_clear(scratch);
		put_string(scratch, v);
		return builder_string(b, scratch->data, scratch->size, err);
	case TYPE_BOOL: {
		double d = 0;
		uint8_t x = str_eq(v, STR("true")) || (k == '0' && fp_parse64(v, &d) != 0 && d != 0);
		return k == 'b' || k == '0' || !b->type->nullable ? builder_fixed(b, &x, err) : builder_null(b, err);
	}
	case TYPE_ARRAY:
		if (json_walk_begin(&w, v) && !w.object)
			while (json_walk_next(&w))
				TRY(put_value(b->children[0], w.value, scratch, err));
		return builder_end_array(b, err);
	case TYPE_MAP:
		if (json_walk_begin(&w, v) && w.object)
			while (json_walk_next(&w)) {
				TRY(put_value(b->children[0], w.key, scratch, err));
				TRY(put_value(b->children[1], w.value, scratch, err));
			}
		return builder_end_array(b, err);
	case TYPE_TUPLE:
		return put_tuple(b, v, scratch, err);
	default:
		if (type_is_integer(b->type))
			return put_integer(b, v, err);
		return put_parsed(b, v, scratch, err);
	}
}

static enum status exec_any(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	struct str_arg text = str_arg(args[0]);
	struct path p;
	struct strbuf scratch;
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	strbuf_init(&scratch, e->track);
	path_begin(&p, c, e, args, 1, c->arg_count - 1);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct str value;
		if (!path_find(&p, str_arg_at(&text, i), i, NULL, &value))
			s = b->type->nullable ? builder_null(b, e->err) : builder_default(b, e->err);
		else
			s = put_value(b, value, &scratch, e->err);
	}
	if (s == OK)
		s = strbuf_status(&scratch, e->err);
	if (s == OK)
		s = builder_finish(b, out, e->err);
	strbuf_fini(&p.scratch);
	strbuf_fini(&scratch);
	builder_free(b);
	return s;
}

static enum status bind_any(struct bind_env *env, struct call *c)
{
	struct str name;
	if (!call_const_str(c, c->arg_count - 1, &name))
		return call_bad_type(env, c, c->arg_count - 1);
	TRY(bind_path(env, c, c->arg_count - 1));
	return type_parse(env->arena, name, &c->result, env->err);
}

/* ---- lists of keys, values and both ---- */

enum list_kind { LIST_KEYS, LIST_RAW, LIST_PAIRS_RAW, LIST_PAIRS };

static enum status list_row(enum list_kind kind, struct builder *b, struct str value, struct strbuf *scratch,
                            struct error *err)
{
	struct json_walk w;
	struct builder *item = b->children[0];
	bool walks = json_walk_begin(&w, value) && w.object == (kind != LIST_RAW);
	while (walks && json_walk_next(&w)) {
		if (kind != LIST_RAW)
			TRY(put_value(kind == LIST_KEYS ? item : item->children[0], w.key, scratch, err));
		if (kind == LIST_RAW || kind == LIST_PAIRS_RAW) {
			strbuf_clear(scratch);
			json_minify(w.value, scratch);
			TRY(builder_string(kind == LIST_RAW ? item : item->children[1], scratch->data, scratch->size, err));
		} else if (kind == LIST_PAIRS) {
			TRY(put_value(item->children[1], w.value, scratch, err));
		}
		if (kind == LIST_PAIRS_RAW || kind == LIST_PAIRS)
			TRY(builder_end_tuple(item, err));
	}
	return builder_end_array(b, err);
}

static enum status exec_list(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const enum list_kind *kind = c->state;
	struct str_arg text = str_arg(args[0]);
	struct path p;
	struct strbuf scratch;
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	strbuf_init(&scratch, e->track);
	path_begin(&p, c, e, args, 1, c->arg_count - (*kind == LIST_PAIRS));
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct str value = STR("");
		if (!path_find(&p, str_arg_at(&text, i), i, NULL, &value))
			value = STR("");
		s = list_row(*kind, b, value, &scratch, e->err);
	}
	if (s == OK)
		s = builder_finish(b, out, e->err);
	strbuf_fini(&p.scratch);
	strbuf_fini(&scratch);
	builder_free(b);
	return s;
}

static enum status bind_list(struct bind_env *env, struct call *c)
{
	enum list_kind *kind = ARENA_NEW(env->arena, enum list_kind);
	struct str name = str_of(c->function->name), type;
	const struct type *pair[2] = {type_simple(TYPE_STRING), type_simple(TYPE_STRING)};
	*kind = str_starts_with(name, STR("JSONExtractArrayRaw")) ? LIST_RAW
	        : str_starts_with(name, STR("JSONExtractKeysAndValuesRaw")) ? LIST_PAIRS_RAW
	        : str_starts_with(name, STR("JSONExtractKeysAndValues")) ? LIST_PAIRS : LIST_KEYS;
	c->state = kind;
	if (*kind == LIST_PAIRS) {
		if (c->arg_count < 2 || !call_const_str(c, c->arg_count - 1, &type))
			return call_bad_type(env, c, c->arg_count - 1);
		TRY(type_parse(env->arena, type, &pair[1], env->err));
	}
	c->result = type_array(env->arena, *kind == LIST_KEYS ||
	                       *kind == LIST_RAW ? pair[0] : type_tuple(env->arena, pair, NULL, 2));
	return bind_path(env, c, c->arg_count - (*kind == LIST_PAIRS));
}

/* ---- simpleJSON…: the first "name": anywhere in the text ---- */

static bool simple_find(struct str text, struct str name, struct strbuf *scratch, struct str *value)
{
	struct searcher needle;
	strbuf_clear(scratch);
	strbuf_putc(scratch, '"');
	strbuf_puts(scratch, name);
	strbuf_putz(scratch, "\":");
	searcher_init(&needle, strbuf_str(scratch), false);
	const char *end = text.data + text.size, *p = searcher_find(&needle, text.data, end);
	if (p == NULL)
		return false;
	p = json_blanks(p + needle.needle.size, end);
	const char *q = json_skip(p, end);
	*value = str_make(p, (size_t)((q == NULL ? end : q) - p));
	return true;
}

static enum status exec_simple(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	struct str name = str_of(c->function->name), value;
	char what = str_ends_with(name, STR("Has")) ? 'h' : str_ends_with(name, STR("Bool")) ? 'b'
	            : str_ends_with(name, STR("Float")) ? 'f' : str_ends_with(name, STR("UInt")) ? 'u' : 'i';
	struct str_arg text = str_arg(args[0]), keys = str_arg(args[1]);
	struct strbuf scratch;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	strbuf_init(&scratch, e->track);
	memset(v->data, 0, count * physical_size(type_physical(c->result)));
	for (uint32_t i = 0; i < count; i++) {
		if (!simple_find(str_arg_at(&text, i), str_arg_at(&keys, i), &scratch, &value))
			continue;
		if (json_kind(value) == '"' && value.size >= 2)
			value = str_make(value.data + 1, value.size - 2);
		if (what == 'b')
			((uint8_t *)v->data)[i] = str_eq(value, STR("true"));
		else
			put_scalar(what == 'h' ? SCALAR_HAS : what == 'f' ? SCALAR_FLOAT : what == 'u' ? SCALAR_UINT : SCALAR_INT, v, i,
			           value);
	}
	strbuf_fini(&scratch);
	*out = v;
	return OK;
}

static enum status exec_simple_text(const struct call *c, struct eval *e, const struct vector *const *args,
                                    uint32_t count, struct vector **out)
{
	bool raw = str_ends_with(str_of(c->function->name), STR("Raw"));
	struct str_arg text = str_arg(args[0]), keys = str_arg(args[1]);
	struct strbuf scratch;
	struct strings o;
	strbuf_init(&scratch, e->track);
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		struct str value;
		if (simple_find(str_arg_at(&text, i), str_arg_at(&keys, i), &scratch, &value)) {
			if (raw)
				strbuf_puts(&o.text, value);
			else if (json_kind(value) == '"' && value.size >= 2)
				put_string(&o.text, value);
		}
		strings_end(&o, i);
	}
	strbuf_fini(&scratch);
	return strings_finish(&o, c, e, count, out);
}

/* ---- JSON_VALUE, JSON_QUERY, JSON_EXISTS: $.a.b[0]["c"] ---- */

static bool path_expression(struct str path, struct str *value, struct strbuf *scratch)
{
	size_t i = 1;
	bool found = true;
	if (path.size == 0 || path.data[0] != '$')
		return false;
	while (i < path.size && found) {
		size_t from = ++i, index = 0;
		if (path.data[from - 1] == '.') {
			while (i < path.size && path.data[i] != '.' && path.data[i] != '[')
				i++;
			struct str key = str_make(path.data + from, i - from);
			if (key.size >= 2 && key.data[0] == '"')
				key = str_make(key.data + 1, key.size - 2);
			*value = json_find_key(*value, key, false, scratch, &found);
		} else if (path.data[from - 1] == '[') {
			while (i < path.size && path.data[i] != ']')
				i++;
			if (i == path.size)
				return false;
			struct str inside = str_trim(str_make(path.data + from, i++ - from));
			if (inside.size >= 2 && (inside.data[0] == '"' || inside.data[0] == '\'')) {
				*value = json_find_key(*value, str_make(inside.data + 1, inside.size - 2), false, scratch, &found);
				continue;
			}
			if (str_eq(inside, STR("*")))
				inside = STR("0");
			for (size_t k = 0; k < inside.size; k++) {
				if (inside.data[k] < '0' || inside.data[k] > '9' || index > INT32_MAX)
					return false;
				index = index * 10 + (size_t)(inside.data[k] - '0');
			}
			found = value->size != 0 && value->data[0] == '[' && json_find_index(*value, (int64_t)index + 1, NULL, value);
		} else {
			return false;
		}
	}
	return found;
}

static enum status exec_sql_path(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	bool query = strcmp(c->function->name, "JSON_QUERY") == 0;
	struct str_arg text = str_arg(args[0]), paths = str_arg(args[1]);
	struct strbuf scratch;
	struct strings o;
	strbuf_init(&scratch, e->track);
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		struct str value;
		if (json_document(str_arg_at(&text, i), &value) && path_expression(str_arg_at(&paths, i), &value, &scratch)) {
			char k = json_kind(value);
			if (query) {
				strbuf_putc(&o.text, '[');
				json_minify(value, &o.text);
				strbuf_putc(&o.text, ']');
			} else if (k != '{' && k != '[') {
				put_string(&o.text, value);
			}
		}
		strings_end(&o, i);
	}
	strbuf_fini(&scratch);
	return strings_finish(&o, c, e, count, out);
}

static enum status exec_sql_exists(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	struct str_arg text = str_arg(args[0]), paths = str_arg(args[1]);
	struct strbuf scratch;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	strbuf_init(&scratch, e->track);
	for (uint32_t i = 0; i < count; i++) {
		struct str value;
		((uint8_t *)v->data)[i] = json_document(str_arg_at(&text, i), &value) &&
		                          path_expression(str_arg_at(&paths, i), &value, &scratch);
	}
	strbuf_fini(&scratch);
	*out = v;
	return OK;
}

/* ---- toJSONString ---- */

static enum status exec_to_json(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	struct value_options how = *e->session->text;
	struct strings o;
	struct vector *flat;
	if (how.tz == NULL)
		how.tz = e->session->tz;
	how.json_escape_slashes = true;
	how.json_named_tuples_as_objects = true;
	TRY(vector_flatten(e->track, args[0], &flat, e->err));
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		value_write(&o.text, flat, args[0]->form == VECTOR_CONST ? 0 : i, VALUE_JSON, &how);
		strings_end(&o, i);
	}
	vector_unref(flat);
	return strings_finish(&o, c, e, count, out);
}

#define SCALAR(name, type, text, sample, answer) \
	FUNCTION_ROW(name, NULL, FUNCTION_CH, "**&", type, bind_scalar, exec_scalar, text, sample, answer)
#define LIST(name, pattern, text, sample, answer) \
	FUNCTION_ROW(name, NULL, FUNCTION_CH, pattern, NULL, bind_list, exec_list, text, sample, answer)
#define SIMPLE(name, alias, type, exec, text, sample, answer) \
	FUNCTION_ROW("simpleJSON" name, "visitParam" name, FUNCTION_CH, "SS", type, NULL, exec, text, \
	             "simpleJSON" name "(" sample ")", answer)
#define JSON_TYPE "Enum8('Null' = 0, 'String' = 34, 'Array' = 91, 'Bool' = 98, 'Double' = 100, 'Int64' = 105, " \
	"'UInt64' = 117, 'Object' = 123)"

static const struct function rows[] = {
	FUNCTION_ROW("JSONExtractString", NULL, FUNCTION_CH, "**&", "String", bind_string, exec_string,
	             "The string at a path, other values as JSON.", "JSONExtractString('{\"a\":\"x\"}', 'a')", "x"),
	FUNCTION_ROW("JSONExtractStringCaseInsensitive", NULL, FUNCTION_CH, "**&", "String", bind_string, exec_string,
	             "JSONExtractString() that folds the case of keys.",
	             "JSONExtractStringCaseInsensitive('{\"A\":\"x\"}', 'a')", "x"),
	FUNCTION_ROW("JSONExtractRaw", NULL, FUNCTION_CH, "**&", "String", bind_string, exec_string,
	             "The JSON at a path.", "JSONExtractRaw('{\"a\": [1, 2]}', 'a')", "[1,2]"),
	FUNCTION_ROW("JSONExtractRawCaseInsensitive", NULL, FUNCTION_CH, "**&", "String", bind_string, exec_string,
	             "JSONExtractRaw() that folds the case of keys.", "JSONExtractRawCaseInsensitive('{\"A\": [1, 2]}', 'a')",
	             "[1,2]"),
	FUNCTION_ROW("JSONKey", NULL, FUNCTION_CH, "**&", "String", bind_string, exec_string,
	             "The key of a member by its place.", "JSONKey('{\"a\":1,\"b\":2}', 2)", "b"),
	SCALAR("JSONExtractInt", "Int64", "The integer at a path.", "JSONExtractInt('{\"a\":-5}', 'a')", "-5"),
	SCALAR("JSONExtractUInt", "UInt64", "The unsigned integer at a path.", "JSONExtractUInt('{\"a\":5}', 'a')", "5"),
	SCALAR("JSONExtractFloat", "Float64", "The number at a path.", "JSONExtractFloat('{\"a\":1.5}', 'a')", "1.5"),
	SCALAR("JSONExtractBool", "UInt8", "The truth value at a path.", "JSONExtractBool('{\"a\":true}', 'a')", "1"),
	SCALAR("JSONExtractIntCaseInsensitive", "Int64", "The integer at a path, keys in any case.",
	       "JSONExtractIntCaseInsensitive('{\"A\":-5}', 'a')", "-5"),
	SCALAR("JSONExtractUIntCaseInsensitive", "UInt64", "The unsigned integer at a path, keys in any case.",
	       "JSONExtractUIntCaseInsensitive('{\"A\":5}', 'a')", "5"),
	SCALAR("JSONExtractFloatCaseInsensitive", "Float64", "The number at a path, keys in any case.",
	       "JSONExtractFloatCaseInsensitive('{\"A\":1.5}', 'a')", "1.5"),
	SCALAR("JSONExtractBoolCaseInsensitive", "UInt8", "The truth value at a path, keys in any case.",
	       "JSONExtractBoolCaseInsensitive('{\"A\":true}', 'a')", "1"),
	SCALAR("JSONHas", "UInt8", "Whether something stands at a path.", "JSONHas('{\"a\":1}', 'a')", "1"),
	SCALAR("JSONLength", "UInt64", "Members of an object, elements of an array.", "JSONLength('[1,2]')", "2"),
	SCALAR("JSONType", JSON_TYPE, "The kind of a value.", "JSONType('{\"a\":[]}', 'a')", "Array"),
	FUNCTION_ROW("isValidJSON", NULL, FUNCTION_CH, "S", "UInt8", NULL, exec_valid, "Whether a text is JSON.",
	             "isValidJSON('{}')", "1"),
	FUNCTION_ROW("JSONExtract", NULL, FUNCTION_CH, "**+", NULL, bind_any, exec_any, "The value at a path as a type.",
	             "JSONExtract('{\"a\":[1,2]}', 'a', 'Array(Int8)')", "[1,2]"),
	FUNCTION_ROW("JSONExtractCaseInsensitive", NULL, FUNCTION_CH, "**+", NULL, bind_any, exec_any,
	             "JSONExtract() that folds the case of keys.", "JSONExtractCaseInsensitive('{\"A\":5}', 'a', 'Int8')",
	             	"5"),
	LIST("JSONExtractKeys", "**&", "The keys of an object.", "JSONExtractKeys('{\"a\":1,\"b\":2}')", "['a','b']"),
	LIST("JSONExtractArrayRaw", "**&", "The elements of an array as JSON.", "JSONExtractArrayRaw('[1,\"x\"]')",
	     "['1','\"x\"']"),
	LIST("JSONExtractKeysAndValues", "**+", "Keys and values of a type.", "JSONExtractKeysAndValues('{\"a\":1}', 'Int8')",
	     "[('a',1)]"),
	LIST("JSONExtractKeysAndValuesRaw", "**&", "Keys and their JSON.", "JSONExtractKeysAndValuesRaw('{\"a\":[1]}')",
	     "[('a','[1]')]"),
	SIMPLE("Has", NULL, "UInt8", exec_simple, "Whether a name stands in the text.", "'{\"a\":1}', 'a'", "1"),
	SIMPLE("ExtractInt", NULL, "Int64", exec_simple, "The integer behind a name.", "'{\"a\":1}', 'a'", "1"),
	SIMPLE("ExtractUInt", NULL, "UInt64", exec_simple, "The unsigned integer behind a name.", "'{\"a\":1}', 'a'", "1"),
	SIMPLE("ExtractFloat", NULL, "Float64", exec_simple, "The number behind a name.", "'{\"a\":1.5}', 'a'", "1.5"),
	SIMPLE("ExtractBool", NULL, "UInt8", exec_simple, "The truth value behind a name.", "'{\"a\":true}', 'a'", "1"),
	SIMPLE("ExtractRaw", NULL, "String", exec_simple_text, "The text of the value behind a name.", "'{\"a\":[1]}', 'a'",
	       "[1]"),
	SIMPLE("ExtractString", NULL, "String", exec_simple_text, "The string behind a name.", "'{\"a\":\"x\"}', 'a'", "x"),
	FUNCTION_ROW("JSON_VALUE", NULL, FUNCTION_CH, "SS", "String", NULL, exec_sql_path, "The scalar at a path like $.a[0].",
	             "JSON_VALUE('{\"a\":{\"b\":\"x\"}}', '$.a.b')", "x"),
	FUNCTION_ROW("JSON_QUERY", NULL, FUNCTION_CH, "SS", "String", NULL, exec_sql_path,
	             "The JSON at a path like $.a[0], in brackets.", "JSON_QUERY('{\"a\":[1]}', '$.a')", "[[1]]"),
	FUNCTION_ROW("JSON_EXISTS", NULL, FUNCTION_CH, "SS", "UInt8", NULL, exec_sql_exists,
	             "Whether something stands at a path like $.a[0].", "JSON_EXISTS('{\"a\":1}', '$.a')", "1"),
	{.name = "toJSONString", .flags = FUNCTION_CH, .args = "*", .result = "String",
	 .exec = exec_to_json, .description = "A value as JSON.", .example = "toJSONString(map('a', [1]))",
	 .example_result = "{\"a\":[1]}"},
};

FUNCTION_FAMILY(json_extract, "JSON in strings");

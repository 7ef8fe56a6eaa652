// SPDX-License-Identifier: Apache-2.0
/*
 * Parameters of aggregates: reading them from constants, and their text, "quantiles(0.5, 0.9)", which types of columns
 * carry.
 */
#include <assert.h>
#include <math.h>

#include "base/fpconv.h"
#include "column/numeric.h"
#include "func/aggregate_impl.h"

enum { PARAM_DEPTH_MAX = 8, PARAMS_MAX = 1024 };

/* A number as an integer or a double; false for anything else. */
static bool number_at(const struct vector *v, uint32_t row, bool *is_float, bool *negative, uint64_t *u, double *d)
{
	const void *p = v->data;
	i128 wide;
	int64_t i = 0;
	*is_float = false;
	*negative = false;
	if (vector_is_null(v, row))
		return false;
	switch (type_physical(v->type)) {
	case PHYS_U8: *u = ((const uint8_t *)p)[row]; return true;
	case PHYS_U16: *u = ((const uint16_t *)p)[row]; return true;
	case PHYS_U32: *u = ((const uint32_t *)p)[row]; return true;
	case PHYS_U64: *u = ((const uint64_t *)p)[row]; return true;
	case PHYS_I8: i = ((const int8_t *)p)[row]; break;
	case PHYS_I16: i = ((const int16_t *)p)[row]; break;
	case PHYS_I32: i = ((const int32_t *)p)[row]; break;
	case PHYS_I64: i = ((const int64_t *)p)[row]; break;
	case PHYS_F32: *d = (double)((const float *)p)[row]; *is_float = true; return true;
	case PHYS_F64: *d = ((const double *)p)[row]; *is_float = true; return true;
	case PHYS_I128:
		memcpy(&wide, (const char *)p + row * sizeof wide, sizeof wide);
		if (wide > INT64_MAX || wide < INT64_MIN)
			return false;
		i = (int64_t)wide;
		break;
	default: return false;
	}
	*negative = i < 0;
	*u = (uint64_t)i;
	return true;
}

bool agg_param_u64(const struct aggregator *a, uint32_t i, uint64_t *out)
{
	bool is_float, negative;
	double d = 0;
	assert(i < a->param_count);
	if (a->params[i]->type->id == TYPE_NOTHING || type_is_decimal(a->params[i]->type))
		return false;
	return number_at(a->params[i], 0, &is_float, &negative, out, &d) && !is_float && !negative;
}

bool agg_param_f64(const struct aggregator *a, uint32_t i, double *out)
{
	const struct vector *v = a->params[i];
	bool is_float, negative;
	uint64_t u = 0;
	assert(i < a->param_count);
	if (v->type->id == TYPE_NUMERIC && !vector_is_null(v, 0)) {
		struct numeric n;
		numeric_init(&n);
		bool good = numeric_decode(&n, strview_str(v->data), NULL) == OK;
		*out = good ? numeric_to_double(&n) : 0;
		numeric_fini(&n);
		return good;
	}
	if (!number_at(v, 0, &is_float, &negative, &u, out))
		return false;
	if (!is_float)
		*out = negative ? (double)(int64_t)u : (double)u;
	if (type_is_decimal(v->type))
		*out /= pow(10, v->type->scale);
	return true;
}

bool agg_param_str(const struct aggregator *a, uint32_t i, struct str *out)
{
	assert(i < a->param_count);
	if (!type_is_string(a->params[i]->type) || vector_is_null(a->params[i], 0))
		return false;
	*out = strview_str(a->params[i]->data);
	return true;
}

/* ---- text ---- */

static void put_quoted(struct strbuf *b, struct str s)
{
	strbuf_putc(b, '\'');
	for (size_t i = 0; i < s.size; i++) {
		char c = s.data[i];
		if (c == '\'' || c == '\\')
			strbuf_putc(b, '\\');
		if (c == '\n')
			strbuf_putz(b, "\\n");
		else if (c == '\t')
			strbuf_putz(b, "\\t");
		else
			strbuf_putc(b, c);
	}
	strbuf_putc(b, '\'');
}

static void put_value(struct strbuf *b, const struct vector *v, uint32_t row)
{
	bool is_float, negative;
	uint64_t u = 0;
	double d = 0;
	char text[FP_TEXT_MAX];
	if (vector_is_null(v, row)) {
		strbuf_putz(b, "NULL");
	} else if (type_physical(v->type) == PHYS_ARRAY) {
		const uint32_t *offsets = v->data;
		strbuf_putc(b, '[');
		for (uint32_t i = offsets[row]; i < offsets[row + 1]; i++) {
			if (i != offsets[row])
				strbuf_putz(b, ", ");
			put_value(b, v->children[0], i);
		}
		strbuf_putc(b, ']');
	} else if (type_is_string(v->type)) {
		put_quoted(b, strview_str((const struct strview *)v->data + row));
	} else if (v->type->id == TYPE_NUMERIC) {
		struct numeric n;
		numeric_init(&n);
		if (numeric_decode(&n, strview_str((const struct strview *)v->data + row), NULL) == OK)
			numeric_format(&n, b);
		numeric_fini(&n);
	} else if (number_at(v, row, &is_float, &negative, &u, &d)) {
		if (type_is_decimal(v->type)) {
			d = (negative ? (double)(int64_t)u : (double)u) / pow(10, v->type->scale);
			is_float = true;
		}
		if (is_float)
			strbuf_put(b, text, fp_format64_ch(d, text));
		else if (negative)
			strbuf_put_i64(b, (int64_t)u);
		else
			strbuf_put_u64(b, u);
	}
}

struct str agg_name_with_params(struct arena *a, struct str name, const struct vector *const *params, uint32_t n)
{
	struct strbuf b;
	if (n == 0)
		return name;
	strbuf_init(&b, NULL);
	strbuf_puts(&b, name);
	strbuf_putc(&b, '(');
	for (uint32_t i = 0; i < n; i++) {
		if (i != 0)
			strbuf_putz(&b, ", ");
		put_value(&b, params[i], 0);
	}
	strbuf_putc(&b, ')');
	struct str out = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return out;
}

static void drop_vector(void *v)
{
	vector_unref(v);
}

struct param_parser {
	struct bind_env *env;
	struct str text;
	size_t at;
};

static void skip_blanks(struct param_parser *p)
{
	while (p->at < p->text.size && (p->text.data[p->at] == ' ' || p->text.data[p->at] == '\n'))
		p->at++;
}

static bool take(struct param_parser *p, char c)
{
	skip_blanks(p);
	if (p->at >= p->text.size || p->text.data[p->at] != c)
		return false;
	p->at++;
	return true;
}

static enum status bad_text(const struct param_parser *p)
{
	return ERR(p->env->err, E_SYNTAX, "Cannot parse the parameters of aggregate function '%.*s'", STR_ARG(p->text));
}

/* A builder of one value, made a constant of the statement's arena. */
static enum status keep_constant(struct param_parser *p, struct builder *b, enum status s, const struct vector **out)
{
	struct vector *v = NULL;
	if (s == OK)
		s = builder_finish(b, &v, p->env->err);
	builder_free(b);
	TRY(s);
	v->form = VECTOR_CONST;
	arena_defer(p->env->arena, drop_vector, v);
	*out = v;
	return OK;
}

static enum status parse_string(struct param_parser *p, struct strbuf *text)
{
	while (p->at < p->text.size) {
		char c = p->text.data[p->at++];
		if (c == '\'') {
			if (p->at >= p->text.size || p->text.data[p->at] != '\'')
				return OK;
			p->at++;
		} else if (c == '\\' && p->at < p->text.size) {
			c = p->text.data[p->at++];
			c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
		}
		strbuf_putc(text, c);
	}
	return bad_text(p);
}

static enum status parse_param(struct param_parser *p, unsigned depth, const struct vector **out);

static enum status parse_array(struct param_parser *p, unsigned depth, const struct vector **out)
{
	const struct vector **items = NULL;
	const struct type **types = NULL;
	size_t n = 0, capacity = 0;
	struct arena *arena = p->env->arena;
	while (!take(p, ']')) {
		const struct vector *v;
		if (n != 0 && !take(p, ','))
			return bad_text(p);
		if (n == PARAMS_MAX)
			return bad_text(p);
		TRY(parse_param(p, depth + 1, &v));
		ARENA_PUSH(arena, items, n, capacity, v);
	}
	types = ARENA_ARRAY(arena, const struct type *, n + 1);
	for (size_t i = 0; i < n; i++)
		types[i] = items[i]->type;
	const struct type *element = n == 0 ? type_simple(TYPE_NOTHING) : types[0];
	for (size_t i = 1; i < n; i++)
		if (!type_equal(types[i], element))
			return bad_text(p);
	struct builder *b;
	TRY(builder_new(NULL, type_array(arena, element), &b, p->env->err));
	enum status s = OK;
	for (size_t i = 0; i < n && s == OK; i++)
		s = builder_row(b->children[0], items[i], 0, p->env->err);
	if (s == OK)
		s = builder_end_array(b, p->env->err);
	return keep_constant(p, b, s, out);
}

static enum status parse_number(struct param_parser *p, const struct vector **out)
{
	struct str rest = str_make(p->text.data + p->at, p->text.size - p->at);
	struct builder *b;
	double d;
	int64_t i;
	uint64_t u;
	size_t used = fp_parse64(rest, &d);
	if (used == 0)
		return bad_text(p);
	struct str word = str_make(rest.data, used);
	p->at += used;
	bool is_unsigned = str_to_u64(word, &u), is_signed = str_to_i64(word, &i);
	enum type_id id = is_unsigned ? TYPE_UINT64 : is_signed ? TYPE_INT64 : TYPE_FLOAT64;
	TRY(builder_new(NULL, type_simple(id), &b, p->env->err));
	const void *value = is_unsigned ? (const void *)&u : is_signed ? (const void *)&i : &d;
	return keep_constant(p, b, builder_fixed(b, value, p->env->err), out);
}

static enum status parse_param(struct param_parser *p, unsigned depth, const struct vector **out)
{
	if (depth > PARAM_DEPTH_MAX)
		return bad_text(p);
	if (take(p, '['))
		return parse_array(p, depth, out);
	if (!take(p, '\''))
		return parse_number(p, out);
	struct strbuf text;
	struct builder *b;
	strbuf_init(&text, NULL);
	enum status s = parse_string(p, &text);
	if (s == OK)
		s = builder_new(NULL, type_simple(TYPE_STRING), &b, p->env->err);
	if (s == OK)
		s = keep_constant(p, b, builder_string(b, text.data, text.size, p->env->err), out);
	strbuf_fini(&text);
	return s;
}

enum status agg_parse_name(struct bind_env *env, struct str text, struct str *name, const struct vector ***params,
                           uint32_t *param_count)
{
	struct param_parser p = {env, text, 0};
	const struct vector **list = NULL;
	size_t n = 0, capacity = 0;
	ptrdiff_t paren = str_find_char(text, '(');
	*name = paren < 0 ? text : str_make(text.data, (size_t)paren);
	*name = str_trim(*name);
	if (paren >= 0) {
		p.at = (size_t)paren + 1;
		while (!take(&p, ')')) {
			const struct vector *v;
			if (n != 0 && !take(&p, ','))
				return bad_text(&p);
			if (n == PARAMS_MAX)
				return bad_text(&p);
			TRY(parse_param(&p, 0, &v));
			ARENA_PUSH(env->arena, list, n, capacity, v);
		}
	}
	*params = list;
	*param_count = (uint32_t)n;
	return OK;
}

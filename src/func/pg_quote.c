// SPDX-License-Identifier: Apache-2.0
/* PostgreSQL's quote_ident(), quote_literal(), quote_nullable() and format(); num_nulls(). */
#include <assert.h>

#include "base/utf8.h"
#include "func/str_impl.h"
#include "parse/lexer.h"

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

static void quote_literal(struct strbuf *to, struct str s)
{
	if (str_find_char(s, '\\') >= 0)
		strbuf_putc(to, 'E');
	strbuf_putc(to, '\'');
	for (size_t i = 0; i < s.size; i++) {
		if (s.data[i] == '\'' || s.data[i] == '\\')
			strbuf_putc(to, s.data[i]);
		strbuf_putc(to, s.data[i]);
	}
	strbuf_putc(to, '\'');
}

static bool is_plain_identifier(struct str s)
{
	for (size_t i = 0; i < s.size; i++) {
		char ch = s.data[i];
		if (!((ch >= 'a' && ch <= 'z') || ch == '_' || (i != 0 && ch >= '0' && ch <= '9')))
			return false;
	}
	enum keyword k = s.size == 0 ? NOT_KEYWORD : keyword_find(s);
	if (s.size == 0 || k == NOT_KEYWORD)
		return s.size != 0;
	return keywords[k].class == KEYWORD_NONE || keywords[k].class == KEYWORD_UNRESERVED;
}

static void quote_identifier(struct strbuf *to, struct str s)
{
	if (is_plain_identifier(s)) {
		strbuf_puts(to, s);
		return;
	}
	strbuf_putc(to, '"');
	for (size_t i = 0; i < s.size; i++) {
		if (s.data[i] == '"')
			strbuf_putc(to, '"');
		strbuf_putc(to, s.data[i]);
	}
	strbuf_putc(to, '"');
}

static enum status exec_quote(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	return str_each_text(c, e, args[0], count, named(c, "quote_ident") ? quote_identifier : quote_literal, out);
}

static enum status exec_quote_nullable(const struct call *c, struct eval *e, const struct vector *const *args,
                                       uint32_t count, struct vector **out)
{
	struct strings o;
	struct str_arg a = str_arg(args[0]);
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		if (args[0]->type->id == TYPE_NOTHING || vector_is_null(args[0], i))
			strbuf_putz(&o.text, "NULL");
		else
			quote_literal(&o.text, str_arg_at(&a, i));
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

static const struct type *text_for(struct arena *a, const struct type *t)
{
	return t->nullable || t->id == TYPE_NOTHING ? type_nullable(a, type_simple(TYPE_STRING)) : type_simple(TYPE_STRING);
}

static enum status bind_quote(struct bind_env *env, struct call *c)
{
	for (uint32_t i = 0; i < c->arg_count; i++)
		if (c->arg_types[i]->id != TYPE_BOOL || !named(c, "format"))
			c->arg_types[i] = text_for(env->arena, c->arg_types[i]);
	c->result = type_simple(TYPE_STRING);
	if (named(c, "format") && c->arg_types[0]->nullable)
		c->result = type_nullable(env->arena, c->result);
	return OK;
}

/* ---- format ---- */

enum { FORMAT_WIDTH_MAX = 1 << 24 };

struct formatting {
	const struct call *c;
	const struct vector *const *args;
	uint32_t row, next;    /* the argument that comes next, from 1 */
	struct strbuf *to, *scratch;
	struct error *err;
};

static enum status argument(struct formatting *f, uint32_t n, bool *null, struct str *out)
{
	if (n == 0)
		return ERR(f->err, E_INVALID_PARAMETER_VALUE, "format specifies argument 0, but arguments are numbered from 1");
	if (n >= f->c->arg_count)
		return ERR(f->err, E_INVALID_PARAMETER_VALUE, "too few arguments for format()");
	const struct vector *v = f->args[n];
	struct str_arg a = str_arg(v);
	*null = vector_is_null(v, f->row);
	if (v->type->id == TYPE_BOOL) /* the text of output, not that of a cast */
		*out = ((const uint8_t *)v->data)[v->form == VECTOR_CONST ? 0 : f->row] ? STR("t") : STR("f");
	else
		*out = *null ? STR("") : str_arg_at(&a, f->row);
	f->next = n + 1;
	return OK;
}

static bool digits(struct str p, size_t *i, int64_t *out)
{
	size_t from = *i;
	*out = 0;
	while (*i < p.size && p.data[*i] >= '0' && p.data[*i] <= '9' && *out < FORMAT_WIDTH_MAX)
		*out = *out * 10 + (p.data[(*i)++] - '0');
	return *i != from;
}

static enum status unterminated(struct formatting *f)
{
	ERR(f->err, E_INVALID_PARAMETER_VALUE, "unterminated format() type specifier");
	return error_hint(f->err, "For a single \"%%\" use \"%%%%\".");
}

static void put_padded(struct strbuf *to, struct str s, int64_t width)
{
	int64_t fill = (width < 0 ? -width : width) - (int64_t)utf8_count(s.data, s.size);
	for (int64_t k = 0; k < fill && width > 0; k++)
		strbuf_putc(to, ' ');
	strbuf_puts(to, s);
	for (int64_t k = 0; k < fill && width < 0; k++)
		strbuf_putc(to, ' ');
}

static enum status put_value(struct formatting *f, char type, uint32_t position, int64_t width)
{
	struct str s;
	bool null;
	if (type != 's' && type != 'I' && type != 'L') {
		ERR(f->err, E_INVALID_PARAMETER_VALUE, "unrecognized format() type specifier \"%c\"", type);
		return error_hint(f->err, "For a single \"%%\" use \"%%%%\".");
	}
	TRY(argument(f, position != UINT32_MAX ? position : f->next, &null, &s));
	if (null && type == 'I')
		return ERR(f->err, E_NULL_VALUE, "null values cannot be formatted as an SQL identifier");
	strbuf_clear(f->scratch);
	if (null && type == 'L')
		strbuf_putz(f->scratch, "NULL");
	else if (type == 'I')
		quote_identifier(f->scratch, s);
	else if (type == 'L')
		quote_literal(f->scratch, s);
	else
		strbuf_puts(f->scratch, s);
	put_padded(f->to, strbuf_str(f->scratch), width);
	return OK;
}

/* The width behind '*', taken from an argument. */
static enum status star_width(struct formatting *f, struct str p, size_t *i, int64_t *width)
{
	int64_t n;
	size_t at = ++*i;
	uint32_t which = f->next;
	struct str s;
	bool null;
	if (digits(p, i, &n)) {
		if (*i >= p.size || p.data[*i] != '$')
			return ERR(f->err, E_INVALID_PARAMETER_VALUE, "width argument position must be ended by \"$\"");
		which = (uint32_t)n;
		++*i;
	} else {
		*i = at;
	}
	TRY(argument(f, which, &null, &s));
	if (null)
		*width = 0;
	else if (!str_to_i64(str_trim(s), width) || *width > FORMAT_WIDTH_MAX || *width < -FORMAT_WIDTH_MAX)
		return ERR(f->err, E_OUT_OF_RANGE, "number is out of range");
	return OK;
}

/* One specifier, behind its '%': [n$][-][width]type. */
static enum status put_specifier(struct formatting *f, struct str p, size_t *i)
{
	int64_t n, width = 0;
	uint32_t position = UINT32_MAX;
	bool left = false;
	size_t start = *i;
	if (digits(p, i, &n)) {
		if (*i < p.size && p.data[*i] == '$') {
			position = (uint32_t)n;
			if (position == 0)
				return argument(f, 0, &left, &(struct str){0});
			++*i;
		} else {
			*i = start;
		}
	}
	while (*i < p.size && p.data[*i] == '-') {
		left = true;
		++*i;
	}
	if (*i < p.size && p.data[*i] == '*')
		TRY(star_width(f, p, i, &width));
	else
		digits(p, i, &width);
	if (*i >= p.size)
		return unterminated(f);
	return put_value(f, p.data[*i], position, left && width > 0 ? -width : width);
}

static enum status format_row(struct formatting *f, struct str p)
{
	f->next = 1;
	for (size_t i = 0; i < p.size; i++) {
		if (p.data[i] != '%') {
			strbuf_putc(f->to, p.data[i]);
			continue;
		}
		if (++i >= p.size)
			return unterminated(f);
		if (p.data[i] == '%')
			strbuf_putc(f->to, '%');
		else
			TRY(put_specifier(f, p, &i));
	}
	return OK;
}

static enum status exec_format(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	struct str_arg patterns = str_arg(args[0]);
	struct strings o;
	struct strbuf scratch;
	uint64_t *nulls = ARENA_ARRAY(e->scratch, uint64_t, bits_words(count) + 1);
	enum status s = OK;
	strings_begin(&o, e, count);
	strbuf_init(&scratch, e->track);
	struct formatting f = {.c = c, .args = args, .to = &o.text, .scratch = &scratch, .err = e->err};
	for (uint32_t i = 0; i < count && s == OK; i++) {
		f.row = i;
		if (vector_is_null(args[0], i))
			bit_set(nulls, i);
		else if (!eval_skips(e, i))
			s = format_row(&f, str_arg_at(&patterns, i));
		strings_end(&o, i);
	}
	strbuf_fini(&scratch);
	if (s != OK) {
		strbuf_fini(&o.text);
		return s;
	}
	TRY(strings_finish(&o, c, e, count, out));
	if (!c->result->nullable)
		return OK;
	TRY(vector_make_nulls(*out, e->track, e->err));
	memcpy((*out)->nulls, nulls, bits_words(count) * sizeof *nulls);
	return OK;
}

/* ---- counting NULLs ---- */

static enum status exec_count_nulls(const struct call *c, struct eval *e, const struct vector *const *args,
                                    uint32_t count, struct vector **out)
{
	bool nulls = named(c, "num_nulls");
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		int32_t n = 0;
		for (uint32_t k = 0; k < c->arg_count; k++)
			n += (args[k]->type->id == TYPE_NOTHING || vector_is_null(args[k], i)) == nulls;
		((int32_t *)v->data)[i] = n;
	}
	*out = v;
	return OK;
}

#define CUSTOM(row_name, pattern, row_result, row_bind, row_exec, text, sample, answer) \
	{.name = row_name, .flags = FUNCTION_PG | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM, .args = pattern, \
	 .result = row_result, .bind = row_bind, .exec = row_exec, .description = text, .example = sample, \
	 .example_result = answer}

static const struct function rows[] = {
	FUNCTION_ROW("quote_ident", NULL, FUNCTION_PG, "T", "String", NULL, exec_quote, "A name as SQL writes it.",
	             "quote_ident('Foo bar')", "\"Foo bar\""),
	FUNCTION_ROW("quote_literal", NULL, FUNCTION_PG, "*", NULL, bind_quote, exec_quote, "A value as SQL writes it.",
	             "quote_literal('O''Reilly')", "'O''Reilly'"),
	CUSTOM("quote_nullable", "*", NULL, bind_quote, exec_quote_nullable, "A value or NULL as SQL writes it.",
	       "quote_nullable(NULL)", "NULL"),
	CUSTOM("format", "**&", NULL, bind_quote, exec_format, "Text with %s, %I and %L replaced by the arguments.",
	       "format('Hello %s, %1$s', 'World')", "Hello World, World"),
	CUSTOM("num_nulls", "*+", "Int32", NULL, exec_count_nulls, "How many arguments are NULL.", "num_nulls(1, NULL, 2)",
	       "1"),
	CUSTOM("num_nonnulls", "*+", "Int32", NULL, exec_count_nulls, "How many arguments are not NULL.",
	       "num_nonnulls(1, NULL, 2)", "2"),
};

FUNCTION_FAMILY(pg_quote, "PostgreSQL: quoting and format()");

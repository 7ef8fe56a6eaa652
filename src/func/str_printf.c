// SPDX-License-Identifier: Apache-2.0
/* printf, and bar: numbers drawn as text. */
#include <math.h>
#include <stdio.h>

#include "base/utf8.h"
#include "func/str_impl.h"

/* ---- printf: the format is constant, one specifier an argument ---- */

enum piece_kind { PIECE_TEXT, PIECE_SIGNED, PIECE_UNSIGNED, PIECE_FLOAT, PIECE_CHAR, PIECE_STRING };
struct piece {
	enum piece_kind kind;
	struct str text;
	char format[32];            /* for snprintf, the length modifier of its argument included */
	int width, precision;       /* of a string; -1: none */
	bool left;
	uint32_t arg;
};
struct format {
	struct piece *pieces;
	uint32_t n;
};

static enum piece_kind kind_of(char conversion)
{
	switch (conversion) {
	case 'd':
	case 'i':
		return PIECE_SIGNED;
	case 'u':
	case 'o':
	case 'x':
	case 'X':
		return PIECE_UNSIGNED;
	case 'f':
	case 'F':
	case 'e':
	case 'E':
	case 'g':
	case 'G':
	case 'a':
	case 'A':
		return PIECE_FLOAT;
	case 'c':
		return PIECE_CHAR;
	case 's':
		return PIECE_STRING;
	default:
		return PIECE_TEXT;
	}
}

enum { WIDTH_MAX = 10000 };

/* Reads digits; false where they are too many. */
static bool read_number(const char **p, const char *end, int *out)
{
	*out = 0;
	while (*p < end && **p >= '0' && **p <= '9') {
		*out = *out * 10 + (*(*p)++ - '0');
		if (*out > WIDTH_MAX)
			return false;
	}
	return true;
}

/* One specifier behind its %; false when there is no such one. */
static bool read_piece(const char **at, const char *end, struct piece *x)
{
	const char *p = *at, *flags = p;
	int width = 0, precision = -1;
	while (p < end && *p != '\0' && strchr("-+ #0", *p) != NULL)
		x->left |= *p++ == '-';
	struct str flag_text = {flags, (size_t)(p - flags)};
	if (flag_text.size > 8 || !read_number(&p, end, &width))
		return false;
	if (p < end && *p == '.') {
		p++;
		if (!read_number(&p, end, &precision))
			return false;
	}
	while (p < end && (*p == 'l' || *p == 'h' || *p == 'z' || *p == 'j' || *p == 't' || *p == 'L'))
		p++;
	if (p == end || (x->kind = kind_of(*p)) == PIECE_TEXT)
		return false;
	x->width = width;
	x->precision = precision;
	const char *modifier = x->kind == PIECE_SIGNED || x->kind == PIECE_UNSIGNED ? "ll" : "";
	if (precision < 0)
		snprintf(x->format, sizeof x->format, "%%%.*s%d%s%c", STR_ARG(flag_text), width, modifier, *p);
	else
		snprintf(x->format, sizeof x->format, "%%%.*s%d.%d%s%c", STR_ARG(flag_text), width, precision, modifier, *p);
	if (width == 0) { /* a width of 0 would be read as a flag */
		char *zero = x->format + 1 + flag_text.size;
		memmove(zero, zero + 1, strlen(zero));
	}
	*at = p + 1;
	return true;
}

static bool takes(enum piece_kind kind, const struct type *t)
{
	if (kind == PIECE_STRING)
		return type_is_string(t);
	if (kind == PIECE_FLOAT)
		return type_is_float(t);
	return type_is_integer(t) || t->id == TYPE_BOOL;
}

static enum status bind_printf(struct bind_env *env, struct call *c)
{
	struct str text;
	struct format *f = ARENA_NEW(env->arena, struct format);
	uint32_t arg = 0;
	if (!call_const_str(c, 0, &text))
		return ERR(env->err, E_ILLEGAL_COLUMN, "Argument 1 of function printf must be a constant");
	for (uint32_t i = 1; i < c->arg_count; i++) {
		const struct type *t = c->arg_types[i];
		if (!type_is_string(t) && !type_is_float(t) && !(type_is_integer(t) || t->id == TYPE_BOOL))
			return call_bad_type(env, c, i);
		if (type_is_integer(t) && physical_size(type_physical(t)) > 8)
			return call_bad_type(env, c, i);
	}
	f->pieces = ARENA_ARRAY(env->arena, struct piece, text.size + 1);
	const char *p = text.data, *end = text.data + text.size;
	while (p < end) {
		struct piece *x = &f->pieces[f->n++];
		*x = (struct piece){.text = {p, 0}};
		if (*p != '%' || (p + 1 < end && p[1] == '%')) {
			x->text.size = 1;
			p += *p == '%' ? 2 : 1;
			continue;
		}
		p++;
		if (!read_piece(&p, end, x))
			return ERR(env->err, E_BAD_ARGUMENTS, "Bad format %.*s in function printf", STR_ARG(text));
		x->arg = ++arg;
		if (arg < c->arg_count && !takes(x->kind, c->arg_types[arg]))
			return ERR(env->err, E_BAD_ARGUMENTS, "Bad format %s in function printf with argument of type %.*s", x->format,
			           STR_ARG(type_name(env->arena, c->arg_types[arg])));
		if (arg < c->arg_count && x->kind == PIECE_FLOAT && c->arg_types[arg]->id != TYPE_FLOAT64)
			c->arg_types[arg] = type_simple(TYPE_FLOAT64);
	}
	if (arg + 1 != c->arg_count)
		return ERR(env->err, E_NUMBER_OF_ARGUMENTS, "Number of arguments for function printf doesn't match: passed %u, but "
		           "format is %.*s", c->arg_count, STR_ARG(text));
	c->state = f;
	return OK;
}

/* An integer argument as 64 bits. */
static uint64_t integer_at(const struct vector *v, uint32_t i)
{
	size_t size = physical_size(type_physical(v->type));
	uint64_t x = 0;
	memcpy(&x, (const char *)v->data + (v->form == VECTOR_CONST ? 0 : i) * size, size);
	if (type_is_signed(v->type) && size < 8)
		x = (uint64_t)((int64_t)(x << (64 - 8 * size)) >> (64 - 8 * size));
	return x;
}

static void put_number(struct strbuf *to, const struct piece *x, const struct vector *v, uint32_t i)
{
	char out[WIDTH_MAX + 512];
	int n = 0;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (x->kind == PIECE_FLOAT) {
		double value = ((const double *)v->data)[v->form == VECTOR_CONST ? 0 : i];
		n = snprintf(out, sizeof out, x->format, value);
	} else {
		uint64_t value = integer_at(v, i);
		n = x->kind == PIECE_CHAR ? snprintf(out, sizeof out, x->format, (int)value)
			: snprintf(out, sizeof out, x->format, (long long)value);
	}
#pragma GCC diagnostic pop
	if (n > 0)
		strbuf_put(to, out, (size_t)n < sizeof out ? (size_t)n : sizeof out - 1);
}

static void put_string(struct strbuf *to, const struct piece *x, struct str s)
{
	if (x->precision >= 0)
		s.size = utf8_offset(s.data, s.size, (size_t)x->precision);
	size_t n = utf8_count(s.data, s.size), pad = n < (size_t)x->width ? (size_t)x->width - n : 0;
	if (x->left)
		strbuf_puts(to, s);
	for (size_t k = 0; k < pad; k++)
		strbuf_putc(to, ' ');
	if (!x->left)
		strbuf_puts(to, s);
}

static enum status exec_printf(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	const struct format *f = c->state;
	struct strings o;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t k = 0; k < f->n && !eval_skips(e, i); k++) {
			const struct piece *x = &f->pieces[k];
			if (x->kind == PIECE_TEXT) {
				strbuf_puts(&o.text, x->text);
			} else if (x->kind == PIECE_STRING) {
				struct str_arg texts = str_arg(args[x->arg]);
				put_string(&o.text, x, str_arg_at(&texts, i));
			} else {
				put_number(&o.text, x, args[x->arg], i);
			}
		}
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

/* ---- bar(x, min, max[, width]): blocks, the last one in eighths ---- */

enum { BAR_WIDTH = 80, BAR_WIDTH_MAX = 1000 };

static enum status exec_bar(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	double width = *(const double *)c->state;
	struct strings o;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		double v[3];
		for (int k = 0; k < 3; k++)
			v[k] = ((const double *)args[k]->data)[args[k]->form == VECTOR_CONST ? 0 : i];
		double x = v[0] > v[2] ? width : (v[0] - v[1]) / (v[2] - v[1]) * width;
		if (v[0] >= v[1] && v[1] < v[2] && isfinite(x) && x > 0) {
			unsigned eighths = (unsigned)(x * 8);
			for (unsigned k = 0; k < eighths / 8; k++)
				strbuf_putz(&o.text, "█");
			if (eighths % 8 != 0) { /* U+2588 is a whole block, U+258F an eighth */
				strbuf_putz(&o.text, "\xe2\x96");
				strbuf_putc(&o.text, (char)(0x90 - eighths % 8));
			}
		}
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

static enum status bind_bar(struct bind_env *env, struct call *c)
{
	double *width = ARENA_NEW(env->arena, double);
	*width = BAR_WIDTH;
	if (c->arg_count > 3 && !call_const_f64(c, 3, width))
		return ERR(env->err, E_ILLEGAL_COLUMN, "Argument 4 of function bar must be a constant");
	if (!(*width >= 1))
		return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "Argument 'max_width' must be >= 1");
	if (*width > BAR_WIDTH_MAX)
		return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "Argument 'max_width' must be <= %d", BAR_WIDTH_MAX);
	c->state = width;
	return OK;
}

static const struct function rows[] = {
	FUNCTION_ROW("printf", NULL, FUNCTION_CH, "S*&", "String", bind_printf, exec_printf,
	             "Values in a format of the C language.", "printf('%d %s %.2f', 5, 'x', 1.5)", "5 x 1.50"),
	FUNCTION_ROW("bar", NULL, FUNCTION_CH, "FFFF?", "String", bind_bar, exec_bar, "A number as a bar between two bounds.",
	             "bar(5, 0, 10, 10)", "█████"),
};

FUNCTION_FAMILY(str_printf, "Formatted numbers");

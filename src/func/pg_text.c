// SPDX-License-Identifier: Apache-2.0
/* PostgreSQL's functions over characters: chr(), translate(), overlay(), unistr(), normalize(), to_hex(). */
#include <assert.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "func/str_impl.h"

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

/* Runs a function that appends one row's text over all rows. */
typedef enum status (*row_fn)(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                              struct strbuf *to);

static enum status each_row(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            row_fn fn, struct vector **out)
{
	struct strings o;
	enum status s = OK;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		if (!eval_skips(e, i))
			s = fn(c, e, args, i, &o.text);
		strings_end(&o, i);
	}
	if (s != OK) {
		strbuf_fini(&o.text);
		return s;
	}
	return strings_finish(&o, c, e, count, out);
}

static struct str text_at(const struct vector *v, uint32_t i)
{
	struct str_arg a = str_arg(v);
	return str_arg_at(&a, i);
}

static int64_t number_at(const struct vector *v, uint32_t i)
{
	struct i64_arg a = i64_arg(v);
	return i64_arg_at(&a, i);
}

static void put_char(struct strbuf *to, uint32_t c)
{
	char bytes[4];
	strbuf_put(to, bytes, utf8_encode(c, bytes));
}

/* ---- chr, to_hex ---- */

static enum status chr_row(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                           struct strbuf *to)
{
	int64_t n = number_at(args[0], i);
	if (n < 0)
		return ERR(e->err, E_INVALID_PARAMETER_VALUE, "character number must be positive");
	if (n == 0)
		return ERR(e->err, E_PROGRAM_LIMIT, "null character not permitted");
	if (n > 0x10ffff)
		return ERR(e->err, E_PROGRAM_LIMIT, "requested character too large for encoding: %lld", (long long)n);
	if (n >= 0xd800 && n <= 0xdfff)
		return ERR(e->err, E_PROGRAM_LIMIT, "requested character not valid for encoding: %lld", (long long)n);
	put_char(to, (uint32_t)n);
	return OK;
}

static enum status exec_chr(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	return each_row(c, e, args, count, chr_row, out);
}

static enum status hex_row(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                           struct strbuf *to)
{
	uint64_t v = (uint64_t)number_at(args[0], i);
	strbuf_printf(to, "%llx", (unsigned long long)(c->state != NULL ? v & UINT32_MAX : v));
	return OK;
}

static enum status exec_hex(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	return each_row(c, e, args, count, hex_row, out);
}

static enum status bind_hex(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	bool narrow = physical_size(type_physical(t)) <= 4 && t->id != TYPE_UINT32;
	c->state = narrow ? ARENA_NEW(env->arena, char) : NULL;
	c->arg_types[0] = type_simple(TYPE_INT64);
	return OK;
}

/* ---- translate ---- */

static enum status translate_row(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                                 struct strbuf *to)
{
	struct str s = text_at(args[0], i), from = text_at(args[1], i), with = text_at(args[2], i);
	for (size_t k = 0; k < s.size;) {
		uint32_t ch, other;
		unsigned n = utf8_decode(s.data + k, s.size - k, &ch);
		size_t place = 0, at = 0;
		while (at < from.size) {
			unsigned m = utf8_decode(from.data + at, from.size - at, &other);
			if (other == ch)
				break;
			at += m;
			place++;
		}
		if (at >= from.size) {
			strbuf_put(to, s.data + k, n);
		} else {
			size_t target = utf8_offset(with.data, with.size, place);
			if (target < with.size)
				strbuf_put(to, with.data + target, utf8_decode(with.data + target, with.size - target, &other));
		}
		k += n;
	}
	return OK;
}

static enum status exec_translate(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	return each_row(c, e, args, count, translate_row, out);
}

/* ---- overlay ---- */

static enum status overlay_row(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                               struct strbuf *to)
{
	bool bytes = c->state != NULL;
	struct str s = text_at(args[0], i), with = text_at(args[1], i);
	int64_t from = number_at(args[2], i), end;
	int64_t length = (int64_t)(bytes ? with.size : utf8_count(with.data, with.size));
	if (c->arg_count > 3)
		length = number_at(args[3], i);
	if (from <= 0)
		return ERR(e->err, E_SUBSTRING, "negative substring length not allowed");
	if (__builtin_add_overflow(from, length, &end))
		return ERR(e->err, E_OUT_OF_RANGE, "integer out of range");
	int64_t size = (int64_t)s.size;
	size_t head = bytes ? (size_t)(from - 1 < size ? from - 1 : size) : utf8_offset(s.data, s.size, (size_t)from - 1);
	size_t tail = 0;
	if (end > 1)
		tail = bytes ? (size_t)(end - 1 < size ? end - 1 : size) : utf8_offset(s.data, s.size, (size_t)end - 1);
	strbuf_put(to, s.data, head);
	strbuf_puts(to, with);
	strbuf_put(to, s.data + tail, s.size - tail);
	return OK;
}

static enum status exec_overlay(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	return each_row(c, e, args, count, overlay_row, out);
}

static enum status bind_overlay(struct bind_env *env, struct call *c)
{
	bool bytes = type_face(c->arg_types[0]) == FACE_BYTEA;
	c->state = bytes ? ARENA_NEW(env->arena, char) : NULL;
	c->result = bytes ? c->arg_types[0] : type_simple(TYPE_STRING);
	return OK;
}

/* ---- unistr ---- */

static bool hex_digits(struct str s, size_t from, size_t n, uint32_t *out)
{
	*out = 0;
	if (from + n > s.size)
		return false;
	for (size_t i = from; i < from + n; i++) {
		char ch = ascii_lower(s.data[i]);
		if (!((ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'f')))
			return false;
		*out = *out * 16 + (uint32_t)(ch <= '9' ? ch - '0' : ch - 'a' + 10);
	}
	return true;
}

/* The code point of the escape behind the backslash at i, and the escape's length; 0 where it is none. */
static size_t unicode_escape(struct str s, size_t i, uint32_t *out)
{
	char kind = i + 1 < s.size ? s.data[i + 1] : '\0';
	if (kind == '+' || kind == 'u' || kind == 'U') {
		size_t n = kind == '+' ? 6 : kind == 'u' ? 4 : 8;
		return hex_digits(s, i + 2, n, out) ? n + 2 : 0;
	}
	return hex_digits(s, i + 1, 4, out) ? 5 : 0;
}

static enum status unistr_row(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                              struct strbuf *to)
{
	struct str s = text_at(args[0], i);
	uint32_t high = 0, ch;
	for (size_t k = 0; k < s.size;) {
		if (s.data[k] != '\\' || (k + 1 < s.size && s.data[k + 1] == '\\')) {
			if (high != 0)
				return ERR(e->err, E_SYNTAX, "invalid Unicode surrogate pair");
			strbuf_putc(to, s.data[k]);
			k += s.data[k] == '\\' ? 2 : 1;
			continue;
		}
		size_t n = unicode_escape(s, k, &ch);
		if (n == 0) {
			ERR(e->err, E_SYNTAX, "invalid Unicode escape");
			return error_hint(e->err, "Unicode escapes must be \\XXXX, \\+XXXXXX, \\uXXXX, or \\UXXXXXXXX.");
		}
		k += n;
		bool first = ch >= 0xd800 && ch <= 0xdbff, second = ch >= 0xdc00 && ch <= 0xdfff;
		if ((high != 0) != second)
			return ERR(e->err, E_SYNTAX, "invalid Unicode surrogate pair");
		if (ch > 0x10ffff || ch == 0)
			return ERR(e->err, E_SYNTAX, "invalid Unicode code point: %04X", ch);
		if (second)
			ch = 0x10000 + ((high - 0xd800) << 10) + (ch - 0xdc00);
		high = first ? ch : 0;
		if (!first)
			put_char(to, ch);
	}
	return high != 0 ? ERR(e->err, E_SYNTAX, "invalid Unicode surrogate pair") : OK;
}

static enum status exec_unistr(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	return each_row(c, e, args, count, unistr_row, out);
}

/* ---- normalize ---- */

static enum status normal_form(struct eval *e, struct str form, int *options)
{
	static const struct {
		const char *name;
		int options;
	} forms[] = {{"NFC", UTF8PROC_COMPOSE}, {"NFD", UTF8PROC_DECOMPOSE},
	             {"NFKC", UTF8PROC_COMPOSE | UTF8PROC_COMPAT}, {"NFKD", UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT}};
	for (size_t i = 0; i < ARRAY_COUNT(forms); i++)
		if (str_eq_nocase(form, str_of(forms[i].name))) {
			*options = forms[i].options | UTF8PROC_STABLE;
			return OK;
		}
	return ERR(e->err, E_INVALID_PARAMETER_VALUE, "invalid normalization form: %.*s", STR_ARG(form));
}

static enum status normalize_row(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                                 struct strbuf *to)
{
	struct str s = text_at(args[0], i);
	int options;
	utf8proc_uint8_t *made = NULL;
	TRY(normal_form(e, c->arg_count > 1 ? text_at(args[1], i) : STR("NFC"), &options));
	utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)s.data, (utf8proc_ssize_t)s.size, &made,
	                                  (utf8proc_option_t)options);
	if (n < 0)
		return ERR(e->err, E_BAD_ENCODING, "the text is no valid UTF-8");
	strbuf_put(to, made, (size_t)n);
	free(made);
	return OK;
}

static enum status exec_normalize(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	return each_row(c, e, args, count, normalize_row, out);
}

static enum status exec_is_normalized(const struct call *c, struct eval *e, const struct vector *const *args,
                                      uint32_t count, struct vector **out)
{
	bool negated = named(c, "isNotNormalized");
	struct strbuf made;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	strbuf_init(&made, e->track);
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		strbuf_clear(&made);
		if (!eval_skips(e, i))
			s = normalize_row(c, e, args, i, &made);
		((uint8_t *)v->data)[i] = str_eq(strbuf_str(&made), text_at(args[0], i)) != negated;
	}
	strbuf_fini(&made);
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static const struct function rows[] = {
	FUNCTION_ROW("chr", NULL, FUNCTION_PG, "J", "String", NULL, exec_chr, "The character with this code point.",
	             "chr(65)", "A"),
	FUNCTION_ROW("to_hex", NULL, FUNCTION_PG, "I", "String", bind_hex, exec_hex, "An integer in hexadecimal.",
	             "to_hex(2147483647)", "7fffffff"),
	FUNCTION_ROW("translate", NULL, FUNCTION_PG, "TTT", "String", NULL, exec_translate,
	             "Each character of one set replaced by that of another.", "translate('12345', '143', 'ax')", "a2x5"),
	FUNCTION_ROW("overlay", NULL, FUNCTION_PG, "SSJJ?", NULL, bind_overlay, exec_overlay, "A part replaced.",
	             "overlay('Txxxxas' placing 'hom' from 2 for 4)", "Thomas"),
	FUNCTION_ROW("unistr", NULL, FUNCTION_PG, "T", "String", NULL, exec_unistr, "Unicode escapes resolved.",
	             "unistr('d\\0061t\\+000061')", "data"),
	FUNCTION_ROW("normalize", NULL, FUNCTION_PG, "TT?", "String", NULL, exec_normalize, "In a Unicode normal form.",
	             "octet_length(normalize(U&'a\\0308', NFC))", "2"),
	FUNCTION_ROW("isNormalized", "is_normalized", FUNCTION_PG, "TT?", "Bool", NULL, exec_is_normalized,
	             "Whether it is in a Unicode normal form.", "'abc' IS NORMALIZED", "t"),
	FUNCTION_ROW("isNotNormalized", NULL, FUNCTION_PG, "TT?", "Bool", NULL, exec_is_normalized,
	             "Whether it is not in a Unicode normal form.", "'abc' IS NOT NORMALIZED", "f"),
};

FUNCTION_FAMILY(pg_text, "PostgreSQL: characters");

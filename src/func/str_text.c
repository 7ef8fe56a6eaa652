// SPDX-License-Identifier: Apache-2.0
/* Parts and replacements by delimiter, place and alphabet; Unicode's normal forms; character sets. */
#include <errno.h>
#include <iconv.h>
#include <math.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "func/str_impl.h"

static bool is_utf8_form(const struct call *c)
{
	return str_ends_with(str_of(c->function->name), STR("UTF8"));
}

/* ---- substringIndex ---- */

/* Before the n-th delimiter, or behind the n-th from the end; the whole where there are fewer. */
static struct str index_part(struct str s, struct str delimiter, int64_t n)
{
	const char *p = s.data, *end = s.data + s.size;
	if (n == 0 || s.size == 0)
		return STR("");
	while (n > 0 && p <= end - delimiter.size) {
		if (memcmp(p, delimiter.data, delimiter.size) != 0) {
			p++;
			continue;
		}
		if (--n == 0)
			return str_make(s.data, (size_t)(p - s.data));
		p += delimiter.size;
	}
	if (n > 0)
		return s;
	for (p = end; p >= s.data + delimiter.size;) {
		const char *at = p - delimiter.size;
		if (memcmp(at, delimiter.data, delimiter.size) != 0) {
			p--;
			continue;
		}
		if (++n == 0)
			return str_make(p, (size_t)(end - p));
		p = at;
	}
	return s;
}

static enum status exec_index_part(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	struct str_arg text = str_arg(args[0]), delimiters = str_arg(args[1]);
	struct i64_arg counts = i64_arg(args[2]);
	TRY(str_views(c, e, args[0], count, out));
	for (uint32_t i = 0; i < count; i++) {
		struct str part = index_part(str_arg_at(&text, i), str_arg_at(&delimiters, i), i64_arg_at(&counts, i));
		((struct strview *)(*out)->data)[i] = strview_make(part.data, part.size);
	}
	return OK;
}

static enum status bind_index_part(struct bind_env *env, struct call *c)
{
	struct str delimiter;
	if (!call_const_str(c, 1, &delimiter))
		return ERR(env->err, E_ILLEGAL_COLUMN, "Argument 2 of function %.*s must be a constant", STR_ARG(c->name));
	size_t n = is_utf8_form(c) ? utf8_count(delimiter.data, delimiter.size) : delimiter.size;
	if (n != 1)
		return ERR(env->err, E_BAD_ARGUMENTS, "Second argument to %s must be a single %s", c->function->name,
		           is_utf8_form(c) ? "UTF-8 character" : "character");
	return OK;
}

/* ---- overlay(text, replacement, from[, length]): from the end where `from` is negative ---- */

static void overlay_row(struct strbuf *to, struct str s, struct str by, int64_t from, int64_t length, bool utf8)
{
	int64_t size = (int64_t)(utf8 ? utf8_count(s.data, s.size) : s.size);
	int64_t start = from > 0 ? from - 1 : from < 0 ? size + from : size;
	start = start < 0 ? 0 : start > size ? size : start;
	if (length < 0)
		length = (int64_t)(utf8 ? utf8_count(by.data, by.size) : by.size);
	int64_t end = length > size - start ? size : start + length;
	size_t head = utf8 ? utf8_offset(s.data, s.size, (size_t)start) : (size_t)start;
	size_t tail = utf8 ? utf8_offset(s.data, s.size, (size_t)end) : (size_t)end;
	strbuf_put(to, s.data, head);
	strbuf_puts(to, by);
	strbuf_put(to, s.data + tail, s.size - tail);
}

static enum status exec_overlay(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	struct str_arg text = str_arg(args[0]), by = str_arg(args[1]);
	struct i64_arg from = i64_arg(args[2]), length = from;
	struct strings o;
	if (c->arg_count > 3)
		length = i64_arg(args[3]);
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		overlay_row(&o.text, str_arg_at(&text, i), str_arg_at(&by, i), i64_arg_at(&from, i),
		            c->arg_count > 3 ? i64_arg_at(&length, i) : -1, is_utf8_form(c));
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

/* ---- translate(text, from, to): characters without a partner are left out ---- */

struct alphabet {
	uint32_t n, partners;       /* characters of `from`, of `to` */
	uint32_t *from, *to;
};

static uint32_t code_points(struct str s, bool utf8, uint32_t *to)
{
	uint32_t n = 0;
	for (size_t i = 0; i < s.size;) {
		uint32_t c = (unsigned char)s.data[i];
		i += utf8 ? utf8_decode(s.data + i, s.size - i, &c) : 1;
		to[n++] = c;
	}
	return n;
}

static enum status alphabet_of(const struct call *c, struct arena *a, struct str from, struct str to,
                               struct alphabet *x, struct error *err)
{
	bool utf8 = is_utf8_form(c);
	x->from = ARENA_ARRAY(a, uint32_t, from.size + 1);
	x->to = ARENA_ARRAY(a, uint32_t, to.size + 1);
	x->n = code_points(from, utf8, x->from);
	x->partners = code_points(to, utf8, x->to);
	for (uint32_t i = 0; i < x->n + x->partners && !utf8; i++)
		if ((i < x->n ? x->from[i] : x->to[i - x->n]) >= 0x80)
			return ERR(err, E_BAD_ARGUMENTS, "Second and third arguments must be ASCII strings");
	if (x->partners > x->n)
		return ERR(err, E_BAD_ARGUMENTS, "Second argument of function %s must not be shorter than the third argument. "
		           "Size of the second argument: %u, size of the third argument: %u", c->function->name, x->n, x->partners);
	return OK;
}

static void translate_row(const struct alphabet *x, struct strbuf *to, struct str s, bool utf8)
{
	char bytes[4];
	for (size_t i = 0; i < s.size;) {
		uint32_t c = (unsigned char)s.data[i], at = x->n;
		unsigned n = utf8 ? utf8_decode(s.data + i, s.size - i, &c) : 1;
		while (at > 0 && x->from[at - 1] != c)
			at--;
		if (at == 0)
			strbuf_put(to, s.data + i, n);
		else if (at <= x->partners && utf8)
			strbuf_put(to, bytes, utf8_encode(x->to[at - 1], bytes));
		else if (at <= x->partners)
			strbuf_putc(to, (char)x->to[at - 1]);
		i += n;
	}
}

static enum status exec_translate(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	struct str_arg text = str_arg(args[0]), from = str_arg(args[1]), to = str_arg(args[2]);
	struct alphabet x = {0};
	struct strings o;
	enum status s = OK;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		if (!eval_skips(e, i)) {
			if (x.from == NULL || from.stride + to.stride != 0)
				s = alphabet_of(c, e->scratch, str_arg_at(&from, i), str_arg_at(&to, i), &x, e->err);
			if (s == OK)
				translate_row(&x, &o.text, str_arg_at(&text, i), is_utf8_form(c));
		}
		strings_end(&o, i);
	}
	return strings_close(&o, c, e, count, s, out);
}

/* ---- parts ---- */

static struct str first_line(struct str s)
{
	size_t n = 0;
	while (n < s.size && s.data[n] != '\n' && s.data[n] != '\r')
		n++;
	return str_make(s.data, n);
}

static struct str base_name(struct str s)
{
	size_t n = s.size;
	while (n > 0 && s.data[n - 1] != '/' && s.data[n - 1] != '\\')
		n--;
	return str_make(s.data + n, s.size - n);
}

static enum status exec_part(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	return str_each_part(c, e, args[0], count, c->function->name[0] == 'f' ? first_line : base_name, out);
}

/* ---- facts about bytes ---- */

static unsigned unique_bytes(struct str s, uint64_t counts[256])
{
	unsigned n = 0;
	memset(counts, 0, 256 * sizeof *counts);
	for (size_t i = 0; i < s.size; i++)
		n += counts[(unsigned char)s.data[i]]++ == 0;
	return n;
}

static enum status exec_bytes(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	struct str_arg text = str_arg(args[0]);
	uint64_t counts[256];
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		struct str s = str_arg_at(&text, i);
		double entropy = 0;
		size_t ascii = 0;
		while (ascii < s.size && (unsigned char)s.data[ascii] < 0x80)
			ascii++;
		if (c->function->name[0] == 'i') {
			((uint8_t *)(*out)->data)[i] = ascii == s.size;
			continue;
		}
		unsigned n = unique_bytes(s, counts);
		for (int k = 0; k < 256; k++)
			if (counts[k] != 0)
				entropy -= (double)counts[k] / (double)s.size * log2((double)counts[k] / (double)s.size);
		if (c->result->id == TYPE_UINT16)
			((uint16_t *)(*out)->data)[i] = (uint16_t)n;
		else
			((double *)(*out)->data)[i] = entropy;
	}
	return OK;
}

/* compareSubstrings(a, b, offset in a, offset in b, bytes): -1, 0 or 1. */
static enum status exec_compare(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	struct str_arg texts[2] = {str_arg(args[0]), str_arg(args[1])};
	struct i64_arg offsets[2] = {i64_arg(args[2]), i64_arg(args[3])}, lengths = i64_arg(args[4]);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		struct str part[2];
		int64_t length = i64_arg_at(&lengths, i);
		((int8_t *)v->data)[i] = 0;
		for (int k = 0; k < 2; k++) {
			int64_t from = i64_arg_at(&offsets[k], i);
			part[k] = str_arg_at(&texts[k], i);
			if ((from < 0 || length < 0) && !eval_skips(e, i)) {
				vector_unref(v);
				return ERR(e->err, E_BAD_ARGUMENTS, "Offsets and length of function compareSubstrings must not be negative");
			}
			size_t skip = from < 0 ? 0 : (uint64_t)from > part[k].size ? part[k].size : (size_t)from;
			part[k].data += skip;
			part[k].size -= skip;
			if (length >= 0 && (uint64_t)length < part[k].size)
				part[k].size = (size_t)length;
		}
		int order = str_compare(part[0], part[1]);
		((int8_t *)v->data)[i] = (int8_t)((order > 0) - (order < 0));
	}
	*out = v;
	return OK;
}

/* ---- Unicode's forms ---- */

static const struct {
	const char *name;
	unsigned options;
} forms[] = {
	{"normalizeUTF8NFC", UTF8PROC_STABLE | UTF8PROC_COMPOSE}, {"normalizeUTF8NFD", UTF8PROC_STABLE | UTF8PROC_DECOMPOSE},
	{"normalizeUTF8NFKC", UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT},
	{"normalizeUTF8NFKD", UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT},
	{"normalizeUTF8NFKCCasefold", UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
	 UTF8PROC_IGNORE}, {"caseFoldUTF8", UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD},
	{"removeDiacriticsUTF8", UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_STRIPMARK},
};

static enum status exec_form(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	struct str_arg text = str_arg(args[0]);
	struct strings o;
	enum status s = OK;
	unsigned options = 0;
	for (size_t i = 0; i < ARRAY_COUNT(forms); i++)
		if (strcmp(forms[i].name, c->function->name) == 0)
			options = forms[i].options;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct str t = str_arg_at(&text, i);
		utf8proc_uint8_t *made = NULL;
		utf8proc_ssize_t n = t.size == 0 || eval_skips(e, i) ? 0
			: utf8proc_map((const utf8proc_uint8_t *)t.data, (utf8proc_ssize_t)t.size, &made, (utf8proc_option_t)options);
		if (n < 0)
			s = ERR(e->err, E_BAD_ARGUMENTS, "Normalization failed: %s", utf8proc_errmsg(n));
		else
			strbuf_put(&o.text, made, (size_t)n);
		free(made);
		strings_end(&o, i);
	}
	return strings_close(&o, c, e, count, s, out);
}

/* ---- convertCharset ---- */

/* What cannot be written in the target becomes a question mark. */
static void convert_row(iconv_t cd, struct strbuf *to, struct str s)
{
	char *from = (char *)(uintptr_t)s.data;
	size_t left = s.size;
	iconv(cd, NULL, NULL, NULL, NULL);
	while (left != 0 && strbuf_reserve(to, left * 4 + 16)) {
		char *at = to->data + to->size;
		size_t room = to->capacity - to->size;
		size_t done = iconv(cd, &from, &left, &at, &room);
		to->size = (size_t)(at - to->data);
		if (done == (size_t)-1 && errno != E2BIG && left != 0) {
			strbuf_putc(to, '?');
			from++;
			left--;
		}
	}
}

static enum status exec_charset(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	struct str_arg text = str_arg(args[0]);
	struct str *names = c->state;
	struct strings o;
	iconv_t cd = iconv_open(names[1].data, names[0].data);
	if (cd == (iconv_t)-1)
		return ERR(e->err, E_BAD_ARGUMENTS, "Unknown character set: %s or %s", names[0].data, names[1].data);
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		convert_row(cd, &o.text, str_arg_at(&text, i));
		strings_end(&o, i);
	}
	iconv_close(cd);
	return strings_finish(&o, c, e, count, out);
}

static enum status bind_charset(struct bind_env *env, struct call *c)
{
	struct str *names = ARENA_ARRAY(env->arena, struct str, 2);
	for (uint32_t k = 0; k < 2; k++) {
		struct str name = {0};
		if (!call_const_str(c, k + 1, &name))
			return ERR(env->err, E_ILLEGAL_COLUMN, "Argument %u of function convertCharset must be a constant", k + 2);
		names[k] = arena_strf(env->arena, "%.*s", STR_ARG(name));
	}
	c->state = names;
	return OK;
}

#define PLAIN(name, aliases, pattern, type, row_exec, text, sample, answer) \
	FUNCTION_ROW(name, aliases, FUNCTION_CH, pattern, type, NULL, row_exec, text, sample, answer)
#define FORM(name, sample, answer) \
	PLAIN(name, NULL, "S", "String", exec_form, "The text in that form of Unicode.", sample, answer)

static const struct function rows[] = {
	FUNCTION_ROW("substringIndex", "~SUBSTRING_INDEX", FUNCTION_CH, "SSJ", "String", bind_index_part, exec_index_part,
	             "What stands before the n-th delimiter, or behind the n-th from the end.",
	             "substringIndex('www.a.com', '.', 2)", "www.a"),
	FUNCTION_ROW("substringIndexUTF8", NULL, FUNCTION_CH, "SSJ", "String", bind_index_part, exec_index_part,
	             "What stands before the n-th delimiter, or behind the n-th from the end.",
	             "substringIndexUTF8('aébéc', 'é', -1)", "c"),
	{.name = "overlay", .flags = CH_NOCASE, .args = "SSJJ?", .result = "String", .exec = exec_overlay,
	 .description = "A text with a part replaced.", .example = "overlay('abcdef', 'XY', 2, 3)", .example_result = "aXYef"},
	PLAIN("overlayUTF8", NULL, "SSJJ?", "String", exec_overlay, "A text with some characters replaced.",
	      "overlayUTF8('aéb', 'X', 2)", "aXb"),
	PLAIN("translate", NULL, "SSS", "String", exec_translate, "Bytes replaced one by one.",
	      "translate('hello', 'el', 'ip')", "hippo"),
	PLAIN("translateUTF8", NULL, "SSS", "String", exec_translate, "Characters replaced one by one.",
	      "translateUTF8('münchen', 'ü', 'u')", "munchen"),
	PLAIN("firstLine", NULL, "S", "String", exec_part, "The first line.", "firstLine('a\\nb')", "a"),
	PLAIN("basename", NULL, "S", "String", exec_part, "What stands behind the last slash.", "basename('/a/b.c')", "b.c"),
	PLAIN("isValidASCII", "isASCII", "S", "UInt8", exec_bytes, "Whether all bytes are ASCII.", "isValidASCII('é')", "0"),
	PLAIN("stringBytesUniq", NULL, "S", "UInt16", exec_bytes, "How many different bytes.",
		"stringBytesUniq('hello')", "4"),
	PLAIN("stringBytesEntropy", NULL, "S", "Float64", exec_bytes, "Shannon's entropy of the bytes, in bits.",
	      "stringBytesEntropy('abab')", "1"),
	PLAIN("compareSubstrings", NULL, "SSJJJ", "Int8", exec_compare, "The order of two parts of strings.",
	      "compareSubstrings('abc', 'abd', 0, 0, 3)", "-1"),
	FORM("normalizeUTF8NFC", "normalizeUTF8NFC('é')", "é"),
	FORM("normalizeUTF8NFD", "hex(normalizeUTF8NFD('é'))", "65CC81"),
	FORM("normalizeUTF8NFKC", "normalizeUTF8NFKC('ﬁ')", "fi"),
	FORM("normalizeUTF8NFKD", "normalizeUTF8NFKD('ﬁ')", "fi"),
	FORM("normalizeUTF8NFKCCasefold", "normalizeUTF8NFKCCasefold('ﬁA')", "fia"),
	FORM("caseFoldUTF8", "caseFoldUTF8('ßA')", "ssa"),
	{.name = "removeDiacriticsUTF8", .aliases = "removeAccentsUTF8", .flags = FUNCTION_CH, .args = "S",
	 .result = "String", .exec = exec_form, .description = "The text without accents.",
	 .example = "removeDiacriticsUTF8('éàü')", .example_result = "eau"},
	FUNCTION_ROW("convertCharset", NULL, FUNCTION_CH, "Sss", "String", bind_charset, exec_charset,
	             "A text from one character set in another.", "convertCharset('caf\\xe9', 'latin1', 'utf-8')", "café"),
};

FUNCTION_FAMILY(str_text, "Texts");

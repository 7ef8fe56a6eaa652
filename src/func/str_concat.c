// SPDX-License-Identifier: Apache-2.0
/* Joining strings and taking them apart: concat, format, splitBy…, arrayStringConcat, and PostgreSQL's kin. */
#include <assert.h>

#include "base/utf8.h"
#include "func/str_impl.h"

/* ---- concat ---- */

enum { CONCAT_MAX = 4096 };

static enum status exec_concat(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	struct str_arg *a = ARENA_ARRAY(e->scratch, struct str_arg, c->arg_count + 1);
	struct strings o;
	for (uint32_t k = 0; k < c->arg_count; k++)
		a[k] = str_arg(args[k]);
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t k = 0; k < c->arg_count; k++)
			strbuf_puts(&o.text, str_arg_at(&a[k], i));
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

static bool is_composite(const struct type *t)
{
	return t->id == TYPE_ARRAY || t->id == TYPE_MAP || t->id == TYPE_TUPLE;
}

static void as_text(struct call *c, uint32_t arg, struct arena *a)
{
	const struct type *t = c->arg_types[arg];
	if ((t->id == TYPE_STRING && t->face != FACE_BPCHAR) || t->id == TYPE_NOTHING)
		return;
	c->arg_types[arg] = t->nullable ? type_nullable(a, type_simple(TYPE_STRING)) : type_simple(TYPE_STRING);
}

static enum status bind_concat(struct bind_env *env, struct call *c)
{
	uint32_t arrays = 0;
	for (uint32_t i = 0; i < c->arg_count; i++)
		arrays += is_composite(c->arg_types[i]);
	bool symbol = strcmp(c->function->name, "||") == 0;
	if (arrays != 0 && (symbol || arrays == c->arg_count))
		return call_bad_type(env, c, 0);
	for (uint32_t i = 0; i < c->arg_count; i++)
		if (c->arg_types[i]->id != TYPE_FIXEDSTRING)
			as_text(c, i, env->arena);
	return OK;
}

/* PostgreSQL's concat(): NULLs are left out. */
static enum status exec_concat_pg(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	bool ws = strcmp(c->function->name, "concat_ws") == 0;
	struct strings o;
	uint64_t *nulls = NULL;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		bool first = true, separator_null = ws && vector_is_null(args[0], i);
		for (uint32_t k = ws; k < c->arg_count && !separator_null; k++) {
			if (args[k]->type->id == TYPE_NOTHING || vector_is_null(args[k], i))
				continue;
			struct str_arg a = str_arg(args[k]), separator = ws ? str_arg(args[0]) : a;
			if (ws && !first)
				strbuf_puts(&o.text, str_arg_at(&separator, i));
			if (args[k]->type->id == TYPE_BOOL) /* the text of output, not that of a cast */
				strbuf_putc(&o.text, ((const uint8_t *)args[k]->data)[args[k]->form == VECTOR_CONST ? 0 : i] ? 't' : 'f');
			else
				strbuf_puts(&o.text, str_arg_at(&a, i));
			first = false;
		}
		if (separator_null) {
			if (nulls == NULL)
				nulls = ARENA_ARRAY(e->scratch, uint64_t, bits_words(count));
			bit_set(nulls, i);
		}
		strings_end(&o, i);
	}
	TRY(strings_finish(&o, c, e, count, out));
	if (nulls == NULL)
		return OK;
	TRY(vector_make_nulls(*out, e->track, e->err));
	memcpy((*out)->nulls, nulls, bits_words(count) * sizeof *nulls);
	return OK;
}

static enum status bind_concat_pg(struct bind_env *env, struct call *c)
{
	bool ws = strcmp(c->function->name, "concat_ws") == 0;
	/* array || element comes under this name too */
	for (uint32_t i = 0; i < c->arg_count; i++)
		if (!ws && c->arg_count == 2 && c->arg_types[i]->id == TYPE_ARRAY)
			return call_bad_type(env, c, i);
	for (uint32_t i = 0; i < c->arg_count; i++)
		if (c->arg_types[i]->id != TYPE_BOOL || (ws && i == 0))
			as_text(c, i, env->arena);
	c->result = type_simple(TYPE_STRING);
	if (ws && (c->arg_types[0]->nullable || c->arg_types[0]->id == TYPE_NOTHING))
		c->result = type_nullable(env->arena, c->result);
	return OK;
}

static enum status exec_concat_separator(const struct call *c, struct eval *e, const struct vector *const *args,
                                         uint32_t count, struct vector **out)
{
	struct strings o;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		struct str_arg separator = str_arg(args[0]);
		for (uint32_t k = 1; k < c->arg_count; k++) {
			struct str_arg a = str_arg(args[k]);
			if (k != 1)
				strbuf_puts(&o.text, str_arg_at(&separator, i));
			strbuf_puts(&o.text, str_arg_at(&a, i));
		}
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

/* format('{} {1}', a, b) */
static enum status format_row(struct strbuf *to, struct str pattern, const struct call *c,
                              const struct vector *const *args, uint32_t row, struct error *err)
{
	uint32_t next = 0;
	for (size_t i = 0; i < pattern.size; i++) {
		char ch = pattern.data[i];
		bool twice = i + 1 < pattern.size && pattern.data[i + 1] == ch;
		if ((ch == '{' || ch == '}') && twice) {
			strbuf_putc(to, ch);
			i++;
			continue;
		}
		if (ch != '{' && ch != '}') {
			strbuf_putc(to, ch);
			continue;
		}
		size_t k = i + 1;
		uint32_t index = 0;
		while (ch == '{' && k < pattern.size && pattern.data[k] >= '0' && pattern.data[k] <= '9' && index < CONCAT_MAX)
			index = index * 10 + (uint32_t)(pattern.data[k++] - '0');
		if (ch == '}' || k == pattern.size || pattern.data[k] != '}')
			return ERR(err, E_BAD_ARGUMENTS, "Format string of function format has a brace that does not match");
		if (k == i + 1)
			index = next++;
		if (index + 1 >= c->arg_count)
			return ERR(err, E_BAD_ARGUMENTS, "Argument is too big for formatting");
		struct str_arg a = str_arg(args[index + 1]);
		strbuf_puts(to, str_arg_at(&a, row));
		i = k;
	}
	return OK;
}

static enum status exec_format(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	struct str_arg pattern = str_arg(args[0]);
	struct strings o;
	enum status s = OK;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		if (!eval_skips(e, i))
			s = format_row(&o.text, str_arg_at(&pattern, i), c, args, i, e->err);
		strings_end(&o, i);
	}
	enum status finish = strings_finish(&o, c, e, s == OK ? count : 0, out);
	if (s != OK && finish == OK) {
		vector_unref(*out);
		*out = NULL;
	}
	return s != OK ? s : finish;
}

/* ---- splitting ---- */

enum split_kind { SPLIT_CHAR, SPLIT_STRING, SPLIT_SPACES, SPLIT_NON_ALPHA, SPLIT_ALPHA_TOKENS, SPLIT_REGEXP };
struct split {
	enum split_kind kind;
	uint32_t text, separator;   /* arguments */
	int64_t max;                /* 0: no limit */
	struct regex *regex;
};

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_letter(char c)
{
	return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}

static bool is_separator(enum split_kind kind, char c)
{
	if (kind == SPLIT_SPACES)
		return is_space(c);
	if (kind == SPLIT_ALPHA_TOKENS)
		return !is_letter(c);
	/* white space and punctuation */
	return is_space(c) || (c > ' ' && c < 0x7f && !is_letter(c) && !(c >= '0' && c <= '9'));
}

static enum status add_part(struct builder *b, const char *from, const char *to, struct error *err)
{
	return builder_view(b, strview_make(from, (size_t)(to - from)), err);
}

/* The limit cuts the list off after `max` parts. */
static enum status split_runs(const struct split *x, struct builder *b, struct str s, struct error *err)
{
	const char *p = s.data, *end = s.data + s.size;
	for (int64_t n = 0; p < end && (x->max == 0 || n < x->max);) {
		while (p < end && is_separator(x->kind, *p))
			p++;
		const char *from = p;
		while (p < end && !is_separator(x->kind, *p))
			p++;
		if (p == from)
			break;
		TRY(add_part(b, from, p, err));
		n++;
	}
	return OK;
}

static enum status split_text(const struct split *x, struct builder *b, struct str s, struct str separator,
                              struct error *err)
{
	const char *p = s.data, *end = s.data + s.size, *at;
	struct searcher needle;
	if (s.size == 0)
		return x->kind == SPLIT_CHAR || separator.size != 0 ? add_part(b, "", "", err) : OK;
	if (separator.size == 0) {
		while (p < end) {
			uint32_t c;
			unsigned n = utf8_decode(p, (size_t)(end - p), &c);
			TRY(add_part(b, p, p + n, err));
			p += n;
		}
		return OK;
	}
	searcher_init(&needle, separator, false);
	int64_t n = 0;
	while ((x->max == 0 || n < x->max) && (at = searcher_find(&needle, p, end)) != NULL) {
		TRY(add_part(b, p, at, err));
		p = at + separator.size;
		n++;
	}
	return x->max == 0 || n < x->max ? add_part(b, p, end, err) : OK;
}

static enum status split_regexp(struct builder *b, struct regex_run *run, struct str s, struct error *err)
{
	size_t done = 0;
	for (size_t from = 0; from <= s.size && regex_find(run, s, from);) {
		size_t at = run->offsets[0], end = run->offsets[1];
		from = end + (at == end);
		if (at == end && (at == 0 || at >= s.size))
			continue;
		TRY(add_part(b, s.data + done, s.data + at, err));
		done = end;
	}
	return s.size == 0 ? OK : add_part(b, s.data + done, s.data + s.size, err);
}

static enum status exec_split(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const struct split *x = c->state;
	struct str_arg text = str_arg(args[x->text]), separators = {NULL, 0};
	struct regex_run run = {0};
	struct builder *b;
	if (x->separator != UINT32_MAX)
		separators = str_arg(args[x->separator]);
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = x->regex != NULL ? regex_begin(&run, x->regex, e->err) : OK;
	/* parts point into the argument's strings */
	for (uint32_t k = 0; k < args[x->text]->heap_count && s == OK; k++)
		s = builder_keep(b->children[0], args[x->text]->heaps[k], e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct str t = str_arg_at(&text, i), separator = separators.values == NULL ? STR("") : str_arg_at(&separators, i);
		if (eval_skips(e, i))
			s = OK;
		else if (x->kind == SPLIT_CHAR && separator.size != 1)
			s = ERR(e->err, E_BAD_ARGUMENTS, "Illegal separator for function splitByChar. Must be exactly one byte.");
		else if (x->kind == SPLIT_REGEXP)
			s = x->regex == NULL ? split_text(x, b->children[0], t, STR(""), e->err)
				: split_regexp(b->children[0], &run, t, e->err);
		else if (x->separator != UINT32_MAX)
			s = split_text(x, b->children[0], t, separator, e->err);
		else
			s = split_runs(x, b->children[0], t, e->err);
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	regex_end(&run);
	return builder_close(b, s, out, e->err);
}

static enum status bind_split(struct bind_env *env, struct call *c)
{
	static const struct {
		const char *name;
		enum split_kind kind;
	} kinds[] = {{"splitByChar", SPLIT_CHAR}, {"splitByString", SPLIT_STRING}, {"splitByWhitespace", SPLIT_SPACES},
		{"splitByNonAlpha", SPLIT_NON_ALPHA}, {"alphaTokens", SPLIT_ALPHA_TOKENS}, {"splitByRegexp", SPLIT_REGEXP}};
	struct split *x = ARENA_NEW(env->arena, struct split);
	struct str pattern;
	for (size_t i = 0; i < ARRAY_COUNT(kinds); i++)
		if (strcmp(kinds[i].name, c->function->name) == 0)
			x->kind = kinds[i].kind;
	bool has_separator = x->kind == SPLIT_CHAR || x->kind == SPLIT_STRING || x->kind == SPLIT_REGEXP;
	x->text = has_separator;
	x->separator = has_separator ? 0 : UINT32_MAX;
	if (c->arg_count > x->text + 1 && !call_const_i64(c, x->text + 1, &x->max))
		return call_bad_type(env, c, x->text + 1);
	if (x->kind == SPLIT_REGEXP) {
		if (!call_const_str(c, 0, &pattern))
			return call_bad_type(env, c, 0);
		if (pattern.size != 0)
			TRY(regex_compile(env->arena, pattern, 0, &x->regex, env->err));
	}
	if (x->max < 0)
		x->max = 0;
	c->state = x;
	return OK;
}

/* ---- arrayStringConcat ---- */

static enum status exec_join(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const struct vector *list = args[0];
	const uint32_t *at = list->data;
	bool constant = list->form == VECTOR_CONST, has_null_text = c->arg_count > 2;
	struct str_arg separators = {NULL, 0}, null_texts = {NULL, 0};
	struct strings o;
	if (c->arg_count > 1)
		separators = str_arg(args[1]);
	if (has_null_text)
		null_texts = str_arg(args[2]);
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t row = constant ? 0 : i;
		struct str separator = c->arg_count > 1 ? str_arg_at(&separators, i) : STR("");
		bool first = true;
		for (uint32_t k = at[row]; k < at[row + 1]; k++) {
			const struct vector *in;
			uint32_t r = vector_index(list->children[0], k, &in);
			bool is_null = in->type->id == TYPE_NOTHING || (in->nulls != NULL && bit_get(in->nulls, r));
			if (is_null && !has_null_text)
				continue;
			if (!first)
				strbuf_puts(&o.text, separator);
			strbuf_puts(&o.text, is_null ? str_arg_at(&null_texts, i) : strview_str((const struct strview *)in->data + r));
			first = false;
		}
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

static enum status bind_join(struct bind_env *env, struct call *c)
{
	const struct type *element = c->arg_types[0]->children[0];
	if (element->id == TYPE_NOTHING || element->id == TYPE_STRING)
		return OK;
	if (is_composite(element))
		return call_bad_type(env, c, 0);
	const struct type *text = type_simple(TYPE_STRING);
	c->arg_types[0] = type_array(env->arena, element->nullable ? type_nullable(env->arena, text) : text);
	return OK;
}

/* ---- PostgreSQL ---- */

static enum status exec_split_part(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	struct str_arg text = str_arg(args[0]), separators = str_arg(args[1]);
	struct i64_arg fields = i64_arg(args[2]);
	struct searcher needle;
	TRY(str_views(c, e, args[0], count, out));
	struct strview *to = (*out)->data;
	for (uint32_t i = 0; i < count; i++) {
		struct str s = str_arg_at(&text, i), separator = str_arg_at(&separators, i);
		int64_t n = i64_arg_at(&fields, i), parts = 1;
		const char *p = s.data, *end = s.data + s.size, *at;
		to[i] = strview_make("", 0);
		if (n == 0 && !eval_skips(e, i)) {
			vector_unref(*out);
			*out = NULL;
			return ERR(e->err, E_BAD_ARGUMENTS, "field position must not be zero");
		}
		if (separator.size == 0) {
			if (n == 1 || n == -1)
				to[i] = strview_make(s.data, s.size);
			continue;
		}
		searcher_init(&needle, separator, false);
		if (n < 0) {
			for (at = p; (at = searcher_find(&needle, at, end)) != NULL; at += separator.size)
				parts++;
			n = parts + n + 1;
		}
		for (; n > 1 && p != NULL; n--) {
			at = searcher_find(&needle, p, end);
			p = at == NULL ? NULL : at + separator.size;
		}
		if (n < 1 || p == NULL)
			continue;
		at = searcher_find(&needle, p, end);
		to[i] = strview_make(p, (size_t)((at == NULL ? end : at) - p));
	}
	return OK;
}

/*
 * string_to_array(text, separator[, null text]). NULL text: NULL; NULL separator: the characters; NULL null text: no
 * part is NULL.
 */
static enum status string_to_array_row(const struct call *c, const struct vector *const *args, uint32_t i,
                                       struct builder *to, struct error *err)
{
	struct str_arg text = str_arg(args[0]), separators = str_arg(args[1]), null_texts = text;
	struct str t = str_arg_at(&text, i), separator = STR(""), null_text = STR("");
	bool letters = args[1]->type->id == TYPE_NOTHING || vector_is_null(args[1], i);
	bool has_null = c->arg_count > 2 && args[2]->type->id != TYPE_NOTHING && !vector_is_null(args[2], i);
	if (!letters)
		separator = str_arg_at(&separators, i);
	if (has_null) {
		null_texts = str_arg(args[2]);
		null_text = str_arg_at(&null_texts, i);
	}
	struct searcher needle;
	const char *p = t.data, *end = t.data + t.size;
	searcher_init(&needle, separator, false);
	for (bool more = t.size != 0; more;) {
		uint32_t code;
		const char *at = letters ? p + utf8_decode(p, (size_t)(end - p), &code)
		                 : separator.size == 0 ? NULL : searcher_find(&needle, p, end);
		struct str part = str_make(p, (size_t)((at == NULL ? end : at) - p));
		bool is_null = has_null && str_eq(part, null_text);
		TRY(is_null ? builder_null(to, err) : builder_string(to, part.data, part.size, err));
		more = at != NULL && !(letters && at == end);
		p = at == NULL ? NULL : at + separator.size;
	}
	return OK;
}

static enum status bind_string_to_array(struct bind_env *env, struct call *c)
{
	bool nullable = c->arg_types[0]->nullable || c->arg_types[0]->id == TYPE_NOTHING;
	for (uint32_t i = 0; i < c->arg_count; i++)
		as_text(c, i, env->arena);
	if (nullable)
		c->result = type_nullable(env->arena, c->result);
	return OK;
}

static enum status exec_string_to_array(const struct call *c, struct eval *e, const struct vector *const *args,
                                        uint32_t count, struct vector **out)
{
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		if (args[0]->type->id == TYPE_NOTHING || vector_is_null(args[0], i)) {
			s = builder_null(b, e->err);
			continue;
		}
		s = string_to_array_row(c, args, i, b->children[0], e->err);
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	return builder_close(b, s, out, e->err);
}

#define SPLIT(name, pattern, text, sample, answer) \
	FUNCTION_ROW(name, NULL, FUNCTION_CH, pattern, "Array(String)", bind_split, exec_split, text, sample, answer)

static const struct function rows[] = {
	FUNCTION_ROW("concat", "concatAssumeInjective", CH_NOCASE, "*&", "String", bind_concat, exec_concat,
	             "The texts of all arguments joined.",
	             "concat('a', 1, 'b')", "a1b"),
	FUNCTION_ROW("||", NULL, FUNCTION_PG, "**", "String", bind_concat, exec_concat, "Two texts joined.", "'a' || 1", "a1"),
	{.name = "concat", .flags = FUNCTION_PG, .nulls = FUNCTION_NULL_CUSTOM, .args = "*+", .bind = bind_concat_pg,
	 .exec = exec_concat_pg, .description = "The texts of all arguments that are not NULL.",
	 .example = "concat('a', NULL, 1)", .example_result = "a1"},
	{.name = "concat_ws", .flags = FUNCTION_PG, .nulls = FUNCTION_NULL_CUSTOM, .args = "**+", .bind = bind_concat_pg,
	 .exec = exec_concat_pg, .description = "The texts that are not NULL with the first between them.",
	 .example = "concat_ws('-', 'a', NULL, 'b')", .example_result = "a-b"},
	FUNCTION_ROW("concatWithSeparator", "~concat_ws concatWithSeparatorAssumeInjective",
	             FUNCTION_CH, "S*&", "String", bind_concat, exec_concat_separator,
	             "The texts with the first between them.", "concatWithSeparator('-', 'a', 'b')", "a-b"),
	FUNCTION_ROW("format", NULL, FUNCTION_CH, "S*&", "String", bind_concat, exec_format,
	             "A pattern with {} or {0} replaced by the arguments.", "format('{1} {0}', 'a', 'b')", "b a"),
	SPLIT("splitByChar", "SSJ?", "The parts between a byte.", "splitByChar(',', 'a,b')", "['a','b']"),
	SPLIT("splitByString", "SSJ?", "The parts between a string.", "splitByString(', ', 'a, b')", "['a','b']"),
	SPLIT("splitByRegexp", "SSJ?", "The parts between matches.", "splitByRegexp('\\\\d', 'a1b')", "['a','b']"),
	SPLIT("splitByWhitespace", "SJ?", "The parts between white space.", "splitByWhitespace(' a  b ')", "['a','b']"),
	SPLIT("splitByNonAlpha", "SJ?", "The parts between white space and punctuation.", "splitByNonAlpha('a, b!')",
	      "['a','b']"),
	FUNCTION_ROW("alphaTokens", "~splitByAlpha", FUNCTION_CH, "SJ?", "Array(String)", bind_split, exec_split,
	             "The runs of letters.", "alphaTokens('a1b')", "['a','b']"),
	FUNCTION_ROW("arrayStringConcat", "~array_to_string", FUNCTION_BOTH, "AS?S?", "String", bind_join, exec_join,
	             "The elements joined, with a separator between them.", "arrayStringConcat(['a', 'b'], '-')", "a-b"),
	FUNCTION_ROW("split_part", NULL, FUNCTION_PG, "SSJ", "String", NULL, exec_split_part,
	             "One of the parts between a separator, counted from 1, negative from the end.",
	             "split_part('a,b,c', ',', 2)", "b"),
	{.name = "string_to_array", .flags = FUNCTION_PG | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM, .args = "***?",
	 .result = "Array(Nullable(String))", .bind = bind_string_to_array, .exec = exec_string_to_array,
	 .description = "The parts between a separator.", .example = "string_to_array('a,b', ',')", .example_result = "{a,b}"},
	{.name = "string_to_table", .flags = FUNCTION_PG | FUNCTION_SET_RETURNING | FUNCTION_NO_DICT,
	 .nulls = FUNCTION_NULL_CUSTOM, .args = "***?", .result = "Array(Nullable(String))",
	 .bind = bind_string_to_array, .exec = exec_string_to_array,
	 .description = "A row for each part between a separator.", .example = "string_to_table('a', ',')",
	 .example_result = "a"},
};

FUNCTION_FAMILY(str_concat, "Joining and splitting strings");

// SPDX-License-Identifier: Apache-2.0
/*
 * Regular expressions over PCRE2 with its compiler to machine code. RE2's and PostgreSQL's spellings that differ are
 * rewritten; matching is bounded by PCRE2's own limits, a row that passes them does not match.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "func/str_impl.h"

struct regex {
	pcre2_code *code;
	uint32_t groups;
	bool has_jit;
	pcre2_code *narrow;      /* for texts in ASCII, made for the machine; NULL: none */
	struct str required;     /* literal that every match contains, when the pattern is nothing else */
	bool is_literal;
	struct searcher literal;
};

static void free_code(void *code)
{
	pcre2_code_free(code);
}

/* \y \m \M \Z of PostgreSQL and \z of RE2 in PCRE2's words. */
static struct str rewrite(struct arena *a, struct str p, unsigned flags)
{
	struct strbuf b;
	bool in_class = false;
	strbuf_init(&b, NULL);
	if ((flags & REGEX_PG) && str_starts_with(p, STR("***:")))
		p = str_make(p.data + 4, p.size - 4);
	for (size_t i = 0; i < p.size; i++) {
		char c = p.data[i];
		if (c == '\\' && i + 1 < p.size) {
			char n = p.data[++i];
			if ((flags & REGEX_PG) && n == 'y')
				strbuf_putz(&b, "\\b");
			else if ((flags & REGEX_PG) && n == 'Y')
				strbuf_putz(&b, "\\B");
			else if ((flags & REGEX_PG) && n == 'm')
				strbuf_putz(&b, "\\b(?=\\w)");
			else if ((flags & REGEX_PG) && n == 'M')
				strbuf_putz(&b, "\\b(?<=\\w)");
			else if ((flags & REGEX_PG) && n == 'Z')
				strbuf_putz(&b, "\\z");
			else if (!in_class && (n == 'S' || n == 'W' || n == 'D')) /* its machine code forgets what is not ASCII */
				strbuf_printf(&b, "[^\\%c]", ascii_lower(n));
			else {
				strbuf_putc(&b, '\\');
				strbuf_putc(&b, n);
			}
			continue;
		}
		if (c == '[' && !in_class) {
			in_class = true;
			strbuf_putc(&b, c);
			if (i + 1 < p.size && p.data[i + 1] == '^')
				strbuf_putc(&b, p.data[++i]);
			if (i + 1 < p.size && p.data[i + 1] == ']') {
				strbuf_putz(&b, "\\]");
				i++;
			}
			continue;
		}
		if (in_class && c == '[' && i + 1 < p.size && p.data[i + 1] == ':') {
			size_t k = i + 2;
			while (k + 1 < p.size && !(p.data[k] == ':' && p.data[k + 1] == ']'))
				k++;
			if (k + 1 < p.size) {
				strbuf_put(&b, p.data + i, k + 2 - i);
				i = k + 1;
				continue;
			}
		}
		if (c == ']')
			in_class = false;
		strbuf_putc(&b, c);
	}
	struct str made = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return made;
}

static bool is_plain(struct str p)
{
	for (size_t i = 0; i < p.size; i++)
		if (p.data[i] == '\0' || strchr("\\^$.[]|()?*+{}", p.data[i]) != NULL)
			return false;
	return p.size != 0;
}

/* Sixteen bytes at once, then what is left of them, with some again. */
static bool is_ascii(struct str s)
{
	typedef uint64_t lanes __attribute__((vector_size(16)));
	lanes v, all = {0};
	size_t i = 0;
	if (s.size < sizeof v) {
		unsigned char any = 0;
		for (; i < s.size; i++)
			any |= (unsigned char)s.data[i];
		return any < 0x80;
	}
	for (; i + sizeof v <= s.size; i += sizeof v) {
		memcpy(&v, s.data + i, sizeof v);
		all |= v;
	}
	memcpy(&v, s.data + s.size - sizeof v, sizeof v);
	all |= v;
	return ((all[0] | all[1]) & 0x8080808080808080) == 0;
}

/* The same over single bytes, for texts in ASCII: there is nothing to decode. NULL where it cannot be had. */
static pcre2_code *compile_narrow(struct arena *a, struct str p, uint32_t options)
{
	int code;
	PCRE2_SIZE at;
	if (!is_ascii(p))
		return NULL;
	pcre2_code *narrow = pcre2_compile((PCRE2_SPTR)(p.data == NULL ? "" : p.data), p.size,
	                                   (options & ~(uint32_t)(PCRE2_UTF | PCRE2_MATCH_INVALID_UTF)) | PCRE2_NEVER_UTF,
	                                   &code, &at, NULL);
	if (narrow == NULL)
		return NULL;
	if (pcre2_jit_compile(narrow, PCRE2_JIT_COMPLETE) != 0) {
		pcre2_code_free(narrow);
		return NULL;
	}
	arena_defer(a, free_code, narrow);
	return narrow;
}

enum status regex_compile(struct arena *a, struct str pattern, unsigned flags, struct regex **out, struct error *err)
{
	struct regex *r = ARENA_NEW(a, struct regex);
	uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_DOLLAR_ENDONLY;
	int code;
	PCRE2_SIZE at;
	if (flags & REGEX_DOT_NL)
		options |= PCRE2_DOTALL;
	if (flags & REGEX_NOCASE)
		options |= PCRE2_CASELESS;
	if (flags & REGEX_MULTILINE)
		options |= PCRE2_MULTILINE;
	if (flags & REGEX_EXTENDED)
		options |= PCRE2_EXTENDED;
	if (flags & REGEX_LITERAL)
		options = (options & ~(uint32_t)(PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY | PCRE2_MULTILINE | PCRE2_EXTENDED)) |
			PCRE2_LITERAL;
	struct str p = (flags & REGEX_LITERAL) ? arena_str(a, pattern) : rewrite(a, pattern, flags);
	r->code = pcre2_compile((PCRE2_SPTR)(p.data == NULL ? "" : p.data), p.size, options, &code, &at, NULL);
	if (r->code == NULL) {
		unsigned char text[256];
		pcre2_get_error_message(code, text, sizeof text);
		return ERR(err, E_INVALID_REGEXP, "invalid regular expression: %s (at offset %zu of '%.*s')", (char *)text,
		           (size_t)at, (int)(pattern.size > 200 ? 200 : pattern.size), pattern.data);
	}
	arena_defer(a, free_code, r->code);
	r->has_jit = pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE) == 0;
	r->narrow = compile_narrow(a, p, options);
	pcre2_pattern_info(r->code, PCRE2_INFO_CAPTURECOUNT, &r->groups);
	r->is_literal = is_plain(p) && !(flags & (REGEX_NOCASE | REGEX_EXTENDED));
	if (r->is_literal)
		searcher_init(&r->literal, p, false);
	*out = r;
	return OK;
}

/* A run's own. A text is looked at from its beginning first. */
struct run_data {
	pcre2_match_data *match;
	bool narrow;              /* the text is ASCII, and there is a code for that */
};

enum status regex_begin(struct regex_run *r, const struct regex *regex, struct error *err)
{
	struct run_data *data = calloc(1, sizeof *data);
	if (data != NULL)
		data->match = pcre2_match_data_create_from_pattern(regex->code, NULL);
	if (data == NULL || data->match == NULL) {
		free(data);
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate for a regular expression");
	}
	*r = (struct regex_run){regex, data, pcre2_get_ovector_pointer(data->match), regex->groups};
	return OK;
}

void regex_end(struct regex_run *r)
{
	struct run_data *data = r->data;
	if (data != NULL)
		pcre2_match_data_free(data->match);
	free(data);
	r->data = NULL;
}

bool regex_find(struct regex_run *r, struct str s, size_t from)
{
	const struct regex *x = r->regex;
	struct run_data *data = r->data;
	if (s.data == NULL)
		s.data = "";
	if (x->is_literal) {
		const char *p = searcher_find(&x->literal, s.data + from, s.data + s.size);
		size_t *at = pcre2_get_ovector_pointer(data->match);
		if (p == NULL)
			return false;
		at[0] = (size_t)(p - s.data);
		at[1] = at[0] + x->literal.needle.size;
		return true;
	}
	if (from == 0)
		data->narrow = x->narrow != NULL && is_ascii(s);
	if (data->narrow)
		return pcre2_jit_match(x->narrow, (PCRE2_SPTR)s.data, s.size, from, 0, data->match, NULL) > 0;
	return pcre2_match(x->code, (PCRE2_SPTR)s.data, s.size, from, 0, data->match, NULL) > 0;
}

enum status regex_of_argument(struct bind_env *env, struct call *c, uint32_t arg, unsigned flags, struct regex **out)
{
	struct str pattern;
	*out = NULL;
	if (!call_const_str(c, arg, &pattern))
		return OK;
	return regex_compile(env->arena, pattern, flags, out, env->err);
}

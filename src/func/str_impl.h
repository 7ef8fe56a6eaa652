// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_STR_IMPL_H
#define FUNC_STR_IMPL_H
/*
 * Shared by the families of string functions: results as they are appended or as views of an argument, integer
 * arguments, substring search, LIKE patterns.
 */
#include "func/function.h"

#define FUNCTION_ROW(row_name, row_aliases, row_flags, row_args, row_result, row_bind, row_exec, text, sample, answer) \
	{.name = row_name, .aliases = row_aliases, .flags = row_flags, .args = row_args, .result = row_result, \
	 .bind = row_bind, .exec = row_exec, .description = text, .example = sample, .example_result = answer}
enum { CH_NOCASE = FUNCTION_CH | FUNCTION_NOCASE, BOTH_NOCASE = FUNCTION_BOTH | FUNCTION_NOCASE };

/* A string result in the making: rows are appended to `text`, each ended by strings_end(). */
struct strings {
	struct strbuf text;
	uint32_t *ends;
};

static inline void strings_begin(struct strings *o, struct eval *e, uint32_t count)
{
	strbuf_init(&o->text, e->track);
	o->ends = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
}

static inline void strings_end(struct strings *o, uint32_t i)
{
	o->ends[i] = (uint32_t)o->text.size;
}

/* Frees the buffer, whatever the status. */
static inline enum status strings_finish(struct strings *o, const struct call *c, struct eval *e, uint32_t count,
                                         struct vector **out)
{
	enum status s = call_strings(c, e, &o->text, o->ends, count, out);
	strbuf_fini(&o->text);
	return s;
}

/* The same after rows that may have failed. */
static inline enum status strings_close(struct strings *o, const struct call *c, struct eval *e, uint32_t count,
                                        enum status s, struct vector **out)
{
	if (s == OK)
		return strings_finish(o, c, e, count, out);
	strbuf_fini(&o->text);
	return s;
}

/* An Int64 argument, FLAT or CONST. */
struct i64_arg {
	const int64_t *values;
	uint32_t stride;
};
static inline struct i64_arg i64_arg(const struct vector *v)
{
	return (struct i64_arg){v->data, v->form == VECTOR_CONST ? 0 : 1};
}
static inline int64_t i64_arg_at(const struct i64_arg *a, uint32_t i)
{
	return a->values[(size_t)i * a->stride];
}

/* A FLAT string result whose views will point into v's strings. */
enum status str_views(const struct call *c, struct eval *e, const struct vector *v, uint32_t count, struct vector **out)
	MUST_CHECK;
/* Runs a function from one text to a part of it over all rows. */
enum status str_each_part(const struct call *c, struct eval *e, const struct vector *v, uint32_t count,
                          struct str (*part)(struct str), struct vector **out) MUST_CHECK;
/* Runs a function from one text to appended text over all rows. */
enum status str_each_text(const struct call *c, struct eval *e, const struct vector *v, uint32_t count,
                          void (*make)(struct strbuf *to, struct str s), struct vector **out) MUST_CHECK;

/* ---- substring search: two rare bytes of the needle are looked for, 16 places at a time ---- */
struct searcher {
	struct str needle;
	uint32_t first, second;     /* offsets of the two bytes, first <= second */
	unsigned char a[2], b[2];   /* the bytes, and their other case where case does not matter */
	bool nocase;
	bool fold;                  /* a needle beyond ASCII whose case does not matter: by code points */
};
void searcher_init(struct searcher *s, struct str needle, bool nocase);
/* The same, case being that of all letters. */
void searcher_init_utf8(struct searcher *s, struct str needle, bool nocase);
/* The first occurrence in [p, end), or NULL. An empty needle is found at p. */
const char *searcher_find(const struct searcher *s, const char *p, const char *end);

/* ---- LIKE ---- */
enum like_kind { LIKE_EXACT, LIKE_PREFIX, LIKE_SUFFIX, LIKE_CONTAINS, LIKE_SEGMENTS, LIKE_GENERAL };
struct like {
	enum like_kind kind;
	bool nocase, open_start, open_end; /* the pattern starts (ends) with % */
	struct str text;               /* EXACT, PREFIX, SUFFIX: unescaped; GENERAL: the pattern itself */
	char escape;                   /* '\0': none */
	struct searcher *segments;     /* between the % */
	uint32_t segment_count;
};
/* Pieces are allocated in `a`; `pattern` must outlive it. */
enum status like_compile(struct like *l, struct str pattern, char escape, bool nocase, struct arena *a,
                         struct error *err) MUST_CHECK;
bool like_match(const struct like *l, struct str s);

/* ---- regular expressions (PCRE2, with RE2's reading of them) ---- */
struct regex;
enum regex_flags { REGEX_DOT_NL = 1, REGEX_NOCASE = 2, REGEX_PG = 4, REGEX_MULTILINE = 8, REGEX_LITERAL = 16,
                  REGEX_EXTENDED = 32 };
/* Lives in `a`. E_INVALID_REGEXP. */
enum status regex_compile(struct arena *a, struct str pattern, unsigned flags, struct regex **out, struct error *err)
	MUST_CHECK;
/* One matching: where groups stand; -1 for those that took no part. */
struct regex_run {
	const struct regex *regex;
	void *data;             /* match data, or NULL */
	const size_t *offsets;  /* pairs: group g is [2g, 2g + 1) */
	uint32_t groups;        /* without group 0 */
};
enum status regex_begin(struct regex_run *r, const struct regex *regex, struct error *err) MUST_CHECK;
void regex_end(struct regex_run *r);
/* Looks from byte `from` on. */
bool regex_find(struct regex_run *r, struct str s, size_t from);
static inline bool regex_group(const struct regex_run *r, struct str s, uint32_t g, struct str *out)
{
	if (g > r->groups || r->offsets[2 * g] == SIZE_MAX) {
		*out = STR("");
		return false;
	}
	*out = str_make(s.data + r->offsets[2 * g], r->offsets[2 * g + 1] - r->offsets[2 * g]);
	return true;
}
/* The regex of a constant argument, compiled once, else NULL and rows compile theirs. */
enum status regex_of_argument(struct bind_env *env, struct call *c, uint32_t arg, unsigned flags, struct regex **out)
	MUST_CHECK;

#endif

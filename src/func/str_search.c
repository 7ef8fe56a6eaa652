// SPDX-License-Identifier: Apache-2.0
/* Searching in strings: positions, LIKE, beginnings and ends, several needles, tokens. */
#include <assert.h>

#include "base/utf8.h"
#include "func/str_impl.h"

/* What a row of this family does; chosen by its name at bind. */
struct search {
	bool nocase, utf8, swapped, pg, negated;
	bool has_constant;
	struct searcher constant;
	struct like like;
	char escape;
};

static bool name_has(const struct call *c, const char *word)
{
	return str_find(str_of(c->function->name), str_of(word)) >= 0;
}

static struct search *new_search(struct bind_env *env, const struct call *c)
{
	struct search *s = ARENA_NEW(env->arena, struct search);
	s->pg = !(c->function->flags & FUNCTION_CH);
	s->nocase = name_has(c, "CaseInsensitive");
	s->utf8 = s->pg || name_has(c, "UTF8");
	return s;
}

/* ---- position ---- */

static enum status bind_position(struct bind_env *env, struct call *c)
{
	struct search *s = new_search(env, c);
	struct str needle;
	s->swapped = str_eq(str_of(c->function->name), STR("locate"));
	if (call_const_str(c, s->swapped ? 0 : 1, &needle)) {
		s->has_constant = true;
		(s->utf8 ? searcher_init_utf8 : searcher_init)(&s->constant, needle, s->nocase);
	}
	c->state = s;
	return OK;
}

static uint64_t position_of(const struct search *x, const struct searcher *needle, struct str s, int64_t start)
{
	if (s.data == NULL)
		s.data = "";
	size_t from = start > 1 ? (size_t)start - 1 : 0;
	if (x->utf8 && from != 0)
		from = utf8_offset(s.data, s.size, from);
	if (from > s.size)
		return 0;
	if (needle->needle.size == 0 && from == s.size && s.size != 0)
		return 0;
	const char *p = searcher_find(needle, s.data + from, s.data + s.size);
	if (p == NULL)
		return 0;
	return 1 + (x->utf8 ? utf8_count(s.data, (size_t)(p - s.data)) : (uint64_t)(p - s.data));
}

static enum status exec_position(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	const struct search *x = c->state;
	struct str_arg text = str_arg(args[x->swapped]), needles = str_arg(args[!x->swapped]);
	struct i64_arg starts = {NULL, 0};
	struct searcher own;
	struct vector *v;
	if (c->arg_count > 2)
		starts = i64_arg(args[2]);
	TRY(call_result(c, e, count, &v));
	bool narrow = type_physical(c->result) == PHYS_I32;
	for (uint32_t i = 0; i < count; i++) {
		const struct searcher *needle = &x->constant;
		if (!x->has_constant) {
			(x->utf8 ? searcher_init_utf8 : searcher_init)(&own, str_arg_at(&needles, i), x->nocase);
			needle = &own;
		}
		uint64_t at = position_of(x, needle, str_arg_at(&text, i), starts.values == NULL ? 1 : i64_arg_at(&starts, i));
		if (narrow)
			((int32_t *)v->data)[i] = (int32_t)at;
		else
			((uint64_t *)v->data)[i] = at;
	}
	*out = v;
	return OK;
}

static enum status exec_count_substrings(const struct call *c, struct eval *e, const struct vector *const *args,
                                         uint32_t count, struct vector **out)
{
	const struct search *x = c->state;
	struct str_arg text = str_arg(args[0]), needles = str_arg(args[1]);
	struct i64_arg starts = {NULL, 0};
	struct searcher own;
	struct vector *v;
	if (c->arg_count > 2)
		starts = i64_arg(args[2]);
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		const struct searcher *needle = &x->constant;
		struct str s = str_arg_at(&text, i);
		int64_t start = starts.values == NULL ? 1 : i64_arg_at(&starts, i);
		uint64_t n = 0;
		if (!x->has_constant) {
			(x->utf8 ? searcher_init_utf8 : searcher_init)(&own, str_arg_at(&needles, i), x->nocase);
			needle = &own;
		}
		size_t from = start > 1 ? (size_t)start - 1 : 0;
		const char *p = s.data + (from < s.size ? from : s.size), *end = s.data + s.size;
		while (needle->needle.size != 0 && (p = searcher_find(needle, p, end)) != NULL) {
			p = (size_t)(end - p) < needle->needle.size ? end : p + needle->needle.size;
			n++;
		}
		((uint64_t *)v->data)[i] = n;
	}
	*out = v;
	return OK;
}

/* ---- LIKE ---- */

static enum status bind_like(struct bind_env *env, struct call *c)
{
	struct search *x = new_search(env, c);
	const char *name = c->function->name;
	struct str pattern, escape;
	x->negated = name[0] == 'n' || name[0] == '!';
	x->nocase = strcmp(name, "ilike") == 0 || strcmp(name, "notILike") == 0 || strchr(name, '*') != NULL;
	x->escape = '\\';
	if (c->arg_count > 2) {
		if (!call_const_str(c, 2, &escape) || escape.size > 1)
			return ERR(env->err, E_BAD_ARGUMENTS, "invalid escape string");
		x->escape = escape.size == 0 ? '\0' : escape.data[0];
	}
	if (call_const_str(c, 1, &pattern)) {
		x->has_constant = true;
		TRY(like_compile(&x->like, pattern, x->escape, x->nocase, env->arena, env->err));
	}
	c->state = x;
	return OK;
}

static enum status exec_like(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const struct search *x = c->state;
	struct str_arg text = str_arg(args[0]), patterns = str_arg(args[1]);
	struct like own;
	struct str last = {NULL, 0};
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	uint8_t *to = v->data;
	if (x->has_constant && x->like.kind == LIKE_CONTAINS) {
		const struct searcher *s = &x->like.segments[0];
		for (uint32_t i = 0; i < count; i++) {
			struct str t = str_arg_at(&text, i);
			to[i] = (searcher_find(s, t.data, t.data + t.size) != NULL) != x->negated;
		}
	} else if (x->has_constant) {
		for (uint32_t i = 0; i < count; i++)
			to[i] = like_match(&x->like, str_arg_at(&text, i)) != x->negated;
	} else {
		for (uint32_t i = 0; i < count; i++) {
			struct str pattern = str_arg_at(&patterns, i);
			if (eval_skips(e, i)) {
				to[i] = 0;
				continue;
			}
			if (last.data == NULL || !str_eq(last, pattern)) {
				enum status s = like_compile(&own, pattern, x->escape, x->nocase, e->scratch, e->err);
				if (s != OK) {
					vector_unref(v);
					return s;
				}
			}
			last = pattern;
			to[i] = like_match(&own, str_arg_at(&text, i)) != x->negated;
		}
	}
	*out = v;
	return OK;
}

/* ---- beginnings and ends ---- */

static enum status bind_search(struct bind_env *env, struct call *c)
{
	c->state = new_search(env, c);
	return OK;
}

static enum status exec_edge(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const struct search *x = c->state;
	bool ends = name_has(c, "ends");
	struct str_arg text = str_arg(args[0]), edge = str_arg(args[1]);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		struct str s = str_arg_at(&text, i), part = str_arg_at(&edge, i);
		bool same = s.size >= part.size;
		if (same && ends)
			s.data += s.size - part.size;
		if (same && x->nocase)
			same = str_eq_nocase(str_make(s.data, part.size), part);
		else if (same && part.size != 0)
			same = memcmp(s.data, part.data, part.size) == 0;
		((uint8_t *)v->data)[i] = same;
	}
	*out = v;
	return OK;
}

/* ---- several needles ---- */

enum multi_kind { MULTI_ANY, MULTI_FIRST_INDEX, MULTI_FIRST_POSITION, MULTI_ALL_POSITIONS };
struct multi {
	enum multi_kind kind;
	bool utf8, nocase;
	struct searcher *needles; /* of a constant array, else NULL */
	uint32_t count;
};

static enum status bind_multi(struct bind_env *env, struct call *c)
{
	struct multi *m = ARENA_NEW(env->arena, struct multi);
	const struct type *t = c->arg_types[1];
	if (t->id != TYPE_ARRAY || (!type_is_string(t->children[0]) && t->children[0]->id != TYPE_NOTHING))
		return call_bad_type(env, c, 1);
	m->nocase = name_has(c, "CaseInsensitive");
	m->utf8 = name_has(c, "UTF8");
	m->kind = name_has(c, "FirstIndex") ? MULTI_FIRST_INDEX : name_has(c, "FirstPosition") ? MULTI_FIRST_POSITION
	          : name_has(c, "AllPositions") ? MULTI_ALL_POSITIONS : MULTI_ANY;
	if (m->kind == MULTI_ALL_POSITIONS)
		TRY(type_parse(env->arena, STR("Array(UInt64)"), &c->result, env->err));
	else
		c->result = type_simple(m->kind == MULTI_ANY ? TYPE_UINT8 : TYPE_UINT64);
	if (c->constants[1] != NULL && type_physical(t->children[0]) == PHYS_STR) {
		const struct vector *list = c->constants[1], *items = list->children[0];
		const uint32_t *at = list->data;
		m->count = at[1] - at[0];
		m->needles = ARENA_ARRAY(env->arena, struct searcher, m->count + 1);
		for (uint32_t i = 0; i < m->count; i++) {
			const struct vector *in;
			uint32_t row = vector_index(items, at[0] + i, &in);
			(m->utf8 ? searcher_init_utf8 : searcher_init)(&m->needles[i],
			                                               strview_str((const struct strview *)in->data + row), m->nocase);
		}
	}
	c->state = m;
	return OK;
}

static uint64_t multi_one(const struct multi *m, struct str s, const struct searcher *needles, uint32_t n,
                          uint64_t *all)
{
	uint64_t best = 0;
	for (uint32_t k = 0; k < n; k++) {
		const char *p = searcher_find(&needles[k], s.data, s.data + s.size);
		if (m->kind == MULTI_ALL_POSITIONS)
			all[k] = p == NULL ? 0 : 1 + (m->utf8 ? utf8_count(s.data, (size_t)(p - s.data)) : (uint64_t)(p - s.data));
		if (p == NULL || m->kind == MULTI_ALL_POSITIONS)
			continue;
		if (m->kind == MULTI_ANY)
			return 1;
		if (m->kind == MULTI_FIRST_INDEX)
			return k + 1;
		uint64_t at = 1 + (m->utf8 ? utf8_count(s.data, (size_t)(p - s.data)) : (uint64_t)(p - s.data));
		if (best == 0 || at < best)
			best = at;
	}
	return best;
}

/* The needles of row i. */
static uint32_t row_needles(const struct multi *m, const struct vector *list, uint32_t i, struct searcher **needles,
                            struct eval *e)
{
	if (m->needles != NULL) {
		*needles = m->needles;
		return m->count;
	}
	const uint32_t *at = list->data;
	uint32_t row = list->form == VECTOR_CONST ? 0 : i, n = at[row + 1] - at[row];
	*needles = ARENA_ARRAY(e->scratch, struct searcher, n + 1);
	for (uint32_t k = 0; k < n; k++) {
		const struct vector *in;
		uint32_t r = vector_index(list->children[0], at[row] + k, &in);
		if (type_physical(in->type) == PHYS_STR)
			(m->utf8 ? searcher_init_utf8 : searcher_init)(&(*needles)[k],
			                                               strview_str((const struct strview *)in->data + r), m->nocase);
	}
	return n;
}

static enum status exec_multi(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const struct multi *m = c->state;
	struct str_arg text = str_arg(args[0]);
	struct searcher *needles;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		uint32_t n = row_needles(m, args[1], i, &needles, e);
		uint64_t r = multi_one(m, str_arg_at(&text, i), needles, n, NULL);
		if (m->kind == MULTI_ANY)
			((uint8_t *)v->data)[i] = (uint8_t)r;
		else
			((uint64_t *)v->data)[i] = r;
	}
	*out = v;
	return OK;
}

static enum status exec_multi_all(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	const struct multi *m = c->state;
	struct str_arg text = str_arg(args[0]);
	struct searcher *needles;
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t n = row_needles(m, args[1], i, &needles, e);
		s = builder_reserve(b->children[0], n, e->err);
		if (s != OK)
			break;
		multi_one(m, str_arg_at(&text, i), needles, n, (uint64_t *)b->children[0]->data->data + b->children[0]->count);
		b->children[0]->count += n;
		s = builder_end_array(b, e->err);
	}
	return builder_close(b, s, out, e->err);
}

static enum status bind_multi_all(struct bind_env *env, struct call *c)
{
	c->exec = exec_multi_all;
	return bind_multi(env, c);
}

/* ---- tokens ---- */

static inline bool is_token_byte(char b)
{
	return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (unsigned char)b >= 0x80;
}

static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.size; i++)
		if (!is_token_byte(s.data[i]))
			return false;
	return s.size != 0;
}

static bool has_token(const struct searcher *x, struct str s)
{
	const char *p = s.data, *end = s.data + s.size;
	while ((p = searcher_find(x, p, end)) != NULL) {
		const char *after = p + x->needle.size;
		if ((p == s.data || !is_token_byte(p[-1])) && (after == end || !is_token_byte(*after)))
			return true;
		p++;
	}
	return false;
}

static enum status bind_token(struct bind_env *env, struct call *c)
{
	struct search *x = new_search(env, c);
	struct str token;
	bool or_null = name_has(c, "OrNull");
	if (!call_const_str(c, 1, &token))
		return call_bad_type(env, c, 1);
	if (!is_token(token) && !or_null)
		return ERR(env->err, E_BAD_ARGUMENTS, "Needle must not contain whitespace or separator characters");
	x->has_constant = is_token(token);
	searcher_init(&x->constant, token, x->nocase);
	c->state = x;
	c->result = type_simple(TYPE_UINT8);
	if (or_null)
		c->result = type_nullable(env->arena, c->result);
	return OK;
}

static enum status exec_token(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const struct search *x = c->state;
	struct str_arg text = str_arg(args[0]);
	struct vector *v;
	if (!x->has_constant)
		return vector_null_constant(e->track, c->result, count, out, e->err);
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++)
		((uint8_t *)v->data)[i] = has_token(&x->constant, str_arg_at(&text, i));
	*out = v;
	return OK;
}

static enum status exec_subsequence(const struct call *c, struct eval *e, const struct vector *const *args,
                                    uint32_t count, struct vector **out)
{
	const struct search *x = c->state;
	struct str_arg text = str_arg(args[0]), needles = str_arg(args[1]);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		struct str s = str_arg_at(&text, i), n = str_arg_at(&needles, i);
		size_t k = 0;
		for (size_t j = 0; j < s.size && k < n.size; j++)
			k += x->nocase ? ascii_lower(s.data[j]) == ascii_lower(n.data[k]) : s.data[j] == n.data[k];
		((uint8_t *)v->data)[i] = k == n.size;
	}
	*out = v;
	return OK;
}

#define LIKE_ROWS(name, sign, text, sample, answer, pg_answer) \
	FUNCTION_ROW(name, NULL, CH_NOCASE, "SSs?", "UInt8", bind_like, exec_like, text, sample, answer), \
	FUNCTION_ROW(name, sign, FUNCTION_PG, "SSs?", "Bool", bind_like, exec_like, text, sample, pg_answer)
#define MULTI(suffix, bind, exec, text, list, answer) \
	FUNCTION_ROW("multiSearch" suffix, NULL, FUNCTION_CH, "SA", NULL, bind, exec, text, \
	             "multiSearch" suffix "('Hello', ['l', 'He'])", answer), \
	FUNCTION_ROW("multiSearch" suffix "UTF8", NULL, FUNCTION_CH, "SA", NULL, bind, exec, text " In UTF-8.", \
	             "multiSearch" suffix "UTF8('Hello', ['l', 'He'])", answer), \
	FUNCTION_ROW("multiSearch" suffix "CaseInsensitive", NULL, FUNCTION_CH, "SA", NULL, bind, exec, text " In any case.", \
	             "multiSearch" suffix "CaseInsensitive('Hello', ['L', 'hE'])", answer), \
	FUNCTION_ROW("multiSearch" suffix "CaseInsensitiveUTF8", NULL, FUNCTION_CH, "SA", NULL, bind, exec, \
	             text " In any case and UTF-8.", "multiSearch" suffix "CaseInsensitiveUTF8('Hello', ['L', 'hE'])", answer)

static const struct function rows[] = {
	FUNCTION_ROW("position", NULL, CH_NOCASE, "SSJ?", "UInt64", bind_position, exec_position,
	             "Byte from 1 where the needle stands first, 0: nowhere.", "position('Hello', 'l')", "3"),
	FUNCTION_ROW("positionUTF8", NULL, FUNCTION_CH, "SSJ?", "UInt64", bind_position, exec_position,
	             "Character from 1 where the needle stands first.", "positionUTF8('éab', 'b')", "3"),
	FUNCTION_ROW("positionCaseInsensitive", "~instr", FUNCTION_CH, "SSJ?", "UInt64", bind_position, exec_position,
	             "position() that folds case.", "positionCaseInsensitive('Hello', 'L')", "3"),
	FUNCTION_ROW("positionCaseInsensitiveUTF8", NULL, FUNCTION_CH, "SSJ?", "UInt64", bind_position, exec_position,
	             "positionUTF8() that folds case.", "positionCaseInsensitiveUTF8('éAb', 'B')", "3"),
	FUNCTION_ROW("locate", NULL, CH_NOCASE, "SSJ?", "UInt64", bind_position, exec_position,
	             "position() with the needle first.", "locate('l', 'Hello')", "3"),
	FUNCTION_ROW("position", "strpos", FUNCTION_PG, "SS", "Int32", bind_position, exec_position,
	             "Character from 1 where the second string stands in the first.", "position('l' in 'Hello')", "3"),
	FUNCTION_ROW("countSubstrings", NULL, CH_NOCASE, "SSJ?", "UInt64", bind_position, exec_count_substrings,
	             "How often a string occurs, without overlaps.", "countSubstrings('aaa', 'a')", "3"),
	FUNCTION_ROW("countSubstringsCaseInsensitive", NULL, FUNCTION_CH, "SSJ?", "UInt64", bind_position,
	             exec_count_substrings, "countSubstrings() that folds case.", "countSubstringsCaseInsensitive('aAa', 'A')",
	             "3"),
	FUNCTION_ROW("countSubstringsCaseInsensitiveUTF8", NULL, FUNCTION_CH, "SSJ?", "UInt64", bind_position,
	             exec_count_substrings, "countSubstrings() that folds case.",
	             "countSubstringsCaseInsensitiveUTF8('aAa', 'A')", "3"),
	LIKE_ROWS("like", "~~", "Whether a pattern of % and _ matches.", "'abc' LIKE 'a%'", "1", "t"),
	LIKE_ROWS("notLike", "!~~", "Whether a pattern of % and _ does not match.", "'abc' NOT LIKE 'a%'", "0", "f"),
	LIKE_ROWS("ilike", "~~*", "LIKE that folds case.", "'ABC' ILIKE 'a%'", "1", "t"),
	LIKE_ROWS("notILike", "!~~*", "NOT LIKE that folds case.", "'ABC' NOT ILIKE 'a%'", "0", "f"),
	FUNCTION_ROW("startsWith", NULL, FUNCTION_CH, "SS", "UInt8", bind_search, exec_edge, "Whether a string begins so.",
	             "startsWith('Hello', 'He')", "1"),
	FUNCTION_ROW("endsWith", NULL, FUNCTION_CH, "SS", "UInt8", bind_search, exec_edge, "Whether a string ends so.",
	             "endsWith('Hello', 'lo')", "1"),
	FUNCTION_ROW("startsWithUTF8", NULL, FUNCTION_CH, "SS", "UInt8", bind_search, exec_edge, "Whether a string begins so.",
	             "startsWithUTF8('Hello', 'He')", "1"),
	FUNCTION_ROW("endsWithUTF8", NULL, FUNCTION_CH, "SS", "UInt8", bind_search, exec_edge, "Whether a string ends so.",
	             "endsWithUTF8('Hello', 'lo')", "1"),
	FUNCTION_ROW("startsWithCaseInsensitive", NULL, FUNCTION_CH, "SS", "UInt8", bind_search, exec_edge,
	             "Whether a string begins so, in any case.", "startsWithCaseInsensitive('Hello', 'hE')", "1"),
	FUNCTION_ROW("endsWithCaseInsensitive", NULL, FUNCTION_CH, "SS", "UInt8", bind_search, exec_edge,
	             "Whether a string ends so, in any case.", "endsWithCaseInsensitive('Hello', 'LO')", "1"),
	FUNCTION_ROW("starts_with", "^@", FUNCTION_PG, "SS", "Bool", bind_search, exec_edge, "Whether a string begins so.",
	             "starts_with('Hello', 'He')", "t"),
	MULTI("Any", bind_multi, exec_multi, "Whether one of the needles occurs.", "", "1"),
	MULTI("FirstIndex", bind_multi, exec_multi, "The first needle, from 1, that occurs.", "", "1"),
	MULTI("FirstPosition", bind_multi, exec_multi, "The least position of a needle.", "", "1"),
	MULTI("AllPositions", bind_multi_all, exec_multi_all, "The position of each needle.", "", "[3,1]"),
	FUNCTION_ROW("hasToken", NULL, FUNCTION_CH, "Ss", NULL, bind_token, exec_token,
	             "Whether a word of letters and digits occurs whole.", "hasToken('a b', 'b')", "1"),
	FUNCTION_ROW("hasTokenCaseInsensitive", NULL, FUNCTION_CH, "Ss", NULL, bind_token, exec_token,
	             "hasToken() that folds case.", "hasTokenCaseInsensitive('a B', 'b')", "1"),
	FUNCTION_ROW("hasTokenOrNull", NULL, FUNCTION_CH, "Ss", NULL, bind_token, exec_token,
	             "hasToken(), NULL where the needle is no word.", "hasTokenOrNull('a b', 'a b')", "\\N"),
	FUNCTION_ROW("hasTokenCaseInsensitiveOrNull", NULL, FUNCTION_CH, "Ss", NULL, bind_token, exec_token,
	             "hasTokenCaseInsensitive(), NULL where the needle is no word.",
	             "hasTokenCaseInsensitiveOrNull('a B', 'b')", "1"),
	FUNCTION_ROW("hasSubsequence", NULL, FUNCTION_CH, "SS", "UInt8", bind_search, exec_subsequence,
	             "Whether the needle's bytes occur in this order.", "hasSubsequence('garbage', 'arg')", "1"),
	FUNCTION_ROW("hasSubsequenceUTF8", NULL, FUNCTION_CH, "SS", "UInt8", bind_search, exec_subsequence,
	             "Whether the characters of the needle occur in that order.", "hasSubsequenceUTF8('garbage', 'gag')", "1"),
	FUNCTION_ROW("hasSubsequenceCaseInsensitive", NULL, FUNCTION_CH, "SS", "UInt8", bind_search, exec_subsequence,
	             "hasSubsequence() that folds case.", "hasSubsequenceCaseInsensitive('garbage', 'ARG')", "1"),
};

FUNCTION_FAMILY(str_search, "Searching in strings");

// SPDX-License-Identifier: Apache-2.0
/*
 * Texts as lists of tokens, as the text indexes cut them: tokens(), ngrams(), hasAnyTokens(), hasAllTokens(),
 * hasPhrase(); and several regular expressions at once.
 */
#include "base/utf8.h"
#include "func/str_impl.h"

/* ---- tokenizers ---- */

enum tokenizer_kind { TOKENS_NON_ALPHA, TOKENS_STRING, TOKENS_NGRAMS, TOKENS_ARRAY };
struct tokenizer {
	enum tokenizer_kind kind;
	uint32_t n;                  /* characters of an ngram; separators */
	struct str *separators;
};

/* Where a token is told; not OK stops. */
typedef enum status (*token_fn)(void *arg, struct str token, struct error *err);

/* Letters and digits, and all that is beyond ASCII. */
static inline bool is_token_byte(char c)
{
	return (c & 0x80) != 0 || (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

static enum status cut_non_alpha(struct str s, token_fn put, void *arg, struct error *err)
{
	for (size_t i = 0; i < s.size;) {
		size_t from;
		while (i < s.size && !is_token_byte(s.data[i]))
			i++;
		for (from = i; i < s.size && is_token_byte(s.data[i]);)
			i++;
		if (i > from)
			TRY(put(arg, str_make(s.data + from, i - from), err));
	}
	return OK;
}

static enum status cut_at_strings(const struct tokenizer *t, struct str s, token_fn put, void *arg, struct error *err)
{
	size_t from = 0;
	for (size_t i = 0; i <= s.size;) {
		size_t skip = 0;
		for (uint32_t k = 0; k < t->n && skip == 0; k++)
			if (str_starts_with(str_make(s.data + i, s.size - i), t->separators[k]))
				skip = t->separators[k].size;
		if (skip != 0 || i == s.size) {
			if (i > from)
				TRY(put(arg, str_make(s.data + from, i - from), err));
			from = i + skip;
		}
		i += skip != 0 ? skip : 1;
	}
	return OK;
}

static enum status cut_ngrams(uint32_t n, struct str s, token_fn put, void *arg, struct error *err)
{
	size_t from = 0, to = utf8_offset(s.data, s.size, n);
	uint32_t c;
	if (utf8_count(s.data, s.size) < n)
		return OK;
	for (;;) {
		TRY(put(arg, str_make(s.data + from, to - from), err));
		if (to >= s.size)
			return OK;
		from += utf8_decode(s.data + from, s.size - from, &c);
		to += utf8_decode(s.data + to, s.size - to, &c);
	}
}

static enum status cut(const struct tokenizer *t, struct str s, token_fn put, void *arg, struct error *err)
{
	switch (t->kind) {
	case TOKENS_NON_ALPHA:
		return cut_non_alpha(s, put, arg, err);
	case TOKENS_STRING:
		return cut_at_strings(t, s, put, arg, err);
	case TOKENS_NGRAMS:
		return cut_ngrams(t->n, s, put, arg, err);
	case TOKENS_ARRAY:
		break;
	}
	return put(arg, s, err);
}

static enum status read_separators(struct bind_env *env, const struct call *c, uint32_t arg, struct tokenizer *t)
{
	static struct str space = {" ", 1};
	t->separators = &space;
	t->n = 1;
	if (arg >= c->arg_count)
		return OK;
	const struct vector *list = c->constants[arg];
	if (list == NULL || list->type->id != TYPE_ARRAY || !type_is_string(list->type->children[0]))
		return call_bad_type(env, c, arg);
	const uint32_t *at = list->data;
	t->n = at[1] - at[0];
	t->separators = ARENA_ARRAY(env->arena, struct str, t->n + 1);
	for (uint32_t k = 0; k < t->n; k++) {
		const struct vector *in;
		uint32_t row = vector_index(list->children[0], at[0] + k, &in);
		t->separators[k] = strview_str((const struct strview *)in->data + row);
		if (t->separators[k].size == 0)
			return ERR(env->err, E_BAD_ARGUMENTS, "Incorrect parameter of tokenizer 'splitByString': the empty string cannot "
			           "be used as a separator");
	}
	return OK;
}

/* The tokenizer that argument `arg` and the one behind it name. */
static enum status read_tokenizer(struct bind_env *env, struct call *c, uint32_t arg, struct tokenizer **out)
{
	struct tokenizer *t = *out = ARENA_NEW(env->arena, struct tokenizer);
	struct str name;
	int64_t n = 3;
	if (arg >= c->arg_count)
		return OK;
	if (!call_const_str(c, arg, &name))
		return call_bad_type(env, c, arg);
	if (str_eq(name, STR("splitByNonAlpha"))) {
		t->kind = TOKENS_NON_ALPHA;
	} else if (str_eq(name, STR("splitByString"))) {
		t->kind = TOKENS_STRING;
		return read_separators(env, c, arg + 1, t);
	} else if (str_eq(name, STR("ngrams"))) {
		t->kind = TOKENS_NGRAMS;
		if (arg + 1 < c->arg_count && !call_const_i64(c, arg + 1, &n))
			return call_bad_type(env, c, arg + 1);
		if (n < 1 || n > 1 << 20)
			return ERR(env->err, E_BAD_ARGUMENTS, "Incorrect parameter of tokenizer 'ngrams': ngram length must be at least 1, "
			           "but got %lld", (long long)n);
		t->n = (uint32_t)n;
	} else if (str_eq(name, STR("array"))) {
		t->kind = TOKENS_ARRAY;
	} else if (str_eq(name, STR("sparseGrams"))) {
		return ERR(env->err, E_NOT_IMPLEMENTED, "not supported yet: the tokenizer sparseGrams");
	} else {
		return ERR(env->err, E_BAD_ARGUMENTS, "Unknown tokenizer: '%.*s'", STR_ARG(name));
	}
	return OK;
}

/* ---- tokens, ngrams ---- */

static enum status put_view(void *arg, struct str token, struct error *err)
{
	return builder_view(arg, strview_make(token.data, token.size), err);
}

static enum status exec_tokens(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	struct str_arg text = str_arg(args[0]);
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t k = 0; k < args[0]->heap_count && s == OK; k++)
		s = builder_keep(b->children[0], args[0]->heaps[k], e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		if (!eval_skips(e, i))
			s = cut(c->state, str_arg_at(&text, i), put_view, b->children[0], e->err);
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	return builder_close(b, s, out, e->err);
}

static enum status bind_tokens(struct bind_env *env, struct call *c)
{
	struct tokenizer *t;
	int64_t n;
	if (strcmp(c->function->name, "tokens") == 0) {
		TRY(read_tokenizer(env, c, 1, &t));
	} else {
		t = ARENA_NEW(env->arena, struct tokenizer);
		t->kind = TOKENS_NGRAMS;
		if (!call_const_i64(c, 1, &n))
			return ERR(env->err, E_ILLEGAL_COLUMN, "Argument 2 of function ngrams must be a constant");
		if (n < 1 || n > 1 << 20)
			return ERR(env->err, E_BAD_ARGUMENTS, "Incorrect parameter of tokenizer 'ngrams': ngram length must be at least 1, "
			           "but got %lld", (long long)n);
		t->n = (uint32_t)n;
	}
	c->state = t;
	return OK;
}

/* ---- hasAnyTokens, hasAllTokens, hasPhrase ---- */

enum { NEEDLES_MAX = 64 };
struct needles {
	struct tokenizer *tokenizer;
	uint32_t n;
	struct str at[NEEDLES_MAX];
	struct arena *arena;         /* while they are read */
	bool any, phrase;
};

/* While one text is looked through. */
struct looking {
	const struct needles *needles;
	uint64_t seen;               /* a bit a needle; in a phrase: bit k, its first k + 1 tokens end at the last token */
	bool found;
};

static enum status put_needle(void *arg, struct str token, struct error *err)
{
	struct needles *x = arg;
	for (uint32_t k = 0; k < x->n && !x->phrase; k++)
		if (str_eq(x->at[k], token))
			return OK;
	if (x->n == NEEDLES_MAX)
		return ERR(err, E_BAD_ARGUMENTS, "More than %d tokens to search for", NEEDLES_MAX);
	x->at[x->n++] = arena_str(x->arena, token);
	return OK;
}

static enum status look(void *arg, struct str token, struct error *err)
{
	struct looking *l = arg;
	uint64_t equal = 0;
	for (uint32_t k = 0; k < l->needles->n; k++)
		equal |= (uint64_t)str_eq(l->needles->at[k], token) << k;
	if (l->needles->phrase) {
		l->seen = (l->seen << 1 | 1) & equal;
		l->found |= l->seen >> (l->needles->n - 1) & 1;
	} else {
		l->seen |= equal;
	}
	return OK;
}

static bool has_tokens(const struct needles *x, struct looking *l)
{
	if (x->n == 0)
		return false;
	return x->phrase ? l->found : x->any ? l->seen != 0 : l->seen == low_mask64(x->n);
}

static enum status exec_has_tokens(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	const struct needles *x = c->state;
	bool list = args[0]->type->id == TYPE_ARRAY;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct looking l = {.needles = x};
		if (list && x->n != 0) {
			const uint32_t *at = args[0]->data;
			uint32_t row = args[0]->form == VECTOR_CONST ? 0 : i;
			for (uint32_t k = at[row]; k < at[row + 1] && s == OK; k++) {
				const struct vector *in;
				uint32_t r = vector_index(args[0]->children[0], k, &in);
				if (in->nulls == NULL || !bit_get(in->nulls, r))
					s = cut(x->tokenizer, strview_str((const struct strview *)in->data + r), look, &l, e->err);
			}
		} else if (x->n != 0) {
			struct str_arg text = str_arg(args[0]);
			s = cut(x->tokenizer, str_arg_at(&text, i), look, &l, e->err);
		}
		((uint8_t *)v->data)[i] = has_tokens(x, &l);
	}
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status bind_has_tokens(struct bind_env *env, struct call *c)
{
	struct needles *x = ARENA_NEW(env->arena, struct needles);
	const struct type *t = c->arg_types[0], *needle = c->arg_types[1];
	struct str text;
	x->arena = env->arena;
	x->phrase = strcmp(c->function->name, "hasPhrase") == 0;
	x->any = strcmp(c->function->name, "hasAnyTokens") == 0;
	if (!type_is_string(t) && (t->id != TYPE_ARRAY || !type_is_string(t->children[0]) || x->phrase))
		return call_bad_type(env, c, 0);
	TRY(read_tokenizer(env, c, 2, &x->tokenizer));
	c->state = x;
	if (call_const_str(c, 1, &text))
		return cut(x->tokenizer, text, put_needle, x, env->err);
	const struct vector *list = c->constants[1];
	if (needle->id != TYPE_ARRAY || x->phrase || list == NULL)
		return call_bad_type(env, c, 1);
	if (needle->children[0]->id == TYPE_NOTHING)
		return OK;
	if (!type_is_string(needle->children[0]))
		return call_bad_type(env, c, 1);
	const uint32_t *at = list->data;
	for (uint32_t k = at[0]; k < at[1]; k++) {
		const struct vector *in;
		uint32_t row = vector_index(list->children[0], k, &in);
		TRY(put_needle(x, strview_str((const struct strview *)in->data + row), env->err));
	}
	return OK;
}

/* ---- multiMatchAny, multiMatchAnyIndex, multiMatchAllIndices ---- */

struct patterns {
	uint32_t n;
	struct regex **at;
};

static enum status compile_patterns(struct arena *a, const struct vector *list, uint32_t row, struct patterns *p,
                                    struct error *err)
{
	const uint32_t *at = list->data;
	p->n = at[row + 1] - at[row];
	p->at = ARENA_ARRAY(a, struct regex *, p->n + 1);
	for (uint32_t k = 0; k < p->n; k++) {
		const struct vector *in;
		uint32_t r = vector_index(list->children[0], at[row] + k, &in);
		struct str text = strview_str((const struct strview *)in->data + r);
		if (regex_compile(a, text, REGEX_DOT_NL, &p->at[k], err) != OK) {
			error_clear(err);
			return ERR(err, E_BAD_ARGUMENTS, "Pattern '%.*s' failed: it is no regular expression", STR_ARG(text));
		}
	}
	return OK;
}

/* The pattern whose match ends first, from 1; with `all`, each that matches is appended. */
static enum status match_row(const struct patterns *p, struct str s, struct builder *all, uint64_t *first,
                             struct error *err)
{
	size_t best = SIZE_MAX;
	*first = 0;
	for (uint32_t k = 0; k < p->n; k++) {
		struct regex_run run;
		uint64_t index = k + 1;
		enum status status = OK;
		TRY(regex_begin(&run, p->at[k], err));
		if (regex_find(&run, s, 0)) {
			if (run.data == NULL || run.offsets[1] < best) {
				best = run.data == NULL ? 0 : run.offsets[1];
				*first = index;
			}
			if (all != NULL)
				status = builder_fixed(all, &index, err);
		}
		regex_end(&run);
		TRY(status);
	}
	return OK;
}

static enum status exec_multi_match(const struct call *c, struct eval *e, const struct vector *const *args,
                                    uint32_t count, struct vector **out)
{
	const struct patterns *known = c->state;
	bool all = c->result->id == TYPE_ARRAY;
	struct str_arg text = str_arg(args[0]);
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct patterns p = {0};
		uint64_t first = 0;
		if (known != NULL)
			p = *known;
		else if (!eval_skips(e, i))
			s = compile_patterns(e->scratch, args[1], args[1]->form == VECTOR_CONST ? 0 : i, &p, e->err);
		if (s == OK)
			s = match_row(&p, str_arg_at(&text, i), all ? b->children[0] : NULL, &first, e->err);
		uint8_t any = first != 0;
		if (s == OK)
			s = all ? builder_end_array(b, e->err)
				: builder_fixed(b, c->result->id == TYPE_UINT8 ? (const void *)&any : &first, e->err);
	}
	return builder_close(b, s, out, e->err);
}

static enum status bind_multi_match(struct bind_env *env, struct call *c)
{
	if (!type_is_string(c->arg_types[1]->children[0]))
		return call_bad_type(env, c, 1);
	if (c->constants[1] == NULL)
		return OK;
	struct patterns *p = ARENA_NEW(env->arena, struct patterns);
	c->state = p;
	return compile_patterns(env->arena, c->constants[1], 0, p, env->err);
}

#define MATCH(name, type, text, answer) \
	FUNCTION_ROW(name, NULL, FUNCTION_CH, "SA", type, bind_multi_match, exec_multi_match, text, \
	             name "('hello', ['^x', 'l+'])", answer)
#define HAS(name, aliases, text, sample, answer) \
	FUNCTION_ROW(name, aliases, FUNCTION_CH, "**s?*?", "UInt8", bind_has_tokens, exec_has_tokens, text, sample, answer)

static const struct function rows[] = {
	FUNCTION_ROW("tokens", NULL, FUNCTION_CH, "S*?*?", "Array(String)", bind_tokens, exec_tokens,
	             "The tokens of a text, by a tokenizer.", "tokens('hello world, x')", "['hello','world','x']"),
	FUNCTION_ROW("ngrams", NULL, FUNCTION_CH, "SJ", "Array(String)", bind_tokens, exec_tokens,
	             "The runs of so many characters.", "ngrams('abcd', 2)", "['ab','bc','cd']"),
	HAS("hasAnyTokens", "hasAnyToken", "Whether one of the tokens occurs.", "hasAnyTokens('a b', ['b', 'z'])", "1"),
	HAS("hasAllTokens", "hasAllToken", "Whether all of the tokens occur.", "hasAllTokens('a b', ['b', 'z'])", "0"),
	HAS("hasPhrase", "matchPhrase", "Whether the tokens occur one after the other.",
	    "hasPhrase('quick brown fox', 'brown fox')", "1"),
	MATCH("multiMatchAny", "UInt8", "Whether one of the regular expressions matches.", "1"),
	MATCH("multiMatchAnyIndex", "UInt64", "A regular expression, from 1, that matches.", "2"),
	MATCH("multiMatchAllIndices", "Array(UInt64)", "The regular expressions, from 1, that match.", "[2]"),
};

FUNCTION_FAMILY(str_tokens, "Tokens and several patterns");

// SPDX-License-Identifier: Apache-2.0
/* PostgreSQL's regexp_count(), regexp_instr(), regexp_substr(), and SIMILAR TO. */
#include <assert.h>

#include "base/utf8.h"
#include "func/str_impl.h"

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

/* Where each argument of a call stands; UINT32_MAX: it has none. */
struct search {
	uint32_t start, nth, end_option, flags, group;
	unsigned regex_flags;
	bool similar, negated;
	struct regex *regex;  /* of a constant pattern */
};

static enum status flags_of(struct bind_env *env, const struct call *c, uint32_t arg, unsigned *out)
{
	struct str text = STR("");
	*out = REGEX_PG | REGEX_DOT_NL;
	if (arg < c->arg_count && !call_const_str(c, arg, &text))
		return ERR(env->err, E_NOT_IMPLEMENTED, "not supported yet: regular expression flags that are no constant");
	for (size_t i = 0; i < text.size; i++)
		switch (text.data[i]) {
		case 'i': *out |= REGEX_NOCASE; break;
		case 'c': *out &= ~(unsigned)REGEX_NOCASE; break;
		case 'x': *out |= REGEX_EXTENDED; break;
		case 'n':
		case 'm': *out = (*out & ~(unsigned)REGEX_DOT_NL) | REGEX_MULTILINE; break;
		case 'p': *out &= ~(unsigned)REGEX_DOT_NL; break;
		case 's': *out |= REGEX_DOT_NL; break;
		case 'w': *out |= REGEX_MULTILINE; break;
		case 'q': *out |= REGEX_LITERAL; break;
		case 't': break;
		case 'g':
			return ERR(env->err, E_INVALID_PARAMETER_VALUE, "%s() does not support the \"global\" option", c->function->name);
		default:
			return ERR(env->err, E_INVALID_PARAMETER_VALUE, "invalid regular expression option: \"%c\"", text.data[i]);
		}
	return OK;
}

static enum status bind_search(struct bind_env *env, struct call *c)
{
	struct search *x = ARENA_NEW(env->arena, struct search);
	bool instr = named(c, "regexp_instr"), count = named(c, "regexp_count");
	*x = (struct search){2, 3, UINT32_MAX, 4, 5, 0, false, false, NULL};
	if (instr)
		*x = (struct search){2, 3, 4, 5, 6, 0, false, false, NULL};
	else if (count)
		*x = (struct search){2, UINT32_MAX, UINT32_MAX, 3, UINT32_MAX, 0, false, false, NULL};
	TRY(flags_of(env, c, x->flags, &x->regex_flags));
	TRY(regex_of_argument(env, c, 1, x->regex_flags, &x->regex));
	c->state = x;
	return OK;
}

/* The compiled pattern of a row; rows of one pattern share it. */
struct compiled {
	struct regex *own;
	struct str last;
	struct regex_run run;
	bool open;
};

static enum status compile(struct compiled *k, struct eval *e, const struct regex *constant, struct str pattern,
                           unsigned flags)
{
	if (k->open && (constant != NULL || str_eq(pattern, k->last)))
		return OK;
	if (k->open)
		regex_end(&k->run);
	k->open = false;
	if (constant == NULL)
		TRY(regex_compile(e->scratch, pattern, flags, &k->own, e->err));
	TRY(regex_begin(&k->run, constant != NULL ? constant : k->own, e->err));
	k->open = true;
	k->last = pattern;
	return OK;
}

static int64_t option(const struct vector *const *args, uint32_t arg, uint32_t count, uint32_t i, int64_t otherwise)
{
	if (arg >= count)
		return otherwise;
	struct i64_arg a = i64_arg(args[arg]);
	return i64_arg_at(&a, i);
}

struct wanted {
	int64_t start, nth, end_option, group;
};

static enum status bad_option(struct eval *e, const char *name, int64_t v)
{
	return ERR(e->err, E_INVALID_PARAMETER_VALUE, "invalid value for parameter \"%s\": %lld", name, (long long)v);
}

static enum status options_at(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                              struct wanted *w)
{
	const struct search *x = c->state;
	w->start = option(args, x->start, c->arg_count, i, 1);
	w->nth = option(args, x->nth, c->arg_count, i, 1);
	w->end_option = option(args, x->end_option, c->arg_count, i, 0);
	w->group = option(args, x->group, c->arg_count, i, 0);
	if (w->start <= 0)
		return bad_option(e, "start", w->start);
	if (w->nth <= 0)
		return bad_option(e, "n", w->nth);
	if (w->end_option != 0 && w->end_option != 1)
		return bad_option(e, "endoption", w->end_option);
	return w->group < 0 ? bad_option(e, "subexpr", w->group) : OK;
}

/* Counts matches from `start` on, and stops at the wanted one; *count tells how many there were. */
static bool find_nth(struct regex_run *run, struct str s, const struct wanted *w, int64_t *count)
{
	size_t from = utf8_offset(s.data, s.size, (size_t)w->start - 1);
	*count = 0;
	if ((uint64_t)w->start - 1 > utf8_count(s.data, s.size))
		return false;
	while (from <= s.size && regex_find(run, s, from)) {
		++*count;
		if (*count == w->nth)
			return true;
		from = run->offsets[1] + (run->offsets[0] == run->offsets[1]);
	}
	return false;
}

static enum status search_row(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                              struct compiled *k, struct vector *v)
{
	const struct search *x = c->state;
	struct str_arg texts = str_arg(args[0]), patterns = str_arg(args[1]);
	struct str s = str_arg_at(&texts, i), part;
	struct wanted w;
	int64_t n;
	TRY(options_at(c, e, args, i, &w));
	TRY(compile(k, e, x->regex, str_arg_at(&patterns, i), x->regex_flags));
	bool count = named(c, "regexp_count"), instr = named(c, "regexp_instr");
	if (count)
		w.nth = INT64_MAX;
	bool found = find_nth(&k->run, s, &w, &n) && w.group <= k->run.groups &&
	             regex_group(&k->run, s, (uint32_t)w.group, &part);
	if (count) {
		((int32_t *)v->data)[i] = (int32_t)n;
	} else if (instr) {
		size_t at = found ? (size_t)(part.data - s.data) + (w.end_option ? part.size : 0) : 0;
		((int32_t *)v->data)[i] = found ? (int32_t)utf8_count(s.data, at) + 1 : 0;
	} else {
		((struct strview *)v->data)[i] = found ? strview_make(part.data, part.size) : strview_make("", 0);
		if (!found)
			bit_set(v->nulls, i);
	}
	return OK;
}

static enum status exec_search(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	struct compiled k = {0};
	bool text = named(c, "regexp_substr");
	TRY(text ? str_views(c, e, args[0], count, out) : call_result(c, e, count, out));
	enum status s = text ? vector_make_nulls(*out, e->track, e->err) : OK;
	memset((*out)->data, 0, count * physical_size(type_physical(c->result)));
	for (uint32_t i = 0; i < count && s == OK; i++)
		if (!eval_skips(e, i))
			s = search_row(c, e, args, i, &k, *out);
	if (k.open)
		regex_end(&k.run);
	if (s != OK) {
		vector_unref(*out);
		*out = NULL;
	}
	return s;
}

/* ---- SIMILAR TO: SQL's pattern as a regular expression of the whole text ---- */

static enum status similar_pattern(struct strbuf *to, struct str p, char escape, struct error *err)
{
	bool bracket = false;
	unsigned quotes = 0;
	strbuf_putz(to, "^(?:");
	for (size_t i = 0; i < p.size; i++) {
		char ch = p.data[i];
		if (escape != '\0' && ch == escape && i + 1 < p.size) {
			ch = p.data[++i];
			if (ch == '"' && !bracket) { /* the part that substring() takes */
				strbuf_putz(to, quotes == 0 ? "){1,1}?(" : "){1,1}(?:");
				if (++quotes > 2)
					return ERR(err, E_INVALID_REGEXP, "SQL regular expression may not contain more than two escape-double-quote "
					           "separators");
				continue;
			}
			strbuf_putc(to, '\\');
			strbuf_putc(to, ch);
		} else if (bracket) {
			if (ch == '\\')
				strbuf_putc(to, '\\');
			strbuf_putc(to, ch);
			bracket = ch != ']';
		} else if (ch == '%') {
			strbuf_putz(to, ".*");
		} else if (ch == '_') {
			strbuf_putc(to, '.');
		} else if (ch == '(') {
			strbuf_putz(to, "(?:");
		} else {
			bracket = ch == '[';
			if (ch == '\\' || ch == '.' || ch == '^' || ch == '$')
				strbuf_putc(to, '\\');
			strbuf_putc(to, ch);
		}
	}
	strbuf_putz(to, ")$");
	return OK;
}

static enum status escape_of(struct eval *e, const struct vector *const *args, uint32_t n, uint32_t i, char *out)
{
	*out = '\\';
	if (n < 3)
		return OK;
	struct str_arg a = str_arg(args[2]);
	struct str s = str_arg_at(&a, i);
	if (s.size > 1)
		return ERR(e->err, E_INVALID_PARAMETER_VALUE, "invalid escape string");
	*out = s.size == 0 ? '\0' : s.data[0];
	return OK;
}

static enum status exec_similar(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	bool part = named(c, "substring"), negated = named(c, "notSimilarTo");
	struct str_arg texts = str_arg(args[0]), patterns = str_arg(args[1]);
	struct compiled k = {0};
	struct str last = {NULL, 0}, made = STR("");
	TRY(part ? str_views(c, e, args[0], count, out) : call_result(c, e, count, out));
	enum status s = part ? vector_make_nulls(*out, e->track, e->err) : OK;
	memset((*out)->data, 0, count * physical_size(type_physical(c->result)));
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct str p = str_arg_at(&patterns, i), t = str_arg_at(&texts, i), found;
		char escape;
		if (eval_skips(e, i) || (s = escape_of(e, args, c->arg_count, i, &escape)) != OK)
			continue;
		if (last.data == NULL || !str_eq(p, last) || c->arg_count > 2) {
			struct strbuf b;
			strbuf_init(&b, e->track);
			s = similar_pattern(&b, p, escape, e->err);
			if (s == OK)
				s = strbuf_status(&b, e->err);
			if (s == OK)
				made = arena_str(e->scratch, strbuf_str(&b));
			strbuf_fini(&b);
			last = p;
		}
		if (s == OK)
			s = compile(&k, e, NULL, made, REGEX_PG | REGEX_DOT_NL);
		if (s != OK)
			continue;
		bool match = regex_find(&k.run, t, 0);
		if (!part)
			((uint8_t *)(*out)->data)[i] = match != negated;
		else if (match && regex_group(&k.run, t, k.run.groups != 0, &found))
			((struct strview *)(*out)->data)[i] = strview_make(found.data, found.size);
		else
			bit_set((*out)->nulls, i);
	}
	if (k.open)
		regex_end(&k.run);
	if (s != OK) {
		vector_unref(*out);
		*out = NULL;
	}
	return s;
}

static const struct function rows[] = {
	FUNCTION_ROW("regexp_count", NULL, FUNCTION_PG, "SSJ?s?", "Int32", bind_search, exec_search,
	             "How often a regular expression matches.", "regexp_count('123456789012', '\\d\\d\\d', 2)", "3"),
	FUNCTION_ROW("regexp_instr", NULL, FUNCTION_PG, "SSJ?J?J?s?J?", "Int32", bind_search, exec_search,
	             "Where a match of a regular expression starts or ends.",
	             "regexp_instr('ABCDEF', 'c(.)(..)', 1, 1, 0, 'i')", "3"),
	FUNCTION_ROW("regexp_substr", NULL, FUNCTION_PG, "SSJ?J?s?J?", "Nullable(String)", bind_search, exec_search,
	             "A match of a regular expression.", "regexp_substr('ABCDEF', 'c(.)(..)', 1, 1, 'i', 2)", "EF"),
	FUNCTION_ROW("similarTo", NULL, FUNCTION_PG, "SSS?", "Bool", NULL, exec_similar,
	             "Whether a text is like SQL's regular expression.", "'abc' SIMILAR TO '%(b|d)%'", "t"),
	FUNCTION_ROW("notSimilarTo", NULL, FUNCTION_PG, "SSS?", "Bool", NULL, exec_similar,
	             "Whether a text is not like SQL's regular expression.", "'abc' NOT SIMILAR TO 'a'", "t"),
	FUNCTION_ROW("substring", NULL, FUNCTION_PG, "SSS", "Nullable(String)", NULL, exec_similar,
	             "The part of a text that SQL's regular expression marks.",
	             "substring('foobar' SIMILAR '%#\"o_b#\"%' ESCAPE '#')", "oob"),
};

FUNCTION_FAMILY(pg_regex, "PostgreSQL: regular expressions");

// SPDX-License-Identifier: Apache-2.0
/* Regular expressions and replacement of both dialects. */
#include <assert.h>

#include "func/str_impl.h"

/* The regex of row i: the constant one, or one compiled for the row and kept while the pattern stays. */
struct patterns {
	struct str_arg texts;
	const struct regex *constant;
	struct regex *own;
	struct str last;
	unsigned flags;
	struct regex_run run;
	bool open;
};

static enum status pattern_for(struct patterns *p, struct eval *e, uint32_t i)
{
	if (p->constant != NULL) {
		if (p->open)
			return OK;
		p->open = true;
		return regex_begin(&p->run, p->constant, e->err);
	}
	struct str s = str_arg_at(&p->texts, i);
	if (p->open && str_eq(s, p->last))
		return OK;
	if (p->open)
		regex_end(&p->run);
	p->open = false;
	TRY(regex_compile(e->scratch, s, p->flags, &p->own, e->err));
	TRY(regex_begin(&p->run, p->own, e->err));
	p->open = true;
	p->last = s;
	return OK;
}

/* ---- match ---- */

struct regex_call {
	struct regex *regex;      /* NULL: by row */
	unsigned flags;
	bool negated, all, literal, pg;
	struct str replacement;   /* constant */
};

static enum status bind_match(struct bind_env *env, struct call *c)
{
	struct regex_call *r = ARENA_NEW(env->arena, struct regex_call);
	const char *name = c->function->name;
	r->pg = !(c->function->flags & FUNCTION_CH);
	r->negated = name[0] == '!';
	r->flags = REGEX_DOT_NL | (r->pg ? REGEX_PG : 0) | (strchr(name, '*') != NULL ? REGEX_NOCASE : 0);
	if (str_find(str_of(name), STR("CaseInsensitive")) >= 0)
		r->flags |= REGEX_NOCASE;
	TRY(regex_of_argument(env, c, 1, r->flags, &r->regex));
	c->state = r;
	return OK;
}

static enum status exec_match(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const struct regex_call *r = c->state;
	struct str_arg text = str_arg(args[0]);
	struct patterns p = {.texts = str_arg(args[1]), .constant = r->regex, .flags = r->flags};
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		((uint8_t *)v->data)[i] = 0;
		if (eval_skips(e, i) || (s = pattern_for(&p, e, i)) != OK)
			continue;
		((uint8_t *)v->data)[i] = regex_find(&p.run, str_arg_at(&text, i), 0) != r->negated;
	}
	regex_end(&p.run);
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status exec_count_matches(const struct call *c, struct eval *e, const struct vector *const *args,
                                      uint32_t count, struct vector **out)
{
	const struct regex_call *r = c->state;
	struct str_arg text = str_arg(args[0]);
	struct patterns p = {.texts = str_arg(args[1]), .constant = r->regex, .flags = r->flags};
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint64_t n = 0;
		if (!eval_skips(e, i) && (s = pattern_for(&p, e, i)) == OK) {
			struct str t = str_arg_at(&text, i);
			for (size_t from = 0; from <= t.size && regex_find(&p.run, t, from);) {
				bool empty = p.run.offsets[0] == p.run.offsets[1];
				n += !empty;
				from = p.run.offsets[1] + empty;
			}
		}
		((uint64_t *)v->data)[i] = n;
	}
	regex_end(&p.run);
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

/* ---- extract ---- */

/* The first match's group 1, or all of it where the pattern has no group; a view of the text. */
static enum status exec_extract(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	const struct regex_call *r = c->state;
	struct str_arg text = str_arg(args[0]);
	struct patterns p = {.texts = str_arg(args[1]), .constant = r->regex, .flags = r->flags};
	bool has_group = c->arg_count > 2;
	struct i64_arg groups = {NULL, 0};
	if (has_group)
		groups = i64_arg(args[2]);
	TRY(str_views(c, e, args[0], count, out));
	struct strview *to = (*out)->data;
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct str t = str_arg_at(&text, i), part = STR("");
		to[i] = strview_make("", 0);
		if (eval_skips(e, i) || (s = pattern_for(&p, e, i)) != OK)
			continue;
		int64_t g = has_group ? i64_arg_at(&groups, i) : p.run.groups != 0;
		if (g < 0 || g > p.run.groups) {
			s = ERR(e->err, E_BAD_ARGUMENTS, "Index value %lld is out of range, should be in [0, %u]", (long long)g,
			        p.run.groups);
			break;
		}
		bool found = regex_find(&p.run, t, 0) && regex_group(&p.run, t, (uint32_t)g, &part);
		to[i] = strview_make(part.data, part.size);
		if (!found && c->result->nullable) {
			s = vector_make_nulls(*out, e->track, e->err);
			if (s == OK)
				bit_set((*out)->nulls, i);
		}
	}
	regex_end(&p.run);
	if (s != OK) {
		vector_unref(*out);
		*out = NULL;
	}
	return s;
}

static enum status bind_extract(struct bind_env *env, struct call *c)
{
	TRY(bind_match(env, c));
	if (c->arg_count == 2 && strcmp(c->function->name, "regexpExtract") == 0) {
		/* its third argument is 1 by default, which a pattern without groups does not have */
		struct regex_call *r = c->state;
		r->all = true;
	}
	return OK;
}

/* ---- extractAll, extractGroups, extractAllGroups ---- */

enum all_kind { ALL_MATCHES, ALL_GROUPS_OF_FIRST, ALL_VERTICAL, ALL_HORIZONTAL };

static enum status bind_extract_all(struct bind_env *env, struct call *c)
{
	struct str name = str_of(c->function->name);
	TRY(bind_match(env, c));
	bool nested = str_starts_with(name, STR("extractAllGroups"));
	TRY(type_parse(env->arena, nested ? STR("Array(Array(String))") : STR("Array(String)"), &c->result, env->err));
	return OK;
}

static enum status put_groups(struct builder *to, const struct regex_run *run, struct str t, struct error *err)
{
	struct str part;
	for (uint32_t g = 1; g <= run->groups; g++) {
		regex_group(run, t, g, &part);
		TRY(builder_string(to, part.data, part.size, err));
	}
	return OK;
}

static enum status all_of_row(enum all_kind kind, struct builder *b, struct regex_run *run, struct str t,
                              struct error *err)
{
	struct str part;
	struct builder *inner = b->children[0];
	if (kind == ALL_HORIZONTAL) {
		for (uint32_t g = 1; g <= run->groups; g++) {
			for (size_t from = 0; from <= t.size && regex_find(run, t, from);) {
				regex_group(run, t, g, &part);
				TRY(builder_string(inner->children[0], part.data, part.size, err));
				from = run->offsets[1] + (run->offsets[0] == run->offsets[1]);
			}
			TRY(builder_end_array(inner, err));
		}
		return builder_end_array(b, err);
	}
	for (size_t from = 0; from <= t.size && regex_find(run, t, from);) {
		from = run->offsets[1] + (run->offsets[0] == run->offsets[1]);
		if (kind == ALL_MATCHES) {
			regex_group(run, t, run->groups != 0, &part);
			if (run->offsets[0] != run->offsets[1])
				TRY(builder_string(inner, part.data, part.size, err));
		} else if (kind == ALL_GROUPS_OF_FIRST) {
			TRY(put_groups(inner, run, t, err));
			break;
		} else {
			TRY(put_groups(inner->children[0], run, t, err));
			TRY(builder_end_array(inner, err));
		}
	}
	return builder_end_array(b, err);
}

static enum status exec_extract_all(const struct call *c, struct eval *e, const struct vector *const *args,
                                    uint32_t count, struct vector **out)
{
	const struct regex_call *r = c->state;
	const char *name = c->function->name;
	enum all_kind kind = strcmp(name, "extractAll") == 0 ? ALL_MATCHES : strcmp(name, "extractGroups") == 0
		? ALL_GROUPS_OF_FIRST
	                     : strcmp(name, "extractAllGroupsHorizontal") == 0 ? ALL_HORIZONTAL : ALL_VERTICAL;
	struct str_arg text = str_arg(args[0]);
	struct patterns p = {.texts = str_arg(args[1]), .constant = r->regex, .flags = r->flags};
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		if (eval_skips(e, i)) {
			s = builder_end_array(b, e->err);
			continue;
		}
		s = pattern_for(&p, e, i);
		if (s == OK && kind != ALL_MATCHES && p.run.groups == 0)
			s = ERR(e->err, E_BAD_ARGUMENTS, "There are no groups in regexp");
		if (s == OK)
			s = all_of_row(kind, b, &p.run, str_arg_at(&text, i), e->err);
	}
	regex_end(&p.run);
	return builder_close(b, s, out, e->err);
}

/* ---- replace ---- */

/* \0 to \9 of the replacement by the groups; PostgreSQL also has \& for the whole match. */
static void put_replacement(struct strbuf *to, const struct regex_run *run, struct str s, struct str with)
{
	struct str part;
	for (size_t i = 0; i < with.size; i++) {
		char next = i + 1 < with.size ? with.data[i + 1] : '\0';
		if (with.data[i] != '\\' || i + 1 == with.size) {
			strbuf_putc(to, with.data[i]);
			continue;
		}
		i++;
		if (next >= '0' && next <= '9') {
			if (regex_group(run, s, (uint32_t)(next - '0'), &part))
				strbuf_puts(to, part);
		} else if (next == '&') {
			regex_group(run, s, 0, &part);
			strbuf_puts(to, part);
		} else {
			if (next != '\\')
				strbuf_putc(to, '\\');
			strbuf_putc(to, next);
		}
	}
}

static void replace_regex(struct strbuf *to, struct regex_run *run, struct str s, struct str with, bool all)
{
	size_t done = 0, from = 0;
	while (from <= s.size && regex_find(run, s, from)) {
		size_t at = run->offsets[0], end = run->offsets[1];
		strbuf_put(to, s.data + done, at - done);
		put_replacement(to, run, s, with);
		done = end;
		from = end;
		if (!all)
			break;
		if (at == end) {
			if (end < s.size)
				strbuf_putc(to, s.data[end]);
			done = from = end + 1;
			if (done > s.size)
				return;
		}
	}
	strbuf_put(to, s.data + done, s.size - done);
}

static void replace_literal(struct strbuf *to, struct str s, const struct searcher *what, struct str with, bool all)
{
	const char *p = s.data, *end = s.data + s.size, *at;
	while (what->needle.size != 0 && (at = searcher_find(what, p, end)) != NULL) {
		strbuf_put(to, p, (size_t)(at - p));
		strbuf_puts(to, with);
		p = at + what->needle.size;
		if (!all)
			break;
	}
	strbuf_put(to, p, (size_t)(end - p));
}

static enum status exec_replace_literal(const struct call *c, struct eval *e, const struct vector *const *args,
                                        uint32_t count, struct vector **out)
{
	const struct regex_call *r = c->state;
	struct str_arg text = str_arg(args[0]), what = str_arg(args[1]), with = str_arg(args[2]);
	struct searcher needle;
	struct strings o;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		if (i == 0 || what.stride != 0)
			searcher_init(&needle, str_arg_at(&what, i), false);
		replace_literal(&o.text, str_arg_at(&text, i), &needle, str_arg_at(&with, i), r->all);
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

static enum status exec_replace_regex(const struct call *c, struct eval *e, const struct vector *const *args,
                                      uint32_t count, struct vector **out)
{
	const struct regex_call *r = c->state;
	struct str_arg text = str_arg(args[0]), with = str_arg(args[2]);
	struct patterns p = {.texts = str_arg(args[1]), .constant = r->regex, .flags = r->flags};
	struct strings o;
	enum status s = OK;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct str t = str_arg_at(&text, i);
		if (!eval_skips(e, i)) {
			s = pattern_for(&p, e, i);
			if (s == OK)
				replace_regex(&o.text, &p.run, t, str_arg_at(&with, i), r->all);
		}
		strings_end(&o, i);
	}
	regex_end(&p.run);
	enum status finish = strings_finish(&o, c, e, s == OK ? count : 0, out);
	if (s != OK && finish == OK) {
		vector_unref(*out);
		*out = NULL;
	}
	return s != OK ? s : finish;
}

static enum status bind_replace(struct bind_env *env, struct call *c)
{
	struct str name = str_of(c->function->name);
	struct regex_call *r = ARENA_NEW(env->arena, struct regex_call);
	r->all = str_ends_with(name, STR("All")) || str_eq(name, STR("replace"));
	if (c->exec == exec_replace_regex)
		TRY(regex_of_argument(env, c, 1, 0, &r->regex));
	c->state = r;
	return OK;
}

/* ---- PostgreSQL's flags argument ---- */

static enum status pg_flags(struct bind_env *env, const struct call *c, uint32_t arg, struct regex_call *r)
{
	struct str text = STR("");
	r->flags = REGEX_PG | REGEX_DOT_NL;
	if (arg < c->arg_count && !call_const_str(c, arg, &text))
		return ERR(env->err, E_NOT_IMPLEMENTED, "not supported yet: regular expression flags that are no constant");
	for (size_t i = 0; i < text.size; i++)
		switch (text.data[i]) {
		case 'g': r->all = true; break;
		case 'i': r->flags |= REGEX_NOCASE; break;
		case 'c': r->flags &= ~(unsigned)REGEX_NOCASE; break;
		case 'x': r->flags |= REGEX_EXTENDED; break;
		case 'n':
		case 'm': r->flags = (r->flags & ~(unsigned)REGEX_DOT_NL) | REGEX_MULTILINE; break;
		case 'p': r->flags &= ~(unsigned)REGEX_DOT_NL; break;
		case 's': r->flags |= REGEX_DOT_NL; break;
		case 'w': r->flags |= REGEX_MULTILINE; break;
		case 'q': r->flags |= REGEX_LITERAL; break;
		case 't': break;
		default:
			return ERR(env->err, E_BAD_ARGUMENTS, "invalid regular expression option: \"%c\"", text.data[i]);
		}
	return OK;
}

static enum status bind_pg_replace(struct bind_env *env, struct call *c)
{
	struct regex_call *r = ARENA_NEW(env->arena, struct regex_call);
	TRY(pg_flags(env, c, 3, r));
	TRY(regex_of_argument(env, c, 1, r->flags, &r->regex));
	c->state = r;
	return OK;
}

/* regexp_match: the first match's groups, NULL where there is none; regexp_matches, regexp_split: rows of them. */
static enum status bind_pg_match(struct bind_env *env, struct call *c)
{
	struct regex_call *r = ARENA_NEW(env->arena, struct regex_call);
	TRY(pg_flags(env, c, 2, r));
	TRY(regex_of_argument(env, c, 1, r->flags, &r->regex));
	c->state = r;
	if (strcmp(c->function->name, "regexp_match") == 0) {
		if (r->all)
			return ERR(env->err, E_INVALID_PARAMETER_VALUE, "regexp_match() does not support the \"global\" option");
		c->result = type_nullable(env->arena, c->result);
	}
	return OK;
}

static enum status put_pg_groups(struct builder *to, const struct regex_run *run, struct str t, struct error *err)
{
	struct str part;
	if (run->groups == 0) {
		regex_group(run, t, 0, &part);
		return builder_string(to, part.data, part.size, err);
	}
	for (uint32_t g = 1; g <= run->groups; g++)
		TRY(regex_group(run, t, g, &part) ? builder_string(to, part.data, part.size, err) : builder_null(to, err));
	return OK;
}

enum pg_list { PG_MATCH, PG_MATCHES, PG_SPLIT };

static enum status pg_list_row(enum pg_list kind, bool all, struct builder *b, struct regex_run *run, struct str t,
                               struct error *err)
{
	size_t done = 0;
	for (size_t from = 0; from <= t.size && regex_find(run, t, from);) {
		size_t at = run->offsets[0], end = run->offsets[1];
		from = end + (at == end);
		if (kind == PG_SPLIT) {
			if (at == end && (at == 0 || at >= t.size))
				continue;
			TRY(builder_string(b->children[0], t.data + done, at - done, err));
			done = end;
			continue;
		}
		TRY(put_pg_groups(kind == PG_MATCH ? b->children[0] : b->children[0]->children[0], run, t, err));
		if (kind == PG_MATCH)
			return builder_end_array(b, err);
		TRY(builder_end_array(b->children[0], err));
		if (!all)
			break;
	}
	if (kind == PG_MATCH)
		return b->type->nullable ? builder_null(b, err) : builder_end_array(b, err);
	if (kind == PG_SPLIT)
		TRY(builder_string(b->children[0], t.data + done, t.size - done, err));
	return builder_end_array(b, err);
}

static enum status exec_pg_list(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	const struct regex_call *r = c->state;
	const char *name = c->function->name;
	enum pg_list kind = strcmp(name, "regexp_match") == 0 ? PG_MATCH : strcmp(name, "regexp_matches") == 0 ? PG_MATCHES
		: PG_SPLIT;
	struct str_arg text = str_arg(args[0]);
	struct patterns p = {.texts = str_arg(args[1]), .constant = r->regex, .flags = r->flags};
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		if (eval_skips(e, i)) {
			s = builder_end_array(b, e->err);
			continue;
		}
		s = pattern_for(&p, e, i);
		if (s == OK)
			s = pg_list_row(kind, r->all, b, &p.run, str_arg_at(&text, i), e->err);
	}
	regex_end(&p.run);
	return builder_close(b, s, out, e->err);
}

static enum status bind_pg_like_bool(struct bind_env *env, struct call *c)
{
	struct regex_call *r = ARENA_NEW(env->arena, struct regex_call);
	TRY(pg_flags(env, c, 2, r));
	TRY(regex_of_argument(env, c, 1, r->flags, &r->regex));
	c->state = r;
	return OK;
}

static void quote_meta(struct strbuf *to, struct str s)
{
	for (size_t i = 0; i < s.size; i++) {
		if (s.data[i] != '\0' && strchr("\\()[]{}|.*+?^$:-", s.data[i]) != NULL)
			strbuf_putc(to, '\\');
		strbuf_putc(to, s.data[i]);
	}
}

static enum status exec_quote_meta(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	return str_each_text(c, e, args[0], count, quote_meta, out);
}

static const struct function rows[] = {
	FUNCTION_ROW("match", "~REGEXP_MATCHES", FUNCTION_CH, "SS", "UInt8", bind_match, exec_match,
	             "Whether a regular expression matches somewhere.", "match('Hello', '^H.l')", "1"),
	FUNCTION_ROW("~", NULL, FUNCTION_PG, "SS", "Bool", bind_match, exec_match,
	             "Whether a regular expression matches somewhere.", "'Hello' ~ '^H.l'", "t"),
	FUNCTION_ROW("~*", NULL, FUNCTION_PG, "SS", "Bool", bind_match, exec_match, "~ that folds case.", "'Hello' ~* '^h'",
	             "t"),
	FUNCTION_ROW("!~", NULL, FUNCTION_PG, "SS", "Bool", bind_match, exec_match,
	             "Whether a regular expression matches nowhere.", "'Hello' !~ '^h'", "t"),
	FUNCTION_ROW("!~*", NULL, FUNCTION_PG, "SS", "Bool", bind_match, exec_match, "!~ that folds case.", "'Hello' !~* '^h'",
	             "f"),
	FUNCTION_ROW("regexp_like", NULL, FUNCTION_PG, "SSs?", "Bool", bind_pg_like_bool, exec_match,
	             "Whether a regular expression matches somewhere.", "regexp_like('Hello', 'L', 'i')", "t"),
	FUNCTION_ROW("countMatches", NULL, FUNCTION_CH, "SS", "UInt64", bind_match, exec_count_matches,
	             "How often a regular expression matches.", "countMatches('foobar.com', 'o+')", "2"),
	FUNCTION_ROW("countMatchesCaseInsensitive", NULL, FUNCTION_CH, "SS", "UInt64", bind_match, exec_count_matches,
	             "countMatches() that folds case.", "countMatchesCaseInsensitive('fOobar', 'o')", "2"),
	FUNCTION_ROW("extract", NULL, FUNCTION_CH, "SS", "String", bind_match, exec_extract,
	             "The first match of a regular expression, or its first group.", "extract('num: 42', '\\\\d+')", "42"),
	FUNCTION_ROW("substring", NULL, FUNCTION_PG, "SS", "Nullable(String)", bind_match, exec_extract,
	             "The first match of a regular expression, or its first group.", "substring('foobar' from 'o(.)b')", "o"),
	FUNCTION_ROW("regexpExtract", "~REGEXP_EXTRACT", FUNCTION_CH, "SSJ?", "String", bind_extract, exec_extract,
	             "A group of the first match of a regular expression.", "regexpExtract('100-200', '(\\\\d+)-(\\\\d+)', 2)",
	             "200"),
	FUNCTION_ROW("extractAll", NULL, FUNCTION_CH, "SS", NULL, bind_extract_all, exec_extract_all,
	             "All matches, or their first groups.", "extractAll('a1b22', '\\\\d+')", "['1','22']"),
	FUNCTION_ROW("extractGroups", NULL, FUNCTION_CH, "SS", NULL, bind_extract_all, exec_extract_all,
	             "The groups of the first match.", "extractGroups('k=v', '(\\\\w)=(\\\\w)')", "['k','v']"),
	FUNCTION_ROW("extractAllGroupsVertical", "extractAllGroups", FUNCTION_CH, "SS", NULL, bind_extract_all,
	             exec_extract_all, "The groups of each match.", "extractAllGroupsVertical('a=1 b=2', '(\\\\w)=(\\\\w)')",
	             "[['a','1'],['b','2']]"),
	FUNCTION_ROW("extractAllGroupsHorizontal", NULL, FUNCTION_CH, "SS", NULL, bind_extract_all, exec_extract_all,
	             "For each group what it matched.", "extractAllGroupsHorizontal('a=1 b=2', '(\\\\w)=(\\\\w)')",
	             "[['a','b'],['1','2']]"),
	FUNCTION_ROW("replaceOne", NULL, FUNCTION_CH, "SSS", "String", bind_replace, exec_replace_literal,
	             "The first occurrence replaced.", "replaceOne('aaa', 'a', 'b')", "baa"),
	FUNCTION_ROW("replaceAll", "~replace", FUNCTION_BOTH, "SSS", "String", bind_replace, exec_replace_literal,
	             "All occurrences replaced.", "replaceAll('aaa', 'a', 'b')", "bbb"),
	FUNCTION_ROW("replaceRegexpOne", NULL, FUNCTION_CH, "SSS", "String", bind_replace, exec_replace_regex,
	             "The first match replaced; \\1 stands for a group.", "replaceRegexpOne('abc', '(b)', '<\\\\1>')",
	             	"a<b>c"),
	FUNCTION_ROW("replaceRegexpAll", "~REGEXP_REPLACE", FUNCTION_CH, "SSS", "String", bind_replace, exec_replace_regex,
	             "All matches replaced; \\1 stands for a group.", "replaceRegexpAll('abab', 'b', 'x')", "axax"),
	FUNCTION_ROW("regexp_replace", NULL, FUNCTION_PG, "SSSs?", "String", bind_pg_replace, exec_replace_regex,
	             "The first match replaced, with flag g all; \\1 stands for a group.",
	             "regexp_replace('foobarbaz', 'b(..)', 'X\\1Y', 'g')", "fooXarYXazY"),
	FUNCTION_ROW("regexp_match", NULL, FUNCTION_PG, "SSs?", "Array(Nullable(String))", bind_pg_match, exec_pg_list,
	             "The groups of the first match, or the match.", "regexp_match('foobarbaz', 'b(a)(r)')", "{a,r}"),
	{.name = "regexp_matches", .flags = FUNCTION_PG | FUNCTION_SET_RETURNING, .args = "SSs?",
	 .result = "Array(Array(Nullable(String)))", .bind = bind_pg_match, .exec = exec_pg_list,
	 .description = "A row for the first match, with flag g for each.", .example = "regexp_matches('ab', 'b')",
	 .example_result = "{b}"},
	FUNCTION_ROW("regexp_split_to_array", NULL, FUNCTION_PG, "SSs?", "Array(Nullable(String))", bind_pg_match,
	             exec_pg_list, "The parts between matches.", "regexp_split_to_array('a, b', ',\\s*')", "{a,b}"),
	{.name = "regexp_split_to_table", .flags = FUNCTION_PG | FUNCTION_SET_RETURNING, .args = "SSs?",
	 .result = "Array(Nullable(String))", .bind = bind_pg_match, .exec = exec_pg_list,
	 .description = "A row for each part between matches.", .example = "regexp_split_to_table('a', ',')",
	 .example_result = "a"},
	FUNCTION_ROW("regexpQuoteMeta", NULL, FUNCTION_CH, "S", "String", NULL, exec_quote_meta,
	             "Special characters of regular expressions escaped.", "regexpQuoteMeta('a.b')", "a\\\\.b"),
};

FUNCTION_FAMILY(str_regex, "Regular expressions and replacement");

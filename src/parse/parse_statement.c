// SPDX-License-Identifier: Apache-2.0
/* The first word of a statement decides who reads it; EXPLAIN and where results go. */
#include "parse/parse_impl.h"

/* ---- queries as statements ---- */

static bool parse_outfile(struct parser *p, struct ast_select *s)
{
	if (!kw2(p, KW_INTO, KW_OUTFILE))
		return true;
	if ((s->outfile = parse_string_node(p)) == NULL)
		return false;
	s->outfile_append = kw(p, KW_APPEND);
	s->outfile_truncate = !s->outfile_append && kw(p, KW_TRUNCATE);
	s->outfile_and_stdout = kw2(p, KW_AND, KW_STDOUT);
	if (!kw(p, KW_COMPRESSION))
		return true;
	if (!parse_string(p, &s->outfile_compression))
		return false;
	uint64_t level;
	if (kw(p, KW_LEVEL)) {
		if (!parse_uint(p, &level))
			return false;
		s->outfile_level = (unsigned)level;
	}
	return true;
}

/* INTO OUTFILE, FORMAT, and SETTINGS behind them. */
static struct ast *parse_output(struct parser *p, struct ast *query)
{
	struct ast_select *s = (struct ast_select *)query;
	if (query == NULL)
		return NULL;
	if (query->kind != AST_SELECT)
		return query;
	if (!parse_outfile(p, s) || !accept_format(p, &s->format) || !accept_settings(p, &s->settings))
		return NULL;
	return seal(p, s);
}

static struct ast *parse_query_statement(struct parser *p)
{
	return parse_output(p, parse_query(p));
}

static struct ast *parse_with_statement(struct parser *p)
{
	struct ast_list with = {NULL, 0, 0};
	bool recursive = false;
	if (!parse_with_clause(p, &with, &recursive))
		return NULL;
	if (kw(p, KW_INSERT))
		return parse_insert(p, with, recursive);
	if (kw(p, KW_UPDATE))
		return parse_update(p, with, recursive);
	if (kw(p, KW_DELETE))
		return parse_delete(p, with, recursive);
	struct ast *q = parse_query_rest(p, NULL);
	if (q == NULL)
		return NULL;
	struct ast_select *s = (struct ast_select *)q;
	if (s->with.count != 0)
		return fail(p);
	s->with = with;
	s->with_recursive = recursive;
	return parse_output(p, seal(p, s));
}

/* ---- EXPLAIN ---- */

/* (ANALYZE, FORMAT JSON) */
static bool parse_explain_options(struct parser *p, struct ast_explain *e)
{
	p->at++;
	do {
		struct ast_setting *s = NEW(p, SETTING, setting);
		struct name_part *part = ARENA_NEW(p->arena, struct name_part), value;
		if (!parse_label(p, part))
			return false;
		for (size_t i = 0; i < part->text.size; i++)
			((char *)(uintptr_t)part->text.data)[i] = ascii_lower(part->text.data[i]);
		s->name = (struct name){part, 1};
		int position = here(p);
		if (at_kind(p, 0, T_NUMBER))
			s->value = parse_number(p, false);
		else if (at_string(p, 0))
			s->value = parse_string_node(p);
		else if (at_kind(p, 0, T_WORD) && parse_label(p, &value))
			s->value = &new_string(p, value.text, position)->ast;
		if (p->failed != OK)
			return false;
		push(p, &e->options, seal(p, s));
	} while (accept(p, T_COMMA));
	return need(p, T_RPAREN);
}

static void parse_explain_kind(struct parser *p, struct ast_explain *e)
{
	static const struct {
		const char *word;
		enum explain_type type;
	} kinds[] = {
		{"AST", EXPLAIN_AST}, {"SYNTAX", EXPLAIN_SYNTAX}, {"PLAN", EXPLAIN_PLAN}, {"PIPELINE", EXPLAIN_PIPELINE},
		{"ESTIMATE", EXPLAIN_ESTIMATE},
	};
	e->type = EXPLAIN_UNSAID;
	for (size_t i = 0; i < ARRAY_COUNT(kinds); i++)
		if (word(p, kinds[i].word)) {
			e->type = kinds[i].type;
			return;
		}
	if (word_is(p, 0, "QUERY") && word_is(p, 1, "TREE")) {
		p->at += 2;
		e->type = EXPLAIN_QUERY_TREE;
	} else if (at_kw(p, 0, KW_CURRENT) && at_kw(p, 1, KW_TRANSACTION)) {
		p->at += 2;
		e->type = EXPLAIN_CURRENT_TRANSACTION;
	} else if (at_kw(p, 0, KW_TABLE) && word_is(p, 1, "OVERRIDE")) {
		p->at += 2;
		e->type = EXPLAIN_TABLE_OVERRIDE;
	}
}

static struct ast *parse_explain(struct parser *p)
{
	struct ast_explain *e = NEW(p, EXPLAIN, explain);
	if (!enter(p))
		return NULL;
	if (at_kind(p, 0, T_LPAREN) && at_kind(p, 1, T_WORD) && !at_query(p, 1)) {
		e->type = EXPLAIN_UNSAID;
		if (!parse_explain_options(p, e))
			return NULL;
	} else {
		parse_explain_kind(p, e);
		if (e->type == EXPLAIN_UNSAID) {
			e->analyze = kw_or(p, KW_ANALYZE, KW_ANALYSE);
			e->verbose = kw(p, KW_VERBOSE);
		}
		if (at_kind(p, 0, T_WORD) && at_op(p, 1, OP_EQ) && !parse_settings(p, &e->options))
			return NULL;
	}
	if (e->type != EXPLAIN_CURRENT_TRANSACTION) {
		if ((e->statement = parse_any_statement(p)) == NULL)
			return NULL;
		if (e->statement->kind == AST_SELECT && e->type != EXPLAIN_AST) { /* the tree shows its format */
			struct ast_select *s = (struct ast_select *)e->statement;
			e->format = s->format;
			e->outfile = s->outfile;
			s->format = (struct str){NULL, 0};
			s->outfile = NULL;
		}
	}
	leave(p);
	return accept_format(p, &e->format) ? seal(p, e) : NULL;
}

/* ---- object words ---- */

/* How many tokens spell the words, 0 when they do not stand here. */
static size_t words_stand(struct parser *p, const char *words)
{
	size_t n = 0;
	while (*words != '\0') {
		size_t length = strcspn(words, " ");
		const struct token *t = peek_at(p, n);
		if (t->kind != T_WORD || !str_eq_nocase(token_source(p, t), str_make(words, length)))
			return 0;
		n++;
		words += length + (words[length] == ' ');
	}
	return n;
}

bool accept_object_type(struct parser *p, enum object_type *out)
{
	size_t longest = 0;
	for (int i = OBJECT_NONE + 1; i < OBJECT_TYPE_COUNT; i++) {
		size_t n = words_stand(p, object_type_words((enum object_type)i));
		if (n > longest) {
			longest = n;
			*out = (enum object_type)i;
		}
	}
	p->at += longest;
	return longest != 0;
}

/* ---- the first word ---- */

static void expect_statement(struct parser *p)
{
	static const char *const what[] = {
		"SELECT", "WITH", "INSERT", "CREATE", "ALTER", "DROP", "SHOW", "DESCRIBE", "EXPLAIN", "SET", "USE", "OPTIMIZE",
			"SYSTEM",
		"KILL", "RENAME", "TRUNCATE", "DELETE", "UPDATE", "GRANT", "REVOKE", "BEGIN", "COMMIT", "ROLLBACK", "COPY",
	};
	for (size_t i = 0; i < ARRAY_COUNT(what); i++)
		parser_expected(p, what[i]);
}

static struct ast *parse_definition(struct parser *p, size_t start, bool *taken)
{
	*taken = true;
	switch (peek(p)->code) {
	case KW_CREATE: p->at++; return parse_create(p, start, false);
	case KW_ATTACH: p->at++; return parse_create(p, start, true);
	case KW_REPLACE: {
		/* REPLACE TABLE t is CREATE OR REPLACE of what must exist */
		p->at++;
		struct ast *c = parse_create(p, start, false);
		if (c != NULL && c->kind == AST_CREATE_TABLE)
			((struct ast_create_table *)c)->replace = true;
		return c;
	}
	case KW_ALTER: p->at++; return parse_alter(p, start);
	case KW_DROP: p->at++; return parse_drop(p, false);
	case KW_DETACH: p->at++; return parse_drop(p, true);
	case KW_UNDROP: p->at++; return parse_undrop(p);
	case KW_RENAME: p->at++; return parse_rename(p, false);
	case KW_EXCHANGE: p->at++; return parse_rename(p, true);
	case KW_TRUNCATE: p->at++; return parse_truncate(p);
	case KW_COMMENT: p->at++; return parse_comment(p);
	case KW_GRANT: p->at++; return parse_grant(p, false);
	case KW_REVOKE: p->at++; return parse_grant(p, true);
	default: *taken = false; return NULL;
	}
}

struct ast *parse_any_statement(struct parser *p)
{
	struct ast_list none = {NULL, 0, 0};
	bool taken = true;
	struct ast *ast;
	if (at_kind(p, 0, T_LPAREN) || (at_query(p, 0) && !at_kw(p, 0, KW_WITH)))
		return parse_query_statement(p);
	if (!at_kind(p, 0, T_WORD)) {
		if (unlikely(p->expected != NULL))
			expect_statement(p);
		return fail(p);
	}
	switch (peek(p)->code) {
	case KW_WITH: return parse_with_statement(p);
	case KW_INSERT: p->at++; return parse_insert(p, none, false);
	case KW_UPDATE: p->at++; return parse_update(p, none, false);
	case KW_DELETE: p->at++; return parse_delete(p, none, false);
	case KW_EXPLAIN: p->at++; return parse_explain(p);
	default: break;
	}
	if ((ast = parse_definition(p, p->at, &taken)) != NULL || taken)
		return ast;
	if ((ast = parse_postgresql_command(p, &taken)) != NULL || taken)
		return ast;
	if ((ast = parse_admin_command(p, &taken)) != NULL || taken)
		return ast;
	if (at_kw(p, 0, KW_WATCH))
		return fail_with(p, E_NOT_IMPLEMENTED, here(p), "not supported yet: WATCH");
	if (unlikely(p->expected != NULL))
		expect_statement(p);
	return fail(p);
}

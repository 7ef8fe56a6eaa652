// SPDX-License-Identifier: Apache-2.0
/*
 * Queries as text: normalizeQuery and normalizedQueryHash, by which logs take queries together that differ in literals
 * only; formatQuerySingleLine.
 *
 * Literals become `?`, several in a row, with commas and signs between them, `?..`; names that look made by a program
 * (of 36 bytes and more, with a blank or with three digits and more) become `?` in backticks; blanks and comments one
 * blank.
 */
#include "base/hash.h"
#include "func/str_impl.h"
#include "parse/lexer.h"
#include "parse/parser.h"
#include "parse/print.h"

enum { LONG_NAME = 36, MANY_DIGITS = 3 };

static bool is_literal(const struct token *t)
{
	switch (t->kind) {
	case T_STRING: case T_ESTRING: case T_USTRING: case T_DOLLAR: case T_BITS: case T_HEX: case T_NUMBER: return true;
	default: return false;
	}
}

static bool is_sign(const struct token *t)
{
	return t->kind == T_OPERATOR && (t->code == OP_MINUS || t->code == OP_PLUS);
}

static bool is_made_name(const struct token *t, struct str text)
{
	unsigned digits = 0;
	if (t->kind != T_WORD && t->kind != T_QUOTED)
		return false;
	if (t->size >= LONG_NAME)
		return true;
	for (uint32_t i = 0; i < t->size; i++) {
		char c = text.data[t->offset + i];
		if (c == ' ' || (c >= '\t' && c <= '\r'))
			return true;
		digits += c >= '0' && c <= '9';
	}
	return digits >= MANY_DIGITS;
}

/* What the two walks over the tokens put out. */
struct sink {
	struct strbuf *text;       /* NULL: the hash is wanted */
	struct siphash *hash;
	bool keep_names;
};

static void put_token(const struct sink *k, const struct token *t, struct str text)
{
	if (!k->keep_names && is_made_name(t, text)) {
		if (k->text != NULL)
			strbuf_putz(k->text, "`?`");
		else
			siphash_update(k->hash, "\1", 1);
		return;
	}
	if (k->text != NULL)
		strbuf_put(k->text, text.data + t->offset, t->size);
	else
		siphash_update(k->hash, text.data + t->offset, t->size);
}

/* The end of literals in a row. */
static void put_more(const struct sink *k, bool several, bool comma)
{
	if (k->text != NULL) {
		strbuf_putz(k->text, several ? ".." : "");
		strbuf_putz(k->text, comma ? "," : "");
		return;
	}
	if (several)
		siphash_update(k->hash, "", 1);
	if (comma)
		siphash_update(k->hash, ",", 1);
}

static void walk(const struct sink *k, struct str text)
{
	struct lexer l;
	size_t literals = 0, end = 0;
	bool comma = false, blank = false;
	lexer_init(&l, text, DIALECT_CLICKHOUSE);
	for (bool first = true;; first = false) {
		struct token t = lexer_next(&l);
		bool last = t.kind == T_END || t.kind >= T_BAD_STRING ||
			(t.kind == T_WORD && (unsigned char)text.data[t.offset] >= 0x80);
		if (t.offset > end && !first) {
			if (literals == 0 && k->text != NULL)
				strbuf_putc(k->text, ' ');
			blank |= literals != 0;
		}
		end = t.offset + t.size;
		if (!last && is_literal(&t)) {
			comma = blank = false;
			if (literals++ == 0) {
				if (k->text != NULL)
					strbuf_putc(k->text, '?');
				else
					siphash_update(k->hash, "", 1);
			}
			continue;
		}
		if (literals != 0 && !last && (t.kind == T_COMMA || (comma && k->text != NULL && is_sign(&t)))) {
			comma = true;
			continue;
		}
		put_more(k, literals > 1, comma);
		literals = 0;
		comma = false;
		if (blank && k->text != NULL)
			strbuf_putc(k->text, ' ');
		blank = false;
		if (last)
			return;
		put_token(k, &t, text);
	}
}

static enum status exec_normalize(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	struct str_arg texts = str_arg(args[0]);
	struct strings o;
	strings_begin(&o, e, count);
	const struct sink k = {.text = &o.text, .keep_names = strstr(c->function->name, "KeepNames") != NULL};
	for (uint32_t i = 0; i < count; i++) {
		walk(&k, str_arg_at(&texts, i));
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

static enum status exec_hash(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	struct str_arg texts = str_arg(args[0]);
	struct siphash h;
	const struct sink k = {.hash = &h, .keep_names = strstr(c->function->name, "KeepNames") != NULL};
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		siphash_init(&h, 0, 0);
		walk(&k, str_arg_at(&texts, i));
		((uint64_t *)(*out)->data)[i] = siphash_final64(&h);
	}
	return OK;
}

/* ---- formatQuery, formatQuerySingleLine ---- */

static enum status format_row(const struct call *c, struct eval *e, struct str text, struct strbuf *to)
{
	bool multiline = strncmp(c->function->name, "formatQuerySingleLine", 21) != 0;
	struct ast *statement = NULL;
	TRY(parse_statement(e->scratch, text, &(struct parse_options){.dialect = DIALECT_CLICKHOUSE}, &statement, e->err));
	ast_print(to, statement, &(struct print_options){.dialect = DIALECT_CLICKHOUSE, .multiline = multiline});
	return OK;
}

static enum status exec_format(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	struct str_arg texts = str_arg(args[0]);
	struct strings o;
	uint64_t *failed = NULL;
	enum status s = OK;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		size_t start = o.text.size;
		s = format_row(c, e, str_arg_at(&texts, i), &o.text);
		if (s != OK && (c->result->nullable || eval_skips(e, i))) {
			if (failed == NULL)
				failed = ARENA_ARRAY(e->scratch, uint64_t, bits_words(count));
			bit_set(failed, i);
			o.text.size = start;
			error_clear(e->err);
			s = OK;
		}
		strings_end(&o, i);
	}
	TRY(strings_close(&o, c, e, count, s, out));
	if (failed == NULL || !c->result->nullable)
		return OK;
	s = vector_make_nulls(*out, e->track, e->err);
	if (s == OK)
		memcpy((*out)->nulls, failed, bits_words(count) * sizeof *failed);
	return s;
}

#define OF_QUERY(fname, result_, exec_, what, example_, answer) \
	{.name = fname, .flags = FUNCTION_CH, .args = "S", .result = result_, .exec = exec_, .description = what, \
	 .example = example_, .example_result = answer}

static const struct function rows[] = {
	OF_QUERY("normalizeQuery", "String", exec_normalize, "A query with placeholders for literals and made names.",
	         "normalizeQuery('SELECT 1, 2, t123 FROM t')", "SELECT ?.., `?` FROM t"),
	OF_QUERY("normalizeQueryKeepNames", "String", exec_normalize, "A query with placeholders for literals.",
	         "normalizeQueryKeepNames('SELECT 1, t123')", "SELECT ?, t123"),
	OF_QUERY("normalizedQueryHash", "UInt64", exec_hash, "A hash that queries which differ in literals share.",
	         "normalizedQueryHash('SELECT 1')", "15722048748544463130"),
	OF_QUERY("normalizedQueryHashKeepNames", "UInt64", exec_hash,
	         "The same, queries with other names being different.", "normalizedQueryHashKeepNames('SELECT 1 AS `xyz`')",
	         "8735023017302212641"),
	OF_QUERY("formatQuery", "String", exec_format, "A query laid out over lines.", "formatQuery('select  1')",
	         "SELECT 1"),
	OF_QUERY("formatQuerySingleLine", "String", exec_format, "A query laid out on one line.",
	         "formatQuerySingleLine('select  a from t')", "SELECT a FROM t"),
	OF_QUERY("formatQueryOrNull", "Nullable(String)", exec_format, "The same; NULL for what is no query.",
	         "formatQueryOrNull('select (')", "\\N"),
	OF_QUERY("formatQuerySingleLineOrNull", "Nullable(String)", exec_format, "The same; NULL for what is no query.",
	         "formatQuerySingleLineOrNull('select  1')", "SELECT 1"),
};

FUNCTION_FAMILY(str_query, "Queries as text");

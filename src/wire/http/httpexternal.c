// SPDX-License-Identifier: Apache-2.0
/*
 * External data: a multipart field that no parameter is, with NAME_structure or NAME_types (and NAME_format) in the
 * address or the form, is a temporary table for the statement.
 */
#include <stdio.h>

#include "parse/parser.h"
#include "wire/http/http_impl.h"

/* Whether `name` ends a parameter of external data: its table's name. */
static bool table_of(struct str name, const char *suffix, struct str *table)
{
	struct str s = str_of(suffix);
	if (!str_ends_with(name, s) || name.size == s.size)
		return false;
	*table = str_make(name.data, name.size - s.size);
	return true;
}

static const struct str *part_of(const struct exchange *x, struct str table, const char *suffix)
{
	for (size_t i = 0; i < x->param_count; i++) {
		struct str t;
		if (table_of(x->params[i].name, suffix, &t) && str_eq(t, table))
			return &x->params[i].value;
	}
	return NULL;
}

static bool has_data(const struct exchange *x, struct str table)
{
	for (size_t i = x->form_from; i < x->param_count; i++)
		if (str_eq(x->params[i].name, table))
			return true;
	return false;
}

bool exchange_is_external(const struct exchange *x, struct str name)
{
	static const char *const suffixes[] = {"_structure", "_types", "_format"};
	struct str table;
	if (part_of(x, name, "_structure") != NULL || part_of(x, name, "_types") != NULL)
		return has_data(x, name);
	for (size_t i = 0; i < ARRAY_COUNT(suffixes); i++)
		if (table_of(name, suffixes[i], &table) && has_data(x, table))
			return true;
	return false;
}

static void put_name(struct strbuf *to, struct str name)
{
	strbuf_putc(to, '`');
	for (size_t i = 0; i < name.size; i++) {
		if (name.data[i] == '`' || name.data[i] == '\\')
			strbuf_putc(to, '\\');
		strbuf_putc(to, name.data[i]);
	}
	strbuf_putc(to, '`');
}

/* "a UInt8, b String" as it stands; of types alone the columns are _1, _2 … */
static void put_columns(struct strbuf *to, const struct str *structure, const struct str *types)
{
	unsigned column = 1, depth = 0;
	if (structure != NULL) {
		strbuf_puts(to, *structure);
		return;
	}
	strbuf_printf(to, "_%u ", column);
	for (size_t i = 0; i < types->size; i++) {
		char c = types->data[i];
		depth += c == '(';
		depth -= c == ')' && depth != 0;
		strbuf_putc(to, c);
		if (c == ',' && depth == 0)
			strbuf_printf(to, " _%u ", ++column);
	}
}

static enum status run_text(struct exchange *x, struct str text, const struct statement_input *input,
                            struct error *err)
{
	struct parse_options options = {.dialect = session_dialect(x->session), .values_as_data = true};
	struct statement *st;
	struct ast *ast;
	TRY(parse_statement(&x->conn->arena, text, &options, &ast, err));
	TRY(statement_prepare(x->session, ast, text, NULL, 0, NULL, &st, err));
	enum status s = statement_start(st, NULL, input, err), ended = statement_finish(st, s != OK, err);
	statement_free(st);
	return s != OK ? s : ended;
}

struct data {
	struct str rest;
};

static enum status read_data(void *arg, struct str *chunk, struct error *err)
{
	struct data *d = arg;
	(void)err;
	*chunk = d->rest;
	d->rest = STR("");
	return OK;
}

static enum status make_table(struct exchange *x, const struct http_pair *p, struct error *err)
{
	const struct str *structure = part_of(x, p->name, "_structure"), *types = part_of(x, p->name, "_types");
	const struct str *format = part_of(x, p->name, "_format");
	struct strbuf text;
	strbuf_init(&text, x->conn->config.track);
	strbuf_putz(&text, "CREATE TEMPORARY TABLE ");
	put_name(&text, p->name);
	strbuf_putz(&text, " (");
	put_columns(&text, structure, types);
	strbuf_putz(&text, ") ENGINE = Memory");
	enum status s = strbuf_status(&text, err);
	if (s == OK)
		s = run_text(x, arena_str(&x->conn->arena, strbuf_str(&text)), NULL, err);
	strbuf_clear(&text);
	strbuf_putz(&text, "INSERT INTO ");
	put_name(&text, p->name);
	strbuf_putz(&text, " FORMAT ");
	strbuf_puts(&text, format == NULL ? STR("TabSeparated") : *format);
	strbuf_putc(&text, '\n');
	struct data data = {p->value};
	struct statement_input input = {read_data, &data};
	if (s == OK && (s = strbuf_status(&text, err)) == OK)
		s = run_text(x, arena_str(&x->conn->arena, strbuf_str(&text)), &input, err);
	strbuf_fini(&text);
	return s;
}

enum status exchange_external(struct exchange *x, struct error *err)
{
	for (size_t i = x->form_from; i < x->param_count; i++) {
		struct str name = x->params[i].name;
		if (part_of(x, name, "_structure") != NULL || part_of(x, name, "_types") != NULL)
			TRY(make_table(x, &x->params[i], err));
	}
	return OK;
}

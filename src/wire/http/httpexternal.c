// SPDX-License-Identifier: Apache-2.0
/*
 * External data: a multipart field that no parameter is, with NAME_structure or NAME_types (and NAME_format) in the
 * address or the form, is a temporary table for the statement.
 */
#include <stdio.h>

#include "parse/print.h"
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
	ident_quote(&text, p->name, DIALECT_CLICKHOUSE);
	strbuf_putz(&text, " (");
	put_columns(&text, structure, types);
	strbuf_putz(&text, ") ENGINE = Memory");
	enum status s = strbuf_status(&text, err);
	if (s == OK)
		s = session_run(x->session, &x->conn->arena, arena_str(&x->conn->arena, strbuf_str(&text)), NULL, err);
	strbuf_clear(&text);
	strbuf_putz(&text, "INSERT INTO ");
	ident_quote(&text, p->name, DIALECT_CLICKHOUSE);
	strbuf_putz(&text, " FORMAT ");
	strbuf_puts(&text, format == NULL ? STR("TabSeparated") : *format);
	strbuf_putc(&text, '\n');
	struct data data = {p->value};
	struct statement_input input = {read_data, &data};
	if (s == OK && (s = strbuf_status(&text, err)) == OK)
		s = session_run(x->session, &x->conn->arena, arena_str(&x->conn->arena, strbuf_str(&text)), &input, err);
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

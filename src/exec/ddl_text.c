// SPDX-License-Identifier: Apache-2.0
/* The CREATE statement of a table in ClickHouse's canonical form: SHOW CREATE, system.tables, metadata files. */
#include "exec/ddl_impl.h"

static void quote(struct strbuf *b, struct str name)
{
	ident_quote(b, name, DIALECT_CLICKHOUSE);
}

static void literal(struct strbuf *b, struct str text)
{
	string_quote(b, text, DIALECT_CLICKHOUSE);
}

/* Expressions of a table that the postgresql dialect made are shown as they were written. */
static void sql(struct strbuf *b, const char *keyword, const struct stored_sql *s)
{
	if (s->text.size != 0)
		strbuf_printf(b, "%s%.*s", keyword, STR_ARG(s->text));
}

static void column(struct strbuf *b, const struct column_def *d, struct arena *scratch)
{
	static const char *const words[] = {[COLUMN_PLAIN] = "", [COLUMN_DEFAULT] = " DEFAULT ",
	                                    [COLUMN_MATERIALIZED] = " MATERIALIZED ",
	                                    [COLUMN_ALIAS] = " ALIAS ", [COLUMN_EPHEMERAL] = " EPHEMERAL "};
	strbuf_putc(b, '`');
	for (size_t i = 0; i < d->name.size; i++) {
		if (d->name.data[i] == '`' || d->name.data[i] == '\\')
			strbuf_putc(b, '\\');
		strbuf_putc(b, d->name.data[i]);
	}
	strbuf_putz(b, "` ");
	if (d->type != NULL)
		strbuf_puts(b, type_name(scratch, d->type));
	if (d->default_kind == COLUMN_EPHEMERAL && d->default_expr.text.size == 0)
		strbuf_putz(b, " EPHEMERAL");
	sql(b, words[d->default_kind], &d->default_expr);
	if (d->comment.size != 0) {
		strbuf_putz(b, " COMMENT ");
		literal(b, d->comment);
	}
	if (d->codec.size != 0)
		strbuf_printf(b, " CODEC(%.*s)", STR_ARG(d->codec));
	sql(b, " TTL ", &d->ttl);
}

/* Starts an element: ", " on one line, ",\n    " on several. */
static void element(struct strbuf *b, bool multiline, unsigned *n)
{
	if ((*n)++ != 0)
		strbuf_putc(b, ',');
	strbuf_putz(b, multiline ? "\n    " : *n == 1 ? "" : " ");
}

static void elements(struct strbuf *b, const struct table_def *d, bool multiline, struct arena *scratch)
{
	unsigned n = 0;
	if (d->column_count == 0)
		return;
	strbuf_putz(b, multiline ? "\n(" : " (");
	for (uint32_t i = 0; i < d->column_count; i++) {
		if (d->columns[i].hidden)
			continue;
		element(b, multiline, &n);
		column(b, &d->columns[i], scratch);
	}
	for (uint32_t i = 0; i < d->index_count; i++) {
		const struct index_def *x = &d->indexes[i];
		if (x->type.size == 0)
			continue;
		element(b, multiline, &n);
		strbuf_putz(b, "INDEX ");
		quote(b, x->name);
		bool list = x->pg_definition.size != 0 && str_find_char(x->expr.text, ',') >= 0;
		strbuf_printf(b, list ? " (%.*s)" : " %.*s", STR_ARG(x->expr.text));
		strbuf_printf(b, " TYPE %.*s GRANULARITY %u", STR_ARG(x->type), x->granularity);
	}
	for (uint32_t i = 0; i < d->constraint_count; i++) {
		const struct constraint_def *x = &d->constraints[i];
		if (x->kind != 'c' && x->kind != 'a')
			continue;
		element(b, multiline, &n);
		strbuf_putz(b, "CONSTRAINT ");
		quote(b, x->name);
		sql(b, x->kind == 'c' ? " CHECK " : " ASSUME ", &x->expr);
	}
	for (uint32_t i = 0; i < d->projection_count; i++) {
		element(b, multiline, &n);
		strbuf_putz(b, "PROJECTION ");
		quote(b, d->projections[i].name);
		strbuf_printf(b, " (%.*s)", STR_ARG(d->projections[i].query.text));
	}
	strbuf_putz(b, multiline ? "\n)" : ")");
}

/* Numbers stand bare, all else in quotes. */
static void setting_value(struct strbuf *b, struct str value)
{
	uint64_t u;
	int64_t i;
	if (str_to_u64(value, &u) || str_to_i64(value, &i)) {
		strbuf_puts(b, value);
		return;
	}
	bool number = value.size != 0;
	for (size_t k = 0; k < value.size; k++)
		number &= (value.data[k] >= '0' && value.data[k] <= '9') || value.data[k] == '.';
	if (number)
		strbuf_puts(b, value);
	else
		literal(b, value);
}

static void storage(struct strbuf *b, const struct table_def *d, bool multiline)
{
	const char *gap = multiline ? "\n" : " ";
	strbuf_printf(b, "%sENGINE = %.*s", gap, STR_ARG(d->engine));
	/* MergeTree without arguments, but ReplacingMergeTree(v); Memory bare */
	if (d->engine_args.size != 0)
		strbuf_printf(b, "(%.*s)", STR_ARG(d->engine_args));
	const struct {
		const char *words;
		const struct stored_sql *sql;
	} clauses[] = {{"PARTITION BY ", &d->partition_by}, {"PRIMARY KEY ", &d->primary_key}, {"ORDER BY ", &d->order_by},
	               {"SAMPLE BY ", &d->sample_by}, {"TTL ", &d->ttl}};
	for (size_t i = 0; i < ARRAY_COUNT(clauses); i++)
		if (clauses[i].sql->text.size != 0)
			strbuf_printf(b, "%s%s%.*s", gap, clauses[i].words, STR_ARG(clauses[i].sql->text));
	bool granularity = table_def_setting(d, "index_granularity") != NULL || !ddl_is_merge_tree(d->engine);
	if (d->setting_count == 0 && granularity)
		return;
	strbuf_printf(b, "%sSETTINGS ", gap);
	if (!granularity)
		strbuf_printf(b, "index_granularity = 8192%s", d->setting_count != 0 ? ", " : "");
	for (uint32_t i = 0; i < d->setting_count; i++) {
		strbuf_printf(b, "%s%.*s = ", i == 0 ? "" : ", ", STR_ARG(d->settings[i].name));
		setting_value(b, d->settings[i].value);
	}
}

static void full_name(struct strbuf *b, const struct table_def *d)
{
	quote(b, d->database);
	strbuf_putc(b, '.');
	if (d->schema.size == 0 || str_eq(d->schema, STR("public")) || d->kind == TABLE_SYSTEM) {
		quote(b, d->name);
		return;
	}
	quote(b, d->schema);
	strbuf_putc(b, '.');
	quote(b, d->name);
}

/* The stored query, broken into lines where it is asked for and can be parsed. */
static void query(struct strbuf *b, const struct stored_sql *s, bool multiline, struct arena *scratch)
{
	struct parse_options options = {.dialect = s->dialect};
	struct error ignored;
	struct ast *ast;
	error_init(&ignored);
	strbuf_putz(b, multiline ? "\nAS " : " AS ");
	if (!multiline || parse_statement(scratch, s->text, &options, &ast, &ignored) != OK) {
		strbuf_puts(b, s->text);
		return;
	}
	ast_print(b, ast, &(struct print_options){.dialect = s->dialect, .multiline = true});
}

enum status table_create_query(const struct table_def *def, bool multiline, struct strbuf *out, struct error *err)
{
	static const char *const words[] = {[TABLE_TABLE] = "TABLE", [TABLE_VIEW] = "VIEW",
	                                    [TABLE_MATERIALIZED_VIEW] = "MATERIALIZED VIEW",
	                                    [TABLE_DICTIONARY] = "DICTIONARY", [TABLE_SYSTEM] = "TABLE"};
	struct arena scratch;
	arena_init(&scratch, NULL);
	strbuf_printf(out, "CREATE %s%s ", def->temporary ? "TEMPORARY " : "", words[def->kind]);
	full_name(out, def);
	if (def->kind == TABLE_MATERIALIZED_VIEW && def->to_table.size != 0) {
		strbuf_putz(out, " TO ");
		quote(out, def->to_database);
		strbuf_putc(out, '.');
		quote(out, def->to_table);
	}
	elements(out, def, multiline, &scratch);
	if (def->kind == TABLE_TABLE || def->kind == TABLE_SYSTEM)
		storage(out, def, multiline);
	if (def->as_select.text.size != 0)
		query(out, &def->as_select, multiline, &scratch);
	if (def->comment.size != 0) {
		strbuf_putz(out, multiline ? "\nCOMMENT " : " COMMENT ");
		literal(out, def->comment);
	}
	arena_fini(&scratch);
	return strbuf_status(out, err);
}

enum status table_engine_full(const struct table_def *def, struct strbuf *out, struct error *err)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	if (def->kind == TABLE_TABLE || def->kind == TABLE_SYSTEM)
		storage(&b, def, false);
	if (b.size > 10)
		strbuf_put(out, b.data + 10, b.size - 10); /* behind " ENGINE = " */
	strbuf_fini(&b);
	return strbuf_status(out, err);
}

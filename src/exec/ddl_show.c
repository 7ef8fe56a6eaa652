// SPDX-License-Identifier: Apache-2.0
/*
 * SHOW, DESCRIBE and EXISTS as the SELECT that answers them: over system tables where many rows may come, over
 * constants where the catalog knows the answer already.
 */
#include "exec/ddl_impl.h"

static void answer(struct ddl_context *c, struct strbuf *b, struct ddl_result *out)
{
	out->query = arena_str(c->arena, strbuf_str(b));
}

static struct str text_literal(struct ddl_context *c, struct str s)
{
	return ddl_literal(c->arena, s, DIALECT_CLICKHOUSE);
}

/* [NOT] LIKE/ILIKE, WHERE and LIMIT of the statement over its column `name`; `where` opens the clause or goes on. */
static void add_filters(struct ddl_context *c, struct strbuf *b, const struct ast_show *x, const char *name,
                        bool has_where)
{
	struct str pattern;
	const char *joint = has_where ? " AND " : " WHERE ";
	if (x->has_like && ddl_is_string(x->like, &pattern)) {
		strbuf_printf(b, "%s%s %s%s %.*s", joint, name, x->not_like ? "NOT " : "", x->case_insensitive ? "ILIKE" : "LIKE",
		              STR_ARG(text_literal(c, pattern)));
		joint = " AND ";
	}
	if (x->where != NULL)
		strbuf_printf(b, "%s(%.*s)", joint, STR_ARG(ast_text(c->arena, x->where, DIALECT_CLICKHOUSE)));
	strbuf_printf(b, " ORDER BY %s", name);
	if (x->limit != NULL)
		strbuf_printf(b, " LIMIT %.*s", STR_ARG(ast_text(c->arena, x->limit, DIALECT_CLICKHOUSE)));
}

/* ---- PostgreSQL: SHOW name, SHOW ALL ---- */
static enum status show_all(struct ddl_context *c, struct ddl_result *out, struct error *err)
{
	struct strbuf b, value;
	unsigned rows = 0;
	enum status st = OK;
	strbuf_init(&b, NULL);
	strbuf_init(&value, NULL);
	strbuf_putz(&b, "SELECT * FROM values('name String, setting String, description String'");
	for (uint32_t i = 0; st == OK && i < SETTING_COUNT; i++) {
		const struct setting_info *info = setting_info((enum setting_id)i);
		if (info->pg_name == NULL)
			continue;
		strbuf_clear(&value);
		st = settings_get(c->settings, DIALECT_POSTGRESQL, str_of(info->pg_name), &value, err);
		strbuf_printf(&b, ", ('%s', %.*s, %.*s)", info->pg_name, STR_ARG(text_literal(c, strbuf_str(&value))),
		              STR_ARG(text_literal(c, str_of(info->description))));
		rows++;
	}
	strbuf_putz(&b, ") ORDER BY lower(name)");
	if (st == OK)
		answer(c, &b, out);
	strbuf_fini(&value);
	strbuf_fini(&b);
	out->tag = "SHOW";
	return st;
}

static enum status show_setting(struct ddl_context *c, const struct ast_show *x, struct ddl_result *out,
                                struct error *err)
{
	struct strbuf b, value;
	struct str name = STR("");
	if (x->name.count == 0 || name_is(&x->name, "all"))
		return show_all(c, out, err);
	strbuf_init(&b, NULL);
	strbuf_init(&value, NULL);
	for (unsigned i = 0; i < x->name.count; i++)
		strbuf_printf(&b, "%s%.*s", i == 0 ? "" : ".", STR_ARG(x->name.parts[i].text));
	name = arena_str(c->arena, strbuf_str(&b));
	strbuf_clear(&b);
	enum status st = settings_get(c->settings, DIALECT_POSTGRESQL, name, &value, err);
	const struct setting_info *info = setting_find(name, NULL);
	struct str title = info != NULL && info->pg_name != NULL ? str_of(info->pg_name) : name;
	strbuf_printf(&b, "SELECT %.*s AS %.*s", STR_ARG(text_literal(c, strbuf_str(&value))),
	              STR_ARG(ddl_quoted(c->arena, title, DIALECT_CLICKHOUSE)));
	if (st == OK)
		answer(c, &b, out);
	strbuf_fini(&value);
	strbuf_fini(&b);
	out->tag = "SHOW";
	return st;
}

static enum status show_setting_value(struct ddl_context *c, const struct ast_show *x, struct ddl_result *out,
                                      struct error *err)
{
	struct strbuf value;
	strbuf_init(&value, NULL);
	enum status st = settings_get(c->settings, DIALECT_CLICKHOUSE, name_last(&x->name), &value, err);
	if (st == OK)
		out->query = arena_strf(c->arena, "SELECT %.*s AS value", STR_ARG(text_literal(c, strbuf_str(&value))));
	strbuf_fini(&value);
	return st;
}

/* ---- SHOW CREATE ---- */
static enum status show_create_database(struct ddl_context *c, struct str name, struct ddl_result *out,
                                        struct error *err)
{
	if (!catalog_has_database(c->catalog, c->txn, name))
		return ERR(err, E_UNKNOWN_DATABASE, "Database %.*s does not exist", STR_ARG(name));
	struct str text = arena_strf(c->arena, "CREATE DATABASE %.*s\nENGINE = Atomic",
	                             STR_ARG(ddl_quoted(c->arena, name, DIALECT_CLICKHOUSE)));
	out->query = arena_strf(c->arena, "SELECT %.*s AS statement", STR_ARG(text_literal(c, text)));
	return OK;
}

static enum status show_create_user(struct ddl_context *c, const struct ast_show *x, struct ddl_result *out,
                                    struct error *err)
{
	struct str name = x->items.count != 0 ? name_last(&((struct ast_identifier *)x->items.items[0])->name)
	                  : x->name.count != 0 ? name_last(&x->name) : c->user;
	const struct role_def *r = catalog_find_role(c->catalog, c->txn, name);
	if (r == NULL)
		return ERR(err, E_UNKNOWN_USER, "There is no user `%.*s`", STR_ARG(name));
	struct str text = arena_strf(c->arena, "CREATE %s %.*s%s%.*s", r->login ? "USER" : "ROLE",
	                             STR_ARG(ddl_quoted(c->arena, r->name, DIALECT_CLICKHOUSE)),
	                             	r->login ? " IDENTIFIED WITH " : "",
	                             STR_ARG(r->login ? r->auth : STR("")));
	out->query = arena_strf(c->arena, "SELECT %.*s AS statement", STR_ARG(text_literal(c, text)));
	return OK;
}

static enum status show_create(struct ddl_context *c, const struct ast_show *x, struct ddl_result *out,
                               struct error *err)
{
	struct table *t;
	struct strbuf b;
	if (x->object == OBJECT_DATABASE)
		return show_create_database(c, name_last(&x->name), out, err);
	if (x->object == OBJECT_USER || x->object == OBJECT_ROLE)
		return show_create_user(c, x, out, err);
	TRY(ddl_find_table(c, &x->name, true, &t, err));
	if (t == NULL && !ddl_is_pg(c)
	    && (x->name.count == 1 || catalog_has_database(c->catalog, c->txn, x->name.parts[0].text)))
		return ERR(err, E_CANNOT_GET_CREATE_TABLE_QUERY, "Table `%.*s` doesn't exist", STR_ARG(name_last(&x->name)));
	TRY(ddl_find_table(c, &x->name, false, &t, err));
	strbuf_init(&b, NULL);
	enum status st = table_create_query(t->def, true, &b, err);
	if (st == OK)
		out->query = arena_strf(c->arena, "SELECT %.*s AS statement", STR_ARG(text_literal(c, strbuf_str(&b))));
	strbuf_fini(&b);
	return st;
}

/* ---- SHOW over system tables ---- */
static struct str database_of(struct ddl_context *c, const struct ast_show *x)
{
	return x->from.count != 0 ? name_last(&x->from) : c->session->database;
}

static enum status show_tables(struct ddl_context *c, const struct ast_show *x, struct strbuf *b, struct error *err)
{
	struct str database = database_of(c, x);
	if (!catalog_has_database(c->catalog, c->txn, database))
		return ERR(err, E_UNKNOWN_DATABASE, "Database %.*s does not exist", STR_ARG(database));
	strbuf_printf(b, "SELECT name%s FROM system.tables WHERE database = %.*s", x->full ? ", engine" : "",
	              STR_ARG(text_literal(c, database)));
	if (x->type == SHOW_VIEWS)
		strbuf_putz(b, " AND engine IN ('View', 'MaterializedView')");
	else if (!x->temporary)
		strbuf_putz(b, " AND NOT is_temporary");
	add_filters(c, b, x, "name", true);
	return OK;
}

static enum status table_place(struct ddl_context *c, const struct ast_show *x, struct table **t, struct error *err)
{
	struct name_part parts[2];
	struct name full = x->name;
	if (x->from.count != 0) {
		parts[0] = x->from.parts[x->from.count - 1];
		parts[1] = x->name.parts[x->name.count - 1];
		full = (struct name){parts, 2};
	}
	return ddl_find_table(c, &full, false, t, err);
}

static enum status show_columns(struct ddl_context *c, const struct ast_show *x, struct strbuf *b, struct error *err)
{
	struct table *t;
	TRY(table_place(c, x, &t, err));
	strbuf_printf(b,
	              "SELECT name AS field, type, if(startsWith(type, 'Nullable') OR startsWith(type, "
	              "'LowCardinality(Nullable'), "
	              "'YES', 'NO') AS `null`, trim(concat(if(is_in_primary_key, 'PRI', ''), if(is_in_sorting_key, ' SOR', "
	              "''))) AS key, "
	              "if(default_kind IN ('ALIAS', 'DEFAULT', 'MATERIALIZED'), toNullable(default_expression), NULL) AS "
	              "default, "
	              "'' AS extra%s FROM system.columns WHERE database = %.*s AND table = %.*s",
	              x->full ? ", CAST(NULL AS Nullable(String)) AS collation, comment, '' AS privileges" : "",
	              STR_ARG(text_literal(c, t->def->database)), STR_ARG(text_literal(c, t->def->name)));
	add_filters(c, b, x, "field", true);
	return OK;
}

static enum status show_indexes(struct ddl_context *c, const struct ast_show *x, struct strbuf *b, struct error *err)
{
	struct table *t;
	TRY(table_place(c, x, &t, err));
	strbuf_printf(b,
	              "SELECT table, toUInt8(1) AS non_unique, name AS key_name, toUInt8(1) AS seq_in_index, '' AS pk_col, "
	              "CAST(NULL AS Nullable(String)) AS collation, toUInt8(0) AS cardinality, CAST(NULL AS Nullable(String)) "
	              "AS sub_part, "
	              "CAST(NULL AS Nullable(String)) AS packed, CAST(NULL AS Nullable(String)) AS `null`, upper(type) AS "
	              "index_type, "
	              "'' AS comment, '' AS index_comment, 'YES' AS visible, expr AS expression "
	              "FROM system.data_skipping_indices WHERE database = %.*s AND table = %.*s",
	              STR_ARG(text_literal(c, t->def->database)), STR_ARG(text_literal(c, t->def->name)));
	add_filters(c, b, x, "key_name", true);
	return OK;
}

static enum status show_grants(struct ddl_context *c, const struct ast_show *x, struct ddl_result *out,
                               struct error *err)
{
	struct str name = x->items.count != 0 ? name_last(&((struct ast_identifier *)x->items.items[0])->name) : c->user;
	const struct role_def *r = catalog_find_role(c->catalog, c->txn, name);
	struct str quoted = ddl_quoted(c->arena, name, DIALECT_CLICKHOUSE), lines;
	if (r == NULL)
		return ERR(err, E_UNKNOWN_USER, "There is no user or role `%.*s`", STR_ARG(name));
	lines = r->grants;
	if (r->superuser)
		lines = arena_strf(c->arena, "GRANT ALL ON *.* TO %.*s WITH GRANT OPTION%s%.*s", STR_ARG(quoted),
		                   lines.size != 0 ? "\n" : "", STR_ARG(lines));
	struct str title = arena_strf(c->arena, "GRANTS FOR %.*s", STR_ARG(quoted));
	out->query = arena_strf(c->arena, "SELECT arrayJoin(splitByChar('\\n', %.*s)) AS %.*s",
	                        STR_ARG(text_literal(c, lines)), STR_ARG(ddl_quoted(c->arena, title, DIALECT_CLICKHOUSE)));
	return OK;
}

static enum status show_system(struct ddl_context *c, const struct ast_show *x, struct strbuf *b, struct error *err)
{
	switch (x->type) {
	case SHOW_TABLES:
	case SHOW_VIEWS:
		return show_tables(c, x, b, err);
	case SHOW_COLUMNS:
		return show_columns(c, x, b, err);
	case SHOW_INDEXES:
		return show_indexes(c, x, b, err);
	case SHOW_DATABASES:
		strbuf_printf(b, "SELECT name%s FROM system.databases", x->full ? ", engine" : "");
		add_filters(c, b, x, "name", false);
		return OK;
	case SHOW_DICTIONARIES:
		strbuf_putz(b, "SELECT '' AS name WHERE 0");
		return OK;
	case SHOW_CLUSTERS:
		strbuf_putz(b, "SELECT DISTINCT cluster FROM system.clusters");
		add_filters(c, b, x, "cluster", false);
		return OK;
	case SHOW_CLUSTER:
		strbuf_printf(b, "SELECT * FROM system.clusters WHERE cluster = %.*s", STR_ARG(text_literal(c, name_last(&x->name))));
		return OK;
	case SHOW_FUNCTIONS:
		strbuf_putz(b, "SELECT * FROM system.functions");
		add_filters(c, b, x, "name", false);
		return OK;
		return OK;
	case SHOW_SETTINGS:
		strbuf_printf(b, "SELECT name, type, value FROM system.settings%s", x->changed ? " WHERE changed" : "");
		add_filters(c, b, x, "name", x->changed);
		return OK;
	case SHOW_ENGINES:
		strbuf_putz(b, "SELECT * FROM system.table_engines");
		add_filters(c, b, x, "name", false);
		return OK;
	case SHOW_PROCESSLIST:
		strbuf_putz(b, "SELECT * FROM system.processes ORDER BY elapsed DESC");
		return OK;
	case SHOW_MERGES:
		strbuf_putz(b, "SELECT table, database, round(if(progress > 0, (elapsed / progress) * (1 - progress), 0), 2) AS "
		               "estimate_complete, round(elapsed, 2) AS elapsed, round(progress * 100, 2) AS progress, is_mutation, "
		               "total_size_bytes_compressed AS size_compressed, memory_usage FROM system.merges");
		return OK;
	case SHOW_USERS:
		strbuf_putz(b, "SELECT name FROM system.users ORDER BY name");
		return OK;
	case SHOW_ROLES:
		strbuf_putz(b, "SELECT name FROM system.roles ORDER BY name");
		return OK;
	case SHOW_CURRENT_ROLES:
		strbuf_putz(b, "SELECT '' AS role_name, toUInt8(0) AS with_admin_option, toUInt8(0) AS is_default WHERE 0");
		return OK;
	case SHOW_ENABLED_ROLES:
		strbuf_putz(b, "SELECT '' AS role_name, toUInt8(0) AS with_admin_option, toUInt8(0) AS is_current, toUInt8(0) AS "
		               "is_default "
		               "WHERE 0");
		return OK;
	case SHOW_FILESYSTEM_CACHES:
		strbuf_putz(b, "SELECT '' AS Caches WHERE 0");
		return OK;
	case SHOW_POLICIES:
	case SHOW_PROFILES:
	case SHOW_QUOTAS:
	case SHOW_QUOTA:
		strbuf_putz(b, "SELECT '' AS name WHERE 0");
		return OK;
	default:
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: this SHOW statement");
	}
}

static enum status show(struct ddl_context *c, const struct ast_show *x, struct ddl_result *out, struct error *err)
{
	struct strbuf b;
	switch (x->type) {
	case SHOW_SETTING:
		return show_setting(c, x, out, err);
	case SHOW_SETTING_VALUE:
		return show_setting_value(c, x, out, err);
	case SHOW_CREATE:
		return show_create(c, x, out, err);
	case SHOW_GRANTS:
		return show_grants(c, x, out, err);
	default:
		break;
	}
	strbuf_init(&b, NULL);
	enum status st = show_system(c, x, &b, err);
	if (st == OK)
		answer(c, &b, out);
	strbuf_fini(&b);
	return st;
}

/* ---- DESCRIBE ---- */
static void describe_row(struct ddl_context *c, struct strbuf *b, struct str name, const struct type *type,
                         const struct column_def *d)
{
	static const char *const kinds[] = {[COLUMN_PLAIN] = "", [COLUMN_DEFAULT] = "DEFAULT",
	                                    [COLUMN_MATERIALIZED] = "MATERIALIZED",
	                                    [COLUMN_ALIAS] = "ALIAS", [COLUMN_EPHEMERAL] = "EPHEMERAL"};
	struct str none = STR("");
	struct str codec = d == NULL ? none : d->codec;
	strbuf_printf(b, ", (%.*s, %.*s, '%s', %.*s, %.*s, %.*s, %.*s)", STR_ARG(text_literal(c, name)),
	              STR_ARG(text_literal(c, type_name(c->arena, type))), d == NULL ? "" : kinds[d->default_kind],
	              STR_ARG(text_literal(c, d == NULL ? none : d->default_expr.text)),
	              STR_ARG(text_literal(c, d == NULL ? none : d->comment)), STR_ARG(text_literal(c, codec)),
	              STR_ARG(text_literal(c, d == NULL ? none : d->ttl.text)));
}

static enum status describe_query(struct ddl_context *c, const struct ast *query, struct strbuf *b, struct error *err)
{
	struct bind_config config = ddl_bind_config(c, err);
	struct query_plan *plan;
	TRY(bind_query(&config, query, &plan));
	for (uint32_t i = 0; i < plan->visible_columns; i++)
		describe_row(c, b, plan->root->names[i], plan->root->types[i], NULL);
	return OK;
}

/* SELECT * FROM the thing, for what only the binder knows. */
static enum status describe_source(struct ddl_context *c, struct str source, struct strbuf *b, struct error *err)
{
	struct parse_options options = {.dialect = c->session->dialect};
	struct ast *ast;
	TRY(parse_statement(c->arena, arena_strf(c->arena, "SELECT * FROM %.*s", STR_ARG(source)), &options, &ast, err));
	return describe_query(c, ast, b, err);
}

static enum status describe(struct ddl_context *c, const struct ast_describe *x, struct ddl_result *out,
                            struct error *err)
{
	struct strbuf b;
	enum status st = OK;
	strbuf_init(&b, NULL);
	strbuf_putz(&b, "SELECT * FROM values('name String, type String, default_type String, default_expression String, "
	                "comment String, codec_expression String, ttl_expression String'");
	if (x->table->form == TABLE_SUBQUERY) {
		st = describe_query(c, x->table->query, &b, err);
	} else if (x->table->form == TABLE_NAME) {
		struct table *t;
		st = ddl_find_table(c, &x->table->name, false, &t, err);
		if (st == OK && t->def->column_count == 0)
			st = describe_source(c, ast_text(c->arena, &x->table->ast, c->session->dialect), &b, err);
		for (uint32_t i = 0; st == OK && i < t->def->column_count; i++)
			if (!t->def->columns[i].hidden)
				describe_row(c, &b, t->def->columns[i].name, t->def->columns[i].type, &t->def->columns[i]);
	} else {
		st = describe_source(c, ast_text(c->arena, &x->table->ast, c->session->dialect), &b, err);
	}
	strbuf_putc(&b, ')');
	if (st == OK)
		answer(c, &b, out);
	strbuf_fini(&b);
	return st;
}

/* ---- EXISTS ---- */
static enum status exists(struct ddl_context *c, const struct ast_exists *x, struct ddl_result *out, struct error *err)
{
	bool found;
	if (x->object == OBJECT_DATABASE) {
		found = catalog_has_database(c->catalog, c->txn, name_last(&x->name));
	} else {
		struct table *t;
		TRY(ddl_find_table(c, &x->name, true, &t, err));
		found = t != NULL;
		if (found && x->object == OBJECT_VIEW)
			found = t->def->kind == TABLE_VIEW || t->def->kind == TABLE_MATERIALIZED_VIEW;
		else if (found && x->object == OBJECT_DICTIONARY)
			found = t->def->kind == TABLE_DICTIONARY;
	}
	out->query = found ? STR("SELECT toUInt8(1) AS result") : STR("SELECT toUInt8(0) AS result");
	return OK;
}

enum status ddl_show(struct ddl_context *c, const struct ast *ast, struct ddl_result *out, struct error *err)
{
	*out = (struct ddl_result){.query = STR("")};
	switch (ast->kind) {
	case AST_SHOW:
		return show(c, (const struct ast_show *)ast, out, err);
	case AST_DESCRIBE:
		out->tag = "DESCRIBE";
		return describe(c, (const struct ast_describe *)ast, out, err);
	case AST_CHECK:
		out->tag = "CHECK";
		return ddl_check_table(c, (const struct ast_check *)ast, out, err);
	case AST_EXISTS:
		out->tag = "EXISTS";
		return exists(c, (const struct ast_exists *)ast, out, err);
	default:
		return OK;
	}
}

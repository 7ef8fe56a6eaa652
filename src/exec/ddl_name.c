// SPDX-License-Identifier: Apache-2.0
/* Names, notices and texts of definitions. */
#include <stdarg.h>
#include <stdio.h>
#include "exec/ddl_impl.h"

enum { PLACES_MAX = 16 };

enum status ddl_part(struct ddl_context *c, const struct name_part *p, struct str *out, struct error *err)
{
	*out = p->text;
	if (p->parameter) {
		const struct str *value = c->named == NULL ? NULL : strmap_get(c->named, p->text);
		if (value == NULL)
			return ERR(err, E_UNDEFINED_PARAMETER, "Substitution `%.*s` is not set", STR_ARG(p->text));
		*out = *value;
	}
	if (out->size == 0)
		return ERR(err, E_SYNTAX, "a name is empty");
	if (out->size > 1024)
		return ERR(err, E_BAD_ARGUMENTS, "a name is longer than 1024 bytes");
	return OK;
}

struct str ddl_temporary_schema(struct ddl_context *c)
{
	return arena_strf(c->arena, "pg_temp_%u", c->session->process_id);
}

/* One schema of "$user", public, "x y": its name without quotes. */
static struct str next_schema(struct str *path)
{
	ptrdiff_t comma = str_find_char(*path, ',');
	struct str one = str_trim(comma < 0 ? *path : str_make(path->data, (size_t)comma));
	*path = comma < 0 ? STR("") : str_make(path->data + comma + 1, path->size - (size_t)comma - 1);
	if (one.size >= 2 && one.data[0] == '"')
		one = str_make(one.data + 1, one.size - 2);
	return one;
}

static struct str creation_schema(struct ddl_context *c)
{
	struct str path = c->session->search_path;
	while (path.size != 0) {
		struct str one = next_schema(&path);
		if (one.size != 0 && !str_eq(one, STR("pg_catalog"))
		    && catalog_has_schema(c->catalog, c->txn, c->session->database, one))
			return one;
	}
	return STR("public");
}

enum status ddl_new_place(struct ddl_context *c, const struct name *n, bool temporary, struct ddl_place *out,
                          struct error *err)
{
	struct str first = STR("");
	*out = (struct ddl_place){.database = c->session->database, .schema = STR("public")};
	if (n->count == 0 || n->count > 3)
		return ERR(err, E_SYNTAX, "improper qualified name (too many dotted names)");
	TRY(ddl_part(c, &n->parts[n->count - 1], &out->name, err));
	if (n->count > 1)
		TRY(ddl_part(c, &n->parts[n->count - 2], &first, err));
	if (temporary || str_eq(first, STR("pg_temp"))) {
		out->schema = ddl_temporary_schema(c);
		return OK;
	}
	if (n->count == 1) {
		out->schema = ddl_is_pg(c) ? creation_schema(c) : STR("public");
		return OK;
	}
	if (n->count == 3) {
		out->schema = first;
		return ddl_part(c, &n->parts[0], &out->database, err);
	}
	bool database = catalog_has_database(c->catalog, c->txn, first);
	bool schema = catalog_has_schema(c->catalog, c->txn, out->database, first);
	if (schema && (ddl_is_pg(c) || !database)) {
		out->schema = first;
		return OK;
	}
	if (!database)
		return ddl_is_pg(c) ? ERR(err, E_UNKNOWN_SCHEMA, "schema \"%.*s\" does not exist", STR_ARG(first))
		                    : ERR(err, E_UNKNOWN_DATABASE, "Database %.*s does not exist", STR_ARG(first));
	out->database = first;
	return OK;
}

enum status ddl_places(struct ddl_context *c, const struct name *n, struct ddl_place *out, uint32_t max,
                       uint32_t *count, struct error *err)
{
	struct str name, first = STR(""), here = c->session->database;
	uint32_t k = 0;
	*count = 0;
	if (n->count == 0 || n->count > 3 || max < 4)
		return ERR(err, E_SYNTAX, "improper qualified name (too many dotted names)");
	TRY(ddl_part(c, &n->parts[n->count - 1], &name, err));
	if (n->count > 1)
		TRY(ddl_part(c, &n->parts[n->count - 2], &first, err));
	if (n->count == 3) {
		struct str database;
		TRY(ddl_part(c, &n->parts[0], &database, err));
		out[k++] = (struct ddl_place){database, first, name};
	} else if (n->count == 2) {
		if (str_eq(first, STR("pg_temp")))
			first = ddl_temporary_schema(c);
		bool schema = catalog_has_schema(c->catalog, c->txn, here, first);
		if (schema && ddl_is_pg(c))
			out[k++] = (struct ddl_place){here, first, name};
		out[k++] = (struct ddl_place){first, STR("public"), name};
		if (schema && !ddl_is_pg(c))
			out[k++] = (struct ddl_place){here, first, name};
	} else {
		out[k++] = (struct ddl_place){here, ddl_temporary_schema(c), name};
		struct str path = ddl_is_pg(c) ? c->session->search_path : STR("");
		while (path.size != 0 && k + 1 < max) {
			struct str one = next_schema(&path);
			if (one.size != 0 && one.data[0] != '$' && !str_eq(one, STR("public")))
				out[k++] = (struct ddl_place){here, one, name};
		}
		out[k++] = (struct ddl_place){here, STR("public"), name};
	}
	*count = k;
	return OK;
}

static void release(void *t)
{
	table_release(t);
}

enum status ddl_find_table(struct ddl_context *c, const struct name *n, bool if_exists, struct table **out,
                           struct error *err)
{
	struct ddl_place places[PLACES_MAX];
	uint32_t count;
	struct error why;
	*out = NULL;
	TRY(ddl_places(c, n, places, PLACES_MAX, &count, err));
	for (uint32_t i = 0; i < count; i++) {
		error_init(&why);
		if (catalog_find_table(c->catalog, c->txn, places[i].database, places[i].schema, places[i].name, out, &why) == OK) {
			arena_defer(c->arena, release, *out);
			return OK;
		}
	}
	if (if_exists)
		return OK;
	if (!ddl_is_pg(c))
		return ERR(err, why.status, "%s", why.message);
	return ERR(err, E_UNKNOWN_TABLE, "relation \"%.*s\" does not exist", STR_ARG(places[count - 1].name));
}

void ddl_say(struct ddl_context *c, const char *severity, enum status status, const char *fmt, ...)
{
	struct error notice;
	va_list ap;
	if (c->notice == NULL)
		return;
	error_init(&notice);
	notice.status = status;
	va_start(ap, fmt);
	vsnprintf(notice.message, sizeof notice.message, fmt, ap);
	va_end(ap);
	c->notice(c->notice_arg, severity, &notice);
}

struct bind_config ddl_bind_config(struct ddl_context *c, struct error *err)
{
	const struct settings *s = c->settings;
	return (struct bind_config){
		.arena = c->arena,
		.catalog = c->catalog,
		.txn = c->txn,
		.session = c->session,
		.named = c->named,
		.err = err,
		.options = {
			.join_use_nulls = settings_bool(s, SET_join_use_nulls),
			.group_by_use_nulls = settings_bool(s, SET_group_by_use_nulls),
			.transform_null_in = settings_bool(s, SET_transform_null_in),
			.totals_before_having = str_eq(settings_text(s, SET_totals_mode), STR("before_having")),
			.prefer_column_name_to_alias = settings_bool(s, SET_prefer_column_name_to_alias),
			.union_distinct_default = str_eq_nocase(settings_text(s, SET_union_default_mode), STR("DISTINCT")),
			.union_default_set = settings_text(s, SET_union_default_mode).size != 0,
		},
	};
}

struct stored_sql ddl_stored(struct ddl_context *c, struct arena *a, const struct ast *x)
{
	if (x == NULL)
		return (struct stored_sql){.text = STR("")};
	return (struct stored_sql){
		.text = ast_text(a, x, c->session->dialect),
		.dialect = c->session->dialect,
		.database = arena_str(a, c->session->database),
		.search_path = arena_str(a, c->session->search_path),
	};
}

struct str ddl_quoted(struct arena *a, struct str name, enum dialect dialect)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	ident_quote(&b, name, dialect);
	struct str s = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return s;
}

struct str ddl_literal(struct arena *a, struct str text, enum dialect dialect)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	string_quote(&b, text, dialect);
	struct str s = arena_str(a, strbuf_str(&b));
	strbuf_fini(&b);
	return s;
}

struct str ddl_pg_name(struct arena *a, struct str schema, struct str name)
{
	struct str quoted = ddl_quoted(a, name, DIALECT_POSTGRESQL);
	if (schema.size == 0 || str_eq(schema, STR("public")))
		return quoted;
	return arena_strf(a, "%.*s.%.*s", STR_ARG(ddl_quoted(a, schema, DIALECT_POSTGRESQL)), STR_ARG(quoted));
}

bool ddl_is_string(const struct ast *x, struct str *out)
{
	if (x == NULL || x->kind != AST_LITERAL || ((const struct ast_literal *)x)->type != LITERAL_STRING)
		return false;
	*out = ((const struct ast_literal *)x)->text;
	return true;
}

bool ddl_is_integer(const struct ast *x, int64_t *out)
{
	if (x == NULL || x->kind != AST_LITERAL)
		return false;
	const struct ast_literal *l = (const struct ast_literal *)x;
	if (l->type == LITERAL_INT)
		*out = l->i;
	else if (l->type == LITERAL_UINT && l->u <= INT64_MAX)
		*out = (int64_t)l->u;
	else
		return false;
	return true;
}

struct str ddl_value_text(struct arena *a, const struct ast *x)
{
	struct str text;
	if (x == NULL)
		return STR("");
	if (ddl_is_string(x, &text))
		return arena_str(a, text);
	if (x->kind == AST_LITERAL && ((const struct ast_literal *)x)->type == LITERAL_BOOL)
		return ((const struct ast_literal *)x)->boolean ? STR("1") : STR("0");
	if (x->kind == AST_IDENTIFIER)
		return arena_str(a, name_last(&((const struct ast_identifier *)x)->name));
	return ast_text(a, x, DIALECT_CLICKHOUSE);
}

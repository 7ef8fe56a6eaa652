// SPDX-License-Identifier: Apache-2.0
/* pg_catalog: PostgreSQL 15's relations with all their columns; filled where the catalog has something to say. */
#include "catalog/objects.h"
#include "catalog/settings.h"
#include "engine/system/rows.h"
#include "exec/processes.h"

#define PG_TABLE(relation) static const struct system_column columns_##relation[] = {
#define PG_COLUMN(name, type) {name, type},
#define PG_END(relation) };
#include "engine/system/pg_columns.def"
#undef PG_TABLE
#undef PG_COLUMN
#undef PG_END

enum { OWNER = 10, NAMESPACE_CATALOG = 11, NAMESPACE_PUBLIC = 2200, NAMESPACE_INFORMATION = 13010, CLASS_OID = 1259,
      HEAP_AM = 2 };

/* ---- databases, schemas, roles ---- */

static enum status put_database(void *arg, const struct database_def *d)
{
	struct system_rows *r = arg;
	rows_u64(r, d->oid);
	rows_text(r, d->name);
	rows_u64(r, OWNER);
	rows_u64(r, 6); /* UTF8 */
	rows_textz(r, "c");
	rows_bool(r, false);
	rows_bool(r, true);
	rows_i64(r, -1);
	rows_defaults(r, 2);
	rows_u64(r, 1663);
	rows_textz(r, "C.UTF-8");
	rows_textz(r, "C.UTF-8");
	rows_end(r);
	return r->status;
}

static void fill_database(struct system_rows *r)
{
	if (catalog_each_database(r->catalog, r->txn, put_database, r) != OK)
		rows_end(r);
}

static enum status put_schema(void *arg, const struct schema_def *d)
{
	struct system_rows *r = arg;
	if (!str_eq(d->database, r->session->database))
		return OK;
	rows_u64(r, d->oid);
	rows_text(r, d->name);
	rows_u64(r, OWNER);
	rows_end(r);
	return r->status;
}

static void fill_namespace(struct system_rows *r)
{
	if (catalog_each_schema(r->catalog, r->txn, put_schema, r) != OK)
		rows_end(r);
}

static enum status put_role(void *arg, const struct role_def *d)
{
	struct system_rows *r = arg;
	rows_text(r, d->name);
	rows_bool(r, d->superuser);
	rows_bool(r, d->inherit);
	rows_bool(r, d->create_role);
	rows_bool(r, d->create_db);
	rows_bool(r, d->login);
	rows_bool(r, d->replication);
	rows_i64(r, d->connection_limit);
	rows_textz(r, "********");
	rows_null(r);
	rows_bool(r, d->bypass_rls);
	rows_default(r);
	rows_u64(r, d->oid);
	rows_end(r);
	return r->status;
}

static void fill_roles(struct system_rows *r)
{
	if (catalog_each_role(r->catalog, r->txn, put_role, r) != OK)
		rows_end(r);
}

static enum status put_authid(void *arg, const struct role_def *d)
{
	struct system_rows *r = arg;
	rows_u64(r, d->oid);
	rows_text(r, d->name);
	rows_bool(r, d->superuser);
	rows_bool(r, d->inherit);
	rows_bool(r, d->create_role);
	rows_bool(r, d->create_db);
	rows_bool(r, d->login);
	rows_bool(r, d->replication);
	rows_bool(r, d->bypass_rls);
	rows_i64(r, d->connection_limit);
	rows_end(r);
	return r->status;
}

static void fill_authid(struct system_rows *r)
{
	if (catalog_each_role(r->catalog, r->txn, put_authid, r) != OK)
		rows_end(r);
}

static enum status put_user(void *arg, const struct role_def *d)
{
	struct system_rows *r = arg;
	if (!d->login)
		return OK;
	rows_text(r, d->name);
	rows_u64(r, d->oid);
	rows_bool(r, d->create_db);
	rows_bool(r, d->superuser);
	rows_bool(r, d->replication);
	rows_bool(r, d->bypass_rls);
	rows_textz(r, "********");
	rows_end(r);
	return r->status;
}

static void fill_user(struct system_rows *r)
{
	if (catalog_each_role(r->catalog, r->txn, put_user, r) != OK)
		rows_end(r);
}

/* ---- relations ---- */

struct schema_search {
	struct str database, schema;
	uint32_t oid;
};

static enum status match_schema(void *arg, const struct schema_def *d)
{
	struct schema_search *s = arg;
	if (str_eq(d->database, s->database) && str_eq(d->name, s->schema))
		s->oid = d->oid;
	return OK;
}

static uint32_t namespace_of(struct system_rows *r, const struct table_def *d)
{
	if (d->kind == TABLE_SYSTEM || d->database.size == 0)
		return str_eq(d->schema, STR("information_schema")) ? NAMESPACE_INFORMATION : NAMESPACE_CATALOG;
	if (d->schema.size == 0 || str_eq(d->schema, STR("public")))
		return NAMESPACE_PUBLIC;
	struct schema_search s = {r->session->database, d->schema, NAMESPACE_PUBLIC};
	return catalog_each_schema(r->catalog, r->txn, match_schema, &s) == OK ? s.oid : NAMESPACE_PUBLIC;
}

/* Whether a relation belongs to the session's database, or to all. */
static bool is_here(const struct system_rows *r, const struct table_def *d)
{
	if (d->database.size == 0)
		return true;
	return str_eq(d->database, r->session->database);
}

static const char *relkind(const struct table_def *d)
{
	return d->kind == TABLE_VIEW ? "v" : d->kind == TABLE_MATERIALIZED_VIEW ? "m" : "r";
}

static uint32_t visible_columns(const struct table_def *d)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < d->column_count; i++)
		n += !d->columns[i].hidden;
	return n;
}

static enum status put_class(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	const struct table_def *d = t->def;
	struct table_size size = {0};
	if (!is_here(r, d))
		return OK;
	if (d->kind == TABLE_TABLE && t->ops->size != NULL && t->ops->size(t, r->txn, &size, NULL) != OK)
		size = (struct table_size){0};
	rows_u64(r, d->oid);
	rows_text(r, d->name);
	rows_u64(r, namespace_of(r, d));
	rows_u64(r, 0);
	rows_u64(r, 0);
	rows_u64(r, OWNER);
	rows_u64(r, d->kind == TABLE_VIEW ? 0 : HEAP_AM);
	rows_u64(r, d->oid);
	rows_u64(r, 0);
	rows_u64(r, size.bytes_on_disk / 8192);
	rows_u64(r, size.rows);
	rows_defaults(r, 2);
	rows_bool(r, false);
	rows_bool(r, false);
	rows_textz(r, d->temporary ? "t" : "p");
	rows_textz(r, relkind(d));
	rows_u64(r, visible_columns(d));
	rows_u64(r, d->constraint_count);
	rows_bool(r, d->kind == TABLE_VIEW);
	rows_bool(r, false);
	rows_bool(r, false);
	rows_bool(r, false);
	rows_bool(r, false);
	rows_bool(r, true);
	rows_textz(r, "d");
	rows_end(r);
	return r->status;
}

static void fill_class(struct system_rows *r)
{
	if (catalog_each_table(r->catalog, r->txn, STR(""), put_class, r) != OK)
		rows_end(r);
}

static enum status put_attributes(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	const struct table_def *d = t->def;
	if (!is_here(r, d))
		return OK;
	for (uint32_t i = 0; i < d->column_count && r->status == OK; i++) {
		const struct column_def *c = &d->columns[i];
		if (c->hidden)
			continue;
		const struct face_info *face = face_info(type_face(c->type));
		bool text = face->category == 'S';
		rows_u64(r, d->oid);
		rows_text(r, c->name);
		rows_u64(r, type_oid(c->type));
		rows_i64(r, -1);
		rows_i64(r, face->length);
		rows_i64(r, c->attnum);
		rows_i64(r, c->type->id == TYPE_ARRAY);
		rows_i64(r, -1);
		rows_i64(r, type_typmod(c->type));
		rows_bool(r, face->length > 0 && face->length <= 8);
		rows_textz(r, face->length == 8 ? "d" : face->length == 2 ? "s" : face->length == 1 ? "c" : "i");
		rows_textz(r, face->length < 0 ? "x" : "p");
		rows_textz(r, "");
		rows_bool(r, !c->type->nullable);
		rows_bool(r, c->default_expr.text.size != 0 && c->default_kind != COLUMN_ALIAS);
		rows_bool(r, false);
		rows_textz(r, c->identity.size != 0 && c->default_expr.text.size == 0 ? "d" : "");
		rows_textz(r, c->default_kind == COLUMN_MATERIALIZED ? "s" : "");
		rows_bool(r, false);
		rows_bool(r, true);
		rows_i64(r, 0);
		rows_u64(r, text ? 100 : 0);
		rows_end(r);
	}
	return r->status;
}

static void fill_attribute(struct system_rows *r)
{
	if (catalog_each_table(r->catalog, r->txn, STR(""), put_attributes, r) != OK)
		rows_end(r);
}

static enum status put_defaults(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	const struct table_def *d = t->def;
	for (uint32_t i = 0; is_here(r, d) && i < d->column_count && r->status == OK; i++) {
		const struct column_def *c = &d->columns[i];
		if (c->default_expr.text.size == 0 || c->default_kind == COLUMN_ALIAS || c->hidden)
			continue;
		rows_u64(r, d->oid * 1000u + i);
		rows_u64(r, d->oid);
		rows_i64(r, c->attnum);
		rows_text(r, c->default_expr.text);
		rows_end(r);
	}
	return r->status;
}

static void fill_attrdef(struct system_rows *r)
{
	if (catalog_each_table(r->catalog, r->txn, STR(""), put_defaults, r) != OK)
		rows_end(r);
}

static enum status put_descriptions(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	const struct table_def *d = t->def;
	for (uint32_t i = 0; is_here(r, d) && i <= d->column_count && r->status == OK; i++) {
		struct str text = i == 0 ? d->comment : d->columns[i - 1].comment;
		if (text.size == 0)
			continue;
		rows_u64(r, d->oid);
		rows_u64(r, CLASS_OID);
		rows_i64(r, i == 0 ? 0 : d->columns[i - 1].attnum);
		rows_text(r, text);
		rows_end(r);
	}
	return r->status;
}

static void fill_description(struct system_rows *r)
{
	if (catalog_each_table(r->catalog, r->txn, STR(""), put_descriptions, r) != OK)
		rows_end(r);
}

static enum status put_pg_table(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	const struct table_def *d = t->def;
	if (!is_here(r, d) || d->kind == TABLE_VIEW)
		return OK;
	rows_text(r, d->schema.size != 0 ? d->schema : STR("public"));
	rows_text(r, d->name);
	rows_textz(r, "default");
	rows_null(r);
	rows_end(r);
	return r->status;
}

static void fill_tables(struct system_rows *r)
{
	if (catalog_each_table(r->catalog, r->txn, STR(""), put_pg_table, r) != OK)
		rows_end(r);
}

static enum status put_pg_view(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	const struct table_def *d = t->def;
	if (!is_here(r, d) || d->kind != TABLE_VIEW)
		return OK;
	rows_text(r, d->schema.size != 0 ? d->schema : STR("public"));
	rows_text(r, d->name);
	rows_textz(r, "default");
	rows_text(r, d->as_select.text);
	rows_end(r);
	return r->status;
}

static void fill_views(struct system_rows *r)
{
	if (catalog_each_table(r->catalog, r->txn, STR(""), put_pg_view, r) != OK)
		rows_end(r);
}

/* ---- types ---- */

static void put_type(struct system_rows *r, uint32_t oid, struct str name, int16_t length, char category,
                     uint32_t element, uint32_t array, bool pseudo)
{
	char text[2] = {category, '\0'};
	rows_u64(r, oid);
	rows_text(r, name);
	rows_u64(r, NAMESPACE_CATALOG);
	rows_u64(r, OWNER);
	rows_i64(r, length);
	rows_bool(r, length > 0 && length <= 8);
	rows_textz(r, pseudo ? "p" : "b");
	rows_textz(r, text);
	rows_bool(r, false);
	rows_bool(r, true);
	rows_textz(r, ",");
	rows_u64(r, 0);
	rows_u64(r, 0);
	rows_u64(r, element);
	rows_u64(r, array);
	rows_defaults(r, 7);
	rows_textz(r, "i");
	rows_textz(r, length < 0 ? "x" : "p");
	rows_bool(r, false);
	rows_u64(r, 0);
	rows_i64(r, -1);
	rows_i64(r, 0);
	rows_u64(r, category == 'S' ? 100 : 0);
	rows_end(r);
}

static void fill_type(struct system_rows *r)
{
	for (unsigned f = 1; f < FACE_COUNT; f++) {
		const struct face_info *i = face_info((enum face)f);
		put_type(r, i->oid, str_of(i->name), i->length, i->category, 0, i->array_oid, i->category == 'P');
		if (i->array_oid != 0)
			put_type(r, i->array_oid, arena_strf(r->arena, "_%s", i->name), -1, 'A', i->oid, 0, false);
	}
}

/* ---- functions ---- */

static void put_proc(struct system_rows *r, uint32_t oid, const char *name, const char *kind, bool set,
                     const char *volatility)
{
	rows_u64(r, oid);
	rows_textz(r, name);
	rows_u64(r, NAMESPACE_CATALOG);
	rows_u64(r, OWNER);
	rows_u64(r, 12);
	rows_u64(r, 1);
	rows_u64(r, 0);
	rows_u64(r, 0);
	rows_default(r);
	rows_textz(r, kind);
	rows_bool(r, false);
	rows_bool(r, false);
	rows_bool(r, true);
	rows_bool(r, set);
	rows_textz(r, volatility);
	rows_textz(r, "s");
	rows_i64(r, 0);
	rows_i64(r, 0);
	rows_u64(r, 2277);
	rows_end(r);
}

static void fill_proc(struct system_rows *r)
{
	static const char *const volatilities[] = {"i", "s", "v"};
	for (uint32_t i = 0; i < function_count(); i++) {
		const struct function *f = function_at(i);
		if (!(f->flags & FUNCTION_HIDDEN))
			put_proc(r, 20000 + i, f->name, "f", (f->flags & FUNCTION_SET_RETURNING) != 0, volatilities[f->volatility % 3]);
	}
	for (uint32_t i = 0; i < aggregate_count(); i++)
		put_proc(r, 30000 + i, aggregate_at(i)->name, "a", false, "i");
}

/* ---- small ones ---- */

static void fill_am(struct system_rows *r)
{
	rows_u64(r, HEAP_AM);
	rows_textz(r, "mergetree");
	rows_default(r);
	rows_textz(r, "t");
	rows_end(r);
	rows_u64(r, 403);
	rows_textz(r, "btree");
	rows_default(r);
	rows_textz(r, "i");
	rows_end(r);
}

static void fill_tablespace(struct system_rows *r)
{
	rows_u64(r, 1663);
	rows_textz(r, "pg_default");
	rows_u64(r, OWNER);
	rows_end(r);
}

static void fill_collation(struct system_rows *r)
{
	static const struct {
		uint32_t oid;
		const char *name;
	} collations[] = {{100, "default"}, {950, "C"}, {951, "POSIX"}};
	for (size_t i = 0; i < ARRAY_COUNT(collations); i++) {
		rows_u64(r, collations[i].oid);
		rows_textz(r, collations[i].name);
		rows_u64(r, NAMESPACE_CATALOG);
		rows_u64(r, OWNER);
		rows_textz(r, i == 0 ? "d" : "c");
		rows_bool(r, true);
		rows_i64(r, -1);
		rows_end(r);
	}
}

static void fill_language(struct system_rows *r)
{
	rows_u64(r, 12);
	rows_textz(r, "internal");
	rows_u64(r, OWNER);
	rows_end(r);
	rows_u64(r, 14);
	rows_textz(r, "sql");
	rows_u64(r, OWNER);
	rows_end(r);
}

static void fill_settings(struct system_rows *r)
{
	for (unsigned id = 0; id < SETTING_COUNT; id++) {
		const struct setting_info *i = setting_info((enum setting_id)id);
		struct str name = str_of(i->pg_name != NULL ? i->pg_name : i->name), value = STR("");
		if (r->session->services != NULL &&
		    r->session->services->setting(r->session->services_arg, name, r->arena, &value, NULL) != OK)
			value = str_of(i->default_value);
		rows_text(r, name);
		rows_text(r, value);
		rows_null(r);
		rows_textz(r, "Settings");
		rows_textz(r, i->description);
		rows_null(r);
		rows_textz(r, i->flags & SETTING_READ_ONLY ? "internal" : "user");
		rows_textz(r, i->kind == SETTING_BOOL ? "bool" : i->kind == SETTING_TEXT ||
		           i->kind == SETTING_MAP ? "string" : "integer");
		rows_textz(r, "default");
		rows_defaults(r, 3);
		rows_textz(r, i->default_value);
		rows_textz(r, i->default_value);
		rows_end(r);
	}
}

static void put_activity(void *arg, const struct process *p)
{
	struct system_rows *r = arg;
	rows_null(r);
	rows_textz(r, p->database);
	rows_u64(r, p->session_id);
	rows_null(r);
	rows_u64(r, OWNER);
	rows_textz(r, p->user);
	rows_textz(r, p->application);
	rows_textz(r, p->client_address);
	rows_null(r);
	rows_null(r);
	rows_i64(r, p->backend_start_us);
	rows_i64(r, p->transaction_start_us);
	rows_i64(r, p->query_start_us);
	rows_i64(r, p->state_change_us);
	rows_null(r);
	rows_null(r);
	rows_textz(r, p->active ? "active" : p->transaction_status == 'T' ? "idle in transaction" : "idle");
	rows_defaults(r, 3);
	rows_textz(r, p->query);
	rows_textz(r, "client backend");
	rows_end(r);
}

static void fill_activity(struct system_rows *r)
{
	processes_each(r->instance, put_activity, r);
}

/* ---- the list ---- */

static const struct {
	const char *relation;
	void (*fill)(struct system_rows *r);
} fills[] = {
	{"pg_am", fill_am}, {"pg_attrdef", fill_attrdef}, {"pg_attribute", fill_attribute}, {"pg_authid", fill_authid},
	{"pg_class", fill_class}, {"pg_collation", fill_collation}, {"pg_database", fill_database},
	{"pg_description", fill_description},
	{"pg_language", fill_language}, {"pg_namespace", fill_namespace}, {"pg_proc", fill_proc}, {"pg_roles", fill_roles},
	{"pg_settings", fill_settings}, {"pg_stat_activity", fill_activity}, {"pg_tables", fill_tables},
	{"pg_tablespace", fill_tablespace},
	{"pg_type", fill_type}, {"pg_user", fill_user}, {"pg_views", fill_views},
};

static struct system_def defs[] = {
#define PG_TABLE(relation) {#relation, columns_##relation, ARRAY_COUNT(columns_##relation), NULL},
#define PG_COLUMN(name, type)
#define PG_END(relation)
#include "engine/system/pg_columns.def"
#undef PG_TABLE
#undef PG_COLUMN
#undef PG_END
};

enum status pg_tables_register(struct catalog *c, struct error *err)
{
	for (size_t i = 0; i < ARRAY_COUNT(defs); i++)
		for (size_t k = 0; k < ARRAY_COUNT(fills); k++)
			if (strcmp(defs[i].name, fills[k].relation) == 0)
				defs[i].fill = fills[k].fill;
	return system_register(c, "pg_catalog", defs, ARRAY_COUNT(defs), err);
}

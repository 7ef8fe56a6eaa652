// SPDX-License-Identifier: Apache-2.0
/* pg_catalog: PostgreSQL 15's relations with all their columns; filled where the catalog has something to say. */
#include "catalog/objects.h"
#include "catalog/settings.h"
#include "column/pg_inputs.h"
#include "engine/system/pg_impl.h"
#include "exec/processes.h"

#define PG_TABLE(relation) static const struct system_column columns_##relation[] = {
#define PG_COLUMN(name, type) {name, type},
#define PG_END(relation) };
#include "engine/system/pg_columns.def"
#undef PG_TABLE
#undef PG_COLUMN
#undef PG_END

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

uint32_t pg_schema_oid(struct system_rows *r, struct str schema)
{
	if (schema.size == 0 || str_eq(schema, STR("public")))
		return NAMESPACE_PUBLIC;
	struct schema_search s = {r->session->database, schema, NAMESPACE_PUBLIC};
	return catalog_each_schema(r->catalog, r->txn, match_schema, &s) == OK ? s.oid : NAMESPACE_PUBLIC;
}

static uint32_t namespace_of(struct system_rows *r, const struct table_def *d)
{
	if (d->kind == TABLE_SYSTEM || d->database.size == 0)
		return str_eq(d->schema, STR("information_schema")) ? NAMESPACE_INFORMATION : NAMESPACE_CATALOG;
	return pg_schema_oid(r, d->schema);
}

bool pg_is_here(const struct system_rows *r, const struct table_def *d)
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

static uint32_t check_count(const struct table_def *d)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < d->constraint_count; i++)
		n += d->constraints[i].kind == 'c';
	return n;
}

static enum status put_class(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	const struct table_def *d = t->def;
	struct table_size size = {0};
	if (!pg_is_here(r, d) || pg_is_inner(d))
		return OK;
	if (d->kind == TABLE_TABLE && t->ops->size != NULL && t->ops->size(t, r->txn, &size, NULL) != OK)
		size = (struct table_size){0};
	rows_u64(r, d->oid);
	rows_text(r, d->name);
	rows_u64(r, namespace_of(r, d));
	rows_u64(r, pg_row_type(d->oid));
	rows_u64(r, 0);
	rows_u64(r, OWNER);
	rows_u64(r, 0);
	rows_u64(r, d->oid);
	rows_u64(r, 0);
	rows_u64(r, size.bytes_on_disk / 8192);
	rows_u64(r, size.rows);
	rows_defaults(r, 2);
	rows_bool(r, pg_has_index(d));
	rows_bool(r, false);
	rows_textz(r, d->temporary ? "t" : "p");
	rows_textz(r, relkind(d));
	rows_u64(r, visible_columns(d));
	rows_u64(r, check_count(d));
	rows_bool(r, d->kind == TABLE_VIEW);
	rows_bool(r, pg_has_keys(d)); /* relhastriggers: where clients look for foreign keys */
	rows_bool(r, false);
	rows_bool(r, false);
	rows_bool(r, false);
	rows_bool(r, true);
	rows_textz(r, "d");
	rows_end(r);
	pg_put_index_classes(r, d);
	return r->status;
}

static void fill_class(struct system_rows *r)
{
	if (catalog_each_table(r->catalog, r->txn, STR(""), put_class, r) != OK)
		rows_end(r);
	pg_put_sequence_classes(r);
}

static enum status put_attributes(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	const struct table_def *d = t->def;
	if (!pg_is_here(r, d) || pg_is_inner(d))
		return OK;
	for (uint32_t i = 0; i < d->column_count && r->status == OK; i++) {
		const struct column_def *c = &d->columns[i];
		const struct constraint_def *domain = table_def_note(d, c, 'd'), *identity = table_def_note(d, c, 'i');
		if (c->hidden)
			continue;
		const struct face_info *face = face_info(type_face(c->type));
		bool text = face->category == 'S';
		rows_u64(r, d->oid);
		rows_text(r, c->name);
		rows_u64(r, domain != NULL ? domain->oid : type_oid(c->type));
		rows_i64(r, -1);
		rows_i64(r, face->length);
		rows_i64(r, c->attnum);
		rows_i64(r, c->type->id == TYPE_ARRAY);
		rows_i64(r, -1);
		rows_i64(r, domain != NULL ? -1 : type_typmod(c->type));
		rows_bool(r, face->length > 0 && face->length <= 8);
		rows_textz(r, face->length == 8 ? "d" : face->length == 2 ? "s" : face->length == 1 ? "c" : "i");
		rows_textz(r, face->length < 0 ? "x" : "p");
		rows_textz(r, "");
		rows_bool(r, d->kind != TABLE_VIEW && !c->type->nullable && table_def_null_column(d, c) == NULL);
		rows_bool(r, c->default_expr.text.size != 0 && c->default_kind != COLUMN_ALIAS && identity == NULL);
		rows_bool(r, false);
		rows_textz(r, identity == NULL ? "" : table_def_always_identity(d, c) ? "a" : "d");
		rows_textz(r, c->default_kind == COLUMN_MATERIALIZED ? "s" : "");
		rows_bool(r, false);
		rows_bool(r, true);
		rows_i64(r, 0);
		rows_u64(r, text ? 100 : 0);
		rows_end(r);
	}
	pg_put_index_attributes(r, d);
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
	for (uint32_t i = 0; pg_is_here(r, d) && i < d->column_count && r->status == OK; i++) {
		const struct column_def *c = &d->columns[i];
		if (c->default_expr.text.size == 0 || c->default_kind == COLUMN_ALIAS || c->hidden ||
		    table_def_note(d, c, 'i') != NULL)
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
	for (uint32_t i = 0; pg_is_here(r, d) && i <= d->column_count && r->status == OK; i++) {
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

static void put_description(struct system_rows *r, uint32_t oid, uint32_t class, struct str text)
{
	if (text.size == 0)
		return;
	rows_u64(r, oid);
	rows_u64(r, class);
	rows_i64(r, 0);
	rows_text(r, text);
	rows_end(r);
}

static enum status put_schema_description(void *arg, const struct schema_def *d)
{
	struct system_rows *r = arg;
	bool own = str_eq(d->database, r->session->database);
	if (own)
		put_description(r, d->oid, NAMESPACE_OID,
		                d->oid == NAMESPACE_PUBLIC ? STR("standard public schema") : d->comment);
	return r->status;
}

static enum status put_type_description(void *arg, const struct type_object *d)
{
	struct system_rows *r = arg;
	if (str_eq(d->database, r->session->database))
		put_description(r, d->oid, TYPE_OID, d->comment);
	return r->status;
}

static void fill_description(struct system_rows *r)
{
	if (catalog_each_schema(r->catalog, r->txn, put_schema_description, r) != OK)
		rows_end(r);
	if (catalog_each_type(r->catalog, r->txn, put_type_description, r) != OK)
		rows_end(r);
	if (catalog_each_table(r->catalog, r->txn, STR(""), put_descriptions, r) != OK)
		rows_end(r);
}

static enum status put_pg_table(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	const struct table_def *d = t->def;
	if (!pg_is_here(r, d) || d->kind == TABLE_VIEW || d->kind == TABLE_MATERIALIZED_VIEW || pg_is_inner(d))
		return OK;
	rows_text(r, d->schema.size != 0 ? d->schema : STR("public"));
	rows_text(r, d->name);
	rows_textz(r, "default");
	rows_null(r);
	rows_bool(r, pg_has_index(d));
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
	if (!pg_is_here(r, d) || d->kind != TABLE_VIEW)
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

static uint32_t input_of(const struct pg_type_row *t)
{
	if (t->kind == 'e' || t->kind == 'c' || t->kind == 'd')
		return t->kind == 'e' ? PG_ENUM_IN : t->kind == 'c' ? PG_RECORD_IN : PG_DOMAIN_IN;
	uint32_t own = pg_input_of(t->oid);
	return own != 0 ? own : t->category == 'A' ? PG_ARRAY_IN : 0;
}

void pg_put_type(struct system_rows *r, const struct pg_type_row *t)
{
	char category[2] = {t->category, '\0'}, kind[2] = {t->kind, '\0'};
	rows_u64(r, t->oid);
	rows_text(r, t->name);
	rows_u64(r, t->schema);
	rows_u64(r, OWNER);
	rows_i64(r, t->length);
	rows_bool(r, t->length > 0 && t->length <= 8);
	rows_textz(r, kind);
	rows_textz(r, category);
	rows_bool(r, t->oid == face_info(FACE_TEXT)->oid || t->oid == face_info(FACE_FLOAT8)->oid ||
	          t->oid == face_info(FACE_BOOL)->oid || t->oid == face_info(FACE_TIMESTAMPTZ)->oid ||
	          t->oid == face_info(FACE_INET)->oid || t->oid == face_info(FACE_INTERVAL)->oid ||
	          t->oid == face_info(FACE_OID)->oid);
	rows_bool(r, true);
	rows_textz(r, ",");
	rows_u64(r, t->relation);
	rows_u64(r, 0);
	rows_u64(r, t->element);
	rows_u64(r, t->array);
	rows_u64(r, input_of(t));
	rows_defaults(r, 6);
	rows_textz(r, "i");
	rows_textz(r, t->length < 0 ? "x" : "p");
	rows_bool(r, t->not_null);
	rows_u64(r, t->base);
	rows_i64(r, t->base == 0 ? -1 : t->typmod);
	rows_i64(r, 0);
	rows_u64(r, t->category == 'S' ? 100 : 0);
	rows_end(r);
}

static enum status put_row_type(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	const struct table_def *d = t->def;
	struct pg_type_row row = {.oid = pg_row_type(d->oid), .schema = namespace_of(r, d), .relation = d->oid,
		.name = d->name, .length = -1, .category = 'C', .kind = 'c'};
	if (pg_is_here(r, d))
		pg_put_type(r, &row);
	return r->status;
}

static void fill_type(struct system_rows *r)
{
	for (unsigned f = 1; f < FACE_COUNT; f++) {
		const struct face_info *i = face_info((enum face)f);
		bool vector = i->oid == face_info(FACE_INT2VECTOR)->oid || i->oid == face_info(FACE_OIDVECTOR)->oid;
		uint32_t element = !vector ? 0 : f == FACE_INT2VECTOR ? face_info(FACE_INT2)->oid : face_info(FACE_OID)->oid;
		struct pg_type_row t = {.oid = i->oid, .schema = NAMESPACE_CATALOG, .element = element, .array = i->array_oid,
			.name = str_of(i->name), .length = i->length, .category = i->category,
			.kind = i->category == 'P' || f == FACE_UNKNOWN ? 'p' : 'b'};
		pg_put_type(r, &t);
		if (i->array_oid == 0)
			continue;
		t = (struct pg_type_row){.oid = i->array_oid, .schema = NAMESPACE_CATALOG, .element = i->oid,
			.name = arena_strf(r->arena, "_%s", i->name), .length = -1, .category = 'A', .kind = 'b'};
		pg_put_type(r, &t);
	}
	pg_put_named_types(r);
	if (catalog_each_table(r->catalog, r->txn, STR(""), put_row_type, r) != OK)
		rows_end(r);
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
	for (const struct pg_input *i = pg_inputs; i->name != NULL; i++)
		put_proc(r, i->oid, i->name, "f", false, "i");
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
	rows_u64(r, BTREE_AM);
	rows_textz(r, "btree");
	rows_default(r);
	rows_textz(r, "i");
	rows_end(r);
	rows_u64(r, SKIP_AM);
	rows_textz(r, "skip");
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
	{"pg_constraint", pg_fill_constraint}, {"pg_depend", pg_fill_depend}, {"pg_rewrite", pg_fill_rewrite},
	{"pg_description", fill_description},
	{"pg_enum", pg_fill_enum}, {"pg_extension", pg_fill_extension}, {"pg_index", pg_fill_index},
	{"pg_indexes", pg_fill_indexes}, {"pg_matviews", pg_fill_matviews}, {"pg_sequence", pg_fill_sequence},
	{"pg_sequences", pg_fill_sequences}, {"pg_stat_all_tables", pg_fill_user_tables},
	{"pg_stat_user_tables", pg_fill_user_tables},
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

static const struct {
	enum dialect dialect;
	const char *name, *query;
} views[] = {
#define INFO_VIEW(dialect, name, query) {DIALECT_##dialect, name, query},
#include "engine/system/information_schema.def"
#undef INFO_VIEW
};

/* The OIDs that PostgreSQL's own catalogs have: 'pg_class'::regclass is compared with classoid columns. */
static const struct {
	const char *relation;
	uint32_t oid;
} oids[] = {
	{"pg_am", 2601}, {"pg_attrdef", ATTRDEF_OID}, {"pg_attribute", 1249}, {"pg_auth_members", 1261}, {"pg_authid", 1260},
	{"pg_cast", 2605}, {"pg_class", CLASS_OID}, {"pg_collation", 3456}, {"pg_constraint", CONSTRAINT_OID},
	{"pg_conversion", 2607}, {"pg_database", 1262}, {"pg_depend", 2608}, {"pg_description", 2609}, {"pg_enum", 3501},
	{"pg_event_trigger", 3466}, {"pg_extension", 3079}, {"pg_foreign_data_wrapper", 2328}, {"pg_foreign_server", 1417},
	{"pg_foreign_table", 3118}, {"pg_index", 2610}, {"pg_language", 2612}, {"pg_namespace", 2615}, {"pg_opclass", 2616},
	{"pg_operator", 2617}, {"pg_opfamily", 2753}, {"pg_policy", 3256}, {"pg_proc", 1255}, {"pg_publication", 6104},
	{"pg_rewrite", 2618}, {"pg_sequence", 2224}, {"pg_shdescription", 2396}, {"pg_subscription", 6100},
	{"pg_tablespace", 1213}, {"pg_trigger", 2620}, {"pg_ts_config", 3602}, {"pg_ts_dict", 3600}, {"pg_ts_parser", 3601},
	{"pg_ts_template", 3764}, {"pg_type", 1247},
};

uint32_t pg_relation_oid(const char *relation)
{
	for (size_t i = 0; i < ARRAY_COUNT(oids); i++)
		if (strcmp(oids[i].relation, relation) == 0)
			return oids[i].oid;
	return 0;
}

enum status pg_tables_register(struct catalog *c, struct error *err)
{
	for (size_t i = 0; i < ARRAY_COUNT(defs); i++)
		for (size_t k = 0; k < ARRAY_COUNT(fills); k++)
			if (strcmp(defs[i].name, fills[k].relation) == 0)
				defs[i].fill = fills[k].fill;
	TRY(system_register(c, "pg_catalog", defs, ARRAY_COUNT(defs), err));
	for (size_t i = 0; i < ARRAY_COUNT(views); i++) {
		bool pg = views[i].dialect == DIALECT_POSTGRESQL;
		TRY(catalog_register_system_view(c, pg ? STR("") : STR("INFORMATION_SCHEMA"),
		                                 pg ? STR("information_schema") : STR(""), str_of(views[i].name),
		                                 str_of(views[i].query), views[i].dialect, err));
	}
	return OK;
}

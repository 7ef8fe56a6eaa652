// SPDX-License-Identifier: Apache-2.0
/* system.*: what the server has and does, under ClickHouse's names. */
#include <stdio.h>
#include <sys/statvfs.h>

#include "io/temp_file.h"
#include "base/clock.h"
#include "catalog/config.h"
#include "catalog/objects.h"
#include "catalog/settings.h"
#include "engine/mergetree_impl.h"
#include "engine/system/rows.h"
#include "exec/ddl.h"
#include "exec/processes.h"
#include "format/format.h"

static struct str uuid_text(struct system_rows *r, const uint8_t *u)
{
	return arena_strf(r->arena, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", u[0], u[1], u[2],
	                  u[3], u[4], u[5], u[6], u[7], u[8], u[9], u[10], u[11], u[12], u[13], u[14], u[15]);
}

static struct str database_of(const struct table_def *d)
{
	return d->database.size != 0 ? d->database : d->schema;
}

/* ---- one, databases ---- */

static const struct system_column one_columns[] = {{"dummy", "UInt8"}};

static void fill_one(struct system_rows *r)
{
	rows_u64(r, 0);
	rows_end(r);
}

static const struct system_column databases_columns[] = {{"name", "String"}, {"engine", "String"},
	{"data_path", "String"},
	{"metadata_path", "String"}, {"uuid", "UUID"}, {"engine_full", "String"}, {"comment", "String"}};

static enum status put_database(void *arg, const struct database_def *d)
{
	struct system_rows *r = arg;
	rows_text(r, d->name);
	rows_text(r, d->engine);
	rows_textz(r, "store/");
	rows_text(r, arena_strf(r->arena, "metadata/%.*s/", STR_ARG(d->name)));
	rows_default(r);
	rows_text(r, d->engine);
	rows_text(r, d->comment);
	rows_end(r);
	return r->status;
}

static void fill_databases(struct system_rows *r)
{
	if (catalog_each_database(r->catalog, r->txn, put_database, r) != OK)
		rows_end(r);
}

/* ---- tables ---- */

static const struct system_column tables_columns[] = {{"database", "String"}, {"name", "String"}, {"uuid", "String"},
	{"engine", "String"},
	{"is_temporary", "UInt8"}, {"data_paths", "Array(String)"}, {"metadata_path", "String"},
	{"metadata_modification_time", "DateTime"},
	{"metadata_version", "Int32"}, {"dependencies_database", "Array(String)"}, {"dependencies_table", "Array(String)"},
	{"create_table_query", "String"}, {"engine_full", "String"}, {"as_select", "String"},
	{"parameterized_view_parameters", "Array(String)"},
	{"partition_key", "String"}, {"sorting_key", "String"}, {"primary_key", "String"}, {"sampling_key", "String"},
	{"storage_policy", "String"},
	{"total_rows", "Nullable(UInt64)"}, {"total_bytes", "Nullable(UInt64)"},
	{"total_bytes_uncompressed", "Nullable(UInt64)"},
	{"parts", "Nullable(UInt64)"}, {"active_parts", "Nullable(UInt64)"}, {"total_marks", "Nullable(UInt64)"},
	{"lifetime_rows", "Nullable(UInt64)"},
	{"lifetime_bytes", "Nullable(UInt64)"}, {"comment", "String"}, {"has_own_data", "UInt8"},
	{"loading_dependencies_database", "Array(String)"},
	{"loading_dependencies_table", "Array(String)"}, {"loading_dependent_database", "Array(String)"},
	{"loading_dependent_table", "Array(String)"}};

static struct str engine_full(struct system_rows *r, const struct table_def *d)
{
	struct strbuf text;
	struct error ignored;
	struct str s = d->engine;
	error_init(&ignored);
	strbuf_init(&text, NULL);
	if (d->kind != TABLE_SYSTEM && table_engine_full(d, &text, &ignored) == OK)
		s = arena_str(r->arena, strbuf_str(&text));
	strbuf_fini(&text);
	return s;
}

static struct str create_query(struct system_rows *r, const struct table_def *d)
{
	struct strbuf text;
	struct error ignored;
	struct str s = STR("");
	error_init(&ignored);
	strbuf_init(&text, NULL);
	if (d->kind != TABLE_SYSTEM && table_create_query(d, false, &text, &ignored) == OK)
		s = arena_str(r->arena, strbuf_str(&text));
	strbuf_fini(&text);
	return s;
}

static void put_size(struct system_rows *r, struct table *t)
{
	struct table_size size = {0};
	struct error ignored;
	error_init(&ignored);
	if (t->ops->size == NULL || t->ops->size(t, r->txn, &size, &ignored) != OK) {
		for (int i = 0; i < 8; i++)
			rows_null(r);
		return;
	}
	rows_u64(r, size.rows);
	rows_u64(r, size.bytes_on_disk != 0 ? size.bytes_on_disk : size.bytes_uncompressed);
	rows_u64(r, size.bytes_uncompressed);
	rows_u64(r, size.parts);
	rows_u64(r, size.parts);
	for (int i = 0; i < 3; i++)
		rows_null(r);
}

static void put_data_path(struct system_rows *r, struct table *t)
{
	struct table_place *place;
	struct error ignored;
	error_init(&ignored);
	if (!mergetree_is(t) || mergetree_place(t, r->txn, &place, &ignored) != OK) {
		rows_default(r);
		return;
	}
	struct str path = arena_strf(r->arena, "%s/", place->dir);
	rows_texts(r, &path, 1);
	table_place_unref(place);
}

/* "x, y" of "(x, y)" and of "tuple(x, y)"; one in brackets stays as it is. */
static struct str key_text(struct str key)
{
	struct str inside = key;
	if (str_starts_with(key, STR("tuple(")))
		inside = str_make(key.data + 6, key.size - 7);
	else if (str_starts_with(key, STR("(")) && str_ends_with(key, STR(")")))
		inside = str_make(key.data + 1, key.size - 2);
	int depth = 0;
	bool list = inside.size == 0 || inside.size == key.size - 7;
	for (size_t i = 0; i < inside.size; i++) {
		depth += inside.data[i] == '(' ? 1 : inside.data[i] == ')' ? -1 : 0;
		if (depth < 0) /* "(a) + (b)" */
			return key;
		list |= depth == 0 && inside.data[i] == ',';
	}
	return list ? inside : key;
}

static enum status put_table(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	const struct table_def *d = t->def;
	rows_text(r, database_of(d));
	rows_text(r, d->name);
	rows_text(r, uuid_text(r, d->uuid));
	rows_text(r, d->engine);
	rows_bool(r, d->temporary);
	put_data_path(r, t);
	rows_text(r, arena_strf(r->arena, "metadata/%.*s/%.*s.sql", STR_ARG(database_of(d)), STR_ARG(d->name)));
	rows_u64(r, (uint64_t)(d->modified_us / 1000000));
	rows_i64(r, (int64_t)d->schema_version);
	rows_defaults(r, 2);
	rows_text(r, create_query(r, d));
	rows_text(r, engine_full(r, d));
	rows_text(r, d->as_select.text);
	rows_default(r);
	rows_text(r, d->partition_by.text);
	rows_text(r, key_text(d->order_by.text));
	rows_text(r, key_text(d->primary_key.text.size != 0 ? d->primary_key.text : d->order_by.text));
	rows_text(r, d->sample_by.text);
	rows_textz(r, t->ops->features & TABLE_SORTED ? "default" : "");
	put_size(r, t);
	rows_text(r, d->comment);
	rows_bool(r, d->kind == TABLE_TABLE);
	rows_end(r);
	return r->status;
}

static void fill_tables(struct system_rows *r)
{
	if (catalog_each_table(r->catalog, r->txn, STR(""), put_table, r) != OK)
		rows_end(r);
}

/* ---- columns ---- */

static const struct system_column columns_columns[] = {{"database", "String"}, {"table", "String"}, {"name", "String"},
	{"type", "String"},
	{"position", "UInt64"}, {"default_kind", "String"}, {"default_expression", "String"},
	{"data_compressed_bytes", "UInt64"},
	{"data_uncompressed_bytes", "UInt64"}, {"marks_bytes", "UInt64"}, {"comment", "String"},
	{"is_in_partition_key", "UInt8"},
	{"is_in_sorting_key", "UInt8"}, {"is_in_primary_key", "UInt8"}, {"is_in_sampling_key", "UInt8"},
	{"compression_codec", "String"},
	{"character_octet_length", "Nullable(UInt64)"}, {"numeric_precision", "Nullable(UInt64)"},
	{"numeric_precision_radix", "Nullable(UInt64)"},
	{"numeric_scale", "Nullable(UInt64)"}, {"datetime_precision", "Nullable(UInt64)"}, {"ttl_expression", "String"}};

static const char *default_kind(const struct column_def *c)
{
	static const char *const names[] = {[COLUMN_PLAIN] = "", [COLUMN_DEFAULT] = "DEFAULT",
	                                    [COLUMN_MATERIALIZED] = "MATERIALIZED",
		[COLUMN_ALIAS] = "ALIAS", [COLUMN_EPHEMERAL] = "EPHEMERAL"};
	return names[c->default_kind];
}

/* Whether a key's text has the column's name as a word. */
static bool names_word(struct str key, struct str name)
{
	for (ptrdiff_t at = 0, n; (n = str_find(str_make(key.data + at, key.size - (size_t)at), name)) >= 0; at += n + 1) {
		size_t from = (size_t)(at + n), to = from + name.size;
		bool left = from == 0 || strchr("(, `\"", key.data[from - 1]) != NULL;
		bool right = to == key.size || strchr("), `\"", key.data[to]) != NULL;
		if (left && right)
			return true;
	}
	return false;
}

static enum status put_columns(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	const struct table_def *d = t->def;
	for (uint32_t i = 0; i < d->column_count && r->status == OK; i++) {
		const struct column_def *c = &d->columns[i];
		if (c->hidden)
			continue;
		bool sorted = names_word(d->order_by.text, c->name);
		bool primary = d->primary_key.text.size != 0 ? names_word(d->primary_key.text, c->name) : sorted;
		rows_text(r, database_of(d));
		rows_text(r, d->name);
		rows_text(r, c->name);
		rows_text(r, type_name(r->arena, c->type));
		rows_u64(r, i + 1);
		rows_textz(r, default_kind(c));
		rows_text(r, c->default_expr.text);
		rows_defaults(r, 3);
		rows_text(r, c->comment);
		rows_bool(r, names_word(d->partition_by.text, c->name));
		rows_bool(r, sorted);
		rows_bool(r, primary);
		rows_bool(r, names_word(d->sample_by.text, c->name));
		rows_text(r, c->codec.size != 0 ? arena_strf(r->arena, "CODEC(%.*s)", STR_ARG(c->codec)) : STR(""));
		rows_defaults(r, 5);
		rows_text(r, c->ttl.text);
		rows_end(r);
	}
	return r->status;
}

static void fill_columns(struct system_rows *r)
{
	if (catalog_each_table(r->catalog, r->txn, STR(""), put_columns, r) != OK)
		rows_end(r);
}

/* ---- functions, settings, formats, engines, types ---- */

static const struct system_column functions_columns[] = {{"name", "String"}, {"is_aggregate", "UInt8"},
	{"is_deterministic", "Nullable(UInt8)"},
	{"case_insensitive", "UInt8"}, {"alias_to", "String"}, {"create_query", "String"}, {"origin", "String"},
	{"description", "String"},
	{"syntax", "String"}, {"arguments", "String"}, {"returned_value", "String"}, {"examples", "String"},
	{"introduced_in", "String"},
	{"categories", "String"}};

static void put_function(struct system_rows *r, const char *name, bool aggregate, int deterministic, bool nocase,
                         const char *description, const char *example, const char *family)
{
	rows_textz(r, name);
	rows_bool(r, aggregate);
	if (deterministic < 0)
		rows_null(r);
	else
		rows_bool(r, deterministic == 1);
	rows_bool(r, nocase);
	rows_defaults(r, 2);
	rows_textz(r, "System");
	rows_textz(r, description);
	rows_defaults(r, 3);
	rows_textz(r, example);
	rows_textz(r, "");
	rows_textz(r, family);
	rows_end(r);
}

/* A name may have several rows (argument patterns): the first one speaks, any of them makes it case-insensitive. */
static void fill_functions(struct system_rows *r)
{
	struct strmap seen, nocase;
	strmap_init(&seen, r->arena, false);
	strmap_init(&nocase, r->arena, false);
	for (uint32_t i = 0; i < function_count(); i++)
		if (function_at(i)->flags & FUNCTION_NOCASE && function_at(i)->flags & FUNCTION_CH)
			strmap_set(&nocase, str_of(function_at(i)->name), r);
	for (uint32_t i = 0; i < aggregate_count(); i++)
		if (aggregate_at(i)->flags & AGGREGATE_NOCASE)
			strmap_set(&nocase, str_of(aggregate_at(i)->name), r);
	for (uint32_t i = 0; i < function_count(); i++) {
		const struct function *f = function_at(i);
		struct str name = str_of(f->name);
		if (f->flags & FUNCTION_HIDDEN || !(f->flags & FUNCTION_CH) || strmap_has(&seen, name))
			continue;
		strmap_set(&seen, name, r);
		put_function(r, f->name, false, f->volatility == FUNCTION_IMMUTABLE, strmap_has(&nocase, name), f->description,
		             f->example, f->family);
	}
	for (uint32_t i = 0; i < aggregate_count(); i++) {
		const struct aggregate *a = aggregate_at(i);
		struct str name = str_of(a->name);
		if (strmap_has(&seen, name))
			continue;
		strmap_set(&seen, name, r);
		put_function(r, a->name, true, -1, strmap_has(&nocase, name), a->description, a->example, a->family);
	}
}

static const struct system_column settings_columns[] = {{"name", "String"}, {"value", "String"}, {"changed", "UInt8"},
	{"description", "String"},
	{"min", "Nullable(String)"}, {"max", "Nullable(String)"}, {"disallowed_values", "Array(String)"},
	{"readonly", "UInt8"}, {"type", "String"},
	{"default", "String"}, {"alias_for", "String"}, {"is_obsolete", "UInt8"}, {"tier", "String"}};

/* Settings whose type has a name of its own in ClickHouse. */
static const char *setting_type(const struct setting_info *i, const char *kind)
{
	static const char *const special[][2] = {{"max_threads", "MaxThreads"}, {"max_block_size", "NonZeroUInt64"},
		{"max_insert_block_size", "NonZeroUInt64"}, {"max_insert_threads", "MaxThreads"}};
	for (size_t k = 0; k < ARRAY_COUNT(special); k++)
		if (strcmp(i->name, special[k][0]) == 0)
			return special[k][1];
	return kind;
}

static void fill_settings(struct system_rows *r)
{
	static const char *const kinds[] = {[SETTING_BOOL] = "Bool", [SETTING_U64] = "UInt64", [SETTING_I64] = "Int64",
	                                    [SETTING_FLOAT] = "Float",
		[SETTING_SECONDS] = "Seconds", [SETTING_MS] = "Milliseconds", [SETTING_TEXT] = "String", [SETTING_ENUM] = "String",
			[SETTING_MAP] = "Map"};
	for (unsigned id = 0; id < SETTING_COUNT; id++) {
		const struct setting_info *i = setting_info((enum setting_id)id);
		struct str value = str_of(i->default_value);
		struct error ignored;
		error_init(&ignored);
		if (r->session->services != NULL && r->session->services->setting != NULL &&
		    r->session->services->setting(r->session->services_arg, str_of(i->name), r->arena, &value, &ignored) != OK)
			value = str_of(i->default_value);
		rows_textz(r, i->name);
		rows_text(r, value);
		rows_bool(r, !str_eq(value, str_of(i->default_value)));
		rows_textz(r, i->description);
		rows_null(r);
		rows_null(r);
		rows_default(r);
		rows_bool(r, (i->flags & SETTING_READ_ONLY) != 0);
		rows_textz(r, setting_type(i, kinds[i->kind]));
		rows_textz(r, i->default_value);
		rows_textz(r, "");
		rows_bool(r, (i->flags & SETTING_NO_EFFECT) != 0);
		rows_textz(r, "Production");
		rows_end(r);
	}
}

static const struct system_column formats_columns[] = {{"name", "String"}, {"is_input", "UInt8"},
	{"is_output", "UInt8"},
	{"supports_parallel_parsing", "UInt8"}, {"supports_parallel_formatting", "UInt8"}, {"content_type", "String"}};

static void put_format(struct system_rows *r, const char *name, const struct format_info *f)
{
	rows_textz(r, name);
	rows_bool(r, f->reads);
	rows_bool(r, f->writes);
	rows_bool(r, f->is_row_text);
	rows_bool(r, false);
	rows_textz(r, f->content_type);
	rows_end(r);
}

static void fill_formats(struct system_rows *r)
{
	const char *name, *of;
	for (uint32_t i = 0; i < format_count(); i++)
		put_format(r, format_at(i)->name, format_at(i));
	for (uint32_t i = 0; (name = format_alias_at(i, &of)) != NULL; i++)
		put_format(r, name, format_find(str_of(of)));
}

static const struct system_column engines_columns[] = {{"name", "String"}, {"supports_settings", "UInt8"},
	{"supports_skipping_indices", "UInt8"},
	{"supports_projections", "UInt8"}, {"supports_sort_order", "UInt8"}, {"supports_ttl", "UInt8"},
	{"supports_replication", "UInt8"},
	{"supports_deduplication", "UInt8"}, {"supports_parallel_insert", "UInt8"}};

static void fill_engines(struct system_rows *r)
{
	for (uint32_t i = 0; i < table_engine_count(); i++) {
		const struct table_ops *o = table_engine_at(i);
		rows_textz(r, o->engine);
		rows_bool(r, (o->features & TABLE_SETTINGS) != 0);
		rows_bool(r, (o->features & TABLE_INDEXES) != 0);
		rows_bool(r, false);
		rows_bool(r, (o->features & TABLE_SORTED) != 0);
		rows_bool(r, (o->features & TABLE_TTL) != 0);
		rows_bool(r, str_starts_with(str_of(o->engine), STR("Replicated")));
		rows_bool(r, false);
		rows_bool(r, (o->features & TABLE_INSERT) != 0);
		rows_end(r);
	}
}

static const struct system_column families_columns[] = {{"name", "String"}, {"case_insensitive", "UInt8"},
	{"alias_to", "String"}};

static void fill_families(struct system_rows *r)
{
	static const char *const own[] = {"Numeric", "PgInterval", "Function"};
	const char *name, *alias;
	bool nocase;
	for (uint32_t i = 0; type_family_at(i, &name, &nocase, &alias); i++) {
		bool ours = *name == '\0';
		for (size_t k = 0; k < ARRAY_COUNT(own); k++)
			ours |= strcmp(name, own[k]) == 0;
		if (ours)
			continue;
		rows_textz(r, name);
		rows_bool(r, nocase);
		rows_textz(r, alias);
		rows_end(r);
	}
}

static const struct system_column options_columns[] = {{"name", "String"}, {"value", "String"}};

static void fill_options(struct system_rows *r)
{
	static const char *const options[][2] = {{"VERSION_FULL", "hanzo-datastore " PACKAGE_VERSION},
	                                         {"VERSION_DESCRIBE", PACKAGE_VERSION},
		{"BUILD_TYPE", BUILD_KIND}, {"CXX_COMPILER", __VERSION__}};
	for (size_t i = 0; i < ARRAY_COUNT(options); i++) {
		rows_textz(r, options[i][0]);
		rows_textz(r, options[i][1]);
		rows_end(r);
	}
}

static const struct system_column zones_columns[] = {{"time_zone", "String"}};

static void put_zone(struct str name, void *arg)
{
	rows_text(arg, name);
	rows_end(arg);
}

static void fill_zones(struct system_rows *r)
{
	timezone_each(put_zone, r);
}

/* ---- what runs ---- */

static const struct system_column processes_columns[] = {{"is_initial_query", "UInt8"}, {"user", "String"},
	{"query_id", "String"},
	{"address", "String"}, {"elapsed", "Float64"}, {"is_cancelled", "UInt8"}, {"read_rows", "UInt64"},
	{"read_bytes", "UInt64"},
	{"total_rows_approx", "UInt64"}, {"written_rows", "UInt64"}, {"written_bytes", "UInt64"}, {"memory_usage", "Int64"},
	{"peak_memory_usage", "Int64"}, {"query", "String"}, {"current_database", "String"}};

static void put_process(void *arg, const struct process *p)
{
	struct system_rows *r = arg;
	if (!p->active)
		return;
	rows_bool(r, true);
	rows_textz(r, p->user);
	rows_textz(r, p->query_id);
	rows_textz(r, p->client_address);
	rows_i64(r, (clock_wall_us() - p->query_start_us) / 1000000);
	rows_bool(r, false);
	rows_u64(r, p->read_rows);
	rows_u64(r, p->read_bytes);
	rows_u64(r, p->total_rows);
	rows_u64(r, p->written_rows);
	rows_u64(r, p->written_bytes);
	rows_i64(r, p->memory_bytes);
	rows_i64(r, p->peak_memory_bytes);
	rows_textz(r, p->query);
	rows_textz(r, p->database);
	rows_end(r);
}

static void fill_processes(struct system_rows *r)
{
	processes_each(r->instance, put_process, r);
}

static const struct system_column log_columns[] = {
	{"type", "Enum8('QueryStart' = 1, 'QueryFinish' = 2, 'ExceptionBeforeStart' = 3, 'ExceptionWhileProcessing' = 4)"},
	{"event_date", "Date"},
	{"event_time", "DateTime"}, {"event_time_microseconds", "DateTime64(6)"}, {"query_start_time", "DateTime"},
	{"query_start_time_microseconds", "DateTime64(6)"}, {"query_duration_ms", "UInt64"}, {"read_rows", "UInt64"},
	{"read_bytes", "UInt64"},
	{"written_rows", "UInt64"}, {"written_bytes", "UInt64"}, {"result_rows", "UInt64"}, {"result_bytes", "UInt64"},
	{"memory_usage", "UInt64"},
	{"current_database", "String"}, {"query", "String"}, {"query_kind", "String"}, {"exception_code", "Int32"},
	{"exception", "String"},
	{"is_initial_query", "UInt8"}, {"user", "String"}, {"query_id", "String"}, {"address", "String"},
	{"interface", "UInt8"}};

static void put_log(void *arg, const struct query_log_entry *e)
{
	struct system_rows *r = arg;
	rows_u64(r, e->type);
	rows_i64(r, e->event_us / 86400000000);
	rows_i64(r, e->event_us / 1000000);
	rows_i64(r, e->event_us);
	rows_i64(r, e->start_us / 1000000);
	rows_i64(r, e->start_us);
	rows_i64(r, e->duration_us / 1000);
	rows_u64(r, e->read_rows);
	rows_u64(r, e->read_bytes);
	rows_u64(r, e->written_rows);
	rows_u64(r, e->written_bytes);
	rows_u64(r, e->result_rows);
	rows_u64(r, e->result_bytes);
	rows_u64(r, e->memory_bytes);
	rows_textz(r, e->database);
	rows_textz(r, e->query);
	rows_textz(r, e->kind);
	rows_i64(r, e->exception_code);
	rows_textz(r, e->exception);
	rows_bool(r, true);
	rows_textz(r, e->user);
	rows_textz(r, e->query_id);
	rows_textz(r, e->client_address);
	rows_u64(r, e->interface != NULL && strcmp(e->interface, "http") == 0 ? 2 : e->interface != NULL &&
	         strcmp(e->interface, "postgresql") == 0 ? 5 : 1);
	rows_end(r);
}

static void fill_log(struct system_rows *r)
{
	query_log_each(put_log, r);
}

static const struct system_column disks_columns[] = {{"name", "String"}, {"path", "String"}, {"free_space", "UInt64"},
	{"total_space", "UInt64"},
	{"unreserved_space", "UInt64"}, {"keep_free_space", "UInt64"}, {"type", "String"}};

static void fill_disks(struct system_rows *r)
{
	struct statvfs v;
	const char *path = txn_manager_path(instance_txns(r->instance));
	if (path == NULL || statvfs(path, &v) != 0)
		return;
	rows_textz(r, "default");
	rows_textz(r, path);
	rows_u64(r, (uint64_t)v.f_bavail * v.f_frsize);
	rows_u64(r, (uint64_t)v.f_blocks * v.f_frsize);
	rows_u64(r, (uint64_t)v.f_bavail * v.f_frsize);
	rows_u64(r, 0);
	rows_textz(r, "Local");
	rows_end(r);
}

static const struct system_column async_columns[] = {{"metric", "String"}, {"value", "Float64"},
	{"description", "String"}};

static void fill_async(struct system_rows *r)
{
	struct txn_stats s;
	txn_manager_stats(instance_txns(r->instance), &s);
	const struct {
		const char *name;
		uint64_t value;
		const char *description;
	} rows[] = {
		{"MemoryTracked", (uint64_t)memtrack_used(&memtrack_server), "Bytes that the trackers count"},
		{"DeltaBytes", (uint64_t)memtrack_used(&delta_track), "Bytes of inserted rows that are not in parts yet"},
		{"TransactionLogBytes", s.log_bytes, "Bytes appended to the commit log"},
		{"TransactionLogSyncs", s.log_syncs, "Times the commit log was forced to disk"},
		{"Commits", s.commits, "Transactions committed"},
	};
	for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
		rows_textz(r, rows[i].name);
		rows_u64(r, rows[i].value);
		rows_textz(r, rows[i].description);
		rows_end(r);
	}
}

static enum status put_user(void *arg, const struct role_def *d)
{
	struct system_rows *r = arg;
	if (!d->login)
		return OK;
	rows_text(r, d->name);
	rows_default(r);
	rows_textz(r, "local_directory");
	rows_end(r);
	return r->status;
}

static void fill_users(struct system_rows *r)
{
	if (catalog_each_role(r->catalog, r->txn, put_user, r) != OK)
		rows_end(r);
}

static const struct system_column users_columns[] = {{"name", "String"}, {"id", "UUID"}, {"storage", "String"}};
static const struct system_column macros_columns[] = {{"macro", "String"}, {"substitution", "String"}};

static void put_macro(void *arg, struct str name)
{
	struct system_rows *r = arg;
	rows_text(r, name);
	rows_text(r, config_macro(instance_configuration(r->instance), name));
	rows_end(r);
}

/* Those of the configuration, and the three that have defaults. */
static void fill_macros(struct system_rows *r)
{
	static const char *const known[] = {"cluster", "shard", "replica"};
	const struct config *c = instance_configuration(r->instance);
	for (size_t i = 0; i < ARRAY_COUNT(known); i++) {
		char path[64];
		snprintf(path, sizeof path, "macros.%s", known[i]);
		if (c == NULL || !config_has(c, path))
			put_macro(r, str_of(known[i]));
	}
	if (c != NULL)
		config_each(c, "macros", put_macro, r);
}

/* ---- there, but empty: no cluster, no mutation, no dictionary yet ---- */

static const struct system_column replicas_columns[] = {{"database", "String"}, {"table", "String"},
	{"engine", "String"}, {"is_leader", "UInt8"},
	{"is_readonly", "UInt8"}, {"is_session_expired", "UInt8"}, {"zookeeper_path", "String"}, {"replica_name", "String"},
	{"replica_path", "String"}, {"queue_size", "UInt32"}, {"inserts_in_queue", "UInt32"}, {"merges_in_queue", "UInt32"},
	{"log_max_index", "UInt64"}, {"log_pointer", "UInt64"}, {"absolute_delay", "UInt64"}, {"replica_delay", "UInt64"},
	{"total_replicas", "UInt32"}, {"active_replicas", "UInt32"}};
static const struct system_column zookeeper_columns[] = {{"name", "String"}, {"value", "String"}, {"path", "String"}};
static const struct system_column mutations_columns[] = {{"database", "String"}, {"table", "String"},
	{"mutation_id", "String"},
	{"command", "String"}, {"create_time", "DateTime"}, {"parts_to_do", "Int64"}, {"is_done", "UInt8"},
	{"is_killed", "UInt8"},
	{"latest_failed_part", "String"}, {"latest_fail_time", "DateTime"}, {"latest_fail_reason", "String"}};
static const struct system_column clusters_columns[] = {{"cluster", "String"}, {"shard_num", "UInt32"},
	{"shard_weight", "UInt32"},
	{"replica_num", "UInt32"}, {"host_name", "String"}, {"host_address", "String"}, {"port", "UInt16"},
	{"is_local", "UInt8"},
	{"user", "String"}, {"default_database", "String"}};

static void put_replica(struct system_rows *r, struct str cluster, unsigned shard, unsigned replica, struct str host,
                        struct str port, bool local)
{
	uint64_t number;
	rows_text(r, cluster);
	rows_u64(r, shard);
	rows_u64(r, 1);
	rows_u64(r, replica);
	rows_text(r, host);
	rows_text(r, local ? STR("127.0.0.1") : host);
	rows_u64(r, str_to_u64(port, &number) ? number : 9000);
	rows_bool(r, local);
	rows_textz(r, "default");
	rows_end(r);
}

static const char *numbered(struct system_rows *r, const char *base, const char *name, unsigned i)
{
	return i == 0 ? arena_strf(r->arena, "%s.%s", base, name).data : arena_strf(r->arena, "%s.%s[%u]", base, name, i).data;
}

/* <remote_servers>: a cluster's shards and their replicas. */
static void put_cluster(void *arg, struct str name)
{
	struct system_rows *r = arg;
	const struct config *c = instance_configuration(r->instance);
	const char *cluster = arena_strf(r->arena, "remote_servers.%.*s", STR_ARG(name)).data;
	for (unsigned shard = 0;; shard++) {
		const char *at = numbered(r, cluster, "shard", shard);
		if (!config_has(c, at))
			break;
		for (unsigned replica = 0;; replica++) {
			const char *one = numbered(r, at, "replica", replica);
			if (!config_has(c, one))
				break;
			struct str host = config_text(c, arena_strf(r->arena, "%s.host", one).data);
			put_replica(r, name, shard + 1, replica + 1, host, config_text(c, arena_strf(r->arena, "%s.port", one).data),
			            str_eq(host, STR("localhost")) || str_starts_with(host, STR("127.")));
		}
	}
}

static void fill_clusters(struct system_rows *r)
{
	const struct config *c = instance_configuration(r->instance);
	if (c == NULL || !config_has(c, "remote_servers.default"))
		put_replica(r, STR("default"), 1, 1, STR("localhost"), STR("9000"), true);
	if (c != NULL)
		config_each(c, "remote_servers", put_cluster, r);
}

/* ---- counters ---- */

static const struct system_column metrics_columns[] = {{"metric", "String"}, {"value", "Int64"},
	{"description", "String"}, {"name", "String"}};

struct session_counts {
	int64_t active, http, postgresql, other;
};

static void count_session(void *arg, const struct process *p)
{
	struct session_counts *n = arg;
	n->active += p->active;
	if (p->interface != NULL && strcmp(p->interface, "http") == 0)
		n->http++;
	else if (p->is_postgresql)
		n->postgresql++;
	else
		n->other++;
}

static void put_metric(struct system_rows *r, const char *name, int64_t value, const char *description)
{
	rows_textz(r, name);
	rows_i64(r, value);
	rows_textz(r, description);
	rows_textz(r, name);
	rows_end(r);
}

static void fill_metrics(struct system_rows *r)
{
	struct session_counts n = {0};
	processes_each(r->instance, count_session, &n);
	const struct {
		const char *name;
		int64_t value;
		const char *description;
	} rows[] = {
		{"Query", n.active, "Statements that run now"},
		{"HTTPConnection", n.http, "Sessions of HTTP requests"},
		{"PostgreSQLConnection", n.postgresql, "Sessions over PostgreSQL's protocol"},
		{"TCPConnection", n.other, "Other sessions"},
		{"MemoryTracking", memtrack_used(&memtrack_server), "Bytes that the trackers count"},
	};
	for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
		put_metric(r, rows[i].name, rows[i].value, rows[i].description);
	int64_t open = 0;
	for (unsigned p = 0; p < TEMP_PURPOSE_COUNT; p++) {
		struct temp_counts c;
		temp_file_counts(p, &c);
		put_metric(r, temp_purpose_info(p)->metric, (int64_t)c.open, temp_purpose_info(p)->description);
		open += (int64_t)c.open;
	}
	put_metric(r, "TotalTemporaryFiles", open, "Temporary files that are open now");
}

static const struct system_column events_columns[] = {{"event", "String"}, {"value", "UInt64"},
	{"description", "String"}, {"name", "String"}};

static void put_event(struct system_rows *r, const char *name, const char *rest, uint64_t value,
                      const char *description)
{
	struct strbuf text;
	if (value == 0)
		return;
	strbuf_init(&text, NULL);
	strbuf_printf(&text, "%s%s", name, rest);
	rows_text(r, strbuf_str(&text));
	rows_u64(r, value);
	rows_textz(r, description);
	rows_text(r, strbuf_str(&text));
	rows_end(r);
	strbuf_fini(&text);
}

/* What queries wrote to temporary files. */
static void put_temporary(struct system_rows *r)
{
	struct temp_counts c, all = {0};
	for (unsigned p = 0; p < TEMP_PURPOSE_COUNT; p++) {
		const char *name = temp_purpose_info(p)->event;
		temp_file_counts(p, &c);
		all.files += c.files;
		all.bytes += c.bytes;
		all.plain_bytes += c.plain_bytes;
		if (name == NULL)
			continue;
		put_event(r, name, "WritePart", c.blocks, "Blocks written to temporary files");
		put_event(r, name, "CompressedBytes", c.bytes, "Bytes written to temporary files");
		put_event(r, name, "UncompressedBytes", c.plain_bytes, "Bytes written to temporary files, before compression");
	}
	put_event(r, "ExternalProcessing", "FilesTotal", all.files, "Temporary files made");
	put_event(r, "ExternalProcessing", "CompressedBytesTotal", all.bytes, "Bytes written to temporary files");
	put_event(r, "ExternalProcessing", "UncompressedBytesTotal", all.plain_bytes,
	          "Bytes written to temporary files, before compression");
}

static void fill_events(struct system_rows *r)
{
	struct txn_stats s;
	struct query_counts q;
	txn_manager_stats(instance_txns(r->instance), &s);
	query_counts_read(&q);
	const struct {
		const char *name;
		uint64_t value;
		const char *description;
	} rows[] = {
		{"Query", q.queries, "Statements that ended"},
		{"SelectQuery", q.selects, "SELECT statements that ended"},
		{"InsertQuery", q.inserts, "INSERT statements that ended"},
		{"FailedQuery", q.failed, "Statements that failed"},
		{"FailedSelectQuery", q.failed_selects, "SELECT statements that failed"},
		{"FailedInsertQuery", q.failed_inserts, "INSERT statements that failed"},
		{"QueryTimeMicroseconds", q.microseconds, "Time of all statements"},
		{"SelectedRows", q.read_rows, "Rows read"},
		{"SelectedBytes", q.read_bytes, "Bytes read"},
		{"InsertedRows", q.written_rows, "Rows inserted"},
		{"InsertedBytes", q.written_bytes, "Bytes inserted"},
		{"DelayedInserts", mergetree_delayed_inserts, "Inserts that waited for merges"},
		{"RejectedInserts", mergetree_rejected_inserts, "Inserts that were refused, as merges did not keep up"},
		{"TransactionLogBytes", s.log_bytes, "Bytes appended to the commit log"},
		{"TransactionLogSyncs", s.log_syncs, "Times the commit log was forced to disk"},
		{"TransactionCommits", s.commits, "Transactions committed"},
	};
	for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
		put_event(r, rows[i].name, "", rows[i].value, rows[i].description);
	put_temporary(r);
}

static const struct system_column errors_columns[] = {{"name", "String"}, {"code", "Int32"}, {"value", "UInt64"},
	{"last_error_time", "DateTime"}, {"last_error_message", "String"}, {"last_error_format_string", "String"},
	{"last_error_trace", "Array(UInt64)"}, {"remote", "UInt8"}, {"query_id", "String"}};

static void put_error(void *arg, const struct error_count *e)
{
	struct system_rows *r = arg;
	rows_textz(r, status_ch_name(e->status));
	rows_i64(r, status_ch_code(e->status));
	rows_u64(r, e->count);
	rows_u64(r, (uint64_t)(e->last_us / 1000000));
	rows_textz(r, e->message);
	rows_defaults(r, 2);
	rows_bool(r, false);
	rows_textz(r, e->query_id);
	rows_end(r);
}

static void put_mutation(void *arg, const struct mutation_entry *e)
{
	struct system_rows *r = arg;
	rows_textz(r, e->database);
	rows_textz(r, e->table);
	rows_textz(r, e->id);
	rows_textz(r, e->command);
	rows_u64(r, (uint64_t)(e->created_us / 1000000));
	rows_i64(r, 0);
	rows_u64(r, 1);
	rows_u64(r, 0);
	rows_textz(r, "");
	rows_u64(r, 0);
	rows_textz(r, "");
	rows_end(r);
}

static void fill_mutations(struct system_rows *r)
{
	mutations_each(put_mutation, r);
}

static void fill_errors(struct system_rows *r)
{
	error_counts_each(put_error, r);
}

#define TABLE(name, columns, fill) {name, columns, ARRAY_COUNT(columns), fill}

static const struct system_def defs[] = {
	TABLE("asynchronous_metrics", async_columns, fill_async),
	TABLE("build_options", options_columns, fill_options),
	TABLE("clusters", clusters_columns, fill_clusters),
	TABLE("columns", columns_columns, fill_columns),
	TABLE("data_type_families", families_columns, fill_families),
	TABLE("databases", databases_columns, fill_databases),
	TABLE("disks", disks_columns, fill_disks),
	TABLE("errors", errors_columns, fill_errors),
	TABLE("events", events_columns, fill_events),
	TABLE("formats", formats_columns, fill_formats),
	TABLE("functions", functions_columns, fill_functions),
	TABLE("macros", macros_columns, fill_macros),
	TABLE("metrics", metrics_columns, fill_metrics),
	TABLE("mutations", mutations_columns, fill_mutations),
	TABLE("one", one_columns, fill_one),
	TABLE("processes", processes_columns, fill_processes),
	TABLE("query_log", log_columns, fill_log),
	TABLE("replicas", replicas_columns, NULL),
	TABLE("settings", settings_columns, fill_settings),
	TABLE("table_engines", engines_columns, fill_engines),
	TABLE("tables", tables_columns, fill_tables),
	TABLE("time_zones", zones_columns, fill_zones),
	TABLE("users", users_columns, fill_users),
	TABLE("zookeeper", zookeeper_columns, NULL),
};

enum status system_tables_register(struct catalog *c, struct error *err)
{
	TRY(system_register(c, "system", defs, ARRAY_COUNT(defs), err));
	return catalog_register_system_view(c, STR("system"), STR(""), STR("numbers"),
	                                    STR("SELECT number FROM numbers(18446744073709551615)"), DIALECT_CLICKHOUSE, err);
}

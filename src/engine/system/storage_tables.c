// SPDX-License-Identifier: Apache-2.0
/* system.parts and its kin: what the MergeTree tables have on disk and what is being done to them. */
#include <stdio.h>
#include "base/clock.h"
#include "engine/mergetree_impl.h"
#include "engine/system/rows.h"
#include "storage/part_info.h"

static const struct system_column parts_columns[] = {{"partition", "String"}, {"name", "String"}, {"uuid", "UUID"},
	{"part_type", "String"}, {"active", "UInt8"}, {"marks", "UInt64"}, {"rows", "UInt64"}, {"files", "UInt64"},
	{"bytes_on_disk", "UInt64"}, {"data_compressed_bytes", "UInt64"}, {"data_uncompressed_bytes", "UInt64"},
	{"primary_key_size", "UInt64"}, {"marks_bytes", "UInt64"}, {"secondary_indices_compressed_bytes", "UInt64"},
	{"secondary_indices_uncompressed_bytes", "UInt64"}, {"secondary_indices_marks_bytes", "UInt64"},
	{"modification_time", "DateTime"}, {"remove_time", "DateTime"}, {"refcount", "UInt32"}, {"min_date", "Date"},
	{"max_date", "Date"}, {"min_time", "DateTime"}, {"max_time", "DateTime"}, {"partition_id", "String"},
	{"min_block_number", "Int64"}, {"max_block_number", "Int64"}, {"level", "UInt32"}, {"data_version", "UInt64"},
	{"is_frozen", "UInt8"}, {"database", "String"}, {"table", "String"}, {"engine", "String"}, {"disk_name", "String"},
	{"path", "String"}, {"hash_of_all_files", "String"}, {"delete_ttl_info_min", "DateTime"},
	{"delete_ttl_info_max", "DateTime"}, {"default_compression_codec", "String"}, {"projections", "Array(String)"},
	{"visible", "UInt8"}, {"creation_csn", "UInt64"}, {"removal_csn", "UInt64"}, {"has_lightweight_delete", "UInt8"},
	{"removal_state", "String"}, {"bytes", "UInt64"}, {"marks_size", "UInt64"}, {"part_name", "String"}};

static const struct system_column parts_columns_columns[] = {{"partition", "String"}, {"name", "String"},
	{"uuid", "UUID"}, {"part_type", "String"}, {"active", "UInt8"}, {"marks", "UInt64"}, {"rows", "UInt64"},
	{"bytes_on_disk", "UInt64"}, {"data_compressed_bytes", "UInt64"}, {"data_uncompressed_bytes", "UInt64"},
	{"marks_bytes", "UInt64"}, {"modification_time", "DateTime"}, {"partition_id", "String"},
	{"min_block_number", "Int64"}, {"max_block_number", "Int64"}, {"level", "UInt32"}, {"data_version", "UInt64"},
	{"database", "String"}, {"table", "String"}, {"engine", "String"}, {"disk_name", "String"}, {"path", "String"},
	{"column", "String"}, {"type", "String"}, {"column_position", "UInt64"}, {"default_kind", "String"},
	{"default_expression", "String"}, {"column_bytes_on_disk", "UInt64"}, {"column_data_compressed_bytes", "UInt64"},
	{"column_data_uncompressed_bytes", "UInt64"}, {"column_marks_bytes", "UInt64"}, {"serialization_kind", "String"},
	{"substreams", "Array(String)"}, {"filenames", "Array(String)"}};

static struct str table_database(const struct table_def *d)
{
	return d->database.size != 0 ? d->database : d->schema;
}

/* ---- parts ---- */

/* Log tables keep their rows as parts, too, but do not show them. */
static bool has_parts(const struct table *t)
{
	return mergetree_is(t) && (t->ops->features & TABLE_PARTITIONED) != 0;
}

/* A part that cannot be read is listed with what the commit log knows of it. */
static struct part_info facts_of(struct system_rows *r, struct part *p, const struct table_keys *k)
{
	struct part_info info;
	struct error broken;
	error_init(&broken);
	if (part_info_of(p, k, r->arena, &info, &broken) == OK)
		return info;
	return (struct part_info){.name = str_of(p->name_text), .partition = p->name.partition,
		.partition_id = p->name.partition, .path = STR(""), .part_type = p->compact ? STR("Compact") : STR("Wide"),
		.rows = p->rows, .marks = p->granules + 1, .bytes_on_disk = p->bytes_on_disk, .min_block = p->name.min_block,
		.max_block = p->name.max_block, .level = p->name.level, .modified_us = p->modified_us, .active = true,
		.default_codec = STR("")};
}

static void put_part(struct system_rows *r, const struct table_def *d, const struct part *p, const struct part_info *i)
{
	rows_text(r, i->partition);
	rows_text(r, i->name);
	rows_default(r);
	rows_text(r, i->part_type);
	rows_bool(r, i->active);
	rows_u64(r, i->marks);
	rows_u64(r, i->rows);
	rows_u64(r, i->files);
	rows_u64(r, i->bytes_on_disk);
	rows_u64(r, i->bytes_compressed);
	rows_u64(r, i->bytes_uncompressed);
	rows_u64(r, i->primary_key_bytes);
	rows_u64(r, i->marks_bytes);
	rows_u64(r, i->index_compressed);
	rows_u64(r, i->index_uncompressed);
	rows_u64(r, i->index_marks);
	rows_i64(r, i->modified_us / 1000000);
	rows_default(r);
	rows_u64(r, p->references);
	rows_i64(r, i->min_day);
	rows_i64(r, i->max_day);
	rows_i64(r, i->min_time);
	rows_i64(r, i->max_time);
	rows_text(r, i->partition_id);
	rows_u64(r, i->min_block);
	rows_u64(r, i->max_block);
	rows_u64(r, i->level);
	rows_u64(r, i->data_version);
	rows_bool(r, false);
	rows_text(r, table_database(d));
	rows_text(r, d->name);
	rows_text(r, d->engine);
	rows_textz(r, "default");
	rows_text(r, i->path);
	rows_text(r, arena_strf(r->arena, "%016llx%016llx", (unsigned long long)i->hash_of_all_files.high,
	                        (unsigned long long)i->hash_of_all_files.low));
	rows_i64(r, i->ttl_min);
	rows_i64(r, i->ttl_max);
	rows_text(r, i->default_codec);
	rows_default(r);
	rows_bool(r, true);
	rows_u64(r, p->csn);
	rows_defaults(r, 2);
	rows_textz(r, "");
	rows_u64(r, i->bytes_on_disk);
	rows_u64(r, i->marks_bytes);
	rows_text(r, i->name);
	rows_end(r);
}

static void put_part_columns(struct system_rows *r, const struct table_def *d, struct part *p,
                             const struct table_keys *k, const struct part_info *i)
{
	struct part_column_info *columns;
	uint32_t n = 0;
	struct error broken;
	error_init(&broken);
	if (part_columns_of(p, k, r->arena, &columns, &n, &broken) != OK)
		return;
	for (uint32_t c = 0; c < n; c++) {
		const struct part_column_info *x = &columns[c];
		const struct column_def *now = table_def_column(d, x->name);
		rows_text(r, i->partition);
		rows_text(r, i->name);
		rows_default(r);
		rows_text(r, i->part_type);
		rows_bool(r, i->active);
		rows_u64(r, i->marks);
		rows_u64(r, i->rows);
		rows_u64(r, i->bytes_on_disk);
		rows_u64(r, i->bytes_compressed);
		rows_u64(r, i->bytes_uncompressed);
		rows_u64(r, i->marks_bytes);
		rows_i64(r, i->modified_us / 1000000);
		rows_text(r, i->partition_id);
		rows_u64(r, i->min_block);
		rows_u64(r, i->max_block);
		rows_u64(r, i->level);
		rows_u64(r, i->data_version);
		rows_text(r, table_database(d));
		rows_text(r, d->name);
		rows_text(r, d->engine);
		rows_textz(r, "default");
		rows_text(r, i->path);
		rows_text(r, x->name);
		rows_text(r, x->type);
		rows_u64(r, c + 1);
		rows_textz(r, now == NULL ? "" : now->default_kind == COLUMN_DEFAULT ? "DEFAULT"
		           : now->default_kind == COLUMN_MATERIALIZED ? "MATERIALIZED" : "");
		rows_text(r, now == NULL ? STR("") : now->default_expr.text);
		rows_u64(r, x->bytes_on_disk);
		rows_u64(r, x->bytes_compressed);
		rows_u64(r, x->bytes_uncompressed);
		rows_u64(r, x->marks_bytes);
		rows_textz(r, x->sparse ? "Sparse" : "Default");
		rows_texts(r, x->substreams, x->substream_count);
		rows_texts(r, x->files, x->substream_count);
		rows_end(r);
	}
}

static enum status each_part(struct system_rows *r, struct table *t, bool columns)
{
	struct table_keys *keys;
	struct error unbound;
	const struct part_set *set = has_parts(t) ? mergetree_parts(t, r->txn) : NULL;
	error_init(&unbound);
	if (set == NULL || mergetree_keys(t, &keys, &unbound) != OK)
		return r->status;
	for (uint32_t i = 0; i < set->count && r->status == OK; i++) {
		struct part_info info = facts_of(r, set->parts[i], keys);
		if (columns)
			put_part_columns(r, t->def, set->parts[i], keys, &info);
		else
			put_part(r, t->def, set->parts[i], &info);
	}
	table_keys_unref(keys);
	return r->status;
}

static enum status put_parts(void *arg, struct table *t)
{
	return each_part(arg, t, false);
}

static enum status put_parts_columns(void *arg, struct table *t)
{
	return each_part(arg, t, true);
}

static void fill_parts(struct system_rows *r)
{
	if (catalog_each_table(r->catalog, r->txn, STR(""), put_parts, r) != OK)
		rows_end(r);
}

static void fill_parts_columns(struct system_rows *r)
{
	if (catalog_each_table(r->catalog, r->txn, STR(""), put_parts_columns, r) != OK)
		rows_end(r);
}

/* ---- detached ---- */

static const struct system_column detached_columns[] = {{"database", "String"}, {"table", "String"},
	{"partition_id", "Nullable(String)"}, {"name", "String"}, {"bytes_on_disk", "UInt64"},
	{"modification_time", "DateTime"}, {"disk", "String"}, {"path", "String"}, {"reason", "Nullable(String)"},
	{"min_block_number", "Nullable(Int64)"}, {"max_block_number", "Nullable(Int64)"}, {"level", "Nullable(UInt32)"}};

static uint64_t bytes_in(struct system_rows *r, const char *dir, int64_t *modified_us)
{
	struct file_entry *entries = NULL;
	struct error ignored;
	size_t n = 0;
	uint64_t bytes = 0;
	char path[4096];
	error_init(&ignored);
	*modified_us = 0;
	if (file_list(dir, r->arena, &entries, &n, &ignored) != OK)
		return 0;
	for (size_t i = 0; i < n; i++) {
		struct file_info f;
		snprintf(path, sizeof path, "%s/%s", dir, entries[i].name);
		if (file_stat(path, &f, &ignored) != OK)
			continue;
		bytes += f.size;
		*modified_us = f.modified_us > *modified_us ? f.modified_us : *modified_us;
	}
	return bytes;
}

static void put_detached_part(struct system_rows *r, const struct table_def *d, const char *dir, const char *entry)
{
	struct part_name name;
	struct str whole = str_of(entry), bare = whole;
	int64_t modified_us;
	bool known = part_name_parse(bare, &name);
	/* "broken_202401_1_1_0": the reason stands before the name */
	for (ptrdiff_t at; !known && (at = str_find_char(bare, '_')) >= 0;) {
		bare = str_make(bare.data + at + 1, bare.size - (size_t)at - 1);
		known = part_name_parse(bare, &name);
	}
	struct str path = arena_strf(r->arena, "%s/%s", dir, entry);
	uint64_t bytes = bytes_in(r, path.data, &modified_us);
	rows_text(r, table_database(d));
	rows_text(r, d->name);
	if (known)
		rows_text(r, name.partition);
	else
		rows_null(r);
	rows_text(r, whole);
	rows_u64(r, bytes);
	rows_i64(r, modified_us / 1000000);
	rows_textz(r, "default");
	rows_text(r, arena_strf(r->arena, "%.*s/", STR_ARG(path)));
	if (!known)
		rows_null(r);
	else
		rows_text(r, bare.data == whole.data ? STR("") : str_make(whole.data, (size_t)(bare.data - whole.data) - 1));
	if (known) {
		rows_u64(r, name.min_block);
		rows_u64(r, name.max_block);
		rows_u64(r, name.level);
	} else {
		for (int i = 0; i < 3; i++)
			rows_null(r);
	}
	rows_end(r);
}

static enum status put_detached(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	struct table_place *place;
	struct error ignored;
	struct file_entry *entries = NULL;
	size_t n = 0;
	error_init(&ignored);
	if (!has_parts(t) || mergetree_place(t, r->txn, &place, &ignored) != OK)
		return r->status;
	struct str dir = arena_strf(r->arena, "%s/detached", place->dir);
	if (file_exists(dir.data) && file_list(dir.data, r->arena, &entries, &n, &ignored) == OK)
		for (size_t i = 0; i < n; i++)
			if (entries[i].kind == FILE_DIRECTORY)
				put_detached_part(r, t->def, dir.data, entries[i].name);
	table_place_unref(place);
	return r->status;
}

static void fill_detached(struct system_rows *r)
{
	if (catalog_each_table(r->catalog, r->txn, STR(""), put_detached, r) != OK)
		rows_end(r);
}

/* ---- skip indexes ---- */

static const struct system_column indices_columns[] = {{"database", "String"}, {"table", "String"}, {"name", "String"},
	{"type", "String"}, {"type_full", "String"}, {"expr", "String"},
	{"creation", "Enum8('Explicit' = 0, 'Implicit' = 1)"}, {"granularity", "UInt64"},
	{"data_compressed_bytes", "UInt64"}, {"data_uncompressed_bytes", "UInt64"}, {"marks_bytes", "UInt64"}};

static void index_sizes(struct system_rows *r, struct table *t, struct str name, uint64_t sizes[3])
{
	const struct part_set *set = mergetree_is(t) ? mergetree_parts(t, r->txn) : NULL;
	struct error ignored;
	error_init(&ignored);
	for (uint32_t i = 0; set != NULL && i < set->count; i++)
		if (part_index_sizes(set->parts[i], name, sizes, &ignored) != OK)
			error_clear(&ignored);
}

static enum status put_indices(void *arg, struct table *t)
{
	struct system_rows *r = arg;
	const struct table_def *d = t->def;
	for (uint32_t i = 0; i < d->index_count && r->status == OK; i++) {
		const struct index_def *x = &d->indexes[i];
		uint64_t sizes[3] = {0};
		if (x->type.size == 0) /* recorded for PostgreSQL alone */
			continue;
		ptrdiff_t args = str_find_char(x->type, '(');
		index_sizes(r, t, x->name, sizes);
		rows_text(r, table_database(d));
		rows_text(r, d->name);
		rows_text(r, x->name);
		rows_text(r, args < 0 ? x->type : str_make(x->type.data, (size_t)args));
		rows_text(r, x->type);
		rows_text(r, x->expr.text);
		rows_u64(r, 0);
		rows_u64(r, x->granularity);
		for (int k = 0; k < 3; k++)
			rows_u64(r, sizes[k]);
		rows_end(r);
	}
	return r->status;
}

static void fill_indices(struct system_rows *r)
{
	if (catalog_each_table(r->catalog, r->txn, STR(""), put_indices, r) != OK)
		rows_end(r);
}

/* ---- merges ---- */

static const struct system_column merges_columns[] = {{"database", "String"}, {"table", "String"},
	{"elapsed", "Float64"}, {"progress", "Float64"}, {"num_parts", "UInt64"}, {"source_part_names", "Array(String)"},
	{"result_part_name", "String"}, {"partition_id", "String"}, {"is_mutation", "UInt8"},
	{"total_size_bytes_compressed", "UInt64"}, {"rows_read", "UInt64"}, {"merge_type", "String"},
	{"merge_algorithm", "String"}};

static void put_merge(void *arg, const struct merge_info *m)
{
	struct system_rows *r = arg;
	uint64_t done = m->rows_done;
	rows_textz(r, m->database);
	rows_textz(r, m->table);
	rows_f64(r, (double)(clock_wall_us() - m->started_us) / 1e6);
	rows_f64(r, m->rows_total == 0 ? 0 : done >= m->rows_total ? 1 : (double)done / (double)m->rows_total);
	rows_u64(r, m->part_count);
	rows_default(r);
	rows_textz(r, m->result_part);
	rows_textz(r, m->partition_id);
	rows_bool(r, m->mutation);
	rows_u64(r, m->bytes_total);
	rows_u64(r, done);
	rows_textz(r, "Regular");
	rows_textz(r, "Vertical");
	rows_end(r);
}

static void fill_merges(struct system_rows *r)
{
	merge_info_each(put_merge, r);
}

#define TABLE(name, columns, fill) {name, columns, ARRAY_COUNT(columns), fill}

static const struct system_def defs[] = {
	TABLE("data_skipping_indices", indices_columns, fill_indices),
	TABLE("detached_parts", detached_columns, fill_detached),
	TABLE("merges", merges_columns, fill_merges),
	TABLE("parts", parts_columns, fill_parts),
	TABLE("parts_columns", parts_columns_columns, fill_parts_columns),
};

enum status storage_tables_register(struct catalog *c, struct error *err)
{
	return system_register(c, "system", defs, ARRAY_COUNT(defs), err);
}

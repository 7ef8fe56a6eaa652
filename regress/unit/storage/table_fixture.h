// SPDX-License-Identifier: Apache-2.0
#ifndef REGRESS_UNIT_STORAGE_TABLE_FIXTURE_H
#define REGRESS_UNIT_STORAGE_TABLE_FIXTURE_H
/* Tables below SQL for tests: rows as text go in by insert_text(), come out by scan_text(), merge_all() merges. */
#include <stdlib.h>
#include <unistd.h>
#include "catalog/catalog.h"
#include "io/cache.h"
#include "io/file.h"
#include "kernel/kernel.h"
#include "regress/unit/tap.h"
#include "storage/block_part.h"
#include "storage/part_merge.h"
#include "storage/table_scan.h"

static struct error err;
static char dir[256];
static struct txn_manager *txns;
static struct cache *cache;
static uint32_t slot;
static bool in_memory; /* inserts go to the delta */

/* Columns by name: enough of a binder for keys. */
static enum status bind_names(struct arena *a, const struct stored_sql *sql, const struct table_def *def,
                              struct expr ***exprs, uint32_t *count, struct error *e)
{
	struct str rest = sql->text;
	*exprs = ARENA_ARRAY(a, struct expr *, 8);
	*count = 0;
	while (rest.size != 0) {
		ptrdiff_t comma = str_find_char(rest, ',');
		struct str name = str_trim(comma < 0 ? rest : (struct str){rest.data, (size_t)comma});
		rest = comma < 0 ? (struct str){0} : (struct str){rest.data + comma + 1, rest.size - (size_t)comma - 1};
		const struct column_def *c = table_def_column(def, name);
		if (c == NULL)
			return ERR(e, E_UNKNOWN_COLUMN, "no column %.*s", STR_ARG(name));
		(*exprs)[(*count)++] = expr_column(a, (uint32_t)(c - def->columns), c->type, c->name);
	}
	return OK;
}

static struct table_def *make_def(const char *engine, const char *args, const char *order, const char *partition,
                                  const char *const *columns, uint32_t n)
{
	struct table_def *d = table_def_new(NULL);
	d->name = STR("t");
	d->engine = str_of(engine);
	d->engine_args = str_of(args);
	d->order_by.text = str_of(order);
	d->partition_by.text = str_of(partition);
	d->columns = ARENA_ARRAY(&d->arena, struct column_def, n);
	d->column_count = n;
	d->schema_version = 1;
	d->slot = slot;
	for (uint32_t i = 0; i < n; i++) {
		const char *space = strchr(columns[i], ' ');
		d->columns[i].name = (struct str){columns[i], (size_t)(space - columns[i])};
		d->columns[i].number = i + 1;
		if (type_parse(&d->arena, str_of(space + 1), &d->columns[i].type, &err) != OK)
			exit(1);
	}
	return d;
}

struct fixture {
	struct table_def *def;
	struct table_keys *keys;
	struct table_place *place;
	struct delta_schema *schema;
};

static struct fixture open_fixture(const char *name, const char *engine, const char *args, const char *order,
                                   const char *partition, const char *const *columns, uint32_t n)
{
	struct fixture f = {0};
	char path[512];
	error_init(&err);
	slot = txn_slot_new(txns);
	f.def = make_def(engine, args, order, partition, columns, n);
	if (!ok(table_keys_new(f.def, &f.keys, &err) == OK, "%s: keys are bound: %s", name, err.message))
		exit(1);
	struct part_column stored[16];
	for (uint32_t i = 0; i < n; i++)
		stored[i] = (struct part_column){.name = f.def->columns[i].name, .type = f.def->columns[i].type};
	f.schema = delta_schema_new(1, stored, n);
	table_place_path(dir, str_of(name), path, sizeof path);
	f.place = table_place_new(path);
	if (file_mkdirs(path, false, &err) != OK)
		exit(1);
	return f;
}

static void close_fixture(struct fixture *f)
{
	delta_schema_unref(f->schema);
	table_keys_unref(f->keys);
	table_def_unref(f->def);
	table_place_unref(f->place);
}

/* A change that knows the names of the columns. */
static struct part_change *change_of(struct fixture *f)
{
	struct part_change *c = part_change_new(f->def->slot, f->place);
	struct schema_column names[16];
	for (uint32_t i = 0; i < f->keys->stored_count; i++)
		names[i] = (struct schema_column){i + 1, f->def->columns[i].name};
	part_change_may_create(c);
	part_change_schema(c, schema_names_new(1, names, f->keys->stored_count));
	return c;
}

static bool commit(struct part_change *c)
{
	struct txn *t = txn_begin(txns, TXN_READ_COMMITTED);
	bool good = txn_add_change(t, part_change_base(c), &err) == OK;
	return txn_commit(t, &err) == OK && good;
}

/* Rows as text, columns by '|', rows by ';'. */
static bool insert_text(struct fixture *f, const char *text)
{
	uint32_t n = f->keys->stored_count;
	struct builder *b[16];
	struct vector *stored[16];
	for (uint32_t i = 0; i < n; i++)
		if (builder_new(NULL, f->def->columns[i].type, &b[i], &err) != OK)
			return false;
	for (const char *at = text; *at != '\0';) {
		for (uint32_t i = 0; i < n; i++) {
			size_t size = strcspn(at, "|;");
			if (value_parse(b[i], (struct str){at, size}, VALUE_TSV, &value_options_default, &err) != OK)
				return false;
			at += size + (at[size] != '\0');
		}
	}
	for (uint32_t i = 0; i < n; i++) {
		if (builder_finish(b[i], &stored[i], &err) != OK)
			return false;
		builder_free(b[i]);
	}
	struct part_change *c = change_of(f);
	struct block_target target = {f->keys, f->place, storage_session(DIALECT_CLICKHOUSE), NULL};
	struct block_pieces pieces = {0};
	struct arena a;
	arena_init(&a, NULL);
	target.schema = in_memory ? f->schema : NULL;
	bool good = block_to_pieces(&target, stored, &a, &pieces, &err) == OK;
	for (uint32_t i = 0; good && i < pieces.part_count; i++) {
		good = part_change_add(c, pieces.parts[i], true, &err) == OK;
		part_unref(pieces.parts[i]);
	}
	for (uint32_t i = 0; good && i < pieces.delta_count; i++) {
		const struct delta_piece *d = &pieces.deltas[i];
		good = part_change_append(c, d->partition_id, d->partition, d->block, &err) == OK;
	}
	for (uint32_t i = 0; i < n; i++)
		vector_unref(stored[i]);
	arena_fini(&a);
	return commit(c) && good;
}

/* All rows in scan order, in the form of insert_text. */
static void scan_text(struct fixture *f, struct strbuf *out, bool final)
{
	struct part_set *set = (struct part_set *)txn_newest_version(txns, f->def->slot);
	uint32_t columns[16];
	for (uint32_t i = 0; i < f->def->column_count; i++)
		columns[i] = i;
	struct scan_request r = {.columns = columns, .column_count = f->def->column_count, .threads = 1, .final = final,
	                         .session = storage_session(DIALECT_CLICKHOUSE)};
	struct scan *s;
	strbuf_clear(out);
	if (table_scan_new(set, f->keys, cache, &r, &s, &err) == OK) {
		struct batch *b = NULL;
		while (s->ops->next(s, 0, &b, &err) == OK && b != NULL) {
			for (uint32_t i = 0; i < b->count; i++)
				for (uint32_t c = 0; c < b->column_count; c++) {
					value_write(out, b->columns[c], i, VALUE_TSV, &value_options_default);
					strbuf_putc(out, c + 1 == b->column_count ? ';' : '|');
				}
			batch_free(b);
		}
		s->ops->free(s);
	}
	if (set != NULL)
		version_unref(&set->version);
}

static bool rows_are(struct fixture *f, const char *want, const char *what)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	scan_text(f, &b, false);
	bool same = tap_is_text(b.data == NULL ? "" : b.data, b.size, want, __FILE__, __LINE__, what);
	if (error_is_set(&err))
		printf("#   %s\n", err.message);
	strbuf_fini(&b);
	return same;
}

static uint32_t part_count(struct fixture *f)
{
	struct part_set *set = (struct part_set *)txn_newest_version(txns, f->def->slot);
	uint32_t n = set == NULL ? 0 : set->count;
	if (set != NULL)
		version_unref(&set->version);
	return n;
}

static bool fixtures_begin(const char *test)
{
	const char *tmp = getenv("TMPDIR");
	snprintf(dir, sizeof dir, "%s/%s_%d", tmp != NULL ? tmp : "/tmp", test, (int)getpid());
	error_init(&err);
	kernel_init(CPU_BASELINE);
	function_registry_init();
	aggregate_registry_init();
	part_set_register();
	expr_bind_hook = bind_names;
	struct txn_config config = {.path = dir, .segment_size_max = 1 << 20};
	return ok(txn_manager_open(&config, &txns, &err) == OK && cache_new(&cache, 16 << 20, NULL, &err) == OK,
	          "a new directory: %s", err.message);
}

static int fixtures_end(void)
{
	txn_manager_close(txns);
	cache_free(cache);
	ok(file_remove_tree(dir, &err) == OK, "clean up");
	return tap_done();
}

#endif

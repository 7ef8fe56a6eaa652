// SPDX-License-Identifier: Apache-2.0
/*
 * A table's life below SQL: blocks become sorted parts in partitions, are found again by scans, merged by every
 * engine's rules, dropped, and are there after a restart. What can break: order and stability of the sort, row
 * sequences that do not fit the columns, folding across granules, files of parts that nobody names any more.
 */
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
	table_place_path(dir, str_of(name), path, sizeof path);
	f.place = table_place_new(path);
	if (file_mkdirs(path, false, &err) != OK)
		exit(1);
	return f;
}

static void close_fixture(struct fixture *f)
{
	table_keys_unref(f->keys);
	table_def_unref(f->def);
	table_place_unref(f->place);
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
	struct block_target target = {f->keys, f->place, storage_session(DIALECT_CLICKHOUSE), NULL};
	struct arena a;
	struct part **parts;
	uint32_t count;
	arena_init(&a, NULL);
	bool good = block_to_parts(&target, stored, &a, &parts, &count, &err) == OK;
	struct part_change *c = part_change_new(f->def->slot, f->place);
	part_change_may_create(c);
	struct schema_column names[16];
	for (uint32_t i = 0; i < n; i++)
		names[i] = (struct schema_column){i + 1, f->def->columns[i].name};
	part_change_schema(c, schema_names_new(1, names, n));
	for (uint32_t i = 0; good && i < count; i++) {
		good = part_change_add(c, parts[i], true, &err) == OK;
		part_unref(parts[i]);
	}
	for (uint32_t i = 0; i < n; i++)
		vector_unref(stored[i]);
	arena_fini(&a);
	struct txn *t = txn_begin(txns, TXN_READ_COMMITTED);
	good = good && txn_add_change(t, part_change_base(c), &err) == OK;
	return txn_commit(t, &err) == OK && good;
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

/* All parts, which are of one partition, into one. */
static bool merge_all(struct fixture *f)
{
	struct part_set *set = (struct part_set *)txn_newest_version(txns, f->def->slot);
	struct arena a;
	arena_init(&a, NULL);
	struct merge_env env = {.keys = f->keys, .set = set, .session = storage_session(DIALECT_CLICKHOUSE)};
	struct merge_input *inputs = ARENA_ARRAY(&a, struct merge_input, set->count);
	struct part_change *c = part_change_new(f->def->slot, f->place);
	struct merge_target target = {.place = f->place, .name = set->parts[0]->name};
	bool good = true;
	for (uint32_t i = 0; good && i < set->count; i++) {
		good = merge_input_whole(set->parts[i], i, &a, &inputs[i], &err) == OK
		       && part_change_remove(c, set->parts[i], PART_DELETED, &err) == OK;
		target.name.max_block = set->parts[i]->name.max_block;
	}
	target.name.level++;
	struct merge_options o = {.fold = true};
	struct part *made = NULL;
	good = good && part_merge(&env, inputs, set->count, &o, &target, &made, &err) == OK;
	if (good && made != NULL)
		good = part_change_add(c, made, false, &err) == OK;
	part_unref(made);
	struct txn *t = txn_begin(txns, TXN_READ_COMMITTED);
	good = good && txn_add_change(t, part_change_base(c), &err) == OK;
	good = txn_commit(t, &err) == OK && good;
	version_unref(&set->version);
	arena_fini(&a);
	return ok(good, "parts are merged: %s", err.message) && part_count(f) <= 1;
}

static void test_plain(void)
{
	static const char *const columns[] = {"p UInt8", "k Int32", "s String", "lc LowCardinality(String)", "a Array(UInt8)"};
	struct fixture f = open_fixture("plain", "MergeTree", "", "k,s", "p", columns, 5);
	ok(insert_text(&f, "1|5|b|x|[1];2|7|z|y|[];1|-3|c|x|[2,3];1|5|a|y|[]"), "a block of two partitions: %s", err.message);
	is_int(part_count(&f), 2, "gives two parts");
	rows_are(&f, "1|-3|c|x|[2,3];1|5|a|y|[];1|5|b|x|[1];2|7|z|y|[];", "each sorted by its key");
	ok(insert_text(&f, "2|6|q|w|[9]"), "another");
	rows_are(&f, "1|-3|c|x|[2,3];1|5|a|y|[];1|5|b|x|[1];2|7|z|y|[];2|6|q|w|[9];", "follows its partition");
	close_fixture(&f);
}

static void test_modes(void)
{
	static const char *const versioned[] = {"k UInt32", "ver UInt32", "v String"};
	struct fixture f = open_fixture("replacing", "ReplacingMergeTree", "ver", "k", "", versioned, 3);
	ok(insert_text(&f, "1|1|a;2|5|b;3|1|c") && insert_text(&f, "1|2|A;2|4|B") && insert_text(&f, "3|1|C"),
	   "three inserts");
	merge_all(&f);
	rows_are(&f, "1|2|A;2|5|b;3|1|C;", "Replacing keeps the greatest version, the last of equals");
	close_fixture(&f);

	static const char *const sums[] = {"k UInt32", "a Int64", "b Nullable(UInt8)", "c Float64", "t String"};
	f = open_fixture("summing", "SummingMergeTree", "", "k", "", sums, 5);
	ok(insert_text(&f, "1|10|1|0.5|x;2|1|1|1|y;4|7|\\N|0|w") && insert_text(&f, "1|-3|\\N|0.25|z;2|-1|255|-1|q"),
	   "two inserts");
	merge_all(&f);
	rows_are(&f, "1|7|1|0.75|x;2|0|0|0|y;4|7|\\N|0|w;", "Summing adds, and a sum of a Nullable is something even at 0");
	close_fixture(&f);

	static const char *const signs[] = {"k UInt32", "sign Int8", "v UInt32"};
	f = open_fixture("collapsing", "CollapsingMergeTree", "sign", "k", "", signs, 3);
	ok(insert_text(&f, "1|1|10;2|1|20") && insert_text(&f, "1|-1|10;1|1|11;3|-1|5"), "two inserts");
	merge_all(&f);
	rows_are(&f, "1|1|11;2|1|20;3|-1|5;", "Collapsing cancels");
	close_fixture(&f);

	static const char *const vsigns[] = {"k UInt32", "sign Int8", "ver UInt8", "v UInt32"};
	f = open_fixture("versioned", "VersionedCollapsingMergeTree", "sign, ver", "k", "", vsigns, 4);
	ok(insert_text(&f, "1|1|2|11;1|-1|1|10") && insert_text(&f, "1|1|1|10;2|1|1|5"), "two inserts, out of order");
	merge_all(&f);
	rows_are(&f, "1|1|2|11;2|1|1|5;", "VersionedCollapsing cancels by version");
	close_fixture(&f);

	static const char *const simple[] = {"k UInt32", "m SimpleAggregateFunction(max, UInt32)",
	                                     "s SimpleAggregateFunction(sum, UInt64)", "x String"};
	f = open_fixture("aggregating", "AggregatingMergeTree", "", "k", "", simple, 4);
	ok(insert_text(&f, "1|5|1|a;2|1|1|b") && insert_text(&f, "1|3|10|c;1|9|100|d"), "two inserts");
	merge_all(&f);
	rows_are(&f, "1|9|111|a;2|1|1|b;", "Aggregating folds by each column's function");
	close_fixture(&f);
}

/* Many rows in random order over several inserts, merged wide; every row is there once and in order. */
static void test_large(bool wide)
{
	static const char *const columns[] = {"k UInt32", "s String", "lc LowCardinality(Nullable(String))", "z UInt64"};
	struct fixture f = open_fixture(wide ? "wide" : "compact", "MergeTree", "", "k", "", columns, 4);
	enum { ROWS = 40000, INSERTS = 4 };
	f.keys->settings.index_granularity = 1000;
	if (wide)
		f.keys->settings.min_bytes_for_wide_part = 0;
	struct strbuf text, got;
	strbuf_init(&text, NULL);
	strbuf_init(&got, NULL);
	bool good = true;
	for (uint32_t i = 0; i < INSERTS; i++) {
		strbuf_clear(&text);
		for (uint32_t k = i; k < ROWS; k += INSERTS) {
			uint32_t key = (uint32_t)((uint64_t)k * 7919 % ROWS);
			strbuf_printf(&text, "%s%u|value %u|%s|%u", text.size == 0 ? "" : ";", key, key,
			              key % 3 == 0 ? "\\N" : key % 3 == 1 ? "one" : "two", key % 100 == 99 ? key : 0);
		}
		good = good && insert_text(&f, strbuf_cstr(&text));
	}
	ok(good, "%d rows are inserted: %s", ROWS, err.message);
	merge_all(&f);
	scan_text(&f, &got, false);
	strbuf_clear(&text);
	for (uint32_t key = 0; key < ROWS; key++)
		strbuf_printf(&text, "%u|value %u|%s|%u;", key, key, key % 3 == 0 ? "\\N" : key % 3 == 1 ? "one" : "two",
		              key % 100 == 99 ? key : 0);
	ok(str_eq(strbuf_str(&got), strbuf_str(&text)), "and come back in order, %zu bytes of %zu", got.size, text.size);
	struct part_set *set = (struct part_set *)txn_newest_version(txns, f.def->slot);
	struct part_meta *m;
	ok(set->count == 1 && part_load(set->parts[0], NULL, &m, &err) == OK && m->compact == !wide,
	   "in a part of the kind asked for");
	ok(part_verify(set->parts[0], &err) == OK, "that is whole: %s", err.message);
	version_unref(&set->version);
	strbuf_fini(&text);
	strbuf_fini(&got);
	close_fixture(&f);
}

static void test_restart(void)
{
	static const char *const columns[] = {"k UInt32", "s String"};
	struct fixture f = open_fixture("restart", "MergeTree", "", "k", "", columns, 2);
	ok(insert_text(&f, "2|b;1|a") && insert_text(&f, "3|c"), "two inserts");
	char path[600];
	snprintf(path, sizeof path, "%s/tmp_left_over", f.place->dir);
	if (file_mkdir(path, &err) != OK)
		ok(false, "%s", err.message);
	txn_manager_close(txns);
	struct txn_config config = {.path = dir, .segment_size_max = 1 << 20};
	ok(txn_manager_open(&config, &txns, &err) == OK, "the server starts again: %s", err.message);
	struct part_set *set = (struct part_set *)txn_newest_version(txns, f.def->slot);
	ok(set != NULL && part_set_reconcile(set, &err) == OK, "and looks through its files: %s", err.message);
	ok(!file_exists(path), "what no commit names is gone");
	version_unref(&set->version);
	rows_are(&f, "1|a;2|b;3|c;", "what was committed is there");
	struct txn *t = txn_begin(txns, TXN_READ_COMMITTED);
	ok(txn_clear_slot(t, f.def->slot, &err) == OK && txn_commit(t, &err) == OK, "the table is dropped");
	ok(!file_exists(f.place->dir), "and so is its directory");
	close_fixture(&f);
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	snprintf(dir, sizeof dir, "%s/table_test_%d", tmp != NULL ? tmp : "/tmp", (int)getpid());
	error_init(&err);
	kernel_init(CPU_BASELINE);
	function_registry_init();
	aggregate_registry_init();
	part_set_register();
	expr_bind_hook = bind_names;
	struct txn_config config = {.path = dir, .segment_size_max = 1 << 20};
	if (txn_manager_open(&config, &txns, &err) != OK || cache_new(&cache, 16 << 20, NULL, &err) != OK) {
		ok(false, "%s", err.message);
		return tap_done();
	}
	test_plain();
	test_modes();
	test_large(true);
	test_large(false);
	test_restart();
	txn_manager_close(txns);
	cache_free(cache);
	ok(file_remove_tree(dir, &err) == OK, "clean up");
	return tap_done();
}

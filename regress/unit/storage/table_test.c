// SPDX-License-Identifier: Apache-2.0
/*
 * A table's life below SQL: blocks become sorted parts in partitions, are found again by scans, merged by every
 * engine's rules, dropped, and are there after a restart. What can break: order and stability of the sort, row
 * sequences that do not fit the columns, folding across granules, files of parts that nobody names any more.
 */
#include "regress/unit/storage/table_merge.h"

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
	ok(set != NULL && part_set_reconcile(set, false, &err) == OK, "and looks through its files: %s", err.message);
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
	if (!fixtures_begin("table_test"))
		return tap_done();
	test_plain();
	test_modes();
	test_large(true);
	test_large(false);
	test_restart();
	return fixtures_end();
}

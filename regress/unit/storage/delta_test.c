// SPDX-License-Identifier: Apache-2.0
/*
 * Rows in memory: what small inserts put there is read, merged and folded as if it were on disk, and is there again
 * after a restart, from the log as well as from the MANIFEST. What can break: blocks that are joined as the delta
 * grows, row numbers, the form of every type in the log, which delta a row goes to when a part came between.
 */
#include "regress/unit/storage/table_merge.h"
#include "storage/delta_change.h"

/* Every physical type, nested and NULL. */
static void test_codec(void)
{
	static const char *const columns[] = {"a Int8", "b Nullable(UInt256)", "c String", "d Nullable(String)",
	                                      "e Array(Array(String))", "f Map(String, Nullable(Int32))",
	                                      "g Tuple(x Float64, y LowCardinality(String))", "h FixedString(3)",
	                                      "i Array(Tuple(UInt8, String))", "j LowCardinality(Nullable(String))",
	                                      "k DateTime64(3, 'UTC')", "l UUID", "m Decimal(30, 5)",
	                                      "n Enum8('p' = 1, 'q' = -2)"};
	static const char rows[] =
		"-1|\\N|a string that is long|\\N|[['x','another string that is long'],[]]"
		"|{'k':NULL,'a key that is long':7}|(0.5,'lc')"
		"|abc|[(1,'a'),(2,'a third string that is long')]|\\N|2020-01-02 03:04:05.678|00000000-0000-0001-0000-000000000002"
		"|1.5|q;"
		"5|115792089237316195423570985008687907853269984665640564039457584007913129639935|||[]|{}|(nan,'')|z\\0\\0|[]"
		"|lc"
		"|1970-01-01 00:00:00.000|ffffffff-ffff-ffff-ffff-ffffffffffff|-99999.99999|p;";
	struct fixture f = open_fixture("codec", "MergeTree", "", "", "", columns, 14);
	struct strbuf first, again;
	strbuf_init(&first, NULL);
	strbuf_init(&again, NULL);
	in_memory = true;
	ok(insert_text(&f, rows), "rows of all types: %s", err.message);
	rows_are(&f, rows, "are read from memory");
	struct part_set *set = (struct part_set *)txn_newest_version(txns, f.def->slot);
	const struct delta *d = set->parts[0]->delta;
	struct delta_block *back = NULL;
	delta_block_encode(d->blocks[0], &first);
	ok(delta_block_decode(f.schema, strbuf_str(&first), &back, &err) == OK, "their bytes are read: %s", err.message);
	if (back != NULL)
		delta_block_encode(back, &again);
	ok(str_eq(strbuf_str(&first), strbuf_str(&again)), "and written alike");
	delta_block_unref(back);
	uint32_t accepted = 0;
	for (size_t n = 0; n < first.size; n++) {
		struct error ignored;
		error_init(&ignored);
		if (delta_block_decode(f.schema, (struct str){first.data, n}, &back, &ignored) == OK) {
			delta_block_unref(back);
			accepted++;
		}
	}
	is_int(accepted, 0, "none of them that are cut short");
	version_unref(&set->version);
	ok(merge_all(&f), "on disk");
	rows_are(&f, rows, "they are the same");
	strbuf_fini(&first);
	strbuf_fini(&again);
	close_fixture(&f);
}

static bool reopen(bool checkpoint)
{
	if (checkpoint && txn_checkpoint(txns, &err) != OK)
		return false;
	struct txn_manager *old = txns;
	struct txn_config config = {.path = dir, .segment_size_max = 1 << 20};
	/* the log as a crash leaves it: a copy of the directory, as a clean stop would write a checkpoint */
	char copy[300], from[600], to[600];
	snprintf(copy, sizeof copy, "%s.copy", dir);
	struct arena a;
	arena_init(&a, NULL);
	bool good = file_remove_tree(copy, &err) == OK || !file_exists(copy);
	error_clear(&err);
	static const char *const dirs[] = {"", "/wal"};
	for (size_t k = 0; good && k < 2; k++) {
		struct file_entry *entries;
		size_t n;
		snprintf(from, sizeof from, "%s%s", dir, dirs[k]);
		snprintf(to, sizeof to, "%s%s", copy, dirs[k]);
		good = file_mkdirs(to, false, &err) == OK && file_list(from, &a, &entries, &n, &err) == OK;
		for (size_t i = 0; good && i < n; i++) {
			if (entries[i].kind != FILE_REGULAR)
				continue;
			struct strbuf bytes;
			strbuf_init(&bytes, NULL);
			snprintf(from, sizeof from, "%s%s/%s", dir, dirs[k], entries[i].name);
			snprintf(to, sizeof to, "%s%s/%s", copy, dirs[k], entries[i].name);
			good = file_read_all(from, SIZE_MAX, &bytes, &err) == OK
			       && file_replace(to, bytes.data, bytes.size, &err) == OK;
			strbuf_fini(&bytes);
		}
	}
	arena_fini(&a);
	config.path = copy;
	txn_manager_close(old);
	txns = NULL;
	if (good && file_remove_tree(dir, &err) == OK && file_rename(copy, dir, &err) == OK) {
		config.path = dir;
		return txn_manager_open(&config, &txns, &err) == OK;
	}
	return false;
}

static void describe_deltas(struct fixture *f, struct strbuf *to)
{
	struct part_set *set = (struct part_set *)txn_newest_version(txns, f->def->slot);
	strbuf_clear(to);
	for (uint32_t i = 0; set != NULL && i < set->count; i++)
		strbuf_printf(to, "%s:%llu%s ", set->parts[i]->name_text, (unsigned long long)set->parts[i]->rows,
		              set->parts[i]->delta != NULL ? "m" : "d");
	if (set != NULL)
		version_unref(&set->version);
}

static bool deltas_are(struct fixture *f, const char *want, const char *what)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	describe_deltas(f, &b);
	bool same = tap_is_text(b.data == NULL ? "" : b.data, b.size, want, __FILE__, __LINE__, what);
	strbuf_fini(&b);
	return same;
}

/* Inserts of one row and of many, so that blocks of all sizes are joined. */
static void test_growth(void)
{
	static const char *const columns[] = {"k UInt32", "s String", "n Nullable(UInt8)"};
	enum { INSERTS = 1500 };
	struct fixture f = open_fixture("growth", "MergeTree", "", "", "", columns, 3);
	struct strbuf want, one, got;
	strbuf_init(&want, NULL);
	strbuf_init(&one, NULL);
	strbuf_init(&got, NULL);
	bool good = true;
	uint32_t key = 0, blocks = 0;
	for (uint32_t i = 0; good && i < INSERTS; i++) {
		uint32_t rows = i % 500 == 250 ? 9000 : i % 100 == 99 ? 700 : i % 17 == 3 ? 20 : 1;
		strbuf_clear(&one);
		for (uint32_t r = 0; r < rows; r++, key++)
			strbuf_printf(&one, "%u|the value of row %u|%s;", key, key, key % 5 == 0 ? "\\N" : "7");
		strbuf_puts(&want, strbuf_str(&one));
		good = insert_text(&f, strbuf_cstr(&one));
		struct part_set *set = (struct part_set *)txn_newest_version(txns, f.def->slot);
		const struct delta *d = set->parts[set->count - 1]->delta;
		blocks = d->count - d->closed > blocks ? d->count - d->closed : blocks;
		version_unref(&set->version);
	}
	ok(good, "%d inserts, %u rows: %s", INSERTS, key, err.message);
	ok(blocks <= 36, "in never more than %u open blocks", blocks);
	is_int(part_count(&f), 1, "are one part");
	scan_text(&f, &got, false);
	ok(str_eq(strbuf_str(&got), strbuf_str(&want)), "and read in order, %zu bytes of %zu", got.size, want.size);
	for (int i = 0; i < 2; i++) {
		ok(reopen(i == 1), "a start from %s: %s", i == 1 ? "the MANIFEST" : "the log", err.message);
		scan_text(&f, &got, false);
		ok(str_eq(strbuf_str(&got), strbuf_str(&want)), "has them all, %zu bytes of %zu", got.size, want.size);
		struct part_set *set = (struct part_set *)txn_newest_version(txns, f.def->slot);
		struct vector *numbers = NULL;
		const struct part *p = set->parts[0];
		bool ascends = delta_read(p->delta, 3, 0, (uint32_t)p->rows, NULL, &numbers, &err) == OK;
		const uint64_t *v = ascends ? numbers->data : NULL;
		for (uint64_t r = 1; ascends && r < p->rows; r++)
			ascends = v[r] == v[r - 1] || v[r] == v[r - 1] + 1;
		ok(ascends && v[0] == 1 && v[p->rows - 1] == INSERTS, "with the numbers of their commits");
		vector_unref(numbers);
		version_unref(&set->version);
	}
	strbuf_fini(&want);
	strbuf_fini(&one);
	strbuf_fini(&got);
	close_fixture(&f);
}

/* Which delta a row goes to is decided once, and found again in the log. */
static void test_order(void)
{
	static const char *const columns[] = {"p UInt8", "k UInt32"};
	struct fixture f = open_fixture("order", "MergeTree", "", "k", "p", columns, 2);
	in_memory = true;
	ok(insert_text(&f, "1|10;2|20") && insert_text(&f, "1|11"), "three rows: %s", err.message);
	deltas_are(&f, "1_1_3_0:2m 2_2_2_0:1m ", "two partitions, two deltas");
	in_memory = false;
	ok(insert_text(&f, "1|12"), "a part on disk");
	in_memory = true;
	ok(insert_text(&f, "1|13;2|21"), "and more rows");
	deltas_are(&f, "1_1_3_0:2m 1_4_4_0:1d 1_5_5_0:1m 2_2_6_0:2m ", "do not pass it");
	struct part_change *c = change_of(&f);
	part_change_seal(c, STR("2"));
	ok(commit(c) && insert_text(&f, "2|22;1|14"), "a delta that is sealed: %s", err.message);
	deltas_are(&f, "1_1_3_0:2m 1_4_4_0:1d 1_5_8_0:2m 2_2_6_0:2m 2_7_7_0:1m ", "does not grow");
	ok(reopen(false), "a start: %s", err.message);
	deltas_are(&f, "1_1_3_0:2m 1_4_4_0:1d 1_5_8_0:2m 2_2_6_0:2m 2_7_7_0:1m ", "finds the same");
	ok(insert_text(&f, "2|23"), "rows after it");
	deltas_are(&f, "1_1_3_0:2m 1_4_4_0:1d 1_5_8_0:2m 2_2_6_0:2m 2_7_9_0:2m ", "go to the last");
	c = change_of(&f);
	if (part_change_remove_blocks(c, STR("2"), 8, PART_DELETED, &err) != OK)
		ok(false, "%s", err.message);
	ok(!commit(c) && err.status == E_SERIALIZATION_FAILURE, "a range that ends within a delta is refused");
	error_clear(&err);
	c = change_of(&f);
	if (part_change_remove_blocks(c, STR("2"), 9, PART_DELETED, &err) != OK)
		ok(false, "%s", err.message);
	ok(commit(c), "one that does not is dropped: %s", err.message);
	deltas_are(&f, "1_1_3_0:2m 1_4_4_0:1d 1_5_8_0:2m ", "whole");
	close_fixture(&f);
}

static void test_own(void)
{
	static const char *const columns[] = {"k UInt32"};
	struct fixture f = open_fixture("own", "MergeTree", "", "k", "", columns, 1);
	in_memory = true;
	ok(insert_text(&f, "1;2"), "two rows: %s", err.message);
	struct txn *t = txn_begin(txns, TXN_READ_COMMITTED);
	uint64_t savepoint = 0;
	struct part_set *set;
	for (uint32_t i = 0; i < 3; i++) {
		struct builder *b;
		struct vector *v = NULL;
		struct delta_block *block;
		uint32_t key = 10 + i;
		bool good = builder_new(NULL, f.def->columns[0].type, &b, &err) == OK && builder_fixed(b, &key, &err) == OK
		            && builder_finish(b, &v, &err) == OK && delta_block_new(f.schema, &v, NULL, 1, &block, &err) == OK;
		struct part_change *c = change_of(&f);
		good = good && part_change_append(c, STR("all"), STR(""), block, &err) == OK
		       && txn_add_change(t, part_change_base(c), &err) == OK;
		ok(good, "a row of the transaction's: %s", err.message);
		if (i == 1)
			savepoint = txn_savepoint(t);
		builder_free(b);
		vector_unref(v);
	}
	set = (struct part_set *)txn_version(t, f.def->slot);
	is_int(set->rows, 5, "it sees its own");
	is_int(set->count, 2, "in a delta beside the others'");
	rows_are(&f, "1;2;", "others do not");
	ok(insert_text(&f, "3"), "who insert meanwhile");
	ok(txn_rollback_to(t, savepoint, &err) == OK && txn_statement_begin(t, &err) == OK, "back to a savepoint");
	is_int(((const struct part_set *)txn_version(t, f.def->slot))->rows, 5, "what is left, and the other's row");
	ok(txn_commit(t, &err) == OK, "commit: %s", err.message);
	rows_are(&f, "1;2;3;10;11;", "makes them everybody's, in the order of commits");
	deltas_are(&f, "all_1_4_0:5m ", "in one delta");
	close_fixture(&f);
}

static void test_folds(void)
{
	static const char *const versioned[] = {"k UInt32", "ver UInt32", "v String"};
	struct fixture f = open_fixture("delta_replacing", "ReplacingMergeTree", "ver", "k", "", versioned, 3);
	in_memory = true;
	ok(insert_text(&f, "1|1|a;3|1|c;2|5|b") && insert_text(&f, "1|2|A;2|4|B") && insert_text(&f, "3|1|C"),
	   "three inserts: %s", err.message);
	merge_all(&f);
	rows_are(&f, "1|2|A;2|5|b;3|1|C;", "a flush folds rows, which are in any order");
	ok(insert_text(&f, "1|1|x;4|1|d"), "rows beside a part");
	merge_all(&f);
	rows_are(&f, "1|2|A;2|5|b;3|1|C;4|1|d;", "are merged with it");
	close_fixture(&f);
}

int main(void)
{
	if (!fixtures_begin("delta_test"))
		return tap_done();
	test_codec();
	test_growth();
	test_order();
	test_own();
	test_folds();
	int failed = fixtures_end();
	return failed;
}

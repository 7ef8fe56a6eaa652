// SPDX-License-Identifier: Apache-2.0
/*
 * Parts: what is written is what is read, for every type, wide and compact, current and classic layout, from any
 * granule on; and a flipped bit is noticed. What can break: streams of nested types, dictionaries that overflow, sparse
 * runs across granules, values that straddle blocks. Arguments: a directory that holds parts of the reference engine to
 * read (columns.txt says what is in them); with KEEP set in the environment the parts stay.
 */
#include <stdlib.h>
#include <unistd.h>
#include "kernel/kernel.h"
#include "regress/unit/tap.h"
#include "storage/part_reader.h"
#include "storage/part_writer.h"

enum { ROWS = 3000, COLUMNS_MAX = 80 };

static struct error err;
static char dir[256];
static struct arena arena;
static struct eval_session session;

/* Column: type, values by row number; %1 is the row, %2 row % 7, %3 a letter. */
static const struct {
	const char *name, *type, *format;
} specs[] = {
	{"k", "UInt32", "%1"},
	{"i8", "Int8", "-%2"},
	{"i16", "Int16", "%1"},
	{"i64", "Int64", "-%1"},
	{"i128", "Int128", "-%1"},
	{"i256", "Int256", "%1"},
	{"u8", "UInt8", "%2"},
	{"u64", "UInt64", "%1000000"},
	{"u256", "UInt256", "%1"},
	{"f32", "Float32", "%1.5"},
	{"f64", "Float64", "%1.25"},
	{"d32", "Decimal(9, 2)", "'%1.%2'"},
	{"d128", "Decimal(38, 5)", "'%1.%2'"},
	{"d256", "Decimal(76, 5)", "'%1.%2'"},
	{"s", "String", "'value %1 of some length'"},
	{"short", "String", "'%2'"},
	{"fs", "FixedString(5)", "'ab%2'"},
	{"fs20", "FixedString(20)", "'abcdefghijklmnopq%2'"},
	{"u", "UUID", "'00112233-4455-6677-8899-aabbccddee%20'"},
	{"dt", "Date", "'2024-01-0%4'"},
	{"dt32", "Date32", "'1924-01-0%4'"},
	{"t", "DateTime('UTC')", "'2024-01-01 00:00:0%2'"},
	{"t64", "DateTime64(6, 'UTC')", "'2024-01-01 00:00:00.00000%2'"},
	{"b", "Bool", "%5"},
	{"e8", "Enum8('a' = 1, 'b' = 2)", "'%3'"},
	{"e16", "Enum16('a' = 1000, 'b' = -1)", "'%3'"},
	{"ip4", "IPv4", "'10.0.0.%2'"},
	{"ip6", "IPv6", "'2001:db8::%2'"},
	{"nn", "Nullable(Int32)", "%N%1"},
	{"ns", "Nullable(String)", "%N'%1'"},
	{"lc", "LowCardinality(String)", "'%2'"},
	{"lcn", "LowCardinality(Nullable(String))", "%N'%2'"},
	{"lcu", "LowCardinality(UInt64)", "%2"},
	{"lcmany", "LowCardinality(String)", "'key %1'"},
	{"lcfs", "LowCardinality(FixedString(3))", "'a%2'"},
	{"a", "Array(Int32)", "[%1, %2]"},
	{"ae", "Array(String)", "[%S]"},
	{"aa", "Array(Array(LowCardinality(String)))", "[['%2', '%1'], []]"},
	{"an", "Array(Nullable(String))", "[NULL, '%1']"},
	{"m", "Map(String, UInt8)", "{'a%1': %2}"},
	{"ml", "Map(LowCardinality(String), String)", "{'a%2': 'b%1'}"},
	{"tp", "Tuple(x UInt8, y String)", "(%2, 'y%1')"},
	{"tu", "Tuple(UInt8, Nullable(String))", "(%2, NULL)"},
	{"n.k", "Array(UInt8)", "[%2, 1]"},
	{"n.v", "Array(String)", "['%2', 'v']"},
	{"sp", "UInt64", "%Z"},
	{"sps", "String", "'%Z'"},
	{"spf", "FixedString(4)", "'%0'"},
	{"sa", "SimpleAggregateFunction(sum, UInt64)", "%1"},
};

static void render(struct strbuf *to, const char *f, uint32_t row)
{
	strbuf_clear(to);
	for (; *f != '\0'; f++) {
		if (*f != '%') {
			strbuf_putc(to, *f);
			continue;
		}
		switch (*++f) {
		case '0':
			if (row % 500 == 3)
				strbuf_putz(to, "x");
			break;
		case '1':
			strbuf_put_u64(to, row);
			break;
		case '2':
			strbuf_put_u64(to, row % 7);
			break;
		case '3':
			strbuf_putc(to, row % 3 == 0 ? 'a' : 'b');
			break;
		case '4':
			strbuf_put_u64(to, row % 7 + 1);
			break;
		case '5':
			strbuf_putz(to, row % 2 ? "true" : "false");
			break;
		case 'N':
			if (row % 3 == 1) {
				strbuf_putz(to, "NULL");
				return;
			}
			break;
		case 'S':
			for (uint32_t i = 0; i < row % 4; i++)
				strbuf_printf(to, "%s'%u'", i ? ", " : "", row + i);
			break;
		case 'Z':
			if (row % 400 == 399)
				strbuf_put_u64(to, row);
			else if (f[1] != '\'')
				strbuf_putc(to, '0');
			break;
		}
	}
}

static struct vector *columns[COLUMNS_MAX];
static const struct type *types[COLUMNS_MAX];

static void make_columns(void)
{
	struct strbuf text;
	strbuf_init(&text, NULL);
	for (uint32_t c = 0; c < ARRAY_COUNT(specs); c++) {
		struct builder *b;
		if (type_parse(&arena, str_of(specs[c].type), &types[c], &err) != OK
		    || builder_new(NULL, types[c], &b, &err) != OK) {
			ok(false, "%s: %s", specs[c].type, err.message);
			exit(1);
		}
		for (uint32_t row = 0; row < ROWS; row++) {
			render(&text, specs[c].format, row);
			if (value_parse(b, strbuf_str(&text), VALUE_QUOTED, &value_options_default, &err) != OK) {
				ok(false, "%s: %s", specs[c].type, err.message);
				exit(1);
			}
		}
		if (builder_finish(b, &columns[c], &err) != OK)
			exit(1);
		builder_free(b);
	}
	strbuf_fini(&text);
}

static struct sparse_kind *kind_of(uint32_t c)
{
	struct sparse_kind *k = ARENA_NEW(&arena, struct sparse_kind);
	if (types[c]->id == TYPE_TUPLE) {
		k->child_count = types[c]->child_count;
		k->children = ARENA_ARRAY(&arena, struct sparse_kind *, k->child_count);
		for (uint32_t i = 0; i < k->child_count; i++)
			k->children[i] = ARENA_NEW(&arena, struct sparse_kind);
		return k;
	}
	if (!type_may_be_sparse(types[c]))
		return NULL;
	k->rows = ROWS;
	k->defaults = vector_count_defaults(columns[c]);
	k->sparse = strncmp(specs[c].name, "sp", 2) == 0;
	return k;
}

static bool write_rows(struct part_writer *w, bool compact, uint32_t granule)
{
	for (uint32_t c = 0; !compact && c < ARRAY_COUNT(specs); c++) {
		if (part_writer_column_begin(w, c, &err) != OK)
			return false;
		for (uint32_t at = 0; at < ROWS; at += granule)
			if (part_writer_column_granule(w, columns[c], at, ROWS - at < granule ? ROWS - at : granule, &err) != OK)
				return false;
		if (part_writer_column_end(w, &err) != OK)
			return false;
	}
	for (uint32_t at = 0; at < ROWS; at += granule) {
		const struct vector *key[1] = {columns[0]};
		part_writer_key(w, key, 1, at);
		for (uint32_t c = 0; compact && c < ARRAY_COUNT(specs); c++)
			if (part_writer_granule_column(w, c, columns[c], at, ROWS - at < granule ? ROWS - at : granule, &err) != OK)
				return false;
	}
	const struct vector *key[1] = {columns[0]};
	part_writer_key(w, key, 1, ROWS - 1);
	return true;
}

static bool write_part(const char *name, bool compact, bool classic, uint32_t granule)
{
	char path[400];
	snprintf(path, sizeof path, "%s/%s", dir, name);
	struct part_column *pc = ARENA_ARRAY(&arena, struct part_column, ARRAY_COUNT(specs));
	struct str *codecs = ARENA_ARRAY(&arena, struct str, ARRAY_COUNT(specs));
	for (uint32_t c = 0; c < ARRAY_COUNT(specs); c++) {
		pc[c] = (struct part_column){str_of(specs[c].name), types[c], kind_of(c)};
		if (strcmp(specs[c].name, "i64") == 0)
			codecs[c] = STR("Delta, LZ4");
		if (strcmp(specs[c].name, "nn") == 0)
			codecs[c] = STR("T64, ZSTD(1)");
	}
	struct part_spec spec = {
		.dir = path,
		.columns = {.columns = pc, .count = ARRAY_COUNT(specs)},
		.codecs = codecs,
		.default_codec = codec_chain_lz4,
		.compact = compact,
		.classic = classic,
		.session = &session,
	};
	struct part_writer *w;
	struct part_written written;
	if (part_writer_new(&spec, &w, &err) != OK)
		return false;
	if (!write_rows(w, compact, granule) || part_writer_finish(w, ROWS, &written, &err) != OK) {
		part_writer_abort(w);
		return false;
	}
	return written.rows == ROWS && written.granules == (ROWS + granule - 1) / granule;
}

/* Values that are told apart by their text only; -1: a difference, and where. */
static bool same_rows(const struct vector *v, uint32_t from, const struct vector *want, uint32_t at, uint32_t n,
                      const char *what)
{
	struct strbuf a, b;
	strbuf_init(&a, NULL);
	strbuf_init(&b, NULL);
	bool same = true;
	for (uint32_t i = 0; same && i < n; i++) {
		strbuf_clear(&a);
		strbuf_clear(&b);
		value_write(&a, v, from + i, VALUE_TSV, &value_options_default);
		value_write(&b, want, at + i, VALUE_TSV, &value_options_default);
		same = str_eq(strbuf_str(&a), strbuf_str(&b));
		if (!same)
			printf("# %s row %u: got %s want %s\n", what, at + i, strbuf_cstr(&a), strbuf_cstr(&b));
	}
	strbuf_fini(&a);
	strbuf_fini(&b);
	return same;
}

static bool read_range(struct part *p, struct part_meta *m, uint32_t granule, uint32_t step, struct cache *cache)
{
	struct arena scratch;
	arena_init(&scratch, NULL);
	struct eval e = {.session = &session, .scratch = &scratch, .err = &err};
	struct part_reader *r;
	bool good = true;
	for (uint32_t c = 0; good && c < ARRAY_COUNT(specs); c++) {
		uint32_t column = part_meta_column(m, str_of(specs[c].name));
		if (part_reader_new(p, m, &column, 1, cache, &e, &r, &err) != OK)
			return false;
		good = part_reader_seek(r, granule, m->granules, &err) == OK;
		while (good && part_reader_row(r) < m->rows) {
			uint32_t at = (uint32_t)part_reader_row(r);
			uint32_t n = m->rows - at < step ? (uint32_t)(m->rows - at) : step;
			struct vector *v;
			good = part_reader_read(r, n, &v, &err) == OK;
			if (!good)
				break;
			good = same_rows(v, 0, columns[c], at, n, specs[c].name);
			vector_unref(v);
			if (good && part_reader_row(r) + 37 < m->rows)
				good = part_reader_skip(r, 37, &err) == OK;
		}
		if (!good)
			printf("# column %s: %s\n", specs[c].name, err.message);
		part_reader_free(r);
	}
	arena_fini(&scratch);
	return good;
}

static void flip(const char *name, const char *file, long offset)
{
	char path[400];
	snprintf(path, sizeof path, "%s/%s/%s", dir, name, file);
	FILE *f = fopen(path, "r+");
	if (f == NULL)
		return;
	fseek(f, offset, SEEK_SET);
	int c = fgetc(f);
	fseek(f, offset, SEEK_SET);
	fputc(c ^ 4, f);
	fclose(f);
}

static void test_part(const char *name, bool compact, bool classic, uint32_t granule)
{
	error_init(&err);
	ok(write_part(name, compact, classic, granule), "%s is written: %s", name, err.message);
	struct part *p;
	struct part_meta *m;
	struct cache *cache;
	const struct type *key[1] = {types[0]};
	if (!ok(part_new(str_of(name), dir, name, &p, &err) == OK && part_load(p, &session, &m, &err) == OK,
	        "and loaded: %s", err.message))
		return;
	ok(m->compact == compact && m->rows == ROWS, "as what it is");
	ok(part_load_keys(p, m, key, 1, &err) == OK && m->keys[0]->count == m->granules + 1, "with its index: %s",
	   err.message);
	ok(((uint32_t *)m->keys[0]->data)[1] == (granule < ROWS ? granule : ROWS - 1) &&
	   ((uint32_t *)m->keys[0]->data)[m->granules] == ROWS - 1,
	   "which holds the first key of each granule and the last one");
	ok(read_range(p, m, 0, 8192, NULL), "all at once: %s", err.message);
	ok(read_range(p, m, 0, 777, NULL), "in pieces, with gaps: %s", err.message);
	if (cache_new(&cache, 64 << 20, NULL, &err) == OK) {
		ok(read_range(p, m, m->granules / 2, 100, cache), "from the middle: %s", err.message);
		ok(read_range(p, m, m->granules / 2, 1000, cache), "from the cache: %s", err.message);
		cache_free(cache);
	}
	ok(part_verify(p, &err) == OK, "its checksums hold: %s", err.message);
	part_unref(p);
	if (getenv("KEEP") != NULL)
		return;
	flip(name, compact ? "data.bin" : "k.bin", 40);
	if (part_new(str_of(name), dir, name, &p, &err) == OK && part_load(p, &session, &m, &err) == OK) {
		ok(!read_range(p, m, 0, 8192, NULL) && err.status != OK, "a flipped bit is noticed: %s", err.message);
		error_init(&err);
		ok(part_verify(p, &err) == E_CHECKSUM_DOESNT_MATCH, "and named: %s", err.message);
	}
	part_unref(p);
	error_init(&err);
	flip(name, "count.txt", 0);
	if (part_new(str_of(name), dir, name, &p, &err) == OK)
		ok(part_load(p, &session, &m, &err) == E_CHECKSUM_DOESNT_MATCH, "so is one in a small file: %s", err.message);
	part_unref(p);
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	snprintf(dir, sizeof dir, "%s/part_test_%d", tmp != NULL ? tmp : "/tmp", (int)getpid());
	if (getenv("KEEP") != NULL)
		snprintf(dir, sizeof dir, "%s", getenv("KEEP"));
	arena_init(&arena, NULL);
	error_init(&err);
	session.tz = timezone_utc();
	session.text = &value_options_default;
	kernel_init(CPU_BASELINE);
	if (file_mkdirs(dir, false, &err) != OK)
		return 1;
	make_columns();
	test_part("all_1_1_0", false, false, 100);
	test_part("all_2_2_0", true, false, 100);
	test_part("all_3_3_0", false, true, 1024);
	test_part("all_4_4_0", true, true, 1024);
	test_part("all_5_5_0", true, false, 8192);
	for (uint32_t c = 0; c < ARRAY_COUNT(specs); c++)
		vector_unref(columns[c]);
	arena_fini(&arena);
	if (getenv("KEEP") == NULL)
		ok(file_remove_tree(dir, &err) == OK, "clean up");
	return tap_done();
}

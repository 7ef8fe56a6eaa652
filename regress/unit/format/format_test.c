// SPDX-License-Identifier: Apache-2.0
/* Formats: what the reference systems write, read back; damaged and cut inputs; blocks in order under a pool. */
#include <stdlib.h>

#include "format/format.h"
#include "format/native_scan.h"
#include "io/pool.h"
#include "regress/unit/tap.h"

static struct arena arena;
static struct memtrack track;

/* ---- input in chunks ---- */

struct source {
	struct str text;
	size_t at, chunk;
};

static enum status read_source(void *arg, struct str *chunk, struct error *err)
{
	struct source *s = arg;
	size_t n = s->text.size - s->at;
	(void)err;
	if (n > s->chunk)
		n = s->chunk;
	*chunk = str_make(s->text.data + s->at, n);
	s->at += n;
	return OK;
}

static uint32_t parse_columns(const char *spec, struct format_column *columns)
{
	const struct type *t;
	struct error err;
	error_init(&err);
	if (type_parse(&arena, str_of(spec), &t, &err) != OK) {
		printf("# %s: %s\n", spec, err.message);
		return 0;
	}
	for (uint32_t k = 0; k < t->child_count; k++)
		columns[k] = (struct format_column){t->names[k], t->children[k]};
	return t->child_count;
}

struct result {
	enum status status;
	struct error err;
	uint64_t rows, missing, consumed;
	struct strbuf text; /* written again in another format */
};

static void run(struct result *out, const char *from, const char *to, const char *spec, struct str input,
	size_t chunk,
                const struct format_options *options)
{
	struct format_column columns[64];
	uint32_t n = parse_columns(spec, columns);
	struct source source = {input, 0, chunk};
	struct format_input in = {read_source, &source};
	struct format_reader *r = NULL;
	struct format_writer *w = NULL;
	memset(out, 0, sizeof *out);
	error_init(&out->err);
	strbuf_init(&out->text, &track);
	out->status = format_reader_new(str_of(from), columns, n, options, &in, STR("t"), &track, &r, &out->err);
	if (out->status == OK)
		out->status = format_writer_new(str_of(to), columns, n, options, &track, &w, &out->err);
	if (out->status == OK)
		out->status = format_write_begin(w, &out->text, &out->err);
	while (out->status == OK) {
		struct format_block block;
		out->status = format_read(r, &block, &out->err);
		uint32_t rows = block.batch.count;
		for (uint32_t c = 0; c < n && rows != 0; c++)
			if (block.missing != NULL && block.missing[c] != NULL)
				out->missing += bits_count(block.missing[c], 0, rows);
		if (out->status == OK && rows != 0)
			out->status = format_write_batch(w, &block.batch, &out->text, &out->err);
		out->rows += rows;
		format_block_fini(&block);
		if (rows == 0)
			break;
	}
	struct format_summary summary = {.rows = out->rows};
	if (out->status == OK)
		out->status = format_write_end(w, &summary, &out->text, &out->err);
	if (r != NULL)
		out->consumed = format_reader_consumed(r);
	format_writer_free(w);
	format_reader_free(r);
}

static void free_result(struct result *r)
{
	strbuf_fini(&r->text);
}

/* Reads `input`, writes it in another format, compares. */
static void is_text(const char *from, const char *to, const char *spec, const char *input, const char *want,
                    const struct format_options *options, const char *what)
{
	static const size_t chunks[] = {1, 7, 1 << 20};
	for (size_t i = 0; i < ARRAY_COUNT(chunks); i++) {
		struct result r;
		run(&r, from, to, spec, str_of(input), chunks[i], options);
		bool good = r.status == OK && r.text.size == strlen(want) && memcmp(r.text.data, want, r.text.size) == 0;
		ok(good, "%s (%s to %s, chunks of %zu)", what, from, to, chunks[i]);
		if (!good)
			printf("# status %s: %s\n# got  '%.*s'\n# want '%s'\n", status_name(r.status), r.err.message,
			       (int)r.text.size, r.text.data == NULL ? "" : r.text.data, want);
		free_result(&r);
	}
}

static void fails(const char *from, const char *spec, const char *input, enum status status, const char *message,
                  const char *context, const struct format_options *options)
{
	struct result r;
	run(&r, from, "Null", spec, str_of(input), 1 << 20, options);
	ok(r.status == status && strstr(r.err.message, message) != NULL &&
	   (context == NULL || strcmp(r.err.context, context) == 0), "%s fails: %s", from, message);
	if (r.status != status || strstr(r.err.message, message) == NULL ||
	    (context != NULL && strcmp(r.err.context, context) != 0))
		printf("# status %s: %s\n# context %s\n", status_name(r.status), r.err.message, r.err.context);
	free_result(&r);
}

static const char small[] = "Tuple(a Int32, s String, d DateTime64(3, 'UTC'), n Nullable(UInt64))";

static void test_simple(void)
{
	const struct format_options *o = &format_options_default;
	const char *tsv = "1\tx\t2024-02-03 04:05:06.789\t7\n-2\tlonger than twelve \\t bytes\t1970-01-01 00:00:00.000\t\\N\n";
	is_text("TSV", "TabSeparated", small, tsv, tsv, o, "rows come back");
	is_text("tsv", "JSONEachRow", small, tsv,
	        "{\"a\":1,\"s\":\"x\",\"d\":\"2024-02-03 04:05:06.789\",\"n\":7}\n"
	        "{\"a\":-2,\"s\":\"longer than twelve \\t bytes\",\"d\":\"1970-01-01 00:00:00.000\",\"n\":null}\n", o,
	        	"as JSON");
	is_text("JSONEachRow", "TSV", small,
	        "{\"a\":1,\"s\":\"x\",\"d\":\"2024-02-03T04:05:06.789Z\",\"n\":\"7\"}\n"
	        " { \"n\" : null, \"s\":\"longer than twelve \\t bytes\",\"a\":-2 }", tsv, o,
		"from JSON, keys in any order");
	is_text("CSV", "TSV", small, "1,\"x\",2024-02-03 04:05:06.789,7\r\n-2,\"longer than twelve \t bytes\",,\\N\n",
		tsv, o,
	        "from CSV");
	is_text("Values", "TSV", small,
		"(1,'x','2024-02-03 04:05:06.789',7), (-2,'longer than twelve \\t bytes',0,NULL);rest",
	        tsv, o, "from Values");
}

static void test_errors(void)
{
	const struct format_options *o = &format_options_default;
	struct format_options pg = format_options_default;
	pg.dialect_pg = true;
	fails("JSONEachRow", small, "{\"a\":1}\n{\"x\":1}", E_INCORRECT_DATA,
	      "Unknown field found while parsing JSONEachRow format: x: (at row 2)", NULL, o);
	fails("TSV", small, "1\tx\n", E_CANNOT_PARSE_INPUT, "(at row 1)", NULL, o);
	fails("CopyText", "Tuple(a Int32, b Int32)", "1\t2\n3\t4\n5\tx\n", E_CANNOT_PARSE_NUMBER, "invalid input syntax",
	      "COPY t, line 3, column b: \"x\"", &pg);
	fails("CopyText", "Tuple(a Int32, b Int32)", "1\n", E_BAD_COPY_FORMAT, "missing data for column \"b\"",
	      "COPY t, line 1: \"1\"", &pg);
	fails("CopyText", "Tuple(a Int32, b Int32)", "1\t2\t3\n", E_BAD_COPY_FORMAT, "extra data after last expected column",
	      "COPY t, line 1: \"1\t2\t3\"", &pg);
	fails("Nonsense", small, "", E_UNKNOWN_FORMAT, "Unknown format Nonsense", NULL, o);
}

/* ---- every format there and back ---- */

static const char wide[] = "Tuple(a UInt8, b Int64, s String, n Nullable(UInt64), z LowCardinality(Nullable(String)), "
	"l LowCardinality(String), arr Array(Array(UInt64)), m Map(String, UInt8), f Float64, d Date, dt DateTime('UTC'), "
	"e Decimal(18, 4), o Bool, u UUID, x FixedString(5), en Enum8('e1' = 1, 'e2' = 2), "
	"i4 IPv4, i6 IPv6, t Tuple(p UInt8, q String))";
static const char wide_rows[] =
	"1\t-5\tx/y\"\\\\\\t\\'z and more\t7\t\\N\tlow\t[[1,2],[]]\t{'k':1}\t1.5\t2024-02-03\t2024-02-03 04:05:06\t1.5\ttrue\t"
	"00112233-4455-6677-8899-aabbccddeeff\tabcde\te2\t1.2.3.4\t::1\t(3,'q')\n"
	"2\t9223372036854775807\t\t\\N\tz\tlow\t[]\t{}\t-0\t1970-01-01\t1970-01-01 00:00:00\t-0.0001\tfalse\t"
	"00000000-0000-0000-0000-000000000000\tfghij\te1\t0.0.0.0\t::\t(0,'')\n";

static const char *const both_ways[] = {
	"TabSeparated", "TabSeparatedWithNames", "TabSeparatedWithNamesAndTypes", "CSV", "CSVWithNames",
		"CSVWithNamesAndTypes",
	"JSON", "JSONCompact", "JSONStrings", "JSONEachRow", "JSONStringsEachRow", "JSONCompactEachRow",
	"JSONCompactEachRowWithNames", "JSONCompactEachRowWithNamesAndTypes", "JSONCompactStringsEachRow", "Values",
		"RowBinary",
	"RowBinaryWithNames", "RowBinaryWithNamesAndTypes", "RowBinaryWithDefaults", "Native", "TSKV", "CopyText", "CopyCSV",
};

static void test_round_trips(void)
{
	for (size_t i = 0; i < ARRAY_COUNT(both_ways); i++) {
		struct result there, back;
		run(&there, "TSV", both_ways[i], wide, str_of(wide_rows), 100, NULL);
		run(&back, both_ways[i], "TSV", wide, strbuf_str(&there.text), 13, NULL);
		bool good = there.status == OK && back.status == OK && back.text.size == strlen(wide_rows) &&
		            memcmp(back.text.data, wide_rows, back.text.size) == 0;
		ok(good, "%s: there and back", both_ways[i]);
		if (!good)
			printf("# %s / %s: %s%s\n# '%.*s'\n# '%.*s'\n", status_name(there.status), status_name(back.status),
				there.err.message,
			       back.err.message, (int)there.text.size, there.text.data == NULL ? "" : there.text.data, (int)back.text.size,
			       back.text.data == NULL ? "" : back.text.data);
		free_result(&there);
		free_result(&back);
	}
}

/* ---- damaged inputs: no crash, no rows that were not there, no memory left ---- */

static void test_truncation(void)
{
	for (size_t i = 0; i < ARRAY_COUNT(both_ways); i++) {
		struct result there;
		uint64_t most = 0, failures = 0;
		run(&there, "TSV", both_ways[i], wide, str_of(wide_rows), 100, NULL);
		for (size_t n = 0; n < there.text.size; n++) {
			struct result part;
			/* a copy, so that reading behind its end is seen */
			char *copy = malloc(n + 1);
			memcpy(copy, there.text.data, n);
			run(&part, both_ways[i], "Null", wide, str_make(copy, n), 64, NULL);
			most = part.rows > most ? part.rows : most;
			failures += part.status != OK;
			free_result(&part);
			free(copy);
		}
		ok(most <= 2 && failures != 0, "%s: cut at every byte (%llu cuts fail)", both_ways[i],
			(unsigned long long)failures);
		free_result(&there);
	}
}

static void test_damage(void)
{
	uint64_t state = 88172645463325252u;
	for (size_t i = 0; i < ARRAY_COUNT(both_ways); i++) {
		struct result there;
		run(&there, "TSV", both_ways[i], wide, str_of(wide_rows), 100, NULL);
		for (unsigned round = 0; round < 300; round++) {
			struct result part;
			char *copy = malloc(there.text.size);
			memcpy(copy, there.text.data, there.text.size);
			for (unsigned k = 0; k < 1 + round % 4; k++) {
				state ^= state << 13;
				state ^= state >> 7;
				state ^= state << 17;
				copy[(state >> 16) % there.text.size] = round % 3 == 0 ? "{}[]()\"'\\,\t\n:0"[state % 15] : (char)state;
			}
			run(&part, both_ways[i], "Null", wide, str_make(copy, there.text.size), 50, NULL);
			free_result(&part);
			free(copy);
		}
		ok(memtrack_used(&track) - (int64_t)there.text.capacity <= 64 + (int64_t)there.text.capacity,
			"%s: damaged bytes", both_ways[i]);
		free_result(&there);
	}
}

/* ---- where a Native block ends ---- */

/* What the scan says of a block that comes in pieces of `step` bytes with others behind it. */
static size_t scan_in_steps(struct str data, size_t step, enum status *status)
{
	struct native_scan scan = {0};
	struct error err;
	size_t size = 0;
	error_init(&err);
	*status = OK;
	for (size_t have = step; *status == OK && size == 0 && have < data.size + step; have += step) {
		/* moved each time, as a connection's buffer is */
		struct str part = str_make(malloc(have + 1), have < data.size ? have : data.size);
		memcpy((char *)(uintptr_t)part.data, data.data, part.size);
		*status = native_scan(&scan, part, 0, &arena, &size, &err);
		free((char *)(uintptr_t)part.data);
	}
	return size;
}

static void test_native_scan(void)
{
	static const size_t steps[] = {1, 7, 100, 4096};
	struct result there;
	enum status status;
	uint64_t state = 88172645463325252u;
	run(&there, "TSV", "Native", wide, str_of(wide_rows), 100, NULL);
	size_t size = there.text.size;
	strbuf_putz(&there.text, "and another packet");
	struct str data = strbuf_str(&there.text);
	for (size_t i = 0; i < ARRAY_COUNT(steps); i++)
		ok(scan_in_steps(data, steps[i], &status) == size, "a block in steps of %zu bytes", steps[i]);
	is_int((int64_t)scan_in_steps(str_make(data.data, size - 1), 4096, &status), 0, "one that is not whole");
	is_int(status, OK, "waits for the rest");
	unsigned beyond = 0;
	for (unsigned round = 0; round < 2000; round++) {
		char *copy = malloc(size);
		memcpy(copy, data.data, size);
		for (unsigned k = 0; k < 1 + round % 4; k++) {
			state ^= state << 13;
			state ^= state >> 7;
			state ^= state << 17;
			copy[(state >> 16) % size] = (char)state;
		}
		beyond += scan_in_steps(str_make(copy, size), 999, &status) > size;
		free(copy);
	}
	is_int(beyond, 0, "damaged ones end inside their bytes or not at all");
	free_result(&there);
}

/* ---- many rows: blocks, tasks, order ---- */

static void test_parallel(void)
{
	static const char *const formats_of_rows[] = {"TSV", "CSV", "JSONEachRow", "JSONCompactEachRow", "Values",
		"CopyText", "CopyCSV", "TSKV"};
	static const char spec[] = "Tuple(id UInt64, s String, n Nullable(Int32))";
	struct strbuf rows;
	struct pool *pool;
	struct error err;
	error_init(&err);
	strbuf_init(&rows, &track);
	for (unsigned i = 0; i < 150000; i++)
		strbuf_printf(&rows, "%u\tsome text of row %u\t%s\n", i, i, i % 3 == 0 ? "\\N" : "-5");
	if (pool_new(&pool, &(struct pool_config){"format", 2, 0}, &err) != OK)
		return;
	struct format_options o = format_options_default;
	o.pool = pool;
	o.max_block_rows = 10000;
	for (size_t i = 0; i < ARRAY_COUNT(formats_of_rows); i++) {
		struct result there, back;
		run(&there, "TSV", formats_of_rows[i], spec, strbuf_str(&rows), 65536, &o);
		run(&back, formats_of_rows[i], "TSV", spec, strbuf_str(&there.text), 100000, &o);
		ok(back.status == OK && back.text.size == rows.size && memcmp(back.text.data, rows.data, rows.size) == 0,
		   "%s: 150000 rows in tasks, in order", formats_of_rows[i]);
		is_int(back.consumed, there.text.size, "all of it taken");
		free_result(&there);
		free_result(&back);
	}
	/* an error far behind: its row is named */
	strbuf_putz(&rows, "oops\tx\t1\n");
	struct result bad;
	run(&bad, "TSV", "Null", spec, strbuf_str(&rows), 65536, &o);
	ok(bad.status != OK && strstr(bad.err.message, "(at row 150001)") != NULL, "the error names the row: %s",
		bad.err.message);
	free_result(&bad);
	pool_free(pool);
	strbuf_fini(&rows);
}

/* Blocks larger than what is read at once (8 MB) go on column by column. */
static void test_large_block(void)
{
	static const char spec[] = "Tuple(id UInt64, s String, n Nullable(Int32), l LowCardinality(String), a Array(String))";
	struct strbuf rows;
	struct format_options o = format_options_default;
	struct result there, back;
	strbuf_init(&rows, &track);
	o.max_block_rows = 1000000;
	for (unsigned i = 0; i < 400000; i++)
		strbuf_printf(&rows, "%u\ttext of row %u that is not short\t%s\tv%u\t['e%u']\n", i, i, i % 3 == 0 ? "\\N" : "-5",
		              i % 100, i);
	run(&there, "TSV", "Native", spec, strbuf_str(&rows), 1 << 20, &o);
	run(&back, "Native", "TSV", spec, strbuf_str(&there.text), 100000, &o);
	ok(there.text.size > 24u << 20, "blocks are large: %zu bytes", there.text.size);
	ok(back.status == OK && back.text.size == rows.size && memcmp(back.text.data, rows.data, rows.size) == 0,
	   "a large Native block comes back: %s", back.err.message);
	free_result(&back);
	static const size_t cuts[] = {9, 100, 1 << 20, 10 << 20, 20 << 20};
	for (size_t i = 0; i < ARRAY_COUNT(cuts); i++) {
		run(&back, "Native", "Null", spec, str_make(there.text.data, there.text.size - cuts[i]), 100000, &o);
		ok(back.status != OK && back.rows < 400000, "without its last %zu bytes it fails: %s", cuts[i], back.err.message);
		free_result(&back);
	}
	free_result(&there);
	strbuf_fini(&rows);
}

static void test_missing(void)
{
	struct result r;
	run(&r, "JSONEachRow", "Null", small, STR("{\"a\":1}{\"a\":null,\"s\":\"\",\"d\":0}"), 5, NULL);
	ok(r.status == OK && r.rows == 2, "rows with gaps");
	is_int(r.missing, 5, "absent fields and NULL without a place are marked");
	free_result(&r);
	run(&r, "CSVWithNames", "TSV", small, STR("n,a\n5,1\n"), 3, NULL);
	is_int(r.missing, 2, "columns that the header leaves out are marked");
	free_result(&r);
	struct format_options o = format_options_default;
	o.skip_unknown_fields = true;
	is_text("JSONEachRow", "TSV", "Tuple(a Int32)", "[{\"z\":{\"q\":[1,\"}\"]},\"a\":4},\n{\"a\":5}]\n", "4\n5\n",
		&o, "unknown fields skipped, rows in an array");
	o.allow_errors_num = 1;
	is_text("TSV", "TSV", "Tuple(a Int32)", "1\nx\n3\n", "1\n3\n", &o, "one error is allowed");
}

static void test_depth(void)
{
	struct strbuf b;
	strbuf_init(&b, &track);
	strbuf_putz(&b, "{\"z\":");
	for (int i = 0; i < 100000; i++)
		strbuf_putc(&b, '[');
	struct format_options o = format_options_default;
	o.skip_unknown_fields = true;
	struct result r;
	run(&r, "JSONEachRow", "Null", small, strbuf_str(&b), 1000, &o);
	ok(r.status != OK, "deep nesting is an error");
	free_result(&r);
	strbuf_fini(&b);
}

int main(void)
{
	memtrack_init(&track, &memtrack_server, "test", 0);
	arena_init(&arena, NULL);
	test_simple();
	test_errors();
	test_round_trips();
	test_truncation();
	test_damage();
	test_native_scan();
	test_parallel();
	test_large_block();
	test_missing();
	test_depth();
	is_int(memtrack_used(&track), 0, "nothing is left charged");
	arena_fini(&arena);
	return tap_done();
}

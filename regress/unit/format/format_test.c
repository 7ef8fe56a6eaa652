// SPDX-License-Identifier: Apache-2.0
/* Formats: what the reference systems write, read back; damaged and cut inputs; blocks in order under a pool. */
#include <stdlib.h>

#include "format/format.h"
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

static void run(struct result *out, const char *from, const char *to, const char *spec, struct str input, size_t chunk,
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
	        " { \"n\" : null, \"s\":\"longer than twelve \\t bytes\",\"a\":-2 }", tsv, o, "from JSON, keys in any order");
	is_text("CSV", "TSV", small, "1,\"x\",2024-02-03 04:05:06.789,7\r\n-2,\"longer than twelve \t bytes\",,\\N\n", tsv, o,
	        "from CSV");
	is_text("Values", "TSV", small, "(1,'x','2024-02-03 04:05:06.789',7), (-2,'longer than twelve \\t bytes',0,NULL);rest",
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

int main(void)
{
	memtrack_init(&track, &memtrack_server, "test", 0);
	arena_init(&arena, NULL);
	test_simple();
	test_errors();
	is_int(memtrack_used(&track), 0, "nothing is left charged");
	arena_fini(&arena);
	return tap_done();
}

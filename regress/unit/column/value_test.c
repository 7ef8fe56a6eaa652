// SPDX-License-Identifier: Apache-2.0
/* Values as text in ClickHouse's formats: written as it writes them, and every text read back. */
#include "column/value.h"
#include "regress/unit/tap.h"

static struct arena arena;
static struct memtrack track;

enum { STYLES = 5 };
static const enum value_style styles[STYLES] = {VALUE_TSV, VALUE_RAW, VALUE_CSV, VALUE_QUOTED, VALUE_JSON};
static const char *const style_names[STYLES] = {"TSV", "RAW", "CSV", "QUOTED", "JSON"};

static const struct {
	const char *type;
	struct str texts[STYLES];
} cases[] = {
#define VALUE_ROW(type, a, an, b, bn, c, cn, d, dn, e, en) {type, {{a, an}, {b, bn}, {c, cn}, {d, dn}, {e, en}}},
#include "regress/unit/column/value_cases.def"
#undef VALUE_ROW
};

static const struct type *parse_type(const char *text)
{
	const struct type *t = NULL;
	struct error err;
	error_init(&err);
	if (type_parse(&arena, str_of(text), &t, &err) != OK)
		printf("# %s: %s\n", text, err.message);
	return t;
}

static struct vector *read(const struct type *t, struct str text, enum value_style style, struct error *err)
{
	struct builder *b;
	struct vector *v = NULL;
	error_init(err);
	if (builder_new(&track, t, &b, err) == OK && value_parse(b, text, style, NULL, err) == OK)
		if (builder_finish(b, &v, err) != OK)
			v = NULL;
	builder_free(b);
	return v;
}

static bool writes(const struct vector *v, enum value_style style, struct str want)
{
	struct strbuf a, b;
	uint32_t ends[3];
	strbuf_init(&a, &track);
	strbuf_init(&b, &track);
	value_write(&a, v, 0, style, NULL);
	value_write_column(&b, v, style, NULL, ends);
	bool same = str_eq(strbuf_str(&a), want) && str_eq(strbuf_str(&b), want) && ends[0] == want.size;
	if (!same)
		printf("# got  '%.*s'\n# want '%.*s'\n", STR_ARG(strbuf_str(&a)), STR_ARG(want));
	strbuf_fini(&a);
	strbuf_fini(&b);
	return same;
}

/* A CSV field without its quotes. */
static struct str unquote(struct str s, char *out)
{
	size_t n = 0;
	if (s.size < 2 || s.data[0] != '"')
		return s;
	for (size_t i = 1; i + 1 < s.size; i++) {
		out[n++] = s.data[i];
		i += s.data[i] == '"';
	}
	return str_make(out, n);
}

static void one_case(size_t i)
{
	const struct type *t = parse_type(cases[i].type);
	struct error err;
	struct vector *v = read(t, cases[i].texts[0], VALUE_TSV, &err);
	if (!ok(v != NULL, "%s: '%.*s'", cases[i].type, STR_ARG(cases[i].texts[0]))) {
		printf("# %s\n", err.message);
		return;
	}
	for (int k = 0; k < STYLES; k++)
		ok(writes(v, styles[k], cases[i].texts[k]), "%s written as %s", cases[i].type, style_names[k]);
	vector_unref(v);
	for (int k = 1; k < STYLES; k++) {
		char plain[512];
		struct str text = cases[i].texts[k];
		bool lossy = str_eq(text, STR("null")) || str_find(text, STR("null,")) >= 0 || str_eq(text, STR("\\N"));
		if (lossy && (k == 1 || !t->nullable)) /* NaN, and NULL where the style has none */
			continue;
		if (k == 2)
			text = unquote(text, plain);
		v = read(t, text, styles[k], &err);
		if (ok(v != NULL, "%s read from %s", cases[i].type, style_names[k]))
			ok(writes(v, VALUE_TSV, cases[i].texts[0]), "and equal");
		else
			printf("# %s\n", err.message);
		vector_unref(v);
	}
}

static void one(const char *type, const char *text, enum value_style style, const char *want)
{
	struct error err;
	struct vector *v = read(parse_type(type), str_of(text), style, &err);
	if (want == NULL)
		ok(v == NULL, "%s refuses %s", type, text);
	else if (ok(v != NULL, "%s takes %s", type, text))
		ok(writes(v, VALUE_QUOTED, str_of(want)), "as %s", want);
	else
		printf("# %s\n", err.message);
	vector_unref(v);
}

static void ranges(void)
{
	static const char *const refused[][2] = {
		{"UInt8", "256"}, {"UInt8", "-1"}, {"Int8", "128"}, {"Int8", "-129"}, {"UInt64", "18446744073709551616"},
		{"Int64", "9223372036854775808"}, {"Int64", "-9223372036854775809"}, {"Int128",
			"170141183460469231731687303715884105728"},
		{"UInt256", "115792089237316195423570985008687907853269984665640564039457584007913129639936"}, {"UInt8", ""},
		{"UInt8", "1x"}, {"UInt8", "1.5"}, {"Int32", "--1"}, {"Int32", "-"}, {"Float64", "1.5x"}, {"Float64", ""},
		{"Decimal(5,2)", "1000"}, {"Decimal(5,2)", "abc"}, {"Decimal(5,2)", "."}, {"Date", "1969-12-31"}, {"Date",
			"2149-06-07"},
		{"Date", "2026-02-30"}, {"Date", "2026-13-01"}, {"Date32", "1899-12-31"}, {"Date32", "2300-01-01"},
		{"DateTime('UTC')", "2106-02-07 06:28:16"}, {"DateTime('UTC')", "1969-12-31 23:59:59"},
		{"DateTime64(3,'UTC')", "1899-12-31 23:59:59"}, {"DateTime64(9,'UTC')", "2290-01-01 00:00:00"},
		{"DateTime('UTC')", "2026-02-23 25:00:00"}, {"UUID", "61f0c404"}, {"IPv4", "1.2.3.256"}, {"IPv4", "1.2.3"},
		{"IPv6", "1::2::3"}, {"IPv6", "1:2:3:4:5:6:7"}, {"IPv6", "12345::"}, {"Bool", "2"}, {"Enum8('a'=1)", "b"},
		{"FixedString(2)", "abc"}, {"Time", "1000:00:00"},
	};
	for (size_t i = 0; i < ARRAY_COUNT(refused); i++)
		one(refused[i][0], refused[i][1], VALUE_RAW, NULL);
	one("Int64", "-9223372036854775808", VALUE_RAW, "-9223372036854775808");
	one("Int128", "-170141183460469231731687303715884105728", VALUE_RAW, "-170141183460469231731687303715884105728");
	one("Int256", "-57896044618658097711785492504343953926634992332820282019728792003956564819968", VALUE_RAW,
	    "-57896044618658097711785492504343953926634992332820282019728792003956564819968");
	one("UInt64", "000000000000000000000018446744073709551615", VALUE_RAW, "18446744073709551615");
	one("UInt8", "+7", VALUE_RAW, "7");
	one("Decimal(5,2)", "1.239", VALUE_RAW, "1.23");
	one("Decimal(5,2)", "1e2", VALUE_RAW, "100");
	one("Decimal(38,2)", "123456789012345678901234567890.1", VALUE_RAW, "123456789012345678901234567890.1");
	one("Decimal(76,0)", "-9999999999999999999999999999999999999999999999999999999999999999999999999999", VALUE_RAW,
	    "-9999999999999999999999999999999999999999999999999999999999999999999999999999");
	one("Date32", "2299-12-31", VALUE_RAW, "'2299-12-31'");
	one("Date", "2026-2-3", VALUE_RAW, "'2026-02-03'");
	one("Date", "20260223", VALUE_RAW, "'2026-02-23'");
	one("DateTime('UTC')", "2106-02-07 06:28:15", VALUE_RAW, "'2106-02-07 06:28:15'");
	one("Enum8('a'=1,'b'=2)", "2", VALUE_RAW, "'b'");
	one("IPv6", "1.2.3.4", VALUE_RAW, "'::ffff:1.2.3.4'");
}

static void literals(void)
{
	one("Array(UInt8)", " [ 1 , 2 ] ", VALUE_QUOTED, "[1,2]");
	one("Array(UInt8)", "[1,2", VALUE_QUOTED, NULL);
	one("Array(UInt8)", "[1,]", VALUE_QUOTED, NULL);
	one("Array(UInt8)", "[1] x", VALUE_QUOTED, NULL);
	one("Tuple(UInt8)", "(1,)", VALUE_QUOTED, "(1)");
	one("Tuple(UInt8, String)", "(1)", VALUE_QUOTED, NULL);
	one("String", "'it''s \\'x\\''", VALUE_QUOTED, "'it\\'s \\'x\\''");
	one("String", "'a\\\\''b'", VALUE_QUOTED, "'a\\\\\\'b'");
	one("String", "'\\x41\\q'", VALUE_QUOTED, "'A\\\\q'");
	one("String", "'open", VALUE_QUOTED, NULL);
	one("String", "bare", VALUE_QUOTED, NULL);
	one("Nullable(String)", "null", VALUE_QUOTED, "NULL");
	one("UInt8", "NULL", VALUE_QUOTED, NULL);
	one("Nullable(UInt8)", "\\N", VALUE_TSV, "NULL");
	one("String", "a\\tb\\\\c", VALUE_TSV, "'a\\tb\\\\c'");
	one("Map(String, UInt8)", "{'a':1,'b':2}", VALUE_TSV, "{'a':1,'b':2}");
	one("DateTime('UTC')", "1771848000", VALUE_QUOTED, "'2026-02-23 12:00:00'");
}

static void json(void)
{
	one("UInt64", "\"18446744073709551615\"", VALUE_JSON, "18446744073709551615");
	one("UInt8", "true", VALUE_JSON, "1");
	one("Bool", "1", VALUE_JSON, "true");
	one("String", "12.50", VALUE_JSON, "'12.50'");
	one("String", "{\"a\": [1, \"]\"]}", VALUE_JSON, "'{\"a\": [1, \"]\"]}'");
	one("String", "\"\\u00e9\\ud83d\\ude00\\n\\/\"", VALUE_JSON, "'\xc3\xa9\xf0\x9f\x98\x80\\n/'");
	one("String", "\"\\x\"", VALUE_JSON, NULL);
	one("String", "\"open", VALUE_JSON, NULL);
	one("String", "[1, 2", VALUE_JSON, NULL);
	one("DateTime64(3, 'UTC')", "1771848000.123", VALUE_JSON, "'2026-02-23 12:00:00.123'");
	one("DateTime('UTC')", "1771848000", VALUE_JSON, "'2026-02-23 12:00:00'");
	one("DateTime('UTC')", "\"2026-02-23T12:00:00.000Z\"", VALUE_JSON, "'2026-02-23 12:00:00'");
	one("Tuple(a UInt8, b String)", "{\"b\": \"x\", \"c\": [{}], \"a\": 1}", VALUE_JSON, "(1,'x')");
	one("Tuple(a UInt8, b String)", "{\"a\": 1, \"a\": 2}", VALUE_JSON, "(2,'')");
	one("Tuple(a UInt8, b String)", "[3, \"y\"]", VALUE_JSON, "(3,'y')");
	one("Map(UInt8, String)", "{\"1\": \"x\"}", VALUE_JSON, "{1:'x'}");
	one("Array(Nullable(Int8))", "[1, null]", VALUE_JSON, "[1,NULL]");
	one("Decimal(10, 2)", "\"12.5\"", VALUE_JSON, "12.5");
	one("Array(Tuple(a Array(UInt8)))", "[{\"a\": [1]}, {\"a\": \"x\"}]", VALUE_JSON, NULL);
}

/* NULLs, dictionaries and constants through the column writer. */
static void columns(void)
{
	struct error err;
	struct builder *b;
	struct vector *v, *dict, *constant;
	struct strbuf to;
	uint32_t ends[5];
	error_init(&err);
	strbuf_init(&to, &track);
	const struct type *t = parse_type("Nullable(String)");
	ok(builder_new(&track, t, &b, &err) == OK, "builder");
	ok(value_parse(b, STR("a"), VALUE_RAW, NULL, &err) == OK && value_parse(b, STR("\\N"), VALUE_TSV, NULL, &err) == OK &&
	   value_parse(b, STR("a longer string\\twith a tab"), VALUE_TSV, NULL, &err) == OK, "three rows");
	ok(builder_finish(b, &v, &err) == OK, "finished");
	value_write_column(&to, v, VALUE_TSV, NULL, ends);
	is_str(strbuf_str(&to), "a\\Na longer string\\twith a tab", "flat");
	ok(ends[0] == 1 && ends[1] == 3 && ends[2] == to.size, "ends");
	strbuf_clear(&to);
	ok(vector_new_dict(&track, v, 5, &dict, &err) == OK, "dictionary");
	memcpy(dict->data, (const uint32_t[]){1, 0, 0, 2, 1}, 20);
	value_write_column(&to, dict, VALUE_JSON, NULL, ends);
	is_str(strbuf_str(&to), "null\"a\"\"a\"\"a longer string\\twith a tab\"null", "dictionary");
	strbuf_clear(&to);
	ok(vector_constant(&track, v, 0, 3, &constant, &err) == OK, "constant");
	value_write_column(&to, constant, VALUE_QUOTED, NULL, ends);
	is_str(strbuf_str(&to), "'a''a''a'", "constant");
	vector_unref(v);
	vector_unref(dict);
	vector_unref(constant);
	builder_free(b);
	strbuf_fini(&to);
}

int main(void)
{
	arena_init(&arena, NULL);
	memtrack_init(&track, NULL, "test", 0);
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
		one_case(i);
	ranges();
	literals();
	json();
	columns();
	is_int(memtrack_used(&track), 0, "all memory is back");
	arena_fini(&arena);
	return tap_done();
}

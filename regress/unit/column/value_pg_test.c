// SPDX-License-Identifier: Apache-2.0
/* Values as PostgreSQL has them: its input, its output and its binary form, both directions. */
#include "column/value.h"
#include "regress/unit/tap.h"

static struct arena arena;
static struct memtrack track;

static const struct {
	const char *type, *input, *output, *binary; /* output NULL: refused with the SQLSTATE in binary */
} cases[] = {
#define PG_ROW(type, input, output, binary) {type, input, output, binary},
#define PG_BAD(type, input, state) {type, input, NULL, state},
#include "regress/unit/column/value_pg_cases.def"
#undef PG_ROW
#undef PG_BAD
};

static struct vector *finish(struct builder *b, enum status s, struct error *err)
{
	struct vector *v = NULL;
	if (s == OK && builder_finish(b, &v, err) != OK)
		v = NULL;
	builder_free(b);
	return v;
}

static struct vector *from_text(const struct type *t, struct str text, struct error *err)
{
	struct builder *b;
	error_init(err);
	if (builder_new(&track, t, &b, err) != OK)
		return NULL;
	return finish(b, value_parse(b, text, VALUE_PG, NULL, err), err);
}

static struct vector *from_binary(const struct type *t, struct str bytes, struct error *err)
{
	struct builder *b;
	error_init(err);
	if (builder_new(&track, t, &b, err) != OK)
		return NULL;
	return finish(b, value_read_pg_binary(b, bytes, err), err);
}

static bool shows(const struct vector *v, const char *want)
{
	struct strbuf a;
	strbuf_init(&a, &track);
	value_write(&a, v, 0, VALUE_PG, NULL);
	bool same = str_eq(strbuf_str(&a), str_of(want));
	if (!same)
		printf("# got  '%.*s'\n# want '%s'\n", STR_ARG(strbuf_str(&a)), want);
	strbuf_fini(&a);
	return same;
}

static bool sends(const struct vector *v, const char *want)
{
	struct strbuf a, hex;
	struct error err;
	error_init(&err);
	strbuf_init(&a, &track);
	strbuf_init(&hex, &track);
	if (value_write_pg_binary(&a, v, 0, &err) != OK)
		printf("# %s\n", err.message);
	for (size_t i = 0; i < a.size; i++)
		strbuf_printf(&hex, "%02x", (unsigned char)a.data[i]);
	bool same = str_eq(strbuf_str(&hex), str_of(want));
	if (!same)
		printf("# got  %.*s\n# want %s\n", STR_ARG(strbuf_str(&hex)), want);
	strbuf_fini(&a);
	strbuf_fini(&hex);
	return same;
}

static struct str unhex(const char *hex, char *out)
{
	size_t n = strlen(hex) / 2;
	for (size_t i = 0; i < n; i++) {
		unsigned v = 0;
		sscanf(hex + 2 * i, "%2x", &v);
		out[i] = (char)v;
	}
	return str_make(out, n);
}

/* As a column stores it, and as expressions have it. */
static void one_case(size_t i, bool expression)
{
	const struct type *t;
	struct error err;
	char bytes[2048];
	error_init(&err);
	const char *input = cases[i].input, *type = cases[i].type;
	if (type_parse_pg(&arena, str_of(type), 6, &t, &err) != OK) {
		ok(false, "%s: %s", type, err.message);
		return;
	}
	if (expression) {
		const struct type *e = type_of_face(&arena, t);
		if (type_equal(e, t))
			return;
		t = e;
	}
	struct vector *v = from_text(t, str_of(input), &err);
	if (cases[i].output == NULL) {
		ok(v == NULL && strcmp(status_sqlstate(err.status), cases[i].binary) == 0, "%s refuses '%s' with %s", type, input,
		   cases[i].binary);
		if (v == NULL && strcmp(status_sqlstate(err.status), cases[i].binary) != 0)
			printf("# %s %s\n", status_sqlstate(err.status), err.message);
		vector_unref(v);
		return;
	}
	if (!ok(v != NULL, "%s takes '%s'", type, input)) {
		printf("# %s\n", err.message);
		return;
	}
	/* a bare numeric column does not keep the display scale */
	bool trimmed = strcmp(type, "numeric") == 0 && !expression && strchr(input, '.') != NULL;
	if (!trimmed) {
		ok(shows(v, cases[i].output), "and shows it");
		ok(sends(v, cases[i].binary), "and sends it");
	}
	vector_unref(v);
	v = from_binary(t, unhex(cases[i].binary, bytes), &err);
	if (ok(v != NULL, "%s from binary", type))
		ok(trimmed || shows(v, cases[i].output), "the same");
	else
		printf("# %s\n", err.message);
	vector_unref(v);
}

/* ClickHouse's types under their default faces. */
static void default_faces(void)
{
	static const char *const shown[][3] = {
		{"UInt8", "255", "255"}, {"UInt64", "18446744073709551615", "18446744073709551615"}, {"Bool", "true", "t"},
		{"FixedString(5)", "ab", "ab"}, {"Enum8('a'=1)", "a", "a"}, {"DateTime64(3)", "2026-02-23 12:00:00.120",
			"2026-02-23 12:00:00.12"},
		{"DateTime", "2026-02-23 12:00:00", "2026-02-23 12:00:00"}, {"DateTime('UTC')", "2026-02-23 12:00:00",
			"2026-02-23 12:00:00+00"},
		{"DateTime64(9)", "2026-02-23 12:00:00.123456789", "2026-02-23 12:00:00.123456"}, {"Decimal(10, 2)", "1.5", "1.50"},
		{"Map(String, UInt8)", "{'b':1,'a':2}", "{\"b\": 1, \"a\": 2}"}, {"Tuple(a UInt8, b Array(String))", "(1,['x/y'])",
			"{\"a\": 1, \"b\": [\"x/y\"]}"},
		{"Tuple(UInt8, Nullable(String))", "(1,NULL)", "[1, null]"}, {"Array(Tuple(UInt8))", "[(1)]", "{[1]}"},
		{"Array(String)", "['a','b c','','NULL','x\"y\\\\z']", "{a,\"b c\",\"\",\"NULL\",\"x\\\"y\\\\z\"}"},
		{"Array(Array(UInt8))", "[[1,2],[3,4]]", "{{1,2},{3,4}}"}, {"Float64", "inf", "Infinity"}, {"IntervalDay", "5",
			"5 days"},
		{"IntervalHour", "-30", "-30:00:00"}, {"IPv4", "1.2.3.4", "1.2.3.4"}, {"Date", "2026-02-23", "2026-02-23"},
		{"Time64(3)", "12:00:00.5", "12:00:00.5"}, {"Int256", "-5", "-5"}, {"Array(Nullable(DateTime('UTC')))",
			"['2026-02-23 12:00:00',NULL]", "{\"2026-02-23 12:00:00+00\",NULL}"},
	};
	for (size_t i = 0; i < ARRAY_COUNT(shown); i++) {
		const struct type *t;
		struct error err;
		struct builder *b;
		error_init(&err);
		if (type_parse(&arena, str_of(shown[i][0]), &t, &err) != OK || builder_new(&track, t, &b, &err) != OK) {
			ok(false, "%s", err.message);
			continue;
		}
		struct vector *v = finish(b, value_parse(b, str_of(shown[i][1]), VALUE_RAW, NULL, &err), &err);
		if (ok(v != NULL, "%s %s", shown[i][0], shown[i][1])) {
			struct strbuf wire;
			strbuf_init(&wire, &track);
			ok(shows(v, shown[i][2]), "its face");
			bool trip = value_write_pg_binary(&wire, v, 0, &err) == OK;
			struct vector *again = trip && t->id != TYPE_INTERVAL ? from_binary(t, strbuf_str(&wire), &err) : vector_ref(v);
			bool same = trip && again != NULL && shows(again, shown[i][2]);
			if (!ok(same, "and through binary"))
				printf("# %s\n", err.message);
			vector_unref(again);
			strbuf_fini(&wire);
		} else {
			printf("# %s\n", err.message);
		}
		vector_unref(v);
	}
}

static void zones(void)
{
	struct value_options o = value_options_default;
	struct error err;
	struct builder *b = NULL;
	const struct type *t = type_from_oid(&arena, 1184, -1);
	struct strbuf to;
	error_init(&err);
	strbuf_init(&to, &track);
	ok(timezone_find(STR("Europe/Berlin"), &o.tz, &err) == OK && builder_new(&track, t, &b, &err) == OK, "Berlin");
	ok(value_parse(b, STR("2026-07-01 12:00:00"), VALUE_PG, &o, &err) == OK, "a local time");
	struct vector *v = finish(b, OK, &err);
	value_write(&to, v, 0, VALUE_PG, &o);
	is_str(strbuf_str(&to), "2026-07-01 12:00:00+02", "in the session's zone");
	strbuf_clear(&to);
	value_write(&to, v, 0, VALUE_PG, NULL);
	is_str(strbuf_str(&to), "2026-07-01 10:00:00+00", "and in UTC");
	vector_unref(v);
	strbuf_fini(&to);
}

static void bytes(void)
{
	struct strbuf to;
	strbuf_init(&to, &track);
	pg_write_text(&to, str_make("a\0\xff\xc3\xa9\xc3", 6));
	is_str(strbuf_str(&to), "a\\x00\\xff\xc3\xa9\\xc3", "NUL and ill-formed bytes are shown in hex");
	strbuf_fini(&to);
	struct error err;
	ok(from_text(type_from_oid(&arena, 25, -1), str_make("a\0b", 3), &err) == NULL && err.status == E_BAD_ENCODING,
	   "text has no NUL");
	ok(from_text(type_from_oid(&arena, 25, -1), STR("\xff"), &err) == NULL && err.status == E_BAD_ENCODING,
	   "text is UTF-8");
	const struct type *t;
	ok(type_parse_pg(&arena, STR("vector(3)"), 6, &t, &err) == OK, "vector(3)");
	struct vector *v = from_text(t, STR("[1, 2.5,-3]"), &err);
	ok(v != NULL && shows(v, "[1,2.5,-3]") && sends(v, "000300003f80000040200000c0400000"), "pgvector's forms");
	vector_unref(v);
	ok(from_text(t, STR("[1,2]"), &err) == NULL, "of three dimensions");
}

int main(void)
{
	arena_init(&arena, NULL);
	memtrack_init(&track, NULL, "test", 0);
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		one_case(i, false);
		one_case(i, true);
	}
	default_faces();
	zones();
	bytes();
	is_int(memtrack_used(&track), 0, "all memory is back");
	arena_fini(&arena);
	return tap_done();
}

// SPDX-License-Identifier: Apache-2.0
/* Forms: pairs and multipart bodies, in pieces of every size. */
#include "proto/httpform.h"
#include "regress/unit/proto/mutate.h"
#include "regress/unit/tap.h"

static struct arena arena;
static struct strbuf out;
static struct error err;

static void test_pairs(void)
{
	struct http_pair *p;
	size_t n;
	ok(http_pairs_parse(&arena, STR("query=SELECT+%7Bteam_id%3AUInt64%7D&param_team_id=42&=x&a&&b=c=d&a=2"), 10, &p, &n,
		&err)
		== OK, "a urlencoded form");
	is_int(n, 6, "its pairs");
	is_str(p[0].value, "SELECT {team_id:UInt64}", "a decoded value");
	is_str(p[1].name, "param_team_id", "a name");
	ok(p[2].name.size == 0 && str_eq(p[2].value, STR("x")), "an empty name");
	ok(str_eq(p[3].name, STR("a")) && p[3].value.size == 0, "no value");
	is_str(p[4].value, "c=d", "an = in a value");
	ok(http_pairs_parse(&arena, STR(""), 0, &p, &n, &err) == OK && n == 0, "an empty form");
	static const char *const bad[] = {"a=%", "a=%4", "a=%4x", "%zz=1", "%00=1", "a&b&c&d"};
	for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
		error_clear(&err);
		ok(http_pairs_parse(&arena, str_of(bad[i]), 3, &p, &n, &err) == E_PROTOCOL, "refused: %s", bad[i]);
	}
}

static void test_parameters(void)
{
	struct str v;
	ok(http_is_type(STR("Multipart/Form-Data ; boundary=x"), "multipart/form-data"), "a content type");
	ok(!http_is_type(STR("multipart/form-data2"), "multipart/form-data"), "another");
	ok(http_parameter(&arena, STR("x; a=1; B=\"q;\\\"\\x\" ;c=3 "), "b", &v)
		&& str_eq(v, STR("q;\"\\x")), "a quoted one");
	ok(http_parameter(&arena, STR("x; a=1; B=\"q;\" ;c=3 "), "c", &v) && str_eq(v, STR("3")), "the one behind it");
	ok(!http_parameter(&arena, STR("x; a=1"), "b", &v) && !http_parameter(&arena, STR("x; a=\"1"), "a", &v)
		&& !http_parameter(&arena, STR("x;"), "a", &v)
		&& !http_parameter(&arena, STR("x"), "a", &v), "absent or malformed");
}

/* Reads a body `step` bytes at a time and writes what happens into `out`: [name|filename|type]data; and
 * . at the end. */
static enum status read_form(struct str content_type, struct str body, size_t step)
{
	struct multipart m;
	size_t at = 0, given = 0, consumed;
	enum multipart_event event;
	struct str data;
	strbuf_clear(&out);
	error_clear(&err);
	TRY(multipart_init(&m, &arena, content_type, &err));
	for (;;) {
		struct str piece = mutate_copy(str_make(body.data + at, given - at));
		enum status st = multipart_next(&m, piece, &consumed, &event, &data, &err);
		if (st == OK && event == MULTIPART_DATA)
			strbuf_puts(&out, data);
		mutate_drop(piece);
		TRY(st);
		at += consumed;
		if (event == MULTIPART_PART)
			strbuf_printf(&out, "[%.*s|%.*s|%.*s]", STR_ARG(m.name), (int)m.filename.size,
				m.filename.data == NULL ? "" : m.filename.data, STR_ARG(m.type));
		if (event == MULTIPART_PART_END)
			strbuf_putc(&out, ';');
		if (event == MULTIPART_END) {
			strbuf_putc(&out, '.');
			return OK;
		}
		if (event == MULTIPART_MORE) {
			if (given == body.size)
				return multipart_closed(&m, &err);
			given = given + step < body.size ? given + step : body.size;
		}
	}
}

#define TYPE "multipart/form-data; boundary=----x1"
#define PART "------x1\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\nSELECT 1"

static void test_multipart(void)
{
	static const char body[] = "preamble\r\n"
		"------x1\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\nSELECT\r\n------x \r\n--1"
		"\r\n------x1 \t\r\ncontent-disposition: form-data; name=param_a; filename=\"a\\b\\\"c.csv\"\r\n"
		"Content-Type: text/csv\r\n"
		"\r\n\r\n------x1\r\nContent-Disposition: form-data; name=\"z\"\r\n\r\n\r\r\n\r\r\n\r\n------x1--\r\nepilogue";
	static const char want[] = "[query||]SELECT\r\n------x \r\n--1;[param_a|a\\b\"c.csv|text/csv];[z||]\r\r\n\r\r\n;.";
	bool same = true;
	for (size_t step = 1; step <= sizeof body; step++)
		same = same && read_form(STR(TYPE), str_of(body), step) == OK && str_eq(strbuf_str(&out), str_of(want));
	ok(same, "three parts in pieces of every size");
	if (!same)
		is_str(strbuf_str(&out), want, "what was read");
	ok(read_form(STR("multipart/form-data; boundary=\"----x1\""), STR(PART "\r\n------x1--"), 7) == OK
		&& str_eq(strbuf_str(&out), STR("[query||]SELECT 1;.")), "no preamble, no CRLF at the end, a quoted boundary");
	bool cut = true;
	for (size_t i = 0; i < sizeof(PART "\r\n------x1--") - 1; i++)
		cut = cut && read_form(STR(TYPE), str_make(PART "\r\n------x1--", i), 9) == E_PROTOCOL;
	ok(cut, "cut anywhere it is refused");
	ok(read_form(STR(TYPE), STR("------x1--"), 3) == OK, "no parts");
	static const struct {
		const char *type, *body, *what;
	} bad[] = {
		{"text/plain", "", "another type"}, {"multipart/form-data", "", "no boundary"},
		{"multipart/form-data; boundary=", "", "an empty boundary"},
		{"multipart/form-data; boundary=a123456789012345678901234567890123456789012345678901234567890123456789b", "",
			"a boundary of 71 characters"},
		{TYPE, "------x1x\r\n", "more behind the boundary"}, {TYPE, "------x1\nA: b\r\n\r\n", "bare LF"},
		{TYPE, "------x1\r\nno colon\r\n\r\n", "a malformed header"},
		{TYPE, "------x1\r\nX: y\r\n\r\nz", "no Content-Disposition"},
		{TYPE, "------x1\r\n\r\nz", "no headers"},
		{TYPE, "------x1\r\nContent-Disposition: attachment; name=a\r\n\r\nz", "another disposition"},
	};
	for (size_t i = 0; i < ARRAY_COUNT(bad); i++)
		ok(read_form(str_of(bad[i].type), str_of(bad[i].body), 5) == E_PROTOCOL, "refused: %s", bad[i].what);
	ok(read_form(STR(TYPE),
		STR("------x1\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\n"),
		5) == E_NOT_IMPLEMENTED, "a transfer encoding is not supported");
	char *large = calloc(1, 100000);
	memset(large, 'a', 99999);
	ok(read_form(STR(TYPE), str_make(large, 99999), 5000) == E_PROTOCOL, "an endless preamble");
	memcpy(large, "------x1\r\n", 10);
	ok(read_form(STR(TYPE), str_make(large, 99999), 5000) == E_PROTOCOL, "an endless header");
	free(large);
}

static void check_mutation(struct str s)
{
	static uint64_t state = 77;
	arena_reset(&arena);
	struct http_pair *p;
	size_t n;
	(void)!http_pairs_parse(&arena, s, 100, &p, &n, NULL);
	(void)!read_form(STR(TYPE), s, 1 + mutate_random(&state) % 50);
	(void)!read_form(s, STR(PART), 30);
}

static void test_mutations(void)
{
	struct str seeds[] = {STR("query=SELECT+%7Bteam_id%3AUInt64%7D&param_team_id=42"), STR(TYPE),
		STR(PART "\r\n------x1--"),
		STR("pre\r\n" PART "\r\n" PART "\r\n------x1--\r\n")};
	unsigned long runs = mutate_run(seeds, ARRAY_COUNT(seeds), 1.0, check_mutation);
	ok(runs > 0, "%lu mutations are read within their bounds", runs);
}

int main(void)
{
	arena_init(&arena, NULL);
	strbuf_init(&out, NULL);
	error_init(&err);
	test_pairs();
	test_parameters();
	test_multipart();
	test_mutations();
	strbuf_fini(&out);
	arena_fini(&arena);
	return tap_done();
}

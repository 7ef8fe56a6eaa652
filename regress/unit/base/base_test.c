// SPDX-License-Identifier: Apache-2.0
/* The base room's promises: trackers return to zero, the first error wins, names are found and suggested. */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/strbuf.h"
#include "base/strmap.h"
#include "base/utf8.h"
#include "regress/unit/tap.h"

static void test_error(void)
{
	struct error e;
	error_init(&e);
	ok(ERR(&e, E_SYNTAX, "near %s", "x") == E_SYNTAX, "ERR returns the status");
	ok(ERR(&e, E_UNKNOWN_TABLE, "later") == E_SYNTAX, "the first error wins");
	ok(strcmp(e.message, "near x") == 0, "with its message");
	is_int(status_ch_code(E_SYNTAX), 62, "ClickHouse's code");
	ok(strcmp(status_sqlstate(E_UNKNOWN_TABLE), "42P01") == 0, "SQLSTATE");
}

static void test_memtrack(void)
{
	struct memtrack server, query;
	struct error e;
	error_init(&e);
	memtrack_init(&server, NULL, "server", 1000);
	memtrack_init(&query, &server, "query", 0);
	ok(memtrack_charge(&query, 600, &e) == OK, "a charge below the limit");
	ok(memtrack_charge(&query, 600, &e) == E_MEMORY_LIMIT, "a charge above a parent's limit");
	is_int(memtrack_used(&query), 600, "a refused charge leaves nothing in the child");
	is_int(memtrack_used(&server), 600, "nor in the parent");
	memtrack_release(&query, 600);
	is_int(memtrack_used(&server), 0, "all returned");
}

static void test_buffer(void)
{
	struct memtrack m;
	struct buffer *b = NULL;
	memtrack_init(&m, NULL, "test", 0);
	ok(buffer_new(&m, 100, &b, NULL) == OK, "a buffer");
	is_int((uintptr_t)b->data % BUFFER_ALIGN, 0, "aligned");
	memcpy(b->data, "abc", 3);
	ok(buffer_reserve(&b, &m, 100000, 3, NULL) == OK && memcmp(b->data, "abc", 3) == 0, "grows and keeps its bytes");
	buffer_unref(buffer_ref(b));
	buffer_unref(b);
	is_int(memtrack_used(&m), 0, "its bytes go back");
}

static void test_strmap(void)
{
	struct arena a;
	struct strmap m;
	int values[100];
	arena_init(&a, NULL);
	strmap_init(&m, &a, true);
	for (int i = 0; i < 100; i++)
		strmap_set(&m, arena_strf(&a, "name%d", i), &values[i]);
	ok(strmap_get(&m, STR("NAME42")) == &values[42], "found without regard to case");
	ok(strmap_remove(&m, STR("name42")) == &values[42] && !strmap_has(&m, STR("name42")), "removed");
	strmap_set(&m, STR("countIf"), values);
	is_str(strmap_nearest(&m, STR("coutIf")), "countIf", "the nearest name");
	arena_fini(&a);
}

static void test_text(void)
{
	struct strbuf b;
	int64_t v;
	strbuf_init(&b, NULL);
	strbuf_put_i64(&b, INT64_MIN);
	is_str(strbuf_str(&b), "-9223372036854775808", "the least integer");
	ok(str_to_i64(strbuf_str(&b), &v) && v == INT64_MIN, "and back");
	ok(!str_to_i64(STR("9223372036854775808"), &v), "one more overflows");
	strbuf_fini(&b);
	ok(utf8_valid("gr\xc3\xbc\xc3\x9f", 6) && !utf8_valid("\xc0\x80", 2) && !utf8_valid("\xed\xa0\x80", 3),
	   "UTF-8 is checked");
	is_int(utf8_prefix_size("a\xc3\xbc", 2), 1, "a cut does not split a sequence");
}

int main(void)
{
	test_error();
	test_memtrack();
	test_buffer();
	test_strmap();
	test_text();
	return tap_done();
}

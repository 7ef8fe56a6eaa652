// SPDX-License-Identifier: Apache-2.0
/* Native packets: round trips at every revision that changes them, in pieces, mutated. */
#include "proto/native.h"
#include "regress/unit/proto/mutate.h"
#include "regress/unit/tap.h"

static struct strbuf buf;
static struct error err;
static struct native_message msg;
static struct native_answer answer;
static size_t consumed;

static const uint64_t revisions[] = {54429, 54441, 54442, 54448, 54449, 54453, 54458, 54459, 54460};

static struct strbuf *fresh(void)
{
	strbuf_clear(&buf);
	error_clear(&err);
	return &buf;
}

static bool decodes(uint64_t revision)
{
	for (size_t i = 0; i < buf.size; i++) {
		struct str cut = mutate_copy(str_make(buf.data, i));
		enum status st = native_next(cut, revision, 1000, &msg, &consumed, &err);
		mutate_drop(cut);
		if (st != OK || consumed != 0)
			return false;
	}
	return native_next(strbuf_str(&buf), revision, 1000, &msg, &consumed, &err) == OK && consumed == buf.size;
}

static bool decodes_answer(uint64_t revision)
{
	for (size_t i = 0; i < buf.size; i++) {
		struct str cut = mutate_copy(str_make(buf.data, i));
		enum status st = native_next_answer(cut, revision, &answer, &consumed, &err);
		mutate_drop(cut);
		if (st != OK || consumed != 0)
			return false;
	}
	return native_next_answer(strbuf_str(&buf), revision, &answer, &consumed, &err) == OK && consumed == buf.size;
}

static void test_hello(void)
{
	struct native_hello h = {.name = STR("prog"), .major = 25, .minor = 8, .patch = 300, .revision = NATIVE_REVISION,
		.database = STR("db"), .user = STR("u"), .password = STR(""), .timezone = STR("UTC"),
		.display_name = STR("host")};
	struct str key;
	native_put_hello(fresh(), &h);
	ok(decodes(0) && msg.kind == NATIVE_HELLO, "the client's hello");
	ok(str_eq(msg.hello.name, STR("prog")) && msg.hello.revision == 54460 && str_eq(msg.hello.database, STR("db"))
		&& str_eq(msg.hello.user, STR("u")) && msg.hello.password.size == 0, "its fields");
	native_put_server_hello(fresh(), &h, NATIVE_REVISION);
	ok(decodes_answer(NATIVE_REVISION) && answer.hello.patch == 300 && str_eq(answer.hello.timezone, STR("UTC"))
		&& str_eq(answer.hello.display_name, STR("host")), "the server's hello");
	native_put_addendum(fresh(), STR("quota"));
	ok(native_addendum(strbuf_str(&buf), &key, &consumed, &err) == OK && consumed == 6 && str_eq(key, STR("quota")),
		"the addendum");
	ok(native_addendum(str_make(buf.data, 3), &key, &consumed, &err) == OK && consumed == 0, "in pieces");
}

static void test_query(void)
{
	struct native_query q = {.id = STR("id-1"), .initial_user = STR("u"), .initial_address = STR("0.0.0.0:0"),
		.initial_time_us = -5, .os_user = STR("os"), .host = STR("h"), .client_name = STR("c"), .client_major = 1,
		.client_minor = 2, .client_patch = 3, .client_revision = 54460, .quota_key = STR("k"), .has_trace = true,
		.trace_id = "0123456789abcde", .span_id = UINT64_MAX, .trace_state = STR("ts"), .trace_flags = 1, .stage = 2,
		.compression = true, .text = STR("SELECT {a:String}"), .initial_id = STR(""), .secret = STR("")};
	struct native_setting settings[] = {{STR("max_threads"), STR("2"), NATIVE_SETTING_IMPORTANT}, {STR("x"), STR(""),
		0}};
	struct native_setting parameters[] = {{STR("a"), STR("'v'"), NATIVE_SETTING_CUSTOM}};
	struct str name, value;
	uint64_t flags;
	for (size_t i = 0; i < ARRAY_COUNT(revisions); i++) {
		uint64_t r = revisions[i];
		native_put_query(fresh(), &q, r, settings, 2, parameters, 1);
		bool good = decodes(r) && msg.kind == NATIVE_QUERY;
		struct native_query *g = &msg.query;
		good = good && str_eq(g->id, q.id) && str_eq(g->text, q.text) && g->stage == 2 && g->compression && g->kind == 1
			&& str_eq(g->os_user, q.os_user) && g->client_patch == 3 && str_eq(g->quota_key, q.quota_key);
		good = good && (r < 54442 || (g->has_trace && g->span_id == UINT64_MAX
			&& memcmp(g->trace_id, q.trace_id, 16) == 0));
		good = good && (r < 54449 || g->initial_time_us == -5);
		good = good && native_setting_next(&g->settings, &name, &flags, &value) && str_eq(name, STR("max_threads"))
			&& str_eq(value, STR("2")) && flags == NATIVE_SETTING_IMPORTANT;
		good = good && native_setting_next(&g->settings, &name, &flags, &value) && value.size == 0;
		good = good && !native_setting_next(&g->settings, &name, &flags, &value);
		bool has = native_setting_next(&g->parameters, &name, &flags, &value);
		good = good && has == (r >= 54459) && (!has || str_eq(value, STR("'v'")));
		ok(good, "a query of revision %llu", (unsigned long long)r);
	}
	q.text = str_make(calloc(1, 2000), 2000);
	native_put_query(fresh(), &q, NATIVE_REVISION, settings, 2, parameters, 1);
	ok(native_next(strbuf_str(&buf), NATIVE_REVISION, 1000, &msg, &consumed, &err) == E_TOO_MANY_BYTES, "a long query");
	mutate_drop(q.text);
}

static void test_others(void)
{
	struct native_progress p = {1, 2, 3, 4, 5, UINT64_MAX};
	struct native_profile f = {.rows = 10, .blocks = 2, .bytes = 300, .rows_before_limit = 99, .applied_limit = true};
	struct error e;
	native_put_ping(fresh());
	ok(decodes(54460) && msg.kind == NATIVE_PING, "ping");
	native_put_cancel(fresh());
	ok(decodes(54460) && msg.kind == NATIVE_CANCEL, "cancel");
	native_put_block_header(fresh(), NATIVE_DATA, STR("ext"));
	ok(decodes(54460) && msg.kind == NATIVE_DATA && str_eq(msg.table, STR("ext")), "the client's data");
	native_put_progress(fresh(), &p, 54460);
	ok(decodes_answer(54460) && memcmp(&answer.progress, &p, sizeof p) == 0, "progress");
	native_put_progress(fresh(), &p, 54459);
	ok(decodes_answer(54459) && answer.progress.written_bytes == 5 && answer.progress.elapsed_ns == 0, "an older one");
	native_put_profile_info(fresh(), &f);
	ok(decodes_answer(54460) && answer.profile.rows_before_limit == 99 && answer.profile.applied_limit
		&& !answer.profile.calculated_rows_before_limit, "profile info");
	error_init(&e);
	ERR(&e, E_SYNTAX, "near x");
	native_put_exception(fresh(), &e);
	ok(decodes_answer(54460) && answer.exception.code == 62
		&& str_eq(answer.exception.message, STR("DB::Exception: near x")),
		"an exception");
	native_put_table_columns(fresh(), STR(""), STR("columns format version: 1\n"));
	ok(decodes_answer(54460) && answer.data.columns.size == 26, "table columns");
	native_put_block_header(fresh(), NATIVE_PROFILE_EVENTS, STR(""));
	ok(decodes_answer(54460) && answer.kind == NATIVE_PROFILE_EVENTS, "profile events");
	native_put_pong(fresh());
	ok(decodes_answer(54460) && answer.kind == NATIVE_PONG, "pong");
	native_put_end_of_stream(fresh());
	ok(decodes_answer(54460) && answer.kind == NATIVE_END_OF_STREAM, "end of stream");
	struct native_block_info info;
	native_put_block_info(fresh(), (struct native_block_info){true, -1});
	bool more = true;
	for (size_t i = 0; i < buf.size; i++)
		more = more && native_block_info(str_make(buf.data, i), &info, &consumed, &err) == OK && consumed == 0;
	ok(more && native_block_info(strbuf_str(&buf), &info, &consumed, &err) == OK && consumed == buf.size
		&& info.overflows
		&& info.bucket == -1, "block info");
	is_int(buf.size, 8, "its size");
}

static void test_refused(void)
{
	static const struct {
		struct str bytes;
		uint64_t revision;
		enum status want;
		const char *what;
	} bad[] = {
		{STR("GET / HTTP/1.1"), 0, E_PROTOCOL, "HTTP on the native port"},
		{STR("\1"), 0, E_PROTOCOL, "a query before the hello"},
		{STR("\0"), 54460, E_PROTOCOL, "a second hello"},
		{STR("\5"), 54460, E_NOT_IMPLEMENTED, "tables status"},
		{STR("\4"), 54058, E_NOT_IMPLEMENTED, "an old client"},
		{STR("\1\0\0\1a\1\0"), 54412, E_NOT_IMPLEMENTED, "settings of a client that sends no texts"},
		{STR("\0\377\377\377\377\17"), 0, E_TOO_MANY_BYTES, "a long name"},
		{STR("\0\377\377\377\377\377\377\377\377\377\2"), 0, E_PROTOCOL, "a length that overflows"},
		{STR("\1\0\3"), 54460, E_PROTOCOL, "an unknown kind of query"},
	};
	for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
		error_clear(&err);
		struct str exact = mutate_copy(bad[i].bytes);
		ok(native_next(exact, bad[i].revision, 1000, &msg, &consumed, &err) == bad[i].want
			&& consumed == 0, "refused: %s",
			bad[i].what);
		mutate_drop(exact);
	}
}

static void check_mutation(struct str s)
{
	struct str name, value;
	uint64_t flags;
	for (size_t i = 0; i <= ARRAY_COUNT(revisions); i++) {
		uint64_t r = i == ARRAY_COUNT(revisions) ? 0 : revisions[i];
		if (native_next(s, r, 1000, &msg, &consumed, NULL) == OK && consumed != 0 && msg.kind == NATIVE_QUERY)
			while (native_setting_next(&msg.query.settings, &name, &flags, &value)
				|| native_setting_next(&msg.query.parameters, &name, &flags, &value))
				consumed += value.size;
		(void)!native_next_answer(s, r, &answer, &consumed, NULL);
	}
	struct native_block_info info;
	(void)!native_block_info(s, &info, &consumed, NULL);
}

static void test_mutations(void)
{
	struct native_hello h = {.name = STR("prog"), .revision = 54460, .database = STR("d"), .user = STR("u"),
		.password = STR("p"), .timezone = STR("UTC"), .display_name = STR("x")};
	struct native_query q = {.id = STR("i"), .initial_user = STR("u"), .text = STR("SELECT 1"), .stage = 2,
		.has_trace = true};
	struct native_setting s = {STR("a"), STR("1"), 0};
	struct error e;
	struct str seeds[5];
	size_t n = 0;
	error_init(&e);
	ERR(&e, E_SYNTAX, "x");
#define SEED(call) (fresh(), call, seeds[n++] = mutate_copy(strbuf_str(&buf)))
	SEED(native_put_hello(&buf, &h));
	SEED(native_put_server_hello(&buf, &h, 54460));
	SEED(native_put_query(&buf, &q, 54460, &s, 1, &s, 1));
	SEED(native_put_exception(&buf, &e));
	SEED(native_put_block_info(&buf, (struct native_block_info){true, 7}));
	unsigned long runs = mutate_run(seeds, n, 1.0, check_mutation);
	ok(runs > 0, "%lu mutations are read within their bounds", runs);
	while (n-- > 0)
		mutate_drop(seeds[n]);
}

int main(void)
{
	strbuf_init(&buf, NULL);
	error_init(&err);
	test_hello();
	test_query();
	test_others();
	test_refused();
	test_mutations();
	strbuf_fini(&buf);
	return tap_done();
}

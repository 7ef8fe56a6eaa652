// SPDX-License-Identifier: Apache-2.0
/* Settings: values of both dialects, layers, what is refused. */
#include "catalog/settings.h"
#include "regress/unit/tap.h"

static struct error err;

static enum status set(struct settings *s, enum dialect d, const char *name, const char *value)
{
	error_clear(&err);
	return settings_set(s, d, str_of(name), str_of(value), &err);
}

static void shows(struct settings *s, enum dialect d, const char *name, const char *want)
{
	struct strbuf b;
	strbuf_init(&b, NULL);
	error_clear(&err);
	enum status st = settings_get(s, d, str_of(name), &b, &err);
	ok(st == OK, "%s can be read", name);
	is_str(strbuf_str(&b), want, name);
	strbuf_fini(&b);
}

static void test_values(void)
{
	static const struct {
		const char *name, *value, *shown;
	} pg[] = {{"statement_timeout", "30s", "30s"}, {"statement_timeout", "1500", "1500ms"},
	          {"statement_timeout", "0", "0"},
	          {"DateStyle", "iso, dmy", "ISO, DMY"}, {"TimeZone", "europe/berlin", "Europe/Berlin"},
	          {"client_encoding", "'utf-8'", "UTF8"}, {"client_encoding", "UNICODE", "UTF8"}, {"jit", "off", "off"},
	          {"jit", "t", "on"}, {"extra_float_digits", "3", "3"}, {"synchronous_commit", "false", "off"},
	          {"client_min_messages", "WARNING", "warning"}, {"app.user", "7", "7"}};
	struct settings *s = settings_new(settings_server());
	for (size_t i = 0; i < ARRAY_COUNT(pg); i++) {
		ok(set(s, DIALECT_POSTGRESQL, pg[i].name, pg[i].value) == OK, "SET %s = %s", pg[i].name, pg[i].value);
		shows(s, DIALECT_POSTGRESQL, pg[i].name, pg[i].shown);
	}
	ok(set(s, DIALECT_CLICKHOUSE, "max_execution_time", "1.5") == OK, "seconds may have a fraction");
	is_int(settings_u64(s, SET_max_execution_time), 1500000, "they are kept in microseconds");
	ok(set(s, DIALECT_CLICKHOUSE, "max_memory_usage", "10G") == OK &&
	   settings_u64(s, SET_max_memory_usage) == 10000000000u, "G is decimal");
	ok(set(s, DIALECT_CLICKHOUSE, "max_memory_usage", "1Gi") == OK && settings_u64(s, SET_max_memory_usage) == 1u << 30,
	   "Gi is binary");
	ok(set(s, DIALECT_CLICKHOUSE, "final", "true") == OK && settings_bool(s, SET_final), "true is 1");
	ok(set(s, DIALECT_CLICKHOUSE, "query_plan_max_limit_for_lazy_materialization", "10") == OK,
	   "a setting without effect is accepted");
	settings_free(s);
}

static void test_errors(void)
{
	struct settings *s = settings_new(settings_server());
	is_int(set(s, DIALECT_CLICKHOUSE, "max_thread", "1"), E_UNKNOWN_SETTING, "an unknown name");
	ok(strstr(err.message, "max_threads") != NULL, "says what may have been meant: %s", err.message);
	is_int(set(s, DIALECT_POSTGRESQL, "nothing", "1"), E_UNKNOWN_SETTING, "and to PostgreSQL too");
	is_int(set(s, DIALECT_POSTGRESQL, "server_version", "9"), E_READONLY, "what is fixed stays");
	is_int(set(s, DIALECT_POSTGRESQL, "TimeZone", "Mars/Olympus"), E_INVALID_SETTING_VALUE, "an unknown zone");
	is_int(set(s, DIALECT_POSTGRESQL, "client_encoding", "LATIN1"), E_NOT_IMPLEMENTED, "another encoding");
	is_int(set(s, DIALECT_CLICKHOUSE, "max_threads", "-1"), E_INVALID_SETTING_VALUE, "a negative number");
	is_int(set(s, DIALECT_CLICKHOUSE, "max_threads", "x"), E_INVALID_SETTING_VALUE, "no number");
	is_int(set(s, DIALECT_CLICKHOUSE, "final", "2"), E_INVALID_SETTING_VALUE, "no boolean");
	is_int(set(s, DIALECT_CLICKHOUSE, "read_overflow_mode", "explode"), E_INVALID_SETTING_VALUE, "no choice");
	ok(set(s, DIALECT_CLICKHOUSE, "readonly", "1") == OK, "readonly can be set");
	is_int(set(s, DIALECT_CLICKHOUSE, "max_threads", "3"), E_READONLY, "and then nothing else");
	is_int(set(s, DIALECT_CLICKHOUSE, "readonly", "0"), E_READONLY, "not even itself");
	ok(set(s, DIALECT_CLICKHOUSE, "readonly", "1") == OK, "except to the value it has");
	settings_free(s);
}

static void test_layers(void)
{
	struct settings *session = settings_new(settings_server()), *local = settings_new(session);
	ok(set(session, DIALECT_CLICKHOUSE, "max_threads", "3") == OK, "the session's");
	is_int(settings_u64(local, SET_max_threads), 3, "is seen above it");
	ok(set(local, DIALECT_CLICKHOUSE, "max_threads", "5") == OK, "the transaction's");
	is_int(settings_u64(session, SET_max_threads), 3, "is not seen below it");
	settings_merge(session, local);
	is_int(settings_u64(session, SET_max_threads), 5, "until it is merged");
	ok(settings_changed(session, SET_max_threads) && !settings_changed(session, SET_final), "changed settings are known");
	ok(settings_reset(local, DIALECT_CLICKHOUSE, STR("max_threads"), &err) == OK, "RESET in the upper layer");
	is_int(settings_u64(local, SET_max_threads), 0, "gives the default");
	settings_clear(session);
	is_int(settings_u64(session, SET_max_threads), 0, "a cleared layer has nothing");
	settings_free(local);
	settings_free(session);
}

static void test_lists(void)
{
	unsigned reported = 0;
	for (uint32_t i = 0; i < SETTING_COUNT; i++)
		reported += (setting_info((enum setting_id)i)->flags & SETTING_REPORTED) != 0;
	is_int(reported, 13, "PostgreSQL is told 13 settings");
	ok(merge_tree_setting_find(STR("index_granularity")) != NULL, "a MergeTree setting is known");
	ok(merge_tree_setting_find(STR("index_granularit")) == NULL, "and another is not");
}

int main(void)
{
	error_init(&err);
	test_values();
	test_errors();
	test_layers();
	test_lists();
	return tap_done();
}

// SPDX-License-Identifier: Apache-2.0
/* Definitions of both dialects, run against engines that only remember: what the catalog holds afterwards, and its
 * text. */
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "catalog/objects.h"
#include "exec/ddl.h"
#include "func/aggregate.h"
#include "func/function.h"
#include "parse/parser.h"
#include "regress/unit/tap.h"

static const struct table_ops engines[] = {
	{.engine = "MergeTree", .features = TABLE_SORTED}, {.engine = "ReplicatedMergeTree", .features = TABLE_SORTED},
	{.engine = "ReplicatedAggregatingMergeTree", .features = TABLE_SORTED},
	{.engine = "AggregatingMergeTree", .features = TABLE_SORTED},
	{.engine = "ReplacingMergeTree", .features = TABLE_SORTED}, {.engine = "Memory"},
	{.engine = "MaterializedView"},
	{.engine = "View"},
};

static struct error err;
static struct txn_manager *manager;
static struct catalog *catalog;
static struct settings *settings;
static struct eval_session session;
static struct ddl_context context;
static struct arena arena;
static char notices[4096];

static void note(void *arg, const char *severity, const struct error *notice)
{
	(void)arg;
	size_t used = strlen(notices);
	snprintf(notices + used, sizeof notices - used, "%s: %s\n", severity, notice->message);
}

static enum status run_one(struct txn *t, const struct ast *ast, struct ddl_result *out)
{
	context.txn = t;
	if (txn_statement_begin(t, &err) != OK)
		return err.status;
	if (ddl_handles(ast))
		return ddl_run(&context, ast, STR(""), out, &err);
	return ddl_show(&context, ast, out, &err);
}

/* Runs all statements of a text, each in its own transaction; the status of the first that fails. */
static enum status run(enum dialect dialect, const char *text, struct ddl_result *out)
{
	struct parse_options options = {.dialect = dialect};
	struct ddl_result result;
	struct parser p;
	struct ast *ast;
	arena_reset(&arena);
	error_clear(&err);
	notices[0] = '\0';
	session.dialect = dialect;
	parser_init(&p, &arena, str_of(text), &options);
	for (;;) {
		enum status st = parser_next(&p, &ast, &err);
		if (st != OK || ast == NULL)
			return st;
		struct txn *t = txn_begin(manager, TXN_READ_COMMITTED);
		st = run_one(t, ast, &result);
		if (st != OK) {
			txn_rollback(t);
			return st;
		}
		if (out != NULL)
			*out = result;
		st = txn_commit(t, &err);
		if (st != OK)
			return st;
	}
}

static void ch_ok(const char *text)
{
	enum status st = run(DIALECT_CLICKHOUSE, text, NULL);
	ok(st == OK, "%.60s … %s", text, st == OK ? "" : err.message);
}

static void pg_ok(const char *text)
{
	enum status st = run(DIALECT_POSTGRESQL, text, NULL);
	ok(st == OK, "%.60s … %s", text, st == OK ? "" : err.message);
}

static void fails(enum dialect dialect, const char *text, enum status want)
{
	enum status st = run(dialect, text, NULL);
	ok(st == want, "%.60s … is %s: %s", text, status_name(want), err.message);
}

/* The table's CREATE statement on one line. */
static void is_created(const char *name, const char *want)
{
	struct txn *t = txn_begin(manager, TXN_READ_COMMITTED);
	struct table *table;
	struct strbuf b;
	strbuf_init(&b, NULL);
	error_clear(&err);
	if (catalog_find_table(catalog, t, STR("default"), STR(""), str_of(name), &table, &err) == OK) {
		(void)!table_create_query(table->def, false, &b, &err);
		table_release(table);
	}
	is_str(strbuf_str(&b), want, name);
	strbuf_fini(&b);
	txn_rollback(t);
}

static void test_clickhouse(void)
{
	ch_ok("CREATE TABLE t (a UInt64, b LowCardinality(String) DEFAULT 'x' CODEC(ZSTD(3)), c DateTime64(3, 'UTC') COMMENT "
	      "'when',"
	      " n Nested(k String, v UInt8), INDEX i b TYPE bloom_filter(0.01) GRANULARITY 4)"
	      " ENGINE = MergeTree ORDER BY (a, c) SETTINGS index_granularity = 1024");
	is_created("t", "CREATE TABLE default.t (`a` UInt64, `b` LowCardinality(String) DEFAULT 'x' CODEC(ZSTD(3)), "
	                "`c` DateTime64(3, 'UTC') COMMENT 'when', `n.k` Array(String), `n.v` Array(UInt8), "
	                "INDEX i b TYPE bloom_filter(0.01) GRANULARITY 4) ENGINE = MergeTree ORDER BY (a, c) "
	                "SETTINGS index_granularity = 1024");
	ch_ok("CREATE TABLE IF NOT EXISTS t (z UInt8) ENGINE = Memory");
	fails(DIALECT_CLICKHOUSE, "CREATE TABLE t (z UInt8) ENGINE = Memory", E_TABLE_EXISTS);
	fails(DIALECT_CLICKHOUSE, "CREATE TABLE u (z UInt8) ENGINE = Memoty", E_UNKNOWN_STORAGE);
	fails(DIALECT_CLICKHOUSE, "CREATE TABLE u (z UInt8) ENGINE = MergeTree ORDER BY y", E_UNKNOWN_COLUMN);
	fails(DIALECT_CLICKHOUSE, "CREATE TABLE u (z UInt8) ENGINE = MergeTree ORDER BY z SETTINGS nonesuch = 1",
	      E_UNKNOWN_SETTING);
	fails(DIALECT_CLICKHOUSE, "CREATE TABLE u (z UInt8, z UInt8) ENGINE = Memory", E_COLUMN_EXISTS);
	fails(DIALECT_CLICKHOUSE, "CREATE TABLE nowhere.u (z UInt8) ENGINE = Memory", E_UNKNOWN_DATABASE);
	ch_ok("CREATE TABLE m AS t ENGINE = Memory; CREATE TABLE d (x UInt8) PRIMARY KEY x; DROP TABLE m, d");
	ch_ok("ALTER TABLE t ADD COLUMN d Nullable(Float64) AFTER a, DROP COLUMN n, MODIFY COLUMN b String, COMMENT COLUMN d "
	      "'dd',"
	      " RENAME COLUMN d TO e, ADD INDEX j e TYPE minmax, DROP INDEX i, MODIFY TTL toDateTime(c) + INTERVAL 1 DAY,"
	      " MODIFY SETTING index_granularity = 4096, MODIFY COMMENT 'a table'");
	is_created("t", "CREATE TABLE default.t (`a` UInt64, `e` Nullable(Float64) COMMENT 'dd', `b` String DEFAULT 'x' "
	                "CODEC(ZSTD(3)), "
	                "`c` DateTime64(3, 'UTC') COMMENT 'when', INDEX j e TYPE minmax GRANULARITY 1) ENGINE = MergeTree "
	                "ORDER BY (a, c) "
	                "TTL toDateTime(c) + toIntervalDay(1) SETTINGS index_granularity = 4096 COMMENT 'a table'");
	fails(DIALECT_CLICKHOUSE, "ALTER TABLE t DROP COLUMN a", E_ALTER_OF_COLUMN_IS_FORBIDDEN);
	fails(DIALECT_CLICKHOUSE, "ALTER TABLE t DROP COLUMN zz", E_NOT_FOUND_COLUMN_IN_BLOCK);
	ch_ok("ALTER TABLE t DROP COLUMN IF EXISTS zz");
	ch_ok("RENAME TABLE t TO t2; CREATE TABLE t3 (x UInt8) ENGINE = Memory; EXCHANGE TABLES t2 AND t3; DROP TABLE t2; "
	      "DROP TABLE t3");
	fails(DIALECT_CLICKHOUSE, "DROP TABLE t3", E_UNKNOWN_TABLE);
	ch_ok("CREATE DATABASE x ON CLUSTER '{cluster}'; CREATE TABLE x.y (a UInt8) ENGINE = Memory; DROP DATABASE x; DROP "
	      "DATABASE IF EXISTS x");
	struct ddl_result r;
	ok(run(DIALECT_CLICKHOUSE, "CREATE TABLE c ON CLUSTER '{cluster}' (a UInt8) ENGINE = Memory", &r) == OK
	   && str_starts_with(r.query, STR("SELECT 'localhost' AS host")), "ON CLUSTER answers with this host");
	ch_ok("DETACH TABLE c; ATTACH TABLE c; CREATE VIEW v AS SELECT a + 1 AS b FROM default.c");
	is_created("v", "CREATE VIEW default.v (`b` UInt16) AS SELECT a + 1 AS b FROM default.c");
	ch_ok("CREATE MATERIALIZED VIEW mv ENGINE = AggregatingMergeTree ORDER BY a AS SELECT a, countState() AS n FROM c "
	      "GROUP BY a");
	is_created(".inner.mv", "CREATE TABLE default.`.inner.mv` (`a` UInt8, `n` AggregateFunction(count)) "
	                        "ENGINE = AggregatingMergeTree ORDER BY a SETTINGS index_granularity = 8192");
	ch_ok("DROP TABLE mv; DROP VIEW v; DROP TABLE c");
	fails(DIALECT_CLICKHOUSE, "CREATE DICTIONARY d (a UInt8) PRIMARY KEY a SOURCE(NULL()) LAYOUT(FLAT()) LIFETIME(0)",
	      E_NOT_IMPLEMENTED);
}

static void test_postgresql(void)
{
	pg_ok("CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE users (id serial PRIMARY KEY, name varchar(20) NOT NULL, "
	      "tags text[],"
	      " at timestamptz DEFAULT now(), m mood, n numeric(10,2), CHECK (id > 0), UNIQUE (name))");
	is_created("users", "CREATE TABLE default.users (`id` UInt64 DEFAULT nextval('users_id_seq'::regclass), `name` "
	                    "String, "
	                    "`tags` Array(Nullable(String)), `at` Nullable(DateTime64(6, 'UTC')) DEFAULT now(), "
	                    "`m` Nullable(Enum8('sad' = 1, 'ok' = 2)), `n` Nullable(Decimal(10, 2)), CONSTRAINT "
	                    "users_id_check CHECK (id > 0)) "
	                    "ENGINE = MergeTree ORDER BY id SETTINGS index_granularity = 8192");
	pg_ok("CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY, user_id int REFERENCES users(id) ON DELETE "
	      "CASCADE)");
	ok(strstr(notices, "not enforced") != NULL, "a foreign key gives a notice: %s", notices);
	pg_ok("CREATE INDEX ON posts (user_id); CREATE UNIQUE INDEX CONCURRENTLY u ON users USING btree (lower(name) DESC)");
	pg_ok("COMMENT ON TABLE users IS 'people'; COMMENT ON COLUMN users.name IS 'called'; ALTER TABLE users OWNER TO "
	      "\"default\"");
	pg_ok("ALTER TABLE users ADD COLUMN age int, ALTER COLUMN age SET DEFAULT 3, ALTER COLUMN age TYPE bigint, ALTER age "
	      "SET NOT NULL");
	pg_ok("ALTER TABLE ONLY posts ADD CONSTRAINT posts_pkey PRIMARY KEY (id); ALTER SEQUENCE users_id_seq RESTART WITH "
	      "10");
	pg_ok("CREATE EXTENSION IF NOT EXISTS vector; CREATE EXTENSION IF NOT EXISTS vector; CREATE SCHEMA s; CREATE TABLE "
	      "s.x (a int)");
	fails(DIALECT_POSTGRESQL, "DROP SCHEMA s", E_DEPENDENT_OBJECTS);
	fails(DIALECT_POSTGRESQL, "DROP TABLE nonesuch", E_UNKNOWN_TABLE);
	is_str(str_of(err.message), "table \"nonesuch\" does not exist", "in PostgreSQL's words");
	pg_ok("DROP SCHEMA s CASCADE; DROP TABLE IF EXISTS nonesuch");
	ok(strstr(notices, "table \"nonesuch\" does not exist, skipping") != NULL, "IF EXISTS gives a notice");
	pg_ok("CREATE ROLE bob LOGIN PASSWORD 'x'; GRANT SELECT ON users TO bob; ALTER ROLE bob NOLOGIN; DROP ROLE bob");
	fails(DIALECT_POSTGRESQL, "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", E_NOT_IMPLEMENTED);
	struct ddl_result r;
	ok(run(DIALECT_POSTGRESQL, "SHOW server_version", &r) == OK, "SHOW");
	is_str(r.query, "SELECT '15.20' AS server_version", "one setting");
	struct txn *t = txn_begin(manager, TXN_READ_COMMITTED);
	uint32_t oid = 0;
	int64_t v = 0;
	struct str text;
	bool is_null;
	context.txn = t;
	ok(catalog_services.oid_of(&context, FACE_REGCLASS, STR("public.users"), &oid, &err) == OK && oid != 0, "regclass");
	ok(catalog_services.name_of(&context, FACE_REGCLASS, oid, &arena, &text, &err) == OK, "and back");
	is_str(text, "users", "unqualified");
	ok(catalog_services.sequence(&context, STR("users_id_seq"), SEQUENCE_NEXTVAL, 0, &v, &err) == OK && v == 10,
	   "nextval");
	ok(catalog_services.sequence(&context, STR("users_id_seq"), SEQUENCE_CURRVAL, 0, &v, &err) == OK && v == 10,
	   "currval");
	ok(catalog_services.oid_of(&context, FACE_REGCLASS, STR("u"), &oid, &err) == OK && oid != 0, "an index has an OID");
	const int64_t args[] = {oid};
	ok(catalog_services.catalog_text(&context, STR("pg_get_indexdef"), args, 1, &arena, &text, &is_null, &err) == OK &&
	   !is_null, "indexdef");
	is_str(text, "CREATE UNIQUE INDEX u ON public.users USING btree (lower(name) DESC)", "as PostgreSQL shows it");
	txn_rollback(t);
	pg_ok("DROP TABLE posts, users; DROP TYPE mood");
}

static void test_hip(const char *path)
{
	FILE *f = fopen(path, "rb");
	if (f == NULL) {
		tap_skip(1, "sql/hanzo/hip-0047.sql is not here");
		return;
	}
	static char text[1 << 16];
	size_t n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = '\0';
	for (int pass = 0; pass < 2; pass++) {
		enum status st = run(DIALECT_CLICKHOUSE, text, NULL);
		ok(st == OK, "HIP-0047 loads%s %s", pass == 0 ? "" : " again", st == OK ? "" : err.message);
	}
}

int main(void)
{
	struct txn_config config = {.path = NULL};
	const char *source = getenv("srcdir");
	char path[4096];
	error_init(&err);
	arena_init(&arena, NULL);
	function_registry_init();
	aggregate_registry_init();
	catalog_register();
	for (size_t i = 0; i < ARRAY_COUNT(engines); i++)
		table_engine_register(&engines[i]);
	if (txn_manager_open(&config, &manager, &err) != OK || catalog_open(manager, NULL, &catalog, &err) != OK)
		return 1;
	settings = settings_new(settings_server());
	session = (struct eval_session){.database = STR("default"), .user = STR("default"),
	                                .search_path = STR("\"$user\", public"),
	                                .tz = timezone_utc(), .now_ns = clock_wall_ns(), .process_id = 7};
	context = (struct ddl_context){.catalog = catalog, .settings = settings, .session = &session, .arena = &arena,
	                               .user = STR("default"), .notice = note};
	session.services = &catalog_services;
	session.services_arg = &context;
	test_clickhouse();
	test_postgresql();
	snprintf(path, sizeof path, "%s/sql/hanzo/hip-0047.sql", source == NULL ? "." : source);
	test_hip(path);
	arena_fini(&arena);
	settings_free(settings);
	catalog_close(catalog);
	txn_manager_close(manager);
	return tap_done();
}

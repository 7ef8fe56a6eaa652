// SPDX-License-Identifier: Apache-2.0
/*
 * Fail every call: for each statement of a list, the n-th file call, sync or allocation fails, for every n until the
 * statement meets none. It must succeed or answer an error that says something; the server goes on; what it did is
 * there whole or not at all, now and after the next start; and all memory comes back.
 *
 * STEP=1 tries every n (the default looks at each of the first ones and then leaves some out), ONLY=word picks
 * statements.
 */
#include <errno.h>
#include <stdlib.h>

#include "../tap.h"
#include "base/fault.h"
#include "base/log.h"
#include "engine/mergetree.h"
#include "exec/instance.h"
#include "io/cache.h"
#include "memfs.h"
#include "sql_run.h"
#include "storage/key_map.h"
#include "txn/txn.h"

static const struct instance_config config = {.path = "/data", .threads = 1, .memory_limit_bytes = (uint64_t)4 << 30,
                                              .log_segment_bytes = 32 * 1024};

/* What all statements start from. */
static const char *const setup[] = {
	"CREATE TABLE d (k UInt64, s String) ENGINE = MergeTree ORDER BY k",
	"INSERT INTO d SELECT number, toString(number) FROM numbers(300)",
	"CREATE TABLE w (k UInt64, s String, l LowCardinality(String), a Array(UInt8)) ENGINE = MergeTree PARTITION BY k % 2 "
	"ORDER BY k SETTINGS min_bytes_for_wide_part = 0, min_rows_for_compact_part = 0",
	"INSERT INTO w SELECT number, toString(number), toString(number % 3), [1, 2] FROM numbers(500)",
	"INSERT INTO w SELECT number + 500, toString(number), toString(number % 3), [3] FROM numbers(500)",
	"CREATE TABLE v (k UInt64, s String, l LowCardinality(String), a Array(UInt8)) ENGINE = MergeTree PARTITION BY k % 2 "
	"ORDER BY k SETTINGS min_bytes_for_wide_part = 0, min_rows_for_compact_part = 0",
	"CREATE TABLE sums (k UInt64, c SimpleAggregateFunction(sum, UInt64)) ENGINE = AggregatingMergeTree ORDER BY k",
	"CREATE MATERIALIZED VIEW mv TO sums AS SELECT k % 10 AS k, toUInt64(1) AS c FROM d",
	"SET dialect = 'postgresql'",
	"CREATE TABLE u (k bigint PRIMARY KEY, s text UNIQUE)",
	"INSERT INTO u SELECT i, 'u' || i FROM generate_series(1, 500) AS i",
	"CREATE TABLE b (id bigserial, v bigint)",
	"INSERT INTO b (v) VALUES (1), (2), (3)",
	"SET dialect = 'clickhouse'",
	"OPTIMIZE TABLE u FINAL",
	"INSERT INTO u SELECT number + 501, toString(number) FROM numbers(100)",
};

/* Such a statement is PostgreSQL's. */
#define PG "/* pg */"

static const char *const statements[] = {
	"SELECT count(), sum(k), max(s) FROM d",
	"SELECT l, count(), sum(length(s)), sum(arraySum(a)) FROM w GROUP BY l ORDER BY l",
	"SELECT * FROM w WHERE k BETWEEN 100 AND 900 ORDER BY s, k LIMIT 5",
	"SELECT d.k, w.s FROM d INNER JOIN w ON d.k = w.k ORDER BY d.k LIMIT 3",
	"SELECT sum(n), sum(length(g)), sum(u) FROM (SELECT k % 5 AS m, s, count() AS n, groupArray(k) AS g, uniq(k) AS u "
	"FROM w GROUP BY m, s) SETTINGS max_bytes_before_external_group_by = 1",
	"SELECT k, s, a FROM w ORDER BY s, k SETTINGS max_bytes_before_external_sort = 1",
	"SELECT count(), sum(length(w.s)) FROM d FULL JOIN w ON d.k = w.k + 100 SETTINGS max_bytes_before_external_join = 1",
	"INSERT INTO d VALUES (1000, 'x')",
	"INSERT INTO d SELECT number + 1000, 'y' FROM numbers(1000)",
	"INSERT INTO w SELECT number + 1000, 'y', 'z', [9] FROM numbers(1000)",
	"INSERT INTO u SELECT number * 1000 + 601, toString(number + 100) FROM numbers(50)",
	"DELETE FROM u WHERE k % 3 = 0",
	"OPTIMIZE TABLE u FINAL",
	"DELETE FROM w WHERE k % 3 = 0",
	"UPDATE w SET s = 'changed' WHERE k < 200",
	"ALTER TABLE w DELETE WHERE k < 100 SETTINGS mutations_sync = 2",
	"ALTER TABLE w UPDATE s = 'changed' WHERE k < 100 SETTINGS mutations_sync = 2",
	PG "INSERT INTO u SELECT n, 'y' || n FROM generate_series(590, 610) AS n ON CONFLICT (k) DO UPDATE SET s = u.s || "
	"excluded.s",
	PG "INSERT INTO b (v) VALUES (7), (8) RETURNING id",
	PG "DELETE FROM u USING b WHERE u.k = b.id",
	PG "CREATE ROLE r1 LOGIN PASSWORD 'secret'",
	"OPTIMIZE TABLE w FINAL",
	"OPTIMIZE TABLE d FINAL",
	"CREATE TABLE n (a UInt8) ENGINE = MergeTree ORDER BY a",
	"ALTER TABLE w ADD COLUMN x UInt8 DEFAULT 7",
	"ALTER TABLE w DROP COLUMN s",
	"ALTER TABLE w DROP PARTITION 0",
	"ALTER TABLE w DETACH PARTITION 1",
	"ALTER TABLE w MOVE PARTITION 1 TO TABLE v",
	"ALTER TABLE v REPLACE PARTITION 1 FROM w",
	"TRUNCATE TABLE w",
	"RENAME TABLE d TO e",
	"DROP TABLE w",
	"CREATE DATABASE more",
	"CREATE VIEW look AS SELECT k FROM d",
};

enum kind { KIND_FILE, KIND_FILE_FOR_EVER, KIND_FULL, KIND_SYNC, KIND_ALLOC, KIND_COUNT };
static const char *const kind_names[] = {"a file call", "a file call and all later ones", "a write on a full disk",
                                         "a sync", "an allocation"};

/* The dialect that the statement is written in. */
static enum status speak(struct session *s, const char *text, struct error *err)
{
	bool pg = strncmp(text, PG, strlen(PG)) == 0;
	return sql_run(s, pg ? "SET dialect = 'postgresql'" : "SET dialect = 'clickhouse'", NULL, err);
}

static struct memfs *base;
static char *before; /* what probe() says of the base */
static unsigned problems;

/* All that can be seen, as one text. */
static char *probe(struct session *s)
{
	static const char *const queries[] = {
		"SELECT name FROM system.tables WHERE database = 'default' ORDER BY name",
		"SELECT name FROM system.databases ORDER BY name",
		"SELECT table, name FROM system.columns WHERE database = 'default' ORDER BY table, position",
		"SELECT count(), sum(k), sum(length(s)) FROM d",
		"SELECT count(), sum(k), sum(length(s)) FROM e",
		"SELECT count(), sum(k), sum(length(s)), sum(length(l)), sum(arraySum(a)) FROM w",
		"SELECT count(), sum(k), sum(length(l)), sum(arraySum(a)) FROM w",
		"SELECT count(), sum(k), sum(length(s)), sum(length(l)), sum(arraySum(a)) FROM v",
		"SELECT sum(c), count(DISTINCT k) FROM sums",
		"SELECT count(), sum(k), sum(length(s)) FROM u",
		"SELECT count(), sum(v), uniqExact(id) FROM b",
		"SELECT count() FROM pg_catalog.pg_roles WHERE rolname = 'r1'",
	};
	struct strbuf all;
	struct error ignored;
	error_init(&ignored);
	(void)!speak(s, "", &ignored);
	strbuf_init(&all, NULL);
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		struct error err;
		error_init(&err);
		enum status st = sql_run(s, queries[i], &all, &err);
		if (st != OK) {
			strbuf_putz(&all, status_ch_name(st));
			strbuf_putz(&all, st == E_UNKNOWN_TABLE || st == E_NO_SUCH_COLUMN ? "" : err.message);
			strbuf_putc(&all, '\n');
		}
	}
	char *text = strdup(strbuf_cstr(&all));
	strbuf_fini(&all);
	return text;
}

static void arm(struct memfs *fs, enum kind kind, uint64_t n)
{
	switch (kind) {
	case KIND_FILE:
	case KIND_FILE_FOR_EVER:
		memfs_fail(fs, MEMFS_ALL, n, kind == KIND_FILE_FOR_EVER, EIO);
		break;
	case KIND_FULL:
		memfs_fail(fs, MEMFS_MODIFY, n, true, ENOSPC);
		break;
	case KIND_SYNC:
		memfs_fail(fs, MEMFS_FSYNC, n, false, EIO);
		break;
	default:
		fault_arm(FAULT_alloc, (long)n, false);
	}
}

/* Whether a call was met. */
static bool disarm(struct memfs *fs, enum kind kind, uint64_t n)
{
	bool met = kind == KIND_ALLOC ? fault_hits(FAULT_alloc) >= (long)n : fs->failures != 0;
	memfs_fail(fs, 0, 0, false, 0);
	fault_arm(FAULT_alloc, 0, false);
	return met;
}

static void problem(const char *statement, enum kind kind, uint64_t n, const char *what, const char *text)
{
	if (problems++ < 10)
		printf("# %s, %s, n = %llu: %s %s\n", statement, kind_names[kind], (unsigned long long)n, what, text);
}

/* The states allowed: before and, unless it is known that it was not done, after. */
static void compare(const char *statement, enum kind kind, uint64_t n, bool may_old, bool may_new, const char *after,
                    const char *now, const char *when)
{
	if ((may_old && strcmp(now, before) == 0) || (may_new && strcmp(now, after) == 0))
		return;
	problem(statement, kind, n, when, strcmp(now, before) == 0  ? "it was not done"
	                                  : strcmp(now, after) == 0 ? "it was done"
	                                                            : now);
}

static int64_t memory_in_use(void)
{
	(void)cache_shrink(mergetree_cache(), UINT64_MAX);
	return memtrack_used(&memtrack_server);
}

static bool is_read_only(const struct sql_server *server)
{
	struct txn_stats stats;
	txn_manager_stats(instance_txns(server->instance), &stats);
	return stats.read_only;
}

/* One n; false: the statement met nothing. */
static bool one(const char *statement, const char *after, enum kind kind, uint64_t n)
{
	struct memfs *fs = memfs_copy(base);
	struct sql_server server;
	struct error err;
	error_init(&err);
	memfs_use(fs);
	int64_t at_rest = memory_in_use();
	if (sql_open(&server, &config, &err) != OK) {
		problem(statement, kind, n, "no start before:", err.message);
		memfs_free(fs);
		return false;
	}
	enum status st = speak(server.session, statement, &err);
	int64_t used = memory_in_use();
	arm(fs, kind, n);
	if (st == OK)
		st = sql_run(server.session, statement, NULL, &err);
	bool met = disarm(fs, kind, n), doubt = is_read_only(&server);
	if (st != OK && (!met || err.message[0] == '\0'))
		problem(statement, kind, n, "failed without a reason:", err.message);
	/* a merge of several partitions keeps what it finished, a sequence the numbers that it gave */
	bool keeps = strncmp(statement, "OPTIMIZE", 8) == 0 || strstr(statement, "INTO b ") != NULL;
	if (st != OK && memory_in_use() > used && !keeps)
		problem(statement, kind, n, "memory is still charged", "");
	char *now = probe(server.session);
	compare(statement, kind, n, st != OK, st == OK, after, now, "then:");
	free(now);
	sql_close(&server);
	if (memory_in_use() != at_rest)
		problem(statement, kind, n, "memory is charged after the end", "");
	error_clear(&err);
	if (sql_open(&server, &config, &err) != OK) {
		problem(statement, kind, n, "no start after:", err.message);
	} else {
		now = probe(server.session);
		compare(statement, kind, n, st != OK, st == OK || doubt, after, now, "after a start:");
		free(now);
		sql_close(&server);
	}
	memfs_use(NULL);
	memfs_free(fs);
	return met;
}

/* What the statement leaves behind when nothing fails. */
static char *after_text(const char *statement)
{
	struct memfs *fs = memfs_copy(base);
	struct sql_server server;
	struct error err;
	char *text = NULL;
	error_init(&err);
	memfs_use(fs);
	if (sql_open(&server, &config, &err) == OK) {
		if (speak(server.session, statement, &err) == OK && sql_run(server.session, statement, NULL, &err) == OK)
			text = probe(server.session);
		sql_close(&server);
	}
	if (text == NULL)
		printf("# %s: %s\n", statement, err.message);
	memfs_use(NULL);
	memfs_free(fs);
	return text;
}

static void fail_all(const char *statement, enum kind kind, uint64_t step)
{
	char *after = after_text(statement);
	uint64_t n = 1, tried = 0;
	problems = 0;
	while (after != NULL && n < 100000 && one(statement, after, kind, n)) {
		tried++;
		n += step != 0 ? step : 1 + n / 16;
	}
	ok(after != NULL && problems == 0, "%s fails: %.60s (%llu times, to the %lluth)", kind_names[kind], statement,
	   (unsigned long long)tried, (unsigned long long)n);
	free(after);
}

static bool prepare(void)
{
	struct sql_server server;
	struct error err;
	error_init(&err);
	base = memfs_new();
	memfs_use(base);
	enum status st = sql_open(&server, &config, &err);
	for (size_t i = 0; st == OK && i < sizeof setup / sizeof *setup; i++)
		st = sql_run(server.session, setup[i], NULL, &err);
	if (st != OK) {
		printf("# %s\n", err.message);
		return false;
	}
	before = probe(server.session);
	sql_close(&server);
	memfs_use(NULL);
	return true;
}

int main(void)
{
	const char *step = getenv("STEP"), *only = getenv("ONLY");
	log_set_level(LOG_ERROR - 1);
	key_map_min_rows = 1;
	if (!ok(prepare(), "a server to begin with"))
		return tap_done();
	for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
		for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
#ifndef WITH_FAULTS
			if (kind == KIND_ALLOC)
				continue;
#endif
			if (only == NULL || strstr(statements[i], only) != NULL)
				fail_all(statements[i], kind, step == NULL ? 0 : strtoull(step, NULL, 10));
		}
	free(before);
	memfs_free(base);
	return tap_done();
}

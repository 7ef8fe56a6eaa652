// SPDX-License-Identifier: Apache-2.0
/*
 * Power-loss replay. A random workload runs on a file system in memory that records every change; then, for thousands
 * of points of that record, a disk is built as it could be found after the power went there, the server starts on it,
 * and all tables are read: they must hold what they held after one acknowledged or just running statement.
 *
 * SEED, RUNS, STEPS and CUTS (environment) choose other and longer runs.
 */
#include "replay_work.h"

#include <stdlib.h>
#include <time.h>
#include "../tap.h"
#include "base/log.h"
#include "engine/mergetree.h"
#include "io/cache.h"

#ifdef __SANITIZE_ADDRESS__
enum { CUTS_DEFAULT = 800 };
#else
enum { CUTS_DEFAULT = 5200 };
#endif

static unsigned cuts_done, opened_twice, complaints;

static uint64_t from_environment(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);
	return text != NULL && *text != '\0' ? strtoull(text, NULL, 10) : otherwise;
}

/* States that may be found after the first `position` operations. */
static void allowed_states(const struct work *w, size_t position, size_t *from, size_t *to)
{
	*from = *to = 0;
	for (size_t i = 0; i < w->state_count; i++) {
		if (w->states[i].acknowledged <= position)
			*from = i;
		if (w->states[i].started < position)
			*to = i;
	}
	if (*to < *from)
		*to = *from;
}

static void explain(const struct work *w, size_t from, size_t to, char *const tables[WORLD_TEXTS])
{
	size_t any = work_find(w, 0, w->state_count - 1, tables);
	printf("# allowed: states %zu to %zu, found: %zd\n", from, to, any == SIZE_MAX ? (ssize_t)-1 : (ssize_t)any);
	for (size_t s = from; s <= to; s++)
		printf("# state %zu: after %.120s\n", s, w->states[s].statement);
	for (unsigned i = 0; i < WORLD_TEXTS; i++)
		if (strcmp(tables[i], w->states[from].tables[i]) != 0)
			printf("# t%u holds\n%s# and in the first of these states\n%s", i, tables[i], w->states[from].tables[i]);
}

/* Starts on the file system in use and compares; *found: the state. The server is left open when `keep`. */
static bool check_start(const struct work *w, size_t from, size_t to, size_t *found, struct sql_server *keep)
{
	struct sql_server server;
	struct error err;
	char *tables[WORLD_TEXTS];
	bool fine = false;
	error_init(&err);
	enum status st = sql_open(&server, &w->config, &err);
	if (st != OK) {
		printf("# the server does not start: %s\n", err.message);
		return false;
	}
	if (work_read(server.session, tables)) {
		*found = work_find(w, from, to, tables);
		fine = *found != SIZE_MAX;
		if (!fine && complaints < 3)
			explain(w, from, to, tables);
	}
	work_free_texts(tables);
	(void)cache_shrink(mergetree_cache(), UINT64_MAX);
	if (fine && keep != NULL)
		*keep = server;
	else
		sql_close(&server);
	return fine;
}

/* The server must go on from there: tables are made, rows come in, parts merge, and what was there stays as it is. */
static bool check_goes_on(const struct work *w, struct sql_server *server, size_t state)
{
	struct error err;
	struct strbuf out;
	char *tables[WORLD_TEXTS];
	bool fine = true;
	strbuf_init(&out, NULL);
	error_init(&err);
	const char *steps[] = {
		"CREATE TABLE later (k UInt64, n UInt32, s String, v Int64) ENGINE = MergeTree ORDER BY (k, n)",
		"CREATE TABLE latest (k UInt64, n UInt32, s String, v Int64) ENGINE = MergeTree ORDER BY (k, n)",
		"INSERT INTO later SELECT 1, number, 'x', 1 FROM numbers(10)",
		"INSERT INTO later SELECT 2, number, 'x', 1 FROM numbers(10)",
		"OPTIMIZE TABLE later FINAL",
	};
	for (size_t i = 0; fine && i < sizeof steps / sizeof *steps; i++)
		fine = sql_run(server->session, steps[i], NULL, &err) == OK;
	fine = fine && sql_run(server->session, "SELECT count(), (SELECT count() FROM latest) FROM later", &out, &err) == OK
	       && strcmp(strbuf_cstr(&out), "20\t0\n") == 0;
	if (!fine)
		printf("# the server does not go on: %s %s\n", err.message, strbuf_cstr(&out));
	if (fine) {
		fine = work_read(server->session, tables) && work_find(w, state, state, tables) == state;
		if (!fine)
			explain(w, state, state, tables);
		work_free_texts(tables);
	}
	strbuf_fini(&out);
	sql_close(server);
	return fine;
}

/* The power goes again while the server starts, or just after. */
static bool check_second_cut(const struct work *w, struct memfs *image, size_t state, uint64_t seed)
{
	struct disk_log log = {0};
	struct memfs *base = memfs_copy(image);
	bool fine = true;
	image->log = &log;
	memfs_use(image);
	size_t found;
	fine = check_start(w, state, state, &found, NULL);
	image->log = NULL;
	memfs_use(NULL);
	struct disk *d = disk_new(base, seed);
	uint64_t random = seed | 1;
	for (size_t position = 0; fine && position < log.count; position += 1 + dice_below(&random, log.count)) {
		enum disk_fate fate = (enum disk_fate)dice_below(&random, FATE_COUNT);
		disk_advance(d, &log, position);
		struct memfs *again = disk_cut(d, &log, fate, dice(&random));
		memfs_use(again);
		fine = check_start(w, state, state, &found, NULL);
		memfs_use(NULL);
		memfs_free(again);
		opened_twice++;
		if (!fine)
			printf("# second cut at %zu of %zu, fate %d\n", position, log.count, fate);
	}
	disk_free(d);
	memfs_free(base);
	disk_log_clear(&log);
	return fine;
}

static bool one_cut(const struct work *w, struct disk *d, size_t position, uint64_t seed, uint64_t *random)
{
	size_t from, to, found = SIZE_MAX;
	struct sql_server server;
	bool fine;
	enum disk_fate fate = (enum disk_fate)dice_below(random, FATE_COUNT);
	uint64_t cut_seed = dice(random);
	unsigned also = (unsigned)dice_below(random, 24);
	disk_advance(d, &w->log, position);
	allowed_states(w, position, &from, &to);
	struct memfs *image = disk_cut(d, &w->log, fate, cut_seed), *copy = also == 0 ? memfs_copy(image) : NULL;
	memfs_use(image);
	fine = check_start(w, from, to, &found, also == 1 ? &server : NULL);
	if (fine && also == 1)
		fine = check_goes_on(w, &server, found);
	memfs_use(NULL);
	memfs_free(image);
	if (fine && copy != NULL)
		fine = check_second_cut(w, copy, found, cut_seed);
	memfs_free(copy);
	cuts_done++;
	if (!fine && complaints++ < 3)
		printf("# seed %llu: cut after %zu of %zu operations, fate %d\n", (unsigned long long)seed, position, w->log.count,
		       (int)fate);
	return fine;
}

static bool is_interesting(const struct disk_op *op)
{
	return op->kind != DISK_WRITE && op->kind != DISK_NEW && op->kind != DISK_ADD;
}

static unsigned all_cuts(const struct work *w, uint64_t seed, unsigned cuts)
{
	struct disk *d = disk_new(w->base, seed);
	uint64_t random = seed * 7919 + 3;
	unsigned bad = 0, interesting = 0;
	for (size_t i = 0; i < w->log.count; i++)
		interesting += is_interesting(&w->log.ops[i]);
	/* half of the cuts anywhere, half where something became safe or changed its name */
	double anywhere = cuts / 2.0 / (double)w->log.count, there = cuts / 2.0 / (interesting + 1);
	double due = 0;
	for (size_t i = 0; i <= w->log.count; i++) {
		due += anywhere + (i < w->log.count && is_interesting(&w->log.ops[i]) ? there : 0);
		for (; due >= 1; due -= 1)
			bad += !one_cut(w, d, i, seed, &random);
	}
	disk_free(d);
	return bad;
}

static void run(uint64_t seed, unsigned steps, unsigned cuts, bool with_faults)
{
	struct work w;
	ok(work_run(&w, seed, steps, with_faults), "seed %llu%s: a workload that holds what it must", (unsigned long long)seed,
	   with_faults ? ", calls fail" : "");
	printf("# %u statements, %u failed, %u restarts, %u in doubt, %zu states, %zu operations\n", w.statements, w.failed,
	       w.restarts, w.doubts, w.state_count, w.log.count);
	clock_t start = clock();
	unsigned bad = all_cuts(&w, seed, cuts);
	ok(bad == 0, "seed %llu: %u cuts, %u wrong", (unsigned long long)seed, cuts, bad);
	printf("# %.1f ms each\n", (double)(clock() - start) / CLOCKS_PER_SEC * 1000 / (cuts + 1));
	work_free(&w);
}

int main(void)
{
	log_set_level(getenv("REPLAY_LOG") != NULL ? LOG_INFO : LOG_ERROR);
	uint64_t seed = from_environment("SEED", 1);
	unsigned runs = (unsigned)from_environment("RUNS", 8), steps = (unsigned)from_environment("STEPS", 120);
	unsigned cuts = (unsigned)from_environment("CUTS", CUTS_DEFAULT);
	printf("# SEED=%llu RUNS=%u STEPS=%u CUTS=%u repeats this\n", (unsigned long long)seed, runs, steps, cuts);
	for (unsigned i = 0; i < runs; i++)
		run(seed + i, steps, cuts / runs, (i + from_environment("FAULTS", 0)) % 2 == 1);
	printf("# %u cuts, %u more while starting\n", cuts_done, opened_twice);
	return tap_done();
}

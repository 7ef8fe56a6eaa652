// SPDX-License-Identifier: Apache-2.0
#include "history_work.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct client {
	const struct history_plan *plan;
	PGconn *connection;      /* NULL: lost */
	struct history history;
	struct history_counts counts;
	uint64_t dice;
	unsigned number;
	int64_t until;
	int64_t next_value, next_event;
	int64_t seen[HISTORY_WRITERS];
	bool failed, lost;       /* in this transaction */
};

static _Atomic unsigned lists_filled; /* appends so far: which lists are in work */

static int64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static unsigned dice(struct client *c, unsigned limit)
{
	c->dice ^= c->dice << 13;
	c->dice ^= c->dice >> 7;
	c->dice ^= c->dice << 17;
	return (unsigned)(c->dice >> 33) % limit;
}

static void problem(struct client *c, const char *what, const char *sql)
{
	if (c->counts.problems++ < 3)
		printf("# client %u: %.150s: %s\n", c->number, sql, what);
}

/* ---- statements ---- */

static bool is_expected(const char *state)
{
	static const char *const states[] = {"40001", "40P01", "55P03", "23505", "57P01"};
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (strcmp(state, states[i]) == 0)
			return true;
	return false;
}

static void lose(struct client *c)
{
	PQfinish(c->connection);
	c->connection = NULL;
	c->failed = c->lost = true;
}

/* NULL: it failed, and so did the transaction. */
__attribute__((format(printf, 4, 5))) static PGresult *ask(struct client *c, int64_t *start, int64_t *end,
                                                           const char *format, ...)
{
	char sql[1000];
	va_list ap;
	va_start(ap, format);
	vsnprintf(sql, sizeof sql, format, ap);
	va_end(ap);
	if (c->connection == NULL || c->failed)
		return NULL;
	*start = now_ns();
	PGresult *r = PQexec(c->connection, sql);
	*end = now_ns();
	ExecStatusType status = PQresultStatus(r);
	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
		return r;
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	c->failed = true;
	c->counts.timeouts += state != NULL && strcmp(state, "55P03") == 0;
	if (PQstatus(c->connection) != CONNECTION_OK)
		lose(c);
	else if (state == NULL || !is_expected(state))
		problem(c, PQerrorMessage(c->connection), sql);
	PQclear(r);
	return NULL;
}

static bool done(PGresult *r)
{
	PQclear(r);
	return r != NULL;
}

#define DO(c, start, end, ...) done(ask((c), (start), (end), __VA_ARGS__))

/* ---- transactions ---- */

static struct history_txn *newest(struct client *c)
{
	return &c->history.txns[c->history.txn_count - 1];
}

static void begin(struct client *c, enum history_level level)
{
	int64_t start, end;
	const char *names[] = {"READ COMMITTED", "REPEATABLE READ"};
	c->failed = c->lost = false;
	(void)history_begin(&c->history, level, 0);
	(void)DO(c, &start, &end, "BEGIN ISOLATION LEVEL %s", c->plan->weaken != NULL ? c->plan->weaken : names[level]);
	newest(c)->start = newest(c)->asked = newest(c)->ended = now_ns();
}

/* COMMIT, or now and then ROLLBACK; true: committed. */
static bool finish(struct client *c, bool may_roll_back)
{
	int64_t start, end;
	struct history_txn *t = newest(c);
	bool commit = !c->failed && !(may_roll_back && dice(c, 12) == 0);
	if (!commit) {
		c->failed = false;
		(void)DO(c, &start, &end, "ROLLBACK");
		t->asked = t->ended = now_ns();
		c->counts.aborted++;
		return false;
	}
	t->asked = now_ns();
	PGresult *r = ask(c, &start, &end, "COMMIT");
	t->ended = now_ns();
	bool committed = r != NULL && strcmp(PQcmdStatus(r), "COMMIT") == 0;
	PQclear(r);
	t->outcome = committed ? OUTCOME_COMMITTED : c->lost ? OUTCOME_UNKNOWN : OUTCOME_ABORTED;
	*(committed ? &c->counts.committed : c->lost ? &c->counts.unknown : &c->counts.aborted) += 1;
	return committed;
}

static enum history_level any_level(struct client *c)
{
	return dice(c, 2) == 0 ? LEVEL_RC : LEVEL_RR;
}

/* ---- the workloads ---- */

static void read_list(struct client *c, uint32_t key)
{
	int64_t start, end;
	PGresult *r = ask(c, &start, &end, "SELECT l FROM l%u WHERE k = %u", key % LIST_TABLES, key / LIST_TABLES);
	if (r == NULL)
		return;
	if (PQntuples(r) > 1)
		problem(c, "several rows of one list", "SELECT l");
	(void)history_op(&c->history, OP_READ, key, 0, start, end);
	char *at = PQntuples(r) == 0 ? NULL : PQgetvalue(r, 0, 0);
	while (at != NULL && *at == ',') {
		int64_t value = strtoll(at + 1, &at, 10);
		history_number(&c->history, value);
	}
	PQclear(r);
}

/* The keyed table gets its rows by upsert, the other one has them from the start. */
static void append(struct client *c, uint32_t key)
{
	int64_t start, end, value = c->next_value++ * 64 + c->number;
	uint32_t k = key / LIST_TABLES;
	PGresult *r = key % LIST_TABLES == 0
		? ask(c, &start, &end, "INSERT INTO l0 VALUES (%u, ',%" PRId64 "') ON CONFLICT (k) DO UPDATE SET l = l0.l || "
		      "excluded.l", k, value)
		: ask(c, &start, &end, "UPDATE l1 SET l = l || ',%" PRId64 "' WHERE k = %u", value, k);
	/* also when it failed: nobody may ever see it */
	(void)history_op(&c->history, OP_APPEND, key, value, 0, 0);
	if (r != NULL && strcmp(PQcmdTuples(r), "1") != 0)
		problem(c, "an append that changed another number of rows than one", PQcmdStatus(r));
	PQclear(r);
	lists_filled++;
}

static void list_work(struct client *c)
{
	begin(c, any_level(c));
	unsigned steps = 1 + dice(c, 5), oldest = lists_filled / 30;
	for (unsigned i = 0; i < steps && !c->failed; i++) {
		uint32_t key = (oldest + dice(c, 6)) % (LISTS * LIST_TABLES);
		if (dice(c, 2) == 0)
			read_list(c, key);
		else
			append(c, key);
	}
	(void)finish(c, true);
}

static int64_t number_of(PGresult *r)
{
	return r == NULL || PQntuples(r) == 0 ? -1 : strtoll(PQgetvalue(r, 0, 0), NULL, 10);
}

/* Money moves from the keyed table to the other one or back, or a token changes its row. */
static void transfer_work(struct client *c)
{
	int64_t start, end;
	begin(c, any_level(c));
	if (dice(c, 3) == 0) {
		unsigned id = dice(c, TOKENS);
		PGresult *r = ask(c, &start, &end, "DELETE FROM token WHERE id = %u", id);
		if (r != NULL && strcmp(PQcmdTuples(r), "1") == 0)
			(void)DO(c, &start, &end, "INSERT INTO token VALUES (%u, %u)", id, c->number);
		PQclear(r);
	} else {
		unsigned from = dice(c, 2), amount = 1 + dice(c, 9);
		(void)DO(c, &start, &end, "UPDATE a%u SET b = b - %u WHERE id = %u", from, amount, dice(c, ACCOUNTS));
		(void)DO(c, &start, &end, "UPDATE a%u SET b = b + %u WHERE id = %u", 1 - from, amount, dice(c, ACCOUNTS));
	}
	(void)finish(c, true);
}

static void total(struct client *c, unsigned which)
{
	int64_t start, end;
	PGresult *r = which == 0 ? ask(c, &start, &end, "SELECT (SELECT sum(b) FROM a0) + (SELECT sum(b) FROM a1)")
	                         : ask(c, &start, &end, "SELECT count(*) * 1000 + count(DISTINCT id) FROM token");
	if (r == NULL)
		return;
	(void)history_op(&c->history, OP_TOTAL, which, number_of(r), start, end);
	history_number(&c->history, which == 0 ? 2 * ACCOUNTS * BALANCE : TOKENS * 1000 + TOKENS);
	PQclear(r);
}

/* In REPEATABLE READ the halves of a total may be asked one after the other. */
static void total_work(struct client *c)
{
	int64_t start, end;
	enum history_level level = any_level(c);
	begin(c, level);
	total(c, dice(c, 2));
	if (level == LEVEL_RR) {
		PGresult *a = ask(c, &start, &end, "SELECT sum(b) FROM a0"), *b = ask(c, &start, &end, "SELECT sum(b) FROM a1");
		if (b != NULL) {
			(void)history_op(&c->history, OP_TOTAL, 0, number_of(a) + number_of(b), start, end);
			history_number(&c->history, 2 * ACCOUNTS * BALANCE);
		}
		PQclear(a);
		PQclear(b);
	}
	(void)finish(c, false);
}

/* Read, add one here, write: with a snapshot, or under READ COMMITTED with the row locked. */
static void register_work(struct client *c)
{
	int64_t start, end;
	enum history_level level = any_level(c);
	unsigned key = dice(c, REGISTERS);
	begin(c, level);
	PGresult *r = ask(c, &start, &end, "SELECT v FROM reg WHERE k = %u%s", key, level == LEVEL_RC ? " FOR UPDATE" : "");
	if (r != NULL && PQntuples(r) == 1) {
		int64_t value = number_of(r) + 1;
		PGresult *u = ask(c, &start, &end, "UPDATE reg SET v = %" PRId64 " WHERE k = %u", value, key);
		if (u != NULL && strcmp(PQcmdTuples(u), "1") != 0)
			problem(c, "a register that is not there any more", "UPDATE reg");
		PQclear(u);
		(void)history_op(&c->history, OP_SET, key, value, start, end);
	}
	PQclear(r);
	(void)finish(c, true);
}

static void read_clock(struct client *c, int64_t seen[HISTORY_WRITERS])
{
	int64_t start, end, numbers[3 * HISTORY_WRITERS] = {0};
	PGresult *r = ask(c, &start, &end, "SELECT w, count(*), max(n), max(s0), max(s1), max(s2), max(s3), max(s4), max(s5), "
	                                   "max(s6), max(s7) FROM ev GROUP BY w");
	if (r == NULL)
		return;
	for (int row = 0; row < PQntuples(r); row++) {
		int64_t of[3 + HISTORY_WRITERS];
		for (int i = 0; i < 3 + HISTORY_WRITERS; i++)
			of[i] = strtoll(PQgetvalue(r, row, i), NULL, 10);
		numbers[of[0] % HISTORY_WRITERS] = of[1];
		numbers[HISTORY_WRITERS + of[0] % HISTORY_WRITERS] = of[2];
		for (int i = 0; i < HISTORY_WRITERS; i++)
			if (of[3 + i] > numbers[2 * HISTORY_WRITERS + i])
				numbers[2 * HISTORY_WRITERS + i] = of[3 + i];
	}
	PQclear(r);
	(void)history_op(&c->history, OP_CLOCK, c->number, 0, start, end);
	for (int i = 0; i < 3 * HISTORY_WRITERS; i++)
		history_number(&c->history, numbers[i]);
	memcpy(seen, numbers, HISTORY_WRITERS * sizeof *seen);
}

/* Reads, sometimes twice, and adds an event that says what was read. Its own number goes on without a hole. */
static void event_work(struct client *c)
{
	int64_t start, end, seen[HISTORY_WRITERS] = {0};
	unsigned w = c->number;
	begin(c, any_level(c));
	read_clock(c, seen);
	bool writes = w < HISTORY_WRITERS && dice(c, 3) != 0;
	if (writes && !c->failed) {
		int64_t n = seen[w] + 1;
		(void)history_op(&c->history, OP_EVENT, w, n, 0, 0);
		(void)DO(c, &start, &end, "INSERT INTO ev VALUES (%u, %" PRId64 ", %" PRId64 ", %" PRId64 ", %" PRId64 ", %" PRId64
		         ", %" PRId64 ", %" PRId64 ", %" PRId64 ", %" PRId64 ")", w, n, seen[0], seen[1], seen[2], seen[3], seen[4],
		         seen[5], seen[6], seen[7]);
	}
	if (!c->failed && dice(c, 2) == 0)
		read_clock(c, seen);
	(void)finish(c, true);
}

static const struct {
	const char *name;
	unsigned share;
	void (*work)(struct client *c);
} workloads[] = {
	{"list", 50, list_work}, {"transfer", 16, transfer_work}, {"total", 10, total_work},
	{"register", 12, register_work}, {"event", 12, event_work},
};

/* ---- clients ---- */

static bool connect_client(struct client *c, int64_t until)
{
	const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
	while (c->connection == NULL && now_ns() < until) {
		c->connection = PQconnectdb(c->plan->conninfo);
		if (PQstatus(c->connection) == CONNECTION_OK) {
			c->counts.connections++;
			PQclear(PQexec(c->connection, "SET lock_timeout = '3s'"));
			return true;
		}
		PQfinish(c->connection);
		c->connection = NULL;
		nanosleep(&pause, NULL);
	}
	return c->connection != NULL;
}

static void one_transaction(struct client *c)
{
	unsigned at = dice(c, 100), i = 0;
	while (c->plan->only == NULL && at >= workloads[i].share)
		at -= workloads[i++].share;
	while (c->plan->only != NULL && strcmp(workloads[i].name, c->plan->only) != 0)
		i = (i + 1) % (sizeof workloads / sizeof *workloads);
	workloads[i].work(c);
}

static void *run_client(void *arg)
{
	struct client *c = arg;
	while (now_ns() < c->until && connect_client(c, c->until) && c->counts.problems < 3)
		one_transaction(c);
	PQfinish(c->connection);
	c->connection = NULL;
	return NULL;
}

/* All that is there, in one snapshot. */
static void read_all(struct client *c)
{
	int64_t seen[HISTORY_WRITERS], start, end;
	begin(c, LEVEL_RR);
	unsigned lists = lists_filled / 30 + 6;
	for (uint32_t k = 0; k < lists && k < LISTS * LIST_TABLES; k++)
		read_list(c, k);
	total(c, 0);
	total(c, 1);
	read_clock(c, seen);
	for (unsigned k = 0; k < REGISTERS; k++) {
		PGresult *r = ask(c, &start, &end, "SELECT v FROM reg WHERE k = %u", k);
		(void)history_op(&c->history, OP_SET, k, number_of(r) + 1, start, end); /* the next one that would come */
		PQclear(r);
	}
	if (!finish(c, false))
		problem(c, "the last reader failed", "");
}

static void add_counts(struct history_counts *to, const struct history_counts *from)
{
	to->committed += from->committed;
	to->aborted += from->aborted;
	to->unknown += from->unknown;
	to->timeouts += from->timeouts;
	to->connections += from->connections;
	to->problems += from->problems;
}

void history_work(const struct history_plan *p, struct history *out, struct history_counts *counts)
{
	struct client *clients = calloc(p->clients + 1, sizeof *clients);
	pthread_t *threads = calloc(p->clients + 1, sizeof *threads);
	if (clients == NULL || threads == NULL)
		abort();
	*out = (struct history){0};
	*counts = (struct history_counts){0};
	int64_t until = now_ns() + (int64_t)p->seconds * 1000000000;
	for (unsigned i = 0; i <= p->clients; i++)
		clients[i] = (struct client){.plan = p, .number = i, .until = until, .next_value = 1,
		                             .dice = (p->seed + i + 1) * 0x9e3779b97f4a7c15};
	for (unsigned i = 0; i < p->clients; i++)
		if (pthread_create(&threads[i], NULL, run_client, &clients[i]) != 0)
			abort();
	for (unsigned i = 0; i < p->clients; i++)
		(void)pthread_join(threads[i], NULL);
	struct client *last = &clients[p->clients];
	if (connect_client(last, now_ns() + (int64_t)60 * 1000000000))
		read_all(last);
	else
		problem(last, "no connection at the end", "");
	PQfinish(last->connection);
	for (unsigned i = 0; i <= p->clients; i++) {
		history_merge(out, &clients[i].history);
		add_counts(counts, &clients[i].counts);
		history_free(&clients[i].history);
	}
	free(clients);
	free(threads);
}

bool history_prepare(const struct history_plan *p)
{
	static const char *const statements[] = {
		"DROP TABLE IF EXISTS l0, l1, a0, a1, token, reg, ev",
		"CREATE TABLE l0 (k integer PRIMARY KEY, l text)",
		"CREATE TABLE l1 (k integer, l text)",
		"INSERT INTO l1 SELECT n, '' FROM generate_series(0, 2999) AS n",
		"CREATE TABLE a0 (id integer PRIMARY KEY, b integer)",
		"CREATE TABLE a1 (id integer, b integer)",
		"INSERT INTO a0 SELECT n, 100 FROM generate_series(0, 11) AS n",
		"INSERT INTO a1 SELECT n, 100 FROM generate_series(0, 11) AS n",
		"CREATE TABLE token (id integer, holder integer)",
		"INSERT INTO token SELECT n, 0 FROM generate_series(0, 19) AS n",
		"CREATE TABLE reg (k integer, v integer)",
		"INSERT INTO reg SELECT n, 0 FROM generate_series(0, 3) AS n",
		"CREATE TABLE ev (w integer, n integer, s0 integer, s1 integer, s2 integer, s3 integer, s4 integer, s5 integer, "
		"s6 integer, s7 integer)",
	};
	struct client c = {.plan = p};
	int64_t start, end;
	bool fine = connect_client(&c, now_ns() + (int64_t)10 * 1000000000);
	for (size_t i = 0; fine && i < sizeof statements / sizeof *statements; i++)
		fine = DO(&c, &start, &end, "%s", statements[i]);
	PQfinish(c.connection);
	return fine;
}

// SPDX-License-Identifier: Apache-2.0
#include "replay_work.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exec/instance.h"
#include "txn/txn.h"

/* ---- reading ---- */

static bool read_table(struct session *s, unsigned i, struct strbuf *out)
{
	struct strbuf text, columns;
	struct error err;
	char line[64];
	uint8_t extras = 0;
	strbuf_init(&text, NULL);
	strbuf_init(&columns, NULL);
	error_init(&err);
	snprintf(line, sizeof line, "DESCRIBE TABLE t%u", i);
	enum status st = sql_run(s, line, &columns, &err);
	if (st == OK) {
		for (unsigned e = 0; e < WORLD_EXTRAS; e++) {
			snprintf(line, sizeof line, "\ne%u\t", e);
			extras |= (uint8_t)((strstr(strbuf_cstr(&columns), line) != NULL) << e);
		}
		snprintf(line, sizeof line, "columns %u\n", extras);
		strbuf_putz(out, line);
		world_query(i, extras, &text);
		st = sql_run(s, strbuf_cstr(&text), out, &err);
		static unsigned printed;
		if (st != OK && printed++ < 5)
			printf("# t%u cannot be read: %s\n", i, err.message);
	} else if (st == E_UNKNOWN_TABLE) {
		st = OK;
	} else {
		printf("# t%u cannot be described: %s\n", i, err.message);
	}
	strbuf_fini(&text);
	strbuf_fini(&columns);
	return st == OK;
}

static bool read_other(struct session *s, unsigned i, struct strbuf *out)
{
	struct strbuf text;
	struct error err;
	strbuf_init(&text, NULL);
	error_init(&err);
	world_query(i, 0, &text);
	enum status st = sql_run(s, strbuf_cstr(&text), out, &err);
	if (st != OK && st != E_UNKNOWN_TABLE)
		printf("# %s: %s\n", strbuf_cstr(&text), err.message);
	strbuf_fini(&text);
	return st == OK || st == E_UNKNOWN_TABLE;
}

bool work_read(struct session *s, char *tables[WORLD_TEXTS])
{
	bool fine = true;
	for (unsigned i = 0; i < WORLD_TEXTS; i++) {
		struct strbuf b;
		strbuf_init(&b, NULL);
		fine &= i < WORLD_TABLES ? read_table(s, i, &b) : read_other(s, i, &b);
		tables[i] = strdup(strbuf_cstr(&b));
		strbuf_fini(&b);
	}
	return fine;
}

void work_free_texts(char *tables[WORLD_TEXTS])
{
	for (unsigned i = 0; i < WORLD_TEXTS; i++)
		free(tables[i]);
}

size_t work_find(const struct work *w, size_t from, size_t to, char *const tables[WORLD_TEXTS])
{
	for (size_t s = to + 1; s-- > from;) {
		unsigned same = 0;
		while (same < WORLD_TEXTS && strcmp(w->states[s].tables[same], tables[same]) == 0)
			same++;
		if (same == WORLD_TEXTS)
			return s;
	}
	return SIZE_MAX;
}

/* ---- states ---- */

static void push_state(struct work *w, const struct world *world, size_t started, size_t acknowledged,
                       const char *statement)
{
	if (w->state_count == w->state_capacity) {
		w->state_capacity = w->state_capacity * 2 + 64;
		w->states = realloc(w->states, w->state_capacity * sizeof *w->states);
		if (w->states == NULL)
			abort();
	}
	struct work_state *s = &w->states[w->state_count++];
	*s = (struct work_state){.started = started, .acknowledged = acknowledged, .statement = strdup(statement)};
	for (unsigned i = 0; i < WORLD_TEXTS; i++) {
		struct strbuf b;
		strbuf_init(&b, NULL);
		world_expected(world, i, &b);
		s->tables[i] = strdup(strbuf_cstr(&b));
		strbuf_fini(&b);
	}
}

static void complain(struct work *w, const char *what, const char *statement, const char *why)
{
	printf("# %s: %.200s: %s\n", what, statement, why);
	w->wrong++;
}

static void verify(struct work *w, const char *after)
{
	char *tables[WORLD_TEXTS];
	size_t last = w->state_count - 1;
	if (!work_read(w->server.session, tables))
		complain(w, "unreadable after", after, "see above");
	else if (work_find(w, last, last, tables) != last) {
		complain(w, "not what it must be after", after, "");
		for (unsigned i = 0; i < WORLD_TEXTS; i++)
			if (strcmp(tables[i], w->states[last].tables[i]) != 0)
				printf("# t%u is\n%s# and must be\n%s", i, tables[i], w->states[last].tables[i]);
		if (w->trace)
			exit(1);
	}
	work_free_texts(tables);
}

/* ---- restarts ---- */

static void end_second(struct work *w)
{
	session_close(w->second);
	w->second = NULL;
	w->pending_count = 0;
	w->has_savepoint = false;
}

static void reopen(struct work *w)
{
	struct error err;
	error_init(&err);
	end_second(w);
	work_others_end(w);
	sql_close(&w->server);
	w->lossy = false;
	w->restarts++;
	if (w->with_faults && dice_below(&w->dice, 3) == 0) {
		memfs_fail(w->fs, MEMFS_ALL & ~(dice_below(&w->dice, 2) == 0 ? MEMFS_READ | MEMFS_OPEN : 0),
		           1 + dice_below(&w->dice, 80), dice_below(&w->dice, 2) == 0, EIO);
		enum status st = sql_open(&w->server, &w->config, &err);
		memfs_fail(w->fs, 0, 0, false, 0);
		if (st == OK)
			sql_close(&w->server);
		error_clear(&err);
	}
	if (sql_open(&w->server, &w->config, &err) != OK) {
		printf("# the server does not start: %s\n", err.message);
		abort();
	}
}

static bool is_read_only(struct work *w)
{
	struct txn_stats stats;
	txn_manager_stats(instance_txns(w->server.instance), &stats);
	return stats.read_only;
}

/* The log could not be written at all: only the next start tells which commits are in it. */
static void settle_doubt(struct work *w, const struct world *after, size_t started, const char *statement)
{
	char *tables[WORLD_TEXTS];
	size_t before = w->state_count - 1;
	w->doubts++;
	push_state(w, after, started, SIZE_MAX, statement);
	reopen(w);
	size_t is = SIZE_MAX;
	/* asynchronous commits before it may be lost, too */
	size_t oldest = before;
	while (oldest > 0 && w->states[oldest].acknowledged == SIZE_MAX)
		oldest--;
	if (work_read(w->server.session, tables))
		is = work_find(w, oldest, before + 1, tables);
	if (is == SIZE_MAX) {
		complain(w, "neither done nor undone", statement, "");
		for (unsigned i = 0; i < WORLD_TEXTS; i++)
			if (strcmp(tables[i], w->states[before].tables[i]) != 0)
				printf("# t%u is\n%s# and was before\n%s", i, tables[i], w->states[before].tables[i]);
	}
	work_free_texts(tables);
	if (is == before + 1)
		w->now = *after;
	push_state(w, &w->now, w->log.count, w->log.count, "a restart in doubt");
}

/* ---- statements ---- */

bool work_execute(struct work *w, struct session *s, const char *text, const struct world *after)
{
	struct error err;
	size_t started = w->log.count;
	bool faults = w->with_faults && dice_below(&w->dice, 6) == 0;
	error_init(&err);
	w->statements++;
	if (faults) {
		static const unsigned kinds[] = {MEMFS_ALL, MEMFS_MODIFY, MEMFS_FSYNC, MEMFS_NAMES, MEMFS_FSYNC | MEMFS_NAMES};
		memfs_fail(w->fs, kinds[dice_below(&w->dice, 5)], 1 + dice_below(&w->dice, 40), dice_below(&w->dice, 3) == 0,
		           dice_below(&w->dice, 2) == 0 ? EIO : ENOSPC);
	}
	enum status st = sql_run(s, text, NULL, &err);
	bool met = faults && w->fs->failures != 0;
	memfs_fail(w->fs, 0, 0, false, 0);
	if (w->trace)
		printf("# %zu to %zu%s: %.150s%s%s\n", started, w->log.count, s == w->second ? " (second)" : "", text,
		       st == OK ? "" : ": ", st == OK ? "" : err.message);
	if (st == OK && after != NULL) {
		push_state(w, after, started, w->lossy ? SIZE_MAX : w->log.count, text);
		w->now = *after;
	} else if (st != OK) {
		w->failed++;
		if (!met && st != E_SERIALIZATION_FAILURE)
			complain(w, "failed", text, err.message);
		if (is_read_only(w)) {
			settle_doubt(w, after != NULL ? after : &w->now, started, text);
			return false;
		}
		if (after != NULL) {
			/* its record may have been on disk until the new segment said that it does not count */
			push_state(w, after, started, SIZE_MAX, text);
			push_state(w, &w->now, w->log.count, w->lossy ? SIZE_MAX : w->log.count, "what failed");
		}
		verify(w, text);
	} else if (dice_below(&w->dice, 10) == 0 || met || w->trace) {
		verify(w, text);
	}
	return st == OK;
}

static unsigned any_table(struct work *w)
{
	return (unsigned)dice_below(&w->dice, WORLD_TABLES);
}

static void new_batch(struct work *w, struct world_batch *b)
{
	static const uint32_t most[] = {4, 4, 12, 12, 300, 1000, 9000};
	*b = (struct world_batch){.k = w->next_k++};
	b->count = 1 + (uint32_t)dice_below(&w->dice, most[dice_below(&w->dice, 7)]);
	for (unsigned c = 0; c < WORLD_CLASSES; c++)
		b->v[c] = (int64_t)b->k * 10;
}

static void insert(struct work *w)
{
	unsigned i = any_table(w);
	struct world after = w->now;
	struct world_batch b;
	struct strbuf text;
	if (!world_has_room(&w->now.tables[i]))
		return;
	new_batch(w, &b);
	world_add(&after.tables[i], &b);
	strbuf_init(&text, NULL);
	bool was_lossy = w->lossy, async = dice_below(&w->dice, 8) == 0, token = !async && i == WORLD_TABLES - 1;
	char settings[100] = "";
	if (async)
		snprintf(settings, sizeof settings, " SETTINGS async_insert = 1, wait_for_async_insert = 0");
	if (token)
		snprintf(settings, sizeof settings, " SETTINGS insert_deduplication_token = 'b%llu'", (unsigned long long)b.k);
	world_rows_text(i, &b, settings, &text);
	w->lossy |= async;
	bool fine = work_execute(w, w->server.session, strbuf_cstr(&text), &after);
	w->lossy = was_lossy;
	if (token && fine)
		w->last_token = b.k;
	strbuf_fini(&text);
}

/* What a client does that has lost the answer. */
static void insert_again(struct work *w)
{
	unsigned i = WORLD_TABLES - 1;
	const struct world_table *t = &w->now.tables[i];
	for (uint32_t n = 0; n < t->batch_count; n++) {
		if (t->batches[n].k != w->last_token)
			continue;
		struct strbuf text;
		struct world_batch b = t->batches[n];
		char settings[100];
		strbuf_init(&text, NULL);
		b.v[0] = (int64_t)b.k * 10; /* as it was inserted */
		snprintf(settings, sizeof settings, " SETTINGS insert_deduplication_token = 'b%llu'", (unsigned long long)b.k);
		world_rows_text(i, &b, settings, &text);
		(void)work_execute(w, w->server.session, strbuf_cstr(&text), NULL);
		strbuf_fini(&text);
		return;
	}
}

/* ---- the transaction ---- */

static void second_step(struct work *w)
{
	if (w->second == NULL) {
		w->second = sql_session(&w->server);
		if (!work_execute(w, w->second, "BEGIN TRANSACTION", NULL))
			end_second(w);
		return;
	}
	unsigned what = (unsigned)dice_below(&w->dice, 10);
	bool fine = true;
	if (what < 5 && w->pending_count < 16) {
		struct pending_batch *p = &w->pending[w->pending_count];
		struct strbuf text;
		p->table = any_table(w);
		p->dropped = false;
		if (!w->now.tables[p->table].exists)
			return;
		new_batch(w, &p->batch);
		strbuf_init(&text, NULL);
		world_rows_text(p->table, &p->batch, "", &text);
		fine = work_execute(w, w->second, strbuf_cstr(&text), NULL);
		strbuf_fini(&text);
		if (fine && w->second != NULL)
			w->pending_count++;
	} else if (what == 5 && !w->has_savepoint) {
		fine = work_execute(w, w->second, "SAVEPOINT here", NULL);
		w->savepoint = w->pending_count;
		w->has_savepoint = fine;
	} else if (what == 6 && w->has_savepoint) {
		fine = work_execute(w, w->second, "ROLLBACK TO SAVEPOINT here", NULL);
		w->pending_count = w->savepoint;
	} else if (what == 7) {
		work_execute(w, w->second, "ROLLBACK", NULL);
		fine = false;
	} else if (what >= 8) {
		struct world after = w->now;
		for (unsigned i = 0; i < w->pending_count; i++)
			if (w->pending[i].dropped)
				continue;
			else if (after.tables[w->pending[i].table].batch_count < WORLD_BATCHES)
				world_add(&after.tables[w->pending[i].table], &w->pending[i].batch);
			else
				return;
		work_execute(w, w->second, "COMMIT", w->pending_count != 0 ? &after : NULL);
		fine = false;
	}
	if (!fine)
		end_second(w);
}

/* ---- definitions and partitions ---- */

static void create_or_drop(struct work *w)
{
	unsigned i = any_table(w);
	struct world after = w->now;
	struct world_table *t = &after.tables[i];
	struct strbuf text;
	strbuf_init(&text, NULL);
	if (t->exists) {
		char drop[64];
		snprintf(drop, sizeof drop, "%s TABLE t%u", dice_below(&w->dice, 2) == 0 ? "DROP" : "TRUNCATE", i);
		strbuf_putz(&text, drop);
		if (drop[0] == 'D')
			*t = (struct world_table){0};
		else
			world_remove(t, -1);
		t->marked = false;
	} else {
		world_create_text(i, &text);
		*t = (struct world_table){.exists = true};
	}
	if (work_execute(w, w->server.session, strbuf_cstr(&text), &after) && !t->exists)
		for (unsigned p = 0; p < w->pending_count; p++)
			w->pending[p].dropped |= w->pending[p].table == i;
	strbuf_fini(&text);
}

static void alter_columns(struct work *w)
{
	unsigned i = any_table(w), e = (unsigned)dice_below(&w->dice, WORLD_EXTRAS);
	struct world after = w->now;
	char text[128];
	if (!w->now.tables[i].exists || world_traits[i] & TRAIT_PLAIN_LOG)
		return;
	if (after.tables[i].extras >> e & 1)
		snprintf(text, sizeof text, "ALTER TABLE t%u DROP COLUMN e%u", i, e);
	else
		snprintf(text, sizeof text, "ALTER TABLE t%u ADD COLUMN e%u Int64 DEFAULT %u", i, e, e + 100);
	after.tables[i].extras ^= (uint8_t)(1 << e);
	work_execute(w, w->server.session, text, &after);
}

static void set_detached(struct world_table *t, int partition, bool detached)
{
	for (uint32_t i = 0; i < t->batch_count; i++)
		if ((int)(t->batches[i].k % WORLD_PARTITIONS) == partition)
			t->batches[i].detached = detached;
}

static bool any_detached(const struct world_table *t)
{
	for (uint32_t i = 0; i < t->batch_count; i++)
		if (t->batches[i].detached)
			return true;
	return false;
}

static void copy_partition(struct world *w, unsigned from, unsigned to, int partition)
{
	for (uint32_t i = 0; i < w->tables[from].batch_count; i++) {
		const struct world_batch *b = &w->tables[from].batches[i];
		if (!b->detached && (int)(b->k % WORLD_PARTITIONS) == partition)
			world_add(&w->tables[to], b);
	}
}

static bool shares_batches(const struct world *w, unsigned a, unsigned b)
{
	for (uint32_t i = 0; i < w->tables[a].batch_count; i++)
		for (uint32_t k = 0; k < w->tables[b].batch_count; k++)
			if (w->tables[a].batches[i].k == w->tables[b].batches[k].k)
				return true;
	return w->tables[a].batch_count + w->tables[b].batch_count > WORLD_BATCHES;
}

static void partitions(struct work *w)
{
	unsigned i = 1 + (unsigned)dice_below(&w->dice, 2), other = 3 - i;
	int p = (int)dice_below(&w->dice, WORLD_PARTITIONS);
	struct world after = w->now;
	struct world_table *t = &after.tables[i];
	char text[128];
	if (!t->exists)
		return;
	bool pair = after.tables[other].exists && t->extras == after.tables[other].extras;
	switch (dice_below(&w->dice, 6)) {
	case 0:
		snprintf(text, sizeof text, "ALTER TABLE t%u DROP PARTITION %d", i, p);
		world_remove(t, p);
		break;
	case 1:
		if (any_detached(t))
			return;
		snprintf(text, sizeof text, "ALTER TABLE t%u DETACH PARTITION %d", i, p);
		set_detached(t, p, true);
		break;
	case 2:
		snprintf(text, sizeof text, "ALTER TABLE t%u ATTACH PARTITION %d", i, p);
		set_detached(t, p, false);
		break;
	case 3:
		if (!pair || shares_batches(&w->now, i, other))
			return;
		snprintf(text, sizeof text, "ALTER TABLE t%u MOVE PARTITION %d TO TABLE t%u", i, p, other);
		copy_partition(&after, i, other, p);
		world_remove(t, p);
		break;
	case 4:
		if (!pair || shares_batches(&w->now, i, other))
			return;
		snprintf(text, sizeof text, "ALTER TABLE t%u REPLACE PARTITION %d FROM t%u", i, p, other);
		world_remove(t, p);
		copy_partition(&after, other, i, p);
		break;
	default:
		if (!after.tables[other].exists)
			return;
		snprintf(text, sizeof text, "EXCHANGE TABLES t%u AND t%u", i, other);
		after.tables[i] = w->now.tables[other];
		after.tables[other] = w->now.tables[i];
	}
	if (work_execute(w, w->server.session, text, &after) && text[0] == 'E')
		for (unsigned n = 0; n < w->pending_count; n++)
			if (w->pending[n].table == i || w->pending[n].table == other)
				w->pending[n].table = 3 - w->pending[n].table;
}

static void optimize(struct work *w)
{
	unsigned i = any_table(w);
	struct world after = w->now;
	char text[64];
	if (!w->now.tables[i].exists || world_traits[i] & TRAIT_PLAIN_LOG)
		return;
	snprintf(text, sizeof text, "OPTIMIZE TABLE t%u FINAL", i);
	for (uint32_t b = 0; world_traits[i] & TRAIT_TTL && b < after.tables[i].batch_count; b++)
		after.tables[i].batches[b].dead |= 0xa;
	work_execute(w, w->server.session, text, world_traits[i] & TRAIT_TTL ? &after : NULL);
}

static void mutate(struct work *w)
{
	unsigned i = any_table(w);
	struct world after = w->now;
	struct world_table *t = &after.tables[i];
	char text[160];
	if (!w->can_mutate || !(world_traits[i] & TRAIT_MUTABLE) || t->batch_count == 0)
		return;
	struct world_batch *b = &t->batches[dice_below(&w->dice, t->batch_count)];
	unsigned c = (unsigned)dice_below(&w->dice, WORLD_CLASSES);
	if (b->detached)
		return;
	unsigned long long k = b->k;
	if (dice_below(&w->dice, 2) == 0) {
		const char *form = dice_below(&w->dice, 3) != 0 ? "DELETE FROM t%u WHERE k = %llu AND n %% 4 = %u"
		                   : "ALTER TABLE t%u DELETE WHERE k = %llu AND n %% 4 = %u SETTINGS mutations_sync = 2";
		snprintf(text, sizeof text, form, i, k, c);
		b->dead |= (uint8_t)(1 << c);
	} else {
		const char *form = dice_below(&w->dice, 3) != 0 ? "UPDATE t%u SET v = v + 1 WHERE k = %llu AND n %% 4 = %u"
		                   : "ALTER TABLE t%u UPDATE v = v + 1 WHERE k = %llu AND n %% 4 = %u SETTINGS mutations_sync = 2";
		snprintf(text, sizeof text, form, i, k, c);
		b->v[c]++;
	}
	t->marked = true;
	work_execute(w, w->server.session, text, &after);
}

static void toggle_lossy(struct work *w)
{
	w->lossy = !w->lossy;
	const char *text = w->lossy ? "SET synchronous_commit = 'off'" : "SET synchronous_commit = 'on'";
	if (!work_execute(w, w->server.session, text, NULL))
		complain(w, "cannot set", "synchronous_commit", "");
}

static void checkpoint(struct work *w)
{
	struct error err;
	error_init(&err);
	if (w->with_faults && dice_below(&w->dice, 2) == 0)
		memfs_fail(w->fs, MEMFS_ALL, 1 + dice_below(&w->dice, 12), dice_below(&w->dice, 2) == 0, EIO);
	enum status st = txn_checkpoint(instance_txns(w->server.instance), &err);
	bool met = w->fs->failures != 0;
	memfs_fail(w->fs, 0, 0, false, 0);
	if (st != OK && !met && !w->with_faults) /* a rename that failed earlier may keep the log */
		complain(w, "failed", "checkpoint", err.message);
	if (is_read_only(w))
		settle_doubt(w, &w->now, w->log.count, "a checkpoint");
}

static void step(struct work *w)
{
	unsigned what = (unsigned)dice_below(&w->dice, 100);
	if (what < 22)
		insert(w);
	else if (what < 25)
		insert_again(w);
	else if (what < 36)
		work_others_step(w);
	else if (what < 58)
		second_step(w);
	else if (what < 66)
		optimize(w);
	else if (what < 76)
		partitions(w);
	else if (what < 82)
		create_or_drop(w);
	else if (what < 87)
		alter_columns(w);
	else if (what < 93)
		mutate(w);
	else if (what < 95)
		toggle_lossy(w);
	else if (what < 98)
		checkpoint(w);
	else {
		reopen(w);
		/* a clean stop loses nothing, also of what was asynchronous */
		push_state(w, &w->now, w->log.count, w->log.count, "a restart");
		verify(w, "a restart");
	}
}

bool work_run(struct work *w, uint64_t seed, unsigned steps, bool with_faults)
{
	struct error err;
	error_init(&err);
	*w = (struct work){.dice = seed * 2654435761 + 1, .next_k = 1};
	w->trace = getenv("TRACE") != NULL;
	w->config = (struct instance_config){.path = "/data", .threads = 1, .memory_limit_bytes = (uint64_t)4 << 30,
	                                     .log_segment_bytes = 32 * 1024};
	w->fs = memfs_new();
	w->base = memfs_copy(w->fs);
	w->fs->log = &w->log;
	memfs_use(w->fs);
	push_state(w, &w->now, 0, 0, "nothing");
	if (sql_open(&w->server, &w->config, &err) != OK) {
		printf("# the server does not start: %s\n", err.message);
		return false;
	}
	if (!work_others_begin(w))
		return false;
	w->can_mutate = true;
	w->with_faults = with_faults;
	for (unsigned i = 0; i < WORLD_TABLES; i++) {
		struct world after = w->now;
		struct strbuf text;
		strbuf_init(&text, NULL);
		world_create_text(i, &text);
		after.tables[i].exists = true;
		work_execute(w, w->server.session, strbuf_cstr(&text), &after);
		strbuf_fini(&text);
	}
	for (unsigned i = 0; i < steps; i++)
		step(w);
	end_second(w);
	work_others_end(w);
	sql_close(&w->server);
	push_state(w, &w->now, w->log.count, w->log.count, "the end");
	memfs_use(NULL);
	w->fs->log = NULL;
	return w->wrong == 0;
}

void work_free(struct work *w)
{
	for (size_t i = 0; i < w->state_count; i++) {
		work_free_texts(w->states[i].tables);
		free((char *)(uintptr_t)w->states[i].statement);
	}
	free(w->states);
	disk_log_clear(&w->log);
	memfs_free(w->fs);
	memfs_free(w->base);
}

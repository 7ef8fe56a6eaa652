// SPDX-License-Identifier: Apache-2.0
/* What is durable beside plain tables: rows found by their key, numbers that are given once, roles. */
#include <stdio.h>
#include "replay_work.h"

static struct session *pg_session(struct work *w)
{
	struct error err;
	error_init(&err);
	if (w->pg == NULL) {
		w->pg = sql_session(&w->server);
		if (w->pg != NULL && sql_run(w->pg, "SET dialect = 'postgresql'", NULL, &err) != OK) {
			printf("# %s\n", err.message);
			work_others_end(w);
		}
	}
	return w->pg;
}

void work_others_end(struct work *w)
{
	session_close(w->pg);
	w->pg = NULL;
}

bool work_others_begin(struct work *w)
{
	for (size_t i = 0; world_setup[i] != NULL; i++) {
		struct world after = w->now;
		after.serial_exists = world_setup[i + 1] == NULL;
		if (pg_session(w) == NULL || !work_execute(w, w->pg, world_setup[i], &after))
			return false;
	}
	return true;
}

static void upsert(struct work *w, struct world *after, char *text, size_t size)
{
	unsigned a = (unsigned)dice_below(&w->dice, WORLD_KEYS), b = (unsigned)dice_below(&w->dice, WORLD_KEYS - 1);
	b += b >= a; /* no key twice in one statement */
	if (dice_below(&w->dice, 4) == 0) {
		snprintf(text, size, "DELETE FROM upserts WHERE k IN (%u, %u)", a, b);
		after->upserts[a] = after->upserts[b] = 0;
		return;
	}
	snprintf(text, size, "INSERT INTO upserts VALUES (%u, 1, 'x'), (%u, 1, 'x') ON CONFLICT (k) DO UPDATE SET "
	         "c = upserts.c + 1, s = upserts.s || excluded.s", a, b);
	after->upserts[a]++;
	after->upserts[b]++;
}

static void number(struct work *w, struct world *after, char *text, size_t size)
{
	unsigned n = 1 + (unsigned)dice_below(&w->dice, 5);
	snprintf(text, size, "INSERT INTO numbered (v) SELECT g FROM generate_series(1, %u) AS g", n);
	after->serial_rows += n;
	after->serial_sum += n * (n + 1) / 2;
}

static void role(struct work *w, struct world *after, char *text, size_t size)
{
	unsigned u = (unsigned)dice_below(&w->dice, WORLD_NAMES);
	uint8_t bit = (uint8_t)(1 << u);
	if (!(after->users & bit)) {
		snprintf(text, size, "CREATE ROLE u%u LOGIN PASSWORD 'secret'", u);
		after->users |= bit;
		after->grants &= (uint8_t)~bit;
	} else if (dice_below(&w->dice, 2) == 0) {
		snprintf(text, size, "DROP ROLE u%u", u);
		after->users &= (uint8_t)~bit;
	} else {
		snprintf(text, size, "ALTER ROLE u%u %s", u, after->grants & bit ? "NOCREATEDB" : "CREATEDB");
		after->grants ^= bit;
	}
}

void work_others_step(struct work *w)
{
	struct world after = w->now;
	char text[300];
	unsigned what = (unsigned)dice_below(&w->dice, 4);
	if (pg_session(w) == NULL)
		return;
	if (what < 2)
		upsert(w, &after, text, sizeof text);
	else if (what == 2)
		number(w, &after, text, sizeof text);
	else
		role(w, &after, text, sizeof text);
	(void)work_execute(w, w->pg, text, &after);
}

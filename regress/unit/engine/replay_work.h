// SPDX-License-Identifier: Apache-2.0
#ifndef REGRESS_REPLAY_WORK_H
#define REGRESS_REPLAY_WORK_H
/*
 * A random workload on a server in this process, recorded: what the file system was asked, which states the tables went
 * through, and between which operations each was asked for and acknowledged.
 */
#include "disk.h"
#include "replay_world.h"
#include "sql_run.h"

struct work_state {
	size_t started;        /* operations recorded before its statement began */
	size_t acknowledged;   /* and when it was acknowledged as durable; SIZE_MAX: it never was */
	char *tables[WORLD_TEXTS];
	const char *statement;
};

struct work {
	struct memfs *fs, *base;     /* base: before the first statement */
	struct disk_log log;
	struct instance_config config;
	struct sql_server server;
	struct session *pg;          /* of PostgreSQL's dialect; NULL: not opened yet */
	uint64_t last_token;         /* the batch that went to the last table with a token; 0: none */
	struct session *second;      /* a session with a transaction of several statements; NULL: none is open */
	struct world now;
	struct pending_batch {
		unsigned table;        /* what is dropped or exchanged meanwhile is followed */
		bool dropped;
		struct world_batch batch;
	} pending[16];
	unsigned pending_count, savepoint; /* pending batches at the savepoint */
	bool has_savepoint, lossy;   /* lossy: synchronous_commit is off */
	bool with_faults, can_mutate, trace;
	uint64_t dice, next_k;
	struct work_state *states;
	size_t state_count, state_capacity;
	unsigned statements, failed, restarts, doubts, wrong;
};

/* Runs `steps` statements; false: something was wrong already while it ran, and was printed. */
bool work_run(struct work *w, uint64_t seed, unsigned steps, bool with_faults);
void work_free(struct work *w);
/* What all tables hold, as in work_state; the caller frees the texts. False: a query failed. */
bool work_read(struct session *s, char *tables[WORLD_TEXTS]);
/* The first state in [from, to] that is exactly this; SIZE_MAX: none. */
size_t work_find(const struct work *w, size_t from, size_t to, char *const tables[WORLD_TEXTS]);
/* One statement; `after`: the world when it succeeded, NULL: it changes nothing that is seen. */
bool work_execute(struct work *w, struct session *s, const char *text, const struct world *after);
/* replay_others.c: keys, sequences, roles. */
bool work_others_begin(struct work *w);
void work_others_end(struct work *w);
void work_others_step(struct work *w);
void work_free_texts(char *tables[WORLD_TEXTS]);

#endif

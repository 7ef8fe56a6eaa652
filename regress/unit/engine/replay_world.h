// SPDX-License-Identifier: Apache-2.0
#ifndef REGRESS_REPLAY_WORLD_H
#define REGRESS_REPLAY_WORLD_H
/*
 * What the tables of the replay must hold, computed without the server.
 *
 * Rows come in batches: batch k has rows n = 0 … count - 1, whose other columns follow from k and n, so that a lost, a
 * doubled or a torn row shows in a few sums. What DELETE, UPDATE and TTL do, they do to a class of rows, n % 4.
 */
#include <stdbool.h>
#include <stdint.h>
#include "base/strbuf.h"

enum { WORLD_TABLES = 6, WORLD_BATCHES = 40, WORLD_CLASSES = 4, WORLD_PARTITIONS = 3, WORLD_EXTRAS = 3 };
/* Behind the tables: what else is durable. Each has a text in a state as a table has. */
enum { WORLD_UPSERTS = WORLD_TABLES, WORLD_SERIAL, WORLD_USERS, WORLD_TEXTS, WORLD_KEYS = 12, WORLD_NAMES = 6 };

/* What is special about the table at each place. */
enum world_trait {
	TRAIT_PARTITIONED = 1, /* by k % 3 */
	TRAIT_WIDE = 2,
	TRAIT_TTL = 4,         /* odd rows expire with the next OPTIMIZE */
	TRAIT_PLAIN_LOG = 8,   /* engine Log */
	TRAIT_MUTABLE = 16,    /* DELETE and UPDATE work on it */
};

struct world_batch {
	uint64_t k;
	uint32_t count;
	bool detached;
	uint8_t dead;          /* classes without rows, as bits */
	int64_t v[WORLD_CLASSES];
};

struct world_table {
	bool exists, marked;   /* marked: rows were deleted or updated */
	uint8_t extras;        /* which of the columns e0 … e2 are there, as bits */
	uint32_t batch_count;
	struct world_batch batches[WORLD_BATCHES];
};

struct world {
	struct world_table tables[WORLD_TABLES];
	uint32_t upserts[WORLD_KEYS];  /* how often each key was upserted; 0: it has no row */
	bool serial_exists;
	uint32_t serial_rows;
	uint64_t serial_sum;
	uint8_t users, grants;         /* which of u0 … are there, and have been granted something, as bits */
};

extern const unsigned world_traits[WORLD_TABLES];

/* The CREATE TABLE of place i, named t<i>. */
void world_create_text(unsigned i, struct strbuf *out);
/* Makes what stands behind the tables; the statements in order, NULL at the end. */
extern const char *const world_setup[];
/* What world_query() must give for it; empty where it does not exist. */
void world_expected(const struct world *w, unsigned i, struct strbuf *out);
/* The SELECT of a table that has these extra columns. */
void world_query(unsigned i, uint8_t extras, struct strbuf *out);
/* The INSERT of batch k; settings may be "". */
void world_rows_text(unsigned i, const struct world_batch *b, const char *settings, struct strbuf *out);
bool world_has_room(const struct world_table *t);
void world_add(struct world_table *t, const struct world_batch *b);
/* Batches of a partition (or all: -1) that are attached go away. */
void world_remove(struct world_table *t, int partition);

#endif

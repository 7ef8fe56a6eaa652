// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_UNIQUE_H
#define EXEC_UNIQUE_H
/*
 * PRIMARY KEY and UNIQUE of tables that were declared in the postgresql dialect. The keys of new rows are locked until
 * the transaction ends, so that nobody else can bring them; then they are looked for in the newest state of the table
 * with the transaction's own changes, and among the rows of the statement. A key with a NULL in it equals no other.
 */
#include "exec/key_runs.h"
#include "exec/session_impl.h"
#include "storage/key_hash.h"

/* The keys of a block. */
struct key_block {
	struct key_hash *hashes;         /* per row */
	uint8_t *skip;                   /* per row: 1 where there is a NULL in its key */
	uint32_t count;                  /* rows without */
	uint32_t *order;                 /* those by hash, then by number */
	uint64_t *sorted;                /* and the low halves of their hashes */
};

struct unique_key {
	struct str name;                 /* of the constraint */
	uint32_t count;
	uint32_t *columns, *stored;      /* in the definition; among the stored columns */
	uint64_t object;                 /* of locks */
	struct key_runs seen;            /* keys of rows of this statement */
};

struct unique {
	struct session *session;
	struct query *query;
	struct table *table;
	struct unique_key *keys;
	uint32_t key_count;
	struct arena *arena;
};

/* *out NULL: there is nothing to keep unique. `changed`: columns that get new values; NULL: all. The arena's. */
enum status unique_open(struct session *s, struct query *q, struct table *t, const bool *changed, struct arena *a,
                        struct unique **out, struct error *err) MUST_CHECK;
void unique_close(struct unique *u); /* NULL is allowed */
/* E_UNIQUE_VIOLATION names key and value. `but`: this key is left out; NULL: none is. */
enum status unique_check(struct unique *u, const struct unique_key *but, const struct batch *stored,
                         struct error *err) MUST_CHECK;

/* The columns of a key by a list of their names; false where it is not one of plain stored columns. */
bool unique_key_columns(struct unique_key *k, const struct table_def *def, struct str list, struct arena *a);
/* The same of an index: false where it is not unique, or not of all rows. */
bool unique_index_columns(struct unique_key *k, const struct table_def *def, const struct index_def *d,
                          struct arena *a);

/* ---- for ON CONFLICT, and for a key that is new ---- */
enum status unique_hash(const struct unique_key *k, const struct batch *stored, struct arena *a,
                        struct key_block *out, struct error *err) MUST_CHECK;
enum status unique_lock(struct unique *u, const struct unique_key *k, const struct key_block *b,
                        struct error *err) MUST_CHECK;
/* Sets twice[r] for rows whose key an earlier row of the statement has, and remembers the others' keys. */
enum status unique_meet(struct unique_key *k, const struct key_block *b, uint8_t *twice, struct memtrack *track,
                        struct error *err) MUST_CHECK;

/* A row of the table that has the key of row `row` of the block. */
typedef enum status (*unique_found_fn)(void *arg, uint32_t row, const struct batch *b, uint32_t at, struct error *err);
/*
 * Finds them, in the order of the block's rows. The batches given to fn have the table's stored columns in order, where
 * `whole`, else the key's; then the row's number. `newest`: in the newest state with own changes; else in the
 * transaction's view.
 */
enum status unique_find(struct unique *u, const struct unique_key *k, const struct batch *stored,
                        const struct key_block *keys, bool whole, bool newest, unique_found_fn fn, void *arg,
                        struct error *err) MUST_CHECK;

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_UNIQUE_H
#define EXEC_UNIQUE_H
/*
 * PRIMARY KEY and UNIQUE of tables that were declared in the postgresql dialect. The keys of new rows are locked until
 * the transaction ends, so that nobody else can bring them; then they are looked for in the newest state of the table
 * with the transaction's own changes, and among the rows of the statement. A key with a NULL in it equals no other.
 */
#include "exec/session_impl.h"
#include "exec/unique_key.h"

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

/* ---- for ON CONFLICT ---- */
enum status unique_lock(struct unique *u, const struct unique_key *k, const struct key_block *b,
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

// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_UNIQUE_H
#define EXEC_UNIQUE_H
/*
 * PRIMARY KEY and UNIQUE of tables that were declared in the postgresql dialect. The keys of new rows are locked until
 * the transaction ends, so that nobody else can bring them; then they are looked for in the newest state of the table
 * with the transaction's own changes, and among the rows of the statement. A key with a NULL in it equals no other.
 */
#include "exec/session_impl.h"

/* Two hashes of a key: keys that agree in both are compared by value where values are at hand, else taken as equal. */
struct key_hash {
	uint64_t low, high;
};

/* Keys with a number each: an open-addressing table. */
struct key_set {
	struct key_slot {
		struct key_hash hash;
		uint32_t number;             /* + 1; 0: free */
	} *slots;
	uint64_t size, count;
};

struct unique_key {
	struct str name;                 /* of the constraint */
	uint32_t count;
	uint32_t *columns, *stored;      /* in the definition; among the stored columns */
	uint64_t object;                 /* of locks */
	bool is_integer;                 /* one column, whose values order as integers of 8 bytes */
	struct key_set seen;             /* keys of rows of this statement … */
	bool ascending;                  /* … but while each was greater than the one before, they are here: */
	struct vector **runs;            /* per block its column */
	size_t run_count, run_capacity;
	uint64_t last;                   /* of the runs */
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

/* ---- for ON CONFLICT ---- */
/* hashes: per row; skip: a byte per row that has a NULL in its key. */
enum status unique_hash(const struct unique_key *k, const struct batch *stored, struct arena *a,
                        struct key_hash **hashes, uint8_t **skip, struct error *err) MUST_CHECK;
enum status unique_lock(struct unique *u, const struct unique_key *k, const struct key_hash *hashes,
                        const uint8_t *skip, uint32_t count, struct error *err) MUST_CHECK;
/* Adds a key; *other: the number of an equal one that was there, else UINT32_MAX. */
enum status key_set_add(struct key_set *s, struct key_hash h, uint32_t number, uint32_t *other,
                        struct error *err) MUST_CHECK;
void key_set_fini(struct key_set *s);

/* A row of the table that has the key of row `row` of the block. */
typedef enum status (*unique_found_fn)(void *arg, uint32_t row, const struct batch *b, uint32_t at, struct error *err);
/*
 * Finds them. The batches given to fn have the table's stored columns in order, where `whole`, else the key's; then the
 * row's number. `newest`: in the newest state with own changes; else in the transaction's view.
 */
enum status unique_find(struct unique *u, const struct unique_key *k, const struct batch *stored,
                        const struct key_hash *hashes, const uint8_t *skip, bool whole, bool newest,
                        unique_found_fn fn, void *arg, struct error *err) MUST_CHECK;

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_DELTA_CHANGE_H
#define STORAGE_DELTA_CHANGE_H
/*
 * What a part_change does to deltas: rows that small inserts append, and sealing. part_set.c calls these from its own
 * apply, encode and redo.
 *
 * At commit an append gets a block number and goes to the last part of its partition where that is a delta which takes
 * it; else a new delta begins. The log keeps the number and the first block of that delta, so that redo builds the same
 * deltas. For the transaction's own view the rows stand in deltas of their own (part->csn == 0).
 */
#include "storage/delta.h"
#include "storage/part_set.h"

struct delta_append {
	struct str partition_id, partition; /* the second as in partition.dat */
	struct delta_block *block;          /* owned */
	struct strbuf rows;                 /* encoded */
	struct part_identity *own;          /* of a private delta that begins with it */
	struct part_identity *stands_in;    /* the private delta it is in, from row `row` on: as of the last private apply */
	uint64_t row;
	uint64_t number, first;             /* block number; of the delta it went to: as of the last apply, or from the log */
};

struct delta_appends {
	struct delta_append *list;
	size_t count, capacity;
	bool redo;                          /* numbers are given */
	bool seal;
	struct str seal_partition;          /* empty: all */
	bool new_schema;                    /* the last apply found a set that did not know the types */
};

/* Takes the block's reference when OK. Texts are copied to the arena. */
enum status delta_appends_add(struct delta_appends *x, struct arena *a, struct str partition_id, struct str partition,
                              struct delta_block *b, struct error *err) MUST_CHECK;
void delta_appends_fini(struct delta_appends *x);
/* s has room for x->count more parts; *next_block as in the set. */
enum status delta_appends_apply(struct delta_appends *x, struct part_set *s, uint64_t *next_block, uint64_t csn,
                                struct error *err) MUST_CHECK;
void delta_appends_encode(const struct delta_appends *x, struct strbuf *to);
/* `known`: the base set's schema, or NULL. */
enum status delta_appends_decode(struct delta_appends *x, struct arena *a, struct cursor *c,
                                 struct delta_schema *known, struct error *err) MUST_CHECK;

#endif

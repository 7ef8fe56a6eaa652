// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_UNIQUE_KEY_H
#define EXEC_UNIQUE_KEY_H
/*
 * Unique key: its columns, the keys of a block of rows, and which of them rows before have. Of PRIMARY KEY, UNIQUE and
 * unique indexes alike. A key with a NULL in it equals no other.
 */
#include "catalog/table.h"
#include "exec/key_runs.h"

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

/* The columns of a key by a list of their names; false where it is not one of plain stored columns. */
bool unique_key_columns(struct unique_key *k, const struct table_def *def, struct str list, struct arena *a);
/* The same of an index: false where it is not unique, or not of all rows. */
bool unique_index_columns(struct unique_key *k, const struct table_def *def, const struct index_def *d,
                          struct arena *a);

/* The keys of a block's rows, in the arena. */
enum status unique_hash(const struct unique_key *k, const struct batch *stored, struct arena *a,
                        struct key_block *out, struct error *err) MUST_CHECK;
/* Sets twice[r] for rows whose key an earlier row of the statement has, and remembers the others' keys. */
enum status unique_meet(struct unique_key *k, const struct key_block *b, uint8_t *twice, struct memtrack *track,
                        struct error *err) MUST_CHECK;

#endif

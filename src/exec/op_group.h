// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_OP_GROUP_H
#define EXEC_OP_GROUP_H
/*
 * Group table: a hash table from rows of key columns to fixed-size rows of memory; what GROUP BY, DISTINCT, LIMIT BY,
 * set operations and joins are made of.
 *
 * A table row is the key, then the user's payload, zeroed:
 *
 *     words   | 1 to 4 words: the key columns' bytes packed, null bits behind | payload
 *     view    | hash (8) | struct strview (16)                                | payload
 *
 * A key is packed when it has up to 32 bytes in all; a single string is a view of its text; anything else is serialised
 * and the view shows that. Slots hold 16 bits of the hash and the row's address, so that a probe that fails seldom
 * touches the row; linear probing, at most half full. A key of 8 or 16 bits indexes an array instead.
 * Rows stand in blocks in order of insertion. A table starts as one part and may be split into GROUP_PARTS parts by
 * bits of the hash, each with slots and blocks of its own, so that several tables can be merged part by part in
 * parallel. One thread per table, or per part of it once it no longer takes batches.
 */
#include "func/eval.h"

enum { GROUP_PART_BITS = 6, GROUP_PARTS = 1 << GROUP_PART_BITS, GROUP_WORDS_MAX = 4 };
enum group_kind { GROUP_WORDS, GROUP_VIEW };

struct group_layout {
	uint32_t key_count;
	const struct type **types;
	enum group_kind kind;
	uint32_t words;          /* GROUP_WORDS */
	uint32_t *at;            /* GROUP_WORDS: byte of each column in the key */
	uint32_t nulls_at;       /* GROUP_WORDS: bytes of null bits, one bit a column */
	bool nullable, direct;   /* direct: one key of at most 16 bits */
	bool one_string;         /* GROUP_VIEW of a single string, NULL as a view of size UINT32_MAX */
	bool has_tail;           /* equal keys may differ in bytes, which stand behind the compared ones */
	bool fold_zero;          /* -0.0 is 0.0 (PostgreSQL) */
	uint32_t payload_at, row_size;
};

struct group_block {
	struct group_block *next;
	uint32_t used, capacity; /* rows */
	char rows[];
};

struct group_part {
	uint64_t *slots;         /* hash >> 48 << 48 | address; 0: free */
	uint64_t mask;
	uint64_t count;
	struct group_block *first, *last;
	char **direct;           /* by key; the last is NULL's */
};

struct group_table {
	const struct group_layout *layout;
	struct memtrack *track;
	struct group_part *parts;
	unsigned part_count;     /* 1 or GROUP_PARTS */
	uint64_t count;
	struct group_heap *heap; /* texts of views */
	size_t heap_used;
};

/* Keys of one batch, ready to look up. */
struct group_keys {
	const struct group_layout *layout;
	uint32_t count;
	uint64_t *words;         /* GROUP_WORDS: count * layout->words */
	struct strview *views;   /* GROUP_VIEW: they point into the batch or `text` */
	uint32_t *tails;         /* has_tail: bytes behind the view */
	uint64_t *hashes;
	struct strbuf text;
	uint32_t capacity;
	struct memtrack *track;
};

/* All memory of the layout is in the arena. */
void group_layout_init(struct group_layout *l, struct arena *a, const struct type *const *types, uint32_t n,
                       uint32_t payload_size, bool pg);
void group_keys_init(struct group_keys *k, const struct group_layout *l, struct memtrack *track);
void group_keys_fini(struct group_keys *k);
/* Takes the columns' rows; views stay valid while the columns and k do. Columns may have any form. */
enum status group_keys_set(struct group_keys *k, struct eval *e, struct vector *const *columns, uint32_t count)
	MUST_CHECK;

void group_table_init(struct group_table *t, const struct group_layout *l, struct memtrack *track);
/* Frees the table, not what payloads point to. */
void group_table_fini(struct group_table *t);
/*
 * Finds the rows of keys picks[0..count) (NULL: 0 to count), making those that are missing; out[i] is their row, NULL
 * where the table has `limit` rows already and the key is none of them. fresh[0..*fresh_count) are the new ones.
 */
enum status group_table_insert(struct group_table *t, const struct group_keys *k, const uint32_t *picks, uint32_t count,
                               uint64_t limit, char **out, char **fresh, uint32_t *fresh_count, struct error *err)
	MUST_CHECK;
/* As above, NULL where a key is missing. */
void group_table_find(const struct group_table *t, const struct group_keys *k, const uint32_t *picks, uint32_t count,
                      char **out);
/*
 * Splits a table of one part. Rows move: addresses taken before are void. After a failure all rows are still the
 * table's, for group_part_rows(), but not to be looked up.
 */
enum status group_table_split(struct group_table *t, struct error *err) MUST_CHECK;
/*
 * Moves part `n` of `from` into that of `t`, both split alike: a key that t has gives the pair targets[i], sources[i]
 * and the row stays where it is, of others the payload is zeroed; up to `max` pairs, then it returns with *more set and
 * is called again with the same cursor. Texts of moved rows stay with `from`, which outlives t's use.
 */
struct group_cursor {
	struct group_block *block;
	uint32_t row;
};
enum status group_part_merge(struct group_table *t, struct group_table *from, unsigned n, struct group_cursor *at,
                             char **targets, char **sources, uint32_t max, uint32_t *pairs, bool *more,
                             struct error *err) MUST_CHECK;
/* The next rows of a part in order of insertion, up to max; a cursor starts with block = part->first, row = 0. */
uint32_t group_part_rows(const struct group_table *t, struct group_cursor *at, char **rows, uint32_t max);
/* The hash that a row's key has in group_keys.hashes. */
uint64_t group_row_hash(const struct group_layout *l, const char *row);
/* All key columns into out[0..key_count). */
enum status group_key_columns(const struct group_layout *l, char *const *rows, uint32_t count, struct memtrack *track,
                              struct vector **out, struct error *err) MUST_CHECK;

static inline void *group_payload(const struct group_layout *l, char *row)
{
	return row + l->payload_at;
}

#endif

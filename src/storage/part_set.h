// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_PART_SET_H
#define STORAGE_PART_SET_H
/*
 * Part set: which parts a table has; the version in a table's slot. Immutable: inserts, merges, drops and DDL are
 * changes that make a new one (transactions.md 2).
 *
 * Parts are ordered by partition, then by block. Block numbers are given at commit, so within a partition their order
 * is the order of commits. A part says with which schema version it was written, and the set remembers the names of the
 * columns of every schema version that a part has, by permanent number.
 */
#include "storage/part.h"
#include "storage/token_list.h"
#include "txn/row_set.h"
#include "txn/txn.h"

enum { PART_SET_KIND = 2 };
extern const struct version_kind part_set_kind;

struct schema_column {
	uint32_t number;
	struct str name;
};

/* Names at one schema version. Shared by sets. */
struct schema_names {
	_Atomic uint32_t references;
	uint64_t schema_version;
	uint32_t count;
	struct schema_column columns[]; /* names follow in the same allocation */
};

/* The table's directory. Shared by sets and by the open table. */
struct table_place {
	_Atomic uint32_t references;
	_Atomic bool dropped;          /* the directory goes with the last reference */
	bool made;                     /* it is there, and its name is safe */
	char dir[];
};

struct delta_block;
struct delta_schema;

struct part_set {
	struct version version;
	struct table_place *place;
	uint64_t next_block;
	uint64_t rows;                 /* without the deleted ones */
	uint64_t bytes_on_disk, bytes_plain;
	uint32_t schema_count;
	struct schema_names **schemas;
	struct token_list *tokens;     /* of its last inserts; NULL: none left one */
	struct delta_schema *delta_schema; /* the types of the newest rows in deltas; NULL: there were none */
	uint32_t count;
	struct row_set **marks;        /* per part: rows that are deleted; NULL: none (marks.h) */
	struct part *parts[];
};

void part_set_register(void);

/* <data>/store/<id>, the directory of the table with this uuid. */
void table_place_path(const char *data, struct str id, char *to, size_t size);
struct table_place *table_place_new(const char *dir);
struct table_place *table_place_ref(struct table_place *p);
void table_place_unref(struct table_place *p);
/* Makes the directory, and its name safe, where that was not done yet. Before a part is written there. */
enum status table_place_make(struct table_place *p, struct error *err) MUST_CHECK;
struct schema_names *schema_names_new(uint64_t schema_version, const struct schema_column *columns, uint32_t count);
void schema_names_unref(struct schema_names *s);
/* NULL: the set does not know that version. */
const struct schema_names *part_set_schema(const struct part_set *s, uint64_t schema_version);
/* NULL when it has no such part. */
struct part *part_set_find(const struct part_set *s, struct str name);
/* UINT32_MAX: this part is not there, nor a later state of it. */
uint32_t part_set_index(const struct part_set *s, const struct part *p);
/* base with other marks: one per part, references of the caller's. */
enum status part_set_with_marks(const struct part_set *base, struct row_set *const *marks, struct part_set **out,
                                struct error *err) MUST_CHECK;
/* The first byte of a redo record: which change it is of. */
enum { PART_SET_FORMAT_CHANGE = 1, PART_SET_FORMAT_MARKS = 2 };

/* ---- changing ---- */
/* What becomes of parts that a change removes. */
enum part_fate { PART_DELETED, PART_DETACHED, PART_BROKEN /* detached/broken-on-start_<name> */ };

/*
 * Remove and add, as one change. Built up, then given to txn_add_change(). The change holds references; parts that it
 * adds are deleted when it is rolled back.
 */
struct part_change;
struct part_change *part_change_new(uint32_t slot, struct table_place *place); /* NULL: no memory */
void part_change_free(struct part_change *c);     /* one that was not given to a transaction */
struct change *part_change_base(struct part_change *c);
/* An empty slot gets a set: inserts, as a new table has none. Otherwise an empty slot is E_SERIALIZATION_FAILURE. */
void part_change_may_create(struct part_change *c);
/* `new_block`: it gets the next block number at commit (inserts, attached parts); else it keeps its name (merges). */
enum status part_change_add(struct part_change *c, struct part *p, bool new_block, struct error *err) MUST_CHECK;
/* The rows of a small insert, for the partition's delta (delta.h); takes the reference. `partition` as in the file. */
enum status part_change_append(struct part_change *c, struct str partition_id, struct str partition,
                               struct delta_block *b, struct error *err) MUST_CHECK;
/* Leaves a mark of an insert in the set, which keeps about the last `window` of them. */
void part_change_token(struct part_change *c, struct hash128 hash, uint64_t window);
/* Calls fn when the change is freed: after its commit, or when it did not come to one. */
void part_change_on_end(struct part_change *c, void (*fn)(void *arg), void *arg);
/* Whether it brings neither parts nor rows. */
bool part_change_is_empty(const struct part_change *c);
/* Whether it brings new parts on disk. */
bool part_change_adds(const struct part_change *c);
/* Deltas of the partition (empty: of all) stop growing, so that the parts that are there then may be merged. */
void part_change_seal(struct part_change *c, struct str partition_id);
/* Rows of it that are deleted already: an ATTACH that found some. Behind part_change_add(); takes a reference. */
void part_change_marks(struct part_change *c, struct row_set *marks);
/*
 * The parts that are removed were merged into the one that is added (or into nothing): marks that came meanwhile are
 * carried over. Takes the reference.
 */
void part_change_forward(struct part_change *c, struct part_forward *f);
/* It must still be there at commit, or the change is E_SERIALIZATION_FAILURE. */
enum status part_change_remove(struct part_change *c, const struct part *p, enum part_fate fate,
                               struct error *err) MUST_CHECK;
/*
 * Every part of the partition (empty: of all) whose blocks were committed up to `max_block`: found at commit, so that a
 * merge in between does no harm. The partition's text is copied.
 */
enum status part_change_remove_blocks(struct part_change *c, struct str partition, uint64_t max_block,
                                      enum part_fate fate, struct error *err) MUST_CHECK;
/* A path that is removed after the commit (what an ATTACH has taken over); copied. */
enum status part_change_remove_path(struct part_change *c, const char *path, struct error *err) MUST_CHECK;
/* The names of the schema version that the parts were written with, logged where the set does not know them yet; takes
 * the reference. */
void part_change_schema(struct part_change *c, struct schema_names *names);

/*
 * After recovery, before the table is used: finishes renames, sets parts whose directory is gone or damaged aside (each
 * is named in the log), removes what the set does not name. After --recover-to the parts that it does not name, which
 * may be all that is left of some rows, go to detached/unexpected_<name>.
 */
enum status part_set_reconcile(const struct part_set *s, bool recovered_to, struct error *err) MUST_CHECK;

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef ENGINE_MERGETREE_IMPL_H
#define ENGINE_MERGETREE_IMPL_H
/* What the files of the MergeTree engines share. */
#include <pthread.h>
#include "engine/insert_claims.h"
#include "engine/mergetree.h"
#include "storage/block_part.h"

/* The state of an open table. */
struct mergetree {
	pthread_mutex_t mutex;     /* guards what follows */
	struct table_place *place; /* NULL before the first insert */
	struct table_keys *keys;   /* of the definition that was used last */
	struct delta_schema *delta_schema; /* of the definition that was inserted with last */
	struct insert_claims *claims;
	pthread_mutex_t merge_mutex; /* one merge at a time */
	_Atomic unsigned stopped;    /* BACKGROUND_… */
	pthread_mutex_t flush_mutex; /* one flush at a time; behind merge_mutex, before `mutex` */
};

struct mergetree *mergetree_of(const struct table *t);
void mergetree_background(struct table *t, unsigned works, bool run);
/* Bound keys of t->def: a reference. */
enum status mergetree_keys(const struct table *t, struct table_keys **out, struct error *err) MUST_CHECK;
/* The table's directory: a reference. */
enum status mergetree_place(struct table *t, struct txn *txn, struct table_place **out, struct error *err) MUST_CHECK;
/* A change of this table's slot that knows the names of t->def's columns. */
enum status mergetree_change(struct table *t, struct txn *txn, struct part_change **out, struct error *err) MUST_CHECK;

/* The name of a table's directory. */
void mergetree_uuid_text(const uint8_t uuid[16], char to[37]);

/* The columns of these keys for rows in memory: a reference. */
enum status mergetree_delta_schema(const struct table *t, const struct table_keys *keys, struct delta_schema **out,
                                   struct error *err) MUST_CHECK;

/* mergetree_insert.c */
enum status mergetree_insert(struct table *t, struct txn *txn, const struct eval_session *session,
                             struct memtrack *track, struct insert_sink **out, struct error *err) MUST_CHECK;
/* mergetree_rows.c */
enum status mergetree_lock_rows(struct table *t, struct txn *txn, struct row_set *ids, int mode,
                                const struct lock_terms *w, bool *changed, struct error *err) MUST_CHECK;
enum status mergetree_lock_free_row(struct table *t, struct txn *txn, struct row_set *id, int mode, bool *taken,
                                    struct error *err) MUST_CHECK;
enum status mergetree_delete_rows(struct table *t, struct txn *txn, const struct row_set *ids,
                                  struct error *err) MUST_CHECK;
/* mergetree_partition.c */
enum status mergetree_partition(struct table *t, struct txn *txn, const struct partition_command *c, struct error *err)
	MUST_CHECK;
enum status mergetree_truncate(struct table *t, struct txn *txn, struct error *err) MUST_CHECK;
/* mergetree_flush.c */
/* Whether an insert may still go to memory; whether deltas ought to be flushed for lack of it. */
bool mergetree_delta_has_room(void);
bool mergetree_delta_is_full(void);
/* Whether so much log has been written that all deltas are to go; says so once. */
bool mergetree_log_is_long(struct txn_manager *txns);
/* Whether part i is a delta whose time has come; those begun before `before_us` are to go in any case. */
bool mergetree_flush_is_due(const struct part_set *set, uint32_t i, int64_t now_us, int64_t before_us);
/* Adds the change that seals deltas of a partition (empty: of all). */
enum status mergetree_seal(struct table *t, struct txn *txn, struct str partition_id, struct error *err) MUST_CHECK;
/* Seals in a commit of its own; *out: the newest parts then, a reference, or NULL. */
enum status mergetree_sealed_parts(struct table *t, struct txn_manager *txns, struct str partition_id,
                                   struct part_set **out, struct error *err) MUST_CHECK;
/*
 * Deltas of the partition (empty: of all), as far as committed, become parts on disk, in commits of their own: before
 * anything that works on directories. A transaction sees them with its next txn_statement_begin().
 */
enum status mergetree_flush(struct table *t, struct txn_manager *txns, struct str partition_id,
                            struct error *err) MUST_CHECK;
/* The same, and parts with deleted rows are written without them. */
enum status mergetree_purge(struct table *t, struct txn_manager *txns, struct str partition_id, struct error *err)
	MUST_CHECK;
void mergetree_flush_all(struct instance *i);

/* mergetree_orphans.c: at start, before the tables' directories are looked at. */
enum status mergetree_remove_orphans(struct instance *i, struct error *err) MUST_CHECK;

/* mergetree_pressure.c */
/* Before parts are added. E_TOO_MANY_PARTS. */
enum status mergetree_wait_for_merges(const struct table *t, struct txn_manager *txns, const struct merge_settings *s,
                                      struct error *err) MUST_CHECK;
/* Whether an insert may stay in memory, after a wait for flushes. */
bool mergetree_wait_for_room(void);

/* mergetree_merges.c */
struct merge_request {
	uint32_t from, count;        /* parts of the set; deltas among them are sealed */
	bool cleanup, force_ttl, distinct;
	bool flush;                  /* one delta becomes a part, and no more */
	const uint32_t *by;          /* distinct: in these stored columns; by_count 0: in all */
	uint32_t by_count;
	struct memtrack *track;
	const _Atomic bool *cancelled;
};
/* Merges and adds the change to the transaction. merge_mutex is held, or flush_mutex where deltas are merged. */
enum status mergetree_merge(struct table *t, struct txn *txn, const struct part_set *set, const struct merge_request *r,
                            struct error *err) MUST_CHECK;
void mergetree_wake_merges(void);
/* Whether there are threads that merge. */
bool mergetree_merges_run(void);
/* Wakes them, and waits until one has done something, or the deadline. */
void mergetree_wait_for_progress(int64_t deadline_us);
enum status mergetree_merges_start(struct instance *i, struct error *err) MUST_CHECK;
void mergetree_merges_stop(void);

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef ENGINE_MERGETREE_IMPL_H
#define ENGINE_MERGETREE_IMPL_H
/* What the files of the MergeTree engines share. */
#include <pthread.h>
#include "engine/mergetree.h"
#include "storage/block_part.h"

/* The state of an open table. */
struct mergetree {
	pthread_mutex_t mutex;     /* guards what follows */
	struct table_place *place; /* NULL before the first insert */
	struct table_keys *keys;   /* of the definition that was used last */
	pthread_mutex_t merge_mutex; /* one merge at a time; before `mutex` */
};

struct mergetree *mergetree_of(const struct table *t);
/* Bound keys of t->def: a reference. */
enum status mergetree_keys(const struct table *t, struct table_keys **out, struct error *err) MUST_CHECK;
/* The table's directory: a reference. */
enum status mergetree_place(struct table *t, struct txn *txn, struct table_place **out, struct error *err) MUST_CHECK;
/* A change of this table's slot that knows the names of t->def's columns. */
enum status mergetree_change(struct table *t, struct txn *txn, struct part_change **out, struct error *err) MUST_CHECK;

/* mergetree_insert.c */
enum status mergetree_insert(struct table *t, struct txn *txn, const struct eval_session *session,
                             struct memtrack *track, struct insert_sink **out, struct error *err) MUST_CHECK;
/* mergetree_partition.c */
enum status mergetree_partition(struct table *t, struct txn *txn, const struct partition_command *c, struct error *err)
	MUST_CHECK;
enum status mergetree_truncate(struct table *t, struct txn *txn, struct error *err) MUST_CHECK;
/* mergetree_merges.c */
struct merge_request {
	uint32_t from, count;        /* parts of the set */
	bool cleanup, force_ttl, distinct;
	const uint32_t *by;          /* distinct: in these stored columns; by_count 0: in all */
	uint32_t by_count;
	struct memtrack *track;
	const _Atomic bool *cancelled;
};
/* Merges and adds the change to the transaction. The table's merge_mutex is held. */
enum status mergetree_merge(struct table *t, struct txn *txn, const struct part_set *set, const struct merge_request *r,
                            struct error *err) MUST_CHECK;
void mergetree_wake_merges(void);
enum status mergetree_merges_start(struct instance *i, struct error *err) MUST_CHECK;
void mergetree_merges_stop(void);

#endif

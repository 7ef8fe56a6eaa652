// SPDX-License-Identifier: Apache-2.0
#ifndef TXN_TXN_IMPL_H
#define TXN_TXN_IMPL_H
/*
 * The manager and the transaction from inside.
 *
 * Two mutexes. `log_mutex` guards the tail root, the log and the queue of commits, and is held while changes are
 * applied; `root_mutex` guards the published root and the list of open transactions, and is held for some instructions:
 * a reader never waits for a committer. Order: log_mutex, then root_mutex.
 *
 *     commits:  first -> [published, renaming] -> [waiting for the disk] -> ... -> last      in CSN order
 *     roots:    published = root of the last published commit;  tail = root of the last one
 */
#include <pthread.h>
#include "txn/root.h"
#include "txn/wal.h"

enum commit_state { COMMIT_WAITING, COMMIT_PUBLISHED, COMMIT_FAILED, COMMIT_IN_DOUBT };

/* On the committing thread's stack. */
struct commit {
	struct commit *next;
	struct root *root;     /* owned until published */
	uint64_t csn, end_lsn;
	bool synchronous;
	enum commit_state state;
	pthread_cond_t wake;   /* it was published, has failed, or is to write the log for those that wait */
};

struct txn_manager {
	char *path;            /* NULL: in memory */
	bool recovered_to;
	void *contexts[TXN_KIND_MAX];
	uint64_t checkpoint_bytes;
	struct memtrack *track;
	struct file *lock;
	uint64_t id;
	bool was_cut;          /* the log was not read to its end: --recover-to */
	_Atomic uint32_t next_slot;
	_Atomic uint64_t next_txn_id;
	_Atomic bool read_only;

	pthread_mutex_t log_mutex;
	pthread_cond_t log_changed;    /* durable, finished or failed: for those who have no commit in the queue */
	struct wal wal;                /* where path is not NULL */
	bool syncing;                  /* somebody runs wal_write without the mutex */
	struct root *tail;
	struct commit *first, *last;   /* those that have not done their renames yet */
	uint64_t checkpoint_lsn;
	uint64_t failures;             /* of the log: a tail root was taken back */
	bool keeps_log;                /* what a commit renamed is not safe: no checkpoint until the next start */
	uint64_t commits, syncs, bytes;

	pthread_mutex_t checkpoint_mutex; /* one checkpoint at a time; before log_mutex */

	pthread_mutex_t root_mutex;
	struct root *published;
	struct txn *open_first;        /* oldest first */
	struct txn *open_last;
	uint32_t open_count;

	pthread_t keeper;              /* flushes asynchronous commits, writes checkpoints */
	bool keeper_runs, stopping;    /* under log_mutex */
	pthread_cond_t keeper_wakes;
};

struct txn {
	struct txn_manager *manager;
	uint64_t id;
	enum txn_isolation isolation;
	bool synchronous, read_only;
	struct root *snapshot;         /* NULL before the first statement */
	struct root *view;             /* snapshot with the own changes */
	struct root *view_of;          /* the snapshot that it was made of */
	int64_t snapshot_us;
	struct change *first, *last;
	uint64_t change_count;
	struct txn *previous, *next;   /* open transactions, under root_mutex */
	/* locks.c, under its mutex */
	struct grant *grants;          /* newest first */
	struct txn *waits_for, *next_waiting;
	uint64_t lock_position;        /* its own thread's, as is the next */
	bool has_locked;
};

/* Kind 0 in the log: the change of txn_clear_slot(). */
enum { CHANGE_CLEAR = 0 };

extern const struct version_kind *version_kinds[TXN_KIND_MAX];

/* manifest.c */
struct manifest_head {
	uint64_t id, csn, lsn;
	uint32_t next_slot;
};
enum status manifest_write(const struct txn_manager *m, const struct root *root, const struct manifest_head *head,
                           struct error *err) MUST_CHECK;
/* *root NULL: there is none, the directory is new. */
enum status manifest_read(const struct txn_manager *m, struct manifest_head *head, struct root **root,
                          struct error *err) MUST_CHECK;

/* recovery.c */
enum status recovery_run(struct txn_manager *m, const struct txn_config *config, struct error *err) MUST_CHECK;

/* commit.c */
enum status commit_run(struct txn_manager *m, struct txn *t, struct error *err) MUST_CHECK;
/* Makes everything appended so far durable; log_mutex is held, and given up meanwhile. */
enum status log_sync(struct txn_manager *m, uint64_t lsn, struct error *err) MUST_CHECK;
/* Applies c to the slot in *root, replacing *root. */
enum status change_apply(struct change *c, struct root **root, uint64_t csn, struct error *err) MUST_CHECK;
void *txn_keeper(void *manager);

#endif

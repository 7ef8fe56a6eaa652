// SPDX-License-Identifier: Apache-2.0
#ifndef TXN_TXN_H
#define TXN_TXN_H
/*
 * Transactions: what is true, since when, and for whom.
 *
 * The state of the server is one root: an immutable array of slots, each holding a version. Slot 0 is the catalog,
 * every table has a slot of its own. A snapshot is a reference to a root. A transaction changes nothing that others
 * see: it gathers changes, and sees them itself through its overlay; commit applies them to the newest state, writes
 * them to the log as one record, and publishes a new root.
 *
 *     txn_begin -> txn_statement_begin -> txn_version / txn_add_change ... -> txn_commit | txn_rollback
 *
 * A change is applied up to many times: for the overlay of its own transaction, and again under the commit lock to the
 * version that is newest then. So two transactions that add parts to one table both win, and a change that finds its
 * ground gone answers E_SERIALIZATION_FAILURE.
 *
 * Commit numbers (CSN) are given in the order of the log, roots are published in that order; a synchronous commit after
 * its records are on disk. A struct txn belongs to one thread at a time; versions and the manager to all.
 */
#include "base/arena.h"
#include "base/strbuf.h"

struct txn;
struct txn_manager;
struct version;

enum { TXN_SLOT_CATALOG = 0, TXN_KIND_MAX = 16 };
enum { TXN_CSN_PRIVATE = 0 }; /* csn of versions and applications that are not committed */

/* What lives in a slot. One kind for the catalog, one per storage that keeps state; registered before any open. */
struct version_kind {
	uint8_t id;       /* on disk: 1 … TXN_KIND_MAX - 1; never reassigned */
	const char *name; /* for messages */
	/* The last reference is gone. */
	void (*destroy)(struct version *v);
	/* Checkpoint: appends all of v. NULL: not durable, the slot is empty after a start. */
	enum status (*save)(void *context, const struct version *v, struct strbuf *out, struct error *err);
	/* Start: what save() wrote. */
	enum status (*load)(void *context, uint32_t slot, struct str bytes, struct version **out, struct error *err);
	/* Start: the version after one change that encode() wrote. base may be NULL; *out NULL empties the slot. */
	enum status (*redo)(void *context, uint32_t slot, const struct version *base, struct str bytes, uint64_t csn,
	                    struct version **out, struct error *err);
	/* A commit emptied the slot that held v (DROP TABLE); readers may still hold v. May be NULL. */
	void (*dropped)(void *context, uint32_t slot, const struct version *v);
};

/* The head of every version. Immutable once it is in a root, apart from what its owner guards itself. */
struct version {
	_Atomic uint32_t references;
	const struct version_kind *kind;
	uint64_t csn; /* of the commit that made it; set by this room */
};

void version_init(struct version *v, const struct version_kind *kind); /* one reference */
struct version *version_ref(const struct version *v);                 /* NULL passes */
void version_unref(struct version *v);                                /* NULL is allowed */

/* ---- changes ---- */
struct change {
	const struct change_ops *ops;
	uint32_t slot;
	struct change *next; /* the transaction's */
	bool destructive;    /* files go once it is visible, so its commit waits for the disk also where synchronous is off */
	bool unsettled;      /* set by committed(): a rename is not safe yet; the log is kept, so that a start does it again */
	bool in_doubt;       /* set before rolled_back(): a start may find it in the log, so what it names must stay */
};

struct change_ops {
	const struct version_kind *kind;
	/*
	 * The version after this change; *out NULL: the slot becomes empty. base is NULL for an empty slot. Called with
	 * csn = TXN_CSN_PRIVATE for the transaction's own view, and with the real one under the commit lock, where it must
	 * neither do I/O nor wait; what it decides then (block numbers, names) it keeps in the change for encode(). The last
	 * call before encode() counts.
	 */
	enum status (*apply)(struct change *c, const struct version *base, uint64_t csn, struct version **out,
	                     struct error *err);
	/* Before the commit takes its lock: makes safe on disk what the record will name. May be NULL. */
	enum status (*prepare)(struct change *c, struct error *err);
	/* Appends the redo record; after apply(), under the same lock. NULL: nothing is logged. */
	enum status (*encode)(struct change *c, struct strbuf *out, struct error *err);
	/* It is durable and visible: renames, wake-ups. By the committing thread, without locks. May be NULL. */
	void (*committed)(struct change *c, uint64_t csn);
	/* It never happened: removes what was written for it. May be NULL. */
	void (*rolled_back)(struct change *c);
	/* After either. */
	void (*free)(struct change *c);
};

/* ---- the manager ---- */
struct txn_config {
	const char *path;              /* data directory; NULL: nothing is kept */
	void *contexts[TXN_KIND_MAX];  /* by kind id, given to its functions; NULL: they get the path */
	uint64_t recover_to;           /* --recover-to: redo stops before this LSN, also over corruption; 0: off */
	uint32_t segment_size_max;     /* of the log; 0: 64 MiB */
	uint64_t checkpoint_bytes;     /* of log after which a checkpoint is written; 0: 128 MiB */
	struct memtrack *track;
};

void txn_kind_register(const struct version_kind *kind);
/*
 * Locks the directory (E_FILE_OPEN: another server has it), creates it where it is empty, reads the MANIFEST, replays
 * the log. Afterwards the newest root is complete; rooms then open what their versions name.
 */
enum status txn_manager_open(const struct txn_config *config, struct txn_manager **out, struct error *err) MUST_CHECK;
/* No transaction is open. Writes a checkpoint when all is well. NULL is allowed. */
void txn_manager_close(struct txn_manager *m);
/* Writes the MANIFEST now and frees log segments; runs by itself every config.checkpoint_bytes. */
enum status txn_checkpoint(struct txn_manager *m, struct error *err) MUST_CHECK;
/* NULL: in memory. */
const char *txn_manager_path(const struct txn_manager *m);
/* Whether it was opened with recover_to: files may be newer than what was recovered. */
bool txn_manager_recovered_to(const struct txn_manager *m);
void *txn_manager_context(const struct txn_manager *m, uint8_t kind);
/* A slot number that was never used; it stays empty until a commit fills it. */
uint32_t txn_slot_new(struct txn_manager *m);
/* After a start: this slot belongs to somebody, though the log may never have named it. */
void txn_slot_taken(struct txn_manager *m, uint32_t slot);
/* Calls fn for every full slot of the newest root; versions are borrowed. */
enum status txn_each_slot(struct txn_manager *m,
                          enum status (*fn)(void *arg, uint32_t slot, const struct version *v, struct error *err),
                          void *arg, struct error *err) MUST_CHECK;

/* Whether it was opened with recover_to: what is not in the state it came to may be wanted still. */
bool txn_manager_was_cut(const struct txn_manager *m);

struct txn_stats {
	uint64_t csn;                  /* newest published */
	uint64_t log_lsn, durable_lsn; /* appended; on disk */
	uint64_t checkpoint_lsn;
	uint64_t commits, log_syncs, log_bytes;
	uint64_t oldest_snapshot_csn;
	int64_t oldest_snapshot_us;    /* wall clock when the oldest pinned root was taken; 0: none */
	uint32_t open_transactions;
	bool read_only;                /* after a log failure that could not be mended */
};
void txn_manager_stats(struct txn_manager *m, struct txn_stats *out);

/* ---- a transaction ---- */
enum txn_isolation { TXN_READ_COMMITTED, TXN_REPEATABLE_READ };

/* Takes a snapshot at its first statement. Never fails; free with commit or rollback. */
struct txn *txn_begin(struct txn_manager *m, enum txn_isolation isolation);
struct txn_manager *txn_manager_of(const struct txn *t);
enum txn_isolation txn_isolation(const struct txn *t);
uint64_t txn_id(const struct txn *t);         /* unique within the process, ascending */
uint64_t txn_csn(const struct txn *t);        /* of its snapshot */
void txn_set_synchronous(struct txn *t, bool on); /* synchronous_commit; on at first */
void txn_set_read_only(struct txn *t, bool on);   /* changes are then E_READONLY */
bool txn_has_changes(const struct txn *t);
/* True for a change of this very transaction that is not committed yet in this slot. */
bool txn_changed_slot(const struct txn *t, uint32_t slot);
/*
 * Before every statement. READ COMMITTED moves to the newest root and lays the own changes over it again, which may
 * answer E_SERIALIZATION_FAILURE.
 */
enum status txn_statement_begin(struct txn *t, struct error *err) MUST_CHECK;
/*
 * The slot as this transaction sees it, NULL when empty. Borrowed: valid until the next statement_begin, change in this
 * slot, rollback or the end; take a reference to keep it (a scan does).
 */
const struct version *txn_version(struct txn *t, uint32_t slot);
/* The slot as this transaction would see it with the newest snapshot: a reference of the caller's, or NULL. */
enum status txn_newest_view(struct txn *t, uint32_t slot, struct version **out, struct error *err) MUST_CHECK;
/* The newest published version of a slot, a reference of the caller's, or NULL: for background work. */
struct version *txn_newest_version(struct txn_manager *m, uint32_t slot);
/*
 * Adds a change and applies it to the own view. Takes c over, whatever the answer: on failure it is rolled back and
 * freed.
 */
enum status txn_add_change(struct txn *t, struct change *c, struct error *err) MUST_CHECK;
/* The change that empties a slot: DROP TABLE, whatever its engine keeps there. An empty one stays empty. */
enum status txn_clear_slot(struct txn *t, uint32_t slot, struct error *err) MUST_CHECK;
/* Applies, logs, waits for the disk, publishes. Frees t whatever the answer; a failure rolled everything back. */
enum status txn_commit(struct txn *t, struct error *err) MUST_CHECK;
/* Frees t; NULL is allowed. */
void txn_rollback(struct txn *t);

/* Savepoints are positions in the list of changes; nesting and names are the session's. */
uint64_t txn_savepoint(const struct txn *t);
enum status txn_rollback_to(struct txn *t, uint64_t savepoint, struct error *err) MUST_CHECK;

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef ENGINE_MERGETREE_H
#define ENGINE_MERGETREE_H
/*
 * The MergeTree family as table engines: MergeTree, Replacing, Summing, Aggregating, Collapsing, VersionedCollapsing
 * and the Replicated spellings of each (path and replica are remembered; there is one replica). Log, TinyLog and
 * StripeLog are MergeTrees without a key.
 *
 * The work is in storage/; here are the interface's slots, the insert sink, partition commands and the background
 * merges.
 */
#include "catalog/table.h"
#include "exec/instance.h"
#include "storage/part_set.h"

struct cache;
struct mergetree;

/* Registers the engines and the version kind. Once, before any instance is opened. */
void mergetree_register(void);
/* The catalog is open: forgets parts of tables that are gone; with `background`, merges start. */
enum status mergetree_started(struct instance *i, bool background, struct error *err) MUST_CHECK;
/* Merges have ended when it returns. */
void mergetree_stopping(struct instance *i);
/* Decompressed blocks of all tables; uncompressed_cache_size is its capacity. NULL before an instance is open. */
struct cache *mergetree_cache(void);
/* Inserts that had to wait for merges, and that were refused, since the start. */
extern _Atomic uint64_t mergetree_delayed_inserts, mergetree_rejected_inserts;
/* Whether a table belongs to this family. */
bool mergetree_is(const struct table *t);
/* The parts of a table at the transaction's snapshot; NULL: none. Borrowed as txn_version(). */
const struct part_set *mergetree_parts(struct table *t, struct txn *txn);

#endif

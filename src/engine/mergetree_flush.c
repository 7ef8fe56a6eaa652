// SPDX-License-Identifier: Apache-2.0
/*
 * Flushing: the rows of small inserts leave memory for a part on disk. First a commit seals the delta, so that later
 * inserts begin another one; then it is merged, alone or with parts beside it. A flush that fails leaves the rows where
 * they are, and in the log.
 */
#include <stdlib.h>
#include "base/clock.h"
#include "base/cpu.h"
#include "base/log.h"
#include "catalog/catalog.h"
#include "engine/mergetree_impl.h"
#include "storage/merge_choice.h"

static const int64_t age_max_us = (int64_t)5 * 60 * 1000 * 1000;
static const uint64_t log_bytes_max = 48u << 20;
static _Atomic uint64_t flushed_lsn; /* of the log, when all deltas were last asked to go */

/* All deltas together may take an eighth of the memory, as configured; 64 MiB where that is no more than a quarter. */
static int64_t memory_max(void)
{
	static _Atomic int64_t machine;
	if (machine == 0)
		machine = (int64_t)memory_available_bytes();
	int64_t limit = atomic_load(&memtrack_server.limit_bytes), all = machine, least = 64 << 20;
	if (limit > 0 && limit < all)
		all = limit;
	if (least > all / 4)
		least = all / 4;
	return all / 8 < least ? least : all / 8;
}

bool mergetree_delta_has_room(void)
{
	return memtrack_used(&delta_track) < memory_max();
}

bool mergetree_delta_is_full(void)
{
	return memtrack_used(&delta_track) > memory_max() / 2;
}

bool mergetree_log_is_long(struct txn_manager *txns)
{
	struct txn_stats stats;
	txn_manager_stats(txns, &stats);
	uint64_t from = stats.checkpoint_lsn > flushed_lsn ? stats.checkpoint_lsn : flushed_lsn;
	if (from > stats.log_lsn) /* of another instance in this process */
		from = stats.checkpoint_lsn;
	if (stats.log_lsn - from < log_bytes_max)
		return false;
	flushed_lsn = stats.log_lsn;
	return true;
}

/* Only the last part of a partition is given more rows. */
static bool may_grow(const struct part_set *set, uint32_t i)
{
	return !set->parts[i]->delta->sealed && i + 1 == part_set_partition_end(set, i);
}

bool mergetree_flush_is_due(const struct part_set *set, uint32_t i, int64_t now_us, int64_t before_us)
{
	const struct delta *d = set->parts[i]->delta;
	if (d == NULL)
		return false;
	bool large = d->bytes > DELTA_BYTES_MAX / 8 * 7 || d->rows > DELTA_ROWS_MAX / 8 * 7;
	return !may_grow(set, i) || d->born_us < before_us || now_us - d->born_us > age_max_us || large;
}

enum status mergetree_seal(struct table *t, struct txn *txn, struct str partition_id, struct error *err)
{
	struct part_change *c;
	TRY(mergetree_change(t, txn, &c, err));
	part_change_seal(c, partition_id);
	return txn_add_change(txn, part_change_base(c), err);
}

static bool wanted(const struct part *p, struct str partition_id)
{
	return p->delta != NULL && (partition_id.size == 0 || str_eq(partition_id, p->name.partition));
}

enum status mergetree_sealed_parts(struct table *t, struct txn_manager *txns, struct str partition_id,
                                   struct part_set **out, struct error *err)
{
	struct part_set *set = (struct part_set *)txn_newest_version(txns, t->def->slot);
	bool open = false;
	for (uint32_t i = 0; set != NULL && i < set->count; i++)
		open |= wanted(set->parts[i], partition_id) && !set->parts[i]->delta->sealed;
	*out = set;
	if (!open)
		return OK;
	*out = NULL;
	version_unref(&set->version);
	struct txn *txn = txn_begin(txns, TXN_READ_COMMITTED);
	enum status st = txn_statement_begin(txn, err);
	if (st == OK)
		st = mergetree_seal(t, txn, partition_id, err);
	if (st != OK) {
		txn_rollback(txn);
		return st;
	}
	TRY(txn_commit(txn, err));
	*out = (struct part_set *)txn_newest_version(txns, t->def->slot);
	return OK;
}

static enum status flush_part(struct table *t, struct txn_manager *txns, const struct part_set *set, uint32_t i,
                              struct error *err)
{
	struct merge_request r = {.from = i, .count = 1, .flush = true, .track = &memtrack_server};
	struct txn *txn = txn_begin(txns, TXN_READ_COMMITTED);
	enum status st = mergetree_merge(t, txn, set, &r, err);
	if (st == OK)
		return txn_commit(txn, err);
	txn_rollback(txn);
	return st;
}

enum status mergetree_flush(struct table *t, struct txn_manager *txns, struct str partition_id, struct error *err)
{
	struct mergetree *m = mergetree_of(t);
	struct part_set *set;
	pthread_mutex_lock(&m->flush_mutex);
	enum status st = mergetree_sealed_parts(t, txns, partition_id, &set, err);
	for (uint32_t i = 0; st == OK && set != NULL && i < set->count; i++) {
		if (!wanted(set->parts[i], partition_id))
			continue;
		st = flush_part(t, txns, set, i, err);
		if (st == E_SERIALIZATION_FAILURE) { /* dropped meanwhile */
			error_clear(err);
			st = OK;
		}
	}
	if (set != NULL)
		version_unref(&set->version);
	pthread_mutex_unlock(&m->flush_mutex);
	return st;
}

enum status mergetree_purge(struct table *t, struct txn_manager *txns, struct str partition_id, struct error *err)
{
	struct mergetree *m = mergetree_of(t);
	TRY(mergetree_flush(t, txns, partition_id, err));
	pthread_mutex_lock(&m->merge_mutex);
	struct part_set *set = (struct part_set *)txn_newest_version(txns, t->def->slot);
	enum status st = OK;
	for (uint32_t i = 0; st == OK && set != NULL && i < set->count; i++) {
		const struct part *p = set->parts[i];
		if (set->marks[i] == NULL || p->delta != NULL
		    || (partition_id.size != 0 && !str_eq(partition_id, p->name.partition)))
			continue;
		st = flush_part(t, txns, set, i, err);
	}
	if (set != NULL)
		version_unref(&set->version);
	pthread_mutex_unlock(&m->merge_mutex);
	return st;
}

/* ---- the end ---- */

struct open_tables {
	uint32_t *oids;
	size_t count, capacity;
	struct arena arena;
};

static enum status note_table(void *arg, struct table *t)
{
	struct open_tables *o = arg;
	if (mergetree_is(t) && !t->def->temporary)
		ARENA_PUSH(&o->arena, o->oids, o->count, o->capacity, t->def->oid);
	return OK;
}

void mergetree_flush_all(struct instance *i)
{
	struct open_tables o = {0};
	struct txn_manager *txns = instance_txns(i);
	if (txn_manager_path(txns) == NULL || instance_catalog(i) == NULL)
		return;
	arena_init(&o.arena, NULL);
	struct txn *txn = txn_begin(txns, TXN_READ_COMMITTED);
	(void)!catalog_each_table(instance_catalog(i), txn, STR(""), note_table, &o);
	for (size_t k = 0; k < o.count; k++) {
		struct error err;
		error_init(&err);
		struct table *t = catalog_find_table_oid(instance_catalog(i), txn, o.oids[k]);
		if (t != NULL && mergetree_is(t) && mergetree_flush(t, txns, STR(""), &err) != OK)
			LOG(LOG_WARNING, "storage", "rows of %.*s stay in the log: %s", STR_ARG(t->def->name), err.message);
		table_release(t);
	}
	txn_rollback(txn);
	arena_fini(&o.arena);
}

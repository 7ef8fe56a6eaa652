// SPDX-License-Identifier: Apache-2.0
#include <assert.h>
#include <stdlib.h>
#include "base/clock.h"
#include "base/log.h"
#include "io/latch.h"
#include "txn/txn_impl.h"

const struct version_kind *version_kinds[TXN_KIND_MAX];

void txn_kind_register(const struct version_kind *kind)
{
	assert(kind->id > 0 && kind->id < TXN_KIND_MAX);
	assert(version_kinds[kind->id] == NULL || version_kinds[kind->id] == kind);
	version_kinds[kind->id] = kind;
}

static struct txn_manager *manager_new(const struct txn_config *config)
{
	struct txn_manager *m = calloc(1, sizeof *m);
	if (m == NULL)
		return NULL;
	m->checkpoint_bytes = config->checkpoint_bytes != 0 ? config->checkpoint_bytes : 128u << 20;
	m->track = config->track;
	m->next_slot = TXN_SLOT_CATALOG + 1;
	pthread_mutex_init(&m->log_mutex, NULL);
	pthread_mutex_init(&m->root_mutex, NULL);
	pthread_mutex_init(&m->checkpoint_mutex, NULL);
	cond_init(&m->log_changed);
	cond_init(&m->keeper_wakes);
	m->recovered_to = config->recover_to != 0;
	if (config->path != NULL && (m->path = strdup(config->path)) == NULL) {
		free(m);
		return NULL;
	}
	for (int i = 0; i < TXN_KIND_MAX; i++)
		m->contexts[i] = config->contexts[i] != NULL ? config->contexts[i] : m->path;
	return m;
}

static void manager_free(struct txn_manager *m)
{
	root_unref(m->published);
	root_unref(m->tail);
	wal_close(&m->wal);
	file_drop(m->lock);
	pthread_mutex_destroy(&m->log_mutex);
	pthread_mutex_destroy(&m->root_mutex);
	pthread_mutex_destroy(&m->checkpoint_mutex);
	pthread_cond_destroy(&m->log_changed);
	pthread_cond_destroy(&m->keeper_wakes);
	free(m->path);
	free(m);
}

enum status txn_manager_open(const struct txn_config *config, struct txn_manager **out, struct error *err)
{
	*out = NULL;
	struct txn_manager *m = manager_new(config);
	if (m == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	enum status st = OK;
	if (m->path != NULL)
		st = recovery_run(m, config, err);
	else if ((m->tail = root_new_empty()) == NULL)
		st = ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	if (st == OK && m->path != NULL) {
		m->published = root_ref(m->tail);
		if (pthread_create(&m->keeper, NULL, txn_keeper, m) != 0)
			st = ERR(err, E_CANNOT_ALLOCATE, "cannot start a thread");
		else
			m->keeper_runs = true;
	} else if (st == OK) {
		m->published = root_ref(m->tail);
	}
	if (st != OK) {
		manager_free(m);
		return st;
	}
	*out = m;
	return OK;
}

void txn_manager_close(struct txn_manager *m)
{
	if (m == NULL)
		return;
	assert(m->open_count == 0);
	if (m->keeper_runs) {
		pthread_mutex_lock(&m->log_mutex);
		m->stopping = true;
		pthread_cond_broadcast(&m->keeper_wakes);
		pthread_mutex_unlock(&m->log_mutex);
		pthread_join(m->keeper, NULL);
	}
	struct error err;
	error_init(&err);
	if (m->path != NULL && txn_checkpoint(m, &err) != OK)
		LOG(LOG_ERROR, "txn", "no checkpoint at the end: %s", err.message);
	manager_free(m);
}

bool txn_manager_recovered_to(const struct txn_manager *m)
{
	return m->recovered_to;
}

const char *txn_manager_path(const struct txn_manager *m)
{
	return m->path;
}

void *txn_manager_context(const struct txn_manager *m, uint8_t kind)
{
	assert(kind < TXN_KIND_MAX);
	return m->contexts[kind];
}

bool txn_manager_was_cut(const struct txn_manager *m)
{
	return m->was_cut;
}

uint32_t txn_slot_new(struct txn_manager *m)
{
	return m->next_slot++;
}

void txn_slot_taken(struct txn_manager *m, uint32_t slot)
{
	if (slot >= m->next_slot)
		m->next_slot = slot + 1;
}

static struct root *published_ref(struct txn_manager *m)
{
	pthread_mutex_lock(&m->root_mutex);
	struct root *r = root_ref(m->published);
	pthread_mutex_unlock(&m->root_mutex);
	return r;
}

struct version *txn_newest_version(struct txn_manager *m, uint32_t slot)
{
	struct root *r = published_ref(m);
	struct version *v = version_ref(root_get(r, slot));
	root_unref(r);
	return v;
}

enum status txn_each_slot(struct txn_manager *m,
                          enum status (*fn)(void *arg, uint32_t slot, const struct version *v, struct error *err),
                          void *arg, struct error *err)
{
	struct root *r = published_ref(m);
	enum status st = OK;
	for (uint32_t slot = 0; st == OK && slot < root_slot_end(r); slot++)
		if (root_get(r, slot) != NULL)
			st = fn(arg, slot, root_get(r, slot), err);
	root_unref(r);
	return st;
}

void txn_manager_stats(struct txn_manager *m, struct txn_stats *out)
{
	memset(out, 0, sizeof *out);
	pthread_mutex_lock(&m->log_mutex);
	out->log_lsn = m->wal.end_lsn;
	out->durable_lsn = m->wal.durable_lsn;
	out->checkpoint_lsn = m->checkpoint_lsn;
	out->commits = m->commits;
	out->log_syncs = m->syncs;
	out->log_bytes = m->bytes;
	out->read_only = m->read_only;
	pthread_mutex_lock(&m->root_mutex);
	out->csn = m->published->csn;
	out->oldest_snapshot_csn = out->csn;
	out->open_transactions = m->open_count;
	for (const struct txn *t = m->open_first; t != NULL; t = t->next) {
		if (t->snapshot == NULL || t->snapshot->csn > out->oldest_snapshot_csn)
			continue;
		if (out->oldest_snapshot_us == 0 || t->snapshot_us < out->oldest_snapshot_us)
			out->oldest_snapshot_us = t->snapshot_us;
		out->oldest_snapshot_csn = t->snapshot->csn;
	}
	pthread_mutex_unlock(&m->root_mutex);
	pthread_mutex_unlock(&m->log_mutex);
}

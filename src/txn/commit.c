// SPDX-License-Identifier: Apache-2.0
/* Commit: apply to the tail, log, wait for the disk together with others, publish in order. */
#include <assert.h>
#include <inttypes.h>
#include "base/clock.h"
#include "base/log.h"
#include "io/latch.h"
#include "txn/cursor.h"
#include "txn/txn_impl.h"

enum { ASYNC_DELAY_US = 200 * 1000 };

enum status change_apply(struct change *c, struct root **root, uint64_t csn, struct error *err)
{
	struct version *v = NULL;
	bool clears = c->ops->kind->id == CHANGE_CLEAR;
	if (!clears && root_is_cleared(*root, c->slot))
		return ERR(err, E_SERIALIZATION_FAILURE, "the table was dropped by another transaction");
	TRY(c->ops->apply(c, root_get(*root, c->slot), csn, &v, err));
	if (v != NULL && v->csn == TXN_CSN_PRIVATE)
		v->csn = csn;
	struct root *next = clears ? root_clear(*root, c->slot) : root_with(*root, c->slot, v);
	version_unref(v);
	if (next == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	root_unref(*root);
	*root = next;
	return OK;
}

static enum status encode_changes(const struct txn *t, struct strbuf *out, struct error *err)
{
	struct strbuf one;
	strbuf_init(&one, NULL);
	uint64_t count = 0;
	for (const struct change *c = t->first; c != NULL; c = c->next)
		count += c->ops->encode != NULL;
	strbuf_put_varuint(out, count);
	enum status st = OK;
	for (struct change *c = t->first; st == OK && c != NULL; c = c->next) {
		if (c->ops->encode == NULL)
			continue;
		strbuf_clear(&one);
		st = c->ops->encode(c, &one, err);
		if (st == OK)
			st = strbuf_status(&one, err);
		strbuf_put_le(out, c->ops->kind->id, 1);
		strbuf_put_varuint(out, c->slot);
		cursor_put_str(out, strbuf_str(&one));
	}
	strbuf_fini(&one);
	return st != OK ? st : strbuf_status(out, err);
}

/* In CSN order, as far as the disk has come. log_mutex is held. */
static void publish_ready(struct txn_manager *m)
{
	for (struct commit *c = m->first; c != NULL; c = c->next) {
		if (c->state == COMMIT_PUBLISHED)
			continue;
		assert(c->state == COMMIT_WAITING);
		if (c->synchronous && m->path != NULL && c->end_lsn > m->wal.durable_lsn)
			break;
		pthread_mutex_lock(&m->root_mutex);
		struct root *old = m->published;
		m->published = c->root;
		pthread_mutex_unlock(&m->root_mutex);
		root_unref(old);
		c->root = NULL;
		c->state = COMMIT_PUBLISHED;
		m->commits++;
		pthread_cond_signal(&c->wake);
	}
}

/*
 * The log could not be written. What is published stays and is written again, what waits has failed: those
 * transactions are told so only after the new segment is there. Without one nobody knows what a start will find.
 */
static void fail_waiting(struct txn_manager *m, const struct error *why)
{
	struct error again;
	error_init(&again);
	LOG(LOG_ERROR, "txn", "the commit log failed: %s", why->message);
	if (wal_repair(&m->wal, m->published->csn, &again) != OK) {
		LOG(LOG_ERROR, "txn", "no new segment could be started either, the server is read-only now: %s", again.message);
		m->read_only = true;
	}
	m->failures++;
	enum commit_state outcome = m->read_only ? COMMIT_IN_DOUBT : COMMIT_FAILED;
	struct commit **link = &m->first, *keep = NULL;
	while (*link != NULL) {
		struct commit *c = *link;
		if (c->state == COMMIT_WAITING) {
			*link = c->next;
			root_unref(c->root);
			c->root = NULL;
			c->state = outcome;
			pthread_cond_signal(&c->wake);
		} else {
			keep = c;
			link = &c->next;
		}
	}
	m->last = keep;
	root_unref(m->tail);
	m->tail = root_ref(m->published);
}

/* One of those that wait writes next; the others sleep until their own commit is through. */
static void wake_leader(struct txn_manager *m)
{
	if (m->wal.pending.size == 0)
		return;
	for (struct commit *c = m->first; c != NULL; c = c->next)
		if (c->state == COMMIT_WAITING) {
			pthread_cond_signal(&c->wake);
			return;
		}
}

/* Writes all that is pending, without the mutex meanwhile; nobody else is doing so. */
static void lead_sync(struct txn_manager *m)
{
	struct error err;
	error_init(&err);
	if (!wal_take(&m->wal))
		return;
	m->syncing = true;
	pthread_mutex_unlock(&m->log_mutex);
	enum status st = wal_write(&m->wal, &err);
	pthread_mutex_lock(&m->log_mutex);
	m->syncing = false;
	m->syncs++;
	if (st == OK) {
		wal_written(&m->wal);
		publish_ready(m);
	} else {
		fail_waiting(m, &err);
	}
	wake_leader(m);
	pthread_cond_broadcast(&m->log_changed);
}

static enum status read_only_error(struct error *err)
{
	return ERR(err, E_READONLY, "the server is read-only because the commit log cannot be written");
}

enum status log_sync(struct txn_manager *m, uint64_t lsn, struct error *err)
{
	while (m->path != NULL && m->wal.durable_lsn < lsn) {
		if (m->read_only)
			return read_only_error(err);
		if (m->syncing)
			pthread_cond_wait(&m->log_changed, &m->log_mutex);
		else
			lead_sync(m);
	}
	return OK;
}

/* The new root and its record in memory; *retry: the log had to be switched, during which others may have committed. */
static enum status append(struct txn_manager *m, struct txn *t, struct commit *c, bool *retry, struct error *err)
{
	struct root *root = root_ref(m->tail);
	struct strbuf payload;
	strbuf_init(&payload, NULL);
	c->csn = m->tail->csn + 1;
	enum status st = OK;
	for (struct change *x = t->first; st == OK && x != NULL; x = x->next)
		st = change_apply(x, &root, c->csn, err);
	if (st == OK && m->path != NULL)
		st = encode_changes(t, &payload, err);
	*retry = false;
	if (st == OK && m->path != NULL && wal_needs_switch(&m->wal, payload.size)) {
		st = log_sync(m, m->wal.end_lsn, err);
		if (st == OK && wal_needs_switch(&m->wal, payload.size) && m->wal.durable_lsn == m->wal.end_lsn)
			st = wal_switch(&m->wal, payload.size, err);
		*retry = true;
	} else if (st == OK && m->path != NULL) {
		st = wal_append(&m->wal, c->csn, clock_wall_us(), strbuf_str(&payload), &c->end_lsn, err);
		m->bytes += payload.size;
	}
	strbuf_fini(&payload);
	if (st != OK || *retry) {
		root_unref(root);
		return st;
	}
	assert(root != m->tail);
	root->csn = c->csn;
	c->root = root_ref(root);
	root_unref(m->tail);
	m->tail = root;
	return OK;
}

static void enqueue(struct txn_manager *m, struct commit *c)
{
	c->next = NULL;
	if (m->last != NULL)
		m->last->next = c;
	else
		m->first = c;
	m->last = c;
}

static void dequeue(struct txn_manager *m, struct commit *c)
{
	struct commit **link = &m->first, *before = NULL;
	while (*link != c) {
		before = *link;
		link = &before->next;
	}
	*link = c->next;
	if (m->last == c)
		m->last = before;
}

/* Renames and wake-ups; false: one of them is not safe on disk. */
static bool settle_changes(const struct txn *t, uint64_t csn)
{
	bool settled = true;
	for (struct change *x = t->first; x != NULL; x = x->next) {
		if (x->ops->committed != NULL)
			x->ops->committed(x, csn);
		settled &= !x->unsettled;
	}
	return settled;
}

static enum status log_failure(const struct txn *t, const struct commit *c, struct error *err)
{
	if (c->state == COMMIT_FAILED)
		return ERR(err, E_FILE_FSYNC, "the commit log could not be written; the transaction was rolled back");
	for (struct change *x = t->first; x != NULL; x = x->next)
		x->in_doubt = true;
	return ERR(err, E_FILE_FSYNC, "the commit log could not be written, nor a new one started: the server is read-only, "
	                              "and whether this transaction is committed will show at its next start");
}

enum status commit_run(struct txn_manager *m, struct txn *t, struct error *err)
{
	struct commit c = {.synchronous = t->synchronous, .state = COMMIT_WAITING};
	bool retry = true;
	enum status st = OK;
	for (struct change *x = t->first; m->path != NULL && st == OK && x != NULL; x = x->next)
		if (x->ops->prepare != NULL)
			st = x->ops->prepare(x, err);
	for (struct change *x = t->first; x != NULL; x = x->next)
		c.synchronous |= x->destructive;
	if (st != OK)
		return st;
	pthread_mutex_lock(&m->log_mutex);
	while (st == OK && retry)
		st = m->read_only ? read_only_error(err) : append(m, t, &c, &retry, err);
	if (st != OK) {
		pthread_mutex_unlock(&m->log_mutex);
		return st;
	}
	cond_init(&c.wake);
	enqueue(m, &c);
	publish_ready(m);
	if (m->path != NULL && (!c.synchronous || m->wal.end_lsn - m->checkpoint_lsn > m->checkpoint_bytes))
		pthread_cond_signal(&m->keeper_wakes);
	while (c.state == COMMIT_WAITING) {
		if (m->syncing || c.end_lsn <= m->wal.durable_lsn || (!c.synchronous && m->wal.pending.size == 0))
			pthread_cond_wait(&c.wake, &m->log_mutex);
		else
			lead_sync(m);
	}
	pthread_mutex_unlock(&m->log_mutex);
	pthread_cond_destroy(&c.wake);
	if (c.state != COMMIT_PUBLISHED)
		return log_failure(t, &c, err);

	bool settled = settle_changes(t, c.csn);
	pthread_mutex_lock(&m->log_mutex);
	m->keeps_log |= !settled;
	dequeue(m, &c);
	pthread_cond_broadcast(&m->log_changed);
	pthread_mutex_unlock(&m->log_mutex);
	return OK;
}

/* Until everything that is in `tail` now is durable, published and renamed; *root and *lsn are then one state. */
static enum status settle(struct txn_manager *m, struct root **root, uint64_t *lsn, struct error *err)
{
	while (true) {
		uint64_t failures = m->failures;
		*lsn = m->wal.end_lsn;
		*root = root_ref(m->tail);
		enum status st = log_sync(m, *lsn, err);
		while (st == OK && m->failures == failures && m->first != NULL && m->first->csn <= (*root)->csn)
			pthread_cond_wait(&m->log_changed, &m->log_mutex);
		if (st == OK && m->failures == failures)
			return OK;
		root_unref(*root);
		if (st != OK)
			return st;
	}
}

enum status txn_checkpoint(struct txn_manager *m, struct error *err)
{
	if (m->path == NULL)
		return OK;
	struct root *root;
	uint64_t lsn;
	pthread_mutex_lock(&m->checkpoint_mutex);
	pthread_mutex_lock(&m->log_mutex);
	enum status st = settle(m, &root, &lsn, err);
	if (st == OK && m->keeps_log) {
		root_unref(root);
		st = ERR(err, E_FILE_WRITE, "a rename after a commit failed, so the log is kept until the next start");
	}
	pthread_mutex_unlock(&m->log_mutex);
	if (st == OK) {
		struct manifest_head head = {.id = m->id, .csn = root->csn, .lsn = lsn, .next_slot = m->next_slot};
		st = manifest_write(m, root, &head, err);
		root_unref(root);
	}
	if (st == OK) {
		pthread_mutex_lock(&m->log_mutex);
		m->checkpoint_lsn = lsn;
		wal_release(&m->wal, lsn);
		pthread_mutex_unlock(&m->log_mutex);
	}
	pthread_mutex_unlock(&m->checkpoint_mutex);
	return st;
}

void *txn_keeper(void *manager)
{
	struct txn_manager *m = manager;
	struct error err;
	pthread_mutex_lock(&m->log_mutex);
	while (!m->stopping) {
		error_init(&err);
		bool due = m->wal.end_lsn - m->checkpoint_lsn > m->checkpoint_bytes && !m->keeps_log;
		if (m->read_only || (!due && m->wal.pending.size == 0)) {
			pthread_cond_wait(&m->keeper_wakes, &m->log_mutex);
			continue;
		}
		if (due) {
			pthread_mutex_unlock(&m->log_mutex);
			enum status st = txn_checkpoint(m, &err);
			pthread_mutex_lock(&m->log_mutex);
			if (st == OK)
				continue;
			LOG(LOG_ERROR, "txn", "checkpoint failed: %s", err.message);
		}
		uint64_t lsn = m->wal.end_lsn;
		int64_t deadline = clock_mono_us() + ASYNC_DELAY_US;
		while (!m->stopping && cond_wait_until(&m->keeper_wakes, &m->log_mutex, deadline))
			;
		if (log_sync(m, lsn, &err) != OK)
			LOG(LOG_ERROR, "txn", "%s", err.message);
	}
	pthread_mutex_unlock(&m->log_mutex);
	return NULL;
}

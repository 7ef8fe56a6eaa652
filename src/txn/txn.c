// SPDX-License-Identifier: Apache-2.0
#include "txn/txn.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "txn/locks.h"
#include "txn/txn_impl.h"

struct txn *txn_begin(struct txn_manager *m, enum txn_isolation isolation)
{
	struct txn *t = calloc(1, sizeof *t);
	if (t == NULL) {
		fputs("out of memory for control structures\n", stderr);
		abort();
	}
	t->manager = m;
	t->id = ++m->next_txn_id;
	t->isolation = isolation;
	t->synchronous = true;
	pthread_mutex_lock(&m->root_mutex);
	t->previous = m->open_last;
	if (m->open_last != NULL)
		m->open_last->next = t;
	else
		m->open_first = t;
	m->open_last = t;
	m->open_count++;
	pthread_mutex_unlock(&m->root_mutex);
	return t;
}

/* The snapshot goes back first, so that what a rollback or commit retired can be deleted. */
static void txn_free(struct txn *t)
{
	struct txn_manager *m = t->manager;
	struct root *snapshot = t->snapshot;
	locks_release_after(t, 0);
	pthread_mutex_lock(&m->root_mutex);
	t->snapshot = NULL;
	*(t->previous != NULL ? &t->previous->next : &m->open_first) = t->next;
	*(t->next != NULL ? &t->next->previous : &m->open_last) = t->previous;
	m->open_count--;
	pthread_mutex_unlock(&m->root_mutex);
	root_unref(snapshot);
	root_unref(t->view);
	root_unref(t->view_of);
	for (struct change *c = t->first, *next; c != NULL; c = next) {
		next = c->next;
		c->ops->free(c);
	}
	free(t);
}

struct txn_manager *txn_manager_of(const struct txn *t)
{
	return t->manager;
}

enum txn_isolation txn_isolation(const struct txn *t)
{
	return t->isolation;
}

uint64_t txn_id(const struct txn *t)
{
	return t->id;
}

uint64_t txn_csn(const struct txn *t)
{
	return t->snapshot == NULL ? 0 : t->snapshot->csn;
}

void txn_set_synchronous(struct txn *t, bool on)
{
	t->synchronous = on;
}

void txn_set_read_only(struct txn *t, bool on)
{
	t->read_only = on;
}

bool txn_has_changes(const struct txn *t)
{
	return t->first != NULL;
}

bool txn_changed_slot(const struct txn *t, uint32_t slot)
{
	for (const struct change *c = t->first; c != NULL; c = c->next)
		if (c->slot == slot)
			return true;
	return false;
}

static void take_snapshot(struct txn *t)
{
	struct txn_manager *m = t->manager;
	pthread_mutex_lock(&m->root_mutex);
	struct root *old = t->snapshot;
	t->snapshot = root_ref(m->published);
	t->snapshot_us = clock_wall_us();
	pthread_mutex_unlock(&m->root_mutex);
	root_unref(old);
}

static void set_view(struct txn *t, struct root *view)
{
	root_unref(t->view);
	root_unref(t->view_of);
	t->view = view;
	t->view_of = root_ref(t->snapshot);
}

/* view = snapshot and all changes; on failure the view stays as it was. */
static enum status rebuild_view(struct txn *t, struct error *err)
{
	struct root *view = root_ref(t->snapshot);
	for (struct change *c = t->first; c != NULL; c = c->next) {
		enum status st = change_apply(c, &view, TXN_CSN_PRIVATE, err);
		if (st != OK) {
			root_unref(view);
			return st;
		}
	}
	set_view(t, view);
	return OK;
}

/* The same where only the snapshot is new: what nobody else has touched since is taken from the view as it is. */
static enum status move_view(struct txn *t, struct error *err)
{
	if (t->view_of == t->snapshot)
		return OK;
	if (t->view_of == NULL)
		return rebuild_view(t, err);
	struct root *view = root_ref(t->snapshot);
	enum status st = OK;
	for (struct change *c = t->first; st == OK && c != NULL; c = c->next) {
		const struct version *mine = root_get(t->view, c->slot);
		if (root_get(t->view_of, c->slot) != root_get(t->snapshot, c->slot)) {
			st = change_apply(c, &view, TXN_CSN_PRIVATE, err);
		} else if (root_get(view, c->slot) != mine) {
			struct root *next = root_with(view, c->slot, (struct version *)(uintptr_t)mine);
			if (next == NULL)
				st = ERR(err, E_CANNOT_ALLOCATE, "out of memory");
			else
				root_unref(view);
			view = next != NULL ? next : view;
		}
	}
	if (st != OK) {
		root_unref(view);
		return st;
	}
	set_view(t, view);
	return OK;
}

enum status txn_statement_begin(struct txn *t, struct error *err)
{
	if (t->snapshot != NULL && t->isolation == TXN_REPEATABLE_READ)
		return OK;
	take_snapshot(t);
	return move_view(t, err);
}

const struct version *txn_version(struct txn *t, uint32_t slot)
{
	if (t->view == NULL) {
		take_snapshot(t);
		set_view(t, root_ref(t->snapshot)); /* no statement, so no changes */
	}
	return root_get(t->view, slot);
}

enum status txn_newest_view(struct txn *t, uint32_t slot, struct version **out, struct error *err)
{
	struct txn_manager *m = t->manager;
	enum status st = OK;
	pthread_mutex_lock(&m->root_mutex);
	struct root *view = root_ref(m->published);
	pthread_mutex_unlock(&m->root_mutex);
	for (struct change *c = t->first; st == OK && c != NULL; c = c->next)
		if (c->slot == slot)
			st = change_apply(c, &view, TXN_CSN_PRIVATE, err);
	*out = st == OK ? version_ref(root_get(view, slot)) : NULL;
	root_unref(view);
	return st;
}

static void change_undo(struct change *c)
{
	if (c->ops->rolled_back != NULL)
		c->ops->rolled_back(c);
	c->ops->free(c);
}

enum status txn_add_change(struct txn *t, struct change *c, struct error *err)
{
	enum status st = OK;
	(void)txn_version(t, c->slot); /* makes sure of a view */
	c->next = NULL;
	if (t->read_only)
		st = ERR(err, E_READONLY, "cannot write in a read-only transaction");
	if (st == OK)
		st = change_apply(c, &t->view, TXN_CSN_PRIVATE, err);
	if (st != OK) {
		change_undo(c);
		return st;
	}
	if (t->last != NULL)
		t->last->next = c;
	else
		t->first = c;
	t->last = c;
	t->change_count++;
	return OK;
}

/* Undoes the changes behind the first `keep`, the newest first. */
static void undo_after(struct txn *t, uint64_t keep)
{
	struct change **link = &t->first, *undone = NULL;
	t->last = NULL;
	for (uint64_t i = 0; i < keep; i++) {
		t->last = *link;
		link = &(*link)->next;
	}
	struct change *c = *link;
	*link = NULL;
	t->change_count = keep;
	while (c != NULL) {
		struct change *next = c->next;
		c->next = undone;
		undone = c;
		c = next;
	}
	while (undone != NULL) {
		struct change *next = undone->next;
		change_undo(undone);
		undone = next;
	}
}

enum status txn_commit(struct txn *t, struct error *err)
{
	enum status st = OK;
	if (t->first != NULL) {
		st = commit_run(t->manager, t, err);
		if (st != OK) {
			txn_rollback(t);
			return st;
		}
	}
	txn_free(t);
	return OK;
}

void txn_rollback(struct txn *t)
{
	if (t == NULL)
		return;
	root_unref(t->view); /* versions of the view may hold what the changes remove */
	t->view = NULL;
	undo_after(t, 0);
	txn_free(t);
}

uint64_t txn_savepoint(const struct txn *t)
{
	return t->change_count;
}

enum status txn_rollback_to(struct txn *t, uint64_t savepoint, struct error *err)
{
	assert(savepoint <= t->change_count);
	if (savepoint == t->change_count)
		return OK;
	struct change *cut = t->first, *before = NULL;
	for (uint64_t i = 0; i < savepoint; i++) {
		before = cut;
		cut = cut->next;
	}
	/* first the view without them, then they may go */
	*(before != NULL ? &before->next : &t->first) = NULL;
	enum status st = rebuild_view(t, err);
	*(before != NULL ? &before->next : &t->first) = cut;
	undo_after(t, savepoint);
	return st;
}

/* ---- emptying a slot ---- */
struct clear {
	struct change change;
	struct txn_manager *manager;
	struct version *was; /* as of the last apply, to tell its owner */
};

static enum status clear_apply(struct change *c, const struct version *base, uint64_t csn, struct version **out,
                               struct error *err)
{
	(void)csn, (void)err;
	struct clear *x = (struct clear *)c;
	version_unref(x->was);
	x->was = version_ref(base);
	*out = NULL;
	return OK;
}

static enum status clear_encode(struct change *c, struct strbuf *out, struct error *err)
{
	(void)c, (void)out, (void)err;
	return OK;
}

static void clear_committed(struct change *c, uint64_t csn)
{
	(void)csn;
	struct clear *x = (struct clear *)c;
	if (x->was != NULL && x->was->kind->dropped != NULL)
		x->was->kind->dropped(x->manager->contexts[x->was->kind->id], c->slot, x->was);
}

static void clear_free(struct change *c)
{
	version_unref(((struct clear *)c)->was);
	free(c);
}

static const struct version_kind clear_kind = {.id = CHANGE_CLEAR, .name = "cleared slot"};
static const struct change_ops clear_ops = {
	.kind = &clear_kind,
	.apply = clear_apply,
	.encode = clear_encode,
	.committed = clear_committed,
	.free = clear_free,
};

enum status txn_clear_slot(struct txn *t, uint32_t slot, struct error *err)
{
	struct clear *c = calloc(1, sizeof *c);
	if (c == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	c->change.ops = &clear_ops;
	c->change.slot = slot;
	c->change.destructive = true;
	c->manager = t->manager;
	return txn_add_change(t, &c->change, err);
}

// SPDX-License-Identifier: Apache-2.0
#include "txn/locks.h"

#include <assert.h>
#include <stdlib.h>
#include "base/clock.h"
#include "base/hash.h"
#include "io/latch.h"
#include "txn/txn_impl.h"

enum { BUCKETS = 1024, POLL_US = 50 * 1000 };

/* What one transaction holds of one object. */
struct grant {
	struct grant *next, **previous;  /* in the bucket */
	struct grant *older;             /* of the transaction, newest first */
	struct txn *owner;
	uint64_t object, position;
	enum lock_mode mode;
	struct row_set *rows;            /* NULL: keys */
	uint64_t *keys;
	size_t key_count;
};

static struct {
	pthread_mutex_t mutex;
	pthread_cond_t released;
	bool ready;
	struct grant *buckets[BUCKETS];
	struct txn *waiting;             /* list, by next_waiting */
} table = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void lock_table(void)
{
	pthread_mutex_lock(&table.mutex);
	if (!table.ready) {
		cond_init(&table.released);
		table.ready = true;
	}
}

static struct grant **bucket_of(uint64_t object)
{
	return &table.buckets[hash_u64(object) % BUCKETS];
}

/* ---- what meets ---- */

static bool has_key(const struct grant *g, uint64_t key)
{
	size_t low = 0, high = g->key_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (g->keys[middle] < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low < g->key_count && g->keys[low] == key;
}

static bool keys_meet(const struct grant *a, const struct grant *b)
{
	const struct grant *few = a->key_count < b->key_count ? a : b, *many = few == a ? b : a;
	for (size_t i = 0; i < few->key_count; i++)
		if (has_key(many, few->keys[i]))
			return true;
	return false;
}

static struct txn *holder(const struct grant *wanted)
{
	for (struct grant *g = *bucket_of(wanted->object); g != NULL; g = g->next) {
		if (g->object != wanted->object || g->owner == wanted->owner
		    || (g->mode == LOCK_SHARE && wanted->mode == LOCK_SHARE))
			continue;
		if (wanted->rows != NULL ? row_set_meets(wanted->rows, g->rows) : keys_meet(wanted, g))
			return g->owner;
	}
	return NULL;
}

/* ---- waiting ---- */

static void leave_waiting(struct txn *t)
{
	struct txn **link = &table.waiting;
	while (*link != t)
		link = &(*link)->next_waiting;
	*link = t->next_waiting;
	t->waits_for = NULL;
}

static enum status wait_for(struct txn *t, struct txn *other, const struct lock_terms *w, int64_t deadline,
                            struct error *err)
{
	for (const struct txn *x = other; x != NULL; x = x->waits_for)
		if (x == t)
			return ERR(err, E_DEADLOCK, "deadlock detected");
	if (w->nowait)
		return ERR(err, E_LOCK_TIMEOUT, "could not obtain lock on row in relation \"%s\"", w->what == NULL ? "" : w->what);
	t->waits_for = other;
	t->next_waiting = table.waiting;
	table.waiting = t;
	enum status st = OK;
	while (st == OK && t->waits_for != NULL) {
		int64_t now = clock_mono_us();
		if (deadline != 0 && now >= deadline)
			st = ERR(err, E_LOCK_TIMEOUT, "canceling statement due to lock timeout");
		else if (w->cancelled != NULL && *w->cancelled)
			st = ERR(err, E_CANCELLED, "canceling statement due to user request");
		else
			(void)cond_wait_until(&table.released, &table.mutex,
			                      deadline != 0 && deadline < now + POLL_US ? deadline : now + POLL_US);
	}
	leave_waiting(t);
	return st;
}

static void take_out(struct grant *g)
{
	*g->previous = g->next;
	if (g->next != NULL)
		g->next->previous = g->previous;
}

static void put_in(struct grant *g)
{
	struct grant **bucket = bucket_of(g->object);
	g->next = *bucket;
	g->previous = bucket;
	if (g->next != NULL)
		g->next->previous = &g->next;
	*bucket = g;
	g->older = g->owner->grants;
	g->owner->grants = g;
}

static void grant_free(struct grant *g)
{
	row_set_unref(g->rows);
	free(g->keys);
	free(g);
}

/* Two ascending lists as one. */
static uint64_t *merge_keys(const struct grant *a, const struct grant *b, size_t *count)
{
	uint64_t *out = malloc((a->key_count + b->key_count) * sizeof *out);
	size_t i = 0, k = 0, n = 0;
	while (out != NULL && (i < a->key_count || k < b->key_count)) {
		bool first = k == b->key_count || (i < a->key_count && a->keys[i] <= b->keys[k]);
		out[n++] = first ? a->keys[i++] : b->keys[k++];
	}
	*count = n;
	return out;
}

/* Many small statements of one transaction leave few grants: the newest is joined with one like it. */
static void join_newest(struct txn *t)
{
	struct grant *g = t->grants, *o = g == NULL ? NULL : g->older;
	while (o != NULL && o->object == g->object && o->mode == g->mode && o->position == g->position
	       && (g->rows != NULL) == (o->rows != NULL)) {
		if (g->rows != NULL) {
			struct row_set *both;
			if (row_set_union(o->rows, g->rows, &both, NULL) != OK)
				return;
			row_set_unref(g->rows);
			g->rows = both;
		} else {
			size_t count;
			if (o->key_count > g->key_count * 2)
				return;
			uint64_t *both = merge_keys(o, g, &count);
			if (both == NULL)
				return;
			free(g->keys);
			g->keys = both;
			g->key_count = count;
		}
		take_out(o);
		g->older = o->older;
		grant_free(o);
		o = g->older;
	}
}

/* Takes g over. */
static enum status acquire(struct grant *g, const struct lock_terms *w, bool *waited, struct error *err)
{
	int64_t deadline = w->timeout_us == 0 ? 0 : clock_mono_us() + w->timeout_us;
	struct txn *other;
	enum status st = OK;
	g->owner->has_locked = true;
	lock_table();
	while (st == OK && (other = holder(g)) != NULL) {
		*waited = true;
		st = wait_for(g->owner, other, w, deadline, err);
	}
	if (st == OK) {
		put_in(g);
		join_newest(g->owner);
	}
	pthread_mutex_unlock(&table.mutex);
	if (st != OK)
		grant_free(g);
	return st;
}

static struct grant *grant_new(struct txn *t, uint64_t object, enum lock_mode mode)
{
	struct grant *g = calloc(1, sizeof *g);
	if (g == NULL)
		return NULL;
	g->owner = t;
	g->object = object;
	g->mode = mode;
	g->position = t->lock_position;
	return g;
}

enum status locks_rows(struct txn *t, uint64_t object, struct row_set *rows, enum lock_mode mode,
                       const struct lock_terms *w, bool *waited, struct error *err)
{
	if (rows == NULL || rows->count == 0)
		return OK;
	struct grant *g = grant_new(t, object, mode);
	if (g == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	g->rows = row_set_ref(rows);
	return acquire(g, w, waited, err);
}

enum status locks_free_rows(struct txn *t, uint64_t object, const struct row_set *rows, enum lock_mode mode,
                            struct row_set **got, struct error *err)
{
	struct grant *g = grant_new(t, object, mode);
	struct row_set *s = row_set_new();
	enum status st = g == NULL || s == NULL ? ERR(err, E_CANNOT_ALLOCATE, "out of memory") : OK;
	t->has_locked = true;
	lock_table();
	for (uint64_t row = row_set_next(rows, 0); st == OK && row != UINT64_MAX; row = row_set_next(rows, row + 1)) {
		bool taken = false, fresh;
		for (struct grant *o = *bucket_of(object); o != NULL && !taken; o = o->next)
			taken = o->object == object && o->owner != t && !(o->mode == LOCK_SHARE && mode == LOCK_SHARE)
			        && row_set_has(o->rows, row);
		if (!taken)
			st = row_set_add(s, row, &fresh, err);
	}
	if (st == OK && s->count != 0) {
		g->rows = row_set_ref(s);
		put_in(g);
		join_newest(t);
		g = NULL;
	}
	pthread_mutex_unlock(&table.mutex);
	if (g != NULL)
		grant_free(g);
	if (st != OK) {
		row_set_unref(s);
		return st;
	}
	*got = s;
	return OK;
}

enum status locks_keys(struct txn *t, uint64_t object, const uint64_t *keys, size_t count, const struct lock_terms *w,
                       bool *waited, struct error *err)
{
	if (count == 0)
		return OK;
	struct grant *g = grant_new(t, object | lock_object_keys, LOCK_EXCLUSIVE);
	if (g == NULL || (g->keys = malloc(count * sizeof *keys)) == NULL) {
		free(g);
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	}
	memcpy(g->keys, keys, count * sizeof *keys);
	g->key_count = count;
	return acquire(g, w, waited, err);
}

uint64_t locks_position(struct txn *t)
{
	return ++t->lock_position;
}

void locks_release_after(struct txn *t, uint64_t position)
{
	struct grant *gone = NULL;
	if (!t->has_locked)
		return;
	lock_table();
	struct grant **link = &t->grants;
	while (*link != NULL) {
		struct grant *g = *link;
		if (g->position < position) {
			link = &g->older;
			continue;
		}
		take_out(g);
		*link = g->older;
		g->older = gone;
		gone = g;
	}
	for (struct txn *x = table.waiting; x != NULL; x = x->next_waiting)
		if (x->waits_for == t)
			x->waits_for = NULL; /* it looks again */
	pthread_cond_broadcast(&table.released);
	pthread_mutex_unlock(&table.mutex);
	while (gone != NULL) {
		struct grant *g = gone;
		gone = g->older;
		grant_free(g);
	}
}

enum status locks_move(uint64_t from, uint64_t to,
                       enum status (*translate)(void *arg, const struct row_set *rows, struct row_set **out,
                                                struct error *err),
                       void *arg, struct error *err)
{
	struct grant *moved = NULL;
	enum status st = OK;
	lock_table();
	for (struct grant *g = *bucket_of(from); st == OK && g != NULL; g = g->next) {
		if (g->object != from)
			continue;
		struct grant *n = grant_new(g->owner, to, g->mode);
		if (n == NULL) {
			st = ERR(err, E_CANNOT_ALLOCATE, "out of memory");
			break;
		}
		n->position = g->position;
		n->older = moved;
		moved = n;
		st = translate(arg, g->rows, &n->rows, err);
	}
	while (moved != NULL) {
		struct grant *n = moved;
		moved = n->older;
		if (st == OK && n->rows != NULL && n->rows->count != 0)
			put_in(n);
		else
			grant_free(n);
	}
	pthread_mutex_unlock(&table.mutex);
	return st;
}

// SPDX-License-Identifier: Apache-2.0
/*
 * Merges: threads that walk the tables, choose, merge and commit; and OPTIMIZE, which does the same at once. One merge
 * per table at a time (its merge_mutex). A merge is a transaction of its own: when a part of it was dropped meanwhile,
 * its commit fails and the new part is removed.
 */
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "base/log.h"
#include "catalog/catalog.h"
#include "engine/mergetree_impl.h"
#include "io/latch.h"
#include "storage/key_map.h"
#include "storage/merge_choice.h"
#include "storage/part_forward.h"
#include "storage/part_info.h"
#include "storage/part_merge.h"
#include "storage/ttl.h"

enum { THREADS = 2, IDLE_US = 10 * 1000 * 1000, GATHER_US = 200 * 1000, TTL_LAG_S = 4 * 3600 };

static struct {
	pthread_mutex_t mutex;      /* guards what follows */
	pthread_cond_t wake;
	bool running, stopping, work;
	pthread_t threads[THREADS];
	unsigned thread_count;
	int64_t flush_before_us;    /* deltas that were begun before are to go: memory or log was short then */
	pthread_cond_t progress;    /* something was merged or flushed */
	_Atomic bool cancelled;
	struct instance *instance;
	struct memtrack track;
} pool = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* ---- one merge ---- */

static void describe(struct merge_info *info, const struct table *t, const struct part_set *set, uint32_t from,
                     uint32_t count, const char *result)
{
	snprintf(info->database, sizeof info->database, "%.*s", STR_ARG(t->def->database));
	snprintf(info->table, sizeof info->table, "%.*s", STR_ARG(t->def->name));
	snprintf(info->result_part, sizeof info->result_part, "%s", result);
	snprintf(info->partition_id, sizeof info->partition_id, "%.*s", STR_ARG(set->parts[from]->name.partition));
	info->part_count = count;
	info->started_us = clock_wall_us();
	for (uint32_t i = from; i < from + count; i++) {
		info->rows_total += set->parts[i]->rows;
		info->bytes_total += set->parts[i]->bytes_on_disk;
	}
}

/* Rows that are deleted or locked while this merge runs are found again in its result. */
static enum status forward(const struct part_set *set, const struct merge_request *r, const struct table_keys *keys,
                           struct merge_rows *rows, struct part *made, struct part_change *change, struct error *err)
{
	bool folds = r->distinct || (keys->mode != MERGE_ORDINARY && keys->sort_count != 0);
	struct part_forward *f = part_forward_new(rows, folds, r->count);
	if (f == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	f->target = made == NULL ? NULL : part_ref(made);
	for (; f->count < r->count; f->count++) {
		const struct part *p = set->parts[r->from + f->count];
		struct buffer *order = p->delta != NULL && keys->sort_count != 0 ? p->delta->order : NULL;
		f->sources[f->count] = (struct forward_source){.identity = p->identity,
			.consumed = row_set_ref(set->marks[r->from + f->count]), .order = order == NULL ? NULL : buffer_ref(order)};
	}
	part_change_forward(change, f);
	return OK;
}

/* Before anybody asks for them. The set knows the columns of the part if some part of it has been written with them. */
static void carry_key_maps(const struct merge_env *env, const struct merge_request *r, struct part *made)
{
	struct arena a;
	struct error err;
	error_init(&err);
	arena_init(&a, r->track);
	struct eval e = {.session = env->session, .track = r->track, .scratch = &a, .err = &err, .cancelled = r->cancelled};
	struct key_map_env reads = {env->keys, env->set, NULL, &e};
	for (uint32_t i = 0; i < r->count && part_set_schema(env->set, made->schema_version) != NULL; i++)
		key_map_carry(&reads, made, env->set->parts[r->from + i]);
	arena_fini(&a);
}

static enum status merge_range(struct table *t, struct txn *txn, struct table_keys *keys, const struct part_set *set,
                               const struct merge_request *r, struct part_change *change, struct error *err)
{
	struct arena a;
	struct merge_info info = {0};
	arena_init(&a, r->track);
	struct merge_env env = {.keys = keys, .set = set, .session = storage_session(t->def->dialect), .track = r->track,
	                        .cancelled = r->cancelled};
	struct merge_input *inputs = ARENA_ARRAY(&a, struct merge_input, r->count + 1);
	struct merge_rows rows = {0};
	struct merge_target target = {.name = set->parts[r->from]->name, .rows_done = &info.rows_done, .rows = &rows};
	enum status st = mergetree_place(t, txn, &target.place, err);
	if (st == OK)
		st = table_place_make(target.place, err);
	for (uint32_t i = 0; st == OK && i < r->count; i++) {
		struct part *p = set->parts[r->from + i];
		st = merge_input_whole(p, i, &a, &inputs[i], err);
		inputs[i].marks = set->marks[r->from + i];
		if (st == OK)
			st = part_change_remove(change, p, PART_DELETED, err);
		target.name.max_block = p->name.max_block;
		target.name.level = p->name.level > target.name.level ? p->name.level : target.name.level;
	}
	/* a part on disk that is written anew may not have the name of the one that it takes the place of */
	if (!r->flush || target.name.min_block != target.name.max_block || set->parts[r->from]->delta == NULL)
		target.name.level++;
	struct str result = part_name_text(&a, &target.name);
	describe(&info, t, set, r->from, r->count, result.data);
	merge_info_add(&info);
	struct merge_options o = {.fold = true, .drop_deleted = r->cleanup, .now = clock_wall_us() / 1000000,
	                          .distinct = r->distinct, .by = r->by, .by_count = r->by_count,
	                          .ttl = keys->ttl_count != 0 && !r->flush
	                                 && (!keys->settings.ttl_only_drop_parts || r->force_ttl)};
	struct part *made = NULL;
	if (st == OK)
		st = part_merge(&env, inputs, r->count, &o, &target, &made, err);
	if (st == OK && made != NULL)
		carry_key_maps(&env, r, made);
	if (st == OK && made != NULL)
		st = part_change_add(change, made, false, err);
	if (st == OK)
		st = forward(set, r, keys, &rows, made, change, err);
	if (st != OK && made != NULL)
		made->retired = true;
	part_unref(made);
	merge_rows_fini(&rows);
	merge_info_remove(&info);
	table_place_unref(target.place);
	arena_fini(&a);
	return st;
}

enum status mergetree_merge(struct table *t, struct txn *txn, const struct part_set *set, const struct merge_request *r,
                            struct error *err)
{
	struct table_keys *keys;
	struct part_change *change = NULL;
	int64_t start = clock_mono_us();
	TRY(mergetree_keys(t, &keys, err));
	enum status st = mergetree_change(t, txn, &change, err);
	if (st == OK)
		st = merge_range(t, txn, keys, set, r, change, err);
	if (st == OK)
		st = txn_add_change(txn, part_change_base(change), err);
	else if (change != NULL) {
		part_change_base(change)->ops->rolled_back(part_change_base(change));
		part_change_free(change);
	}
	table_keys_unref(keys);
	LOG(LOG_DEBUG, "storage", "merged %u parts of %.*s from %s in %lld ms: %s", r->count, STR_ARG(t->def->name),
	    set->parts[r->from]->name_text, (long long)(clock_mono_us() - start) / 1000, st == OK ? "done" : err->message);
	return st;
}

/* ---- TTL ---- */

/* A part in which all rows have expired goes unread; one with enough expired rows is rewritten. *whole tells which. */
static bool ttl_is_due(const struct table_keys *k, struct part *p, int64_t now, bool *whole)
{
	struct error err;
	error_init(&err);
	struct ttl_bounds *b = calloc(k->ttl_count + 1, sizeof *b);
	bool due = false;
	*whole = false;
	if (b != NULL && ttl_read(k, p, b, &err) == OK)
		for (uint32_t i = 0; i < k->ttl_count; i++) {
			const struct table_ttl *t = &k->ttls[i];
			if (b[i].min > b[i].max || t->rule != TTL_RULE_DELETE)
				continue; /* RECOMPRESS waits for the next merge */
			if (t->column == UINT32_MAX && t->where == NULL && b[i].max <= now && b[i].max > 0)
				*whole = due = true;
			else if (!k->settings.ttl_only_drop_parts && b[i].min <= now - TTL_LAG_S)
				due = true;
		}
	free(b);
	return due;
}

static enum status drop_whole(struct table *t, struct txn *txn, const struct part *p, struct error *err)
{
	struct part_change *c;
	TRY(mergetree_change(t, txn, &c, err));
	enum status st = part_change_remove(c, p, PART_DELETED, err);
	if (st != OK) {
		part_change_free(c);
		return st;
	}
	return txn_add_change(txn, part_change_base(c), err);
}

/* ---- the background ---- */

static uint64_t merge_space(struct table *t, struct txn *txn)
{
	struct table_place *place;
	struct error err;
	uint64_t free_bytes = 0;
	error_init(&err);
	if (mergetree_place(t, txn, &place, &err) != OK)
		return 0;
	if (file_space(place->dir, &free_bytes, NULL, &err) != OK)
		free_bytes = 0;
	table_place_unref(place);
	return free_bytes / 2;
}

/* One delta whose time has come is sealed, or flushed where it is. */
static enum status flush_one(struct table *t, struct txn *txn, bool *did, struct error *err)
{
	const struct part_set *set = mergetree_parts(t, txn);
	int64_t now = clock_wall_us();
	int64_t before = pool.flush_before_us;
	enum status st = OK;
	if (set == NULL)
		return OK;
	set = (const struct part_set *)version_ref(&set->version);
	for (uint32_t i = 0; !*did && st == OK && i < set->count; i++) {
		const struct part *p = set->parts[i];
		if (!mergetree_flush_is_due(set, i, now, before))
			continue;
		struct merge_request r = {.from = i, .count = 1, .flush = true, .track = &pool.track, .cancelled = &pool.cancelled};
		*did = true;
		st = p->delta->sealed ? mergetree_merge(t, txn, set, &r, err) : mergetree_seal(t, txn, p->name.partition, err);
	}
	version_unref((struct version *)(uintptr_t)&set->version);
	return st;
}

/* A part that is deleted for a fifth or more is worth writing anew. */
static struct merge_choice choose_marked(const struct part_set *set)
{
	for (uint32_t i = 0; i < set->count; i++)
		if (set->marks[i] != NULL && set->parts[i]->delta == NULL && set->marks[i]->count * 5 >= set->parts[i]->rows)
			return (struct merge_choice){i, 1};
	return (struct merge_choice){0};
}

/* *did: something was changed in the transaction. */
static enum status maintain(struct table *t, struct txn *txn, bool *did, struct error *err)
{
	const struct part_set *set = mergetree_parts(t, txn);
	struct table_keys *keys = NULL;
	if (set == NULL || set->count == 0)
		return OK;
	set = (const struct part_set *)version_ref(&set->version);
	enum status st = mergetree_keys(t, &keys, err);
	unsigned stopped = mergetree_of(t)->stopped;
	if (st == OK && (stopped & BACKGROUND_MERGES) == 0) {
		int64_t now = clock_wall_us();
		bool ttl = keys->ttl_count != 0 && (stopped & BACKGROUND_TTL) == 0;
		for (uint32_t i = 0; st == OK && !*did && ttl && i < set->count; i++) {
			bool whole;
			if (!ttl_is_due(keys, set->parts[i], now / 1000000, &whole))
				continue;
			struct merge_request r = {.from = i, .count = 1, .track = &pool.track, .cancelled = &pool.cancelled};
			st = whole ? drop_whole(t, txn, set->parts[i], err) : mergetree_merge(t, txn, set, &r, err);
			*did = st == OK;
		}
		struct merge_choice c = {0};
		if (st == OK && !*did)
			c = merge_choose(set, &keys->settings, merge_space(t, txn), now);
		if (st == OK && !*did && c.count == 0)
			c = choose_marked(set);
		if (c.count != 0) {
			struct merge_request r = {.from = c.from, .count = c.count, .track = &pool.track, .cancelled = &pool.cancelled};
			st = mergetree_merge(t, txn, set, &r, err);
			*did = st == OK;
		}
	}
	table_keys_unref(keys);
	version_unref((struct version *)(uintptr_t)&set->version);
	return st;
}

struct walk {
	uint32_t oids[1024];
	uint32_t count, from;
};

static enum status note_table(void *arg, struct table *t)
{
	struct walk *w = arg;
	if (mergetree_is(t) && !t->def->temporary && t->def->oid >= w->from && w->count < ARRAY_COUNT(w->oids))
		w->oids[w->count++] = t->def->oid;
	return OK;
}

static int by_oid(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

/* A flush or a merge in a transaction of its own, where nobody else is at it. */
static bool attempt(uint32_t oid, bool flush)
{
	struct error err;
	bool did = false;
	error_init(&err);
	struct txn *txn = txn_begin(instance_txns(pool.instance), TXN_READ_COMMITTED);
	struct table *t = catalog_find_table_oid(instance_catalog(pool.instance), txn, oid);
	enum status st = OK;
	if (t != NULL && mergetree_is(t)) {
		struct mergetree *m = mergetree_of(t);
		pthread_mutex_t *mutex = flush ? &m->flush_mutex : &m->merge_mutex;
		if (pthread_mutex_trylock(mutex) == 0) {
			st = flush ? flush_one(t, txn, &did, &err) : maintain(t, txn, &did, &err);
			if (st == OK && did)
				st = txn_commit(txn, &err);
			else
				txn_rollback(txn);
			txn = NULL;
			pthread_mutex_unlock(mutex);
		}
	}
	if (st != OK && st != E_SERIALIZATION_FAILURE && st != E_CANCELLED)
		LOG(LOG_WARNING, "storage", "a %s failed: %s", flush ? "flush" : "merge", err.message);
	txn_rollback(txn);
	table_release(t);
	if (did && st == OK) {
		pthread_mutex_lock(&pool.mutex);
		pthread_cond_broadcast(&pool.progress);
		pthread_mutex_unlock(&pool.mutex);
	}
	return did && st == OK;
}

/* One look at one table: everything that is due in memory goes before a merge. */
static bool visit(uint32_t oid)
{
	bool did = false;
	while (!pool.cancelled && attempt(oid, true))
		did = true;
	return attempt(oid, false) || did;
}

static bool visit_all(void)
{
	struct walk w = {0};
	bool did = false;
	do {
		w.count = 0;
		struct txn *txn = txn_begin(instance_txns(pool.instance), TXN_READ_COMMITTED);
		(void)!catalog_each_table(instance_catalog(pool.instance), txn, STR(""), note_table, &w);
		txn_rollback(txn);
		qsort(w.oids, w.count, sizeof w.oids[0], by_oid);
		for (uint32_t i = 0; i < w.count && !pool.cancelled; i++)
			did |= visit(w.oids[i]);
		w.from = w.count == 0 ? 0 : w.oids[w.count - 1] + 1;
	} while (w.count == ARRAY_COUNT(w.oids) && !pool.cancelled);
	return did;
}

static void *merge_thread(void *unused)
{
	(void)unused;
	bool busy = false;
	pthread_mutex_lock(&pool.mutex);
	while (!pool.stopping) {
		int64_t deadline = clock_mono_us() + IDLE_US;
		while (!pool.stopping && !pool.work && cond_wait_until(&pool.wake, &pool.mutex, deadline))
			;
		/* inserts come in bursts: let some more arrive */
		deadline = clock_mono_us() + GATHER_US;
		while (!pool.stopping && !busy && cond_wait_until(&pool.wake, &pool.mutex, deadline))
			;
		pool.work = false;
		if (pool.stopping)
			break;
		pthread_mutex_unlock(&pool.mutex);
		bool full = mergetree_delta_is_full() || mergetree_log_is_long(instance_txns(pool.instance));
		pthread_mutex_lock(&pool.mutex);
		if (full)
			pool.flush_before_us = clock_wall_us();
		pthread_mutex_unlock(&pool.mutex);
		bool did = visit_all();
		pthread_mutex_lock(&pool.mutex);
		pool.work |= did;
		busy = did;
	}
	pthread_mutex_unlock(&pool.mutex);
	return NULL;
}

void mergetree_background(struct table *t, unsigned works, bool run)
{
	if (!run) {
		atomic_fetch_or(&mergetree_of(t)->stopped, works);
		return;
	}
	atomic_fetch_and(&mergetree_of(t)->stopped, ~works);
	mergetree_wake_merges();
}

void mergetree_wake_merges(void)
{
	pthread_mutex_lock(&pool.mutex);
	if (pool.running && !pool.work) {
		pool.work = true;
		pthread_cond_signal(&pool.wake);
	}
	pthread_mutex_unlock(&pool.mutex);
}

bool mergetree_merges_run(void)
{
	pthread_mutex_lock(&pool.mutex);
	bool run = pool.running && !pool.stopping;
	pthread_mutex_unlock(&pool.mutex);
	return run;
}

void mergetree_wait_for_progress(int64_t deadline_us)
{
	mergetree_wake_merges();
	pthread_mutex_lock(&pool.mutex);
	if (pool.running && !pool.stopping)
		(void)cond_wait_until(&pool.progress, &pool.mutex, deadline_us);
	pthread_mutex_unlock(&pool.mutex);
}

enum status mergetree_merges_start(struct instance *i, struct error *err)
{
	pool.instance = i;
	pool.stopping = pool.work = false;
	pool.cancelled = false;
	memtrack_init(&pool.track, instance_memtrack(i), "merges", 0);
	cond_init(&pool.wake);
	cond_init(&pool.progress);
	pool.flush_before_us = 0;
	for (pool.thread_count = 0; pool.thread_count < THREADS; pool.thread_count++)
		if (pthread_create(&pool.threads[pool.thread_count], NULL, merge_thread, NULL) != 0)
			break;
	pool.running = true;
	return pool.thread_count == 0 ? ERR(err, E_CANNOT_ALLOCATE, "cannot start a thread for merges") : OK;
}

void mergetree_merges_stop(void)
{
	pthread_mutex_lock(&pool.mutex);
	bool running = pool.running;
	pool.stopping = true;
	pool.cancelled = true;
	if (running) {
		pthread_cond_broadcast(&pool.wake);
		pthread_cond_broadcast(&pool.progress);
	}
	pthread_mutex_unlock(&pool.mutex);
	for (unsigned i = 0; running && i < pool.thread_count; i++)
		pthread_join(pool.threads[i], NULL);
	pool.running = false;
}

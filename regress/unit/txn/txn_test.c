// SPDX-License-Identifier: Apache-2.0
/*
 * Transactions over a toy version, a sum of numbers per slot: visibility, conflicts, the log, its torn tail, its
 * corruption, a failing disk. It can break in the order of publishing, in what a failed fsync takes back, in redo.
 */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/fault.h"
#include "io/file.h"
#include "regress/unit/tap.h"
#include "txn/cursor.h"
#include "txn/txn.h"

enum { KIND = 1 };
struct sum {
	struct version version;
	int64_t value;
};
struct add {
	struct change change;
	int64_t amount;
	bool strict; /* conflicts when the base is not what its own view was based on */
	int64_t seen;
	bool seen_set;
};
static int committed_count, rolled_back_count;

static void sum_destroy(struct version *v)
{
	free(v);
}

static struct version *sum_new(int64_t value);

static enum status sum_save(void *context, const struct version *v, struct strbuf *out, struct error *err)
{
	(void)context, (void)err;
	strbuf_put_le(out, (uint64_t)((const struct sum *)v)->value, 8);
	return OK;
}

static enum status sum_load(void *context, uint32_t slot, struct str bytes, struct version **out, struct error *err)
{
	(void)context, (void)slot, (void)err;
	struct cursor c = cursor_of(bytes);
	*out = sum_new((int64_t)cursor_le(&c, 8));
	return OK;
}

static enum status sum_redo(void *context, uint32_t slot, const struct version *base, struct str bytes, uint64_t csn,
                            struct version **out, struct error *err)
{
	(void)context, (void)slot, (void)csn, (void)err;
	struct cursor c = cursor_of(bytes);
	int64_t amount = (int64_t)cursor_le(&c, 8);
	*out = amount == INT64_MIN ? NULL : sum_new((base == NULL ? 0 : ((const struct sum *)base)->value) + amount);
	return OK;
}

static const struct version_kind sum_kind = {KIND, "sum", sum_destroy, sum_save, sum_load, sum_redo, NULL};

static struct version *sum_new(int64_t value)
{
	struct sum *s = calloc(1, sizeof *s);
	version_init(&s->version, &sum_kind);
	s->value = value;
	return &s->version;
}

static enum status add_apply(struct change *c, const struct version *base, uint64_t csn, struct version **out,
                             struct error *err)
{
	(void)csn;
	struct add *a = (struct add *)c;
	int64_t was = base == NULL ? 0 : ((const struct sum *)base)->value;
	if (a->strict && a->seen_set && was != a->seen)
		return ERR(err, E_SERIALIZATION_FAILURE, "somebody was faster");
	a->seen = was;
	a->seen_set = true;
	*out = a->amount == INT64_MIN ? NULL : sum_new(was + a->amount);
	return OK;
}

static enum status add_encode(struct change *c, struct strbuf *out, struct error *err)
{
	(void)err;
	strbuf_put_le(out, (uint64_t)((struct add *)c)->amount, 8);
	return OK;
}

static void add_committed(struct change *c, uint64_t csn)
{
	(void)c, (void)csn;
	__atomic_fetch_add(&committed_count, 1, __ATOMIC_RELAXED);
}

static void add_rolled_back(struct change *c)
{
	(void)c;
	__atomic_fetch_add(&rolled_back_count, 1, __ATOMIC_RELAXED);
}

static void add_free(struct change *c)
{
	free(c);
}

static const struct change_ops add_ops = {&sum_kind,     add_apply,       NULL,    add_encode,
                                          add_committed, add_rolled_back, add_free};

static enum status add(struct txn *t, uint32_t slot, int64_t amount, bool strict, struct error *err)
{
	struct add *a = calloc(1, sizeof *a);
	a->change.ops = &add_ops;
	a->change.slot = slot;
	a->amount = amount;
	a->strict = strict;
	return txn_add_change(t, &a->change, err);
}

static int64_t value(struct txn *t, uint32_t slot)
{
	const struct version *v = txn_version(t, slot);
	return v == NULL ? -1 : ((const struct sum *)v)->value;
}

static int64_t newest(struct txn_manager *m, uint32_t slot)
{
	struct version *v = txn_newest_version(m, slot);
	int64_t n = v == NULL ? -1 : ((const struct sum *)v)->value;
	version_unref(v);
	return n;
}

static char dir[256];
static struct error err;

static struct txn_manager *open_manager_to(bool disk, uint64_t recover_to)
{
	struct txn_config config = {.path = disk ? dir : NULL, .segment_size_max = 1 << 20, .recover_to = recover_to};
	struct txn_manager *m = NULL;
	error_init(&err);
	return txn_manager_open(&config, &m, &err) == OK ? m : NULL;
}

static struct txn_manager *open_manager(bool disk)
{
	return open_manager_to(disk, 0);
}

static enum status put(struct txn_manager *m, uint32_t slot, int64_t amount, bool synchronous)
{
	error_init(&err);
	struct txn *t = txn_begin(m, TXN_READ_COMMITTED);
	txn_set_synchronous(t, synchronous);
	enum status st = add(t, slot, amount, false, &err);
	if (st != OK) {
		txn_rollback(t);
		return st;
	}
	return txn_commit(t, &err);
}

static void test_visibility(bool disk)
{
	const char *where = disk ? "disk" : "memory";
	struct txn_manager *m = open_manager(disk);
	ok(m != NULL, "%s: a fresh manager: %s", where, err.message);
	uint32_t slot = txn_slot_new(m);
	struct txn *a = txn_begin(m, TXN_REPEATABLE_READ), *b = txn_begin(m, TXN_READ_COMMITTED);
	ok(txn_statement_begin(a, &err) == OK && value(a, slot) == -1, "%s: the slot is empty", where);
	ok(add(b, slot, 5, false, &err) == OK && value(b, slot) == 5, "%s: a change is seen by its own", where);
	is_int(newest(m, slot), -1, "and by nobody else");
	uint64_t savepoint = txn_savepoint(b);
	ok(add(b, slot, 7, false, &err) == OK && value(b, slot) == 12, "%s: another change", where);
	ok(txn_rollback_to(b, savepoint, &err) == OK && value(b, slot) == 5, "%s: rollback to savepoint", where);
	ok(put(m, slot, 100, true) == OK, "%s: a third one commits first", where);
	ok(txn_statement_begin(b, &err) == OK && value(b, slot) == 105, "%s: READ COMMITTED sees it beside its own", where);
	ok(txn_commit(b, &err) == OK && newest(m, slot) == 105, "%s: both won", where);
	ok(txn_statement_begin(a, &err) == OK && value(a, slot) == -1, "%s: REPEATABLE READ keeps its snapshot", where);
	txn_rollback(a);
	a = txn_begin(m, TXN_REPEATABLE_READ);
	ok(add(a, slot, 1, true, &err) == OK && put(m, slot, 1, true) == OK, "%s: a conflict is laid", where);
	ok(txn_commit(a, &err) == E_SERIALIZATION_FAILURE, "%s: and noticed", where);
	error_init(&err);
	is_int(newest(m, slot), 106, "the loser left nothing");
	uint32_t gone = txn_slot_new(m);
	a = txn_begin(m, TXN_READ_COMMITTED);
	b = txn_begin(m, TXN_READ_COMMITTED);
	ok(add(a, gone, 1, false, &err) == OK && txn_clear_slot(b, gone, &err) == OK && txn_commit(b, &err) == OK,
	   "%s: an empty slot is emptied for ever while another one is about to fill it", where);
	ok(txn_commit(a, &err) == E_SERIALIZATION_FAILURE && newest(m, gone) == -1, "%s: who then is refused", where);
	error_init(&err);
	struct txn_stats stats;
	txn_manager_stats(m, &stats);
	is_int(stats.open_transactions, 0, "no transaction is open");
	txn_manager_close(m);
}

static void test_restart(void)
{
	struct txn_manager *m = open_manager(true);
	uint32_t slot = txn_slot_new(m), other = txn_slot_new(m);
	for (int i = 0; i < 100; i++)
		if (put(m, slot, 1, i % 2 == 0) != OK)
			ok(false, "put: %s", err.message);
	ok(put(m, other, 3, true) == OK && put(m, other, INT64_MIN, true) == OK, "a slot is filled and emptied");
	is_int(newest(m, slot), 100, "a hundred commits");
	txn_manager_close(m);
	m = open_manager(true);
	ok(m != NULL, "opens again: %s", err.message);
	is_int(newest(m, slot), 100, "from the MANIFEST");
	is_int(newest(m, other), -1, "the emptied slot is empty");
	ok(txn_slot_new(m) > other, "slot numbers are not given twice");
	struct txn_manager *second = open_manager(true);
	ok(second == NULL && err.status == E_FILE_OPEN, "a second server is refused: %s", err.message);
	txn_manager_close(m);
}

/* Leaves MANIFEST and log as a power cut would, without the checkpoint that close writes. */
static char image[300];

static void cut_power(struct txn_manager *m)
{
	char command[2048];
	snprintf(command, sizeof command, "rm -rf %s && cp -r %s %s", image, dir, image);
	if (system(command) != 0)
		printf("# failed: %s\n", command);
	txn_manager_close(m);
	snprintf(command, sizeof command, "rm -rf %s && cp -r %s %s && rm -f %s/LOCK", dir, image, dir, dir);
	if (system(command) != 0)
		printf("# failed: %s\n", command);
}

/* The newest segment: path in `path`, its bytes returned. */
static size_t newest_segment(char *path, size_t size, struct strbuf *bytes)
{
	struct arena a;
	arena_init(&a, NULL);
	char wal[300];
	snprintf(wal, sizeof wal, "%s/wal", dir);
	struct file_entry *e;
	size_t n, best = 0;
	if (file_list(wal, &a, &e, &n, &err) != OK)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (strlen(e[i].name) == 20)
			best = i;
	snprintf(path, size, "%s/%s", wal, e[best].name);
	strbuf_init(bytes, NULL);
	enum status st = file_read_all(path, SIZE_MAX, bytes, &err);
	arena_fini(&a);
	return st == OK ? bytes->size : 0;
}

static void poke(const char *path, size_t offset, uint8_t change)
{
	struct file *f;
	uint8_t byte;
	size_t got;
	if (file_open(&f, path, FILE_READ | FILE_WRITE, &err) != OK)
		return;
	if (file_read_at(f, &byte, 1, offset, &got, &err) == OK) {
		byte ^= change;
		if (file_write_at(f, &byte, 1, offset, &err) != OK)
			printf("# cannot poke\n");
	}
	file_drop(f);
}

static void test_log(void)
{
	struct txn_manager *m = open_manager(true);
	uint32_t slot = txn_slot_new(m);
	int64_t expect = 0;
	for (int i = 0; i < 10; i++, expect++)
		(void)!put(m, slot, 1, true);
	cut_power(m);
	m = open_manager(true);
	ok(m != NULL && newest(m, slot) == expect, "the log is replayed: %s", err.message);
	for (int i = 0; i < 10; i++, expect++)
		(void)!put(m, slot, 1, true);
	cut_power(m);

	char path[400];
	struct strbuf bytes;
	size_t size = newest_segment(path, sizeof path, &bytes), end = 64, last = 64;
	while (end + 40 <= size) {
		uint32_t payload;
		memcpy(&payload, bytes.data + end, 4);
		if (payload == 0)
			break;
		last = end;
		end += (40 + payload + 7) / 8 * 8;
	}
	strbuf_fini(&bytes);
	poke(path, last + 41, 1);
	cut_power(open_manager(true));
	m = open_manager(true);
	ok(m != NULL && newest(m, slot) == expect - 1, "a torn tail is the end: %s", err.message);
	expect--;
	for (int i = 0; i < 4; i++, expect++)
		(void)!put(m, slot, 1, true);
	cut_power(m);
	size = newest_segment(path, sizeof path, &bytes);
	uint64_t lsn;
	memcpy(&lsn, bytes.data + 8, 8);
	strbuf_fini(&bytes);
	poke(path, 64 + 41, 1);
	m = open_manager(true);
	ok(m == NULL && err.status == E_CORRUPTED_DATA, "damage below what was durable is corruption: %s", err.message);
	ok(strstr(err.hint, "--recover-to") != NULL, "with advice");
	m = open_manager_to(true, lsn + 64);
	ok(m != NULL && newest(m, slot) == expect - 4, "which works: %s", err.message);
	txn_manager_close(m);
	m = open_manager(true);
	ok(m != NULL && newest(m, slot) == expect - 4, "for good");
	txn_manager_close(m);
}

static void *committer(void *manager)
{
	struct txn_manager *m = manager;
	struct error e;
	for (int i = 0; i < 400; i++) {
		error_init(&e);
		struct txn *t = txn_begin(m, TXN_READ_COMMITTED);
		txn_set_synchronous(t, i % 4 != 0);
		if (add(t, 40, 1, false, &e) != OK || add(t, 41, 1, false, &e) != OK || value(t, 40) != value(t, 41)) {
			printf("# torn snapshot\n");
			txn_rollback(t);
			return m;
		}
		if (txn_commit(t, &e) != OK)
			printf("# %s\n", e.message);
	}
	return NULL;
}

static void test_threads(void)
{
	struct txn_manager *m = open_manager(true);
	pthread_t threads[8];
	bool whole = true;
	for (int i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, committer, m);
	for (int i = 0; i < 8; i++) {
		void *bad;
		pthread_join(threads[i], &bad);
		whole = whole && bad == NULL;
	}
	ok(whole, "two slots changed together are seen together");
	is_int(newest(m, 40), 3200, "nothing was lost");
	struct txn_stats stats;
	txn_manager_stats(m, &stats);
	ok(stats.log_syncs < stats.commits, "commits share syncs (%llu for %llu)", (unsigned long long)stats.log_syncs,
	   (unsigned long long)stats.commits);
	ok(txn_checkpoint(m, &err) == OK, "a checkpoint while it runs");
	cut_power(m);
	m = open_manager(true);
	is_int(m == NULL ? -1 : newest(m, 41), 3200, "nor by the power cut");
	txn_manager_close(m);
}

static void test_failing_disk(void)
{
#ifdef WITH_FAULTS
	struct txn_manager *m = open_manager(true);
	uint32_t slot = txn_slot_new(m);
	ok(put(m, slot, 1, true) == OK && put(m, slot, 2, false) == OK, "one commit on disk, one published early");
	int undone = rolled_back_count;
	fault_arm(FAULT_file_fsync, 1, false);
	ok(put(m, slot, 4, true) == E_FILE_FSYNC, "a failed fsync fails the commit: %s", err.message);
	fault_arm(FAULT_file_fsync, 0, false);
	is_int(rolled_back_count, undone + 1, "which is rolled back");
	is_int(newest(m, slot), 3, "and not seen");
	ok(put(m, slot, 8, true) == OK, "the log goes on in a new segment: %s", err.message);
	cut_power(m);
	m = open_manager(true);
	is_int(m == NULL ? -1 : newest(m, slot), 11, "the early one survived, the failed one did not");
	fault_arm(FAULT_file_fsync, 1, true);
	ok(put(m, slot, 4, true) == E_FILE_FSYNC, "a disk that stays broken");
	fault_arm(FAULT_file_fsync, 0, false);
	ok(put(m, slot, 4, true) == E_READONLY, "makes the server read-only: %s", err.message);
	is_int(newest(m, slot), 11, "but it reads");
	txn_manager_close(m);
#else
	tap_skip(9, "built without fault points");
#endif
}

int main(void)
{
	snprintf(dir, sizeof dir, "%s/txn_test_%d", getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp", (int)getpid());
	snprintf(image, sizeof image, "%s.image", dir);
	txn_kind_register(&sum_kind);
	test_visibility(false);
	test_visibility(true);
	test_restart();
	test_log();
	test_threads();
	test_failing_disk();
	error_init(&err);
	ok(file_remove_tree(dir, &err) == OK && file_remove_tree(image, &err) == OK, "clean up");
	return tap_done();
}

// SPDX-License-Identifier: Apache-2.0
/* Temporary files: blocks come back as they were, quotas hold and are given back, no name stays, any call may fail. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/file_ops.h"
#include "io/temp_file.h"
#include "regress/unit/tap.h"

static char directory[256];
static struct file_ops failing;
static long calls, fail_at;

static bool fails(void)
{
	return ++calls == fail_at;
}

static int fail_open(const char *path, unsigned flags, intptr_t *handle)
{
	return fails() ? -EMFILE : file_ops_system.open(path, flags, handle);
}

static ssize_t fail_pread(intptr_t handle, void *to, size_t size, uint64_t offset)
{
	return fails() ? -EIO : file_ops_system.pread(handle, to, size, offset);
}

static ssize_t fail_pwrite(intptr_t handle, const void *data, size_t size, uint64_t offset)
{
	return fails() ? -ENOSPC : file_ops_system.pwrite(handle, data, size, offset);
}

static int fail_unlink(const char *path)
{
	return fails() ? -EIO : file_ops_system.unlink(path);
}

static size_t names(void)
{
	struct arena a;
	struct file_entry *entries;
	struct error err;
	size_t n = 0;
	arena_init(&a, NULL);
	error_init(&err);
	if (file_list(directory, &a, &entries, &n, &err) != OK)
		n = 999;
	arena_fini(&a);
	return n;
}

/* Three blocks, written and read back in another order. */
static enum status use(struct temp_area *a, struct temp_quota *q, struct memtrack *track, struct error *err)
{
	struct temp_file *f;
	struct temp_block blocks[3];
	struct strbuf scratch;
	static char text[100000];
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (char)(i * 7 % 251);
	TRY(temp_file_open(a, q, TEMP_SORT, &f, err));
	strbuf_init(&scratch, NULL);
	enum status s = OK;
	for (unsigned i = 0; i < 3 && s == OK; i++)
		s = temp_file_put(f, text + i, sizeof text - 10 * i - 10, &scratch, &blocks[i], err);
	for (unsigned i = 3; i-- != 0 && s == OK;) {
		struct frame_block b;
		s = temp_file_get(f, &blocks[i], track, &b, err);
		if (s == OK && (b.size != sizeof text - 10 * i - 10 || memcmp(b.buffer->data, text + i, b.size) != 0))
			s = ERR(err, E_LOGICAL_ERROR, "block %u is another", i);
		if (s == OK)
			buffer_unref(b.buffer);
	}
	strbuf_fini(&scratch);
	temp_file_close(f);
	return s;
}

static void test_quotas(struct temp_area *a, struct memtrack *track)
{
	struct temp_quota q;
	struct temp_counts c;
	struct error err;
	struct temp_quota *user = temp_area_user(a, STR("somebody"));
	error_init(&err);
	ok(user == temp_area_user(a, STR("somebody")) && user != temp_area_user(a, STR("other")), "users have their own");
	temp_quota_init(&q, user, "of the query", 0);
	ok(use(a, &q, track, &err) == OK, "blocks come back as they were: %s", err.message);
	ok(atomic_load(&q.used_bytes) == 0 && atomic_load(&a->quota.used_bytes) == 0, "the disk is given back");
	ok(atomic_load(&q.written_bytes) != 0 && atomic_load(&q.files) == 1, "what was written is counted");
	temp_file_counts(TEMP_SORT, &c);
	ok(c.open == 0 && c.files == 1 && c.blocks == 3 && c.plain_bytes > c.bytes, "so it is for the process");
	atomic_store(&q.limit_bytes, 1000);
	ok(use(a, &q, track, &err) == E_TOO_MANY_ROWS_OR_BYTES, "the query's limit: %s", err.message);
	error_clear(&err);
	atomic_store(&q.limit_bytes, 0);
	atomic_store(&a->quota.limit_bytes, 1000);
	ok(use(a, &q, track, &err) == E_TOO_MANY_ROWS_OR_BYTES, "the server's limit: %s", err.message);
	error_clear(&err);
	atomic_store(&a->quota.limit_bytes, 0);
	q.min_free_bytes = (uint64_t)1 << 60;
	ok(use(a, &q, track, &err) == E_DISK_FULL, "the disk keeps some bytes free: %s", err.message);
	ok(atomic_load(&q.used_bytes) == 0 && atomic_load(&a->quota.used_bytes) == 0, "failures give back too");
	ok(names() == 0, "no name is in the directory");
}

static void test_failures(struct temp_area *a, struct memtrack *track)
{
	struct temp_quota q;
	struct error err;
	bool clean = true, right = true;
	long n = 1, failures = 0;
	temp_quota_init(&q, &a->quota, "of the query", 0);
	for (; n < 100; n++) {
		error_init(&err);
		calls = 0;
		fail_at = n;
		enum status s = use(a, &q, track, &err);
		right &= s != E_LOGICAL_ERROR && (s == OK) == (calls < n);
		clean &= atomic_load(&q.used_bytes) == 0 && memtrack_used(track) == 0;
		failures += s != OK;
		if (s == OK)
			break;
	}
	ok(right && failures == 8, "each of the %ld calls fails once, and is an error then", failures);
	ok(clean, "disk and memory are given back");
}

int main(void)
{
	struct temp_area a;
	struct memtrack track;
	struct error err;
	const char *tmp = getenv("TMPDIR");
	error_init(&err);
	memtrack_init(&track, NULL, "test", 0);
	snprintf(directory, sizeof directory, "%s/temp_file_test.%d", tmp != NULL ? tmp : ".", (int)getpid());
	failing = file_ops_system;
	failing.open = fail_open;
	failing.pread = fail_pread;
	failing.pwrite = fail_pwrite;
	failing.unlink = fail_unlink;
	file_ops_set(&failing);
	temp_area_init(&a);
	ok(temp_area_open(&a, directory, &err) == OK, "an area: %s", err.message);
	test_quotas(&a, &track);
	test_failures(&a, &track);
	fail_at = 0;
	temp_area_fini(&a);
	ok(names() == 1, "a file whose name could not be removed is there");
	temp_area_init(&a);
	ok(temp_area_open(&a, directory, &err) == OK && names() == 0, "what a crash left is removed at the next start");
	temp_area_fini(&a);
	ok(file_remove_tree(directory, &err) == OK && memtrack_used(&track) == 0, "the end");
	return tap_done();
}

// SPDX-License-Identifier: Apache-2.0
/* The file seam: every call works, every failure has its status and names the path, and a test's table is obeyed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fault.h"
#include "io/file.h"
#include "io/file_ops.h"
#include "io/file_stream.h"
#include "regress/unit/tap.h"

static char dir[64];

static const char *in_dir(const char *name)
{
	static char paths[8][256];
	static unsigned next;
	char *p = paths[next++ % 8];
	snprintf(p, sizeof paths[0], "%s/%s", dir, name);
	return p;
}

static void test_basic(void)
{
	struct file *f;
	struct error e;
	char got[16];
	size_t n;
	uint64_t size;
	error_init(&e);
	const char *p = in_dir("a");
	ok(file_open(&f, p, FILE_NEW | FILE_READ, &e) == OK, "create");
	ok(file_write_at(f, "hello", 5, 3, &e) == OK && file_size(f, &size, &e) == OK && size == 8, "write at an offset");
	ok(file_read_at(f, got, sizeof got, 3, &n, &e) == OK && n == 5 && memcmp(got, "hello", 5) == 0,
	   "a short read at the end");
	ok(file_read_full(f, got, 6, 3, &e) == E_CORRUPTED_DATA && strstr(e.message, p) != NULL,
	   "a full read past the end fails");
	error_clear(&e);
	ok(file_sync(f, &e) == OK && file_sync_data(f, &e) == OK, "syncs");
	ok(file_fill_zero(f, 8, 1 << 20, &e) == OK && file_allocate(f, 0, 2 << 20, &e) == OK, "zeros and reservation");
	ok(file_size(f, &size, &e) == OK && size == 2 << 20, "reservation extends");
	ok(file_truncate(f, 4, &e) == OK && file_size(f, &size, &e) == OK && size == 4, "truncates");
	ok(file_close(f, &e) == OK, "closes");
	ok(file_open(&f, p, FILE_NEW, &e) == E_FILE_EXISTS && f == NULL && strstr(e.message, p) != NULL, "exclusive create");
	error_clear(&e);
	ok(file_open(&f, in_dir("none"), FILE_READ, &e) == E_FILE_DOES_NOT_EXIST, "a missing file");
	error_clear(&e);
	ok(file_open(&f, p, FILE_WRITE | FILE_APPEND, &e) == OK && file_append(f, "XY", 2, &e) == OK &&
	   file_append(f, "Z", 1, &e) == OK,
	   "append");
	file_drop(f);
	struct strbuf b;
	strbuf_init(&b, NULL);
	ok(file_read_all(p, 100, &b, &e) == OK && b.size == 7 && memcmp(b.data + 4, "XYZ", 3) == 0, "what was appended");
	ok(file_read_all(p, 6, &b, &e) == E_LIMIT_EXCEEDED, "a limit on whole files");
	strbuf_fini(&b);
}

static void test_names(void)
{
	struct error e;
	struct arena a;
	struct file_info info;
	struct file_entry *entries;
	size_t count;
	uint64_t free_bytes;
	error_init(&e);
	arena_init(&a, NULL);
	ok(file_mkdirs(in_dir("d/e/f"), true, &e) == OK && file_is_directory(in_dir("d/e/f")), "directories with parents");
	ok(file_mkdirs(in_dir("d/e/f/"), true, &e) == OK, "again");
	ok(file_mkdir(in_dir("d"), &e) == E_FILE_EXISTS, "one that is there");
	error_clear(&e);
	ok(file_write_all(in_dir("d/b"), "1", 1, true, &e) == OK && file_link(in_dir("d/b"), in_dir("d/a"), &e) == OK,
	   "hard link");
	ok(file_stat(in_dir("d/a"), &info, &e) == OK && info.links == 2 && info.size == 1 && info.kind == FILE_REGULAR,
	   "stat");
	ok(file_list(in_dir("d"), &a, &entries, &count, &e) == OK && count == 3, "list");
	ok(strcmp(entries[0].name, "a") == 0 && strcmp(entries[2].name, "e") == 0 && entries[2].kind == FILE_DIRECTORY,
	   "sorted");
	ok(file_replace(in_dir("d/b"), "22", 2, &e) == OK && file_stat(in_dir("d/b"), &info, &e) == OK && info.size == 2,
	   "replace");
	ok(!file_exists(in_dir("d/b.tmp")), "leaves nothing behind");
	ok(file_exchange(in_dir("d/a"), in_dir("d/b"), &e) == OK && file_stat(in_dir("d/a"), &info, &e) == OK &&
	   info.size == 2,
	   "exchange");
	ok(file_rename(in_dir("d/a"), in_dir("d/e/a"), &e) == OK && file_sync_dir(in_dir("d"), &e) == OK &&
	   file_sync_parent(in_dir("d/e/a"), &e) == OK, "rename and sync of directories");
	ok(file_rmdir(in_dir("d"), &e) == E_FILE_EXISTS, "a directory with entries is not removed");
	error_clear(&e);
	ok(symlink(dir, in_dir("d/link")) == 0 && file_remove_tree(in_dir("d"), &e) == OK && !file_exists(in_dir("d")) &&
	   file_exists(dir),
	   "a tree goes, what a link in it points to stays");
	ok(file_remove_tree(in_dir("d"), &e) == OK, "nothing to remove is no error");
	ok(file_space(dir, &free_bytes, NULL, &e) == OK && free_bytes > 0, "space");
	arena_fini(&a);
}

static void test_lock(void)
{
	struct file *f = NULL, *g = NULL;
	struct error e;
	int code = -1;
	error_init(&e);
	ok(file_lock(&f, in_dir("LOCK"), &e) == OK && f != NULL, "a lock");
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		enum status s = file_lock(&g, in_dir("LOCK"), &e);
		_exit(s == OK && g == NULL ? 7 : 1);
	}
	ok(waitpid(child, &code, 0) == child && WEXITSTATUS(code) == 7, "another process does not get it");
	file_drop(f);
	ok(file_lock(&f, in_dir("LOCK"), &e) == OK && f != NULL, "free again");
	file_drop(f);
}

static int no_space(intptr_t handle, uint64_t offset, uint64_t size)
{
	return -ENOSPC;
}

static ssize_t short_write(intptr_t handle, const void *data, size_t size, uint64_t offset)
{
	return offset >= 10 ? -ENOSPC : file_ops_system.pwrite(handle, data, size < 3 ? size : 3, offset);
}

static void test_seam(void)
{
	struct file_ops ops = file_ops_system;
	struct file *f;
	struct error e;
	error_init(&e);
	ops.allocate = no_space;
	ops.pwrite = short_write;
	file_ops_set(&ops);
	ok(file_open(&f, in_dir("seam"), FILE_NEW | FILE_READ, &e) == OK, "opened through a test's table");
	ok(file_allocate(f, 0, 10, &e) == E_DISK_FULL && strstr(e.message, "/seam") != NULL && e.hint[0] != '\0', "disk full");
	error_clear(&e);
	ok(file_write_at(f, "0123456789", 10, 0, &e) == OK, "short writes are continued");
	ok(file_write_at(f, "0123456789", 10, 8, &e) == E_DISK_FULL, "until the disk is full");
	file_ops_set(NULL);
	file_drop(f);
#ifdef WITH_FAULTS
	error_clear(&e);
	fault_arm(FAULT_file_fsync, 2, false);
	ok(file_write_all(in_dir("f1"), "1", 1, true, &e) == OK, "the first sync passes");
	ok(file_write_all(in_dir("f2"), "1", 1, true, &e) == E_FILE_FSYNC, "the second was armed");
	fault_arm(FAULT_file_fsync, 0, false);
#endif
}

static void test_streams(void)
{
	struct file_writer w;
	struct file_reader r;
	struct error e;
	struct str line;
	bool more;
	error_init(&e);
	const char *p = in_dir("lines");
	ok(file_writer_open(&w, p, true, NULL, &e) == OK, "writer");
	bool good = true;
	for (int i = 0; i < 100000 && good; i++) {
		char text[32];
		int n = snprintf(text, sizeof text, "line %d\n", i);
		good = file_writer_put(&w, text, (size_t)n, &e) == OK;
	}
	uint64_t size = file_writer_offset(&w);
	struct hash128 before = file_writer_hash(&w);
	ok(good && file_writer_close(&w, true, &e) == OK, "100,000 lines");
	struct hash128 after = file_writer_hash(&w);
	ok(before.low == after.low && before.high == after.high, "the running hash counts buffered bytes");
	ok(file_reader_open(&r, p, true, NULL, &e) == OK, "reader");
	int count = 0;
	while (file_reader_line(&r, &line, &more, &e) == OK && more) {
		char text[32];
		int n = snprintf(text, sizeof text, "line %d", count);
		good = good && line.size == (size_t)n && memcmp(line.data, text, line.size) == 0;
		count++;
	}
	is_int(count, 100000, "all lines");
	ok(good, "each as written");
	struct hash128 h = file_reader_hash(&r);
	ok(h.low == after.low && h.high == after.high, "the reader's hash is the writer's");
	file_reader_close(&r);
	struct strbuf b;
	strbuf_init(&b, NULL);
	ok(file_read_all(p, 1 << 24, &b, &e) == OK && b.size == size, "size");
	struct stream_hash sh;
	stream_hash_init(&sh);
	for (size_t i = 0; i < b.size; i += 777)
		stream_hash_update(&sh, b.data + i, b.size - i < 777 ? b.size - i : 777);
	h = stream_hash_value(&sh);
	ok(h.low == after.low && h.high == after.high, "however it was cut");
	strbuf_fini(&b);
}

int main(void)
{
	snprintf(dir, sizeof dir, "%s/file_test.XXXXXX", getenv("TMPDIR") != NULL &&
	         strlen(getenv("TMPDIR")) < 40 ? getenv("TMPDIR") : "/tmp");
	if (mkdtemp(dir) == NULL)
		return 1;
	test_basic();
	test_names();
	test_lock();
	test_seam();
	test_streams();
	ok(file_remove_tree(dir, NULL) == OK, "the test's directory goes");
	return tap_done();
}

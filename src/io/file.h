// SPDX-License-Identifier: Apache-2.0
#ifndef IO_FILE_H
#define IO_FILE_H
/*
 * Files: the one seam between this program and a file system.
 *
 * Every call on a file or directory anywhere in the server goes through these functions, and they go through a table
 * of operations (file_ops.h) that a test may replace, so that any call can fail and the power can be cut after it.
 *
 * Every failure names the path and what the system said; a full disk is E_DISK_FULL whatever the call was. Paths are
 * NUL-terminated and the caller's business: nothing is escaped here. A struct file may be read and written at offsets
 * by any number of threads at once; append, close and the size-changing calls belong to one thread at a time.
 *
 * Durability: data is safe after file_sync() or file_sync_data(); a name (create, rename, link, unlink) is safe after
 * file_sync_dir() on its directory. Nothing else is.
 */
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/strbuf.h"

enum file_flags {
	FILE_READ = 1,
	FILE_WRITE = 2,
	FILE_CREATE = 4,     /* where it is missing */
	FILE_EXCLUSIVE = 8,  /* with FILE_CREATE: E_FILE_EXISTS where it is there */
	FILE_TRUNCATE = 16,
	FILE_APPEND = 32,    /* file_append() adds at the end as it was at open */
};

/* Both complete at once what callers want of a new file. */
enum { FILE_NEW = FILE_WRITE | FILE_CREATE | FILE_EXCLUSIVE };

enum file_kind { FILE_REGULAR, FILE_DIRECTORY, FILE_OTHER };

struct file_info {
	enum file_kind kind;
	uint64_t size;
	uint64_t inode;
	uint32_t links;
	int64_t modified_us; /* wall clock */
};

struct file_entry {
	const char *name; /* in the arena */
	enum file_kind kind;
};

struct file;

/* E_FILE_DOES_NOT_EXIST, E_FILE_EXISTS, E_FILE_OPEN … as the case may be; *out is NULL on failure. */
enum status file_open(struct file **out, const char *path, unsigned flags, struct error *err) MUST_CHECK;
/* Closes; the file is gone whatever the answer. Data that was not synced may be lost without notice. */
enum status file_close(struct file *f, struct error *err) MUST_CHECK;
/* Closes where nobody cares: files opened for reading, and clean-up after another error. NULL is allowed. */
void file_drop(struct file *f);
/* As it was opened. */
const char *file_path(const struct file *f);
/* A number that no other opened file in this process has had: names the file's blocks in a cache. */
uint64_t file_id(const struct file *f);

/* Reads up to `size` bytes; *got is less only at the end of the file. */
enum status file_read_at(struct file *f, void *to, size_t size, uint64_t offset, size_t *got, struct error *err)
	MUST_CHECK;
/* All `size` bytes, or E_CORRUPTED_DATA where the file ends before. */
enum status file_read_full(struct file *f, void *to, size_t size, uint64_t offset, struct error *err) MUST_CHECK;
enum status file_write_at(struct file *f, const void *data, size_t size, uint64_t offset, struct error *err) MUST_CHECK;
/* At the end of a file opened with FILE_APPEND, or created by this open. After a failure the tail is undefined. */
enum status file_append(struct file *f, const void *data, size_t size, struct error *err) MUST_CHECK;
/* Tells the system that a range will be read soon; no failure. */
void file_prefetch(struct file *f, uint64_t offset, uint64_t size);

/* Once either failed, the unsynced data must be taken for lost: a retry that succeeds proves nothing. */
enum status file_sync(struct file *f, struct error *err) MUST_CHECK;
enum status file_sync_data(struct file *f, struct error *err) MUST_CHECK;
enum status file_size(struct file *f, uint64_t *size, struct error *err) MUST_CHECK;
enum status file_truncate(struct file *f, uint64_t size, struct error *err) MUST_CHECK;
/* Reserves space so that later writes of [offset, offset + size) cannot meet a full disk; extends the file. */
enum status file_allocate(struct file *f, uint64_t offset, uint64_t size, struct error *err) MUST_CHECK;
/* Writes zeros: unlike reserved space, later overwrites then change no metadata and sync faster. */
enum status file_fill_zero(struct file *f, uint64_t offset, uint64_t size, struct error *err) MUST_CHECK;

/* Replaces `to`. */
enum status file_rename(const char *from, const char *to, struct error *err) MUST_CHECK;
/* Swaps two names at once. */
enum status file_exchange(const char *a, const char *b, struct error *err) MUST_CHECK;
/* Hard link; E_FILE_EXISTS where `to` is there. */
enum status file_link(const char *from, const char *to, struct error *err) MUST_CHECK;
enum status file_unlink(const char *path, struct error *err) MUST_CHECK;
/* One level; E_FILE_EXISTS where it is there. */
enum status file_mkdir(const char *path, struct error *err) MUST_CHECK;
/* With all parents, each synced into its own parent when `durable`; no error where it is there. */
enum status file_mkdirs(const char *path, bool durable, struct error *err) MUST_CHECK;
/* An empty directory. */
enum status file_rmdir(const char *path, struct error *err) MUST_CHECK;
/* Whatever is there, or nothing. Does not follow symbolic links. Goes on after an error and returns the first. */
enum status file_remove_tree(const char *path, struct error *err) MUST_CHECK;
/* Entries without "." and "..", sorted by name. */
enum status file_list(const char *path, struct arena *a, struct file_entry **out, size_t *count, struct error *err)
	MUST_CHECK;
enum status file_sync_dir(const char *path, struct error *err) MUST_CHECK;
/* The directory that holds `path`. */
enum status file_sync_parent(const char *path, struct error *err) MUST_CHECK;
enum status file_stat(const char *path, struct file_info *out, struct error *err) MUST_CHECK;
/* False where it is missing and where one may not look. */
bool file_exists(const char *path);
bool file_is_directory(const char *path);
/* Of the file system that holds path, for an unprivileged user; either may be NULL. */
enum status file_space(const char *path, uint64_t *free_bytes, uint64_t *total_bytes, struct error *err) MUST_CHECK;
/*
 * Creates path where it is missing and takes an exclusive lock on it, held until the file is closed or the process
 * dies. *out NULL and OK: another process holds it.
 */
enum status file_lock(struct file **out, const char *path, struct error *err) MUST_CHECK;

/* The whole of a small file, appended to `out`; E_LIMIT_EXCEEDED above limit_bytes. */
enum status file_read_all(const char *path, size_t limit_bytes, struct strbuf *out, struct error *err) MUST_CHECK;
/* A new file with these bytes, synced when `durable` (its name is not). */
enum status file_write_all(const char *path, const void *data, size_t size, bool durable, struct error *err) MUST_CHECK;
/* The file holds either its old bytes or the new ones at any moment: path.tmp, sync, rename, sync the directory. */
enum status file_replace(const char *path, const void *data, size_t size, struct error *err) MUST_CHECK;

#endif

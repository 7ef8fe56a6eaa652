// SPDX-License-Identifier: Apache-2.0
#ifndef IO_FILE_OPS_H
#define IO_FILE_OPS_H
/*
 * The operations under file.h: the system's calls, or a test's recorder, in-memory file system or saboteur.
 *
 * Each slot answers 0 (or a count of bytes) or a negative errno, retries EINTR itself, and may move fewer bytes than
 * asked; the loops, the messages and the fault points are file.c's. A handle is whatever open() put there: the system's
 * is a descriptor. Slots are called by many threads at once.
 */
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "io/file.h"

struct file_ops {
	const char *name;
	int (*open)(const char *path, unsigned flags, intptr_t *handle);
	int (*close)(intptr_t handle);
	ssize_t (*pread)(intptr_t handle, void *to, size_t size, uint64_t offset);
	ssize_t (*pwrite)(intptr_t handle, const void *data, size_t size, uint64_t offset);
	void (*prefetch)(intptr_t handle, uint64_t offset, uint64_t size);
	int (*sync)(intptr_t handle, bool data_only);
	int (*stat_handle)(intptr_t handle, struct file_info *out);
	int (*truncate)(intptr_t handle, uint64_t size);
	int (*allocate)(intptr_t handle, uint64_t offset, uint64_t size); /* -EOPNOTSUPP: file.c writes zeros */
	int (*lock)(intptr_t handle);                                      /* -EWOULDBLOCK: another holds it */
	int (*stat)(const char *path, bool follow, struct file_info *out); /* follow: what a symbolic link points to */
	int (*rename)(const char *from, const char *to);
	int (*exchange)(const char *a, const char *b);
	int (*link)(const char *from, const char *to);
	int (*unlink)(const char *path);
	int (*mkdir)(const char *path);
	int (*rmdir)(const char *path);
	int (*sync_dir)(const char *path);
	/* Calls each(arg, …) per entry, "." and ".." left out, in any order. */
	int (*list)(const char *path, void (*each)(void *arg, const char *name, enum file_kind kind), void *arg);
	int (*space)(const char *path, uint64_t *free_bytes, uint64_t *total_bytes);
};

extern const struct file_ops file_ops_system;

/* Makes `ops` what files opened from now on use, and all calls on paths; returns what was. NULL: the system's. Files
 * stay with the table they were opened under. For tests, before threads start. */
const struct file_ops *file_ops_set(const struct file_ops *ops);

#endif

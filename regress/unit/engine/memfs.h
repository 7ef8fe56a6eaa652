// SPDX-License-Identifier: Apache-2.0
#ifndef REGRESS_MEMFS_H
#define REGRESS_MEMFS_H
/*
 * A file system in memory under io/file_ops.h, which records what was done to it, and fails calls on demand.
 *
 * Only one is in use at a time (memfs_use). Calls may come from any thread. Pages are shared between copies, so a copy
 * costs a pointer per 4 KiB; pages of zeros cost nothing.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include "io/file_ops.h"

enum { MEMFS_PAGE = 4096, MEMFS_SECTOR = 512 };

/* ---- what is kept of each change ---- */
enum disk_op_kind {
	DISK_WRITE,    /* inode, offset, data */
	DISK_TRUNCATE, /* inode, offset: the new size */
	DISK_SYNC,     /* inode */
	DISK_ADD,      /* dir, name, inode: create, link, mkdir */
	DISK_REMOVE,   /* dir, name */
	DISK_RENAME,   /* dir, name -> dir2, name2 */
	DISK_EXCHANGE, /* dir, name <-> dir2, name2 */
	DISK_SYNC_DIR, /* dir */
	DISK_NEW,      /* inode begins to exist; size: its kind */
};

struct disk_op {
	enum disk_op_kind kind;
	bool failed;               /* a sync that answered an error */
	uint32_t inode, dir, dir2;
	char *name, *name2;
	uint64_t offset, size;
	uint8_t *data;
};

struct disk_log {
	struct disk_op *ops;
	size_t count, capacity;
};

void disk_log_clear(struct disk_log *l);

/* ---- the tree ---- */
struct page {
	_Atomic uint32_t references;
	uint8_t bytes[MEMFS_PAGE];
};

struct memnode;
struct memnode_entry {
	char *name;
	struct memnode *node;
};

struct memnode {
	uint32_t id, references, links;
	bool directory, locked;
	uint64_t size;
	struct page **pages;       /* NULL: zeros */
	size_t page_capacity;
	struct memnode_entry *entries; /* of a directory */
	size_t entry_count, entry_capacity;
};

struct memfs {
	pthread_mutex_t mutex;     /* guards all */
	struct memnode *root;
	uint32_t next_id;
	struct disk_log *log;      /* NULL: not recorded */
	uint64_t space;            /* bytes that may still be written to new pages; UINT64_MAX: no limit */
	uint64_t calls, fail_at;   /* the fail_at-th call from now fails (1: the next), 0: none */
	unsigned fail_kinds;       /* of MEMFS_… */
	bool fail_sticky;
	int fail_errno;
	uint64_t failures;
};

enum { MEMFS_OPEN = 1, MEMFS_READ = 2, MEMFS_MODIFY = 4, MEMFS_FSYNC = 8, MEMFS_NAMES = 16, MEMFS_ALL = 31 };

struct memfs *memfs_new(void);
void memfs_free(struct memfs *fs); /* NULL is allowed; no file is open */
struct memfs *memfs_copy(const struct memfs *fs);
/* Everything opened from now on is in `fs`; NULL: the system's files again. */
void memfs_use(struct memfs *fs);
/* Counts calls of these kinds from zero and makes the n-th fail (0: only counts). */
void memfs_fail(struct memfs *fs, unsigned kinds, uint64_t n, bool sticky, int code);
/* For those who build or damage a disk by hand. */
struct memnode *memfs_find(struct memfs *fs, const char *path); /* NULL: there is none */
struct memnode *memnode_new(struct memfs *fs, bool directory);
void memnode_unref(struct memnode *n);
struct memnode *memnode_child(const struct memnode *dir, const char *name);
void memnode_set_child(struct memnode *dir, const char *name, struct memnode *child); /* NULL removes */
void memnode_write(struct memnode *n, const uint8_t *data, uint64_t offset, uint64_t size);
void memnode_read(const struct memnode *n, uint8_t *to, uint64_t offset, uint64_t size);
void memnode_resize(struct memnode *n, uint64_t size);
void memnode_share_content(struct memnode *to, const struct memnode *from);

#endif

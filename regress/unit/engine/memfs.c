// SPDX-License-Identifier: Apache-2.0
#include "memfs.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct memfs *now;

struct handle {
	struct memnode *node;
	bool has_lock;
};

static void *must(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

/* ---- pages and nodes ---- */

static void page_unref(struct page *p)
{
	if (p != NULL && --p->references == 0)
		free(p);
}

void memnode_resize(struct memnode *n, uint64_t size)
{
	size_t pages = (size_t)((size + MEMFS_PAGE - 1) / MEMFS_PAGE);
	if (pages > n->page_capacity) {
		size_t capacity = pages > 2 * n->page_capacity ? pages : 2 * n->page_capacity;
		n->pages = must(realloc(n->pages, capacity * sizeof *n->pages));
		memset(n->pages + n->page_capacity, 0, (capacity - n->page_capacity) * sizeof *n->pages);
		n->page_capacity = capacity;
	}
	if (size < n->size) {
		for (size_t i = pages; i < n->page_capacity; i++) {
			page_unref(n->pages[i]);
			n->pages[i] = NULL;
		}
		if (size % MEMFS_PAGE != 0 && n->pages[pages - 1] != NULL) {
			static const uint8_t zeros[MEMFS_PAGE];
			memnode_write(n, zeros, size, pages * MEMFS_PAGE - size);
		}
	}
	n->size = size;
}

/* Inside the pages that are there: the size stays. */
void memnode_write(struct memnode *n, const uint8_t *data, uint64_t offset, uint64_t size)
{
	static const uint8_t zeros[MEMFS_PAGE];
	for (uint64_t done = 0; done < size;) {
		size_t at = (size_t)((offset + done) / MEMFS_PAGE), in = (size_t)((offset + done) % MEMFS_PAGE);
		size_t part = MEMFS_PAGE - in < size - done ? MEMFS_PAGE - in : (size_t)(size - done);
		assert(at < n->page_capacity);
		struct page *p = n->pages[at];
		if (p != NULL || memcmp(data + done, zeros, part) != 0) {
			if (p == NULL || p->references > 1) {
				struct page *fresh = must(calloc(1, sizeof *fresh));
				fresh->references = 1;
				if (p != NULL)
					memcpy(fresh->bytes, p->bytes, MEMFS_PAGE);
				page_unref(p);
				n->pages[at] = p = fresh;
			}
			memcpy(p->bytes + in, data + done, part);
		}
		done += part;
	}
}

void memnode_read(const struct memnode *n, uint8_t *to, uint64_t offset, uint64_t size)
{
	for (uint64_t done = 0; done < size;) {
		size_t at = (size_t)((offset + done) / MEMFS_PAGE), in = (size_t)((offset + done) % MEMFS_PAGE);
		size_t part = MEMFS_PAGE - in < size - done ? MEMFS_PAGE - in : (size_t)(size - done);
		if (n->pages[at] != NULL)
			memcpy(to + done, n->pages[at]->bytes + in, part);
		else
			memset(to + done, 0, part);
		done += part;
	}
}

void memnode_share_content(struct memnode *to, const struct memnode *from)
{
	memnode_resize(to, 0);
	memnode_resize(to, from->size);
	for (size_t i = 0; i * MEMFS_PAGE < from->size; i++) {
		to->pages[i] = from->pages[i];
		if (to->pages[i] != NULL)
			to->pages[i]->references++;
	}
}

struct memnode *memnode_new(struct memfs *fs, bool directory)
{
	struct memnode *n = must(calloc(1, sizeof *n));
	n->id = fs->next_id++;
	n->references = 1;
	n->directory = directory;
	return n;
}

void memnode_unref(struct memnode *n)
{
	if (n == NULL || --n->references != 0)
		return;
	for (size_t i = 0; i < n->page_capacity; i++)
		page_unref(n->pages[i]);
	for (size_t i = 0; i < n->entry_count; i++) {
		free(n->entries[i].name);
		n->entries[i].node->links--;
		memnode_unref(n->entries[i].node);
	}
	free(n->pages);
	free(n->entries);
	free(n);
}

static size_t entry_at(const struct memnode *dir, const char *name)
{
	for (size_t i = 0; i < dir->entry_count; i++)
		if (strcmp(dir->entries[i].name, name) == 0)
			return i;
	return dir->entry_count;
}

struct memnode *memnode_child(const struct memnode *dir, const char *name)
{
	size_t i = entry_at(dir, name);
	return i == dir->entry_count ? NULL : dir->entries[i].node;
}

void memnode_set_child(struct memnode *dir, const char *name, struct memnode *child)
{
	size_t i = entry_at(dir, name);
	if (child != NULL) {
		child->references++;
		child->links++;
	}
	if (i < dir->entry_count) {
		struct memnode *old = dir->entries[i].node;
		if (child != NULL) {
			dir->entries[i].node = child;
		} else {
			free(dir->entries[i].name);
			dir->entries[i] = dir->entries[--dir->entry_count];
		}
		old->links--;
		memnode_unref(old);
		return;
	}
	if (child == NULL)
		return;
	if (dir->entry_count == dir->entry_capacity) {
		dir->entry_capacity = dir->entry_capacity * 2 + 8;
		dir->entries = must(realloc(dir->entries, dir->entry_capacity * sizeof *dir->entries));
	}
	dir->entries[dir->entry_count++] = (struct memnode_entry){must(strdup(name)), child};
}

/* ---- the whole ---- */

struct memfs *memfs_new(void)
{
	struct memfs *fs = must(calloc(1, sizeof *fs));
	pthread_mutex_init(&fs->mutex, NULL);
	fs->root = memnode_new(fs, true);
	fs->space = UINT64_MAX;
	return fs;
}

void memfs_free(struct memfs *fs)
{
	if (fs == NULL)
		return;
	if (now == fs)
		memfs_use(NULL);
	memnode_unref(fs->root);
	pthread_mutex_destroy(&fs->mutex);
	free(fs);
}

/* By id, so that a file with several names stays one. */
static struct memnode *copy_node(struct memfs *to, const struct memnode *n, struct memnode **seen)
{
	struct memnode *c = seen[n->id];
	if (c != NULL) {
		c->references++;
		return c;
	}
	c = seen[n->id] = memnode_new(to, n->directory);
	c->id = n->id;
	if (!n->directory)
		memnode_share_content(c, n);
	for (size_t i = 0; i < n->entry_count; i++) {
		struct memnode *child = copy_node(to, n->entries[i].node, seen);
		memnode_set_child(c, n->entries[i].name, child);
		memnode_unref(child);
	}
	return c;
}

struct memfs *memfs_copy(const struct memfs *fs)
{
	struct memfs *to = memfs_new();
	struct memnode **seen = must(calloc(fs->next_id + 1, sizeof *seen));
	memnode_unref(to->root);
	to->root = copy_node(to, fs->root, seen);
	to->next_id = fs->next_id;
	free(seen);
	return to;
}

void memfs_fail(struct memfs *fs, unsigned kinds, uint64_t n, bool sticky, int code)
{
	pthread_mutex_lock(&fs->mutex);
	fs->calls = fs->failures = 0;
	fs->fail_at = n;
	fs->fail_kinds = kinds;
	fs->fail_sticky = sticky;
	fs->fail_errno = code;
	pthread_mutex_unlock(&fs->mutex);
}

/* Whether this call fails; the mutex is held. */
static int injected(struct memfs *fs, unsigned kind)
{
	if ((fs->fail_kinds & kind) == 0)
		return 0;
	fs->calls++;
	if (fs->fail_at == 0 || (fs->calls != fs->fail_at && !(fs->fail_sticky && fs->calls > fs->fail_at)))
		return 0;
	fs->failures++;
	return -fs->fail_errno;
}

/* ---- the record ---- */

void disk_log_clear(struct disk_log *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free(l->ops[i].name);
		free(l->ops[i].name2);
		free(l->ops[i].data);
	}
	free(l->ops);
	*l = (struct disk_log){0};
}

static void record(struct memfs *fs, struct disk_op op, const char *name, const char *name2, const void *data)
{
	struct disk_log *l = fs->log;
	if (l == NULL)
		return;
	if (l->count == l->capacity) {
		l->capacity = l->capacity * 2 + 1024;
		l->ops = must(realloc(l->ops, l->capacity * sizeof *l->ops));
	}
	op.name = name == NULL ? NULL : must(strdup(name));
	op.name2 = name2 == NULL ? NULL : must(strdup(name2));
	if (data != NULL) {
		op.data = must(malloc(op.size + 1));
		memcpy(op.data, data, op.size);
	}
	l->ops[l->count++] = op;
}

/* ---- paths ---- */

/* The directory that holds the last component, which goes to *name; NULL: there is none. */
static struct memnode *walk(struct memfs *fs, const char *path, char name[256])
{
	struct memnode *at = fs->root;
	name[0] = '\0';
	while (true) {
		while (*path == '/')
			path++;
		size_t n = strcspn(path, "/");
		if (n == 0)
			return at;
		if (name[0] != '\0') {
			at = memnode_child(at, name);
			if (at == NULL || !at->directory)
				return NULL;
		}
		if (n >= 256)
			return NULL;
		memcpy(name, path, n);
		name[n] = '\0';
		path += n;
	}
}

struct memnode *memfs_find(struct memfs *fs, const char *path)
{
	char name[256];
	struct memnode *dir = walk(fs, path, name);
	return dir == NULL || name[0] == '\0' ? dir : memnode_child(dir, name);
}

static void begin(struct memfs *fs)
{
	pthread_mutex_lock(&fs->mutex);
}

static int end(struct memfs *fs, int rc)
{
	pthread_mutex_unlock(&fs->mutex);
	return rc;
}

/* ---- operations ---- */

static int create(struct memfs *fs, struct memnode *dir, const char *name, bool directory, struct memnode **out)
{
	struct memnode *n = memnode_new(fs, directory);
	record(fs, (struct disk_op){.kind = DISK_NEW, .inode = n->id, .size = directory}, NULL, NULL, NULL);
	memnode_set_child(dir, name, n);
	record(fs, (struct disk_op){.kind = DISK_ADD, .dir = dir->id, .inode = n->id}, name, NULL, NULL);
	n->references--; /* the directory's is left */
	*out = n;
	return 0;
}

static int mem_open(const char *path, unsigned flags, intptr_t *handle)
{
	struct memfs *fs = now;
	char name[256];
	begin(fs);
	int rc = injected(fs, MEMFS_OPEN);
	struct memnode *dir = rc != 0 ? NULL : walk(fs, path, name), *n = NULL;
	if (rc == 0 && dir == NULL)
		rc = -ENOENT;
	if (rc == 0) {
		n = memnode_child(dir, name);
		if (n == NULL)
			rc = flags & FILE_CREATE ? create(fs, dir, name, false, &n) : -ENOENT;
		else if (flags & FILE_EXCLUSIVE)
			rc = -EEXIST;
		else if (n->directory && flags & (FILE_WRITE | FILE_APPEND))
			rc = -EISDIR;
	}
	if (rc == 0 && flags & FILE_TRUNCATE && n->size != 0) {
		memnode_resize(n, 0);
		record(fs, (struct disk_op){.kind = DISK_TRUNCATE, .inode = n->id}, NULL, NULL, NULL);
	}
	if (rc == 0) {
		struct handle *h = must(calloc(1, sizeof *h));
		h->node = n;
		n->references++;
		*handle = (intptr_t)h;
	}
	return end(fs, rc);
}

static int mem_close(intptr_t handle)
{
	struct handle *h = (struct handle *)handle;
	begin(now);
	if (h->has_lock)
		h->node->locked = false;
	memnode_unref(h->node);
	free(h);
	return end(now, 0);
}

static ssize_t mem_pread(intptr_t handle, void *to, size_t size, uint64_t offset)
{
	const struct memnode *n = ((struct handle *)handle)->node;
	begin(now);
	ssize_t rc = injected(now, MEMFS_READ);
	if (rc == 0 && offset < n->size) {
		size_t got = n->size - offset < size ? (size_t)(n->size - offset) : size;
		memnode_read(n, to, offset, got);
		rc = (ssize_t)got;
	}
	end(now, 0);
	return rc;
}

/* New pages are what a full disk has not. */
static bool has_space(struct memfs *fs, const struct memnode *n, uint64_t end_offset)
{
	if (fs->space == UINT64_MAX || end_offset <= n->size)
		return true;
	uint64_t more = end_offset - n->size;
	if (more > fs->space)
		return false;
	fs->space -= more;
	return true;
}

static ssize_t mem_pwrite(intptr_t handle, const void *data, size_t size, uint64_t offset)
{
	struct memnode *n = ((struct handle *)handle)->node;
	begin(now);
	ssize_t rc = injected(now, MEMFS_MODIFY);
	if (rc == 0 && !has_space(now, n, offset + size))
		rc = -ENOSPC;
	if (rc == 0) {
		if (offset + size > n->size)
			memnode_resize(n, offset + size);
		memnode_write(n, data, offset, size);
		record(now, (struct disk_op){.kind = DISK_WRITE, .inode = n->id, .offset = offset, .size = size}, NULL, NULL, data);
		rc = (ssize_t)size;
	}
	end(now, 0);
	return rc;
}

static void mem_prefetch(intptr_t handle, uint64_t offset, uint64_t size)
{
	(void)handle, (void)offset, (void)size;
}

static int mem_sync(intptr_t handle, bool data_only)
{
	(void)data_only;
	begin(now);
	int rc = injected(now, MEMFS_FSYNC);
	record(now, (struct disk_op){.kind = DISK_SYNC, .inode = ((struct handle *)handle)->node->id, .failed = rc != 0},
	       NULL, NULL, NULL);
	return end(now, rc);
}

static void fill(const struct memnode *n, struct file_info *out)
{
	*out = (struct file_info){.kind = n->directory ? FILE_DIRECTORY : FILE_REGULAR, .size = n->size, .inode = n->id,
	                          .links = n->links, .modified_us = 1};
}

static int mem_stat_handle(intptr_t handle, struct file_info *out)
{
	begin(now);
	fill(((struct handle *)handle)->node, out);
	return end(now, 0);
}

static int mem_truncate(intptr_t handle, uint64_t size)
{
	struct memnode *n = ((struct handle *)handle)->node;
	begin(now);
	int rc = injected(now, MEMFS_MODIFY);
	if (rc == 0) {
		memnode_resize(n, size);
		record(now, (struct disk_op){.kind = DISK_TRUNCATE, .inode = n->id, .offset = size}, NULL, NULL, NULL);
	}
	return end(now, rc);
}

static int mem_allocate(intptr_t handle, uint64_t offset, uint64_t size)
{
	(void)handle, (void)offset, (void)size;
	return -EOPNOTSUPP;
}

static int mem_lock(intptr_t handle)
{
	struct handle *h = (struct handle *)handle;
	begin(now);
	if (h->node->locked)
		return end(now, -EWOULDBLOCK);
	h->node->locked = h->has_lock = true;
	return end(now, 0);
}

static int mem_stat(const char *path, bool follow, struct file_info *out)
{
	(void)follow;
	begin(now);
	const struct memnode *n = memfs_find(now, path);
	if (n != NULL)
		fill(n, out);
	return end(now, n == NULL ? -ENOENT : 0);
}

static int mem_rename(const char *from, const char *to)
{
	struct memfs *fs = now;
	char name[256], name2[256];
	begin(fs);
	int rc = injected(fs, MEMFS_NAMES);
	if (rc != 0)
		return end(fs, rc);
	struct memnode *dir = walk(fs, from, name), *dir2 = walk(fs, to, name2);
	struct memnode *n = dir == NULL ? NULL : memnode_child(dir, name);
	if (n == NULL || dir2 == NULL)
		return end(fs, -ENOENT);
	const struct memnode *target = memnode_child(dir2, name2);
	if (target != NULL && target->directory != n->directory)
		return end(fs, n->directory ? -ENOTDIR : -EISDIR);
	if (target != NULL && target->directory && target->entry_count != 0)
		return end(fs, -ENOTEMPTY);
	if (target != n) {
		n->references++;
		memnode_set_child(dir, name, NULL);
		memnode_set_child(dir2, name2, n);
		n->references--;
		record(fs, (struct disk_op){.kind = DISK_RENAME, .dir = dir->id, .dir2 = dir2->id}, name, name2, NULL);
	}
	return end(fs, 0);
}

static int mem_exchange(const char *a, const char *b)
{
	struct memfs *fs = now;
	char name[256], name2[256];
	begin(fs);
	int rc = injected(fs, MEMFS_NAMES);
	if (rc != 0)
		return end(fs, rc);
	struct memnode *dir = walk(fs, a, name), *dir2 = walk(fs, b, name2);
	struct memnode *x = dir == NULL ? NULL : memnode_child(dir, name);
	struct memnode *y = dir2 == NULL ? NULL : memnode_child(dir2, name2);
	if (x == NULL || y == NULL)
		return end(fs, -ENOENT);
	x->references++;
	y->references++;
	memnode_set_child(dir, name, y);
	memnode_set_child(dir2, name2, x);
	x->references--;
	y->references--;
	record(fs, (struct disk_op){.kind = DISK_EXCHANGE, .dir = dir->id, .dir2 = dir2->id}, name, name2, NULL);
	return end(fs, 0);
}

static int mem_link(const char *from, const char *to)
{
	struct memfs *fs = now;
	char name[256];
	begin(fs);
	int rc = injected(fs, MEMFS_NAMES);
	if (rc != 0)
		return end(fs, rc);
	struct memnode *n = memfs_find(fs, from), *dir = walk(fs, to, name);
	if (n == NULL || dir == NULL)
		return end(fs, -ENOENT);
	if (memnode_child(dir, name) != NULL)
		return end(fs, -EEXIST);
	memnode_set_child(dir, name, n);
	record(fs, (struct disk_op){.kind = DISK_ADD, .dir = dir->id, .inode = n->id}, name, NULL, NULL);
	return end(fs, 0);
}

static int remove_entry(const char *path, bool directory)
{
	struct memfs *fs = now;
	char name[256];
	begin(fs);
	int rc = injected(fs, MEMFS_NAMES);
	if (rc != 0)
		return end(fs, rc);
	struct memnode *dir = walk(fs, path, name), *n = dir == NULL ? NULL : memnode_child(dir, name);
	if (n == NULL)
		return end(fs, -ENOENT);
	if (n->directory != directory)
		return end(fs, directory ? -ENOTDIR : -EISDIR);
	if (directory && n->entry_count != 0)
		return end(fs, -ENOTEMPTY);
	memnode_set_child(dir, name, NULL);
	record(fs, (struct disk_op){.kind = DISK_REMOVE, .dir = dir->id}, name, NULL, NULL);
	return end(fs, 0);
}

static int mem_unlink(const char *path)
{
	return remove_entry(path, false);
}

static int mem_rmdir(const char *path)
{
	return remove_entry(path, true);
}

static int mem_mkdir(const char *path)
{
	struct memfs *fs = now;
	char name[256];
	begin(fs);
	int rc = injected(fs, MEMFS_NAMES);
	if (rc != 0)
		return end(fs, rc);
	struct memnode *dir = walk(fs, path, name), *n;
	if (dir == NULL)
		return end(fs, -ENOENT);
	if (name[0] == '\0' || memnode_child(dir, name) != NULL)
		return end(fs, -EEXIST);
	return end(fs, create(fs, dir, name, true, &n));
}

static int mem_sync_dir(const char *path)
{
	struct memfs *fs = now;
	begin(fs);
	int rc = injected(fs, MEMFS_FSYNC);
	const struct memnode *n = memfs_find(fs, path);
	if (n == NULL)
		return end(fs, -ENOENT);
	record(fs, (struct disk_op){.kind = DISK_SYNC_DIR, .dir = n->id, .failed = rc != 0}, NULL, NULL, NULL);
	return end(fs, rc);
}

static int mem_list(const char *path, void (*each)(void *arg, const char *name, enum file_kind kind), void *arg)
{
	struct memfs *fs = now;
	begin(fs);
	int rc = injected(fs, MEMFS_OPEN);
	const struct memnode *n = memfs_find(fs, path);
	if (rc == 0 && (n == NULL || !n->directory))
		rc = n == NULL ? -ENOENT : -ENOTDIR;
	for (size_t i = 0; rc == 0 && i < n->entry_count; i++)
		each(arg, n->entries[i].name, n->entries[i].node->directory ? FILE_DIRECTORY : FILE_REGULAR);
	return end(fs, rc);
}

static int mem_space(const char *path, uint64_t *free_bytes, uint64_t *total_bytes)
{
	(void)path;
	*total_bytes = (uint64_t)1 << 40;
	*free_bytes = now->space < *total_bytes ? now->space : *total_bytes;
	return 0;
}

static const struct file_ops memory_ops = {
	.name = "memory",
	.open = mem_open,
	.close = mem_close,
	.pread = mem_pread,
	.pwrite = mem_pwrite,
	.prefetch = mem_prefetch,
	.sync = mem_sync,
	.stat_handle = mem_stat_handle,
	.truncate = mem_truncate,
	.allocate = mem_allocate,
	.lock = mem_lock,
	.stat = mem_stat,
	.rename = mem_rename,
	.exchange = mem_exchange,
	.link = mem_link,
	.unlink = mem_unlink,
	.mkdir = mem_mkdir,
	.rmdir = mem_rmdir,
	.sync_dir = mem_sync_dir,
	.list = mem_list,
	.space = mem_space,
};

void memfs_use(struct memfs *fs)
{
	now = fs;
	file_ops_set(fs != NULL ? &memory_ops : NULL);
}

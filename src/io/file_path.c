// SPDX-License-Identifier: Apache-2.0
/* Names: what file.h does with paths, and whole small files. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "io/file_impl.h"

enum { TREE_DEPTH_MAX = 64 };

/* All calls that change names share one fault point. */
static enum status named(int rc, const char *verb, const char *path, struct error *err)
{
	return rc < 0 ? file_fail(E_FILE_WRITE, rc, verb, path, err) : OK;
}

#define NAME_FAULT(call) (FAULT_HIT(file_rename) ? -EIO : (call))

enum status file_rename(const char *from, const char *to, struct error *err)
{
	return named(NAME_FAULT(file_ops_now->rename(from, to)), "rename", from, err);
}

enum status file_exchange(const char *a, const char *b, struct error *err)
{
	return named(NAME_FAULT(file_ops_now->exchange(a, b)), "exchange", a, err);
}

enum status file_link(const char *from, const char *to, struct error *err)
{
	return named(NAME_FAULT(file_ops_now->link(from, to)), "link to", to, err);
}

enum status file_unlink(const char *path, struct error *err)
{
	return named(NAME_FAULT(file_ops_now->unlink(path)), "remove", path, err);
}

enum status file_mkdir(const char *path, struct error *err)
{
	return named(NAME_FAULT(file_ops_now->mkdir(path)), "create directory", path, err);
}

enum status file_rmdir(const char *path, struct error *err)
{
	return named(NAME_FAULT(file_ops_now->rmdir(path)), "remove directory", path, err);
}

enum status file_sync_dir(const char *path, struct error *err)
{
	int rc = FAULT_HIT(file_fsync) ? -EIO : file_ops_now->sync_dir(path);
	return rc < 0 ? file_fail(E_FILE_FSYNC, rc, "sync directory", path, err) : OK;
}

enum status file_sync_parent(const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/');
	if (slash == NULL)
		return file_sync_dir(".", err);
	if (slash == path)
		return file_sync_dir("/", err);
	char *parent = strndup(path, (size_t)(slash - path));
	if (parent == NULL)
		return file_fail(E_FILE_FSYNC, -ENOMEM, "sync directory of", path, err);
	enum status s = file_sync_dir(parent, err);
	free(parent);
	return s;
}

static enum status make_level(const char *path, bool durable, struct error *err)
{
	if (file_is_directory(path))
		return OK;
	int rc = NAME_FAULT(file_ops_now->mkdir(path));
	if (rc == -EEXIST && file_is_directory(path)) /* someone was faster */
		return OK;
	TRY(named(rc, "create directory", path, err));
	return durable ? file_sync_parent(path, err) : OK;
}

enum status file_mkdirs(const char *path, bool durable, struct error *err)
{
	char *p = strdup(path);
	if (p == NULL)
		return file_fail(E_FILE_WRITE, -ENOMEM, "create directory", path, err);
	enum status s = OK;
	size_t size = strlen(p);
	while (size > 1 && p[size - 1] == '/')
		p[--size] = '\0';
	for (char *c = p + 1; s == OK && size > 0; c++) {
		if (*c != '/' && *c != '\0')
			continue;
		bool last = *c == '\0';
		*c = '\0';
		s = make_level(p, durable, err);
		if (last)
			break;
		*c = '/';
	}
	free(p);
	return s;
}

enum status file_stat(const char *path, struct file_info *out, struct error *err)
{
	int rc = file_ops_now->stat(path, true, out);
	return rc < 0 ? file_fail(E_FILE_OPEN, rc, "look at", path, err) : OK;
}

bool file_exists(const char *path)
{
	struct file_info info;
	return file_ops_now->stat(path, true, &info) == 0;
}

bool file_is_directory(const char *path)
{
	struct file_info info;
	return file_ops_now->stat(path, true, &info) == 0 && info.kind == FILE_DIRECTORY;
}

enum status file_space(const char *path, uint64_t *free_bytes, uint64_t *total_bytes, struct error *err)
{
	uint64_t f = 0, t = 0;
	int rc = file_ops_now->space(path, &f, &t);
	if (rc < 0)
		return file_fail(E_FILE_OPEN, rc, "measure the file system of", path, err);
	if (free_bytes != NULL)
		*free_bytes = f;
	if (total_bytes != NULL)
		*total_bytes = t;
	return OK;
}

/* ---- directories ---- */

struct listing {
	struct arena *arena;
	struct file_entry *entries;
	size_t count, capacity;
};

static void add_entry(void *arg, const char *name, enum file_kind kind)
{
	struct listing *l = arg;
	struct file_entry e = {arena_strdup(l->arena, name), kind};
	ARENA_PUSH(l->arena, l->entries, l->count, l->capacity, e);
}

static int compare_entries(const void *a, const void *b)
{
	return strcmp(((const struct file_entry *)a)->name, ((const struct file_entry *)b)->name);
}

enum status file_list(const char *path, struct arena *a, struct file_entry **out, size_t *count, struct error *err)
{
	struct listing l = {.arena = a};
	int rc = FAULT_HIT(file_open) ? -EIO : file_ops_now->list(path, add_entry, &l);
	if (rc < 0)
		return file_fail(E_FILE_OPEN, rc, "list directory", path, err);
	if (l.count > 1)
		qsort(l.entries, l.count, sizeof *l.entries, compare_entries);
	*out = l.entries;
	*count = l.count;
	return OK;
}

static enum status remove_level(const char *path, struct arena *a, unsigned depth, struct error *err)
{
	struct file_info info;
	int rc = file_ops_now->stat(path, false, &info);
	if (rc == -ENOENT)
		return OK;
	if (rc < 0)
		return file_fail(E_FILE_WRITE, rc, "remove", path, err);
	if (info.kind != FILE_DIRECTORY)
		return file_unlink(path, err);
	if (depth == 0)
		return ERR(err, E_LIMIT_EXCEEDED, "cannot remove '%s': deeper than %d levels", path, TREE_DEPTH_MAX);
	struct file_entry *entries = NULL;
	size_t count = 0;
	enum status s = file_list(path, a, &entries, &count, err);
	for (size_t i = 0; i < count; i++) {
		enum status one = remove_level(arena_strf(a, "%s/%s", path, entries[i].name).data, a, depth - 1, err);
		s = s == OK ? one : s;
	}
	return s == OK ? file_rmdir(path, err) : s;
}

enum status file_remove_tree(const char *path, struct error *err)
{
	struct arena a;
	arena_init(&a, NULL);
	enum status s = remove_level(path, &a, TREE_DEPTH_MAX, err);
	arena_fini(&a);
	return s;
}

/* ---- whole small files ---- */

enum status file_read_all(const char *path, size_t limit_bytes, struct strbuf *out, struct error *err)
{
	struct file *f;
	uint64_t size;
	TRY(file_open(&f, path, FILE_READ, err));
	enum status s = file_size(f, &size, err);
	if (s == OK && size > limit_bytes)
		s = ERR(err, E_LIMIT_EXCEEDED, "file '%s' has %llu bytes, the limit is %zu", path, (unsigned long long)size,
		        limit_bytes);
	if (s == OK && !strbuf_reserve(out, (size_t)size))
		s = strbuf_status(out, err);
	if (s == OK && size > 0) {
		s = file_read_full(f, out->data + out->size, (size_t)size, 0, err);
		out->size += s == OK ? (size_t)size : 0;
	}
	file_drop(f);
	return s;
}

static enum status write_new(const char *path, unsigned flags, const void *data, size_t size, bool durable,
                             struct error *err)
{
	struct file *f;
	TRY(file_open(&f, path, flags, err));
	enum status s = file_write_at(f, data, size, 0, err);
	if (s == OK && durable)
		s = file_sync(f, err);
	enum status closed = file_close(f, err);
	return s == OK ? closed : s;
}

enum status file_write_all(const char *path, const void *data, size_t size, bool durable, struct error *err)
{
	return write_new(path, FILE_NEW, data, size, durable, err);
}

enum status file_replace(const char *path, const void *data, size_t size, struct error *err)
{
	struct strbuf tmp;
	strbuf_init(&tmp, NULL);
	strbuf_putz(&tmp, path);
	strbuf_putz(&tmp, ".tmp");
	const char *tmp_path = strbuf_cstr(&tmp);
	enum status s = strbuf_status(&tmp, err);
	if (s == OK)
		s = write_new(tmp_path, FILE_WRITE | FILE_CREATE | FILE_TRUNCATE, data, size, true, err);
	if (s == OK)
		s = file_rename(tmp_path, path, err);
	if (s == OK)
		s = file_sync_parent(path, err);
	strbuf_fini(&tmp);
	return s;
}

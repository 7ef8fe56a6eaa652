// SPDX-License-Identifier: Apache-2.0
/*
 * The loops, messages and fault points around the operations of one opened file; file_path.c holds those on names.
 */
#include "io/file.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "io/file_impl.h"
#include "io/file_ops.h"

struct file {
	const struct file_ops *ops;
	intptr_t handle;
	uint64_t id;
	uint64_t append_offset;
	unsigned flags;
	char path[];
};

const struct file_ops *file_ops_now = &file_ops_system;

const struct file_ops *file_ops_set(const struct file_ops *ops)
{
	const struct file_ops *was = file_ops_now;
	file_ops_now = ops != NULL ? ops : &file_ops_system;
	return was;
}

enum status file_fail(enum status usual, int code, const char *verb, const char *path, struct error *err)
{
	assert(code < 0);
	char buffer[128];
	const char *text = strerror_r(-code, buffer, sizeof buffer);
	switch (-code) {
	case ENOENT:
		return ERR(err, E_FILE_DOES_NOT_EXIST, "cannot %s '%s': %s", verb, path, text);
	case EEXIST:
	case ENOTEMPTY:
		return ERR(err, E_FILE_EXISTS, "cannot %s '%s': %s", verb, path, text);
	case ENOSPC:
	case EDQUOT:
		ERR(err, E_DISK_FULL, "cannot %s '%s': %s", verb, path, text);
		error_hint(err, "Free some space on the file system that holds this path.");
		return E_DISK_FULL;
	case EMFILE:
	case ENFILE:
		ERR(err, E_LIMIT_EXCEEDED, "cannot %s '%s': %s", verb, path, text);
		error_hint(err, "Raise the limit of open files (ulimit -n, LimitNOFILE).");
		return E_LIMIT_EXCEEDED;
	case ENOMEM:
		return ERR(err, E_CANNOT_ALLOCATE, "cannot %s '%s': %s", verb, path, text);
	default:
		return ERR(err, usual, "cannot %s '%s': %s", verb, path, text);
	}
}

enum status file_open(struct file **out, const char *path, unsigned flags, struct error *err)
{
	static _Atomic uint64_t last_id;
	assert((flags & FILE_EXCLUSIVE) == 0 || (flags & FILE_CREATE) != 0);
	const struct file_ops *ops = file_ops_now;
	size_t path_size = strlen(path) + 1;
	*out = NULL;
	struct file *f = FAULT_HIT(alloc) ? NULL : malloc(sizeof *f + path_size);
	if (f == NULL)
		return file_fail(E_FILE_OPEN, -ENOMEM, "open", path, err);
	int rc = FAULT_HIT(file_open) ? -EIO : ops->open(path, flags, &f->handle);
	if (rc < 0) {
		free(f);
		return file_fail(E_FILE_OPEN, rc, flags & FILE_CREATE ? "create" : "open", path, err);
	}
	f->ops = ops;
	f->flags = flags;
	f->id = atomic_fetch_add(&last_id, 1) + 1;
	f->append_offset = 0;
	memcpy(f->path, path, path_size);
	if (flags & FILE_APPEND) {
		enum status s = file_size(f, &f->append_offset, err);
		if (s != OK) {
			file_drop(f);
			return s;
		}
	}
	*out = f;
	return OK;
}

enum status file_close(struct file *f, struct error *err)
{
	int rc = f->ops->close(f->handle);
	enum status s = rc < 0 ? file_fail(E_FILE_CLOSE, rc, "close", f->path, err) : OK;
	free(f);
	return s;
}

void file_drop(struct file *f)
{
	if (f == NULL)
		return;
	(void)f->ops->close(f->handle);
	free(f);
}

const char *file_path(const struct file *f)
{
	return f->path;
}

uint64_t file_id(const struct file *f)
{
	return f->id;
}

enum status file_read_at(struct file *f, void *to, size_t size, uint64_t offset, size_t *got, struct error *err)
{
	size_t done = 0;
	while (done < size) {
		ssize_t n = FAULT_HIT(file_read) ? -EIO : f->ops->pread(f->handle, (char *)to + done, size - done, offset + done);
		if (n < 0) {
			*got = done;
			return file_fail(E_FILE_READ, (int)n, "read from", f->path, err);
		}
		if (n == 0)
			break;
		assert((size_t)n <= size - done);
		done += (size_t)n;
	}
	*got = done;
	return OK;
}

enum status file_read_full(struct file *f, void *to, size_t size, uint64_t offset, struct error *err)
{
	size_t got;
	TRY(file_read_at(f, to, size, offset, &got, err));
	if (got < size)
		return ERR(err, E_CORRUPTED_DATA, "file '%s' ends at %llu; %zu bytes were expected at %llu", f->path,
		           (unsigned long long)(offset + got), size, (unsigned long long)offset);
	return OK;
}

enum status file_write_at(struct file *f, const void *data, size_t size, uint64_t offset, struct error *err)
{
	assert(f->flags & (FILE_WRITE | FILE_APPEND));
	for (size_t done = 0; done < size;) {
		ssize_t n = FAULT_HIT(file_write)
		                ? -EIO
		                : f->ops->pwrite(f->handle, (const char *)data + done, size - done, offset + done);
		if (n < 0)
			return file_fail(E_FILE_WRITE, (int)n, "write to", f->path, err);
		if (n == 0) /* a regular file never does this; do not spin if one should */
			return file_fail(E_FILE_WRITE, -EIO, "write to", f->path, err);
		done += (size_t)n;
	}
	return OK;
}

enum status file_append(struct file *f, const void *data, size_t size, struct error *err)
{
	TRY(file_write_at(f, data, size, f->append_offset, err));
	f->append_offset += size;
	return OK;
}

void file_prefetch(struct file *f, uint64_t offset, uint64_t size)
{
	f->ops->prefetch(f->handle, offset, size);
}

static enum status sync_file(struct file *f, bool data_only, struct error *err)
{
	int rc = FAULT_HIT(file_fsync) ? -EIO : f->ops->sync(f->handle, data_only);
	return rc < 0 ? file_fail(E_FILE_FSYNC, rc, "sync", f->path, err) : OK;
}

enum status file_sync(struct file *f, struct error *err)
{
	return sync_file(f, false, err);
}

enum status file_sync_data(struct file *f, struct error *err)
{
	return sync_file(f, true, err);
}

enum status file_size(struct file *f, uint64_t *size, struct error *err)
{
	struct file_info info;
	int rc = f->ops->stat_handle(f->handle, &info);
	if (rc < 0)
		return file_fail(E_FILE_OPEN, rc, "look at", f->path, err);
	*size = info.size;
	return OK;
}

enum status file_truncate(struct file *f, uint64_t size, struct error *err)
{
	int rc = FAULT_HIT(file_write) ? -EIO : f->ops->truncate(f->handle, size);
	if (rc < 0)
		return file_fail(E_FILE_WRITE, rc, "truncate", f->path, err);
	if (f->append_offset > size)
		f->append_offset = size;
	return OK;
}

enum status file_allocate(struct file *f, uint64_t offset, uint64_t size, struct error *err)
{
	int rc = FAULT_HIT(file_write) ? -EIO : f->ops->allocate(f->handle, offset, size);
	if (rc == -EOPNOTSUPP || rc == -ENOSYS || rc == -EINVAL) {
		/* writing zeros reserves as well; what is there already must stay */
		uint64_t now = 0;
		TRY(file_size(f, &now, err));
		uint64_t from = now > offset ? now : offset;
		return from < offset + size ? file_fill_zero(f, from, offset + size - from, err) : OK;
	}
	return rc < 0 ? file_fail(E_FILE_WRITE, rc, "reserve space for", f->path, err) : OK;
}

enum status file_fill_zero(struct file *f, uint64_t offset, uint64_t size, struct error *err)
{
	static const char zeros[256 * 1024];
	while (size > 0) {
		size_t n = size < sizeof zeros ? (size_t)size : sizeof zeros;
		TRY(file_write_at(f, zeros, n, offset, err));
		offset += n;
		size -= n;
	}
	return OK;
}

enum status file_lock(struct file **out, const char *path, struct error *err)
{
	struct file *f;
	*out = NULL;
	TRY(file_open(&f, path, FILE_READ | FILE_WRITE | FILE_CREATE, err));
	int rc = f->ops->lock(f->handle);
	if (rc == 0) {
		*out = f;
		return OK;
	}
	file_drop(f);
	return rc == -EWOULDBLOCK ? OK : file_fail(E_FILE_OPEN, rc, "lock", path, err);
}

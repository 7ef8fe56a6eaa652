// SPDX-License-Identifier: Apache-2.0
/* The system's own calls behind file_ops.h. Each answers a negative errno; nothing here knows messages. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "io/file_ops.h"

static int sys_open(const char *path, unsigned flags, intptr_t *handle)
{
	int o = O_CLOEXEC;
	o |= flags & FILE_WRITE || flags & FILE_APPEND ? (flags & FILE_READ ? O_RDWR : O_WRONLY) : O_RDONLY;
	o |= flags & FILE_CREATE ? O_CREAT : 0;
	o |= flags & FILE_EXCLUSIVE ? O_EXCL : 0;
	o |= flags & FILE_TRUNCATE ? O_TRUNC : 0;
	int fd;
	do
		fd = open(path, o, 0640);
	while (fd < 0 && errno == EINTR);
	if (fd < 0)
		return -errno;
	*handle = fd;
	return 0;
}

static int sys_close(intptr_t handle)
{
	/* Linux has closed the descriptor even where it says EINTR */
	return close((int)handle) != 0 && errno != EINTR ? -errno : 0;
}

static ssize_t sys_pread(intptr_t handle, void *to, size_t size, uint64_t offset)
{
	ssize_t n;
	do
		n = pread((int)handle, to, size, (off_t)offset);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

static ssize_t sys_pwrite(intptr_t handle, const void *data, size_t size, uint64_t offset)
{
	ssize_t n;
	do
		n = pwrite((int)handle, data, size, (off_t)offset);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

static void sys_prefetch(intptr_t handle, uint64_t offset, uint64_t size)
{
	(void)posix_fadvise((int)handle, (off_t)offset, (off_t)size, POSIX_FADV_WILLNEED);
}

static int sys_sync(intptr_t handle, bool data_only)
{
	int rc;
	do
		rc = data_only ? fdatasync((int)handle) : fsync((int)handle);
	while (rc != 0 && errno == EINTR);
	return rc != 0 ? -errno : 0;
}

static void fill_info(const struct stat *st, struct file_info *out)
{
	out->kind = S_ISREG(st->st_mode) ? FILE_REGULAR : S_ISDIR(st->st_mode) ? FILE_DIRECTORY : FILE_OTHER;
	out->size = (uint64_t)st->st_size;
	out->inode = st->st_ino;
	out->links = (uint32_t)st->st_nlink;
	out->modified_us = (int64_t)st->st_mtim.tv_sec * 1000000 + st->st_mtim.tv_nsec / 1000;
}

static int sys_stat_handle(intptr_t handle, struct file_info *out)
{
	struct stat st;
	if (fstat((int)handle, &st) != 0)
		return -errno;
	fill_info(&st, out);
	return 0;
}

static int sys_truncate(intptr_t handle, uint64_t size)
{
	int rc;
	do
		rc = ftruncate((int)handle, (off_t)size);
	while (rc != 0 && errno == EINTR);
	return rc != 0 ? -errno : 0;
}

static int sys_allocate(intptr_t handle, uint64_t offset, uint64_t size)
{
	int rc;
	do
		rc = fallocate((int)handle, 0, (off_t)offset, (off_t)size);
	while (rc != 0 && errno == EINTR);
	return rc != 0 ? -errno : 0;
}

static int sys_lock(intptr_t handle)
{
	int rc;
	do
		rc = flock((int)handle, LOCK_EX | LOCK_NB);
	while (rc != 0 && errno == EINTR);
	return rc != 0 ? -errno : 0;
}

static int sys_stat(const char *path, bool follow, struct file_info *out)
{
	struct stat st;
	if ((follow ? stat(path, &st) : lstat(path, &st)) != 0)
		return -errno;
	fill_info(&st, out);
	return 0;
}

static int sys_rename(const char *from, const char *to)
{
	return rename(from, to) != 0 ? -errno : 0;
}

static int sys_exchange(const char *a, const char *b)
{
	return renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) != 0 ? -errno : 0;
}

static int sys_link(const char *from, const char *to)
{
	return link(from, to) != 0 ? -errno : 0;
}

static int sys_unlink(const char *path)
{
	return unlink(path) != 0 ? -errno : 0;
}

static int sys_mkdir(const char *path)
{
	return mkdir(path, 0750) != 0 ? -errno : 0;
}

static int sys_rmdir(const char *path)
{
	return rmdir(path) != 0 ? -errno : 0;
}

static int sys_sync_dir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	int rc = sys_sync(fd, false);
	close(fd);
	return rc;
}

static int sys_list(const char *path, void (*each)(void *arg, const char *name, enum file_kind kind), void *arg)
{
	DIR *d = opendir(path);
	if (d == NULL)
		return -errno;
	int rc = 0;
	for (;;) {
		errno = 0;
		const struct dirent *e = readdir(d);
		if (e == NULL) {
			rc = -errno;
			break;
		}
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		enum file_kind kind = e->d_type == DT_DIR ? FILE_DIRECTORY : e->d_type == DT_REG ? FILE_REGULAR : FILE_OTHER;
		struct stat st;
		/* some file systems do not tell the type */
		if (e->d_type == DT_UNKNOWN && fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			kind = S_ISDIR(st.st_mode) ? FILE_DIRECTORY : S_ISREG(st.st_mode) ? FILE_REGULAR : FILE_OTHER;
		each(arg, e->d_name, kind);
	}
	closedir(d);
	return rc;
}

static int sys_space(const char *path, uint64_t *free_bytes, uint64_t *total_bytes)
{
	struct statvfs v;
	if (statvfs(path, &v) != 0)
		return -errno;
	*free_bytes = (uint64_t)v.f_bavail * v.f_frsize;
	*total_bytes = (uint64_t)v.f_blocks * v.f_frsize;
	return 0;
}

const struct file_ops file_ops_system = {
	.name = "system",
	.open = sys_open,
	.close = sys_close,
	.pread = sys_pread,
	.pwrite = sys_pwrite,
	.prefetch = sys_prefetch,
	.sync = sys_sync,
	.stat_handle = sys_stat_handle,
	.truncate = sys_truncate,
	.allocate = sys_allocate,
	.lock = sys_lock,
	.stat = sys_stat,
	.rename = sys_rename,
	.exchange = sys_exchange,
	.link = sys_link,
	.unlink = sys_unlink,
	.mkdir = sys_mkdir,
	.rmdir = sys_rmdir,
	.sync_dir = sys_sync_dir,
	.list = sys_list,
	.space = sys_space,
};

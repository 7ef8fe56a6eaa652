// SPDX-License-Identifier: Apache-2.0
#include "io/temp_file.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

struct temp_user {
	struct temp_user *next;
	struct temp_quota quota;
	char name[];
};

struct temp_file {
	struct file *file;
	struct temp_area *area;
	struct temp_quota *quota;
	enum temp_purpose purpose;
	_Atomic uint64_t end;          /* of what was put or is being put */
	_Atomic uint64_t charged;
};

static struct {
	_Atomic uint64_t open, files, bytes, plain_bytes, blocks;
} counts[TEMP_PURPOSE_COUNT];

static const struct temp_purpose_info infos[] = {
#define TEMP_PURPOSE_ROW(name, metric, event, description) {metric, event, description},
#include "io/temp_purposes.def"
#undef TEMP_PURPOSE_ROW
};

const struct temp_purpose_info *temp_purpose_info(enum temp_purpose purpose)
{
	return &infos[purpose];
}

void temp_file_counts(enum temp_purpose purpose, struct temp_counts *out)
{
	out->open = atomic_load(&counts[purpose].open);
	out->files = atomic_load(&counts[purpose].files);
	out->bytes = atomic_load(&counts[purpose].bytes);
	out->plain_bytes = atomic_load(&counts[purpose].plain_bytes);
	out->blocks = atomic_load(&counts[purpose].blocks);
}

/* ---- quotas ---- */

void temp_quota_init(struct temp_quota *q, struct temp_quota *parent, const char *name, uint64_t limit_bytes)
{
	memset(q, 0, sizeof *q);
	q->parent = parent;
	q->name = name;
	q->log_bytes = -1;
	atomic_store(&q->limit_bytes, limit_bytes);
}

static void quota_release(struct temp_quota *q, const struct temp_quota *end, uint64_t bytes)
{
	for (; q != end; q = q->parent)
		atomic_fetch_sub(&q->used_bytes, bytes);
}

static enum status quota_charge(struct temp_quota *q, uint64_t bytes, struct error *err)
{
	for (struct temp_quota *n = q; n != NULL; n = n->parent) {
		uint64_t used = atomic_fetch_add(&n->used_bytes, bytes) + bytes, limit = atomic_load(&n->limit_bytes);
		if (unlikely(limit != 0 && used > limit)) {
			quota_release(q, n->parent, bytes);
			ERR(err, E_TOO_MANY_ROWS_OR_BYTES,
			    "Limit for temporary files size exceeded (would consume %llu bytes, maximum: %llu bytes)",
			    (unsigned long long)used, (unsigned long long)limit);
			return error_hint(err, "%s is the limit.", n->name);
		}
	}
	for (struct temp_quota *n = q; n != NULL; n = n->parent)
		atomic_fetch_add(&n->written_bytes, bytes);
	return OK;
}

/* ---- areas ---- */

void temp_area_init(struct temp_area *a)
{
	memset(a, 0, sizeof *a);
	pthread_mutex_init(&a->lock, NULL);
	temp_quota_init(&a->quota, NULL, "max_temporary_data_on_disk_size", 0);
}

enum status temp_area_open(struct temp_area *a, const char *path, struct error *err)
{
	if (path == NULL)
		return OK;
	a->path = strdup(path);
	if (a->path == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a path");
	/* of a server that is gone */
	if (file_exists(path))
		TRY(file_remove_tree(path, err));
	return file_mkdirs(path, false, err);
}

void temp_area_fini(struct temp_area *a)
{
	struct error err;
	error_init(&err);
	if (a->own && file_remove_tree(a->path, &err) != OK)
		LOG(LOG_WARNING, "io", "%s", err.message);
	for (struct temp_user *u = a->users, *next; u != NULL; u = next) {
		next = u->next;
		free(u);
	}
	pthread_mutex_destroy(&a->lock);
	free(a->path);
}

struct temp_quota *temp_area_user(struct temp_area *a, struct str user)
{
	pthread_mutex_lock(&a->lock);
	struct temp_user *u = a->users;
	while (u != NULL && !str_eq(str_of(u->name), user))
		u = u->next;
	if (u == NULL && (u = calloc(1, sizeof *u + user.size + 1)) != NULL) {
		memcpy(u->name, user.data, user.size);
		temp_quota_init(&u->quota, &a->quota, "max_temporary_data_on_disk_size_for_user", 0);
		u->next = a->users;
		a->users = u;
	}
	pthread_mutex_unlock(&a->lock);
	return u == NULL ? NULL : &u->quota;
}

/* An area without a path gets one. */
static enum status make_directory(struct temp_area *a, struct error *err)
{
	enum status s = OK;
	char path[1024];
	pthread_mutex_lock(&a->lock);
	if (a->path == NULL) {
		const char *tmp = getenv("TMPDIR");
		snprintf(path, sizeof path, "%s/hanzo-datastore-tmp-%d-%lld", tmp != NULL && *tmp != '\0' ? tmp : "/tmp",
		         (int)getpid(), (long long)clock_wall_us());
		s = file_mkdirs(path, false, err);
		if (s == OK && (a->path = strdup(path)) == NULL)
			s = ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a path");
		a->own = s == OK;
	}
	pthread_mutex_unlock(&a->lock);
	return s;
}

/* ---- files ---- */

enum status temp_file_open(struct temp_area *a, struct temp_quota *quota, enum temp_purpose purpose,
                           struct temp_file **out, struct error *err)
{
	char path[1200];
	*out = NULL;
	TRY(make_directory(a, err));
	struct temp_file *f = calloc(1, sizeof *f);
	if (f == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate a temporary file");
	f->area = a;
	f->quota = quota;
	f->purpose = purpose;
	snprintf(path, sizeof path, "%s/tmp%llu", a->path, (unsigned long long)atomic_fetch_add(&a->next_number, 1));
	enum status s = file_open(&f->file, path, FILE_READ | FILE_WRITE | FILE_CREATE | FILE_EXCLUSIVE, err);
	if (s == OK && (s = file_unlink(path, err)) != OK)
		file_drop(f->file);
	if (s != OK) {
		free(f);
		return s;
	}
	atomic_fetch_add(&counts[purpose].open, 1);
	atomic_fetch_add(&counts[purpose].files, 1);
	for (struct temp_quota *n = quota; n != NULL; n = n->parent)
		atomic_fetch_add(&n->files, 1);
	*out = f;
	return OK;
}

void temp_file_close(struct temp_file *f)
{
	if (f == NULL)
		return;
	uint64_t size = atomic_load(&f->charged);
	if (f->quota->log_bytes >= 0 && size >= (uint64_t)f->quota->log_bytes)
		LOG(LOG_INFO, "io", "temporary file: path \"%s\", size %llu", file_path(f->file), (unsigned long long)size);
	file_drop(f->file);
	quota_release(f->quota, NULL, size);
	atomic_fetch_sub(&counts[f->purpose].open, 1);
	free(f);
}

static enum status check_space(const struct temp_file *f, uint64_t size, struct error *err)
{
	uint64_t space;
	if (f->quota->min_free_bytes == 0 || file_space(f->area->path, &space, NULL, NULL) != OK)
		return OK;
	if (space >= f->quota->min_free_bytes + size)
		return OK;
	return ERR(err, E_DISK_FULL, "Not enough space for temporary files in '%s': %llu bytes are free, %llu must stay free",
	           f->area->path, (unsigned long long)space, (unsigned long long)f->quota->min_free_bytes);
}

enum status temp_file_put(struct temp_file *f, const void *data, size_t size, struct strbuf *scratch,
                          struct temp_block *out, struct error *err)
{
	assert(size != 0);
	if (size > FRAME_DECODED_MAX)
		return ERR(err, E_LIMIT_EXCEEDED, "not supported yet: %zu bytes in one block of a temporary file", size);
	strbuf_clear(scratch);
	TRY(frame_encode(&codec_chain_lz4, data, size, scratch, err));
	TRY(strbuf_status(scratch, err));
	TRY(check_space(f, scratch->size, err));
	TRY(quota_charge(f->quota, scratch->size, err));
	atomic_fetch_add(&f->charged, scratch->size);
	*out = (struct temp_block){atomic_fetch_add(&f->end, scratch->size), (uint32_t)scratch->size, (uint32_t)size};
	TRY(file_write_at(f->file, scratch->data, scratch->size, out->offset, err));
	atomic_fetch_add_explicit(&counts[f->purpose].bytes, scratch->size, memory_order_relaxed);
	atomic_fetch_add_explicit(&counts[f->purpose].plain_bytes, size, memory_order_relaxed);
	atomic_fetch_add_explicit(&counts[f->purpose].blocks, 1, memory_order_relaxed);
	return OK;
}

enum status temp_file_get(struct temp_file *f, const struct temp_block *block, struct memtrack *track,
                          struct frame_block *out, struct error *err)
{
	struct buffer *frame;
	*out = (struct frame_block){.offset = block->offset};
	TRY(buffer_new(track, block->frame_size, &frame, err));
	enum status s = file_read_full(f->file, frame->data, block->frame_size, block->offset, err);
	if (s == OK)
		s = frame_decode(frame->data, block->frame_size, file_path(f->file), track, out, err);
	buffer_unref(frame);
	return s;
}

uint64_t temp_file_size(const struct temp_file *f)
{
	return atomic_load(&f->end);
}

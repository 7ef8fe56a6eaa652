// SPDX-License-Identifier: Apache-2.0
#ifndef IO_TEMP_FILE_H
#define IO_TEMP_FILE_H
/*
 * Temporary files: blocks that a query puts on disk because they do not fit in memory, and reads again.
 *
 * A file's name is removed as soon as the file is open, so however the query or the process ends, nothing stays behind;
 * what a crash leaves between the two steps is removed at the next start. Blocks are frames (frame.h) of LZ4, their
 * checksums verified when they are read. Nothing is synced.
 *
 *     temp_area   where files are put: one directory, and how many bytes it may hold
 *     temp_quota  how many bytes one user or query may have on disk; a chain that ends in the area's
 *     temp_file   one file: blocks are appended by any number of threads at once and read in any order
 */
#include <pthread.h>
#include "io/frame.h"

enum temp_purpose {
#define TEMP_PURPOSE_ROW(name, metric, event, description) TEMP_##name,
#include "io/temp_purposes.def"
#undef TEMP_PURPOSE_ROW
	TEMP_PURPOSE_COUNT
};

struct temp_quota {
	struct temp_quota *parent;
	const char *name;              /* of the setting that limits it; appears in errors */
	_Atomic uint64_t used_bytes;
	_Atomic uint64_t limit_bytes;  /* 0: none */
	_Atomic uint64_t written_bytes, files; /* since it was made, with what is gone */
	uint64_t min_free_bytes;       /* of the files' own quota: of the disk, that are left alone */
	int64_t log_bytes;             /* of the files' own quota: those of at least this size are logged; -1: none */
};

struct temp_area {
	char *path;                    /* NULL: a directory of its own below TMPDIR, made when it is needed */
	struct temp_quota quota;       /* of the whole server */
	_Atomic uint64_t next_number;
	pthread_mutex_t lock;          /* guards path while it is made, and users */
	struct temp_user *users;
	bool own;                      /* the directory goes with the area */
};

void temp_area_init(struct temp_area *a);
/* What stands in `path` is removed. path NULL: the area is below TMPDIR (/tmp). */
enum status temp_area_open(struct temp_area *a, const char *path, struct error *err) MUST_CHECK;
void temp_area_fini(struct temp_area *a);
/* The quota of all of a user's queries, child of the area's; lives as long as the area. NULL: no memory. */
struct temp_quota *temp_area_user(struct temp_area *a, struct str user);

void temp_quota_init(struct temp_quota *q, struct temp_quota *parent, const char *name, uint64_t limit_bytes);

struct temp_file;
struct temp_block {
	uint64_t offset;
	uint32_t frame_size, plain_size;
};

enum status temp_file_open(struct temp_area *a, struct temp_quota *quota, enum temp_purpose purpose,
                           struct temp_file **out, struct error *err) MUST_CHECK;
/* Frees its disk space. NULL is allowed. */
void temp_file_close(struct temp_file *f);
/* Appends one block of size > 0 bytes; any thread. `scratch` is the caller's, for the encoded bytes. */
enum status temp_file_put(struct temp_file *f, const void *data, size_t size, struct strbuf *scratch,
                          struct temp_block *out, struct error *err) MUST_CHECK;
/* The plain bytes of a block, in a new buffer charged to `track`. */
enum status temp_file_get(struct temp_file *f, const struct temp_block *block, struct memtrack *track,
                          struct frame_block *out, struct error *err) MUST_CHECK;
/* Bytes on disk. */
uint64_t temp_file_size(const struct temp_file *f);

/* Of the whole process: files that are open now, and all that ever were. */
struct temp_counts {
	uint64_t open, files, bytes, plain_bytes, blocks;
};
void temp_file_counts(enum temp_purpose purpose, struct temp_counts *out);

struct temp_purpose_info {
	const char *metric;            /* system.metrics */
	const char *event;             /* beginning of the names in system.events, NULL: none */
	const char *description;
};
const struct temp_purpose_info *temp_purpose_info(enum temp_purpose purpose);

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_PART_H
#define STORAGE_PART_H
/*
 * Part: rows of one table in one directory, sorted, never changed. A struct part is what commits name; its meta is what
 * its files say, loaded when somebody first looks into it.
 *
 *     written under tmp_… -> committed (renamed) -> retired by a merge or a drop -> removed with the last reference
 *
 * References may be taken and dropped by any thread; a retired part serves those who hold it. The directory may be
 * renamed while readers have files of it open.
 */
#include <pthread.h>
#include "storage/part_files.h"
#include "storage/part_name.h"

struct part_stream {
	struct file *file;          /* opened when first read; stays open, as its blocks are cached under its id */
	uint64_t size;
	struct frame_mark *marks;   /* granules + 1 */
};

struct part_meta {
	struct arena arena;
	struct part_columns columns;
	struct checksums checksums;
	struct column_layout **layouts;
	struct part_stream **streams; /* per column, per stream; compact: their marks, the file is data */
	bool compact;
	bool data_streams_joined;   /* compact, older: one mark a column, whose streams are read one behind the other */
	uint64_t rows;
	uint32_t granules;
	uint64_t *first_row;        /* granules + 1: where each begins */
	struct part_stream data;    /* compact: data.bin */
	struct vector **keys;       /* primary index: granules + 1 rows (the last is the part's last row) or granules */
	uint32_t key_count;
	bool keys_loaded;
	struct vector **minmax;     /* per minmax column of the table two rows: least, greatest */
	uint32_t minmax_count;
	bool minmax_loaded;
	struct str partition;       /* partition.dat */
	_Atomic(struct column_range *) ranges; /* of columns that were asked for (column_range.h) */
};

struct delta;
struct column_range;
struct part_forward;
struct key_map;

/* Rows of a delta of a transaction's own view: where its commit has put them. */
struct part_landing {
	uint64_t from, count, to;   /* rows there; the first one in `part` */
	struct part *part;
};

/*
 * What stays the same while a delta grows, each time as a larger part with the same row numbers. Row locks and delete
 * marks know a part by this.
 */
struct part_identity {
	_Atomic uint32_t references;
	uint64_t id;                /* unique within the process */
	pthread_mutex_t mutex;      /* guards what follows */
	struct part_forward *forward; /* where a merge has brought the rows; NULL: nowhere (part_forward.h) */
	struct part_landing *landings;
	uint32_t landing_count;
	struct key_map *maps;       /* key_map.h */
	bool gone;                  /* its directory was removed */
};

struct part {
	_Atomic uint32_t references;
	struct part_identity *identity;
	_Atomic bool retired;       /* the directory goes with the last reference */
	struct part_name name;      /* its text belongs to name_text */
	char *name_text;
	uint64_t rows, bytes_on_disk, bytes_plain, granules;
	uint64_t schema_version;    /* of the table when it was written */
	int64_t modified_us;
	uint64_t csn;               /* of the commit that brought it; 0 in its own transaction */
	bool compact;
	pthread_mutex_t load_mutex; /* held while keys and minmax are loaded; before `mutex` */
	pthread_mutex_t mutex;      /* guards what follows; meta is set once */
	char *table_dir;            /* <data>/store/<uuid> */
	char *sub;                  /* its directory there now: tmp_… or its name */
	_Atomic(struct part_meta *) meta;
	struct error *broken;       /* it could not be read */
	struct delta *delta;        /* its rows are in memory (delta.h), and there is no directory; else NULL */
};

struct part_identity *part_identity_new(void); /* NULL: no memory */
struct part_identity *part_identity_ref(struct part_identity *i);
void part_identity_unref(struct part_identity *i); /* NULL is allowed */
/* p is another state of what `i` stands for. */
void part_identify(struct part *p, struct part_identity *i);
/* Notes where rows of it have come to be; a second note of the same rows takes the place of the first. */
enum status part_identity_land(struct part_identity *i, const struct part_landing *l, struct error *err) MUST_CHECK;

/* All facts but name, table_dir and sub are the caller's to fill in. */
enum status part_new(struct str name, const char *table_dir, const char *sub, struct part **out, struct error *err)
	MUST_CHECK;
struct part *part_ref(const struct part *p);
void part_unref(struct part *p); /* NULL is allowed */
/* Its directory as it is now, to `to`. */
void part_path(struct part *p, char *to, size_t size);
/* Renames the directory below table_dir; the parent is not synced. */
enum status part_rename(struct part *p, const char *sub, struct error *err) MUST_CHECK;
/* Gives it its final name, before anybody else sees it. */
enum status part_set_name(struct part *p, const struct part_name *name, struct error *err) MUST_CHECK;

/* Loads the meta once; small files are verified against checksums.txt, the sizes of all files are compared. */
enum status part_load(struct part *p, const struct eval_session *session, struct part_meta **out, struct error *err)
	MUST_CHECK;
void part_meta_free(struct part_meta *m); /* of a part that failed to load; NULL is allowed */
/* The primary index as vectors of these types; loaded once. */
enum status part_load_keys(struct part *p, struct part_meta *m, const struct type *const *types, uint32_t count,
                           struct error *err) MUST_CHECK;
struct table_keys;
/* minmax_<column>.idx of the table's minmax columns; *out NULL: the part has not all of them. Loaded once. */
enum status part_load_minmax(struct part *p, struct part_meta *m, const struct table_keys *k, struct vector ***out,
                             struct error *err) MUST_CHECK;
/* Marks and open file of a stream; loaded once. */
enum status part_load_stream(struct part *p, struct part_meta *m, uint32_t column, uint32_t stream, struct error *err)
	MUST_CHECK;
/* Position of a column by name, UINT32_MAX when the part has none. */
uint32_t part_meta_column(const struct part_meta *m, struct str name);
/* The granule that holds `row` < rows. */
uint32_t part_meta_granule(const struct part_meta *m, uint64_t row);
/* A small file of the part, verified; E_FILE_DOES_NOT_EXIST. */
enum status part_read_file(struct part *p, const struct part_meta *m, const char *name, struct strbuf *out,
                           struct error *err) MUST_CHECK;
/* The whole of a framed small file, decoded. */
enum status part_read_framed(struct part *p, const char *name, struct strbuf *out, struct error *err) MUST_CHECK;
/* What is seen without reading the data: small files are whole, all are there and have their size. At start. */
enum status part_check(struct part *p, struct error *err) MUST_CHECK;
/* Every byte of every file against checksums.txt: CHECK TABLE, ATTACH. */
enum status part_verify(struct part *p, struct error *err) MUST_CHECK;

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_PART_WRITER_H
#define STORAGE_PART_WRITER_H
/*
 * Part writer: makes the directory of one part, wide or compact, from rows that are sorted already and cut into
 * granules by the caller.
 *
 *     new -> wide:    per column: column_begin, column_granule * n, column_end
 *            compact: per granule: granule_column for every column, in order
 *         -> key * n + 1, add_file for indexes -> finish        (or abort, at any time: the directory goes)
 *
 * Everything is on disk when finish() returns OK, the directory's entries included; its own name is the caller's. One
 * thread; several columns of a wide part may not be open at once.
 */
#include "storage/part_files.h"

struct part_spec {
	const char *dir;                    /* created here */
	struct part_columns columns;        /* with the sparse kinds to write */
	const struct str *codecs;           /* per column: text of CODEC(…), empty: default */
	struct codec_chain default_codec;   /* resolved */
	bool compact;
	bool classic;                       /* part_layout = 24 */
	bool adaptive_codecs;               /* columns without a codec of their own: the better of two for each block */
	const struct eval_session *session; /* to bind aggregate states */
	struct memtrack *track;
};

struct part_writer;

enum status part_writer_new(const struct part_spec *spec, struct part_writer **out, struct error *err) MUST_CHECK;
/* Removes the directory and frees. NULL is allowed. */
void part_writer_abort(struct part_writer *w);

/* ---- wide ---- */
enum status part_writer_column_begin(struct part_writer *w, uint32_t column, struct error *err) MUST_CHECK;
/* The next granule of the open column: rows [from, from + count) of v. */
enum status part_writer_column_granule(struct part_writer *w, const struct vector *v, uint32_t from, uint32_t count,
                                       struct error *err) MUST_CHECK;
enum status part_writer_column_end(struct part_writer *w, struct error *err) MUST_CHECK;

/* ---- compact ---- */
enum status part_writer_granule_column(struct part_writer *w, uint32_t column, const struct vector *v, uint32_t from,
                                       uint32_t count, struct error *err) MUST_CHECK;

/* ---- both ---- */
/* The key of a granule's first row; after the last granule that of the last row. No key columns: not called. */
void part_writer_key(struct part_writer *w, const struct vector *const *keys, uint32_t key_count, uint32_t row);
/* A whole small file, with its checksum. */
enum status part_writer_add_file(struct part_writer *w, const char *name, struct str bytes,
                                 struct error *err) MUST_CHECK;

/* What the names of this part's mark files end with, and whether they are in frames. */
const char *part_writer_marks_suffix(const struct part_writer *w, bool *framed);

struct part_written {
	uint64_t rows, granules, bytes_on_disk, bytes_plain;
};

/* Writes the rest. `rows` is the sum of the granules. Frees w on success; on failure abort it. */
enum status part_writer_finish(struct part_writer *w, uint64_t rows, struct part_written *out, struct error *err)
	MUST_CHECK;

#endif

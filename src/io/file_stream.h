// SPDX-License-Identifier: Apache-2.0
#ifndef IO_FILE_STREAM_H
#define IO_FILE_STREAM_H
/*
 * Buffered sequential writing and reading of one file, with a running hash where asked.
 *
 * Each borrows nothing and owns its file and buffer. The first failure sticks: later calls return it again. One thread.
 */
#include "base/buffer.h"
#include "io/file.h"
#include "io/sink.h"
#include "io/stream_hash.h"

enum { FILE_STREAM_BUFFER = 256 * 1024 };

struct file_writer {
	struct file *file;
	struct buffer *buffer;
	size_t fill;
	uint64_t flushed;            /* bytes handed to the file */
	enum status failed;
	struct stream_hash *hash;    /* NULL where not asked */
	struct hash128 final_hash;   /* after close */
};

/* Creates a new file (E_FILE_EXISTS where it is there). After a failure there is nothing to clean up. */
enum status file_writer_open(struct file_writer *w, const char *path, bool hashed, struct memtrack *track,
                             struct error *err) MUST_CHECK;
enum status file_writer_put(struct file_writer *w, const void *data, size_t size, struct error *err) MUST_CHECK;
enum status file_writer_flush(struct file_writer *w, struct error *err) MUST_CHECK;
/* Flushes, syncs when `durable`, closes and frees. Its name is safe after file_sync_dir(). */
enum status file_writer_close(struct file_writer *w, bool durable, struct error *err) MUST_CHECK;
/* Closes and frees without flushing; the file stays, incomplete. No-op after close. */
void file_writer_abort(struct file_writer *w);
struct byte_sink file_writer_sink(struct file_writer *w);

/* Bytes written so far, buffered ones included. */
static inline uint64_t file_writer_offset(const struct file_writer *w)
{
	return w->flushed + w->fill;
}

/* Of all bytes so far; only where it was opened hashed. Still good after close. */
struct hash128 file_writer_hash(const struct file_writer *w);

struct file_reader {
	struct file *file;
	struct buffer *buffer;
	size_t at, end;              /* unread bytes of the buffer */
	uint64_t next_offset;        /* in the file, of buffer's end */
	enum status failed;
	struct stream_hash *hash;
};

enum status file_reader_open(struct file_reader *r, const char *path, bool hashed, struct memtrack *track,
                             struct error *err) MUST_CHECK;
void file_reader_close(struct file_reader *r);
/* Makes at least `size` bytes (at most FILE_STREAM_BUFFER) readable at *data, fewer only at the end of the file;
 * *available says how many there are. Valid until the next call. */
enum status file_reader_peek(struct file_reader *r, size_t size, const uint8_t **data, size_t *available,
                             struct error *err) MUST_CHECK;
/* Passes over `size` bytes that peek showed. */
void file_reader_consume(struct file_reader *r, size_t size);
/* Up to `size` bytes; fewer only at the end of the file. */
enum status file_reader_read(struct file_reader *r, void *to, size_t size, size_t *got, struct error *err) MUST_CHECK;
/* One line without its newline, in the reader's buffer, valid until the next call; *more false at the end. Lines longer
 * than the buffer are E_LIMIT_EXCEEDED. */
enum status file_reader_line(struct file_reader *r, struct str *line, bool *more, struct error *err) MUST_CHECK;
/* Of all bytes consumed so far. */
struct hash128 file_reader_hash(const struct file_reader *r);

#endif

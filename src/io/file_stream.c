// SPDX-License-Identifier: Apache-2.0
#include "io/file_stream.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static enum status strbuf_sink_write(void *self, const void *data, size_t size, struct error *err)
{
	struct strbuf *b = self;
	strbuf_put(b, data, size);
	return strbuf_status(b, err);
}

struct byte_sink byte_sink_strbuf(struct strbuf *b)
{
	return (struct byte_sink){strbuf_sink_write, b};
}

static enum status new_hash(bool wanted, struct stream_hash **out, struct error *err)
{
	*out = NULL;
	if (!wanted)
		return OK;
	*out = malloc(sizeof **out);
	if (*out == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate %zu bytes", sizeof **out);
	stream_hash_init(*out);
	return OK;
}

enum status file_writer_open(struct file_writer *w, const char *path, bool hashed, struct memtrack *track,
                             struct error *err)
{
	*w = (struct file_writer){0};
	enum status s = buffer_new(track, FILE_STREAM_BUFFER, &w->buffer, err);
	if (s == OK)
		s = new_hash(hashed, &w->hash, err);
	if (s == OK)
		s = file_open(&w->file, path, FILE_NEW, err);
	if (s != OK)
		file_writer_abort(w);
	return s;
}

static enum status write_out(struct file_writer *w, const void *data, size_t size, struct error *err)
{
	enum status s = file_append(w->file, data, size, err);
	if (s != OK) {
		w->failed = s;
		return s;
	}
	if (w->hash != NULL)
		stream_hash_update(w->hash, data, size);
	w->flushed += size;
	return OK;
}

static enum status already_failed(enum status failed, struct file *f, struct error *err)
{
	return ERR(err, failed, "an earlier call on '%s' failed", file_path(f));
}

enum status file_writer_flush(struct file_writer *w, struct error *err)
{
	if (w->failed != OK)
		return already_failed(w->failed, w->file, err);
	if (w->fill == 0)
		return OK;
	TRY(write_out(w, w->buffer->data, w->fill, err));
	w->fill = 0;
	return OK;
}

enum status file_writer_put(struct file_writer *w, const void *data, size_t size, struct error *err)
{
	if (unlikely(w->failed != OK))
		return already_failed(w->failed, w->file, err);
	if (size > FILE_STREAM_BUFFER - w->fill) {
		TRY(file_writer_flush(w, err));
		if (size >= FILE_STREAM_BUFFER)
			return write_out(w, data, size, err);
	}
	if (size > 0)
		memcpy(w->buffer->data + w->fill, data, size);
	w->fill += size;
	return OK;
}

enum status file_writer_close(struct file_writer *w, bool durable, struct error *err)
{
	enum status s = file_writer_flush(w, err);
	if (s == OK && durable)
		s = file_sync(w->file, err);
	enum status closed = file_close(w->file, err);
	w->file = NULL;
	if (w->hash != NULL)
		w->final_hash = stream_hash_value(w->hash);
	w->failed = s != OK ? s : closed;
	s = w->failed;
	file_writer_abort(w);
	return s;
}

void file_writer_abort(struct file_writer *w)
{
	file_drop(w->file);
	buffer_unref(w->buffer);
	free(w->hash);
	w->file = NULL;
	w->buffer = NULL;
	w->hash = NULL;
}

struct hash128 file_writer_hash(const struct file_writer *w)
{
	if (w->hash == NULL)
		return w->final_hash;
	if (w->fill == 0)
		return stream_hash_value(w->hash);
	struct stream_hash h = *w->hash;
	stream_hash_update(&h, w->buffer->data, w->fill);
	return stream_hash_value(&h);
}

static enum status writer_sink_write(void *self, const void *data, size_t size, struct error *err)
{
	return file_writer_put(self, data, size, err);
}

struct byte_sink file_writer_sink(struct file_writer *w)
{
	return (struct byte_sink){writer_sink_write, w};
}

/* ---- reading ---- */

enum status file_reader_open(struct file_reader *r, const char *path, bool hashed, struct memtrack *track,
                             struct error *err)
{
	*r = (struct file_reader){0};
	enum status s = buffer_new(track, FILE_STREAM_BUFFER, &r->buffer, err);
	if (s == OK)
		s = new_hash(hashed, &r->hash, err);
	if (s == OK)
		s = file_open(&r->file, path, FILE_READ, err);
	if (s != OK)
		file_reader_close(r);
	return s;
}

void file_reader_close(struct file_reader *r)
{
	file_drop(r->file);
	buffer_unref(r->buffer);
	free(r->hash);
	*r = (struct file_reader){0};
}

enum status file_reader_peek(struct file_reader *r, size_t size, const uint8_t **data, size_t *available,
                             struct error *err)
{
	assert(size <= FILE_STREAM_BUFFER);
	if (r->failed != OK)
		return already_failed(r->failed, r->file, err);
	if (r->end - r->at < size) {
		memmove(r->buffer->data, r->buffer->data + r->at, r->end - r->at);
		r->end -= r->at;
		r->at = 0;
		size_t got;
		r->failed = file_read_at(r->file, r->buffer->data + r->end, FILE_STREAM_BUFFER - r->end, r->next_offset, &got, err);
		if (r->failed != OK)
			return r->failed;
		r->next_offset += got;
		r->end += got;
	}
	*data = r->buffer->data + r->at;
	*available = r->end - r->at;
	return OK;
}

void file_reader_consume(struct file_reader *r, size_t size)
{
	assert(size <= r->end - r->at);
	if (r->hash != NULL)
		stream_hash_update(r->hash, r->buffer->data + r->at, size);
	r->at += size;
}

enum status file_reader_read(struct file_reader *r, void *to, size_t size, size_t *got, struct error *err)
{
	*got = 0;
	while (*got < size) {
		const uint8_t *data;
		size_t n;
		TRY(file_reader_peek(r, 1, &data, &n, err));
		if (n == 0)
			break;
		n = n < size - *got ? n : size - *got;
		memcpy((char *)to + *got, data, n);
		file_reader_consume(r, n);
		*got += n;
	}
	return OK;
}

enum status file_reader_line(struct file_reader *r, struct str *line, bool *more, struct error *err)
{
	const uint8_t *data;
	size_t n;
	TRY(file_reader_peek(r, 1, &data, &n, err));
	*more = n > 0;
	if (n == 0)
		return OK;
	const uint8_t *newline = memchr(data, '\n', n);
	if (newline == NULL) {
		TRY(file_reader_peek(r, FILE_STREAM_BUFFER, &data, &n, err));
		newline = memchr(data, '\n', n);
	}
	if (newline == NULL && n == FILE_STREAM_BUFFER)
		return ERR(err, E_LIMIT_EXCEEDED, "a line of '%s' is longer than %d bytes", file_path(r->file), FILE_STREAM_BUFFER);
	size_t size = newline == NULL ? n : (size_t)(newline - data);
	*line = str_make((const char *)data, size);
	file_reader_consume(r, newline == NULL ? size : size + 1);
	return OK;
}

struct hash128 file_reader_hash(const struct file_reader *r)
{
	return stream_hash_value(r->hash);
}

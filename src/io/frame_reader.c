// SPDX-License-Identifier: Apache-2.0
/*
 * Reading frames: from memory in place, from a file through a read-ahead buffer, from the cache where a block is there.
 * A hit needs no bytes of the file at all, so a scan of cached blocks makes no system call.
 */
#include <assert.h>
#include <string.h>

#include "io/frame.h"

enum { READ_MIN = 64 * 1024 };

void frame_reader_init(struct frame_reader *r, struct file *file, uint64_t end, struct cache *cache,
                       struct memtrack *track)
{
	*r = (struct frame_reader){
		.file = file,
		.name = file_path(file),
		.cache = cache,
		.track = track,
		.end = end,
		.read_size = FRAME_READ_AHEAD,
	};
}

void frame_reader_init_bytes(struct frame_reader *r, const void *bytes, size_t size, const char *name,
                             struct memtrack *track)
{
	*r = (struct frame_reader){.bytes = bytes, .name = name, .track = track, .end = size};
}

void frame_reader_fini(struct frame_reader *r)
{
	buffer_unref(r->raw);
	buffer_unref(r->current.buffer);
	r->raw = NULL;
	r->current.buffer = NULL;
}

void frame_reader_hint(struct frame_reader *r, size_t bytes)
{
	if (bytes == 0 || bytes > FRAME_READ_AHEAD)
		bytes = FRAME_READ_AHEAD;
	r->read_size = bytes < READ_MIN ? READ_MIN : bytes;
}

void frame_reader_seek(struct frame_reader *r, uint64_t offset)
{
	buffer_unref(r->current.buffer);
	r->current = (struct frame_block){0};
	r->at = 0;
	r->offset = offset;
}

/* At least `size` bytes of the file from r->offset in the read-ahead buffer; the stream is known to hold them. */
static enum status fill_raw(struct frame_reader *r, size_t size, struct error *err)
{
	size_t have = 0;
	if (r->raw != NULL && r->offset >= r->raw_offset && r->offset - r->raw_offset < r->raw_size)
		have = r->raw_size - (size_t)(r->offset - r->raw_offset);
	if (have >= size)
		return OK;
	size_t want = size > r->read_size ? size : r->read_size;
	if (want > r->end - r->offset)
		want = (size_t)(r->end - r->offset);
	if (have > 0) /* the tail of what was read is the head of this frame */
		memmove(r->raw->data, r->raw->data + (r->raw_size - have), have);
	r->raw_size = have;
	r->raw_offset = r->offset;
	TRY(buffer_reserve(&r->raw, r->track, want, have, err));
	TRY(file_read_full(r->file, r->raw->data + have, want - have, r->offset + have, err));
	r->bytes_read += want - have;
	r->raw_size = want;
	return OK;
}

static enum status cut_short(const struct frame_reader *r, struct error *err)
{
	return ERR(err, E_CORRUPTED_DATA, "'%s' ends inside the frame at offset %llu", r->name, (unsigned long long)r->offset);
}

/* `size` bytes at r->offset, contiguous. */
static enum status frame_bytes(struct frame_reader *r, size_t size, const uint8_t **out, struct error *err)
{
	if (size > r->end - r->offset)
		return cut_short(r, err);
	if (r->file == NULL) {
		*out = r->bytes + r->offset;
		return OK;
	}
	TRY(fill_raw(r, size, err));
	*out = r->raw->data + (r->offset - r->raw_offset);
	return OK;
}

enum status frame_reader_next(struct frame_reader *r, struct frame_block *out, struct error *err)
{
	*out = (struct frame_block){.offset = r->offset};
	if (r->offset >= r->end)
		return OK;
	if (r->cache != NULL && r->file != NULL && cache_get(r->cache, file_id(r->file), r->offset, out)) {
		r->offset += out->frame_size;
		return OK;
	}
	const uint8_t *frame;
	struct frame_header h;
	TRY(frame_bytes(r, FRAME_HEADER, &frame, err));
	if (frame_header_read(frame, &h, NULL) != OK)
		return ERR(err, E_CORRUPTED_DATA, "damaged frame header in '%s' at offset %llu", r->name,
		           (unsigned long long)r->offset);
	size_t size = FRAME_CHECKSUM + (size_t)h.encoded_size;
	TRY(frame_bytes(r, size, &frame, err));
	struct memtrack *track = r->cache != NULL ? cache_track(r->cache) : r->track;
	TRY(frame_decode(frame, size, r->name, track, out, err));
	if (r->cache != NULL && r->file != NULL)
		cache_put(r->cache, file_id(r->file), out);
	r->offset += size;
	return OK;
}

enum status frame_reader_seek_mark(struct frame_reader *r, struct frame_mark mark, struct error *err)
{
	/* often the mark is in the block at hand */
	if (r->current.buffer == NULL || r->current.offset != mark.frame_offset) {
		frame_reader_seek(r, mark.frame_offset);
		TRY(frame_reader_next(r, &r->current, err));
	}
	if (mark.block_offset > (r->current.buffer == NULL ? 0 : r->current.size))
		return ERR(err, E_CORRUPTED_DATA, "a mark of '%s' points to byte %llu of the block at offset %llu, which has %zu",
		           r->name, (unsigned long long)mark.block_offset, (unsigned long long)mark.frame_offset, r->current.size);
	r->at = (size_t)mark.block_offset;
	return OK;
}

/* The next bytes of the current block, or of the one behind it; none at the end. */
static enum status plain_bytes(struct frame_reader *r, const uint8_t **data, size_t *size, struct error *err)
{
	while (r->current.buffer == NULL || r->at == r->current.size) {
		buffer_unref(r->current.buffer);
		r->current.buffer = NULL;
		r->at = 0;
		TRY(frame_reader_next(r, &r->current, err));
		if (r->current.buffer == NULL) {
			*size = 0;
			return OK;
		}
	}
	*data = r->current.buffer->data + r->at;
	*size = r->current.size - r->at;
	return OK;
}

enum status frame_reader_read(struct frame_reader *r, void *to, size_t size, size_t *got, struct error *err)
{
	*got = 0;
	while (*got < size) {
		const uint8_t *data;
		size_t n;
		TRY(plain_bytes(r, &data, &n, err));
		if (n == 0)
			break;
		n = n < size - *got ? n : size - *got;
		memcpy((uint8_t *)to + *got, data, n);
		r->at += n;
		*got += n;
	}
	return OK;
}

enum status frame_reader_read_all(struct frame_reader *r, size_t limit_bytes, struct strbuf *out, struct error *err)
{
	size_t start = out->size;
	for (;;) {
		const uint8_t *data;
		size_t n;
		TRY(plain_bytes(r, &data, &n, err));
		if (n == 0)
			return strbuf_status(out, err);
		if (n > limit_bytes - (out->size - start))
			return ERR(err, E_LIMIT_EXCEEDED, "'%s' holds more than %zu bytes", r->name, limit_bytes);
		strbuf_put(out, data, n);
		TRY(strbuf_status(out, err));
		r->at += n;
	}
}

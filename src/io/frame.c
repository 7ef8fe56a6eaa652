// SPDX-License-Identifier: Apache-2.0
/* One frame, and the writer of a stream of them. */
#include "io/frame.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "headers are copied as the disk has them");

enum status frame_encode(const struct codec_chain *chain, const void *data, size_t size, struct strbuf *out,
                         struct error *err)
{
	assert(size > 0 && size <= FRAME_DECODED_MAX);
	size_t encoded;
	if (!strbuf_reserve(out, FRAME_CHECKSUM + codec_bound(chain, size)))
		return strbuf_status(out, err);
	uint8_t *frame = (uint8_t *)out->data + out->size;
	TRY(codec_encode(chain, data, size, frame + FRAME_CHECKSUM, &encoded, err));
	struct hash128 sum = cityhash128(frame + FRAME_CHECKSUM, encoded);
	memcpy(frame, &sum.low, 8);
	memcpy(frame + 8, &sum.high, 8);
	out->size += FRAME_CHECKSUM + encoded;
	return OK;
}

enum status frame_header_read(const uint8_t *bytes, struct frame_header *out, struct error *err)
{
	const uint8_t *h = bytes + FRAME_CHECKSUM;
	out->method = h[0];
	memcpy(&out->encoded_size, h + 1, 4);
	memcpy(&out->decoded_size, h + 5, 4);
	if (out->encoded_size < CODEC_HEADER || out->encoded_size > FRAME_DECODED_MAX ||
	    out->decoded_size > FRAME_DECODED_MAX)
		return ERR(err, E_CORRUPTED_DATA, "a frame's header claims %u bytes, %u decoded", out->encoded_size,
		           out->decoded_size);
	return OK;
}

enum status frame_decode(const uint8_t *frame, size_t size, const char *name, struct memtrack *track,
                         struct frame_block *block, struct error *err)
{
	struct frame_header h;
	struct hash128 want;
	assert(size >= FRAME_HEADER);
	unsigned long long at = (unsigned long long)block->offset;
	block->buffer = NULL;
	if (frame_header_read(frame, &h, NULL) != OK || h.encoded_size != size - FRAME_CHECKSUM)
		return ERR(err, E_CORRUPTED_DATA, "damaged frame header in '%s' at offset %llu", name, at);
	struct hash128 sum = cityhash128(frame + FRAME_CHECKSUM, h.encoded_size);
	memcpy(&want.low, frame, 8);
	memcpy(&want.high, frame + 8, 8);
	if (unlikely(sum.low != want.low || sum.high != want.high))
		return ERR(err, E_CHECKSUM_DOESNT_MATCH,
		           "checksum of the frame in '%s' at offset %llu does not match: stored %016llx%016llx, computed "
		           "%016llx%016llx",
		           name, at, (unsigned long long)want.high, (unsigned long long)want.low, (unsigned long long)sum.high,
		           (unsigned long long)sum.low);
	TRY(buffer_new(track, h.decoded_size, &block->buffer, err));
	enum status s = codec_decode(frame + FRAME_CHECKSUM, h.encoded_size, block->buffer->data, h.decoded_size, err);
	if (s != OK) {
		error_context(err, "frame of '%s' at offset %llu", name, at);
		buffer_unref(block->buffer);
		block->buffer = NULL;
		return s;
	}
	block->size = h.decoded_size;
	block->frame_size = size;
	return OK;
}

/* ---- writing ---- */

enum status frame_writer_init(struct frame_writer *w, struct byte_sink sink, const struct codec_chain *chain,
                              size_t block_min, size_t block_max, bool hash_plain, struct memtrack *track,
                              struct error *err)
{
	assert(chain->count > 0);
	*w = (struct frame_writer){
		.sink = sink,
		.chain = *chain,
		.block_min = block_min != 0 ? block_min : FRAME_BLOCK_MIN,
		.block_max = block_max != 0 ? block_max : FRAME_BLOCK_MAX,
	};
	assert(w->block_max <= FRAME_DECODED_MAX);
	strbuf_init(&w->encoded, track);
	if (hash_plain) {
		w->plain_hash = malloc(sizeof *w->plain_hash);
		if (w->plain_hash == NULL)
			return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate %zu bytes", sizeof *w->plain_hash);
		stream_hash_init(w->plain_hash);
	}
	/* starts small: a part of a few rows has many streams; block_reserve lets it grow */
	size_t first = w->block_max < 4096 ? w->block_max : 4096;
	enum status s = buffer_new(track, first, &w->block, err);
	if (s != OK)
		frame_writer_fini(w);
	return s;
}

void frame_writer_fini(struct frame_writer *w)
{
	buffer_unref(w->block);
	strbuf_fini(&w->encoded);
	free(w->plain_hash);
	w->block = NULL;
	w->plain_hash = NULL;
}

void frame_writer_try(struct frame_writer *w, const struct codec_chain *other)
{
	w->other = *other;
}

enum { TRIAL_BLOCKS = 8, TRIAL_BYTES = 16 * 1024 };

/* Which chain to write this block with: neighbours in a stream are alike, so most follow the last trial. */
static enum status choose_chain(struct frame_writer *w, const void *data, size_t size, const struct codec_chain **out,
                                struct error *err)
{
	if (w->other.count != 0 && w->until_trial-- == 0) {
		size_t n = size < TRIAL_BYTES ? size : TRIAL_BYTES;
		TRY(frame_encode(&w->chain, data, n, &w->encoded, err));
		size_t plainly = w->encoded.size;
		TRY(frame_encode(&w->other, data, n, &w->encoded, err));
		/* worth one more step of decoding only from a twentieth on */
		w->prefers_other = w->encoded.size - plainly < plainly - plainly / 20;
		w->until_trial = TRIAL_BLOCKS - 1;
		strbuf_clear(&w->encoded);
	}
	*out = w->other.count != 0 && w->prefers_other ? &w->other : &w->chain;
	return OK;
}

static enum status write_frame(struct frame_writer *w, const void *data, size_t size, struct error *err)
{
	const struct codec_chain *chain = &w->chain;
	strbuf_clear(&w->encoded);
	enum status s = choose_chain(w, data, size, &chain, err);
	if (s == OK)
		s = frame_encode(chain, data, size, &w->encoded, err);
	if (s == OK)
		s = byte_sink_write(w->sink, w->encoded.data, w->encoded.size, err);
	if (s != OK)
		w->failed = s;
	else
		w->frame_offset += w->encoded.size;
	return s;
}

static enum status already_failed(const struct frame_writer *w, struct error *err)
{
	return ERR(err, w->failed, "an earlier write to this stream failed");
}

enum status frame_writer_flush(struct frame_writer *w, struct error *err)
{
	if (w->failed != OK)
		return already_failed(w, err);
	if (w->fill == 0)
		return OK;
	size_t fill = w->fill;
	w->fill = 0;
	return write_frame(w, w->block->data, fill, err);
}

enum status frame_writer_put(struct frame_writer *w, const void *data, size_t size, struct error *err)
{
	if (unlikely(w->failed != OK))
		return already_failed(w, err);
	const uint8_t *p = data;
	if (w->plain_hash != NULL)
		stream_hash_update(w->plain_hash, data, size);
	w->plain_bytes += size;
	while (size > 0) {
		/* a whole block needs no copy */
		if (w->fill == 0 && size >= w->block_max) {
			TRY(write_frame(w, p, w->block_max, err));
			p += w->block_max;
			size -= w->block_max;
			continue;
		}
		size_t n = w->block_max - w->fill;
		n = n < size ? n : size;
		enum status s = buffer_reserve(&w->block, w->encoded.track, w->fill + n, w->fill, err);
		if (s != OK)
			return w->failed = s;
		memcpy(w->block->data + w->fill, p, n);
		w->fill += n;
		p += n;
		size -= n;
		if (w->fill == w->block_max)
			TRY(frame_writer_flush(w, err));
	}
	return OK;
}

enum status frame_writer_mark(struct frame_writer *w, struct frame_mark *out, struct error *err)
{
	if (w->failed != OK || w->fill >= w->block_min)
		TRY(frame_writer_flush(w, err));
	*out = (struct frame_mark){w->frame_offset, w->fill};
	return OK;
}

struct hash128 frame_writer_plain_hash(const struct frame_writer *w)
{
	assert(w->plain_hash != NULL);
	return stream_hash_value(w->plain_hash);
}

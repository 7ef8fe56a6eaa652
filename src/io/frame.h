// SPDX-License-Identifier: Apache-2.0
#ifndef IO_FRAME_H
#define IO_FRAME_H
/*
 * Compressed frame, version 1: ClickHouse's, on disk, in the native protocol and in HTTP with compress=1.
 *
 *   offset 0   16 bytes  CityHash128 of everything behind it: low half, high half
 *         16    1 byte   method (codecs.def; 0x91: a chain)          \
 *         17    u32      compressed size, from offset 16 to the end   > the header, CODEC_HEADER bytes
 *         21    u32      decoded size                                /
 *         25             data
 *
 * All integers are little-endian. A chain's data: 1 byte count, one method byte per step, then the last step's output;
 * each step's output begins with a header of its own. A file is frames one behind the other and nothing else.
 *
 * The reader verifies every checksum; an error names the file and the offset of the frame. Limits: a frame that claims
 * more than FRAME_DECODED_MAX bytes, either way, is corrupt.
 */
#include "io/cache.h"
#include "io/codec.h"
#include "io/file.h"
#include "io/sink.h"
#include "io/stream_hash.h"

enum {
	FRAME_CHECKSUM = 16,
	FRAME_HEADER = FRAME_CHECKSUM + CODEC_HEADER,
	FRAME_DECODED_MAX = CODEC_BLOCK_MAX,
	FRAME_BLOCK_MIN = 64 * 1024,   /* min_compress_block_size */
	FRAME_BLOCK_MAX = 1024 * 1024, /* max_compress_block_size */
};

struct frame_header {
	uint8_t method;
	uint32_t encoded_size; /* without the checksum */
	uint32_t decoded_size;
};

/* Appends one frame of `size` > 0 bytes. */
enum status frame_encode(const struct codec_chain *chain, const void *data, size_t size, struct strbuf *out,
                         struct error *err) MUST_CHECK;
/* Reads the header at `bytes`, of which at least FRAME_HEADER are there, and checks its sizes. */
enum status frame_header_read(const uint8_t *bytes, struct frame_header *out, struct error *err) MUST_CHECK;
/* Verifies and decodes one whole frame of `size` bytes into a new buffer. `name` and block->offset, which the caller
 * has set, go into errors. */
enum status frame_decode(const uint8_t *frame, size_t size, const char *name, struct memtrack *track,
                         struct frame_block *block, struct error *err) MUST_CHECK;

/* ---- writing ---- */

/* Where a value is: the frame's offset in the stream, and the value's in the decoded block. */
struct frame_mark {
	uint64_t frame_offset, block_offset;
};

/*
 * Cuts a stream of bytes into frames of block_max bytes; at a granule's end, into a shorter one once block_min is
 * reached. Marks are taken only with frame_writer_mark, before the granule's first byte. The first failure sticks.
 */
struct frame_writer {
	struct byte_sink sink;
	struct codec_chain chain;
	struct codec_chain other;    /* may be smaller: tried now and then, on the first bytes of a block; count 0: none */
	uint32_t until_trial;        /* blocks */
	bool prefers_other;
	size_t block_min, block_max;
	struct buffer *block;        /* plain bytes of the frame being gathered */
	size_t fill;
	struct strbuf encoded;
	uint64_t frame_offset;       /* bytes given to the sink */
	uint64_t plain_bytes;        /* bytes put, those in `block` included */
	enum status failed;
	struct stream_hash *plain_hash; /* NULL where not asked */
};

/* chain is a resolved one (codec_chain_resolve). block_min/max 0: the defaults above. */
enum status frame_writer_init(struct frame_writer *w, struct byte_sink sink, const struct codec_chain *chain,
                              size_t block_min, size_t block_max, bool hash_plain, struct memtrack *track,
                              struct error *err) MUST_CHECK;
/* Blocks that `other`, a resolved chain, makes smaller are written with it: each frame names its codecs. */
void frame_writer_try(struct frame_writer *w, const struct codec_chain *other);
void frame_writer_fini(struct frame_writer *w);
enum status frame_writer_put(struct frame_writer *w, const void *data, size_t size, struct error *err) MUST_CHECK;
/* Writes what is gathered as one frame, if anything is. */
enum status frame_writer_flush(struct frame_writer *w, struct error *err) MUST_CHECK;
/* The position of the next byte; flushes first where block_min is reached, as ClickHouse does before a mark. */
enum status frame_writer_mark(struct frame_writer *w, struct frame_mark *out, struct error *err) MUST_CHECK;
/* Of the plain bytes put so far; only where it was asked. */
struct hash128 frame_writer_plain_hash(const struct frame_writer *w);

/* ---- reading ---- */

/*
 * Sequential and seeking reader of one stream, over a file or over bytes in memory, through a block cache where it was
 * given one. Blocks are shared: what next() hands out stays valid for as long as the caller holds its reference.
 */
struct frame_reader {
	struct file *file;           /* borrowed; NULL: over bytes */
	const uint8_t *bytes;
	const char *name;            /* for errors, borrowed */
	struct cache *cache;         /* may be NULL */
	struct memtrack *track;
	uint64_t offset, end;        /* of the next frame; of the stream */
	struct buffer *raw;          /* read ahead: file bytes [raw_offset, raw_offset + raw_size) */
	uint64_t raw_offset;
	size_t raw_size, read_size;  /* bytes a read asks for */
	struct frame_block current;  /* for frame_reader_read */
	size_t at;                   /* in current */
	uint64_t bytes_read;         /* from the file: cache misses */
};

/* The stream is bytes [0, end) of the file; `cache` may be NULL. */
void frame_reader_init(struct frame_reader *r, struct file *file, uint64_t end, struct cache *cache,
                       struct memtrack *track);
void frame_reader_init_bytes(struct frame_reader *r, const void *bytes, size_t size, const char *name,
                             struct memtrack *track);
void frame_reader_fini(struct frame_reader *r);
/* How many bytes will be wanted from here on: bounds read-ahead. 0: the default of FRAME_READ_AHEAD. */
void frame_reader_hint(struct frame_reader *r, size_t bytes);
/* The next frame to read is the one at `offset`. */
void frame_reader_seek(struct frame_reader *r, uint64_t offset);
/* To a mark: the next frame_reader_read() returns the byte there. */
enum status frame_reader_seek_mark(struct frame_reader *r, struct frame_mark mark, struct error *err) MUST_CHECK;
/* The next block, one reference for the caller; buffer NULL at the end. */
enum status frame_reader_next(struct frame_reader *r, struct frame_block *out, struct error *err) MUST_CHECK;
/* Plain bytes across blocks: up to `size`, fewer only at the end. Not to be mixed with frame_reader_next. */
enum status frame_reader_read(struct frame_reader *r, void *to, size_t size, size_t *got, struct error *err) MUST_CHECK;
/* All plain bytes that are left, appended; E_LIMIT_EXCEEDED above limit_bytes. */
enum status frame_reader_read_all(struct frame_reader *r, size_t limit_bytes, struct strbuf *out, struct error *err)
	MUST_CHECK;

enum { FRAME_READ_AHEAD = 1024 * 1024 };

#endif

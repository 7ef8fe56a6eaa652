// SPDX-License-Identifier: Apache-2.0
/* Frames: streams come back, marks find their bytes, blocks go through the cache, damage is named with its place. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/file_stream.h"
#include "io/frame.h"
#include "regress/unit/tap.h"

static char path[80];

static void test_bytes(void)
{
	struct strbuf b, plain;
	struct frame_reader r;
	struct error e;
	error_init(&e);
	strbuf_init(&b, NULL);
	strbuf_init(&plain, NULL);
	ok(frame_encode(&codec_chain_none, "abc", 3, &b, &e) == OK, "encode");
	is_int(b.size, FRAME_HEADER + 3, "a frame of three bytes");
	/* as ClickHouse's CODEC(NONE) column of these three bytes begins: method, sizes */
	ok(memcmp(b.data + 16, "\x02\x0c\0\0\0\x03\0\0\0abc", 12) == 0, "header");
	ok(frame_encode(&codec_chain_lz4, "defg", 4, &b, &e) == OK, "a second frame");
	struct codec_chain zstd = codec_chain_zstd(3);
	ok(frame_encode(&zstd, "hi", 2, &b, &e) == OK, "a third");
	frame_reader_init_bytes(&r, b.data, b.size, "bytes", NULL);
	ok(frame_reader_read_all(&r, 100, &plain, &e) == OK, "read all");
	is_str(strbuf_str(&plain), "abcdefghi", "plain bytes");
	frame_reader_seek(&r, 0);
	ok(frame_reader_read_all(&r, 5, &plain, &e) == E_LIMIT_EXCEEDED, "a limit");
	error_clear(&e);
	frame_reader_fini(&r);
	b.data[FRAME_HEADER + 3 + 20] ^= 1;
	frame_reader_init_bytes(&r, b.data, b.size, "some.bin", NULL);
	strbuf_clear(&plain);
	enum status s = frame_reader_read_all(&r, 100, &plain, &e);
	ok((s == E_CHECKSUM_DOESNT_MATCH || s == E_CORRUPTED_DATA) && strstr(e.message, "some.bin") != NULL &&
	   strstr(e.message, "offset 28") != NULL, "a flipped bit is named: %s", e.message);
	error_clear(&e);
	frame_reader_fini(&r);
	frame_reader_init_bytes(&r, b.data, 20, "cut", NULL);
	ok(frame_reader_read_all(&r, 100, &plain, &e) == E_CORRUPTED_DATA, "cut short");
	frame_reader_fini(&r);
	strbuf_fini(&b);
	strbuf_fini(&plain);
}

enum { ROWS = 500000, GRANULE = 8192 };

static struct frame_mark marks[ROWS / GRANULE + 1];

static void write_stream(struct memtrack *track, struct error *e)
{
	struct file_writer fw;
	struct frame_writer w;
	struct codec_chain chain;
	bool good = codec_chain_parse(STR("Delta, LZ4"), (struct codec_value){CODEC_VALUE_UINT, 8}, false, &chain, e) == OK;
	good = good && file_writer_open(&fw, path, true, track, e) == OK;
	good = good && frame_writer_init(&w, file_writer_sink(&fw), &chain, 0, 0, true, track, e) == OK;
	for (uint64_t i = 0; good && i < ROWS; i++) {
		uint64_t v = i * i;
		if (i % GRANULE == 0)
			good = frame_writer_mark(&w, &marks[i / GRANULE], e) == OK;
		good = good && frame_writer_put(&w, &v, sizeof v, e) == OK;
	}
	good = good && frame_writer_flush(&w, e) == OK;
	is_int(w.plain_bytes, ROWS * 8, "plain bytes");
	is_int(w.frame_offset, file_writer_offset(&fw), "the frames are the file");
	ok(good && file_writer_close(&fw, false, e) == OK, "a stream written");
	frame_writer_fini(&w);
}

static void test_file(void)
{
	struct memtrack track;
	struct error e;
	struct file *f;
	struct cache *cache;
	struct frame_reader r;
	struct cache_stats stats;
	uint64_t size, v;
	size_t got;
	error_init(&e);
	memtrack_init(&track, NULL, "test", 0);
	write_stream(&track, &e);
	ok(marks[0].frame_offset == 0 && marks[1].frame_offset > 0 && marks[1].block_offset == 0,
	   "a granule of 64 KiB is a frame");
	ok(file_open(&f, path, FILE_READ, &e) == OK && file_size(f, &size, &e) == OK, "open");
	ok(cache_new(&cache, 16 << 20, &track, &e) == OK, "cache");
	for (int round = 0; round < 2; round++) {
		bool good = true;
		frame_reader_init(&r, f, size, cache, &track);
		for (uint64_t i = 0; i < ROWS && good; i++)
			good = frame_reader_read(&r, &v, 8, &got, &e) == OK && got == 8 && v == i * i;
		ok(good, "all values, round %d", round);
		ok(frame_reader_read(&r, &v, 8, &got, &e) == OK && got == 0, "then the end");
		ok(round == 0 ? r.bytes_read == size : r.bytes_read == 0, "bytes read from the file");
		for (int m = ROWS / GRANULE; m >= 0; m -= 7)
			good = good && frame_reader_seek_mark(&r, marks[m], &e) == OK && frame_reader_read(&r, &v, 8, &got, &e) == OK &&
			       v == (uint64_t)m * GRANULE * (uint64_t)m * GRANULE;
		ok(good, "marks find their values");
		ok(frame_reader_seek_mark(&r, (struct frame_mark){0, 1 << 20}, &e) == E_CORRUPTED_DATA, "a wrong mark is noticed");
		error_clear(&e);
		frame_reader_fini(&r);
	}
	cache_stats(cache, &stats);
	ok(stats.hits > stats.misses && stats.blocks == stats.inserts && stats.held_bytes == 0,
	   "the second round hit the cache");
	cache_free(cache);
	file_drop(f);
	is_int(memtrack_used(&track), 0, "all memory returned");
}

static void test_large_put(void)
{
	struct strbuf b, plain;
	struct frame_writer w;
	struct frame_reader r;
	struct error e;
	struct frame_block block;
	error_init(&e);
	strbuf_init(&b, NULL);
	strbuf_init(&plain, NULL);
	size_t size = 5000000;
	uint8_t *data = malloc(size);
	for (size_t i = 0; i < size; i++)
		data[i] = (uint8_t)(i * 31 >> 7);
	bool good = frame_writer_init(&w, byte_sink_strbuf(&b), &codec_chain_lz4, 0, 0, true, NULL, &e) == OK;
	good = good && frame_writer_put(&w, data, 10, &e) == OK && frame_writer_put(&w, data + 10, size - 10, &e) == OK;
	good = good && frame_writer_flush(&w, &e) == OK && frame_writer_flush(&w, &e) == OK;
	frame_writer_fini(&w);
	frame_reader_init_bytes(&r, b.data, b.size, "b", NULL);
	int blocks = 0;
	while (good && frame_reader_next(&r, &block, &e) == OK && block.buffer != NULL) {
		good = block.size == FRAME_BLOCK_MAX || block.size == size % FRAME_BLOCK_MAX;
		strbuf_put(&plain, block.buffer->data, block.size);
		buffer_unref(block.buffer);
		blocks++;
	}
	is_int(blocks, 5, "blocks of 1 MiB and the rest");
	ok(good && plain.size == size && memcmp(plain.data, data, size) == 0, "what was put");
	frame_reader_fini(&r);
	strbuf_fini(&b);
	strbuf_fini(&plain);
	free(data);
}

int main(void)
{
	snprintf(path, sizeof path, "frame_test.%d", (int)getpid());
	test_bytes();
	test_large_put();
	test_file();
	unlink(path);
	return tap_done();
}

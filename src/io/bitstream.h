// SPDX-License-Identifier: Apache-2.0
#ifndef IO_BITSTREAM_H
#define IO_BITSTREAM_H
/*
 * Bit streams, most significant bit first, as DoubleDelta and Gorilla pack them.
 *
 * The writer may write up to 8 bytes behind its last whole byte, so its room has that slack; the reader never reads
 * outside its bytes, and past the end it sees zeros, which bit_reader_overrun tells at the end.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bit_writer {
	uint8_t *to;
	uint64_t word;   /* gathered bits, at the low end */
	unsigned count;  /* of them, below 64 */
};

static inline void bit_writer_store(uint8_t *to, uint64_t word)
{
	word = __builtin_bswap64(word);
	memcpy(to, &word, 8);
}

/* The low `bits` (1 .. 64) of value; those above must be zero. */
static inline void bit_writer_put(struct bit_writer *w, uint64_t value, unsigned bits)
{
	unsigned room = 64 - w->count;
	if (bits < room) {
		w->word = w->word << bits | value;
		w->count += bits;
		return;
	}
	unsigned rest = bits - room;
	/* room is 64 only with an empty word, which a shift by 64 could not clear */
	uint64_t full = room == 64 ? value : w->word << room | value >> rest;
	bit_writer_store(w->to, full);
	w->to += 8;
	w->word = rest == 0 ? 0 : value & (((uint64_t)1 << rest) - 1);
	w->count = rest;
}

/* Ends the stream on a byte; returns the byte behind it. */
static inline uint8_t *bit_writer_finish(struct bit_writer *w)
{
	if (w->count == 0)
		return w->to;
	bit_writer_store(w->to, w->word << (64 - w->count));
	return w->to + (w->count + 7) / 8;
}

struct bit_reader {
	const uint8_t *data;
	size_t size;
	uint64_t at;     /* bits taken */
};

/* The next 57 bits at least, left-aligned. */
static inline uint64_t bit_reader_peek(const struct bit_reader *r)
{
	size_t byte = (size_t)(r->at >> 3);
	uint64_t word = 0;
	if (byte + 8 <= r->size)
		memcpy(&word, r->data + byte, 8);
	else if (byte < r->size)
		memcpy(&word, r->data + byte, r->size - byte);
	return __builtin_bswap64(word) << (r->at & 7);
}

static inline void bit_reader_skip(struct bit_reader *r, unsigned bits)
{
	r->at += bits;
}

/* 0 .. 64 bits. */
static inline uint64_t bit_reader_take(struct bit_reader *r, unsigned bits)
{
	if (bits == 0)
		return 0;
	if (bits <= 57) {
		uint64_t v = bit_reader_peek(r) >> (64 - bits);
		r->at += bits;
		return v;
	}
	uint64_t high = bit_reader_peek(r) >> 32;
	r->at += 32;
	uint64_t low = bit_reader_peek(r) >> (96 - bits);
	r->at += bits - 32;
	return high << (bits - 32) | low;
}

static inline bool bit_reader_overrun(const struct bit_reader *r)
{
	return r->at > (uint64_t)r->size * 8;
}

#endif

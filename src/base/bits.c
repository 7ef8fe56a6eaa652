// SPDX-License-Identifier: Apache-2.0
#include "base/bits.h"

/* The bits of word w that lie in [from, to), where w is one of the range's words. */
static inline uint64_t range_mask(size_t w, size_t from, size_t to)
{
	uint64_t mask = ~(uint64_t)0;
	if (w == from / 64)
		mask <<= from % 64;
	if (w == to / 64)
		mask &= low_mask64(to % 64);
	return mask;
}

void bits_fill(uint64_t *bits, size_t from, size_t to, bool value)
{
	assert(from <= to);
	for (size_t w = from / 64; w < bits_words(to); w++) {
		uint64_t mask = range_mask(w, from, to);
		bits[w] = value ? bits[w] | mask : bits[w] & ~mask;
	}
}

size_t bits_count(const uint64_t *bits, size_t from, size_t to)
{
	assert(from <= to);
	if (from == to)
		return 0;
	size_t first = from / 64, last = (to - 1) / 64, n = 0;
	if (first == last)
		return popcount64(bits[first] & range_mask(first, from, to));
	for (size_t w = first + 1; w < last; w++)
		n += popcount64(bits[w]);
	n += popcount64(bits[first] & range_mask(first, from, to));
	return n + popcount64(bits[last] & range_mask(last, from, to));
}

static inline size_t next(const uint64_t *bits, size_t from, size_t to, uint64_t flip)
{
	if (from >= to)
		return to;
	size_t w = from / 64, words = bits_words(to);
	uint64_t v = (bits[w] ^ flip) & ~(uint64_t)0 << (from % 64);
	while (v == 0 && ++w < words)
		v = bits[w] ^ flip;
	size_t i = v == 0 ? to : w * 64 + ctz64(v);
	return i < to ? i : to;
}

size_t bits_next_set(const uint64_t *bits, size_t from, size_t to)
{
	return next(bits, from, to, 0);
}

size_t bits_next_clear(const uint64_t *bits, size_t from, size_t to)
{
	return next(bits, from, to, ~(uint64_t)0);
}

size_t bits_last_set(const uint64_t *bits, size_t to)
{
	for (size_t w = bits_words(to); w-- > 0;) {
		uint64_t v = bits[w] & range_mask(w, 0, to);
		if (v != 0)
			return w * 64 + 63 - clz64(v);
	}
	return SIZE_MAX;
}

bool bits_none(const uint64_t *bits, size_t n)
{
	return bits_next_set(bits, 0, n) == n;
}

bool bits_all(const uint64_t *bits, size_t n)
{
	return bits_next_clear(bits, 0, n) == n;
}

bool bits_equal(const uint64_t *a, const uint64_t *b, size_t n)
{
	if (n / 64 != 0 && memcmp(a, b, n / 64 * 8) != 0)
		return false;
	return n % 64 == 0 || ((a[n / 64] ^ b[n / 64]) & low_mask64(n % 64)) == 0;
}

void bits_and(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t n)
{
	for (size_t w = 0; w < bits_words(n); w++)
		out[w] = a[w] & b[w];
}

void bits_or(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t n)
{
	for (size_t w = 0; w < bits_words(n); w++)
		out[w] = a[w] | b[w];
}

void bits_xor(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t n)
{
	for (size_t w = 0; w < bits_words(n); w++)
		out[w] = a[w] ^ b[w];
}

void bits_andnot(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t n)
{
	for (size_t w = 0; w < bits_words(n); w++)
		out[w] = a[w] & ~b[w];
}

void bits_not(uint64_t *out, const uint64_t *a, size_t n)
{
	for (size_t w = 0; w < bits_words(n); w++)
		out[w] = ~a[w];
	bits_clear_tail(out, n);
}

/* n <= 64 bits from bit `from` on, reading no word that holds none of them. */
static inline uint64_t load_bits(const uint64_t *bits, size_t from, unsigned n)
{
	unsigned shift = from % 64;
	uint64_t v = bits[from / 64] >> shift;
	if (shift + n > 64)
		v |= bits[from / 64 + 1] << (64 - shift);
	return v & low_mask64(n);
}

void bits_copy(uint64_t *out, size_t to, const uint64_t *source, size_t from, size_t n)
{
	while (n != 0) {
		unsigned shift = to % 64, room = 64 - shift, take = n < room ? (unsigned)n : room;
		uint64_t *w = &out[to / 64], mask = low_mask64(take) << shift;
		*w = (*w & ~mask) | load_bits(source, from, take) << shift;
		to += take;
		from += take;
		n -= take;
	}
}

void bits_to_bytes(uint8_t *out, const uint64_t *bits, size_t from, size_t n)
{
	size_t i = 0;
	for (; i + 8 <= n; i += 8) {
		uint64_t x = spread8((uint8_t)load_bits(bits, from + i, 8));
		memcpy(out + i, &x, 8);
	}
	for (; i < n; i++)
		out[i] = bit_get(bits, from + i);
}

/* Up to 64 bytes to as many bits. */
static inline uint64_t word_from_bytes(const uint8_t *bytes, size_t n)
{
	uint64_t v = 0;
	for (size_t i = 0; i < n; i += 8) {
		uint64_t x = 0;
		memcpy(&x, bytes + i, n - i < 8 ? n - i : 8);
		v |= (uint64_t)gather8(bytes_nonzero8(x)) << i;
	}
	return v;
}

void bits_from_bytes(uint64_t *out, const uint8_t *bytes, size_t n)
{
	size_t w = 0;
	for (; (w + 1) * 64 <= n; w++)
		out[w] = word_from_bytes(bytes + w * 64, 64);
	if (n % 64 != 0)
		out[w] = word_from_bytes(bytes + w * 64, n % 64);
}

/* Four at a time, whether so many are left or not, so that the branch is taken once for most words. */
size_t bits_to_indexes(uint32_t *out, const uint64_t *bits, size_t n)
{
	size_t count = 0;
	for (size_t w = 0; w < bits_words(n); w++) {
		uint64_t v = bits[w] & range_mask(w, 0, n);
		uint32_t base = (uint32_t)(w * 64);
		if (v == ~(uint64_t)0) {
			for (uint32_t i = 0; i < 64; i++)
				out[count + i] = base + i;
			count += 64;
			continue;
		}
		size_t end = count + popcount64(v);
		for (uint32_t *p = out + count; v != 0; p += 4)
			for (int i = 0; i < 4; i++) {
				p[i] = base + ctz64(v);
				v &= v - 1;
			}
		count = end;
	}
	return count;
}

/* The top bit of each byte that is not zero. */
static inline uint64_t nonzero_bytes(const uint8_t *bytes)
{
	uint64_t w;
	memcpy(&w, bytes, sizeof w);
	return (((w & 0x7f7f7f7f7f7f7f7fu) + 0x7f7f7f7f7f7f7f7fu) | w) & 0x8080808080808080u;
}

/* Eight bytes at a time: mostly none of them is set, or most are. */
size_t bytes_to_indexes(uint32_t *out, const uint8_t *bytes, size_t n)
{
	enum { DENSE = 4 };
	size_t count = 0, i = 0;
	for (; i + 8 <= n; i += 8) {
		uint64_t set = nonzero_bytes(bytes + i);
		if (set == 0)
			continue;
		if (__builtin_popcountll(set) > DENSE) {
			for (unsigned k = 0; k < 8; k++) {
				out[count] = (uint32_t)(i + k);
				count += bytes[i + k] != 0;
			}
			continue;
		}
		for (; set != 0; set &= set - 1)
			out[count++] = (uint32_t)(i + (unsigned)__builtin_ctzll(set) / 8);
	}
	for (; i < n; i++) {
		out[count] = (uint32_t)i;
		count += bytes[i] != 0;
	}
	return count;
}

size_t bytes_count(const uint8_t *bytes, size_t n)
{
	size_t count = 0, i = 0;
	for (; i + 8 <= n; i += 8)
		count += (size_t)__builtin_popcountll(nonzero_bytes(bytes + i));
	for (; i < n; i++)
		count += bytes[i] != 0;
	return count;
}

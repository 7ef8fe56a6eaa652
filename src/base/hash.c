// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"
#include "base/hash_seeded.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>
#include <zlib.h>

static inline uint64_t load64(const uint8_t *p)
{
	uint64_t v;
	memcpy(&v, p, 8);
	return v;
}

static inline uint32_t load32(const uint8_t *p)
{
	uint32_t v;
	memcpy(&v, p, 4);
	return v;
}

static inline uint64_t rotate_left(uint64_t v, unsigned bits)
{
	return v << bits | v >> (64 - bits);
}

static inline uint64_t rotate_right(uint64_t v, unsigned bits)
{
	return v >> bits | v << (64 - bits);
}

uint64_t hash_bytes(const void *data, size_t size, uint64_t seed)
{
	return XXH3_64bits_withSeed(data, size, seed);
}

/* CityHash by Pike and Alakuijala, in the state of its release 1.0.2. The names of its four primes are its authors'. */
static const uint64_t k0 = 0xc3a5c85c97cb3127, k1 = 0xb492b66fbe98f273;
static const uint64_t k2 = 0x9ae16a3b2f90404f, k3 = 0xc949d7c7509e6557;

static inline uint64_t city_shift(uint64_t v)
{
	return v ^ v >> 47;
}

static inline uint64_t city_pair(uint64_t a, uint64_t b)
{
	const uint64_t m = 0x9ddfea08eb382d69;
	return city_shift((city_shift((a ^ b) * m) ^ b) * m) * m;
}

static uint64_t city_to16(const uint8_t *s, size_t size)
{
	if (size > 8) {
		uint64_t a = load64(s), b = load64(s + size - 8);
		return city_pair(a, rotate_right(b + size, (unsigned)size)) ^ b;
	}
	if (size >= 4)
		return city_pair(size + ((uint64_t)load32(s) << 3), load32(s + size - 4));
	if (size > 0) {
		uint32_t y = s[0] + ((uint32_t)s[size >> 1] << 8), z = (uint32_t)size + ((uint32_t)s[size - 1] << 2);
		return city_shift(y * k2 ^ z * k3) * k2;
	}
	return k2;
}

static uint64_t city_17_to_32(const uint8_t *s, size_t size)
{
	uint64_t a = load64(s) * k1, b = load64(s + 8);
	uint64_t c = load64(s + size - 8) * k2, d = load64(s + size - 16) * k0;
	return city_pair(rotate_right(a - b, 43) + rotate_right(c, 30) + d, a + rotate_right(b ^ k3, 20) - c + size);
}

static uint64_t city_33_to_64(const uint8_t *s, size_t size)
{
	const uint8_t *end = s + size;
	uint64_t a = load64(s) + (size + load64(end - 16)) * k0, z = load64(s + 24);
	uint64_t b = rotate_right(a + z, 52), c = rotate_right(a, 37);
	a += load64(s + 8);
	c += rotate_right(a, 7);
	a += load64(s + 16);
	uint64_t head_low = a + z, head_high = b + rotate_right(a, 31) + c;

	a = load64(s + 16) + load64(end - 32);
	z = load64(end - 8);
	b = rotate_right(a + z, 52);
	c = rotate_right(a, 37);
	a += load64(end - 24);
	c += rotate_right(a, 7);
	a += load64(end - 16);
	uint64_t tail_low = a + z, tail_high = b + rotate_right(a, 31) + c;
	uint64_t r = city_shift((head_low + tail_high) * k2 + (tail_low + head_high) * k0);
	return city_shift(r * k0 + head_high) * k2;
}

static inline struct hash128 city_weak32(const uint8_t *s, uint64_t a, uint64_t b)
{
	uint64_t w = load64(s), x = load64(s + 8), y = load64(s + 16), z = load64(s + 24);
	a += w;
	b = rotate_right(b + a + z, 21);
	uint64_t c = a;
	a += x + y;
	b += rotate_right(a, 44);
	return (struct hash128){a + z, b + c};
}

/* 56 bytes of state, stirred with 64 bytes of input at a time. */
struct city {
	uint64_t x, y, z;
	struct hash128 v, w;
};

static inline void city_stir(struct city *c, const uint8_t *s)
{
	uint64_t x = rotate_right(c->x + c->y + c->v.low + load64(s + 16), 37) * k1;
	uint64_t y = rotate_right(c->y + c->v.high + load64(s + 48), 42) * k1;
	x ^= c->w.high;
	y ^= c->v.low;
	uint64_t z = rotate_right(c->z ^ c->w.low, 33);
	c->v = city_weak32(s, c->v.high * k1, x + c->w.low);
	c->w = city_weak32(s + 32, z + c->w.high, y);
	c->x = z;
	c->y = y;
	c->z = x;
}

uint64_t cityhash64(const void *data, size_t size)
{
	const uint8_t *s = data;
	if (size <= 16)
		return city_to16(s, size);
	if (size <= 32)
		return city_17_to_32(s, size);
	if (size <= 64)
		return city_33_to_64(s, size);
	const uint8_t *end = s + size;
	struct city c = {.x = load64(s), .y = load64(end - 16) ^ k1, .z = load64(end - 56) ^ k0};
	c.v = city_weak32(end - 64, size, c.y);
	c.w = city_weak32(end - 32, size * k1, k0);
	c.z += city_shift(c.v.high) * k1;
	c.x = rotate_right(c.z + c.x, 39) * k1;
	c.y = rotate_right(c.y, 33) * k1;
	/* All whole 64 bytes but the last, which was mixed in above when the size is a multiple of 64. */
	for (const uint8_t *stop = s + ((size - 1) & ~(size_t)63); s != stop; s += 64)
		city_stir(&c, s);
	return city_pair(city_pair(c.v.low, c.w.low) + city_shift(c.y) * k1 + c.z, city_pair(c.v.high, c.w.high) + c.x);
}

uint64_t cityhash64_seeded(const void *data, size_t size, uint64_t seed)
{
	return city_pair(cityhash64(data, size) - k2, seed);
}

uint64_t cityhash64_pair(uint64_t low, uint64_t high)
{
	return city_pair(low, high);
}

/* The 128-bit form of fewer than 128 bytes. */
static struct hash128 city_murmur(const uint8_t *s, size_t size, struct hash128 seed)
{
	uint64_t a = seed.low, b = seed.high, c, d;
	if (size <= 16) {
		a = city_shift(a * k1) * k1;
		c = b * k1 + city_to16(s, size);
		d = city_shift(a + (size >= 8 ? load64(s) : c));
	} else {
		c = city_pair(load64(s + size - 8) + k1, a);
		d = city_pair(b + size, c + load64(s + size - 16));
		a += d;
		for (ptrdiff_t left = (ptrdiff_t)size - 16; left > 0; left -= 16, s += 16) {
			a = (a ^ city_shift(load64(s) * k1) * k1) * k1;
			b ^= a;
			c = (c ^ city_shift(load64(s + 8) * k1) * k1) * k1;
			d ^= c;
		}
	}
	a = city_pair(a, c);
	b = city_pair(d, b);
	return (struct hash128){a ^ b, city_pair(b, a)};
}

static struct hash128 city_128_seeded(const uint8_t *s, size_t size, struct hash128 seed)
{
	if (size < 128)
		return city_murmur(s, size, seed);
	struct city c = {.x = seed.low, .y = seed.high, .z = size * k1};
	c.v.low = rotate_right(c.y ^ k1, 49) * k1 + load64(s);
	c.v.high = rotate_right(c.v.low, 42) * k1 + load64(s + 8);
	c.w.low = rotate_right(c.y + c.z, 35) * k1 + c.x;
	c.w.high = rotate_right(c.x + load64(s + 88), 53) * k1;
	for (; size >= 128; size -= 128, s += 128) {
		city_stir(&c, s);
		city_stir(&c, s + 64);
	}
	c.y += rotate_right(c.w.low, 37) * k0 + c.z;
	c.x += rotate_right(c.v.low + c.z, 49) * k0;
	/* The rest from its end, 32 bytes at a time; the last step may reach back into what was stirred. */
	for (size_t done = 0; done < size;) {
		done += 32;
		const uint8_t *p = s + size - done;
		c.y = rotate_right(c.y - c.x, 42) * k0 + c.v.high;
		c.w.low += load64(p + 16);
		c.x = rotate_right(c.x, 49) * k0 + c.w.low;
		c.w.low += c.v.low;
		c.v = city_weak32(p, c.v.low, c.v.high);
	}
	c.x = city_pair(c.x, c.v.low);
	c.y = city_pair(c.y, c.w.low);
	return (struct hash128){city_pair(c.x + c.v.high, c.w.high) + c.y, city_pair(c.x + c.w.high, c.y + c.v.high)};
}

struct hash128 cityhash128_seeded(const void *data, size_t size, struct hash128 seed)
{
	return city_128_seeded(data, size, seed);
}

struct hash128 cityhash128(const void *data, size_t size)
{
	const uint8_t *s = data;
	if (size >= 16)
		return city_128_seeded(s + 16, size - 16, (struct hash128){load64(s) ^ k3, load64(s + 8)});
	if (size >= 8)
		return city_128_seeded(s, 0, (struct hash128){load64(s) ^ size * k0, load64(s + size - 8) ^ k1});
	return city_128_seeded(s, size, (struct hash128){k0, k1});
}

/* SipHash-2-4 by Aumasson and Bernstein. */
static inline void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate_left(v[1], 13) ^ v[0];
	v[0] = rotate_left(v[0], 32);
	v[2] += v[3];
	v[3] = rotate_left(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate_left(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate_left(v[1], 17) ^ v[2];
	v[2] = rotate_left(v[2], 32);
}

static inline void sip_word(struct siphash *h, uint64_t word)
{
	h->v[3] ^= word;
	sip_round(h->v);
	sip_round(h->v);
	h->v[0] ^= word;
}

void siphash_init(struct siphash *h, uint64_t key0, uint64_t key1)
{
	h->v[0] = key0 ^ 0x736f6d6570736575;
	h->v[1] = key1 ^ 0x646f72616e646f6d;
	h->v[2] = key0 ^ 0x6c7967656e657261;
	h->v[3] = key1 ^ 0x7465646279746573;
	h->tail = 0;
	h->size = 0;
}

void siphash_update(struct siphash *h, const void *data, size_t size)
{
	const uint8_t *s = data;
	unsigned filled = h->size & 7;
	h->size += size;
	if (filled != 0) {
		for (; filled < 8 && size != 0; filled++, size--)
			h->tail |= (uint64_t)*s++ << 8 * filled;
		if (filled < 8)
			return;
		sip_word(h, h->tail);
		h->tail = 0;
	}
	for (; size >= 8; size -= 8, s += 8)
		sip_word(h, load64(s));
	for (unsigned i = 0; i < size; i++)
		h->tail |= (uint64_t)s[i] << 8 * i;
}

/* Both lengths end alike; the reference's own 128-bit form would differ in the marker and take four rounds more. */
static void sip_finish(struct siphash *h)
{
	sip_word(h, h->size << 56 | h->tail);
	h->v[2] ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(h->v);
}

uint64_t siphash_final64(struct siphash *h)
{
	sip_finish(h);
	return h->v[0] ^ h->v[1] ^ h->v[2] ^ h->v[3];
}

struct hash128 siphash_final128(struct siphash *h)
{
	sip_finish(h);
	return (struct hash128){h->v[0] ^ h->v[1], h->v[2] ^ h->v[3]};
}

uint64_t siphash64(const void *data, size_t size, uint64_t key0, uint64_t key1)
{
	struct siphash h;
	siphash_init(&h, key0, key1);
	siphash_update(&h, data, size);
	return siphash_final64(&h);
}

struct hash128 siphash128(const void *data, size_t size, uint64_t key0, uint64_t key1)
{
	struct siphash h;
	siphash_init(&h, key0, key1);
	siphash_update(&h, data, size);
	return siphash_final128(&h);
}

uint32_t crc32_ieee(uint32_t crc, const void *data, size_t size)
{
	return size == 0 ? crc : (uint32_t)crc32_z(crc, data, size);
}

/* Tables for eight bytes a step (M. E. Kounavis and F. L. Berry, "Novel table lookup-based algorithms", 2008). */
static uint32_t castagnoli[8][256];

__attribute__((constructor)) static void castagnoli_fill(void)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t c = i;
		for (int bit = 0; bit < 8; bit++)
			c = c >> 1 ^ (c & 1 ? 0x82f63b78u : 0);
		castagnoli[0][i] = c;
	}
	for (int t = 1; t < 8; t++)
		for (uint32_t i = 0; i < 256; i++)
			castagnoli[t][i] = castagnoli[t - 1][i] >> 8 ^ castagnoli[0][castagnoli[t - 1][i] & 0xff];
}

uint32_t crc32c_by_table(uint32_t crc, const void *data, size_t size)
{
	const uint8_t *s = data;
	uint32_t c = ~crc;
	for (; size >= 8; size -= 8, s += 8) {
		uint64_t w = load64(s) ^ c;
		c = castagnoli[7][w & 0xff] ^ castagnoli[6][w >> 8 & 0xff] ^ castagnoli[5][w >> 16 & 0xff] ^
		    castagnoli[4][w >> 24 & 0xff] ^ castagnoli[3][w >> 32 & 0xff] ^ castagnoli[2][w >> 40 & 0xff] ^
		    castagnoli[1][w >> 48 & 0xff] ^ castagnoli[0][w >> 56];
	}
	for (; size != 0; size--, s++)
		c = c >> 8 ^ castagnoli[0][(c ^ *s) & 0xff];
	return ~c;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t crc32c_by_instruction(uint32_t crc, const void *data, size_t size)
{
	const uint8_t *s = data;
	uint64_t c = ~crc;
	for (; size >= 8; size -= 8, s += 8)
		c = __builtin_ia32_crc32di(c, load64(s));
	for (; size != 0; size--, s++)
		c = __builtin_ia32_crc32qi((uint32_t)c, *s);
	return ~(uint32_t)c;
}

uint32_t crc32c(uint32_t crc, const void *data, size_t size)
{
	return __builtin_cpu_supports("sse4.2") ? crc32c_by_instruction(crc, data, size) : crc32c_by_table(crc, data, size);
}
#else
uint32_t crc32c(uint32_t crc, const void *data, size_t size)
{
	return crc32c_by_table(crc, data, size);
}
#endif

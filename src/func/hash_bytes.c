// SPDX-License-Identifier: Apache-2.0
/* FarmHash, MetroHash, CRC-64 and MD4. */
#include <string.h>

#include "func/hash_impl.h"

static inline uint64_t word(const char *p)
{
	uint64_t v;
	memcpy(&v, p, 8);
	return v;
}

static inline uint64_t word32(const char *p)
{
	uint32_t v;
	memcpy(&v, p, 4);
	return v;
}

static inline uint64_t rotate(uint64_t x, unsigned n)
{
	return x >> n | x << (64 - n);
}

/* ---- FarmHash ---- */

static const uint64_t F0 = 0xc3a5c85c97cb3127, F1 = 0xb492b66fbe98f273, F2 = 0x9ae16a3b2f90404f;

static inline uint64_t shift_mix(uint64_t v)
{
	return v ^ v >> 47;
}

static uint64_t mix_pair(uint64_t u, uint64_t v, uint64_t mul)
{
	uint64_t a = shift_mix((u ^ v) * mul);
	return shift_mix((v ^ a) * mul) * mul;
}

static uint64_t farm_to_16(const char *s, size_t n)
{
	uint64_t mul = F2 + n * 2;
	if (n >= 8) {
		uint64_t a = word(s) + F2, b = word(s + n - 8);
		return mix_pair(rotate(b, 37) * mul + a, (rotate(a, 25) + b) * mul, mul);
	}
	if (n >= 4)
		return mix_pair(n + (word32(s) << 3), word32(s + n - 4), mul);
	if (n == 0)
		return F2;
	uint32_t y = (unsigned char)s[0] + ((uint32_t)(unsigned char)s[n >> 1] << 8);
	uint32_t z = (uint32_t)n + ((uint32_t)(unsigned char)s[n - 1] << 2);
	return shift_mix(y * F2 ^ z * F0) * F2;
}

static uint64_t farm_to_32(const char *s, size_t n)
{
	uint64_t mul = F2 + n * 2, a = word(s) * F1, b = word(s + 8), c = word(s + n - 8) * mul, d = word(s + n - 16) * F2;
	return mix_pair(rotate(a + b, 43) + rotate(c, 30) + d, a + rotate(b + F2, 18) + c, mul);
}

/* 32 bytes of a longer text. */
static uint64_t farm_32(const char *s, uint64_t mul, uint64_t seed0, uint64_t seed1)
{
	uint64_t a = word(s) * F1, b = word(s + 8), c = word(s + 24) * mul, d = word(s + 16) * F2;
	uint64_t u = rotate(a + b, 43) + rotate(c, 30) + d + seed0, v = a + rotate(b + F2, 18) + c + seed1;
	a = shift_mix((u ^ v) * mul);
	return shift_mix((v ^ a) * mul);
}

static uint64_t farm_to_96(const char *s, size_t n)
{
	uint64_t less = n <= 64 ? 30 : 114, mul = F2 - less, last = mul + 2 * n, h0 = farm_32(s, mul, 0, 0), h1;
	if (n <= 64)
		return (farm_32(s + n - 32, last, 0, 0) * last + h0) * last;
	h1 = farm_32(s + 32, last, 0, 0);
	return (farm_32(s + n - 32, last, h0, h1) * 9 + (h0 >> 17) + (h1 >> 21)) * last;
}

struct pair {
	uint64_t a, b;
};

static struct pair weak_mix(const char *s, uint64_t a, uint64_t b)
{
	uint64_t w = word(s), x = word(s + 8), y = word(s + 16), z = word(s + 24), c;
	a += w;
	b = rotate(b + a + z, 21);
	c = a;
	a += x + y;
	b += rotate(a, 44);
	return (struct pair){a + z, b + c};
}

/* One block of 64 bytes; `last`: 9 for the last one, whose parts weigh more. */
struct farm {
	uint64_t x, y, z;
	struct pair v, w;
};

static void farm_block(struct farm *h, const char *s, uint64_t mul, uint64_t last)
{
	h->x = rotate(h->x + h->y + h->v.a + word(s + 8), 37) * mul;
	h->y = rotate(h->y + h->v.b + word(s + 48), 42) * mul;
	h->x ^= h->w.b * last;
	h->y += h->v.a * last + word(s + 40);
	h->z = rotate(h->z + h->w.a, 33) * mul;
	h->v = weak_mix(s, h->v.b * mul, h->x + h->w.a);
	h->w = weak_mix(s + 32, h->z + h->w.b, h->y + word(s + 16));
	uint64_t z = h->z;
	h->z = h->x;
	h->x = z;
}

static uint64_t farm_to_256(const char *s, size_t n)
{
	const uint64_t seed = 81;
	struct farm h = {.x = seed, .y = seed * F1 + 113};
	h.z = shift_mix(h.y * F2 + 113) * F2;
	h.x = h.x * F2 + word(s);
	const char *end = s + (n - 1) / 64 * 64, *last = end + ((n - 1) & 63) - 63;
	for (; s != end; s += 64)
		farm_block(&h, s, F1, 1);
	uint64_t mul = F1 + ((h.z & 0xff) << 1);
	h.w.a += (n - 1) & 63;
	h.v.a += h.w.a;
	h.w.a += h.v.a;
	farm_block(&h, last, mul, 9);
	return mix_pair(mix_pair(h.v.a, h.w.a, mul) + shift_mix(h.y) * F0 + h.z, mix_pair(h.v.b, h.w.b, mul) + h.x, mul);
}

/* farmhashuo: of eight words a round. */
struct farm_long {
	uint64_t x, y, z, u, mul;
	struct pair v, w;
};

static inline void swap(uint64_t *a, uint64_t *b)
{
	uint64_t t = *a;
	*a = *b;
	*b = t;
}

static void farm_long_block(struct farm_long *h, const char *s)
{
	uint64_t a[8];
	memcpy(a, s, sizeof a);
	h->x = rotate(h->x + a[0] + a[1], 26) * 9;
	h->y = rotate(h->y + a[2], 29);
	h->z = (h->z + a[3]) * h->mul;
	h->v.a = rotate(h->v.a + a[4], 33);
	h->v.b = rotate(h->v.b + a[5] + a[1], 30);
	h->w.a = ((h->w.a + a[6]) ^ h->x) * 9;
	h->w.b += a[7];
	h->z = rotate(h->z, 32) + h->w.b;
	h->w.b += h->z;
	h->z *= 9;
	swap(&h->u, &h->y);
	h->z += a[0] + a[6];
	h->v.a += a[2];
	h->v.b += a[3];
	h->w.a += a[4];
	h->w.b += a[5] + a[6];
	h->x += a[1];
	h->y += a[7] + h->v.a;
	h->v.a += h->x - h->y;
	h->v.b += h->w.a;
	h->w.a += h->v.b;
	h->w.b += h->x - h->y;
	h->x += h->w.b;
	h->w.b = rotate(h->w.b, 34);
	swap(&h->u, &h->z);
}

static uint64_t mix_rotated(uint64_t x, uint64_t y, uint64_t mul, unsigned r)
{
	uint64_t a = shift_mix((x ^ y) * mul);
	return rotate((y ^ a) * mul, r) * mul;
}

static uint64_t farm_over_256(const char *s, size_t n)
{
	struct farm_long h = {.x = 81, .y = 113, .v = {81, 0}};
	h.z = shift_mix(h.y * F2) * F2;
	h.u = h.x - h.z;
	h.x *= F2;
	h.mul = F2 + (h.u & 0x82);
	const char *end = s + (n - 1) / 64 * 64, *last = end + ((n - 1) & 63) - 63;
	for (; s != end; s += 64)
		farm_long_block(&h, s);
	s = last;
	h.u *= 9;
	h.v.b = rotate(h.v.b, 28);
	h.v.a = rotate(h.v.a, 20);
	h.w.a += (n - 1) & 63;
	h.u += h.y;
	h.y += h.u;
	h.x = rotate(h.y - h.x + h.v.a + word(s + 8), 37) * h.mul;
	h.y = rotate(h.y ^ h.v.b ^ word(s + 48), 42) * h.mul;
	h.x ^= h.w.b * 9;
	h.y += h.v.a + word(s + 40);
	h.z = rotate(h.z + h.w.a, 33) * h.mul;
	h.v = weak_mix(s, h.v.b * h.mul, h.x + h.w.a);
	h.w = weak_mix(s + 32, h.z + h.w.b, h.y + word(s + 16));
	return mix_rotated(mix_pair(h.v.a + h.x, h.w.a ^ h.y, h.mul) + h.z - h.u,
	                   mix_rotated(h.v.b + h.y, h.w.b + h.z, F2, 30) ^ h.x, F2, 31);
}

uint64_t farmhash64(const void *data, size_t n)
{
	const char *s = data;
	return n <= 16 ? farm_to_16(s, n) : n <= 32 ? farm_to_32(s, n) : n <= 96 ? farm_to_96(s, n)
		: n <= 256 ? farm_to_256(s, n) : farm_over_256(s, n);
}

/* ---- MetroHash ---- */

uint64_t metrohash64(const void *data, size_t n)
{
	const uint64_t k0 = 0xc83a91e1, k1 = 0x8648dbdb, k2 = 0x7bdec03b, k3 = 0x2f5870a5;
	const char *p = data, *end = p + n;
	uint64_t hash = k2 * k0 + n, v[4] = {hash, hash, hash, hash};
	if (n >= 32) {
		do {
			v[0] = rotate(v[0] + word(p) * k0, 29) + v[2];
			v[1] = rotate(v[1] + word(p + 8) * k1, 29) + v[3];
			v[2] = rotate(v[2] + word(p + 16) * k2, 29) + v[0];
			v[3] = rotate(v[3] + word(p + 24) * k3, 29) + v[1];
			p += 32;
		} while (end - p >= 32);
		v[2] ^= rotate((v[0] + v[3]) * k0 + v[1], 33) * k1;
		v[3] ^= rotate((v[1] + v[2]) * k1 + v[0], 33) * k0;
		v[0] ^= rotate((v[0] + v[2]) * k0 + v[3], 33) * k1;
		v[1] ^= rotate((v[1] + v[3]) * k1 + v[2], 33) * k0;
		hash += v[0] ^ v[1];
	}
	if (end - p >= 16) {
		v[0] = rotate(hash + word(p) * k0, 33) * k1;
		v[1] = rotate(hash + word(p + 8) * k1, 33) * k2;
		v[0] ^= rotate(v[0] * k0, 35) + v[1];
		v[1] ^= rotate(v[1] * k3, 35) + v[0];
		hash += v[1];
		p += 16;
	}
	if (end - p >= 8) {
		hash += word(p) * k3;
		hash ^= rotate(hash, 33) * k1;
		p += 8;
	}
	if (end - p >= 4) {
		hash += word32(p) * k3;
		hash ^= rotate(hash, 15) * k1;
		p += 4;
	}
	if (end - p >= 2) {
		hash += (uint64_t)((unsigned char)p[0] | (unsigned)(unsigned char)p[1] << 8) * k3;
		hash ^= rotate(hash, 13) * k1;
		p += 2;
	}
	if (end - p >= 1) {
		hash += (unsigned char)*p * k3;
		hash ^= rotate(hash, 25) * k1;
	}
	hash ^= rotate(hash, 33);
	hash *= k0;
	return hash ^ rotate(hash, 33);
}

/* ---- CRC-64 ---- */

uint64_t crc64_ecma(const void *data, size_t n)
{
	const unsigned char *p = data;
	uint64_t crc = 0;
	for (size_t i = 0; i < n; i++) {
		crc ^= p[i];
		for (int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0xc96c5795d7870f42 : 0);
	}
	return crc;
}

/* ---- MD4 ---- */

static inline uint32_t left(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

static void md4_block(uint32_t state[4], const unsigned char *block)
{
	static const uint8_t order[3][16] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
		{0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15}, {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15}};
	static const uint8_t shifts[3][4] = {{3, 7, 11, 19}, {3, 5, 9, 13}, {3, 9, 11, 15}};
	static const uint32_t constants[3] = {0, 0x5a827999, 0x6ed9eba1};
	uint32_t s[4], x[16];
	memcpy(s, state, sizeof s);
	memcpy(x, block, sizeof x);
	for (unsigned i = 0; i < 48; i++) {
		unsigned round = i / 16, at = (48 - i) % 4; /* a, d, c, b in turn */
		uint32_t b = s[(at + 1) % 4], c = s[(at + 2) % 4], d = s[(at + 3) % 4];
		uint32_t f = round == 0 ? (b & c) | (~b & d) : round == 1 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
		s[at] = left(s[at] + f + x[order[round][i % 16]] + constants[round], shifts[round][i % 4]);
	}
	for (int k = 0; k < 4; k++)
		state[k] += s[k];
}

void md4_digest(const void *data, size_t n, unsigned char digest[16])
{
	uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
	const unsigned char *p = data;
	unsigned char tail[128] = {0};
	uint64_t bits = (uint64_t)n * 8;
	size_t rest = n % 64, size = rest < 56 ? 64 : 128;
	for (size_t i = 0; i + 64 <= n; i += 64)
		md4_block(state, p + i);
	if (rest != 0)
		memcpy(tail, p + n - rest, rest);
	tail[rest] = 0x80;
	memcpy(tail + size - 8, &bits, 8);
	for (size_t i = 0; i < size; i += 64)
		md4_block(state, tail + i);
	memcpy(digest, state, 16);
}

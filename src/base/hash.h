// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_HASH_H
#define BASE_HASH_H
/*
 * Hash functions. Two kinds that are never mixed up: hash_u64/hash_bytes are ours, fast and free to change, for tables
 * in memory; the others are named functions whose values reach disk, wire and users and never change.
 */
#include <stddef.h>
#include <stdint.h>

struct hash128 {
	uint64_t low, high;
};

/* CityHash 1.0.2, the version that ClickHouse froze (later releases differ): cityHash64() and, with its low half first,
   the checksum of a compressed block. */
uint64_t cityhash64(const void *data, size_t size);
struct hash128 cityhash128(const void *data, size_t size);
/* Its forms with a seed, and for two hashes to be made one. */
uint64_t cityhash64_seeded(const void *data, size_t size, uint64_t seed);
uint64_t cityhash64_pair(uint64_t low, uint64_t high);

/* SipHash-2-4 (Aumasson, Bernstein), 64-bit result, and the 128-bit form that ClickHouse uses for identifiers. */
uint64_t siphash64(const void *data, size_t size, uint64_t key0, uint64_t key1);
struct hash128 siphash128(const void *data, size_t size, uint64_t key0, uint64_t key1);

/* The same in pieces: init, any number of updates, one final; a further hash starts with init. */
struct siphash {
	uint64_t v[4];
	uint64_t tail; /* the size % 8 bytes that make no word yet */
	uint64_t size;
};

void siphash_init(struct siphash *h, uint64_t key0, uint64_t key1);
void siphash_update(struct siphash *h, const void *data, size_t size);
uint64_t siphash_final64(struct siphash *h);
struct hash128 siphash_final128(struct siphash *h);

/* CRC-32 (IEEE 802.3) and CRC-32C (Castagnoli); `crc` is the running value, 0 at the start. */
uint32_t crc32_ieee(uint32_t crc, const void *data, size_t size);
uint32_t crc32c(uint32_t crc, const void *data, size_t size);
/* crc32c() without the processor's instruction, for machines that lack it and for tests. */
uint32_t crc32c_by_table(uint32_t crc, const void *data, size_t size);

/* MurmurHash3's finaliser: every bit of x reaches every bit of the result. */
static inline uint64_t hash_u64(uint64_t x)
{
	x ^= x >> 33;
	x *= 0xff51afd7ed558ccdu;
	x ^= x >> 33;
	x *= 0xc4ceb9fe1a85ec53u;
	return x ^ x >> 33;
}

/* For tables in memory; the seed lets a table rehash what an attacker chose. */
uint64_t hash_bytes(const void *data, size_t size, uint64_t seed);

static inline uint64_t hash_combine(uint64_t a, uint64_t b)
{
	return hash_u64(a ^ (b + 0x9e3779b97f4a7c15u + (a << 6) + (a >> 2)));
}

#endif

// SPDX-License-Identifier: Apache-2.0
/* Named hashes: their values are part of disk, wire and SQL, so they are those of ClickHouse at every length. */
#include "base/hash.h"
#include "regress/unit/tap.h"

/* The bytes whose prefixes were hashed with ClickHouse's cityHash64(), sipHash64(), sipHash128() and CRC32(). */
static void fill(uint8_t *s, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		s[i] = (uint8_t)(i * i * 7 + i * 131 + i % 13 * 29 + 3);
}

static const struct {
	size_t size;
	uint64_t city, sip;
	struct hash128 sip128;
	uint32_t crc;
} known[] = {
	{0, 0x9ae16a3b2f90404f, 0x1e924b9d737700d7, {0xe983a656dbc1b532, 0xf711edcba8b6b5e5}, 0u},
	{1, 0x5068a5b3d87a0284, 0x9531a4861d0b4d50, {0xfd5a682f1acbd12f, 0x686bcca907c09c7f}, 1259060791u},
	{3, 0x2990c59677132d18, 0xc91ab079040ea440, {0xb9995aa4d31f361b, 0x7083eaddd711925b}, 1379630925u},
	{4, 0x4d9138ebd4f981ec, 0xb23fc0caa6e58f0f, {0x2e367240dfad24a1, 0x9c09b28a7948abae}, 257796155u},
	{7, 0x3f79e6006fc0190c, 0x9cd6ebf6b5e06fef, {0x8d7ac35303fd7c6d, 0x11ac28a5b61d1382}, 4213771469u},
	{8, 0x020e87bd00e21f67, 0xcfdcc4d8eeaba8e9, {0x6f0e62fac10183a3, 0xa0d2a6222faa2b4a}, 479732254u},
	{9, 0x4c0d7dff3bf4897e, 0xa8c2312eea38c24f, {0x887d467cd1e6ab9, 0xa045e5492726a8f6}, 712825286u},
	{16, 0xa46be6a4915c6e17, 0xab6afbe0a78b76c9, {0xce6150558518516, 0xa78ceee5ffdaf3df}, 1351083069u},
	{17, 0xff67ce4d09c20073, 0xd35ada8b2ffab555, {0x6afb9851580102e1, 0xb9a142da77fbb7b4}, 2270645830u},
	{32, 0xadd76677d191bea2, 0xaf120d2bb8f49354, {0xa9fe6382d07345ca, 0x6ec6ea96887d69e}, 3636516377u},
	{33, 0xf9f6e3c6ee04abd6, 0x2c70cfb90563ffac, {0x2a34908d6424858c, 0x6445f3461477a20}, 3691095913u},
	{64, 0xdccbc7d6589f1740, 0x74c71ae5c2b049cb, {0xf4cf0ab77d6e6666, 0x80081052bfde2fad}, 1088403698u},
	{65, 0x4758ed36fe140d57, 0xe9fe35ec6232f1bb, {0x7ab73f7007bf4979, 0x93490a9c658db8c2}, 217689840u},
	{128, 0x2358f8debc23f700, 0x32344e3f132c6220, {0xef042a547aab5141, 0xdd30646b69873361}, 2427486523u},
	{200, 0x031ce0150a56bb0b, 0x147b5d509ec0b595, {0xf7ae0b6d751b7c7f, 0xe3d5563debdbc9ea}, 32800545u},
	{300, 0x94d0ece80d8889a8, 0xffecaefbf4246843, {0x4f5fbad4543d721c, 0xb0b3142fa0191a5f}, 2739159569u},
	{599, 0x5987fd1947cf9809, 0x314fc2ef821b7f2a, {0x77eda0b4a01f500d, 0x46a2625b22042f27}, 3043864665u},
};

static void test_known(void)
{
	uint8_t s[600];
	uint64_t sums[4] = {0, 0, 0, 0};
	fill(s, sizeof s);
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		size_t n = known[i].size;
		struct hash128 h = siphash128(s, n, 0, 0);
		ok(cityhash64(s, n) == known[i].city, "cityHash64 of %zu bytes", n);
		ok(siphash64(s, n, 0, 0) == known[i].sip, "sipHash64 of %zu bytes", n);
		ok(h.low == known[i].sip128.low && h.high == known[i].sip128.high, "sipHash128 of %zu bytes", n);
		ok(crc32_ieee(0, s, n) == known[i].crc, "CRC32 of %zu bytes", n);
	}
	for (size_t n = 0; n < sizeof s; n++) {
		struct hash128 h = siphash128(s, n, 0, 0);
		sums[0] = sums[0] * 31 + cityhash64(s, n);
		sums[1] = sums[1] * 31 + siphash64(s, n, 0, 0);
		sums[2] = sums[2] * 31 + (h.low ^ hash_u64(h.high));
		sums[3] = sums[3] * 31 + crc32_ieee(0, s, n);
	}
	ok(sums[0] == 0x81ae47bf9b40fd27, "cityHash64 of every length");
	ok(sums[1] == 0x9241ce58f9f3a5bc, "sipHash64 of every length");
	ok(sums[2] == 0xd8b56d8f9bfb6998, "sipHash128 of every length");
	ok(sums[3] == 0xa78336ea29f9004e, "CRC32 of every length");
}

/* Checksums that ClickHouse put before uncompressed blocks of the numbers 0, 1, 2, … */
static void test_block_checksum(void)
{
	static const struct {
		uint32_t count;
		struct hash128 sum;
	} blocks[] = {
		{2, {0xd922ec2f7db47b54, 0xb23c67d332edfb0d}},
		{3, {0x64fca2f0a4e750c1, 0x10442ad0033de990}},
		{14, {0x525fbb5248427c1f, 0xeb1d9e5ebd895083}},
		{15, {0x59c1519cd49072ae, 0xd416a0cbf224dc4b}},
		{16, {0x8b5e48de318e6770, 0x2d6c44895fc4ae2d}},
		{31, {0x9121f06a94cc42e5, 0x997075f247681a9c}},
		{46, {0x1eb8a080984e7917, 0x68dfdf778c67b93e}},
		{1000, {0x6dcc3bb810c76dd7, 0x34b71e9d66197fa4}},
	};
	static uint8_t block[9 + 8 * 1000];
	for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
		uint32_t size = blocks[i].count * 8, whole = size + 9;
		block[0] = 2;
		memcpy(block + 1, &whole, 4);
		memcpy(block + 5, &size, 4);
		for (uint64_t v = 0; v < blocks[i].count; v++)
			memcpy(block + 9 + v * 8, &v, 8);
		struct hash128 h = cityhash128(block, whole);
		ok(h.low == blocks[i].sum.low && h.high == blocks[i].sum.high, "checksum of a block of %u bytes", whole);
	}
	/* And before one of three bytes. */
	static const uint8_t small[] = {2, 12, 0, 0, 0, 3, 0, 0, 0, 7, 7, 7};
	struct hash128 h = cityhash128(small, sizeof small);
	ok(h.low == 0xf77609c1a5802268 && h.high == 0xcbd8914c43648298, "checksum of a block of 12 bytes");
}

static void test_pieces(void)
{
	uint8_t s[300];
	bool same = true;
	fill(s, sizeof s);
	for (size_t cut = 0; cut <= 40; cut++) {
		struct siphash h;
		siphash_init(&h, 1, 2);
		siphash_update(&h, s, cut);
		siphash_update(&h, s + cut, 1);
		siphash_update(&h, s + cut + 1, 0);
		siphash_update(&h, s + cut + 1, sizeof s - cut - 1);
		same &= siphash_final64(&h) == siphash64(s, sizeof s, 1, 2);
		uint32_t crc = crc32_ieee(crc32_ieee(0, s, cut), s + cut, sizeof s - cut);
		same &= crc == crc32_ieee(0, s, sizeof s);
		crc = crc32c(crc32c(0, s, cut), s + cut, sizeof s - cut);
		same &= crc == crc32c(0, s, sizeof s) && crc32c(0, s, cut) == crc32c_by_table(0, s, cut);
	}
	ok(same, "hashing in pieces gives the same");
	ok(crc32c(0, "123456789", 9) == 0xe3069283, "CRC-32C of the check string");
	ok(crc32_ieee(0, "123456789", 9) == 0xcbf43926, "CRC-32 of the check string");
	for (unsigned i = 0; i < 15; i++)
		s[i] = (uint8_t)i;
	ok(siphash64(s, 15, 0x0706050403020100, 0x0f0e0d0c0b0a0908) == 0xa129ca6149be45e5, "SipHash's published vector");
}

static void test_memory_hashes(void)
{
	uint8_t s[64];
	fill(s, sizeof s);
	ok(hash_bytes(s, 64, 1) == hash_bytes(s, 64, 1) && hash_bytes(s, 64, 1) != hash_bytes(s, 64, 2), "seeded");
	ok(hash_bytes(s, 63, 1) != hash_bytes(s, 64, 1) && hash_bytes(NULL, 0, 1) == hash_bytes(s, 0, 1), "any length");
	ok(hash_u64(0) == 0 && hash_combine(1, 2) != hash_combine(2, 1), "combining has an order");
}

int main(void)
{
	test_known();
	test_block_checksum();
	test_pieces();
	test_memory_hashes();
	return tap_done();
}

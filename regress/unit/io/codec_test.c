// SPDX-License-Identifier: Apache-2.0
/*
 * Codecs: what goes in comes out for each codec, width, size and shape of data; texts parse and print as ClickHouse's;
 * blocks that ClickHouse 26.7 wrote decode to its values; damaged input is refused and nothing outside is touched.
 */
#include <stdlib.h>

#include "io/codec.h"
#include "regress/unit/tap.h"

static uint64_t seed = 88172645463325252u;

static uint64_t random_u64(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	return seed ^= seed << 17;
}

enum { SHAPES = 7, SIZE_MAX_BYTES = 40000 };

/* A series of one of the shapes that codecs care about; n values of `width` bytes and a few bytes over. */
static void fill(uint8_t *to, size_t size, unsigned width, int shape)
{
	uint64_t v = random_u64();
	for (size_t i = 0; i * width < size; i++) {
		double d = (double)i * 0.25;
		switch (shape) {
		case 0: v = 0; break;
		case 1: v += 1000; break;
		case 2: v = random_u64(); break;
		case 3: v = random_u64() % 100; break;
		case 4: v = 0 - random_u64() % 3000 + 1500; break;
		case 5: memcpy(&v, &d, 8); break;
		default: v += i % 50 == 0 ? random_u64() : random_u64() % 7 * 10; break;
		}
		size_t n = size - i * width < width ? size - i * width : width;
		for (size_t b = 0; b < n; b++)
			to[i * width + b] = b < 8 ? (uint8_t)(v >> (8 * b)) : (uint8_t)(shape == 2 ? random_u64() : 0);
	}
}

static bool round_trip(const struct codec_chain *chain, const uint8_t *data, size_t size, struct error *e)
{
	/* exact allocations, so that the sanitizer sees the first byte outside */
	uint8_t *encoded = malloc(codec_bound(chain, size));
	size_t n = 0;
	bool good = codec_encode(chain, data, size, encoded, &n, e) == OK && n <= codec_bound(chain, size);
	uint8_t *exact = malloc(n), *decoded = malloc(size);
	memcpy(exact, encoded, n);
	good = good && codec_decode(exact, n, decoded, size, e) == OK && memcmp(decoded, data, size) == 0;
	/* cut and damaged input may decode to anything, but safely */
	for (int i = 0; good && i < 20; i++) {
		size_t cut = CODEC_HEADER + random_u64() % (n - CODEC_HEADER + 1);
		uint8_t *part = malloc(cut);
		uint32_t claimed = (uint32_t)cut;
		memcpy(part, exact, cut);
		memcpy(part + 1, &claimed, 4);
		if (i % 2 && cut > CODEC_HEADER)
			part[CODEC_HEADER + random_u64() % (cut - CODEC_HEADER < 40 ? cut - CODEC_HEADER : 40)] ^= (uint8_t)random_u64();
		struct error damaged;
		error_init(&damaged);
		if (codec_decode(part, cut, decoded, size, &damaged) != OK && damaged.message[0] == '\0')
			good = false;
		free(part);
	}
	free(encoded);
	free(exact);
	free(decoded);
	return good;
}

static void test_round_trips(const char *text, enum codec_value_kind kind, unsigned width)
{
	struct codec_chain chain;
	struct error e;
	error_init(&e);
	if (!ok(codec_chain_parse(str_of(text), (struct codec_value){kind, (uint8_t)width}, true, &chain, &e) == OK,
	        "parse %s", text))
		return;
	chain = codec_chain_resolve(&chain, &codec_chain_lz4);
	bool good = true;
	static const size_t sizes[] = {1, 2, 3, 7, 8, 15, 16, 17, 63, 64, 65, 511, 512, 513, 4096, 8191, SIZE_MAX_BYTES};
	for (int shape = 0; shape < SHAPES && good; shape++)
		for (size_t s = 0; s < ARRAY_COUNT(sizes) && good; s++) {
			uint8_t *data = malloc(sizes[s]);
			fill(data, sizes[s], width == 0 ? 8 : width, shape);
			good = round_trip(&chain, data, sizes[s], &e);
			if (!good)
				printf("# shape %d, %zu bytes: %s\n", shape, sizes[s], e.message);
			free(data);
		}
	ok(good, "%s, width %u, returns what it was given", text, width);
}

static void test_all_codecs(void)
{
	static const char *const generic[] = {"LZ4", "LZ4HC", "LZ4HC(12)", "ZSTD", "ZSTD(19)", "ZSTD(3, 20)", "NONE",
	                                      "Default"};
	static const char *const by_width[] = {"Delta", "DoubleDelta", "Gorilla", "Delta, LZ4", "DoubleDelta, ZSTD(1)",
	                                       "Gorilla, Delta, LZ4, ZSTD", "Delta, Default"};
	for (size_t i = 0; i < ARRAY_COUNT(generic); i++)
		test_round_trips(generic[i], CODEC_VALUE_OTHER, 0);
	for (unsigned width = 1; width <= 8; width *= 2) {
		for (size_t i = 0; i < ARRAY_COUNT(by_width); i++)
			test_round_trips(by_width[i], CODEC_VALUE_UINT, width);
		test_round_trips("T64", CODEC_VALUE_UINT, width);
		test_round_trips("T64('bit')", CODEC_VALUE_UINT, width);
		test_round_trips("T64", CODEC_VALUE_INT, width);
		test_round_trips("T64('bit'), LZ4", CODEC_VALUE_INT, width);
	}
	for (unsigned width = 1; width <= 32; width *= 2)
		test_round_trips("GCD", CODEC_VALUE_UINT, width);
	test_round_trips("FPC", CODEC_VALUE_FLOAT, 4);
	test_round_trips("FPC(3)", CODEC_VALUE_FLOAT, 8);
	test_round_trips("FPC(20), LZ4", CODEC_VALUE_FLOAT, 8);
}

static void check_text(const char *text, enum codec_value_kind kind, unsigned width, const char *want)
{
	struct codec_chain chain, again;
	struct error e;
	struct strbuf b;
	struct codec_value value = {kind, (uint8_t)width};
	error_init(&e);
	strbuf_init(&b, NULL);
	if (codec_chain_parse(str_of(text), value, false, &chain, &e) == OK) {
		codec_chain_print(&chain, &b);
		if (codec_chain_parse(strbuf_str(&b), value, false, &again, &e) != OK || !codec_chain_equal(&chain, &again))
			strbuf_putz(&b, " (does not parse back)");
	} else {
		strbuf_putz(&b, status_name(e.status));
	}
	is_str(strbuf_str(&b), want, text);
	strbuf_fini(&b);
}

static void test_texts(void)
{
	check_text("Delta, LZ4", CODEC_VALUE_UINT, 8, "Delta(8), LZ4");
	check_text("CODEC(Delta(4), Default)", CODEC_VALUE_UINT, 1, "Delta(4), Default");
	check_text("Default", CODEC_VALUE_UINT, 1, "Default");
	check_text(" codec ( zstd ( 3 ) ) ", CODEC_VALUE_OTHER, 0, "ZSTD(3)");
	check_text("ZSTD(5,24)", CODEC_VALUE_OTHER, 0, "ZSTD(5, 24)");
	check_text("LZ4HC", CODEC_VALUE_OTHER, 0, "LZ4HC(0)");
	check_text("DoubleDelta(8), LZ4", CODEC_VALUE_UINT, 8, "DoubleDelta, LZ4");
	check_text("Gorilla, ZSTD", CODEC_VALUE_FLOAT, 8, "Gorilla(8), ZSTD(1)");
	check_text("FPC(10)", CODEC_VALUE_FLOAT, 8, "FPC(10)");
	check_text("T64('byte')", CODEC_VALUE_ENUM, 1, "T64");
	check_text("T64('bit')", CODEC_VALUE_DATETIME64, 8, "T64('bit')");
	check_text("GCD, LZ4", CODEC_VALUE_DATETIME, 4, "GCD, LZ4");
	check_text("Delta", CODEC_VALUE_UINT, 8, "BAD_ARGUMENTS");
	check_text("LZ4, Delta", CODEC_VALUE_UINT, 8, "BAD_ARGUMENTS");
	check_text("LZ4(3)", CODEC_VALUE_UINT, 8, "BAD_ARGUMENTS");
	check_text("ZSTD(99)", CODEC_VALUE_UINT, 8, "BAD_ARGUMENTS");
	check_text("ZSTD(1, 9)", CODEC_VALUE_UINT, 8, "BAD_ARGUMENTS");
	check_text("Delta, LZ4", CODEC_VALUE_OTHER, 0, "BAD_ARGUMENTS");
	check_text("Delta, LZ4", CODEC_VALUE_OTHER, 16, "BAD_ARGUMENTS");
	check_text("Delta(3), LZ4", CODEC_VALUE_UINT, 8, "BAD_ARGUMENTS");
	check_text("T64", CODEC_VALUE_FLOAT, 8, "BAD_ARGUMENTS");
	check_text("T64('x')", CODEC_VALUE_UINT, 8, "BAD_ARGUMENTS");
	check_text("FPC", CODEC_VALUE_UINT, 8, "BAD_ARGUMENTS");
	check_text("Gorilla", CODEC_VALUE_UINT, 8, "BAD_ARGUMENTS");
	check_text("Delta, FPC", CODEC_VALUE_FLOAT, 8, "BAD_ARGUMENTS");
	check_text("NONE, LZ4", CODEC_VALUE_UINT, 8, "BAD_ARGUMENTS");
	check_text("GCD, LZ4", CODEC_VALUE_FLOAT, 8, "BAD_ARGUMENTS");
	check_text("GCD, LZ4", CODEC_VALUE_ENUM, 1, "BAD_ARGUMENTS");
	check_text("Default(1)", CODEC_VALUE_UINT, 8, "BAD_ARGUMENTS");
	check_text("Foo", CODEC_VALUE_UINT, 8, "UNKNOWN_CODEC");
	check_text("AES_128_GCM_SIV", CODEC_VALUE_UINT, 8, "NOT_IMPLEMENTED");
	check_text("", CODEC_VALUE_UINT, 8, "SYNTAX");
	check_text("CODEC(LZ4", CODEC_VALUE_UINT, 8, "SYNTAX");
	check_text("LZ4 x", CODEC_VALUE_UINT, 8, "SYNTAX");
	struct codec_chain chain;
	ok(codec_chain_parse(STR("Delta, T64, ZSTD(3)"), (struct codec_value){CODEC_VALUE_UINT, 4}, false, &chain,
	                     NULL) == OK, "a chain");
	chain = codec_chain_generic(&chain, &codec_chain_lz4);
	ok(chain.count == 1 && chain.steps[0].kind == CODEC_ZSTD && chain.steps[0].level == 3, "its generic part");
}

/* Twelve rows v = n * n * 30 + n % 3 * 6 as UInt32, v / 8 as Float64 and v - 500 as Int16, as ClickHouse 26.7 wrote
 * them: the frames without their checksums, in hexadecimal. */
static const struct {
	const char *text;
	enum codec_value_kind kind;
	unsigned width;
	enum { GOLD_U32, GOLD_F64, GOLD_I16 } values;
	const char *hex;
} golds[] = {
	{"Delta", CODEC_VALUE_UINT, 4, GOLD_U32,
	 "923b0000003000000004000000000024000000600000008a000000d8000000140100003e0100008c010000c8010000f20100"
	 "00400200007c020000"},
	{"DoubleDelta", CODEC_VALUE_UINT, 4, GOLD_U32,
	 "94240000003000000004000c00000000000000240000009dca71367729c4d9dca7136760"},
	{"T64", CODEC_VALUE_UINT, 4, GOLD_U32,
	 "937a000000300000000300000000000000003a0e0000000000000024840ee6fa38c48c7ebe3a000000000000000000000000"
	 "000000000000000000000000000000000000000000000000000000000000000000000000000000009807000000000000200d"
	 "000000000000c009000000000000000e000000000000"},
	{"T64('bit')", CODEC_VALUE_UINT, 4, GOLD_U32,
	 "937a000000300000008300000000000000003a0e0000000000000000000000000000380e0000000000009e07000000000000"
	 "680f000000000000600e000000000000720e000000000000b002000000000000b4050000000000009807000000000000200d"
	 "000000000000c009000000000000000e000000000000"},
	{"GCD", CODEC_VALUE_UINT, 4, GOLD_U32,
	 "9a3f000000300000000400060000000000000006000000160000002d000000510000007f000000b4000000f6000000420100"
	 "0095010000f50100005f020000"},
	{"Gorilla", CODEC_VALUE_FLOAT, 8, GOLD_F64,
	 "95320000006000000008000c0000000000000000000000c11d004e5078b922b83874cb139bca15b9c3fc49658be671609610"},
	{"FPC", CODEC_VALUE_FLOAT, 8, GOLD_F64,
	 "985f00000060000000080c700000000000001240990000000000802200000000006070990000000000800e0000000000b019"
	 "99000000000030370000000000f00799000000000020090000000000cc1c99000000000080050000000000080b"},
	{"Delta, LZ4", CODEC_VALUE_UINT, 4, GOLD_U32,
	 "91510000003000000002928282450000003b000000b0923b0000003000000004000100f01d24000000600000008a000000d8"
	 "000000140100003e0100008c010000c8010000f2010000400200007c020000"},
	{"NONE", CODEC_VALUE_UINT, 4, GOLD_U32,
	 "0239000000300000000000000024000000840000000e010000e6010000fa02000038040000c40500008c0700007e090000be"
	 "0b00003a0e0000"},
	{"ZSTD(3)", CODEC_VALUE_UINT, 4, GOLD_U32,
	 "90420000003000000028b52ffd20308101000000000024000000840000000e010000e6010000fa02000038040000c4050000"
	 "8c0700007e090000be0b00003a0e0000"},
	{"T64", CODEC_VALUE_INT, 2, GOLD_I16,
	 "938200000018000000070cfeffffffffffff460c0000000000000c30901af20644d0988aca46000000000000000000000000"
	 "00000000000000000000000000000000000000000000000000000000000000000000000000000000b807000000000000df02"
	 "0000000000001f0b0000000000001f0c0000000000001f00000000000000"},
};

static size_t gold_values(int values, uint8_t *to)
{
	for (unsigned n = 0; n < 12; n++) {
		uint32_t v = n * n * 30 + n % 3 * 6;
		int16_t small = (int16_t)(v - 500);
		double d = v / 8.0;
		if (values == GOLD_U32)
			memcpy(to + n * 4, &v, 4);
		else if (values == GOLD_F64)
			memcpy(to + n * 8, &d, 8);
		else
			memcpy(to + n * 2, &small, 2);
	}
	return values == GOLD_U32 ? 48 : values == GOLD_F64 ? 96 : 24;
}

static void test_golds(void)
{
	for (size_t i = 0; i < ARRAY_COUNT(golds); i++) {
		uint8_t want[96], got[96 + BUFFER_PAD], bytes[256], encoded[2048];
		size_t size = gold_values(golds[i].values, want), n = strlen(golds[i].hex) / 2, m = 0;
		struct codec_chain chain;
		struct error e;
		error_init(&e);
		for (size_t k = 0; k < n; k++) {
			char digits[3] = {golds[i].hex[2 * k], golds[i].hex[2 * k + 1], '\0'};
			bytes[k] = (uint8_t)strtoul(digits, NULL, 16);
		}
		ok(codec_decode(bytes, n, got, size, &e) == OK && memcmp(got, want, size) == 0, "ClickHouse's %s decodes",
		   golds[i].text);
		struct codec_value value = {golds[i].kind, (uint8_t)golds[i].width};
		bool good = codec_chain_parse(str_of(golds[i].text), value, true, &chain, &e) == OK &&
		            codec_bound(&chain, size) <= sizeof encoded && codec_encode(&chain, want, size, encoded, &m, &e) == OK;
		ok(good && m == n && memcmp(encoded, bytes, n) == 0, "and ours is the same bytes");
	}
}

int main(void)
{
	test_golds();
	test_texts();
	test_all_codecs();
	is_int(codec_info(CODEC_T64)->method, 0x93, "T64's method byte");
	return tap_done();
}

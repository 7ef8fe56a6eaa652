// SPDX-License-Identifier: Apache-2.0
/*
 * Numbers as text: the spellings are those of ClickHouse and PostgreSQL, what is written reads back as the same bits,
 * and nothing shorter would. The C library, slow but exact, is the judge.
 */
#include <math.h>
#include <stdlib.h>

#include "base/fpconv.h"
#include "base/hash.h"
#include "regress/unit/tap.h"

static const struct {
	double value;
	const char *ch, *pg;
} spellings[] = {
	{0.0, "0", "0"},
	{-0.0, "-0", "-0"},
	{1.0, "1", "1"},
	{0.1, "0.1", "0.1"},
	{1234.5678901234567, "1234.5678901234567", "1234.5678901234567"},
	{1e-5, "0.00001", "1e-05"},
	{1e-4, "0.0001", "0.0001"},
	{1.2499999999999999e-06, "0.0000012499999999999999", "1.2499999999999999e-06"},
	{1e-6, "0.000001", "1e-06"},
	{1e-7, "1e-7", "1e-07"},
	{1e14, "100000000000000", "100000000000000"},
	{1e15, "1000000000000000", "1e+15"},
	{123456789012345.67, "123456789012345.67", "123456789012345.67"},
	{9007199254740993.0, "9007199254740992", "9.007199254740992e+15"},
	{9223372036854775808.0, "9223372036854776000", "9.223372036854776e+18"},
	{1e20, "100000000000000000000", "1e+20"},
	{1e21, "1e21", "1e+21"},
	{1e23, "1e23", "9.999999999999999e+22"},
	{8.41e21, "8.41e21", "8.409999999999999e+21"},
	{1180591620717411303424.0, "1.1805916207174113e21", "1.1805916207174113e+21"},
	{5e-324, "5e-324", "5e-324"},
	{-1.5e-300, "-1.5e-300", "-1.5e-300"},
	{1.7976931348623157e308, "1.7976931348623157e308", "1.7976931348623157e+308"},
	{INFINITY, "inf", "Infinity"},
	{-INFINITY, "-inf", "-Infinity"},
	{NAN, "nan", "NaN"},
};

static const struct {
	float value;
	const char *ch, *pg;
} spellings32[] = {
	{16777216.0f, "16777216", "1.6777216e+07"},
	{1e5f, "100000", "100000"},
	{1e6f, "1000000", "1e+06"},
	{8.5e9f, "8500000000", "8.4999997e+09"},
	{1.2345679e-5f, "0.000012345679", "1.2345679e-05"},
	{0.1f, "0.1", "0.1"},
	{1e-45f, "1e-45", "1e-45"},
	{3.4028235e38f, "3.4028235e38", "3.4028235e+38"},
	{-0.0f, "-0", "-0"},
	{INFINITY, "inf", "Infinity"},
};

static void test_spelling(void)
{
	char text[FP_TEXT_MAX];
	for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
		is_str(str_make(text, fp_format64_ch(spellings[i].value, text)), spellings[i].ch, "ClickHouse's spelling");
		is_str(str_make(text, fp_format64_pg(spellings[i].value, text)), spellings[i].pg, "PostgreSQL's spelling");
	}
	for (size_t i = 0; i < sizeof spellings32 / sizeof spellings32[0]; i++) {
		is_str(str_make(text, fp_format32_ch(spellings32[i].value, text)), spellings32[i].ch, "ClickHouse's, 32 bits");
		is_str(str_make(text, fp_format32_pg(spellings32[i].value, text)), spellings32[i].pg, "PostgreSQL's, 32 bits");
	}
}

static bool same_bits(double a, double b)
{
	return memcmp(&a, &b, sizeof a) == 0;
}

/* A double of one of several kinds: any bits, powers of two, few bits, subnormal, decimal fractions, integers. */
static double some_double(uint64_t i)
{
	uint64_t bits = hash_u64(i);
	double v;
	switch (i % 7) {
	case 1: bits &= ~(((uint64_t)1 << 52) - 1); break;
	case 2: bits &= ~(uint64_t)0xffffffff; break;
	case 3: bits &= 0x800fffffffffffff; break;
	case 4: return (double)(int64_t)bits / 1000;
	case 5: return (double)(bits % 100000000) / 1e4;
	case 6: return (double)(bits >> (bits & 63));
	default: break;
	}
	memcpy(&v, &bits, 8);
	return v;
}

static bool round_trip64(double v)
{
	char text[FP_TEXT_MAX + 1], shorter[64];
	double back;
	unsigned n = fp_format64_pg(v, text);
	bool good = fp_parse64(str_make(text, n), &back) == n && same_bits(back, v);
	n = fp_format64_ch(v, text);
	text[n] = 0;
	good &= fp_parse64(str_make(text, n), &back) == n && same_bits(back, v) && same_bits(strtod(text, NULL), v);
	int digits = snprintf(shorter, sizeof shorter, "%llu", (unsigned long long)fp_shortest64(v).digits);
	if (digits > 1) {
		snprintf(shorter, sizeof shorter, "%.*e", digits - 2, v);
		good &= strtod(shorter, NULL) != v;
	}
	return good;
}

static bool round_trip32(float v)
{
	char text[FP_TEXT_MAX + 1];
	float back;
	unsigned n = fp_format32_pg(v, text);
	bool good = fp_parse32(str_make(text, n), &back) == n && memcmp(&back, &v, 4) == 0;
	n = fp_format32_ch(v, text);
	text[n] = 0;
	back = strtof(text, NULL);
	return good && memcmp(&back, &v, 4) == 0;
}

/* Any text of a number reads as the C library reads it. */
static bool reads_alike(const char *text)
{
	double d;
	float f;
	size_t n = fp_parse64(str_of(text), &d);
	bool same = n == strlen(text) && same_bits(d, strtod(text, NULL)) && fp_parse32(str_of(text), &f) == n;
	float expected = strtof(text, NULL);
	same = same && memcmp(&f, &expected, 4) == 0;
	if (!same)
		printf("# %s\n", text);
	return same;
}

static void test_many(void)
{
	bool round64 = true, round32 = true, read = true;
	for (uint64_t i = 0; i < 20000; i++) {
		double v = some_double(i);
		uint32_t bits = (uint32_t)hash_u64(i ^ 77);
		float f;
		char text[96];
		memcpy(&f, &bits, 4);
		if (isfinite(f))
			round32 &= round_trip32(f);
		if (!isfinite(v))
			continue;
		round64 &= round_trip64(v);
		snprintf(text, sizeof text, "%.*e", (int)(i % 31), v);
		read &= reads_alike(text);
		snprintf(text, sizeof text, "%u.%llue%d", bits, (unsigned long long)hash_u64(i ^ 5), (int)(bits % 700) - 350);
		read &= reads_alike(text);
	}
	ok(round64, "doubles read back, and nothing shorter would");
	ok(round32, "floats read back");
	ok(read, "text reads as the C library reads it");
}

static void test_hard(void)
{
	static const char *const texts[] = {
		"9007199254740993", "9007199254740992.99999999999999999999", "9007199254740993.00000000000000000001",
		"1e23", "8.5e9", "2.2250738585072011e-308", "2.2250738585072014e-308", "4.9406564584124654e-324",
		"2.4703282292062327208e-324", "2.4703282292062328e-324", "2.4703282292062327e-324", "1.7976931348623158e308",
		"1.7976931348623159e308",
		"17976931348623158079372897140530341507993413271003782693617377898044496829276475094664901797758720709633"
		"02864166928879109465555478519404026306574886715058206819089020007083836762738548458177115317644757302700"
		"69855571366959622842914819860834936475292719074168444365510704342711559699508093042880e0",
		"0.000000000000000000000000000000000000000000000001e48", "1e-400", "1e400", "0e999999999999", "-0.0",
		"100000000000000000000000000000000000000000000000000e-50", "1.00000005960464477539062500000000000000000000001",
		"1.000000059604644775390625", "3.4028235677973366e38", "3.4028235677973362e38", "7.0064923216240853e-46",
		"7.0064923216240854e-46", ".5", "5.", "0.3e1", "00000000000000000000000000000000012", "1e-324",
		"1e00000000000000005",
		"6929495644600919.5", "3.5e-46",
		"0.0000000000000000000000000000000000000000000000000000000000000000000000000000001",
	};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		ok(reads_alike(texts[i]), "reads %.40s", texts[i]);
	char text[3000];
	/* Half way between 1 and its successor, and a digit far behind. */
	size_t n = (size_t)snprintf(text, sizeof text, "1.00000000000000011102230246251565404236316680908203125");
	ok(reads_alike(text), "a tie");
	memset(text + n, '0', 2000);
	memcpy(text + n + 2000, "1", 2);
	ok(reads_alike(text), "a tie that the 2,054th digit breaks");
}

static void test_extent(void)
{
	static const struct {
		const char *text;
		size_t consumed;
	} cases[] = {
		{"", 0}, {"-", 0}, {"e5", 0}, {".", 0}, {"abc", 0}, {"12abc", 2}, {"1e", 1}, {"1e+", 1}, {"1e+5x", 4},
		{"1.5.5", 3}, {"+3 ", 2}, {"inf", 3}, {"-Infinity!", 9}, {"NaN", 3}, {"infinit", 3}, {"--1", 0}, {" 1", 0},
		{"0x10", 1},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		double v = 0;
		is_int(fp_parse64(str_of(cases[i].text), &v), cases[i].consumed, cases[i].text);
	}
	double v;
	ok(fp_parse64(STR("-inf"), &v) == 4 && v < 0 && isinf(v), "-inf");
	ok(fp_parse64(STR("nan"), &v) == 3 && isnan(v), "nan");
	ok(fp_parse64(str_make(NULL, 0), &v) == 0, "nothing");
}

int main(void)
{
	ok(fp_powers_checksum() == 0x7c03247d55d8b206, "the powers of ten are the exact ones, rounded down");
	test_spelling();
	test_many();
	test_hard();
	test_extent();
	return tap_done();
}

// SPDX-License-Identifier: Apache-2.0
/* Kernels: every CPU level gives the bytes of the baseline; a few values are checked by hand; equal values hash
 * equally. */
#include <math.h>
#include <stdlib.h>

#include "column/builder.h"
#include "kernel/kernel.h"
#include "regress/unit/tap.h"

enum { ROWS = 1003, WIDTH = 32 };

static uint64_t seed = 1;

static uint64_t next_random(void)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return seed >> 11 ^ seed << 7;
}

static bool is_float(enum physical p)
{
	return p == PHYS_F32 || p == PHYS_F64;
}

/* Random values with zeros, small numbers and (for floats) NaN and infinities among them; misaligned by one byte. */
static char *random_values(enum physical p)
{
	size_t size = physical_size(p);
	char *block = malloc(ROWS * WIDTH + 64), *data = block + 1;
	for (size_t i = 0; i < ROWS; i++) {
		uint64_t words[4];
		for (int k = 0; k < 4; k++)
			words[k] = next_random() >> (next_random() % 64);
		if (next_random() % 8 == 0)
			memset(words, 0, sizeof words);
		double d = next_random() % 16 == 0 ? (double)NAN : next_random() % 16 == 0 ? INFINITY
			: ((double)words[0] - 1e6) / 1024;
		float f = (float)d;
		if (p == PHYS_F64)
			memcpy(data + i * size, &d, 8);
		else if (p == PHYS_F32)
			memcpy(data + i * size, &f, 4);
		else
			memcpy(data + i * size, words, size);
	}
	return data;
}

static void release(char *data)
{
	free(data - 1);
}

static bool same_binary(kernel_binary_fn f, kernel_binary_fn g, const void *a, const void *b, size_t size)
{
	static _Alignas(64) char x[ROWS * WIDTH], y[ROWS * WIDTH];
	if ((f == NULL) != (g == NULL))
		return false;
	if (f == NULL)
		return true;
	f(x, a, b, ROWS);
	g(y, a, b, ROWS);
	return memcmp(x, y, ROWS * size) == 0;
}

/* One type, all its kernels, level t against the baseline b. */
static bool same_type(const struct kernel_table *t, const struct kernel_table *b, enum physical p)
{
	static _Alignas(64) char x[ROWS * WIDTH], y[ROWS * WIDTH];
	size_t size = physical_size(p);
	char *u = random_values(p), *v = random_values(p);
	bool same = true;
	for (int shape = 0; shape < KERNEL_SHAPES; shape++) {
		for (int op = 0; op < KERNEL_ARITH_COUNT; op++)
			same &= same_binary(t->arith[op][p][shape], b->arith[op][p][shape], u, v, size);
		for (int op = 0; op < KERNEL_COMPARE_COUNT; op++) {
			same &= same_binary(t->compare[op][p][shape], b->compare[op][p][shape], u, v, 1);
			same &= same_binary(t->compare_total[op][p][shape], b->compare_total[op][p][shape], u, v, 1);
		}
		for (int op = 0; op < KERNEL_CHECKED_COUNT; op++)
			if (b->checked[op][p][shape] != NULL)
				same &= t->checked[op][p][shape](x, u, v, ROWS) == b->checked[op][p][shape](y, u, v, ROWS) &&
				        memcmp(x, y, ROWS * size) == 0;
	}
	for (enum physical to = PHYS_I8; to <= PHYS_F64; to++) {
		if (is_float(p) && !is_float(to))
			continue; /* NaN and infinity as integers: any value */
		t->cast[p][to](x, u, ROWS);
		b->cast[p][to](y, u, ROWS);
		same &= memcmp(x, y, ROWS * physical_size(to)) == 0;
	}
	t->hash[p]((uint64_t *)x, u, ROWS, false);
	b->hash[p]((uint64_t *)y, u, ROWS, false);
	same &= memcmp(x, y, ROWS * sizeof(uint64_t)) == 0;
	release(u);
	release(v);
	return same;
}

static void test_levels(void)
{
	const struct kernel_table *base = kernel_of_level(CPU_BASELINE);
	for (enum cpu_level level = CPU_AVX2; level < CPU_LEVEL_COUNT; level++) {
		const struct kernel_table *t = kernel_of_level(level);
		if (t == NULL || level > cpu_level_detect()) {
			tap_skip(1, "this machine has no such level");
			continue;
		}
		bool same = true;
		for (enum physical p = PHYS_I8; p <= PHYS_F64; p++)
			same &= same_type(t, base, p);
		ok(same, "%s gives what the baseline gives", cpu_level_name(level));
	}
}

static void test_values(void)
{
	const struct kernel_table *k = kernels();
	int32_t a[4] = {1, INT32_MAX, -5, 7}, b[4] = {2, 1, 3, 7}, c[4];
	uint8_t m[4];
	k->arith[KERNEL_ADD][PHYS_I32][KERNEL_VV](c, a, b, 4);
	ok(c[0] == 3 && c[1] == INT32_MIN && c[2] == -2, "addition wraps");
	ok(k->checked[KERNEL_ADD][PHYS_I32][KERNEL_VV](c, a, b, 4), "and checked addition tells");
	ok(!k->checked[KERNEL_SUB][PHYS_I32][KERNEL_VC](c, a, b, 4) && c[1] == INT32_MAX - 2, "a constant right side");
	k->arith[KERNEL_SUB][PHYS_I32][KERNEL_CV](c, b, a, 4);
	ok(c[0] == 1 && c[3] == -5, "a constant left side");
	k->compare[KERNEL_GE][PHYS_I32][KERNEL_VV](m, a, b, 4);
	ok(m[0] == 0 && m[1] == 1 && m[2] == 0 && m[3] == 1, "comparison");
	double x[3] = {(double)NAN, 1, INFINITY}, y[3] = {(double)NAN, (double)NAN, (double)NAN};
	k->compare[KERNEL_EQ][PHYS_F64][KERNEL_VV](m, x, y, 3);
	ok(m[0] == 0 && m[1] == 0, "NaN equals nothing");
	k->compare_total[KERNEL_EQ][PHYS_F64][KERNEL_VV](m, x, y, 3);
	ok(m[0] == 1 && m[1] == 0, "but itself in the total order");
	k->compare_total[KERNEL_LT][PHYS_F64][KERNEL_VV](m, x, y, 3);
	ok(m[0] == 0 && m[1] == 1 && m[2] == 1, "where it is greatest");
	double d = -1.9;
	int8_t i8;
	uint64_t u64;
	k->cast[PHYS_F64][PHYS_I8](&i8, &d, 1);
	ok(i8 == -1, "floats are cut toward zero");
	d = 1e19;
	k->cast[PHYS_F64][PHYS_U64](&u64, &d, 1);
	ok(u64 == 10000000000000000000u, "up to the top of UInt64");
	uint8_t mask[20] = {[3] = 1, [4] = 1, [17] = 1};
	uint32_t rows[20];
	ok(k->mask_indexes(rows, mask, 20) == 3 && rows[0] == 3 && rows[1] == 4 && rows[2] == 17, "a mask's indexes");
	int64_t least, greatest, v[3] = {5, -7, 9};
	k->range[PHYS_I64](v, 3, &least, &greatest);
	ok(least == -7 && greatest == 9, "least and greatest");
}

static void test_hash(void)
{
	struct builder *b;
	struct vector *flat, *dict;
	uint64_t x[4], y[4];
	ok(builder_new(NULL, type_simple(TYPE_STRING), &b, NULL) == OK, "a builder");
	const char *texts[] = {"a", "a text that is not inline", "", "a"};
	for (int i = 0; i < 4; i++)
		ok(builder_string(b, texts[i], strlen(texts[i]), NULL) == OK, "append");
	ok(builder_finish(b, &flat, NULL) == OK, "finish");
	builder_free(b);
	ok(kernel_hash_column(flat, x, false, NULL, NULL) == OK && x[0] == x[3] && x[0] != x[1],
	   "equal strings, equal hashes");
	ok(vector_new_dict(NULL, flat, 4, &dict, NULL) == OK, "a dictionary");
	for (uint32_t i = 0; i < 4; i++)
		((uint32_t *)dict->data)[i] = 3 - i;
	ok(kernel_hash_column(dict, y, false, NULL, NULL) == OK && y[0] == x[3] && y[2] == x[1], "whatever the form");
	vector_unref(dict);
	vector_unref(flat);
	double zeros[2] = {0.0, -0.0};
	kernels()->hash[PHYS_F64](x, zeros, 2, false);
	ok(x[0] == x[1], "both zeros hash equally");
}

int main(void)
{
	kernel_init(cpu_level_detect());
	test_levels();
	test_values();
	test_hash();
	return tap_done();
}

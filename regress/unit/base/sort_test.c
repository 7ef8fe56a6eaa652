// SPDX-License-Identifier: Apache-2.0
/* Sorts and bitmaps: each pattern that breaks quicksorts comes out sorted and complete; bitmaps agree with bytes. */
#include <stdlib.h>

#include "base/bits.h"
#include "base/hash.h"
#include "base/sort.h"
#include "base/status.h"
#include "regress/unit/tap.h"

static size_t comparisons;

#define SORT_NAME sort_values
#define SORT_TYPE uint32_t
#define SORT_LESS(a, b) (comparisons++, *(a) < *(b))
#include "base/sort.h"

struct order {
	const int *rank;
	bool descending;
};

#define SORT_NAME sort_by_rank
#define SORT_TYPE int
#define SORT_CONTEXT const struct order *
#define SORT_LESS(a, b) \
	(context->descending ? context->rank[*(a)] > context->rank[*(b)] : context->rank[*(a)] < context->rank[*(b)])
#include "base/sort.h"

/* Says the same of all pairs, so it is no order. */
#define SORT_NAME sort_without_order
#define SORT_TYPE uint32_t
#define SORT_LESS(a, b) ((void)(a), (void)(b), true)
#include "base/sort.h"

enum { PATTERNS = 10, VALUES_MAX = 20000 };

static uint32_t pattern_value(unsigned pattern, size_t i, size_t n)
{
	uint32_t random = (uint32_t)hash_u64(i * 31 + n);
	switch (pattern) {
	case 0: return random;
	case 1: return (uint32_t)i;
	case 2: return (uint32_t)(n - i);
	case 3: return 7;
	case 4: return random % 2;
	case 5: return random % 10;
	case 6: return (uint32_t)(i < n / 2 ? i : n - i);
	case 7: return (uint32_t)(i % 64);
	case 8: return i == n - 1 ? 0 : (uint32_t)i;
	default: return i % 2 ? (uint32_t)i : random % 1000;
	}
}

static void test_patterns(void)
{
	static uint32_t v[VALUES_MAX];
	static const size_t sizes[] = {0, 1, 2, 3, 23, 24, 25, 26, 100, 127, 128, 129, 1000, 4099, VALUES_MAX};
	for (unsigned pattern = 0; pattern < PATTERNS; pattern++) {
		bool sorted = true, complete = true, quick = true;
		for (size_t s = 0; s < ARRAY_COUNT(sizes); s++) {
			size_t n = sizes[s];
			uint64_t sum = 0, sum_after = 0;
			for (size_t i = 0; i < n; i++)
				sum += hash_u64(v[i] = pattern_value(pattern, i, n));
			comparisons = 0;
			sort_values(v, n);
			for (size_t i = 0; i < n; i++) {
				sum_after += hash_u64(v[i]);
				sorted &= i == 0 || v[i - 1] <= v[i];
			}
			complete &= sum == sum_after;
			quick &= comparisons <= n * (bit_width64(n) * 2 + 8);
		}
		ok(sorted && complete && quick, "pattern %u is sorted, complete and done in n log n", pattern);
	}
	for (size_t i = 0; i < 1000; i++)
		v[i] = (uint32_t)i;
	comparisons = 0;
	sort_values(v, 1000);
	ok(comparisons < 4000, "sorted input takes linear time");
	sort_without_order(v, VALUES_MAX);
	ok(true, "a comparison that is no order stays inside the array");
}

static void test_context(void)
{
	enum { N = 500 };
	int rank[N], index[N];
	struct order order = {rank, true};
	for (int i = 0; i < N; i++) {
		rank[i] = (int)(hash_u64((uint64_t)i) % 1000);
		index[i] = i;
	}
	sort_by_rank(index, N, &order);
	bool sorted = true;
	for (int i = 1; i < N; i++)
		sorted &= rank[index[i - 1]] >= rank[index[i]];
	ok(sorted, "the comparison sees its context");
}

static void test_radix(void)
{
	static struct key_index a[VALUES_MAX], tmp[VALUES_MAX];
	static struct key_index32 b[VALUES_MAX], tmp32[VALUES_MAX];
	static const uint64_t masks[] = {UINT64_MAX, 0xff, 0xff00ff00ff00ff00, 0, 0x8000000000000001, 0xffffffff};
	static const size_t sizes[] = {0, 1, 2, 48, 49, 1000, VALUES_MAX};
	bool good = true, good32 = true;
	for (size_t m = 0; m < ARRAY_COUNT(masks); m++)
		for (size_t s = 0; s < ARRAY_COUNT(sizes); s++) {
			size_t n = sizes[s];
			for (size_t i = 0; i < n; i++) {
				uint64_t key = hash_u64(i + n) & masks[m];
				a[i] = (struct key_index){key, (uint32_t)i};
				b[i] = (struct key_index32){(uint32_t)key, (uint32_t)i};
			}
			const struct key_index *r = radix_sort_u64(a, tmp, n);
			const struct key_index32 *r32 = radix_sort_u32(b, tmp32, n);
			for (size_t i = 1; i < n; i++) {
				good &= r[i - 1].key < r[i].key || (r[i - 1].key == r[i].key && r[i - 1].index < r[i].index);
				good32 &= r32[i - 1].key < r32[i].key ||
				          (r32[i - 1].key == r32[i].key && r32[i - 1].index < r32[i].index);
			}
			for (size_t i = 0; i < n; i++)
				good &= r[i].key == (hash_u64(r[i].index + n) & masks[m]);
		}
	ok(good, "radix sort of 64-bit keys is right and stable");
	ok(good32, "and of 32-bit keys");
	ok(sort_key_of_i64(-5) < sort_key_of_i64(3), "signed keys");
	ok(sort_key_of_double(-1e300) < sort_key_of_double(-0.0) && sort_key_of_double(-0.0) < sort_key_of_double(0.0) &&
	   sort_key_of_double(0.0) < sort_key_of_double(5e-324) && sort_key_of_float(-1.0f) < sort_key_of_float(0.5f),
	   "floating point keys");
}

enum { BITS = 777 };

static void test_ranges(const uint64_t *bits, const uint8_t *bytes)
{
	bool counts = true, nexts = true, last = true;
	for (size_t from = 0; from <= BITS; from += 13)
		for (size_t to = from; to <= BITS; to += 7) {
			size_t n = 0, set = to, clear = to, highest = SIZE_MAX;
			for (size_t i = to; i-- > from;) {
				n += bytes[i] != 0;
				if (bytes[i] != 0)
					set = i;
				else
					clear = i;
			}
			for (size_t i = 0; i < to; i++)
				if (bytes[i] != 0)
					highest = i;
			counts &= bits_count(bits, from, to) == n;
			nexts &= bits_next_set(bits, from, to) == set && bits_next_clear(bits, from, to) == clear;
			last &= bits_last_set(bits, to) == highest;
		}
	ok(counts, "bits_count");
	ok(nexts, "bits_next_set, bits_next_clear");
	ok(last, "bits_last_set");
}

static void test_bitmaps(void)
{
	uint8_t bytes[BITS], back[BITS];
	uint64_t bits[BITS / 64 + 1], other[BITS / 64 + 1], copy[BITS / 64 + 1];
	uint32_t indexes[BITS + 8], expected[BITS];
	for (size_t i = 0; i < BITS; i++)
		bytes[i] = i >= 256 && i < 384 ? 1 : (hash_u64(i) % 3 == 0 ? (uint8_t)(1 + hash_u64(i * 3) % 255) : 0);
	bits_from_bytes(bits, bytes, BITS);
	bool same = true;
	for (size_t i = 0; i < BITS; i++)
		same &= bit_get(bits, i) == (bytes[i] != 0);
	ok(same && bits[BITS / 64] >> BITS % 64 == 0, "bytes to bits, the tail clear");
	for (size_t from = 0; from < 70; from++) {
		bits_to_bytes(back, bits, from, BITS - from);
		for (size_t i = from; i < BITS; i++)
			same &= back[i - from] == (bytes[i] != 0);
	}
	ok(same, "bits to bytes from any bit");
	size_t n = bytes_to_indexes(expected, bytes, BITS);
	ok(bits_to_indexes(indexes, bits, BITS) == n && memcmp(indexes, expected, n * 4) == 0 &&
	   bytes_count(bytes, BITS) == n && bits_count(bits, 0, BITS) == n, "bits to indexes");
	test_ranges(bits, bytes);

	bits_not(other, bits, BITS);
	ok(bits_count(other, 0, BITS) == BITS - n && other[BITS / 64] >> BITS % 64 == 0, "not keeps the tail clear");
	bits_and(copy, bits, other, BITS);
	ok(bits_none(copy, BITS), "and");
	bits_or(copy, bits, other, BITS);
	ok(bits_all(copy, BITS) && !bits_none(copy, BITS), "or");
	bits_andnot(copy, copy, other, BITS);
	ok(bits_equal(copy, bits, BITS), "andnot");
	bits_xor(copy, copy, bits, BITS);
	ok(bits_none(copy, BITS), "xor");
	same = true;
	for (size_t from = 0; from < 130; from += 11)
		for (size_t to = 0; to < 130; to += 17) {
			bits_fill(copy, 0, BITS, true);
			bits_copy(copy, to, bits, from, 400);
			for (size_t i = 0; i < BITS; i++)
				same &= bit_get(copy, i) == (i >= to && i < to + 400 ? bit_get(bits, i - to + from) : true);
		}
	ok(same, "copies between any bits");
	bits_fill(copy, 3, 701, false);
	ok(bits_count(copy, 0, BITS) == BITS - 698 && bit_get(copy, 2) && !bit_get(copy, 700), "fill");
	bit_put(copy, 5, true);
	bit_clear(copy, 2);
	bit_set(copy, 6);
	ok(bit_get(copy, 5) && !bit_get(copy, 2) && bit_get(copy, 6), "single bits");
	ok(round_up_pow2(0) == 1 && round_up_pow2(64) == 64 && round_up_pow2(65) == 128, "powers of two");
	ok(round_up_to(65, 8) == 72 && round_up_to(64, 64) == 64, "multiples");
	ok(clz64(0) == 64 && ctz32(0) == 32 && bit_width64(255) == 8 && low_mask64(64) == UINT64_MAX, "edges");
}

int main(void)
{
	test_patterns();
	test_context();
	test_radix();
	test_bitmaps();
	return tap_done();
}

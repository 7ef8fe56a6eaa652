// SPDX-License-Identifier: Apache-2.0
/*
 * Sorting: a radix sort for keys that are integers, and a template of a comparison sort for everything else.
 *
 * The template makes one static function of each include. Define before it:
 *     SORT_NAME           the function's name
 *     SORT_TYPE           the element's type; elements are moved by assignment
 *     SORT_LESS(a, b)     whether *a goes before *b, a and b being const SORT_TYPE *; it may use `context`
 *     SORT_CONTEXT        optional: the type of a last parameter `context`
 * and get: static void NAME(TYPE *array, size_t count[, CONTEXT context]). The macros are undefined again. The sort is
 * not stable and takes O(n log n) comparisons always, O(n) for arrays that are in order, in reverse order but for
 * little, or made of few values. SORT_LESS must be a strict weak order; with one that is not, the result is some
 * permutation, and no memory outside of the array is touched.
 */
#ifndef BASE_SORT_H
#define BASE_SORT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A key and whose it is. */
struct key_index {
	uint64_t key;
	uint32_t index;
};

struct key_index32 {
	uint32_t key;
	uint32_t index;
};

/*
 * Sort by key, ascending and stable, n < 2^32; `tmp` has room for n. Return where the result is: `a` or `tmp`. Bytes in
 * which all keys agree cost nothing, so keys should be made small (less the minimum) rather than wide.
 * Signed keys: flip the sign bit; floating point: see sort_key_of_double().
 */
struct key_index *radix_sort_u64(struct key_index *a, struct key_index *tmp, size_t n);
struct key_index32 *radix_sort_u32(struct key_index32 *a, struct key_index32 *tmp, size_t n);

static inline uint64_t sort_key_of_i64(int64_t v)
{
	return (uint64_t)v ^ (uint64_t)1 << 63;
}

/* The order of the values, -0 before 0, NaN beyond the infinities on the side of its sign. */
static inline uint64_t sort_key_of_double(double v)
{
	uint64_t bits;
	__builtin_memcpy(&bits, &v, 8);
	return bits ^ ((uint64_t)((int64_t)bits >> 63) | (uint64_t)1 << 63);
}

static inline uint32_t sort_key_of_float(float v)
{
	uint32_t bits;
	__builtin_memcpy(&bits, &v, 4);
	return bits ^ ((uint32_t)((int32_t)bits >> 31) | (uint32_t)1 << 31);
}

#define SORT_PASTE_(a, b) a##b
#define SORT_PASTE(a, b) SORT_PASTE_(a, b)

enum {
	SORT_INSERTION_MAX = 24,  /* elements that insertion sort does best */
	SORT_NINTHER_MIN = 128,   /* from here on the pivot is a median of nine */
	SORT_PARTIAL_MOVES = 8    /* what finishing an array that looks sorted may cost before it is given up */
};
#endif

#ifdef SORT_NAME
#include "base/sort_template.h"
#endif

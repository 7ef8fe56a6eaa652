// SPDX-License-Identifier: Apache-2.0
#ifndef KERNEL_KERNEL_H
#define KERNEL_KERNEL_H
/*
 * Kernels: tight loops over arrays of one physical type, built once per CPU level.
 *
 * A kernel knows no SQL: no nulls, no selection, no types beyond the physical ones. It reads `n` values, writes `n`
 * values and neither allocates nor fails; what may go wrong (overflow) is one flag for the whole call, and a slow pass
 * of the caller finds the row. Inputs need no alignment, outputs are fresh buffers and never overlap an input.
 *
 * kernels() gives the table of the level that kernel_init() chose. An entry is NULL where the operation does not exist
 * for the type. Shapes say which side is one value for all rows:
 *
 *     KERNEL_VV  out[i] = a[i] op b[i]      KERNEL_VC  out[i] = a[i] op b[0]      KERNEL_CV  out[i] = a[0] op b[i]
 */
#include "base/cpu.h"
#include "column/vector.h"

enum kernel_shape { KERNEL_VV, KERNEL_VC, KERNEL_CV, KERNEL_SHAPES };

/* Integers wrap. DIV is for floats; AND, OR, XOR for integers. MIN and MAX take the second where a float is NaN. */
enum kernel_arith {
	KERNEL_ADD, KERNEL_SUB, KERNEL_MUL, KERNEL_DIV, KERNEL_MIN, KERNEL_MAX, KERNEL_AND, KERNEL_OR, KERNEL_XOR,
	KERNEL_ARITH_COUNT
};
enum { KERNEL_CHECKED_COUNT = KERNEL_MUL + 1 };

/* Results are bytes 0 or 1. */
enum kernel_compare {
	KERNEL_EQ, KERNEL_NE, KERNEL_LT, KERNEL_LE, KERNEL_GT, KERNEL_GE, KERNEL_COMPARE_COUNT
};

typedef void (*kernel_binary_fn)(void *out, const void *a, const void *b, size_t n);
/* true: some row overflowed (it wrapped) */
typedef bool (*kernel_checked_fn)(void *out, const void *a, const void *b, size_t n);
typedef void (*kernel_unary_fn)(void *out, const void *in, size_t n);
/* Least and greatest of n >= 1 values. */
typedef void (*kernel_range_fn)(const void *in, size_t n, void *least, void *greatest);
/* hashes[i] = hash of in[i], or that combined with hashes[i] */
typedef void (*kernel_hash_fn)(uint64_t *hashes, const void *in, size_t n, bool combine);

struct kernel_table {
	enum cpu_level level;
	kernel_binary_fn arith[KERNEL_ARITH_COUNT][PHYS_COUNT][KERNEL_SHAPES];
	kernel_checked_fn checked[KERNEL_CHECKED_COUNT][PHYS_COUNT][KERNEL_SHAPES];
	kernel_binary_fn compare[KERNEL_COMPARE_COUNT][PHYS_COUNT][KERNEL_SHAPES];
	/* Floats by PostgreSQL's order: NaN equals itself and is greatest. Other types as `compare`. */
	kernel_binary_fn compare_total[KERNEL_COMPARE_COUNT][PHYS_COUNT][KERNEL_SHAPES];
	/* [from][to]: integers wrap, floats are cut toward zero; a float out of the 64-bit range gives any value. */
	kernel_unary_fn cast[PHYS_COUNT][PHYS_COUNT];
	kernel_unary_fn negate[PHYS_COUNT];
	kernel_range_fn range[PHYS_COUNT];
	kernel_hash_fn hash[PHYS_COUNT];
	/* Bytes 0 or 1, of any value's being zero or not. */
	kernel_unary_fn is_zero[PHYS_COUNT], is_nonzero[PHYS_COUNT];
	/* Over byte maps of 0 and 1. */
	void (*mask_and)(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t n);
	void (*mask_or)(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t n);
	void (*mask_not)(uint8_t *out, const uint8_t *a, size_t n);
	/* Indexes of the bytes that are not zero, ascending; room for n in out. Returns how many. */
	size_t (*mask_indexes)(uint32_t *out, const uint8_t *mask, size_t n);
	/* out[i] = in[rows[i]] for values of 1, 2, 4, 8, 16, 32 bytes, by log2 of the width. */
	void (*gather[6])(void *out, const void *in, const uint32_t *rows, size_t n);
	/* out[i] = mask[i] ? a[i] : b[i], by log2 of the width; steps of 0 make a side constant. */
	void (*choose[6])(void *out, const uint8_t *mask, const void *a, size_t step_a, const void *b, size_t step_b,
	                  size_t n);
};

extern const struct kernel_table *kernel_current;

/* Chooses the tables of a level, or the best below it that was built and runs here. Once, before threads; tests again.
 * */
void kernel_init(enum cpu_level level);
/* The table of a level; NULL when it was not built. */
const struct kernel_table *kernel_of_level(enum cpu_level level);

static inline const struct kernel_table *kernels(void)
{
	return kernel_current;
}

/*
 * Hashes of the rows of a vector of any form and type, for tables in memory: equal values of one type have equal hashes
 * (-0.0 and 0.0, all NaNs, Numerics of different scale, intervals of equal length); NULLs are equal to each other.
 * combine: hashes[i] holds the hash of the columns before. E_MEMORY_LIMIT where scratch memory is refused.
 */
enum status kernel_hash_column(const struct vector *v, uint64_t *hashes, bool combine, struct memtrack *track,
                               struct error *err) MUST_CHECK;

#endif

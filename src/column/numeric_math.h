// SPDX-License-Identifier: Apache-2.0
#ifndef COLUMN_NUMERIC_MATH_H
#define COLUMN_NUMERIC_MATH_H
/*
 * Roots, exponentials, logarithms and powers of numerics, with the display scales that PostgreSQL 15 gives them: at
 * least 16 significant digits. `out` may be an operand.
 */
#include "column/numeric.h"

/* E_INVALID_POWER for a negative number. */
enum status numeric_sqrt(const struct numeric *a, struct numeric *out, struct error *err) MUST_CHECK;
/* E_OUT_OF_RANGE "value overflows numeric format". */
enum status numeric_exp(const struct numeric *a, struct numeric *out, struct error *err) MUST_CHECK;
/* E_INVALID_LOGARITHM for zero and negative numbers. */
enum status numeric_ln(const struct numeric *a, struct numeric *out, struct error *err) MUST_CHECK;
enum status numeric_log(const struct numeric *base, const struct numeric *a, struct numeric *out, struct error *err)
	MUST_CHECK;
enum status numeric_power(const struct numeric *base, const struct numeric *exponent, struct numeric *out,
                          struct error *err) MUST_CHECK;

#endif

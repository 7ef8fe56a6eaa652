// SPDX-License-Identifier: Apache-2.0
#ifndef COLUMN_NUMERIC_IMPL_H
#define COLUMN_NUMERIC_IMPL_H
/* What the files of numeric.h share. */
#include "column/numeric.h"

/* Room for `digits` base-10000 digits, the present ones kept. */
enum status numeric_reserve(struct numeric *n, int32_t digits, struct error *err) MUST_CHECK;
/* Removes zero digits at both ends; zero becomes positive. */
void numeric_strip(struct numeric *n);
/* E_OUT_OF_RANGE beyond what the wire form holds. */
enum status numeric_check(const struct numeric *n, struct error *err) MUST_CHECK;
/* `count` decimal digits ('0' to '9') of which the last `scale` stand behind the point; scale may be negative. */
enum status numeric_from_digits(struct numeric *n, const char *digits, size_t count, int64_t scale, struct error *err)
	MUST_CHECK;

#endif

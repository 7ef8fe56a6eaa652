// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_FPCONV_H
#define BASE_FPCONV_H
/*
 * Floating point and text: shortest decimal that reads back as the same value, and exact (correctly rounded) parsing.
 * Sources: R. Giulietti, "The Schubfach way to render doubles" (2021); D. Lemire, "Number parsing at a gigabyte per
 * second" (2021). The two dialects spell the digits differently, so the digits come bare.
 */
#include <stdbool.h>
#include <stdint.h>
#include "base/str.h"

struct fp_decimal {
	uint64_t digits;  /* without trailing zeros; 0 for zero */
	int32_t exponent; /* value = digits * 10^exponent */
	bool negative;
};

/* Finite values only. The shortest digits that read back by round-to-even, the nearest of them to v. */
struct fp_decimal fp_shortest64(double v);
struct fp_decimal fp_shortest32(float v);

enum { FP_TEXT_MAX = 40 };
/* ClickHouse's spelling: 1e21 switches to an exponent, 1e-7 too, "inf", "nan", "-0". Returns the bytes, no NUL. */
unsigned fp_format64_ch(double v, char out[FP_TEXT_MAX]);
unsigned fp_format32_ch(float v, char out[FP_TEXT_MAX]);
/*
 * PostgreSQL's: 1e+15 (for 32 bits 1e+06) and 1e-05 switch, "Infinity", "NaN". Its digits read back however a reader
 * breaks ties, and so are longer at times: 9.999999999999999e+22 for ClickHouse's 1e23.
 */
unsigned fp_format64_pg(double v, char out[FP_TEXT_MAX]);
unsigned fp_format32_pg(float v, char out[FP_TEXT_MAX]);

/*
 * Parses the longest number at the start of s: [+-] digits [. digits] [e[+-]digits], where digits on one side of the
 * point are enough, or inf, infinity, nan in any case. Returns the bytes consumed, 0 when there is none. Correctly
 * rounded; overflow gives infinity, underflow zero.
 */
size_t fp_parse64(struct str s, double *out);
size_t fp_parse32(struct str s, float *out);

/* Over the table of powers of ten, which is computed at start; for the unit test. */
uint64_t fp_powers_checksum(void);

#endif

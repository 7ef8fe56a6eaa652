// SPDX-License-Identifier: Apache-2.0
#ifndef COLUMN_NUMERIC_H
#define COLUMN_NUMERIC_H
/*
 * Numeric: PostgreSQL's decimal of arbitrary precision with a display scale per value, NaN and the infinities.
 *
 * Two forms. On the wire and in vectors (TYPE_NUMERIC) a value is the string of its binary wire form, big-endian:
 *
 *     int16 ndigits | int16 weight | int16 sign | int16 dscale | ndigits base-10000 digits of int16
 *
 * value = sum digit[i] * 10000^(weight - i). sign: 0x0000, 0x4000 (negative), 0xC000 (NaN), 0xD000, 0xF000
 * (+-Infinity). For arithmetic it is a struct numeric, decoded. Results are always normal: no leading or trailing zero
 * digits, zero is
 * positive with no digits. Equal values of different dscale have different bytes: compare and hash with the functions.
 *
 * Up to NUMERIC_INLINE digits (160 decimal ones) live in the struct; longer values allocate. numeric_fini() frees;
 * after a failed operation the output is still a valid number. Results agree digit for digit with PostgreSQL 15.
 */
#include "base/error.h"
#include "base/strbuf.h"
#include "base/wide.h"

enum { NUMERIC_INLINE = 40, NUMERIC_BASE = 10000, NUMERIC_HEADER = 8 };
enum { NUMERIC_DSCALE_MAX = 16383, NUMERIC_WEIGHT_MAX = 32767, NUMERIC_MIN_SIG_DIGITS = 16 };
enum numeric_sign {
	NUMERIC_POSITIVE = 0x0000, NUMERIC_NEGATIVE = 0x4000, NUMERIC_NAN = 0xC000,
	NUMERIC_PLUS_INFINITY = 0xD000, NUMERIC_MINUS_INFINITY = 0xF000
};

struct numeric {
	int32_t ndigits;
	int32_t weight;
	uint16_t sign;      /* enum numeric_sign */
	int32_t dscale;     /* decimal digits shown behind the point */
	int32_t capacity;   /* of digits */
	int16_t *digits;    /* `inlined` or allocated */
	int16_t inlined[NUMERIC_INLINE];
};

/* ---- life cycle ---- */
void numeric_init(struct numeric *n); /* zero */
void numeric_fini(struct numeric *n);
enum status numeric_copy(struct numeric *to, const struct numeric *from, struct error *err) MUST_CHECK;
static inline bool numeric_is_special(const struct numeric *n)
{
	return (n->sign & 0xC000) == 0xC000;
}
static inline bool numeric_is_nan(const struct numeric *n)
{
	return n->sign == NUMERIC_NAN;
}
static inline bool numeric_is_zero(const struct numeric *n)
{
	return n->ndigits == 0 && !numeric_is_special(n);
}
void numeric_set_special(struct numeric *n, enum numeric_sign sign);

/* ---- wire form ---- */
/* E_INCORRECT_DATA for bytes that are no number. */
enum status numeric_decode(struct numeric *n, struct str wire, struct error *err) MUST_CHECK;
void numeric_encode(const struct numeric *n, struct strbuf *to);
/* Order of two wire forms: NaN greatest and equal to itself. Never allocates. */
int numeric_compare_wire(struct str a, struct str b);
/* Equal numbers have equal hashes, whatever their dscale. */
uint64_t numeric_hash_wire(struct str a);

/* ---- text ---- */
void numeric_format(const struct numeric *n, struct strbuf *to);
/* "-1.50e3", "NaN", "inf", "-Infinity"; surrounding blanks allowed. E_CANNOT_PARSE_NUMBER, E_OUT_OF_RANGE. */
enum status numeric_parse(struct numeric *n, struct str text, struct error *err) MUST_CHECK;

/* ---- arithmetic; out may be one of the operands ---- */
int numeric_compare(const struct numeric *a, const struct numeric *b);
enum status numeric_add(const struct numeric *a, const struct numeric *b, struct numeric *out, struct error *err)
	MUST_CHECK;
enum status numeric_sub(const struct numeric *a, const struct numeric *b, struct numeric *out, struct error *err)
	MUST_CHECK;
enum status numeric_mul(const struct numeric *a, const struct numeric *b, struct numeric *out, struct error *err)
	MUST_CHECK;
/* Display scale by PostgreSQL's select_div_scale; E_DIVISION_BY_ZERO. */
enum status numeric_div(const struct numeric *a, const struct numeric *b, struct numeric *out, struct error *err)
	MUST_CHECK;
/* The quotient rounded (or cut) to rscale digits behind the point. */
enum status numeric_div_scale(const struct numeric *a, const struct numeric *b, int rscale, bool round,
                              struct numeric *out, struct error *err) MUST_CHECK;
int numeric_select_div_scale(const struct numeric *a, const struct numeric *b);
enum status numeric_div_trunc(const struct numeric *a, const struct numeric *b, struct numeric *out,
                              struct error *err) MUST_CHECK; /* div() */
enum status numeric_mod(const struct numeric *a, const struct numeric *b, struct numeric *out, struct error *err)
	MUST_CHECK;
void numeric_negate(struct numeric *n);
void numeric_abs(struct numeric *n);
/* To `scale` digits behind the point (before it when negative): half away from zero, or cut. The dscale becomes it. */
enum status numeric_round(struct numeric *n, int scale, struct error *err) MUST_CHECK;
void numeric_trunc(struct numeric *n, int scale);
enum status numeric_floor(struct numeric *n, struct error *err) MUST_CHECK;
enum status numeric_ceil(struct numeric *n, struct error *err) MUST_CHECK;
/* Drops trailing zeros behind the point from the display scale (trim_scale). */
void numeric_trim_scale(struct numeric *n);
int numeric_min_scale(const struct numeric *n);
/* numeric(precision, scale): rounds and checks; E_OUT_OF_RANGE "numeric field overflow". */
enum status numeric_apply_typmod(struct numeric *n, int32_t typmod, struct error *err) MUST_CHECK;

/* ---- conversions ---- */
enum status numeric_from_i128(struct numeric *n, i128 v, unsigned scale, struct error *err) MUST_CHECK;
enum status numeric_from_i256(struct numeric *n, i256 v, unsigned scale, struct error *err) MUST_CHECK;
enum status numeric_from_u256(struct numeric *n, u256 v, struct error *err) MUST_CHECK;
/* 15 digits, as PostgreSQL */
enum status numeric_from_double(struct numeric *n, double v, struct error *err) MUST_CHECK;
enum status numeric_from_float(struct numeric *n, float v, struct error *err) MUST_CHECK;   /* 6 digits */
/* Rounded half away from zero; false when out of range, NaN or infinite. */
bool numeric_to_i64(const struct numeric *n, int64_t *out);
bool numeric_to_i128(const struct numeric *n, i128 *out);
/* The value times 10^scale, rounded half away from zero. */
bool numeric_to_i256(const struct numeric *n, unsigned scale, i256 *out);
bool numeric_to_u256(const struct numeric *n, u256 *out);
double numeric_to_double(const struct numeric *n);

/*
 * A bare numeric column is Decimal(76, 38) of which the values from 10^75 on, as scaled integers, are reserved; three
 * of them are NaN and the infinities, so that their order is PostgreSQL's. type.h tells such a column by its face:
 * NUMERIC given explicitly, without a typmod.
 */
i256 decimal_special(enum numeric_sign sign);
bool decimal_is_special(i256 v, enum numeric_sign *sign);
/* Whether |v| reaches the reserved range. */
bool decimal_is_reserved(i256 v);

#endif

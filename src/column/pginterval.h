// SPDX-License-Identifier: Apache-2.0
#ifndef COLUMN_PGINTERVAL_H
#define COLUMN_PGINTERVAL_H
/*
 * PostgreSQL's interval: months, days and microseconds, which are kept apart because their lengths vary. A value of the
 * type PgInterval is 16 bytes in a vector: microseconds (int64), days (int32), months (int32), little-endian.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include "base/error.h"
#include "base/str.h"
#include "base/wide.h"

struct pginterval {
	int64_t us;
	int32_t days;
	int32_t months;
};
_Static_assert(sizeof(struct pginterval) == 16, "as a vector's value");

enum { PGINTERVAL_TEXT_MAX = 128 };

/* Value i of a vector's data, which may be unaligned. */
static inline struct pginterval pginterval_at(const void *data, uint32_t i)
{
	struct pginterval v;
	memcpy(&v, (const char *)data + (size_t)i * sizeof v, sizeof v);
	return v;
}

static inline void pginterval_put(void *data, uint32_t i, struct pginterval v)
{
	memcpy((char *)data + (size_t)i * sizeof v, &v, sizeof v);
}

/* Order as PostgreSQL has it: a day is 24 hours, a month 30 days; equal values may differ in their fields. */
int pginterval_compare(struct pginterval a, struct pginterval b);
/* The value by which they compare, in microseconds: equal intervals have equal ones (for hashing). */
i128 pginterval_span(struct pginterval v);
/* true on overflow */
bool pginterval_add(struct pginterval a, struct pginterval b, struct pginterval *out);
bool pginterval_negate(struct pginterval a, struct pginterval *out);
/* Fractions of months spill into days and those into microseconds, as PostgreSQL's interval * float8 does. */
bool pginterval_multiply(struct pginterval a, double factor, struct pginterval *out);
/* 24 hours become a day; 30 days a month. */
bool pginterval_justify_hours(struct pginterval a, struct pginterval *out);
bool pginterval_justify_days(struct pginterval a, struct pginterval *out);

/* IntervalStyle postgres: "1 year 2 mons -3 days +04:05:06.789". Returns the bytes, no NUL. */
unsigned pginterval_format(struct pginterval v, char out[PGINTERVAL_TEXT_MAX]);
/*
 * All input forms: "1 day 2 hours", "@ 1 year ago", "1-2", "3 4:05:06", "P1Y2M3DT4H5M6S", "P0001-02-03T04:05:06".
 * A bare number is seconds. E_CANNOT_PARSE_DATETIME, or E_DATETIME_OVERFLOW when it is out of range.
 */
enum status pginterval_parse(struct str text, struct pginterval *out, struct error *err) MUST_CHECK;

#endif

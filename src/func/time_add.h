// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_TIME_ADD_H
#define FUNC_TIME_ADD_H
/*
 * Calendar addition. Months and years keep the day of the month, or take the last one where there is none; days and
 * weeks keep the local time of day; hours and less are exact. All return true when the result is out of range.
 */
#include "column/pginterval.h"
#include "column/type.h"

/* Days since the epoch plus n days, weeks, months, quarters or years. */
bool date_add_units(int64_t days, int64_t n, enum interval_unit unit, int64_t *out);
/* Ticks of 10^-scale seconds plus n units, in the zone. A unit finer than a tick is rounded toward the past. */
bool instant_add_units(int64_t ticks, unsigned scale, int64_t n, enum interval_unit unit, const struct timezone *tz,
                       int64_t *out);
/* Microseconds since the epoch plus a PostgreSQL interval: months first, then days, both in the zone, then time. */
bool instant_add_pginterval(int64_t us, struct pginterval v, const struct timezone *tz, int64_t *out);

#endif

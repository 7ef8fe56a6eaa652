// SPDX-License-Identifier: Apache-2.0
#include "func/time_add.h"

#include <assert.h>

enum { DAY_SECONDS = 86400, YEAR_MOST = 300000 };

static bool add_months(int64_t days, int64_t months, int64_t *out)
{
	struct civil_date d = days_to_civil(days);
	int64_t total;
	if (__builtin_add_overflow((int64_t)d.year * 12 + d.month - 1, months, &total))
		return true;
	int64_t year = floor_div(total, 12);
	if (year > YEAR_MOST || year < -YEAR_MOST)
		return true;
	unsigned month = (unsigned)floor_mod(total, 12) + 1, last = civil_days_in_month((int32_t)year, month);
	*out = civil_to_days((int32_t)year, month, d.day < last ? d.day : last);
	return false;
}

bool date_add_units(int64_t days, int64_t n, enum interval_unit unit, int64_t *out)
{
	int64_t scaled;
	switch (unit) {
	case UNIT_DAY:
		return __builtin_add_overflow(days, n, out);
	case UNIT_WEEK:
		return __builtin_mul_overflow(n, (int64_t)7, &scaled) || __builtin_add_overflow(days, scaled, out);
	case UNIT_MONTH:
		return add_months(days, n, out);
	case UNIT_QUARTER:
		return __builtin_mul_overflow(n, (int64_t)3, &scaled) || add_months(days, scaled, out);
	default:
		assert(unit == UNIT_YEAR);
		return __builtin_mul_overflow(n, (int64_t)12, &scaled) || add_months(days, scaled, out);
	}
}

/* Moves the local date of an instant (in seconds), keeping its time of day. */
static bool move_date(int64_t seconds, int64_t n, enum interval_unit unit, const struct timezone *tz, int64_t *out)
{
	int64_t local = seconds + timezone_offset(tz, seconds), days;
	if (date_add_units(floor_div(local, DAY_SECONDS), n, unit, &days) || days > (int64_t)1 << 40 ||
	    days < -((int64_t)1 << 40))
		return true;
	int64_t moved = days * DAY_SECONDS + floor_mod(local, DAY_SECONDS);
	*out = timezone_is_utc(tz) ? moved : timezone_to_utc(tz, moved);
	return false;
}

bool instant_add_units(int64_t ticks, unsigned scale, int64_t n, enum interval_unit unit, const struct timezone *tz,
                       int64_t *out)
{
	/* of one unit, in nanoseconds */
	static const int64_t sizes[UNIT_COUNT] = {
		[UNIT_NANOSECOND] = 1, [UNIT_MICROSECOND] = 1000, [UNIT_MILLISECOND] = 1000000, [UNIT_SECOND] = 1000000000,
		[UNIT_MINUTE] = 60000000000, [UNIT_HOUR] = 3600000000000,
	};
	int64_t factor = (int64_t)pow10_u64(scale);
	if (unit <= UNIT_HOUR) {
		i128 moved = (i128)n * sizes[unit], tick = (int64_t)pow10_u64(9 - scale);
		i128 sum = ticks + moved / tick - (moved % tick < 0);
		*out = (int64_t)sum;
		return sum != *out;
	}
	int64_t seconds = floor_div(ticks, factor), rest = ticks - seconds * factor, moved;
	return move_date(seconds, n, unit, tz, &moved) || __builtin_mul_overflow(moved, factor, &moved) ||
	       __builtin_add_overflow(moved, rest, out);
}

bool instant_add_pginterval(int64_t us, struct pginterval v, const struct timezone *tz, int64_t *out)
{
	if (v.months != 0 && instant_add_units(us, 6, v.months, UNIT_MONTH, tz, &us))
		return true;
	if (v.days != 0 && instant_add_units(us, 6, v.days, UNIT_DAY, tz, &us))
		return true;
	return __builtin_add_overflow(us, v.us, out);
}

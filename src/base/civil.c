// SPDX-License-Identifier: Apache-2.0
#include <assert.h>

#include "base/timezone.h"

unsigned days_year_day(int64_t days)
{
	return (unsigned)(days - civil_to_days(days_to_civil(days).year, 1, 1)) + 1;
}

/* A week belongs to the year of its Thursday. */
void days_iso_week(int64_t days, int32_t *year, unsigned *week)
{
	int64_t thursday = days - days_weekday(days) + 3;
	*year = days_to_civil(thursday).year;
	*week = (unsigned)(thursday - civil_to_days(*year, 1, 1)) / 7 + 1;
}

unsigned civil_days_in_month(int32_t year, unsigned month)
{
	static const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	assert(month >= 1 && month <= 12);
	return days[month - 1] + (month == 2 && civil_is_leap(year));
}

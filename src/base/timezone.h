// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_TIMEZONE_H
#define BASE_TIMEZONE_H
/*
 * Calendar and time zones: days and seconds since 1970-01-01, proleptic Gregorian, to civil fields and back, in UTC or
 * any zone of the IANA data base (TZif files of the system's tzdata, RFC 8536).
 *
 * Zones are loaded once and live as long as the process; a `const struct timezone *` can be compared by pointer. UTC is
 * always there. Thread safe.
 */
#include <stdbool.h>
#include <stdint.h>
#include "base/error.h"
#include "base/str.h"

struct timezone; /* opaque */

struct civil_date {
	int32_t year;  /* astronomical: 0 is 1 BC */
	uint8_t month; /* 1-12 */
	uint8_t day;   /* 1-31 */
};

struct civil_time {
	struct civil_date date;
	uint8_t hour, minute, second;
};

/* "UTC", "Europe/Berlin", also "GMT", "Etc/UTC". Fixed offsets "+05:30", "UTC+3" give a zone too. E_BAD_ARGUMENTS for an unknown name. */
enum status timezone_find(struct str name, const struct timezone **out, struct error *err) MUST_CHECK;
const struct timezone *timezone_utc(void);
struct str timezone_name(const struct timezone *tz);
bool timezone_is_utc(const struct timezone *tz);

/* Seconds to add to UTC to get local time at this instant. Fast for repeated near instants. */
int32_t timezone_offset(const struct timezone *tz, int64_t utc_seconds);
/* The instant of a local time. In a gap: shifted forward as mktime does; in an overlap: the earlier instant. */
int64_t timezone_to_utc(const struct timezone *tz, int64_t local_seconds);
/* Abbreviation in force ("CET"). */
struct str timezone_abbreviation(const struct timezone *tz, int64_t utc_seconds);

/* Hinnant's days_from_civil and back; valid for years ±5,000,000. */
int64_t civil_to_days(int32_t year, unsigned month, unsigned day);
struct civil_date days_to_civil(int64_t days);
/* 0 = Monday … 6 = Sunday. */
unsigned days_weekday(int64_t days);
/* 1-366. */
unsigned days_year_day(int64_t days);
/* ISO 8601 week and its year. */
void days_iso_week(int64_t days, int32_t *year, unsigned *week);
unsigned civil_days_in_month(int32_t year, unsigned month);
bool civil_is_leap(int32_t year);
/* Local civil fields of an instant. */
struct civil_time timezone_civil(const struct timezone *tz, int64_t utc_seconds);

/* Calls fn for every zone name known to the system, for system.time_zones. */
void timezone_each(void (*fn)(struct str name, void *arg), void *arg);

#endif

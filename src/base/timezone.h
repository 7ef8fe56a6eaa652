// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_TIMEZONE_H
#define BASE_TIMEZONE_H
/*
 * Calendar and time zones: days and seconds since 1970-01-01, proleptic Gregorian, to civil fields and back, in UTC or
 * any zone of the IANA data base (TZif files of the system's tzdata, RFC 8536).
 *
 * Zones are loaded once and live as long as the process; a `const struct timezone *` can be compared by pointer. UTC is
 * always there. Every function may be called by any thread; lookups take no lock. Beyond the last transition of its
 * file a zone follows the file's rule for ever. Instants and local times are any int64_t seconds; those that become
 * civil fields need a year that fits.
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

/*
 * The zone of a name, in any case: "UTC", "Europe/Berlin"; POSIX rules as PostgreSQL takes them, whose hours count west
 * of Greenwich ("<+05:30>-05:30", "EST5EDT4,M3.2.0,M11.1.0", "UTC+3" and "+05:30" too); ClickHouse's
 * "Fixed/UTC+05:30:00", which counts east. E_BAD_ARGUMENTS for any other; E_LIMIT_EXCEEDED when too many different
 * rules were asked for.
 */
enum status timezone_find(struct str name, const struct timezone **out, struct error *err) MUST_CHECK;
/* A fixed offset, named as PostgreSQL's SET TIME ZONE 5.5 does: "<+05:30>-05:30". |offset| < 168 hours. */
enum status timezone_fixed(int32_t seconds_east, const struct timezone **out, struct error *err) MUST_CHECK;
const struct timezone *timezone_utc(void);
/* The name as the data base spells it. */
struct str timezone_name(const struct timezone *tz);
/* Whether local time is UTC at every instant, whatever the zone is called. */
bool timezone_is_utc(const struct timezone *tz);

/* Seconds to add to UTC to get local time at this instant. */
int32_t timezone_offset(const struct timezone *tz, int64_t utc_seconds);
/* The same, and the range [*from, *until) around the instant in which it stays so: for loops over near instants. */
int32_t timezone_span(const struct timezone *tz, int64_t utc_seconds, int64_t *from, int64_t *until);
/*
 * The instant of a local time, as ClickHouse takes it: in an overlap the earlier instant, in a gap what the offset
 * after the gap gives (one hour back on the wall clock).
 */
int64_t timezone_to_utc(const struct timezone *tz, int64_t local_seconds);
/* As PostgreSQL takes it: in an overlap the later instant, in a gap what the offset before it gives (one hour on). */
int64_t timezone_to_utc_pg(const struct timezone *tz, int64_t local_seconds);
/* Whether the zone calls its time at this instant daylight saving. */
bool timezone_is_dst(const struct timezone *tz, int64_t utc_seconds);
/* Abbreviation in force ("CET"). */
struct str timezone_abbreviation(const struct timezone *tz, int64_t utc_seconds);
/* Local civil fields of an instant. */
struct civil_time timezone_civil(const struct timezone *tz, int64_t utc_seconds);

/* Calls fn for every zone name known to the system in order of bytes, for system.time_zones. */
void timezone_each(void (*fn)(struct str name, void *arg), void *arg);

/*
 * Days since 1970-01-01 of a date and back (H. Hinnant, "chrono-compatible low-level date algorithms"): years run from
 * March in eras of 400, so that the leap day comes last. Valid for years ±5,000,000; months and days in range.
 */
static inline int64_t civil_to_days(int32_t year, unsigned month, unsigned day)
{
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	unsigned of_era = (unsigned)(y - era * 400);
	unsigned of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	return era * 146097 + (int64_t)(of_era * 365 + of_era / 4 - of_era / 100 + of_year) - 719468;
}

static inline struct civil_date days_to_civil(int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	unsigned day_of_era = (unsigned)(z - era * 146097);
	unsigned of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	unsigned of_year = day_of_era - (365 * of_era + of_era / 4 - of_era / 100);
	unsigned march = (5 * of_year + 2) / 153;
	unsigned month = march < 10 ? march + 3 : march - 9;
	int32_t year = (int32_t)(era * 400) + (int32_t)of_era + (month <= 2);
	return (struct civil_date){year, (uint8_t)month, (uint8_t)(of_year - (153 * march + 2) / 5 + 1)};
}

static inline bool civil_is_leap(int32_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* 0 = Monday … 6 = Sunday. */
static inline unsigned days_weekday(int64_t days)
{
	return (unsigned)(((days + 3) % 7 + 7) % 7);
}

/* 1-366. */
unsigned days_year_day(int64_t days);
/* ISO 8601 week and its year. */
void days_iso_week(int64_t days, int32_t *year, unsigned *week);
unsigned civil_days_in_month(int32_t year, unsigned month);

/* Rounds toward minus infinity, as calendars need. */
static inline int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static inline int64_t floor_mod(int64_t a, int64_t b)
{
	int64_t r = a % b;
	return r < 0 ? r + b : r;
}

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_DATE_IMPL_H
#define FUNC_DATE_IMPL_H
/*
 * Shared by the families of date functions: a temporal argument read in chunks as instants and as local times, and
 * results written from seconds or days.
 */
#include "func/str_impl.h"

enum { DATE_CHUNK = 512, DAY_SECONDS = 86400 };

/* A chunk of a temporal argument, in seconds. */
struct date_chunk {
	int64_t utc[DATE_CHUNK];
	int64_t local[DATE_CHUNK];
	int64_t fraction[DATE_CHUNK]; /* ticks below the second, of DateTime64 */
};

/* Rows [from, from + n) of a Date, Date32, DateTime or DateTime64 vector, FLAT or CONST; dates begin at midnight in tz.
 * */
void date_load(const struct vector *v, uint32_t from, uint32_t n, const struct timezone *tz, struct date_chunk *out);
/* The zone of a call: a constant zone argument, the argument's type, the session's. */
enum status date_zone(struct bind_env *env, const struct call *c, uint32_t time_arg, uint32_t zone_arg,
                      const struct timezone **out) MUST_CHECK;
/* PostgreSQL: the zone in which a timestamp's fields are read: the session's for timestamptz, UTC for the others. */
const struct timezone *date_zone_pg(const struct type *t, const struct eval_session *session);
/* Stores local days as Date or Date32, instants (seconds) as DateTime or DateTime64, clamped to the type's range. */
void date_store(struct vector *to, uint32_t from, uint32_t n, const int64_t *values);
/* A unit of either dialect's spelling: "day", "days", "dd"; UNIT_NONE when it is none. */
enum interval_unit date_unit(struct str name);
/* Week number by MySQL's modes 0 to 7 and ClickHouse's 8 and 9. */
unsigned date_week(int64_t days, unsigned mode, bool week_year, int32_t *year);
/* First day of the unit's span of n units that holds a local day: WEEK, MONTH, QUARTER, YEAR, as toStartOfInterval. */
int64_t date_start_of(int64_t days, enum interval_unit unit, int64_t n);

#endif

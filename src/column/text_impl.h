// SPDX-License-Identifier: Apache-2.0
#ifndef COLUMN_TEXT_IMPL_H
#define COLUMN_TEXT_IMPL_H
/* Pieces of text conversion that the files of value.h share. */
#include "column/value.h"

/* The text of the last day that was printed: neighbouring rows mostly share it. day starts as INT64_MIN. */
struct day_cache {
	int64_t day;
	unsigned size;
	char text[16];
};

unsigned format_datetime_cached(struct day_cache *cache, int64_t ticks, unsigned scale, const struct timezone *tz,
                                char separator, char out[48]);
/* Whole seconds, rounded down, and the ticks behind them. */
int64_t datetime_split(int64_t ticks, unsigned scale, uint32_t *fraction);
/* "hh:mm:ss"; returns the end. */
char *put_clock(char *p, uint32_t second_of_day);
/* Digits behind a point as ticks, further ones cut; false when there is none. */
bool take_fraction(const char **p, const char *end, unsigned scale, int64_t *out);
/* "Z", "+02:00", "-0530", "+3". */
bool take_zone_offset(const char **p, const char *end, int32_t *seconds);
/* seconds * 10^scale + fraction; false on overflow. */
bool datetime_ticks(int64_t seconds, int64_t fraction, unsigned scale, int64_t *ticks);
int64_t local_to_utc(const struct timezone *tz, int64_t local);

#endif

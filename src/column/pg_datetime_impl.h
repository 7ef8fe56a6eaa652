// SPDX-License-Identifier: Apache-2.0
#ifndef COLUMN_PG_DATETIME_IMPL_H
#define COLUMN_PG_DATETIME_IMPL_H
/* The fields of a PostgreSQL date, time or timestamp text. DateStyle is ISO, MDY. */
#include "column/text_impl.h"

struct pg_datetime {
	int infinite;              /* -1, 1 */
	bool has_date, has_time, has_offset;
	int64_t days;              /* since 1970 */
	int hour, minute, second;  /* 24:00:00 and second 60 are possible */
	int64_t us;
	int32_t offset;            /* seconds east, or */
	const struct timezone *zone; /* a named zone */
};

enum pg_datetime_result { PG_DATETIME_OK, PG_DATETIME_SYNTAX, PG_DATETIME_RANGE,
	PG_DATETIME_ZONE /* an unknown one */ };

/* tz decides what day "today" is; time: lone digits are a time of day. */
enum pg_datetime_result pg_datetime_parse(struct str text, const struct timezone *tz, bool time,
                                          struct pg_datetime *out);
/* The instant in microseconds since 1970; local times without a zone of their own are in tz. false on overflow. */
bool pg_datetime_us(const struct pg_datetime *d, const struct timezone *tz, int64_t *us);

#endif

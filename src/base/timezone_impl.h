// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_TIMEZONE_IMPL_H
#define BASE_TIMEZONE_IMPL_H
/*
 * A loaded zone: intervals of constant offset in order of time. The first begins at INT64_MIN, and a sentinel at
 * INT64_MAX follows the last. Where the zone has a rule for ever, it is written out for the 400 years after the last
 * transition of the file; since the calendar repeats after 400 years, weekdays included, later instants are folded
 * back into them, and earlier ones too where the zone is nothing but a rule.
 *
 * `buckets[b]` is the interval in force at bucket_base + (b << BUCKET_BITS): a look-up starts there and takes a step or
 * two. This is as fast as remembering the last hit and writes nothing, so threads share zones freely.
 */
#include "base/arena.h"
#include "base/timezone.h"

#define TIMEZONE_CYCLE ((int64_t)146097 * 86400)

enum {
	TIMEZONE_BUCKET_BITS = 22, /* 48.5 days */
	TIMEZONE_INTERVALS_MAX = 4096,
	TIMEZONE_NAME_MAX = 255
};

struct timezone_interval {
	int64_t from;
	int32_t offset;
	uint16_t abbreviation; /* where it starts in `abbreviations` */
	bool dst;
};

struct timezone {
	struct str name;
	const struct timezone_interval *intervals;
	uint32_t interval_count;
	uint32_t bucket_count;
	const uint16_t *buckets;
	int64_t bucket_base;        /* where intervals[1] begins */
	int64_t fold_from;          /* first instant that is folded back; INT64_MAX: none */
	int64_t fold_before;        /* instants before it are folded forward; INT64_MIN: none */
	const char *abbreviations;  /* NUL-terminated, one after another */
	bool is_utc;
};

/* A zone of a TZif file's bytes (RFC 8536, versions 1 to 4); false when they are not one. */
bool timezone_from_tzif(struct arena *arena, struct str bytes, struct timezone *out);
/* A zone of a POSIX TZ value with PostgreSQL's freedoms: names may be empty, and the rule left out. */
bool timezone_from_posix(struct arena *arena, struct str rule, struct timezone *out);
/* A zone of one offset. */
void timezone_from_offset(struct arena *arena, int32_t seconds_east, const char *abbreviation, struct timezone *out);

#endif

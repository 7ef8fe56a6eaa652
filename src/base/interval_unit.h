// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_INTERVAL_UNIT_H
#define BASE_INTERVAL_UNIT_H
/* Units of calendar intervals, shared by grammar (INTERVAL n unit) and types (IntervalDay). */

enum interval_unit {
	UNIT_NONE, UNIT_NANOSECOND, UNIT_MICROSECOND, UNIT_MILLISECOND, UNIT_SECOND, UNIT_MINUTE, UNIT_HOUR, UNIT_DAY,
	UNIT_WEEK, UNIT_MONTH, UNIT_QUARTER, UNIT_YEAR, UNIT_COUNT
};

#endif

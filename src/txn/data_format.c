// SPDX-License-Identifier: Apache-2.0
#include "txn/data_format.h"

#include <inttypes.h>

enum status data_format_check(uint64_t format, const char *path, struct error *err)
{
	if (format >= DATA_FORMAT_OLDEST && format <= DATA_FORMAT)
		return OK;
	bool newer = format > DATA_FORMAT;
	enum status st = ERR(err, E_CORRUPTED_DATA, "%s has format %" PRIu64 ", written by a%s version of this program, or "
	                     "it is damaged; this one reads formats %d to %d", path, format, newer ? " newer" : "n older",
	                     DATA_FORMAT_OLDEST, DATA_FORMAT);
	error_hint(err, newer ? "Start the version that wrote it, or a later one. Nothing was changed."
	                      : "Start the version that wrote it and take the data out. Nothing was changed.");
	return st;
}

uint64_t data_format_digits(const char *digits, size_t count)
{
	uint64_t n = 0;
	for (size_t i = 0; i < count; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return UINT64_MAX;
		n = n * 10 + (uint64_t)(digits[i] - '0');
	}
	return n;
}

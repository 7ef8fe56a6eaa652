// SPDX-License-Identifier: Apache-2.0
#ifndef TXN_DATA_FORMAT_H
#define TXN_DATA_FORMAT_H
/*
 * The number of the format of a data directory. The file VERSION, the MANIFEST and every segment of the log say it; a
 * directory is raised to the newest one at its first start, VERSION before all else, so that a program which knows less
 * refuses it by name.
 *
 * Raised with every change of what kinds of versions save or log that an older program would not understand:
 *
 *   1  the first
 *   2  part sets with marks, tokens and the rows of deltas
 */
#include <stddef.h>
#include <stdint.h>
#include "base/error.h"

enum { DATA_FORMAT_OLDEST = 1, DATA_FORMAT = 2 };

/* E_CORRUPTED_DATA naming the file where this program does not read that format. */
enum status data_format_check(uint64_t format, const char *path, struct error *err) MUST_CHECK;
/* The number behind a magic text in decimal digits; UINT64_MAX: it is none. */
uint64_t data_format_digits(const char *digits, size_t count);

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_STATUS_H
#define BASE_STATUS_H
/*
 * Status values: the outcome of everything that can fail.
 *
 * One row of errors.def gives the C name, the SQLSTATE that PostgreSQL clients see and the number and name that
 * ClickHouse clients see. A function that can fail returns enum status and is MUST_CHECK; what happened in detail goes
 * into a struct error (error.h). There is no longjmp and no errno beyond the io room.
 */

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define ARRAY_COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define UNUSED __attribute__((unused))

enum status {
	OK = 0,
#define ERROR_ROW(name, sqlstate, ch_code, ch_name) E_##name,
#include "base/errors.def"
#undef ERROR_ROW
	STATUS_COUNT
};

/* Propagates a failure. Only in functions that own nothing; an owner has one `out:` label instead. */
#define TRY(expr)                          \
	do {                                   \
		enum status try_status_ = (expr);  \
		if (unlikely(try_status_ != OK))   \
			return try_status_;            \
	} while (0)

/* Five characters, never NULL. */
const char *status_sqlstate(enum status s);
/* ClickHouse's number (62) and name ("SYNTAX_ERROR"). */
int status_ch_code(enum status s);
const char *status_ch_name(enum status s);
/* The C name without its prefix, for logs and tests. */
const char *status_name(enum status s);

#endif

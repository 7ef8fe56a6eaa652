// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_LOG_H
#define BASE_LOG_H
/*
 * The server's log: one line a message on standard error or in a file, with UTC time, thread, level and room.
 * Thread safe. Passwords and row data never go here.
 */
#include <stdbool.h>
#include "base/status.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG, LOG_TRACE };

/* Messages above `level` are dropped; path NULL means standard error. */
enum status log_open(const char *path, enum log_level level) MUST_CHECK;
void log_set_level(enum log_level level);
bool log_enabled(enum log_level level);
#define LOG(level, room, ...)                         \
	do {                                              \
		if (log_enabled(level))                       \
			log_write((level), (room), __VA_ARGS__);  \
	} while (0)
void log_write(enum log_level level, const char *room, const char *fmt, ...) PRINTF_LIKE(3, 4);

#endif

// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static _Atomic int current_level = LOG_INFO;
static _Atomic int log_fd = STDERR_FILENO;

enum status log_open(const char *path, enum log_level level)
{
	log_set_level(level);
	if (path == NULL)
		return OK;
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
	if (fd < 0)
		return E_FILE_OPEN;
	int old = atomic_exchange(&log_fd, fd);
	if (old != STDERR_FILENO)
		close(old);
	return OK;
}

void log_set_level(enum log_level level)
{
	atomic_store(&current_level, (int)level);
}

bool log_enabled(enum log_level level)
{
	return (int)level <= atomic_load_explicit(&current_level, memory_order_relaxed);
}

void log_write(enum log_level level, const char *room, const char *fmt, ...)
{
	static const char *const names[] = {"Error", "Warning", "Information", "Debug", "Trace"};
	char line[4096];
	struct timespec now;
	struct tm tm;
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	int n = snprintf(line, sizeof line, "%04d.%02d.%02d %02d:%02d:%02d.%06ld [ %d ] <%s> %s: ", tm.tm_year + 1900,
	                 tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, now.tv_nsec / 1000, (int)gettid(),
	                 names[level], room);
	va_list ap;
	va_start(ap, fmt);
	int m = vsnprintf(line + n, sizeof line - (size_t)n - 1, fmt, ap);
	va_end(ap);
	size_t size = (size_t)n + (m < 0 ? 0 : (size_t)m);
	if (size > sizeof line - 2)
		size = sizeof line - 2;
	for (size_t i = (size_t)n; i < size; i++)
		if ((unsigned char)line[i] < ' ') /* one message, one line: nothing from outside forges another */
			line[i] = ' ';
	line[size++] = '\n';
	if (write(atomic_load(&log_fd), line, size) < 0)
		return; /* nobody to tell */
}

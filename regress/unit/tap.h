// SPDX-License-Identifier: Apache-2.0
#ifndef REGRESS_UNIT_TAP_H
#define REGRESS_UNIT_TAP_H
/* TAP from C: ok(condition, "what must hold"), … and `return tap_done();` at the end of main. */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

__attribute__((format(printf, 4, 5), unused)) static bool tap_ok(bool holds, const char *file, int line,
	const char *fmt, ...)
{
	va_list ap;
	printf("%sok %d - ", holds ? "" : "not ", ++tap_count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	if (!holds) {
		tap_failed++;
		printf("#   failed at %s:%d\n", file, line);
	}
	fflush(stdout);
	return holds;
}

#define ok(condition, ...) tap_ok((condition), __FILE__, __LINE__, __VA_ARGS__)

__attribute__((unused)) static bool tap_is_text(const char *got, size_t size, const char *want, const char *file,
                                                int line, const char *what)
{
	bool same = size == strlen(want) && memcmp(got, want, size) == 0;
	tap_ok(same, file, line, "%s", what);
	if (!same)
		printf("#   got  '%.*s'\n#   want '%s'\n", (int)size, got, want);
	return same;
}

/* A struct str against a C string. */
#define is_str(got, want, what) tap_is_text((got).data, (got).size, (want), __FILE__, __LINE__, (what))

__attribute__((unused)) static bool tap_is_int(long long got, long long want, const char *file, int line,
                                               const char *what)
{
	tap_ok(got == want, file, line, "%s", what);
	if (got != want)
		printf("#   got  %lld\n#   want %lld\n", got, want);
	return got == want;
}

#define is_int(got, want, what) tap_is_int((long long)(got), (long long)(want), __FILE__, __LINE__, (what))

__attribute__((unused)) static void tap_skip(int n, const char *why)
{
	while (n-- > 0)
		printf("ok %d # SKIP %s\n", ++tap_count, why);
}

__attribute__((unused)) static int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed != 0;
}

#endif

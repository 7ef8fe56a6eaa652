// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_STR_H
#define BASE_STR_H
/*
 * struct str: borrowed text or bytes with a length. It owns nothing, may hold NULs and need not be terminated.
 * str_eq compares bytes; the _nocase forms fold ASCII only (SQL keywords and function names).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *data;
	size_t size;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_ARG(s) (int)(s).size, (s).data /* for printf's %.*s */

static inline struct str str_of(const char *c)
{
	return (struct str){c, c == NULL ? 0 : strlen(c)};
}

static inline struct str str_make(const char *data, size_t size)
{
	return (struct str){data, size};
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool str_eq_nocase(struct str a, struct str b);
/* <0, 0, >0 by bytes, a proper prefix first. */
int str_compare(struct str a, struct str b);
bool str_starts_with(struct str s, struct str prefix);
bool str_ends_with(struct str s, struct str suffix);
bool str_starts_with_nocase(struct str s, struct str prefix);
/* Offset of the first occurrence, or -1. */
ptrdiff_t str_find(struct str s, struct str needle);
ptrdiff_t str_find_char(struct str s, char c);
/* Without leading and trailing ASCII white space. */
struct str str_trim(struct str s);
/* Whole decimal text to integer; false on anything else, overflow included. */
bool str_to_i64(struct str s, int64_t *out);
bool str_to_u64(struct str s, uint64_t *out);
/* Edit distance (a transposition counts one) capped at `max` + 1, for "maybe you meant". */
unsigned str_distance_nocase(struct str a, struct str b, unsigned max);

static inline char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static inline char ascii_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

#endif

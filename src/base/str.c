// SPDX-License-Identifier: Apache-2.0
#include "base/str.h"

#include "base/status.h"

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.size != b.size)
		return false;
	for (size_t i = 0; i < a.size; i++)
		if (ascii_lower(a.data[i]) != ascii_lower(b.data[i]))
			return false;
	return true;
}

int str_compare(struct str a, struct str b)
{
	size_t n = a.size < b.size ? a.size : b.size;
	int c = n == 0 ? 0 : memcmp(a.data, b.data, n);
	if (c != 0)
		return c;
	return a.size < b.size ? -1 : a.size > b.size;
}

bool str_starts_with(struct str s, struct str prefix)
{
	return s.size >= prefix.size && str_eq(str_make(s.data, prefix.size), prefix);
}

bool str_ends_with(struct str s, struct str suffix)
{
	return s.size >= suffix.size && str_eq(str_make(s.data + s.size - suffix.size, suffix.size), suffix);
}

bool str_starts_with_nocase(struct str s, struct str prefix)
{
	return s.size >= prefix.size && str_eq_nocase(str_make(s.data, prefix.size), prefix);
}

ptrdiff_t str_find(struct str s, struct str needle)
{
	if (needle.size == 0)
		return 0;
	const char *p = s.size == 0 ? NULL : memmem(s.data, s.size, needle.data, needle.size);
	return p == NULL ? -1 : p - s.data;
}

ptrdiff_t str_find_char(struct str s, char c)
{
	const char *p = s.size == 0 ? NULL : memchr(s.data, c, s.size);
	return p == NULL ? -1 : p - s.data;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	while (s.size != 0 && is_space(s.data[0])) {
		s.data++;
		s.size--;
	}
	while (s.size != 0 && is_space(s.data[s.size - 1]))
		s.size--;
	return s;
}

bool str_to_u64(struct str s, uint64_t *out)
{
	uint64_t v = 0;
	if (s.size == 0)
		return false;
	for (size_t i = 0; i < s.size; i++) {
		unsigned d = (unsigned)(s.data[i] - '0');
		if (d > 9 || __builtin_mul_overflow(v, (uint64_t)10, &v) || __builtin_add_overflow(v, (uint64_t)d, &v))
			return false;
	}
	*out = v;
	return true;
}

bool str_to_i64(struct str s, int64_t *out)
{
	bool negative = s.size != 0 && s.data[0] == '-';
	if (s.size != 0 && (s.data[0] == '-' || s.data[0] == '+')) {
		s.data++;
		s.size--;
	}
	uint64_t v;
	if (!str_to_u64(s, &v) || v > (uint64_t)INT64_MAX + negative)
		return false;
	*out = negative ? (int64_t)(0 - v) : (int64_t)v;
	return true;
}

/* Two neighbours that changed places count one. */
unsigned str_distance_nocase(struct str a, struct str b, unsigned max)
{
	enum { WIDTH = 64 };
	unsigned rows[3][WIDTH + 1], *row = rows[0], *above = rows[1], *above2 = rows[2];
	if (a.size > WIDTH || b.size > WIDTH)
		return max + 1;
	for (size_t j = 0; j <= b.size; j++)
		row[j] = above2[j] = (unsigned)j;
	for (size_t i = 1; i <= a.size; i++) {
		unsigned *oldest = above2;
		above2 = above;
		above = row;
		row = oldest;
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b.size; j++) {
			char x = ascii_lower(a.data[i - 1]), y = ascii_lower(b.data[j - 1]);
			unsigned best = above[j - 1] + (x != y);
			if (above[j] + 1 < best)
				best = above[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (i > 1 && j > 1 && x == ascii_lower(b.data[j - 2]) && y == ascii_lower(a.data[i - 2]) &&
			    above2[j - 2] + 1 < best)
				best = above2[j - 2] + 1;
			row[j] = best;
		}
	}
	return row[b.size] > max ? max + 1 : row[b.size];
}

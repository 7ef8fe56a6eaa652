// SPDX-License-Identifier: Apache-2.0
#ifndef FORMAT_CELL_FAST_H
#define FORMAT_CELL_FAST_H
/*
 * The common spellings of the common types, straight into a builder with room reserved. What is not one of them is left
 * to value_parse(), which knows them all and makes the error: false means nothing was appended, not that it is wrong.
 */
#include "column/digits.h"
#include "format/reader_impl.h"

/* A view of n bytes at p, of which 16 may be read. */
static inline struct strview view_of(const char *p, size_t n)
{
	struct strview v = {.size = (uint32_t)n};
	if (n > STRVIEW_INLINE) {
		memcpy(v.far.prefix, p, 4);
		v.far.pointer = p;
		return v;
	}
	uint64_t low;
	uint32_t high;
	memcpy(&low, p, 8);
	memcpy(&high, p + 8, 4);
	low &= low_mask64(n >= 8 ? 64 : (unsigned)n * 8);
	high &= n > 8 ? (uint32_t)low_mask64((unsigned)(n - 8) * 8) : 0;
	memcpy(v.inlined, &low, 8);
	memcpy(v.inlined + 8, &high, 4);
	return v;
}

/* Digits at p, at most 18 of them; NULL when there are none or more. */
static inline const char *fast_digits(const char *p, uint64_t *out)
{
	const char *start = p;
	uint64_t v = 0, w;
	memcpy(&w, p, 8);
	while (all_digits8(w) && p - start < 16) {
		v = v * 100000000 + parse_digits8(w);
		p += 8;
		memcpy(&w, p, 8);
	}
	while (is_digit(*p)) {
		v = v * 10 + (unsigned char)(*p - '0');
		if (++p - start > 18)
			return NULL;
	}
	*out = v;
	return p == start ? NULL : p;
}

/* Each returns the end of what it took, or NULL. */
static inline const char *fast_signed(struct builder *b, unsigned width, const char *p)
{
	uint64_t v;
	bool negative = *p == '-';
	p = fast_digits(p + negative, &v);
	if (p == NULL || v > low_mask64(width * 8 - 1))
		return NULL;
	int64_t n = negative ? -(int64_t)v : (int64_t)v;
	memcpy(builder_next(b, width), &n, width);
	return p;
}

static inline const char *fast_unsigned(struct builder *b, unsigned width, const char *p)
{
	uint64_t v;
	p = fast_digits(p, &v);
	if (p == NULL || v > low_mask64(width * 8))
		return NULL;
	memcpy(builder_next(b, width), &v, width);
	return p;
}

static const double fast_powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14,
                                     1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* Digits with a point among them; *fraction is how many stand behind it. At most 18 digits. */
static inline const char *fast_point(const char *p, uint64_t *out, unsigned *fraction)
{
	uint64_t v = 0;
	const char *start = p, *point = NULL;
	for (;; p++) {
		unsigned d = (unsigned char)(*p - '0');
		if (d <= 9)
			v = v * 10 + d;
		else if (*p == '.' && point == NULL)
			point = p;
		else
			break;
		if (p - start > 18)
			return NULL;
	}
	*fraction = point == NULL ? 0 : (unsigned)(p - point - 1);
	*out = v;
	if (p == start || (point != NULL && (p - start < 2 || *fraction == 0)))
		return NULL;
	return p;
}

/* Exact where digits and power of ten both are doubles. */
static inline const char *fast_float(struct builder *b, unsigned width, const char *p)
{
	uint64_t v;
	unsigned fraction;
	bool negative = *p == '-';
	p = fast_point(p + negative, &v, &fraction);
	if (p == NULL || v >= (uint64_t)1 << 53 || *p == 'e' || *p == 'E' || width != 8)
		return NULL;
	double d = (double)v / fast_powers[fraction];
	if (negative)
		d = -d;
	memcpy(builder_next(b, 8), &d, 8);
	return p;
}

static inline const char *fast_decimal(struct builder *b, unsigned width, const char *p)
{
	const struct type *t = b->type;
	uint64_t v;
	unsigned fraction;
	bool negative = *p == '-';
	p = fast_point(p + negative, &v, &fraction);
	if (p == NULL || fraction > t->scale || *p == 'e' || *p == 'E')
		return NULL;
	static const uint64_t tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
		10000000000, 100000000000, 1000000000000, 10000000000000, 100000000000000, 1000000000000000,
		10000000000000000, 100000000000000000, 1000000000000000000};
	unsigned shift = t->scale - fraction;
	if (t->precision > 18 || shift > 18 || __builtin_mul_overflow(v, tens[shift], &v) || v >= tens[t->precision])
		return NULL;
	int64_t n = negative ? -(int64_t)v : (int64_t)v;
	memcpy(builder_next(b, width), &n, width);
	return p;
}

/* 2026-02-23 */
static inline bool fast_ymd(const char *p, int64_t *days)
{
	unsigned c, y, m, d;
	int good = two_digits(p, &c) & two_digits(p + 2, &y) & two_digits(p + 5, &m) & two_digits(p + 8, &d);
	if (!good || p[4] != '-' || p[7] != '-' || m - 1 > 11 || d - 1 > 27)
		return false; /* the last days of months are checked elsewhere */
	*days = civil_to_days((int32_t)(c * 100 + y), m, d);
	return true;
}

static inline const char *fast_date(struct builder *b, unsigned width, const char *p)
{
	int64_t days;
	if (!fast_ymd(p, &days) || is_digit(p[10]))
		return NULL;
	if (width == 2 ? days < 0 || days > UINT16_MAX : days < -25567 || days > 120529)
		return NULL;
	memcpy(builder_next(b, width), &days, width);
	return p + 10;
}

/* 2026-02-23 12:00:00[.123] with a blank or T, in UTC, perhaps with a Z. */
static inline const char *fast_datetime(struct builder *b, unsigned width, const char *p)
{
	unsigned h, m, s, scale = width == 8 ? b->type->scale : 0, digits = 0;
	int64_t days;
	if (!fast_ymd(p, &days) || (p[10] != ' ' && p[10] != 'T'))
		return NULL;
	int good = two_digits(p + 11, &h) & two_digits(p + 14, &m) & two_digits(p + 17, &s);
	if (!good || p[13] != ':' || p[16] != ':' || h > 23 || m > 59 || s > 59)
		return NULL;
	int64_t ticks = days * 86400 + h * 3600 + m * 60 + s;
	p += 19;
	if (*p == '.') {
		for (p++; is_digit(*p) && digits < scale; p++, digits++)
			ticks = ticks * 10 + (*p - '0');
		if (digits == 0 || is_digit(*p))
			return NULL;
	}
	for (; digits < scale; digits++)
		ticks *= 10;
	if (*p == 'Z')
		p++;
	/* within 1970 to 2100 no range can be left at any scale */
	if (days < 0 || days > 47481 || (width == 4 && ticks > UINT32_MAX))
		return NULL;
	memcpy(builder_next(b, width), &ticks, width);
	return p;
}

static inline int fast_hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

static inline const char *fast_uuid(struct builder *b, const char *p)
{
	uint64_t halves[2] = {0, 0};
	unsigned digits = 0;
	for (unsigned i = 0; i < 36; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (p[i] != '-')
				return NULL;
			continue;
		}
		int d = fast_hex(p[i]);
		if (d < 0)
			return NULL;
		halves[digits / 16] = halves[digits / 16] << 4 | (unsigned)d;
		digits++;
	}
	memcpy(builder_next(b, 16), halves, 16);
	return p + 36;
}

static inline const char *fast_bool(struct builder *b, const char *p)
{
	bool truth = memcmp(p, "true", 4) == 0;
	if (!truth && memcmp(p, "false", 5) != 0)
		return NULL;
	*(uint8_t *)builder_next(b, 1) = truth;
	return p + (truth ? 4 : 5);
}

/* All kinds but strings. The caller looks at what follows and takes the value back where that is wrong. */
static inline const char *fast_value(const struct reader_column *c, struct builder *b, const char *p)
{
	switch (c->kind) {
	case FAST_SIGNED: return fast_signed(b, c->width, p);
	case FAST_UNSIGNED: return fast_unsigned(b, c->width, p);
	case FAST_FLOAT: return fast_float(b, c->width, p);
	case FAST_DECIMAL: return fast_decimal(b, c->width, p);
	case FAST_DATE: return fast_date(b, c->width, p);
	case FAST_DATETIME: return fast_datetime(b, c->width, p);
	case FAST_UUID: return fast_uuid(b, p);
	case FAST_BOOL: return fast_bool(b, p);
	default: return NULL;
	}
}

/* A whole cell [p, end); b has room for a value. */
static inline bool fast_cell(const struct reader_column *c, struct builder *b, const char *p, const char *end)
{
	const char *stop = fast_value(c, b, p);
	if (likely(stop == end))
		return true;
	if (stop != NULL)
		b->count--;
	return false;
}

#endif

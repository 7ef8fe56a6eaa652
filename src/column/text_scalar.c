// SPDX-License-Identifier: Apache-2.0
/* Text of UUIDs, network addresses, decimals and JSON strings. */
#include <assert.h>

#include "column/digits.h"
#include "column/value.h"

/* ---- UUID ---- */

#define BAD16 -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1
#define LETTERS -1, 10, 11, 12, 13, 14, 15, -1, -1, -1, -1, -1, -1, -1, -1, -1
static const int8_t hex_values[256] = {
	BAD16, BAD16, BAD16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -1, -1, -1, -1, -1, LETTERS, BAD16, LETTERS, BAD16,
	BAD16, BAD16, BAD16, BAD16, BAD16, BAD16, BAD16, BAD16,
};

static inline int hex_value(char c)
{
	return hex_values[(unsigned char)c];
}

/* The form that nearly every UUID has: 8-4-4-4-12. */
static bool parse_canonical_uuid(const char *s, u128 *out)
{
	static const uint8_t at[16] = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
	uint64_t halves[2] = {0, 0};
	int bad = 0;
	for (unsigned i = 0; i < 16; i++) {
		int high = hex_value(s[at[i]]), low = hex_value(s[at[i] + 1]);
		bad |= high | low;
		halves[i / 8] = halves[i / 8] << 8 | ((unsigned)high << 4 | (unsigned)low);
	}
	*out = (u128)halves[1] << 64 | halves[0];
	return bad >= 0 && s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-';
}

/* With or without hyphens (behind any group of four) and braces, in any case. */
bool parse_uuid(struct str s, u128 *out)
{
	uint64_t halves[2] = {0, 0};
	unsigned digits = 0;
	if (likely(s.size == 36) && parse_canonical_uuid(s.data, out))
		return true;
	if (s.size >= 2 && s.data[0] == '{' && s.data[s.size - 1] == '}')
		s = str_make(s.data + 1, s.size - 2);
	for (size_t i = 0; i < s.size; i++) {
		if (s.data[i] == '-' && digits % 4 == 0 && digits != 0 && digits < 32 && s.data[i - 1] != '-')
			continue;
		int v = hex_value(s.data[i]);
		if (v < 0 || digits == 32)
			return false;
		halves[digits / 16] = halves[digits / 16] << 4 | (unsigned)v;
		digits++;
	}
	*out = (u128)halves[1] << 64 | halves[0];
	return digits == 32;
}

unsigned format_uuid(u128 v, char out[36])
{
	static const char hex[] = "0123456789abcdef";
	char *p = out;
	for (unsigned half = 0; half < 2; half++) {
		uint64_t bits = (uint64_t)(v >> (64 * half));
		for (unsigned i = 0; i < 16; i++) {
			unsigned at = half * 16 + i;
			if (at == 8 || at == 12 || at == 16 || at == 20)
				*p++ = '-';
			*p++ = hex[bits >> (60 - 4 * i) & 15];
		}
	}
	return 36;
}

/* ---- addresses ---- */

bool parse_ipv4(struct str s, uint32_t *out)
{
	uint32_t v = 0;
	size_t i = 0;
	for (unsigned part = 0; part < 4; part++) {
		unsigned byte = 0, digits = 0;
		if (part != 0 && (i == s.size || s.data[i++] != '.'))
			return false;
		for (; i < s.size && is_digit(s.data[i]) && digits < 3; i++, digits++)
			byte = byte * 10 + (unsigned)(s.data[i] - '0');
		if (digits == 0 || byte > 255)
			return false;
		v = v << 8 | byte;
	}
	*out = v;
	return i == s.size;
}

unsigned format_ipv4(uint32_t v, char out[16])
{
	char *p = out;
	for (int shift = 24; shift >= 0; shift -= 8) {
		p = put_u64(p, v >> shift & 255);
		if (shift != 0)
			*p++ = '.';
	}
	return (unsigned)(p - out);
}

bool parse_ipv6(struct str s, u128 *out)
{
	uint16_t groups[8] = {0};
	unsigned n = 0;
	int gap = -1; /* groups before "::" */
	size_t i = 0;
	uint32_t v4;
	if (parse_ipv4(s, &v4)) {
		*out = (u128)0xffff << 32 | v4;
		return true;
	}
	if (s.size >= 2 && s.data[0] == ':' && s.data[1] == ':') {
		gap = 0;
		i = 2;
	}
	while (i < s.size) {
		size_t start = i;
		unsigned v = 0;
		if (n == 8)
			return false;
		for (; i < s.size && hex_value(s.data[i]) >= 0 && i - start < 4; i++)
			v = v << 4 | (unsigned)hex_value(s.data[i]);
		if (i < s.size && s.data[i] == '.') { /* an IPv4 tail */
			if (n > 6 || !parse_ipv4(str_make(s.data + start, s.size - start), &v4))
				return false;
			groups[n++] = (uint16_t)(v4 >> 16);
			groups[n++] = (uint16_t)v4;
			i = s.size;
			break;
		}
		if (i == start)
			return false;
		groups[n++] = (uint16_t)v;
		if (i == s.size)
			break;
		if (s.data[i++] != ':' || i == s.size)
			return false;
		if (s.data[i] == ':') {
			if (gap >= 0)
				return false;
			gap = (int)n;
			i++;
		}
	}
	if (gap < 0 ? n != 8 : n > 7)
		return false;
	u128 v = 0;
	for (unsigned k = 0, from = 0; k < 8; k++) {
		bool zero = gap >= 0 && k >= (unsigned)gap && k < (unsigned)gap + 8 - n;
		v = v << 16 | (zero ? 0 : groups[from++]);
	}
	*out = v;
	return true;
}

/* RFC 5952: the longest run of at least two zero groups is cut, the first of equal ones; IPv4 tails as ClickHouse. */
unsigned format_ipv6(u128 v, char out[48])
{
	static const char hex[] = "0123456789abcdef";
	unsigned groups[8], best = 8, best_length = 1;
	for (unsigned k = 0; k < 8; k++)
		groups[k] = (unsigned)(v >> (112 - 16 * k)) & 0xffff;
	for (unsigned k = 0; k < 8; k++) {
		unsigned length = 0;
		while (k + length < 8 && groups[k + length] == 0)
			length++;
		if (length > best_length) {
			best = k;
			best_length = length;
		}
	}
	char *p = out;
	for (unsigned k = 0; k < 8; k++) {
		if (k == best) {
			*p++ = ':';
			k += best_length - 1;
			if (k == 7)
				*p++ = ':';
			continue;
		}
		if (k != 0)
			*p++ = ':';
		if (k == 6 && best == 0 && (best_length == 6 || (best_length == 5 && groups[5] == 0xffff)))
			return (unsigned)(p - out) + format_ipv4((uint32_t)v, p);
		unsigned shift = groups[k] > 0xfff ? 12 : groups[k] > 0xff ? 8 : groups[k] > 0xf ? 4 : 0;
		for (int s = (int)shift; s >= 0; s -= 4)
			*p++ = hex[groups[k] >> s & 15];
	}
	return (unsigned)(p - out);
}

/* ---- decimals ---- */

/* Digits of a magnitude to the text of a decimal. */
static unsigned place_point(const char *digits, unsigned n, bool negative, unsigned scale, bool trailing_zeros,
                            char *out)
{
	char *p = out;
	if (negative)
		*p++ = '-';
	if (n > scale) {
		memcpy(p, digits, n - scale);
		p += n - scale;
	} else {
		*p++ = '0';
	}
	if (scale == 0)
		return (unsigned)(p - out);
	char *point = p;
	*p++ = '.';
	for (unsigned zeros = n < scale ? scale - n : 0; zeros > 0; zeros--)
		*p++ = '0';
	unsigned tail = n < scale ? n : scale;
	memcpy(p, digits + n - tail, tail);
	p += tail;
	if (!trailing_zeros) {
		while (p[-1] == '0')
			p--;
		if (p - 1 == point)
			p = point;
	}
	return (unsigned)(p - out);
}

unsigned format_decimal64(int64_t v, unsigned scale, bool trailing_zeros, char out[96])
{
	char digits[24];
	unsigned n = (unsigned)(put_u64(digits, v < 0 ? -(uint64_t)v : (uint64_t)v) - digits);
	return place_point(digits, n, v < 0, scale, trailing_zeros, out);
}

unsigned format_decimal(i256 v, unsigned scale, bool trailing_zeros, char out[96])
{
	char digits[96];
	int64_t small;
	if (!i256_to_i64(v, &small))
		return format_decimal64(small, scale, trailing_zeros, out);
	unsigned n = i256_format(v, digits);
	bool negative = digits[0] == '-';
	return place_point(digits + negative, n - negative, negative, scale, trailing_zeros, out);
}

/* Magnitude of up to 76 digits. */
static u256 digits_value(const char *digits, size_t n)
{
	u256 v = u256_from_u64(0);
	for (size_t i = 0; i < n;) {
		size_t chunk = n - i < 19 ? n - i : 19;
		uint64_t part = 0;
		for (size_t k = 0; k < chunk; k++)
			part = part * 10 + (uint64_t)(digits[i + k] - '0');
		if (i != 0)
			v = u256_mul(v, u256_from_u64(pow10_u64((unsigned)chunk)));
		v = u256_add(v, u256_from_u64(part));
		i += chunk;
	}
	return v;
}

static bool parse_exponent(struct str s, int *out)
{
	*out = 0;
	if (s.size == 0)
		return true;
	if (ascii_lower(s.data[0]) != 'e')
		return false;
	size_t i = 1;
	bool negative = i < s.size && s.data[i] == '-';
	i += negative || (i < s.size && s.data[i] == '+');
	if (i == s.size)
		return false;
	for (; i < s.size; i++) {
		if (!is_digit(s.data[i]))
			return false;
		if (*out < 100000)
			*out = *out * 10 + (s.data[i] - '0');
	}
	*out = negative ? -*out : *out;
	return true;
}

bool parse_decimal_rounding(struct str s, unsigned precision, unsigned scale, bool round, i256 *out)
{
	enum { DIGITS_MAX = 160 };
	char digits[DIGITS_MAX];
	size_t n = 0, i = 0;
	bool negative = s.size != 0 && s.data[0] == '-', point = false, any = false;
	int fraction = 0, dropped = 0, exponent;
	for (i = negative || (s.size != 0 && s.data[0] == '+'); i < s.size; i++) {
		char c = s.data[i];
		if (c == '.' && !point) {
			point = true;
			continue;
		}
		if (!is_digit(c))
			break;
		any = true;
		fraction += point;
		if (n == DIGITS_MAX)
			dropped++;
		else if (c != '0' || n != 0)
			digits[n++] = c;
	}
	if (!any || !parse_exponent(str_make(s.data + i, s.size - i), &exponent))
		return false;
	/* value = digits * 10^(dropped - fraction + exponent); wanted: times 10^scale */
	long shift = (long)dropped - fraction + exponent + (long)scale;
	bool up = false;
	if (n == 0 || shift <= -(long)n - 1) {
		n = 0;
	} else if (shift < 0) {
		n -= (size_t)-shift;
		up = round && digits[n] >= '5';
	} else if (n + (size_t)shift > precision) {
		return false;
	} else {
		memset(digits + n, '0', (size_t)shift);
		n += (size_t)shift;
	}
	if (n > precision)
		return false;
	u256 v = digits_value(digits, n);
	if (up) {
		v = u256_add(v, u256_from_u64(1));
		if (u256_compare(v, pow10_i256(precision)) >= 0)
			return false;
	}
	*out = negative ? u256_negate(v) : v;
	return true;
}

bool parse_decimal(struct str s, unsigned precision, unsigned scale, i256 *out)
{
	return parse_decimal_rounding(s, precision, scale, false, out);
}

/* ---- JSON ---- */

/* Whether a byte of the word is below 0x20, a quote, a backslash or above 0x7f; slashes too where they are escaped. */
static inline bool json_special8(uint64_t w, bool slashes)
{
	const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
	uint64_t quote = w ^ ones * '"', back = w ^ ones * '\\', slash = w ^ ones * '/';
	uint64_t hit = (w - ones * 0x20) | (quote - ones) | (back - ones) | w;
	if (slashes)
		hit |= slash - ones;
	return (hit & tops) != 0;
}

static void json_escape(struct strbuf *to, const char *s, size_t left, bool slashes, size_t *consumed)
{
	static const char hex[] = "0123456789ABCDEF";
	unsigned char c = (unsigned char)*s;
	char text[6] = "\\";
	unsigned n = 2;
	*consumed = 1;
	switch (c) {
	case '\b': text[1] = 'b'; break;
	case '\f': text[1] = 'f'; break;
	case '\n': text[1] = 'n'; break;
	case '\r': text[1] = 'r'; break;
	case '\t': text[1] = 't'; break;
	case '"': text[1] = '"'; break;
	case '\\': text[1] = '\\'; break;
	case '/':
		text[1] = '/';
		if (!slashes) {
			text[0] = '/';
			n = 1;
		}
		break;
	default:
		if (c < 0x20) {
			memcpy(text + 1, "u00", 3);
			text[4] = hex[c >> 4];
			text[5] = hex[c & 15];
			n = 6;
		} else if (c == 0xe2 && left >= 3 && (unsigned char)s[1] == 0x80 && ((unsigned char)s[2] & 0xfe) == 0xa8) {
			memcpy(text + 1, "u202", 4); /* line and paragraph separator end a line in JavaScript */
			text[5] = (unsigned char)s[2] == 0xa8 ? '8' : '9';
			n = 6;
			*consumed = 3;
		} else {
			text[0] = (char)c;
			n = 1;
		}
	}
	strbuf_put(to, text, n);
}

void json_write_string(struct strbuf *to, struct str s, bool escape_slashes)
{
	strbuf_putc(to, '"');
	for (size_t i = 0; i < s.size;) {
		size_t start = i;
		uint64_t w;
		while (s.size - i >= 8 && (memcpy(&w, s.data + i, 8), !json_special8(w, escape_slashes)))
			i += 8;
		while (i < s.size) {
			unsigned char c = (unsigned char)s.data[i];
			if (c < 0x20 || c == '"' || c == '\\' || (c == '/' && escape_slashes) || c == 0xe2)
				break;
			i++;
			if (c < 0x80 && s.size - i >= 8 && (i - start) % 16 == 0)
				break;
		}
		strbuf_put(to, s.data + start, i - start);
		unsigned char c = i < s.size ? (unsigned char)s.data[i] : 'x';
		if (i < s.size && (c < 0x20 || c == '"' || c == '\\' || c == '/' || c == 0xe2)) {
			size_t consumed;
			json_escape(to, s.data + i, s.size - i, escape_slashes, &consumed);
			i += consumed;
		}
	}
	strbuf_putc(to, '"');
}

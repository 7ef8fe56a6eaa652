// SPDX-License-Identifier: Apache-2.0
/* Numeric as decimal text. */
#include <assert.h>

#include "column/numeric_impl.h"
#include "column/type.h"

enum { DEC_DIGITS = 4, EXPONENT_MAX = 1 << 20 };

static void put4(char *to, int16_t digit)
{
	to[0] = (char)('0' + digit / 1000);
	to[1] = (char)('0' + digit / 100 % 10);
	to[2] = (char)('0' + digit / 10 % 10);
	to[3] = (char)('0' + digit % 10);
}

void numeric_format(const struct numeric *n, struct strbuf *to)
{
	if (numeric_is_special(n)) {
		strbuf_putz(to, n->sign == NUMERIC_NAN ? "NaN" : n->sign == NUMERIC_PLUS_INFINITY ? "Infinity" : "-Infinity");
		return;
	}
	size_t whole = n->weight < 0 ? 1 : ((size_t)n->weight + 1) * DEC_DIGITS;
	if (!strbuf_reserve(to, 1 + whole + 1 + (size_t)n->dscale + DEC_DIGITS))
		return;
	char *start = to->data + to->size, *p = start;
	if (n->sign == NUMERIC_NEGATIVE)
		*p++ = '-';
	char *first = p;
	for (int32_t i = 0; i <= n->weight; i++, p += DEC_DIGITS)
		put4(p, i < n->ndigits ? n->digits[i] : 0);
	size_t zeros = 0;
	while ((size_t)(p - first) > zeros + 1 && first[zeros] == '0')
		zeros++;
	memmove(first, first + zeros, (size_t)(p - first) - zeros);
	p -= zeros;
	if (p == first)
		*p++ = '0';
	if (n->dscale > 0) {
		*p++ = '.';
		char *end = p + n->dscale;
		for (int32_t i = n->weight + 1; p < end; i++, p += DEC_DIGITS)
			put4(p, i >= 0 && i < n->ndigits ? n->digits[i] : 0);
		p = end;
	}
	to->size += (size_t)(p - start);
}

enum status numeric_from_digits(struct numeric *n, const char *digits, size_t count, int64_t scale, struct error *err)
{
	while (count != 0 && *digits == '0') {
		digits++;
		count--;
	}
	n->ndigits = 0;
	n->weight = 0;
	n->sign = NUMERIC_POSITIVE;
	n->dscale = scale < 0 ? 0 : (int32_t)(scale > EXPONENT_MAX ? EXPONENT_MAX : scale);
	if (count == 0)
		return numeric_check(n, err);
	/* decimal weight of the first digit; base-10000 digits start at multiples of four */
	int64_t top = (int64_t)count - scale - 1;
	int64_t weight = top >= 0 ? top / DEC_DIGITS : -((-top + DEC_DIGITS - 1) / DEC_DIGITS);
	if (weight > NUMERIC_WEIGHT_MAX || -weight > NUMERIC_DSCALE_MAX || count > (size_t)EXPONENT_MAX)
		return ERR(err, E_OUT_OF_RANGE, "value overflows numeric format");
	unsigned lead = DEC_DIGITS - 1 - (unsigned)(top - weight * DEC_DIGITS);
	int32_t ndigits = (int32_t)((lead + count + DEC_DIGITS - 1) / DEC_DIGITS);
	TRY(numeric_reserve(n, ndigits, err));
	memset(n->digits, 0, (size_t)ndigits * sizeof *n->digits);
	for (size_t i = 0; i < (size_t)ndigits * DEC_DIGITS; i++) {
		int d = i >= lead && i - lead < count ? digits[i - lead] - '0' : 0;
		int16_t *to = &n->digits[i / DEC_DIGITS];
		*to = (int16_t)(*to * 10 + d);
	}
	n->ndigits = ndigits;
	n->weight = (int32_t)weight;
	numeric_strip(n);
	return numeric_check(n, err);
}

static enum status bad_text(struct str text, struct error *err)
{
	return ERR(err, E_CANNOT_PARSE_NUMBER, "invalid input syntax for type numeric: \"%.*s\"", STR_ARG(text));
}

static bool parse_special(struct numeric *n, struct str s, bool negative)
{
	if (str_eq_nocase(s, STR("nan"))) {
		numeric_set_special(n, NUMERIC_NAN);
		return true;
	}
	if (str_eq_nocase(s, STR("infinity")) || str_eq_nocase(s, STR("inf"))) {
		numeric_set_special(n, negative ? NUMERIC_MINUS_INFINITY : NUMERIC_PLUS_INFINITY);
		return true;
	}
	return false;
}

/* [e|E][+-]digits at the end; false on anything else. */
static bool parse_exponent(struct str s, int64_t *out)
{
	*out = 0;
	if (s.size == 0)
		return true;
	if (ascii_lower(s.data[0]) != 'e' || s.size < 2)
		return false;
	size_t i = 1;
	bool negative = s.data[1] == '-';
	i += negative || s.data[1] == '+';
	if (i == s.size)
		return false;
	for (; i < s.size; i++) {
		if (s.data[i] < '0' || s.data[i] > '9')
			return false;
		if (*out < EXPONENT_MAX)
			*out = *out * 10 + (s.data[i] - '0');
	}
	*out = negative ? -*out : *out;
	return true;
}

enum status numeric_parse(struct numeric *n, struct str text, struct error *err)
{
	struct str s = str_trim(text);
	bool negative = s.size != 0 && s.data[0] == '-';
	bool sign = s.size != 0 && (negative || s.data[0] == '+');
	s = str_make(s.data + sign, s.size - sign);
	if (s.size != 0 && parse_special(n, s, negative))
		return sign && numeric_is_nan(n) ? bad_text(text, err) : OK;
	size_t i = 0, digits = 0;
	ptrdiff_t point = -1;
	for (; i < s.size; i++) {
		if (s.data[i] >= '0' && s.data[i] <= '9')
			digits++;
		else if (s.data[i] == '.' && point < 0)
			point = (ptrdiff_t)i;
		else
			break;
	}
	int64_t exponent;
	if (digits == 0 || !parse_exponent(str_make(s.data + i, s.size - i), &exponent))
		return bad_text(text, err);
	int64_t scale = (point < 0 ? 0 : (int64_t)(i - (size_t)point) - 1) - exponent;
	enum status status;
	if (point < 0 || (size_t)point + 1 == i) {
		status = numeric_from_digits(n, s.data, digits, scale, err);
	} else { /* the digits in one piece, without the point */
		struct strbuf joined;
		strbuf_init(&joined, NULL);
		strbuf_put(&joined, s.data, (size_t)point);
		strbuf_put(&joined, s.data + point + 1, i - (size_t)point - 1);
		status = strbuf_status(&joined, err);
		if (status == OK)
			status = numeric_from_digits(n, joined.data, digits, scale, err);
		strbuf_fini(&joined);
	}
	if (status == OK && negative)
		numeric_negate(n);
	return status;
}

enum status numeric_apply_typmod(struct numeric *n, int32_t typmod, struct error *err)
{
	if (typmod < PG_VARHDRSZ || numeric_is_nan(n))
		return OK;
	int precision = numeric_typmod_precision(typmod), scale = numeric_typmod_scale(typmod);
	if (numeric_is_special(n)) {
		enum status s = ERR(err, E_OUT_OF_RANGE, "numeric field overflow");
		if (err != NULL)
			error_detail(err, "A field with precision %d, scale %d cannot hold an infinite value.", precision, scale);
		return s;
	}
	TRY(numeric_round(n, scale, err));
	/* decimal digits before the point */
	int digits = 0;
	if (n->ndigits != 0) {
		digits = (n->weight + 1) * DEC_DIGITS;
		digits -= n->digits[0] < 10 ? 3 : n->digits[0] < 100 ? 2 : n->digits[0] < 1000 ? 1 : 0;
	}
	if (n->ndigits == 0 || digits <= precision - scale)
		return OK;
	enum status s = ERR(err, E_OUT_OF_RANGE, "numeric field overflow");
	if (err != NULL)
		error_detail(err, "A field with precision %d, scale %d must round to an absolute value less than %s%d.", precision,
		             scale, precision - scale == 0 ? "" : "10^", precision - scale == 0 ? 1 : precision - scale);
	return s;
}

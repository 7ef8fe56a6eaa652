// SPDX-License-Identifier: Apache-2.0
/* What quoted tokens mean: escapes of either dialect. */
#include "parse/lexer.h"

#include <assert.h>

#include "base/utf8.h"

struct decoder {
	const struct token *token;
	struct str in;
	size_t at;
	char *out;
	size_t size;
	struct error *err;
};

static enum status bad(struct decoder *d, enum status s, const char *what)
{
	(void)ERR(d->err, s, "%s", what);
	return d->err == NULL ? s : error_at(d->err, (int)d->token->position);
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads up to `most` hex digits; returns how many. */
static unsigned read_hex(struct decoder *d, unsigned most, uint32_t *value)
{
	unsigned n = 0;
	*value = 0;
	while (n < most && d->at < d->in.size && hex_value(d->in.data[d->at]) >= 0) {
		*value = *value << 4 | (uint32_t)hex_value(d->in.data[d->at++]);
		n++;
	}
	return n;
}

/* One character behind a backslash, ClickHouse's way: unknown escapes keep the backslash. */
static enum status clickhouse_escape(struct decoder *d)
{
	uint32_t v;
	char c = d->in.data[d->at++], is = c;
	switch (c) {
	case 'x':
		if (read_hex(d, 2, &v) != 2)
			return bad(d, E_SYNTAX, "Cannot parse escape sequence: two hexadecimal digits expected behind \\x");
		d->out[d->size++] = (char)v;
		return OK;
	case 'N': return OK;
	case 'a': is = '\a'; break;
	case 'b': is = '\b'; break;
	case 'e': is = '\x1B'; break;
	case 'f': is = '\f'; break;
	case 'n': is = '\n'; break;
	case 'r': is = '\r'; break;
	case 't': is = '\t'; break;
	case 'v': is = '\v'; break;
	case '0': is = '\0'; break;
	case '\\': case '\'': case '"': case '`': case '/': break;
	default:
		d->out[d->size++] = '\\';
		break;
	}
	d->out[d->size++] = is;
	return OK;
}

static enum status put_code_point(struct decoder *d, uint32_t v)
{
	if (v == 0 || v > 0x10FFFF || (v >= 0xD800 && v <= 0xDFFF))
		return bad(d, E_SYNTAX, "invalid Unicode escape value");
	d->size += utf8_encode(v, d->out + d->size);
	return OK;
}

/* \uXXXX or \UXXXXXXXX and, for a high surrogate, the low one that must follow. */
static enum status unicode_escape(struct decoder *d, unsigned digits)
{
	uint32_t v, low;
	if (read_hex(d, digits, &v) != digits)
		return bad(d, E_SYNTAX, "invalid Unicode escape");
	if (v >= 0xD800 && v < 0xDC00) {
		if (d->at + 2 > d->in.size || d->in.data[d->at] != '\\' || ascii_lower(d->in.data[d->at + 1]) != 'u')
			return bad(d, E_SYNTAX, "invalid Unicode surrogate pair");
		unsigned more = d->in.data[d->at + 1] == 'u' ? 4 : 8;
		d->at += 2;
		if (read_hex(d, more, &low) != more || low < 0xDC00 || low > 0xDFFF)
			return bad(d, E_SYNTAX, "invalid Unicode surrogate pair");
		v = 0x10000 + ((v - 0xD800) << 10) + (low - 0xDC00);
	}
	return put_code_point(d, v);
}

/* One character behind a backslash of E'…'. */
static enum status extended_escape(struct decoder *d)
{
	uint32_t v;
	char c = d->in.data[d->at++];
	switch (c) {
	case 'b': d->out[d->size++] = '\b'; return OK;
	case 'f': d->out[d->size++] = '\f'; return OK;
	case 'n': d->out[d->size++] = '\n'; return OK;
	case 'r': d->out[d->size++] = '\r'; return OK;
	case 't': d->out[d->size++] = '\t'; return OK;
	case 'v': d->out[d->size++] = '\v'; return OK;
	case 'u': return unicode_escape(d, 4);
	case 'U': return unicode_escape(d, 8);
	case 'x':
		if (read_hex(d, 2, &v) == 0) {
			d->out[d->size++] = 'x';
			return OK;
		}
		break;
	case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7':
		v = (uint32_t)(c - '0');
		for (int i = 0; i < 2 && d->at < d->in.size && d->in.data[d->at] >= '0' && d->in.data[d->at] <= '7'; i++)
			v = v << 3 | (uint32_t)(d->in.data[d->at++] - '0');
		v &= 0xFF;
		break;
	default:
		d->out[d->size++] = c;
		return OK;
	}
	if (v == 0)
		return bad(d, E_BAD_ENCODING, "invalid byte sequence for encoding \"UTF8\": 0x00");
	d->out[d->size++] = (char)v;
	return OK;
}

/* One escape of U&'…': \XXXX, \+XXXXXX, or the escape character doubled. */
static enum status ampersand_escape(struct decoder *d, char escape)
{
	uint32_t v, low;
	if (d->at < d->in.size && d->in.data[d->at] == escape) {
		d->out[d->size++] = d->in.data[d->at++];
		return OK;
	}
	unsigned digits = d->at < d->in.size && d->in.data[d->at] == '+' ? 6 : 4;
	d->at += digits == 6;
	if (read_hex(d, digits, &v) != digits)
		return bad(d, E_SYNTAX, "invalid Unicode escape");
	if (v >= 0xD800 && v < 0xDC00) {
		if (d->at >= d->in.size || d->in.data[d->at++] != escape || read_hex(d, 4, &low) != 4 || low < 0xDC00
			|| low > 0xDFFF)
			return bad(d, E_SYNTAX, "invalid Unicode surrogate pair");
		v = 0x10000 + ((v - 0xD800) << 10) + (low - 0xDC00);
	}
	return put_code_point(d, v);
}

/* The text between quotes; `quote` doubled is one. A Unicode escape never grows: 6 bytes and more become at most 4. */
static enum status decode(struct decoder *d, char quote, char escape, enum status (*escaped)(struct decoder *))
{
	while (d->at < d->in.size) {
		char c = d->in.data[d->at++];
		if (c == quote) {
			d->at++;
			d->out[d->size++] = c;
		} else if (escape != '\0' && c == escape && (d->at < d->in.size || escaped == NULL)) {
			TRY(escaped == NULL ? ampersand_escape(d, escape) : escaped(d));
		} else {
			d->out[d->size++] = c;
		}
		assert(d->size <= d->in.size);
	}
	return OK;
}

/* B'…' and X'…'. ClickHouse: bytes; PostgreSQL: text of 0 and 1. */
static enum status decode_bits(struct decoder *d, bool hex, enum dialect dialect)
{
	unsigned per_digit = hex ? 4 : 1;
	unsigned bits = 0;
	uint32_t byte = 0;
	/* ClickHouse pads on the left to whole bytes */
	if (dialect == DIALECT_CLICKHOUSE)
		bits = (unsigned)((8 - d->in.size * per_digit % 8) % 8);
	for (; d->at < d->in.size; d->at++) {
		int v = hex_value(d->in.data[d->at]);
		if (v < 0 || (!hex && v > 1))
			return bad(d, E_SYNTAX, hex ? "invalid hexadecimal digit in a literal"
				: "invalid binary digit in a literal");
		for (unsigned i = per_digit; i-- != 0;) {
			unsigned bit = (unsigned)v >> i & 1;
			if (dialect == DIALECT_POSTGRESQL) {
				d->out[d->size++] = (char)('0' + bit);
				continue;
			}
			byte = byte << 1 | bit;
			if (++bits == 8) {
				d->out[d->size++] = (char)byte;
				bits = 0;
				byte = 0;
			}
		}
	}
	return OK;
}

static struct str fold(struct arena *a, struct str s)
{
	char *p = arena_strndup(a, s.data, s.size);
	for (size_t i = 0; i < s.size; i++)
		p[i] = ascii_lower(p[i]);
	return str_make(p, s.size);
}

/* The part of the token between its quotes. */
static struct str inside(const struct token *t, struct str text)
{
	struct str s = str_make(text.data + t->offset, t->size);
	size_t before = t->kind == T_USTRING || t->kind == T_UQUOTED ? 3 : t->kind == T_ESTRING || t->kind == T_BITS
		|| t->kind == T_HEX ? 2 : 1;
	if (t->kind == T_DOLLAR)
		before = (size_t)str_find_char(str_make(s.data + 1, s.size - 1), '$') + 2;
	size_t after = t->kind == T_DOLLAR ? before : 1;
	assert(s.size >= before + after);
	return str_make(s.data + before, s.size - before - after);
}

enum status token_text(const struct token *t, struct str text, enum dialect dialect, char uescape, struct arena *a,
	struct str *out, struct error *err)
{
	if (t->kind == T_WORD) {
		struct str s = str_make(text.data + t->offset, t->size);
		*out = dialect == DIALECT_POSTGRESQL ? fold(a, s) : arena_str(a, s);
		return OK;
	}
	struct decoder d = {.token = t, .in = inside(t, text), .err = err};
	enum status s = OK;
	bool backslashes = dialect == DIALECT_CLICKHOUSE;
	d.out = arena_alloc(a, d.in.size * (t->kind == T_HEX ? 4 : 1) + 1);
	switch (t->kind) {
	case T_QUOTED:
		s = decode(&d, text.data[t->offset], backslashes ? '\\' : '\0', clickhouse_escape);
		break;
	case T_STRING: s = decode(&d, '\'', backslashes ? '\\' : '\0', clickhouse_escape); break;
	case T_ESTRING: s = decode(&d, '\'', '\\', backslashes ? clickhouse_escape : extended_escape); break;
	case T_USTRING: s = decode(&d, '\'', uescape, NULL); break;
	case T_UQUOTED: s = decode(&d, '"', uescape, NULL); break;
	case T_BITS: case T_HEX: s = decode_bits(&d, t->kind == T_HEX, dialect); break;
	default:
		assert(t->kind == T_DOLLAR);
		memcpy(d.out, d.in.data, d.in.size);
		d.size = d.in.size;
		break;
	}
	if (s != OK)
		return s;
	if (t->kind == T_ESTRING && dialect == DIALECT_POSTGRESQL && !utf8_valid(d.out, d.size))
		return bad(&d, E_BAD_ENCODING, "invalid byte sequence for encoding \"UTF8\"");
	d.out[d.size] = '\0';
	*out = str_make(d.out, d.size);
	return OK;
}

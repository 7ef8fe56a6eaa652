// SPDX-License-Identifier: Apache-2.0
/* Bytes as text and back: base64, base58, base32 (RFC 4648), bits of a number as a list. */
#include "func/str_impl.h"

static const char BASE64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char BASE64_URL[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char BASE58[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
static const char BASE32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

static int digit_of(const char *alphabet, char c)
{
	const char *p = c == '\0' ? NULL : strchr(alphabet, c);
	return p == NULL ? -1 : (int)(p - alphabet);
}

/* ---- groups of bits: base64 has 6 of them a digit, base32 5 ---- */

static void put_bits(struct strbuf *to, struct str s, const char *alphabet, unsigned bits, bool padded)
{
	uint32_t held = 0;
	unsigned have = 0, written = 0, group = bits == 6 ? 4 : 8;
	for (size_t i = 0; i < s.size; i++) {
		held = held << 8 | (unsigned char)s.data[i];
		for (have += 8; have >= bits; written++) {
			have -= bits;
			strbuf_putc(to, alphabet[held >> have & ((1u << bits) - 1)]);
		}
		held &= (1u << have) - 1;
	}
	if (have != 0) {
		strbuf_putc(to, alphabet[held << (bits - have) & ((1u << bits) - 1)]);
		written++;
	}
	while (padded && written++ % group != 0)
		strbuf_putc(to, '=');
}

/* False when it is no such text: a foreign byte, or digits that end inside a byte. */
static bool get_bits(struct strbuf *to, struct str s, const char *alphabet, unsigned bits, bool needs_padding)
{
	unsigned group = bits == 6 ? 4 : 8, have = 0;
	uint32_t held = 0;
	size_t digits = 0, padding = 0;
	for (size_t i = 0; i < s.size; i++) {
		char c = s.data[i];
		if (bits == 6 && (c == '\n' || c == '\r' || c == ' ' || c == '\t'))
			continue;
		if (c == '=') {
			padding++;
			continue;
		}
		if (alphabet == BASE64_URL && (c == '+' || c == '/'))
			c = c == '+' ? '-' : '_';
		int d = digit_of(alphabet, bits == 5 ? ascii_upper(c) : c);
		if (d < 0 || padding != 0)
			return false;
		digits++;
		held = held << bits | (uint32_t)d;
		have += bits;
		if (have >= 8) {
			have -= 8;
			strbuf_putc(to, (char)(held >> have));
		}
		held &= (1u << have) - 1;
	}
	if ((needs_padding || padding != 0) && ((digits + padding) % group != 0 || padding >= group))
		return false;
	return have < bits && (bits == 5 || digits % 4 != 1);
}

/* ---- base58: a number in that base, a leading 1 for each leading zero byte ---- */

/* The digits of `s` in base `from` as digits in base `to`; `room` digits at out, filled from its end. */
static size_t change_base(const unsigned char *digits, size_t n, unsigned from, unsigned to, unsigned char *out,
                          size_t room)
{
	size_t used = 0;
	memset(out, 0, room);
	for (size_t i = 0; i < n; i++) {
		unsigned carry = digits[i];
		size_t k = 0;
		for (; k < used || carry != 0; k++) {
			carry += out[room - 1 - k] * from;
			out[room - 1 - k] = (unsigned char)(carry % to);
			carry /= to;
		}
		used = k;
	}
	return used;
}

enum { BASE58_MAX = 100000 };

static bool put_base58(struct strbuf *to, struct str s, struct arena *a)
{
	size_t zeros = 0, room = s.size * 138 / 100 + 2;
	if (s.size > BASE58_MAX)
		return false;
	unsigned char *out = arena_alloc(a, room);
	while (zeros < s.size && s.data[zeros] == '\0')
		zeros++;
	size_t used = change_base((const unsigned char *)s.data + zeros, s.size - zeros, 256, 58, out, room);
	for (size_t i = 0; i < zeros; i++)
		strbuf_putc(to, '1');
	for (size_t i = room - used; i < room; i++)
		strbuf_putc(to, BASE58[out[i]]);
	return true;
}

static bool get_base58(struct strbuf *to, struct str s, struct arena *a)
{
	size_t ones = 0, room = s.size + 1;
	if (s.size > BASE58_MAX)
		return false;
	unsigned char *digits = arena_alloc(a, s.size + 1), *out = arena_alloc(a, room);
	while (ones < s.size && s.data[ones] == '1')
		ones++;
	for (size_t i = ones; i < s.size; i++) {
		int d = digit_of(BASE58, s.data[i]);
		if (d < 0)
			return false;
		digits[i] = (unsigned char)d;
	}
	size_t used = change_base(digits + ones, s.size - ones, 58, 256, out, room);
	for (size_t i = 0; i < ones; i++)
		strbuf_putc(to, '\0');
	strbuf_put(to, out + room - used, used);
	return true;
}

struct coding {
	const char *alphabet;
	bool decode, lenient; /* lenient: '' for what cannot be decoded */
};

static bool code_row(const struct coding *x, struct strbuf *to, struct str s, struct arena *a)
{
	unsigned bits = x->alphabet == BASE32 ? 5 : 6;
	if (x->alphabet == BASE58)
		return x->decode ? get_base58(to, s, a) : put_base58(to, s, a);
	if (x->decode)
		return get_bits(to, s, x->alphabet, bits, x->alphabet != BASE64_URL);
	put_bits(to, s, x->alphabet, bits, x->alphabet != BASE64_URL);
	return true;
}

static enum status exec_code(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const struct coding *x = c->state;
	struct str_arg text = str_arg(args[0]);
	struct strings o;
	enum status s = OK;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct str t = str_arg_at(&text, i);
		size_t before = o.text.size;
		if (!eval_skips(e, i) && !code_row(x, &o.text, t, e->scratch)) {
			o.text.size = before;
			if (!x->lenient)
				s = ERR(e->err, E_INCORRECT_DATA, "Invalid %s value (%.*s), cannot be %s", c->function->name,
				        (int)(t.size < 100 ? t.size : 100), t.data, x->decode ? "decoded" : "encoded: it is too long");
		}
		strings_end(&o, i);
	}
	return strings_close(&o, c, e, count, s, out);
}

static enum status bind_code(struct bind_env *env, struct call *c)
{
	struct coding *x = ARENA_NEW(env->arena, struct coding);
	struct str name = str_of(c->function->name);
	x->decode = str_ends_with(name, STR("Decode"));
	x->lenient = str_starts_with(name, STR("try"));
	x->alphabet = str_find(name, STR("32")) >= 0 ? BASE32 : str_find(name, STR("58")) >= 0 ? BASE58
		: str_find(name, STR("URL")) >= 0 ? BASE64_URL : BASE64;
	c->state = x;
	return OK;
}

/* ---- the bits of a number ---- */

static uint64_t bits_at(const struct vector *v, uint32_t i, size_t size)
{
	uint64_t x = 0;
	memcpy(&x, (const char *)v->data + (v->form == VECTOR_CONST ? 0 : i) * size, size);
	return x;
}

/* bitmaskToArray: the powers of two, as the argument's type; bitPositionsToArray: their exponents. */
static enum status exec_bit_list(const struct call *c, struct eval *e, const struct vector *const *args,
                                 uint32_t count, struct vector **out)
{
	size_t size = physical_size(type_physical(args[0]->type));
	bool positions = strcmp(c->function->name, "bitPositionsToArray") == 0;
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		for (uint64_t x = bits_at(args[0], i, size); x != 0 && s == OK; x &= x - 1) {
			uint64_t one = positions ? (uint64_t)__builtin_ctzll(x) : x & -x;
			s = builder_fixed(b->children[0], &one, e->err);
		}
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	return builder_close(b, s, out, e->err);
}

static enum status exec_bit_text(const struct call *c, struct eval *e, const struct vector *const *args,
                                 uint32_t count, struct vector **out)
{
	size_t size = physical_size(type_physical(args[0]->type));
	bool is_signed = type_is_signed(args[0]->type);
	struct strings o;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		uint64_t x = bits_at(args[0], i, size), top = 1ull << (8 * size - 1);
		for (bool first = true; x != 0; x &= x - 1, first = false) {
			uint64_t one = x & -x;
			if (!first)
				strbuf_putc(&o.text, ',');
			if (is_signed && one == top)
				strbuf_putc(&o.text, '-');
			strbuf_put_u64(&o.text, one);
		}
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

static enum status bind_bits(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	bool positions = strcmp(c->function->name, "bitPositionsToArray") == 0;
	if (!type_is_integer(t) || physical_size(type_physical(t)) > 8)
		return call_bad_type(env, c, 0);
	if (c->result == NULL)
		c->result = type_array(env->arena, positions ? type_simple(TYPE_UINT64) : t);
	return OK;
}

#define CODE(name, aliases, text, sample, answer) \
	FUNCTION_ROW(name, aliases, FUNCTION_CH, "S", "String", bind_code, exec_code, text, sample, answer)
#define TRY_CODE(name, aliases) \
	CODE(name, aliases, "The bytes, or an empty string where the text is not of that coding.", name "('*')", "")

static const struct function rows[] = {
	CODE("base64Encode", "~TO_BASE64", "Bytes in base64.", "base64Encode('hello')", "aGVsbG8="),
	CODE("base64Decode", "~FROM_BASE64", "Bytes from base64.", "base64Decode('aGVsbG8=')", "hello"),
	TRY_CODE("tryBase64Decode", NULL),
	CODE("base64URLEncode", NULL, "Bytes in base64 for URLs, without padding.", "base64URLEncode('~?>')", "fj8-"),
	CODE("base64URLDecode", NULL, "Bytes from base64 for URLs.", "base64URLDecode('fj8-')", "~?>"),
	TRY_CODE("tryBase64URLDecode", NULL),
	CODE("base58Encode", NULL, "Bytes in base58, Bitcoin's alphabet.", "base58Encode('hello')", "Cn8eVZg"),
	CODE("base58Decode", NULL, "Bytes from base58.", "base58Decode('Cn8eVZg')", "hello"),
	TRY_CODE("tryBase58Decode", NULL),
	CODE("base32Encode", NULL, "Bytes in base32.", "base32Encode('a')", "ME======"),
	CODE("base32Decode", NULL, "Bytes from base32.", "base32Decode('ME======')", "a"),
	TRY_CODE("tryBase32Decode", NULL),
	FUNCTION_ROW("bitmaskToArray", NULL, FUNCTION_CH, "I", NULL, bind_bits, exec_bit_list,
	             "The powers of two that make up a number.", "bitmaskToArray(50)", "[2,16,32]"),
	FUNCTION_ROW("bitPositionsToArray", NULL, FUNCTION_CH, "I", NULL, bind_bits, exec_bit_list,
	             "The places of the bits that are set.", "bitPositionsToArray(50)", "[1,4,5]"),
	FUNCTION_ROW("bitmaskToList", NULL, FUNCTION_CH, "I", "String", bind_bits, exec_bit_text,
	             "The powers of two that make up a number, as text.", "bitmaskToList(50)", "2,16,32"),
};

FUNCTION_FAMILY(str_encode, "Encodings");

// SPDX-License-Identifier: Apache-2.0
/* PostgreSQL's functions over bytea: encode(), decode(), convert_from(), get_byte() and kin. */
#include <assert.h>

#include "base/utf8.h"
#include "func/str_impl.h"

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

static struct str text_at(const struct vector *v, uint32_t i)
{
	struct str_arg a = str_arg(v);
	return str_arg_at(&a, i);
}

static const struct type *bytea(struct arena *a)
{
	return type_with_face(a, type_simple(TYPE_STRING), FACE_BYTEA, -1);
}

static bool is_untyped(const struct type *t)
{
	return t->id == TYPE_NOTHING || (t->id == TYPE_STRING && t->face == FACE_UNKNOWN);
}

/* ---- encode and decode ---- */

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
enum { BASE64_LINE = 76 };

static void encode_hex(struct strbuf *to, struct str s)
{
	for (size_t i = 0; i < s.size; i++) {
		strbuf_putc(to, "0123456789abcdef"[(unsigned char)s.data[i] >> 4]);
		strbuf_putc(to, "0123456789abcdef"[s.data[i] & 15]);
	}
}

/* Lines of 76 characters, as MIME has them. */
static void encode_base64(struct strbuf *to, struct str s)
{
	unsigned column = 0;
	for (size_t i = 0; i < s.size; i += 3) {
		uint32_t v = 0;
		size_t n = s.size - i < 3 ? s.size - i : 3;
		for (size_t k = 0; k < 3; k++)
			v = v << 8 | (k < n ? (unsigned char)s.data[i + k] : 0);
		for (unsigned k = 0; k < 4; k++)
			strbuf_putc(to, k <= n ? base64_digits[v >> (18 - 6 * k) & 63] : '=');
		column += 4;
		if (column >= BASE64_LINE && i + 3 < s.size) {
			strbuf_putc(to, '\n');
			column = 0;
		}
	}
	if (column >= BASE64_LINE)
		strbuf_putc(to, '\n');
}

static void encode_escape(struct strbuf *to, struct str s)
{
	for (size_t i = 0; i < s.size; i++) {
		unsigned char c = (unsigned char)s.data[i];
		if (c == '\0' || c >= 0x80)
			strbuf_printf(to, "\\%03o", c);
		else if (c == '\\')
			strbuf_putz(to, "\\\\");
		else
			strbuf_putc(to, (char)c);
	}
}

static int hex_value(char c)
{
	c = ascii_lower(c);
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static enum status bad_digit(struct error *err, const char *what, struct str s, size_t i)
{
	uint32_t code;
	unsigned n = utf8_decode(s.data + i, s.size - i, &code);
	return ERR(err, E_INVALID_PARAMETER_VALUE, "invalid %s: \"%.*s\"", what, (int)n, s.data + i);
}

static enum status decode_hex(struct strbuf *to, struct str s, struct error *err)
{
	for (size_t i = 0; i < s.size;) {
		if (is_blank(s.data[i])) {
			i++;
			continue;
		}
		int high = hex_value(s.data[i]);
		if (high < 0)
			return bad_digit(err, "hexadecimal digit", s, i);
		if (i + 1 >= s.size)
			return ERR(err, E_INVALID_PARAMETER_VALUE, "invalid hexadecimal data: odd number of digits");
		int low = hex_value(s.data[i + 1]);
		if (low < 0)
			return bad_digit(err, "hexadecimal digit", s, i + 1);
		strbuf_putc(to, (char)(high << 4 | low));
		i += 2;
	}
	return OK;
}

static enum status bad_symbol(struct error *err, struct str s, size_t i)
{
	uint32_t code;
	unsigned n = utf8_decode(s.data + i, s.size - i, &code);
	return ERR(err, E_INVALID_PARAMETER_VALUE, "invalid symbol \"%.*s\" found while decoding base64 sequence", (int)n,
	           s.data + i);
}

static enum status decode_base64(struct strbuf *to, struct str s, struct error *err)
{
	uint32_t v = 0;
	unsigned have = 0, end = 0;
	for (size_t i = 0; i < s.size; i++) {
		char c = s.data[i];
		if (is_blank(c))
			continue;
		const char *at = c == '\0' ? NULL : strchr(base64_digits, c);
		if (c == '=') {
			if (end == 0 && have < 2)
				return ERR(err, E_INVALID_PARAMETER_VALUE, "unexpected \"=\" while decoding base64 sequence");
			end = end == 0 ? have : end;
			at = base64_digits;
		} else if (at == NULL || end != 0) {
			return bad_symbol(err, s, i);
		}
		v = v << 6 | (uint32_t)(at - base64_digits);
		if (++have < 4)
			continue;
		for (unsigned k = 0; k < (end == 0 ? 3 : end - 1); k++)
			strbuf_putc(to, (char)(v >> (16 - 8 * k)));
		have = 0;
		v = 0;
	}
	if (have != 0) {
		ERR(err, E_INVALID_PARAMETER_VALUE, "invalid base64 end sequence");
		return error_hint(err, "Input data is missing padding, is truncated, or is otherwise corrupted.");
	}
	return OK;
}

static enum status decode_escape(struct strbuf *to, struct str s, struct error *err)
{
	for (size_t i = 0; i < s.size; i++) {
		const char *p = s.data + i;
		size_t left = s.size - i;
		if (*p != '\\') {
			strbuf_putc(to, *p);
		} else if (left >= 4 && p[1] >= '0' && p[1] <= '3' && p[2] >= '0' && p[2] <= '7' && p[3] >= '0' && p[3] <= '7') {
			strbuf_putc(to, (char)((p[1] - '0') << 6 | (p[2] - '0') << 3 | (p[3] - '0')));
			i += 3;
		} else if (left >= 2 && p[1] == '\\') {
			strbuf_putc(to, '\\');
			i++;
		} else {
			return ERR(err, E_CANNOT_PARSE_TEXT, "invalid input syntax for type %s", "bytea");
		}
	}
	return OK;
}

static enum status encode_row(struct strbuf *to, struct str s, struct str format, bool decode, struct error *err)
{
	bool hex = str_eq_nocase(format, STR("hex")), base64 = str_eq_nocase(format, STR("base64"));
	if (!hex && !base64 && !str_eq_nocase(format, STR("escape")))
		return ERR(err, E_INVALID_PARAMETER_VALUE, "unrecognized encoding: \"%.*s\"", STR_ARG(format));
	if (decode)
		return hex ? decode_hex(to, s, err) : base64 ? decode_base64(to, s, err) : decode_escape(to, s, err);
	(hex ? encode_hex : base64 ? encode_base64 : encode_escape)(to, s);
	return OK;
}

/* ---- encodings of text ---- */

static enum status convert_row(struct strbuf *to, struct str s, struct str encoding, bool from, struct error *err)
{
	bool utf8 = str_eq_nocase(encoding, STR("UTF8")) || str_eq_nocase(encoding, STR("UTF-8"));
	bool latin1 = str_eq_nocase(encoding, STR("LATIN1")) || str_eq_nocase(encoding, STR("ISO-8859-1")) ||
	              str_eq_nocase(encoding, STR("ISO88591"));
	if (!utf8 && !latin1)
		return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: the encoding \"%.*s\"", STR_ARG(encoding));
	if (utf8) {
		size_t good = utf8_valid_prefix(s.data, s.size);
		if (good < s.size)
			return ERR(err, E_BAD_ENCODING, "invalid byte sequence for encoding \"UTF8\": 0x%02x",
			           (unsigned char)s.data[good]);
		strbuf_puts(to, s);
		return OK;
	}
	for (size_t i = 0; i < s.size;) {
		char bytes[4];
		uint32_t code = (unsigned char)s.data[i];
		if (from) {
			strbuf_put(to, bytes, utf8_encode(code, bytes));
			i++;
			continue;
		}
		i += utf8_decode(s.data + i, s.size - i, &code);
		if (code > 0xff)
			return ERR(err, E_UNTRANSLATABLE, "character U+%04X has no equivalent in encoding \"LATIN1\"", code);
		strbuf_putc(to, (char)code);
	}
	return OK;
}

static enum status exec_recode(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	struct strings o;
	enum status s = OK;
	bool convert = c->function->name[0] == 'c';
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct str text = text_at(args[0], i), how = text_at(args[1], i);
		if (!eval_skips(e, i))
			s = convert ? convert_row(&o.text, text, how, named(c, "convert_from"), e->err)
			            : encode_row(&o.text, text, how, named(c, "decode"), e->err);
		strings_end(&o, i);
	}
	if (s != OK) {
		strbuf_fini(&o.text);
		return s;
	}
	return strings_finish(&o, c, e, count, out);
}

static enum status bind_recode(struct bind_env *env, struct call *c)
{
	bool takes_bytes = named(c, "encode") || named(c, "convert_from");
	if (is_untyped(c->arg_types[0]))
		c->arg_types[0] = takes_bytes ? bytea(env->arena) : type_simple(TYPE_STRING);
	if (!type_is_string(c->arg_types[0]) || (takes_bytes && type_face(c->arg_types[0]) != FACE_BYTEA))
		return call_bad_type(env, c, 0);
	c->result = takes_bytes ? type_simple(TYPE_STRING) : bytea(env->arena);
	return OK;
}

/* ---- bytes and bits ---- */

static enum status bind_bytes(struct bind_env *env, struct call *c)
{
	if (is_untyped(c->arg_types[0]))
		c->arg_types[0] = bytea(env->arena);
	if (type_face(c->arg_types[0]) != FACE_BYTEA)
		return call_bad_type(env, c, 0);
	if (c->result == NULL)
		c->result = bytea(env->arena);
	return OK;
}

static enum status check_index(struct eval *e, int64_t n, uint64_t size)
{
	if (n >= 0 && (uint64_t)n < size)
		return OK;
	return ERR(e->err, E_SUBSCRIPT, "index %lld out of valid range, 0..%lld", (long long)n, (long long)size - 1);
}

static enum status exec_get(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	bool bit = named(c, "get_bit");
	struct i64_arg places = i64_arg(args[1]);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		struct str s = text_at(args[0], i);
		int64_t n = i64_arg_at(&places, i);
		((int32_t *)v->data)[i] = 0;
		if (eval_skips(e, i))
			continue;
		if (check_index(e, n, (uint64_t)s.size * (bit ? 8 : 1)) != OK) {
			vector_unref(v);
			return e->err->status;
		}
		unsigned char byte = (unsigned char)s.data[bit ? n / 8 : n];
		((int32_t *)v->data)[i] = bit ? byte >> (n % 8) & 1 : byte;
	}
	*out = v;
	return OK;
}

static enum status exec_set(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	bool bit = named(c, "set_bit");
	struct i64_arg places = i64_arg(args[1]), values = i64_arg(args[2]);
	struct strings o;
	enum status s = OK;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct str text = text_at(args[0], i);
		int64_t n = i64_arg_at(&places, i), value = i64_arg_at(&values, i);
		size_t from = o.text.size;
		strbuf_puts(&o.text, text);
		strings_end(&o, i);
		if (eval_skips(e, i))
			continue;
		s = check_index(e, n, (uint64_t)text.size * (bit ? 8 : 1));
		if (s == OK && bit && value != 0 && value != 1)
			s = ERR(e->err, E_INVALID_PARAMETER_VALUE, "new bit must be 0 or 1");
		if (s != OK || o.text.failed)
			break;
		char *byte = o.text.data + from + (bit ? n / 8 : n);
		*byte = bit ? (char)((*byte & ~(1 << n % 8)) | (int)value << n % 8) : (char)value;
	}
	if (s != OK) {
		strbuf_fini(&o.text);
		return s;
	}
	return strings_finish(&o, c, e, count, out);
}

static enum status exec_bit_count(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		struct str s = text_at(args[0], i);
		int64_t n = 0;
		for (size_t k = 0; k < s.size; k++)
			n += __builtin_popcount((unsigned char)s.data[k]);
		((int64_t *)v->data)[i] = n;
	}
	*out = v;
	return OK;
}

#define BYTES(row_name, pattern, row_result, row_exec, text, sample, answer) \
	FUNCTION_ROW(row_name, NULL, FUNCTION_PG, pattern, row_result, bind_bytes, row_exec, text, sample, answer)
#define RECODE(row_name, text, sample, answer) \
	FUNCTION_ROW(row_name, NULL, FUNCTION_PG, "*T", NULL, bind_recode, exec_recode, text, sample, answer)

static const struct function rows[] = {
	RECODE("encode", "Bytes as text: hex, base64, escape.", "encode(decode('3132330001', 'hex'), 'base64')", "MTIzAAE="),
	RECODE("decode", "Bytes from text: hex, base64, escape.", "decode('MTIzAAE=', 'base64')", "\\x3132330001"),
	RECODE("convert_from", "Text from bytes of an encoding.", "convert_from(decode('616263', 'hex'), 'UTF8')", "abc"),
	RECODE("convert_to", "The bytes of a text in an encoding.", "convert_to('abc', 'UTF8')", "\\x616263"),
	BYTES("get_byte", "*J", "Int32", exec_get, "A byte as a number.", "get_byte(decode('1234567890', 'hex'), 4)", "144"),
	BYTES("get_bit", "*J", "Int32", exec_get, "A bit, from the lowest of the first byte.",
	      "get_bit(decode('1234567890', 'hex'), 30)", "1"),
	BYTES("set_byte", "*JJ", NULL, exec_set, "With a byte replaced.", "set_byte(decode('1234567890', 'hex'), 4, 64)",
	      "\\x1234567840"),
	BYTES("set_bit", "*JJ", NULL, exec_set, "With a bit replaced.", "set_bit(decode('1234567890', 'hex'), 30, 0)",
	      "\\x1234563890"),
	BYTES("bit_count", "*", "Int64", exec_bit_count, "How many bits are set.",
	      "bit_count(decode('1234567890', 'hex'))", "15"),
};

FUNCTION_FAMILY(pg_bytes, "PostgreSQL: bytes");

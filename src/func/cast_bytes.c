// SPDX-License-Identifier: Apache-2.0
/* hex, bin and back, and values read anew from the bytes of others: reinterpret. */
#include <assert.h>

#include "func/function.h"

/* ---- hex and bin ---- */

static void put_byte(struct strbuf *to, uint8_t byte, bool binary)
{
	static const char digits[] = "0123456789ABCDEF";
	if (!binary) {
		strbuf_putc(to, digits[byte >> 4]);
		strbuf_putc(to, digits[byte & 15]);
		return;
	}
	for (int bit = 7; bit >= 0; bit--)
		strbuf_putc(to, (char)('0' + (byte >> bit & 1)));
}

/* Integers: the highest byte first, without leading zero bytes. Floats and decimals: as they lie in memory. */
static void put_fixed(struct strbuf *to, const uint8_t *bytes, size_t size, const struct type *t, bool binary)
{
	if (type_is_float(t) || type_is_decimal(t) || t->id == TYPE_DATETIME64) {
		for (size_t i = 0; i < size; i++)
			put_byte(to, bytes[i], binary);
		return;
	}
	if (t->id == TYPE_UUID) {
		for (size_t i = 0; i < size; i++)
			put_byte(to, bytes[i / 8 * 8 + 7 - i % 8], binary);
		return;
	}
	size_t top = size;
	while (top > 1 && bytes[top - 1] == 0 && t->id != TYPE_IPV6)
		top--;
	while (top-- > 0)
		put_byte(to, bytes[top], binary);
}

static enum status exec_hex(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	const struct vector *v = args[0];
	bool binary = c->function->name[0] == 'b', strings = type_physical(v->type) == PHYS_STR;
	size_t size = physical_size(type_physical(v->type));
	uint32_t *ends = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
	struct strbuf text;
	strbuf_init(&text, e->track);
	for (uint32_t i = 0; i < count; i++) {
		if (strings) {
			struct str s = strview_str((const struct strview *)v->data + i);
			for (size_t k = 0; k < s.size && !eval_skips(e, i); k++)
				put_byte(&text, (uint8_t)s.data[k], binary);
		} else {
			put_fixed(&text, (const uint8_t *)v->data + i * size, size, v->type, binary);
		}
		ends[i] = (uint32_t)text.size;
	}
	enum status s = call_strings(c, e, &text, ends, count, out);
	strbuf_fini(&text);
	return s;
}

static enum status bind_hex(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	size_t size = physical_size(type_physical(t));
	if (size == 0 || t->id == TYPE_NUMERIC || t->id == TYPE_INTERVAL || t->id == TYPE_PGINTERVAL || t->value_count != 0)
		return call_bad_type(env, c, 0);
	return OK;
}

static int digit_value(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	ch = ascii_lower(ch);
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : 0xff;
}

/* Anything that is no digit counts as all bits set, an odd digit is the low half of the first byte. */
static enum status exec_unhex(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	struct str_arg a = str_arg(args[0]);
	size_t per_byte = c->function->name[2] == 'b' ? 8 : 2;
	unsigned bits = per_byte == 8 ? 1 : 4;
	uint32_t *ends = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
	struct strbuf text;
	strbuf_init(&text, e->track);
	for (uint32_t i = 0; i < count; i++) {
		struct str s = str_arg_at(&a, i);
		if (eval_skips(e, i))
			s.size = 0;
		size_t k = 0, head = s.size % per_byte;
		while (k < s.size) {
			size_t take = head != 0 ? head : per_byte;
			unsigned byte = 0;
			for (head = 0; take != 0; take--)
				byte = byte << bits | ((unsigned)digit_value(s.data[k++]) & 0xff);
			strbuf_putc(&text, (char)byte);
		}
		ends[i] = (uint32_t)text.size;
	}
	enum status s = call_strings(c, e, &text, ends, count, out);
	strbuf_fini(&text);
	return s;
}

/* ---- reinterpret ---- */

static bool has_bytes(const struct type *t)
{
	return physical_size(type_physical(t)) != 0 && t->id != TYPE_NUMERIC && t->id != TYPE_PGINTERVAL &&
		t->id != TYPE_AGGSTATE;
}

/* The bytes of row i; 32 bytes of room in `fixed`. */
static struct str bytes_of(const struct vector *v, uint32_t i)
{
	size_t size = physical_size(type_physical(v->type));
	if (type_physical(v->type) == PHYS_STR)
		return strview_str((const struct strview *)v->data + i);
	return str_make((const char *)v->data + i * size, size);
}

static enum status exec_reinterpret(const struct call *c, struct eval *e, const struct vector *const *args,
                                    uint32_t count, struct vector **out)
{
	size_t size = physical_size(type_physical(c->result));
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		struct str s = eval_skips(e, i) ? STR("") : bytes_of(args[0], i);
		char *to = (char *)v->data + i * size;
		memset(to, 0, size);
		memcpy(to, s.data, s.size < size ? s.size : size);
	}
	*out = v;
	return OK;
}

static enum status exec_reinterpret_string(const struct call *c, struct eval *e, const struct vector *const *args,
                                           uint32_t count, struct vector **out)
{
	uint32_t *ends = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
	bool fixed = c->result->id == TYPE_FIXEDSTRING;
	struct strbuf text;
	strbuf_init(&text, e->track);
	for (uint32_t i = 0; i < count; i++) {
		struct str s = eval_skips(e, i) ? STR("") : bytes_of(args[0], i);
		while (!fixed && s.size != 0 && s.data[s.size - 1] == '\0')
			s.size--;
		if (fixed && s.size > c->result->length)
			s.size = c->result->length;
		strbuf_puts(&text, s);
		for (size_t k = s.size; fixed && k < c->result->length; k++)
			strbuf_putc(&text, '\0');
		ends[i] = (uint32_t)text.size;
	}
	enum status s = call_strings(c, e, &text, ends, count, out);
	strbuf_fini(&text);
	return s;
}

static enum status bind_reinterpret(struct bind_env *env, struct call *c)
{
	static const char prefix[] = "reinterpretAs";
	const struct type *from = c->arg_types[0], *to;
	struct str name = str_of(c->function->name);
	if (!has_bytes(from))
		return call_bad_type(env, c, 0);
	if (str_starts_with(name, STR("reinterpretAs")) && name.size > sizeof prefix - 1)
		name = str_make(name.data + sizeof prefix - 1, name.size - (sizeof prefix - 1));
	else if (!call_const_str(c, 1, &name))
		return call_bad_type(env, c, 1);
	if (str_eq(name, STR("FixedString")))
		to = type_fixed_string(env->arena, from->id == TYPE_FIXEDSTRING ? from->length
		                                                                : (uint32_t)physical_size(type_physical(from)));
	else
		TRY(type_parse(env->arena, name, &to, env->err));
	if (!has_bytes(to) || (str_eq(name, STR("FixedString")) && from->id == TYPE_STRING))
		return call_bad_type(env, c, 0);
	c->result = to;
	c->exec = type_physical(to) == PHYS_STR ? exec_reinterpret_string : exec_reinterpret;
	return OK;
}

#define REINTERPRET(type, value, answer) \
	{.name = "reinterpretAs" type, .flags = FUNCTION_CH, .args = "*", .bind = bind_reinterpret, \
	 .description = "Reads the bytes of a value as " type ".", .example = "reinterpretAs" type "(" value ")", \
	 .example_result = answer}

static const struct function rows[] = {
	{.name = "hex", .flags = FUNCTION_BOTH | FUNCTION_NOCASE, .args = "*", .result = "String", .bind = bind_hex,
	 .exec = exec_hex, .description = "The bytes of a value in hexadecimal.", .example = "hex('abc')",
	 .example_result = "616263"},
	{.name = "bin", .flags = FUNCTION_CH | FUNCTION_NOCASE, .args = "*", .result = "String", .bind = bind_hex,
	 .exec = exec_hex, .description = "The bits of a value.", .example = "bin(5)", .example_result = "00000101"},
	{.name = "unhex", .flags = FUNCTION_CH | FUNCTION_NOCASE, .args = "S", .result = "String", .exec = exec_unhex,
	 .description = "The bytes that hexadecimal digits stand for.", .example = "unhex('616263')", .example_result = "abc"},
	{.name = "unbin", .flags = FUNCTION_CH | FUNCTION_NOCASE, .args = "S", .result = "String", .exec = exec_unhex,
	 .description = "The bytes that binary digits stand for.", .example = "unbin('0110000101100010')",
	 .example_result = "ab"},
	REINTERPRET("Int8", "'a'", "97"),
	REINTERPRET("Int16", "'ab'", "25185"),
	REINTERPRET("Int32", "'abc'", "6513249"),
	REINTERPRET("Int64", "'abc'", "6513249"),
	REINTERPRET("Int128", "'abc'", "6513249"),
	REINTERPRET("Int256", "'abc'", "6513249"),
	REINTERPRET("UInt8", "'a'", "97"),
	REINTERPRET("UInt16", "'ab'", "25185"),
	REINTERPRET("UInt32", "'abc'", "6513249"),
	REINTERPRET("UInt64", "'abc'", "6513249"),
	REINTERPRET("UInt128", "'abc'", "6513249"),
	REINTERPRET("UInt256", "'abc'", "6513249"),
	REINTERPRET("Float32", "toUInt32(1065353216)", "1"),
	REINTERPRET("Float64", "toUInt64(4607182418800017408)", "1"),
	REINTERPRET("Date", "'ab'", "2038-12-15"),
	REINTERPRET("DateTime", "toUInt32(5)", "1970-01-01 00:00:05"),
	REINTERPRET("String", "toUInt32(16961)", "AB"),
	REINTERPRET("FixedString", "toUInt16(16961)", "AB"),
	REINTERPRET("UUID", "reverse(unhex('000102030405060708090a0b0c0d0e0f'))", "08090a0b-0c0d-0e0f-0001-020304050607"),
	{.name = "reinterpret", .flags = FUNCTION_CH, .args = "*s", .bind = bind_reinterpret,
	 .description = "Reads the bytes of a value as the type that is named.", .example = "reinterpret('abc', 'UInt32')",
	 .example_result = "6513249"},
};

FUNCTION_FAMILY(bytes, "Bytes and their digits");

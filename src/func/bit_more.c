// SPDX-License-Identifier: Apache-2.0
/* Bits of strings, most significant first: shifts, slices; the bytes of a number in reverse order. */
#include "func/arith_impl.h"
#include "func/str_impl.h"

/* ---- byteSwap ---- */

static enum status exec_swap(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	size_t width = physical_size(type_physical(c->result));
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		const char *from = (const char *)args[0]->data + i * width;
		char *to = (char *)(*out)->data + i * width;
		for (size_t k = 0; k < width; k++)
			to[k] = from[width - 1 - k];
	}
	return OK;
}

static enum status bind_swap(struct bind_env *env, struct call *c)
{
	if (!type_is_integer(c->arg_types[0]))
		return call_bad_type(env, c, 0);
	c->result = c->arg_types[0];
	return OK;
}

/* ---- shifts of strings ---- */

/* n bits up: a String grows by what it takes, a FixedString keeps its size. */
static void shift_left(struct strbuf *to, struct str s, uint64_t n, bool fixed)
{
	size_t bytes = n / 8, grown = fixed ? 0 : (n + 7) / 8, size = s.size + grown;
	unsigned bits = n % 8;
	for (size_t k = 0; k < size; k++) {
		/* byte k of the result begins at bit 8k + n - 8 * grown of s */
		ptrdiff_t at = (ptrdiff_t)(k + bytes) - (ptrdiff_t)grown;
		unsigned high = at >= 0 && (size_t)at < s.size ? (unsigned char)s.data[at] : 0;
		unsigned low = at + 1 >= 0 && (size_t)(at + 1) < s.size ? (unsigned char)s.data[at + 1] : 0;
		strbuf_putc(to, (char)(high << bits | low >> (8 - bits)));
	}
}

static void shift_right(struct strbuf *to, struct str s, uint64_t n, bool fixed)
{
	size_t bytes = n / 8, size = s.size - (fixed ? 0 : bytes);
	unsigned bits = n % 8;
	for (size_t k = 0; k < size; k++) {
		ptrdiff_t at = (ptrdiff_t)k - (fixed ? (ptrdiff_t)bytes : 0);
		unsigned low = at >= 0 ? (unsigned char)s.data[at] : 0, high = at >= 1 ? (unsigned char)s.data[at - 1] : 0;
		strbuf_putc(to, (char)(low >> bits | high << (8 - bits)));
	}
}

static enum status finish_bits(struct strings *o, const struct call *c, struct eval *e, uint32_t count, enum status s,
                               struct vector **out)
{
	enum status finish = strings_finish(o, c, e, s == OK ? count : 0, out);
	if (s != OK && finish == OK) {
		vector_unref(*out);
		*out = NULL;
	}
	return s != OK ? s : finish;
}

static enum status exec_shift(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	bool left = strcmp(c->function->name, "bitShiftLeft") == 0, fixed = args[0]->type->id == TYPE_FIXEDSTRING;
	struct str_arg texts = str_arg(args[0]);
	struct i64_arg shifts = i64_arg(args[1]);
	struct strings o;
	enum status s = OK;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct str text = str_arg_at(&texts, i);
		int64_t n = eval_skips(e, i) ? 0 : i64_arg_at(&shifts, i);
		bool all = n >= 0 && (uint64_t)n >= (uint64_t)text.size * 8;
		if (n < 0)
			s = ERR(e->err, E_ARGUMENT_OUT_OF_BOUND, "The number of shift positions needs to be a non-negative value");
		else if (all)
			for (size_t k = 0; fixed && k < text.size; k++)
				strbuf_putc(&o.text, '\0');
		else if (left)
			shift_left(&o.text, text, (uint64_t)n, fixed);
		else
			shift_right(&o.text, text, (uint64_t)n, fixed);
		strings_end(&o, i);
	}
	return finish_bits(&o, c, e, count, s, out);
}

static enum status bind_shift(struct bind_env *env, struct call *c)
{
	if (!type_is_integer(c->arg_types[1]))
		return call_bad_type(env, c, 1);
	c->arg_types[1] = type_simple(TYPE_INT64);
	c->result = c->arg_types[0];
	return OK;
}

/* ---- bitSlice(s, offset[, length]) ---- */

static enum status exec_slice(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	struct str_arg texts = str_arg(args[0]);
	struct i64_arg offsets = i64_arg(args[1]), lengths = offsets;
	struct strings o;
	if (c->arg_count > 2)
		lengths = i64_arg(args[2]);
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		struct str s = str_arg_at(&texts, i);
		int64_t bits = (int64_t)s.size * 8, from = eval_skips(e, i) ? 0 : i64_arg_at(&offsets, i), to = bits;
		from = from > 0 ? from - 1 : from < 0 ? from + bits : bits;
		if (c->arg_count > 2) {
			int64_t length = i64_arg_at(&lengths, i);
			to = length < 0 ? (length < -bits ? 0 : bits + length) : length > bits - from ? bits : from + length;
		}
		from = from < 0 ? 0 : from;
		for (int64_t at = from; at < to; at += 8) {
			unsigned shift = (unsigned)(at % 8), v = (unsigned)(unsigned char)s.data[at / 8] << shift;
			if (shift != 0 && (size_t)(at / 8 + 1) < s.size)
				v |= (unsigned char)s.data[at / 8 + 1] >> (8 - shift);
			if (to - at < 8) /* zeros fill the last byte */
				v &= 0xffu << (8 - (to - at));
			strbuf_putc(&o.text, (char)v);
		}
		strings_end(&o, i);
	}
	return finish_bits(&o, c, e, count, OK, out);
}

static enum status bind_slice(struct bind_env *env, struct call *c)
{
	for (uint32_t i = 1; i < c->arg_count; i++) {
		if (!type_is_integer(c->arg_types[i]))
			return call_bad_type(env, c, i);
		c->arg_types[i] = type_simple(TYPE_INT64);
	}
	return OK;
}

static const struct function rows[] = {
	FUNCTION_ROW("byteSwap", NULL, CH_NOCASE, "*", NULL, bind_swap, exec_swap, "The bytes in reverse order.",
	             "byteSwap(toUInt16(258))", "513"),
	FUNCTION_ROW("bitShiftLeft", NULL, FUNCTION_CH, "S*", NULL, bind_shift, exec_shift,
	             "The bits of a string moved up by n places.", "hex(bitShiftLeft('abc', 4))", "06162630"),
	FUNCTION_ROW("bitShiftRight", NULL, FUNCTION_CH, "S*", NULL, bind_shift, exec_shift,
	             "The bits of a string moved down by n places.", "hex(bitShiftRight('abc', 4))", "061626"),
	FUNCTION_ROW("bitSlice", NULL, FUNCTION_CH, "S**?", "String", bind_slice, exec_slice,
	             "Bits of a string from a place on.", "hex(bitSlice('Hello', 3, 12))", "2190"),
};

FUNCTION_FAMILY(bit_more, "Bits of strings");

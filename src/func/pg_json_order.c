// SPDX-License-Identifier: Apache-2.0
/*
 * The order of jsonb values as texts that compare byte by byte (jsonbOrder). PostgreSQL's order is: object, array,
 * boolean, number, string, null, the first the greatest; of two arrays or objects the one with fewer members first.
 * A scalar at the top counts as an array of one, so that the empty array comes before all of them.
 *
 *   container  kind, count (4 bytes, big-endian), members; an array at the top has 0 (a scalar) or 1 before them
 *   string     kind, bytes, 0 (jsonb has no NUL)
 *   number     kind, sign, exponent (4 bytes), digits and 0; below zero all complemented, and 0xff at the end
 */
#include "func/pg_json_impl.h"

enum { ORDER_NULL = 1, ORDER_STRING, ORDER_NUMBER, ORDER_BOOL, ORDER_ARRAY = 'A', ORDER_OBJECT = 'B' };

static void put_u32(struct strbuf *to, uint32_t v, bool flip)
{
	v = flip ? ~v : v;
	for (int shift = 24; shift >= 0; shift -= 8)
		strbuf_putc(to, (char)(v >> shift));
}

/* jsonb's numbers have no exponent: digits with a point, if any. */
static void put_number(struct strbuf *to, struct str s)
{
	bool negative = s.size != 0 && s.data[0] == '-';
	const char *p = s.data + negative, *end = s.data + s.size, *point = p;
	while (point < end && *point != '.')
		point++;
	const char *first = p, *last = end;
	while (first < end && (*first == '0' || *first == '.'))
		first++;
	if (first == end) {
		strbuf_putc(to, 1); /* zero: between the signs */
		return;
	}
	while (point < end && (last[-1] == '0' || last[-1] == '.'))
		last--;
	ptrdiff_t exponent = first < point ? point - first : point - first + 1;
	strbuf_putc(to, negative ? 0 : 2);
	put_u32(to, (uint32_t)exponent ^ 0x80000000U, negative);
	if (point == end)
		while (last[-1] == '0')
			last--;
	for (p = first; p < last; p++)
		if (*p != '.')
			strbuf_putc(to, negative ? (char)~*p : *p);
	strbuf_putc(to, negative ? (char)0xff : 0);
}

static void put_value(struct strbuf *to, struct str value, bool top);

static void put_members(struct strbuf *to, struct str value)
{
	struct json_walk w;
	if (!json_walk_begin(&w, value))
		return;
	while (json_walk_next(&w)) {
		if (w.object) {
			json_decode(w.key, to);
			strbuf_putc(to, 0);
		}
		put_value(to, w.value, false);
	}
}

static void put_value(struct strbuf *to, struct str value, bool top)
{
	char kind = json_kind(value);
	if (kind == '{' || kind == '[') {
		strbuf_putc(to, kind == '{' ? ORDER_OBJECT : ORDER_ARRAY);
		put_u32(to, (uint32_t)json_length(value), false);
		if (top && kind == '[')
			strbuf_putc(to, 1);
		put_members(to, value);
		return;
	}
	if (top) {
		strbuf_putc(to, ORDER_ARRAY);
		put_u32(to, 1, false);
		strbuf_putc(to, 0);
	}
	if (kind == 'n') {
		strbuf_putc(to, ORDER_NULL);
	} else if (kind == '"') {
		strbuf_putc(to, ORDER_STRING);
		json_decode(value, to);
		strbuf_putc(to, 0);
	} else if (kind == 'b') {
		strbuf_putc(to, ORDER_BOOL);
		strbuf_putc(to, value.data[0] == 't');
	} else {
		strbuf_putc(to, ORDER_NUMBER);
		put_number(to, value);
	}
}

static enum status exec_order(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	struct str_arg a = str_arg(args[0]);
	struct strings o;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		struct str value;
		if (!eval_skips(e, i) && json_document(str_arg_at(&a, i), &value))
			put_value(&o.text, value, true);
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

static const struct function rows[] = {
	{.name = "jsonbOrder", .flags = FUNCTION_BOTH | FUNCTION_HIDDEN, .args = "S", .result = "String", .exec = exec_order,
	 .description = "A text that sorts and compares as the jsonb does."},
};

FUNCTION_FAMILY(pg_json_order, "The order of jsonb");

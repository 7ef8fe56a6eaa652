// SPDX-License-Identifier: Apache-2.0
/* IP addresses: text, numbers, networks. An IPv6 address is FixedString(16) or IPv6, an IPv4 one a number or IPv4. */
#include "func/str_impl.h"

/* ---- arguments ---- */

static uint32_t ipv4_at(const struct vector *v, uint32_t i)
{
	uint32_t x = 0;
	size_t size = physical_size(type_physical(v->type));
	memcpy(&x, (const char *)v->data + (v->form == VECTOR_CONST ? 0 : i) * size, size);
	return x;
}

/* As a number, first group highest. */
static u128 ipv6_at(const struct vector *v, uint32_t i)
{
	size_t row = v->form == VECTOR_CONST ? 0 : i;
	u128 x = 0;
	if (v->type->id == TYPE_IPV6) {
		memcpy(&x, (const char *)v->data + row * 16, 16);
		return x;
	}
	struct str s = strview_str((const struct strview *)v->data + row);
	for (size_t k = 0; k < s.size; k++)
		x = x << 8 | (unsigned char)s.data[k];
	return x;
}

static void put_ipv6_bytes(struct strbuf *to, u128 x)
{
	strbuf_put_be(to, (uint64_t)(x >> 64), 8);
	strbuf_put_be(to, (uint64_t)x, 8);
}

static enum status bind_ipv4(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	bool number = type_is_integer(t) && !type_is_signed(t) && physical_size(type_physical(t)) <= 4;
	return number || t->id == TYPE_IPV4 ? OK : call_bad_type(env, c, 0);
}

static enum status bind_ipv6(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	return t->id == TYPE_IPV6 || (t->id == TYPE_FIXEDSTRING && t->length == 16) ? OK : call_bad_type(env, c, 0);
}

/* ---- to text ---- */

static enum status exec_to_text(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	bool is_v4 = c->function->name[3] == '4', class_c = str_ends_with(str_of(c->function->name), STR("ClassC"));
	struct strings o;
	char text[48];
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		if (class_c) {
			uint32_t x = ipv4_at(args[0], i);
			strbuf_printf(&o.text, "%u.%u.%u.xxx", x >> 24, x >> 16 & 255, x >> 8 & 255);
		} else {
			strbuf_put(&o.text, text, is_v4 ? format_ipv4(ipv4_at(args[0], i), text) : format_ipv6(ipv6_at(args[0], i), text));
		}
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

/* cutIPv6(address, bytes off an IPv6, bytes off a mapped IPv4): the address with its last bytes zero, as text. */
static enum status exec_cut(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	struct i64_arg of_v6 = i64_arg(args[1]), of_v4 = i64_arg(args[2]);
	struct strings o;
	char text[48];
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		u128 x = ipv6_at(args[0], i);
		bool mapped = x >> 32 == 0xffff;
		int64_t n = i64_arg_at(mapped ? &of_v4 : &of_v6, i);
		x = n >= 16 ? 0 : n <= 0 ? x : x >> (8 * n) << (8 * n);
		strbuf_put(&o.text, text, format_ipv6(x, text));
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

/* ---- from text ---- */

enum parse_mode { PARSE_THROW, PARSE_NULL, PARSE_DEFAULT };

static enum parse_mode mode_of(const struct call *c)
{
	struct str name = str_of(c->function->name);
	return str_ends_with(name, STR("OrNull")) ? PARSE_NULL : str_ends_with(name, STR("OrDefault")) ? PARSE_DEFAULT
		: PARSE_THROW;
}

static enum status exec_v4_number(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	enum parse_mode mode = mode_of(c);
	struct str_arg text = str_arg(args[0]);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	enum status s = mode == PARSE_NULL ? vector_make_nulls(v, e->track, e->err) : OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t x = 0;
		if (!parse_ipv4(str_arg_at(&text, i), &x)) {
			x = 0;
			if (mode == PARSE_NULL)
				bit_set(v->nulls, i);
			else if (mode == PARSE_THROW && !eval_skips(e, i))
				s = ERR(e->err, E_CANNOT_PARSE_IPV4, "Invalid IPv4 value");
		}
		((uint32_t *)v->data)[i] = x;
	}
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status exec_v6_bytes(const struct call *c, struct eval *e, const struct vector *const *args,
                                 uint32_t count, struct vector **out)
{
	enum parse_mode mode = mode_of(c);
	struct str_arg text = str_arg(args[0]);
	uint64_t *bad = ARENA_ARRAY(e->scratch, uint64_t, count / 64 + 1);
	struct strings o;
	enum status s = OK;
	memset(bad, 0, (count / 64 + 1) * sizeof *bad);
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct str t = str_arg_at(&text, i);
		u128 x = 0;
		uint32_t x4;
		if (parse_ipv4(t, &x4))
			x = (u128)0xffff << 32 | x4;
		else if (!parse_ipv6(t, &x)) {
			x = 0;
			bit_set(bad, i);
			if (mode == PARSE_THROW && !eval_skips(e, i))
				s = ERR(e->err, E_CANNOT_PARSE_IPV6, "Invalid IPv6 value");
		}
		put_ipv6_bytes(&o.text, x);
		strings_end(&o, i);
	}
	s = strings_close(&o, c, e, count, s, out);
	if (s == OK && mode == PARSE_NULL) {
		s = vector_make_nulls(*out, e->track, e->err);
		for (uint32_t i = 0; i < count && s == OK; i++)
			if (bit_get(bad, i))
				bit_set((*out)->nulls, i);
		if (s != OK)
			vector_unref(*out);
	}
	return s;
}

static enum status exec_is_text(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	bool is_v4 = c->function->name[5] == '4';
	struct str_arg text = str_arg(args[0]);
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		struct str t = str_arg_at(&text, i);
		uint32_t x4;
		u128 x6;
		((uint8_t *)(*out)->data)[i] = is_v4 ? parse_ipv4(t, &x4) : !parse_ipv4(t, &x4) && parse_ipv6(t, &x6);
	}
	return OK;
}

/* ---- both, and networks ---- */

static enum status exec_v4_to_v6(const struct call *c, struct eval *e, const struct vector *const *args,
                                 uint32_t count, struct vector **out)
{
	struct strings o;
	if (c->result->id == TYPE_IPV6) {
		TRY(call_result(c, e, count, out));
		for (uint32_t i = 0; i < count; i++) {
			u128 x = (u128)0xffff << 32 | ipv4_at(args[0], i);
			memcpy((char *)(*out)->data + (size_t)i * 16, &x, 16);
		}
		return OK;
	}
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		put_ipv6_bytes(&o.text, (u128)0xffff << 32 | ipv4_at(args[0], i));
		strings_end(&o, i);
	}
	return strings_finish(&o, c, e, count, out);
}

static enum status bind_v4_to_v6(struct bind_env *env, struct call *c)
{
	if (c->arg_types[0]->id != TYPE_IPV4 && c->arg_types[0]->id != TYPE_UINT32)
		return call_bad_type(env, c, 0);
	c->result = c->arg_types[0]->id == TYPE_IPV4 ? type_simple(TYPE_IPV6) : type_fixed_string(env->arena, 16);
	return bind_ipv4(env, c);
}

/* The network's first and last address, a prefix longer than the address counting as the whole of it. */
static enum status exec_range(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	bool is_v4 = c->function->name[3] == '4';
	struct i64_arg prefixes = i64_arg(args[1]);
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		int64_t most = is_v4 ? 32 : 128, n = i64_arg_at(&prefixes, i);
		u128 x = is_v4 ? ipv4_at(args[0], i) : ipv6_at(args[0], i);
		n = n < 0 || n > most ? most : n;
		u128 whole = is_v4 ? (u128)UINT32_MAX : ~(u128)0, rest = n == most ? 0 : whole >> n;
		u128 first = x & ~rest & whole, last = first | rest;
		s = builder_fixed(b->children[0], &first, e->err);
		if (s == OK)
			s = builder_fixed(b->children[1], &last, e->err);
		if (s == OK)
			s = builder_end_tuple(b, e->err);
	}
	return builder_close(b, s, out, e->err);
}

struct network {
	u128 address;
	unsigned bits, most;
};

static enum status parse_network(struct str text, struct network *n, struct error *err)
{
	ptrdiff_t slash = str_find_char(text, '/');
	uint32_t x4;
	uint64_t bits;
	if (slash < 0)
		return ERR(err, E_CANNOT_PARSE_TEXT, "The text does not contain '/': %.*s", STR_ARG(text));
	struct str address = {text.data, (size_t)slash}, rest = {text.data + slash + 1, text.size - (size_t)slash - 1};
	if (parse_ipv4(address, &x4)) {
		n->address = x4;
		n->most = 32;
	} else if (parse_ipv6(address, &n->address)) {
		n->most = 128;
	} else {
		return ERR(err, E_CANNOT_PARSE_TEXT, "Neither IPv4 nor IPv6 address: '%.*s'", STR_ARG(address));
	}
	if (!str_to_u64(rest, &bits) || bits > n->most)
		return ERR(err, E_CANNOT_PARSE_TEXT, "The CIDR has a malformed prefix bits: %.*s", STR_ARG(text));
	n->bits = (unsigned)bits;
	return OK;
}

static enum status address_at(const struct vector *v, uint32_t i, struct network *n, struct error *err)
{
	uint32_t x4;
	n->most = 32;
	if (v->type->id == TYPE_IPV4) {
		n->address = ipv4_at(v, i);
	} else if (v->type->id == TYPE_IPV6) {
		n->address = ipv6_at(v, i);
		n->most = 128;
	} else {
		struct str_arg texts = str_arg(v);
		struct str text = str_arg_at(&texts, i);
		if (parse_ipv4(text, &x4))
			n->address = x4;
		else if (parse_ipv6(text, &n->address))
			n->most = 128;
		else
			return ERR(err, E_CANNOT_PARSE_TEXT, "Neither IPv4 nor IPv6 address: '%.*s'", STR_ARG(text));
	}
	return OK;
}

static enum status exec_in_range(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	struct str_arg networks = str_arg(args[1]);
	struct network net = {0}, one = {0};
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		((uint8_t *)v->data)[i] = 0;
		if (eval_skips(e, i))
			continue;
		if (i == 0 || networks.stride != 0)
			s = parse_network(str_arg_at(&networks, i), &net, e->err);
		if (s == OK)
			s = address_at(args[0], i, &one, e->err);
		unsigned drop = net.most - net.bits;
		if (s == OK && one.most == net.most)
			((uint8_t *)v->data)[i] = drop == 128 || one.address >> drop == net.address >> drop;
	}
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status bind_in_range(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	return type_is_string(t) || t->id == TYPE_IPV4 || t->id == TYPE_IPV6 ? OK : call_bad_type(env, c, 0);
}

#define V4_NUMBER(name, aliases, type, sample, answer) \
	FUNCTION_ROW(name, aliases, FUNCTION_CH, "S", type, NULL, exec_v4_number, "The number of an IPv4 address.", \
	             sample, answer)
#define V6_BYTES(name, aliases, type, sample, answer) \
	FUNCTION_ROW(name, aliases, FUNCTION_CH, "S", type, NULL, exec_v6_bytes, "The 16 bytes of an IPv6 address.", sample, \
	             answer)

static const struct function rows[] = {
	FUNCTION_ROW("IPv4NumToString", "~INET_NTOA", FUNCTION_CH, "*", "String", bind_ipv4, exec_to_text,
	             "The text of an IPv4 address.", "IPv4NumToString(16909060)", "1.2.3.4"),
	FUNCTION_ROW("IPv4NumToStringClassC", NULL, FUNCTION_CH, "*", "String", bind_ipv4, exec_to_text,
	             "The text of an IPv4 address with xxx for its last byte.", "IPv4NumToStringClassC(16909060)",
	             "1.2.3.xxx"),
	FUNCTION_ROW("IPv6NumToString", "~INET6_NTOA", FUNCTION_CH, "*", "String", bind_ipv6, exec_to_text,
	             "The text of an IPv6 address.", "IPv6NumToString(toIPv6('::1'))", "::1"),
	FUNCTION_ROW("cutIPv6", NULL, FUNCTION_CH, "*JJ", "String", bind_ipv6, exec_cut,
	             "The text of an address without so many of its last bytes.", "cutIPv6(toIPv6('2001:db8::1'), 8, 2)",
	             "2001:db8::"),
	V4_NUMBER("IPv4StringToNum", "~INET_ATON", "UInt32", "IPv4StringToNum('1.2.3.4')", "16909060"),
	V4_NUMBER("IPv4StringToNumOrDefault", NULL, "UInt32", "IPv4StringToNumOrDefault('x')", "0"),
	V4_NUMBER("IPv4StringToNumOrNull", NULL, "Nullable(UInt32)", "IPv4StringToNumOrNull('x')", "\\N"),
	V6_BYTES("IPv6StringToNum", "~INET6_ATON", "FixedString(16)", "hex(IPv6StringToNum('::1'))",
	         "00000000000000000000000000000001"),
	V6_BYTES("IPv6StringToNumOrDefault", NULL, "FixedString(16)", "hex(IPv6StringToNumOrDefault('x'))",
	         "00000000000000000000000000000000"),
	V6_BYTES("IPv6StringToNumOrNull", NULL, "Nullable(FixedString(16))", "IPv6StringToNumOrNull('x')", "\\N"),
	FUNCTION_ROW("isIPv4String", NULL, FUNCTION_CH, "S", "UInt8", NULL, exec_is_text, "Whether a text is an IPv4 address.",
	             "isIPv4String('1.2.3.4')", "1"),
	FUNCTION_ROW("isIPv6String", NULL, FUNCTION_CH, "S", "UInt8", NULL, exec_is_text, "Whether a text is an IPv6 address.",
	             "isIPv6String('1.2.3.4')", "0"),
	FUNCTION_ROW("IPv4ToIPv6", NULL, FUNCTION_CH, "*", NULL, bind_v4_to_v6, exec_v4_to_v6, "The IPv4-mapped IPv6 address.",
	             "IPv4ToIPv6(toIPv4('1.2.3.4'))", "::ffff:1.2.3.4"),
	FUNCTION_ROW("IPv4CIDRToRange", NULL, FUNCTION_CH, "*J", "Tuple(IPv4, IPv4)", bind_ipv4, exec_range,
	             "First and last address of a network.", "IPv4CIDRToRange(toIPv4('192.168.5.2'), 16)",
	             "('192.168.0.0','192.168.255.255')"),
	FUNCTION_ROW("IPv6CIDRToRange", NULL, FUNCTION_CH, "*J", "Tuple(IPv6, IPv6)", bind_ipv6, exec_range,
	             "First and last address of a network.", "IPv6CIDRToRange(toIPv6('2001:db8::1'), 127)",
	             "('2001:db8::','2001:db8::1')"),
	FUNCTION_ROW("isIPAddressInRange", NULL, FUNCTION_CH, "*S", "UInt8", bind_in_range, exec_in_range,
	             "Whether an address lies in a network.", "isIPAddressInRange('10.1.2.3', '10.0.0.0/8')", "1"),
};

FUNCTION_FAMILY(ip_text, "IP addresses");

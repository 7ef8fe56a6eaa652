// SPDX-License-Identifier: Apache-2.0
#include "column/digits.h"
#include "column/inet_impl.h"
#include "column/value.h"

/* "10", "10.1.": PostgreSQL's short networks; the prefix length is what was given. */
static bool short_network(struct str s, struct inet_value *out)
{
	uint32_t address = 0;
	unsigned parts = 0;
	for (size_t i = 0; i < s.size && parts < 4; parts++) {
		unsigned byte = 0, digits = 0;
		for (; i < s.size && is_digit(s.data[i]) && digits < 3; i++, digits++)
			byte = byte * 10 + (unsigned)(s.data[i] - '0');
		if (digits == 0 || byte > 255 || (i < s.size && s.data[i++] != '.'))
			return false;
		address |= byte << (24 - 8 * parts);
	}
	out->address = address;
	out->v6 = false;
	out->bits = (uint8_t)(parts * 8);
	return parts != 0;
}

bool inet_parse(struct str s, bool cidr, struct inet_value *out)
{
	s = str_trim(s);
	ptrdiff_t slash = str_find_char(s, '/');
	struct str address = {s.data, slash < 0 ? s.size : (size_t)slash};
	uint32_t v4;
	uint64_t bits;
	if (parse_ipv4(address, &v4)) {
		*out = (struct inet_value){v4, false, 32};
	} else if (str_find_char(address, ':') >= 0) {
		if (!parse_ipv6(address, &out->address))
			return false;
		out->v6 = true;
		out->bits = 128;
	} else if (!cidr || !short_network(address, out)) {
		return false;
	}
	if (slash >= 0) {
		if (!str_to_u64(str_make(s.data + slash + 1, s.size - (size_t)slash - 1), &bits) || bits > (out->v6 ? 128u : 32u))
			return false;
		out->bits = (uint8_t)bits;
	}
	unsigned host = (out->v6 ? 128u : 32u) - out->bits;
	u128 mask = host == 128 ? ~(u128)0 : ((u128)1 << host) - 1;
	return !cidr || (out->address & mask) == 0;
}

unsigned inet_format(const struct inet_value *v, bool cidr, char out[INET_TEXT_MAX])
{
	char *p = out + (v->v6 ? format_ipv6(v->address, out) : format_ipv4((uint32_t)v->address, out));
	if (cidr || v->bits != (v->v6 ? 128 : 32)) {
		*p++ = '/';
		p = put_u64(p, v->bits);
	}
	return (unsigned)(p - out);
}

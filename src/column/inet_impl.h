// SPDX-License-Identifier: Apache-2.0
#ifndef COLUMN_INET_IMPL_H
#define COLUMN_INET_IMPL_H
/* PostgreSQL's inet and cidr: an address with a prefix length. Columns hold them as canonical text. */
#include "base/str.h"
#include "base/wide.h"

struct inet_value {
	u128 address;   /* as a number; IPv4 in the low 32 bits */
	bool v6;
	uint8_t bits;
};

enum { INET_TEXT_MAX = 64 };

/* cidr: host bits must be zero, and "10.1" is 10.1.0.0/16. */
bool inet_parse(struct str s, bool cidr, struct inet_value *out);
/* inet leaves a full prefix length out, cidr never. Returns the bytes. */
unsigned inet_format(const struct inet_value *v, bool cidr, char out[INET_TEXT_MAX]);

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_ROARING_H
#define FUNC_ROARING_H
/*
 * Roaring: a set of integers as groupBitmap keeps it (D. Lemire et al., "Roaring bitmaps: implementation of an
 * optimized software library", 2018). Up to 32 values stand one by one in the order in which they came; more are
 * containers of 2^16 values each, by the values' high bits: sorted arrays of up to 4096 low halves, else 65,536 bits.
 *
 * Serialised as ClickHouse does it:
 *
 *     uint8 0 | varuint n | n values of the argument's width
 *     uint8 1 | varuint bytes | 32 bits and less: the portable format of Roaring;
 *                               64 bits: uint64 n | n times (uint32 high half | portable format)
 */
#include "func/aggregate_impl.h"

enum { ROARING_SMALL_MAX = 32 };
enum roaring_operation { ROARING_AND, ROARING_OR, ROARING_XOR, ROARING_ANDNOT };

struct roaring_container {
	uint64_t key;              /* the values without their low 16 bits */
	uint32_t count;            /* values */
	uint32_t capacity;         /* of an array; 0: bits */
	union {
		uint16_t *array;       /* ascending */
		uint64_t *bits;
	};
};

struct roaring {
	bool large;
	uint32_t small_count;
	uint64_t *small;           /* ROARING_SMALL_MAX of them; NULL while there is none */
	struct agg_vec containers; /* struct roaring_container, by key */
};

/* How values of the argument's type are kept. */
struct roaring_rule {
	const struct type *type;
	uint8_t width;             /* bytes */
	bool is_signed, wide;      /* wide: 64 bits in containers */
};

struct roaring_rule roaring_rule_of(const struct type *t);
bool roaring_takes(const struct type *t);
void roaring_free(struct roaring *r, struct memtrack *track);
/* value: sign-extended to 64 bits. */
enum status roaring_add(const struct roaring_rule *u, struct eval *e, struct roaring *r, uint64_t value) MUST_CHECK;
uint64_t roaring_count(const struct roaring *r);
bool roaring_has(const struct roaring_rule *u, const struct roaring *r, uint64_t value);
/* r = r operation other */
enum status roaring_combine(const struct roaring_rule *u, struct eval *e, struct roaring *r,
                            enum roaring_operation operation, const struct roaring *other) MUST_CHECK;
/* All values, roaring_count() of them, ascending as unsigned numbers where large. */
void roaring_values(const struct roaring *r, uint64_t *out);
void roaring_write(const struct roaring_rule *u, const struct roaring *r, struct strbuf *to);
/* Into an empty one. */
enum status roaring_read(const struct roaring_rule *u, struct eval *e, struct roaring *r, struct str from,
                         size_t *consumed) MUST_CHECK;

#endif

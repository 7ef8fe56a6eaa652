// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_AGG_UNIQ_HASH_IMPL_H
#define FUNC_AGG_UNIQ_HASH_IMPL_H
/*
 * Hashes of rows as the uniq functions of ClickHouse take them: states of both meet in one column, so that these are
 * part of a format and never change.
 */
#include "func/aggregate_impl.h"

enum uniq_kind {
	UNIQ_FIXED,   /* up to 8 bytes: the value itself, sign extended */
	UNIQ_FLOAT,
	UNIQ_WIDE,    /* 16 and 32 bytes */
	UNIQ_STRING,
	UNIQ_ADDRESS, /* IPv6: a string of its 16 bytes */
	UNIQ_ROW,     /* several arguments, tuples, arrays: CityHash of each value's bytes */
	UNIQ_SIP      /* the same where some value is not one piece of memory there: SipHash */
};

enum uniq_kind uniq_kind_of(const struct type *const *types, uint32_t n);
/* 64 bits per row; the user's set hashes them again. args are FLAT; count <= AGG_CHUNK. */
enum status uniq_hash(enum uniq_kind kind, struct eval *e, const struct vector *const *args, uint32_t n,
                      const uint32_t *rows, uint32_t from, uint32_t count, uint64_t *out) MUST_CHECK;
/* SipHash of whole rows, for exact sets of what is not a number; low half first. */
enum status uniq_hash128(enum uniq_kind kind, struct eval *e, const struct vector *const *args, uint32_t n,
                         const uint32_t *rows, uint32_t from, uint32_t count, u128 *out) MUST_CHECK;

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_HASH_IMPL_H
#define FUNC_HASH_IMPL_H
/* Hash functions over bytes that only SQL's functions use. */
#include <stddef.h>
#include <stdint.h>

/* FarmHash's Hash64 (farmhashxo) by G. Pike, MetroHash64's first variant by J. A. Rogers with seed 0. */
/* From FARMHASH_MAX bytes on FarmHash has another function, which needs vector instructions and is not here. */
enum { FARMHASH_MAX = 512 };
uint64_t farmhash64(const void *data, size_t size);
uint64_t metrohash64(const void *data, size_t size);
/* CRC-64 of ECMA-182, reflected, without complements. */
uint64_t crc64_ecma(const void *data, size_t size);
/* RFC 1320. */
void md4_digest(const void *data, size_t size, unsigned char digest[16]);

#endif

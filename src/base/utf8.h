// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_UTF8_H
#define BASE_UTF8_H
/* UTF-8: validation, code points, counting. Ill-formed input is handled, never assumed away (RFC 3629). */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether all bytes are well-formed UTF-8 (surrogates and overlong forms are not). */
bool utf8_valid(const char *s, size_t size);
/* Offset of the first ill-formed byte, `size` when there is none. */
size_t utf8_valid_prefix(const char *s, size_t size);
/* Code points; a byte that is no continuation byte counts one, so that ill-formed text has a length too. */
size_t utf8_count(const char *s, size_t size);
/* Largest n <= size such that s[0..n) does not end inside a sequence. */
size_t utf8_prefix_size(const char *s, size_t size);
/* Byte offset of code point number `index` (0-based), `size` when there are fewer. */
size_t utf8_offset(const char *s, size_t size, size_t index);
/* Decodes one code point, returns its bytes (1 to 4); ill-formed: U+FFFD and 1. size >= 1. */
unsigned utf8_decode(const char *s, size_t size, uint32_t *code_point);
/* Writes 1 to 4 bytes and returns how many. */
unsigned utf8_encode(uint32_t code_point, char out[4]);

#endif

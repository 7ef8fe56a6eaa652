// SPDX-License-Identifier: Apache-2.0
#include "proto/saslprep_impl.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "base/utf8.h"

/* RFC 3454 table C.1.2. */
static bool is_other_space(uint32_t c)
{
	return c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200b) || c == 0x202f || c == 0x205f || c == 0x3000;
}

/* RFC 3454 table B.1. U+200B is in both tables; RFC 4013 maps it to a space first. */
static bool is_nothing(uint32_t c)
{
	return c == 0xad || c == 0x34f || c == 0x1806 || (c >= 0x180b && c <= 0x180d) || c == 0x200c || c == 0x200d
		|| c == 0x2060 || (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff;
}

/* RFC 3454 tables C.2.1 to C.9 without the surrogates, which UTF-8 cannot hold. */
static bool is_prohibited(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x340 || c == 0x341 || c == 0x6dd || c == 0x70f || c == 0x180e
		|| (c >= 0x200c && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x2063)
		|| (c >= 0x206a && c <= 0x206f) || (c >= 0x2ff0 && c <= 0x2ffb) || (c >= 0xe000 && c <= 0xf8ff)
		|| (c >= 0xfdd0 && c <= 0xfdef) || c == 0xfeff || (c >= 0xfff9 && c <= 0xffff) || (c >= 0x1d173 && c <= 0x1d17a)
		|| c == 0xe0001 || (c >= 0xe0020 && c <= 0xe007f) || (c & 0xfffe) == 0xfffe || c >= 0xf0000;
}

static bool has_prohibited(struct str s)
{
	for (size_t i = 0; i < s.size;) {
		uint32_t c;
		i += utf8_decode(s.data + i, s.size - i, &c);
		if (is_prohibited(c))
			return true;
	}
	return false;
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.size; i++)
		if ((s.data[i] & 0x80) != 0)
			return false;
	return true;
}

struct str saslprep(struct str password, char room[SASLPREP_MAX])
{
	size_t n = 0;
	if (is_ascii(password) || password.size > SASLPREP_MAX || !utf8_valid(password.data, password.size))
		return password;
	for (size_t i = 0; i < password.size;) {
		uint32_t c;
		unsigned size = utf8_decode(password.data + i, password.size - i, &c);
		if (is_other_space(c)) {
			room[n++] = ' ';
		} else if (!is_nothing(c)) {
			memcpy(room + n, password.data + i, size);
			n += size;
		}
		i += size;
	}
	utf8proc_uint8_t *mapped = NULL;
	utf8proc_ssize_t size = n == 0 ? 0 : utf8proc_map((const utf8proc_uint8_t *)room, (utf8proc_ssize_t)n, &mapped,
		UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
	struct str out = password;
	if (size > 0 && size <= SASLPREP_MAX && !has_prohibited(str_make((const char *)mapped, (size_t)size))) {
		memcpy(room, mapped, (size_t)size);
		out = str_make(room, (size_t)size);
	}
	if (mapped != NULL)
		OPENSSL_cleanse(mapped, size > 0 ? (size_t)size : 0);
	free(mapped);
	return out;
}

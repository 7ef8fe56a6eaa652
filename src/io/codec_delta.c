// SPDX-License-Identifier: Apache-2.0
/* Delta: each value less the one before it. Behind the prefix, the first value and the differences. */
#include <assert.h>

#include "io/codec_impl.h"

#define T uint8_t
#define NAME(x) x##_1
#include "io/codec_delta_tmpl.h"
#undef T
#undef NAME
#define T uint16_t
#define NAME(x) x##_2
#include "io/codec_delta_tmpl.h"
#undef T
#undef NAME
#define T uint32_t
#define NAME(x) x##_4
#include "io/codec_delta_tmpl.h"
#undef T
#undef NAME
#define T uint64_t
#define NAME(x) x##_8
#include "io/codec_delta_tmpl.h"
#undef T
#undef NAME

size_t codec_delta_encode(unsigned width, const uint8_t *src, size_t size, uint8_t *to)
{
	size_t skip = codec_put_prefix(width, src, size, to);
	size_t n = size / width;
	src += skip;
	to += 2 + skip;
	switch (width) {
	case 1:
		delta_encode_1(src, n, to);
		break;
	case 2:
		delta_encode_2(src, n, to);
		break;
	case 4:
		delta_encode_4(src, n, to);
		break;
	default:
		assert(width == 8);
		delta_encode_8(src, n, to);
	}
	return 2 + size;
}

bool codec_delta_decode(const uint8_t *src, size_t src_size, uint8_t *to, size_t size)
{
	unsigned width;
	size_t skip;
	if (!codec_take_prefix(src, src_size, to, size, false, &width, &skip) || src_size != 2 + size)
		return false;
	size_t n = size / width;
	src += 2 + skip;
	to += skip;
	switch (width) {
	case 1:
		delta_decode_1(src, n, to);
		break;
	case 2:
		delta_decode_2(src, n, to);
		break;
	case 4:
		delta_decode_4(src, n, to);
		break;
	default:
		delta_decode_8(src, n, to);
	}
	return true;
}

// SPDX-License-Identifier: Apache-2.0
/* Delta: each value less the one before it. Behind the prefix, the first value and the differences. */
#include <assert.h>

#include "io/codec_impl.h"

typedef uint8_t bytes16 __attribute__((vector_size(16)));

/* The bytes moved up, zeros below: lanes move to the lanes above them. */
#define SHIFT_1(v) \
	__builtin_shufflevector((bytes16){0}, v, 0, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30)
#define SHIFT_2(v) \
	__builtin_shufflevector((bytes16){0}, v, 0, 1, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29)
#define SHIFT_4(v) \
	__builtin_shufflevector((bytes16){0}, v, 0, 1, 2, 3, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27)
#define SHIFT_8(v) \
	__builtin_shufflevector((bytes16){0}, v, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)

#define T uint8_t
#define NAME(x) x##_1
#define BROADCAST_LAST(v) __builtin_shufflevector(v, v, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15)
#include "io/codec_delta_tmpl.h"
#undef T
#undef NAME
#undef BROADCAST_LAST
#define T uint16_t
#define NAME(x) x##_2
#define BROADCAST_LAST(v) __builtin_shufflevector(v, v, 7, 7, 7, 7, 7, 7, 7, 7)
#include "io/codec_delta_tmpl.h"
#undef T
#undef NAME
#undef BROADCAST_LAST
#define T uint32_t
#define NAME(x) x##_4
#define BROADCAST_LAST(v) __builtin_shufflevector(v, v, 3, 3, 3, 3)
#include "io/codec_delta_tmpl.h"
#undef T
#undef NAME
#undef BROADCAST_LAST
#define T uint64_t
#define NAME(x) x##_8
#define BROADCAST_LAST(v) __builtin_shufflevector(v, v, 1, 1)
#include "io/codec_delta_tmpl.h"
#undef T
#undef NAME
#undef BROADCAST_LAST

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

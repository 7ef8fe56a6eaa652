// SPDX-License-Identifier: Apache-2.0
/* Include template of codec_t64.c: T unsigned and S signed are the value type, NAME(x) the functions' names. */

static void NAME(t64_range)(const uint8_t *src, size_t n, bool is_signed, uint64_t *min, uint64_t *max)
{
	/* signed numbers are compared as unsigned ones with the sign bit turned */
	const T flip = is_signed ? (T)((T)1 << (sizeof(T) * 8 - 1)) : 0;
	T low = (T)~(T)0, high = 0;
	for (size_t i = 0; i < n; i++) {
		T v;
		memcpy(&v, src + i * sizeof(T), sizeof(T));
		v ^= flip;
		low = v < low ? v : low;
		high = v > high ? v : high;
	}
	low ^= flip;
	high ^= flip;
	*min = is_signed ? (uint64_t)(int64_t)(S)low : low;
	*max = is_signed ? (uint64_t)(int64_t)(S)high : high;
}

static void NAME(t64_encode)(const uint8_t *src, size_t n, unsigned bits, bool bit_variant, uint8_t *to)
{
	const unsigned planes_used = (bits + 7) / 8;
	uint8_t planes[sizeof(T)][GROUP];
	for (size_t i = 0; i < n; i += GROUP) {
		T v[GROUP];
		size_t count = n - i < GROUP ? n - i : GROUP;
		memcpy(v, src + i * sizeof(T), count * sizeof(T));
		if (count < GROUP)
			memset(v + count, 0, (GROUP - count) * sizeof(T));
		for (unsigned b = 0; b < planes_used; b++)
			for (unsigned c = 0; c < GROUP; c++)
				planes[b][c] = (uint8_t)(v[c] >> (8 * b));
		store_planes(planes, bits, bit_variant, to);
		to += bits * 8;
	}
}

static void NAME(t64_decode)(const uint8_t *src, size_t n, unsigned bits, bool bit_variant, uint64_t above,
                             uint64_t above_max, uint64_t sign, uint8_t *to)
{
	const unsigned planes_used = (bits + 7) / 8;
	const T a = (T)above, m = (T)above_max, s = (T)sign;
	uint8_t planes[sizeof(T)][GROUP];
	for (size_t i = 0; i < n; i += GROUP) {
		T v[GROUP];
		if (bits > 0)
			load_planes(src, bits, bit_variant, planes);
		src += bits * 8;
		for (unsigned c = 0; c < GROUP; c++)
			v[c] = 0;
		for (unsigned b = 0; b < planes_used; b++)
			for (unsigned c = 0; c < GROUP; c++)
				v[c] = (T)(v[c] | (T)((T)planes[b][c] << (8 * b)));
		if (s == 0)
			for (unsigned c = 0; c < GROUP; c++)
				v[c] |= a;
		else
			for (unsigned c = 0; c < GROUP; c++)
				v[c] |= v[c] & s ? a : m;
		size_t count = n - i < GROUP ? n - i : GROUP;
		memcpy(to + i * sizeof(T), v, count * sizeof(T));
	}
}

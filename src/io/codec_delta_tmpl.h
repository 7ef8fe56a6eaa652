// SPDX-License-Identifier: Apache-2.0
/* Include template of codec_delta.c: T is the unsigned value type, NAME(x) the functions' names, BROADCAST_LAST(v) a
 * vector of its last value. Bytes may be unaligned. */

typedef T NAME(lanes) __attribute__((vector_size(16)));

static void NAME(delta_encode)(const uint8_t *restrict src, size_t n, uint8_t *restrict to)
{
	enum { LANES = 16 / sizeof(T) };
	size_t i = 0;
	if (n > 0) {
		memcpy(to, src, sizeof(T));
		i = 1;
	}
	/* both neighbours are read from memory, so that no step waits for the one before */
	for (; i + LANES <= n; i += LANES) {
		NAME(lanes) a, b;
		memcpy(&a, src + (i - 1) * sizeof(T), 16);
		memcpy(&b, src + i * sizeof(T), 16);
		b -= a;
		memcpy(to + i * sizeof(T), &b, 16);
	}
	for (; i < n; i++) {
		T a, b;
		memcpy(&a, src + (i - 1) * sizeof(T), sizeof(T));
		memcpy(&b, src + i * sizeof(T), sizeof(T));
		b = (T)(b - a);
		memcpy(to + i * sizeof(T), &b, sizeof(T));
	}
}

static void NAME(delta_decode)(const uint8_t *restrict src, size_t n, uint8_t *restrict to)
{
	enum { LANES = 16 / sizeof(T) };
	size_t i = 0;
	T sum = 0;
	/* sums inside a vector by doubling steps; from vector to vector only one addition has to wait */
	NAME(lanes) carry = {0};
	for (; sizeof(T) < 8 && i + LANES <= n; i += LANES) {
		NAME(lanes) v;
		memcpy(&v, src + i * sizeof(T), 16);
		if (sizeof(T) == 1)
			v += (NAME(lanes))SHIFT_1((bytes16)v);
		if (sizeof(T) <= 2)
			v += (NAME(lanes))SHIFT_2((bytes16)v);
		v += (NAME(lanes))SHIFT_4((bytes16)v);
		v += (NAME(lanes))SHIFT_8((bytes16)v);
		NAME(lanes) total = BROADCAST_LAST(v);
		v += carry;
		carry += total;
		memcpy(to + i * sizeof(T), &v, 16);
		sum = carry[0];
	}
	for (; i < n; i++) {
		T d;
		memcpy(&d, src + i * sizeof(T), sizeof(T));
		sum = (T)(sum + d);
		memcpy(to + i * sizeof(T), &sum, sizeof(T));
	}
}

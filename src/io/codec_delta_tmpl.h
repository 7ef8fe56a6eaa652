// SPDX-License-Identifier: Apache-2.0
/* Include template of codec_delta.c: T is the unsigned value type, NAME(x) the functions' names. Bytes may be unaligned. */

static void NAME(delta_encode)(const uint8_t *restrict src, size_t n, uint8_t *restrict to)
{
	if (n == 0)
		return;
	memcpy(to, src, sizeof(T));
	/* reads both neighbours from memory instead of carrying one along, so that the loop has no dependency */
	for (size_t i = 1; i < n; i++) {
		T a, b;
		memcpy(&a, src + (i - 1) * sizeof(T), sizeof(T));
		memcpy(&b, src + i * sizeof(T), sizeof(T));
		T d = (T)(b - a);
		memcpy(to + i * sizeof(T), &d, sizeof(T));
	}
}

static void NAME(delta_decode)(const uint8_t *restrict src, size_t n, uint8_t *restrict to)
{
	T sum = 0;
	size_t i = 0;
	/* four at a time: the chain from block to block is one addition, the sums inside a block are independent of it */
	for (; i + 4 <= n; i += 4) {
		T d[4];
		memcpy(d, src + i * sizeof(T), sizeof d);
		T d01 = (T)(d[0] + d[1]), d23 = (T)(d[2] + d[3]);
		T out[4] = {(T)(sum + d[0]), (T)(sum + d01), (T)(sum + (T)(d01 + d[2])), (T)(sum + (T)(d01 + d23))};
		memcpy(to + i * sizeof(T), out, sizeof out);
		sum = out[3];
	}
	for (; i < n; i++) {
		T d;
		memcpy(&d, src + i * sizeof(T), sizeof(T));
		sum = (T)(sum + d);
		memcpy(to + i * sizeof(T), &sum, sizeof(T));
	}
}

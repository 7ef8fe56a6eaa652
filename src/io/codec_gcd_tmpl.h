// SPDX-License-Identifier: Apache-2.0
/* Include template of codec_gcd.c: T is the unsigned value type, NAME(x) the functions' names. Bytes may be
 * unaligned. */

static void NAME(gcd_encode)(const uint8_t *restrict src, size_t n, uint8_t *restrict to)
{
	T g = 0;
	struct divisor d = {0};
	for (size_t i = 0; i < n && g != 1; i++) {
		T v;
		memcpy(&v, src + i * sizeof(T), sizeof(T));
		if (v == 0 || (g != 0 && divide(&d, v) <= d.quotient_max))
			continue;
		g = (T)gcd_u64(g, v);
		d = divisor_of(g);
	}
	memcpy(to, &g, sizeof(T));
	to += sizeof(T);
	if (g <= 1) {
		memcpy(to, src, n * sizeof(T));
		return;
	}
	for (size_t i = 0; i < n; i++) {
		T v;
		memcpy(&v, src + i * sizeof(T), sizeof(T));
		v = (T)divide(&d, v);
		memcpy(to + i * sizeof(T), &v, sizeof(T));
	}
}

static void NAME(gcd_decode)(const uint8_t *restrict src, size_t n, uint8_t *restrict to)
{
	T g;
	memcpy(&g, src, sizeof(T));
	src += sizeof(T);
	if (g <= 1) {
		memcpy(to, src, n * sizeof(T));
		return;
	}
	for (size_t i = 0; i < n; i++) {
		T v;
		memcpy(&v, src + i * sizeof(T), sizeof(T));
		v = (T)((uint64_t)v * g);
		memcpy(to + i * sizeof(T), &v, sizeof(T));
	}
}

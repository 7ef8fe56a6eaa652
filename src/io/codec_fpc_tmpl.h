// SPDX-License-Identifier: Apache-2.0
/* Include template of codec_fpc.c: T is the float's bits, NAME(x) the functions' names; DFCM_SHIFT, DFCM_DROP,
 * FCM_SHIFT and FCM_DROP are how the two predictors hash what they saw. */

struct NAME(fpc_state) {
	T *fcm, *dfcm;           /* tables of 2^level predictions: of values, of differences */
	size_t mask, fcm_hash, dfcm_hash;
	T previous;
};

static inline struct NAME(fpc_state) NAME(fpc_start)(void *tables, unsigned level)
{
	T *t = tables;
	return (struct NAME(fpc_state)){.fcm = t, .dfcm = t + ((size_t)1 << level), .mask = ((size_t)1 << level) - 1};
}

static inline void NAME(fpc_learn)(struct NAME(fpc_state) *s, T v)
{
	T d = (T)(v - s->previous);
	s->fcm[s->fcm_hash] = v;
	s->fcm_hash = ((s->fcm_hash << FCM_SHIFT) ^ (size_t)(v >> FCM_DROP)) & s->mask;
	s->dfcm[s->dfcm_hash] = d;
	s->dfcm_hash = ((s->dfcm_hash << DFCM_SHIFT) ^ (size_t)(d >> DFCM_DROP)) & s->mask;
	s->previous = v;
}

/* The nibble; *rest is what is left of v. */
static inline unsigned NAME(fpc_predict)(struct NAME(fpc_state) *s, T v, T *rest)
{
	T by_dfcm = (T)(s->dfcm[s->dfcm_hash] + s->previous) ^ v, by_fcm = s->fcm[s->fcm_hash] ^ v;
	NAME(fpc_learn)(s, v);
	unsigned dfcm_zeros = by_dfcm == 0 ? sizeof(T) * 8 : (unsigned)__builtin_clzll(by_dfcm) - (64 - sizeof(T) * 8);
	unsigned fcm_zeros = by_fcm == 0 ? sizeof(T) * 8 : (unsigned)__builtin_clzll(by_fcm) - (64 - sizeof(T) * 8);
	bool use_dfcm = dfcm_zeros > fcm_zeros;
	*rest = use_dfcm ? by_dfcm : by_fcm;
	return (use_dfcm ? 8u : 0) | zero_code((use_dfcm ? dfcm_zeros : fcm_zeros) / 8, sizeof(T));
}

static size_t NAME(fpc_encode)(void *tables, unsigned level, const uint8_t *src, size_t size, uint8_t *to)
{
	struct NAME(fpc_state) s = NAME(fpc_start)(tables, level);
	uint8_t *at = to;
	for (size_t i = 0; i < size; i += 2 * sizeof(T)) {
		T pair[2] = {0, 0}, rest[2];
		memcpy(pair, src + i, size - i < sizeof pair ? size - i : sizeof pair);
		unsigned first = NAME(fpc_predict)(&s, pair[0], &rest[0]);
		unsigned second = NAME(fpc_predict)(&s, pair[1], &rest[1]);
		*at++ = (uint8_t)(first << 4 | second);
		memcpy(at, &rest[0], sizeof(T));
		at += sizeof(T) - zero_bytes_of(first & 7, sizeof(T));
		memcpy(at, &rest[1], sizeof(T));
		at += sizeof(T) - zero_bytes_of(second & 7, sizeof(T));
	}
	return (size_t)(at - to);
}

static bool NAME(fpc_decode)(void *tables, unsigned level, const uint8_t *src, size_t src_size, uint8_t *to,
                             size_t size)
{
	struct NAME(fpc_state) s = NAME(fpc_start)(tables, level);
	const uint8_t *end = src + src_size;
	for (size_t i = 0; i < size; i += 2 * sizeof(T)) {
		if (src == end)
			return false;
		T pair[2];
		unsigned head = *src++;
		for (int k = 0; k < 2; k++) {
			unsigned nibble = k == 0 ? head >> 4 : head & 15;
			unsigned zeros = zero_bytes_of(nibble & 7, sizeof(T));
			if (zeros > sizeof(T) || (size_t)(end - src) < sizeof(T) - zeros)
				return false;
			T rest = 0;
			memcpy(&rest, src, sizeof(T) - zeros);
			src += sizeof(T) - zeros;
			T prediction = nibble & 8 ? (T)(s.dfcm[s.dfcm_hash] + s.previous) : s.fcm[s.fcm_hash];
			pair[k] = prediction ^ rest;
			NAME(fpc_learn)(&s, pair[k]);
		}
		memcpy(to + i, pair, size - i < sizeof pair ? size - i : sizeof pair);
	}
	return src == end;
}

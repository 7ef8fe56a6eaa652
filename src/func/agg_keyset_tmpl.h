// SPDX-License-Identifier: Apache-2.0
/*
 * A set of fixed-width keys in a state: open addressing, at most half full; a zero key is a flag. Define before
 * including:
 *     KS_NAME        prefix
 *     KS_T           the key
 *     KS_ZERO(k)     whether it is all zeros
 *     KS_EQ(a, b)
 *     KS_HASH(k)     64 bits
 */
#define KS_FN(suffix) SORT_PASTE(KS_NAME, suffix)

static enum status KS_FN(_grow)(struct eval *e, struct keyset *s)
{
	KS_T *old = s->slots, *slots;
	size_t n = s->slots == NULL ? 0 : (size_t)1 << s->degree;
	uint8_t degree = n == 0 ? 3 : (uint8_t)(s->degree + (s->degree < 16 ? 2 : 1));
	void *p = NULL;
	TRY(agg_realloc(e, &p, 0, sizeof *slots << degree));
	slots = p;
	memset(slots, 0, sizeof *slots << degree);
	uint64_t mask = ((uint64_t)1 << degree) - 1;
	for (size_t i = 0; i < n; i++) {
		if (KS_ZERO(old[i]))
			continue;
		uint64_t at = KS_HASH(old[i]) & mask;
		while (!KS_ZERO(slots[at]))
			at = (at + 1) & mask;
		slots[at] = old[i];
	}
	agg_free(e->track, old, n * sizeof *slots);
	s->slots = slots;
	s->degree = degree;
	return OK;
}

static inline enum status KS_FN(_insert)(struct eval *e, struct keyset *s, KS_T key, uint64_t hash)
{
	if (unlikely(KS_ZERO(key))) {
		s->count += !s->has_zero;
		s->has_zero = true;
		return OK;
	}
	if (unlikely(s->slots == NULL))
		TRY(KS_FN(_grow)(e, s));
	KS_T *slots = s->slots;
	uint64_t mask = ((uint64_t)1 << s->degree) - 1, at = hash & mask;
	for (; !KS_ZERO(slots[at]); at = (at + 1) & mask)
		if (KS_EQ(slots[at], key))
			return OK;
	slots[at] = key;
	s->count++;
	return unlikely(s->count > (uint64_t)1 << (s->degree - 1)) ? KS_FN(_grow)(e, s) : OK;
}

/* keys[0..n) into the set of states[i] + offset, or all into `one`. */
static enum status KS_FN(_insert_all)(struct eval *e, char *const *states, size_t offset, struct keyset *one,
                                      const void *keys, uint32_t n)
{
	enum { AHEAD = 8 };
	const KS_T *k = keys;
	uint64_t hashes[AGG_CHUNK];
	assert(n <= AGG_CHUNK);
	for (uint32_t i = 0; i < n; i++)
		hashes[i] = KS_HASH(k[i]);
	for (uint32_t i = 0; i < n; i++) {
		if (states == NULL && i + AHEAD < n && one->slots != NULL)
			__builtin_prefetch((const KS_T *)one->slots + (hashes[i + AHEAD] & (((uint64_t)1 << one->degree) - 1)));
		struct keyset *s = states == NULL ? one : (struct keyset *)(void *)(states[i] + offset);
		TRY(KS_FN(_insert)(e, s, k[i], hashes[i]));
	}
	return OK;
}

static enum status KS_FN(_merge)(struct eval *e, struct keyset *s, const struct keyset *o)
{
	const KS_T *slots = o->slots, zero = {0};
	if (o->has_zero)
		TRY(KS_FN(_insert)(e, s, zero, 0));
	for (size_t i = 0; slots != NULL && i < (size_t)1 << o->degree; i++)
		if (!KS_ZERO(slots[i]))
			TRY(KS_FN(_insert)(e, s, slots[i], KS_HASH(slots[i])));
	return OK;
}

/* The first `width` bytes of every key. */
static void KS_FN(_write)(const struct keyset *s, struct strbuf *to, size_t width)
{
	const KS_T *slots = s->slots, zero = {0};
	if (s->has_zero)
		strbuf_put(to, &zero, width);
	for (size_t i = 0; slots != NULL && i < (size_t)1 << s->degree; i++)
		if (!KS_ZERO(slots[i]))
			strbuf_put(to, &slots[i], width);
}

static const struct keyset_ops KS_FN(_keyset) = {sizeof(KS_T), KS_FN(_insert_all), KS_FN(_merge), KS_FN(_write)};

#undef KS_FN
#undef KS_NAME
#undef KS_T
#undef KS_ZERO
#undef KS_EQ
#undef KS_HASH

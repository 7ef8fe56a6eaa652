// SPDX-License-Identifier: Apache-2.0
/*
 * min, max, argMin and argMax over keys of one fixed-width type. Define before including:
 *     EX_NAME        prefix
 *     EX_T           C type
 *     EX_LESS(a, b)  whether a is smaller
 *     EX_GIVES_WAY(a) whether any other value is better, where there are such (optional)
 * and get EX_NAME_min_add … as listed by EX_TABLE in agg_extreme.c. The state is a holder: has at 0, the key at 8.
 */
#define EX_FN(suffix) SORT_PASTE(EX_NAME, suffix)

static inline EX_T EX_FN(_load)(const char *data, uint32_t row)
{
	EX_T x;
	memcpy(&x, data + row * sizeof x, sizeof x);
	return x;
}

static inline bool EX_FN(_better)(EX_T x, EX_T than, bool max)
{
#ifdef EX_GIVES_WAY
	if (unlikely(EX_GIVES_WAY(than)))
		return !EX_GIVES_WAY(x);
#endif
	return max ? EX_LESS(than, x) : EX_LESS(x, than);
}

__attribute__((always_inline)) static inline void EX_FN(_put)(char *s, EX_T x, bool max)
{
	EX_T old;
	memcpy(&old, s + 8, sizeof old);
	if (*s == 0 || EX_FN(_better)(x, old, max)) {
		memcpy(s + 8, &x, sizeof x);
		*s = 1;
	}
}

__attribute__((always_inline)) static inline enum status EX_FN(_add_rows)(struct eval *e, char *const *states,
                                                                          size_t offset, const struct vector *arg,
                                                                          const uint32_t *rows, uint32_t count,
                                                                          	bool max)
{
	struct vector *v;
	TRY(vector_flatten(e->track, arg, &v, e->err));
	const char *data = v->data;
	for (uint32_t i = 0; i < count; i++)
		EX_FN(_put)(states[i] + offset, EX_FN(_load)(data, rows == NULL ? i : rows[i]), max);
	vector_unref(v);
	return OK;
}

__attribute__((always_inline)) static inline enum status EX_FN(_one_rows)(struct eval *e, char *state,
                                                                          const struct vector *arg,
                                                                          const uint32_t *rows, uint32_t count,
                                                                          	bool max)
{
	struct vector *v;
	if (count == 0)
		return OK;
	TRY(vector_flatten(e->track, arg, &v, e->err));
	const char *data = v->data;
	EX_T best = EX_FN(_load)(data, rows == NULL ? 0 : rows[0]);
	for (uint32_t i = 1; i < count; i++) {
		EX_T x = EX_FN(_load)(data, rows == NULL ? i : rows[i]);
		best = EX_FN(_better)(x, best, max) ? x : best;
	}
	EX_FN(_put)(state, best, max);
	vector_unref(v);
	return OK;
}

__attribute__((always_inline)) static inline enum status EX_FN(_merge_all)(char *const *states, size_t offset,
                                                                           char *const *others, size_t other_offset,
                                                                           uint32_t count, bool max)
{
	for (uint32_t i = 0; i < count; i++) {
		const char *o = others[i] + other_offset;
		if (*o != 0)
			EX_FN(_put)(states[i] + offset, EX_FN(_load)(o + 8, 0), max);
	}
	return OK;
}

static enum status EX_FN(_min_add)(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                   const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return EX_FN(_add_rows)(e, states, offset, args[0], rows, count, false);
}

static enum status EX_FN(_max_add)(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                   const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return EX_FN(_add_rows)(e, states, offset, args[0], rows, count, true);
}

static enum status EX_FN(_min_add_one)(const struct aggregator *a, struct eval *e, char *state,
                                       const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return EX_FN(_one_rows)(e, state, args[0], rows, count, false);
}

static enum status EX_FN(_max_add_one)(const struct aggregator *a, struct eval *e, char *state,
                                       const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return EX_FN(_one_rows)(e, state, args[0], rows, count, true);
}

static enum status EX_FN(_min_merge)(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                     char *const *others, size_t other_offset, uint32_t count)
{
	return EX_FN(_merge_all)(states, offset, others, other_offset, count, false);
}

static enum status EX_FN(_max_merge)(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                     char *const *others, size_t other_offset, uint32_t count)
{
	return EX_FN(_merge_all)(states, offset, others, other_offset, count, true);
}

static const struct aggregate_ops EX_FN(_min_ops) = {NULL, NULL, EX_FN(_min_add), EX_FN(_min_add_one),
                                                     EX_FN(_min_merge), agg_holder_finish, agg_holder_write,
                                                     agg_holder_read};
static const struct aggregate_ops EX_FN(_max_ops) = {NULL, NULL, EX_FN(_max_add), EX_FN(_max_add_one),
                                                     EX_FN(_max_merge), agg_holder_finish, agg_holder_write,
                                                     agg_holder_read};

/*
 * argMin, argMax: the value's holder stands at 0, the key's behind it at `key`. Rows that improve are few, so what is
 * done for them does not matter.
 */
__attribute__((always_inline)) static inline enum status EX_FN(_arg_rows)(const struct arg_state *t, struct eval *e,
                                                                          char *const *states, size_t offset,
                                                                          char *state, const struct vector *value,
                                                                          const char *keys, const uint32_t *rows,
                                                                          uint32_t count, bool max)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t row = rows == NULL ? i : rows[i];
		char *s = states == NULL ? state : states[i] + offset, *k = s + t->key_at;
		EX_T x = EX_FN(_load)(keys, row), old = EX_FN(_load)(k + 8, 0);
		if (*k != 0 && !EX_FN(_better)(x, old, max))
			continue;
		TRY(holder_set(&t->value, e, s, value, row));
		memcpy(k + 8, &x, sizeof x);
		*k = 1;
	}
	return OK;
}

static enum status EX_FN(_arg_add)(const struct arg_state *t, struct eval *e, char *const *states, size_t offset,
                                   char *state, const struct vector *value, const struct vector *key,
                                   const uint32_t *rows, uint32_t count)
{
	return t->max ? EX_FN(_arg_rows)(t, e, states, offset, state, value, key->data, rows, count, true)
	              : EX_FN(_arg_rows)(t, e, states, offset, state, value, key->data, rows, count, false);
}

#undef EX_FN
#undef EX_NAME
#undef EX_T
#undef EX_LESS
#undef EX_GIVES_WAY

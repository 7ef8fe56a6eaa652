// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_AGGREGATE_IMPL_H
#define FUNC_AGGREGATE_IMPL_H
/*
 * What the files of aggregate.h share: binding helpers, memory of states, forwarding combinators.
 *
 * Every state has an alignment of at most 8; wider integers in states are the _in_state types below.
 */
#include "func/aggregate.h"

/* Rows that a wrapper selects at a time, on its stack. */
enum { AGG_CHUNK = 2048 };

typedef i128 i128_in_state __attribute__((aligned(8)));
typedef u128 u128_in_state __attribute__((aligned(8)));

/* ---- binding ---- */
enum agg_bind_flags {
	AGG_NULLABLE_RESULT = 1 /* the result is NULL where no row came */
};
/* Binds a name with its combinators. */
enum status agg_bind_name(struct bind_env *env, struct str name, const struct vector *const *params,
                          uint32_t param_count, const struct type *const *types, uint32_t n, unsigned flags,
                          struct aggregator **out) MUST_CHECK;
static inline bool agg_is_pg(const struct bind_env *env)
{
	return env->session->dialect == DIALECT_POSTGRESQL;
}
/* Counts of any kind: never NULL. */
bool agg_counts(const struct aggregate *row);
/* Types that are no plain numbers to ClickHouse: in arrays and sets each value stands behind its width. */
bool agg_is_prefixed(const struct type *t);
/* "Illegal type …" for argument i, worded per dialect. */
enum status agg_bad_type(struct bind_env *env, const struct aggregator *a, uint32_t i);
enum status agg_arg_count(struct bind_env *env, const struct aggregator *a, uint32_t least, uint32_t most) MUST_CHECK;
enum status agg_param_count(struct bind_env *env, const struct aggregator *a, uint32_t least, uint32_t most) MUST_CHECK;
bool agg_param_u64(const struct aggregator *a, uint32_t i, uint64_t *out);
bool agg_param_f64(const struct aggregator *a, uint32_t i, double *out);
bool agg_param_str(const struct aggregator *a, uint32_t i, struct str *out);
enum status agg_bad_param(struct bind_env *env, const struct aggregator *a, uint32_t i, const char *expected);
/* "f(0.5, 'x')" of a name and its parameters, and back. */
struct str agg_name_with_params(struct arena *a, struct str name, const struct vector *const *params, uint32_t n);
enum status agg_parse_name(struct bind_env *env, struct str text, struct str *name, const struct vector ***params,
                           uint32_t *param_count) MUST_CHECK;
/* Sets the ops, state size and result of a plain aggregate. */
static inline enum status agg_set(struct aggregator *a, const struct aggregate_ops *ops, const struct type *result,
                                  size_t state_size)
{
	a->ops = ops;
	a->result = result;
	a->state_size = (uint32_t)(state_size + 7) & ~7u;
	a->state_align = 8;
	return OK;
}

/* ---- combinators: each takes the call's types and makes an aggregator around a nested one ---- */
struct agg_call {
	struct bind_env *env;
	struct str name;                    /* without the suffix */
	const struct vector *const *params;
	uint32_t param_count;
	const struct type *const *types;
	uint32_t arg_count;
	unsigned flags;
};
/* Nullable arguments are the nested function's business; or rows with NULLs are left out, with a flag or without. */
enum agg_nulls { AGG_NULLS_INSIDE, AGG_NULLS_FLAGGED, AGG_NULLS_SKIPPED };
struct agg_combinator {
	const char *suffix;
	enum agg_nulls nulls;
	enum status (*bind)(struct agg_call *c, struct aggregator **out);
};
extern const struct agg_combinator agg_combinators[];
extern const size_t agg_combinator_count;

/* A wrapper around `nested` whose state begins with `prefix` bytes of its own. */
struct aggregator *agg_wrap(struct bind_env *env, struct aggregator *nested, const char *suffix,
                            const struct aggregate_ops *ops, const struct type *const *types, uint32_t arg_count,
                            size_t state_size);
/* Skips rows with NULLs; see agg_null.c. */
enum agg_null_flags {
	AGG_NULL_RESULT = 1, /* NULL where no row came, if the type can be Nullable; the flag is then serialised */
	AGG_NULL_FLAG = 2,   /* a flag of 1 is serialised in any case */
	AGG_NULL_SKIP = 4    /* rows with NULLs are left out */
};
struct aggregator *agg_null_wrap(struct bind_env *env, struct aggregator *nested, const struct type *const *types,
                                 unsigned flags);
/* Whether it is a wrapper whose flag is serialised. */
bool agg_has_flag(const struct aggregator *a);
/* The aggregate of arguments that are all NULL literals. */
struct aggregator *agg_nothing(struct bind_env *env, struct str name, const struct type *const *types, uint32_t n,
                               const struct type *result);
enum status agg_bind_distinct(struct agg_call *c, struct aggregator **out) MUST_CHECK;
enum status agg_bind_map(struct agg_call *c, struct aggregator **out) MUST_CHECK;
enum status agg_bind_foreach(struct agg_call *c, struct aggregator **out) MUST_CHECK;
enum status agg_bind_resample(struct agg_call *c, struct aggregator **out) MUST_CHECK;
enum status agg_bind_arg_min(struct agg_call *c, struct aggregator **out) MUST_CHECK;
enum status agg_bind_arg_max(struct agg_call *c, struct aggregator **out) MUST_CHECK;

/* Slots of wrappers that pass on to the nested aggregator at the same offset. */
void agg_forward_init(const struct aggregator *a, char *state);
void agg_forward_destroy(const struct aggregator *a, char *state, struct memtrack *track);
enum status agg_forward_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                            const struct vector *const *args, const uint32_t *rows, uint32_t count);
enum status agg_forward_add_one(const struct aggregator *a, struct eval *e, char *state,
                                const struct vector *const *args, const uint32_t *rows, uint32_t count);
enum status agg_forward_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                              char *const *others, size_t other_offset, uint32_t count);
enum status agg_forward_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               uint32_t count, struct builder *to);
enum status agg_forward_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to);
enum status agg_forward_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                             size_t *consumed);
static inline void agg_init(const struct aggregator *a, char *state)
{
	if (a->ops->init != NULL)
		a->ops->init(a, state);
}
static inline void agg_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	if (a->ops->destroy != NULL)
		a->ops->destroy(a, state, track);
}

/* ---- states that are one little-endian value: its bytes are result and serialised form ---- */
enum status agg_raw8_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                            uint32_t count, struct builder *to);
enum status agg_raw16_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             uint32_t count, struct builder *to);
enum status agg_raw32_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             uint32_t count, struct builder *to);
/* The whole state. */
enum status agg_raw_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to);
enum status agg_raw_read(const struct aggregator *a, struct eval *e, char *state, struct str from, size_t *consumed);

/* ---- arguments ---- */
/* Makes all arguments FLAT; out and owned have room for n; agg_unflatten() drops them, after a failure too. */
enum status agg_flatten(struct eval *e, const struct vector *const *args, uint32_t n, const struct vector **out,
                        struct vector **owned) MUST_CHECK;
void agg_unflatten(struct vector **owned, uint32_t n);
/*
 * One state at a time, for aggregates whose states are heavy: calls add_one for each run of equal states.
 * It is the add slot of such ops.
 */
enum status agg_add_runs(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                         const struct vector *const *args, const uint32_t *rows, uint32_t count);

/* ---- memory of states ---- */
/* *p grows or shrinks from old_size to new_size bytes, charged; NULL and 0 are nothing. New bytes are not initialised.
 * */
enum status agg_realloc(struct eval *e, void **p, size_t old_size, size_t new_size) MUST_CHECK;
void agg_free(struct memtrack *track, void *p, size_t size);

/* A growing array. */
struct agg_vec {
	void *data;
	uint32_t count, capacity;
};
enum status agg_vec_grow(struct eval *e, struct agg_vec *v, uint32_t more, size_t width) MUST_CHECK;
static inline enum status agg_vec_reserve(struct eval *e, struct agg_vec *v, uint32_t more, size_t width)
{
	return likely(v->capacity - v->count >= more) ? OK : agg_vec_grow(e, v, more, width);
}
static inline void agg_vec_free(struct agg_vec *v, struct memtrack *track, size_t width)
{
	agg_free(track, v->data, v->capacity * width);
	*v = (struct agg_vec){0};
}

/* A string in a state; up to 16 bytes lie in it. */
struct agg_string {
	uint32_t size;
	uint32_t capacity;  /* 0: inline */
	union {
		char inlined[16];
		char *pointer;
	};
};
static inline const char *agg_string_data(const struct agg_string *s)
{
	return s->capacity == 0 ? s->inlined : s->pointer;
}
enum status agg_string_set(struct eval *e, struct agg_string *s, const char *data, size_t size) MUST_CHECK;
static inline void agg_string_free(struct agg_string *s, struct memtrack *track)
{
	if (s->capacity != 0)
		agg_free(track, s->pointer, s->capacity);
	*s = (struct agg_string){0};
}

/* ---- reading serialised states ---- */
struct agg_reader {
	const char *at, *end;
	bool failed;
};
static inline struct agg_reader agg_reader(struct str from)
{
	return (struct agg_reader){from.data, from.data + from.size, false};
}
static inline void agg_get(struct agg_reader *r, void *to, size_t size)
{
	if (unlikely((size_t)(r->end - r->at) < size)) {
		r->failed = true;
		memset(to, 0, size);
		r->at = r->end;
		return;
	}
	memcpy(to, r->at, size);
	r->at += size;
}
uint64_t agg_get_varuint(struct agg_reader *r);
static inline uint8_t agg_get_u8(struct agg_reader *r)
{
	uint8_t v;
	agg_get(r, &v, 1);
	return v;
}
/* How many elements of `width` bytes a serialised count may announce: E_INCORRECT_DATA later when it lies. */
uint32_t agg_get_count(struct agg_reader *r, size_t width);
/* E_INCORRECT_DATA when it ran dry, else sets *consumed. */
enum status agg_reader_end(const struct agg_reader *r, struct eval *e, struct str from, size_t *consumed) MUST_CHECK;

/* ---- values of any type as bytes (ClickHouse's binary form of one value) ---- */
enum status agg_value_write(struct strbuf *to, const struct vector *v, uint32_t row, struct error *err) MUST_CHECK;
enum status agg_value_read(struct builder *to, struct agg_reader *from, struct error *err) MUST_CHECK;
/*
 * What generic states store of a value: the text of a String, else the form in an arena. contiguous: an array of plain
 * values is only those, as sets have it.
 */
enum status agg_blob_write(struct strbuf *to, const struct vector *v, uint32_t row, bool contiguous, struct error *err)
	MUST_CHECK;
enum status agg_blob_read(struct builder *to, struct str from, bool contiguous, struct error *err) MUST_CHECK;

#endif

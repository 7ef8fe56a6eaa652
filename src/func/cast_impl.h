// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_CAST_IMPL_H
#define FUNC_CAST_IMPL_H
/*
 * How casts are made: cast_choose() gives the loop for a pair of kinds, cast.c runs it with nulls and failures around.
 *
 * A loop reads r->in (n rows, FLAT or one CONST row), writes n values into r->out (already allocated for fixed-width
 * targets) or makes r->out itself (strings, arrays, tuples, maps). A row that cannot be converted goes to
 * cast_forgives(): rows that do not matter and the OrNull/OrZero modes are forgiven and get the default; otherwise the
 * loop returns an error.
 */
#include "base/strbuf.h"
#include "func/cast.h"

struct cast;
struct cast_run;
typedef enum status (*cast_fn)(const struct cast *k, struct eval *e, struct cast_run *r);

struct cast {
	const struct type *from, *to;
	enum cast_mode mode;
	enum dialect dialect;        /* whose wording and rounding: PostgreSQL's in CAST_PG and in its sessions' inserts */
	bool or_null, or_zero;       /* a failed value becomes NULL, the default */
	bool checked;                /* a value out of range fails instead of wrapping */
	bool exact;                  /* CAST_ACCURATE: fractions fail too */
	cast_fn fn;
	const struct cast **children; /* of Array 1, Map 2, Tuple n */
	const void *table;           /* enums: what cast_misc.c made of names and values */
};

struct cast_run {
	const struct vector *in;
	uint32_t n;
	const uint64_t *dead;        /* rows that are NULL or that nobody looks at; may be NULL */
	uint64_t *failed;            /* rows that or_null turns into NULL; NULL while there is none */
	struct vector *out;
};

/* The loop for a pair of types, NULL when there is none; nested types' children are the caller's. */
cast_fn cast_choose(const struct type *from, const struct type *to, enum cast_mode mode, enum dialect dialect);
cast_fn cast_choose_number(const struct type *from, const struct type *to);
cast_fn cast_choose_time(const struct type *from, const struct type *to, enum cast_mode mode);
cast_fn cast_choose_from_text(const struct type *from, const struct type *to);
/* A loop made for the target type in the cast's dialect, or k->fn. */
cast_fn cast_faster_from_text(const struct cast *k);
cast_fn cast_choose_to_text(const struct type *from, const struct type *to);
cast_fn cast_choose_misc(const struct type *from, const struct type *to);
/* PgInterval and the tuple that an interval column is. */
cast_fn cast_choose_interval_parts(const struct type *from, const struct type *to);
/* Into and out of Variant; prepared, k->children are the members' casts. */
cast_fn cast_choose_variant(const struct type *from, const struct type *to, enum cast_mode mode);
enum status cast_prepare_variant(struct bind_env *env, struct cast *k) MUST_CHECK;
/* The error of a pair for which there is none. */
enum status cast_no_variant(struct bind_env *env, const struct type *from, const struct type *to) MUST_CHECK;
cast_fn cast_choose_nested(const struct type *from, const struct type *to);
/* States of aggregate functions and String; prepared, k->table is the aggregator. */
cast_fn cast_choose_state(const struct type *from, const struct type *to);
enum status cast_prepare_state(struct bind_env *env, struct cast *k) MUST_CHECK;
/* Prepares k->table for enum casts; E_CANNOT_CONVERT where two enums contradict each other. */
enum status cast_prepare_enum(struct bind_env *env, struct cast *k) MUST_CHECK;
/* Runs a cast over a FLAT vector (or a CONST one for its one row), with nulls and failures. */
enum status cast_apply(const struct cast *k, struct eval *e, const struct vector *in, uint32_t n, const uint64_t *dead,
                       struct vector **out) MUST_CHECK;
/* Row i failed: true when that is no error; the row is then NULL or default as the mode says. */
bool cast_forgives(const struct cast *k, struct eval *e, struct cast_run *r, uint32_t i);
/* Makes r->out from the bytes of `text` cut at ends[], into views (short ones inline, long ones into a heap of its
 * own). */
enum status cast_strings(const struct cast *k, struct eval *e, struct cast_run *r, const struct strbuf *text,
                         const uint32_t *ends) MUST_CHECK;
const struct value_options *cast_text_options(const struct eval *e);
/* The type's name as the dialect's messages spell it. */
struct str cast_type_name(const struct cast *k, struct eval *e, const struct type *t);
/* "integer out of range" and its fellows. */
enum status cast_out_of_range(const struct cast *k, struct eval *e) MUST_CHECK;
/* A cast for c->state with cast_exec() as exec: what a conversion function's bind makes. */
enum status cast_build(struct bind_env *env, const struct type *from, const struct type *to, enum cast_mode mode,
                       struct cast **out) MUST_CHECK;
bool cast_is_identity(const struct type *from, const struct type *to);
struct call;
/* The exec of a bound cast; c->state is the struct cast. */
enum status cast_exec(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                      struct vector **out);

static inline bool cast_row_is_dead(const struct cast_run *r, uint32_t i)
{
	return r->dead != NULL && bit_get(r->dead, i);
}

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_AGGREGATE_H
#define FUNC_AGGREGATE_H
/*
 * Aggregate functions: the registry, states and combinators.
 *
 * An aggregate is one row in its family's file; combinators (-If, -Array, -Map, -State, -Merge, -MergeState,
 * -SimpleState, -OrNull, -OrDefault, -ForEach, -Distinct, -Resample, -ArgMin, -ArgMax) come by themselves and compose:
 * binding "uniqExactIf" peels suffixes off the name. Nullable arguments: rows with a NULL in any argument are skipped
 * (count() excepted), and results of sum, min, avg … become Nullable as in the dialect.
 *
 * A state is `size` bytes at `align`ment in a fixed-size row of the aggregation operator. It starts zeroed and then
 * init() is called if there is one. Growing parts hang off it (malloc charged to `track`) and go with destroy(). States
 * are plain memory: they may be moved by memcpy as long as nothing points into them.
 * The serialised form is ClickHouse's, so that AggregateFunction columns, parts and Native agree with it.
 */
#include "func/function.h"

struct aggregate;

/* One bound aggregate call; read-only while running, shared by threads. */
struct aggregator {
	const struct aggregate *aggregate; /* innermost row */
	const struct aggregate_ops *ops;
	struct str name;                   /* canonical, with combinators and parameters: "quantileIf(0.9)" */
	struct str function;               /* the same without parameters */
	uint32_t arg_count;
	const struct type **arg_types;     /* as the ops expect them; bind may replace entries: the binder casts */
	const struct type *result;
	const struct type *state_type;     /* of -State, where it is not AggregateFunction(name, arg_types); else NULL */
	uint32_t state_size, state_align;
	uint32_t param_count;
	const struct vector **params;      /* CONST */
	struct aggregator *nested;         /* of a combinator */
	void *data;                        /* bind's own */
};

struct aggregate_ops {
	/* Optional; zeroed memory is the initial state without it. */
	void (*init)(const struct aggregator *a, char *state);
	/* Optional: frees what hangs off the state. */
	void (*destroy)(const struct aggregator *a, char *state, struct memtrack *track);
	/*
	 * Adds rows[0..count) to the states at states[i] + offset. args are FLAT, CONST or DICT; ops that care call
	 * vector_flatten first. `rows` NULL means rows 0..count.
	 */
	enum status (*add)(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
	                   const struct vector *const *args, const uint32_t *rows, uint32_t count);
	/* Adds all these rows to one state: the fast path without GROUP BY and for runs of equal keys. */
	enum status (*add_one)(const struct aggregator *a, struct eval *e, char *state, const struct vector *const *args,
	                       const uint32_t *rows, uint32_t count);
	/* states[i] += others[i]; others stay valid and are destroyed by the caller. */
	enum status (*merge)(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
	                     char *const *others, size_t other_offset, uint32_t count);
	/* Appends the results of states[0..count) to a builder of type a->result. */
	enum status (*finish)(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
	                      uint32_t count, struct builder *to);
	/* Appends ClickHouse's binary form of one state. */
	enum status (*write)(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to);
	/* Reads one into a fresh state; *consumed tells its length, so that states stand back to back on disk. */
	enum status (*read)(const struct aggregator *a, struct eval *e, char *state, struct str from, size_t *consumed);
};

enum aggregate_flags {
	AGGREGATE_CH = 1, AGGREGATE_PG = 2, AGGREGATE_NOCASE = 4,
	AGGREGATE_SEES_NULLS = 8,    /* gets rows with NULLs (count(*) , array_agg, first_value …) */
	AGGREGATE_ORDERED = 16,      /* result depends on the order of rows */
	AGGREGATE_DUPLICATES_IGNORED = 32, /* DISTINCT changes nothing: min, max, any, uniq* */
	AGGREGATE_EMPTY_NULL_PG = 64, /* NULL over no rows in the postgresql dialect (all but count) */
	AGGREGATE_NEVER_NULL = 128   /* its own empty result where all arguments are NULL, so never Nullable: uniq* */
};

struct aggregate {
	const char *name, *aliases; /* as struct function */
	uint8_t flags;
	/*
	 * Checks and adapts arg_types (Nullable already stripped unless SEES_NULLS), reads params, chooses ops, sets result,
	 * state_size, state_align, data.
	 */
	enum status (*bind)(struct bind_env *env, struct aggregator *a);
	const char *description, *example, *example_result; /* example: a whole SELECT */
	const char *family;
};

struct aggregate_family {
	const char *title;
	const struct aggregate *rows;
	uint32_t count;
};
#define AGGREGATE_FAMILY(symbol, family_title) \
	const struct aggregate_family aggregate_family_##symbol = {family_title, rows, ARRAY_COUNT(rows)}

void aggregate_registry_init(void);
/* Whether the name, combinators peeled, is an aggregate in the dialect. */
bool aggregate_exists(struct str name, enum dialect dialect);
/* Whether the result of such a call is a state: sumState, sumStateIf, sumMergeState, … */
bool aggregate_gives_state(struct str name, enum dialect dialect);
/*
 * Binds a call by name: peels combinators, applies the null rule, fills everything. arg_types are the caller's
 * expressions' types; where a->arg_types differ afterwards the caller inserts casts.
 */
enum status aggregate_bind(struct bind_env *env, struct str name, const struct vector *const *params,
                           uint32_t param_count, const struct type *const *arg_types, uint32_t arg_count,
                           bool distinct, struct aggregator **out) MUST_CHECK;
/* The aggregator behind an AggregateFunction(...) type, to read, merge and finish its states. */
enum status aggregate_of_type(struct bind_env *env, const struct type *t, struct aggregator **out) MUST_CHECK;
/* The same for SimpleAggregateFunction: merging values of such a column is adding them. */
enum status aggregate_of_simple(struct bind_env *env, const struct type *t, struct aggregator **out) MUST_CHECK;
/*
 * f(x ORDER BY k): an aggregator of nested's arguments and then `n` sort keys, which keeps the rows and gives them to
 * nested in order when it finishes. Sorting is stable only as far as the rows came in order.
 */
struct aggregator *aggregate_ordered(struct arena *arena, const struct aggregator *nested,
                                     const struct type *const *key_types, const bool *descending,
                                     const bool *nulls_first, uint32_t n);
/* Bytes of one serialised state at the start of `from`: storage and formats cut columns of states with it. */
enum status aggregate_state_size(const struct aggregator *a, struct eval *e, struct str from, size_t *size) MUST_CHECK;
/* The known name next to a misspelt one; data NULL: none. */
struct str aggregate_nearest(struct str name);
uint32_t aggregate_count(void);
const struct aggregate *aggregate_at(uint32_t i);

#endif

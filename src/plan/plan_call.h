// SPDX-License-Identifier: Apache-2.0
#ifndef PLAN_PLAN_CALL_H
#define PLAN_PLAN_CALL_H
/* Calls that belong to a node and not to an expression: aggregates and window functions; and sort orders. */
#include "func/aggregate.h"
#include "func/expr.h"
#include "parse/ast_query.h"

/* One column of a sort order. */
struct plan_order {
	struct expr *expr;
	bool descending, nulls_first;
};

struct plan_aggregate {
	struct aggregator *aggregator;
	struct expr **args;         /* aggregator->arg_count */
	struct expr *filter;        /* FILTER (WHERE …); NULL: none */
	struct plan_order *order;   /* ORDER BY inside the call */
	uint32_t order_count;
	bool distinct;
};

enum window_function {
	WINDOW_AGGREGATE, WINDOW_ROW_NUMBER, WINDOW_RANK, WINDOW_DENSE_RANK, WINDOW_PERCENT_RANK, WINDOW_CUME_DIST,
	WINDOW_NTILE,          /* args: buckets */
	WINDOW_LAG, WINDOW_LEAD, /* args: value, Int64 offset, default or NULL */
	WINDOW_LAG_IN_FRAME, WINDOW_LEAD_IN_FRAME,
	WINDOW_FIRST_VALUE, WINDOW_LAST_VALUE, WINDOW_NTH_VALUE, /* args: value, and Int64 n */
	WINDOW_DERIVATIVE      /* args: Float64 value, Float64 seconds, Float64 length of the interval in seconds */
};

/* Which rows around its own a window function looks at. */
struct plan_frame {
	enum frame_unit unit;       /* ROWS, RANGE, GROUPS */
	enum frame_bound from, to;
	enum frame_exclude exclude;
	struct expr *from_offset, *to_offset; /* ROWS, GROUPS: Int64; RANGE: only to be checked; NULL: none */
	/* RANGE with offsets: the sort key, and for each row the keys its frame begins and ends with, all of one type */
	struct expr *key, *from_key, *to_key;
};

struct plan_window {
	enum window_function function;
	struct plan_aggregate aggregate; /* WINDOW_AGGREGATE */
	struct expr **args;              /* of the others */
	uint32_t arg_count;
	struct plan_frame frame;
	const struct type *type;
};

/* WITH FILL of one column: integers and ticks of times in i, floats in f. */
struct fill_number {
	__int128 i;
	double f;
};

struct fill_step {
	struct fill_number number;
	enum interval_unit unit;    /* NONE: a number in the column's units */
};

struct plan_fill {
	uint32_t column;
	bool descending, is_float, has_from, has_to, has_staleness;
	struct fill_number from, to;
	struct fill_step step, staleness;
};

/* INTERPOLATE: what `column` gets in a row that was put in; over the columns of the row before. */
struct plan_interpolation {
	uint32_t column;
	struct expr *expr;
};

#endif

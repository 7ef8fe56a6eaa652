// SPDX-License-Identifier: Apache-2.0
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H
/*
 * Query plans: a tree of relational nodes over typed expressions, made by the binder (binder.h), improved by the
 * rewriter (rewrite.h), read-only once execution starts.
 *
 * Every node has output columns. Expressions of a node refer by EXPR_COLUMN to the columns of its input; of a join, to
 * the left input's columns and then the right one's. EXPR_SLOT n is plan->slots[n] of the whole query: parameters,
 * scalar subqueries, and the outer row's values inside a correlated subquery.
 * All memory is in the statement's arena.
 */
#include "catalog/table.h"
#include "plan/plan_call.h"

enum plan_kind {
	PLAN_SCAN,       /* a table */
	PLAN_VALUES,     /* constant rows: VALUES, SELECT without FROM (one row, no columns) */
	PLAN_SERIES,     /* numbers(), generate_series of integers */
	PLAN_FILTER,
	PLAN_PROJECT,
	PLAN_AGGREGATE,
	PLAN_DISTINCT,
	PLAN_JOIN,
	PLAN_SORT,
	PLAN_LIMIT,
	PLAN_LIMIT_BY,
	PLAN_UNNEST,     /* ARRAY JOIN, unnest(), set-returning functions */
	PLAN_UNION,      /* UNION ALL */
	PLAN_SET,        /* INTERSECT, EXCEPT */
	PLAN_APPLY,      /* LATERAL: the right side once per left row */
	PLAN_FUNCTION,   /* rows made by a table function's reader (struct scan made when the query starts) */
	PLAN_COUNT_ROWS, /* count() answered from metadata */
	PLAN_RANGES,     /* min() and max() of columns: the engine may know; else the input is computed */
	PLAN_WINDOW,
	PLAN_FILL,       /* ORDER BY … WITH FILL */
	PLAN_TOTALS,     /* rows of an aggregation WITH TOTALS pass; their states are merged into one more row */
	PLAN_TOTALS_ROW, /* that row, when the query is over */
	PLAN_CTE,        /* rows of a query that is computed once and read in several places */
	PLAN_FETCH,      /* further columns of a scan, for the rows that an order with a limit has left */
	PLAN_KIND_COUNT
};

enum plan_join_kind { PLAN_JOIN_INNER, PLAN_JOIN_LEFT, PLAN_JOIN_RIGHT, PLAN_JOIN_FULL, PLAN_JOIN_CROSS,
	PLAN_JOIN_SEMI, PLAN_JOIN_ANTI,
	PLAN_JOIN_MARK  /* left rows plus one Bool column: whether a match exists (IN, EXISTS) */ };

struct plan_cte {
	struct plan *plan;          /* computed once, before its readers */
	struct str name;
	uint32_t readers;
};

struct plan {
	enum plan_kind kind;
	uint32_t id;                /* number within the query, for EXPLAIN and profiles */
	uint32_t column_count;      /* output */
	const struct type **types;
	struct str *names;
	uint32_t input_count;
	struct plan **inputs;
	double estimated_rows;      /* the planner's guess; < 0: none */
	union {
		struct {
			struct table *table;
			uint32_t *columns;          /* as scan_request.columns; one per output column */
			struct expr **filters;      /* conjuncts over the output columns; the first prewhere_count are the engine's */
			uint32_t filter_count, prewhere_count;
			bool final;
			uint32_t order_prefix;
			bool order_descending;
			uint64_t limit_hint;
			struct str alias;
		} scan;
		struct {
			struct expr **exprs;        /* row-major: row_count × column_count */
			uint32_t row_count;
		} values;
		struct {
			struct expr *start, *stop, *step; /* UInt64 constants or slots; stop is how many values come out */
		} series;
		struct {
			struct expr *predicate;     /* rows where it is true stay */
		} filter;
		struct {
			struct expr **exprs;        /* column_count */
		} project;
		struct {
			/* output: keys, then aggregates */
			struct expr **keys;
			uint32_t key_count;
			struct plan_aggregate *aggregates;
			uint32_t aggregate_count;
			bool one_row_when_empty;    /* no GROUP BY: exactly one row comes out */
			bool input_sorted;          /* equal keys come together */
			/* grouping sets: for each set a bit per key, above 32 bits a number that tells equal sets
			 * apart; 0 sets means one set with all keys. Then a last column
			 * `grouping` UInt64 is put out: bit k set where key k is not in the set. */
			uint64_t *sets;
			uint32_t set_count;
			/* the last column is the address of the group's states, for PLAN_TOTALS above */
			bool totals;
			uint64_t limit;             /* no ORDER BY above and only this many groups needed; 0: all */
			/* only the first top_limit groups in the order of one aggregate are needed, with ties unless top_alone; 0: all */
			uint64_t top_limit;
			bool top_alone;
			struct plan_order top;      /* over the output: a column of an aggregate */
		} aggregate;
		struct {
			enum plan_join_kind kind;
			bool any, single;           /* at most one match per left row; single: a second one is an error */
			bool once;                  /* and at most one left row per key: ANY INNER JOIN of ClickHouse */
			struct expr **left_keys, **right_keys; /* equal pairs, each over its own input, types made equal */
			uint32_t key_count;
			bool *null_safe;            /* per key: NULL equals NULL (IS NOT DISTINCT FROM) */
			struct expr *residual;      /* further ON condition over both inputs' columns; NULL: none */
			bool use_nulls;             /* missing sides are NULL; else the types' defaults */
			bool mark_null_aware;       /* MARK: NULL when nothing matches and a NULL was on either side */
			int asof;                   /* of the matches the nearest: 1 left >= right, 2 >, -1 <=, -2 <; 0: no ASOF */
			struct expr *asof_left, *asof_right; /* each over its own input, of one type */
		} join;
		struct {
			struct plan_order *order;
			uint32_t order_count;
			uint64_t limit;             /* top-N: the first `limit` rows are enough; 0: all */
			bool with_ties;
			struct plan *bound;         /* a scan whose column bound_column is the order's first; NULL: none */
			uint32_t bound_column;
		} sort;
		struct {
			struct expr *limit, *offset; /* constants or slots, UInt64; NULL: none */
			double limit_share, offset_share;     /* of all rows, in place of a number; 0: none */
			bool limit_from_end, offset_from_end; /* counted from the last row backwards */
			bool with_ties;             /* and the rows that `order` calls equal to the last one taken */
			struct expr **order;        /* columns */
			uint32_t order_count;
		} limit;
		struct {
			struct expr **keys;
			uint32_t key_count;
			uint64_t limit, offset;
			bool limit_from_end, offset_from_end;
		} limit_by;
		struct {
			/* input columns, then one column per array, then ordinality (Int64) if asked for */
			struct expr **arrays;       /* of Array types, or Map (gives Tuple(key, value)) */
			uint32_t array_count;
			bool left;                  /* a row without elements stays, with defaults (LEFT ARRAY JOIN) */
			bool pad;                   /* shorter arrays are padded with NULL (PostgreSQL); else sizes must agree */
			bool ordinality;
		} unnest;
		struct {
			bool except;                /* else intersect */
			bool all;
		} set;
		struct {
			struct plan *right;         /* correlated: reads slots */
			uint32_t *slots, *columns;  /* slot i takes the left row's column columns[i] */
			uint32_t slot_count;
			enum plan_join_kind kind;   /* INNER, LEFT, CROSS */
			struct expr *on;            /* over both; NULL: none */
		} apply;
		struct {
			enum status (*open)(void *arg, const struct scan_request *r, struct scan **out, struct error *err);
			void *arg;
			struct str name;
		} function;
		struct {
			struct table *table;
		} count_rows;
		struct {
			struct table *table;
			uint32_t *columns;          /* per output: a position in the definition; UINT32_MAX: how many rows */
			bool *greatest;             /* max(), not min() */
		} ranges;
		struct {
			/* input sorted by partition and order; output: its columns, then one per function */
			struct expr **partition;
			uint32_t partition_count;
			struct plan_order *order;
			uint32_t order_count;
			struct plan_window *functions;
			uint32_t function_count;
		} window;
		struct {
			struct plan_fill *columns;  /* in the order of the sort below */
			uint32_t count;
			uint32_t *prefix;           /* sort columns before the first filled one: each value is filled for itself */
			uint32_t prefix_count;
			struct plan_interpolation *interpolations;
			uint32_t interpolation_count;
		} fill;
		struct {
			struct plan *scan;          /* below: it gave the rows */
			uint32_t row_id;            /* input column: __row_id */
			uint32_t *columns, count;   /* as scan_request.columns; put out behind the input's */
		} fetch;
		struct {
			struct plan *aggregate;     /* whose groups are summed up */
			uint32_t number;            /* of the row among the query's totals */
		} totals; /* and totals_row */
		struct plan_cte *cte;
	} u;
};

/* A scalar subquery or EXISTS that runs before the rest and leaves one value in a slot. */
struct plan_init {
	struct plan *plan;
	uint32_t slot;
	bool exists;                /* the value is whether a row came (Bool/UInt8 as slot_types says) */
	bool array;                 /* ARRAY(subquery), and sets for IN: all rows of the first column as an Array */
	bool scalar_error;          /* more than one row is an error (21000 / 125) */
};

/* A whole query. */
struct query_plan {
	struct plan *root;
	uint32_t slot_count;
	const struct type **slot_types;
	struct vector **slots;      /* CONST vectors known already (parameters); NULL: filled by inits or apply */
	struct plan_init *inits;    /* in order: later ones may read earlier slots */
	uint32_t init_count;
	struct plan_cte **ctes;     /* in order of computation */
	uint32_t cte_count;
	uint32_t visible_columns;   /* result columns; further ones of root are for sorting only (none after binding) */
	/* what columns are, for RowDescription: table oid and attnum, 0 when computed */
	uint32_t *column_table_oids;
	int16_t *column_attnums;
	bool reads_tables;
	struct plan *totals;        /* one more row, of root's columns, when root's have come (WITH TOTALS); NULL: none */
	uint32_t totals_count;      /* rows that PLAN_TOTALS nodes leave */
};

/* A correlated subquery inside an expression: the state of the call `subquery`; run by exec/ per distinct argument row.
 * */
struct plan_subquery {
	struct query_plan *query;   /* of the enclosing query: slots are shared numbers */
	struct plan *plan;
	uint32_t *slots;            /* slot i takes argument i */
	uint32_t slot_count;
	/* CONTAINS: argument 0 IN rows */
	enum { SUBQUERY_VALUE, SUBQUERY_HAS_ROWS, SUBQUERY_ARRAY_OF, SUBQUERY_CONTAINS } what;
	bool rewritten, tried;      /* tried: its own subqueries are joins already, where they can be */
};

/* Whether a LIMIT is known only when all rows have come. */
bool plan_limit_waits(const struct plan *p);
struct plan *plan_new(struct arena *a, enum plan_kind kind, uint32_t column_count);

#endif

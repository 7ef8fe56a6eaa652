// SPDX-License-Identifier: Apache-2.0
#ifndef CATALOG_SCAN_REQUEST_H
#define CATALOG_SCAN_REQUEST_H
/* Scans: what a query asks a table for, and how it gets the rows. */
#include <stdatomic.h>
#include "func/expr.h"

/*
 * What a scan is asked for. The engine delivers exactly `columns` (positions in def->columns, or VIRTUAL_* below), and
 * may use the hints to read less: rows that cannot satisfy `filter` may be left out, never others.
 */
enum {
	COLUMN_VIRTUAL = 0x80000000u, /* | index into table_ops->virtual_columns */
	COLUMN_SIZES = 0x40000000u,   /* | position of a String column: UInt64, the lengths alone (TABLE_ROW_IDS) */
};

/*
 * What rows an order with a limit may still need: grows stricter while it runs, so it is asked batch by batch. Called
 * by many workers at once.
 */
struct scan_bound {
	uint32_t column;                /* the scan's column that it looks at */
	/*
	 * Of rows [0, count) of a FLAT column those that may be needed, ascending, to rows (room for count + 8), which is left
	 * alone where all are; returns how many.
	 */
	uint32_t (*pick)(void *arg, const struct vector *column, uint32_t count, uint32_t *rows);
	void *arg;
};

struct scan_request {
	const uint32_t *columns;
	uint32_t column_count;
	/*
	 * Conjuncts over `columns` (EXPR_COLUMN i = columns[i]) that the query will apply. `prewhere_count` of them, the first
	 * ones, MUST be applied by the engine (PREWHERE, chosen by the planner where ops->applies_filter says so).
	 */
	struct expr *const *filters;
	uint32_t filter_count, prewhere_count;
	struct vector *const *slots;    /* values of EXPR_SLOT */
	bool final;                     /* FINAL, or the table's finalize_on_read */
	/* Order wish: rows sorted by the first `order_prefix` sort key columns within each morsel stream; 0: none. */
	uint32_t order_prefix;
	bool order_descending;
	uint64_t limit_hint;            /* the query needs no more rows than this in that order; 0: all */
	unsigned threads;               /* how many workers will pull */
	const struct eval_session *session;
	struct memtrack *track;
	const _Atomic bool *cancelled;
	uint64_t max_rows_to_read;      /* 0: none */
	const struct scan_bound *bound; /* a hint: rows that it does not pick may be left out; NULL: none */
};

/* Many keys by their hashes (storage/key_hash.h), for PRIMARY KEY and UNIQUE. */
struct key_request {
	const uint32_t *columns;        /* of the key; positions in def->columns */
	uint32_t column_count;
	const uint64_t *hashes;         /* ascending */
	uint32_t count;
	struct expr *const *filters;    /* over `columns`: hold for all the keys */
	uint32_t filter_count;
	struct memtrack *track;
	const _Atomic bool *cancelled;
};

struct key_match {
	uint32_t at;                    /* the first of the equal hashes */
	uint64_t row;                   /* as in __row_id */
};

struct scan_stats {                 /* summed by the engine while it reads; read by progress and EXPLAIN */
	_Atomic uint64_t rows, bytes, parts, granules, granules_total, total_rows_hint;
};

struct scan {
	const struct scan_ops *ops;
	struct scan_stats stats;
};

struct scan_ops {
	/*
	 * The next batch for worker `worker` (0 … threads-1), called by many workers at once, each with its own number.
	 * *out NULL: no more for this worker. Batches have up to BATCH_ROWS_MAX rows.
	 */
	enum status (*next)(struct scan *s, unsigned worker, struct batch **out, struct error *err);
	/*
	 * Other columns of rows that the scan gave, by the numbers in its virtual column __row_id: `count` of them, in any
	 * order, as one batch in that order. One thread, after the last next(). NULL without TABLE_ROW_IDS.
	 */
	enum status (*fetch)(struct scan *s, const uint32_t *columns, uint32_t column_count, const uint64_t *ids,
	                     uint32_t count, struct batch **out, struct error *err);
	void (*free)(struct scan *s);
};

#endif

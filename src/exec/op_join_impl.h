// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_OP_JOIN_IMPL_H
#define EXEC_OP_JOIN_IMPL_H
/*
 * The hash join's three operators over one struct join: op_join.c builds, op_join_probe.c probes and gives the rest.
 *
 * After the build the right rows stand in one column each, and one more row behind them is the one that a left row
 * without a match is joined with: NULLs or defaults. Equal keys are one row of a group table, whose payload is the list
 * of their right rows: first, and from each the next one.
 */
#include "exec/op_group.h"
#include "exec/op_impl.h"

enum { NO_ROW = UINT32_MAX };

struct join_list {
	uint32_t first, last;
	_Atomic bool taken;            /* `once`: a left row has it */
};

struct join_build_worker {
	struct op_batches batches; /* right columns, then the keys */
};

struct join_probe_worker {
	struct group_keys keys;
};

struct join {
	const struct plan *plan;
	struct query *query;
	struct arena arena;
	unsigned references;           /* operators that hold it */
	unsigned threads;
	enum plan_join_kind kind;
	bool any, keyed;               /* keyed: there are equal pairs */
	bool single;                   /* a second match of a left row is an error */
	bool once;                     /* each key matches one left row */
	int asof;                      /* the lists are ranges of asof_rows, sorted by the value in asof_right */
	struct vector *asof_right;
	uint32_t *asof_rows;
	bool keep_left, keep_right;    /* rows without a match come out */
	bool left_only;                /* SEMI, ANTI, MARK: no right columns come out */
	uint32_t left_columns, right_columns, key_count;
	struct program *left_program, *right_program, *residual;
	struct group_layout layout;
	const struct type **build_types; /* of right columns as they come out, then keys */
	struct join_build_worker *build;
	struct join_probe_worker *probe;
	/* after the build */
	struct vector **right;         /* right_columns columns of right_count + 1 rows */
	uint32_t right_count;
	struct group_table table;
	uint32_t *next;                /* right row after this one with the same key */
	size_t next_bytes;
	bool built, null_keys;         /* null_keys: a right row's key is NULL */
	_Atomic uint8_t *matched;      /* per right row, for RIGHT and FULL */
	_Atomic uint32_t rest_at;
};

struct join_operator {
	struct operator base;
	struct join *join;
};

void join_release(struct join *j);
extern const struct operator_ops join_probe_ops, join_rest_ops;
/* Evaluates the keys of one side; out receives references. */
enum status join_keys(const struct join *j, const struct program *p, struct worker *w, struct batch *in,
                      struct vector **out) MUST_CHECK;
/* The rows of 0 to count whose keys may match: NULLs only where they are null-safe. */
uint32_t join_keyed_rows(const struct join *j, struct vector *const *keys, uint32_t count, uint32_t *picks);

#endif

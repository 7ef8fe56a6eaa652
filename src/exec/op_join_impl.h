// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_OP_JOIN_IMPL_H
#define EXEC_OP_JOIN_IMPL_H
/*
 * The hash join's operators over one struct join: op_join.c builds, op_join_probe.c probes and gives the rest, and
 * op_join_spill.c does both for what goes to disk.
 *
 * After the build the right rows stand in one column each, and one more row behind them is the one that a left row
 * without a match is joined with: NULLs or defaults. Equal keys are one row of a group table, whose payload is the list
 * of their right rows: first, and from each the next one.
 */
#include "exec/op_group.h"
#include "exec/op_impl.h"
#include "exec/spill.h"

enum { NO_ROW = UINT32_MAX };

struct join_list {
	uint32_t first, last;
	_Atomic bool taken;            /* `once`: a left row has it */
};

/* The right rows, ready to be found. */
struct join_table {
	struct arena arena;            /* of asof_rows */
	struct vector **right;         /* right_columns columns of right_count + 1 rows */
	uint32_t right_columns, right_count;
	struct group_table groups;
	uint32_t *next;                /* right row after this one with the same key */
	size_t next_bytes;
	struct vector *asof_right;
	uint32_t *asof_rows;
	_Atomic uint8_t *matched;      /* per right row, for RIGHT and FULL */
	_Atomic uint32_t rest_at;
	bool built, null_keys;         /* null_keys: a right row's key is NULL */
};

struct join_build_worker {
	struct op_batches batches; /* right columns, then the keys */
	struct spill_buffers buffers;
};

struct join_probe_worker {
	struct group_keys keys;
	bool used;
	/* what goes to disk: left rows, and the hashes of their keys */
	struct op_batches held;
	uint64_t *hashes;
	uint32_t hash_capacity;
	struct spill_buffers buffers;
	/* what comes back: one part at a time */
	struct spill_part *part;
	struct join_table table;       /* of the part */
	unsigned stream;               /* left rows come from this one, */
	uint32_t block;                /* from this block on */
	bool rest;                     /* the batch on its way is one of right rows without a match */
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
	bool keep_left, keep_right;    /* rows without a match come out */
	bool left_only;                /* SEMI, ANTI, MARK: no right columns come out */
	uint32_t left_columns, right_columns, key_count;
	struct program *left_program, *right_program, *residual;
	struct group_layout layout;
	const struct type **build_types; /* of right columns as they come out, then keys */
	struct join_build_worker *build;
	struct join_probe_worker *probe;
	struct join_table table;
	bool can_spill;
	_Atomic bool spilled;          /* both sides are on disk, divided by the keys' hashes; `table` is empty */
	_Atomic int64_t before;        /* bytes of the query when the first right rows came; -1: none did */
	pthread_mutex_t lock;          /* guards set while it is made */
	struct spill_set *set;         /* side 0: left rows, side 1: right ones; until all left rows have come */
	struct spill_list parts;
	const struct type **spill_types; /* of right columns, keys and the value of ASOF */
	_Atomic uint64_t spilled_right; /* right rows on disk */
	_Atomic bool spilled_null;     /* one of them has a NULL in its key */
};

struct join_operator {
	struct operator base;
	struct join *join;
};

void join_release(struct join *j);
extern const struct operator_ops join_probe_ops, join_rest_ops, join_part_source_ops, join_part_probe_ops;
void join_table_init(struct join_table *t, const struct join *j);
void join_table_fini(struct join_table *t, const struct join *j);
/* Of the right rows in the lists, which lose their columns. */
enum status join_table_build(struct join *j, struct join_table *t, struct worker *w,
                             const struct op_batches *const *lists, unsigned list_count) MUST_CHECK;
/* Joins a left batch with the table's rows and passes the pairs on. The batch stays the caller's. */
enum status join_probe(struct operator *o, struct worker *w, struct join_table *t, struct batch *in) MUST_CHECK;
/* The next right rows without a match; *out NULL: there are no more. */
enum status join_rest(struct join *j, struct join_table *t, struct operator *o, struct worker *w,
                      struct batch **out) MUST_CHECK;
/* Evaluates the keys of one side; out receives references. */
enum status join_keys(const struct join *j, const struct program *p, struct worker *w, struct batch *in,
                      struct vector **out) MUST_CHECK;
/* The rows of 0 to count whose keys may match: NULLs only where they are null-safe. */
uint32_t join_keyed_rows(const struct join *j, struct vector *const *keys, uint32_t count, uint32_t *picks);

/* ---- op_join_spill.c ---- */
/* After a right batch: puts what the worker holds on disk when it has to go. */
enum status join_spill_build(struct join *j, struct worker *w) MUST_CHECK;
/* All right rows have come: those in memory go to disk too, where others have gone or they do not fit. */
enum status join_spill_built(struct join *j, struct worker *w) MUST_CHECK;
/* A left batch goes to disk. It is taken over. */
enum status join_spill_left(struct join *j, struct worker *w, struct batch *in) MUST_CHECK;
enum status join_spill_drain(struct join *j, struct worker *w) MUST_CHECK;
enum status join_spill_finish(struct join *j, struct worker *w) MUST_CHECK;
void join_spill_free(struct join *j);

#endif

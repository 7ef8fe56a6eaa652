// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_TABLE_KEYS_H
#define STORAGE_TABLE_KEYS_H
/*
 * Table keys: what a MergeTree definition says, bound and ready to run: sort and partition expressions, engine mode and
 * its columns, settings, skip indexes, TTL. One per schema version, immutable, shared by inserts, scans and merges.
 *
 * Expressions have the definition's columns as inputs, in def order. A block of stored columns is spread over them by
 * table_keys_inputs().
 */
#include "catalog/table.h"
#include "io/codec.h"

/*
 * Binds the elements of a stored expression ("a, f(b)" or "(a, f(b))") over def's columns. The binder is above this
 * room: engine/ sets it.
 */
extern enum status (*expr_bind_hook)(struct arena *a, const struct stored_sql *sql, const struct table_def *def,
                                     struct expr ***exprs, uint32_t *count, struct error *err);

enum merge_mode {
	MERGE_ORDINARY, MERGE_REPLACING, MERGE_SUMMING, MERGE_AGGREGATING, MERGE_COLLAPSING, MERGE_VERSIONED_COLLAPSING
};

enum skip_kind { SKIP_MINMAX, SKIP_SET, SKIP_BLOOM, SKIP_TOKEN, SKIP_NGRAM, SKIP_TEXT };

struct skip_index {
	struct str name;
	enum skip_kind kind;
	uint32_t granularity;           /* granules of the part per granule of the index */
	uint64_t set_max;               /* set(n); 0: no limit */
	double bloom_rate;              /* bloom_filter(p), text */
	uint64_t bytes, hashes, seed, n; /* tokenbf_v1, ngrambf_v1; n of text, too: TOKENS_… */
	uint32_t expr_count;
	struct expr **exprs;
	struct program *program;
};

enum ttl_rule { TTL_RULE_DELETE, TTL_RULE_RECOMPRESS, TTL_RULE_MOVE };

struct table_ttl {
	enum ttl_rule rule;
	struct codec_chain codec;       /* RECOMPRESS */
	struct expr *filler;            /* of a column: its DEFAULT, which expired values become; NULL: the type's */
	struct program *filler_program;
	struct expr *expires;           /* Date or DateTime */
	struct expr *where;             /* NULL: all expired rows */
	uint32_t column;                /* def position; UINT32_MAX: rows */
	struct program *program;        /* expires, where */
};

/* Nested columns of SummingMergeTree whose values are summed by their keys. */
struct summed_map {
	uint32_t count, key_count;
	uint32_t *columns;              /* stored positions, the keys first */
};

struct merge_settings {
	uint64_t index_granularity, index_granularity_bytes, min_bytes_for_wide_part, min_rows_for_wide_part;
	uint64_t delay_min_us, delay_max_us; /* of an insert while parts_to_delay … parts_to_throw are there */
	uint64_t parts_to_delay, parts_to_throw, max_bytes_to_merge, max_partitions_per_insert;
	uint64_t token_window, token_seconds; /* marks of inserts that are kept; 0 seconds: of any age */
	bool token_by_rows;     /* equal rows of a partition are the same insert */
	uint64_t memory_rows, memory_bytes; /* a piece of an insert below both goes to the delta */
	double sparse_ratio;
	bool classic_layout, adaptive_codecs, ttl_only_drop_parts, finalize_on_read;
	struct codec_chain default_codec;
};

struct table_keys {
	_Atomic uint32_t references;
	struct arena arena;
	struct table_def *def;          /* a reference */
	uint32_t stored_count;          /* columns that parts have, and where they are in def */
	uint32_t *stored;
	uint32_t *stored_of;            /* by def position: position among the stored; UINT32_MAX */
	uint32_t sort_count, primary_count;
	struct expr **sort;
	const struct type **sort_types;
	uint32_t partition_count;
	struct expr **partition;
	struct expr **all;              /* sort, then partition expressions */
	const struct type **partition_types;
	uint32_t minmax_count;          /* columns of the partition expression, stored positions */
	uint32_t *minmax;
	struct program *program;        /* sort, then partition expressions; NULL when there are none */
	struct program *sort_program, *primary_program, *partition_program; /* those alone */
	struct expr *sample;            /* NULL */
	enum merge_mode mode;
	uint32_t version, sign, deleted; /* stored positions; UINT32_MAX: none */
	bool *summed;                   /* by stored position: Summing adds it, Aggregating merges it */
	struct summed_map **map_of;     /* by stored position: the map it belongs to, or NULL */
	uint32_t skip_count;
	struct skip_index *skips;
	uint32_t ttl_count;
	struct table_ttl *ttls;
	struct merge_settings settings;
};

/* Checks everything; the first error wins. */
enum status table_keys_new(const struct table_def *def, struct table_keys **out, struct error *err) MUST_CHECK;
struct table_keys *table_keys_ref(struct table_keys *k);
void table_keys_unref(struct table_keys *k); /* NULL is allowed */
/* inputs[def->column_count]: the columns of a block of stored columns at their places, NULL elsewhere; borrowed. */
void table_keys_inputs(const struct table_keys *k, struct vector *const *stored, struct vector **inputs);
/* The id of the partition of a row of values. */
struct str partition_id(struct arena *a, const struct vector *const *values, uint32_t count, uint32_t row);
/* What runs stored expressions: UTC, the table's dialect. */
const struct eval_session *storage_session(enum dialect dialect);

#endif

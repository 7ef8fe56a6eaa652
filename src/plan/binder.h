// SPDX-License-Identifier: Apache-2.0
#ifndef PLAN_BINDER_H
#define PLAN_BINDER_H
/*
 * Binder: AST to plan. Names are resolved, overloads chosen, casts inserted, dialect rules applied; what comes out is
 * typed. Everything is allocated in the configuration's arena, and table references are held until it ends.
 *
 * Aliases follow the dialect: in clickhouse an alias is visible everywhere in its SELECT and shadows a column of that
 * name (except inside its own expression); in postgresql only where SQL says so.
 */
#include "base/strmap.h"
#include "catalog/catalog.h"
#include "parse/ast_query.h"
#include "plan/plan.h"

/* Settings that change what a query means. */
struct bind_options {
	bool join_use_nulls, transform_null_in, final, prefer_column_name_to_alias;
	bool asterisk_include_alias_columns, asterisk_include_materialized_columns;
	bool union_distinct_default;    /* union_default_mode = 'DISTINCT'; the other choice is ALL */
	bool union_default_set;         /* else a bare UNION is an error in the clickhouse dialect */
	bool group_by_use_nulls;
	bool totals_before_having;      /* totals_mode */
	uint64_t limit, offset;         /* over the result of the whole query; 0: none */
	bool no_rewrite;                /* optimizer passes off */
	uint64_t max_subquery_depth;
	uint64_t top_bound_limit;       /* an order with at most this limit bounds its scan */
	uint64_t fetch_limit;           /* and fetches columns after the limit */
	uint64_t join_order_limit;      /* inner joins of at most so many inputs are ordered by cost; 0: none */
	bool decorrelate;               /* correlated subqueries become joins */
	bool lengths_alone;             /* length(s), s = '' read lengths, not strings */
	bool lean_keys, bare_keys;      /* GROUP BY keys that follow from others, or from something simpler */
	bool lean_sums;                 /* sum(x + c) of sum(x) */
	bool ranges;                    /* min() and max() of columns from what the engine knows */
};

struct bind_config {
	struct arena *arena;
	struct catalog *catalog;        /* NULL: no tables, expressions only */
	struct txn *txn;
	const struct eval_session *session;
	struct bind_options options;
	struct vector *const *params;   /* values of $1 …; NULL while preparing */
	const struct type **param_types; /* in: declared or NULL; out: inferred; param_capacity entries */
	uint32_t param_capacity;
	uint32_t param_count;           /* out: highest $n seen */
	const struct strmap *named;     /* {name:T}: text of type struct str * */
	/* Access check before a table's columns are read; NULL: all is allowed. */
	enum status (*check_access)(void *arg, const struct table_def *t, struct error *err);
	void *access_arg;
	struct error *err;
};

/* SELECT, VALUES, set operations. */
enum status bind_query(struct bind_config *c, const struct ast *query, struct query_plan **out) MUST_CHECK;

/*
 * Expressions over the columns of `def`, as stored (DEFAULT, keys, TTL, CHECK): each element of a tuple-like text
 * "a, f(b)" or "(a, f(b))" with `as_list`, else one. Inputs are columns in def order.
 */
enum status bind_stored(struct bind_config *c, const struct stored_sql *sql, const struct table_def *def, bool as_list,
                        struct expr ***out, uint32_t *count) MUST_CHECK;
/* One expression AST over named input columns. */
enum status bind_over(struct bind_config *c, const struct ast *x, const struct str *names,
                      const struct type *const *types, uint32_t count, struct expr **out) MUST_CHECK;
/*
 * A constant expression, cast to `type` when that is not NULL: into that column, or into a parameter where the name is
 * empty. A reference of the arena's.
 */
enum status bind_constant(struct bind_config *c, const struct ast *x, const struct type *type, struct str column,
                          struct vector **out) MUST_CHECK;
struct table_function_call;
/* What INSERT INTO FUNCTION names: a registered function that takes rows. */
enum status bind_insert_function(struct bind_config *c, const struct ast_call *call,
                                 struct table_function_call **out) MUST_CHECK;
/* E_TYPE_MISMATCH where PostgreSQL would not store a value of `from` in that column of type `to`. */
enum status bind_assignment(struct bind_config *c, const struct type *from, const struct type *to, struct str column,
                            int position) MUST_CHECK;
/* A type AST in the dialect: ClickHouse's names, or PostgreSQL's with faces. */
enum status bind_type(struct arena *a, const struct ast_type *t, enum dialect dialect, const struct type **out,
                      struct error *err) MUST_CHECK;
/*
 * Parses and binds a materialized view's query; reads of table `source` take the rows of `open` (the inserted block:
 * its stored columns in def order, then the engine's virtual ones) instead. Where `target` has an AggregateFunction(f,
 * …) column and the query computes a plain f(…) for it, the state is taken (HIP-0047's views are written so).
 */
enum status bind_view(struct bind_config *c, const struct stored_sql *sql, const struct table_def *source,
                      const struct table_def *target,
                      enum status (*open)(void *, const struct scan_request *, struct scan **, struct error *),
                      void *open_arg, struct query_plan **out) MUST_CHECK;

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef PLAN_BINDER_IMPL_H
#define PLAN_BINDER_IMPL_H
/* What the files of the binder share. */
#include "parse/ast_query.h"
#include "plan/bind_group_impl.h"
#include "plan/binder.h"

enum {
	AGGREGATE_BASE = 0x40000000, /* EXPR_COLUMN numbers of aggregates until regroup() places them */
	GROUPING_COLUMN = 0x50000000, /* the column that tells which keys a row's grouping set leaves out */
	WINDOW_BASE = 0x60000000,    /* numbers of window functions until their nodes are made */
	ROWS_BASE = 0x70000000,      /* of set-returning calls until bind_rows_replace() places them */
	BIND_DEPTH_MAX = 1500
};

/* One column that names can mean. */
struct scope_column {
	struct str relation;        /* alias or table name; empty: none */
	struct str database, schema;
	struct str table;           /* the table's own name, which an alias hides */
	struct str name;
	const struct type *type;    /* as the dialect sees it */
	struct expr *expr;          /* over the scope's plan: a column, maybe under its face's cast */
	const struct table_def *def; /* of an ALIAS column: its table, else NULL */
	const struct column_def *alias_column;
	uint32_t relation_first;    /* first scope column of its relation */
	uint32_t table_oid;
	int16_t attnum;
	bool hidden;                /* not in *: virtual, materialized, right side of USING */
	bool merged;                /* right side of USING: not found by its bare name */
	bool materialized, is_alias;
};

struct select_alias {
	struct str name;
	const struct ast *ast;
	struct expr *bound;
	bool busy;                  /* being bound: the name inside means the column */
};

/* Set-returning calls of one select list (postgresql). */
struct row_list {
	struct expr **arrays;
	size_t count, capacity;
	uint32_t *levels, *columns; /* set by bind_rows_nodes(): how deep it is nested, its column in the plan */
};

/* Values of an outer query that an inner one reads. */
struct correlation {
	uint32_t *slots;
	struct expr **exprs;        /* over the outer scope's plan */
	size_t count, capacity, expr_capacity;
};

struct cte_entry {
	struct cte_entry *next;
	struct str name;
	const struct ast_with *with;
	struct cte_entry *visible;  /* the ones before it */
	struct plan_cte *bound;
	bool busy, may_recurse;     /* WITH RECURSIVE */
	struct scope *scope;
	struct str *column_names;   /* of a recursive one */
	uint32_t work_slot;         /* the rows of the last run: an array of tuples */
	const struct type *work_type;
};

struct scope {
	struct scope *parent;       /* of the enclosing query */
	struct correlation *correlation; /* this query's values from the parent; NULL at the top */
	struct plan *plan;
	struct plan *totals;        /* one more row of plan's columns, apart from its rows: WITH TOTALS; NULL: none */
	uint32_t totals_width;      /* columns that plan had then */
	struct scope_column *columns;
	size_t column_count, column_capacity;
	struct select_alias *aliases;
	size_t alias_count, alias_capacity;
	struct aggregate_list *aggregates;
	struct row_list *rows;      /* where set-returning calls may stand; NULL: nowhere, or they are unnested at once */
	struct window_list *windows;
	struct grouping *grouping;
	struct cte_entry *ctes;
	bool keeps_unknown;         /* an operand of UNION and the like: literals get their types there */
	const struct ast *alias_twice; /* an alias of this name means something else already */
	bool aliases_visible;       /* clickhouse: always; postgresql: ORDER BY, GROUP BY */
};

struct lambda_scope {
	struct lambda_scope *outer;
	const struct str *names;
	const struct type *const *types;
	uint32_t count, params;     /* names; columns that the body is run over, the captures behind them */
	struct expr **values;       /* of a lambda that is called by its name: what its parameters are; else NULL */
	struct expr **elements;     /* of the one column, a tuple: the names stand for them; else NULL */
	struct expr **captures;
	size_t capture_count, capture_capacity;
};

/* The call that is being bound, for its lambda arguments. */
struct pending_call {
	const struct ast_list *args;
	struct expr **exprs;
	struct scope *scope;
};

/* A subquery that was bound: where it stands again it is the same value. */
struct known_subquery {
	const struct ast *ast;
	struct scope *scope;
	struct expr *left;          /* of IN; NULL: none */
	struct expr *value;
	bool repeats;               /* its text means the same value wherever it stands in this scope */
};

struct binder {
	struct bind_config *config;
	struct arena *arena;
	struct error *err;
	enum dialect dialect;
	const struct eval_session *session;
	struct eval_session own_session; /* of a stored expression: its dialect and database */
	struct bind_env env;
	struct query_plan *query;
	size_t slot_capacity, init_capacity, cte_capacity, type_capacity, vector_capacity;
	struct scope *scope;        /* the innermost, for lambdas bound through env */
	struct lambda_scope *lambda;
	const struct pending_call *lambda_call; /* the call whose lambda arguments env.bind_lambda binds */
	unsigned depth;
	struct known_subquery *known;
	size_t known_count, known_capacity;
	const struct ast *row_query; /* the subquery beside a row value: it may have several columns */
	struct plan_init *early;    /* made while rewriting; they need no other's value */
	size_t early_count, early_capacity;
	bool met_volatile;          /* a call was bound whose values differ from run to run */
	bool in_set_operation;      /* the next query bound is an operand */
	/* materialized views: this table is replaced by a block */
	const struct table_def *block_table;
	enum status (*block_open)(void *, const struct scan_request *, struct scan **, struct error *);
	void *block_arg;
	unsigned view_depth;
};

/* binder.c */
void binder_init(struct binder *b, struct bind_config *c, enum dialect dialect);
uint32_t binder_slot(struct binder *b, const struct type *type, struct vector *value);
enum status binder_enter(struct binder *b, int position); /* counts nesting */
void binder_leave(struct binder *b);
/* The scope's plan is the whole query: its columns described, rewritten. */
enum status binder_finish(struct binder *b, struct scope *s, struct query_plan **out) MUST_CHECK;

/* bind_expr.c: one expression over the scope's columns */
enum status bind_expr(struct binder *b, struct scope *s, const struct ast *x, struct expr **out) MUST_CHECK;
enum status bind_exprs(struct binder *b, struct scope *s, const struct ast_list *list, struct expr ***out) MUST_CHECK;
/* A condition: Bool or number, cast to UInt8/Bool for filters. */
enum status bind_condition(struct binder *b, struct scope *s, const struct ast *x, const char *clause,
                           struct expr **out) MUST_CHECK;
/* The text that an item without alias is named by. */
struct str bind_item_name(struct binder *b, const struct ast *x);
/* An unknown-typed literal or parameter takes `type`; others are left. */
enum status bind_coerce_unknown(struct binder *b, struct expr **x, const struct type *type) MUST_CHECK;
bool bind_is_unknown(const struct expr *x);
/* A still unknown one becomes text. */
enum status bind_settle(struct binder *b, struct expr **x) MUST_CHECK;

/* bind_literal.c */
enum status bind_literal(struct binder *b, const struct ast_literal *l, struct expr **out) MUST_CHECK;
enum status bind_parameter(struct binder *b, struct scope *s, const struct ast_parameter *p,
                           struct expr **out) MUST_CHECK;
enum status bind_interval(struct binder *b, struct scope *s, const struct ast_interval *i,
                          struct expr **out) MUST_CHECK;
enum status bind_text_constant(struct binder *b, struct str text, const struct type *type,
                               struct expr **out) MUST_CHECK;
struct expr *bind_u64(struct binder *b, uint64_t v);
struct expr *bind_bool(struct binder *b, bool v);
struct expr *bind_string(struct binder *b, struct str v);
struct expr *bind_null(struct binder *b, const struct type *type);

/* bind_name.c */
enum status bind_name(struct binder *b, struct scope *s, const struct ast_identifier *id, struct expr **out) MUST_CHECK;
/* One output item of *: an expression and the name of its column. */
struct star_item {
	struct expr *expr;
	struct str name;
};
enum status bind_asterisk(struct binder *b, struct scope *s, const struct ast_asterisk *x, struct star_item **out,
                          uint32_t *count) MUST_CHECK;
struct scope_column *scope_add(struct binder *b, struct scope *s, struct expr *expr, struct str relation,
                               struct str name);
/* Wraps a leaf value of the enclosing expression for use inside the current lambda. */
enum status bind_capture(struct binder *b, struct expr *x, struct expr **out) MUST_CHECK;

/* bind_type.c: also the types that the catalog has */
enum status bind_any_type(struct binder *b, const struct ast_type *t, const struct type **out) MUST_CHECK;

/* bind_call.c */
enum status bind_function(struct binder *b, struct str name, struct expr **args, uint32_t n, int position,
                          struct expr **out) MUST_CHECK;
/* A call of tuple() becomes a row value of PostgreSQL, with names for its fields or without. */
void bind_as_record(struct binder *b, struct expr *row, const struct str *names);
enum status bind_call(struct binder *b, struct scope *s, const struct ast_call *c, struct expr **out) MUST_CHECK;
enum status bind_operator(struct binder *b, struct scope *s, const struct ast_operator *o,
                          struct expr **out) MUST_CHECK;
enum status bind_lambda_hook(struct bind_env *env, struct call *c, uint32_t arg, const struct type *const *params,
                             uint32_t n);
/* x, or what sorts and compares as PostgreSQL wants x to, where its bytes do not. */
enum status bind_order_key(struct binder *b, struct expr *x, struct expr **out) MUST_CHECK;
/* Makes several expressions have one type. */
enum status bind_common_type(struct binder *b, struct expr **xs, uint32_t n, const struct type **out) MUST_CHECK;

/* bind_subquery.c */
enum status bind_subquery(struct binder *b, struct scope *s, const struct ast_subquery *q,
                          struct expr **out) MUST_CHECK;
enum status bind_in(struct binder *b, struct scope *s, const struct ast_call *c, bool negated,
                    struct expr **out) MUST_CHECK;
/* All rows of a plan of one column as an array, computed before the query runs. */
enum status bind_array_of(struct binder *b, struct plan *plan, const struct type *array, struct expr **out) MUST_CHECK;
/* The same where the plan may read an outer query's values, which are in their slots when it runs. */
enum status bind_rows_of(struct binder *b, struct plan *plan, const struct correlation *c, const struct type *array,
                         struct expr **out) MUST_CHECK;
/* The call that runs a plan of one column over the value of a slot and gives its rows as an array. */
struct call *bind_apply_to_slot(struct binder *b, struct plan *plan, uint32_t slot, const struct type *array);
enum status bind_quantified(struct binder *b, struct scope *s, const struct ast_quantified *q,
                            struct expr **out) MUST_CHECK;

/* bind_select.c */
bool bind_same_text(const struct ast *x, const struct ast *y); /* two pieces of SQL read the same */
enum status bind_select(struct binder *b, struct scope *parent, const struct ast_select *q,
                        struct correlation *correlation, struct cte_entry *ctes, struct scope **out) MUST_CHECK;

enum status bind_with(struct binder *b, struct scope *s, const struct ast_list *with, bool recursive) MUST_CHECK;

/* plan.c */
struct plan *plan_unary(struct arena *a, enum plan_kind kind, struct plan *input); /* same columns as its input */
struct plan *plan_project(struct arena *a, struct plan *input, struct expr **exprs, const struct str *names,
                          uint32_t n);

#include "plan/bind_from_impl.h"
#include "plan/bind_rows_impl.h"

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef PARSE_AST_QUERY_H
#define PARSE_AST_QUERY_H
/*
 * Queries (SELECT, VALUES, set operations) and what stands in FROM.
 *
 * One struct ast_select serves plain SELECT, VALUES and UNION/INTERSECT/EXCEPT, because in PostgreSQL all of them take
 * ORDER BY, LIMIT and the like. In the clickhouse dialect a trailing ORDER BY or LIMIT belongs to the last operand, as
 * there; SETTINGS, FORMAT and INTO OUTFILE belong to the whole. WITH in front of a set operation belongs to the whole.
 */
#include "parse/ast_expr.h"

enum select_form {
	SELECT_PLAIN,
	SELECT_VALUES,     /* VALUES (…), (…) */
	SELECT_UNION, SELECT_INTERSECT, SELECT_EXCEPT
};

enum set_mode {
	SET_UNSAID,        /* UNION alone: DISTINCT in SQL, an error or a setting's choice in ClickHouse */
	SET_ALL, SET_DISTINCT
};

enum group_mode { GROUP_NONE, GROUP_LIST, GROUP_ALL, GROUP_ROLLUP /* WITH ROLLUP */, GROUP_CUBE /* WITH CUBE */ };

enum lock_strength { LOCK_ROWS_NONE, LOCK_ROWS_KEY_SHARE, LOCK_ROWS_SHARE, LOCK_ROWS_NO_KEY_UPDATE, LOCK_ROWS_UPDATE };
enum lock_wait { LOCK_WAIT, LOCK_NOWAIT, LOCK_SKIP };

struct ast_select {
	struct ast ast;
	enum select_form form;

	struct ast_list with;          /* of struct ast_with, in order */
	bool with_recursive;

	/* set operations: left to right, all joined by the same form and mode */
	struct ast_list operands;      /* of struct ast_select, at least two */
	enum set_mode mode;
	/* VALUES */
	struct ast_list rows;          /* of CALL_PARENS calls named tuple, also for rows of one value */

	/* plain SELECT, in the order of evaluation as written */
	bool distinct;
	struct ast_list distinct_on;
	struct ast_list items;
	struct ast_list from;          /* of table expressions; a comma is a cross join */
	struct ast *prewhere, *where;
	enum group_mode group_mode;
	bool group_distinct, with_totals;
	struct ast_list group_by;      /* expressions and struct ast_grouping */
	struct ast *having;
	struct ast_list windows;       /* of struct ast_window with a name */
	struct ast *qualify;

	/* the tail, of any form */
	bool order_by_all;             /* ORDER BY ALL: order_by has one item without a value */
	struct ast_list order_by;      /* of struct ast_order */
	bool interpolate;              /* INTERPOLATE stood there */
	struct ast_list interpolations; /* `column AS expr`: expressions whose alias is the column */
	struct ast *limit_by_limit, *limit_by_offset;
	struct ast_list limit_by;      /* LIMIT n BY …; limit_by_all: BY ALL */
	bool limit_by_all;
	struct ast *limit, *offset;    /* NULL: none; LIMIT ALL is none */
	bool with_ties;
	struct ast_list locks;         /* of struct ast_lock_rows */
	struct ast_list settings;      /* of struct ast_setting */
	struct ast_list into;          /* SELECT … INTO [TEMP] table (postgresql): one ast_table */
	bool into_temporary;
	struct ast *outfile;           /* INTO OUTFILE 'name' */
	struct str outfile_compression;
	unsigned outfile_level;        /* of compression; 0: default */
	bool outfile_append, outfile_truncate, outfile_and_stdout;
	struct str format;             /* FORMAT name */
};

/* name AS (query), and ClickHouse's scalar `expr AS name`. */
enum cte_materialized { CTE_UNSAID, CTE_MATERIALIZED, CTE_NOT_MATERIALIZED };

struct ast_with {
	struct ast ast;
	struct name_part name;
	struct ast_list columns;       /* name(a, b) AS …: identifiers */
	struct ast *query;             /* ast_select, or INSERT/UPDATE/DELETE … RETURNING; NULL for a scalar */
	struct ast *scalar;
	enum cte_materialized materialized;
};

enum grouping_form { GROUPING_ROLLUP, GROUPING_CUBE, GROUPING_SETS };

/* ROLLUP(…), CUBE(…), GROUPING SETS(…); a set of several is a tuple call, an empty one too; sets may nest. */
struct ast_grouping {
	struct ast ast;
	enum grouping_form form;
	struct ast_list items;
};

enum order_direction { ORDER_UNSAID, ORDER_ASC, ORDER_DESC };
enum order_nulls { ORDER_NULLS_UNSAID, ORDER_NULLS_FIRST, ORDER_NULLS_LAST };

struct ast_order {
	struct ast ast;
	struct ast *value;
	enum order_direction direction;
	enum order_nulls nulls;
	struct name collation;         /* COLLATE 'en' or COLLATE "C" */
	struct name using_operator;    /* USING < */
	bool fill;                     /* WITH FILL */
	struct ast *fill_from, *fill_to, *fill_step, *fill_staleness;
};

enum frame_unit { FRAME_NONE, FRAME_ROWS, FRAME_RANGE, FRAME_GROUPS };
enum frame_bound {
	BOUND_CURRENT_ROW, BOUND_UNBOUNDED_PRECEDING, BOUND_PRECEDING, BOUND_FOLLOWING, BOUND_UNBOUNDED_FOLLOWING
};
enum frame_exclude { EXCLUDE_NO_OTHERS, EXCLUDE_CURRENT_ROW, EXCLUDE_GROUP, EXCLUDE_TIES };

/* A window: a definition in WINDOW, or what follows OVER. */
struct ast_window {
	struct ast ast;
	struct str name;               /* of a definition; OVER name has only this */
	struct str base;               /* OVER (name …) */
	struct ast_list partition_by;
	struct ast_list order_by;
	enum frame_unit unit;          /* FRAME_NONE: default frame */
	bool between;
	enum frame_bound from, to;
	struct ast *from_value, *to_value;
	enum frame_exclude exclude;
};

struct ast_lock_rows {
	struct ast ast;
	enum lock_strength strength;
	enum lock_wait wait;
	struct ast_list tables;        /* OF a, b */
};

/* name = value; value NULL with `is_default` for name = DEFAULT. */
struct ast_setting {
	struct ast ast;
	struct name name;
	struct ast *value;             /* literal, identifier, array or map of them */
	bool is_default;
};

/* ---- what stands in FROM ---- */

enum table_form { TABLE_NAME, TABLE_FUNCTION, TABLE_SUBQUERY, TABLE_ROWS_FROM };

/* One source of rows; its alias is ast.alias. */
struct ast_table {
	struct ast ast;
	enum table_form form;
	struct name name;
	struct ast_call *function;     /* an argument may be an ast_subquery without parens: view(SELECT …) */
	struct ast *query;
	struct ast_list functions;     /* ROWS FROM (f(), g()) */
	struct ast_list columns;       /* AS t(a, b): identifiers; AS t(a int): struct ast_column_def */
	bool only, star;               /* ONLY t, t * */
	bool lateral, ordinality;
	bool final;
	struct ast *sample, *sample_offset; /* SAMPLE r OFFSET r: literal, or a call of divide */
	struct ast_call *tablesample;  /* TABLESAMPLE method(args) REPEATABLE (seed) */
	struct ast *repeatable;
};

enum join_type { JOIN_INNER, JOIN_LEFT, JOIN_RIGHT, JOIN_FULL, JOIN_CROSS, JOIN_PASTE };
enum join_strictness { STRICT_UNSAID, STRICT_ALL, STRICT_ANY, STRICT_ASOF, STRICT_SEMI, STRICT_ANTI };
enum join_locality { LOCALITY_UNSAID, LOCALITY_GLOBAL, LOCALITY_LOCAL };

struct ast_join {
	struct ast ast;                /* alias: (a JOIN b) AS x */
	struct ast *left, *right;
	enum join_type type;
	enum join_strictness strictness;
	enum join_locality locality;
	bool natural;
	struct ast *on;
	struct ast_list using_columns; /* identifiers (ClickHouse: expressions too) */
	struct name_part *using_alias; /* USING (a) AS x */
};

/* source [LEFT] ARRAY JOIN exprs */
struct ast_array_join {
	struct ast ast;
	struct ast *source;
	bool left;
	struct ast_list items;
};

#endif

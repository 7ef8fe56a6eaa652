// SPDX-License-Identifier: Apache-2.0
#ifndef PARSE_AST_EXPR_H
#define PARSE_AST_EXPR_H
/*
 * Expressions and types.
 *
 * Operators are calls under ClickHouse's internal names (plus, equals, and, in, arrayElement …) with a form other than
 * CALL_PLAIN, so that a binder sees one kind of node and the printer can restore the text. `and`, `or` and `concat` are
 * flat: a AND b AND c is one call with three arguments. PostgreSQL's operators without such a name are AST_OPERATOR.
 */
#include "base/interval_unit.h"
#include "parse/ast.h"

enum literal_type {
	LITERAL_NULL,
	LITERAL_BOOL,    /* boolean */
	LITERAL_UINT,    /* integer >= 0 within 64 bits: u */
	LITERAL_INT,     /* integer < 0 within 64 bits: i */
	LITERAL_BIG,     /* integer beyond: decimal digits with sign in text */
	LITERAL_FLOAT,   /* has a fraction or an exponent: text as written, f */
	LITERAL_STRING,  /* text, decoded */
	LITERAL_BITS,    /* B'0101' and, in the postgresql dialect, X'1f' as bits: text of 0 and 1 */
};

struct ast_literal {
	struct ast ast;
	enum literal_type type;
	bool boolean;
	uint64_t u;
	int64_t i;
	double f;
	struct str text;
};


/* The unit a word means (day, DAYS, dd, SQL_TSI_DAY …), or UNIT_NONE. */
enum interval_unit interval_unit_of(struct str word);

/* INTERVAL n unit, INTERVAL '1 day 2 hours' (unit NONE), INTERVAL '1-2' YEAR TO MONTH. */
struct ast_interval {
	struct ast ast;
	struct ast *value;
	enum interval_unit unit, to;
	int precision; /* INTERVAL SECOND(3); -1: none */
};

struct ast_identifier {
	struct ast ast;
	struct name name;
};

/* *, t.*, (row).*, COLUMNS('re'), t.COLUMNS(a, b), each with transformers. */
struct ast_asterisk {
	struct ast ast;
	struct name qualifier;
	struct ast *row;             /* (expr).* */
	struct str pattern;          /* COLUMNS('pattern') */
	struct ast_list columns;     /* COLUMNS(a, b) */
	struct ast_list transforms;  /* of struct ast_transform, in order */
};

enum transform_type { TRANSFORM_EXCEPT, TRANSFORM_REPLACE, TRANSFORM_APPLY, TRANSFORM_LIKE, TRANSFORM_ILIKE };

struct ast_transform {
	struct ast ast;
	enum transform_type type;
	bool strict, negated;
	struct ast_list items; /* EXCEPT: identifiers; REPLACE: expressions with alias */
	struct str pattern;    /* EXCEPT('re'), [NOT] LIKE/ILIKE 'x%' */
	struct ast *function;  /* APPLY: an ast_call without arguments, or an ast_lambda */
	struct str prefix;     /* APPLY(f, 'prefix') */
};

enum call_form {
	CALL_PLAIN,         /* f(a, b) */
	CALL_OPERATOR,      /* infix, prefix or postfix as the name implies: plus, not, isNull, between, in, like … */
	CALL_BRACKETS,      /* [a, b]: array */
	CALL_PARENS,        /* (a, b): tuple */
	CALL_ROW,           /* ROW(a, b): tuple */
	CALL_ARRAY,         /* ARRAY[a, b]: array */
	CALL_BRACES,        /* {'a': 1}: map */
	CALL_SUBSCRIPT,     /* a[i]: arrayElement */
	CALL_DOT,           /* a.1, (a).b: tupleElement with a number or a string */
	CALL_KEYWORD,       /* CURRENT_DATE, SESSION_USER …: name in lower case, an argument where a precision stood */
	CALL_KEYWORD_ARGS,  /* EXTRACT(unit FROM x), SUBSTRING(x FROM a FOR b), POSITION(a IN b), TRIM(…), OVERLAY(…) */
	CALL_AT_TIME_ZONE,  /* x AT TIME ZONE z: timezone(z, x) */
};

enum call_nulls { NULLS_UNSAID, NULLS_IGNORE, NULLS_RESPECT };

struct ast_call {
	struct ast ast;
	struct name name;
	enum call_form form;
	bool has_params;             /* f(p)(x) */
	bool distinct;               /* f(DISTINCT x) */
	bool has_over;
	bool variadic;               /* f(VARIADIC x) */
	enum call_nulls nulls;
	struct ast_list params;      /* of a parametric function */
	struct ast_list args;        /* an argument may be an ast_named_argument */
	struct ast_list order_by;    /* f(x ORDER BY y) */
	struct ast_list within;      /* WITHIN GROUP (ORDER BY …) */
	struct ast *filter;          /* FILTER (WHERE …) */
	struct ast_window *over;     /* OVER (…) or OVER name */
};

/* f(name => value), f(name := value); name = value of table functions is an `equals`. */
struct ast_named_argument {
	struct ast ast;
	struct str name;
	struct ast *value;
};

/* PostgreSQL operators by symbol: ->, ->>, @>, ~, ~*, &, |, #, <<, ^ …; left NULL: prefix; right NULL: postfix. */
struct ast_operator {
	struct ast ast;
	struct name name; /* the symbol, behind its schema when written OPERATOR(schema.symbol) */
	struct ast *left, *right;
};

struct ast_when {
	struct ast ast;
	struct ast *condition, *result;
};

struct ast_case {
	struct ast ast;
	struct ast *operand;   /* CASE operand WHEN …; NULL: searched */
	struct ast_list whens; /* of struct ast_when */
	struct ast *otherwise;
};

enum cast_form { CAST_FUNCTION, CAST_COLONS, CAST_TYPED_LITERAL /* DATE '…' */, CAST_COMMA /* CAST(x, 'T') */ };

struct ast_cast {
	struct ast ast;
	struct ast *value;
	struct ast_type *type;
	enum cast_form form;
	struct str source;     /* clickhouse `literal::T`: the literal's own text, which is what is converted */
};

struct ast_lambda {
	struct ast ast;
	struct ast_list params; /* of struct ast_identifier */
	struct ast *body;
};

/* (SELECT …) as a value, [NOT] EXISTS (…), ARRAY(SELECT …). NOT EXISTS is a call of `not`. */
enum subquery_form { SUBQUERY_SCALAR, SUBQUERY_EXISTS, SUBQUERY_ARRAY };

struct ast_subquery {
	struct ast ast;
	enum subquery_form form;
	struct ast *query;
};

/* left op ANY|ALL (right); right is an ast_subquery or an expression of an array type. */
struct ast_quantified {
	struct ast ast;
	struct name op; /* as in ast_call ("equals") or ast_operator ("~") */
	bool all;
	struct ast *left, *right;
};

/* {name:Type} or $n. */
struct ast_parameter {
	struct ast ast;
	struct str name;       /* absent for $n */
	unsigned number;       /* 1-based */
	struct ast_type *type;
};

/* x[a:b]; an absent bound is NULL. */
struct ast_slice {
	struct ast ast;
	struct ast *value, *lower, *upper;
};

struct ast_collate {
	struct ast ast;
	struct ast *value;
	struct name collation;
};

/* ---- types ---- */

enum type_arg_kind { TYPE_ARG_TYPE, TYPE_ARG_VALUE };

/* T, `name T` (Tuple, Nested, JSON paths), 3, 'UTC', 'a' = 1 (Enum), max_dynamic_paths = 8 (JSON), SKIP a.b. */
struct ast_type_arg {
	struct ast ast;
	struct name name;       /* of a tuple element, a JSON path or a parameter */
	struct ast_type *type;
	struct ast *value;      /* literal; an enum's name with its number in `number` */
	struct ast *number;
	bool skip, regexp;      /* JSON: SKIP path, SKIP REGEXP 'x' */
};

/*
 * PostgreSQL's words of several parts have one name: "double precision", "timestamp with time zone", "character
 * varying", "bit varying", "time without time zone"; their arguments follow: timestamp(3) with time zone has the
 * argument 3.
 */
struct ast_type {
	struct ast ast;
	struct name name;
	bool has_args;           /* () was written */
	bool setof, percent_type;
	struct ast_list args;    /* of struct ast_type_arg */
	unsigned dimensions;     /* int[][] has 2 */
	enum interval_unit from, to; /* interval day to second */
};

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_FUNCTION_H
#define FUNC_FUNCTION_H
/*
 * Scalar functions: the registry and the two faces of a function, binding and execution.
 *
 * A function is one row at the foot of its family's file; families are listed in families.def. The same row feeds name
 * resolution in both dialects, pg_proc, system.functions, the manual and a generated test that runs the example.
 *
 * Binding happens once per call: the row's argument pattern (or its own bind function) checks the argument types, asks
 * for casts by replacing entries of arg_types, chooses the kernel (`exec`) and sets the result type. Execution happens
 * once per batch and gets FLAT or CONST vectors of exactly arg_types.
 *
 *   NULLs     FUNCTION_NULL_DEFAULT: the evaluator strips Nullable from the argument types before bind, ORs the null
 *             bitmaps, wraps the result type; exec never sees NULLs, and must not raise errors for rows in eval->skip.
 *             A literal NULL argument makes the whole call NULL without a call of exec.
 *   constants all arguments CONST: exec runs with count 1, the result becomes CONST (unless volatile).
 *   dictionary one DICT argument, the others CONST: exec runs over the dictionary's entries (unless volatile or
 * NO_DICT).
 */
#include "func/eval.h"

struct call;
struct expr;
struct lambda;

typedef enum status (*function_exec_fn)(const struct call *c, struct eval *e, const struct vector *const *args,
                                        uint32_t count, struct vector **out);

/* What bind may look at and allocate from. */
struct bind_env {
	struct arena *arena;               /* the statement's: call->state lives here */
	const struct eval_session *session;
	struct error *err;
	/*
	 * Binds the lambda argument number `arg` for these parameter types; fills c->lambdas[arg] and c->arg_types[arg] with
	 * its result type. Set by plan.
	 */
	enum status (*bind_lambda)(struct bind_env *env, struct call *c, uint32_t arg, const struct type *const *params,
	                           uint32_t n);
	void *binder;
};

/* One bound call. */
struct call {
	const struct function *function;
	struct str name;                    /* as the user wrote it, for messages */
	uint32_t arg_count;
	const struct type **arg_types;      /* bind may replace one: the binder then inserts a cast */
	const struct vector **constants;    /* per argument: its CONST vector when it is known at bind time, else NULL */
	struct lambda **lambdas;            /* per argument: a lambda after bind_lambda(), else NULL */
	const struct type *result;
	function_exec_fn exec;
	void *state;                        /* bind's own, read-only during execution */
};

typedef enum status (*function_bind_fn)(struct bind_env *env, struct call *c);

enum function_nulls { FUNCTION_NULL_DEFAULT, FUNCTION_NULL_CUSTOM };
enum function_volatility { FUNCTION_IMMUTABLE, FUNCTION_STABLE, FUNCTION_VOLATILE };
enum function_flags {
	FUNCTION_CH = 1,       /* the row's name resolves in the clickhouse dialect (and, as a fallback, in postgresql) */
	/* in the postgresql dialect first; in the clickhouse dialect only where no CH row has the name */
	FUNCTION_PG = 2,
	FUNCTION_NOCASE = 4,   /* case-insensitive in the clickhouse dialect too */
	FUNCTION_NO_DICT = 8,  /* never over dictionary entries; with FUNCTION_NULL_CUSTOM bind sees LowCardinality */
	/* if, multiIf, and, or, coalesce, ifNull: the evaluator runs arguments only where needed */
	FUNCTION_SHORT_CIRCUIT = 16,
	FUNCTION_SET_RETURNING = 32, /* generate_series, unnest: exec gives an Array, the planner unnests */
	FUNCTION_HIDDEN = 64,  /* internal: not listed */
	FUNCTION_CHEAP = 128,  /* cannot fail and costs less than choosing rows: short-circuiting does not bother */
	FUNCTION_BOTH = FUNCTION_CH | FUNCTION_PG
};

/*
 * Argument pattern: one letter an argument, separated by spaces optional. Lower case demands a constant.
 *   S string (String, FixedString; Enum is cast to String)   T like S, FixedString cast to String
 *   I integer (kept)   J any integer, cast to Int64          U cast to UInt64
 *   N number (kept)    F number, cast to Float64             B condition: UInt8 and Bool kept, other numbers cast to
 * Bool
 *   D Date or Date32   C DateTime or DateTime64              E any temporal (kept)
 *   A array (kept)     M map      P tuple                    V Interval
 *   L lambda           * anything (kept)                     X all X arguments are cast to their common type
 *   G UUID             K IPv4     Z (lower: z) time zone name, constant
 *   ? after a letter: optional          + after a letter: one or more of these      & zero or more (last only)
 * Result: a type name ("UInt8", "String", "Array(String)"), or "=n" the type of argument n (1-based), "=X" the common
 * type, "[n]" Array of argument n's type, or NULL when bind sets it.
 */
struct function {
	const char *name;
	const char *aliases;      /* space-separated other names, same flags; a leading ~ makes that one case-insensitive */
	uint16_t flags;
	uint8_t nulls, volatility;
	const char *args;         /* NULL: bind does all checks */
	const char *result;
	function_bind_fn bind;    /* after the pattern, if any; may be NULL when exec is given */
	function_exec_fn exec;    /* the default c->exec */
	const char *description;  /* one line */
	const char *example;      /* a SELECT list expression in the row's own dialect */
	const char *example_result; /* its answer as TSV (CH) or psql text (PG); NULL: the example only has to run */
	const char *family;       /* set by the registry */
};

/* A family: an array of rows in one file, named in families.def as FAMILY_ROW(symbol, "title"). */
struct function_family {
	const char *title;
	const struct function *rows;
	uint32_t count;
};
#define FUNCTION_FAMILY(symbol, family_title) \
	const struct function_family function_family_##symbol = {family_title, rows, ARRAY_COUNT(rows)}

/* Fills the registry; once, before any thread. */
void function_registry_init(void);
/*
 * All rows of a name in resolution order for a dialect (PostgreSQL may have several overloads: bind tries them until
 * one does not answer E_ILLEGAL_TYPE_OF_ARGUMENT or E_NUMBER_OF_ARGUMENTS). Returns the count, 0 when unknown.
 */
uint32_t function_find(struct str name, enum dialect dialect, const struct function *const **rows);
/* For "maybe you meant"; empty when nothing is near. */
struct str function_nearest(struct str name, enum dialect dialect);
/* All rows, by family, for system.functions and pg_proc. */
uint32_t function_count(void);
const struct function *function_at(uint32_t i);

/*
 * Binds c against one row: applies null rule, pattern and bind. arg_types and constants are filled by the caller and
 * may be changed. On failure c is as undefined as its types.
 */
enum status function_bind(struct bind_env *env, const struct function *f, struct call *c) MUST_CHECK;
/* Runs a bound call over vectors of any form, applying null, constant and dictionary rules. */
enum status call_run(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                     struct vector **out) MUST_CHECK;

/* ---- for the writers of functions ---- */
/* Allocates the FLAT result of type c->result. */
enum status call_result(const struct call *c, struct eval *e, uint32_t count, struct vector **out) MUST_CHECK;
/*
 * Makes a FLAT string vector of type c->result from bytes appended to `text`: row i ends at ends[i]. Short strings
 * become inline views, long ones share one heap. Also tells a failure of the appends.
 */
enum status call_strings(const struct call *c, struct eval *e, const struct strbuf *text, const uint32_t *ends,
                         uint32_t count, struct vector **out) MUST_CHECK;
/* A constant text for all rows. */
enum status call_text(const struct call *c, struct eval *e, struct str text, uint32_t count, struct vector **out)
	MUST_CHECK;
/* The one row of a CONST vector, or of another of one row, for `count` rows: CONST. */
enum status eval_repeat(struct eval *e, const struct vector *v, uint32_t count, struct vector **out) MUST_CHECK;
/* The zone of a time type: its own, else the session's, else UTC. */
const struct timezone *call_zone(const struct type *t, const struct eval_session *session);
/* Whether an error of row i is to be ignored (eval->skip). */
static inline bool eval_skips(const struct eval *e, uint32_t i)
{
	return e->skip != NULL && bit_get(e->skip, i);
}
/* Value of a constant argument at bind time; false when it is NULL or not constant. */
bool call_const_i64(const struct call *c, uint32_t arg, int64_t *out);
bool call_const_f64(const struct call *c, uint32_t arg, double *out);
bool call_const_str(const struct call *c, uint32_t arg, struct str *out);
/* The error that says which argument has which wrong type, worded per dialect ("Illegal type X of argument of function
 * f"). */
enum status call_bad_type(struct bind_env *env, const struct call *c, uint32_t arg);
/* The same for their number; `expected` is "2", "1 to 3", "at least 2". */
enum status call_bad_count(struct bind_env *env, const struct call *c, const char *expected);
/*
 * For rows with FUNCTION_NULL_CUSTOM whose argument must be no literal NULL: where it is one, in the clickhouse
 * dialect, the call is bound to give NULL, and true is returned.
 */
bool call_literal_null(struct bind_env *env, struct call *c, uint32_t arg);
/*
 * The common type by the session's dialect: type_common() in clickhouse; in postgresql its own order of numbers
 * (int2, int4, int8, numeric, float4, float8), and untyped literals (NULL, face unknown) follow the others.
 */
enum status call_common_type(struct bind_env *env, const struct type *const *types, uint32_t n,
                             const struct type **out) MUST_CHECK;
/* The same, a Variant where there is none: branches, elements. */
enum status call_branch_type(struct bind_env *env, const struct type *const *types, uint32_t n,
                             const struct type **out) MUST_CHECK;

/* String argument that may be FLAT or CONST: stride 0 for CONST. values[i * stride] */
struct str_arg {
	const struct strview *values;
	uint32_t stride;
};
static inline struct str_arg str_arg(const struct vector *v)
{
	return (struct str_arg){v->data, v->form == VECTOR_CONST ? 0 : 1};
}
static inline struct str str_arg_at(const struct str_arg *a, uint32_t i)
{
	return strview_str(&a->values[(size_t)i * a->stride]);
}

/* ---- lambdas ---- */
struct lambda {
	uint32_t param_count, capture_count;
	const uint32_t *captures;        /* input columns of the enclosing program that the body uses */
	const struct type *result;
	struct program *body;            /* inputs: params, then captures */
	bool is_volatile;                /* runs for each row, whatever its arguments are */
	const struct expr *source;       /* what it was compiled of, to tell equal lambdas */
};
/*
 * Runs the lambda that is argument `arg` of the running call over `count` elements: params are vectors of `count` rows
 * (array children); row_of[i] is the outer row of element i, for captured columns. The entry of a lambda in exec's args
 * is NULL.
 */
enum status lambda_run(const struct call *c, uint32_t arg, struct eval *e, const struct vector *const *params,
                       const uint32_t *row_of, uint32_t count, struct vector **out) MUST_CHECK;

#endif

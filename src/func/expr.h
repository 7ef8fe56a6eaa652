// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_EXPR_H
#define FUNC_EXPR_H
/*
 * Typed expressions, and programs: what the binder makes of an expression, and what runs.
 *
 * An expression is an immutable tree in the statement's arena. program_compile() turns several into one short program
 * over registers in which equal subexpressions are computed once (unless volatile); program_run() evaluates it over a
 * batch. Short-circuit functions evaluate their later arguments only for the rows that need them.
 * A program is read-only and may be run by many threads, each with its own struct eval.
 */
#include "func/cast.h"

enum expr_kind {
	EXPR_COLUMN,   /* input column `column` */
	EXPR_CONSTANT, /* `constant`, a CONST vector owned by the expression */
	EXPR_CALL,     /* call->function over args */
	EXPR_LAMBDA,   /* only as an argument: `lambda` with its captured columns in args */
	EXPR_SLOT      /* a value that is known when the statement starts: parameter or scalar subquery number `column` */
};

struct expr {
	enum expr_kind kind;
	int position;              /* in the query text */
	const struct type *type;
	uint32_t column;
	struct vector *constant;   /* count 1 */
	struct call *call;
	struct lambda *lambda;
	uint32_t arg_count;
	struct expr **args;        /* casts are calls; of a lambda: EXPR_COLUMNs it captures */
	struct str name;           /* the name a result column of it gets */
	uint64_t hash;             /* structural */
	bool is_volatile;          /* it or a part of it */
};

struct expr *expr_column(struct arena *a, uint32_t column, const struct type *type, struct str name);
/* Takes over the reference to `constant`; it goes with the arena. */
struct expr *expr_constant(struct arena *a, struct vector *constant);
struct expr *expr_slot(struct arena *a, uint32_t slot, const struct type *type);
struct expr *expr_lambda(struct arena *a, struct lambda *l, struct expr **captures);
struct expr *expr_call(struct arena *a, struct call *c, struct expr **args);
/* Wraps in a cast where the types differ. */
enum status expr_cast(struct bind_env *env, struct expr *x, const struct type *to, enum cast_mode mode,
                      struct expr **out) MUST_CHECK;
/* Computes it now where it is constant; otherwise, and where that fails, gives x itself. */
struct expr *expr_fold(struct bind_env *env, struct expr *x);
bool expr_equal(const struct expr *a, const struct expr *b);
/* Whether it depends on no column and is not volatile. */
bool expr_is_constant(const struct expr *x);
/* Marks used[c] for every input column. */
void expr_columns(const struct expr *x, bool *used);
/* A copy with every input column c replaced by map[c]. */
struct expr *expr_remap(struct arena *a, const struct expr *x, const uint32_t *map);

struct program;
enum status program_compile(struct arena *a, struct expr *const *exprs, uint32_t n, struct program **out,
                            struct error *err) MUST_CHECK;
/* inputs: the batch's columns; slots: values for EXPR_SLOT; outs receive n new references of `count` rows. */
enum status program_run(const struct program *p, struct eval *e, struct vector *const *inputs,
                        struct vector *const *slots, uint32_t count, struct vector **outs) MUST_CHECK;

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_ARITH_IMPL_H
#define FUNC_ARITH_IMPL_H
/* What the files of the arithmetic family share. */
#include "func/function.h"
#include "kernel/kernel.h"

enum arith_op { ARITH_PLUS, ARITH_MINUS, ARITH_MULTIPLY, ARITH_DIVIDE, ARITH_INTDIV, ARITH_MODULO, ARITH_OP_COUNT };

/* Both operands of a call as exec gets them: value i stands at data + i * step. */
struct operand {
	const char *data;
	size_t step;        /* 0 for a constant */
	size_t width;
	enum physical physical;
};

static inline struct operand operand_of(const struct vector *v)
{
	enum physical p = type_physical(v->type);
	size_t width = physical_size(p);
	return (struct operand){v->data, v->form == VECTOR_CONST ? 0 : width, width, p};
}

static inline enum kernel_shape shape_of(const struct operand *a, const struct operand *b)
{
	return a->step == 0 && b->step != 0 ? KERNEL_CV : b->step == 0 ? KERNEL_VC : KERNEL_VV;
}

/* Integers of a width in bytes and sign. */
const struct type *arith_integer(bool is_signed, size_t bytes);
/* Bytes of the next wider integer, at most 8; 16 and 32 stay. */
size_t arith_next_size(size_t bytes);
bool arith_is_integer(const struct type *t); /* Bool and IPv4 among them */

/* Numbers by ClickHouse's rules: bound when both types are numbers, else E_ILLEGAL_TYPE_OF_ARGUMENT without a message.
 * */
enum status arith_bind_number(struct bind_env *env, struct call *c, enum arith_op op);
enum status arith_bind_decimal(struct bind_env *env, struct call *c, enum arith_op op);
/* Division and remainder of integers; zero: what a zero divisor gives ('e' error, '0' zero, 'n' NULL). */
enum status arith_bind_division(struct bind_env *env, struct call *c, enum arith_op op, char zero, bool positive);
/* PostgreSQL's / and % over two integers of one type. */
enum status arith_bind_pg_division(struct bind_env *env, struct call *c, enum arith_op op, const struct type *common,
                                   const char *overflow);
/* Dates, times and intervals: true when this pair of types was bound (or failed, see *s). */
bool arith_bind_time(struct bind_env *env, struct call *c, enum arith_op op, enum status *s);
/* Tuples and arrays, element by element. */
bool arith_bind_nested(struct bind_env *env, struct call *c, enum arith_op op, enum status *s);
/* The same by PostgreSQL's rules. */
bool arith_bind_pg_time(struct bind_env *env, struct call *c, enum arith_op op, enum status *s);

/*
 * Runs kernels over operands of any number types, cast to `to` in chunks that stay in the first cache. checked:
 * overflow in a row that matters is `status` with `message`.
 */
struct arith_kernel {
	kernel_binary_fn fn[KERNEL_SHAPES];
	kernel_checked_fn checked[KERNEL_SHAPES];
	enum physical to;
	bool rescales_a, rescales_b; /* decimals: multiplied by a power of ten first, checked */
	i256 factor_a, factor_b;
	enum status overflow;
	const char *message;
};
enum status arith_exec_kernel(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out);
#endif

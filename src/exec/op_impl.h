// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_OP_IMPL_H
#define EXEC_OP_IMPL_H
/* What the operators in op_*.c share. */
#include <stdlib.h>

#include "column/builder.h"
#include "exec/operator.h"

/* Rows of a condition (Bool or integer, any form) that are true, of picks[0..count) or of 0 to count. */
uint32_t op_select(const struct vector *v, const uint32_t *picks, uint32_t count, uint32_t *rows);
/* A zeroed operator of `size` bytes; the failure goes to q->err. */
enum status op_new(struct query *q, size_t size, const struct operator_ops *ops, const struct plan *p, void *out)
	MUST_CHECK;
/* Passes a batch on and counts its rows; drops an empty one. */
enum status op_pass(struct operator *o, struct worker *w, struct batch *b) MUST_CHECK;
/* The same for operators that make many batches of one: what the rest of the chain puts into scratch goes at once. */
enum status op_pass_many(struct operator *o, struct worker *w, struct batch *b) MUST_CHECK;
/* Replaces the batch's columns by their rows[0..n). */
enum status op_gather(struct worker *w, struct batch *b, const uint32_t *rows, uint32_t n) MUST_CHECK;

/* Copies strings out of heaps of which the batch uses little, for batches that are kept. */
enum status op_compact(struct worker *w, struct batch *b) MUST_CHECK;
/* A batch of rows[0..n) of these columns, the first `count` of them; rows NULL: all n. */
enum status op_pick(struct worker *w, struct vector *const *columns, uint32_t count, const uint32_t *rows, uint32_t n,
                    struct batch **out) MUST_CHECK;
/* Makes *v have the type, whose layout it has. */
enum status op_retype(struct worker *w, struct vector **v, const struct type *t) MUST_CHECK;

/* Batches that are kept. */
struct op_batches {
	struct batch **items;
	uint32_t count, capacity;
	uint64_t rows;
};
/* Takes the batch over, also when it fails. */
enum status op_batches_add(struct op_batches *l, struct batch *b, struct error *err) MUST_CHECK;
void op_batches_free(struct op_batches *l);
/* Column c of all of them, one after the other; `extra` more, or NULL. */
enum status op_batches_concat(struct worker *w, const struct op_batches *const *lists, unsigned list_count, uint32_t c,
                              const struct type *t, struct vector *extra, struct vector **out) MUST_CHECK;

#endif

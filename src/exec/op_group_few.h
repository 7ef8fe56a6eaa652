// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_OP_GROUP_FEW_H
#define EXEC_OP_GROUP_FEW_H
/*
 * Keys that take few values in a batch: columns in dictionary form, and integers that lie close together. The
 * combinations that the batch has are numbered by arithmetic, so that each is looked up once, not each row.
 */
#include "base/arena.h"
#include "column/vector.h"

struct few_keys {
	uint32_t *first;    /* per combination: a row that has it, ascending */
	uint32_t count;
	uint32_t *number;   /* per row: its combination */
};

/* Whether rows [0, count) of the keys are such; memory is scratch's. */
bool few_keys_find(struct arena *scratch, struct vector *const *keys, uint32_t key_count, uint32_t count,
                   struct few_keys *out);

#endif

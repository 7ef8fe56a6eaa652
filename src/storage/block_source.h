// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_BLOCK_SOURCE_H
#define STORAGE_BLOCK_SOURCE_H
/*
 * Block source: the values of one column that lie in several blocks, taken in any order without joining the blocks.
 *
 * A row has a number, counted over all blocks, and a place: its block's number in the upper half, its row there in the
 * lower. Columns whose vectors have children, are constant or dictionaries are joined after all, at first use.
 */
#include "column/vector.h"

enum { BLOCK_SOURCE_ROWS = 65536, BLOCK_SOURCE_BLOCKS = 65535 }; /* rows of a block; blocks */

struct block_list {
	struct batch *const *blocks; /* of the same columns, up to BLOCK_SOURCE_ROWS rows each */
	uint32_t count;              /* 0: there is no list */
	uint32_t rows;
};

struct block_source {
	const struct block_list *list;
	uint32_t column;
	const struct vector *whole;  /* all rows; NULL: in the blocks */
	struct vector *joined;       /* `whole`, when it was made here */
};

/* All rows of column c as one vector. */
enum status block_list_join(const struct block_list *l, uint32_t c, struct memtrack *track, struct vector **out,
                            struct error *err) MUST_CHECK;
/* The places of rows 0 .. l->rows. */
void block_list_places(const struct block_list *l, uint32_t *places);
/* Rows with the type's default value. */
uint64_t block_source_defaults(const struct block_source *s);
/* n rows as a new vector, whose strings lie in the blocks: these have to outlive it. */
enum status block_source_rows(struct block_source *s, const uint32_t *rows, const uint32_t *places, uint32_t n,
                              struct memtrack *track, struct vector **out, struct error *err) MUST_CHECK;
void block_source_fini(struct block_source *s);

#endif

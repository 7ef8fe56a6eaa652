// SPDX-License-Identifier: Apache-2.0
#ifndef EXEC_OP_WINDOW_IMPL_H
#define EXEC_OP_WINDOW_IMPL_H
/* Window functions: op_window.c runs them over whole partitions, op_window_frame.c says which rows a frame has. */
#include "exec/op_impl.h"

/* Places of a function's values among the kept columns; WINDOW_NO_VALUE: none. */
enum { WINDOW_NO_VALUE = UINT32_MAX };

struct window_item {
	const struct plan_window *plan;
	uint32_t args, filter;
	uint32_t from_offset, to_offset, key, from_key, to_key;
};

/* Rows [from, to) of a frame, in up to three pieces because EXCLUDE may cut one out. */
struct window_span {
	uint32_t from, to;
};

struct window_frame {
	struct window_span spans[3];
	uint32_t count;
};

/* The partition that is being computed. Rows are numbered within the chunk. */
struct window_rows {
	struct vector *const *columns; /* kept ones, of the chunk */
	uint32_t start, end;           /* the partition */
	/* per row of the chunk: its peers (equal in ORDER BY), and their number within the partition */
	uint32_t *peers_from, *peers_to, *group;
	uint32_t *groups;              /* first row of each group of the partition, then its end */
	uint32_t group_count;
};

/* A frame as it is computed: its constant offsets, and the rows whose key is not NULL. */
struct window_bounds {
	const struct window_item *item;
	const struct window_rows *rows;
	bool descending;
	int64_t from_offset, to_offset;
	uint32_t keys_from, keys_to;
};

/* Checks the offsets; once per partition. */
enum status window_bounds_init(struct window_bounds *b, const struct window_item *item, const struct window_rows *rows,
                               bool descending, bool pg, struct error *err) MUST_CHECK;
void window_frame_of(const struct window_bounds *b, uint32_t row, struct window_frame *out);

#endif

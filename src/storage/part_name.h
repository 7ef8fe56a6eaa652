// SPDX-License-Identifier: Apache-2.0
#ifndef STORAGE_PART_NAME_H
#define STORAGE_PART_NAME_H
/*
 * Part name: <partition>_<min block>_<max block>_<level>[_<mutation>], which is also the part's directory.
 * A part covers the blocks [min_block, max_block] of its partition; parts that are alive never overlap.
 */
#include <stdint.h>
#include "base/arena.h"
#include "base/strbuf.h"

struct part_name {
	struct str partition; /* "202401", "all" or 32 hex digits */
	uint64_t min_block, max_block, mutation;
	uint32_t level;
};

/* partition points into text. */
bool part_name_parse(struct str text, struct part_name *out);
void part_name_print(const struct part_name *n, struct strbuf *to);
struct str part_name_text(struct arena *a, const struct part_name *n);

#endif

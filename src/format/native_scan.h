// SPDX-License-Identifier: Apache-2.0
#ifndef FORMAT_NATIVE_SCAN_H
#define FORMAT_NATIVE_SCAN_H
/*
 * Where a block of the Native format ends. In the native protocol blocks follow one another and other packets without
 * a length, so whoever takes bytes off a connection has to know it before a reader gets them.
 */
#include "format/format.h"

/* Zero at the start of each block; afterwards its owner only passes it on, and reads columns, rows, list. */
struct native_scan {
	uint64_t columns, rows;
	uint64_t next;       /* column that is being walked */
	size_t at;           /* where it begins */
	size_t strings_at;   /* inside a plain column of texts: as far as it was walked */
	uint64_t strings;
	struct format_column *list; /* names and types, in the arena: for whoever makes a table of them */
	bool head_done;
};

/*
 * Walks on over data, which begins with the block and has grown since the last call. *size receives the block's bytes,
 * 0 while it is not whole. `a` is for names and types. E_INCORRECT_DATA and others: no block.
 */
enum status native_scan(struct native_scan *s, struct str data, uint32_t revision, struct arena *a, size_t *size,
                        struct error *err) MUST_CHECK;

#endif
